#!/bin/sh
# Makes what the comparison needs and is not there: two Python environments and a data file of the size of SHD.
#   bench/peers/setup.sh
# PEERS_HOME: folder for both, some 8 GB (default: bench/peers/.home). Done again after a requirements file changes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=${PEERS_HOME:-$here/.home}
mkdir -p "$home"

# Prints the first of the commands that exists and runs.
first_of() {
  for python in "$@"; do
    if "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
      echo "$python"
      break
    fi
  done
}

# environment NAME PYTHON [PIP OPTION...]
environment() {
  name=$1 python=$2
  shift 2
  wanted=$here/requirements-$name.txt
  if cmp -s "$wanted" "$home/$name/installed.txt"; then return; fi
  echo "making the environment $home/$name ($("$python" --version))"
  "$python" -m venv --clear "$home/$name"
  "$home/$name/bin/pip" install --quiet --disable-pip-version-check "$@" -r "$wanted"
  cp "$wanted" "$home/$name/installed.txt"
}

# Versions of pyenv that are installed but not active.
inactive=$(ls "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-4].*/bin/python 2>/dev/null || true)

torch=$(first_of python3.12 python3.11 python3.13 python3.14 python3.10)
if [ -z "$torch" ]; then
  echo "the peers need Python 3.10 or newer with venv (Debian and Ubuntu: apt install python3-venv)" >&2
  exit 1
fi
# PyTorch's own index has builds without CUDA; where it can't be reached, PyPI's larger one does the same on the CPU.
index=https://download.pytorch.org/whl/cpu
reachable='import sys, urllib.request as r; r.urlopen(sys.argv[1] + "/torch/", timeout=10)'
if "$torch" -c "$reachable" "$index" 2>/dev/null; then
  environment torch "$torch" --extra-index-url "$index"
else
  environment torch "$torch"
fi

# shellcheck disable=SC2086
jax=$(first_of python3.12 python3.13 python3.14 $inactive)
if [ -n "$jax" ]; then
  environment jax "$jax"
else
  echo "no Python 3.12 or newer with venv: JAX and Spyx are left out"
fi

if [ ! -e "$home/train.h5" ]; then
  echo "making $home/train.h5"
  "$home/torch/bin/python" "$here/make_data.py" "$home/train.h5"
fi
