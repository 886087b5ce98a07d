# SPDX-License-Identifier: MIT
"""Reports for other programs, as other programs read them: by Python's json, csv and xml.etree, by xmllint where it is
installed, and by a reader of TAP; against schemas that were written from the text of `explain json`, from TAP 14 and
from memory of Ant's and Jenkins' XSDs. Alone sees a member that is missing, new or of another type, digits that do not
read back as the exact number beside them, and what names of files, reasons and figures with hostile characters do.

  python3 tests/campaigns/formats.py PROGRAM [--quick]      --quick: without selftest and level standard
"""
import ast, csv, decimal, hashlib, io, json, math, os, re, shutil, struct, subprocess, sys, tempfile, zipfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
NETWORKS = os.path.join(HERE, "..", "..", "vectors", "networks")
VERDICTS = ("CERTIFIED", "REFUTED", "UNDECIDED")
READINGS = ("printed", "meant", "repaired")
HOSTILE = b'a "b" <c> & d]]> %e %0A \\f | `g`, #h :: \x1b[1m\x7f '
HOSTILE += b"\xc3\xa9 \xff\xfe \xef\xbf\xbf \xed\xa0\x80 \xf0\x9f\x98\x80"
FAILURES = []


def expect(holds, what):
    if not holds:
        FAILURES.append(what)
        print("FAIL " + what[:600])
    return holds


class Run:
    """One run of the program; complaints name its arguments."""

    def __init__(self, program, args, codes=(0,), env=None):
        self.name = " ".join(os.fsdecode(a) for a in args)[-200:].encode("ascii", "replace").decode()
        environment = {k: v for k, v in os.environ.items() if k != "GITHUB_STEP_SUMMARY"}
        environment["COLUMNS"] = "1000"  # sentences stay on a line
        environment.update(env or {})
        done = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.expect(self.code in codes, "exit %d, expected one of %s: %s" % (self.code, codes, self.err[-300:]))

    def expect(self, holds, what):
        return expect(holds, "%s: %s" % (self.name, what))

    def text(self):
        try:
            return self.out.decode("utf-8")
        except UnicodeDecodeError as e:
            self.expect(False, "no UTF-8: %s" % e)
            return self.out.decode("utf-8", "replace")


# JSON


