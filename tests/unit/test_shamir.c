/* SPDX-License-Identifier: MIT */
/* Residual networks with a linear output: losses, derivatives, Theorems 1 to 4 and what they extend to, Definition 1,
   Remarks 2 and 3, section 4, the sextic of Figure 1. Each against formulas written plainly in long double. Alone sees
   a derivative or a constant that is wrong where the inequalities have room. */
#include "test.h"

static bool near_in(iv a, long double v, long double slack) { return a.lo <= v + slack && v - slack <= a.hi; }
static double pick(rng *g, double lo, double hi) { return lo + (hi - lo) * rng_uniform(g); }

/// Losses ///

static long double hinge_plain(long double t, int order)
{
    if (t <= 0)
        return 0;
    if (t >= 1)
        return order == 0 ? t - 0.5L : order == 1;
    return order == 0 ? t * t * t - t * t * t * t / 2
        : order == 1  ? 3 * t * t - 2 * t * t * t
        : order == 2  ? 6 * t * (1 - t)
                      : 6 - 12 * t;
}

/* Losses that are twice differentiable; the last one for vector outputs too. */
static const int smooth[] = { SQUARED, LOGISTIC, SMOOTHED_HINGE, CROSS_ENTROPY };

/* The loss of one output and its derivatives in it. */
static long double loss_plain(int which, int order, long double z, long double y)
{
    if (which == SQUARED)
        return order == 0 ? (z - y) * (z - y) : order == 1 ? 2 * (z - y) : order == 2 ? 2 : 0;
    if (which == SMOOTHED_HINGE)
        return (order & 1 ? -y : 1) * hinge_plain(1 - y * z, order);
    long double p = 1 / (1 + expl(y * z));
    return order == 0 ? log1pl(expl(-y * z))
        : order == 1  ? -y * p
        : order == 2  ? p * (1 - p)
                      : -y * p * (1 - p) * (1 - 2 * p);
}

static iv loss_enclosed(int which, int order, iv z, double y)
{
    iv slope;
    const loss *l = &losses[which];
    if (order == 0)
        return l->value(1, &z, &y);
    if (order == 3)
        return l->third(z, y);
    if (order == 2)
        return l->second(z, y);
    l->gradient(1, &z, &y, &slope);
    return slope;
}

static void test_losses(void **state)
{
    rng g = rng_make(32, 1);
    (void)state;
    for (int turn = 0, which; turn < 3 && (which = smooth[turn], true); turn++)
        for (int i = 0; i < 4000; i++) {
            double y = which == SQUARED ? dyadic(2 * rng_normal(&g)) : i % 2 ? 1 : -1;
            double w = i % 4 ? double_of((uint64_t)(1023 - i % 37) << 52) * (1 + rng_uniform(&g)) : 0;
            /* t = 0 at z = y, t = 1 at z = 0 */
            double c = which == SMOOTHED_HINGE && i % 3 ? y * (i % 3 - 1) : 3 * rng_normal(&g);
            iv z = { c - w * rng_uniform(&g), c + w * rng_uniform(&g) };
            for (int order = 0; order <= 3; order++) {
                iv a = loss_enclosed(which, order, z, y);
                assert_true(a.lo <= a.hi);
                for (int k = 0; k <= 8; k++) {
                    long double at = z.lo + ((long double)z.hi - z.lo) * (k / 8.0L);
                    long double v = loss_plain(which, order, at, y);
                    bool joint = which == SMOOTHED_HINGE && order == 3 && (at * y == 1 || at == 0);
                    /* both one-sided ones */
                    if (joint) {
                        assert_true(iv_has(a, 0) && iv_has(a, at == 0 ? 6 * y : -6 * y));
                        continue;
                    }
                    if (!near_in(a, v, 1e-18L * (1 + fabsl(v))))
                        fail_msg("%s, derivative %d on [%a, %a], y = %g: [%a, %a] misses %La", losses[which].name,
                            order, z.lo, z.hi, y, a.lo, a.hi, v);
                }
                double L[4] = { 20 + 4 * fabs(y) + 4 * fabs(c) + 4 * w, 2, 6, 12 };
                bool jump = which == SMOOTHED_HINGE && order == 3 && (iv_has(z, 0) || iv_has(z, y));
                if (!jump)
                    assert_true(a.hi - a.lo <= L[order] * (z.hi - z.lo) +
                            (which == LOGISTIC && order == 3 ? 3 : 1) * 1e-13 * (1 + fabs(c) * fabs(c)));
            }
        }
}

static void test_hinge_joints(void **state)
{
    (void)state;
    /* continuous at the joints up to order two, exactly */
    for (int k = 0; k < 3; k++)
        for (int y = -1; y <= 1; y += 2) {
            double joint = k == 0 ? y : k == 1 ? 0 : 0.5 * y;
            static const double value[3] = { 0, 0.5, 3.0 / 32 };
            static const double slope[3] = { 0, 1, 0.5 };
            static const double second[3] = { 0, 0, 1.5 };
            assert_true(iv_is(loss_enclosed(SMOOTHED_HINGE, 0, iv_of(joint), y), value[k]) &&
                iv_is(loss_enclosed(SMOOTHED_HINGE, 1, iv_of(joint), y), -y * slope[k]));
            assert_true(iv_is(loss_enclosed(SMOOTHED_HINGE, 2, iv_of(joint), y), second[k]));
            iv l = iv_of(joint - 0x1p-30), r = iv_of(joint + 0x1p-30);
            for (int order = 0; order <= 2; order++)
                assert_true(fabs(iv_mid(loss_enclosed(SMOOTHED_HINGE, order, l, y)) -
                                iv_mid(loss_enclosed(SMOOTHED_HINGE, order, r, y))) < 0x1p-26);
        }
}

static void test_convex_losses(void **state)
{
    rng g = rng_make(32, 1);
    (void)state;
    /* convex: slopes do not fall, second derivatives are not below 0 */
    for (int turn = 0, which; turn < 3 && (which = smooth[turn], true); turn++)
        for (int i = 0; i < 2000; i++) {
            double a = 3 * rng_normal(&g);
            double b = a + fabs(rng_normal(&g));
            double y = i % 2 ? 1 : -1;
            assert_true(loss_enclosed(which, 1, iv_of(b), y).hi >= loss_enclosed(which, 1, iv_of(a), y).lo &&
                loss_enclosed(which, 2, iv_of(a), y).lo >= 0);
            assert_true(loss_enclosed(which, 0, iv_of((a + b) / 2), y).lo <=
                (loss_enclosed(which, 0, iv_of(a), y).hi + loss_enclosed(which, 0, iv_of(b), y).hi) / 2 +
                    1e-15 * (10 + a * a + b * b));
        }
}

/// Value, gradient, Hessian ///

enum { NUMBERS = 64 };
static int loss_of(const skip_data *D) { return (int)(D->S.L - losses); }

static void output_plain(
    const skip_data *D, size_t i, const long double *W, const long double *V, long double *z, long double *out)
{
    for (size_t a = 0; a < D->S.dx; a++) {
        z[a] = D->S.X[i * D->S.dx + a];
        for (size_t l = 0; l < D->k; l++)
            z[a] += V[a * D->k + l] * ((long double)D->f[i * D->k + l].lo + D->f[i * D->k + l].hi) / 2;
    }
    for (size_t c = 0; c < D->S.dy; c++) {
        out[c] = 0;
        for (size_t a = 0; a < D->S.dx; a++)
            out[c] += W[c * D->S.dx + a] * z[a];
    }
}

/* x = (W, V). */
static long double F_plain(const skip_data *D, const long double *x)
{
    long double sum = 0;
    long double z[NUMBERS], out[4];
    for (size_t i = 0; i < D->S.N; i++) {
        output_plain(D, i, x, x + D->S.dy * D->S.dx, z, out);
        if (loss_of(D) == CROSS_ENTROPY) {
            long double mass = 0;
            for (size_t c = 0; c < D->S.dy; c++) {
                mass += expl(out[c]);
                sum -= D->S.Y[i * D->S.dy + c] * out[c];
            }
            sum += logl(mass);
        } else
            for (size_t c = 0; c < D->S.dy; c++)
                sum += loss_plain(loss_of(D), 0, out[c], D->S.Y[i * D->S.dy + c]);
    }
    return sum / D->S.N;
}

/* The first three derivatives of t -> F(x + t u), q = 1: the output is w.x + w.V f, quadratic in t. */
static void along_plain(const skip_data *D, const double *x, const double *u, long double *out)
{
    out[0] = out[1] = out[2] = 0;
    for (size_t i = 0; i < D->S.N; i++) {
        long double o = 0;
        long double o1 = 0;
        long double o2 = 0;
        for (size_t a = 0; a < D->S.dx; a++) {
            long double z = D->S.X[i * D->S.dx + a];
            long double dz = 0;
            for (size_t l = 0; l < D->k; l++) {
                long double f = ((long double)D->f[i * D->k + l].lo + D->f[i * D->k + l].hi) / 2;
                z += x[D->S.dx + a * D->k + l] * f;
                dz += u[D->S.dx + a * D->k + l] * f;
            }
            o += x[a] * z;
            o1 += u[a] * z + x[a] * dz;
            o2 += 2 * u[a] * dz;
        }
        long double l1 = loss_plain(loss_of(D), 1, o, D->S.Y[i]);
        long double l2 = loss_plain(loss_of(D), 2, o, D->S.Y[i]);
        long double l3 = loss_plain(loss_of(D), 3, o, D->S.Y[i]);
        out[0] += l1 * o1 / D->S.N;
        out[1] += (l2 * o1 * o1 + l1 * o2) / D->S.N;
        out[2] += (l3 * o1 * o1 * o1 + 3 * l2 * o1 * o2) / D->S.N;
    }
}

typedef struct {
    mem m;
    rng g;
    skip_data D;
    double *x;
    skip_point p;
    size_t n;
} world;

static world world_make(uint64_t stream, int which)
{
    world w = { .g = rng_make(33, stream) };
    size_t d = 1 + (size_t)(stream % 4);
    size_t q = which == CROSS_ENTROPY ? 2 + (size_t)(stream % 2) : stream % 5 == 4 ? 2 : 1;
    w.D = skip_make(
        &w.m, &w.g, which, (int)(stream % 3), 3 + (size_t)(stream % 4), d < q ? q : d, 1 + (size_t)(stream / 4 % 3), q);
    w.n = w.D.S.dx * (w.D.S.dy + w.D.k);
    w.x = mem_doubles(&w.m, w.n);
    for (size_t i = 0; i < w.n; i++)
        w.x[i] = dyadic(0.75 * rng_normal(&w.g));
    w.p = (skip_point) { w.x, w.x + w.D.S.dy * w.D.S.dx };
    return w;
}

