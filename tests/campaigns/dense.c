/* SPDX-License-Identifier: MIT */
/* Alone sees a certified bound that is false in a way which the program's own two ways share. Walks seeded paths
   densely and asks whether any certified bound lies below a value that occurs: dense [INSTANCES [SEED]], default
   1000 and 1. Instance k depends on the seed and k alone: every tenth is a path of Theorem 6 (linear model), the
   others are of Theorem 11. On each, the risk is evaluated at 2,000 or a few more points spread evenly over the
   legs, both ends of each leg among them, and near maxima inside a leg, and compared with the bound of the path,
   with the bound on the legs of that type, and with the bound of a path that is this leg alone. One more leg by
   itself, "across", moves the V2 or the W1 of an end of Theorem 11's path through 0, with labels that raise the risk
   on the way: the paths' own legs of that kind seldom have their peak inside, these often do. Only the instances,
   their legs and their bounds come from skipverify.c; positions on a leg, network, losses and penalty are written
   down a second time here, in long double, with libm. Exit 1 and a line for each leg that is higher than a bound,
   else 0.

   Allowance for this file's own rounding, at a bound F: 2^14 eps (F + sqrt F), eps the machine epsilon of long
   double: 2^-49 with x86's 80 bits, 2^-38 where long double is double. Why: an output z off by d changes each of the
   four losses L by at most 2 d sqrt L + d^2 or d L, and d is a few hundred eps times the outputs' terms. */
#define SKIPVERIFY_NO_MAIN
#include "../../skipverify.c"

enum {
    DENSE_VALUES = 2000,
    DENSE_TRIES = 1000,
    DENSE_CLOSER = 30,
    DENSE_QUANTILES = 7,
    DENSE_LEGS = 64, /* more than any path here has; checked */
    DENSE_ACROSS = LEG_TYPES
};
/* excesses over smaller maxima are relative to this: interpolated data leave only rounding */
static const double DENSE_FIT = 0x1p-40;
/* a maximum higher than both ends by this, relatively, lies inside a leg */
static const double DENSE_INSIDE = 1e-9;

typedef long double real;

static real real_slack(real F) { return ldexpl(1, 15 - LDBL_MANT_DIG) * (F + sqrtl(F)); }

/// The risk ///

/* A network with all numbers at hand; M = W2 V1. */
typedef struct {
    real *W1, *W2, *V1, *M, *V2, *theta[BLOCK_MAX_LAYERS];
} dense_net;

/* What one walk needs: the data, the shape of the block, a network that is overwritten point by point, the products
   W2 V1 at the ends of the leg, and room for one sample's hidden layer, block input and output. */
typedef struct {
    const net_data *D;
    int loss;
    const block *g;
    dense_net at;
    real *M0, *M1, *h, *u, *v;
} walk;

/* The arena aligns to doubles only. */
static real *reals(mem *m, size_t n)
{
    char *p = mem_get(m, n + 1, sizeof(real));
    return (real *)(void *)(p + -(uintptr_t)p % __alignof__(real));
}

static size_t theta_size(const block *g, size_t i) { return g->width[i] * g->width[i + 1]; }

static walk walk_make(mem *m, const net_data *D, int which, const block *g)
{
    size_t units = net_units(D);
    size_t wide = D->dz ? block_widest(g) : 0;
    size_t w = D->S.dy * D->dz;
    walk k = { D, which, g, { 0 }, reals(m, w), reals(m, w), reals(m, units), reals(m, wide), reals(m, wide) };
    k.at = (dense_net) { reals(m, D->m * D->S.dx), reals(m, D->S.dy * units), reals(m, units * D->dz), reals(m, w),
        reals(m, D->dg * D->m), { NULL } };
    for (size_t i = 0; D->dz && i < g->layers; i++)
        k.at.theta[i] = reals(m, theta_size(g, i));
    return k;
}

static real relu_of(real x) { return x > 0 ? x : 0; }

