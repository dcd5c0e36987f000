#!/bin/sh
# Compiles the kernels for arm64 from the same sources and checks that they became vector instructions (NEON).
#
# They are not run: that takes an arm64 machine. The toolchain for x86-64 has no Linux library for another CPU, but it has
# that of Embedded Swift, which is all that the kernels need.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf 'module CPUFeatures { header "%s" export * }\n' "$PWD/Sources/CPUFeatures/include/CPUFeatures.h" \
  >"$work/module.modulemap"
# The flags of Package.swift's kernelSettings.
compile() {
  swiftc -target aarch64-none-none-elf -enable-experimental-feature Embedded -wmo -parse-as-library -suppress-warnings \
    -O -Xcc -fno-math-errno -I "$work" "$@"
}
echo >"$work/empty.swift"
if ! compile -typecheck "$work/empty.swift" >/dev/null 2>&1; then
  echo "arm64 not checked: this toolchain has no Embedded Swift for it"
  exit 0
fi
compile -emit-module -module-name KernelTable -emit-module-path "$work/KernelTable.swiftmodule" \
  Sources/KernelTable/*.swift
compile -S -module-name KernelsBaseline -o "$work/kernels.s" Sources/KernelsBaseline/*.swift

# Prints the instructions of a function.
body() { awk -v name="$1" '$0 ~ "^[^.\t ].*" name ".*:" {on = 1} on; /^\.Lfunc_end/ {on = 0}' "$work/kernels.s"; }

status=0
for kernel in sumPairs sumRows dense4 lifForward lifBackward readoutForward readoutBackward add sgd adam adamax; do
  vectors=$(body "KernelsBaseline[0-9]*$kernel" | grep -cE '\b(fmla|fmls|fadd|fsub|fmul|fdiv|fmax)\b.*\.4s' || true)
  calls=$(body "KernelsBaseline[0-9]*$kernel" | grep -cE '\bbl\b.*(fmaf|sqrtf)' || true)
  echo "$kernel: $vectors vector operations, $calls calls of the C library for single floats"
  if [ "$vectors" -eq 0 ] || [ "$calls" -ne 0 ]; then status=1; fi
done
[ $status -eq 0 ] || echo "a kernel is not vectorised for arm64" >&2
exit $status
