/* SPDX-License-Identifier: MIT */
/* Exact sums as text, split cases, parts: what a shard writes is what merge reads. Alone sees what is lost on the way
   though it is in no report. */
#include "test.h"

static acc sum_of(size_t n, const double *x)
{
    acc a;
    acc_zero(&a);
    for (size_t i = 0; i < n; i++)
        acc_add(&a, x[i]);
    return a;
}

static void assert_spelt(const acc *a, const char *expected)
{
    text t = { 0 };
    acc again;
    acc_print(&t, a);
    if (expected)
        assert_string_equal(t.s, expected);
    assert_true(acc_scan(t.s, &again));
    acc_negate(&again);
    acc_merge(&again, a);
    if (!a->invalid)
        assert_int_equal(acc_sign(&again), 0); /* the difference is exactly 0 */
    assert_int_equal(again.invalid, a->invalid);
    free(t.s);
}

static void sums_have_one_spelling(void **state)
{
    static const struct {
        double x[3];
        const char *text;
    } known[] = {
        { { 0, 0, 0 }, "0" },
        { { 1, 0, 0 }, "33:00040000" },
        { { -1, 0, 0 }, "-33:00040000" },
        { { 0x1p-1074, 0, 0 }, "0:00000001" },
        { { 0x1p14, -0x1p-18, 0 }, "33:ffffffff" },
        { { INFINITY, 1, 2 }, "nan" },
        { { 1, -1, 0x1p-1042 }, "1:00000001" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        acc a = sum_of(3, known[i].x);
        assert_spelt(&a, known[i].text);
    }
    rng r = rng_make(5, 1);
    for (int i = 0; i < 20000; i++) {
        double x[8];
        for (int k = 0; k < 8; k++) {
            uint64_t w[2];
            rng_next(&r, w);
            x[k] = double_of(w[0]);
            if (!is_finite(x[k]))
                x[k] = 1;
        }
        acc a = sum_of(8, x);
        assert_spelt(&a, NULL);
    }
}

static void what_is_no_sum_is_refused(void **state)
{
    static const char *const bad[] = { "", "-", "1", "33", "33:", "33:0004000", "33:0004000g", "33:0004000A",
        ":00000001", "68:00000001", "99999999999:00000001", "67:0000000100000000", "nan ", "0 ", "x", "67:00001000",
        "-67:ffffffff" };
    acc a;
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (acc_scan(bad[i], &a))
            fail_msg("'%s' was taken for a sum", bad[i]);
}

/* The largest that is read, as often as there may be shards, and printed. */
static void the_largest_sums_fit(void **state)
{
    acc a, all;
    text t = { 0 };
    (void)state;
    assert_true(acc_scan("67:00000fff", &a));
    acc_zero(&all);
    for (int i = 0; i < SKV_MAX_SHARDS; i++)
        acc_merge(&all, &a);
    acc_print(&t, &all);
    assert_string_equal(t.s, "67:f414bdc0");
    free(t.s);
}

static const claim_case *split_case(const char *name)
{
    for (size_t k = 0; k < COUNT(wang_lemma10_cases); k++)
        if (!strcmp(wang_lemma10_cases[k].name, name))
            return &wang_lemma10_cases[k];
    fail_msg("no case %s", name);
    return NULL;
}

/* Units added in any pieces, by anyone, in any order: the same sums, to the last bit. */
static void any_split_adds_up(void **state)
{
    const claim_case *c = split_case("samples/n=3/2^14");
    size_t units = c->split->units(c->spec);
    size_t n = c->split->sums(c->spec);
    mem m = { 0 };
    trial t = { c, 1, &m, NULL };
    acc *whole = mem_get(&m, n, sizeof *whole);
    (void)state;
    assert_int_equal(units, 64);
    c->split->add(&t, 0, units, whole);
    for (size_t cut = 0; cut <= units; cut += 7) {
        acc *left = mem_get(&m, n, sizeof *left), *right = mem_get(&m, n, sizeof *right);
        c->split->add(&t, cut, units, right);
        c->split->add(&t, 0, cut, left);
        for (size_t k = 0; k < n; k++) {
            acc_merge(&right[k], &left[k]);
            acc_negate(&right[k]);
            acc_merge(&right[k], &whole[k]);
            assert_int_equal(acc_sign(&right[k]), 0);
        }
    }
    mem_free(&m);
}

/* The same samples by the other route, which holds them all in memory and rounds their moments: enclosures of the
   same numbers. */
static void split_case_agrees_with_the_whole_instance(void **state)
{
    const claim_case *c = split_case("samples/n=3/2^14");
    mem m = { 0 };
    result r = { .margin = INFINITY };
    trial t = { c, 1, &m, &r };
    (void)state;
    acc *sums = mem_get(&m, c->split->sums(c->spec), sizeof *sums);
    c->split->add(&t, 0, c->split->units(c->spec), sums);
    c->split->finish(&t, sums);
    wang_lemma10_instance q = wang_lemma10_new(&m, 3, 1 << 14, 40);
    wang_lemma10_draw(1, 3, 0, 64, q.X);
    wang_lemma10_pairs(1, &q);
    wang_lemma10_scale s = wang_lemma10_measure(&m, &q);
    wang_lemma10_tally found = wang_lemma10_check(&m, &q, &s);
    result two = { .margin = INFINITY };
    wang_lemma10_report(&two, &q, &s, &found);
    assert_int_equal(r.printed, CERTIFIED);
    assert_int_equal(r.repaired, CERTIFIED);
    for (size_t i = 0; i < two.figures; i++) {
        assert_string_equal(r.figure[i].name, two.figure[i].name);
        assert_true(r.figure[i].lo <= two.figure[i].hi && two.figure[i].lo <= r.figure[i].hi);
        /* and not wider */
        assert_true(r.figure[i].hi - r.figure[i].lo <= two.figure[i].hi - two.figure[i].lo + 2);
    }
    mem_free(&m);
}

static void save(const char *name, const run *r)
{
    text t = { 0 };
    part_text(&t, r);
    file_write(name, &t);
    free(t.s);
}

static void assert_same_results(const run *a, const run *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const result *x = &a->jobs[i].result, *y = &b->jobs[i].result;
        assert_int_equal(x->printed, y->printed);
        assert_int_equal(x->meant, y->meant);
        assert_int_equal(x->repaired, y->repaired);
        assert_string_equal(x->why, y->why);
        assert_true(x->margin == y->margin);
        assert_int_equal(x->figures, y->figures);
        for (size_t k = 0; k < x->figures; k++) {
            assert_string_equal(x->figure[k].name, y->figure[k].name);
            assert_string_equal(x->figure[k].text, y->figure[k].text);
            assert_int_equal(x->figure[k].exact, y->figure[k].exact);
            assert_true(x->figure[k].lo == y->figure[k].lo && x->figure[k].hi == y->figure[k].hi);
        }
    }
}

