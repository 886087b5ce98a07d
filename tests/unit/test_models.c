/* SPDX-License-Identifier: MIT */
/* Losses, the linear skip model, lower bounds by duality, paths and their proof rules. Alone sees a rule that accepts
   what it does not prove, as no path of the program asks it to. */
#include "test.h"

/* The first loss from there on that has a conjugate, and so can be asked of duality and of paths. */
static int dual_loss(int which)
{
    while (which < LOSSES && !losses[which].conjugate)
        which++;
    return which;
}

static void sample_loss(rng *r, int which, size_t d, double *z, double *y)
{
    for (size_t k = 0; k < d; k++) {
        z[k] = 3 * rng_normal(r);
        y[k] = which == LOGISTIC ? (rng_normal(r) > 0 ? 1 : -1) : which == CROSS_ENTROPY ? 0 : rng_normal(r);
    }
    if (which == CROSS_ENTROPY)
        y[(size_t)(rng_uniform(r) * (double)d)] = 1;
}

/* A second formula, in long double. */
static long double plain_loss(int which, size_t d, const double *z, const double *y)
{
    long double s = 0;
    for (size_t k = 0; k < d; k++) {
        long double e = (long double)z[k] - y[k];
        long double a = fabsl(e);
        if (which == SQUARED)
            s += e * e;
        if (which == LOGISTIC)
            s += log1pl(expl(-(long double)y[k] * z[k]));
        if (which == HUBER)
            s += a <= 1 ? e * e / 2 : a - 0.5L;
    }
    if (which != CROSS_ENTROPY)
        return s;
    long double sum = 0;
    long double at = 0;
    for (size_t k = 0; k < d; k++) {
        sum += expl(z[k]);
        at += y[k] * (long double)z[k];
    }
    return logl(sum) - at;
}

/* Value against the second formula; gradient against its difference quotient; Fenchel and Young: L(z) + L*(p) = <p,
   z> at p = grad L(z), and >= elsewhere. */
static void test_losses(void **state)
{
    rng r = rng_make(3, 1);
    (void)state;
    for (int which = dual_loss(0); which < LOSSES; which = dual_loss(which + 1))
        for (int i = 0; i < 2000; i++) {
            size_t d = 2 + (size_t)(i % 3);
            double z[4], y[4], w[4];
            iv box[4], p[4], other[4], dot = { 0, 0 }, cross = { 0, 0 };
            sample_loss(&r, which, d, z, y);
            for (size_t k = 0; k < d; k++) {
                box[k] = iv_of(z[k]);
                w[k] = z[k] + rng_normal(&r);
                other[k] = iv_of(w[k]);
            }
            const loss *L = &losses[which];
            iv value = L->value(d, box, y);
            long double exact = plain_loss(which, d, z, y);
            long double slack = 1e-17L * (1 + fabsl(exact)) * 8;
            assert_true(value.lo <= exact + slack && exact - slack <= value.hi);
            assert_true(value.hi - value.lo <= 1e-13 * (1 + value.hi));
            L->gradient(d, box, y, p);
            for (size_t k = 0; k < d; k++) {
                double up[4], down[4];
                double h = 1e-5;
                memcpy(up, z, sizeof up);
                memcpy(down, z, sizeof down);
                up[k] += h;
                down[k] -= h;
                long double slope =
                    (plain_loss(which, d, up, y) - plain_loss(which, d, down, y)) / ((long double)up[k] - down[k]);
                assert_true(fabsl(slope - iv_mid(p[k])) < 2e-5L); /* Huber's kink: the quotient is off by h / 2 */
                assert_true(p[k].hi - p[k].lo <= 1e-14 * (1 + iv_mag(p[k])));
                dot = iv_add(dot, iv_mul(p[k], box[k]));
                cross = iv_add(cross, iv_mul(p[k], other[k]));
            }
            iv conjugate = L->conjugate(d, p, y);
            if (conjugate.hi == INFINITY)
                continue; /* a gradient at the very edge of the domain */
            iv equal = iv_sub(iv_add(value, conjugate), dot),
               above = iv_sub(iv_add(L->value(d, other, y), conjugate), cross);
            assert_true(iv_has(equal, 0) && equal.hi - equal.lo < 1e-11);
            assert_true(above.hi >= 0);
        }
}

/* Boxes contain what points give. */
static void test_loss_boxes(void **state)
{
    rng r = rng_make(3, 2);
    (void)state;
    for (int which = dual_loss(0); which < LOSSES; which = dual_loss(which + 1))
        for (int i = 0; i < 3000; i++) {
            double z[3], y[3];
            iv box[3], point[3], p[3], q[3];
            sample_loss(&r, which, 3, z, y);
            for (int k = 0; k < 3; k++) {
                double w = rng_uniform(&r);
                box[k] = iv_make(z[k] - w, z[k] + w);
                point[k] = iv_of(z[k] + w * (2 * rng_uniform(&r) - 1));
            }
            iv all = losses[which].value(3, box, y), one = losses[which].value(3, point, y);
            assert_true(all.lo <= one.lo && one.hi <= all.hi);
            losses[which].gradient(3, box, y, p);
            losses[which].gradient(3, point, y, q);
            for (int k = 0; k < 3; k++)
                assert_true(p[k].lo <= q[k].lo && q[k].hi <= p[k].hi);
        }
}

