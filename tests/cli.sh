# The command line from outside, by its output and exit code: sh tests/cli.sh PROGRAM
set -u
sv=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAIL $*"; }

# usage CODE TEXT ARGS...: exit code CODE, one line on stderr that contains TEXT, nothing on stdout
refuses() {
    code=$1 text=$2; shift 2
    "$sv" "$@" > "$dir/out" 2> "$dir/err"; got=$?
    lines=$(wc -l < "$dir/err")
    if [ $got = "$code" ] && [ "$lines" = 1 ] && grep -qF -- "$text" "$dir/err" && [ ! -s "$dir/out" ]; then ok
    else bad "$* => exit $got, $lines lines: $(cat "$dir/err")  expected: exit $code, one line with '$text', no output"; fi
}

# says CODE TEXT ARGS...: exit code CODE and TEXT on stdout
says() {
    code=$1 text=$2; shift 2
    "$sv" "$@" > "$dir/out" 2> "$dir/err"; got=$?
    if [ $got = "$code" ] && grep -qF -- "$text" "$dir/out" && [ ! -s "$dir/err" ]; then ok
    else bad "$* => exit $got: $(head -c 300 "$dir/out" "$dir/err")  expected: exit $code, '$text'"; fi
}

refuses 2 "unknown claim or command 'wang.lemma11'" wang.lemma11
refuses 2 "unknown option --frobnicate" --frobnicate
refuses 2 "unknown option -z" -z
refuses 2 "--threads 0: expected a whole number from 1 to 1024" --threads 0
refuses 2 "--threads -1: expected a whole number" --threads -1
refuses 2 "--threads 1e9: expected a whole number" --threads 1e9
refuses 2 "--threads 1000000000: expected a whole number" --threads=1000000000
refuses 2 "--seed 1x: expected a whole number" --seed 1x
refuses 2 "--seed : expected a whole number" --seed ''
refuses 2 "--seed 18446744073709551616: expected" --seed 18446744073709551616
refuses 2 "--seed: expected N after it" --seed
refuses 2 "--level slow: expected one of quick, standard, full" --level slow
refuses 2 "--format xml: expected one of text, json" --format xml
refuses 2 "--quiet takes no value" --quiet=yes
refuses 2 "--dispatch mmx: no such level" --dispatch mmx
refuses 2 "explain: expected a claim" explain
refuses 2 "unknown claim or command 'nothing'" explain nothing
refuses 2 "list takes no arguments, got 'wang.thm6'" list wang.thm6
refuses 2 "expected a file name" -o ''
refuses 2 "sopsp: expected loss=..., w=..., V=row/row/..., and samples" sopsp
refuses 2 "'foo': expected KEY=VALUE" sopsp foo
refuses 2 "w=1,a: 'a' is not a number" sopsp w=1,a
refuses 2 "w=1,: '' is not a number" sopsp w=1,
refuses 2 "w=nan: 'nan' is not a number" sopsp w=nan
refuses 2 "V=1,2/3: row 2 has 1 numbers, expected 2" sopsp w=1,2 V=1,2/3
refuses 2 "expected w=... and V=... before the samples" sopsp sample=1:1:1
refuses 2 "expected sample=x:f:y" sopsp w=1 V=1 sample=1:1
refuses 2 "x has 1 numbers, expected 2 as w has" sopsp w=1,2 V=1/2 sample=1:1:1
refuses 2 "f has 2 numbers, expected 1 as V has columns" sopsp w=1 V=1 sample=1:1,2:1
refuses 2 "V has 3 rows, expected 2 as w has numbers" sopsp w=1,2 V=1/2/3 sample=1,2:1:2
refuses 2 "y is a label, expected 1 or -1" sopsp loss=logistic w=1 V=1 sample=1:1:2
refuses 2 "loss hinge: expected one of squared, logistic, smoothed-hinge" sopsp loss=hinge
refuses 2 "b=0.5: expected more than |w| and |V|" sopsp w=1 V=1 sample=1:1:1 b=0.5
refuses 2 "eps=-1: expected a number that is not negative" sopsp eps=-1
refuses 2 "column 5: expected a whole exponent" landscape 'x*y^'
refuses 2 "column 1: expected a number, x, y" landscape ''
refuses 2 "expected box=X0,X1,Y0,Y1 with X0 < X1" landscape x box=1,0,0,1
refuses 2 "landscape: expected a formula" landscape
refuses 2 "landscape: box=a,1,0,1: 'a' is not a number" landscape x box=a,1,0,1
refuses 2 "column 3: expected a whole exponent from 0 to 64" landscape 'x^65'
refuses 2 "column 2: expected an operator" landscape 'x
y'
refuses 2 "w=1: expected before the samples" sopsp w=1 V=1 sample=1:1:1 w=1
refuses 2 "words that begin with '-' go after --" landscape -x^2
refuses 2 "--format json: for checks only, not for sopsp" sopsp --format json
refuses 2 "figure: 'x': expected shamir.fig1" figure x
refuses 3 "No such file or directory" --level quick -o "$dir/no/such/place" shamir.ex1

