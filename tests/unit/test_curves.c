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

/// Curves ///

/* Two networks of one shape with the samples of the first, and the pair. `units`: B has as many more. */
typedef struct {
    world w[2];
    sample_set *S;
    own_pair *P;
    iv end[2];
} pair;

static pair *pair_of(uint64_t stream, int penalty, double kappa)
{
    pair *p = calloc(1, sizeof *p);
    p->w[0] = world_make(stream);
    p->w[1] = world_make(stream);
    world *w = p->w;
    samples(&w[0], w[0].L, 40);
    for (size_t i = 0; i < OWN_TENSORS; i++) {
        own_tensor *t = &w[1].net.t[i];
        for (size_t k = 0; k < t->r * t->c && t->x; k++)
            t->x[k] += rng_normal(&w[0].g);
        if (own_is_bias(i) && stream % 3 == 0)
            w[0].net.t[i].x = t->x = NULL; /* neither has that bias */
    }
    p->S = mem_get(&p->w[0].m, 1, sizeof *p->S);
    *p->S = (sample_set) { 40, w[0].s.n, w[0].s.dy, mat_transpose(&w[0].m, w[0].s.n, 40, w[0].X), w[0].Y, w[0].L };
    p->P = pair_make(&w[0].m, p->S, &w[0].net, &w[1].net, w[0].net.m, penalty, kappa);
    p->end[0] = pair_risk(p->P, 0);
    p->end[1] = pair_risk(p->P, 1);
    return p;
}

static void pair_free(pair *p)
{
    mem_free(&p->w[0].m);
    mem_free(&p->w[1].m);
    free(p);
}

static own_curve *random_curve(mem *m, rng *g, size_t degree, size_t K, size_t n)
{
    own_curve *c = mem_get(m, 1, sizeof *c);
    *c = (own_curve) { degree, K, n, { NULL } };
    for (size_t j = 0; j <= degree; j++) {
        double *x = mem_doubles(m, n);
        for (size_t i = 0; i < n; i++)
            x[i] = j && j < degree ? (double)(float)test_near(g, 20) : test_near(g, 20);
        c->at[j] = x;
    }
    return c;
}

/* Number a of joint i as it is defined: with weights from whole numbers; each product and each sum by itself. */
static double joint_of(const own_curve *c, size_t i, size_t a)
{
    static const uint64_t binomial[5][5] = { { 1 }, { 1, 1 }, { 1, 2, 1 }, { 1, 3, 3, 1 }, { 1, 4, 6, 4, 1 } };
    volatile double sum = 0;
    for (size_t j = 0; j <= c->degree; j++) {
        uint64_t whole = binomial[c->degree][j];
        for (size_t k = 0; k < c->degree; k++)
            whole *= k < j ? i : c->K - i;
        volatile double term = (double)whole / pow((double)c->K, (double)c->degree) * c->at[j][a];
        sum = j ? sum + term : term;
    }
    return i == 0 ? c->at[0][a] : i == c->K ? c->at[c->degree][a] : (double)(float)sum;
}

/* Of all degrees; number 0 cancels at joint 1 up to rounding, so that it shows how products are rounded. */
static void test_joints(void **state)
{
    rng g = rng_make(33, 1);
    size_t wide = 0;
    (void)state;
    for (size_t round = 0; round < 200; round++) {
        mem m = { 0 };
        size_t K = (size_t)1 << (round % 9);
        own_curve *c = random_curve(&m, &g, 2 + round % 3, K, 7);
        double *x = mem_doubles(&m, 7);
        for (size_t j = 2; j <= c->degree && K > 1; j++)
            ((double *)c->at[j])[0] = 0;
        if (K > 1)
            ((double *)c->at[1])[0] = -curve_weight(c, 0, 1) * c->at[0][0] / curve_weight(c, 1, 1);
        for (size_t i = 0; i <= K; i += i < 3 ? 1 : 1 + K / 16) {
            curve_joint(c, i, x);
            for (size_t a = 0; a < 7; a++) {
                double expected = joint_of(c, i, a);
                expect_double("joint", x[a], expected);
                wide += expected != (double)(float)expected;
            }
        }
        curve_joint(c, K, x);
        for (size_t a = 0; a < 7; a++)
            expect_double("end", x[a], c->at[c->degree][a]);
        mem_free(&m);
    }
    assert_true(wide > 500);
}

