# The command line from outside, by its output and exit code: what no unit test sees, since all of them call functions.
#   sh tests/face/cli.sh PROGRAM [SUITE...]      suites: dispatch seeds words answers sameness certificates
#                                                writing shards interruption
set -u
sv=$1
shift
vectors=$(dirname "$0")/../../vectors
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
    else
        bad "$* => exit $got, $lines lines: $(cat "$dir/err")  expected: exit $code, one line with '$text', no output"
    fi
}

# says CODE TEXT ARGS...: exit code CODE and TEXT on stdout
says() {
    code=$1 text=$2; shift 2
    "$sv" "$@" > "$dir/out" 2> "$dir/err"; got=$?
    if [ $got = "$code" ] && grep -qF -- "$text" "$dir/out" && [ ! -s "$dir/err" ]; then ok
    else bad "$* => exit $got: $(head -c 300 "$dir/out" "$dir/err")  expected: exit $code, '$text'"; fi
}

# A run of a tenth of a second, where any will do: cases that shards share, and cases that they do not.
small="--level quick shamir.ex1 shamir.remark3 wang.lemma10 wang.errata"
a=$dir/a   # its parts, a.1 to a.3
same() { if cmp -s "$dir/one" "$dir/many"; then ok; else bad "merge differs from the single run: $*"; fi; }
parts() {   # parts NAME N OPTIONS...: NAME.1 to NAME.N
    name=$1 n=$2 i=1; shift 2
    while [ $i -le "$n" ]; do "$sv" --shard $i/"$n" "$@" -o "$dir/$name.$i" || bad "--shard $i/$n"; i=$((i + 1)); done
}
seal() {   # seal PART EDIT NEW: edited, with a digest that fits
    head -n -1 "$1" | sed "$2" > "$dir/body"
    { cat "$dir/body"; echo "sha256 $(sha256sum < "$dir/body" | cut -d' ' -f1)"; } > "$3"
}

# The recorded report, with every row of vectors that goes with it: at level quick under each dispatch level of the
# machine, at standard under the best. (`skipverify selftest` runs level full under each: half a minute of sse2.)
recorded() {   # recorded OPTIONS...: 0 if so, in $dir/report
    "$sv" "$@" > "$dir/report" 2> "$dir/err"; got=$?
    [ $got = 0 ] && grep -qF "(as recorded)" "$dir/report" && grep -q "compared, 0 differ" "$dir/report"
}
dispatch() {
    for level in sse2 avx2 avx512 native; do
        if recorded --level quick --dispatch $level; then ok
        elif ! { [ $got = 2 ] && grep -qF -- "no such level on this machine" "$dir/err"; }; then
            bad "--dispatch $level => exit $got: $(head -c 300 "$dir/report" "$dir/err")"
        fi
    done
    if [ "$passed" = 0 ]; then bad "no dispatch level ran"; fi
    if recorded; then ok; else bad "standard => exit $got: $(head -c 300 "$dir/report" "$dir/err")"; fi
    # README shows what the program prints.
    sed -n '/^    \$ \.\/skipverify$/,/^- /p' "$vectors/../README.md" | sed -n 's/^    //p' | sed 1d > "$dir/shown"
    sed '/./!d' "$dir/report" > "$dir/printed"
    sed -i '/./!d' "$dir/shown"
    if cmp -s "$dir/shown" "$dir/printed"; then ok
    else bad "README shows another table: $(diff "$dir/shown" "$dir/printed")"; fi
}

# Other seeds, and the largest: nothing is undecided.
seeds() { for seed in 2 21 77 18446744073709551615; do says 0 "0 undecided" --seed $seed; done; }

