#!/usr/bin/env bash
# A small Slurm cluster on this machine, for tests and demonstrations: a controller and two nodes, n1 and n2, of one core
# each (which they share if the machine has one). It has its own process, network, mount and host name spaces, key and
# folder, so it disturbs neither a Slurm nor a munge that runs already, and stopping it leaves nothing behind. Needs
# Linux, root, and on Debian 12: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge iproute2
#
# usage: scripts/slurm_here.sh check          prints why it cannot be started here, and fails; or nothing
#        scripts/slurm_here.sh start          returns when both nodes are idle
#        scripts/slurm_here.sh run CMD ...    a command on the controller's host: sbatch, squeue, ...
#        scripts/slurm_here.sh on NODE CMD ...  a command on a node's host, as if logged in there
#        scripts/slurm_here.sh kill NODE      the node dies, with all that runs on it
#        scripts/slurm_here.sh stop           kills all that is left, removes the folder
#
# The cluster's folder, with its logs, is $SLURM_HERE (default: /tmp/slurm_here). Partitions: main, and urgent, whose
# jobs preempt and requeue those of main.
set -euo pipefail
folder=${SLURM_HERE:-/tmp/slurm_here}
PATH=$PATH:/usr/sbin:/sbin

fail() {
  echo "slurm_here: $*" >&2
  exit 1
}

check() {
  [ "$(uname -s)" = Linux ] || fail "needs Linux"
  [ "$(id -u)" = 0 ] || fail "needs root"
  local missing=() tool
  for tool in slurmctld slurmd sbatch squeue scontrol srun munged ip unshare nsenter taskset; do
    command -v "$tool" > /dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} = 0 ] || fail "not installed: ${missing[*]}"
  unshare --net --uts --mount --pid --fork ip link add name slurm0 type bridge 2> /dev/null \
    || fail "the kernel or container allows no name spaces with network bridges"
}

configure() {
  local memory
  memory=$(awk '/^MemTotal/ { print int($2 / 1024 / 2) }' /proc/meminfo)
  # cred_expire: a requeued job waits until its old credential has expired, 2 minutes by default.
  cat > "$folder/slurm.conf" << CONF
ClusterName=here
SlurmctldHost=head(10.98.0.1)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/%n.log
# No cgroups: those of the machine are not ours.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
# May be replaced: lines such as "export NAME=VALUE" that it prints are a step's environment.
TaskProlog=$folder/prolog
SlurmdParameters=config_overrides
ReturnToService=1
SlurmdTimeout=10
KillWait=10
MinJobAge=3600
MaxArraySize=10001
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerNode=1024
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n1 NodeAddr=10.98.0.11 CPUs=1 RealMemory=$memory
NodeName=n2 NodeAddr=10.98.0.12 CPUs=1 RealMemory=$memory
PartitionName=main Default=YES Nodes=n1,n2 PriorityTier=1 MaxTime=INFINITE DefaultTime=60
PartitionName=urgent Nodes=n1,n2 PriorityTier=10 MaxTime=INFINITE DefaultTime=60
CONF
  printf '#!/bin/sh\n' > "$folder/prolog"
  chmod 755 "$folder/prolog"
  printf '127.0.0.1 localhost\n10.98.0.1 head\n10.98.0.11 n1\n10.98.0.12 n2\n' > "$folder/hosts"
  head -c 128 /dev/urandom > "$folder/munge.key"
  chmod 400 "$folder/munge.key"
  mkdir "$folder/state" "$folder/n1" "$folder/n2"
}

# The first process of the cluster's name spaces: if it ends, the system kills all others and removes the name spaces.
init() {
  mount --make-rprivate /
  mount -t proc proc /proc
  mount --bind "$folder/hosts" /etc/hosts
  hostname head
  ip link set lo up
  ip link add name slurm0 type bridge
  ip address add 10.98.0.1/24 dev slurm0
  ip link set slurm0 up
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munged.seed"
  slurmctld -D -c -f "$folder/slurm.conf" > /dev/null 2>&1 &
  node 1
  node 2
  # Also collects the ends of processes whose parents are gone.
  trap 'exit 0' TERM
  while :; do
    sleep 1000 &
    wait $! || true
  done
}

# Starts node n$1: n1 on the first core that we may use, n2 on the last.
node() {
  local cores
  cores=$(awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)
  if [ "$1" = 1 ]; then cores=${cores%%[-,]*}; else cores=${cores##*[-,]}; fi
  unshare --net --uts --mount bash -c '
    hostname "n$1"
    echo $$ > "$2/n$1.process"
    until ip link show eth0 > /dev/null 2>&1; do sleep 0.02; done
    ip link set lo up
    ip address add "10.98.0.1$1/24" dev eth0
    ip link set eth0 up
    exec taskset -c "$3" slurmd -D -f "$2/slurm.conf" > /dev/null 2>&1' node "$1" "$folder" "$cores" &
  until [ -s "$folder/n$1.process" ]; do sleep 0.02; done
  ip link add name "veth$1" type veth peer name eth0 netns "$(cat "$folder/n$1.process")"
  ip link set "veth$1" master slurm0 up
}

# The id, outside, of the first process of the cluster's name spaces; fails if it does not run.
first_process() {
  local parent
  parent=$(cat "$folder/process" 2> /dev/null) || return 1
  grep -qa slurm_here "/proc/$parent/cmdline" 2> /dev/null || return 1
  cat "/proc/$parent/task/$parent/children" | tr -d ' ' | grep .
}

# Runs a command in the name spaces of process $1 (as seen from the controller's host), in the current folder.
inside() {
  local first process=$1
  shift
  first=$(first_process) || fail "not started"
  # shellcheck disable=SC2016
  SLURM_CONF=$folder/slurm.conf nsenter --target "$first" --mount --uts --net --pid \
    nsenter --target "$process" --mount --uts --net \
    bash -c 'cd "$1" && shift && exec "$@"' inside "$PWD" "$@"
}

start() {
  check
  # Neither slurm.conf nor the address of a socket can hold others.
  [[ $folder =~ ^/[A-Za-z0-9/._-]{1,80}$ ]] || fail "SLURM_HERE must be a short absolute path without blanks: $folder"
  mkdir -m 700 "$folder" 2> /dev/null || fail "$folder exists: started already?"
  configure
  setsid unshare --net --uts --mount --pid --fork --kill-child "$(realpath "$0")" init \
    < /dev/null > "$folder/log" 2>&1 &
  echo $! > "$folder/process"
  local try
  for try in $(seq 100); do
    if [ "$(inside 1 sinfo --noheader --format '%T %D' --partition main 2> /dev/null)" = "idle 2" ]; then return; fi
    sleep 0.2
  done
  tail -n 20 "$folder"/log "$folder"/*.log >&2
  stop
  fail "the nodes did not become idle"
}

stop() {
  local first parent
  if first=$(first_process); then
    parent=$(cat "$folder/process")
    kill -KILL "$first" 2> /dev/null || true
    while [ -e "/proc/$parent" ] && grep -qa slurm_here "/proc/$parent/cmdline"; do sleep 0.05; done
  fi
  rm -rf "$folder"
}

command=${1:-}
[ $# = 0 ] || shift
case $command in
  check) check ;;
  start) start ;;
  stop) stop ;;
  run) inside 1 "$@" ;;
  on) node=$1; shift; inside "$(cat "$folder/$node.process")" "$@" ;;
  kill) inside 1 kill -KILL "$(cat "$folder/$1.process")" ;;
  init) init ;;
  *) sed -n '2,/^set/ s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
