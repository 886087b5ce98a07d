"""Breaks the program on purpose, one place at a time, and expects it to be noticed: python3 tests/mutants.py CC

A mutant replaces one text in skipverify.c that must occur exactly once. It is noticed
  by "verdict": a case of the named claim gets another verdict than the recorded one,
  by "figure":  a recorded figure or an exact vector of the named claim differs,
  by "selftest": a row of the named kind differs in the self-test,
  by "probe": the start-up probe refuses to run, naming it,
  by "test_...": that cmocka program fails.
Anything else, a mutant that survives or does not compile, is a failure of this script."""
import os, re, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CC = sys.argv[1] if len(sys.argv) > 1 else "cc"

MUTANTS = [
    # Lemma 10: constants, signs, kernel
    ("printed constant 4 becomes 1/2", "LEMMA10_PRINTED = 4,", "LEMMA10_PRINTED = 0.5,", "verdict", "wang.lemma10"),
    ("sharp constant 1 becomes 0.99", "LEMMA10_SHARP = 1,", "LEMMA10_SHARP = 0.99,", "verdict", "wang.lemma10"),
    ("population constant 1/2 becomes 0.49", "LEMMA10_POPULATION = 0.5;", "LEMMA10_POPULATION = 0.49;", "verdict", "wang.lemma10"),
    ("angle from below: |s| and |d| swapped", "iv_scale(2, iv_atan2(dist, sum))", "iv_scale(2, iv_atan2(sum, dist))", "verdict", "wang.lemma10"),
    ("angle not doubled", "iv_scale(2, iv_atan2(dist, sum))", "iv_atan2(dist, sum)", "verdict", "wang.lemma10"),
    ("closed form: sign", "return iv_sub(iv_of(1), iv_div(iv_add(iv_sin(a)", "return iv_add(iv_of(1), iv_div(iv_add(iv_sin(a)", "verdict", "wang.lemma10"),
    ("closed form: cos dropped", "iv_add(iv_sin(a), iv_mul(rest, iv_cos(a)))", "iv_add(iv_sin(a), rest)", "verdict", "wang.lemma10"),
    ("spectral norm replaced by the least eigenvalue", "eigen_range(m, q->n, S.S, S.error, &least, &s.sigma);", "eigen_range(m, q->n, S.S, S.error, &s.sigma, &least);", "verdict", "wang.lemma10"),
    ("fused kernel: sum instead of difference", "vd d = VRELU(p[i][v]) - VRELU(q[i][v]);", "vd d = VRELU(p[i][v]) + VRELU(q[i][v]);", "verdict", "wang.lemma10"),
    ("quadrature: half the range", "iv width = iv_div(iv_scale(2, IV_PI), iv_of(cells))", "iv width = iv_div(IV_PI, iv_of(cells))", "verdict", "wang.lemma10"),
    # Theorem 6: legs
    ("gauge skipped", "    from.gauged = true;\n    legs[n++]", "    legs[n++]", "verdict", "wang.thm6"),
    ("theta leg dropped", "    legs[n] = (leg){ LEG_THETA, legs[n - 1].to, back[nb - 1].to };\n    n++;\n", "", "verdict", "wang.thm6"),
    ("the way back walked forward", "(leg){ back[i].type, back[i].to, back[i].from }", "(leg){ back[i].type, back[i].from, back[i].to }", "verdict", "wang.thm6"),
    ("lift does not end at V = 0", "end = { star, mem_doubles(m, D->dx * D->dz), A->g, false };", "end = { star, A->V, A->g, true };", "verdict", "wang.thm6"),
    ("cross-entropy: rank not restored", "Z[a * k + j] += shift;", "Z[a * k + j] += 0 * shift;", "figure", "wang.thm6"),
    ("pseudoinverse: divides where it should multiply", "kept ? z->left[z->order[k] * d + i] / s : 0", "kept ? z->left[z->order[k] * d + i] * s : 0", "verdict", "wang.thm6"),
    ("dual bound: sign", "fmax(0, -div_up(total.hi, (double)N))", "fmax(0, div_up(total.hi, (double)N))", "verdict", "wang.thm6"),
    ("eps of the repaired claim", "THM6_EPS = 1e-9", "THM6_EPS = 1e-17", "verdict", "wang.thm6"),
    ("logistic gradient: sign", "p[k] = iv_scale(-y[k], iv_make(div_dn(1, add_up(1, e.hi))", "p[k] = iv_scale(y[k], iv_make(div_dn(1, add_up(1, e.hi))", "verdict", "wang.thm6"),
    ("Huber: kink moved", "return __builtin_fabs(r) <= 1 ? iv_scale(0.5", "return __builtin_fabs(r) <= 2 ? iv_scale(0.5", "test_models", ""),
    # Theorem 6, Lemma 7, Remark 4.1: witnesses
    ("mirror: D = I", "W[1][k * d + k] = k ? 1 : -1;", "W[1][k * d + k] = 1;", "verdict", "wang.thm6"),
    ("mirror: V of B with the wrong sign", "V[1][0] = -2;", "V[1][0] = 2;", "verdict", "wang.lemma7"),
    ("wall from the largest eigenvalue", "return fmax(gershgorin_dn(d, S), least.lo);", "return largest.lo;", "verdict", "wang.thm6"),
    ("path misses the corner", "t.corner[0] = 0;", "t.corner[0] = 1;", "figure", "wang.thm6"),
    ("four points: a label", "THM6_FOUR_Y[4] = { 1, 0, 2, 0 }", "THM6_FOUR_Y[4] = { 1, 0, 2, 1 }", "verdict", "wang.thm6"),
    ("four points: on one side only", "THM6_FOUR[8] = { 1, 0, 0, 1, 2, 0, 0, -1 }", "THM6_FOUR[8] = { 1, 0, 0, 1, 2, 0, 0, 1 }", "verdict", "wang.lemma7"),
    ("detour: half the cost", "path.bound <= d * d / 2, CERTIFIED", "path.bound <= d * d / 4, CERTIFIED", "verdict", "wang.thm6"),
    ("remark: v does not change sign", "V[2][1] = { { 1 / d }, { -1 / d } }", "V[2][1] = { { 1 / d }, { 1 / d } }", "verdict", "wang.remark4.1"),
    ("remark: g is not |x|", "second[2] = { 1, 1 }", "second[2] = { 1, -1 }", "verdict", "wang.remark4.1"),
    # Example 1
    ("mixed derivative: sign", "mixed = iv_add(e, iv_mul(w, s))", "mixed = iv_sub(e, iv_mul(w, s))", "verdict", "shamir.ex1-misprints"),
    ("misprint mended", "    return iv_mul(e, iv_mul(eps, v));", "    return iv_mul(e, iv_mul(eps, w));", "verdict", "shamir.ex1-misprints"),
    ("product rule: a term dropped", "p.wv = iv_add(jet_cross(a.F, b.wv, a.wv, b.F), jet_cross(a.w, b.v, a.v, b.w));", "p.wv = jet_cross(a.F, b.wv, a.wv, b.F);", "verdict", "shamir.ex1"),
    ("barrier: path cuts a corner", "s[4] = { 1, 1, -1, -1 }", "s[4] = { 1, -1, -1, -1 }", "verdict", "shamir.ex1"),
    # The proof rules
    ("rank cover: Lipschitz term dropped", "rest = add_dn(s, -mul_up(h, l->speed));", "rest = s;", "test_models", ""),
    ("joints not checked", 'if (i && !point_same(D, &legs[i - 1].to, &legs[i].from)) r.why', 'if (0) r.why', "test_models", ""),
    ("lift accepts points that are not gauged", 'return "lift leg must join gauged points";', ';', "test_models", ""),
    ("lift accepts dy > dx", 'if (D->dy > D->dx) return "a lift needs', 'if (0) return "a lift needs', "test_models", ""),
    ("theta accepts V != 0", 'return "the block may move at V = 0 only";', ';', "test_models", ""),
    ("interval product forgets a corner", "fmin(mul_dn(a.hi, b.lo), mul_dn(a.hi, b.hi)))", "mul_dn(a.hi, b.hi))", "test_enclosures", ""),
    ("sum rounded the wrong way", "return e < 0 ? next_down(s) : s;", "return e > 0 ? next_down(s) : s;", "test_enclosures", ""),
    ("quotient never widened", "return r != 0 && (r < 0) != (b < 0) ? next_down(q) : q;", "return q;", "test_enclosures", ""),
    # Arithmetic, seen by the vectors
    ("accumulator: carries lost", "        carry = (t - low) / 4294967296;", "        carry = 0;", "selftest", "exact.inc"),
    ("decimal figures rounded to zero", "*units = x < 0 ? -v - inexact : v;", "*units = x < 0 ? -v : v;", "selftest", "exact.inc"),
    ("software fma: sticky bit lost", "return (struct fma_wide){x.hi >> shift, x.hi << (64 - shift) | x.lo >> shift | (x.lo << (64 - shift) != 0)};", "return (struct fma_wide){x.hi >> shift, x.hi << (64 - shift) | x.lo >> shift};", "probe", "fma"),
    ("chains of 128 instead of 256", "KERN_BLOCK = 256,", "KERN_BLOCK = 128,", "test_kernels", ""),
    ("Philox: a constant", "0xD2511F53u", "0xD2511F55u", "selftest", "philox"),
    ("SHA-256: a rotation", "sha_rotate(e, 25)", "sha_rotate(e, 24)", "selftest", "SHA-256"),
]

