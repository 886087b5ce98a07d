/* SPDX-License-Identifier: MIT */
/* Factorisations, pseudoinverse, eigenvalues and their enclosures: against matrices whose spectrum is known exactly
   (integers, from Hadamard matrices), and against what orthogonality and the definitions demand. Tolerances are
   multiples of u = 2^-53, not far above what is seen. Alone sees shapes, scales and ranks that no claim has. */
#include "test.h"

static const double unit = 0x1p-53;
static const double guard = -77;

/* n doubles, and one behind them that nobody may write. */
static double *array(mem *m, size_t n)
{
    double *x = mem_doubles(m, n + 1);
    for (size_t i = 0; i <= n; i++)
        x[i] = guard;
    return x;
}

static double *random_matrix(mem *m, rng *r, size_t n)
{
    double *x = array(m, n);
    for (size_t i = 0; i < n; i++)
        x[i] = 2 * rng_uniform(r) - 1;
    return x;
}

static void expect_at_most(const char *what, size_t r, size_t c, double got, double bound)
{
    if (!(got <= bound))
        fail_msg("%s, %zu x %zu => %.4g  expected: at most %.4g", what, r, c, got, bound);
}

static double frobenius(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* |M^T M - I|_F. */
static double gram(size_t n, size_t p, const double *M)
{
    long double sum = 0;
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++) {
            long double t = -(long double)(a == b);
            for (size_t i = 0; i < n; i++)
                t += (long double)M[i * p + a] * M[i * p + b];
            sum += t * t;
        }
    return sqrt((double)sum);
}

/* |A - U diag(s) V^T|_F. */
static double residual(size_t r, size_t c, size_t p, const double *A, const double *U, const double *s, const double *V)
{
    long double sum = 0;
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < c; j++) {
            long double t = A[i * c + j];
            for (size_t k = 0; k < p; k++)
                t -= (long double)U[i * p + k] * s[k] * V[j * p + k];
            sum += t * t;
        }
    return sqrt((double)sum);
}

/* In each column the first entry of largest magnitude is positive. */
static void expect_signs(size_t n, size_t p, const double *M)
{
    for (size_t k = 0; k < p; k++) {
        double best = 0;
        for (size_t i = 0; i < n; i++)
            if (fabs(M[i * p + k]) > fabs(best))
                best = M[i * p + k];
        assert_true(best > 0);
    }
}

typedef struct {
    size_t r, c, p;
    double *A, *U, *s, *V, *lo, *hi;
} factors;

static void enclose(factors *f)
{
    assert_int_equal(skv_svd_enclose(f->r, f->c, f->A, f->U, f->s, f->V, f->lo, f->hi), SKV_OK);
}

static factors decompose(mem *m, size_t r, size_t c, double *A)
{
    size_t p = r < c ? r : c;
    factors f = { r, c, p, A, array(m, r * p), array(m, p), array(m, c * p), array(m, p), array(m, p) };
    assert_int_equal(skv_svd(r, c, A, f.U, f.s, f.V), SKV_OK);
    enclose(&f);
    assert_true(f.U[r * p] == guard && f.s[p] == guard && f.V[c * p] == guard && f.lo[p] == guard && f.hi[p] == guard);
    return f;
}

/* The Moore-Penrose conditions for X = A^+, each to (p + 8) u condition; condition = the largest singular value /
   the smallest kept. */
static void check_penrose(mem *m, size_t r, size_t c, const double *A, const double *X, double condition)
{
    double *AX = array(m, r * r);
    double *XA = array(m, c * c);
    double *Z = array(m, r * c);
    double bound = (double)((r < c ? r : c) + 8) * unit * condition;
    double skew = 0;
    skv_gemm(r, r, c, A, c, X, r, AX, r);
    skv_gemm(c, c, r, X, r, A, c, XA, c);
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < i; j++)
            skew = fmax(skew, fabs(AX[i * r + j] - AX[j * r + i]));
    for (size_t i = 0; i < c; i++)
        for (size_t j = 0; j < i; j++)
            skew = fmax(skew, fabs(XA[i * c + j] - XA[j * c + i]));
    expect_at_most("A X and X A symmetric", r, c, skew, bound);
    skv_gemm(r, c, r, AX, r, A, c, Z, c);
    for (size_t i = 0; i < r * c; i++)
        Z[i] -= A[i];
    expect_at_most("A X A = A", r, c, frobenius(r * c, Z), bound * frobenius(r * c, A));
    skv_gemm(c, r, c, XA, c, X, r, Z, r);
    for (size_t i = 0; i < r * c; i++)
        Z[i] -= X[i];
    expect_at_most("X A X = X", r, c, frobenius(r * c, Z), bound * frobenius(r * c, X));
}

/* What holds for every matrix of moderate size: reconstruction, orthogonality, order, signs, narrow enclosures, the
   pseudoinverse and its rank. */
static factors check_matrix(mem *m, size_t r, size_t c, double *A, size_t rank, double condition)
{
    factors f = decompose(m, r, c, A);
    size_t p = f.p;
    size_t found = 99999;
    double norm = frobenius(r * c, A);
    double size = (double)(p + 8) * unit;
    double orthogonal = (4 + (double)p / 16) * size;
    double width = 16 * size * (1 + (double)(r > c ? r : c) / 256) * (norm + 0x1p-480);
    double *X = array(m, r * c);
    expect_at_most("|A - U S V^T|_F", r, c, residual(r, c, p, A, f.U, f.s, f.V), 2 * size * norm);
    expect_at_most("|U^T U - I|_F", r, c, gram(r, p, f.U), orthogonal);
    expect_at_most("|V^T V - I|_F", r, c, gram(c, p, f.V), orthogonal);
    expect_signs(r, p, f.U);
    for (size_t i = 0; i < p; i++) {
        assert_true(f.s[i] >= 0 && (i == 0 || f.s[i - 1] >= f.s[i]));
        assert_true(f.lo[i] <= f.s[i] && f.s[i] <= f.hi[i]);
        expect_at_most("width of an enclosure", r, c, f.hi[i] - f.lo[i], width);
    }
    assert_int_equal(skv_pinv(r, c, A, X, -1, &found), SKV_OK);
    assert_int_equal(found, rank);
    assert_true(X[r * c] == guard);
    if (r <= 300 && c <= 300)
        check_penrose(m, r, c, A, X, condition);
    return f;
}

/* Random matrices around the edges of tiles (16 rows) and blocks of the LQ (1,024 columns), tall, wide, one row, one
   column. */
static void test_shapes(void **state)
{
    static const size_t shapes[][2] = { { 1, 1 }, { 2, 2 }, { 3, 5 }, { 5, 3 }, { 1, 9 }, { 9, 1 }, { 15, 15 },
        { 16, 16 }, { 17, 17 }, { 31, 33 }, { 33, 31 }, { 48, 48 }, { 49, 64 }, { 10, 40 }, { 10, 41 }, { 63, 63 },
        { 100, 100 }, { 400, 100 }, { 65, 300 }, { 4, 1023 }, { 4, 1024 }, { 4, 1025 }, { 1025, 4 }, { 4, 4096 },
        { 2500, 7 }, { 1, 2049 }, { 2049, 1 }, { 40, 2100 } };
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        mem m = { 0 };
        size_t r = shapes[i][0];
        size_t c = shapes[i][1];
        rng g = rng_make(21, i);
        check_matrix(&m, r, c, random_matrix(&m, &g, r * c), r < c ? r : c, 1e4);
        mem_free(&m);
    }
}

