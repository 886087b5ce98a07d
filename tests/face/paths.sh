# SPDX-License-Identifier: MIT
# Users' networks from outside: alone sees that reports, certificates and knots of fixed files are the recorded bytes,
# whatever machine, kernels and number of threads; that the program's own check and, where there is Python, the other
# one accept each certificate, and neither accepts it once it says something else.
#   sh tests/face/paths.sh PROGRAM [rows|record|certificates|refusals|shards]...     RUNNER: before PROGRAM, an emulator
# rows compares with vectors/paths.txt, record writes what it would be to standard output.
set -u
export COLUMNS=1000   # sentences stay on a line
case $1 in /*) sv=$1 ;; *) sv=$PWD/$1 ;; esac
shift
vectors=$(cd "$(dirname "$0")/../../vectors" && pwd)
. "$(dirname "$0")/common.sh"
cd "$vectors/networks" || exit 1

# The fixed runs, NAME|MODEL'S OPTIONS|COMMAND AND FILES|OPTIONS, and the ends that a check is told.
two="two-layer-a.npz two-layer-b.npz"
linear="linear-skip-a.safetensors linear-skip-b.safetensors"
cases="
entropy||path $two|
squared||path $two|--loss squared
logistic||path $two|--loss logistic
huber||path $two|--loss huber
decay||path $two|--penalty decay --kappa 0.001
wang||path $two|--penalty wang --kappa 0.001
line||path $two|--strategy line
line-decay||path $two|--strategy line --penalty decay --kappa 0.001
line-wang||path $two|--strategy line --penalty wang --kappa 0.001
padded||path two-layer-a.npz two-layer-c.safetensors|
padded-back||path two-layer-c.safetensors two-layer-a.npz|--penalty decay --kappa 0.01
skip||path skip-a.npz skip-b.npz|
skip-line||path skip-a.npz skip-b.npz|--strategy line
skip-wang||path skip-a.npz skip-b.npz|--penalty wang --kappa 0.001
linear-skip|--model linear-skip.map|path $linear|
linear-skip-line|--model linear-skip.map|path $linear|--strategy line --penalty decay --kappa 0.001
curve||path $two|--strategy curve --steps 100
curve-seed||path $two|--strategy curve --steps 100 --seed 2
curve-decay||path skip-a.npz skip-b.npz|--strategy curve --steps 100 --penalty decay --kappa 0.001
curve-wang||path two-layer-c.safetensors two-layer-a.npz|--strategy curve --steps 50 --penalty wang --kappa 0.001
curve-linear|--model linear-skip.map|path $linear|--strategy curve --steps 100 --loss squared
polyline||certify two-layer-a.npz two-layer-c.safetensors two-layer-b.npz|
surface||surface two-layer-a.npz|--grid 11
surface-two||surface skip-a.npz skip-b.npz|--grid 9x7 --seed 7 --penalty wang --kappa 0.001
surface-three||surface $two two-layer-c.safetensors|--grid 11 --format csv
surface-box|--model linear-skip.map|surface $linear|--grid 5x4 --box -1,2,-0.5,0.5 --loss huber --format json
"

# fixed NAME MODEL COMMAND OPTIONS MORE...: the run, its report in out, certificate in cert, knots in knots.npz; of a
# surface, VTK and SVG there
fixed() {
    model=$2 command=$3 options=$4; shift 4
    one=--certificate two_of=--knots
    case $command in surface*) one=--vtk two_of=--svg ;; esac
    # shellcheck disable=SC2086
    run $command --data iris.csv $model $options $one "$dir/cert" $two_of "$dir/knots.npz" -o "$dir/out" "$@" \
        2> "$dir/err"
}
digest() { cat "$dir/out" "$dir/cert" "$dir/knots.npz" | sha256sum | cut -d' ' -f1; }

# each FUNCTION: with name, model, command and options of every fixed run
each() {
    while IFS='|' read -r name model command options; do
        [ -z "$name" ] || "$1" "$name" "$model" "$command" "$options"
    done <<END
$cases
END
}

record_one() { fixed "$@" && echo "$1 $(digest)"; }
record() { each record_one; }

row() {
    for more in "--threads 1" "--threads 7" "--threads 2 --dispatch sse2"; do
        # shellcheck disable=SC2086
        if ! fixed "$@" $more; then
            grep -q "no such level" "$dir/err" || bad "$1 $more: $(cat "$dir/err")"
        elif grep -qx "$1 $(digest)" "$vectors/paths.txt"; then ok
        else bad "$1 $more: other bytes than vectors/paths.txt has"; fi
    done
}
rows() { each row; }

# ends COMMAND FILES...: --from and --to
ends() {
    shift
    for last in "$@"; do :; done
    echo "--from $1 --to $last"
}
seal() { { cat "$1"; echo "sha256 $(sha256sum < "$1" | cut -d' ' -f1)"; }; }

# Both checkers, as far as there is Python: 0 accepted, 1 rejected; anything else is a failure.
judge() {   # judge EXPECTED NAME MODEL COMMAND
    # shellcheck disable=SC2086
    run check "$dir/c" --data iris.csv $3 $(ends $4) > "$dir/out" 2>&1; got=$?
    if [ $got = "$1" ]; then ok; else bad "check $2 => $got, expected $1: $(tail -n 1 "$dir/out")"; fi
    command -v python3 > /dev/null || return
    # shellcheck disable=SC2046,SC2086
    python3 "$vectors/certificate.py" "$dir/c" --data iris.csv $3 $(ends $4) > "$dir/out" 2>&1; got=$?
    if [ $got = "$1" ]; then ok; else bad "certificate.py $2 => $got, expected $1: $(tail -n 1 "$dir/out")"; fi
}
certificate() {
    case $3 in surface*) return ;; esac
    fixed "$@" || { bad "$1: $(cat "$dir/err")"; return; }
    head -n -1 "$dir/cert" > "$dir/body"
    cp "$dir/cert" "$dir/c" && judge 0 "$1" "$2" "$3"
    cp "$dir/body" "$dir/c" && judge 1 "$1, truncated" "$2" "$3"
    sed 's/^bound .*/bound 0x1p-8/' "$dir/body" > "$dir/other"
    seal "$dir/other" > "$dir/c" && judge 1 "$1, a bound that is too low" "$2" "$3"
    sed '/^from/s/ [0-9a-f]/ 0/' "$dir/body" | sed '/^from/s/ 0/ 1/' > "$dir/other"
    seal "$dir/other" > "$dir/c" && judge 1 "$1, another network" "$2" "$3"
    awk -v all="$(grep -c ^leg "$dir/body")" '/^leg/ { legs++ } legs < all || /^bound/' "$dir/body" > "$dir/other"
    seal "$dir/other" > "$dir/c" && judge 1 "$1, without its last leg" "$2" "$3"
    # what follows a refit may as well begin where the refit did
    grep -q "^leg readout" "$dir/body" && return
    awk '/^leg/ { legs++ } legs != 1' "$dir/body" > "$dir/other"
    seal "$dir/other" > "$dir/c" && judge 1 "$1, without its first leg" "$2" "$3"
}
certificates() { each certificate; }

