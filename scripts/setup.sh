#!/bin/sh
# Installs what the build needs and is not there. Prints nothing when all is there.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "snnexp needs Swift 6.1 or newer: https://www.swift.org/install" >&2
  exit 1
fi

missing=""
has_library() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1"; }
command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
has_library hdf5-serial || missing="$missing libhdf5-dev"
has_library yaml-0.1 || missing="$missing libyaml-dev"
has_library libcrypto || missing="$missing libssl-dev"
command -v gnuplot >/dev/null 2>&1 || missing="$missing gnuplot-nox"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "snnexp needs HDF5, libyaml, OpenSSL's libcrypto, pkg-config and gnuplot: install them with your package manager" >&2
  echo "(Fedora: hdf5-devel libyaml-devel openssl-devel gnuplot; Homebrew: hdf5 libyaml openssl@3 pkgconf gnuplot)" >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "not root and no sudo: ask for$missing to be installed" >&2
    exit 1
  fi
  sudo=sudo
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