/* Each sample once in each round, with its label, and ones below. */
static void test_draw(void **state)
{
    (void)state;
    pair *p = pair_of(4, PENALTY_NONE, 0);
    const size_t N = 700;
    size_t n = p->S->dx;
    size_t dy = p->S->dy;
    double *X = mem_doubles(&p->w[0].m, N * n);
    double *Y = mem_doubles(&p->w[0].m, N * dy);
    for (size_t i = 0; i < N; i++) {
        X[i * n] = (double)i;
        Y[i * dy] = (double)i;
    }
    sample_set S = { N, n, dy, X, Y, p->S->L };
    p->P->S = &S;
    curve_draw d = draw_make(&p->w[0].m, p->P, 5);
    size_t *seen = mem_get(&p->w[0].m, N, sizeof *seen);
    size_t moved = 0;
    for (size_t k = 0; k < 7 * N; k++) {
        if (k % d.count == 0)
            draw_next(&d);
        double x = d.X[k % d.count];
        expect_double("label", d.Y[k % d.count * dy], x);
        expect_double("one", d.X[n * d.count + k % d.count], 1);
        assert_int_equal(seen[(size_t)x]++, k / N);
        moved += (size_t)x != k % N;
    }
    assert_int_equal(d.count, CURVE_BATCH);
    assert_true(moved > 6 * N);
    pair_free(p);
}

/* F rounded, of all samples; the mean of it over the curve's points falls by training, of all models, losses and
   penalties, and biases that neither network has stay away. */
static void test_train(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 60; k++) {
        int penalty = k % 4 == 3 ? PENALTY_DECAY : PENALTY_NONE;
        pair *p = pair_of(200 + k, penalty, penalty ? 0.05 : 0);
        const own_pair *P = p->P;
        own_curve *c[2];
        double mean[2] = { 0, 0 };
        double *x = mem_doubles(&p->w[0].m, P->shape.size);
        for (int e = 0; e < 2; e++) {
            c[e] = curve_make(&p->w[0].m, P, P->x[0], P->x[1], e ? 300 : 0, 1);
            c[e]->K = 16;
            for (size_t i = 0; i <= 16; i++) {
                curve_joint(c[e], i, x);
                mean[e] += curve_value(P, x, 1) / 17;
                own_segment g = segment_make(&p->w[0].m, P->q, &P->shape, x, x);
                iv F = segment_at(&g, 0);
                double value = curve_value(P, x, 1);
                assert_true(value > F.lo - 1e-12 * (1 + F.lo) && value < F.hi + 1e-12 * (1 + F.hi));
            }
        }
        assert_true(mean[1] < mean[0]);
        for (size_t j = 1; j < 4; j++)
            for (size_t i = 0; i < PART_ALL; i++) {
                const own_place *M = &P->shape.part[i];
                size_t matrix, bias;
                part_tensors(i, &matrix, &bias);
                bool biased = bias < OWN_TENSORS && pair_has(P, bias);
                for (size_t r = 0; r < M->r; r++)
                    assert_true(biased || c[1]->at[j][M->at + r * M->c + M->c - 1] == 0);
            }
        pair_free(p);
    }
}

/* Control points are numbers of float32, whatever comes of the training; a value that is not known is no low one. */
static void test_huge(void **state)
{
    static const double scales[] = { 0x1p101, 0x1p130, 0x1p600, 0x1p1000 };
    (void)state;
    for (uint64_t k = 0; k < 20; k++) {
        pair *p = pair_of(200 + k, PENALTY_NONE, 0);
        const own_pair *P = p->P;
        double *x[2];
        for (int e = 0; e < 2; e++) {
            x[e] = mem_copy(&p->w[0].m, P->shape.size, P->x[e]);
            for (size_t i = 0; i < P->shape.size; i++)
                x[e][i] *= scales[k % 4];
        }
        own_curve *c = curve_make(&p->w[0].m, P, x[0], x[1], 10, 1);
        for (size_t j = 1; j < c->degree; j++)
            for (size_t i = 0; i < P->shape.size; i++)
                assert_true(is_finite(c->at[j][i]) && (double)(float)c->at[j][i] == c->at[j][i]);
        assert_true(k % 4 < 2 || curve_highest(P, c, 1) == INFINITY);
        pair_free(p);
    }
}

/* The read-out alone moves, to numbers of float32, and F falls: to the goal, or else to where its gradient is small. */
static void test_readouts(void **state)
{
    int reached = 0;
    (void)state;
    for (uint64_t k = 0; k < 100; k++) {
        int penalty = k % 4 == 3 ? PENALTY_DECAY : PENALTY_NONE;
        pair *p = pair_of(300 + k, penalty, penalty ? 0.05 : 0);
        const own_pair *P = p->P;
        const own_place *W2 = &P->shape.part[PART_W2];
        double before = curve_value(P, P->x[0], 1);
        double goal = before * (k % 2 ? 0.9 : 0);
        const double *x = curve_refit(&p->w[0].m, P, P->x[0], goal);
        double after = curve_value(P, x, 1);
        assert_true(same_numbers(W2->at, x, P->x[0]));
        for (size_t r = 0; r < W2->r && !P->biased; r++)
            assert_true(x[W2->at + r * W2->c + W2->c - 1] == 0);
        for (size_t i = W2->at; i < P->shape.size; i++)
            assert_true(x[i] == (double)(float)x[i]);
        assert_true(after <= before * (1 + 1e-6));
        reached += k % 2 && after <= goal * (1 + 1e-6);
        double *g = mem_doubles(&p->w[0].m, P->shape.size);
        own_gradient(&P->shape, P->q->L, 40, p->w[0].X, p->w[0].Y, x, g);
        curve_slope(P, x, g);
        double slope = 0;
        for (size_t i = W2->at; i < P->shape.size; i++)
            slope = fmax(slope, fabs(g[i]));
        assert_true(k % 2 || slope < 0.02 * (1 + before));
        pair_free(p);
    }
    assert_true(reached > 20);
}