static real row_times(size_t n, const real *a, const real *x)
{
    real s = 0;
    for (size_t i = 0; i < n; i++)
        s += a[i] * x[i];
    return s;
}

static void walk_hidden(walk *k, const double *x)
{
    const net_data *D = k->D;
    for (size_t i = 0; i < net_units(D); i++) {
        real s = 0;
        for (size_t j = 0; j < D->S.dx; j++)
            s += D->m ? k->at.W1[i * D->S.dx + j] * x[j] : 0;
        k->h[i] = D->m ? relu_of(s) : x[i];
    }
}

/* g(theta, V2 h), in k->u; the linear model has no V2. */
static void walk_block(walk *k)
{
    const block *g = k->g;
    for (size_t j = 0; j < g->width[0]; j++)
        k->u[j] = k->D->m ? row_times(k->D->m, k->at.V2 + j * k->D->m, k->h) : k->h[j];
    for (size_t i = 0; i < g->layers; i++) {
        for (size_t j = 0; j < g->width[i + 1]; j++)
            k->v[j] = relu_of(row_times(g->width[i], k->at.theta[i] + j * g->width[i], k->u));
        memcpy(k->u, k->v, g->width[i + 1] * sizeof *k->u);
    }
}

static real softplus(real x) { return relu_of(x) + log1pl(expl(-fabsl(x))); }

static real entropy_at(size_t d, const real *z, const double *y)
{
    real s = 0;
    size_t top = 0;
    size_t c = 0;
    for (size_t k = 0; k < d; k++) {
        if (z[k] > z[top])
            top = k;
        if (y[k] == 1)
            c = k;
    }
    for (size_t k = 0; k < d; k++)
        if (k != top)
            s += expl(z[k] - z[top]);
    return z[top] - z[c] + log1pl(s);
}

static real loss_at(int which, size_t d, const real *z, const double *y)
{
    real s = 0;
    if (which > HUBER)
        die(EXIT_UNDECIDED, "dense: no formula for the loss %s", losses[which].name);
    if (which == CROSS_ENTROPY)
        return entropy_at(d, z, y);
    for (size_t k = 0; k < d; k++) {
        real e = z[k] - y[k];
        real a = fabsl(e);
        s += which == SQUARED ? e * e : which == LOGISTIC ? softplus(-y[k] * z[k]) : a <= 1 ? e * e / 2 : a - 0.5L;
    }
    return s;
}

static void walk_output(walk *k, size_t s, real *f)
{
    const net_data *D = k->D;
    walk_hidden(k, D->S.X + s * D->S.dx);
    if (D->dz)
        walk_block(k);
    for (size_t a = 0; a < D->S.dy; a++)
        f[a] = row_times(net_units(D), k->at.W2 + a * net_units(D), k->h) + row_times(D->dz, k->at.M + a * D->dz, k->u);
}

static real walk_loss(walk *k)
{
    const net_data *D = k->D;
    real sum = 0;
    real f[SKV_MAX_OUTPUTS];
    for (size_t s = 0; s < D->S.N; s++) {
        walk_output(k, s, f);
        sum += loss_at(k->loss, D->S.dy, f, D->S.Y + s * D->S.dy);
    }
    return sum / D->S.N;
}

static real norm_of(size_t n, const real *x) { return sqrtl(row_times(n, x, x)); }

static real walk_penalty(const walk *k)
{
    const net_data *D = k->D;
    real R = 0;
    for (size_t i = 0; i < D->m; i++) {
        real mass = 0;
        for (size_t a = 0; a < D->S.dy; a++)
            mass += fabsl(k->at.W2[a * D->m + i]);
        for (size_t a = 0; a < D->dg; a++)
            mass += fabsl(k->at.V2[a * D->m + i]);
        R += mass * norm_of(D->S.dx, k->at.W1 + i * D->S.dx);
    }
    for (size_t i = 0; i < D->S.dy * D->dz; i++)
        R += fabsl(k->at.M[i]);
    for (size_t i = 0; D->dz && i < k->g->layers; i++)
        R += norm_of(theta_size(k->g, i), k->at.theta[i]);
    return R;
}

