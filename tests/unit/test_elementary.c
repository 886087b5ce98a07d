/* SPDX-License-Identifier: MIT */
/* Elementary functions and their enclosures, beyond the rows of exact.inc: against long double, against digits of pi
   and log 2, and against identities that need no reference at all. u = 2^-53. Alone sees an error of a
   function at an argument that no claim and no row meets. */
#include "test.h"

typedef long double wide;

#if LDBL_MANT_DIG == 64
/* relative error of the long double functions: 2 ulp of theirs, 2^-9 of a double's */
static const wide slack = 0x1p-62L;
#else
static const wide slack = 0x1p-51L; /* nothing better than a double's libm is taken for granted */
#endif

typedef struct {
    const char *name;
    double (*f)(double);
    iv (*enclose)(iv);
    wide (*exact)(wide);
} function;
enum { EXP, LOG, LOG1P, TANH, SIN, COS, FUNCTIONS };
static const function functions[FUNCTIONS] = { { "exp", el_exp, iv_exp, expl }, { "log", el_log, iv_log, logl },
    { "log1p", el_log1p, iv_log1p, log1pl }, { "tanh", el_tanh, iv_tanh, tanhl }, { "sin", el_sin, iv_sin, sinl },
    { "cos", el_cos, iv_cos, cosl } };

/* The spacing of doubles at v. */
static wide ulp_at(wide v)
{
    int e;
    frexpl(v, &e);
    return e < -1021 || v == 0 ? 0x1p-1074L : ldexpl(1, e - 53);
}

static void expect_near(const char *name, double y, double x, double got, wide exact, wide ulps)
{
    wide off = got == INFINITY && exact > DBL_MAX ? 0 : fabsl(got - exact);
    wide allowed = ulps * ulp_at(exact) + slack * fabsl(exact);
    if (!(off <= allowed))
        fail_msg("%s(%a, %a) => %a  expected: within %.2Lf ulp of %.21Lg, off by %.3Lf", name, y, x, got, ulps, exact,
            off / ulp_at(exact));
}

/* The promise of the section: 0.51 ulp, 0.76 where an exponential is subnormal; and an enclosure, one step to each
   side, in which the exact value lies. */
static void check_at(const function *f, double x)
{
    wide exact = f->exact(x);
    double got = f->f(x);
    expect_near(f->name, x, 0, got, exact, f->exact == expl && exact < 0x1p-1022L ? 0.76L : 0.51L);
    iv box = f->enclose(iv_of(x));
    assert_true(box.lo - slack * fabsl(exact) <= exact && exact <= box.hi + slack * fabsl(exact));
    assert_true(box.lo <= got && got <= box.hi);
    if (fabs(x) >= 0x1p-1021) /* below, the midpoint of a point is rounded */
        assert_true(next_up(box.lo) >= got && next_down(box.hi) <= got);
}

static void check_atan2(double y, double x)
{
    wide exact = atan2l(y, x);
    double got = el_atan2(y, x);
    expect_near("atan2", y, x, got, exact, 0.51L);
    if (signbit(y) || signbit(x))
        return;
    iv box = iv_atan2(iv_of(y), iv_of(x));
    assert_true(box.lo - slack * exact <= exact && exact <= box.hi + slack * exact);
    assert_true(box.lo <= got && got <= box.hi && next_up(box.lo) >= got && next_down(box.hi) <= got);
}

static double between(rng *r, double a, double b) { return a + (b - a) * rng_uniform(r); }

/* Up to 4 ulp off. */
static double nudge(rng *r, double x)
{
    uint64_t w[2];
    rng_next(r, w);
    return x + x * 0x1p-52 * ((double)(w[0] % 9) - 4);
}

/* Random sign and fraction, exponent in [low, high). */
static double spread(rng *r, int low, int high)
{
    return ldexp(test_near(r, 0), low + (int)(rng_uniform(r) * (high - low)));
}

/* Arguments where each function has something to lose: its whole range, near its zeros, near the edges of its
   reduction. */
