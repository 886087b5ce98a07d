/* SPDX-License-Identifier: MIT */
/* fma against exact integers; products, dot, axpy, rot and relu_gap bit for bit against plain loops that are their
   definitions; the pool of threads; what the probe refuses. All of it at every dispatch level this machine has.
   Alone sees an order of summation that differs between levels at a size or an alignment that no claim has. */
#include "test.h"
#include <fenv.h>

static const double guard = -77;
static const int thread_counts[] = { 1, 2, 7 };
static rng source;

static uint64_t draw(uint64_t below)
{
    uint64_t w[2];
    rng_next(&source, w);
    return below ? w[0] % below : w[0];
}

/* Selects one level after the other, except those the machine lacks; at the end the default again. */
static bool next_level(size_t *i)
{
    size_t count;
    const struct kern_level *const *level = kern_levels(&count);
    while (*i < count)
        if (!skv_dispatch(level[(*i)++]->name))
            return true;
    skv_dispatch(NULL);
    return false;
}

/* That a result is a NaN is defined, which NaN is not. */
static bool same(double x, double y) { return bits_of(x) == bits_of(y) || (x != x && y != y); }

static void expect_same(
    size_t n, const double *got, const double *expected, const char *what, size_t a, size_t b, size_t c)
{
    char t[200];
    for (size_t i = 0; i < n; i++)
        if (!same(got[i], expected[i])) {
            snprintf(
                t, sizeof t, "%s %zu %zu %zu, %s, %d threads: [%zu]", what, a, b, c, kern_now->name, thr_count(), i);
            expect_double(t, got[i], expected[i]);
        }
}

/* The oracle: a b + c as a sum of signed 32-bit digits in units of 2^-UNIT, rounded once. */
enum { UNIT = 2304, DIGITS = 138 };
typedef struct {
    int64_t digit[DIGITS];
} exact;

/* v < 2^61: up to eight of them cannot overflow a digit. */
static void exact_add(exact *x, int sign, uint64_t v, int shift)
{
    int s = shift % 32;
    x->digit[shift / 32] += sign * (int64_t)(v << s & 0xffffffff);
    x->digit[shift / 32 + 1] += sign * (int64_t)(v >> (32 - s));
}

/* x = sign * x in digits from 0 to 2^32 - 1; negative if x is. */
static int64_t exact_carry(exact *x, int sign)
{
    int64_t carry = 0;
    for (int i = 0; i < DIGITS; i++) {
        carry += sign * x->digit[i];
        x->digit[i] = carry & 0xffffffff;
        carry >>= 32;
    }
    return carry;
}

static bool exact_bit(const exact *x, int i) { return x->digit[i / 32] >> i % 32 & 1; }

static double exact_round(exact *x, double zero)
{
    int digits = DIGITS;
    int sign = exact_carry(x, 1) < 0 ? -1 : 1;
    int64_t kept = 0;
    int64_t rest = 0;
    if (sign < 0)
        exact_carry(x, -1);
    while (digits && !x->digit[digits - 1])
        digits--;
    if (!digits)
        return zero;
    int top = 32 * digits - 1;
    while (!exact_bit(x, top))
        top--;
    int last = top - 52 > UNIT - 1074 ? top - 52 : UNIT - 1074;
    int half = last - 1;
    for (int i = top; i >= last; i--)
        kept = 2 * kept + exact_bit(x, i);
    for (int i = 0; i < half / 32; i++)
        rest |= x->digit[i];
    rest |= x->digit[half / 32] & (((int64_t)1 << half % 32) - 1);
    return sign * ldexp((double)(kept + (exact_bit(x, half) && (rest || kept % 2))), last - UNIT);
}

static double plain(double x) { return isfinite(x) ? copysign(x != 0, x) : x; }