/* Nothing to do, nothing written; a size whose work space is no size_t is out of memory before anything is computed. */
static void test_empty(void **state)
{
    double x = guard;
    size_t rank = 7;
    (void)state;
    for (size_t r = 0; r < 4; r += 3) {
        size_t c = r ? 0 : 3;
        assert_int_equal(skv_svd(r, c, &x, &x, &x, &x), SKV_OK);
        assert_int_equal(skv_svd_enclose(r, c, &x, &x, &x, &x, &x, &x), SKV_OK);
        assert_int_equal(skv_pinv(r, c, &x, &x, -1, &rank), SKV_OK);
        assert_int_equal(rank, 0);
    }
    assert_int_equal(skv_eig(0, &x, &x, &x), SKV_OK);
    assert_int_equal(eig_enclose(0, &x, &x, &x, &x, &x), SKV_OK);
    assert_true(x == guard);
    static const size_t sizes[][2] = { { SIZE_MAX / 8, 2 }, { 2, SIZE_MAX / 8 }, { SIZE_MAX >> 16, SIZE_MAX >> 16 },
        { SIZE_MAX / 2 + 1, 2 } };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        mem m = { 0 };
        assert_null(mat_try(&m, sizes[i][0], sizes[i][1]));
        assert_true(m.failed);
        assert_non_null(mat_try(&m, 2, 2));
        assert_true(m.failed); /* and remembered */
        mem_free(&m);
    }
}

static double hadamard(size_t i, size_t k) { return __builtin_parityll(i & k) ? -1 : 1; }

/* The first p columns of an n x n integer matrix G with G^T G = *scale^2 I, n a power of 2: for n <= 64 H P H (H
   Hadamard, P a permutation: no structure left), then also G^T G = G G^T; else H itself, n then being a power of 4. */
static double *known_columns(mem *m, size_t n, size_t p, double *scale)
{
    double *G = array(m, n * p);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < p; k++) {
            double sum = 0;
            for (size_t l = 0; l < n && n <= 64; l++)
                sum += hadamard(i, l) * hadamard((5 * l + 6 * l * l + 3) % n, k);
            G[i * p + k] = n <= 64 ? sum : hadamard(i, k) * (i * 0x9e37u >> 7 & 1 ? -1 : 1);
        }
    *scale = n <= 64 ? (double)n : sqrt((double)n);
    return G;
}

/* A = G diag(d) H^T, exact for short d, r != c or symmetric; returns the scale: the singular values of A are scale
   |d|, its eigenvalues if symmetric scale d. */
static double known_matrix(mem *m, size_t r, size_t c, const double *d, bool symmetric, double *A)
{
    size_t p = r < c ? r : c;
    double left, right;
    double *G = known_columns(m, r, p, &left);
    double *H = symmetric ? G : known_columns(m, c, p, &right);
    if (symmetric)
        right = left;
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < c; j++) {
            double sum = 0;
            for (size_t k = 0; k < p; k++)
                sum += G[i * p + k] * d[k] * H[(symmetric ? j : c - 1 - j) * p + k];
            A[i * c + j] = sum;
        }
    return left * right;
}

enum { DISTINCT, EQUAL, TIES, DEFICIENT, ZERO, GRADED, SPECTRA };

/* Short, descending: products with small integers and their sums are exact. Returns the rank. */
static size_t spectrum(int kind, size_t p, double *d)
{
    size_t rank = 0;
    for (size_t k = 0; k < p; k++) {
        double left = (double)(p - k);
        d[k] = kind == DISTINCT ? left : kind == EQUAL ? 3 : kind == TIES ? (double)((p - k + 2) / 3) : 0;
        if (kind == DEFICIENT)
            d[k] = fmax(left - (double)(p / 2), 0);
        if (kind == GRADED)
            d[k] = two_to(-(int)(2 * (k < 16 ? k : 15)));
        rank += d[k] > 0;
    }
    return rank;
}

/* Singular values are off by at most (p + 8) u times the largest, and the exact ones lie in their enclosures. */
static void test_known_values(void **state)
{
    static const size_t shapes[][2] = { { 1, 1 }, { 2, 2 }, { 4, 4 }, { 4, 16 }, { 16, 4 }, { 16, 16 }, { 32, 16 },
        { 64, 64 }, { 4, 1024 }, { 4, 4096 }, { 4096, 4 }, { 16, 1024 } };
    (void)state;
    for (size_t q = 0; q < COUNT(shapes); q++)
        for (int kind = 0; kind < SPECTRA; kind++) {
            mem m = { 0 };
            size_t r = shapes[q][0];
            size_t c = shapes[q][1];
            size_t p = r < c ? r : c;
            size_t rank;
            double d[64];
            double *A = array(&m, r * c);
            double *s;
            rank = spectrum(kind, p, d);
            double scale = known_matrix(&m, r, c, d, false, A);
            factors f = check_matrix(&m, r, c, A, rank, rank ? d[0] / d[rank - 1] : 1);
            s = f.s;
            for (size_t k = 0; k < p; k++) {
                expect_at_most(
                    "known singular value", r, c, fabs(s[k] - scale * d[k]), (double)(p + 8) * unit * scale * d[0]);
                assert_true(f.lo[k] <= scale * d[k] && scale * d[k] <= f.hi[k]);
            }
            mem_free(&m);
        }
}

/* Four of the last columns, before, behind or across a block edge, carry all; the others are zero and stay so. An
   edge that loses a column shows. */
static void test_block_edges(void **state)
{
    static const size_t widths[] = { 1023, 1024, 1025, 1026, 1030, 2047, 2048, 2049, 2050, 3073 };
    static const double d[4] = { 9, 5, 2, 1 };
    double S[16], scale;
    mem m = { 0 };
    (void)state;
    scale = known_matrix(&m, 4, 4, d, false, S);
    for (size_t q = 0; q < COUNT(widths); q++)
        for (size_t first = widths[q] - 7; first <= widths[q] - 4; first++) {
            size_t c = widths[q];
            double *A = array(&m, 4 * c);
            memset(A, 0, 4 * c * sizeof *A);
            for (size_t i = 0; i < 16; i++)
                A[i / 4 * c + first + i % 4] = S[i];
            factors f = check_matrix(&m, 4, c, A, 4, 9);
            for (size_t k = 0; k < 4; k++)
                expect_at_most("known singular value", 4, c, fabs(f.s[k] - scale * d[k]), 8 * unit * scale * d[0]);
            for (size_t j = 0; j < c; j++)
                for (size_t k = 0; k < 4; k++)
                    if (j < first || j > first + 3)
                        assert_true(f.V[j * 4 + k] == 0);
        }
    mem_free(&m);
}

/* Every entry counts, and where it is: permutation, a single row of ones, rank 1, the Hilbert matrix with its
   smallest value 2.6e-17 below the rank cut. */
