#!/usr/bin/env python3
"""Checker of path certificates:   python3 certificate.py [-v] FILE...

A certificate claims that a training objective F stays <= B along a path of network
parameters.  This program proves the claim or rejects the file.  It trusts nothing in the
file, uses exact arithmetic only (integers and rationals; square roots, exp and log are
enclosed between rationals) and nothing but the standard library of Python 3.9 or later.

Exit status: 0 every file accepted, 1 some file rejected, 2 bad usage, 4 some file unreadable.
One line a file; a rejection says what was wrong and where.  -v: also one line a leg.
Points are numbered from 1; leg k goes from point k to point k + 1.

THE FILE is ASCII text; every line ends with a newline, fields are separated by one space.
NUMBER is a C hexadecimal floating-point number (-0x1.8p+3, 0x0p+0), a finite IEEE double,
meant exactly; INTEGER is decimal.

    skipverify certificate 1
    claim WORD                     what the path is a certificate of, a label
    case WORD                      a label
    seed INTEGER                   a label
    loss NAME                      squared, logistic, cross-entropy or huber
    kappa NUMBER                   >= 0; 0 if the width is 0
    data N n dy                    integers: samples, inputs, outputs
    sample NUMBER ...              N lines: x (n numbers), then y (dy numbers)
    width m                        0: no hidden layer (h = x, n units, V2 is the identity)
    block p w_0 ... w_p            theta_i is w_i by w_(i-1), p >= 0; or: block none
    point                          then the matrices, then  risk LO HI  (F here is in [LO, HI])
    leg TYPE                       then the next point; and so on
    null END k                     only between "leg lift" and its point, may be left out: END is
                                   first or last, k from 1 to dy; then k lines (the null end):
    row j q_1 ... q_dy             an INTEGER j from 1 to dy, larger than in the line before, and
                                   dy NUMBERs; q_j is not 0, q_i is 0 where i is another line's j
    bound B                        F <= B on the whole path
    sha256 HEX                     of all bytes before this line; the last line

The matrices of a point come in the order W1 (m by n), W2 (dy by units), V1 (units by w_p),
V2 (w_0 by m), theta 1 .. theta p; those that do not exist (no hidden layer: W1, V2; no
block: V1, V2, theta) are left out.  Each is a line "W1 ROWS COLS" ("theta 2 ROWS COLS") and
ROWS lines of COLS numbers, or the one line "W1 same" ("theta 2 same"): as at the point
before.  "V1 gauged ROWS COLS" lists V and means V1 = W2^+ W2 V exactly (Moore-Penrose), but
at the null end of a lift any V1 with W2 V1 = W2 V.  "V1 same" repeats the listed matrix and
the word gauged.

THE OBJECTIVE.  h = relu(W1 x) or x;  u_0 = V2 h or h;  u_i = relu(theta_i u_(i-1));
f = W2 (h + V1 u_p), without block f = W2 h.   F = (1/N) sum loss(f(x), y) + kappa R,
R = sum over units (|w2|_1 + |v2|_1) |w1|_2 + |W2 V1|_1 + sum |theta_i|_F
(w2, v2 columns, w1 rows; |.|_1 sums absolute entries).   Losses: squared |z - y|^2;
logistic sum_k log(1 + exp(-y_k z_k)), y_k = +-1;  cross-entropy log sum_k exp z_k - z_c,
y one-hot at c;  huber sum_k H(z_k - y_k), H(r) = r^2/2 if |r| <= 1, |r| - 1/2 beyond.
All four are convex in z.

THE LEGS, each with why F is bounded.  What is not said to move is exactly the same at both
ends; a gauged V1 counts as the matrix meant.  "ends": F <= the larger F of the two ends.
  rescale      unit i: W1 row, V1 row times c_i > 0; W2 column, V2 column over c_i.  Nothing
               that enters F changes.  With no hidden layer h cannot scale: all c_i are 1.
  gauge        V1 moves linearly, W2 fixed: f is affine, R convex: ends.  Both ends explicit,
               or the same listed matrix at both ends (then W2 V1, and F, do not move).
  merge, linear    at most one of W2, V1, V2 moves, linearly.  W2 or V1: f affine, R convex:
               ends.  V2: f is piecewise affine in t; between neighbouring kinks of all
               samples F is convex: the largest F at the ends and kinks (exact rationals).
  interpolate  the same, W2 only.
  rows         only W1 moves, linearly, any of its rows anywhere: relu(W1 x), and with it f, is
               piecewise affine in t, R is convex: the largest F at the ends and kinks of f, as
               for V2.  (A row that goes to 0 has no kink on the way.)
  rewire       unit i is unmoved, or its W2 and V2 columns are 0 at both ends and its W1 and
               V1 rows move, or its W1 and V1 rows are 0 at both ends and its W2 and V2
               columns move: it adds nothing to f nor R: F is constant.  (No hidden layer:
               only V1 rows may move, where the W2 column is 0.)
  shrink       c goes from 1 to 0 (or back: then read first for last).  V1, V2, theta are c
               times their first value (0 at the last end); units whose V1 row is 0 have W2 column c^q first + (1 - c^q) last, the
               others keep theirs; q = p + 2 (p + 1 without hidden layer) is the number of
               factors that shrink.  So f = c^q f(first) + (1 - c^q) f(last) and, with b =
               F(last), P = V2 term of R + |W2 V1|_1 + sum |theta|_F at the first end, a =
               F(first) - kappa P:  F <= b + (a - b) c^q + kappa P c.  Its largest value is
               F(first) if a >= b; else it is concave in c and maximised within 2^-220.
  theta        W2 V1 = 0; V2 and theta move linearly: f fixed, R convex: ends.
  lift         kappa = 0, both ends gauged (or V1 = 0).  W2 and M = W2 V1 move linearly, V1 =
               W2^+ M.  det(W2 W2^T), a polynomial in t, has no zero in [0, 1] (Sturm), so
               V1 is continuous and W2 V1 = M: f is affine: ends.
  lift with a null end     as lift, but at the null end, p, Q W2(p) = 0 for the rows q of Q, and
               V1 is gauged; o is the other end, s in [0, 1] the way from p to o.  N consists
               of the rows i of W2 for all i not among the j, and of Q W2(o), which does not
               move; det(N N^T) has no zero in [0, 1].  V1 = N^+ [rows i of M; Q M(o)] is
               continuous.  The rows e_i of the identity and those of Q are a basis; e_i W2 V1 =
               e_i M; Q W2 V1 = s Q W2(o) V1 = s Q M(o) = Q M, since Q M(p) = Q W2(p) V1(p) = 0.
               So W2 V1 = M and f is affine: ends.  At o, N has the row space of W2, so that V1
               is W2^+ M.  At p, V1 is some solution of W2 V1 = M, not the gauged one in
               general.  These solutions are an affine set, and F is the same on it, so that the
               leg on the other side of p may start or end anywhere in it; that leg must be a
               gauge leg (its proof holds from and to the whole set) or a lift, and p neither
               the first nor the last point of the path.
gauge, shrink, theta and lift need a block, rows needs a hidden layer.

LIMITS (beyond them a file is rejected): 16 MB, 64 layers, integers below 10^6, products of
sizes and of exponent ranges that would exhaust memory, and 200000 affine pieces along a leg,
times coordinates: in one layer of one sample, and in the outputs of all samples.

ACCEPTED means: the syntax and the hash are right, F of every point is certainly within its
[LO, HI], every leg obeys its rule, and the bounds of all legs are certainly <= B.
"""
import hashlib
import re
import sys
from fractions import Fraction
from math import gcd, isqrt
from operator import mul

