# SPDX-License-Identifier: MIT
"""Functions that nobody tried: alone sees `landscape` miss, invent or misjudge a point, a value, a barrier or a reason.

    python3 tests/campaigns/landscapes.py [PROGRAM [WORD]]      default ./skipverify; only formulas that hold WORD

Runs the program on the functions of table() and compares it with a solver of its own that shares nothing with it:
Newton in long double from a dense grid and, for polynomials, from the roots of exact resultants, polished in 50 digits;
searches along the edges; barriers from the descents at all saddles (of the edge too) and from a flood of a grid; counts
and least values that are known. It knows no answer of the program's, and asks whether the reasons given are true.

One line per disagreement, then what was compared; exit 1 if there is one. Needs numpy and mpmath: on Debian
apt-get install python3-numpy python3-mpmath, and /usr/bin/python3. Three minutes on two cores."""
import collections, fractions, itertools, json, multiprocessing, os, random, re, subprocess, sys, time

try:
    import mpmath, numpy
except ImportError:
    sys.exit("landscapes: needs numpy and mpmath (apt-get install python3-numpy python3-mpmath, /usr/bin/python3)")

LONG = numpy.longdouble
LIMIT = 60  # seconds the program may take for a function
NEAR = 1e-9  # of the box's size: so near to the edge a point may count as in or out
STARTS = (
    64,
    120,
)  # the grid of starting points has as many a side: for polynomials, which have other ones too; for others
FLOOD = 201  # the grid for barriers likewise
mpmath.mp.dps = 50

Problem = collections.namedtuple("Problem", "formula box known code kinks")
Point = collections.namedtuple("Point", "u v x y F kind radius size where")  # where: inside, edge or kink
Edge = collections.namedtuple("Edge", "u v x y F kind radius size where clear")  # kind: minimum or saddle, in the box
Found = collections.namedtuple("Found", "kind x y F")
Place = collections.namedtuple("Place", "x y why")
Output = collections.namedtuple("Output", "points edges places barriers full sought total code text")

# Functions of two parameters, with derivatives


class Jet:
    """F, F_u, F_v, F_uu, F_uv, F_vv; components are arrays, mpmath's numbers or a plain 0. log: a list to be
    given what kinks, poles and roots depend on."""

    log = None

    def __init__(self, *d):
        self.d = d

    def note(self, what):
        if Jet.log is not None:
            Jet.log.append((what, self))

    def chain(self, h, h1, h2):
        f, x, y, xx, xy, yy = self.d
        return Jet(
            h,
            times(h1, x),
            times(h1, y),
            plus(times(h1, xx), times(h2, times(x, x))),
            plus(times(h1, xy), times(h2, times(x, y))),
            plus(times(h1, yy), times(h2, times(y, y))),
        )

    def __add__(self, o):
        if isinstance(o, Jet):
            return Jet(*map(plus, self.d, o.d))
        return Jet(self.d[0] + o, *self.d[1:])

    def __mul__(self, o):
        if not isinstance(o, Jet):
            return Jet(*(times(d, o) for d in self.d))
        (a, ax, ay, axx, axy, ayy), (b, bx, by, bxx, bxy, byy) = self.d, o.d
        return Jet(
            a * b,
            plus(times(a, bx), times(ax, b)),
            plus(times(a, by), times(ay, b)),
            plus(plus(times(a, bxx), times(axx, b)), times(2, times(ax, bx))),
            plus(plus(times(a, bxy), times(axy, b)), plus(times(ax, by), times(ay, bx))),
            plus(plus(times(a, byy), times(ayy, b)), times(2, times(ay, by))),
        )

    def __pow__(self, n):
        a = self.d[0]
        if n < 0:
            return (self**-n).inverse()
        if n < 2:
            return self if n else Jet(a * 0 + 1, 0, 0, 0, 0, 0)
        return self.chain(a**n, n * a ** (n - 1), n * (n - 1) * a ** (n - 2))

    def inverse(self):
        self.note("pole")
        h = 1 / self.d[0]
        return self.chain(h, -h * h, 2 * h * h * h)

    def __neg__(self):
        return self * -1

    def __pos__(self):
        return self

    def __sub__(self, o):
        return self + -o

    def __rsub__(self, o):
        return -self + o

    def __truediv__(self, o):
        return self * (o.inverse() if isinstance(o, Jet) else 1 / o)

    def __rtruediv__(self, o):
        return self.inverse() * o

    __radd__, __rmul__ = __add__, __mul__


def absent(a):
    return type(a) is int and a == 0


def times(a, b):
    return 0 if absent(a) or absent(b) else a * b


def plus(a, b):
    return b if absent(a) else a if absent(b) else a + b


def choose(where, a, b):
    """Component by component: a where that is true, b elsewhere."""
    if isinstance(where, numpy.ndarray):
        return Jet(*(numpy.where(where, p, q) for p, q in zip(a.d, b.d)))
    return a if where else b


def lifted(a):
    return a if isinstance(a, Jet) else Jet(a, 0, 0, 0, 0, 0)


def jet_max(a, b):
    a, b = lifted(a), lifted(b)
    (a - b).note("kink")
    return choose(a.d[0] >= b.d[0], a, b)


def jet_abs(a):
    a = lifted(a)
    a.note("kink")
    return choose(a.d[0] >= 0, a, -a)


def jet_kit(number, sqrt, exp, log, sin, cos, tanh):
    """The names a formula uses, over one kind of numbers."""

    def root(a):
        if not isinstance(a, Jet):
            return sqrt(a)
        a.note("root")
        h = sqrt(a.d[0])
        return a.chain(h, 0.5 / h, -0.25 / (h * a.d[0]))

    def exponential(a):
        return a.chain(*[exp(a.d[0])] * 3) if isinstance(a, Jet) else exp(a)

    def logarithm(a):
        if not isinstance(a, Jet):
            return log(a)
        a.note("log")
        h = 1 / a.d[0]
        return a.chain(log(a.d[0]), h, -h * h)

    def tangent(a):
        t = tanh(a.d[0])
        return a.chain(t, 1 - t * t, -2 * t * (1 - t * t))

    def sine(a):
        return a.chain(sin(a.d[0]), cos(a.d[0]), -sin(a.d[0]))

    def cosine(a):
        return a.chain(cos(a.d[0]), -sin(a.d[0]), -cos(a.d[0]))

    names = {"N": number, "sqrt": root, "exp": exponential, "log": logarithm}
    names.update(sin=sine, cos=cosine, tanh=tangent)
    return dict(names, abs=jet_abs, max=jet_max, min=lambda a, b: -jet_max(-lifted(a), -lifted(b)))


def mp_root(a):
    return mpmath.sqrt(a) if a >= 0 else mpmath.nan


def mp_log(a):
    return mpmath.log(a) if a > 0 else mpmath.nan


JETS = {
    False: jet_kit(LONG, numpy.sqrt, numpy.exp, numpy.log, numpy.sin, numpy.cos, numpy.tanh),
    True: jet_kit(mpmath.mpf, mp_root, mpmath.exp, mp_log, mpmath.sin, mpmath.cos, mpmath.tanh),
}
PLAIN = {"N": LONG, "sqrt": numpy.sqrt, "exp": numpy.exp, "log": numpy.log}
PLAIN.update(sin=numpy.sin, cos=numpy.cos, tanh=numpy.tanh)
PLAIN.update(abs=numpy.abs, max=numpy.maximum, min=numpy.minimum)


def compiled(formula):
    def token(m):
        return "**" + m[1] if m[1] else "N('%s')" % m[2]

    number = r"\^ *(-? *\d+)|((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    return compile(re.sub(number, token, formula), formula, "eval")


def problem(formula, box=(-4, 4, -4, 4), known=None):
    kinks = re.search("abs|max|min", formula) is not None
    return Problem(formula, tuple(map(float, box)), known, compiled(formula), kinks)


def sides(p, number):
    x0, x1, y0, y1 = (number(b) for b in p.box)
    return x0, x1 - x0, y0, y1 - y0


def jet(p, u, v):
    """F and its derivatives in the box's own units: u and v in [0, 1]; arrays of long double, or numbers of mpmath."""
    fine = isinstance(u, mpmath.mpf)
    x0, w, y0, h = sides(p, mpmath.mpf if fine else LONG)
    x, y = Jet(x0 + w * u, w, 0, 0, 0, 0), Jet(y0 + h * v, 0, h, 0, 0, 0)
    try:
        f = lifted(eval(p.code, JETS[fine], {"x": x, "y": y}))
    except ZeroDivisionError:
        return [mpmath.nan] * 6
    if fine:
        return f.d
    return [numpy.broadcast_to(numpy.asarray(d, LONG), numpy.shape(u)) for d in f.d]