says 0 "usage: skipverify" --help
says 0 "usage: skipverify" -h
says 0 "skipverify 0." --version
says 0 "wang.remark4.1" list
says 0 "lambda_min         [-0.250000000001,-0.249999999999]" sopsp loss=squared w=0 V=-8 sample=1:0.125:1
says 0 "an eps-SOPSP for the eps given" sopsp w=0 V=-8 sample=1:0.125:1 eps=0.04
says 1 "no eps-SOPSP for the eps given" sopsp w=0 V=-8 sample=1:0.125:1 eps=0.03
says 0 "9 stationary points in the box, each proved" landscape '(x^2+y-11)^2+(x+y^2-7)^2' box=-6,6,-6,6
says 0 "saddle     x=0.000000000000 y=0.000000000000" landscape 'x^2-y^2' box=-1,1,-1,1
says 0 "an eps-SOPSP for the eps given" sopsp w=1 V=2 sample=1:0:1 eps=0.5
says 0 "0 stationary points in the box, each proved" landscape 'x+y' box=-1,1,-1,1
says 0 "maximum" landscape -- '-x^2-y^2'
says 3 "could not be resolved" landscape 'abs(x)+y^2' box=-1,1,-1,1
says 0 "barrier between minima 1 and 2, within the box: [16.508065459" landscape '(x^2-4)^2+y^2+1/(x^2-2*x+2)'
says 3 "could not be resolved" landscape 'x^2' box=-1,1,-1,1
says 0 "</svg>" figure shamir.fig1
says 0 "det W changes sign" explain wang.thm6
says 0 "REFUTED" explain wang.remark4.1 shamir.ex1
says 0 "(as recorded)" --level quick
says 0 "(none recorded for this selection)" --level quick shamir.ex1
says 0 "\"sha256\":\"" --level quick --format json
says 0 "barrier=0.500000000000" -v --level quick shamir.ex1
for seed in 2 21 77 18446744073709551615; do says 0 "0 undecided" --seed $seed; done
says 0 "REFUTED" --level quick -- wang.remark4.1

# Every command is in the help text, and so is every claim.
"$sv" --help > "$dir/help"
for word in list explain selftest sopsp landscape figure bench golden $("$sv" list | grep -o '^[a-z]*\.[a-z0-9.]*'); do
    if grep -qF "$word" "$dir/help"; then ok; else bad "--help does not name $word"; fi
done

# Threads and dispatch levels change nothing.
"$sv" -v --level quick > "$dir/one" 2> "$dir/err"
for options in "--threads 1" "--threads 2" "--threads 7"; do
    "$sv" -v --level quick $options > "$dir/two"
    if cmp -s "$dir/one" "$dir/two"; then ok; else bad "the report differs with $options"; fi
done
for level in sse2 avx2 avx512 native; do
    "$sv" -v --level quick --dispatch $level > "$dir/two" 2> "$dir/err" || continue
    if cmp -s "$dir/one" "$dir/two"; then ok; else bad "the report differs with --dispatch $level"; fi
done

# Seeds change it.
"$sv" -v --level quick --seed 2 > "$dir/two"
if cmp -s "$dir/one" "$dir/two"; then bad "the seed changes nothing"; else ok; fi