BITS = 200                     # relative accuracy of enclosures, 2^-BITS
ROUGH = 40                     # the same, in the first look at the kinks of a leg
MAX_LAYERS = 64
MAX_BYTES = 1 << 24            # larger files are rejected; so are sizes ...
MAX_WORK = 1 << 31             # ... and spreads of exponents that would exhaust memory
MAX_PIECES = 200000            # linear pieces along a leg, times coordinates
LOSSES = ("squared", "logistic", "cross-entropy", "huber")
NUMBER = re.compile(r"(-?)0x([0-9a-f]{1,16})(?:\.([0-9a-f]{1,16}))?p([+-]?[0-9]{1,4})")

class Reject(Exception):
    pass

# ---------------------------------------------------------------- reading
class Reader:
    def __init__(self, text):
        self.lines, self.at, self.known = text[:-1].split("\n"), 0, {}

    def fail(self, message):
        raise Reject("line %d: %s" % (self.at, message))

    def wrong(self, expected):
        line = self.lines[self.at - 1]
        self.fail("expected %s, found '%s'" % (expected, line if len(line) < 60 else line[:56] + "..."))

    def ahead(self):
        return self.lines[self.at].split(" ")[0] if self.at < len(self.lines) else ""

    def next(self, expected):
        self.at += 1
        if self.at > len(self.lines):
            self.fail("the file ends, expected " + expected)
        return self.lines[self.at - 1].split(" ")

    def take(self, form):
        """The fields after the keyword of a line of this form ("..." is any number of them)."""
        got = self.next("'%s'" % form)
        if got[0] != form.split(" ")[0] or "" in got or (len(got) != len(form.split(" ")) and "..." not in form):
            self.wrong("'%s'" % form)
        return got[1:]

    def integer(self, token, least):
        if not re.fullmatch("0|[1-9][0-9]{0,5}", token) or int(token) < least:
            self.fail("'%s' is not an integer from %d to 999999" % (token[:40], least))
        return int(token)

    def number(self, token):
        """(v, e), the number v 2^e with v odd or 0."""
        if token not in self.known:
            match = NUMBER.fullmatch(token)
            if not match:
                self.fail("'%s' is not a hexadecimal number such as -0x1.8p+3" % token[:40])
            sign, whole, part, exponent = match.groups("")
            v, e = int(whole + part, 16), int(exponent) - 4 * len(part)
            zeros = (v & -v).bit_length() - 1
            v, e = (v >> zeros, e + zeros) if v else (0, 0)
            if v.bit_length() > 53 or e < -1074 or v.bit_length() + e > 1024:
                self.fail("'%s' is not a finite IEEE double" % token)
            self.known[token] = (-v if sign else v, e)
        return self.known[token]

    def fraction(self, token):
        v, e = self.number(token)
        return Fraction(v << max(e, 0), 1 << max(-e, 0))

    def row(self, got, count):
        if len(got) != count:
            self.wrong("%d numbers" % count)
        return tuple(self.number(token) for token in got)

class Point:
    """raw: (gauged, rows) as read; mat: the listed matrices as integers over 2^shift[name]."""
    v1 = None                                        # the V1 meant, once it was needed

class Certificate:
    """What the file says."""

def read_header(rd):
    c = Certificate()
    if rd.take("skipverify certificate 1") != ["certificate", "1"]:
        rd.wrong("'skipverify certificate 1'")
    c.claim, = rd.take("claim WORD")
    c.case, = rd.take("case WORD")
    if not re.fullmatch("-?[0-9]{1,20}", rd.take("seed INTEGER")[0]):
        rd.wrong("'seed INTEGER'")
    c.loss, = rd.take("loss NAME")
    if c.loss not in LOSSES:
        rd.wrong("one of the losses " + ", ".join(LOSSES))
    c.kappa = rd.fraction(rd.take("kappa NUMBER")[0])
    if c.kappa < 0:
        rd.wrong("kappa >= 0")
    c.N, n, c.dy = (rd.integer(token, 1) for token in rd.take("data N n dy"))
    samples = [read_sample(rd, c, n) for _ in range(c.N)]
    c.x, c.y = [row[:n] for row in samples], [row[n:] for row in samples]
    c.width = rd.integer(rd.take("width m")[0], 0)
    if c.width == 0 and c.kappa != 0:
        rd.fail("width 0 needs kappa 0")
    c.units = c.width or n
    c.shape = {"W1": (c.width, n)} if c.width else {}
    c.shape["W2"] = (c.dy, c.units)
    read_block(rd, c, n)
    return c

