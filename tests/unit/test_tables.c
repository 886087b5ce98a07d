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
        cmocka_unit_test(options_are_complete),
    };
    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
