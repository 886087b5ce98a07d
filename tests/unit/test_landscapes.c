/* SPDX-License-Identifier: MIT */
/* Landscapes in two parameters: formulas, jets, stationary points, merge trees, least values, depths. Alone sees
   functions that a user may give: kinks, singular Hessians, points on the edge of the box. */
#include "test.h"

static expr parsed(const char *formula)
{
    expr e;
    size_t column;
    const char *wrong = expr_parse(formula, &e, &column);
    if (wrong)
        fail_msg("%s, column %zu: expected %s", formula, column, wrong);
    return e;
}

/* Contains v up to `slack`, the error of v itself. */
static bool near_in(iv a, long double v, long double slack) { return a.lo <= v + slack && v - slack <= a.hi; }

static double pick(rng *g, double lo, double hi) { return lo + (hi - lo) * rng_uniform(g); }

/// Formulas ///

static void test_values(void **state)
{
    const long double x = 1.25L;
    const long double y = -0.75L;
    const struct {
        const char *formula;
        long double value;
    } table[] = { { "x", x }, { "y", y }, { "7", 7 }, { "0.1", 0.1L }, { ".5", 0.5L }, { "5.", 5 },
        { "123456789012345", 123456789012345.0L }, { "0.00000000000001", 1e-14L }, { "-x^2", -x * x },
        { "(-x)^2", x * x }, { "2-3-4", -5 }, { "2-(3-4)", 3 }, { "12/3/2", 2 }, { "12/(3/2)", 8 }, { "12/3*2", 8 },
        { "--x", x }, { "---x", -x }, { "2+3*4", 14 }, { "(2+3)*4", 20 }, { "2*3+4", 10 }, { "2*-3", -6 },
        { "2--3", 5 }, { "2+-3", -1 }, { "2*x^3", 2 * x * x * x }, { "-2^2", -4 }, { "2^2*3", 12 }, { "6-4/2", 4 },
        { "1-x*y-y", 1 - x * y - y }, { "x/y", x / y }, { "x/y/x*y", 1 }, { "x^0", 1 }, { "0^0", 1 }, { "x^1", x },
        { "y^3", y * y * y }, { "2^64", 0x1p64L }, { " x  +  2 * ( y - 1 ) ^ 2 ", x + 2 * (y - 1) * (y - 1) },
        { "x ^ 2", x * x }, { "max ( x , y )", x }, { "min(x,y)", y }, { "max(x,min(y,2))", x }, { "abs(y)", -y },
        { "abs(-x)", x }, { "abs(y)^3", -y * y * y }, { "sqrt(x)", sqrtl(x) }, { "sqrt(x)^2", x },
        { "sin(x)", sinl(x) }, { "cos(y)", cosl(y) }, { "sin(x)^2+cos(x)^2", 1 }, { "sin(-x)", -sinl(x) },
        { "-sin(x)^2", -sinl(x) * sinl(x) }, { "max(x,y)-min(x,y)*2", x - 2 * y }, { "(((x)))", x },
        { "(x+y)*(x-y)", x * x - y * y }, { "1/x^2", 1 / (x * x) }, { "x-y^2/2", x - y * y / 2 },
        { "abs(x-y)-abs(y-x)", 0 }, { "sqrt(abs(y))", sqrtl(-y) }, { "cos(x*y)/(1+x^2)", cosl(x * y) / (1 + x * x) },
        { "1e-3", 1e-3L }, { "2.5E+4", 25000 }, { ".5e1", 5 }, { "5.e-1", 0.5L }, { "1e0*x", x }, { "0e5", 0 },
        { "1e22", 1e22L }, { "1e23", 1e23L }, { "1.5e-40", 1.5e-40L }, { "1e200", 1e200L },
        { "0.333333333333333333333333", 1 / 3.0L },
        { "123456789012345678901234567890", 123456789012345678901234567890.0L },
        { "0.0000000000000000000000001", 1e-25L }, { "+x", x }, { "+x-+y", x - y }, { "-+x", -x }, { "+-x", -x },
        { "2*+x", 2 * x }, { "+x^2", x * x }, { "2*-x^2", -2 * x * x }, { "-x^2*y", -x * x * y }, { "-x*y", -x * y },
        { "-2^2+1", -3 }, { "x^-2", 1 / (x * x) }, { "-x^-1", -1 / x }, { "2^-64", 0x1p-64L }, { "x^-0", 1 },
        { "x ^ - 1", 1 / x }, { "exp(x)", expl(x) }, { "exp(-x^2)", expl(-x * x) }, { "log(x)", logl(x) },
        { "tanh(y)", tanhl(y) }, { "exp(log(x))", x }, { "log(exp(y))", y }, { "exp(y*log(x))", powl(x, y) },
        { "log(1+exp(-x))", log1pl(expl(-x)) }, { "exp(2)*x", expl(2) * x }, { "2*exp(x)", 2 * expl(x) },
        { "(exp(x)-exp(-x))/(exp(x)+exp(-x))-tanh(x)", 0 } };
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        expr e = parsed(table[i].formula);
        iv F = expr_at(&e, iv_of(1.25), iv_of(-0.75), 0).F, R = expr_range(&e, iv_of(1.25), iv_of(-0.75));
        long double slack = 1e-18L * (1 + fabsl(table[i].value));
        if (!near_in(F, table[i].value, slack) || !near_in(R, table[i].value, slack) ||
            !(F.hi - F.lo <= 1e-14 * (1 + iv_mag(F))))
            fail_msg("%s => [%a, %a]  expected: %La", table[i].formula, F.lo, F.hi, table[i].value);
    }
    expr tenth = parsed("0.1"); /* 1/10 lies strictly between two doubles */
    assert_true(tenth.op[0].number.lo < 0.1L && 0.1L < tenth.op[0].number.hi &&
        next_up(tenth.op[0].number.lo) == tenth.op[0].number.hi);
}

static void test_wrong(void **state)
{
    static const struct {
        const char *formula;
        size_t column;
    } table[] = { { "", 1 }, { "   ", 4 }, { "x+", 3 }, { "x+*y", 3 }, { "2x", 2 }, { "x y", 3 }, { "x^-", 4 },
        { "x^--2", 4 }, { "x^-y", 4 }, { "x^+2", 3 }, { "x^-65", 4 }, { "x^-2^2", 5 }, { "1e", 2 }, { "1e+", 4 },
        { "1e-x", 4 }, { "1E", 2 }, { "2exp(x)", 2 }, { "1e400", 1 }, { "1e1000", 1 }, { "x+1e-1000", 3 },
        { "1e99999999999999999999", 1 }, { "1e1.5", 4 }, { "1e5e5", 4 }, { "e5", 1 }, { "exp", 4 }, { "exp x", 5 },
        { "log()", 5 }, { "log(x,y)", 6 }, { "tanh(x", 7 }, { "ln(x)", 1 }, { "+", 2 }, { "x+-", 4 }, { "+*x", 2 },
        { "x^65", 3 }, { "x^100", 3 }, { "x^", 3 }, { "x^y", 3 }, { "x^2^3", 4 }, { "x^(2)", 3 }, { "(x", 3 },
        { "x)", 2 }, { "()", 2 }, { "max(x)", 6 }, { "max(x,y", 8 }, { "max(x,)", 7 }, { "max(x,y,x)", 8 },
        { "abs(x,y)", 6 }, { "sin x", 5 }, { "sqrt", 5 }, { "tan(x)", 1 }, { "z", 1 }, { "X", 1 }, { ".", 1 },
        { ".e5", 1 }, { "1.2.3", 4 }, { "--", 3 }, { "x,y", 2 }, { "x+y;", 4 }, { "*x", 1 }, { "x+(y*(2-)", 9 },
        { "x\t+y", 2 }, { "x/", 3 }, { "abs", 4 }, { "x^2.5", 4 }, { "max(,y)", 5 }, { "x**2", 3 } };
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        expr e;
        size_t column = 999;
        const char *wrong = expr_parse(table[i].formula, &e, &column);
        if (!wrong || !*wrong || column != table[i].column)
            fail_msg("%s: %s at %zu  expected: column %zu", table[i].formula, wrong ? wrong : "fine", column,
                table[i].column);
    }
}

/* The largest number of operands on expr_at's stack; fails on an underflow or if not one operand is left. */
static size_t stack_top(const expr *e)
{
    size_t n = 0;
    size_t top = 0;
    assert_true(e->n <= EXPR_MAX);
    for (size_t i = 0; i < e->n; i++) {
        switch (e->op[i].code) {
        case EXPR_NUMBER:
        case EXPR_X:
        case EXPR_Y:
            n++;
            break;
        case EXPR_RAISE:
        case EXPR_ONE:
            assert_true(n >= 1);
            break;
        case EXPR_TWO:
            assert_true(n >= 2);
            n--;
            break;
        }
        if (n > top)
            top = n;
    }
    assert_int_equal(n, 1);
    return top;
}

static void repeat(char *out, const char *before, const char *middle, const char *after, int times)
{
    *out = 0;
    for (int i = 0; i < times; i++)
        strcat(out, before);
    strcat(out, middle);
    for (int i = 0; i < times; i++)
        strcat(out, after);
}

static void test_limits(void **state)
{
    /* operands that wait, per level */
    static const struct {
        const char *before, *after;
        size_t pending;
    } shape[] = { { "(", ")", 0 }, { "-", "", 0 }, { "1+2*(", ")", 2 }, { "max(x,", ")", 1 }, { "1+2*max(x,", ")", 3 },
        { "x-y/min(2,", ")", 3 }, { "-(", ")", 0 }, { "abs(", ")", 0 }, { "x*max(y,", ")", 2 },
        { "1-2*max(x,-", ")", 3 }, { "1+2*max(3*(", "),x)", 3 }, { "1+2*max(x+y*max(1,2),", ")", 3 } };
    enum { DEPTH_STACK = 3 * EXPR_DEPTH + 4 }; /* of expr_at */
    char text[4096];
    expr e;
    size_t column;
    size_t highest = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(shape); i++) {
        int deepest = 0;
        for (int k = 0; k <= 40; k++) {
            repeat(text, shape[i].before, "x", shape[i].after, k);
            const char *wrong = expr_parse(text, &e, &column);
            assert_true(e.n <= EXPR_MAX);
            if (wrong) {
                assert_true(column >= 1 && column <= strlen(text) + 1);
                continue;
            }
            assert_int_equal(deepest, k == 0 ? 0 : k - 1); /* once too deep, too deep for good */
            deepest = k;
            size_t top = stack_top(&e);
            assert_true(top <= DEPTH_STACK);
            highest = top > highest ? top : highest;
            jet j = expr_at(&e, iv_of(0.5), iv_of(0.5), 2);
            assert_true(j.F.lo == j.F.lo && j.F.lo <= j.F.hi);
        }
        assert_true(deepest >= 10 && deepest < EXPR_DEPTH);
        if (i < 4)
            assert_int_equal(deepest, EXPR_DEPTH - 1);
    }
    assert_true(highest >= 3 * (EXPR_DEPTH - 1)); /* the limit is nearly met, so that it is tested */
    repeat(text, "1+2*(", "x", ")", EXPR_DEPTH - 1);
    assert_null(expr_parse(text, &e, &column));
    assert_true(
        iv_is(expr_at(&e, iv_of(1), iv_of(0), 2).x, 0x1p31) && iv_is(expr_at(&e, iv_of(1), iv_of(0), 0).F, 0x1p32 - 1));
    repeat(text, "(", "x", ")", 33);
    assert_non_null(expr_parse(text, &e, &column));
    assert_int_equal(column, EXPR_DEPTH + 1);
    for (int terms = 1; terms <= 300; terms++) {
        repeat(text, "x+", "x", "", terms - 1);
        const char *wrong = expr_parse(text, &e, &column);
        assert_true(e.n <= EXPR_MAX);
        assert_int_equal(!wrong, 2 * terms - 1 <= EXPR_MAX);
        if (!wrong)
            assert_true(iv_is(expr_at(&e, iv_of(3), iv_of(0), 1).F, 3 * terms) && stack_top(&e) == (terms > 1 ? 2 : 1));
        else
            assert_true(column <= strlen(text) + 1);
    }
}