static void test_special(void **state)
{
    mem m = { 0 };
    double *A = array(&m, 40 * 40);
    (void)state;
    memset(A, 0, 40 * 40 * sizeof *A);
    for (size_t i = 0; i < 33; i++)
        A[i * 33 + i * 7 % 33] = i % 2 ? 1 : -1;
    factors f = check_matrix(&m, 33, 33, A, 33, 1);
    for (size_t k = 0; k < 33; k++)
        expect_double("permutation", f.s[k], 1);
    for (size_t i = 0; i < 40 * 20; i++)
        A[i] = 1;
    f = check_matrix(&m, 40, 20, A, 1, 1);
    expect_at_most("ones", 40, 20, fabs(f.s[0] - sqrt(800)), 64 * unit);
    expect_at_most("ones", 40, 20, f.s[1], 64 * unit);
    for (size_t i = 0; i < 12; i++)
        for (size_t j = 0; j < 12; j++)
            A[i * 12 + j] = 1 / (double)(i + j + 1);
    f = decompose(&m, 12, 12, A);
    expect_at_most("Hilbert, largest", 12, 12, fabs(f.s[0] - 1.795372059561997), 8 * unit);
    expect_at_most("Hilbert, smallest", 12, 12, f.s[11], 4 * unit);
    double X[144];
    size_t rank;
    assert_int_equal(skv_pinv(12, 12, A, X, -1, &rank), SKV_OK);
    assert_int_equal(rank, 11);
    mem_free(&m);
}

/* One-sided Jacobi keeps the relative accuracy of every singular value of D H and H D, over 300 decades. */
static void test_graded(void **state)
{
    static const double x[4] = { 1, 1e-75, 1e-150, 1e-300 };
    double A[16], U[16], V[16], s[4];
    (void)state;
    for (int big = 0; big < 2; big++)
        for (int side = 0; side < 3; side++) {
            double up = big ? 1e300 : 1;
            for (size_t i = 0; i < 16; i++) {
                double entry = side == 0 ? (double)(i % 5 == 0) : hadamard(i / 4, i % 4) / 2;
                A[i] = entry * (x[side == 1 ? i % 4 : i / 4] * up);
            }
            assert_int_equal(skv_svd(4, 4, A, U, s, V), SKV_OK);
            for (int k = 0; k < 4; k++)
                expect_at_most("relative error", 4, 4, fabs(s[k] - x[k] * up) / (x[k] * up), 8 * unit);
        }
}

/* n x n: a multiple of an orthogonal matrix, its rows (where rows is not 0) and columns scaled over 40 decades, falling
   (1) or in disorder (5); the scale. */
static double scaled_matrix(mem *m, size_t n, size_t rows, size_t columns, double **A)
{
    double scale;
    *A = known_columns(m, n, n, &scale);
    for (size_t i = 0; i < n * n; i++) {
        size_t place = rows * (i / n) % n + columns * (i % n) % n;
        (*A)[i] *= two_to(-(int)(place * (rows && columns ? 1 : 2)));
    }
    return scale;
}

/* With one side scaled the singular values are known, and with both their product. Small and large (tiles) matrices,
   and columns of zeros between the others. */
static void test_scaled(void **state)
{
    static const size_t sizes[] = { 4, 16, 64 };
    static const size_t steps[] = { 0, 1, 5 };
    (void)state;
    for (size_t q = 0; q < COUNT(sizes); q++)
        for (size_t kind = 1; kind < 18; kind++) {
            mem m = { 0 };
            size_t n = sizes[q];
            size_t rows = steps[kind % 3];
            size_t columns = steps[kind / 3 % 3];
            size_t apart = kind < 9 ? 1 : 4;
            double sum = 0;
            double *square;
            double scale = scaled_matrix(&m, n, rows, columns, &square);
            double *A = mem_doubles(&m, apart * n * n);
            double *U = array(&m, n * n);
            double *V = array(&m, apart * n * n);
            double *s = array(&m, n);
            for (size_t i = 0; i < n * n; i++)
                A[apart * i] = square[i];
            assert_int_equal(skv_svd(n, apart * n, A, U, s, V), SKV_OK);
            for (size_t k = 0; k < n && kind != 9; k++) {
                double expected = scale * two_to(-(int)(2 * k));
                sum += log2(s[k] / expected);
                if (!rows || !columns)
                    expect_at_most("relative error", n, kind, fabs(s[k] / expected - 1), (double)(n + 8) * unit);
            }
            expect_at_most("relative error of the product", n, kind, fabs(sum), 8 * (double)(n * n) * unit);
            mem_free(&m);
        }
}

/* A random forest of n rows and n columns in A (zeros before), entries over 24 decades; *log_determinant is that of its
   one perfect matching, or the number of rows that a largest one leaves alone is returned. */
static size_t random_forest(rng *g, size_t n, double *A, double *log_determinant)
{
    size_t left = n;
    bool gone[2 * 64] = { false };
    for (size_t i = 1; i < 2 * n;
         i++) { /* nodes: rows and columns in turn; each but some is joined to an earlier one */
        size_t to = (size_t)(rng_uniform(g) * (double)((i + 1) / 2)) * 2 + (i % 2 == 0);
        size_t row = (i % 2 ? to : i) / 2;
        size_t column = (i % 2 ? i : to) / 2;
        if (to < i && rng_uniform(g) < 0.98)
            A[row * n + column] = two_to((int)(rng_uniform(g) * 80) - 40) * (rng_uniform(g) - 0.5);
    }
    *log_determinant = 0;
    for (bool found = true; found;) { /* a leaf may be matched with its neighbour */
        found = false;
        for (size_t i = 0; i < 2 * n; i++) {
            size_t degree = 0;
            size_t at = 0;
            for (size_t j = 0; j < n && !gone[i]; j++)
                if (A[i % 2 ? j * n + i / 2 : i / 2 * n + j] != 0 && !gone[2 * j + (i % 2 == 0)]) {
                    degree++;
                    at = j;
                }
            if (degree != 1)
                continue;
            gone[i] = gone[2 * at + (i % 2 == 0)] = true;
            *log_determinant += log2(fabs(A[i % 2 ? at * n + i / 2 : i / 2 * n + at]));
            left--;
            found = true;
        }
    }
    return left;
}

/* Without cycles: as many singular values are zero as a largest matching leaves rows alone, and the product is the
   determinant, which has one term. */
static void test_forests(void **state)
{
    static const size_t sizes[] = { 1, 2, 3, 6, 14, 33, 40, 64 };
    size_t whole = 0;
    (void)state;
    for (size_t q = 0; q < 25 * COUNT(sizes); q++) {
        mem m = { 0 };
        rng g = rng_make(29, q);
        size_t n = sizes[q % COUNT(sizes)];
        double expected;
        double sum = 0;
        double *A = mem_doubles(&m, n * n);
        double *U = array(&m, n * n);
        double *V = array(&m, n * n);
        double *s = array(&m, n);
        size_t zeros = random_forest(&g, n, A, &expected);
        assert_int_equal(skv_svd(n, n, A, U, s, V), SKV_OK);
        for (size_t k = 0; k < n; k++) {
            assert_true((s[k] == 0) == (k >= n - zeros));
            sum += zeros ? 0 : log2(s[k]);
        }
        whole += !zeros && n > 3;
        if (!zeros)
            expect_at_most("error of log |det|", n, n, fabs(sum - expected), 8 * (double)(n * n + 20 * n) * unit);
        expect_at_most("|U^T U - I|_F", n, n, gram(n, n, U), 2 * (double)(n + 8) * unit);
        expect_at_most("|V^T V - I|_F", n, n, gram(n, n, V), 2 * (double)(n + 8) * unit);
        mem_free(&m);
    }
    assert_true(whole >= 5);
    static const double cycle[6] = { 1, 2, 0, 3, 4, 5 };
    size_t up[5];
    assert_false(svd_acyclic(2, 3, cycle, up));
    assert_true(svd_acyclic(2, 2, cycle + 1, up)); /* 2 0; 3 4 */
}

