# SPDX-License-Identifier: MIT
"""The two checkers of path certificates: alone sees a certificate that one accepts and the other rejects.

    python3 tests/campaigns/agree.py PROGRAM [COUNT]        default 500 certificates and mutations of each

Small random networks of all models, losses and penalties, some with dead units, dependent rows of W2, rows in common
or biases at one end only; half of the certificates are made by test_certificate2.py, half by PROGRAM path or certify.
Each, and changes of it with a new SHA-256, is given to PROGRAM check and to vectors/certificate.py. Left out is what
PROGRAM alone cannot certify because the bound is less than 1e-9 above F: it computes with doubles. The first number
of a line of findings is the seed of its certificate: agree.py PROGRAM =SEED runs that one and keeps its files."""
import collections
import concurrent.futures
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction as Q

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_certificate2 as made
from test_certificate2 import certificate

CHANGES, NEAR = 8, 1e-9
SPELLINGS = (
    "0x1p0 0x10p-4 0x1.80p+0 0x2p+0 0X1p+0 0x0p+1 0x1p-1080 0x1p-1070 0x0.8p-1022 0x1p+1024 1 1.5 nan inf".split()
)
SPELLINGS += (
    "-0x0p+0 0x0p+0 0x0.0p+0 0x1p-54 0x1p-53 0x1.0000000000001p-1 0x1.0000000000001p-2 0x1p-1022 +0x1p+0".split()
)


def run(program, *words):
    return subprocess.run([program, *words, "--threads", "1"], capture_output=True, text=True, timeout=100)


# ------------------------------------------------------------------ problems
def problem(rng):
    model, loss = rng.choice(made.MODELS), rng.choice(made.LOSSES)
    penalty = rng.choice(("none", "none", "decay", "wang")[: 4 if model in ("two-layer", "skip") else 3])
    block, n = rng.choice([(2,), (2, 3), (3, 2, 2)]), rng.choice([3, 4])
    if model in made.DEEP:
        block = rng.choice({"mlp": [(3, 2), (4, 4), (2, 3, 3)], "residual": [(3, 2), (0, 3), (2, 2, 3)]}[model])
    p = made.Problem(
        rng,
        model,
        loss,
        penalty,
        rng.choice([3, 4, 5]),
        rng.choice([3, 4, 5]),
        n,
        N=rng.choice([1, 4, 9]),
        block=block,
        bias=rng.random() < 0.8,
        fine=rng.random() < 0.3,
    )
    if rng.random() < 0.3 and model in ("two-layer", "skip"):
        p.M += rng.choice([1, 3])
    p.net = {end: {k: [list(row) for row in rows] for k, rows in t.items()} for end, t in p.net.items()}
    for change in (dead, dependent, common, one_bias):
        if rng.random() < 0.2:
            change(p, rng)
    p.padded = {end: p.pad(t, p.m[end]) for end, t in p.net.items()}
    for end, other in ("AB", "BA"):
        for name in p.net[other]:
            if name not in p.padded[end]:
                rows = p.padded[other][name]
                p.padded[end] = dict(p.padded[end], **{name: [[Q(0)] for _ in rows]})
    return p


def dead(p, rng):
    t = p.net[rng.choice("AB")]
    for name in ("W1", "U1"):
        if name in t:
            t[name][0] = [Q(0)] * len(t[name][0])


def dependent(p, rng):
    W2 = p.net[rng.choice("AB")][p.last()]
    j, k = rng.randrange(p.dy), rng.randrange(p.dy)
    W2[j] = [Q(rng.choice([0, 1, -2])) * v for v in W2[k]]


def common(p, rng):
    for name in ("W1", "b1") if p.model in certificate.RELAYED else ():
        for k in range(min(p.m.values()) if name in p.net["A"] else 0):
            p.net["B"][name][k] = list(p.net["A"][name][k])


def one_bias(p, rng):
    t = p.net[rng.choice("AB")]
    for name in [name for name in t if name[0] in "bcd"]:
        del t[name]