static double oracle(double a, double b, double c)
{
    exact x = { { 0 } };
    int ea, eb, ec;
    int sign = !signbit(a) == !signbit(b) ? 1 : -1;
    /* only signs and zeros matter */
    if (!isfinite(a) || !isfinite(b) || !isfinite(c))
        return plain(a) * plain(b) + plain(c);
    uint64_t ma = (uint64_t)(frexp(fabs(a), &ea) * 0x1p53);
    uint64_t mb = (uint64_t)(frexp(fabs(b), &eb) * 0x1p53);
    uint64_t mc = (uint64_t)(frexp(fabs(c), &ec) * 0x1p53);
    for (int i = 0; i < 53; i += 8)
        exact_add(&x, sign, ma * (mb >> i & 255), ea + eb - 106 + i + UNIT);
    exact_add(&x, signbit(c) ? -1 : 1, mc, ec - 53 + UNIT);
    return exact_round(&x, sign < 0 && signbit(c) ? -0.0 : 0.0);
}

/* Exponent e, or the nearest there is. */
static double number(int e, uint64_t fraction, uint64_t sign)
{
    int field = e < -1023 ? 0 : e > 1023 ? 2046 : e + 1023;
    return double_of((sign & 1) << 63 | (uint64_t)field << 52 | (fraction & 0xfffffffffffffu));
}

/* One bit, runs of ones, both ends, sparse, or anything. */
static uint64_t fraction(void)
{
    uint64_t r = draw(52);
    uint64_t x = draw(0);
    switch (draw(8)) {
    case 0:
        return 0;
    case 1:
        return (uint64_t)1 << r;
    case 2:
        return ~(uint64_t)0 << r;
    case 3:
        return ~(uint64_t)0 >> (12 + r);
    case 4:
        return (uint64_t)1 << r | 1;
    case 5:
        return x & draw(0) & draw(0);
    default:
        return x;
    }
}

enum { EDGES = TEST_EDGES + 3 };
static double edge(size_t i)
{
    return i < TEST_EDGES ? test_edges[i] : i == TEST_EDGES ? NAN : i == TEST_EDGES + 1 ? INFINITY : -INFINITY;
}

/* a b also 2^e (1 + x^3), a bit and then long zeros, or near the smallest and the largest normal number and the
   limit of the software fma of vectors; c also cancels a b, or one of the two lies near half a last place of the
   other. */
static void draw_case(double *a, double *b, double *c)
{
    static const int ranges[] = { 1060, 40, 500 };
    static const int offsets[][2] = { { -120, 240 }, { 53, 4 }, { -56, 4 }, { -104, 8 } };
    int kind = (int)draw(12);
    int range = ranges[kind % 3];
    int ea = (int)draw(2 * (uint64_t)range + 1) - range;
    int eb = (int)draw(2 * (uint64_t)range + 1) - range;
    if (kind == 9)
        eb = -1022 - ea + (int)draw(120) - 60;
    if (kind == 10)
        eb = 1023 - ea + (int)draw(6) - 3;
    if (kind == 11)
        eb = -969 - ea + (int)draw(8) - 4;
    *a = number(ea, fraction(), draw(2));
    *b = number(eb, fraction(), draw(2));
    if (kind == 8) {
        int bits = (int)draw(12); /* all products here are exact: x^2 in 52 bits */
        double x = ldexp((double)draw((uint64_t)2 << bits) - (1 << bits), -13 - (int)draw(14));
        *a = ldexp(1 + x, ea);
        *b = ldexp(1 - x + x * x, eb);
    }
    double p = *a * *b;
    int way = (int)draw(8);
    int r = (int)draw(2100);
    int e = way < 4 ? ea + eb + offsets[way][0] + r % offsets[way][1] : r - 1070;
    *c = way < 5   ? number(e, fraction(), draw(2))
        : way == 5 ? -p
        : way == 6 ? double_of(bits_of(-p) + (uint64_t)(r % 5) - 2)
        : r % 2    ? p
                   : 0.0;
    if (!draw(16))
        *a = edge(draw(EDGES));
    if (!draw(16))
        *b = edge(draw(EDGES));
    if (!draw(16))
        *c = edge(draw(EDGES));
}