static double argument(rng *r, int f, int kind)
{
    double n = floor(between(r, 0, 1335089));
    double half_log_2 = (fmod(n, 2000) - 1049.5) * 0x1.62e42fefa39efp-1;
    double root_2 = ldexp(0x1.6a09e667f3bcdp+0, (int)fmod(n, 40) - 20);
    switch (4 * f + kind) {
    case 4 * EXP:
        return between(r, -746, 710);
    case 4 * EXP + 1:
        return between(r, -1, 1);
    case 4 * EXP + 2:
        return nudge(r, half_log_2);
    case 4 * EXP + 3:
        return spread(r, -60, 9);
    case 4 * LOG:
        return fabs(spread(r, -1074, 1023));
    case 4 * LOG + 1:
        return between(r, 0.5, 2);
    case 4 * LOG + 2:
        return 1 + spread(r, -50, -1);
    case 4 * LOG + 3:
        return nudge(r, root_2);
    case 4 * LOG1P:
        return spread(r, -62, 0);
    case 4 * LOG1P + 1:
        return between(r, -1, 1);
    case 4 * LOG1P + 2:
        return fabs(spread(r, -62, 1023));
    case 4 * LOG1P + 3:
        return -1 + fabs(spread(r, -53, -2));
    case 4 * TANH:
        return between(r, -25, 25);
    case 4 * TANH + 1:
        return between(r, -1, 1);
    case 4 * TANH + 2:
        return nudge(r, n < 667544 ? 0.78 : -22);
    case 4 * TANH + 3:
        return spread(r, -1073, 6);
    }
    if (kind == 0)
        return between(r, -0x1p20, 0x1p20);
    if (kind == 1)
        return between(r, -7, 7);
    return kind == 2 ? nudge(r, n * 0x1.921fb54442d18p-1) : spread(r, -40, 20);
}

static void test_values(void **state)
{
    rng r = rng_make(31, 1);
    (void)state;
    for (int f = 0; f < FUNCTIONS; f++)
        for (int i = 0; i < 100000; i++)
            check_at(&functions[f], argument(&r, f, i % 4));
    for (int i = 0; i < 200000; i++) {
        double x = i % 4 == 3 ? spread(&r, -1060, 1020) : spread(&r, -3, 4);
        double slope = floor(between(&r, -8, 9)) / 8;
        double y = i % 4 == 0 ? spread(&r, -3, 4) : i % 4 == 1 ? spread(&r, -60, 60) : spread(&r, -1060, 1020);
        check_atan2(i % 4 == 2 ? nudge(&r, x * slope) : y, x); /* slopes k/8: where the table changes */
    }
}

/* At an edge: accurate at 100 doubles on both sides, and monotone from each to the next (slope: the sign of the
   derivative, 0: none that lasts). */
static void check_neighbours(const function *f, double edge, int slope)
{
    double x = edge;
    double last = 0;
    for (int i = 0; i < 100; i++)
        x = next_down(x);
    for (int i = 0; i < 200; i++, x = next_up(x)) {
        check_at(f, x);
        double now = f->f(x);
        if (i && slope && !(slope > 0 ? last <= now : last >= now))
            fail_msg("%s falls or rises at %a: %a, then %a", f->name, x, last, now);
        last = now;
    }
}

/* Domain edges and thresholds of each function: overflow, subnormal results, zeros, changes of k, of the quarter, of
   the method. */
static void test_edges_of_methods(void **state)
{
    static const double log2 = 0x1.62e42fefa39efp-1;
    static const double half_pi = 0x1.921fb54442d18p+0;
    static const double exps[] = { 710, 0x1.62e42fefa39efp+9, -0x1.6232bdd7abcd2p+9, -0x1.74385446d71c3p+9,
        -0x1.74910d52d3051p+9, -745.5, 0x1p-53, -0x1p-54, 1, -1, 0x1p-1022 };
    static const double logs[] = { 0x1p-1022, 0x1p-1060, 0x1.6a09e667f3bcdp+0, 0x1.6a09e667f3bcdp-1, 1, 2, 0.5,
        0x1.fffffffffff00p+1023, 0x1.6a09e667f3bcdp+1000, 0x1.6a09e667f3bcdp-1000 };
    static const double log1ps[] = { 0x1p-60, -0x1p-60, 0x1p-53, 0x1p-54, 0x1.a827999fcef34p-2, -0x1.2bec333018866p-2,
        1, 0x1p53, 0x1p54, 0x1.fffffffffff00p+1023, 0x1p-1022, -0.5, -0x1.fffffffffff00p-1 };
    static const double tanhs[] = { 0x1p-30, -0x1p-30, 0.78, -0.78, 22, -22, 1, 0x1.62e42fefa39efp-2, 0x1p-1022,
        0x1.3687a9f1af2b1p+4 };
    static const double waves[] = { 0x1p-32, -0x1p-32, 0x1p-30, 0x1p-1022, 0.5, -0.5 };
    rng r = rng_make(31, 2);
    (void)state;
    for (size_t i = 0; i < COUNT(exps); i++)
        check_neighbours(&functions[EXP], exps[i], 1);
    for (int k = -1074; k < 1024; k += 7)
        check_neighbours(&functions[EXP], (k + 0.5) * log2, 1);
    for (size_t i = 0; i < COUNT(logs); i++)
        check_neighbours(&functions[LOG], logs[i], 1);
    for (size_t i = 0; i < COUNT(log1ps); i++)
        check_neighbours(&functions[LOG1P], log1ps[i], 1);
    for (size_t i = 0; i < COUNT(tanhs); i++)
        check_neighbours(&functions[TANH], tanhs[i], 1);
    for (size_t i = 0; i < COUNT(waves); i++)
        check_neighbours(&functions[SIN], waves[i], 1);
    check_neighbours(&functions[COS], 0x1p-32, -1);
    check_neighbours(&functions[SIN], half_pi, 0);
    check_neighbours(&functions[COS], half_pi, -1);
    /* the nearest of all doubles up to 2^20 to a multiple of pi/2 */
    check_neighbours(&functions[SIN], 29 * half_pi, 0);
    check_neighbours(&functions[COS], 29 * half_pi, -1);
    for (int n = 0; n < 300; n++) {
        double odd = 2 * floor(between(&r, 0, 667544)) + 1;
        check_neighbours(&functions[SIN], odd * (half_pi / 2), 0); /* between quarters */
        check_neighbours(&functions[COS], odd * (half_pi / 2), 0);
        check_neighbours(&functions[n % 2 ? SIN : COS], (odd - n % 2) / 2 * half_pi, 0);
    }
    for (int f = 0; f < FUNCTIONS; f++)
        for (int i = 0; i < 100; i++)
            check_neighbours(&functions[f], argument(&r, f, i % 2), f < SIN);
}

