#!/usr/bin/env bash
# Fails if docs/keys.md is not what the key table of the program in .build gives, CITATION.cff names another version, an
# example of docs/results.md fails, or a YAML file that is shipped or written is not as the schema says. What Python lacks a
# package for is skipped, and said so.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! diff -u docs/keys.md <(.build/release/snnexp schema --markdown); then
  echo "check_docs: docs/keys.md is out of date (- as it is, + as it must be): run make docs" >&2
  exit 1
fi
echo "check_docs: docs/keys.md is up to date"
version=$(.build/release/snnexp --version)
grep -qx "version: $version" CITATION.cff || {
  echo "check_docs: CITATION.cff does not name version $version" >&2
  exit 1
}
if ! command -v "${PYTHON:=python3}" >/dev/null; then
  echo "check_docs: SKIPPED, examples and YAML files were not checked: no $PYTHON"
  exit 0
fi
"$PYTHON" scripts/check_docs.py
"$PYTHON" scripts/check_yaml.py
