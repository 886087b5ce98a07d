/* SPDX-License-Identifier: MIT */
/* Pictures: numbers and ticks, escaping, the shape of every file, and that what is drawn is what is certified. Alone
   sees a picture that is no XML, runs out of its frame, or shows a curve above its bound. */
#include "test.h"

static void numbers_are_hundredths(void **state)
{
    static const struct {
        double x;
        const char *said;
    } rows[] = { { 0, "0" }, { -0.004, "0" }, { -0.0051, "-0.01" }, { -1.25, "-1.25" }, { 12.5, "12.5" },
        { -12.5, "-12.5" }, { 99.999, "100" }, { 3, "3" }, { 0.05, "0.05" }, { -0.1, "-0.1" },
        { 1234.567, "1234.57" } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        text t = { 0 };
        svg_number(&t, rows[i].x);
        assert_string_equal(t.s, rows[i].said);
        free(t.s);
    }
}

static void decimals_are_short(void **state)
{
    static const struct {
        double x;
        int digits, towards;
        const char *said;
    } rows[] = { { 9.75, 5, 0, "9.75" }, { 9.78200203, 5, 1, "9.7821" }, { 9.78200203, 5, -1, "9.782" },
        { -9.78200203, 5, 1, "-9.782" }, { 0.0398414, 5, 0, "0.039841" }, { 0, 5, 1, "0" },
        { 104.0151, 5, 0, "104.02" }, { 1e-30, 5, 0, "1e-30" }, { 1.25e-7, 5, 0, "1.25e-7" },
        { 0.00125, 3, 0, "0.00125" }, { 999.96, 4, 0, "1000" }, { 1e6, 3, 0, "1000000" }, { 2.5e9, 3, 0, "2.5e9" },
        { -0.5, 3, 0, "-0.5" }, { INFINITY, 3, 0, "0" } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[DECIMAL_SIZE];
        int64_t m;
        int e;
        decimal_round(rows[i].x, rows[i].digits, rows[i].towards, &m, &e);
        decimal_print(out, m, e);
        assert_string_equal(out, rows[i].said);
    }
}

/* What is rounded up is not below, whatever its size; nor is what is printed another number. */
static void decimals_are_rounded(void **state)
{
    rng random = rng_make(1, 1);
    (void)state;
    for (int i = 0; i < 20000; i++) {
        double x = test_near(&random, i % 900);
        char up[DECIMAL_SIZE], down[DECIMAL_SIZE];
        int64_t m;
        int e;
        decimal_round(x, 5, 1, &m, &e);
        decimal_print(up, m, e);
        decimal_round(x, 5, -1, &m, &e);
        decimal_print(down, m, e);
        double slack = 1e-13 * fabs(x);
        if (strtod(up, NULL) < x - slack || strtod(down, NULL) > x + slack ||
            strtod(up, NULL) - strtod(down, NULL) > 1.001e-4 * fabs(x))
            fail_msg("%.17g => up %s, down %s", x, up, down);
    }
}

/* Ascending, in the range, each with its own number for a word; enough of them. */
static void assert_ticks(const plot_axis *a, size_t least)
{
    plot_ticks k = ticks_of(a, 6);
    double room = 1e-6 * (a->to - a->from);
    if (k.n < least || k.n > TICKS)
        fail_msg("[%.17g, %.17g] base %d: %zu ticks", a->from, a->to, a->base, k.n);
    for (size_t i = 0; i < k.n; i++) {
        const char *word = k.word[i];
        double said = !strncmp(word, "1/", 2) ? 1 / strtod(word + 2, NULL)
            : !strncmp(word, "2^", 2)         ? two_to((int)strtol(word + 2, NULL, 10))
                                              : strtod(word, NULL);
        bool inside = k.at[i] >= a->from - room && k.at[i] <= a->to + room;
        if (!inside || (i && !(k.at[i] > k.at[i - 1])) || fabs(said - k.at[i]) > 1e-9 * fabs(said))
            fail_msg("[%.17g, %.17g] base %d: tick %.17g '%s'", a->from, a->to, a->base, k.at[i], word);
    }
}

