#!/bin/sh
# SPDX-License-Identifier: MIT
# A report from shards under GNU parallel. In the directory that holds skipverify:
#
#   sh tests/campaigns/cluster/parallel.sh 8
#       8 shards, as many at a time as there are cores; then the report
#   sh tests/campaigns/cluster/parallel.sh 8
#       again, after a failure: only the shards that did not end well, from their checkpoints
#
# From the environment: SKIPVERIFY, the program (./skipverify); PARTS, a directory (parts), whose job log tells parallel
# what is done: remove it to begin anew; SKIPVERIFY_OPTIONS, such as "--level standard --seed 7 wang.thm11" (--level
# full); PARALLEL_OPTIONS, such as "--jobs 4".
set -eu
export SHARDS="${1:?the number of shards: sh $0 8}" SKIPVERIFY="${SKIPVERIFY:-./skipverify}" PARTS="${PARTS:-parts}" \
    SKIPVERIFY_OPTIONS="${SKIPVERIFY_OPTIONS:---level full}"
mkdir -p "$PARTS"
settings="$SHARDS shards, $SKIPVERIFY_OPTIONS, program $(sha256sum < "$SKIPVERIFY" | cut -c1-64)"
[ -e "$PARTS/settings" ] || echo "$settings" > "$PARTS/settings"
if [ "$settings" != "$(cat "$PARTS/settings")" ]; then
    echo "$0: $PARTS holds parts of another run ($(cat "$PARTS/settings")): remove it or choose another PARTS" >&2
    exit 2
fi
# The shard's number is parallel's own PARALLEL_SEQ; the argument, which it would append, is left to a command that is
# never reached.
run='exec "$SKIPVERIFY" --shard "$PARALLEL_SEQ/$SHARDS" --threads 1 --checkpoint "$PARTS/$PARALLEL_SEQ.part.kept"'
run=$run' -o "$PARTS/$PARALLEL_SEQ.part" $SKIPVERIFY_OPTIONS; : {}'
seq "$SHARDS" | parallel --no-notice --joblog "$PARTS/joblog" --resume-failed ${PARALLEL_OPTIONS:-} "$run" >&2
exec "$SKIPVERIFY" merge $(seq "$SHARDS" | sed "s|.*|$PARTS/&.part|")