def read_sample(rd, c, n):
    row, one = rd.row(rd.take("sample NUMBER ..."), n + c.dy), (1, 0)
    if c.loss == "logistic" and any(v not in (one, (-1, 0)) for v in row[n:]):
        rd.fail("logistic targets must be 1 or -1")
    if c.loss == "cross-entropy" and sorted(row[n:]) != [(0, 0)] * (c.dy - 1) + [one]:
        rd.fail("a cross-entropy target must be one 1 and otherwise 0")
    return row

def read_block(rd, c, n):
    got = rd.take("block p w_0 ... w_p (or none)")
    c.block, c.layers = got != ["none"], []
    if not c.block:
        return
    if not got or len(got) != rd.integer(got[0], 0) + 2:
        rd.wrong("'block none' or 'block p w_0 ... w_p' with p + 1 sizes")
    if len(got) > MAX_LAYERS + 2:
        rd.fail("more than %d layers" % MAX_LAYERS)
    w = [rd.integer(token, 1) for token in got[1:]]
    if c.width == 0 and w[0] != n:
        rd.fail("with width 0 the block's input size must be n = %d, not %d" % (n, w[0]))
    c.shape["V1"] = (c.units, w[-1])
    if c.width:
        c.shape["V2"] = (w[0], c.width)
    c.layers = ["theta %d" % i for i in range(1, len(w))]
    c.shape.update(zip(c.layers, zip(w[1:], w)))

def read_matrix(rd, name, shape, before):
    """(is it gauged, rows)"""
    form, key = "'%s %d %d' or '%s same'" % ((name,) + shape + (name,)), name.split(" ")
    got = rd.next(form)
    rest = got[len(key):]
    if before and got == key + ["same"]:
        return before
    gauged = name == "V1" and rest[:1] == ["gauged"]
    if got[:len(key)] != key or rest[gauged:] != [str(size) for size in shape]:
        rd.wrong(form if before else form.split(" or")[0])
    return gauged, tuple(rd.row(rd.next("a row of " + name), shape[1]) for _ in range(shape[0]))

def read_point(rd, c, before):
    p, old = Point(), before.raw if before else {}
    rd.take("point")
    p.raw = {name: read_matrix(rd, name, shape, old.get(name)) for name, shape in c.shape.items()}
    p.gauged = c.block and p.raw["V1"][0]
    p.words = rd.take("risk LO HI")
    p.lo, p.hi = (rd.fraction(token) for token in p.words)
    return p

def read_null(rd, c):
    """The null end of a lift: (is it the first, the outputs j from 0, the rows q)."""
    end, count = rd.take("null first|last k")
    if end not in ("first", "last"):
        rd.wrong("'null first k' or 'null last k'")
    k, outputs, rows = rd.integer(count, 1), [], []
    if k > c.dy:
        rd.fail("%d null vectors, only %d outputs" % (k, c.dy))
    for _ in range(k):
        got = rd.take("row j q_1 ... q_dy")
        if not got or rd.integer(got[0], 1) > c.dy:
            rd.wrong("'row j q_1 ... q_dy', j from 1 to %d" % c.dy)
        outputs.append(int(got[0]) - 1)
        if outputs[-2:] != sorted(set(outputs[-2:])):
            rd.fail("output %s does not come after output %d" % (got[0], outputs[-2] + 1))
        rows.append(rd.row(got[1:], c.dy))
    for i, row in zip(outputs, rows):
        for j in outputs:
            if (row[j] == (0, 0)) == (i == j):
                raise Reject("line %d: the null vector of output %d is %s at output %d"
                             % (rd.at - k + 1 + outputs.index(i), i + 1, "0" if i == j else "not 0", j + 1))
    return end == "first", outputs, rows

def parse(data):
    """Bytes to a Certificate; everything but the mathematics is checked."""
    bad = re.search(rb"[^\n -~]", data)
    if bad:
        raise Reject("line %d: byte 0x%02x, expected printable ASCII"
                     % (data.count(b"\n", 0, bad.start()) + 1, data[bad.start()]))
    if not data.endswith(b"\n"):
        raise Reject("line %d: no newline at the end of the file (truncated?)" % (data.count(b"\n") + 1))
    rd = Reader(data.decode("ascii"))
    c = read_header(rd)
    c.points, c.legs, c.nulls = [read_point(rd, c, None)], [], {}
    while rd.ahead() == "leg":
        c.legs += rd.take("leg TYPE")
        if c.legs[-1] not in RULES:
            rd.wrong("a leg type: " + ", ".join(RULES))
        if c.legs[-1] == "lift" and rd.ahead() == "null":
            c.nulls[len(c.legs)] = read_null(rd, c)
        c.points.append(read_point(rd, c, c.points[-1]))
    if rd.next("'leg TYPE' or 'bound B'")[0] != "bound":
        rd.wrong("'leg TYPE' or 'bound B'")
    rd.at -= 1
    c.word, = rd.take("bound B")
    c.bound = rd.fraction(c.word)
    claimed, = rd.take("sha256 HEX")
    if len(rd.lines) > rd.at:
        raise Reject("line %d: text after the sha256 line" % (rd.at + 1))
    found = hashlib.sha256(data[:data.rindex(b"sha256 ")]).hexdigest()
    if claimed != found:
        rd.fail("the sha256 of the bytes above is %s, the file says %s" % (found, claimed[:64]))
    to_integers(c)
    return c

def to_integers(c):
    """Bring each kind of matrix to integers over one power of two."""
    kinds = {name: {id(p.raw[name]): p.raw[name][1] for p in c.points}.values() for name in c.shape}
    kinds.update(x=[c.x], y=[c.y])
    if c.nulls:
        kinds["null"] = [rows for _, _, rows in c.nulls.values()]
    c.shift, done, bits = {}, {}, 0
    for name, matrices in kinds.items():
        numbers = {number for matrix in matrices for row in matrix for number in row}
        shift = c.shift[name] = max(0, max(-e for _, e in numbers))
        scaled = {(v, e): v << (e + shift) for v, e in numbers}
        bits += max(v.bit_length() for v in scaled.values()) + shift
        for matrix in matrices:
            done[id(matrix)] = tuple(tuple(scaled[number] for number in row) for row in matrix)
    sizes = [size for shape in c.shape.values() for size in shape]
    if max(sizes) * max(sizes + [c.N]) * c.dy * (bits + 500) > MAX_WORK:   # bits of memory
        raise Reject("too large: the sizes and the spread of the numbers exceed the limit of this program")
    for p in c.points:
        p.mat = {name: done[id(p.raw[name][1])] for name in c.shape}
    c.x, c.y = done[id(c.x)], done[id(c.y)]
    c.nulls = {k: (first, outputs, done[id(rows)]) for k, (first, outputs, rows) in c.nulls.items()}