static void ticks_are_round(void **state)
{
    rng random = rng_make(1, 2);
    (void)state;
    for (int i = 0; i < 5000; i++) {
        double from = test_near(&random, 40);
        plot_axis a = { .from = from, .to = from + fabs(test_near(&random, 40)) };
        plot_axis b = { .from = fabs(from), .to = fabs(from) * (11 + 100 * rng_uniform(&random)) };
        b.base = i & 1 ? 10 : 2;
        assert_ticks(&b, 1);
        if (!(a.to - a.from > 1e-6 * fabs(a.from)))
            continue;
        assert_ticks(&a, 2);
        assert_true(axis_share(&a, a.from) == 0 && axis_share(&a, a.to) == 1);
        assert_true(fabs(axis_share(&a, 0.5 * a.from + 0.5 * a.to) - 0.5) < 1e-6);
    }
    plot_axis far = { .from = 1e15, .to = 1e15 + 0.25 };
    plot_axis wide = { .from = -1.5e308, .to = 1.5e308 };
    assert_int_equal(ticks_of(&far, 6).n, 0);
    assert_int_equal(ticks_of(&wide, 6).n, 0);
    assert_true(axis_share(&wide, 0) == 0.5);
}

static void texts_are_escaped(void **state)
{
    text t = { 0 };
    (void)state;
    svg_escape(&t, "a<b & \"c\">\x01\xc3\xa9", 13);
    assert_string_equal(t.s, "a&lt;b &amp; &quot;c&quot;&gt;?\xc3\xa9");
    free(t.s);
    assert_int_equal(paragraph_line("one two three", 8), 7);
    assert_int_equal(paragraph_line("onetwothree", 8), 8);
    assert_int_equal(paragraph_line("one two", 8), 7);
}

/* The names of open elements, one after another, each followed by a space. */
typedef struct {
    const char *svg, *at;
    double width, height;
    char open[200];
} svg_reader;

/* A number at s is in [0, most], up to the width of a line. */
static void assert_inside(const svg_reader *r, const char *s, double most, const char *what)
{
    double x = strtod(s, NULL);
    if (!(x >= -0.01 && x <= most + 0.01))
        fail_msg("%s %.30s is outside of %gx%g", what, s, r->width, r->height);
}

/* Where an element is moved to, or stands: what is turned or a mark stands at (0, 0) of its group. */
static void assert_coordinates(const svg_reader *r, const char *tag, size_t n)
{
    char copy[200];
    snprintf(copy, sizeof copy, "%.*s", (int)min_size(n, sizeof copy - 1), tag);
    char *move = strstr(copy, "translate(");
    char *x = strstr(copy, " x=\"");
    char *y = strstr(copy, " y=\"");
    if (move) {
        assert_inside(r, move + 10, r->width, "x of what is moved to");
        strtod(move + 10, &move);
        assert_inside(r, move, r->height, "y of what is moved to");
    }
    if (x)
        assert_inside(r, x + 4, r->width, "x");
    if (y)
        assert_inside(r, y + 4, r->height, "y");
}

/* Of a path whose d comes last: every pair. */
static void assert_path(const svg_reader *r, const char *tag, size_t n)
{
    const char *d = strstr(tag, " d=\"");
    if (!d || d >= tag + n || (strstr(tag, "transform") && strstr(tag, "transform") < tag + n))
        return;
    for (char *s = (char *)d + 4; *s != '"';) {
        s += *s == 'M' || *s == 'L' || *s == 'z';
        if (*s == '"' || *s == 'M' || *s == 'L' || *s == 'z')
            continue;
        assert_inside(r, s, r->width, "x of a path");
        strtod(s, &s);
        assert_inside(r, s, r->height, "y of a path");
        strtod(s, &s);
    }
}

/* Opens or closes an element. */
static void assert_element(svg_reader *r, const char *tag, size_t n)
{
    bool closing = tag[1] == '/';
    char name[20];
    assert_int_equal(sscanf(tag + 1 + closing, "%19[a-z]", name), 1);
    size_t length = strlen(r->open);
    if (closing) {
        char last[24];
        snprintf(last, sizeof last, "%s ", name);
        size_t k = strlen(last);
        if (length < k || strcmp(r->open + length - k, last))
            fail_msg("</%s> closes '%s'", name, r->open);
        r->open[length - k] = 0;
    } else if (tag[n - 1] != '/')
        snprintf(r->open + length, sizeof r->open - length, "%s ", name);
    if (!strcmp(name, "path"))
        assert_path(r, tag, n);
    if (!closing && strcmp(name, "svg"))
        assert_coordinates(r, tag, n);
}

