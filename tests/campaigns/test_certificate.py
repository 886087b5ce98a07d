# SPDX-License-Identifier: MIT
"""Tests of the checker itself, vectors/certificate.py: what it accepts though false, and what it refuses though true.

    python3 tests/campaigns/test_certificate.py            standard library only
    python3 tests/campaigns/test_certificate.py bench      timing of large files

Certificates are built here independently: parameters are Fractions, F is evaluated with
Fractions and 70-digit decimals, Moore-Penrose by Gram-Schmidt, kinks of V2 and rows legs from
values of the network at points of the leg, the shrink bound in closed form.  Claimed
enclosures are the two neighbouring doubles (one, when F is a double), the bound is the
smallest double >= the supremum, so that everything is as tight as it can be."""
import contextlib
import decimal
import hashlib
import io
import itertools
import math
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from decimal import Decimal
from fractions import Fraction as Q

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "vectors"))
import certificate

decimal.getcontext().prec = 70
decimal.getcontext().Emax, decimal.getcontext().Emin = 10**9, -(10**9)
INF = float("inf")


# ------------------------------------------------------------------ numbers
def dec(x):
    return x if isinstance(x, Decimal) else Decimal(x.numerator) / Decimal(x.denominator)


def plus(*terms):
    """Fractions stay exact; one Decimal makes the sum a Decimal."""
    return sum(terms, Q(0)) if all(isinstance(t, Q) for t in terms) else sum(map(dec, terms))


def down(x):
    """The largest double <= x."""
    f = float(x)
    return f if Q(f) <= Q(x) else math.nextafter(f, -INF)


def up(x):
    f = float(x)
    return f if Q(f) >= Q(x) else math.nextafter(f, INF)


def hexa(x):
    """As C's %a prints it."""
    f = float(x)
    assert Q(f) == Q(x), x
    head, _, tail = f.hex().partition("p")
    return (head.rstrip("0").rstrip(".") if "." in head else head) + "p" + tail


def sqrt(x):
    a, b = math.isqrt(x.numerator), math.isqrt(x.denominator)
    return Q(a, b) if a * a == x.numerator and b * b == x.denominator else dec(x).sqrt()


# ------------------------------------------------------------------ the network, naively
def mv(A, v):
    return [sum((a * b for a, b in zip(row, v)), Q(0)) for row in A]


def mm(A, B):
    return [list(r) for r in zip(*(mv(A, col) for col in zip(*B)))]


def mix(t, A, B):
    return [[(1 - t) * a + t * b for a, b in zip(r, s)] for r, s in zip(A, B)]


def scaled(c, A):
    return [[c * a for a in row] for row in A]


def zeros(A):
    return scaled(Q(0), A)


def project(W, V):
    """W^+ W V by Gram-Schmidt on the rows of W."""
    basis = []
    for row in W:
        for e in basis:
            k = sum(a * b for a, b in zip(row, e)) / sum(b * b for b in e)
            row = [a - k * b for a, b in zip(row, e)]
        if any(row):
            basis.append(row)
    columns = []
    for v in zip(*V):
        w = [Q(0)] * len(v)
        for e in basis:
            k = sum(a * b for a, b in zip(v, e)) / sum(b * b for b in e)
            w = [a + k * b for a, b in zip(w, e)]
        columns.append(w)
    return [list(r) for r in zip(*columns)]


def inverse(A):
    n = len(A)
    A = [list(r) + [Q(i == j) for j in range(n)] for i, r in enumerate(A)]
    for k in range(n):
        i = next(i for i in range(k, n) if A[i][k])
        A[i], A[k] = A[k], A[i]
        A[k] = [v / A[k][k] for v in A[k]]
        for r in range(n):
            if r != k:
                A[r] = [v - A[r][k] * w for v, w in zip(A[r], A[k])]
    return [r[n:] for r in A]


class Setting:
    def __init__(self, loss, width, block, kappa, rng, n=2, dy=2, N=3):
        self.loss, self.width, self.block, self.kappa, self.rng = loss, width, block, Q(kappa), rng
        self.n, self.dy, self.N, self.M = n, dy, N, width or n
        if block and not width:
            block[0] = n
        self.p = len(block) - 1 if block else 0
        self.samples = [([self.rand() for _ in range(n)], self.target()) for _ in range(N)]
        self.shapes = {"W1": (width, n)} if width else {}
        self.shapes["W2"] = (dy, self.M)
        if block:
            self.shapes["V1"] = (self.M, block[-1])
            if width:
                self.shapes["V2"] = (block[0], width)
            for i in range(self.p):
                self.shapes["theta %d" % (i + 1)] = (block[i + 1], block[i])
        self.thetas = [k for k in self.shapes if k[0] == "t"]

    def rand(self):
        return Q(self.rng.randrange(-12, 13), 8)

    def target(self):
        if self.loss == "logistic":
            return [Q(self.rng.choice([-1, 1])) for _ in range(self.dy)]
        if self.loss == "cross-entropy":
            c = self.rng.randrange(self.dy)
            return [Q(k == c) for k in range(self.dy)]
        return [self.rand() for _ in range(self.dy)]

    def matrix(self, name):
        r, c = self.shapes[name]
        A = [[self.rand() for _ in range(c)] for _ in range(r)]
        A[0][0] = A[0][0] or Q(1, 4)
        return A

    def point(self, gauged=False):
        pt = {name: self.matrix(name) for name in self.shapes}
        pt["gauged"] = gauged
        return pt

    def meant(self, pt):
        return project(pt["W2"], pt["V1"]) if pt["gauged"] else pt["V1"]

    def forward(self, pt, x):
        """(f, all pre-activations)"""
        pres = [mv(pt["W1"], x)] if self.width else []
        h = [max(v, Q(0)) for v in pres[0]] if self.width else x
        f = mv(pt["W2"], h)
        if self.block:
            u = mv(pt["V2"], h) if self.width else h
            for name in self.thetas:
                pres.append(mv(pt[name], u))
                u = [max(v, Q(0)) for v in pres[-1]]
            f = [a + b for a, b in zip(f, mv(pt["W2"], mv(self.meant(pt), u)))]
        return f, pres

    def loss_of(self, z, y):
        if self.loss == "squared":
            return sum((a - b) ** 2 for a, b in zip(z, y))
        if self.loss == "huber":
            return sum((r * r / 2 if r <= 1 else r - Q(1, 2)) for r in (abs(a - b) for a, b in zip(z, y)))
        if self.loss == "logistic":
            return plus(*((1 + dec(-a * b).exp()).ln() for a, b in zip(z, y)))
        assert self.loss == "cross-entropy", self.loss
        c = y.index(1)
        return sum(dec(a - z[c]).exp() for a in z).ln()

    def R_terms(self, pt):
        """W2 term, V2 term, the rest"""
        if not self.width:
            return Q(0), Q(0), Q(0)
        norms = [sqrt(sum((v * v for v in row), Q(0))) for row in pt["W1"]]

        def term(A):
            sums = [sum(map(abs, col), Q(0)) for col in zip(*A)]
            return plus(*(a * b if isinstance(b, Q) else dec(a) * b for a, b in zip(sums, norms)))

        if not self.block:
            return term(pt["W2"]), Q(0), Q(0)
        rest = [sum((abs(v) for row in mm(pt["W2"], self.meant(pt)) for v in row), Q(0))]
        rest += [sqrt(sum((v * v for row in pt[k] for v in row), Q(0))) for k in self.thetas]
        return term(pt["W2"]), term(pt["V2"]), plus(*rest)

    def times_kappa(self, x):
        return self.kappa * x if isinstance(x, Q) else dec(self.kappa) * x

    def F(self, pt):
        loss = plus(*(self.loss_of(self.forward(pt, x)[0], y) for x, y in self.samples))
        loss = loss / self.N
        return plus(loss, *(map(self.times_kappa, self.R_terms(pt)))) if self.kappa else loss

    # -------------------------------------------------------------- the path of a leg
    def along(self, kind, a, b):
        """t -> point on the path of the leg; V1 is always explicit."""

        def at(t):
            pt = dict(a)
            if self.block:
                pt["gauged"], v1 = False, (self.meant(a), self.meant(b))
            if kind == "rescale":
                for name in self.shapes:
                    rows = (lambda A: A) if name in ("W1", "V1") else (lambda A: [list(r) for r in zip(*A)])
                    A, B = (rows(A) for A in (v1 if name == "V1" else (a[name], b[name])))
                    if not name.startswith("theta"):
                        factors = [next((s / r for r, s in zip(*rs) if r), Q(1)) for rs in zip(A, B)]
                        # W1 rows carry c(t) = 1 + t (c - 1); W2 columns 1/c(t)
                        k = [1 + t * (f - 1) if name in ("W1", "V1") else 1 / (1 + t * (1 / f - 1)) for f in factors]
                        pt[name] = rows([[f * v for v in r] for f, r in zip(k, A)])
            elif kind == "shrink":
                c, q = 1 - t, self.p + (2 if self.width else 1)
                live = [not any(row) for row in v1[0]]
                pt["W2"] = [
                    [c**q * v + (1 - c**q) * w if l else v for v, w, l in zip(r, s, live)]
                    for r, s in zip(a["W2"], b["W2"])
                ]
                for name in self.shapes:
                    if name not in ("W1", "W2"):
                        pt[name] = scaled(c, v1[0] if name == "V1" else a[name])
            elif kind == "lift":
                pt["W2"] = W = mix(t, a["W2"], b["W2"])
                M = mix(t, mm(a["W2"], v1[0]), mm(b["W2"], v1[1]))
                WT = [list(r) for r in zip(*W)]
                pt["V1"] = mm(WT, mm(inverse(mm(W, WT)), M))
            else:
                for name in self.shapes:
                    A, B = v1 if name == "V1" else (a[name], b[name])
                    pt[name] = mix(t, A, B)
            return pt

        return at

    def sup(self, kind, a, b):
        values = [self.F(a), self.F(b)]
        if kind == "rows" or kind in ("merge", "linear") and "V2" in self.shapes and a["V2"] != b["V2"]:
            at = self.along(kind, a, b)
            marks = set()
            for x, _ in self.samples:
                cuts = [Q(0), Q(1)]
                for i in range(self.p + (self.width > 0)):
                    pres = [self.forward(at(t), x)[1][i] for t in cuts]
                    new = {
                        t0 + (t1 - t0) * v / (v - w)
                        for t0, t1, vs, ws in zip(cuts, cuts[1:], pres, pres[1:])
                        for v, w in zip(vs, ws)
                        if v * w < 0
                    }
                    cuts = sorted(set(cuts) | new)
                marks |= set(cuts)
            values += [self.F(at(t)) for t in marks]
        if kind == "shrink":
            w2, v2, rest = self.R_terms(a)
            P, q = dec(self.times_kappa(plus(v2, rest))), self.p + 2
            fa, fb = dec(values[0]) - P, dec(values[1])
            if fb > fa and self.kappa and P:
                c = (P / (q * (fb - fa))) ** (Decimal(1) / (q - 1))
                if c < 1:
                    values.append(fb - (fb - fa) * c**q + P * c)
        return max(values, key=Q)


