# SPDX-License-Identifier: MIT
# A suite among others that run beside it: sh tests/suite.sh LOG COMMAND...
# Says when it starts and when it ends, with the last line of its output; if it fails, all of its output. Its temporary
# files lie beside LOG.
log=$1 name=${1##*/} start=$(date +%s)
shift
mkdir -p "$log.tmp" && TMPDIR=$(cd "$log.tmp" && pwd) && export TMPDIR || exit 1
trap 'rm -rf "$TMPDIR"' EXIT
echo "start $name"
if "$@" > "$log" 2>&1; then
    printf 'ok    %-18s %3d s  %s\n' "$name" $(($(date +%s) - start)) "$(tail -n 1 "$log")"
else
    code=$?
    { cat "$log"; echo "FAIL  $name: exit $code: $*"; } >&2
    exit 1
fi
