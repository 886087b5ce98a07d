# SPDX-License-Identifier: MIT
# Readers of the formats that reports are written in, strict, and sharing nothing with the program; for
# tests/face/formats.sh.
#   LC_ALL=C awk -v as=json|tap|csv|xml -f tests/readers.awk FILE
# Prints what was read, an item a line with tabs between its fields: of JSON each value by its path; of TAP each point
# and each field below one; of CSV each record; of XML each attribute by its element's path, and texts. What is
# malformed: one line on standard error, exit 1. Bytes are characters here, so LC_ALL=C.

function wrong(text) {
    print FILENAME ":" FNR ": " as ": " text ": " substr($0, 1, 200) > "/dev/stderr"
    failed = 1
    exit 1
}

function is_utf8(s) {
    return s ~ utf8
}

BEGIN {
    one = "[\001-\177]"
    more = "[\200-\277]"
    two = "[\302-\337]" more
    three = "(\340[\240-\277]|[\341-\354\356\357]" more "|\355[\200-\237])" more
    four = "(\360[\220-\277]|[\361-\363]" more "|\364[\200-\217])" more more
    utf8 = "^(" one "|" two "|" three "|" four ")*$"
    string = "^\"([^\"\\\\\001-\037]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F])*\""
    number = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"
    entity = "&(amp|lt|gt|quot|apos|#(9|10|13|3[2-9]|[4-9][0-9]|1[0-9][0-9]));"
    expected = "value"
    columns = points = 0
}

{ if (!is_utf8($0)) wrong("no UTF-8") }

# JSON: kind[1..depth] is { or [, at[] the name or the number of the element that is being read. No token goes over a
# line's end, since strings have none.

function json_path(    i, path) {
    path = ""
    for (i = 1; i <= depth; i++) path = path (kind[i] == "[" ? "[" at[i] "]" : "." at[i])
    return path
}

function json_value(token) {
    print json_path() "\t" token
    expected = depth ? "comma" : "nothing"
}

function json_open(which) {
    depth++
    kind[depth] = which
    at[depth] = which == "[" ? 0 : ""
    expected = which == "[" ? "value or ]" : "name or }"
}

function json_close(which) {
    if (kind[depth] != (which == "]" ? "[" : "{")) wrong("unexpected " which)
    depth--
    expected = depth ? "comma" : "nothing"
}

function json_name(token,    path) {
    at[depth] = substr(token, 2, length(token) - 2)
    path = json_path()
    if (path in seen) wrong("the name " path " twice")
    seen[path] = 1
    expected = "colon"
}

# One token at the start of s; its length.
function json_token(s,    c) {
    c = substr(s, 1, 1)
    if (expected == "nothing") wrong("more than one value")
    if (c == "]" && (expected == "comma" || expected == "value or ]")) { json_close(c); return 1 }
    if (c == "}" && (expected == "comma" || expected == "name or }")) { json_close(c); return 1 }
    if (c == "," && expected == "comma") {
        expected = kind[depth] == "[" ? "value" : "name"
        if (kind[depth] == "[") at[depth]++
        return 1
    }
    if (c == ":" && expected == "colon") { expected = "value"; return 1 }
    if (expected ~ /^name/ && match(s, string)) { json_name(substr(s, 1, RLENGTH)); return RLENGTH }
    if (expected !~ /^value/) wrong("expected " expected)
    if (c == "{" || c == "[") { json_open(c); return 1 }
    if (match(s, string) || match(s, number) || match(s, /^(true|false|null)/)) {
        c = RLENGTH
        json_value(substr(s, 1, RLENGTH))
        return c
    }
    wrong("no value")
}

as == "json" {
    for (rest = $0; match(rest, /[^ \t\r]/); rest = substr(rest, json_token(rest) + 1)) rest = substr(rest, RSTART)
}

# TAP 14, without subtests and pragmas: a version, the plan, points in order; YAML below a point, of which the program
# uses the fields with quoted strings.