LOOK = {"verdict": r"FAIL vectors/golden\.inc:\d+: %s \S+ => (-|CERTIFIED|REFUTED|UNDECIDED) ", "figure": r"FAIL \S+: %s ", "selftest": r"FAIL .*%s", "probe": r"this environment would change figures: .*%s"}


def run(command, cwd, seconds=300):
    try:
        done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return 124, "timed out"


def noticed(mutant, tree):
    name, old, new, by, what = mutant
    path = os.path.join(tree, "skipverify.c")
    source = open(path).read()
    if source.count(old) != 1:
        return "the text to replace occurs %d times" % source.count(old)
    open(path, "w").write(source.replace(old, new))
    flags = [CC, "-std=gnu99", "-O1", "-w", "-ffp-contract=off"]
    if by.startswith("test_"):
        code, out = run(flags + ["tests/%s.c" % by, "-lcmocka", "-lm", "-lpthread", "-o", "mutant"], tree)
        if code:
            return "does not compile: " + out[:300]
        code, out = run(["./mutant"], tree)
        return None if code else "survived " + by
    code, out = run(flags + ["skipverify.c", "-lm", "-lpthread", "-o", "mutant"], tree)
    if code:
        return "does not compile: " + out[:300]
    code, out = run(["./mutant", "selftest"] if by == "selftest" else ["./mutant", "--level", "quick"], tree)
    if code and re.search(LOOK[by] % re.escape(what), out):
        return None
    return "survived (exit %d): %s" % (code, out[-300:])


def attempt(mutant):
    tree = tempfile.mkdtemp(prefix="mutant-")
    try:
        for part in ("skipverify.c", "skipverify.h"):
            shutil.copy(os.path.join(ROOT, part), tree)
        for part in ("vectors", "tests"):
            shutil.copytree(os.path.join(ROOT, part), os.path.join(tree, part))
        return noticed(mutant, tree)
    finally:
        shutil.rmtree(tree)


def main():
    only = sys.argv[2:]
    chosen = [m for m in MUTANTS if not only or any(word in m[0] for word in only)]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, complaint in zip(chosen, pool.map(attempt, chosen)):
            failed += complaint is not None
            print("%-4s %-50s %s" % ("FAIL" if complaint else "ok", mutant[0], complaint or "noticed by %s %s" % mutant[3:]), flush=True)
    print("mutants: %d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
