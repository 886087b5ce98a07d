#!/usr/bin/env python3
"""Exact vectors of skipverify: python3 vectors/exact.py > vectors/exact.inc   (from the project root; a quarter of a minute; Python 3.9 or later)

Why: a figure of the program is worth what it is compared with. The rows printed here come from integers and fractions of the Python 3
standard library and share no code and no method with skipverify.c. Floats only carry doubles: they are taken apart and put together by
their bits (dyadic, round_dyadic); no result passes through float arithmetic. Each value is worked out a second way where there is one
(fractions' own rounding, decimal, other formulas), and sure() stops the program where two ways differ: then nothing is printed.

Rows, one a line, macros as in the frame that main() prints:
  FMA(a, b, c, r)                       r = a b + c, rounded once, to nearest even
  SUM("name", nearest, down, up, t1..t6)  the exact sum of six doubles, rounded three ways
  DEC(x, "floor", "ceil")               x with 12 decimals, rounded down and up
  HEX(x, "text")                        the spelling of x
  GEMM(m, n, k, "sha256")               the digest of a product of two given matrices
  EL(f, x, lo, hi), EL2(f, y, x, lo, hi)  the doubles around the value of an elementary function (equal where it is a double)
  ELR(f, x, r), ELR2(f, y, x, r)        the double nearest to such a value, which lies close to halfway between two
  FIG("claim", "case", "figure", "value", rest)  a figure of a claim, rounded down; rest: EXACTLY that, or AND_MORE, less than one unit
  FIGW(.., slack)                       the same, where a certified figure may be off by slack units of 10^-12
"""
import hashlib
import os
import random
import re
import struct
import sys
import textwrap
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import comb, copysign, fsum, inf, isqrt, nan, nextafter

LINES = []

def emit(text):
    LINES.append(text)

def row(macro, cells, why=""):
    emit("%s(%s)%s" % (macro, ", ".join(str(c) for c in cells), "  /* %s */" % why if why else ""))

def block(text):
    lines = textwrap.wrap("/* exact: python3 vectors/exact.py; %s */" % text, 137)
    emit("\n" + "\n   ".join(lines))

def quoted(text):
    return '"%s"' % text

def sure(condition, what):
    """An assert that no option switches off."""
    if not condition:
        raise SystemExit("exact.py: two ways differ: %s" % (what,))

# ---- doubles, as integers times powers of two ----

DBL_MAX = sys.float_info.max
TINY = 5e-324

def bits_of(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]

def double_of(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]

def dyadic(x):
    """(n, e): the finite double x is n 2^e."""
    bits = bits_of(x)
    field, n = bits >> 52 & 0x7ff, bits & (1 << 52) - 1
    sure(field < 0x7ff, "finite")
    n += (1 << 52) * (field > 0)
    return (-n if bits >> 63 else n), max(field, 1) - 1075

def build(negative, n, e):
    """The double +-n 2^e. Precondition: 0 <= n <= 2^53, and e >= -1074 where n != 0; from 2^1024 on, infinity."""
    shift = min(53 - n.bit_length(), e + 1074) if n else 0
    n, e = (n << shift, e - shift) if shift >= 0 else (n >> 1, e + 1)   # shift < 0 only for n = 2^53
    field = e + 1075 if n >> 52 else 0
    return double_of(negative << 63 | (0x7ff << 52 if field >= 0x7ff else field << 52 | n & (1 << 52) - 1))

def round_dyadic(n, e, mode="nearest"):
    """n 2^e rounded to a double, to nearest even, down or up; zero is +0 unless n < 0.

    Why right: the doubles' grid about |n| 2^e has the step 2^q, q = max(floor(log2 of it) - 52, -1074). Cutting |n| at that step leaves the
    double below in magnitude and a rest in [0, 1) step. The next one is the next integer, also across a power of two (build takes 2^53)."""
    m = abs(n)
    drop = max(m.bit_length() - 53, -1074 - e)
    if drop <= 0:
        return build(n < 0, m, e)
    kept, rest, half = m >> drop, m & (1 << drop) - 1, 1 << drop - 1
    away = {"nearest": rest > half or rest == half and kept & 1, "down": rest and n < 0, "up": rest and n > 0}[mode]
    return build(n < 0, kept + bool(away), e + drop)

def add_dyadic(a, b):
    e = min(a[1], b[1])
    return (a[0] << a[1] - e) + (b[0] << b[1] - e), e

def minus_zero(x):
    return bits_of(x) == 1 << 63

def negative(x):
    return bits_of(x) >> 63 == 1

def fma(a, b, c):
    """a b + c rounded once. An exact zero is -0 only where both a b and c are -0 (C99 F.9.10.1 by way of IEEE 754, 6.3)."""
    (na, ea), (nb, eb) = dyadic(a), dyadic(b)
    n, e = add_dyadic((na * nb, ea + eb), dyadic(c))
    if n == 0:
        return -0.0 if na * nb == 0 and negative(a) != negative(b) and minus_zero(c) else 0.0
    return round_dyadic(n, e)

def times(a, b):
    return fma(a, b, -0.0)      # -0 is neutral: the sign of a zero product stays

def plus(a, b):
    return fma(a, 1.0, b)

def power(k):
    """2^k as a double, -1074 <= k <= 1023."""
    return build(False, 1, k)

def rounded_fraction(q):
    """Second way: a fraction to the nearest double by the library's integer division."""
    try:
        return q.numerator / q.denominator
    except OverflowError:
        return inf if q > 0 else -inf

def trimmed(text):
    return text.rstrip("0").rstrip(".") if "." in text else text

def hexfloat(x):
    """C99 hexfloat without trailing zero digits; INFINITY and NAN by name."""
    if x != x or abs(x) == inf:
        return "NAN" if x != x else "INFINITY" if x > 0 else "-INFINITY"
    bits = bits_of(x)
    field, digits = bits >> 52 & 0x7ff, "%013x" % (bits & (1 << 52) - 1)
    exponent = max(field, 1) - 1023 if bits & ~(1 << 63) else 0
    return "%s0x%sp%+d" % ("-" * negative(x), trimmed("%d.%s" % (field > 0, digits)), exponent)

# ---- FMA: one rounding ----

def fma_row(a, b, c, why=""):
    r = fma(a, b, c)
    second = rounded_fraction(Fraction(a) * Fraction(b) + Fraction(c))
    sure(r == second and (r == 0 or negative(r) == negative(second)), "fma")
    row("FMA", [hexfloat(v) for v in (a, b, c, r)], why)

def fma_twice(a, b, c, why=""):
    """A row and its mirror image: rounding to nearest even is odd."""
    fma_row(a, b, c, why)
    fma_row(-a, b, -c, why and "mirrored")

def fma_ties():
    block("fma, halfway cases: a tie goes to the even neighbour, below it and above it; what decides may lie far under the tie")
    ulp, half = power(-52), power(-53)
    fma_twice(half, 1.0, 1.0, "tie, down to 1")
    fma_twice(half, 1.0, 1.0 + ulp, "tie, up to 1 + 2 ulp")
    fma_row(half, 1.0 + ulp, 1.0, "just above the tie")
    fma_row(half, 1.0 - half, 1.0 + ulp, "just below the tie")
    fma_row(power(-54), -1.0, 1.0, "tie under a power of two, up to 1")
    fma_row(power(-54), -1.0 - ulp, 1.0, "just beyond it, down to 1 - 2^-53")
    fma_row(power(27) + 1, power(27) + 1, 0.0, "product 2^54 + 2^28 + 1: below the tie at 2")
    fma_row(power(27) + 1, power(27) + 1, 1.0, "the tie")
    fma_row(power(27) + 1, power(27) + 1, 1.0 + ulp, "above the tie")
    fma_row(1.5, 1.0 + ulp, 0.0, "product of 54 bits, tie, to even")
    fma_row(1.5, 1.0 + ulp, TINY, "the same, broken upwards 1074 binades below")
    fma_row(1.5, 1.0 + ulp, -TINY, "and downwards")
    fma_row(1.5, 1.0 + 3 * ulp, 0.0, "tie, the even one is above")
    fma_row(1.5, 1.0 + 3 * ulp, -TINY, "broken downwards")

def fma_cancellation():
    block("fma, cancellation: the low half of a product is exact, down to subnormals; signs of zero")
    a = 1.0 + power(-52)
    fma_twice(a, a, -1.0 - power(-51), "2^-104 is left")
    fma_row(1.0 + power(-30), 1.0 - power(-30), -1.0, "-2^-60 is left")
    fma_row(times(a, power(-485)), times(a, power(-485)), -times(1.0 + power(-51), power(-970)), "2^-1074 is left")
    fma_row(times(a, power(-485)), times(a, power(-486)), -times(1.0 + power(-51), power(-971)), "2^-1075: tie, to zero")
    fma_row(times(a, -power(-485)), times(a, power(-486)), times(1.0 + power(-51), power(-971)), "-2^-1075: tie, to -0")
    fma_row(power(-537), power(-537) * 3, -TINY, "2^-1073 is left")
    fma_row(3.0, 5.0, -15.0, "+0")
    fma_row(-3.0, 5.0, 15.0, "+0")
    fma_row(0.0, 1.0, -0.0, "+0")
    fma_row(-0.0, 1.0, -0.0, "-0")
    fma_row(0.0, -1.0, 0.0, "+0")
    fma_row(0.0, -0.0, -0.0, "-0")

def fma_underflow():
    block("fma, the product underflows on its own: it still decides a tie, and must not be flushed or counted twice")
    fma_row(TINY, TINY, 1.0, "2^-2148 beside 1")
    fma_row(TINY, -TINY, 1.0)
    fma_row(TINY, TINY, DBL_MAX)
    fma_row(TINY, -TINY, power(-1022), "smallest normal stays")
    fma_row(TINY, TINY, 0.0, "+0")
    fma_row(TINY, -TINY, 0.0, "below zero: -0")
    fma_row(TINY, -TINY, -TINY)
    fma_row(TINY, 0.5, 0.0, "tie, to zero")
    fma_row(TINY, 0.5 + power(-53), 0.0, "above the tie")
    fma_twice(TINY, 0.5, TINY, "tie at 1.5 units, to 2")
    fma_row(TINY, 0.5, 2 * TINY, "tie at 2.5 units, to 2")
    fma_row(TINY, 0.5 - power(-54), TINY, "below the tie")

def fma_subnormal_traps():
    block("fma, subnormal results where rounding to 53 bits first makes a tie that is not there")
    up, low = 1.0 + power(-27), 1.0 - power(-27)
    fma_twice(times(3 * up, power(-500)), times(low, power(-575)), 0.0, "1.5 units less 1.5 2^-54: 1 unit, not 2")
    above = times(5 * (power(18) + 1), power(-554)), times(power(36) - power(18) + 1, power(-575))     # (u + 1)(u^2 - u + 1) = u^3 + 1
    fma_row(*above, 0.0, "2.5 units and 2.5 2^-54: 3, not 2")
    fma_row(times(up, power(-500)), times(low, power(-575)), 5 * TINY, "5.5 units less a little: 5, not 6")
    fma_row(power(-1022), 1.0 - power(-53), 0.0, "tie between the largest subnormal and the smallest normal, to even")
    fma_row(power(-1022), 1.0 - power(-52), 0.0, "largest subnormal")
    fma_row(power(-1022), 1.0 - power(-53), -times(power(-1022), power(-52)), "1.5 units below the smallest normal, to even")

def fma_overflow():
    block("fma, the upper edge: 2^1024 - 2^970 is halfway between the largest double and 2^1024 and goes to infinity; "
          "the product may overflow alone")
    fma_twice(DBL_MAX, 1.0, power(969), "under half an ulp")
    fma_twice(DBL_MAX, 1.0, power(970), "half an ulp: infinity")
    fma_row(DBL_MAX, 1.0, times(power(970), 1.0 - power(-53)), "just under half an ulp")
    fma_row(power(1023), 2.0, -power(970), "the tie from above: infinity")
    fma_row(power(1023), 2.0, -times(power(970), 1.0 + power(-52)), "just below the tie")
    fma_row(DBL_MAX, 2.0, -DBL_MAX, "comes back")
    fma_twice(DBL_MAX, DBL_MAX, -DBL_MAX, "far beyond")

def fma_gaps():
    block("fma, huge exponent gaps: the smaller term is out of reach, in either order")
    fma_row(power(500), power(500), TINY)
    fma_row(power(-500), power(-500), DBL_MAX)
    fma_row(power(600), power(-600), TINY, "1 and next to nothing")
    fma_row(times(power(600), 1.0 + power(-52)), times(power(-600), 1.0 + power(-52)), power(-200), "1 + 2^-51 + 2^-104 + 2^-200")
    fma_row(DBL_MAX, TINY, -DBL_MAX)

def stepwise(a, b, c):
    """The wrong way: two roundings."""
    return plus(times(a, b), c)

def double_double(a, b, c):
    """The nearly right way: exact product p + pl, exact sum s + sl, then s + (sl + pl), without rounding sl + pl to odd."""
    p = times(a, b)
    pl = fma(a, b, -p)
    s = plus(p, c)
    sl = round_dyadic(*add_dyadic(add_dyadic(dyadic(p), dyadic(c)), dyadic(-s)))      # exact: the error of a sum is a double
    return plus(s, plus(sl, pl))

def rounded_53_first(a, b, c):
    """The wrong way for subnormal results: worked out 1000 binades higher, then scaled down."""
    (na, ea), (nb, eb) = dyadic(a), dyadic(b)
    n, e = add_dyadic((na * nb, ea + eb), dyadic(c))
    m, q = dyadic(round_dyadic(n, e + 1000))
    return round_dyadic(m, q - 1000)

def mantissa(g):
    return round_dyadic(1 << 52 | g.getrandbits(52), -52)

def signed_power(g, k):
    return power(k) * (1 - 2 * g.getrandbits(1))

def full_case(g):
    return mantissa(g), mantissa(g), times(mantissa(g), signed_power(g, g.getrandbits(2) - 1))

def reciprocal_case(g):
    """A product within 2^-53 of 1, on either side, beside a c some 2^53 times as large: the product's low part decides at a tie of c's."""
    a = mantissa(g)
    return a, rounded_fraction(1 / Fraction(a)), times(mantissa(g), signed_power(g, 50 + g.getrandbits(3)))

def low_case(g):
    scale = g.getrandbits(3)
    return times(mantissa(g), power(-500)), times(mantissa(g), power(-524 - scale)), times(mantissa(g), power(-1030 - scale))

def fma_search(wrong, case, seed, count):
    g, found = random.Random(seed), 0
    while found < count:
        a, b, c = case(g)
        if wrong(a, b, c) != fma(a, b, c):
            fma_row(a, b, c)
            found += 1

def fma_rows():
    for part in (fma_ties, fma_cancellation, fma_underflow, fma_subnormal_traps, fma_overflow, fma_gaps):
        part()
    block("fma, found by search (seed 1): product and sum rounded each on its own differ")
    fma_search(stepwise, full_case, 1, 3)
    block("fma, found by search (seed 2): double-double without rounding to odd differs, the low parts round onto a tie")
    fma_search(double_double, reciprocal_case, 2, 6)
    block("fma, found by search (seed 3): subnormal results that rounding to 53 bits first gets wrong")
    fma_search(rounded_53_first, low_case, 3, 4)

# ---- SUM: the superaccumulator ----

def sum_row(name, *terms):
    terms = (list(terms) + [0.0] * 6)[:6]
    total = (0, 0)
    for t in terms:
        total = add_dyadic(total, dyadic(t))
    nearest, down, up = (round_dyadic(*total, mode) for mode in ("nearest", "down", "up"))
    check_sum(terms, nearest, down, up)
    row("SUM", [quoted(name)] + [hexfloat(v) for v in [nearest, down, up] + terms])

def check_sum(terms, nearest, down, up):
    """Second way: fractions; the ends are neighbours or equal and hold the sum, and nearest is what the library rounds to."""
    exact_sum = sum(map(Fraction, terms))
    sure(max(map(abs, (nearest, down, up))) < inf, "finite sum")
    sure(Fraction(down) <= exact_sum <= Fraction(up), "sum enclosed")
    sure((down == up == exact_sum) or (nextafter(down, inf) == up and down != exact_sum != up), "sum tight")
    sure(nearest == rounded_fraction(exact_sum), "sum nearest")
    try:
        sure(nearest == fsum(terms), "fsum")
    except OverflowError:       # fsum's partial sums overflow where ours do not
        pass

def sum_rows():
    block("sums of six doubles: cancellation, ties, the whole range of exponents, both signs, carries through every limb, "
          "partial sums beyond the largest double")
    half, ulp = power(-53), power(-52)
    sum_row("empty")
    sum_row("minus zeros sum to +0", -0.0, -0.0, -0.0, -0.0, -0.0, -0.0)
    sum_row("1e300 + 1 - 1e300", 1e300, 1.0, -1e300)
    sum_row("all cancels", 1e300, -1.0, power(-1074), -1e300, 1.0, -power(-1074))
    sum_row("cancels to the smallest", 1e300, -1.0, power(-1074), -1e300, 1.0)
    sum_row("cancels to minus the smallest", DBL_MAX, -TINY, -DBL_MAX)
    sum_row("subnormals", TINY, 2 * TINY, 3 * TINY, -7 * TINY)
    sum_row("subnormals to a normal", double_of((1 << 52) - 1), TINY)
    sum_row("half up to even", 1.0 + ulp, half)
    sum_row("half down to even", 1.0, half)
    sum_row("half and the smallest", 1.0, half, TINY)
    sum_row("half less the smallest", 1.0 + ulp, half, -TINY)
    sum_row("negative half to even", -1.0, -half)
    sum_row("negative half and the smallest", -1.0, -half, -TINY)
    sum_row("half under a power of two", 1.0, -power(-54))
    sum_row("just under a power of two", 1.0, -TINY)
    sum_row("just over minus a power of two", -1.0, TINY)
    sum_row("widest range", power(1023), TINY)
    sum_row("widest range, negative", -power(1023), -1.0, TINY)
    sum_row("widest range, mixed signs", power(1023), -TINY, -1.0, 1.0)
    sum_row("top bit by carry", power(1022), power(1021), power(1021))
    sum_row("partial sums overflow", DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX)
    sum_row("partial sums overflow, a quarter ulp below the top", DBL_MAX, DBL_MAX, -power(970), -DBL_MAX, power(969))
    sum_row("negative partial sums overflow", -DBL_MAX, -DBL_MAX, 1e-300, DBL_MAX, -1e-300, power(-600))
    sum_row("borrow through all limbs", power(1000), -TINY, -power(1000))
    sum_row("order must not matter", TINY, -1e300, half, 1e300, 1.0, -TINY)
    sum_row("tenths", 0.1, 0.2, 0.3, 0.4, -1.0)
    sum_row("thirds", 1 / 3, 1 / 3, 1 / 3, -1.0)
    sum_row("wide mantissas", 0.1, 1e17, -1e-17, 1e34, -1e-34, -1e34)

