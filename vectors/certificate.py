#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checker of path certificates.

    python3 certificate.py [-v] FILE...                            version 1 (seeds, theorems)
    python3 certificate.py [-v] FILE... --data D [--label COLUMN] --from A --to B [--model MAP]
              [--loss NAME] [--penalty none|decay|wang] [--kappa K] [--shard I/N]
                                                                   version 2 (own networks)

A certificate claims that a training objective F stays <= B along a path of network
parameters.  This program proves the claim or rejects the file.  It trusts nothing in the
file, uses exact arithmetic only (integers and rationals; square roots, exp and log are
enclosed between rationals) and nothing but the standard library of Python 3.9 or later.

Exit status: 0 every file accepted, 1 some file rejected, 2 bad usage or a malformed file of the
user, 3 some file cannot be checked here: too large, 4 some file unreadable; the largest of these.
One line a file; a rejection says what was wrong and where.  -v: also one line a leg.
Points are numbered from 1; leg k goes from point k to point k + 1.

THE FILE is ASCII text; every line ends with a newline, fields are separated by one space.
NUMBER is a C hexadecimal floating-point number (-0x1.8p+3, 0x0p+0), a finite IEEE double,
meant exactly; INTEGER is decimal.  VERSION 1, version 2 further down:

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
               times their first value (0 at the last end); units whose V1 row is 0 have W2
               column c^q first + (1 - c^q) last, the others keep theirs; q = p + 2 (p + 1
               without hidden layer) is the number of factors that shrink.  So
               f = c^q f(first) + (1 - c^q) f(last) and, with b = F(last), P = V2 term of R +
               |W2 V1|_1 + sum |theta|_F at the first end, a = F(first) - kappa P:
               F <= b + (a - b) c^q + kappa P c.  Its largest value is F(first) if a >= b;
               else it is concave in c and maximised within 2^-220.
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

LIMITS of version 1 (beyond them a file is rejected): 16 MB, 64 layers, integers below 10^6,
products of sizes and of exponent ranges that would exhaust memory, and 200000 affine pieces along
a leg, times coordinates: in one layer of one sample, and in the outputs of all samples.

ACCEPTED, version 1, means: the syntax and the hash are right, F of every point is certainly
within its [LO, HI], every leg obeys its rule, and the bounds of all legs are certainly <= B.

VERSION 2 is about the user's own networks A and B and data.  The file names them by SHA-256
only; this program reads them itself, with --data, --from (A) and --to (B), and compares.
--loss, --penalty and --kappa, if given, must be what the file says.

NETWORKS, relu written s; n inputs, m hidden units, dy outputs; biases may be absent:
    two-layer    W2 s(W1 x + b1) + b2
    skip         h = s(W1 x + b1);  W2 (h + V1 g(V2 h)) + b2
    linear-skip  W (x + V g(x)) + b
    mlp          x_0 = x;  x_i = s(W_i x_(i-1) + b_i), i < L;  W_L x_(L-1) + b_L; L from 3 to 65
    residual     x_0 = x, or W0 x + b0;  x_k = x_(k-1) + V_k s(U_k x_(k-1) + c_k) + d_k, k to K,
                 1 <= K <= 32;  W x_K + b
g(u): u_0 = u, u_i = s(T_i u_(i-1) + c_i), i to p, 0 <= p <= 64.  A and B have the same model,
n, dy and sizes; m may differ.  An mlp with L = 2 is a two-layer network.
Network files are .npz or .safetensors, told apart by content: all float, integer and bool
types that fit a double exactly.  --model MAP has lines "model NAME", "NAME TENSOR [out,in|in,out]"
("block K: U TENSOR .." is "UK TENSOR .."), "input-scale X" (each x becomes the double nearest to
X x), comments from #; without NAMEs the tensors are called as above, or as by PyTorch (then
out,in): PREFIX<number>.weight and .bias, in the order of the numbers, of one PREFIX (0, 2, 4;
fc1, fc2; layers.0, ..) are the layers of an mlp or two-layer network; PREFIX<number>.NAME.weight,
two NAMEs for each number, which differ in digits only (fc1 and fc2; 0 and 2), the shorter and
then the first in the alphabet for U, are residual blocks, with one more weight, the read-out, or
two, of which one has a usual name (of read-outs: out fc head readout output; of read-ins: in inp
input embed stem; one alone is no read-in by name).  Without a
layout, and without an array out_in (then all are out,in), it is inferred from the sizes; square
matrices are refused.
Data: .npz with x (N by n) and y (N, or N by dy), or CSV with the labels in --label COLUMN (a
name or a number from 1; the last), where words are classes in bytewise order; a first line
with a word above a number is a header.  y by loss: cross-entropy: classes 0 .. dy-1 or one-hot
rows; squared, huber: numbers if dy = 1, else classes (made one-hot) or rows; logistic: -1, 1 or
0, 1 if dy = 1, else classes (1 there, -1 elsewhere) or rows of -1, 1.

THE FILE is as in version 1, with these lines.  INTEGER has no leading zero; NUMBER is spelt as by
C's %a: 0x1.8p+3, -0x1p-4, 0x0p+0; a leading 1, no 0 at the fraction's end, the exponent with sign
and without leading 0; below 2^-1022 as 0x0.8p-1022.
    skipverify certificate 2
    model two-layer|skip|linear-skip|mlp|residual
    loss NAME
    penalty none  |  penalty decay NUMBER  |  penalty wang NUMBER      NUMBER (kappa) >= 0
    data SHA256 N n dy
    from SHA256 m                  linear-skip, mlp, residual: m is 0
    to SHA256 m
    width M                        the larger m, or more, at most by 1/8 of the file's bytes (a polyline
                                   may have wider knots); linear-skip: n; mlp, residual: 0
    legs                           see below; a leg's K is the number of lines that follow
    bound ends  |  bound NUMBER    F <= max(F(A), F(B)), or F <= NUMBER, on the whole path
    sha256 HEX                     of all bytes before this line; the last line
SHA-256 of a network: "network MODEL\\n", then in the order W1 b1 V2 T1 c1 T2 c2 .. V1 (V) W2 (W)
b2 (b); of an mlp W1 b1 W2 b2 ..; of a residual one W0 b0 U1 c1 V1 d1 U2 .. W b, for each tensor
there is, "NAME R C\\n" (a vector has C = 1) and its doubles, row after row, 8 bytes each, little
endian.  Of data: "data N n dy\\n", x and y in the same way, after
input-scale and as the loss takes them.

F = (1/N) sum loss(f(x), y) + penalty.  decay: (kappa/2) times the sum of squares of all numbers
of all tensors.  wang: kappa R, R = sum over units (|w2|_1 + |v2|_1) |(w1, b1)|_2 + |W2 V1|_1 +
sum |(T_i, c_i)|_F; only for two-layer and skip.

THE PATH has M slots, each with a row (a unit's weights and bias) and a column (its weights in
W2); then b2, and the block.  It starts at A, padded with zero rows and columns to M slots, and
must end exactly at B, padded likewise.  linear-skip: slot s is input s, rows do not exist.
mlp, residual: there are no slots, only points, and of the legs line, readout, idle and curve.
Under decay, between balance and unbalance, the state is balanced: a unit with row r and column
c has the weights k r and c/k, k^2 = |c|/|r| (0 and 0 if c or r is 0), and
F = mean loss + kappa (sum |c| |r| + |b2|^2 / 2).

THE LEGS, each with why F is bounded.  S, P, Q are slots, J is a unit of A or B, all counted from 1.
"ends": as in version 1.
  interpolate K   K lines "column S NUMBER*dy", "column S 0", "column S A J", "column S B J"
                  (of A's, B's unit J), "bias NUMBER*dy", "bias A", "bias B" (once, and only
                  if A or B has a b2): columns and b2 move there linearly.  f is affine, the
                  penalty convex (|c| |r| with a fixed r): ends.
  rewire K        "row S A J", "row S B J", "row S 0": a slot with zero column changes its row.
                  Constant.
  transfer K      "move P Q": the column of P moves linearly to Q; their rows are equal, Q's
                  column is 0; all slots of a leg distinct.  f, |c_P| + |c_Q| and F: constant.
  balance         first leg, two-layer, decay: k goes monotonically from 1 to its balanced
                  value: f is constant, k^2 |r|^2 + |c|^2 / k^2 falls.  F <= F(A).
  unbalance       last leg, the same backwards: row, column and b2 must be B's.  F <= F(B).
  fade K          first leg, a model with a block, no penalty; K lines as in interpolate give
                  W' and b2'.  V1 moves linearly to W2^+ W2 V1 (F is constant).  Then [W2, W2 V1,
                  b2] moves linearly to [W', 0, b2'], with V1 = W2^+ (W2 V1): W2 must keep full
                  row rank, det(W2 W2^T) has no zero in [0, 1] (Sturm).  f is affine: ends.
                  Then the block is off (V1 = 0), and V2, T, c become B's: constant.
                  If A's W2 has dependent rows: for each row j that is a combination of those
                  before it let q W2 = 0 with q_j = 1, 0 at the other such j; Q are these rows q.
                  N(t) is W2(t) with the rows j replaced by Q W', constant; it is N that must
                  keep full row rank.  V1 moves linearly to N(0)^+ M(0), where M is W2 V1 as it
                  should be and M(0) is A's, its rows j replaced by 0 (then W2 V1 is M(0), and F
                  constant), and then is N(t)^+ M(t), the rows j of M(t) replaced by 0, 0 at last.
                  For i no such j, e_i W2 V1 = e_i M; Q W2(t) = t Q W', so Q W2 V1 = 0 = Q M;
                  the e_i and Q are a basis: W2 V1 = M and f is affine: ends.
  grow            last leg, the same backwards, from block off to B; rows must be B's.  (B's W2 and
                  the W2 before the leg in the place of A's W2 and W'.)
  line K          "to B", or "to point" and, of the tensors that A or B has (one that B has not is 0
                  in B), those that change or more, in the order and with the first lines of the
                  SHA-256, with M slots, R lines of C numbers each; then K lines "cut NUMBER",
                  increasing, in (0, 1), multiples of 2^-53.  Everything moves linearly; proved on
                  each piece between neighbouring cuts, see below.
  readout         "to B" or "to point" and tensors, as in line: only those of the read-out change, W2
                  b2, W b, of an mlp the last W and b.  f is affine, the penalty convex: ends.
  idle            the same: numbers change that nothing reads, so that f is constant, and F is without
                  penalty; decay is convex: ends.  All rows of the read-out are read.  A row of another
                  layer, with its bias, is read if a layer that takes what it gives has an entry in that
                  column, in a row that is read, which is not 0 at one end of the leg or at both; of
                  a sum both summands are read, if it is taken so, or by the next sum, which is read.
                  Only rows that are not read change.  Not with wang.
  curve D K       a Bezier curve of degree D, 2 to 4, as K straight segments, K = 1, 2, 4 .. 256: its end,
                  as in line; D - 1 times "control" and all tensors; K times "cuts N" and N lines
                  "cut NUMBER" as in line, of each segment.  Of joint i, 0 < i < K, each number is
                  w_0 c_0 + .. + w_D c_D, summed from the left, products and sums rounded to doubles,
                  and then to float32, to nearest, ties to even; c_0 is the number of the point before,
                  c_1 .. of the controls (float32 numbers), c_D of the end; w_j =
                  binomial(D, j) i^j (K - i)^(D - j) / K^D.  Joint 0 and K are the point before and the
                  end.  Each segment is proved as a line.
Under decay interpolate, rewire and transfer need a balanced state, the last four legs one that is
not; with a block the former need it off, the latter on; rewire and transfer are not for linear-skip.

A PIECE, s in [0, 1].  Every vector is chord(s) + e, e in [-d, u] with d, u >= 0, and e is 0 at
both ends.  Inputs: d = u = 0.  W(s) v(s) + b(s): with D = (W(1) - W(0)) (v(1) - v(0)), e is
-s(1-s) D + W(s) e_v; 0 <= s(1-s) <= 1/4, W(s) is entrywise between its ends.  relu: it is
monotone and grows at most as its argument, and its chord exceeds relu(chord) by at most
|v||w| / (|v| + |w|) where the ends v, w differ in sign, else by 0, so d grows by that; but where
max(v, w) <= 0 its chord is 0 and its value from 0 to max(0, max(v, w) + u): that is u then, and d
is 0.  A sum: add.  At last, loss(z + e) is convex in z for each e: F <=
the larger end of the mean over samples of the largest loss in the box (cross-entropy: of the
differences z_k - z_c, with rows W_k - W_c) + penalty.  decay is convex.  wang: p q, where p =
|w2|_1 + |v2|_1 and q = |(w1, b1)|_2 lie below their chords, exceeds its chord by at most
max(0, -dp dq) / 4, |W2 V1|_1 by |dW2 dV1|_1 / 4 (d: last - first).
Numbers are integers over powers of two here, many samples packed into one; whatever is rounded
off is added to d and u.  A piece whose bound is too large is tried with more bits, where that may
do, and else in halves, these in halves, up to 8 times: so a program may find the cuts by any rule.

--shard I/N checks everything but pieces, and of these, counted through the file, each N-th from the
I-th on.  The certificate is accepted if all N parts are.

