#!/bin/sh
# Unpacks dist/snnexp-*.tar.gz in a bare Debian, without Swift, libhdf5, libyaml and libcurl, and trains there: a run that
# is killed and resumed must end with the same bytes as one that is not. Needs root, debootstrap and Debian's packages
# (MIRROR: from where).
#   scripts/check_dist.sh [ARCHIVE]
set -eu
cd "$(dirname "$0")/.."
fail() {
  echo "check_dist: $*" >&2
  exit 1
}
archive=${1:-$(ls dist/snnexp-*.tar.gz 2>/dev/null | head -1)}
[ -n "$archive" ] && [ -e "$archive" ] || fail "no archive; make one with: make dist"
[ "$(id -u)" = 0 ] || fail "needs root, for chroot"
command -v debootstrap >/dev/null || fail "needs debootstrap (apt-get install debootstrap)"

root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT
debootstrap --variant=minbase bookworm "$root" ${MIRROR:-} >"$root.log" 2>&1 || {
  tail -5 "$root.log" >&2
  fail "debootstrap failed: $root.log"
}
rm "$root.log"
mount -t proc proc "$root/proc"
mkdir "$root/unpacked"
tar -xzf "$archive" -C "$root/unpacked"
name=$(ls "$root/unpacked")
# inside COMMAND: in the bare system, without anything of this one's environment.
inside() {
  chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    /bin/sh -c "cd /unpacked/$name && $1"
}

echo "$(inside '. /etc/os-release; echo $PRETTY_NAME'), $(inside 'dpkg -l | grep -c ^ii') packages;" \
  "archive $(du -k "$archive" | cut -f1) KiB, program $(du -k "$root/unpacked/$name/bin/snnexp" | cut -f1) KiB"
for library in swiftCore hdf5 yaml curl; do
  [ -z "$(find "$root/usr" "$root/lib" -name "lib$library*" 2>/dev/null)" ] || fail "the system is not bare: it has $library"
done
inside 'ldd bin/snnexp'
inside 'bin/snnexp --version'
# It must not take anything from where it was built.
if inside 'ldd bin/snnexp' | grep -E 'not found|/opt|swift'; then fail "the program needs more than glibc"; fi

train="bin/snnexp run experiments/quickstart.yaml training.epochs=6 --no-progress --no-plots"
inside "$train -o whole"
inside "echo \$\$ >/unpacked/process && exec $train -o killed" >"$root/log" 2>&1 &
# Killed as soon as there is a checkpoint.
checkpoint=""
while kill -0 $! 2>/dev/null && [ -z "$checkpoint" ]; do
  checkpoint=$(find "$root/unpacked/$name/killed" -name 'checkpoint*' 2>/dev/null | head -1)
  sleep 0.05
done
kill -9 "$(cat "$root/unpacked/process")" 2>/dev/null || fail "it was done before it could be killed"
wait $! 2>/dev/null || true
[ -n "$checkpoint" ] || fail "no checkpoint: $(cat "$root/log")"
inside "bin/snnexp status killed/quickstart" | head -5
inside "$train -o killed"
for file in weights.h5 recordings.h5 predictions.csv; do
  cmp "$root/unpacked/$name/whole/quickstart/runs"/*/$file "$root/unpacked/$name/killed/quickstart/runs"/*/$file
done
# Without the last column, epoch_seconds.
history() { sed 's/,[^,]*$//' "$root/unpacked/$name/$1/quickstart/runs"/*/history.csv; }
[ "$(history whole | wc -l)" = 7 ] && [ "$(history whole)" = "$(history killed)" ] || fail "another history.csv"
echo "killed and resumed: the same bytes of weights, recordings, predictions and history"
# A download needs libcurl, and says so.
if inside 'bin/snnexp data fetch shd' >"$root/log" 2>&1; then fail "data fetch without libcurl"; fi
grep -q "libcurl" "$root/log" || fail "data fetch does not say what is missing: $(cat "$root/log")"
grep "libcurl" "$root/log"