# ---------------------------------------------------------------- integers, enclosures
def dot(a, b):
    return sum(map(mul, a, b))

def product(a, b):
    columns = list(zip(*b))
    return [[dot(row, column) for column in columns] for row in a]

def images(matrix, vectors):
    return [[dot(row, v) for row in matrix] for v in vectors]

def is_zero(matrix):
    return not any(map(any, matrix))

def absolute(matrix):
    return sum(abs(v) for row in matrix for v in row)

def columns_1(matrix):
    return [sum(map(abs, column)) for column in zip(*matrix)]

def add(*terms):
    return sum(t[0] for t in terms), sum(t[1] for t in terms)

def times(factor, term):
    """factor >= 0"""
    return factor * term[0], factor * term[1]

def larger(*terms):
    return max(t[0] for t in terms), max(t[1] for t in terms)

def root(n, bits=BITS):
    """Integers around sqrt(n) 2^G, G = bits + 40; equal if n is a square."""
    lo = isqrt(n << 2 * (bits + 40))
    return lo, lo + (lo * lo != n << 2 * (bits + 40))

LN2 = {}

def ln2(w):
    """L with L <= 2^w ln 2 <= L + 1;  ln 2 = 2 (1/3 + 1/3^3/3 + 1/3^5/5 + ...)."""
    if w not in LN2:
        total, power, k = 0, (2 << (w + 64)) // 3, 1
        while power:
            total, power, k = total + power // k, power // 9, k + 2
        # each of the (k - 1)/2 terms was cut by less than 3; the rest of the series is below 3
        lo, hi = total >> 64, (total + 2 * k + 8) >> 64
        assert lo == hi
        LN2[w] = lo
    return LN2[w]

def exp_minus(x, D, bits):
    """(lo, hi, W): lo <= 2^W exp(-x/D) <= hi, for integers x >= 0, D > 0."""
    if x > 1400 * D:
        return 0, 1, 2000                            # exp(-1400) < 2^-2000
    w = bits + 24
    X, L = (x << w) // D, ln2(w)
    k, R = divmod(X, L)                              # x/D - k ln 2 is in [R - k, R + 1] / 2^w
    total, term, n = 0, 1 << w, 0
    while term:                                      # every term is low by at most 2
        total += -term if n & 1 else term
        n += 1
        term = term * R // (n << w)
    error = 2 * n + 4 + 2 * (k + 1)                  # terms, the rest (< 4), the change of R
    return total - error, total + error, w + k

def log_1_plus(S, W):
    """(lo, hi) around 2^W log(1 + S/2^W), S >= 0."""
    k = ((1 << W) + S).bit_length() - 1 - W          # (1 + S/2^W) / 2^k = 1 + s is in [1, 2)
    s = (1 << W) + S - (1 << (W + k))
    U = (s << W) // ((1 << (W + k + 1)) + s)         # u = s/(2 + s) < 1/3; log = 2 atanh(u)
    square, total, power, n = U * U >> W, 0, U, 0
    while power:                                     # every term is low by at most 3
        total += power // (2 * n + 1)
        power, n = power * square >> W, n + 1
    error = 2 * (3 * n + 3) + 3                      # terms, the rest; u cut: factor 2/(1 - u^2)
    lead = k and k * ln2(W)
    return lead + 2 * total, lead + k + 2 * total + error

def log_sum(ds, D, bits):
    """(lo, hi, W) around 2^W log(1 + sum exp(d/D)), d in ds."""
    exponents = sorted([0] + ds)
    top = exponents.pop()
    terms = [exp_minus(top - d, D, bits) for d in exponents]
    W = min([t[2] for t in terms], default=0)
    lo = sum(t[0] >> (t[2] - W) for t in terms)
    hi = sum(-(-t[1] >> (t[2] - W)) for t in terms)
    low, high = log_1_plus(lo, W) if lo else (0, 0)
    base = top << W
    return base // D + low, -(-base // D) + high + hi - lo, W

def loss_sum(kind, Z, Y, D, bits):
    """Enclosure of the summed loss; outputs Z and targets Y are integers over D."""
    if kind == "squared":
        value = Fraction(sum((z - y) ** 2 for zs, ys in zip(Z, Y) for z, y in zip(zs, ys)), D * D)
        return value, value
    if kind == "huber":
        rs = [abs(z - y) for zs, ys in zip(Z, Y) for z, y in zip(zs, ys)]
        value = Fraction(sum(r * r if r <= D else (2 * r - D) * D for r in rs), 2 * D * D)
        return value, value
    terms = []
    for zs, ys in zip(Z, Y):
        if kind == "logistic":
            terms += [log_sum([-z if y > 0 else z], D, bits) for z, y in zip(zs, ys)]
        elif kind == "cross-entropy":
            c = ys.index(max(ys))
            terms.append(log_sum([z - zs[c] for k, z in enumerate(zs) if k != c], D, bits))
        else:
            raise ValueError("no rule for the loss " + kind)
    W = max(t[2] for t in terms)
    return tuple(Fraction(sum(t[i] << (W - t[2]) for t in terms), 1 << W) for i in (0, 1))

# ---------------------------------------------------------------- the objective at a point
def hidden(c, p):
    """h for all samples, its exponent, and the lengths of W1's rows (low, high)."""
    if not c.width:
        return c.x, c.shift["x"], None
    W1 = p.mat["W1"]
    return relu(images(W1, c.x)), c.shift["x"] + c.shift["W1"], list(zip(*(root(dot(r, r)) for r in W1)))

def relu(rows):
    return [[max(v, 0) for v in row] for row in rows]

def weighted(c, lengths, sums, scale, bits=BITS):
    """Enclosure of sum_i sums_i / scale * |W1 row i|; the lengths' ends are roots of integers."""
    scale = scale << (c.shift["W1"] + bits + 40)
    return tuple(Fraction(dot(sums, side), scale) for side in lengths)