# Shards of a check: their parts, in any order, merge into the report of the whole, byte for byte; so does what goes on
# from a checkpoint.
shard() {
    case $3 in surface*) return ;; esac
    fixed "$@" || { bad "$1: $(cat "$dir/err")"; return; }
    # shellcheck disable=SC2046,SC2086
    set -- "$1" check "$dir/cert" --data iris.csv $2 $(ends $3)
    name=$1; shift
    for form in text json; do
        run "$@" --format $form > "$dir/out"
        for i in 1 2 3; do run "$@" --shard $i/3 -o "$dir/part$i"; done
        run merge "$dir/part2" "$dir/part3" "$dir/part1" --format $form > "$dir/merged"; got=$?
        if [ $got = 0 ] && cmp -s "$dir/out" "$dir/merged"; then ok
        else bad "check $name in shards, $form: exit $got"; fi
    done
}
# A check of some seconds: killed, it goes on from its checkpoint; parts that do not fit are refused.
kept() {
    knots=
    for i in $(seq 60); do knots="$knots two-layer-a.npz two-layer-b.npz"; done
    # shellcheck disable=SC2086
    run certify $knots --data iris.csv --certificate "$dir/cert" -q
    set -- check "$dir/cert" --data iris.csv --from two-layer-a.npz --to two-layer-b.npz
    run "$@" > "$dir/whole"
    "$sv" "$@" --threads 1 --checkpoint "$dir/kept" > "$dir/killed" 2> "$dir/err" & child=$!
    until [ -s "$dir/kept" ] || ! kill -0 $child 2> /dev/null; do sleep 0.05; done
    kill -TERM $child; wait $child; got=$?
    if [ $got = 143 ] && grep -q "evaluations of the proof are kept in $dir/kept, from which" "$dir/err"; then ok
    else bad "check, killed => exit $got: $(cat "$dir/err")"; fi
    sed '/^evaluations/s/.*/evaluations 7/' "$dir/kept" > "$dir/other"
    refuses 2 "damaged or cut short" "$@" --checkpoint "$dir/other"
    refuses 2 "this check is shard 1 of 2" "$@" --shard 1/2 --checkpoint "$dir/kept"
    refuses 2 "unfinished: a checkpoint of shard 1 of 1" merge "$dir/kept"
    run "$@" --checkpoint "$dir/kept" > "$dir/again"
    if cmp -s "$dir/whole" "$dir/again" && [ ! -e "$dir/kept" ]; then ok
    else bad "check, gone on from a checkpoint"; fi
    run "$@" --shard 1/2 -o "$dir/part1"
    refuses 2 "merge: of 2 shards 1 is missing: 2" merge "$dir/part1"
    refuses 2 "shard 1 of 2, as is" merge "$dir/part1" "$dir/part1"
    run shamir.ex1 --shard 2/2 -o "$dir/claims"
    refuses 2 "claims: not a part file, or not of this kind: its first line" merge "$dir/part1" "$dir/claims"
    # a shard of other samples has evaluated nothing: no verdict without its share
    head -n 50 iris.csv > "$dir/less.csv"
    run "$@" --shard 2/2 -o "$dir/part2"
    says 0 "accepted" merge "$dir/part1" "$dir/part2"
    run "$@" --data "$dir/less.csv" --shard 2/2 -o "$dir/part2"
    says 1 "rejected: line 5: 'data" merge "$dir/part1" "$dir/part2"
    says 1 "rejected: line 5: 'data" merge "$dir/part2" "$dir/part1"
    head -n -1 "$dir/cert" | sed 's/^bound .*/bound 0x1p-8/' > "$dir/body"
    seal "$dir/body" > "$dir/cert"
    run "$@" > "$dir/out"
    for i in 1 2; do run "$@" --shard $i/2 -o "$dir/low$i"; done
    run merge "$dir/low1" "$dir/low2" > "$dir/merged"; got=$?
    if [ $got = 1 ] && cmp -s "$dir/out" "$dir/merged"; then ok; else bad "a bound too low, in shards => exit $got"; fi
    refuses 2 "of another certificate than" merge "$dir/part1" "$dir/low2"
}
shards() { each shard; kept; }

