# SPDX-License-Identifier: MIT
# The command line from outside, by its output and exit code: what no unit test sees, since all of them call functions.
#   sh tests/face/cli.sh PROGRAM [SUITE...]      suites: dispatch seeds words answers sameness certificates
#                                                writing shards interruption names places machine readme
set -u
export COLUMNS=1000   # sentences stay on a line
unset NO_COLOR
sv=$1
shift
vectors=$(dirname "$0")/../../vectors
. "$(dirname "$0")/common.sh"

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
    [ $got = 0 ] && grep -qF "(as recorded)" "$dir/report" && grep -q "^All as expected" "$dir/report" &&
        grep -q "compared, 0 differ" "$dir/report"
}
dispatch() {
    for level in sse2 avx2 avx512 native; do
        if recorded --level quick --dispatch $level; then ok
        elif ! { [ $got = 2 ] && grep -qF -- "no such level on this machine" "$dir/err"; }; then
            bad "--dispatch $level => exit $got: $(head -c 300 "$dir/report" "$dir/err")"
        fi
    done
    if [ "$passed" = 0 ]; then bad "no dispatch level ran"; fi
    if COLUMNS=80 recorded; then ok; else bad "standard => exit $got: $(head -c 300 "$dir/report" "$dir/err")"; fi
    # README shows what the program prints.
    sed -n '/^    \$ \.\/skipverify$/,/^- /p' "$vectors/../README.md" | sed -n 's/^    //p' | sed 1d > "$dir/shown"
    sed '/./!d' "$dir/report" > "$dir/printed"
    sed -i '/./!d' "$dir/shown"
    if cmp -s "$dir/shown" "$dir/printed"; then ok
    else bad "README shows another table: $(diff "$dir/shown" "$dir/printed")"; fi
}

# What README says of the claims in numbers is what is recorded, cut.
quoted() {   # quoted CLAIM CASE FIGURE WIDTH: so many characters of it
    row=$(sed -n "s|^CASE(\"$1\", \"$2\", [^=]*[ \"]\(.*\)\")$|\1|p" "$vectors/golden.inc")
    cut=$(echo "$row" | tr ' ' '\n' | sed -n "s|^.*$3=\[*||p" | head -1 | cut -c1-"$4")
    if [ -n "$cut" ] && grep -qF -- "$cut" "$vectors/../README.md"; then ok; else bad "README has no $cut, $1 $2 $3"; fi
}
readme() {
    quoted shamir.remark3 'eps<=1' gradient-Lipschitz 6
    quoted shamir.remark3 'eps<=1' Hessian-Lipschitz 6
    quoted shamir.fig1 b/threshold q_c 14
    quoted wang.lemma9 threshold/eta=1/2 'log2-m0/n=3' 4
    quoted wang.lemma9 threshold/eta=1/2 'log2-m0/n=16' 5
}

# Other seeds, and the largest: nothing is undecided.
seeds() { for seed in 2 21 77 18446744073709551615; do says 0 "0 undecided" --seed $seed; done; }

