/* SPDX-License-Identifier: MIT */
/* Users' networks and what is proved of paths between them: the piece rule, number for number; losses along pieces of
   single samples; refits; the relay and its legs; certificates. Alone sees a rule of pieces or of legs that accepts too
   much, where a mean over samples would hide it. */
#include "test.h"

/* Two networks of one model and samples for them. */
typedef struct {
    mem m;
    rng g;
    sample_set S;
    own_net net[2];
} world;

static size_t pick(rng *g, size_t n) { return (size_t)(rng_uniform(g) * (double)n); }

/* Numbers of several kinds: short ones, whole ones (zeros, kinks exactly at 0), of 53 bits, of all sizes. */
enum { SHORT, WHOLE, LONG, EXTREME, KINDS };

static double number(rng *g, int kind)
{
    if (kind == WHOLE)
        return (double)pick(g, 5) - 2;
    if (kind == LONG)
        return test_near(g, 2);
    if (kind == EXTREME)
        return pick(g, 4) ? test_near(g, 60) : 0;
    return dyadic(rng_normal(g));
}

static double *numbers(mem *m, rng *g, int kind, size_t n)
{
    double *x = mem_doubles(m, n);
    for (size_t i = 0; i < n; i++)
        x[i] = number(g, kind);
    return x;
}

/* A random tensor; a bias is left out now and then. */
static void net_tensor(mem *m, rng *g, int kind, own_net *net, size_t which, size_t r, size_t c)
{
    if (!own_is_bias(which) || pick(g, 4))
        net->t[which] = (own_tensor) { r, c, numbers(m, g, kind, r * c) };
}

/* The block of a network: T_1 .. T_layers of width 3, and V1. */
static void net_block(mem *m, rng *g, int kind, own_net *net)
{
    size_t width = net->dg;
    for (size_t i = 0; i < net->layers; i++) {
        size_t next = i + 1 < net->layers ? 3 : net->dz;
        net_tensor(m, g, kind, net, OWN_T1 + 2 * i, next, width);
        net_tensor(m, g, kind, net, OWN_C1 + 2 * i, next, 1);
        width = next;
    }
    net_tensor(m, g, kind, net, OWN_V1, net->m ? net->m : net->n, net->dz);
}

/* The layers of a deep network: of an mlp all but the last, widths from 1 to 5; of residual blocks as wide as the
   read-in, of whose units there are so many (0: there is none). Returns what the last layer gives. */
static size_t net_layers(mem *m, rng *g, int kind, own_net *net, size_t units)
{
    size_t width = units ? units : net->n;
    if (units) {
        net_tensor(m, g, kind, net, OWN_W1, units, net->n);
        net_tensor(m, g, kind, net, OWN_B1, units, 1);
    }
    for (size_t i = 0; i < net->layers; i++) {
        bool adds = net->model == OWN_RESIDUAL && i % 2;
        size_t next = adds ? (units ? units : net->n) : 1 + (3 * i + 2 * units + net->n) % 5;
        net_tensor(m, g, kind, net, OWN_T1 + 2 * i, next, width);
        net_tensor(m, g, kind, net, OWN_C1 + 2 * i, next, 1);
        width = next;
    }
    return width;
}

/* A random network of those sizes; units: the hidden ones, where it has any, or of the first layer. */
static own_net net_make(mem *m, rng *g, int kind, own_net like, size_t units)
{
    bool hidden = like.model == OWN_TWO_LAYER || like.model == OWN_SKIP;
    own_net net = { like.model, like.n, hidden ? units : 0, like.dy, like.dg, like.dz, like.layers,
        { { 0, 0, NULL } } };
    size_t last = net.m ? net.m : net.n;
    if (net.m) {
        net_tensor(m, g, kind, &net, OWN_W1, net.m, net.n);
        net_tensor(m, g, kind, &net, OWN_B1, net.m, 1);
    }
    if (net.model == OWN_SKIP)
        net_tensor(m, g, kind, &net, OWN_V2, net.dg, net.m);
    if (net.model == OWN_SKIP || net.model == OWN_LINEAR_SKIP)
        net_block(m, g, kind, &net);
    if (net.model == OWN_MLP || net.model == OWN_RESIDUAL)
        last = net_layers(m, g, kind, &net, units);
    net_tensor(m, g, kind, &net, OWN_W2, net.dy, last);
    net_tensor(m, g, kind, &net, OWN_B2, net.dy, 1);
    for (size_t i = 0; net.m && i < net.n && !pick(g, 3); i++)
        net.t[OWN_W1].x[i] = 0; /* a unit that sees nothing but its bias */
    for (size_t k = 0; net.m && k < net.dy && !pick(g, 3); k++)
        net.t[OWN_W2].x[k * net.m + net.m - 1] = 0;
    return net;
}

/* N samples, with labels as the loss takes them. */
static void world_samples(world *w, int which, int kind, size_t N, size_t n, size_t dy)
{
    double *Y = numbers(&w->m, &w->g, kind == EXTREME ? SHORT : kind, N * dy);
    for (size_t i = 0; i < N; i++)
        label_make(&losses[which], dy, pick(&w->g, dy), Y + i * dy);
    w->S = (sample_set) { N, n, dy, numbers(&w->m, &w->g, kind, N * n), Y, &losses[which] };
}

/* How many inner layers a model has, of those that are tested: an mlp 1 to 4 of 3 to 6 layers, a residual network two
   in each of 1 to 3 blocks; else as said. */
static size_t model_layers(int model, size_t k)
{
    size_t deep = model == OWN_MLP ? 1 + k % 4 : 2 * (1 + k % 3);
    return model == OWN_TWO_LAYER ? 0 : model < OWN_MLP ? k : deep;
}

/* Sizes from the stream; now and then the second network has some tensors of the first. */
static world world_make(uint64_t stream, int model, int which, int kind, size_t N)
{
    world w = { .g = rng_make(31, stream) };
    own_net like = { model, 1 + pick(&w.g, 3), 0, 1 + pick(&w.g, 3), 1 + pick(&w.g, 2), 1 + pick(&w.g, 2),
        pick(&w.g, 4), { { 0, 0, NULL } } };
    if (which == CROSS_ENTROPY)
        like.dy = 2 + like.dy % 2;
    like.layers = model_layers(model, like.layers);
    if (model != OWN_SKIP && model != OWN_LINEAR_SKIP)
        like.dg = like.dz = 0;
    if (model == OWN_LINEAR_SKIP)
        like.dg = like.n;
    if (!like.layers)
        like.dz = like.dg;
    size_t units = 1 + pick(&w.g, 5);
    if (model == OWN_RESIDUAL)
        units %= 4; /* now and then no read-in */
    for (int e = 0; e < 2; e++)
        w.net[e] = net_make(&w.m, &w.g, kind, like, units);
    for (size_t i = 0; i < OWN_TENSORS; i++)
        if (!pick(&w.g, 5))
            w.net[1].t[i] = w.net[0].t[i];
    world_samples(&w, which, kind, N, like.n, like.dy);
    return w;
}

static own_pair *world_pair(world *w, int penalty, double kappa)
{
    return pair_make(&w->m, &w->S, &w->net[0], &w->net[1], max_size(w->net[0].m, w->net[1].m), penalty, kappa);
}

/// The piece rule ///

/* Every quantity of a batch on its way through the network: chords as the program computes them, or enclosures of the
   true values, in the same order. */
enum { WALK_STEPS = OWN_OPS + 3 };
typedef struct {
    size_t n;
    chord v[WALK_STEPS];
} walk;
typedef struct {
    size_t n, d[WALK_STEPS];
    iv *v[WALK_STEPS];
} truth;

/* A copy, as it is now. */
static void walk_keep(mem *m, walk *w, const chord *v)
{
    size_t size = (v->d + 1) * v->N;
    chord c = *v;
    for (int e = 0; e < v->ends; e++)
        c.at[e] = mem_copy(m, size, v->at[e]);
    c.up = mem_copy(m, size, v->up);
    c.down = mem_copy(m, size, v->down);
    w->v[w->n++] = c;
}

/* The outputs with nothing but the slack from behind, of a piece. */
static chord walk_behind(mem *m, const own_task *q, const own_batch *b, const own_piece *p)
{
    chord before[OWN_OPS];
    chord inputs = batch_inputs(m, q, b, 2);
    own_piece ready = piece_ready(m, q, p, true);
    chord f = piece_walk(m, q, &ready, b->class, &inputs, before);
    for (size_t i = 0; i < f.d * f.N; i++)
        if (!loss_of_differences(q->L) || i / f.N != b->class)
            f.up[i] = f.down[i] = INFINITY;
    piece_behind(m, q, &ready, b->class, before, &f);
    return f;
}

/* All steps one by one; the outputs three times: once more as piece_outputs gives them, and with slack from behind. */
static walk walk_chords(mem *m, const own_task *q, const own_batch *b, const own_piece *p)
{
    walk w = { 0 };
    const own_shape *s = p->shape;
    chord v = batch_inputs(m, q, b, p->ends);
    chord kept = v;
    for (size_t k = 0; k < s->steps; k++) {
        moving M = piece_part(p, s->step[k].part);
        if (k + 1 == s->steps && loss_of_differences(q->L))
            M = piece_differences(m, &M, p->ends, b->class);
        if (s->step[k].op == STEP_KEEP) {
            kept = v;
            continue;
        }
        if (s->step[k].op == STEP_AFFINE)
            v = chord_affine(m, &M, &v);
        else if (s->step[k].op == STEP_RELU)
            chord_relu(&v);
        else
            chord_add(&v, &kept);
        walk_keep(m, &w, &v);
    }
    v = piece_outputs(m, q, b, p);
    walk_keep(m, &w, &v);
    if (p->ends == 2)
        v = walk_behind(m, q, b, p);
    walk_keep(m, &w, &v);
    return w;
}

/* The next true values, r rows and ones below them. */
static iv *true_rows(mem *m, truth *t, size_t r, size_t N)
{
    iv *out = mem_ivs(m, (r + 1) * N);
    for (size_t i = 0; i < (r + 1) * N; i++)
        out[i] = iv_of(1);
    t->d[t->n] = r;
    t->v[t->n++] = out;
    return out;
}

/* A part of the numbers x, applied to v; and then the ReLU, or not. */
static iv *true_layer(mem *m, truth *t, const own_place *p, const iv *x, size_t N, const iv *v, bool relu)
{
    iv *out = true_rows(m, t, p->r, N);
    for (size_t k = 0; k < p->r; k++)
        for (size_t i = 0; i < N; i++)
            out[k * N + i] = iv_sum_product(p->c, x + p->at + k * p->c, 1, v + i, N);
    iv *cut = relu ? true_rows(m, t, p->r, N) : out;
    for (size_t i = 0; relu && i < p->r * N; i++)
        cut[i] = iv_relu(out[i]);
    return cut;
}

/* u + v. */
static iv *true_sum(mem *m, truth *t, size_t d, size_t N, const iv *u, const iv *v)
{
    iv *sum = true_rows(m, t, d, N);
    for (size_t i = 0; i < d * N; i++)
        sum[i] = iv_add(u[i], v[i]);
    return sum;
}

/* What the read-out takes, of the network with numbers x, straight from the formulas: they know no tape. */
static iv *true_inside(mem *m, truth *t, const own_shape *s, const iv *x, size_t N, iv *v)
{
    const own_place *p = s->part;
    size_t at = PART_T;
    bool block = s->model == OWN_SKIP || s->model == OWN_LINEAR_SKIP;
    if (s->model == OWN_RESIDUAL ? p[PART_W1].r > 0 : s->model != OWN_LINEAR_SKIP)
        v = true_layer(m, t, &p[PART_W1], x, N, v, s->model != OWN_RESIDUAL);
    for (size_t k = 0; s->model == OWN_MLP && k < s->layers; k++)
        v = true_layer(m, t, &p[at++], x, N, v, true);
    for (size_t k = 0; s->model == OWN_RESIDUAL && k < s->layers / 2; k++, at += 2) {
        iv *u = true_layer(m, t, &p[at], x, N, v, true);
        u = true_layer(m, t, &p[at + 1], x, N, u, false);
        v = true_sum(m, t, p[at + 1].r, N, u, v);
    }
    if (block) {
        iv *u = s->model == OWN_SKIP ? true_layer(m, t, &p[PART_V2], x, N, v, false) : v;
        for (size_t i = 0; i < s->layers; i++)
            u = true_layer(m, t, &p[at++], x, N, u, true);
        u = true_layer(m, t, &p[PART_V1], x, N, u, false);
        v = true_sum(m, t, s->units, N, u, v);
    }
    return v;
}

/* All quantities of the network with numbers x, and the outputs three times. */
static truth walk_truth(mem *m, const own_task *q, const own_batch *b, const own_shape *s, const iv *x)
{
    truth t = { 0 };
    size_t N = b->count;
    iv *v = mem_ivs(m, (q->n + 1) * N);
    iv *D = mem_ivs(m, s->size);
    const own_place *W2 = &s->part[PART_W2];
    iv_load((q->n + 1) * N, q->X + b->first * (q->n + 1), v);
    v = true_inside(m, &t, s, x, N, v);
    for (size_t i = 0; i < W2->r * W2->c; i++)
        D[W2->at + i] = loss_of_differences(q->L)
            ? i / W2->c == b->class ? iv_of(0) : iv_sub(x[W2->at + i], x[W2->at + b->class * W2->c + i % W2->c])
            : x[W2->at + i];
    true_layer(m, &t, W2, D, N, v, false);
    for (int again = 0; again < 2; again++, t.n++) {
        t.d[t.n] = t.d[t.n - 1];
        t.v[t.n] = t.v[t.n - 1];
    }
    return t;
}

/* (1 - s) a + s b. */
static iv blend(double s, iv a, iv b) { return iv_add(iv_scale(1 - s, a), iv_scale(s, b)); }

/* All numbers of the network at t, a short dyadic number. */
static iv *numbers_at(mem *m, const own_shape *s, const double *A, const double *B, double t)
{
    iv *x = mem_ivs(m, s->size);
    for (size_t i = 0; i < s->size; i++)
        x[i] = blend(t, iv_of(A[i]), iv_of(B[i]));
    return x;
}

/* No value is certainly outside its chord and slack at s. */
static void walk_holds(const walk *w, const truth *t, double s)
{
    assert_int_equal(w->n, t->n);
    for (size_t l = 0; l < w->n; l++) {
        const chord *c = &w->v[l];
        assert_int_equal(c->d, t->d[l]);
        for (size_t i = 0; i < (c->d + 1) * c->N; i++) {
            iv at = c->ends == 2 ? blend(s, iv_of(c->at[0][i]), iv_of(c->at[1][i])) : iv_of(c->at[0][i]);
            iv box = iv_add(at, iv_make(-c->down[i], c->up[i]));
            assert_true(c->up[i] >= 0 && c->down[i] >= 0);
            if (iv_apart(box, t->v[l][i]))
                fail_msg("step %zu of %zu, number %zu, s = %g: %.17g not in %.17g - %.17g + %.17g", l, w->n, i, s,
                    iv_mid(t->v[l][i]), iv_mid(at), c->down[i], c->up[i]);
        }
    }
}

/* A piece of a segment, or a point where t0 = t1: every quantity of every sample, at nine places. */
static void piece_holds(const own_segment *g, double t0, double t1)
{
    mem m = { 0 };
    const own_task *q = g->q;
    bool end = t0 == t1 && (t0 == 0 || t0 == 1);
    own_piece p = { g->shape, 1 + (t0 != t1), { segment_blend(&m, g, t0), segment_blend(&m, g, t1) },
        end ? NULL : (const double *const *)g->blur };
    for (size_t b = 0; b < q->batches; b++) {
        walk w = walk_chords(&m, q, &q->batch[b], &p);
        for (int k = 0; k <= (t0 == t1 ? 0 : 8); k++) {
            double t = t0 + k / 8.0 * (t1 - t0);
            truth exact = walk_truth(&m, q, &q->batch[b], g->shape, numbers_at(&m, g->shape, g->A, g->B, t));
            walk_holds(&w, &exact, k / 8.0);
        }
    }
    mem_free(&m);
}

/* The rule on random networks of every model: each value lies in chord + [-down, up]. */
static void test_rule(void **state)
{
    static const double pieces[][2] = { { 0, 1 }, { 0.25, 0.5 }, { 0x1.3p-3, 0x1.d8p-2 }, { 0x1.5p-1, 0x1.54p-1 },
        { 0, 0 }, { 1, 1 }, { 0.375, 0.375 }, { 0x1.9p-4, 0x1.9p-4 } };
    (void)state;
    for (uint64_t k = 0; k < 240; k++) {
        static const int which[] = { SQUARED, CROSS_ENTROPY };
        world w = world_make(k, (int)(k % OWN_MODELS), which[k / 5 % 2], (int)(k / 10 % KINDS), 5);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        for (size_t i = 0; i < COUNT(pieces); i++)
            piece_holds(&g, pieces[i][0], pieces[i][1]);
        mem_free(&w.m);
    }
}

/* a += x y, exactly where nothing underflows. */
static void exact_add(acc *a, double x, double y)
{
    double p = x * y;
    acc_add(a, p);
    acc_add(a, fma1(x, y, -p));
}

static iv exact_dot(size_t n, const double *x, const double *y, size_t step)
{
    acc a = { { 0 } };
    for (size_t j = 0; j < n; j++)
        exact_add(&a, x[j], y[j * step]);
    return acc_iv(&a);
}

/* Multiples of 1/8 below 2 in size. */
static double eighth(rng *g) { return ((double)pick(g, 33) - 16) / 8; }

/* A chord whose numbers are short, with slack. */
static chord short_chord(mem *m, rng *g, size_t d, size_t N, int ends)
{
    chord v = chord_make(m, d, N, ends);
    for (size_t i = 0; i < d * N; i++) {
        for (int e = 0; e < ends; e++)
            v.at[e][i] = eighth(g);
        v.up[i] = pick(g, 3) ? fabs(eighth(g)) : 0;
        v.down[i] = pick(g, 3) ? fabs(eighth(g)) : 0;
    }
    return v;
}

/* The largest (sign 1) or, its sign turned, the least of W(s) (chord(s) + e) over all e, exact for short numbers. */
static double extreme_at(const moving *W, const chord *v, size_t k, size_t i, double s, int sign)
{
    double sum = 0;
    for (size_t j = 0; j < W->c; j++) {
        double w = sign * ((1 - s) * W->at[0][k * W->c + j] + s * W->at[1][k * W->c + j]);
        double a = (1 - s) * v->at[0][j * v->N + i] + s * v->at[1][j * v->N + i];
        sum += w * a + fmax(w * v->up[j * v->N + i], -w * v->down[j * v->N + i]);
    }
    return sum;
}

/* What the rule promises from above (sign 1) or below: (1/4) max(0, -sign dW dv), and of the slack of v what W's ends
   make of it at most. */
static double promised(const moving *W, const chord *v, size_t k, size_t i, int sign)
{
    double bend = 0;
    double carried = 0;
    for (size_t j = 0; j < W->c; j++) {
        double a = sign * W->at[0][k * W->c + j];
        double b = sign * W->at[1][k * W->c + j];
        size_t at = j * v->N + i;
        bend += (b - a) * (v->at[1][at] - v->at[0][at]);
        carried += fmax(fmax(fmax(a, b), 0) * v->up[at], fmax(-fmin(a, b), 0) * v->down[at]);
    }
    return 0.25 * fmax(-bend, 0) + carried;
}

