#!/usr/bin/env bash
# Trains a sweep on a Slurm cluster (slurm_here.sh) while a node goes down, a task is signalled, one is killed and, with
# -p, one is preempted, submits what is left, and compares the results with those of one machine: the same bytes in
# weights.h5, state.h5, predictions.csv, recordings.h5 and in the tables (except epoch_seconds), no run trained twice,
# no leftover files. Where the processor has AVX-512, n1 uses AVX2 and n2 AVX-512.
#
# usage: scripts/slurm_test.sh [-e EXPERIMENT] [-t TASKS] [-p] [-v] [PROGRAM]
#   -e  the experiment (default: 6 runs of some seconds each on the built-in task)
#   -t  number of tasks (default 3)
#   -p  also preempt a task
#   -v  show what status and squeue say at each moment
set -euo pipefail
here=$(realpath "$(dirname "$0")")
experiment='' tasks=3 preempt=0 verbose=0
while getopts e:t:pv option; do
  case $option in
    e) experiment=$(realpath "$OPTARG") ;;
    t) tasks=$OPTARG ;;
    p) preempt=1 ;;
    v) verbose=1 ;;
    *) exit 64 ;;
  esac
done
shift $((OPTIND - 1))
program=$(realpath "${1:-$here/../.build/release/snnexp}")
folder=$(mktemp -d)
export SLURM_HERE=$folder/slurm
trap '"$here/slurm_here.sh" stop; rm -rf "$folder"' EXIT
cd "$folder"
# A user's settings for a real cluster.
export HOME=$folder XDG_CONFIG_HOME=$folder
unset SNNEXP_SBATCH SNNEXP_ISA
cluster() { "$here/slurm_here.sh" "$@"; }
queue() { cluster run squeue --noheader --array "$@"; }
fail() {
  echo "slurm_test: $1" >&2
  queue --states=all >&2 || true
  tail -n 5 cluster/*/slurm/*.log >&2 || true
  exit 1
}

if [ -z "$experiment" ]; then
  experiment=$folder/sweep.yaml
  cat > sweep.yaml <<'YAML'
experiment: sweep
seeds: [0, 1]
data:
  source: synthetic
  synthetic: {train_samples: 300, test_samples: 40}
  time_bins: 50
  validation: {fraction: 0.2}
network: {hidden: 48}
training: {epochs: 400, batch_size: 20, select_on: validation_accuracy, evaluate_every: 4}
record: {samples: 2}
sweep: {grid: {network.tau_mem: [5 ms, 10 ms, 20 ms]}}
YAML
fi

# Says what happens, and, with -v, what is to be seen a moment later.
moment() {
  echo "== $(($(date +%s) - begin)) s: $1"
  [ $verbose = 1 ] || return 0
  cluster run "$program" status "cluster/$name" || true
  queue --format '%8i %10T %10M %N %r'
}

# Waits until a command succeeds.
await() {
  local try
  for try in $(seq 600); do
    if "${@:2}"; then return; fi
    sleep 0.1
  done
  fail "in vain: $1"
}
# The tasks of the array that run on node $1; the state of task $1.
task_on() { queue --jobs "$array" --states=RUNNING --nodelist "$1" --format %i; }
state() { queue --jobs "$1" --states=all --format %T; }
# Whether task $1 has trained for a moment since line $2 of its log.
log() { cat "cluster/$name/slurm/array-1-${1#*_}.log" 2> /dev/null; }
trains() { log "$1" | tail -n "+$((${2:-0} + 1))" | grep -q '^started\|^resumed'; }
lines() { log "$1" | wc -l; }
has_task() { [ -n "$(task_on "$1")" ] && trains "$(task_on "$1")"; }
is() { [ "$(state "$1")" = "$2" ]; }
has_left() { case $(state "$1") in RUNNING | COMPLETING) false ;; esac }
requeued() { cluster run scontrol show job "$1" | grep -q 'Restarts=[1-9]'; }
ended() { [ -z "$(queue --jobs "$1" 2> /dev/null)" ]; }
submit() { cluster run "$program" submit "$experiment" --results cluster --tasks "$tasks" --time 10 "$@"; }

begin=$(date +%s)
"$program" run "$experiment" --results one --jobs 2 --quiet --no-plots
name=$(ls one)
echo "== $(($(date +%s) - begin)) s: trained on one machine"
cluster start
if grep -qw avx512f /proc/cpuinfo; then
  cat > "$SLURM_HERE/prolog" << 'SH'
#!/bin/sh
case $SLURMD_NODENAME in
  n1) echo export SNNEXP_ISA=avx2 ;;
  n2) echo export SNNEXP_ISA=avx512 ;;
esac
SH
fi
begin=$(date +%s)
submit | tee submitted
array=$(awk '/^job/ { sub(":", "", $2); print $2; exit }' submitted)

# A task may end just before it is disturbed: then another one is.
node_down() {
  has_task n1 || return 1
  task=$(task_on n1)
  sleep 1
  cluster run scontrol update nodename=n1 state=down reason=test
  await "$task off n1" has_left "$task"
  requeued "$task" && return
  cluster run scontrol update nodename=n1 state=resume
  return 1
}
await "a task on n1 to interrupt" node_down
moment "n1 is down; task $task ran there"
cluster run scontrol update nodename=n1 state=resume

signal_step() {
  has_task n2 || return 1
  task=$(task_on n2)
  before=$(lines "$task")
  sleep 0.5
  # Refused while a step is being set up, and after its end.
  cluster run scancel --signal=TERM "$task" 2> /dev/null || return 1
  await "$task off n2" has_left "$task"
  requeued "$task"
}
await "a task on n2 to signal" signal_step
moment "task $task on n2 was sent SIGTERM"
await "$task to train again" trains "$task" "$before"

if [ $preempt = 1 ]; then
  await "a task on n1" has_task n1
  task=$(task_on n1)
  cluster run sbatch --parsable --partition urgent --nodelist n1 --output /dev/null --time 1 --wrap 'sleep 3' > urgent
  await "the urgent job's start" is "$(cat urgent)" RUNNING
  moment "task $task was preempted"
fi

# The program itself, not srun.
kill_step() {
  local job process processes
  for node in n1 n2; do
    has_task $node || continue
    task=$(task_on $node)
    job=$(queue --jobs "$task" --format %A)
    processes=$(cluster on $node scontrol listpids "${job:-none}" 2> /dev/null | awk '$3 == 0 { print $1 }')
    [ -n "$processes" ] || continue
    for process in $processes; do cluster on $node kill -KILL "$process" 2> /dev/null || true; done
    await "$task off $node" has_left "$task"
    is "$task" FAILED && return
  done
  return 1
}
await "a step to kill" kill_step
moment "the step of task $task on $node was killed"

await "the array's end" ended "$array"
moment "the array has ended"
all_done() { cluster run "$program" status "cluster/$name" | head -n 1 | grep -q ': [0-9]* runs: [0-9]* done$'; }
! all_done || fail "the killed task left nothing to do"
submit | tee submitted
collect=$(awk '/^job/ { sub(":", "", $2); job = $2 } END { print job }' submitted)
await "the collecting job's end" ended "$collect"
is "$collect" COMPLETED || fail "the collecting job: $(state "$collect")"
moment "all jobs have ended"
all_done || fail "not all runs are done"

a=one/$name b=cluster/$name
for table in plan summary aggregate speakers; do
  # Not all data have speakers.
  [ -e "$a/$table.csv" ] || [ -e "$b/$table.csv" ] || [ $table != speakers ] || continue
  cmp "$a/$table.csv" "$b/$table.csv" || fail "$table.csv differs"
done
without_seconds() { sed 's/,[^,]*$//' "$1/history.csv"; }
cmp <(without_seconds "$a") <(without_seconds "$b") || fail "history.csv differs"
[ "$(ls "$a/runs")" = "$(ls "$b/runs")" ] || fail "other runs"
compared=0 resumed=0
for run in $(ls "$a/runs"); do
  for file in weights.h5 state.h5 predictions.csv recordings.h5; do
    # Only the first seed of each sweep point is recorded.
    [ -e "$a/runs/$run/$file" ] || [ -e "$b/runs/$run/$file" ] || [ $file != recordings.h5 ] || continue
    cmp "$a/runs/$run/$file" "$b/runs/$run/$file" || fail "$run/$file differs"
    compared=$((compared + 1))
  done
  awk '/  done$/ { done = 1 } /  started/ && done { exit 1 }' "$b/runs/$run/log.txt" || fail "$run was trained twice"
  resumed=$((resumed + $(grep -c '  resumed' "$b/runs/$run/log.txt" || true)))
done
[ "$resumed" -ge 2 ] || fail "only $resumed runs were resumed"
left=$(find cluster -name '*.tmp' -o -name claim -o -name lease -o -name lock -o -name checkpoint.h5)
[ -z "$left" ] || fail "left over: $left"
kernels=$(cat "$b"/runs/*/log.txt | grep -o '[a-z0-9]* kernels' | sort | uniq -c | awk '{ print $1, "with", $2 }' \
  | paste -sd,)
echo "$(ls "$a/runs" | wc -l) runs, $compared files and all tables equal; $resumed resumes; sessions: ${kernels//,/, }"