# ---- DEC: twelve decimals ----

UNIT = 10 ** 12
NEAREST_UNIT = 1e-12

def fixed(units):
    """units 10^-12, with exactly 12 decimals; zero has no sign."""
    return "%s%d.%012d" % (("-" if units < 0 else "",) + divmod(abs(units), UNIT))

def floor_ceil(lo, hi):
    """The fractions lo <= hi, rounded outwards to 12 decimals."""
    return fixed((lo * UNIT).__floor__()), fixed((hi * UNIT).__ceil__())

def dec_row(x, why=""):
    n, e = dyadic(x)
    down, up = (n << e) * UNIT if e > 0 else n * UNIT >> -e, -((-n << e) * UNIT if e > 0 else -n * UNIT >> -e)
    sure((fixed(down), fixed(up)) == floor_ceil(Fraction(x), Fraction(x)), "decimals by fractions")
    for units, mode in ((down, ROUND_FLOOR), (up, ROUND_CEILING)):
        with localcontext(Context(prec=1200)):
            sure(Decimal(x).quantize(Decimal(1).scaleb(-12), mode) == Decimal(fixed(units)), "decimals by decimal")
    row("DEC", [hexfloat(x), quoted(fixed(down)), quoted(fixed(up))], why)

def dec_rows():
    block("decimal figures: exact dyadics give equal ends, all else ends one unit apart; no minus on zero; ends of the range")
    for x, why in ((0.0, ""), (-0.0, ""), (1.0, ""), (0.5, ""), (-0.5, ""), (power(-12), "the finest power of two with 12 decimals"),
                   (-power(-12), ""), (power(-13), "halfway between two units"), (-power(-13), ""), (3 * power(-13), "halfway, odd"),
                   (0.1, "a little above"), (-0.1, ""), (0.3, "a little below"), (TINY, "smallest"), (-TINY, ""),
                   (power(-40), "below a unit"), (-power(-40), ""), (5e-13, "half a unit"), (NEAREST_UNIT, "a unit"),
                   (nextafter(NEAREST_UNIT, inf), "next above"), (nextafter(NEAREST_UNIT, 0.0), "next below"), (-NEAREST_UNIT, ""),
                   (nextafter(-NEAREST_UNIT, 0.0), ""), (nextafter(1.0, 0.0), "carries into the integer"), (nextafter(1.0, 2.0), ""),
                   (1.999999999999, ""), (123456.789, ""), (-123456.789, ""), (8999999.9, ""), (-8999999.9, ""),
                   (nextafter(9e6, 0.0), "last of the range"), (nextafter(-9e6, 0.0), "")):
        dec_row(x, why)

# ---- HEX: the printer ----

def hex_rows():
    block("the printer of doubles: trailing zero digits are trimmed, subnormals keep the exponent -1022, zero has the exponent 0")
    for x, why in ((1.0, ""), (-0.0, ""), (0.0, ""), (0.1, "all 13 digits"), (-3.0, ""), (power(-1022), "smallest normal"),
                   (double_of((1 << 52) - 1), "largest subnormal"), (power(-1023), "subnormal, trimmed"), (TINY, "smallest"),
                   (-times(3.0, power(-1070)), ""), (DBL_MAX, "largest"), (power(100), ""), (1048577.0, "inner zeros stay")):
        text = hexfloat(x)
        head, exponent = x.hex().split("p")
        sure(text == trimmed(head) + "p" + exponent and bits_of(float.fromhex(text)) == bits_of(x), "hexfloat")
        row("HEX", [text, quoted(text)], why)

# ---- GEMM: blocked fma chains ----

GEMM_SHAPES = ((1, 1, 1, "one term"), (2, 3, 5, "small"), (4, 12, 16, "4 x 12, even"), (5, 13, 255, "4 + 1, 12 + 1, block - 1"),
               (3, 7, 256, "one whole block"), (7, 5, 257, "block + 1"), (9, 25, 64, "2 4 + 1, 2 12 + 1"),
               (1, 9, 600, "three blocks, one row"), (13, 1, 513, "two blocks + 1, one column"))

def thousandth(r):
    """r / 1000 - 1, each step rounded; second way: the float operations that the definition names."""
    q = rounded_fraction(Fraction(r, 1000))
    value = plus(q, -1.0)
    sure(value == r / 1000.0 - 1.0, "thousandth")
    return value

def gemm_inputs(m, n, k):
    a = [thousandth(i * 2654435761 % 2 ** 32 % 2001) for i in range(m * k)]
    b = [thousandth((i * 40503 + 7) % 2001) for i in range(k * n)]
    return a, b

def gemm_entry(pairs):
    """Blocks of 256 ascending terms, each a chain of fma from +0; the block sums added in ascending order, the first as it is."""
    total = None
    for start in range(0, len(pairs), 256):
        acc = 0.0
        for a, b in pairs[start:start + 256]:
            acc = fma(a, b, acc)
        total = acc if total is None else plus(total, acc)
    return total

def check_entry(pairs, entry):
    """Second way: fractions' rounding in the chains, and a bound between the entry and the exact sum: every partial sum is at most
    S = sum |a b| (1 + tiny) and each of the len + blocks roundings errs by at most 2^-53 of one, so len 2^-52 S is ample."""
    exact_sum, size, acc, total = Fraction(0), Fraction(0), 0.0, 0.0
    for i, (a, b) in enumerate(pairs):
        term = Fraction(a) * Fraction(b)
        exact_sum, size = exact_sum + term, size + abs(term)
        acc = rounded_fraction(term + Fraction(acc))
        if i % 256 == 255 or i == len(pairs) - 1:
            total, acc = rounded_fraction(Fraction(total) + Fraction(acc)), 0.0
    sure(total == entry, "product by fractions")
    sure(abs(Fraction(entry) - exact_sum) <= len(pairs) * size / 2 ** 52, "product near the exact one")

def gemm_row(m, n, k, why):
    a, b = gemm_inputs(m, n, k)
    digest = hashlib.sha256()
    for i, j in product(range(m), range(n)):
        pairs = [(a[i * k + l], b[l * n + j]) for l in range(k)]
        entry = gemm_entry(pairs)
        check_entry(pairs, entry)
        digest.update(struct.pack("<d", entry))
    row("GEMM", (m, n, k, quoted(digest.hexdigest())), why)

def gemm_rows():
    block("matrix products: SHA-256 over the entries, row-major, 8 little-endian bytes each; "
          "a[i] = (i 2654435761 mod 2^32 mod 2001)/1000 - 1 (m x k), b[i] = ((40503 i + 7) mod 2001)/1000 - 1 (k x n), "
          "in rounded double arithmetic; an entry: fma chains over blocks of 256 ascending terms from +0, block sums added "
          "in ascending order; each row says which edge it pins")
    for shape in GEMM_SHAPES:
        gemm_row(*shape)

# ---- balls: enclosures by integers ----
# A value is a ball (m, r) of integers at a precision P: |value 2^P - m| <= r. Every operation rounds outwards: a floor errs by less
# than one unit, and the radii say how often that happens.

def ball(q, P):
    n = q.numerator << P
    return n // q.denominator, int(n % q.denominator != 0)

def b_add(a, b):
    return a[0] + b[0], a[1] + b[1]

def b_neg(a):
    return -a[0], a[1]

def b_mul(a, b, P):
    """(m + d)(n + e) = m n + m e + n d + d e; one unit for each of the two shifts."""
    return a[0] * b[0] >> P, (abs(a[0]) * b[1] + abs(b[0]) * a[1] + a[1] * b[1] >> P) + 2

def b_div(a, b, P):
    """(m + d)/(n + e) - m/n = (d - (m/n) e)/(n + e), at most (|d| + |m/n| |e|)/(|n| - |e|); one unit for each of the two floors."""
    low = abs(b[0]) - b[1]
    if low <= 0:
        raise ArithmeticError("precision")
    m = (a[0] << P) // b[0]
    return m, ((a[1] << P) + (abs(m) + 1) * b[1]) // low + 2

def b_div_int(a, n):
    return a[0] // n, a[1] // n + 2

def b_sqrt(a, P):
    """The root is monotone: roots of the ends, rounded outwards; hi - m >= m - lo."""
    lo, hi = isqrt(max(a[0] - a[1], 0) << P), isqrt(a[0] + a[1] << P) + 1
    m = (lo + hi) // 2
    return m, hi - m

def series(first, factor, divisor, P):
    """first (1 + f/d1 (1 + f/d2 (...))). Precondition: |f/d| <= 1/4 throughout; what is cut off is then at most the last term times
    1/4 + 1/16 + ... = 1/3."""
    total = term = first
    k = 0
    while abs(term[0]) > 4 or k == 0:
        k += 1
        term = b_div_int(b_mul(term, factor, P), divisor(k))
        total = b_add(total, term)
    return total[0], total[1] + abs(term[0]) + term[1]

def odd_series(t, sign, P):
    """t + sign t^3/3 + t^5/5 + ... Precondition: |t| <= 1/4; what is cut off is below the last power times 1/16 + 1/256 + ... < 1/8."""
    square, odd_power, total, k = b_mul(t, t, P), t, t, 1
    while abs(odd_power[0]) > 4 or k == 1:
        odd_power, k = b_mul(odd_power, square, P), k + 2
        term = b_div_int(odd_power, k)
        total = b_add(total, b_neg(term) if sign < 0 and k % 4 == 3 else term)
    return total[0], total[1] + abs(odd_power[0]) + odd_power[1]

def halvings(x):
    """s with |x| / 2^s < 2^-7."""
    return max(0, abs(x.numerator).bit_length() - x.denominator.bit_length() + 9)

def b_exp(P, x):
    """exp x = exp(|x| / 2^s)^(2^s), and the reciprocal for x < 0: no cancellation."""
    s = halvings(x)
    y = series((1 << P, 0), ball(abs(x) / (1 << s), P), lambda k: k, P)
    for _ in range(s):
        y = b_mul(y, y, P)
    return y if x > 0 else b_div((1 << P, 0), y, P)

def b_cos_sin(P, x):
    """(cos + i sin)(x / 2^s), squared s times: no pi is needed."""
    s = halvings(x)
    t = ball(x / (1 << s), P)
    z = b_neg(b_mul(t, t, P))
    c = series((1 << P, 0), z, lambda k: (2 * k - 1) * 2 * k, P)
    d = series(t, z, lambda k: 2 * k * (2 * k + 1), P)
    for _ in range(s):
        cd = b_mul(c, d, P)
        c, d = b_add(b_mul(c, c, P), b_neg(b_mul(d, d, P))), b_add(cd, cd)
    return c, d

def log_mantissa(P, x):
    """log x for 1 <= x <= 2: six square roots, then log y = 2 artanh((y - 1)/(y + 1)), y <= 2^(1/64)."""
    y, one = ball(x, P), (1 << P, 0)
    for _ in range(6):
        y = b_sqrt(y, P)
    m, r = odd_series(b_div(b_add(y, b_neg(one)), b_add(y, one), P), 1, P)
    return m << 7, r << 7

@lru_cache(None)
def log_2(P):
    return log_mantissa(P, Fraction(2))

def b_log(P, x):
    k = x.numerator.bit_length() - x.denominator.bit_length()
    k -= x < Fraction(2) ** k
    m, r = log_2(P)
    return b_add((k * m, abs(k) * r), log_mantissa(P, x / Fraction(2) ** k))

def b_atan(P, t):
    """A ball t in [0, 1]: atan t = 2 atan(t / (1 + sqrt(1 + t^2))), five times; then t < 1/40."""
    one = (1 << P, 0)
    for _ in range(5):
        t = b_div(t, b_add(one, b_sqrt(b_add(one, b_mul(t, t, P)), P)), P)
    m, r = odd_series(t, -1, P)
    return m << 5, r << 5

@lru_cache(None)
def b_pi(P):
    m, r = b_atan(P, (1 << P, 0))
    return 4 * m, 4 * r