/* The Hessian by differences of F, also across mixed blocks; and along directions, by the chain rule. */
static void check_hessian(world *w, int which, const skip_jet *j, long double *x, bool rough)
{
    const iv *H = skip_hessian(&w->m, &w->D, &w->p, j);
    for (size_t a = 0; a < w->n; a++)
        for (size_t b = 0; b < w->n; b++) {
            assert_true(H[a * w->n + b].lo == H[b * w->n + a].lo && H[a * w->n + b].hi == H[b * w->n + a].hi);
            /* by differences of F: also across mixed blocks */
            long double h = 1e-4L;
            long double corner[4];
            long double u = x[a];
            long double v = x[b];
            for (int k = 0; k < 4; k++) {
                x[a] += k & 1 ? h : -h;
                x[b] += k & 2 ? h : -h;
                corner[k] = F_plain(&w->D, x);
                x[a] = u;
                x[b] = v;
            }
            long double bend = (corner[3] - corner[2] - corner[1] + corner[0]) / (4 * h * h);
            if (!near_in(H[a * w->n + b], bend, (which == SMOOTHED_HINGE ? 1e-2L : 1e-5L) * (10 + fabsl(bend))))
                fail_msg("%s: bend %zu, %zu", w->D.S.L->name, a, b);
        }
    for (int k = 0; k < 10 && w->D.S.dy == 1; k++) { /* along directions, by the chain rule */
        double dir[NUMBERS];
        long double one[3];
        iv sum = { 0, 0 }, first = { 0, 0 };
        rng_normals(&w->g, w->n, dir);
        along_plain(&w->D, w->x, dir, one);
        for (size_t a = 0; a < w->n; a++) {
            first = iv_add(first, iv_scale(dir[a], a < w->D.S.dx ? j->gW[a] : j->gV[a - w->D.S.dx]));
            for (size_t b = 0; b < w->n; b++)
                sum = iv_add(sum, iv_scale(dir[a], iv_scale(dir[b], H[a * w->n + b])));
        }
        long double slack = rough ? 1e-11L : 1e-16L;
        assert_true(near_in(first, one[0], slack * (1 + fabsl(one[0]))) &&
            near_in(sum, one[1], slack * (1 + fabsl(one[1]))) && sum.hi - sum.lo < 1e-9 * (10 + iv_mag(sum)));
    }
}

/* What the descent goes by, in plain numbers: the same as the enclosures, but for rounding. */
static void check_descent(world *w, const skip_jet *j)
{
    const iv *H = skip_hessian(&w->m, &w->D, &w->p, j);
    size_t n = w->n;
    size_t weights = w->D.S.dy * w->D.S.dx;
    descent t = descent_make(&w->m, &w->D);
    newton s = {
        .problem = &t, .n = n, .x = w->x, .next = w->x, .g = mem_doubles(&w->m, n), .H = mem_doubles(&w->m, n * n)
    };
    double value = descent_value(&s, w->x);
    descent_derive(&s);
    assert_true(near_in(j->F, value, 1e-13L * (1 + value)) && near_in(j->F, s.value, 1e-13L * (1 + value)));
    for (size_t i = 0; i < n; i++) {
        iv g = i < weights ? j->gW[i] : j->gV[i - weights];
        assert_true(near_in(g, s.g[i], 1e-12L * (1 + iv_mag(g))));
        for (size_t k = 0; k < n; k++)
            assert_true(near_in(H[i * n + k], s.H[i * n + k], 1e-12L * (10 + iv_mag(H[i * n + k]))));
    }
    assert_false(descent_flatter(&s, value)); /* the same point: its gradient has not halved */
}

static void test_derivatives(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 120; s++) {
        int which = smooth[s % 4];
        world w = world_make(s, which);
        skip_jet j = skip_differentiate(&w.m, &w.D, &w.p);
        iv value = skip_value(&w.m, &w.D, &w.p);
        long double x[NUMBERS], F;
        for (size_t i = 0; i < w.n; i++)
            x[i] = w.x[i];
        F = F_plain(&w.D, x);
        bool rough = s % 3 == FEATURES_RELU; /* features known up to rounding */
        assert_true(near_in(j.F, F, (rough ? 1e-12L : 1e-17L) * (1 + F)) &&
            near_in(value, F, (rough ? 1e-12L : 1e-17L) * (1 + F)));
        assert_true(j.F.hi - j.F.lo <= 1e-10 * (1 + j.F.hi));
        long double square = 0;
        for (size_t i = 0; i < w.n; i++) {
            long double at = x[i];
            long double h = 1e-5L;
            x[i] = at + h;
            long double up = F_plain(&w.D, x);
            x[i] = at - h;
            long double slope = (up - F_plain(&w.D, x)) / (2 * h);
            x[i] = at;
            iv known = i < w.D.S.dy * w.D.S.dx ? j.gW[i] : j.gV[i - w.D.S.dy * w.D.S.dx];
            if (!near_in(known, slope, 1e-7L * (1 + fabsl(slope))) ||
                !(known.hi - known.lo < 1e-9 * (1 + iv_mag(known))))
                fail_msg("%s: slope %zu", w.D.S.L->name, i);
            square += slope * slope;
        }
        iv norm = skip_gradient_norm(&w.D, &j);
        assert_true(near_in(norm, sqrtl(square), 1e-6L * (1 + sqrtl(square))));
        check_hessian(&w, which, &j, x, rough);
        check_descent(&w, &j);
        mem_free(&w.m);
    }
}

/// Matrices ///

static void test_pseudoinverse(void **state)
{
    rng g = rng_make(32, 2);
    (void)state;
    for (int i = 0; i < 300; i++) {
        mem m = { 0 };
        size_t q = 1 + (size_t)(i % 3);
        size_t d = q + (size_t)(i / 3 % 4);
        double W[NUMBERS];
        rng_normals(&g, q * d, W);
        const iv *P = skip_pinv(&m, q, d, W);
        bool known = true;
        for (size_t k = 0; k < d * q; k++)
            known &= P[k].hi < INFINITY && P[k].lo > -INFINITY;
        if (i > 30 && !known)
            continue;
        for (size_t a = 0; a < q; a++)
            for (size_t b = 0; b < q; b++) {
                iv s = { 0, 0 };
                long double middle = 0;
                for (size_t k = 0; k < d; k++) {
                    s = iv_add(s, iv_scale(W[a * d + k], P[k * q + b]));
                    middle += (long double)W[a * d + k] * iv_mid(P[k * q + b]);
                }
                assert_true(iv_has(s, a == b) && fabsl(middle - (a == b)) < 1e-5L);
            }
        /* W^+ W is symmetric: the least-norm inverse */
        for (size_t a = 0; a < d; a++)
            for (size_t b = 0; b < d; b++) {
                iv s = { 0, 0 };
                for (size_t k = 0; k < q; k++)
                    s = iv_add(s, iv_sub(iv_scale(W[k * d + b], P[a * q + k]), iv_scale(W[k * d + a], P[b * q + k])));
                assert_true(iv_has(s, 0));
            }
        if (q > 1) { /* rank not full: nothing known */
            for (size_t k = 0; k < d; k++)
                W[k] = 2 * W[d + k];
            P = skip_pinv(&m, q, d, W);
            assert_true(P[0].lo == -INFINITY && P[0].hi == INFINITY);
        }
        mem_free(&m);
    }
}

static void test_known_norms(void **state)
{
    mem m = { 0 };
    static const double diagonal[9] = { 3, 0, 0, 0, -4, 0, 0, 0, 1 };
    static const double shear[4] = { 1, 1, 0, 1 };
    static const double row[3] = { 2, -3, 6 };
    static const double zero[4] = { 0 };
    static const double wide[6] = { 1, 0, 1, 0, 2, 0 };
    static const double minus[1] = { -5 };
    const struct {
        size_t r, c;
        const double *A;
        long double norm;
    } known[] = { { 3, 3, diagonal, 4 }, { 2, 2, shear, (1 + sqrtl(5)) / 2 }, { 1, 3, row, 7 }, { 3, 1, row, 7 },
        { 2, 2, zero, 0 }, { 2, 3, wide, 2 }, { 3, 2, wide, sqrtl(6) }, { 1, 1, minus, 5 } };
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        iv n = norm_spectral(&m, known[i].r, known[i].c, known[i].A);
        if (!near_in(n, known[i].norm, 1e-18L) || !(n.hi - n.lo < 1e-12))
            fail_msg("norm %zu: [%a, %a]  expected: %La", i, n.lo, n.hi, known[i].norm);
    }
    mem_free(&m);
}

static void test_random_norms(void **state)
{
    rng g = rng_make(32, 2);
    mem m = { 0 };
    (void)state;
    for (int i = 0; i < 300; i++) {
        size_t r = 1 + (size_t)(i % 5);
        size_t c = 1 + (size_t)(i / 5 % 5);
        double A[25], u[5], v[5];
        long double uu = 0;
        long double vv = 0;
        rng_normals(&g, r, u);
        rng_normals(&g, c, v);
        for (size_t a = 0; a < r; a++)
            uu += (long double)u[a] * u[a];
        for (size_t a = 0; a < c; a++)
            vv += (long double)v[a] * v[a];
        /* exact; rank one: |u| |v| */
        for (size_t a = 0; a < r; a++)
            for (size_t b = 0; b < c; b++)
                A[a * c + b] = u[a] * v[b];
        iv n = norm_spectral(&m, r, c, A);
        assert_true(near_in(n, sqrtl(uu * vv), 1e-17L * sqrtl(uu * vv)) && n.hi - n.lo <= 1e-10 * (1 + n.hi));
        rng_normals(&g, 4, A); /* 2 x 2, from trace and determinant of A^T A */
        long double t = 0;
        long double det = (long double)A[0] * A[3] - (long double)A[1] * A[2];
        for (int k = 0; k < 4; k++)
            t += (long double)A[k] * A[k];
        long double top = sqrtl((t + sqrtl(fmaxl(t * t - 4 * det * det, 0))) / 2);
        assert_true(near_in(norm_spectral(&m, 2, 2, A), top, 1e-8L * (t * t - 4 * det * det < 1e-6L) + 1e-15L * top));
        rng_normals(&g, r * c, A); /* not below |A v| / |v| */
        long double image = 0;
        for (size_t a = 0; a < r; a++) {
            long double s = 0;
            for (size_t b = 0; b < c; b++)
                s += (long double)A[a * c + b] * v[b];
            image += s * s;
        }
        if (vv > 0)
            assert_true(norm_spectral(&m, r, c, A).hi >= sqrtl(image / vv) * (1 - 1e-17L));
        iv S[9], least, largest; /* eigenvalues of an enclosed matrix: those of [a b; b c] within its radii */
        double e = pick(&g, 0, 0.1);
        double p = dyadic(rng_normal(&g));
        double q = dyadic(rng_normal(&g));
        double s = dyadic(rng_normal(&g));
        S[0] = (iv) { p - e, p + e };
        S[1] = S[3] = (iv) { q - e, q + e };
        S[4] = (iv) { s - e, s + e };
        iv_eigen_range(&m, 2, S, 3, &least, &largest);
        long double P = p + pick(&g, -e, e);
        long double Q = q + pick(&g, -e, e);
        long double R = s + pick(&g, -e, e);
        long double root = sqrtl((P - R) * (P - R) / 4 + Q * Q);
        assert_true(near_in(least, (P + R) / 2 - root, 1e-17L) && near_in(largest, (P + R) / 2 + root, 1e-17L) &&
            largest.hi - largest.lo <= 4.001 * e + 1e-9);
    }
    mem_free(&m);
}