def pairs_once(pairs):
    names = [k for k, v in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name twice: %s" % names)
    return dict(pairs)


def no_constant(word):
    raise ValueError(word)


def read_json(run, command):
    """The document, with decimals as Decimal; {} if it is none."""
    text = run.text()
    try:
        strict = {"object_pairs_hook": pairs_once, "parse_constant": no_constant}
        document = json.loads(text, parse_float=decimal.Decimal, **strict)
    except ValueError as e:
        run.expect(False, "no JSON: %s in %s" % (e, text[:200]))
        return {}
    first = list(document)[:4]
    run.expect(first == ["program", "version", "format", "command"], "begins otherwise: %s" % first)
    run.expect(list(document)[-1] == "exit" and document["exit"] == run.code, "exit is not %d" % run.code)
    run.expect(document["command"] == command, "command is %s" % document["command"])
    run.expect(text.endswith("}\n"), "does not end with a line's end")
    return document


NUMBER = (int, decimal.Decimal)
OPEN_NUMBER = (*NUMBER, type(None))
ENCLOSURE = {"lo": OPEN_NUMBER, "hi": OPEN_NUMBER, "hex": [str]}
VERDICT = (type(None), {"verdict": (str, type(None)), "expected": (str, type(None))})
VERDICT_OF = {k: VERDICT for k in READINGS}
FIGURE = {
    "name": str,
    "value": (*NUMBER, str, {"lo": NUMBER, "hi": NUMBER}, {"value": OPEN_NUMBER, "hex": str}, ENCLOSURE),
}
HEAD = {"program": "skipverify", "version": str, "format": 1, "command": str, "exit": int}
CHECKS = {
    **HEAD,
    "level": ("quick", "standard", "full"),
    "seed": int,
    "claims": [
        {
            "name": str,
            "source": str,
            "as_expected": bool,
            "verdicts": VERDICT_OF,
            "margin": (*NUMBER, type(None)),
            "cases": int,
        }
    ],
    "cases": [
        {
            "claim": str,
            "case": str,
            "as_expected": bool,
            "verdicts": VERDICT_OF,
            "margin": (*NUMBER, type(None)),
            "?why": str,
            "figures": [FIGURE],
        }
    ],
    "totals": {k: int for k in ("cases", "verdicts", "certified", "refuted", "undecided")},
    "vectors": {"rows": int, "differ": int, "failures": [str]},
    "sha256": str,
    "standing": ("as recorded", "differs from the record", "none recorded for this selection"),
}
BRIEFLY = {
    "claim": str,
    "source": str,
    "statement": str,
    "finding": str,
    "runs": {"quick": int, "standard": int, "full": int},
}
LANDSCAPE = {"formula": str, "box": [NUMBER], "outside": str}
EXPLAIN = {
    **HEAD,
    "explained": [
        (
            {"topic": str, "text": str},
            {
                **BRIEFLY,
                "text": str,
                "cases": [
                    {
                        "case": str,
                        "level": ("quick", "standard", "full"),
                        "expected": {k: (*VERDICTS, type(None)) for k in READINGS},
                        "?landscape": LANDSCAPE,
                    }
                ],
            },
        )
    ],
}
SELFTEST = {
    **HEAD,
    "levels": [{"dispatch": str, "ran": bool, "rows": int, "differ": int, "failures": [str]}],
    "rows": int,
    "differ": int,
    "?coverage": [str],
}
BENCH_HEAD = {**HEAD, "dispatch": str, "threads": int}
SPREAD = {"low": NUMBER, "high": NUMBER, "runs": int}
BENCH = {
    **BENCH_HEAD,
    "peak_gflops": NUMBER,
    "peak_gflops_one": NUMBER,
    "memory_gbytes": NUMBER,
    "memory_gbytes_one": NUMBER,
    "cache_gbytes": NUMBER,
    "cache_gbytes_one": NUMBER,
    "kernels": [
        (
            {
                "name": str,
                "gflops": NUMBER,
                **SPREAD,
                "of_peak": NUMBER,
                "limit": ("fma peak", "memory", "cache"),
                "of_limit": NUMBER,
            },
            {"name": str, "ms": NUMBER, **SPREAD, "?certified": int, "?of": int},
        )
    ],
}
FIT = {"exponent": OPEN_NUMBER, "residual": OPEN_NUMBER}
BENCH_GROWTH = {
    **BENCH_HEAD,
    "idle_mib": NUMBER,
    "growth": [
        {
            "name": str,
            "by": str,
            "points": [{"size": int, "seconds": NUMBER, "mib": NUMBER}],
            "time": FIT,
            "memory": FIT,
        }
    ],
}
BENCH_UNITS = {
    **BENCH_HEAD,
    "path": {
        "units": int,
        "l": int,
        "target_seconds": NUMBER,
        "seconds": NUMBER,
        "mib": NUMBER,
        "legs": int,
        "pieces": int,
        "bound": NUMBER,
        "repaired_bound": NUMBER,
        "certified": bool,
    },
}
COVER = {"bound": OPEN_NUMBER, "pieces": int, "t": OPEN_NUMBER, "F": ENCLOSURE}
LOSSES = ("cross-entropy", "squared", "logistic", "huber")
OWN = {"data": str, "loss": LOSSES, "penalty": ("none", "decay", "wang"), "kappa": NUMBER, "read": str}
PATH = {
    **HEAD,
    **OWN,
    "files": [str],
    "model": ("two-layer", "skip", "linear-skip"),
    "samples": int,
    "inputs": int,
    "outputs": int,
    "F_A": ENCLOSURE,
    "F_B": ENCLOSURE,
    "?accuracy_A": ENCLOSURE,
    "?accuracy_B": ENCLOSURE,
    "?line": COVER,
    "?segments": [COVER],
    "path": {
        "strategy": ("relay", "layers", "curve", "line", "polyline"),
        "legs": [str],
        "pieces": int,
        "bound": OPEN_NUMBER,
    },
    "?relay_bound": OPEN_NUMBER,
    "?relay_why": str,
    "?layers_bound": OPEN_NUMBER,
    "?layers_why": str,
    "?curve_bound": OPEN_NUMBER,
    "?curve": {"steps": int, "segments": int, "excess": NUMBER},
    "barrier": {"proved_zero": bool, "over_higher": OPEN_NUMBER, "over_mean": OPEN_NUMBER},
    "expected": bool,
}
POINT = {"a": NUMBER, "b": NUMBER, "F": ENCLOSURE}
SURFACE = {
    **HEAD,
    **OWN,
    "files": [str],
    "model": PATH["model"],
    "samples": int,
    "inputs": int,
    "outputs": int,
    "plane": str,
    "kind": ("random", "line", "plane"),
    "seed": int,
    "unit": NUMBER,
    "networks": [POINT],
    "least": POINT,
    "largest": POINT,
    "roughness": ENCLOSURE,
    "minima": int,
    "a": [NUMBER],
    "b": [NUMBER],
    "F": [[ENCLOSURE]],
}
THEOREM = {
    **{name: PATH[name] for name in PATH if name[0] != "?" and name not in ("path", "barrier")},
    "theorem": {
        "number": int,
        "F_w": ENCLOSURE,
        "units": int,
        "printed": ENCLOSURE,
        "repaired": OPEN_NUMBER,
        "legs": int,
        "bound": OPEN_NUMBER,
        "why": (str, type(None)),
    },
    "over_higher": OPEN_NUMBER,
}
CHECK_HEAD = {**HEAD, "certificate": str, "from": str, "to": str, "data": str, "read": str}
ACCEPTED = {
    **CHECK_HEAD,
    **OWN,
    "accepted": bool,
    "why": type(None),
    "F_A": ENCLOSURE,
    "F_B": ENCLOSURE,
    "legs": int,
    "pieces": int,
    "proved_zero": bool,
    "bound": NUMBER,
}
REJECTED = {**CHECK_HEAD, "accepted": bool, "why": str}


def fits(spec, value):
    """None, or where the value is not as the schema has it."""
    if isinstance(spec, tuple):
        return None if any(fits(s, value) is None for s in spec) else "%.80r fits none of %.200r" % (value, spec)
    if isinstance(spec, dict):
        if not isinstance(value, dict):
            return "%.80r is no object" % (value,)
        for name in spec:
            if name[0] != "?" and name not in value:
                return "no " + name
        for name, v in value.items():
            if name not in spec and "?" + name not in spec:
                return "a member " + name
            wrong = fits(spec.get(name, spec.get("?" + name)), v)
            if wrong:
                return name + ": " + wrong
        return None
    if isinstance(spec, list):
        if not isinstance(value, list):
            return "%.80r is no array" % (value,)
        return next((w for w in (fits(spec[0], v) for v in value) if w), None)
    if isinstance(spec, type):
        return None if type(value) is spec else "%.80r is no %s" % (value, spec.__name__)
    return None if value == spec and type(value) is type(spec) else "%.80r is not %r" % (value, spec)


def exact(value):
    """Every enclosure and double inside: the digits are the hexadecimal number's, and the ends are in order."""
    if isinstance(value, list):
        return all(map(exact, value))
    if not isinstance(value, dict):
        return True
    if isinstance(value.get("hex"), str):
        return same_double(value["value"], value["hex"])
    if "hex" in value:
        ends = [float.fromhex(h) for h in value["hex"]]
        ordered = any(e != e for e in ends) or ends[0] <= ends[1]
        return (
            len(ends) == 2
            and ordered
            and same_double(value["lo"], value["hex"][0])
            and same_double(value["hi"], value["hex"][1])
        )
    if set(value) == {"lo", "hi"} and value["lo"] > value["hi"]:
        return False
    return all(map(exact, value.values()))


def same_double(number, text):
    x = float.fromhex(text)
    finite = x - x == 0
    return float(number) == x if finite and number is not None else not finite and number is None


def check_json(run, command, schema):
    document = read_json(run, command)
    if document:
        wrong = fits(schema, document)
        run.expect(wrong is None, "not as the schema has it: %s" % wrong)
        run.expect(exact(document), "digits that are not the exact number, or ends out of order")
    return document


def figure_text(value):
    """As the canonical report has it."""
    if isinstance(value, dict) and isinstance(value.get("hex"), str):
        return value["hex"]
    if isinstance(value, dict):
        return "[%s,%s]" % tuple(value.get("hex") or map(figure_text, (value["lo"], value["hi"])))
    return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)


