/* SPDX-License-Identifier: MIT */
/* The public functions: what each refuses and what it leaves alone then, the caller's floating-point environment, calls
   from several threads, kernels chosen meanwhile. What they compute is tested beside what is inside. */
#include "test.h"

enum { N = 5, NN = N * N, LONG = 300 };
static const double poison = -0x1.23456789abcdep+77;

/* An input, and room for all outputs, poisoned. */
typedef struct {
    double A[NN], X[NN], U[NN], V[NN], s[N], lo[N], hi[N];
    size_t rank;
} call_arrays;

static void fill(double *x, size_t n, double with)
{
    for (size_t i = 0; i < n; i++)
        x[i] = with;
}

static call_arrays fresh(void)
{
    call_arrays a;
    for (size_t i = 0; i < NN; i++)
        a.A[i] = (double)((i * 7 + 3) % 11) - 5 + (i % (N + 1) == 0) * 12.0;
    fill(a.X, NN, poison);
    fill(a.U, NN, poison);
    fill(a.V, NN, poison);
    fill(a.s, N, poison);
    fill(a.lo, N, poison);
    fill(a.hi, N, poison);
    a.rank = 77;
    return a;
}

/* Nothing was written. */
static bool untouched(const call_arrays *a)
{
    call_arrays b = fresh();
    return all_equal(NN, a->A, b.A) && all_equal(NN, a->X, b.X) && all_equal(NN, a->U, b.U) &&
        all_equal(NN, a->V, b.V) && all_equal(N, a->s, b.s) && all_equal(N, a->lo, b.lo) && all_equal(N, a->hi, b.hi) &&
        a->rank == b.rank;
}