static void expect_fma(const char *what, double a, double b, double c, double got, double expected)
{
    char x[3][40], t[200];
    if (same(got, expected))
        return;
    hex_print(x[0], sizeof x[0], a);
    hex_print(x[1], sizeof x[1], b);
    hex_print(x[2], sizeof x[2], c);
    snprintf(t, sizeof t, "%s, %s: %s %s %s", what, kern_now->name, x[0], x[1], x[2]);
    expect_double(t, got, expected);
}

/* All triples of edges, then drawn ones. Lane l of a vector is the case; the other lanes hold other cases, so that
   harmless and harmful ones meet. */
static void test_fma(void **state)
{
    enum { CASES = 300000, LANES = 16 };
    double a[LANES], b[LANES], c[LANES], want[LANES], y[LANES];
    (void)state;
    source = rng_make(21, 1);
    for (size_t i = 0; i < COUNT(probe_cases); i++) { /* rows computed by hand, for the oracle */
        const double *x = probe_cases[i];
        expect_fma("oracle", x[0], x[1], x[2], oracle(x[0], x[1], x[2]), x[3]);
    }
    for (size_t i = 0; i < CASES; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            size_t j = i + l;
            if (j < EDGES * EDGES * EDGES) {
                a[l] = edge(j % EDGES);
                b[l] = edge(j / EDGES % EDGES);
                c[l] = edge(j / EDGES / EDGES);
            } else
                draw_case(&a[l], &b[l], &c[l]);
            want[l] = oracle(a[l], b[l], c[l]);
            expect_fma("fma_soft", a[l], b[l], c[l], fma_soft(a[l], b[l], c[l]), want[l]);
        }
        for (size_t v = 0; next_level(&v);)
            for (size_t l = 0; l < LANES; l++) {
                expect_fma("fma1", a[l], b[l], c[l], fma1(a[l], b[l], c[l]), want[l]);
                expect_fma("fma", a[l], b[l], c[l], kern_now->fma(a[l], b[l], c[l]), want[l]);
                memcpy(y, c, sizeof y);
                kern_axpy(LANES, a[l], b, y);
                expect_fma("fma of vectors", a[l], b[l], c[l], y[l], want[l]);
            }
    }
}

static void fill(size_t n, double *x, double value)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

/* Mostly tame, some zeros, some far away; a block of its own, for the sanitizer. */
static double *drawn(mem *m, size_t n)
{
    double *x = mem_doubles(m, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t r = draw(0);
        if (r % 16)
            x[i] = number(r % 16 == 1 ? (int)(r >> 8 & 255) : (int)(r >> 8 & 15) - 8, draw(0), r >> 4);
    }
    return x;
}

/* The definition: chains of 256 fmas, their sums added in ascending order. */
static void product(
    size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t p = 0; p < k; p += 256) {
                double s = 0;
                for (size_t q = p; q < k && q < p + 256; q++)
                    s = fma(a[i * lda + q], b[q * ldb + j], s);
                sum = p ? sum + s : s;
            }
            c[i * ldc + j] = sum;
        }
}

/* Rows `more` longer than need be: what lies between and behind the rows of C stays as it was. */
static void check_product(size_t m, size_t n, size_t k, size_t more)
{
    size_t lda = k + more;
    size_t ldb = n + more;
    size_t ldc = n + more;
    size_t size = m * ldc + 1;
    mem M = { 0 };
    double *a = drawn(&M, m * lda);
    double *b = drawn(&M, k * ldb);
    double *c = mem_doubles(&M, size);
    double *want = mem_doubles(&M, size);
    fill(size, want, guard);
    product(m, n, k, a, lda, b, ldb, want, ldc);
    for (size_t v = 0; next_level(&v);)
        for (size_t t = 0; t < COUNT(thread_counts); t++) {
            skv_threads(thread_counts[t]);
            fill(size, c, guard);
            assert_int_equal(skv_gemm(m, n, k, a, lda, b, ldb, c, ldc), 0);
            expect_same(size, c, want, "product", m, n, k);
        }
    skv_threads(0);
    mem_free(&M);
}

