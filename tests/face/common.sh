# SPDX-License-Identifier: MIT
# What suites of the command line begin with, read by them: a directory that goes when they end, and the counts.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAIL $*"; }
# The program $sv under an emulator, if RUNNER names one.
run() { ${RUNNER-} "$sv" --no-progress "$@"; }