/// Theorems 1 and 2 ///

static void test_pairing(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 160; s++) {
        world w = world_make(1000 + s, smooth[s % 4]);
        double rival[NUMBERS], block[NUMBERS] = { 0 };
        rng_normals(&w.g, w.D.S.dy * w.D.S.dx, rival);
        if (s % 3)
            rng_normals(&w.g, w.D.S.dy * w.D.k, block);
        skip_rival to = { rival, s % 3 ? block : NULL };
        skip_jet j = skip_differentiate(&w.m, &w.D, &w.p);
        skip_pairing g = skip_pair(&w.m, &w.D, &w.p, &to, &j);
        iv other = skip_fall(&w.m, &w.D, &w.p, &to, &j);
        long double x[NUMBERS], z[NUMBERS], out[4];
        long double sum = 0;
        long double length = 0;
        for (size_t i = 0; i < w.n; i++)
            x[i] = w.x[i];
        for (size_t i = 0; i < w.D.S.N; i++) { /* E <grad L, W z - A x - B f> */
            output_plain(&w.D, i, x, x + w.D.S.dy * w.D.S.dx, z, out);
            long double mass = 0;
            for (size_t c = 0; c < w.D.S.dy; c++)
                mass += expl(out[c]);
            for (size_t c = 0; c < w.D.S.dy; c++) {
                long double there = 0;
                long double y = w.D.S.Y[i * w.D.S.dy + c];
                long double slope =
                    smooth[s % 4] == CROSS_ENTROPY ? expl(out[c]) / mass - y : loss_plain(smooth[s % 4], 1, out[c], y);
                for (size_t a = 0; a < w.D.S.dx; a++)
                    there += (long double)rival[c * w.D.S.dx + a] * w.D.S.X[i * w.D.S.dx + a];
                for (size_t l = 0; l < w.D.k; l++)
                    there += (long double)block[c * w.D.k + l] * iv_mid(w.D.f[i * w.D.k + l]);
                sum += slope * (out[c] - there) / w.D.S.N;
            }
        }
        bool narrow = g.inner.hi - g.inner.lo < 1e-6;
        if (!narrow && w.D.S.dy == 1)
            fail_msg("a wide pairing");
        long double slack = 1e-12L * (10 + fabsl(sum));
        assert_true(near_in(g.inner, sum, slack) && near_in(other, sum, slack));
        if (w.D.S.dy == 1) { /* |G|^2 = |w - a|^2 + |a^T V - b|^2 / |w|^2 */
            long double w2 = 0;
            for (size_t a = 0; a < w.D.S.dx; a++) {
                w2 += x[a] * x[a];
                length += (x[a] - rival[a]) * (x[a] - rival[a]);
            }
            for (size_t l = 0; l < w.D.k; l++) {
                long double row = -block[l];
                for (size_t a = 0; a < w.D.S.dx; a++)
                    row += rival[a] * x[w.D.S.dx + a * w.D.k + l];
                length += row * row / w2;
            }
            assert_true(near_in(g.length, sqrtl(length), 1e-15L * (1 + length)));
        }
        mem_free(&w.m);
    }
}

/* The root in Theorem 1's second bound, by the norms written out; and the bound itself. */
static void check_root(world *w, const long double *x, const double *rival, const shamir_thm1_values *v)
{
    iv V2 = norm_spectral(&w->m, w->D.S.dx, w->D.k, w->p.V);
    long double w2 = 0;
    long double r2 = 0;
    long double spectral = ((long double)V2.lo + V2.hi) / 2;
    for (size_t a = 0; a < w->D.S.dx; a++) {
        w2 += x[a] * x[a];
        r2 += (long double)rival[a] * rival[a];
    }
    long double root = sqrtl(2 * w2 + r2 * (2 + spectral * spectral / w2));
    assert_true(near_in(v->root, root, 1e-9L * (1 + root)) && v->root.hi - v->root.lo < 1e-6 * (1 + v->root.hi));
    assert_true(near_in(iv_mul(v->bound, v->root), ((long double)v->gain.lo + v->gain.hi) / 2,
        1e-9L * (1 + fabsl((long double)v->gain.lo))));
}

static void test_theorem1(void **state)
{
    (void)state;
    for (int turn = 0, which; turn < 4 && (which = smooth[turn], true); turn++) {
        tally t[2] = { { 0, 0, 0, false, { 0, 0 } }, { 0, 0, 0, false, { 0, 0 } } };
        size_t idle = 0;
        for (uint64_t s = 0; s < 500; s++) {
            world w = world_make(2000 + s, which);
            skip_rival rival = { skip_random_point(&w.m, &w.g, &w.D, s % 2 ? 0.5 : 0.125).W, NULL };
            bool zero = true;
            for (size_t i = 0; i < w.D.S.dy * w.D.S.dx; i++)
                zero &= w.x[i] == 0;
            if (zero || shamir_thm1_idle(&w.m, &w.D, &w.p, &rival)) {
                idle += !zero;
                mem_free(&w.m);
                continue;
            }
            shamir_thm1_values v = shamir_thm1_evaluate(&w.m, &w.D, &w.p, &rival);
            long double x[NUMBERS];
            long double plain[NUMBERS] = { 0 };
            for (size_t i = 0; i < w.n; i++)
                x[i] = w.x[i];
            for (size_t i = 0; i < w.D.S.dy * w.D.S.dx; i++)
                plain[i] = rival.A[i]; /* V = 0 */
            assert_true(near_in(v.F, F_plain(&w.D, x), 1e-11L * (1 + v.F.hi)) &&
                near_in(v.rival, F_plain(&w.D, plain), 1e-11L * (1 + v.rival.hi)));
            if (w.D.S.dy == 1)
                check_root(&w, x, rival.A, &v);
            assert_true(v.worse == (v.gain.lo > 0));
            /* W nearly of lower rank */
            bool wide = w.D.S.dy > 1 && !(v.inner.hi - v.inner.lo < 1e-9 * (1 + iv_mag(v.inner)));
            for (int k = 0; k < 2; k++) {
                tally before = t[k];
                shamir_thm1_tally(&t[k], k, &v);
                if (wide) {
                    assert_false(t[k].violated);
                    t[k] = before;
                }
            }
            mem_free(&w.m);
        }
        assert_true(losses[which].name == losses[SMOOTHED_HINGE].name ? idle > 0 && idle < 25 : idle == 0);
        for (int k = 0; k < 2; k++) {
            assert_true(t[k].instances > 440 && t[k].worse > 50 && !t[k].violated);
            if (t[k].certified != t[k].instances)
                fail_msg(
                    "%s, statement %d: %zu of %zu certified", losses[which].name, k, t[k].certified, t[k].instances);
            assert_int_equal(tally_verdict(&t[k]), CERTIFIED);
        }
    }
}

static void test_theorem1_is_sharp(void **state)
{
    (void)state;
    /* the sharp family, in whole numbers: x = 3, f = -1, y = -2^k, w = v = 1, w* = -1 */
    for (int k = 1; k <= 20; k++) {
        mem m = { 0 };
        double Y = double_of((uint64_t)(1023 + k) << 52);
        double y[1] = { -Y };
        double x[1] = { 3 };
        double one[1] = { 1 };
        double minus[1] = { -1 };
        skip_rival rival = { minus, NULL };
        iv f[1] = { { -1, -1 } };
        skip_data D = { { 1, 1, 1, x, y, &losses[SQUARED] }, 1, f };
        skip_point p = { one, one };
        shamir_thm1_values v = shamir_thm1_evaluate(&m, &D, &p, &rival);
        iv first = iv_div(v.gain, v.inner), second = iv_div(v.bound, v.gradient);
        long double F = (2 + Y) * (2 + Y);
        long double lin = (Y - 3) * (Y - 3);
        long double slope = 2 * (2 + Y);
        long double inner = slope * (2 + 3);
        assert_true(iv_is(v.F, (double)F) && iv_is(v.rival, (double)lin) && iv_is(v.inner, (double)inner) &&
            near_in(first, (F - lin) / inner, 1e-15L) && near_in(second, (F - lin) / inner, 1e-15L));
        if (k == 20)
            assert_true(second.lo > 1 - 0x1p-16 && first.lo > 1 - 0x1p-16 && second.hi <= 1);
        mem_free(&m);
    }
}

static void test_tally(void **state)
{
    tally t = { 0, 0, 0, false, { 0, 0 } };
    (void)state;
    tally_add(&t, (iv) { 2, 3 }, (iv) { 0.5, 1 }, true);
    assert_true(t.instances == 1 && t.certified == 1 && t.worse == 1 && !t.violated && tally_verdict(&t) == CERTIFIED &&
        near_in(t.ratio, 1 / 6.0L, 0) && iv_has(t.ratio, 0.5));
    tally_add(&t, (iv) { 2, 3 }, (iv) { 2.5, 2.75 }, true);
    assert_true(t.certified == 1 && !t.violated && tally_verdict(&t) == UNDECIDED);
    tally_add(&t, (iv) { 1, 2 }, (iv) { 3, 4 }, false);
    assert_true(t.violated && tally_verdict(&t) == REFUTED);
    tally none = { 0, 0, 0, false, { 0, 0 } };
    tally_add(&none, (iv) { 1, 2 }, (iv) { -1, 0 }, false);
    assert_int_equal(tally_verdict(&none), UNDECIDED); /* nothing but trivial instances */
}