# refuses CODE TEXT ARGS...: exit code CODE, one line on stderr that contains TEXT, nothing on stdout
refuses() {
    code=$1 text=$2; shift 2
    run "$@" > "$dir/out" 2> "$dir/err"; got=$?
    lines=$(wc -l < "$dir/err")
    if [ $got = "$code" ] && [ "$lines" = 1 ] && grep -qF -- "$text" "$dir/err" && [ ! -s "$dir/out" ]; then ok
    else
        bad "$* => exit $got, $lines lines: $(cat "$dir/err")  expected: exit $code, one line with '$text', no output"
    fi
}
# says CODE TEXT ARGS...: exit code CODE and TEXT on stdout
says() {
    code=$1 text=$2; shift 2
    run "$@" > "$dir/out" 2> "$dir/err"; got=$?
    if [ $got = "$code" ] && grep -qF -- "$text" "$dir/out"; then ok
    else bad "$* => exit $got: $(cat "$dir/out" "$dir/err")  expected: exit $code, '$text'"; fi
}
# What surface refuses, with nothing written; what it says.
surfaces() {
    refuses 2 "surface: expected one to three networks, got 0" surface $d
    refuses 2 "surface: expected one to three networks, got 4" surface $two $two $d
    refuses 2 "surface: expected --data FILE" surface $two
    refuses 2 "two-layer-a.npz and skip-a.npz: shapes differ: the models" surface two-layer-a.npz skip-a.npz $d
    refuses 2 "no plane: B is A, or too near to it" surface two-layer-a.npz two-layer-a.npz two-layer-b.npz $d
    refuses 2 "no plane: B is A, or too near to it" surface two-layer-a.npz two-layer-a.npz $d
    refuses 2 "no plane: C lies on the line through A and B" surface $two two-layer-b.npz $d
    refuses 2 "no plane: C lies on the line through A and B" surface $two two-layer-a.npz $d
    for grid in 0 1 1025 5x 5x1 x5 5y5 -3 4.5 5x5x5; do
        refuses 2 "--grid $grid: expected N or NxM, whole numbers from 2 to 1024" \
            surface two-layer-a.npz $d --grid $grid
    done
    for box in 1,0,0,1 0,1,0,0 0,1,0; do
        refuses 2 "--box $box: expected A0,A1,B0,B1 with A0 < A1, B0 < B1" surface two-layer-a.npz $d --box $box
    done
    refuses 2 "--box: 0,1,0,1,2: more than 4 numbers" surface two-layer-a.npz $d --box 0,1,0,1,2
    refuses 2 "--box: 0,a,0,1: 'a' is not a number" surface two-layer-a.npz $d --box 0,a,0,1
    refuses 2 "--box: 0,nan,0,1: 'nan' is not a number" surface two-layer-a.npz $d --box 0,nan,0,1
    refuses 2 "--grid: for surface only, not for path" path $two $d --grid 3
    refuses 2 "--vtk $dir/s: expected another file than that of --svg" \
        surface two-layer-a.npz $d --svg "$dir/s" --vtk "$dir/s"
    refuses 2 "expected another file than two-layer-a.npz, which is read" \
        surface two-layer-a.npz $d --vtk two-layer-a.npz
    # a hole: nothing is written
    refuses 3 "UNDECIDED: F is not finite, or too large for a double, at 8 of 10 points" surface skip-a.npz $d \
        --loss squared --grid 3 --box -1e29,1e29,-1e29,1e29 --svg "$dir/h.svg" --vtk "$dir/h.vtk" -o "$dir/h"
    if ls "$dir"/h* > "$dir/out" 2>&1; then bad "a surface with a hole wrote $(cat "$dir/out")"; else ok; fi
    says 0 "F(C)      [0.041115384581, 0.041115384582] at (0.738831, 1.48043)" surface $two two-layer-c.safetensors $d \
        --grid 2
    says 0 "least     [0.039674720353, 0.039674720354] on the grid, at (1, 0)" surface $two $d --grid 5
    says 0 "grid      2 x 3 points from (-1, -1) to (1, 1)" surface two-layer-a.npz $d --grid 2x3
    says 0 "0,0,0.03984143439547" surface two-layer-a.npz $d --grid 3 --format csv
    # the networks that a plane is made of
    run surface two-layer-a.npz $d --grid 2 --knots "$dir/s.npz" > "$dir/out" 2> "$dir/err" || bad "$(cat "$dir/err")"
    says 0 "1,0,0.308633710672348" surface two-layer-a.npz $d --grid 3 --format csv
    says 0 "F(B)      [0.308633710672, 0.308633710673] at (1, 0)" surface "$dir/s.npz@1" "$dir/s.npz@2" $d --grid 2
    says 0 '"kind":"line"' surface $two $d --grid 2 --format json
}
refusals() {
    d="--data iris.csv"
    printf 'model linear-skip\nW W2\n' > "$dir/map"
    # shellcheck disable=SC2086
    {
    refuses 2 "path: expected two networks A and B, got 1" path two-layer-a.npz $d
    refuses 2 "path: expected --data FILE" path $two
    refuses 2 "certify: expected at least two networks, got 1" certify two-layer-a.npz $d
    refuses 2 "check: expected one certificate, --data, --from A and --to B" check none $d
    refuses 2 "expected --penalty decay or wang and --kappa K, or neither" path $two $d --kappa 1
    refuses 2 "expected --penalty decay or wang and --kappa K, or neither" path $two $d --penalty decay
    refuses 2 "--kappa -1: expected a number that is not negative" path $two $d --penalty decay --kappa -1
    refuses 2 "--loss l2: expected one of cross-entropy, squared, logistic, huber" path $two $d --loss l2
    refuses 2 "shapes differ: the models" path two-layer-a.npz skip-a.npz $d
    refuses 2 "--data: for path, certify, check and surface only, not for list" list $d
    refuses 2 "--strategy: for path only, not for certify" certify $two $d --strategy line
    refuses 2 "--steps: for path only, not for certify" certify $two $d --steps 100
    refuses 2 "--steps 0: expected" path $two $d --steps 0
    refuses 2 "--steps: --strategy relay is not trained; expected best or curve" \
        path $two $d --strategy relay --steps 100
    refuses 2 "goes with other commands than the options before it" path $two --level quick $d
    refuses 2 "--seed: for checks" certify $two $d --seed 3
    refuses 4 "cannot read none.npz: No such file or directory" path none.npz two-layer-b.npz $d
    refuses 2 "no array for V of the model linear-skip" path --model "$dir/map" $two $d
    refuses 2 "iris.csv: --label size: no column of that name" path $two $d --label size
    refuses 2 "--penalty wang: not for the model linear-skip" \
        path --model linear-skip.map $linear $d --penalty wang --kappa 1
    refuses 2 "--strategy layers: only mlps" path skip-a.npz skip-b.npz $d --strategy layers
    refuses 2 "--strategy theorem6: Theorem 6 is about linear-skip networks" path $two $d --strategy theorem6
    refuses 2 "--strategy theorem11: Theorem 11 is about skip and two-layer networks" \
        path --model linear-skip.map $linear $d --strategy theorem11
    refuses 2 "--strategy theorem11: the theorems are about other penalties" \
        path $two $d --strategy theorem11 --penalty decay --kappa 1
    refuses 2 "--strategy theorem11: with R, biases of the outputs" \
        path $two $d --strategy theorem11 --penalty wang --kappa 1
    refuses 2 "--strategy theorem11: writes no certificate" \
        path $two $d --strategy theorem11 --certificate "$dir/none"
    says 0 "path      of the theorem, 5 legs: F <= " path --model linear-skip.map $linear $d --strategy theorem6
    says 0 "barrier   0: proved" path --model linear-skip.map $linear $d --strategy theorem6
    says 0 "of two-layer networks of 3 units" path skip-a.npz skip-b.npz $d --strategy theorem11
    says 0 '"theorem":{"number":11' path $two $d --strategy theorem11 --format json
    refuses 2 "--strategy relay: with a penalty only two-layer networks" \
        path skip-a.npz skip-b.npz $d --strategy relay --penalty decay --kappa 1
    refuses 2 "expected another file than two-layer-a.npz, which is read" path $two $d -o two-layer-a.npz
    refuses 2 "expected another file than iris.csv, which is read" path $two $d --knots iris.csv
    says 0 "is F, up to rounding in float32" path $two $d --expect-a 0.0398414 --expect-b 0.0396747
    says 1 "is not F: other data, another loss, or another network" path $two $d --expect-a 0.0398
    says 0 '"proved_zero":true' path $two $d --format json
    surfaces
    # the knots of a path, of the program's own too, are networks: the first is A, and F is what it was there
    run path $two $d --knots "$dir/k.npz" > "$dir/out" 2> "$dir/err" || bad "--knots: $(cat "$dir/err")"
    says 0 "barrier   0: proved" path "$dir/k.npz@1" two-layer-b.npz $d
    refuses 2 "k.npz: is a file of knots: expected $dir/k.npz@K, K from 1" path "$dir/k.npz" two-layer-b.npz $d
    says 0 "legs      9 x line" certify $two $two $two $two $two $d
    refuses 2 "expected (K, ...) with K >= 99, in C's order, for @99" path "$dir/k.npz@99" two-layer-b.npz $d
    run wang.thm11 --case squared/2-1/random --knots "$dir/w.npz" > "$dir/out" 2> "$dir/err" || bad "$(cat "$dir/err")"
    says 0 "F(A)      [7.546487612761, 7.546487612762]" certify "$dir/w.npz@1" "$dir/w.npz@2" --data "$dir/w.npz" \
        --loss squared --penalty wang --kappa 0.0625
    }
}

if [ "${1-}" = record ]; then
    record
    exit
fi
for suite in "$@"; do "$suite"; done
echo "paths: $passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