/* Affine layers of short numbers: all values inside, the slack as promised, and used: at s = 1/2 where W stays. */
static void test_affine(void **state)
{
    rng g = rng_make(31, 1000);
    (void)state;
    for (int round = 0; round < 400; round++) {
        mem m = { 0 };
        size_t d = 1 + pick(&g, 4);
        double x[2][2 * 5];
        moving W = { 2, d + 1, { x[0], x[1] }, NULL };
        for (size_t i = 0; i < 2 * (d + 1); i++) {
            x[0][i] = eighth(&g);
            x[1][i] = round % 4 ? eighth(&g) : x[0][i];
        }
        chord v = short_chord(&m, &g, d, 3, 2);
        chord out = chord_affine(&m, &W, &v);
        for (size_t k = 0; k < 2; k++)
            for (size_t i = 0; i < 3; i++) {
                double up = out.up[k * 3 + i];
                double down = out.down[k * 3 + i];
                for (int e = 0; e < 2; e++)
                    assert_true(out.at[e][k * 3 + i] == exact_dot(d + 1, x[e] + k * (d + 1), v.at[e] + i, 3).lo);
                for (int t = 0; t <= 16; t++) {
                    double s = t / 16.0;
                    double at = (1 - s) * out.at[0][k * 3 + i] + s * out.at[1][k * 3 + i];
                    assert_true(extreme_at(&W, &v, k, i, s, 1) <= at + up);
                    assert_true(-extreme_at(&W, &v, k, i, s, -1) >= at - down);
                }
                assert_true(up >= promised(&W, &v, k, i, 1) && up <= promised(&W, &v, k, i, 1) + 1e-10);
                assert_true(down >= promised(&W, &v, k, i, -1) && down <= promised(&W, &v, k, i, -1) + 1e-10);
            }
        mem_free(&m);
    }
}

/* Rounding: products of 53-bit numbers that cancel are off by no more than the slack, which is some ulps of |w| |v|; at
   a point, or at the second end of a piece where W or v is 0 at the first. */
static void test_affine_rounding(void **state)
{
    rng g = rng_make(31, 1001);
    double worst = 0;
    (void)state;
    for (int round = 0; round < 600; round++) {
        mem m = { 0 };
        size_t d = 1 + pick(&g, 40);
        int end = round % 3 > 0;
        chord v = chord_make(&m, d, 1, 1 + end);
        double *w[2] = { mem_doubles(&m, d + 1), mem_doubles(&m, d + 1) };
        moving W = { 1, d + 1, { w[0], w[1] }, NULL };
        for (size_t j = 0; j < d; j++) {
            w[end][j] = test_near(&g, 3);
            v.at[end][j] = test_near(&g, 3);
            w[end][d] -= w[end][j] * v.at[end][j];
        }
        if (round % 3 == 1)
            memcpy(v.at[0], v.at[1], d * sizeof(double));
        if (round % 3 == 2)
            memcpy(w[0], w[1], (d + 1) * sizeof(double));
        v.exact = round % 2;
        chord out = chord_affine(&m, &W, &v);
        iv exact = exact_dot(d + 1, w[end], v.at[end], 1);
        double size = iv_norm(d + 1, w[end]).hi * iv_norm(d + 1, v.at[end]).hi * 0x1p-53;
        assert_true(exact.lo <= out.at[end][0] + out.up[0] && exact.hi >= out.at[end][0] - out.down[0]);
        assert_true(out.up[0] <= (double)(d + 4) * size && out.down[0] == out.up[0]);
        worst = fmax(worst, fabs(exact.lo - out.at[end][0]) / size);
        mem_free(&m);
    }
    assert_true(worst > 0.25);
}

/* The largest of (W + r) (v + e) at an end, over e, where r is as long as the blur and in the worst direction. */
static double blurred_at(const moving *W, const chord *v, int end)
{
    double sum = 0;
    double square = 0;
    for (size_t j = 0; j < W->c; j++) {
        double w = W->at[end][j];
        double x = v->at[end][j] + (w > 0 ? v->up[j] : -v->down[j]);
        sum += w * x;
        square += x * x;
    }
    return sum + *W->blur * sqrt(square);
}

/* blur: rows that are off by that much are still inside, and the slack is no more than that asks for (and once more for
   the bend). */
static void test_affine_blur(void **state)
{
    rng g = rng_make(31, 1002);
    (void)state;
    for (int round = 0; round < 400; round++) {
        mem m = { 0 };
        size_t d = 1 + pick(&g, 3);
        double x[2][4];
        double blur = 0x1p-4;
        moving W = { 1, d + 1, { x[0], x[1] }, &blur };
        moving sharp = { 1, d + 1, { x[0], x[1] }, NULL };
        chord v = short_chord(&m, &g, d, 1, 2);
        for (size_t i = 0; i <= d; i++) {
            x[0][i] = eighth(&g);
            x[1][i] = round % 4 < 2 ? x[0][i] : eighth(&g);
            v.at[1][i] = round % 4 < 2 ? v.at[0][i] : v.at[1][i];
            v.up[i] = v.exact || round % 2 ? 0 : v.up[i];
            v.down[i] = v.exact || round % 2 ? 0 : v.down[i];
        }
        v.exact = round % 2;
        chord out = chord_affine(&m, &W, &v);
        double gap[4] = { 0 };
        for (size_t j = 0; j < d; j++)
            gap[j] = v.at[1][j] - v.at[0][j];
        double most = fmax(iv_norm(d + 1, v.at[0]).hi, iv_norm(d + 1, v.at[1]).hi) + iv_norm(d, v.up).hi +
            iv_norm(d, v.down).hi + 0.5 * iv_norm(d, gap).hi;
        double more = out.up[0] - chord_affine(&m, &sharp, &v).up[0];
        for (int e = 0; e < 2; e++)
            assert_true(blurred_at(&W, &v, e) <= out.at[e][0] + out.up[0] + 1e-13);
        assert_true(more <= blur * most * (1 + 1e-9) + 1e-12);
        mem_free(&m);
    }
}

/* What relu makes of a chord: all values inside, the slack as promised. What is not finite is not forgotten. */
static void test_relu(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++)
        assert_false(is_finite(relu_or_nan(k ? k == 1 ? INFINITY : -INFINITY : NAN)));
    for (int k = 0; k < 17 * 17 * 9; k++) {
        mem m = { 0 };
        double a = k % 17 / 4.0 - 2;
        double b = k / 17 % 17 / 4.0 - 2;
        double up = k / 289 % 3 / 2.0;
        double down = k / 867 / 2.0;
        double kink = a * b < 0 ? fabs(a * b) / (fabs(a) + fabs(b)) : 0;
        chord v = chord_make(&m, 1, 1, 2);
        v.at[0][0] = a;
        v.at[1][0] = b;
        v.up[0] = up;
        v.down[0] = down;
        chord_relu(&v);
        assert_true(v.at[0][0] == fmax(a, 0) && v.at[1][0] == fmax(b, 0) && v.at[0][1] == 1);
        for (int t = 0; t <= 64; t++) {
            double s = t / 64.0;
            double c = (1 - s) * a + s * b;
            double at = (1 - s) * v.at[0][0] + s * v.at[1][0];
            assert_true(fmax(c + up, 0) <= at + v.up[0] && fmax(c - down, 0) >= at - v.down[0]);
        }
        bool off = fmax(a, b) <= 0;
        assert_true(v.up[0] == (off ? fmax(fmin(up, fmax(a, b) + up), 0) : up));
        assert_true(v.down[0] <= (off ? 0 : (down + kink) * (1 + 1e-9) + 1e-100));
        if (a == b) {
            v.ends = 1;
            v.at[0][0] = a;
            v.down[0] = down;
            chord_relu(&v);
            assert_true(v.at[0][0] == fmax(a, 0) && v.down[0] == (off ? 0 : down));
        }
        mem_free(&m);
    }
}

/* Forms of short numbers for N samples, two rows of each, of a layer of d. */
static behind short_forms(mem *m, rng *g, size_t d, size_t N)
{
    behind b = { 2, N, d, 0, mem_doubles(m, d * 2 * N), mem_doubles(m, 2 * N), mem_doubles(m, 2 * N),
        mem_doubles(m, 2 * N), mem_doubles(m, 2 * N), mem_doubles(m, 2 * N) };
    for (size_t i = 0; i < d * 2 * N; i++)
        b.form[i] = eighth(g);
    return b;
}

/* An affine layer from behind, short numbers: <p, W(s) e - s (1 - s) dW dv> is what the new form makes of e, the sum
   with b and the boxes, exactly; and these are no larger than promised. */
static void test_behind_affine(void **state)
{
    rng g = rng_make(31, 1010);
    (void)state;
    for (int round = 0; round < 400; round++) {
        mem m = { 0 };
        size_t d = 1 + pick(&g, 4);
        size_t c = d + 1;
        double x[2][2 * 5], e[5] = { 0 };
        moving W = { 2, c, { x[0], x[1] } };
        for (size_t i = 0; i < 2 * c; i++) {
            x[0][i] = eighth(&g);
            x[1][i] = round % 4 ? eighth(&g) : x[0][i];
        }
        chord v = short_chord(&m, &g, d, 3, 2);
        behind b = short_forms(&m, &g, 2, 3);
        double *p = mem_copy(&m, 12, b.form);
        moving_ready(&m, &W, 2);
        moving_back(&m, &W);
        behind_affine(&m, &W, &v, &b);
        for (int k = 0; k < 6 * 17; k++) {
            size_t at = (size_t)(k % 6);
            size_t i = at % 3;
            double s = k / 6 / 16.0;
            double form = 0, truth = 0, bend = 0, box = 0;
            for (size_t j = 0; j < d; j++) {
                e[j] = pick(&g, 2) ? v.up[j * 3 + i] : -v.down[j * 3 + i];
                form += b.form[j * 6 + at] * e[j];
            }
            for (size_t r = 0; r < 2; r++)
                for (size_t j = 0; j < c; j++) {
                    double dW = x[1][r * c + j] - x[0][r * c + j];
                    double dv = v.at[1][j * 3 + i] - v.at[0][j * 3 + i];
                    truth += p[r * 6 + at] * ((x[0][r * c + j] + s * dW) * e[j] - s * (1 - s) * dW * dv);
                    bend += p[r * 6 + at] * dW * dv;
                    box += fabs(p[r * 6 + at] * dW) / 2 * fmax(v.up[j * 3 + i], v.down[j * 3 + i]);
                }
            assert_true(truth <= form - s * (1 - s) * b.bend[at] + b.up[at]);
            assert_true(truth >= form - s * (1 - s) * b.bend[at] - b.down[at]);
            assert_true(b.bend[at] == bend && b.mass[at] >= fabs(bend));
            assert_true(b.up[at] >= box && b.up[at] <= box + 1e-10 && b.down[at] >= box && b.down[at] <= box + 1e-10);
        }
        mem_free(&m);
    }
}

/* What the rounding of forms costs, of 53-bit numbers: what a form misses, times the slack. */
static void test_behind_rounding(void **state)
{
    rng g = rng_make(31, 1011);
    double worst = 0;
    (void)state;
    for (int round = 0; round < 200; round++) {
        mem m = { 0 };
        double *x = numbers(&m, &g, LONG, 3 * 3);
        moving W = { 3, 3, { x, x } };
        chord v = chord_make(&m, 2, 1, 2);
        behind b = short_forms(&m, &g, 3, 1);
        for (int i = 0; i < 6; i++)
            b.form[i] = test_near(&g, 2);
        v.up[0] = v.down[1] = 0x1p40;
        double *p = mem_copy(&m, 6, b.form);
        double least = 0;
        moving_ready(&m, &W, 2);
        moving_back(&m, &W);
        behind_affine(&m, &W, &v, &b);
        for (size_t j = 0; j < 2; j++) {
            acc off = { { 0 } };
            for (size_t k = 0; k < 3; k++)
                exact_add(&off, p[2 * k], x[3 * k + j]);
            acc_add(&off, -b.form[2 * j]);
            least += fmax(fabs(acc_up(&off)), fabs(acc_down(&off))) * 0x1p40;
        }
        assert_true(b.up[0] >= least && b.down[0] >= least && b.up[0] < 16);
        worst = fmax(worst, least / b.up[0]);
        behind_keep(&m, &v, p, &b);
        mem_free(&m);
    }
    assert_true(worst > 0x1p-7);
}

/* What the rule from behind makes of a ReLU, for a form 1 and a form -1: the slope, and boxes as promised. */
static void test_behind_relu(void **state)
{
    (void)state;
    for (int k = 0; k < 17 * 17 * 9; k++) {
        mem m = { 0 };
        double a = k % 17 / 4.0 - 2;
        double b = k / 17 % 17 / 4.0 - 2;
        double up = k / 289 % 3 / 2.0;
        double down = k / 867 / 2.0;
        double form[2] = { 1, -1 }, norm[2], ups[2] = { 0 }, downs[2] = { 0 }, bend[2], mass[2];
        behind f = { 2, 1, 1, 0, form, norm, ups, downs, bend, mass };
        chord v = chord_make(&m, 1, 1, 2);
        v.at[0][0] = a;
        v.at[1][0] = b;
        v.up[0] = up;
        v.down[0] = down;
        behind_relu(&m, &v, &f);
        double half = fmax(up, down) / 2;
        double kink = a * b < 0 ? fabs(a * b) / (fabs(a) + fabs(b)) : 0;
        double slope = a * b < 0 ? 0.5 : fmax(a, b) > 0;
        double above = a * b < 0 ? half : fmax(slope > 0 ? down - fmin(a, b) : up + fmax(a, b), 0);
        double below = a * b < 0 ? half + kink : 0;
        assert_true(form[0] == slope && form[1] == -slope && v.at[0][0] == a);
        assert_true(ups[0] == downs[1] && downs[0] == ups[1]);
        assert_true(ups[0] >= above && ups[0] <= above + 1e-10 && downs[0] >= below && downs[0] <= below + 1e-10);
        for (int t = 0; t <= 64 * 5; t++) {
            double s = t / 5 / 64.0;
            double e = t % 5 / 4.0 * (up + down) - down;
            double c = (1 - s) * a + s * b;
            double out = fmax(c + e, 0) - ((1 - s) * fmax(a, 0) + s * fmax(b, 0));
            assert_true(out <= slope * e + ups[0] && out >= slope * e - downs[0]);
        }
        mem_free(&m);
    }
}

/* Sums from behind: the rounding of the sum, for each unit of |p|; and what is kept is read twice. */
static void test_behind_sums(void **state)
{
    rng g = rng_make(31, 1012);
    (void)state;
    for (int round = 0; round < 100; round++) {
        mem m = { 0 };
        chord v = short_chord(&m, &g, 2, 2, 2);
        behind b = short_forms(&m, &g, 2, 2);
        double *kept = mem_copy(&m, 8, b.form);
        behind_add(&m, &v, &b);
        for (size_t c = 0; c < 4; c++) {
            double off = 0;
            for (size_t k = 0; k < 2; k++)
                off += fabs(b.form[k * 4 + c]) * fmax(fabs(v.at[0][k * 2 + c % 2]), fabs(v.at[1][k * 2 + c % 2]));
            assert_true(b.up[c] >= off * 0x1p-53 && b.up[c] <= off * 0x1p-51 + 1e-100 && b.up[c] == b.down[c]);
            b.up[c] = b.down[c] = 0;
        }
        for (size_t i = 0; i < 8; i++)
            kept[i] = test_near(&g, 0);
        double *was = mem_copy(&m, 8, b.form);
        behind_keep(&m, &v, kept, &b);
        for (size_t c = 0; c < 4; c++) {
            double least = 0;
            for (size_t k = 0; k < 2; k++) {
                acc off = { { 0 } };
                acc_add(&off, was[k * 4 + c]);
                acc_add(&off, kept[k * 4 + c]);
                acc_add(&off, -b.form[k * 4 + c]);
                least += fabs(acc_up(&off)) * fmax(v.up[k * 2 + c % 2], v.down[k * 2 + c % 2]);
                assert_true(fabs(acc_up(&off)) < 1e-15);
            }
            assert_true(b.up[c] >= least && b.down[c] >= least && b.up[c] < 1e-14);
        }
        mem_free(&m);
    }
}

/* Sums: slack adds, and covers the rounding of the ends. */
static void test_add(void **state)
{
    rng g = rng_make(31, 1003);
    bool rounded = false;
    (void)state;
    for (int round = 0; round < 200; round++) {
        mem m = { 0 };
        chord v = short_chord(&m, &g, 2, 2, 2);
        chord w = short_chord(&m, &g, 2, 2, 2);
        double was[2][4];
        for (int i = 0; i < 4; i++) {
            v.at[round % 2][i] = test_near(&g, 1);
            w.at[round % 2][i] = test_near(&g, 1);
            was[0][i] = v.up[i];
            was[1][i] = v.down[i];
            if (round % 4 < 2)
                was[0][i] = v.up[i] = w.up[i] = v.down[i] = w.down[i] = was[1][i] = 0;
        }
        double first[4];
        memcpy(first, v.at[round % 2], sizeof first);
        v.exact = true;
        chord_add(&v, &w);
        assert_false(v.exact);
        for (int i = 0; i < 4; i++) {
            acc off = { { 0 } };
            acc_add(&off, first[i]);
            acc_add(&off, w.at[round % 2][i]);
            acc_add(&off, -v.at[round % 2][i]);
            double error = acc_up(&off);
            rounded |= error != 0;
            double up = was[0][i] + w.up[i];
            double down = was[1][i] + w.down[i];
            assert_true(v.up[i] >= up + error && v.down[i] >= down - error);
            assert_true(v.up[i] <= up + 1e-11 && v.down[i] <= down + 1e-11);
        }
        mem_free(&m);
    }
    assert_true(rounded);
}

/* Rows of differences, and what they are off by: rounding, and the blur of both rows. */
static void test_differences(void **state)
{
    rng g = rng_make(31, 1004);
    bool rounded = false;
    (void)state;
    for (int round = 0; round < 100; round++) {
        mem m = { 0 };
        double x[2][9];
        double blur[3] = { 0x1p-10, 0x1p-12, 0x1p-11 };
        moving W = { 3, 3, { x[0], x[1] }, round % 2 ? blur : NULL };
        size_t class = pick(&g, 3);
        for (int i = 0; i < 18; i++)
            x[i / 9][i % 9] = test_near(&g, 2);
        moving D = piece_differences(&m, &W, 2, class);
        for (size_t k = 0; k < 3; k++) {
            double given = W.blur ? blur[k] + blur[class] : 0;
            for (int e = 0; e < 2; e++) {
                double square = 0;
                for (size_t j = 0; j < 3; j++) {
                    acc off = { { 0 } };
                    acc_add(&off, x[e][k * 3 + j]);
                    acc_add(&off, -x[e][class * 3 + j]);
                    acc_add(&off, -D.at[e][k * 3 + j]);
                    square += acc_up(&off) * acc_up(&off);
                }
                rounded |= square > 0;
                assert_true(D.blur[k] >= given + sqrt(square) * (1 - 1e-9));
            }
            assert_true(D.blur[k] <= given * (1 + 1e-9) + 0x1p-46);
        }
        mem_free(&m);
    }
    assert_true(rounded);
}

/* A segment's blur covers what the blend is off by, row by row, and is at most some ulps of the ends. */
static void test_blend(void **state)
{
    double worst = 0;
    (void)state;
    for (uint64_t k = 0; k < 60; k++) {
        world w = world_make(2000 + k, (int)(k % OWN_MODELS), SQUARED, LONG, 3);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        const own_shape *s = &P->shape;
        own_segment g = segment_make(&w.m, P->q, s, P->x[0], P->x[1]);
        for (int i = 1; i < 32; i++) {
            double t = i / 32.0;
            const double *x = segment_blend(&w.m, &g, t);
            for (size_t p = 0; p < PART_ALL; p++)
                for (size_t r = 0; r < s->part[p].r; r++) {
                    double size = (iv_norm(s->part[p].c, own_row(s, g.A, p, r)).hi +
                                      iv_norm(s->part[p].c, own_row(s, g.B, p, r)).hi) *
                        0x1p-51;
                    double square = 0;
                    for (size_t j = 0; j < s->part[p].c; j++) {
                        size_t at = s->part[p].at + r * s->part[p].c + j;
                        acc off = { { 0 } };
                        exact_add(&off, 1 - t, g.A[at]);
                        exact_add(&off, t, g.B[at]);
                        acc_add(&off, -x[at]);
                        square += acc_up(&off) * acc_up(&off);
                    }
                    assert_true(sqrt(square) <= g.blur[p][r] && g.blur[p][r] <= size * (1 + 1e-9) + 1e-100);
                    worst = fmax(worst, sqrt(square) / (size + 1e-200));
                }
        }
        mem_free(&w.m);
    }
    assert_true(worst > 0.125 && worst < 1);
}