# Words that are refused: exit code 2 or 3, one line that says what was expected.
words() {
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
    refuses 2 "--format: for checks and merge only, not for sopsp" sopsp --format json
    refuses 2 "--seed: for checks only, not for merge" merge --seed 2 "$dir/none"
    refuses 2 "--shard: for checks only, not for selftest" selftest --shard 1/2
    refuses 2 "--checkpoint: for checks only, not for golden" golden --format json --checkpoint "$dir/none"
    refuses 2 "merge: expected the parts of all shards" merge
    refuses 2 "--shard 0/3: expected I/N with 1 <= I <= N" --shard 0/3
    refuses 2 "--shard 4/3: expected I/N" --shard 4/3
    refuses 2 "--shard 1: expected I/N" --shard 1
    refuses 2 "--shard 1/2x: expected I/N" --shard=1/2x
    refuses 2 "--shard 1/1000001: expected I/N" --shard 1/1000001
    refuses 2 "--shard: a part has one format" --shard 1/2 --format json
    refuses 2 "--certificate: not with --shard or --checkpoint" \
        --shard 1/2 --case squared/2-1/random --certificate "$dir/none" wang.thm11
    refuses 2 "--checkpoint: expected a file name" --checkpoint ''
    refuses 2 "figure: 'x': expected shamir.fig1" figure x
    refuses 3 "No such file or directory" --level quick -o "$dir/no/such/place" shamir.ex1
}

# One answer of every command and form of output, by a text that only a right answer has.
answers() {
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
    says 0 "\"sha256\":\"" --level quick --format json shamir.ex1
    says 0 "barrier=0.500000000000" -v --level quick shamir.ex1
    says 0 "REFUTED" --level quick -- wang.remark4.1

    # Every command is in the help text, and so is every claim.
    "$sv" --help > "$dir/help"
    for word in list explain merge selftest sopsp landscape figure bench golden \
        $("$sv" list | grep -o '^[a-z]*\.[a-z0-9.]*'); do
        if grep -qF "$word" "$dir/help"; then ok; else bad "--help does not name $word"; fi
    done
}

# What may change a report, and what may not.
sameness() {
    # Threads and dispatch levels change nothing. (That no recorded figure does is the self-test's, at every level.)
    "$sv" -v --level quick --threads 1 > "$dir/one"
    for threads in 2 7; do
        "$sv" -v --level quick --threads $threads > "$dir/two"
        if cmp -s "$dir/one" "$dir/two"; then ok; else bad "the report differs with --threads $threads"; fi
    done
    "$sv" -v $small > "$dir/few"
    for level in sse2 avx2 avx512 native; do
        "$sv" -v $small --dispatch $level > "$dir/two" 2> "$dir/err" || continue
        if cmp -s "$dir/few" "$dir/two"; then ok; else bad "the report differs with --dispatch $level"; fi
    done

    # Seeds change it.
    "$sv" -v --level quick --seed 2 > "$dir/two"
    if cmp -s "$dir/one" "$dir/two"; then bad "the seed changes nothing"; else ok; fi

    # JSON is JSON, and says the same digest.
    if command -v python3 > /dev/null; then
        "$sv" --level quick --format json > "$dir/json"
        script='import json, sys; d = json.load(open(sys.argv[1])); print(d["sha256"] if len(d["cases"]) > 40 else "")'
        digest=$(python3 -c "$script" "$dir/json")
        if [ -n "$digest" ] && grep -qF "$digest" "$dir/one"; then ok; else bad "JSON: no digest, or another one"; fi
    fi
}

# One case; its path as a certificate, complete or not at all.
certificates() {
    says 0 "1 verdicts: 1 certified" --case rate/edge wang.thm11
    refuses 2 "no such case among the claims asked for" --case nothing wang.thm11
    refuses 2 "expected one claim and its --case" --certificate "$dir/c" wang.thm11
    refuses 2 "has no path to write" --certificate "$dir/c" --case rate/edge wang.thm11
    refuses 3 "cannot write $dir/none/c: No such file" --certificate "$dir/none/c" --case squared/2-1/random wang.thm11
    "$sv" -q --certificate "$dir/c" --case squared/2-1/random wang.thm11 &&
        head -1 "$dir/c" | grep -qx "skipverify certificate 1" && tail -1 "$dir/c" | grep -q "^sha256 " && ok ||
        bad "--certificate"
    for part in leg bound risk kappa sample W1 W2 V1 V2 "theta 1"; do
        grep -q "^$part " "$dir/c" && ok || bad "certificate without $part"
    done
    if command -v python3 > /dev/null; then
        python3 "$vectors/certificate.py" "$dir/c" > "$dir/out" && grep -q ": accepted: wang.thm11" "$dir/out" && ok ||
            bad "certificate: $(cat "$dir/out")"
        sed 's/^bound 0x1/bound 0x0/' "$dir/c" > "$dir/d"
        python3 "$vectors/certificate.py" "$dir/d" > "$dir/out"
        [ $? = 1 ] && grep -q ": rejected: " "$dir/out" && ok || bad "certificate with another bound: $(cat "$dir/out")"
    fi
}