/* The products of rows are those of dot; a sweep of rotations keeps S = J S0 J^T, J orthogonal, and what is zero; a few
   make S diagonal. */
static void test_tiles(void **state)
{
    enum { N = KERN_SIDE, LD = 112, ROWS = 29 };
    mem m = { 0 };
    rng g = rng_make(30, 0);
    double *X = random_matrix(&m, &g, N * LD);
    double S0[N * N], S[N * N], J[N * N], T[N * N], E[N * N];
    (void)state;
    memset(X + ROWS * LD, 0, (N - ROWS) * LD * sizeof *X);
    svd_blocks z = { .n = ROWS, .tiles = 2, .width = 96, .ld = LD, .M = X };
    svd_gram(&z, 0, 1, S0);
    for (size_t i = 0; i < N * N; i++) {
        expect_double("product of rows", S0[i], kern_dot(96, X + i / N * LD, X + i % N * LD));
        J[i] = i % (N + 1) == 0;
    }
    memcpy(S, S0, sizeof S);
    for (int sweep = 0; sweep < 9; sweep++) {
        kern_now->jacobi(S, J);
        expect_at_most("|J J^T - I|_F", N, N, gram(N, N, J), 64 * unit);
        mat_multiply(N, N, N, J, S0, E);
        mat_transpose_to(N, N, J, T);
        mat_multiply(N, N, N, E, T, J);
        for (size_t i = 0; i < N * N; i++)
            E[i] = J[i] - S[i];
        expect_at_most("|J S0 J^T - S|_F", N, N, frobenius(N * N, E), 128 * unit * frobenius(N * N, S0));
        mat_transpose_to(N, N, T, J);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            expect_at_most("off the diagonal", i, j, i == j ? 0 : fabs(S[i * N + j]), 32 * unit * frobenius(N * N, S0));
            if (i >= ROWS || j >= ROWS)
                assert_true(S[i * N + j] == 0 && J[i * N + j] == (i == j));
        }
    mat_scale(LD, X, -520, X);
    assert_true(svd_square_of(&z, 1) == kern_dot(ROWS, X + LD, X + LD));
    assert_true(
        X[0] != 0 && svd_square_of(&z, 0) == 0 && X[0] == 0 && X[ROWS - 1] == 0 && X[ROWS] != 0); /* too short */
    mem_free(&m);
}

/* A column on its way into underflow must not spoil the orthogonality of the others. */
static void test_fading_column(void **state)
{
    mem m = { 0 };
    rng g = rng_make(22, 0);
    double *A = random_matrix(&m, &g, 120);
    double *U = array(&m, 120);
    double V[9], s[3];
    (void)state;
    for (int q = -1070; q < -400; q++) {
        for (size_t i = 0; i < 40; i++)
            A[3 * i + 1] = times_two_to(2 * rng_uniform(&g) - 1, q);
        assert_int_equal(skv_svd(40, 3, A, U, s, V), SKV_OK);
        expect_at_most("|U^T U - I|_F", 40, 3, gram(40, 3, U), 32 * unit);
        expect_at_most("|V^T V - I|_F", 40, 3, gram(3, 3, V), 32 * unit);
    }
    mem_free(&m);
}

/* A factor 2^k changes the exponents of s, X and w, and no other bit, down to where something is subnormal. */
static void test_scaling(void **state)
{
    static const int shifts[] = { -1000, -900, -600, 600, 1000, 1020 };
    mem m = { 0 };
    rng g = rng_make(22, 1);
    size_t rank;
    double *A = random_matrix(&m, &g, 35);
    double B[35], U[25], V[35], s[5], U2[25], V2[35], s2[5], lo[5], hi[5], X[35], X2[35], w[5], Q[25], w2[5], Q2[25];
    (void)state;
    skv_svd(5, 7, A, U, s, V);
    skv_pinv(5, 7, A, X, -1, &rank);
    skv_eig(5, A, w, Q);
    for (size_t q = 0; q < COUNT(shifts); q++) {
        int k = shifts[q];
        mat_scale(35, A, k, B);
        assert_int_equal(skv_svd(5, 7, B, U2, s2, V2), SKV_OK);
        assert_int_equal(skv_svd_enclose(5, 7, B, U2, s2, V2, lo, hi), SKV_OK);
        for (int i = 0; i < 5; i++)
            assert_true(lo[i] <= s2[i] && s2[i] <= hi[i] && hi[i] - lo[i] <= 1000 * unit * s2[0]);
        mat_scale(5, s2, -k, s2);
        assert_memory_equal(U, U2, sizeof U);
        assert_memory_equal(V, V2, sizeof V);
        assert_memory_equal(s, s2, sizeof s);
        assert_int_equal(skv_eig(5, B, w2, Q2), SKV_OK);
        mat_scale(5, w2, -k, w2);
        assert_memory_equal(w, w2, sizeof w);
        assert_memory_equal(Q, Q2, sizeof Q);
        if (k >= 1000)
            continue; /* A^+ would be subnormal */
        assert_int_equal(skv_pinv(5, 7, B, X2, -1, &rank), SKV_OK);
        assert_int_equal(rank, 5);
        mat_scale(35, X2, k, X2);
        assert_memory_equal(X, X2, sizeof X);
    }
    mem_free(&m);
}

/* What has no finite answer says so, and the bounds are then trivial. */
static void test_not_finite(void **state)
{
    static const double odd[] = { INFINITY, -INFINITY, NAN };
    double huge[4] = { 1.7e308, 1.7e308, 1.7e308, 1.7e308 };
    double tiny = 0x1p-1074;
    double U[4] = { 1, 0, 0, 1 };
    double V[4] = { 1, 0, 0, 1 };
    double s[2] = { 1, 1 };
    double lo[2], hi[2], X[4];
    size_t rank;
    (void)state;
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < COUNT(odd); k++) {
            double A[4] = { 1, 2, 2, 3 };
            A[i] = odd[k];
            s[0] = s[1] = U[0] = U[3] = V[0] = V[3] = 1;
            U[1] = U[2] = V[1] = V[2] = 0;
            assert_int_equal(skv_svd_enclose(2, 2, A, U, s, V, lo, hi), SKV_NOT_FINITE);
            assert_true(lo[0] == 0 && lo[1] == 0 && hi[0] == INFINITY && hi[1] == INFINITY);
            assert_int_equal(eig_enclose(2, A, s, U, lo, hi), i == 1 ? SKV_OK : SKV_NOT_FINITE); /* 1: above */
            if (i != 1)
                assert_true(lo[0] == -INFINITY && lo[1] == -INFINITY && hi[0] == INFINITY && hi[1] == INFINITY);
            assert_int_equal(skv_svd(2, 2, A, U, s, V), SKV_NOT_FINITE);
            assert_int_equal(skv_eig(2, A, s, U), i == 1 ? SKV_OK : SKV_NOT_FINITE);
            assert_int_equal(skv_pinv(2, 2, A, X, -1, &rank), SKV_NOT_FINITE);
        }
    assert_int_equal(skv_svd(2, 2, huge, U, s, V), SKV_OVERFLOW); /* 3.4e308 is no double */
    assert_int_equal(skv_eig(2, huge, s, U), SKV_OVERFLOW);
    assert_int_equal(skv_svd(1, 1, &tiny, U, s, V), SKV_OK);
    expect_double("the smallest number", s[0], 0x1p-1074);
    assert_int_equal(skv_pinv(1, 1, &tiny, X, -1, &rank), SKV_OVERFLOW);
}