/* atan2 in x = 1: monotone and accurate at the changes of its table, at its threshold, and at the axis. */
static void test_edges_of_atan2(void **state)
{
    static const double edges[] = { 0x1p-3, 0x1.8p-2, 0x1.4p-1, 0x1.cp-1, 1, 0x1p-30, 0x1p30, 0x1p31, 0.25, 0.5, 0.75,
        8, 4, 2, 0x1p-1022, 0x1p900 };
    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++) {
        double y = edges[i];
        double last = 0;
        double back = 4;
        for (int k = 0; k < 100; k++)
            y = next_down(y);
        for (int k = 0; k < 200; k++, y = next_up(y)) {
            check_atan2(y, 1);
            check_atan2(y, -1);
            double now = el_atan2(y, 1);
            double left = el_atan2(y, -1);
            assert_true(last <= now && left <= back);
            last = now;
            back = left;
        }
    }
}

/* Always the same one. */
static void expect_nan(double got) { assert_true(bits_of(got) == bits_of(el_nan)); }

static void test_special_values(void **state)
{
    static const double inf = INFINITY;
    double odd = double_of(UINT64_C(0xfff8000000001234));
    (void)state;
    for (int f = 0; f < FUNCTIONS; f++) {
        expect_nan(functions[f].f(NAN));
        expect_nan(functions[f].f(odd));
    }
    expect_double("exp", el_exp(-inf), 0);
    expect_double("exp", el_exp(-DBL_MAX), 0);
    expect_double("exp", el_exp(DBL_MAX), inf);
    expect_nan(el_log(-0x1p-1074));
    expect_nan(el_log(-inf));
    expect_double("log", el_log(-0.0), -inf);
    expect_double("log", el_log(inf), inf);
    expect_double("log", el_log(1), 0);
    expect_nan(el_log1p(-inf));
    expect_nan(el_log1p(next_down(-1)));
    expect_double("log1p", el_log1p(-1), -inf);
    expect_double("tanh", el_tanh(-0.0), -0.0);
    expect_double("tanh", el_tanh(-inf), -1);
    expect_double("tanh", el_tanh(0x1p-1074), 0x1p-1074);
    assert_true(iv_tanh(iv_all()).lo == -1 && iv_tanh(iv_all()).hi == 1);
    expect_nan(el_sin(next_up(0x1p20)));
    expect_nan(el_cos(-inf));
    assert_true(fabs(el_sin(-0x1p20)) <= 1 && fabs(el_cos(0x1p20)) <= 1);
    expect_double("sin", el_sin(-0.0), -0.0);
    expect_nan(el_atan2(odd, 1));
    expect_nan(el_atan2(inf, NAN));
    expect_double("atan2", el_atan2(-3, inf), -0.0);
    expect_double("atan2", el_atan2(-inf, -0.0), -el_atan2(1, 0));
    for (int i = 0; i < TEST_EDGES; i++)
        for (int j = 0; j < TEST_EDGES; j++)
            check_atan2(test_edges[i], test_edges[j]);
}

