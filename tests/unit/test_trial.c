/* SPDX-License-Identifier: MIT */
/* Verdicts: what judges, what takes back, whose reason counts. Alone sees a verdict that is given though it should not
   be: in the reports all are as they should be. */
#include "test.h"

static result fresh(void) { return (result) { .margin = INFINITY }; }

static void judge_gives_the_verdict_or_the_reason(void **state)
{
    result r = fresh();
    (void)state;
    judge(&r, &r.printed, true, REFUTED, "no reason");
    assert_int_equal(r.printed, REFUTED);
    assert_int_equal(r.repaired, NOT_ASKED);
    assert_string_equal(r.why, "");
    judge(&r, &r.repaired, false, CERTIFIED, "first");
    judge(&r, &r.repaired, false, CERTIFIED, "second");
    assert_int_equal(r.repaired, UNDECIDED);
    assert_string_equal(r.why, "first");
    assert_int_equal(r.printed, REFUTED);
}

/* A figure out of range before the verdict, and after it. */
static void figures_take_verdicts_back(void **state)
{
    static const double bad[] = { 1e300, -1e300, INFINITY, -INFINITY, NAN };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        for (int before = 0; before < 2; before++) {
            result r = fresh();
            if (before)
                fig_double(&r, "x", bad[i]);
            judge(&r, &r.printed, true, CERTIFIED, "");
            judge(&r, &r.repaired, true, CERTIFIED, "");
            if (!before)
                fig_double(&r, "x", bad[i]);
            assert_int_equal(r.printed, UNDECIDED);
            assert_true(before || r.repaired == UNDECIDED);
            assert_string_equal(r.figure[0].text, "out-of-range");
            assert_true(r.why[0]);
        }
}

static void undecided_is_of_what_was_asked(void **state)
{
    result r = fresh(), both = fresh();
    (void)state;
    judge(&r, &r.repaired, true, CERTIFIED, "");
    undecided(&r, "why");
    assert_int_equal(r.printed, NOT_ASKED);
    assert_int_equal(r.repaired, UNDECIDED);
    undecided(&both, "why");
    assert_int_equal(both.printed, UNDECIDED);
    assert_int_equal(both.repaired, NOT_ASKED);
}

/* By comparison: certified at equality, undecided across the bound and for what is not known. */
static void comparisons_are_certain(void **state)
{
    (void)state;
    assert_int_equal(verdict_at_most((iv) { 0, 1 }, 1), CERTIFIED);
    assert_int_equal(verdict_at_most((iv) { next_up(1), 2 }, 1), REFUTED);
    assert_int_equal(verdict_at_most((iv) { 1, next_up(1) }, 1), UNDECIDED);
    assert_int_equal(verdict_at_most(iv_all(), 1), UNDECIDED);
    assert_int_equal(verdict_at_most((iv) { NAN, NAN }, 1), UNDECIDED);
    assert_int_equal(verdict_at_most(iv_of(0), NAN), UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_gives_the_verdict_or_the_reason),
        cmocka_unit_test(figures_take_verdicts_back),
        cmocka_unit_test(undecided_is_of_what_was_asked),
        cmocka_unit_test(comparisons_are_certain),
    };
    return cmocka_run_group_tests_name("verdicts", tests, NULL, NULL);
}