# Words that are refused: exit code 2 (4 for a place where nothing can be written), one line that says what was
# expected.
words() {
    refuses 2 "unknown claim or command 'wang.lemma11'" wang.lemma11
    refuses 2 "unknown claim or command 'lits': did you mean 'list'?" lits
    refuses 2 "unknown claim or command 'wang.thm12': did you mean 'wang.thm11'?" wang.thm12
    refuses 2 "unknown claim or command 'thm12': did you mean 'thm11'?" explain thm12
    refuses 2 "unknown claim or command 'wang.*x'" 'wang.*x'
    refuses 2 "unknown option --levle: did you mean --level" --levle quick
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
    refuses 2 "selftest takes no arguments, got 'wang.thm6'" selftest wang.thm6
    refuses 2 "completion: expected a shell" completion
    refuses 2 "completion tcsh: expected one of bash, zsh, fish" completion tcsh
    refuses 2 "expected a file name" -o ''
    refuses 2 "sopsp: expected loss=..., w=..., V=row/row/..., and samples" sopsp w=1
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
    refuses 2 "landscape: expected a formula" landscape --format json
    refuses 2 "landscape: expected a formula" landscape x box=0,1,0,1 y
    refuses 2 "landscape: box=a,1,0,1: 'a' is not a number" landscape x box=a,1,0,1
    refuses 2 "column 3: expected a whole exponent from 0 to 64" landscape 'x^65'
    refuses 2 "column 2: expected an operator" landscape 'x
    y'
    refuses 2 "w=1: expected before the samples" sopsp w=1 V=1 sample=1:1:1 w=1
    refuses 2 "sopsp, landscape, bench and version only, not for figure" figure shamir.fig1 --format json
    refuses 2 "bench gem: expected one of gemm, vectors, " bench gem
    refuses 2 "bench --growth gemm: expected one of thm11, lemma10, " bench --growth gemm
    refuses 2 "bench --units: expected alone, got --growth too" bench --units 100 --growth
    refuses 2 "bench --units: expected alone, got svd too" bench --units 100 svd
    refuses 2 "--units 1: expected a whole number from 64 to 67108864" bench --units 1
    refuses 2 "--growth: for bench only, not for selftest" selftest --growth
    refuses 2 "--format tap: for checks, selftest and merge only, not for path" path a b --format tap
    refuses 2 "--format canonical: for checks and merge only, not for selftest" selftest --format canonical
    refuses 2 "words that begin with '-' go after --" explain -x^2
    refuses 2 "unknown option -z" landscape -z
    refuses 2 "'-z*x', column 2: expected a number, x, y" landscape '-z*x'
    refuses 2 "column 4: expected the digits of an exponent" landscape '1e+'
    refuses 2 "column 1: expected a number below 10^308" landscape '1e400'
    refuses 2 "column 3: expected a whole exponent from 0 to 64, or the negative of one" landscape 'x^y'
    refuses 2 "--seed: for checks" merge --seed 2 "$dir/none"
    refuses 2 "--shard: for checks and check only, not for selftest" selftest --shard 1/2
    refuses 2 "--checkpoint: for checks and check only, not for golden" golden --format json --checkpoint "$dir/none"
    refuses 2 "merge: expected the parts of all shards" merge
    refuses 2 "--shard 0/3: expected I/N with 1 <= I <= N" --shard 0/3
    refuses 2 "--shard 4/3: expected I/N" --shard 4/3
    refuses 2 "--shard 1: expected I/N" --shard 1
    refuses 2 "--shard 1/2x: expected I/N" --shard=1/2x
    refuses 2 "--shard 1/1000001: expected I/N" --shard 1/1000001
    refuses 2 "--shard: a part has one format" --shard 1/2 --format json
    refuses 2 "--shard: a part has one format" --shard 1/2 --format csv
    refuses 2 "--certificate: not with --shard or --checkpoint" \
        --shard 1/2 --case squared/2-1/random --certificate "$dir/none" wang.thm11
    refuses 2 "--checkpoint: expected a file name" --checkpoint ''
    refuses 2 "figure: no picture 'x' (see 'skipverify figure')" figure x
    refuses 4 "-o $dir/no/such/place: cannot write there: No such file" -o "$dir/no/such/place"
    refuses 4 "-o $dir: cannot write there: Is a directory" list -o "$dir"
    refuses 4 "--checkpoint $dir/no/kept: cannot write there: No such file" --checkpoint "$dir/no/kept"
}