/* Any text: an error within it, or a program that runs. */
static void test_garbage(void **state)
{
    static const char *const piece[] = { "x", "y", "1", "2.5", "+", "-", "*", "/", "^2", "^", "(", ")", "abs(", "sqrt(",
        "sin(", "cos(", "exp(", "log(", "tanh(", "e-3", "^-1", "max(", "min(", ",", " ", "0", ".", "q" };
    rng g = rng_make(31, 1);
    size_t fine = 0;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[512] = "";
        int n = 1 + (int)(rng_uniform(&g) * (i % 8 ? 9 : 60));
        for (int k = 0; k < n; k++)
            strcat(text, piece[(size_t)(rng_uniform(&g) * COUNT(piece))]);
        expr e;
        size_t column;
        const char *wrong = expr_parse(text, &e, &column);
        assert_true(e.n <= EXPR_MAX);
        if (wrong) {
            assert_true(column >= 1 && column <= strlen(text) + 1);
            continue;
        }
        fine++;
        assert_true(stack_top(&e) <= 3 * EXPR_DEPTH + 4);
        jet j = expr_at(&e, (iv) { -1, 0.5 }, (iv) { 0, 2 }, 2);
        const iv all[6] = { j.F, j.x, j.y, j.xx, j.xy, j.yy };
        for (int k = 0; k < 6; k++)
            assert_true(all[k].lo <= all[k].hi);
    }
    assert_true(fine > 200);
}

/// Enclosures ///

#define FORMULAS(F)                                                                             \
    F("x^2*y-3*x+y^3", x *x *y - 3 * x + y * y * y)                                             \
    F("(x+y)^5", powl(x + y, 5))                                                                \
    F("x^6-2*y^7", powl(x, 6) - 2 * powl(y, 7))                                                 \
    F("(x*(1+y)-1)^2+(x^2+y^2)/4", (x * (1 + y) - 1) * (x * (1 + y) - 1) + (x * x + y * y) / 4) \
    F("sin(2*x+y)*cos(x-3*y)", sinl(2 * x + y) * cosl(x - 3 * y))                               \
    F("sin(x*y)+cos(x^2)", sinl(x *y) + cosl(x * x))                                            \
    F("sqrt(1+x^2+y^2)", sqrtl(1 + x * x + y * y))                                              \
    F("x*y/(2+x^2)", x *y / (2 + x * x))                                                        \
    F("(x-y)^4/(1+y^4)", powl(x - y, 4) / (1 + y * y * y * y))                                  \
    F("-x^3--y^2*x", -x *x *x + y * y * x)                                                      \
    F("cos(sin(x)+y)^3", powl(cosl(sinl(x) + y), 3))                                            \
    F("exp(-x^2-y^2/2)*x", expl(-x *x - y * y / 2) * x)                                         \
    F("log(1+x^2+y^2)-y", logl(1 + x * x + y * y) - y)                                          \
    F("tanh(x-2*y)*y", tanhl(x - 2 * y) * y)                                                    \
    F("tanh(x)^2+tanh(y)", tanhl(x) * tanhl(x) + tanhl(y))                                      \
    F("log(1+exp(-x*y))", log1pl(expl(-x *y)))                                                  \
    F("abs(x)*y", fabsl(x) * y)                                                                 \
    F("abs(x-y)+abs(x+y)", fabsl(x - y) + fabsl(x + y))                                         \
    F("max(x,y)^2-min(x,2*y)", (x > y ? x : y) * (x > y ? x : y) - (x < 2 * y ? x : 2 * y))     \
    F("max(x^2,1-y)", x *x > 1 - y ? x * x : 1 - y)                                             \
    F("min(x*y,sin(x))", x *y < sinl(x) ? x * y : sinl(x))                                      \
    F("abs(x^2-y)^3", powl(fabsl(x *x - y), 3))                                                 \
    F("sqrt(abs(x)+1/2)*y", sqrtl(fabsl(x) + 0.5L) * y)                                         \
    F("sqrt(x)", sqrtl(x))                                                                      \
    F("sqrt(x*y)", sqrtl(x *y))                                                                 \
    F("log(x)*y", logl(x) * y)                                                                  \
    F("log(x-y^2)", logl(x - y * y))                                                            \
    F("exp(1/x)+x^-2", expl(1 / x) + 1 / (x * x))                                               \
    F("1/x", 1 / x)                                                                             \
    F("y/(x-y)", y / (x - y))                                                                   \
    F("1/x^2+y", 1 / (x * x) + y)                                                               \
    F("(x+1)/(y+2)-x/(1+abs(y))", (x + 1) / (y + 2) - x / (1 + fabsl(y)))                       \
    F("min(x,1)^2+max(x-2,0)^2+y^2", (x < 1 ? x : 1) * (x < 1 ? x : 1) + (x > 2 ? (x - 2) * (x - 2) : 0) + y * y)
#define F(text, value) text,
static const char *const formulas[] = { FORMULAS(F) };
#undef F
enum { SMOOTH = 16 }; /* the first ones have neither kinks nor poles */
static long double plain_at(size_t i, long double x, long double y)
{
    size_t k = 0;
#define F(text, value) \
    if (i == k++)      \
        return value;
    FORMULAS(F)
#undef F
    return 0;
}

/* A segment of a box, for two rounds the whole of it: its ends and its middle. Returns half its length. */
static long double segment(rng *g, iv box, int k, long double *at)
{
    double lo = pick(g, box.lo, box.hi);
    double hi = k < 2 ? box.hi : pick(g, box.lo, box.hi);
    if (k < 2)
        lo = box.lo;
    at[0] = fmin(lo, hi);
    at[2] = fmax(lo, hi);
    at[1] = (at[0] + at[2]) / 2;
    return (at[2] - at[0]) / 2;
}

/* Does a jet over a box enclose the value and the difference quotients of the nine values v, in steps of h? */
static bool quotients_enclosed(const jet *j, long double v[3][3], const long double *h, long double slack)
{
    const iv all[5] = { j->x, j->y, j->xx, j->xy, j->yy };
    long double at = v[1][1];
    const long double quotient[5] = { (v[2][1] - v[0][1]) / (2 * h[0]), (v[1][2] - v[1][0]) / (2 * h[1]),
        (v[2][1] - 2 * at + v[0][1]) / (h[0] * h[0]), (v[2][2] - v[2][0] - v[0][2] + v[0][0]) / (4 * h[0] * h[1]),
        (v[1][2] - 2 * at + v[1][0]) / (h[1] * h[1]) };
    const long double weak[5] = { slack / h[0], slack / h[1], 4 * slack / (h[0] * h[0]), 4 * slack / (h[0] * h[1]),
        4 * slack / (h[1] * h[1]) };
    bool good = near_in(j->F, at, slack);
    for (int q = 0; q < 5; q++)
        good &= near_in(all[q], quotient[q], weak[q]);
    return good;
}

/* Difference quotients along segments of the box are means of derivatives over it: no truncation error, only
   rounding. Where there are kinks, Lebourg's mean value theorem says the same of the generalised gradient. */
static void test_inclusion(void **state)
{
    rng g = rng_make(31, 2);
    size_t second = 0;
    size_t narrow = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(formulas); i++) {
        expr e = parsed(formulas[i]);
        for (int round = 0; round < 150; round++) {
            double wx = double_of((uint64_t)(1013 + round % 12) << 52);
            double wy = double_of((uint64_t)(1013 + round / 12 % 12) << 52);
            double cx = dyadic(2 * rng_normal(&g));
            double cy = dyadic(2 * rng_normal(&g));
            if (round % 5 == 0)
                cx = 0;
            if (round % 7 == 0)
                cy = cx;
            iv bx = { cx - (round % 3 ? wx / 2 : 0), cx + wx / 2 }, by = { cy - (round % 4 ? wy / 2 : 0), cy + wy / 2 };
            jet j = expr_at(&e, bx, by, 2);
            iv range = expr_range(&e, bx, by);
            const iv all[6] = { j.F, j.x, j.y, j.xx, j.xy, j.yy };
            for (int k = 0; k < 6; k++)
                assert_true(all[k].lo <= all[k].hi);
            for (int k = 0; k < 12; k++) {
                long double h[2], a[3], b[3], v[3][3];
                long double most = 1;
                h[0] = segment(&g, bx, k, a);
                h[1] = segment(&g, by, k, b);
                if (h[0] < 1e-5L || h[1] < 1e-5L)
                    continue;
                bool known = true;
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 3; s++) {
                        v[r][s] = plain_at(i, a[r], b[s]);
                        known &= v[r][s] - v[r][s] == 0;
                        most = fmaxl(most, fabsl(v[r][s]));
                    }
                if (!known)
                    continue;
                long double slack = 1e-17L * most;
                if (!quotients_enclosed(&j, v, h, slack) || !near_in(range, v[1][1], slack))
                    fail_msg("%s on [%g, %g] x [%g, %g]: a value or a quotient is not enclosed", formulas[i], bx.lo,
                        bx.hi, by.lo, by.hi);
                second += j.xx.hi < INFINITY;
            }
            if (i >= SMOOTH || wx > 0x1p-8 || wy > 0x1p-8)
                continue;
            for (int k = 0; k < 6; k++)
                assert_true(all[k].hi - all[k].lo <=
                    0.25 * (1 + iv_mag(iv_of(iv_mid(all[k])))) * (10 + 10 * iv_mag(bx) + 10 * iv_mag(by)));
            assert_true(range.hi - range.lo <= j.F.hi - j.F.lo);
            narrow++;
        }
    }
    assert_true(second > 3000 && narrow > 50);
}

/* Second derivatives two ways: from the jet, and as difference quotients of its own first ones; and of formulas that
   say the same in other words. */