static real walk_risk(walk *k) { return walk_loss(k) + (k->D->kappa > 0 ? k->D->kappa * walk_penalty(k) : 0); }

/// Where a leg is at t ///

static void blend(size_t n, real t, const double *a, const double *b, real *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] == b[i] ? a[i] : (1 - t) * a[i] + t * b[i];
}

static void times(size_t n, real c, const double *a, real *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = c * a[i];
}

static void product(const net_data *D, const double *W2, const double *V1, real *M)
{
    size_t units = net_units(D);
    for (size_t a = 0; a < D->S.dy; a++)
        for (size_t j = 0; j < D->dz; j++) {
            real s = 0;
            for (size_t i = 0; i < units; i++)
                s += (real)W2[a * units + i] * V1[i * D->dz + j];
            M[a * D->dz + j] = s;
        }
}

static void walk_product(walk *k)
{
    size_t units = net_units(k->D);
    size_t dz = k->D->dz;
    for (size_t a = 0; a < k->D->S.dy; a++)
        for (size_t j = 0; j < dz; j++) {
            real s = 0;
            for (size_t i = 0; i < units; i++)
                s += k->at.W2[a * units + i] * k->at.V1[i * dz + j];
            k->at.M[a * dz + j] = s;
        }
}

/* All parameters linear in t. The linear model's points may be gauged, V1 = W2^+ W2 V1: there W2 V1 is linear in t
   on every leg. */
static void at_linear(walk *k, const leg *l, real t)
{
    const net_data *D = k->D;
    size_t units = net_units(D);
    blend(D->m * D->S.dx, t, l->from.W1, l->to.W1, k->at.W1);
    blend(D->S.dy * units, t, l->from.W2, l->to.W2, k->at.W2);
    blend(units * D->dz, t, l->from.V1, l->to.V1, k->at.V1);
    blend(D->dg * D->m, t, l->from.V2, l->to.V2, k->at.V2);
    for (size_t i = 0; D->dz && i < k->g->layers; i++)
        blend(theta_size(k->g, i), t, l->from.g->theta[i], l->to.g->theta[i], k->at.theta[i]);
    if (D->m)
        walk_product(k);
    else
        for (size_t i = 0; i < D->S.dy * D->dz; i++)
            k->at.M[i] = (1 - t) * k->M0[i] + t * k->M1[i];
}

/* Unit i scaled by c^t, c read off W1. */
static void at_rescale(walk *k, const leg *l, real t)
{
    const net_data *D = k->D;
    const net_point *p = &l->from, *q = &l->to;
    for (size_t i = 0; i < D->m; i++) {
        real c = 1;
        for (size_t j = 0; j < D->S.dx; j++)
            if (p->W1[i * D->S.dx + j] != 0)
                c = powl((real)q->W1[i * D->S.dx + j] / p->W1[i * D->S.dx + j], t);
        for (size_t j = 0; j < D->S.dx; j++)
            k->at.W1[i * D->S.dx + j] = c * p->W1[i * D->S.dx + j];
        for (size_t j = 0; j < D->dz; j++)
            k->at.V1[i * D->dz + j] = c * p->V1[i * D->dz + j];
        for (size_t a = 0; a < D->S.dy; a++)
            k->at.W2[a * D->m + i] = p->W2[a * D->m + i] / c;
        for (size_t a = 0; a < D->dg; a++)
            k->at.V2[a * D->m + i] = p->V2[a * D->m + i] / c;
    }
    for (size_t i = 0; D->dz && i < k->g->layers; i++)
        times(theta_size(k->g, i), 1, p->g->theta[i], k->at.theta[i]);
    walk_product(k);
}

