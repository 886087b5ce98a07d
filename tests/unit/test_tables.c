/* SPDX-License-Identifier: MIT */
/* Every table is complete: what a new loss, leg, claim or option forgot. Alone sees an entry that no case uses. */
#include "test.h"
#include <strings.h>

/* Parts of bench have names of their own, sizes of growth ascend, and a power law's exponent is found. */
static void bench_is_complete(void **state)
{
    (void)state;
    const char *name[BENCH_NAMES];
    for (int growth = 0; growth < 2; growth++) {
        size_t count = bench_names(growth, name);
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(name[i], name[k]);
    }
    for (size_t i = 0; i < COUNT(bench_growth_rows); i++) {
        const bench_growth_row *r = &bench_growth_rows[i];
        assert_int_equal(r->parameters[r->varies], 0);
        for (size_t k = 1; k < BENCH_SIZES && r->sizes[k]; k++)
            assert_true(r->sizes[k - 1] < r->sizes[k]);
    }
    const size_t x[] = { 1, 2, 4, 8 };
    double y[] = { 3, 12, 48, 192 };
    bench_fit f = bench_fit_of(4, x, y);
    assert_true(__builtin_fabs(f.exponent - 2) < 1e-12 && f.residual < 1e-12);
    y[3] *= 2;
    f = bench_fit_of(4, x, y);
    assert_true(__builtin_fabs(f.exponent - 2.3) < 1e-12 && f.residual > 0.31 && f.residual < 0.33);
    assert_true(bench_fit_of(1, x, y).exponent != bench_fit_of(1, x, y).exponent);
    bench_spread s = bench_spread_of(4, y);
    assert_true(s.median == 30 && s.low == 3 && s.high == 384);
}

/* The columns that every loss has, and those that go together. */
static void losses_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < LOSSES; i++) {
        const loss *L = &losses[i];
        if (!L->name)
            fail_msg("loss %zu has no row", i);
        bool wang = L->conjugate && L->curvature && L->lipschitz;
        bool shamir = L->second && L->third;
        if (!L->value || !L->gradient || !(L->bend > 0) || !(wang || shamir))
            fail_msg("%s lacks a column", L->name);
        if (!wang && (L->conjugate || L->curvature || L->lipschitz))
            fail_msg("%s: conjugate, curvature and lipschitz go together", L->name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(L->name, losses[k].name);
    }
}

static void legs_are_complete(void **state)
{
    (void)state;
    for (int i = 0; i < LEG_TYPES; i++) {
        if (!leg_rules[i].name || !leg_rules[i].moves || !leg_rules[i].constant || !leg_rules[i].rule ||
            !leg_rules[i].complaint)
            fail_msg("leg type %d lacks a column", i);
        if (strncmp(leg_rules[i].complaint, leg_rules[i].name, strlen(leg_rules[i].name)))
            fail_msg("%s: '%s' does not name the leg", leg_rules[i].name, leg_rules[i].complaint);
    }
}

/* Statement and finding have no full stop (`explain` sets it; "..." is none), the story ends its last line. */
static void assert_texts(const claim *c)
{
    const char *short_text[2] = { c->statement, c->finding };
    size_t n = strlen(c->explain);
    for (int i = 0; i < 2; i++) {
        size_t k = strlen(short_text[i]);
        bool stop = k > 3 && short_text[i][k - 1] == '.' && short_text[i][k - 2] != '.';
        if (!k || stop || strchr(short_text[i], '\n'))
            fail_msg("%s: expected one line without a full stop, got '%s'", c->name, short_text[i]);
    }
    if (!n || c->explain[n - 1] != '\n')
        fail_msg("%s: the story does not end its last line", c->name);
}

static void claims_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(claims); i++) {
        const claim *c = &claims[i];
        assert_texts(c);
        assert_true(c->count > 0);
        for (size_t k = 0; k < c->count; k++) {
            if (!c->cases[k].run == !c->cases[k].split)
                fail_msg("%s %s: expected a runner or a split", c->name, c->cases[k].name);
            for (size_t j = 0; j < k; j++)
                if (!strcmp(c->cases[k].name, c->cases[j].name))
                    fail_msg("%s has two cases %s", c->name, c->cases[k].name);
        }
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(c->name, claims[k].name);
    }
}

/* What the texts quote is recorded. */
static void texts_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(claims); i++) {
        const char *const story[] = { claims[i].statement, claims[i].finding, claims[i].explain };
        for (size_t k = 0; k < COUNT(story); k++) {
            text t = { 0 };
            if (!explain_text(&t, &claims[i], story[k]))
                fail_msg("%s: not recorded: '%.80s'", claims[i].name, strstr(t.s, "${"));
            free(t.s);
        }
    }
}