/* Signs and powers of two, to the last bit. */
static void test_symmetry(void **state)
{
    rng r = rng_make(31, 3);
    (void)state;
    for (int i = 0; i < 50000; i++) {
        double x = argument(&r, SIN, i % 4);
        double y = spread(&r, -20, 20);
        double z = spread(&r, -20, 20);
        double t = el_atan2(y, z);
        double small = ldexp(floor(between(&r, -0x1p30, 0x1p30)), -31);
        expect_double("sin(-x)", el_sin(-x), -el_sin(x));
        expect_double("tanh(-x)", el_tanh(-t), -el_tanh(t));
        expect_double("cos(-x)", el_cos(-x), el_cos(x));
        expect_double("atan2(-y, x)", el_atan2(-y, z), -t);
        expect_double("atan2(2^900 y, 2^900 x)", el_atan2(ldexp(y, 900), ldexp(z, 900)), t);
        expect_double("atan2(2^-900 y, 2^-900 x)", el_atan2(ldexp(y, -900), ldexp(z, -900)), t);
        expect_double("log1p(x)", el_log1p(small), el_log(1 + small)); /* 1 + x is exact */
    }
}

static bool meet(iv a, iv b) { return a.lo <= b.hi && b.lo <= a.hi; }

/* What must hold between the functions, in enclosures: they have to meet, and to be narrow. No libm here. */
static void test_identities(void **state)
{
    rng r = rng_make(31, 4);
    (void)state;
    for (int i = 0; i < 50000; i++) {
        double x = argument(&r, SIN, i % 4);
        double a = ldexp(floor(between(&r, -0x1p50, 0x1p50)), -50 + i % 9);
        double b = ldexp(floor(between(&r, -0x1p50, 0x1p50)), -50 + i % 9);
        double p = fabs(spread(&r, -300, 300));
        iv s = iv_sin(iv_of(x)), c = iv_cos(iv_of(x)), one = iv_add(iv_sqr(s), iv_sqr(c));
        assert_true(iv_has(one, 1) && one.hi - one.lo <= 0x1p-49);
        if (fabs(x) < 0x1p19) {
            assert_true(meet(iv_sin(iv_of(2 * x)), iv_scale(2, iv_mul(s, c))));
            assert_true(meet(iv_cos(iv_of(2 * x)), iv_sub(iv_of(1), iv_scale(2, iv_sqr(s)))));
        }
        assert_true(meet(iv_exp(iv_of(a + b)), iv_mul(iv_exp(iv_of(a)), iv_exp(iv_of(b))))); /* a + b is exact */
        assert_true(iv_has(iv_mul(iv_exp(iv_of(a)), iv_exp(iv_of(-a))), 1));
        iv back = iv_exp(iv_log(iv_of(p))), sum = iv_add(iv_log(iv_of(p)), iv_log(iv_of(1 + fabs(a))));
        assert_true(iv_has(back, p) && back.hi - back.lo <= p * 0x1p-41);
        assert_true(iv_has(iv_log(iv_exp(iv_of(a))), a));
        assert_true(meet(sum, iv_log(iv_mul(iv_of(p), iv_of(1 + fabs(a))))));
    }
}

/* The octants: complements add up to pi/2 and pi, double angles double, the tangent comes back. */
static void test_octants(void **state)
{
    static const iv half_pi = { 0x1.921fb54442d18p+0, 0x1.921fb54442d19p+0 };
    rng r = rng_make(31, 5);
    (void)state;
    for (int i = 0; i < 50000; i++) {
        double y = fabs(spread(&r, -20, 20));
        double x = i % 2 ? fabs(spread(&r, -20, 20)) : y * between(&r, 0.1, 10);
        iv t = iv_atan2(iv_of(y), iv_of(x)), rest = iv_atan2(iv_of(x), iv_of(y)), far = iv_of(el_atan2(y, -x)),
           sum = iv_add(t, rest);
        assert_true(meet(sum, half_pi) && sum.hi - sum.lo <= 0x1p-50);
        assert_true(meet(iv_add(t, iv_make(next_down(far.lo), next_up(far.hi))), IV_PI));
        iv twice = iv_atan2(iv_scale(2, iv_mul(iv_of(x), iv_of(y))), iv_sub(iv_sqr(iv_of(x)), iv_sqr(iv_of(y))));
        if (y < x * 0.99)
            assert_true(meet(iv_scale(2, t), twice));
        assert_true(iv_has(iv_sub(iv_mul(iv_sin(t), iv_of(x)), iv_mul(iv_cos(t), iv_of(y))), 0));
    }
}

