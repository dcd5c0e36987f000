#pragma once
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// System calls for the reader process whose Swift names differ between platforms.

// Creates a pair of connected sockets, which started programs do not inherit; -1 and errno on failure.
static inline int snn_socket_pair(int sockets[2]) {
#ifdef SOCK_CLOEXEC
  int status = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets);
#else
  int status = socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
  for (int i = 0; i < 2 && status == 0; i++) fcntl(sockets[i], F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
  int on = 1;
  if (status == 0) setsockopt(sockets[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return status;
}

// send, without a signal if the other end is closed.
static inline ssize_t snn_send(int socket, const void *bytes, size_t count) {
#ifdef MSG_NOSIGNAL
  return send(socket, bytes, count, MSG_NOSIGNAL);
#else
  return send(socket, bytes, count, 0);
#endif
}

// Has a signal end this process after `seconds` more of CPU time; leaves no core file.
static inline void snn_limit_computing(unsigned seconds) {
  struct rusage usage;
  struct rlimit limit;
  if (getrusage(RUSAGE_SELF, &usage) == 0 && getrlimit(RLIMIT_CPU, &limit) == 0) {
    rlim_t end = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1 + seconds);
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || end < limit.rlim_max ? end : limit.rlim_max;
    setrlimit(RLIMIT_CPU, &limit);
  }
  if (getrlimit(RLIMIT_CORE, &limit) == 0) {
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
  }
}

// Limits this process to `bytes` more memory than it has now, where the system can.
static inline void snn_limit_memory(size_t bytes) {
#ifdef __linux__
  unsigned long pages = 0;
  FILE *statistics = fopen("/proc/self/statm", "re");
  int found = statistics ? fscanf(statistics, "%lu", &pages) : 0;
  if (statistics) fclose(statistics);
  struct rlimit limit;
  if (found != 1 || getrlimit(RLIMIT_AS, &limit) != 0) return;
  rlim_t end = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || end < limit.rlim_max ? end : limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
#else
  (void)bytes;
#endif
}

// Starts a program with `input` and `output` as standard input and output; its error output is discarded. Returns 0 or
// an error number.
static inline int snn_start(const char *program, char *const arguments[], char *const environment[], int input,
                            int output, pid_t *process) {
  // Copies that can't collide with the standard descriptors, which may be closed here.
  int from[2] = {fcntl(input, F_DUPFD_CLOEXEC, 3), fcntl(output, F_DUPFD_CLOEXEC, 3)};
  int error = from[0] < 0 || from[1] < 0 ? errno : 0;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, defaults;
  sigemptyset(&none);
  // The starting thread may block signals, and this program may ignore them. Children inherit both, but the signal that
  // ends an endless loop must get through.
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGXCPU);
  if (!error && !(error = posix_spawn_file_actions_init(&actions))) {
    if (!(error = posix_spawnattr_init(&attributes))) {
      error = posix_spawn_file_actions_adddup2(&actions, from[0], 0);
      if (!error) error = posix_spawn_file_actions_adddup2(&actions, from[1], 1);
      if (!error) error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
      if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
      if (!error) error = posix_spawnattr_setsigdefault(&attributes, &defaults);
      if (!error) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
      if (!error) error = posix_spawn(process, program, &actions, &attributes, arguments, environment);
      posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
  }
  for (int i = 0; i < 2; i++) {
    if (from[i] >= 0) close(from[i]);
  }
  return error;
}

// Waits for a process to end. Returns the signal that ended it, 0 if it exited, -1 if unknown.
static inline int snn_wait(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// Waits until the other end of a socket is closed.
static inline void snn_wait_for_end(int socket) {
  struct pollfd end = {socket, 0, 0};
  while (poll(&end, 1, -1) < 0 && errno == EINTR) {
  }
}
