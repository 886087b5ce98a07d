# SPDX-License-Identifier: MIT
# Reports for other programs (--format), read by readers that share nothing with the program (tests/readers.awk): alone
# sees that each is well formed whatever stands in it, and says what the text says. Runs that come out otherwise than
# expected are made from sealed parts.
#   sh tests/face/formats.sh PROGRAM [json|points|csv|github|commands|readers]...
set -u
sv=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
networks=$here/../vectors/networks
. "$(dirname "$0")/common.sh"
tab=$(printf '\t')
unset GITHUB_STEP_SUMMARY
export COLUMNS=1000   # sentences stay on a line
quick="--level quick shamir.ex1 shamir.remark2 wang.thm6 wang.thm11 wang.lemma10"

# reads AS CODE ARGS...: the program exits with CODE, silent on stderr, and its report, in form, is read into read
reads() {
    as=$1 code=$2; shift 2
    "$sv" "$@" > "$dir/form" 2> "$dir/err"; got=$?
    grep -v '^skipverify: [a-z]*: [0-9.]* s$' "$dir/err" > "$dir/said"
    if [ $got = "$code" ] && [ ! -s "$dir/said" ] && awk_reads "$as" "$dir/form" > "$dir/read" 2> "$dir/err"; then ok
    else bad "$* => exit $got, expected $code; $(cat "$dir/said" "$dir/err")"; fi
}
awk_reads() { LC_ALL=C awk -v as="$1" -f "$here/readers.awk" "$2"; }
# has LINE, once: a line of read, a tab as | (LINE has no other |)
has() {
    n=$(grep -cxF -- "$(printf %s "$1" | tr '|' '\t')" "$dir/read")
    if [ "$n" = 1 ]; then ok; else bad "$as: $n times '$1'"; fi
}
# counts N PATTERN: so many lines of read match
counts() {
    n=$(grep -c -- "$2" "$dir/read")
    if [ "$n" = "$1" ]; then ok; else bad "$as: $n lines match '$2', expected $1"; fi
}

# Sealed parts of $quick: one with an UNDECIDED, for a reason that no format may trip over, another verdict than is
# expected, and a figure that is a hostile word; one with only the UNDECIDED.
seal() { { cat "$1"; echo "sha256 $(sha256sum < "$1" | cut -d' ' -f1)"; } > "$2"; }
"$sv" --shard 1/1 $quick -o "$dir/part" || bad "--shard"
why=$(printf 'a "b" <c> & d]]> %%e %%0A \\f | `g`, #h :: \033[1m\r \303\251 \377 \357\277\277')
head -n -1 "$dir/part" | awk -v why="$(printf %s "$why" | sed 's/\\/\\\\/g')" '
    { if (/^result shamir\.ex1 barrier CERTIFIED/) { $4 = "UNDECIDED"; print; print "why " why } else print }
    ' > "$dir/open.body"
sed 's/^\(result shamir.ex1 critical-set\) CERTIFIED/\1 REFUTED/
    /^why/,/^result/s/^figure barrier .*/figure barrier 0 0 0 a"b;c|<d>/' "$dir/open.body" > "$dir/wrong.body"
seal "$dir/open.body" "$dir/open"
seal "$dir/wrong.body" "$dir/wrong"

