#!/bin/sh
# A weak function in a kernel object, such as a generic specialisation, exists once per instruction set under the same
# name, and the linker keeps an arbitrary one: the baseline could end up running AVX-512 code. So there must be none,
# except those whose name begins with the module's own, such as its protocol witnesses: no other object has these.
#
# Nor may a kernel call fmaf, as Swift's multiply-add does for each number where there is no instruction for it (see
# multiply_add.h).
set -eu
found=0
objects=0
for target in KernelsBaseline KernelsAVX2 KernelsAVX512; do
  for object in .build/release/$target.build/*.o; do
    [ -e "$object" ] || continue
    objects=$((objects + 1))
    own="\$s${#target}$target"
    weak=$(nm "$object" | awk -v own="$own" '($(NF-1) == "W" || $(NF-1) == "w") && index($NF, own) != 1')
    if [ -n "$weak" ]; then
      echo "weak code symbols in $object:" >&2
      echo "$weak" >&2
      found=1
    fi
    if nm -u "$object" | grep -qw fmaf; then
      echo "calls of fmaf in $object: use SIMD16<Float>, whose multiply-add is replaced" >&2
      found=1
    fi
  done
done
if [ "$objects" = 0 ]; then
  echo "no kernel objects found: build first" >&2
  exit 1
fi
[ "$found" = 0 ] && echo "no weak code symbols that objects could share, and no calls of fmaf, in $objects kernel objects"
exit "$found"