REFUSED as too large: files above 16 MB; states whose values would take more than 10^9 products: about
N (n + 1) for each row in use and N dy for each column, or N for each weight, at each; and pieces that
would take more than 4 10^10 (some minutes): 4 N for each weight but the first layer's, for each
piece or part of one: the message says how many shards do.
ACCEPTED means: the file is well-formed, its hashes are those of the user's files, every leg obeys
its rule, the path goes from A to B, and F is certainly <= the bound on all of it ("ends": below
the lower end of the enclosure of max(F(A), F(B)), except where F <= F(A) or F <= F(B) by rule).
TRUSTED: that data, networks, loss and penalty are those meant; Python and its zipfile, csv, json.
"""
import ast
import csv
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from array import array
from fractions import Fraction
from functools import reduce
from math import comb, gcd, isfinite, isqrt, ldexp
from operator import mul, or_

BITS = 200  # relative accuracy of enclosures, 2^-BITS
ROUGH = 40  # the same, in the first look at the kinks of a leg
MAX_LAYERS = 64
MAX_BYTES = 1 << 24  # larger files are rejected; so are sizes ...
MAX_WORK = 1 << 31  # ... and spreads of exponents that would exhaust memory
MAX_PIECES = 200000  # linear pieces along a leg, times coordinates
LOSSES = ("squared", "logistic", "cross-entropy", "huber")
NUMBER = re.compile(r"(-?)0x([0-9a-f]{1,16})(?:\.([0-9a-f]{1,16}))?p([+-]?[0-9]{1,4})")
FRACTION = r"\.[0-9a-f]{0,12}[1-9a-f]"
SPELT = re.compile(r"-?0x(0p\+0|0%sp-1022|1(%s)?p(\+0|[+-][1-9][0-9]{0,3}))" % (FRACTION, FRACTION))  # version 2


class Reject(Exception):
    pass


# ---------------------------------------------------------------- reading
class Reader:
    def __init__(self, text, strict=False):
        """strict: numbers as C's %a spells them."""
        self.lines, self.at, self.known, self.strict = text[:-1].split("\n"), 0, {}, strict

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

    def integer(self, token, least, most=999999):
        if not re.fullmatch("0|[1-9][0-9]{0,9}", token) or not least <= int(token) <= most:
            self.fail("'%s' is not an integer from %d to %d" % (token[:40], least, most))
        return int(token)

    def number(self, token):
        """(v, e), the number v 2^e with v odd or 0."""
        if token not in self.known:
            if self.strict and not SPELT.fullmatch(token):
                self.fail("'%s' found, expected a number as in 0x1.8p+3" % token[:40])
            match = NUMBER.fullmatch(token)
            if not match:
                self.fail("'%s' is not a hexadecimal number such as -0x1.8p+3" % token[:40])
            sign, whole, part, exponent = match.groups("")
            v, e = int(whole + part, 16), int(exponent) - 4 * len(part)
            zeros = (v & -v).bit_length() - 1
            v, e = (v >> zeros, e + zeros) if v else (0, 0)
            large, small = v.bit_length() + e > 1024, self.strict and whole == "1" and int(exponent) < -1022
            if v.bit_length() > 53 or e < -1074 or large or small:
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

    v1 = None  # the V1 meant, once it was needed


class Certificate:
    """What the file says."""


def read_header(rd):
    c = Certificate()
    if rd.take("skipverify certificate 1") != ["certificate", "1"]:
        rd.wrong("'skipverify certificate 1'")
    (c.claim,) = rd.take("claim WORD")
    (c.case,) = rd.take("case WORD")
    if not re.fullmatch("-?[0-9]{1,20}", rd.take("seed INTEGER")[0]):
        rd.wrong("'seed INTEGER'")
    (c.loss,) = rd.take("loss NAME")
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
    rest = got[len(key) :]
    if before and got == key + ["same"]:
        return before
    gauged = name == "V1" and rest[:1] == ["gauged"]
    if got[: len(key)] != key or rest[gauged:] != [str(size) for size in shape]:
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
                raise Reject(
                    "line %d: the null vector of output %d is %s at output %d"
                    % (rd.at - k + 1 + outputs.index(i), i + 1, "0" if i == j else "not 0", j + 1)
                )
    return end == "first", outputs, rows


def check_seal(rd, data):
    (claimed,) = rd.take("sha256 HEX")
    if len(rd.lines) > rd.at:
        raise Reject("line %d: text after the sha256 line" % (rd.at + 1))
    found = hashlib.sha256(data[: data.rindex(b"sha256 ")]).hexdigest()
    if claimed != found:
        rd.fail("the sha256 of the bytes above is %s, the file says %s" % (found, claimed[:64]))


def ascii_text(data):
    bad = re.search(rb"[^\n -~]", data)
    if bad:
        raise Reject(
            "line %d: byte 0x%02x, expected printable ASCII"
            % (data.count(b"\n", 0, bad.start()) + 1, data[bad.start()])
        )
    if not data.endswith(b"\n"):
        raise Reject("line %d: no newline at the end of the file (truncated?)" % (data.count(b"\n") + 1))
    return data.decode("ascii")


def parse(data):
    """Bytes to a Certificate; everything but the mathematics is checked."""
    rd = Reader(ascii_text(data))
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
    (c.word,) = rd.take("bound B")
    c.bound = rd.fraction(c.word)
    check_seal(rd, data)
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
    if max(sizes) * max(sizes + [c.N]) * c.dy * (bits + 500) > MAX_WORK:  # bits of memory
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
        return 0, 1, 2000  # exp(-1400) < 2^-2000
    w = bits + 24
    X, L = (x << w) // D, ln2(w)
    k, R = divmod(X, L)  # x/D - k ln 2 is in [R - k, R + 1] / 2^w
    total, term, n = 0, 1 << w, 0
    while term:  # every term is low by at most 2
        total += -term if n & 1 else term
        n += 1
        term = term * R // (n << w)
    error = 2 * n + 4 + 2 * (k + 1)  # terms, the rest (< 4), the change of R
    return total - error, total + error, w + k


def log_1_plus(S, W):
    """(lo, hi) around 2^W log(1 + S/2^W), S >= 0."""
    k = ((1 << W) + S).bit_length() - 1 - W  # (1 + S/2^W) / 2^k = 1 + s is in [1, 2)
    s = (1 << W) + S - (1 << (W + k))
    U = (s << W) // ((1 << (W + k + 1)) + s)  # u = s/(2 + s) < 1/3; log = 2 atanh(u)
    square, total, power, n = U * U >> W, 0, U, 0
    while power:  # every term is low by at most 3
        total += power // (2 * n + 1)
        power, n = power * square >> W, n + 1
    error = 2 * (3 * n + 3) + 3  # terms, the rest; u cut: factor 2/(1 - u^2)
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
        p.M = product(W2, p.mat["V1"])  # = W2 V1 also if V1 = W2^+ W2 V
        residual, er = images(p.M, u), er + e2 + c.shift["V1"]
    ez = max(e2 + e, er, c.shift["y"])
    Z = combine(ez, direct, e2 + e, residual, er)
    p.base = times(Fraction(1, c.N), loss_sum(c.loss, Z, targets(c, ez), 1 << ez, BITS))
    p.P = p.w2 = (Fraction(0), Fraction(0))
    if c.kappa:  # then there is a hidden layer
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
            raise Reject(
                "%s is not the same at both ends, here %s may move"
                % (spelled(a, b, name), "only " + ", ".join(allowed) if allowed else "nothing")
            )
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
        pairs = list(zip(r + s2, r2 + s))  # (v, w): w = c_i v
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
            raise Reject(
                "unit %d moves and is not idle: neither its W1 and V1 rows nor its "
                "W2 and V2 columns are 0 at both ends" % i
            )
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
    lo = b.F[0] - (b.F[0] - a.base[0]) * c0**q + slope[0] * c0
    return larger(a.F, b.F, (lo, hi)), "q = %d, largest near c = %s" % (q, decimal(c0, False, 6))


def concave(b, d, s, q):
    """(c0, bound): b - d c^q + s c <= bound on [0, 1], s > 0, q >= 2; nearly attained at c0."""
    if s >= q * d:  # the derivative is >= 0 on [0, 1]
        return Fraction(1), b - d + s
    left, right, half = Fraction(0), Fraction(1), Fraction(1, 2)
    while right - left > Fraction(1, 1 << (BITS + 20)):
        left, right = (half, right) if s - d * q * half ** (q - 1) >= 0 else (left, half)
        half = (left + right) / 2
    # left of `left` the function increases, right of `right` it decreases, between them it
    # is below its tangent at `left`
    return left, b - d * left**q + s * left + (s - d * q * left ** (q - 1)) * (right - left)


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


RULES = {
    "rescale": rescale,
    "gauge": gauge,
    "merge": linear,
    "interpolate": interpolate,
    "linear": linear,
    "rows": hidden_rows,
    "rewire": rewire,
    "shrink": shrink,
    "theta": theta,
    "lift": lift,
}


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
        for (l, r), cut in zip(signs, cuts):  # on from this mark to that one
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
            if not path or path[-1][1] != z:  # f goes on affinely: not a kink
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
        squares = []  # of the length at t: three coefficients
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
        return ends(a, b, "V2, f is constant")  # R is convex
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
    if not exact:  # look closely where F may be largest
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
        factor *= k  # degree!
    for k in range(degree + 1):  # Newton: sum of difference_k / k! t(t-1)..(t-k+1)
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
    if n == 10**digits:
        n, e = n // 10, e + 1
    s = str(n)
    if -5 <= e < 0:
        return "0." + "0" * (-e - 1) + s
    if 0 <= e < digits - 1:
        return s[: e + 1] + "." + s[e + 1 :]
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


def check(data, say=lambda line: None, given=None):
    """The text of an acceptance; raises Reject.  given: options {name: value or None}, for version 2."""
    if given is not None and data.startswith(b"skipverify certificate 2\n"):
        return check2(data, say, given)
    if given and given.get("shard"):
        raise BadFile("--shard is for certificates of version 2")
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
            vars(before).clear()  # memory
        before = p
    if top[1] > c.bound:
        raise Reject("point 1: F is in %s, not certainly <= %s" % (show(top, 20), c.word))
    return "%s, %s, %d legs, F <= %s, certified sup in %s" % (c.claim, c.case, len(c.legs), c.word, show(top))


# ================================================================ version 2: users' own files
MAX_PRODUCTS = 10**9  # more multiplications than that are refused as too large
MAX_PIECEWISE = 4 * 10**10  # the same of those that are done many at once
HALVINGS = 8  # of a piece of a line whose bound is too large, at most
LANES = 256  # samples at once: see Lanes
ROUGHLY, FINELY = 64, 128  # bits that pieces are computed with: first, and if their bounds are
CLOSELY = 1 + Fraction(1, 1 << 16)  # not larger than needed by more than this factor
CLOSE = 64  # relative accuracy of losses in version 2, 2^-CLOSE; tubes have as many more bits
LAYERS = 64  # inner ones, at most
RELAYED = ("two-layer", "skip", "linear-skip")  # models with slots for hidden units
MODELS = RELAYED + ("mlp", "residual")
BIAS = {"W": "b", "T": "c", "U": "c", "V": "d"}  # the letter of a matrix: that of its bias
CODES = {"f8": "d", "f4": "f", "f2": "e", "b1": "?", "i1": "b", "i2": "h", "i4": "i", "i8": "q"}
CODES.update({"u1": "B", "u2": "H", "u4": "I", "u8": "Q"})
TENSOR_CODES = {"F64": "f8", "F32": "f4", "F16": "f2", "BOOL": "b1", "BF16": "bf16"}
TENSOR_CODES.update({kind + str(8 * size): kind.lower() + str(size) for kind in "IU" for size in (1, 2, 4, 8)})
ZIP = (b"PK\3\4", b"PK\5\6")  # how such a file starts; an empty one
DECIMAL = re.compile(r"[ \t]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t]*")
NO_FINITE = re.compile(r"[ \t]*[+-]?(nan|inf|infinity)[ \t]*", re.IGNORECASE)


class TooLarge(Exception):
    pass


class BadFile(Exception):
    """A file of the user that is not what it should be."""


class Array:
    """An array as read: its shape and its values, row after row."""

    def __init__(self, shape, values):
        self.shape, self.values = tuple(shape), array("d", values)


def count_of(shape):
    return reduce(mul, shape, 1)


def read_file(name):
    with open(name, "rb") as file:
        return file.read()


def decoded(raw, code, order, where):
    """The doubles that these bytes are."""
    size = 2 if code == "bf16" else int(code[1:])
    count = len(raw) // size
    if code == "bf16":
        raw = struct.pack("<%dI" % count, *(v << 16 for v in struct.unpack("<%dH" % count, raw)))
        order, code = "<", "f4"
    values = struct.unpack("%s%d%s" % (order, count, CODES[code]), raw)
    for i, v in enumerate(values):
        if not isfinite(v) or float(v) != v:
            raise BadFile("%s: its entry %d is %s, expected a finite number that a double can hold" % (where, i, v))
    return values


def read_npy(raw, where):
    if raw[:6] != b"\x93NUMPY" or raw[6:8] not in (b"\1\0", b"\2\0", b"\3\0"):
        raise BadFile(where + ": no .npy array of version 1, 2 or 3")
    wide = 2 if raw[6] == 1 else 4
    start = 8 + wide + int.from_bytes(raw[8 : 8 + wide], "little")
    try:
        header = ast.literal_eval(raw[8 + wide : start].decode("latin-1").strip())
        descr, fortran, shape = (header[key] for key in ("descr", "fortran_order", "shape"))
        sound = len(header) == 3 and isinstance(fortran, bool) and isinstance(shape, tuple)
        sound = sound and all(type(size) is int and size >= 0 for size in shape) and start <= len(raw)
    except (ValueError, SyntaxError, LookupError, TypeError, MemoryError, RecursionError):
        sound = False
    if not sound:
        raise BadFile(where + ": its .npy header is malformed")
    if not isinstance(descr, str) or descr[:1] not in ("<", ">", "|") or descr[1:] not in CODES:
        raise BadFile("%s: elements of type %r, expected f2, f4, f8, an integer type or bool" % (where, descr))
    size = int(descr[2:])
    if (descr[0] == "|") != (size == 1) or count_of(shape) * size != len(raw) - start:
        raise BadFile("%s: %d bytes for shape %s of type %s" % (where, len(raw) - start, shape, descr))
    values = decoded(raw[start:], descr[1:], descr[0].replace("|", "<"), where)
    if fortran and len(shape) == 2:
        values = [v for i in range(shape[0]) for v in values[i :: shape[0]]]
    elif fortran and len(shape) > 2:
        raise BadFile(where + ": Fortran order with more than 2 axes")
    return Array(shape, values)