/* A logical line: it may be broken at any width. Indented, it is a formula that fits, or an item whose text begins in
   the left half of 80 columns. */
static void assert_logical(const char *where, const char *line)
{
    size_t n = strcspn(line, "\n");
    size_t name = strspn(line, " ");
    while (name + 1 < n && (line[name] != ' ' || line[name + 1] != ' '))
        name++;
    size_t column = name + strspn(line + name, " ");
    for (size_t k = 0; k < n; k += 1 + strcspn(line + k, " \n"))
        if (strcspn(line + k, " \n") > 60)
            fail_msg("%s: a word that no line of 80 columns holds: '%.*s'", where, (int)n, line);
    if (memchr(line, '\t', n) || (n && line[n - 1] == ' '))
        fail_msg("%s: a tab, or a space at the end: '%.*s'", where, (int)n, line);
    if (line[0] == ' ' && n > 78 && (name + 1 >= n || column > 40))
        fail_msg("%s: a formula of %zu columns: '%.*s'", where, n, (int)n, line);
    if (line[0] != ' ' && name + 1 < n)
        fail_msg("%s: two spaces in a sentence: '%.*s'", where, (int)n, line);
}

static void texts_are_logical_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(claims); i++) {
        const claim *c = &claims[i];
        text t = { 0 };
        text_add(&t, "%s\n%s\n", c->statement, c->finding);
        explain_text(&t, c, c->explain);
        if (strlen(c->statement) > 150)
            fail_msg("%s: a statement of %zu columns", c->name, strlen(c->statement));
        if (strstr(c->explain, "\n\n\n") || c->explain[0] == '\n')
            fail_msg("%s: more than one empty line, or one first", c->name);
        for (const char *line = t.s; *line; line += strcspn(line, "\n") + 1)
            assert_logical(c->name, line);
        free(t.s);
    }
}

/* Its figures have rows, which are used by that. */
static void assert_has_term(const char *where, const char *name, size_t n, bool *used)
{
    char full[80];
    snprintf(full, sizeof full, "%.*s", (int)n, name);
    const term *row = term_of(FIGURE, full);
    if (!row)
        fail_msg("%s: no row of vectors/terms.inc is about '%s'", where, full);
    used[row - terms] = true;
}

/* Every figure that a case, or `sopsp`, may print has a row, and no row is about another one. */
static void figures_have_terms(void **state)
{
    bool used[COUNT(terms)] = { false };
    mem arena = { 0 };
    double x[2] = { 0.25, 0 };
    skip_data D = curved_data(&arena, 2, 0.5);
    skip_point p = { x, x };
    (void)state;
    for (const row_case *g = vec_case; g->claim; g++)
        for (const char *s = g->figures; *s; s += strspn(s, " ")) {
            size_t word = strcspn(s, " ");
            size_t n = word;
            while (n && s[n - 1] != '=')
                n--;
            assert_true(n > 1);
            assert_has_term(g->claim, s, n - 1, used);
            s += word;
        }
    sopsp_answer point = sopsp_report(&arena, &D, &p, -1, -1, -1);
    for (size_t i = 0; i < point.figures; i++)
        assert_has_term("sopsp", point.figure[i].name, strlen(point.figure[i].name), used);
    for (size_t i = 0; i < COUNT(terms); i++)
        if (terms[i].kind == FIGURE && !used[i])
            fail_msg("no figure is named '%s'", terms[i].name);
    mem_free(&arena);
}

/* Words first, then figures, each sorted without regard to case; a meaning is one line without a full stop. */
static void terms_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(terms); i++) {
        const term *row = &terms[i];
        size_t n = strlen(row->meaning);
        if (!n || (row->meaning[n - 1] == '.' && row->meaning[n - 2] != '.') || strstr(row->meaning, "  ") ||
            strchr(row->meaning, '\n'))
            fail_msg("'%s': expected one line without a full stop", row->name);
        assert_logical(row->name, row->meaning);
        if (i && (row->kind < row[-1].kind || (row->kind == row[-1].kind && strcasecmp(row->name, row[-1].name) < 0)))
            fail_msg("'%s' does not belong behind '%s'", row->name, row[-1].name);
        for (size_t k = 0; k < i; k++)
            if (terms[k].kind == row->kind && !strcmp(terms[k].name, row->name))
                fail_msg("two rows are about '%s'", row->name);
    }
    for (int k = 0; k < LEG_TYPES + OWN_LEGS; k++) {
        const char *name = k < LEG_TYPES ? leg_rules[k].name : own_leg_names[k - LEG_TYPES];
        if (!term_of(WORD, name) && !term_of(FIGURE, name))
            fail_msg("no row of vectors/terms.inc is about the leg '%s'", name);
    }
}