static bool zeros(size_t n, const double *x)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            return false;
    return true;
}

static bool vanished(const net_data *D, const net_point *p)
{
    bool gone = zeros(D->m * D->dz, p->V1) && zeros(D->dg * D->m, p->V2);
    for (size_t i = 0; i < p->g->layers; i++)
        gone = gone && zeros(theta_size(p->g, i), p->g->theta[i]);
    return gone;
}

/* p: the end with the block, at c = 1; q: without, at c = 0. Where W2 is the same at both ends the blend is
   constant: parked columns. */
static void at_shrink(walk *k, const leg *l, real t)
{
    const net_data *D = k->D;
    bool falls = vanished(D, &l->to);
    const net_point *p = falls ? &l->from : &l->to, *q = falls ? &l->to : &l->from;
    real c = falls ? 1 - t : t;
    times(D->m * D->S.dx, 1, p->W1, k->at.W1);
    blend(D->S.dy * D->m, powl(c, k->g->layers + 2), q->W2, p->W2, k->at.W2);
    times(D->m * D->dz, c, p->V1, k->at.V1);
    times(D->dg * D->m, c, p->V2, k->at.V2);
    for (size_t i = 0; i < k->g->layers; i++)
        times(theta_size(k->g, i), c, p->g->theta[i], k->at.theta[i]);
    walk_product(k);
}

static real leg_risk_at(walk *k, const leg *l, real t)
{
    if (l->type == LEG_RESCALE)
        at_rescale(k, l, t);
    else if (l->type == LEG_SHRINK)
        at_shrink(k, l, t);
    else
        at_linear(k, l, t);
    return walk_risk(k);
}

/// Instances ///

/* across lives on the data `bent`; only for Theorem 11. */
typedef struct {
    net_data D;
    int loss;
    const leg *legs;
    size_t n;
    path_report path;
    leg across;
    net_data bent;
} instance;

/* What is kept of one: the largest values over the path, the legs of each type and each leg; the lines to print. */
typedef struct {
    int type;
    double bound;
    real first, last, top, where;
} leg_outcome;
typedef struct {
    const char *why;
    double bound, peak[LEG_TYPES];
    real top, type_top[LEG_TYPES];
    leg_outcome legs[DENSE_LEGS];
    size_t kept, values, violations, undecided;
    text lines;
} outcome;

static size_t draw(rng *r, size_t from, size_t to) { return from + (size_t)(rng_uniform(r) * (double)(to - from + 1)); }

static const char *type_name(int type) { return type == DENSE_ACROSS ? "across" : leg_rules[type].name; }

static bool is_thm6(size_t number) { return number % 10 == 9; }

/* A block that matters: V1 and V2 times powers of two. With net_end's own sizes it adds little, and merges of V2
   seldom peak inside. */
static void amplify(const net_data *D, rng *r, net_point *p)
{
    double a = ldexp(1, (int)draw(r, 0, 3));
    double b = ldexp(1, (int)draw(r, 0, 6));
    double *V1 = (double *)p->V1;
    double *V2 = (double *)p->V2;
    for (size_t i = 0; i < D->m * D->dz; i++)
        V1[i] *= a;
    for (size_t i = 0; i < D->dg * D->m; i++)
        V2[i] *= b;
}

/* The ends. Planted: labels that the first end fits exactly, the second end the same network turned round. */
static void instance_ends(mem *m, rng *r, instance *c, size_t layers, net_point end[2])
{
    int kind = (int)draw(r, NET_RANDOM, NET_PLANTED);
    int other = (int)draw(r, NET_RANDOM, NET_FLAT);
    if (kind == NET_MIXED)
        other = NET_RANDOM;
    else if (draw(r, 0, 1))
        other = kind;
    end[0] = net_end(m, &c->D, r, kind, layers);
    end[1] = net_end(m, &c->D, r, other, layers);
    if (kind == NET_PLANTED && (c->loss == SQUARED || c->loss == HUBER)) {
        const iv *f = net_images(m, &c->D, &end[0]);
        for (size_t i = 0; i < c->D.S.N * c->D.S.dy; i++)
            ((double *)c->D.S.Y)[i] = dyadic(iv_mid(f[i]));
        end[1] = net_reversed(m, &c->D, &end[0]);
        return;
    }
    for (int i = 0; i < 2; i++)
        if (draw(r, 0, 1))
            amplify(&c->D, r, &end[i]);
}

