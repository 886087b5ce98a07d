/* SPDX-License-Identifier: MIT */
/* Enclosures, superaccumulator, decimal figures, hexfloats, random numbers: against exact integer arithmetic (the
   accumulator, itself checked by rows from exact.py, and 128-bit integers). Alone sees an end rounded the wrong way,
   which as a rule changes no verdict. */
#include "test.h"

/* add_dn and add_up are the exact sum, rounded: the accumulator knows it. */
static void check_sum(double a, double b)
{
    acc s;
    acc_zero(&s);
    acc_add(&s, a);
    acc_add(&s, b);
    double lo = add_dn(a, b);
    double hi = add_up(a, b);
    double down = acc_down(&s);
    double up = acc_up(&s);
    assert_true(lo <= down && up <= hi);
    if (fabs(a) < 0x1p990 && fabs(b) < 0x1p990) { /* and tight where nothing can overflow */
        assert_true(lo == down);
        assert_true(hi == up);
    }
}

static void test_sums(void **state)
{
    rng r = rng_make(7, 1);
    (void)state;
    for (int i = 0; i < TEST_EDGES; i++)
        for (int j = 0; j < TEST_EDGES; j++)
            check_sum(test_edges[i], test_edges[j]);
    for (int i = 0; i < 200000; i++)
        check_sum(test_any(&r), test_any(&r));
    for (int i = 0; i < 200000; i++)
        check_sum(test_near(&r, 60), test_near(&r, 60));
}

/* Sign of m1 m2 2^(e1+e2) - m3 2^e3 for normal doubles a, b, c with c near a b: exact in 128 bits. */
static int compare_product(double a, double b, double c)
{
    int ea, eb, ec;
    __int128 p = (__int128)(int64_t)(frexp(a, &ea) * 0x1p53) * (int64_t)(frexp(b, &eb) * 0x1p53),
             q = (int64_t)(frexp(c, &ec) * 0x1p53);
    int shift = (ec - 53) - (ea + eb - 106); /* c in units of the product's last place: about 52 or 53 bits up */
    assert_true(shift >= 0 && shift < 70);
    for (int i = 0; i < shift; i++)
        q *= 2;
    return (p > q) - (p < q);
}

static void test_products(void **state)
{
    rng r = rng_make(7, 2);
    (void)state;
    for (int i = 0; i < 300000; i++) {
        double a = test_near(&r, 200);
        double b = i % 4 ? test_near(&r, 200) : floor(test_near(&r, 20));
        if (b == 0)
            continue;
        double lo = mul_dn(a, b);
        double hi = mul_up(a, b);
        int below = compare_product(a, b, lo);
        int above = compare_product(a, b, hi);
        assert_true(below >= 0 && above <= 0);
        assert_true(below == 0 ? lo == hi : next_up(lo) == hi); /* tight: exact, or two neighbours */
        double q_lo = div_dn(a, b);
        double q_hi = div_up(a, b);
        double small = fmin(q_lo * b, q_hi * b);
        (void)small;
        int at_lo = compare_product(q_lo, b, a);
        int at_hi = compare_product(q_hi, b, a);
        assert_true(b > 0 ? at_lo <= 0 && at_hi >= 0 : at_lo >= 0 && at_hi <= 0);
        assert_true(at_lo == 0 ? q_lo == q_hi : next_up(q_lo) == q_hi);
        double x = fabs(a);
        double s_lo = sqrt_dn(x);
        double s_hi = sqrt_up(x);
        int root_lo = compare_product(s_lo, s_lo, x);
        int root_hi = compare_product(s_hi, s_hi, x);
        assert_true(root_lo <= 0 && root_hi >= 0);
        assert_true(root_lo == 0 ? s_lo == s_hi : next_up(s_lo) == s_hi);
    }
}