def canonical_of(document):
    """The canonical report, made from JSON; without what stands behind why=."""
    lines = ["skipverify %s report, level %s, seed %d" % (document["version"], document["level"], document["seed"])]
    for c in document["cases"]:
        words = [c["claim"], c["case"]]
        words += ["%s=%s" % (k, (c["verdicts"][k] or {}).get("verdict") or "-") for k in READINGS]
        words += ["%s=%s" % (f["name"], figure_text(f["value"])) for f in c["figures"]]
        lines.append(" ".join(words + ["why="] * ("why" in c)))
    return lines


def without_why(canonical):
    return [re.sub(' why=".*"$', " why=", line) for line in canonical.decode("utf-8", "replace").splitlines()]


def check_sums(run, document):
    """What the totals and the claims say is what the cases say."""
    cases, totals = document["cases"], document["totals"]
    verdicts = [v["verdict"] for c in cases for v in c["verdicts"].values() if v and v["verdict"]]
    found = [len(cases), len(verdicts)] + [verdicts.count(v) for v in VERDICTS]
    run.expect(found == [totals[k] for k in ("cases", "verdicts", "certified", "refuted", "undecided")], "totals")
    for claim in document["claims"]:
        mine = [c for c in cases if c["claim"] == claim["name"]]
        run.expect(len(mine) == claim["cases"] > 0, "cases of " + claim["name"])
        run.expect(claim["as_expected"] == all(c["as_expected"] for c in mine), "as_expected of " + claim["name"])
        margins = [c["margin"] for c in mine if c["margin"] is not None]
        run.expect(claim["margin"] == (min(margins) if margins else None), "margin of " + claim["name"])
        for k in READINGS:
            for which in ("verdict", "expected"):
                all_of = {(c["verdicts"][k] or {}).get(which) for c in mine}
                folded = next((v for v in ("REFUTED", "UNDECIDED", "CERTIFIED") if v in all_of), None)
                run.expect((claim["verdicts"][k] or {}).get(which) == folded, "%s of %s" % (which, claim["name"]))
    for c in cases:
        as_expected = all(v is None or v["verdict"] == v["expected"] for v in c["verdicts"].values())
        run.expect(c["as_expected"] == as_expected, "as_expected of %s %s" % (c["claim"], c["case"]))
        undecided = any(v and v["verdict"] == "UNDECIDED" for v in c["verdicts"].values())
        run.expect(("why" in c) == undecided, "why of %s %s" % (c["claim"], c["case"]))
    run.expect(len(document["vectors"]["failures"]) == document["vectors"]["differ"], "failures")


# TAP 14


def read_tap(run):
    """(passed, description, fields) of each point."""
    lines = run.text().split("\n")
    run.expect(lines.pop() == "", "TAP: no end of the last line")
    run.expect(lines[0] == "TAP version 14" and re.fullmatch(r"1\.\.\d+", lines[1]), "TAP: begins otherwise")
    points, at = [], 2
    while at < len(lines):
        point = re.fullmatch(r"(not )?ok (\d+) - ((?:[^#\\]|\\[#\\])+?)( # SKIP .*)?", lines[at])
        if point:
            run.expect(int(point[2]) == len(points) + 1, "TAP: number " + point[2])
            points.append((not point[1], re.sub(r"\\(.)", r"\1", point[3]), {}))
            if at + 1 < len(lines) and lines[at + 1] == "  ---":
                end = lines.index("  ...", at)
                for line in lines[at + 2 : end]:
                    name, value = re.fullmatch(r"  (\w+): (\".*\")", line).groups()
                    points[-1][2][name] = json.loads(value)
                at = end
        else:
            run.expect(lines[at].startswith("#"), "TAP: " + lines[at])
        at += 1
    run.expect(lines[1] == "1..%d" % len(points), "TAP: another plan")
    return points


# JUnit: Jenkins' junit-10.xsd and Ant's, as far as I remember them; a file must pass both.

