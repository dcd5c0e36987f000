// Lets the distributed program run with an older glibc than the one it is built with: functions that are newer, or have
// newer variants, and are not needed as such.
#include <math.h>
#include <stdint.h>
#include <sys/random.h>

#if defined(__x86_64__)
#define FIRST "GLIBC_2.2.5"
#else
#define FIRST "GLIBC_2.17"
#endif

// The first variants, which also set errno. Nothing that snnexp computes uses them.
double first_hypot(double, double);
float first_hypotf(float, float);
__asm__(".symver first_hypot, hypot@" FIRST);
__asm__(".symver first_hypotf, hypotf@" FIRST);
double hypot(double x, double y) { return first_hypot(x, y); }
float hypotf(float x, float y) { return first_hypotf(x, y); }

// Since glibc 2.36; for std::random_device of libstdc++.
uint32_t arc4random(void) {
  uint32_t number = 0;
  while (getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return number;
}