/* A label that lies on the other side of the mean of a leg's ends than the output half-way. */
static void relabel(rng *r, int which, size_t d, const real *mean, const real *bend, double *y)
{
    size_t least = 0;
    for (size_t a = 1; a < d; a++)
        if (bend[a] < bend[least])
            least = a;
    for (size_t a = 0; a < d; a++) {
        if (which == LOGISTIC)
            y[a] = bend[a] > 0 ? -1 : 1;
        else
            y[a] = which == CROSS_ENTROPY ? a == least : (double)(mean[a] - 4 * bend[a]) + rng_normal(r) / 8;
    }
}

/* Each of n rows of A (n x c) changes its sign, and its size, so that they vanish at different times. */
static const double *through_zero(mem *m, rng *r, size_t n, size_t c, const double *A)
{
    double *B = mem_copy(m, n * c, A);
    for (size_t j = 0; j < n; j++) {
        double factor = -ldexp(1, (int)draw(r, 0, 4) - 2);
        for (size_t i = 0; i < c; i++)
            B[j * c + i] *= factor;
    }
    return B;
}

/* V2, or W1, through 0. */
static void instance_across(mem *m, rng *r, instance *c, const net_point *p)
{
    const net_data *D = &c->D;
    double *Y = mem_copy(m, D->S.N * D->S.dy, D->S.Y);
    bool rows = !D->dz || draw(r, 0, 1);
    c->across = (leg) { rows ? LEG_ROWS : LEG_MERGE, *p, *p };
    if (rows)
        c->across.to.W1 = through_zero(m, r, D->m, D->S.dx, p->W1);
    else
        c->across.to.V2 = through_zero(m, r, D->dg, D->m, p->V2);
    c->bent = *D;
    c->bent.S.Y = Y;
    if (draw(r, 0, 1))
        c->bent.kappa = 0;
    walk k = walk_make(m, D, c->loss, p->g);
    for (size_t s = 0; s < D->S.N; s++) {
        real f[3][SKV_MAX_OUTPUTS], mean[SKV_MAX_OUTPUTS], bend[SKV_MAX_OUTPUTS];
        for (int i = 0; i < 3; i++) {
            at_linear(&k, &c->across, i * 0.5L);
            walk_output(&k, s, f[i]);
        }
        for (size_t a = 0; a < D->S.dy; a++) {
            mean[a] = (f[0][a] + f[2][a]) / 2;
            bend[a] = f[1][a] - mean[a];
        }
        relabel(r, c->loss, D->S.dy, mean, bend, Y + s * D->S.dy);
    }
}

static void instance_thm11(mem *m, rng *r, instance *c)
{
    c->loss = (int)draw(r, 0, 3);
    size_t dx = draw(r, 1, 4);
    size_t dy = draw(r, c->loss == CROSS_ENTROPY ? 2 : 1, 3);
    size_t dz = draw(r, 0, 4);
    size_t layers = draw(r, 0, 4);
    size_t l = draw(r, 1, 5);
    int halvings = (int)draw(r, 0, 10) - 2;
    net_point end[2];
    c->D = (net_data) { .S = teacher_samples(m, r, &losses[c->loss], dx, dy, draw(r, 3, draw(r, 0, 1) ? 16 : 5)),
        .dz = dz };
    c->D.dg = dz;
    /* about the number of units below which nothing is parked */
    c->D.m = draw(r, 0, 1) ? draw(r, l + 1, 40) : l + draw(r, 1, dy + 2);
    c->D.m = c->D.m < dy ? dy : c->D.m; /* NET_DEEP needs dy units */
    c->D.kappa = halvings > 0 ? ldexp(1, -halvings) : 0;
    instance_ends(m, r, c, layers, end);
    net_target T = net_target_make(m, &c->D, r, l, 2);
    const wang_thm11_pair *t = wang_thm11_connect(
        m, &c->D, &T, &end[0], &end[1], (double)draw(r, 2, 6) / 8, layers, draw(r, 0, 2) ? HALF_CHEAPER : HALF_REDUCE);
    c->legs = t->way.legs;
    c->n = t->way.n;
    c->path = t->path;
    instance_across(m, r, c, &end[0]);
}