/* Tiles are 2 x 4, 4 x 8, 4 x 12 and 8 x 24: whole, one less, one more; every depth about the ends of the blocks of
   16, 128 and 256. */
static void test_tile_edges(void **state)
{
    static const size_t columns[] = { 0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 47, 48, 49, 64,
        71 };
    static const size_t depths[] = { 0, 1, 2, 7, 8, 9, 15, 16, 17, 127, 128, 129, 255, 256, 257, 511, 512, 513, 600 };
    (void)state;
    source = rng_make(21, 2);
    for (size_t m = 0; m < 19; m++)
        for (size_t j = 0; j < COUNT(columns); j++)
            check_product(m, columns[j], depths[draw(COUNT(depths))], draw(2) * draw(9));
    for (size_t i = 0; i < COUNT(depths); i++)
        for (size_t m = 1; m < 10; m++)
            check_product(m, columns[draw(COUNT(columns))], depths[i], draw(2) * 3);
    for (size_t m = 16; m < 50; m++)
        check_product(m, columns[draw(COUNT(columns))], depths[draw(COUNT(depths))], draw(2));
}

/* What only large products reach. */
static void test_paths(void **state)
{
    static const size_t shapes[][3] = { { 191, 30, 130 }, { 192, 30, 257 },
        { 193, 31, 130 }, /* deep: blocks of 192 rows */
        { 29, 1007, 130 }, { 25, 1008, 130 }, { 21, 1009, 129 }, { 21, 1009, 513 },
        { 26, 2100, 140 }, /* deep: stripes of 1008 columns */
        { 21, 511, 20 }, { 21, 512, 20 }, { 23, 513, 20 }, { 25, 2015, 20 }, { 25, 2016, 20 },
        { 21, 2017, 128 }, /* shallow: strips of 2016 columns */
        { 1, 511, 300 }, { 2, 512, 300 }, { 3, 513, 300 }, { 4, 1027, 7 },
        { 4, 2085, 300 }, /* few rows, cut for the threads */
        { 1, 2049, 1 }, { 3, 2047, 20 }, { 4, 4200, 9 }, { 2, 4097, 257 }, { 16, 2060, 33 },
        { 13, 4200, 257 },                                                       /* few rows: 2048 columns at a time */
        { 3000, 1, 1500 }, { 400, 30, 700 }, { 200, 200, 1 }, { 180, 290, 220 }, /* cut by rows, by both */
        { 2050, 1030, 3 }, { 1045, 2019, 2 } };                                  /* C streamed past the caches */
    (void)state;
    source = rng_make(21, 3);
    for (size_t i = 0; i < COUNT(shapes); i++)
        check_product(shapes[i][0], shapes[i][1], shapes[i][2], i % 3);
}

/* As drawn, with some numbers that are none, at most subnormal, or -0. */
static double *odd(mem *m, size_t n)
{
    static const double odds[] = { NAN, INFINITY, -INFINITY, -0.0, 0x1p-1074, -0x1.8p-1030, 0x1p-600, -0x1p-600 };
    double *x = drawn(m, n);
    size_t every = 2 + draw(6) * n;
    for (size_t i = 0; i < n; i++)
        if (!draw(every))
            x[i] = odds[draw(COUNT(odds))];
    return x;
}

/* Two products with relu between them; X has rows longer than need be. */
static void check_relu_project(size_t r, size_t m, size_t d, size_t n, size_t more, double *(*draw_n)(mem *, size_t))
{
    size_t size = r * n + 1;
    mem M = { 0 };
    double *A = draw_n(&M, r * m);
    double *W = draw_n(&M, m * d);
    double *X = draw_n(&M, d * (n + more));
    double *H = mem_doubles(&M, m * n);
    double *P = mem_doubles(&M, size);
    double *want = mem_doubles(&M, size);
    fill(size, want, guard);
    product(m, n, d, W, d, X, n + more, H, n);
    for (size_t i = 0; i < m * n; i++)
        H[i] = H[i] < 0 ? 0 : H[i];
    product(r, n, m, A, m, H, n, want, n);
    for (size_t v = 0; next_level(&v);)
        for (size_t t = 0; t < COUNT(thread_counts); t++) {
            char what[80];
            skv_threads(thread_counts[t]);
            fill(size, P, guard);
            relu_project(r, m, d, n, A, W, X, n + more, P);
            snprintf(what, sizeof what, "relu_project %zu", r);
            expect_same(size, P, want, what, m, d, n);
        }
    skv_threads(0);
    mem_free(&M);
}