# ------------------------------------------------------------------ certificates
def own(p, rng):
    """By test_certificate2.py: the lines."""
    relayed = rng.random() < 0.5 and (p.model == "two-layer" or p.penalty == "none") and p.M > 3 and not p.fine
    if p.model in made.DEEP or rng.random() < 0.3:
        lines = pointed(p, rng) if rng.random() < 0.7 else made.lines(p)[0]
    else:
        lines, _ = (made.relay if relayed else made.lines)(p)
    bound = float.fromhex(lines[-1].split(" ")[1])
    return lines[:-1] + ["bound " + made.hexa(bound * rng.choice([1, 1 + 1e-6, 1 + 1e-6]))]


def pointed(p, rng):
    """readout, idle where a unit is dead, a curve, readout."""
    points, b = made.Points(), made.Builder(p)
    if rng.random() < 0.7:
        b.full("readout", points.refitted(p, b.state))
    end = points.refitted(p, p.padded["B"]) if rng.random() < 0.7 else p.padded["B"]
    if rng.random() < 0.3:  # often not idle
        name = rng.choice([name for name in b.state if name != p.last()])
        b.full("idle", points.near(p, b.state, (name,)))
    degree, count = rng.choice([2, 3, 4]), rng.choice([1, 2, 4])
    way = [made.mix_all(Q(j, degree), b.state, end) for j in range(1, degree)]
    cuts = [rng.choice([[], [Q(1, 2)], [Q(1, 4), Q(5, 8)]]) for _ in range(count)]
    b.curve([points.near(p, t) for t in way], count, cuts, end)
    if end != p.padded["B"]:
        b.full("readout", p.padded["B"])
    return b.finish()


def programs(p, rng, program, given, where):
    """By the program; None if it finds no path."""
    file = os.path.join(where, "certificate")
    nets = [given["from"], given["to"]]
    if rng.random() < 0.4:
        command = ["certify", nets[0]]
        for k in range(rng.choice([0, 1, 2])):
            m = p.n if p.model == "linear-skip" else rng.choice([3, 4, 5, 7])
            knot = p.network(m) if m >= p.dy else p.net["A"]
            command.append(os.path.join(where, "knot%d" % k))
            made.npz(command[-1], dict({p.own(n): rows for n, rows in knot.items()}, out_in=[1]))
        command.append(nets[1])
    else:
        strategies = ["best", "line", "curve", "layers" if p.model == "mlp" else "relay"]
        command = ["path", *nets, "--strategy", rng.choice(strategies[: 3 if p.model == "residual" else 4])]
        command += ["--steps", "100"]
    command += ["--data", given["data"], "--loss", p.loss, "--penalty", p.penalty, "--certificate", file]
    command += ["--kappa", repr(float(p.kappa))] if p.penalty != "none" else []
    if os.path.exists(file):
        os.remove(file)
    run(program, *command, "-q", "--no-progress")
    if not os.path.exists(file):
        return None
    return certificate.read_file(file).decode().split("\n")[:-2]


def changed(lines, rng):
    """One change of a certificate."""
    new, i = list(lines), rng.randrange(len(lines))
    words, how = lines[i].split(" "), rng.randrange(8)
    if how < 4:
        return rng.choice(list(made.mutants(lines, rng)))[1]
    if how == 4:  # the header too
        new[i] = rng.choice(list(made.token_mutants(lines[i], rng)))
    elif how == 5:  # spellings of numbers
        spots = [(k, j) for k, line in enumerate(lines) for j, w in enumerate(line.split(" ")) if "0x" in w]
        i, j = rng.choice(spots) if spots else (len(lines) - 1, 1)
        words = lines[i].split(" ")
        words[j] = rng.choice(SPELLINGS)
        new[i] = " ".join(words)
    elif how == 6:  # the bound
        if lines[-1] != "bound ends":
            bound = float.fromhex(lines[-1].split(" ")[1])
            new[-1] = "bound " + made.hexa(bound * rng.choice([1 - 1e-7, 1 - 1e-11, 1 + 1e-11, 0.9, 2, 0, -1]))
        else:
            new[-1] = "bound 0x1p+%d" % rng.randrange(12)
    else:  # the same leg again, or K lines of it elsewhere
        legs = made.legs_of(lines)
        if legs:
            (a, b), (c, d) = rng.choice(legs), rng.choice(legs)
            new = lines[:a] + lines[c:d] + lines[b:]
    return new