static void instance_thm6(mem *m, rng *r, instance *c)
{
    c->loss = (int)draw(r, 0, 3);
    size_t least = c->loss == CROSS_ENTROPY ? 2 : 1;
    size_t dx = draw(r, least + 1, 4);
    size_t dy = draw(r, least, dx - 1);
    size_t layers = draw(r, 0, 4);
    size_t dz = layers ? draw(r, 1, 4) : dx;
    int ends = (int)draw(r, ENDS_RANDOM, ENDS_RANK_3);
    bool classes = c->loss == LOGISTIC || c->loss == CROSS_ENTROPY; /* few samples are separable: no minimiser */
    c->D =
        (net_data) { .S = teacher_samples(m, r, &losses[c->loss], dx, dy, classes ? draw(r, 24, 48) : draw(r, 3, 16)),
            .dz = dz };
    double *W = mem_doubles(m, dy * dx);
    fit(m, &c->D.S, dx, c->D.S.X, W);
    wang_thm6_full_rank(&c->D, r, dx, W);
    net_point A = wang_thm6_end(m, &c->D, r, ends, 0, layers, W), B = wang_thm6_end(m, &c->D, r, ends, 1, layers, W);
    route way = wang_thm6_half(m, &c->D, r, &A, W);
    route back = wang_thm6_half(m, &c->D, r, &B, W);
    wang_thm6_join(&way, &back);
    c->legs = way.legs;
    c->n = way.n;
    c->path = path_certify(m, &c->D, way.legs, way.n);
}

/// The walk ///

static void leg_value(walk *k, const leg *l, real t, leg_outcome *o)
{
    real F = leg_risk_at(k, l, t);
    if (t == 0)
        o->first = F;
    if (t == 1)
        o->last = F;
    if (F <= o->top || isnan(o->top))
        return;
    o->top = F;
    o->where = t;
}

/* Values at evenly spaced t; if the largest lies inside, more about it, on a grid that closes in on the largest so
   far. NaN counts as largest. */
static leg_outcome leg_walk(walk *k, const leg *l, size_t values)
{
    leg_outcome o = { .type = (int)l->type, .top = -INFINITY };
    real step = 1.0L / (values - 1);
    product(k->D, l->from.W2, l->from.V1, k->M0);
    product(k->D, l->to.W2, l->to.V1, k->M1);
    for (size_t i = 0; i < values; i++)
        leg_value(k, l, (real)i / (values - 1), &o);
    if (!(o.top > o.first && o.top > o.last))
        return o;
    for (int i = 0; i < DENSE_CLOSER; i++, step /= 2) {
        real middle = o.where;
        leg_value(k, l, fmaxl(0, middle - step / 2), &o);
        leg_value(k, l, fminl(1, middle + step / 2), &o);
    }
    return o;
}

/* Infinity and NaN do. */
static bool exceeds(real F, double bound) { return !(F <= bound + real_slack(fabsl(bound))); }