/// Certificates of curves ///

/* What the checker says to it: NULL, it accepts; p: what is proved. */
static const char *checked(const pair *p, const text *t, own_proof *proof, char why[200])
{
    mem m = { 0 };
    char *copy = mem_get(&m, t->used + 1, 1);
    memcpy(copy, t->s, t->used);
    cert_reader c = { .next = copy, .end = copy + t->used };
    cert_claim said = { 0 };
    if (cert_read_seal(&c, copy) && cert_read_claim(&c, &said, 64)) {
        own_work work = { .shards = 1, .inside = -INFINITY };
        cert_bound bound = { 0 };
        *proof = cert_check(&c, &said, p->P, p->S, p->end, &work, &bound);
        if (!c.why[0])
            cert_judge(&c, &bound, proof);
    }
    memcpy(why, c.why, sizeof c.why);
    mem_free(&m);
    return why[0] ? why : NULL;
}

/* The certificate of a curve, as the strategy gives it. */
static text curve_cert(pair *p, own_answer *a, size_t steps)
{
    text t = { 0 };
    *a = (own_answer) { .P = p->P };
    answer_path(&p->w[0].m, a, STRATEGY_CURVE, steps, 1);
    own_cert_write(&t, p->P, p->S, &a->path, &a->proof);
    return t;
}

/* Of all models, losses and penalties: what the strategy says of its path is what a proof from the states gives, and
   what the checker finds in the certificate. */
static void test_answers(void **state)
{
    int curves = 0;
    (void)state;
    for (uint64_t k = 0; k < 40; k++) {
        int model = (int)(k % OWN_MODELS);
        int penalty = k / 5 % 3 == 1 ? PENALTY_DECAY : k / 5 % 3 == 2 && model < OWN_LINEAR_SKIP ? PENALTY_WANG : 0;
        pair *p = pair_of(400 + k, penalty, penalty ? 0.01 : 0);
        own_answer a;
        char why[200];
        text t = curve_cert(p, &a, 40);
        own_proof again = own_prove(p->P, &a.path, p->end);
        own_proof found = { 0 };
        assert_null(again.why);
        expect_double("bound", again.bound, a.proof.bound);
        assert_int_equal(again.leg, path_legs(&a.path));
        assert_int_equal(again.pieces, a.proof.pieces);
        assert_int_equal(again.ends, a.proof.ends);
        assert_null(checked(p, &t, &found, why));
        expect_double("certified bound", found.bound, a.proof.bound);
        assert_int_equal(found.pieces, a.proof.pieces);
        assert_int_equal(found.leg, a.proof.leg);
        curves += a.by == STRATEGY_CURVE;
        free(t.s);
        pair_free(p);
    }
    assert_true(curves > 30);
}

