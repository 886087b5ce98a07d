# SPDX-License-Identifier: MIT
"""Tests of the checker vectors/certificate.py, version 2: what it accepts though false, what it refuses though true.

    python3 tests/campaigns/test_certificate2.py            standard library only
    python3 tests/campaigns/test_certificate2.py breaks     edits of the checker that a test must notice
    python3 tests/campaigns/test_certificate2.py bench      timing of large files

Data, networks and certificates are built here independently: writers of .npz and .safetensors
by hand, F with Fractions and 70-digit decimals, paths as functions of t in floats, the piece
rule with Fractions from its statement."""
import decimal
import hashlib
import itertools
import json
import math
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from decimal import Decimal
from fractions import Fraction as Q

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.environ.get("CERTIFICATE", HERE), HERE, os.path.join(HERE, "..", "..", "vectors")]
import certificate

decimal.getcontext().prec = 70
decimal.getcontext().Emax, decimal.getcontext().Emin = 10**9, -(10**9)
INF = float("inf")
LOSSES = ("squared", "logistic", "cross-entropy", "huber")
ORDER = ["W1", "b1", "V2"] + [k + str(i) for i in range(1, 9) for k in "Tc"] + ["V1", "W2", "b2"]
DEEP = {"mlp": [k + str(i) for i in range(1, 10) for k in "Wb"]}
DEEP["residual"] = ["W0", "b0"] + [k + str(i) for i in range(1, 10) for k in "UcVd"] + ["W", "b"]
RELAYED = ("two-layer", "skip", "linear-skip")
MODELS = RELAYED + tuple(DEEP)


# ------------------------------------------------------------------ numbers
def dec(x):
    return x if isinstance(x, Decimal) else Decimal(x.numerator) / Decimal(x.denominator)


def plus(terms):
    """Fractions stay exact; one Decimal makes the sum a Decimal."""
    terms = list(terms)
    return sum(terms, Q(0)) if all(isinstance(t, Q) for t in terms) else sum(map(dec, terms))


def times(a, b):
    return a * b if isinstance(b, Q) else dec(a) * b


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


# ------------------------------------------------------------------ files
NPY = {"f8": "d", "f4": "f", "f2": "e", "i1": "b", "i2": "h", "i4": "i", "i8": "q"}
NPY.update({"u1": "B", "u2": "H", "u4": "I", "u8": "Q", "b1": "?"})


def npy(rows, descr="<f8", fortran=False, version=1, shape=None):
    """The bytes of an array: nested rows, or a flat list."""
    nested = isinstance(rows[0], (list, tuple))
    shape = shape or ((len(rows), len(rows[0])) if nested else (len(rows),))
    flat = [v for r in (zip(*rows) if fortran else rows) for v in r] if nested else list(rows)
    code = NPY[descr[1:]]
    flat = [float(v) if code in "dfe" else int(v) for v in flat]
    head = str({"descr": descr, "fortran_order": fortran, "shape": shape}).encode() + b" \n"
    size = struct.pack("<H" if version == 1 else "<I", len(head))
    order = descr[0].replace("|", "<")
    return b"\x93NUMPY" + bytes([version, 0]) + size + head + struct.pack("%s%d%s" % (order, len(flat), code), *flat)


def npz(path, arrays, method=zipfile.ZIP_STORED, **how):
    with zipfile.ZipFile(path, "w", method) as z:
        for name, rows in arrays.items():
            z.writestr(name + ".npy", rows if isinstance(rows, bytes) else npy(rows, **how))


def safetensors(path, arrays, dtype="F64", meta=True):
    header, body = {"__metadata__": {"format": "pt"}} if meta else {}, b""
    for name, rows in arrays.items():
        nested = isinstance(rows[0], (list, tuple))
        flat = [float(v) for r in rows for v in r] if nested else list(map(float, rows))
        if dtype == "BF16":
            raw = b"".join(struct.pack("<f", v)[2:] for v in flat)
        else:
            raw = struct.pack("<%d%s" % (len(flat), {"F64": "d", "F32": "f", "F16": "e"}[dtype]), *flat)
        shape = [len(rows), len(rows[0])] if nested else [len(rows)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + body)


# ------------------------------------------------------------------ the network, naively
def mv(A, v):
    return [sum((a * b for a, b in zip(row, v)), 0 * v[0]) for row in A]


def mm(A, B):
    return [list(r) for r in zip(*(mv(A, col) for col in zip(*B)))]


def mix(t, A, B):
    return [[(1 - t) * a + t * b for a, b in zip(r, s)] for r, s in zip(A, B)]


def affine(A, b, v):
    return [x + (b[i][0] if b else 0) for i, x in enumerate(mv(A, v))]


def relu(v):
    return [x if x > 0 else 0 * x for x in v]


def deep(t):
    return sorted(k for k in t if k[0] == "T")


def forward(model, t, x):
    """f, for tensors t {name: rows; vectors are columns} by their names in `ORDER`."""
    if model == "two-layer":
        return affine(t["W2"], t.get("b2"), relu(affine(t["W1"], t.get("b1"), x)))
    if model in DEEP:
        return deep_steps(model, t, x)[-1]
    h = relu(affine(t["W1"], t.get("b1"), x)) if model == "skip" else x
    u = mv(t["V2"], h) if model == "skip" else x
    for name in deep(t):
        u = relu(affine(t[name], t.get("c" + name[1:]), u))
    return affine(t["W2"], t.get("b2"), [a + b for a, b in zip(h, mv(t["V1"], u))])


def deep_steps(model, t, x):
    """What every step of an mlp or a residual network gives."""
    out, k = [], 1

    def keep(v):
        out.append(v)
        return v

    if model == "mlp":
        while "W%d" % (k + 1) in t:
            x, k = keep(relu(keep(affine(t["W%d" % k], t.get("b%d" % k), x)))), k + 1
        keep(affine(t["W%d" % k], t.get("b%d" % k), x))
        return out
    if "W0" in t:
        x = keep(affine(t["W0"], t.get("b0"), x))
    while "U%d" % k in t:
        u = keep(relu(keep(affine(t["U%d" % k], t.get("c%d" % k), x))))
        x = keep([v + w for v, w in zip(x, keep(affine(t["V%d" % k], t.get("d%d" % k), u)))])
        k += 1
    keep(affine(t["W"], t.get("b"), x))
    return out


def loss_of(loss, z, y):
    if loss == "squared":
        return sum((a - b) ** 2 for a, b in zip(z, y))
    if loss == "huber":
        return sum((r * r / 2 if r <= 1 else r - Q(1, 2)) for r in (abs(a - b) for a, b in zip(z, y)))
    if loss == "logistic":
        return plus((1 + dec(-a * b).exp()).ln() for a, b in zip(z, y))
    return sum(dec(a - z[y.index(1)]).exp() for a in z).ln()


def float_loss(loss, z, y):
    if loss == "logistic":
        return sum(max(0, -a * b) + math.log1p(math.exp(-abs(a * b))) for a, b in zip(z, y))
    if loss == "cross-entropy":
        top = max(z)
        return top + math.log(sum(math.exp(a - top) for a in z)) - z[y.index(1)]
    return float(loss_of(loss, z, y))


def norm1(A):
    return sum(abs(v) for row in A for v in row)


def wang(t):
    """R, exact where the roots are."""
    b1 = t.get("b1") or [[Q(0)]] * len(t["W1"])
    terms = []
    for i, (row, (b,)) in enumerate(zip(t["W1"], b1)):
        p = sum(abs(r[i]) for r in t["W2"]) + sum(abs(r[i]) for r in t.get("V2", ()))
        terms.append(times(p, sqrt(sum((v * v for v in row), b * b))))
    if "V1" in t:
        terms.append(norm1(mm(t["W2"], t["V1"])))
        for name in deep(t):
            c = t.get("c" + name[1:], ())
            terms.append(sqrt(sum((v * v for row in list(t[name]) + list(c) for v in row), Q(0))))
    return plus(terms)


# ------------------------------------------------------------------ a problem: data, networks
class Problem:
    def __init__(self, rng, model, loss, penalty, mA=4, mB=5, n=3, dy=None, N=4, block=(2, 3), bias=True, fine=False):
        self.rng, self.model, self.loss, self.penalty, self.n, self.N = rng, model, loss, penalty, n, N
        self.dy = dy or (3 if loss == "cross-entropy" else 2)
        self.kappa = Q(0) if penalty == "none" else Q(rng.choice([1, 3]), 16)
        self.fine, self.bias, self.block = fine, bias, list(block)
        if model == "linear-skip":
            mA = mB = n
            self.block[0] = n
        if model in DEEP:
            mA = mB = 0
        self.m, self.M = {"A": mA, "B": mB}, max(mA, mB)
        self.x = [[self.number() for _ in range(n)] for _ in range(N)]
        self.y = [self.target() for _ in range(N)]
        self.net = {end: self.network(m) for end, m in self.m.items()}
        self.padded = {end: self.pad(t, self.m[end]) for end, t in self.net.items()}

    def number(self):
        return Q(self.rng.gauss(0, 1)) if self.fine else Q(self.rng.randrange(-12, 13), 8)

    def target(self):
        if self.loss == "logistic":
            return [Q(self.rng.choice([-1, 1])) for _ in range(self.dy)]
        if self.loss == "cross-entropy":
            c = self.rng.randrange(self.dy)
            return [Q(k == c) for k in range(self.dy)]
        return [self.number() for _ in range(self.dy)]

    def matrix(self, r, c):
        return [[self.number() for _ in range(c)] for _ in range(r)]

    def order(self):
        return DEEP.get(self.model, ORDER)

    def last(self):
        """The read-out's matrix."""
        return {"mlp": "W%d" % (len(self.block) + 1), "residual": "W"}.get(self.model, "W2")

    def deep_network(self):
        """mlp: its hidden widths are the block; residual: the first is that of x, or there is no read-in."""
        t, width = {}, self.n
        sizes = list(self.block)
        if self.model == "mlp":
            for i, r in enumerate(sizes + [self.dy], 1):
                t["W%d" % i], t["b%d" % i], width = self.matrix(r, width), self.matrix(r, 1), r
        else:
            if sizes[0]:
                t["W0"], t["b0"], width = self.matrix(sizes[0], width), self.matrix(sizes[0], 1), sizes[0]
            for i, r in enumerate(sizes[1:], 1):
                t["U%d" % i], t["c%d" % i] = self.matrix(r, width), self.matrix(r, 1)
                t["V%d" % i], t["d%d" % i] = self.matrix(width, r), self.matrix(width, 1)
            t["W"], t["b"] = self.matrix(self.dy, width), self.matrix(self.dy, 1)
        return {k: v for k, v in t.items() if self.bias or k[0] not in "bcd"}

    def network(self, m):
        if self.model in DEEP:
            return self.deep_network()
        t, width = {}, m if self.model != "linear-skip" else self.n
        if self.model != "linear-skip":
            t["W1"] = self.matrix(m, self.n)
            t["b1"] = self.matrix(m, 1)
        if self.model == "skip":
            t["V2"] = self.matrix(self.block[0], m)
        if self.model != "two-layer":
            for i, (c, r) in enumerate(zip(self.block, self.block[1:]), 1):
                t["T%d" % i], t["c%d" % i] = self.matrix(r, c), self.matrix(r, 1)
            t["V1"] = self.matrix(width, self.block[-1])
        t["W2"], t["b2"] = self.matrix(self.dy, width), self.matrix(self.dy, 1)
        for k in range(self.dy):  # well away from rank loss, mostly
            t["W2"][k][k % width] = Q(float(t["W2"][k][k % width] + 4))
        return {k: v for k, v in t.items() if self.bias or k[0] not in "bc"}

    def pad(self, t, m):
        if self.model == "linear-skip" or self.model in DEEP:
            return t
        more, out = self.M - m, {}
        for name, rows in t.items():
            if name in ("W1", "b1", "V1"):
                rows = rows + [[Q(0)] * len(rows[0]) for _ in range(more)]
            out[name] = [row + [Q(0)] * more for row in rows] if name in ("V2", "W2") else rows
        return out

    def own(self, name):
        return {"V1": "V", "W2": "W", "b2": "b"}.get(name, name) if self.model == "linear-skip" else name

    def digest(self, end):
        out = b"network %s\n" % self.model.encode()
        for name in self.order():
            if name in self.net[end]:
                rows = self.net[end][name]
                out += b"%s %d %d\n" % (self.own(name).encode(), len(rows), len(rows[0]))
                out += b"".join(struct.pack("<d", float(v)) for row in rows for v in row)
        return hashlib.sha256(out).hexdigest()

    def data_digest(self):
        out = b"data %d %d %d\n" % (self.N, self.n, self.dy)
        for rows in (self.x, self.y):
            out += b"".join(struct.pack("<d", float(v)) for row in rows for v in row)
        return hashlib.sha256(out).hexdigest()

    def header(self):
        out = ["skipverify certificate 2", "model " + self.model, "loss " + self.loss]
        out.append("penalty none" if self.penalty == "none" else "penalty %s %s" % (self.penalty, hexa(self.kappa)))
        out.append("data %s %d %d %d" % (self.data_digest(), self.N, self.n, self.dy))
        for word, end in (("from", "A"), ("to", "B")):
            out.append("%s %s %d" % (word, self.digest(end), 0 if self.model == "linear-skip" else self.m[end]))
        return out + ["width %d" % self.M]

    def write(self, where, out_in=True):
        """Files; the options that name them."""
        names = {}
        for end in "AB":
            arrays = {self.own(name): rows for name, rows in self.net[end].items()}
            if out_in:
                arrays["out_in"] = [1]
            names[end] = os.path.join(where, end)
            (npz if end == "A" else safetensors)(names[end], arrays)
        names["data"] = os.path.join(where, "data")
        npz(names["data"], {"x": self.x, "y": self.y})
        given = dict.fromkeys(certificate.OPTIONS)
        given.update({"data": names["data"], "from": names["A"], "to": names["B"]})
        return given

    # -------------------------------------------------------------- F
    def data_loss(self, t):
        return plus(loss_of(self.loss, forward(self.model, t, x), y) for x, y in zip(self.x, self.y)) / self.N

    def F(self, t, balanced=False):
        if self.penalty == "none":
            return self.data_loss(t)
        if self.penalty == "wang":
            return plus([self.data_loss(t), times(self.kappa, wang(t))])
        b2 = sum((v * v for (v,) in t.get("b2", ())), Q(0))
        if not balanced:
            return plus(
                [self.data_loss(t), self.kappa / 2 * sum(v * v for rows in t.values() for r in rows for v in r)]
            )
        terms = [b2 / 2]
        for i, row in enumerate(t["W1"]):
            r = sum(v * v for v in row) + (t["b1"][i][0] ** 2 if "b1" in t else 0)
            terms.append(sqrt(r * sum(row[i] ** 2 for row in t["W2"])))
        return plus([self.data_loss(t), times(self.kappa, plus(terms))])

    def pieces(self, a, b, cuts):
        return piece_bounds(self, a, b, cuts)

    def float_F(self, t):
        """Of tensors of floats."""
        data = [([float(v) for v in x], list(map(float, y))) for x, y in zip(self.x, self.y)]
        F = sum(float_loss(self.loss, forward(self.model, t, x), y) for x, y in data) / self.N
        if self.penalty == "decay":
            F += float(self.kappa) / 2 * sum(v * v for rows in t.values() for row in rows for v in row)
        if self.penalty == "wang":
            exact = {name: [[Q(v) for v in row] for row in rows] for name, rows in t.items()}
            F += float(self.kappa) * float(wang(exact))
        return F


# ------------------------------------------------------------------ certificates
class Builder:
    """Writes legs, follows the state (tensors of Fractions, padded), and keeps the path in floats."""

    loud = None  # the numbers listed in this leg (0 is the first with columns) are large, so that F is

    def __init__(self, p):
        self.p, self.state, self.lines, self.balanced, self.off = p, dict(p.padded["A"]), [], False, False
        self.sup, self.path = [p.F(self.state)], []  # path: functions of t

    def leg(self, kind, lines, state=None, evaluated=False, at=None):
        before, self.state = self.state, dict(state or self.state)
        counted = () if kind in ("balance", "unbalance", "grow") else (str(len(lines)),)
        self.lines.append(" ".join(("leg", kind) + counted))
        self.lines += lines
        if evaluated:
            self.sup.append(self.p.F(self.state, self.balanced))
        after, balanced = self.state, self.balanced
        self.path.append(at or (lambda t: self.straight(before, after, t, balanced)))

    def straight(self, a, b, t, balanced):
        moved = {name: mix(Q(t), a[name], b[name]) for name in a}
        return balance_at(moved, 1) if balanced else floats(moved)

    # columns, rows of slots
    def column(self, s, values):
        W2 = [list(r) for r in self.state["W2"]]
        for row, v in zip(W2, values):
            row[s] = v
        self.state = dict(self.state, W2=W2)

    def outputs(self, kind, moves, bias=None):
        """interpolate or fade: moves {slot: None | ("A", j) | numbers}."""
        before, lines, loud = self.state, [], self.loud == 0
        self.loud = None if self.loud is None else self.loud - 1
        for s, to in moves.items():
            if loud and to and to[0] not in ("A", "B"):
                to = [1024 * v for v in to]
            if to is None:
                text, values = "0", [Q(0)] * self.p.dy
            elif to[0] in ("A", "B"):
                text, values = "%s %d" % (to[0], to[1] + 1), [r[to[1]] for r in self.p.padded[to[0]]["W2"]]
            else:
                text, values = " ".join(map(hexa, to)), to
            lines.append("column %d %s" % (s + 1, text))
            self.column(s, values)
        if bias is not None and "b2" in self.p.padded["B"]:
            lines.append("bias " + (bias if isinstance(bias, str) else " ".join(map(hexa, bias))))
            values = self.p.padded[bias].get("b2") if isinstance(bias, str) else [[v] for v in bias]
            self.state = dict(self.state, b2=values)
        after, self.state = self.state, before
        if kind == "fade":
            gone = {k: (v if k != "V1" else [[Q(0)] * len(v[0])] * len(v)) for k, v in after.items()}
            self.leg("fade", lines, gone, True, lambda t: floats(fade_at(before, after, t)))
        else:
            self.leg(kind, lines, after, True)

    def rewire(self, moves):
        """{slot: None or (end, j)}"""
        W1, b1 = [list(r) for r in self.state["W1"]], [list(r) for r in self.state.get("b1", [[Q(0)]] * self.p.M)]
        lines = []
        for s, to in moves.items():
            lines.append("row %d %s" % (s + 1, "%s %d" % (to[0], to[1] + 1) if to else "0"))
            t = self.p.padded[to[0]] if to else {}
            W1[s] = t["W1"][to[1]] if to else [Q(0)] * self.p.n
            b1[s] = t["b1"][to[1]] if to and "b1" in t else [Q(0)]
        state = dict(self.state, W1=W1)
        if "b1" in self.state:
            state["b1"] = b1
        self.leg("rewire", lines, state)

    def transfer(self, moves):
        before = self.state
        for a, b in moves:
            column = [r[a] for r in self.state["W2"]]
            self.column(a, [Q(0)] * self.p.dy)
            self.column(b, column)
        after, self.state = self.state, before
        self.leg(
            "transfer", ["move %d %d" % (a + 1, b + 1) for a, b in moves], after, False, self.carried(before, after)
        )

    def carried(self, before, after):
        if not self.balanced:
            return None
        return lambda t: balance_at({name: mix(Q(t), before[name], after[name]) for name in before}, 1)

    def to_b(self):
        self.state = dict(self.p.padded["B"])

    def line(self, target, cuts):
        """target None: B; else the tensors of the point.  The bound comes from the piece rule."""
        p = self.p
        lines = ["to B"] if target is None else ["to point"]
        for name in p.order() if target else ():
            if name in p.padded["B"]:
                rows = target[name]
                lines.append("%s %d %d" % (p.own(name), len(rows), len(rows[0])))
                lines += [" ".join(map(hexa, row)) for row in rows]
        lines += ["cut " + hexa(c) for c in cuts]
        before, after = self.state, target or p.padded["B"]
        self.sup += map(Q, p.pieces(before, after, [Q(0)] + list(cuts) + [Q(1)]))
        self.leg("line", lines, after)
        at = len(self.lines) - len(lines) - 1
        self.lines[at] = "leg line %d" % len(cuts)

    # legs of points with all their numbers
    def target(self, state):
        """Its lines: the tensors that change."""
        p = self.p
        if state == p.padded["B"] and self.state != state:
            return ["to B"]
        lines = ["to point"]
        for name in p.order():
            if name in state and state[name] != self.state[name]:
                lines += self.tensor(name, state[name])
        return lines

    def tensor(self, name, rows):
        head = "%s %d %d" % (self.p.own(name), len(rows), len(rows[0]))
        return [head] + [" ".join(map(hexa, row)) for row in rows]

    def full(self, kind, state):
        """readout, idle"""
        lines = self.target(state)
        self.leg(kind, lines, state, True)
        self.lines[-len(lines) - 1] = "leg " + kind

    def curve(self, controls, count, cuts, state=None):
        """cuts: of each segment"""
        p, start, state = self.p, self.state, state or self.p.padded["B"]
        lines = self.target(state)
        for t in controls:
            lines.append("control")
            for name in p.order():
                if name in t:
                    lines += self.tensor(name, t[name])
        at = joints([start] + controls + [state], count)
        for a, b, inner in zip(at, at[1:], cuts):
            lines += ["cuts %d" % len(inner)] + ["cut " + hexa(c) for c in inner]
            self.sup += map(Q, p.pieces(a, b, [Q(0)] + inner + [Q(1)]))
        self.joints = at
        self.leg("curve", lines, state, at=lambda t: polyline(at, t))
        self.lines[-len(lines) - 1] = "leg curve %d %d" % (len(controls) + 1, count)

    def finish(self, bound=None):
        self.sup.append(self.p.F(self.p.padded["B"]))
        assert self.state == self.p.padded["B"]
        if bound is None:
            bound = hexa(up(max(map(Q, self.sup))))
        return self.p.header() + self.lines + ["bound " + bound]


