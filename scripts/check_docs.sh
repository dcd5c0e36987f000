#!/usr/bin/env bash
# Fails if docs/keys.md is not what the key table of the program in .build gives.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! diff -u docs/keys.md <(.build/release/snnexp schema --markdown); then
  echo "check_docs: docs/keys.md is out of date (- as it is, + as it must be): run make docs" >&2
  exit 1
fi
echo "check_docs: docs/keys.md is up to date"