static void leg_compare(outcome *o, size_t number, size_t i)
{
    const leg_outcome *l = &o->legs[i];
    bool across = l->type == DENSE_ACROSS;
    bool path = !across && exceeds(l->top, o->bound);
    bool type = !across && exceeds(l->top, o->peak[l->type]);
    if (!path && !type && !exceeds(l->top, l->bound))
        return;
    o->violations++;
    text_add(&o->lines, "violation: instance %zu, leg %zu (%s), t = %.6Lf: F = %.18Lg > %.17g, the bound of %s\n",
        number, i + 1, type_name(l->type), l->where, l->top,
        path       ? o->bound
            : type ? o->peak[l->type]
                   : l->bound,
        path       ? "the path"
            : type ? "the legs of this type"
                   : "this leg");
}

static void instance_leg(mem *m, size_t number, const instance *c, walk *k, const leg *l, outcome *o)
{
    size_t values = l == &c->across ? DENSE_VALUES : (DENSE_VALUES + c->n - 1) / c->n;
    if (o->kept == DENSE_LEGS)
        die(EXIT_UNDECIDED, "instance %zu has more than %d legs", number, DENSE_LEGS);
    leg_outcome *out = &o->legs[o->kept];
    bool part = l->from.null || l->to.null; /* such a lift needs a gauge leg beside it */
    path_report alone = path_certify(m, k->D, l, 1);
    if (alone.why && !part) {
        text_add(&o->lines, "undecided: instance %zu, leg %zu by itself: %s\n", number, o->kept + 1, alone.why);
        o->undecided++;
    }
    *out = leg_walk(k, l, values);
    out->bound = alone.why ? INFINITY : alone.bound;
    o->values += values;
    if (l == &c->across)
        out->type = DENSE_ACROSS;
    else {
        o->type_top[l->type] = fmaxl(o->type_top[l->type], out->top);
        o->top = fmaxl(o->top, out->top);
    }
    leg_compare(o, number, o->kept++);
}

static void instance_walk(mem *m, size_t number, const instance *c, outcome *o)
{
    walk k = walk_make(m, &c->D, c->loss, c->legs[0].from.g);
    o->bound = c->path.bound;
    memcpy(o->peak, c->path.peak, sizeof o->peak);
    for (size_t i = 0; i < c->n; i++)
        instance_leg(m, number, c, &k, &c->legs[i], o);
    k.D = &c->bent;
    if (c->bent.S.N)
        instance_leg(m, number, c, &k, &c->across, o);
}

typedef struct {
    uint64_t seed;
    outcome *all;
} walk_job;

static void walk_one(void *ctx, size_t number)
{
    const walk_job *j = ctx;
    outcome *o = &j->all[number];
    rng r = rng_make(j->seed, 40000 + number);
    mem m = { 0 };
    instance c = { .loss = 0 };
    o->top = -INFINITY;
    for (int i = 0; i < LEG_TYPES; i++)
        o->type_top[i] = -INFINITY;
    if (is_thm6(number))
        instance_thm6(&m, &r, &c);
    else
        instance_thm11(&m, &r, &c);
    o->why = c.path.why;
    if (!o->why)
        instance_walk(&m, number, &c, o);
    mem_free(&m);
}

/// The report ///

static int by_size(const void *a, const void *b)
{
    real x = *(const real *)a;
    real y = *(const real *)b;
    return x < y ? -1 : x > y;
}

/* Excesses of a bound over the sampled maximum, relative to it; what lies below is this file's rounding and counts
   as 0. */
typedef struct {
    size_t n, inside;
    real *x;
} excesses;

static void excess_add(excesses *e, double bound, real top)
{
    if (top > -INFINITY && bound < INFINITY)
        e->x[e->n++] = bound <= top ? 0 : (bound - top) / fmaxl(top, DENSE_FIT);
}

