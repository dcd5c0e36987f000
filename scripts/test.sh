#!/usr/bin/env bash
# Builds and runs all tests, optimised. Ends with the skipped tests, the reasons, and the counts, so that no test is
# dropped silently. Arguments go to swift test, as in: scripts/test.sh --filter NetworksTests
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

swift test -c release "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# Swift Testing prints a symbol, "Test", a name and the outcome; test cases and the whole run have lines, too.
awk -v status="$status" '
  { gsub(/\033\[[0-9;]*m/, "") }
  /^[^ ]+ Test case passing / { next }
  /^[^ ]+ Test run with [0-9]+ tests? / { all = $5; next }
  /^[^ ]+ Test .* passed after [0-9.]+ seconds/ { passed++ }
  /^[^ ]+ Test .* failed after [0-9.]+ seconds/ { failed++ }
  /^[^ ]+ Test .* skipped/ {
    name = $0; sub(/^[^ ]+ Test /, "", name); sub(/ skipped.*/, "", name)
    reason = "no reason given"
    if (match($0, /skipped: ".*"$/)) reason = substr($0, RSTART + 10, RLENGTH - 11)
    skipped++; count[reason]++; names[reason] = names[reason] " " name
  }
  END {
    print ""
    for (reason in count) print "skipped (" reason "):" names[reason]
    lost = all - passed - failed - skipped
    if (all == "") print "The test run ended before it was complete, with exit code " status "."
    else if (lost > 0) { print lost " tests neither passed, failed nor were skipped."; failed += lost }
    if (status != 0 && failed == 0) failed = 1
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit status != 0 || failed > 0 || passed == 0
  }' "$log"