/// Losses and penalties along a segment ///

/* F of the network with numbers x, straight from the formulas. */
static iv true_risk(mem *m, const own_task *q, const own_shape *s, const iv *x)
{
    iv sum = { 0, 0 };
    for (size_t b = 0; b < q->batches; b++) {
        truth t = walk_truth(m, q, &q->batch[b], s, x);
        size_t N = q->batch[b].count;
        for (size_t i = 0; i < N; i++) {
            iv *z = mem_ivs(m, q->dy);
            for (size_t k = 0; k < q->dy; k++)
                z[k] = t.v[t.n - 1][k * N + i];
            sum = iv_add(sum, q->L->value(q->dy, z, q->Y + (q->batch[b].first + i) * q->dy));
        }
    }
    return iv_mean(sum, q->N);
}

/* sum_i (|w2_i|_1 + |v2_i|_1) |(w1_i, b1_i)| + |W2 V1|_1 + sum_i |[T_i c_i]|_F */
static iv true_wang(const own_shape *s, const iv *x)
{
    iv R = { 0, 0 };
    const own_place *p = s->part;
    for (size_t i = 0; i < s->units; i++) {
        iv mass = { 0, 0 };
        for (size_t k = 0; k < s->dy; k++)
            mass = iv_add(mass, iv_abs(x[p[PART_W2].at + k * (s->units + 1) + i]));
        for (size_t k = 0; s->model == OWN_SKIP && k < s->dg; k++)
            mass = iv_add(mass, iv_abs(x[p[PART_V2].at + k * (s->units + 1) + i]));
        R = iv_add(R, iv_mul(mass, iv_length(s->n + 1, x + p[PART_W1].at + i * (s->n + 1))));
    }
    for (size_t i = 0; i < s->layers; i++)
        R = iv_add(R, iv_length(p[PART_T + i].r * p[PART_T + i].c, x + p[PART_T + i].at));
    for (size_t k = 0; s->model == OWN_SKIP && k < s->dy; k++)
        for (size_t j = 0; j < s->dz; j++) {
            iv sum = { 0, 0 };
            for (size_t i = 0; i < s->units; i++)
                sum = iv_add(
                    sum, iv_mul(x[p[PART_W2].at + k * (s->units + 1) + i], x[p[PART_V1].at + i * (s->dz + 1) + j]));
            R = iv_add(R, iv_abs(sum));
        }
    return R;
}

/* kappa/2 times the sum of all squares, kappa R, or 0. */
static iv true_penalty(const own_task *q, const own_shape *s, const iv *x)
{
    iv square = iv_of(0);
    if (q->penalty == PENALTY_WANG)
        return iv_scale(q->kappa, true_wang(s, x));
    for (size_t i = 0; q->penalty == PENALTY_DECAY && i < s->size; i++)
        square = iv_add(square, iv_sqr(x[i]));
    return iv_scale(0.5 * q->kappa, square);
}

static iv true_at(const own_segment *g, double t)
{
    mem m = { 0 };
    const iv *x = numbers_at(&m, g->shape, g->A, g->B, t);
    iv F = iv_add(true_risk(&m, g->q, g->shape, x), true_penalty(g->q, g->shape, x));
    mem_free(&m);
    return F;
}

static const int users_losses[] = { SQUARED, LOGISTIC, CROSS_ENTROPY, HUBER };

/* A penalty that the model may have: Wang's R is of two-layer networks and of those with a block. */
static int world_penalty(uint64_t k, int model)
{
    return (int)(k % (model == OWN_TWO_LAYER || model == OWN_SKIP ? 3 : 2));
}

/* F and its penalty at points: enclosures that meet those of the formulas, and are narrow. */
static void test_points(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 200; k++) {
        int model = (int)(k % OWN_MODELS);
        world w = world_make(3000 + k, model, users_losses[k / 5 % 4], (int)(k / 20 % 3), 1 + k % 4);
        const own_pair *P = world_pair(&w, world_penalty(k / 5, model), 0x1.8p-3);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        for (int i = 0; i <= 8; i++) {
            double t = i / 8.0;
            iv F = segment_at(&g, t);
            iv penalty = segment_penalty(&w.m, &g, t);
            iv exact = true_penalty(P->q, &P->shape, numbers_at(&w.m, &P->shape, g.A, g.B, t));
            assert_false(iv_apart(F, true_at(&g, t)));
            assert_true(F.hi - F.lo <= 1e-10 * (1 + fabs(F.hi)));
            assert_false(iv_apart(penalty, exact));
            assert_true(penalty.hi - penalty.lo <= 1e-12 * (1 + penalty.hi));
            if (i % 8 == 0)
                assert_false(iv_apart(pair_risk(P, i / 8), F));
        }
        mem_free(&w.m);
    }
}

/* Where the ends nearly cancel, a number of the blend is off by more than its own ulps: only `blur` covers that. One
   sample, one unit, output weight (1 - t) a + t b, about 2^-54; at a point, and on the piece that is one. */
static void test_cancelling(void **state)
{
    rng g = rng_make(31, 3500);
    int bites = 0;
    (void)state;
    for (int round = 0; round < 200; round++) {
        mem m = { 0 };
        double one = 1;
        double zero = 0;
        double t = (2 * (double)pick(&g, 16) + 1) / 32;
        double a = test_near(&g, 0);
        double b = -a * (1 - t) / t;
        bool layer = round % 2; /* the row that cancels is the hidden one */
        sample_set S = { 1, 1, 1, &one, &zero, &losses[SQUARED] };
        own_net A = { OWN_TWO_LAYER, 1, 1, 1, 0, 0, 0, { { 0, 0, NULL } } };
        A.t[OWN_W1] = (own_tensor) { 1, 1, layer ? &a : &one };
        A.t[OWN_W2] = (own_tensor) { 1, 1, layer ? &one : &a };
        own_net B = A;
        B.t[layer ? OWN_W1 : OWN_W2].x = &b;
        own_pair *P = pair_make(&m, &S, &A, &B, 1, PENALTY_NONE, 0);
        own_segment s = segment_make(&m, P->q, &P->shape, P->x[0], P->x[1]);
        acc exact = { { 0 } };
        exact_add(&exact, 1 - t, a);
        exact_add(&exact, t, b);
        iv f = acc_iv(&exact);
        iv F = iv_sqr(layer ? iv_relu(f) : f);
        iv got = segment_at(&s, t);
        assert_false(iv_apart(got, F));
        assert_true(got.hi < 1e-25 && segment_over(&s, t, t) >= F.lo);
        double blend = fma1(t, b - a, a);
        bites += blend * blend < F.lo;
        mem_free(&m);
    }
    assert_true(bites > 20);
}

/* R along pieces: never above its chord and the bend; and the bend is reached where p rises as q falls, and by V1; in F
   (the outputs and their loss being 0) it stands times kappa. */
static void test_wang_bend(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 60; k++) {
        world w = world_make(4000 + k, k % 3 ? OWN_SKIP : OWN_TWO_LAYER, SQUARED, (int)(k % 3), 1);
        const own_pair *P = world_pair(&w, PENALTY_WANG, 1);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        double t0 = k % 2 * 0.25;
        double t1 = k % 4 < 2 ? 0.5 : 1;
        double bend = segment_wang_bend(&w.m, &g, t0, t1);
        iv R[9];
        for (int i = 0; i <= 8; i++)
            R[i] = true_wang(&P->shape, numbers_at(&w.m, &P->shape, g.A, g.B, t0 + i / 8.0 * (t1 - t0)));
        for (int i = 0; i <= 8; i++)
            assert_true(R[i].lo <= iv_add(blend(i / 8.0, R[0], R[8]), iv_of(bend)).hi);
        mem_free(&w.m);
    }
    for (int k = 0; k < 4; k++) {
        mem m = { 0 };
        double x[2][5] = { { 1, 4, k < 2 ? 2 : 0, 1, 3 }, { k % 2 ? 5 : 3, 1, k < 2 ? 2 : 0, 3, 1 } };
        double zero = 0;
        sample_set S = { 1, 1, 1, &zero, &zero, &losses[SQUARED] };
        own_net net[2];
        for (int e = 0; e < 2; e++) {
            net[e] = (own_net) { k < 2 ? OWN_SKIP : OWN_TWO_LAYER, 1, 1, 1, 1, 1, 0, { { 0, 0, NULL } } };
            net[e].t[OWN_W1] = (own_tensor) { 1, 1, &x[e][0] };
            net[e].t[OWN_W2] = (own_tensor) { 1, 1, &x[e][1] };
            net[e].t[OWN_V2] = (own_tensor) { 1, 1, &x[e][2] };
            net[e].t[OWN_V1] = (own_tensor) { 1, 1, &x[e][3] };
        }
        own_pair *P = pair_make(&m, &S, &net[0], &net[1], 1, PENALTY_WANG, 2);
        own_segment g = segment_make(&m, P->q, &P->shape, P->x[0], P->x[1]);
        iv mid = true_wang(&P->shape, numbers_at(&m, &P->shape, g.A, g.B, 0.5));
        iv R[2] = { true_wang(&P->shape, numbers_at(&m, &P->shape, g.A, g.B, 0)),
            true_wang(&P->shape, numbers_at(&m, &P->shape, g.A, g.B, 1)) };
        double bend = segment_wang_bend(&m, &g, 0, 1);
        double used = iv_mid(mid) - 0.5 * iv_mid(R[0]) - 0.5 * iv_mid(R[1]);
        assert_true(used > 0.5 && fabs(bend - used) < 1e-9);
        assert_true(fabs(segment_wang_bend(&m, &g, 0.25, 0.75) - used / 4) < 1e-9);
        assert_true(segment_over(&g, 0, 1) >= 2 * iv_mid(mid));
        assert_true(fabs(segment_over(&g, 0, 1) - 2 * (fmax(R[0].hi, R[1].hi) + used)) < 1e-9);
        mem_free(&m);
    }
}

/* One sample, so that no mean hides a number: the bound of a piece is above F at 200 points, for all losses, penalties
   and models; and on pieces without kinks its excess falls about four times with each halving. */
static void test_pieces(void **state)
{
    double excess[2] = { 0, 0 };
    (void)state;
    for (uint64_t k = 0; k < 120; k++) {
        int model = (int)(k % OWN_MODELS);
        world w = world_make(5000 + k, model, users_losses[k / 5 % 4], (int)(k / 20 % 3), 1);
        const own_pair *P = world_pair(&w, world_penalty(k / 5, model), 0x1p-4);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        static const double cut[] = { 0, 0.25, 0.3125, 0.75, 1 };
        double whole = segment_over(&g, 0, 1);
        double over[4];
        for (int c = 0; c < 4; c++)
            over[c] = segment_over(&g, cut[c], cut[c + 1]);
        for (int i = 0; i <= 200; i++) {
            double t = dyadic(i / 200.0);
            double F = true_at(&g, t).lo;
            assert_true(F <= whole);
            for (int c = 0; c < 4; c++)
                assert_true(F <= over[c] || t < cut[c] || t > cut[c + 1]);
        }
        for (int n = 0; n < 2; n++) {
            double t0 = 0x1.5p-1;
            double t1 = t0 + (n ? 0x1p-12 : 0x1p-8);
            excess[n] += segment_over(&g, t0, t1) - fmax(segment_at(&g, t0).lo, segment_at(&g, t1).lo);
        }
        mem_free(&w.m);
    }
    assert_true(excess[0] > 150 * excess[1] && excess[1] > 0);
}

/* Two residual networks of 4 blocks of 12 units, and 6 samples. */
static world deep_world(uint64_t stream, int which)
{
    world w = { .g = rng_make(31, stream) };
    for (int e = 0; e < 2; e++) {
        own_net *net = &w.net[e];
        *net = (own_net) { OWN_RESIDUAL, 12, 0, 3, 0, 0, 8, { { 0, 0, NULL } } };
        for (size_t i = 0; i < 8; i++)
            net->t[OWN_T1 + 2 * i] = (own_tensor) { 12, 12, numbers(&w.m, &w.g, SHORT, 144) };
        for (size_t i = 0; i < 8 * 144; i++)
            net->t[OWN_T1 + 2 * (i / 144)].x[i % 144] *= 0.25;
        net->t[OWN_W2] = (own_tensor) { 3, 12, numbers(&w.m, &w.g, SHORT, 36) };
    }
    world_samples(&w, which, SHORT, 6, 12, 3);
    return w;
}

/* Users' networks have as many outputs as they like, more than the program's own. */
static void test_many_outputs(void **state)
{
    enum { MANY = SKV_MAX_OUTPUTS + 5 };
    static const int which[] = { CROSS_ENTROPY, SQUARED, LOGISTIC, HUBER };
    (void)state;
    for (uint64_t k = 0; k < 8; k++) {
        world w = { .g = rng_make(31, 2600 + k) };
        own_net like = { k % 2 ? OWN_RESIDUAL : OWN_MLP, 3, 0, MANY, 0, 0, 2, { { 0, 0, NULL } } };
        for (int e = 0; e < 2; e++)
            w.net[e] = net_make(&w.m, &w.g, SHORT, like, 3);
        world_samples(&w, which[k / 2], SHORT, 6, 3, MANY);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        double over = segment_over(&g, 0.5, 0.625);
        assert_true(over <= segment_bound(&g, 0.5, 0.625, true));
        for (int i = 0; i <= 4; i++)
            assert_true(true_at(&g, 0.5 + i * 0x1p-5).lo <= over);
        mem_free(&w.m);
    }
}

/* Deep networks, narrow pieces: slack from behind is in sum a tenth of the other, and the bound of a piece with it is
   between the values there and the plain rule's. */
static void test_behind_pays(void **state)
{
    double sum[2] = { 0, 0 };
    int less = 0;
    (void)state;
    for (uint64_t k = 0; k < 20; k++) {
        world w = deep_world(2500 + k, k % 2 ? CROSS_ENTROPY : SQUARED);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        const own_task *q = P->q;
        own_segment g = segment_make(&w.m, q, &P->shape, P->x[0], P->x[1]);
        double least[2] = { 0, 0 };
        double t1 = 0.625 + 0x1p-7;
        own_piece p = { g.shape, 2, { segment_blend(&w.m, &g, 0.625), segment_blend(&w.m, &g, t1) },
            (const double *const *)g.blur };
        for (size_t b = 0; b < q->batches; b++) {
            chord f = piece_outputs(&w.m, q, &q->batch[b], &p);
            chord h = walk_behind(&w.m, q, &q->batch[b], &p);
            for (size_t i = 0; i < f.d * f.N; i++) {
                sum[0] += f.up[i] + f.down[i];
                sum[1] += h.up[i] + h.down[i];
                h.up[i] = fmin(f.up[i], h.up[i]);
                h.down[i] = fmin(f.down[i], h.down[i]);
            }
            for (size_t i = 0; i < 2 * f.N; i++) {
                iv z[3];
                chord_box(&h, (int)(i % 2), i / 2, z);
                least[i % 2] += q->L->value(3, z, q->Y + (q->batch[b].first + i / 2) * 3).hi / 6;
            }
        }
        double plain = segment_bound(&g, 0.625, t1, true);
        double over = segment_over(&g, 0.625, t1);
        double all = fmax(least[0], least[1]); /* with slack from behind for all samples */
        assert_true(over >= all * (1 - 1e-12) && over <= all * (1 + 0x1p-9));
        less += over < plain;
        assert_true(over <= plain && over >= fmax(segment_at(&g, 0.625).lo, segment_at(&g, t1).lo));
        for (int i = 0; i <= 8; i++)
            assert_true(true_at(&g, 0.625 + i * 0x1p-10).lo <= over);
        mem_free(&w.m);
    }
    assert_true(sum[1] < sum[0] / 10 && less > 8);
}

/* A cover is complete and in order, its bounds are those of its pieces, and the largest is as close as was asked. */
static void test_cover(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 60; k++) {
        int model = (int)(k % OWN_MODELS);
        world w = world_make(6000 + k, model, users_losses[k / 5 % 4], SHORT, 6);
        const own_pair *P = world_pair(&w, world_penalty(k / 5, model), 0x1p-4);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        size_t most = k % 5 ? SEGMENT_PIECES : 1 + k;
        double enough = k % 7 ? -INFINITY : 1e9;
        segment_cover c = segment_prove(&w.m, &g, enough, 0.01, most);
        double over = -INFINITY;
        for (size_t i = 0; i < c.count; i++) {
            assert_true(c.piece[i].t0 == (i ? c.piece[i - 1].t1 : 0) && c.piece[i].t0 < c.piece[i].t1);
            assert_true(c.piece[i].over ==
                (c.piece[i].tight ? segment_over(&g, c.piece[i].t0, c.piece[i].t1)
                                  : segment_bound(&g, c.piece[i].t0, c.piece[i].t1, true)));
            over = fmax(over, c.piece[i].over);
        }
        iv F = segment_at(&g, c.where);
        assert_true(c.piece[c.count - 1].t1 == 1 && c.over == over && c.over >= c.most.lo);
        assert_true(F.lo == c.most.lo && F.hi == c.most.hi);
        assert_true(c.count <= most && (c.over <= 1.01 * c.most.lo || c.count == most || enough > 0));
        assert_true(enough < 0 || c.count == 1);
        for (int i = 0; i <= 16; i++)
            assert_true(true_at(&g, i / 16.0).lo <= c.over);
        mem_free(&w.m);
    }
}

/// Losses: slopes ///

/* value and p as the loss's slope gives them lie within some ulps of the enclosures at that point. */
static void test_slopes(void **state)
{
    rng g = rng_make(31, 7000);
    (void)state;
    for (int round = 0; round < 4000; round++) {
        const loss *L = &losses[users_losses[round % 4]];
        size_t d = 1 + pick(&g, 4) + (L->labels == LABELS_ONE_HOT);
        double z[5], y[5], p[5];
        iv box[5], slope[5];
        for (size_t k = 0; k < d; k++) {
            z[k] = round % 3 ? 3 * rng_normal(&g) : pick(&g, 2) ? test_near(&g, 9) : (double)pick(&g, 5) - 2;
            y[k] = round % 5 ? rng_normal(&g) : (double)pick(&g, 3) - 1;
            box[k] = iv_of(z[k]);
        }
        label_make(L, d, pick(&g, d), y);
        double value = L->slope(d, z, y, p);
        iv F = L->value(d, box, y);
        L->gradient(d, box, y, slope);
        assert_true(value >= F.lo - 0x1p-48 * (F.lo + 1) && value <= F.hi + 0x1p-48 * (F.hi + 1));
        for (size_t k = 0; k < d; k++) {
            double room = 0x1p-48 * (1 + iv_mag(slope[k]));
            assert_true(p[k] >= slope[k].lo - room && p[k] <= slope[k].hi + room);
        }
    }
}

/* Cross-entropy over boxes of every width: between its values at the lowest and at the highest corner, and as high. */
static void test_wide_boxes(void **state)
{
    rng g = rng_make(31, 7100);
    const loss *L = &losses[CROSS_ENTROPY];
    (void)state;
    for (int round = 0; round < 400; round++) {
        double y[3] = { 0, 0, 0 };
        size_t c = pick(&g, 3);
        iv box[3], low[3], high[3];
        y[c] = 1;
        for (size_t k = 0; k < 3; k++) {
            double a = test_near(&g, 18);
            box[k] = iv_make(a, a + (round % 2 ? fabs(test_near(&g, 18)) : 0));
            low[k] = iv_of(k == c ? box[k].hi : box[k].lo);
            high[k] = iv_of(k == c ? box[k].lo : box[k].hi);
        }
        iv F = L->value(3, box, y);
        iv least = L->value(3, low, y);
        iv most = L->value(3, high, y);
        assert_true(F.lo <= least.hi && F.hi >= most.lo && F.hi <= most.hi * (1 + 1e-12) + 1e-300);
        assert_true(round % 2 || F.hi - F.lo <= 1e-12 * F.hi + 1e-300);
    }
}

