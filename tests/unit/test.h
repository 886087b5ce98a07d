/* SPDX-License-Identifier: MIT */
/* Shared by the cmocka programs: each includes the whole program, so that statics can be tested where they are. */
#ifndef TEST_H
#define TEST_H
#define SKIPVERIFY_NO_MAIN
#include "../../skipverify.c"
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* A failure that prints both doubles exactly. */
static inline void expect_double(const char *what, double got, double expected)
{
    char g[40], e[40];
    hex_print(g, sizeof g, got);
    hex_print(e, sizeof e, expected);
    if (strcmp(g, e))
        fail_msg("%s => %s  expected: %s", what, g, e);
}

/* fn(ctx), in a child, ends it with that exit code and one line on stderr that holds the text. */
static inline void expect_end(int code, const char *line, void (*fn)(void *), void *ctx)
{
    char got[5000] = "";
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        fn(ctx);
        _exit(0);
    }
    close(ends[1]);
    ssize_t n = read(ends[0], got, sizeof got - 1);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code || n <= 0 || !strstr(got, line) || strchr(got, '\n')[1])
        fail_msg("status %#x, '%s'  expected: exit %d, one line with '%s'", status, got, code, line);
}

/* Doubles at the edges: zeros, subnormals, neighbours of powers of two, the largest. */
static const double test_edges[] = { 0.0, -0.0, 0x1p-1074, -0x1p-1074, 0x1.8p-1073, 0x0.fffffffffffffp-1022, 0x1p-1022,
    -0x1.0000000000001p-1022, 0x1p-969, 0x1.fffffffffffffp-961, 0x1p-960, 0x1.0000000000001p-53, 0x1p-53,
    0x1.5555555555555p-2, 0x1.fffffffffffffp-1, 1.0, -1.0, 0x1.0000000000001p+0, 3.0, -0x1.921fb54442d18p+1, 1e16,
    0x1p53, -0x1.fffffffffffffp+52, 0x1p500, -0x1.23456789abcdep+511, 0x1p1000, 0x1.fffffffffffffp+1022, -0x1p1023,
    DBL_MAX, -DBL_MAX };
enum { TEST_EDGES = sizeof test_edges / sizeof *test_edges };

/* Any finite double: all exponents alike. */
static inline double test_any(rng *r)
{
    for (;;) {
        uint64_t w[2];
        rng_next(r, w);
        double x = double_of(w[0]);
        if (x - x == 0)
            return x;
    }
}

/* Random fraction, exponent in [-range, range]. */
static inline double test_near(rng *r, int range)
{
    uint64_t w[2];
    rng_next(r, w);
    return double_of(
        (w[0] & 0x800fffffffffffffu) | (uint64_t)(1023 - range + (int)(w[1] % (uint64_t)(2 * range + 1))) << 52);
}

/* The certificate with its first line that begins with `word` replaced (by NULL: left out), sealed anew. */
static inline text replaced(const text *t, const char *word, const char *by)
{
    text out = { 0 };
    size_t n = strlen(word);
    bool done = false;
    for (const char *s = t->s; *s && strncmp(s, "sha256", 6); s = strchr(s, '\n') + 1) {
        bool here = !done && !strncmp(s, word, n) && (s[n] == ' ' || s[n] == '\n');
        if (!here)
            text_add(&out, "%.*s", (int)(strchr(s, '\n') + 1 - s), s);
        else if (by)
            text_add(&out, "%s\n", by);
        done |= here;
    }
    assert_true(done);
    text_seal(&out);
    return out;
}
#endif
