#!/bin/sh
# Makes dist/snnexp-<version>-<arch>.tar.gz, whose program needs nothing but glibc and GCC's run-time library, which every
# Linux has, and beside it snnexp.def, which makes an Apptainer image of it.
#
# Swift's own libraries, libhdf5, libyaml, zlib and libcrypto are linked statically; libcurl is loaded by the system when
# a download needs it (see dist/curl.c). The kernels for all instruction sets are in the program, as always.
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "make dist: $*" >&2
  exit 1
}
[ "$(uname -s)" = Linux ] || fail "Linux only"
command -v dpkg-query >/dev/null || fail "needs Debian's or Ubuntu's static libraries and their licences"

build=$PWD/.build/dist
libraries=$build/libraries
rm -rf "$libraries"
mkdir -p "$libraries"

# Only the static variants, and .pc files that lead to them: the folder comes first on the linker's path.
triplet=$(uname -m)-linux-gnu
# link NAME FILE
link() {
  [ -e "$2" ] || fail "$2 is missing: run scripts/setup.sh, or install the -dev package that contains it"
  ln -sf "$2" "$libraries/lib$1.a"
}
for name in yaml z crypto sz aec; do link $name "/usr/lib/$triplet/lib$name.a"; done
link hdf5 "/usr/lib/$triplet/libhdf5_serial.a"
link stdc++ "$(clang -print-file-name=libstdc++.a)"
clang -O2 -Wall -Werror -c scripts/dist/curl.c -o "$libraries/curl.o"
clang -O2 -Wall -Werror -c scripts/dist/older_glibc.c -o "$libraries/older_glibc.o"
ar rcs "$libraries/libcurl.a" "$libraries/curl.o"
rm "$libraries/curl.o"
# describe PKG "CFLAGS" "LIBS"
describe() {
  printf 'Name: %s\nDescription: %s\nVersion: 1\nCflags: %s\nLibs: -L%s %s\n' "$1" "$1" "$2" "$libraries" "$3" \
    >"$libraries/$1.pc"
}
describe hdf5 "$(pkg-config --cflags hdf5-serial)" "-lhdf5 -lsz -laec -lz -lm -ldl"
describe yaml-0.1 "" -lyaml
describe zlib "" -lz
describe libcrypto "" "-lcrypto -ldl -lpthread"
describe libcurl "" "-lcurl -ldl"

# -s leaves out symbols, which only a debugger reads.
PKG_CONFIG_PATH=$libraries swift build "$@" -c release --product snnexp --scratch-path "$build" --static-swift-stdlib \
  -Xlinker -L"$libraries" -Xlinker "$libraries/older_glibc.o" -Xlinker -s
program=$build/release/snnexp

version=$("$program" --version)
name=snnexp-$version-$(uname -m)
folder=$build/$name
rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/licences"
cp "$program" "$folder/bin/"
cp -R experiments docs README.md CITATION.cff LICENSE "$folder/"
# What the README shows.
mkdir -p "$folder/results/reference"
cp -R results/reference/peers "$folder/results/reference/"
# complete SHELL FILE
complete() {
  mkdir -p "$(dirname "$folder/share/$2")"
  "$program" --generate-completion-script "$1" >"$folder/share/$2"
}
complete bash bash-completion/completions/snnexp
complete zsh zsh/site-functions/_snnexp
complete fish fish/vendor_completions.d/snnexp.fish

# Licences of what is inside.
for package in libhdf5-dev libyaml-dev zlib1g-dev libssl-dev libaec-dev; do
  cp "/usr/share/doc/$package/copyright" "$folder/licences/$package.txt"
done
# Swift's Foundation contains ICU, and its toolchain no copy of the licence.
cp scripts/dist/icu.txt "$folder/licences/icu.txt"
package=$(dpkg-query -S "$(readlink -f "$libraries/libstdc++.a")" | sed 's/[:,].*//')
cp "/usr/share/doc/$package/copyright" "$folder/licences/libstdc++.txt"
cp "$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/share/swift/LICENSE.txt" "$folder/licences/swift.txt"
cp "$build/checkouts/swift-argument-parser/LICENSE.txt" "$folder/licences/swift-argument-parser.txt"

mkdir -p dist
sed "s/@NAME@/$name/g" scripts/dist/snnexp.def >dist/snnexp.def
cp dist/snnexp.def "$folder/"
# The same program gives the same archive, whenever and by whomever it is packed.
tar -C "$build" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct 2>/dev/null || echo 0)" \
  -cf - "$name" | gzip -9n >"dist/$name.tar.gz"

needed=$(objdump -T "$program" | sed -n 's/.*(GLIBC_\([0-9.]*\)).*/\1/p' | sort -uV | tail -1)
echo "dist/$name.tar.gz: $(du -m "dist/$name.tar.gz" | cut -f1) MB; the program: $(du -m "$program" | cut -f1) MB," \
  "needs glibc $needed or newer and: $(objdump -p "$program" | sed -n 's/.*NEEDED *//p' | tr '\n' ' ')"