/* Well formed, all places inside the frame, no small letters. */
static void assert_svg(const char *what, const text *t)
{
    svg_reader r = { .svg = t->s, .at = t->s };
    print_message("%s: %zu bytes\n", what, t->used);
    assert_true(t->used < 200000 && !memchr(t->s, 0, t->used));
    assert_int_equal(sscanf(strstr(t->s, "viewBox=\""), "viewBox=\"0 0 %lf %lf", &r.width, &r.height), 2);
    while (*r.at) {
        const char *end = strchr(r.at, '>');
        if (*r.at == '<') {
            assert_non_null(end);
            assert_element(&r, r.at, (size_t)(end - r.at));
            r.at = end;
        } else if (*r.at == '&' && strncmp(r.at, "&lt;", 4) && strncmp(r.at, "&gt;", 4) && strncmp(r.at, "&amp;", 5) &&
            strncmp(r.at, "&quot;", 6))
            fail_msg("%s: a bare & at %.30s", what, r.at);
        r.at++;
    }
    assert_string_equal(r.open, "");
    assert_true(strstr(t->s, "<title>") && !strstr(t->s, "<title></title>") && strstr(t->s, "<desc>"));
    assert_false(strstr(t->s, "nan") || strstr(t->s, "inf\""));
    for (const char *s = t->s; (s = strstr(s, "font-size=\"")); s++)
        assert_true(strtod(s + 11, NULL) >= 11);
}

/* Every picture of the table; each name of its legend is in the file. */
static void pictures_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        mem arena = { 0 };
        picture p = { 0 };
        text t = { 0 };
        size_t names = 0;
        char claim_part[40];
        snprintf(claim_part, sizeof claim_part, "%s", pictures[i].name);
        if (!claim_named(claim_part))
            *strchr(claim_part, '-') = 0;
        assert_non_null(claim_named(claim_part));
        pictures[i].fill(&arena, &p);
        picture_draw(&t, &p);
        assert_svg(pictures[i].name, &t);
        assert_true(p.note && strlen(p.note) > 20);
        for (const plot_panel *panel = p.panel; panel; panel = panel->next)
            for (const plot_item *item = panel->item; item; item = item->next)
                if (item->name) {
                    text name = { 0 };
                    names++;
                    svg_escape(&name, item->name, strlen(item->name));
                    if (!strstr(t.s, name.s))
                        fail_msg("%s: no '%s' in the legend", pictures[i].name, item->name);
                    free(name.s);
                }
        assert_true(names >= 2);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(pictures[i].name, pictures[k].name);
        free(t.s);
        mem_free(&arena);
    }
}

/* Whatever is drawn, none of it is outside: lines are cut, bands end at the edge, marks and boxes are left out. */
static void planes_are_kept(void **state)
{
    mem arena = { 0 };
    picture p = { .title = "a < b & c", .note = "what is outside" };
    text t = { 0 };
    (void)state;
    plot_panel *panel = picture_panel(&arena, &p, "far");
    plot_axes(panel, (plot_axis) { .from = -1, .to = 1 }, (plot_axis) { .from = 1, .to = 4, .base = 2 });
    for (enum plot_kind kind = PLOT_LINE; kind < PLOT_CONTOURS; kind++) {
        plot_item *item = plot_add(&arena, panel, kind, (enum plot_ink)kind, "<all>", 5);
        for (size_t i = 0; i < item->n; i++) {
            plot_put(item, i, kind == PLOT_BAND ? (double)i / 2 - 1 : 3 * (double)i - 6, i & 1 ? -7 : 900);
            item->right[i] = item->x[i] + 8;
            item->top[i] = i == 3 ? INFINITY : 1e9;
            item->word[i] = "word";
        }
    }
    picture_draw(&t, &p);
    assert_svg("planes", &t);
    assert_non_null(strstr(t.s, "<title>a &lt; b &amp; c</title>"));
    assert_non_null(strstr(t.s, ">&lt;all&gt;</text>"));
    free(t.s);
    mem_free(&arena);
}

/* The item of a panel whose name begins so. */
static const plot_item *item_named(const plot_panel *panel, const char *name)
{
    for (const plot_item *item = panel->item; item; item = item->next)
        if (item->name && !strncmp(item->name, name, strlen(name)))
            return item;
    fail_msg("no item '%s'", name);
    return NULL;
}

/* The height of a line at x, of several the largest. */
static double line_at(const plot_item *line, double x)
{
    double y = -INFINITY;
    for (size_t i = 1; i < line->n; i++) {
        double a = line->x[i - 1];
        double b = line->x[i];
        if (a <= x && x <= b)
            y = fmax(y, fmax(line->y[i - 1], line->y[i]));
    }
    return y;
}