/* -2^-600 2^-600 rounds to -0, and so does -2^-600 of the hidden 2^-600; it stays -0 only beside 1 of a hidden -0. */
static void check_minus_zero(void)
{
    static const double A[] = { -0x1p-600, 1 };
    static const double W[] = { 1, -0x1p-600 };
    double X = 0x1p-600;
    double P;
    for (size_t v = 0; next_level(&v);) {
        relu_project(1, 2, 1, 1, A, W, &X, 1, &P);
        assert_true(bits_of(P) == bits_of(-0.0));
    }
}

/* Rows about multiples of the tiles' heights and the block of 192, units and inputs about blocks of 256, columns
   about panels and about what a task takes. */
static void test_relu_project(void **state)
{
    static const size_t rows[] = { 0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 17, 68, 191, 192, 193 };
    static const size_t units[] = { 0, 1, 2, 3, 7, 8, 9, 31, 127, 255, 256, 257, 263, 512, 513 };
    static const size_t inputs[] = { 0, 1, 2, 3, 8, 9, 64, 255, 256, 257, 513 };
    static const size_t columns[] = { 0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 23, 24, 25, 47, 48, 49, 71 };
    (void)state;
    source = rng_make(21, 6);
    for (size_t i = 0; i < 120; i++)
        check_relu_project(i < COUNT(rows) ? rows[i] : rows[draw(14)], units[draw(COUNT(units))],
            inputs[draw(COUNT(inputs))], columns[draw(COUNT(columns))], draw(2) * draw(9), i % 2 ? odd : drawn);
    for (size_t i = 0; i < COUNT(units); i++)
        check_relu_project(rows[1 + draw(12)], units[i], inputs[draw(8)], columns[1 + draw(16)], i % 2, drawn);
    check_minus_zero();
    check_relu_project(12, 1100, 8, 1007, 0, drawn);
    check_relu_project(5, 2570, 3, 1009, 2, odd);
    check_relu_project(3, 40, 5, 2100, 0, odd);
}

/* The definition: lane k mod 16 takes term k, all lanes equally many; then halves are added. */
static double dot(size_t n, const double *x, const double *y)
{
    double lane[16] = { 0 };
    for (size_t k = 0; k < (n + 15) / 16 * 16; k++)
        lane[k % 16] = fma(k < n ? x[k] : 0, k < n ? y[k] : 0, lane[k % 16]);
    for (int h = 8; h; h /= 2)
        for (int l = 0; l < h; l++)
            lane[l] += lane[l + h];
    return lane[0];
}

/* Products that underflow to -0, and zeros of both signs: the sum of no more than 16 terms must come out of both ways
   of forming it with the same sign. */
static void test_short_sums(void **state)
{
    static const double few[] = { 0, -0.0, 0x1p-600, -0x1p-600, 1, -1, -0x1p-1074 };
    (void)state;
    source = rng_make(21, 14);
    for (int round = 0; round < 20000; round++) {
        double x[17], y[17];
        size_t n = draw(18);
        for (size_t k = 0; k < n; k++) {
            x[k] = few[draw(COUNT(few))];
            y[k] = few[draw(COUNT(few))];
        }
        double want = dot(n, x, y);
        double got = kern_dot(n, x, y);
        expect_same(1, &got, &want, "dot", n, 0, 0);
        for (size_t v = 0; next_level(&v);) {
            got = kern_now->dot(n, x, y);
            expect_same(1, &got, &want, "dot of a level", n, 0, 0);
        }
    }
}