static void test_jets(void **state)
{
    static const char *const same[][2] = { { "(x+y)^3", "x^3+3*x^2*y+3*x*y^2+y^3" }, { "x/(1+y^2)", "x*(1/(1+y^2))" },
        { "sqrt(1+x^2)^2*y", "(1+x^2)*y" }, { "sin(x+y)", "sin(x)*cos(y)+cos(x)*sin(y)" },
        { "cos(2*x)", "1-2*sin(x)^2" }, { "(x-y)^2", "x*x-2*x*y+y*y" }, { "x^7", "x*x*x*x*x*x*x" },
        { "x^2/y", "x*x/y" }, { "abs(x)*abs(x)", "x^2" }, { "max(x,y)+min(x,y)", "x+y" }, { "-(x-y)", "y-x" },
        { "sqrt(x^2+y^4)", "sqrt(y*y*y*y+x*x)" }, { "1/(x*y)", "(1/x)*(1/y)" }, { "x^0*y", "y" }, { "x^1*y^1", "x*y" },
        { "x^2*x^3", "x^5" }, { "max(x,-x)", "abs(x)" }, { "-min(-x,-y)", "max(x,y)" }, { "exp(x+y)", "exp(x)*exp(y)" },
        { "log(exp(x))", "x" }, { "tanh(x)", "1-2/(1+exp(2*x))" }, { "log(x^2*exp(y))", "log(x^2)+y" },
        { "x^-3", "1/x/x/x" }, { "tanh(x+y)", "(tanh(x)+tanh(y))/(1+tanh(x)*tanh(y))" } };
    rng g = rng_make(31, 3);
    (void)state;
    for (size_t i = 0; i < COUNT(same); i++) {
        expr e = parsed(same[i][0]), f = parsed(same[i][1]);
        for (int k = 0; k < 40; k++) {
            double x = dyadic(1.5 * rng_normal(&g));
            double y = dyadic(1.5 * rng_normal(&g));
            if (fabs(x) < 0.05 || fabs(y) < 0.05 || fabs(x - y) < 0.05)
                continue;
            jet a = expr_at(&e, iv_of(x), iv_of(y), 2), b = expr_at(&f, iv_of(x), iv_of(y), 2);
            const iv A[6] = { a.F, a.x, a.y, a.xx, a.xy, a.yy }, B[6] = { b.F, b.x, b.y, b.xx, b.xy, b.yy };
            for (int c = 0; c < 6; c++)
                if (iv_apart(A[c], B[c]) || !(A[c].hi - A[c].lo <= 1e-9 * (1 + iv_mag(B[c]))))
                    fail_msg("%s, %s at (%g, %g): component %d", same[i][0], same[i][1], x, y, c);
        }
    }
    for (size_t i = 0; i < SMOOTH; i++) {
        expr e = parsed(formulas[i]);
        for (int k = 0; k < 20; k++) {
            double x = dyadic(rng_normal(&g));
            double y = dyadic(rng_normal(&g));
            double h = 0x1p-16;
            jet j = expr_at(&e, iv_of(x), iv_of(y), 2),
                box = expr_at(&e, (iv) { x - h, x + h }, (iv) { y - h, y + h }, 2);
            jet r = expr_at(&e, iv_of(x + h), iv_of(y), 1), l = expr_at(&e, iv_of(x - h), iv_of(y), 1),
                u = expr_at(&e, iv_of(x), iv_of(y + h), 1), d = expr_at(&e, iv_of(x), iv_of(y - h), 1);
            iv xx = iv_scale(0.5 / h, iv_sub(r.x, l.x)), yx = iv_scale(0.5 / h, iv_sub(r.y, l.y)),
               xy = iv_scale(0.5 / h, iv_sub(u.x, d.x)), yy = iv_scale(0.5 / h, iv_sub(u.y, d.y));
            assert_false(iv_apart(xx, box.xx) || iv_apart(yx, box.xy) || iv_apart(xy, box.xy) || iv_apart(yy, box.yy));
            double tolerance = 1e-6 * (1 + iv_mag(j.xx) + iv_mag(j.xy) + iv_mag(j.yy)) * (1 + x * x + y * y);
            assert_true(fabs(iv_mid(xx) - iv_mid(j.xx)) < tolerance && fabs(iv_mid(yy) - iv_mid(j.yy)) < tolerance);
            assert_true(fabs(iv_mid(xy) - iv_mid(j.xy)) < tolerance && fabs(iv_mid(yx) - iv_mid(j.xy)) < tolerance);
        }
    }
}

/* exp, log and tanh with two derivatives, by mpmath 1.2 (60 digits; x is the double that C makes of it), at points,
   where they must be narrow too, and on boxes about them. */
static const struct {
    const char *formula;
    double x;
    long double value, first, second;
} by_mpmath[] = {
    { "exp(x)", 0, 1.0L, 1.0L, 1.0L },
    { "exp(x)", 1, 2.718281828459045235360287L, 2.718281828459045235360287L, 2.718281828459045235360287L },
    { "exp(x)", -1, 0.3678794411714423215955238L, 0.3678794411714423215955238L, 0.3678794411714423215955238L },
    { "exp(x)", 0.5, 1.648721270700128146848651L, 1.648721270700128146848651L, 1.648721270700128146848651L },
    { "exp(x)", -0.75, 0.4723665527410147071380466L, 0.4723665527410147071380466L, 0.4723665527410147071380466L },
    { "exp(x)", 20.25, 622964442.1984454836539383L, 622964442.1984454836539383L, 622964442.1984454836539383L },
    { "exp(x)", -700.5, 5.980196118639791206412107e-305L, 5.980196118639791206412107e-305L,
        5.980196118639791206412107e-305L },
    { "exp(x)", 709.75, 1.739836873264160557698253e+308L, 1.739836873264160557698253e+308L,
        1.739836873264160557698253e+308L },
    { "exp(x)", -740, 4.18873988004804893945754e-322L, 4.18873988004804893945754e-322L,
        4.18873988004804893945754e-322L },
    { "exp(x)", 1e-300, 1.0L, 1.0L, 1.0L },
    { "log(x)", 1, 0.0L, 1.0L, -1.0L },
    { "log(x)", 2, 0.6931471805599453094172321L, 0.5L, -0.25L },
    { "log(x)", 0.5, -0.6931471805599453094172321L, 2.0L, -4.0L },
    { "log(x)", 1.0009765625, 0.0009760859730554588959608249L, 0.9990243902439024390243902L,
        -0.9980497323022010707911957L },
    { "log(x)", 0.9990234375, -0.0009770396478266127859680752L, 1.000977517106549364613881L,
        -1.001955989752792325869613L },
    { "log(x)", 1e-300, -690.7755278982137051803383L, 9.999999999999999749409082e+299L,
        -9.999999999999999498818163e+599L },
    { "log(x)", 1.5e300, 691.1809930063218696398802L, 6.666666666666666316634932e-301L,
        -4.444444444444443977735464e-601L },
    { "log(x)", 4.9406564584124654e-324, -744.4400719213812623141073L, 2.024022533073106183524953e+323L,
        -4.096667214387673214517623e+646L },
    { "tanh(x)", 0, 0.0L, 1.0L, 0.0L },
    { "tanh(x)", 1, 0.7615941559557648881194583L, 0.4199743416140260693944967L, -0.6397000084492245001884918L },
    { "tanh(x)", -1, -0.7615941559557648881194583L, 0.4199743416140260693944967L, 0.6397000084492245001884918L },
    { "tanh(x)", 0.5, 0.4621171572600097585023185L, 0.7864477329659274101496989L, -0.7268619813835872755398369L },
    { "tanh(x)", 0.7799999999999999, 0.6527067059619898850233352L, 0.5739739559922484778807556L,
        -0.7492733002473452989403706L },
    { "tanh(x)", 0.78125, 0.6534235881413468341645509L, 0.5730376144604875449155374L, -0.748872588361459016978436L },
    { "tanh(x)", -0.658478948462408, -0.5773502691896254973905117L, 0.6666666666666669751087007L,
        0.7698003589195010193455317L },
    { "tanh(x)", 1e-5, 0.000009999999999666667484710539L, 0.9999999999000000000066667L,
        -0.00001999999999733333496962108L },
    { "tanh(x)", -1e-12, -9.999999999999999798866473e-13L, 0.999999999999999999999999L,
        1.999999999999999959773293e-12L },
    { "tanh(x)", 9.313225746154785e-10, 9.313225746154785153557355e-10L, 0.9999999999999999991326383L,
        -1.862645149230957029095884e-9L },
    { "tanh(x)", 1e-300, 1.000000000000000025059092e-300L, 1.0L, -2.000000000000000050118184e-300L },
    { "tanh(x)", 5, 0.9999092042625951312109904L, 0.0001815832309438066841297682L, -0.0003631334879209055652269608L },
    { "tanh(x)", -12.5, -0.9999999999722241122704577L, 5.555177545831308250030806e-11L,
        1.111035509135401652440024e-10L },
    { "tanh(x)", 18.5, 0.9999999999999998293390475L, 3.413219050297625735208006e-16L,
        -6.826438100595250305409583e-16L },
    { "tanh(x)", 21.75, 0.9999999999999999997434216L, 5.131567294435139569754442e-19L,
        -1.026313458887027913687559e-18L },
    { "tanh(x)", 25, 0.9999999999999999999996143L, 7.714999391855671132066395e-22L, -1.542999878371134226412684e-21L },
    { "tanh(x)", -40, -1.0L, 7.219405551381660689248513e-35L, 1.443881110276332137849703e-34L },
    { "tanh(x)", 300, 1.0L, 1.060158621201724326535472e-260L, -2.120317242403448653070944e-260L },
};

static void test_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(by_mpmath); i++) {
        expr e = parsed(by_mpmath[i].formula);
        const long double exact[3] = { by_mpmath[i].value, by_mpmath[i].first, by_mpmath[i].second };
        for (int k = 0; k < 9; k++) {
            double r = k ? two_to(-8 * k) * fabs(by_mpmath[i].x) : 0;
            iv x = { by_mpmath[i].x - (k % 3 == 1 ? 0 : r), by_mpmath[i].x + (k % 3 == 2 ? 0 : r) };
            jet j = expr_at(&e, x, iv_of(0), 2);
            const iv all[3] = { j.F, j.x, j.xx };
            for (int d = 0; d < 3; d++) {
                bool small = fabsl(exact[d]) < 1e-290L || fabsl(exact[d]) > 1e290L;
                if (!near_in(all[d], exact[d], 2e-19L * fabsl(exact[d])))
                    fail_msg("%s at %a, derivative %d: [%a, %a]", by_mpmath[i].formula, by_mpmath[i].x, d, all[d].lo,
                        all[d].hi);
                if (k == 0 && !small && !(all[d].hi - all[d].lo <= 4e-15L * fabsl(exact[d])))
                    fail_msg("%s at %a, derivative %d: wide", by_mpmath[i].formula, by_mpmath[i].x, d);
            }
        }
    }
    expr e = parsed("exp(x)+log(1+x)+tanh(x)"); /* at 0 without an error */
    jet j = expr_at(&e, iv_of(0), iv_of(0), 2);
    assert_true(iv_is(j.F, 1) && iv_is(j.x, 3) && iv_is(j.xx, 0));
}

/* On boxes of every size the derivatives of tanh are what they are at points within, and little more: by a grid. */
static void test_tanh_ranges(void **state)
{
    expr e = parsed("tanh(x)");
    rng g = rng_make(31, 9);
    (void)state;
    for (int i = 0; i < 4000; i++) {
        double w = two_to(-(i % 12) + 2);
        double at = pick(&g, -3, 3);
        iv x = { at, at + w };
        jet j = expr_at(&e, x, iv_of(0), 2);
        iv seen[3] = { { INFINITY, -INFINITY }, { INFINITY, -INFINITY }, { INFINITY, -INFINITY } };
        for (int k = 0; k <= 200; k++) {
            jet p = expr_at(&e, iv_of(x.lo + (x.hi - x.lo) * (k / 200.0)), iv_of(0), 2);
            const iv all[3] = { p.F, p.x, p.xx };
            for (int d = 0; d < 3; d++)
                seen[d] = (iv) { fmin(seen[d].lo, all[d].lo), fmax(seen[d].hi, all[d].hi) };
        }
        const iv box[3] = { j.F, j.x, j.xx };
        for (int d = 0; d < 3; d++)
            if (!iv_within(seen[d], iv_inflate(box[d], 1e-15)) || !iv_within(box[d], iv_inflate(seen[d], 0.05)))
                fail_msg("tanh on [%a, %a], derivative %d: [%a, %a]  expected: about [%a, %a]", x.lo, x.hi, d,
                    box[d].lo, box[d].hi, seen[d].lo, seen[d].hi);
    }
}