/* Rayleigh quotients are at least lambda_min, and along w at most d2F/dw2. */
static void check_rayleigh(world *w, const shamir_thm2_values *v)
{
    for (int k = 0; k < 5; k++) {
        double at[NUMBERS] = { 0 };
        double u[NUMBERS];
        double size = 0;
        double part = 0;
        long double one[3];
        memcpy(at + w->D.S.dx, w->p.V, w->D.S.dx * w->D.k * sizeof *at);
        rng_normals(&w->g, w->n, u);
        if (k & 1)
            memset(u + w->D.S.dx, 0, w->D.S.dx * w->D.k * sizeof *u);
        for (size_t i = 0; i < w->n; i++)
            size += u[i] * u[i];
        for (size_t i = 0; i < w->D.S.dx; i++)
            part += u[i] * u[i];
        if (part == 0)
            continue;
        along_plain(&w->D, at, u, one);
        assert_true(one[1] >= v->least.lo * (long double)size - 1e-9L * (1 + size));
        if (k & 1)
            assert_true(one[1] <= v->bend.hi * (long double)size + 1e-9L * (1 + size));
    }
}

static void test_theorem2(void **state)
{
    (void)state;
    for (int turn = 0, which; turn < 3 && (which = smooth[turn], true); turn++) {
        tally t = { 0, 0, 0, false, { 0, 0 } };
        for (uint64_t s = 0; s < 500; s++) {
            world w = world_make(s % 5 == 4 ? 3000 + s * 5 : 3000 + s, which);
            if (w.D.S.dy != 1) {
                mem_free(&w.m);
                continue;
            }
            skip_rival rival = { skip_random_point(&w.m, &w.g, &w.D, 0.25).W, NULL };
            bool zero = true;
            for (size_t i = 0; i < w.D.S.dx; i++)
                zero &= rival.A[i] == 0;
            if (zero) {
                mem_free(&w.m);
                continue;
            }
            shamir_thm2_values v = shamir_thm2_evaluate(&w.m, &w.D, w.p.V, &rival);
            skip_point p = { mem_doubles(&w.m, w.D.S.dx), w.p.V };
            skip_jet j = skip_differentiate(&w.m, &w.D, &p);
            iv least, largest;
            iv_eigen_range(&w.m, w.n, skip_hessian(&w.m, &w.D, &p, &j), w.n, &least, &largest);
            assert_false(iv_apart(least, v.second_way)); /* two ways to lambda_min */
            assert_true(least.hi - least.lo < 1e-6 * (1 + iv_mag(least)) &&
                v.second_way.hi - v.second_way.lo < 1e-6 * (1 + iv_mag(largest)) && v.second_way.lo <= 1e-9);
            check_rayleigh(&w, &v);
            double lambda = fabs(iv_mid(v.least));
            double bend = iv_mid(v.bend);
            double left = iv_mid(v.gradient) +
                iv_mid(norm_spectral(&w.m, w.D.S.dx, w.D.k, w.p.V)) * sqrt(lambda * bend + lambda * lambda);
            assert_true(fabs(iv_mid(v.left) - left) < 1e-5 * (1 + left));
            assert_true(near_in(iv_mul(v.right, iv_norm(w.D.S.dx, rival.A)),
                ((long double)v.F.lo + v.F.hi) / 2 - ((long double)v.rival.lo + v.rival.hi) / 2,
                1e-9L * (1 + v.F.hi + v.rival.hi)));
            assert_true(shamir_thm2_tally(&t, &v));
            mem_free(&w.m);
        }
        if (t.violated || t.certified != t.instances || t.instances < 300 || t.worse < 50)
            fail_msg("%s: %zu of %zu certified, %zu worse", losses[which].name, t.certified, t.instances, t.worse);
    }
}

static void test_theorem2_is_sharp(void **state)
{
    (void)state;
    for (int k = 1; k <= 20; k++) { /* sharp: left 2 Y, right 2 Y - 1 */
        mem m = { 0 };
        double Y = double_of((uint64_t)(1023 + k) << 52);
        double y[1] = { -Y };
        double one[1] = { 1 };
        double minus[1] = { -1 };
        skip_rival rival = { minus, NULL };
        iv f[1] = { { -0.5, -0.5 } };
        skip_data D = { { 1, 1, 1, one, y, &losses[SQUARED] }, 1, f };
        shamir_thm2_values v = shamir_thm2_evaluate(&m, &D, one, &rival);
        assert_true(
            near_in(v.left, 2 * Y, 1e-9L * Y) && v.left.hi - v.left.lo < 1e-5 * Y && near_in(v.right, 2 * Y - 1, 0));
        mem_free(&m);
    }
}

/// Definition 1 and Theorem 3 ///

static void test_smoothness(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 90; s++) {
        int which = smooth[s % 3];
        world w = world_make(4000 + s * 5 % 450, which);
        if (w.D.S.dy != 1) {
            mem_free(&w.m);
            continue;
        }
        double b = pick(&w.g, 0.25, 2);
        skip_smoothness q = skip_smooth(&w.D, b);
        for (int k = 0; k < 40; k++) {
            double x[2][NUMBERS], dir[NUMBERS];
            double size = 0;
            double step = 0;
            for (int e = 0; e < 2; e++) {
                double a = 0;
                double c = 0;
                double ra = k % 4 ? 1 : rng_uniform(&w.g);
                double rc = k % 4 ? 1 : rng_uniform(&w.g);
                for (size_t i = 0; i < w.n; i++) {
                    x[e][i] = rng_normal(&w.g);
                    *(i < w.D.S.dx ? &a : &c) += x[e][i] * x[e][i];
                }
                /* |V| <= |V|_F */
                for (size_t i = 0; i < w.n; i++)
                    x[e][i] *= b * (1 - 1e-12) * (i < w.D.S.dx ? ra / sqrt(a) : rc / sqrt(c));
            }
            rng_normals(&w.g, w.n, dir);
            long double one[2][3], p[2][NUMBERS];
            for (size_t i = 0; i < w.n; i++) {
                size += dir[i] * dir[i];
                step += (x[0][i] - x[1][i]) * (x[0][i] - x[1][i]);
            }
            if (size == 0)
                continue;
            for (size_t i = 0; i < w.n; i++)
                dir[i] /= sqrt(size) * (1 + 1e-12);
            for (int e = 0; e < 2; e++) {
                along_plain(&w.D, x[e], dir, one[e]);
                for (size_t i = 0; i < w.n; i++)
                    p[e][i] = x[e][i];
            }
            long double far = sqrtl(step);
            assert_true(fabsl(F_plain(&w.D, p[0]) - F_plain(&w.D, p[1])) <= q.mu[0] * far * (1 + 1e-12L) + 1e-15L);
            assert_true(fabsl(one[0][0] - one[1][0]) <= q.mu[1] * far * (1 + 1e-12L) + 1e-15L &&
                fabsl(one[0][1] - one[1][1]) <= q.mu[2] * far * (1 + 1e-12L) + 1e-15L);
            for (int e = 0; e < 2; e++)
                for (int o = 0; o < 3; o++)
                    assert_true(fabsl(one[e][o]) <= q.mu[o] * (1 + 1e-12L));
        }
        mem_free(&w.m);
    }
}

static void test_smoothness_reached(void **state)
{
    (void)state;
    /* Where the three are reached: x = 0, one coordinate each, w = v = b, squared loss, y < 0: along (1, 1) / sqrt
       2. */
    for (int k = 0; k < 50; k++) {
        mem m = { 0 };
        rng g = rng_make(32, 300 + (uint64_t)k);
        double b = dyadic(pick(&g, 0.5, 2));
        double X[1] = { 0 };
        double Y[1] = { -dyadic(pick(&g, 0, 3)) };
        double F = dyadic(pick(&g, 0.5, 2));
        double x[2] = { b, b };
        double u[2] = { sqrt(0.5), sqrt(0.5) };
        iv f[1] = { { F, F } };
        skip_data D = { { 1, 1, 1, X, Y, &losses[SQUARED] }, 1, f };
        skip_smoothness q = skip_smooth(&D, b);
        long double one[3];
        along_plain(&D, x, u, one);
        for (int o = 0; o < 3; o++)
            assert_true(fabsl(one[o] - q.mu[o]) < 1e-12L * q.mu[o]);
        /* E |l'| J and the others, written out, with the tops of l'', l''' over |output| <= b^2 F */
        D.S.L = &losses[LOGISTIC];
        double sign[1] = { 1 };
        D.S.Y = sign;
        q = skip_smooth(&D, b);
        long double reach = b * b * (long double)F;
        long double J = b * F * sqrtl(2);
        long double third = 0;
        for (int e = 0; e <= 2000; e++)
            third = fmaxl(third, fabsl(loss_plain(LOGISTIC, 3, reach * (e / 1000.0L - 1), 1)));
        long double l1 = 1 / (1 + expl(-reach));
        assert_true(fabsl(q.mu[0] - l1 * J) < 1e-12L && fabsl(q.mu[1] - (0.25L * J * J + l1 * F)) < 1e-12L * q.mu[1]);
        assert_true(q.mu[2] >= third * J * J * J + 0.75L * J * F - 1e-12L &&
            q.mu[2] <= 0.25L * J * J * J + 0.75L * J * F + 1e-12L);
        mem_free(&m);
    }
}

static void test_sopsp(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 60; s++) {
        world w = world_make(5000 + s * 5, smooth[s % 3]);
        sopsp t = sopsp_test(&w.m, &w.D, &w.p, 2);
        double lambda = fmin(iv_mid(t.least), 0);
        double eps = fmax(iv_mid(t.gradient), lambda * lambda / 2);
        assert_true(near_in(t.eps, eps, 1e-6L * (1 + eps)) && t.eps.lo >= t.gradient.lo &&
            t.eps.hi - t.eps.lo < 1e-5 * (1 + t.eps.hi));
        double u[NUMBERS];
        double size = 0;
        long double one[3];
        for (int k = 0; k < 10; k++) {
            rng_normals(&w.g, w.n, u);
            size = 0;
            for (size_t i = 0; i < w.n; i++)
                size += u[i] * u[i];
            along_plain(&w.D, w.x, u, one);
            assert_true(one[1] >= t.least.lo * (long double)size - 1e-9L * (1 + size));
        }
        mem_free(&w.m);
    }
    mem m = { 0 }; /* Example 1's saddle, with 1 for 1/2: gradient 0, lambda_min = -2 eps */
    double w[1] = { 0 };
    double V[1] = { -4 };
    double one[1] = { 1 };
    iv f[1] = { { 0.25, 0.25 } };
    skip_data D = { { 1, 1, 1, one, one, &losses[SQUARED] }, 1, f };
    sopsp t = sopsp_test(&m, &D, &(skip_point) { w, V }, 2);
    assert_true(iv_is(t.gradient, 0) && iv_is(t.F, 1) && near_in(t.least, -0.5L, 0) && near_in(t.eps, 0.125L, 0));
    t = sopsp_test(&m, &D, &(skip_point) { w, V }, 0);
    assert_true(t.eps.lo == INFINITY || t.eps.hi == INFINITY);
    mem_free(&m);
}