# ------------------------------------------------------------------ files
def text(s, points, legs, B=None, risks=None, names="same"):
    """Lines without the hash."""
    out = [
        "skipverify certificate 1",
        "claim test",
        "case a/b",
        "seed 7",
        "loss " + s.loss,
        "kappa " + hexa(s.kappa),
        "data %d %d %d" % (s.N, s.n, s.dy),
    ]
    out += ["sample " + " ".join(map(hexa, x + y)) for x, y in s.samples]
    out += ["width %d" % s.width]
    out += ["block " + " ".join(map(str, [s.p] + s.block)) if s.block else "block none"]
    before = None
    for k, pt in enumerate(points):
        if k:
            out += ("leg " + legs[k - 1]).split("\n")
        out.append("point")
        for name, shape in s.shapes.items():
            flag = name == "V1" and pt["gauged"]
            if (
                before
                and names == "same"
                and before[name] == pt[name]
                and not (name == "V1" and before["gauged"] != flag)
            ):
                out.append(name + " same")
                continue
            out.append("%s%s %d %d" % ((name, " gauged" * flag) + shape))
            out += [" ".join(map(hexa, row)) for row in pt[name]]
        lo, hi = risks[k] if risks else (down(s.F(pt)), up(s.F(pt)))
        out.append("risk %s %s" % (hexa(lo), hexa(hi)))
        before = pt
    if B is None:
        B = up(max((s.sup(leg.split("\n")[0], a, b) for leg, a, b in zip(legs, points, points[1:])), key=Q))
    return out + ["bound " + hexa(B)]


def sealed(lines):
    data = ("\n".join(lines) + "\n").encode()
    return data + b"sha256 " + hashlib.sha256(data).hexdigest().encode() + b"\n"


def stale(old, lines):
    """New lines under the old hash."""
    return ("\n".join(lines) + "\n").encode() + old[old.rindex(b"sha256 ") :]


# ------------------------------------------------------------------ one leg of each kind
def copy(pt, **changes):
    new = dict(pt)
    new.update(changes)
    return new


def shift_entry(A, i=0, j=0, by=Q(1, 8)):
    B = [list(r) for r in A]
    B[i][j] += by
    return B