static void test_kinks(void **state)
{
    /* slopes along x at x = 0, y = 1/2 */
    static const struct {
        const char *formula;
        double left, right;
    } kink[] = { { "abs(x)", -1, 1 }, { "abs(3*x)+y", -3, 3 }, { "max(x,0)", 0, 1 }, { "min(x,0)", 1, 0 },
        { "max(2*x,-x)", -1, 2 }, { "min(2*x,-x)", 2, -1 }, { "abs(x)*y", -0.5, 0.5 }, { "-abs(x)", 1, -1 },
        { "abs(abs(x)-1)", 1, -1 }, { "max(x,y)-max(-x,y)", 0, 0 }, { "max(x+1/2,y)", 0, 1 },
        { "min(y-x,y+2*x)", 2, -1 }, { "abs(sin(x))", -1, 1 }, { "(1+abs(x))^2", -2, 2 }, { "1/(1+abs(x))", 1, -1 } };
    static const char *const wild[] = { "sqrt(x)", "1/x", "x/x", "1/x^2", "1/(x*y)", "sqrt(x-1)", "sqrt(x^3)",
        "1/abs(x)", "sqrt(x)/sqrt(x)", "1/sqrt(x)", "0*(1/x)", "max(1/x,0)", "abs(1/x)", "sin(1/x)", "sqrt(1/x)",
        "(1/x)^2", "(1/x)^3", "1/(1/x)", "1/x-1/x", "min(sqrt(x),y)", "log(x)", "exp(1/x)", "tanh(1/x)", "log(log(x))",
        "exp(exp(exp(x)))", "log(exp(1000*x))", "exp(1000*x)-exp(1000*x)", "tanh(exp(x)^64)", "exp(-1/x^2)", "x^-64",
        "exp(1000*x)*exp(-1000*x)", "log(abs(x))", "exp(x)^64*0" };
    (void)state;
    for (size_t i = 0; i < COUNT(kink); i++) {
        expr e = parsed(kink[i].formula);
        for (int k = 0; k < 12; k++) {
            double w = double_of((uint64_t)(1023 - 5 * k) << 52);
            jet j = expr_at(&e, (iv) { -w / 4, w / 4 }, iv_of(0.5), 2);
            if (!(iv_has(j.x, kink[i].left) && iv_has(j.x, kink[i].right)))
                fail_msg("%s: [%g, %g] misses a one-sided slope", kink[i].formula, j.x.lo, j.x.hi);
            if (kink[i].left != kink[i].right)
                assert_true(j.xx.lo == -INFINITY && j.xx.hi == INFINITY);
            if (k > 3)
                assert_true(
                    j.x.lo > fmin(kink[i].left, kink[i].right) - 1 && j.x.hi < fmax(kink[i].left, kink[i].right) + 1);
            if (kink[i].formula[0] == 'm' || k == 0)
                continue;
            jet right = expr_at(&e, (iv) { w / 8, w / 4 }, iv_of(0.5), 2); /* off the kink all is known */
            assert_true(right.xx.hi < INFINITY && near_in(right.x, kink[i].right, 4 * (long double)w));
        }
    }
    for (size_t i = 0; i < COUNT(wild); i++) {
        expr e = parsed(wild[i]);
        static const iv boxes[] = { { -1, 1 }, { 0, 1 }, { -1, 0 }, { 0, 0 }, { -0x1p-1074, 0x1p-1074 },
            { -0x1p500, 0x1p500 }, { -1, -0.5 } };
        for (size_t b = 0; b < COUNT(boxes); b++)
            for (int order = 0; order <= 2; order++) {
                jet j = expr_at(&e, boxes[b], iv_of(1), order);
                const iv all[6] = { j.F, j.x, j.y, j.xx, j.xy, j.yy }, range = expr_range(&e, boxes[b], iv_of(1));
                for (int k = 0; k < 6; k++)
                    assert_true(all[k].lo <= all[k].hi);
                assert_true(range.lo <= range.hi);
                if (i < 5 && b == 0 && order)
                    assert_true(all[0].lo == -INFINITY && all[0].hi == INFINITY && all[1].lo == -INFINITY &&
                        all[1].hi == INFINITY);
                if (i == 0 && b == 1 && order)
                    assert_true(iv_has(j.F, 0) && iv_has(j.F, 1) && j.x.hi == INFINITY);
            }
    }
}

/// Stationary points ///

static stat_search *found(const expr *e, iv x, iv y, iv level)
{
    static stat_search s;
    stat_find(&s, e, x, y, level);
    return &s;
}

static const stat_point *stat_at(const stat_search *s, double x, double y)
{
    for (size_t i = 0; i < s->n; i++)
        if (near_in(s->at[i].x, x, 1e-12L) && near_in(s->at[i].y, y, 1e-12L))
            return &s->at[i];
    return NULL;
}

static void test_krawczyk(void **state)
{
    rng g = rng_make(31, 4);
    size_t proved = 0;
    size_t refused = 0;
    (void)state;
    for (int i = 0; i < 400; i++) { /* a quadratic bowl bent by cubic terms: the zero of the gradient at (p, q) */
        double p = dyadic(rng_normal(&g));
        double q = dyadic(rng_normal(&g));
        double c = dyadic(rng_normal(&g));
        double r = double_of((uint64_t)(1012 + i % 12) << 52);
        char text[300];
        snprintf(text, sizeof text, "2*(x-%.10f)^2+(y-%.10f)^2+%.10f*(x-%.10f)*(y-%.10f)+%.10f*(x-%.10f)^3", p, q,
            dyadic(c / 4), p, q, c, p);
        expr e = parsed(text);
        double ox = r * pick(&g, -1.5, 1.5);
        double oy = r * pick(&g, -1.5, 1.5);
        iv x = { p + ox - r, p + ox + r }, y = { q + oy - r, q + oy + r }, kx, ky;
        if (!krawczyk(&e, x, y, &kx, &ky))
            continue;
        bool in = iv_has(x, p) && iv_has(y, q);
        if (in)
            assert_true(iv_has(kx, p) && iv_has(ky, q));
        bool proof = iv_inside(kx, x) && iv_inside(ky, y);
        if (proof) {
            assert_true(in);
            proved++;
        }
        if (iv_apart(kx, x) || iv_apart(ky, y)) {
            assert_false(in);
            refused++;
        }
    }
    assert_true(proved > 30 && refused > 30);
}

/* p' = 12 (x - a)(x - b)(x - c), a < b < c: the terms of p in the given letter. */
static void quartic(char *out, size_t size, char letter, const double *c)
{
    double e1 = c[0] + c[1] + c[2];
    double e2 = c[0] * c[1] + c[1] * c[2] + c[0] * c[2];
    double e3 = c[0] * c[1] * c[2];
    snprintf(
        out, size, "3*%c^4+%.9f*%c^3+%.9f*%c^2+%.9f*%c", letter, -4 * e1, letter, 6 * e2, letter, -12 * e3, letter);
}

/* Separable quartics: all nine points, on splitting lines or not. */
static void test_stationary(void **state)
{
    rng g = rng_make(31, 5);
    (void)state;
    for (int i = 0; i < 16; i++) {
        double c[2][3];
        char text[2][200], both[420];
        for (int axis = 0; axis < 2; axis++) {
            double at = i == 0 ? -1 : -2 + 0.125 * (int)(8 * rng_uniform(&g));
            for (int k = 0; k < 3; k++) {
                c[axis][k] = at;
                at += i == 0 ? 1 : 0.25 * (2 + (int)(5 * rng_uniform(&g)));
            }
            quartic(text[axis], sizeof text[axis], axis ? 'y' : 'x', c[axis]);
        }
        snprintf(both, sizeof both, "%s+%s", text[0], text[1]);
        expr e = parsed(both);
        iv bx = { i % 2 ? -4 : -3.7, i % 3 ? 4 : 3.9 }, by = { -4, i % 2 ? 4 : 3.1 };
        const stat_search *s = found(&e, bx, by, iv_all());
        size_t in = 0;
        assert_int_equal(s->unresolved, 0);
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++) {
                if (!iv_has(bx, c[0][a]) || !iv_has(by, c[1][b]))
                    continue;
                const stat_point *t = stat_at(s, c[0][a], c[1][b]);
                in++;
                assert_non_null(t);
                assert_int_equal(t->kind, (a == 1) != (b == 1) ? SADDLE : a == 1 ? MAXIMUM : MINIMUM);
                long double F = 0;
                for (int axis = 0; axis < 2; axis++) {
                    const double *z = c[axis];
                    long double x = z[axis ? b : a];
                    long double e1 = z[0] + z[1] + z[2];
                    long double e2 = z[0] * z[1] + z[1] * z[2] + z[0] * z[2];
                    long double e3 = z[0] * z[1] * z[2];
                    F += 3 * x * x * x * x - 4 * e1 * x * x * x + 6 * e2 * x * x - 12 * e3 * x;
                }
                assert_true(near_in(t->F, F, 1e-14L * (1 + fabsl(F))) && t->F.hi - t->F.lo < 1e-9 * (1 + iv_mag(t->F)));
            }
        assert_int_equal(s->n, in);
        assert_int_equal(stat_count(s, MINIMUM) + stat_count(s, MAXIMUM) + stat_count(s, SADDLE), in);
        for (size_t k = 1; k < s->n; k++)
            assert_true(s->at[k - 1].F.lo <= s->at[k].F.hi); /* ascending */
    }
}

static void test_known_points(void **state)
{
    /* minima, saddles, maxima */
    static const struct {
        const char *formula;
        double box[4];
        size_t count[3];
    } known[] = { { "x^2+y^2", { -4, 4, -4, 4 }, { 1, 0, 0 } }, { "x^2+y^2", { -1, 3, -1, 3 }, { 1, 0, 0 } },
        { "x^2-y^2", { -3, 3, -5, 5 }, { 0, 1, 0 } }, { "x*y", { -1, 1, -1, 1 }, { 0, 1, 0 } },
        { "-x^2-3*y^2", { -4, 4, -4, 4 }, { 0, 0, 1 } }, { "(x^2-1)^2+y^2", { -4, 4, -4, 4 }, { 2, 1, 0 } },
        { "(x^2-1)^2+(y^2-1)^2", { -2, 2, -2, 2 }, { 4, 4, 1 } },
        { "(x^2+y-11)^2+(x+y^2-7)^2", { -8, 8, -8, 8 }, { 4, 4, 1 } },
        { "(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", { -3, 3, -2, 2 }, { 6, 7, 2 } },
        { "sin(x)*sin(y)", { -4, 4, -4, 4 }, { 2, 9, 2 } }, { "cos(x)+cos(y)", { -4, 4, -4, 4 }, { 4, 4, 1 } },
        { "(1-x)^2+100*(y-x^2)^2", { -2, 2, -1, 3 }, { 1, 0, 0 } }, { "x+y^2", { -4, 4, -4, 4 }, { 0, 0, 0 } },
        { "x^3+x+y", { -4, 4, -4, 4 }, { 0, 0, 0 } }, { "sin(x)+2*x+y^2", { -4, 4, -4, 4 }, { 0, 0, 0 } },
        { "x^3/3-x+y^2", { -2, 2, -2, 2 }, { 1, 1, 0 } }, { "x^2+y^2", { 0, 4, 0, 4 }, { 1, 0, 0 } },
        { "x^2+y^2", { 1, 4, -4, 4 }, { 0, 0, 0 } }, { "x^2+y^2+sqrt(1+x^2)", { -4, 4, -4, 4 }, { 1, 0, 0 } },
        { "x^2+y^2+abs(x-3)", { -4, 2, -4, 4 }, { 1, 0, 0 } }, { "x^2*y+y^3/3-y", { -2, 2, -2, 2 }, { 1, 2, 1 } } };
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        expr e = parsed(known[i].formula);
        const double *b = known[i].box;
        const stat_search *s = found(&e, (iv) { b[0], b[1] }, (iv) { b[2], b[3] }, iv_all());
        if (s->unresolved || stat_count(s, MINIMUM) != known[i].count[0] ||
            stat_count(s, SADDLE) != known[i].count[1] || stat_count(s, MAXIMUM) != known[i].count[2] ||
            stat_count(s, DEGENERATE))
            fail_msg("%s: %zu minima, %zu saddles, %zu maxima, %zu unresolved", known[i].formula,
                stat_count(s, MINIMUM), stat_count(s, SADDLE), stat_count(s, MAXIMUM), s->unresolved);
    }
}