static long double thm3_plain(const skip_smoothness *q, long double eps, long double r, long double D)
{
    long double first = eps * sqrtl(2 * q->b * (long double)q->b + r * r * (2 + q->b * (long double)q->b / (D * D)));
    long double s = sqrtl(q->mu[2] * eps) + q->mu[2] * D;
    return fmaxl(first, q->mu[0] * D + r * (eps + q->mu[1] * D + q->b * sqrtl(s * q->mu[1] + s * s)));
}

static void test_theorem3(void **state)
{
    rng g = rng_make(32, 5);
    (void)state;
    for (int i = 0; i < 100; i++) {
        skip_smoothness q = { pick(&g, 0.1, 3), { pick(&g, 0, 4), pick(&g, 0, 4), pick(&g, 0, 4) } };
        double eps = el_exp(pick(&g, -20, 2));
        double r = pick(&g, 0.1, 4);
        double D = double_of((uint64_t)(1023 - i % 40) << 52);
        iv at = shamir_thm3_bound_at(&q, eps, r, D), b = shamir_thm3_bound_of(&q, eps, r),
           more = shamir_thm3_bound_of(&q, 1.5 * eps, r), wider = shamir_thm3_bound_of(&q, eps, 1.25 * r);
        long double plain = thm3_plain(&q, eps, r, D);
        long double best = INFINITY;
        assert_true(near_in(at, plain, 1e-17L * plain) && at.hi - at.lo < 1e-12 * at.hi);
        for (int k = -10; k <= 60; k++)
            best = fminl(best, thm3_plain(&q, eps, r, ldexpl(1, -k)));
        best = fminl(best, thm3_plain(&q, eps, r, sqrt(eps)));
        assert_true(near_in(b, best, 1e-17L * best) && b.hi <= at.hi);
        assert_true(more.lo > b.hi && wider.lo > b.hi);
    }
    size_t n = 0;
    size_t worse = 0;
    for (uint64_t s = 0; n < 200; s++) {
        world w = world_make(6000 + s, smooth[s % 3]);
        if (w.D.S.dy != 1) {
            mem_free(&w.m);
            continue;
        }
        if (s % 2)
            for (size_t i = 0; i < w.D.S.dx; i++)
                w.x[i] = dyadic(w.x[i] / 64);
        if (s % 4 > 1)
            skip_descend(&w.D, w.x, 1 + (int)(s % 6));
        double *w0 = skip_linear_best(&w.m, &w.D, INFINITY);
        double r = add_up(iv_norm(w.D.S.dx, w0).hi, s % 3 ? 0.5 : 0x1p-10);
        shamir_thm3_values v = shamir_thm3_evaluate(&w.m, &w.D, &w.p, w0, r);
        assert_true(v.bound.lo >= v.excess.hi && v.bound.hi < INFINITY);
        assert_true(v.q.b > iv_norm(w.D.S.dx, w.p.W).hi && v.q.b > norm_spectral(&w.m, w.D.S.dx, w.D.k, w.p.V).hi);
        long double x[NUMBERS] = { 0 };
        for (size_t i = 0; i < w.D.S.dx; i++)
            x[i] = w0[i];
        long double lin = F_plain(&w.D, x);
        for (size_t i = 0; i < w.n; i++)
            x[i] = w.x[i];
        /* not less than over what w0 reaches */
        assert_true(v.excess.hi >= F_plain(&w.D, x) - lin - 1e-11L * (1 + lin));
        worse += v.excess.lo > 0;
        n++;
        mem_free(&w.m);
    }
    assert_true(worse > 40);
}

static void test_linear_least(void **state)
{
    size_t cut = 0;
    (void)state;
    for (uint64_t s = 0; s < 36; s++) {
        world w = world_make(7000 + s * 5, smooth[s % 3]);
        if (w.D.S.dy != 1)
            fail_msg("one output is meant");
        double *free_best = skip_linear_best(&w.m, &w.D, INFINITY);
        double length = iv_norm(w.D.S.dx, free_best).hi;
        double r = s % 2 ? 0.5 * length : add_up(length, 0.25);
        if (length < 0x1p-8 || length > 100) {
            mem_free(&w.m);
            continue;
        } /* separable labels: no minimiser */
        double *w0 = s % 2 ? skip_linear_best(&w.m, &w.D, r) : free_best;
        iv least = skip_linear_least(&w.m, &w.D, w0, r);
        long double x[NUMBERS] = { 0 };
        long double reached = INFINITY;
        for (size_t i = 0; i < w.D.S.dx; i++)
            x[i] = w0[i];
        reached = F_plain(&w.D, x);
        assert_true(iv_norm(w.D.S.dx, w0).hi <= r && near_in(least, reached, 1e-12L * (1 + reached)) &&
            least.hi <= reached + 1e-12L * (1 + reached));
        if (!(least.hi - least.lo < 1e-4 * (1 + least.hi)))
            fail_msg("%s, %s: [%g, %g]", w.D.S.L->name, s % 2 ? "cut" : "free", least.lo, least.hi);
        cut += s % 2;
        for (int k = 0; k < 1000; k++) {
            double size = 0;
            double to = k % 3 ? r : r * rng_uniform(&w.g);
            double near = k % 5 ? 1 : 0.01;
            for (size_t i = 0; i < w.D.S.dx; i++) {
                x[i] = (k % 5 ? 0 : w0[i]) + near * rng_normal(&w.g);
                size += (double)(x[i] * x[i]);
            }
            for (size_t i = 0; i < w.D.S.dx; i++)
                x[i] *= to * (1 - 1e-12) / sqrt(size);
            if (least.lo > F_plain(&w.D, x) + 1e-15L)
                fail_msg("%s: a point of the ball lies below the least value", w.D.S.L->name);
        }
        /* from a poor point: still a lower bound; from outside the ball no upper one */
        for (size_t i = 0; i < w.D.S.dx; i++)
            w0[i] *= 2.5;
        iv poor = skip_linear_least(&w.m, &w.D, w0, r);
        assert_true(poor.lo <= reached + 1e-12L && poor.lo >= 0 &&
            (iv_norm(w.D.S.dx, w0).hi <= r ? poor.hi >= reached : poor.hi == INFINITY));
        mem_free(&w.m);
    }
    assert_true(cut > 5);
}

/// Figure 1 ///

static long double sextic_plain(long double q)
{
    long double s = 0;
    static const int c[7] = { -283, -96, 864, 3040, 0, 768, 256 };
    for (int k = 6; k >= 0; k--)
        s = s * q + c[k];
    return s;
}

static void test_sextic(void **state)
{
    rng g = rng_make(32, 6);
    (void)state;
    assert_int_equal(shamir_fig1_sign_changes(), 1);
    iv root = shamir_fig1_root();
    assert_true(root.hi - root.lo == 0x1p-45 && sextic_plain(root.lo) < 0 && sextic_plain(root.hi) > 0);
    int64_t K = (int64_t)(root.lo * 0x1p45);
    for (int n = 20; n <= 45; n++) {
        int64_t at = K >> (45 - n);
        assert_true(shamir_fig1_sign(at, n) == -1 && shamir_fig1_sign(at + 1, n) == 1); /* no root is a dyadic number */
    }
    for (int i = 0; i < 4000; i++) {
        int n = 10 + (int)(36 * rng_uniform(&g));
        double q = i % 2 ? 2 * rng_uniform(&g)
                         : root.lo + double_of((uint64_t)(1023 - 40 * i / 4000) << 52) * rng_normal(&g) / 8;
        if (q < 0 || q >= 2)
            continue;
        K = (int64_t)(q * (double)((int64_t)1 << n));
        if (K >= (int64_t)1 << 46)
            continue;
        long double v = sextic_plain((long double)K / ((int64_t)1 << n));
        if (fabsl(v) > 1e-14L)
            assert_int_equal(shamir_fig1_sign(K, n), v > 0 ? 1 : -1);
    }
    long double lo = 1.0001L;
    long double hi = 3; /* q_c as the largest value of sqrt(1 - 1/t) - (t - 1)^2 */
    for (int i = 0; i < 300; i++) {
        long double a = lo + (hi - lo) / 3;
        long double b = hi - (hi - lo) / 3;
        if (sqrtl(1 - 1 / a) - (a - 1) * (a - 1) < sqrtl(1 - 1 / b) - (b - 1) * (b - 1))
            lo = a;
        else
            hi = b;
    }
    assert_true(near_in(root, sqrtl(1 - 1 / lo) - (lo - 1) * (lo - 1), 1e-15L));
    for (int i = 0; i < 200; i++) {
        double t = pick(&g, 1.1, 2.5);
        long double T = t;
        long double r = sqrtl(1 - 1 / T);
        assert_true(near_in(shamir_fig1_q(iv_of(t)), r - (T - 1) * (T - 1), 1e-17L) &&
            near_in(shamir_fig1_slope(iv_of(t)), 1 / (2 * T * T * r) - 2 * (T - 1), 1e-16L));
    }
}

static void test_multiples_of_sums(void **state)
{
    rng g = rng_make(32, 6);
    (void)state;
    /* k times a sum against adding it k times, and powers of two against doubles */
    for (int i = 0; i < 400; i++) {
        acc a, b;
        int64_t k = i % 50;
        acc_zero(&a);
        acc_zero(&b);
        double x[5];
        for (int j = 0; j < 5; j++)
            x[j] = test_near(&g, 300);
        for (int j = 0; j < 5; j++)
            acc_add(&a, x[j]);
        for (int64_t r = 0; r < k; r++)
            for (int j = 0; j < 5; j++)
                acc_add(&b, x[j]);
        acc_times(&a, k);
        acc_carry(&b);
        assert_memory_equal(a.limb, b.limb, sizeof a.limb);
        acc_zero(&a);
        acc_zero(&b);
        for (int j = 0; j < 5; j++) {
            acc_add(&a, x[j]);
            acc_add(&b, x[j] * 0x1p29);
        }
        acc_times(&a, (int64_t)1 << 29);
        acc_carry(&b);
        assert_memory_equal(a.limb, b.limb, sizeof a.limb);
        double big = floor(pick(&g, 0, 0x1p30));
        double small = floor(pick(&g, -0x1p23, 0x1p23));
        acc_zero(&a);
        acc_zero(&b);
        acc_add(&a, small);
        acc_times(&a, (int64_t)big);
        acc_add(&b, small * big);
        acc_carry(&b);
        assert_memory_equal(a.limb, b.limb, sizeof a.limb);
    }
}

