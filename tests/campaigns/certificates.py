# SPDX-License-Identifier: MIT
"""The program's certificates and the independent checker: alone sees a path accepted though no proof stands behind it.

    python3 tests/campaigns/certificates.py PROGRAM

Writes the path of every case that has one and expects vectors/certificate.py to accept it. Then changes small ones, one
thing at a time: with the old SHA-256 everything must be rejected; with a new one, whatever makes the statement false.
What is then still accepted says something true: numbers that nothing reads (a freed unit's rows), a leg under another
name of the same rule, a sample whose new label lowers F nowhere in question. They are counted."""
import hashlib, math, os, random, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "vectors"))
import certificate

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "skipverify")
CLAIMS = ["wang.thm11", "wang.thm5", "wang.remark5.1", "wang.thm6", "wang.lemma7", "wang.remark4.1"]
SMALL = [
    ("wang.thm11", "squared/2-1/random"),
    ("wang.thm11", "squared/2-1/m=l+1"),
    ("wang.thm11", "squared/1-1/deep"),
    ("wang.thm5", "squared/2/m=l+1"),
    ("wang.thm6", "squared/3-1-2/random"),
    ("wang.thm6", "squared/4-2-3/opposite"),
    ("wang.thm6", "squared/3-2-2/rank-0"),
    ("wang.thm6", "squared/4-3-2/twin/trained"),
    ("wang.lemma7", "squared/4-3-2/rank-1"),
    ("wang.thm11", "exact/squared/2-1"),
    ("wang.thm5", "exact/N=4/m=16"),
]
SAME_RULE = [{"merge", "interpolate", "linear"}]


def cases(claim):
    text = subprocess.run([PROGRAM, "explain", claim], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  (\S+) +(?:quick|standard) +(?:CERTIFIED|REFUTED|UNDECIDED|-) ", text, re.M)


def write(claim, case, name):
    done = subprocess.run([PROGRAM, "-q", "--case", case, "--certificate", name, claim], capture_output=True, text=True)
    if done.returncode == 2 and "has no path to write" in done.stderr:
        return None
    if done.returncode:
        sys.exit("%s %s: exit %d: %s" % (claim, case, done.returncode, done.stderr))
    return open(name, "rb").read()


def verdict(data):
    try:
        certificate.check(data)
        return None
    except certificate.Reject as reason:
        return str(reason)


def sealed(lines):
    body = "".join(line + "\n" for line in lines if not line.startswith("sha256 "))
    return (body + "sha256 " + hashlib.sha256(body.encode()).hexdigest() + "\n").encode()


def changed_numbers(lines, rng):
    """(kind of line, lines with one number changed) for about 300 of the numbers."""
    places = [(i, j) for i, line in enumerate(lines) for j, word in enumerate(line.split(" ")) if "0x" in word]
    kind, head = {}, "?"
    for i, line in enumerate(lines):
        word = line.split(" ")[0]
        head = word if not word.lstrip("-").startswith("0x") else head
        kind[i] = head
    for i, j in rng.sample(places, min(300, len(places))):
        words = lines[i].split(" ")
        x = float.fromhex(words[j])
        y = rng.choice([math.nextafter(x, math.inf), math.nextafter(x, -math.inf), x + 0.125, -x if x else 1.0])
        yield kind[i], lines[:i] + [
            " ".join(words[:j] + [y.hex().replace("0x0.0p+0", "0x0p+0")] + words[j + 1 :])
        ] + lines[i + 1 :]


def tamper(data, rng, count):
    lines = data.decode().splitlines()
    stale = lines[-1]

    def tally(kind, new):
        key = kind, verdict(sealed(new)) is None
        count[key] = count.get(key, 0) + 1

    for kind, new in changed_numbers(lines, rng):
        old_digest = ("\n".join(new[:-1] + [stale]) + "\n").encode()
        assert verdict(old_digest), "a changed number with the old SHA-256 was accepted"
        tally(kind, new)
    legs = [i for i, line in enumerate(lines) if line.startswith("leg ")]
    for i in legs:
        for other in certificate.RULES:
            if other == lines[i][4:] or any({other, lines[i][4:]} <= s for s in SAME_RULE):
                continue
            tally("leg type", lines[:i] + ["leg " + other] + lines[i + 1 :])
        cut = next(k for k in range(i + 1, len(lines)) if lines[k].startswith(("leg ", "bound ")))
        tally("leg left out", lines[:i] + lines[cut:])  # two rewirings in a row are one, too
    bound = float.fromhex(lines[-2].split(" ")[1])
    assert verdict(sealed(lines[:-2] + ["bound " + (bound * (1 - 2**-10)).hex()])), "a lower bound was accepted"


def main():
    rng, count, written, large = random.Random(1), {}, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for claim in CLAIMS:
            for case in cases(claim):
                data = write(claim, case, os.path.join(folder, "c"))
                reason = data and verdict(data)
                if reason and reason.startswith("too large"):
                    large.append(case)
                    continue
                if reason:
                    sys.exit("FAIL %s %s: rejected: %s" % (claim, case, reason))
                written += data is not None
        for claim, case in SMALL:
            tamper(write(claim, case, os.path.join(folder, "c")), rng, count)
    assert written > 0, "no case was found that has a path"
    print(
        "certificates: %d written, all accepted by the exact checker; too large for it: %s"
        % (written, ", ".join(large) or "none")
    )
    for kind in sorted({k for k, _ in count}):
        print(
            "  changed %-12s with a new SHA-256: %4d rejected, %3d still true"
            % (kind, count.get((kind, False), 0), count.get((kind, True), 0))
        )
    must = {"bound", "risk", "kappa", "W2", "leg type", "leg left out"}
    assert all(count.get((k, False), 0) > 0 for k in must), "some kind of change is never rejected"


if __name__ == "__main__":
    main()