# One answer of every command and form of output, by a text that only a right answer has.
answers() {
    says 0 "usage: skipverify" --help
    says 0 "usage: skipverify" -h
    says 0 "skipverify 0." --version
    says 0 "wang.remark4.1" list
    says 0 "lambda_min       -0.250000000000~" sopsp loss=squared w=0 V=-8 sample=1:0.125:1
    says 0 "mu2              1.678033662154~" sopsp loss=squared w=0 V=-8 sample=1:0.125:1
    says 0 "Hessian is -0.250000000000~: it is an eps-SOPSP from eps = 0.037245975101~ on and for none below" \
        sopsp loss=squared w=0 V=-8 sample=1:0.125:1
    says 0 "F is 1.000000000000, so the bound holds: CERTIFIED." sopsp loss=squared w=0 V=-8 sample=1:0.125:1
    says 0 '"mu1":{"lo":14.267583847045898,"hi":14.267583847045898,"hex":["0x1.c8900cp+3","0x1.c8900cp+3"]}' \
        sopsp w=0 V=-8 sample=1:0.125:1 --format json
    says 1 '"eps":0.029999999999999999,"eps_sopsp":"REFUTED","theorem_3":"CERTIFIED",' \
        sopsp w=0 V=-8 sample=1:0.125:1 eps=0.03 --format json
    says 0 '"eps":null,"eps_sopsp":null,' sopsp w=0 V=-8 sample=1:0.125:1 --format json
    says 0 "  sample=X:F:Y  a sample, after w and V" sopsp
    says 0 "theorem-3-bound  Theorem 3" explain points
    says 0 "eps = 0.04: yes, it is an eps-SOPSP for the eps given" sopsp w=0 V=-8 sample=1:0.125:1 eps=0.04
    says 1 "eps = 0.03: no, it is no eps-SOPSP for the eps given" sopsp w=0 V=-8 sample=1:0.125:1 eps=0.03
    says 0 "without-1/|w|    30.000000000000" sopsp b=2 r=1 w=1,0 V=0/0 sample=1,0:0:-4
    says 1 "it is no eps-SOPSP for the eps given" sopsp w=0 V=0 sample=1:1:1 sample=1:-1:-1 eps=0.01 b=0.000000001
    says 0 "9 stationary points in the box and 0 minima on its edge, each proved" \
        landscape '(x^2+y-11)^2+(x+y^2-7)^2' box=-6,6,-6,6
    says 0 "saddle          x=0.000000000000  y=0.000000000000   F=" landscape 'x^2-y^2' box=-1,1,-1,1
    says 0 "box           [-4, 4] x [-4, 4]" landscape '(x^2-1)^2+y^2'
    says 0 "minimum 2     x=1.000000000000   y=0.000000000000  F=0.000000000000" landscape '(x^2-1)^2+y^2'
    says 0 '"barriers":[{"between":[1,2],"F":{"lo":0.9999999995' landscape --format json '(x^2-1)^2+y^2'
    says 3 '"x":{"lo":0,"hi":0,"hex":["0x0p+0","0x0p+0"]},"y":{"lo":-1,"hi":-1,"hex":["-0x1p+0","-0x1p+0"]},"why":"' \
        landscape --format json 'sqrt(x)*(x-1)^2+y^2' box=0,4,-1,1
    says 0 "functions    abs(a) sqrt(a) exp(a)" landscape
    says 0 "functions    abs(a) sqrt(a) exp(a)" explain formulas
    says 0 "minimum 1     x=-0.100001662360~  y=0.000000000000~  F=-1.009983432677~" \
        landscape '-exp(-x^2-y^2)+tanh(x)/5' box=-2,2,-1e-1,1e-1
    says 0 "minimum 1     x=0.450235304048~  y=0.000000000000  F=0.5" landscape 'log(1+exp(-x))+x^2/2.2E+0-.2e-1*x+y^2'
    says 3 "a log of what may be <= 0" landscape 'log(x)+y^2'
    says 0 "maximum  " landscape -x^2-y^2
    says 0 "an eps-SOPSP for the eps given" sopsp eps=0.5 w=1 V=2 sample=1:0:1
    says 0 "0 stationary points in the box and 1 minimum on its edge, each proved" \
        landscape 'x+y' box=-1,1,-1,1
    says 0 "edge-minimum 1  x=1.000000000000  y=1.000000000000  F=-1.000000000000" \
        landscape 'x^2-3*x*y+y^2' box=0,1,0,1
    says 0 "edge-minimum 1  x=0.000000000000  y=0.000000000000  F=0.000000000000" \
        landscape 'x^2+3*x*y+y^2' box=0,1,0,1
    says 3 "F may be flat along the edge, or across it" landscape 'x*y' box=0,1,0,1
    says 3 "boxes cannot be halved further" landscape 'x^3-3*x*y^2'
    says 0 "maximum" landscape -- '-x^2-y^2'
    says 3 "could not be resolved" landscape 'abs(x)+y^2' box=-1,1,-1,1
    says 0 "barrier 1-2   F=[16.508065459" landscape '(x^2-4)^2+y^2+1/(x^2-2*x+2)'
    says 3 "the Hessian may be singular there" landscape 'x^2' box=-1,1,-1,1
    says 3 "the formula may be undefined there" landscape 'x^2+y^2+(1/x)^0'
    says 3 "there may be a kink" landscape 'abs(x)+y^2'
    says 3 "2 stationary points in the box" landscape 'sqrt(x)*(x-1)^2+y^2' box=0,4,-1,1
    says 3 "4 stationary points in the box" landscape 'sin(x)/x+y^2' box=-9,9,-1,1
    says 3 "more than 64 stationary points: the search ended there" landscape 'sin(5*x)+sin(5*y)'
    says 0 "barrier 1-2   F=[1.00000000000000" landscape '(x^2-1)^2+y^2+100000000000000'
    says 0 "minimum 1     x=1.00000000000e-60~  y=" landscape \
        '(10^60*x-1)^2+(10^60*y)^2' box=-1e-58,1e-58,-1e-58,1e-58
    says 0 "F=[-0.590628714" landscape 'x*(y^2-2)-4/3*cos(3*x)' box=-0.9,2.8,-2,2.1
    says 0 "saddle          x=" landscape 'x*(y^2-2)'
    says 0 "barrier 1-2   F=[9.99999999534" landscape '((x^2-1)^2+y^2)/1000000000000'
    says 3 "the derivatives may be unbounded there" landscape '(10^60*10^60*10^60*x)^2+y^2'
    says 0 "(no narrower with the budget of cells)" landscape \
        '(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))*(30+(2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y+27*y^2))' \
        box=-2,2,-2,2
    says 0 "</svg>" figure shamir.fig1
    says 0 "of the first d rows of W changes sign" explain wang.thm6
    says 0 "REFUTED" explain wang.remark4.1 shamir.ex1
    says 0 "(as recorded)" --level quick
    says 0 "(none recorded for this selection)" --level quick shamir.ex1
    says 0 "\"sha256\":\"" --level quick --format json shamir.ex1
    says 0 "  barrier                     0.500000000000" -v --level quick shamir.ex1
    says 0 "REFUTED" --level quick -- wang.remark4.1
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
    says 0 "1 verdict: 1 certified" --case rate/n=1 wang.thm11
    refuses 2 "no such case among the claims asked for" --case nothing wang.thm11
    refuses 2 "expected one claim and its --case" --certificate "$dir/c" wang.thm11
    refuses 2 "has no path to write" --certificate "$dir/c" --case rate/n=1 wang.thm11
    refuses 4 "--certificate $dir/none/c: cannot write there: No such file" \
        --certificate "$dir/none/c" --case squared/2-1/random wang.thm11
    "$sv" -q --certificate "$dir/c" --case squared/2-1/random wang.thm11 &&
        head -1 "$dir/c" | grep -qx "skipverify certificate 1" && tail -1 "$dir/c" | grep -q "^sha256 " && ok ||
        bad "--certificate"
    for part in leg bound risk kappa sample W1 W2 V1 V2 "theta 1"; do
        grep -q "^$part " "$dir/c" && ok || bad "certificate without $part"
    done
    if command -v python3 > /dev/null; then
        python3 "$vectors/certificate.py" "$dir/c" > "$dir/out" && grep -q ": accepted: wang.thm11" "$dir/out" && ok ||
            bad "certificate: $(cat "$dir/out")"
        python3 "$vectors/certificate.py" "$dir/none" > "$dir/out" 2>&1
        [ $? = 4 ] && ok || bad "certificate that cannot be read: $(cat "$dir/out")"
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
    "$sv" -q landscape 'x^2' > "$dir/out" 2>&1; [ $? = 3 ] && [ ! -s "$dir/out" ] && ok || bad "landscape -q prints"
    "$sv" -q sopsp w=0 V=-8 sample=1:0.125:1 eps=0.03 > "$dir/out" 2>&1
    [ $? = 1 ] && [ ! -s "$dir/out" ] && ok || bad "sopsp -q prints"

    # A link as checkpoint and as output: the file that it leads to is written whole, and the link stays.
    : > "$dir/leads" && ln -sf "$dir/leads" "$dir/follow"
    "$sv" $small -o "$dir/follow" && "$sv" $small > "$dir/one" &&
        cmp -s "$dir/leads" "$dir/one" && [ -L "$dir/follow" ] && ok || bad "-o to a link"

    # A full disk, a closed standard output, no memory: one line, exit 4, no result. A closed pipe: not a word.
    if [ -e /dev/full ]; then
        "$sv" $small > /dev/full 2> "$dir/err"; got=$?
        if [ $got = 4 ] && grep -q "cannot write standard output: No space left on device" "$dir/err"; then ok
        else bad "full disk => exit $got: $(cat "$dir/err")"; fi
    fi
    "$sv" $small >&- 2> "$dir/err"; got=$?
    if [ $got = 4 ] && grep -q "cannot write standard output" "$dir/err"; then ok
    else bad "closed stdout => exit $got: $(cat "$dir/err")"; fi
    "$sv" --help > /dev/full 2> "$dir/err"; got=$?
    if [ $got = 4 ] && grep -q "cannot write standard output" "$dir/err"; then ok
    else bad "--help on a full disk => exit $got: $(cat "$dir/err")"; fi
    for how in "trap - PIPE" "trap '' PIPE"; do
        ( eval "$how"; "$sv" -v --level quick 2> "$dir/err"; echo $? > "$dir/code" ) | true
        if [ "$(cat "$dir/code")" = 141 ] && [ ! -s "$dir/err" ]; then ok
        else bad "closed pipe => exit $(cat "$dir/code"): $(cat "$dir/err")"; fi
    done
    for kb in 6000 9000 12000 14000 16000; do
        ( ulimit -v $kb; "$sv" --level quick -o "$dir/tight" > "$dir/out" 2> "$dir/err" ); got=$?
        if [ $got = 0 ]; then continue; fi
        lines=$(wc -l < "$dir/err")
        if [ ! -e "$dir/tight" ] && [ ! -s "$dir/out" ] && {
            [ $got = 4 ] && [ "$lines" = 1 ] && grep -q "out of memory\|no thread can be started" "$dir/err" ||
                [ $got = 127 ] || [ $got = 126 ]
        }; then ok
        else bad "ulimit -v $kb => exit $got: $(head -c 300 "$dir/err")"; fi
    done

    # A program with a flipped bit in its vectors gives no result.
    LC_ALL=C sed 's/1\.695004621044/1.695004621045/' "$sv" > "$dir/flipped" && chmod +x "$dir/flipped"
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
        for form in "" "-v" "--format json" "--format csv"; do
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
    refuses 4 "Is a directory" merge "$dir"
    refuses 4 "No such file or directory" merge "$dir/none"
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
    long="--level standard --threads 1"   # a second or two
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
    refuses 4 "Not a directory" $small --checkpoint "$a.2/kept"
    mkfifo "$dir/fifo"
    refuses 2 "expected a file, or the name of a new one" $small --checkpoint "$dir/fifo"

    # A checkpoint by a link that leads nowhere yet, interrupted, gone on with, and again: the link stays.
    ln -s later "$dir/ahead"
    for round in 1 2; do
        timeout --preserve-status -s TERM 0.3 "$sv" $long --checkpoint "$dir/ahead" > "$dir/out" 2> "$dir/err"; got=$?
        if [ $got = 143 ] && [ -L "$dir/ahead" ] && [ -s "$dir/later" ]; then ok
        else bad "a checkpoint by a link, cut => exit $got"; fi
        "$sv" $long --checkpoint "$dir/ahead" > "$dir/many" 2> "$dir/err"; same "a checkpoint by a link"
        if [ -L "$dir/ahead" ] && [ ! -e "$dir/later" ]; then ok; else bad "the link, or its file, after the report"; fi
    done

    # Another file under the checkpoint's name, put there meanwhile, is neither written nor removed: also one with the
    # inode number that the checkpoint had, or other contents in its place.
    echo precious > "$dir/precious" && rm -f "$dir/kept"
    for how in link file reuse contents; do
        "$sv" $long --checkpoint "$dir/kept" > "$dir/many" 2> "$dir/err" &
        for wait in $(seq 200); do [ -s "$dir/kept" ] || sleep 0.05; done
        case $how in
        link) ln -s "$dir/precious" "$dir/put" && mv -fT "$dir/put" "$dir/kept" ;;
        file) cp "$dir/precious" "$dir/put" && mv -fT "$dir/put" "$dir/kept" ;;
        reuse) rm "$dir/kept"; : > "$dir/first"; echo precious > "$dir/kept"; rm "$dir/first" ;;
        contents) echo precious > "$dir/kept" ;;
        esac
        wait $!; got=$?
        same "a checkpoint replaced by a $how"
        if [ $got = 0 ] && [ "$(cat "$dir/kept" "$dir/precious" | uniq)" = precious ] &&
            [ "$(wc -l < "$dir/err")" = 1 ] && grep -q "not the checkpoint that this run wrote" "$dir/err"; then ok
        else bad "a checkpoint replaced by a $how => exit $got: $(cat "$dir/err")"; fi
        rm -f "$dir/kept"
    done
}