/// Refits ///

/* A random problem: k features of N samples, the last one 1. */
static refit refit_make(mem *m, rng *g, int which, int penalty, size_t k, size_t N, size_t dy)
{
    double *H = numbers(m, g, SHORT, k * N);
    double *Y = numbers(m, g, SHORT, N * dy);
    double *weight = mem_doubles(m, k);
    refit r = { &losses[which], k, N, dy, H, NULL, Y, mem_doubles(m, k), penalty == PENALTY_NONE ? NULL : weight,
        penalty, 0.125, -INFINITY };
    for (size_t i = 0; i < N; i++) {
        label_make(r.L, dy, pick(g, dy), Y + i * dy);
        H[(k - 1) * N + i] = 1;
    }
    for (size_t s = 0; s < k; s++) {
        for (size_t i = 0; i < N; i++)
            r.scale[s] += H[s * N + i] * H[s * N + i] / (double)N;
        weight[s] = s + 1 < k ? fabs(eighth(g)) / 8 : 0;
    }
    r.T = mat_transpose(m, k, N, H);
    return r;
}

/* F at Z straight from its formula, and D: the gradient of its smooth part. */
static double plain_refit(const refit *r, const double *Z, double *D)
{
    double sum = 0;
    memset(D, 0, r->dy * r->k * sizeof *D);
    for (size_t i = 0; i < r->N; i++) {
        double z[4] = { 0 };
        double p[4];
        for (size_t a = 0; a < r->dy; a++)
            for (size_t s = 0; s < r->k; s++)
                z[a] += Z[a * r->k + s] * r->H[s * r->N + i];
        sum += r->L->slope(r->dy, z, r->Y + i * r->dy, p) / (double)r->N;
        for (size_t a = 0; a < r->dy; a++)
            for (size_t s = 0; s < r->k; s++)
                D[a * r->k + s] += p[a] * r->H[s * r->N + i] / (double)r->N;
    }
    for (size_t s = 0; s < r->k; s++) {
        double square = 0;
        double mass = 0;
        for (size_t a = 0; a < r->dy; a++) {
            double z = Z[a * r->k + s];
            square += z * z;
            mass += fabs(z);
        }
        if (r->penalty == PENALTY_DECAY && s + 1 == r->k) {
            sum += 0.5 * r->kappa * square;
            for (size_t a = 0; a < r->dy; a++)
                D[a * r->k + s] += r->kappa * Z[a * r->k + s];
        } else if (r->weight)
            sum += r->weight[s] * (r->penalty == PENALTY_DECAY ? sqrt(square) : mass);
    }
    return sum;
}

/* By how much Z misses the optimality conditions: the gradient is -weight times a subgradient of each column's norm. */
static double refit_misses(const refit *r, const double *Z)
{
    mem m = { 0 };
    double *D = mem_doubles(&m, r->dy * r->k);
    double worst = 0;
    plain_refit(r, Z, D);
    for (size_t s = 0; s < r->k; s++) {
        double w = r->weight ? r->weight[s] : 0;
        double square = 0;
        double pull = 0;
        for (size_t a = 0; a < r->dy; a++) {
            square += Z[a * r->k + s] * Z[a * r->k + s];
            pull += D[a * r->k + s] * D[a * r->k + s];
        }
        if (r->penalty == PENALTY_DECAY && square == 0)
            worst = fmax(worst, sqrt(pull) - w);
        for (size_t a = 0; a < r->dy; a++) {
            double z = Z[a * r->k + s];
            double d = D[a * r->k + s];
            if (r->penalty != PENALTY_DECAY || square > 0)
                worst = fmax(worst,
                    r->penalty == PENALTY_DECAY ? fabs(d + w * z / sqrt(square))
                        : z == 0                ? fabs(d) - w
                                                : fabs(d + (z > 0 ? w : -w)));
        }
    }
    mem_free(&m);
    return worst;
}

/* All methods reach the optimum of small problems: the conditions hold nearly, and no point near by is lower. A goal
   above that stops them early; what refit_solve gives is of 24 bits. */
static void test_refits(void **state)
{
    rng g = rng_make(31, 8000);
    int early = 0;
    (void)state;
    for (int round = 0; round < 24; round++) {
        mem m = { 0 };
        int which = users_losses[round % 4];
        size_t dy = 1 + (size_t)(round % 2) + (which == CROSS_ENTROPY);
        refit r = refit_make(&m, &g, which, round / 4 % 3, 4, 10, dy);
        size_t n = r.dy * r.k;
        double *Z = numbers(&m, &g, SHORT, n);
        double *again = mem_copy(&m, n, Z);
        double *D = mem_doubles(&m, n);
        double start = plain_refit(&r, Z, D);
        double value = 0;
        r.thorough = true;
        for (int i = 0; i < (r.weight ? 12 : 3); i++) /* each stops where it has become slow */
            value = r.weight ? refit_proximal(&r, Z) : refit_lbfgs(&r, Z);
        assert_true(fabs(value - plain_refit(&r, Z, D)) <= 1e-12 * (1 + value));
        assert_true(refit_misses(&r, Z) < 1e-4);
        for (int i = 0; i < 20; i++) {
            double *near = mem_copy(&m, n, Z);
            near[pick(&g, n)] += test_near(&g, 3) / 64;
            assert_true(plain_refit(&r, near, D) >= value * (1 - 1e-6));
        }
        r.thorough = true;
        if (!r.weight)
            assert_true(refit_newton(&r, mem_copy(&m, n, again)) <= value * (1 + 2e-3));
        r.goal = value + 0.5 * (start - value);
        double solved = refit_solve(&r, again);
        assert_true(solved <= r.goal * (1 + 1e-5));
        early += solved > value + 0.01 * (r.goal - value);
        assert_true(fabs(solved - plain_refit(&r, again, D)) <= 1e-12 * (1 + solved));
        for (size_t i = 0; i < n; i++)
            assert_true(again[i] == (double)(float)again[i]);
        mem_free(&m);
    }
    assert_true(early > 12);
}

/* The proximal map: of each column, steps scale (z - z0) + weight times a subgradient of the norm at z is 0. */
static void test_shrink(void **state)
{
    rng g = rng_make(31, 8100);
    int zeros = 0;
    (void)state;
    for (int round = 0; round < 300; round++) {
        mem m = { 0 };
        refit r = refit_make(&m, &g, SQUARED, 1 + round % 2, 4, 3, 2);
        double *Z = numbers(&m, &g, SHORT, 8);
        double *was = mem_copy(&m, 8, Z);
        double steps = 1 + (double)pick(&g, 3);
        for (size_t s = 0; s < 4; s++)
            ((double *)r.weight)[s] *= 8;
        refit_shrink(&r, steps, Z);
        for (size_t s = 0; s < 4; s++) {
            double *z = Z + s;
            double pull[2];
            double w = r.weight[s];
            for (int a = 0; a < 2; a++)
                pull[a] = steps * r.scale[s] * (was[s + 4 * (size_t)a] - z[4 * a]);
            double size = hypot(z[0], z[4]);
            zeros += size == 0;
            if (r.penalty == PENALTY_DECAY && size == 0)
                assert_true(hypot(pull[0], pull[1]) <= w * (1 + 1e-9));
            for (int a = 0; a < 2 && (r.penalty == PENALTY_WANG || size > 0); a++)
                if (r.penalty == PENALTY_WANG && z[4 * a] == 0)
                    assert_true(fabs(pull[a]) <= w * (1 + 1e-9));
                else
                    assert_true(
                        fabs(pull[a] - w * (r.penalty == PENALTY_WANG ? (z[4 * a] > 0 ? 1 : -1) : z[4 * a] / size)) <
                        1e-9);
        }
        mem_free(&m);
    }
    assert_true(zeros > 50);
}

/* L-BFGS: what it has learnt last it knows exactly: for g = y the direction is -s; pairs of negative curvature it does
   not learn; and after n pairs of a quadratic form of n variables with exact steps it is Newton's. */
static void test_lbfgs(void **state)
{
    rng g = rng_make(31, 8200);
    (void)state;
    for (int round = 0; round < 50; round++) {
        mem m = { 0 };
        size_t n = 6;
        lbfgs b = lbfgs_make(&m, n);
        double *zero = mem_doubles(&m, n);
        double scale[3] = { 1, 2, 0.5 };
        double d[6];
        for (int pair = 0; pair < 2 * LBFGS_PAIRS + 1; pair++) {
            double *s = numbers(&m, &g, SHORT, n);
            double *y = mem_doubles(&m, n);
            for (size_t i = 0; i < n; i++)
                y[i] = (double)(i + 1) * s[i];
            lbfgs_learn(&b, zero, s, zero, y);
            lbfgs_direction(&b, 3, scale, y, d);
            for (size_t i = 0; i < n; i++)
                assert_true(fabs(d[i] + s[i]) < 1e-9 * (1 + fabs(s[i])));
            lbfgs_direction(&b, 3, scale, s, d);
            assert_true(kern_dot(n, d, s) < 0);
        }
        size_t pairs = b.pairs;
        double *s = numbers(&m, &g, SHORT, n);
        double *y = mem_doubles(&m, n);
        for (size_t i = 0; i < n; i++)
            y[i] = -s[i];
        lbfgs_learn(&b, zero, s, zero, y);
        lbfgs_learn(&b, s, s, y, y);
        assert_true(b.pairs == pairs && pairs == LBFGS_PAIRS && b.next == 1);
        mem_free(&m);
    }
}

/// The relay ///

/* The kinds of pairs: equal widths, the second or the first narrower, a permuted copy, the same network, dead units,
   one unit each, and one sample. */
enum { EQUAL, NARROW_B, NARROW_A, PERMUTED, SAME, DEAD, ONE, ONE_SAMPLE, PAIRS };

/* The units of a network in another order. */
static void permute_units(mem *m, own_net *net)
{
    size_t n = net->m;
    own_net to = *net;
    for (size_t i = 0; i < OWN_TENSORS; i++)
        if (net->t[i].x)
            to.t[i].x = mem_copy(m, net->t[i].r * net->t[i].c, net->t[i].x);
    for (size_t k = 0; k < n; k++) {
        size_t p = (k + 1) % n;
        for (size_t i = OWN_W1; i <= OWN_B1; i++)
            for (size_t j = 0; net->t[i].x && j < net->t[i].c; j++)
                to.t[i].x[p * net->t[i].c + j] = net->t[i].x[k * net->t[i].c + j];
        for (size_t j = 0; net->t[OWN_V1].x && j < net->dz; j++)
            to.t[OWN_V1].x[p * net->dz + j] = net->t[OWN_V1].x[k * net->dz + j];
        for (size_t i = 0; net->t[OWN_V2].x && i < net->dg; i++)
            to.t[OWN_V2].x[i * n + p] = net->t[OWN_V2].x[i * n + k];
        for (size_t i = 0; i < net->dy; i++)
            to.t[OWN_W2].x[i * n + p] = net->t[OWN_W2].x[i * n + k];
    }
    *net = to;
}

/* A pair of that kind. Where the model has a block there are as many units as outputs at least. */
static world relay_world(uint64_t stream, int model, int which, int kind)
{
    world w = { .g = rng_make(31, stream) };
    own_net like = { model, 2 + pick(&w.g, 2), 0, which == LOGISTIC ? 1 : 2, 2, 2, pick(&w.g, 3), { { 0, 0, NULL } } };
    like.layers = model_layers(model, like.layers);
    if (model == OWN_LINEAR_SKIP)
        like.dg = like.n;
    if (!like.layers)
        like.dz = like.dg;
    if (model >= OWN_MLP) {
        like.dg = like.dz = 0;
        kind = kind == NARROW_A || kind == NARROW_B ? PERMUTED : kind; /* one width is all they have */
    }
    size_t wide = kind == ONE ? 1 : 5;
    size_t narrow = model == OWN_SKIP && kind != ONE ? 3 : 1 + pick(&w.g, 3);
    w.net[0] = net_make(&w.m, &w.g, SHORT, like, kind == NARROW_A ? narrow : wide);
    w.net[1] = net_make(&w.m, &w.g, SHORT, like, kind == NARROW_B ? narrow : wide);
    if (kind == PERMUTED || kind == SAME)
        w.net[1] = w.net[0];
    if (kind == PERMUTED && w.net[1].m)
        permute_units(&w.m, &w.net[1]);
    for (int e = 0; kind == DEAD && e < 2; e++)
        for (size_t k = 0; k < like.dy; k++)
            memset(w.net[e].t[OWN_W2].x + k * w.net[e].t[OWN_W2].c, 0, min_size(2, w.net[e].t[OWN_W2].c) * 8);
    world_samples(&w, which, SHORT, kind == ONE_SAMPLE ? 1 : 8, like.n, like.dy);
    return w;
}

/* The row of the unit in slot j of a state, from the users' tensors; zeros where none is; row: room for it. */
static const double *true_row(const own_pair *P, const own_state *s, size_t j, double *row)
{
    const own_net *net = s->unit[j] > P->of_a ? P->net[1] : P->net[0];
    size_t u = s->unit[j] > P->of_a ? s->unit[j] - P->of_a : s->unit[j];
    size_t n = P->shape.n;
    memset(row, 0, (n + 1) * sizeof *row);
    if (u)
        memcpy(row, net->t[OWN_W1].x + (u - 1) * n, n * sizeof *row);
    if (u && net->t[OWN_B1].x)
        row[n] = net->t[OWN_B1].x[u - 1];
    return row;
}

/* The loss of a sample (x, 1), of stride `step`, at a state without a block. */
static iv true_state_loss(const own_pair *P, const own_state *s, const double *x, size_t step, const double *y)
{
    iv z[SKV_MAX_OUTPUTS];
    double row[8];
    iv_load(P->shape.dy, s->bias, z);
    for (size_t j = 0; j < P->slots; j++) {
        iv h = iv_of(x[j % P->shape.n * step]);
        if (P->shape.model != OWN_LINEAR_SKIP)
            h = iv_relu(exact_dot(P->shape.n + 1, true_row(P, s, j, row), x, step));
        for (size_t k = 0; k < P->shape.dy; k++)
            z[k] = iv_add(z[k], iv_scale(s->column[j * P->shape.dy + k], h));
    }
    return P->q->L->value(P->shape.dy, z, y);
}

/* F at a state without its numbers, straight from the units in its slots. */
static iv true_state(const own_pair *P, const own_state *s)
{
    const own_task *q = P->q;
    size_t dy = q->dy;
    double row[8];
    iv sum = { 0, 0 };
    iv penalty = iv_scale(0.5, iv_sqr(iv_norm(dy, s->bias)));
    for (size_t b = 0; b < q->batches; b++)
        for (size_t i = 0; i < q->batch[b].count; i++)
            sum = iv_add(sum,
                true_state_loss(P, s, q->X + q->batch[b].first * (q->n + 1) + i, q->batch[b].count,
                    q->Y + (q->batch[b].first + i) * dy));
    if (q->penalty == PENALTY_WANG)
        penalty = iv_of(0);
    for (size_t j = 0; q->penalty != PENALTY_NONE && j < P->slots; j++) {
        iv mass = iv_norm(dy, s->column + j * dy);
        if (q->penalty == PENALTY_WANG)
            mass = iv_of(0);
        for (size_t k = 0; q->penalty == PENALTY_WANG && k < dy; k++)
            mass = iv_add(mass, iv_abs(iv_of(s->column[j * dy + k])));
        penalty = iv_add(penalty, iv_mul(mass, iv_norm(q->n + 1, true_row(P, s, j, row))));
    }
    return iv_add(iv_mean(sum, q->N), iv_scale(q->penalty == PENALTY_NONE ? 0 : q->kappa, penalty));
}

/* Two states are the same, number for number, and are reached alike. */
static void same_state(const own_pair *P, const own_state *a, const own_state *b, bool first)
{
    assert_true((a->x != NULL) == (b->x != NULL) && state_units_equal(P, a, b) && state_columns_equal(P, a, b));
    assert_true(!a->x || all_equal(P->shape.size, a->x, b->x));
    if (first)
        return;
    assert_true(a->by == b->by && (a->from != NULL) == (b->from != NULL));
    for (size_t q = 0; a->from && q < P->slots; q++)
        assert_int_equal(a->from[q], b->from[q]);
}

/* A state half-way between two with the same units. */
static own_state half_way(mem *m, const own_pair *P, const own_state *a, const own_state *b)
{
    size_t dy = P->shape.dy;
    double *column = mem_doubles(m, P->slots * dy);
    double *bias = mem_doubles(m, dy);
    mat_blend(P->slots * dy, 0.5, a->column, b->column, column);
    mat_blend(dy, 0.5, a->bias, b->bias, bias);
    return (own_state) { .unit = a->unit, .column = column, .bias = bias };
}

/* Every state of a proved path without its block, and half-way along each convex leg between two, is below the bound;
   F there as the program encloses it is narrow and right. */
static void path_holds(const own_pair *P, const own_path *r, const own_proof *p)
{
    mem m = { 0 };
    for (size_t i = 1; i + 1 < r->n; i++) {
        const own_state *s = &r->state[i];
        iv F = true_state(P, s);
        iv got;
        relay_risks(P, 1, &s, &got);
        assert_false(iv_apart(F, got));
        assert_true(got.hi - got.lo <= 1e-11 * (1 + got.hi));
        assert_true(F.lo <= fmax(p->inside, fmax(p->end[0].hi, p->end[1].hi)));
        if (s->by == OWN_INTERPOLATE && !r->state[i - 1].x) {
            own_state half = half_way(&m, P, &r->state[i - 1], s);
            assert_true(true_state(P, &half).lo <= p->bound);
        }
    }
    mem_free(&m);
}

/* One way of a relay: it begins at A and ends at B, exactly; its legs are proved; gone back twice it is the same. */
static own_proof relay_holds(mem *m, const own_pair *P, relay_plan *plan, int from, int how, const iv end[2])
{
    own_path path = relay_path(m, plan, from, how);
    if (from)
        path = own_back(m, P, &path);
    own_path back = own_back(m, P, &path);
    back = own_back(m, P, &back);
    assert_int_equal(back.n, path.n);
    for (size_t i = 0; i < path.n; i++)
        same_state(P, &path.state[i], &back.state[i], !i);
    for (int e = 0; e < 2; e++) {
        own_state is = own_end(m, P, e);
        same_state(P, &path.state[e ? path.n - 1 : 0], &is, true);
        assert_true(all_equal(P->shape.size, path.state[e ? path.n - 1 : 0].x, P->x[e]));
    }
    own_proof p = own_prove(P, &path, end);
    assert_true(p.ends == (!p.why && p.inside <= fmax(end[0].lo, end[1].lo)));
    if (p.why)
        assert_string_equal(p.why, "W2 cannot be shown to keep full row rank while the block fades");
    else
        path_holds(P, &path, &p);
    return p;
}

