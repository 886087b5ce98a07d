/* SPDX-License-Identifier: MIT */
/* Training of users' networks, and curves between them. Alone sees a gradient of one tensor that is wrong, which would
   only make curves worse. */
#include "test.h"

/* A network and samples for it, ready for products. */
typedef struct {
    mem m;
    rng g;
    own_net net;
    own_shape s;
    const loss *L;
    size_t N;
    double *X, *Y, *x;
} world;

static const int users_losses[] = { SQUARED, LOGISTIC, CROSS_ENTROPY, HUBER };

static void tensor(world *w, size_t which, size_t r, size_t c)
{
    double *x = mem_doubles(&w->m, r * c);
    for (size_t i = 0; i < r * c; i++)
        x[i] = rng_normal(&w->g);
    w->net.t[which] = (own_tensor) { r, c, x };
    if (which != OWN_V1 && which != OWN_V2) {
        w->net.t[which + 1] = (own_tensor) { r, 1, mem_doubles(&w->m, r) };
        for (size_t i = 0; i < r; i++)
            w->net.t[which + 1].x[i] = rng_normal(&w->g);
    }
}

/* The layers inside a network that begins with `width` numbers; returns with how many they end. */
static size_t layers(world *w, size_t width)
{
    size_t begin = width;
    for (size_t i = 0; i < w->net.layers; i++) {
        size_t next = w->net.model == OWN_RESIDUAL && i % 2 ? begin : 2 + (i + w->net.n) % 3;
        tensor(w, OWN_T1 + 2 * i, next, width);
        width = next;
    }
    return width;
}

/* Of n inputs, dy outputs; m: units of the first layer, 0: none. */
static void network(world *w, int model, size_t n, size_t dy, size_t m)
{
    bool skip = model == OWN_SKIP || model == OWN_LINEAR_SKIP;
    m = model == OWN_LINEAR_SKIP ? 0 : model == OWN_RESIDUAL ? m : m + 1;
    w->net = (own_net) { .model = model, .n = n, .dy = dy, .m = model < OWN_LINEAR_SKIP ? m : 0 };
    w->net.layers = model == OWN_TWO_LAYER ? 0 : model == OWN_RESIDUAL ? 4 : 2;
    w->net.dg = model == OWN_SKIP ? 2 : n;
    if (m)
        tensor(w, OWN_W1, m, n);
    if (model == OWN_SKIP)
        tensor(w, OWN_V2, w->net.dg, m);
    size_t width = m ? m : n;
    size_t end = layers(w, skip ? w->net.dg : width);
    if (skip) {
        w->net.dz = end;
        tensor(w, OWN_V1, width, end);
    }
    tensor(w, OWN_W2, dy, skip ? width : end);
    w->s = shape_of(&w->net, w->net.m);
    w->x = own_pad(&w->m, &w->s, &w->net);
}

/* N samples as own_gradient takes them. */
static void samples(world *w, const loss *L, size_t N)
{
    w->L = L;
    w->N = N;
    w->X = mem_doubles(&w->m, (w->s.n + 1) * N);
    w->Y = mem_doubles(&w->m, N * w->s.dy);
    for (size_t i = 0; i < (w->s.n + 1) * N; i++)
        w->X[i] = i < w->s.n * N ? rng_normal(&w->g) : 1;
    for (size_t i = 0; i < N * w->s.dy; i++)
        w->Y[i] = rng_normal(&w->g);
    for (size_t i = 0; i < N; i++)
        label_make(L, w->s.dy, (size_t)(rng_uniform(&w->g) * (double)w->s.dy), w->Y + i * w->s.dy);
}

static world world_make(uint64_t stream)
{
    world w = { .g = rng_make(32, stream) };
    const loss *L = &losses[users_losses[stream / OWN_MODELS % 4]];
    size_t dy = 1 + stream / 3 % 3 + (L->labels == LABELS_ONE_HOT);
    network(&w, (int)(stream % OWN_MODELS), 1 + stream / 2 % 4, dy, stream / 7 % 4);
    samples(&w, L, 1 + stream % 9);
    return w;
}

/// Gradients ///

/* The mean loss by enclosures. */
static iv risk(const world *w)
{
    mem local = { 0 };
    sample_set S = { w->N, w->s.n, w->s.dy, mat_transpose(&local, w->s.n, w->N, w->X), w->Y, w->L };
    own_piece p = { &w->s, 1, { w->x, NULL }, NULL };
    iv mean[2];
    piece_loss(task_make(&local, &S, w->s.units, PENALTY_NONE, 0), &p, mean);
    mem_free(&local);
    return mean[0];
}

/* Each number of the gradient, of every model and loss, is the difference of enclosures across it; the mean is in its
   own. Differences that the kink of a ReLU may have spoilt, where two steps disagree, are few. */