/* At the edges only inclusion is promised; a NaN must become [-inf, inf]. */
static void test_edges_include(void **state)
{
    (void)state;
    for (int i = 0; i < TEST_EDGES; i++)
        for (int j = 0; j < TEST_EDGES; j++) {
            double a = test_edges[i];
            double b = test_edges[j];
            double p = a * b;
            iv m = iv_mul(iv_of(a), iv_of(b)), q = iv_div(iv_of(a), iv_of(b));
            assert_true(m.lo <= p && p <= m.hi);
            if (p == 0 && a != 0 && b != 0)
                assert_true((a < 0) != (b < 0) ? m.lo < 0 && m.hi >= 0 : m.hi > 0 && m.lo <= 0);
            if (fabs(p) == INFINITY)
                assert_true(p > 0 ? m.lo <= DBL_MAX && m.hi == INFINITY : m.hi >= -DBL_MAX && m.lo == -INFINITY);
            if (b == 0)
                assert_true(q.lo == -INFINITY && q.hi == INFINITY);
            else
                assert_true(q.lo <= a / b && a / b <= q.hi);
        }
    iv nothing = iv_of(NAN), sum = iv_add((iv) { INFINITY, INFINITY }, (iv) { -INFINITY, -INFINITY }),
       product = iv_mul(iv_of(0), iv_of(INFINITY));
    assert_true(nothing.lo == -INFINITY && nothing.hi == INFINITY);
    assert_true(sum.lo == -INFINITY && sum.hi == INFINITY);
    assert_true(product.lo <= 0 && product.hi >= 0);
    assert_true(verdict_at_most(nothing, 1) == UNDECIDED);
}

/* x op y lies in X op Y for points x, y of the intervals. */
static void test_inclusion(void **state)
{
    rng r = rng_make(7, 3);
    (void)state;
    for (int i = 0; i < 100000; i++) {
        double e[4];
        for (int k = 0; k < 4; k++)
            e[k] = test_near(&r, 4);
        iv x = iv_make(fmin(e[0], e[1]), fmax(e[0], e[1])), y = iv_make(fmin(e[2], e[3]), fmax(e[2], e[3]));
        double t = rng_uniform(&r);
        double s = rng_uniform(&r);
        double a = fmin(fmax(x.lo + t * (x.hi - x.lo), x.lo), x.hi);
        double b = fmin(fmax(y.lo + s * (y.hi - y.lo), y.lo), y.hi);
        iv m = iv_mul(x, y), d = iv_sub(x, y), q = iv_sqr(x), pm = iv_mul(iv_of(a), iv_of(b)),
           pd = iv_sub(iv_of(a), iv_of(b));
        assert_true(m.lo <= pm.lo && pm.hi <= m.hi);
        assert_true(d.lo <= pd.lo && pd.hi <= d.hi);
        assert_true(q.lo <= mul_dn(a, a) && mul_up(a, a) <= q.hi && q.lo >= 0);
        if (!iv_has(y, 0)) {
            iv v = iv_div(x, y);
            assert_true(v.lo <= div_dn(a, b) && div_up(a, b) <= v.hi);
        }
        iv f[4] = { iv_exp(x), iv_sin(x), iv_cos(x), iv_log(iv_sqr(x)) };
        double g[4] = { el_exp(a), el_sin(a), el_cos(a), el_log(a * a) };
        for (int k = 0; k < 3; k++)
            assert_true(f[k].lo <= g[k] && g[k] <= f[k].hi);
        assert_true(f[3].lo <= next_up(next_up(g[3])) && next_down(next_down(g[3])) <= f[3].hi);
    }
}

/* Sums are exact, in any order and any split. */
static void test_accumulator(void **state)
{
    enum { N = 2000 };
    static double x[N];
    rng r = rng_make(7, 4);
    acc whole, part[3];
    (void)state;
    for (int i = 0; i < N; i++)
        x[i] = i % 2 ? test_any(&r) : test_near(&r, 30);
    acc_zero(&whole);
    for (int k = 0; k < 3; k++)
        acc_zero(&part[k]);
    for (int i = 0; i < N; i++)
        acc_add(&whole, x[i]);
    for (int i = N; i-- > 0;)
        acc_add(&part[i % 3], x[i]);
    acc_merge(&part[0], &part[2]);
    acc_merge(&part[0], &part[1]);
    expect_double("merged in another order", acc_nearest(&part[0]), acc_nearest(&whole));
    for (int i = 0; i < N; i++)
        acc_add(&whole, -x[i]);
    assert_int_equal(acc_sign(&whole), 0);
    acc_add(&whole, -0x1p-1074);
    expect_double("the smallest number is left", acc_nearest(&whole), -0x1p-1074);
    static double long_sum[100000];
    for (int i = 0; i < 100000; i++)
        long_sum[i] = (i % 2 ? -1 : 1) * 0x1p900 * (i / 2 + 1) + i * 0x1p-60;
    for (int threads = 1; threads <= 7; threads += 3) {
        skv_threads(threads);
        expect_double("skv_sum of many", skv_sum(100000, long_sum), 0);
    }
    skv_threads(0);
    expect_double("skv_sum", skv_sum(4, (double[]) { 1e308, 1e308, -1e308, -1e308 }), 0);
    acc_add(&whole, NAN);
    assert_true(acc_down(&whole) == -INFINITY && acc_up(&whole) == INFINITY);
    assert_true(acc_nearest(&whole) != acc_nearest(&whole));
}