# Files and standard output: whole or not at all.
writing() {
    # -o writes all or nothing; quiet writes nothing.
    "$sv" $small -o "$dir/report" > "$dir/out" && "$sv" $small > "$dir/two"
    if [ ! -s "$dir/out" ] && cmp -s "$dir/report" "$dir/two" && [ "$(ls "$dir" | grep -c '^report')" = 1 ]; then ok
    else bad "-o FILE"; fi
    ln -s "$dir/target" "$dir/link"
    "$sv" list -o "$dir/link" && [ -L "$dir/link" ] && [ -s "$dir/target" ] &&
        "$sv" list -o /dev/null && [ -c /dev/null ] && ok || bad "-o replaces what is not a regular file"
    "$sv" -q $small > "$dir/out" 2> "$dir/err" && [ ! -s "$dir/out" ] && [ ! -s "$dir/err" ] && ok || bad "-q prints"

    # A link as checkpoint and as output: the file that it leads to is written whole, and the link stays.
    : > "$dir/leads" && ln -sf "$dir/leads" "$dir/follow"
    "$sv" $small -o "$dir/follow" && "$sv" $small > "$dir/one" &&
        cmp -s "$dir/leads" "$dir/one" && [ -L "$dir/follow" ] && ok || bad "-o to a link"

    # A full disk, a closed standard output, a closed pipe, no memory: one line, exit 3, no result.
    if [ -e /dev/full ]; then
        "$sv" $small > /dev/full 2> "$dir/err"; got=$?
        if [ $got = 3 ] && grep -q "cannot write standard output: No space left on device" "$dir/err"; then ok
        else bad "full disk => exit $got: $(cat "$dir/err")"; fi
    fi
    "$sv" $small >&- 2> "$dir/err"; got=$?
    if [ $got = 3 ] && grep -q "cannot write standard output" "$dir/err"; then ok
    else bad "closed stdout => exit $got: $(cat "$dir/err")"; fi
    "$sv" --help > /dev/full 2> "$dir/err"; got=$?
    if [ $got = 3 ] && grep -q "cannot write standard output" "$dir/err"; then ok
    else bad "--help on a full disk => exit $got: $(cat "$dir/err")"; fi
    { "$sv" -v --level quick 2> "$dir/err"; echo $? > "$dir/code"; } | true
    if [ "$(cat "$dir/code")" = 3 ] && grep -q "Broken pipe" "$dir/err"; then ok
    else bad "closed pipe => exit $(cat "$dir/code")"; fi
    for kb in 6000 9000 12000 14000 20000; do
        ( ulimit -v $kb; "$sv" --level quick -o "$dir/tight" > "$dir/out" 2> "$dir/err" ); got=$?
        if [ $got = 0 ]; then continue; fi
        lines=$(wc -l < "$dir/err")
        if [ ! -e "$dir/tight" ] && [ ! -s "$dir/out" ] && {
            [ $got = 3 ] && [ "$lines" = 1 ] && grep -q "out of memory" "$dir/err" || [ $got = 127 ] || [ $got = 126 ]
        }; then ok
        else bad "ulimit -v $kb => exit $got: $(head -c 300 "$dir/err")"; fi
    done

    # A program with a flipped bit in its vectors gives no result.
    LC_ALL=C sed 's/\(PHILOX(0x00000000, 0x0000000\)0/\14/' "$sv" > "$dir/flipped" && chmod +x "$dir/flipped"
    if cmp -s "$sv" "$dir/flipped"; then bad "no bit was flipped"; fi
    "$dir/flipped" $small > "$dir/out" 2> "$dir/err"; got=$?
    if [ $got = 3 ] && [ ! -s "$dir/out" ] && [ "$(wc -l < "$dir/err")" = 1 ] &&
        grep -q "self-test: 1 of .* no result is given .* FAIL vectors/golden.inc" "$dir/err"; then ok
    else bad "self-test before results => exit $got: $(cat "$dir/err")"; fi
}