/* A line, what stands there instead, and a part of the complaint. */
static const struct {
    const char *word, *by, *why;
} refusals[] = {
    { "leg curve 4 2", "leg curve 4 3", "expected a power of two" },
    { "leg curve 4 2", "leg curve 4 512", "expected a whole number from 1 to 256" },
    { "leg curve 4 2", "leg curve 4 0", "expected a whole number from 1 to 256" },
    { "leg curve 4 2", "leg curve 5 2", "expected a whole number from 2 to 4" },
    { "leg curve 4 2", "leg curve 1 2", "expected a whole number from 2 to 4" },
    { "leg curve 4 2", "leg curve 4 2 1", "and more" },
    { "leg curve 4 2", "leg curve 4", "expected a whole number" },
    { "leg curve 4 2", "leg curve", "expected a whole number" },
    { "leg curve 4 2", "leg curve 3 2", "'control', expected 'cuts NUMBER'" },
    { "leg curve 4 2", "leg curve 4 4", "expected 'cuts NUMBER'" },
    { "leg curve 4 2", "leg curve 4 1", "expected 'leg ...' or 'bound ...'" },
    { "leg curve 4 2", "leg line 0", "expected 'leg ...' or 'bound ...'" },
    { "control", "controls", "expected 'control'" },
    { "control", NULL, "expected 'control'" },
    { "control", "control\ncontrol", "expected 'W1 3 2'" },
    { "to B", "to point", "the path does not end at B" },
    { "0x1.8p-7", "0x1.8p-7 0x1p+0 0x1p+0", "more than 2 numbers" },
    { "0x1.8p-7", "0x1.8p-7", "1 numbers, expected 2" },
    { "0x1.8p-7", "0x1.80000001p-7 0x1p+0", "none of float32" },
    { "0x1.8p-7", "0x1.8p-7 0x1p+128", "none of float32" },
    { "0x1.8p-7", "0x1.8p-7 0x1p-150", "none of float32" },
    { "0x1.8p-7", "0x1.8p-7 0x1p-149", NULL },
    { "b1 3 1", "b1 3 2", "expected 'b1 3 1'" },
    { "cuts 0", "cuts", "expected a whole number" },
    { "cuts 0", "cuts 0 0", "after the number of cuts" },
    { "cuts 0", "cuts 1", "expected 'cut NUMBER'" },
    { "cuts 0", "cuts 1\ncut 0x1p+0", "not between" },
    { "cuts 0", "cuts 2\ncut 0x1p-1\ncut 0x1p-1", "not between" },
    { "cuts 0", "cuts 1\ncut 0x1p-54", "no multiple" },
    { "cuts 0", "cuts 1\ncut 0x1p-1", NULL },
    { "cuts 0", NULL, "expected 'cuts NUMBER'" },
    { "bound", "bound 0x1p-500", "not certainly below the bound" },
};

/* A network of the first world, a curve of two segments with control points that are easy to find, without cuts. */
static own_path plain_path(pair *p)
{
    const own_pair *P = p->P;
    mem *m = &p->w[0].m;
    own_path path = { 0 };
    own_curve *c = random_curve(m, &p->w[0].g, 4, 2, P->shape.size);
    for (size_t j = 1; j < 4; j++) {
        double *x = mem_copy(m, c->n, c->at[j]);
        x[0] = j == 1 ? 0x1.8p-7 : 3;
        x[1] = 1;
        c->at[j] = x;
    }
    c->at[0] = P->x[0];
    c->at[4] = P->x[1];
    own_add(m, &path, own_end(m, P, 0));
    for (size_t i = 1; i <= 2; i++) {
        double *x = mem_doubles(m, c->n);
        curve_joint(c, i, x);
        own_add(m, &path, (own_state) { .x = x, .by = OWN_LINE, .curve = c, .joint = i });
    }
    return path;
}

/* Each check of the reader, and what it lets pass. */
static void test_reader(void **state)
{
    (void)state;
    char why[200];
    own_proof proof;
    pair p = { .w = { { .g = rng_make(33, 7) }, { .g = rng_make(33, 8) } } };
    for (int e = 0; e < 2; e++) {
        network(&p.w[e], OWN_MLP, 2, 2, 2);
        samples(&p.w[e], &losses[SQUARED], 5);
    }
    p.S = mem_get(&p.w[0].m, 1, sizeof *p.S);
    *p.S = (sample_set) { 5, 2, 2, mat_transpose(&p.w[0].m, 2, 5, p.w[0].X), p.w[0].Y, p.w[0].L };
    p.P = pair_make(&p.w[0].m, p.S, &p.w[0].net, &p.w[1].net, 0, PENALTY_NONE, 0);
    p.end[0] = pair_risk(p.P, 0);
    p.end[1] = pair_risk(p.P, 1);
    own_path path = plain_path(&p);
    own_proof said = own_prove(p.P, &path, p.end);
    text t = { 0 };
    assert_null(said.why);
    assert_true(said.leg == 1 && said.pieces == 2);
    own_cert_write(&t, p.P, p.S, &path, &said);
    assert_null(checked(&p, &t, &proof, why));
    for (size_t i = 0; i < COUNT(refusals); i++) {
        text other = replaced(&t, refusals[i].word, refusals[i].by);
        const char *got = checked(&p, &other, &proof, why);
        const char *expected = refusals[i].why;
        if ((got == NULL) != (expected == NULL) || (got && !strstr(got, expected)))
            fail_msg("%s => %s  expected: %s", refusals[i].by ? refusals[i].by : refusals[i].word,
                got ? got : "accepted", expected ? expected : "-");
        free(other.s);
    }
    free(t.s);
    mem_free(&p.w[0].m);
    mem_free(&p.w[1].m);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_gradient), cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_kink), cmocka_unit_test(test_adam), cmocka_unit_test(test_joints),
        cmocka_unit_test(test_draw), cmocka_unit_test(test_train), cmocka_unit_test(test_huge),
        cmocka_unit_test(test_readouts), cmocka_unit_test(test_answers), cmocka_unit_test(test_reader) };
    return cmocka_run_group_tests_name("curves", tests, NULL, NULL);
}