typedef struct {
    mem m;
    net_data D;
    double *star;
    net_point A, B;
} world;

static world world_make(int which, uint64_t stream)
{
    world w = { 0 };
    rng g = rng_make(11, stream);
    w.D = (net_data) { .S = teacher_samples(&w.m, &g, &losses[which], 4, 2, 30), .dz = 3 };
    if (which == CROSS_ENTROPY)
        w.D = (net_data) { .S = teacher_samples(&w.m, &g, &losses[which], 4, 3, 40), .dz = 3 };
    w.star = mem_doubles(&w.m, w.D.S.dy * w.D.S.dx);
    fit(&w.m, &w.D.S, w.D.S.dx, w.D.S.X, w.star);
    wang_thm6_full_rank(&w.D, &g, w.D.S.dx, w.star);
    w.A = wang_thm6_end(&w.m, &w.D, &g, ENDS_RANDOM, 0, 1, w.star);
    w.B = wang_thm6_end(&w.m, &w.D, &g, ENDS_RANDOM, 1, 2, w.star);
    return w;
}

/* Dual <= primal, close together, and no perturbation of W* falls below the dual bound. */
static void test_duality(void **state)
{
    (void)state;
    for (int which = dual_loss(0); which < LOSSES; which = dual_loss(which + 1))
        for (uint64_t s = 1; s < 4; s++) {
            world w = world_make(which, s);
            rng r = rng_make(11, 100 + s);
            size_t n = w.D.S.dy * w.D.S.dx;
            double dual = dual_dn(&w.m, &w.D.S, w.star);
            double *other = mem_doubles(&w.m, n);
            iv primal = net_risk_plain(&w.m, &w.D, w.star);
            assert_true(dual <= primal.hi);
            assert_true(primal.hi - dual < 1e-9);
            for (int i = 0; i < 50; i++) {
                for (size_t k = 0; k < n; k++)
                    other[k] = w.star[k] + 0.1 * rng_normal(&r);
                assert_true(net_risk_plain(&w.m, &w.D, other).hi >= dual);
                /* a bound from any W, if a poor one */
                if (i < 5)
                    assert_true(dual_dn(&w.m, &w.D.S, other) <= primal.hi);
            }
            mem_free(&w.m);
        }
}

static leg *whole_path(world *w, size_t *n)
{
    rng r = rng_make(1, 1);
    route way = wang_thm6_half(&w->m, &w->D, &r, &w->A, w->star);
    route back = wang_thm6_half(&w->m, &w->D, &r, &w->B, w->star);
    wang_thm6_join(&way, &back);
    *n = way.n;
    return way.legs;
}

/* Densely walked, in plain arithmetic, no lift exceeds the certified bound; and the bound is reached at an end. */
static void test_path_bound(void **state)
{
    (void)state;
    for (int which = dual_loss(0); which < LOSSES; which = dual_loss(which + 1)) {
        world w = world_make(which, 5);
        size_t n;
        leg *legs = whole_path(&w, &n);
        path_report p = path_certify(&w.m, &w.D, legs, n);
        assert_null(p.why);
        assert_true(p.rank > 0 && p.pieces > 0);
        for (size_t i = 0; i < n; i++)
            if (legs[i].type == LEG_LIFT)
                assert_true(lift_walk(&w.m, &w.D, &legs[i]) <= p.bound + 1e-9);
        iv lambda = iv_max(net_risk(&w.m, &w.D, &w.A), net_risk(&w.m, &w.D, &w.B));
        assert_true(p.bound >= lambda.lo);
        mem_free(&w.m);
    }
}

static void expect_why(const path_report *r, const char *why)
{
    assert_non_null(r->why);
    assert_non_null(strstr(r->why, why));
}

