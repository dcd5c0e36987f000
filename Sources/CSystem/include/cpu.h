#pragma once

/// 0: baseline, 2: AVX2 with FMA (x86-64-v3), 3: AVX-512 (x86-64-v4); the highest that both CPU and operating system
/// support.
int snn_cpu_level(void);

/// Makes the calling thread treat denormal results and operands as zero: decaying traces then cost the same on every
/// CPU, and all instruction sets compute the same bits. Returns the previous mode for snn_restore_denormals.
unsigned long snn_flush_denormals(void);

/// Undoes snn_flush_denormals: restores the floating-point mode of a borrowed thread.
void snn_restore_denormals(unsigned long before);

/// The number of cores this process may run on.
int snn_core_count(void);

/// Prefetches the cache lines of a range into the L2 cache.
static inline void snn_prefetch(const void *start, long bytes) {
  const char *line = (const char *)start;
  for (long offset = 0; offset < bytes; offset += 64) __builtin_prefetch(line + offset, 0, 2);
}

/// Bit `i` is set if `values[i] > threshold`, for 16 values: a comparison and a move of its mask, which Swift's vectors
/// can't express.
static inline __attribute__((always_inline)) unsigned short snn_above(const float *values, float threshold) {
  typedef float floats __attribute__((ext_vector_type(16)));
  typedef _Bool bits __attribute__((ext_vector_type(16)));
  floats vector;
  __builtin_memcpy(&vector, values, sizeof vector);
  bits above = __builtin_convertvector(vector > threshold, bits);
  unsigned short result;
  __builtin_memcpy(&result, &above, sizeof result);
  return result;
}

/// The same with a threshold for each of the values.
static inline __attribute__((always_inline)) unsigned short snn_above_each(const float *values,
                                                                           const float *thresholds) {
  typedef float floats __attribute__((ext_vector_type(16)));
  typedef _Bool bits __attribute__((ext_vector_type(16)));
  floats vector, limits;
  __builtin_memcpy(&vector, values, sizeof vector);
  __builtin_memcpy(&limits, thresholds, sizeof limits);
  bits above = __builtin_convertvector(vector > limits, bits);
  unsigned short result;
  __builtin_memcpy(&result, &above, sizeof result);
  return result;
}

/// A counter that runs at a constant rate and is cheap to read, for measuring time.
unsigned long snn_ticks(void);

/// Tells the processor that this thread is spinning.
static inline void snn_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
