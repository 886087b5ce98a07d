# SPDX-License-Identifier: MIT
# The plan's own test: alone sees a rule of tests/house.awk that has stopped refusing. Each is broken on purpose in a
# scratch copy, which must be refused. And that no unit test is written but not run, as a merge may leave it.
#   sh tests/face/house.sh
set -u
rules=$(cd "$(dirname "$0")/.." && pwd)/house.awk
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

cat > "$dir/sound" <<'C'
/// 1 Ground: memory ///

static void ground(void) { later(); }
int table[] = { 1 };

/// 2 Machine ///

static void machine(
    int x)
{
    ground(); /* wang_other() */
    text("wang_other()");
}

/// 8 One: witness ///

/* Wang's. */
static void wang_one(void) { machine(1); }

/// 8 Other ///

static void wang_other(void) { machine(2); }
C

# refuses TEXT AWK...: the sound file, changed by an awk program, is refused with TEXT and no other complaint
refuses() {
    text=$1; shift
    awk "$@" "$dir/sound" > "$dir/skipverify.c"
    awk ${options:-} -f "$rules" "$dir/skipverify.c" "$dir/skipverify.c" > "$dir/out"; code=$?
    if [ $code = 1 ] && [ "$(wc -l < "$dir/out")" = 2 ] && head -1 "$dir/out" | grep -qF -- "$text"
    then passed=$((passed + 1))
    else failed=$((failed + 1)); echo "FAIL expected '$text' => exit $code: $(cat "$dir/out")"; fi
}

# accepts AWK...: the sound file, changed by an awk program, is accepted
accepts() {
    awk "$@" "$dir/sound" > "$dir/skipverify.c"
    if awk ${options:-} -f "$rules" "$dir/skipverify.c" "$dir/skipverify.c" > "$dir/out"; then passed=$((passed + 1))
    else failed=$((failed + 1)); echo "FAIL not accepted: $(cat "$dir/out")"; fi
}

accepts 1
refuses "ground (part 1) may not call machine (part 2)" '{ sub(/later/, "machine") } 1'
refuses "machine (part 2) may not call wang_one (part 8)" '{ sub(/^    ground/, "    wang_one") } 1'
refuses "wang_other (Other) may not call wang_one of another claim (One)" '{ sub(/machine\(2/, "wang_one(2") } 1'
refuses "machine (part 2) may not call wang_one (part 8)" '{ sub(/^    ground\(\)/, "    apply(wang_one)") } 1'
refuses "UP (part 2) may not call wang_one (part 8)" \
    '{ print } /2 Machine/ { print "#define UP(x) \\"; print "    wang_one(x)" }'
refuses "a line of 121 columns" '{ print } /table/ { printf "/*%117s*/\n", "" }'
refuses "a line of 122 columns" '{ print } /table/ { printf "/*\t%110s*/\n", "" }'
refuses "machine has 61 lines" '{ print } /^    ground/ { for (i = 0; i < 55; i++) print "" }'
refuses "a banner of part 2 after one of part 3" '{ sub(/^\/\/\/ 1/, "/// 3"); sub(/    ground/, "    later") } 1'
refuses "a banner reads" '{ print } /table/ { print "/// Ground" }'
options="-v comments=1"
add='{ print } /^    ground/ { for (i = 0; i < 5; i++) print "" }'
refuses "machine has 11 lines and no comment directly above it" "$add"
refuses "machine has 11 lines and no" '/^static void machine/ { print "/* Too far. */\n" }'" $add"
accepts '/^static void machine/ { print "/* Says why. */" }'" $add"

# unrun FILE...: the functions of cmocka's form that nothing names again
unrun() {
    for file; do
        for name in $(sed -n 's/^static [a-z]* \([a-z0-9_]*\)(void \*\*state)$/\1/p' "$file"); do
            [ "$(grep -cw "$name" "$file")" -gt 1 ] || echo "${file##*/}: $name"
        done
    done
}
# leaves EXPECTED FILE...
leaves() {
    expected=$1; shift
    got=$(unrun "$@")
    if [ "$got" = "$expected" ]; then passed=$((passed + 1))
    else failed=$((failed + 1)); echo "FAIL not run: $got  expected: $expected"; fi
}
printf 'static void test_one(void **state)\nstatic void test_two(void **state)\n    test_two' > "$dir/test_it.c"
leaves "test_it.c: test_one" "$dir/test_it.c"
leaves "" "${rules%/*}"/unit/test_*.c

echo "the plan's rules: $passed passed, $failed failed"
[ $failed = 0 ]