/* A name is its own row before it is one of a family. */
static void terms_are_found(void **state)
{
    static const struct {
        enum term_kind kind;
        const char *name, *row;
    } rows[] = { { FIGURE, "walked", "walked" }, { FIGURE, "merge-peak", "merge-peak" },
        { FIGURE, "merge-1", "merge-..." }, { FIGURE, "log2-m0/n=16", "log2-m0/n=..." },
        { FIGURE, "dx=3/dy=1..4", "dx=.../dy=1..4" }, { FIGURE, "dx=3/dy=1..5", NULL }, { FIGURE, "dx=", NULL },
        { FIGURE, "F*_w", "F*_w" }, { FIGURE, "F_w", NULL }, { FIGURE, "K(pi/3)", "K(...)" },
        { FIGURE, "K(pi/3", NULL }, { FIGURE, "", NULL }, { FIGURE, "walke", NULL }, { FIGURE, "walked-1", NULL },
        { WORD, "walked", NULL }, { WORD, "tight", "tight" }, { WORD, "level", "level" }, { FIGURE, "level", "level" },
        { FIGURE, "tight", NULL } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const term *row = term_of(rows[i].kind, rows[i].name);
        if (!row != !rows[i].row || (row && strcmp(row->name, rows[i].row)))
            fail_msg("'%s' => '%s'", rows[i].name, row ? row->name : "nothing");
    }
}

/* The glossary as it is printed: one term, all of them, and what is none. */
static void terms_are_printed(void **state)
{
    text one = { 0 };
    text all = { 0 };
    text none = { 0 };
    (void)state;
    assert_true(explain_term(&one, "level"));
    assert_non_null(strstr(one.s, "level  which cases run"));
    assert_non_null(strstr(one.s, "\nlevel  wang.lemma7: "));
    assert_false(explain_term(&none, "no such term"));
    assert_null(none.s);
    explain_terms(&all);
    assert_non_null(strstr(all.s, "\n  tight                 in the margin's column"));
    assert_non_null(strstr(all.s, "\n  least-in-component-at-least\n                        wang.thm1: "));
    for (const char *line = all.s; *line; line += strcspn(line, "\n") + 1)
        if (line[0] == ' ' && strspn(line, " ") != 2 && strspn(line, " ") != 24)
            fail_msg("not in the column: '%.60s'", line);
    free(one.s);
    free(all.s);
}

/* A quoted figure is cut, not rounded, and only to digits that both ends share. */
static void quotes_are_right(void **state)
{
    static const struct {
        const char *words, *said;
    } rows[] = { { "wang.thm11 witness/m=16 path 3", "9.782" }, { "wang.thm11 witness/m=16 barrier 2", "9.75" },
        { "wang.thm11 witness/m=16 path 12", NULL }, { "wang.thm11 witness/m=16 pat 3", NULL },
        { "wang.thm11 witness/m=16 bound 3", NULL }, { "wang.thm11 witness/m=17 path 3", NULL },
        { "shamir.remark3 eps<=1 gradient-Lipschitz 3", "19.738" },
        { "shamir.remark3 eps<=1 gradient-Lipschitz 5", NULL }, { "shamir.fig1 b/caption spurious-v 5", "-1.60268" },
        { "wang.lemma9 threshold/eta=1/2 log2-m0/n=1 2", NULL } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char name[40], test[40], figure[40];
        int decimals;
        text t = { 0 };
        assert_int_equal(sscanf(rows[i].words, "%39s %39s %39s %d", name, test, figure, &decimals), 4);
        bool found = explain_figure(&t, claim_named(name), test, figure, decimals);
        if (found != (rows[i].said != NULL) || (found && strcmp(t.s, rows[i].said)))
            fail_msg("%s => %s", rows[i].words, found ? t.s : "nothing");
        free(t.s);
    }
}

