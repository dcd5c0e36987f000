#!/bin/sh
# Compiles the kernels for arm64 from the same sources, checks that they became vector instructions (NEON) and, if an
# emulator is installed, runs them: results must match those of this machine's instruction sets bit for bit.
#
# The x86-64 toolchain has no Linux library for other CPUs, but it has Embedded Swift's, which is all the kernels need.
# An emulator says nothing about speed.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

include=$PWD/Sources/CSystem/include
printf 'module CSystem { header "%s" header "%s" export * }\n' "$include/cpu.h" "$include/multiply_add.h" \
  >"$work/module.modulemap"
embedded="-enable-experimental-feature Embedded -wmo -parse-as-library -suppress-warnings -O -I $work"

echo >"$work/empty.swift"
# shellcheck disable=SC2086
if ! swiftc -target aarch64-none-none-elf $embedded -typecheck "$work/empty.swift" >/dev/null 2>&1; then
  echo "arm64 not checked: this toolchain has no Embedded Swift for it"
  exit 0
fi

# compile CPU TARGET FLAGS...: assembly of the kernels, with the flags from kernelSettings in Package.swift, and of the
# program that calls them. shellcheck disable=SC2086
compile() {
  out=$work/$1
  common="-target $2 $embedded -I $out -S"
  shift 2
  mkdir "$out"
  swiftc $common -module-name KernelTable -emit-module-path "$out/KernelTable.swiftmodule" -o "$out/table.s" \
    Sources/KernelTable/*.swift
  swiftc $common -Xcc -fno-math-errno "$@" -module-name KernelsBaseline \
    -emit-module-path "$out/KernelsBaseline.swiftmodule" -o "$out/kernels.s" \
    $(find Sources/Kernels/ -name "*.swift" | sort)
  swiftc $common -module-name ResultHashes -o "$out/program.s" scripts/arm64/ResultHashes.swift
}
# link CPU TARGET FLAGS...: names of models are strings, which need Embedded Swift's Unicode tables.
embedded_libraries=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift/embedded
link() {
  out=$work/$1
  tables=$embedded_libraries/$2/libswiftUnicodeDataTables.a
  shift 2
  clang "$@" -O -I Sources/CSystem/include -o "$out/program" "$out"/*.s Sources/CSystem/cpu.c "$tables" -lm
}

compile arm64 aarch64-none-none-elf

# Prints a function's instructions.
body() { awk -v name="$1" '$0 ~ "^[^.\t ].*" name ".*:" {on = 1} on; /^\.Lfunc_end/ {on = 0}' "$work/arm64/kernels.s"; }

status=0
# A model's loops, and the parts of them that the compiler has not inlined.
models=$(ls Sources/Kernels/Neurons | sed -n 's/^\(.*LIF\)\.swift$/model:\1/p')
for kernel in sumPairs sumRows dense4 multiplyBySurrogate SurrogateRows applyDropout PeaksV7forward PeaksV8backward \
  SumSoftmaxV7forward SumSoftmaxV8backward ReadoutFilterV7forward ReadoutFilterV8backward add sgd adam adamax $models; do
  # count PATTERN: matching lines of the kernel: a method of CompiledKernels, whose name the compiler abbreviates, a
  # function, or a method of a type.
  name=${kernel#model:}
  if [ "$name" = "$kernel" ]; then
    body "KernelsBaseline(08CompiledA0V)?[0-9]*$kernel" >"$work/body"
  else
    body "(KernelsBaseline[0-9]+${name}V|ForwardStep.*[0-9]${name}V_Tg5)" >"$work/body"
  fi
  count() { grep -cE "$1" "$work/body" || true; }
  vectors=$(count '\b(fmla|fmls|fadd|fsub|fmul|fdiv|fsqrt)\b.*\.4s')
  fused=$(count '\bfmla\b.*\.4s')
  # A scalar subtraction is harmless: it is 1 - beta1, before the loop. So is what surrogates compute before theirs; a
  # softmax has a sum and a division per step.
  single=$(count '\b(fmadd|fmsub|fnmadd|fnmsub|fadd|fmul|fdiv|fsqrt)[[:space:]]+s[0-9]|\bbl\b.*(fmaf|sqrtf)')
  echo "$kernel: $vectors vector operations, $fused of them fused multiply-adds; $single scalar operations"
  case $kernel in
    sumRows | add | applyDropout) ;; # without multiply-adds
    *) [ "$fused" -ne 0 ] || status=1 ;;
  esac
  case $kernel in
    multiplyBySurrogate | SumSoftmax*) ;;
    *) [ "$single" -eq 0 ] || status=1 ;;
  esac
  [ "$vectors" -ne 0 ] || status=1
done
if [ $status -ne 0 ]; then
  echo "a kernel is not vectorised for arm64" >&2
  exit 1
fi

emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static || true)
echo 'int main(void) { return 0; }' >"$work/empty.c"
if [ "$(uname -sm)" != "Linux x86_64" ] || [ -z "$emulator" ] ||
  ! clang --target=aarch64-linux-gnu -static -o "$work/empty" "$work/empty.c" >/dev/null 2>&1; then
  echo "arm64 kernels not run: this needs x86-64 Linux with qemu-user, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross"
  exit 0
fi

link arm64 aarch64-none-none-elf --target=aarch64-linux-gnu -static
"$emulator" "$work/arm64/program" >"$work/arm64/results"

# compare CPU FLAGS...: runs the same on this machine, with kernels compiled with these flags.
compare() {
  cpu=$1
  shift
  compile "$cpu" x86_64-unknown-linux-gnu "$@"
  link "$cpu" x86_64-unknown-linux-gnu
  "$work/$cpu/program" >"$work/$cpu/results"
  if diff "$work/arm64/results" "$work/$cpu/results"; then
    echo "arm64, emulated: the same bits as $cpu in $(wc -l <"$work/arm64/results") results"
  else
    echo "arm64 (<) computes other bits than $cpu (>)" >&2
    status=1
  fi
}
cpu_has() { grep -qw "$1" /proc/cpuinfo; }
wide="-Xcc -mprefer-vector-width=512"
compare baseline
# shellcheck disable=SC2086
if cpu_has avx2; then compare avx2 -Xcc -march=x86-64-v3 $wide -D KERNELS_AVX2; fi
# shellcheck disable=SC2086
if cpu_has avx512vl; then compare avx512 -Xcc -march=x86-64-v4 $wide -D KERNELS_AVX512; fi
exit $status