/* Each rule refuses what it does not prove. */
static void test_path_rules(void **state)
{
    world w = world_make(SQUARED, 6);
    size_t n;
    (void)state;
    leg *legs = whole_path(&w, &n), saved[16];
    memcpy(saved, legs, n * sizeof *legs);
    path_report r = path_certify(&w.m, &w.D, legs + 1, n - 1); /* fine: starts at the gauged point */
    assert_null(r.why);
    legs[0].to.gauged = false; /* the gauge skipped: the lift starts elsewhere */
    r = path_certify(&w.m, &w.D, legs, n);
    expect_why(&r, "do not join");
    memcpy(legs, saved, n * sizeof *legs);
    legs[1].from.gauged = false;
    r = path_certify(&w.m, &w.D, legs + 1, 1);
    expect_why(&r, "gauged");
    memcpy(legs, saved, n * sizeof *legs);
    legs[2].from.V1 = legs[2].to.V1 = w.A.V1; /* the block may move at V = 0 only */
    legs[1].to.V1 = w.A.V1;
    legs[1].to.gauged = legs[2].from.gauged = true;
    r = path_certify(&w.m, &w.D, legs + 2, 1);
    expect_why(&r, "V = 0");
    memcpy(legs, saved, n * sizeof *legs);
    legs[1].to.g = w.B.g;
    r = path_certify(&w.m, &w.D, legs + 1, 1);
    expect_why(&r, "block");
    leg both = { LEG_LINEAR, w.A, w.B };
    both.to.g = w.A.g;
    r = path_certify(&w.m, &w.D, &both, 1);
    expect_why(&r, "both factors");
    mem_free(&w.m);
}

/* The cover of [0, 1]: a line through a singular matrix is never certified, however it is cut; the certified rank is
   below every sampled one. */
static void test_rank_cover(void **state)
{
    rng g = rng_make(11, 50);
    (void)state;
    for (int i = 0; i < 40; i++) {
        mem m = { 0 };
        double *A = mem_doubles(&m, 6);
        double *B = mem_doubles(&m, 6);
        double least = INFINITY;
        size_t pieces = 0;
        rng_normals(&g, 6, A);
        rng_normals(&g, 6, B);
        rank_line line = rank_line_make(&m, 2, 3, A, B);
        double rank = rank_cover(&line, &pieces);
        for (int t = 0; t <= 64; t++) {
            double W[6];
            mat_blend(6, t / 64.0, A, B, W);
            least = fmin(least, sigma_range(&m, 2, 3, W).hi);
        }
        assert_true(rank > 0 && rank <= least);
        for (int k = 0; k < 6; k++)
            B[k] = -3 * A[k]; /* singular at t = 1/4 */
        line = rank_line_make(&m, 2, 3, A, B);
        assert_true(rank_cover(&line, &pieces) == 0);
        B[0] = A[0];
        /* a row through 0 at an odd place */
        for (int k = 0; k < 6; k++)
            B[k] = k < 3 ? -A[k] * (1 + 0x1p-40) : B[k];
        line = rank_line_make(&m, 2, 3, A, B);
        assert_true(rank_cover(&line, &pieces) == 0);
        mem_free(&m);
    }
}

/* dy > dx: full column rank is not enough, W W^+ is not the identity. The data of Remark 4.1, where the true barrier
   is 2.5. */
static void test_lift_needs_wide(void **state)
{
    static const double X[4] = { -2, -1, 1, 2 };
    static const double Y[8] = { 2, 0, 1, 0, 1, 0, 2, 0 };
    double first[2] = { 1, -1 };
    double second[2] = { 1, 1 };
    double W[2][2] = { { 0x1p-4, 0x1p-10 }, { -0x1p-4, 0x1p-10 } };
    double V[2][1] = { { 16 }, { -16 } };
    block g = { 2, { 1, 2, 1 }, { first, second } };
    net_data D = { { 4, 1, 2, X, Y, &losses[SQUARED] }, 0, 1, 0, 0 };
    leg l = { LEG_LIFT, { W[0], V[0], &g, true }, { W[1], V[1], &g, true } };
    mem m = { 0 };
    (void)state;
    path_report r = path_certify(&m, &D, &l, 1);
    expect_why(&r, "no more outputs than units");
    mem_free(&m);
}

/* Norms, second moments and extreme eigenvalues: enclosures of values known exactly. */
static void test_spectra(void **state)
{
    static const double X[8] = { 3, 0, -3, 0, 0, 1, 0, -1 }; /* E x x^T = diag(9/2, 1/2) */
    static const iv S[4] = { { 2, 2 }, { 1, 1 }, { 1, 1 }, { 3, 3 } };
    mem m = { 0 };
    iv least, largest;
    (void)state;
    double norm = frobenius_up(2, (double[]) { 3, 4 });
    assert_true(norm >= 5 && norm < 5 + 1e-13);
    assert_true(frobenius_up(1, (double[]) { NAN }) == INFINITY);
    moment q = moment_of(&m, 4, 2, X);
    assert_true(q.error > 0 && q.error < 1e-13);
    eigen_range(&m, 2, q.S, q.error, &least, &largest);
    assert_true(
        iv_has(least, 0.5) && least.hi - least.lo < 1e-12 && iv_has(largest, 4.5) && largest.hi - largest.lo < 1e-12);
    eigen_range(&m, 2, q.S, 0.25, &least, &largest); /* known less well: wider by that much */
    assert_true(least.lo <= 0.25 && least.hi >= 0.75 && largest.lo <= 4.25 && largest.hi >= 4.75);
    expect_double("Gershgorin", gershgorin_dn(2, S), 1);
    iv sigma = sigma_range(&m, 2, 3, (double[]) { 3, 0, 0, 0, 0, 2 });
    assert_true(sigma.lo <= 2 && sigma.lo > 2 - 1e-12 && sigma.hi >= 3 && sigma.hi < 3 + 1e-12);
    mem_free(&m);
}