static void test_edges_of_the_box(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) { /* just outside, on, just inside the edge */
        static const char *const edge[] = { "(x-4.0000001)^2+y^2", "(x-4)^2+y^2", "(x-3.9999999)^2+y^2",
            "(x-4.0000000001)^2+(y+4)^2" };
        expr e = parsed(edge[i]);
        const stat_search *s = found(&e, (iv) { -4, 4 }, (iv) { -4, 4 }, iv_all());
        assert_true(s->unresolved == 0 && s->n == (i == 1 || i == 2));
    }
}

static void test_flat(void **state)
{
    (void)state;
    /* no certified minimum where the Hessian is singular, or where there is a kink */
    for (size_t i = 0; i < 5; i++) {
        static const char *const flat[] = { "x^4+y^4", "(x^2+y^2)^2", "x^3-3*x*y^2", "x^4+y^2", "max(x,-x)+y^2" };
        expr e = parsed(flat[i]);
        const stat_search *s = found(&e, (iv) { -1, 1.5 }, (iv) { -1, 1 }, iv_all());
        assert_true((s->unresolved || stat_count(s, DEGENERATE)) && stat_count(s, MINIMUM) == 0 &&
            stat_count(s, MAXIMUM) == 0 && stat_count(s, SADDLE) == 0);
    }
    static const struct {
        const char *formula;
        iv x;
        enum kind kind;
    } kinds[] = { { "x^2+y^2", { -1, 1 }, MINIMUM }, { "x^2-y^2", { -1, 1 }, SADDLE },
        { "-x^2-y^2", { -1, 1 }, MAXIMUM }, { "x^3+y^2", { -1, 1 }, DEGENERATE }, { "x^3+y^2", { 0, 1 }, DEGENERATE },
        { "x^3+y^2", { 0.5, 1 }, MINIMUM }, { "x^3+y^2", { -1, -0.5 }, SADDLE }, { "x^3+y^2", { -1, 0 }, DEGENERATE },
        { "x^3-y^2", { -1, 0 }, DEGENERATE }, { "x^3-y^2", { -1, -0.5 }, MAXIMUM } };
    for (size_t i = 0; i < COUNT(kinds); i++) { /* a sign of the Hessian that is not certain is no kind */
        expr e = parsed(kinds[i].formula);
        assert_int_equal(stat_kind(&e, kinds[i].x, iv_of(0)), kinds[i].kind);
    }
}

static void test_levels(void **state)
{
    expr wells = parsed("(x^2-1)^2+y^2");
    static const struct {
        iv level;
        size_t minima, saddles;
    } levels[] = { { { 0.5, 2 }, 0, 1 }, { { -1, 0.5 }, 2, 0 }, { { 0, 1 }, 2, 1 }, { { 1.001, 9 }, 0, 0 },
        { { 0.25, 0.75 }, 0, 0 }, { { -2, -0.5 }, 0, 0 } };
    (void)state;
    for (size_t i = 0; i < COUNT(levels); i++) {
        const stat_search *s = found(&wells, (iv) { -4, 4 }, (iv) { -4, 4 }, levels[i].level);
        assert_true(s->unresolved == 0 && s->n == levels[i].minima + levels[i].saddles &&
            stat_count(s, MINIMUM) == levels[i].minima);
    }
}

/* x^2 y^2: two lines of minima. None is isolated, so none is certified. */
static void test_lines(void **state)
{
    expr e = parsed("x^2*y^2");
    static stat_search s;
    (void)state;
    /* the last tenth of a search: it ends at STAT_BOXES */
    s = (stat_search) { .e = &e, .x = { -1, 1 }, .y = { -1, 1 }, .level = iv_all(), .boxes = STAT_BOXES - 20000 };
    stat_search_all(&s);
    assert_true(s.unresolved > 0 && stat_count(&s, MINIMUM) == 0 && stat_count(&s, SADDLE) == 0 &&
        s.boxes < STAT_BOXES + 2 * STAT_SPLITS);
}

/* A point where the generalised gradient holds 0 must not be lost, even if its kink lies on a line where boxes are
   split: those around it have slopes of one sign each. */
static void test_kink_on_a_split(void **state)
{
    static const char *const kinked[] = { "(abs(x)-1)^2+y^2", "abs(x)+y^2", "abs(x)+3*abs(y)", "y^2-abs(x)",
        "abs(x-1)+y^2", "max(x,-x)+y^2", "abs(x+y)+(x-y)^2" };
    (void)state;
    for (size_t i = 0; i < COUNT(kinked); i++) {
        expr e = parsed(kinked[i]);
        const stat_search *s = found(&e, (iv) { -4, 4 }, (iv) { -4, 4 }, (iv) { -0.5, 1.25 });
        if (!s->unresolved && stat_count(s, DEGENERATE) == 0)
            fail_msg("%s: the kink on the split is lost", kinked[i]);
    }
    /* the barrier is F(0, 0) = 1; the value 1.002 at (3, 0) is no pass */
    static const char formula[] = "min((abs(x)-1)^2,(x-3)^2+1.002)+y^2";
    expr e = parsed(formula);
    landscape l = { "kink", formula, { -8, 8, -4, 4 }, 4, 4, true, false, NO_POINT, 0.25, "" };
    merge_tree t = { .n = 2, .x = { -1, 1 } };
    merge_find(&t, &e, &l, NULL);
    iv b = t.barrier[0][1];
    if (!iv_has(b, 1))
        fail_msg("%s: barrier [%.17g, %.17g]  expected: 1", formula, b.lo, b.hi);
}

/// Merge trees ///

/* p' = 60 (x - c_0) ... (x - c_4). */
static void sextic(char *out, size_t size, const double *c, double *coefficient)
{
    double e[6] = { 1, 0, 0, 0, 0, 0 };
    for (int k = 0; k < 5; k++)
        for (int j = k + 1; j > 0; j--)
            e[j] += e[j - 1] * c[k];
    for (int j = 0; j < 6; j++)
        coefficient[6 - j] = (j & 1 ? -1 : 1) * 60 * e[j] / (6 - j);
    coefficient[0] = 0;
    snprintf(out, size, "(%.6f*x^6+%.6f*x^5+%.6f*x^4+%.6f*x^3+%.6f*x^2+%.6f*x)/64+16*y^2", coefficient[6],
        coefficient[5], coefficient[4], coefficient[3], coefficient[2], coefficient[1]);
}

static long double sextic_at(const double *coefficient, long double x)
{
    long double s = 0;
    for (int k = 6; k >= 0; k--)
        s = s * x + coefficient[k];
    return s / 64;
}

static const int orders[6][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 0, 2, 1 }, { 1, 2, 0 }, { 2, 0, 1 } };

/* The same cells: the same barriers between the minima c[0], c[2], c[4], whatever their order, to the last bit. */
static void check_orders(const expr *e, const landscape *l, const double *c)
{
    merge_tree first = { .n = 3 };
    for (int o = 0; o < 6; o++) {
        merge_tree t = { .n = 3 };
        quadtree copy = cells_make(e, l, 5);
        for (int k = 0; k < 3; k++)
            t.x[k] = c[2 * orders[o][k]];
        merge_round(&copy, &t, NULL);
        free(copy.at);
        if (o == 0)
            first = t;
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++)
                if (a != b) {
                    iv x = t.barrier[a][b], y = first.barrier[orders[o][a]][orders[o][b]];
                    assert_true(x.lo == y.lo && x.hi == y.hi);
                }
    }
}

/* Every point of the box lies in a leaf, which is of the size asked for. */
static void check_leaves(const expr *e, const landscape *l, rng *g)
{
    quadtree c = cells_make(e, l, 5);
    for (int k = 0; k < 200; k++) {
        double x = pick(g, -4, 4);
        double y = k % 3 ? pick(g, -4, 4) : 0;
        const cell *at = &c.at[cells_holding(&c, x, y)];
        assert_true(!at->child && iv_has(at->x, x) && iv_has(at->y, y) && at->x.hi - at->x.lo == 0.25);
    }
    free(c.at);
}

static void test_wells(void **state)
{
    rng g = rng_make(31, 6);
    (void)state;
    for (int i = 0; i < 4; i++) {
        double c[5], p[7];
        double at = -2.5;
        char text[400];
        for (int k = 0; k < 5; k++) {
            c[k] = at;
            at += 0.5 * (1 + (int)(3 * rng_uniform(&g)));
            if (at > 2.5)
                at = 2.5 + 0.25 * k;
        }
        if (c[4] > 3 || c[3] >= c[4]) {
            i--;
            continue;
        }
        sextic(text, sizeof text, c, p);
        expr e = parsed(text);
        long double low = sextic_at(p, c[0]);
        long double rim = fminl(sextic_at(p, -4), sextic_at(p, 4));
        long double pass[2] = { sextic_at(p, c[1]), sextic_at(p, c[3]) };
        for (int k = 0; k < 5; k += 2)
            low = fminl(low, sextic_at(p, c[k]));
        double outside = (double)(fminl(rim, low + 256) - 0.01L);
        if (!(outside > fmaxl(pass[0], pass[1])))
            fail_msg("a sextic of the test is not a landscape");
        landscape l = { "sextic", text, { -4, 4, -4, 4 }, outside, outside, true, false, NO_POINT, 0.25, "" };
        static stat_search all;
        stat_find(&all, &e, (iv) { -4, 4 }, (iv) { -4, 4 }, iv_all());
        assert_true(all.unresolved == 0 && all.n == 5 && stat_count(&all, MINIMUM) == 3);
        for (int o = 0; o < 6; o++)
            for (int sharp = 0; sharp < 2; sharp++) {
                if (o > 1 && (i > 2 || o % 3 != i))
                    continue;
                merge_tree t = { .n = 3 };
                l.compact = sharp;
                for (int k = 0; k < 3; k++)
                    t.x[k] = c[2 * orders[o][k]];
                merge_find(&t, &e, &l, sharp ? &all : NULL);
                for (int a = 0; a < 3; a++)
                    for (int b = 0; b < 3; b++) {
                        if (a == b)
                            continue;
                        int lo = orders[o][a] < orders[o][b] ? orders[o][a] : orders[o][b];
                        int hi = orders[o][a] + orders[o][b] - lo;
                        long double truth = hi - lo == 2 ? fmaxl(pass[0], pass[1]) : pass[lo];
                        iv barrier = t.barrier[a][b];
                        if (!near_in(barrier, truth, 1e-15L * (1 + fabsl(truth))))
                            fail_msg(
                                "%s: barrier [%.17g, %.17g]  expected: %.17Lg", text, barrier.lo, barrier.hi, truth);
                        assert_true(barrier.hi - barrier.lo <= (sharp ? 1e-9 : 0.25));
                    }
            }
        check_orders(&e, &l, c);
        check_leaves(&e, &l, &g);
    }
}

