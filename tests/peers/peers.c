/* SPDX-License-Identifier: MIT */
/* Alone sees how fast the program is beside what others wrote for the same work: peers PROGRAM DIRECTORY [ROW...]
   (DIRECTORY: of the scripts). Prints a table, a line a comparison: the median of ratios with quartiles, a ratio being
   the rival's seconds by ours, so that above 1 ours is faster; of a peak, the least time possible by ours. Both sides
   run in turn, for 50 ms or more each, and wait before it until the other's workers sleep: OpenBLAS's spin for a while.
   Rivals are loaded at run time and apart (several export one name); what is not there is skipped, by name.
   Environment: PYTHON, an interpreter with NumPy; BASE, an older program to compare with; LONG, units of a path. */
#define SKIPVERIFY_NO_MAIN
#include "../../skipverify.c"
#include <dlfcn.h>
#include <spawn.h>

extern char **environ;

enum { PAIRS = 11, PEERS_TARGET = BENCH_TARGET /* nodes of a target that is searched for */ };
static const double BATCH = 0.05;    /* seconds of a batch */
static const double BUDGET = 3;      /* seconds after which there is no further pair, but for the first three */
static const long SETTLE = 60000000; /* nanoseconds before a batch */

static const char *program, *scripts;
static char processor[100] = "unknown processor";

/// The table ///

/* What is compared: ours and the rival's calls. budget: seconds, 0 for BUDGET. */
typedef struct {
    const char *work, *rival, *sizes;
    bench_call ours, theirs;
    int threads;
    double budget;
} pairing;

static void settle(void)
{
    struct timespec t = { 0, SETTLE };
    nanosleep(&t, NULL);
}

static void head(void)
{
    char line[200];
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "model name : %99[^\n]", processor) == 1)
            break;
    if (f)
        fclose(f);
    double load = 0;
    getloadavg(&load, 1);
    printf("%d cores, load %.1f at the start (above 0.5, others work here too: believe medians of a quiet hour only)\n",
        thr_cores(), load);
    printf("Ratios: the rival's seconds by ours; of a peak or a limit: the least time possible by ours. Above 1: "
           "faster.\n\n"
           "| work | rival | sizes | ratio | quartiles | pairs | ours | theirs | threads | level | processor |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
}

/* A line, of n pairs of seconds. */
static void line(const pairing *p, size_t n, double *ours, double *theirs)
{
    double ratio[PAIRS];
    for (size_t i = 0; i < n; i++)
        ratio[i] = theirs[i] / ours[i];
    bench_spread r = bench_spread_of(n, ratio);
    printf("| %s | %s | %s | %.3g | %.3g .. %.3g | %zu | %.3g s | %.3g s | %d | %s | %s |\n", p->work, p->rival,
        p->sizes, r.median, r.low, r.high, n, bench_spread_of(n, ours).median, bench_spread_of(n, theirs).median,
        p->threads, kern_now->name, processor);
    fflush(stdout);
}

static double batch(bench_call c)
{
    settle();
    return bench_run(c, BATCH);
}

/* After n pairs, in so many seconds: one more? Three, if they do not take five times the budget. */
static bool more_pairs(size_t n, double spent, double budget)
{
    double then = spent * (double)(n + 1) / (double)n;
    return n < PAIRS && then <= (n < 3 ? 5 * budget : budget);
}

/* In turn, each first every other time, within the budget; the first pair does not count where it is quick. */
static void compare(const pairing *p)
{
    double ours[PAIRS], theirs[PAIRS];
    double budget = p->budget > 0 ? p->budget : BUDGET;
    double start = bench_now();
    size_t n = 0;
    thr_use(p->threads);
    for (bool warm = false; !n || more_pairs(n, bench_now() - start, budget);) {
        if (n % 2)
            theirs[n] = batch(p->theirs);
        ours[n] = batch(p->ours);
        if (n % 2 == 0)
            theirs[n] = batch(p->theirs);
        bool counts = warm || bench_now() - start > 1;
        if (!counts)
            start = bench_now();
        n += counts;
        warm = true;
    }
    line(p, n, ours, theirs);
}