/* Boxes contain the values at their points; what is not known is not claimed. */
static void test_boxes(void **state)
{
    rng r = rng_make(31, 6);
    (void)state;
    for (int f = 0; f < FUNCTIONS; f++)
        for (int i = 0; i < 40000; i++) {
            double x = argument(&r, f, i % 4);
            double w = fabs(spread(&r, -40, 3)) * (f == LOG ? x : 1);
            double y = x + w * rng_uniform(&r);
            if (!(y <= 1e300) || (f >= SIN && fabs(y) > 0x1p20))
                continue;
            iv box = functions[f].enclose(iv_make(x, fmax(y, x)));
            for (int k = 0; k < 4; k++) {
                wide at = functions[f].exact(fmin(fmax(k == 0 ? x : k == 1 ? y : between(&r, x, y), x), y));
                wide s = slack * fabsl(at);
                assert_true(box.lo - s <= at && at <= box.hi + s);
            }
            if (f >= SIN)
                assert_true(box.lo >= -1 && box.hi <= 1 &&
                    box.hi - box.lo <= fmin(2, (y - x) * 1.001 + 0x1p-50 * (1 + fabs(x))));
        }
    for (int i = 0; i < 40000; i++) {
        double y = fabs(spread(&r, -10, 10));
        double x = fabs(spread(&r, -10, 10));
        double h = y * between(&r, 0, 2);
        double w = x * between(&r, 0, 2);
        iv box = iv_atan2(iv_make(y, y + h), iv_make(x, x + w));
        wide at = atan2l(fmin(y + h * rng_uniform(&r), y + h), fmin(x + w * rng_uniform(&r), x + w));
        assert_true(box.lo - slack * at <= at && at <= box.hi + slack * at);
        assert_true(box.lo <= el_atan2(y, x + w) && el_atan2(y + h, x) <= box.hi);
    }
    iv half = iv_of(0), across = iv_make(-1, 1), below = iv_make(-1, 5);
    assert_true(iv_log(half).lo == -INFINITY && iv_log(half).hi == INFINITY && iv_log(across).lo == -INFINITY &&
        iv_log(across).hi == INFINITY);
    assert_true(
        iv_log1p(below).lo == -INFINITY && iv_log1p(below).hi == INFINITY && iv_log1p(iv_of(-2)).hi == INFINITY);
    assert_true(iv_exp(iv_all()).lo == 0 && iv_exp(iv_all()).hi == INFINITY);
    assert_true(iv_exp(iv_of(-1000)).lo == 0 && iv_exp(iv_of(-1000)).hi > 0 && iv_exp(iv_of(1000)).lo <= DBL_MAX &&
        iv_exp(iv_of(1000)).hi == INFINITY);
    for (int f = SIN; f <= COS; f++) {
        static const iv unknown[] = { { -2, 2 }, { -INFINITY, INFINITY }, { 0x1p20, 0x1p21 }, { 0x1p30, 0x1p30 } };
        for (size_t i = 0; i < COUNT(unknown); i++) {
            iv all = functions[f].enclose(unknown[i]);
            assert_true(all.lo == -1 && all.hi == 1);
        }
    }
}

/* Products in an accumulator: exact, by the fma of the C library. */
static void acc_product(acc *s, double a, double b)
{
    double p = a * b;
    acc_add(s, p);
    acc_add(s, fma(a, b, -p));
}

static el_dd random_dd(rng *r, int range)
{
    double hi = test_near(r, range);
    return (el_dd) { hi, hi * between(r, -1, 1) * 0x1p-53 };
}

/* The bounds stated for double-doubles: 5 u^2 (|a| + |b|) for sums, 8 u^2 and 12 u^2 relative for products and
   quotients; the exact errors come from the accumulator. */