/* Every remainder by any width; all arrays go on for one double after what may be written. */
static void test_vectors(void **state)
{
    (void)state;
    source = rng_make(21, 4);
    for (size_t i = 0; i <= 70; i++)
        for (size_t v = 0; next_level(&v);) {
            mem m = { 0 };
            size_t n = i < 70 ? i : 1003;
            double *x = drawn(&m, n + 1);
            double *y = drawn(&m, n + 1);
            double s = 0.6;
            double tau = 0x1.5555p-2;
            double got = kern_dot(n, x, y);
            double want = dot(n, x, y);
            double *u = mem_copy(&m, n + 1, x);
            double *w = mem_copy(&m, n + 1, y);
            double *u0 = mem_copy(&m, n + 1, x);
            double *w0 = mem_copy(&m, n + 1, y);
            expect_same(1, &got, &want, "dot", n, 0, 0);
            kern_rot(n, s, tau, u, w);
            for (size_t k = 0; k < n; k++) {
                u0[k] = fma(-s, fma(tau, x[k], y[k]), x[k]);
                w0[k] = fma(s, fma(-tau, y[k], x[k]), y[k]);
            }
            expect_same(n + 1, u, u0, "rot, x", n, 0, 0);
            expect_same(n + 1, w, w0, "rot, y", n, 0, 0);
            kern_axpy(n, s, x, u);
            for (size_t k = 0; k < n; k++)
                u0[k] = fma(s, x[k], u0[k]);
            expect_same(n + 1, u, u0, "axpy", n, 0, 0);
            for (size_t from = 0; from < 3 && from < n; from++) { /* whatever the alignment */
                memcpy(w0 + from, x, (n - from) * sizeof *x);
                kern_now->stream(n - from, x, w + from);
                expect_same(n + 1, w, w0, "stream", n, from, 0);
            }
            /* twelve times the fixed point 1/2 of x/2 + 1/4, reached within 64 steps */
            assert_true(kern_now->peak(96 * 64) == 6);
            mem_free(&m);
        }
}

static double gap_term(size_t n, const double *w, const double *x, size_t ldx)
{
    double p = 0;
    for (size_t k = 0; k < n; k++)
        p = fma(w[k], x[k * ldx], p);
    return p > 0 ? p : 0;
}

/* The squares of a block as one dot product of 256 terms; NaN counts as 0. */
static void check_gap(size_t pairs, size_t n, size_t samples, size_t more)
{
    size_t blocks = (samples + 255) / 256;
    size_t ldx = samples + more;
    size_t size = pairs * blocks + 1;
    mem m = { 0 };
    double *w1 = drawn(&m, pairs * n);
    double *w2 = drawn(&m, pairs * n);
    double *x = drawn(&m, n * ldx);
    double *got = mem_doubles(&m, size);
    double *want = mem_doubles(&m, size);
    fill(size, want, guard);
    for (size_t i = 0; i < pairs * n; i++)
        if (draw(2))
            w2[i] = w1[i];
    if (pairs * n > 2)
        w1[pairs * n / 2] = NAN;
    for (size_t i = 0; i < pairs; i++)
        for (size_t b = 0; b < blocks; b++) {
            double d[256] = { 0 };
            for (size_t j = b * 256; j < samples && j < b * 256 + 256; j++)
                d[j % 256] = gap_term(n, w1 + i * n, x + j, ldx) - gap_term(n, w2 + i * n, x + j, ldx);
            want[i * blocks + b] = dot(256, d, d);
        }
    for (size_t v = 0; next_level(&v);)
        for (size_t t = 0; t < COUNT(thread_counts); t++) {
            skv_threads(thread_counts[t]);
            fill(size, got, guard);
            assert_int_equal(relu_gap(pairs, n, samples, w1, w2, x, ldx, got), 0);
            expect_same(size, got, want, "relu_gap", pairs, n, samples);
        }
    skv_threads(0);
    mem_free(&m);
}

