#define _GNU_SOURCE
#include "cpu.h"

#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

int snn_core_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

#if defined(__x86_64__)
#include <immintrin.h>

int snn_cpu_level(void) {
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
  return avx512 ? 3 : avx2 ? 2 : 0;
}

unsigned long snn_flush_denormals(void) {
  unsigned int before = _mm_getcsr();
  _mm_setcsr(before | 0x8040); // FTZ is bit 15, DAZ bit 6
  return before;
}

void snn_restore_denormals(unsigned long before) { _mm_setcsr((unsigned int)before); }

unsigned long snn_ticks(void) { return __rdtsc(); }

#elif defined(__aarch64__)

int snn_cpu_level(void) { return 0; }

unsigned long snn_flush_denormals(void) {
  unsigned long before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  unsigned long fpcr = before | 1ul << 24; // FZ
  __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
  return before;
}

void snn_restore_denormals(unsigned long before) { __asm__ volatile("msr fpcr, %0" : : "r"(before)); }

unsigned long snn_ticks(void) {
  unsigned long count;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(count));
  return count;
}

#else
int snn_cpu_level(void) { return 0; }
unsigned long snn_flush_denormals(void) { return 0; }
void snn_restore_denormals(unsigned long before) { (void)before; }

unsigned long snn_ticks(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (unsigned long)now.tv_sec * 1000000000ul + (unsigned long)now.tv_nsec;
}
#endif
