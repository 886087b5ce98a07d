# SPDX-License-Identifier: MIT
# The plan of the house, kept: alone sees code in the wrong place, which works all the same.
#   awk -f tests/house.awk skipverify.c skipverify.c TEST.c...
# (skipverify.c twice: first to learn which function lives where, then to look at every call.)
#
# A banner `/// 6 Legs ///` opens a room of part 6; what stands before a colon names a family of rooms: of parts 8 and
# 9, whose rooms are claims, a room may use its own family only. Refused, each with file and line:
#   the use of a function, called, handed on or in a macro, of a part the user's part may not use, or of another claim
#   a line over 120 columns, a function over 60 lines, a banner out of order
#   with -v comments=1, a function of the program over 10 lines without a comment directly above it
# Of tests, only lines and functions; of other files (scripts) only lines. What stands in a table is no use. Last line:
# what was looked at, and how many complaints.

function complain(text) { print FILENAME ":" FNR ": " text; complaints++ }

# May a function of part a use one of part b?
function may_use(a, b) {
    if (a == 7) return b <= 3 || b == 7
    if (a == 9) return b <= 7 || b == 9
    if (a == 10) return b <= 7 || b == 10
    if (a == 11) return b == 1 || b == 3 || b == 5 || b == 6 || b == 11
    if (a == 12) return b <= 7 || b == 10 || b == 12
    return b <= a
}

# The line without strings, characters and comments; remembers an open comment.
function code_of(line,    out, i) {
    out = ""
    while (line != "") {
        if (in_comment) {
            if (!(i = index(line, "*/"))) return out
            line = substr(line, i + 2)
            in_comment = 0
        } else if (match(line, /"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|\/\*/)) {
            out = out substr(line, 1, RSTART - 1)
            in_comment = substr(line, RSTART, 2) == "/*"
            line = substr(line, RSTART + RLENGTH)
            if (!in_comment) out = out "\"\""
        } else {
            out = out line
            line = ""
        }
    }
    return out
}

function look_at_calls(code,    callee) {
    gsub(/(\.|->)[A-Za-z_][A-Za-z_0-9]*/, "", code)
    while (match(code, /[A-Za-z_][A-Za-z_0-9]*/)) {
        callee = substr(code, RSTART, RLENGTH)
        code = substr(code, RSTART + RLENGTH)
        if (!(callee in part_of) || callee == inside || (callee in macros && code !~ /^\(/)) continue
        calls++
        if (!may_use(part, part_of[callee]))
            complain(inside " (part " part ") may not call " callee " (part " part_of[callee] ")")
        else if ((part == 8 || part == 9) && part_of[callee] == part && family_of[callee] != family)
            complain(inside " (" family ") may not call " callee " of another claim (" family_of[callee] ")")
    }
}

function open_function(code) {
    sub(/^.*__attribute__ *\(\(.*\)\) */, "", code)
    inside = match(code, /[A-Za-z_][A-Za-z_0-9]* *\(/) ? substr(code, RSTART, RLENGTH) : "?"
    sub(/ *\($/, "", inside)
    functions += reading
    if (!reading && program && inside != "KERN") { part_of[inside] = part; family_of[inside] = family }
}

FNR == 1 {
    program = FILENAME ~ /skipverify\.c$/
    c_code = FILENAME ~ /\.[ch]$/
    reading = !program || FILENAME == last
    last = FILENAME
    part = 0; line = family = room = head = inside = ""; in_comment = 0
}

{
    before = line
    line = $0
    while (match(line, /\t/)) line = substr(line, 1, RSTART - 1) "        " substr(line, RSTART + 1)
    if (reading && length(line) > 120) complain("a line of " length(line) " columns, at most 120")
    lines += reading
}

program && /^\/\/\/ / {
    if ($0 !~ /^\/\/\/ [0-9]+ [A-Z].* \/\/\/$/) { if (reading) complain("a banner reads `/// NUMBER Room ///'") }
    else if (reading && $2 + 0 < part) complain("a banner of part " $2 " after one of part " part)
    part = $2 + 0
    family = $0
    sub(/^\/\/\/ [0-9]+ /, "", family)
    sub(/(:.*)? \/\/\/$/, "", family)
    rooms += reading
}

!c_code { next }

{ code = code_of($0) }

# A macro with arguments is code where it stands.
/^#define [A-Za-z_0-9]+\(/ {
    outside = inside
    inside = $2
    sub(/\(.*/, "", inside)
    if (!reading && program && length(inside) > 2 && !(inside in part_of)) {
        part_of[inside] = part
        family_of[inside] = family
        macros[inside]
    }
    in_macro = 1
    sub(/^#define [^ ]*\([^)]*\)/, "", code)
}
in_macro {
    if (reading && program) look_at_calls(code)
    if (!/\\$/) { in_macro = 0; inside = outside }
    next
}

# A function: head lines from column 0 up to a line `{', then up to `}' in column 0; or all of it on one line.
inside == "" && /^[A-Za-z_].*\) \{ .*\}$/ {
    open_function(code)
    if (reading && program) look_at_calls(substr(code, index(code, "{")))
    inside = ""
    next
}
inside == "" && /^[A-Za-z_]/ { head = code; start = FNR; told = before ~ /\*\/$/; next }
inside == "" && /^\{$/ && head ~ /\(/ && head !~ /=$/ { open_function(head); next }
inside == "" { if (head != "" && /^ /) head = head " " code; else head = ""; next }
/^\}/ {
    size = FNR - start + 1
    if (reading && size > 60) complain(inside " has " size " lines, at most 60")
    if (reading && program && comments && size > 10 && !told)
        complain(inside " has " size " lines and no comment directly above it")
    inside = head = ""
    next
}
reading && program { look_at_calls(code) }

END {
    printf "house: %d lines, %d rooms, %d functions, %d calls looked at; %d complaints\n",
        lines, rooms, functions, calls, complaints
    exit complaints > 0
}