/* Singular values <= tol * largest count as zero: diagonal matrices, whose values are exact, at the cut and one ulp
   above it. */
static void test_rank_rule(void **state)
{
    static const struct {
        double least, tol;
        size_t rank;
    } rows[] = { { 1, 0.25, 1 }, { 0x1.0000000000001p+0, 0.25, 2 }, { 1, 0, 2 }, { 0x1p-900, 0, 2 }, { 0, 0, 1 },
        { 3, 1, 0 }, /* and by default tol = 5 * 2^-52, times 4: 1.25 * 2^-48 */
        { 0x1.4p-48, -1, 1 }, { 0x1.4000000000001p-48, -1, 2 } };
    (void)state;
    for (int side = 0; side < 2; side++)
        for (size_t q = 0; q < COUNT(rows); q++) {
            double A[10] = { 0 };
            double X[10];
            double least = rows[q].least;
            size_t rank;
            size_t r = side ? 2 : 5;
            size_t c = side ? 5 : 2;
            size_t at = 1 * c + 1;
            A[0] = 4;
            A[at] = least;
            assert_int_equal(skv_pinv(r, c, A, X, rows[q].tol, &rank), SKV_OK);
            assert_int_equal(rank, rows[q].rank);
            for (size_t i = 0; i < 10; i++)
                assert_true(X[i] == (i == 0 && rank > 0 ? 0.25 : i == r + 1 && rank > 1 ? 1 / least : 0));
        }
}

/* L Q = P T row by row, Q's rows orthonormal; pivoted: the diagonal entry is the longest remaining row. Rows are
   random, or nearly parallel (there a norm that is only downdated is lost), and of lengths far apart. */
static void check_qr(mem *m, rng *g, size_t d, size_t c, bool pivoted, bool parallel)
{
    size_t *perm = mem_get(m, d, sizeof *perm);
    size_t blocks = lq_blocks(d, c);
    double *T = random_matrix(m, g, d * c);
    double *F = array(m, d * c);
    double *Q = array(m, d * c);
    double *columns = array(m, d * c);
    double *beta = array(m, blocks * d);
    double *norm = array(m, 2 * d);
    double *work = array(m, qr_group_size(c));
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < c; j++) {
            double x = T[i * c + j];
            T[i * c + j] = parallel ? T[j] + 0x1p-30 * (double)i * x : x * two_to((int)(i * 11 % 60) - 30);
        }
    memcpy(F, T, d * c * sizeof *T);
    memset(Q, 0, d * c * sizeof *Q);
    for (size_t i = 0; i < d; i++) {
        perm[i] = i;
        Q[i * c + i] = 1;
    }
    if (pivoted) {
        qr_factor(d, c, F, beta, perm, norm);
        qr_apply(d, c, F, beta, d, Q, work);
    } else {
        lq_factor(d, c, F, beta, work);
        lq_apply(d, c, F, beta, d, Q, work);
    }
    assert_true(F[d * c] == guard && Q[d * c] == guard && beta[blocks * d] == guard && norm[2 * d] == guard);
    mat_transpose_to(d, c, Q, columns);
    expect_at_most("|Q Q^T - I|_F", d, c, gram(c, d, columns), 8 * (double)(d + 4) * unit);
    for (size_t i = 0; i < d; i++) {
        double sum = 0;
        double *t = T + perm[i] * c;
        double *L = F + i * c;
        double left = 0;
        for (size_t j = 0; j < c; j++) {
            double e = t[j];
            for (size_t k = 0; k <= i; k++)
                e -= L[k] * Q[k * c + j];
            sum += e * e;
        }
        expect_at_most("|row of P T - L Q|", d, c, sqrt(sum), 2 * (double)(d + 4) * unit * frobenius(c, t));
        for (size_t k = i + 1; pivoted && k-- > 0;) {
            left += L[k] * L[k];
            assert_true(sqrt(left) <= fabs(F[k * c + k]) * (1 + 1e-7));
        }
    }
}

static void test_qr(void **state)
{
    static const size_t shapes[][2] = { { 1, 1 }, { 1, 2 }, { 5, 9 }, { 16, 16 }, { 17, 17 }, { 20, 40 }, { 3, 1023 },
        { 3, 1024 }, { 3, 1025 }, { 3, 2048 }, { 3, 2049 }, { 20, 5000 }, { 64, 64 }, { 77, 90 }, { 70, 1100 } };
    (void)state;
    double head = 0x1p-600;
    double tail = 0x1p-510;
    assert_true(qr_reflector(1, &head, &tail) == 0 && head == 0); /* too short: counts as zero */
    assert_true(
        lq_blocks(3, 1024) == 1 && lq_blocks(3, 1025) == 2 && lq_blocks(3, 2048) == 2 && lq_blocks(3, 2049) == 3);
    for (size_t q = 0; q < COUNT(shapes); q++)
        for (int kind = 0; kind < 4; kind++) {
            mem m = { 0 };
            rng g = rng_make(23, 4 * q + (size_t)kind);
            check_qr(&m, &g, shapes[q][0], shapes[q][1], kind & 1, kind & 2);
            mem_free(&m);
        }
}

/* More rows than a block has columns: block 0 grows to a square. All rows but the last 20 are unit vectors already:
   that saves time. */
static void test_qr_high(void **state)
{
    enum { D = 1026, M = 1040, LAST = 20 };
    mem m = { 0 };
    rng g = rng_make(23, 99);
    double *T = random_matrix(&m, &g, (size_t)D * M);
    double *F = array(&m, (size_t)D * M);
    double *beta = array(&m, 2 * D);
    double *work = array(&m, qr_group_size(M));
    double *rows = T + (size_t)(D - LAST) * M;
    (void)state;
    assert_int_equal(lq_blocks(D, M), 2);
    for (size_t i = 0; i < (size_t)(D - LAST) * M; i++)
        T[i] = i / M == i % M;
    memcpy(F, T, (size_t)D * M * sizeof *T);
    lq_factor(D, M, F, beta, work);
    double L[LAST * M] = { 0 };
    for (size_t i = 0; i < LAST; i++)
        memcpy(L + i * M, F + (D - LAST + i) * M, (D - LAST + i + 1) * sizeof *L);
    lq_apply(D, M, F, beta, LAST, L, work);
    for (size_t i = 0; i < (size_t)LAST * M; i++)
        L[i] -= rows[i];
    expect_at_most(
        "|last rows of T - L Q|", D, M, frobenius((size_t)LAST * M, L), 4 * unit * frobenius((size_t)LAST * M, rows));
    mem_free(&m);
}