# Two names of one file in one run are refused before anything is computed or written; names that only look alike not.
names() {
    parts a 2 $small
    mkdir "$dir/sub" && ln -s . "$dir/sub/here" && ln -s new "$dir/alias" && ln "$a.1" "$dir/hard"
    cd "$dir/sub" || return
    case $sv in /*) ;; *) sv=$OLDPWD/$sv;; esac
    path="--case squared/2-1/random wang.thm11"
    refuses 2 "expected another file than that of -o" $small --checkpoint new -o new
    refuses 2 "expected another file than that of -o" $small --checkpoint new -o ./new
    refuses 2 "expected another file than that of -o" $small --checkpoint new -o here/here/new
    refuses 2 "expected another file than that of -o" $small --checkpoint "$dir/sub/new" -o new
    refuses 2 "expected another file than that of -o" $small --checkpoint ../alias -o ../new
    refuses 2 "expected another file than that of -o" $small --shard 1/2 --checkpoint "$a.1" -o "$a.1"
    refuses 2 "expected another file than that of -o" $small --shard 1/2 --checkpoint "$a.1" -o "$dir/hard"
    refuses 2 "--certificate new: expected another file than that of -o" --certificate new -o ../sub/new $path
    refuses 2 "-o $a.1: expected another file than $a.1, which is read" merge "$a.1" "$a.2" -o "$a.1"
    refuses 2 "-o ../a.2: expected another file than $a.2, which is read" merge "$a.1" "$a.2" -o ../a.2
    refuses 2 "-o ../hard: expected another file than $a.1, which is read" merge "$a.1" "$a.2" -o ../hard
    if [ "$(ls)" = here ] && [ ! -e ../new ]; then ok; else bad "a refused run wrote $(ls)"; fi
    "$sv" --certificate new $path > new 2> "$dir/err"; got=$?
    if [ $got = 2 ] && grep -q "than that of standard output" "$dir/err"; then ok; else bad "> new => exit $got"; fi
    "$sv" merge "$a.1" "$a.2" >> "$a.1" 2> "$dir/err"; got=$?
    if [ $got = 2 ] && grep -q "standard output: expected another file than $a.1" "$dir/err"; then ok
    else bad "merge >> PART => exit $got"; fi
    "$sv" $small > "$dir/one" && mkdir other && "$sv" $small --checkpoint other/new -o new && cp new "$dir/many"
    same "the same name in two directories"
    "$sv" -q --certificate /dev/null -o /dev/null $path && ok || bad "/dev/null twice"
}

# What is at the place of -o: permissions stay, other names keep what they held, descriptors are written where they are.
places() {
    "$sv" list > "$dir/one"
    echo old > "$dir/file" && chmod 600 "$dir/file" && "$sv" list -o "$dir/file"
    if [ "$(stat -c %a "$dir/file")" = 600 ]; then ok; else bad "mode 600 became $(stat -c %a "$dir/file")"; fi
    ( umask 027 && "$sv" list -o "$dir/masked" )
    if [ "$(stat -c %a "$dir/masked")" = 640 ]; then ok; else bad "umask 027 gave $(stat -c %a "$dir/masked")"; fi
    echo old > "$dir/first" && ln "$dir/first" "$dir/second" && "$sv" list -o "$dir/first" 2> "$dir/err"
    if [ "$(cat "$dir/second")" = old ] && cmp -s "$dir/one" "$dir/first" &&
        grep -q "first: had 2 names, of which the others keep what it held" "$dir/err"; then ok
    else bad "a file of two names: $(cat "$dir/err")"; fi
    for to in /dev/stdout /dev/fd/1 /proc/self/fd/1 /dev//fd/1 /dev/fd//1 /proc/thread-self/fd/1 /dev/../dev/fd/1 \
        "$dir/log"; do
        echo head > "$dir/log"
        "$sv" list -o $to >> "$dir/log"
        { echo head; cat "$dir/one"; } > "$dir/two"
        if [ "$to" = "$dir/log" ]; then cp "$dir/one" "$dir/two"; fi
        if cmp -s "$dir/two" "$dir/log"; then ok; else bad "-o $to >> FILE: $(head -c 60 "$dir/log")"; fi
    done
    echo head > "$dir/log"
    "$sv" list -o /dev/fd/3 3>> "$dir/log"
    if [ "$(head -1 "$dir/log")" = head ] && tail -n +2 "$dir/log" | cmp -s - "$dir/one"; then ok
    else bad "-o /dev/fd/3 3>> FILE"; fi
    echo head > "$dir/log"
    ( exec >> "$dir/log"; "$sv" list -o "/proc/$(sh -c 'echo $PPID')/fd/1" )
    if cmp -s "$dir/two" "$dir/log" || [ "$(head -1 "$dir/log")" = head ]; then ok
    else bad "another process's descriptor: $(head -c 60 "$dir/log")"; fi
    refuses 4 "-o /dev/fd/9: cannot write there: Bad file descriptor" list -o /dev/fd/9
    long=$(printf %0250d 0)
    "$sv" list -o "$dir/$long" && cmp -s "$dir/one" "$dir/$long" && ok || bad "a name of 250 bytes"
    refuses 4 "File name too long" list -o "$dir/${long}123456"
    ln -s loop "$dir/loop"
    refuses 4 "Too many levels of symbolic links" list -o "$dir/loop"
    if [ "$(id -u)" != 0 ]; then
        chmod 400 "$dir/file"
        refuses 4 "file: cannot write there: Permission denied" list -o "$dir/file"
    fi
    if ls "$dir" | grep -q '\.[A-Za-z0-9]\{6\}$'; then bad "left behind: $(ls "$dir")"; else ok; fi
}

# Little stack: the same bits.
machine() {
    "$sv" -v $small > "$dir/one"
    ( ulimit -s 64; "$sv" -v $small > "$dir/many" ); same "64 KiB of stack"
    for of in "landscape (x^2+y-11)^2+(x+y^2-7)^2" "sopsp w=0 V=-8 sample=1:0.125:1" "--level quick wang.remark4.1"; do
        "$sv" $of > "$dir/one" 2>&1; got=$?
        ( ulimit -s 64; "$sv" $of > "$dir/many" 2>&1; [ $? = $got ] ) && same "64 KiB of stack, $of"
    done
}

[ $# -gt 0 ] || set -- dispatch seeds words answers sameness certificates writing shards interruption \
    names places machine readme
for suite; do $suite; done
echo "command line: $passed passed, $failed failed"
[ $failed = 0 ]
