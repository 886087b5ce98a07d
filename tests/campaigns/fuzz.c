/* SPDX-License-Identifier: MIT */
/* Alone sees what no test thought of: inputs made by mutation and guided by coverage (libFuzzer), for all that reads
   what others wrote. One program holds all targets and runs that of its own file name (`fuzz.py` makes the links):

     part     parts and checkpoints, sealed anew after each mutation, read and merged
     formula  formulas and boxes; jets and ranges against a second arithmetic, in long double
     sopsp    KEY=VALUE words, and the answer for small points
     options  argv, the plan of a run, the help
     library  the functions of skipverify.h
     numbers  scanners and printers of whole numbers, decimals, hexfloats, exact sums
     npy      arrays of numbers in a file, as samples of all losses
     npz      archives of them, sealed anew, as samples and as networks, which are written and read back
     safetensors, csv   likewise
     map      maps, and networks whose arrays they name
     certificate   of paths between two fixed networks, sealed anew, checked

   A finding is what a sanitizer says, a result that a second way contradicts, memory not given back, or an end of the
   program (die) that is none of the documented ones. The program cannot tell that it does not end: _exit comes back
   here, and so does all memory. The first two bytes of an input are flags of its target, and which allocation fails. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

/// What the program is given instead ///

enum { FUZZ_LINE = 9000, FUZZ_PARTS = 4, FUZZ_MEMORY = 1 << 29 };

static void fuzz_found(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* libFuzzer takes the abort for a crash and keeps the input. */
static void fuzz_found(const char *format, ...)
{
    va_list args;
    fprintf(stderr, "fuzz: FOUND: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
    abort();
}

/* A block that the program has, its head poisoned, so that what goes below it is seen. Those of malloc are not listed:
   the program keeps them from call to call. */
typedef struct fuzz_block {
    struct fuzz_block *next, **link; /* link: NULL, not listed */
    size_t size, owned;              /* owned: 1, the program's; listed: it is to give it back */
} fuzz_block;

static struct {
    jmp_buf back;
    int code;          /* what _exit was given */
    unsigned fail;     /* the allocation that fails, counted down; 0: none does */
    bool failed;       /* it did */
    size_t bytes;      /* listed */
    fuzz_block *first; /* of the list */
    size_t said;       /* bytes of the program's stderr, in line */
    char line[FUZZ_LINE];
    pthread_mutex_t lock; /* of the list; products may have threads */
} fuzz = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void fuzz_exit(int code) __attribute__((noreturn));

static void fuzz_exit(int code)
{
    fuzz.code = code;
    longjmp(fuzz.back, 1);
}

/* Is it the turn of this allocation to fail? */
static bool fuzz_fails(void)
{
    unsigned before = __atomic_load_n(&fuzz.fail, __ATOMIC_RELAXED);
    if (!before || __atomic_sub_fetch(&fuzz.fail, 1, __ATOMIC_RELAXED))
        return false;
    fuzz.failed = true;
    return true;
}

/* Lists are walked through poisoned heads. */
#define FUZZ_UNSEEN __attribute__((no_sanitize("address"), noinline))

/* Zeros. What asks for much more than any input needs is a finding: sizes come from what was read. */
static FUZZ_UNSEEN void *fuzz_new(size_t size, bool owned, bool listed)
{
    if (size > FUZZ_MEMORY || fuzz.bytes + size > FUZZ_MEMORY)
        fuzz_found("%zu bytes are asked for, with %zu in use", size, fuzz.bytes);
    fuzz_block *b = calloc(1, sizeof *b + size);
    if (!b)
        fuzz_found("no memory");
    pthread_mutex_lock(&fuzz.lock);
    b->size = size;
    b->owned = owned;
    if (listed) {
        fuzz.bytes += size;
        b->next = fuzz.first;
        b->link = &fuzz.first;
        if (b->next)
            b->next->link = &b->next;
        fuzz.first = b;
    }
    pthread_mutex_unlock(&fuzz.lock);
    ASAN_POISON_MEMORY_REGION(b, sizeof *b);
    return b + 1;
}

/* Any block of fuzz_new, or NULL. */
static FUZZ_UNSEEN void fuzz_free(void *p)
{
    fuzz_block *b = p ? (fuzz_block *)p - 1 : NULL;
    if (!b)
        return;
    if (__asan_region_is_poisoned(p, b->size ? b->size : 1) && b->size)
        fuzz_found("memory is given back twice");
    pthread_mutex_lock(&fuzz.lock);
    if (b->link) {
        fuzz.bytes -= b->size;
        *b->link = b->next;
        if (b->next)
            b->next->link = b->link;
    }
    pthread_mutex_unlock(&fuzz.lock);
    free(b);
}

static void *fuzz_malloc(size_t n) { return fuzz_fails() ? NULL : fuzz_new(n, true, false); }

static void *fuzz_calloc(size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return NULL;
    return fuzz_fails() ? NULL : fuzz_new(n * size, true, true);
}

/* Always moves, so that an old pointer is found out; what is new is no zero. */
static FUZZ_UNSEEN void *fuzz_realloc(void *p, size_t n)
{
    size_t before = p ? ((fuzz_block *)p - 1)->size : 0;
    if (fuzz_fails())
        return NULL;
    char *q = fuzz_new(n, true, true);
    size_t kept = before < n ? before : n;
    if (kept)
        memcpy(q, p, kept);
    memset(q + kept, 0xa5, n - kept);
    fuzz_free(p);
    return q;
}

static int fuzz_memalign(void **p, size_t align, size_t n)
{
    return fuzz_fails() ? ENOMEM : posix_memalign(p, align, n);
}

/* What an input has for files: "part0", "part1", ... */
static struct {
    size_t n;
    char *s[FUZZ_PARTS];
    size_t size[FUZZ_PARTS];
} fuzz_files;

/* The next byte of each that is read. */
static size_t fuzz_at[FUZZ_PARTS];

/* A descriptor that is no other's. */
enum { FUZZ_DESCRIPTOR = 1 << 20 };

static int fuzz_open(const char *name)
{
    size_t i = strlen(name) == 5 && !strncmp(name, "part", 4) ? (size_t)(name[4] - '0') : FUZZ_PARTS;
    if (i >= fuzz_files.n) {
        errno = ENOENT;
        return -1;
    }
    fuzz_at[i] = 0;
    return FUZZ_DESCRIPTOR + (int)i;
}

static ssize_t fuzz_read(int fd, void *to, size_t n)
{
    size_t i = (size_t)(fd - FUZZ_DESCRIPTOR);
    if (n > fuzz_files.size[i] - fuzz_at[i])
        n = fuzz_files.size[i] - fuzz_at[i];
    if (n)
        memcpy(to, fuzz_files.s[i] + fuzz_at[i], n);
    fuzz_at[i] += n;
    return (ssize_t)n;
}

/* Standard error, of which too much is a finding. */
static ssize_t fuzz_write(int fd, const void *from, size_t n)
{
    if (fd != STDERR_FILENO || n >= sizeof fuzz.line - fuzz.said)
        fuzz_found("%zu bytes to descriptor %d", n, fd);
    memcpy(fuzz.line + fuzz.said, from, n);
    fuzz.said += n;
    fuzz.line[fuzz.said] = 0;
    return (ssize_t)n;
}

/* Of a regular file; of another descriptor nothing is known. */
static int fuzz_fstat(int fd, struct stat *s)
{
    memset(s, 0, sizeof *s);
    errno = EBADF;
    if (fd < FUZZ_DESCRIPTOR)
        return -1;
    s->st_mode = S_IFREG;
    s->st_size = (off_t)fuzz_files.size[fd - FUZZ_DESCRIPTOR];
    return 0;
}

static int fuzz_close(int fd) { return fd >= FUZZ_DESCRIPTOR ? 0 : -1; }

#define malloc(n) fuzz_malloc(n)
#define calloc(n, size) fuzz_calloc(n, size)
#define realloc(p, n) fuzz_realloc(p, n)
#define free(p) fuzz_free(p)
#define posix_memalign(p, align, n) fuzz_memalign(p, align, n)
#define open(name, ...) ((void)(int[]) { __VA_ARGS__ }, fuzz_open(name))
#define read(fd, to, n) fuzz_read(fd, to, n)
#define write(fd, from, n) fuzz_write(fd, from, n)
#define close(fd) fuzz_close(fd)
#define fstat(fd, s) fuzz_fstat(fd, s)
#define _exit(code) fuzz_exit(code)
#define SKIPVERIFY_NO_MAIN
#include "../../skipverify.c"
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef posix_memalign
#undef open
#undef read
#undef write
#undef close
#undef fstat
#undef _exit

/// Inputs ///

/* What is left of the bytes; zeros follow. */
typedef struct {
    const uint8_t *at;
    size_t left;
    unsigned flags;
} input;

static unsigned input_byte(input *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->at++;
}

static uint64_t input_word(input *in)
{
    uint64_t w = 0;
    for (int i = 0; i < 8; i++)
        w = w << 8 | input_byte(in);
    return w;
}

/* Any double: small whole numbers, edges, moderate ones, any bits. */
static double input_double(input *in)
{
    static const double edges[] = { 0.0, -0.0, 0x1p-1074, -0x1p-1074, 0x0.fffffffffffffp-1022, 0x1p-1022, 0x1p-960,
        0x1p-53, 0x1.fffffffffffffp-1, 0x1.0000000000001p0, 0x1p53, 0x1p508, 0x1p970, 0x1p1000, 0x1p1023, DBL_MAX,
        -DBL_MAX, INFINITY, -INFINITY, NAN };
    unsigned how = input_byte(in);
    if (how < 64)
        return (double)how - 32;
    if (how < 96)
        return edges[how % COUNT(edges)];
    if (how < 192) {
        double m = 1 + input_byte(in) / 256.0;
        return ldexp(how & 1 ? -m : m, (int)(how - 96) / 8 - 6);
    }
    return double_of(input_word(in));
}

/* Memory of the harness, which does not fail; all of it goes at the end of the input. */
static void *fuzz_own(size_t n) { return fuzz_new(n, false, true); }

static double *input_doubles(input *in, size_t n)
{
    double *x = fuzz_own(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = input_double(in);
    return x;
}

/* n bytes, ended by a zero, with nothing behind it. */
static char *fuzz_string(const uint8_t *s, size_t n)
{
    char *p = fuzz_own(n + 1);
    if (n)
        memcpy(p, s, n);
    p[n] = 0;
    return p;
}

/* Up to that end or all there is. */
static char *input_until(input *in, char end)
{
    const uint8_t *stop = in->left ? memchr(in->at, end, in->left) : NULL;
    size_t n = stop ? (size_t)(stop - in->at) : in->left;
    char *s = fuzz_string(in->at, n);
    in->at += n + (stop != NULL);
    in->left -= n + (stop != NULL);
    return s;
}

/* A word a line, the first one given. */
static char **input_words(input *in, const char *first, size_t most, size_t *n)
{
    char *word[64];
    word[0] = fuzz_string((const uint8_t *)first, strlen(first));
    for (*n = 1; in->left && *n < most && *n < COUNT(word); ++*n)
        word[*n] = input_until(in, '\n');
    char **words = fuzz_own(*n * sizeof *words);
    memcpy(words, word, *n * sizeof *words);
    return words;
}

/* A text of the program's is given back by the program. */
static void text_drop(text *t) { fuzz_free(t->s); }

static void fuzz_must(bool fine, const char *what)
{
    if (!fine)
        fuzz_found("%s", what);
}

/// part ///

/* Flags: the body is not sealed; it has the head's first lines itself; its number of finished cases stays; the first
   part alone, as a checkpoint. 16, 32, 64: the format of the report. Parts are separated by form feeds. */
enum { PART_OPEN = 1, PART_BARE = 2, PART_UNCOUNTED = 4, PART_CHECKPOINT = 8 };

/* "finished N/M", N as many as there are. */
static void fuzz_count(text *t, const char *body)
{
    size_t n = 0;
    const char *line = strstr(body, "\nfinished ");
    const char *all = line ? strchr(line + 1, '/') : NULL;
    for (const char *s = body; (s = strchr(s, '\n')); s++)
        n += !strncmp(s, "\nresult ", 8) || !strncmp(s, "\nsums ", 6);
    if (!all) {
        text_add(t, "%s", body);
        return;
    }
    text_add(t, "%.*s\nfinished %zu%s", (int)(line - body), body, n, all);
}

/* The next part of the input becomes a file. */
static void fuzz_part(input *in)
{
    size_t i = fuzz_files.n;
    char digest[65];
    text t = { 0 };
    const uint8_t *start = in->at;
    char *body = input_until(in, '\f');
    size_t size = (size_t)(in->at - start);
    if (!(in->flags & PART_BARE))
        text_add(&t, "skipverify part 1\nversion %s\nprogram %s\n", SKV_VERSION, part_program());
    if (!(in->flags & PART_UNCOUNTED) && strlen(body) + 1 >= size)
        fuzz_count(&t, body);
    else {
        text_reserve(&t, size + 1);
        memcpy(t.s + t.used, start, size);
        t.used += size;
    }
    text_digest(t.s ? t.s : "", t.used, digest);
    if (!(in->flags & PART_OPEN))
        text_add(&t, "sha256 %s\n", digest);
    fuzz_files.s[i] = (char *)fuzz_string((const uint8_t *)t.s, t.used);
    fuzz_files.size[i] = t.used;
    fuzz_files.n++;
    text_drop(&t);
}

/* What was understood is what was read. */
static void part_checkpoint(void)
{
    text again = { 0 };
    run r = part_read("part0");
    part_text(&again, &r);
    fuzz_must(again.used == fuzz_files.size[0] && !memcmp(again.s, fuzz_files.s[0], again.used),
        "a part is accepted that is not as it is written");
    run whole = part_frame(&r);
    part_agree("this run", &whole, "part0", &r);
    part_take(&whole, &r);
    run_free(&r);
    run_free(&whole);
    text_drop(&again);
}

/* The merged report in one of its formats, or verbose, with whatever figures and reasons the parts had. */
static void part_reported(const run *whole, unsigned how)
{
    text out = { 0 };
    options o = { .verbose = how == FORMATS, .format = how < FORMATS ? (int)how : FORMAT_TEXT };
    int code = cmd_report(&o, whole, &out);
    fuzz_must(code == EXIT_AS_EXPECTED || code == EXIT_DIFFERS || code == EXIT_UNDECIDED, "a merge's exit code");
    text_drop(&out);
}

/* The report of the parts in that order. */
static text part_report_of(size_t n, const char *const *names, unsigned how)
{
    text t = { 0 };
    run whole = part_merge(n, names);
    report_canonical(&t, &whole, whole.level);
    report_margins(&t, &whole, whole.level);
    part_reported(&whole, how);
    run_free(&whole);
    return t;
}

/* The files of the input are made without failing; what reads them may fail. */
static void fuzz_target_part(input *in)
{
    static const char *const names[FUZZ_PARTS] = { "part0", "part1", "part2", "part3" };
    static const char *const back[FUZZ_PARTS] = { "part3", "part2", "part1", "part0" };
    fuzz_files.n = 0;
    unsigned fail = fuzz.fail;
    fuzz.fail = 0;
    do
        fuzz_part(in);
    while (in->left && fuzz_files.n < FUZZ_PARTS);
    fuzz.fail = fail;
    if (in->flags & PART_CHECKPOINT) {
        part_checkpoint();
        return;
    }
    size_t n = fuzz_files.n;
    text a = part_report_of(n, names, in->flags >> 4 & 7);
    text b = part_report_of(n, back + FUZZ_PARTS - n, 3);
    fuzz_must(a.used == b.used && !memcmp(a.s, b.s, a.used), "the report depends on the order of parts");
    text_drop(&a);
    text_drop(&b);
}

/// formula: a second arithmetic ///

/* Enclosures in long double, each operation widened by one place whether it was exact or not; derivatives by the same
   rules. Where there is no value, or a kink, nothing is known. */
typedef struct {
    long double lo, hi;
} wide;
enum { WIDE_F, WIDE_X, WIDE_Y, WIDE_XX, WIDE_XY, WIDE_YY, WIDE_ALL };
typedef struct {
    wide d[WIDE_ALL];
} wide_jet;

static wide wide_all(void) { return (wide) { -INFINITY, INFINITY }; }

static wide wide_make(long double lo, long double hi)
{
    return lo <= hi ? (wide) { nextafterl(lo, -INFINITY), nextafterl(hi, INFINITY) } : wide_all();
}

static wide wide_of(long double x) { return (wide) { x, x }; }
static wide wide_add(wide a, wide b) { return wide_make(a.lo + b.lo, a.hi + b.hi); }
static wide wide_neg(wide a) { return (wide) { -a.hi, -a.lo }; }

/* The hull of four; a NaN among them is no number. */
static wide wide_hull(long double a, long double b, long double c, long double d)
{
    if (a != a || b != b || c != c || d != d)
        return wide_all();
    return wide_make(fminl(fminl(a, b), fminl(c, d)), fmaxl(fmaxl(a, b), fmaxl(c, d)));
}

static wide wide_mul(wide a, wide b) { return wide_hull(a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi); }

static wide wide_div(wide a, wide b)
{
    if (b.lo <= 0 && b.hi >= 0)
        return wide_all();
    return wide_hull(a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi);
}

/* sin (0) or cos (1): of the middle, and no slope is steeper than 1. */
static wide wide_wave(wide a, int which)
{
    long double middle = a.lo / 2 + a.hi / 2;
    long double r = (a.hi - a.lo) + 0x1p-58L;
    if (!(fabsl(middle) < 0x1p60L && r < 2))
        return (wide) { -1, 1 };
    long double s = which ? cosl(middle) : sinl(middle);
    return (wide) { s - r - 0x1p-58L, s + r + 0x1p-58L };
}

static wide wide_cross(wide a, wide b, wide c, wide d) { return wide_add(wide_mul(a, b), wide_mul(c, d)); }

static wide_jet wide_nothing(void)
{
    wide_jet j;
    for (int i = 0; i < WIDE_ALL; i++)
        j.d[i] = wide_all();
    return j;
}

static wide_jet wide_constant(wide F)
{
    wide_jet j = { { F } };
    return j;
}

static wide_jet wide_chain(wide_jet a, wide h, wide h1, wide h2)
{
    static const int first[] = { WIDE_XX, WIDE_XY, WIDE_YY };
    static const int one[] = { WIDE_X, WIDE_X, WIDE_Y };
    static const int two[] = { WIDE_X, WIDE_Y, WIDE_Y };
    wide_jet p = { { h, wide_mul(h1, a.d[WIDE_X]), wide_mul(h1, a.d[WIDE_Y]) } };
    for (int i = 0; i < 3; i++)
        p.d[first[i]] = wide_cross(h1, a.d[first[i]], h2, wide_mul(a.d[one[i]], a.d[two[i]]));
    return p;
}

static wide_jet wide_negated(wide_jet a) { return wide_chain(a, wide_neg(a.d[WIDE_F]), wide_of(-1), wide_of(0)); }

static wide_jet wide_sum(wide_jet a, wide_jet b)
{
    for (int i = 0; i < WIDE_ALL; i++)
        a.d[i] = wide_add(a.d[i], b.d[i]);
    return a;
}

/* By ab = ((a + b)^2 - (a - b)^2) / 4 no derivative would be narrow: the rule itself. */
static wide_jet wide_product(wide_jet a, wide_jet b)
{
    static const int order[][3] = { { WIDE_XX, WIDE_X, WIDE_X }, { WIDE_XY, WIDE_X, WIDE_Y },
        { WIDE_YY, WIDE_Y, WIDE_Y } };
    wide_jet p = { { wide_mul(a.d[0], b.d[0]) } };
    for (int i = WIDE_X; i <= WIDE_Y; i++)
        p.d[i] = wide_cross(a.d[0], b.d[i], a.d[i], b.d[0]);
    for (int i = 0; i < 3; i++) {
        const int *o = order[i];
        wide ends = wide_cross(a.d[0], b.d[o[0]], a.d[o[0]], b.d[0]);
        p.d[o[0]] = wide_add(ends, wide_cross(a.d[o[1]], b.d[o[2]], a.d[o[2]], b.d[o[1]]));
    }
    return p;
}

static wide_jet wide_power(wide_jet a, size_t n)
{
    wide_jet p = wide_constant(wide_of(1));
    while (n--)
        p = wide_product(p, a);
    return p;
}

static wide_jet wide_inverse(wide_jet a)
{
    wide h = wide_div(wide_of(1), a.d[0]);
    wide h2 = wide_mul(h, h);
    return wide_chain(a, h, wide_neg(h2), wide_mul(wide_of(2), wide_mul(h2, h)));
}

static wide_jet wide_sqrt(wide_jet a)
{
    if (!(a.d[0].lo > 0))
        return wide_nothing();
    wide h = wide_make(sqrtl(a.d[0].lo), sqrtl(a.d[0].hi));
    wide h1 = wide_div(wide_of(0.5L), h);
    return wide_chain(a, h, h1, wide_neg(wide_div(wide_mul(wide_of(0.5L), h1), a.d[0])));
}

/* Beyond the end of a long double nothing is known; libm is trusted to 2^-58 of the value. */
static wide wide_rising(wide a, long double (*f)(long double))
{
    long double lo = f(a.lo);
    long double hi = f(a.hi);
    if (!(fabsl(lo) < 0x1p16000L && fabsl(hi) < 0x1p16000L && lo <= hi))
        return wide_all();
    return wide_make(lo - 0x1p-58L * fabsl(lo), hi + 0x1p-58L * fabsl(hi));
}

static wide_jet wide_exp(wide_jet a)
{
    wide h = wide_rising(a.d[0], expl);
    return wide_chain(a, h, h, h);
}

static wide_jet wide_log(wide_jet a)
{
    if (!(a.d[0].lo > 0))
        return wide_nothing();
    wide h1 = wide_div(wide_of(1), a.d[0]);
    return wide_chain(a, wide_rising(a.d[0], logl), h1, wide_neg(wide_mul(h1, h1)));
}

static wide_jet wide_tanh(wide_jet a)
{
    wide t = wide_rising(a.d[0], tanhl);
    wide h1 = wide_add(wide_of(1), wide_neg(wide_mul(t, t)));
    return wide_chain(a, t, h1, wide_mul(wide_of(-2), wide_mul(t, h1)));
}

/* The larger one, if it is clear which. */
static wide_jet wide_larger(wide_jet a, wide_jet b)
{
    if (a.d[0].lo > b.d[0].hi)
        return a;
    if (b.d[0].lo > a.d[0].hi)
        return b;
    wide_jet p = wide_nothing();
    p.d[0] = (wide) { fmaxl(a.d[0].lo, b.d[0].lo), fmaxl(a.d[0].hi, b.d[0].hi) };
    return p;
}

/* What the program's own function of one argument stands for. */
static wide_jet wide_one(jet (*one)(jet), wide_jet a)
{
    if (one == jet_neg)
        return wide_negated(a);
    if (one == jet_abs)
        return wide_larger(a, wide_negated(a));
    if (one == jet_sqrt)
        return wide_sqrt(a);
    if (one == jet_inverse)
        return wide_inverse(a);
    if (one == jet_exp)
        return wide_exp(a);
    if (one == jet_log)
        return wide_log(a);
    if (one == jet_tanh)
        return wide_tanh(a);
    wide s = wide_wave(a.d[0], 0);
    wide c = wide_wave(a.d[0], 1);
    return one == jet_sin ? wide_chain(a, s, c, wide_neg(s)) : wide_chain(a, c, wide_neg(s), wide_neg(c));
}

/* The same of two. */
static wide_jet wide_two(jet (*two)(jet, jet), wide_jet a, wide_jet b)
{
    if (two == jet_add)
        return wide_sum(a, b);
    if (two == jet_sub)
        return wide_sum(a, wide_negated(b));
    if (two == jet_mul)
        return wide_product(a, b);
    if (two == jet_div)
        return wide_product(a, wide_inverse(b));
    if (two == jet_max)
        return wide_larger(a, b);
    return wide_negated(wide_larger(wide_negated(a), wide_negated(b)));
}

/* The formula and its derivatives at a point. */
static wide_jet wide_at(const expr *e, double x, double y)
{
    wide_jet s[EXPR_MAX];
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        const expr_op *o = &e->op[i];
        if (o->code == EXPR_NUMBER)
            s[n++] = wide_constant((wide) { o->number.lo, o->number.hi });
        else if (o->code == EXPR_X || o->code == EXPR_Y) {
            s[n] = wide_constant(wide_of(o->code == EXPR_X ? x : y));
            s[n++].d[o->code == EXPR_X ? WIDE_X : WIDE_Y] = wide_of(1);
        } else if (o->code == EXPR_RAISE)
            s[n - 1] = wide_power(s[n - 1], o->power);
        else if (o->code == EXPR_ONE)
            s[n - 1] = wide_one(o->one, s[n - 1]);
        else {
            n--;
            s[n - 1] = wide_two(o->two, s[n - 1], s[n]);
        }
    }
    fuzz_must(n == 1, "a formula does not leave one value");
    return s[0];
}

/// formula ///

enum { FORMULA_STUDY = 1, FORMULA_WORDS = 2, FORMULA_BOXES = 6, FORMULA_BUDGET = 120 };

/* The enclosure is one, and has something in common with what encloses the same number. */
static void formula_meets(const char *what, iv a, wide b)
{
    if (!(a.lo <= a.hi))
        fuzz_found("%s: [%a, %a] is no enclosure", what, a.lo, a.hi);
    if (a.hi < b.lo || b.hi < a.lo)
        fuzz_found("%s: [%a, %a] misses [%La, %La]", what, a.lo, a.hi, b.lo, b.hi);
}

static wide wide_from(iv a) { return (wide) { a.lo, a.hi }; }

static void formula_jets(const char *what, const jet *j, const wide_jet *w)
{
    const iv d[WIDE_ALL] = { j->F, j->x, j->y, j->xx, j->xy, j->yy };
    for (int i = 0; i < WIDE_ALL; i++)
        formula_meets(what, d[i], w->d[i]);
}

static wide_jet wide_from_jet(const jet *j)
{
    return (wide_jet) { { wide_from(j->F), wide_from(j->x), wide_from(j->y), wide_from(j->xx), wide_from(j->xy),
        wide_from(j->yy) } };
}

static bool iv_same(iv a, iv b) { return bits_of(a.lo) == bits_of(b.lo) && bits_of(a.hi) == bits_of(b.hi); }

/* A number of the interval: its ends, its middle, or any other. */
static double formula_within(input *in, iv a)
{
    unsigned how = input_byte(in);
    double x = a.lo + (a.hi - a.lo) * (how / 256.0);
    return how == 0 ? a.lo : how == 1 ? a.hi : iv_has(a, x) ? x : iv_mid(a);
}

/* A part of the interval: any width down to nothing. */
static iv formula_part(input *in, iv a)
{
    double x = formula_within(in, a);
    double r = (a.hi - a.lo) * ldexp(1, -(int)(input_byte(in) % 64));
    iv part = { fmax(a.lo, x - r), fmin(a.hi, x + r) };
    return part.lo <= part.hi ? part : iv_of(x);
}

/* Values and derivatives at points of x, y against those of the whole of it. */
static void formula_box(input *in, const expr *e, iv x, iv y)
{
    jet whole = expr_at(e, x, y, 2);
    iv range = expr_range(e, x, y);
    fuzz_must(iv_same(whole.F, expr_at(e, x, y, 0).F) && iv_same(whole.x, expr_at(e, x, y, 1).x),
        "values depend on the order of derivatives asked for");
    for (int i = 0; i < 3; i++) {
        double px = formula_within(in, x);
        double py = formula_within(in, y);
        jet here = expr_at(e, iv_of(px), iv_of(py), 2);
        wide_jet w = wide_at(e, px, py);
        wide_jet same = wide_from_jet(&here);
        formula_jets("at a point", &here, &w);
        formula_jets("on a box", &whole, &w);
        formula_jets("on a box, of a point", &whole, &same);
        formula_meets("range", range, w.d[0]);
        formula_meets("range, of a point", range, same.d[0]);
    }
}

/* No point where the gradient is 0, without any rounding, may be missing where all are said to be known. */
static void formula_complete(const stat_search *s)
{
    for (int i = 0; i < 25; i++) {
        double px = s->x.lo + (s->x.hi - s->x.lo) * (i % 5) / 4;
        double py = s->y.lo + (s->y.hi - s->y.lo) * (i / 5) / 4;
        jet at = expr_at(s->e, iv_of(px), iv_of(py), 1);
        bool known = !iv_is(at.x, 0) || !iv_is(at.y, 0) || !iv_has(s->x, px) || !iv_has(s->y, py);
        for (size_t k = 0; k < s->n; k++)
            known = known || (iv_has(s->at[k].x, px) && iv_has(s->at[k].y, py));
        if (!known)
            fuzz_found("no stationary point is found at (%a, %a)", px, py);
    }
}

/* The search with a small budget; what is found must be one, and where nothing is unresolved, all. */
static void formula_study(land_view *v)
{
    text t = { 0 };
    stat_search *s = &v->all;
    *s = (stat_search) { .e = &v->e, .x = land_box(v, 0), .y = land_box(v, 1), .level = iv_all() };
    s->boxes = STAT_BOXES - FORMULA_BUDGET;
    stat_search_all(s);
    while (stat_join(s))
        ;
    for (size_t i = 0; i < s->gaps; i++)
        fuzz_must(iv_within(s->gap[i].x, s->x) || s->gap[i].reason == GAP_EDGE, "an undecided place outside the box");
    for (size_t i = 0; i < s->n; i++) {
        jet j = expr_at(&v->e, s->at[i].x, s->at[i].y, 1);
        fuzz_must(iv_has(j.x, 0) && iv_has(j.y, 0), "a stationary point has another gradient than 0");
        fuzz_must(iv_within(s->at[i].x, s->at[i].alone_x), "a stationary point lies outside of where it is alone");
    }
    if (!s->unresolved)
        formula_complete(s);
    landscape_table(&t, v);
    landscape_json(&t, v, EXIT_UNDECIDED);
    text_drop(&t);
}

/* Least value and barrier with a small budget, against values on the way. */
static void formula_barrier(input *in, mem *arena, const land_view *v)
{
    iv x = land_box(v, 0);
    iv y = land_box(v, 1);
    double high = -INFINITY;
    merge_tree *t = mem_get(arena, 1, sizeof *t);
    for (t->n = 0; t->n < 2; t->n++) {
        t->x[t->n] = formula_within(in, x);
        t->y[t->n] = formula_within(in, y);
    }
    quadtree c = cells_make(&v->e, v->l, 2);
    for (size_t i = 0; i < 2; i++)
        t->F[i] = expr_at(&v->e, iv_of(t->x[i]), iv_of(t->y[i]), 0).F;
    for (int i = 0; i < 3 && merge_round(&c, t, NULL); i++)
        ;
    fuzz_free(c.at);
    for (int i = 0; i < 16; i++) {
        iv at = { i / 16.0, (i + 1) / 16.0 };
        iv px = iv_add(iv_of(t->x[0]), iv_mul(at, iv_sub(iv_of(t->x[1]), iv_of(t->x[0]))));
        iv py = iv_add(iv_of(t->y[0]), iv_mul(at, iv_sub(iv_of(t->y[1]), iv_of(t->y[0]))));
        high = fmax(high, expr_at(&v->e, px, py, 0).F.hi);
    }
    least_search s = { &v->e, 1e-6, INFINITY, INFINITY, STAT_BOXES - FORMULA_BUDGET };
    least_box(&s, x, y);
    fuzz_must(t->barrier[0][1].lo <= high, "a barrier lies above a path");
    fuzz_must(!(t->barrier[0][1].hi < t->F[0].lo), "a barrier lies below its end");
    fuzz_must(!(s.low > t->F[0].hi) && !(s.low > t->F[1].hi), "the least value lies above a value");
}

/* A line with the formula, one with the box (or none), and bytes that choose points. */
static void fuzz_target_formula(input *in)
{
    mem arena = { 0 };
    const char *words[3] = { input_until(in, '\n'), input_until(in, '\n'), "" };
    size_t n = in->flags & FORMULA_WORDS ? in->flags >> 4 & 3 : words[1][0] ? 2 : 1;
    land_view *v = landscape_read(&arena, n, words);
    for (int i = 0; i < FORMULA_BOXES; i++) {
        iv x = formula_part(in, land_box(v, 0));
        iv y = formula_part(in, land_box(v, 1));
        formula_box(in, &v->e, x, y);
    }
    if (in->flags & FORMULA_STUDY) {
        formula_study(v);
        formula_barrier(in, &arena, v);
    }
    mem_free(&arena);
}

/// sopsp ///

/* The risk of the point a second time, squared (z - y)^2 or logistic, against its enclosure; slack: how far the output
   may be off. */
static void sopsp_value(mem *arena, const user_point *u)
{
    skip_data D = point_data(arena, u);
    skip_point p = { u->w, u->V };
    iv F = skip_value(arena, &D, &p);
    wide sum = wide_of(0);
    for (size_t i = 0; i < u->N; i++) {
        long double z = 0;
        long double size = 1;
        for (size_t j = 0; j < u->d; j++)
            for (size_t k = 0; k <= u->k; k++) {
                long double f = k < u->k ? (long double)u->V[j * u->k + k] * u->f[i * u->k + k] : u->X[i * u->d + j];
                z += u->w[j] * f;
                size += fabsl(u->w[j] * f);
            }
        long double slack = size * 0x1p-54L;
        long double off = u->loss == SQUARED ? z - u->Y[i] : -u->Y[i] * z;
        long double L = u->loss == SQUARED ? off * off : fmaxl(off, 0) + log1pl(expl(-fabsl(off)));
        long double r = slack * (u->loss == SQUARED ? 2 * fabsl(off) + slack : 1) + L * 0x1p-54L;
        sum = wide_add(sum, (wide) { L - r, L + r });
    }
    if (u->loss != SMOOTHED_HINGE)
        formula_meets("the risk", F, wide_div(sum, wide_of((long double)u->N)));
}

/* Small points get their answer. */
static void fuzz_target_sopsp(input *in)
{
    size_t n;
    char **words = input_words(in, "sopsp", 24, &n);
    options o = { .word = (const char **)words, .words = n };
    mem arena = { 0 };
    text out = { 0 };
    const user_point *u = point_read(&arena, n - 1, o.word + 1);
    bool small = u->d * (1 + u->k) <= 8 && u->N <= 3;
    sopsp_value(&arena, u);
    mem_free(&arena);
    if (!small)
        return;
    int code = cmd_sopsp(&o, &out);
    fuzz_must(code == EXIT_AS_EXPECTED || code == EXIT_DIFFERS || code == EXIT_UNDECIDED, "sopsp's exit code");
    text_drop(&out);
}

/// options ///

/* What the words ask for, short of running it. */
static void fuzz_target_options(input *in)
{
    size_t n;
    char **argv = input_words(in, "skipverify", 40, &n);
    options o = options_read((int)n, argv);
    text out = { 0 };
    fuzz_must(o.words < n, "more words than there were");
    const char *first = o.words ? o.word[0] : "";
    if (o.help)
        cmd_help(&o, &out);
    else if (!strcmp(first, "explain"))
        cmd_explain(&o, &out);
    else if (!strcmp(first, "list"))
        cmd_list(&o, &out);
    else {
        run r = cmd_plan(&o);
        fuzz_must(r.count && r.shard >= 1 && r.shard <= r.shards && r.shards <= SKV_MAX_SHARDS, "a plan of nothing");
        part_text(&out, &r);
        run_free(&r);
    }
    text_drop(&out);
}

/// library: exact sums ///

/* Fixed point in units of 2^-1074, 32 bits a limb, of one sign: every addition passes its carries on. */
enum { BIG_LIMBS = 70 };
typedef struct {
    uint32_t limb[BIG_LIMBS];
} big;

/* b += m 2^at, m < 2^53: in up to three limbs. */
static void big_add(big *b, uint64_t m, int at)
{
    uint64_t carry = 0;
    for (int i = at / 32; i < BIG_LIMBS; i++) {
        int k = i - at / 32;
        uint64_t part = k == 0 ? m << at % 32 & 0xffffffffu : k == 1 ? m >> (32 - at % 32) & 0xffffffffu : 0;
        if (k == 2)
            part = at % 32 ? m >> (64 - at % 32) : 0;
        carry += part + b->limb[i];
        b->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static int big_compare(const big *a, const big *b)
{
    for (int i = BIG_LIMBS - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

static void big_subtract(big *a, const big *b)
{
    int64_t borrow = 0;
    for (int i = 0; i < BIG_LIMBS; i++) {
        borrow += (int64_t)a->limb[i] - b->limb[i];
        a->limb[i] = (uint32_t)borrow;
        borrow = borrow < 0 ? -1 : 0;
    }
}

static int big_bit(const big *a, int i) { return i < 0 ? 0 : a->limb[i / 32] >> i % 32 & 1; }

/* Rounded half to even, bit by bit. */
static double big_nearest(const big *a)
{
    int top = 32 * BIG_LIMBS - 1;
    uint64_t m = 0;
    bool sticky = false;
    while (top >= 0 && !big_bit(a, top))
        top--;
    int low = top > 52 ? top - 52 : 0;
    for (int i = top; i >= low; i--)
        m = m << 1 | (uint64_t)big_bit(a, i);
    for (int i = 0; i < low - 1 && !sticky; i++)
        sticky = big_bit(a, i);
    m += big_bit(a, low - 1) && (sticky || m & 1);
    return ldexp((double)m, low - 1074);
}

/* By frexp: no code of the program's. */
static double big_sum(size_t n, const double *x)
{
    big plus = { { 0 } };
    big minus = { { 0 } };
    for (size_t i = 0; i < n; i++) {
        int e;
        if (!isfinite(x[i]))
            return NAN;
        double m = frexp(fabs(x[i]), &e);
        int at = e - 53 < -1074 ? -1074 : e - 53;
        big_add(signbit(x[i]) ? &minus : &plus, (uint64_t)ldexp(m, e - at), at + 1074);
    }
    bool negative = big_compare(&plus, &minus) < 0;
    big_subtract(negative ? &minus : &plus, negative ? &plus : &minus);
    return negative ? -big_nearest(&minus) : big_nearest(&plus);
}

/// library ///

static bool same_double(double a, double b) { return (a != a && b != b) || a == b; }
static bool same_bits(double a, double b) { return (a != a && b != b) || bits_of(a) == bits_of(b); }
static bool all_finite(size_t n, const double *x)
{
    bool fine = true;
    for (size_t i = 0; i < n; i++)
        fine = fine && isfinite(x[i]);
    return fine;
}

/* Each status where its reason is, and only there. */
static bool library_done(int status, bool finite, const char *what)
{
    bool right = status == SKV_NO_MEMORY ? fuzz.failed : finite ? status != SKV_NOT_FINITE : status == SKV_NOT_FINITE;
    if (!right || (status > SKV_NOT_FINITE && status != SKV_OVERFLOW))
        fuzz_found(
            "%s: status %d%s%s", what, status, finite ? "" : ", an entry not finite", fuzz.failed ? ", no memory" : "");
    return status == SKV_OK;
}

/* Also long ones, which are cut into chunks. */
static void library_sum(input *in)
{
    size_t few = input_byte(in) % 40;
    size_t times = input_byte(in) == 255 ? 1000 : 1;
    double *x = input_doubles(in, few);
    double *all = fuzz_own(few * times * sizeof *all);
    for (size_t i = 0; i < few * times; i++)
        all[i] = x[i % few];
    double got = skv_sum(few * times, all);
    double expected = big_sum(few * times, all);
    if (!same_double(got, expected))
        fuzz_found("skv_sum: %a, expected %a", got, expected);
}

/* A level of dispatch that this machine has, and threads. */
static void library_machine(input *in)
{
    size_t levels;
    const struct kern_level *const *level = kern_levels(&levels);
    unsigned b = input_byte(in);
    skv_dispatch(b % 4 < levels ? level[b % 4]->name : NULL);
    fuzz_must(skv_dispatch("neither") != 0 && skv_threads(-1) != 0 && skv_threads(SKV_MAX_THREADS + 1) != 0,
        "what is out of range is taken");
    fuzz_must(skv_threads(b & 16 ? 2 : 1) == 0 && !skv_probe(), "the machine is refused");
}

/* Entry by entry as skipverify.h says: blocks of 256, a chain of fma from +0 in each. */
static void library_gemm(input *in)
{
    static const size_t depths[] = { 0, 1, 2, 3, 5, 8, 31, 64, 127, 128, 129, 255, 256, 257, 300, 513 };
    size_t m = input_byte(in) % 14;
    size_t n = input_byte(in) % 36;
    size_t k = depths[input_byte(in) % COUNT(depths)];
    size_t lda = k + input_byte(in) % 3;
    size_t ldb = n + input_byte(in) % 3;
    size_t ldc = n + input_byte(in) % 3;
    size_t pattern = 1 + input_byte(in) % 61;
    double *x = input_doubles(in, pattern);
    double *A = fuzz_own(m * lda * sizeof *A);
    double *B = fuzz_own(k * ldb * sizeof *B);
    double *C = fuzz_own(m * ldc * sizeof *C);
    for (size_t i = 0; i < m * lda; i++)
        A[i] = x[i % pattern];
    for (size_t i = 0; i < k * ldb; i++)
        B[i] = x[(i * 7 + 3) % pattern];
    if (!library_done(skv_gemm(m, n, k, A, lda, B, ldb, C, ldc), true, "skv_gemm"))
        return;
    for (size_t i = 0; i < m * n; i++) {
        double total = 0;
        for (size_t at = 0; at < k; at += 256) {
            double s = 0;
            for (size_t l = at; l < k && l < at + 256; l++)
                s = fma(A[i / n * lda + l], B[l * ldb + i % n], s);
            total = at ? total + s : s;
        }
        if (!same_bits(C[i / n * ldc + i % n], total))
            fuzz_found("skv_gemm: %a, expected %a", C[i / n * ldc + i % n], total);
    }
}

/* r x c, small, sometimes two tiles wide. */
static double *library_matrix(input *in, size_t *r, size_t *c)
{
    unsigned a = input_byte(in);
    unsigned b = input_byte(in);
    *r = a > 250 ? 20 + a % 16 : a % 8;
    *c = b > 250 ? 20 + b % 16 : b % 8;
    size_t pattern = 1 + input_byte(in) % 64;
    double *x = input_doubles(in, pattern);
    double *A = fuzz_own(*r * *c * sizeof *A);
    for (size_t i = 0; i < *r * *c; i++)
        A[i] = x[i % pattern];
    return A;
}

/* |X Y^T - Z| in the largest entry, in long double; X: a x k, Y: b x k, either scaled by s along k. */
static long double library_residual(
    size_t a, size_t b, size_t k, const double *X, const double *s, const double *Y, const double *Z)
{
    long double worst = 0;
    for (size_t i = 0; i < a * b; i++) {
        long double sum = -(Z ? (long double)Z[i] : i / b == i % b);
        for (size_t l = 0; l < k; l++)
            sum += (long double)X[i / b * k + l] * (s ? s[l] : 1) * Y[i % b * k + l];
        worst = sum == sum ? fmaxl(worst, fabsl(sum)) : INFINITY;
    }
    return worst;
}

/* The columns of X (n x k) are orthonormal. */
static void library_orthonormal(size_t n, size_t k, const double *X, const char *what)
{
    double *T = fuzz_own(n * k * sizeof *T);
    for (size_t i = 0; i < n * k; i++)
        T[i % k * n + i / k] = X[i];
    long double off = library_residual(k, k, n, T, NULL, T, NULL);
    if (!(off < 0x1p-40L))
        fuzz_found("%s: columns are off orthonormality by %Lg", what, off);
}

static double library_largest(size_t n, const double *x)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* Enclosures by good factors and by any others meet. */
static void library_enclose(input *in, size_t r, size_t c, const double *A, double *const U[3])
{
    size_t p = min_size(r, c);
    double *lo = fuzz_own(2 * p * sizeof *lo);
    double *hi = fuzz_own(2 * p * sizeof *hi);
    bool finite = all_finite(r * c, A);
    int status = skv_svd_enclose(r, c, A, U[0], U[1], U[2], lo, hi);
    library_done(status, finite, "skv_svd_enclose");
    double *bad[3] = { fuzz_own(r * p * sizeof(double)), fuzz_own(p * sizeof(double)),
        fuzz_own(c * p * sizeof(double)) };
    const size_t size[3] = { r * p, p, c * p };
    for (int k = 0; k < 3; k++)
        for (size_t i = 0; i < size[k]; i++)
            bad[k][i] = input_byte(in) & 3 ? U[k][i] : input_double(in);
    status = skv_svd_enclose(r, c, A, bad[0], bad[1], bad[2], lo + p, hi + p);
    library_done(status, finite, "skv_svd_enclose");
    for (size_t i = 0; i < 2 * p; i++)
        if (!(lo[i] <= hi[i] && lo[i] >= 0))
            fuzz_found("skv_svd_enclose: [%a, %a] is no enclosure", lo[i], hi[i]);
    for (size_t i = 0; finite && i < p; i++)
        if (hi[i] < lo[p + i] || hi[p + i] < lo[i])
            fuzz_found("skv_svd_enclose: [%a, %a] misses [%a, %a]", lo[i], hi[i], lo[p + i], hi[p + i]);
}

/* Singular values descend, factors are orthonormal, the product is A. */
static void library_svd(input *in)
{
    size_t r, c;
    double *A = library_matrix(in, &r, &c);
    size_t p = min_size(r, c);
    double *U[3] = { fuzz_own(r * p * sizeof(double)), fuzz_own(p * sizeof(double)), fuzz_own(c * p * sizeof(double)) };
    bool good = library_done(skv_svd(r, c, A, U[0], U[1], U[2]), all_finite(r * c, A), "skv_svd");
    double most = library_largest(r * c, A);
    for (size_t i = 0; good && i < p; i++)
        if (!(U[1][i] >= 0 && U[1][i] < INFINITY && (i == 0 || U[1][i] <= U[1][i - 1])))
            fuzz_found("skv_svd: singular value %zu is %a", i, U[1][i]);
    if (good && p) {
        library_orthonormal(r, p, U[0], "skv_svd, U");
        library_orthonormal(c, p, U[2], "skv_svd, V");
        long double off = library_residual(r, c, p, U[0], U[1], U[2], A);
        if (!(off <= 0x1p-42L * most + 0x1p-1060L))
            fuzz_found("skv_svd: the product is off by %Lg, entries up to %g", off, most);
    }
    library_enclose(in, r, c, A, U);
}

/* Both of Penrose's equations that give back A and X, where the scale allows, and the rank. */
static void library_pinv(input *in)
{
    size_t r, c;
    size_t rank = 77;
    double tol = input_double(in);
    double *A = library_matrix(in, &r, &c);
    double *X = fuzz_own(r * c * sizeof *X);
    int status = skv_pinv(r, c, A, X, tol, &rank);
    if (!isfinite(tol)) {
        fuzz_must(status == SKV_ARGUMENT && rank == 77, "skv_pinv: a tol that is not finite");
        return;
    }
    if (!library_done(status, all_finite(r * c, A), "skv_pinv"))
        return;
    fuzz_must(rank <= min_size(r, c) && all_finite(r * c, X), "skv_pinv: a rank or an entry out of range");
    fuzz_must(rank || library_largest(r * c, X) == 0, "skv_pinv: of rank 0, and not 0");
    if (rank < min_size(r, c) || rank == 0 || library_largest(r * c, A) * library_largest(r * c, X) > 0x1p12)
        return;
    double *T = fuzz_own(r * c * sizeof *T);
    bool tall = r >= c;
    for (size_t i = 0; i < r * c; i++)
        T[tall ? i % c * r + i / c : i] = A[i]; /* the rows that X inverts */
    if (!tall)
        for (size_t i = 0; i < r * c; i++)
            T[i % r * c + i / r] = X[i];
    long double off = tall ? library_residual(c, c, r, X, NULL, T, NULL) : library_residual(r, r, c, A, NULL, T, NULL);
    if (!(off < 0x1p-20L))
        fuzz_found("skv_pinv: off the identity by %Lg", off);
}

/* Ascending, orthonormal, A Q = Q w; the upper triangle does not count. */
static void library_eig(input *in)
{
    size_t n, c;
    double *x = library_matrix(in, &n, &c);
    double *A = fuzz_own(n * n * sizeof *A);
    double *B = fuzz_own(n * n * sizeof *B);
    double *w = fuzz_own(2 * n * sizeof *w);
    double *Q = fuzz_own(2 * n * n * sizeof *Q);
    for (size_t i = 0; i < n * n; i++) {
        size_t place = i / n >= i % n ? i : i % n * n + i / n;
        A[i] = c ? x[place % (n * c)] : (double)place;
        B[i] = i / n >= i % n ? A[i] : NAN;
    }
    bool finite = all_finite(n * n, A);
    if (!library_done(skv_eig(n, A, w, Q), finite, "skv_eig"))
        return;
    for (size_t i = 0; i < n; i++)
        fuzz_must(isfinite(w[i]) && (i == 0 || w[i - 1] <= w[i]), "skv_eig: eigenvalues do not ascend");
    library_orthonormal(n, n, Q, "skv_eig");
    long double off = library_residual(n, n, n, Q, w, Q, A);
    if (!(off <= 0x1p-42L * library_largest(n * n, A) + 0x1p-1060L))
        fuzz_found("skv_eig: the product is off by %Lg", off);
    if (!library_done(skv_eig(n, B, w + n, Q + n * n), true, "skv_eig"))
        return;
    fuzz_must(!memcmp(w, w + n, n * sizeof *w) && !memcmp(Q, Q + n * n, n * n * sizeof *Q),
        "skv_eig: the upper triangle counts");
}

static void fuzz_target_library(input *in)
{
    static void (*const all[])(input *) = { library_sum, library_gemm, library_svd, library_pinv, library_eig };
    library_machine(in);
    all[in->flags % COUNT(all)](in);
}

/// numbers ///

/* Digits as strtoull takes them, which takes more than digits. */
static void numbers_scan(input *in)
{
    char *s = input_until(in, '\n');
    const char *p = s;
    uint64_t v = 77;
    uint64_t a, b;
    errno = 0;
    char *end = s;
    uint64_t expected = *s >= '0' && *s <= '9' ? strtoull(s, &end, 10) : 0;
    bool there = end != s && errno != ERANGE;
    bool got = scan_number(&p, &v);
    fuzz_must(got == there, "scan_number: takes other numbers than strtoull");
    fuzz_must(v == (there ? expected : 77) && p == (there ? end : s), "scan_number: another number or place");
    if (scan_pair(s, 1, SKV_MAX_SHARDS, &a, &b))
        fuzz_must(1 <= a && a <= b && b <= SKV_MAX_SHARDS, "scan_pair: out of order");
}

/* A sum that is read is written in one spelling, which is read as the same. */
static void numbers_acc(input *in)
{
    acc a[2], c;
    text t[3] = { { 0 } };
    char *s[2] = { input_until(in, '\n'), input_until(in, '\n') };
    if (!acc_scan(s[0], &a[0]) || !acc_scan(s[1], &a[1]))
        return;
    acc_print(&t[0], &a[0]);
    fuzz_must(acc_scan(t[0].s, &c), "acc_scan: does not read what acc_print wrote");
    acc_print(&t[1], &c);
    fuzz_must(!strcmp(t[0].s, t[1].s), "acc_print: a second spelling");
    iv x = acc_iv(&a[0]);
    double near = acc_nearest(&a[0]);
    fuzz_must(x.lo <= x.hi && (a[0].invalid ? near != near : iv_has(x, near)), "acc_nearest: outside");
    fuzz_must(a[0].invalid || acc_sign(&a[0]) == (near > 0) - (near < 0), "acc_sign: another sign");
    c = a[1];
    acc_merge(&c, &a[0]);
    acc_merge(&a[0], &a[1]);
    t[1].used = 0;
    acc_print(&t[1], &a[0]);
    acc_print(&t[2], &c);
    fuzz_must(!strcmp(t[1].s, t[2].s), "acc_merge: the order matters");
    for (int i = 0; i < 3; i++)
        text_drop(&t[i]);
}

/* As C prints and reads it. */
static void numbers_hex(input *in)
{
    double x = double_of(input_word(in));
    char got[40], expected[40];
    hex_print(got, sizeof got, x);
    snprintf(expected, sizeof expected, "%a", x);
    if (x == x && strcmp(got, expected))
        fuzz_found("hex_print: %s, expected %s", got, expected);
    fuzz_must(same_bits(strtod(got, NULL), x), "hex_print: read as another number");
}

/* floor(x 10^12) and ceil from all decimals of x. */
static void numbers_decimal(input *in)
{
    double x = in->flags & 8 ? ldexp(input_double(in), 10 - (int)(input_byte(in) % 64)) : input_double(in);
    char all[1500], got[40];
    int64_t lo = 77;
    int64_t hi = 77;
    bool fits = fabs(x) < 9.0e6;
    fuzz_must(fig_floor(x, &lo) == fits && fig_ceil(x, &hi) == fits, "fig_floor: another range");
    if (!fits)
        return;
    snprintf(all, sizeof all, "%.1100f", fabs(x));
    char *point = strchr(all, '.');
    bool more = strspn(point + 13, "0") != strlen(point + 13);
    memmove(point, point + 1, 12);
    point[12] = 0;
    int64_t v = strtoll(all, NULL, 10);
    fuzz_must(lo == (x < 0 ? -v - more : v) && hi == (x < 0 ? -v : v + more), "fig_floor, fig_ceil: other units");
    fig_print(got, sizeof got, lo);
    fuzz_must(lo < 0 ? got[0] == '-' && fabsl(strtold(got, NULL) * 1e12L - lo) < 1 : strchr(got, '.') != NULL,
        "fig_print: another number");
}

/* All figures fit their place, whatever is put into them. */
static void numbers_figures(input *in)
{
    result *r = fuzz_own(sizeof *r);
    for (int i = 0; i < 4; i++) {
        double a = input_double(in);
        iv x = iv_make(a, input_double(in));
        fig_any(r, "any", x);
        fig_hex(r, "hex", x);
        fig_up(r, "up", x.hi);
        fig_iv(r, "iv", x);
    }
    for (size_t i = 0; i < r->figures; i++)
        fuzz_must(strlen(r->figure[i].text) < sizeof r->figure->text - 1, "a figure is cut");
}

static void fuzz_target_numbers(input *in)
{
    static void (*const all[])(input *) = { numbers_scan, numbers_acc, numbers_hex, numbers_decimal, numbers_figures };
    all[in->flags % COUNT(all)](in);
}

/// Users' files ///

/* What all of these targets share: the input becomes a file, and what is read from it must be finite and fit. Flags, of
   all but `map`: the file is the input as it is; 4 bits for the loss and the outputs of the networks. */
enum { FILE_PLAIN = 1 };

/* The text becomes the next file. */
static void fuzz_file(text *t)
{
    size_t i = fuzz_files.n++;
    fuzz_files.s[i] = (char *)fuzz_string((const uint8_t *)t->s, t->used);
    fuzz_files.size[i] = t->used;
    text_drop(t);
}

/* The rest of the input, as it is. */
static void fuzz_rest(input *in, text *t)
{
    text_reserve(t, in->left);
    if (in->left)
        memcpy(t->s + t->used, in->at, in->left);
    t->used += in->left;
    in->left = 0;
}

/* A header, whose length comes first in that many bytes, and what follows the line that it is. */
static void fuzz_headed(input *in, text *t, size_t width)
{
    char *header = input_until(in, '\n');
    text_little(t, strlen(header), width);
    text_add(t, "%s", header);
    fuzz_rest(in, t);
}

static void fuzz_finite(size_t n, const double *x)
{
    for (size_t i = 0; i < n; i++)
        fuzz_must(is_finite(x[i]), "a number is read that is not finite");
}

/* The samples in part0, under the loss and the outputs that the flags ask for: labels are as the loss takes them. */
static void fuzz_samples(const input *in, const char *label)
{
    mem arena = { 0 };
    size_t dy = 1 + (in->flags >> 6 & 3);
    int which = (int)(in->flags >> 4 & 3);
    own_map *map = own_map_read(&arena, NULL);
    map->input_scale = in->flags & 8 ? 0.5 : 1;
    own_table *t = own_table_read(&arena, "part0", label);
    sample_set S = own_samples(&arena, t, map, which, dy);
    fuzz_must(S.N && S.dx && S.dy == dy && t->k, "samples without numbers");
    fuzz_finite(S.N * S.dx, S.X);
    fuzz_finite(S.N * S.dy, S.Y);
    for (size_t i = 0; i < S.N; i++) {
        double sum = 0;
        for (size_t k = 0; k < dy; k++) {
            double y = S.Y[i * dy + k];
            sum += y;
            fuzz_must(S.L->labels != LABELS_SIGN || y == 1 || y == -1, "a label is no sign");
            fuzz_must(S.L->labels != LABELS_ONE_HOT || y == 0 || y == 1, "a label is no class");
        }
        fuzz_must(S.L->labels != LABELS_ONE_HOT || sum == 1, "a label is not one class");
    }
    mem_free(&arena);
}

/* Dimensions fit as the steps of the network want them: each part takes what the one before gives, and a sum adds what
   is as long. */
static void fuzz_shapes(const own_net *net)
{
    own_shape s = shape_of(net, net->m);
    size_t width = net->n;
    size_t kept = 0;
    for (size_t i = 0; i < OWN_TENSORS; i++) {
        const own_tensor *t = &net->t[i];
        fuzz_must(!t->x || (t->r && t->c && OWN_NAME_OF(net, i)), "a tensor that the model does not have");
        if (t->x)
            fuzz_finite(t->r * t->c, t->x);
    }
    for (size_t k = 0; k < s.steps; k++) {
        const own_op *step = &s.step[k];
        const own_place *p = &s.part[step->part];
        size_t matrix, bias;
        if (step->op == STEP_KEEP)
            kept = width;
        fuzz_must(step->op != STEP_ADD || kept == width, "what is added is not as long");
        if (step->op != STEP_AFFINE)
            continue;
        part_tensors(step->part, &matrix, &bias);
        fuzz_must(p->r && p->c == width + 1, "a part does not take what the one before gives");
        fuzz_must(net->t[matrix].x && net->t[matrix].r == p->r && net->t[matrix].c == width, "a matrix does not fit");
        fuzz_must(bias == OWN_TENSORS || !net->t[bias].x || net->t[bias].r == p->r, "a bias does not fit");
        width = p->r;
    }
    fuzz_must(width == net->dy, "the outputs are others");
}

/* What npz_write makes of a network is the same network, also where all its sizes are written in 64 bits. */
static void fuzz_again(const own_net *net, uint64_t narrow)
{
    mem arena = { 0 };
    text t = { 0 };
    text told = { 0 };
    npz_array a[OWN_TENSORS + 1] = { { "out_in", 0, NULL, (const double[]) { 1 } } };
    size_t shape[OWN_TENSORS][2];
    char known[OWN_TENSORS][OWN_NAME];
    size_t n = 1;
    char digest[2][65];
    for (size_t i = 0; i < OWN_TENSORS; i++) {
        if (!net->t[i].x)
            continue;
        shape[i][0] = net->t[i].r;
        shape[i][1] = net->t[i].c;
        a[n++] = (npz_array) { own_name(net->model, net->layers, i, known[i]), own_is_bias(i) ? 1 : 2, shape[i],
            net->t[i].x };
    }
    npz_write_above(&t, n, a, narrow);
    size_t place = fuzz_files.n;
    char name[] = { 'p', 'a', 'r', 't', (char)('0' + place), 0 };
    fuzz_file(&t);
    own_map *map = own_map_read(&arena, NULL);
    own_net *again = own_read(&arena, name, map, net->n, &told);
    own_digest(net, digest[0]);
    own_digest(again, digest[1]);
    fuzz_must(!strcmp(digest[0], digest[1]), "npz_write: another network is read back");
    text_drop(&told);
    mem_free(&arena);
}

/* The network in part0 of n inputs. */
static void fuzz_network(const input *in, size_t n)
{
    mem arena = { 0 };
    text told = { 0 };
    own_map *map = own_map_read(&arena, NULL);
    own_net *net = own_read(&arena, "part0", map, n, &told);
    fuzz_shapes(net);
    fuzz_again(net, in->flags & 16 ? 200 : 0xffffffffu);
    text_drop(&told);
    mem_free(&arena);
}

/// npy ///

/* Flags: a plain file, or else its head has the length of the header line; 2: of four bytes. */
static void fuzz_target_npy(input *in)
{
    text t = { 0 };
    unsigned fail = fuzz.fail;
    bool wide = in->flags & 2;
    fuzz_files.n = 0;
    fuzz.fail = 0;
    if (in->flags & FILE_PLAIN)
        fuzz_rest(in, &t);
    else {
        text_bytes(&t, wide ? "\x93NUMPY\2\0" : "\x93NUMPY\1\0", 8);
        fuzz_headed(in, &t, wide ? 4 : 2);
    }
    fuzz_file(&t);
    fuzz.fail = fail;
    fuzz_samples(in, in->flags & 4 ? "1" : NULL);
}

/// npz ///

static const char *const npz_names[] = { "x", "y", "W1", "b1", "W2", "b2", "0.weight", "0.bias", "2.weight", "2.bias",
    "V1", "V2", "T1", "c1", "T2", "W", "V", "b", "out_in", "fc1.weight", "fc2.weight" };

/* The CRC of what the entry stands for, and its size: so that any deflated bytes get past the checks. */
static uint32_t npz_seal(const uint8_t *p, size_t n, bool deflated, size_t *size)
{
    *size = n;
    if (!deflated)
        return zip_crc(p, n);
    inflater *s = fuzz_own(sizeof *s);
    *s = (inflater) { .in = p, .end = p + n, .most = 1 << 20 };
    inflate(s);
    uint32_t crc = zip_crc(s->out, s->used);
    *size = s->used;
    fuzz_free(s->out);
    return crc;
}

/* An entry of the input: a name, how it is packed, its length and its bytes; `directory` gets its place. */
static void npz_built(input *in, text *t, text *directory)
{
    const char *name = npz_names[input_byte(in) % COUNT(npz_names)];
    unsigned how = input_byte(in);
    size_t n = min_size(input_byte(in) | input_byte(in) << 8, in->left);
    bool deflated = how & 1;
    bool later = how & 2;
    size_t size;
    uint32_t crc = npz_seal(in->at, n, deflated, &size);
    size_t start = t->used;
    for (int k = 0; k < 2; k++) {
        text *to = k ? directory : t;
        text_bytes(to, k ? "PK\1\2\0\0" : "PK\3\4", k ? 6 : 4);
        text_little(to, 20, 2);
        text_little(to, later ? ZIP_LATER : 0, 2);
        text_little(to, deflated ? 8 : 0, 2);
        text_little(to, 0, 4);
        text_little(to, k || !later ? crc : 0, 4);
        text_little(to, k || !later ? n : 0, 4);
        text_little(to, k || !later ? size : 0, 4);
        text_little(to, strlen(name) + 4, 2);
        text_little(to, 0, k ? 8 : 2);
        if (k)
            text_little(to, 0, 4);
        if (k)
            text_little(to, start, 4);
        text_add(to, "%s.npy", name);
    }
    text_bytes(t, (const char *)in->at, n);
    in->at += n;
    in->left -= n;
}

/* Flags: a plain file; or 2: then three bytes of the archive that is made are others. 4: a network, not data. */
static void fuzz_target_npz(input *in)
{
    text t = { 0 };
    text directory = { 0 };
    unsigned fail = fuzz.fail;
    size_t count = 0;
    uint8_t patch[6] = { 0 };
    fuzz_files.n = 0;
    fuzz.fail = 0;
    if (in->flags & FILE_PLAIN)
        fuzz_rest(in, &t);
    else {
        for (size_t k = 0; k < sizeof patch && in->flags & 2; k++)
            patch[k] = (uint8_t)input_byte(in);
        for (; in->left && count < 30; count++)
            npz_built(in, &t, &directory);
        size_t start = t.used;
        if (directory.used)
            text_bytes(&t, directory.s, directory.used);
        npz_end(&t, count, start, in->flags & 8 ? 100 : 0xffffffffu);
        for (size_t k = 0; k < sizeof patch && in->flags & 2; k += 2)
            t.s[patch[k] < 128 ? t.used - 1 - patch[k] % t.used : patch[k] % t.used] ^= (char)patch[k + 1];
    }
    text_drop(&directory);
    fuzz_file(&t);
    fuzz.fail = fail;
    if (in->flags & 4)
        fuzz_network(in, 2);
    else
        fuzz_samples(in, NULL);
}

/// safetensors ///

/* Flags: a plain file, or else its first bytes are the length of the header line; 4: a network, not data. */
static void fuzz_target_safetensors(input *in)
{
    text t = { 0 };
    unsigned fail = fuzz.fail;
    fuzz_files.n = 0;
    fuzz.fail = 0;
    if (in->flags & FILE_PLAIN)
        fuzz_rest(in, &t);
    else
        fuzz_headed(in, &t, 8);
    fuzz_file(&t);
    fuzz.fail = fail;
    if (in->flags & 4)
        fuzz_network(in, 2);
    else
        fuzz_samples(in, NULL);
}

/// csv ///

/* Flags: which column is the label, by number, by name, or the last. */
static void fuzz_target_csv(input *in)
{
    static const char *const labels[] = { NULL, "1", "y", "2", "a b", "99999999999999999999" };
    text t = { 0 };
    unsigned fail = fuzz.fail;
    fuzz_files.n = 0;
    fuzz.fail = 0;
    fuzz_rest(in, &t);
    fuzz_file(&t);
    fuzz.fail = fail;
    fuzz_samples(in, labels[(in->flags & 7) % COUNT(labels)]);
}

/// map ///

/* Number k of the array of that place. */
static double map_value(size_t which, size_t k) { return (double)(1 + which * 1000 + k); }

/* An archive of arrays that the input names, each with small sizes. */
static void map_archive(input *in)
{
    npz_array a[16];
    size_t shape[16][2];
    text t = { 0 };
    size_t n = 0;
    while (in->left && n < COUNT(a)) {
        unsigned size = input_byte(in);
        shape[n][0] = 1 + (size & 3);
        shape[n][1] = 1 + (size >> 2 & 3);
        double *x = fuzz_own(16 * sizeof *x);
        for (size_t k = 0; k < 16; k++)
            x[k] = map_value(n, k);
        a[n] = (npz_array) { input_until(in, '\n'), 1 + (size >> 7), shape[n], x };
        n++;
    }
    npz_write(&t, n, a);
    fuzz_file(&t);
}

/* The numbers of a tensor are those of one array, along its rows or its columns. */
static void map_numbers(const own_tensor *t)
{
    size_t which = (size_t)t->x[0] / 1000;
    bool plain = true;
    bool turned = true;
    for (size_t i = 0; i < t->r; i++)
        for (size_t j = 0; j < t->c; j++) {
            plain = plain && t->x[i * t->c + j] == map_value(which, i * t->c + j);
            turned = turned && t->x[i * t->c + j] == map_value(which, j * t->r + i);
        }
    fuzz_must(plain || turned, "a tensor has numbers of no array");
}

/* A map up to a form feed, and behind it arrays: a byte of sizes and a name, a line each. */
static void fuzz_target_map(input *in)
{
    mem arena = { 0 };
    text t = { 0 };
    text told = { 0 };
    unsigned fail = fuzz.fail;
    fuzz_files.n = 0;
    fuzz.fail = 0;
    text_add(&t, "%s", input_until(in, '\f'));
    fuzz_file(&t);
    map_archive(in);
    fuzz.fail = fail;
    own_map *map = own_map_read(&arena, in->flags & 1 ? NULL : "part0");
    fuzz_must(map->input_scale != 0 && is_finite(map->input_scale), "an input-scale that is none");
    own_net *net = own_read(&arena, "part1", map, 1 + (in->flags >> 1 & 3), &told);
    fuzz_shapes(net);
    for (size_t i = 0; i < OWN_TENSORS; i++)
        if (net->t[i].x)
            map_numbers(&net->t[i]);
    text_drop(&told);
    mem_free(&arena);
}

/// certificate ///

/* A tensor of short numbers that depend on `salt`. */
static void cert_tensor_make(own_net *net, size_t which, size_t r, size_t c, unsigned salt)
{
    double *x = fuzz_own(r * c * sizeof *x);
    for (size_t i = 0; i < r * c; i++)
        x[i] = (double)((i * 7 + which * 5 + salt * 3) % 11) / 4 - 1.25;
    net->t[which] = (own_tensor) { r, c, x };
}

/* The inner layers of a network of more layers or blocks, of width 2. */
static void cert_inner(own_net *net, size_t layers, unsigned salt)
{
    net->layers = layers;
    for (size_t i = 0; i < 2 * layers; i++)
        cert_tensor_make(net, OWN_T1 + i, 2, i % 2 ? 1 : 2, salt);
}

/* One of two networks of a model, two inputs and two outputs; m units. */
static own_net cert_net(int model, size_t m, unsigned salt)
{
    own_net net = { .model = model, .n = 2, .m = m, .dy = 2 };
    size_t units = m ? m : net.n;
    if (model == OWN_TWO_LAYER || model == OWN_SKIP || model == OWN_MLP)
        cert_tensor_make(&net, OWN_W1, units, 2, salt);
    if (model == OWN_TWO_LAYER)
        cert_tensor_make(&net, OWN_B1, m, 1, salt);
    if (model == OWN_SKIP)
        cert_tensor_make(&net, OWN_V2, 2, m, salt);
    if (model == OWN_SKIP || model == OWN_LINEAR_SKIP) {
        net.dg = 2;
        net.dz = 1;
        net.layers = 1;
        cert_tensor_make(&net, OWN_T1, 1, 2, salt);
        cert_tensor_make(&net, OWN_V1, units, 1, salt);
    } else if (model != OWN_TWO_LAYER)
        cert_inner(&net, model == OWN_MLP ? 1 : 2, salt);
    cert_tensor_make(&net, OWN_W2, 2, units, salt);
    cert_tensor_make(&net, OWN_B2, 2, 1, salt);
    return net;
}

/* The legs in the input, below a head that fits (flag 1: the input is all of the text but the seal; 2: all of it).
   Flags 4, 8 and 64: the model; 16 and 32: the penalty. What is accepted is no lower than the ends. */
static void fuzz_target_certificate(input *in)
{
    static const double X[] = { 1, 0.5, -1, 2, 0.25, -0.75 };
    static const double Y[] = { 1, 0, 0, 1, 1, 0 };
    mem arena = { 0 };
    text t = { 0 };
    cert_claim said = { 0 };
    char digest[65];
    unsigned fail = fuzz.fail;
    int model = (int)((in->flags >> 2 & 3) + (in->flags & 64 ? 2 : 0)) % OWN_MODELS;
    int penalty = (int)(in->flags >> 4 & 3) % 3;
    fuzz.fail = 0;
    own_net A = cert_net(model, model >= OWN_LINEAR_SKIP ? 0 : 3, 1);
    own_net B = cert_net(model, model >= OWN_LINEAR_SKIP ? 0 : 2, 2);
    sample_set S = { 3, 2, 2, X, Y, &losses[CROSS_ENTROPY] };
    own_pair *P = pair_make(&arena, &S, &A, &B, max_size(A.m, B.m), model >= OWN_LINEAR_SKIP ? 0 : penalty, 0.125);
    if (!(in->flags & 3))
        cert_head(&t, P, &S);
    fuzz_rest(in, &t);
    text_digest(t.s, t.used, digest);
    if (!(in->flags & 2))
        text_add(&t, "sha256 %s\n", digest);
    fuzz.fail = fail;
    cert_reader c = { .next = t.s, .end = t.s + t.used };
    iv risk[2] = { pair_risk(P, 0), pair_risk(P, 1) };
    if (cert_read_seal(&c, t.s) && cert_read_claim(&c, &said, 3 + t.used / 8) && said.width == P->slots) {
        cert_bound bound = { 0 };
        own_proof p = cert_check(&c, &said, P, &S, risk, NULL, &bound);
        if (!c.why[0])
            cert_judge(&c, &bound, &p);
        fuzz_must(c.why[0] || (!p.why && p.bound >= fmax(risk[0].lo, risk[1].lo)), "a bound below an end is accepted");
    }
    text_drop(&t);
    mem_free(&arena);
}

/// Running ///

static const struct {
    const char *name;
    void (*run)(input *);
    bool dies;  /* the program may end in it, by the documented codes */
    bool lines; /* inputs are lines */
} fuzz_targets[] = {
    { "part", fuzz_target_part, true, true },
    { "formula", fuzz_target_formula, true, true },
    { "sopsp", fuzz_target_sopsp, true, true },
    { "options", fuzz_target_options, true, true },
    { "library", fuzz_target_library, false, false },
    { "numbers", fuzz_target_numbers, true, false },
    { "npy", fuzz_target_npy, true, false },
    { "npz", fuzz_target_npz, true, false },
    { "safetensors", fuzz_target_safetensors, true, false },
    { "csv", fuzz_target_csv, true, true },
    { "map", fuzz_target_map, true, true },
    { "certificate", fuzz_target_certificate, true, true },
};
static size_t fuzz_which = COUNT(fuzz_targets);

/* One line on stderr, which says what was wrong: 2 with the input, 3 or 4 that there was no memory. */
static void fuzz_death(void)
{
    pthread_mutex_unlock(&end_lock);
    const char *line = fuzz.line;
    const char *end = strchr(line, '\n');
    if (!fuzz_targets[fuzz_which].dies)
        fuzz_found("the library ends the program: %s", line);
    if (fuzz.code != 2 && !((fuzz.code == 3 || fuzz.code == 4) && fuzz.failed))
        fuzz_found("exit code %d: %s", fuzz.code, line);
    bool said = !strncmp(line, "skipverify: ", 12) && end && end > line + 12 && !end[1];
    if (!said || !strncmp(line + 12, "internal:", 9))
        fuzz_found("no message for a user: %s", line);
}

/* What the program has not given back although it did not end. */
static FUZZ_UNSEEN void fuzz_leaks(void)
{
    for (const fuzz_block *b = fuzz.first; b; b = b->next)
        if (b->owned)
            fuzz_found("%zu bytes are not given back", b->size);
}

static void fuzz_free_all(void)
{
    while (fuzz.first)
        fuzz_free(fuzz.first + 1);
}

/* The target is the one of the program's own name. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    const char *slash = strrchr((*argv)[0], '/');
    const char *name = slash ? slash + 1 : (*argv)[0];
    for (size_t i = 0; i < COUNT(fuzz_targets); i++)
        if (!strcmp(name, fuzz_targets[i].name))
            fuzz_which = i;
    if (fuzz_which == COUNT(fuzz_targets))
        fuzz_found("%s: expected the name of a target", name);
    part_program(); /* no input is the first one to need it */
    skv_threads(1);
    return 0;
}

/* The second byte: which allocation fails; of most inputs, none. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { data, size, 0 };
    in.flags = input_byte(&in);
    unsigned fail = input_byte(&in);
    fuzz.said = 0;
    fuzz.line[0] = 0;
    fuzz.failed = false;
    fuzz.fail = fail > 192 ? fail - 192 : 0;
    if (setjmp(fuzz.back))
        fuzz_death();
    else {
        fuzz_targets[fuzz_which].run(&in);
        fuzz_leaks();
    }
    fuzz.fail = 0;
    fuzz_free_all();
    return 0;
}

/// Mutations ///

/* The start of line k, or the end. */
static size_t line_start(const uint8_t *data, size_t size, size_t k)
{
    size_t i = 0;
    for (; k && i < size; i++)
        k -= data[i] == '\n';
    return i;
}

/* Makes room of `now` bytes where `old` ones were, at a place; the new size, or the old one where it does not fit. */
static size_t bytes_replace(
    uint8_t *data, size_t size, size_t room, size_t at, size_t old, const uint8_t *s, size_t now)
{
    if (size - old + now > room)
        return size;
    memmove(data + at + now, data + at + old, size - at - old);
    memcpy(data + at, s, now);
    return size - old + now;
}

/* Half of the time by lines, where inputs are lines: one goes, comes twice, takes the place of another, or is mutated
   alone. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    uint8_t line[512];
    if (!fuzz_targets[fuzz_which].lines || seed & 1 || size < 4)
        return LLVMFuzzerMutate(data, size, room);
    size_t lines = 1;
    for (size_t i = 2; i < size; i++)
        lines += data[i] == '\n';
    size_t from = 2 + line_start(data + 2, size - 2, (seed >> 4) % lines);
    size_t from_size = 2 + line_start(data + 2, size - 2, (seed >> 4) % lines + 1) - from;
    size_t to = 2 + line_start(data + 2, size - 2, (seed >> 16) % lines);
    size_t to_size = 2 + line_start(data + 2, size - 2, (seed >> 16) % lines + 1) - to;
    if (from_size > sizeof line / 2)
        return LLVMFuzzerMutate(data, size, room);
    memcpy(line, data + from, from_size);
    switch (seed >> 1 & 7) {
    case 0:
        return bytes_replace(data, size, room, from, from_size, line, 0);
    case 1:
        return bytes_replace(data, size, room, to, 0, line, from_size);
    case 2:
        return bytes_replace(data, size, room, to, to_size, line, from_size);
    default:
        return bytes_replace(
            data, size, room, from, from_size, line, from_size ? LLVMFuzzerMutate(line, from_size, sizeof line) : 0);
    }
}