def make(kind, s, variant):
    """(from, to) of a leg of this kind, None if there is none in this setting."""
    a = s.point()
    if kind == "rescale":
        if not s.width:
            return None
        cs = [Q(2) ** s.rng.randrange(-2, 3) for _ in range(s.M)]
        cs[0] = Q(2)
        if variant == 1 and s.block:
            cs, a["gauged"] = [Q(4)] * s.M, True
        b = copy(
            a,
            W1=[[c * v for v in r] for c, r in zip(cs, a["W1"])],
            W2=[[v / c for c, v in zip(cs, r)] for r in a["W2"]],
        )
        if s.block:
            b["V1"] = [[c * v for v in r] for c, r in zip(cs, a["V1"])]
            b["V2"] = [[v / c for c, v in zip(cs, r)] for r in a["V2"]]
        return a, b
    if kind in ("merge", "linear", "interpolate"):
        names = ["W2"] if kind == "interpolate" else ["V2", "W2", "V1"]
        names = [n for n in names if n in s.shapes]
        name = names[variant % len(names)]
        a["gauged"] = name == "V2" and s.rng.random() < 0.5
        return a, copy(a, **{name: s.matrix(name)})
    if kind == "rows":
        if not s.width:
            return None
        if variant == 2:  # any other rows; F is largest at a kink, if a few attempts find that
            for _ in range(10):
                a["W1"] = scaled(Q(1, 8), s.matrix("W1"))
                b = copy(a, W1=scaled(Q(1, 8), s.matrix("W1")))
                if Q(s.sup(kind, a, b)) > max(Q(s.F(a)), Q(s.F(b))):
                    break
            return a, b
        # deleted, and kept; by a factor each, one of them through 0
        factors = [Q(i % 3 == 2) for i in range(s.M)] if variant == 0 else [Q(3), Q(-1, 2), Q(1, 4), Q(1)]
        a["gauged"] = variant == 1
        return a, copy(a, W1=[[f * v for v in r] for f, r in zip(factors, a["W1"])])
    if kind == "rewire":
        i, j = 0, s.M - 1
        if s.width:
            for row in a["W2"] + a.get("V2", []):
                row[i] = Q(0)
            a["W1"][j] = [Q(0)] * s.n
            if s.block:
                a["V1"][j] = [Q(0)] * s.block[-1]
            b = {k: [list(r) for r in v] if k != "gauged" else v for k, v in a.items()}
            b["W1"][i] = [v + 1 for v in b["W1"][i]]
            for row in b["W2"] + b.get("V2", []):
                row[j] += 1
            if s.block:
                b["V1"][i] = [v - 1 for v in b["V1"][i]]
            return a, b
        if not s.block:
            return None
        for row in a["W2"]:
            row[i] = Q(0)
        a["W2"][0][j] = a["W2"][0][j] or Q(1, 4)  # or V1's other rows could move too
        return a, copy(a, V1=shift_entry(a["V1"], i))
    if not s.block:
        return None
    if kind == "gauge":
        if variant == 0:
            return a, copy(a, V1=s.matrix("V1"))
        if variant == 2:
            a["W2"] = [a["W2"][0]] * s.dy  # rank 1
        b = copy(a, gauged=True)
        return (a, b) if variant == 1 else (b, a)
    if kind == "shrink":
        b = copy(a, W2=s.matrix("W2"))
        for i in range(s.M):
            if i < max(1, s.M // 2):  # parked
                for r, t in zip(a["W2"], b["W2"]):
                    t[i] = r[i]
            else:
                a["V1"][i] = [Q(0)] * s.block[-1]
        if variant == 1:  # make a < b, P > 0: a concave bound
            for r in b["W2"]:
                r[-1] = Q(2)
        for name in s.shapes:
            if name not in ("W1", "W2"):
                b[name] = zeros(a[name])
        return a, b
    if kind == "theta":
        moving = [n for n in s.shapes if n == "V2" or n in s.thetas]
        if not moving:
            return None
        if variant == 0:
            a["V1"] = zeros(a["V1"])
        else:  # W2 V1 = 0 with V1 != 0
            for r in a["W2"]:
                r[1] = -2 * r[0]
            a["V1"] = [list(r) for r in zeros(a["V1"])]
            a["V1"][0][0], a["V1"][1][0] = Q(2), Q(1)
        return a, copy(a, **{n: s.matrix(n) for n in moving})
    if kind == "lift":
        if s.kappa:
            return None
        a["gauged"] = True
        b = copy(
            a,
            W2=[[v + (1 if i == j else 0) for j, v in enumerate(r)] for i, r in enumerate(a["W2"])],
            V1=s.matrix("V1"),
        )
        a["W2"] = [[v + (4 if i == j else 0) for j, v in enumerate(r)] for i, r in enumerate(a["W2"])]
        b["W2"] = [[v + (4 if i == j else 0) for j, v in enumerate(r)] for i, r in enumerate(b["W2"])]
        if variant == 1:
            a["V1"], a["gauged"] = zeros(a["V1"]), False
        return a, b
    raise KeyError(kind)


KINDS = list(certificate.RULES)
OTHERS = {
    "rescale": set(KINDS) - {"rescale"},
    "gauge": {"rescale", "interpolate", "rewire", "shrink", "theta", "lift", "rows"},
    "interpolate": {"rescale", "gauge", "rewire", "shrink", "theta", "lift", "rows"},
    "rewire": {"rescale", "interpolate", "shrink", "theta", "lift", "rows"},
    "shrink": set(KINDS) - {"shrink"},
    "theta": {"rescale", "gauge", "interpolate", "rewire", "shrink", "lift", "rows"},
    "lift": set(KINDS) - {"lift"},
    "rows": set(KINDS) - {"rows"},
    "W2": {"rescale", "gauge", "rewire", "shrink", "theta", "lift", "rows"},
    "V1": {"rescale", "interpolate", "rewire", "shrink", "theta", "lift", "rows"},
    "V2": {"rescale", "gauge", "interpolate", "rewire", "shrink", "theta", "lift", "rows"},
}


def moved(s, a, b):
    return [n for n in s.shapes if (s.meant(a) != s.meant(b) if n == "V1" else a[n] != b[n])]


def settings(rng):
    for loss, width, block, kappa in itertools.product(
        certificate.LOSSES, (0, 4), (None, [2], [2, 3], [3, 2, 2]), (Q(0), Q(1, 16))
    ):
        if kappa and not width:
            continue
        dy = 3 if loss == "cross-entropy" and width else 2
        yield Setting(loss, width, list(block) if block else None, kappa, rng, dy=dy)


def cases(seed=1):
    rng = random.Random(seed)
    for s in settings(rng):
        for kind in KINDS:
            for variant in range(3):
                pair = make(kind, s, variant)
                if pair and (variant == 0 or moved(s, *pair)):
                    yield s, kind, variant, pair[0], pair[1]


def verdict(data):
    """None if accepted, else the reason."""
    try:
        certificate.check(data)
    except certificate.Reject as reason:
        assert "\n" not in str(reason)
        return str(reason)
    return None


# ------------------------------------------------------------------ tests
ALL = list(cases())


def every_leg(test):
    """Runs the test for all legs; a failure names the leg, the number of checks is printed."""

    def run(self):
        self.count = 0
        for s, kind, variant, a, b in ALL:
            with self.subTest(loss=s.loss, width=s.width, block=s.block, kappa=s.kappa, kind=kind, variant=variant):
                test(self, s, kind, variant, a, b)
        self.assertGreater(self.count, len(ALL) // 2)
        print("\n  %s: %d legs, %d checks" % (test.__name__, len(ALL), self.count), file=sys.stderr)

    run.__doc__ = test.__doc__
    return run


class Checks(unittest.TestCase):
    count = 0

    def accepted(self, data):
        self.count += 1
        self.assertIsNone(verdict(data))

    def rejected(self, data, pattern):
        self.count += 1
        self.assertRegex(verdict(data) or "ACCEPTED", pattern)


class Legs(Checks):
    """Every kind of leg, loss, width 0 and 4, no block and p = 0, 1, 2, kappa 0 and 1/16.
    "stale": changed under the old hash; otherwise the hash is made right again."""

    @every_leg
    def test_accepted_and_bound_is_sharp(self, s, kind, variant, a, b):
        sup = s.sup(kind, a, b)
        B = up(sup)
        lines = text(s, [a, b], [kind], B)
        self.accepted(sealed(lines))
        self.accepted(sealed(text(s, [a, b], [kind], B, names="all")))
        low = "bound " + hexa(math.nextafter(B, -INF))  # the largest double < sup
        self.assertLess(Q(math.nextafter(B, -INF)), Q(sup))
        self.rejected(sealed(lines[:-1] + [low]), "not certainly <=")
        self.rejected(stale(sealed(lines), lines[:-1] + [low]), "sha256")

    @every_leg
    def test_rule_bounds_the_path(self, s, kind, variant, a, b):
        """F at points of the path, evaluated naively, stays below the supremum of the rule."""
        sup, at = Q(s.sup(kind, a, b)), s.along(kind, a, b)
        for t, end in ((Q(0), a), (Q(1), b)):  # and the path has the right ends
            self.assertEqual([at(t)[n] for n in s.shapes], [s.meant(end) if n == "V1" else end[n] for n in s.shapes])
        for t in (Q(1, 50), Q(1, 7), Q(1, 3), Q(1, 2), Q(2, 3), Q(9, 10), Q(49, 50)):
            F = Q(s.F(at(t)))
            self.assertLessEqual(F, sup + Q(1, 10**50))
            if kind in ("rescale", "rewire"):
                self.assertLess(abs(F - sup), Q(1, 10**50))
            self.count += 1

    @every_leg
    def test_hash(self, s, kind, variant, a, b):
        data = sealed(text(s, [a, b], [kind]))
        for k in (-2, -30, -65):
            new = bytearray(data)
            new[k] = ord("0") if new[k] != ord("0") else ord("1")
            self.rejected(bytes(new), "sha256")

    @every_leg
    def test_one_number(self, s, kind, variant, a, b):
        """A matrix entry of a point is changed so that F leaves the claimed enclosure."""
        lines = text(s, [a, b], [kind])
        data, risks = sealed(lines), [(down(s.F(p)), up(s.F(p))) for p in (a, b)]
        B = Q(float.fromhex(lines[-1].split()[1]))
        for end, name in itertools.product((0, 1), s.shapes):
            pts = [a, b]
            pts[end] = copy(pts[end], **{name: shift_entry(pts[end][name])})
            new = text(s, pts, [kind], B, risks)
            self.rejected(stale(data, new), "sha256")
            if not risks[end][0] <= Q(s.F(pts[end])) <= risks[end][1]:
                self.rejected(sealed(new), "point %d: F is in" % (end + 1))

    @every_leg
    def test_risk(self, s, kind, variant, a, b):
        """The claimed enclosure of F is moved off by an ulp or two, or reversed."""
        data, risks = sealed(text(s, [a, b], [kind])), [(down(s.F(p)), up(s.F(p))) for p in (a, b)]
        for k, (lo, hi) in enumerate(risks):
            for wrong in ((math.nextafter(lo, -INF),) * 2, (math.nextafter(hi, INF),) * 2, (hi + 1, lo - 1)):
                new = text(s, [a, b], [kind], 2**20, [wrong if i == k else r for i, r in enumerate(risks)])
                self.rejected(stale(data, new), "sha256")
                self.rejected(sealed(new), "point %d: F is in" % (k + 1))

    @every_leg
    def test_header(self, s, kind, variant, a, b):
        """An input, a target, kappa, the loss."""
        lines, (x, y) = text(s, [a, b], [kind]), s.samples[0]
        data, claims = sealed(lines), [l.split()[1:] for l in lines if l.startswith("risk")]

        def try_sample(x2, y2):
            new = list(lines)
            new[7] = "sample " + " ".join(map(hexa, x2 + y2))
            self.rejected(stale(data, new), "sha256")
            s.samples[0] = x2, y2
            Fs = [Q(s.F(p)) for p in (a, b)]
            s.samples[0] = x, y
            if any(not float.fromhex(lo) <= F <= float.fromhex(hi) for F, (lo, hi) in zip(Fs, claims)):
                self.rejected(sealed(new), "point .: F is in")

        try_sample([x[0] + 3] + x[1:], y)
        try_sample(x, {"logistic": [-y[0]] + y[1:], "cross-entropy": y[1:] + y[:1]}.get(s.loss, [y[0] + 1] + y[1:]))
        new = list(lines)
        new[5] = "kappa " + hexa(s.kappa + Q(1, 1024))
        self.rejected(stale(data, new), "sha256" if s.width else "width 0 needs kappa 0")
        self.rejected(sealed(new), "point .: F is in" if s.width else "width 0 needs kappa 0")
        new[5], new[4] = lines[5], "loss " + ("squared" if s.loss == "huber" else "huber")
        self.rejected(stale(data, new), "sha256")
        self.rejected(sealed(new), "point .: F is in")

    @every_leg
    def test_rule_broken_with_true_risks_and_high_bound(self, s, kind, variant, a, b):
        """A number is moved that may not move; risks, bound and hash are made to fit."""
        for name, end in itertools.product(s.shapes, (0, 1)):
            pts = [a, b]
            i, j = s.shapes[name][0] - 1, s.shapes[name][1] - 1
            if kind == "rewire":  # a unit that is not idle
                i, j = (1 if name in ("W1", "V1") else 0), (1 if name in ("W2", "V2") else 0)
            pts[end] = copy(pts[end], **{name: shift_entry(pts[end][name], i, j, Q(7, 8))})
            if not self.still_true(s, kind, pts):
                self.rejected(sealed(text(s, pts, [kind], 2**30)), r"leg 1 \(%s\)" % kind)

    def still_true(self, s, kind, pts):
        """Is this change within the rule of the leg?"""
        names, (a, b) = set(moved(s, *pts)), pts
        zero = {n: not any(v for r in b[n] for v in r) for n in s.shapes}
        if kind == "gauge":
            return names <= {"V1"} and (a["gauged"] == b["gauged"] or a["V1"] == b["V1"])
        if kind in ("merge", "linear", "interpolate"):
            return len(names) <= 1 and names <= ({"W2"} if kind == "interpolate" else {"W2", "V1", "V2"})
        if kind == "shrink":
            fixed = [all(r[k] == t[k] for r, t in zip(a["W2"], b["W2"])) for k in range(s.M)]
            return (
                "W1" not in names
                and all(zero[n] for n in s.shapes if n not in ("W1", "W2"))
                and all(fixed[k] or not any(row) for k, row in enumerate(a["V1"]))
            )
        if kind == "theta":
            return names <= {"V2"} | set(s.thetas) and not any(v for r in mm(a["W2"], s.meant(a)) for v in r)
        if kind == "rows":
            return names <= {"W1"}
        if kind == "lift":
            return names <= {"W2", "V1"} and all(p["gauged"] or not any(v for r in p["V1"] for v in r) for p in pts)
        return False

    @every_leg
    def test_wrong_leg_type(self, s, kind, variant, a, b):
        names = moved(s, a, b)
        if not names:
            return
        lines = text(s, [a, b], [kind], 2**30)
        data, wrong = sealed(lines), OTHERS[names[0] if kind in ("merge", "linear") else kind]
        if kind == "gauge" and not any(v for r in mm(a["W2"], s.meant(a)) for v in r):
            wrong = wrong - {"lift"}
        for other in sorted(wrong):
            new = ["leg " + other if l == "leg " + kind else l for l in lines]
            self.rejected(stale(data, new), "sha256")
            self.rejected(sealed(new), r"leg 1 \(%s\)" % other)
        self.rejected(sealed(["leg teleport" if l[:4] == "leg " else l for l in lines]), "expected a leg type")

    def follow(self, s, kind, a, b):
        """A leg after a -> b such that a and b cannot be exchanged."""
        if kind == "rescale":
            return "linear", None if b.get("gauged") else copy(b, W2=s.matrix("W2"))
        if s.width:
            c = copy(b, W1=scaled(Q(2), b["W1"]), W2=scaled(Q(1, 2), b["W2"]))
            if s.block:
                c["V1"], c["V2"] = scaled(Q(2), b["V1"]), scaled(Q(1, 2), b["V2"])
            return "rescale", c
        if not s.block or b["gauged"]:
            return None, None
        if "W2" in moved(s, a, b) and kind != "shrink":
            return "gauge", copy(b, V1=s.matrix("V1"))
        return "interpolate", copy(b, W2=s.matrix("W2"))

    @every_leg
    def test_order_of_points(self, s, kind, variant, a, b):
        second, c = self.follow(s, kind, a, b)
        if c is None or not moved(s, a, b):
            return
        data = sealed(text(s, [a, b, c], [kind, second], 2**30, names="all"))
        self.accepted(data)
        new = text(s, [b, a, c], [kind, second], 2**30, names="all")
        self.rejected(stale(data, new), "sha256")
        if kind == "shrink":  # it may be walked backwards
            self.accepted(sealed(text(s, [b, a], [kind], 2**30)))
        self.rejected(sealed(new), "leg [12]")

    def test_chain(self):
        """One path through many legs; points by 'same' and listed."""
        rng = random.Random(5)
        for loss in certificate.LOSSES:
            s = Setting(loss, 4, [2, 3, 2], Q(0), rng)
            a, b = make("shrink", s, 0)
            c = copy(b, V2=s.matrix("V2"), **{n: s.matrix(n) for n in s.thetas})
            d = copy(c, V1=s.matrix("V1"))
            e = copy(d, gauged=True)
            f = copy(
                e,
                W2=[[v + (2 if i == j else 0) for j, v in enumerate(r)] for i, r in enumerate(e["W2"])],
                V1=s.matrix("V1"),
            )
            g = copy(f, gauged=False)
            h = copy(g, V2=s.matrix("V2"))
            i = copy(h, W1=s.matrix("W1"))
            legs = ["shrink", "theta", "merge", "gauge", "lift", "gauge", "linear", "rows"]
            lines = text(s, [a, b, c, d, e, f, g, h, i], legs)
            self.accepted(sealed(lines))
            B = float.fromhex(lines[-1].split()[1])
            self.rejected(sealed(lines[:-1] + ["bound " + hexa(math.nextafter(B, -INF))]), "not certainly <=")


class Particular(unittest.TestCase):
    def setUp(self):
        self.rng = random.Random(11)

    def accepted(self, *args, **more):
        self.assertIsNone(verdict(sealed(text(*args, **more))))

    def rejected(self, pattern, *args, **more):
        self.assertRegex(verdict(sealed(text(*args, **more))) or "accepted", pattern)

    def test_lift_through_lost_rank(self):
        s = Setting("squared", 4, [2, 3], 0, self.rng)
        a = s.point(True)
        b = copy(a, W2=scaled(Q(-1), a["W2"]))
        self.rejected("loses row rank", s, [a, b], ["lift"], 2**30)
        a["W2"] = [[Q(1), Q(0), Q(0), Q(0)], [Q(0), Q(1), Q(0), Q(0)]]
        b = copy(a, W2=[[Q(1), Q(0), Q(0), Q(0)], [Q(0), Q(-2), Q(0), Q(0)]])  # rank lost at t = 1/3
        self.rejected("loses row rank", s, [a, b], ["lift"], 2**30)
        b = copy(a, W2=[[Q(1), Q(0), Q(0), Q(0)], [Q(0), Q(-2), Q(1, 2**40), Q(0)]])
        self.accepted(s, [a, b], ["lift"], 2**30)
        b = copy(a, W2=[[Q(1), Q(0), Q(0), Q(0)], [Q(0)] * 4])  # at the end
        self.rejected("loses row rank", s, [a, b], ["lift"], 2**30)

    def test_lift_kappa_and_explicit(self):
        s = Setting("squared", 4, [2, 3], Q(1, 16), self.rng)
        a = s.point(True)
        self.rejected("kappa is not 0", s, [a, copy(a, W2=shift_entry(a["W2"]))], ["lift"], 2**30)
        s = Setting("squared", 4, [2, 3], Q(0), self.rng)
        a = s.point(False)
        self.rejected("neither gauged nor 0", s, [a, copy(a, W2=shift_entry(a["W2"]))], ["lift"], 2**30)
        s = Setting("squared", 1, [2, 3], Q(0), self.rng)
        a = s.point(True)
        self.rejected("only 1 units", s, [a, copy(a, W2=shift_entry(a["W2"]))], ["lift"], 2**30)

    def test_gauged_v1_moves_with_w2(self):
        """The listed V1 is the same, but the matrix it means is not."""
        s = Setting("squared", 4, [2, 3], Q(0), self.rng)
        a = s.point(True)
        b = copy(a, W2=s.matrix("W2"))
        for kind in ("merge", "linear", "interpolate"):
            self.rejected(
                "W2 and V1 .the matrix meant" if kind != "interpolate" else "V1 .the matrix meant",
                s,
                [a, b],
                [kind],
                2**30,
            )
        b = copy(a, W2=scaled(Q(2), a["W2"]))  # the same row space: nothing else moves
        self.accepted(s, [a, b], ["interpolate"])
        self.accepted(s, [a, b], ["lift"])
        b = copy(a, W2=mm([[Q(1), Q(1)], [Q(0), Q(1)]], a["W2"]))
        self.accepted(s, [a, b], ["merge"])

    def test_gauge_listing_differs(self):
        s = Setting("squared", 4, [2, 3], Q(0), self.rng)
        a = s.point(True)
        b = copy(a, gauged=False, V1=s.matrix("V1"))
        self.rejected("must list the same", s, [a, b], ["gauge"], 2**30)
        a = s.point()
        self.rejected("W2 is not the same", s, [a, copy(a, V1=s.matrix("V1"), W2=s.matrix("W2"))], ["gauge"], 2**30)

    def test_rescale(self):
        s = Setting("huber", 4, [2, 3], Q(1, 8), self.rng)
        a, b = make("rescale", s, 0)
        self.accepted(s, [a, b], ["rescale"])
        neg = copy(
            a,
            W1=scaled(Q(-1), a["W1"]),
            W2=scaled(Q(-1), a["W2"]),
            V1=scaled(Q(-1), a["V1"]),
            V2=scaled(Q(-1), a["V2"]),
        )
        self.rejected("unit 1 is not rescaled", s, [a, neg], ["rescale"], 2**30)
        for name in ("W1", "V1", "W2", "V2"):
            self.rejected("is not rescaled", s, [a, copy(b, **{name: a[name]})], ["rescale"], 2**30)
        none = copy(a, W1=zeros(a["W1"]), W2=zeros(a["W2"]), V1=zeros(a["V1"]), V2=zeros(a["V2"]))
        self.accepted(s, [none, none], ["rescale"])
        self.rejected("is not rescaled", s, [none, copy(none, W1=a["W1"])], ["rescale"], 2**30)
        self.rejected("is not rescaled", s, [copy(none, W1=a["W1"]), none], ["rescale"], 2**30)
        dead = copy(a, W2=[[Q(0)] + r[1:] for r in a["W2"]])  # a zero column does not fix c_1
        self.accepted(s, [dead, copy(b, W2=[[Q(0)] + r[1:] for r in b["W2"]])], ["rescale"])

    def test_rescale_without_hidden_layer(self):
        """(W2, V1) -> (W2/2, 2 V1) keeps W2 V1 but not W2 x."""
        s = Setting("squared", 0, [2, 3], Q(0), self.rng)
        a = s.point()
        b = copy(a, W2=scaled(Q(1, 2), a["W2"]), V1=scaled(Q(2), a["V1"]))
        self.rejected("nothing may move", s, [a, b], ["rescale"], 2**30)

    def test_shrink_concave(self):
        """The bound exceeds both ends: a < b and the slope at c = 1 is negative."""
        found = 0
        for trial in range(30):
            s = Setting(("squared", "logistic")[trial % 2], 4, [[2], [2, 2], [2, 2, 2]][trial % 3], Q(1, 16), self.rng)
            a, b = make("shrink", s, 1)
            sup, high = Q(s.sup("shrink", a, b)), max(Q(s.F(a)), Q(s.F(b)))
            if sup > high:
                found += 1
                self.accepted(s, [a, b], ["shrink"], up(sup))
                self.rejected("not certainly <=", s, [a, b], ["shrink"], down(sup))
        self.assertGreater(found, 8)

    def test_shrink_without_hidden_layer(self):
        """q = p + 1 there, checked by the evaluated path in test_rule_bounds_the_path; with
        q = p + 2 the path is another one, on which F is not below its ends."""
        s = Setting("squared", 0, [2, 1], Q(0), self.rng, n=2, dy=1, N=1)
        s.samples = [([Q(1), Q(1)], [Q(0)])]
        a = {"W2": [[Q(1), Q(1)]], "V1": [[Q(-4)], [Q(0)]], "theta 1": [[Q(1), Q(0)]], "gauged": False}
        b = {"W2": [[Q(1), Q(1)]], "V1": [[Q(0)], [Q(0)]], "theta 1": [[Q(0), Q(0)]], "gauged": False}
        a["W2"], b["W2"] = [[Q(1), Q(3)]], [[Q(1), Q(-1)]]  # f: 0 -> 0
        self.accepted(s, [a, b], ["shrink"], 0)
        c = Q(1, 2)  # q = p + 2 = 3: f = 4 (c^3 - c^2)
        f = 1 + (c**3 * 3 - (1 - c**3)) - 4 * c**2
        self.assertNotEqual(f, 0)

    def test_rewire_not_idle(self):
        s = Setting("squared", 4, [2, 3], Q(1, 8), self.rng)
        a, b = make("rewire", s, 0)
        self.accepted(s, [a, b], ["rewire"])
        for name, i, j in (("W2", 0, 0), ("V2", 1, 0), ("W1", 3, 1), ("V1", 3, 2)):
            for end in (0, 1):
                pts = [a, b]
                pts[end] = copy(pts[end], **{name: shift_entry(pts[end][name], i, j)})
                self.rejected("is not idle", s, pts, ["rewire"], 2**30)

    def test_perfect_squares(self):
        """Rational norms: F is a Fraction though kappa > 0, the bound exact to the ulp."""
        s = Setting("squared", 2, [1], Q(1, 16), self.rng)
        a = {
            "W1": [[Q(3), Q(4)], [Q(5), Q(12)]],
            "W2": [[Q(1), Q(-1)], [Q(2), Q(1)]],
            "V1": [[Q(1)], [Q(2)]],
            "V2": [[Q(1), Q(1)]],
            "gauged": False,
        }
        s.samples, s.N = s.samples[:2], 2
        b = copy(a, W2=[[Q(0), Q(1)], [Q(1), Q(1)]])
        sup = s.sup("merge", a, b)
        self.assertIsInstance(sup, Q)
        self.assertEqual(Q(float(sup)), sup)
        self.accepted(s, [a, b], ["merge"], sup)
        self.rejected("not certainly <=", s, [a, b], ["merge"], math.nextafter(float(sup), 0))

    def test_extreme_values(self):
        """Losses far out, where exp is tiny or huge."""
        for loss, z in itertools.product(("logistic", "cross-entropy"), (1, 30, 500, 740, 3000, -700, -(10**6))):
            s = Setting(loss, 0, None, Q(0), self.rng, n=1, dy=2, N=1)
            s.samples = [([Q(1)], [Q(1), Q(-1)] if loss == "logistic" else [Q(1), Q(0)])]
            a = {"W2": [[Q(z)], [Q(-z)]]}
            decimal.getcontext().prec = 1500  # exp(-2 z) beside 1 or 2 z
            risk = (down(s.F(a)), up(s.F(a)))
            decimal.getcontext().prec = 70
            if abs(z) > 1000:  # too small even so, but not 0
                risk = risk[0], math.nextafter(risk[0], INF)
            data = sealed(text(s, [a, a], ["linear"], 2**30, [risk] * 2))
            self.assertIsNone(verdict(data))

    def test_null_leg_and_no_leg(self):
        s = Setting("squared", 4, [2, 3], Q(0), self.rng)
        a = s.point()
        for kind in ("rescale", "gauge", "merge", "linear", "interpolate", "rows", "rewire"):
            self.accepted(s, [a, a], [kind])
        self.accepted(s, [a], [], up(s.F(a)))
        self.rejected("not certainly <=", s, [a], [], math.nextafter(down(s.F(a)), -INF))

    def test_needs_block(self):
        s = Setting("squared", 4, None, Q(0), self.rng)
        a = s.point()
        for kind in ("gauge", "shrink", "theta", "lift"):
            self.rejected("needs a block", s, [a, a], [kind], 2**30)

    def test_rows_kinks_count(self):
        """F is largest at a kink, inside the leg, often enough for a checker of ends to be noticed."""
        inside = [Q(s.sup(kind, a, b)) > max(Q(s.F(a)), Q(s.F(b))) for s, kind, _, a, b in ALL if kind == "rows"]
        self.assertGreater(sum(inside), 10)
        self.assertLess(sum(inside), len(inside))

    def test_rows_exactly(self):
        """A row turns round through 0 and another passes x: F = (f - 2)^2 + kappa R with rational kinks and norms."""
        s = Setting("squared", 2, None, Q(1, 16), self.rng, n=3, dy=1, N=1)
        s.samples = [([Q(1), Q(0), Q(0)], [Q(2)])]
        a = {"W1": [[Q(3), Q(4), Q(0)], [Q(-1), Q(0), Q(0)]], "W2": [[Q(1), Q(2)]], "gauged": False}
        b = copy(a, W1=scaled(Q(-1), a["W1"]))  # both at t = 1/2: f = 0, R = 0, F = 4
        self.assertEqual((s.F(a), s.F(b)), (1 + Q(7, 16), Q(7, 16)))
        self.assertEqual(s.sup("rows", a, b), 4)
        self.accepted(s, [a, b], ["rows"], 4)
        self.rejected("not certainly <=", s, [a, b], ["rows"], math.nextafter(4, 0))
        b["W1"][1] = [Q(1), Q(1), Q(1)]  # there now (0, 1/2, 1/2)
        self.assertLess(abs(Q(s.sup("rows", a, b)) - 4 - Q(dec(Q(1, 2)).sqrt() / 8)), Q(1, 10**60))
        self.accepted(s, [a, b], ["rows"])
        self.rejected("not certainly <=", s, [a, b], ["rows"], down(s.sup("rows", a, b)))
        c = copy(a, W1=zeros(a["W1"]))
        self.accepted(s, [a, c], ["rows"], 4)
        self.accepted(s, [c, a], ["rows"], 4)

    def test_rows_needs_hidden_layer(self):
        for block in (None, [2], [2, 3]):
            s = Setting("squared", 0, block, Q(0), self.rng)
            a = s.point()
            self.rejected("needs a hidden layer", s, [a, a], ["rows"], 2**30)

    def test_rows_many_units(self):
        """256 units: deletion at once, all rows turned in bearable time."""
        for loss, block in itertools.product(("squared", "logistic"), (None, [4], [4, 4, 3])):
            for N, factor in ((60, 0), (60, Q(1, 2)), (12, None)):
                data, said, start = rows_file(loss, block, Q(1, 16), factor, N=N), [], time.time()
                certificate.check(data, said.append)
                self.assertLess(time.time() - start, 20 if factor is None else 5)
                kinks = int(said[0].split("W1, ")[1].split()[0])
                self.assertTrue(kinks > 1000 if factor is None else kinks < 500 and (block or not kinks), kinks)

    def test_rows_too_many_pieces(self):
        """All rows turned over one sample, 500 and 700 units."""
        self.assertIsNone(verdict(rows_file("squared", None, Q(0), None, m=500, N=1)))
        self.assertRegex(verdict(rows_file("squared", None, Q(0), None, m=700, N=1)) or "", "too many linear pieces")


# ------------------------------------------------------------------ lifts with a null end
def null_leg(end, vectors, kind="lift"):
    """vectors: {output from 1: row}"""
    lines = ["row %d %s" % (j, " ".join(map(hexa, q))) for j, q in vectors.items()]
    return "\n".join([kind, "null %s %d" % (end, len(vectors))] + lines)


class Way:
    """explicit, gauge, the null end a, lift, b; or back: points, names of the legs, the null end first or last."""

    def __init__(self, s, rank, back, variant):
        rng = s.rng
        outputs = sorted(rng.sample(range(s.dy), s.dy - rank))
        others = [i for i in range(s.dy) if i not in outputs]
        start = s.point()
        start["W2"] = W = [list(r) for r in start["W2"]]
        self.s, self.back, self.vectors = s, back, {}
        for j in outputs:
            combination = {i: Q(rng.randrange(-4, 5), 2) for i in others}
            W[j] = [sum((k * W[i][u] for i, k in combination.items()), Q(0)) for u in range(s.M)]
            size = Q(rng.choice([-1, 1]) * 2 ** rng.randrange(0, 3), 2)
            q = {i: -size * k for i, k in combination.items()} | {j: size}
            self.vectors[j + 1] = [q.get(i, Q(0)) for i in range(s.dy)]
        self.a = copy(start, gauged=True)
        self.b = copy(self.a, W2=s.matrix("W2"), V1=s.matrix("V1"))
        if variant == 1:
            self.b["V1"], self.b["gauged"] = zeros(self.b["V1"]), False
        self.start, self.outputs, self.others = start, outputs, others
        self.points = [start, self.a, self.b]
        self.risks = [(down(F), up(F)) for F in map(s.F, self.points)]
        self.lift = null_leg("last" if back else "first", self.vectors)

    def lines(self, B=None, points=None, lift=None, kinds=("gauge",)):
        risks = None if points else self.risks
        points, legs = list(points or self.points), list(kinds) + [lift or self.lift]
        if self.back:
            points, legs, risks = points[::-1], legs[::-1], risks and risks[::-1]
        return text(self.s, points, legs, B, risks)

    def at(self, t):
        """The point of the lift at t, counted from the null end."""
        a, b, vectors = self.a, self.b, list(self.vectors.values())
        W = mix(t, a["W2"], b["W2"])
        M = mix(t, mm(a["W2"], a["V1"]), mm(b["W2"], b["V1"]))
        N = [W[i] for i in self.others] + mm(vectors, b["W2"])
        right = [M[i] for i in self.others] + mm(vectors, mm(b["W2"], b["V1"]))
        NT = [list(r) for r in zip(*N)]
        return copy(a, W2=W, V1=mm(NT, mm(inverse(mm(N, NT)), right)), gauged=False), M


def ways(seed=21):
    rng = random.Random(seed)
    for loss, width, block, dy in itertools.product(certificate.LOSSES, (0, 5), ([2], [2, 3], [3, 2, 2]), (1, 2, 3)):
        if loss == "cross-entropy" and dy == 1:
            continue
        s = Setting(loss, width, list(block), Q(0), rng, n=2 if width else 5, dy=dy)
        for rank, back in itertools.product(range(dy), (False, True)):
            yield Way(s, rank, back, rng.randrange(2))


WAYS = list(ways())


class NullLifts(Checks):
    """Lifts from and to ends of every rank below dy."""

    def each(self, test):
        for w in WAYS:
            s = w.s
            with self.subTest(loss=s.loss, width=s.width, block=s.block, dy=s.dy, null=w.outputs, back=w.back):
                test(w)
        self.assertGreater(self.count, len(WAYS) // 2)
        print("\n  %s: %d ways, %d checks" % (self.id().split(".")[-1], len(WAYS), self.count), file=sys.stderr)

    def test_accepted_and_bound_is_sharp(self):
        def test(w):
            B = up(max((w.s.F(p) for p in w.points), key=Q))
            self.accepted(sealed(w.lines(B)))
            low = w.lines(math.nextafter(B, -INF))
            self.rejected(sealed(low), "not certainly <=")
            self.rejected(stale(sealed(w.lines(B)), low), "sha256")

        self.each(test)

    def test_rule_bounds_the_path(self):
        """W2 V1 = M, F below the ends, on the lift and from the gauge leg's end to the lift's."""

        def test(w):
            s, a, b = w.s, w.a, w.b
            F, high = Q(s.F(a)), max(Q(s.F(a)), Q(s.F(b))) + Q(1, 10**50)
            for t in (Q(0), Q(1, 10**6), Q(1, 50), Q(1, 3), Q(1, 2), Q(7, 9), Q(1)):
                p, M = w.at(t)
                self.assertEqual(mm(p["W2"], p["V1"]), M)
                self.assertLessEqual(Q(s.F(p)), high)
                self.count += 1
            self.assertEqual(p["V1"], s.meant(b))
            first, _ = w.at(Q(0))
            size = max(abs(v) for row in first["V1"] for v in row)
            near, _ = w.at(Q(1, 10**9))
            self.assertLess(max(abs(v) for row in mix(Q(-1), near["V1"], first["V1"]) for v in row), 3 * size + 3)
            jump = max(abs(v - u) for r, q in zip(near["V1"], first["V1"]) for v, u in zip(r, q))
            self.assertLess(jump, Q(1, 1000))
            for other, t in itertools.product((a["V1"], s.meant(a)), (Q(0), Q(1, 3), Q(1))):
                self.assertLess(abs(Q(s.F(copy(first, V1=mix(t, first["V1"], other)))) - F), Q(1, 10**50))

        self.each(test)
        moved = [w for w in WAYS if w.at(Q(0))[0]["V1"] != w.s.meant(w.a)]  # not the gauged one itself
        self.assertGreater(len(moved), len(WAYS) // 2)

    def test_null_vectors(self):
        """Each thing that a row may not be."""

        def test(w):
            def wrong(vectors, pattern):
                self.rejected(sealed(w.lines(2**30, lift=null_leg(end, vectors))), pattern)

            end, s = "last" if w.back else "first", w.s
            for j, q in w.vectors.items():
                for i in w.others:
                    if any(w.a["W2"][i]):
                        new = list(q)
                        new[i] += Q(1, 2**20)
                        wrong(w.vectors | {j: new}, r"leg . \(lift\): the null vector of output %d is none of W2" % j)
                for i in w.outputs:
                    new = list(q)
                    new[i] = Q(0) if i == j - 1 else Q(1, 8)
                    wrong(w.vectors | {j: new}, "line .*null vector of output %d is .*0 at output %d" % (j, i + 1))
                less = {i: r for i, r in w.vectors.items() if i != j}
                if less:
                    wrong(less, "N loses row rank")
                wrong(dict(list(w.vectors.items()) + [(s.dy + 1, q)]), "only %d outputs|j from 1 to" % s.dy)
                wrong(
                    {(0 if i == j else i): r for i, r in w.vectors.items()}, "not an integer from 1|does not come after"
                )
                k, lines = list(w.vectors).index(j) + 2, w.lift.split("\n")
                before, line, after = lines[:k], lines[k], lines[k + 1 :]
                for new in (
                    [line, line],
                    [],
                    [line + " 0x0p+0"],
                    [line.rsplit(" ", 1)[0]],
                    ["row"],
                    ["row "],
                    [line.replace("row ", "row 0")],
                    [line.replace("row ", "row -")],
                    [line.replace("row ", "ROW ")],
                    [line.replace("0x", "0y", 1)],
                    [line.replace("row", "row ")],
                ):
                    self.rejected(sealed(w.lines(2**30, lift="\n".join(before + new + after))), "^line ")
            if len(w.vectors) > 1:
                wrong(dict(reversed(w.vectors.items())), "output . does not come after output .")
            lines = w.lift.split("\n")
            for head in (
                "null %s %d" % (end, len(w.vectors) + 1),
                "null %s %d" % (end, len(w.vectors) - 1),
                "null %s 01" % end,
                "null %s" % end,
                "null middle %d" % len(w.vectors),
                "null %s %d 1" % (end, len(w.vectors)),
            ):
                self.rejected(sealed(w.lines(2**30, lift="\n".join([lines[0], head] + lines[2:]))), "^line ")
            self.rejected(sealed(w.lines(2**30, lift="\n".join(lines + lines[1:]))), "^line .*expected 'point'")
            self.rejected(sealed(w.lines(2**30, lift="lift")), "W2 loses row rank")
            other = "first" if w.back else "last"
            self.rejected(
                sealed(w.lines(2**30, lift=null_leg(other, w.vectors))), "V1 is not gauged|none of W2|point of the"
            )

        self.each(test)

    def test_multiples_of_null_vectors(self):
        def test(w):
            big = {j: scaled(Q(-(2**300)), [q])[0] for j, q in w.vectors.items()}
            self.accepted(sealed(w.lines(lift=null_leg("last" if w.back else "first", big))))

        self.each(test)

    def test_points(self):
        def test(w):
            s, a, b, start = w.s, w.a, w.b, w.start
            for name in s.shapes:
                if name != "V1":  # what moves on a leg where it may not, or makes W2 another than its null vectors'
                    i = w.outputs[0] if name == "W2" else 0
                    a2 = copy(a, **{name: shift_entry(a[name], i)})
                    new = [copy(start, **{name: a2[name]}), a2, b]
                    self.rejected(sealed(w.lines(2**30, new)), "none of W2" if name == "W2" else "is not the same")
            explicit = copy(a, gauged=False)
            self.rejected(sealed(w.lines(2**30, [start, explicit, b])), "V1 is (not|neither) gauged")
            zero = copy(explicit, V1=zeros(a["V1"]))
            self.rejected(sealed(w.lines(2**30, [start, zero, b])), "V1 is not gauged at the null end")
            b2 = copy(b, gauged=False, V1=shift_entry(b["V1"]))
            self.rejected(sealed(w.lines(2**30, [start, a, b2])), "V1 is neither gauged nor 0")
            # N loses rank: all along, at the other end, on the way
            self.rejected(sealed(w.lines(2**30, [start, a, copy(b, W2=a["W2"])])), "N loses row rank")
            W = [list(r) for r in b["W2"]]
            W[w.outputs[0]] = [Q(0)] * s.M if s.dy == 1 else W[w.outputs[0] - 1]
            self.rejected(sealed(w.lines(2**30, [start, a, copy(b, W2=W)])), "N loses row rank")
            if w.others:
                W = [list(r) for r in b["W2"]]
                W[w.others[0]] = [-v / 2 for v in a["W2"][w.others[0]]]
                self.rejected(sealed(w.lines(2**30, [start, a, copy(b, W2=W)])), "N loses row rank")

        self.each(test)

    def test_legs_beyond(self):
        """The null end may not be a path's end; beyond it only gauge and lift."""

        def test(w):
            s, lift = w.s, w.lift
            name = "last" if w.back else "first"
            self.rejected(
                sealed(w.lines(2**30, w.points[1:], kinds=())), "the null end is the %s point of the" % name
            )
            for kind in set(KINDS) - {"gauge", "lift"}:
                if kind == "rows" and not s.width or kind in ("shrink", "theta"):
                    continue
                pattern = r"leg %d \(lift\): beyond the null end is leg %d \(%s\)" % (
                    *((1, 2) if w.back else (2, 1)),
                    kind,
                )
                self.rejected(sealed(w.lines(2**30, [w.a, w.a, w.b], kinds=(kind,))), pattern)
            # gauged twice, listed alike: the end of the path is the gauged V1, the next point is any
            self.accepted(sealed(w.lines(points=[w.a, w.a, w.b])))
            for kind in set(KINDS) - {"lift"}:
                lines = w.lines(2**30, lift=lift.replace("lift", kind, 1))
                self.rejected(sealed(lines), "expected 'point', found 'null")
            # the null end between two lifts
            c = copy(w.a, W2=s.matrix("W2"), V1=s.matrix("V1"))
            back = null_leg("first" if w.back else "last", w.vectors)
            self.accepted(sealed(w.lines(points=[c, w.a, w.b], kinds=(back,))))
            self.rejected(sealed(w.lines(2**30, [c, w.a, w.b], kinds=("lift",))), "W2 loses row rank")

        self.each(test)

    def test_kappa(self):
        for back in (False, True):
            w = Way(Setting("squared", 4, [2, 3], Q(1, 16), random.Random(3)), 1, back, 0)
            self.rejected(sealed(w.lines(2**30)), "kappa is not 0")

    def test_few_units(self):
        """As many units as outputs: N may still keep its rank; fewer: it cannot."""
        rng, accepted = random.Random(4), 0
        for _ in range(30):
            s = Setting("squared", 2, [2], Q(0), rng)
            w = Way(s, 1, False, 0)
            dets = []
            for t in (Q(0), Q(1)):  # affine in t, since one row is fixed
                W = mix(t, w.a["W2"], w.b["W2"])
                r, q = W[w.others[0]], mm(list(w.vectors.values()), w.b["W2"])[0]
                dets.append(r[0] * q[1] - r[1] * q[0])
            right = dets[0] * dets[1] > 0
            accepted += right
            if right:
                self.accepted(sealed(w.lines()))
            else:
                self.rejected(sealed(w.lines(2**30)), "N loses row rank")
        self.assertTrue(5 < accepted < 25, accepted)
        w = Way(Setting("squared", 1, [2], Q(0), rng), 0, False, 0)
        self.rejected(sealed(w.lines(2**30)), "only 1 units")

    def test_segment_that_leaves_rank_at_its_start(self):
        """theorems.md: full rank of W2 for t > 0 is not enough."""
        s = Setting("squared", 3, [2], Q(0), random.Random(6))
        w = Way(s, 1, False, 0)
        w.a["W2"] = w.start["W2"] = [[Q(1), Q(0), Q(0)], [Q(0)] * 3]
        lift = null_leg("first", {2: [Q(0), Q(1)]})
        w.b["W2"] = [[Q(0), Q(1), Q(0)], [Q(1), Q(0), Q(0)]]
        self.rejected(sealed(w.lines(2**30, list(w.points), lift)), "N loses row rank")
        w.b["W2"] = [[Q(0), Q(1), Q(0)], [Q(1), Q(0), Q(1)]]
        self.accepted(sealed(w.lines(None, list(w.points), lift)))

    def test_long_way(self):
        """From a rank-deficient point to another: gauge, lift, lift, gauge."""
        rng = random.Random(7)
        for loss, width in itertools.product(certificate.LOSSES, (0, 5)):
            s = Setting(loss, width, [2, 3], Q(0), rng, n=5, dy=3)
            for ranks in itertools.product(range(3), repeat=2):
                w, v = (Way(s, rank, k == 1, 0) for k, rank in enumerate(ranks))
                same = {n: w.a[n] for n in s.shapes if n not in ("W2", "V1")}
                points = w.points + [copy(v.a, **same), copy(v.start, **same)]
                lines = text(s, points, ["gauge", w.lift, v.lift, "gauge"])
                self.accepted(sealed(lines))
                low = "bound " + hexa(math.nextafter(float.fromhex(lines[-1].split()[1]), -INF))
                self.rejected(sealed(lines[:-1] + [low]), "not certainly <=")

    def test_truncated(self):
        w = next(w for w in WAYS if len(w.vectors) == 2 and not w.back)
        data = sealed(w.lines())
        for k in range(len(data)):
            self.assertIsNotNone(verdict(data[:k]))
        lines = w.lines()
        for k in range(len(lines)):
            self.assertIsNotNone(verdict(sealed(lines[:k])))
            self.assertIsNotNone(verdict(sealed(lines[:k] + lines[k + 1 :])))
            self.assertIsNotNone(verdict(sealed(lines[:k] + lines[k : k + 1] + lines[k:])))
        k = next(k for k, l in enumerate(lines) if l.startswith("row"))
        self.rejected(sealed(lines[:k]), "^line .*row j q_1")

    def test_extreme_numbers(self):
        """Null vectors of any double: an answer in little time and memory."""
        w = next(w for w in WAYS if len(w.vectors) == 2 and w.s.dy == 3 and not w.back)
        lines = w.lines(2**30)
        k = next(k for k, l in enumerate(lines) if l.startswith("row"))
        for word in ("0x1p+1023", "0x1p-1074", "-0x1.fffffffffffffp+1023"):
            for i in range(w.s.dy):
                words = lines[k].split(" ")
                words[i + 2] = word
                new = sealed(lines[:k] + [" ".join(words)] + lines[k + 1 :])
                self.rejected(new, "line|none of W2|ACCEPTED")


class Arithmetic(unittest.TestCase):
    def test_log_sum(self):
        rng = random.Random(3)
        for bits in (40, 200):
            for _ in range(400):
                D = rng.randrange(1, 10**6)
                ds = [
                    rng.randrange(-(10 ** rng.randrange(1, 10)), 10 ** rng.randrange(1, 10))
                    for _ in range(rng.randrange(1, 5))
                ]
                if max(map(abs, ds)) > 1200 * D:
                    continue
                lo, hi, W = certificate.log_sum(ds, D, bits)
                decimal.getcontext().prec = 700
                true = (1 + sum(dec(Q(d, D)).exp() for d in ds)).ln()
                decimal.getcontext().prec = 70
                true = Q(true)
                self.assertLess(Q(lo, 2**W), true)
                self.assertLess(true, Q(hi, 2**W))
                self.assertLess(Q(hi - lo, 2**W), true / 2**bits)

    def test_root(self):
        for n in list(range(100)) + [10**40 + 1, 10**40]:
            lo, hi = certificate.root(n)
            scale = 4 ** (certificate.BITS + 40)
            self.assertTrue(lo * lo <= n * scale <= hi * hi and hi - lo <= 1)
            self.assertEqual(hi == lo, math.isqrt(n) ** 2 == n)

    def test_sturm(self):
        rng = random.Random(4)

        def times(p, q):
            out = [0] * (len(p) + len(q) - 1)
            for i, j in itertools.product(range(len(p)), range(len(q))):
                out[i + j] += p[i] * q[j]
            return out

        for _ in range(500):
            p, inside = [rng.choice([-3, -1, 1, 5])], False
            for _ in range(rng.randrange(0, 4)):
                den = rng.randrange(1, 9)
                num = rng.randrange(-6, 14)
                for _ in range(rng.randrange(1, 4)):
                    p = times(p, [-num, den])
                inside |= 0 <= num <= den
            for _ in range(rng.randrange(0, 3)):
                k = rng.randrange(-3, 4)
                p = times(p, [k * k + rng.randrange(1, 3), -2 * k, 1])
            self.assertEqual(certificate.positive_on_unit_interval(certificate.trim(p)), not inside)

    def test_gram_determinant(self):
        rng = random.Random(6)
        for dy in (1, 2, 3):
            A, B = ([[rng.randrange(-5, 6) for _ in range(4)] for _ in range(dy)] for _ in range(2))
            p, ratio = certificate.gram_determinant(A, B), None
            for t in (Q(0), Q(1, 3), Q(5, 7), Q(9, 2), Q(-2)):
                W = mix(t, A, B)
                G = mm(W, [list(r) for r in zip(*W)])
                det = sum(
                    (-1) ** sum(a > b for a, b in itertools.combinations(perm, 2))
                    * math.prod(G[i][k] for i, k in enumerate(perm))
                    for perm in itertools.permutations(range(dy))
                )
                value = sum(v * t**k for k, v in enumerate(p))
                ratio = ratio or det / value
                self.assertTrue(ratio > 0 and det == ratio * value)

    def test_decimal(self):
        for x in (
            Q(1),
            Q(1, 3),
            Q(10**12 - 1, 10**12),
            Q(999999999999999),
            Q(1, 10**30),
            Q(2, 3) * 10**200,
            Q(-1, 7),
        ):
            lo, hi = (Q(Decimal(certificate.decimal(x, up_))) for up_ in (False, True))
            self.assertTrue(lo <= x <= hi and hi - lo <= abs(x) / 10**11)


class Malformed(unittest.TestCase):
    def setUp(self):
        rng = random.Random(2)
        self.s = Setting("logistic", 3, [2, 2, 2], Q(1, 16), rng)
        a = self.s.point()
        self.points = [a, copy(a, V2=self.s.matrix("V2"))]
        self.lines = text(self.s, self.points, ["merge"])
        self.data = sealed(self.lines)
        self.assertIsNone(verdict(self.data))

    def test_truncated(self):
        for k in range(len(self.data)):
            self.assertIsNotNone(verdict(self.data[:k]))

    def test_lines_lost_or_doubled(self):
        for k in range(len(self.lines)):
            self.assertIsNotNone(verdict(sealed(self.lines[:k] + self.lines[k + 1 :])))
            self.assertIsNotNone(verdict(sealed(self.lines[:k] + self.lines[k : k + 1] + self.lines[k:])))

    def test_text_after_the_hash(self):
        for more in (b"\n", b"x\n", b"bound 0x0p+0\n", self.data[-72:]):
            self.assertRegex(verdict(self.data + more) or "", "text after the sha256 line")

    def test_too_large(self):
        """A small file whose hidden layer would need 10^8 numbers; 65 layers."""
        s = Setting("squared", 1, None, Q(0), random.Random(1), n=1, dy=1, N=1)
        one = "0x1p+0"
        lines = text(s, [s.point()], [], 1, [(0, 1)])[:6] + ["data 10000 1 1"] + ["sample 0x1p+0 0x1p+0"] * 10000
        lines += (
            ["width 10000", "block none", "point", "W1 10000 1"]
            + [one] * 10000
            + ["W2 1 10000", " ".join([one] * 10000)]
        )
        self.assertRegex(verdict(sealed(lines + ["risk 0x0p+0 0x1p+0", "bound 0x1p+0"])) or "", "too large")
        s = Setting("squared", 1, [1] * 66, Q(0), random.Random(1), n=1, dy=1, N=1)
        self.assertRegex(verdict(sealed(text(s, [s.point()], [], 1))) or "", "more than 64 layers")

    def test_bad_numbers(self):
        numbers = [k for k, l in enumerate(self.lines) if "0x" in l]
        for bad in (
            "nan",
            "inf",
            "-inf",
            "NaN",
            "0x1p+99999999",
            "0x1p+9999",
            "0x1p-9999",
            "0x1p+1024",
            "0x1p-1075",
            "0x1.fffffffffffff8p+0",
            "0x" + "f" * 10**6 + "p+0",
            "1.5",
            "1e5",
            "0x",
            "0xp+0",
            "0x1",
            "0x1.p+0",
            "--0x1p+0",
            "+0x1p+0",
            "",
            "0x1p+",
            "0x1p+0x1",
            "1" * 10**5,
            "0X1P+0",
            "0x1p+0\t",
            "0x1p+0\r",
            "0x1p+0\0",
            "\u00b2",
            "same",
            "point",
        ):
            for k in numbers:
                words = self.lines[k].split(" ")
                words[-1] = bad
                new = self.lines[:k] + [" ".join(words)] + self.lines[k + 1 :]
                reason = verdict(sealed(new))
                self.assertRegex(reason or "accepted", "^line %d: " % (k + 1))
                self.assertLess(len(reason), 300)

    def test_counts(self):
        for k, l in enumerate(self.lines):
            for i, w in enumerate(l.split(" ")):
                if not w.isdigit() or l.startswith("seed"):
                    continue
                for bad in (
                    str(int(w) + 1),
                    "0" if w != "0" else "1",
                    "-1",
                    "999999",
                    "1000000",
                    "9" * 5000,
                    "0" + w,
                    "1.0",
                    "x",
                    "",
                ):
                    words = l.split(" ")
                    words[i] = bad
                    self.assertIsNotNone(verdict(sealed(self.lines[:k] + [" ".join(words)] + self.lines[k + 1 :])))
            for bad in (l + " ", " " + l, l.replace(" ", "  ", 1) if " " in l else l + "  ", l + " 0x0p+0"):
                self.assertIsNotNone(verdict(sealed(self.lines[:k] + [bad] + self.lines[k + 1 :])))

    def test_byte_fuzz(self):
        rng = random.Random(8)
        body = self.data[: self.data.rindex(b"sha256")]
        accepted = 0
        for _ in range(3000):
            new = bytearray(body)
            for _ in range(rng.randrange(1, 4)):
                k = rng.randrange(len(new))
                how = rng.randrange(3)
                if how == 0:
                    new[k] = rng.choice(b"0123456789abcdefxp+- .\n\x00\xff")
                elif how == 1:
                    del new[k : k + rng.randrange(1, 20)]
                else:
                    new[k:k] = new[rng.randrange(len(new)) :][: rng.randrange(1, 30)]
            new = bytes(new)
            self.assertIsNotNone(verdict(new + self.data[len(body) :]) if new != body else "same")
            new += b"sha256 " + hashlib.sha256(new).hexdigest().encode() + b"\n"
            accepted += verdict(new) is None  # a label may change
        self.assertLess(accepted, 300)

    def test_garbage(self):
        rng = random.Random(9)
        for n in (0, 1, 10, 10**5):
            self.assertIsNotNone(verdict(bytes(rng.randrange(256) for _ in range(n))))
            self.assertIsNotNone(verdict(b"\n" * n))
            self.assertIsNotNone(verdict(b" " * n))
        self.assertRegex(verdict(b"\n" * (certificate.MAX_BYTES + 1)), "longer than")

    def test_widely_spread_exponents(self):
        """Legal but extreme doubles: no traceback, no exhausted memory."""
        for word in ("0x1p+1023", "0x1p-1074", "-0x1.fffffffffffffp+1023"):
            for k, l in enumerate(self.lines):
                if "0x" in l and l[0] in "-0":
                    words = l.split(" ")
                    words[0] = word
                    self.assertRegex(
                        verdict(sealed(self.lines[:k] + [" ".join(words)] + self.lines[k + 1 :])) or "accepted",
                        "point|leg|accepted",
                    )

    def test_many_pieces(self):
        """A sawtooth with 2^24 kinks cannot exhaust memory or time; one with 2^6 is checked."""
        for layers, pattern in ((24, "too many linear pieces"), (6, "not certainly <=")):
            s = Setting("squared", 1, [1] + [2] * layers, Q(0), random.Random(1), n=1, dy=1, N=1)
            s.samples = [([Q(1)], [Q(0)])]
            a = {"W1": [[Q(1)]], "W2": [[Q(1)]], "V1": [[Q(2), Q(-4)]], "V2": [[Q(0)]], "gauged": False}
            # tent(v) = 2 relu(v) - 4 relu(v - 1/2) on [0, 1]; without biases v - 1/2 comes from the last layer's
            # homogeneous pair (v, v - c), c carried by a third unit
            s.block = [2] + [3] * layers
            s.shapes["V2"], s.shapes["V1"] = (2, 1), (1, 3)
            a["V2"], a["V1"] = [[Q(0)], [Q(1)]], [[Q(2), Q(-4), Q(0)]]
            for k, name in enumerate(s.thetas):
                s.shapes[name] = (3, 2 if k == 0 else 3)
                a[name] = (
                    [[Q(1), Q(0)], [Q(1), Q(-1, 2)], [Q(0), Q(1)]]
                    if k == 0
                    else [[Q(2), Q(-4), Q(0)], [Q(2), Q(-4), Q(-1, 2)], [Q(0), Q(0), Q(1)]]
                )
            b = copy(a, V2=[[Q(1)], [Q(1)]])
            lines = text(s, [a, b], ["merge"], Q(1, 2), [(0, 4)] * 2)
            start = time.time()
            self.assertRegex(verdict(sealed(lines)) or "", pattern)
            self.assertLess(time.time() - start, 30)
            if layers == 6:
                lines[-1] = "bound " + hexa(up(s.sup("merge", a, b)))
                self.assertIsNone(verdict(sealed(lines)))
                seen = []
                certificate.check(sealed(lines), seen.append)
                self.assertIn("63 kinks", seen[0])

    def test_command_line(self):
        here = os.path.dirname(os.path.abspath(certificate.__file__))

        def run(*args, limit="ulimit -v 400000; "):
            done = subprocess.run(
                ["bash", "-c", limit + 'exec "$0" "$@"', sys.executable, os.path.join(here, "certificate.py")]
                + list(args),
                capture_output=True,
                text=True,
                timeout=60,
            )
            self.assertNotIn("Traceback", done.stderr + done.stdout)
            return done.returncode, done.stdout, done.stderr

        with tempfile.TemporaryDirectory() as d:

            def file(name, data):
                with open(os.path.join(d, name), "wb") as f:
                    f.write(data)
                return os.path.join(d, name)

            good, bad = file("good", self.data), file("bad", self.data[:-3])
            code, out, _ = run(good)
            self.assertEqual((code, out.count("\n")), (0, 1))
            self.assertRegex(out, r"good: accepted: test, a/b, 1 legs, F <= 0x\S+, certified sup in \[\S+, \S+\]\n$")
            code, out, _ = run("-v", good)
            self.assertRegex(out, "(?s)leg 1 merge: F <= sup in .*accepted")
            code, out, _ = run(bad)
            self.assertEqual((code, out.count("\n")), (1, 1))
            code, out, _ = run(good, bad, good)
            self.assertEqual((code, out.count("\n")), (1, 3))
            self.assertEqual(run()[0], 2)
            self.assertEqual(run("--nonsense", good)[0], 2)
            self.assertEqual(run(os.path.join(d, "absent"))[0], 4)
            self.assertEqual(run(d)[0], 4)
            self.assertEqual(run("/dev/zero")[0], 1)
            giant = b"\n".join(b"kappa 0x1p+99999999" if l.startswith(b"kappa") else l for l in self.data.split(b"\n"))
            code, out, _ = run(file("giant", giant))
            self.assertEqual((code, out.count("\n")), (1, 1))
            self.assertIn("line 6", out)


# ------------------------------------------------------------------ timing
def rows_file(loss, block, kappa, factor, m=256, N=60, n=4, dy=3, seed=1):
    """A rows leg: every other row by this factor, or all rows turned (None)."""
    rng = random.Random(seed)
    s = Setting(loss, m, block and list(block), kappa, rng, n, dy, N)
    s.samples = [([Q(rng.gauss(0, 1)) for _ in x], y) for x, y in s.samples]
    full = {k: [[Q(rng.gauss(0, 1)) for _ in range(c)] for _ in range(r)] for k, (r, c) in s.shapes.items()}
    a, other = full | {"gauged": False}, [[Q(rng.gauss(0, 1)) for _ in range(n)] for _ in range(m)]
    if factor is not None:
        other = [scaled(factor if i % 2 else Q(1), [r])[0] for i, r in enumerate(a["W1"])]
    return sealed(text(s, [a, copy(a, W1=other)], ["rows"], 2.0**40, [(0, 2.0**40)] * 2))


def bench_file(loss, kappa, m=64, N=48, n=4, dy=2, legs=25, seed=1):
    """Full-mantissa doubles at the largest sizes; every third leg moves V2."""
    rng = random.Random(seed)
    s = Setting(loss, m, [4, 4, 4, 4, 4], kappa, rng, n, dy, N)
    s.samples = [([Q(rng.gauss(0, 1)) for _ in x], y) for x, y in s.samples]

    def full(name):
        r, c = s.shapes[name]
        return [[Q(rng.gauss(0, 1) / math.sqrt(c)) for _ in range(c)] for _ in range(r)]

    pt = {k: full(k) for k in s.shapes} | {"gauged": False}
    points, names, risks = [pt], [], [(0, 2.0**40)]
    for k in range(legs):
        name = ("V2", "W2", "V1")[k % 3]
        pt = copy(pt, **{name: full(name)})
        if k % 6 == 5 and not kappa:
            pt = copy(points[-1], gauged=True)
            names.append("gauge")
        elif k % 6 == 0 and k and not kappa:
            pt = copy(points[-1], W2=full("W2"), V1=full("V1"))
            names.append("lift")
        elif k % 6 == 1 and k > 1 and not kappa:
            pt = copy(points[-1], gauged=False)
            names.append("gauge")
        else:
            names.append("merge")
        points.append(pt)
        risks.append((0, 2.0**40))
    return sealed(text(s, points, names, 2.0**40, risks))


def bench():
    for loss, kappa, more in (
        ("squared", 0, {}),
        ("squared", Q(1, 16), {}),
        ("huber", Q(1, 16), {}),
        ("logistic", Q(1, 16), {}),
        ("logistic", 0, {}),
        ("cross-entropy", Q(1, 16), {"dy": 3}),
        ("cross-entropy", 0, {"dy": 10}),
        ("squared", 0, {"n": 64, "dy": 10}),
    ):
        data = bench_file(loss, kappa, **more)
        start = time.time()
        lines = []
        answer = certificate.check(data, lines.append)
        print("%s kappa %s %s: %d bytes, %.1f s, %s" % (loss, kappa, more, len(data), time.time() - start, answer))
        print("   kinks:", " ".join(l.split("V2, ")[1].split()[0] for l in lines if "kinks" in l))
    for loss, block, factor in itertools.product(("squared", "logistic"), (None, [4, 4, 3]), (0, None)):
        data, said, start = rows_file(loss, block, Q(1, 16), factor), [], time.time()
        certificate.check(data, said.append)
        print("rows %s block %s %s: %.1f s, %s" % (loss, block, factor, time.time() - start, said[0]))


if __name__ == "__main__":
    if sys.argv[1:] == ["bench"]:
        bench()
    else:
        unittest.main()