def values(p, u, v):
    x0, w, y0, h = sides(p, LONG)
    f = eval(p.code, PLAIN, {"x": x0 + w * u, "y": y0 + h * v})
    return numpy.broadcast_to(numpy.asarray(f, LONG), numpy.broadcast(u, v).shape)


# Polynomials: starting points from exact elimination


class Polynomial:
    """In u and v, over the rationals: {(i, j): coefficient of u^i v^j}."""

    def __init__(self, c):
        self.c = {k: a for k, a in c.items() if a}

    def __add__(self, o):
        c = collections.Counter(self.c)
        for k, a in o.c.items():
            c[k] += a
        return Polynomial(c)

    def __mul__(self, o):
        c = collections.Counter()
        for (i, j), a in self.c.items():
            for (k, l), b in o.c.items():
                c[i + k, j + l] += a * b
        return Polynomial(c)

    def __neg__(self):
        return Polynomial({k: -a for k, a in self.c.items()})

    def __pos__(self):
        return self

    def __sub__(self, o):
        return self + -o

    def __pow__(self, n):
        if n < 0:
            raise NameError("no polynomial")
        power = constant(1)
        for _ in range(n):
            power = power * self
        return power

    def __truediv__(self, o):
        if set(o.c) != {(0, 0)}:
            raise NameError("no polynomial")
        return self * constant(1 / o.c[0, 0])

    def slope(self, which):
        step = (1, 0) if which == 0 else (0, 1)
        return Polynomial({(k[0] - step[0], k[1] - step[1]): a * k[which] for k, a in self.c.items()})

    def degree(self, which=None):
        return max((sum(k) if which is None else k[which] for k in self.c), default=0)

    def at(self, u, number=fractions.Fraction):
        """Coefficients in v, the highest first."""
        c = [number(0)] * (self.degree(1) + 1)
        for (i, j), a in self.c.items():
            c[-1 - j] += (a if number is fractions.Fraction else number(a.numerator) / a.denominator) * u**i
        return c


def constant(a):
    return Polynomial({(0, 0): fractions.Fraction(a)})


def determinant(m):
    det = fractions.Fraction(1)
    for k in range(len(m)):
        pivot = next((i for i in range(k, len(m)) if m[i][k]), None)
        if pivot is None:
            return fractions.Fraction(0)
        if pivot != k:
            m[k], m[pivot], det = m[pivot], m[k], -det
        det *= m[k][k]
        for i in range(k + 1, len(m)):
            factor = m[i][k] / m[k][k]
            if factor:
                m[i] = [a - factor * b for a, b in zip(m[i], m[k])]
    return det


def resultant_at(p, q, u):
    a, b = p.at(u), q.at(u)
    m, n = len(a) - 1, len(b) - 1
    rows = [[0] * i + a + [0] * (n - 1 - i) for i in range(n)] + [[0] * i + b + [0] * (m - 1 - i) for i in range(m)]
    return determinant([[fractions.Fraction(e) for e in row] for row in rows])