function tap_point(line,    state, words) {
    state = line ~ /^not/ ? "failed" : "passed"
    sub(/^(not )?ok /, "", line)
    if (line + 0 != ++points || line !~ /^[0-9]+ - [^ ]/) wrong("expected point " points)
    sub(/^[0-9]+ - /, "", line)
    gsub(/\\\\/, "\001", line)
    gsub(/\\#/, "\002", line)
    if (match(line, / # (SKIP|TODO)( |$)/)) {
        state = tolower(substr(line, RSTART + 3, 4))
        line = substr(line, 1, RSTART - 1)
    }
    if (line ~ /#/) wrong("a directive that is none")
    gsub(/\001/, "\\", line)
    gsub(/\002/, "#", line)
    print "point\t" state "\t" line
}

as == "tap" && FNR == 1 { if ($0 != "TAP version 14") wrong("no version"); next }
as == "tap" && yaml && $0 == "  ..." { yaml = 0; next }
as == "tap" && yaml {
    if (!match($0, /^  [a-z]+: /)) wrong("YAML")
    rest = substr($0, RLENGTH + 1)
    if (!match(rest, string) || RLENGTH != length(rest)) wrong("a string of YAML")
    print "field\t" points "\t" substr($0, 3)
    next
}
as == "tap" && $0 == "  ---" { if (!after_point) wrong("YAML below no point"); yaml = 1; after_point = 0; next }
as == "tap" && /^1\.\.[0-9]+$/ { if (plan != "" || points) wrong("a second or late plan"); plan = substr($0, 4); next }
as == "tap" && /^(not )?ok / { tap_point($0); after_point = 1; next }
as == "tap" { after_point = 0; if ($0 !~ /^#/) wrong("neither point nor comment") }

# CSV (RFC 4180): lines end with CR LF, a quoted field may hold both.

function csv_field(    i) {
    if (match(record, /^"([^"]|"")*"/)) {
        field = substr(record, 2, RLENGTH - 2)
        gsub(/""/, "\"", field)
    } else {
        match(record, /^[^",\r\n]*/)
        field = substr(record, 1, RLENGTH)
    }
    record = substr(record, RLENGTH + 1)
    gsub(/\t/, "\\t", field)
    gsub(/\r/, "\\r", field)
    gsub(/\n/, "\\n", field)
    return field
}

function csv_record(    line, n) {
    for (n = 1; ; n++) {
        line = line (n > 1 ? "\t" : "") csv_field()
        if (record == "\r") break
        if (substr(record, 1, 1) != ",") wrong("a comma or the line's end was expected")
        record = substr(record, 2)
    }
    if (columns && n != columns) wrong(n " fields, not " columns)
    columns = n
    print line
}

as == "csv" {
    record = record == "" ? $0 : record "\n" $0
    quotes = gsub(/"/, "\"", record)
    if (quotes % 2) next
    csv_record()
    record = ""
}

# XML: elements, attributes and characters, as far as reports need them; no comments, no CDATA, no DTD. Tags end on the
# line that they begin on.

function xml_characters(s,    left) {
    left = s
    gsub(entity, "", left)
    if (left ~ /[&<]/ || index(left, "]]>")) wrong("a character that must be escaped")
    if (left ~ /[\001-\010\013\014\016-\037]/ || index(left, "\357\277\276") || index(left, "\357\277\277"))
        wrong("no character of XML")
}

function xml_text(s) {
    xml_characters(s)
    if (s !~ /[^ \t\r]/) return
    if (!depth) wrong("text outside the root")
    print path "\t" s
}

function xml_tag(tag,    name, rest, value, used) {
    if (tag !~ /^<\/?[A-Za-z][-A-Za-z]*( [a-z]+="[^"<]*")*\/?>$/) wrong("a tag that is none")
    match(tag, /[A-Za-z][-A-Za-z]*/)
    name = substr(tag, RSTART, RLENGTH)
    rest = substr(tag, RSTART + RLENGTH)
    if (tag ~ /^<\//) {
        if (rest != ">" || !depth || at[depth] != name) wrong("</" name "> of nothing")
        path = substr(path, 1, length(path) - length(name) - 1)
        depth--
        return
    }
    if (!depth && roots++) wrong("a second root")
    at[++depth] = name
    path = path "/" name
    print path
    while (match(rest, /^ [a-z]+="[^"]*"/)) {
        value = substr(rest, 2, RLENGTH - 2)
        rest = substr(rest, RLENGTH + 1)
        name = substr(value, 1, index(value, "=") - 1)
        if (index(used, " " name " ")) wrong("the attribute " name " twice")
        used = used " " name " "
        value = substr(value, length(name) + 3)
        xml_characters(value)
        print path "@" name "\t" value
    }
    if (rest == "/>") {
        path = substr(path, 1, length(path) - length(at[depth]) - 1)
        depth--
    }
}

as == "xml" && FNR == 1 {
    if ($0 != "<?xml version=\"1.0\" encoding=\"UTF-8\"?>") wrong("no declaration")
    next
}
as == "xml" {
    for (rest = $0; match(rest, /<[^>]*>/); rest = after) {
        after = substr(rest, RSTART + RLENGTH)
        tag = substr(rest, RSTART, RLENGTH)
        xml_text(substr(rest, 1, RSTART - 1))
        xml_tag(tag)
    }
    xml_text(rest)
}

END {
    if (failed) exit 1
    if (!NR) wrong("nothing")
    if (as == "json" && expected != "nothing") wrong("expected " expected " at the end")
    if (as == "tap" && (yaml || plan == "" || plan != points)) wrong("a plan of " plan ", " points " points")
    if (as == "csv" && record != "") wrong("an open quote at the end")
    if (as == "xml" && (depth || !roots)) wrong("open elements at the end")
}