# Runs in parts, merged.
shards() {
    # Any number of shards, in any order, the bytes of the single run.
    for n in 1 2 5 60; do
        rm -f "$dir"/p.*
        parts p $n $small
        for form in "" "-v" "--format json"; do
            "$sv" $small $form > "$dir/one"
            "$sv" merge $form $(ls "$dir"/p.* | sort -r) > "$dir/many"; same "$n parts $form"
        done
    done
    parts s 2 --seed 7 --case 'samples/n=2/2^10' wang.lemma10
    "$sv" --seed 7 --case 'samples/n=2/2^10' wang.lemma10 > "$dir/one"
    "$sv" merge "$dir/s.2" "$dir/s.1" > "$dir/many"; same "one case"
    "$sv" --shard 2/2 --seed 7 --case 'samples/n=2/2^10' wang.lemma10 > "$dir/out"
    cmp -s "$dir/out" "$dir/s.2" && ok || bad "--shard to standard output"

    # Parts that do not belong together, or are not what was written.
    parts a 3 $small
    refuses 2 "of 3 shards 1 is missing: 2" merge "$a.1" "$a.3"
    refuses 2 "of 3 shards 2 are missing: 1, 3" merge "$a.2"
    refuses 2 "a.1: shard 1 of 3, as is $a.1" merge "$a.1" "$a.2" "$a.3" "$a.1"
    parts l 3 --level standard shamir.ex1 shamir.remark3 wang.lemma10 wang.errata
    refuses 2 "l.2: of level standard, $a.1 is of level quick" merge "$a.1" "$dir/l.2" "$a.3"
    parts o 3 --seed 2 $small
    refuses 2 "o.3: of seed 2, $a.1 is of seed 1" merge "$a.1" "$a.2" "$dir/o.3"
    parts c 3 --level quick shamir.ex1
    refuses 2 "c.1: of other claims than $a.2" merge "$a.2" "$dir/c.1" "$a.3"
    refuses 2 "p.1: one of 60 shards, $a.1 is one of 3" merge "$a.1" "$dir/p.1"
    refuses 2 "s.1: of seed 7" merge "$a.1" "$dir/s.1"
    seal "$a.2" 's/^version .*/version 0.0.9/' "$dir/v"
    refuses 2 "made by skipverify 0.0.9, this is 0." merge "$a.1" "$dir/v" "$a.3"
    seal "$a.2" 's/^program .../program 123/' "$dir/v"
    refuses 2 "made by another skipverify 0." merge "$a.1" "$dir/v" "$a.3"
    seal "$a.2" 's/^skipverify part 1/skipverify part 2/' "$dir/v"
    refuses 2 "a part of format 2, expected 1" merge "$dir/v"
    sed 's/CERTIFIED/REFUTED/' "$a.2" > "$dir/v"
    refuses 2 "damaged or cut short" merge "$a.1" "$dir/v" "$a.3"
    head -c 1000 "$a.2" > "$dir/v"
    refuses 2 "damaged or cut short" merge "$a.1" "$dir/v" "$a.3"
    head -n -1 "$a.2" > "$dir/v"
    refuses 2 "damaged or cut short" merge "$a.1" "$dir/v" "$a.3"
    : > "$dir/v"
    refuses 2 "not a part file" merge "$a.1" "$dir/v" "$a.3"
    refuses 2 "not a part file" merge "$sv"
    refuses 2 "Is a directory" merge "$dir"
    refuses 2 "No such file or directory" merge "$dir/none"
    for edit in '/^result/d' 's/^level quick/level slow/' 's/^seed 1/seed -1/' 's/^seed 1/seed 01/' \
        's/^claims /claims nothing /' 's/^shard 2/shard 4/' 's/^shard 2/shard 1/' 's/^finished [0-9]*/finished 1/' \
        's/^figure /figure x/' 's/^figure \(.*\) \(.*\) \(.*\) /figure \1  \2 \3 /' \
        's/^result \(.*\) CERTIFIED/result \1 MAYBE/' 's/^sums /sum /' 's/^\([0-9]\)/-\1/' \
        's/^[0-9]*:/99:/' 's/^[0-9]*:/0:/' '$d' '$p' 's/$/ /'; do
        seal "$a.2" "$edit" "$dir/v"
        if cmp -s "$a.2" "$dir/v"; then bad "the edit $edit does nothing"; fi
        "$sv" merge "$a.1" "$dir/v" "$a.3" > "$dir/out" 2> "$dir/err"; got=$?
        if [ $got = 2 ] && [ "$(wc -l < "$dir/err")" = 1 ] && [ ! -s "$dir/out" ]; then ok
        elif [ $got = 1 ] && grep -q '^FAIL' "$dir/out"; then
            ok   # a sealed lie about a sum is a part like any other: the record tells
        else bad "merge after $edit => exit $got: $(cat "$dir/err")"; fi
    done

    refuses 2 "expected another file than -o" $small --checkpoint "$dir/new" -o "$dir/new"
    if [ -e "$dir/new" ]; then bad "a refused checkpoint was written"; fi
    seal "$a.2" 's/^case all/case nosuch/' "$dir/v"
    refuses 2 "expected a case of these claims, got 'nosuch'" merge "$dir/v"
    refuses 2 "--quiet: with --shard expected -o FILE" -q --shard 1/2 $small

    # A margin that was not computed.
    "$sv" --level quick --shard 1/1 -o "$dir/w"
    seal "$dir/w" 's/^\(result shamir.ex1 .*\) [^ ]*$/\1 -0x1p+0/' "$dir/v"
    "$sv" merge "$dir/v" > "$dir/out"; got=$?
    if [ $got = 1 ] && grep -q "FAIL .* margins SHA-256" "$dir/out"; then ok
    else bad "an edited margin => exit $got"; fi
}