/* Theorem 11: the curve is below the steps, the steps below the repaired bound, and the wall below the curve's top. */
static void paths_are_below_their_bounds(void **state)
{
    mem arena = { 0 };
    picture p = { 0 };
    (void)state;
    wang_thm11_picture(&arena, &p);
    for (const plot_panel *panel = p.panel; panel; panel = panel->next) {
        const plot_item *curve = item_named(panel, "F along the path");
        const plot_item *steps = item_named(panel, "certified bound");
        double repaired = item_named(panel, "repaired bound")->y[0];
        double top = -INFINITY;
        for (size_t i = 0; i < curve->n; i++) {
            double bound = line_at(steps, curve->x[i]);
            top = fmax(top, curve->y[i]);
            if (!(curve->y[i] <= bound * (1 + 1e-14)) || !(bound <= repaired + 1e-9))
                fail_msg("x = %g: F %.17g, bound %.17g, repaired %.17g", curve->x[i], curve->y[i], bound, repaired);
        }
        assert_true(top > item_named(panel, "printed bound")->y[0]);
        if (panel == p.panel)
            assert_true(top <= 9.7821 && fabs(item_named(panel, "wall")->y[0] - 9.75) < 1e-11 && top > 9.74);
    }
    mem_free(&arena);
}

/* The wall of p layers has the height p + 1 above F*_w, and no law's excess is above 2. */
static void walls_have_their_height(void **state)
{
    mem arena = { 0 };
    picture p = { 0 };
    static const double layers[] = { 0, 1, 2, 3, 8 };
    (void)state;
    wang_thm11_wall_picture(&arena, &p);
    for (size_t k = 0; k < COUNT(layers); k++) {
        char name[40];
        snprintf(name, sizeof name, "p = %.0f, excess: %.0f", layers[k], layers[k] + 1);
        const plot_item *line = item_named(p.panel, name);
        double top = -INFINITY;
        for (size_t i = 0; i < line->n; i++)
            top = fmax(top, line->y[i]);
        assert_true(fabs(top - layers[k] - 1) < 1e-9 && fabs(line->y[0]) < 1e-12);
    }
    mem_free(&arena);
}

/* Lemma 10's pairs lie below 1; Lemma 9's last failing m below m_0; both branches of Section 4 end at the fold. */
static void figures_are_as_certified(void **state)
{
    mem arena = { 0 };
    picture p = { 0 };
    (void)state;
    wang_lemma10_picture(&arena, &p);
    const plot_item *dots = item_named(p.panel, "one atom");
    for (size_t i = 0; i < dots->n; i++)
        assert_true(dots->y[i] <= 1 + 1e-7);
    p = (picture) { 0 };
    wang_lemma9_picture(&arena, &p);
    const plot_item *last = item_named(p.panel, "the last m");
    assert_string_equal(last->word[5], "9484");
    assert_true(last->y[5] < item_named(p.panel, "m_0 for eta = 3/4")->y[1]);
    assert_true(fabs(item_named(p.panel, "m_0 for eta = 1/2")->y[15] - 585.7) < 0.1);
    p = (picture) { 0 };
    shamir_section4_picture(&arena, &p);
    const plot_item *fold = item_named(p.panel, "fold");
    const plot_item *ends[2] = { item_named(p.panel, "spurious"), item_named(p.panel, "saddle") };
    assert_true(fabs(fold->x[0] - 0.390418303) < 1e-9);
    for (int k = 0; k < 2; k++) {
        size_t n = ends[k]->n;
        assert_true(fabs(ends[k]->y[n - 1] - fold->y[0]) < 1e-4 && ends[k]->x[n - 1] < fold->x[0]);
        assert_true(k ? ends[k]->y[0] > 0.5 : ends[k]->y[0] < 0.03);
    }
    mem_free(&arena);
}