enum { GRID = 193 }; /* [-3, 3] in steps of 1/32 */
static int root_of(int *up, int i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static const double *sort_by;
static int by_value(const void *a, const void *b)
{
    double x = sort_by[*(const int *)a];
    double y = sort_by[*(const int *)b];
    return (x > y) - (x < y);
}

/* Ascending flood of the grid: the barrier along its edges, between n points. */
static void grid_barriers(const double *F, size_t n, const int *at, double *barrier)
{
    static int order[GRID * GRID], up[GRID * GRID];
    for (int i = 0; i < GRID * GRID; i++) {
        order[i] = i;
        up[i] = -1;
    }
    for (size_t i = 0; i < n * n; i++)
        barrier[i] = INFINITY;
    sort_by = F;
    qsort(order, GRID * GRID, sizeof *order, by_value);
    for (int k = 0; k < GRID * GRID; k++) {
        int i = order[k];
        int r = i / GRID;
        int c = i % GRID;
        int next[4] = { r ? i - GRID : -1, r + 1 < GRID ? i + GRID : -1, c ? i - 1 : -1, c + 1 < GRID ? i + 1 : -1 };
        bool joined = false;
        up[i] = i;
        for (int d = 0; d < 4; d++) {
            if (next[d] < 0 || up[next[d]] < 0)
                continue;
            up[root_of(up, next[d])] = root_of(up, i);
            joined = true;
        }
        for (size_t a = 0; a < n; a++)
            if (i == at[a])
                joined = true;
        if (!joined)
            continue;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                if (barrier[a * n + b] == INFINITY && up[at[a]] >= 0 && up[at[b]] >= 0 &&
                    root_of(up, at[a]) == root_of(up, at[b]))
                    barrier[a * n + b] = F[i];
    }
}

/* Down the grid to a neighbour that is lower, as long as there is one. */
static int grid_descend(const double *F, int at)
{
    for (bool moved = true; moved;) {
        int r = at / GRID;
        int s = at % GRID;
        moved = false;
        for (int R = r - 1; R <= r + 1; R++)
            for (int S = s - 1; S <= s + 1; S++) {
                if (R < 0 || S < 0 || R >= GRID || S >= GRID || !(F[R * GRID + S] < F[at]))
                    continue;
                at = R * GRID + S;
                moved = true;
            }
    }
    return at;
}

/* Against a flood of a grid of step h: a path along edges is off by at most L h / 2 upward, and next to any path
   there is one of edges, within h / sqrt 2. */
static void test_grid(void **state)
{
    rng g = rng_make(31, 7);
    static double F[GRID * GRID];
    (void)state;
    for (int i = 0; i < 10; i++) {
        double a[4], b[4], c[4];
        double L = 3 * 0.25 * 1.5;
        double grid[16];
        char text[600] = "(x^2+y^2)/8";
        for (int k = 0; k < 4; k++) {
            a[k] = dyadic(0.5 * rng_normal(&g));
            b[k] = dyadic(rng_normal(&g));
            c[k] = dyadic(rng_normal(&g));
            L += fabs(a[k]) * sqrt(b[k] * b[k] + c[k] * c[k]);
            size_t n = strlen(text);
            snprintf(text + n, sizeof text - n, "+%.10f*cos(%.10f*x+%.10f*y)", a[k], 2 * b[k], 2 * c[k]);
        }
        L = 2 * L;
        for (int r = 0; r < GRID; r++)
            for (int s = 0; s < GRID; s++) {
                double x = r / 32.0 - 3;
                double y = s / 32.0 - 3;
                double v = (x * x + y * y) / 8;
                for (int k = 0; k < 4; k++)
                    v += a[k] * cos(2 * b[k] * x + 2 * c[k] * y);
                F[r * GRID + s] = v;
            }
        expr e = parsed(text);
        landscape l = { "cosines", text, { -3, 3, -3, 3 }, INFINITY, INFINITY, false, i % 2 != 0, NO_POINT, 0.06, "" };
        merge_tree t = { .n = 4 };
        int at[4];
        for (int k = 0; k < 4; k++) { /* descend on the grid from a corner region: a basin */
            int r = (k & 1 ? GRID - 1 : 0);
            int s = (k & 2 ? GRID - 1 : 0);
            at[k] = grid_descend(F, r * GRID + s);
            t.x[k] = at[k] / GRID / 32.0 - 3;
            t.y[k] = at[k] % GRID / 32.0 - 3;
        }
        grid_barriers(F, 4, at, grid);
        merge_find(&t, &e, &l, NULL);
        double h = 1 / 32.0;
        for (int p = 0; p < 4; p++)
            for (int q = 0; q < p; q++) {
                iv B = t.barrier[p][q];
                double known = grid[p * 4 + q];
                if (!(B.lo <= known + L * h / 2) || !(B.hi >= known - L * h * 0.71))
                    fail_msg("%s: [%g, %g]  expected: %g", text, B.lo, B.hi, known);
                assert_true(B.hi - B.lo <= 0.06 && B.lo <= B.hi && B.hi >= fmax(t.F[p].lo, t.F[q].lo));
            }
    }
}

static iv barrier_of(const char *formula, landscape l, double x0, double y0, double x1, double y1)
{
    expr e = parsed(formula);
    merge_tree t = { .n = 2, .x = { x0, x1 }, .y = { y0, y1 } };
    merge_find(&t, &e, &l, NULL);
    return t.barrier[0][1];
}

static void test_outside(void **state)
{
    static const char wall[] = "1/(1+16*x^2)"; /* 1 on x = 0, 1/17 at x = +-1 */
    landscape l = { "wall", wall, { -1, 1, -1, 1 }, INFINITY, INFINITY, false, false, NO_POINT, 1e-3, "" };
    (void)state;
    iv inner = barrier_of(wall, l, -0.75, 0, 0.75, 0);
    assert_true(iv_has(inner, 1) && inner.hi - inner.lo <= 0.01);
    l.outside = l.seam = 0.25;
    iv around = barrier_of(wall, l, -0.75, 0, 0.75, 0);
    assert_true(around.lo <= 0.25 && around.lo > 0.05 && around.hi >= 1 && around.hi < 1.3);
    l.seam = 0.5;
    around = barrier_of(wall, l, -0.75, 0, 0.75, 0);
    assert_true(around.lo == 0.5 && around.hi >= 1);
    l.seam = 2; /* outside, x = 0 is a wall as well */
    around = barrier_of(wall, l, -0.75, 0, 0.75, 0);
    assert_true(iv_has(around, 1) && around.hi - around.lo <= 0.01);
    /* on one side one may leave and come back: a wall across y, whose ends lie at the same side */
    l.outside = 0.25;
    static const char across[] = "1/(1+16*(y-0.25)^2)";
    around = barrier_of(across, l, 0.5, -0.75, 0.5, 0.9375);
    assert_true(around.lo <= 0.25 && around.hi >= 1);
    l.outside = INFINITY;
    around = barrier_of(across, l, 0.5, -0.75, 0.5, 0.9375);
    assert_true(iv_has(around, 1) && around.hi - around.lo <= 0.01);
}

static void test_thin_wall(void **state)
{
    static const char thin[] = "1/(1+1000000*x^2)"; /* a wall along an edge of the grid: known there to be 1 */
    landscape t = { "thin", thin, { -1, 1, -1, 1 }, INFINITY, INFINITY, false, true, NO_POINT, 1e-9, "" };
    expr e = parsed(thin);
    (void)state;
    for (int edges = 0; edges < 2; edges++) {
        t.edges = edges;
        quadtree c = cells_make(&e, &t, 3);
        merge_tree m = { .n = 2, .x = { -0.9, 0.9 } };
        merge_round(&c, &m, NULL);
        free(c.at);
        assert_true(iv_has(m.barrier[0][1], 1) && (edges ? m.barrier[0][1].lo > 0.999 : m.barrier[0][1].lo < 0.5));
    }
}

static void test_divided(void **state)
{
    static const char divided[] = "x^2+y^2+4/(1+64*x^2)";
    expr d = parsed(divided);
    (void)state;
    landscape bowl = { "divided", divided, { -4, 4, -4, 4 }, 16, 16, true, false, NO_POINT, 1e-3, "" };
    static stat_search all;
    stat_find(&all, &d, (iv) { -4, 4 }, (iv) { -4, 4 }, iv_all());
    assert_true(all.unresolved == 0 && all.n == 3 && stat_count(&all, MINIMUM) == 2 && stat_count(&all, SADDLE) == 1);
    merge_tree m = {
        .n = 2, .x = { iv_mid(all.at[0].x), iv_mid(all.at[1].x) }, .y = { iv_mid(all.at[0].y), iv_mid(all.at[1].y) }
    };
    merge_find(&m, &d, &bowl, &all);
    assert_true(iv_has(m.barrier[0][1], 4) && m.barrier[0][1].hi - m.barrier[0][1].lo < 1e-9);
    iv coarse = barrier_of(divided, bowl, 0.5, 0.5, -0.5, -0.5);
    assert_true(iv_has(coarse, 4) && coarse.hi - coarse.lo <= 1e-3);

    /* convex: the higher end; also within one leaf */
    landscape round = { "bowl", "x^2+y^2", { -4, 4, -4, 4 }, 16, 16, false, false, NO_POINT, 1e-3, "" };
    static const double ends[][4] = { { 1, 1, 1.0001, 1 }, { 0.1, 0.1, 0.1, 0.1 }, { 3, 3, 0, 0 }, { -2, 1, 2, 1.5 },
        { 0, 0, 0, 0 }, { 0.01, 0.01, 0.02, -0.01 } };
    for (size_t i = 0; i < COUNT(ends); i++) {
        const double *q = ends[i];
        iv b = barrier_of("x^2+y^2", round, q[0], q[1], q[2], q[3]);
        double higher = fmax(q[0] * q[0] + q[1] * q[1], q[2] * q[2] + q[3] * q[3]);
        assert_true(near_in(b, higher, 1e-12L) || (b.lo <= fmin(higher, 16) && b.hi >= higher));
        assert_true(b.lo >= higher - 1e-3 || higher > 16);
    }
}

static void test_least(void **state)
{
    static const struct {
        const char *formula;
        double box[4], least;
    } table[] = { { "x^2+y^2", { -4, 4, -4, 4 }, 0 }, { "x^2+y^2", { 1, 4, 2, 4 }, 5 },
        { "abs(x-0.5)+abs(y+0.25)", { -1, 1, -1, 1 }, 0 }, { "abs(x)+3*abs(y)", { -1, 1, -1, 1 }, 0 },
        { "abs(x)+abs(y)", { 0, 1, -1, 0 }, 0 }, { "max(x,y)", { -1, 2, -3, 2 }, -1 },
        { "max(abs(x),abs(y))-1", { -2, 3, -2, 2 }, -1 }, { "x^2-x+abs(x)", { -1, 1, -1, 1 }, 0 },
        { "abs(x)-x/2+y^2", { -1, 1, -1, 1 }, 0 }, { "min(x,y)", { -1, 2, -3, 2 }, -3 },
        { "(x^2-1)^2+y^2", { -2, 2, -2, 2 }, 0 }, { "(x^2+y-11)^2+(x+y^2-7)^2", { 2.5, 3.5, 1.5, 2.5 }, 0 },
        { "-x*y", { -1, 2, -1, 3 }, -6 }, { "cos(x)+abs(y)", { -4, 4, -1, 1 }, -1 },
        { "sin(x)+y^2", { 0, 1, 0, 1 }, 0 }, { "(x-0.25)^2+max(y-x,0)+abs(y)/2", { -1, 1, -1, 1 }, 0.0 },
        { "x^4-2*x^2", { -2, 2, 0, 0 }, -1 }, { "x+y", { 1, 1, 2, 2 }, 3 }, { "1/x", { 0.5, 4, 0, 1 }, 0.25 } };
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const double *b = table[i].box;
        expr e = parsed(table[i].formula);
        iv low = least_on(&e, (iv) { b[0], b[1] }, (iv) { b[2], b[3] }, 1e-7);
        if (!near_in(low, table[i].least, 1e-15L) || !(low.hi - low.lo <= 1e-6))
            fail_msg("%s => [%.17g, %.17g]  expected: %g", table[i].formula, low.lo, low.hi, table[i].least);
    }
    expr pole = parsed("1/x"); /* nothing is known across a pole */
    assert_true(least_on(&pole, (iv) { -1, 1 }, (iv) { 1, 1 }, 1e-3).lo == -INFINITY);
}