/* Rows about figures refuse what is off on either side, of either sign. */
static void rows_are_strict(void **state)
{
    static const struct {
        const char *text;
        row_fig row;
        bool agrees;
    } rows[] = {
        { "[0x1p+0,0x1p+0]", { "", "", "", "0x1p+0 0x1p+0", 0, 0, FIG_DOUBLES, 0 }, true },
        { "[0x1p+0,0x1.0000000000002p+0]", { "", "", "", "0x1p+0 0x1p+0", 1, 0, FIG_DOUBLES, 0 }, false },
        { "[0x1p+0,0x1.0000000000001p+0]", { "", "", "", "0x1p+0 0x1p+0", 1, 0, FIG_DOUBLES, 0 }, true },
        { "[0x1.fffffffffffffp-1,0x1p+0]", { "", "", "", "0x1p+0 0x1p+0", 0, 0, FIG_DOUBLES, 0 }, false },
        { "[0x1.0000000000001p+0,0x1p+1]", { "", "", "", "0x1p+0 0x1p+1", 9, 0, FIG_DOUBLES, 0 }, false },
        { "[-0x1p+1,0x1p+1023]", { "", "", "", "-0x1p+1 -0x1p+1", 90, 0, FIG_DOUBLES, 0 }, false },
        { "[-0x1p+1,0x1.8p+1]", { "", "", "", "-0x1p+1 -0x1p+1", 90, 0, FIG_UP, 0 }, false },
        { "[-0x1p-1074,0x1p-1074]", { "", "", "", "0x0p+0 0x0p+0", 1, 0, FIG_DOUBLES, 0 }, true },
        { "[-inf,inf]", { "", "", "", "0x1p+0 0x1p+0", 90, 0, FIG_DOUBLES, 0 }, false },
        { "[nan,nan]", { "", "", "", "0x1p+0 0x1p+0", 90, 0, FIG_DOUBLES, 0 }, false },
        { "0x1.8p+0", { "", "", "", "0x1p+0 0x1.8p+0", 0, 0, FIG_UP, 0 }, true },
        { "0x1p+0", { "", "", "", "0x1p+0 0x1.8p+0", 90, 0, FIG_UP, 0 }, false },
        { "12", { "", "", "", "12", 0, 0, FIG_READS, 0 }, true },
        { "12", { "", "", "", "1", 0, 0, FIG_READS, 0 }, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        figure f = { .exact = false };
        snprintf(f.text, sizeof f.text, "%s", rows[i].text);
        if (recorded_agrees(&f, &rows[i].row) != rows[i].agrees)
            fail_msg("row %zu: %s", i, rows[i].text);
    }
}

/* Bounds in decimals, each on its own side: 1.5 and less than a unit more. */
static void bounds_are_strict(void **state)
{
    static const int64_t half = 1500000000000;
    static const struct {
        enum fig_relation relation;
        int64_t lo, hi;
        bool agrees;
    } rows[] = { { FIG_ENCLOSES, 0, 1, true }, { FIG_ENCLOSES, -5, 6, true }, { FIG_ENCLOSES, -6, 1, false },
        { FIG_ENCLOSES, 0, 7, false }, { FIG_ENCLOSES, 1, 1, false }, { FIG_ENCLOSES, 0, 0, false },
        { FIG_ABOVE, 0, 1, true }, { FIG_ABOVE, 6, 6, true }, { FIG_ABOVE, 6, 7, false }, { FIG_ABOVE, -1, 1, false },
        { FIG_BELOW, 0, 1, true }, { FIG_BELOW, -5, -5, true }, { FIG_BELOW, -6, 0, false },
        { FIG_BELOW, 0, 2, false } };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        row_fig row = { "", "", "", "1.500000000000", 5, 0, (unsigned char)rows[i].relation, AND_MORE };
        figure f = { .exact = true, .lo = half + rows[i].lo, .hi = half + rows[i].hi };
        if (recorded_agrees(&f, &row) != rows[i].agrees)
            fail_msg("row %zu", i);
        f.exact = false;
        assert_false(recorded_agrees(&f, &row));
    }
}

static void options_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(option_rows); i++) {
        const option *p = &option_rows[i];
        if (!p->name || !p->help || !p->set || !p->with || p->field >= sizeof(options))
            fail_msg("option %zu lacks a column", i);
        if (!p->argument != (p->set == set_flag))
            fail_msg("%s: a flag takes no value, another option takes one", p->name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(p->name, option_rows[k].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bench_is_complete),
        cmocka_unit_test(losses_are_complete),
        cmocka_unit_test(legs_are_complete),
        cmocka_unit_test(claims_are_complete),
        cmocka_unit_test(texts_are_known),
        cmocka_unit_test(texts_are_logical_lines),
        cmocka_unit_test(figures_have_terms),
        cmocka_unit_test(terms_are_complete),
        cmocka_unit_test(terms_are_found),
        cmocka_unit_test(terms_are_printed),
        cmocka_unit_test(quotes_are_right),
        cmocka_unit_test(rows_are_strict),
        cmocka_unit_test(bounds_are_strict),
        cmocka_unit_test(options_are_complete),
    };
    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
