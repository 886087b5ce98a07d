# SPDX-License-Identifier: MIT
# What the program says of itself against what it is, and against the width asked for: alone sees a word that the code
# has and a text has not, or the other way round.
#   sh tests/face/help.sh PROGRAM [SUITE...]      suites: screen words widths selection colours
set -u
unset COLUMNS NO_COLOR
sv=$1
shift
root=$(dirname "$0")/../..
code=$root/skipverify.c
. "$(dirname "$0")/common.sh"

# same WHAT: the lines of $dir/code and of $dir/text are the same words
same() {
    sort -u "$dir/code" > "$dir/code.sorted"
    sort -u "$dir/text" > "$dir/text.sorted"
    if [ -s "$dir/code.sorted" ] && cmp -s "$dir/code.sorted" "$dir/text.sorted"; then ok
    else
        bad "$1: $(diff "$dir/code.sorted" "$dir/text.sorted" |
            sed -n 's/^</only in the code:/p;s/^>/only in the text:/p')"
    fi
}
# section NAME FILE: its lines, up to the next line that is not indented
section() { awk -v name="$1" '/^[^ ]/ { on = index($0, name) == 1; next } on && NF' "$2"; }
# tagged SECTION MACRO: the words of a section of the manual page that its items define
tagged() {
    awk -v name="$1" '/^\.Sh / { on = $0 == ".Sh " name } on && /^\.It /' "$dir/man" | sed "s/^\.It $2 *//; s/\\\\//g"
}

# The first help is a screen.
screen() {
    for way in --help -h help; do
        "$sv" $way > "$dir/help"
        lines=$(wc -l < "$dir/help")
        if [ "$lines" -le 23 ] && [ "$(sed -n '/^Commands/,/^$/p' "$dir/help" | grep -c '^  ')" = 5 ] &&
            [ "$(sed -n '/^Options/,/^$/p' "$dir/help" | grep -c '^  ')" = 5 ]; then ok
        else bad "$way: $lines lines, expected a screen of 80 x 24 with 5 commands and 5 options"; fi
    done
    "$sv" help all > "$dir/one"
    "$sv" --help-all > "$dir/two"
    if cmp -s "$dir/one" "$dir/two"; then ok; else bad "help all is another text than --help-all"; fi
    for command in $(commands); do
        "$sv" help "$command" > "$dir/one"
        "$sv" "$command" --help > "$dir/two"
        if cmp -s "$dir/one" "$dir/two" && grep -q "^usage: skipverify $command" "$dir/one"; then ok
        else bad "help $command and $command --help: $(head -1 "$dir/one") / $(head -1 "$dir/two")"; fi
    done
}

commands() { sed -n 's/^    \[CMD_[A-Z]*\] = { "\([a-z]*\)".*/\1/p' "$code" | grep .; }
# The names in option_rows, as its source has them.
options() { sed -n '/^static const option option_rows/,/^};/p' "$code" | grep -o '"--[a-z-]*"' | tr -d '"'; }

# Every command, option, claim, topic, exit code, variable and figure, there and back.
words() {
    COLUMNS=1000 "$sv" help all > "$dir/all"
    "$sv" manual > "$dir/man"
    commands > "$dir/code"
    section Commands "$dir/all" | sed -n 's/^  \([a-z][a-z]*\).*/\1/p' > "$dir/text"
    same "commands, help all"
    tagged COMMANDS Ic | cut -d' ' -f1 > "$dir/text"
    same "commands, manual page"
    options > "$dir/code"
    section Options "$dir/all" | grep -o '^ *\(-[a-z], \)*--[a-z-]*' | grep -o -- '--.*' > "$dir/text"
    same "options, help all"
    tagged OPTIONS '' | grep -o 'Fl -[a-z-]*' | sed 's/Fl /-/' > "$dir/text"
    same "options, manual page"
    sed -n 's/^CLAIM([a-z0-9_]*, "\([^"]*\)".*/\1/p' "$root/vectors/claims.inc" > "$dir/code"
    section Claims "$dir/all" | awk '{ print $1 }' > "$dir/text"
    same "claims, help all"
    tagged CLAIMS Cm > "$dir/text"
    same "claims, manual page"
    "$sv" list | grep -o '^[a-z]*\.[a-z0-9.-]*' > "$dir/text"
    same "claims, list"
    COLUMNS=1000 "$sv" explain exit-codes | sed -n 's/^  \([0-9][0-9+ n]*[0-9n]\|[0-9]\)  .*/\1/p' > "$dir/code"
    codes
    variables
    topics
    glossary
}