static void skipped(const char *row, const char *what, const char *package)
{
    printf("skipped: %s: no %s (Debian: %s)\n", row, what, package);
    fflush(stdout);
}

/* Threads that a row is tried with: one, and two where there are two. */
static int most_threads(void) { return thr_cores() > 1 ? 2 : 1; }

/// Rivals' libraries ///

typedef void dgemm_function(int order, int ta, int tb, int m, int n, int k, double alpha, const double *a, int lda,
    const double *b, int ldb, double beta, double *c, int ldc);
enum { ROW_MAJOR = 101, NOT_TRANSPOSED = 111 };

/* A library, and how its threads are set. */
typedef struct {
    const char *name, *package, *file[3];
    void *handle;
    dgemm_function *dgemm;
    void (*threads)(int);
    void (*threads_long)(long);
} library;

static library openblas = { .name = "OpenBLAS", .package = "libopenblas0", .file = { "libopenblas.so.0" } };
static library blis = { .name = "BLIS", .package = "libblis4", .file = { "libblis.so.4", "libblis.so.3" } };
static library lapack = {
    .name = "LAPACK", .package = "libopenblas0 or liblapack3", .file = { "libopenblas.so.0", "liblapack.so.3" }
};

/* A pointer of dlsym as one to a function, as POSIX has it. */
static void symbol(library *l, const char *name, void *function)
{
    void *p = l->handle ? dlsym(l->handle, name) : NULL;
    memcpy(function, &p, sizeof p);
}

static bool library_open(library *l)
{
    for (size_t i = 0; !l->handle && i < COUNT(l->file) && l->file[i]; i++)
        l->handle = dlopen(l->file[i], RTLD_NOW | RTLD_LOCAL);
    symbol(l, "cblas_dgemm", &l->dgemm);
    symbol(l, "openblas_set_num_threads", &l->threads);
    symbol(l, "bli_thread_set_num_threads", &l->threads_long);
    return l->handle;
}

static bool library_has(const library *l, const char *name) { return l->handle && dlsym(l->handle, name); }

static void library_threads(const library *l, int n)
{
    if (l->threads)
        l->threads(n);
    if (l->threads_long)
        l->threads_long(n);
}

/// Products ///

typedef struct {
    bench_shape s;
    const library *rival;
    double *c;
} product;

static void product_theirs(void *ctx)
{
    product *p = ctx;
    int m = (int)p->s.m;
    int n = (int)p->s.n;
    int k = (int)p->s.k;
    p->rival->dgemm(ROW_MAJOR, NOT_TRANSPOSED, NOT_TRANSPOSED, m, n, k, 1, p->s.a, k, p->s.b, n, 0, p->c, n);
}

static void product_one(void *ctx)
{
    thr_use(1);
    bench_gemm(ctx);
}
static void product_two(void *ctx)
{
    thr_use(2);
    bench_gemm(ctx);
}

static void product_row(const char *work, size_t m, size_t n, size_t k, const library *rival, int threads)
{
    mem arena = { 0 };
    char sizes[80];
    product p = { bench_product(&arena, m, n, k), rival, mem_doubles(&arena, m * n) };
    snprintf(sizes, sizeof sizes, "%zu x %zu x %zu", m, n, k);
    if (rival)
        library_threads(rival, threads);
    pairing two = { work, "ours, one thread", sizes, { product_two, &p.s }, { product_one, &p.s }, 2, 0 };
    pairing one = { work, rival ? rival->name : "", sizes, { bench_gemm, &p.s }, { product_theirs, &p }, threads, 0 };
    compare(rival ? &one : &two);
    mem_free(&arena);
}