# JSON is JSON, and says the same digest.
if command -v python3 > /dev/null; then
    "$sv" --level quick --format json > "$dir/json"
    digest=$(python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(d["sha256"] if len(d["cases"]) > 40 else "")' "$dir/json")
    if [ -n "$digest" ] && grep -qF "$digest" "$dir/one"; then ok; else bad "JSON: no digest, or another one"; fi
fi

# One case; its path as a certificate, complete or not at all.
says 0 "1 verdicts: 1 certified" --case rate/edge wang.thm11
refuses 2 "no such case among the claims asked for" --case nothing wang.thm11
refuses 2 "expected one claim and its --case" --certificate "$dir/c" wang.thm11
refuses 2 "has no path to write" --certificate "$dir/c" --case rate/edge wang.thm11
refuses 3 "cannot write $dir/none/c: No such file" --certificate "$dir/none/c" --case squared/2-1/random wang.thm11
"$sv" -q --certificate "$dir/c" --case squared/2-1/random wang.thm11 && head -1 "$dir/c" | grep -qx "skipverify certificate 1" && tail -1 "$dir/c" | grep -q "^sha256 " && ok || bad "--certificate"
for part in leg bound risk kappa sample W1 W2 V1 V2 "theta 1"; do grep -q "^$part " "$dir/c" && ok || bad "certificate without $part"; done
if command -v python3 > /dev/null; then
    python3 vectors/certificate.py "$dir/c" > "$dir/out" && grep -q ": accepted: wang.thm11" "$dir/out" && ok || bad "certificate: $(cat "$dir/out")"
    sed 's/^bound 0x1/bound 0x0/' "$dir/c" > "$dir/d"
    python3 vectors/certificate.py "$dir/d" > "$dir/out"; [ $? = 1 ] && grep -q ": rejected: " "$dir/out" && ok || bad "certificate with another bound: $(cat "$dir/out")"
fi

# -o writes all or nothing; quiet writes nothing.
"$sv" --level quick -o "$dir/report" > "$dir/out" && "$sv" --level quick > "$dir/two"
if [ ! -s "$dir/out" ] && cmp -s "$dir/report" "$dir/two" && [ "$(ls "$dir" | grep -c '^report')" = 1 ]; then ok; else bad "-o FILE"; fi
ln -s "$dir/target" "$dir/link"
"$sv" list -o "$dir/link" && [ -L "$dir/link" ] && [ -s "$dir/target" ] && "$sv" list -o /dev/null && [ -c /dev/null ] && ok || bad "-o replaces what is not a regular file"
"$sv" -q --level quick > "$dir/out" 2> "$dir/err" && [ ! -s "$dir/out" ] && [ ! -s "$dir/err" ] && ok || bad "-q prints"

# A full disk, a closed standard output, a closed pipe, no memory: one line, exit 3, no result.
if [ -e /dev/full ]; then
    "$sv" --level quick > /dev/full 2> "$dir/err"; got=$?
    if [ $got = 3 ] && grep -q "cannot write standard output: No space left on device" "$dir/err"; then ok; else bad "full disk => exit $got: $(cat "$dir/err")"; fi
fi
"$sv" --level quick >&- 2> "$dir/err"; got=$?
if [ $got = 3 ] && grep -q "cannot write standard output" "$dir/err"; then ok; else bad "closed stdout => exit $got: $(cat "$dir/err")"; fi
"$sv" --help > /dev/full 2> "$dir/err"; got=$?
if [ $got = 3 ] && grep -q "cannot write standard output" "$dir/err"; then ok; else bad "--help on a full disk => exit $got: $(cat "$dir/err")"; fi
{ "$sv" -v --level quick 2> "$dir/err"; echo $? > "$dir/code"; } | true
if [ "$(cat "$dir/code")" = 3 ] && grep -q "Broken pipe" "$dir/err"; then ok; else bad "closed pipe => exit $(cat "$dir/code")"; fi
for kb in 6000 9000 14000 40000; do
    ( ulimit -v $kb; "$sv" -o "$dir/tight" > "$dir/out" 2> "$dir/err" ); got=$?
    if [ $got = 0 ]; then continue; fi
    lines=$(wc -l < "$dir/err")
    if [ ! -e "$dir/tight" ] && [ ! -s "$dir/out" ] && { [ $got = 3 ] && [ "$lines" = 1 ] && grep -q "out of memory" "$dir/err" || [ $got = 127 ] || [ $got = 126 ]; }; then ok
    else bad "ulimit -v $kb => exit $got: $(head -c 300 "$dir/err")"; fi
done

echo "command line: $passed passed, $failed failed"
[ $failed = 0 ]
