#!/usr/bin/env bash
# Kills sweeps with SIGKILL at random moments, resumes them to the end and compares the results with those of an
# undisturbed sweep: the same bytes in weights.h5, state.h5, in the tables and in history.csv (except its last column,
# epoch_seconds), no finished run trained again, no leftover files.
#
# usage: scripts/kill_test.sh [-n KILLS] [-p PROCESSES] [-s SEED] [PROGRAM]
#   -n  total number of kills (default 50)
#   -p  concurrent processes on the sweep, each killed at its own moment (default 1)
#   -s  seed for the moments (default: from the clock)
set -euo pipefail
kills=50 processes=1 seed=$(date +%s)
while getopts n:p:s: option; do
  case $option in
    n) kills=$OPTARG ;;
    p) processes=$OPTARG ;;
    s) seed=$OPTARG ;;
    *) exit 64 ;;
  esac
done
shift $((OPTIND - 1))
program=$(realpath "${1:-$(dirname "$0")/../.build/release/snnexp}")
RANDOM=$seed
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Silences the shell's notices about killed processes.
exec 3>&2 2> /dev/null

cat > sweep.yaml <<'YAML'
experiment: sweep
seeds: [0, 1]
data:
  source: synthetic
  synthetic: {train_samples: 300, test_samples: 40}
  time_bins: 50
  validation: {fraction: 0.2}
network: {hidden: 32}
training:
  epochs: 50
  batch_size: 20
  select_on: validation_accuracy
  evaluate_every: 2
record: {samples: 2}
sweep: {grid: {network.tau_mem: [5 ms, 10 ms, 20 ms]}}
YAML

# In the background, the shell execs the program, so that its PID is the one to kill.
sweep() {
  exec "$program" run sweep.yaml --no-plots --quiet -o "$1"
}

fail() {
  echo "kill_test: $1 (seed $seed)" >&3
  exit 1
}

# Fails unless the results folders $1 and $2 match.
compare() {
  local table run
  for table in plan summary aggregate speakers; do
    cmp "$1/sweep/$table.csv" "$2/sweep/$table.csv" || fail "$table.csv differs"
  done
  cmp <(sed 's/,[^,]*$//' "$1/sweep/history.csv") <(sed 's/,[^,]*$//' "$2/sweep/history.csv") || fail "history.csv differs"
  [ "$(ls "$1/sweep/runs")" = "$(ls "$2/sweep/runs")" ] || fail "other runs"
  for run in $(ls "$1/sweep/runs"); do
    for file in weights.h5 state.h5 recordings.h5 predictions.csv config.yaml; do
      # Only the first seed of each sweep point is recorded.
      [ -e "$1/sweep/runs/$run/$file" ] || [ -e "$2/sweep/runs/$run/$file" ] || [ "$file" != recordings.h5 ] || continue
      cmp "$1/sweep/runs/$run/$file" "$2/sweep/runs/$run/$file" || fail "$run/$file differs"
    done
    cmp <(sed 's/,[^,]*$//' "$1/sweep/runs/$run/history.csv") <(sed 's/,[^,]*$//' "$2/sweep/runs/$run/history.csv") \
      || fail "$run/history.csv differs"
    grep -q '"state" : "done"' "$2/sweep/runs/$run/run.json" || fail "$run is not done"
    # A session that starts after the run was done has trained it twice.
    awk '/  done$/ { done = 1 } /  started/ && done { exit 1 }' "$2/sweep/runs/$run/log.txt" || fail "$run trained twice"
  done
  local left
  left=$(find "$2" -name '*.tmp' -o -name claim -o -name lease -o -name lock -o -name checkpoint.h5)
  [ -z "$left" ] || fail "left over: $left"
}

(sweep undisturbed)
killed=0 round=0 resumed=0
while [ "$killed" -lt "$kills" ]; do
  round=$((round + 1))
  # Until the sweep is done.
  while [ "$killed" -lt "$kills" ]; do
    pids=()
    for _ in $(seq "$processes"); do
      # Half of the processes write a checkpoint after every batch.
      if [ $((RANDOM % 2)) = 0 ]; then export SNNEXP_CHECKPOINT_SECONDS=0; else unset SNNEXP_CHECKPOINT_SECONDS; fi
      sweep "round$round" 2>> errors &
      pids+=($!)
    done
    before=$killed
    for pid in "${pids[@]}"; do
      milliseconds=$((RANDOM % 2000))
      sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
      if kill -KILL "$pid" 2> /dev/null; then killed=$((killed + 1)); fi
    done
    wait "${pids[@]}" || true
    [ "$killed" -gt "$before" ] || break
  done
  unset SNNEXP_CHECKPOINT_SECONDS
  for _ in $(seq "$processes"); do sweep "round$round" 2>> errors & done
  wait
  compare undisturbed "round$round"
  resumed=$((resumed + $(cat "round$round"/sweep/runs/*/log.txt | grep -c '  resumed' || true)))
done
[ ! -s errors ] || fail "$(cat errors)"
echo "$killed kills in $round sweeps, $resumed resumes from a checkpoint: the same results"