/* Squares by one and two threads beside OpenBLAS and BLIS, and two threads beside one. */
static void peers_gemm(void)
{
    library *const rivals[] = { &openblas, &blis };
    for (size_t i = 0; i < COUNT(rivals); i++) {
        if (!library_open(rivals[i]) || !rivals[i]->dgemm) {
            skipped("gemm", rivals[i]->name, rivals[i]->package);
            continue;
        }
        for (int threads = 1; threads <= most_threads(); threads++)
            for (size_t n = 64; n <= 2048; n *= 2)
                product_row("square product", n, n, n, rivals[i], threads);
    }
    for (size_t n = 64; most_threads() > 1 && n <= 2048; n *= 2)
        product_row("square product, two threads", n, n, n, NULL, 2);
}

static void peers_rows(void)
{
    if (!library_open(&openblas) || !openblas.dgemm)
        skipped("rows", openblas.name, openblas.package);
    else
        for (int threads = 1; threads <= most_threads(); threads++)
            product_row("few rows", 8, 4096, 4096, &openblas, threads);
}

/// A hidden layer, then rows ///

/* As many flops as ours, without memory, on all threads. */
typedef struct {
    bench_machine machine;
    size_t fmas;
    double lane[8 * SKV_MAX_THREADS];
} peak;

static void peak_share(void *ctx, size_t i)
{
    peak *p = ctx;
    p->lane[8 * i] = kern_now->peak(p->fmas);
}

static void peak_work(void *ctx) { thr_for((size_t)thr_count(), peak_share, ctx); }

static void hidden_row(size_t m, size_t r, size_t dx, int threads)
{
    static peak p;
    mem arena = { 0 };
    char sizes[80];
    thr_use(threads);
    double sample = 2.0 * (double)m * (double)(dx + r);
    /* where the fma is software, no more than some 10^10 of them */
    size_t N = strcmp(kern_now->name, "sse2") ? 2048 : max_size(64, min_size(2048, (size_t)(1e9 / sample)));
    bench_hidden_work w = bench_hidden_make(&arena, m, dx, r, N);
    p.fmas = ((size_t)(0.5 * sample * (double)N / threads) + 95) / 96 * 96;
    snprintf(sizes, sizeof sizes, "m = %zu, dx = %zu, %zu rows, N = %zu", m, dx, r, N);
    compare(&(pairing) {
        "hidden layer, then rows", "fma peak", sizes, { bench_hidden, &w }, { peak_work, &p }, threads, 0 });
    mem_free(&arena);
}

/* Under every dispatch level of the machine, by one thread; by two under the best. */
static void peers_hidden(void)
{
    static const size_t units[] = { 4096, 65536, 1 << 20 };
    size_t levels;
    const struct kern_level *const *level = kern_levels(&levels);
    const char *best = kern_now->name;
    for (size_t i = 0; i < levels; i++)
        for (size_t k = 0; k < COUNT(units) * 4 && !kern_choose(level[i]->name); k++)
            hidden_row(units[k / 4], k & 1 ? 68 : 12, k & 2 ? 16 : 8, 1);
    kern_choose(best);
    for (size_t k = 0; most_threads() > 1 && k < COUNT(units) * 2; k++)
        hidden_row(units[k / 2], k & 1 ? 68 : 12, 8, 2);
}

/// Scripts of NumPy ///

/* A script that says "ready", and for each line that it reads works once and prints the seconds that took. */
typedef struct {
    pid_t pid;
    FILE *to, *from;
} script;

