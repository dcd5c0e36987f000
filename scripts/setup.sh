#!/bin/sh
# Installs missing build dependencies; prints nothing if there are none. Searches PREFIX and PKG_CONFIG_PATH as the
# build does.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "snnexp needs Swift 6.1 or newer: https://www.swift.org/install" >&2
  exit 1
fi

missing=""
has_library() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1"; }
command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
has_header() { [ -e "${PREFIX:-/usr}/include/$1" ]; }
# Some distributions have no .pc file for HDF5.
has_library hdf5-serial || has_library hdf5 || has_header hdf5.h || missing="$missing libhdf5-dev"
has_library yaml-0.1 || missing="$missing libyaml-dev"
has_library libcrypto || missing="$missing libssl-dev"
has_library libcurl || missing="$missing libcurl4-openssl-dev"
has_library zlib || missing="$missing zlib1g-dev"
# Debian's libcurl verifies servers against these certificates.
! command -v apt-get >/dev/null 2>&1 || [ -e /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"
command -v gnuplot >/dev/null 2>&1 || missing="$missing gnuplot-nox"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "missing (Debian names):$missing. See README.md, Installation, for other systems; libraries in a folder" >&2
  echo "of your own are found with make PREFIX=FOLDER" >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "not root and no sudo: have$missing installed, or install them into a folder of your own and run" >&2
    echo "make PREFIX=FOLDER (see README.md, Installation)" >&2
    exit 1
  fi
  sudo=sudo
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
