// Stands in for libcurl in the distributed program, which must start without it: loads the system's libcurl when a
// download asks for it. Linked statically, libcurl would bring some twenty more libraries, and look for certificates
// where Debian keeps them.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  CURLcode (*easy_perform)(CURL *);
  void (*easy_cleanup)(CURL *);
  const char *(*easy_strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
} curl;

static int load(void) {
  // Debian's second build of the library differs in its TLS library alone.
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
  for (int i = 0; i < 2; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
#define FIND(name) (*(void **)&curl.name = dlsym(library, "curl_" #name))
    if (FIND(global_init) && FIND(easy_init) && FIND(easy_setopt) && FIND(easy_getinfo) && FIND(easy_perform) &&
        FIND(easy_cleanup) && FIND(easy_strerror) && FIND(slist_append) && FIND(slist_free_all))
      return 1;
    dlclose(library);
  }
  return 0;
}

// The program calls this first, once, and nothing else if it fails.
CURLcode curl_global_init(long flags) { return load() ? curl.global_init(flags) : CURLE_FAILED_INIT; }

CURL *curl_easy_init(void) { return curl.easy_init(); }

// Numbers and pointers are passed alike: all have 64 bits.
CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...) {
  va_list arguments;
  va_start(arguments, option);
  void *value = va_arg(arguments, void *);
  va_end(arguments);
  return curl.easy_setopt(handle, option, value);
}

CURLcode curl_easy_getinfo(CURL *handle, CURLINFO info, ...) {
  va_list arguments;
  va_start(arguments, info);
  void *value = va_arg(arguments, void *);
  va_end(arguments);
  return curl.easy_getinfo(handle, info, value);
}

CURLcode curl_easy_perform(CURL *handle) { return curl.easy_perform(handle); }

void curl_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }

const char *curl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
  return curl.slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list) {
  // Called at the end of each transfer, which there is none of without the library.
  if (curl.slist_free_all) curl.slist_free_all(list);
}