/* Zero rows anywhere are completed to an orthonormal system, whatever the lengths of the others. */
static void test_complete(void **state)
{
    double R[36] = { 0 };
    double s[6] = { 0, 0x1p500, 0, 3, 0x1p-400, 0 };
    double T[36];
    (void)state;
    R[1 * 6 + 5] = 0x1p500 * 0.6;
    R[1 * 6 + 4] = 0x1p500 * 0.8;
    R[3 * 6 + 5] = -2.4;
    R[3 * 6 + 4] = 1.8;
    R[4 * 6 + 0] = 0x1p-400;
    svd_complete(6, s, R);
    mat_transpose_to(6, 6, R, T);
    expect_at_most("|R R^T - I|_F", 6, 6, gram(6, 6, T), 8 * unit);
    assert_true(R[11] == 0.6);
    /* the missing direction is nearly orthogonal to every unit vector but one, and that one comes last */
    double full[36] = { 0 };
    double one[6] = { 1, 1, 0, 1, 1, 1 };
    for (size_t i = 0; i < 6; i++)
        full[i * 6 + (i + 4) % 6] = i != 2;
    svd_complete(6, one, full);
    assert_true(full[2 * 6 + 0] == 1);
}

/* A row is made orthogonal twice to 39 others: once leaves an error of u / (what is left of it). */
static void test_complete_twice(void **state)
{
    enum { N = 40 };
    mem m = { 0 };
    rng g = rng_make(24, 1);
    double *U = array(&m, N * N);
    double *V = array(&m, N * N);
    double *R = array(&m, N * N);
    double s[N];
    double worst = 0;
    (void)state;
    skv_svd(N, N, random_matrix(&m, &g, N * N), U, s, V);
    for (size_t i = 0; i < N; i++)
        s[i] = i + 1 < N;
    memcpy(R, U, N * N * sizeof *R);
    memset(R + (N - 1) * N, 0, N * sizeof *R);
    svd_complete(N, s, R);
    for (size_t i = 0; i + 1 < N; i++)
        worst = fmax(worst, fabs(kern_dot(N, R + i * N, R + (N - 1) * N)));
    expect_at_most("product", N, N, worst, 4 * unit);
    mem_free(&m);
}

/* The squared lengths a sweep keeps up to date are those of the rows: a wrong sign there would only slow
   convergence. Ties keep their order. */
static void test_update(void **state)
{
    enum { N = SVD_BLOCKS - 1 };
    mem m = { 0 };
    rng g = rng_make(24, 0);
    double *G = random_matrix(&m, &g, N * N);
    double *W = mem_doubles(&m, N * N);
    double sq[N], len[N];
    svd_state z = { N, G, W, sq, len, 20 * unit };
    (void)state;
    svd_sweep(&z);
    for (size_t i = 0; i < N; i++) {
        double now = kern_dot(N, G + i * N, G + i * N);
        expect_at_most("squared length after a sweep", i, 0, fabs(now - sq[i]) / now, 16 * unit);
    }
    /* here nearly all of a squared length cancels */
    double close[4] = { 1, 2, 1 + 0x1p-30, 2 - 0x1p-30 };
    double turn[4] = { 0 };
    svd_sweep(&(svd_state) { 2, close, turn, sq, len, 16 * unit });
    for (size_t i = 0; i < 4; i += 2)
        expect_at_most("squared length", i, 0, fabs(kern_dot(2, close + i, close + i) / sq[i / 2] - 1), 16 * unit);
    mat_scale(N, G, -520, G);
    svd_lengths(&z);
    assert_true(G[0] == 0 && G[N - 1] == 0 && len[0] == 0 && len[1] > 0);
    static const double key[4] = { 1, 2, 1, 2 };
    static const size_t falling[4] = { 1, 3, 0, 2 };
    static const size_t rising[4] = { 0, 2, 1, 3 };
    size_t order[4];
    mat_order(4, key, 1, order);
    assert_memory_equal(order, falling, sizeof order);
    mat_order(4, key, -1, order);
    assert_memory_equal(order, rising, sizeof order);
    double turned[2] = { -3, 3 };
    assert_true(mat_sign(2, turned) == -1); /* the first of equal magnitude decides */
    mem_free(&m);
}

/* Spoils factors: noise of some size in all three, or one orthogonal factor stretched and s made up for it, so that
   the residual alone would prove nothing. */
static void spoil(rng *g, int kind, factors *f, bool same)
{
    static const double sizes[] = { 0, 1e-9, 1e-3, 0.2 };
    double noise = kind < 4 ? sizes[kind] : 0;
    double left = kind == 4 ? 1.1 : kind == 5 ? 0.9 : 1;
    double right = kind == 6 ? 1.1 : kind == 7 ? 0.9 : 1;
    double both = same ? left * right * left * right : left * right;
    for (size_t i = 0; i < f->r * f->p; i++)
        f->U[i] = (f->U[i] + noise * (2 * rng_uniform(g) - 1)) * (same ? left * right : left);
    for (size_t i = 0; i < f->c * f->p && !same; i++)
        f->V[i] = (f->V[i] + noise * (2 * rng_uniform(g) - 1)) * right;
    for (size_t i = 0; i < f->p; i++)
        f->s[i] *= (1 + noise) / both;
}

/* Whatever the factors, the exact singular values lie in the enclosures; and noise of 1e-9 widens them to about
   that. */
static void test_spoiled(void **state)
{
    static const size_t shapes[][2] = { { 1, 1 }, { 2, 2 }, { 4, 4 }, { 4, 16 }, { 16, 4 }, { 16, 16 }, { 4, 1024 } };
    rng g = rng_make(25, 0);
    (void)state;
    for (size_t q = 0; q < COUNT(shapes); q++)
        for (int spectra = 0; spectra < SPECTRA; spectra++)
            for (int kind = 0; kind < 8; kind++) {
                mem m = { 0 };
                size_t r = shapes[q][0];
                size_t c = shapes[q][1];
                size_t p = r < c ? r : c;
                double d[16];
                double *A = array(&m, r * c);
                spectrum(spectra, p, d);
                double scale = known_matrix(&m, r, c, d, false, A);
                double narrow = (kind ? 20e-9 : 200 * unit) * sqrt((double)(r * c)) * (scale * d[0] + 0x1p-480);
                factors f = decompose(&m, r, c, A);
                spoil(&g, kind, &f, false);
                enclose(&f);
                for (size_t k = 0; k < p; k++) {
                    assert_true(f.lo[k] <= scale * d[k] && scale * d[k] <= f.hi[k]);
                    if (kind < 2)
                        expect_at_most("width", r, c, f.hi[k] - f.lo[k], narrow);
                }
                mem_free(&m);
            }
}