# Exit codes: those of the code, with 128 + n for signals, in the help, the manual page, README, all in the same words.
codes() {
    sed -n '/^    EXIT_AS_EXPECTED,/,/^}/p' "$code" | grep -o '^    EXIT_[A-Z_]*' | awk '{ print NR - 1 }' > "$dir/code"
    echo "128 + n" >> "$dir/code"
    rows='s/^ *\(128 + n\|[0-9]\)  *\(.*\)/\1/p'
    section "Exit codes" "$dir/all" | sed -n "$rows" > "$dir/text"
    same "exit codes, help all"
    tagged "EXIT STATUS" '' > "$dir/text"
    same "exit codes, manual page"
    sed -n '/^| exit code/,/^$/s/^| \([0-9][0-9+ n]*\) |.*/\1/p' "$root/README.md" > "$dir/text"
    same "exit codes, README"
    section "Exit codes" "$dir/all" | sed 's/^ *\(128 + n\|[0-9]\)  *//' > "$dir/code"
    sed -n '/^| exit code/,/^$/s/^| [0-9][0-9+ n]* | \(.*\) |$/\1/p' "$root/README.md" > "$dir/text"
    same "what exit codes mean, README"
}

variables() {
    { grep -o 'getenv("[A-Z_]*")' "$code" | grep -o '[A-Z_]\{2,\}'
      sed -n '/^static bool term_speaks_utf8/,/^}/p' "$code" | grep -o '"L[A-Z_]*"' | tr -d '"'; } > "$dir/code"
    section Environment "$dir/all" | grep -o '^ *[A-Z_]*\(, [A-Z_]*\)*' | tr -d ' ' | tr ',' '\n' > "$dir/text"
    same "variables, help all"
    tagged ENVIRONMENT Ev | tr -d ' ' | tr ',' '\n' > "$dir/text"
    same "variables, manual page"
}

topics() {
    sed -n '/^} explain_topics\[\]/,/^};/s/^    { "\([a-z-]*\)".*/\1/p' "$code" > "$dir/code"
    section Topics "$dir/all" | awk '{ print $1 }' > "$dir/text"
    same "topics, help all"
    tagged TOPICS Cm > "$dir/text"
    same "topics, manual page"
    for topic in $(cat "$dir/code"); do
        if "$sv" explain "$topic" > /dev/null; then ok; else bad "explain $topic"; fi
    done
}

# Each figure of a report is explained by its own name; that no row of the glossary is dead is test_tables'.
glossary() {
    "$sv" --level quick --format json > "$dir/json"
    LC_ALL=C awk -v as=json -f "$root/tests/readers.awk" "$dir/json" |
        sed -n 's/^\.cases.*\.figures.*\.name[[:space:]]"\(.*\)"$/\1/p' | sort -u > "$dir/names"
    while read -r name; do
        if "$sv" explain "$name" > "$dir/out" 2> "$dir/err" && [ -s "$dir/out" ]; then ok
        else bad "explain '$name': $(cat "$dir/err")"; fi
    done < "$dir/names"
    if [ "$(wc -l < "$dir/names")" -gt 200 ]; then ok; else bad "only $(wc -l < "$dir/names") names of figures"; fi
}