# Interrupted and gone on with: the same bytes; the checkpoint goes when the report is out.
interruption() {
    long="--level standard --threads 1 wang.thm11"   # a second
    "$sv" $long > "$dir/one"
    for signal in INT TERM; do
        timeout --preserve-status -s $signal 0.3 \
            "$sv" $long --checkpoint "$dir/kept" -o "$dir/cut" 2> "$dir/err"; got=$?
        expected=$([ $signal = INT ] && echo 130 || echo 143)
        if [ $got = $expected ] && [ "$(wc -l < "$dir/err")" = 1 ] &&
            grep -q "interrupted by SIG$signal: .* cases are kept" "$dir/err" &&
            [ -z "$(ls "$dir" | grep '^cut')" ]; then ok
        else bad "SIG$signal => exit $got: $(cat "$dir/err")"; fi
        refuses 2 "unfinished: " merge "$dir/kept"
        refuses 2 "kept: of level standard, this run is of level quick" --level quick --checkpoint "$dir/kept"
        "$sv" $long --checkpoint "$dir/kept" > "$dir/many" 2> "$dir/err"; same "after SIG$signal"
        if [ ! -e "$dir/kept" ] && grep -q "cases taken from" "$dir/err"; then ok
        else bad "the checkpoint after SIG$signal: $(cat "$dir/err")"; fi
    done
    "$sv" $long > "$dir/out" 2> "$dir/err" & sleep 0.3; kill -TERM $!; wait $!; got=$?
    if [ $got = 143 ] && [ ! -s "$dir/out" ] && [ "$(cat "$dir/err")" = "skipverify: interrupted by SIGTERM" ]; then ok
    else bad "SIGTERM without a checkpoint => exit $got: $(cat "$dir/err")"; fi
    ( trap '' HUP; exec "$sv" $long > "$dir/out" ) & sleep 0.3; kill -HUP $!; wait $!; got=$?
    if [ $got = 0 ] && cmp -s "$dir/one" "$dir/out"; then ok; else bad "an ignored SIGHUP => exit $got"; fi
    echo x > "$dir/kept"
    refuses 2 "kept: not a part file" --level quick --checkpoint "$dir/kept" shamir.ex1
    parts a 3 $small
    refuses 2 "a.2: one of 3 shards, this run is one of 1" $small --checkpoint "$a.2"
    refuses 2 "a.2: shard 2 of 3, this run is shard 1" $small --shard 1/3 --checkpoint "$a.2"
    refuses 2 "expected another file than -o" $small --shard 2/3 --checkpoint "$a.2" -o "$a.2"
}

[ $# -gt 0 ] || set -- dispatch seeds words answers sameness certificates writing shards interruption
for suite; do $suite; done
echo "command line: $passed passed, $failed failed"
[ $failed = 0 ]