# The canonical report, made from what was read of JSON or of CSV: all verdicts and figures are there, in order.
from_json() {
    { printf 'skipverify %s report, level %s, seed %s\n' \
        $(sed -n 's/^\.\(version\|level\|seed\)'"$tab"'"*\([^"]*\)"*$/\2/p' "$dir/read")
    awk -F '\t' '
        function text() { return hex != "" ? hex : lo != "" ? lo : value }
        function flush() { if (name != "") line = line " " name "=" text(); name = value = lo = hex = "" }
        function bare(s) { return s ~ /^"/ ? substr(s, 2, length(s) - 2) : s }
        !/^\.cases\[/ { next }
        { at = $1; sub(/^\.cases\[[0-9]*\]/, "", at) }
        at == ".claim" { flush(); if (line != "") print line; line = bare($2); next }
        at == ".case" { line = line " " bare($2); next }
        at ~ /^\.verdicts\.[a-z]*(\.verdict)?$/ {
            split(at, part, ".")
            line = line " " part[3] "=" ($2 == "null" ? "-" : bare($2))
            next
        }
        !sub(/^\.figures\[[0-9]*\]/, "", at) { next }
        at == ".name" { flush(); name = bare($2) }
        at == ".value" { value = bare($2) }
        at == ".value.lo" { lo = "[" $2 }
        at == ".value.hi" { lo = lo "," $2 "]" }
        at == ".value.hex" { hex = bare($2) }
        at == ".value.hex[0]" { hex = "[" bare($2) }
        at == ".value.hex[1]" { hex = hex "," bare($2) "]" }
        END { flush(); print line }' "$dir/read"; } > "$dir/again"
}
from_csv() {
    { head -1 "$dir/canonical"
    awk -F '\t' 'NR == 1 { next }
        $1 " " $2 != last {
            if (last != "") print line
            last = $1 " " $2
            line = last " printed=" $3 " meant=" $4 " repaired=" $5
        }
        $8 != "" { line = line " " $8 "=" $13 }
        END { print line }' "$dir/read"; } > "$dir/again"
}
same() { if cmp -s "$dir/canonical" "$dir/again"; then ok; else bad "$*: $(diff "$dir/canonical" "$dir/again")"; fi; }

json() {
    # the digest is that of the canonical report, and the text's
    "$sv" $quick > "$dir/text"
    "$sv" $quick --format canonical > "$dir/canonical"
    digest=$(sha256sum < "$dir/canonical" | cut -d' ' -f1)
    if grep -qF "report SHA-256 $digest (" "$dir/text"; then ok; else bad "canonical: not the bytes of the digest"; fi

    reads json 0 $quick --format json
    from_json
    same "JSON does not hold the canonical report"
    for line in '.program|"skipverify"' '.format|1' '.command|"checks"' '.level|"quick"' '.seed|1' '.exit|0' \
        '.totals.undecided|0' '.vectors.differ|0' ".sha256|\"$digest\"" '.standing|"none recorded for this selection"' \
        ".totals.cases|$(($(wc -l < "$dir/canonical") - 1))" \
        ".totals.verdicts|$(sed -n 's/^[0-9]* cases* with \([0-9]*\) verdicts*: .*/\1/p' "$dir/text")" \
        ".vectors.rows|$(sed -n 's/^\([0-9]*\) rows of vectors .*/\1/p' "$dir/text")"
    do has "$line"; done
    counts 5 '^\.claims.[0-9]*.\.as_expected.true$'
    counts 0 'as_expected.false'
    if [ "$(sed -n 's/^\.claims.0.\.verdicts\.\([a-z]*\)[a-z.]*'"$tab"'/\1 /p' "$dir/read" | tr '\n' ' ')" = \
        'printed "CERTIFIED" printed "CERTIFIED" meant null repaired "CERTIFIED" repaired "CERTIFIED" ' ]; then ok
    else bad "JSON: the verdicts of the first claim"; fi

    # what came out otherwise
    reads json 3 merge --format json "$dir/open"
    has '.exit|3'
    has '.totals.undecided|1'
    has '.vectors.differ|2'
    counts 1 '^\.cases.[0-9]*.\.why.*a \\"b\\" <c> & d\]\]> %e %0A \\\\f | `g`, #h :: \\u001b\[1m\\u000d'
    counts 2 'as_expected.false'
    reads json 1 merge --format json "$dir/wrong"
    has '.exit|1'
    counts 3 'as_expected.false'
    counts 1 'figures.*value."a\\"b;c|<d>"'
    if grep -A1 '^\.cases.*printed\.verdict."REFUTED"' "$dir/read" | grep -q 'expected."CERTIFIED"'; then ok
    else bad "JSON: REFUTED, but not expected so"; fi
    awk -F '\t' '/^\.vectors\.failures/ { print $2 }' "$dir/read" > "$dir/one"
    n=$(sed -n 's/^\.vectors\.differ.//p' "$dir/read")
    if [ "$(wc -l < "$dir/one")" = "$n" ] && ! grep -v '^"FAIL ' "$dir/one"; then ok
    else bad "JSON: failures: $(cat "$dir/one")"; fi

    # quiet: nothing, but into a file
    set -- -q $quick --format json
    "$sv" "$@" > "$dir/form" && [ ! -s "$dir/form" ] && "$sv" "$@" -o "$dir/form" &&
        [ -s "$dir/form" ] && ok || bad "-q --format json"
}

points() {
    "$sv" $quick --format canonical > "$dir/canonical"
    cases=$(($(wc -l < "$dir/canonical") - 1))
    sed '1d; s/ printed=.*//' "$dir/canonical" > "$dir/names"
    reads tap 0 $quick --format tap
    counts $((cases + 1)) '^point.passed'
    sed -n "s/^point${tab}passed$tab//p" "$dir/read" | sed '$d' > "$dir/again"
    if cmp -s "$dir/names" "$dir/again"; then ok; else bad "TAP: other cases: $(diff "$dir/names" "$dir/again")"; fi
    if grep -qxF "# report SHA-256 $(sha256sum < "$dir/canonical" | cut -d' ' -f1) (none recorded for this selection)" \
        "$dir/form"; then ok; else bad "TAP: no digest"; fi
    reads tap 3 merge --format tap "$dir/open"
    counts 1 '^point.failed.shamir.ex1 barrier$'
    counts 1 '^field.*severity: "undecided"'
    counts 1 '^field.*got: "printed=UNDECIDED meant=- repaired=-"'
    counts 1 '^field.*expected: "printed=CERTIFIED meant=- repaired=-"'
    counts $cases '^point.passed'
    reads tap 1 merge --format tap "$dir/wrong"
    counts 3 '^point.failed'
    counts 1 '^point.failed.vectors rows'
    counts 1 '^field.*details: "FAIL vectors/golden.inc:.*\\nFAIL '

    suite=/testsuites/testsuite
    reads xml 0 $quick --format junit
    sed -n "s|^$suite/testcase@classname$tab||p" "$dir/read" > "$dir/one"
    sed -n "s|^$suite/testcase@name$tab||p" "$dir/read" | sed 's/&#60;/</g; s/&#62;/>/g; s/&#39;/'"'"'/g' > "$dir/two"
    paste -d' ' "$dir/one" "$dir/two" | sed '$d' > "$dir/again"
    if cmp -s "$dir/names" "$dir/again"; then ok; else bad "JUnit: other cases: $(diff "$dir/names" "$dir/again")"; fi
    counts 6 "^$suite\$"
    counts 6 "^$suite@failures.0\$"
    n=$(sed -n "s|^$suite@tests$tab||p" "$dir/read" | awk '{ n += $1 } END { print n }')
    if [ "$n" = $((cases + 1)) ]; then ok; else bad "JUnit: tests of the suites"; fi
    counts 0 "/failure\|/error"
    reads xml 3 merge --format junit "$dir/open"
    counts 1 "^$suite@errors.1\$"
    counts 1 "^$suite/testcase/error@message.a &#34;b&#34; &#60;c&#62; &#38; d\]\]&#62; %e %0A"
    counts 0 "/failure"
    reads xml 1 merge --format junit "$dir/wrong"
    counts 1 "^$suite/testcase/error\$"
    counts 2 "^$suite/testcase/failure\$"
    counts 2 "^$suite@failures.1\$"
}

csv() {
    "$sv" $quick --format canonical > "$dir/canonical"
    reads csv 0 $quick --format csv
    from_csv
    same "CSV does not hold the canonical report"
    counts 0 "$(printf 'true\tnan')"
    reads csv 1 merge --format csv "$dir/wrong"
    counts 1 'shamir.ex1.barrier.*UNDECIDED.*false.*why.*a "b" <c> & d\]\]> %e %0A .f | `g`, #h'
    counts 1 'barrier.*a"b;c|<d>$'
    counts 1 'critical-set.REFUTED'
}

github() {
    "$sv" $quick --format github > "$dir/form"; got=$?
    if [ $got = 0 ] && [ "$(grep -c '^::' "$dir/form")" = 1 ] &&
        grep -q '^::notice title=skipverify 0[0-9.]*::report ' "$dir/form" &&
        grep -q '^| `wang.thm6` | REFUTED | - | CERTIFIED | .* | yes |$' "$dir/form"; then ok
    else bad "github => exit $got: $(cat "$dir/form")"; fi
    # escapes, the summary appended, and not a second time into the report
    echo "before" > "$dir/summary"
    GITHUB_STEP_SUMMARY=$dir/summary "$sv" merge --format github "$dir/wrong" > "$dir/form"; got=$?
    if [ $got = 1 ] && [ "$(grep -c '^::error' "$dir/form")" = 3 ] && [ "$(grep -vc '^::' "$dir/form")" = 0 ] &&
        grep -qF '::error title=shamir.ex1 barrier::a "b" <c> & d]]> %25e %250A \f | `g`, #h :: ' "$dir/form" &&
        grep -qF '%0Agot printed=UNDECIDED' "$dir/form" && ! grep -q "$(printf '\r')" "$dir/form" &&
        ! grep -q '%[^20]' "$dir/form"; then ok
    else bad "github => exit $got: $(cat "$dir/form")"; fi
    if [ "$(head -1 "$dir/summary")" = before ] &&
        grep -q '^### skipverify .*: \*\*not as expected\*\*$' "$dir/summary" &&
        grep -qF "| \`shamir.ex1\` | \`barrier\` | \`a \"b\" <c> & d]]> %e %0A \\f \\| 'g', #h" "$dir/summary"; then ok
    else bad "summary: $(cat "$dir/summary")"; fi
    if awk -F '[^\\\\][|]' '/^[|]/ { if (!n) n = NF; if (NF != n) exit 1; next } { n = 0 }' "$dir/summary"; then ok
    else bad "summary: rows of different width"; fi
    GITHUB_STEP_SUMMARY=$dir/none/summary "$sv" $quick --format github > "$dir/form" 2> "$dir/err"; got=$?
    if [ $got = 4 ] && [ ! -s "$dir/form" ] &&
        grep -q "cannot write .*none/summary, of GITHUB_STEP_SUMMARY: No such file" "$dir/err"; then ok
    else bad "a summary that cannot be written => exit $got: $(cat "$dir/err")"; fi
    GITHUB_STEP_SUMMARY=$dir/summary "$sv" $quick --format github -o "$dir/summary" 2> "$dir/err"; got=$?
    if [ $got = 2 ] && [ "$(head -1 "$dir/summary")" = before ]; then ok; else bad "-o SUMMARY => exit $got"; fi
}

# Every command that has JSON; names of files that JSON must escape.
commands() {
    reads json 0 list --format json
    counts "$("$sv" list | grep -c '^[a-z]*\.')" '^\.claims.[0-9]*.\.claim'
    reads json 0 explain wang.thm6 map json shamir.fig1 --format json
    counts 2 '^\.explained.[0-9]*.\.topic'
    n=$("$sv" explain wang.thm6 shamir.fig1 | awk '/^Cases:/ { on = 1; next } !/^  / { on = 0 } on' | wc -l)
    counts "$n" '^\.explained.[0-9]*.\.cases.[0-9]*.\.case.'
    reads json 0 --version --format json
    # bench: what it measures is no test, its form is
    reads json 0 bench vectors sums --threads 1 --format json
    counts 3 '^\.kernels.[0-9]*.\.of_limit'
    counts 2 '^\.kernels.[0-9]*.\.ms'
    has '.threads|1'
    reads json 0 bench --growth svd threads --threads 2 --format json
    counts 2 '^\.growth.[0-9]*.\.time\.exponent'
    counts 7 '^\.growth.[0-9]*.\.points.[0-9]*.\.mib'
    name=$(printf 'a "q" \\ \n\t\001 \377\303\251.npz')
    cp "$networks/two-layer-a.npz" "$dir/$name"
    set -- "$dir/$name" "$networks/two-layer-b.npz" --data "$networks/iris.csv" --format json
    reads json 0 path "$@" --certificate "$dir/cert$name"
    has '.barrier.proved_zero|true'
    has '.expected|true'
    counts 1 '^\.files.0.*/a \\"q\\" \\\\ \\n\\u0009\\u0001 \\ufffd'
    reads json 1 path "$@" --expect-a 7
    has '.exit|1'
    has '.expected|false'
    reads json 0 certify "$@"
    counts 1 '^\.segments.0.\.bound'
    reads json 0 surface "$@" --grid 4x3
    has '.kind|"line"'
    counts 12 '^\.F\[[0-9]\]\[[0-9]\]\.lo'
    reads csv 0 surface "$@" --grid 4x3 --format csv
    counts 1 "^a${tab}b${tab}F_lower${tab}F_upper$"
    counts 12 "^[-0-9.e]*${tab}[-0-9.e]*${tab}[0-9.e]*${tab}[0-9.e]*$"
    set -- --from "$dir/$name" --to "$networks/two-layer-b.npz" --data "$networks/iris.csv" --format json
    reads json 0 check "$dir/cert$name" "$@"
    has '.accepted|true'
    has '.why|null'
    reads json 1 check "$dir/$name" "$@"
    has '.accepted|false'
    has '.exit|1'
}

# The readers refuse what is malformed.
refuses() {
    as=$1
    printf "$2" > "$dir/form"
    if awk_reads "$as" "$dir/form" > "$dir/read" 2>&1; then bad "the reader of $as takes $2"; else ok; fi
}
readers() {
    for text in '{"a":1,}' '[1,]' '{"a" 1}' '{a:1}' '[01]' '[1.]' '[.5]' '[+1]' '[NaN]' '[Infinity]' '["\\x"]' \
        '["\\u12"]' '["a\tb"]' '["a]' '[1 2]' '[1]]' '[1' '{"a":1,"a":2}' '' '["\377"]' \
        '[true' "['a']" '[,1]' '{"a":}' '1 2'; do
        refuses json "$text\\n"
    done
    for text in '1..1\nok 1 - a\n' 'TAP version 14\n1..2\nok 1 - a\n' 'TAP version 14\n1..1\nok 2 - a\n' \
        'TAP version 14\nok 1 - a\n' 'TAP version 14\n1..1\nok 1 - a\nother\n' 'TAP version 14\n1..1\nok 1 - a # b\n' \
        'TAP version 14\n1..1\nok 1 - a\n  ---\n  a: "b"\n' 'TAP version 14\n1..1\nok 1 - a\n  ---\n  a: "b\n  ...\n' \
        'TAP version 14\n1..1\n  ---\n  ...\nok 1 - a\n'; do
        refuses tap "$text"
    done
    for text in 'a,b\r\n1\r\n' 'a,b\n' 'a,"b\r\n' 'a,"b"c\r\n' 'a,b"c\r\n'; do refuses csv "$text"; done
    for text in '<a>' '<a></b>' '<a b="1" b="2"/>' '<a>&</a>' '<a>&b;</a>' '<a/><b/>' '<a/>x' '<a b=1/>' '<a b="<"/>' \
        '<a>]]></a>' '<a>\033</a>' '<a>&#27;</a>' '<a b="\357\277\277"/>' '</a>' '<a>\377</a>' '<1/>'; do
        refuses xml '<?xml version="1.0" encoding="UTF-8"?>\n'"$text\\n"
    done
}

[ $# -gt 0 ] || set -- json points csv github commands readers
for suite; do $suite; done
echo "formats: $passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