/// Theorem 4 and Remark 3 ///

static void test_regret(void **state)
{
    rng g = rng_make(32, 7);
    (void)state;
    double tightest = 0;
    for (int i = 0; i < 300; i++) {
        sgd_round play[64];
        size_t T = 1 + (size_t)(rng_uniform(&g) * 60);
        sgd_task t = { T, 1, 1, T, NULL, NULL, &losses[SQUARED], 1, 0, 0 };
        double u = i % 4 ? i % 2 ? -1 : 1 : dyadic(pick(&g, -1, 1));
        double start = i % 3 ? -u : dyadic(pick(&g, -1, 1));
        double far = dyadic(pick(&g, 1, 8));
        for (size_t k = 0; k < T; k++) { /* targets that pull to and fro, or to the comparator's side */
            double side = i % 3 == 0 ? u : i % 3 == 1 ? (k % 2 ? 1 : -1) : rng_uniform(&g) < 0.5 ? 1 : -1;
            play[k] = (sgd_round) { dyadic(1 + 0.1 * rng_normal(&g)), i % 5 ? 0 : dyadic(0.25 * rng_normal(&g)),
                dyadic(far * side) };
        }
        iv bound, regret = sgd_play(&t, play, start, u, &bound);
        long double most = 0;
        long double z[2] = { start, 0 };
        long double plain = 0;
        long double eta;
        for (size_t k = 0; k < T; k++) {
            long double length = sqrtl(play[k].x * play[k].x + play[k].f * play[k].f);
            most = fmaxl(most, 2 * length * (fabsl(play[k].y) + length));
        }
        assert_true(fabsl(t.lipschitz - most) <= 1e-12L * most && t.lipschitz >= most * (1 - 1e-18L));
        eta = 1 / (most * sqrtl(T));
        for (size_t k = 0; k < T; k++) { /* the same game, written plainly */
            long double o = z[0] * play[k].x + z[1] * play[k].f;
            long double e = o - play[k].y;
            long double there = u * play[k].x - play[k].y;
            plain += e * e - there * there;
            z[0] -= eta * 2 * e * play[k].x;
            z[1] -= eta * 2 * e * play[k].f;
            long double n = sqrtl(z[0] * z[0] + z[1] * z[1]);
            if (n > 1) {
                z[0] /= n;
                z[1] /= n;
            }
        }
        assert_true(near_in(regret, plain, 1e-9L * (1 + most) * T));
        assert_true(near_in(bound, 2.5L * most * sqrtl(T), 1e-9L * most * T) &&
            bound.lo <= 2.5L * most * sqrtl(T) * (1 + 1e-9L));
        assert_true(regret.hi <= bound.lo);
        tightest = fmax(tightest, regret.hi / bound.lo);
    }
    assert_true(tightest > 0.3); /* the adversary is one */
}

static void check_features(const sgd_task *t, const double *theta, const double *x, const double *f)
{
    for (size_t l = 0; l < t->k; l++) {
        long double a = 0;
        for (size_t j = 0; j < t->d; j++)
            a += (long double)theta[l * t->d + j] * x[j];
        assert_true(fabsl(f[l] - fmaxl(a, 0)) < 1e-15L);
    }
}

/* The block's own weights after a step of eta times the loss's slope, kept in [-1, 1]. */
static void plain_weights(
    const sgd_task *t, const sgd_state *s, long double pull, const double *x, const double *f, long double *own)
{
    for (size_t l = 0; l < t->k; l++)
        for (size_t j = 0; j < t->d; j++) {
            long double moved = s->theta[l * t->d + j] - (f[l] > 0 ? pull * s->z[t->d + l] * x[j] : 0);
            own[l * t->d + j] = f[l] > 0 ? fminl(fmaxl(moved, -1), 1) : moved;
        }
}

static long double plain_square(size_t n, const double *x)
{
    long double square = 0;
    for (size_t i = 0; i < n; i++)
        square += (long double)x[i] * x[i];
    return square;
}

static bool within_ball(const sgd_task *t, const double *theta)
{
    bool in = true;
    for (size_t l = 0; l < t->k * t->d; l++)
        in &= fabs(theta[l]) <= 1;
    return in;
}

/* Steps on data: projection, the network's own weights, constants over the ball. */
static void test_steps(void **state)
{
    rng g = rng_make(32, 9);
    (void)state;
    for (int i = 0; i < 60; i++) {
        mem m = { 0 };
        size_t d = 1 + (size_t)(i % 3);
        size_t k = 1 + (size_t)(i / 3 % 3);
        size_t N = 6;
        sgd_task t = sgd_make(&m, &g, smooth[i % 3], N, d, k, 50);
        t.b = i % 2 ? 1 : 0.75;
        sgd_constants(&t, sqrt((double)(d * k)));
        sgd_state s = { { 0 }, { 0 }, 1 };
        s.z[0] = -t.b;
        for (size_t l = 0; l < k * d; l++)
            s.theta[l] = dyadic(0.5 * rng_normal(&g));
        for (int step = 0; step < 50; step++) {
            size_t at = (size_t)(rng_uniform(&g) * (double)N);
            const double *x = t.X + at * d;
            double f[SGD_MAX];
            double eta = (step % 3 ? 1 : 30) * sgd_eta(&t);
            double y = t.Y[at];
            sgd_features(&t, s.theta, x, f);
            long double z[SGD_MAX];
            long double o = 0;
            long double norm = 0;
            long double reach = plain_square(d, x);
            long double feature = plain_square(k, f);
            check_features(&t, s.theta, x, f);
            for (size_t j = 0; j < d + k; j++)
                o += s.z[j] * (long double)(j < d ? x[j] : f[j - d]);
            long double slope = loss_plain(smooth[i % 3], 1, o, y);
            long double value = loss_plain(smooth[i % 3], 0, o, y);
            for (size_t j = 0; j < d + k; j++) {
                z[j] = s.z[j] - eta * slope * (j < d ? x[j] : f[j - d]);
                norm += z[j] * z[j];
            }
            norm = sqrtl(norm);
            long double own[SGD_MAX * SGD_MAX];
            plain_weights(&t, &s, eta * slope, x, f, own);
            bool in = within_ball(&t, s.theta);
            iv h = sgd_step(&t, &s, eta, x, f, t.Y + at);
            assert_true(near_in(h, value, 1e-15L * (1 + value)));
            if (in)
                assert_true(fabsl(slope) * sqrtl(reach + feature) <= t.lipschitz * (1 + 1e-15L) &&
                    value <= t.size * (1 + 1e-15L) && sqrtl(feature) <= sqrtl(d * k * reach) * (1 + 1e-15L));
            long double square = 0;
            for (size_t j = 0; j < d + k; j++) {
                assert_true(fabsl(s.z[j] - (norm > t.b ? z[j] * t.b / norm : z[j])) < 1e-13L * (1 + norm));
                square += (long double)s.z[j] * s.z[j];
            }
            assert_true(sqrtl(square) <= t.b * (1 + 1e-15L));
            for (size_t l = 0; l < k * d; l++)
                assert_true(fabsl(s.theta[l] - own[l]) < 1e-13L * (1 + norm));
        }
        mem_free(&m);
    }
}

static void test_theorem4_bound(void **state)
{
    rng g = rng_make(32, 10);
    (void)state;
    for (int i = 0; i < 50; i++) {
        double b = pick(&g, 0.5, 2);
        double l = pick(&g, 1, 5);
        double r = pick(&g, 1, 5);
        double T = floor(pick(&g, 1, 1e6));
        double odds = pick(&g, 2, 100);
        long double plain = (2.5L * b * l + 4 * (long double)r * sqrtl(2 * logl(odds))) / sqrtl(T);
        assert_true(near_in(shamir_thm4_bound(b, l, r, T, odds), plain, 1e-17L * plain));
    }
}

static void test_remark3(void **state)
{
    rng g = rng_make(32, 8);
    (void)state;
    for (int i = 0; i < 500; i++) {
        double w = i % 2 ? 0 : pick(&g, 0, 0.5);
        iv s = { pick(&g, -1, 3), 0 }, o = { pick(&g, -2, 2), 0 }, eps = { pick(&g, 0, 1), 0 };
        s.hi = s.lo + w;
        o.hi = o.lo + w;
        eps.hi = eps.lo + w;
        iv n = shamir_remark3_hessian(s, o, eps);
        for (int k = 0; k < 8; k++) {
            long double S = pick(&g, s.lo, s.hi);
            long double O = pick(&g, o.lo, o.hi);
            long double E = pick(&g, eps.lo, eps.hi);
            long double a = S * S;
            long double d = O * O;
            long double b = 2 * O * S - E;
            long double root = sqrtl((a - d) * (a - d) / 4 + b * b);
            long double norm = fmaxl(fabsl((a + d) / 2 + root), fabsl((a + d) / 2 - root));
            assert_true(near_in(n, norm, 1e-17L * (1 + norm)) && (w > 0 || n.hi - n.lo < 1e-12));
        }
    }
    assert_true(near_in(shamir_remark3_hessian(iv_of(3), iv_of(-2), iv_of(1)), 6.5L + sqrtl(701) / 2, 1e-17L));
    double low = 0;
    double high = 0;
    shamir_remark3_search((iv) { -1, 3 }, (iv) { -2, 2 }, (iv) { 0, 1 }, 1e-2, 60, &low, &high);
    assert_true(low <= 6.5L + sqrtl(701) / 2 && high >= 6.5L + sqrtl(701) / 2 && high - low < 0.011);
    for (int i = 0; i < 6; i++) {
        double s = i ? pick(&g, -1, 3) : 3;
        double o = i ? pick(&g, -2, 2) : 2;
        iv M = shamir_remark3_third(iv_of(s), iv_of(o));
        long double top = 0;
        for (int k = 0; k < 20000; k++) {
            long double f = k * 3.14159265358979323846L / 10000;
            long double c = cosl(f);
            long double n = sinl(f);
            top = fmaxl(top, fabsl(6 * c * n * (s * c + o * n)));
        }
        assert_true(M.hi >= top - 1e-17L && M.lo <= top * (1 + 1e-7L) && M.hi - M.lo < 1e-4 * (1 + M.hi));
    }
}