/* The relay of random pairs of all kinds, in both directions, all ways. */
static void test_relay(void **state)
{
    int proved = 0;
    int flat = 0;
    int all = 0;
    (void)state;
    for (uint64_t k = 0; k < 5 * 4 * PAIRS; k++) {
        int model = k % 5 < 3 ? OWN_TWO_LAYER : k % 5 == 3 ? OWN_SKIP : OWN_LINEAR_SKIP;
        int penalty = model == OWN_TWO_LAYER ? (int)(k % 5) : PENALTY_NONE;
        world w = relay_world(9000 + k, model, users_losses[k / 5 % 4], (int)(k / 20));
        const own_pair *P = world_pair(&w, penalty, 0x1p-6);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        relay_plan *plan = plan_make(&w.m, P, fmax(end[0].lo, end[1].lo) * (1 - 0x1p-16));
        for (size_t way = k % 4 ? k % 5 : 0; way < 2 * COUNT(relay_ways) && !relay_refuses(P); way += k % 4 ? 5 : 1) {
            own_proof p = relay_holds(&w.m, P, plan, way & 1, relay_ways[way >> 1], end);
            proved += !p.why;
            flat += p.ends;
            all++;
        }
        mem_free(&w.m);
    }
    assert_true(all > 400 && proved > all * 9 / 10 && flat > all / 2);
}

/* Plans of more weights than samples: their ends' losses; a refit of groups (half of A's units, and B's in the slots
   that are free) is what it says, and no worse than where it began; the paths hold. */
static void test_coarse(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 4 * PAIRS; k++) {
        world w = relay_world(9900 + k, OWN_TWO_LAYER, users_losses[k % 4], (int)(k / 4));
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        relay_plan *plan = plan_make(&w.m, P, 0.75 * fmax(end[0].lo, end[1].lo));
        own_state s = own_end(&w.m, P, 0);
        bool *live = mem_get(&w.m, P->slots, sizeof *live);
        assert_false(plan->coarse);
        plan->coarse = true;
        for (int e = 0; e < 2; e++)
            assert_true(__builtin_fabs(plan_value(plan, e) - end[e].hi) <= 1e-9 * (1 + end[e].hi));
        for (size_t j = 0; j < P->slots; j++) {
            if (j % 2) {
                *((size_t *)s.unit + j) = j < P->net[1]->m ? unit_of(P, 1, j) : 0;
                memset((double *)s.column + j * P->shape.dy, 0, P->shape.dy * sizeof(double));
            }
            live[j] = s.unit[j] != 0;
        }
        double before = iv_mid(true_state(P, &s));
        double value = plan_refit(plan, s.unit, live, true, (double *)s.column, (double *)s.bias);
        assert_true(__builtin_fabs(iv_mid(true_state(P, &s)) - value) <= 1e-5 * (1 + value));
        assert_true(value <= before * (1 + 1e-5));
        relay_holds(&w.m, P, plan, k & 1, relay_ways[k / 2 % COUNT(relay_ways)], end);
        mem_free(&w.m);
    }
}

/// Legs ///

/* States of a relay, to be spoilt: their arrays are their own. */
static own_state loose(mem *m, const own_pair *P, const own_state *s)
{
    size_t *unit = mem_get(m, P->slots, sizeof *unit);
    memcpy(unit, s->unit, P->slots * sizeof *unit);
    return (own_state) { .unit = unit,
        .column = mem_copy(m, P->slots * P->shape.dy, s->column),
        .bias = mem_copy(m, P->shape.dy, s->bias),
        .from = mem_get(m, P->slots, sizeof *s->from) };
}

/* A leg of that kind from a to b is refused for that reason; NULL: it is not. */
static void leg_is(const own_pair *P, const own_state *a, own_state b, enum own_leg by, bool first, const char *why)
{
    b.by = by;
    const char *got = leg_breaks(P, a, &b, first);
    if ((got == NULL) != (why == NULL) || (why && !strstr(got, why)))
        fail_msg("%s => %s  expected: %s", own_leg_names[by], got ? got : "a leg", why ? why : "a leg");
}

/* Numbers of a state that is loose. */
static double *column_of(const own_pair *P, const own_state *s, size_t slot)
{
    return (double *)s->column + slot * P->shape.dy;
}

static size_t *unit_in(const own_state *s, size_t slot) { return (size_t *)s->unit + slot; }

static size_t *gives_to(const own_state *s, size_t slot) { return (size_t *)s->from + slot; }

/* Both networks of that model with three units, two inputs, two outputs, one-layer blocks. */
static world leg_world(int model)
{
    world w = { .g = rng_make(31, 10000 + (uint64_t)model) };
    size_t dg = model == OWN_LINEAR_SKIP ? 3 : model < OWN_MLP ? 2 : 0;
    own_net like = { model, 3, 0, 2, dg, model < OWN_MLP ? 2 : 0, model == OWN_RESIDUAL ? 2 : 1, { { 0, 0, NULL } } };
    for (int e = 0; e < 2; e++) {
        w.net[e] = net_make(&w.m, &w.g, LONG, like, 3);
        for (int i = OWN_W1; i <= OWN_B1 && w.net[e].m; i++)
            w.net[e].t[i] = (own_tensor) { 3, i ? 1 : 3, numbers(&w.m, &w.g, LONG, i ? 3 : 9) };
        w.net[e].t[OWN_W2].x = numbers(&w.m, &w.g, LONG, 2 * w.net[e].t[OWN_W2].c);
        w.net[e].t[OWN_B2] = (own_tensor) { 2, 1, numbers(&w.m, &w.g, LONG, 2) };
    }
    world_samples(&w, SQUARED, SHORT, 4, 3, 2);
    return w;
}

/* Layer by layer: from A to B between random mlps of all widths, of both ends one network or not; what is planned is a
   path, as far as there is one; with layers of one unit there is none. Its halves do not read each other. */
static void test_layers(void **state)
{
    int flat = 0;
    int all = 0;
    int lines = 0;
    (void)state;
    for (uint64_t k = 0; k < 120; k++) {
        world w = relay_world(9500 + k, OWN_MLP, users_losses[k % 4], (int)(k / 4 % PAIRS));
        const own_pair *P = world_pair(&w, k % 3 ? PENALTY_NONE : PENALTY_DECAY, k % 3 ? 0 : 0x1p-8);
        bool narrow = P->shape.part[PART_W1].r == 1;
        for (size_t i = 0; i + 1 < P->shape.layers; i++)
            narrow |= P->shape.part[PART_T + i].r == 1;
        assert_true(!layers_refuses(P) == !narrow);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        double floor = fmax(end[0].lo, end[1].lo);
        if (!narrow) {
            own_path r = layers_path(&w.m, P, floor);
            own_proof p = own_prove(P, &r, end);
            assert_true(!p.why && p.bound < INFINITY && p.leg == r.n - 1);
            assert_true(p.pieces <= 1);
            lines += p.pieces > 0;
            flat += p.ends;
            all++;
        }
        mem_free(&w.m);
    }
    assert_true(all > 30 && flat > all / 2 && lines > 10 && lines < all);
}

/* Least squares: of targets that are sums of few features those are kept, and the sums are found. */
static void test_layers_choose(void **state)
{
    rng g = rng_make(31, 9700);
    (void)state;
    for (int round = 0; round < 60; round++) {
        mem m = { 0 };
        size_t w = 4 + pick(&g, 28);
        size_t h = w / 2;
        size_t N = 80;
        size_t kept[64];
        bool ones = round % 2;
        double *F = mem_doubles(&m, (w + 1) * N);
        double *Z = mem_doubles(&m, 3 * N);
        double weight[3] = { 1, 2, 0.5 };
        double c[3][33] = { { 0 } };
        for (size_t i = 0; i < w * N; i++)
            F[i] = fmax(rng_normal(&g), 0);
        for (size_t i = 0; i < N; i++)
            F[w * N + i] = 1;
        for (size_t a = 0; a < 3; a++)
            for (size_t i = 0; i <= w; i++)
                c[a][i] = i < w ? (i % 2 && i / 2 < h ? 1 + rng_uniform(&g) : 0) : ones;
        for (size_t a = 0; a < 3; a++)
            for (size_t j = 0; j <= w; j++)
                for (size_t i = 0; i < N; i++)
                    Z[a * N + i] += c[a][j] * F[j * N + i];
        layers_sums s = layers_products(&m, 3, Z, w + ones, F, N);
        layers_choose(&s, w, weight, h, kept);
        for (size_t i = 0; i < h; i++)
            assert_int_equal(kept[i], 2 * i + 1);
        double coef[3 * 34];
        size_t live[34];
        for (size_t i = 0; i <= h; i++)
            live[i] = i < h ? kept[i] : w;
        assert_true(layers_solve(&s, h + ones, live, coef, NULL));
        for (size_t a = 0; a < 3; a++)
            for (size_t i = 0; i < h + ones; i++)
                assert_true(fabs(coef[a * (h + ones) + i] - c[a][live[i]]) < 1e-4);
        mem_free(&m);
    }
}

/* interpolate and rewire between states a and b without numbers. */
static void test_relay_legs(void **state)
{
    (void)state;
    world w = leg_world(OWN_TWO_LAYER);
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    const own_pair *decay = world_pair(&w, PENALTY_DECAY, 1);
    own_state A = own_end(&w.m, P, 0);
    own_state a = loose(&w.m, P, &A);
    own_state b = loose(&w.m, P, &A);
    own_state point = { .x = P->x[1] };
    *column_of(P, &b, 1) += 1;
    leg_is(P, &a, b, OWN_INTERPOLATE, false, NULL);
    leg_is(P, &A, b, OWN_INTERPOLATE, true, NULL);
    leg_is(decay, &a, b, OWN_INTERPOLATE, false, NULL);
    leg_is(decay, &A, b, OWN_INTERPOLATE, true, "not balanced");
    leg_is(decay, &a, A, OWN_INTERPOLATE, true, "not balanced");
    leg_is(P, &point, b, OWN_INTERPOLATE, false, "the block is on");
    leg_is(P, &a, point, OWN_INTERPOLATE, false, "the block is on");
    leg_is(P, &a, b, OWN_REWIRE, false, "output weights change");
    *unit_in(&b, 2) = 6;
    leg_is(P, &a, b, OWN_INTERPOLATE, false, "units change");
    leg_is(P, &a, b, OWN_TRANSFER, false, "units change");
    *column_of(P, &b, 1) = a.column[2];
    leg_is(P, &a, b, OWN_REWIRE, false, "a unit changes that is read");
    for (int k = 0; k < 2; k++)
        column_of(P, &a, 2)[k] = column_of(P, &b, 2)[k] = 0;
    leg_is(P, &a, b, OWN_REWIRE, false, NULL);
    column_of(P, &a, 2)[1] = column_of(P, &b, 2)[1] = 0x1p-1074;
    leg_is(P, &a, b, OWN_REWIRE, false, "a unit changes that is read");
    ((double *)b.bias)[1] += 1;
    leg_is(P, &a, b, OWN_REWIRE, false, "output weights change");
    mem_free(&w.m);
}

/* transfer: slot 0 to slot 2, which is dead and has the same row. */
static void test_transfer(void **state)
{
    (void)state;
    for (int wrong = 0; wrong <= 11; wrong++) {
        static const char *const why[] = { NULL, "nothing is moved", "not dead before", "gives twice",
            "gives and receives", "the rows of two slots differ", "not moved whole", "not moved whole",
            "that is not moved", "the bias changes", "that is not moved", "the rows of two slots differ" };
        world w = leg_world(OWN_TWO_LAYER);
        if (wrong == 11) /* in their bias only */
            memcpy(w.net[0].t[OWN_W1].x + 3, w.net[0].t[OWN_W1].x, 3 * sizeof(double));
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        own_state A = own_end(&w.m, P, 0);
        own_state a = loose(&w.m, P, &A);
        *unit_in(&a, 2) = *unit_in(&a, 1) = 1;
        memset(column_of(P, &a, 1), 0, 4 * sizeof(double));
        own_state b = loose(&w.m, P, &a);
        memcpy(column_of(P, &b, 2), a.column, 2 * sizeof(double));
        memset(column_of(P, &b, 0), 0, 2 * sizeof(double));
        *gives_to(&b, 2) = 1;
        if (wrong == 1)
            b.from = NULL;
        if (wrong == 2)
            column_of(P, &a, 2)[1] = 1;
        if (wrong == 3) {
            *gives_to(&b, 1) = 1;
            memcpy(column_of(P, &b, 1), a.column, 2 * sizeof(double));
        }
        if (wrong == 4) {
            *gives_to(&b, 1) = 1;
            *gives_to(&b, 2) = 2;
            memcpy(column_of(P, &b, 1), a.column, 2 * sizeof(double));
            memset(column_of(P, &b, 2), 0, 2 * sizeof(double));
        }
        if (wrong == 5 || wrong == 11)
            *unit_in(&a, 2) = *unit_in(&b, 2) = 2;
        if (wrong == 6)
            column_of(P, &b, 2)[1] *= 0.5;
        if (wrong == 7)
            column_of(P, &b, 0)[1] = 1;
        if (wrong == 8)
            column_of(P, &b, 1)[1] = 1;
        if (wrong == 9)
            ((double *)b.bias)[1] += 1;
        if (wrong == 10) /* all dead, nothing moved, and yet */
            *gives_to(&b, 2) = NO_SLOT;
        leg_is(P, &a, b, OWN_TRANSFER, false, why[wrong]);
        mem_free(&w.m);
    }
}

/* balance and unbalance: next to an end, whose numbers the balanced state has; line: between states with numbers. */
static void test_end_legs(void **state)
{
    (void)state;
    world w = leg_world(OWN_TWO_LAYER);
    world s = leg_world(OWN_SKIP);
    const own_pair *none = world_pair(&w, PENALTY_NONE, 0);
    const own_pair *P = world_pair(&w, PENALTY_DECAY, 1);
    const own_pair *skip = world_pair(&s, PENALTY_DECAY, 1);
    own_state A = own_end(&w.m, P, 0);
    own_state B = own_end(&w.m, P, 1);
    own_state point = { .x = P->x[1] };
    for (int e = 0; e < 2; e++) {
        const own_state *end = e ? &B : &A;
        static const char no[] = "it is not between an end and its balanced state";
        enum own_leg by = e ? OWN_UNBALANCE : OWN_BALANCE;
        for (int wrong = 0; wrong < 5; wrong++) {
            own_state b = loose(&w.m, P, end);
            if (wrong == 1)
                *column_of(P, &b, 2) += 1;
            if (wrong == 2)
                ((double *)b.bias)[1] += 1;
            if (wrong == 3)
                *unit_in(&b, 1) = 1 + e;
            if (wrong == 4)
                b.x = end->x;
            leg_is(P, e ? &b : &A, e ? B : b, by, true, wrong ? no : NULL);
            leg_is(none, e ? &b : &A, e ? B : b, by, true, no);
        }
        own_state b = loose(&w.m, P, e ? &A : &B);
        leg_is(P, e ? &b : &A, e ? B : b, by, true, no);
        own_state t = own_end(&s.m, skip, e);
        b = loose(&s.m, skip, &t);
        leg_is(skip, e ? &b : &t, e ? t : b, by, true, no);
    }
    own_state a = loose(&w.m, P, &A);
    leg_is(P, &A, a, OWN_BALANCE, false, "it is not the first leg");
    leg_is(P, &point, B, OWN_UNBALANCE, false, "its balanced state");
    leg_is(P, &A, B, OWN_LINE, false, NULL);
    leg_is(none, &a, B, OWN_LINE, false, NULL);
    leg_is(P, &a, B, OWN_LINE, false, "the block is off");
    leg_is(none, &A, a, OWN_LINE, false, "the block is off");
    own_state t = own_end(&s.m, skip, 0);
    own_state u = loose(&s.m, skip, &t);
    leg_is(world_pair(&s, PENALTY_NONE, 0), &u, t, OWN_LINE, false, "the block is off");
    mem_free(&w.m);
    mem_free(&s.m);
}

/* fade and grow: between an end with a block and a state without, of the same units, where W2 keeps its rank. */
static void test_block_legs(void **state)
{
    static const char no[] = "it is not between an end, with a block, and a state without it";
    (void)state;
    for (int model = OWN_SKIP; model <= OWN_LINEAR_SKIP; model++) {
        world w = leg_world(model);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        const own_pair *decay = world_pair(&w, PENALTY_DECAY, 1);
        for (int e = 0; e < 2; e++) {
            own_state end = own_end(&w.m, P, e);
            own_state s = loose(&w.m, P, &end);
            enum own_leg by = e ? OWN_GROW : OWN_FADE;
            *column_of(P, &s, 1) += 0x1p-3;
            leg_is(P, e ? &s : &end, e ? end : s, by, true, NULL);
            leg_is(decay, e ? &s : &end, e ? end : s, by, true, no);
            leg_is(P, &end, end, by, true, no);
            if (!e)
                leg_is(P, &end, s, by, false, "it is not the first leg");
            for (size_t i = 0; i < 6; i++)
                ((double *)s.column)[i] = -end.column[i];
            leg_is(P, e ? &s : &end, e ? end : s, by, true, "W2 cannot be shown");
            s = loose(&w.m, P, &end);
            *unit_in(&s, 1) = 1;
            leg_is(P, e ? &s : &end, e ? end : s, by, true, no);
        }
        own_state A = own_end(&w.m, P, 0);
        leg_is(P, &A, loose(&w.m, P, &A), OWN_INTERPOLATE, true, "the block is on");
        own_state off = loose(&w.m, P, &A);
        leg_is(P, &off, off, OWN_INTERPOLATE, false, NULL);
        mem_free(&w.m);
    }
    world w = leg_world(OWN_TWO_LAYER);
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    own_state A = own_end(&w.m, P, 0);
    leg_is(P, &A, loose(&w.m, P, &A), OWN_FADE, true, no);
    mem_free(&w.m);
}

/* An end whose second output row is twice its first: with the moved gauge its block fades into states that do not share
   that null vector, and into no others. */
static void test_null_fade(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        world w = leg_world(k % 2 ? OWN_SKIP : OWN_LINEAR_SKIP);
        bool grow = k / 2;
        double *W2 = w.net[grow].t[OWN_W2].x;
        for (int j = 0; j < 3; j++)
            W2[3 + j] = 2 * W2[j];
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        own_state end = own_end(&w.m, P, grow);
        own_state s = loose(&w.m, P, &end);
        enum own_leg by = grow ? OWN_GROW : OWN_FADE;
        for (int change = 0; change < 3; change++) {
            if (change == 1)
                for (size_t i = 0; i < 2; i++)
                    column_of(P, &s, 1)[i] += (double)(1 + i);
            if (change == 2)
                *column_of(P, &s, 1) += 0x1p-3;
            leg_is(P, grow ? &s : &end, grow ? end : s, by, true, change == 2 ? NULL : "W2 cannot be shown");
        }
        for (size_t j = 0; j < 3; j++)
            for (size_t i = 0; i < 2; i++)
                column_of(P, &s, j)[i] = i ? (double)j + 1 : -W2[j];
        leg_is(P, grow ? &s : &end, grow ? end : s, by, true, "W2 cannot be shown");
        mem_free(&w.m);
    }
}

/* A random state: units of both networks, some in several slots, many slots dead. */
static own_state random_state(mem *m, rng *g, const own_pair *P)
{
    own_state A = own_end(m, P, 0);
    own_state s = loose(m, P, &A);
    for (size_t j = 0; j < P->slots; j++) {
        *unit_in(&s, j) = pick(g, 4);
        for (size_t k = 0; k < P->shape.dy; k++)
            column_of(P, &s, j)[k] = j % 2 ? 0 : number(g, SHORT);
    }
    return s;
}

/* One change of a state, or of what is moved. */
static void random_change(rng *g, const own_pair *P, const own_state *a, own_state *b)
{
    size_t p = pick(g, P->slots);
    size_t q = pick(g, P->slots);
    size_t size = P->shape.dy * sizeof(double);
    switch (pick(g, 5)) {
    case 0:
        column_of(P, b, p)[pick(g, P->shape.dy)] += number(g, SHORT);
        break;
    case 1:
        *unit_in(b, p) = pick(g, 7);
        break;
    case 2:
        ((double *)b->bias)[0] += pick(g, 2) ? number(g, SHORT) : 0;
        break;
    default:
        *gives_to(b, q) = p + 1;
        memmove(column_of(P, b, q), a->column + p * P->shape.dy, size);
        memset(column_of(P, b, p), 0, size);
    }
}