def frobenius(c, p, name):
    lo, hi = root(sum(dot(row, row) for row in p.mat[name]))
    scale = 1 << (c.shift[name] + BITS + 40)
    return Fraction(lo, scale), Fraction(hi, scale)

def combine(e, direct, ed, residual, er):
    """direct / 2^ed + residual / 2^er over 2^e."""
    return [[(a << (e - ed)) + (b << (e - er)) for a, b in zip(*rows)] for rows in zip(direct, residual)]

def targets(c, e):
    return [[y << (e - c.shift["y"]) for y in row] for row in c.y]

def evaluate(c, p, before):
    """Sets p.M = W2 V1, the terms of R, and p.F = p.base + kappa p.P, all enclosures."""
    known = before and c.width and before.mat["W1"] is p.mat["W1"]
    h, e, _ = p.hidden = before.hidden if known else hidden(c, p)
    W2, e2 = p.mat["W2"], c.shift["W2"]
    direct, residual, er, p.M, p.rest = images(W2, h), [[0] * c.dy] * c.N, 0, None, (0, 0)
    if c.block:
        u, er = (images(p.mat["V2"], h), e + c.shift["V2"]) if c.width else (h, e)
        for name in c.layers:
            u, er = relu(images(p.mat[name], u)), er + c.shift[name]
        p.M = product(W2, p.mat["V1"])               # = W2 V1 also if V1 = W2^+ W2 V
        residual, er = images(p.M, u), er + e2 + c.shift["V1"]
    ez = max(e2 + e, er, c.shift["y"])
    Z = combine(ez, direct, e2 + e, residual, er)
    p.base = times(Fraction(1, c.N), loss_sum(c.loss, Z, targets(c, ez), 1 << ez, BITS))
    p.P = p.w2 = (Fraction(0), Fraction(0))
    if c.kappa:                                      # then there is a hidden layer
        p.w2 = weighted(c, p.hidden[2], columns_1(W2), 1 << e2)
        p.base = add(p.base, times(c.kappa, p.w2))
    if c.kappa and c.block:
        one = Fraction(absolute(p.M), 1 << (e2 + c.shift["V1"]))
        p.rest = add((one, one), *(frobenius(c, p, name) for name in c.layers))
        p.P = add(p.rest, weighted(c, p.hidden[2], columns_1(p.mat["V2"]), 1 << c.shift["V2"]))
    p.F = add(p.base, times(c.kappa, p.P))

# ---------------------------------------------------------------- comparing two points
def eliminate(G, B):
    """(X, det G): one solution X of G X = B (G may be singular, the system has a solution)."""
    rows, size, done, det = [list(map(Fraction, g + b)) for g, b in zip(G, B)], len(G), [], Fraction(1)
    for j in range(size):
        k = len(done)
        i = next((i for i in range(k, size) if rows[i][j]), None)
        if i is None:
            det = Fraction(0)
            continue
        det *= rows[i][j] if i == k else -rows[i][j]
        rows[i], rows[k] = rows[k], [v / rows[i][j] for v in rows[i]]
        done.append(j)
        for r in range(size):
            if r != k and rows[r][j]:
                rows[r] = [v - rows[r][j] * w if w else v for v, w in zip(rows[r], rows[k])]
    X = [[Fraction(0)] * len(B[0]) for _ in G]
    for k, j in enumerate(done):
        X[j] = rows[k][size:]
    return X, det