/* Factors that prove nothing give [0, inf], or [-inf, inf]. */
static void test_hopeless(void **state)
{
    static const double A[4] = { 3, 1, 1, 2 };
    double U[4], V[4], Q[4], s[2], w[2], lo[2], hi[2];
    (void)state;
    skv_svd(2, 2, A, U, s, V);
    skv_eig(2, A, w, Q);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 3; k++) {
            double bad[4];
            double value = k == 0 ? NAN : k == 1 ? INFINITY : 1e300;
            memcpy(bad, U, sizeof bad);
            bad[i] = value;
            skv_svd_enclose(2, 2, A, bad, s, V, lo, hi);
            assert_true(lo[0] == 0 && hi[0] == INFINITY && lo[1] == 0 && hi[1] == INFINITY);
            memcpy(bad, V, sizeof bad);
            bad[i] = value;
            skv_svd_enclose(2, 2, A, U, s, bad, lo, hi);
            assert_true(lo[0] == 0 && hi[0] == INFINITY && lo[1] == 0 && hi[1] == INFINITY);
            memcpy(bad, Q, sizeof bad);
            bad[i] = value;
            eig_enclose(2, A, w, bad, lo, hi);
            assert_true(lo[0] == -INFINITY && hi[0] == INFINITY && lo[1] == -INFINITY && hi[1] == INFINITY);
        }
    const double orders[][2] = { { s[1], s[0] }, { s[0], -s[1] }, { s[0], NAN }, { NAN, s[1] }, { INFINITY, s[1] } };
    for (size_t i = 0; i < COUNT(orders); i++) {
        skv_svd_enclose(2, 2, A, U, orders[i], V, lo, hi);
        assert_true(lo[0] == 0 && hi[0] == INFINITY && lo[1] == 0 && hi[1] == INFINITY);
        const double back[2] = { fabs(orders[i][0]), -orders[i][1] };
        eig_enclose(2, A, back, Q, lo, hi);
        assert_true(lo[0] == -INFINITY && hi[0] == INFINITY);
    }
}

/* Cases where the computed error is zero and only the a-priori part of a bound covers the true one. */
static void test_prior(void **state)
{
    static const size_t depth[][2] = { { 0, 0 }, { 1, 5 }, { 16, 5 }, { 17, 6 }, { 256, 20 }, { 257, 21 }, { 512, 21 },
        { 513, 22 } };
    double one = 1;
    double b[2] = { 1, 0x1p-54 };
    double v[2] = { 1, 1 };
    double scratch[64], norm;
    double U = 1 + 0x1p-52;
    double t = 1 + 0x1p-52;
    double B, norm_b, e;
    (void)state;
    for (size_t i = 0; i < COUNT(depth); i++)
        assert_int_equal(bound_depth(depth[i][0]), depth[i][1]);
    e = bound_residual(1, 1, 2, &one, b, v, 1.5, scratch); /* 1 - (1 + 2^-54) */
    assert_true(e >= 0x1p-54 && e < 0x1p-48);
    double column[2] = { 1, 0x1p-27 };
    double twice[4] = { 1, 0, 1, 0 };
    e = bound_gram(2, 1, column, scratch, &norm); /* 1 + 2^-54 - 1 */
    assert_true(e >= 0x1p-54 && e < 0x1p-48 && norm > 1);
    e = bound_gram(2, 2, twice, scratch, &norm); /* equal columns: off the diagonal twice a 1 */
    assert_true(e >= 1.4142135 && e < 1.4142136);
    e = bound_product(1, 1, 1, &U, &t, 1, &B, &norm_b); /* (1 + 2^-52)^2 */
    assert_true(e >= 0x1p-104 && norm_b >= B);
    /* and the other factor is long */
    assert_true(bound_product(1, 1, 1, &U, &t, 0x1p60, &B, &norm_b) >= 0x1p-44);
    double tiny[8];
    double chain[256] = { 1 };
    /* each square is lost; all of them are 3.8 times the smallest number */
    for (int i = 0; i < 8; i++)
        tiny[i] = 0x1.6p-538;
    assert_true(bound_square(8, tiny) >= 4 * 0x1p-1074);
    assert_true(bound_square(2, column) > 1);
    for (int i = 16; i < 256; i += 16)
        chain[i] = 0x1p-27; /* 15 terms lost in one chain */
    assert_true(bound_square(256, chain) - 1 >= 15 * 0x1p-54);
    double many[512] = { 1 };
    for (int i = 256; i < 512; i++)
        many[i] = 0x1p-31; /* 256 terms of 2^-62: their sum lost between the blocks */
    assert_true(bound_square(512, many) - 1 >= 0x1p-54);
    assert_true(bound_gamma(3) > 3 * unit && bound_gamma((size_t)1 << 30) < 0x1.00001p-23 &&
        bound_gamma((size_t)1 << 31) > 0x1p-22);
    assert_true(next_up(1) == 1 + 0x1p-52 && next_up(-1) == -1 + 0x1p-53 && next_down(0) == -0x1p-1074 &&
        next_up(-0x1p-1074) == 0);
    assert_true(next_down(INFINITY) == DBL_MAX && next_up(INFINITY) == INFINITY && next_up(DBL_MAX) == INFINITY);
}

/* Reconstruction, orthogonality, order and signs; only the lower triangle counts. */
static void check_eigen(mem *m, size_t n, double *A, double *w, double *lo, double *hi)
{
    double *Q = array(m, n * n);
    double *half = array(m, n * n);
    double *w2 = array(m, n);
    double *Q2 = array(m, n * n);
    double norm = frobenius(n * n, A);
    double size = (double)(n + 8) * unit;
    assert_int_equal(skv_eig(n, A, w, Q), SKV_OK);
    assert_int_equal(eig_enclose(n, A, w, Q, lo, hi), SKV_OK);
    assert_true(w[n] == guard && Q[n * n] == guard && lo[n] == guard && hi[n] == guard);
    expect_at_most("|A - Q W Q^T|_F", n, n, residual(n, n, n, A, Q, w, Q), 2 * size * norm);
    expect_at_most("|Q^T Q - I|_F", n, n, gram(n, n, Q), 4 * size);
    expect_signs(n, n, Q);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || w[i - 1] <= w[i]);
        assert_true(lo[i] <= w[i] && w[i] <= hi[i]);
        expect_at_most("width of an enclosure", n, n, hi[i] - lo[i], 16 * size * sqrt((double)n) * (norm + 0x1p-480));
    }
    for (size_t i = 0; i < n * n; i++)
        half[i] = i % n > i / n ? 0 : A[i];
    half[0] = A[0];
    if (mat_exponent(n * n, half, &(int) { 0 }) && skv_eig(n, half, w2, Q2) == SKV_OK)
        assert_memory_equal(w, w2, n * sizeof *w);
}

static void test_eigen(void **state)
{
    static const size_t sizes[] = { 1, 2, 3, 7, 16, 17, 33, 64, 100 };
    (void)state;
    for (size_t q = 0; q < COUNT(sizes); q++) {
        mem m = { 0 };
        rng g = rng_make(26, q);
        size_t n = sizes[q];
        double *A = random_matrix(&m, &g, n * n);
        double *w = array(&m, n);
        double *lo = array(&m, n);
        double *hi = array(&m, n);
        for (size_t i = 0; i < n * n; i++)
            if (i % n > i / n)
                A[i] = A[i % n * n + i / n];
        check_eigen(&m, n, A, w, lo, hi);
        /* a path: zero diagonal, eigenvalues in pairs +-x */
        for (size_t i = 0; i < n * n; i++)
            A[i] = i / n + 1 == i % n || i % n + 1 == i / n;
        check_eigen(&m, n, A, w, lo, hi);
        for (size_t i = 0; i < n; i++)
            assert_true(lo[i] <= -w[n - 1 - i] && -w[n - 1 - i] <= hi[i]);
        for (size_t i = 0; i < n * n; i++)
            A[i] = i / n != i % n; /* ones - I: n - 1 and, n - 1 times, -1 */
        check_eigen(&m, n, A, w, lo, hi);
        for (size_t i = 0; i < n; i++)
            assert_true(lo[i] <= (i + 1 < n ? -1 : (double)n - 1) && (i + 1 < n ? -1 : (double)n - 1) <= hi[i]);
        memset(A, 0, n * n * sizeof *A);
        check_eigen(&m, n, A, w, lo, hi);
        for (size_t i = 0; i < n; i++)
            assert_true(w[i] == 0);
        mem_free(&m);
    }
}