JENKINS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:simpleType name="time"><xs:restriction base="xs:string">
<xs:pattern value="(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\\.[0-9]{0,3})?"/></xs:restriction></xs:simpleType>
<xs:complexType name="wrong" mixed="true"><xs:attribute name="type" type="xs:string"/>
<xs:attribute name="message" type="xs:string"/></xs:complexType>
<xs:element name="failure" type="wrong"/><xs:element name="error" type="wrong"/>
<xs:element name="skipped" type="wrong"/>
<xs:element name="properties"><xs:complexType><xs:sequence>
<xs:element ref="property" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="property"><xs:complexType><xs:attribute name="name" type="xs:string" use="required"/>
<xs:attribute name="value" type="xs:string" use="required"/></xs:complexType></xs:element>
<xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/>
<xs:element name="testcase"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">
<xs:element ref="skipped"/><xs:element ref="error"/><xs:element ref="failure"/><xs:element ref="system-out"/>
<xs:element ref="system-err"/></xs:choice><xs:attribute name="name" type="xs:string" use="required"/>
<xs:attribute name="classname" type="xs:string"/><xs:attribute name="time" type="time"/>
<xs:attribute name="group" type="xs:string"/></xs:complexType></xs:element>
<xs:element name="testsuite"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">
<xs:element ref="testsuite"/><xs:element ref="properties"/><xs:element ref="testcase"/><xs:element ref="system-out"/>
<xs:element ref="system-err"/></xs:choice><xs:attribute name="name" type="xs:string" use="required"/>
<xs:attribute name="tests" type="xs:string" use="required"/>
<xs:attribute name="failures" type="xs:string" use="required"/>
<xs:attribute name="errors" type="xs:string" use="required"/><xs:attribute name="group" type="xs:string"/>
<xs:attribute name="time" type="time"/><xs:attribute name="skipped" type="xs:string"/>
<xs:attribute name="timestamp" type="xs:string"/><xs:attribute name="hostname" type="xs:string"/>
<xs:attribute name="id" type="xs:string"/><xs:attribute name="package" type="xs:string"/></xs:complexType></xs:element>
<xs:element name="testsuites"><xs:complexType><xs:sequence>
<xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:attribute name="name" type="xs:string"/><xs:attribute name="time" type="time"/>
<xs:attribute name="tests" type="xs:string"/><xs:attribute name="failures" type="xs:string"/>
<xs:attribute name="errors" type="xs:string"/></xs:complexType></xs:element></xs:schema>"""

ANT = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
<xs:simpleType name="moment"><xs:restriction base="xs:dateTime">
<xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"/></xs:restriction></xs:simpleType>
<xs:simpleType name="name"><xs:restriction base="xs:token"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
<xs:complexType name="wrong"><xs:simpleContent><xs:extension base="xs:string">
<xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string" use="required"/>
</xs:extension></xs:simpleContent></xs:complexType>
<xs:element name="testsuites"><xs:complexType><xs:sequence>
<xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
<xs:element name="properties"><xs:complexType><xs:sequence>
<xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
<xs:attribute name="name" type="name" use="required"/><xs:attribute name="value" type="xs:string" use="required"/>
</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
<xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:choice minOccurs="0">
<xs:element name="skipped"/><xs:element name="error" type="wrong"/>
<xs:element name="failure" type="wrong"/></xs:choice>
<xs:attribute name="name" type="xs:token" use="required"/>
<xs:attribute name="classname" type="xs:token" use="required"/>
<xs:attribute name="time" type="xs:decimal" use="required"/></xs:complexType></xs:element>
<xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/></xs:sequence>
<xs:attribute name="name" type="name" use="required"/><xs:attribute name="timestamp" type="moment" use="required"/>
<xs:attribute name="hostname" type="name" use="required"/><xs:attribute name="tests" type="xs:int" use="required"/>
<xs:attribute name="failures" type="xs:int" use="required"/><xs:attribute name="errors" type="xs:int" use="required"/>
<xs:attribute name="skipped" type="xs:int"/><xs:attribute name="time" type="xs:decimal" use="required"/>
<xs:attribute name="package" type="xs:token" use="required"/><xs:attribute name="id" type="xs:int" use="required"/>
</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>"""


def read_junit(run, folder):
    """(kind, classname, name) of each test case; kind: passed, failure, error or skipped."""
    run.text()
    try:
        root = xml.etree.ElementTree.fromstring(run.out)
    except xml.etree.ElementTree.ParseError as e:
        run.expect(False, "no XML: %s" % e)
        return []
    for name, schema in ("jenkins", JENKINS), ("ant", ANT):
        if not shutil.which("xmllint"):
            break
        with open(os.path.join(folder, name + ".xsd"), "w") as f:
            f.write(schema)
        done = subprocess.run(["xmllint", "--noout", "--schema", f.name, "-"], input=run.out, stderr=subprocess.PIPE)
        run.expect(done.returncode == 0, "%s's schema: %s" % (name, done.stderr[:400]))
    found = []
    for i, suite in enumerate(root):
        cases = suite.findall("testcase")
        count = lambda kind: sum(c.find(kind) is not None for c in cases)
        said = [int(suite.get(k)) for k in ("id", "tests", "failures", "errors", "skipped")]
        run.expect(said == [i, len(cases), count("failure"), count("error"), count("skipped")], "counts: %s" % said)
        run.expect(suite.get("time") == "0.000", "a time")
        found += [(c[0].tag if len(c) else "passed", c.get("classname"), c.get("name")) for c in cases]
    return found


# Each form of one run, against its canonical report.