def read_npz(data, where):
    arrays = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                name, ending = entry.filename[:-4], entry.filename[-4:]
                if ending != ".npy" or name in arrays:
                    raise BadFile(
                        "%s: entry '%s', expected names that end in .npy, each once" % (where, entry.filename)
                    )
                if entry.flag_bits & 1 or entry.compress_type not in (0, 8):
                    raise BadFile("%s: entry '%s' is neither stored nor deflated" % (where, entry.filename))
                raw = archive.read(entry)
                if len(raw) != entry.file_size:
                    raise BadFile("%s: entry '%s' has not the size it says" % (where, entry.filename))
                arrays[name] = read_npy(raw, "%s: %s" % (where, name))
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, ValueError) as reason:
        raise BadFile("%s: no sound .npz file: %s" % (where, reason)) from None
    return arrays


def once(pairs):
    """A JSON object none of whose keys comes twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def read_safetensors(data, where):
    start = 8 + int.from_bytes(data[:8], "little")
    arrays, at = {}, 0
    try:
        if start > len(data):
            raise ValueError("the header is cut off")
        header = json.loads(data[8:start].decode("utf-8"), object_pairs_hook=once)
        notes = header.pop("__metadata__", {})
        if not all(isinstance(v, str) for v in notes.values()):
            raise ValueError("__metadata__ is not a map of strings")
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            code, shape, (first, last) = (entry[key] for key in ("dtype", "shape", "data_offsets"))
            sizes = shape + [first, last]
            if len(entry) != 3 or any(type(v) is not int or v < 0 for v in sizes) or first != at:
                raise ValueError("tensor %s has malformed entries, or leaves a gap" % name)
            if code not in TENSOR_CODES:
                raise ValueError("tensor %s has dtype %s" % (name, code))
            code, at = TENSOR_CODES[code], last
            if count_of(shape) * (2 if code == "bf16" else int(code[1:])) != last - first or start + last > len(data):
                raise ValueError("tensor %s has not the size of its shape" % name)
            arrays[name] = Array(shape, decoded(data[start + first : start + last], code, "<", where + ": " + name))
        if start + at != len(data):
            raise ValueError("bytes after the last tensor")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as reason:
        raise BadFile("%s: no sound .safetensors file: %s" % (where, reason)) from None
    return arrays


def read_arrays(name):
    """The arrays of an .npz or .safetensors file, told apart by content."""
    data = read_file(name)
    if data.startswith(ZIP):
        return read_npz(data, name)
    if data[:6] == b"\x93NUMPY":
        raise BadFile(name + ": one .npy array, expected .npz or .safetensors")
    if data[8:9] == b"{":
        return read_safetensors(data, name)
    raise BadFile(name + ": neither .npz nor .safetensors")


# ---------------------------------------------------------------- users' data
def read_samples(name, label):
    """(x: N by n, y), as in the file."""
    data = read_file(name)
    if not data.startswith(ZIP):
        return read_csv(data, name, label)
    if label is not None:
        raise BadFile(name + ": --label is for CSV, this is .npz")
    arrays = read_npz(data, name)
    if "x" not in arrays or "y" not in arrays:
        raise BadFile("%s: arrays %s, expected x and y" % (name, ", ".join(sorted(arrays))))
    x, y = arrays["x"], arrays["y"]
    if len(x.shape) != 2 or len(y.shape) not in (1, 2) or x.shape[0] != y.shape[0] or 0 in x.shape + y.shape:
        raise BadFile("%s: x has shape %s, y %s; expected (N, n) and (N) or (N, dy)" % (name, x.shape, y.shape))
    return x, y


def read_csv(data, name, label):
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    csv.field_size_limit((1 << 31) - 1)
    try:  # latin-1: one character a byte, so that words are in bytewise order
        lines = [row for row in csv.reader(io.StringIO(data.decode("latin-1"), newline=""), strict=True) if row]
    except csv.Error as reason:
        raise BadFile("%s: no sound CSV file: %s" % (name, reason)) from None
    if not lines:
        raise BadFile(name + ": no lines")
    width = len(lines[0])
    for k, row in enumerate(lines, 1):
        if len(row) != width:
            raise BadFile("%s: row %d has %d fields, the first %d" % (name, k, len(row), width))
    head = lines[0] if has_header(lines) else None
    rows = lines[1:] if head else lines
    at = label_column(name, label, head, width)
    y = [row.pop(at) for row in rows]
    for k, row in enumerate(rows, 1):
        bad = next((v for v in row if not is_decimal(v)), None)
        if bad is not None:
            raise BadFile("%s: sample %d has '%s', expected a number" % (name, k, bad[:40]))
    if not all(map(is_decimal, y)):
        classes = {word: k for k, word in enumerate(sorted(set(y)))}
        y = [classes[word] for word in y]
    return Array((len(rows), width - 1), (float(v) for row in rows for v in row)), Array((len(y),), map(float, y))


def is_decimal(field):
    return bool(DECIMAL.fullmatch(field)) and isfinite(float(field))


def has_header(lines):
    """Has the first line a field that is no number, not even an infinite one or NaN, above a number?"""
    words = [k for k, field in enumerate(lines[0]) if not DECIMAL.fullmatch(field) and not NO_FINITE.fullmatch(field)]
    return any(is_decimal(row[k]) for k in words for row in lines[1:])


def label_column(name, label, head, width):
    if width < 2:
        raise BadFile(name + ": one column, expected inputs and a label")
    if label is None:
        return width - 1
    if head and label in head:
        if head.count(label) > 1:
            raise BadFile("%s: more than one column '%s'" % (name, label))
        return head.index(label)
    if re.fullmatch("[1-9][0-9]{0,8}", label) and int(label) <= width:
        return int(label) - 1
    raise BadFile("%s: no column '%s', expected a name in its header or a number from 1 to %d" % (name, label, width))


def labels(name, y, loss, dy):
    """The targets as the loss takes them, N by dy."""
    count, values = y.shape[0], list(y.values)
    rows = [values[k : k + dy] for k in range(0, len(values), dy)] if y.shape[1:] == (dy,) else None
    if len(y.shape) == 2 and rows is None and y.shape[1] != 1:
        raise BadFile("%s: y has shape %s, expected (%d) or (%d, %d)" % (name, y.shape, count, count, dy))
    if rows is None and dy == 1 and loss != "cross-entropy":
        rows = [[v] for v in values]
    if loss == "logistic" and dy == 1 and all(row[0] in (0, 1) for row in rows):
        rows = [[2 * row[0] - 1] for row in rows]
    if rows is None:
        rest = -1.0 if loss == "logistic" else 0.0
        for k, v in enumerate(values, 1):
            if not (0 <= v < dy and v == int(v)):
                raise BadFile("%s: sample %d has the label %g, expected a class from 0 to %d" % (name, k, v, dy - 1))
        rows = [[1.0 if k == v else rest for k in range(dy)] for v in values]
    for k, row in enumerate(rows, 1):
        if loss == "logistic" and any(v not in (1, -1) for v in row):
            raise BadFile("%s: sample %d has the label %s, expected -1 or 1" % (name, k, row))
        if loss == "cross-entropy" and sorted(row) != [0] * (dy - 1) + [1]:
            raise BadFile("%s: sample %d has the label %s, expected one 1 and otherwise 0" % (name, k, row))
    return rows


# ---------------------------------------------------------------- users' networks
def names_of(model):
    """The names of a model's tensors, in the order of the digest."""
    inner = lambda letters, count: [letter + str(i) for i in range(1, count + 1) for letter in letters]
    return {
        "two-layer": ["W1", "b1", "W2", "b2"],
        "skip": ["W1", "b1", "V2"] + inner("Tc", LAYERS) + ["V1", "W2", "b2"],
        "linear-skip": inner("Tc", LAYERS) + ["V", "W", "b"],
        "mlp": inner("Wb", LAYERS + 1),
        "residual": ["W0", "b0"] + inner("UcVd", LAYERS // 2) + ["W", "b"],
    }[model]


class Map:
    """A map file: model, names {NAME: (tensor, layout or None)}, scale."""

    model, scale = None, None

    def __init__(self, name):
        self.names, self.where = {}, name
        for k, line in enumerate(read_file(name).decode("latin-1").split("\n") if name else (), 1):
            words = re.split(r"(?:^|[ \t\r])#", line)[0].split()
            if words[:1] == ["block"]:
                words = block_words(words)
            if words and not self.take(words):
                raise BadFile("%s: line %d: '%s' is no line of a map" % (name, k, line.strip()[:60]))
        for key in self.names:
            if self.model and key not in names_of(self.model):
                raise BadFile("%s: the model %s has no %s" % (name, self.model, key))

    def take(self, words):
        """Is this a good line?"""
        key, value = words[0], words[1] if len(words) > 1 else ""
        if key == "model":
            good = len(words) == 2 and value in MODELS and self.model is None
            self.model = value
        elif key == "input-scale":
            good = len(words) == 2 and is_decimal(value) and self.scale is None
            self.scale = float(value) if good else None
        else:
            good = any(key in names_of(model) for model in MODELS) and key not in self.names
            good = good and (len(words) == 2 or len(words) == 3 and words[2] in ("out,in", "in,out") and key[0] in BIAS)
            self.names[key] = value, (words + [None, None])[2]
        return good


def block_words(words):
    """block K: U ARRAY ..  as  UK ARRAY .."""
    if len(words) > 3 and re.fullmatch("[1-9][0-9]*:", words[1]) and words[2] in ("U", "c", "V", "d"):
        return [words[2] + words[1][:-1]] + words[3:]
    return ["block"]


INTO, OUT = ("in", "inp", "input", "embed", "stem"), ("out", "fc", "head", "readout", "output")


def usual_names(arrays, wanted):
    """{NAME: (tensor, layout)} without a map's names."""
    weights = [name[:-7] for name in arrays if name.endswith(".weight") and len(name) > 7]
    stems = wanted in (None, "two-layer", "mlp") and numbered(weights)
    stems = stems or wanted in (None, "residual") and blocked(weights)
    found = {}
    for name, stem in (stems or {}).items():
        found[name] = stem + ".weight", "out,in"
        if stem + ".bias" in arrays:
            found[BIAS[name[0]] + name[1:]] = stem + ".bias", "out,in"
    own = {"W1", "W", "U1"} & set(arrays)
    return found if stems else {name: (name, None) for name in arrays if own}


def numbered(weights):
    """PREFIX<number> of one prefix, in the order of the numbers: the layers of an mlp."""
    found = [re.fullmatch("(|.*[^0-9])([0-9]+)", stem, re.DOTALL) for stem in weights]
    if not all(found) or len({match[1] for match in found}) != 1:
        return None
    found.sort(key=lambda match: int(match[2]))
    return {"W%d" % k: match[0] for k, match in enumerate(found, 1)}


def blocked(weights):
    """PREFIX.<number>.NAME of one prefix, two NAMEs for each number, alike but for digits: blocks; beside them a
    read-out, or a read-in and a read-out that names tell apart."""
    blocks, outer, names = {}, [], {}
    for stem in weights:
        words = stem.split(".")
        k = next((k for k, word in enumerate(words[:-1]) if re.fullmatch("[0-9]+", word)), None)
        if k is None:
            outer.append(stem)
        else:
            blocks.setdefault(int(words[k]), []).append((words[:k], len(stem), stem))
    pairs = [sorted(blocks[k]) for k in sorted(blocks)]
    if {len(pair) for pair in pairs} != {2} or any(side[0] != pairs[0][0][0] for pair in pairs for side in pair):
        return None
    if any(len({re.sub("[0-9]", "", side[2]) for side in pair}) != 1 for pair in pairs):
        return None
    role = sum(sign * ((stem in OUT) - (stem in INTO)) for sign, stem in zip((1, -1), outer)) if len(outer) == 2 else 0
    if role:  # above 0: the first is the read-out
        names["W0"] = outer.pop(role > 0)
    if len(outer) != 1 or ("W0" not in names and outer[0] in INTO):
        return None
    for k, (first, second) in enumerate(pairs, 1):
        names["U%d" % k], names["V%d" % k] = first[2], second[2]
    return dict(names, W=outer[0])


class Source:
    """A network file: its tensors by NAME."""

    def __init__(self, where, users):
        self.where, self.arrays = where, read_arrays(where)
        self.all_out_in = self.arrays.pop("out_in", None) is not None
        names = users.names or usual_names(self.arrays, users.model)
        self.names = {key: v for key, v in names.items() if v[0] in self.arrays}
        unused = set(self.arrays) - {tensor for tensor, _ in self.names.values()}
        if unused:
            self.fail("array '%s' is unused: nothing names it", min(unused))
        if len({tensor for tensor, _ in self.names.values()}) < len(self.names):
            self.fail("an array has two names")

    def fail(self, message, *more):
        raise BadFile(self.where + ": " + message % more)

    def model(self, wanted):
        """The model, and that all names are its own."""
        deep = "mlp" if "W3" in self.names else "two-layer"
        first = "skip" if {"V1", "V2"} & set(self.names) else deep
        model = wanted or ("residual" if "U1" in self.names else first if "W1" in self.names else "linear-skip")
        if model == "mlp" and "W3" not in self.names:
            model = "two-layer"
        for name in self.names:
            if name not in names_of(model):
                self.fail("the model %s has no tensor %s", model, name)
        return model

    def matrix(self, name, out, inn):
        """Rows of `inn` numbers, as many as `out` (None: any)."""
        if name not in self.names:
            self.fail("there is no %s", name)
        tensor, layout = self.names[name]
        shape, values = self.arrays[tensor].shape, self.arrays[tensor].values
        if self.all_out_in and layout == "in,out":
            self.fail("the map says that %s is in,out, the array out_in that all are out,in", tensor)
        layout = "out,in" if self.all_out_in else layout
        fits = []
        if len(shape) == 2 and 0 not in shape:
            sides = {"out,in": shape, "in,out": shape[::-1]}
            fits = [k for k, (r, c) in sides.items() if c == inn and out in (None, r) and layout in (None, k)]
            fits = fits[:1] if inn == 1 and shape == (1, 1) else fits
        if len(fits) != 1:
            why = "write '%s %s out,in' or 'in,out' in a map" % (name, tensor)
            expected = why if fits else "%s by %d (out,in)" % (out or "any", inn)
            self.fail("array %s has shape %s, expected %s", tensor, shape, expected)
        if fits == ["in,out"]:
            return [tuple(values[i :: shape[1]]) for i in range(shape[1])]
        return [tuple(values[i * inn : (i + 1) * inn]) for i in range(shape[0])]

    def vector(self, name, size):
        """[] if there is none."""
        if name not in self.names:
            return []
        tensor = self.names[name][0]
        if self.arrays[tensor].shape not in ((size,), (size, 1), (1, size)):
            self.fail("array %s has shape %s, expected (%d)", tensor, self.arrays[tensor].shape, size)
        return [(v,) for v in self.arrays[tensor].values]


class Network:
    """model, n, m, dy, block (the widths that A and B must share), tensors {NAME: rows}, all in the order of the
    digest."""

    def __init__(self, where, users, n):
        source = Source(where, users)
        self.model, self.n, self.m, self.block, self.found = source.model(users.model), n, 0, [n], {}
        self.source, width = source, n
        if self.model in ("two-layer", "skip"):
            width = self.m = self.layer("W1", n)
        if self.model in ("skip", "linear-skip"):
            self.skipping(width)
        elif self.model != "two-layer":
            width = self.deep(n)
        self.dy = self.layer("W2" if self.m else "W" if self.model != "mlp" else "W%d" % len(self.block), width)
        self.tensors = {key: rows for key, rows in self.found.items() if rows}
        if len(self.tensors) != len(source.names):
            source.fail("tensors %s, there is a gap", ", ".join(sorted(source.names)))

    def layer(self, name, width, out=None):
        """Reads a matrix and its bias; how many numbers they give."""
        rows = self.found[name] = self.source.matrix(name, out, width)
        if self.model not in RELAYED or name[0] != "V":
            bias = BIAS[name[0]] + name[1:]
            self.found[bias] = self.source.vector(bias, len(rows))
        return len(rows)

    def skipping(self, width):
        """The block, from V2 to V1."""
        if self.m:
            self.block = [self.layer("V2", width)]
        for i in range(1, LAYERS + 1):
            if "T%d" % i not in self.source.names:
                break
            self.block.append(self.layer("T%d" % i, self.block[-1]))
        self.layer("V1" if self.m else "V", self.block[-1], width)

    def deep(self, width):
        """All but the read-out of an mlp or a residual network; what is read out."""
        if self.model == "mlp":
            while "W%d" % (len(self.block) + 1) in self.source.names:
                width = self.layer("W%d" % len(self.block), width)
                self.block.append(width)
            return width
        if "W0" in self.source.names:
            width = self.layer("W0", width)
            self.block += ["W0", width]
        for i in range(1, LAYERS // 2 + 1):
            if "U%d" % i not in self.source.names:
                break
            self.block.append(self.layer("U%d" % i, width))
            self.layer("V%d" % i, self.block[-1], width)
        return width

    def digest(self):
        hashed = hashlib.sha256(("network %s\n" % self.model).encode())
        for name, rows in self.tensors.items():
            hashed.update(("%s %d %d\n" % (name, len(rows), len(rows[0]))).encode())
            hashed.update(little_endian(v for row in rows for v in row))
        return hashed.hexdigest()

    def padded(self, width):
        """The tensors with `width` units, the new ones dead."""
        more = width - self.m if self.m else 0
        t = {}
        for name, rows in self.tensors.items():
            if name in ("W1", "b1", "V1"):
                rows = rows + [(0.0,) * len(rows[0])] * more
            t[name] = [row + (0.0,) * more for row in rows] if name in ("V2", "W2") else rows
        return t


def little_endian(values):
    values = array("d", values)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def data_digest(x, y, dy):
    hashed = hashlib.sha256(b"data %d %d %d\n" % (x.shape + (dy,)))
    hashed.update(little_endian(x.values))
    hashed.update(little_endian(v for row in y for v in row))
    return hashed.hexdigest()


# ---------------------------------------------------------------- version 2: the file
class State:
    """A point of the path.  rows: of the slots, n numbers and the bias (None: linear-skip);
    columns: of the slots, dy numbers; bias: b2; block {V2, T1 .., V1: rows, the bias last}, None: off."""

    def __init__(self, rows, columns, bias, block):
        self.rows, self.columns, self.bias, self.block = rows, columns, tuple(bias), block

    def but(self, **changes):
        return State(**dict(vars(self), **changes))

    def layers(self):
        """The matrices, biases as the last number of each row."""
        found = dict(self.block or {})
        if self.rows:
            found["W1"] = self.rows
        found["W2"] = [row + (b,) for row, b in zip(zip(*self.columns), self.bias)]
        return found


class Deep(State):
    """A point of an mlp or a residual network: its layers are the block, and all there is."""

    def __init__(self, block):
        super().__init__(None, (), (), block)

    def layers(self):
        return self.block


def layer_of(model, name):
    """The layer that a tensor is in, by its matrix."""
    back = {"b": "W", "d": "V", "c": "U" if model == "residual" else "T"}
    name = back.get(name[0], name[0]) + name[1:]
    return {"V": "V1", "W": "W2"}.get(name, name) if model == "linear-skip" else name


def state_of(model, t):
    """The state with these tensors {NAME: rows}."""
    layers = {}
    for name in names_of(model):
        if name in t and name[0] in BIAS:
            bias = t.get(BIAS[name[0]] + name[1:]) or [(0.0,)] * len(t[name])
            layers[layer_of(model, name)] = [row + b for row, b in zip(t[name], bias)]
    if model not in RELAYED:
        return Deep(layers)
    out, rows = list(zip(*layers.pop("W2"))), layers.pop("W1", None)
    return State(rows, out[:-1], out[-1], layers or None)


def tensors(c, state):
    """{NAME: rows}: what state_of makes the state of."""
    layers, found = state.layers(), {}
    for name in c.target:
        rows = layers[layer_of(c.model, name)]
        found[name] = [row[:-1] if name[0] in BIAS else row[-1:] for row in rows]
    return found


class Claim:
    """What a file of version 2 says; the user's networks as States A and B; samples x, y over 2^ex."""

    spent = 0  # products for pieces

    def chunks(self, size=64):
        return (slice(k, k + size) for k in range(0, self.N, size))

    def steps(self):
        """What a network does, in order; "keep" and "sum": what skips a block."""
        if self.model not in RELAYED:
            steps = []
            for name in self.A.layers():
                steps += ["keep"] * (name[0] == "U") + [name] + ["sum"] * (name[0] == "V")
                steps += ["relu"] * (name[0] == "U" or self.model == "mlp")
            return steps[:-1] if self.model == "mlp" else steps
        deep = [step for name in self.A.block or () if name[0] == "T" for step in (name, "relu")]
        first, into = (["W1", "relu"], ["V2"]) if self.A.rows else ([], [])
        return first + (["keep"] + into + deep + ["V1", "sum"] if self.A.block else []) + ["W2"]


def digest_word(rd, word):
    if not re.fullmatch("[0-9a-f]{64}", word):
        rd.fail("'%s' is not a SHA-256 of 64 digits 0-9a-f" % word[:70])
    return word


def chosen(rd, word, choice):
    if word not in choice:
        rd.fail("found '%s', expected one of: %s" % (word[:40], ", ".join(choice)))
    return word


def read_header2(rd, size):
    """size: bytes of the file"""
    c = Claim()
    rd.take("skipverify certificate 2")
    c.model = chosen(rd, rd.take("model NAME")[0], MODELS)
    c.loss = chosen(rd, rd.take("loss NAME")[0], LOSSES)
    got = rd.take("penalty NAME ...")
    c.penalty, c.kappa = chosen(rd, got[0] if got else "", ("none", "decay", "wang")), Fraction(0)
    if len(got) != 1 + (c.penalty != "none"):
        rd.wrong("'penalty none', 'penalty decay NUMBER' or 'penalty wang NUMBER'")
    if c.penalty != "none":
        c.kappa = rd.fraction(got[1])
    if c.kappa < 0:
        rd.wrong("kappa >= 0")
    if c.penalty == "wang" and c.model not in ("two-layer", "skip"):
        rd.fail("penalty wang is not for " + c.model)
    c.data, *sizes = rd.take("data SHA256 N n dy")
    digest_word(rd, c.data)
    c.N, c.n, c.dy = (rd.integer(token, 1, most) for token, most in zip(sizes, (10**9, 999999, 999999)))
    c.m, c.digests = {}, {}
    for word, end in (("from", "A"), ("to", "B")):
        c.digests[end], m = rd.take(word + " SHA256 m")
        digest_word(rd, c.digests[end])
        slots = c.model in ("two-layer", "skip")
        c.m[end] = rd.integer(m, 1 if slots else 0)
        if c.m[end] and not slots:
            rd.wrong("m = 0, as %s has no slots for hidden units" % c.model)
    c.width = rd.integer(rd.take("width M")[0], 0)
    c.least = max(c.m.values()) or c.n * (c.model == "linear-skip")
    most = c.least + size // 8 * slots
    if not c.least <= c.width <= most:
        rd.wrong("'width %d'%s" % (c.least, " or up to %d" % most if most > c.least else ""))
    return c


def agree(c, given):
    """The user's --loss, --penalty and --kappa against the file's."""
    kappa = None if given["kappa"] is None else Fraction(float(given["kappa"]))
    for word, wanted, found in (
        ("loss", given["loss"], c.loss),
        ("penalty", given["penalty"], c.penalty),
        ("kappa", kappa, c.kappa),
    ):
        if wanted not in (None, found):
            raise Reject("--%s is %s, the file says %s" % (word, wanted, found))


def load(c, given):
    """Reads the user's files; they must be those of the certificate."""
    users = Map(given["model"])
    x, y = read_samples(given["data"], given["label"])
    if users.scale is not None:
        x = Array(x.shape, (v * users.scale for v in x.values))
        if not all(map(isfinite, x.values)):
            raise BadFile(users.where + ": input-scale makes an input infinite")
    nets = {end: Network(given[word], users, x.shape[1]) for end, word in (("A", "from"), ("B", "to"))}
    for end, net in nets.items():
        if net.model != c.model:
            raise Reject("line 2: the model is %s, network %s is a %s" % (c.model, end, net.model))
        if net.dy != c.dy:
            raise Reject("line 5: dy is %d, network %s has %d outputs" % (c.dy, end, net.dy))
    y = labels(given["data"], y, c.loss, c.dy)
    found = [(5, "--data", x.shape, (c.N, c.n), data_digest(x, y, c.dy), c.data)]
    for at, end, word in ((6, "A", "from"), (7, "B", "to")):
        found.append((at, "--" + word, nets[end].m, c.m[end], nets[end].digest(), c.digests[end]))
    for at, what, size, said, digest, claimed in found:
        if size != said or digest != claimed:
            raise Reject(
                "line %d: %s: found size %s and sha256 %s, expected %s and %s" % (at, what, size, digest, said, claimed)
            )
    if nets["A"].block != nets["B"].block:
        raise Reject(
            "the blocks of A and B have sizes %s and %s, expected the same" % (nets["A"].block, nets["B"].block)
        )
    settle(c, nets, x, y)


def settle(c, nets, x, y):
    """The ends as States; inputs and targets as integers over 2^ex."""
    afford(10 * c.width * (c.n + c.dy))
    t = {end: nets[end].padded(c.width) for end in "AB"}
    c.A, c.B = (state_of(c.model, t[end]) for end in "AB")
    either = dict(t["A"], **t["B"])
    c.target = {name: either[name] for name in names_of(c.model) if name in either}  # a full point has these
    c.last = list(c.A.layers())[-1]
    c.has_bias = any(name in net.tensors for net in nets.values() for name in ("b2", "b"))
    afford(c.N * (c.n + c.dy))
    rows = [x.values[k : k + c.n] for k in range(0, len(x.values), c.n)]
    (c.x, c.y), c.ex = whole(rows, y)


def afford(products):
    if products > MAX_PRODUCTS:
        raise TooLarge("%.1e products, at most %.0e are done here" % (products, MAX_PRODUCTS))


def whole(*matrices):
    """(the matrices of doubles as integers over 2^shift, shift)"""
    ratios = {v: v.as_integer_ratio() for matrix in matrices for row in matrix for v in row}
    shift = max((d.bit_length() - 1 for _, d in ratios.values()), default=0)
    value = {v: n << (shift + 1 - d.bit_length()) for v, (n, d) in ratios.items()}
    return [[[value[v] for v in row] for row in matrix] for matrix in matrices], shift


# ---------------------------------------------------------------- version 2: reading the legs
class Leg:
    """kind, the line `at` which it stands, the States before and after; of a line or curve its straight segments
    (before, after, cuts); balanced: is `after`?"""

    def __init__(self, kind, at, before):
        self.kind, self.at, self.before, self.after, self.segments = kind, at, before, before, []


class Path:
    """The path as far as it is read."""

    def __init__(self, c, shard):
        self.c, self.state, self.legs, self.balanced, self.off = c, c.A, [], False, False
        (self.part, self.parts), self.pieces = shard, 0


RELAY = ("interpolate", "rewire", "transfer")
SCALES = ("balance", "unbalance")
BLOCKS = ("fade", "grow")
FULL = ("line", "readout", "idle", "curve")  # from a point with all its numbers


def read_path(rd, c, shard):
    p = Path(c, shard)
    while rd.ahead() == "leg":
        got = rd.take("leg TYPE ...")
        kind = chosen(rd, got[0] if got else "", LEGS)
        rule, counted = LEGS[kind]
        if len(got) != 1 + counted:
            rd.wrong("'leg %s%s'" % (kind, ("", " K", " D K")[counted]))
        in_order(rd, p, kind)
        leg = Leg(kind, rd.at, p.state)
        rule(rd, p, leg, *(rd.integer(token, 0) for token in got[1:]))
        leg.after, leg.balanced = p.state, p.balanced
        p.legs.append(leg)
    if rd.ahead() != "bound":
        rd.next("'leg TYPE' or 'bound'")
        rd.wrong("'leg TYPE' or 'bound'")
    if p.balanced:
        raise Reject("line %d: the last state is balanced, expected a leg unbalance" % (rd.at + 1))
    difference = differs(p.state, c.B)
    if difference:
        raise Reject("line %d: the last state is not B: its %s is another" % (rd.at + 1, difference))
    return p


def in_order(rd, p, kind):
    """May this leg stand here?"""
    c, before = p.c, p.legs[-1].kind if p.legs else None
    for wrong, why in (
        (before in ("unbalance", "grow"), "leg %s before it must be the last" % before),
        (kind in ("balance", "fade") and before, "it must be the first leg"),
        (kind in SCALES and (c.model != "two-layer" or c.penalty != "decay"), "only for two-layer with decay"),
        (kind in BLOCKS and ("skip" not in c.model or c.penalty != "none"), "only with a block, without penalty"),
        (kind == "unbalance" and not p.balanced, "no leg balance before it"),
        (kind in RELAY and c.penalty == "decay" and not p.balanced, "under decay it needs a leg balance before it"),
        (kind in ("rewire", "transfer") and c.model == "linear-skip", "the rows of linear-skip do not move"),
        (kind in RELAY + ("grow",) and "skip" in c.model and not p.off, "the block is on, no leg fade before it"),
        (kind in RELAY and c.model not in RELAYED, "not for " + c.model),
        (kind in FULL and p.balanced, "it cannot start from a balanced state"),
        (kind in FULL and p.off, "it cannot start where the block is off"),
        (kind == "idle" and c.penalty == "wang", "not with the penalty wang"),
    ):
        if wrong:
            rd.fail("leg %s: %s" % (kind, why))


def differs(state, other):
    """What differs, None if nothing does.  Where V1 is 0 and the block off, the rest of it may be anything."""
    for name in ("row", "column"):
        sides = (getattr(side, name + "s") or () for side in (state, other))
        for k, (v, w) in enumerate(zip(*sides), 1):
            if v != w:
                return "%s of slot %d" % (name, k)
    if state.bias != other.bias:
        return "output bias"
    if isinstance(state, Deep):
        return next(("layer " + name for name in state.block if state.block[name] != other.block[name]), None)
    on = (other.block or {}) if state.block is None else {}
    if on and not is_zero(on["V1"]):
        return "block (it is off)"
    if state.block is not None and state.block != other.block:
        return "block"
    return None


def slot(rd, p, token, seen):
    if not re.fullmatch("[1-9][0-9]{0,5}", token) or int(token) > p.c.width:
        rd.fail("slot '%s', expected an integer from 1 to %d" % (token[:40], p.c.width))
    if int(token) in seen:
        rd.fail("slot %s comes twice in this leg" % token)
    seen.add(int(token))
    return int(token) - 1


def unit(rd, p, end, token):
    """(A or B, the index of its unit J)"""
    most = p.c.m[end] or p.c.n
    if not re.fullmatch("[1-9][0-9]{0,5}", token) or int(token) > most:
        rd.fail("unit '%s' of %s, expected an integer from 1 to %d" % (token[:40], end, most))
    return getattr(p.c, end), int(token) - 1


def doubles(rd, tokens):
    return tuple(ldexp(*rd.number(token)) for token in tokens)


def read_outputs(rd, p, count):
    """The lines "column" and "bias": the new columns and output bias."""
    columns, bias, seen, biased = list(p.state.columns), p.state.bias, set(), False
    form = "'column S' and %d numbers, 0, A J or B J; or 'bias' and %d numbers, A or B" % (p.c.dy, p.c.dy)
    for _ in range(count):
        word, *got = rd.next(form)
        if word == "column" and len(got) > 1:
            s, rest = slot(rd, p, got[0], seen), got[1:]
            if rest == ["0"]:
                columns[s] = (0.0,) * p.c.dy
            elif len(rest) == 2 and rest[0] in ("A", "B"):
                end, j = unit(rd, p, *rest)
                columns[s] = end.columns[j]
            elif len(rest) == p.c.dy:
                columns[s] = doubles(rd, rest)
            else:
                rd.wrong(form)
        elif word == "bias" and got in (["A"], ["B"]) and not biased:
            bias, biased = getattr(p.c, got[0]).bias, True
        elif word == "bias" and len(got) == p.c.dy and not biased:
            bias, biased = doubles(rd, got), True
        else:
            rd.wrong(form + (", once" if word == "bias" else ""))
        if biased and not p.c.has_bias:
            rd.fail("neither network has an output bias")
    return columns, bias


def leg_interpolate(rd, p, leg, count):
    columns, bias = read_outputs(rd, p, count)
    p.state = p.state.but(columns=columns, bias=bias)


def leg_rewire(rd, p, leg, count):
    rows, seen = list(p.state.rows), set()
    form = "'row S A J', 'row S B J' or 'row S 0'"
    for _ in range(count):
        word, *got = rd.next(form)
        rest = got[1:]
        if word != "row" or rest != ["0"] and (len(rest) != 2 or rest[0] not in ("A", "B")):
            rd.wrong(form)
        s = slot(rd, p, got[0], seen)
        if any(p.state.columns[s]):
            rd.fail("slot %d: its column is not 0, so its row cannot change" % (s + 1))
        if rest == ["0"]:
            rows[s] = (0.0,) * (p.c.n + 1)
        else:
            end, j = unit(rd, p, *rest)
            rows[s] = end.rows[j]
    p.state = p.state.but(rows=rows)


def leg_transfer(rd, p, leg, count):
    columns, seen, rows = list(p.state.columns), set(), p.state.rows
    for _ in range(count):
        a, b = (slot(rd, p, token, seen) for token in rd.take("move P Q"))
        if rows[a] != rows[b]:
            rd.fail("the rows of slots %d and %d differ" % (a + 1, b + 1))
        if any(columns[b]):
            rd.fail("slot %d: its column is not 0" % (b + 1))
        columns[a], columns[b] = columns[b], columns[a]
    p.state = p.state.but(columns=columns)


def leg_balance(rd, p, leg):
    p.balanced = True


def leg_unbalance(rd, p, leg):
    difference = differs(p.state, p.c.B)
    if difference:
        rd.fail("leg unbalance: the state is not B's: its %s is another" % difference)
    p.balanced = False


def leg_fade(rd, p, leg, count):
    columns, bias = read_outputs(rd, p, count)
    full_rank(rd, p, p.state.columns, columns)
    p.state, p.off = p.state.but(columns=columns, bias=bias, block=None), True


def leg_grow(rd, p, leg):
    if p.state.rows != p.c.B.rows:
        rd.fail("leg grow: the rows are not B's")
    full_rank(rd, p, p.c.B.columns, p.state.columns)
    p.state, p.off = p.c.B, False


def full_rank(rd, p, end, off):
    """Has W2, or N where W2 has dependent rows at the end (of the path), full row rank all the way from
    the columns `end` to the columns `off`?"""
    dy, width, name = p.c.dy, p.c.width, "W2"
    afford(2 * dy**2 * (width + dy**2) * 50)
    (first, last), _ = whole(end, off)
    W0, W1 = list(zip(*first)), list(zip(*last))
    null = left_null(W0)
    if null:
        name, moved = "N", dict(zip(null, product(null.values(), W1)))
        W0, W1 = ([moved.get(j, row) for j, row in enumerate(W)] for W in (W0, W1))
    if dy > width or not positive_on_unit_interval(gram_determinant(W0, W1)):
        rd.fail("%s loses row rank on the leg: det(%s %s^T) has a zero in [0, 1]" % ((name,) * 3))


def left_null(W):
    """{j: q}: row j of W is a combination of the rows before it; q W = 0, q_j is not 0, but q is at the other
    such j; integers."""
    basis, null = [], {}
    for j, row in enumerate(W):
        v, q = list(map(Fraction, row)), [Fraction(i == j) for i in range(len(W))]
        for k, w, r in basis:
            if v[k]:
                factor = v[k] / w[k]
                v, q = ([a - factor * b for a, b in zip(*pair)] for pair in ((v, w), (q, r)))
        k = next((k for k, a in enumerate(v) if a), None)
        if k is None:
            common = reduce(lambda d, a: d * a.denominator // gcd(d, a.denominator), q, 1)
            null[j] = [int(a * common) for a in q]
        else:
            basis.append((k, v, q))
    return null


def read_target(rd, p):
    """to B, or to point and the tensors that change: the new state."""
    (word,) = rd.take("to B|point")
    if chosen(rd, word, ("B", "point")) == "B":
        return p.c.B
    t = tensors(p.c, p.state)
    for name in p.c.target:
        if rd.ahead() == name:
            read_tensor(rd, p.c, name, t)
    return state_of(p.c.model, t)


def read_tensor(rd, c, name, t):
    """Its first line, and its rows into t."""
    count, size = len(c.target[name]), len(c.target[name][0])
    if rd.next(name) != [name, str(count), str(size)]:
        rd.wrong("'%s %d %d'" % (name, count, size))
    t[name] = []
    for _ in range(count):
        got = rd.next("a row of " + name)
        if len(got) != size:
            rd.wrong("%d numbers" % size)
        t[name].append(doubles(rd, got))


def read_cuts(rd, count):
    """They, with 0 and 1."""
    cuts = [Fraction(0)]
    for _ in range(count):
        (word,) = rd.take("cut NUMBER")
        cut = rd.fraction(word)
        if not cuts[-1] < cut < 1:
            rd.fail("cut %s, expected one after the last and in (0, 1)" % word)
        if cut.denominator > 1 << 53:
            rd.fail("cut %s, expected a multiple of 2^-53" % word)
        cuts.append(cut)
    return cuts + [Fraction(1)]


def leg_line(rd, p, leg, count):
    p.state = read_target(rd, p)
    leg.segments = [(leg.before, p.state, read_cuts(rd, count))]


def leg_readout(rd, p, leg):
    p.state, at = read_target(rd, p), leg.at
    before, after = leg.before.layers(), p.state.layers()
    for name in before:
        if name != p.c.last and before[name] != after[name]:
            raise Reject("line %d: leg readout: the layer %s changes, expected only %s to" % (at, name, p.c.last))


def leg_idle(rd, p, leg):
    """Backwards through the network: which numbers are read; of rows that are, none may change."""
    p.state = read_target(rd, p)
    before, after = leg.before.layers(), p.state.layers()
    used = [True] * p.c.dy
    for step in reversed(p.c.steps()):
        if step == "sum":
            passed = used
        elif step == "keep":
            used = [a or b for a, b in zip(used, passed)]
        elif step != "relu":
            pairs = [(v, w) for v, w, a in zip(before[step], after[step], used) if a]
            for k, (v, w, a) in enumerate(zip(before[step], after[step], used), 1):
                if a and v != w:
                    raise Reject("line %d: leg idle: row %d of the layer %s changes and is read" % (leg.at, k, step))
            used = [any(v[i] or w[i] for v, w in pairs) for i in range(len(before[step][0]) - 1)]


def leg_curve(rd, p, leg, degree, count):
    if not 2 <= degree <= 4:
        rd.fail("a curve of degree %d, expected 2 to 4" % degree)
    if not 1 <= count <= 256 or count & (count - 1):
        rd.fail("a curve of %d segments, expected a power of two up to 256" % count)
    p.state, points = read_target(rd, p), [tensors(p.c, leg.before)]
    for _ in range(degree - 1):
        rd.take("control")
        t = {}
        for name in p.c.target:
            at = rd.at
            read_tensor(rd, p.c, name, t)
            bad = next((v for row in t[name] for v in row if not is_single(v)), None)
            if bad is not None:
                raise Reject("line %d: %s of a control has %s, expected float32 numbers" % (at + 1, name, bad.hex()))
        points.append(t)
    points.append(tensors(p.c, p.state))
    states = [leg.before] + [joint(rd, p.c, points, i, count) for i in range(1, count)] + [p.state]
    for pair in zip(states, states[1:]):
        (cuts,) = rd.take("cuts N")
        leg.segments.append(pair + (read_cuts(rd, rd.integer(cuts, 0)),))


SINGLE = 2.0**128 - 2.0**103  # from here on doubles round to no finite float32


def is_single(v):
    return abs(v) < SINGLE and struct.unpack("<f", struct.pack("<f", v))[0] == v


def joint(rd, c, points, i, count):
    """Joint i of a curve: sums of products in doubles, each rounded, and then to the nearest float32."""
    degree, t = len(points) - 1, {}
    weights = [comb(degree, j) * i**j * (count - i) ** (degree - j) / count**degree for j in range(degree + 1)]
    for name in c.target:
        t[name] = []
        for rows in zip(*(point[name] for point in points)):
            row = []
            for numbers in zip(*rows):
                total = weights[0] * numbers[0]
                for w, v in zip(weights[1:], numbers[1:]):
                    total += w * v
                if not abs(total) < SINGLE:
                    rd.fail("joint %d of the curve has a number beyond float32: %s" % (i, total.hex()))
                row.append(struct.unpack("<f", struct.pack("<f", total))[0])
            t[name].append(tuple(row))
    return state_of(c.model, t)


LEGS = {
    "interpolate": (leg_interpolate, 1),
    "rewire": (leg_rewire, 1),
    "transfer": (leg_transfer, 1),
    "balance": (leg_balance, 0),
    "unbalance": (leg_unbalance, 0),
    "fade": (leg_fade, 1),
    "grow": (leg_grow, 0),
    "line": (leg_line, 1),
    "readout": (leg_readout, 0),
    "idle": (leg_idle, 0),
    "curve": (leg_curve, 2),
}
CONSTANT = ("rewire", "transfer") + SCALES  # or F falls from A, rises to B


# ---------------------------------------------------------------- version 2: F at a state
def integers(state):
    """({name: integer rows}, {name: shift}) of the layers."""
    found = {name: whole(rows) for name, rows in state.layers().items()}
    return {name: rows[0] for name, (rows, _) in found.items()}, {name: shift for name, (_, shift) in found.items()}


def exponents(c, shift):
    """The vector before step k, and the outputs last, are integers over 2^e[k]."""
    e = [c.ex]
    for step in c.steps():
        e.append(e[-1] + shift.get(step, 0))
    return e


def trace(steps, layers, e, x):
    """The vectors before each step, and the outputs last."""
    out, v = [x], x
    for k, step in enumerate(steps):
        if step == "keep":
            kept, low = v, e[k]
        elif step == "relu":
            v = [a if a > 0 else 0 for a in v]
        elif step == "sum":
            v = [a + (b << (e[k] - low)) for a, b in zip(v, kept)]
        else:  # dot leaves out the bias, which has no partner in v
            v = [dot(row, v) + (row[-1] << e[k]) for row in layers[step]]
        out.append(v)
    return out


class Whole:
    """The outputs of a state with its block."""

    def __init__(self, c, state):
        self.layers, shift = integers(state)
        self.steps, self.path = c.steps(), exponents(c, shift)
        self.e = self.path[-1]
        self.cost = sum(len(rows) * len(rows[0]) for rows in self.layers.values())

    def outputs(self, x, h, eh):
        return trace(self.steps, self.layers, self.path, x)[-1]


class Readout:
    """The outputs of a state without block; `units` numbers all rows in use."""

    def __init__(self, c, state, units):
        slots = [s for s, column in enumerate(state.columns) if any(column)]
        self.picks = [units.setdefault(state.rows[s], len(units)) for s in slots] if state.rows else slots
        rows = list(zip(*([state.columns[s] for s in slots] + [state.bias])))
        (self.rows,), self.shift = whole(rows)
        self.cost = len(rows) * len(rows[0])

    def outputs(self, x, h, eh):
        v = [h[i] for i in self.picks]
        return [dot(row, v) + (row[-1] << eh) for row in self.rows]


def mean_losses(c, states):
    """Enclosures of the mean loss at these states, in one pass over the samples."""
    units = {}
    views = [Whole(c, state) if state.block else Readout(c, state, units) for state in states]
    if c.A.rows is None:
        units = {}
    (rows,), shift = whole(list(units))
    afford(c.N * (len(units) * (c.n + 1) + sum(view.cost for view in views) + loss_cost(c, len(views))))
    eh = c.ex + shift
    totals = [(0, 0)] * len(views)
    for part in c.chunks():
        Z = [[] for _ in views]
        for x in c.x[part]:
            h = [max(0, dot(row, x) + (row[-1] << c.ex)) for row in rows] if c.A.rows else x
            for view, z in zip(views, Z):
                z.append(view.outputs(x, h, eh))
        for k, view in enumerate(views):
            e = view.e if isinstance(view, Whole) else eh + view.shift
            Y = [[v << (e - c.ex) for v in y] for y in c.y[part]]
            totals[k] = add(totals[k], loss_sum(c.loss, Z[k], Y, 1 << e, CLOSE))
    return [times(Fraction(1, c.N), total) for total in totals]


def loss_cost(c, count):
    """Products that the losses of one sample are worth."""
    return count * c.dy * (1 if c.loss in ("squared", "huber") else 200)


def penalty_at(c, layers, shift):
    """Enclosure of the penalty at a point that is not balanced, with its factor kappa."""
    if c.penalty == "none":
        return Fraction(0), Fraction(0)
    if c.penalty == "decay":
        squares = (Fraction(square(rows), 1 << 2 * shift[name]) for name, rows in layers.items())
        value = c.kappa / 2 * sum(squares)
        return value, value
    p, q = strengths(layers, shift)
    rest = Fraction(absolute(block_product(layers)), 1 << (shift["W2"] + shift["V1"])) if "V1" in layers else 0
    norms = [length(square(rows), shift[name]) for name, rows in layers.items() if name[0] == "T"]
    terms = [times(v, w) for v, w in zip(p, q)]
    return times(c.kappa, add((rest, rest), *terms, *norms))


def square(rows):
    return sum(dot(row, row) for row in rows)


def length(n, shift):
    """Enclosure of sqrt(n) / 2^shift."""
    return tuple(Fraction(v, 1 << (shift + BITS + 40)) for v in root(n))


def strengths(layers, shift):
    """Of each unit |w2|_1 + |v2|_1 and an enclosure of |(w1, b1)|_2."""
    p = [Fraction(v, 1 << shift["W2"]) for v in columns_1(layers["W2"])[:-1]]
    if "V2" in layers:
        p = [v + Fraction(w, 1 << shift["V2"]) for v, w in zip(p, columns_1(layers["V2"]))]
    return p, [length(dot(row, row), shift["W1"]) for row in layers["W1"]]


def block_product(layers):
    """W2 V1, without the biases."""
    return product([row[:-1] for row in layers["W2"]], [row[:-1] for row in layers["V1"]])


def balanced_penalty(c, state):
    """kappa (sum |c_s| |r_s| + |b2|^2 / 2): weight decay where each unit is balanced."""
    (columns, bias), shift = whole(state.columns, [state.bias])
    (rows,), more = whole(state.rows)
    units = [length(dot(v, v) * dot(r, r), shift + more) for v, r in zip(columns, rows)]
    rest = Fraction(square(bias), 2 << 2 * shift)
    return times(c.kappa, add((rest, rest), *units))


# ---------------------------------------------------------------- version 2: a line, piece by piece
class Wide(Exception):
    """A tube is too wide for what it is made with."""


class Large(Exception):
    """A number is larger than its scale allows for."""


class Lanes:
    """Many integers of one size, a sample each, packed into one: their sums times 2^(width k). So one multiplication
    by Python does many. Each is within 2^(width - 1)."""

    def __init__(self, count, width):
        self.count, self.width = count, width
        self.ones = ((1 << count * width) - 1) // ((1 << width) - 1)
        self.half = self.ones << (width - 1)
        self.size = count * width // 8

    def low(self, bits):
        """The lowest bits of each lane."""
        return (self.ones << bits) - self.ones

    def floor(self, x, r):
        """Each over 2^r, rounded down (r < 0: times a power of two)."""
        if r <= 0:
            return x << -r
        r = min(r, self.width - 1)
        return ((x + self.half) >> r & self.low(self.width - r)) - (self.half >> r)

    def ceil(self, x, r):
        return -self.floor(-x, r) if r > 0 else x << -r

    def natural(self, x):
        """1 for each that is not negative, else 0."""
        return (x + self.half) >> (self.width - 1) & self.ones

    def only(self, x, flags):
        """Of those, none negative, which have the flag 1; 0 for the others."""
        return x & ((flags << self.width) - flags)

    def relu(self, x):
        y = x + self.half
        flags = y >> (self.width - 1) & self.ones
        return y & ((flags << (self.width - 1)) - flags)

    def larger(self, x, y):
        return y + self.relu(x - y)

    def bits(self, xs):
        """Of numbers that are not negative, of how many bits the largest is."""
        x, count = reduce(or_, xs, 0), self.count
        while count > 1:
            count = (count + 1) // 2
            x = (x >> count * self.width) | (x & (1 << count * self.width) - 1)
        return x.bit_length()

    def size_of(self, xs):
        """The same for numbers of both signs, or one more."""
        return self.bits([self.relu(x) | self.relu(-x) for x in xs])

    def raw(self, x):
        return ((x + self.half) ^ self.half).to_bytes(self.size, "little")

    def taken(self, raw):
        """From bytes, as raw gives."""
        return (int.from_bytes(raw, "little") ^ self.half) - self.half

    def pack(self, values):
        return self.taken(b"".join(v.to_bytes(self.width // 8, "little", signed=True) for v in values))

    def unpack(self, x):
        raw, n = self.raw(x), self.width // 8
        if self.width == 64:
            return struct.unpack("<%dq" % self.count, raw)
        return [int.from_bytes(raw[k : k + n], "little", signed=True) for k in range(0, self.size, n)]


class Chunk:
    """Some samples, of cross-entropy all of one class (group; else None): x packed, y as integers over 2^ex; tubes in
    lanes of so many bits, all else in twice as wide ones."""

    def __init__(self, bits, x, y, group):
        self.x, self.y, self.group = x, y, group
        self.wide, self.slim, self.both = Lanes(len(x), 2 * bits), Lanes(len(x), bits), Lanes(2 * len(x), bits)

    def slimmer(self, x):
        """The same numbers, small enough, in the slim lanes."""
        raw, n = self.wide.raw(x), self.slim.width // 8
        if n == 8:
            return self.slim.taken(array("Q", raw)[::2].tobytes())
        return self.slim.taken(b"".join(raw[k : k + n] for k in range(0, len(raw), 2 * n)))


def chunks_of(c, bits):
    groups = {}
    for x, y in zip(c.x, c.y):
        group = y.index(max(y)) if c.loss == "cross-entropy" else None
        groups.setdefault(group, []).append((x, y))
    for group, samples in groups.items():
        count = -(-len(samples) // LANES)
        size = -(-len(samples) // count)
        for k in range(0, len(samples), size):
            yield Chunk(bits, *zip(*samples[k : k + size]), group)


class Band:
    """An affine layer on a piece, its numbers rounded to so many bits.  moves: its entries' changes over 2^fewer,
    rounded down (None: all are 0); sums: of rows, of absolute changes.  plain, mixed: how a tube goes into each row,
    see spread; entries over 2^cut, rounded up; bits: of what the entries of a row may sum up to."""

    def __init__(self, rows0, rows1, bits):
        pairs = [list(zip(*rows))[:-1] for rows in zip(rows0, rows1)]
        moves = [[w - v for v, w in row] for row in pairs]
        largest = max((max(map(abs, row)) for row in moves), default=0)
        self.fewer = max(0, largest.bit_length() - bits)
        self.moves = [[v >> self.fewer for v in row] for row in moves] if largest else None
        self.sums = [sum(map(abs, row)) for row in self.moves or ()]
        largest = max((max(abs(v), abs(w)) for row in pairs for v, w in row), default=0)
        self.cut = max(0, largest.bit_length() - bits)
        self.plain, self.mixed, most = [], [], 0
        for row in pairs:
            high = [-(-max(0, v, w) >> self.cut) for v, w in row]
            low = [-(-max(0, -v, -w) >> self.cut) for v, w in row]
            self.mixed.append([(i, *sides) for i, sides in enumerate(zip(high, low)) if all(sides)])
            plain = [i for i, sides in enumerate(zip(high, low)) if any(sides) and not all(sides)]
            taken = [i if high[i] else i + len(row) for i in plain]
            self.plain.append(([high[i] or low[i] for i in plain], taken))
            most = max(most, sum(map(max, high, low)))
        self.bits = most.bit_length()


class Tube:
    """What is around a chord, e in [-down, up], over 2^f, in slim lanes; or nothing (no lists)."""

    def __init__(self, up=(), down=(), f=0):
        self.up, self.down, self.f = up, down, f

    def within(self, lanes, f):
        """Over 2^f, f not larger."""
        if not self.up:
            return Tube((), (), f)
        sides = [[lanes.ceil(v, self.f - f) for v in side] for side in (self.up, self.down)]
        return Tube(*sides, f)

    def bits(self, lanes):
        return lanes.bits(list(self.up) + list(self.down))

    def trimmed(self, lanes, bits):
        """Of so many bits at most."""
        return self.within(lanes, self.f - max(0, self.bits(lanes) - bits)) if self.up else self


def spread(chunk, band, q, tube):
    """W(s) e.  An entry from 0 to h takes h up from above, and h down from below; one from -l to 0, l down and l up;
    one of both signs the larger of these."""
    if not tube.up:
        return tube
    tube = tube.trimmed(chunk.slim, chunk.slim.width - 2 - band.bits)
    lanes, gap, n = chunk.both, chunk.slim.count * chunk.slim.width, len(tube.up)
    parts = [u | d << gap for u, d in zip(tube.up, tube.down)] + [d | u << gap for u, d in zip(tube.up, tube.down)]
    up, down, mask = [], [], (1 << gap) - 1
    for (entries, taken), mixed in zip(band.plain, band.mixed):
        v = sum(map(mul, entries, map(parts.__getitem__, taken)))
        v += sum(lanes.larger(h * parts[i], l * parts[i + n]) for i, h, l in mixed)
        up.append(v & mask)
        down.append(v >> gap)
    return Tube(up, down, tube.f + q - band.cut)


def bowed(chunk, band, e, q, dv):
    """-s(1-s) dW dv. Both are rounded down, so that a row of dW dv is off by at most sum |dW| + sum |dv| + n."""
    lanes, n = chunk.slim, len(dv)
    bits = chunk.wide.size_of(dv) if band.moves and any(dv) else 0
    if not bits:
        return Tube()
    r = max(0, bits + 4 - lanes.width + (max(band.sums) + 2 * n).bit_length())
    dv = [chunk.slimmer(chunk.wide.floor(v, r)) for v in dv]
    above, below = [], []
    for row, size in zip(band.moves, band.sums):
        bow, off = sum(map(mul, row, dv)), (size + (n << max(0, bits - r)) + n + n) * lanes.ones
        above.append(lanes.ceil(lanes.relu(off - bow), 2))
        below.append(lanes.ceil(lanes.relu(off + bow), 2))
    return Tube(above, below, e - r + q - band.fewer)


def sum_of(chunk, a, b):
    """Of two tubes."""
    if not a.up or not b.up:
        return a if a.up else b
    lanes = chunk.slim
    a, b = (t.trimmed(lanes, lanes.width - 4) for t in (a, b))
    f = min(a.f, b.f)
    sides = [
        [v + w for v, w in zip(*side)]
        for side in zip(*((t.up, t.down) for t in (a.within(lanes, f), b.within(lanes, f))))
    ]
    return Tube(*sides, f)


def crossings(chunk, v, w):
    """[(lane, kink)] where a chord from v to w changes its sign: by how much relu's chord lies above relu of it."""
    lanes = chunk.wide
    flags = lanes.natural(v) ^ lanes.natural(w)
    if not flags:
        return []
    found, raw, at = [], (lanes.raw(v), lanes.raw(w)), flags.to_bytes(lanes.size, "little")[:: lanes.width // 8]
    k, n = at.find(1), lanes.width // 8
    while k >= 0:
        a, b = (abs(int.from_bytes(side[n * k : n * k + n], "little", signed=True)) for side in raw)
        found.append((k, -(-a * b // (a + b))))
        k = at.find(1, k + 1)
    return found


def bent(chunk, e, v0, v1, tube):
    """The tube behind relu, v over 2^e: its chord lies above relu of the chord by at most the kink; where both ends
    are <= 0 the chord is 0, and relu in [0, max(0, the larger end + up)]."""
    lanes = chunk.slim
    bends = [crossings(chunk, *pair) for pair in zip(v0, v1)]
    if not tube.up and not any(bends):
        return tube
    tube = tube.trimmed(lanes, lanes.width - 4)
    tube = tube.within(lanes, min(e, tube.f) if tube.up else e)
    up, down, n = [], [], lanes.width // 8
    for k, (a, b, bend) in enumerate(zip(v0, v1, bends)):
        raw = bytearray(lanes.size if bend else 0)
        for at, kink in bend:
            raw[n * at : n * at + n] = (-(-kink >> e - tube.f)).to_bytes(n, "little")
        kink = int.from_bytes(raw, "little")
        if tube.up:
            top = chunk.slimmer(chunk.wide.ceil(chunk.wide.larger(a, b), e - tube.f))
            u, room = tube.up[k], lanes.relu(top + tube.up[k])
            up.append(u - lanes.relu(u - room))
            down.append(lanes.only(tube.down[k], lanes.natural(top - lanes.ones)) + kink)
        else:
            up.append(0)
            down.append(kink)
    return Tube(up, down, tube.f)


LN2_56 = ln2(56)
EXP_TABLES = [[-(-hi << 60 >> W) for _, hi, W in (exp_minus(k, 1 << bits, 64) for k in range(256))] for bits in (8, 16)]


def exp_over(x):
    """An integer >= 2^60 exp(-x / 2^56), for an integer x >= 0."""
    k, y = divmod(x, LN2_56)  # k ln 2 + y is less than x by k at most
    if k > 62:
        return 1
    r = y & 0xFFFFFFFFFF  # exp(-r) <= 1 - r + r^2 / 2
    v = EXP_TABLES[0][y >> 48] * EXP_TABLES[1][y >> 40 & 255] * ((1 << 60) - (r << 4) + (r * r >> 53) + 1)
    v >>= 120 + k
    return v + (v * (k + 1) >> 56) + 3


def log_of_sums(rows, e):
    """An upper bound of sum log(1 + sum_k exp(d_k / 2^e)) over samples; a row for each k."""
    tops, totals, r = 0, [], e - 56
    for ds in zip(*rows):
        top = max(0, *ds)
        tops += top
        gaps = [top - d for d in ds] + [top]
        totals.append(sum(map(exp_over, [d >> r for d in gaps] if r >= 0 else [d << -r for d in gaps])))
    if not totals:
        return Fraction(0)
    more, factor = 60 * len(totals) - 80, reduce(mul, totals)
    S = (-(-factor >> more) if more >= 0 else factor << -more) - (1 << 80)
    return tops / Fraction(2) ** e + Fraction(log_1_plus(max(0, S), 80)[1], 1 << 80)


def huber_sum(rs, e):
    unit = Fraction(2) ** e
    far = [r for r in rs if r > unit]
    return Fraction(sum(r * r for r in rs if r <= unit)) / (2 * unit * unit) + sum(far) / unit - Fraction(len(far), 2)


class Line:
    """A straight segment, and its pieces, in so many bits.  Vectors are integers over 2^e[k] before step k, below
    2^cap, weights over 2^q, all rounded down.  By what that changes vectors may be off besides: `noise`, of each in its
    2^-e."""

    def __init__(self, c, before, after, bits=ROUGHLY):
        self.c, self.steps, self.margin, self.cuts, self.bits = c, c.steps(), 3, {}, bits
        self.before, self.after, self.cap = before, after, bits - 4
        self.ends = {name: whole(rows, after.layers()[name]) for name, rows in before.layers().items()}
        self.first = next(k for k, step in enumerate(self.steps) if step in self.ends)
        self.scaled()

    # scales
    def scaled(self):
        """Finds the scales, from the numbers of some samples at both ends."""
        c, self.cuts, self.q = self.c, {}, {}
        sizes, largest = self.sizes(), max(abs(v) for x in c.x for v in x).bit_length()
        self.e = e = [c.ex + self.cap - 1 - largest]
        large = largest - c.ex
        for k, step in enumerate(self.steps):
            kept = e[k] if step == "keep" else kept if k else None
            if step in self.ends:
                adds = self.steps[k + 1 : k + 2] == ["sum"]
                rows, shift = self.ends[step]
                most = max(sum(map(abs, row)) for side in rows for row in side).bit_length() - shift + large
                size = max(sizes[k], sizes[k + 1] if adds else sizes[k], most - 10)
                self.q[k] = self.fineness(step, e[k])
                e.append(min(self.cap - self.margin - size, e[k] + self.q[k], kept if adds else e[k] + self.q[k]))
                large = size
            else:
                e.append(e[k])
        self.noise = self.noises()
        self.chunks = list(chunks_of(c, self.bits))
        for chunk in self.chunks:
            r = c.ex - e[0]
            chunk.v = [chunk.wide.pack([v >> r if r > 0 else v << -r for v in values]) for values in zip(*chunk.x)]
            sides = (self.rounded(self.first, Fraction(t), chunk.group) for t in (0, 1))
            try:
                chunk.ends = [self.images(self.first, chunk, rows, chunk.v) for rows in sides]
            except Large:
                self.margin += 8
                return self.scaled()

    def sizes(self):
        """Of how many bits before the point vectors are after each step, at both ends, in some samples."""
        c, found = self.c, [-999] * len(self.steps)
        e = exponents(c, {name: shift for name, (_, shift) in self.ends.items()})
        for end in (0, 1):
            layers = {name: rows[end] for name, (rows, _) in self.ends.items()}
            for x in c.x[:: -(-c.N // 32)]:
                for k, v in enumerate(trace(self.steps, layers, e, x)[1:]):
                    found[k] = max(found[k], max(map(abs, v)).bit_length() - e[k + 1])
        return found[:-1] + [found[-1] + 1]

    def fineness(self, step, e):
        """q: so that weights have less than cap bits, a row at most 4 more in all, and a bias fits beside them."""
        rows, shift = self.ends[step]
        sums = max(sum(map(abs, row[:-1])) for side in rows for row in side).bit_length()
        largest = max(max(map(abs, row[:-1])) for side in rows for row in side).bit_length()
        bias = max(abs(row[-1]) for side in rows for row in side).bit_length()
        return (
            shift
            + min(self.cap - 2 - largest, self.cap + 4 - sums, 2 * self.cap + 2 - e - bias)
            - (step == self.c.last)
        )

    def noises(self):
        """Behind an affine layer: W times what there was, n weights off by 2^-q times numbers below 2^(cap + 1), that
        is chord and tube (see tube), and what is rounded."""
        e, found = self.e, [int(self.c.ex > self.e[0])]
        for k, step in enumerate(self.steps):
            noise = found[k]
            if step == "keep":
                kept, low = noise, e[k]
            elif step == "sum":
                noise += (kept >> low - e[k]) + 2
            elif step != "relu":
                rows, shift = self.ends[step]
                n = len(rows[0][0])
                sums = Fraction(max(sum(map(abs, row[:-1])) for side in rows for row in side), 1) / Fraction(2) ** shift
                sums *= 1 + (step == self.c.last)
                noise = int(noise * (sums + n / Fraction(2) ** self.q[k]) * Fraction(2) ** (e[k + 1] - e[k]))
                noise += (n << self.cap + 1 >> e[k] + self.q[k] - e[k + 1]) + 6
            found.append(noise)
        return found

    # at a point
    def exact(self, step, t, bits):
        """The rows over 2^(shift + bits)."""
        (first, last), _ = self.ends[step]
        n = int(t * (1 << bits))
        return [[v * ((1 << bits) - n) + w * n for v, w in zip(*rows)] for rows in zip(first, last)]

    def rounded(self, k, t, group):
        """The rows over 2^q, their biases over 2^(q + e); of the read-out, with a group, those less its own."""
        bits, step = t.denominator.bit_length() - 1, self.steps[k]
        rows = self.exact(step, t, bits)
        if step == self.c.last and group is not None:
            rows = [[v - w for v, w in zip(row, rows[group])] for i, row in enumerate(rows) if i != group]
        r = self.ends[step][1] + bits - self.q[k]
        turn = (lambda v: v >> r) if r >= 0 else (lambda v: v << -r)
        r_b = r - self.e[k]
        return [[*map(turn, row[:-1]), row[-1] >> r_b if r_b >= 0 else row[-1] << -r_b] for row in rows]

    def images(self, k, chunk, rows, v):
        ones, r = chunk.wide.ones, self.e[k] + self.q[k] - self.e[k + 1]
        return self.capped(chunk, [chunk.wide.floor(sum(map(mul, row, v)) + row[-1] * ones, r) for row in rows])

    def capped(self, chunk, vs):
        lanes = chunk.wide
        more, high = lanes.half + (lanes.ones << self.cap), lanes.low(lanes.width) - lanes.low(self.cap + 1)
        if reduce(or_, [(v + more ^ lanes.half) & high for v in vs], 0):
            raise Large
        return vs

    def trace(self, chunk, t, rows):
        """The vectors before each step, and the outputs last."""
        v, bits, lanes, e = chunk.v, t.denominator.bit_length() - 1, chunk.wide, self.e
        out, n = [v], int(t * t.denominator)
        for k, step in enumerate(self.steps):
            if step == "keep":
                kept, low = v, e[k]
            elif step == "relu":
                v = list(map(lanes.relu, v))
            elif step == "sum":
                v = self.capped(chunk, [a + lanes.floor(b, low - e[k]) for a, b in zip(v, kept)])
            elif k == self.first:  # its input does not move, so it moves linearly
                v = [lanes.floor(a * ((1 << bits) - n) + b * n, bits) for a, b in zip(*chunk.ends)]
            else:
                v = self.images(k, chunk, rows(k, chunk.group if k == len(self.steps) - 1 else None), v)
            out.append(v)
        return out

    def cut(self, t):
        """(rows, a function of step and group; traces of the chunks)"""
        if t not in self.cuts:
            known = {}

            def rows(k, group):
                if (k, group) not in known:
                    known[k, group] = self.rounded(k, t, group)
                return known[k, group]

            spend(self.c, piece_cost(self.c) * self.bits // ROUGHLY)
            self.cuts[t] = rows, [self.trace(chunk, t, rows) for chunk in self.chunks]
        return self.cuts[t]

    def finer(self):
        """The same in more bits."""
        if not hasattr(self, "fine"):
            self.fine = Line(self.c, self.before, self.after, FINELY)
        return self.fine

    # on a piece
    def bound(self, t0, t1):
        """An upper bound of F on the piece from t0 to t1; None if it is too wide for any."""
        while True:
            try:
                self.cuts = {t: cut for t, cut in self.cuts.items() if t0 <= t}
                sums = self.losses(self.cut(t0), self.cut(t1))
                break
            except Large:
                self.margin += 8
                self.scaled()
            except Wide:
                return None
        return self.with_penalty(t0, t1, [total / self.c.N for total in sums])

    def losses(self, cut0, cut1):
        spend(self.c, 3 * piece_cost(self.c) * self.bits // ROUGHLY)
        sums, bands = [Fraction(0), Fraction(0)], {}
        for chunk, v0, v1 in zip(self.chunks, cut0[1], cut1[1]):
            tube = self.tube(chunk, v0, v1, lambda k, group: self.band(bands, cut0, cut1, k, group))
            up, down = self.box(chunk, tube)
            for end, v in enumerate((v0, v1)):
                sums[end] += self.loss_of(chunk, list(map(chunk.wide.unpack, v[-1])), up, down)
        return sums

    def band(self, known, cut0, cut1, k, group):
        group = group if k == len(self.steps) - 1 else None
        if (k, group) not in known:
            known[k, group] = Band(cut0[0](k, group), cut1[0](k, group), self.bits // 2 - 4)
        return known[k, group]

    def tube(self, chunk, v0, v1, band, count=None):
        """The tube behind all steps, or `count`."""
        tube = Tube()
        for k, step in enumerate(self.steps[:count]):
            if step == "keep":
                kept = tube
            elif step == "relu":
                tube = bent(chunk, self.e[k], v0[k], v1[k], tube)
            elif step == "sum":
                tube = sum_of(chunk, tube, kept)
            elif k > self.first:
                if tube.up and tube.bits(chunk.slim) - tube.f > self.cap - self.e[k]:
                    raise Wide
                b, dv = band(k, chunk.group), [w - v for v, w in zip(v0[k], v1[k])]
                tube = sum_of(chunk, spread(chunk, b, self.q[k], tube), bowed(chunk, b, self.e[k], self.q[k], dv))
        return tube

    def box(self, chunk, tube):
        """(up, down) of the outputs, over 2^e, noise and all, a list for each output."""
        e, noise = self.e[-1], self.noise[-1]
        if not tube.up:
            return None, None
        more = max(0, e - tube.f)
        tube = tube.within(chunk.slim, min(e, tube.f))
        unpacked = ([chunk.slim.unpack(v) for v in side] for side in (tube.up, tube.down))
        return ([[(v << more) + noise for v in row] for row in side] for side in unpacked)

    def loss_of(self, chunk, z, up, down):
        """The summed largest loss in the boxes around z."""
        e, c, noise = self.e[-1], self.c, self.noise[-1]
        if up is None:
            up = down = [[noise] * len(row) for row in z]
        above = [[v + u for v, u in zip(*pair)] for pair in zip(z, up)]
        if c.loss == "cross-entropy":
            return log_of_sums(above, e)
        below = [[v - d for v, d in zip(*pair)] for pair in zip(z, down)]
        total = Fraction(0)
        for over, under, ys in zip(above, below, zip(*chunk.y)):
            if c.loss == "logistic":
                total += log_of_sums([[-v if y > 0 else w for v, w, y in zip(under, over, ys)]], e)
                continue
            r = c.ex - e
            low = [y >> r for y in ys] if r >= 0 else [y << -r for y in ys]
            far = [max(w - y, y + (r > 0) - v) for v, w, y in zip(under, over, low)]
            total += sum(map(mul, far, far)) / Fraction(4) ** e if c.loss == "squared" else huber_sum(far, e)
        return total

    def with_penalty(self, t0, t1, means):
        """The larger end, and how far the penalty may rise above its chord; weight decay is convex."""
        if self.c.penalty == "none":
            return max(means)
        bits = max(t0.denominator, t1.denominator).bit_length() - 1
        shift = {name: s + bits for name, (_, s) in self.ends.items()}
        P, Q = ({name: self.exact(name, t, bits) for name in self.ends} for t in (t0, t1))
        ends = [mean + penalty_at(self.c, side, shift)[1] for mean, side in zip(means, (P, Q))]
        return max(ends) + self.penalty_excess(P, Q, shift)

    def penalty_excess(self, P, Q, shift):
        if self.c.penalty != "wang":
            return Fraction(0)
        (p0, q0), (p1, q1) = (strengths(side, shift) for side in (P, Q))
        rise = Fraction(0)
        for v, w, q, r in zip(p0, p1, q0, q1):
            rise += max(0, (v - w) * (r[1] - q[0]), (v - w) * (r[0] - q[1]))
        if "V1" in P:
            moves = {name: [[w - v for v, w in zip(*rows)] for rows in zip(P[name], Q[name])] for name in ("W2", "V1")}
            rise += Fraction(absolute(block_product(moves)), 1 << (shift["W2"] + shift["V1"]))
        return self.c.kappa * rise / 4


def spend(c, products):
    c.spent += products
    if c.spent > MAX_PIECEWISE:
        raise TooLarge(
            "more than %.0e products, as pieces had to be halved: check it in more parts, --shard I/N" % MAX_PIECEWISE
        )


# ---------------------------------------------------------------- version 2: the proof
def read_bound(rd, c):
    (c.word,) = rd.take("bound ends|NUMBER")
    c.limit = None if c.word == "ends" else rd.fraction(c.word)


def prove(c, p, say):
    """The text of an acceptance.  Legs on which F is constant join states to one group; F of A's
    group is <= F(A), of B's <= F(B); a group at a leg line is bounded by that leg's pieces."""
    groups, bounded = [0], {0}
    for leg in p.legs:
        constant = leg.kind in CONSTANT or leg.kind == "idle" and c.penalty == "none"
        groups.append(groups[-1] + (not constant))
        bounded.update(groups[-2:] if leg.segments else ())
    bounded.add(groups[-1])
    fresh = [k for k, leg in enumerate(p.legs, 1) if groups[k] != groups[k - 1] and groups[k] not in bounded]
    A, B, *tops = values_at(
        c, [(c.A, False), (c.B, False)] + [(p.legs[k - 1].after, p.legs[k - 1].balanced) for k in fresh]
    )
    mine, count = planned(c, p)
    say("  F(A) in %s, F(B) in %s" % (show(A), show(B)))
    limit = max(A[0], B[0]) if c.limit is None else c.limit
    for name, F in (("F(A)", A), ("F(B)", B)):
        if c.limit is not None and F[1] > limit:
            raise Reject("%s is in %s, not certainly <= %s" % (name, show(F, 20), c.word))
    top = larger(A, B)[1]
    for k, F in zip(fresh, tops):
        demand(c, p, k, F[1], limit, "F behind it is in %s" % show(F, 20))
        say("  leg %d %s: behind it F in %s" % (k, p.legs[k - 1].kind, show(F)))
        top = max(top, F[1])
    for k, leg in enumerate(p.legs, 1):
        if leg.segments:
            top = max(top, prove_pieces(c, p, k, limit, say))
    done = verdict2(c, p, A, B, top, len(fresh))
    if p.parts == 1:
        return done
    numbers = (p.part, p.parts, mine, count, p.parts)
    return "part %d of %d (%d of the %d pieces; F is so bounded if all %d parts are accepted): " % numbers + done


def values_at(c, states):
    """Enclosures of F at these states, each with a word whether it is balanced: of A and B, and all without a block, as
    close as can be; of others from above, as of a piece that does not move."""
    close = [k for k, (state, _) in enumerate(states) if k < 2 or not state.block]
    found = dict(zip(close, mean_losses(c, [states[k][0] for k in close])))
    for k, (state, balanced) in enumerate(states):
        if k in found:
            yield add(found[k], state_penalty(c, state, balanced))
        else:
            F = Line(c, state, state, FINELY).bound(Fraction(0), Fraction(0))
            yield F, F


def state_penalty(c, state, balanced):
    if c.penalty == "decay" and balanced:
        return balanced_penalty(c, state)
    return penalty_at(c, *integers(state))


def demand(c, p, k, value, limit, found):
    if value is None or value > limit:
        word = "max(F(A), F(B)), which is >= " + decimal(limit, False, 20) if c.limit is None else c.word
        raise Reject(
            "line %d: leg %d (%s): %s, not certainly <= %s" % (p.legs[k - 1].at, k, p.legs[k - 1].kind, found, word)
        )


def planned(c, p):
    """Refuses what is too large, before it is begun."""
    count = sum(len(cuts) - 1 for leg in p.legs for _, _, cuts in leg.segments)
    mine = len(range(p.part - 1, count, p.parts))
    if mine * 4 * piece_cost(c) > MAX_PIECEWISE:
        raise TooLarge(
            "about %.0e products for %d pieces, at most %.0e are done at once: use --shard I/N, N at least %d"
            % (mine * 4 * piece_cost(c), mine, MAX_PIECEWISE, -(-count * 4 * piece_cost(c) // MAX_PIECEWISE))
        )
    return mine, count


def piece_cost(c):
    """Products a cut takes; a piece takes three times as many more."""
    layers = list(c.A.layers().items())
    sizes = {name: len(rows) * len(rows[0]) for name, rows in layers}
    return c.N * (sum(sizes.values()) - sizes[layers[0][0]] + loss_cost(c, 1))


def prove_pieces(c, p, k, limit, say):
    """The largest bound on the pieces of leg k; 0 if this part has none."""
    leg, top, mine, guess = p.legs[k - 1], Fraction(0), 0, 0
    for i, (before, after, cuts) in enumerate(leg.segments, 1):
        where, line = "on segment %d, " % i if leg.kind == "curve" else "on ", None
        for first, last in zip(cuts, cuts[1:]):
            p.pieces += 1
            if p.pieces % p.parts != p.part % p.parts:
                continue
            line, mine = line or Line(c, before, after), mine + 1
            bound, guess = piece(line, first, last, limit, guess)
            found = "nothing is known of F" if bound is None else "F <= " + decimal(bound, True, 20)
            demand(c, p, k, bound, limit, where + "[%g, %g] %s, halved %d times" % (first, last, found, HALVINGS))
            top = max(top, bound)
    say("  leg %d %s: %d pieces, F <= %s" % (k, leg.kind, mine, decimal(top, True)))
    return top


def piece(line, first, last, limit, guess):
    """A bound on a piece: the largest on its parts, of which each is half of one that does not do. And how often the
    next piece may be halved at once."""
    size, top, least, good = (last - first) / (1 << guess), Fraction(0), HALVINGS, True
    todo = [(first + k * size, size, guess) for k in reversed(range(1 << guess))]
    while todo:
        at, size, depth = todo.pop()
        bound = line.bound(at, at + size)
        if bound is not None and limit < bound <= limit * CLOSELY:
            bound = min(bound, line.finer().bound(at, at + size) or bound)
        if bound is not None and bound <= limit:
            top, least = max(top, bound), min(least, depth)
            continue
        if depth >= HALVINGS:
            return bound, 0
        good, size = good and depth > guess, size / 2
        todo += [(at + size, size, depth + 1), (at, size, depth + 1)]
    return top, max(0, least - 1) if good else least


def verdict2(c, p, A, B, top, count):
    if c.limit is None:
        claim = "F <= max(F(A), F(B)) on the whole path (barrier 0)"
    else:
        claim = "F <= %s on the whole path" % c.word
        claim += ", certified sup <= %s" % decimal(top, True) if p.parts == 1 else ""
    wider = " (wider than both)" if c.width > c.least else ""
    penalty = "no penalty" if c.penalty == "none" else "penalty %s %s" % (c.penalty, decimal(c.kappa, False))
    slots = "" if c.model not in RELAYED else ", width %d%s" % (c.width, wider)
    return (
        "%s%s, %s, %s, N = %d; F(A) in %s, F(B) in %s; %s; %d legs, %d states evaluated between A and B; "
        "trusted: that these data, networks, loss and penalty are the ones meant"
        % (c.model, slots, c.loss, penalty, c.N, show(A), show(B), claim, len(p.legs), count)
    )


def shard_of(given):
    """(I, N)"""
    match = re.fullmatch("([1-9][0-9]{0,5})/([1-9][0-9]{0,5})", given.get("shard") or "1/1")
    if not match or int(match[1]) > int(match[2]):
        raise BadFile("--shard %s, expected I/N with I from 1 to N" % given["shard"])
    return int(match[1]), int(match[2])


def check2(data, say, given):
    """As check, for version 2."""
    if len(data) > MAX_BYTES:
        raise TooLarge("longer than %d bytes" % MAX_BYTES)
    if None in (given["data"], given["from"], given["to"]):
        raise BadFile("a file of version 2 needs --data, --from and --to")
    rd = Reader(ascii_text(data), True)
    c = read_header2(rd, len(data))
    agree(c, given)
    load(c, given)
    p = read_path(rd, c, shard_of(given))
    read_bound(rd, c)
    check_seal(rd, data)
    return prove(c, p, say)


# ---------------------------------------------------------------- command line
OPTIONS = ("data", "label", "from", "to", "model", "loss", "penalty", "kappa", "shard")


def read_arguments(arguments):
    """(verbose, files, options); None if they are wrong."""
    verbose, files, given, rest = False, [], dict.fromkeys(OPTIONS), list(arguments)
    while rest:
        word = rest.pop(0)
        word = "--model" if word == "--map" else word
        if word == "-v":
            verbose = True
        elif word[:2] == "--" and word[2:] in OPTIONS and rest and given[word[2:]] is None:
            given[word[2:]] = rest.pop(0)
        elif word.startswith("-"):
            return None
        else:
            files.append(word)
    if not files or given["kappa"] is not None and not is_decimal(given["kappa"]):
        return None
    return verbose, files, given


def check_file(name, say, given):
    """(exit status, what to say)"""
    with open(name, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        said = check(data, say, given)
        return 0, ("accepted, " if said.startswith("part ") else "accepted: ") + said
    except Reject as reason:
        return 1, "rejected: %s" % reason
    except BadFile as reason:
        return 2, "not checked: %s" % reason
    except TooLarge as reason:
        return 3, "cannot be checked here: too large: %s" % reason
    except (MemoryError, ArithmeticError, LookupError, TypeError, ValueError, AssertionError) as reason:
        return 1, "rejected: the checker failed: %r" % reason


def main(arguments):
    request = read_arguments(arguments)
    if not request:
        print("usage:\n" + __doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    verbose, files, given = request
    worst = 0
    for name in files:
        try:
            status, line = check_file(name, print if verbose else lambda line: None, given)
            print("%s: %s" % (name, line))
        except (OSError, ValueError) as reason:
            print("%s: cannot be read: %s" % (name, reason), file=sys.stderr)
            status = 4
        worst = max(worst, status)
        sys.stdout.flush()
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