# fits WIDTH ARGS...: no line for people is wider, unless it is a word that cannot be broken
fits() {
    width=$1; shift
    COLUMNS=$width "$sv" "$@" 2> "$dir/err" | awk -v w="$width" '
        length($0) > w { line = $0; sub(/^ +/, "", line); if (line ~ / /) { wide++; if (!shown++) print NR ": " $0 } }
        END { exit wide > 0 || NR == 0 }' > "$dir/out" && ok || bad "$* at width $width, line $(cat "$dir/out")"
}
widths() {
    two="$root/vectors/networks/two-layer-a.npz $root/vectors/networks/two-layer-b.npz"
    data="--data $root/vectors/networks/iris.csv"
    for width in 50 60 80 100 132 200; do
        fits $width --help
        fits $width help all
        fits $width explain terms
        for command in $(commands); do fits $width help "$command"; done
        for topic in $(sed -n '/^} explain_topics\[\]/,/^};/s/^    { "\([a-z-]*\)".*/\1/p' "$code"); do
            fits $width explain "$topic"
        done
        fits $width explain wang shamir
        fits $width list
        fits $width --license
        fits $width --level quick
        fits $width -v --level quick shamir
        fits $width landscape '(x^2-1)^2+y^2'
        fits $width landscape 'x^2'
        fits $width sopsp loss=squared w=0 V=-8 sample=1:0.125:1 eps=1
        fits $width path $two $data --no-progress
    done
    # The machines' forms are not broken.
    COLUMNS=50 "$sv" --level quick --format json shamir.ex1 > "$dir/one"
    COLUMNS=200 "$sv" --level quick --format json shamir.ex1 > "$dir/two"
    if cmp -s "$dir/one" "$dir/two"; then ok; else bad "COLUMNS changes JSON"; fi
    COLUMNS=50 "$sv" --level quick --shard 1/2 shamir.ex1 > "$dir/one"
    COLUMNS=200 "$sv" --level quick --shard 1/2 shamir.ex1 > "$dir/two"
    if cmp -s "$dir/one" "$dir/two"; then ok; else bad "COLUMNS changes a part"; fi
    # Nonsense is as if it were not there.
    "$sv" help all > "$dir/one"
    for nonsense in 0 -5 wide 80x '' 99999999999999999999; do
        COLUMNS=$nonsense "$sv" help all > "$dir/two"
        if [ "$nonsense" = 99999999999999999999 ] || cmp -s "$dir/one" "$dir/two"; then ok
        else bad "COLUMNS='$nonsense' is not as if it were 80"; fi
    done
}

# chooses NAMES WORD...: the claims in the table
chooses() {
    names=$1; shift
    got=$("$sv" --level quick "$@" 2> "$dir/err" | grep -o '^[a-z]*\.[a-z0-9.-]*' | tr '\n' ' ')
    if [ "$got" = "$names " ]; then ok; else bad "$*: chooses $got$(cat "$dir/err")  expected: $names"; fi
}
selection() {
    chooses "wang.thm6" thm6
    chooses "wang.thm6 shamir.ex1" shamir.ex1 thm6
    chooses "wang.thm1 shamir.thm1" thm1
    chooses "wang.lemma10 wang.lemma9 wang.lemma7 shamir.lemma1" lemma
    chooses "shamir.ex1" ex1
    chooses "shamir.ex1 shamir.ex1-misprints" 'shamir.ex*'
    chooses "wang.remark3.1 shamir.remark1 shamir.remark2 shamir.remark3" '*.remark[123]*'
    if [ "$("$sv" list wang | grep -c '^wang\.')" = 19 ]; then ok; else bad "list wang"; fi
    for word in wang.thm6 walked margin all path; do
        if "$sv" help $word > "$dir/out" && [ -s "$dir/out" ]; then ok; else bad "help $word"; fi
    done
}

# Escapes on a terminal only, and not where they are not wanted. (script gives a terminal.)
colours() {
    if "$sv" --level quick shamir.ex1 | grep -q "$(printf '\033')"; then bad "escapes into a pipe"; else ok; fi
    command -v script > /dev/null || { echo "SKIPPED colours: no script (util-linux)"; return; }
    script -qec true /dev/null < /dev/null > "$dir/out" 2>&1 || { echo "SKIPPED colours: no pseudo-terminal"; return; }
    on_terminal() { env "$@" script -qec "stty cols 80; '$sv' --level quick shamir.ex1" /dev/null < /dev/null; }
    if on_terminal TERM=xterm | grep -q "$(printf '\033\[32mCERTIFIED')"; then ok
    else bad "no colour on a terminal"; fi
    for how in TERM=dumb TERM= NO_COLOR=1; do
        if on_terminal TERM=xterm $how | grep -q "$(printf '\033\[3')"; then bad "colours with $how"
        else ok; fi
    done
    if on_terminal TERM=dumb | grep -q "$(printf '\033')"; then bad "escapes on a dumb terminal"; else ok; fi
}

[ $# -gt 0 ] || set -- screen words widths selection colours
for suite; do $suite; done
echo "help: $passed passed, $failed failed"
[ $failed = 0 ]