/// Depths ///

static land_view *hand_view(size_t n, const iv *minimum, const iv *barrier)
{
    land_view *v = calloc(1, sizeof *v);
    v->t.n = n;
    for (size_t i = 0; i < n; i++) {
        v->minimum[i] = minimum[i];
        for (size_t j = 0; j < n; j++)
            v->t.barrier[i][j] = barrier[i * n + j];
    }
    return v;
}

static void test_depths(void **state)
{
    (void)state;
    /* Minima 0, 1, 2, 3; 3 joins 2 at 4, 2 joins 0 at 5, 1 joins all at 7. */
    static const iv minimum[4] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 3 } }, z = { 0, 0 };
    const iv barrier[16] = { z, { 7, 7.25 }, { 5, 5.25 }, { 5, 5.25 }, { 7, 7.25 }, z, { 7, 7.25 }, { 7, 7.25 },
        { 5, 5.25 }, { 7, 7.25 }, z, { 4, 4.25 }, { 5, 5.25 }, { 7, 7.25 }, { 4, 4.25 }, z };
    land_view *v = hand_view(4, minimum, barrier);
    static const iv depth[4] = { { INFINITY, INFINITY }, { 6, 6.25 }, { 3, 3.25 }, { 1, 1.25 } };
    for (size_t i = 0; i < 4; i++) {
        iv d = land_depth(v, i);
        assert_true(d.lo == depth[i].lo && d.hi == depth[i].hi);
    }
    iv level[MERGE_POINTS], top = land_top(v);
    assert_int_equal(land_merges(v, level), 3);
    static const double steps[3] = { 4, 5, 7 };
    for (int i = 0; i < 3; i++)
        assert_true(level[i].lo == steps[i] && level[i].hi == steps[i] + 0.25);
    assert_true(top.lo == 7 && top.hi == 7.25);
    /* A neighbour that is perhaps lower counts from below only. */
    v->minimum[3] = (iv) { 1.5, 2.5 };
    iv d = land_depth(v, 2);
    assert_true(d.lo == 2 && d.hi == 3.25);
    v->t.n = 1;
    assert_true(land_depth(v, 0).lo == INFINITY && land_merges(v, level) == 0 && land_top(v).hi == -INFINITY);
    free(v);
}

/* The bands of a random ultrametric, known by its tree: a chain of passes. */
static void test_ultrametrics(void **state)
{
    rng g = rng_make(31, 8);
    iv level[MERGE_POINTS];
    (void)state;
    for (int round = 0; round < 100; round++) {
        size_t n = 2 + (size_t)(rng_uniform(&g) * 12);
        iv low[MERGE_POINTS], all[MERGE_POINTS * MERGE_POINTS];
        double pass[MERGE_POINTS], sorted[MERGE_POINTS];
        for (size_t i = 0; i < n; i++) {
            low[i] = iv_of(dyadic(rng_uniform(&g)));
            pass[i] = sorted[i] = 2 + dyadic(rng_uniform(&g));
        }
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double over = 0;
                for (size_t k = i < j ? i : j; k < (i < j ? j : i); k++)
                    over = fmax(over, pass[k]);
                all[i * n + j] = iv_of(over);
            }
        land_view *v = hand_view(n, low, all);
        for (size_t i = 1; i + 1 < n; i++)
            for (size_t k = i; k && sorted[k] < sorted[k - 1]; k--) {
                double t = sorted[k];
                sorted[k] = sorted[k - 1];
                sorted[k - 1] = t;
            }
        assert_int_equal(land_merges(v, level), n - 1);
        for (size_t i = 0; i + 1 < n; i++)
            assert_true(iv_is(level[i], sorted[i]));
        for (size_t i = 0; i < n; i++) {
            double best = INFINITY;
            for (size_t j = 0; j < n; j++)
                if (j != i && low[j].lo <= low[i].lo)
                    best = fmin(best, all[i * n + j].lo);
            iv here = land_depth(v, i);
            if (best < INFINITY)
                assert_true(iv_is(here, best - low[i].lo)); /* exact: multiples of 2^-10 */
            else
                assert_true(here.lo == INFINITY);
        }
        free(v);
    }
}

/* Nothing is known where a part of the formula may be undefined, whatever is done to it; elsewhere nothing shows. */
static void test_domain(void **state)
{
    static const char *const formulas[] = { "(1/x)^0", "sin(1/x)", "cos(sqrt(x-1))", "min(max(1/x,0),5)", "abs(1/x)*0",
        "0*sqrt(x-1)+1", "max(y,min(sqrt(x-2),1))", "(sqrt(x-1)^0+y)^0", "1/(1/x)", "log(x)", "log(x)^0", "0*log(x^2)",
        "log(abs(x))*0+1", "exp(log(x))", "tanh(log(x))", "max(log(x),5)", "x^-1", "(x^-2)^0", "exp(-1/x)" };
    const iv bad = { -0x1p-20, 0x1p-20 };
    const iv good = { 3, 3.25 };
    (void)state;
    for (size_t i = 0; i < COUNT(formulas); i++)
        for (int order = 0; order <= 2; order++) {
            expr e;
            expr_must(formulas[i], &e);
            jet j = expr_at(&e, bad, bad, order);
            if (!j.lost || !iv_infinite(j.F) || !iv_infinite(j.x) || !iv_infinite(j.xx))
                fail_msg("%s is taken to be defined", formulas[i]);
            if (expr_at(&e, good, good, order).lost)
                fail_msg("%s is taken to be undefined", formulas[i]);
        }
}

/* What is asked of x and y at one scale is found at any: (s x - 1)^2 + (s y)^2 + (s x)(s y). */
static void test_scales(void **state)
{
    (void)state;
    for (int k = 0; k <= 480; k += 16) {
        char power[200] = "1";
        for (int i = 0; i < k; i += 60)
            snprintf(power + strlen(power), sizeof power - strlen(power), "*2^%d", k - i < 60 ? k - i : 60);
        char formula[900];
        expr e;
        stat_search s;
        double w = two_to(3 - k);
        snprintf(formula, sizeof formula, "(%s*x-1)^2+(%s*y)^2+(%s*x)*(%s*y)", power, power, power, power);
        expr_must(formula, &e);
        stat_find(&s, &e, (iv) { -w, w }, (iv) { -w, w }, iv_all());
        if (s.n != 1 || s.unresolved || s.at[0].kind != MINIMUM)
            fail_msg("2^%d: %zu points, %zu unresolved", k, s.n, s.unresolved);
        iv x = iv_scale(two_to(k), s.at[0].x); /* 4/3, and y is -2/3 */
        iv y = iv_scale(two_to(k), s.at[0].y);
        assert_true(!iv_apart(x, iv_div(iv_of(4), iv_of(3))) && x.hi - x.lo < 1e-9);
        assert_true(!iv_apart(y, iv_div(iv_of(-2), iv_of(3))) && y.hi - y.lo < 1e-9);
    }
}

/* Units do not spoil what is fine as it is: one second derivative is tiny, and not 0, where the mixed one is 1. */
static void test_units(void **state)
{
    static const char *const saddles[] = { "x*y+x^10", "x*y+(x/1000000)^12+(y/1000000)^11", "x*y",
        "x*y+x^2/10^60/10^60/10^60", "x*y+(x^2+y^2)/10^60/10^60/10^60/10^60" };
    (void)state;
    for (size_t i = 0; i < COUNT(saddles); i++) {
        expr e;
        stat_search s;
        expr_must(saddles[i], &e);
        stat_find(&s, &e, (iv) { -0.75, 0.5 }, (iv) { -0.5, 0.625 }, iv_all());
        if (s.n != 1 || s.unresolved || s.at[0].kind != SADDLE || s.boxes > 100)
            fail_msg("%s: %zu points, %zu unresolved, %zu boxes", saddles[i], s.n, s.unresolved, s.boxes);
    }
}

/* Undecided boxes lie in the places that are told, each with its reason. */
static void test_gaps(void **state)
{
    static const struct {
        const char *formula;
        enum gap_reason reason;
        double x, y;
        iv box;
    } rows[] = { { "x^2", GAP_SINGULAR, 0, 1, { -4, 4 } }, { "1/x+y^2", GAP_UNDEFINED, 0, -3, { -4, 4 } },
        { "abs(x)+y^2", GAP_KINK, 0, 0, { -4, 4 } }, { "(10^60*10^60*10^60*x)^2+y^2", GAP_STEEP, 0, 0, { -4, 4 } },
        { "log(x)+y^2", GAP_UNDEFINED, -2, 3, { -4, 4 } }, { "log(x^2)+y^2", GAP_UNDEFINED, 0, 3, { -4, 4 } },
        { "exp(1000*x)+y^2", GAP_SINGULAR, -2, 0, { -4, 4 } },
        { "x^2+y^2+(1/x)^0", GAP_BUDGET, -0.0002, -3.9, { -4, 4 } },
        { "x^3-6*x+y^2", GAP_EDGE, 1.4142135623730951, 0, { 0, 1.4142135623730951 } } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        expr e;
        stat_search s;
        bool told = false;
        expr_must(rows[i].formula, &e);
        stat_find(&s, &e, rows[i].box, (iv) { -4, 4 }, iv_all());
        for (size_t k = 0; k < s.gaps; k++)
            told |= s.gap[k].reason == rows[i].reason && iv_has(s.gap[k].x, rows[i].x) && iv_has(s.gap[k].y, rows[i].y);
        if (!told || !s.unresolved || s.gaps > STAT_GAPS)
            fail_msg("%s: the place is not told", rows[i].formula);
    }
}

/* The minima of a study ascend, as its figures say: also where the row of a landscape names the higher end first. */
static void test_ascending(void **state)
{
    (void)state;
    for (int which = LAND_CAPTION; which <= LAND_DISC; which++) {
        mem arena = { 0 };
        land_view *v = land_open(&arena, which);
        if (which != LAND_SHELF && land_study(v))
            for (size_t i = 1; i < v->t.n; i++)
                if (!(v->minimum[i - 1].lo <= v->minimum[i].hi))
                    fail_msg("%s: minimum %zu lies above minimum %zu", v->l->name, i - 1, i);
        mem_free(&arena);
    }
    mem arena = { 0 };
    land_view *v = land_open(&arena, LAND_WITNESS_27_8);
    assert_true(land_study(v) && iv_is(v->minimum[0], 3.125) && v->t.x[0] == 2.875 && v->t.x[1] == 0);
    mem_free(&arena);
}