/* Landscapes of all kinds: minima with their numbers, what is not resolved, boxes that are wide, far or small. */
static void landscapes_are_drawn(void **state)
{
    static const struct {
        const char *formula, *box;
        size_t minima;
        const char *has;
    } rows[] = { { "(x^2+y-11)^2+(x+y^2-7)^2", "box=-6,6,-6,6", 4, ">104.02</text>" },
        { "(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", "box=-3,3,-2,2", 6, ">saddle</text>" },
        { "x^2-y^2", "box=-1,2,-1,1", 2, ">minimum on the edge</text>" },
        { "1/x+y^2", "box=-1,1,-1,1", 1, ">not resolved</text>" },
        { "x*0+3", "box=-1,1,-1,1", 0, ">not resolved</text>" },
        { "(x-1000000)^2+y^2", "box=999999.5,1000000.7,-1000,1000", 1, ">1000000.2</text>" },
        { "(10^60*x-1)^2+(10^60*y)^2", "box=-1e-58,1e-58,-1e-58,1e-58", 1, ">minimum</text>" },
        { "sin(3*x)*cos(3*y)+x^2/20", "box=-4,4,-4,4", 0, ">maximum</text>" },
        { "x+y", "box=-1e30,1e30,-1e30,1e30", 0, "<title>F = x+y</title>" } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        text t = { 0 };
        land_view *v = landscape_read(&arena, 2, (const char *const[]) { rows[i].formula, rows[i].box });
        landscape named = *v->l;
        named.formula = rows[i].formula;
        v->l = &named;
        land_study(v);
        picture_landscape(&t, v);
        assert_svg(rows[i].formula, &t);
        for (size_t k = 1; k <= rows[i].minima; k++) {
            char word[20];
            snprintf(word, sizeof word, ">%zu</text>", k);
            assert_non_null(strstr(t.s, word));
        }
        if (!strstr(t.s, rows[i].has))
            fail_msg("%s: no %s", rows[i].formula, rows[i].has);
        free(t.s);
        mem_free(&arena);
    }
}

/* A contour that goes round is one closed line; one that ends at the edge is one open line. */
static void contours_are_joined(void **state)
{
    static const struct {
        const char *formula;
        size_t lines, closed;
    } rows[] = { { "x^2+y^2", 1, 1 }, { "x+y+1/2", 1, 0 }, { "x^2-1/4*y^2+1/16", 2, 0 } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        expr e;
        text t = { 0 };
        expr_must(rows[i].formula, &e);
        plot_panel panel = { .x = { .from = -1, .to = 1 }, .y = { .from = -1, .to = 1 }, .e = &e };
        plot_plane f = { .t = &t, .p = &panel, .w = 100, .h = 100 };
        plot_item *item = plot_add(&arena, &panel, PLOT_CONTOURS, INK_BLUE, NULL, 1);
        item->y[0] = i ? 0.52 : 0.5;
        if (i == 2)
            item->y[0] = 0;
        plane_contours(&f, item, contour_of(&arena, &panel), false);
        size_t lines = 0;
        size_t closed = 0;
        for (const char *s = strstr(t.s, " d="); *s; s++) {
            lines += *s == 'M';
            closed += *s == 'z';
        }
        if (lines != rows[i].lines || closed != rows[i].closed)
            fail_msg("%s: %zu lines, %zu closed: %.200s", rows[i].formula, lines, closed, t.s);
        free(t.s);
        mem_free(&arena);
    }
}

/* Contours of values on a grid that is no square, in its panel's pixels: x = 0.3 and y = 0.5 are straight lines, a hill
   is round, and where a value is not known there is a gap. */
static void contours_of_values(void **state)
{
    enum { COLUMNS = 21, ROWS = 6 };
    static const struct {
        double level;
        size_t lines, closed;
    } rows[] = { { 0.3, 1, 0 }, { 0.5, 1, 1 }, { 0.3, 2, 0 }, { 0.5, 1, 0 } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        text t = { 0 };
        double F[ROWS][COLUMNS];
        for (size_t j = 0; j < ROWS; j++)
            for (size_t k = 0; k < COLUMNS; k++) {
                double x = (double)k / (COLUMNS - 1);
                double y = (double)j / (ROWS - 1);
                F[j][k] = i == 1 ? (x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5) + 0.4 : i == 3 ? y : x;
            }
        if (i == 2)
            F[2][6] = NAN;
        plot_panel panel = { .values = F[0], .columns = COLUMNS, .rows = ROWS };
        plot_plane f = { .t = &t, .p = &panel, .w = 100, .h = 100 };
        plot_item *item = plot_add(&arena, &panel, PLOT_CONTOURS, INK_BLUE, NULL, 1);
        item->y[0] = rows[i].level;
        plane_contours(&f, item, contour_of(&arena, &panel), false);
        size_t lines = 0;
        size_t closed = 0;
        const char *path = strstr(t.s, " d=");
        for (const char *s = path; *s; s++) {
            lines += *s == 'M';
            closed += *s == 'z';
        }
        if (lines != rows[i].lines || closed != rows[i].closed)
            fail_msg("%zu: %zu lines, %zu closed: %s", i, lines, closed, path);
        if (i == 0 && (!strstr(path, "M30 100L30 80L30 60L30 40L30 20L30 0")))
            fail_msg("x = 0.3 is drawn as %s", path);
        if (i == 3 && (!strstr(path, "M0 50L5 50L10 50L15 50") || !strstr(path, "L95 50L100 50")))
            fail_msg("y = 0.5 is drawn as %s", path);
        free(t.s);
        mem_free(&arena);
    }
}

