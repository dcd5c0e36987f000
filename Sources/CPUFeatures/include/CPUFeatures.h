#ifndef SNNEXP_CPU_FEATURES_H
#define SNNEXP_CPU_FEATURES_H

/// 0: baseline, 2: AVX2 with FMA (x86-64-v3), 3: AVX-512 (x86-64-v4); what CPU and operating system both support.
int snnexp_cpu_level(void);

/// Rounds denormal results and operands to zero in the calling thread: decaying traces then cost the same on every
/// CPU, and all instruction sets compute the same bits. Returns what snnexp_restore_denormals takes.
unsigned long snnexp_flush_denormals(void);

/// Undoes snnexp_flush_denormals: a borrowed thread gets its arithmetic back.
void snnexp_restore_denormals(unsigned long before);

/// The cores this process may run on.
int snnexp_core_count(void);

#endif