/* false: no such interpreter, or it has no NumPy; what it says is not shown. */
static bool script_by(script *s, const char *python, const char *name, int threads)
{
    char path[PATH_MAX], count[20], text[20] = "";
    int to[2], from[2];
    char *const argv[] = { (char *)python, path, NULL };
    posix_spawn_file_actions_t files;
    snprintf(path, sizeof path, "%s/%s", scripts, name);
    snprintf(count, sizeof count, "%d", threads);
    setenv("OPENBLAS_NUM_THREADS", count, 1);
    setenv("BLIS_NUM_THREADS", count, 1);
    if (pipe(to) || pipe(from))
        die(EXIT_SYSTEM, "no pipe");
    fcntl(to[1], F_SETFD, FD_CLOEXEC);
    fcntl(from[0], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, from[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&s->pid, argv[0], &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    close(to[0]);
    close(from[1]);
    s->to = fdopen(to[1], "w");
    s->from = fdopen(from[0], "r");
    return !error && s->to && s->from && fgets(text, sizeof text, s->from) && !strcmp(text, "ready\n");
}

static void script_end(script *s)
{
    fclose(s->to);
    fclose(s->from);
    if (s->pid > 0)
        waitpid(s->pid, NULL, 0);
    *s = (script) { 0 };
}

/* By PYTHON, else by the system's. */
static bool script_start(script *s, const char *name, int threads)
{
    const char *python = getenv("PYTHON");
    if (script_by(s, python && *python ? python : "python3", name, threads))
        return true;
    script_end(s);
    if (script_by(s, "/usr/bin/python3", name, threads))
        return true;
    script_end(s);
    return false;
}

/* Once; to be called for a whole number of batches, so that the time of the pipes counts little. */
static void script_work(void *ctx)
{
    script *s = ctx;
    char text[40];
    fputs("go\n", s->to);
    fflush(s->to);
    if (!fgets(text, sizeof text, s->from))
        die(EXIT_SYSTEM, "a script of a peer ended");
}

static void script_row(
    const char *work, const char *name, const char *sizes, bench_call ours, int threads, double budget)
{
    script s = { 0 };
    if (!script_start(&s, name, threads)) {
        skipped(work, "Python with NumPy", "python3-numpy; PYTHON=FILE: another interpreter");
        return;
    }
    compare(&(pairing) { work, name, sizes, ours, { script_work, &s }, threads, budget });
    script_end(&s);
}

static void peers_lemma10(void)
{
    for (int threads = 1; threads <= most_threads(); threads++) {
        mem arena = { 0 };
        bench_lemma10_work w = bench_lemma10_make(&arena, 16, 4096, 10000);
        script_row("Lemma 10 / sampled by NumPy", "lemma10.py", "10000 pairs, n = 16, N = 4096",
            (bench_call) { bench_lemma10, &w }, threads, 6);
        mem_free(&arena);
    }
}

/* The path, built and certified, beside a sweep of 101 points; the same with the search for its target. */
static void peers_thm11(void)
{
    for (int threads = 1; threads <= most_threads(); threads++) {
        mem arena = { 0 };
        char sizes[100];
        bench_path_work w = bench_path_make(&arena, 4096, 8, 2048, 64, 3, 63);
        script_row("Theorem 11's path / NumPy sweep", "thm11.py", "m = 4096, n = 8, dy = 4, N = 2048, block 3 x 64",
            (bench_call) { bench_path, &w }, threads, 20);
        w.T.l = PEERS_TARGET;
        w.search = true;
        snprintf(sizes, sizeof sizes, "the same, l = %d", PEERS_TARGET);
        script_row(
            "with its target's search / NumPy sweep", "thm11.py", sizes, (bench_call) { bench_path, &w }, threads, 20);
        mem_free(&arena);
    }
}

/// The program itself ///

/* A run of a program, its output thrown away unless it is shown. */
typedef struct {
    const char *file, *argument[8];
    bool shown;
} process;

static void process_work(void *ctx)
{
    const process *p = ctx;
    char *argv[10] = { (char *)p->file };
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_t files;
    for (size_t i = 0; i < COUNT(p->argument) && p->argument[i]; i++)
        argv[i + 1] = (char *)p->argument[i];
    fflush(stdout);
    posix_spawn_file_actions_init(&files);
    if (!p->shown)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawn(&pid, p->file, &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    if (!error)
        waitpid(pid, &status, 0);
    if (error || !WIFEXITED(status) || WEXITSTATUS(status))
        die(EXIT_SYSTEM, "%s %s: failed", p->file, p->argument[0]);
}

static void process_row(
    const char *work, const char *rival, const char *sizes, process ours, process theirs, int threads)
{
    compare(&(pairing) { work, rival, sizes, { process_work, &ours }, { process_work, &theirs }, threads, 25 });
}

static void peers_threads(void)
{
    static const char *const levels[] = { "standard", "full" };
    for (size_t i = 0; i < COUNT(levels) && most_threads() > 1; i++)
        process_row("all claims on two threads", "on one", levels[i],
            (process) { program, { "-q", "--level", levels[i], "--threads", "2" }, false },
            (process) { program, { "-q", "--level", levels[i], "--threads", "1" }, false }, 2);
}

static void peers_base(void)
{
    const char *base = getenv("BASE");
    if (!base || !*base)
        printf("skipped: base: no BASE=FILE, an older program to compare with\n");
    else
        process_row("all claims", base, "standard", (process) { program, { "-q", "--threads", "1" }, false },
            (process) { base, { "-q", "--threads", "1" }, false }, 1);
}

static void peers_fma(void)
{
    if (!strcmp(kern_now->name, "sse2") || !strcmp(kern_now->name, "native"))
        printf("skipped: fma: no other dispatch level on this machine\n");
    else
        process_row("all claims without FMA", "with", "standard",
            (process) { program, { "-q", "--threads", "1", "--dispatch", "sse2" }, false },
            (process) { program, { "-q", "--threads", "1" }, false }, 1);
}

static void peers_units(void)
{
    const char *units = getenv("LONG");
    if (!units || !*units)
        printf("skipped: units: no LONG=M, units of a path (1048576: some minutes)\n");
    else
        process_work(&(process) { program, { "bench", "--units", units }, true });
}

/// Stars ///

/* Brute force by products: dot products of queries with all rows, a tile at a time in the first-level cache, compared
   with the cosine, which is above 0. All pairs of `queries` rows with all; a row's star is exact up to rounding. */
typedef struct {
    const bench_star_work *w;
    double *columns, *packed, cosine; /* columns: n x rows; packed: the same in panels */
    size_t queries, *count;
} brute;

enum { BRUTE_ROWS = 256, BRUTE_COLUMNS = 240 };

/* How many of n numbers are at least t; n a multiple of 8. */
#define BRUTE_COUNT(name, target)                                  \
    target static size_t name(size_t n, const double *x, double t) \
    {                                                              \
        typedef double v8 __attribute__((vector_size(64)));        \
        typedef int64_t l8 __attribute__((vector_size(64)));       \
        v8 least = { t, t, t, t, t, t, t, t };                     \
        l8 hits = { 0 };                                           \
        size_t count = 0;                                          \
        for (size_t i = 0; i < n; i += 8) {                        \
            v8 at;                                                 \
            memcpy(&at, x + i, sizeof at);                         \
            hits -= (l8)(at >= least);                             \
        }                                                          \
        for (int i = 0; i < 8; i++)                                \
            count += (size_t)hits[i];                              \
        return count;                                              \
    }
BRUTE_COUNT(brute_count, )
#if FMA_X86
BRUTE_COUNT(brute_count_avx2, __attribute__((target("avx2"))))
BRUTE_COUNT(brute_count_avx512, __attribute__((target("avx512f"))))
#endif

static size_t brute_at_least(size_t n, const double *x, double t)
{
#if FMA_X86
    if (!strcmp(kern_now->name, "avx512"))
        return brute_count_avx512(n, x, t);
    if (!strcmp(kern_now->name, "avx2"))
        return brute_count_avx2(n, x, t);
#endif
    return brute_count(n, x, t);
}

/* The stars of some queries, a multiple of 8; strips of mr of them by BRUTE_COLUMNS rows. */
static void brute_task(void *ctx, size_t task)
{
    brute *b = ctx;
    double strip[KERN_MR_MAX * BRUTE_COLUMNS];
    size_t n = b->w->n;
    size_t mr = kern_now->mr;
    size_t nr = kern_now->nr;
    size_t first = task * BRUTE_ROWS;
    size_t last = min_size(first + BRUTE_ROWS, b->queries);
    for (size_t j = 0; j < b->w->rows; j += BRUTE_COLUMNS)
        for (size_t i = first; i < last; i += mr) {
            size_t columns = min_size(BRUTE_COLUMNS, (b->w->rows - j + 23) / 24 * 24);
            for (size_t c = 0; c < columns; c += nr)
                kern_now->tile(
                    mr, nr, n, b->w->V + i * n, n, 1, b->packed + (j + c) * n, nr, strip + c, BRUTE_COLUMNS, KERN_SET);
            for (size_t r = 0; r < mr; r++)
                b->count[i + r] += brute_at_least(columns, strip + r * BRUTE_COLUMNS, b->cosine);
        }
}

static void brute_work(void *ctx)
{
    brute *b = ctx;
    memset(b->count, 0, b->queries * sizeof *b->count);
    kern_now->pack(b->w->n, b->w->rows, b->columns, b->w->rows, b->packed);
    thr_for((b->queries + BRUTE_ROWS - 1) / BRUTE_ROWS, brute_task, b);
}

/* The rival is timed on the first 1/share of its queries, a second or so, and its time is multiplied by share. */
static void star_row(size_t rows, size_t n, size_t share, int threads)
{
    mem arena = { 0 };
    char sizes[120];
    double ours[PAIRS], theirs[PAIRS];
    size_t pairs = 0;
    bench_star_work w = bench_star_make(&arena, rows, n);
    brute b = { .w = &w,
        .columns = mat_transpose(&arena, rows, n, w.V),
        .packed = mem_doubles(&arena, (rows + 24) * n),
        .cosine = 1 - 0.5 * w.chord * w.chord,
        .queries = rows / share / 8 * 8 };
    b.count = mem_get(&arena, b.queries, sizeof *b.count);
    snprintf(sizes, sizeof sizes, "m = %zu, n = %zu (brute force timed on 1/%zu of it)", rows, n, share);
    pairing p = { "largest star", "brute force by gemm tiles, each pair twice", sizes, { bench_star, &w },
        { brute_work, &b }, threads, 6 };
    thr_use(threads);
    double start = bench_now();
    do {
        theirs[pairs] = (double)rows / (double)b.queries * bench_run(p.theirs, BATCH);
        ours[pairs++] = bench_run(p.ours, BATCH);
    } while (more_pairs(pairs, bench_now() - start, p.budget));
    line(&p, pairs, ours, theirs);
    mem_free(&arena);
}

static void peers_stars(void)
{
    int threads = most_threads();
    star_row(100000, 8, 16, threads);
    star_row(1000000, 2, 1024, threads);
    star_row(1000000, 4, 1024, threads);
    process_work(&(process) { program, { "bench", "--growth", "stars" }, true });
}

/// Spectra ///

typedef void dgejsv_function(const char *, const char *, const char *, const char *, const char *, const char *,
    const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu, double *v,
    const int *ldv, double *work, const int *lwork, int *iwork, int *info, size_t, size_t, size_t, size_t, size_t,
    size_t);
typedef void dgesdd_function(const char *, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
    const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info, size_t);
typedef void dsyevd_function(const char *, const char *, const int *n, double *a, const int *lda, double *w,
    double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t, size_t);

/* An n x n matrix, for rivals that overwrite it. */
typedef struct {
    bench_factors f;
    double *a, *u, *s, *v, *work;
    int lwork, *iwork, liwork;
    dgejsv_function *dgejsv;
    dgesdd_function *dgesdd;
    dsyevd_function *dsyevd;
} spectrum;

static spectrum spectrum_make(mem *arena, bench_factors f)
{
    size_t n = f.r;
    size_t work = 8 * n * n + 64 * n + 1024; /* more than any of the three asks for */
    spectrum p = { .f = f, .lwork = (int)work, .liwork = (int)(16 * n + 64) };
    p.a = mem_doubles(arena, n * n);
    p.u = mem_doubles(arena, n * n);
    p.v = mem_doubles(arena, n * n);
    p.s = mem_doubles(arena, n);
    p.work = mem_doubles(arena, work);
    p.iwork = mem_get(arena, 16 * n + 64, sizeof *p.iwork);
    symbol(&lapack, "dgejsv_", &p.dgejsv);
    symbol(&lapack, "dgesdd_", &p.dgesdd);
    symbol(&lapack, "dsyevd_", &p.dsyevd);
    return p;
}

static int spectrum_begin(spectrum *p)
{
    memcpy(p->a, p->f.a, p->f.r * p->f.r * sizeof *p->a);
    return (int)p->f.r;
}

static void spectrum_end(const char *name, int info)
{
    if (info)
        die(EXIT_SYSTEM, "%s: info %d", name, info);
}

static void jsv_work(void *ctx)
{
    spectrum *p = ctx;
    int info = 0;
    int n = spectrum_begin(p);
    p->dgejsv("C", "U", "V", "R", "N", "N", &n, &n, p->a, &n, p->s, p->u, &n, p->v, &n, p->work, &p->lwork, p->iwork,
        &info, 1, 1, 1, 1, 1, 1);
    for (int i = 0; i < n; i++)
        p->s[i] *= p->work[0] / p->work[1];
    spectrum_end("dgejsv", info);
}

static void sdd_work(void *ctx)
{
    spectrum *p = ctx;
    int info = 0;
    int n = spectrum_begin(p);
    p->dgesdd("S", &n, &n, p->a, &n, p->s, p->u, &n, p->v, &n, p->work, &p->lwork, p->iwork, &info, (size_t)1);
    spectrum_end("dgesdd", info);
}

static void syevd_work(void *ctx)
{
    spectrum *p = ctx;
    int info = 0;
    int n = spectrum_begin(p);
    p->dsyevd("V", "U", &n, p->a, &n, p->s, p->work, &p->lwork, p->iwork, &p->liwork, &info, 1, 1);
    spectrum_end("dsyevd", info);
}

/* The largest |s_i - t_i| / t_i. */
static double relative(size_t n, const double *s, const double *t)
{
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, __builtin_fabs(s[i] - t[i]) / t[i]);
    return worst;
}

/* H D H, H Hadamard's matrix of order n = 2^k, D = 2^0 ... 2^-33 in equal shares: exact in doubles, with the singular
   values n D. */
static bench_factors hadamard(mem *arena, size_t n, double *exact)
{
    bench_factors f = bench_matrix(arena, n, 0);
    for (size_t k = 0; k < n; k++)
        exact[k] = two_to(-(int)(34 * k / n));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += (__builtin_popcountll(i & k) + __builtin_popcountll(k & j)) % 2 ? -exact[k] : exact[k];
            f.a[i * n + j] = sum;
        }
    for (size_t k = 0; k < n; k++)
        exact[k] *= (double)n;
    return f;
}

/* Errors of all singular values, relative to each: of an exact spectrum over ten decades; then of a random matrix
   whose rows or columns are scaled over 40 decades, against dgejsv's, which scaled columns of its own order, our rows,
   do not harm. */
static void accuracy_row(size_t n)
{
    mem arena = { 0 };
    double *t = mem_doubles(&arena, n);
    spectrum p = spectrum_make(&arena, hadamard(&arena, n, t));
    bench_svd(&p.f);
    jsv_work(&p);
    double jsv = relative(n, p.s, t);
    sdd_work(&p);
    printf("accuracy: svd %zu, exact spectrum, ten decades: relative errors up to %.1e (dgejsv %.1e, dgesdd %.1e)\n", n,
        relative(n, p.f.s, t), jsv, relative(n, p.s, t));
    p = spectrum_make(&arena, bench_matrix(&arena, n, 0));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            p.f.a[i * n + k] = times_two_to(p.f.a[i * n + k], -(int)(133 * (i * 7 % n) / n));
    sdd_work(&p);
    memcpy(t, p.s, n * sizeof *t);
    jsv_work(&p);
    bench_svd(&p.f);
    double scaled_rows = relative(n, p.f.s, p.s);
    p.f.a = mat_transpose(&arena, n, n, p.f.a);
    bench_svd(&p.f);
    printf("accuracy: svd %zu, 40 decades of scales: relative differences to dgejsv up to %.1e (rows scaled), %.1e "
           "(columns); dgesdd %.1e\n",
        n, scaled_rows, relative(n, p.f.s, p.s), relative(n, t, p.s));
    mem_free(&arena);
}

static void svd_row(size_t n, int decades)
{
    mem arena = { 0 };
    char sizes[60];
    spectrum p = spectrum_make(&arena, bench_matrix(&arena, n, decades));
    snprintf(sizes, sizeof sizes, "%zu, %s", n, decades ? "singular values from 1 to 1e-10" : "normal entries");
    compare(&(pairing) { "svd", "dgejsv", sizes, { bench_svd, &p.f }, { jsv_work, &p }, 1, 0 });
    compare(&(pairing) { "svd", "dgesdd (another class)", sizes, { bench_svd, &p.f }, { sdd_work, &p }, 1, 0 });
    mem_free(&arena);
}

static void peers_svd(void)
{
    if (!library_open(&lapack) || !library_has(&lapack, "dgejsv_") || !library_has(&lapack, "dgesdd_")) {
        skipped("svd", lapack.name, lapack.package);
        return;
    }
    library_threads(&lapack, 1);
    for (size_t n = 128; n <= 512; n *= 2) {
        svd_row(n, 0);
        svd_row(n, 10);
        accuracy_row(n);
    }
}

static void peers_eig(void)
{
    if (!library_open(&lapack) || !library_has(&lapack, "dsyevd_")) {
        skipped("eig", lapack.name, lapack.package);
        return;
    }
    library_threads(&lapack, 1);
    for (size_t n = 128; n <= 512; n *= 4) {
        mem arena = { 0 };
        char sizes[40];
        spectrum p = spectrum_make(&arena, bench_matrix(&arena, n, 0));
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k <= i; k++)
                p.f.a[k * n + i] = p.f.a[i * n + k] += p.f.a[k * n + i];
        snprintf(sizes, sizeof sizes, "%zu", n);
        compare(&(pairing) { "symmetric eigenvalues", "dsyevd", sizes, { bench_eig, &p.f }, { syevd_work, &p }, 1, 4 });
        mem_free(&arena);
    }
}