/* Theorem 3's bound: as good as any D = 2^k and as D = sqrt(eps), for an eps of any size. */
static void test_theorem3_range(void **state)
{
    static const skip_smoothness rows[] = { { 1, { 1, 1, 1 } }, { 0x1p-10, { 0x1p-20, 0x1p-10, 0x1p10 } },
        { 0x1p10, { 0x1p20, 0x1p5, 0x1p-20 } } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int e = -200; e <= 200; e += 7)
            for (int r = -30; r <= 30; r += 15) {
                double eps = two_to(e);
                double best = shamir_thm3_bound_of(&rows[i], eps, two_to(r)).hi;
                assert_true(best <= shamir_thm3_bound_at(&rows[i], eps, two_to(r), sqrt(eps)).hi);
                for (int k = -300; k <= 300; k++)
                    assert_true(best <= shamir_thm3_bound_at(&rows[i], eps, two_to(r), two_to(k)).hi * (1 + 1e-12));
            }
    iv wide = shamir_thm3_bound(&rows[0], (iv) { 0, 1 }, 1);
    assert_true(wide.lo <= shamir_thm3_bound_of(&rows[0], 0x1p-200, 1).lo);
    assert_true(wide.hi >= shamir_thm3_bound_of(&rows[0], 1, 1).hi);
}

/// Against all of G ///

/* The form's value along (e_c n^T, 0) and (0, n b^T), by differences of F, gives mu_c, gB_c and a bound of lambda; both
   sides of the inequality are rebuilt from them. */
static void test_kernel(void **state)
{
    size_t n_worse = 0;
    (void)state;
    for (uint64_t s = 0; s < 160; s++) {
        world w = world_make(8000 + s, smooth[s % 4]);
        size_t d = w.D.S.dx;
        size_t q = w.D.S.dy;
        double n[NUMBERS], A[NUMBERS], B[NUMBERS];
        for (size_t i = 0; i < d; i++)
            n[i] = 2; /* any multiple of (1, .., 1) */
        rng_normals(&w.g, q * d, A);
        rng_normals(&w.g, q * w.D.k, B);
        skip_make_singular(q, d, w.x);
        shamir_kernel_values v = shamir_kernel_evaluate(&w.m, &w.D, &w.p, &(skip_rival) { A, B }, n);
        long double x[NUMBERS];
        long double h = 1e-4L;
        for (size_t i = 0; i < w.n; i++)
            x[i] = w.x[i];
        long double here = F_plain(&w.D, x);
        long double mu = -2 * here;
        for (int side = -1; side <= 1; side += 2) {
            for (size_t a = 0; a < d; a++)
                x[a] = w.x[a] + side * h / sqrtl(d);
            mu += F_plain(&w.D, x);
        }
        mu /= h * h;
        assert_true(near_in(v.mu, mu, 1e-3L * (1 + fabsl(mu))));
        assert_true(v.left.lo >= v.right.hi);
        n_worse += v.worse;
        mem_free(&w.m);
    }
    assert_true(n_worse > 60);
}

/* At w = 0: |dG/db|^2 = lambda^2 + alpha |lambda|, lambda by Jacobi; and the closed form where it is nearly 0. */
static void test_origin(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 100; s++) {
        world w = world_make(8500 + 5 * s, smooth[s % 3]);
        double A[NUMBERS] = { 0 };
        double B[NUMBERS];
        rng_normals(&w.g, w.D.k, B);
        A[0] = s % 2;
        shamir_thm2_values v = shamir_thm2_evaluate(&w.m, &w.D, w.p.V, &(skip_rival) { A, B });
        assert_true(iv_has(v.defect, 0) && v.defect.hi - v.defect.lo < 1e-7 * (1 + iv_mag(iv_sqr(v.slope))));
        assert_true(v.all_left.lo >= v.all_right.hi || !v.worse);
        mem_free(&w.m);
    }
    iv tiny = shamir_origin_least(iv_of(1), iv_of(0x1p-100));
    assert_true(tiny.lo <= -0x1p-100 && tiny.lo > -0x1.00001p-100 && tiny.hi > -0x1.00001p-100 && tiny.hi < 0);
    assert_true(iv_is(shamir_origin_least(iv_of(3), iv_of(4)), -1));
    assert_true(iv_has(shamir_origin_least(iv_of(0), iv_of(0)), 0));
}

/* min G: no value anywhere is below it, and the enclosure is narrow where the minimiser is known. */
static void test_convex_least(void **state)
{
    size_t narrow = 0;
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        mem m = { 0 };
        rng g = rng_make(34, i);
        int which = smooth[i % 4];
        size_t q = which == CROSS_ENTROPY ? 3 : 1 + i % 3;
        skip_data D = skip_make(&m, &g, which, FEATURES_RANDOM, i % 5 ? 24 : 4, 2, 1, q);
        skip_optimum best = skip_convex_best(&m, &D);
        iv there = skip_rival_value(&m, &D, &best.at);
        assert_true(best.least.lo <= there.hi && best.least.lo >= 0);
        narrow += best.least.hi - best.least.lo < 1e-9 * (1 + best.least.hi) && best.least.lo > 0;
        for (int k = 0; k < 200; k++) {
            double A[NUMBERS], B[NUMBERS];
            double size = k % 2 ? 0.01 : 1;
            for (size_t l = 0; l < q * 2; l++)
                A[l] = best.at.A[l] + size * rng_normal(&g);
            for (size_t l = 0; l < q; l++)
                B[l] = best.at.B[l] + size * rng_normal(&g);
            assert_true(skip_rival_value(&m, &D, &(skip_rival) { A, B }).hi >= best.least.lo);
        }
        mem_free(&m);
    }
    assert_true(narrow > 20);
}

/* At w = 0, gradient 0 and no negative eigenvalue: F is min G, and the slack says so; V is far from the rival's. */
static void test_origin_end(void **state)
{
    mem m = { 0 };
    const double X[3] = { 1, 1, 0 };
    const double Y[3] = { 1, -1, 0 };
    const double zero[1] = { 0 };
    const double V[1] = { 3 };
    iv f[3] = { { 1, 1 }, { 1, 1 }, { 0, 0 } };
    skip_data D = { { 3, 1, 1, X, Y, &losses[SQUARED] }, 1, f };
    skip_point p = { zero, V };
    skip_jet j = skip_differentiate(&m, &D, &p);
    skip_rival rival = { V, V };
    (void)state;
    assert_true(descent_slack(&m, &D, &p, &j, &rival) == 0 && iv_has(j.F, 2.0 / 3));
    mem_free(&m);
}

/* The order of a strict saddle: the same for every small region that holds it, however small. */
static void test_small_regions(void **state)
{
    mem m = { 0 };
    const double X[2] = { 1, -1 };
    const double zero[1] = { 0 };
    iv f[2] = { { 1, 1 }, { -1, -1 } };
    iv g[2] = { { 1, 1 }, { 1, 1 } };
    const double Y[2] = { 1, -1 };
    skip_data D = { { 2, 1, 1, X, Y, &losses[SQUARED] }, 1, f };
    skip_point p = { zero, zero };
    (void)state;
    for (int k = 4; k < 200; k += 7) {
        double mu2 = skip_smooth(&D, two_to(-k)).mu[2];
        assert_true(mu2 < 8 && sopsp_test(&m, &D, &p, mu2).eps.lo > 0.1);
    }
    D.f = g; /* gB = 0: the order is the gradient */
    assert_true(iv_has(sopsp_test(&m, &D, &p, 6).eps, 2));
    iv none[2] = { { 0, 0 }, { 0, 0 } };
    D.f = none; /* no features: convex, whatever mu2 */
    assert_true(skip_smooth(&D, 1).mu[2] == 0 && iv_has(sopsp_test(&m, &D, &p, 0).eps, 2));
    mem_free(&m);
}

/* Weighted squares: value, gradient and Hessian, against the plain ones with weights as factors. */
static void test_weighted(void **state)
{
    rng g = rng_make(32, 40);
    (void)state;
    for (int i = 0; i < 100; i++) {
        double y[6], H_plain[9];
        iv z[3], p[3], H[9];
        long double value = 0;
        rng_normals(&g, 6, y);
        for (size_t k = 0; k < 3; k++) {
            z[k] = iv_of(dyadic(rng_normal(&g)));
            y[3 + k] = fabs(y[3 + k]);
            value += y[3 + k] * (z[k].lo - (long double)y[k]) * (z[k].lo - (long double)y[k]);
        }
        assert_true(near_in(weighted_squares.value(3, z, y), value, 1e-15L * (1 + value)));
        weighted_squares.gradient(3, z, y, p);
        loss_hessian(&weighted_squares, 3, z, y, H);
        curvature_diagonal(3, 1, H_plain);
        for (size_t k = 0; k < 3; k++) {
            assert_true(near_in(p[k], 2 * y[3 + k] * (z[k].lo - (long double)y[k]), 1e-15L * (1 + fabs(y[3 + k]))));
            for (size_t l = 0; l < 3; l++)
                assert_true(iv_is(H[3 * k + l], 2 * y[3 + k] * H_plain[3 * k + l]));
        }
    }
}

/* The witness for more outputs than coordinates: no value near the point is below that at it. */
static void test_witness(void **state)
{
    static const size_t sizes[][2] = { { 1, 2 }, { 2, 3 }, { 3, 4 } };
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        mem m = { 0 };
        rng g = rng_make(32, 50 + i);
        size_t d = sizes[i][0];
        size_t q = sizes[i][1];
        skip_data D = remark2_data(&m, d, q);
        double *W = remark2_matrix(&m, d, q, 0x1p-5, 1);
        double *V = mem_doubles(&m, d);
        V[0] = 1;
        double here = skip_value(&m, &D, &(skip_point) { W, V }).lo;
        for (int k = 0; k < 2000; k++) {
            double *U = mem_copy(&m, q * d, W);
            double *T = mem_copy(&m, d, V);
            for (size_t j = 0; j < q * d; j++)
                U[j] += 0.003 * rng_normal(&g);
            for (size_t j = 0; j < d; j++)
                T[j] += 0.003 * rng_normal(&g);
            assert_true(skip_value(&m, &D, &(skip_point) { U, T }).hi > here);
        }
        assert_true(here > 2.03);
        mem_free(&m);
    }
}