/* Two networks of one random shape of that model. */
static world point_world(uint64_t stream, int model)
{
    world w = world_make(stream, model, SQUARED, WHOLE, 3);
    for (size_t i = 0; i < OWN_TENSORS; i++)
        w.net[1].t[i] = w.net[0].t[i];
    return w;
}

/* The column of a part that takes what row k of the step before gives, and of the block's way around, is made c. */
static void column_set(const own_shape *s, double *x, size_t part, size_t k, double c)
{
    for (size_t i = 0; i < s->part[part].r; i++)
        x[s->part[part].at + i * s->part[part].c + k] = c;
}

/* readout and idle between points: what may change, and what may not, of each model; of the first step's last row. */
static void test_point_legs(void **state)
{
    static const char no[] = "a number changes that is read";
    (void)state;
    for (int k = 0; k < 10 * OWN_MODELS; k++) {
        world w = point_world(8000 + (uint64_t)k, k % OWN_MODELS);
        const own_pair *P = world_pair(&w, k % 2 ? PENALTY_DECAY : PENALTY_NONE, k % 2);
        const own_shape *s = &P->shape;
        const own_place *W2 = &s->part[PART_W2];
        double *x = mem_copy(&w.m, s->size, P->x[0]);
        double *y = mem_copy(&w.m, s->size, P->x[0]);
        own_state a = { .x = x };
        own_state b = { .x = y };
        assert_true(W2->at + W2->r * W2->c == s->size);
        leg_is(P, &a, b, OWN_READOUT, false, NULL);
        leg_is(P, &a, b, OWN_IDLE, false, NULL);
        y[W2->at + pick(&w.g, W2->r * W2->c)] += 0.5;
        leg_is(P, &a, b, OWN_READOUT, true, NULL);
        leg_is(P, &a, b, OWN_IDLE, false, no);
        y[pick(&w.g, W2->at ? W2->at : 1)] += 0.5;
        leg_is(P, &a, b, OWN_READOUT, false, W2->at ? "more changes than the read-out" : NULL);
        if (s->units) {
            own_state off = { .unit = mem_get(&w.m, P->slots, sizeof *off.unit),
                .column = mem_doubles(&w.m, P->slots * s->dy),
                .bias = mem_doubles(&w.m, s->dy) };
            const char *why = k % OWN_MODELS || k % 2 ? "the block is off" : NULL;
            for (int by = OWN_READOUT; by <= OWN_IDLE; by++) {
                leg_is(P, &a, off, (enum own_leg)by, false, "the block is off");
                if (why)
                    leg_is(P, &off, b, (enum own_leg)by, false, why);
            }
        }
        mem_free(&w.m);
    }
}

/* idle, in the last hidden layer: a row is free where the read-out's column is 0 at both ends, and nowhere else; of a
   sum both summands' rows are. Not with R. */
static void test_idle(void **state)
{
    static const char no[] = "a number changes that is read";
    (void)state;
    for (int k = 0; k < 20 * OWN_MODELS; k++) {
        int model = k % OWN_MODELS;
        world w = point_world(8200 + (uint64_t)k, model);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        const own_shape *s = &P->shape;
        const own_place *W2 = &s->part[PART_W2];
        const own_place *M = &s->part[s->step[s->steps - 3].part]; /* before the last ReLU, or sum */
        size_t j = pick(&w.g, M->r);
        double *x = mem_copy(&w.m, s->size, P->x[0]);
        column_set(s, x, PART_W2, j, 0);
        double *y = mem_copy(&w.m, s->size, x);
        y[M->at + j * M->c + pick(&w.g, M->c)] += 1;
        own_state a = { .x = x };
        own_state b = { .x = y };
        leg_is(P, &a, b, OWN_IDLE, false, NULL);
        leg_is(P, &b, a, OWN_IDLE, true, NULL);
        if (model <= OWN_SKIP)
            leg_is(world_pair(&w, PENALTY_WANG, 1), &a, b, OWN_IDLE, false, "Wang's R");
        size_t at = W2->at + pick(&w.g, W2->r) * W2->c + j;
        for (int e = 0; e < 2; e++) {
            (e ? y : x)[at] = 0x1p-1074;
            leg_is(P, &a, b, OWN_IDLE, false, no);
            leg_is(P, &b, a, OWN_IDLE, false, no);
        }
        mem_free(&w.m);
    }
}

/* Zeros in columns of a random part, or a random number of a random row of it changed. */
static void random_point(rng *g, const own_shape *s, double *x, bool zeros)
{
    size_t part = s->step[pick(g, s->steps)].part; /* 0, W1, of other steps */
    const own_place *M = &s->part[part];
    if (!M->r)
        return;
    if (zeros)
        column_set(s, x, part, pick(g, M->c), 0);
    else
        x[M->at + pick(g, M->r * M->c)] += 1 + (double)pick(g, 3);
}

/* The outputs at the numbers x, of all samples. */
static iv *outputs_at(mem *m, const own_pair *P, const iv *x, size_t *n)
{
    truth t = walk_truth(m, P->q, &P->q->batch[0], &P->shape, x);
    *n = t.d[t.n - 1] * P->q->batch[0].count;
    return t.v[t.n - 1];
}

/* Whatever the rules let pass, of all models: on idle legs the outputs stay, exactly; on readout legs F is no higher
   than its chord. */
static void test_random_points(void **state)
{
    int passed[OWN_MODELS][2] = { { 0 } };
    int moved = 0;
    (void)state;
    for (uint64_t k = 0; k < 6000; k++) {
        int model = (int)(k % OWN_MODELS);
        world w = point_world(100000 + k, model);
        const own_pair *P = world_pair(&w, k % 3 ? PENALTY_NONE : PENALTY_DECAY, 0.25);
        const own_shape *s = &P->shape;
        double *x = mem_copy(&w.m, s->size, P->x[0]);
        for (int i = 0; i < 8; i++)
            random_point(&w.g, s, x, true);
        double *y = mem_copy(&w.m, s->size, x);
        for (size_t i = 1 + pick(&w.g, 3); i-- > 0;)
            random_point(&w.g, s, y, !pick(&w.g, 8));
        own_state a = { .x = x };
        own_state b = { .x = y, .by = k % 2 ? OWN_IDLE : OWN_READOUT };
        bool idle = b.by == OWN_IDLE;
        bool fine = !leg_breaks(P, &a, &b, false);
        size_t n;
        const iv *from = outputs_at(&w.m, P, numbers_at(&w.m, s, x, y, 0), &n);
        own_segment g = segment_make(&w.m, P->q, s, x, y);
        iv F[2] = { true_at(&g, 0), true_at(&g, 1) };
        for (int t = 1; t <= 4; t++) {
            const iv *at = outputs_at(&w.m, P, numbers_at(&w.m, s, x, y, t / 4.0), &n);
            for (size_t i = 0; i < n; i++)
                if (idle && fine)
                    assert_true(iv_is(at[i], from[i].lo) && iv_is(from[i], at[i].lo));
                else
                    moved += idle && iv_apart(at[i], from[i]);
            if (fine)
                assert_true(true_at(&g, t / 4.0).lo <= iv_add(iv_scale(1 - t / 4.0, F[0]), iv_scale(t / 4.0, F[1])).hi);
        }
        passed[model][idle] += fine && !same_numbers(s->size, x, y);
        mem_free(&w.m);
    }
    for (int model = 0; model < OWN_MODELS; model++)
        if (passed[model][0] < 20 || passed[model][1] < 40)
            fail_msg("%s: %d readout, %d idle", own_model_names[model], passed[model][0], passed[model][1]);
    assert_true(moved > 1000);
}

/* Whatever the rules let pass: F on the way, at three places, is no higher than at the ends; on a constant leg it is
   the same all the way. */
static void test_random_legs(void **state)
{
    int passed[OWN_LEGS] = { 0 };
    (void)state;
    world w = leg_world(OWN_TWO_LAYER);
    for (int k = 0; k < 9000; k++) {
        mem m = { 0 };
        const own_pair *P = pair_make(&m, &w.S, &w.net[0], &w.net[1], 5, k % 3, 0.25);
        own_state a = random_state(&m, &w.g, P);
        own_state b = loose(&m, P, &a);
        for (size_t i = 1 + pick(&w.g, 2); i-- > 0;)
            random_change(&w.g, P, &a, &b);
        b.by = (enum own_leg)(k / 3 % 3);
        if (!leg_breaks(P, &a, &b, false)) {
            iv end[2] = { true_state(P, &a), true_state(P, &b) };
            for (int t = 1; t < 4; t++) {
                own_state at = half_way(&m, P, &a, &b);
                mat_blend(P->slots * 2, t / 4.0, a.column, b.column, (double *)at.column);
                mat_blend(2, t / 4.0, a.bias, b.bias, (double *)at.bias);
                iv F = true_state(P, &at);
                assert_true(F.lo <= fmax(end[0].hi, end[1].hi) * (1 + 1e-12));
                assert_true(b.by == OWN_INTERPOLATE || fabs(F.lo - end[0].lo) <= 1e-12 * F.hi);
            }
            assert_true(b.by == OWN_INTERPOLATE || fabs(end[1].lo - end[0].lo) <= 1e-12 * end[0].hi);
            passed[b.by]++;
        }
        mem_free(&m);
    }
    mem_free(&w.m);
    assert_true(passed[OWN_INTERPOLATE] > 200 && passed[OWN_REWIRE] > 50 && passed[OWN_TRANSFER] > 50);
}

/* The path begins at A. */
static void path_from(mem *m, const own_pair *P, own_path *r)
{
    *r = (own_path) { 0 };
    own_add(m, r, own_end(m, P, 0));
}

static void path_to(mem *m, own_path *r, own_state s, enum own_leg by)
{
    s.by = by;
    own_add(m, r, s);
}

/* A's units with output weights c times as large. */
static own_state scaled(mem *m, const own_pair *P, double c)
{
    own_state A = own_end(m, P, 0);
    own_state s = loose(m, P, &A);
    for (size_t i = 0; i < P->slots * P->shape.dy; i++)
        ((double *)s.column)[i] *= c;
    return s;
}

/* What the prover evaluates: every state between two convex legs, also behind constant ones, however many there are;
   not A or B, nor what is no higher than they. */
static void test_prover(void **state)
{
    (void)state;
    for (int k = 0; k < 24; k++) {
        world w = leg_world(OWN_TWO_LAYER);
        w.net[1] = w.net[0];
        const own_pair *P = world_pair(&w, k % 2 ? PENALTY_WANG : PENALTY_NONE, 1);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        own_path r;
        own_state high = scaled(&w.m, P, 16);
        own_state last = scaled(&w.m, P, 1);
        path_from(&w.m, P, &r);
        for (int i = 0; i < 24; i++)
            path_to(&w.m, &r, i == k ? high : scaled(&w.m, P, 1), OWN_INTERPOLATE);
        path_to(&w.m, &r, high, OWN_INTERPOLATE);
        path_to(&w.m, &r, high, OWN_REWIRE);
        if (k % 3)
            path_to(&w.m, &r, high, OWN_REWIRE);
        path_to(&w.m, &r, last, OWN_INTERPOLATE);
        if (k % 4 == 0)
            r.state[25] = scaled(&w.m, P, 1), r.state[25].by = OWN_INTERPOLATE, r.n = 26;
        own_proof p = own_prove(P, &r, end);
        iv F = true_state(P, &high);
        assert_null(p.why);
        assert_true(!p.ends && p.inside >= F.lo && p.inside <= F.hi * (1 + 1e-12) && p.bound >= p.inside);
        r.n = 1;
        path_to(&w.m, &r, last, OWN_INTERPOLATE);
        p = own_prove(P, &r, end);
        assert_true(!p.why && p.ends && p.inside == -INFINITY && p.bound == fmax(end[0].hi, end[1].hi));
        path_to(&w.m, &r, high, OWN_INTERPOLATE);
        p = own_prove(P, &r, end);
        assert_string_equal(p.why, "the path does not end at B");
        assert_true(!p.ends && p.bound == INFINITY);
        mem_free(&w.m);
    }
}

/* Likewise between points, readout and idle: what is behind a convex leg and before another, and nothing else. */
static void test_prover_points(void **state)
{
    (void)state;
    for (int k = 0; k < 8 * OWN_MODELS; k++) {
        world w = point_world(8600 + (uint64_t)k, k % OWN_MODELS);
        const own_pair *P = world_pair(&w, k % 3 ? PENALTY_NONE : PENALTY_DECAY, k % 3 ? 0 : 0.25);
        const own_shape *s = &P->shape;
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        double *high = mem_copy(&w.m, s->size, P->x[0]);
        for (size_t i = s->part[PART_W2].at; i < s->size; i++)
            high[i] += 1 + (double)pick(&w.g, 9);
        own_segment g = segment_make(&w.m, P->q, s, high, high);
        double F = segment_at(&g, 0).hi;
        own_path r;
        path_from(&w.m, P, &r);
        path_to(&w.m, &r, (own_state) { .x = P->x[0] }, OWN_READOUT);
        path_to(&w.m, &r, (own_state) { .x = high }, OWN_READOUT);
        path_to(&w.m, &r, (own_state) { .x = high }, OWN_IDLE);
        path_to(&w.m, &r, (own_state) { .x = P->x[1] }, OWN_READOUT);
        own_proof p = own_prove(P, &r, end);
        assert_true(!p.why && p.inside == fmax(F, end[0].hi) && p.bound == p.inside && p.leg == 4);
        own_path back = own_back(&w.m, P, &r);
        own_proof q = own_prove(P, &back, end);
        assert_true(!q.why && q.bound == p.bound && back.state[2].by == OWN_IDLE && back.state[4].by == OWN_READOUT);
        r.n = 1;
        path_to(&w.m, &r, (own_state) { .x = P->x[0] }, OWN_IDLE);
        path_to(&w.m, &r, (own_state) { .x = P->x[1] }, OWN_READOUT);
        p = own_prove(P, &r, end);
        assert_true(!p.why && (p.ends || P->q->penalty == PENALTY_DECAY) && p.bound == fmax(end[0].hi, end[1].hi));
        mem_free(&w.m);
    }
}

/* Away from A and back, where nothing reads: with weight decay F is not what it was, and that counts. */
static void test_prover_idle(void **state)
{
    (void)state;
    for (int k = 0; k < 4 * OWN_MODELS; k++) {
        world w = point_world(8700 + (uint64_t)k, k % OWN_MODELS);
        bool decay = k % 2;
        for (int e = 0; e < 2; e++)
            for (size_t i = 0; i < w.net[e].t[OWN_W2].r; i++)
                w.net[e].t[OWN_W2].x[i * w.net[e].t[OWN_W2].c] = 0;
        const own_pair *P = world_pair(&w, decay ? PENALTY_DECAY : PENALTY_NONE, decay);
        const own_shape *s = &P->shape;
        double *x = mem_copy(&w.m, s->size, P->x[0]);
        x[s->part[s->step[s->steps - 3].part].at] += 64;
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        own_segment g = segment_make(&w.m, P->q, s, x, x);
        own_path r;
        path_from(&w.m, P, &r);
        path_to(&w.m, &r, (own_state) { .x = x }, OWN_IDLE);
        path_to(&w.m, &r, (own_state) { .x = P->x[1] }, OWN_IDLE);
        own_proof p = own_prove(P, &r, end);
        assert_true(!p.why && p.inside == (decay ? segment_at(&g, 0).hi : -INFINITY) && p.ends == !decay);
        mem_free(&w.m);
    }
}

/* The ends' enclosures: below the lower end of the larger is below it, not below the upper end only; nor may the bound
   be lower than what either end may be. */
static void test_prover_ends(void **state)
{
    (void)state;
    world w = leg_world(OWN_TWO_LAYER);
    w.net[1] = w.net[0];
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    own_path r;
    own_state middle = scaled(&w.m, P, 1.5);
    iv F;
    const own_state *at = &middle;
    relay_risks(P, 1, &at, &F);
    path_from(&w.m, P, &r);
    path_to(&w.m, &r, middle, OWN_INTERPOLATE);
    path_to(&w.m, &r, scaled(&w.m, P, 1), OWN_INTERPOLATE);
    for (int k = 0; k < 2; k++) {
        iv low = { 0, 3 * F.hi };
        iv most = { F.hi, 2 * F.hi };
        iv less = { next_down(F.hi), 2 * F.hi };
        own_proof p = own_prove(P, &r, (iv[]) { k ? low : most, k ? most : low });
        assert_true(p.ends && p.inside == F.hi && p.bound == 3 * F.hi);
        p = own_prove(P, &r, (iv[]) { k ? low : less, k ? less : low });
        assert_true(!p.ends && p.bound == 3 * F.hi);
    }
    mem_free(&w.m);
}

/* With a block, or under weight decay: legs that end the path, what they leave open, and what must be evaluated. */
static void test_prover_closed(void **state)
{
    (void)state;
    for (int model = OWN_TWO_LAYER; model <= OWN_SKIP; model++) {
        world w = leg_world(model);
        w.net[1] = w.net[0];
        const own_pair *P = world_pair(&w, model == OWN_SKIP ? PENALTY_NONE : PENALTY_DECAY, 1);
        bool block = model == OWN_SKIP;
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        own_path r;
        own_state high = scaled(&w.m, P, 16);
        own_state B = own_end(&w.m, P, 1);
        own_state *own = w.net[1].m ? &B : NULL;
        own_state off = loose(&w.m, P, own);
        path_from(&w.m, P, &r);
        path_to(&w.m, &r, block ? high : scaled(&w.m, P, 1), block ? OWN_FADE : OWN_BALANCE);
        own_proof p = own_prove(P, &r, end);
        assert_string_equal(p.why, "the path does not end at B");
        path_to(&w.m, &r, scaled(&w.m, P, 0), OWN_INTERPOLATE);
        for (size_t i = 0; i < P->slots; i++)
            if (block)
                assert_true(all_zero(P->shape.dy, column_of(P, &r.state[2], i)));
        path_to(&w.m, &r, off, OWN_REWIRE);
        r.state[3].column = r.state[2].column;
        path_to(&w.m, &r, off, OWN_INTERPOLATE);
        own_state zero = r.state[2];
        p = own_prove(P, &r, end);
        assert_string_equal(p.why, "the path does not end at B");
        path_to(&w.m, &r, B, block ? OWN_GROW : OWN_UNBALANCE);
        p = own_prove(P, &r, end);
        double F = fmax(true_state(P, &zero).lo, block ? true_state(P, &high).lo : 0);
        F = fmax(F, block ? true_state(P, &off).lo : 0);
        assert_true(!p.why && p.inside >= F && p.inside <= F * (1 + 1e-9));
        path_to(&w.m, &r, B, OWN_LINE);
        p = own_prove(P, &r, end);
        assert_string_equal(p.why, "the leg before ends at B");
        if (block) { /* straight from fade to grow */
            own_path short_way;
            path_from(&w.m, P, &short_way);
            path_to(&w.m, &short_way, high, OWN_FADE);
            path_to(&w.m, &short_way, B, OWN_GROW);
            own_proof q = own_prove(P, &short_way, end);
            assert_true(!q.why && q.inside >= true_state(P, &high).lo && q.leg == 2);
        }
        assert_int_equal(p.leg, r.n - 1);
        mem_free(&w.m);
    }
}