/* Two networks of vectors/networks, and what is found out about them. */
static own_answer *answer_of(mem *arena, const char *a, const char *b, int penalty, int strategy)
{
    own_answer *answer = mem_get(arena, 1, sizeof *answer);
    sample_set *S = mem_get(arena, 1, sizeof *S);
    own_net *net[2];
    char dir[500], name[600];
    text told = { 0 };
    snprintf(
        dir, sizeof dir, "%.*s../../vectors/networks/", (int)(strlen(__FILE__) - strlen("test_pictures.c")), __FILE__);
    own_map *map = own_map_read(arena, NULL);
    snprintf(name, sizeof name, "%siris.csv", dir);
    own_table *table = own_table_read(arena, picture_name(arena, "%s", name), NULL);
    for (int e = 0; e < 2; e++)
        net[e] = own_read(arena, picture_name(arena, "%s%s", dir, e ? b : a), map, table->n, &told);
    *S = own_samples(arena, table, map, own_losses[0], net[0]->dy);
    answer->P = pair_make(arena, S, net[0], net[1], max_size(net[0]->m, net[1]->m), penalty, penalty ? 0.001 : 0);
    answer_path(arena, answer, strategy, 0, 1);
    free(told.s);
    return answer;
}

/* Users' paths: no step above the path's bound, no curve above its step. */
static void users_paths_are_drawn(void **state)
{
    static const struct {
        const char *a, *b;
        int penalty, strategy;
        bool ends;
    } rows[] = { { "two-layer-a.npz", "two-layer-b.npz", PENALTY_NONE, STRATEGY_BEST, true },
        { "two-layer-a.npz", "two-layer-b.npz", PENALTY_DECAY, STRATEGY_BEST, true },
        { "two-layer-a.npz", "two-layer-b.npz", PENALTY_NONE, STRATEGY_LINE, false },
        { "skip-a.npz", "skip-b.npz", PENALTY_NONE, STRATEGY_BEST, true },
        { "skip-a.npz", "skip-b.npz", PENALTY_WANG, STRATEGY_BEST, false } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        text t = { 0 };
        picture p = { 0 };
        const own_answer *a = answer_of(&arena, rows[i].a, rows[i].b, rows[i].penalty, rows[i].strategy);
        assert_true(a->proof.ends == rows[i].ends);
        own_path_panel(&arena, &p, a);
        const plot_item *steps = NULL;
        for (const plot_item *item = p.panel->item; item; item = item->next) {
            steps = item->ink == INK_BLUE && item->n ? item : steps;
            for (size_t k = 0; k < item->n && item->ink == INK_BLUE; k++)
                assert_true(item->y[k] <= a->proof.bound);
            for (size_t k = 0; k < item->n && item->ink == INK_BLACK && item->kind == PLOT_LINE; k++)
                if (item->y[k] > line_at(steps, item->x[k]))
                    fail_msg(
                        "row %zu, x = %g: F %.17g above %.17g", i, item->x[k], item->y[k], line_at(steps, item->x[k]));
        }
        picture_own_path(&t, a);
        assert_svg(rows[i].a, &t);
        assert_non_null(strstr(t.s, rows[i].ends ? "Barrier 0: it is proved" : "Barrier: at most"));
        free(t.s);
        mem_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(numbers_are_hundredths), cmocka_unit_test(decimals_are_short),
        cmocka_unit_test(decimals_are_rounded), cmocka_unit_test(ticks_are_round), cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(pictures_are_whole), cmocka_unit_test(planes_are_kept),
        cmocka_unit_test(paths_are_below_their_bounds), cmocka_unit_test(walls_have_their_height),
        cmocka_unit_test(figures_are_as_certified), cmocka_unit_test(landscapes_are_drawn),
        cmocka_unit_test(contours_are_joined), cmocka_unit_test(contours_of_values),
        cmocka_unit_test(users_paths_are_drawn) };
    thr_use(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