/// Sums ///

static void peers_sum(void)
{
    enum { N = 100000 };
    mem arena = { 0 };
    bench_shape s = { 0, 0, N, bench_normals(&arena, N, 1), NULL, mem_doubles(&arena, 1) };
    compare(&(pairing) {
        "exact sum", "plain sum, one chain", "100000 normal terms", { bench_sum, &s }, { bench_chain, &s }, 1, 0 });
    mem_free(&arena);
}

/// Main ///

static const struct {
    const char *name;
    void (*run)(void);
} rows[] = {
    { "hidden", peers_hidden },
    { "thm11", peers_thm11 },
    { "units", peers_units },
    { "stars", peers_stars },
    { "svd", peers_svd },
    { "gemm", peers_gemm },
    { "rows", peers_rows },
    { "threads", peers_threads },
    { "base", peers_base },
    { "eig", peers_eig },
    { "sum", peers_sum },
    { "fma", peers_fma },
    { "lemma10", peers_lemma10 },
};

/* Rows asked for, all without words. */
int main(int argc, char **argv)
{
    if (argc < 3)
        die(EXIT_USAGE, "expected PROGRAM DIRECTORY [ROW...]");
    program = argv[1];
    scripts = argv[2];
    for (int i = 3; i < argc; i++) {
        bool known = false;
        for (size_t k = 0; k < COUNT(rows); k++)
            known |= !strcmp(argv[i], rows[k].name);
        if (!known)
            die(EXIT_USAGE,
                "PEERS=%s: expected some of hidden thm11 units stars svd gemm rows threads base eig sum fma "
                "lemma10",
                argv[i]);
    }
    signal(SIGPIPE, SIG_IGN);
    head();
    for (size_t k = 0; k < COUNT(rows); k++)
        if (bench_asked(rows[k].name, (size_t)argc - 3, (const char *const *)argv + 3))
            rows[k].run();
    return EXIT_AS_EXPECTED;
}
