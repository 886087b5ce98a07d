/* Every table is complete: what a new loss, leg, claim or option forgot. Alone sees an entry that no case uses. */
#include "test.h"

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
        cmocka_unit_test(losses_are_complete),
        cmocka_unit_test(legs_are_complete),
        cmocka_unit_test(claims_are_complete),
        cmocka_unit_test(texts_are_known),
        cmocka_unit_test(quotes_are_right),
        cmocka_unit_test(rows_are_strict),
        cmocka_unit_test(bounds_are_strict),
        cmocka_unit_test(options_are_complete),
    };
    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
