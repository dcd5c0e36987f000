#!/usr/bin/env bash
# Fails if docs/keys.md differs from the key table of the program in .build, CITATION.cff names another version, the
# README another run, an example in docs/results.md fails, or a shipped or written YAML file violates the schema. Checks
# whose Python packages are missing are skipped and reported as such.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! diff -u docs/keys.md <(.build/release/snnexp schema --markdown); then
  echo "check_docs: docs/keys.md is out of date (- current, + expected): run make docs" >&2
  exit 1
fi
echo "check_docs: docs/keys.md is up to date"
version=$(.build/release/snnexp --version)
grep -qx "version: $version" CITATION.cff || {
  echo "check_docs: CITATION.cff does not name version $version" >&2
  exit 1
}
# Which run the README names: its hash follows from the experiment file.
run=$(.build/release/snnexp plan experiments/quickstart.yaml --json | grep -o 'seed_0-[0-9a-f]*' | head -n 1)
grep -q "results/quickstart/runs/$run\`" README.md || {
  echo "check_docs: README.md does not name the run of experiments/quickstart.yaml, $run" >&2
  exit 1
}
if ! command -v "${PYTHON:=python3}" >/dev/null; then
  echo "check_docs: SKIPPED, examples and YAML files were not checked: no $PYTHON"
  exit 0
fi
"$PYTHON" scripts/check_docs.py
"$PYTHON" scripts/check_yaml.py