def read_csv(run):
    text = run.text()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    run.expect(all(len(r) == len(rows[0]) for r in rows), "CSV: rows of different length")
    run.expect(text.count("\r\n") >= len(rows) and text.endswith("\r\n"), "CSV: ends of lines")
    lines, last = [], None
    for row in (dict(zip(rows[0], r)) for r in rows[1:]):
        if (row["claim"], row["case"]) != last:
            last = row["claim"], row["case"]
            lines.append("%s %s printed=%s meant=%s repaired=%s" % (*last, *(row[k] for k in READINGS)))
        if row["figure"]:
            lines[-1] += " %s=%s" % (row["figure"], "" if row["figure"] == "why" else row["text"])
        for end in ("lo", "hi"):
            if row[end + "_hex"]:
                run.expect(float(row[end]) == float.fromhex(row[end + "_hex"]), "CSV: %s" % row)
        if row["lo"] and "." in row["lo"] and not row["lo_hex"]:
            run.expect(decimal.Decimal(row["lo"]) <= decimal.Decimal(row["hi"]), "CSV: %s" % row)
    return lines


def read_github(run, program, args, folder):
    unescaped = lambda s: re.sub("%(..)", lambda found: chr(int(found[1], 16)), s)
    file = os.path.join(folder, "summary")
    with open(file, "w") as f:
        f.write("before\n")
    again = Run(program, args + ["--format", "github"], (run.code,), {"GITHUB_STEP_SUMMARY": file})
    with open(file, encoding="utf-8", errors="replace", newline="") as f:
        summary = f.read()
    again.expect(run.text() == again.text() + "\n" + summary[len("before\n") :], "summary or annotations differ")
    errors = []
    for line in again.text().splitlines() if "\r" not in again.text() else again.expect(False, "a CR") or []:
        found = re.fullmatch(r"::(error|notice) title=([^:,%]|%25|%0D|%0A|%3A|%2C)*::([^%]|%25|%0D|%0A)*", line)
        again.expect(found, "an annotation that is none: " + line)
        if line.startswith("::error"):
            errors.append(unescaped(line.split("::")[1][len("error title=") :]))
    widths = None
    for line in summary.split("\n"):
        width = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        again.expect(width is None or widths in (None, width), "a row of another width: " + line)
        widths = width
    return errors


def all_forms(program, args, codes, folder):
    """One run in every form: they must say the same."""
    in_form = lambda form: Run(program, args + ["--format", form], codes)
    canonical = in_form("canonical")
    lines = [c.split(" printed=")[0] for c in canonical.out.decode("utf-8", "replace").splitlines()[1:]]
    document = check_json(in_form("json"), "checks", CHECKS)
    if not document:
        return
    hostile = b"\xff" in canonical.out
    expect(hostile or canonical_of(document) == without_why(canonical.out), "%s: JSON and canonical" % args)
    digest = hashlib.sha256(canonical.out).hexdigest()
    canonical.expect(document["sha256"] == digest, "the digest in JSON")
    canonical.expect(digest.encode() in Run(program, args, codes).out, "the digest in the text")
    check_sums(canonical, document)
    bad = [(c["claim"], c["case"]) for c in document["cases"] if not c["as_expected"] or "why" in c]
    rows_bad = document["exit"] == 1
    points = read_tap(in_form("tap"))
    canonical.expect([p[1] for p in points] == lines + ["vectors rows"], "TAP: other cases")
    failed = ["%s %s" % b for b in bad] + ["vectors rows"] * rows_bad
    canonical.expect([p[1] for p in points if not p[0]] == failed, "TAP: others fail")
    canonical.expect(all(bool(p[2]) != p[0] for p in points), "TAP: YAML where there is none, or the other way round")
    tests = read_junit(in_form("junit"), folder)
    canonical.expect(["%s %s" % t[1:] for t in tests] == lines + ["vectors rows"], "JUnit: other cases")
    canonical.expect(["%s %s" % t[1:] for t in tests if t[0] != "passed"] == failed, "JUnit: others fail")
    undecided = sum("why" in c for c in document["cases"])
    canonical.expect(sum(t[0] == "error" for t in tests) == undecided, "JUnit: errors")
    canonical.expect(hostile or read_csv(in_form("csv")) == without_why(canonical.out)[1:], "CSV and canonical")
    read_csv(in_form("csv"))
    canonical.expect(read_github(in_form("github"), program, args, folder) == failed, "GitHub: other errors")
    said = " ".join(args)[-60:], len(lines), len(bad), document["exit"]
    print("%-60s %4d cases, %d not as expected, exit %d" % said)


# Runs that come out otherwise, from parts that were edited and sealed again.


def sealed(file, lines):
    body = b"\n".join(lines) + b"\n"
    with open(file, "wb") as f:
        f.write(body + b"sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n")
    return file


def edited_parts(program, folder):
    """(exit code, part): an UNDECIDED; all verdicts turned; a figure changed; hostile words in reasons and figures."""
    whole = os.path.join(folder, "part")
    Run(program, ["--level", "quick", "--shard", "1/1", "-o", whole])
    with open(whole, "rb") as f:
        lines = f.read().split(b"\n")[:-2]
    verdict = re.compile(rb"^(result \S+ \S+ )(\S+) (\S+) (\S+) (\S+)$")

    def edit(turn, why, every=1, figure=None):
        out = []
        for i, line in enumerate(lines):
            found = verdict.match(line) if i % every == 0 else None
            if found:
                verdicts = [v if v == b"-" else turn(v) for v in found.groups()[1:4]]
                out.append(found[1] + b" ".join(verdicts + [found[5]]))
                out += [b"why " + why] if why else []
            elif figure and line.startswith(b"figure ") and i % every == 0:
                out.append(line.split(b" ")[0] + b" " + line.split(b" ")[1] + b" 0 0 0 " + figure)
            else:
                out.append(line)
        return out

    undecided = lambda v: b"UNDECIDED"
    turned = lambda v: b"REFUTED" if v == b"CERTIFIED" else b"CERTIFIED"
    file = lambda name: os.path.join(folder, name)
    yield (3,), sealed(file("open"), edit(undecided, b"the enclosure is too wide", 97))
    yield (3,), sealed(file("all-open"), edit(undecided, b"the enclosure is too wide"))
    yield (3,), sealed(file("hostile"), edit(undecided, HOSTILE, 31))
    yield (1,), sealed(file("turned"), edit(turned, b""))
    yield (1,), sealed(file("figure"), edit(lambda v: v, b"", 13, b"a,b"))
    yield (1,), sealed(file("mixed"), edit(undecided, HOSTILE, 11, HOSTILE.replace(b" ", b"")[:70]))


