# SPDX-License-Identifier: MIT
# Pictures from outside: alone sees that each is the recorded bytes, whatever machine, kernels and number of threads;
# that `figure all` writes them all and nothing else, each complete; and that, where there is Python, its reader of XML
# takes them.
#   sh tests/face/pictures.sh PROGRAM [rows|record|files|refusals]...     RUNNER: before PROGRAM, an emulator
# rows compares with vectors/pictures.txt, record writes what it would be to standard output.
set -u
export COLUMNS=1000   # sentences stay on a line
case $1 in /*) sv=$1 ;; *) sv=$PWD/$1 ;; esac
shift
vectors=$(cd "$(dirname "$0")/../../vectors" && pwd)
. "$(dirname "$0")/common.sh"
cd "$dir" || exit 1

names() { run figure | cut -d' ' -f1; }
digest() { sha256sum < "$1" | cut -d' ' -f1; }

record() {
    for name in $(names); do
        run figure "$name" > out || exit 1
        echo "$name $(digest out)"
    done
}

rows() {
    # README shows two of them.
    for file in "$vectors"/pictures/*.svg; do
        name=$(basename "$file" .svg)
        if run figure "$name" | cmp -s - "$file"; then ok; else bad "$file is another picture than figure $name"; fi
    done
    for name in $(names); do
        for more in "--threads 1" "--threads 7" "--threads 2 --dispatch sse2"; do
            # shellcheck disable=SC2086
            if ! run figure "$name" $more > out 2> err; then
                grep -q "no such level" err || bad "$name $more: $(cat err)"
            elif grep -qx "$name $(digest out)" "$vectors/pictures.txt"; then ok
            else bad "$name $more: other bytes than vectors/pictures.txt has"; fi
        done
    done
    if [ "$(names)" = "$(cut -d' ' -f1 "$vectors/pictures.txt")" ]; then ok
    else bad "figure lists other names than vectors/pictures.txt has"; fi
}

# same FILE NAME: FILE is that picture
same() {
    run figure "$2" > one 2> err || bad "figure $2: $(cat err)"
    if cmp -s "$1" one; then ok; else bad "$1 is not what figure $2 prints"; fi
}
files() {
    # Twice: into a directory that is made, and over what is there.
    for round in 1 2; do
        if run figure all -o new > out 2> err && [ ! -s out ] && [ ! -s err ]; then ok
        else bad "figure all -o new, round $round: $(cat out err)"; fi
        names | sed 's/$/.svg/' | sort > expected
        ls -A new | sort > got
        if cmp -s expected got; then ok; else bad "figure all wrote other files: $(cat got)"; fi
        for name in $(names); do same "new/$name.svg" "$name"; echo stale > "new/$name.svg"; done
    done
    run figure all -o new/ > out 2> err || bad "figure all -o new/: $(cat err)"
    for name in $(names); do same "new/$name.svg" "$name"; done
    run figure shamir.fig1 -o fig1.svg 2> err || bad "figure -o: $(cat err)"
    same fig1.svg shamir.fig1
    # Surfaces for VTK beside the same picture: 33 x 33 points, two arrays.
    run figure wang.fig1 --vtk fig1.vtk > fig1.svg 2> err || bad "figure --vtk: $(cat err)"
    same fig1.svg wang.fig1
    if [ "$(grep -c '^[-0-9]' fig1.vtk)" = $((33 + 33 + 1 + 2 * 33 * 33)) ] &&
        [ "$(sed -n 's/^SCALARS \([a-z]*\) .*/\1/p' fig1.vtk | tr '\n' ' ')" = "residual plain " ]; then ok
    else bad "figure --vtk wrote another file"; fi
    command -v python3 > /dev/null || return 0
    python3 - new/*.svg > out 2>&1 <<'END' && ok || bad "not for Python's reader: $(tail -n 1 out)"
import sys
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"
for name in sys.argv[1:]:
    root = tree.parse(name).getroot()
    assert root.tag == SVG + "svg", name
    assert root.find(SVG + "title").text and root.find(SVG + "desc").text, name
    assert root.get("viewBox") == "0 0 %s %s" % (root.get("width"), root.get("height")), name
END
}

# refuses CODE TEXT ARGS...: exit code CODE, one line on stderr that contains TEXT, nothing on stdout
refuses() {
    code=$1 text=$2; shift 2
    run "$@" > out 2> err; got=$?
    lines=$(wc -l < err)
    if [ $got = "$code" ] && [ "$lines" = 1 ] && grep -qF -- "$text" err && [ ! -s out ]; then ok
    else
        bad "$* => exit $got, $lines lines: $(cat err)  expected: exit $code, one line with '$text', no output"
    fi
}
refusals() {
    echo kept > file
    refuses 2 "figure all: expected -o DIRECTORY" figure all
    refuses 2 "figure: no picture 'shamir' (see 'skipverify figure')" figure shamir
    refuses 2 "figure: 2 names, expected one picture or all" figure shamir.fig1 wang.thm6
    refuses 4 "cannot write into file: Not a directory" figure all -o file
    refuses 4 "cannot make the directory no/such: No such file or directory" figure all -o no/such
    refuses 4 "-o .: cannot write there: Is a directory" figure shamir.fig1 -o .
    refuses 2 "--vtk file: wang.thm6 draws no surface" figure wang.thm6 --vtk file
    refuses 2 "--vtk file: expected the name of one picture with it" figure all -o new --vtk file
    if [ "$(cat file)" = kept ] && [ ! -e no ]; then ok; else bad "a refusal wrote something"; fi
    mkdir closed
    mkdir closed/wang.thm6.svg
    refuses 4 "closed/wang.thm6.svg: cannot write there: Is a directory" figure all -o closed
    if [ "$(ls -A closed)" = wang.thm6.svg ]; then ok; else bad "written before it was refused: $(ls -A closed)"; fi
}

if [ "${1-}" = record ]; then
    record
    exit
fi
for suite in "$@"; do "$suite"; done
echo "pictures: $passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