/* A line by its cuts: the largest of its pieces, the first and the last among them; what comes before and after it. */
static void test_prover_line(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 60; k++) {
        int model = (int)(k % OWN_MODELS);
        world w = world_make(11000 + k, model, users_losses[k / 5 % 4], SHORT, 3);
        const own_pair *P = world_pair(&w, world_penalty(k / 5, model), 0x1p-4);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        static const double cut[] = { 0, 0.125, 0.375, 0.75, 1 };
        double over = -INFINITY;
        for (int i = 0; i < 4; i++)
            over = fmax(over, segment_over(&g, cut[i], cut[i + 1]));
        own_path r;
        own_state to = own_end(&w.m, P, 1);
        path_from(&w.m, P, &r);
        to.cuts = 3;
        to.cut = cut + 1;
        path_to(&w.m, &r, to, OWN_LINE);
        own_proof p = own_prove(P, &r, end);
        double ends = fmax(end[0].lo, end[1].lo);
        assert_true(!p.why && fmax(p.inside, ends) == fmax(over, ends) && p.pieces == 4 && p.leg == 1);
        assert_true(p.bound == fmax(over, fmax(end[0].hi, end[1].hi)));
        assert_true(p.ends == (over <= fmax(end[0].lo, end[1].lo)));
        double *x = numbers(&w.m, &w.g, SHORT, P->shape.size);
        r.n = 1;
        path_to(&w.m, &r, (own_state) { .x = x }, OWN_LINE);
        assert_string_equal(own_prove(P, &r, end).why, "the path does not end at B");
        path_to(&w.m, &r, to, OWN_LINE);
        own_segment first = segment_make(&w.m, P->q, &P->shape, P->x[0], x);
        own_segment second = segment_make(&w.m, P->q, &P->shape, x, P->x[1]);
        over = segment_over(&first, 0, 1);
        for (int i = 0; i < 4; i++)
            over = fmax(over, segment_over(&second, cut[i], cut[i + 1]));
        p = own_prove(P, &r, end);
        assert_true(!p.why && fmax(p.inside, ends) == fmax(over, ends) && p.pieces == 5 && p.leg == 2);
        mem_free(&w.m);
    }
}

/* Lines from a relay's state: the state's own numbers. */
static void test_line_of_state(void **state)
{
    (void)state;
    world w = leg_world(OWN_TWO_LAYER);
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    own_state s = scaled(&w.m, P, 2);
    own_state to = own_end(&w.m, P, 1);
    *unit_in(&s, 1) = 0;
    own_segment g = segment_make(&w.m, P->q, &P->shape, state_numbers(&w.m, P, &s), P->x[1]);
    assert_false(iv_apart(segment_at(&g, 0), true_state(P, &s)));
    own_prover v = prover_make(P, (iv[2]) { { 0, 0 }, { 0, 0 } });
    prover_line(&v, &s, &to);
    assert_true(v.proof.inside == segment_over(&g, 0, 1));
    mem_free(&w.m);
}

/* NaN or infinity anywhere in networks or samples: no finite bound. */
static void test_not_finite(void **state)
{
    static const double bad[] = { NAN, INFINITY, -INFINITY };
    (void)state;
    for (int k = 0; k < 3 * OWN_MODELS * (OWN_TENSORS + 2); k++) {
        int model = k % OWN_MODELS;
        size_t which = (size_t)(k / OWN_MODELS % (OWN_TENSORS + 2));
        double x = bad[k / OWN_MODELS / (OWN_TENSORS + 2)];
        world w = leg_world(model);
        int e = k % 2;
        w.S.L = &losses[k % 4 < 2 ? SQUARED : HUBER];
        if (which < OWN_TENSORS && !w.net[e].t[which].x) {
            mem_free(&w.m);
            continue;
        }
        if (which < OWN_TENSORS)
            w.net[e].t[which].x[pick(&w.g, w.net[e].t[which].r * w.net[e].t[which].c)] = x;
        else if (which == OWN_TENSORS)
            ((double *)w.S.X)[pick(&w.g, w.S.N * w.S.dx)] = x;
        else
            ((double *)w.S.Y)[pick(&w.g, w.S.N * w.S.dy)] = x;
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        own_segment g = segment_make(&w.m, P->q, &P->shape, P->x[0], P->x[1]);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        own_state s = own_end(&w.m, P, e);
        const own_state *at = &s;
        iv F;
        assert_true(end[e].hi == INFINITY && segment_at(&g, 0.5).hi == INFINITY);
        assert_true(segment_over(&g, 0, 1) == INFINITY && segment_over(&g, 0.25, 0.5) == INFINITY);
        assert_true(segment_prove(&w.m, &g, 0, 0.01, 64).over == INFINITY);
        if (shape_relays(&P->shape)) {
            relay_risks(P, 1, &at, &F);
            assert_true(F.hi == INFINITY || (which >= OWN_V2 && which <= OWN_V1) || which == OWN_TENSORS + 1);
        }
        own_path r;
        path_from(&w.m, P, &r);
        path_to(&w.m, &r, own_end(&w.m, P, 1), OWN_LINE);
        assert_true(own_prove(P, &r, end).bound == INFINITY);
        mem_free(&w.m);
    }
}

/* Outputs too large for a double: the loss of f = 4 (4.6e307 - 3e307 - 3e307) < -1e307 is not that of +infinity. */
static void test_overflow(void **state)
{
    (void)state;
    for (int k = 0; k < 6; k++) {
        mem m = { 0 };
        double x = k < 2 ? 4 : 1;
        double y[2] = { 1, 0 };
        double w1[4] = { 1, 1, 1, 1 };
        double w2[8] = { 1, 1, 1, 0, 0, 0, 0, 0 };
        bool entropy = k % 2;
        sample_set S = { 1, 1, 1 + entropy, &x, y, &losses[entropy ? CROSS_ENTROPY : LOGISTIC] };
        own_net A = { OWN_TWO_LAYER, 1, 4, S.dy, 0, 0, 0, { { 0, 0, NULL } } };
        A.t[OWN_W1] = (own_tensor) { 4, 1, w1 };
        A.t[OWN_W2] = (own_tensor) { S.dy, 4, w2 };
        for (int i = 0; k >= 2 && i < 4; i++)
            w1[i] = k < 4 ? 0x1p-100 : 1;
        own_pair *P = pair_make(&m, &S, &A, &A, 4, PENALTY_NONE, 0);
        own_state s = scaled(&m, P, 1);
        double c[4] = { 4.6e307, -3e307, -3e307, 0 };
        for (size_t j = 0; j < 4; j++) {
            if (k >= 2)
                *unit_in(&s, j) = 1; /* they share a unit: their sum overflows before it falls */
            *column_of(P, &s, j) = k < 2 ? c[j] : j < 2 ? 0x1.8p1023 : -0x1.cp1023;
        }
        const own_state *at = &s;
        iv F;
        relay_risks(P, 1, &at, &F);
        assert_true(F.hi >= 1e270);
        own_segment g = segment_make(&m, P->q, &P->shape, P->x[0], state_numbers(&m, P, &s));
        assert_true(segment_at(&g, 1).hi == INFINITY && segment_over(&g, 0, 1) == INFINITY);
        mem_free(&m);
    }
}

/* A relay's states are evaluated from above, rounding and all: one sample, x = 1, outputs that cancel; F = f^2. */
static void test_relay_rounding(void **state)
{
    rng g = rng_make(31, 13000);
    int bites = 0;
    (void)state;
    for (int round = 0; round < 100; round++) {
        mem m = { 0 };
        double one = 1;
        double zero = 0;
        double *w1 = numbers(&m, &g, LONG, 6);
        double *w2 = numbers(&m, &g, LONG, 6);
        acc f = { { 0 } };
        for (int j = 0; j < 6; j++) {
            w1[j] = fabs(w1[j]);
            w2[5] = (j ? w2[5] : 0) - (j < 5 ? w1[j] * w2[j] / fabs(w1[5]) : 0);
        }
        for (int j = 0; j < 6; j++)
            exact_add(&f, w1[j], w2[j]);
        iv F = iv_sqr(acc_iv(&f));
        sample_set S = { 1, 1, 1, &one, &zero, &losses[SQUARED] };
        own_net A = { OWN_TWO_LAYER, 1, 6, 1, 0, 0, 0, { { 0, 0, NULL } } };
        A.t[OWN_W1] = (own_tensor) { 6, 1, w1 };
        A.t[OWN_W2] = (own_tensor) { 1, 6, w2 };
        own_pair *P = pair_make(&m, &S, &A, &A, 6, PENALTY_NONE, 0);
        own_state s = own_end(&m, P, 0);
        const own_state *at = &s;
        iv got;
        relay_risks(P, 1, &at, &got);
        assert_true(got.lo <= F.lo && got.hi >= F.hi && got.hi < 1e-20);
        double sum = 0;
        for (int j = 0; j < 6; j++)
            sum = fma1(w2[j], w1[j], sum);
        bites += sum * sum < 0.9 * F.lo;
        mem_free(&m);
    }
    assert_true(bites > 10);
}

/// Certificates ///

/* What the checker says to it, for networks and samples in hand: why (NULL: it accepts), in that room. */
static const char *checked(
    const own_pair *P, const sample_set *S, const iv end[2], const char *s, size_t n, char why[200])
{
    mem m = { 0 };
    char *copy = mem_get(&m, n + 1, 1);
    memcpy(copy, s, n);
    cert_reader c = { .next = copy, .end = copy + n };
    cert_claim said = { 0 };
    if (cert_read_seal(&c, copy) && cert_read_claim(&c, &said, 64)) {
        if (said.model != P->shape.model || &losses[own_losses[said.loss]] != P->q->L ||
            said.penalty != P->q->penalty || said.kappa != P->q->kappa)
            cert_wrong(&c, "another claim");
        else {
            own_work work = { .shards = 1, .inside = -INFINITY };
            cert_bound bound = { 0 };
            own_proof p = cert_check(&c, &said, P, S, end, &work, &bound);
            assert_true(c.why[0] || (!p.why && p.bound < INFINITY));
            if (!c.why[0])
                cert_judge(&c, &bound, &p);
        }
    }
    memcpy(why, c.why, sizeof c.why);
    mem_free(&m);
    return why[0] ? why : NULL;
}

/* On from a point: a read-out of biases alone, all layers before it twice as large where that may be, and the read-out
   as it was. */
static void cert_points(world *w, const own_pair *P, own_path *r, const double *x)
{
    const own_place *W2 = &P->shape.part[PART_W2];
    double *y[3];
    for (int i = 0; i < 3; i++)
        y[i] = mem_copy(&w->m, P->shape.size, i ? y[i - 1] : x);
    for (size_t i = 0; i < W2->r * W2->c; i++)
        if (i % W2->c + 1 < W2->c)
            y[0][W2->at + i] = y[1][W2->at + i] = 0;
    for (size_t i = 0; i < W2->at && P->q->penalty != PENALTY_WANG; i++)
        y[1][i] = y[2][i] = 2 * x[i];
    path_to(&w->m, r, (own_state) { .x = y[0] }, OWN_READOUT);
    if (P->q->penalty != PENALTY_WANG)
        path_to(&w->m, r, (own_state) { .x = y[1] }, OWN_IDLE);
    path_to(&w->m, r, (own_state) { .x = y[2] }, OWN_READOUT);
}

/* A path of some kind between random networks: a relay's, there or back, or lines through a point. */
static own_path cert_path(world *w, const own_pair *P, uint64_t k, const iv end[2])
{
    static const double cut[] = { 0x1p-3, 0x1.8p-2, 0x1.0000001p-1 };
    own_path r;
    if (k % 4 < 2 && !relay_refuses(P)) {
        relay_plan *plan = plan_make(&w->m, P, fmax(end[0].lo, end[1].lo));
        r = relay_path(&w->m, plan, k & 1, relay_ways[k / 4 % COUNT(relay_ways)]);
        return k & 1 ? own_back(&w->m, P, &r) : r;
    }
    path_from(&w->m, P, &r);
    own_state to = own_end(&w->m, P, 1);
    double *x = mem_doubles(&w->m, P->shape.size);
    for (size_t i = 0; i < OWN_TENSORS; i++) {
        size_t first;
        const own_place *p = tensor_place(&P->shape, i, &first);
        for (size_t j = 0; pair_has(P, i) && j < p->r; j++)
            for (size_t c = 0; c < (own_is_bias(i) ? 1 : p->c - 1); c++)
                x[p->at + j * p->c + first + c] = number(&w->g, LONG);
    }
    to.cuts = k / 4 % 4;
    to.cut = cut;
    path_to(&w->m, &r, (own_state) { .x = x, .cut = cut + 1, .cuts = k / 16 % 3 }, OWN_LINE);
    if (k % 8 > 5)
        cert_points(w, P, &r, x);
    path_to(&w->m, &r, to, OWN_LINE);
    return r;
}

/* Lines of a text: where line i begins; lines + 1 of them. */
static size_t *text_lines(mem *m, const text *t, size_t *lines)
{
    size_t *at = mem_get(m, t->used + 2, sizeof *at);
    *lines = 0;
    for (size_t i = 0; i < t->used; i++)
        if (t->s[i] == '\n')
            at[++*lines] = i + 1;
    return at;
}

/* Another text: a line is left out, doubled, moved, cut, has a field of another line, another digit or one more. */
static text mutated(mem *m, rng *g, const text *t)
{
    text out = { 0 };
    size_t lines;
    const size_t *at = text_lines(m, t, &lines);
    size_t i = pick(g, lines - 1);
    size_t j = pick(g, lines - 1);
    size_t size = at[i + 1] - at[i];
    char *line = mem_get(m, size + 1, 1);
    memcpy(line, t->s + at[i], size - 1);
    char *digit = line + pick(g, size);
    int kind = (int)pick(g, 8);
    text_add(&out, "%.*s", (int)at[i], t->s);
    if (kind == 1)
        text_add(&out, "%s\n%s\n", line, line);
    if (kind == 2)
        text_add(&out, "%.*s", (int)(at[j + 1] - at[j]), t->s + at[j]);
    if (kind == 3)
        text_add(&out, "%s%.*s", line, (int)(at[j + 1] - at[j]), t->s + at[j]);
    if (kind == 4)
        text_add(&out, "%s %zu\n", line, j);
    if (kind == 5)
        text_add(&out, "%.*s\n", (int)pick(g, size), line);
    if (kind > 5) {
        *digit = *digit >= '0' && *digit <= '9' ? (char)('0' + pick(g, 10)) : *digit;
        text_add(&out, "%s\n", line);
    }
    text_add(&out, "%s", t->s + at[i + 1]);
    return out;
}

/* What the program writes it accepts; the same text at every shorter length it does not; of mutated texts only those
   that it can prove (each by a proof of its own, whose bound is no better than that of the ends). */
static void test_certificates(void **state)
{
    int accepted = 0;
    int refused = 0;
    (void)state;
    for (uint64_t k = 0; k < 84; k++) {
        static const int models[7] = { OWN_TWO_LAYER, OWN_MLP, OWN_TWO_LAYER, OWN_SKIP, OWN_LINEAR_SKIP, OWN_RESIDUAL,
            OWN_TWO_LAYER };
        int model = models[k % 7];
        int penalty = model == OWN_TWO_LAYER ? (int)(k % 3) : k % 4 < 2 ? PENALTY_NONE : world_penalty(k, model);
        world w = relay_world(12000 + k, model, users_losses[k % 4], (int)(k % PAIRS));
        const own_pair *P = world_pair(&w, penalty, penalty ? 0x1p-6 : 0);
        iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
        own_path r = cert_path(&w, P, k, end);
        own_proof p = own_prove(P, &r, end);
        text t = { 0 };
        char why[200];
        if (p.why || p.bound == INFINITY) {
            mem_free(&w.m);
            continue;
        }
        own_cert_write(&t, P, &w.S, &r, &p);
        if (checked(P, &w.S, end, t.s, t.used, why))
            fail_msg("%llu: %s\n%s", (unsigned long long)k, why, t.s);
        size_t lines;
        const size_t *at = text_lines(&w.m, &t, &lines);
        for (size_t i = 0; i < lines; i++) {
            text cut = { 0 };
            text_add(&cut, "%.*s", (int)at[i], t.s);
            assert_non_null(checked(P, &w.S, end, cut.s, cut.used, why));
            text_seal(&cut);
            assert_true(i + 1 == lines || checked(P, &w.S, end, cut.s, cut.used, why));
            free(cut.s);
        }
        t.s[t.used = at[lines - 1]] = 0;
        for (int i = 0; i < 12; i++) {
            text other = mutated(&w.m, &w.g, &t);
            bool same = !strcmp(other.s, t.s);
            text_seal(&other);
            bool fine = !checked(P, &w.S, end, other.s, other.used, why);
            assert_true(fine || !same);
            accepted += fine && !same;
            refused += !fine;
            free(other.s);
        }
        free(t.s);
        mem_free(&w.m);
    }
    assert_true(refused > 400 && accepted < refused / 5);
}

/* A certificate with legs of every relay's kind and two lines: the lines that begin with a word, the first of them
   replaced, and what the checker says. NULL: it accepts. */
typedef struct {
    const char *word, *by, *why;
} reader_case;