/* Along random lines through the point, by fourth differences: third derivatives below remark2_third_up. */
static void test_third(void **state)
{
    mem m = { 0 };
    rng g = rng_make(32, 60);
    skip_data D = remark2_classes(&m);
    const double W[3] = { 0.6931471805599453, 0.6931471805599453, 0 };
    const double V[1] = { 4 };
    skip_point p = { W, V };
    skip_jet j = skip_differentiate(&m, &D, &p);
    double up = remark2_third_up(&D, &p, &j, 0x1p-24);
    (void)state;
    assert_int_equal(D.S.N, 660);
    for (int k = 0; k < 30; k++) {
        double u[4];
        double size = 0;
        long double x[4];
        long double F[4];
        const long double h = 1e-3L;
        for (int i = 0; i < 4; i++) {
            u[i] = rng_normal(&g);
            size += u[i] * u[i];
        }
        for (int e = 0; e < 4; e++) {
            for (int i = 0; i < 4; i++)
                x[i] = (i < 3 ? W[i] : V[0]) + (e - 1.5L) * h * u[i] / sqrt(size);
            F[e] = F_plain(&D, x);
        }
        assert_true(fabsl(F[3] - 3 * F[2] + 3 * F[1] - F[0]) / (h * h * h) <= up);
    }
    mem_free(&m);
}

/* Theorem 3's parts and the printed form. */
static void test_theorem3_forms(void **state)
{
    rng g = rng_make(32, 70);
    (void)state;
    for (int i = 0; i < 2000; i++) {
        skip_smoothness q = { pick(&g, 0.1, 3), { pick(&g, 0, 4), pick(&g, 0, 4), pick(&g, 0, 4) } };
        double r = pick(&g, 0.1, 4);
        double eps = el_exp(pick(&g, -40, 3));
        double D = sqrt(eps);
        long double s = sqrtl(q.mu[2] * eps);
        long double line = eps * (q.b + r) + q.b * r * sqrtl(s * q.mu[1] + s * s);
        long double P =
            sqrtl(2) * (q.b + r) + q.mu[0] + r * (1 + q.mu[1]) + r * q.b * (1 + (3 + 9 * q.mu[2]) / 4 + q.mu[1] / 2);
        assert_true(near_in(shamir_thm3_line(&q, eps, r), line, 1e-14L * line));
        assert_true(near_in(shamir_thm3_poly(&q, r), P, 1e-14L * P));
        assert_true(shamir_thm3_bound_at(&q, eps, r, D).hi <= (eps + powl(eps, 0.25L)) * P * (1 + 1e-12L));
    }
}

/* On a region that is not a ball about 0: derivatives along random lines at random points of it. */
static void test_region(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 40; s++) {
        world w = world_make(9500 + s * 5, smooth[s % 3]);
        double V0[NUMBERS], x[NUMBERS], u[NUMBERS];
        size_t d = w.D.S.dx;
        rng_normals(&w.g, d * w.D.k, V0);
        skip_region m = { 0.25, 0.5, V0 };
        skip_smoothness q = skip_smooth_on(&w.D, m, 3);
        for (int k = 0; k < 40; k++) {
            double a = 0;
            double b = 0;
            double size = 0;
            long double one[3];
            for (size_t i = 0; i < w.n; i++) {
                x[i] = rng_normal(&w.g);
                *(i < d ? &a : &b) += x[i] * x[i];
                u[i] = rng_normal(&w.g);
                size += u[i] * u[i];
            }
            for (size_t i = 0; i < w.n; i++) {
                x[i] = i < d ? 0.25 * x[i] / sqrt(a) : V0[i - d] + 0.5 * x[i] / sqrt(b);
                u[i] /= sqrt(size) * (1 + 1e-12);
            }
            along_plain(&w.D, x, u, one);
            for (int o = 0; o < 3; o++)
                assert_true(fabsl(one[o]) <= q.mu[o] * (1 + 1e-10L));
        }
        mem_free(&w.m);
    }
}

/// Section 4 ///

static long double penalised_plain(long double eps, long double lambda, long double w, long double v)
{
    long double e = w * (1 + eps * v) - 1;
    return e * e / 2 + lambda / 2 * (w * w + v * v);
}

/* The least over w, by scanning v < -1/eps: a minimum there if and only if lambda < lambda_c, at phi(t) = lambda. */
static void test_penalty(void **state)
{
    (void)state;
    for (int k = -3; k <= 3; k++) {
        long double eps = ldexpl(1, k);
        iv lambda = section4_lambda(section4_t(iv_of((double)eps)));
        for (int side = 0; side < 2; side++) {
            long double l = side ? lambda.hi * 1.02L : lambda.lo * 0.98L;
            size_t minima = 0;
            long double last = INFINITY;
            bool falling = false;
            for (int i = 1; i < 40000; i++) { /* s = -t downwards */
                long double t = 4 * (1 + eps) * i / 40000;
                long double v = -(1 + t) / eps;
                long double w = -t / (t * t + l);
                long double F = penalised_plain(eps, l, w, v);
                minima += falling && F > last;
                falling = F < last && i > 1;
                last = F;
            }
            assert_int_equal(minima, !side);
        }
    }
}

/* Along the circle: all local minima of F on the disc seen by a scan, just inside and outside of R_c. */
static void test_disc(void **state)
{
    static const double radius[] = { 1.25, 1.5, 2, 2.125, 2.25, 3, 4 };
    (void)state;
    for (size_t i = 0; i < COUNT(radius); i++) {
        circle_search s;
        circle_counts c = circle_all(&s, radius[i]);
        long double R = radius[i];
        size_t minima = 0;
        for (int k = 0; k < 20000; k++) {
            long double F[4];
            for (int e = 0; e < 4; e++) {
                long double f = (k + (e < 3 ? e - 1 : 0)) * 6.2831853071795864769L / 20000;
                long double r = e < 3 ? R : R - 1e-4L;
                F[e] = r * cosl(f) * (1 + r * sinl(f)) - 1;
                F[e] *= F[e];
            }
            minima += F[1] < F[0] && F[1] <= F[2] && F[1] < F[3] && F[1] > 1e-4L;
        }
        assert_true(!s.unresolved && !c.of[CIRCLE_OPEN] && c.of[CIRCLE_SPURIOUS] == minima);
        assert_int_equal(minima, R < 2.19);
    }
}

/// Theorem 4: attained, and its tails ///

static void test_attained(void **state)
{
    (void)state;
    for (int k = 1; k <= 2; k++)
        for (int root = 2; root <= 5; root++) {
            double T = two_to(2 * root);
            double x = 2 / (k * two_to(root));
            double c = sqrt_dn(add_dn(1, -mul_up(x, x)));
            sgd_task task = { 1, 1, 1, (size_t)T, NULL, NULL, &sgd_linear, 1, 1, 0 };
            shamir_thm4_attained_spec plain = { root, k, false };
            shamir_thm4_attained_spec smooth_one = { root, k, true };
            long double ratio = k / 2.0L + 2.0L / k * sqrtl(1 - k * k / (4 * T) + 1 / (T * T));
            assert_true(near_in(shamir_thm4_play(&plain, &task, x, c), sqrtl(T) * (2.0L / k + k / 2.0L), 1e-10L));
            assert_true(near_in(shamir_thm4_play(&smooth_one, &task, x, c), sqrtl(T) * ratio, 1e-10L));
        }
}

/* The least constant, of a random walk whose values and probabilities are known: all labels -1, at every T. */
static void test_tails(void **state)
{
    (void)state;
    for (size_t T = 1; T <= 4; T++)
        for (size_t minus = 1; minus <= 3; minus++) {
            mem m = { 0 };
            result r = { .margin = INFINITY };
            double X[4] = { 1, 1, 1, 1 };
            double Y[4] = { -1, minus > 1 ? -1 : 1, minus > 2 ? -1 : 1, 1 };
            double theta[SGD_MAX * SGD_MAX] = { 0 };
            double u[SGD_MAX] = { 1 };
            sgd_task task = { 4, 1, 0, T, X, Y, &sgd_linear, 1, 1, 1 };
            sgd_tails s = sgd_all_tails(&m, &task, theta, u);
            long double p = minus / 4.0L;
            long double least = 4 * (1 - p) / sqrtl(2 * logl(1 / p));
            assert_true(s.c.hi >= least - 1e-12L && s.c.lo < 2 && (minus > 1 || near_in(s.c, least, 1e-12L)));
            shamir_thm4_tails(&r, &m, &task, theta);
            assert_true(r.printed == CERTIFIED && r.repaired == CERTIFIED);
            mem_free(&m);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_losses), cmocka_unit_test(test_hinge_joints),
        cmocka_unit_test(test_convex_losses), cmocka_unit_test(test_derivatives), cmocka_unit_test(test_pseudoinverse),
        cmocka_unit_test(test_known_norms), cmocka_unit_test(test_random_norms), cmocka_unit_test(test_pairing),
        cmocka_unit_test(test_theorem1), cmocka_unit_test(test_theorem1_is_sharp), cmocka_unit_test(test_tally),
        cmocka_unit_test(test_theorem2), cmocka_unit_test(test_theorem2_is_sharp), cmocka_unit_test(test_smoothness),
        cmocka_unit_test(test_smoothness_reached), cmocka_unit_test(test_sopsp), cmocka_unit_test(test_theorem3),
        cmocka_unit_test(test_linear_least), cmocka_unit_test(test_sextic), cmocka_unit_test(test_multiples_of_sums),
        cmocka_unit_test(test_regret), cmocka_unit_test(test_steps), cmocka_unit_test(test_theorem4_bound),
        cmocka_unit_test(test_remark3), cmocka_unit_test(test_theorem3_range), cmocka_unit_test(test_kernel),
        cmocka_unit_test(test_origin), cmocka_unit_test(test_convex_least), cmocka_unit_test(test_weighted),
        cmocka_unit_test(test_witness), cmocka_unit_test(test_third), cmocka_unit_test(test_theorem3_forms),
        cmocka_unit_test(test_region), cmocka_unit_test(test_penalty), cmocka_unit_test(test_disc),
        cmocka_unit_test(test_attained), cmocka_unit_test(test_tails), cmocka_unit_test(test_origin_end),
        cmocka_unit_test(test_small_regions) };
    return cmocka_run_group_tests_name("shamir", tests, NULL, NULL);
}