static void test_double_doubles(void **state)
{
    rng r = rng_make(31, 7);
    (void)state;
    for (int i = 0; i < 100000; i++) {
        el_dd a = random_dd(&r, 20), b = random_dd(&r, i % 2 ? 20 : 0);
        /* cancellation */
        if (i % 4 == 0)
            b = (el_dd) { -a.hi * (1 + 0x1p-52 * (i % 5)), a.lo * between(&r, -1, 1) };
        el_dd s = el_add(a, b), p = el_mul(a, b), q = el_div(a, b);
        acc e;
        acc_zero(&e);
        acc_add(&e, a.hi);
        acc_add(&e, a.lo);
        acc_add(&e, b.hi);
        acc_add(&e, b.lo);
        acc_add(&e, -s.hi);
        acc_add(&e, -s.lo);
        assert_true(fabs(acc_nearest(&e)) <= 5 * 0x1p-106 * (fabs(a.hi) + fabs(b.hi)));
        acc_zero(&e);
        acc_product(&e, a.hi, b.hi);
        acc_product(&e, a.hi, b.lo);
        acc_product(&e, a.lo, b.hi);
        acc_product(&e, a.lo, b.lo);
        acc_add(&e, -p.hi);
        acc_add(&e, -p.lo);
        assert_true(fabs(acc_nearest(&e)) <= 8 * 0x1p-106 * fabs(p.hi));
        acc_zero(&e);
        acc_product(&e, q.hi, b.hi);
        acc_product(&e, q.hi, b.lo);
        acc_product(&e, q.lo, b.hi);
        acc_product(&e, q.lo, b.lo);
        acc_add(&e, -a.hi);
        acc_add(&e, -a.lo);
        assert_true(fabs(acc_nearest(&e)) <= 12 * 0x1p-106 * fabs(a.hi));
        assert_true(s.hi == s.hi + s.lo && p.hi == p.hi + p.lo && q.hi == q.hi + q.lo);
    }
}

/* n pi/2 and log 2 from their digits in base 2^32: products with short integers are exact. */
static void add_half_pi(acc *s, double n)
{
    static const double digits[] = { 0x3p0, 0x243f6a88p-32, 0x85a308d3p-64, 0x13198a2ep-96, 0x03707344p-128,
        0xa4093822p-160, 0x299f31d0p-192 };
    for (size_t i = 0; i < COUNT(digits); i++)
        acc_add(s, n * digits[i] / 2);
}

static void add_log_2(acc *s, double n)
{
    static const double digits[] = { 0xb17217f7p-32, 0xd1cf79abp-64, 0xc9e3b398p-96, 0x03f2f6afp-128, 0x40f34326p-160 };
    for (size_t i = 0; i < COUNT(digits); i++)
        acc_add(s, n * digits[i]);
}

/* The constants to the accuracy their comments state; pi between its neighbours. */
static void test_constants(void **state)
{
    acc s;
    (void)state;
    acc_zero(&s);
    add_log_2(&s, -1);
    acc_add(&s, el_log_2_first);
    acc_add(&s, el_log_2_rest);
    assert_true(fabs(acc_nearest(&s)) < 0x1p-98);
    assert_true((bits_of(el_log_2_first) & 0x7ff) == 0); /* exact times an integer below 2^11 */
    acc_zero(&s);
    add_half_pi(&s, -1);
    acc_add(&s, el_half_pi.hi);
    acc_add(&s, el_half_pi.lo);
    assert_true(fabs(acc_nearest(&s)) < 0x1p-106);
    acc_zero(&s);
    add_half_pi(&s, -2);
    acc_add(&s, el_pi.hi);
    acc_add(&s, el_pi.lo);
    assert_true(fabs(acc_nearest(&s)) < 0x1p-105);
    acc_zero(&s);
    add_half_pi(&s, 2);
    acc_add(&s, -IV_PI.lo);
    assert_true(acc_sign(&s) > 0 && next_up(IV_PI.lo) == IV_PI.hi);
    acc_add(&s, IV_PI.lo);
    acc_add(&s, -IV_PI.hi);
    assert_true(acc_sign(&s) < 0);
}

/* x - n pi/2 to a relative 2^-70, also next to multiples of pi/2, where everything cancels. */
static void check_reduction(double x)
{
    unsigned quarter;
    el_dd r = el_reduce(x, &quarter);
    double n = rint(x * 0x1.45f306dc9c883p-1);
    acc s;
    acc_zero(&s);
    acc_add(&s, x);
    add_half_pi(&s, -n);
    acc_add(&s, -r.hi);
    acc_add(&s, -r.lo);
    assert_true(fabs(acc_nearest(&s)) <= 0x1p-70 * fabs(r.hi) && fabs(r.hi) <= 0.7855);
    assert_int_equal(quarter & 3, (unsigned)(int)n & 3);
}

static void test_reduction(void **state)
{
    rng r = rng_make(31, 8);
    (void)state;
    for (int i = 0; i < 200000; i++)
        check_reduction(argument(&r, SIN, i % 3));
    for (int n = -667544; n <= 667544; n += 1 + abs(n) / 64) {
        double x = n * 0x1.921fb54442d18p+0;
        check_reduction(x);
        check_reduction(next_up(x));
        check_reduction(next_down(x));
    }
    check_reduction(29 * 0x1.921fb54442d18p+0);
    check_reduction(0x1p20);
    check_reduction(-0x1p20);
}