static void excess_print(const char *name, excesses *e, bool legs)
{
    static const int percent[DENSE_QUANTILES] = { 0, 25, 50, 75, 90, 99, 100 };
    if (!e->n)
        return;
    qsort(e->x, e->n, sizeof *e->x, by_size);
    printf("%-20s %6zu ", name, e->n);
    if (legs)
        printf("%6zu", e->inside);
    else
        printf("%6s", "");
    for (int i = 0; i < DENSE_QUANTILES; i++)
        printf(" %8.1Le", e->x[((e->n - 1) * (size_t)percent[i] + 50) / 100]);
    printf("\n");
    e->n = e->inside = 0;
}

static void print_paths(size_t n, const outcome *all, excesses *e)
{
    for (int thm6 = 0; thm6 < 2; thm6++) {
        for (size_t i = 0; i < n; i++)
            if (!all[i].why && is_thm6(i) == thm6)
                excess_add(e, all[i].bound, all[i].top);
        excess_print(thm6 ? "paths of Theorem 6" : "paths of Theorem 11", e, false);
    }
    for (int type = 0; type < LEG_TYPES; type++) {
        char name[40];
        for (size_t i = 0; i < n; i++)
            if (!all[i].why)
                excess_add(e, all[i].peak[type], all[i].type_top[type]);
        snprintf(name, sizeof name, "peak, %s", type_name(type));
        excess_print(name, e, false);
    }
}

static void print_legs(size_t n, const outcome *all, excesses *e)
{
    for (int type = 0; type <= DENSE_ACROSS; type++) {
        char name[40];
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < all[i].kept; k++) {
                const leg_outcome *l = &all[i].legs[k];
                if (l->type != type)
                    continue;
                excess_add(e, l->bound, l->top);
                e->inside += l->top > fmaxl(fmaxl(l->first, l->last), DENSE_FIT) * (1 + DENSE_INSIDE);
            }
        snprintf(name, sizeof name, "leg, %s", type_name(type));
        excess_print(name, e, true);
    }
}

static void print_excesses(size_t n, const outcome *all)
{
    excesses e = { 0, 0, calloc(n * DENSE_LEGS + 1, sizeof *e.x) };
    if (!e.x)
        die(EXIT_UNDECIDED, "out of memory: %zu excesses", n);
    printf("(bound - largest value) / largest value; quantiles in %%. inside: legs with the largest value inside\n");
    printf("%-20s %6s %6s %8d %8d %8d %8d %8d %8d %8d\n", "", "count", "inside", 0, 25, 50, 75, 90, 99, 100);
    print_paths(n, all, &e);
    print_legs(n, all, &e);
    free(e.x);
}

static size_t print_lines(size_t n, outcome *all)
{
    size_t undecided_paths = 0;
    size_t undecided_legs = 0;
    size_t violations = 0;
    size_t values = 0;
    for (size_t i = 0; i < n; i++) {
        if (all[i].why)
            printf("undecided: instance %zu: %s\n", i, all[i].why);
        if (all[i].lines.used)
            fputs(all[i].lines.s, stdout);
        free(all[i].lines.s);
        undecided_paths += all[i].why != NULL;
        undecided_legs += all[i].undecided;
        violations += all[i].violations;
        values += all[i].values;
    }
    printf("%zu paths, %zu undecided, and %zu legs by themselves; %zu values of the risk; %zu violations\n", n,
        undecided_paths, undecided_legs, values, violations);
    return violations;
}

int main(int argc, char **argv)
{
    if (argc > 3)
        die(EXIT_USAGE, "usage: dense [INSTANCES [SEED]]");
    size_t n = argc > 1 ? (size_t)word_whole("INSTANCES", argv[1], 1, 1000000) : DENSE_TRIES;
    walk_job work = { argc > 2 ? word_whole("SEED", argv[2], 0, UINT64_MAX) : 1, calloc(n, sizeof *work.all) };
    if (!work.all)
        die(EXIT_UNDECIDED, "out of memory: %zu instances", n);
    skv_threads(2);
    thr_for(n, walk_one, &work);
    print_excesses(n, work.all);
    size_t violations = print_lines(n, work.all);
    free(work.all);
    return violations ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
}