static void gap_too_long(void *ctx)
{
    (void)ctx;
    relu_gap(1, 257, 1, NULL, NULL, NULL, 1, NULL);
}

/* Pairs about multiples of 1, 3 and 6 and about the chunk of 48, samples about multiples of 16 and 256. */
static void test_relu_gap(void **state)
{
    (void)state;
    source = rng_make(21, 5);
    for (size_t p = 0; p < 14; p++)
        check_gap(p, 1 + p * 3 % 17, 15 + 31 * p, p % 3);
    static const size_t shapes[][3] = { { 47, 16, 256 }, { 48, 7, 255 }, { 49, 5, 257 }, { 100, 3, 1030 },
        { 3, 256, 40 }, { 2, 0, 40 }, { 2, 5, 0 }, { 5, 2, 16 } };
    for (size_t i = 0; i < COUNT(shapes); i++)
        check_gap(shapes[i][0], shapes[i][1], shapes[i][2], i % 2);
    expect_end(EXIT_UNDECIDED, "relu_gap: 257, at most 256", gap_too_long, NULL);
}

enum { TASKS = 20000 };
static unsigned hits[TASKS], active, most;

static void hit(void *ctx, size_t i)
{
    (void)ctx;
    __atomic_fetch_add(&hits[i], 1, __ATOMIC_RELAXED);
}

static void nest(void *ctx, size_t i)
{
    (void)i;
    thr_for(3, hit, ctx);
}

static void *outsider(void *ctx)
{
    for (int r = 0; r < 200; r++)
        thr_for(10, hit, ctx);
    return NULL;
}

/* Each index once, whatever the number of tasks and threads of the call before; also from within a task, and for
   callers that do not know of each other. */
