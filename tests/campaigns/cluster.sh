# SPDX-License-Identifier: MIT
# The job files of tests/campaigns/cluster, for real on this machine: bash tests/campaigns/cluster.sh PROGRAM
# Alone sees job files that lose or repeat a shard. GNU parallel, and Slurm as a cluster of one node (its own daemons
# and keys in a temporary directory). A job of each is killed half-way, it alone is run again, and the merged report
# must be that of one run, byte for byte. What is not installed is skipped by name.
#   apt-get install parallel slurm-wlm munge
set -u
program=$(realpath "$1")
files=$(realpath "$(dirname "$0")/cluster")
dir=$(mktemp -d)
daemons=()
finish() { ((${#daemons[@]})) && kill "${daemons[@]}" 2> /dev/null; wait 2> /dev/null; rm -rf "$dir"; }
trap finish EXIT
passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); echo "ok   $*"; }
bad() { failed=$((failed + 1)); echo "FAIL $*"; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED $*"; }

"$program" --level full --no-progress > "$dir/one"
sha=$(sed -n 's/^report SHA-256 \([0-9a-f]*\).*/\1/p' "$dir/one")
export SKIPVERIFY=$program SKIPVERIFY_OPTIONS="--level full"

# Waits until shard $1 of $2 in $3 has kept some of its cases, but not all; then its process is in $victim.
half_way() {
    local finished i
    for i in $(seq 600); do
        finished=$(sed -n 's/^finished \([0-9]*\)\/\([0-9]*\)$/\1 \2/p' "$3/$1.part.kept" 2> /dev/null)
        victim=$(pgrep -f -- "--shard $1/$2 .*$3/" | head -1)
        if [ -n "$victim" ] && [ -n "$finished" ] && [ "${finished% *}" -gt 0 ]; then
            half="${finished/ / of }"
            return 0
        fi
        sleep 0.05
    done
    return 1
}

compare() {   # compare WHO REPORT
    if cmp -s "$2" "$dir/one"; then ok "$1: merged, byte for byte the report of one run: $sha"
    else bad "$1: $(tail -1 "$2") expected $sha"; fi
}

with_parallel() {
    export PARTS=$dir/parallel
    cd "$dir" || exit 1
    sh "$files/parallel.sh" 3 > "$dir/out" 2> "$dir/err" &
    local job=$! code log
    half_way 2 3 "$PARTS" || { bad "parallel: shard 2 was never seen half-way: $(cat "$dir/err")"; return; }
    kill -KILL "$victim"
    wait $job; code=$?
    if [ $code != 0 ] && [ ! -e "$PARTS/2.part" ] && [ -e "$PARTS/1.part" ] && [ -e "$PARTS/3.part" ] &&
        [ ! -s "$dir/out" ]; then ok "parallel: shard 2 killed (SIGKILL) with $half cases kept; exit $code, no report"
    else bad "parallel with a killed job: exit $code, $(ls "$PARTS") $(cat "$dir/err")"; fi
    log=$(wc -l < "$PARTS/joblog")
    if sh "$files/parallel.sh" 3 > "$dir/out" 2> "$dir/err"; then ok "parallel: run again"
    else bad "parallel, again: $(cat "$dir/err")"; fi
    if [ "$(wc -l < "$PARTS/joblog")" = $((log + 1)) ] &&
        grep -q "cases taken from $PARTS/2.part.kept" "$dir/err"; then
        ok "parallel: only shard 2 was, from its checkpoint"
    else bad "parallel ran more than shard 2: $(cat "$PARTS/joblog")"; fi
    compare parallel "$dir/out"
}

slurm_start() {
    local host conf=$dir/slurm.conf
    host=$(hostname -s)
    mkdir -m 700 "$dir/munge" "$dir/state" "$dir/spool"
    dd if=/dev/urandom of="$dir/munge/key" bs=1024 count=1 2> /dev/null && chmod 600 "$dir/munge/key"
    munged --foreground --force --num-threads=2 --key-file="$dir/munge/key" --socket="$dir/munge/socket" \
        --pid-file="$dir/munge/pid" --seed-file="$dir/munge/seed" --log-file="$dir/munge/log" > "$dir/munge.out" 2>&1 &
    daemons+=($!)
    : > "$dir/plugstack.conf"
    cat > "$conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$((20000 + $$ % 10000))
SlurmdPort=$((30001 + $$ % 10000))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
PlugStackConfig=$dir/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF=$conf
    slurmctld -D -f "$conf" > "$dir/slurmctld.log" 2>&1 & daemons+=($!)
    slurmd -D -f "$conf" > "$dir/slurmd.log" 2>&1 & daemons+=($!)
    for i in $(seq 150); do sinfo -h -o %T 2> /dev/null | grep -q '^idle' && return 0; sleep 0.2; done
    bad "Slurm did not start: $(tail -2 "$dir/munge.out" "$dir/slurmctld.log" "$dir/slurmd.log")"
    return 1
}

with_slurm() {
    local id code before
    export PARTS=$dir/slurm SHARDS=4
    cd "$dir" || exit 1
    mkdir "$PARTS"
    id=$(sbatch --parsable --array=1-4 "$files/slurm.sbatch") || { bad "sbatch"; return; }
    half_way 3 4 "$PARTS" ||
        { bad "slurm: shard 3 was never seen half-way: $(squeue; cat "$dir"/skipverify-*.log)"; return; }
    scancel "${id}_3"
    for i in $(seq 600); do [ -z "$(squeue -h -j "$id" 2> /dev/null)" ] && break; sleep 0.1; done
    if [ ! -e "$PARTS/3.part" ] && [ -e "$PARTS/1.part" ] && [ -e "$PARTS/2.part" ] && [ -e "$PARTS/4.part" ]; then
        ok "slurm: array job $id, task 3 cancelled with $half cases kept: $(tail -1 "$dir/skipverify-$id-3.log")"
    else bad "slurm with a cancelled task: $(ls "$PARTS") $(cat "$dir"/skipverify-*.log)"; fi
    "$program" merge "$PARTS"/*.part > "$dir/out" 2> "$dir/err"; code=$?
    if [ $code = 2 ] && [ ! -s "$dir/out" ] && grep -q "of 4 shards 1 is missing: 3" "$dir/err"; then
        ok "slurm: merge misses shard 3"
    else bad "merge without shard 3: exit $code $(cat "$dir/err")"; fi
    before=$(stat -c '%n %y' "$PARTS"/[124].part)
    if sbatch --wait --parsable --array=3 "$files/slurm.sbatch" > "$dir/id"; then
        ok "slurm: task 3 alone, again: $(head -1 "$dir/skipverify-$(cat "$dir/id")-3.log")"
    else bad "slurm, again: $(cat "$dir"/skipverify-*.log)"; fi
    if [ "$before" = "$(stat -c '%n %y' "$PARTS"/[124].part)" ]; then ok "slurm: the other parts were left alone"
    else bad "slurm: other parts changed"; fi
    "$program" merge "$PARTS"/*.part > "$dir/out" 2> "$dir/err"
    compare slurm "$dir/out"
}

if command -v parallel > /dev/null; then with_parallel
else skip "GNU parallel is not installed: apt-get install parallel"; fi
lacking=$(for tool in slurmctld slurmd sbatch munged; do command -v $tool > /dev/null || echo $tool; done)
if [ -n "$lacking" ]; then skip "no" $lacking: "apt-get install slurm-wlm munge"
elif [ "$(id -u)" != 0 ]; then skip "Slurm: its daemons need root"
elif slurm_start; then with_slurm; fi
echo "cluster: $passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