/* Known integer eigenvalues of both signs lie in the enclosures, from good factors and from spoiled ones. */
static void test_known_eigenvalues(void **state)
{
    static const size_t sizes[] = { 1, 2, 4, 16, 32 };
    rng g = rng_make(27, 0);
    (void)state;
    for (size_t q = 0; q < COUNT(sizes); q++)
        for (int spectra = 0; spectra < SPECTRA; spectra++)
            for (int kind = 0; kind < 8; kind++) {
                mem m = { 0 };
                size_t n = sizes[q];
                size_t order[32];
                double d[32];
                double *A = array(&m, n * n);
                double *w = array(&m, n);
                double *lo = array(&m, n);
                double *hi = array(&m, n);
                double *Q = array(&m, n * n);
                spectrum(spectra, n, d);
                for (size_t k = 0; k < n; k += 3)
                    d[k] = -d[k];
                double scale = known_matrix(&m, n, n, d, true, A);
                double largest = unit * scale * fabs(d[0]);
                if (kind == 0)
                    check_eigen(&m, n, A, w, lo, hi);
                assert_int_equal(skv_eig(n, A, w, Q), SKV_OK);
                mat_order(n, d, -1, order);
                for (size_t k = 0; k < n; k++)
                    expect_at_most(
                        "known eigenvalue", n, n, fabs(w[k] - scale * d[order[k]]), (double)(n / 2 + 4) * largest);
                factors f = { n, n, n, A, Q, w, Q, lo, hi };
                spoil(&g, kind, &f, true);
                assert_int_equal(eig_enclose(n, A, w, Q, lo, hi), SKV_OK);
                for (size_t k = 0; k < n; k++)
                    assert_true(lo[k] <= scale * d[order[k]] && scale * d[order[k]] <= hi[k]);
                mem_free(&m);
            }
}

/* Small eigenvalues of a graded positive definite matrix keep their relative accuracy: the determinant of [[1, e],
   [e, 2 e^2]] is e^2. */
static void test_small_eigenvalues(void **state)
{
    (void)state;
    for (int k = 10; k <= 100; k += 10) {
        double e = two_to(-k);
        double A[4] = { 1, e, e, 2 * e * e };
        double w[2], Q[4];
        assert_int_equal(skv_eig(2, A, w, Q), SKV_OK);
        expect_at_most("relative error of the product", 2, (size_t)k, fabs(w[0] * w[1] / (e * e) - 1), 8 * unit);
    }
}

/* Everything the section computes for some shapes, as one row of doubles; returns their number. */
static size_t everything(const size_t (*shapes)[2], size_t count, double *out)
{
    mem m = { 0 };
    double *first = out;
    for (size_t i = 0; i < count; i++) {
        size_t r = shapes[i][0];
        size_t c = shapes[i][1];
        size_t p = r < c ? r : c;
        size_t rank;
        rng g = rng_make(28, i);
        double *A = random_matrix(&m, &g, r * c);
        double *U = out;
        double *s = U + r * p;
        double *V = s + p;
        double *lo = V + c * p;
        double *hi = lo + p;
        double *X = hi + p;
        double *w = X + r * c;
        double *Q = w + p;
        double *elo = Q + p * p;
        double *ehi = elo + p;
        double *S = array(&m, p * p);
        for (size_t k = 0; k < p * p; k++)
            S[k] = A[(k / p > k % p ? k / p * p + k % p : k % p * p + k / p)];
        assert_int_equal(skv_svd(r, c, A, U, s, V), 0);
        assert_int_equal(skv_svd_enclose(r, c, A, U, s, V, lo, hi), 0);
        assert_int_equal(skv_pinv(r, c, A, X, -1, &rank), 0);
        assert_int_equal(skv_eig(p, S, w, Q), 0);
        assert_int_equal(eig_enclose(p, S, w, Q, elo, ehi), 0);
        out = ehi + p;
    }
    mem_free(&m);
    return (size_t)(out - first);
}

enum { ROOM = 120000 };
static double reference[ROOM], again[ROOM];

/* The same bits at every dispatch level this machine has ... */
static void test_levels(void **state)
{
    static const size_t shapes[][2] = { { 1, 1 }, { 5, 7 }, { 17, 16 }, { 33, 40 }, { 3, 1025 }, { 300, 20 },
        { 70, 66 } };
    size_t count;
    size_t n = everything(shapes, COUNT(shapes), reference);
    const struct kern_level *const *level = kern_levels(&count);
    (void)state;
    assert_true(n > 0 && n <= ROOM);
    for (size_t i = 0; i < count; i++) {
        if (skv_dispatch(level[i]->name))
            continue; /* not on this machine */
        memset(again, 0, sizeof again);
        everything(shapes, COUNT(shapes), again);
        if (memcmp(reference, again, n * sizeof *again))
            fail_msg("level %s gives other bits", level[i]->name);
    }
}

/* ... and for any number of threads: 7 of them share the products of a 128 x 130 matrix. */
static void test_threads(void **state)
{
    static const size_t shapes[][2] = { { 128, 130 } };
    static const int counts[] = { 1, 2, 7 };
    size_t n = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(counts); i++) {
        assert_int_equal(skv_threads(counts[i]), 0);
        n = everything(shapes, 1, i ? again : reference);
        assert_true(n <= ROOM);
        if (i && memcmp(reference, again, n * sizeof *again))
            fail_msg("%d threads give other bits", counts[i]);
    }
}

static int restore(void **state)
{
    (void)state;
    return skv_dispatch(NULL) || skv_threads(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_shapes), cmocka_unit_test(test_empty),
        cmocka_unit_test(test_known_values), cmocka_unit_test(test_block_edges), cmocka_unit_test(test_special),
        cmocka_unit_test(test_graded), cmocka_unit_test(test_scaled), cmocka_unit_test(test_forests),
        cmocka_unit_test(test_tiles), cmocka_unit_test(test_fading_column), cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_not_finite), cmocka_unit_test(test_rank_rule), cmocka_unit_test(test_qr),
        cmocka_unit_test(test_qr_high), cmocka_unit_test(test_complete), cmocka_unit_test(test_complete_twice),
        cmocka_unit_test(test_update), cmocka_unit_test(test_spoiled), cmocka_unit_test(test_hopeless),
        cmocka_unit_test(test_prior), cmocka_unit_test(test_eigen), cmocka_unit_test(test_known_eigenvalues),
        cmocka_unit_test(test_small_eigenvalues), cmocka_unit_test_teardown(test_levels, restore),
        cmocka_unit_test_teardown(test_threads, restore) };
    return cmocka_run_group_tests_name("matrices", tests, NULL, NULL);
}