# ------------------------------------------------------------------ verdicts
def by_program(program, file, given):
    """(exit status, what it says about the certificate)"""
    done = run(program, "check", file, "--data", given["data"], "--from", given["from"], "--to", given["to"])
    said = [line for line in (done.stdout + done.stderr).split("\n") if line and not line.endswith(" s")]
    return done.returncode, re.sub(r"\s+", " ", " ".join(said)).replace(file + ": ", "") or "nothing"


def by_checker(data, given, halvings):
    """Without halves as a program that has the piece rule alone."""
    certificate.HALVINGS = halvings
    try:
        return 0, certificate.check(data, given=given)
    except certificate.Reject as reason:
        return 1, str(reason)
    except (certificate.BadFile, certificate.TooLarge) as reason:
        return 3, "%s: %s" % (type(reason).__name__, reason)
    except Exception as failure:
        return 9, "failed: %r" % failure


def bound_is_near(lines, said, text):
    """The program cannot certify what the checker does: F, as the program knows it, is near the bound, or W2 is so near
    to deficient rank on the way that its cover gives up where the checker's Sturm sequence decides."""
    if "cannot be shown to keep full row rank" in said:
        return True
    match = re.search(r"F is at most (\S+), not certainly below", said)
    if not match:
        return False
    if lines[-1] == "bound ends":
        bound = max(float(v) for v in re.findall(r"F\([AB]\) in \[([^,]+),", text))
    else:
        bound = float.fromhex(lines[-1].split(" ")[1])
    return abs(float(match.group(1)) - bound) <= NEAR * abs(bound)


def compare(program, seed, kept=None):
    """(what was counted, findings) of one certificate and its changes; their files stay in the folder `kept`."""
    rng, counts, findings = random.Random(seed), collections.Counter(), []
    with tempfile.TemporaryDirectory() as where:
        where = kept or where
        p = problem(rng)
        given = p.write(where)
        source = "test_certificate2" if rng.random() < 0.5 else "program"
        lines = own(p, rng) if source != "program" else programs(p, rng, program, given, where)
        if lines is None:
            return collections.Counter({"no path found": 1}), []
        counts["certificates by " + source] += 1
        for k in range(1 + CHANGES):
            new = changed(lines, rng) if k else lines
            data, file = made.sealed(new), os.path.join(where, "certificate%d" % k)
            with open(file, "wb") as f:
                f.write(data)
            a, said = by_program(program, file, given)
            b, text = by_checker(data, given, 8 if a == 0 else 0)
            what = "program %s, checker %s" % tuple("accepts" if v == 0 else "rejects" for v in (a, b))
            if a == 1 and b == 0 and bound_is_near(new, said, text):
                counts["left out, near the bound"] += 1
                continue
            counts["changed" if k else "as made", what] += 1
            if (a == 0) != (b == 0) or a not in (0, 1, 2, 3) or b == 9:
                findings.append(
                    "%d.%d %s %s %s: program %d, %s; checker %d, %s"
                    % (seed, k, p.model, p.loss, p.penalty, a, said, b, text[:200])
                )
    return counts, findings


def main(program, word="500"):
    program = os.path.abspath(program)
    if word[0] == "=":
        kept = tempfile.mkdtemp()
        print(kept, *compare(program, int(word[1:]), kept))
        return 0
    total, found = collections.Counter(), 0
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for counts, findings in pool.map(compare, [program] * int(word), range(1, 1 + int(word))):
            total += counts
            found += len(findings)
            for line in findings:
                print(line, flush=True)
    for key, count in sorted(total.items(), key=str):
        print("%6d %s" % (count, key if isinstance(key, str) else ": ".join(key)))
    print("%d disagreements" % found)
    return found > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