def meant_v1(p):
    """The V1 meant: (integer rows, common denominator) in lowest terms, over 2^shift.
    W2^+ W2 V = W2^T X for every X with W2 W2^T X = W2 V: it is in the row space of W2
    and W2 maps it to W2 V."""
    if p.v1 is None:
        rows, den, W2 = p.mat["V1"], 1, p.mat["W2"]
        if p.gauged:
            X, _ = eliminate(product(W2, zip(*W2)), p.M)
            for v in sum(X, []):
                den = den * v.denominator // gcd(den, v.denominator)
            X = [[v.numerator * (den // v.denominator) for v in row] for row in X]
            rows = product(zip(*W2), X)
            common = gcd(den, *(v for row in rows for v in row))
            rows, den = [[v // common for v in row] for row in rows], den // common
        p.v1 = tuple(map(tuple, rows)), den
    return p.v1

def same_v1(a, b):
    if a.mat["V1"] == b.mat["V1"] and a.gauged == b.gauged and (not a.gauged or a.mat["W2"] == b.mat["W2"]):
        return True
    return meant_v1(a) == meant_v1(b)

def only(c, a, b, allowed):
    """The matrices that move; all must be allowed."""
    names = [n for n in c.shape if (not same_v1(a, b) if n == "V1" else a.mat[n] != b.mat[n])]
    for name in names:
        if name.split(" ")[0] not in allowed:
            raise Reject("%s is not the same at both ends, here %s may move"
                         % (spelled(a, b, name), "only " + ", ".join(allowed) if allowed else "nothing"))
    return names

def spelled(a, b, name):
    return "V1 (the matrix meant by a gauged V1)" if name == "V1" and (a.gauged or b.gauged) else name

def per_unit(c, a, b):
    """For each unit (W1, V1) rows and (W2, V2) columns at both ends, on equal scales:
    ((rows at a, rows at b), (columns at a, columns at b))."""
    sides = []
    for p, q in ((a, b), (b, a)):
        W1 = p.mat["W1"] if c.width else [()] * c.units
        v1 = [tuple(v * meant_v1(q)[1] for v in row) for row in meant_v1(p)[0]] if c.block else [()] * c.units
        V2 = list(zip(*p.mat["V2"])) if "V2" in c.shape else [()] * c.units
        sides.append(([r + s for r, s in zip(W1, v1)], [r + s for r, s in zip(zip(*p.mat["W2"]), V2)]))
    return zip(zip(sides[0][0], sides[1][0]), zip(sides[0][1], sides[1][1]))

# ---------------------------------------------------------------- the legs
def ends(a, b, note="ends"):
    return larger(a.F, b.F), note

def rescale(c, a, b):
    only(c, a, b, ("W1", "W2", "V1", "V2") if c.width else ())
    for i, ((r, r2), (s, s2)) in enumerate(per_unit(c, a, b), 1):
        pairs = list(zip(r + s2, r2 + s))            # (v, w): w = c_i v
        v0, w0 = next(((v, w) for v, w in pairs if v or w), (1, 1))
        if v0 * w0 <= 0 or any(v * w0 != w * v0 for v, w in pairs):
            raise Reject("unit %d is not rescaled by one positive factor" % i)
    return ends(a, b, "constant")

def gauge(c, a, b):
    need_block(c)
    only(c, a, b, ("V1",))
    if (a.gauged or b.gauged) and a.mat["V1"] != b.mat["V1"]:
        raise Reject("one end is gauged, so both must list the same V1, and they do not")
    return ends(a, b)

def linear(c, a, b, allowed=("W2", "V1", "V2")):
    moved = only(c, a, b, allowed)
    if len(moved) > 1:
        raise Reject("%s move, expected only one of them" % " and ".join(spelled(a, b, n) for n in moved))
    return kinked(c, a, b, "V2") if moved == ["V2"] else ends(a, b)

def interpolate(c, a, b):
    return linear(c, a, b, ("W2",))

def hidden_rows(c, a, b):
    if not c.width:
        raise Reject("this leg needs a hidden layer, the width is 0")
    only(c, a, b, ("W1",))
    return kinked(c, a, b, "W1")

def rewire(c, a, b):
    only(c, a, b, ("W1", "W2", "V1", "V2") if c.width else ("V1",))
    for i, ((r, r2), (s, s2)) in enumerate(per_unit(c, a, b), 1):
        if c.width == 0 and r != r2 and any(s):
            raise Reject("unit %d: its V1 row moves and its W2 column is not 0" % i)
        if c.width and (r, s) != (r2, s2) and any(s + s2) and any(r + r2):
            raise Reject("unit %d moves and is not idle: neither its W1 and V1 rows nor its "
                         "W2 and V2 columns are 0 at both ends" % i)
    return ends(a, b, "constant")

def faded(c, p):
    return is_zero(meant_v1(p)[0]) and all(is_zero(p.mat[n]) for n in c.shape if n not in ("W1", "W2", "V1"))

def shrink(c, a, b):
    need_block(c)
    if faded(c, a) and not faded(c, b):
        a, b = b, a
    only(c, a, b, ("W2", "V1", "V2", "theta"))
    if not is_zero(meant_v1(b)[0]):
        raise Reject("V1 is not 0 at the last end")
    for name in c.shape:
        if name not in ("W1", "W2", "V1") and not is_zero(b.mat[name]):
            raise Reject("%s is not 0 at the last end" % name)
    columns = zip(zip(*a.mat["W2"]), zip(*b.mat["W2"]), meant_v1(a)[0])
    for i, (first, last, row) in enumerate(columns, 1):
        if first != last and any(row):
            raise Reject("unit %d: its W2 column moves and its V1 row is not 0" % i)
    q, slope = len(c.layers) + (2 if c.width else 1), times(c.kappa, a.P)
    if slope[1] == 0 or a.base[0] >= b.F[1]:
        return ends(a, b, "q = %d" % q)
    c0, hi = concave(b.F[1], b.F[1] - a.base[1], slope[1], q)
    lo = b.F[0] - (b.F[0] - a.base[0]) * c0 ** q + slope[0] * c0
    return larger(a.F, b.F, (lo, hi)), "q = %d, largest near c = %s" % (q, decimal(c0, False, 6))

def concave(b, d, s, q):
    """(c0, bound): b - d c^q + s c <= bound on [0, 1], s > 0, q >= 2; nearly attained at c0."""
    if s >= q * d:                                   # the derivative is >= 0 on [0, 1]
        return Fraction(1), b - d + s
    left, right, half = Fraction(0), Fraction(1), Fraction(1, 2)
    while right - left > Fraction(1, 1 << (BITS + 20)):
        left, right = (half, right) if s - d * q * half ** (q - 1) >= 0 else (left, half)
        half = (left + right) / 2
    # left of `left` the function increases, right of `right` it decreases, between them it
    # is below its tangent at `left`
    return left, b - d * left ** q + s * left + (s - d * q * left ** (q - 1)) * (right - left)

def theta(c, a, b):
    need_block(c)
    only(c, a, b, ("V2", "theta"))
    if not is_zero(a.M):
        raise Reject("W2 V1 is not 0")
    return ends(a, b)

def lift(c, a, b, null=None):
    need_block(c)
    only(c, a, b, ("W2", "V1"))
    if c.kappa:
        raise Reject("kappa is not 0")
    for name, p in (("first", a), ("last", b)):
        if not p.gauged and not is_zero(p.mat["V1"]):
            raise Reject("V1 is neither gauged nor 0 at the %s end" % name)
    if c.dy > c.units:
        raise Reject("%d outputs, only %d units: W2 cannot have full row rank" % (c.dy, c.units))
    if null:
        A, B, name = *moved_gauge(a, b, *null), "N"
    else:
        A, B, name = a.mat["W2"], b.mat["W2"], "W2"
    if not positive_on_unit_interval(gram_determinant(A, B)):
        raise Reject("%s loses row rank on the leg: det(%s %s^T) has a zero in [0, 1]" % ((name,) * 3))
    return ends(a, b, "moved gauge" if null else "ends")

def moved_gauge(a, b, first, outputs, Q):
    """N at both ends of a lift with a null end."""
    p, other, name = (a, b, "first") if first else (b, a, "last")
    if not p.gauged:
        raise Reject("V1 is not gauged at the null end, the %s" % name)
    for j, row in zip(outputs, product(Q, p.mat["W2"])):
        if any(row):
            raise Reject("the null vector of output %d is none of W2 at the %s end" % (j + 1, name))
    fixed = product(Q, other.mat["W2"])
    return [[row for i, row in enumerate(q.mat["W2"]) if i not in outputs] + fixed for q in (a, b)]

def null_end(c, k):
    """[the null end of leg k], [] if it has none."""
    if k not in c.nulls:
        return []
    first = c.nulls[k][0]
    beyond = k - 1 if first else k + 1
    if not 1 <= beyond <= len(c.legs):
        raise Reject("the null end is the %s point of the path" % ("first" if first else "last"))
    if c.legs[beyond - 1] not in ("gauge", "lift"):
        raise Reject("beyond the null end is leg %d (%s), expected gauge or lift" % (beyond, c.legs[beyond - 1]))
    return [c.nulls[k]]

def need_block(c):
    if not c.block:
        raise Reject("this leg needs a block, the file has none")

RULES = {"rescale": rescale, "gauge": gauge, "merge": linear, "interpolate": interpolate, "linear": linear,
         "rows": hidden_rows, "rewire": rewire, "shrink": shrink, "theta": theta, "lift": lift}

# ---------------------------------------------------------------- legs with kinks: V2, W1
# Along t in [0, 1] a layer's values, for one sample, are a list of (value at 0, slope).
def affine(matrix, u):
    sides = list(zip(*u))
    return [[dot(row, side) for side in sides] for row in matrix]

def bend(parts):
    """relu.  A part is (left, right, values, anything that goes with it)."""
    after = []
    for left, right, u, more in parts:
        signs = [(sign_at(v, s, left), sign_at(v, s, right)) for v, s in u]
        cuts = [Fraction(-v, s) if l * r < 0 else None for (v, s), (l, r) in zip(u, signs)]
        marks = sorted({left, right}.union(cut for cut in cuts if cut is not None))
        if (len(after) + len(marks) - 1) * len(u) > MAX_PIECES:
            raise Reject("too many linear pieces along the leg")
        place, on = {mark: k for k, mark in enumerate(marks)}, []
        for (l, r), cut in zip(signs, cuts):         # on from this mark to that one
            turn = place.get(cut, 0)
            on.append((turn * (r > 0), turn * (l > 0) or len(marks) * (l > 0 or r > 0)))
        for k, (l, r) in enumerate(zip(marks, marks[1:])):
            after.append((l, r, [vs if i <= k < j else (0, 0) for vs, (i, j) in zip(u, on)], more))
    return after

def sign_at(v, s, t):
    value = v * t.denominator + s * t.numerator
    return (value > 0) - (value < 0)

def inputs(c, a, b, moving):
    """For each sample the parts with the block's input, with it W2 h; their exponents have that of h."""
    if moving == "W1":
        for pre0, pre1 in zip(*(images(p.mat["W1"], c.x) for p in (a, b))):
            parts = bend([(Fraction(0), Fraction(1), [(v, w - v) for v, w in zip(pre0, pre1)], None)])
            yield ((l, r, affine(a.mat["V2"], h) if c.block else [], affine(a.mat["W2"], h)) for l, r, h, _ in parts)
    else:
        h = a.hidden[0]
        for s, at0, at1 in zip(images(a.mat["W2"], h), *(images(p.mat["V2"], h) for p in (a, b))):
            yield [(Fraction(0), Fraction(1), [(v, w - v) for v, w in zip(at0, at1)], [(v, 0) for v in s])]

def output_pieces(c, a, b, moving):
    """For each sample the pieces (left, [(value at 0, slope)]) of the outputs f, over 2^e; e."""
    eh, residual, still = a.hidden[1], c.block and not is_zero(a.M), [(0, 0)] * c.dy
    ed, er = eh + c.shift["W2"], eh + sum(c.shift[name] for name in c.shape if name != "W1") if residual else 0
    e, paths = max(ed, er, c.shift["y"]), []
    for parts in inputs(c, a, b, moving):
        for name in c.layers if residual else ():
            parts = bend((l, r, affine(a.mat[name], u), direct) for l, r, u, direct in parts)
        path = []
        for left, _, u, direct in parts:
            z = combine(e, direct, ed, affine(a.M, u) if residual else still, er)
            if not path or path[-1][1] != z:         # f goes on affinely: not a kink
                path.append((left, z))
        paths.append(path)
        if sum(map(len, paths)) * c.dy > MAX_PIECES:
            raise Reject("too many linear pieces along the leg")
    return paths, e

def kinks(paths, events):
    """All kinks t in order, each with the pieces of all samples that hold at t."""
    current, last = [path[0][1] for path in paths], None
    for t, s, z in events:
        if t != last:
            yield t, current
            last = t
        current[s] = z

def moving_term(c, a, b, moving):
    """(t, bits) -> enclosure of the terms of R in which W1 is, while V2 or W1 moves."""
    if moving == "V2":
        first, last = a.mat["V2"], b.mat["V2"]

        def term(t, bits):
            n, d = t.numerator, t.denominator
            V2 = [[v * (d - n) + w * n for v, w in zip(*rows)] for rows in zip(first, last)]
            return add(a.w2, weighted(c, a.hidden[2], columns_1(V2), d << c.shift["V2"]))
    else:
        e = max(c.shift["W2"], c.shift.get("V2", 0))
        sums = [v << (e - c.shift["W2"]) for v in columns_1(a.mat["W2"])]
        if c.block:
            sums = [v + (w << (e - c.shift["V2"])) for v, w in zip(sums, columns_1(a.mat["V2"]))]
        squares = []                                 # of the length at t: three coefficients
        for row, end in zip(a.mat["W1"], b.mat["W1"]):
            way = [w - v for v, w in zip(row, end)]
            squares.append((dot(row, row), 2 * dot(row, way), dot(way, way)))

        def term(t, bits):
            n, d = t.numerator, t.denominator
            powers = d * d, n * d, n * n
            return weighted(c, zip(*(root(dot(square, powers), bits) for square in squares)), sums, d << e, bits)
    return term

def kinked(c, a, b, moving):
    """Only V2, or only W1, moves."""
    if moving == "V2" and is_zero(a.M):
        return ends(a, b, "V2, f is constant")       # R is convex
    paths, e = output_pieces(c, a, b, moving)
    Y = targets(c, e)
    events = sorted(((t, s, z) for s, path in enumerate(paths) for t, z in path[1:]), key=lambda event: event[0])
    term = moving_term(c, a, b, moving) if c.kappa else None

    def value(t, current, bits):
        n, d = t.numerator, t.denominator
        Z = [[v * d + s * n for v, s in z] for z in current]
        F = times(Fraction(1, c.N), loss_sum(c.loss, Z, [[y * d for y in row] for row in Y], d << e, bits))
        return add(F, times(c.kappa, add(term(t, bits), a.rest))) if c.kappa else F

    exact = c.loss in ("squared", "huber") and not (c.kappa and moving == "W1")
    looks = {t: value(t, z, BITS if exact else ROUGH) for t, z in kinks(paths, events)}
    best = larger(a.F, b.F, *looks.values())
    if not exact:                                    # look closely where F may be largest
        close = [value(t, z, BITS) for t, z in kinks(paths, events) if looks[t][1] >= best[0]]
        best = larger(a.F, b.F, *close)
    return best, "%s, %d kinks" % (moving, len(looks))

# ---------------------------------------------------------------- the rank along a lift
def gram_determinant(A, B):
    """A positive multiple of det(W W^T), W = A + t (B - A): coefficients, lowest first."""
    values, degree = [], 2 * len(A)
    for t in range(degree + 1):
        W = [[v + t * (w - v) for v, w in zip(*rows)] for rows in zip(A, B)]
        values.append(eliminate(product(W, zip(*W)), [[]] * len(W))[1].numerator)
    total, basis, factor = [0] * (degree + 1), [1], 1
    for k in range(2, degree + 1):
        factor *= k                                  # degree!
    for k in range(degree + 1):                      # Newton: sum of difference_k / k! t(t-1)..(t-k+1)
        for i, v in enumerate(basis):
            total[i] += values[0] * factor * v
        values = [w - v for v, w in zip(values, values[1:])]
        basis = [v - k * w for v, w in zip([0] + basis, basis + [0])]
        factor //= k + 1
    return trim(total)

def trim(p):
    """Without leading zeros and without common factor."""
    while p and p[-1] == 0:
        p = p[:-1]
    common = gcd(0, *p)
    return [v // common for v in p]

def positive_on_unit_interval(p):
    """Sturm: does the polynomial p have no zero in [0, 1]?"""
    if not p or p[0] == 0 or sum(p) == 0:
        return False
    at0, at1 = [p[0] > 0], [sum(p) > 0]
    r, q = p, trim([k * v for k, v in enumerate(p)][1:])
    while q:
        at0 += [q[0] > 0] * (q[0] != 0)
        at1 += [sum(q) > 0] * (sum(q) != 0)
        r, q = q, trim([-v for v in remainder(r, q)])
    return changes(at0) == changes(at1)

def remainder(r, q):
    """A positive multiple of the remainder of r by q."""
    while len(r) >= len(q):
        lead, factor, low = abs(q[-1]), r[-1] if q[-1] > 0 else -r[-1], len(r) - len(q)
        r = [v * lead - (factor * q[i - low] if i >= low else 0) for i, v in enumerate(r)][:-1]
    return r

def changes(signs):
    return sum(v != w for v, w in zip(signs, signs[1:]))

# ---------------------------------------------------------------- verdict
def decimal(x, up, digits=12):
    """x rounded down or up to so many significant digits."""
    if x <= 0:
        return "0" if x == 0 else "-" + decimal(-x, not up, digits)
    e = (x.numerator.bit_length() - x.denominator.bit_length()) * 30103 // 100000
    while x < Fraction(10) ** e:
        e -= 1
    while x >= Fraction(10) ** (e + 1):
        e += 1
    y = x / Fraction(10) ** (e + 1 - digits)
    n = -(-y.numerator // y.denominator) if up else y.numerator // y.denominator
    if n == 10 ** digits:
        n, e = n // 10, e + 1
    s = str(n)
    if -5 <= e < 0:
        return "0." + "0" * (-e - 1) + s
    if 0 <= e < digits - 1:
        return s[:e + 1] + "." + s[e + 1:]
    return "%s.%se%+d" % (s[0], s[1:], e)

def show(term, digits=12):
    return "[%s, %s]" % (decimal(term[0], False, digits), decimal(term[1], True, digits))

def check_leg(c, k, a, b, say):
    kind = c.legs[k - 1]
    try:
        term, note = RULES[kind](c, a, b, *null_end(c, k))
        if term[1] > c.bound:
            raise Reject("the supremum of F is in %s, not certainly <= %s" % (show(term, 20), c.word))
    except Reject as reason:
        raise Reject("leg %d (%s): %s" % (k, kind, reason)) from None
    say("  leg %d %s: F <= sup in %s (%s)" % (k, kind, show(term), note))
    return term

def check(data, say=lambda line: None):
    """The text of an acceptance; raises Reject."""
    if len(data) > MAX_BYTES:
        raise Reject("longer than %d bytes" % MAX_BYTES)
    c = parse(data)
    before = top = None
    for k, p in enumerate(c.points):
        evaluate(c, p, before)
        if not (p.lo <= p.F[0] and p.F[1] <= p.hi):
            raise Reject("point %d: F is in %s, the file says in [%s, %s]" % (k + 1, show(p.F, 20), *p.words))
        top = larger(top, p.F) if top else p.F
        if before:
            top = larger(top, check_leg(c, k, before, p, say))
            vars(before).clear()                     # memory
        before = p
    if top[1] > c.bound:
        raise Reject("point 1: F is in %s, not certainly <= %s" % (show(top, 20), c.word))
    return "%s, %s, %d legs, F <= %s, certified sup in %s" % (c.claim, c.case, len(c.legs), c.word, show(top))

def main(arguments):
    verbose, files = "-v" in arguments, [f for f in arguments if f != "-v"]
    if not files or any(f.startswith("-") for f in files):
        print("usage: python3 certificate.py [-v] FILE...", file=sys.stderr)
        return 2
    status = 0
    for name in files:
        try:
            with open(name, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as reason:
            print("%s: cannot be read: %s" % (name, reason), file=sys.stderr)
            status = 4
            continue
        try:
            print("%s: accepted: %s" % (name, check(data, print if verbose else lambda line: None)))
        except Reject as reason:
            print("%s: rejected: %s" % (name, reason))
            status = max(status, 1)
        except (MemoryError, ArithmeticError, LookupError, TypeError, ValueError, AssertionError) as reason:
            print("%s: rejected: the checker failed: %r" % (name, reason))
            status = max(status, 1)
        sys.stdout.flush()
    return status

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
