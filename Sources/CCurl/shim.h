#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, and Swift can't call variadic C functions.

static inline CURLcode snn_curl_set_text(CURL *curl, CURLoption option, const char *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode snn_curl_set_number(CURL *curl, CURLoption option, long value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode snn_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode snn_curl_set_headers(CURL *curl, struct curl_slist *headers) {
  return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
}

// Allows only HTTP and HTTPS, and after a redirect from HTTPS only HTTPS.
static inline CURLcode snn_curl_set_protocols(CURL *curl, int starts_encrypted) {
#if LIBCURL_VERSION_NUM >= 0x075500
  CURLcode first = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  CURLcode then = curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, starts_encrypted ? "https" : "http,https");
  // The library that is loaded may be older than its header.
  if (first != CURLE_UNKNOWN_OPTION) return first == CURLE_OK ? then : first;
#endif
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  CURLcode old_first = curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  CURLcode old_then = curl_easy_setopt(
      curl, CURLOPT_REDIR_PROTOCOLS,
      (long)(starts_encrypted ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS));
#pragma clang diagnostic pop
  return old_first == CURLE_OK ? old_then : old_first;
}

typedef size_t (*snn_curl_receive)(char *bytes, size_t one, size_t count, void *user);
typedef int (*snn_curl_tick)(void *user, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode snn_curl_set_receivers(
    CURL *curl, snn_curl_receive head, snn_curl_receive body, snn_curl_tick tick, void *user) {
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, head);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, user);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, user);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, tick);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, user);
  return curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

static inline long snn_curl_status(CURL *curl) {
  long status = 0;
  return curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

// How many seconds the server asks to wait; 0 if it does not ask.
static inline long long snn_curl_retry_after(CURL *curl) {
  curl_off_t seconds = 0;
  return curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK ? (long long)seconds : 0;
}