/* Every case of level quick, and results such as no case has today, through files and back: everything that a report
   is made of. */
static void parts_carry_everything(void **state)
{
    char name[3][4200];
    const char *names[3], *place = getenv("TMPDIR");
    run whole = run_plan(1, QUICK, NULL, NULL), shard[3];
    (void)state;
    run_all(&whole, false);
    for (size_t i = 0; i < 3; i++) {
        shard[i] = run_plan(1, QUICK, NULL, NULL);
        shard[i].shard = i + 1;
        shard[i].shards = 3;
        run_all(&shard[i], false);
        snprintf(name[i], sizeof name[i], "%s/part-%d-%zu", place ? place : "/tmp", (int)getpid(), i);
        names[2 - i] = name[i];
    }
    for (size_t i = 0; i < 3; i++) {
        result *x = NULL, *y = NULL;
        for (size_t k = 0; k < whole.count; k++)
            if (run_has(&shard[i], k) && !whole.jobs[k].test->split) {
                x = &shard[i].jobs[k].result;
                y = &whole.jobs[k].result;
            }
        x->printed = UNDECIDED;
        x->margin = i == 0 ? -INFINITY : i == 1 ? -0x1p-1074 : 0.1;
        undecided(x, "a reason: of several words, \"quoted\"");
        fig_iv(x, "wide", iv_make(-8e6, 8e6));
        fig_word(x, "word", "of two words ");
        fig_word(x, "empty", "");
        *y = *x;
        save(name[i], &shard[i]);
    }
    run merged = part_merge(3, names);
    assert_same_results(&whole, &merged);
    for (size_t i = 0; i < 3; i++) {
        remove(name[i]);
        run_free(&shard[i]);
    }
    run_free(&merged);
    run_free(&whole);
}

/* Whatever N: every case belongs to one shard, and the ranges of a split case tile its units. */
static void shards_tile(void **state)
{
    (void)state;
    run r = run_plan(1, FULL, NULL, NULL);
    for (r.shards = 1; r.shards < 700; r.shards += 1 + r.shards / 8)
        for (size_t i = 0; i < r.count; i++) {
            size_t owners = 0;
            for (r.shard = 1; r.shard <= r.shards; r.shard++)
                owners += run_has(&r, i);
            assert_int_equal(owners, r.jobs[i].test->split ? r.shards : 1);
        }
    run_free(&r);
}

/* What a row's macro adds is part of the text by which parts tell their programs apart. */
static void programs_are_told_apart(void **state)
{
    (void)state;
    assert_non_null(strstr(claims_text, "\"sharp/2^20\""));
    assert_non_null(strstr(claims_text, "STATEMENT_LEMMA1"));
    assert_non_null(strstr(claims_text, "wang_lemma10_samples_spec"));
    assert_null(strstr(claims_text, "SHAMIR_LEMMA1_RANDOM"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_have_one_spelling),
        cmocka_unit_test(what_is_no_sum_is_refused),
        cmocka_unit_test(the_largest_sums_fit),
        cmocka_unit_test(any_split_adds_up),
        cmocka_unit_test(split_case_agrees_with_the_whole_instance),
        cmocka_unit_test(parts_carry_everything),
        cmocka_unit_test(shards_tile),
        cmocka_unit_test(programs_are_told_apart),
    };
    return cmocka_run_group_tests_name("shards and parts", tests, NULL, NULL);
}