def first_quadrant(P, y, x):
    """The angle of (x, y), balls >= 0, the larger about 1."""
    if y[0] <= x[0]:
        return b_atan(P, b_div(y, x, P))
    m, r = b_pi(P)
    return b_add((m // 2, r // 2 + 1), b_neg(b_atan(P, b_div(x, y, P))))

def b_atan2(P, y, x):
    a = first_quadrant(P, *(ball(abs(v) / max(abs(y), abs(x)), P) for v in (y, x)))
    if x < 0:
        a = b_add(b_pi(P), b_neg(a))
    return a if y > 0 else b_neg(a)

# ---- EL: the doubles around a value ----

FUNCTIONS = {"exp": b_exp, "log": b_log, "log1p": lambda P, x: b_log(P, 1 + x), "sin": lambda P, x: b_cos_sin(P, x)[1],
             "cos": lambda P, x: b_cos_sin(P, x)[0], "atan2": b_atan2}

def defined(name, args):
    """The value where it is a double, an infinity or not defined; None elsewhere. By C99 Annex F; sin and cos are NaN beyond 2^20.
    At every other argument the value is irrational (Lindemann-Weierstrass: exp, log, sin, cos, atan of algebraic arguments)."""
    x = args[0]
    if any(v != v for v in args):
        return nan
    if name == "atan2":
        return copysign(0.0, x) if args[1] == inf and abs(x) < inf or x == 0 and copysign(1, args[1]) > 0 else None
    if name == "exp":
        return 1.0 if x == 0 else inf if x == inf else 0.0 if x == -inf else None
    if name in ("sin", "cos"):
        return nan if abs(x) > 2.0 ** 20 else (x if name == "sin" else 1.0) if x == 0 else None
    pole = 0.0 if name == "log" else -1.0
    if name == "log1p" and x == 0:
        return x
    return 0.0 if x == pole + 1 else -inf if x == pole else nan if x < pole else inf if x == inf else None

def grid(m, P):
    """(k, q): k 2^q is the largest member <= m / 2^P of the doubles' grid, taken as unbounded above."""
    n = m if m >= 0 else -m - 1
    q = max(n.bit_length() - 1 - P, -1022) - 52
    if P + q < 8:
        raise ArithmeticError("precision")
    return m >> P + q, q

def directions(name, args):
    """Fractions for the arguments. atan2: infinities stand for a direction, and y = 0 on the left is +pi, or -pi for y = -0."""
    if name != "atan2":
        return [Fraction(args[0])], 1
    y, x = [int(copysign(1, v)) if abs(v) == inf else 0 for v in args] if inf in map(abs, args) else args
    if y == 0:
        return [Fraction(0), Fraction(-1)], int(copysign(1, args[0]))
    return [Fraction(y), Fraction(x)], 1

def locate(name, args):
    """(k, q, f): the value lies strictly between the neighbours k 2^q and (k + 1) 2^q, at k + f. The ends m - r and m + r of the ball
    must share a cell [k 2^q, (k + 1) 2^q]; as the value is no double, it is not on the cell's edge. (2 (m + r) - 1 at P + 1 is m + r
    less half a unit: an end just on the upper edge is allowed.)"""
    x, sign = directions(name, args)
    P = 192
    while True:
        try:
            m, r = FUNCTIONS[name](P, *x)
            m = sign * abs(m) if name == "atan2" and x[0] == 0 else m
            low, high = grid(m - r, P), grid(2 * (m + r) - 1, P + 1)
            k, q = low
            if low == high and r << 24 < 1 << P + q:
                return k, q, (m - (k << P + q)) / (1 << P + q)
        except ArithmeticError:
            pass
        P *= 2

def neighbours(k, q):
    """k 2^q and (k + 1) 2^q as doubles; below infinity stands the largest double, above a negative subnormal -0."""
    lo, hi = build(k < 0, abs(k), q), build(k < 0, abs(k + 1), q)
    return (DBL_MAX if lo == inf else lo), hi

def enclose(name, args):
    """(lo, hi, f): the doubles around the value, and where between them it lies."""
    value = defined(name, args)
    if value is not None:
        return value, value, 0.0
    k, q, f = locate(name, args)
    return neighbours(k, q) + (f,)

def el_row(name, args, why=""):
    lo, hi, _ = enclose(name, args)
    if defined(name, args) is None:
        second_opinion(name, args, lo, hi)
    row("EL2" if name == "atan2" else "EL", [name] + [hexfloat(v) for v in list(args) + [lo, hi]], why)

# ---- EL, second way: decimal's exp and ln; sin and cos by Machin's pi and one Taylor series ----

@lru_cache(None)
def machin(P):
    """pi 2^P by 16 atan(1/5) - 4 atan(1/239), to a few hundred units."""
    def arcus(n):
        term, total, k = (1 << P) // n, 0, 1
        while term:
            total, term, k = total + (term // k if k % 4 == 1 else -(term // k)), term // (n * n), k + 2
        return total
    return 16 * arcus(5) - 4 * arcus(239)

def taylor_cos_sin(x, P=1400):
    """Plain integers, no enclosure: (cos x, sin x) for a check far from the last bits."""
    pi = machin(P)
    v = (x.numerator << P) // x.denominator
    n = (4 * v + pi) // (2 * pi)
    r, term, k, sums = v - n * pi // 2, 1 << P, 0, [0, 0]
    while term:
        sums[k & 1] += -term if k & 2 else term
        k += 1
        term = term * r // (k << P) if k < 600 else 0
    c, s = (Fraction(t, 1 << P) for t in sums)
    return ((c, s), (-s, c), (-c, -s), (s, -c))[n & 3]

def second_opinion(name, args, lo, hi):
    """lo <= value <= hi up to a thousandth of their distance."""
    lo, hi = Fraction(lo), Fraction(hi) if hi < inf else Fraction(2) ** 1100      # above every value asked for
    slack = (min(hi, Fraction(2) ** 1024) - lo) / 1000
    if name == "atan2":         # x sin t - y cos t changes its sign from - to + where t passes the angle
        y, x = directions(name, args)[0]
        size = max(abs(y), abs(x))
        below, above = ((x * s - y * c) / size for c, s in map(taylor_cos_sin, (lo - slack, hi + slack)))
        return sure(below <= 0 <= above, ("atan2", args))
    if name in ("sin", "cos"):
        value = taylor_cos_sin(Fraction(args[0]))[name == "sin"]
    else:
        with localcontext(Context(prec=800, Emin=-99999, Emax=99999)):
            x = Decimal(args[0])
            value = Fraction({"exp": x.exp, "log": x.ln, "log1p": (1 + x).ln}[name]())
    sure(lo - slack <= value <= hi + slack, (name, args))

# ---- EL, the arguments ----

def step(x, n):
    for _ in range(abs(n)):
        x = nextafter(x, inf if n > 0 else -inf)
    return x

def nearest_ball(m, P):
    k, q = grid(m, P)
    return neighbours(k, q)[m >> P + q - 1 & 1]

LOG2 = nearest_ball(log_2(192)[0], 192)
HALF_PI = nearest_ball(b_pi(192)[0] // 2, 192)
SQRT2 = round_dyadic(isqrt(2 << 384), -192)

def binade(g, lowest):
    u = g.uniform(1, 2)
    return times(u, power(g.randrange(lowest, 1024)))

def turn_arguments(g):
    return g.choice((g.uniform(-7, 7), g.uniform(-2 ** 20, 2 ** 20), g.uniform(-1, 1) * 2.0 ** -g.randrange(30))),

ARGUMENTS = {
    "exp": lambda g: (g.choice((g.uniform(-746, 710), g.uniform(-1, 1), g.uniform(-40, 40))),),
    "log": lambda g: (g.choice((binade(g, -1074), g.uniform(0.5, 2), 1 + g.uniform(-1, 1) * 2.0 ** -g.randrange(1, 50))),),
    "log1p": lambda g: (g.choice((g.uniform(-1, 1), g.uniform(-1, 1) * 2.0 ** -g.randrange(60), binade(g, 0))),),
    "sin": turn_arguments,
    "cos": turn_arguments,
    "atan2": lambda g: (g.uniform(-1, 1), g.choice((g.uniform(-1, 1), g.uniform(-1, 1) * 2.0 ** g.randrange(-40, 40)))),
}

def el_rows_of(name, cases):
    for case in cases:
        el_row(name, *case)

def special_rows():
    block("elementary functions, special values, by definition (C99 Annex F; sin and cos are NaN beyond 2^20)")
    for name, values in (("exp", (0.0, -0.0, inf, -inf, nan)), ("log", (1.0, 0.0, -0.0, -TINY, -1.0, inf, -inf, nan)),
                         ("log1p", (0.0, -0.0, -1.0, step(-1.0, -1), inf, nan)), ("sin", (0.0, -0.0, step(2.0 ** 20, 1), -inf, nan)),
                         ("cos", (0.0, -0.0, -step(2.0 ** 20, 1), inf, nan))):
        el_rows_of(name, [((x,),) for x in values])
    el_rows_of("atan2", [(case,) for case in (
        (0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0), (0.0, TINY), (-0.0, -TINY), (TINY, 0.0), (-TINY, -0.0), (inf, inf), (inf, -inf),
        (-inf, -inf), (1.0, inf), (-1.0, inf), (1.0, -inf), (-1.0, -inf), (inf, 1.0), (-inf, -1.0), (nan, 1.0), (1.0, nan))])

def exp_edges():
    block("exp at the ends of its range and where a reduction by log 2 changes its multiple")
    el_rows_of("exp", [((x,), why) for x, why in (
        (TINY, "just above 1"), (-TINY, "just below 1"), (2.0 ** -53, "half an ulp above 1"), (-2.0 ** -54, "half an ulp below 1"),
        (710.0, "cut"), (step(710.0, 1), "cut"), (-746.0, "cut"), (step(-746.0, -1), "cut"), (-720.0, "subnormal"),
        (-740.0, "subnormal, few bits"), (LOG2, "near 2"))])
    for k, why in ((1024, "overflow"), (-1022, "first subnormal"), (-1074, "smallest"), (-1075, "half the smallest")):
        x = nearest_ball(k * log_2(192)[0], 192)
        el_rows_of("exp", [((step(x, n),), why) for n in (-1, 0, 1)])
    for k in (1, -1, 2, 1023, -1022):
        x = (k - 0.5) * LOG2
        el_rows_of("exp", [((step(x, n),), "%g log 2" % (k - 0.5)) for n in (-1, 0, 1)])

def log_edges():
    block("log and log1p near their zero, at the mantissa boundary sqrt 2, at the ends of the domain")
    el_rows_of("log", [((x,), why) for x, why in (
        (step(1.0, 1), "1 + ulp"), (step(1.0, -1), "1 - ulp"), (step(1.0, -2), ""), (1 + 2.0 ** -26, ""), (1 - 2.0 ** -27, ""),
        (step(SQRT2, -1), "sqrt 2"), (SQRT2, "sqrt 2"), (step(SQRT2, 1), "sqrt 2"), (SQRT2 / 2, "sqrt 1/2"),
        (step(SQRT2 / 2, 1), "sqrt 1/2"), (2.0, ""), (0.5, ""), (TINY, "smallest"), (3 * TINY, "subnormal"),
        (step(2.0 ** -1022, -1), "largest subnormal"), (2.0 ** -1022, "smallest normal"), (DBL_MAX, "largest"), (2.0 ** 1023 * SQRT2, ""))])
    el_rows_of("log1p", [((x,), why) for x, why in (
        (TINY, "smallest"), (-TINY, ""), (step(2.0 ** -60, -1), "threshold"), (2.0 ** -60, "threshold"), (-2.0 ** -60, "threshold"),
        (2.0 ** -53, ""), (-2.0 ** -54, ""), (1.5 * 2.0 ** -51, "too large to be its own value"), (2.0 ** -27, ""),
        (step(-1.0, 1), "next to the pole"), (-0.5, ""), (1.0, ""), (SQRT2 - 1, "sqrt 2 - 1"), (step(SQRT2 - 1, 1), "sqrt 2 - 1"),
        (SQRT2 / 2 - 1, "sqrt 1/2 - 1"), (2.0 ** 53, "1 half an ulp"), (2.0 ** 54, ""), (DBL_MAX, "largest"))])

def turn_edges():
    block("sin and cos where the quadrant changes, at thresholds, at the ends of the domain")
    cases = [(x, why) for x, why in (
        (step(2.0 ** -32, -1), "threshold"), (2.0 ** -32, "threshold"), (1.5 * 2.0 ** -25, "too large to be its own value"),
        (TINY, "smallest"), (2.0 ** -1022, ""), (1.0, ""), (HALF_PI, "pi/2"), (step(HALF_PI, 1), "pi/2"), (2 * HALF_PI, "pi"),
        (3 * HALF_PI, "3 pi/2"), (2.0 ** 20, "end"), (-2.0 ** 20, "end"), (step(2.0 ** 20, -1), ""))]
    cases += [(step(k * HALF_PI / 2, n), "%d pi/4" % k) for k in (1, -3, 667543 * 2 - 1) for n in (-1, 0, 1)]
    for x, why in cases:
        el_row("sin", (x,), why)
        el_row("cos", (x,), why)

def closest_to_quarter_turns(count):
    """The doubles 1 <= x <= 2^20 closest to multiples of pi/2: for each multiple the double nearest to it, all multiples tried."""
    P = 256
    pi, _ = b_pi(P)                  # off by a few units of 2^-256: nothing beside the distances found
    found, n = [], 1
    while n * pi >> P + 1 < 1 << 20:
        v = n * pi >> 1
        unit = v.bit_length() - 53   # doubles near v are the multiples of 2^unit
        d = v & (1 << unit) - 1
        found.append((min(d, (1 << unit) - d), n))
        n += 1
    found.sort()
    return [(d / (1 << P), k, nearest_ball(k * pi >> 1, P)) for d, k in found[:count]], n - 1

def closest_rows():
    found, tried = closest_to_quarter_turns(6)
    block("the doubles up to 2^20 closest to multiples of pi/2, all %d multiples tried" % tried)
    for d, n, x in found:
        el_row("sin", (x,), "%d pi/2 +- %.3g" % (n, d))
        el_row("cos", (-x,), "%d pi/2 +- %.3g" % (-n, d))

def angle_edges():
    block("atan2 at the boundaries (2j + 1)/8, at the diagonal, at the threshold 2^-30, at extreme magnitudes, near the axes")
    for j in range(4):
        t = (2 * j + 1) / 8
        el_rows_of("atan2", [((y, 1.0), "%d/8" % (2 * j + 1)) for y in (step(t, -1), t)])
    el_rows_of("atan2", [((y, x), why) for y, x, why in (
        (1.0, step(1.0, 1), "diagonal"), (1.0, 1.0, "diagonal"), (step(1.0, 1), 1.0, "diagonal"), (-1.0, -1.0, "diagonal"),
        (step(2.0 ** -30, -1), 1.0, "threshold"), (2.0 ** -30, 1.0, "threshold"), (1.5 * 2.0 ** -25, 1.0, "too large to be its own value"),
        (TINY, 1.0, "smallest"), (TINY, DBL_MAX, "underflow"), (3 * TINY, 2.0, "subnormal, tie"), (TINY, TINY, "subnormal"),
        (3 * TINY, -7 * TINY, "subnormal"), (DBL_MAX, DBL_MAX, "largest"), (DBL_MAX, TINY, ""), (DBL_MAX, -TINY, ""), (-TINY, -DBL_MAX, ""),
        (TINY, -1.0, "just below pi"), (1.0, 2.0 ** -60, ""), (1.0, -2.0 ** -53, ""), (2.0 ** -1030, 2.0 ** -1010, ""),
        (2.0 ** -53, -1.0, ""), (1.0, 4.0, "table entry"), (3.0, 4.0, "table entry"))])

def nearest_rows(seed, count):
    block("elementary functions, ELR(f, x, nearest), ELR2(f, y, x, nearest): the value lies 0.011 to 0.018 ulp from halfway between two "
          "doubles, so nearest is the only double within 0.51 ulp, and half of all errors of 0.03 ulp in what is rounded show "
          "(the first such among random arguments, seed %d)" % seed)
    for name in FUNCTIONS:
        g, found = random.Random("%d %s" % (seed, name)), 0
        while found < count:
            args = ARGUMENTS[name](g)
            lo, hi, f = enclose(name, args)
            if 0.011 < abs(f - 0.5) < 0.018 and 2.0 ** -1000 < abs(lo) < inf:
                found += 1
                second_opinion(name, args, lo, hi)
                row("ELR2" if name == "atan2" else "ELR", [name] + [hexfloat(v) for v in args + (hi if f > 0.5 else lo,)])

def random_rows(seed, count):
    block("elementary functions, random arguments (seed %d)" % seed)
    for name in FUNCTIONS:
        g = random.Random("%d %s" % (seed, name))
        el_rows_of(name, [(ARGUMENTS[name](g),) for _ in range(count)])

def el_rows():
    for part in (special_rows, exp_edges, log_edges, turn_edges, closest_rows, angle_edges):
        part()
    nearest_rows(1, 6)
    random_rows(2, 2)

# ---- FIG: matrices of fractions ----

def fractions(rows):
    return [[Fraction(x) for x in r] for r in rows]

def transpose(A):
    return [list(c) for c in zip(*A)]

def matmul(A, B):
    return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]

def matvec(A, x):
    return [sum(a * b for a, b in zip(r, x)) for r in A]

def combine(s, A, t, B):
    return [[s * a + t * b for a, b in zip(p, q)] for p, q in zip(A, B)]

def diagonal(d):
    return [[d[i] if i == j else Fraction(0) for j in range(len(d))] for i in range(len(d))]

def identity(n):
    return diagonal([Fraction(1)] * n)

def eliminate(A, B):
    """(det A, A^-1 B) by Gauss-Jordan; (0, None) where A is singular."""
    n, M, det = len(A), [list(r) + list(s) for r, s in zip(A, B)], Fraction(1)
    for j in range(n):
        pivot = next((i for i in range(j, n) if M[i][j] != 0), None)
        if pivot is None:
            return Fraction(0), None
        if pivot != j:
            M[j], M[pivot], det = M[pivot], M[j], -det
        det *= M[j][j]
        M[j] = [x / M[j][j] for x in M[j]]
        for i in range(n):
            if i != j and M[i][j] != 0:
                M[i] = [x - M[i][j] * y for x, y in zip(M[i], M[j])]
    return det, [r[n:] for r in M]

def determinant(A):
    return eliminate(A, A)[0]

def leibniz(A):
    """Second way: expansion by the first row."""
    return sum((-1) ** j * A[0][j] * leibniz([r[:j] + r[j + 1:] for r in A[1:]]) for j in range(len(A))) if A else Fraction(1)

def positive_definite(A):
    """Sylvester: all leading minors are > 0."""
    return all(determinant([r[:k] for r in A[:k]]) > 0 for k in range(1, len(A) + 1))

def moment(xs, ys):
    """The mean of x y^T over the atoms."""
    return [[sum(x[i] * y[j] for x, y in zip(xs, ys)) / Fraction(len(xs)) for j in range(len(ys[0]))] for i in range(len(xs[0]))]

def largest_eigenvalue(A, bits=200):
    """Enclosure by bisection: t is above all eigenvalues of a symmetric A iff t I - A is positive definite. For A >= 0 the trace
    bounds them."""
    lo, hi = Fraction(0), 1 + sum(A[i][i] for i in range(len(A)))
    while hi - lo > Fraction(1, 1 << bits):
        t = (lo + hi) / 2
        lo, hi = (lo, t) if positive_definite(combine(t, identity(len(A)), -1, A)) else (t, hi)
    return lo, hi

def relu(q):
    return max(q, Fraction(0))

def square(q):
    return q * q

def samples(count=64):
    return [Fraction(k, count) for k in range(count + 1)]

def fig(claim, case, figure, lo, hi=None, slack=None):
    """Rounded outwards. Of an irrational value the enclosure must be narrow enough that the two ends are one unit apart. With a slack: FIGW."""
    down, up = floor_ceil(lo, lo if hi is None else hi)
    apart = (Decimal(up) - Decimal(down)) * UNIT
    sure(apart == 1 if hi is not None or (lo * UNIT).denominator != 1 else apart == 0, (claim, case, figure))
    cells = [quoted(t) for t in (claim, case, figure, down)] + ["AND_MORE" if apart else "EXACTLY"]
    row("FIG" if slack is None else "FIGW", cells if slack is None else cells + [slack])

def of_ball(b, P):
    return Fraction(b[0] - b[1], 1 << P), Fraction(b[0] + b[1], 1 << P)

# ---- FIG: wang.lemma10 ----

def pythagoras():
    """E (relu(w1 x) - relu(w2 x))^2 <= 4 |E x x^T| angle^2 at two rational unit vectors, cos of the angle 24/25."""
    w1, w2 = [Fraction(4, 5), Fraction(3, 5)], [Fraction(3, 5), Fraction(4, 5)]
    atoms = fractions([(1, 0), (-1, 2), (2, -1), (1, -1)])   # on the last, w1 x > 0 > w2 x: ReLU matters
    dot = lambda u, v: sum(a * b for a, b in zip(u, v))
    sure(dot(w1, w1) == dot(w2, w2) == 1, "unit vectors")
    left = sum(square(relu(dot(w1, x)) - relu(dot(w2, x))) for x in atoms) / 4
    norm = largest_eigenvalue(moment(atoms, atoms))
    angle = angle_of(dot(w1, w2), abs(w1[0] * w2[1] - w1[1] * w2[0]))
    ratio = left / (norm[1] * angle[1] ** 2), left / (norm[0] * angle[0] ** 2)
    sure(ratio[1] <= 1, "the sharp constant of lemma 10 is 1")
    check_pythagoras(left, norm)
    block("wang.lemma10 on four atoms: the claim bounds the ratio by 4, the sharp bound is 1")
    fig("wang.lemma10", "pythagoras", "left-side", left)
    fig("wang.lemma10", "pythagoras", "spectral-norm", *norm)
    fig("wang.lemma10", "pythagoras", "angle", *angle)
    fig("wang.lemma10", "pythagoras", "largest-ratio", *ratio)

def angle_of(cosine, sine, P=256):
    """Enclosure of the angle in (0, pi/2); second way: the cosine passes the given one there."""
    lo, hi = of_ball(b_atan2(P, sine, cosine), P)
    slack = Fraction(1, 10 ** 20)
    above, below = (of_ball(b_cos_sin(P, a)[0], P) for a in (lo - slack, hi + slack))
    sure(above[0] > cosine > below[1] and hi - lo < slack, "angle by its cosine")
    return lo, hi

def check_pythagoras(left, norm):
    """By hand: differences 1/5, -3/5, 3/5, 1/5; E x x^T = [[7, -5], [-5, 6]]/4 with the eigenvalues (13 +- sqrt 101)/8."""
    sure(left == Fraction(1 + 9 + 9 + 1, 100), "left side by hand")
    sure(square(8 * norm[0] - 13) <= 101 <= square(8 * norm[1] - 13), "norm by hand")

def population():
    """x ~ N(0, I), w1 and w2 at the angle a: K(a) = 1 - (sin a + (pi - a) cos a)/pi. At a = pi/n the only irrational part is sin(a)/pi."""
    P = 256
    pi = of_ball(b_pi(P), P)
    block("wang.lemma10 for x ~ N(0, I): K(a) = 1 - (sin a + (pi - a) cos a)/pi, the left side at the angle a")
    for n, name, sine_squared, cosine in ((3, "K(pi/3)", Fraction(3, 4), Fraction(1, 2)), (2, "K(pi/2)", Fraction(1), Fraction(0)),
                                          (1, "K(pi)", Fraction(0), Fraction(-1))):
        rational = 1 - (1 - Fraction(1, n)) * cosine
        sine = of_ball(b_sqrt(ball(sine_squared, P), P), P)
        ends = (rational - sine[1] / pi[0], rational - sine[0] / pi[1]) if sine_squared else (rational, rational)
        check_population(n, ends)
        fig("wang.lemma10", "population", name, ends[0], ends[1] if sine_squared else None)

def check_population(n, ends, cells=360):
    """Second way, the expectation itself: in polar coordinates, E r^2 = 2, it is (1/pi) times the integral over a turn of
    g(t)^2, g(t) = relu(cos t) - relu(cos(t - a)). With 360 cells (12 divides it) the kinks lie on cell ends for a = pi/n, n = 1, 2, 3, so
    inside a cell g is a trigonometric polynomial with |g|, |g'|, |g''| <= 2 and |(g^2)''| <= 2 4 + 2 4 = 16. The midpoint rule errs by at
    most (turn) h^2/24 16 = (2 pi)^3 16/(24 cells^2), over pi: below 54/cells^2. pi as a fraction of 60 bits moves a sample by
    less than 2^-50."""
    P, step_angle = 96, 2 * Fraction(b_pi(60)[0], 1 << 60) / cells
    cosines = [Fraction(b_cos_sin(P, step_angle * (k + Fraction(1, 2)))[0][0], 1 << P) for k in range(cells)]
    shift = cells // (2 * n)
    mean = sum(square(relu(cosines[k]) - relu(cosines[k - shift])) for k in range(cells)) / cells
    sure(abs(2 * mean - (ends[0] + ends[1]) / 2) <= Fraction(54, cells ** 2) + Fraction(1, 10 ** 9), "arc-cosine kernel by quadrature")

# ---- FIG: wang.thm6 ----

def skip_loss(W, V, g, data):
    """E |W (x + V g(x)) - y|^2, the mean over the data."""
    total = Fraction(0)
    for x, y in data:
        inner = [a + b for a, b in zip(x, matvec(V, g(x)))]
        total += sum(square(f - t) for f, t in zip(matvec(W, inner), y))
    return total / len(data)

def both_signs(x):
    return [relu(v) for v in x] + [relu(-v) for v in x]

def mirror_data(d):
    atoms = []
    for k in range(d):
        e = [Fraction(0)] * d
        e[k] = 1 + Fraction(k, 2)
        atoms += [e, [-v for v in e]]
    return [(x, x) for x in atoms]

def smallest_eigenvalue_of_diagonal(M):
    """The smallest entry; second way: M - b I is singular, and positive definite for every smaller b tried."""
    sure(all(M[i][j] == 0 for i in range(len(M)) for j in range(len(M)) if i != j), "diagonal")
    b, I = min(M[i][i] for i in range(len(M))), identity(len(M))
    sure(determinant(combine(1, M, -b, I)) == 0 and positive_definite(combine(1, M, Fraction(1, 1 << 60) - b, I)), "smallest eigenvalue")
    return b

def mirror_path(d, D, V_B):
    """The points of the path W: I -> diag(0, 1, ..), V: 0 -> V_B, W -> D."""
    I, Z = identity(d), [[Fraction(0)] * (2 * d) for _ in range(d)]
    P = diagonal([Fraction(0)] + [Fraction(1)] * (d - 1))
    for t in samples():
        yield combine(1 - t, I, t, P), Z
        yield P, combine(t, V_B, 0, Z)
        yield combine(1 - t, P, t, D), V_B

def mirror(d):
    D, I = diagonal([Fraction(-1)] + [Fraction(1)] * (d - 1)), identity(d)
    det_D, inverse = eliminate(D, I)
    signs = [r + [-v for v in r] for r in I]                                # [I, -I]
    V_A, V_B = [[Fraction(0)] * (2 * d) for _ in range(d)], matmul(combine(1, inverse, -1, I), signs)
    data = mirror_data(d)
    F_A, F_B, F_lin = skip_loss(I, V_A, both_signs, data), skip_loss(D, V_B, both_signs, data), skip_loss(I, V_A, both_signs, data)
    ys = [y for _, y in data]
    barrier = smallest_eigenvalue_of_diagonal(moment(ys, ys))
    sure(max(skip_loss(W, V, both_signs, data) for W, V in mirror_path(d, D, V_B)) == barrier, "the path attains the barrier")
    check_mirror(d, data, barrier)
    sure(leibniz(D) == det_D, "determinant")
    case = "mirror/d=%d" % d
    for figure, value in (("F(A)", F_A), ("F(B)", F_B), ("det-A", determinant(I)), ("det-B", det_D), ("barrier", barrier),
                          ("claimed-bound", max(F_A, F_B, F_lin))):
        fig("wang.thm6", case, figure, value)

def check_mirror(d, data, barrier):
    """Second way to the lower bound: at singular W, W = (I - u u^T/|u|^2) times anything, F is at least E (u y)^2/|u|^2, whatever V and g;
    here for a few u, with an independent network g and V."""
    g = random.Random(d)
    draw = lambda m, n: fractions([[g.randrange(-8, 9) for _ in range(n)] for _ in range(m)])
    for _ in range(8):
        u = [Fraction(g.randrange(-8, 9)) for _ in range(d - 1)] + [Fraction(1)]
        size = sum(map(square, u))
        projection = combine(1, identity(d), -1, [[a * b / size for b in u] for a in u])
        W, V = matmul(projection, draw(d, d)), draw(d, 2 * d)
        floor = sum(square(sum(a * b for a, b in zip(u, y))) for _, y in data) / size / len(data)
        sure(determinant(W) == 0 and skip_loss(W, V, both_signs, data) >= floor >= barrier, "singular W is dear")

def first_relu(x):
    return [relu(x[0])]

FOUR_POINTS = [([Fraction(a), Fraction(b)], [Fraction(a)]) for a, b in ((1, 0), (0, 1), (2, 0), (0, -1))]

def four_points():
    """w1 = 0 and F = 0 exclude each other, for every block g >= 0: with c = w v, the points (0, +-1) give w2 + c g1 = 0 = -w2 + c g2. Tried in exact
    arithmetic over a grid of w2, c, g1, g2 >= 0: both vanish only at w2 = 0, and then w = 0, f = 0 and F = E y^2."""
    A, B = (fractions([[1, 0]]), fractions([[0], [0]])), (fractions([[-1, 0]]), fractions([[-2], [0]]))
    F_A, F_B = (skip_loss(*p, first_relu, FOUR_POINTS) for p in (A, B))
    values = [Fraction(k, 2) for k in range(-6, 7)]
    sure(all(w2 == 0 for w2 in values for c in values for g1 in values[6:] for g2 in values[6:] if w2 + c * g1 == 0 == -w2 + c * g2), "w2 = 0")
    linear = skip_loss(fractions([[1, 0]]), A[1], first_relu, FOUR_POINTS)
    nothing = skip_loss(fractions([[0, 0]]), A[1], first_relu, FOUR_POINTS)
    for figure, value in (("F(A)", F_A), ("F(B)", F_B), ("claimed-bound", max(F_A, F_B, linear)), ("F-at-w=0", nothing)):
        fig("wang.thm6", "four-points", figure, value)

def detour_point(w, v1, d):
    """w2 = d, and v2 such that w1 (1 + v1) + d v2 = 1: what is left of f - y is d x2."""
    return [[w, d]], [[v1], [(1 - w * (1 + v1)) / d]]

def detour(K):
    """The largest F on samples, ends included, of a path A -> B of the four points: w2: 0 -> d, w1: 1 -> -1 with v1: 0 -> -2, w2 -> 0.
    F is (w2)^2/2 on the outer legs, d^2/2 on the middle one."""
    d = Fraction(1, 2 ** K)
    path = [detour_point(1 - 2 * t, -2 * t, d) for t in samples()]
    for w, v1 in ((1, 0), (-1, -2)):
        path += [([[Fraction(w), s * d]], fractions([[v1], [0]])) for s in samples()]
    top = max(skip_loss(W, V, first_relu, FOUR_POINTS) for W, V in path)
    sure(top == d * d / 2, "detour")
    fig("wang.thm6", "detour/2^-%d" % K, "bound", top)

def iris_rows():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "iris.inc"), encoding="ascii") as f:
        rows = [tuple(map(int, m.group(1).split(","))) for m in re.finditer(r"^R\(([\d, ]+)\)", f.read(), re.M)]
    classes = [r[4] for r in rows if len(r) == 5]
    sure(len(rows) == 150 and [classes.count(c) for c in range(3)] == [50, 50, 50], "iris.inc")
    return rows

def iris():
    """min over W of E |W x - y|^2: W = E y x^T (E x x^T)^-1, and then the minimum is E |y|^2 - tr(W E x y^T); second way: the loss at W."""
    rows = iris_rows()
    xs = [[Fraction(v, 16) for v in r[:4]] + [Fraction(1)] for r in rows]
    ys = fractions([[int(r[4] == c) for c in range(3)] for r in rows])
    cross = moment(xs, ys)
    det, solution = eliminate(moment(xs, xs), cross)
    W = transpose(solution)
    minimum = moment(ys, ys)
    value = sum(minimum[c][c] for c in range(3)) - sum(matmul(W, cross)[c][c] for c in range(3))
    zero = [[Fraction(0)] for _ in range(5)]
    sure(det > 0 and value == skip_loss(W, zero, lambda x: [Fraction(0)], list(zip(xs, ys))), "iris")
    fig("wang.thm6", "iris/squared", "F*_w", value)

def thm6_rows():
    block("wang.thm6, mirror: y = x on the 2d points +-(1 + k/2) e_k, g = (relu(x), relu(-x)); each path from A to B "
          "meets det W = 0, where F >= barrier")
    for d in (1, 2, 3, 5):
        mirror(d)
    block("wang.thm6, four points: {F <= 0} falls apart by the sign of w1 although dy < dx; a detour through w2 = d costs d^2/2")
    four_points()
    for K in (3, 10, 20):
        detour(K)
    block("wang.thm6, iris: the best linear map from (mm/16, 1) to the class, squared loss, by the normal equations "
          "in fractions (data: vectors/iris.inc)")
    iris()

# ---- FIG: wang.remark4.1 ----

REMARK_DATA = [([Fraction(x)], [Fraction(abs(x)), Fraction(0)]) for x in (-2, -1, 1, 2)]

def remark_loss(w, v):
    return skip_loss([[w[0]], [w[1]]], [[v]], lambda x: [relu(x[0]) + relu(-x[0])], REMARK_DATA)

def remark_barrier():
    """min over w of F(w, 0), a quadratic in w: w = E y x/E x^2. Second way: F = 5/2 (|w|^2 + |w v - e1|^2), here at v = 0."""
    xs, ys = [x for x, _ in REMARK_DATA], [y for _, y in REMARK_DATA]
    w = [m / moment(xs, xs)[0][0] for m in moment(xs, ys)[0]]
    value = remark_loss(w, Fraction(0))
    for dw in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        sure(remark_loss([a + b for a, b in zip(w, dw)], Fraction(0)) > value, "least at v = 0")
    return value

def remark_rows():
    block("wang.remark4.1: F = 5/2 (|w|^2 + |w v - e1|^2); each path from (d e1, 1/d) to (-d e1, -1/d) meets v = 0, where F >= barrier")
    barrier = remark_barrier()
    sure(barrier == Fraction(5, 2), "barrier of remark 4.1")
    for K in (1, 4):
        d = Fraction(1, 2 ** K)
        ends = [remark_loss([s * d, Fraction(0)], s / d) for s in (1, -1)]
        sure(ends[0] == ends[1] == Fraction(5, 2) * d * d, "ends of remark 4.1")
        fig("wang.remark4.1", "d=2^-%d" % K, "claimed-bound", max(ends))
        fig("wang.remark4.1", "d=2^-%d" % K, "barrier", barrier)

# ---- FIG: shamir.ex1 ----

def example(eps):
    return lambda w, v: square(w * (1 + eps * v) - 1) / 2

def derivatives(F, w, v):
    """(F_w, F_v, F_wv) by central differences of step 1: exact, as F is quadratic in w and in v. Second way: step 1/7."""
    both = []
    for h in (Fraction(1), Fraction(1, 7)):
        mixed = sum(s * t * F(w + s * h, v + t * h) for s in (1, -1) for t in (1, -1)) / (4 * h * h)
        both.append(((F(w + h, v) - F(w - h, v)) / (2 * h), (F(w, v + h) - F(w, v - h)) / (2 * h), mixed))
    sure(both[0] == both[1], "derivatives")
    return both[0]

def saddle(K):
    eps = Fraction(1, 2 ** K)
    F, point = example(eps), (Fraction(0), -1 / eps)
    F_w, F_v, F_wv = derivatives(F, *point)
    sure((F(*point), F_w, F_v, F_wv) == (Fraction(1, 2), 0, 0, -eps), "saddle by hand")
    for figure, value in (("value", F(*point)), ("dF/dw", F_w), ("dF/dv", F_v), ("d2F/dwdv", F_wv),
                          ("F_lin(1)", F(Fraction(1), Fraction(0)))):
        fig("shamir.ex1", "saddle/eps=2^-%d" % K, figure, value)

def example_barrier(eps):
    """From (1, 0) to (-1, -2/eps): each path meets w = 0, where F is 1/2 for all v (a quadratic in v with three equal values is constant);
    the path w -> 0, v -> -2/eps, w -> -1 attains it."""
    F, far = example(eps), -2 / eps
    line = {F(Fraction(0), v) for v in (Fraction(-1), Fraction(0), Fraction(1))}
    path = [F(1 - t, Fraction(0)) for t in samples()] + [F(Fraction(0), t * far) for t in samples()] + [F(-t, far) for t in samples()]
    sure(line == {max(path)} and F(Fraction(1), Fraction(0)) == F(Fraction(-1), far) == 0, "barrier of example 1")
    return max(path)

def shamir_rows():
    block("shamir.ex1: F(w, v) = (w (1 + eps v) - 1)^2/2 at its saddle (0, -1/eps); the barrier between its two zeros "
          "(1, 0) and (-1, -2/eps); dF/dv at the saddle as printed, (w - 1 + eps w v) eps v, and as it is")
    for K in (0, 3, 10):
        saddle(K)
    barriers = {example_barrier(Fraction(1, 2 ** K)) for K in (0, 3, 10)}
    fig("shamir.ex1", "barrier", "barrier", barriers.pop())
    sure(not barriers, "the same barrier for every eps")
    eps, w, v = Fraction(1), Fraction(0), Fraction(-1)
    fig("shamir.ex1-misprints", "derivative", "printed-dF/dv-at-saddle", (w - 1 + eps * w * v) * eps * v)
    fig("shamir.ex1-misprints", "derivative", "dF/dv-at-saddle", derivatives(example(eps), w, v)[1])

# ==== Part two: the figures of wang.thm11, wang.thm1, wang.lemma9, wang.thm8 and wang.errata ====
# Everything below is derived here, from the papers' definitions; what is irrational carries 60 proved decimals (narrow).

# ---- FIG: roots and narrow enclosures ----

def narrow(ends):
    sure(0 <= ends[1] - ends[0] < Fraction(1, 10 ** 60), "60 decimals")
    return ends

def fig_ends(claim, case, figure, ends, slack=None):
    lo, hi = narrow(ends)
    fig(claim, case, figure, lo, hi if lo < hi else None, slack)

def whole_root(n, k):
    """The largest integer r with r^k <= n, for n >= 1. Newton from above falls until it is there; the last line proves it."""
    r, s = 1 << n.bit_length() // k + 1, 0
    while True:
        s = ((k - 1) * r + n // r ** (k - 1)) // k
        if s >= r:
            break
        r = s
    sure(r ** k <= n < (r + 1) ** k, "whole root")
    return r

def root(q, k, P=256):
    """Enclosure of q^(1/k), q > 0; equal ends where the root is a multiple of 2^-P."""
    r = whole_root((q.numerator << k * P) // q.denominator, k)
    lo, hi = Fraction(r, 1 << P), Fraction(r + 1, 1 << P)
    sure(lo ** k <= q < hi ** k, "root")
    return (lo, lo) if lo ** k == q else (lo, hi)

def scaled(ends, factor):
    return ends[0] * factor, ends[1] * factor

def not_above(a, b):
    """Whether a <= b, for enclosures that settle it."""
    sure(a[1] <= b[0] or a[0] > b[1], "comparison")
    return a[1] <= b[0]

# ---- FIG: wang.thm11 and wang.thm1, the witness ----
# n = dy = dg = do = 1, one datum x = 1, kappa = 1, squared loss; layers of theta in g, q = layers + 2 factors, y = c^q.

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)

def scalar_loss(net, y):
    """F = (f - y)^2 + R at x = 1, by the definitions; g without layers is the identity."""
    w1, w2, v1, v2, thetas = net
    units = [relu(w) for w in w1]
    deep = sum(a * h for a, h in zip(v2, units))
    for t in thetas:
        deep = relu(t * deep)
    product_term = sum(a * b for a, b in zip(w2, v1))
    f = sum(a * h for a, h in zip(w2, units)) + product_term * deep
    shallow_and_deep = sum((abs(a) + abs(b)) * abs(w) for a, b, w in zip(w2, v2, w1))
    return square(f - y) + shallow_and_deep + abs(product_term) + sum(map(abs, thetas))

def witness(m, t, layers, s=Fraction(0), home=1):
    """Width m. Row 0: w1 = 0, w2 = 1, v1 = t; row 1: w1 = 1, v2 = t; all layers t; so rho = t^q. A shallow output s on row home. The rest 0."""
    w1, w2, v1, v2 = ([Fraction(0)] * m for _ in range(4))
    w1[1] = w1[home] = w2[0] = Fraction(1)
    v1[0], v2[1], w2[home] = t, t, s
    return w1, w2, v1, v2, [t] * layers

def least_shallow(gap):
    """min over s of (s - gap)^2 + |s|: the least value is at s = 0 or where a branch is stationary, s = gap -+ 1/2. Second way: a grid."""
    value = min(square(s - gap) + abs(s) for s in (Fraction(0), gap - HALF, gap + HALF))
    sure(all(square(s - gap) + abs(s) >= value for s in (gap + Fraction(k, 16) for k in range(-40, 41))), "least shallow")
    return value

def least_block(q):
    """min of |W2 V1|_1 + V2-term + thetas at rho = 1: their product is at least 1, so by AM-GM it is q, where all are 1. Second way: random
    factors, the last one making the product 1."""
    g = random.Random(q)
    for _ in range(50):
        factors = [Fraction(1 + g.getrandbits(4), 8) for _ in range(q - 1)]
        rest = Fraction(1)
        for a in factors:
            rest /= a
        sure(sum(factors) + rest >= q, "AM-GM")
    return Fraction(q)

def crest(c, layers):
    """The largest F on the path rho = t^q, t: c -> 0, s = max(0, y - 1/2 - rho), by the networks themselves at t = k/64 (two units).
    Between the samples: while t^q <= y - 1/2, F = q t - t^q + y - 1/4 with the derivative q (1 - t^(q-1)), so F is largest at t = 1, a
    sample; before that s = 0, |f - y| <= 1/2 and F <= q c + 1/4."""
    q = layers + 2
    y = c ** q
    points = [(t, max(Fraction(0), y - HALF - t ** q)) for t in (Fraction(k, 64) for k in range(int(64 * c) + 1))]
    top = max(scalar_loss(witness(2, t, layers, s), y) for t, s in points)
    sure(top >= q * c + QUARTER, "the first stretch is lower")
    return top

@lru_cache(None)
def barrier_of(c, layers):
    """Each path from rho = y to rho = 0 meets rho = 1, where F >= least_block + least_shallow (|s| <= sum |w2_i|_1 |w1_i|); a path attains it."""
    q = layers + 2
    wall = least_block(q) + least_shallow(c ** q - 1)
    sure(wall == q + (c ** q - 1) - QUARTER == crest(c, layers), "barrier from both sides")
    return wall

def ends_of_witness(m, c, layers):
    """F(A) and F(B) by the networks of width m, and F*_w: with unit rows f = s, and |W2|_1 >= |s| for any number of nodes."""
    y = c ** (layers + 2)
    F_A, F_B = scalar_loss(witness(m, c, layers), y), scalar_loss(witness(m, Fraction(0), layers, y - HALF), y)
    best = least_shallow(y)
    sure(F_A == (layers + 2) * c and F_B == best == y - QUARTER, "ends of the witness")
    return F_A, F_B, best

@lru_cache(None)
def parked_bound(c, layers):
    """Enclosure of the maximum over t in [0, 1] of h(t) = b + pi t - K t^q, b = F*_w, pi = q c the block's part of R at A, K = b - F(A) + pi.

    Why h: all q factors of the block shrink to t times themselves while the output moves by 1 - t^q from A's to the optimum's, on a unit of
    its own; loss and shallow term are convex there, the block's part of R is pi t: t^q (F(A) - pi) + (1 - t^q) b + pi t.
    h is concave: between lo and hi, h' > 0 >= h', its maximum lies between h(lo) and h(lo) + h'(lo) (hi - lo)."""
    q = layers + 2
    start, _, b = ends_of_witness(3, c, layers)
    pi = q * c
    K = b - start + pi
    h, slope = lambda t: b + pi * t - K * t ** q, lambda t: pi - q * K * t ** (q - 1)
    lo, hi = Fraction(0), Fraction(1)
    sure(slope(lo) > 0 >= slope(hi), "the maximum is inside")
    while hi - lo > Fraction(1, 1 << 160):
        t = (lo + hi) / 2
        lo, hi = (t, hi) if slope(t) > 0 else (lo, t)
    ends = h(lo), h(lo) + slope(lo) * (hi - lo)
    check_parked(c, layers, h, ends, pi / (q * K))
    return ends

def check_parked(c, layers, h, ends, power_of_best):
    """Second way: h' = 0 at t = (pi/(q K))^(1/(q-1)), where h = b + pi t (1 - 1/q). And h does bound F on its path, by networks of three units."""
    q = layers + 2
    y, t = c ** q, root(power_of_best, q - 1)
    closed = [h(Fraction(0)) + q * c * v * (1 - Fraction(1, q)) for v in t]
    sure(closed[0] <= ends[1] and ends[0] <= closed[1] and closed[1] - closed[0] < Fraction(1, 10 ** 70), "parked bound, closed form")
    for t in samples():
        net = witness(3, c * t, layers, (1 - t ** q) * (y - HALF), 2)
        sure(scalar_loss(net, y) <= h(t), "the parked path is below its bound")

def witness_row(case, m, layers, c=Fraction(2)):
    """unparked: max(F(A), the end of leg 5), where V2 (c) and the layers (c each) still stand. Two units leave none for parking."""
    F_A, F_B, best = ends_of_witness(m, c, layers)
    claimed, wall = max(F_A, F_B, best), barrier_of(c, layers)
    unparked = max(F_A, best + c + layers * c)
    repaired = (unparked, unparked) if m == 2 else tuple(max(F_A, v) for v in parked_bound(c, layers))
    sure(claimed < wall <= repaired[0], "the repaired bound is above the barrier")
    for figure, value in (("F(A)", F_A), ("F(B)", F_B), ("F*_w", best), ("claimed-bound", claimed), ("barrier", wall),
                          ("excess", wall - claimed), ("unparked-bound", unparked)):
        fig("wang.thm11", case, figure, value)
    fig_ends("wang.thm11", case, "repaired-bound", repaired)

def on_the_wall(v):
    """The network of two units with the given w1, w2, v1, v2 (eight numbers) and the one theta that makes rho 1; None where there is none."""
    w1, w2, v1, v2 = v[:2], v[2:4], v[4:6], v[6:]
    product_term = sum(a * b for a, b in zip(w2, v1))
    u = sum(a * relu(w) for a, w in zip(v2, w1))
    return (w1, w2, v1, v2, [1 / (product_term * u)]) if product_term > 0 and u != 0 else None

def wall_value(v, wall):
    net = on_the_wall(v)
    if net is None:
        return None
    value = scalar_loss(net, Fraction(8))
    sure(value >= wall, "no point with rho = 1 is below the barrier")
    return value

def wall_descent(v, value, g, wall):
    """Moves by -h, 0 or h in each number, one at a time or a random few at once; h halves where none helps."""
    h = Fraction(1)
    while h >= Fraction(1, 256):
        moves = [[s * h * (i == j) for j in range(8)] for i in range(8) for s in (1, -1)]
        moves += [[h * (-1, 0, 0, 1)[g.getrandbits(2)] for _ in range(8)] for _ in range(16)]
        tried = [(w, wall_value(w, wall)) for w in ([a + b for a, b in zip(v, d)] for d in moves)]
        best = min((t for t in tried if t[1] is not None), key=lambda t: t[1])
        v, value, h = (best[0], best[1], h) if best[1] < value else (v, value, h / 2)
    return value

def search_the_wall(count=3000, starts=6):
    """Not a row: random two-unit networks on rho = 1 (c = 2, one layer), and descents from the best of them, never fall below 39/4; that the
    descents come within 1/1000 of it says that the search could have."""
    g, wall, found = random.Random(11), barrier_of(Fraction(2), 1), []
    sure(wall == Fraction(39, 4), "39/4")
    while len(found) < count:
        v = [Fraction(g.randrange(-64, 65), 1 << g.randrange(3, 7)) for _ in range(8)]
        value = wall_value(v, wall)
        if value is not None:
            found.append((value, v))
    found.sort()
    least = min(wall_descent(v, value, g, wall) for value, v in found[:starts])
    sure(least - wall < Fraction(1, 1000), "the descents come near the wall: %s" % float(least))

def thm11_rows():
    block("wang.thm11, witness: x = 1, y = c^q, c = 2, q = layers + 2; F at A and B by networks of the full width; barrier: AM-GM at "
          "rho = 1 and a path that attains it; repaired-bound: the maximum of b + pi t - (b - F(A) + pi) t^q by bisection of its slope")
    for m in (2, 3, 16, 256, 4096):
        witness_row("witness/m=%d" % m, m, 1)
    for layers, name in ((0, "no-layers"), (2, "2-layers"), (3, "3-layers"), (5, "5-layers"), (8, "8-layers")):
        witness_row("witness/" + name, 3, layers)
    search_the_wall()

def thm1_rows():
    block("wang.thm1, headline: the same witness with c = 3/2 and one layer, where F(A) is above F*_w and below the barrier")
    c = Fraction(3, 2)
    for m in (2, 64, 4096):
        F_A, _, best = ends_of_witness(m, c, 1)
        wall = barrier_of(c, 1)
        for figure, value in (("F(A)", F_A), ("F*_w", best), ("barrier", wall), ("depth-at-least", wall - F_A)):
            fig("wang.thm1", "headline/m=%d" % m, figure, value)

# ---- FIG: wang.lemma9 ----

def two_eps(m, n, eta):
    """2 m^((eta-1)/n)."""
    e = (1 - eta) / n
    return root(Fraction(2 ** e.denominator, m ** e.numerator), e.denominator)

def demanded(m, eta):
    """m^eta."""
    return root(Fraction(m ** eta.numerator), eta.denominator)

def lemma9_sizes(case, m, n, eta):
    fig_ends("wang.lemma9", case, "2-eps", two_eps(m, n, eta))
    fig_ends("wang.lemma9", case, "m^eta", demanded(m, eta))

def largest_set(near, members=(), rest=None):
    """Exhaustive: the most indices that are pairwise near."""
    rest = range(len(near)) if rest is None else rest
    return max([len(members)] + [largest_set(near, members + (i,), [j for j in rest if j > i and near[i][j]]) for i in rest])

def pi_ends(P=256):
    return of_ball(b_pi(P), P)

def circle_angles():
    return [[scaled(pi_ends(), Fraction(min(abs(i - j), 16 - abs(i - j)), 8)) for j in range(16)] for i in range(16)]

def cross_angles():
    vectors = [[s * (i == j) for j in range(8)] for i in range(8) for s in (1, -1)]
    by_dot = {1: 0, 0: HALF, -1: 1}
    return [[scaled(pi_ends(), by_dot[sum(a * b for a, b in zip(u, v))]) for v in vectors] for u in vectors]

def golden_dot(u, v):
    """(a, b): the inner product a + b phi of vectors over Z[phi], phi^2 = phi + 1."""
    a = sum(p * r + q * s for (p, q), (r, s) in zip(u, v))
    return a, sum(p * s + q * r + q * s for (p, q), (r, s) in zip(u, v))

def icosahedron_angles(P=256):
    """Corners: the cyclic permutations of (0, +-1, +-phi), |v|^2 = 2 + phi = sqrt(5) phi. So the inner products +-phi belong to the cosines
    +-1/sqrt(5), the angles atan 2 = pi/2 - atan(1/2) and pi - atan 2."""
    corners = [[((0, 0), (s, 0), (0, t))[(k + r) % 3] for k in range(3)] for r in range(3) for s in (1, -1) for t in (1, -1)]
    pi, half = pi_ends(), of_ball(b_atan(P, ball(HALF, P)), P)
    near, far = (pi[0] / 2 - half[1], pi[1] / 2 - half[0]), (pi[0] / 2 + half[0], pi[1] / 2 + half[1])
    by_dot = {(2, 1): (Fraction(0), Fraction(0)), (0, 1): near, (0, -1): far, (-2, -1): pi}
    return [[by_dot[golden_dot(u, v)] for v in corners] for u in corners]

def lemma9_witness(case, m, n, eta, angles, most):
    """The rows, and (no row) that the largest set within 2 eps has fewer than m^eta members."""
    limit = two_eps(m, n, eta)
    near = [[not_above(a, limit) for a in r] for r in angles]
    sure(len(near) == m and largest_set(near) == most and not not_above(demanded(m, eta), (Fraction(most), Fraction(most))), case)
    lemma9_sizes(case, m, n, eta)

def sine_power_series(k, terms):
    """c_0, c_1, ..: (sin t/t)^k = sum c_j t^(2j), by Miller's recurrence for powers of a series: from f' k h = f h' for h = f^k."""
    a, c, factorial = [Fraction(1)], [Fraction(1)], 1
    for j in range(1, terms):
        factorial *= -2 * j * (2 * j + 1)
        a.append(Fraction(1, factorial))
        c.append(sum((i * k - j + i) * a[i] * c[j - i] for i in range(1, j + 1)) / j)
    return c

def sine_power_integral(k, P):
    """Ball of the integral of sin^k over [0, pi]: pi or 2, times (k-1)/k (k-3)/(k-2) ... Second way: the constant term of (e^it - e^-it)^k for
    even k; for odd k the integral of (1 - u^2)^p over [-1, 1], u = cos t, k = 2p + 1, term by term."""
    factor, p = Fraction(1), k // 2
    for i in range(k, 1, -2):
        factor *= Fraction(i - 1, i)
    second = sum(Fraction((-1) ** j * comb(p, j), 2 * j + 1) for j in range(p + 1)) if k % 2 else Fraction(comb(k, p), 1 << k)
    sure(factor == second, "integral of a power of the sine")
    return b_mul(ball(factor, P), (2 << P, 0) if k % 2 else b_pi(P), P)

def cap_root(n, P=384, terms=40):
    """Enclosure of the root a = eps/2 of sigma_n(a) = (2 a)^n, n >= 3.

    With S(a) = sum c_j a^(2j)/(2j + n - 1), the integral of sin^(n-2) over [0, a] is a^(n-1) S(a), so a = S(a)/(2^n I), I over [0, pi]. Since
    sin(a u)/a falls in a on (0, pi), so does S: one root, in [0, S(0)/(2^n I)], within [0, 1/16]. A ball that holds the root has an image that
    holds it; the images shrink. Terms cut off: |c_j| is at most the coefficient in (sinh t/t)^k, so at most (sinh 1)^k < 1.2^14 < 13; at
    |a| <= 1/16 they sum to less than 14 2^(-8 terms)."""
    k = n - 2
    c = [ball(v / (2 * j + n - 1), P) for j, v in enumerate(sine_power_series(k, terms))]
    whole = b_mul((1 << P + n, 0), sine_power_integral(k, P), P)
    a, tail = (1 << P - 5, 1 << P - 5), (0, 14 << P - 8 * terms)
    sure(k <= 14 and of_ball(b_div(c[0], whole, P), P)[1] < Fraction(1, 16), "the root is below 1/16")
    for _ in range(60):
        x, S = b_mul(a, a, P), (0, 0)
        for v in reversed(c):
            S = b_add(v, b_mul(S, x, P))
        a = b_div(b_add(S, tail), whole, P)
    lo, hi = of_ball(a, P)
    check_cap_root(n, lo, hi)
    return lo, hi

def excess_of_cap(n, a, P):
    """Ball of the integral of sin^(n-2) over [0, a] less (2 a)^n I, by parts: k J_k = (k - 1) J_(k-2) - cos a sin^(k-1) a."""
    k, (c, s) = n - 2, b_cos_sin(P, a)
    J = b_add((1 << P, 0), b_neg(c)) if k % 2 else ball(a, P)
    for i in range(2 + k % 2, k + 1, 2):
        term = c
        for _ in range(i - 1):
            term = b_mul(term, s, P)
        J = b_div_int(b_add(((i - 1) * J[0], (i - 1) * J[1]), b_neg(term)), i)
    return b_add(J, b_neg(b_mul(ball((2 * a) ** n, P), sine_power_integral(k, P), P)))

def check_cap_root(n, lo, hi, P=1600):
    """Second way: closed forms, not series; the cap is above eps^n at lo and below it at hi, strictly."""
    above, below = (of_ball(excess_of_cap(n, a, P), P) for a in (lo, hi))
    sure(above[0] > 0 > below[1], ("cap root", n))

@lru_cache(None)
def eps_0(n, P=384):
    """Enclosure of the largest eps with N(eps) <= eps^-n for the bounds on the covering number: 2; pi/eps + 1; 1/sigma(eps/2)."""
    if n == 1:
        return HALF, HALF
    if n > 2:
        return scaled(cap_root(n), 2)
    pi = b_pi(P)
    lo, hi = of_ball(b_div((2 << P, 0), b_add(pi, b_sqrt(b_add(b_mul(pi, pi, P), (4 << P, 0)), P)), P), P)
    slack, other_pi = Fraction(1, 10 ** 90), Fraction(machin(400), 1 << 400)
    sure((lo - slack) * (lo - slack + other_pi) < 1 < (hi + slack) * (hi + slack + other_pi), "eps_0(2)")
    return lo, hi

def log2_ends(ends, P=384):
    """Enclosure of log2 over an enclosure; second way: decimal's ln."""
    two = of_ball(log_2(P), P)
    logs = [of_ball(b_log(P, v), P) for v in ends]                              # below 0: the larger divisor gives the larger quotient
    sure(logs[1][1] < 0, "eps_0 < 1")
    lo, hi = logs[0][0] / two[0], logs[1][1] / two[1]
    with localcontext(Context(prec=110)):
        second = Fraction((Decimal(ends[0].numerator) / Decimal(ends[0].denominator)).ln() / Decimal(2).ln())
    sure(abs(second - lo) < Fraction(1, 10 ** 70), "log2")
    return lo, hi

def threshold(name, eta):
    """m0 = eps_0^(-n/(1-eta)): for m >= m0, eps = m^((eta-1)/n) <= eps_0, so N(eps) <= eps^-n = m^(1-eta), and some cap holds m^eta rows."""
    for n in range(1, 17):
        lo, hi = log2_ends(eps_0(n)) if n > 1 else (Fraction(-1), Fraction(-1))
        fig_ends("wang.lemma9", "threshold/eta=" + name, "log2-m0/n=%d" % n, scaled((-hi, -lo), n / (1 - eta)))

def lemma9_rows():
    block("wang.lemma9, witnesses: 16 points on the circle, +-e_i in R^8, the icosahedron; powers by integer roots; exhaustive search "
          "finds at most 3, 1 and 3 vectors pairwise within 2 eps, fewer than m^eta")
    lemma9_witness("circle/m=16", 16, 2, HALF, circle_angles(), 3)
    lemma9_witness("cross-polytope/n=8", 16, 8, Fraction(3, 10), cross_angles(), 1)
    lemma9_witness("icosahedron", 12, 3, HALF, icosahedron_angles(), 3)
    block("wang.lemma9, thresholds: -n log2(eps_0(n))/(1 - eta), from which on N caps of radius eps give m^eta rows; eps_0 for n >= 3 as the fixed "
          "point of a = S(a)/(2^n I) in balls, S by Miller's recurrence in fractions; second way: closed forms change sign across it")
    for name in ("1/4", "1/2", "3/4"):
        threshold(name, Fraction(name))
    block("wang.lemma9, random rows: the powers alone")
    lemma9_sizes("random/n=2/m=1024", 1024, 2, HALF)
    lemma9_sizes("random/n=3/m=4096", 4096, 3, HALF)

# ---- FIG: wang.thm8 ----

def thm8_rows():
    block("wang.thm8, sharp: one datum x = y = 1, kappa = 1, f = w2 relu(w1 x) with w1 = 1, w2 = 1/2; Euler: kappa (W2-term + |W2 V1|_1) = "
          "2 E <y - f, f> <= E |y|^2/2, here with equality; (w - 1)^2 + |w| = 3/4 + (w - 1/2)^2 + (|w| - w)")
    y, w1, w2 = Fraction(1), Fraction(1), HALF
    F = lambda w: square(w - 1) + abs(w)
    sure(all(F(w) == Fraction(3, 4) + square(w - HALF) + (abs(w) - w) for w in (Fraction(k, 8) for k in range(-24, 25))), "w2 = 1/2 is best")
    sure(F(w2) == scalar_loss(([w1], [w2], [Fraction(0)], [Fraction(0)], []), y) == least_shallow(y) == Fraction(3, 4), "by the network")
    C, shallow, f = y * y / 2, abs(w2) * abs(w1), w2 * relu(w1)
    for figure, value in (("C", C), ("shallow", shallow), ("residual", shallow - 2 * (y - f) * f), ("(shallow+product)/C", shallow / C)):
        fig("wang.thm8", "sharp", figure, value)

# ---- FIG: wang.errata ----

def step3_gap():
    """After leg 5 of the witness: the optimum's unit on row 2, W2 V1 = 0 (row 0 without v1), V2 and theta still 2."""
    y = Fraction(8)
    w1, w2, v1, v2, thetas = witness(3, Fraction(2), 1, y - HALF, 2)
    gap = scalar_loss((w1, w2, [Fraction(0)] * 3, v2, thetas), y) - least_shallow(y)
    fig("wang.errata", "step3-gap", "end-of-step-3-minus-F*", gap)

def eq17_penalty():
    """One unit, t = w2 = 2 in equation (17), the other factors 1. R by the network: F at y = f."""
    t, one = Fraction(2), Fraction(1)
    R = scalar_loss(([one], [t], [one], [one], [one]), t + t)
    sure(R == abs(t) + abs(one) + abs(t * one) + abs(one), "R by hand")
    fig("wang.errata", "eq17-penalty", "R", R)
    fig("wang.errata", "eq17-penalty", "equation-17", abs(t * one) + abs(one) + abs(t * one) + abs(t * one))

def logistic(a, b, P=256):
    """Enclosure of log(1 + e^a) - a b, for rational a and b; second way: decimal."""
    power_ends = of_ball(b_exp(P, a), P)
    lo, hi = (of_ball(b_log(P, 1 + v), P)[i] - a * b for i, v in enumerate(power_ends))
    with localcontext(Context(prec=90)):
        second = Fraction((1 + Decimal(int(a)).exp()).ln()) - a * b
    sure(abs(second - lo) < Fraction(1, 10 ** 60), "logistic")
    return lo, hi

def eq20_arguments():
    """The logistic loss at f = 2, y = 1: log(1 + e^2) - 2 = log(1 + e^-2), and with the arguments swapped log(1 + e) - 2, below 0."""
    f, y = Fraction(2), Fraction(1)
    ends, other = logistic(f, y), logistic(-f, Fraction(0))
    sure(ends[0] <= other[1] and other[0] <= ends[1], "log(1 + e^-2)")
    fig_ends("wang.errata", "eq20-arguments-of-L", "L(f,y)", ends)
    fig_ends("wang.errata", "eq20-arguments-of-L", "L(y,f)", logistic(y, f))

def step2_star(P=256):
    """Unit rows in the plane, x = w_j: |n_i| = |relu(cos a) - 1|, a the angle between w_i and w_j. It is at most 1, and 1 from a = pi/2 on, as for
    -w_j; within the star of 2 eps = 1/2 it is at most that at its edge."""
    limit = two_eps(256, 2, HALF)
    sure(limit == (HALF, HALF), "2 eps")
    fig_ends("wang.errata", "step2-Q_2", "2-eps", limit)
    fig("wang.errata", "step2-Q_2", "n-outside", abs(relu(Fraction(-1)) - relu(Fraction(1))))

def closed_not_compact():
    """F at the shallow optimum stays 31/4 where a row without weights goes away, and where a unit is rescaled."""
    y, far = Fraction(8), Fraction(1 << 40)
    w1, w2, v1, v2, thetas = witness(3, Fraction(0), 1, y - HALF)
    F, away = scalar_loss((w1, w2, v1, v2, thetas), y), scalar_loss((w1[:2] + [far], w2, v1, v2, thetas), y)
    sure(F == scalar_loss(([w1[0], far, w1[2]], [w2[0], w2[1] / far, w2[2]], v1, v2, thetas), y), "rescaled")
    fig("wang.errata", "closed-not-compact", "F", F)
    fig("wang.errata", "closed-not-compact", "F-far-away", away)

def errata_rows():
    block("wang.errata: F after step 3 of the witness; R and equation (17) at t = w2 = 2, all else 1; log(1 + e^f) - y f at (2, 1), both ways round; "
          "n_i at x = w_j for m = 256, n = 2, eta = 1/2; F where |W1| grows to 2^40")
    for part in (step3_gap, eq17_penalty, eq20_arguments, step2_star, closed_not_compact):
        part()

# ==== Part three: the figures of shamir.* beyond example 1, and of wang.thm2, wang.thm3, wang.thm4 ====
# Derived here from the definitions. Irrational values: intervals of fractions around roots that Sturm chains count and sign changes enclose.

# ---- FIG: intervals of fractions ----

class Ends(tuple):
    """[lo, hi], exact: the operations return the hull of all values, for operands that vary independently."""
    def __new__(cls, lo, hi=None):
        return tuple.__new__(cls, (Fraction(lo), Fraction(lo if hi is None else hi)))

    def __add__(self, other):
        b = as_ends(other)
        return Ends(self[0] + b[0], self[1] + b[1])

    def __neg__(self):
        return Ends(-self[1], -self[0])

    def __sub__(self, other):
        return self + -as_ends(other)

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        corners = [x * y for x in self for y in as_ends(other)]
        return Ends(min(corners), max(corners))

    def __truediv__(self, other):
        b = as_ends(other)
        sure(b[0] > 0 or b[1] < 0, "no division by zero")
        return self * Ends(1 / b[1], 1 / b[0])

    def __rtruediv__(self, other):
        return as_ends(other) / self

    def __pow__(self, k):
        lo, hi = sorted((self[0] ** k, self[1] ** k))
        return Ends(0 if k % 2 == 0 and k > 0 and self[0] < 0 < self[1] else lo, hi)

    __radd__, __rmul__ = __add__, __mul__

def as_ends(v):
    return v if isinstance(v, Ends) else Ends(v)

def overlap(a, b):
    return a[0] <= b[1] and b[0] <= a[1]

def inside(a, b):
    return b[0] < a[0] and a[1] < b[1]

def hull(*parts):
    parts = [as_ends(p) for p in parts]
    return Ends(min(p[0] for p in parts), max(p[1] for p in parts))

def square_root(v):
    """Of v >= 0; equal ends where the root is rational."""
    v = as_ends(v)
    sure(v[0] >= 0, "root of what is >= 0")
    ends = []
    for q, side in zip(v, (0, 1)):
        n, d = isqrt(q.numerator), isqrt(q.denominator)
        ends.append(Fraction(n, d) if n * n == q.numerator and d * d == q.denominator else root(q, 2, 320)[side])
    return Ends(*ends)

def figw(claim, case, figure, value, slack):
    """With the slack, in units of 10^-12, that a certified figure may have here."""
    fig_ends(claim, case, figure, as_ends(value), slack)

def figs(claim, case, **values):
    """Rows of enclosures or fractions; in names, _ stands for -."""
    for figure, value in values.items():
        fig_ends(claim, case, figure.replace("_", "-"), as_ends(value))

# ---- FIG: polynomials in one unknown, ascending coefficients ----

def u_trim(p):
    while p and p[-1] == 0:
        p = p[:-1]
    return p

def u_add(p, q, factor=1):
    n = max(len(p), len(q))
    pad = lambda r: list(r) + [Fraction(0)] * (n - len(r))
    return u_trim([a + factor * b for a, b in zip(pad(p), pad(q))])

def u_mul(p, q):
    r = [Fraction(0)] * (len(p) + len(q) - 1) if p and q else []
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            r[i + j] += a * b
    return u_trim(r)

def u_at(p, x):
    value = as_ends(0) if isinstance(x, Ends) else Fraction(0)
    for c in reversed(p):
        value = value * x + c
    return value

def u_diff(p):
    return [k * c for k, c in enumerate(p)][1:]

def u_divide(p, d):
    """(quotient, remainder)."""
    rest, q = list(p), [Fraction(0)] * max(0, len(p) - len(d) + 1)
    for i in range(len(q) - 1, -1, -1):
        q[i] = rest[i + len(d) - 1] / d[-1]
        rest = u_add(rest, [Fraction(0)] * i + [q[i] * c for c in d], -1)
        rest = rest + [Fraction(0)] * (i + len(d) - 1 - len(rest))
    return u_trim(q), u_trim(rest)

def sturm_chain(p):
    """Each remainder is scaled by what is > 0. A last member of degree 0: all roots are simple."""
    chain = [p, u_diff(p)]
    while len(chain[-1]) > 1:
        rest = u_divide(chain[-2], chain[-1])[1]
        sure(rest, "simple roots")
        chain.append([-c / abs(rest[-1]) for c in rest])
    return chain

def sign_changes(chain, x):
    signs = [v > 0 for v in (u_at(p, x) for p in chain) if v != 0]
    return sum(a != b for a, b in zip(signs, signs[1:]))

def enclosed_root(p, lo, hi, bits=320):
    """By the change of sign between lo and hi; equal ends where a midpoint is the root."""
    up = u_at(p, hi) > 0
    sure(u_at(p, lo) * u_at(p, hi) < 0, "change of sign")
    while hi - lo > Fraction(1, 1 << bits):
        mid = (lo + hi) / 2
        v = u_at(p, mid)
        if v == 0:
            return Ends(mid)
        lo, hi = (lo, mid) if (v > 0) == up else (mid, hi)
    return Ends(lo, hi)

def real_roots(p):
    """All real roots, ascending, as enclosures: Cauchy's bound, bisection counted by Sturm's theorem. A midpoint that is a root is divided out."""
    bound = Fraction(1)
    while bound <= 1 + max(abs(c / p[-1]) for c in p):
        bound *= 2
    chain, todo, found = sturm_chain(p), [(-bound, bound)], []
    while todo:
        lo, hi = todo.pop()
        count = sign_changes(chain, lo) - sign_changes(chain, hi)
        if count > 1:
            mid = (lo + hi) / 2
            if u_at(p, mid) == 0:
                return sorted([Ends(mid)] + real_roots(u_divide(p, [-mid, Fraction(1)])[0]))
            todo += [(lo, mid), (mid, hi)]
        elif count == 1:
            found.append(enclosed_root(p, lo, hi))
    return sorted(found)

# ---- FIG: polynomials in two unknowns, {(i, j): coefficient of x^i y^j} ----

def poly(terms):
    return {k: Fraction(c) for k, c in terms.items() if c != 0}

def p_add(p, q, factor=1):
    return poly({k: p.get(k, 0) + factor * q.get(k, 0) for k in p.keys() | q.keys()})

def p_mul(p, q):
    r = {}
    for (i, j), a in p.items():
        for (k, l), b in q.items():
            r[i + k, j + l] = r.get((i + k, j + l), 0) + a * b
    return poly(r)

def p_diff(p, axis):
    down = lambda k: (k[0] - 1, k[1]) if axis == 0 else (k[0], k[1] - 1)
    return poly({down(k): c * k[axis] for k, c in p.items()})

def p_at(p, x, y):
    return sum((c * (x ** i * y ** j) for (i, j), c in sorted(p.items())), x * 0)

def gradient(p, x, y):
    return [p_at(p_diff(p, k), x, y) for k in (0, 1)]

def hessian(p, x, y):
    """F_xx, F_xy, F_yy."""
    return [p_at(p_diff(p_diff(p, k), l), x, y) for k, l in ((0, 0), (0, 1), (1, 1))]

def on_segment(p, a, b):
    """The polynomial t -> p(a + t (b - a))."""
    lines, total = [[a[k], b[k] - a[k]] for k in (0, 1)], []
    for (i, j), c in sorted(p.items()):
        term = [c]
        for k in [0] * i + [1] * j:
            term = u_mul(term, lines[k])
        total = u_add(total, term)
    return total

def bernstein_top(c):
    """An upper bound of the polynomial on [0, 1]: the largest of its coefficients in Bernstein's basis, of which it is a convex combination."""
    n = len(c) - 1
    return max(sum(Fraction(comb(i, k), comb(n, k)) * c[k] for k in range(i + 1)) for i in range(n + 1)) if c else Fraction(0)

# ---- FIG: stationary points, their kinds, and the merge tree ----

def middle(v, bits=30):
    """A dyadic point near the middle."""
    return Fraction(((v[0] + v[1]) / 2 * (1 << bits)).__round__(), 1 << bits)

def newton(p, x, y, bits=340):
    """Interval Newton for the gradient on the box: c - H^-1 g(c), H over the box, by Cramer's rule, rounded outwards. All stationary points of the
    box are in the result; if that is inside the box there is exactly one."""
    cx, cy = middle(x, bits), middle(y, bits)
    (g, k), (a, b, d) = gradient(p, cx, cy), hessian(p, x, y)
    det = a * d - b * b                             # the rows of H belong to different points: b times an independent b
    grid = lambda v: Ends(Fraction((v[0] * (1 << bits)).__floor__(), 1 << bits), Fraction((v[1] * (1 << bits)).__ceil__(), 1 << bits))
    return grid(cx - (d * g - b * k) / det), grid(cy - (a * k - b * g) / det)

def check_stationary(p, x, y):
    """Second way to a stationary point: a larger box, to which interval Newton gives exactly one; repeated, it falls on the enclosure."""
    r, c = Fraction(1, 1 << 10), (middle(x), middle(y))
    while True:
        box = [Ends(v - r, v + r) for v in c]
        a, b, d = hessian(p, *box)
        det = a * d - b * b
        if (det[0] > 0 or det[1] < 0) and all(map(inside, newton(p, *box), box)):
            break
        r /= 4
        sure(r > Fraction(1, 1 << 28), "interval Newton")
    sure(inside(x, box[0]) and inside(y, box[1]), "within the box")
    for _ in range(12):
        box = newton(p, *box)
    sure(all(v[1] - v[0] < Fraction(1, 1 << 300) for v in box) and overlap(box[0], x) and overlap(box[1], y), "interval Newton agrees")

def kind(p, x, y):
    """By the definiteness of the Hessian over the enclosure; a degenerate point is not allowed."""
    a, b, d = hessian(p, x, y)
    det = a * d - b * b
    sure(det[0] > 0 or det[1] < 0, "nondegenerate")
    return "saddle" if det[1] < 0 else "minimum" if a[0] > 0 else "maximum"

def classified(p, points):
    """{kind: [(x, y)]}, checked. F grows to infinity in all directions, so minima - saddles + maxima = 1 (Morse): a count of its own."""
    found = {"minimum": [], "saddle": [], "maximum": []}
    for x, y in points:
        check_stationary(p, x, y)
        found[kind(p, x, y)].append((x, y))
    sure(len(found["minimum"]) - len(found["saddle"]) + len(found["maximum"]) == 1, "Morse's count")
    return found

COMPASS = [(Fraction(a), Fraction(b)) for a in range(-3, 4) for b in range(4) if (b > 0 or a > 0)]

def departure(p, s, sign):
    """A point with F below F(s), joined to the saddle s by a segment of such points: s + t d, where d^T H d < 0 over the whole hull."""
    a, b, c = hessian(p, middle(s[0]), middle(s[1]))
    bend = lambda d, a, b, c: d[0] * d[0] * a + 2 * d[0] * d[1] * b + d[1] * d[1] * c
    d = min(COMPASS, key=lambda d: bend(d, a, b, c) / (d[0] * d[0] + d[1] * d[1]))
    t = Fraction(1, 16)
    while True:
        end = [s[k] + sign * t * d[k] for k in (0, 1)]
        box = [hull(s[k], end[k]) for k in (0, 1)]
        if bend(d, *hessian(p, *box))[1] < 0:
            break
        t /= 2
        sure(t > Fraction(1, 1 << 20), "departure")
    q = [middle(v, 40) for v in end]
    near = [hull(v, r) for v, r in zip(end, q)]
    sure(p_at(p, *near)[1] < p_at(p, *s)[0], "below the saddle")
    return q

def convex_home(p, q, minima):
    """The minimum that F falls to along a segment from q: F is convex on the box around both."""
    for k, m in enumerate(minima):
        if max(abs(q[i] - m[i][0]) for i in (0, 1)) < 1:
            a, b, d = hessian(p, hull(q[0], m[0]), hull(q[1], m[1]))
            if a[0] > 0 and (a * d - b ** 2)[0] > 0:
                return k
    return None

def descent(p, q, ceiling, minima):
    """The minimum at the end of a polygon from q that stays below the ceiling (exact polynomials on its segments, Bernstein), by the gradient."""
    h = Fraction(1, 16)
    for _ in range(2000):
        home = convex_home(p, q, minima)
        if home is not None:
            sure(p_at(p, *q) < ceiling, "below the ceiling")
            return home
        g, value = gradient(p, *q), p_at(p, *q)
        while True:
            r = [Fraction(((v - h * s) * (1 << 24)).__round__(), 1 << 24) for v, s in zip(q, g)]
            if p_at(p, *r) < value - h * (g[0] * g[0] + g[1] * g[1]) / 4 and bernstein_top(on_segment(p, q, r)) < ceiling:
                break
            h /= 2
            sure(h > Fraction(1, 1 << 30), "descent")
        q, h = r, 2 * h
    raise SystemExit("exact.py: no descent")

def merge_tree(p, found):
    """(values, merges, barrier): F at the minima; the merge levels, ascending; the barrier between each two minima.

    F is a Morse function that grows to infinity, and found holds all its stationary points. So {F < c} changes its components only at minima and
    saddles; at a saddle s the two sectors of {F < F(s)} belong to the components of the minima that polygons below F(s) lead to. Union-find, saddles
    by ascending F; equal levels by symmetry may come in either order. A saddle between a component and itself closes a loop."""
    minima = found["minimum"]
    values, merges = [p_at(p, *m) for m in minima], []
    of, barrier = list(range(len(minima))), {}
    for s in sorted(found["saddle"], key=lambda s: p_at(p, *s)):
        level = p_at(p, *s)
        i, j = (of[descent(p, departure(p, s, sign), level[0], minima)] for sign in (1, -1))
        if i != j:
            merges.append(level)
            for k, l in product(range(len(of)), repeat=2):
                if (of[k], of[l]) == (i, j):
                    barrier[k, l] = barrier[l, k] = level
            of = [i if v == j else v for v in of]
    sure(len(set(of)) == 1 and len(merges) == len(minima) - 1, "one component at last")
    return values, merges, barrier

def not_global(values, barrier):
    """[(value, depth)] of the minima that are not global, by ascending value; the depth by the lowest barrier to a lower minimum."""
    rows = []
    for k, v in enumerate(values):
        lower = [barrier[k, l] for l, u in enumerate(values) if u[1] < v[0]]
        sure(all(u[1] < v[0] or v[1] < u[0] or v[1] - v[0] < Fraction(1, 10 ** 60) for u in values), "values compare")
        rows += [(v, min(lower) - v)] if lower else []
    return sorted(rows)

# ---- FIG: the landscapes ----

def regularised(weight):
    """weight (w (1 + v) - 1)^2 + (w^2 + v^2)/4."""
    r = poly({(1, 0): 1, (1, 1): 1, (0, 0): -1})
    return p_add(poly({(2, 0): QUARTER, (0, 2): QUARTER}), p_mul(r, r), Fraction(weight))

def regularised_points(q):
    """With r = w (1 + v) - 1: r (1 + v) = -q w and r w = -q v. v = -1 would give w = 0, then v = 0: no. So w = (1 + v)/((1 + v)^2 + q) and
    w^2 = v (1 + v), that is v ((1 + v)^2 + q)^2 = 1 + v and w = v ((1 + v)^2 + q): a quintic."""
    bracket = [1 + q, Fraction(2), Fraction(1)]
    quintic = u_add(u_mul([Fraction(0), Fraction(1)], u_mul(bracket, bracket)), [Fraction(1), Fraction(1)], -1)
    points = [(v * ((1 + v) ** 2 + q), v) for v in real_roots(quintic)]
    sure(all(overlap(w, (1 + v) / ((1 + v) ** 2 + q)) for w, v in points), "both forms of w")
    return points

def himmelblau():
    """(x^2 + y - 11)^2 + (x + y^2 - 7)^2."""
    a, b = poly({(2, 0): 1, (0, 1): 1, (0, 0): -11}), poly({(1, 0): 1, (0, 2): 1, (0, 0): -7})
    return p_add(p_mul(a, a), p_mul(b, b))

def himmelblau_points():
    """F_x/2 = y^2 + 2 x y + p, p = 2 x^3 - 21 x - 7, and F_y/2 = (2 y - 4 x) F_x/2 + b y + a, b = 8 x^2 - 2 p + 2 x - 13, a = 4 x p + x^2 - 11:
    so y = -a/b and a^2 - 2 x a b + p b^2 = 0, of degree 9. (b = 0 would need a = 0: at such a root the division fails.)"""
    F, f = himmelblau(), lambda *c: [Fraction(v) for v in c]
    x, p = f(0, 1), f(-7, -21, 0, 2)
    b = u_add(f(-13, 2, 8), p, -2)
    a = u_add(u_mul(f(0, 4), p), f(-11, 0, 1))
    for u, v in product(range(-5, 6), repeat=2):
        g, k = (d / 2 for d in gradient(F, Fraction(u), Fraction(v)))
        sure(g == v * v + 2 * u * v + u_at(p, u) and k == (2 * v - 4 * u) * g + u_at(b, u) * v + u_at(a, u), "elimination")
    nonic = u_add(u_add(u_mul(a, a), u_mul(x, u_mul(a, b)), -2), u_mul(p, u_mul(b, b)))
    roots = real_roots(nonic)
    sure(len(nonic) == 10 and len(roots) == 9, "nine stationary points")
    return [(r, -u_at(a, r) / u_at(b, r)) for r in roots]

def camel():
    """(4 - 2.1 x^2 + x^4/3) x^2 + x y + (-4 + 4 y^2) y^2."""
    return poly({(2, 0): 4, (4, 0): Fraction(-21, 10), (6, 0): Fraction(1, 3), (1, 1): 1, (0, 2): -4, (0, 4): 4})

def camel_points():
    """F_x = 0 gives y as a quintic in x; F_y = x - 8 y + 16 y^3 then is of degree 15."""
    y = [Fraction(0), Fraction(-8), Fraction(0), Fraction(42, 5), Fraction(0), Fraction(-2)]
    last = u_add(u_add([Fraction(0), Fraction(1)], y, -8), u_mul(y, u_mul(y, y)), 16)
    for v in range(-3, 4):
        sure(gradient(camel(), Fraction(v), u_at(y, v)) == [0, u_at(last, v)], "elimination")
    roots = real_roots(last)
    sure(len(last) == 16 and len(roots) == 15, "fifteen stationary points")
    return [(r, u_at(y, r)) for r in roots]

def over_line(p):
    """F = p(x) + y^2: stationary points and polynomial."""
    return p_add(poly({(k, 0): c for k, c in enumerate(p)}), poly({(0, 2): 1})), [(r, Ends(0)) for r in real_roots(u_diff(p))]

@lru_cache(None)
def landscape(name):
    """(F, stationary points by kind, (values, merges, barrier))."""
    F, points = {"regularised/caption": lambda: (regularised(1), regularised_points(QUARTER)),
                 "regularised/text": lambda: (regularised(HALF), regularised_points(HALF)),
                 "quartic": lambda: over_line([Fraction(c) for c in (0, 0, -12, -4, 3)]),
                 "double-well": lambda: over_line([Fraction(c) for c in (1, 0, -2, 0, 1)]),
                 "himmelblau": lambda: (himmelblau(), himmelblau_points()),
                 "camel": lambda: (camel(), camel_points())}[name]()
    found = classified(F, points)
    return F, found, merge_tree(F, found)

# ---- FIG: shamir.fig1 ----

def point_rows(case, name, F, at):
    figs("shamir.fig1", case, **{name + "_w": at[0], name + "_v": at[1], name + "_value": p_at(F, *at)})

def fig1_regularised():
    F, found, (values, _, _) = landscape("regularised/caption")
    sure(len(found["minimum"]) == 2 and len(found["saddle"]) == 1, "three stationary points")
    spurious, best = found["minimum"] if values[1][1] < values[0][0] else found["minimum"][::-1]
    for name, at in (("global", best), ("spurious", spurious), ("saddle", found["saddle"][0])):
        point_rows("b/caption", name, F, at)
    F, found, _ = landscape("regularised/text")
    sure([len(v) for v in found.values()] == [1, 0, 0], "one stationary point")
    point_rows("b/text", "global", F, found["minimum"][0])

def fig1_threshold():
    """v = -t < 0 needs t > 1 and q = sqrt(1 - 1/t) - (t - 1)^2 =: h(t). h' = 0 means 16 t^3 (t - 1)^3 = 1, t (t - 1) = 16^(-1/3), one t > 1:
    t = (1 + sqrt(1 + 4^(1/3)))/2. h is concave there (both terms are), so h(t) is its maximum. First way: the sextic."""
    sextic = [Fraction(c) for c in (-283, -96, 864, 3040, 0, 768, 256)]
    roots = [r for r in real_roots(sextic) if 0 < r[0] and r[1] < 1]
    sure(len(roots) == 1, "one root in (0, 1)")
    t = (1 + square_root(1 + Ends(*root(Fraction(4), 3, 320)))) / 2
    q = square_root(1 - 1 / t) - (t - 1) ** 2
    sure(overlap(q, roots[0]) and q[1] - q[0] < Fraction(1, 10 ** 60), "q_c both ways")
    cubes = [16 * (v * (v - 1)) ** 3 for v in t]
    sure(cubes[0] <= 1 <= cubes[1], "t_c by the change of sign")
    for step_off, count in ((Fraction(-1, 1 << 40), 3), (Fraction(1, 1 << 40), 1)):
        sure(len(regularised_points(middle(q, 100) + step_off)) == count, "three points below q_c, one above")
    fig_ends("shamir.fig1", "b/threshold", "q_c", roots[0])
    fig_ends("shamir.fig1", "b/threshold", "t_c", t)

def fig1_constrained():
    """On the circle, with w = 2 cos f, v = 2 sin f: phi = w (1 + v) - 1 = 2 cos f + 2 sin 2f - 1, F = phi^2, F' = 2 phi phi'. Where phi != 0,
    phi' = 4 cos 2f - 2 sin f = 0, 2 v^2 + v - 4 = 0: v = (-1 - sqrt 33)/4 and w < 0. F'' = 2 phi phi'' = -2 phi w (1 + 4 v). Second way, in the
    plane: tangent T = (-v, w), F' = T grad F, F'' = T^T H T - (w, v) grad F."""
    v = (-1 - square_root(33)) / 4
    w = -square_root(4 - v ** 2)
    r = poly({(1, 0): 1, (1, 1): 1, (0, 0): -1})
    F, phi = p_mul(r, r), w * (1 + v) - 1
    (g, k), (a, b, d) = gradient(F, w, v), hessian(F, w, v)
    value, slope, bend = phi ** 2, phi * w * (1 + 2 * v), -2 * phi * w * (1 + 4 * v)
    tangential = w * k - v * g
    sure(tangential[0] <= 0 <= tangential[1] and abs(tangential[0]) < Fraction(1, 10 ** 70), "stationary on the circle")
    sure(overlap(value, p_at(F, w, v)) and overlap(slope, (w * g + v * k) / 2), "value and slope in the plane")
    sure(overlap(bend, v * v * a - 2 * v * w * b + w * w * d - w * g - v * k) and bend[0] > 0, "a strict minimum on the circle")
    sure(enclosed_root([Fraction(-4), Fraction(1), Fraction(2)], Fraction(-2), Fraction(-1))[0] <= v[1], "v by its quadratic")
    figs("shamir.fig1", "c/constrained", spurious_w=w, spurious_v=v, spurious_value=value, radial_slope=slope, curvature=bend)

def fig1_rows():
    block("shamir.fig1, regularised: stationary points by the quintic v ((1 + v)^2 + q)^2 = 1 + v (Sturm, sign changes) and by interval Newton; "
          "q_c by the sextic and by its closed form; constrained: 2 v^2 + v = 4")
    for part in (fig1_regularised, fig1_threshold, fig1_constrained):
        part()

# ---- FIG: wang.thm3 and wang.thm4 ----

def effective_wall(y):
    """F = (s + u^3 - y)^2 + |s| + 3 |u|, y >= 2: each path from u > 1 to u = 0 meets u = 1, where F >= 3 + least_shallow(y - 1). On s = max(0, y - 1/2
    - u^3): F = y - 1/4 + 3 u - u^3, at most its value at u = 1 (3 u - u^3 = 2 - (u - 1)^2 (u + 2)), and for s = 0 at most 1/4 + 3 u.
    Second way: barrier_of, by the networks."""
    wall, c = 3 + least_shallow(y - 1), {Fraction(8): Fraction(2), Fraction(27, 8): Fraction(3, 2)}[y]
    sure(wall == y - QUARTER + 2 == barrier_of(c, 1) and wall >= QUARTER + 3 * c, "the effective barrier")
    return wall

def effective_minima(y):
    """(F at (y - 1/2, 0), F at (0, u)): the only strict local minima. With r = s + u^3 - y: s > 0 needs r = -1/2 and then u = 0 or u = 1 (a maximum
    along r = -1/2, see effective_wall); s < 0 needs r = 1/2, u <= 0 (as 6 u^2 r + 3 sign u = 0) and then s = y + 1/2 - u^3 > 0, no; s = 0 needs
    |r| <= 1/2, so u > 0 and 6 u^2 r + 3 = 0: 2 u^5 - 2 y u^2 + 1 = 0 with y - 1/2 <= u^3. Near it F(s, u') >= F(0, u') + |s| (1 - 2 |r'|)."""
    quintic = [Fraction(1), Fraction(0), -2 * y, Fraction(0), Fraction(0), Fraction(2)]
    found = [u for u in real_roots(quintic) if (u ** 3 - y)[1] >= -HALF]
    sure(len(found) == 1, "one minimum at s = 0")
    u = found[0]
    r = u ** 3 - y
    sure(-HALF < r[0] and r[1] < 0 and (12 * u * r + 18 * u ** 4)[0] > 0, "strict: |r| < 1/2, and F(0, u) has a second derivative > 0")
    value, h = r ** 2 + 3 * u, lambda t: square(t ** 3 - y) + 3 * t
    sure(overlap(value, 1 / (4 * u ** 4) + 3 * u), "value by r = -1/(2 u^2)")
    centre = middle(u, 200)
    sure(all(h(centre + k * Fraction(1, 1 << j)) > value[1] for k in (1, -1) for j in (4, 8, 16, 32, 64)), "a minimum by its neighbours")
    shallow = least_shallow(y)
    sure(shallow == y - QUARTER, "the shallow optimum")
    return as_ends(shallow), value

def witness_depth(name, y):
    """The worse of the two minima, and how far below the wall it is."""
    worse = max(effective_minima(y))
    sure(min(effective_minima(y))[1] < worse[0], "one is worse")
    figw("wang.thm4", name, "depth-1", effective_wall(y) - worse, 1000)
    figw("wang.thm4", name, "minimum-1", worse, 1000)

WITNESSES = (("witness/y=8", Fraction(8)), ("witness/y=27/8", Fraction(27, 8)))

def thm3_rows():
    block("wang.thm3: lambda_0, the highest merge level. All stationary points by elimination and Sturm, checked by interval Newton and Morse's "
          "count; what a saddle joins by descending polygons below it; union-find. Example 1: w = 0; witness: u = 1")
    for eps in (QUARTER, Fraction(1), Fraction(4)):
        figw("wang.thm3", "example-1/eps=%s" % eps, "lambda_0", example_barrier(eps), 100000)
    for name in ("regularised/caption", "quartic", "double-well", "himmelblau", "camel"):
        values, merges, _ = landscape(name)[2]
        sure(all(v[1] <= merges[-1][0] for v in values), "theorem 3")
        fig_ends("wang.thm3", name, "lambda_0", merges[-1])
    for name, y in WITNESSES:
        fig("wang.thm3", name, "lambda_0", effective_wall(y))

def depth_rows(name):
    values, merges, barrier = landscape(name)[2]
    worse = not_global(values, barrier)
    for figure, k in (("depth", 1), ("minimum", 0)):
        for i, r in enumerate(worse):
            fig_ends("wang.thm4", name, "%s-%d" % (figure, i + 1), r[k])
    merge_rows(name)

def merge_rows(name):
    for i, level in enumerate(landscape(name)[2][1]):
        fig_ends("wang.thm4", name, "merge-%d" % (i + 1), level)

def minima_of_himmelblau():
    """F = 0 at all four; second way: (3, 2) solves both equations, and each enclosure holds 0 of each."""
    F, found, (values, _, _) = landscape("himmelblau")
    sure(len(values) == 4 and (Ends(3), Ends(2)) in found["minimum"], "four minima")
    for x, y in found["minimum"]:
        sure(all(overlap(v, (0, 0)) for v in (x ** 2 + y - 11, x + y ** 2 - 7)), "a zero")
    for axis, letter in ((0, "x"), (1, "y")):
        for i, m in enumerate(sorted(found["minimum"])):
            fig_ends("wang.thm4", "himmelblau", "%s-%d" % (letter, i + 1), m[axis])

def minimum_of_camel():
    """The lowest value, twice, by (x, y) -> (-x, -y)."""
    F, found, (values, _, _) = landscape("camel")
    low = min(values)
    x, y = next(m for m, v in zip(found["minimum"], values) if overlap(v, low) and m[0][1] < 0)
    sure(sum(overlap(v, low) for v in values) == 2 and overlap(p_at(F, -x, -y), low), "two global minima")
    figs("wang.thm4", "camel", x_1=x, y_1=y, global_value=low)

def thm4_rows():
    block("wang.thm4: depths, values of the minima that are not global, and merge levels, by the trees of wang.thm3")
    for name in ("regularised/caption", "quartic", "camel"):
        depth_rows(name)
    for name, y in WITNESSES:
        witness_depth(name, y)
    merge_rows("himmelblau")
    block("wang.thm4: where the minima are")
    minima_of_himmelblau()
    minimum_of_camel()

# ---- FIG: shamir.lemma1, shamir.thm1, shamir.thm2 ----
# One datum: (x, f, y), and F = E (w (x + V f) - y)^2. A point: w, then the rows of V.

def dot(u, v):
    return sum(a * b for a, b in zip(u, v))

def atoms_of(xs, fs, ys):
    return list(zip(fractions(xs), fractions(fs), [Fraction(y) for y in ys]))

BY_HAND = atoms_of([(1, 0), (1, 2), (-1, 1)], [(1, 1), (0, -1), (2, 1)], [1, -2, 3])
BY_HAND_V = fractions([[1, 2], [0, -1]])

def split(p, data):
    d, k = len(data[0][0]), len(data[0][1])
    return p[:d], [p[d + i * k:d + (i + 1) * k] for i in range(d)]

def joined(w, V):
    return list(w) + [a for r in V for a in r]

def inputs(V, data):
    """z = x + V f."""
    return [[a + b for a, b in zip(x, matvec(V, f))] for x, f, _ in data]

def block_loss(p, data):
    w, V = split(p, data)
    return sum(square(dot(w, z) - y) for z, (_, _, y) in zip(inputs(V, data), data)) / len(data)

def linear_loss(w, data):
    return sum(square(dot(w, x) - y) for x, _, y in data) / len(data)

def moved(p, moves):
    q = list(p)
    for i, h in moves:
        q[i] += h
    return q

def difference_gradient(F, p):
    """Exact where F is quadratic in each coordinate."""
    return [(F(moved(p, [(i, 1)])) - F(moved(p, [(i, -1)]))) / 2 for i in range(len(p))]

def difference_hessian(F, p):
    """Exact where F is quadratic in each coordinate: then only the product of the two survives the signed sum."""
    n = len(p)
    mixed = lambda i, j: sum(s * t * F(moved(p, [(i, s), (j, t)])) for s in (1, -1) for t in (1, -1)) / Fraction(4)
    pure = lambda i: F(moved(p, [(i, 1)])) - 2 * F(p) + F(moved(p, [(i, -1)]))
    return [[pure(i) if i == j else mixed(i, j) for j in range(n)] for i in range(n)]

def slopes(p, data):
    """l' = 2 (w z - y) on each datum."""
    w, V = split(p, data)
    return [2 * (dot(w, z) - y) for z, (_, _, y) in zip(inputs(V, data), data)]

def block_gradient(p, data):
    """dF/dw = E l' z, dF/dV = w (E l' f)^T; second way: differences."""
    w, V = split(p, data)
    mean = lambda vectors: [sum(l * v[i] for l, v in zip(slopes(p, data), vectors)) / len(data) for i in range(len(vectors[0]))]
    c = mean([f for _, f, _ in data])
    g = mean(inputs(V, data)) + [a * b for a in w for b in c]
    sure(g == difference_gradient(lambda q: block_loss(q, data), p), "gradient")
    return g

def extremes(A):
    """Enclosures of the least and largest eigenvalue of a symmetric A, 1 x 1 or 2 x 2, by the quadratic formula; second way: definiteness."""
    if len(A) == 1:
        return Ends(A[0][0]), Ends(A[0][0])
    mean, half = (A[0][0] + A[1][1]) / 2, (A[0][0] - A[1][1]) / 2
    spread = square_root(square(half) + square(A[0][1]))
    low, high = mean - spread, mean + spread
    off, I = Fraction(1, 1 << 200), identity(2)
    sure(positive_definite(combine(1, A, off - low[0], I)) and not positive_definite(combine(1, A, -off - low[1], I)), "least eigenvalue")
    sure(positive_definite(combine(-1, A, high[1] + off, I)) and not positive_definite(combine(-1, A, high[0] - off, I)), "largest eigenvalue")
    return low, high

def spectral(V):
    return square_root(extremes(matmul(transpose(V), V))[1])

def lemma1_parts(w, V, star, data):
    """(F, F_lin(w*), <G, grad F>, grad F); second way to the product: E l' (w z - w* x)."""
    p = joined(w, V)
    g, row = block_gradient(p, data), matvec(transpose(V), star)          # (w*^T V)
    G = joined([a - b for a, b in zip(w, star)], [[a * b / dot(w, w) for b in row] for a in w])
    products = [l * (dot(w, z) - dot(star, x)) for l, z, (x, _, _) in zip(slopes(p, data), inputs(V, data), data)]
    F, linear, inner = block_loss(p, data), linear_loss(star, data), dot(G, g)
    sure(inner == sum(products) / len(data) and inner >= F - linear, "lemma 1")
    return F, linear, inner, g

def thm1_parts(w, V, star, data):
    """(|grad F|, the bound)."""
    F, linear, _, g = lemma1_parts(w, V, star, data)
    sizes = dot(w, w), dot(star, star), spectral(V) ** 2
    norm, bound = square_root(dot(g, g)), (F - linear) / square_root(2 * sizes[0] + sizes[1] * (2 + sizes[2] / sizes[0]))
    sure(bound[1] <= norm[0] and F > linear, "theorem 1")
    return norm, bound

def lemma1_by_hand():
    w, star = [Fraction(2), Fraction(-3)], [Fraction(2), Fraction(1)]
    F, linear, inner, _ = lemma1_parts(w, BY_HAND_V, star, BY_HAND)
    norm, bound = thm1_parts(w, BY_HAND_V, star, BY_HAND)
    sure(F == Fraction(190, 3) and linear == Fraction(53, 3), "by hand: p = 11, -11, 6; w* x = 2, 4, -1")
    for figure, value in (("F", F), ("F_lin(w*)", linear), ("inner-product", inner), ("gap", inner - (F - linear))):
        fig("shamir.lemma1", "by-hand", figure, value)
    for figure, value in (("F", F), ("F_lin(w*)", linear), ("gradient-norm", norm), ("bound", bound), ("ratio", bound / norm)):
        fig_ends("shamir.thm1", "by-hand", figure, as_ends(value))

def thm2_parts(V, star, data):
    """At w = 0: (F, F_lin(w*), |grad|, lambda_min, |d2F/dw2|, left, right).

    H = [[A, B], [B^T, 0]], A = E l'' z z^T, B the blocks c^T, c = E l' f, on the diagonal: B B^T = |c|^2 I, so H's eigenvalues other than 0 solve
    t^2 - a t - |c|^2 = 0 for the eigenvalues a >= 0 of A, and the least belongs to the least a: t = (a - sqrt(a^2 + 4 |c|^2))/2. With |lambda| =
    -lambda and that equation, |lambda| |A| + lambda^2 = |lambda| (|A| - a) + |c|^2. Second way: H by differences, and definiteness."""
    d, k = len(V), len(V[0])
    p = joined([Fraction(0)] * d, V)
    A = combine(2, moment(inputs(V, data), inputs(V, data)), 0, identity(d))
    c = [sum(l * f[j] for l, (_, f, _) in zip(slopes(p, data), data)) / len(data) for j in range(k)]
    low, high = extremes(A)
    lam = (low - square_root(low ** 2 + 4 * dot(c, c))) / 2
    check_block_hessian(p, A, c, lam, data)
    g, F, linear = block_gradient(p, data), block_loss(p, data), linear_loss(star, data)
    under = -lam * (high - low if d > 1 else Ends(0)) + dot(c, c)
    sure(lam[1] <= 0 and overlap(under, -lam * high + lam ** 2), "under the root")
    norm, right = square_root(dot(g, g)), (F - linear) / square_root(dot(star, star))
    left = norm + spectral(V) * square_root(under)
    sure(F > linear and left[0] >= right[1], "theorem 2")
    return F, linear, norm, lam, high, left, right

def check_block_hessian(p, A, c, lam, data):
    d, k = len(A), len(c)
    rows = [A[i] + [c[l] * (i == j) for j in range(d) for l in range(k)] for i in range(d)]
    H = [[rows[i][j] if i < d else rows[j][i] if j < d else Fraction(0) for j in range(d + d * k)] for i in range(d + d * k)]
    sure(H == difference_hessian(lambda q: block_loss(q, data), p), "Hessian")
    off, I = Fraction(1, 1 << 200), identity(len(H))
    sure(positive_definite(combine(1, H, off - lam[0], I)) and not positive_definite(combine(1, H, -off - lam[1], I)), "lambda_min")

def thm2_by_hand():
    """w* = (-1, 0): w* x = -1, -1, 1, F_lin = 3 < 14/3 = F(0). At (-1, -1) F_lin is 14/3, at (1, -1) 26/3: no use."""
    star = [Fraction(-1), Fraction(0)]
    names = ("F", "F_lin(w*)", "gradient-norm", "lambda_min", "d2F/dw2", "left-side", "right-side")
    values = thm2_parts(BY_HAND_V, star, BY_HAND)
    sure(values[0] == Fraction(14, 3) and values[1] == 3, "by hand")
    sure(all(linear_loss([Fraction(a), Fraction(-1)], BY_HAND) >= values[0] for a in (-1, 1)), "no use")
    for figure, value in zip(names + ("ratio",), values + (values[6] / values[5],)):
        fig_ends("shamir.thm2", "by-hand", figure, as_ends(value))

def sharp_rows():
    """Y = 2^20. Theorem 1: l' = 2 (Y + 2), grad F = l' (2, -1), F - F_lin = 5 (2 Y - 1). Theorem 2: grad F = Y, |lambda| A + lambda^2 = Y^2."""
    case, Y, one = "sharp/2^20", Fraction(1 << 20), Fraction(1)
    data = atoms_of([[3]], [[-1]], [-Y])
    F, linear, inner, _ = lemma1_parts([one], [[one]], [-one], data)
    norm, bound = thm1_parts([one], [[one]], [-one], data)
    ratio = (F - linear) / inner
    sure(ratio == (2 * Y - 1) / (2 * Y + 4) and overlap(bound / norm, (ratio, ratio)) and inner == 10 * (Y + 2), "sharp by hand")
    sure(norm[0] ** 2 <= 5 * square(2 * Y + 4) <= norm[1] ** 2, "gradient by hand")
    figw("shamir.thm1", case, "gradient-norm", norm, 2000)                       # doubles of this size are 900 units apart
    fig("shamir.thm1", case, "ratio", ratio)
    data = atoms_of([[1]], [[-HALF]], [-Y])
    left, right = thm2_parts([[one]], [-one], data)[5:]
    sure(left == (2 * Y, 2 * Y) and right == (2 * Y - 1, 2 * Y - 1), "sharp by hand")
    figw("shamir.thm2", case, "left-side", left, 1000)
    for figure, value in (("right-side", right), ("ratio", right / left)):
        fig_ends("shamir.thm2", case, figure, value)
    fig("shamir.lemma1", case, "ratio", ratio)

def linear_rows():
    block("shamir.lemma1 and shamir.thm1, by hand: w = (2, -3) (at (1, -1) F = 20/3 is below F_lin(w*) = 53/3); gradients by formula and by "
          "differences; the inner product also as E l' (w z - w* x)")
    lemma1_by_hand()
    block("shamir.thm2, by hand: w* = (-1, 0); lambda_min by the quadratic t^2 - a t - |c|^2 and by definiteness")
    thm2_by_hand()
    block("shamir.thm1, shamir.thm2, shamir.lemma1, sharp: the ratios tend to 1 as y goes to minus infinity")
    sharp_rows()

# ---- FIG: shamir.remark2 ----

def remark2_rows():
    """grad_W = E l' z^T, grad_V = W^T E l' f^T, l' = 2 (W z - y); W^+ = W^T (W W^T)^-1. Second ways: differences; E <l', W z - W* x>."""
    block("shamir.remark2: outputs W (x + V f), G = (W - W*, W^+ W* V); gradient by formula and by differences")
    W, star, V = (fractions(r) for r in ([[1, 0, 1], [0, 2, 0]], [[1, 1, 0], [0, 1, -1]], [[1, 0], [-1, 1], [0, 2]]))
    xs, fs, ys = (fractions(r) for r in ([(1, 0, 1), (0, 1, -1), (2, -1, 0)], [(1, 0), (-1, 1), (0, 2)], [(1, 0), (0, -2), (-3, 1)]))
    minus = lambda u, v: [a - b for a, b in zip(u, v)]
    inner_points = lambda V: [[a + b for a, b in zip(x, matvec(V, f))] for x, f in zip(xs, fs)]
    loss = lambda W, points: sum(sum(map(square, minus(matvec(W, z), y))) for z, y in zip(points, ys)) / 3
    zs, flat = inner_points(V), joined([], W) + joined([], V)
    ls = [[2 * a for a in minus(matvec(W, z), y)] for z, y in zip(zs, ys)]
    g = joined([], moment(ls, zs)) + joined([], matmul(transpose(W), moment(ls, fs)))
    unflat = lambda p: ([p[:3], p[3:6]], [p[6:8], p[8:10], p[10:]])
    sure(g == difference_gradient(lambda p: loss(unflat(p)[0], inner_points(unflat(p)[1])), flat), "gradient")
    pseudo = matmul(transpose(W), eliminate(matmul(W, transpose(W)), identity(2))[1])
    sure(matmul(W, pseudo) == identity(2) and matmul(pseudo, W) == transpose(matmul(pseudo, W)), "pseudoinverse")
    G = joined([], combine(1, W, -1, star)) + joined([], matmul(pseudo, matmul(star, V)))
    F, linear, inner = loss(W, zs), loss(star, xs), dot(G, g)
    sure(inner == sum(dot(l, minus(matvec(W, z), matvec(star, x))) for l, z, x in zip(ls, zs, xs)) / 3 >= F - linear, "remark 2")
    norms = square_root(dot(g, g)), square_root(dot(G, G))
    sure((norms[0] * norms[1])[0] >= F - linear, "remark 2, norms")
    for figure, value in (("F", F), ("F_lin(W*)", linear), ("inner-product", inner), ("gradient-norm", norms[0]), ("direction-norm", norms[1])):
        fig_ends("shamir.remark2", "by-hand", figure, as_ends(value))

# ---- FIG: shamir.remark3 ----

def example_poly(eps):
    """(w (1 + eps v) - 1)^2/2."""
    r = poly({(1, 0): 1, (1, 1): eps, (0, 0): -1})
    return p_mul(p_mul(r, r), poly({(0, 0): HALF}))

def gradient_lipschitz():
    """With s = 1 + eps v in [-1, 3] and o = eps w in [-2, 2] the Hessian is [[s^2, 2 o s - eps], [.., o^2]]. The spectral norm of a matrix is at
    most that of its absolute values, which grows with them (Perron): at most that of [[9, 13], [13, 4]], (13 + sqrt 701)/2; and s = 3, o = -2,
    eps = 1 has the entries 9, -13, 4, with the same norm."""
    for eps, s, o in product((QUARTER, HALF, Fraction(1)), range(-1, 4), range(-2, 3)):
        entries = hessian(example_poly(eps), o / eps, (s - 1) / eps)
        sure(entries == [s * s, 2 * o * s - eps, o * o] and all(abs(h) <= b for h, b in zip(entries, (9, 13, 4))), "Hessian of example 1")
    top = hessian(example_poly(Fraction(1)), Fraction(-2), Fraction(2))
    sure(top == [9, -13, 4], "attained")
    least, norm = extremes([[top[0], top[1]], [top[1], top[2]]])
    sure(overlap(norm, (13 + square_root(701)) / 2) and -least[0] < norm[0], "13/2 + sqrt(701)/2")
    return norm

def hessian_lipschitz():
    """D^3 F [u, u, u] = 6 eps u_w u_v (s u_w + o u_v), at most 6 a b (3 a + 2 b) with a = |u_w|, b = |u_v|, attained at eps = 1, s = 3, o = 2; the norm of a
    symmetric form is its maximum over equal unit arguments (Banach). With t = b/a the square is m = 36 t^2 (3 + 2 t)^2/(1 + t^2)^3, stationary at
    2 t^3 + 6 t^2 - 4 t - 3 = 0, one root t > 0 (Descartes). Second way: m' (1 + t^2)^3 - 36 t^2 (3 + 2 t)^2 has real roots just below m, none just above."""
    cubic = [Fraction(c) for c in (-3, -4, 6, 2)]
    positive = [t for t in real_roots(cubic) if t[0] > 0]
    sure(len(positive) == 1, "Descartes")
    t = positive[0]
    m = 36 * t ** 2 * (3 + 2 * t) ** 2 / (1 + t ** 2) ** 3
    bracket, form = [Fraction(1), Fraction(0), Fraction(1)], [Fraction(0), Fraction(18), Fraction(12)]
    excess = lambda v: u_add(u_mul(u_mul([v], bracket), u_mul(bracket, bracket)), u_mul(form, form), -1)
    off = Fraction(1, 1 << 220)
    counts = [len(real_roots(excess(v))) for v in (m[0] - off, m[1] + off)]
    sure(counts[0] >= 2 and counts[1] == 0, "Hessian-Lipschitz by double roots")
    F = example_poly(Fraction(1))
    third = [p_at(p_diff(p_diff(p_diff(F, i), j), k), Fraction(2), Fraction(2)) for i, j, k in ((0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1))]
    sure(third == [0, 6, 4, 0], "third derivatives: 2 eps s and 2 eps o")
    return square_root(m)

def remark3_rows():
    block("shamir.remark3 over eps in (0, 1]: the Hessian's entries at their largest, [[9, -13], [-13, 4]]; the third derivative's largest value "
          "6 a b (3 a + 2 b) on the unit circle")
    figw("shamir.remark3", "eps<=1", "gradient-Lipschitz", gradient_lipschitz(), 10 ** 10)
    figw("shamir.remark3", "eps<=1", "Hessian-Lipschitz", hessian_lipschitz(), 10 ** 10)

# ---- FIG: shamir.def1, shamir.thm4 ----

def def1_rows():
    block("shamir.def1 at example 1's saddle (0, -1/eps): the Hessian is [[0, -eps], [-eps, 0]]")
    for K in (3, 10):
        eps = Fraction(1, 1 << K)
        F, at = example_poly(eps), (Fraction(0), -1 / eps)
        a, b, d = hessian(F, *at)
        least = extremes([[a, b], [b, d]])[0]
        sure(least == (-eps, -eps) and (a, b, d) == (0, derivatives(example(eps), *at)[2], 0), "least eigenvalue")
        for figure, value in (("lambda_min", least), ("gradient-norm", square_root(sum(map(square, gradient(F, *at))))), ("value", p_at(F, *at))):
            fig_ends("shamir.def1", "example-1/eps=2^-%d" % K, figure, as_ends(value))

def sgd_bound(b, l, r, T, delta, P=320):
    """(5/2 b l + 4 r sqrt(2 ln(1/delta)))/sqrt T; second way: decimal."""
    bound = (Fraction(5, 2) * b * l + 4 * r * square_root(2 * Ends(*of_ball(b_log(P, 1 / delta), P)))) / square_root(T)
    with localcontext(Context(prec=90)):
        ln = (Decimal(delta.denominator) / Decimal(delta.numerator)).ln()
        second = Fraction((Decimal("2.5") * b * l + 4 * r * (2 * ln).sqrt()) / Decimal(T).sqrt())
    sure(abs(second - bound[0]) < Fraction(1, 10 ** 70), "bound of theorem 4")
    return bound

def sgd_rows():
    block("shamir.thm4: (2.5 b l + 4 r sqrt(2 ln(1/delta)))/sqrt T at b = 1, l = r = 4, T = 2^10, delta = 1/20")
    fig_ends("shamir.thm4", "bound", "bound", sgd_bound(1, 4, 4, 1 << 10, Fraction(1, 20)))

# ---- FIG: wang.thm2 ----

def rosenbrock():
    """(1 - x)^2 + 100 (y - x^2)^2: F_y = 0 gives y = x^2, then F_x = 2 (x - 1). A sum of squares, 0 there."""
    a, b = poly({(0, 0): 1, (1, 0): -1}), poly({(0, 1): 1, (2, 0): -1})
    F, one = p_add(p_mul(a, a), p_mul(b, b), 100), Fraction(1)
    sure(gradient(F, one, one) == [0, 0] and kind(F, Ends(1), Ends(1)) == "minimum", "stationary")
    sure(all(gradient(F, Fraction(x), Fraction(x * x)) == [2 * (x - 1), 0] for x in range(-5, 6)), "only there")
    figs("wang.thm2", "rosenbrock", minimum_x=one, minimum_y=one, minimum=p_at(F, one, one))

def shelf():
    """min(x, 1)^2 + max(x - 2, 0)^2 + y^2: constant, 1, on 1 <= x <= 2, y = 0, and not below on x >= 1; 0 at the origin. As x enters
    non-increasingly up to 0 and non-decreasingly from there, sub-level sets shrink to the origin along the axes: connected."""
    F = lambda x, y: square(min(x, Fraction(1))) + square(relu(x - 2)) + square(y)
    levels = {F(1 + Fraction(k, 16), Fraction(0)) for k in range(17)}
    sure(len(levels) == 1 and all(F(Fraction(x, 16), Fraction(y, 16)) >= 1 for x in range(16, 65) for y in range(-16, 17)), "the shelf")
    line = [F(Fraction(x, 16), Fraction(0)) for x in range(65)]
    sure(line == sorted(line), "non-decreasing")
    figs("wang.thm2", "shelf", shelf_value=levels.pop(), minimum=F(Fraction(0), Fraction(0)))

def thm2_landscapes():
    block("wang.thm2: landscapes with one component at every level")
    rosenbrock()
    figs("wang.thm2", "regularised/text", minimum=landscape("regularised/text")[2][0][0])
    shelf()

PART_THREE = (fig1_rows, thm3_rows, thm4_rows, linear_rows, remark2_rows, remark3_rows, def1_rows, sgd_rows, thm2_landscapes)

def fig_rows():
    for part in (pythagoras, population, thm6_rows, remark_rows, shamir_rows, thm11_rows, thm1_rows, lemma9_rows, thm8_rows, errata_rows) + PART_THREE:
        part()

# ---- the constants of the elementary functions: python3 vectors/exact.py tables ----

def cut(value, P, unit):
    """value / 2^P truncated to a multiple of 2^unit, and the rest."""
    k = value >> P + unit
    return float(Fraction(k) * Fraction(2) ** unit), value - (k << P + unit)

def rounded(value, P):
    return float(Fraction(value, 1 << P))

def as_pair(value, P):
    hi = rounded(value, P)
    return hi, rounded(value - int(Fraction(hi) * (1 << P)), P)

def tables():
    """1/(2k)!, 1/(2k+1)!, 1/(2k+1), atan(j/4), pi, pi/2 as double-doubles; pi/2 and log 2 in parts that small integers multiply exactly."""
    P = 512
    p, l2 = b_pi(P)[0], log_2(P)[0]
    factorial = [1]
    for k in range(1, 24):
        factorial.append(factorial[-1] * k)
    columns = [("C", [(1 << P) // factorial[2 * k] for k in range(12)]), ("S", [(1 << P) // factorial[2 * k + 1] for k in range(12)]),
               ("A", [(1 << P) // (2 * k + 1) for k in range(12)]), ("atan(j/4)", [b_atan(P, ball(Fraction(j, 4), P))[0] for j in range(5)]),
               ("pi, pi/2", [p, p // 2])]
    for title, values in columns:
        print(title, *("{%s, %s}" % tuple(map(hexfloat, as_pair(v, P))) for v in values), sep="\n    ")
    parts, rest = [], p // 2
    for unit in (-32, -65, -98):
        part, rest = cut(rest, P, unit)
        parts.append(part)
    first, tail = cut(l2, P, -42)
    print("pi/2 in parts", *map(hexfloat, parts + [rounded(rest, P)]), sep="\n    ")
    print("log 2 in parts; 1/log 2; 2/pi", *map(hexfloat, (first, rounded(tail, P), rounded((1 << 2 * P) // l2, P), rounded((2 << 2 * P) // p, P))), sep="\n    ")

# ---- the file ----

MACROS = (("FMA", fma_rows), ("SUM", sum_rows), ("DEC", dec_rows), ("HEX", hex_rows), ("GEMM", gemm_rows), ("EL", el_rows),
          ("EL2", None), ("ELR", None), ("ELR2", None), ("FIG", fig_rows), ("FIGW", None))

def main():
    emit("/* Exact vectors. Generated: python3 vectors/exact.py > vectors/exact.inc (shares nothing with skipverify.c).\n"
         "   Define the macros wanted, include (after math.h, for INFINITY and NAN); the other rows vanish,\n"
         "   and all macros are undefined at the end. */")
    for name, _ in MACROS:
        emit("#ifndef %s\n#define %s(...)\n#endif" % (name, name))
    for _, rows in MACROS:
        if rows:
            rows()
    emit("")
    for name, _ in MACROS:
        emit("#undef %s" % name)
    sys.stdout.write("\n".join(LINES) + "\n")

if __name__ == "__main__":
    tables() if sys.argv[1:] == ["tables"] else main()