/* sum z^k / ((k step + 1) ... ) by its own recurrence: C, S or A. */
static wide plain_series(int which, wide z)
{
    wide sum = 0;
    wide t = 1;
    for (int k = 0; k < 40; k++) {
        sum += which == 2 ? t / (2 * k + 1) : t;
        t *= which == 2 ? z : which == 1 ? z / ((2 * k + 2) * (2 * k + 3)) : z / ((2 * k + 1) * (2 * k + 2));
    }
    return sum;
}

/* The tables: 1/(2k)!, 1/(2k + 1)!, 1/(2k + 1), rounded to double, the first three to double-double. */
static void test_coefficients(void **state)
{
    wide factorial = 1;
    (void)state;
    for (int k = 0; k < EL_TERMS; k++) {
        wide divisors[3] = { factorial, factorial * (2 * k + 1), 2 * k + 1 };
        el_dd c[3] = { el_C[k], el_S[k], el_A[k] };
        for (int which = 0; which < 3; which++) {
            assert_true(fabsl(c[which].hi * divisors[which] - 1) <= 0x1p-53L + 4 * slack);
            acc e;
            acc_zero(&e);
            acc_product(&e, c[which].hi, (double)divisors[which]);
            acc_product(&e, c[which].lo, (double)divisors[which]);
            acc_add(&e, -1);
            assert_true(k >= EL_EXACT ? c[which].lo == 0 : fabs(acc_nearest(&e)) <= 0x1p-106);
        }
        factorial *= (2 * k + 1) * (2 * k + 2);
    }
}

/* The three series to 0.003 u, logarithm and angle to 0.01 u: bounds far below an ulp, where a wrong digit of a
   coefficient would otherwise hide. Long double sees them. */
static void test_series(void **state)
{
    static const el_dd *const table[] = { el_C, el_S, el_A };
    rng r = rng_make(31, 9);
    const wide own = LDBL_MANT_DIG == 64 ? 0x1p-62L : 0x1p-50L; /* error of the sum above */
    (void)state;
    for (int which = 0; which < 3; which++)
        for (int i = -500; i <= 500; i++) {
            double z = (which == 2 ? 0.0295 : 0.6171) * i / 500;
            el_dd got = el_series(table[which], (el_dd) { z, 0 });
            wide exact = plain_series(which, z);
            assert_true(fabsl((got.hi - exact) + got.lo) <= (0.003L * 0x1p-53L + own) * exact);
        }
    for (int i = 0; i < 50000; i++) {
        double x = i % 2 ? fabs(spread(&r, -1000, 1000)) : between(&r, 0.5, 2);
        double a = fabs(spread(&r, -20, 1));
        double b = between(&r, 1, 2);
        bool left = i % 3 == 0;
        el_dd l = el_log_dd((el_dd) { x, 0 }), p = { a, 0 }, q = { b, 0 }, t = el_angle(p, q, left),
              u = el_angle(q, p, left);
        wide log_x = logl(x);
        wide angle = atan2l(a, left ? -b : b);
        wide steep = atan2l(b, left ? -a : a);
        assert_true(fabsl((l.hi - log_x) + l.lo) <= (0.01L * 0x1p-53L + slack) * fabsl(log_x));
        assert_true(fabsl((t.hi - angle) + t.lo) <= (0.01L * 0x1p-53L + slack) * angle);
        assert_true(fabsl((u.hi - steep) + u.lo) <= (0.01L * 0x1p-53L + slack) * steep);
    }
}

/* The quick ways of exp and log say nothing, seldom, or what the double-doubles say. */
static void test_quick(void **state)
{
    rng r = rng_make(31, 17);
    int silent = 0;
    (void)state;
    for (int i = 0; i < 400000; i++) {
        double x = i % 2 ? between(&r, -746, 710) : spread(&r, -60, 5);
        double a = i % 3 ? fabs(spread(&r, -1000, 1000)) : between(&r, 0.5, 2);
        el_dd b = i % 5 ? (el_dd) { a, 0 } : el_two_sum(1, fmax(spread(&r, -58, 0), -0.75));
        int k, quick_k;
        double exp_x = el_exp_dd(x, &k).hi, quick = el_exp_quick(x, &quick_k);
        silent += quick != quick;
        assert_true(k == quick_k && (quick == exp_x || quick != quick));
        double log_b = el_log_dd(b).hi;
        quick = el_log_quick(b);
        silent += quick != quick;
        assert_true(quick == log_b || quick != quick);
    }
    assert_true(silent < 400000 / 4);
}