static void test_gradient(void **state)
{
    size_t seen = 0;
    size_t kinks = 0;
    (void)state;
    for (uint64_t k = 0; k < 160; k++) {
        world w = world_make(k);
        double *g = mem_doubles(&w.m, w.s.size);
        double mean = own_gradient(&w.s, w.L, w.N, w.X, w.Y, w.x, g);
        iv F = risk(&w);
        assert_true(mean > F.lo - 1e-12 * (1 + F.lo) && mean < F.hi + 1e-12 * (1 + F.hi));
        for (size_t i = 0; i < w.s.size; i++) {
            double slope[2];
            double x = w.x[i];
            for (int e = 0; e < 2; e++) {
                double h = e ? 0x1p-18 : 0x1p-19;
                w.x[i] = x + h;
                double up = iv_mid(risk(&w));
                w.x[i] = x - h;
                slope[e] = (up - iv_mid(risk(&w))) / (2 * h);
            }
            w.x[i] = x;
            bool kink = fabs(slope[0] - slope[1]) > 1e-6 * (1 + fabs(slope[0]));
            seen++;
            kinks += kink;
            if (!kink && fabs(g[i] - slope[0]) > 1e-5 * (1 + fabs(slope[0])))
                fail_msg("network %d, number %zu of %zu: %g, differences %g", (int)k, i, w.s.size, g[i], slope[0]);
        }
        mem_free(&w.m);
    }
    assert_true(kinks * 100 < seen);
}

/* On many chunks, more than are in memory at once: the same bits on 1, 2 and 7 threads, and about what two halves give
   together. */
static void test_chunks(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < OWN_MODELS; k++) {
        world w = world_make(k);
        const size_t N = (TRAIN_ROUND + 1) * TRAIN_CHUNK + 5;
        samples(&w, w.L, N);
        double *g[3];
        double mean[3];
        for (int t = 0; t < 3; t++) {
            g[t] = mem_doubles(&w.m, w.s.size);
            thr_use(t == 2 ? 7 : t + 1);
            mean[t] = own_gradient(&w.s, w.L, N, w.X, w.Y, w.x, g[t]);
            assert_memory_equal(g[t], g[0], w.s.size * sizeof *g[t]);
            expect_double("mean", mean[t], mean[0]);
        }
        thr_use(0);
        memset(g[1], 0, w.s.size * sizeof *g[1]);
        for (size_t h = 0; h < 2; h++) {
            size_t first = h ? N / 3 : 0;
            size_t count = h ? N - N / 3 : N / 3;
            double *X = mem_doubles(&w.m, (w.s.n + 1) * count);
            for (size_t j = 0; j <= w.s.n; j++)
                memcpy(X + j * count, w.X + j * N + first, count * sizeof *X);
            own_gradient(&w.s, w.L, count, X, w.Y + first * w.s.dy, w.x, g[2]);
            for (size_t i = 0; i < w.s.size; i++)
                g[1][i] += g[2][i] * (double)count / (double)N;
        }
        for (size_t i = 0; i < w.s.size; i++)
            assert_true(fabs(g[1][i] - g[0][i]) < 1e-11 * (1 + fabs(g[0][i])));
        mem_free(&w.m);
    }
}

/* A unit exactly at its kink learns nothing. */
static void test_kink(void **state)
{
    world w = { .g = rng_make(32, 999) };
    (void)state;
    network(&w, OWN_MLP, 1, 1, 0);
    samples(&w, &losses[SQUARED], 3);
    own_place W1 = w.s.part[PART_W1];
    memset(w.x + W1.at, 0, W1.r * W1.c * sizeof *w.x);
    double *g = mem_doubles(&w.m, w.s.size);
    own_gradient(&w.s, w.L, w.N, w.X, w.Y, w.x, g);
    assert_true(all_zero(W1.r * W1.c, g + W1.at));
    w.x[W1.at + 1] = 0x1p-30;
    for (size_t i = 0; i < w.s.size; i++)
        w.x[i] = fabs(w.x[i]);
    own_gradient(&w.s, w.L, w.N, w.X, w.Y, w.x, g);
    assert_true(g[W1.at + 1] != 0);
    mem_free(&w.m);
}

/* The first two steps by hand: m and v are the means of the gradients so far, undone of their start at 0. */
static void test_adam(void **state)
{
    mem m = { 0 };
    adam a = adam_make(&m, 2, 0.125);
    double x[2] = { 1, 2 };
    const double g[2][2] = { { 3, -0.5 }, { -1, -0.5 } };
    (void)state;
    adam_step(&a, g[0], x);
    assert_true(fabs(x[0] - 0.875) < 1e-8 && fabs(x[1] - 2.125) < 1e-8);
    adam_step(&a, g[1], x);
    double mean = (0.9 * 3 - 1) / 1.9;
    double square = (0.999 * 9 + 1) / 1.999;
    assert_true(fabs(x[0] - (0.875 - 0.125 * mean / sqrt(square))) < 1e-8);
    assert_true(fabs(x[1] - 2.25) < 1e-8);
    mem_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_gradient), cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_kink), cmocka_unit_test(test_adam) };
    return cmocka_run_group_tests_name("curves", tests, NULL, NULL);
}