/* Sums of many at once have the same digits as one by one: of all exponents, of subnormals and zeros, of the largest
   number and its kin with all bits set, in one bucket; and what is not finite is noticed. */
static void test_accumulator_many(void **state)
{
    enum { MOST = 1 << 20 };
    static const size_t sizes[] = { 0, 1, 4095, 4096, 65536, MOST };
    double *x = malloc(MOST * sizeof *x);
    rng r = rng_make(7, 5);
    (void)state;
    assert_non_null(x);
    for (int round = 0; round < 30; round++) {
        size_t n = sizes[round % 6];
        text one = { 0 };
        text many = { 0 };
        acc a, b;
        acc_zero(&a);
        acc_zero(&b);
        for (size_t i = 0; i < n; i++) {
            double y = test_any(&r);
            double kinds[] = { y, double_of(bits_of(y) & 0x800fffffffffffffu), i % 5 ? -DBL_MAX : y,
                double_of(0x800fffffffffffffu), double_of(0x001fffffffffffffu) };
            x[i] = kinds[round / 6];
        }
        for (size_t i = 0; i < n; i++)
            acc_add(&a, x[i]);
        acc_add_all(&b, n, x);
        acc_print(&one, &a);
        acc_print(&many, &b);
        assert_string_equal(one.s, many.s);
        if (n) {
            x[n / 2] = round % 2 ? NAN : -INFINITY;
            acc_add_all(&b, n, x);
            assert_true(b.invalid);
        }
        free(one.s);
        free(many.s);
    }
    free(x);
}

/* Carries: more additions than fit between two of them, alternating between the extremes. */
static void test_accumulator_carries(void **state)
{
    acc a;
    (void)state;
    acc_zero(&a);
    for (int i = 0; i < 100000; i++)
        acc_add(&a, DBL_MAX);
    a.pending = (1u << 29) - 1;
    acc_add(&a, DBL_MAX);
    assert_int_equal(a.pending, 0);
    assert_true(acc_down(&a) == DBL_MAX && acc_up(&a) == INFINITY);
    for (int i = 0; i < 100001; i++)
        acc_add(&a, -DBL_MAX);
    assert_int_equal(acc_sign(&a), 0);
}

static void test_figures(void **state)
{
    int64_t lo, hi;
    (void)state;
    static const double outside[] = { 9.0e6, -9.0e6, 1e300, INFINITY, -INFINITY, NAN };
    for (size_t i = 0; i < COUNT(outside); i++)
        assert_false(fig_floor(outside[i], &lo));
    rng r = rng_make(7, 5);
    for (int i = 0; i < 100000; i++) {
        double x = test_near(&r, 22);
        assert_true(fig_floor(x, &lo) && fig_ceil(x, &hi));
        assert_true(hi - lo <= 1);
        assert_true(fabsl((long double)x * 1e12L - (long double)lo) <= 1.001L);
    }
}

static void test_random(void **state)
{
    rng a = rng_make(5, 9), b = rng_make(5, 9), c = rng_make(5, 10);
    uint64_t x[2], y[2], z[2];
    (void)state;
    for (int i = 0; i < 4; i++)
        rng_next(&a, x);
    b.index = 3; /* any number can be drawn alone */
    rng_next(&b, y);
    c.index = 3;
    rng_next(&c, z);
    assert_true(x[0] == y[0] && x[1] == y[1] && x[0] != z[0]);
    double mean = 0;
    double square = 0;
    double n = 100000;
    for (int i = 0; i < (int)n; i++) {
        double v = rng_normal(&a);
        mean += v / n;
        square += v * v / n;
    }
    assert_true(fabs(mean) < 0.02 && fabs(square - 1) < 0.03);
    expect_double("dyadic", dyadic(0.3), 307 * 0x1p-10);
    expect_double("dyadic", dyadic(-1234.56789), -1264198 * 0x1p-10);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_sums), cmocka_unit_test(test_products),
        cmocka_unit_test(test_edges_include), cmocka_unit_test(test_inclusion), cmocka_unit_test(test_accumulator),
        cmocka_unit_test(test_accumulator_carries), cmocka_unit_test(test_accumulator_many),
        cmocka_unit_test(test_figures), cmocka_unit_test(test_random) };
    return cmocka_run_group_tests_name("enclosures and fixed point", tests, NULL, NULL);
}