#define REFUSED(status, call)                 \
    do {                                      \
        call_arrays a = fresh();              \
        assert_int_equal(call, SKV_##status); \
        assert_true(untouched(&a));           \
    } while (0)

static void test_gemm_arguments(void **state)
{
    const size_t half = SIZE_MAX / 2;
    (void)state;
    REFUSED(ARGUMENT, skv_gemm(N, N, N, a.A, N - 1, a.A, N, a.X, N));
    REFUSED(ARGUMENT, skv_gemm(N, N, N, a.A, N, a.A, N - 1, a.X, N));
    REFUSED(ARGUMENT, skv_gemm(N, N, N, a.A, N, a.A, N, a.X, N - 1));
    REFUSED(ARGUMENT, skv_gemm(N, N, N, NULL, N, a.A, N, a.X, N));
    REFUSED(ARGUMENT, skv_gemm(N, N, N, a.A, N, NULL, N, a.X, N));
    REFUSED(ARGUMENT, skv_gemm(N, N, N, a.A, N, a.A, N, NULL, N));
    REFUSED(ARGUMENT, skv_gemm(half, 1, 3, a.A, 3, a.A, 1, a.X, 1));
    REFUSED(ARGUMENT, skv_gemm(3, 1, 1, a.A, half, a.A, 1, a.X, 1));
    REFUSED(ARGUMENT, skv_gemm(1, half, 1, a.A, 1, a.A, half, a.X, half));
    REFUSED(ARGUMENT, skv_gemm(N, N, N, a.X, N, a.A, N, a.X, N));
    REFUSED(ARGUMENT, skv_gemm(2, 2, 2, a.A, N, a.X + 6, N, a.X, N));
    REFUSED(OK, skv_gemm(0, N, N, NULL, N, a.A, N, NULL, N));
    REFUSED(OK, skv_gemm(N, 0, N, a.A, N, NULL, 0, NULL, 0));
    call_arrays a = fresh(); /* no columns in A: a sum of nothing; the gaps between rows stay */
    assert_int_equal(skv_gemm(2, 2, 0, NULL, 0, NULL, 2, a.X, N), SKV_OK);
    assert_true(a.X[0] == 0 && a.X[1] == 0 && a.X[N] == 0 && a.X[2] == poison && a.X[N + 2] == poison);
}

static void test_matrix_arguments(void **state)
{
    const size_t huge = (size_t)1 << (4 * sizeof(size_t));
    (void)state;
    REFUSED(ARGUMENT, skv_svd(N, N, NULL, a.U, a.s, a.V));
    REFUSED(ARGUMENT, skv_svd(N, N, a.A, NULL, a.s, a.V));
    REFUSED(ARGUMENT, skv_svd(N, N, a.A, a.U, NULL, a.V));
    REFUSED(ARGUMENT, skv_svd(N, N, a.A, a.U, a.s, NULL));
    REFUSED(ARGUMENT, skv_svd(huge, huge, a.A, a.U, a.s, a.V));
    REFUSED(ARGUMENT, skv_svd(huge, huge / 2, a.A, a.U, a.s, a.V));
    REFUSED(OK, skv_svd(0, huge, NULL, NULL, NULL, NULL));
    REFUSED(ARGUMENT, skv_svd_enclose(N, N, a.A, a.U, a.s, a.V, NULL, a.hi));
    REFUSED(ARGUMENT, skv_svd_enclose(N, N, a.A, a.U, a.s, a.V, a.lo, NULL));
    REFUSED(ARGUMENT, skv_svd_enclose(N, N, a.A, NULL, a.s, a.V, a.lo, a.hi));
    REFUSED(ARGUMENT, skv_svd_enclose(huge, huge, a.A, a.U, a.s, a.V, a.lo, a.hi));
    REFUSED(ARGUMENT, skv_pinv(N, N, a.A, NULL, -1, &a.rank));
    REFUSED(ARGUMENT, skv_pinv(N, N, NULL, a.X, -1, &a.rank));
    REFUSED(ARGUMENT, skv_pinv(huge, huge, a.A, a.X, -1, &a.rank));
    REFUSED(ARGUMENT, skv_pinv(N, N, a.A, a.X, NAN, &a.rank));
    REFUSED(ARGUMENT, skv_pinv(N, N, a.A, a.X, INFINITY, &a.rank));
    REFUSED(ARGUMENT, skv_eig(N, NULL, a.s, a.U));
    REFUSED(ARGUMENT, skv_eig(N, a.A, NULL, a.U));
    REFUSED(ARGUMENT, skv_eig(N, a.A, a.s, NULL));
    REFUSED(ARGUMENT, skv_eig(huge, a.A, a.s, a.U));
    assert_int_equal(skv_threads(-1), SKV_ARGUMENT);
    assert_int_equal(skv_dispatch("mmx"), SKV_ARGUMENT);
}

/* What no argument is wrong with, and yet has no answer; and what only looks so. */
static void test_statuses(void **state)
{
    double tiny = 0x1p-1074;
    double big[4] = { DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX };
    double lower[4] = { 1, 1e40, 2, 3 };
    double x, w[2], Q[4], s[2], V[4];
    size_t rank = 77;
    (void)state;
    assert_int_equal(skv_pinv(1, 1, &tiny, &x, -1, &rank), SKV_OVERFLOW);
    assert_int_equal(skv_svd(2, 2, big, Q, s, V), SKV_OVERFLOW);
    assert_int_equal(skv_eig(2, big, w, Q), SKV_OVERFLOW);
    assert_int_equal(skv_eig(2, lower, w, Q), SKV_OK);
    assert_true(w[0] + 0.23606797749979 < 1e-14 && w[0] + 0.23606797749979 > -1e-14);
    assert_true(w[1] - 4.23606797749979 < 1e-14 && w[1] - 4.23606797749979 > -1e-14);
    lower[1] = NAN;
    double again[2];
    assert_int_equal(skv_eig(2, lower, again, Q), SKV_OK);
    assert_true(all_equal(2, w, again));
    assert_int_equal(skv_pinv(1, 1, &(double) { 4 }, &x, -1, NULL), SKV_OK);
    expect_double("1/4", x, 0.25);
    assert_int_equal(skv_pinv(1, 1, &(double) { 0 }, &x, -1, &rank), SKV_OK);
    assert_true(x == 0 && rank == 0);
}

/* Sums at the edge of the range round as IEEE 754 says: infinite from DBL_MAX + 2^970 on. */
static void test_sum(void **state)
{
    static const struct {
        double x[3], sum;
    } rows[] = { { { DBL_MAX, 1, 0 }, DBL_MAX }, { { -DBL_MAX, -0x1p969, 0 }, -DBL_MAX },
        { { DBL_MAX, 0x1p970, 0 }, INFINITY }, { { DBL_MAX, 0x1p970, -0x1p-1074 }, DBL_MAX },
        { { -DBL_MAX, -0x1p970, 0x1p-1074 }, -DBL_MAX }, { { -DBL_MAX, -0x1p970, 0 }, -INFINITY },
        { { DBL_MAX, DBL_MAX, -DBL_MAX }, DBL_MAX }, { { DBL_MAX, DBL_MAX, -0x1p970 }, INFINITY },
        { { 0x1p-1074, -0x1p-1074, 0 }, 0 }, { { -0.0, -0.0, -0.0 }, 0 },
        { { 0x1p-1022, -0x1p-1074, 0 }, 0x0.fffffffffffffp-1022 }, { { 1, 0x1p-53, 0 }, 1 },
        { { 1, 0x1p-53, 0x1p-1074 }, 0x1.0000000000001p0 },
        { { 0x1.0000000000001p0, 0x1p-53, 0 }, 0x1.0000000000002p0 }, { { 1, INFINITY, 0 }, NAN },
        { { NAN, 0, 0 }, NAN } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_double("skv_sum", skv_sum(3, rows[i].x), rows[i].sum);
    expect_double("of nothing", skv_sum(0, NULL), 0);
    expect_double("of NULL", skv_sum(1, NULL), NAN);
    expect_double("of too many", skv_sum(SIZE_MAX, rows[0].x), NAN);
}

/* C = A B of a size for several threads, with subnormal products and ties of rounding. */
typedef struct {
    double A[LONG * LONG], B[LONG * LONG], C[LONG * LONG];
} product;

static product *product_new(void)
{
    product *p = calloc(1, sizeof *p);
    rng r = rng_make(1, 77);
    assert_non_null(p);
    for (size_t i = 0; i < LONG * LONG; i++) {
        p->A[i] = test_near(&r, 4) * 0x1p-540;
        p->B[i] = test_near(&r, 4) * 0x1p-540;
    }
    return p;
}

static int product_run(product *p) { return skv_gemm(LONG, LONG, LONG, p->A, LONG, p->B, LONG, p->C, LONG); }

typedef enum { UPWARD, FLUSH_RESULTS, FLUSH_OPERANDS, TRAPS, ENVIRONMENTS } environment;

/* false: this machine has no such thing. */
static bool environment_set(environment e)
{
#if FMA_X86
    static const unsigned bit[] = { 0x4000, 0x8000, 0x40, 0x400 }; /* the last: division by 0 */
    _mm_setcsr(_mm_getcsr() ^ bit[e]);
    return true;
#else
    return e == UPWARD && fesetround(FE_UPWARD) == 0;
#endif
}

/* A thread that flushes subnormals makes the first call that starts workers: refused, or (skv_sum) not dependent on
   it. Its workers must not be like it. */
static void *first_call(void *refused)
{
    static double x[200000];
    static const double tiny[2] = { 0x1p-1074, 0x1p-1074 };
    x[0] = 0x1p-1074;
    if (!environment_set(FLUSH_RESULTS) || !environment_set(FLUSH_OPERANDS))
        environment_set(UPWARD);
    bool right = bits_of(skv_sum(200000, x)) == 1 && bits_of(skv_sum(2, tiny)) == 2;
    product *p = product_new();
    *(bool *)refused = right && product_run(p) == SKV_ENVIRONMENT;
    free(p);
    return NULL;
}

static void test_workers(void **state)
{
    pthread_t id;
    bool refused = false;
    product *p = product_new();
    product *q = product_new();
    (void)state;
    assert_int_equal(skv_threads(4), SKV_OK);
    assert_int_equal(pthread_create(&id, NULL, first_call, &refused), 0);
    assert_int_equal(pthread_join(id, NULL), 0);
    assert_true(refused && thr_pool.workers > 0);
    assert_int_equal(product_run(p), SKV_OK);
    assert_int_equal(skv_threads(1), SKV_OK);
    assert_int_equal(product_run(q), SKV_OK);
    assert_true(all_equal(LONG * LONG, p->C, q->C));
    assert_int_equal(skv_threads(0), SKV_OK);
    free(p);
    free(q);
}

/* A worker takes no signals that are meant for the process, and those that it raises. */
typedef struct {
    pthread_t caller;
    int right, wrong;
} masks;

static void look_at_mask(void *ctx, size_t i)
{
    masks *m = ctx;
    sigset_t now;
    (void)i;
    usleep(1000);
    if (pthread_equal(pthread_self(), m->caller))
        return;
    bool fine = !pthread_sigmask(SIG_BLOCK, NULL, &now) && sigismember(&now, SIGTERM) && !sigismember(&now, SIGSEGV);
    __atomic_add_fetch(fine ? &m->right : &m->wrong, 1, __ATOMIC_RELAXED);
}

static void test_signals(void **state)
{
    masks m = { pthread_self(), 0, 0 };
    (void)state;
    assert_int_equal(skv_threads(4), SKV_OK);
    thr_for(64, look_at_mask, &m);
    assert_true(m.right > 0 && m.wrong == 0);
    assert_int_equal(skv_threads(0), SKV_OK);
}

/* All that would depend on it is refused, and nothing is touched; the sum is right all the same. */
static void test_environment(void **state)
{
    fenv_t before;
    (void)state;
    fegetenv(&before);
    for (environment e = UPWARD; e < ENVIRONMENTS; e++) {
        if (!environment_set(e)) {
            fesetenv(&before);
            continue;
        }
        call_arrays a = fresh();
        int status[] = { skv_gemm(N, N, N, a.A, N, a.A, N, a.X, N), skv_svd(N, N, a.A, a.U, a.s, a.V),
            skv_svd_enclose(N, N, a.A, a.A, a.A, a.A, a.lo, a.hi), skv_pinv(N, N, a.A, a.X, -1, &a.rank),
            skv_eig(N, a.A, a.s, a.U) };
        double sum = skv_sum(3, (double[]) { 1, 0x1p-60, 0x1p-1074 });
        const char *refusal = skv_probe();
        fesetenv(&before);
        for (size_t i = 0; i < COUNT(status); i++)
            assert_int_equal(status[i], SKV_ENVIRONMENT);
        assert_true(untouched(&a));
        expect_double("the sum", sum, 1);
        assert_non_null(refusal);
    }
    assert_null(skv_probe());
}

/* Products, while kernels are chosen by another thread. */
typedef struct {
    product *mine;
    const product *right;
    bool stop;
    size_t wrong, runs;
} busy_work;

static void *busy_thread(void *ctx)
{
    busy_work *w = ctx;
    while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
        w->wrong += skv_probe() != NULL;
        w->wrong += product_run(w->mine) != SKV_OK || !all_equal(LONG * LONG, w->mine->C, w->right->C);
        __atomic_store_n(&w->runs, w->runs + 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void test_busy(void **state)
{
    enum { THREADS = 3 };
    product *right = product_new();
    busy_work w[THREADS];
    pthread_t id[THREADS];
    size_t levels, refused = 0, chosen = 0;
    const struct kern_level *const *level = kern_levels(&levels);
    (void)state;
    assert_int_equal(product_run(right), SKV_OK);
    for (int i = 0; i < THREADS; i++) {
        w[i] = (busy_work) { product_new(), right, false, 0, 0 };
        assert_int_equal(pthread_create(&id[i], NULL, busy_thread, &w[i]), 0);
    }
    while (__atomic_load_n(&w[0].runs, __ATOMIC_RELAXED) < 20) {
        int status = skv_dispatch(level[(refused + chosen) % levels]->name);
        refused += status == SKV_BUSY;
        chosen += status == SKV_OK;
        skv_threads((int)(chosen % 4));
        sched_yield();
    }
    for (int i = 0; i < THREADS; i++)
        __atomic_store_n(&w[i].stop, true, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(id[i], NULL), 0);
        assert_true(w[i].runs > 0);
        assert_int_equal(w[i].wrong, 0);
        free(w[i].mine);
    }
    assert_true(refused > 0);
    assert_true(skv_threads(0) == SKV_OK && skv_dispatch(NULL) == SKV_OK);
    free(right);
}

/* Every function at once from several threads gives what it gives alone. */
static void *everything(void *ctx)
{
    call_arrays *a = ctx;
    int status = (skv_probe() != NULL) | skv_svd(N, N, a->A, a->U, a->s, a->V) |
        skv_svd_enclose(N, N, a->A, a->U, a->s, a->V, a->lo, a->hi) | skv_pinv(N, N, a->A, a->X, -1, &a->rank) |
        skv_eig(N, a->A, a->s, a->U);
    a->V[0] = skv_sum(NN, a->U);
    return status ? ctx : NULL;
}

static void test_together(void **state)
{
    enum { THREADS = 4, ROUNDS = 50 };
    call_arrays alone = fresh();
    (void)state;
    assert_null(everything(&alone));
    for (int round = 0; round < ROUNDS; round++) {
        call_arrays a[THREADS];
        pthread_t id[THREADS];
        void *failed;
        for (int i = 0; i < THREADS; i++) {
            a[i] = fresh();
            assert_int_equal(pthread_create(&id[i], NULL, everything, &a[i]), 0);
        }
        for (int i = 0; i < THREADS; i++) {
            assert_int_equal(pthread_join(id[i], &failed), 0);
            assert_true(!failed && all_equal(NN, a[i].U, alone.U) && all_equal(NN, a[i].V, alone.V) &&
                all_equal(NN, a[i].X, alone.X) && all_equal(N, a[i].lo, alone.lo) && all_equal(N, a[i].hi, alone.hi) &&
                all_equal(N, a[i].s, alone.s) && a[i].rank == alone.rank);
        }
    }
}

/* 128 KiB of stack suffice, as the header says. */
static void *little(void *ctx)
{
    call_arrays a = fresh();
    return product_run(ctx) == SKV_OK && everything(&a) == NULL ? NULL : ctx;
}

static void test_small_stack(void **state)
{
    pthread_attr_t attr;
    pthread_t id;
    void *failed;
    product *p = product_new();
    (void)state;
    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstacksize(&attr, 128 << 10), 0);
    assert_int_equal(pthread_create(&id, &attr, little, p), 0);
    assert_int_equal(pthread_join(id, &failed), 0);
    assert_null(failed);
    pthread_attr_destroy(&attr);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_workers), /* first: the pool is empty */
        cmocka_unit_test(test_gemm_arguments), cmocka_unit_test(test_matrix_arguments), cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_sum), cmocka_unit_test(test_signals), cmocka_unit_test(test_environment),
        cmocka_unit_test(test_busy), cmocka_unit_test(test_together), cmocka_unit_test(test_small_stack) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