/* Relations between arc tangents, as Machin's, to their own accuracy, which a long double could not tell: all of the
   table's digits count. */
static void test_machin(void **state)
{
    static const struct {
        double times, y, x, more, y2, x2, quarters, bound;
    } rows[] = { { 1, 1, 1, 0, 1, 1, 1, 0x1p-104 }, { 2, 1, 2, 1, 3, 4, 2, 0x1p-102 },
        { 2, 1, 4, -1, 8, 15, 0, 0x1p-88 }, { 1, 1, 2, 1, 1, 3, 1, 0x1p-75 }, { 2, 1, 3, 1, 1, 7, 1, 0x1p-75 },
        { 1, 4, 7, 1, 3, 11, 1, 0x1p-75 } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        double down = two_to(-el_exponent(rows[i].x));
        double down2 = two_to(-el_exponent(rows[i].x2));
        el_dd t = el_angle((el_dd) { rows[i].y * down, 0 }, (el_dd) { rows[i].x * down, 0 }, false);
        el_dd u = el_angle((el_dd) { rows[i].y2 * down2, 0 }, (el_dd) { rows[i].x2 * down2, 0 }, false);
        acc s;
        acc_zero(&s);
        acc_product(&s, rows[i].times, t.hi);
        acc_product(&s, rows[i].times, t.lo);
        acc_product(&s, rows[i].more, u.hi);
        acc_product(&s, rows[i].more, u.lo);
        add_half_pi(&s, -rows[i].quarters / 2);
        assert_true(fabs(acc_nearest(&s)) < rows[i].bound);
    }
}

/* The helpers against the C library's exact functions. */
static void test_helpers(void **state)
{
    rng r = rng_make(31, 10);
    (void)state;
    for (int i = 0; i < 100000; i++) {
        double x = fabs(test_any(&r));
        double y = between(&r, -0x1p40, 0x1p40);
        double m = test_near(&r, 0);
        double small;
        int e;
        int n = (int)floor(between(&r, -1020, 1023));
        frexp(x, &e);
        if (x > 0)
            assert_int_equal(el_exponent(x), e - 1);
        expect_double("el_round", el_round(y), rint(y));
        expect_double("el_round", el_round(floor(y) + 0.5), rint(floor(y) + 0.5));
        expect_double("times_two_to", times_two_to(m, n), ldexp(m, n));
        small = times_two_to(m, -1074 + (int)(n & 31)); /* rounded once */
        expect_double("times_two_to", small, ldexp(m, -1074 + (int)(n & 31)));
    }
    for (int e = -1074; e < 1024; e++)
        assert_int_equal(el_exponent(ldexp(1, e)), e);
}

/* The same bits at every dispatch level this machine has. */
static void test_levels(void **state)
{
    enum { N = 3000 };
    static double reference[(FUNCTIONS + 1) * N], again[(FUNCTIONS + 1) * N];
    size_t count;
    const struct kern_level *const *level = kern_levels(&count);
    (void)state;
    for (size_t i = 0; i <= count; i++) {
        double *out = i ? again : reference;
        rng r = rng_make(31, 11);
        if (i && skv_dispatch(level[i - 1]->name))
            continue; /* not on this machine */
        for (int f = 0; f < FUNCTIONS; f++)
            for (int k = 0; k < N; k++)
                *out++ = functions[f].f(argument(&r, f, k % 4));
        for (int k = 0; k < N; k++) {
            double y = spread(&r, -40, 40);
            double x = spread(&r, -40, 40);
            *out++ = el_atan2(y, x);
        }
        if (i && memcmp(reference, again, sizeof again))
            fail_msg("level %s gives other bits", level[i - 1]->name);
    }
}

static int restore(void **state)
{
    (void)state;
    return skv_dispatch(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_edges_of_methods),
        cmocka_unit_test(test_edges_of_atan2), cmocka_unit_test(test_special_values), cmocka_unit_test(test_symmetry),
        cmocka_unit_test(test_identities), cmocka_unit_test(test_octants), cmocka_unit_test(test_boxes),
        cmocka_unit_test(test_double_doubles), cmocka_unit_test(test_constants), cmocka_unit_test(test_reduction),
        cmocka_unit_test(test_coefficients), cmocka_unit_test(test_series), cmocka_unit_test(test_quick),
        cmocka_unit_test(test_machin), cmocka_unit_test(test_helpers),
        cmocka_unit_test_teardown(test_levels, restore) };
    return cmocka_run_group_tests_name("elementary functions", tests, NULL, NULL);
}