static const reader_case reader_cases[] = { { "skipverify", "skipverify certificate 2", NULL },
    { "skipverify", "skipverify certificate 1", "line 1: 'skipverify certificate 1', expected" },
    { "skipverify", "skipverify certificate 2 ", "line 1: " }, { "model", "model two-layer ", "expected 'model ...'" },
    { "model", "model cnn", "expected 'model ...'" }, { "model", "model skip", "another claim" },
    { "loss", "loss squared x", "expected 'loss ...'" }, { "loss", "loss smoothed-hinge", "expected 'loss ...'" },
    { "loss", "loss huber", "another claim" }, { "penalty", "penalty none 0x0p+0", "expected a number after" },
    { "penalty", "penalty decay", "expected a number after" },
    { "penalty", "penalty wang -0x1p+0", "kappa is negative" },
    { "penalty", "penalty wang 0x1p+0 0x1p+0", "more than 1 numbers" },
    { "penalty", "penalty l2", "expected 'penalty" }, { "data", "data 0 4 3 2", "but of these files it is" },
    { "from", "from 0 3", "but of these files it is" }, { "to", "to 0 3", "but of these files it is" },
    { "width", "width 4", "width 4, expected 3" }, { "width", "width 2", "width 2, expected 3" },
    { "width", "width 03", "expected a whole number from 0 to 64" }, { "width", "width 3 3", "'3' after the width" },
    { "width", "width 0", "width 0, expected 3" }, { "width", "width 65", "expected a whole number" },
    { "width", "breadth 3", "expected 'width ...'" },
    { "leg interpolate 1", "leg interpolate 01", "expected a whole number" },
    { "leg interpolate 1", "leg interpolate", "expected a whole number" },
    { "leg interpolate 1", "leg interpolate 1 1", "'1' after the leg" },
    { "leg interpolate 1", "leg interpolate 2", "'leg rewire 1', expected 'column" },
    { "leg interpolate 1", "leg interpolate 0", "expected 'leg ...' or 'bound ...'" },
    { "leg interpolate 1", "leg interpol 1", "expected 'leg ...' or 'bound ...'" },
    { "leg interpolate 1", "leg interpolated 1", "expected 'leg ...' or 'bound ...'" },
    { "leg interpolate 1", "leg balance 1", "expected 'leg ...' or 'bound ...'" },
    { "leg interpolate 1", "leg balance", "leg 1: it is not between an end and its balanced" },
    { "leg interpolate 1", "leg fade 1", "leg 1: it is not between an end, with a block" },
    { "leg interpolate 1", "leg grow", "leg 1: it is not between an end, with a block" },
    { "leg interpolate 1", "leg unbalance", "leg 1: it is not between an end" },
    { "leg interpolate 1", "leg rewire 1", "expected 'row SLOT ...'" },
    { "leg interpolate 1", "leg transfer 1", "expected 'move SLOT SLOT'" },
    { "leg interpolate 1", "leg transfer 0\nleg interpolate 1", NULL },
    { "leg interpolate 1", "legs interpolate 1", "expected 'leg ...' or 'bound ...'" },
    { "column 3", "column 3 0x0p+0 0x0p+0", NULL }, { "column 3", "column 3 -0x0p+0 0x0p+0", NULL },
    { "column 3", "column 3 0x0p+0", "1 numbers, expected 2" },
    { "column 3", "column 3 0x0p+0 0x0p+0 0x0p+0", "more than 2 numbers" },
    { "column 3", "column 3 0x0p+0 0.5", "'0.5': expected a number as in" },
    { "column 3", "column 3 0x0p+0 inf", "expected a number as in" },
    { "column 3", "column 3 nan 0x0p+0", "expected a number as in" },
    { "column 3", "column 3 0x0p+0 0x1p+1024", "expected a number as in" },
    { "column 3", "column 3 0x0p+0 0x2p-1", "expected a number as in" },
    { "column 3", "column 3 0x0p+0 0x1p-1x", "expected a number as in" },
    { "column 3", "column 3 0x0p+0  0x0p+0", "line 10: " }, { "column 3", "column 3 ", "line 10: " },
    { "column 3", "column 4 0", "a whole number from 1 to 3" },
    { "column 3", "column 0 0", "a whole number from 1 to 3" },
    { "column 3", "column 3 A", "expected A or B and a unit" },
    { "column 3", "column 3 A 4", "a whole number from 1 to 3" },
    { "column 3", "column 3 B 0", "a whole number from 1" }, { "column 3", "column 3 A 1 1", "'1' after the unit" },
    { "column 3", "columns 3 0", "expected 'column ...'" }, { "column 3", "row 3 0", "expected 'column ...' or" },
    { "column 3", "bias A", "slot 3 is read" }, { "column 2", "bias A", "bias twice in one leg" },
    { "bias", "column 2 0", "slot 2 twice in one leg" }, { "bias", "bias", "expected a number as in" },
    { "bias", "bias C", "expected a number as in" }, { "bias", "bias 0x1p+0", "1 numbers, expected 2" },
    { "bias", "bias A 0x1p+0", "expected a number as in" },
    { "row", "row 3 B 1", "leg 3: the rows of two slots differ" }, { "row", "row 3 0", "leg 3: the rows of two slots" },
    { "row", "row 3 A 2", "leg 3: the rows of two slots differ" }, { "row", "row 1 A 2", "slot 1 is read" },
    { "row", "row 3 A 1 1", "'1' after the unit" }, { "row", "row 3 0 0", "expected A or B and a unit" },
    { "row", "row 3 A 4", "a whole number from 1 to 3" }, { "row", "row 3 C 1", "expected A or B and a unit" },
    { "row", "row 4 A 1", "a whole number from 1 to 3" }, { "row", "move 1 3", "expected 'row SLOT ...'" },
    { "leg rewire 1", "leg rewire 2\nrow 3 A 1", "slot 3 twice in one leg" },
    { "move", "move 1 1", "slot 1 twice in one leg" },
    { "move", "move 1 2", "leg 3: a slot that receives is not dead" },
    { "move", "move 1 3 2", "'2' after the two slots" }, { "move", "move 1", "expected a whole number" },
    { "move", "row 1 0", "expected 'move SLOT SLOT'" }, { "move", "move 2 3", "leg 3: the rows of two slots differ" },
    { "to point", "to A", "expected 'to B' or 'to point'" }, { "to point", "to B", "expected 'cut NUMBER'" },
    { "W1", "W1 3 2", "or a tensor behind" }, { "W1", "W1 3", "or a tensor behind" },
    { "W2", "W1 2 3", "or a tensor behind" }, { "b1", NULL, "or a tensor behind" },
    { "cut", "cut 0x0p+0", "a cut is not between" }, { "cut", "cut 0x1p+0", "a cut is not between" },
    { "cut", "cut -0x1p-1", "a cut is not between" }, { "cut", "cut 0x1p-53", "not certainly below the bound" },
    { "cut", "cut 0x1.0000000000001p-2", "no multiple of 2^-53" }, { "cut", "cot 0x1p-1", "expected 'cut NUMBER'" },
    { "cut", "cut 0x1p-1 0x1p-1", "more than 1 numbers" }, { "cut", NULL, "expected 'cut NUMBER'" },
    { "cut 0x1p-2", "cut 0x1p-1", "a cut is not between" }, { "cut 0x1p-2", "cut 0x1.8p-1", "a cut is not between" },
    { "leg line 2", "leg line 1", "expected 'leg ...' or 'bound ...'" },
    { "leg line 2", "leg line 9223372036854775807", "expected 'cut NUMBER'" },
    { "leg line 2", "leg line 9223372036854775808", "expected a whole number" },
    { "leg line 2", "leg rewire 0\nleg line 2", "from a point whose numbers are given only line" },
    { "leg line 2", "leg unbalance", "leg 6: it is not between an end" },
    { "leg line 2", "leg grow", "leg 6: it is not between an end, with" },
    { "bound", "bound", "expected a number as in" }, { "bound", "bound end", "expected a number as in" },
    { "bound", "bound 0x1p+500", NULL }, { "bound", "bound 0x1p-9", "not certainly below the bound" },
    { "bound", "bound ends", "not certainly below the larger of them" }, { "bound", "bound inf", "expected a number" },
    { "bound", "bound 0x1p+500\nbound 0x1p+500", "lines follow the bound" },
    { "bound", "bound 0x1p+500 0x1p+500", "more than 1 numbers" }, { "bound", NULL, "expected another line of text" },
    { "bound", "bounds 0x1p+500", "expected 'leg ...'" } };

/* Such a path. */
static own_path reader_path(mem *m, const own_pair *P)
{
    static const double cut[] = { 0.25, 0.5 };
    own_path r;
    own_state A = own_end(m, P, 0);
    own_state B = own_end(m, P, 1);
    own_state s[4];
    for (int i = 0; i < 4; i++) {
        s[i] = loose(m, P, i ? &s[i - 1] : &A);
        if (i == 0)
            memset(column_of(P, &s[0], 2), 0, 2 * sizeof(double));
        if (i == 1)
            *unit_in(&s[1], 2) = 1;
        if (i == 2) {
            memcpy(column_of(P, &s[2], 2), column_of(P, &s[2], 0), 2 * sizeof(double));
            memset(column_of(P, &s[2], 0), 0, 2 * sizeof(double));
            *gives_to(&s[2], 2) = 1;
        }
    }
    *column_of(P, &s[3], 1) += 1;
    ((double *)s[3].bias)[0] += 1;
    path_from(m, P, &r);
    path_to(m, &r, s[0], OWN_INTERPOLATE);
    path_to(m, &r, s[1], OWN_REWIRE);
    path_to(m, &r, s[2], OWN_TRANSFER);
    path_to(m, &r, s[3], OWN_INTERPOLATE);
    double *x = mem_copy(m, P->shape.size, P->x[0]);
    x[0] += 1;
    path_to(m, &r, (own_state) { .x = x, .cuts = 1, .cut = cut + 1 }, OWN_LINE);
    B.cuts = 2;
    B.cut = cut;
    path_to(m, &r, B, OWN_LINE);
    return r;
}

/* Every check of the reader, each once. */
static void test_reader(void **state)
{
    (void)state;
    char why[200];
    world w = leg_world(OWN_TWO_LAYER);
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
    own_path r = reader_path(&w.m, P);
    own_proof p = own_prove(P, &r, end);
    text t = { 0 };
    own_cert_write(&t, P, &w.S, &r, &p);
    assert_null(checked(P, &w.S, end, t.s, t.used, why));
    for (size_t i = 0; i < COUNT(reader_cases); i++) {
        const reader_case *c = &reader_cases[i];
        text other = replaced(&t, c->word, c->by);
        const char *got = checked(P, &w.S, end, other.s, other.used, why);
        if ((got == NULL) != (c->why == NULL) || (got && !strstr(got, c->why)))
            fail_msg("%s => %s  expected: %s", c->by ? c->by : c->word, got ? got : "accepted", c->why ? c->why : "-");
        free(other.s);
    }
    char bound[64] = "bound ";
    hex_print(bound + 6, sizeof bound - 6, p.bound);
    text exact = replaced(&t, "bound", bound);
    assert_null(checked(P, &w.S, end, exact.s, exact.used, why));
    hex_print(bound + 6, sizeof bound - 6, next_down(p.bound));
    text less = replaced(&t, "bound", bound);
    assert_non_null(checked(P, &w.S, end, less.s, less.used, why));
    free(exact.s);
    free(less.s);
    free(t.s);
    mem_free(&w.m);
}

/* The path of test_reader, proved by that share of its evaluations, the first `done` of all left out. */
static double shared(const own_pair *P, const own_path *r, const iv end[2], size_t shard, size_t shards, size_t done)
{
    own_work work = { .shard = shard, .shards = shards, .done = done, .inside = -INFINITY };
    own_prover v = prover_make(P, end);
    v.work = &work;
    for (size_t i = 0; i + 1 < r->n; i++)
        prover_leg(&v, &r->state[i], &r->state[i + 1]);
    own_proof p = prover_end(&v, &r->state[r->n - 1]);
    assert_true(work.next == 6);
    return p.inside;
}

/* All shares together are the whole, whatever their number; what is left out at the start is in the rest. */
static void test_work(void **state)
{
    (void)state;
    world w = leg_world(OWN_TWO_LAYER);
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
    own_path r = reader_path(&w.m, P);
    double whole = own_prove(P, &r, end).inside;
    for (size_t shards = 1; shards < 12; shards++) {
        double most = -INFINITY;
        size_t found = 0;
        for (size_t i = 0; i < shards; i++) {
            double inside = shared(P, &r, end, i, shards, 0);
            most = fmax(most, inside);
            found += inside == whole;
        }
        assert_true(most == whole && found == 1);
    }
    for (size_t done = 0; done < 6; done++) {
        double first = -INFINITY;
        for (size_t i = 0; i < done; i++)
            first = fmax(first, shared(P, &r, end, i, 64, 0));
        assert_true(fmax(first, shared(P, &r, end, 0, 1, done)) == whole);
    }
    mem_free(&w.m);
}

/* The seal: any byte changed, anything after it, nothing before it, a NUL in a line. */
static void test_seal(void **state)
{
    (void)state;
    char why[200];
    world w = leg_world(OWN_LINEAR_SKIP);
    const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
    iv end[2] = { pair_risk(P, 0), pair_risk(P, 1) };
    own_path r;
    path_from(&w.m, P, &r);
    path_to(&w.m, &r, own_end(&w.m, P, 1), OWN_LINE);
    own_proof p = own_prove(P, &r, end);
    text t = { 0 };
    own_cert_write(&t, P, &w.S, &r, &p);
    assert_null(checked(P, &w.S, end, t.s, t.used, why));
    for (size_t i = 0; i < t.used; i++) {
        t.s[i] ^= 1;
        assert_non_null(checked(P, &w.S, end, t.s, t.used, why));
        assert_true(i + 1 == t.used || strstr(why, "truncated, or changed"));
        t.s[i] ^= 1;
        assert_non_null(checked(P, &w.S, end, t.s, i, why));
    }
    text more = { 0 };
    text_add(&more, "%s\n", t.s);
    assert_non_null(checked(P, &w.S, end, more.s, more.used, why));
    text nul = replaced(&t, "bound", "bound 0x1p+500 ");
    nul.used -= 72;
    nul.s[nul.used - 2] = 0;
    text_seal(&nul);
    assert_non_null(checked(P, &w.S, end, nul.s, nul.used, why));
    text rows = replaced(&t, "leg line 0", "leg rewire 1\nrow 1 A 1\nleg line 0");
    assert_non_null(checked(P, &w.S, end, rows.s, rows.used, why));
    assert_non_null(strstr(why, "the linear model has no rows"));
    free(more.s);
    free(nul.s);
    free(rows.s);
    free(t.s);
    mem_free(&w.m);
}

/// Planes ///

/* F on a grid: of the very numbers (o + a u) + b v, each step rounded, and enclosed; whatever the number of threads. */
static void test_plane_values(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 36; k++) {
        int model = (int)(k % OWN_MLP);
        world w = world_make(9000 + k, model, users_losses[k / 3 % 4], SHORT, 1 + k % 4);
        const own_pair *P = world_pair(&w, world_penalty(k / 3, model), 0x1.8p-3);
        size_t n = P->shape.size;
        const double *d[2] = { plane_direction(&w.m, &P->shape, P->x[0], &w.g), numbers(&w.m, &w.g, LONG, n) };
        own_plane p = { P->q, &P->shape, P->x[0], d[0], d[1] };
        double a[12], b[9];
        for (size_t i = 0; i < 12; i++)
            a[i] = test_near(&w.g, 2);
        for (size_t i = 0; i < 9; i++)
            b[i] = i ? test_near(&w.g, 2) : 0;
        iv F[2][12 * 9];
        for (int i = 0; i < 2; i++) {
            assert_int_equal(thr_use(i ? 3 : 1), 0);
            plane_values(&p, 12, a, 9, b, F[i]);
        }
        assert_memory_equal(F[0], F[1], sizeof F[0]);
        for (size_t i = 0; i < 12 * 9; i += 7) {
            iv *x = mem_ivs(&w.m, n);
            double *at = mem_doubles(&w.m, n);
            for (size_t j = 0; j < n; j++) {
                volatile double first = a[i % 12] * d[0][j];
                volatile double sum = P->x[0][j] + first;
                volatile double second = b[i / 12] * d[1][j];
                at[j] = sum + second;
                x[j] = iv_of(at[j]);
            }
            iv same = plane_network(P->q, &P->shape, at);
            iv exact = iv_add(true_risk(&w.m, P->q, &P->shape, x), true_penalty(P->q, &P->shape, x));
            assert_memory_equal(&F[0][i], &same, sizeof same);
            assert_false(iv_apart(F[0][i], exact));
            assert_true(F[0][i].hi - F[0][i].lo <= 1e-10 * (1 + fabs(F[0][i].hi)));
        }
        mem_free(&w.m);
    }
}

/* A filter-normalised direction: rows as long as the network's, biases 0; another draw, another direction. */
static void test_plane_direction(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 30; k++) {
        world w = world_make(9100 + k, (int)(k % OWN_MLP), SQUARED, k & 1 ? WHOLE : LONG, 1);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        const own_shape *s = &P->shape;
        const double *d = plane_direction(&w.m, s, P->x[0], &w.g);
        const double *e = plane_direction(&w.m, s, P->x[0], &w.g);
        assert_memory_not_equal(d, e, s->size * sizeof *d);
        for (size_t p = 0; p < PART_ALL; p++)
            for (size_t r = 0; r < s->part[p].r; r++) {
                size_t n = s->part[p].c - 1;
                double norm = iv_norm(n, own_row(s, P->x[0], p, r)).hi;
                assert_true(fabs(iv_norm(n, own_row(s, d, p, r)).hi - norm) <= 1e-14 * norm);
                assert_true(own_row(s, d, p, r)[n] == 0);
            }
        mem_free(&w.m);
    }
}

/* Through two and three networks: u leads to B, v is orthogonal to it and as long, the networks are where they are said
   to be. On a line, or equal, there is no plane. */
static void test_plane_through(void **state)
{
    int seen = 0;
    (void)state;
    for (uint64_t k = 0; k < 30; k++) {
        world w = world_make(9200 + k, (int)(k % OWN_MLP), SQUARED, LONG, 1);
        const own_pair *P = world_pair(&w, PENALTY_NONE, 0);
        size_t n = P->shape.size;
        const double *x[3] = { P->x[0], P->x[1], numbers(&w.m, &w.g, LONG, n) };
        size_t K = 2 + k % 2;
        double at[3][2];
        own_plane p = { P->q, &P->shape, NULL, NULL, NULL };
        const char *why = plane_through(&w.m, &p, K, x, &w.g, at);
        if (n < 8 || same_numbers(n, x[0], x[1])) { /* too few numbers: there may be no other direction */
            mem_free(&w.m);
            continue;
        }
        if (why)
            fail_msg("%s, k %d, K %zu, size %zu", why, (int)k, K, n);
        seen++;
        double u = plane_norm(n, p.u);
        assert_true(fabs(plane_norm(n, p.v) - u) <= 1e-13 * u);
        assert_true(fabs(kern_dot(n, p.u, p.v)) <= 1e-13 * u * u);
        assert_true(at[0][0] == 0 && at[0][1] == 0 && at[1][0] == 1 && at[1][1] == 0);
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < n; j++)
                assert_true(fabs(p.o[j] + at[i][0] * p.u[j] + at[i][1] * p.v[j] - x[i][j]) <= 1e-12 * (1 + u));
        double *line = mem_copy(&w.m, n, x[0]);
        for (size_t j = 0; j < n; j++)
            line[j] += 3 * (x[1][j] - x[0][j]);
        x[2] = line;
        assert_string_equal(plane_through(&w.m, &p, 3, x, &w.g, at), "C lies on the line through A and B");
        x[1] = x[0];
        assert_string_equal(plane_through(&w.m, &p, K, x, &w.g, at), "B is A, or too near to it");
        mem_free(&w.m);
    }
    assert_true(seen >= 15);
}

/* Legs that repeat are counted from nine on, alone or in pairs. */
static void test_legs_times(void **state)
{
    static const struct {
        const char *legs;
        size_t times, period;
    } rows[] = { { "r", 1, 1 }, { "rrrrrrrr", 1, 1 }, { "rrrrrrrrr", 9, 1 }, { "rrrrrrrrrri", 10, 1 },
        { "riririri", 1, 1 }, { "riririririri", 6, 2 }, { "riririririr", 5, 2 }, { "rirrirririr", 1, 1 } };
    const char *name[16];
    (void)state;
    for (size_t k = 0; k < COUNT(rows); k++) {
        size_t n = strlen(rows[k].legs), period;
        for (size_t i = 0; i < n; i++)
            name[i] = rows[k].legs[i] == 'r' ? "readout" : "idle";
        assert_int_equal(own_legs_times(name, n, &period), rows[k].times);
        assert_int_equal(period, rows[k].period);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rule), cmocka_unit_test(test_affine),
        cmocka_unit_test(test_affine_rounding), cmocka_unit_test(test_affine_blur), cmocka_unit_test(test_relu),
        cmocka_unit_test(test_behind_affine), cmocka_unit_test(test_behind_rounding),
        cmocka_unit_test(test_behind_relu), cmocka_unit_test(test_behind_sums), cmocka_unit_test(test_behind_pays),
        cmocka_unit_test(test_add), cmocka_unit_test(test_differences), cmocka_unit_test(test_blend),
        cmocka_unit_test(test_points), cmocka_unit_test(test_cancelling), cmocka_unit_test(test_wang_bend),
        cmocka_unit_test(test_pieces), cmocka_unit_test(test_cover), cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_wide_boxes), cmocka_unit_test(test_refits), cmocka_unit_test(test_shrink),
        cmocka_unit_test(test_lbfgs), cmocka_unit_test(test_relay), cmocka_unit_test(test_coarse),
        cmocka_unit_test(test_layers), cmocka_unit_test(test_layers_choose), cmocka_unit_test(test_relay_legs),
        cmocka_unit_test(test_transfer), cmocka_unit_test(test_end_legs), cmocka_unit_test(test_block_legs),
        cmocka_unit_test(test_null_fade), cmocka_unit_test(test_point_legs), cmocka_unit_test(test_idle),
        cmocka_unit_test(test_random_points), cmocka_unit_test(test_random_legs), cmocka_unit_test(test_prover_points),
        cmocka_unit_test(test_prover_idle), cmocka_unit_test(test_prover), cmocka_unit_test(test_prover_ends),
        cmocka_unit_test(test_prover_closed), cmocka_unit_test(test_prover_line), cmocka_unit_test(test_line_of_state),
        cmocka_unit_test(test_not_finite), cmocka_unit_test(test_overflow), cmocka_unit_test(test_relay_rounding),
        cmocka_unit_test(test_certificates), cmocka_unit_test(test_reader), cmocka_unit_test(test_work),
        cmocka_unit_test(test_seal), cmocka_unit_test(test_plane_values), cmocka_unit_test(test_plane_direction),
        cmocka_unit_test(test_plane_through), cmocka_unit_test(test_many_outputs), cmocka_unit_test(test_legs_times) };
    return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