def interpolated(xs, ys):
    """Coefficients, the highest first, by divided differences."""
    table = list(ys)
    for k in range(1, len(xs)):
        for i in range(len(xs) - 1, k - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (xs[i] - xs[i - k])
    c = [fractions.Fraction(0)]
    for x, t in zip(reversed(xs), reversed(table)):
        shifted = c + [fractions.Fraction(0)]
        c = [a - x * b for a, b in zip(shifted, [fractions.Fraction(0)] + c)]
        c[-1] += t
    return stripped(c)


def stripped(c):
    return c[next((i for i, a in enumerate(c) if a), len(c)) :]


def divided(a, b):
    """Quotient and remainder."""
    a, quotient = list(a), []
    while len(a) >= len(b):
        factor = a[0] / b[0]
        quotient.append(factor)
        a = [x - factor * y for x, y in zip(a, b + [0] * (len(a) - len(b)))][1:]
    return quotient, stripped(a)


def squarefree(c):
    a, b = c, [k * (len(c) - 1 - i) for i, k in enumerate(c[:-1])]
    while b:
        b = [k / b[0] for k in b]
        a, b = b, divided(a, b)[1]
    return divided(c, a)[0]


def real_roots(c, slack):
    """Those near [0, 1]; none where they cannot be had."""
    largest = max(map(abs, c), default=0)
    while c and abs(c[0]) <= largest * mpmath.mpf(10) ** -30:
        c = c[1:]
    if len(c) < 2:
        return []
    try:
        roots = mpmath.polyroots([k / largest for k in c], maxsteps=100, extraprec=200)
    except mpmath.libmp.NoConvergence:
        return []
    return [r.real for r in map(mpmath.mpc, roots) if abs(r.imag) < slack and -0.01 < r.real < 1.01]


def eliminated(p):
    """Starting points for a polynomial: u from the resultant of F_u and F_v, v from either. Without, for others."""
    x0, w, y0, h = sides(p, fractions.Fraction)
    try:
        x, y = Polynomial({(0, 0): x0, (1, 0): w}), Polynomial({(0, 0): y0, (0, 1): h})
        names = {"__builtins__": {}, "N": lambda s: constant(fractions.Fraction(s))}
        f = eval(p.code, names, {"x": x, "y": y})
    except NameError:
        return []
    a, b = f.slope(0), f.slope(1)
    m, n = a.degree(1), b.degree(1)
    degree = min(n * a.degree(0) + m * b.degree(0), a.degree() * b.degree())
    if m + n == 0 or degree > 50:
        return []
    xs = [fractions.Fraction(k, degree + 1) for k in range(degree + 1)]
    c = interpolated(xs, [resultant_at(a, b, u) for u in xs])
    if len(c) < 2:
        return []
    c = [mpmath.mpf(k.numerator) / k.denominator for k in squarefree(c)]
    starts = []
    for u in real_roots(c, 1e-20):
        for g in (a, b):
            starts += [(u, v) for v in real_roots(g.at(u, mpmath.mpf), 1e-9)]
    return starts


# Stationary points


def spectrum(a, b, d):
    """Eigenvalues and the first one's eigenvector of [a b; b d], arrays."""
    middle, half = (a + d) / 2, (a - d) / 2
    radius = numpy.sqrt(half * half + b * b)
    angle = numpy.arctan2(b, half) / 2
    return middle + radius, middle - radius, numpy.cos(angle), numpy.sin(angle)


def newton_step(d, absolute=False):
    """-H^-1 g; eigenvalues that are next to nothing are left out, or made positive and not too small."""
    f, gx, gy, a, b, c = d
    big, small, ex, ey = spectrum(a, b, c)
    first, second = gx * ex + gy * ey, gy * ex - gx * ey
    top = numpy.maximum(abs(big), abs(small))
    if absolute:
        first, second = (g / numpy.maximum(abs(l), 1e-8 * top) for g, l in ((first, big), (second, small)))
    else:
        first = numpy.where(abs(big) > 1e-13 * top, first / big, 0)
        second = numpy.where(abs(small) > 1e-13 * top, second / small, 0)
    return -(first * ex - second * ey), -(first * ey + second * ex)


def thinned(u, v, cell):
    """One index for each square of side `cell` that holds a point."""
    key = numpy.stack([numpy.round(u / cell), numpy.round(v / cell)]).astype(numpy.float64)
    return numpy.unique(key, axis=1, return_index=True)[1]


def rough(p):
    """Ends of Newton's iteration from a grid a little larger than the box; some only, where they are degenerate."""
    waves = re.search("[a-z]{3}|/", p.formula) is not None
    side = numpy.linspace(LONG(-0.02), LONG(1.02), STARTS[waves])
    u, v = (a.ravel() for a in numpy.meshgrid(side, side))
    ends = []
    for step in range(40):
        d = jet(p, u, v)
        du, dv = newton_step(d)
        length = numpy.hypot(du, dv)
        cut = numpy.minimum(1, 0.25 / numpy.maximum(length, 1e-30))
        nu, nv = u + cut * du, v + cut * dv
        alive = numpy.isfinite(length) & (abs(nu - 0.5) < 1) & (abs(nv - 0.5) < 1)
        done = alive & ((length < 1e-14) | (step == 39) & (length < 1e-3))
        near = done & (abs(nu - 0.5) < 0.51) & (abs(nv - 0.5) < 0.51)
        big, small = (abs(e) for e in spectrum(*d[3:])[:2])
        flat = numpy.minimum(big, small) <= 1e-9 * numpy.maximum(big, small)
        ends.append((nu[near], nv[near], (flat | (length >= 1e-14))[near]))
        u, v = nu[alive & ~done], nv[alive & ~done]
        if not len(u):
            break
    u, v, flat = (numpy.concatenate(part) for part in zip(*ends))
    starts = []
    for some, cell, most in ((~flat, 1e-10, 400), (flat, 1e-2, 24)):
        at = numpy.flatnonzero(some)[thinned(u[some], v[some], cell)] if some.any() else []
        random.Random(1).shuffle(at)
        starts += [(exact(u[i]), exact(v[i])) for i in at[:most]]
    return starts


def exact(a):
    """A long double as mpmath's number."""
    high = float(a)
    return mpmath.mpf(high) + mpmath.mpf(float(a - LONG(high)))


def singular(a, b, d):
    """Is the Hessian singular to 10^-16 of its size, in units of its diagonal?"""
    size = max(abs(a * d), b * b, (abs(a) + abs(d)) ** 2 * mpmath.mpf(10) ** -20)
    return abs(a * d - b * b) <= size * mpmath.mpf(10) ** -16


def solve(g, a, b, d):
    """-H^-1 g, without what is singular."""
    top = max(abs(a), abs(b), abs(d))
    if top == 0:
        return 0, 0
    det = a * d - b * b
    if abs(det) > top * top * mpmath.mpf(10) ** -38:
        return -(d * g[0] - b * g[1]) / det, -(a * g[1] - b * g[0]) / det
    trace = a + d
    return -(a * g[0] + b * g[1]) / trace**2, -(b * g[0] + d * g[1]) / trace**2


def polish(p, u, v):
    """u, v in 50 digits, the last step's length, and F with its derivatives there; None: it does not converge."""
    for _ in range(120):
        d = jet(p, u, v)
        if not all(mpmath.isfinite(e) for e in d):
            return None
        du, dv = solve(d[1:3], *d[3:])
        u, v, length = u + du, v + dv, max(abs(du), abs(dv))
        if abs(u - 0.5) > 2 or abs(v - 0.5) > 2:
            return None
        if length < mpmath.mpf(10) ** -36:
            break
    d = jet(p, u, v)
    return (u, v, length, d) if length < 1e-10 and all(mpmath.isfinite(e) for e in d) else None


def magnitude(p, u, v):
    """The largest thing added up in F there, more or less: F over the box's scale at this point."""
    d = jet(p, u, v)
    wide = values(p, numpy.array([0.25, 0.5, 0.75], LONG), LONG(0.5))
    return max([abs(e) for e in d] + [abs(exact(f)) for f in wide if numpy.isfinite(f)])


def on_kink(p, u, v):
    if not p.kinks:
        return False
    Jet.log = []
    jet(p, u, v)
    log, Jet.log = Jet.log, None
    return any(what == "kink" and abs(a.d[0]) <= mpmath.mpf(10) ** -25 * max(map(abs, a.d)) for what, a in log)


def kind_of(a, b, d):
    if singular(a, b, d):
        return "degenerate"
    return "saddle" if a * d < b * b else "minimum" if a > 0 else "maximum"


def place_of(u, v):
    """inside, edge or None: outside of the box."""
    gap = min(u, 1 - u, v, 1 - v)
    return "inside" if gap > NEAR else "edge" if gap >= -NEAR else None


def coordinates(p, u, v):
    x0, w, y0, h = sides(p, mpmath.mpf)
    return x0 + w * u, y0 + h * v


def stationary(p):
    """All stationary points in the box, smooth ones, or on a kink as limits of smooth pieces."""
    points = []
    for start in rough(p) + eliminated(p):
        end = polish(p, *start)
        where = end and place_of(*end[:2])
        if not where:
            continue
        u, v, length, d = end
        size = magnitude(p, u, v)
        if max(map(abs, d[1:3])) > size * mpmath.mpf(10) ** -16:
            continue
        kind = kind_of(*d[3:])
        radius = 1e-8 if kind == "degenerate" else 1e-28
        near = max(radius, 1e-20)
        if any(abs(q.u - u) <= near and abs(q.v - v) <= near for q in points):
            continue
        where = "kink" if on_kink(p, u, v) else where
        points.append(Point(u, v, *coordinates(p, u, v), d[0], kind, radius, size, where))
    return points


# The edge


def along(edge, t):
    """u, v, which coordinate runs and the inward direction of the other: edges left, right, lower, upper."""
    fixed = t * 0 + edge % 2
    return ((fixed, t) if edge < 2 else (t, fixed)) + (1 if edge < 2 else 0, 1 - 2 * (edge % 2))


def edge_rough(p, edge):
    t = numpy.linspace(LONG(0), LONG(1), 1001)
    for _ in range(30):
        u, v, run, _ = along(edge, t)
        d = jet(p, u, v)
        second = d[5] if run else d[3]
        t = t - numpy.clip(d[1 + run] / numpy.where(second == 0, numpy.nan, second), -0.02, 0.02)
        t = t[(t > -0.01) & (t < 1.01)]
    return [exact(a) for a in t[thinned(t, t * 0, 1e-10)]]


def edge_points(p, edge):
    """Where F along an edge is stationary: minima and saddles of F in the box where it grows inward. clear: no
    derivative that decides it is next to 0."""
    found, tiny = [], mpmath.mpf(10) ** -20
    for t in edge_rough(p, edge)[:200]:
        for _ in range(9):
            u, v, run, inward = along(edge, t)
            d = jet(p, u, v)
            second = d[5] if run else d[3]
            if not mpmath.isfinite(second) or second == 0:
                break
            step = d[1 + run] / second
            t -= step
        else:
            u, v, run, inward = along(edge, t)
            d = jet(p, u, v)
            normal, second = d[2 - run] * inward, d[5] if run else d[3]
            if not abs(step) < tiny or not NEAR < t < 1 - NEAR or any(abs(t - q[0]) < tiny for q in found):
                continue
            size = max(map(abs, d))
            clear = abs(normal) > tiny * size and abs(second) > tiny * size and not on_kink(p, u, v)
            kind = None if clear and normal < 0 else "minimum" if second > 0 else "saddle"
            found.append((t, kind and Edge(u, v, *coordinates(p, u, v), d[0], kind, 1e-18, size, "edge", clear)))
    return [q for _, q in found if q]


def corner(p, u, v):
    d = jet(p, mpmath.mpf(u), mpmath.mpf(v))
    if not all(mpmath.isfinite(e) for e in d):
        return []
    slopes = d[1] * (1 - 2 * u), d[2] * (1 - 2 * v)
    size = max(map(abs, d))
    clear = all(abs(s) > size * mpmath.mpf(10) ** -20 for s in slopes) and not on_kink(p, mpmath.mpf(u), mpmath.mpf(v))
    if min(slopes) < 0 and clear or min(slopes) < -size * mpmath.mpf(10) ** -20:
        return []
    x, y = coordinates(p, mpmath.mpf(u), mpmath.mpf(v))
    return [Edge(mpmath.mpf(u), mpmath.mpf(v), x, y, d[0], "minimum", 1e-18, size, "edge", clear)]


def on_edge(p):
    """All minima and saddles that the edge makes, of F in the box."""
    return sum([edge_points(p, e) for e in range(4)] + [corner(p, u, v) for u in (0, 1) for v in (0, 1)], [])


# Minima at kinks, by looking


def zoom(p, u, v, reach):
    """A minimum near u, v, by ever finer grids about the best; None: it runs away, or F ends there."""
    u0, v0 = u, v
    side = numpy.linspace(LONG(-1), LONG(1), 21)
    while reach > 1e-9:
        a, b = numpy.meshgrid(numpy.clip(u + reach * side, 0, 1), numpy.clip(v + reach * side, 0, 1))
        f = values(p, a, b)
        f = numpy.where(numpy.isfinite(f), f, numpy.inf)
        best = numpy.unravel_index(numpy.argmin(f), f.shape)
        u, v, reach = a[best], b[best], reach / 2
    return (u, v) if abs(u - u0) < 0.05 and abs(v - v0) < 0.05 else None


def kink_minima(p):
    """Minima of F in the box, on its edge too, as far as a grid shows them, to 10^-6: x, y and whether on the edge."""
    if not p.kinks:
        return []
    side = numpy.linspace(LONG(0), LONG(1), 137)
    f = values(p, *numpy.meshgrid(side, side))
    f = numpy.pad(numpy.where(numpy.isfinite(f), f, numpy.inf), 1, constant_values=numpy.inf)
    middle, low = f[1:-1, 1:-1], numpy.full((137, 137), True)
    for i, j in itertools.product(range(3), repeat=2):
        if (i, j) != (1, 1):
            low &= middle < f[i : i + 137, j : j + 137]
    ends = [zoom(p, side[j], side[i], 2 / 136) for i, j in zip(*numpy.nonzero(low))]
    return [coordinates(p, exact(u), exact(v)) + (place_of(u, v) == "edge",) for u, v in filter(None, ends)]


# Barriers


def linked(p, u, v, minima):
    """The minimum to which a straight way leads down from u, v; -1: none seen. Near u, v it looks closely: there
    may be a saddle to cross."""
    order = sorted(range(len(minima)), key=lambda k: abs(minima[k].u - exact(u)) + abs(minima[k].v - exact(v)))
    s = numpy.concatenate(
        [[LONG(0)], numpy.geomspace(LONG(1e-7), LONG(0.04), 60), numpy.linspace(LONG(0.05), LONG(1), 40)]
    )
    for k in order[:3]:
        a, b = LONG(str(minima[k].u)), LONG(str(minima[k].v))
        way = values(p, u + s * (a - u), v + s * (b - v))
        if numpy.all(numpy.diff(way) <= 1e-17 * abs(way).max()):
            return k
    return -1


def down(p, u, v, f, reach):
    """One careful step down from each u, v, by no more than `reach`, and within the box; False: it led up."""
    d = jet(p, u, v)
    du, dv = newton_step(d, absolute=True)
    stuck_u = (u <= 0) & (d[1] > 0) | (u >= 1) & (d[1] < 0)
    stuck_v = (v <= 0) & (d[2] > 0) | (v >= 1) & (d[2] < 0)
    stuck = stuck_u | stuck_v
    du = numpy.where(stuck_u, 0, numpy.where(stuck, -d[1] / (abs(d[3]) + abs(d[1])), du))
    dv = numpy.where(stuck_v, 0, numpy.where(stuck, -d[2] / (abs(d[5]) + abs(d[2])), dv))
    cut = numpy.minimum(1, reach / numpy.maximum(numpy.hypot(du, dv), 1e-30))
    nu, nv = numpy.clip(u + cut * du, 0, 1), numpy.clip(v + cut * dv, 0, 1)
    good = (values(p, nu, nv) < f) & (values(p, (u + nu) / 2, (v + nv) / 2) <= f)
    return numpy.where(good, nu, u), numpy.where(good, nv, v), good


def descents(p, starts, minima):
    """The minimum below each start, -1 where none was reached."""
    u, v = (numpy.array([LONG(str(s[i])) for s in starts], LONG) for i in (0, 1))
    f, goal, reach = values(p, u, v).copy(), numpy.full(len(starts), -1), numpy.full(len(starts), LONG(0.01))
    for step in range(600):
        if step % 6 == 0:
            for i in numpy.flatnonzero(goal < 0):
                goal[i] = linked(p, u[i], v[i], minima)
        live = goal < 0
        if not live.any():
            break
        nu, nv, good = down(p, u[live], v[live], f[live], reach[live])
        u[live], v[live] = nu, nv
        f[live] = values(p, nu, nv)
        reach[live] = numpy.where(good, numpy.minimum(reach[live] * 1.5, 0.01), reach[live] / 2)
    return goal


def departures(p, s):
    """Two points below a saddle, on either side; none: not found."""
    if isinstance(s, Edge):
        way = (0, 1) if s.u in (0, 1) else (1, 0)
    else:
        d = [numpy.array([LONG(str(e))]) for e in jet(p, s.u, s.v)]
        big, small, ex, ey = spectrum(*d[3:])
        way = (-ey[0], ex[0])
    for reach in (1e-4, 1e-5, 1e-6, 1e-7):
        two = [(s.u + sign * reach * exact(LONG(way[0])), s.v + sign * reach * exact(LONG(way[1]))) for sign in (1, -1)]
        if all(0 <= a <= 1 and 0 <= b <= 1 and jet(p, a, b)[0] < s.F for a, b in two):
            return two
    return []


def merged(n, ways):
    """{(i, j): the least value at which i and j are joined}, by ways (value, i, j) in ascending order."""
    group, at = {i: [i] for i in range(n)}, {}
    for value, i, j in ways:
        if group[i] is group[j]:
            continue
        for pair in itertools.product(group[i], group[j]):
            at[tuple(sorted(pair))] = value
        group[i] += group[j]
        for k in group[j]:
            group[k] = group[i]
    return at


def passes(p, minima, saddles):
    """The barriers by mountain passes, {} where a descent was lost."""
    starts = [departures(p, s) for s in saddles]
    if not all(starts):
        return {}
    goal = descents(p, sum(starts, []), minima) if starts else []
    if any(g < 0 for g in goal):
        return {}
    ways = sorted((s.F, goal[2 * k], goal[2 * k + 1]) for k, s in enumerate(saddles))
    return merged(len(minima), ways)


def flood(p, minima):
    """Barriers on a grid, each with how far it may be too low, by a hump between neighbours, and too high: by the
    largest rise from below it to a neighbour, since a valley may run between nodes."""
    side = numpy.linspace(LONG(0), LONG(1), FLOOD)
    f = values(p, *numpy.meshgrid(side, side))
    f = numpy.where(numpy.isfinite(f), f, numpy.inf)
    rank = numpy.empty(f.size, int)
    rank[numpy.argsort(f, axis=None, kind="stable")] = numpy.arange(f.size)
    rank = rank.reshape(f.shape)
    whole, cut, back = slice(None), slice(1, None), slice(None, -1)
    pairs = [
        ((whole, cut), (whole, back)),
        ((cut, whole), (back, whole)),
        ((cut, cut), (back, back)),
        ((cut, back), (back, cut)),
    ]
    top = numpy.concatenate([numpy.maximum(rank[a], rank[b]).ravel() for a, b in pairs])
    low = numpy.concatenate([numpy.minimum(rank[a], rank[b]).ravel() for a, b in pairs])
    order = numpy.argsort(top, kind="stable")
    node = [rank[round(float(m.v) * (FLOOD - 1)), round(float(m.u) * (FLOOD - 1))] for m in minima]
    height = numpy.sort(f, axis=None)
    rise = numpy.where(top < numpy.isfinite(f).sum(), height[top] - height[low], 0)
    hump = numpy.maximum.accumulate(rise[order])
    upward = numpy.argsort(low, kind="stable")
    wall = numpy.maximum.accumulate(rise[upward])
    at = flood_run(f.size, top[order].tolist(), low[order].tolist(), node)
    walls = {k: wall[numpy.searchsorted(low[upward], top[order[k]], "right") - 1] for k in at.values()}
    return {pair: (height[top[order[k]]], hump[k], walls[k]) for pair, k in at.items()}


def flood_run(size, top, low, node):
    """{(i, j): which of the ways first joins node i and node j}."""
    parent, holds, at = list(range(size)), {}, {}
    for i, n in enumerate(node):
        holds.setdefault(int(n), []).append(i)

    def root(a):
        while parent[a] != a:
            parent[a] = a = parent[parent[a]]
        return a

    for k, (a, b) in enumerate(zip(top, low)):
        a, b = root(a), root(b)
        if a == b:
            continue
        parent[a] = b
        moved = holds.pop(a, [])
        for pair in itertools.product(moved, holds.get(b, [])):
            at[tuple(sorted(pair))] = k
        if moved:
            holds.setdefault(b, []).extend(moved)
            if len(holds[b]) == len(node):
                break
    return at


# The program


def ends(enclosure):
    """Both ends, exactly."""
    return tuple(mpmath.mpf(float.fromhex(h)) for h in enclosure["hex"])


def run(program, p):
    box = "box=" + ",".join(repr(b) for b in p.box)
    words = [program, "landscape", "--format", "json", "--", p.formula, box]
    done = subprocess.run(words, capture_output=True, text=True, timeout=LIMIT)
    if done.returncode not in (0, 3):
        return Output([], [], [], {}, False, False, None, done.returncode, done.stderr)
    o = json.loads(done.stdout)
    points = [Found(q["kind"], *(ends(q[k]) for k in "xyF")) for q in o["points"]]
    numbers = [q["number"] for q in o["points"] if "minimum" in q["kind"]]
    sound = numbers == list(range(1, len(numbers) + 1)) and o["complete"] == (o["exit"] == 0)
    return Output(
        [q for q in points if q.kind != "edge-minimum"],
        [q for q in points if q.kind == "edge-minimum"],
        [Place(ends(g["x"]), ends(g["y"]), g["why"]) for g in o["unresolved"]],
        {tuple(k - 1 for k in b["between"]): ends(b["F"]) for b in o["barriers"]},
        o["more"],
        True,
        len(points) if sound and o["exit"] == done.returncode and o["formula"] == p.formula else None,
        done.returncode,
        done.stdout + done.stderr,
    )


# Reasons


def samples(p, place):
    """A grid on a place, an eighth larger, as the program's boxes are; half its spacing in either direction."""
    x0, w, y0, h = sides(p, mpmath.mpf)
    (a, b), (c, d) = [(place.x[i] - x0) / w for i in (0, 1)], [(place.y[i] - y0) / h for i in (0, 1)]
    us, vs = (
        numpy.linspace(LONG(str(lo - (hi - lo) / 8)), LONG(str(hi + (hi - lo) / 8)), 81) for lo, hi in ((a, b), (c, d))
    )
    u, v = (e.ravel() for e in numpy.meshgrid(us, vs))
    return u, v, (us[1] - us[0]) / 2, (vs[1] - vs[0]) / 2


def hits(p, place, kinds, sign=False):
    """Does something that a kink, a pole or a root depends on reach 0 there (sign: or is it negative)?"""
    u, v, du, dv = samples(p, place)
    Jet.log = []
    jet(p, u, v)
    log, Jet.log = Jet.log, None
    for what, a in log:
        f, x, y = (numpy.asarray(e, LONG) for e in a.d[:3])
        if what in kinds and numpy.any((f if sign and what != "pole" else abs(f)) <= 1.5 * (abs(x) * du + abs(y) * dv)):
            return True
    return False


def huge(p, place):
    u, v, _, _ = samples(p, place)
    x0, w, y0, h = sides(p, LONG)
    d = jet(p, u, v)
    slopes = [d[1] / w, d[2] / h, d[3] / w / w, d[4] / w / h, d[5] / h / h]
    return any(numpy.any(~(abs(e) < 1e290)) for e in slopes)


def nothing(a):
    """Does an array of second derivatives or determinants change sign, or come close to 0 against its size?"""
    a = a[numpy.isfinite(a)]
    return len(a) == 0 or a.min() <= 0 <= a.max() or abs(a).min() <= 1e-2 * abs(a).max()


def hessian_singular(p, place):
    u, v, _, _ = samples(p, place)
    f, x, y, a, b, d = jet(p, u, v)
    if nothing(a * d - b * b):
        return True
    x0, w, y0, h = sides(p, mpmath.mpf)
    on = lambda lo, hi, at, size: lo - size * NEAR <= at <= hi + size * NEAR
    if any(on(*place.x, at, w) for at in (x0, x0 + w)) and (nothing(d) or nothing(x)):
        return True
    return any(on(*place.y, at, h) for at in (y0, y0 + h)) and (nothing(a) or nothing(y))


def at_edge(p, place, points):
    here = [q for q in points if holds(p, place, q)]
    return len(here) > 1 or any(q.where == "edge" for q in here)


def on_rim(p, place):
    """Whether the place reaches a side of the box."""
    x0, w, y0, h = sides(p, mpmath.mpf)
    ends = ((place.x, x0, x0 + w), (place.y, y0, y0 + h))
    return any(abs(e - side) <= 1e-11 * abs(b - a) for i, a, b in ends for e in i for side in (a, b))


def tiny(p, place):
    """Whether the place is as small as boxes get: 2^-40 of each side, and some touching ones."""
    x0, w, y0, h = sides(p, mpmath.mpf)
    return place.x[1] - place.x[0] <= w * 2**-30 and place.y[1] - place.y[0] <= h * 2**-30


REASONS = {
    "undefined": lambda p, place, points: hits(p, place, ("pole", "root", "log"), sign=True),
    "derivatives may be unbounded": lambda p, place, points: hits(p, place, ("root", "pole", "log")) or huge(p, place),
    "kink": lambda p, place, points: hits(p, place, ("kink",)),
    "Hessian may be singular": lambda p, place, points: hessian_singular(p, place),
    "a stationary point lies on the edge": at_edge,
    "flat along the edge": lambda p, place, points: on_rim(p, place),
    "halved further": lambda p, place, points: tiny(p, place),
    "budget": lambda p, place, points: True,
}


# Comparison


def within(interval, value, slack):
    return interval[0] - slack <= value <= interval[1] + slack


def holds(p, place, q):
    x0, w, y0, h = sides(p, mpmath.mpf)
    return within(place.x, q.x, q.radius * w) and within(place.y, q.y, q.radius * h)


def slack_of(q):
    return q.size * (mpmath.mpf(10) ** -12 if q.kind == "degenerate" else mpmath.mpf(10) ** -35)


def shown(q):
    return "%s at x=%s y=%s F=%s" % ((q.kind,) + tuple(mpmath.nstr(a, 17) for a in (q.x, q.y, q.F)))


def printed(q):
    return "%s x=[%s,%s] y=[%s,%s] F=[%s,%s]" % ((q.kind,) + tuple(mpmath.nstr(a, 17) for a in q.x + q.y + q.F))


class Comparison:
    """Of one function: disagreements, and how much was compared."""

    def __init__(self, p, out):
        self.p, self.out, self.lines, self.count = p, out, [], collections.Counter(functions=1)

    def fail(self, expected, found):
        box = ",".join(repr(b) for b in self.p.box)
        self.lines.append("%s box=%s: expected %s, found %s" % (self.p.formula, box, expected, found))

    def expect(self, holds, expected, found):
        if not holds:
            self.fail(expected, found)

    def excused(self, q):
        return self.out.full or any(holds(self.p, place, q) for place in self.out.places)

    def code(self):
        """Exit 0 or 3, the counts of the last line, and a place wherever it is 3."""
        out, broken = self.out, self.out.places or self.out.full or any(q.kind == "degenerate" for q in self.out.points)
        self.expect((out.code == 3) == bool(broken), "3 with a reason, or 0 without", str(out.code))
        minima = sum(q.kind == "minimum" for q in out.points) + len(out.edges)
        pairs = minima * (minima - 1) // 2
        self.expect(out.code == 3 or len(out.barriers) == pairs, "%d barriers" % pairs, "%d" % len(out.barriers))

    def missed(self, points):
        """Every point of the solver is in the list, of its kind, with its value, or its place is not resolved."""
        for q in points:
            here = [f for f in self.out.points if holds(self.p, f, q)]
            self.count["points, sought"] += 1
            if not here:
                expected = q.where != "edge" and not self.excused(q)
                self.expect(not expected, shown(q), "nothing there")
                continue
            self.expect(any(f.kind == q.kind for f in here), shown(q), printed(here[0]))
            self.expect(any(within(f.F, q.F, slack_of(q)) for f in here), shown(q), printed(here[0]))
        inside = sum(q.where != "edge" for q in points)
        if self.out.code == 0:
            self.expect(
                len(self.out.points) in range(inside, len(points) + 1), "%d points" % inside, str(len(self.out.points))
            )

    def invented(self, points):
        for f in self.out.points:
            self.count["points, listed"] += 1
            self.expect(any(holds(self.p, f, q) for q in points), "no stationary point there", printed(f))

    def edge(self, points, edges):
        """The same of minima on the edge; what is clear only must be there."""
        minima = [q for q in edges if q.kind == "minimum"]
        for q in minima:
            self.count["minima on the edge, sought"] += 1
            here = [f for f in self.out.edges + self.out.points if holds(self.p, f, q)]
            self.expect(here or self.excused(q) or not q.clear, "edge-" + shown(q), "nothing there")
            right = not here or any(within(f.F, q.F, slack_of(q)) for f in here)
            self.expect(right, "edge-" + shown(q), here and printed(here[0]))
        for f in self.out.edges:
            self.count["minima on the edge, listed"] += 1
            known = [q for q in minima + points if q.where == "edge" and holds(self.p, f, q)]
            self.expect(known, "no minimum on the edge there", printed(f))

    def kinks(self):
        """Every minimum that a grid shows is listed, or its place is not resolved."""
        for x, y, edge in kink_minima(self.p):
            if edge and not self.out.sought:
                continue
            q = Point(0, 0, x, y, 0, "minimum", 1e-6, 0, "kink")
            listed = any(holds(self.p, f, q) for f in self.out.points + self.out.edges)
            self.count["minima with kinks, seen"] += 1
            self.expect(listed or self.excused(q), "a minimum near x=%s y=%s" % (x, y), "nothing there")

    def reasons(self, points):
        for place in self.out.places:
            where = "x=[%s,%s] y=[%s,%s]" % tuple(mpmath.nstr(a, 17) for a in place.x + place.y)
            true = [test(self.p, place, points) for words, test in REASONS.items() if words in place.why]
            self.count["places with a reason"] += 1
            self.expect(true and all(true), "a true reason at " + where, place.why)

    def barriers(self, points, edges):
        """Those printed against passes, where all that matters is known, and against the flood of the grid."""
        minima = [q for q in points if q.kind == "minimum"] + [q for q in edges if q.kind == "minimum"]
        saddles = [q for q in points if q.kind == "saddle"] + [q for q in edges if q.kind == "saddle"]
        listed = [f for f in self.out.points if f.kind == "minimum"] + self.out.edges
        index = [next((k for k, q in enumerate(minima) if holds(self.p, f, q)), None) for f in listed]
        if not self.out.barriers or None in index:
            return
        smooth = all(q.where == "inside" and q.kind != "degenerate" for q in points) and all(q.clear for q in edges)
        sharp = passes(self.p, minima, saddles) if smooth and not self.p.kinks else {}
        rough_ones = flood(self.p, minima)
        for (i, j), b in self.out.barriers.items():
            pair = tuple(sorted((index[i], index[j])))
            self.barrier("barrier %d-%d" % (i + 1, j + 1), b, sharp.get(pair), rough_ones.get(pair))

    def barrier(self, name, b, sharp, grid):
        found = "[%s,%s]" % tuple(mpmath.nstr(e, 17) for e in b)
        if grid:
            low, high = exact(grid[0] - grid[2]), exact(grid[0] + grid[1])
            bounds = "within [%s,%s] by the grid" % (mpmath.nstr(low, 9), mpmath.nstr(high, 9))
            self.count["barriers by the grid"] += 1
            self.expect(b[0] <= high and low <= b[1], name + " " + bounds, found)
            self.expect(sharp is None or low <= sharp <= high, name + " " + bounds, "%s by the solver's passes" % sharp)
        if sharp is not None:
            self.count["barriers by passes"] += 1
            self.expect(
                within(b, sharp, abs(sharp) * mpmath.mpf(10) ** -35), "%s %s" % (name, mpmath.nstr(sharp, 20)), found
            )

    def known(self):
        """Counts of minima, saddles and maxima and the least value, where they are known; if some is undecided, at most
        these counts."""
        known = self.p.known or ()
        for kind, n in zip(("minimum", "saddle", "maximum"), known):
            count = sum(q.kind == kind for q in self.out.points)
            right = n is None or n == count or self.out.code == 3 and n > count
            self.expect(right, "%s times a %s" % (n, kind), count)
        if len(known) > 3 and self.out.code == 0:
            least = self.out.points and min(self.out.points, key=lambda q: q.F[0])
            right = least and within(least.F, mpmath.mpf(known[3]), abs(mpmath.mpf(known[3])) * 1e-8)
            self.expect(right, "the least value %s" % known[3], least and printed(least))
        self.count["known counts and least values"] += sum(k is not None for k in known)


def compare(task):
    """The disagreements of one function, what was compared, reasons, seconds of the program."""
    program, p = task[0], problem(*task[1])
    start = time.monotonic()
    try:
        out = run(program, p)
    except subprocess.TimeoutExpired:
        return ["%s: expected an end within %d s, found none" % (p.formula, LIMIT)], {"functions": 1}, [], LIMIT
    spent = time.monotonic() - start
    c = Comparison(p, out)
    if out.code not in (0, 3) or out.total is None:
        c.fail("exit 0 or 3", "%d: %s" % (out.code, out.text[-300:].strip()))
        return c.lines, c.count, [], spent
    with numpy.errstate(all="ignore"):
        points, edges = stationary(p), on_edge(p)
        c.code()
        c.missed(points)
        c.invented(points)
        if out.sought:
            c.edge(points, edges)
        c.kinks()
        c.reasons(points)
        c.barriers(points, edges)
        c.known()
    reasons = sorted({place.why for place in out.places} | ({"more than 64 points"} if out.full else set()))
    c.count["undecided"] += out.code == 3
    return c.lines, c.count, reasons, spent


# The functions: formula, box, counts of minima, saddles and maxima and the least value, where known

SQUARE = (-4, 4, -4, 4)
CLASSICAL = [
    ("(x^2+y-11)^2+(x+y^2-7)^2", (-6, 6, -6, 6), (4, 4, 1, "0")),  # Himmelblau
    ("(x^2+y-11)^2+(x+y^2-7)^2", (-100, 100, -100, 100), (4, 4, 1, "0")),
    ("(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", (-3, 3, -2, 2), (6, 7, 2, "-1.0316284534898774")),  # camels
    ("2*x^2-1.05*x^4+x^6/6+x*y+y^2", (-5, 5, -5, 5), (3, 2, 0, "0")),
    ("(1-x)^2+100*(y-x^2)^2", (-3, 3, -3, 3), (1, 0, 0, "0")),  # Rosenbrock
    ("(1-x)^2+1000000*(y-x^2)^2", (-2, 2, -1, 3), (1, 0, 0, "0")),
    (
        "(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))*(30+(2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y+27*y^2))",
        (-2, 2, -2, 2),
        (4, None, None, "3"),
    ),  # Goldstein-Price
    ("(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2", (-4.5, 4.5, -4.5, 4.5), (1, None, 0, "0")),  # Beale
    ("(x+2*y-7)^2+(2*x+y-5)^2", (-10, 10, -10, 10), (1, 0, 0, "0")),  # Booth
    ("0.26*(x^2+y^2)-0.48*x*y", (-10, 10, -10, 10), (1, 0, 0, "0")),  # Matyas
    ("sin(x+y)+(x-y)^2-1.5*x+2.5*y+1", (-1.5, 4, -3, 4), (2, 1, 0, "-1.9132229549810367")),  # McCormick
    (
        "sin(9.42477796076938*x)^2+(x-1)^2*(1+sin(9.42477796076938*y)^2)+(y-1)^2*(1+sin(6.28318530717959*y)^2)",
        (0.5, 1.5, 0.5, 1.5),
        None,
    ),  # Levy
    ("20+x^2+y^2-10*(cos(6.28318530717959*x)+cos(6.28318530717959*y))", (-1.2, 1.3, -1.2, 1.3), (9, 12, 4, "0")),
    ("(x^4-16*x^2+5*x+y^4-16*y^2+5*y)/2", (-5, 5, -5, 5), (4, 4, 1, "-78.332331407545")),  # Styblinski-Tang
    (
        "x^2+2*y^2-0.3*cos(9.42477796076938*x)-0.4*cos(12.5663706143592*y)+0.7",
        (-0.5, 0.6, -0.5, 0.6),
        (None, None, None, "0"),
    ),
    ("x^2+2*y^2-0.3*cos(9.42477796076938*x)*cos(12.5663706143592*y)+0.3", (-0.9, 0.8, -0.7, 0.8), None),  # Bohachevsky
    ("x^2+2*y^2-0.3*cos(9.42477796076938*x+12.5663706143592*y)+0.3", (-1, 1.1, -1, 1.1), None),
    ("(x^2+y^2)/4000-cos(x)*cos(y/sqrt(2))+1", (-8, 9, -8, 9), None),  # Griewank
    ("0.5+(sin(x^2-y^2)^2-0.5)/(1+0.001*(x^2+y^2))^2", (-1, 1.1, -1, 1.2), None),  # Schaffer
    ("x^2+y^2+(0.5*x+y)^2+(0.5*x+y)^4", (-5, 10, -5, 10), (1, 0, 0, "0")),  # Zakharov
    ("(x-1)^2+2*(2*y^2-x)^2", (-10, 10, -10, 10), (2, 1, 0, "0")),  # Dixon-Price
    ("(-13+x+((5-y)*y-2)*y)^2+(-29+x+((y+1)*y-14)*y)^2", (-20, 20, -5, 8), (2, None, None, "0")),  # Freudenstein-Roth
    ("(x-10^6)^2+(y-0.000002)^2+(x*y-2)^2", (1, 2e6, 1e-6, 1e-5), (1, None, None, "0")),  # Brown
    (
        "(y-0.129184509*x^2+1.591549431*x-6)^2+9.602112642*cos(x)+10",
        (-5, 10, 0, 15),
        (3, 2, 0, "0.397887357"),
    ),  # Branin
    ("(x-1)^2+(y-1)^2-x*y", SQUARE, (1, 0, 0, "-2")),  # trid
    ("100*(y-x^3)^2+(1-x)^2", (-1.5, 1.5, -1.5, 1.5), (1, 0, 0, "0")),  # Leon
    ("(2*x^3*y-y^3)^2+(6*x-y^2+y)^2", (-2, 2, -2.5, 2.5), None),  # Price 4
    ("cos(x)*sin(y)-x/(y^2+1)", (-1, 2, -1, 1), (0, None, None)),  # Adjiman: at the edge
    ("-sin(2*x-1.5707963267949)-3*cos(y)-0.5*x", (-2.5, 3, -2, 2), None),  # Ursem
    ("(x^6+y^4-17)^2+(2*x+y-4)^2", (-1, 3, -1, 3), (2, None, None, "0")),  # Wayburn-Seader
    ("cos(x)^2+sin(y)^2", (-5, 5, -5, 5), (12, None, None, "0")),  # Parsopoulos
    ("x^2+y^2+25*(sin(x)^2+sin(y)^2)", (-3.5, 3.6, -3.5, 3.6), None),  # egg crate
    (
        "10^5*x^2+y^2-(x^2+y^2)^2+(x^2+y^2)^4/10^5",
        (-20, 20, -20, 20),
        (3, 2, 0, "-24776.518342317686"),
    ),  # Deckkers-Aarts
    (
        "-3803.84-138.08*x-232.92*y+128.08*x^2+203.64*y^2+182.25*x*y",
        (-10, 10, -10, 10),
        (1, 0, 0, "-3873.7241821862713"),
    ),
    ("(x-y)^4+(x+y-2)^2", SQUARE, None),
    (
        "(1-2*y+sin(12.5663706143592*y)/20-x)^2+(y-sin(6.28318530717959*x)/2)^2",
        (-0.5, 1.2, -0.5, 1.2),
        None,
    ),  # Levy-Montalvo
    ("((x-1)^2+(y-2)^2)*((x+1)^2+(y+1)^2+1)", SQUARE, (None, None, None, "0")),
    ("(1+sin(x)^2+sin(y)^2)/(1+0.1*(x^2+y^2))", (-3, 3.1, -3, 3.1), None),
]
GAUSS = "exp(-(%s)^2-(%s)^2)"
CURVED = [
    ("-exp(-x^2-y^2)+tanh(x)/5", (-2, 2, -0.1, 1e-1), None),
    ("x^2/8+y^2/8-%s-2*%s" % (GAUSS % ("x-1.5", "y"), GAUSS % ("x+1.5", "y-0.5")), (-3, 3.1, -3, 3), None),
    ("-%s-1.2*%s-0.8*%s" % (GAUSS % ("x", "y"), GAUSS % ("x-2", "y-1"), GAUSS % ("x+1", "y-2")), (-2, 3, -1, 3), None),
    ("log(1+exp(-x))+log(1+exp(x-2*y))+1e-1*(x^2+y^2)", SQUARE, (1, 0, 0)),  # logistic losses
    ("log(1+exp(-x-y))+log(1+exp(x-y/2))+log(1+exp(y))", SQUARE, (1, 0, 0)),
    ("log(1+exp(-x*y))+(x^2+y^2)/20", SQUARE, None),
    ("(tanh(x)*y-1)^2+0.05*(x^2+y^2)", (-4, 4.5, -4, 4.2), None),  # one hidden unit
    ("(tanh(x+y)-0.5)^2+(tanh(x-y)+0.25)^2", (-2, 2, -2, 2.5), None),
    ("(tanh(x)-tanh(y))^2+x^2/10+(tanh(2*x*y)-0.3)^2", (-2, 2.1, -2, 2), None),
    ("tanh(x)^2+y^2", (-30, 25, -1, 1), (1, 0, 0, "0")),
    ("x*log(x)+y*log(y)", (0.01, 2, 1e-2, 3), (1, 0, 0, "-0.735758882342884643")),
    ("x-log(x)+y^2-log(y)", (0.1, 4, 0.1, 4), (1, 0, 0)),
    ("log(x^2+y^2+0.1)+x/3", (-2, 2.5, -2, 2), None),
    ("log(1+(x^2-1)^2+y^2)", (-2, 2.2, -2, 2), (2, 1, 0, "0")),
    ("log(x)+y^2", SQUARE, None),
    ("log(x^2+y^2)+(x^2+y^2)/2", (-1, 1.5, -1, 2), None),
    ("exp(x)-2*x+exp(-y)+y", SQUARE, (1, 0, 0)),
    ("exp(x*y)-x^2+y^4", (-1.5, 1.6, -1.5, 1.6), None),
    ("exp(1000*x)+y^2", SQUARE, None),
    ("exp(300*(x^2+y^2))/1e100+x", (-1, 1, -1, 1), None),
    ("exp(-1/(x^2+1e-1))+y^2", (-1, 1.3, -1, 1), None),
    (
        "-20*exp(-0.2*sqrt((x^2+y^2)/2))-exp((cos(6.28318530717959*x)+cos(6.28318530717959*y))/2)",
        (0.3, 1.6, 0.4, 1.7),
        None,
    ),  # Ackley
    ("sin(3*x)*exp(-x^2-y^2)+1.5e-1*y^2", (-2, 2.2, -2, 2), None),
    ("x^-2+x+y^2", (0.5, 3, -1, 1), (1, 0, 0)),
    ("(x^2+1)^-1*(y^2-1)+ +y/1E+1", (-2, 2.5, -2, 2), None),
    ("log(exp(x^2+y)+exp(-y))-x/4", (-2, 2, -2, 2.2), None),
]
DEGENERATE = [
    ("x^3-3*x*y^2", SQUARE, None),
    ("x^4+y^4", SQUARE, None),
    ("(x*y)^2", SQUARE, None),
    ("(x^2+y^2-1)^2", (-2, 2, -2, 2), None),
    ("x^2+y^4", (-1, 1.5, -1, 2), None),
    ("x^3+y^2", (-2, 2, -2, 2), None),
    ("(x-0.1)^4-(y-0.3)^2", (-1, 1, -1, 1), None),
    ("(y-x^2)*(y-3*x^2)", (-1, 1.2, -1, 1.2), None),  # Peano
    ("(x-y)^2", SQUARE, None),
    ("x^2*y", (-1, 1, -1, 1), None),
    ("x^6+y^6-3*x^2*y^2", (-2, 2, -2, 2), None),
    ("x^5-10*x^3*y^2+5*x*y^4+(x^2+y^2)^3", (-1, 1.5, -1.5, 1), None),
    ("7", SQUARE, None),
    ("x^2", SQUARE, None),
    ("(x^2+y^2-3)*x^2*y^2+1", (-2, 2, -2, 2), (4, 0, 0, "0")),
    ("(x^2-1)^2+y^4", (-2, 2.3, -1, 1.5), None),
    ("x^3/3-0.0000000001*x+y^2", (-1, 1.5, -1, 1.5), (1, 1, 0)),  # nearly: 2e-5 apart
    ("x^3/3-x/10^18+y^2", (-1, 1.5, -1, 1.5), None),  # 2e-9 apart
    ("x^4-x^2/10^8+y^2", (-1, 1.5, -1, 1.5), (2, 1, 0)),
    ("-(1+cos(12*sqrt(x^2+y^2)))/(0.5*(x^2+y^2)+2)", (-0.6, 0.7, -0.6, 0.7), None),  # drop wave
]
WELL = "{0}^4-2*{0}^2+{0}/3+{1}^2+{0}*{1}/5"


def ten(n):
    return "*".join(["10^50"] * (n // 50) + ["10^%d" % (n % 50)])


def scaled():
    """A double well in units of many sizes of x, y and F, and others."""
    rows = []
    for a, b, c in itertools.product((-150, 0, 29), (-150, 0, 29), (-150, 0, 150)):
        x, y = (
            n and "(%s%s)" % (name, "*" + ten(-n) if n < 0 else "/" + ten(n)) or name
            for name, n in (("x", a), ("y", b))
        )
        f = "(" + WELL.format(x, y) + ")" + ("*" + ten(c) if c > 0 else "/(" + ten(-c) + ")")
        u, v = 10.0**a, 10.0**b
        rows.append((f, (-2 * u, 2.1 * u, -1.9 * v, 2 * v), (2, 1, 0)))
    for n in (-60, -20, -8, 8, 20):
        x, u = "x*" + ten(-n) if n < 0 else "x/" + ten(n), 10.0**n
        rows.append(("(%s)^2+y^2-cos(3*%s)*y" % (x, x), (-2 * u, 2.1 * u, -2, 2.2), None))
    for n in (-14, -8, 8, 14):
        factor = "/" + ten(-n) if n < 0 else "*" + ten(n)
        rows.append(("(x^2-1)^2*y^2+(y-1)^2" + factor, (-2, 2, -2, 2.5), None))
    return rows


KINKS = [
    ("abs(x)+y^2", SQUARE, None),
    ("abs(x-0.1)+y^2", SQUARE, None),
    ("max(x^2,y^2)", (-1, 1.5, -1, 1.5), None),
    ("max(x^2,x^2+1)+y^2", SQUARE, (1, 0, 0, "1")),
    ("max((x-1)^2,(x+1)^2)+y^2", SQUARE, None),
    ("min((x-1)^2,(x+1)^2)+y^2", SQUARE, (2, 0, 0, "0")),
    ("min((x-1)^2+y^2,(x+1)^2+(y-1)^2+0.5)", SQUARE, (2, 0, 0, "0")),
    ("abs(x^2+y^2-1)", (-2, 2, -2, 2), None),
    ("abs(x^2-y-1)+(y-1)^2", SQUARE, None),
    ("x*abs(x)+y^2", SQUARE, None),
    ("abs(x)^3+y^2", SQUARE, None),
    ("abs(x+y)+abs(x-y)", SQUARE, None),
    ("abs(x-1)+x*3+y^2", SQUARE, None),
    ("(x-2)^2+(y-1)^2+abs(x+y+1)", SQUARE, (1, 0, 0)),
    ("max(x+y,max(-x-y,x-2*y))", (-1, 1.5, -1.2, 1), None),
    ("sin(abs(x)+1)*cos(y)", (-3, 3.3, -3, 3.1), None),
    ("100*sqrt(abs(y-0.01*x^2))+0.01*abs(x+10)", (-15, -5, -3, 3), None),  # Bukin
]
POLES = [
    ("1/x+y^2", (-1, 1.5, -1, 1.5), None),
    ("1/(x^2+y^2)", (-1, 1.5, -1, 1.5), None),
    ("x+1/x+y^2", (0.1, 4, -1, 1.5), (1, 0, 0, "2")),
    ("x*y+1/x+1/y", (0.1, 4, 0.1, 4), (1, 0, 0, "3")),
    ("x^2+y^2+1/(x*y)", (0.2, 3, 0.2, 3), (1, 0, 0)),
    ("1/(1+x^2+y^2)", SQUARE, (0, 0, 1)),
    ("x/(1+x^2+y^2)", SQUARE, (1, 0, 1, "-0.5")),
    ("x*y/(x^2+y^2+1)-x/4", SQUARE, None),
    ("1/((x-1)^2+0.1)+1/((y+1)^2+0.1)", SQUARE, (0, 0, 1)),
    ("1/(x-y)", (-1, 1.5, -1, 1), None),
    ("x^2+y^2+0*(1/(x-3))", SQUARE, None),
    ("sqrt(x)+y^2", (-1, 1, -1, 1.5), None),
    ("sqrt(x)+y^2", (0, 1, -1, 1.5), None),
    ("sqrt(x^2+y^2)", SQUARE, None),
    ("sqrt(x^2+y^2+1)-y/2", SQUARE, (1, 0, 0, "0.8660254037844386")),
    ("sqrt(4-x^2-y^2)", (-1, 1, -1, 1.2), (0, 0, 1)),
    ("sqrt(4-x^2-y^2)+x*y", (-2, 2, -2, 2), None),
    ("sqrt(x+5)*(y^2+1)-x/5+sqrt(y+5)", SQUARE, None),
    ("-x*sin(sqrt(x))-y*sin(sqrt(y))", (1, 70, 2, 60), None),  # Schwefel
    ("-(y+47)*sin(sqrt(abs(y+x/2+47)))-x*sin(sqrt(abs(x-(y+47))))", (-20, 20, -20, 20), None),  # egg holder
]
EDGES = [
    ("x+y", SQUARE, (0, 0, 0)),
    ("x*y", (-1, 1, -1, 1), (0, 1, 0)),
    ("x^2-y^2", (-1, 1, -1, 2), (0, 1, 0)),
    ("-x^2-y^2", (-1, 1, -1, 2), (0, 0, 1)),
    ("x^2+(y-0.5)^2", (0, 1, 0, 1), None),
    ("(x-1)^2+(y-1)^2", (1, 2, 1, 2), None),
    ("(x-0.1)^2+y", (-1, 1, 0.1, 1), (0, 0, 0)),
    ("x^2-y^2", (0, 1, -1, 1), None),
    ("x^2+y", (0, 1, 0, 1), (0, 0, 0)),
    ("cos(3*x)+y", (-3, 3.3, -1, 1), (0, 0, 0)),
    ("(x^2-1)^2-y^2", (-2, 2, -1, 2), None),
    ("(x^2-1)^2+y^3-y", (-2, 2, -1.3, 1), None),
    ("(x^2-1)^2*(1+y)+(y-1)^2", (-2, 2, -0.9, 3), None),
    ("((x^2-1)^2+y^2)*(3-y)+(x^2-1)^2*y^2", (-2, 2, -2, 2.5), None),
    ("x^3-3*x+y^3-3*y", (-1.5, 1.2, -1.1, 1.9), (1, 2, 1)),
    ("x^3-3*x+y^3-3*y", (-1, 1.5, -1, 1.5), None),
    ("x^3-3*x+y^3-3*y", (-3, 3, -3, 3), (1, 2, 1)),
    ("-((x^2-1)^2)-(y^2-1)^2", (-2, 2, -2, 2.5), (1, 4, 4)),
    ("(x^2+y-11)^2+(x+y^2-7)^2", (-3.9, 3.4, -3.5, 2.5), None),
    ("(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", (-1.2, 1.9, -0.7, 1.1), None),
    ("(x^2+y^2-1)^2+x/2", (-1.2, 0.8, -1, 0.7), None),
    ("sin(3*x)*cos(2*y)+x*y/5", (-2, 2.2, -2, 1.7), None),
    ("(x^2-1)^2+(y-2)^2*(1-x^2/2)", (-1.4, 1.3, -1, 1), None),
    ("x*(1-x)*(2+y)", (0, 1, -1, 1), None),
]
MANY = [
    ("sin(x)*sin(y)", (-20, 20, -20, 20), None),
    ("sin(x)*sin(y)", (-6, 7, -6, 7), None),
    ("sin(3*x+y)+cos(2*y-x)", (-3, 3.1, -3, 3.2), None),
    ("cos(5*x)+cos(4*y)+x*y/3", (-1.5, 1.6, -1.5, 1.7), None),
    ("sin(x*y)+x^2/10", (-3, 3.2, -3, 2.9), None),
    ("sin(x^2+y)+cos(y^2-x)", (-2, 2.1, -2, 2.2), None),
    ("(x^2-1)^2*(x^2-4)^2/10+(y^2-1)^2", (-2.3, 2.4, -1.6, 1.7), (8, None, None, "0")),
]


def rounded(dice, reach):
    return "%.2f" % abs(dice.uniform(0.05, reach)), dice.choice("+-")


def randoms():
    """Polynomials of degree 3 to 6, wells with bumps, and waves; the same ones each time."""
    dice, rows = random.Random(20201), []
    for n in range(24):
        degree, text = 3 + n % 3, "0"
        for i, j in itertools.product(range(degree + 1), repeat=2):
            if 0 < i + j <= degree and dice.random() < 0.75:
                number, sign = rounded(dice, 2)
                text += sign + number + "*x^%d*y^%d" % (i, j)
        rows.append((text, (-1.5, 1.7, -1.6, 1.4), None))
    for n in range(12):
        parts = ["%s*x^%d*y^%d" % (rounded(dice, 1)[0], dice.randint(0, 3), dice.randint(0, 3)) for _ in range(4)]
        well = "(x^2-%s)^2+(y^2-%s)^2" % (rounded(dice, 2)[0], rounded(dice, 2)[0])
        rows.append((well + "".join(dice.choice("+-") + part for part in parts), (-2, 2.1, -2.2, 2), None))
    for n in range(8):
        a, b, c, d, e = (rounded(dice, 3)[0] for _ in range(5))
        rows.append(("sin(%s*x+%s*y)+cos(%s*x-%s*y)+%s*x^2/9" % (a, b, c, d, e), (-2, 2.5, -2.5, 2), None))
    return rows


def table():
    return CLASSICAL + CURVED + DEGENERATE + scaled() + KINKS + POLES + EDGES + MANY + randoms()


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "./skipverify"
    tasks = [(program, row) for row in table() if len(sys.argv) < 3 or sys.argv[2] in row[0]]
    start, count, reasons, lines, slowest = time.monotonic(), collections.Counter(), collections.Counter(), 0, 0
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for disagreements, part, why, spent in pool.imap(compare, tasks):
            for line in disagreements:
                print(line, flush=True)
            lines += len(disagreements)
            count.update(part)
            reasons.update(why)
            slowest = max(slowest, spent)
    for what, n in sorted(reasons.items()):
        print("undecided in %3d functions: %s" % (n, what))
    print(", ".join("%d %s" % (n, what) for what, n in sorted(count.items())))
    took = time.monotonic() - start
    print(
        "%d disagreements; %.0f s, of which the program took %.1f s at most for one function" % (lines, took, slowest)
    )
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