static void test_each_once(void **state)
{
    (void)state;
    for (size_t r = 0; r < 600; r++) {
        size_t n = r % 100 == 99 ? TASKS : r % 3 ? r * 37 % 2000 : r % 12;
        skv_threads((int)(r * 5 % 9));
        memset(hits, 0, sizeof hits);
        thr_for(n, hit, NULL);
        for (size_t i = 0; i < TASKS; i++)
            if (hits[i] != (i < n))
                fail_msg("task %zu of %zu, %d threads => run %u times", i, n, thr_count(), hits[i]);
    }
    pthread_t id[4];
    memset(hits, 0, sizeof hits);
    skv_threads(4);
    thr_for(100, nest, NULL);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(hits[i], i < 3 ? 100 : 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&id[i], NULL, outsider, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(id[i], NULL);
    for (size_t i = 0; i < 11; i++)
        assert_int_equal(hits[i], i < 3 ? 900 : i < 10 ? 800 : 0);
    skv_threads(0);
}

static void slow(void *ctx, size_t i)
{
    unsigned now = __atomic_add_fetch(&active, 1, __ATOMIC_RELAXED), before = __atomic_load_n(&most, __ATOMIC_RELAXED);
    while (now > before && !__atomic_compare_exchange_n(&most, &before, now, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
    usleep(1000);
    __atomic_sub_fetch(&active, 1, __ATOMIC_RELAXED);
    hit(ctx, i);
}

static void meet(void *ctx, size_t i)
{
    int *met = ctx;
    (void)i;
    __atomic_add_fetch(met, 1, __ATOMIC_RELAXED);
    for (int wait = 0; wait < 30000 && __atomic_load_n(met, __ATOMIC_RELAXED) < 2; wait++)
        usleep(100);
    if (__atomic_load_n(met, __ATOMIC_RELAXED) < 2)
        *met = -100;
}

/* Nobody is left at work afterwards, no more threads than asked for ever were, and two tasks do run at once. */
static void test_all_done(void **state)
{
    (void)state;
    for (int threads = 8; threads > 0; threads--) {
        int met = 0;
        skv_threads(threads);
        memset(hits, 0, sizeof hits);
        most = 0;
        thr_for(16, slow, NULL);
        for (size_t i = 0; i < 16; i++)
            assert_int_equal(hits[i], 1);
        assert_true(most >= 1 && most <= (unsigned)threads);
        if (threads > 1)
            thr_for(2, meet, &met);
        assert_int_equal(met, threads > 1 ? 2 : 0);
    }
    assert_true(skv_threads(-1) && skv_threads(1025) && !skv_threads(1024) && thr_count() == 1024 && !skv_threads(0));
}

/* Without a wish, as many threads as the affinity mask has cores. */
static void test_cores(void **state)
{
    cpu_set_t all, one;
    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    assert_int_equal(skv_threads(0), SKV_OK);
    assert_int_equal(thr_count(), CPU_COUNT(&all));
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
        if (CPU_ISSET(i, &all))
            CPU_SET(i, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(thr_count(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

/* The last available level is the default; a name that is not in the table changes nothing. */
static void test_select(void **state)
{
    static const char *const unknown[] = { "", "no such level", "AVX2", "sse", "native " };
    const struct kern_level *best = kern_now;
    (void)state;
    for (size_t v = 0; next_level(&v);) {
        const struct kern_level *now = kern_now;
        for (size_t i = 0; i < COUNT(unknown); i++)
            assert_true(skv_dispatch(unknown[i]) && kern_now == now);
        best = now;
    }
    assert_ptr_equal(kern_now, best);
}

/* Through a volatile pointer: no compiler moves arithmetic across a change of mode. */
static const char *(*volatile probe)(void) = probe_arithmetic;

static void expect_refusal(const char *why, const char *word)
{
    if (!why || !strstr(why, word))
        fail_msg("the probe => %s  expected: %s", why ? why : "no complaint", word);
}

static double twice_rounded(double a, double b, double c) { return a * b + c; }

static void twice_rounded_axpy(size_t n, double a, const double *x, double *y)
{
    for (size_t k = 0; k < n; k++)
        y[k] += a * x[k];
}

/* Silent as things are; not silent in another rounding mode, without subnormals, or when a kernel rounds twice. */
static void test_probe(void **state)
{
    int modes[] = {
#ifdef FE_UPWARD
        FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO,
#endif
        FE_TONEAREST
    };
    (void)state;
    for (size_t v = 0; next_level(&v);) {
        for (size_t i = 0; i < COUNT(modes); i++) {
            assert_int_equal(fesetround(modes[i]), 0);
            const char *why = probe();
            fesetround(FE_TONEAREST);
            if (modes[i] != FE_TONEAREST)
                expect_refusal(why, "rounding mode");
            else
                assert_null(why);
        }
#if FMA_X86
        static const unsigned flush[] = { 0x8000, 0x0040, 0x8040 }; /* FTZ, DAZ */
        for (size_t i = 0; i < COUNT(flush); i++) {
            unsigned before = _mm_getcsr();
            _mm_setcsr(before | flush[i]);
            const char *why = probe();
            _mm_setcsr(before);
            expect_refusal(why, "subnormal");
        }
#endif
        struct kern_level broken = *kern_now;
        broken.axpy = twice_rounded_axpy;
        kern_now = &broken;
        expect_refusal(probe(), "fma of vectors");
        broken.fma = twice_rounded;
#if FMA_X86 && !FMA_NATIVE
        kern_fused = false;
#endif
        if (!FMA_NATIVE)
            expect_refusal(probe(), "fma is not");
    }
    kern_choose(NULL);
    assert_null(probe());
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_fma), cmocka_unit_test(test_tile_edges),
        cmocka_unit_test(test_paths), cmocka_unit_test(test_relu_project), cmocka_unit_test(test_short_sums),
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_relu_gap), cmocka_unit_test(test_each_once),
        cmocka_unit_test(test_all_done), cmocka_unit_test(test_cores), cmocka_unit_test(test_select),
        cmocka_unit_test(test_probe) };
    return cmocka_run_group_tests_name("kernels and threads", tests, NULL, NULL);
}
