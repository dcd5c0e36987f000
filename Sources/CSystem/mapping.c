#define _GNU_SOURCE
#include "mapping.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#if !defined(MAP_ANONYMOUS)
#define MAP_ANONYMOUS MAP_ANON
#endif

enum { most_mappings = 128 };

static struct {
  _Atomic(char *) start;
  _Atomic(size_t) bytes;
  atomic_int is_damaged;
  int is_taken;
} mappings[most_mappings];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before;
static int is_installed;
static size_t page;

// Puts zeros in place of what is missing, from the page that was read to the end of the mapping.
static void replace_missing(int signal_number, siginfo_t *info, void *context) {
  char *address = info->si_addr;
  for (int i = 0; i < most_mappings; i++) {
    char *start = atomic_load(&mappings[i].start);
    size_t bytes = atomic_load(&mappings[i].bytes);
    if (!start || address < start || address >= start + bytes) continue;
    atomic_store(&mappings[i].is_damaged, 1);
    size_t offset = (size_t)(address - start) / page * page;
    void *zeros = mmap(start + offset, bytes - offset, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros != MAP_FAILED) return;
  }
  // Not ours: whatever would have happened without this handler.
  if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(signal_number, info, context);
  } else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    // Returning repeats the access, which ends the process.
    signal(signal_number, SIG_DFL);
  } else {
    before.sa_handler(signal_number);
  }
}

static int install(void) {
  if (is_installed) return 1;
  page = (size_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {0};
  action.sa_sigaction = replace_missing;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  is_installed = sigaction(SIGBUS, &action, &before) == 0;
  return is_installed;
}

int snn_map_file(int file, size_t bytes, size_t offset, const void **start) {
  if (bytes == 0) return -1;
  int found = -1;
  pthread_mutex_lock(&lock);
  for (int i = 0; install() && i < most_mappings && found < 0; i++) {
    if (!mappings[i].is_taken) found = i;
  }
  if (found >= 0) {
    void *mapped = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, (off_t)offset);
    if (mapped == MAP_FAILED) {
      found = -1;
    } else {
      mappings[found].is_taken = 1;
      atomic_store(&mappings[found].is_damaged, 0);
      atomic_store(&mappings[found].bytes, bytes);
      atomic_store(&mappings[found].start, (char *)mapped);
      *start = mapped;
    }
  }
  pthread_mutex_unlock(&lock);
  return found;
}

int snn_mapping_is_damaged(int mapping) { return atomic_load(&mappings[mapping].is_damaged); }

void snn_unmap_file(int mapping) {
  pthread_mutex_lock(&lock);
  char *start = atomic_exchange(&mappings[mapping].start, NULL);
  munmap(start, atomic_load(&mappings[mapping].bytes));
  mappings[mapping].is_taken = 0;
  pthread_mutex_unlock(&lock);
}
