#pragma once
#include <stddef.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>

// What the reading process needs of the system, where Swift's names differ from one platform to the next.

// A pair of connected sockets; -1 and errno if there is none.
static inline int snn_socket_pair(int sockets[2]) {
  int status = socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
#ifdef SO_NOSIGPIPE
  int on = 1;
  if (status == 0) setsockopt(sockets[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return status;
}

// send, without a signal if the other end is gone.
static inline ssize_t snn_send(int socket, const void *bytes, size_t count) {
#ifdef MSG_NOSIGNAL
  return send(socket, bytes, count, MSG_NOSIGNAL);
#else
  return send(socket, bytes, count, 0);
#endif
}

// Ends this process by a signal when it has computed for `seconds` from now on; leaves no core file.
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