# Networks: an npy of 64-bit floats in a zip, as numpy.savez has it.


def npz(file, arrays):
    with zipfile.ZipFile(file, "w") as z:
        for name, shape, values in arrays:
            head = str({"descr": "<f8", "fortran_order": False, "shape": shape}).encode()
            head += b" " * (-(len(head) + 11) % 64) + b"\n"
            numbers = struct.pack("<%dd" % len(values), *values)
            z.writestr(name + ".npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + numbers)


def networks(program, folder):
    """path, certify and check: all kinds, hostile names, a loss that is not finite, a certificate that is rejected."""
    a, b, c = (os.path.join(NETWORKS, n) for n in ("two-layer-a.npz", "two-layer-b.npz", "two-layer-c.safetensors"))
    data = ["--data", os.path.join(NETWORKS, "iris.csv"), "--format", "json"]
    linear = [os.path.join(NETWORKS, "linear-skip-%s.safetensors" % n) for n in "ab"]
    model = ["--model", os.path.join(NETWORKS, "linear-skip.map")]
    skip = [os.path.join(NETWORKS, "skip-%s.npz" % n) for n in "ab"]
    decay = ["--penalty", "decay", "--kappa", "0.001"]
    for args in [a, b], [a, b] + decay, [a, b, "--strategy", "line"], [a, c, "--loss", "huber"], skip, linear + model:
        check_json(Run(program, ["path"] + args + data), "path", PATH)
    for args in [a, b, "--strategy", "theorem11"], linear + model + ["--strategy", "theorem6"]:
        check_json(Run(program, ["path"] + args + data), "path", THEOREM)
    segments = check_json(Run(program, ["certify", a, c, b] + data), "certify", PATH)["segments"]
    expect(len(segments) == 2, "certify: segments")
    check_json(Run(program, ["path", a, b, "--expect-a", "9"] + data, (1,)), "path", PATH)
    for name in HOSTILE + b"\n\t\x01.npz", b'\\"\r.npz', b"\xe2\x82.npz", "\u2028\U0001f600.npz".encode():
        own, cert = (os.path.join(os.fsencode(folder), p + name) for p in (b"net", b"cert"))
        shutil.copy(a, own)
        document = check_json(Run(program, ["path", own, b, "--certificate", cert] + data), "path", PATH)
        said = own.decode("utf-8", "replace")
        valid = b"\xff" not in name and b"\xe2\x82." not in name
        read = document["files"][0]
        expect(not valid or read == said, "a file's name: %r, expected %r" % (read, said))
        ends = ["--from", own, "--to", b] + data
        check_json(Run(program, ["check", cert] + ends), "check", ACCEPTED)
        check_json(Run(program, ["check", b] + ends, (1,)), "check", REJECTED)
    huge = os.path.join(folder, "huge.npz")
    for size in 1e200, 1e308:
        npz(huge, [("W1", (2, 4), [size] * 8), ("W2", (3, 2), [size, -size] * 3)])
        done = Run(program, ["path", huge, huge] + data, (0, 3))
        document = check_json(done, "path", PATH)
        expect(done.code == 0 or document["path"]["bound"] is None, "no bound, and yet one: %s" % document["path"])
    expect(done.code == 3, "a loss that is not finite: exit %d" % done.code)


# Surfaces: JSON, CSV and VTK hold the same doubles, VTK's own readers find them there, and the picture is XML.

VTK_READS = """
import json, sys, vtk
for reader in vtk.vtkRectilinearGridReader(), vtk.vtkDataSetReader():
    reader.SetFileName(sys.argv[1])
    reader.ReadAllScalarsOn()
    reader.ReadAllFieldsOn()
    reader.Update()
    grid = reader.GetOutput()
    found = {"error": reader.GetErrorCode(), "dimensions": grid.GetDimensions()}
    for data in grid.GetPointData(), grid.GetFieldData():
        for i in range(data.GetNumberOfArrays()):
            array = data.GetArray(i)
            n = array.GetNumberOfTuples() * array.GetNumberOfComponents()
            found[data.GetArrayName(i)] = [array.GetDataTypeAsString()] + [array.GetValue(k).hex() for k in range(n)]
    for name, array in ("a", grid.GetXCoordinates()), ("b", grid.GetYCoordinates()):
        found[name] = ["double"] + [array.GetValue(k).hex() for k in range(array.GetNumberOfTuples())]
    print(json.dumps(found))
"""


def vtk_python():
    """A Python that has VTK, or None."""
    for python in sys.executable, "/usr/bin/python3":
        if os.path.exists(python) and not subprocess.run([python, "-c", "import vtk"], capture_output=True).returncode:
            return python
    return None


def vtk_lines(file):
    """The arrays of a legacy file, read by what this file knows of the format."""
    with open(file, encoding="ascii") as f:
        lines = f.read().split("\n")
    expect(lines[0] == "# vtk DataFile Version 3.0" and len(lines[1]) < 256 and lines[2] == "ASCII", "VTK: its head")
    arrays, name = {}, None
    for line in lines[3:-1]:
        word = line.split()[0]
        if word[0] in "-0123456789":
            arrays[name].append(float(line))
        elif word != "LOOKUP_TABLE":
            name = line.split()[1] if word == "SCALARS" else word
            arrays[name] = []
    return arrays


def check_surface(program, folder, python, args):
    """One surface in all forms."""
    files = {k: os.path.join(folder, "surface." + k) for k in ("svg", "vtk", "csv")}
    args = ["surface"] + args
    more = ["--svg", files["svg"], "--vtk", files["vtk"]]
    document = check_json(Run(program, args + more + ["--format", "json"]), "surface", SURFACE)
    run = Run(program, args + ["--format", "csv"])
    said = run.expect
    rows = list(csv.reader(io.StringIO(run.text(), newline=""), strict=True))
    said(rows[0] == ["a", "b", "F_lower", "F_upper"] and run.text().endswith("\r\n"), "CSV: its head or end")
    a, b = ([float(x) for x in document[k]] for k in "ab")
    F = [[float.fromhex(h) for h in f["hex"]] for row in document["F"] for f in row]
    said(len(F) == len(a) * len(b), "JSON: values")
    points = [[x, y] + f for (y, x), f in zip(((y, x) for y in b for x in a), F)]
    said(points == [[float(x) for x in row] for row in rows[1:]], "CSV is not JSON")
    lower, upper = ([f[e] for f in F] for e in (0, 1))
    ends = lambda e: [float.fromhex(n["F"]["hex"][e]) for n in document["networks"]]
    places = [float(n[k]) for n in document["networks"] for k in "ab"]
    for most, name in (min, "least"), (max, "largest"):
        extreme = [float.fromhex(h) for h in document[name]["F"]["hex"]]
        said(extreme == [most(lower), most(upper)], "JSON: " + name)
    arrays = vtk_lines(files["vtk"])
    expected = {"X_COORDINATES": a, "Y_COORDINATES": b, "F_lower": lower, "F_upper": upper, "places": places}
    expected.update({"networks_lower": ends(0), "networks_upper": ends(1)})
    said(all(arrays[k] == v for k, v in expected.items()), "VTK is not JSON")
    picture = xml.etree.ElementTree.parse(files["svg"]).getroot()
    words = ["".join(t.itertext()) for t in picture.iter("{http://www.w3.org/2000/svg}text")]
    said(all("ABC"[i] in words for i in range(len(document["networks"]))), "SVG: no name of a network")
    if not python:
        return
    done = subprocess.run([python, "-c", VTK_READS, files["vtk"]], capture_output=True)
    said(done.returncode == 0 and not done.stderr, "VTK's readers: %s" % done.stderr[-300:])
    for line in done.stdout.splitlines():
        found = json.loads(line)
        said(found["error"] == 0 and found["dimensions"] == [len(a), len(b), 1], "VTK's reader: %s" % line[:200])
        for name, values in expected.items():
            name = {"X_COORDINATES": "a", "Y_COORDINATES": "b"}.get(name, name)
            said(found.get(name) == ["double"] + [x.hex() for x in values], "VTK's reader: " + name)
    said(len(done.stdout.splitlines()) == 2, "VTK's readers: no answer")


def read_npz(file):
    """{name: (shape, numbers)}, of 32- or 64-bit floats in C's order, by version 1 of the format."""
    arrays = {}
    with zipfile.ZipFile(file) as z:
        for name in z.namelist():
            raw = z.read(name)
            end = 10 + struct.unpack("<H", raw[8:10])[0]
            head = ast.literal_eval(raw[10:end].decode())
            count = math.prod(head["shape"])
            numbers = struct.unpack("<%d%s" % (count, {"<f8": "d", "<f4": "f"}[head["descr"]]), raw[end:])
            arrays[name[:-4]] = head["shape"], list(numbers)
    return arrays


def two_layer_loss(net, samples):
    """Mean cross-entropy, in doubles."""
    total = 0
    W1, b1, W2, b2 = (net[k] for k in ("W1", "b1", "W2", "b2"))
    for x, label in samples:
        n, m = len(x), len(b1)
        h = [max(0, b1[i] + sum(W1[i * n + j] * x[j] for j in range(n))) for i in range(m)]
        f = [b2[k] + sum(W2[k * m + i] * h[i] for i in range(m)) for k in range(len(b2))]
        top = max(f)
        total += math.log(sum(math.exp(v - top) for v in f)) + top - f[label]
    return total / len(samples)


def check_plane(program, folder, networks, data):
    """F at all points of a plane, made anew from the networks at (0, 0), (1, 0) and (0, 1); and these are as told."""
    knots = os.path.join(folder, "knots.npz")
    run = Run(program, ["surface"] + networks + ["--knots", knots, "--grid", "7x6"] + data + ["--format", "csv"])
    with open(data[1], newline="") as f:
        table = list(csv.reader(f))[1:]
    names = sorted({row[-1] for row in table})
    samples = [([float(x) for x in row[:-1]], names.index(row[-1])) for row in table]
    arrays = read_npz(knots)
    parts = {k: len(v) // 3 for k, (shape, v) in arrays.items() if k != "out_in"}
    knot = [{k: arrays[k][1][i * n : i * n + n] for k, n in parts.items()} for i in range(3)]
    o = [x for k in parts for x in knot[0][k]]
    u, v = ([x - y for x, y in zip((x for k in parts for x in knot[i][k]), o)] for i in (1, 2))
    dot = lambda x, y: math.fsum(a * b for a, b in zip(x, y))
    first = read_npz(networks[0])
    run.expect(all(first[k][1] == knot[0][k] for k in parts), "(0, 0) is not A")
    if len(networks) == 1:
        for k in "W1", "W2":
            rows, columns = first[k][0]
            for i in range(rows):
                row = lambda which: knot[which][k][i * columns : (i + 1) * columns]
                moved = ([x - y for x, y in zip(row(e), row(0))] for e in (1, 2))
                size = dot(row(0), row(0))
                run.expect(all(abs(dot(d, d) - size) <= 1e-12 * size for d in moved), "%s: a row's norm" % k)
        run.expect(all(knot[i][k] == knot[0][k] for i in (1, 2) for k in ("b1", "b2")), "a bias is moved")
    else:
        second = read_npz(networks[1])
        run.expect(all(abs(x - y) <= 1e-12 for k in parts for x, y in zip(second[k][1], knot[1][k])), "(1, 0) is not B")
        size = dot(u, u)
        run.expect(abs(dot(u, v)) <= 1e-12 * size and abs(dot(v, v) - size) <= 1e-12 * size, "no square axes")
    for row in run.text().split("\r\n")[1:-1]:
        a, b, lower, upper = map(float, row.split(","))
        at = {k: [x + a * (y - x) + b * (z - x) for x, y, z in zip(*(n[k] for n in knot))] for k in parts}
        F = two_layer_loss(at, samples)
        room = 1e-10 * (1 + abs(F))
        run.expect(
            lower - room <= F <= upper + room, "F(%g, %g) is %.17g, not in [%.17g, %.17g]" % (a, b, F, lower, upper)
        )


def surfaces(program, folder):
    python = vtk_python()
    print("surfaces: " + ("read by VTK too" if python else "SKIPPED: VTK's own readers (Debian: python3-vtk9)"))
    a, b, c = (os.path.join(NETWORKS, n) for n in ("two-layer-a.npz", "two-layer-b.npz", "two-layer-c.safetensors"))
    data = ["--data", os.path.join(NETWORKS, "iris.csv")]
    for args in (
        [a],
        [a, b, "--grid", "9x6"],
        [a, b, c, "--grid", "12"],
        [c, "--grid", "2", "--box", "-1e-300,1,-3,1e20"],
    ):
        check_surface(program, folder, python, args + data)
    for nets, more in ([a], []), ([b], ["--seed", "9"]), ([a, b], []):
        check_plane(program, folder, nets, data + more)


# All that bench measures, or what is quick of it.
def bench(program, quick):
    parts = ["vectors", "sums"] if quick else []
    check_json(Run(program, ["bench", *parts, "--format", "json"]), "bench", BENCH)
    parts = ["svd", "threads"] if quick else []
    document = check_json(Run(program, ["bench", "--growth", *parts, "--format", "json"]), "bench", BENCH_GROWTH)
    for row in document["growth"]:
        sizes = [p["size"] for p in row["points"]]
        expect(sizes == sorted(set(sizes)), "bench --growth %s: sizes %s" % (row["name"], sizes))
    if not quick:
        document = check_json(Run(program, ["bench", "--units", "64", "--format", "json"]), "bench", BENCH_UNITS)
        expect(document["path"]["units"] == 64 and document["path"]["certified"], "bench --units 64")


def others(program, folder, quick):
    check_json(Run(program, ["--version", "--format", "json"]), "version", HEAD)
    listed = check_json(Run(program, ["list", "--format", "json"]), "list", {**HEAD, "claims": [BRIEFLY]})["claims"]
    names = [c["claim"] for c in listed]
    document = check_json(Run(program, ["explain"] + names + ["map", "json", "--format", "json"]), "explain", EXPLAIN)
    told = document["explained"]
    expect([t.get("claim", t.get("topic")) for t in told] == names + ["map", "json"], "explain: other words")
    for t in told[: len(names)]:
        text = Run(program, ["explain", t["claim"]]).out.decode()
        rows = re.findall(r"^  \S+ +(?:quick|standard|full) ", text[text.index("\nCases:") :], re.M)
        expect(t["text"] in text and len(rows) == len(t["cases"]) == t["runs"]["full"], t["claim"])
    bench(program, quick)
    if quick:
        return
    document = check_json(Run(program, ["selftest", "-v", "--format", "json"]), "selftest", SELFTEST)
    expect(sum(l["rows"] for l in document["levels"]) == document["rows"], "selftest: rows")
    points = read_tap(Run(program, ["selftest", "--format", "tap"]))
    tests = read_junit(Run(program, ["selftest", "--format", "junit"]), folder)
    levels = ["selftest " + l["dispatch"] for l in document["levels"]]
    expect([p[1] for p in points] == ["%s %s" % t[1:] for t in tests] == levels, "selftest: other levels")


def main():
    program = os.path.abspath(sys.argv[1])
    quick = "--quick" in sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        all_forms(program, ["--level", "quick"], (0,), folder)
        all_forms(program, ["--level", "quick", "--seed", "18446744073709551615"], (0,), folder)
        all_forms(program, ["--case", "eps<=1", "shamir.remark3"], (0,), folder)
        for codes, part in edited_parts(program, folder):
            all_forms(program, ["merge", part], codes, folder)
        networks(program, folder)
        surfaces(program, folder)
        if not quick:
            all_forms(program, [], (0,), folder)
        others(program, folder, quick)
    print("formats: %d failures%s" % (len(FAILURES), "" if shutil.which("xmllint") else " (no xmllint: without XSDs)"))
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