def floats(t):
    return {name: [[float(v) for v in row] for row in rows] for name, rows in t.items()}


def single(x):
    """The float32 number nearest to a double, ties to even."""
    x = Q(x)
    e = math.frexp(float(x))[1] if x else 0
    unit = Q(2) ** max(e - 24, -149)
    return round(x / unit) * unit  # of Fractions: half to even


def joints(points, count):
    """Those of a curve, as they are defined, from exact products and sums rounded to doubles one by one."""
    degree, out = len(points) - 1, [points[0]]
    for i in range(1, count):
        weights = [
            math.comb(degree, j) * Q(i, count) ** j * Q(count - i, count) ** (degree - j) for j in range(degree + 1)
        ]
        t = {}
        for name in points[0]:
            t[name] = []
            for rows in zip(*(point[name] for point in points)):
                terms = [[Q(float(w * v)) for w, v in zip(weights, numbers)] for numbers in zip(*rows)]
                t[name].append([single(summed(values)) for values in terms])
        out.append(t)
    return out + [points[-1]]


def summed(values):
    total = values[0]
    for v in values[1:]:
        total = Q(float(total + v))
    return total


def polyline(points, t):
    k = min(int(t * (len(points) - 1)), len(points) - 2)
    s = Q(t) * (len(points) - 1) - k
    return floats({name: mix(s, points[k][name], points[k + 1][name]) for name in points[0]})


def balance_at(t, u):
    """The units' weights, u of the way (in logarithms, lengths) from as they are to balanced."""
    t = floats(t)
    W1, W2, b1 = t["W1"], t["W2"], t.get("b1", [[0.0]] * len(t["W1"]))
    out = dict(t, W1=[], W2=[list(r) for r in W2], b1=[])
    for i, (row, (b,)) in enumerate(zip(W1, b1)):
        r, c = math.hypot(b, *row), math.hypot(*(k[i] for k in W2))
        lam = math.sqrt(c / r) if r and c else (1 - u if c == 0 else 1)
        lam = 1 + u * (lam - 1) if r and c else lam
        shrink = 1 / lam if lam else 1.0
        if r == 0 and c:
            shrink = 1 - u
        out["W1"].append([lam * v for v in row])
        out["b1"].append([lam * b])
        for k in out["W2"]:
            k[i] *= shrink
    if "b1" not in t:
        del out["b1"]
    return out


def fade_at(a, b, t):
    """V1(t) = W2(t)^+ (1 - t) W2 V1"""
    t = Q(t)
    W = mix(t, a["W2"], b["W2"])
    M = [[(1 - t) * v for v in row] for row in mm(a["W2"], a["V1"])]
    WT = [list(r) for r in zip(*W)]
    out = dict(a, W2=W, V1=mm(WT, mm(inverse(mm(W, WT)), M)))
    if "b2" in a:
        out["b2"] = mix(t, a["b2"], b["b2"])
    return out


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


# ------------------------------------------------------------------ the piece rule, naively
def tubes(p, a, b, x, y):
    """[(name, chord at 0, chord at 1, lo, hi)] of every layer: the rule as it is stated, with Fractions."""
    out = []

    def keep(name, q):
        out.append((name,) + q)
        return q

    def layer(W, bias, q):
        v0, v1, lo, hi = q
        W0, W1 = a[W], b[W]
        b0, b1 = a.get(bias), b.get(bias)
        if b0 is None or b1 is None:
            zero = [[Q(0)]] * len(W0)
            b0, b1 = b0 or zero, b1 or zero
        if W == p.last() and p.loss == "cross-entropy":
            c = y.index(1)
            W0, W1, b0, b1 = ([[v - w for v, w in zip(row, A[c])] for row in A] for A in (W0, W1, b0, b1))
        new_lo, new_hi = [], []
        for r0, r1 in zip(W0, W1):
            d = sum((s - r) * (w - v) for r, s, v, w in zip(r0, r1, v0, v1))
            low, high = min(Q(0), -d / 4), max(Q(0), -d / 4)
            for r, s, l, h in zip(r0, r1, lo, hi):
                low += min(r * l, r * h, s * l, s * h)
                high += max(r * l, r * h, s * l, s * h)
            new_lo.append(low)
            new_hi.append(high)
        return keep(W, (affine(W0, b0, v0), affine(W1, b1, v1), new_lo, new_hi))

    def bend(name, q):
        lo, hi = [], []
        for v, w, l, h in zip(*q):
            kink = abs(v) * abs(w) / (abs(v) + abs(w)) if v * w < 0 else Q(0)
            off = max(v, w) <= 0  # the chord of relu is 0
            lo.append(Q(0) if off else l - kink)
            hi.append(max(Q(0), max(v, w) + h) if off else h)
        return keep("relu " + name, (relu(q[0]), relu(q[1]), lo, hi))

    def add(a, b):
        return keep("sum", tuple([v + w for v, w in zip(*pair)] for pair in zip(a, b)))

    q, k = (x, x, [Q(0)] * len(x), [Q(0)] * len(x)), 1
    if p.model == "mlp":
        for k in range(1, len(p.block) + 1):
            q = bend("W%d" % k, layer("W%d" % k, "b%d" % k, q))
    if p.model == "residual":
        if "W0" in a:
            q = layer("W0", "b0", q)
        for k in range(1, len(p.block)):
            q = add(q, layer("V%d" % k, "d%d" % k, bend("U%d" % k, layer("U%d" % k, "c%d" % k, q))))
    if p.model in DEEP:
        layer(p.last(), "b" + p.last()[1:], q)
        return out
    if p.model != "linear-skip":
        q = bend("W1", layer("W1", "b1", q))
    if p.model != "two-layer":
        skip, u = q, layer("V2", None, q) if p.model == "skip" else q
        for name in deep(a):
            u = bend(name, layer(name, "c" + name[1:], u))
        q = add(skip, layer("V1", None, u))
    layer("W2", "b2", q)
    return out


def piece_bounds(p, a, b, cuts):
    """One upper bound of F a piece."""
    out = []
    for s, t in zip(cuts, cuts[1:]):
        ends = [{name: mix(u, a[name], b[name]) for name in a} for u in (s, t)]
        sums = [Q(0), Q(0)]
        for x, y in zip(p.x, p.y):
            _, z0, z1, lo, hi = tubes(p, *ends, x, y)[-1]
            for k, z in enumerate((z0, z1)):
                if p.loss == "cross-entropy":
                    value = sum(dec(v + h).exp() for v, h in zip(z, hi)).ln()
                else:
                    parts = zip(zip(z, lo), zip(z, hi), y)
                    value = plus(
                        max((loss_of(p.loss, [v + e], [w]) for v, e in (low, high)), key=Q) for low, high, w in parts
                    )
                sums[k] = plus([sums[k], value / p.N])
        for k, t in enumerate(ends):
            penalty = p.kappa * wang(t) if p.penalty == "wang" and isinstance(wang(t), Q) else None
            if p.penalty == "wang":
                penalty = times(p.kappa, wang(t))
            elif p.penalty == "decay":
                penalty = p.kappa / 2 * sum(v * v for rows in t.values() for row in rows for v in row)
            sums[k] = plus([sums[k], penalty or Q(0)])
        extra = Q(0)
        if p.penalty == "wang":
            p0, q0, p1, q1 = *strengths(ends[0]), *strengths(ends[1])
            extra = plus(max(Q(0), -Q((w - v)) * Q(dec(r) - dec(q))) for v, w, q, r in zip(p0, p1, q0, q1))
            if "V1" in a:
                d = [mix(Q(1), *([[-v for v in row] for row in ends[0][k]], ends[1][k])) for k in ("W2", "V1")]
                d = [[[w - v for v, w in zip(*rows)] for rows in zip(ends[0][k], ends[1][k])] for k in ("W2", "V1")]
                extra += norm1(mm(*d))
        out.append(Q(max(sums, key=Q)) + p.kappa * Q(extra) / 4 + Q(1, 10**15))
    return out


def strengths(t):
    b1 = t.get("b1") or [[Q(0)]] * len(t["W1"])
    p = [sum(abs(r[i]) for r in t["W2"] + t.get("V2", [])) for i in range(len(t["W1"]))]
    return p, [sqrt(sum((v * v for v in row), b * b)) for row, (b,) in zip(t["W1"], b1)]