/* Minima on the edge of a box: in sides, in corners, on a whole side, at stationary points of all kinds. */
static void test_rim(void **state)
{
    static const struct {
        const char *formula;
        double box[4];
        size_t points, rims;
        bool resolved;
        double x, y; /* of the lowest one on the edge */
    } table[] = {
        { "x+y", { 0, 1, 0, 1 }, 0, 1, true, 0, 0 },
        { "(x-0.25)^2+y", { -1, 1, 0, 1 }, 0, 1, true, 0.25, 0 },
        { "(x-0.25)^2-y", { -1, 1, 0, 1 }, 0, 1, true, 0.25, 1 },
        { "x^2+y", { 0, 1, 0, 1 }, 0, 1, true, 0, 0 },
        { "x^2-3*x*y+y^2", { 0, 1, 0, 1 }, 1, 1, true, 1, 1 },
        { "x^2+3*x*y+y^2", { 0, 1, 0, 1 }, 1, 1, true, 0, 0 },
        { "x^2+3*x*y+y^2", { -1, 0, 0, 1 }, 1, 1, true, -1, 1 },
        { "0-x^2-y^2", { -1, 1, -1, 2 }, 1, 4, true, -1, 2 },
        { "cos(x)^2+sin(y)^2", { -5, 5, -5, 5 }, 49, 8, true, -4.71238898038469, -5 },
        { "x^2+y^2", { 0, 1, -1, 1 }, 1, 0, true, 0, 0 },
        { "exp(x)+y^2", { -1, 1, -1, 1 }, 0, 1, true, -1, 0 },
        { "tanh(x-0.25)^2+y", { -1, 1, 0, 1 }, 0, 1, true, 0.25, 0 },
        { "x*y", { 0, 1, 0, 1 }, 1, 0, false, 0, 0 },
        { "x", { 0, 1, 0, 1 }, 0, 0, false, 0, 0 },
        { "abs(x-0.5)+y", { 0, 1, 0, 1 }, 0, 0, false, 0, 0 },
        { "y-2*abs(x)", { -1, 0, 0, 1 }, 0, 1, false, -1, 0 },
        { "(y-0.5)^2-2*abs(x)", { -1, 0, 0, 1 }, 0, 1, false, -1, 0.5 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        expr e = parsed(table[i].formula);
        const double *b = table[i].box;
        stat_search s;
        stat_find(&s, &e, (iv) { b[0], b[1] }, (iv) { b[2], b[3] }, iv_all());
        rim_find(&s);
        if (s.n != table[i].points || s.rims != table[i].rims || !s.unresolved != table[i].resolved)
            fail_msg("%s: %zu points, %zu on the edge, %zu unresolved", table[i].formula, s.n, s.rims, s.unresolved);
        if (s.rims)
            assert_true(near_in(s.rim[0].x, table[i].x, 1e-12L) && near_in(s.rim[0].y, table[i].y, 1e-12L));
    }
}

/// Tables ///

static void expect_number(iv x, table_scale scale, const char *expected)
{
    char got[TABLE_CELL];
    table_number(got, sizeof got, x, scale);
    if (strcmp(got, expected))
        fail_msg("[%a, %a] => %s  expected: %s", x.lo, x.hi, got, expected);
}

/* Numbers for people, by hand. */
static void test_numbers(void **state)
{
    const table_scale fixed = { true, 12 };
    const table_scale twelve = { false, 12 };
    const table_scale three = { false, 3 };
    (void)state;
    expect_number(iv_of(0.25), fixed, "0.250000000000");
    expect_number(iv_of(-0.0), fixed, "0.000000000000");
    expect_number(iv_of(0.1), fixed, "0.100000000000~");
    expect_number(iv_of(-0.1), fixed, "-0.100000000000~");
    expect_number((iv) { -0.25, next_up(-0.25) }, fixed, "-0.250000000000~");
    expect_number((iv) { -1e-20, 1e-20 }, fixed, "0.000000000000~");
    expect_number((iv) { 1 - 9e-13, 1 + 9e-13 }, fixed, "1.000000000000~");
    expect_number((iv) { 1 - 9e-13, 1 + 1.1e-12 }, fixed, "[0.999999999999, 1.000000000002]");
    expect_number((iv) { -2e-12, 1e-13 }, fixed, "[-0.000000000002, 0.000000000001]");
    expect_number(iv_of(1e14), fixed, "1.00000000000e+14");
    expect_number(iv_of(0), twelve, "0");
    expect_number(iv_of(0x1p-20), twelve, "9.53674316406e-07~");
    expect_number(iv_of(0x1p-3), three, "1.25e-01");
    expect_number((iv) { 0.9999, 1.0001 }, three, "1.00e+00~");
    expect_number((iv) { 0.9989, 1.0021 }, three, "1.00e+00~");
    expect_number((iv) { 0.9981, 1.0151 }, three, "[9.98e-01, 1.02e+00]");
    expect_number((iv) { -9.981, 9.981 }, three, "[-9.99e+00, 9.99e+00]");
    expect_number((iv) { -9.999, 99.91 }, three, "[-1.00e+01, 1.00e+02]");
    expect_number((iv) { 1.0051, 1.0249 }, three, "[1.00e+00, 1.03e+00]");
    expect_number((iv) { 1, INFINITY }, three, "[1.00e+00, inf]");
    expect_number(iv_all(), fixed, "[-inf, inf]");
    expect_number((iv) { 0, 0x1p-1074 }, three, "[0, 4.95e-324]");
    table_scale s = table_scale_of(1e14, 1);
    assert_true(!s.fixed && s.digits == 17);
    s = table_scale_of(1e10, 1e8);
    assert_true(!s.fixed && s.digits == 14);
    assert_true(table_scale_of(0, 0).fixed && table_scale_of(5, 0).fixed && table_scale_of(1e6, 1e-3).fixed);
    assert_true(!table_scale_of(9e6, 1).fixed && !table_scale_of(5, 1e-4).fixed && !table_scale_of(1e-9, 0).fixed);
}

/* What is printed, read anew. */
static void printed_ends(const char *s, long double *lo, long double *hi)
{
    char *end;
    if (*s == '[') {
        *lo = strtold(s + 1, &end);
        *hi = strtold(end + 2, &end);
        return;
    }
    *lo = *hi = strtold(s, &end);
    if (*end != '~')
        return;
    const char *e = strchr(s, 'e');
    const char *point = strchr(s, '.');
    int places = (int)((e ? e : strchr(s, '~')) - point - 1);
    long double unit = powl(10, (e ? strtol(e + 1, NULL, 10) : 0) - places);
    *lo -= unit;
    *hi += unit;
}

/* Any enclosure lies within what is printed, and that is not much wider. */
static void test_numbers_enclose(void **state)
{
    rng g = rng_make(31, 10);
    size_t tilde = 0;
    size_t bracket = 0;
    (void)state;
    for (int i = 0; i < 60000; i++) {
        char got[TABLE_CELL];
        long double lo, hi;
        table_scale scale = { i % 3 == 0, 12 + i % 6 };
        double x = scale.fixed ? 100 * rng_normal(&g) : rng_normal(&g) * two_to((int)(400 * rng_normal(&g)) % 900);
        double w = i % 7 ? fabs(x) * two_to(-i % 60) * rng_uniform(&g) : 0;
        iv a = { x, x + w };
        if (i % 11 == 0)
            a = iv_of(floor(x * 16) / 16);
        if (!is_finite(x) || fabs(x) < 1e-290)
            continue;
        table_number(got, sizeof got, a, scale);
        printed_ends(got, &lo, &hi);
        long double slack = 3e-19L * iv_mag(a);
        long double unit = scale.fixed ? 1e-12L : powl(10, 1 - scale.digits) * iv_mag(a);
        if (!(lo <= a.lo + slack && a.hi - slack <= hi && hi - lo <= 3.2L * unit + 1.2L * (a.hi - a.lo)))
            fail_msg("[%a, %a] => %s", a.lo, a.hi, got);
        tilde += strchr(got, '~') != NULL;
        bracket += got[0] == '[';
    }
    assert_true(tilde > 1000 && bracket > 1000);
}

/* The n-th line (from 0) of what the command prints. */
static void expect_line(const text *t, int n, const char *expected)
{
    const char *s = t->s;
    for (; n && *s; n--)
        s = strchr(s, '\n') + 1;
    int length = (int)strcspn(s, "\n");
    if (length != (int)strlen(expected) || strncmp(s, expected, (size_t)length))
        fail_msg("%.*s  expected: %s", length, s, expected);
}

/* Minima are numbered as barriers name them, inside and on the edge. */
static void test_table(void **state)
{
    static const char *const words[] = { "(x^2-1)^2+y^3-y", "box=-2,2,-1.25,0.75" };
    mem arena = { 0 };
    text t = { 0 };
    land_view *v = landscape_read(&arena, 2, words);
    (void)state;
    land_study(v);
    landscape_table(&t, v);
    expect_line(&t, 0, "formula         (x^2-1)^2+y^3-y");
    expect_line(&t, 1, "box             [-2, 2] x [-1.25, 0.75]");
    expect_line(&t, 2, "");
    expect_line(&t, 3, "minimum 1       x=-1.000000000000~  y=0.577350269190~   F=-0.384900179460~");
    expect_line(&t, 4, "minimum 2       x=1.000000000000~   y=0.577350269190~   F=-0.384900179460~");
    expect_line(&t, 8, "maximum         x=0.000000000000~   y=-0.577350269190~  F=1.384900179460~");
    expect_line(&t, 9, "edge-minimum 3  x=-1.000000000000   y=-1.250000000000   F=-0.703125000000");
    expect_line(&t, 10, "edge-minimum 4  x=1.000000000000    y=-1.250000000000   F=-0.703125000000");
    expect_line(&t, 11, "");
    assert_non_null(strstr(t.s, "\nbarrier 1-3     F=[0.384900"));
    assert_non_null(strstr(t.s, "\nbarrier 3-4     F=[0.296"));
    assert_non_null(strstr(t.s,
        "\n6 stationary points in the box and 2 minima on its edge, each proved and alone near by: "
        "all there are.\n"));
    t.used = 0;
    landscape_json(&t, v, 0);
    assert_non_null(
        strstr(t.s, "{\"kind\":\"edge-minimum\",\"number\":4,\"x\":{\"lo\":1,\"hi\":1,\"hex\":[\"0x1p+0\","));
    assert_non_null(strstr(t.s, "\"unresolved\":[],\"more\":false,\"complete\":true,\n\"exit\":0}\n"));
    free(t.s);
    mem_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_garbage), cmocka_unit_test(test_inclusion),
        cmocka_unit_test(test_jets), cmocka_unit_test(test_digits), cmocka_unit_test(test_tanh_ranges),
        cmocka_unit_test(test_kinks), cmocka_unit_test(test_krawczyk), cmocka_unit_test(test_stationary),
        cmocka_unit_test(test_known_points), cmocka_unit_test(test_edges_of_the_box), cmocka_unit_test(test_flat),
        cmocka_unit_test(test_levels), cmocka_unit_test(test_lines), cmocka_unit_test(test_kink_on_a_split),
        cmocka_unit_test(test_wells), cmocka_unit_test(test_grid), cmocka_unit_test(test_outside),
        cmocka_unit_test(test_thin_wall), cmocka_unit_test(test_divided), cmocka_unit_test(test_least),
        cmocka_unit_test(test_depths), cmocka_unit_test(test_ultrametrics), cmocka_unit_test(test_ascending),
        cmocka_unit_test(test_domain), cmocka_unit_test(test_scales), cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_units), cmocka_unit_test(test_rim), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_numbers_enclose), cmocka_unit_test(test_table) };
    return cmocka_run_group_tests_name("landscapes", tests, NULL, NULL);
}