static void test_determinant(void **state)
{
    iv A[9], I[25] = { { 0, 0 } };
    static const double a[9] = { 2, -1, 0, 5, 3, 7, 1, 4, -6 };
    (void)state;
    for (int i = 0; i < 9; i++)
        A[i] = iv_of(a[i]);
    assert_true(iv_is(iv_det(3, A), -129)); /* 2(-18 - 28) + 1(-30 - 7) */
    for (int i = 0; i < 25; i++)
        I[i] = iv_of(i % 6 == 0 ? -1 : 0);
    assert_true(iv_is(iv_det(5, I), -1));
}

/* More outputs or layers than the arrays hold: a word, and the end. */
static void too_many_outputs(void *which)
{
    enum { OUTPUTS = SKV_MAX_OUTPUTS + 4 };
    static double x[2] = { 1, 1 };
    static double many[2 * OUTPUTS];
    mem arena = { 0 };
    sample_set S = { 1, 2, OUTPUTS, x, many, &losses[SQUARED] };
    net_data D = { .S = S, .kappa = 1 };
    static iv f[OUTPUTS];
    if (*(int *)which == 0)
        dual_dn(&arena, &S, many);
    else if (*(int *)which == 1)
        net_dual_dn(&arena, &D, f);
    else
        fit(&arena, &S, 2, x, many);
}

/* Value and gradient in plain arithmetic: in the enclosures of both, but for rounding, also far out and at kinks; the
   Hessian likewise. */
static void test_slopes(void **state)
{
    rng r = rng_make(25, 9);
    (void)state;
    for (int i = 0; i < 12000; i++) {
        const loss *L = i % 6 < LOSSES ? &losses[i % 6] : &weighted_squares;
        size_t d = 2 + (size_t)(i % 3);
        double z[4], y[8], p[4], H[16];
        iv box[4], slope[4], second[16];
        for (size_t k = 0; k < d; k++) {
            z[k] = i / 6 % 4 ? 3 * rng_normal(&r) : i / 24 % 2 ? 40 * rng_normal(&r) : floor(3 * rng_normal(&r));
            y[k] = i / 6 % 3 ? rng_normal(&r) : floor(2 * rng_normal(&r));
            y[d + k] = fabs(rng_normal(&r));
            box[k] = iv_of(z[k]);
        }
        label_make(L, d, (size_t)i % d, y);
        double value = L->slope(d, z, y, p);
        iv F = L->value(d, box, y);
        L->gradient(d, box, y, slope);
        assert_true(value >= F.lo - 0x1p-48 * (1 + F.lo) && value <= F.hi + 0x1p-48 * (1 + F.hi));
        for (size_t k = 0; k < d; k++) {
            double room = 0x1p-48 * (1 + iv_mag(slope[k]));
            assert_true(p[k] >= slope[k].lo - room && p[k] <= slope[k].hi + room);
        }
        if (!L->hessian && !L->second)
            continue;
        loss_curvature(L, d, z, p, y, H);
        loss_hessian(L, d, box, y, second);
        for (size_t k = 0; k < d * d; k++)
            assert_true(H[k] >= second[k].lo - 0x1p-48 && H[k] <= second[k].hi + 0x1p-48);
    }
}

static void too_many_layers(void *ctx)
{
    mem arena = { 0 };
    (void)ctx;
    block_place(&arena, 1, 1, BLOCK_MAX_LAYERS + 2, NULL);
}

static void test_sizes(void **state)
{
    (void)state;
    for (int which = 0; which < 3; which++)
        expect_end(EXIT_UNDECIDED, "outputs of a sample: 20, at most 16", too_many_outputs, &which);
    expect_end(EXIT_UNDECIDED, "layers of a block: 10, at most 8", too_many_layers, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_losses), cmocka_unit_test(test_loss_boxes),
        cmocka_unit_test(test_slopes), cmocka_unit_test(test_duality), cmocka_unit_test(test_path_bound),
        cmocka_unit_test(test_path_rules), cmocka_unit_test(test_rank_cover), cmocka_unit_test(test_lift_needs_wide),
        cmocka_unit_test(test_spectra), cmocka_unit_test(test_sizes), cmocka_unit_test(test_determinant) };
    return cmocka_run_group_tests_name("models and paths", tests, NULL, NULL);
}