# ------------------------------------------------------------------ valid certificates
def relay(p, loud=None):
    """Columns off and refitted, B's units in any dead slots, everything B's, then home."""
    rng, b, M, mB = p.rng, Builder(p), p.M, p.m["B"]
    b.loud = loud
    if p.penalty == "decay":
        b.balanced = True
        b.leg("balance", [], at=lambda t, a=b.state: balance_at(a, t))
    refit = lambda: [p.number() for _ in range(p.dy)]
    if p.model != "two-layer":
        b.outputs("fade", near(p, "A"), refit() if p.bias else None)
        b.off = True
    if p.model == "linear-skip":
        b.outputs("interpolate", near(p, "B"), "B")
        return grow(p, b)
    dead = set(rng.sample(range(M), M // 2))
    b.outputs("interpolate", {s: None if s in dead else refit() for s in range(M)}, refit() if p.bias else None)
    place = dict(zip(range(mB), rng.sample(range(M), mB) if mB < M else range(M)))  # unit: slot
    first = [j for j in place if place[j] in dead]
    b.rewire({place[j]: ("B", j) for j in first})
    moves = {s: None for s in range(M) if s not in dead}
    moves.update({place[j]: refit() if j % 2 else ("B", j) for j in first})
    b.outputs("interpolate", moves)
    b.rewire({place[j]: ("B", j) for j in place if j not in first})
    home = {place[j]: ("B", j) for j in place}
    if p.model == "skip":  # F is not B's before the block is back
        home[place[0]] = refit()
    b.outputs("interpolate", home, "B")
    go_home(p, b, place)
    if p.model == "skip":
        b.outputs("interpolate", {0: refit(), 1: ("A", 1)})
        return grow(p, b)
    if p.penalty == "decay":
        b.balanced = False
        b.leg("unbalance", [], at=lambda t, a=b.state: balance_at(a, 1 - t))
    return b.finish(), b


def near(p, end):
    """Columns near those of an end: no rank is lost."""
    width = len(p.padded[end]["W2"][0])
    return {s: [r[s] + p.number() / 16 for r in p.padded[end]["W2"]] for s in range(width)}


def grow(p, b):
    before, end = b.state, p.padded["B"]
    if p.model == "skip":
        b.outputs("interpolate", near(p, "B"))
        before = b.state
    back = lambda t: floats(fade_at(end, before, 1 - Q(t)))
    b.leg("grow", [], end, False, back)
    return b.finish(), b


def go_home(p, b, place):
    """Every unit of B to its own slot, by rewire and transfer; dead slots take B's rows."""
    while any(s != j for j, s in place.items()):
        held = {s: j for j, s in place.items()}
        free = [s for s in range(p.M) if s not in held]
        j = next((j for j, s in place.items() if s != j and j in free), None)
        if j is None:
            j = next(j for j, s in place.items() if s != j)
            guest = held[j]
            b.rewire({free[0]: ("B", guest)})
            b.transfer([(j, free[0])])
            place[guest] = free[0]
        else:
            b.rewire({j: ("B", j)})
            b.transfer([(place[j], j)])
            place[j] = j
    b.rewire({s: None for s in range(p.m["B"], p.M)})


def lines(p):
    """To a point, then to B, with cuts."""
    b, rng = Builder(p), p.rng
    if p.model == "two-layer" and p.penalty != "decay":
        b.outputs("interpolate", {0: [p.number() for _ in range(p.dy)]}, "A")
    point = {}
    for name, rows in p.padded["A"].items():
        t = Q(rng.randrange(1, 8), 8)
        point[name] = [[v + p.number() / 8 for v in row] for row in mix(t, rows, p.padded["B"][name])]
        point[name] = [[Q(float(v)) for v in row] for row in point[name]]
    b.line(point, [Q(1, 4), Q(1, 2), Q(13, 16)])
    b.line(None, [Q(k, 8) for k in range(1, 8)])
    return b.finish(), b


def cases(seed=1):
    """(problem, kind, lines, builder): all models, losses, penalties and kinds of legs."""
    rng = random.Random(seed)
    for model, loss, penalty in itertools.product(RELAYED, LOSSES, ("none", "decay", "wang")):
        if (model, penalty) == ("linear-skip", "wang"):
            continue
        for k, (kind, build) in enumerate((("relay", relay), ("line", lines))):
            if kind == "relay" and model != "two-layer" and penalty != "none":
                continue
            block = rng.choice([(2,), (2, 3), (3, 2, 2)])
            mA, mB = rng.choice([(5, 4), (4, 5), (5, 3)]) if kind == "relay" else (3, 4)
            p = Problem(rng, model, loss, penalty, mA, mB, block=block, bias=rng.random() < 0.8)
            yield (p, kind) + build(p)
    for model, loss, penalty in itertools.product(DEEP, LOSSES, ("none", "decay")):
        blocks = {"mlp": [(3, 2), (2, 3, 3)], "residual": [(3, 2), (0, 3), (2, 2, 3)]}
        p = Problem(rng, model, loss, penalty, block=rng.choice(blocks[model]), bias=rng.random() < 0.8)
        yield (p, "line") + lines(p)


def sealed(lines):
    data = ("\n".join(lines) + "\n").encode()
    return data + b"sha256 " + hashlib.sha256(data).hexdigest().encode() + b"\n"


def verdict(data, given):
    """None if accepted, else the reason."""
    try:
        certificate.check(data, given=given)
    except (certificate.Reject, certificate.BadFile, certificate.TooLarge) as reason:
        assert "\n" not in str(reason)
        return "%s: %s" % (type(reason).__name__, reason)
    return None


# ------------------------------------------------------------------ a second reading of the legs
class Illegal(Exception):
    pass


def ensure(good):
    if not good:
        raise Illegal


class Replay:
    """Follows the lines of a file, for one problem, with Fractions: `sup`, or Illegal."""

    def __init__(self, p, lines):
        ensure(lines[:8] == p.header())
        self.p, self.lines, self.at = p, lines, 8
        self.state, self.kinds, self.balanced, self.off = dict(p.padded["A"]), [], False, False
        self.sup = [p.F(self.state), p.F(p.padded["B"])]
        self.low = list(self.sup)  # of these F is somewhere on the path
        while self.lines[self.at].startswith("leg "):
            self.leg()
        ensure(not self.balanced and self.is_b() and len(self.lines) == self.at + 1)
        word, value = self.lines[self.at].split(" ")
        ensure(word == "bound")
        self.bound = max(self.sup[:2], key=Q) if value == "ends" else Q(float.fromhex(value))

    def is_b(self):
        b = self.p.padded["B"]
        names = ["W1", "b1", "W2", "b2"] if self.off else list(b)
        same = all(self.state.get(name) == b[name] for name in names if name in b)
        return same and not (self.off and norm1(b["V1"]))

    def ahead(self):
        return self.lines[self.at].split(" ")[0] if self.at < len(self.lines) else ""

    def next(self):
        self.at += 1
        ensure(self.at <= len(self.lines))
        words = self.lines[self.at - 1].split(" ")
        ensure("" not in words)
        return words

    def whole(self, word, most, least=1):
        ensure(word.isdigit() and str(int(word)) == word and least <= int(word) <= most)
        return int(word) - 1

    def slot(self, word, seen):
        s = self.whole(word, self.p.M)
        ensure(s not in seen)
        seen.add(s)
        return s

    def unit(self, words):
        ensure(words[0] in "AB")
        return self.p.padded[words[0]], self.whole(words[1], self.p.m[words[0]])

    def leg(self):
        p, words = self.p, self.next()
        kind, counted = words[1], words[1] in ("interpolate", "rewire", "transfer", "fade", "line")
        ensure(len(words) == 2 + counted and hasattr(self, "do_" + kind))
        ensure(not self.kinds or self.kinds[-1] not in ("unbalance", "grow"))
        relay, blocked = kind in ("interpolate", "rewire", "transfer"), "skip" in p.model
        ensure(p.model in RELAYED or not relay)
        ensure(not (relay or kind == "grow") or not blocked or self.off)
        ensure(not relay or p.penalty != "decay" or self.balanced)
        ensure(kind not in ("rewire", "transfer") or p.model != "linear-skip")
        ensure(kind not in ("fade", "grow") or blocked and p.penalty == "none")
        ensure(kind not in ("fade", "balance") or not self.kinds)
        ensure(kind not in ("balance", "unbalance") or p.penalty == "decay" and p.model == "two-layer")
        ensure(kind != "line" or not self.off and not self.balanced)
        self.kinds.append(kind)
        getattr(self, "do_" + kind)(*([self.whole(words[2], 10**6, 0) + 1] if counted else []))
        if kind in ("interpolate", "fade"):
            self.sup.append(p.F(self.state, self.balanced))
            self.low.append(self.sup[-1])

    def do_interpolate(self, count):
        W2, b2, seen, biased = [list(r) for r in self.state["W2"]], self.state.get("b2"), set(), False
        for _ in range(count):
            words = self.next()
            if words[0] == "column":
                ensure(len(words) > 2)
                s, rest = self.slot(words[1], seen), words[2:]
                if rest == ["0"]:
                    values = [Q(0)] * self.p.dy
                elif rest[0] in "AB" and len(rest) == 2:
                    t, j = self.unit(rest)
                    values = [row[j] for row in t["W2"]]
                else:
                    ensure(len(rest) == self.p.dy)
                    values = [number(w) for w in rest]
                for row, v in zip(W2, values):
                    row[s] = v
            else:
                ensure(words[0] == "bias" and not biased)
                biased, rest = True, words[1:]
                if rest in (["A"], ["B"]):
                    new = self.p.padded[rest[0]].get("b2", [[Q(0)]] * self.p.dy)
                else:
                    ensure(len(rest) == self.p.dy)
                    new = [[number(w)] for w in rest]
                ensure(b2 is not None)
                b2 = new
        self.state = dict(self.state, W2=W2, **({"b2": b2} if b2 is not None else {}))

    def do_rewire(self, count):
        t, seen = dict(self.state), set()
        t["W1"] = [list(r) for r in t["W1"]]
        t["b1"] = [list(r) for r in t.get("b1", [[Q(0)]] * self.p.M)]
        for _ in range(count):
            words = self.next()
            ensure(words[0] == "row" and len(words) in (3, 4))
            s = self.slot(words[1], seen)
            ensure(not any(row[s] for row in t["W2"]))
            if words[2:] == ["0"]:
                t["W1"][s], t["b1"][s] = [Q(0)] * self.p.n, [Q(0)]
            else:
                ensure(len(words) == 4)
                end, j = self.unit(words[2:])
                t["W1"][s], t["b1"][s] = end["W1"][j], end.get("b1", {j: [Q(0)]})[j]
        if "b1" not in self.state:
            del t["b1"]
        self.state = t

    def do_transfer(self, count):
        W2, seen = [list(r) for r in self.state["W2"]], set()
        for _ in range(count):
            words = self.next()
            ensure(words[0] == "move" and len(words) == 3)
            a, b = (self.slot(w, seen) for w in words[1:])
            for name in ("W1", "b1"):
                ensure(name not in self.state or self.state[name][a] == self.state[name][b])
            ensure(not any(row[b] for row in W2))
            for row in W2:
                row[a], row[b] = Q(0), row[a]
        self.state = dict(self.state, W2=W2)

    def do_balance(self):
        self.balanced = True

    def do_unbalance(self):
        ensure(self.balanced and self.is_b())
        self.balanced = False

    def do_fade(self, count):
        before = self.state["W2"]
        self.do_interpolate(count)
        ensure(keeps_rank(before, self.state["W2"]))
        V1 = self.state["V1"]
        self.state, self.off = dict(self.state, V1=[[Q(0)] * len(r) for r in V1]), True

    def do_grow(self):
        b = self.p.padded["B"]
        ensure(all(self.state[name] == b[name] for name in ("W1", "b1") if name in b))
        ensure(keeps_rank(self.state["W2"], b["W2"]))
        self.state, self.off = dict(b), False

    def do_line(self, count):
        words, p = self.next(), self.p
        ensure(words in (["to", "B"], ["to", "point"]))
        target = dict(p.padded["B"] if words[1] == "B" else self.state)
        if words[1] == "point":
            for name in p.order():
                if name not in target or self.ahead() != p.own(name):
                    continue
                rows = target[name]
                ensure(self.next() == [p.own(name), str(len(rows)), str(len(rows[0]))])
                got = [self.next() for _ in rows]
                ensure(all(len(g) == len(rows[0]) for g in got))
                target[name] = [[number(w) for w in g] for g in got]
        cuts = [Q(0)]
        for _ in range(count):
            words = self.next()
            ensure(words[0] == "cut" and len(words) == 2)
            cuts.append(number(words[1]))
            ensure(cuts[-2] < cuts[-1] < 1 and (cuts[-1] * 2**53).denominator == 1)
        self.sup += piece_bounds(p, self.state, target, cuts + [Q(1)])
        self.low += [p.F({n: mix(Q(k, 16), self.state[n], target[n]) for n in target}) for k in range(17)]
        self.state = target


def number(word):
    v = float.fromhex(word)
    ensure(word == hexa(v))
    return Q(v)


def keeps_rank(A, B):
    """At simple fractions, and by the sign of the determinant of square ones: enough for the losses made here."""
    signs = set()
    for t in {Q(a, b) for b in range(1, 17) for a in range(b + 1)}:
        W = mix(t, A, B)
        try:
            inverse(mm(W, [list(r) for r in zip(*W)]))
        except StopIteration:
            return False
        signs.add(len(W) == len(W[0]) and determinant(W) > 0)
    return len(signs) == 1


def determinant(A):
    if not A:
        return 1
    return sum((-1) ** j * v * determinant([r[:j] + r[j + 1 :] for r in A[1:]]) for j, v in enumerate(A[0]))


def expected(p, lines):
    """(is the file false, is it true) as far as this second reading can tell; of lines, that are below the bound at
    some points but not by the piece rule, it cannot."""
    try:
        r = Replay(p, lines)
        sup, low = max(map(Q, r.sup)), max(map(Q, r.low))
    except (Illegal, ValueError, IndexError, OverflowError, decimal.Overflow):
        return True, False
    if "line" not in r.kinds:
        return sup > Q(r.bound), sup <= Q(r.bound)
    return low > Q(r.bound) * (1 + Q(1, 10**9)), sup * (1 + Q(1, 10**6)) <= Q(r.bound)


# ------------------------------------------------------------------ mutations
def legs_of(lines):
    """[(first line, behind the last)] of the legs."""
    marks = [k for k, l in enumerate(lines) if l.startswith("leg ")] + [len(lines) - 1]
    return list(zip(marks, marks[1:]))


KINDS = list(certificate.LEGS)


def token_mutants(line, rng):
    words = line.split(" ")
    for i, w in enumerate(words):
        if i and "0x" in w:
            v = float.fromhex(w)
            new = [hexa(-v), hexa(math.nextafter(v, INF)), "0x1p+40", "-0x1p+40", "0x0p+0", "nan", "0x1p+1024", "0"]
        elif w.isdigit():
            new = [str(int(w) + 1), str(int(w) - 1), "0", "99", "0" + w, "1" * 20]
        elif w in ("A", "B") and i:
            new = ["A" if w == "B" else "B", "C", "0", "point"]
        else:
            new = KINDS + ["row", "column", "move", "bias", "cut", "to", "bound", "point", "ends", "x"]
        for v in new:
            if v != w:
                yield " ".join(words[:i] + [v] + words[i + 1 :])
    yield line + " "
    yield line + " 0x0p+0"
    yield " ".join(words[:-1])
    yield line.replace(" ", "  ", 1)


def recount(lines, i, by):
    """The K of the leg in which line i stands, changed."""
    head = max((a for a, _ in legs_of(lines) if a < i), default=None)
    words = lines[head].split(" ") if head is not None else []
    if len(words) == 3 and words[2].isdigit():
        lines[head] = " ".join(words[:2] + [str(int(words[2]) + by)])
    return lines


def mutants(lines, rng):
    """(what was done, new lines)"""
    legs = legs_of(lines)
    for i in range(8, len(lines)):
        for new in token_mutants(lines[i], rng):
            yield "token", lines[:i] + [new] + lines[i + 1 :]
        cut, twice = lines[:i] + lines[i + 1 :], lines[: i + 1] + lines[i:]
        swapped = lines[:i] + lines[i : i + 2][::-1] + lines[i + 2 :]
        yield "line dropped", cut
        yield "line doubled", twice
        yield "lines swapped", swapped
        if not lines[i].startswith(("leg", "bound")):
            yield "line dropped, K less", recount(list(cut), i, -1)
            yield "line doubled, K more", recount(list(twice), i, 1)
    for a, b in legs:
        yield "leg dropped", lines[:a] + lines[b:]
        yield "leg doubled", lines[:b] + lines[a:]
        yield "cut off", lines[:a]
        yield "ends early", lines[:a] + lines[-1:]
    for (a, b), (_, c) in zip(legs, legs[1:]):
        yield "legs swapped", lines[:a] + lines[b:c] + lines[a:b] + lines[c:]
    yield "ends", lines[:-1] + ["bound ends"]


# ------------------------------------------------------------------ tests
ALL = list(cases())


class Checks(unittest.TestCase):
    def setUp(self):
        self.where = tempfile.TemporaryDirectory()
        self.count = {"rejected": 0, "accepted": 0}

    def tearDown(self):
        self.where.cleanup()
        if sum(self.count.values()):
            print("\n  %s: %s" % (self.id().split(".")[-1], self.count), file=sys.stderr)

    def accepted(self, lines, given):
        self.count["accepted"] += 1
        self.assertIsNone(verdict(sealed(lines), given))

    def rejected(self, lines, given, pattern=""):
        self.count["rejected"] += 1
        self.assertRegex(verdict(sealed(lines), given) or "ACCEPTED", "^Reject: .*" + pattern)

    def each(self, kinds=("relay", "line")):
        for p, kind, lines, b in ALL:
            if kind in kinds:
                with self.subTest(model=p.model, loss=p.loss, penalty=p.penalty, kind=kind):
                    yield p, kind, lines, b, p.write(self.where.name)


class Legs(Checks):
    def test_accepted_and_bound_is_sharp(self):
        """The bound of a relay is the smallest double >= the largest F; the next lower one is refused."""
        for p, kind, lines, b, given in self.each():
            self.accepted(lines, given)
            bound = float.fromhex(lines[-1].split(" ")[1])
            low, halvings = math.nextafter(bound, -INF), certificate.HALVINGS
            if kind == "line":
                certificate.HALVINGS, low = 0, bound * (1 - 1e-7)
                self.accepted(lines[:-1] + ["bound " + hexa(bound * (1 + 1e-6))], given)
            self.rejected(lines[:-1] + ["bound " + hexa(low)], given, "not certainly <=")
            certificate.HALVINGS = halvings

    def test_by_halves(self):
        """What the rule does not show of whole pieces it shows of halves of them; not what is not so."""
        gained = 0
        for p, kind, lines, b, given in self.each(("line",)):
            lines = [re.sub("leg line .*", "leg line 0", line) for line in lines if not line.startswith("cut ")]
            r = Replay(p, lines)
            low, sup = max(map(Q, r.low)), max(map(Q, r.sup))
            at, more = "bound " + hexa(float(low + (sup - low) / 16)), sup > low * Q(101, 100)
            self.accepted(lines[:-1] + [at], given) if more else None
            self.rejected(lines[:-1] + ["bound " + hexa(float(low * (1 - Q(1, 10**9))))], given, "not certainly <=")
            gained += more
        self.assertGreater(gained, 20)

    def test_path_stays_below(self):
        """The falsifier: F in floats, densely along the path; and the legs join."""
        for p, kind, lines, b, given in self.each():
            bound, last = float.fromhex(lines[-1].split(" ")[1]), p.float_F(floats(p.padded["A"]))
            for at in b.path:
                values = [p.float_F(at(k / 32)) for k in range(33)]
                self.assertLessEqual(max(values), bound * (1 + 1e-9))
                self.assertAlmostEqual(values[0], last, delta=1e-9 * (1 + abs(last)))
                last = values[-1]
            self.assertAlmostEqual(last, p.float_F(floats(p.padded["B"])), delta=1e-9 * (1 + abs(last)))

    def test_mutants(self, some=40):
        """Every mutant that a second reading calls false is refused, every one it calls true accepted."""
        rng, kinds = random.Random(3), set()
        for p, kind, lines, b, given in self.each():
            pool = list(mutants(lines, rng))
            for what, new in rng.sample(pool, min(len(pool), some if kind == "relay" else some // 2)):
                false, true = expected(p, new)
                said = verdict(sealed(new), given)
                if false:
                    kinds.add(what)
                    self.count["rejected"] += 1
                    self.assertRegex(said or "ACCEPTED " + what, "^Reject: ")
                elif true:
                    self.count["accepted"] += 1
                    self.assertIsNone(said, what)
        self.assertGreater(self.count["rejected"], len(ALL) * some // 4)
        self.assertGreater(self.count["accepted"], 10)
        self.assertGreater(len(kinds), 9)

    def test_low_bound(self):
        """Below what F is somewhere on the path, in particular inside a line."""
        for p, kind, lines, b, given in self.each():
            top = max(p.float_F(at(k / 16)) for at in b.path for k in range(17))
            self.rejected(lines[:-1] + ["bound " + hexa(top * (1 - 1e-6))], given, "not certainly <=")

    def test_every_state_counts(self):
        """Each state in turn is the worst by far: the bound is sharp there."""
        rng, worst = random.Random(12), set()
        for model, loss, penalty in itertools.product(RELAYED, LOSSES, ("none", "decay", "wang")):
            if model != "two-layer" and penalty != "none":
                continue
            for loud in range({"two-layer": 2, "skip": 5, "linear-skip": 2}[model]):
                p = Problem(rng, model, loss, penalty, 5, 4, N=12)
                lines, b = relay(p, loud)
                sup, given = max(map(Q, b.sup)), p.write(self.where.name)
                if sup > max(Q(b.sup[0]), Q(b.sup[-1])) + Q(1, 10**50):
                    worst.add((model, penalty, [Q(v) for v in b.sup].index(sup)))
                high = "bound " + hexa(up(sup + Q(1, 10**50)))  # exp(-200) is lost in 70 digits
                self.accepted(lines[:-1] + [high], given)
                low = "bound " + hexa(math.nextafter(up(sup), -INF))
                self.rejected(lines[:-1] + [low], given, "not certainly <=")
        self.assertGreater(len(worst), 10)
        print("\n  worst states: %s" % sorted(worst), file=sys.stderr)

    def test_bound_ends(self):
        """Where A or B is bad, the other states are below; the ends themselves may be equal to the bound."""
        rng, seen = random.Random(8), set()
        for model, loss, penalty in itertools.product(RELAYED, LOSSES, ("none", "decay", "wang")):
            if model != "two-layer" and penalty != "none":
                continue
            for scale, bad in ((Q(1, 64), "AB"), (64, "A"), (64, "B")):
                p = Problem(rng, model, loss, penalty, 5, 4)
                for end in bad:
                    for name in ("W2", "b2"):
                        p.net[end][name] = [[v * scale for v in row] for row in p.net[end][name]]
                    p.padded[end] = p.pad(p.net[end], p.m[end])
                lines, b = relay(p)
                given = p.write(self.where.name)
                ends = lines[:-1] + ["bound ends"]
                top = max(Q(b.sup[0]), Q(b.sup[-1]))
                below = max(map(Q, b.sup)) <= top + Q(1, 10**50)  # states that are B are B up to rounding
                seen.add((penalty, below))
                (self.accepted if below else self.rejected)(ends, given)
        self.assertEqual(len(seen), 6)

    def test_bound_ends_with_a_line(self):
        """A refit with slack, a line to B's rows, and B's columns, which are bad."""
        for loss in LOSSES:
            p = Problem(random.Random(5), "two-layer", loss, "none", 4, 4)
            p.net["B"]["W2"] = [[64 * v for v in row] for row in p.net["B"]["W2"]]
            p.padded["B"] = p.net["B"]
            b, slack = Builder(p), [Q(1, 8)] * p.dy
            b.outputs("interpolate", {s: slack for s in range(p.M)}, slack)
            point = dict(p.padded["B"], W2=[[v + Q(1, 64) for v in row] for row in b.state["W2"]], b2=b.state["b2"])
            b.line(point, [Q(1, 2)])
            b.outputs("interpolate", {s: ("B", s) for s in range(p.M)}, "B")
            lines, given = b.finish("ends"), p.write(self.where.name)
            self.accepted(lines, given)
            k = max(k for k, l in enumerate(lines) if l.startswith("leg interpolate"))
            worse = [l if not l.startswith("bias 0x") else "bias 0x1p+20" + " -0x1p+20" * (p.dy - 1) for l in lines]
            self.rejected(worse, given, "leg ")
            self.rejected(lines[:k] + lines[k + p.M + 2 :], given, "line")

    def test_states_beside_a_line(self):
        """A line bounds its own two ends; a state two legs before or behind it is evaluated."""
        for loss, behind in itertools.product(LOSSES, (False, True)):
            p = Problem(random.Random(14), "two-layer", loss, "none", 4, 4, N=12)
            b, bias = Builder(p), [Q(2) ** 20] + [-Q(2) ** 20] * (p.dy - 1)
            if behind:
                b.line(None, [Q(1, 2)])
            b.outputs("interpolate", {0: None})
            calm = len(b.sup)
            b.outputs("interpolate", {1: ("B", 1)}, bias)
            b.outputs("interpolate", {0: ("B", 0)}, "B")
            if not behind:
                b.line(None, [Q(1, 2)])
            lines, given = b.finish(), p.write(self.where.name)
            low = max(Q(v) for k, v in enumerate(b.sup) if k != calm)
            self.accepted(lines, given)
            self.rejected(lines[:-1] + ["bound " + hexa(up(low))], given, "leg %d" % (2 + behind))

    def test_rank(self):
        """W' with a row times -k loses rank at 1 / (1 + k), in fade and in grow; near misses do not."""
        for model, k in itertools.product(("skip", "linear-skip"), (Q(1), Q(3), Q(1, 4), Q(0), Q(-2))):
            p = Problem(random.Random(6), model, "squared", "none", 4, 4, n=4)
            for end, off in itertools.product("AB", (0, 1)):
                W2 = [list(row) for row in p.padded[end]["W2"]]
                W2[0] = [-k * v for v in W2[0]]
                W2[0][0] += Q(off, 1 << 40)
                b, columns = Builder(p), list(map(list, zip(*W2)))
                b.outputs("fade", dict(enumerate(columns)) if end == "A" else near(p, "A"), "B")
                if end == "B":
                    b.outputs("interpolate", dict(enumerate(columns)))
                    if model == "skip":
                        b.outputs("interpolate", {s: None for s in range(4)})
                        b.rewire({s: ("B", s) for s in range(4)})
                        b.outputs("interpolate", dict(enumerate(columns)))
                elif model == "skip":
                    b.outputs("interpolate", {s: None for s in range(4)})
                    b.rewire({s: ("B", s) for s in range(4)})
                if end == "A":
                    b.outputs("interpolate", near(p, "B"))
                b.leg("grow", [], p.padded["B"], at=lambda t: None)
                lines, given = b.finish(), p.write(self.where.name)
                if k >= 0 and not off:
                    self.rejected(lines, given, "rank")
                else:
                    self.accepted(lines, given)

    def deficient(self, model, end, how, dy=3, m=5, n=5):
        """A problem whose W2 has dependent rows at these ends; and what the others are of them."""
        p = Problem(random.Random(31), model, "squared", "none", m, m, n=n, dy=dy, N=5)
        for e in end:
            W2 = p.net[e]["W2"]
            if how == "zero":
                W2[1] = [Q(0)] * len(W2[1])
            if how == "equal":
                W2[2] = list(W2[0])
            if how == "combination":
                W2[2] = [v / 2 - 3 * w for v, w in zip(W2[0], W2[1])]
            if how == "two":
                W2[1], W2[2] = [-2 * v for v in W2[0]], [Q(0)] * len(W2[0])
            if how == "all":
                W2[:] = [[Q(0)] * len(row) for row in W2]
            p.padded[e] = p.net[e]
        return p

    def block_off(self, p, W2, last=None):
        """fade to W2, B's rows, grow from `last`; all through the same columns if it is not given."""
        b, columns = Builder(p), dict(enumerate(map(list, zip(*W2))))
        b.outputs("fade", columns, "B")
        if p.model == "skip":
            b.outputs("interpolate", {s: None for s in columns})
            b.rewire({s: ("B", s) for s in columns})
        b.outputs("interpolate", dict(enumerate(map(list, zip(*(last or W2))))))
        b.leg("grow", [], p.padded["B"], at=lambda t: None)
        return b

    def test_moved_gauge(self):
        """Dependent rows of W2 at A, B or both: the gauge moves; V1 = N^+ (rows of M) is on the path, W2 V1 = M."""
        spread = lambda p: [[p.number() + (4 if k == s else 0) for s in range(5)] for k in range(3)]
        for model, end, how in itertools.product(
            ("skip", "linear-skip"), ("A", "B", "AB"), ("zero", "equal", "combination", "two", "all")
        ):
            p = self.deficient(model, end, how)
            ends = [p.net[e]["W2"] if e not in end else spread(p) for e in "AB"]
            b = self.block_off(p, [[v + p.number() / 16 for v in row] for row in ends[0]], ends[1])
            given = p.write(self.where.name)
            self.accepted(b.finish(), given)
            for bad in range(2):  # a W2 off the block that is deficient too, or is so on the way
                ways = [[list(r) for r in W] for W in ends]
                ways[bad] = [list(ways[bad][0]) for _ in ways[bad]]
                self.rejected(self.block_off(p, *ways).finish(), given, " loses row rank")
                e = "AB"[bad]
                if e in end and how not in ("all", "two"):
                    W, k = p.net[e]["W2"], 0 if how == "equal" else 2 if how == "zero" else 1
                    ways[bad] = [list(r) for r in ends[bad]]
                    ways[bad][k] = [-2 * v for v in W[k]]
                    self.rejected(self.block_off(p, *ways).finish(), given, "N loses row rank")

    def test_moved_gauge_by_hand(self):
        """On the way of a fade from dependent rows V1 = N^+ (rows of M, 0) has W2 V1 = M, and is 0 at last."""
        for how in ("zero", "equal", "combination", "two"):
            p = self.deficient("linear-skip", "A", how)
            W, V1 = p.net["A"]["W2"], p.net["A"]["V1"]
            end = [[p.number() + (6 if k == s else 0) for s in range(5)] for k in range(3)]
            null = certificate.left_null(W)
            self.assertEqual(sorted(null), {"zero": [1], "equal": [2], "combination": [2], "two": [1, 2]}[how])
            for j, q in null.items():
                self.assertFalse(norm1(mm([list(map(Q, q))], W)))
                self.assertEqual([i for i in null if q[i]], [j])
            fixed = {j: mm([list(map(Q, q))], end)[0] for j, q in null.items()}
            for k in range(9):
                t = Q(k, 8)
                Wt, M = mix(t, W, end), [[(1 - t) * v for v in row] for row in mm(W, V1)]
                N = [fixed.get(j, row) for j, row in enumerate(Wt)]
                T = [list(r) for r in zip(*N)]
                at = mm(T, mm(inverse(mm(N, T)), [[Q(0)] * len(r) if j in null else r for j, r in enumerate(M)]))
                self.assertEqual(mm(Wt, at), M)
            self.assertFalse(norm1(at))

    def test_equal_rows_without_rewire(self):
        """fade, grow: rows of A and B are equal number for number, nothing is rewired."""
        for equal in (True, False):
            p = Problem(random.Random(32), "skip", "squared", "none", 4, 4)
            for name in ("W1", "b1"):
                p.net["B"][name] = [list(row) for row in p.net["A"][name]]
            p.net["B"]["W1"][3][1] += 0 if equal else Q(1, 1 << 40)
            p.padded["B"] = p.net["B"]
            b = Builder(p)
            b.outputs("fade", near(p, "B"), "B")
            b.leg("grow", [], p.padded["B"], at=lambda t: None)
            given = p.write(self.where.name)
            (self.accepted if equal else self.rejected)(b.finish(), given)

    def test_wider(self):
        """More slots than units at both ends: through knots that use all of them; slots left unused."""
        for p, build in self.problems_of_all():
            if p.model != "linear-skip":
                p.M += 3
                p.padded = {end: p.pad(t, p.m[end]) for end, t in p.net.items()}
            lines, b = build(p)
            given = p.write(self.where.name)
            self.accepted(lines, given)
            out = certificate.check(sealed(lines), given=given)
            self.assertEqual(p.model != "linear-skip", "width %d (wider than both), " % p.M in out)
            self.rejected(lines[:7] + ["width %d" % (p.M - 1)] + lines[8:], given)
            size = len(sealed(lines))
            self.rejected(lines[:7] + ["width %d" % (size // 8 + 9)] + lines[8:], given, "line 8: expected 'width")
            if p.model == "two-layer" and p.penalty == "none":
                beyond = ["leg interpolate 1", "column 1 A %d" % (p.m["A"] + 1)]
                self.rejected(lines[:8] + beyond + ["bound 0x1p+60"], given, "unit '%d' of A" % (p.m["A"] + 1))
            if p.model == "linear-skip":
                self.rejected(lines[:7] + ["width %d" % (p.M + 1)] + lines[8:], given, "line 8: expected 'width")

    def problems_of_all(self):
        rng = random.Random(33)
        for model, penalty, build in itertools.product(RELAYED, ("none", "decay", "wang"), (relay, lines)):
            if (model, penalty) != ("linear-skip", "wang") and (build is lines or "two" in model or penalty == "none"):
                yield Problem(rng, model, "squared", penalty, 3, 4, block=(2, 2)), build

    def test_tensors_of_either(self):
        """Points list what A or B has; what B has not must be 0 at the end."""
        for model, end, zero in itertools.product(RELAYED, "AB", (True, False)):
            p = Problem(random.Random(34), model, "squared", "none", 3, 4, block=(2, 2))
            p.net[end] = dict(p.net[end])
            for name in [name for name in p.net[end] if name[0] in "bc"]:
                del p.net[end][name]
                rows = p.padded[end][name]
                p.padded[end] = dict(p.padded[end], **{name: [[Q(0)] for _ in rows]})
            point = {n: mix(Q(1, 2), p.padded["A"][n], p.padded["B"][n]) for n in p.padded["A"]}
            b, given = Builder(p), p.write(self.where.name)
            b.line(point, [Q(1, 2)])
            last = dict(p.padded["B"])
            if not zero:
                last["b2"] = [[v + 1 for v in row] for row in last["b2"]]
            b.line(last, [Q(1, 2)])
            b.state = p.padded["B"]
            done = b.finish()
            (self.accepted if zero else self.rejected)(done, given)
            if zero:
                k = next(k for k, l in enumerate(done) if l.startswith(p.own("b2") + " "))
                self.accepted(done[:k] + done[k + 1 + p.dy :], given)  # it is as before
                k = len(done) - 1 - next(k for k, l in enumerate(done[::-1]) if l.startswith(p.own("b2") + " "))
                self.rejected(done[:k] + done[k + 1 + p.dy :], given, "the last state is not B: its output bias")

    def test_program_on_the_golden_networks(self):
        """What the program writes of vectors/networks, the sharper relu is needed (skipped without the program)."""
        here = os.path.join(HERE, "..", "..")
        program, nets = os.path.join(here, "skipverify"), os.path.join(here, "vectors", "networks")
        if not os.access(program, os.X_OK):
            self.skipTest("no program")
        file, given = os.path.join(self.where.name, "pc"), dict.fromkeys(certificate.OPTIONS)
        given.update(
            (k, os.path.join(nets, v)) for k, v in (("data", "iris.csv"), ("from", "skip-a.npz"), ("to", "skip-b.npz"))
        )
        command = [program, "path", given["from"], given["to"], "--data", given["data"], "--strategy", "line"]
        subprocess.run(command + ["-q", "--no-progress", "--certificate", file], check=True, timeout=100)
        self.assertIsNone(verdict(certificate.read_file(file), given))

    def test_options_and_header(self):
        """What the file says about loss, penalty, kappa, sizes and hashes, against the user's files and words."""
        for p, kind, lines, b, given in self.each():
            said = dict(given, loss=p.loss, penalty=p.penalty, kappa=str(float(p.kappa)))
            self.accepted(lines, said)
            for key, value in (("loss", "huber"), ("loss", "squared"), ("penalty", "decay"), ("penalty", "none")):
                if said[key] != value:
                    self.rejected(lines, dict(given, **{key: value}), "--%s is %s" % (key, value))
            self.rejected(lines, dict(given, kappa="0.7"), "--kappa")
            pool = [lines[:k] + [new] + lines[k + 1 :] for k in range(8) for new in token_mutants(lines[k], None)]
            pool = [
                new for new in pool if not re.fullmatch(r"width [1-9]\d*", new[7]) or new[7] <= lines[7]
            ]  # wider: true
            for new in p.rng.sample(pool, 40):
                self.count["rejected"] += 1
                self.assertIsNotNone(verdict(sealed(new), said))

    def test_other_files(self):
        """One number of the data or of an end changed, under the old hash and under a new one."""
        for p, kind, lines, b, given in self.each():
            for end in "AB":
                name = p.rng.choice(list(p.net[end]))
                rows = p.net[end][name]
                i, j = p.rng.randrange(len(rows)), p.rng.randrange(len(rows[0]))
                old, rows[i][j] = rows[i][j], rows[i][j] + 2
                p.padded[end] = p.pad(p.net[end], p.m[end])
                self.rejected(lines, p.write(self.where.name), "sha256")
                new = p.header() + lines[8:]
                false, true = expected(p, new)
                if false:
                    self.rejected(new, p.write(self.where.name))
                rows[i][j] = old
                p.padded[end] = p.pad(p.net[end], p.m[end])
            old, p.x[0][0] = p.x[0][0], p.x[0][0] + 1
            self.rejected(lines, p.write(self.where.name), "sha256")
            p.x[0][0] = old
            p.x.append(p.x[0])
            p.y.append(p.y[0])
            self.rejected(lines, p.write(self.where.name), "data")
            p.x.pop()
            p.y.pop()
            self.accepted(lines, p.write(self.where.name))
            for key, other in (("from", "to"), ("to", "from")):
                self.rejected(lines, dict(given, **{key: given[other]}))

    def test_dead_and_void_units(self):
        """Balanced states with units whose row, column or both are 0."""
        for loss in LOSSES:
            p = Problem(random.Random(9), "two-layer", loss, "decay", 5, 4)
            for end in "AB":
                p.net[end]["W1"][0], p.net[end]["b1"][0] = [Q(0)] * p.n, [Q(0)]
                for row in p.net[end]["W2"]:
                    row[1] = Q(0)
                p.padded[end] = p.pad(p.net[end], p.m[end])
            lines, b = relay(p)
            self.accepted(lines, p.write(self.where.name))
            bound = float.fromhex(lines[-1].split(" ")[1])
            for at in b.path:
                self.assertLessEqual(max(p.float_F(at(k / 32)) for k in range(33)), bound * (1 + 1e-9))

    def refuse(self, p, cases):
        """Legs, one text each, and what is said about them."""
        given = p.write(self.where.name)
        for legs, pattern in cases:
            self.rejected(p.header() + legs.split("\n") + ["bound 0x1p+60"], given, pattern)

    def test_order(self):
        """What a leg needs to stand where it does, and to do what it says."""
        home = "leg interpolate 4\n" + "\n".join("column %d B %d" % (s, s) for s in (1, 2, 3, 4))
        off = home.replace("interpolate", "fade")
        dark = "leg interpolate 4\n" + "\n".join("column %d 0" % s for s in (1, 2, 3, 4))
        rows = "leg rewire 4\n" + "\n".join("row %d B %d" % (s, s) for s in (1, 2, 3, 4))
        all_b = "\n".join((dark, rows, home.replace("4\n", "5\n", 1), "bias B"))
        line, last = "leg line 0\nto B", "must be the last"
        decay, none, skip, linear = (
            Problem(random.Random(4), model, "squared", penalty, 4, 4, n=4)
            for model, penalty in (
                ("two-layer", "decay"),
                ("two-layer", "none"),
                ("skip", "none"),
                ("linear-skip", "none"),
            )
        )
        p = decay
        self.accepted(
            p.header() + ["leg balance", *all_b.split("\n"), "leg unbalance", "bound 0x1p+60"], p.write(self.where.name)
        )
        self.refuse(
            decay,
            (
                (all_b, "under decay it needs a leg balance"),
                ("leg balance\nleg balance", "must be the first"),
                (line + "\nleg balance", "must be the first"),
                ("leg balance\n" + line, "cannot start from a balanced state"),
                ("leg balance\n" + all_b, "the last state is balanced"),
                ("leg unbalance", "no leg balance before"),
                (line + "\nleg unbalance", "no leg balance before"),
                ("leg balance\nleg unbalance", "the state is not B's"),
                ("leg balance\n%s\nleg unbalance\n%s" % (all_b, dark), last),
                ("leg balance\n%s\nleg unbalance\n%s" % (all_b, line), last),
                (off, "only with a block"),
            ),
        )
        self.refuse(
            none,
            (
                ("leg balance", "only for two-layer with decay"),
                ("leg unbalance", "only for two-layer with decay"),
                (off, "only with a block"),
                ("leg grow", "only with a block"),
                (rows, "slot 1: its column is not 0"),
                ("leg rewire 1\nrow 1 A 1", "slot 1: its column is not 0"),  # though nothing changes
                (dark + "\nleg rewire 1\nrow 1 0 0x0p+0", "expected 'row S A J'"),
                (dark + "\nleg rewire 1\nrow 1 0 ", "expected 'row S A J'"),
                (dark + "\nleg rewire 1\nrow 1 A", "expected 'row S A J'"),
                ("leg interpolate 1\ncolumn 2 0\nleg transfer 1\nmove 1 2", "the rows of slots 1 and 2 differ"),
                ("leg transfer 1\nmove 1 1", "comes twice"),
                (
                    "%s\nleg rewire 2\nrow 1 A 1\nrow 2 A 1\n%s\nleg transfer 1\nmove 1 2" % (dark, home),
                    "slot 2: its column is not 0",
                ),
                ("leg line 2\nto B\ncut 0x1p-1\ncut 0x1p-2", "cut 0x1p-2, expected"),
                ("leg line 2\nto B\ncut 0x1p-1\ncut 0x1p-1", "cut 0x1p-1, expected"),
                ("leg line 1\nto B\ncut 0x1p-54", "cut 0x1p-54, expected a multiple of 2"),
                ("leg line 1\nto B\ncut 0x1.0000000000001p-2", "cut .*p-2, expected a multiple of 2"),
                ("leg line 1\nto B\ncut 0x1p+0", "cut 0x1p\\+0, expected"),
                ("leg line 1\nto B\ncut 0x0p+0", "cut 0x0p\\+0, expected"),
                (all_b.replace("bias B", "bias A"), "the last state is not B: its output bias"),
                (all_b.replace("column 4 B 4", "column 4 A 4"), "the last state is not B: its column of slot 4"),
                (all_b.replace("row 3 B 3", "row 3 A 3"), "the last state is not B: its row of slot 3"),
                (line + "\n" + dark, "the last state is not B"),
            ),
        )
        self.refuse(
            skip,
            (
                (all_b, "the block is on"),
                (rows, "the block is on"),
                ("leg grow", "the block is on"),
                ("leg transfer 0", "the block is on"),
                (line + "\n" + off, "must be the first"),
                (off + "\n" + off, "must be the first"),
                (off + "\n" + line, "it cannot start where the block is off"),
                (off + "\nleg grow", "the rows are not B's"),
                ("%s\n%s\nleg grow\n%s" % (off, all_b, line), last),
                ("%s\n%s\nleg grow\nleg grow" % (off, all_b), last),
                (off + "\n" + all_b, "its block .it is off"),
                ("leg balance", "only for two-layer with decay"),
            ),
        )
        self.refuse(
            linear,
            (
                (off + "\n" + rows, "the rows of linear-skip do not move"),
                (off + "\nleg transfer 0", "the rows of linear-skip do not move"),
                (home, "the block is on"),
            ),
        )
        b = Builder(skip)
        b.line(dict(skip.padded["B"], V2=skip.padded["A"]["V2"]), [])
        self.refuse(skip, (("\n".join(b.lines), "the last state is not B: its block"),))
        wang = Problem(random.Random(4), "skip", "squared", "wang", 4, 4, n=4)
        self.refuse(wang, ((off, "without penalty"), (all_b, "the block is on")))
        flat = Problem(random.Random(4), "skip", "squared", "none", 2, 2, dy=3)
        self.refuse(flat, (("leg fade 0", "loses row rank"),))
        skip.net["B"].update(T1=skip.net["B"]["T1"] + [[Q(1)] * 2], c1=skip.net["B"]["c1"] + [[Q(1)]])
        skip.net["B"]["V1"] = [row + [Q(1)] for row in skip.net["B"]["V1"]]
        self.refuse(skip, ((off, "the blocks of A and B have sizes"),))

    def test_fade_alone(self):
        """Without grow: right where B's V1 is 0, else the end is not B."""
        for zero in (True, False):
            p = Problem(random.Random(2), "linear-skip", "squared", "none")
            if zero:
                p.net["B"]["V1"] = [[Q(0)] * len(r) for r in p.net["B"]["V1"]]
            b = Builder(p)
            b.outputs("fade", {s: ("B", s) for s in range(p.n)}, "B" if p.bias else None)
            b.state = p.padded["B"]
            (self.accepted if zero else self.rejected)(b.finish(hexa(Q(2) ** 30)), p.write(self.where.name))

    def test_bias_of_none(self):
        """Networks without output bias: the path has none."""
        p = Problem(random.Random(2), "two-layer", "squared", "none", 4, 4, bias=False)
        given, slots = p.write(self.where.name), (1, 2, 3, 4)
        for bias in ("B", "A", "0x0p+0 -0x0p+0", "0x1p+0 0x0p+0", None):
            legs = ["leg interpolate %d" % (4 + bool(bias))] + ["column %d 0" % s for s in slots]
            legs += ["bias " + bias] if bias else []
            legs += ["leg rewire 4"] + ["row %d B %d" % (s, s) for s in slots]
            legs += ["leg interpolate 4"] + ["column %d B %d" % (s, s) for s in slots] + ["bound 0x1p+30"]
            (self.rejected if bias else self.accepted)(p.header() + legs, given)


class Points(Checks):
    """Legs between points with all their numbers: readout, idle, curve; in whole certificates, and each condition
    broken alone."""

    def problems(self, models=MODELS, penalties=("none", "decay"), **how):
        rng = random.Random(41)
        for k, (model, penalty) in enumerate(itertools.product(models, penalties)):
            if penalty == "wang" and model not in ("two-layer", "skip"):
                continue
            block = {"mlp": (3, 3), "residual": (3, 2, 2)}.get(model, (2, 2))
            p = Problem(rng, model, LOSSES[k % 4], penalty, 3, 4, block=block, **how)
            yield p, p.write(self.where.name)

    def near(self, p, t, names=None, scale=8):
        """The same point with other numbers, float32."""
        return {
            name: [[single(v + p.number() / scale) for v in row] for row in rows]
            if names is None or name in names
            else rows
            for name, rows in t.items()
        }

    def refitted(self, p, t):
        return self.near(p, t, (p.last(), "b" + p.last()[1:]), 16)

    def whole_path(self, p, count=4, degree=3):
        """readout, a curve, readout."""
        b = Builder(p)
        b.full("readout", self.refitted(p, b.state))
        end = self.refitted(p, p.padded["B"])
        way = [mix_all(Q(j, degree), b.state, end) for j in range(1, degree)]
        b.curve([self.near(p, t) for t in way], count, [[Q(1, 4), Q(1, 2)] if i % 2 else [] for i in range(count)], end)
        b.full("readout", p.padded["B"])
        return b

    def test_curves(self):
        """Accepted, sharp without halves, and above F at many points."""
        for count, degree in ((1, 2), (2, 3), (8, 4), (4, 2)):
            for p, given in self.problems(penalties=("none", "decay", "wang")):
                b = self.whole_path(p, count, degree)
                lines = b.finish()
                bound = float.fromhex(lines[-1].split(" ")[1])
                high = "bound " + hexa(bound * (1 + 1e-6))
                self.accepted(lines[:-1] + [high], given)
                top = max(p.float_F(at(k / 64)) for at in b.path for k in range(65))
                self.assertLessEqual(top, bound * (1 + 1e-9))
                self.rejected(lines[:-1] + ["bound " + hexa(top * (1 - 1e-6))], given, "not certainly <=")
                halvings, certificate.HALVINGS = certificate.HALVINGS, 0
                self.accepted(lines[:-1] + [high], given)
                self.rejected(lines[:-1] + ["bound " + hexa(bound * (1 - 1e-6))], given, "not certainly <=")
                certificate.HALVINGS = halvings

    def test_one_output(self):
        """Cross-entropy of one output is 0, whatever it is: nothing is left of the read-out."""
        for k, model in enumerate(MODELS):
            block = {"mlp": (3, 3), "residual": (3, 2, 2)}.get(model, (2, 2))
            p = Problem(random.Random(50 + k), model, "cross-entropy", "none", 3, 4, block=block, dy=1)
            given = p.write(self.where.name)
            lines = self.whole_path(p).finish()
            self.accepted(lines[:-1] + ["bound ends"], given)
            self.accepted(lines[:-1] + ["bound 0x0p+0"], given)
            self.rejected(lines[:-1] + ["bound -0x1p-30"], given, "not certainly <=")

    def test_joints(self):
        """The checker's are those of the definition, bit for bit; and the last bit matters: float32 ties, and sums
        that a fused product would change."""
        rng, differs = random.Random(42), set()
        for count, degree in itertools.product((2, 4, 32, 256), (2, 3, 4)):
            p = Problem(rng, "mlp", "squared", "none", block=(3,), fine=True)
            points = (
                [p.padded["A"]] + [self.near(p, p.padded["A"], scale=1) for _ in range(degree - 1)] + [p.padded["B"]]
            )
            right = joints(points, count)
            tuples = [{name: [tuple(map(float, row)) for row in rows] for name, rows in t.items()} for t in points]
            c = Pieces().claim(p)
            c.target = p.padded["A"]
            rd = certificate.Reader("x\n", True)
            for i in range(1, count):
                found = certificate.tensors(c, certificate.joint(rd, c, tuples, i, count))
                for name in found:
                    self.assertEqual([[Q(v) for v in row] for row in found[name]], right[i][name])
                    for k, row in enumerate(found[name]):
                        for j, v in enumerate(row):
                            w = [
                                math.comb(degree, n) * Q(i, count) ** n * Q(count - i, count) ** (degree - n)
                                for n in range(degree + 1)
                            ]
                            exact = sum(a * t[name][k][j] for a, t in zip(w, points))
                            differs.add(single(exact) == Q(v))
        self.assertEqual(differs, {True, False} if False in differs else {True})
        self.assertEqual(single(Q(1) + Q(1, 1 << 24)), 1)
        self.assertEqual(single(Q(1) + Q(3, 1 << 24)), 1 + Q(4, 1 << 24))
        rd, c = certificate.Reader("x\n", True), certificate.Claim()
        c.model, c.target = "two-layer", {"W1": [[0]], "W2": [[0]]}
        tie = {name: [(1 + 2.0**-23,)] for name in c.target}
        found = certificate.joint(rd, c, [{n: [(1.0,)] for n in c.target}, tie, {n: [(1.0,)] for n in c.target}], 1, 2)
        self.assertEqual(found.rows[0][0], 1.0)  # 1 + 2^-24, a tie
        for numbers, right in (
            ((2.0**-58, 2.0, 2.0**-22), 1.0),  # exactly it is above the tie 1 + 2^-24
            ((4 + 2.0**-22, 2.0**-52, 2.0**-51), 1.0),  # and so it is summed from the right
            ((4 + 2.0**-22, 2.0**-51, 2.0**-50), 1 + 2.0**-23),
        ):
            found = certificate.joint(rd, c, [{n: [(v,)] for n in c.target} for v in numbers], 1, 2)
            self.assertEqual(found.rows[0][0], right)
        huge = {name: [(3.4e38,)] for name in c.target}
        with self.assertRaisesRegex(certificate.Reject, "beyond float32"):
            certificate.joint(rd, c, [{n: [(1e39,)] for n in c.target}, huge, {n: [(1e39,)] for n in c.target}], 1, 2)

    def test_ends_of_curves(self):
        """Joints 0 and K are the points, which need not be float32."""
        p = Problem(random.Random(44), "mlp", "squared", "none", block=(3, 2), fine=True)
        for count in (1, 2):
            b, seen, Line = Builder(p), [], certificate.Line
            b.curve([self.near(p, p.padded["A"])], count, [[] for _ in range(count)])

            def watched(c, before, after, bits=certificate.ROUGHLY):
                seen.append((before.layers(), after.layers()))
                return Line(c, before, after, bits)

            certificate.Line = watched
            self.accepted(b.finish("0x1p+60"), p.write(self.where.name))
            certificate.Line = Line
            self.assertEqual(len(seen), count)
            for found, end in ((seen[0][0], "A"), (seen[-1][1], "B")):
                for name in ("W1", "W2", "W3"):
                    right = [row + b for row, b in zip(p.padded[end][name], p.padded[end]["b" + name[1:]])]
                    self.assertEqual([[Q(v) for v in row] for row in found[name]], right)

    def test_curve_form(self):
        """Each condition of a curve alone."""
        for p, given in self.problems(models=("mlp", "residual", "two-layer"), penalties=("none",)):
            lines = self.whole_path(p, 4, 3).finish("0x1p+40")
            self.accepted(lines, given)
            head = next(k for k, l in enumerate(lines) if l.startswith("leg curve"))
            controls = [k for k, l in enumerate(lines) if l == "control"]
            cuts = [k for k, l in enumerate(lines) if l.startswith("cuts ")]
            first = controls[0] + 1  # the first tensor of the first control
            size = int(lines[first].split(" ")[1]) + 1
            second = first + size
            row = lines[first + 1].split(" ")

            def changed(k, new):
                return lines[:k] + new + lines[k + 1 :]

            for new, pattern in (
                (changed(head, ["leg curve 1 4"]), "degree 1, expected 2 to 4"),
                (changed(head, ["leg curve 5 4"]), "degree 5, expected 2 to 4"),
                (changed(head, ["leg curve 3 3"]), "3 segments, expected a power of two up to 256"),
                (changed(head, ["leg curve 3 0"]), "0 segments, expected"),
                (changed(head, ["leg curve 3 512"]), "512 segments, expected"),
                (changed(head, ["leg curve 3"]), "expected 'leg curve D K'"),
                (changed(head, ["leg curve 3 8"]), "expected 'cuts N', found"),
                (changed(head, ["leg curve 3 2"]), "expected 'leg TYPE' or 'bound', found"),
                (changed(head, ["leg curve 2 4"]), "expected 'cuts N', found 'control'"),
                (changed(head, ["leg curve 4 4"]), "expected 'control', found 'cuts"),
                (changed(controls[1], []), "expected 'control'"),
                (lines[: controls[1]] + lines[cuts[0] :], "expected 'control', found 'cuts"),
                (changed(cuts[-1], []), "expected 'cuts N'"),
                (changed(cuts[1], ["cuts 3"]), "expected 'cut NUMBER'"),
                (changed(cuts[1], ["cuts 1"]), "expected 'cuts N', found 'cut "),
                (changed(cuts[1] + 1, []), "expected 'cut NUMBER', found 'cuts"),
                (changed(cuts[1] + 1, ["cut 0x1p-1"]), "cut 0x1p-1, expected one after"),
                (lines[:first] + lines[second:], "line %d: expected '%s" % (first + 1, lines[first])),
                (lines[:first] + lines[second : second + 1] + lines[second + 1 :], "expected '"),
                (changed(first, [lines[first] + " 1"]), "expected '"),
                (changed(first + 1, [" ".join(row[:-1])]), "expected %d numbers" % len(row)),
                (changed(first + 1, [" ".join(row[:-1] + ["0x1.0000001p+0"])]), "expected float32"),
                (changed(first + 1, [" ".join(row[:-1] + ["0x1p+128"])]), "expected float32"),
                (changed(first + 1, [" ".join(row[:-1] + ["0x1.8p-149"])]), "expected float32"),
            ):
                self.rejected(new, given, pattern)
            a, b = lines[first:second], lines[second : second + 1 + int(lines[second].split(" ")[1])]
            self.rejected(lines[:first] + b + a + lines[second + len(b) :], given, "expected '" + a[0])

    def test_other_control(self):
        """A control moved so far that the curve is no longer below the bound; and where the path leads is compared."""
        for p, given in self.problems():
            b = self.whole_path(p, 4, 2)
            lines = b.finish()
            k = lines.index("control") + 2
            words = lines[k].split(" ")
            far = lines[:k] + [" ".join(["0x1p+30"] * len(words))] + lines[k + 1 :]
            self.rejected(far, given, r"leg 2 .curve.: on segment \d")
            last = max(k for k, l in enumerate(lines) if l == "leg readout")
            self.rejected(lines[:last] + lines[-1:], given, "the last state is not B")

    def test_missing_cut(self):
        """Without its cuts a segment is not shown to be below, but by halves."""
        missed = 0
        for p, given in self.problems():
            b = self.whole_path(p, 2, 2)
            lines = b.finish()
            bound = "bound " + hexa(float.fromhex(lines[-1].split(" ")[1]) * (1 + 1e-6))
            less = [re.sub("^cuts .*", "cuts 0", l) for l in lines[:-1] if not l.startswith("cut ")] + [bound]
            halvings, certificate.HALVINGS = certificate.HALVINGS, 0
            missed += verdict(sealed(less), given) is not None
            certificate.HALVINGS = halvings
            self.accepted(less, given)
        self.assertGreater(missed, 2)

    def test_closely(self):
        """A bound that is F at the end, but for one part in 10^13, where nothing else is as large."""
        for p, given in self.problems(models=("mlp", "residual", "skip")):
            end = p.padded["B"]
            p.padded["A"] = p.net["A"] = {
                n: [[v * Q(1, 2) if n in (p.last(), "b" + p.last()[1:]) else v for v in row] for row in rows]
                for n, rows in end.items()
            }
            p.m["A"] = p.m["B"]
            if p.loss in ("squared", "huber"):
                p.y = [[-64 * v for v in forward(p.model, end, x)] for x in p.x]
            given = p.write(self.where.name)
            b = Builder(p)
            b.line(None, [Q(1, 2)])
            top = max(Q(p.F(end)), Q(p.F(p.padded["A"])))
            lines = b.finish(
                hexa(up(top * (1 + (Q(1, 10**13) if p.loss in ("logistic", "cross-entropy") else Q(1, 2**53)))))
            )
            halvings, certificate.HALVINGS = certificate.HALVINGS, 2
            self.accepted(lines, given)
            certificate.HALVINGS = halvings

    def test_readout(self):
        """Another layer must not change, not by one bit of one number; nor may F behind it be above the bound."""
        for p, given in self.problems(penalties=("none", "decay", "wang")):
            b = Builder(p)
            b.full("readout", self.refitted(p, b.state))
            b.line(None, [Q(1, 2)])
            lines = b.finish()
            bound = float.fromhex(lines[-1].split(" ")[1])
            lines[-1] = "bound " + hexa(bound * (1 + 1e-6))
            self.accepted(lines, given)
            for name in p.padded["A"]:
                if name in (p.last(), "b" + p.last()[1:]):
                    continue
                c, state = Builder(p), self.refitted(p, p.padded["A"])
                rows = [list(row) for row in state[name]]
                rows[-1][-1] = Q(math.nextafter(float(rows[-1][-1]), INF))
                c.full("readout", dict(state, **{name: rows}))
                c.lines += ["leg line 0", "to B", "bound 0x1p+40"]
                self.rejected(p.header() + c.lines, given, "leg readout: the layer .* changes")
            c = Builder(p)
            c.full(
                "readout",
                {
                    n: [[v * 4096 for v in row] for row in rows] if n == p.last() else rows
                    for n, rows in c.state.items()
                },
            )
            c.full("readout", self.refitted(p, p.padded["A"]))
            c.line(None, [Q(1, 2)])
            self.rejected(c.p.header() + c.lines + [lines[-1]], given, "leg 1 .readout.: F behind it")

    def idle_problem(self, model, penalty="none"):
        """Networks with numbers that nothing reads, and which these are: {tensor: rows}."""
        p = Problem(
            random.Random(43),
            model,
            "squared",
            penalty,
            3,
            3,
            block={"mlp": (3, 3), "residual": (3, 2, 2)}.get(model, (2, 2)),
        )
        void = {
            # unit 1 of layer 2 is not read, unit 0 of layer 1 by it only
            "mlp": ([("W3", None, 1), ("W2", 0, 0), ("W2", 2, 0)], {"W2": [1], "b2": [1], "W1": [0], "b1": [0]}),
            # entry 2 of x is not read behind the first block; unit 0 of the last block is read by V's row 2 only
            "residual": (
                # and no block reads entry 1, which is read at last
                [("W", None, 2), ("U2", None, 2), ("V2", 0, 0), ("V2", 1, 0), ("U1", None, 1), ("U2", None, 1)],
                {"V1": [2], "d1": [2], "V2": [2], "d2": [2], "U2": [0], "c2": [0]},
            ),
            "two-layer": ([("W2", None, 1)], {"W1": [1], "b1": [1]}),
            "skip": ([("W2", None, 1)], {"V1": [1]}),
            "linear-skip": ([("W2", None, 1)], {"V1": [1]}),
        }[model]
        for end in "AB":
            for name, row, column in void[0]:
                for k, values in enumerate(p.net[end][name]):
                    if row in (None, k):
                        values[column] = Q(0)
            p.padded[end] = p.pad(p.net[end], p.m[end])
        return p, void[1]

    def test_idle(self):
        """What nothing reads may change; whatever else changes is read, also through sums and two layers deep."""
        for model, penalty in itertools.product(MODELS, ("none", "decay")):
            p, free = self.idle_problem(model, penalty)
            given = p.write(self.where.name)
            b, state = Builder(p), {n: [list(row) for row in rows] for n, rows in p.padded["A"].items()}
            for name, rows in free.items():
                for k in rows:
                    state[name][k] = [v + 1 for v in state[name][k]]
            b.full("idle", state)
            if penalty == "none":
                self.assertEqual(b.sup[0], b.sup[1])
            b.line(None, [Q(1, 4), Q(1, 2), Q(3, 4)])
            lines = b.finish()
            lines[-1] = "bound " + hexa(float.fromhex(lines[-1].split(" ")[1]) * (1 + 1e-6))
            self.accepted(lines, given)
            for name, rows in p.padded["A"].items():
                for k, row in enumerate(rows):
                    if k in free.get(name, ()):
                        continue
                    c = Builder(p)
                    new = [list(r) for r in state[name]]
                    new[k][-1] = Q(math.nextafter(float(new[k][-1]), INF))
                    c.full("idle", dict(state, **{name: new}))
                    said = "leg idle: row %d of the layer .* changes and is read" % (k + 1)
                    self.rejected(p.header() + c.lines + ["leg line 0", "to B", "bound 0x1p+60"], given, said)
        p = Problem(random.Random(4), "two-layer", "squared", "wang", 3, 3)
        b = Builder(p)
        b.lines = ["leg idle", "to point", "leg line 0", "to B", "bound 0x1p+60"]
        self.rejected(p.header() + b.lines, p.write(self.where.name), "leg idle: not with the penalty wang")

    def test_idle_counts_with_decay(self):
        """Under weight decay F is not constant on it: the state behind it is evaluated."""
        for penalty in ("none", "decay"):
            p, free = self.idle_problem("mlp", penalty)
            given, b = p.write(self.where.name), Builder(p)
            for scale in (4096, 1):
                state = {n: [list(row) for row in rows] for n, rows in p.padded["A"].items()}
                state["W1"][0] = [scale * (1 + v) for v in state["W1"][0]]
                b.full("idle", state)
            b.line(None, [Q(1, 2)])
            low = max(float(v) for k, v in enumerate(b.sup) if k != 1) * (1 + 1e-6)
            check = self.accepted if penalty == "none" else self.rejected
            check(p.header() + b.lines + ["bound " + hexa(low)], given)

    def test_partial_points(self):
        """What is left out is as before; what is there must be in order."""
        for p, given in self.problems():
            names = [name for name in p.order() if name in p.padded["A"]]
            for name in names:
                b = Builder(p)
                state = self.near(p, p.padded["A"], (name,))
                b.lines += ["leg line 0"] + b.target(state)
                b.lines += ["leg line 0", "to B", "bound 0x1p+60"]
                self.accepted(p.header() + b.lines, given)
                back = ["leg line 0", "to point"]
                for other in names:
                    if other != name:
                        back += b.tensor(other, p.padded["B"][other])
                rest = ["leg line 0", "to point"] + b.tensor(name, p.padded["B"][name])
                self.accepted(p.header() + back + rest + ["bound 0x1p+60"], given)
                if p.padded["A"][name] != p.padded["B"][name]:
                    self.rejected(p.header() + back + ["bound 0x1p+60"], given, "the last state is not B")
            a, b = (Builder(p).tensor(name, p.padded["B"][name]) for name in names[:2])
            wrong = p.header() + ["leg line 0", "to point"] + b + a + ["bound 0x1p+60"]
            self.rejected(
                wrong, given, "expected 'leg TYPE' or 'bound', found '%s" % names[0] if p.model != "linear-skip" else ""
            )

    def test_where_they_stand(self):
        """Not from a balanced state, nor where a block is off; no slots in deep networks."""
        for model, penalty, legs, pattern in (
            ("two-layer", "decay", "leg balance\nleg readout\nto B", "cannot start from a balanced state"),
            ("two-layer", "decay", "leg balance\nleg idle\nto B", "cannot start from a balanced state"),
            ("two-layer", "decay", "leg balance\nleg curve 2 1\nto B", "cannot start from a balanced state"),
            ("linear-skip", "none", "leg fade 0\nleg curve 2 1\nto B", "cannot start where the block is off"),
            ("linear-skip", "none", "leg fade 0\nleg readout\nto B", "cannot start where the block is off"),
            ("mlp", "none", "leg interpolate 0", "leg interpolate: not for mlp"),
            ("residual", "none", "leg transfer 0", "leg transfer: not for residual"),
            ("residual", "none", "leg rewire 0", "leg rewire: not for residual"),
            ("residual", "none", "leg fade 0", "only with a block"),
            ("mlp", "none", "leg grow", "only with a block"),
            ("mlp", "decay", "leg balance", "only for two-layer"),
            ("mlp", "none", "leg readout 1\nto B", "expected 'leg readout'"),
            ("mlp", "none", "leg idle\nto C", "found 'C', expected one of: B, point"),
        ):
            p = Problem(
                random.Random(5), model, "squared", penalty, 4, 4, n=4, dy=2, block={"mlp": (3, 3)}.get(model, (2, 2))
            )
            self.rejected(p.header() + legs.split("\n") + ["bound 0x1p+60"], p.write(self.where.name), pattern)

    def test_head(self):
        for p, given in self.problems(models=tuple(DEEP), penalties=("none",)):
            good = p.header() + ["leg line 0", "to B", "bound 0x1p+60"]
            self.accepted(good, given)
            for k, new, pattern in (
                (1, "model two-layer", "line 2: the model is two-layer, network A is a %s|m" % p.model),
                (3, "penalty wang 0x1p+0", "penalty wang is not for"),
                (5, good[5][:-1] + "3", "line 6: expected m = 0"),
                (7, "width 1", "line 8: expected 'width 0'"),
            ):
                self.rejected(good[:k] + [new] + good[k + 1 :], given, pattern)
            for key, other in (("from", "to"), ("to", "from")):
                self.rejected(good, dict(given, **{key: given[other]}), "sha256")

    def test_parts(self):
        """A part checks its own pieces only, and what is no piece; all parts are the whole."""
        for p, given in self.problems():
            lines = self.whole_path(p, 4, 2).finish()
            lines[-1] = "bound " + hexa(float.fromhex(lines[-1].split(" ")[1]) * (1 + 1e-6))
            count = 4 + sum(l.startswith("cut ") for l in lines)
            for parts in (1, 2, 3, count, count + 2):
                mine = 0
                for part in range(1, parts + 1):
                    said = certificate.check(sealed(lines), given=dict(given, shard="%d/%d" % (part, parts)))
                    found = re.match(
                        r"part %d of %d \((\d+) of the %d pieces; F is so bounded if all %d parts"
                        % (part, parts, count, parts),
                        said,
                    )
                    mine += int(found[1]) if parts > 1 else count
                self.assertEqual(mine, count)
            self.each_part(p, given, count)
            for bad in ("0/2", "3/2", "1", "1/0", "x/2", "01/2", "1/2/3"):
                self.assertRegex(verdict(sealed(lines), dict(given, shard=bad)), "^BadFile: --shard .*expected I/N")
            for k in range(8, len(lines) - 1, 7):  # the form of all of it is read in every part
                broken = lines[:k] + ["x"] + lines[k + 1 :]
                for part in (1, count):
                    self.rejected(broken, dict(given, shard="%d/%d" % (part, count)))

    def each_part(self, p, given, count):
        """Part I of N sees piece I, I + N, .. and no other."""
        b, halvings = self.whole_path(p, 4, 2), certificate.HALVINGS
        lines, pieces = b.finish(), list(map(Q, b.sup[2 : 2 + count]))
        ends = max(map(Q, b.sup[:2] + b.sup[2 + count :]))
        bound = max(ends, sorted(pieces)[count // 2]) * (1 + Q(1, 10**6))
        lines[-1] = "bound " + hexa(up(bound))
        certificate.HALVINGS = 0
        for parts in (2, 3, count):
            for part in range(1, parts + 1):
                right = all(v <= bound for v in pieces[part - 1 :: parts])
                (self.accepted if right else self.rejected)(lines, dict(given, shard="%d/%d" % (part, parts)))
        certificate.HALVINGS = halvings

    def test_a_part_checks_states(self):
        """States that no piece bounds are evaluated in every part."""
        for p, given in self.problems(penalties=("none",)):
            b = Builder(p)
            loud = {
                n: [[v * 4096 for v in row] for row in rows] if n == p.last() else rows for n, rows in b.state.items()
            }
            b.full("readout", loud)
            b.full("readout", self.refitted(p, p.padded["A"]))
            b.line(None, [Q(1, 2)])
            low = hexa(float(max(Q(v) for k, v in enumerate(b.sup) if k != 1)) * (1 + 1e-6))
            for part in (1, 2, 3):
                self.rejected(
                    p.header() + b.lines + ["bound " + low], dict(given, shard="%d/3" % part), "leg 1 .readout."
                )


def mix_all(t, a, b):
    return {name: mix(t, a[name], b[name]) for name in a}


class Pieces(Checks):
    """The piece rule, entry by entry, in every layer."""

    def problems(self):
        rng = random.Random(11)
        for model, loss in itertools.product(MODELS, LOSSES):
            for k in range(4):
                block = ((2,), (2, 3), (3, 2, 2), (2, 2, 2, 2))[k]
                if model == "mlp":
                    block = ((2, 3), (3, 2, 2), (3, 3, 3), (2, 2, 2, 2))[k]
                if model == "residual":
                    block = ((2, 3), (0, 2, 3), (3, 2, 2, 2), (0, 2))[k]
                p = Problem(rng, model, loss, "none", 4, 4, block=block, N=2 + 3 * (k == 2), fine=k == 3)
                if k == 0:  # the ends of pre-activations on kinks
                    p.x[0] = [Q(0)] * p.n
                if k == 1:  # short pieces, as in practice
                    p.padded["B"] = {n: mix(Q(1, 16), p.padded["A"][n], p.padded["B"][n]) for n in p.padded["A"]}
                yield p

    def claim(self, p):
        c = certificate.Claim()
        c.model, c.loss, c.penalty, c.kappa = p.model, p.loss, p.penalty, p.kappa
        c.N, c.n, c.dy, c.width = p.N, p.n, p.dy, p.M
        own = [{p.own(n): [tuple(map(float, r)) for r in rows] for n, rows in p.padded[end].items()} for end in "AB"]
        c.A, c.B = (certificate.state_of(p.model, t) for t in own)
        c.last = list(c.A.layers())[-1]
        (c.x, c.y), c.ex = certificate.whole(*([list(map(float, r)) for r in rows] for rows in (p.x, p.y)))
        return c

    def setUp(self):
        super().setUp()
        self.lanes, certificate.LANES = certificate.LANES, 3

    def tearDown(self):
        super().tearDown()
        certificate.LANES = self.lanes

    def layers(self, p, cuts, bits=None):
        """For each piece, sample and step: (ends of the piece, x, y, step, naive tube, found tube)."""
        c = self.claim(p)
        line = certificate.Line(c, c.A, c.B, bits or (certificate.FINELY if p.fine else certificate.ROUGHLY))
        line.margin = 10  # room for tubes, too
        line.scaled()
        for at in zip(cuts, cuts[1:]):
            ends = [{n: mix(t, p.padded["A"][n], p.padded["B"][n]) for n in p.padded["A"]} for t in at]
            cut0, cut1 = map(line.cut, at)
            for chunk, v0, v1 in zip(line.chunks, cut0[1], cut1[1]):
                found = self.found(line, chunk, cut0, cut1, v0, v1)
                for lane, x in enumerate(chunk.x):
                    k = [list(v) for v in c.x].index(list(x))
                    naive = tubes(p, *ends, p.x[k], p.y[k])
                    for (i, f, tube, e, noise, chords), rule in zip(found, naive):
                        scaled = [[Q(v[lane]) / Q(2) ** f + noise / Q(2) ** e for v in side] for side in tube]
                        chord = [[Q(v[lane]) / Q(2) ** e for v in side] for side in chords]
                        if i == len(line.steps) - 1 and chunk.group is not None:  # has no row for its own class
                            rule = rule[:1] + tuple(v[: chunk.group] + v[chunk.group + 1 :] for v in rule[1:])
                        yield ends, p.x[k], p.y[k], i, line.steps, rule, chord, scaled

    def found(self, line, chunk, cut0, cut1, v0, v1):
        """Of every step but keep: its number, the tube, the chord."""
        out, bands = [], {}
        for i, step in enumerate(line.steps):
            if step == "keep":
                continue
            tube = line.tube(chunk, v0, v1, lambda k, group: line.band(bands, cut0, cut1, k, group), i + 1)
            sides = [[chunk.slim.unpack(v) for v in side] for side in (tube.down, tube.up)]
            if not tube.up:
                sides = [[[0] * len(chunk.x)] * len(v0[i + 1])] * 2
            chords = [[chunk.wide.unpack(v) for v in w[i + 1]] for w in (v0, v1)]
            out.append((i, tube.f, sides, line.e[i + 1], line.noise[i + 1], chords))
        return out

    def values(self, p, t, x, y):
        """Of every step at one point, exactly."""
        out, v = [], x

        def keep(w):
            out.append(w)
            return w

        if p.model in DEEP:
            out = deep_steps(p.model, t, x)
            z = out.pop()
            return out + [self.outputs(p, z, y)]
        if p.model != "linear-skip":
            v = keep(relu(keep(affine(t["W1"], t.get("b1"), v))))
        if p.model != "two-layer":
            u = keep(mv(t["V2"], v)) if p.model == "skip" else v
            for name in deep(t):
                u = keep(relu(keep(affine(t[name], t.get("c" + name[1:]), u))))
            v = keep([a + b for a, b in zip(v, keep(mv(t["V1"], u)))])
        z = affine(t["W2"], t.get("b2"), v)
        keep(self.outputs(p, z, y))
        return out

    def outputs(self, p, z, y):
        if p.loss != "cross-entropy":
            return z
        c = y.index(1)
        return [a - z[c] for k, a in enumerate(z) if k != c]

    def test_every_entry(self):
        self.every_entry(None)

    def test_every_entry_in_few_bits(self):
        """Whatever is rounded shows."""
        self.every_entry(32)

    def every_entry(self, bits):
        checked = on_kink = 0
        for p in self.problems():
            for group in self.grouped(p, [Q(0), Q(3, 8), Q(1)], bits):
                (ends, x, y, *_), points = group[0], {Q(k, 8) for k in range(9)}
                for *_, rule, chord, found in group:  # where chords cross 0, and very near it
                    for v, w in zip(*chord):
                        if v * w < 0:
                            points |= {v / (v - w), v / (v - w) * Q(1023, 1024)}
                for s in points:
                    t = {n: mix(s, ends[0][n], ends[1][n]) for n in ends[0]}
                    for value, (*_, i, steps, rule, chord, (down, up)) in zip(self.values(p, t, x, y), group):
                        self.assertEqual({len(value)}, {len(v) for v in (*chord, down, up)})
                        for z, v, w, d, u in zip(value, *chord, down, up):
                            e = z - (v + s * (w - v))
                            self.assertTrue(-d <= e <= u, (p.model, steps[i], s))
                            checked += 1
                            on_kink += z == 0 and (d or u) != 0
        self.assertGreater(on_kink, 100)
        print("\n  entries checked: %d, on a kink %d" % (checked, on_kink), file=sys.stderr)

    def grouped(self, p, cuts, bits):
        """The layers of one piece and sample together."""
        group = []
        for item in self.layers(p, cuts, bits):
            if item[3] in (0, 1) and group and item[3] <= group[-1][3]:
                yield group
                group = []
            group.append(item)
        yield group

    def test_as_sharp_as_stated(self):
        """Tubes equal the rule's, worked out naively, up to the rounding of kinks."""
        for p in self.problems():
            for *_, i, steps, (name, c0, c1, lo, hi), chord, (down, up) in self.layers(p, [Q(0), Q(1, 2), Q(1)]):
                for v, w in zip(c0 + c1, sum(chord, [])):
                    self.assertLess(abs(v - w), Q(1, 10**10) * max(1, *map(abs, c0 + c1)))
                for d, u, l, h, *at in zip(down, up, lo, hi, c0, c1):
                    if name.startswith("relu") and max(at) < Q(1, 10**9):
                        continue  # a hair may decide whether the chord is 0
                    most = (max(1, *map(abs, c0 + c1)) + h - l) / 10**7
                    self.assertTrue(0 <= d + l <= most and 0 <= u - h <= most, (p.model, steps[i]))

    def test_single_samples(self):
        """The bound of pieces of one-sample problems is that of the naive rule, for all penalties."""
        rng = random.Random(13)
        for model, loss, penalty in itertools.product(MODELS, LOSSES, ("none", "decay", "wang")):
            if penalty == "wang" and model not in ("two-layer", "skip"):
                continue
            p = Problem(rng, model, loss, penalty, 3, 3, N=1, block=(2, 2))
            c, cuts = self.claim(p), [Q(0), Q(1, 4), Q(1)]
            line, naive = certificate.Line(c, c.A, c.B), piece_bounds(p, p.padded["A"], p.padded["B"], cuts)
            for ends, right in zip(zip(cuts, cuts[1:]), naive):
                found = line.bound(*ends) - right + Q(1, 10**15)
                self.assertTrue(0 <= found < Q(1, 10**6) * (1 + right), (model, loss, penalty, float(found)))

    def test_noise(self):
        """Computed vectors are off by no more than is said, and by something."""
        most = {16: 0, 32: 0, 64: 0}
        for p, bits in itertools.product([*self.problems(), *self.cancelling()], most):
            c = self.claim(p)
            line = certificate.Line(c, c.A, c.B, bits)
            for t in (Q(0), Q(3, 8), Q(1)):
                point = mix_all(t, p.padded["A"], p.padded["B"])
                rows, traces = line.cut(t)
                for chunk, vs in zip(line.chunks, traces):
                    for lane, x in enumerate(chunk.x):
                        k = [list(v) for v in c.x].index(list(x))
                        right = iter(self.values(p, point, p.x[k], p.y[k]))
                        for i, step in enumerate(line.steps):
                            if step == "keep":
                                continue
                            for v, z in zip(vs[i + 1], next(right)):
                                off = abs(chunk.wide.unpack(v)[lane] - z * Q(2) ** line.e[i + 1])
                                self.assertLessEqual(off, line.noise[i + 1], (p.model, step, bits))
                                most[bits] = max(most[bits], off)
        self.assertGreater(min(most.values()), 0)

    def cancelling(self):
        """Inputs almost equal, and differences of them: what they are off by becomes large, and goes on, as part of
        sums, too."""
        rng = random.Random(24)
        for model, block in (("mlp", (3, 3, 3)), ("residual", (3, 2))):
            p = Problem(rng, model, "squared", "none", block=block, n=2, N=8, fine=True)
            p.x = [[v, v + w / 2**10] for v, w in p.x]
            for end in "AB":
                t = {n: [[v / 64 for v in row] for row in rows] for n, rows in p.net[end].items()}
                first = "W0" if model == "residual" else "W1"
                t[first] = [[64 + v, -64 - w] for v, w in t[first]]
                p.padded[end] = p.net[end] = {n: [[Q(float(v)) for v in row] for row in rows] for n, rows in t.items()}
            yield p

    def tubes_of(self, rng, chunk, n, bits):
        """n tubes, packed and as lists of lanes."""
        lists = [[[rng.randrange(1 << bits) for _ in chunk.x] for _ in range(n)] for _ in range(2)]
        return certificate.Tube(*([chunk.slim.pack(v) for v in side] for side in lists), 7), lists

    def test_each_rounding(self):
        """The parts of the rule with numbers so short that each rounding matters, against exact ones: never below, and
        above by little."""
        rng, T = random.Random(23), certificate
        for _ in range(150):
            n, r, count = rng.randrange(1, 6), rng.randrange(1, 4), rng.randrange(1, 5)
            chunk = T.Chunk(32, [(0,)] * count, [(0,)] * count, None)
            large = rng.choice([3, 40, 5000])
            ends = [[[rng.randrange(-large, large + 1) for _ in range(n + 1)] for _ in range(r)] for _ in range(2)]
            for i in range(n):  # some entries do not move
                if rng.random() < 0.3:
                    for v, w in zip(*ends):
                        w[i] = v[i]
            band = T.Band(*ends, rng.choice([4, 6]))
            tube, (up, down) = self.tubes_of(rng, chunk, n, rng.choice([1, 6, 20]))
            q = rng.randrange(6)
            out = T.spread(chunk, band, q, tube)
            dv = [[rng.choice([0, 1, 1000]) * rng.randrange(-50, 51) for _ in range(count)] for _ in range(n)]
            bow = T.bowed(chunk, band, 5, q, [chunk.wide.pack(v) for v in dv])
            for k, (row0, row1) in enumerate(zip(*ends)):
                for lane in range(count):
                    high = low = 0
                    for v, w, u, d in zip(row0, row1, up, down):
                        high += max(0, v * u[lane], w * u[lane], -v * d[lane], -w * d[lane])
                        low += max(0, -v * u[lane], -w * u[lane], v * d[lane], w * d[lane])
                    for side, exact in ((out.up, high), (out.down, low)):
                        found = chunk.slim.unpack(side[k])[lane] / Q(2) ** out.f
                        exact /= Q(2) ** (7 + q)
                        self.assertTrue(exact <= found, (found, exact))
                        room = sum(u[lane] + d[lane] for u, d in zip(up, down)) * large / Q(2) ** (7 + q)
                        self.assertLessEqual(found, exact + room / 4 + Q(4, 2**out.f) * n if out.f > 0 else INF)
                    D = sum((w - v) * x[lane] for v, w, x in zip(row0, row1, dv)) / Q(2) ** (5 + q) / 4
                    for side, exact in ((bow.up, max(0, -D)), (bow.down, max(0, D))):
                        if side:
                            self.assertLessEqual(exact, chunk.slim.unpack(side[k])[lane] / Q(2) ** bow.f)
                        else:
                            self.assertEqual(exact, 0)
            more = rng.randrange(8)
            for side, sums in zip(
                (tube.within(chunk.slim, 7 - more).up, T.sum_of(chunk, tube, tube.within(chunk.slim, 7 - more)).up),
                (1, 2),
            ):
                for v, right in zip(side, up):
                    for lane, value in enumerate(chunk.slim.unpack(v)):
                        scale = 1 << more
                        self.assertTrue(sums * right[lane] <= value * scale < sums * (right[lane] + scale))
            self.bends(rng, chunk, n, *self.tubes_of(rng, chunk, n, 6))

    def bends(self, rng, chunk, n, tube, sides):
        """relu of chords, exactly, at the kink and at the ends, at both ends of the tube."""
        e, count = 7 + rng.randrange(4), len(chunk.x)
        v, w = ([[rng.randrange(-60, 61) for _ in range(count)] for _ in range(n)] for _ in range(2))
        packed = ([chunk.wide.pack(row) for row in side] for side in (v, w))
        empty = rng.random() < 0.3
        out = certificate.bent(chunk, e, *packed, certificate.Tube() if empty else tube)
        if not out.up and all(a * b >= 0 for rows in zip(v, w) for a, b in zip(*rows)):
            return
        for k in range(n):
            for lane in range(count):
                a, b = Q(v[k][lane]) / 2**e, Q(w[k][lane]) / 2**e
                u, d = (chunk.slim.unpack(side[k])[lane] / Q(2) ** out.f for side in (out.up, out.down))
                for s in {Q(0), Q(1), Q(1, 2), a / (a - b) if a * b < 0 else Q(1)}:
                    at, chord = a + s * (b - a), (1 - s) * max(a, 0) + s * max(b, 0)
                    low, high = (Q(0), Q(0)) if empty else (Q(side[k][lane], 128) for side in sides[::-1])
                    self.assertLessEqual(chord - d, max(0, at - low))
                    self.assertLessEqual(max(0, at + high), chord + u)

    def test_exp(self):
        """exp from above, and close."""
        rng = random.Random(19)
        for x in [0, 1, certificate.LN2_56 - 1, certificate.LN2_56, 40 << 56] + [
            rng.randrange(45 << 56) for _ in range(3000)
        ]:
            right = (-Decimal(x) / (1 << 56)).exp() * (1 << 60)
            self.assertTrue(0 <= certificate.exp_over(x) - right < 8 + right / 10**14, x)

    def test_scales(self):
        """Numbers that outgrow their scale, and tubes: still right."""
        rng = random.Random(20)
        for loss, large in itertools.product(LOSSES, (Q(1), Q(2) ** 70, Q(1, 2**70))):
            p = Problem(rng, "mlp", loss, "none", N=40, block=(3, 3, 3), bias=False)
            for end in "AB":
                p.padded[end] = p.net[end] = {
                    n: [[v * (large if n == "W1" else 1 / large if n == "W2" else 1) for v in row] for row in rows]
                    for n, rows in p.net[end].items()
                }
            p.x = [[v * (1000 if k == 37 else 1) for v in x] for k, x in enumerate(p.x)]  # not among those looked at
            c, cuts = self.claim(p), [Q(0), Q(1, 16), Q(1)]
            line, naive = certificate.Line(c, c.A, c.B), piece_bounds(p, p.padded["A"], p.padded["B"], cuts)
            for ends, right in zip(zip(cuts, cuts[1:]), naive):
                found = line.bound(*ends)
                self.assertTrue(
                    found is None or 0 <= found - right + Q(1, 10**15) < Q(1, 10**6) * (1 + right), loss
                )

    def test_wide_tubes(self):
        """Tubes beyond what rounding is reckoned with have no bound; their halves' halves have."""
        rng = random.Random(25)
        p = Problem(rng, "mlp", "squared", "none", block=(4,) * 8)
        p.padded["B"] = {n: [[-7 * v for v in row] for row in rows] for n, rows in p.padded["A"].items()}
        c = self.claim(p)
        line = certificate.Line(c, c.A, c.B)
        self.assertIsNone(line.bound(Q(0), Q(1)))
        found, _ = certificate.piece(line, Q(0), Q(1), Q(2) ** 60, 0)
        self.assertLess(max(p.F(mix_all(Q(k, 8), p.padded["A"], p.padded["B"])) for k in range(9)), found)

    def test_wang_between(self):
        """R along a line never exceeds what the rule adds to its ends; if all is positive and all rows
        keep their direction while columns shrink, it comes to it, in the middle."""
        rng = random.Random(17)
        for model, k in itertools.product(("two-layer", "skip"), range(30)):
            p = Problem(rng, model, "squared", "wang", 3, 3, block=(2,) if k % 2 else (2, 2))
            if k % 2:
                self.grow_rows(p)
            c = self.claim(p)
            line = certificate.Line(c, c.A, c.B)
            sides = ({name: line.exact(name, t, 0) for name in line.ends} for t in (Q(0), Q(1)))
            extra = line.penalty_excess(*sides, {name: shift for name, (_, shift) in line.ends.items()})
            a, b = p.padded["A"], p.padded["B"]
            ends, most = [times(p.kappa, wang(t)) for t in (a, b)], 0
            for i in range(17):
                s = Q(i, 16)
                R = times(p.kappa, wang({n: mix(s, a[n], b[n]) for n in a}))
                chord = plus([times(1 - s, ends[0]), times(s, ends[1])])
                self.assertLessEqual(Q(R), Q(chord) + extra + Q(1, 10**40))
                most = max(most, Q(R) - Q(chord))
            if k % 2:
                self.assertGreater(most, extra - Q(1, 10**40))

    def grow_rows(self, p):
        """B: rows of A twice as long, smaller columns, V1 larger; all numbers positive."""
        for name, rows in p.padded["A"].items():
            p.padded["A"][name] = rows = [[abs(v) + Q(1, 8) for v in row] for row in rows]
            factor = {"W1": 2, "b1": 2, "V1": 3}.get(name, Q(1, 2))
            p.padded["B"][name] = [[factor * v for v in row] for row in rows]


class Files(Checks):
    """Readers: every way to write the same problem gives the same hashes; what is not sound is refused."""

    def setUp(self):
        super().setUp()
        self.p = Problem(random.Random(21), "skip", "cross-entropy", "none", 5, 4, block=(2, 3))
        self.lines, _ = relay(self.p)
        self.given = self.p.write(self.where.name)

    def path(self, name="other", data=None):
        path = os.path.join(self.where.name, name)
        if data is not None:
            with open(path, "wb") as f:
                f.write(data)
        return path

    def arrays(self, end):
        return {self.p.own(n): rows for n, rows in self.p.net[end].items()}

    def not_read(self, given, pattern):
        self.count["rejected"] += 1
        self.assertRegex(verdict(sealed(self.lines), given) or "ACCEPTED", "^BadFile: .*" + pattern)

    def test_npz_variants(self):
        for descr, fortran, version, method in itertools.product(
            ("<f8", ">f8", "<f4", ">f4", "<f2", ">f2"), (False, True), (1, 2, 3), (0, 8)
        ):
            how = {"descr": descr, "fortran": fortran, "version": version}
            npz(self.path(), dict(self.arrays("A"), out_in=[1]), method, **how)
            self.accepted(self.lines, dict(self.given, **{"from": self.path()}))

    def test_safetensors_variants(self):
        for dtype in ("F64", "F32", "F16", "BF16"):
            safetensors(self.path(), dict(self.arrays("A"), out_in=[1]), dtype, dtype != "F32")
            self.accepted(self.lines, dict(self.given, **{"from": self.path()}))

    def test_layouts_and_maps(self):
        """Kernels in,out; a map; square matrices need one."""
        p = self.p
        turned = {n: [list(r) for r in zip(*rows)] if n[0] in "WVT" else rows for n, rows in self.arrays("A").items()}
        npz(self.path(), turned)
        given = dict(self.given, **{"from": self.path()})
        self.accepted(self.lines, given)
        renamed = {"layer/" + n: rows for n, rows in turned.items()}
        npz(self.path(), renamed)
        npz(
            self.path("b"),
            {
                "layer/" + n: [list(r) for r in zip(*rows)] if n[0] in "WVT" else rows
                for n, rows in self.arrays("B").items()
            },
        )
        text = "# a map\nmodel skip\n" + "".join(
            "%s layer/%s%s\n" % (n, n, " in,out # kernel" if n[0] in "WVT" else "") for n in turned
        )
        given.update({"to": self.path("b"), "model": self.path("map", text.encode())})
        self.accepted(self.lines, given)
        for old, new, pattern in (
            ("model skip", "model two-layer", "has no"),
            ("model skip", "model", "no line of a map"),
            ("model skip", "model skip\nmodel skip", "no line of a map"),
            (" in,out", " out,out", "no line of a map"),
            ("W1 layer/W1 in,out", "", "unused"),
            ("W1 layer/W1", "W1 layer/b1", "two names|unused"),
            ("W1 layer/W1 in,out", "W1 layer/W1 out,in", "expected"),
        ):
            self.path("map", text.replace(old, new, 1).encode())
            self.not_read(given, pattern)

    def test_square_is_refused(self):
        p = Problem(random.Random(1), "two-layer", "squared", "none", 3, 3, n=3)
        self.lines, given = relay(p)[0], p.write(self.where.name)
        self.accepted(self.lines, given)
        self.not_read(p.write(self.where.name, out_in=False), "write 'W1 W1 out,in'")
        names = {"W1": "0.weight", "b1": "0.bias", "W2": "2.weight", "b2": "2.bias"}
        for rename in (names, {k: v.replace("0", "fc1").replace("2", "fc2") for k, v in names.items()}):
            for end, word in (("A", "from"), ("B", "to")):
                npz(self.path(end), {rename[n]: rows for n, rows in p.net[end].items()})
                given[word] = self.path(end)
            self.accepted(self.lines, given)
            npz(self.path("more"), dict({rename[n]: rows for n, rows in p.net["A"].items()}, more=[1]))
            self.not_read(dict(given, **{"from": self.path("more")}), "array 'more' is unused")

    def named(self, p, names):
        """Files of both networks with these names {tensor: array}, and what certificate they have."""
        given, self.lines = p.write(self.where.name), p.header() + ["leg line 0", "to B", "bound 0x1p+60"]
        for end, word, save in (("A", "from", npz), ("B", "to", safetensors)):
            arrays = {names[n]: [r[0] for r in rows] if n[0] in "bcd" else rows for n, rows in p.net[end].items()}
            given[word] = self.path(end)
            save(given[word], arrays)
        return given

    def test_names_of_layers(self):
        """PREFIX<number>: any prefix, any gaps, in the order of the numbers, 10 behind 9; layers alone in any order."""
        rng = random.Random(51)
        for block in ((3,), (3, 2), (3, 3, 2, 4)):
            for prefix, numbers in (
                ("", (0, 2, 4, 6, 8)),
                ("fc", (1, 2, 3, 4, 5)),
                ("layers.", (0, 3, 6, 9, 12)),
                ("net.1.lin", (7, 8, 9, 10, 11)),
                ("layer2_", (0, 100, 999, 1000, 1001)),
            ):
                p = Problem(
                    rng,
                    "mlp" if len(block) > 1 else "two-layer",
                    "squared",
                    "none",
                    3,
                    3,
                    block=block,
                    bias=rng.random() < 0.7,
                )
                names = {}
                for k in rng.sample(range(len(block) + 1), len(block) + 1):
                    names["W%d" % (k + 1)] = "%s%d.weight" % (prefix, numbers[k])
                    names["b%d" % (k + 1)] = "%s%d.bias" % (prefix, numbers[k])
                given = self.named(p, names)
                self.accepted(self.lines, given)
                for text in ("model mlp\n", "model two-layer\n" if len(block) == 1 else "\n"):
                    self.accepted(self.lines, dict(given, model=self.path("map", text.encode())))
                text = "model mlp\n" + "".join(
                    "%s %s%s\n" % (n, v, " out,in" * (n[0] == "W")) for n, v in names.items()
                )
                self.accepted(self.lines, dict(given, model=self.path("map", text.encode())))
                self.not_read(dict(given, model=self.path("map", b"model residual\n")), "")
                self.not_read(dict(given, model=self.path("map", text.replace("W2 ", "W4 ", 1).encode())), "")
                self.not_read(
                    dict(given, model=self.path("map", text.replace("W1 ", "U1 ", 1).encode())), "mlp has no U1"
                )
                if len(block) > 1:
                    self.not_read(dict(given, model=self.path("map", b"model two-layer\n")), "two-layer has no")
                    self.not_read(self.named(p, dict(names, W2="other3.weight")), "unused")
                    self.not_read(self.named(p, dict(names, W2="out.weight")), "unused")

    def test_names_of_blocks(self):
        rng = random.Random(52)
        for form, ends, k0 in (
            ("blocks.%d.fc%d", ("stem", "out"), 0),
            ("blocks.%d.%d", ("in", "fc"), 0),
            ("m.body.%d.linear%d", ("embed", "head"), 1),
            ("b.%d.sub.x%d", ("input", "anything"), 9),
            ("%d.a%d", ("inp", "readout"), 3),
        ):
            for block in ((3, 2), (0, 3), (2, 2, 3, 2), (0, 2, 2)):
                p = Problem(rng, "residual", "squared", "none", block=block, bias=rng.random() < 0.7)
                names = {
                    "W": ends[1] + ".weight",
                    "b": ends[1] + ".bias",
                    "W0": ends[0] + ".weight",
                    "b0": ends[0] + ".bias",
                }
                for k in range(1, len(block)):
                    for j, pair in enumerate(("Uc", "Vd")):
                        for letter, kind in zip(pair, ("weight", "bias")):
                            names[letter + str(k)] = (form + ".%s") % (k0 + 2 * k, 2 * j + 1, kind)
                given = self.named(p, names)
                self.accepted(self.lines, given)
                self.accepted(self.lines, dict(given, model=self.path("map", b"model residual\n")))
                text, short = "model residual\n", "model residual\n"
                for n, v in names.items():
                    how = " out,in" * (n[0] in "WUV")
                    short += "%s %s%s\n" % (n, v, how) if n in p.net["A"] else ""
                    inner = n[-1] not in "0Wb"
                    text += (
                        "%s %s%s # x\n" % ("block %s: %s" % (n[1:], n[0]) if inner else n, v, how)
                        if n in p.net["A"]
                        else ""
                    )
                for map_text in (text, short):
                    self.accepted(self.lines, dict(given, model=self.path("map", map_text.encode())))
                for old, new, pattern in (
                    ("block 1: U", "block 1 U", "no line of a map"),
                    ("block 1: U", "block 0: U", "no line of a map"),
                    ("block 1: U", "block 1: X", "no line of a map"),
                    ("block 1: U", "block 2: V", ""),
                    ("block 1: U", "block 40: U", "no line of a map"),
                ):
                    self.not_read(dict(given, model=self.path("map", text.replace(old, new, 1).encode())), pattern)
                self.not_read(dict(given, model=self.path("map", b"model mlp\n")), "")
                if block[0]:
                    other = dict(names, W="one.weight", b="one.bias", W0="two.weight", b0="two.bias")
                    self.not_read(self.named(p, other), "")  # which is which?
                self.not_read(self.named(p, dict(names, V1="x%s" % names["V1"])), "")
                if "fc" in form:  # which of the two is U?
                    other = {n: v.replace("fc1", "up").replace("fc3", "down") for n, v in names.items()}
                    self.not_read(self.named(p, other), "unused")

    def test_deep_files(self):
        """What is missing, too much, or does not fit."""
        rng = random.Random(53)
        for model, block in (("mlp", (3, 2)), ("residual", (3, 2, 2)), ("residual", (0, 2, 2))):
            p = Problem(rng, model, "squared", "none", block=block)
            own = {name: name for name in p.net["A"]}
            given = self.named(p, own)
            npz(given["from"], dict({n: rows for n, rows in p.net["A"].items()}, out_in=[1]))
            safetensors(given["to"], dict({n: rows for n, rows in p.net["B"].items()}, out_in=[1]))
            self.accepted(self.lines, given)
            for name in p.net["A"]:
                less = {n: rows for n, rows in p.net["A"].items() if n != name}
                npz(self.path("less"), dict(less, out_in=[1]))
                said = verdict(sealed(self.lines), dict(given, **{"from": self.path("less")}))
                self.assertRegex(said or "ACCEPTED", "^Reject: .*sha256" if name[0] in "bcd" else "^BadFile: ")
                more = dict(p.net["A"], out_in=[1], **{name: [row + [Q(1)] for row in p.net["A"][name]]})
                npz(self.path("more"), more)
                self.not_read(dict(given, **{"from": self.path("more")}), "has shape")
            for other in ({"U9": [[Q(1)]]}, {"T1": [[Q(1)]]}, {"x": [[Q(1)]]}, {"W9": [[Q(1)]]}):
                npz(self.path("more"), dict(p.net["A"], out_in=[1], **other))
                self.not_read(dict(given, **{"from": self.path("more")}), "")
        wide = Problem(rng, "mlp", "squared", "none", block=(3, 3))
        p.net["B"] = wide.net["B"]
        for a, b in (((3, 2), (2, 2)), ((3, 2), (3, 2, 2))):
            p, q = (Problem(random.Random(1), "mlp", "squared", "none", block=block) for block in (a, b))
            p.net["B"] = p.padded["B"] = q.net["B"]
            given = p.write(self.where.name)
            self.rejected(
                p.header() + ["leg line 0", "to B", "bound 0x1p+60"], given, "have sizes .* expected the same"
            )
        p, q = (
            Problem(random.Random(1), "residual", "squared", "none", block=block, n=3) for block in ((3, 2), (0, 2))
        )
        p.net["B"] = p.padded["B"] = q.net["B"]
        self.rejected(p.header() + ["leg line 0", "to B", "bound 0x1p+60"], p.write(self.where.name), "have sizes")

    def test_input_scale(self):
        p = Problem(random.Random(1), "two-layer", "squared", "none", 4, 3, n=2)
        raw = [[float(k + 3 * i) for k in range(2)] for i in range(p.N)]
        p.x = [[Q(v * 0.1) for v in row] for row in raw]
        lines, _ = relay(p)
        given = p.write(self.where.name)
        self.accepted(lines, given)
        npz(given["data"], {"x": raw, "y": p.y})
        self.rejected(lines, given, "sha256")
        given["model"] = self.path("map", b"input-scale 0.1\n")
        self.accepted(lines, given)

    def test_csv(self):
        p = self.p
        classes = [y.index(1) for y in p.y]
        words = ["ant", "bee", "cat"]
        p.y[:] = [[Q(k == c) for k in range(3)] for c in (0, 1, 2, 1)]
        classes, lines = [0, 1, 2, 1], relay(p)[0]
        rows = [[repr(float(v)) for v in x] for x in p.x]
        plain = "".join(",".join(r + [str(c)]) + "\n" for r, c in zip(rows, classes))
        worded = "".join(",".join(r + ['"%s"' % words[c]]) + "\r\n" for r, c in zip(rows, classes))
        middle = "".join(",".join(r[:1] + [words[c]] + r[1:]) + "\n" for r, c in zip(rows, classes))
        for text, label in (
            (plain, None),
            ("\ufeff" + plain, "4"),
            ("a,b,c,d\n" + plain, "d"),
            (worded, None),
            ('"a","b, or c",c,"sp""ecies"\r\n' + worded, 'sp"ecies'),
            (middle, "2"),
            ("a,2,c,d\n" + middle, "2"),
            (plain + "\n", None),
        ):
            given = dict(self.given, data=self.path("csv", text.encode()), label=label)
            self.accepted(lines, given)
        for text, label, pattern in (
            (plain + "1,2\n", None, "2 fields"),
            (plain.replace("\n", ",x\n", 1), None, "fields"),
            (plain, "5", "no column"),
            (plain, "0", "no column"),
            (plain, "d", "no column"),
            (plain.replace(rows[1][0], "nan", 1), None, "expected a number"),
            (plain + "1,2,1e999,0\n", None, "expected a number"),
            (plain + "1,2,3,7\n", None, "expected a class from 0 to 2"),
            (plain + "1,2,3,0.5\n", None, "expected a class"),
            (plain + '1,2,3,"0\n', None, "CSV"),
            ("", None, "no lines"),
        ):
            self.not_read(dict(self.given, data=self.path("csv", text.encode()), label=label), pattern)

    def test_labels(self):
        """All ways to give the same targets."""
        read = lambda loss, dy, y, shape: certificate.labels("f", certificate.Array(shape, y), loss, dy)
        hot = [[0, 1, 0], [1, 0, 0]]
        for loss in LOSSES:
            sign = [[2 * v - 1 for v in row] for row in hot] if loss == "logistic" else hot
            self.assertEqual(read(loss, 3, [1, 0], (2,)), sign)
            self.assertEqual(read(loss, 3, sum(sign, []), (2, 3)), sign)
        self.assertEqual(read("squared", 1, [0.5, -2], (2,)), [[0.5], [-2]])
        self.assertEqual(read("huber", 1, [0.5, -2], (2, 1)), [[0.5], [-2]])
        self.assertEqual(read("squared", 2, [0.5, -2, 1, 3], (2, 2)), [[0.5, -2], [1, 3]])
        self.assertEqual(read("logistic", 1, [0, 1], (2,)), [[-1], [1]])
        self.assertEqual(read("logistic", 1, [-1, 1], (2,)), [[-1], [1]])
        for loss, dy, y, shape in (
            ("logistic", 1, [-1, 0], (2,)),
            ("logistic", 2, [-1, 0, 1, 1], (2, 2)),
            ("logistic", 1, [2, 1], (2,)),
            ("cross-entropy", 3, [3, 1], (2,)),
            ("cross-entropy", 3, [-1, 1], (2,)),
            ("cross-entropy", 2, [1, 1, 0, 1], (2, 2)),
            ("cross-entropy", 2, [0, 0, 0, 1], (2, 2)),
            ("squared", 2, [0.5, 1], (2,)),
            ("squared", 3, [0, 1, 1, 0], (2, 2)),
        ):
            self.assertRaises(certificate.BadFile, read, loss, dy, y, shape)

    def test_malformed_files(self):
        good = self.arrays("A")
        whole_npz, whole_st = (certificate.read_file(self.given[word]) for word in ("from", "to"))
        size = int.from_bytes(whole_st[:8], "little")
        head = json.loads(whole_st[8 : 8 + size])

        def tensors(**changes):
            text = json.dumps(dict(head, **changes)).encode()
            return struct.pack("<Q", len(text)) + text + whole_st[8 + size :]

        more = b', "W1": ' + json.dumps(head["W1"]).encode() + b"}"  # the same again
        twice = struct.pack("<Q", size - 1 + len(more)) + whole_st[8 : 7 + size] + more + whole_st[8 + size :]
        raw = lambda **how: npy(good["W1"], **how)
        bad = raw()
        st_cases = [
            whole_st[:-1],
            whole_st + b"\0" * 4,
            struct.pack("<Q", 1 << 60) + whole_st[8:],
            tensors(__metadata__={"a": {"b": "c"}}),
            tensors(W2=dict(head["W2"], dtype="C64")),
            tensors(W2=dict(head["W2"], shape=[1, 2])),
            tensors(W2=dict(head["W2"], data_offsets=[0, 8])),
            tensors(W2=[1, 2]),
            whole_st.replace(b'"b1"', b'"W1"', 1),
            twice,
            whole_st[:8] + b"{" * size + whole_st[8 + size :],
        ]
        for data in st_cases + [b"", b"PK", b"x" * 100, bad, whole_npz[:-30], whole_npz[100:], b"PK\3\4" + b"\0" * 99]:
            self.not_read(dict(self.given, **{"from": self.path("bad", data)}), "")
        for W1 in (
            npy([[float("nan")] * 3] * 5),
            npy([[float("inf")] * 3] * 5),
            bad[:-1],
            bad + b"\0",
            bad.replace(b"<f8", b"<c8"),
            bad.replace(b"'<f8'", b"[('a','<f8')]"),
            bad.replace(b"<f8", b"|V8"),
            bad.replace(b"<f8", b"<U2"),
            bad.replace(b"\x93NUMPY\1", b"\x93NUMPY\4"),
            bad.replace(b"(5, 3)", b"(3, 5)"[:-1] + b"]"),
            bad.replace(b"False", b"None "),
            npy([v for r in good["W1"] for v in r]),
            npy([v for r in good["W1"] for v in r], shape=(5, 3, 1)),
            npy([v for r in good["W1"] for v in r], shape=(3, 5)),
            npy([[(1 << 53) + 1] * 3] * 5, descr="<i8"),
        ):
            npz(self.path("bad"), dict(good, out_in=[1], W1=W1))
            self.not_read(dict(self.given, **{"from": self.path("bad")}), "")
        for name, rows in (("W9", [[1]]), ("T3", [[1, 1, 1]]), ("c2", [[1]])):
            npz(self.path("bad"), dict(good, out_in=[1], **{name: rows}))
            self.not_read(dict(self.given, **{"from": self.path("bad")}), name)
        for name in ("W1", "V2", "W2", "V1"):
            npz(self.path("bad"), {k: v for k, v in dict(good, out_in=[1]).items() if k != name})
            self.not_read(dict(self.given, **{"from": self.path("bad")}), "")

    def test_integers(self):
        """Integer types of all sizes, where the numbers are whole."""
        p = Problem(random.Random(3), "two-layer", "squared", "none", 4, 3, n=2)
        p.x = [[Q(abs(int(v * 8))) for v in x] for x in p.x]
        lines, _ = relay(p)
        given = p.write(self.where.name)
        for descr in ("|u1", "|i1", "<i2", ">i2", "<u2", "<i4", ">u4", "<i8", ">i8", "<u8"):
            npz(given["data"], {"x": npy(p.x, descr), "y": p.y})
            self.accepted(lines, given)


class Malformed(Checks):
    """Syntax: one line with its number, what was found and what was expected."""

    def setUp(self):
        super().setUp()
        self.p = Problem(random.Random(2), "two-layer", "logistic", "wang", 3, 3)
        self.lines, _ = lines(self.p)
        self.given = self.p.write(self.where.name)
        self.data = sealed(self.lines)
        self.assertIsNone(verdict(self.data, self.given))

    def test_truncated(self):
        for k in range(len(self.data)):
            self.count["rejected"] += 1
            self.assertIsNotNone(verdict(self.data[:k], self.given))
        other = self.data.replace(b"bound ", b"bound -", 1)
        self.assertRegex(verdict(other, self.given) or "", "the sha256 of the bytes above is")
        for more in (b"\n", b"x\n", b"bound 0x0p+0\n", self.data[-72:]):
            self.assertRegex(verdict(self.data + more, self.given) or "", "text after the sha256 line")

    def test_bad_numbers(self):
        numbers = [k for k, l in enumerate(self.lines) if "0x" in l and k >= 8]
        for bad in (
            "nan inf -inf NaN 0x1p+99999999 0x1p+9999 0x1p-9999 0x1p+1024 0x1p-1075 0x1.fffffffffffff8p+0 1.5 1e5 0x"
            " 0xp+0 0x1 0x1.p+0 0x1p0 0x1p-0 0x1p+00 0x01p+0 0x1.0p+0 0x1.80p+0 0x2p+0 0x.8p+0 0x0.8p+0 0x0p+1"
            " 0x0p-1022 0x0.0p+0 0x0.8p-1023 0x1.8p-1023 0x1p-1023 0x0.80p-1022 0x1.8P+3 0x1.Ap+3 0x1.00000000000001p+0"
            " --0x1p+0 +0x1p+0 0x1p+ 0x1p+0x1 0X1P+0 0x1p+0\t 0x1p+0\r 0x1p+0\0 same point 1"
        ).split(" ") + [""]:
            for k in numbers:
                words = self.lines[k].split(" ")
                words[-1] = bad
                self.rejected(
                    self.lines[:k] + [" ".join(words)] + self.lines[k + 1 :], self.given, "line %d: " % (k + 1)
                )
        rd, wrong = certificate.Reader("x\n", True), "expected a number as in 0x1.8p"
        for v in (
            0.0,
            -0.0,
            1.0,
            -0.1,
            5e-324,
            2.0**-1022 - 5e-324,
            2.0**-1022,
            1.7976931348623157e308,
            1e23,
            -6e-310,
        ):
            self.assertEqual(rd.fraction(hexa(v)), Q(v))
        for bad in ("0x1p0", "0x10p-4", "0x1.80p+0", "0x2p+0"):
            self.assertRaisesRegex(certificate.Reject, wrong, rd.fraction, bad)
            self.assertGreaterEqual(certificate.Reader("x\n").fraction(bad), 1)  # version 1 takes them

    def test_line_is_named(self):
        """The right line, and what was expected."""
        k = self.lines.index("to point")
        for i, new, pattern in (
            (1, "model three-layer", "line 2: found 'three-layer', expected one of: two-layer"),
            (2, "loss hinge", "line 3: found 'hinge', expected"),
            (3, "penalty decay", "line 4: expected 'penalty none'"),
            (3, "penalty wang -0x1p+0", "line 4: expected kappa >= 0"),
            (4, self.lines[4].upper(), "line 5: expected 'data"),
            (5, "from " + "g" * 64 + " 3", "line 6: '%s' is not a SHA-256" % ("g" * 64)),
            (7, "width 2", r"line 8: expected 'width 3' or up to \d+, found 'width 2'"),
            (7, "width 2999", r"line 8: expected 'width 3' or up to \d+, found 'width 2999'"),
            (8, "leg crawl 1", "line 9: found 'crawl', expected one of: interpolate"),
            (8, "leg interpolate", "line 9: expected 'leg interpolate K'"),
            (8, "leg interpolate 01", "line 9: '01' is not an integer"),
            (k, "to", "line %d: expected 'to B|point'" % (k + 1)),
            (k + 1, "W1 3 4", "line %d: expected 'W1 3 3', found 'W1 3 4'" % (k + 2)),
            (len(self.lines) - 1, "bound", "line %d: expected 'bound ends|NUMBER'" % len(self.lines)),
        ):
            self.rejected(self.lines[:i] + [new] + self.lines[i + 1 :], self.given, pattern.replace("|", r"\|"))

    def test_byte_fuzz(self):
        rng, body = random.Random(8), self.data[: self.data.rindex(b"sha256")]
        for _ in range(600):
            new = bytearray(body)
            for _ in range(rng.randrange(1, 4)):
                k, how = rng.randrange(len(new)), rng.randrange(3)
                if how == 0:
                    new[k] = rng.choice(b"0123456789abcdefxp+- .\n\x00\xff")
                elif how == 1:
                    del new[k : k + rng.randrange(1, 20)]
                else:
                    new[k:k] = new[rng.randrange(len(new)) :][: rng.randrange(1, 30)]
            new = bytes(new)
            self.assertIsNotNone(verdict(new + self.data[len(body) :], self.given) if new != body else "same")
            said = verdict(new + b"sha256 " + hashlib.sha256(new).hexdigest().encode() + b"\n", self.given)
            if said is None:  # then it is true
                false, _ = expected(self.p, new.decode().split("\n")[:-1])
                self.assertFalse(false)
            else:
                self.assertRegex(said, "^Reject: ")

    def test_command_line(self):
        here = os.path.dirname(os.path.abspath(certificate.__file__))
        file = os.path.join(self.where.name, "file")

        def run(*more, data=self.data, drop=()):
            with open(file, "wb") as f:
                f.write(data)
            names = [w for k, v in self.given.items() if v and k not in drop for w in ("--" + k, v)]
            command = [sys.executable, os.path.join(here, "certificate.py"), file] + names + list(more)
            done = subprocess.run(command, capture_output=True, text=True, timeout=100)
            self.assertNotIn("Traceback", done.stderr + done.stdout)
            return done.returncode, done.stdout, done.stderr

        code, out, _ = run()
        self.assertEqual((code, out.count("\n")), (0, 1))
        self.assertRegex(out, r"accepted: two-layer, width 3, logistic, penalty wang 0\.\d+, N = 4; F\(A\) in \[")
        code, out, _ = run("-v", "--loss", "logistic", "--penalty", "wang", "--kappa", str(float(self.p.kappa)))
        self.assertEqual(code, 0)
        self.assertRegex(out, "(?s)leg 2 line: 4 pieces, F <= .*accepted")
        self.assertEqual(run("--loss", "squared")[0], 1)
        self.assertEqual(run(data=self.data[:-3])[0], 1)
        for more, drop in (
            (["--nonsense"], ()),
            (["--kappa", "x"], ()),
            (["--data"], ()),
            ([], ("to",)),
            ([], ("data",)),
        ):
            self.assertEqual(run(*more, drop=drop)[0], 2)
        for word in ("--map", "--model"):
            self.assertEqual(run(word, self.given["data"])[0], 2)
        self.assertEqual(run("--map", self.given["data"], "--model", self.given["data"])[0], 2)
        self.assertEqual(run("--to", os.path.join(self.where.name, "absent"), drop=("to",))[0], 4)
        huge = sealed(self.lines[:-1] + self.lines[-1:] * 10**6)
        self.assertEqual(run(data=huge)[0], 3)

    def test_too_large(self):
        p = Problem(random.Random(2), "two-layer", "squared", "none", 200, 200, n=100, N=2)
        b = Builder(p)
        given = p.write(self.where.name)
        old, certificate.MAX_PRODUCTS = certificate.MAX_PRODUCTS, 10**4
        try:
            said = verdict(sealed(p.header() + ["leg line 0", "to B", "bound 0x1p+99"]), given)
            self.assertRegex(said or "", "^TooLarge: .*products")
        finally:
            certificate.MAX_PRODUCTS = old


# ------------------------------------------------------------------ the checker, broken on purpose
EVERY, SHARP, SINGLE = "Pieces.test_every_entry", "Pieces.test_as_sharp_as_stated", "Pieces.test_single_samples"
ROUNDING, SCALE = "Pieces.test_each_rounding", "Pieces.test_scales"
WANG, ENDS, LOUD = "Pieces.test_wang_between", "Legs.test_bound_ends", "Legs.test_every_state_counts"
EITHER = "Legs.test_tensors_of_either"
GAUGE = "Legs.test_moved_gauge"
MUTANTS, VALID = "Legs.test_mutants", "Legs.test_accepted_and_bound_is_sharp"
BREAKS = [  # (in the source, what instead, the test that must fail)
    # the piece rule
    ("above.append(lanes.ceil(lanes.relu(off - bow), 2))", "above.append(0)", EVERY),
    ("below.append(lanes.ceil(lanes.relu(off + bow), 2))", "below.append(0)", EVERY),
    ("above.append(lanes.ceil(lanes.relu(off - bow), 2))", "above.append(lanes.ceil(lanes.relu(off - bow), 3))", EVERY),
    ("below.append(lanes.ceil(lanes.relu(off + bow), 2))", "below.append(lanes.ceil(lanes.relu(off + bow), 3))", EVERY),
    ("lanes.ceil(lanes.relu(off + bow), 2)", "lanes.ceil(lanes.larger(off + bow, off - bow), 2)", SHARP),
    ("if band.moves and any(dv) else 0", "if False else 0", EVERY),
    (
        "down.append(lanes.only(tube.down[k], lanes.natural(top - lanes.ones)) + kink)",
        "down.append(tube.down[k])",
        EVERY,
    ),
    ("lanes.only(tube.down[k], lanes.natural(top - lanes.ones)) + kink", "tube.down[k] + kink", SHARP),
    ("            down.append(kink)", "            down.append(0)", EVERY),
    ("up.append(u - lanes.relu(u - room))", "up.append(lanes.only(u, lanes.natural(top)))", EVERY),
    ("up.append(u - lanes.relu(u - room))", "up.append(u)", SHARP),
    ("up.append(u - lanes.relu(u - room))", "up.append(0)", EVERY),
    ("flags = lanes.natural(v) ^ lanes.natural(w)", "flags = 0", EVERY),
    ("flags = lanes.natural(v) ^ lanes.natural(w)", "flags = lanes.natural(v) & lanes.ones - lanes.natural(w)", EVERY),
    ("-(-a * b // (a + b))", "a * b // (a + b) // 2", EVERY),
    ("high = [-(-max(0, v, w) >>", "high = [-(-max(0, v) >>", EVERY),
    ("low = [-(-max(0, -v, -w) >>", "low = [-(-max(0, -w) >>", EVERY),
    ("[i if high[i] else i + len(row) for i in plain]", "plain", EVERY),
    ("lanes.larger(h * parts[i], l * parts[i + n])", "h * parts[i]", EVERY),
    ("lanes.larger(h * parts[i], l * parts[i + n])", "h * parts[i] + l * parts[i + n]", SHARP),
    ("[v + w for v, w in zip(*side)]\n        for side", "[v for v, w in zip(*side)]\n        for side", EVERY),
    ("return a if a.up else b", "return a", EVERY),
    ("return a if a.up else b", "return b", EVERY),
    ("[a + lanes.floor(b, low - e[k]) for", "[a for", EVERY),
    ("[a + lanes.floor(b, low - e[k]) for", "[a + b for", EVERY),
    ("sum(map(mul, row, v)) + row[-1] * ones, r)", "sum(map(mul, row, v)), r)", EVERY),
    (
        "[lanes.floor(a * ((1 << bits) - n) + b * n, bits) for",
        "[lanes.floor(b * ((1 << bits) - n) + a * n, bits) for",
        EVERY,
    ),
    ("rows = [[v - w for v, w in zip(row, rows[group])]", "rows = [row", EVERY),
    # what is rounded
    ("-(-a * b // (a + b))", "a * b // (a + b)", ROUNDING),
    ("(size + (n << max(0, bits - r)) + n + n) * lanes.ones", "0", ROUNDING),
    ("high = [-(-max(0, v, w) >> self.cut)", "high = [(max(0, v, w) >> self.cut)", ROUNDING),
    ("low = [-(-max(0, -v, -w) >> self.cut)", "low = [(max(0, -v, -w) >> self.cut)", ROUNDING),
    ("sides = [[lanes.ceil(v, self.f - f) for", "sides = [[lanes.floor(v, self.f - f) for", ROUNDING),
    ("noise += (n << self.cap + 1 >> e[k] + self.q[k] - e[k + 1]) + 6", "pass", "Pieces.test_noise"),
    ("noise = int(noise * (sums", "noise = int(0 * (sums", "Pieces.test_noise"),
    ("noise += (kept >> low - e[k]) + 2", "pass", "Pieces.test_noise"),
    ("(-(-kink >> e - tube.f)).to_bytes", "(kink >> e - tube.f).to_bytes", ROUNDING),
    ("if reduce(or_, [(v + more ^ lanes.half) & high for v in vs], 0):", "if False:", SCALE),
    ("- tube.f > self.cap - self.e[k]:", "- tube.f > 1000000:", "Pieces.test_wide_tubes"),
    ("v = EXP_TABLES[0][y >> 48] *", "v = EXP_TABLES[0][(y >> 48) + 1] *", "Pieces.test_exp"),
    ("(r * r >> 53) + 1)", "0)", "Pieces.test_exp"),
    ("return v + (v * (k + 1) >> 56) + 3", "return v", "Pieces.test_exp"),
    # F on pieces
    ("return log_of_sums(above, e)", "return log_of_sums(z, e)", SINGLE),
    ("tops += top\n", "tops += 0\n", SINGLE),
    ("gaps = [top - d for d in ds] + [top]", "gaps = [top - d for d in ds]", SINGLE),
    ("[-v if y > 0 else w for v, w, y in", "[-w if y > 0 else v for v, w, y in", SINGLE),
    ("far = [max(w - y, y + (r > 0) - v) for", "far = [w - y for", SINGLE),
    ("sum(far) / unit - Fraction(len(far), 2)", "sum(far) / unit - len(far)", SINGLE),
    ("for end, v in enumerate((v0, v1)):", "for end, v in enumerate((v0, v0)):", SINGLE),
    ("return max(means)", "return means[0]", SINGLE),
    ("return max(ends) + self.penalty_excess", "return ends[0] + self.penalty_excess", SINGLE),
    ("return max(ends) + self.penalty_excess(P, Q, shift)", "return max(ends)", SINGLE),
    ("ends = [mean + penalty_at(self.c, side, shift)[1] for", "ends = [mean for", SINGLE),
    ("rise += max(0, (v - w) * (r[1] - q[0]), (v - w) * (r[0] - q[1]))", "pass", WANG),
    (
        "rise += max(0, (v - w) * (r[1] - q[0]), (v - w) * (r[0] - q[1]))",
        "rise += max(0, (w - v) * (r[1] - q[0]), (w - v) * (r[0] - q[1]))",
        WANG,
    ),
    ("rise += Fraction(absolute(block_product(moves))", "rise += 0 * Fraction(absolute(block_product(moves))", SINGLE),
    ("return self.c.kappa * rise / 4", "return self.c.kappa * rise / 8", WANG),
    # F
    ("v = [a + (b << (e[k] - low)) for", "v = [a + b for", VALID),
    ("v = [dot(row, v) + (row[-1] << e[k]) for row", "v = [dot(row, v) for row", VALID),
    ("value = c.kappa / 2 * sum(squares)", "value = c.kappa * sum(squares)", VALID),
    ('for row in layers["W1"]]', 'for row in [r[:-1] for r in layers["W1"]]]', VALID),
    ('if name[0] == "T"]\n    terms', 'if name[0] == "X"]\n    terms', VALID),
    ("rest = Fraction(square(bias), 2 << 2 * shift)", "rest = Fraction(square(bias), 1 << 2 * shift)", LOUD),
    ("return [dot(row, v) + (row[-1] << eh) for row in self.rows]", "return [dot(row, v) for row in self.rows]", VALID),
    ("h = [max(0, dot(row, x) + (row[-1] << c.ex))", "h = [dot(row, x) + (row[-1] << c.ex)", VALID),
    # what is evaluated
    ("zip(fresh, tops):\n        demand", "zip(fresh[1:], tops[1:]):\n        demand", LOUD),
    ("bounded = [0], {0}", "bounded = [0], {0, 1}", LOUD),
    ("bounded.update(groups[-2:] if", "bounded.update(groups if", "Legs.test_states_beside_a_line"),
    ("bounded.add(groups[-1])", "bounded.add(groups[-1] - 1)", LOUD),
    ("if c.limit is not None and F[1] > limit", "if False", VALID),
    ("limit = max(A[0], B[0]) if", "limit = A[0] + B[0] if", ENDS),
    ("limit = max(A[0], B[0]) if", "limit = B[0] if", ENDS),
    ("demand(c, p, k, bound, limit, where", "demand(c, p, k, 0, limit, where", "Legs.test_low_bound"),
    (
        "for first, last in zip(cuts, cuts[1:])",
        "for first, last in zip(cuts[:-1], cuts[1:-1])",
        "Legs.test_low_bound",
    ),
    # preconditions
    ('(before in ("unbalance", "grow"), "leg', '(False, "leg', "Legs.test_order"),
    ('(kind in ("balance", "fade") and before,', "(False,", "Legs.test_order"),
    ("(kind in SCALES and (", "(False and (", "Legs.test_order"),
    ("(kind in BLOCKS and (", "(False and (", "Legs.test_order"),
    ('(kind == "unbalance" and not p.balanced,', "(False,", "Legs.test_order"),
    ('(kind in RELAY and c.penalty == "decay" and', "(False and", "Legs.test_order"),
    ('(kind in ("rewire", "transfer") and c.model', "(False and c.model", "Legs.test_order"),
    ('(kind in RELAY + ("grow",) and "skip"', '(False and "skip"', "Legs.test_order"),
    ("(kind in FULL and p.balanced,", "(False,", "Legs.test_order"),
    ("(kind in FULL and p.off,", "(False,", "Legs.test_order"),
    ("    if p.balanced:\n        raise", "    if False:\n        raise", "Legs.test_order"),
    ("    if difference:\n        raise Reject", "    if False:\n        raise Reject", MUTANTS),
    ('if difference:\n        rd.fail("leg unb', 'if False:\n        rd.fail("leg unb', "Legs.test_order"),
    ("if state.bias != other.bias", "if False", "Legs.test_order"),
    ('if on and not is_zero(on["V1"])', "if False", "Legs.test_fade_alone"),
    ("if state.block is not None and state.block != other.block", "if False", "Legs.test_order"),
    ("if int(token) in seen", "if False", MUTANTS),
    ("or int(token) > p.c.width:", "or int(token) > p.c.width + 1:", MUTANTS),
    ("most = p.c.m[end] or p.c.n", "most = p.c.width", "Legs.test_wider"),
    ("if biased and not p.c.has_bias", "if False", "Legs.test_bias_of_none"),
    ("bias, biased = getattr(p.c, got[0]).bias, True", "biased = True", MUTANTS),
    ("if any(p.state.columns[s]):", "if False:", MUTANTS),
    ('word != "row" or rest != ["0"] and (len', 'word != "row" or rest[0] != "0" and (len', "Legs.test_order"),
    ("if rows[a] != rows[b]:", "if False:", "Legs.test_order"),
    ("if any(columns[b]):", "if False:", "Legs.test_order"),
    ("if p.state.rows != p.c.B.rows:", "if False:", "Legs.test_order"),
    ("full_rank(rd, p, p.state.columns, columns)\n    p.state, p.off", "p.state, p.off", "Legs.test_rank"),
    ("full_rank(rd, p, p.c.B.columns, p.state.columns)\n", "pass\n", "Legs.test_rank"),
    ("full_rank(rd, p, p.c.B.columns, p.state.columns)\n", "full_rank(rd, p, p.state.columns, p.c.B.columns)\n", GAUGE),
    ("for W in (W0, W1))\n    if dy", "for W in (W1, W1))\n    if dy", GAUGE),
    ("    if null:\n        name, moved", "    if False:\n        name, moved", GAUGE),
    ("null[j] = [int(a * common)", "null[j] = [int(a)", GAUGE + "_by_hand"),
    ("[Fraction(i == j) for i in range(len(W))]", "[Fraction(i <= j) for i in range(len(W))]", GAUGE + "_by_hand"),
    ("if not cuts[-1] < cut < 1", "if not cuts[-1] <= cut <= 1", "Legs.test_order"),
    ("if not cuts[-1] < cut < 1", "if not 0 < cut < 1", "Legs.test_order"),
    ("if cut.denominator > 1 << 53", "if False", "Legs.test_order"),
    ("if not c.least <= c.width <= most", "if c.width != c.least", "Legs.test_wider"),
    ("if not c.least <= c.width <= most", "if not c.least <= c.width", "Legs.test_wider"),
    ("c.least + size // 8 * slots", "c.least + size // 8", "Legs.test_wider"),
    ("c.target = {name: either[name] for", "c.target = {name: nets['B'].padded(c.width)[name] for", EITHER),
    ("for name in names_of(c.model) if name in either}", "for name in either}", EITHER),
    ("if self.strict and not SPELT", "if False and not SPELT", "Malformed.test_bad_numbers"),
    ("0%sp-1022|", "0%sp-102[2-9]|", "Malformed.test_bad_numbers"),
    # points with all their numbers
    ("if name != p.c.last and before[name] != after[name]:", "if False:", "Points.test_readout"),
    ("used = [a or b for a, b in zip(used, passed)]", "pass", "Points.test_idle"),
    ("used = [a or b for a, b in zip(used, passed)]", "used = passed", "Points.test_idle"),
    ("            passed = used", "            passed = [False] * len(used)", "Points.test_idle"),
    ("if a and v != w:", "if v != w:", "Points.test_idle"),
    ("if a and v != w:", "if a and v[:-1] != w[:-1]:", "Points.test_idle"),
    (
        "used = [any(v[i] or w[i] for v, w in pairs)",
        "used = [bool(pairs) for i, _ in [(i, 0)] if True]; [0",
        "Points.test_idle",
    ),
    ('or leg.kind == "idle" and c.penalty == "none"', 'or leg.kind == "idle"', "Points.test_idle_counts_with_decay"),
    ('(kind == "idle" and c.penalty == "wang",', "(False,", "Points.test_idle"),
    ("if not 2 <= degree <= 4:", "if not 1 <= degree <= 5:", "Points.test_curve_form"),
    ("or count & (count - 1):", "or count < 0:", "Points.test_curve_form"),
    ("if bad is not None:\n                raise", "if False:\n                raise", "Points.test_curve_form"),
    ("row.append(struct.unpack", "row.append(total or struct.unpack", "Points.test_joints"),
    (
        "            for numbers in zip(*rows):\n                total = weights[0] * numbers[0]",
        "            for numbers in zip(*rows):\n                "
        "total = float(sum(Fraction(w) * Fraction(v) for w, v in zip(weights, numbers))); numbers = numbers[:1]",
        "Points.test_joints",
    ),
    ("if not abs(total) < SINGLE:", "if False:", "Points.test_joints"),
    (
        "range(1, count)] + [p.state]",
        "range(1, count)] + [joint(rd, p.c, points, count, count)]",
        "Points.test_ends_of_curves",
    ),
    (
        "if rd.ahead() == name:\n            read_tensor",
        "if rd.ahead() in p.c.target:\n            read_tensor",
        "Points.test_partial_points",
    ),
    ("if p.pieces % p.parts != p.part % p.parts:", "if p.pieces % p.parts != p.part - 1:", "Points.test_parts"),
    ("if p.pieces % p.parts != p.part % p.parts:", "if p.pieces % p.parts >= p.part:", "Points.test_parts"),
    (
        "        if depth >= HALVINGS:\n            return bound, 0",
        "        if depth >= HALVINGS:\n            continue",
        "Legs.test_low_bound",
    ),
    (
        "todo += [(at + size, size, depth + 1), (at, size, depth + 1)]",
        "todo += [(at, size, depth + 1)]",
        "Legs.test_by_halves",
    ),
    ("if bound is not None and limit < bound <= limit * CLOSELY:", "if False:", "Points.test_closely"),
    ("(kind in RELAY and c.model not in RELAYED,", "(False,", "Points.test_where_they_stand"),
    # the file and the user's files
    ("if size != said or digest != claimed", "if size != said", "Legs.test_other_files"),
    ("if wanted not in (None, found)", "if False", "Legs.test_options_and_header"),
    (
        'if c.kappa < 0:\n        rd.wrong("kappa >= 0")\n    if c.penalty',
        "if c.penalty",
        "Malformed.test_line_is_named",
    ),
    ("if len(rd.lines) > rd.at:", "if False:", "Malformed.test_truncated"),
    ("    if claimed != found:", "    if False:", "Malformed.test_truncated"),
    ('if nets["A"].block != nets["B"].block', "if False", "Legs.test_order"),
    ("if fortran and len(shape) == 2", "if False", "Files.test_npz_variants"),
    ('descr[0].replace("|", "<"), where', '"<", where', "Files.test_npz_variants"),
    ("*(v << 16 for v in", "*(v << 15 for v in", "Files.test_safetensors_variants"),
    ("if not isfinite(v) or float(v) != v:", "if False:", "Files.test_malformed_files"),
    ("if not isfinite(v) or float(v) != v:", "if not isfinite(v):", "Files.test_malformed_files"),
    ("if start + at != len(data):", "if False:", "Files.test_malformed_files"),
    (", object_pairs_hook=once", "", "Files.test_malformed_files"),
    ("        if unused:", "        if False:", "Files.test_square_is_refused"),
    ('if fits == ["in,out"]:', "if False:", "Files.test_layouts_and_maps"),
    ("if len(fits) != 1:", "if not fits:", "Files.test_square_is_refused"),
    ("if users.scale is not None:", "if False:", "Files.test_input_scale"),
    ("head = lines[0] if has_header(lines) else None", "head = None", "Files.test_csv"),
    ("enumerate(sorted(set(y)))", "enumerate(sorted(set(y), reverse=True))", "Files.test_csv"),
    ('rest = -1.0 if loss == "logistic" else 0.0', "rest = 0.0", "Files.test_labels"),
    ('if loss == "cross-entropy" and sorted(row)', "if False and sorted(row)", "Files.test_labels"),
    ('if loss == "logistic" and any(v not in', "if False and any(v not in", "Files.test_labels"),
]


def breaks(*only):
    """Every edit (or those with these numbers) must make its test fail."""
    with open(certificate.__file__) as f:
        source = f.read()
    missed = 0
    for k, (old, new, test) in enumerate(BREAKS):
        if only and k not in only:
            continue
        assert source.count(old) == 1, (source.count(old), old)
        with tempfile.TemporaryDirectory() as where:
            with open(os.path.join(where, "certificate.py"), "w") as f:
                f.write(source.replace(old, new))
            command = [sys.executable, os.path.abspath(__file__), "-f", test]
            done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, CERTIFICATE=where))
        noticed = done.returncode != 0
        missed += not noticed
        print("%2d %s  %r  ->  %r  (%s)" % (k, "noticed" if noticed else "MISSED ", old, new, test), flush=True)
    print("%d breaks, %d missed" % (len(only or BREAKS), missed))
    return missed


# ------------------------------------------------------------------ timing
class Large(Problem):
    """As large as users' problems: float32 weights, inputs 0 .. 16; F is not worked out."""

    def number(self):
        return Q(struct.unpack("f", struct.pack("f", self.rng.gauss(0, 0.1)))[0])

    def F(self, t, balanced=False):
        return Q(10**6)

    def pieces(self, a, b, cuts):
        return [Q(10**6)]


def bench():
    """CPU seconds for N = 1797, n = 64, dy = 10: relays with 10 refits between, lines of 20 pieces."""
    for model, loss, penalty, m, kind in (
        ("two-layer", "cross-entropy", "none", 64, "relay"),
        ("two-layer", "cross-entropy", "none", 256, "relay"),
        ("two-layer", "cross-entropy", "none", 1024, "relay"),
        ("two-layer", "squared", "none", 256, "relay"),
        ("two-layer", "cross-entropy", "decay", 256, "relay"),
        ("two-layer", "cross-entropy", "wang", 256, "relay"),
        ("skip", "cross-entropy", "none", 256, "relay"),
        ("two-layer", "cross-entropy", "none", 32, "line"),
        ("two-layer", "cross-entropy", "wang", 64, "line"),
        ("skip", "cross-entropy", "none", 32, "line"),
    ):
        p = Large(random.Random(1), model, loss, penalty, m, m, n=64, dy=10, N=1797, block=(16, 16))
        p.x = [[Q(p.rng.randrange(17)) for _ in x] for x in p.x]
        b, all_slots = Builder(p), range(m)
        if kind == "line":
            b.line(None, [Q(k, 32) for k in range(1, 20)])
        else:
            if penalty == "decay":
                b.balanced = True
                b.leg("balance", [])
            if model == "skip":
                b.outputs("fade", near(p, "A"))
                b.off = True
            for _ in range(10):
                b.outputs("interpolate", {s: [p.number() for _ in range(p.dy)] for s in all_slots})
            b.outputs("interpolate", {s: None for s in all_slots})
            b.rewire({s: ("B", s) for s in all_slots})
            b.outputs("interpolate", {s: ("B", s) for s in all_slots}, "B")
            if penalty == "decay":
                b.leg("unbalance", [])
            if model == "skip":
                b.leg("grow", [], p.padded["B"])
        with tempfile.TemporaryDirectory() as where:
            given, data = p.write(where), sealed(b.finish("0x1p+20"))
            start = time.process_time()
            reason = verdict(data, given)
        spent = time.process_time() - start
        print(
            "%s, %s, %s, m = %d, %s: %d bytes, %.1f s %s"
            % (model, loss, penalty, m, kind, len(data), spent, reason or "")
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["bench"]:
        bench()
    elif sys.argv[1:2] == ["breaks"]:
        sys.exit(breaks(*map(int, sys.argv[2:])) > 0)
    else:
        unittest.main()
