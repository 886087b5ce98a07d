/* skipverify: checks the claims of two papers on the loss landscape of networks with skip connections, numerically
   and rigorously.

   W  Wang, Shen, Zhao, Zhang: Is the Skip Connection Provable to Reform the Neural Network Loss Landscape?
      IJCAI 2020.
   S  Shamir: Are ResNets Provably Better than Linear Predictors?  NeurIPS 2018.

   One C99 file, libc and libm, gcc or clang, Linux.
     alone, it is built by              cc -O2 skipverify.c -lm -o skipverify
     its rooms, in reading order        grep -n '^/// ' skipverify.c
     as a library (see skipverify.h)    cc -c -DSKIPVERIFY_NO_MAIN skipverify.c

   A banner names a room and the part of the house it lies in. A function uses what stands above it, and of the parts
   those that its own may use (tests/house.awk keeps watch):
     1 Ground    2 Machine   3 Numbers   4 Matrices   5 Models   6 Certifying   7 Trial
     8 Wang      9 Shamir    10 Run      11 Input     12 Output  13 Face

   The same bits everywhere. Only + - * / sqrt fma of IEEE doubles and exact integer arithmetic reach a figure; sums
   run in an order that is part of the definition, or are exact; no function of libm but sqrt is used. So neither
   compiler, optimisation, instruction set, number of threads nor C library changes a report.
   Conventions: u = 2^-53, gamma_k = k u / (1 - k u). Matrices are row-major. s or relu is max(., 0). |.| is the
   2-norm of a vector and the spectral norm of a matrix. */

/* The kernels are compiled once per dispatch level: this file then includes itself, and only they are seen. */
#ifndef KERN_PASS

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "skipverify.h"
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* what an initialiser leaves out is 0, and means it */

/// 1 Compiler ///

/* Figures are defined by IEEE arithmetic: no sum may be reordered, no number assumed finite, no a*b + c fused that is
   not written as an fma. What a compiler does all the same is found at start (`2 Probe`). */

#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error "skipverify must not be compiled with -ffast-math: its figures are defined by IEEE arithmetic"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#ifdef __mips__
/* gcc 12 for mips64 (n64): before a sibling call, restoring a frame above 64 KiB overwrites the fifth argument. */
#pragma GCC optimize("no-optimize-sibling-calls")
#endif
#endif

/// 1 Bits and sizes ///

#define COUNT(a) (sizeof(a) / sizeof *(a))

static size_t min_size(size_t a, size_t b) { return a < b ? a : b; }
static size_t max_size(size_t a, size_t b) { return a > b ? a : b; }

/* The bits of a double, in one integer; the byte order of the machine does not matter. */
static uint64_t bits_of(double x)
{
    uint64_t b;
    memcpy(&b, &x, 8);
    return b;
}

static double double_of(uint64_t b)
{
    double x;
    memcpy(&x, &b, 8);
    return x;
}

/* |x| < infinity, without a comparison that could raise or be optimised away. */
static bool is_finite(double x) { return (bits_of(x) >> 52 & 0x7ff) != 0x7ff; }

/* A finite double as (-1)^sign m 2^e, m < 2^53, e >= -1074. */
typedef struct {
    uint64_t sign, m;
    int e;
} double_parts;

static inline double_parts parts_of(double x)
{
    uint64_t b = bits_of(x);
    uint64_t fraction = b & (((uint64_t)1 << 52) - 1);
    int field = (int)(b >> 52 & 0x7ff);
    return (double_parts) { b >> 63, field ? fraction | (uint64_t)1 << 52 : fraction, (field ? field : 1) - 1075 };
}

/* 2^k, -1022 <= k <= 1023. */
static double two_to(int k) { return double_of((uint64_t)(1023 + k) << 52); }

/* x 2^k, |k| <= 2044, in two steps, because 2^k itself may be no double. Exact unless the result is subnormal (off by
   at most 2^-1074, two roundings of 2^-1075) or overflows. Rounded at most once where |k| <= 1100, and |x| < 2 for
   k > 0, |x| >= 1/2 for k < 0. */
static double times_two_to(double x, int k) { return x * two_to(k / 2) * two_to(k - k / 2); }

/// 1 Messages ///

/* One line and out (die), a line besides (say), and progress on a terminal; the report is a text that grows (`1 Text`).
   The exit codes, as --help and README have them; 128 + n: ended by signal n. */

enum {
    EXIT_AS_EXPECTED, /* every verdict is the expected one, what was asked holds */
    EXIT_DIFFERS,     /* a verdict or a vector differs, what was asked does not hold */
    EXIT_USAGE,       /* a word of the command line, or a user's file, is not as expected */
    EXIT_UNDECIDED,   /* a verdict is open, or this environment is refused */
    EXIT_SYSTEM       /* input, output or memory failed */
};

/* One line on stderr, whatever the user's words hold: control characters become '?', and it is cut at some 4,000
   bytes. In one write, so that lines of two threads do not mix; what became of it nobody can be told. */
static void message(const char *format, va_list args)
{
    static const char program[] = "skipverify: ";
    char line[4096];
    size_t n = sizeof program - 1;
    memcpy(line, program, sizeof program);
    int length = vsnprintf(line + n, sizeof line - n, format, args);
    while (length > 0 && line[n]) {
        if ((unsigned char)line[n] < ' ' || line[n] == 127)
            line[n] = '?';
        n++;
    }
    line[n++] = '\n';
    (void)!write(STDERR_FILENO, line, n);
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    message(format, args);
    va_end(args);
}

/* Held while a file is written (`1 Files`) and, for good, by the thread that ends the program: so that the end comes
   before a write or after it, never between, and is spoken of once. */
static pthread_mutex_t end_lock = PTHREAD_MUTEX_INITIALIZER;

/* Out, without a word; not with end_lock held. */
static void end_with(int code) __attribute__((noreturn));

static void end_with(int code)
{
    pthread_mutex_lock(&end_lock);
    _exit(code);
}

static void die(int code, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

/* One line and out, likewise. Also from a worker thread: reports are written at the end only, and a file has its name
   when all of it is there, so nothing is left half done. */
static void die(int code, const char *format, ...)
{
    va_list args;
    pthread_mutex_lock(&end_lock);
    va_start(args, format);
    message(format, args);
    va_end(args);
    _exit(code);
}

/* For arrays of fixed size: a row of the catalogue that asks for more is a fault of the program, said as such. */
static void size_must_fit(const char *what, size_t n, size_t most)
{
    if (n > most)
        die(EXIT_UNDECIDED, "internal: %s: %zu, at most %zu", what, n, most);
}

/* Progress: one line on a terminal's stderr, rewritten in place; never in a report. */
static struct {
    bool wanted;
    size_t done, all;
} progress_state;

static void progress_start(bool wanted, size_t done, size_t all)
{
    progress_state.wanted = wanted && isatty(STDERR_FILENO);
    progress_state.done = done;
    progress_state.all = all;
}

/* One more case is done; by any thread. */
static void progress(const char *claim, const char *test)
{
    size_t done = __atomic_add_fetch(&progress_state.done, 1, __ATOMIC_RELAXED);
    if (progress_state.wanted)
        fprintf(stderr, "\r\033[K%zu/%zu %s %s", done, progress_state.all, claim, test);
}

static void progress_end(void)
{
    if (progress_state.wanted)
        fprintf(stderr, "\r\033[K");
}

/// 1 Text ///

/* Text that grows: `used` bytes of the room at s, ended by a 0. { NULL, 0, 0 } is the empty one; its owner frees s. */
typedef struct {
    char *s;
    size_t used, room;
} text;

/* Room for n more bytes and a 0. */
static void text_reserve(text *t, size_t n)
{
    if (t->used + n < t->room)
        return;
    t->room = 2 * (t->used + n + 1);
    char *s = realloc(t->s, t->room);
    if (!s)
        die(EXIT_SYSTEM, "out of memory: %zu bytes of text", t->room);
    t->s = s;
}

static void text_add(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends, as printf would write it. */
static void text_add(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text_reserve(t, (size_t)n);
    va_start(args, format);
    t->used += (size_t)vsnprintf(t->s + t->used, t->room - t->used, format, args);
    va_end(args);
}

/* A whole number of decimal digits at *s, which moves past it; false, and nothing stored, where there is none or it
   does not fit. */
static bool scan_number(const char **s, uint64_t *number)
{
    const char *p = *s;
    uint64_t v = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (v > (UINT64_MAX - digit) / 10)
            return false;
        v = 10 * v + digit;
    }
    if (p == *s)
        return false;
    *s = p;
    *number = v;
    return true;
}

/* The whole of s is "A/B" with least <= A <= B <= most. */
static bool scan_pair(const char *s, uint64_t least, uint64_t most, uint64_t *a, uint64_t *b)
{
    return scan_number(&s, a) && *s++ == '/' && scan_number(&s, b) && !*s && least <= *a && *a <= *b && *b <= most;
}

/// 1 Files ///

/* A file is written whole or not at all: as NAME.XXXXXX beside its own name, which it gets when all of it is on disk;
   then the directory is synced too. Links are followed as when a file is opened, also one that leads nowhere yet; a
   file that was there leaves its permissions and owner to the new one. What is no regular file (a device, a pipe) is
   opened itself, and a descriptor's name (/dev/stdout, /dev/fd/3) means the descriptor, as it was opened. */

enum {
    FILE_LIMIT = 1 << 28, /* bytes; more than anything that is read here */
    FILE_LINKS = 40       /* followed in a row, as the kernel does */
};

/* Which file a name leads to; ino is 0 where there is none. */
typedef struct {
    dev_t dev;
    ino_t ino;
} file_id;

static bool file_is(file_id a, file_id b) { return a.ino && a.ino == b.ino && a.dev == b.dev; }

/* Where the last part of a name begins. */
static const char *file_base(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

/* The directory that a path lies in. */
static void file_directory(const char *path, char directory[PATH_MAX])
{
    size_t n = (size_t)(file_base(path) - path);
    memcpy(directory, path, n);
    strcpy(directory + n, n ? "" : ".");
}

/* The directory that a path lies in, however it is spelt. */
static file_id file_place(const char *path)
{
    char directory[PATH_MAX];
    struct stat s;
    file_directory(path, directory);
    return stat(directory, &s) ? (file_id) { 0, 0 } : (file_id) { s.st_dev, s.st_ino };
}

/* The descriptor that a path is the name of, however it is spelt, or -1: a number in the directory of this process's
   descriptors. */
static int file_descriptor(const char *path)
{
    static const char *const places[] = { "/proc/self/fd/", "/proc/thread-self/fd/" };
    const char *number = file_base(path);
    uint64_t fd;
    if (!strcmp(path, "/dev/stdout") || !strcmp(path, "/dev/stderr"))
        return path[8] == 'o' ? STDOUT_FILENO : STDERR_FILENO;
    if (!scan_number(&number, &fd) || *number || fd >= INT_MAX)
        return -1;
    for (size_t i = 0; i < COUNT(places); i++)
        if (file_is(file_place(path), file_place(places[i])))
            return (int)fd;
    return -1;
}

/* Whether the path lies in /proc, whose links lead to what may have no name. */
static bool file_in_proc(const char *path)
{
    enum { PROC_MAGIC = 0x9fa0 };
    char directory[PATH_MAX];
    struct statfs s;
    file_directory(path, directory);
    return statfs(directory, &s) == 0 && s.f_type == PROC_MAGIC;
}

/* What is at the path (NULL: standard output); st_mode is 0 where nothing is. 0 or, as below, an errno: what cannot be
   looked at must not be taken for nothing. */
static int file_look(const char *path, struct stat *s)
{
    int fd = path ? file_descriptor(path) : STDOUT_FILENO;
    if ((fd >= 0 ? fstat(fd, s) : lstat(path, s)) == 0)
        return 0;
    memset(s, 0, sizeof *s);
    return errno == ENOENT && fd < 0 ? 0 : errno;
}

/* The name that symbolic links at the end of `name` lead to, up to a descriptor's, or into /proc. */
static int file_follow(const char *name, char path[PATH_MAX])
{
    char next[PATH_MAX];
    struct stat s;
    if (snprintf(path, PATH_MAX, "%s", name) >= PATH_MAX)
        return ENAMETOOLONG;
    for (int links = 0; file_descriptor(path) < 0; links++) {
        int error = file_look(path, &s);
        if (error || !S_ISLNK(s.st_mode) || file_in_proc(path))
            return error;
        ssize_t n = readlink(path, next, sizeof next - 1);
        if (n < 0)
            return errno;
        next[n] = 0;
        size_t at = *next == '/' ? 0 : (size_t)(file_base(path) - path);
        if (links == FILE_LINKS)
            return ELOOP;
        if (at + (size_t)n >= PATH_MAX)
            return ENAMETOOLONG;
        memcpy(path + at, next, (size_t)n + 1);
    }
    return 0;
}

/* Whether writing makes or continues a regular file, where that is what is there. */
static bool file_regular(const struct stat *s) { return !s->st_mode || S_ISREG(s->st_mode); }

/* ino is 0 where there is no regular file. */
static file_id file_identity(const struct stat *s)
{
    return S_ISREG(s->st_mode) ? (file_id) { s->st_dev, s->st_ino } : (file_id) { 0, 0 };
}

/* Whether two names (NULL: standard output) are of one regular file, also of one that is not there yet. */
static bool file_same(const char *a, const char *b)
{
    char x[PATH_MAX], y[PATH_MAX];
    struct stat s, t;
    if ((a && file_follow(a, x)) || (b && file_follow(b, y)) || file_look(a ? x : NULL, &s) ||
        file_look(b ? y : NULL, &t))
        return false;
    if (s.st_mode || t.st_mode)
        return file_is(file_identity(&s), file_identity(&t));
    return !strcmp(file_base(x), file_base(y)) && file_is(file_place(x), file_place(y));
}

/* Whether what is there cannot be renamed over: another's, in another's sticky directory. */
static bool file_is_stuck(const char *directory, const struct stat *s)
{
    struct stat d;
    uid_t me = geteuid();
    return me && s->st_mode && s->st_uid != me && stat(directory, &d) == 0 && d.st_mode & S_ISVTX && d.st_uid != me;
}

/* 0, or why nothing can be written there: asked before a long run, so that it does not end in vain. */
static int file_refuses(const char *name)
{
    char path[PATH_MAX], directory[PATH_MAX];
    struct stat s;
    int error = file_follow(name, path);
    if (!error)
        error = file_look(path, &s);
    if (error || file_descriptor(path) >= 0)
        return error;
    if (S_ISDIR(s.st_mode))
        return EISDIR;
    if (s.st_mode && access(path, W_OK))
        return errno;
    file_directory(path, directory);
    if (!file_regular(&s))
        return 0;
    return access(directory, W_OK | X_OK) ? errno : file_is_stuck(directory, &s) ? EPERM : 0;
}

static int file_open(const char *path, int flags)
{
    int fd;
    do
        fd = open(path, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* All of t to the descriptor. */
static int file_put(int fd, const text *t)
{
    for (size_t at = 0; at < t->used;) {
        ssize_t n = write(fd, t->s + at, t->used - at);
        if (n > 0)
            at += (size_t)n;
        else if (n == 0)
            return EIO;
        else if (errno == EAGAIN)
            poll(&(struct pollfd) { .fd = fd, .events = POLLOUT }, 1, -1);
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

static int file_sync(int fd)
{
    while (fsync(fd))
        if (errno != EINTR)
            return errno;
    return 0;
}

/* Linux closes the descriptor also where a signal came between. */
static int file_close(int fd) { return close(fd) && errno != EINTR ? errno : 0; }

/* The name survives a power cut, too: on file systems whose directories can be synced, if this one can be read. */
static int file_sync_name(const char *path)
{
    char directory[PATH_MAX];
    file_directory(path, directory);
    int fd = file_open(directory, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        return errno == EACCES ? 0 : errno;
    int error = file_sync(fd);
    close(fd);
    return error == EINVAL || error == ENOTSUP ? 0 : error;
}

/* The permissions, the owner and the group of what was there, as far as this user may set them: permissions of the
   group are not given to another one. Of nothing, the permissions that open would give. */
static int file_take_after(int fd, const struct stat *s)
{
    mode_t mask = umask(0);
    umask(mask);
    mode_t mode = s->st_mode ? s->st_mode & 07777 : 0666 & ~mask;
    if (s->st_mode && fchown(fd, s->st_uid, s->st_gid) && fchown(fd, (uid_t)-1, s->st_gid))
        mode &= ~(mode_t)S_IRWXG;
    return fchmod(fd, mode) ? errno : 0;
}

/* A new file beside the path, NAME.XXXXXX, of a long name the beginning. */
static int file_beside(const char *path, char partial[PATH_MAX], int *fd)
{
    static const char suffix[] = ".XXXXXX";
    size_t at = (size_t)(file_base(path) - path);
    size_t base = min_size(strlen(path + at), NAME_MAX + 1 - sizeof suffix);
    if (at + base + sizeof suffix > PATH_MAX)
        return ENAMETOOLONG;
    memcpy(partial, path, at + base);
    do {
        memcpy(partial + at + base, suffix, sizeof suffix);
        *fd = mkstemp(partial);
    } while (*fd < 0 && errno == EINTR);
    return *fd < 0 ? errno : 0;
}

/* The text becomes the file at the path, s: a regular one or none. What was there stays if that fails, but where only
   the directory could not be synced. */
static int file_replace(const char *path, const struct stat *s, const text *t)
{
    char partial[PATH_MAX];
    int fd;
    int error = file_beside(path, partial, &fd);
    if (error)
        return error;
    error = file_take_after(fd, s);
    if (!error)
        error = file_put(fd, t);
    if (!error)
        error = file_sync(fd);
    int closing = file_close(fd);
    if (!error)
        error = closing;
    if (!error && rename(partial, path))
        error = errno;
    if (error)
        unlink(partial);
    return error ? error : file_sync_name(path);
}

/* The text to what is no regular file, as it comes. */
static int file_pass(const char *path, const text *t)
{
    int fd = file_open(path, O_WRONLY | O_APPEND);
    if (fd < 0)
        return errno;
    int error = file_put(fd, t);
    int closing = file_close(fd);
    return error ? error : closing;
}

/* To the descriptor of that name; standard output (NULL) is closed, too: it is written once, and some file systems tell
   of an error only then. */
static int file_print(const char *path, const text *t)
{
    int error = file_put(path ? file_descriptor(path) : STDOUT_FILENO, t);
    int closing = path ? 0 : file_close(STDOUT_FILENO);
    return error ? error : closing;
}

/* To the path (NULL: standard output). Where it is a regular file, the end of the program waits for this. names: of the
   file that was replaced. */
static int file_store(const char *path, const text *t, nlink_t *names)
{
    struct stat s;
    int error = file_look(path, &s);
    if (error)
        return error;
    bool regular = file_regular(&s);
    if (regular)
        pthread_mutex_lock(&end_lock);
    if (!path || file_descriptor(path) >= 0)
        error = file_print(path, t);
    else if (regular) {
        error = file_replace(path, &s, t);
        *names = s.st_nlink;
    } else
        error = file_pass(path, t);
    if (regular)
        pthread_mutex_unlock(&end_lock);
    return error;
}

/* The text becomes the whole file (NULL: goes to standard output), or the program ends: quietly where nobody reads it,
   else with one line. */
static void file_write(const char *name, const text *t)
{
    char path[PATH_MAX];
    nlink_t names = 1;
    int error = name ? file_follow(name, path) : 0;
    if (!error)
        error = file_store(name ? path : NULL, t, &names);
    if (error == EPIPE)
        end_with(128 + SIGPIPE);
    if (error)
        die(EXIT_SYSTEM, "cannot write %s: %s", name ? name : "standard output", strerror(error));
    if (names > 1)
        say("%s: had %ju names, of which the others keep what it held", name, (uintmax_t)names);
}

/* The whole file, ended by a 0 that is not counted. The caller frees its s. */
static text file_read(const char *name)
{
    text t = { NULL, 0, 0 };
    int fd = file_open(name, O_RDONLY);
    for (ssize_t got = fd < 0 ? -1 : 1; got; t.used += got > 0 ? (size_t)got : 0) {
        if (got < 0 && errno != EINTR)
            die(EXIT_SYSTEM, "cannot read %s: %s", name, strerror(errno));
        if (t.used > FILE_LIMIT)
            die(EXIT_USAGE, "%s: larger than %d bytes, which nothing written by skipverify is", name, FILE_LIMIT);
        text_reserve(&t, 1 << 16);
        got = read(fd, t.s + t.used, 1 << 16);
    }
    close(fd);
    t.s[t.used] = 0;
    return t;
}

/// 1 Memory ///

/* A case, or one call of a library function, takes what it needs from its own arena ({ 0 } is an empty one) and gives
   all of it back at the end. There are two ways to run out of memory. A case ends the program with one line and exit
   code 3 (mem_get): reports are written at the very end only, so nothing partial can be mistaken for a result. A
   library function returns: it tries to get all it needs (mem_try) and then asks once whether that failed. */

typedef struct mem_block {
    struct mem_block *next;
    double start[];
} mem_block;
typedef struct {
    mem_block *blocks;
    bool failed; /* mem_try has returned NULL */
} mem;

/* count items of that size, all zero. NULL, and m->failed from then on, where there is no memory or the size is no
   size_t. */
static void *mem_try(mem *arena, size_t count, size_t size)
{
    mem_block *b = NULL;
    if (count <= (SIZE_MAX - sizeof *b) / size)
        b = calloc(1, sizeof *b + count * size);
    if (!b) {
        arena->failed = true;
        return NULL;
    }
    b->next = arena->blocks;
    arena->blocks = b;
    return b->start;
}

static void *mem_get(mem *arena, size_t count, size_t size)
{
    void *p = mem_try(arena, count, size);
    if (!p)
        die(EXIT_SYSTEM, "out of memory: %zu items of %zu bytes", count, size);
    return p;
}

static double *mem_doubles(mem *arena, size_t n) { return mem_get(arena, n, sizeof(double)); }

static double *mem_copy(mem *arena, size_t n, const double *from)
{
    double *x = mem_doubles(arena, n);
    if (n)
        memcpy(x, from, n * sizeof *x);
    return x;
}

/* Gives all of it back; the arena is empty again. */
static void mem_free(mem *arena)
{
    while (arena->blocks) {
        mem_block *b = arena->blocks;
        arena->blocks = b->next;
        free(b);
    }
}

/// 2 Software fma ///

/* Every product-accumulate of this program is by definition an fma: a*b + c rounded once, to nearest even. Where the
   processor has the instruction it is used; elsewhere the same bits are computed in software, so no figure depends
   on the machine. NaNs are the one exception: that a result is a NaN is the same everywhere, its sign and payload
   are not. */

#if defined __x86_64__ || (defined __i386__ && defined __SSE2__)
#define FMA_X86 1
#include <immintrin.h>
#else
#define FMA_X86 0
#endif

/* The compiler turns __builtin_fma into one instruction (clang does not define __FP_FAST_FMA, hence the list). */
#if defined __FMA__ || defined __FP_FAST_FMA || defined __aarch64__ || defined __s390x__ || defined __powerpc64__ || \
    (defined __riscv_flen && __riscv_flen >= 64)
#define FMA_NATIVE 1
#else
#define FMA_NATIVE 0
#endif

#if defined __aarch64__
#include <arm_neon.h>
#endif

#define FMA_INLINE static inline __attribute__((always_inline, unused))

/* A 128-bit unsigned integer; __int128 does not exist on 32-bit machines. */
typedef struct {
    uint64_t hi, lo;
} fma_wide;

/* x * y for x, y < 2^53, from four products of 32-bit halves: the upper halves are below 2^21, so no sum overflows. */
static fma_wide fma_mul(uint64_t x, uint64_t y)
{
    uint64_t xl = x & 0xffffffff;
    uint64_t xh = x >> 32;
    uint64_t yl = y & 0xffffffff;
    uint64_t yh = y >> 32;
    uint64_t middle = xh * yl + xl * yh + (xl * yl >> 32);
    return (fma_wide) { xh * yh + (middle >> 32), middle << 32 | (xl * yl & 0xffffffff) };
}

/* Precondition: 0 <= shift < 128. */
static fma_wide fma_left(fma_wide x, int shift)
{
    if (shift >= 64)
        return (fma_wide) { x.lo << (shift - 64), 0 };
    return shift ? (fma_wide) { x.hi << shift | x.lo >> (64 - shift), x.lo << shift } : x;
}

/* x >> shift for any shift >= 0; the lowest bit also records whether a one was shifted out ("jamming"). */
static fma_wide fma_right_jam(fma_wide x, int64_t shift)
{
    if (shift == 0)
        return x;
    if (shift >= 128)
        return (fma_wide) { 0, (x.hi | x.lo) != 0 };
    if (shift == 64)
        return (fma_wide) { 0, x.hi | (x.lo != 0) };
    if (shift > 64)
        return (fma_wide) { 0, x.hi >> (shift - 64) | ((x.hi << (128 - shift) | x.lo) != 0) };
    return (fma_wide) { x.hi >> shift, x.hi << (64 - shift) | x.lo >> shift | (x.lo << (64 - shift) != 0) };
}

/* Precondition: x != 0. */
static int fma_leading_zeros(fma_wide x) { return x.hi ? __builtin_clzll(x.hi) : 64 + __builtin_clzll(x.lo); }

static fma_wide fma_add(fma_wide x, fma_wide y)
{
    return (fma_wide) { x.hi + y.hi + (x.lo + y.lo < x.lo), x.lo + y.lo };
}

static bool fma_less(fma_wide x, fma_wide y) { return x.hi < y.hi || (x.hi == y.hi && x.lo < y.lo); }

/* Precondition: x >= y. */
static fma_wide fma_sub(fma_wide x, fma_wide y) { return (fma_wide) { x.hi - y.hi - (x.lo < y.lo), x.lo - y.lo }; }

/* The double nearest (-1)^sign * x * 2^e, x != 0, where an odd x may stand for anything strictly between x - 1 and
   x + 1. The shift is at least 73, so such an x is never near a double or a midpoint. Subnormal results keep fewer
   bits; a carry out of the fraction moves into the exponent and, at the top, makes the encoding of infinity: both
   are what rounding requires. */
static double fma_round(uint64_t sign, fma_wide x, int e)
{
    int zeros = fma_leading_zeros(x);
    int top = e + 127 - zeros; /* 2^top <= value < 2^(top + 1) */
    if (top > 1023)
        return double_of(sign << 63 | (uint64_t)0x7ff << 52);
    int unit = top - 52 > -1074 ? top - 52 : -1074;                            /* exponent of the last place */
    uint64_t q = fma_right_jam(fma_left(x, zeros), unit - 2 - (e - zeros)).lo; /* in quarters of that place */
    uint64_t kept = q >> 2;
    uint64_t up = (q & 2) && ((q & 1) || (kept & 1));
    return double_of(sign << 63 | (((uint64_t)(unit + 1074) << 52) + kept + up));
}

/* An infinity or a NaN among the arguments. The product of finite numbers must not be formed in floating point: it
   could overflow. */
static double fma_special(double a, double b, double c)
{
    double r = is_finite(a) && is_finite(b) ? c : a * b + c;
    return r != r ? double_of((uint64_t)0x7ff8 << 48) : r;
}

/* (-1)^p_sign p 2^p_e + (-1)^q_sign q 2^q_e, rounded once, for p_e >= q_e (and p >= q if they are equal) and leading
   bits as fma_soft makes them. */
static double fma_sum(uint64_t p_sign, fma_wide p, int p_e, uint64_t q_sign, fma_wide q, int q_e)
{
    q = fma_right_jam(q, p_e - q_e);
    p = p_sign == q_sign ? fma_add(p, q) : fma_sub(p, q);
    return p.hi | p.lo ? fma_round(p_sign, p, p_e) : 0.0;
}

/* a*b + c in integers, rounded once.
   Product and addend are brought to a leading bit 125 of 128, so that their sum has room. Then the one with the
   smaller exponent is shifted right, jamming. The larger one ends in at least 20 zero bits (106 and 53 significant
   bits out of 126), so when a one is lost the sum or difference is odd and lies within 1 of the exact value: what
   fma_round expects. And a one is lost only by a shift of more than 20, after which a difference still has its
   leading bit at 124 or above, so the left shift in fma_round is at most 3 and its right shift stays above 70. */
static double fma_soft(double a, double b, double c)
{
    if (!is_finite(a) || !is_finite(b) || !is_finite(c))
        return fma_special(a, b, c);
    /* exact, and gives the right sign of zero */
    if (a == 0 || b == 0)
        return a * b + c;
    double_parts x = parts_of(a);
    double_parts y = parts_of(b);
    double_parts z = parts_of(c);
    fma_wide p = fma_mul(x.m, y.m);
    fma_wide q = { 0, z.m };
    uint64_t p_sign = x.sign ^ y.sign;
    int shift = fma_leading_zeros(p) - 2;
    int p_e = x.e + y.e - shift;
    p = fma_left(p, shift);
    if (z.m == 0)
        return fma_round(p_sign, p, p_e);
    shift = fma_leading_zeros(q) - 2;
    q = fma_left(q, shift);
    int q_e = z.e - shift;
    if (p_e > q_e || (p_e == q_e && !fma_less(p, q)))
        return fma_sum(p_sign, p, p_e, z.sign, q, q_e);
    return fma_sum(z.sign, q, q_e, p_sign, p, p_e);
}

/* Two software fmas at once where doubles come in pairs but the fma instruction does not (Boldo and Melquiond,
   "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008): a*b = p + e exactly
   (Dekker), then three exact sums, the last small one rounded to odd so that the final addition rounds as if once.
   Precondition (fma_two_safe): |a| + |b| <= 2^990, |a*b| + |c| <= 2^1000, and a = 0 or b = 0 or |a*b| >= 2^-968.
   Why it suffices: nothing overflows, and a*b is an integer multiple of 2^-1074 (its last bit is at least
   2^(-969-104)), so every product and error term is exact. Anything else goes to fma_soft, lane by lane.
   Only the sign of a zero result is not right by itself: a zero is p + c, whose sign is. */
typedef double fma_v2 __attribute__((vector_size(16)));
typedef int64_t fma_i2 __attribute__((vector_size(16)));

static __attribute__((noinline, unused)) void fma_two_slow(const double *a, const double *b, double *c)
{
    for (int l = 0; l < 2; l++)
        c[l] = fma_soft(a[l], b[l], c[l]);
}

FMA_INLINE fma_v2 fma_two_abs(fma_v2 x) { return (fma_v2)((fma_i2)x & INT64_MAX); }

/* Whether the precondition holds in both lanes; p = a*b, rounded. */
FMA_INLINE bool fma_two_safe(fma_v2 a, fma_v2 b, fma_v2 c, fma_v2 p)
{
    const fma_v2 zero = { 0, 0 };
    const fma_v2 big = { 0x1p990, 0x1p990 };
    const fma_v2 huge = { 0x1p1000, 0x1p1000 };
    const fma_v2 tiny = { 0x1p-968, 0x1p-968 };
    p = fma_two_abs(p);
    fma_i2 ok = (fma_i2)(fma_two_abs(a) + fma_two_abs(b) <= big) & (fma_i2)(p + fma_two_abs(c) <= huge) &
        ((fma_i2)(p >= tiny) | (fma_i2)(a == zero) | (fma_i2)(b == zero));
#if FMA_X86
    return _mm_movemask_pd((__m128d)ok) == 3;
#else
    return (ok[0] & ok[1]) != 0;
#endif
}

/* s + e = x + y exactly, s = x + y rounded (Knuth). */
FMA_INLINE fma_v2 fma_two_sum(fma_v2 x, fma_v2 y, fma_v2 *e)
{
    fma_v2 s = x + y;
    fma_v2 t = s - x;
    *e = (x - (s - t)) + (y - t);
    return s;
}

/* x + y rounded to odd: exact, or else the neighbour whose last bit is 1. If the nearest is even, that one lies on
   the side of the error. */
FMA_INLINE fma_v2 fma_two_odd(fma_v2 x, fma_v2 y)
{
    const fma_v2 zero = { 0, 0 };
    fma_v2 e;
    fma_v2 s = fma_two_sum(x, y, &e);
    fma_i2 bits = (fma_i2)s;
    fma_i2 step = (fma_i2)(e != zero) & ~bits & 1;
    fma_i2 away = (bits ^ (fma_i2)e) < 0;
    return (fma_v2)(bits + ((step ^ away) - away));
}

/* a*b + c in both lanes, by the algorithm above. */
FMA_INLINE fma_v2 fma_two(fma_v2 a, fma_v2 b, fma_v2 c)
{
    const fma_v2 zero = { 0, 0 };
    const fma_v2 factor = { 0x1p27 + 1, 0x1p27 + 1 };
    fma_v2 p = a * b;
    if (__builtin_expect(!fma_two_safe(a, b, c, p), 0)) {
        fma_two_slow((const double *)&a, (const double *)&b, (double *)&c);
        return c;
    }
    fma_v2 at = a * factor;
    fma_v2 ah = at - (at - a);
    fma_v2 al = a - ah;
    fma_v2 bt = b * factor;
    fma_v2 bh = bt - (bt - b);
    fma_v2 bl = b - bh;
    fma_v2 e = al * bl - (((p - ah * bh) - al * bh) - ah * bl);
    fma_v2 u, v;
    fma_v2 t = fma_two_sum(c, e, &u);
    t = fma_two_sum(p, t, &v);
    t += fma_two_odd(u, v);
    fma_i2 is_zero = (fma_i2)(t == zero);
    return (fma_v2)(((fma_i2)(p + c) & is_zero) | ((fma_i2)t & ~is_zero));
}

/// 2 Kernels ///

/* The inner loops, compiled once per dispatch level. Their orders of summation are fixed here and are the same at
   every level:
     dot       16 lanes, lane k mod 16 an fma chain over ascending k; lanes combined by p[l] += p[l + h], h = 8, 4, 2, 1
     matrices  an entry of A B is a chain over blocks of 256 ascending k, the block sums added in ascending order
     relu_gap  per block of 256 samples 16 lanes as in dot
   A level is a row of kern_table (`2 Dispatch`). The file includes itself once per level; only what stands between
   the two lines marked `compiled once per level` is then seen, with
     KERN(name)             the level's name for a function
     KERN_TARGET            the attribute that lets the compiler use its instructions
     vd, KERN_W             a vector of doubles and its width (2, 4, 8: divides 16)
     VFMA, FMA1             fma of vectors, of doubles
     VSPLAT, VRELU          one double in all lanes, max(x, +0) with NaN -> +0
     VSTREAM                a store past the caches, where there is one
     KERN(MR), KERN(NV)     rows, and vectors of columns, of a tile of C: registers hold its sums
     KERN(PAIRS), KERN(GV)  pairs of rows, and vectors of samples, that relu_gap keeps in registers */
enum {
    KERN_LANES = 16,  /* of dot and relu_gap: part of the definition */
    KERN_BLOCK = 256, /* terms of a chain: part of the definition */
    KERN_FEW = 4,     /* rows that kern_few takes */
    KERN_MR_MAX = 8,  /* rows and columns of the largest tile of any level: what buffers are made for */
    KERN_NR_MAX = 24,
    /* columns kern_few keeps partial sums of: 64 KB for 4 rows; 512 took 1.4 times as long (short runs along B) */
    KERN_COLUMNS = 2048
};

/* What a level computes: the functions of these names below. */
struct kern_level {
    const char *name;
    bool (*available)(void); /* on this machine */
    size_t mr, nr;           /* rows and columns of a tile of C */
    double (*fma)(double a, double b, double c);
    double (*dot)(size_t n, const double *x, const double *y);
    void (*axpy)(size_t n, double a, const double *x, double *y);
    void (*rot)(size_t n, double s, double tau, double *x, double *y);
    void (*pack)(size_t k, size_t n, const double *b, size_t ldb, double *out);
    void (*tile)(
        size_t k, const double *a, size_t a_row, size_t a_col, const double *b, double *c, size_t ldc, bool add);
    void (*few)(
        size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc);
    void (*small)(
        size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc);
    void (*stream)(size_t n, const double *from, double *to);
    void (*gap)(size_t pairs, size_t n, const double *w1, const double *w2, size_t tiles, const double *x, double *out,
        size_t stride);
    size_t (*near)(size_t n, const double *tile, const double *q, double r2);
    double (*peak)(size_t n);
};

/* Combines the 16 lanes of a sum. */
static double kern_combine(double *lane)
{
    for (int h = KERN_LANES / 2; h; h /= 2)
        for (int l = 0; l < h; l++)
            lane[l] += lane[l + h];
    return lane[0];
}

#if FMA_X86
#define KERN_PASS 1
#include "skipverify.c"
#undef KERN_PASS
#define KERN_PASS 2
#include "skipverify.c"
#undef KERN_PASS
#define KERN_PASS 3
#include "skipverify.c"
#undef KERN_PASS
#else
#define KERN_PASS 0
#include "skipverify.c"
#undef KERN_PASS
#endif

#else /* from here on: compiled once per level */

#if KERN_PASS == 1
#define KERN(name) kern_sse2_##name
#define KERN_TARGET
#define KERN_W 2
#define VFMA(a, b, c) fma_two(a, b, c)
#define VSPLAT(x) (vd) _mm_set1_pd(x)
#define VRELU(x) (vd) _mm_max_pd((__m128d)(x), _mm_setzero_pd())
#define VSTREAM(p, x) _mm_stream_pd(p, (__m128d)(x))
#define FMA1(a, b, c) fma_soft(a, b, c)
enum { kern_sse2_MR = 2, kern_sse2_NV = 2, kern_sse2_PAIRS = 1, kern_sse2_GV = 1, kern_sse2_DEPTH = 1 };
#elif KERN_PASS == 2
#define KERN(name) kern_avx2_##name
#define KERN_TARGET __attribute__((target("avx2,fma")))
#define KERN_W 4
#define VFMA(a, b, c) (vd) _mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c))
#define VSPLAT(x) (vd) _mm256_set1_pd(x)
#define VRELU(x) (vd) _mm256_max_pd((__m256d)(x), _mm256_setzero_pd())
#define VSTREAM(p, x) _mm256_stream_pd(p, (__m256d)(x))
#define FMA1(a, b, c) _mm_cvtsd_f64(_mm_fmadd_sd(_mm_set_sd(a), _mm_set_sd(b), _mm_set_sd(c)))
enum { kern_avx2_MR = 4, kern_avx2_NV = 3, kern_avx2_PAIRS = 3, kern_avx2_GV = 2, kern_avx2_DEPTH = 8 };
#elif KERN_PASS == 3
#define KERN(name) kern_avx512_##name
#define KERN_TARGET __attribute__((target("avx512f,avx2,fma")))
#define KERN_W 8
#define VFMA(a, b, c) (vd) _mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c))
#define VSPLAT(x) (vd) _mm512_set1_pd(x)
#define VRELU(x) (vd) _mm512_max_pd((__m512d)(x), _mm512_setzero_pd())
#define VSTREAM(p, x) _mm512_stream_pd(p, (__m512d)(x))
#define FMA1(a, b, c) _mm_cvtsd_f64(_mm_fmadd_sd(_mm_set_sd(a), _mm_set_sd(b), _mm_set_sd(c)))
enum { kern_avx512_MR = 8, kern_avx512_NV = 3, kern_avx512_PAIRS = 6, kern_avx512_GV = 2, kern_avx512_DEPTH = 8 };
#else
#define KERN(name) kern_native_##name
#define KERN_TARGET
#define KERN_W 2
#if defined __aarch64__
#define VFMA(a, b, c) (vd) vfmaq_f64((float64x2_t)(c), (float64x2_t)(a), (float64x2_t)(b))
#elif FMA_NATIVE
#define VFMA(a, b, c) kern_native_lanes(a, b, c)
#else
#define VFMA(a, b, c) fma_two(a, b, c)
#endif
#define VSPLAT(x) \
    (vd) { x, x }
#define VRELU(x) (vd)((fma_i2)(x) & (fma_i2)((x) > (vd) { 0, 0 }))
#if FMA_NATIVE
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#else
#define FMA1(a, b, c) fma_soft(a, b, c)
#endif
enum { kern_native_MR = 4, kern_native_NV = 4, kern_native_PAIRS = 3, kern_native_GV = 2, kern_native_DEPTH = 8 };
#if FMA_NATIVE && !defined __aarch64__
FMA_INLINE fma_v2 kern_native_lanes(fma_v2 a, fma_v2 b, fma_v2 c)
{
    return (fma_v2) { __builtin_fma(a[0], b[0], c[0]), __builtin_fma(a[1], b[1], c[1]) };
}
#endif
#endif
#define vd KERN(vd)
#define KERN_FN KERN_TARGET static
#define KERN_INLINE KERN_TARGET FMA_INLINE
typedef double vd __attribute__((vector_size(8 * KERN_W)));
/* no compiler error: its tile fits */
typedef char KERN(tile_fits)[(int)KERN(MR) <= KERN_MR_MAX && KERN(NV) * KERN_W <= KERN_NR_MAX ? 1 : -1];
/* a vector anywhere in an array of doubles */
typedef double KERN(loose) __attribute__((vector_size(8 * KERN_W), aligned(8), may_alias));

KERN_INLINE vd KERN(load)(const double *p) { return (vd) * (const KERN(loose) *)p; }

KERN_INLINE void KERN(store)(double *p, vd x) { *(KERN(loose) *)p = (KERN(loose))x; }

KERN_FN double KERN(fma)(double a, double b, double c) { return FMA1(a, b, c); }

/* x . y in the order of summation above; the last, incomplete step is padded with zeros. */
KERN_FN double KERN(dot)(size_t n, const double *x, const double *y)
{
    enum { V = KERN_LANES / KERN_W };
    vd s[V];
    double lane[KERN_LANES];
    size_t k = 0;
    for (int v = 0; v < V; v++)
        s[v] = VSPLAT(0.0);
    for (; k + KERN_LANES <= n; k += KERN_LANES) {
#pragma GCC unroll 8
        for (int v = 0; v < V; v++)
            s[v] = VFMA(KERN(load)(x + k + v * KERN_W), KERN(load)(y + k + v * KERN_W), s[v]);
    }
    for (int v = 0; v < V; v++)
        KERN(store)(lane + v * KERN_W, s[v]);
    if (k < n)
        for (size_t l = 0; l < KERN_LANES; l++)
            lane[l] = FMA1(k + l < n ? x[k + l] : 0, k + l < n ? y[k + l] : 0, lane[l]);
    return kern_combine(lane);
}

/* y += a x. */
KERN_FN void KERN(axpy)(size_t n, double a, const double *x, double *y)
{
    size_t k = 0;
    for (; k + KERN_W <= n; k += KERN_W)
        KERN(store)(y + k, VFMA(VSPLAT(a), KERN(load)(x + k), KERN(load)(y + k)));
    for (; k < n; k++)
        y[k] = FMA1(a, x[k], y[k]);
}

/* Rutishauser's rotation: (x, y) <- (x - s (y + tau x), y + s (x - tau y)), both from the old values. */
KERN_FN void KERN(rot)(size_t n, double s, double tau, double *x, double *y)
{
    size_t k = 0;
    for (; k + KERN_W <= n; k += KERN_W) {
        vd a = KERN(load)(x + k);
        vd b = KERN(load)(y + k);
        KERN(store)(x + k, VFMA(VSPLAT(-s), VFMA(VSPLAT(tau), a, b), a));
        KERN(store)(y + k, VFMA(VSPLAT(s), VFMA(VSPLAT(-tau), b, a), b));
    }
    for (; k < n; k++) {
        double a = x[k];
        double b = y[k];
        x[k] = FMA1(-s, FMA1(tau, a, b), a);
        y[k] = FMA1(s, FMA1(-tau, b, a), b);
    }
}

/* n fmas (a multiple of 96) in twelve independent chains and no memory: what the machine can do at most. */
KERN_FN double KERN(peak)(size_t n)
{
    vd s[12];
    double lane[KERN_W];
    for (int i = 0; i < 12; i++)
        s[i] = VSPLAT(i);
    for (size_t k = 0; k < n; k += 12 * KERN_W) {
#pragma GCC unroll 12
        for (int i = 0; i < 12; i++)
            s[i] = VFMA(s[i], VSPLAT(0.5), VSPLAT(0.25));
    }
    for (int i = 1; i < 12; i++)
        s[0] += s[i];
    KERN(store)(lane, s[0]);
    return lane[0];
}

/* Copies k x n of B into panels of nr columns, each k x nr and contiguous, the last padded with zeros. Eight rows at
   a time, so that few cache lines of B are open at once even when ldb is a power of two. */
KERN_FN void KERN(pack)(size_t k, size_t n, const double *b, size_t ldb, double *out)
{
    enum { NR = KERN(NV) * KERN_W, ROWS = 8 };
    for (size_t p = 0; p < k; p += ROWS) {
        size_t rows = min_size(k - p, ROWS);
        for (size_t j = 0; j < n; j += NR) {
            const double *from = b + p * ldb + j;
            double *to = out + j * k + p * NR;
            for (size_t r = 0; r < rows; r++, from += ldb, to += NR) {
                if (j + NR <= n) {
#pragma GCC unroll 4
                    for (int v = 0; v < KERN(NV); v++)
                        KERN(store)(to + v * KERN_W, KERN(load)(from + v * KERN_W));
                } else {
                    for (size_t l = 0; l < NR; l++)
                        to[l] = j + l < n ? from[l] : 0;
                }
            }
        }
    }
}

/* C = A B, or C += A B, for one tile: A is mr x k with entry (i, p) at a[i * a_row + p * a_col], B a packed panel,
   k <= KERN_BLOCK. */
KERN_FN void KERN(tile)(
    size_t k, const double *a, size_t a_row, size_t a_col, const double *b, double *c, size_t ldc, bool add)
{
    enum { MR = KERN(MR), NV = KERN(NV) };
    vd s[MR][NV];
#pragma GCC unroll 8
    for (int i = 0; i < MR; i++) {
        __builtin_prefetch(c + (size_t)i * ldc, 1);
        __builtin_prefetch(c + (size_t)i * ldc + NV * KERN_W - 1, 1);
#pragma GCC unroll 4
        for (int v = 0; v < NV; v++)
            s[i][v] = VSPLAT(0.0);
    }
#pragma GCC unroll 4
    for (size_t p = 0; p < k; p++, a += a_col, b += NV * KERN_W) {
        vd row[NV];
#pragma GCC unroll 4
        for (int v = 0; v < NV; v++)
            row[v] = KERN(load)(b + v * KERN_W);
#pragma GCC unroll 8
        for (int i = 0; i < MR; i++) {
            vd x = VSPLAT(a[(size_t)i * a_row]);
#pragma GCC unroll 4
            for (int v = 0; v < NV; v++)
                s[i][v] = VFMA(x, row[v], s[i][v]);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < MR; i++) {
        double *row = c + (size_t)i * ldc;
#pragma GCC unroll 4
        for (int v = 0; v < NV; v++)
            KERN(store)(row + v * KERN_W, add ? KERN(load)(row + v * KERN_W) + s[i][v] : s[i][v]);
    }
}

/* C = A B by the definition alone, for matrices too small to pack. */
KERN_FN void KERN(small)(
    size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++, a += lda, c += ldc) {
        size_t j = 0;
        for (; j + KERN_W <= n; j += KERN_W) {
            vd sum = VSPLAT(0.0);
            for (size_t p = 0; p < k; p += KERN_BLOCK) {
                vd s = VSPLAT(0.0);
                for (size_t q = p; q < k && q < p + KERN_BLOCK; q++)
                    s = VFMA(VSPLAT(a[q]), KERN(load)(b + q * ldb + j), s);
                sum = p ? sum + s : s;
            }
            KERN(store)(c + j, sum);
        }
        for (; j < n; j++) {
            double sum = 0;
            for (size_t p = 0; p < k; p += KERN_BLOCK) {
                double s = 0;
                for (size_t q = p; q < k && q < p + KERN_BLOCK; q++)
                    s = FMA1(a[q], b[q * ldb + j], s);
                sum = p ? sum + s : s;
            }
            c[j] = sum;
        }
    }
}

/* s += A B for `rows` rows of A, `depth` rows of B and n columns (a multiple of two vectors); rows and depth are
   constants of the caller. */
KERN_INLINE void KERN(few_step)(
    int rows, int depth, size_t n, const double *a, size_t lda, const double *b, size_t ldb, double *s)
{
    for (size_t j = 0; j < n; j += 2 * KERN_W) {
        vd s0[KERN_FEW], s1[KERN_FEW];
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            s0[i] = KERN(load)(s + i * KERN_COLUMNS + j);
            s1[i] = KERN(load)(s + i * KERN_COLUMNS + j + KERN_W);
        }
#pragma GCC unroll 8
        for (int p = 0; p < depth; p++) {
            const double *row = b + (size_t)p * ldb + j;
            vd b0 = KERN(load)(row);
            vd b1 = KERN(load)(row + KERN_W);
#pragma GCC unroll 4
            for (int i = 0; i < rows; i++) {
                vd x = VSPLAT(a[(size_t)i * lda + (size_t)p]);
                s0[i] = VFMA(x, b0, s0[i]);
                s1[i] = VFMA(x, b1, s1[i]);
            }
        }
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            KERN(store)(s + i * KERN_COLUMNS + j, s0[i]);
            KERN(store)(s + i * KERN_COLUMNS + j + KERN_W, s1[i]);
        }
    }
}

/* C = A B for `rows` rows (a constant of the caller) and n <= KERN_COLUMNS columns: partial sums stay in the
   first-level cache while B streams by, once and in order. */
KERN_INLINE void KERN(few_rows)(
    int rows, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc)
{
    enum { DEPTH = KERN(DEPTH) };
    double s[KERN_FEW * KERN_COLUMNS];
    for (size_t p = 0; p < k; p += KERN_BLOCK) {
        size_t q = p;
        size_t end = min_size(k, p + KERN_BLOCK);
        memset(s, 0, sizeof s);
        for (; DEPTH > 1 && q + DEPTH <= end; q += DEPTH)
            KERN(few_step)(rows, DEPTH, n, a + q, lda, b + q * ldb, ldb, s);
        for (; q < end; q++)
            KERN(few_step)(rows, 1, n, a + q, lda, b + q * ldb, ldb, s);
        for (int i = 0; i < rows; i++) {
            double *to = c + (size_t)i * ldc;
            const double *sum = s + i * KERN_COLUMNS;
            for (size_t j = 0; j < n; j++)
                to[j] = p ? to[j] + sum[j] : sum[j];
        }
    }
}

/* C = A B for m <= KERN_FEW: B is too large to be read twice and used too little to be packed. */
KERN_FN void KERN(few)(
    size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc)
{
    size_t whole = n / (2 * KERN_W) * (2 * KERN_W);
    for (size_t j = 0; j < whole; j += KERN_COLUMNS) {
        size_t columns = min_size(whole - j, KERN_COLUMNS);
        if (m == 1)
            KERN(few_rows)(1, columns, k, a, lda, b + j, ldb, c + j, ldc);
        if (m == 2)
            KERN(few_rows)(2, columns, k, a, lda, b + j, ldb, c + j, ldc);
        if (m == 3)
            KERN(few_rows)(3, columns, k, a, lda, b + j, ldb, c + j, ldc);
        if (m == 4)
            KERN(few_rows)(4, columns, k, a, lda, b + j, ldb, c + j, ldc);
    }
    KERN(small)(m, n - whole, k, a, lda, b + whole, ldb, c + whole, ldc);
}

/* Copies to memory that will not be read soon, past the caches where the machine can. */
KERN_FN void KERN(stream)(size_t n, const double *from, double *to)
{
#ifdef VSTREAM
    size_t j = 0;
    for (; j < n && (uintptr_t)(to + j) % sizeof(vd); j++)
        to[j] = from[j];
    for (; j + KERN_W <= n; j += KERN_W)
        VSTREAM(to + j, KERN(load)(from + j));
    for (; j < n; j++)
        to[j] = from[j];
#else
    memcpy(to, from, n * sizeof *to);
#endif
}

/* lane += (max(p, 0) - max(q, 0))^2, p = w1 X, q = w2 X, for `pairs` rows w1, w2 (a constant of the caller) and 16
   samples X (n x 16). */
KERN_INLINE void KERN(gap_tile)(int pairs, size_t n, const double *w1, const double *w2, const double *x, double *lane)
{
    enum { G = KERN(PAIRS), V = KERN(GV) };
    for (int h = 0; h < KERN_LANES; h += V * KERN_W) {
        vd p[G][V], q[G][V];
#pragma GCC unroll 8
        for (int i = 0; i < pairs; i++)
#pragma GCC unroll 4
            for (int v = 0; v < V; v++) {
                p[i][v] = VSPLAT(0.0);
                q[i][v] = VSPLAT(0.0);
            }
        for (size_t k = 0; k < n; k++) {
            vd row[V];
#pragma GCC unroll 4
            for (int v = 0; v < V; v++)
                row[v] = KERN(load)(x + k * KERN_LANES + (size_t)(h + v * KERN_W));
#pragma GCC unroll 8
            for (int i = 0; i < pairs; i++) {
                vd a = VSPLAT(w1[(size_t)i * n + k]);
                vd b = VSPLAT(w2[(size_t)i * n + k]);
#pragma GCC unroll 4
                for (int v = 0; v < V; v++) {
                    p[i][v] = VFMA(a, row[v], p[i][v]);
                    q[i][v] = VFMA(b, row[v], q[i][v]);
                }
            }
        }
#pragma GCC unroll 8
        for (int i = 0; i < pairs; i++)
#pragma GCC unroll 4
            for (int v = 0; v < V; v++) {
                double *at = lane + i * KERN_LANES + h + v * KERN_W;
                vd d = VRELU(p[i][v]) - VRELU(q[i][v]);
                KERN(store)(at, VFMA(d, d, KERN(load)(at)));
            }
    }
}

/* One block of samples, x in tiles of n x 16: out[i * stride] = the sum for pair i. A chunk of pairs and a tile fit
   the first-level cache. */
KERN_FN void KERN(gap)(size_t pairs, size_t n, const double *w1, const double *w2, size_t tiles, const double *x,
    double *out, size_t stride)
{
    enum { CHUNK = 48, G = KERN(PAIRS) };
    double lane[CHUNK * KERN_LANES];
    for (size_t first = 0; first < pairs; first += CHUNK) {
        size_t count = min_size(pairs - first, CHUNK);
        memset(lane, 0, sizeof lane);
        for (size_t t = 0; t < tiles; t++) {
            const double *tile = x + t * n * KERN_LANES;
            size_t i = 0;
            for (; i + G <= count; i += G)
                KERN(gap_tile)(G, n, w1 + (first + i) * n, w2 + (first + i) * n, tile, lane + i * KERN_LANES);
            for (; i < count; i++)
                KERN(gap_tile)(1, n, w1 + (first + i) * n, w2 + (first + i) * n, tile, lane + i * KERN_LANES);
        }
        for (size_t i = 0; i < count; i++)
            out[(first + i) * stride] = kern_combine(lane + i * KERN_LANES);
    }
}

/* How many of the 16 rows v of a tile (n x 16) have |v - q|^2 <= r2. The sum runs over ascending k, each operation
   rounded: no fma, so that the same costs little everywhere. */
KERN_FN size_t KERN(near)(size_t n, const double *tile, const double *q, double r2)
{
    vd limit = VSPLAT(r2);
    __typeof__(limit <= limit) hits = limit < limit; /* none; a comparison gives -1 in the lanes where it holds */
    size_t count = 0;
    for (size_t h = 0; h < KERN_LANES; h += 2 * KERN_W) {
        vd a = VSPLAT(0.0);
        vd b = VSPLAT(0.0);
        for (size_t k = 0; k < n; k++) {
            vd at = VSPLAT(q[k]);
            vd d = KERN(load)(tile + k * KERN_LANES + h) - at;
            vd e = KERN(load)(tile + k * KERN_LANES + h + KERN_W) - at;
            a += d * d;
            b += e * e;
        }
        hits += (a <= limit) + (b <= limit);
    }
    for (int l = 0; l < KERN_W; l++)
        count += (size_t)-hits[l];
    return count;
}

#define KERN_ROW(name, available)                                                                              \
    {                                                                                                          \
        name, available, KERN(MR), KERN(NV) * KERN_W, KERN(fma), KERN(dot), KERN(axpy), KERN(rot), KERN(pack), \
            KERN(tile), KERN(few), KERN(small), KERN(stream), KERN(gap), KERN(near), KERN(peak)                \
    }
static bool KERN(available)(void)
{
#if KERN_PASS == 2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#elif KERN_PASS == 3
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return true;
#endif
}
#if KERN_PASS == 1
static const struct kern_level kern_sse2 = KERN_ROW("sse2", kern_sse2_available);
#elif KERN_PASS == 2
static const struct kern_level kern_avx2 = KERN_ROW("avx2", kern_avx2_available);
#elif KERN_PASS == 3
static const struct kern_level kern_avx512 = KERN_ROW("avx512", kern_avx512_available);
#else
static const struct kern_level kern_native = KERN_ROW("native", kern_native_available);
#endif
#undef KERN
#undef KERN_TARGET
#undef KERN_W
#undef KERN_FN
#undef KERN_INLINE
#undef KERN_ROW
#undef VFMA
#undef VSPLAT
#undef VRELU
#undef VSTREAM
#undef FMA1
#undef vd
#endif /* up to here: compiled once per level */

#ifndef KERN_PASS
/// 2 Dispatch ///

/* One table of the levels compiled above, slowest first; the last one this machine has is the default. (On x86,
   __builtin_cpu_supports also asks whether the system saves the registers.) */
#if FMA_X86
static const struct kern_level *const kern_table[] = { &kern_sse2, &kern_avx2, &kern_avx512 };
#else
static const struct kern_level *const kern_table[] = { &kern_native };
#endif
static const struct kern_level *kern_now;

static const struct kern_level *const *kern_levels(size_t *count)
{
    *count = COUNT(kern_table);
    return kern_table;
}

/* Chooses the level of that name, or the best one for NULL. Nonzero, and nothing chosen, if there is none such or the
   machine lacks it. */
static int kern_choose(const char *name)
{
    const struct kern_level *best = NULL;
    for (size_t i = 0; i < COUNT(kern_table); i++)
        if ((!name || !strcmp(name, kern_table[i]->name)) && kern_table[i]->available())
            best = kern_table[i];
    if (best)
        kern_now = best;
    return !best;
}

/* Before main, so that no call has to ask whether a level has been chosen. */
static __attribute__((constructor)) void kern_start(void)
{
#if FMA_X86
    __builtin_cpu_init();
#endif
    kern_choose(NULL);
}

/* a*b + c, rounded once. */
static inline double fma1(double a, double b, double c)
{
#if FMA_NATIVE
    return __builtin_fma(a, b, c);
#else
    return kern_now->fma(a, b, c);
#endif
}

static inline double kern_dot(size_t n, const double *x, const double *y) { return kern_now->dot(n, x, y); }

static inline void kern_axpy(size_t n, double a, const double *x, double *y) { kern_now->axpy(n, a, x, y); }

static inline void kern_rot(size_t n, double s, double tau, double *x, double *y) { kern_now->rot(n, s, tau, x, y); }

/// 2 Probe ///

/* What the compiler or the environment may have changed behind our back. Each test reads volatile data, so that it
   is made by the running machine and not by the compiler. probe_environment (`3 Enclosures`) adds what rests on more
   than the operations themselves. */

static bool probe_contracted(void)
{
    static volatile double a = 1 + 0x1p-30;
    static volatile double b = 1 - 0x1p-30;
    static volatile double c = -1; /* a b = 1 - 2^-60 rounds to 1 */
    return a * b + c != 0;
}

static bool probe_nearest(void)
{
    static volatile double one = 1;
    static volatile double tiny = 0x1p-60;
    return one + tiny == one && -one - tiny == -one && one - tiny == one && one + 0x1.8p-53 * one > one;
}

static bool probe_keeps_subnormals(void)
{
    static volatile double least = 0x1p-1022;
    static volatile double half = 0.5;
    static volatile double sub = 0x1p-1074;
    return least * half != 0 && sub + sub == 0x1p-1073 && sub * 0x1p1000 == 0x1p-74;
}

/* What belongs to a thread and its own code can change: rounding, subnormals and, where it can be asked for cheaply,
   that no exception is trapped. */
static bool env_is_default(void)
{
#if FMA_X86
    enum { DAZ = 0x40, UNTRAPPED = 0x1f80, ROUNDING = 0x6000, FTZ = 0x8000 };
    return (_mm_getcsr() & (DAZ | UNTRAPPED | ROUNDING | FTZ)) == UNTRAPPED;
#else
    return probe_nearest() && probe_keeps_subnormals();
#endif
}

/* Rounding to nearest, subnormals kept, nothing trapped: for a thread of our own. */
static void env_set_default(void)
{
    fesetenv(FE_DFL_ENV);
#if FMA_X86
    _mm_setcsr(0x1f80);
#endif
}

static bool probe_extended(void)
{
    static volatile double big = DBL_MAX;
    static volatile double two = 2;
    static volatile double one = 1;
    static volatile double small = 0x1.8p-53;
    return big * two * 0.5 == big || (one + small) - one != 0x1p-52;
}

/* Rows: a, b, c, a*b + c rounded once. */
static const double probe_cases[][4] = {
    /* what two roundings lose; full cancellation */
    { 0x1.0000002p0, 0x1.ffffffcp-1, -1, -0x1p-54 },
    { 0x1.0000000000001p0, 0x1.0000000000001p0, -0x1.0000000000002p0, 0x1p-104 },
    /* far below the last place, of normal and of subnormal numbers */
    { 0x1p-600, 0x1p-600, 1, 1 },
    { -0x1p-600, 0x1p-600, 0x1p-1074, 0x1p-1074 },
    /* halfway between subnormals: to even; just above */
    { 0x1p-537, 0x1p-538, 0x1p-1074, 0x1p-1073 },
    { 0x1p-537, 0x1p-538, 0, 0 },
    { 0x1.8p-537, 0x1p-538, 0, 0x1p-1074 },
    /* halfway between normal numbers: to even, up; just below; just above; above by the last bit of 2^105 + 1 */
    { 0x1p-53, 1, 0x1.0000000000001p0, 0x1.0000000000002p0 },
    { 0x1.fffffffffffffp-54, 1, 0x1.0000000000001p0, 0x1.0000000000001p0 },
    { 0x1p-53, 0x1.0000000000001p0, 1, 0x1.0000000000001p0 },
    { 0x1.013b18adb4cc9p52, 0x1.fd8cd299e8d79p52, 0x1p158, 0x1.0000000000001p158 },
    /* the product alone would overflow */
    { 0x1p1000, 0x1p1000, -__builtin_inf(), -__builtin_inf() },
    { 0x1p512, 0x1p512, -DBL_MAX, 0x1p971 },
    /* exact 2^-1126, below all doubles */
    { 0x1.0000000000001p-511, 0x1.0000000000001p-511, -0x1.0000000000002p-1022, 0 },
    /* signs of zero: both parts, one, a sum that cancels, products of zeros (valgrind 3.19 gets some wrong) */
    { -0.0, 1, -0.0, -0.0 },
    { 0.0, -1, -0.0, -0.0 },
    { -0.0, -1, -0.0, 0.0 },
    { 0.0, 1, -0.0, 0.0 },
    { 1, 1, -1, 0.0 },
    { -1, 1, 1, 0.0 },
};

/* NULL, or which of the three fmas (the chosen one, the one in software, the one of vectors) gets a row wrong. */
static const char *probe_fma(void)
{
    for (size_t i = 0; i < COUNT(probe_cases); i++) {
        volatile double a = probe_cases[i][0];
        volatile double b = probe_cases[i][1];
        volatile double c = probe_cases[i][2];
        uint64_t right = bits_of(probe_cases[i][3]);
        double x[KERN_LANES], y[KERN_LANES];
        for (int l = 0; l < KERN_LANES; l++) {
            x[l] = b;
            y[l] = c;
        }
        kern_axpy(KERN_LANES, a, x, y);
        if (bits_of(fma1(a, b, c)) != right)
            return "fma is not correctly rounded on this machine";
        if (bits_of(fma_soft(a, b, c)) != right)
            return "the software fma is not correctly rounded as compiled";
        for (int l = 0; l < KERN_LANES; l++)
            if (bits_of(y[l]) != right)
                return "the fma of vectors is not correctly rounded as compiled";
    }
    return NULL;
}

/* Sums, differences and products of operands at all distances, against integers. (Software doubles of gcc 12 for ARM
   without a floating-point unit, run under qemu, get 1 - 0x1.62eac2ac0312ep-33 wrong.) */
static bool probe_rounds(void)
{
    static volatile double m[] = { 1, 0x1.62eac2ac0312ep0, 0x1.fffffffffffffp0, 0x1.0000000000001p0,
        0x1.5555555555555p0 };
    for (size_t i = 0; i < COUNT(m); i++)
        for (size_t j = 0; j < COUNT(m); j++)
            for (int k = 0; k <= 66; k++) {
                volatile double a = m[i];
                volatile double b = m[j] * two_to(-k);
                if (bits_of(a + b) != bits_of(fma_soft(a, 1, b)) || bits_of(a - b) != bits_of(fma_soft(b, -1, a)) ||
                    bits_of(a * b) != bits_of(fma_soft(a, b, 0)))
                    return false;
            }
    return true;
}

/* NULL, or one sentence on why figures computed here would not be the defined ones. */
static const char *probe_arithmetic(void)
{
#ifdef __i386__
    static const char extended[] = "doubles are computed in extended precision: compile with -msse2 -mfpmath=sse";
#else
    static const char extended[] = "this machine computes doubles in extended precision: IEEE binary64 is needed";
#endif
    if (FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD == 2)
        return extended;
    if (!probe_nearest())
        return "the rounding mode is not to nearest";
    if (probe_extended())
        return extended;
    if (!probe_keeps_subnormals())
        return "subnormal numbers are flushed to zero";
    if (probe_contracted())
        return "the compiler fuses a*b + c on its own: compile with -ffp-contract=off";
    const char *fma = probe_fma();
    if (fma)
        return fma;
    return probe_rounds() ? NULL : "a sum, difference or product is not correctly rounded on this machine";
}

/// 2 Threads ///

/* A pool of sleeping workers and one operation: run fn for i = 0, ..., n - 1, each i once, in any order, on any
   thread. No result may depend on that, and none does: tasks write disjoint memory and no sum crosses a task. */
enum {
    /* looks at the job number before sleeping: some microseconds, so that products in a row need no wake-up */
    THR_SPIN = 2000,
    THR_STACK = 1 << 20 /* bytes; musl's default of 128 KB is too close to what kernels use */
};

static struct {
    pthread_mutex_t lock, owner; /* owner: held by the caller whose job runs */
    pthread_cond_t work, done;
    int wanted;      /* threads to use, 0: as many as cores */
    int workers;     /* created so far */
    int seats, busy; /* workers the job still takes, workers at it */
    unsigned serial; /* number of the job: tells a worker that it is a new one */
    size_t n, next;
    void (*fn)(void *ctx, size_t i);
    void *ctx;
} thr_pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
    .owner = PTHREAD_MUTEX_INITIALIZER,
    .work = PTHREAD_COND_INITIALIZER,
    .done = PTHREAD_COND_INITIALIZER };

/* Cores that this process may use: those of its affinity mask, which taskset, Slurm and containers set; where the
   mask is larger than cpu_set_t (1,024), those online. */
static int thr_cores(void)
{
    cpu_set_t mask;
    long cores = sched_getaffinity(0, sizeof mask, &mask) ? sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&mask);
    return cores < 1 ? 1 : cores > SKV_MAX_THREADS ? SKV_MAX_THREADS : (int)cores;
}

/* Threads to use: those asked for, else as many as cores. */
static int thr_count(void)
{
    int wanted = __atomic_load_n(&thr_pool.wanted, __ATOMIC_RELAXED);
    return wanted ? wanted : thr_cores();
}

/* Uses n threads from now on, 0: as many as cores. */
static int thr_use(int n)
{
    if (n < 0 || n > SKV_MAX_THREADS)
        return 1;
    __atomic_store_n(&thr_pool.wanted, n, __ATOMIC_RELAXED);
    return 0;
}

/* Runs tasks of the present job until there are none left. */
static void thr_tasks(void)
{
    for (size_t i; (i = __atomic_fetch_add(&thr_pool.next, 1, __ATOMIC_RELAXED)) < thr_pool.n;)
        thr_pool.fn(thr_pool.ctx, i);
}

/* From now on this thread takes no signals but those that its own instructions raise. */
static void thr_deaf(void)
{
    static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS };
    sigset_t set;
    sigfillset(&set);
    for (size_t i = 0; i < COUNT(own); i++)
        sigdelset(&set, own[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* A worker's life: waits for a job it has not seen, takes a seat if there is one left, and works. seen_serial: the
   number of the last job before it was created. */
static void *thr_worker(void *seen_serial)
{
    unsigned seen = (unsigned)(uintptr_t)seen_serial;
    thr_deaf();
    env_set_default(); /* not its creator's */
    for (;;) {
        for (int i = 0; i < THR_SPIN && __atomic_load_n(&thr_pool.serial, __ATOMIC_RELAXED) == seen; i++)
            __asm__ volatile("" ::: "memory");
        pthread_mutex_lock(&thr_pool.lock);
        while (thr_pool.serial == seen)
            pthread_cond_wait(&thr_pool.work, &thr_pool.lock);
        seen = thr_pool.serial;
        bool take = thr_pool.seats > 0;
        if (take) {
            thr_pool.seats--;
            thr_pool.busy++;
        }
        pthread_mutex_unlock(&thr_pool.lock);
        if (!take)
            continue;
        thr_tasks();
        pthread_mutex_lock(&thr_pool.lock);
        if (--thr_pool.busy == 0)
            pthread_cond_signal(&thr_pool.done);
        pthread_mutex_unlock(&thr_pool.lock);
    }
    return NULL;
}

/* A thread with a stack of our size; nobody waits for it where it is detached. false: the system has none. */
static bool thr_start(pthread_t *id, bool detached, void *(*fn)(void *), void *ctx)
{
    pthread_attr_t attr;
    if (pthread_attr_init(&attr))
        return false;
    pthread_attr_setstacksize(&attr, THR_STACK);
    pthread_attr_setdetachstate(&attr, detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
    int error = pthread_create(id, &attr, fn, ctx);
    pthread_attr_destroy(&attr);
    return !error;
}

/* Creates workers up to that number, as far as the system allows; call with the lock held. */
static void thr_grow(int workers)
{
    pthread_t id;
    while (thr_pool.workers < workers && thr_start(&id, true, thr_worker, (void *)(uintptr_t)thr_pool.serial))
        thr_pool.workers++;
}

/* Offers a job to that many workers and wakes them; call as the owner. */
static void thr_open(size_t n, void (*fn)(void *ctx, size_t i), void *ctx, int workers)
{
    pthread_mutex_lock(&thr_pool.lock);
    thr_grow(workers);
    thr_pool.n = n;
    thr_pool.next = 0;
    thr_pool.fn = fn;
    thr_pool.ctx = ctx;
    thr_pool.seats = workers;
    __atomic_store_n(&thr_pool.serial, thr_pool.serial + 1, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&thr_pool.work);
    pthread_mutex_unlock(&thr_pool.lock);
}

/* Waits for the workers at the job; who has not come yet is not needed. */
static void thr_close(void)
{
    pthread_mutex_lock(&thr_pool.lock);
    thr_pool.seats = 0;
    while (thr_pool.busy)
        pthread_cond_wait(&thr_pool.done, &thr_pool.lock);
    pthread_mutex_unlock(&thr_pool.lock);
}

/* fn(ctx, i) for i < n. Serial for a single task or thread, and while a job holds the pool: another thread's, or the
   one this call is a task of. */
static void thr_for(size_t n, void (*fn)(void *ctx, size_t i), void *ctx)
{
    int threads = thr_count();
    if ((size_t)threads > n)
        threads = (int)n;
    if (threads <= 1 || pthread_mutex_trylock(&thr_pool.owner)) {
        for (size_t i = 0; i < n; i++)
            fn(ctx, i);
        return;
    }
    thr_open(n, fn, ctx, threads - 1);
    thr_tasks();
    thr_close();
    pthread_mutex_unlock(&thr_pool.owner);
}

typedef struct {
    void (*fn)(void *ctx);
    void *ctx;
} thr_call;

static void *thr_called(void *call)
{
    const thr_call *c = call;
    c->fn(c->ctx);
    return NULL;
}

/* fn(ctx) on a stack of at least THR_STACK bytes, whatever ulimit -s gives the first thread. false: there is none. */
static bool thr_with_stack(void (*fn)(void *ctx), void *ctx)
{
    thr_call call = { fn, ctx };
    struct rlimit limit;
    pthread_t id;
    if (thr_start(&id, false, thr_called, &call))
        return pthread_join(id, NULL) == 0;
    if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur < THR_STACK)
        return false;
    fn(ctx);
    return true;
}

/// 3 Enclosures ///

/* A scalar that decides a verdict is an enclosure: an interval [lo, hi] that contains the exact real value. The one
   contract is inclusion: whatever lies in the arguments, the exact result lies in the result. Sums, products,
   quotients and roots are tight: the rounding error of the nearest result is itself computed (exactly, by fma or
   two-sum), and an end moves by one ulp only where that error is not zero. So arithmetic on short dyadic numbers
   stays exact, and a degenerate result [x, x] is a proof of equality. A NaN anywhere ends as [-inf, inf]: nothing
   known, never a pass. */

typedef struct {
    double lo, hi;
} iv;

/* The next double above x; infinity stays, and so does a NaN. */
static double next_up(double x)
{
    if (x != x || x == INFINITY)
        return x;
    if (x == 0)
        return 0x1p-1074;
    return double_of(x > 0 ? bits_of(x) + 1 : bits_of(x) - 1);
}

static double next_down(double x) { return -next_up(-x); }

/* Precondition for reading a rounding error exactly: nothing below 2^-1074 and nothing overflows on the way. A
   product or quotient p with 2^-960 <= |p| <= 2^1000 has an error term of at least 2^-1066, a multiple of 2^-1074;
   outside that range the ends are widened unread. */
static bool error_is_exact(double p) { return __builtin_fabs(p) >= 0x1p-960 && __builtin_fabs(p) <= 0x1p1000; }

/* The largest double known not to exceed a + b. Why: two-sum's e is exactly a + b - fl(a + b), also among
   subnormals. */
static double add_dn(double a, double b)
{
    double s = a + b;
    if (s != s || s == -INFINITY)
        return -INFINITY;
    if (__builtin_fabs(s) > 0x1p1000 || __builtin_fabs(a) > 0x1p1000)
        return s == INFINITY && a < INFINITY && b < INFINITY ? DBL_MAX : next_down(s);
    double bb = s - a;
    double e = (a - (s - bb)) + (b - bb);
    return e < 0 ? next_down(s) : s;
}

/* The same for a b. Why: where it is exact, the fma gives the sign of the rounding error. */
static double mul_dn(double a, double b)
{
    double p = a * b;
    if (p != p)
        return -INFINITY;
    if (p == 0 && (a == 0 || b == 0))
        return 0;
    if (!error_is_exact(p))
        return next_down(p);
    return fma1(a, b, -p) < 0 ? next_down(p) : p;
}

/* Precondition: b != 0. With r = a - q b exact, a / b = q + r / b, so the sign of r / b says on which side q lies. */
static double div_dn(double a, double b)
{
    double q = a / b;
    if (q != q)
        return -INFINITY;
    if (a == 0)
        return 0;
    if (!error_is_exact(q) || !error_is_exact(a) || !error_is_exact(b))
        return next_down(q);
    double r = fma1(-q, b, a);
    return r != 0 && (r < 0) != (b < 0) ? next_down(q) : q;
}

static double add_up(double a, double b) { return -add_dn(-a, -b); }
static double mul_up(double a, double b) { return -mul_dn(-a, b); }
static double div_up(double a, double b) { return -div_dn(-a, b); }

/* Precondition: x >= 0. s^2 - x is exact by one fma where x is not tiny. */
static double sqrt_dn(double x)
{
    double s = __builtin_sqrt(x);
    if (x == 0 || x == INFINITY)
        return s;
    return x < 0x1p-900 || fma1(s, s, -x) > 0 ? next_down(s) : s;
}

static double sqrt_up(double x)
{
    double s = __builtin_sqrt(x);
    if (x == 0 || x == INFINITY)
        return s;
    return x < 0x1p-900 || fma1(s, s, -x) < 0 ? next_up(s) : s;
}

/* [lo, hi]; all numbers where an end is a NaN, or nothing would lie between them. */
static iv iv_make(double lo, double hi)
{
    if (lo <= hi)
        return (iv) { lo, hi };
    return (iv) { -INFINITY, INFINITY };
}

static iv iv_of(double x) { return iv_make(x, x); }
static iv iv_all(void) { return (iv) { -INFINITY, INFINITY }; }
static iv iv_neg(iv a) { return (iv) { -a.hi, -a.lo }; }
static iv iv_add(iv a, iv b) { return iv_make(add_dn(a.lo, b.lo), add_up(a.hi, b.hi)); }
static iv iv_sub(iv a, iv b) { return iv_add(a, iv_neg(b)); }
static iv iv_hull(iv a, iv b) { return iv_make(fmin(a.lo, b.lo), fmax(a.hi, b.hi)); }
static iv iv_max(iv a, iv b) { return iv_make(fmax(a.lo, b.lo), fmax(a.hi, b.hi)); }
static iv iv_min(iv a, iv b) { return iv_make(fmin(a.lo, b.lo), fmin(a.hi, b.hi)); }
/* Of two enclosures of one thing; [-inf, inf] if they do not meet. */
static iv iv_meet(iv a, iv b) { return iv_make(fmax(a.lo, b.lo), fmin(a.hi, b.hi)); }
/* a lies in the interior of b; a and b have no number in common; a lies in b. */
static bool iv_inside(iv a, iv b) { return b.lo < a.lo && a.hi < b.hi; }
static bool iv_apart(iv a, iv b) { return a.hi < b.lo || b.hi < a.lo; }
static bool iv_within(iv a, iv b) { return b.lo <= a.lo && a.hi <= b.hi; }
/* The number x lies in a; a is x alone. */
static bool iv_has(iv a, double x) { return a.lo <= x && x <= a.hi; }
static bool iv_is(iv a, double x) { return a.lo == x && a.hi == x; }
/* 1 or -1 where that is the sign of all of a, else 0. */
static int iv_sign(iv a) { return a.lo > 0 ? 1 : a.hi < 0 ? -1 : 0; }
/* Largest absolute value. */
static double iv_mag(iv a) { return fmax(__builtin_fabs(a.lo), __builtin_fabs(a.hi)); }
static double iv_mid(iv a) { return 0.5 * a.lo + 0.5 * a.hi; }
/* a lies in iv_mid +- iv_radius. */
static double iv_radius(iv a)
{
    double m = iv_mid(a);
    return fmax(add_up(a.hi, -m), add_up(m, -a.lo));
}

static iv iv_abs(iv a) { return iv_max(iv_max(a, iv_neg(a)), iv_of(0)); }

/* c a, two products instead of eight. */
static iv iv_scale(double c, iv a)
{
    return c >= 0 ? iv_make(mul_dn(c, a.lo), mul_up(c, a.hi)) : iv_make(mul_dn(c, a.hi), mul_up(c, a.lo));
}

/* The signs tell which corners count. */
static iv iv_mul(iv a, iv b)
{
    if (a.lo == a.hi)
        return iv_scale(a.lo, b);
    if (b.lo == b.hi)
        return iv_scale(b.lo, a);
    if (a.lo >= 0)
        return iv_make(mul_dn(b.lo >= 0 ? a.lo : a.hi, b.lo), mul_up(b.hi >= 0 ? a.hi : a.lo, b.hi));
    if (a.hi <= 0)
        return iv_neg(iv_mul(iv_neg(a), b));
    if (b.lo >= 0 || b.hi <= 0)
        return iv_mul(b, a);
    return iv_make(fmin(mul_dn(a.lo, b.hi), mul_dn(a.hi, b.lo)), fmax(mul_up(a.lo, b.lo), mul_up(a.hi, b.hi)));
}

/* a b + c d. */
static iv iv_cross(iv a, iv b, iv c, iv d) { return iv_add(iv_mul(a, b), iv_mul(c, d)); }

/* All numbers where b has a 0. */
static iv iv_div(iv a, iv b)
{
    if (iv_has(b, 0))
        return iv_all();
    double lo = fmin(fmin(div_dn(a.lo, b.lo), div_dn(a.lo, b.hi)), fmin(div_dn(a.hi, b.lo), div_dn(a.hi, b.hi)));
    double hi = fmax(fmax(div_up(a.lo, b.lo), div_up(a.lo, b.hi)), fmax(div_up(a.hi, b.lo), div_up(a.hi, b.hi)));
    return iv_make(lo, hi);
}

/* a^2: tighter than a a. */
static iv iv_sqr(iv a)
{
    double far = iv_mag(a);
    double near = iv_has(a, 0) ? 0 : fmin(__builtin_fabs(a.lo), __builtin_fabs(a.hi));
    return iv_make(mul_dn(near, near), mul_up(far, far));
}

/* a^n, by squaring: few roundings; odd powers are monotone. */
static iv iv_power(iv a, size_t n)
{
    if (n == 0)
        return iv_of(1);
    if (n & 1 && a.lo < 0 && a.lo < a.hi)
        return iv_hull(iv_power(iv_of(a.lo), n), iv_power(iv_of(a.hi), n));
    iv half = iv_power(iv_sqr(a), n / 2);
    return n & 1 ? iv_mul(a, half) : half;
}

/* Of the part of a that is not negative; an empty part is an error of the caller and gives [-inf, inf]. */
static iv iv_sqrt(iv a) { return a.hi >= 0 ? iv_make(sqrt_dn(fmax(a.lo, 0)), sqrt_up(a.hi)) : iv_all(); }

static iv iv_relu(iv a) { return iv_make(fmax(a.lo, 0), fmax(a.hi, 0)); }

/* p (1 - p) for p in [0, 1]: its top is 1/4, at 1/2. */
static iv iv_bump(iv p)
{
    iv a = iv_mul(iv_of(p.lo), iv_sub(iv_of(1), iv_of(p.lo)));
    iv b = iv_mul(iv_of(p.hi), iv_sub(iv_of(1), iv_of(p.hi)));
    return iv_make(fmin(a.lo, b.lo), iv_has(p, 0.5) ? 0.25 : fmax(a.hi, b.hi));
}

static iv iv_mean(iv sum, size_t N) { return iv_div(sum, iv_of((double)N)); }

/* Vectors of enclosures, and of doubles. */

static iv *mem_ivs(mem *arena, size_t n) { return mem_get(arena, n, sizeof(iv)); }

/* Sum of c_k x_k, tight; x has stride `step`. */
static iv iv_dot(size_t n, const double *c, const iv *x, size_t step)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < n; k++)
        if (c[k] != 0)
            s = iv_add(s, iv_scale(c[k], x[k * step]));
    return s;
}

static void iv_load(size_t n, const double *x, iv *out)
{
    for (size_t j = 0; j < n; j++)
        out[j] = iv_of(x[j]);
}

/* Sum of a_k b_k; a and b have their strides. */
static iv iv_sum_product(size_t n, const iv *a, size_t step_a, const iv *b, size_t step_b)
{
    iv s = { 0, 0 };
    for (size_t i = 0; i < n; i++)
        s = iv_add(s, iv_mul(a[i * step_a], b[i * step_b]));
    return s;
}

/* The 2-norm of a vector of doubles ... */
static iv iv_norm(size_t n, const double *x)
{
    iv s = { 0, 0 };
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            s = iv_add(s, iv_sqr(iv_of(x[i])));
    return iv_sqrt(s);
}

/* ... and of enclosures. */
static iv iv_length(size_t n, const iv *x)
{
    iv s = { 0, 0 };
    for (size_t i = 0; i < n; i++)
        s = iv_add(s, iv_sqr(x[i]));
    return iv_sqrt(s);
}

/* gamma_k = k u / (1 - k u) from above, u = 2^-53. Precondition: k < 2^32. Why: k u is exact, and
   1 / (1 - k u) < 1 + 2^-20. */
static double gamma_up(size_t k) { return (double)k * 0x1p-53 * (1 + 0x1p-19); }

/* NULL, or one sentence on why figures computed here would not be the defined ones. Beyond the arithmetic itself:
   two-sum and the treatment of NaN, which a compiler that reassociates or assumes finite numbers would fold away. */
static const char *probe_environment(void)
{
    static volatile double one = 1;
    static volatile double small = 0x1p-60;
    static volatile double nothing = NAN;
    const char *arithmetic = probe_arithmetic();
    if (arithmetic)
        return arithmetic;
    iv unknown = iv_of(nothing);
    if (add_dn(one, small) != 1 || add_up(one, small) != next_up(1) || add_dn(one, -small) != next_down(1))
        return "the compiler reorders sums: compile without -fassociative-math";
    if (unknown.lo != -INFINITY || unknown.hi != INFINITY)
        return "the compiler assumes that there are no NaNs: compile without -ffinite-math-only";
    return NULL;
}

/// 3 Exact sums ///

/* Sums over samples, threads and shards are exact: a long two's-complement fixed-point number, wide enough for every
   double, to which doubles are added without rounding, so that order cannot matter. Limb i weighs 2^(32 i - 1074)
   and holds 32 bits plus carries not yet passed on; 2^29 additions fit before carries must be passed. 68 limbs reach
   2^1102: 2^78 doubles of the largest size. */

enum { ACC_LIMBS = 68 };
typedef struct {
    int64_t limb[ACC_LIMBS];
    uint32_t pending;
    bool invalid;
} acc;

static void acc_zero(acc *a) { memset(a, 0, sizeof *a); }

/* Afterwards limbs 0 .. top-1 lie in [0, 2^32), the top one carries the sign. */
static void acc_carry(acc *a)
{
    int64_t carry = 0;
    for (int i = 0; i < ACC_LIMBS; i++) {
        int64_t t = a->limb[i] + carry;
        int64_t low = i + 1 < ACC_LIMBS ? (int64_t)((uint64_t)t & 0xffffffffu) : t;
        carry = (t - low) / 4294967296;
        a->limb[i] = low;
    }
    a->pending = 0;
}

/* a += x. Why three limbs: 53 bits from bit 31 of a limb on end at its bit 83. */
static void acc_add(acc *a, double x)
{
    if (!is_finite(x)) {
        a->invalid = true;
        return;
    }
    double_parts p = parts_of(x);
    unsigned at = (unsigned)(p.e + 1074) / 32;
    unsigned shift = (unsigned)(p.e + 1074) % 32;
    uint64_t low = (p.m & 0xffffffffu) << shift; /* 32 + 31 and 21 + 31 bits */
    uint64_t high = (p.m >> 32) << shift;
    int64_t part[3] = { (int64_t)(low & 0xffffffffu), (int64_t)((low >> 32) + (high & 0xffffffffu)),
        (int64_t)(high >> 32) };
    for (unsigned i = 0; i < 3; i++)
        a->limb[at + i] += p.sign ? -part[i] : part[i];
    if (++a->pending == 1u << 29)
        acc_carry(a);
}

/* a += b. */
static void acc_merge(acc *a, const acc *b)
{
    acc t = *b;
    acc_carry(&t);
    acc_carry(a);
    for (int i = 0; i < ACC_LIMBS; i++)
        a->limb[i] += t.limb[i];
    a->invalid |= b->invalid;
    acc_carry(a);
}

static void acc_negate(acc *a)
{
    for (int i = 0; i < ACC_LIMBS; i++)
        a->limb[i] = -a->limb[i];
}

/* a *= k. Precondition: 0 <= k < 2^30. */
static void acc_times(acc *a, int64_t k)
{
    acc_carry(a);
    for (int i = 0; i < ACC_LIMBS; i++)
        a->limb[i] *= k;
    acc_carry(a);
}

/* The highest bit set in a non-negative carried accumulator, -1 for zero. */
static int acc_top(const acc *a)
{
    int i = ACC_LIMBS - 1;
    while (i >= 0 && !a->limb[i])
        i--;
    return i < 0 ? -1 : 32 * i + 63 - __builtin_clzll((uint64_t)a->limb[i]);
}

/* Its 53 bits from bit `low` on, and whether anything lies below. */
static uint64_t acc_window(const acc *a, int low, bool *below)
{
    int first = low / 32;
    int shift = low % 32;
    uint64_t m = 0;
    *below = ((uint64_t)a->limb[first] & (((uint64_t)1 << shift) - 1)) != 0;
    for (int i = 0; i < first && !*below; i++)
        *below = a->limb[i] != 0;
    for (int k = 2; k >= 0; k--) { /* from the top: what overflows 64 bits lies above the window */
        uint64_t limb = first + k < ACC_LIMBS ? (uint64_t)a->limb[first + k] : 0;
        m = k ? m << 32 | limb : m << (32 - shift) | limb >> shift;
    }
    return m & 0x1fffffffffffffu;
}

/* |a|, carried, and whether it was negative. */
static bool acc_magnitude(acc *a)
{
    acc_carry(a);
    if (a->limb[ACC_LIMBS - 1] >= 0)
        return false;
    acc_negate(a);
    acc_carry(a);
    return true;
}

/* What |sum| is next to: 2^-1074 [m, m + 1) 2^low, m < 2^53, low >= 0, m >= 2^52 or low = 0. half: it is in the upper
   half, or in the middle; more: it is not at the lower end of its half. */
typedef struct {
    uint64_t m;
    int low;
    bool half, more;
} acc_place;

/* Precondition: a is carried, not negative, below 2^1102. */
static acc_place acc_locate(const acc *a)
{
    acc_place p = { 0, 0, false, false };
    int top = acc_top(a);
    if (top < 0)
        return p;
    p.low = top > 52 ? top - 52 : 0;
    p.m = acc_window(a, p.low, &p.more);
    if (p.low) {
        p.half = (uint64_t)a->limb[(p.low - 1) / 32] >> (p.low - 1) % 32 & 1;
        acc_window(a, p.low - 1, &p.more);
    }
    return p;
}

/* The double 2^-1074 m 2^low for a place's m, or that plus 1: a carry moves into the exponent, and at the top makes
   the encoding of infinity. */
static double acc_double(bool negative, const acc_place *p, bool up)
{
    uint64_t field = p->low > 2045 ? 0x7ff : p->low + (p->m >> 52);
    uint64_t fraction = p->low > 2045 ? 0 : p->m & 0xfffffffffffffu;
    return double_of((uint64_t)negative << 63 | ((field << 52 | fraction) + (up && p->low <= 2045)));
}

/* The largest double <= the exact sum; -inf where it was given something that is not finite. */
static double acc_down(const acc *a)
{
    acc t = *a;
    if (t.invalid)
        return -INFINITY;
    bool negative = acc_magnitude(&t);
    acc_place p = acc_locate(&t);
    if (p.low > 2045 && !negative)
        return DBL_MAX; /* 2^1024 and beyond */
    return acc_double(negative, &p, negative && (p.half || p.more));
}

/* The smallest double >= the exact sum; inf where it was given something that is not finite. */
static double acc_up(const acc *a)
{
    acc t = *a;
    acc_negate(&t);
    return 0.0 - acc_down(&t); /* never -0 */
}

static iv acc_iv(const acc *a) { return iv_make(acc_down(a), acc_up(a)); }

/* The sign of the exact sum: -1, 0 or 1. */
static int acc_sign(const acc *a)
{
    acc t = *a;
    acc_carry(&t);
    if (t.limb[ACC_LIMBS - 1] < 0)
        return -1;
    for (int i = 0; i < ACC_LIMBS; i++)
        if (t.limb[i])
            return 1;
    return 0;
}

/* The exact sum rounded once, half to even, as a sum with an exponent without bounds would be: infinite from the
   middle between DBL_MAX and 2^1024 on. NaN where it was given something that is not finite. Integers only, so that
   the caller's rounding mode does not matter. */
static double acc_nearest(const acc *a)
{
    acc t = *a;
    if (t.invalid)
        return NAN;
    bool negative = acc_magnitude(&t);
    acc_place p = acc_locate(&t);
    return acc_double(negative, &p, p.half && (p.more || p.m & 1));
}

/* The exact sum in one spelling: sign, the lowest limb that is not 0, and all limbs from the highest one down to it,
   eight hexadecimal digits each: -33:00040000 is -1. */
static void acc_print(text *t, const acc *a)
{
    acc x = *a;
    if (x.invalid) {
        text_add(t, "nan");
        return;
    }
    bool negative = acc_magnitude(&x);
    int top = acc_top(&x) / 32;
    int low = 0;
    if (acc_top(&x) < 0) {
        text_add(t, "0");
        return;
    }
    while (!x.limb[low])
        low++;
    text_add(t, "%s%d:", negative ? "-" : "", low);
    for (int i = top; i >= low; i--)
        text_add(t, "%08" PRIx32, (uint32_t)x.limb[i]);
}

/* The reverse; false where s is not a spelling of acc_print's, or is 2^1082 and more, which no sum of doubles comes to:
   as many as there are shards still fit. */
static bool acc_scan(const char *s, acc *a)
{
    bool negative = *s == '-';
    uint64_t low;
    acc_zero(a);
    if (!strcmp(s, "nan")) {
        a->invalid = true;
        return true;
    }
    if (!strcmp(s, "0"))
        return true;
    s += negative;
    if (!scan_number(&s, &low) || *s++ != ':' || low >= ACC_LIMBS)
        return false;
    size_t digits = strlen(s);
    size_t limbs = digits / 8;
    if (!limbs || digits % 8 || low + limbs > ACC_LIMBS || strspn(s, "0123456789abcdef") != digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        int64_t *limb = &a->limb[low + limbs - 1 - i / 8];
        *limb = *limb * 16 + (s[i] <= '9' ? s[i] - '0' : s[i] - 'a' + 10);
    }
    if (a->limb[ACC_LIMBS - 1] >> 12)
        return false;
    if (negative)
        acc_negate(a);
    return true;
}

/* Chunks are summed by whoever comes first and merged as they end: exact, so that neither matters. */
enum { ACC_CHUNK = 1 << 14 };
typedef struct {
    size_t n;
    const double *x;
    acc total;
    pthread_mutex_t lock;
} acc_job;

/* Adds x[chunk * ACC_CHUNK], ... to the total. */
static void acc_chunk(void *ctx, size_t chunk)
{
    acc_job *j = ctx;
    acc part;
    acc_zero(&part);
    for (size_t i = chunk * ACC_CHUNK; i < j->n && i < (chunk + 1) * ACC_CHUNK; i++)
        acc_add(&part, j->x[i]);
    pthread_mutex_lock(&j->lock);
    acc_merge(&j->total, &part);
    pthread_mutex_unlock(&j->lock);
}

/* The sum of x (n), rounded once (acc_nearest). */
static double acc_sum(size_t n, const double *x)
{
    acc_job j = { n, x, { { 0 }, 0, false }, PTHREAD_MUTEX_INITIALIZER };
    thr_for((n + ACC_CHUNK - 1) / ACC_CHUNK, acc_chunk, &j);
    return acc_nearest(&j.total);
}

/// 3 Decimals and hexfloats ///

/* Figures are signed integers in units of 10^-12, rounded outward from the enclosure; a double that must be recorded
   exactly is a hexfloat. */
static const double FIG_LIMIT = 9.0e6; /* |x| 10^12 < 2^63 */

/* floor(m 2^-s 10^12), and whether that is inexact, in two 64-bit words: m 10^12 < 2^93. Precondition: m < 2^53,
   s >= 0, and the result fits. */
static int64_t fig_magnitude(uint64_t m, int s, bool *inexact)
{
    fma_wide p = fma_mul(m, 1000000000000u);
    uint64_t hi = p.hi;
    uint64_t lo = p.lo;
    if (s >= 128) {
        *inexact = m != 0;
        return 0;
    }
    if (s >= 64) {
        *inexact = lo || (s > 64 && hi << (128 - s));
        return (int64_t)(s > 64 ? hi >> (s - 64) : hi);
    }
    *inexact = s && lo << (64 - s);
    return (int64_t)(s ? hi << (64 - s) | lo >> s : lo);
}

/* *units = floor(x 10^12). False, and nothing stored, where that is out of range: the caller's verdict is UNDECIDED,
   never a wrapped number. */
static bool fig_floor(double x, int64_t *units)
{
    if (!(__builtin_fabs(x) < FIG_LIMIT))
        return false;
    double_parts p = parts_of(x);
    bool inexact;
    int64_t v = fig_magnitude(p.m, -p.e, &inexact);
    *units = x < 0 ? -v - inexact : v;
    return true;
}

/* *units = ceil(x 10^12), likewise. */
static bool fig_ceil(double x, int64_t *units)
{
    if (!fig_floor(-x, units))
        return false;
    *units = -*units;
    return true;
}

/* In decimal, with all 12 places; returns the length, as snprintf does. */
static int fig_print(char *out, size_t size, int64_t units)
{
    uint64_t v = units < 0 ? (uint64_t)0 - (uint64_t)units : (uint64_t)units;
    return snprintf(
        out, size, "%s%" PRIu64 ".%012" PRIu64, units < 0 ? "-" : "", v / 1000000000000u, v % 1000000000000u);
}

/* The exact binary value, always in one spelling (printf's %a differs between C libraries): 0x1.8p+1, -0x0p+0,
   0x0.0000000000001p-1022, inf, nan. */
static void hex_print(char *out, size_t size, double x)
{
    uint64_t b = bits_of(x);
    uint64_t m = b & 0xfffffffffffffu;
    int e = (int)(b >> 52 & 0x7ff);
    int digits = 13;
    const char *sign = b >> 63 ? "-" : "";
    if (x != x) {
        snprintf(out, size, "nan");
        return;
    }
    if (e == 0x7ff) {
        snprintf(out, size, "%sinf", sign);
        return;
    }
    if (e == 0 && m == 0) {
        snprintf(out, size, "%s0x0p+0", sign);
        return;
    }
    int power = e ? e - 1023 : -1022;
    if (!m) {
        snprintf(out, size, "%s0x1p%+d", sign, power);
        return;
    }
    while (!(m & 15)) {
        m >>= 4;
        digits--;
    }
    snprintf(out, size, "%s0x%d.%0*" PRIx64 "p%+d", sign, e != 0, digits, m, power);
}

/// 3 Digests ///

/* SHA-256 (FIPS 180-4): the digest of a report names all its figures at once. */
typedef struct {
    uint32_t h[8];
    uint64_t bytes;
    unsigned char block[64];
} sha256;

static const uint32_t sha_k[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
    0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
    0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70,
    0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
    0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

static uint32_t sha_rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

/* The compression function, on the block that is full. */
static void sha_block(sha256 *s)
{
    uint32_t w[64], v[8];
    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)s->block[4 * t] << 24 | (uint32_t)s->block[4 * t + 1] << 16 |
            (uint32_t)s->block[4 * t + 2] << 8 | s->block[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        uint32_t a = w[t - 15];
        uint32_t b = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + (sha_rotate(a, 7) ^ sha_rotate(a, 18) ^ a >> 3) +
            (sha_rotate(b, 17) ^ sha_rotate(b, 19) ^ b >> 10);
    }
    memcpy(v, s->h, sizeof v);
    for (int t = 0; t < 64; t++) {
        uint32_t e = v[4];
        uint32_t a = v[0];
        uint32_t t1 = v[7] + (sha_rotate(e, 6) ^ sha_rotate(e, 11) ^ sha_rotate(e, 25)) + ((e & v[5]) ^ (~e & v[6])) +
            sha_k[t] + w[t];
        uint32_t t2 =
            (sha_rotate(a, 2) ^ sha_rotate(a, 13) ^ sha_rotate(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        s->h[i] += v[i];
}

static void sha_start(sha256 *s)
{
    static const uint32_t first[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
        0x1f83d9ab, 0x5be0cd19 };
    memcpy(s->h, first, sizeof first);
    s->bytes = 0;
}

static void sha_add(sha256 *s, const void *data, size_t n)
{
    const unsigned char *p = data;
    while (n--) {
        s->block[s->bytes++ % 64] = *p++;
        if (s->bytes % 64 == 0)
            sha_block(s);
    }
}

/* Pads with a one, zeros and the length in bits; the digest in hexadecimal. */
static void sha_end(sha256 *s, char hex[65])
{
    uint64_t bits = 8 * s->bytes;
    unsigned char length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    sha_add(s, "\x80", 1);
    while (s->bytes % 64 != 56)
        sha_add(s, "", 1);
    sha_add(s, length, 8);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08" PRIx32, s->h[i]);
}

static void text_digest(const char *s, size_t n, char digest[65])
{
    sha256 h;
    sha_start(&h);
    sha_add(&h, s, n);
    sha_end(&h, digest);
}

/// 3 Elementary functions ///

/* libm's exp, log, sin, ... differ between libraries, so the program has its own: the same bits everywhere, and a
   proved bound.

   Contract, the same for all. Let v be the exact value, u = 2^-53. The function finds a double-double w with
   |w - v| <= 0.01 u |v| and returns RN(w). Hence the result
     - is off by at most 0.51 ulp(v), since |v| < ulp(v) / u;
     - is one of the two doubles around v, and v itself where v is a double: to round past a double, w would have to
       be off by u/2 |v|.
   Where exp is subnormal it is rounded a second time: at most 0.76 ulp; the second point holds, rounding being
   monotone. Overflow gives infinity, an argument outside the domain el_nan, so that its bits too are the same
   everywhere.

   Three series serve all:
     C(z) = sum z^k / (2k)!,      exp r = C(r^2) + r S(r^2),
     S(z) = sum z^k / (2k + 1)!,  cos r = C(-r^2),  sin r = r S(-r^2),
     A(z) = sum z^k / (2k + 1),   log((1 + s)/(1 - s)) = 2 s A(s^2),  atan s = s A(-s^2).
   All constants below are printed by `python3 vectors/exact.py tables`. */
typedef struct {
    double hi, lo;
} el_dd; /* hi + lo, |lo| <= ulp(hi)/2 */

static const double el_nan = __builtin_nan("");
static const double el_inf = __builtin_inf();

static const el_dd el_pi = { 0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53 };
static const el_dd el_half_pi = { 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54 };
/* log 2 to 42 bits: exact times any integer below 2^11 ... */
static const double el_log_2_first = 0x1.62e42fefa38p-1;
static const double el_log_2_rest = 0x1.ef35793c7673p-45; /* ... and the rest, off by less than 2^-98 */

/* s.hi = RN(a + b), s.hi + s.lo = a + b exactly (Dekker). Precondition: a = 0 or |a| >= |b|. */
static el_dd el_fast_two_sum(double a, double b)
{
    double s = a + b;
    return (el_dd) { s, b - (s - a) };
}

/* The same for any a, b (Knuth). */
static el_dd el_two_sum(double a, double b)
{
    double s = a + b;
    double t = s - a;
    return (el_dd) { s, (a - (s - t)) + (b - t) };
}

/* a b exactly, where its last bit is not below 2^-1074; else off by at most 2^-1074. */
static el_dd el_two_prod(double a, double b)
{
    double p = a * b;
    return (el_dd) { p, fma1(a, b, -p) };
}

/* Bound: a + b, off by at most 5 u^2 (|a| + |b|).
   Why: the first sum is exact; |a.lo + b.lo| <= u (|a| + |b|), |s.lo| <= u |a + b|: the two roundings cost
   3 u^2 (|a| + |b|), first order. */
static el_dd el_add(el_dd a, el_dd b)
{
    el_dd s = el_two_sum(a.hi, b.hi);
    return el_two_sum(s.hi, s.lo + (a.lo + b.lo));
}

/* Bound: a b (1 + d), |d| <= 8 u^2, plus at most 2^-1073 where a product is subnormal.
   Why: a.lo b.lo <= u^2 |a b| is left out; the two fma round sums of at most 2 u |a b| and 3 u |a b|: 6 u^2 to first
   order. */
static el_dd el_mul(el_dd a, el_dd b)
{
    el_dd p = el_two_prod(a.hi, b.hi);
    return el_fast_two_sum(p.hi, fma1(a.hi, b.lo, fma1(a.lo, b.hi, p.lo)));
}

/* Bound: (a / b)(1 + d), |d| <= 12 u^2. Precondition: a = 0 or |a| >= 2^-900; b and a / b normal.
   Why: a.hi - q b.hi is exact; a - q b, at most 3 u |a|, is found to 5 u^2 |a|; dividing by b.hi instead of b, and
   rounding, add 6 u^2. */
static el_dd el_div(el_dd a, el_dd b)
{
    double q = a.hi / b.hi;
    return el_fast_two_sum(q, (fma1(-q, b.hi, a.hi) + fma1(-q, b.lo, a.lo)) / b.hi);
}

static el_dd el_neg(el_dd a) { return (el_dd) { -a.hi, -a.lo }; }

/* x rounded to an integer. Precondition: |x| < 2^51. */
static double el_round(double x) { return (x + 0x1.8p52) - 0x1.8p52; }

/* The e with 2^e <= x < 2^(e + 1). Precondition: x > 0, finite. */
static int el_exponent(double x)
{
    bool subnormal = x < 0x1p-1022;
    double y = subnormal ? x * 0x1p54 : x;
    return (int)(bits_of(y) >> 52) - (subnormal ? 1023 + 54 : 1023);
}

/* The coefficients: 1/(2k)!, 1/(2k + 1)!, 1/(2k + 1), the first three as double-doubles. */
enum { EL_TERMS = 12, EL_EXACT = 3 };
static const el_dd el_C[EL_TERMS] = { { 0x1p+0, 0 }, { 0x1p-1, 0 }, { 0x1.5555555555555p-5, 0x1.5555555555555p-59 },
    { 0x1.6c16c16c16c17p-10, 0 }, { 0x1.a01a01a01a01ap-16, 0 }, { 0x1.27e4fb7789f5cp-22, 0 },
    { 0x1.1eed8eff8d898p-29, 0 }, { 0x1.93974a8c07c9dp-37, 0 }, { 0x1.ae7f3e733b81fp-45, 0 },
    { 0x1.6827863b97d97p-53, 0 }, { 0x1.e542ba4020225p-62, 0 }, { 0x1.0ce396db7f853p-70, 0 } };
static const el_dd el_S[EL_TERMS] = { { 0x1p+0, 0 }, { 0x1.5555555555555p-3, 0x1.5555555555555p-57 },
    { 0x1.1111111111111p-7, 0x1.1111111111111p-63 }, { 0x1.a01a01a01a01ap-13, 0 }, { 0x1.71de3a556c734p-19, 0 },
    { 0x1.ae64567f544e4p-26, 0 }, { 0x1.6124613a86d09p-33, 0 }, { 0x1.ae7f3e733b81fp-41, 0 },
    { 0x1.952c77030ad4ap-49, 0 }, { 0x1.2f49b46814157p-57, 0 }, { 0x1.71b8ef6dcf572p-66, 0 },
    { 0x1.761b41316381ap-75, 0 } };
static const el_dd el_A[EL_TERMS] = { { 0x1p+0, 0 }, { 0x1.5555555555555p-2, 0x1.5555555555555p-56 },
    { 0x1.999999999999ap-3, -0x1.999999999999ap-57 }, { 0x1.2492492492492p-3, 0 }, { 0x1.c71c71c71c71cp-4, 0 },
    { 0x1.745d1745d1746p-4, 0 }, { 0x1.3b13b13b13b14p-4, 0 }, { 0x1.1111111111111p-4, 0 }, { 0x1.e1e1e1e1e1e1ep-5, 0 },
    { 0x1.af286bca1af28p-5, 0 }, { 0x1.8618618618618p-5, 0 }, { 0x1.642c8590b2164p-5, 0 } };

/* C(z), S(z) or A(z).
   Precondition: |z| <= 0.6171 for C and S, |z| <= 0.0295 for A.
   Bound: relative error at most 0.003 u.
   Why: what is cut off is less than 1.1 times the next term,
          C 0.6171^12/24! < 5e-27 (S less),  A 1.1 * 0.0295^12/25 < 2e-20 < 2^-12 u.
        The Horner sum t = c_3 + c_4 z + ... in double: the constants, the use of z.hi and one rounding a step make at
        most (2 + 4 z c_4 / c_3) u |t| <= 2.1 u |t|, and it enters as
          |z|^3 t:  C 3.3e-4,  S 4.8e-5,  A 3.8e-6,
        times 2.1 u: below 0.0007 u. Three steps in double-double: 40 u^2. The values are at least
          C 0.7,  S 0.9,  A 0.99. */
static el_dd el_series(const el_dd c[EL_TERMS], el_dd z)
{
    double t = c[EL_TERMS - 1].hi;
    for (int k = EL_TERMS - 2; k >= EL_EXACT; k--)
        t = fma1(t, z.hi, c[k].hi);
    el_dd s = { t, 0 };
    for (int k = EL_EXACT - 1; k >= 0; k--)
        s = el_add(c[k], el_mul(z, s));
    return s;
}

/* exp x = 2^k exp r, r = x - k log 2.
   Bound: 0.51 ulp; 0.76 ulp where the value is subnormal.
   Why: |k| <= 1077, so k * el_log_2_first is exact; for k != 0 the difference from x is a multiple of 2^-54 below
        1/2, exact too. log 2 in two parts is off by 2^-98, so r, |r| <= 0.3466, by 2^-87 in all. C(r^2) + r S(r^2)
        has terms of at most 1.07 and 0.36 and is at least 0.7: at most 2.1 times the error of the series. Beyond the
        cuts the value is above 2^1024 or below 2^-1075. Scaling rounds a second time only where the value is
        subnormal: 1/2 + 0.51/2. */
static double el_exp(double x)
{
    if (!(x >= -746 && x <= 710))
        return x != x ? el_nan : x > 0 ? el_inf : 0;
    double k = el_round(x * 0x1.71547652b82fep+0); /* 1 / log 2 */
    el_dd r = el_add((el_dd) { x - k * el_log_2_first, 0 }, el_two_prod(-k, el_log_2_rest));
    el_dd z = el_mul(r, r);
    el_dd y = el_add(el_series(el_C, z), el_mul(r, el_series(el_S, z)));
    return times_two_to(y.hi, (int)k);
}

/* log a = k log 2 + 2 artanh s, s = (m - 1)/(m + 1), a = 2^k m, sqrt(1/2) <= m <= sqrt 2.
   Precondition: a > 0 finite; a = 1 or |a - 1| >= 2^-61; a.lo 2^-k is a double, as it is for a.lo = 0 and for
   a = 1 + x.
   Bound: relative error 0.01 u.
   Why: m.hi - 1 is exact and 0 or above |m.lo|, so f = m - 1 is exact, however small. |s| <= 0.1716, s^2 <= 0.0295,
        s to 20 u^2. For k = 0 the error is that of the series. Else |log a| >= 0.34657; |2 artanh s| and half of
        |k log 2| are at most 1.001 |log a|; k * el_log_2_first is exact, the rest off by |k| 2^-98: still below
        0.004 u. */
static el_dd el_log_dd(el_dd a)
{
    int k = el_exponent(a.hi);
    k += times_two_to(a.hi, -k) > 0x1.6a09e667f3bcdp+0; /* sqrt 2 */
    el_dd f = el_fast_two_sum(times_two_to(a.hi, -k) - 1, times_two_to(a.lo, -k));
    el_dd s = el_div(f, el_add((el_dd) { 2, 0 }, f));
    el_dd y = el_mul(s, el_series(el_A, el_mul(s, s)));
    el_dd k_log_2 = el_add((el_dd) { k * el_log_2_first, 0 }, el_two_prod(k, el_log_2_rest));
    return el_add(k_log_2, (el_dd) { 2 * y.hi, 2 * y.lo });
}

/* log x. Bound: 0.51 ulp (el_log_dd). */
static double el_log(double x)
{
    if (!(x > 0))
        return x == 0 ? -el_inf : el_nan;
    return x == el_inf ? x : el_log_dd((el_dd) { x, 0 }).hi;
}

/* log(1 + x). Bound: 0.51 ulp. Why: 1 + x is exact as a double-double; below 2^-60 the value x - x^2/2 + ... is
   within 2^-60 |x| of x. */
static double el_log1p(double x)
{
    if (!(x > -1))
        return x == -1 ? -el_inf : el_nan;
    return x == el_inf || __builtin_fabs(x) < 0x1p-60 ? x : el_log_dd(el_two_sum(1, x)).hi;
}

/* r = x - n pi/2, n = RN(2x/pi), which is left in *quarter modulo 4.
   Precondition: |x| <= 2^20.
   Bound: relative error 2^-70 = 2^-17 u; |r| <= 0.7855.
   Why: |n| <= 667544 < 2^20, and p1, p2, p3 have at most 33 bits and are multiples of 2^-32, 2^-65, 2^-98:
        n p1, n p2, n p3 are exact, and so is x - n p1, a multiple of 2^-53 below 1. n p4 is below 2^-83; p4 is off
        by 2^-157, which makes 2^-137.
        If a.lo = 0, the two roundings of the low part cost u 2^-83 + u (u |r| + 2^-83), all together
        2^-134 + u^2 |r|. If not, |a.hi| >= 2^-13, since a.lo is a multiple of 2^-65, and they cost at most
        4 u^2 |r| + 2^-134.
        For n = 0 r = x. For n != 0 |r| >= 2^-61, so 2^-134 <= 2^-73 |r|: vectors/exact.py
        (closest_to_quarter_turns) tries the double next to each of the 667544 multiples up to 2^20 and finds the
        smallest distance, 1.42 * 2^-61, at n = 29. */
static el_dd el_reduce(double x, unsigned *quarter)
{
    static const double p1 = 0x1.921fb544p+0;
    static const double p2 = 0x1.0b4611a6p-34;
    static const double p3 = 0x1.3198a2ep-69;
    static const double p4 = 0x1.b839a252049c1p-104;
    double n = el_round(x * 0x1.45f306dc9c883p-1); /* 2 / pi */
    el_dd a = el_two_sum(x - n * p1, -(n * p2));
    el_dd b = el_two_sum(a.hi, -(n * p3));
    *quarter = (unsigned)(int)n;
    return el_two_sum(b.hi, b.lo + fma1(-n, p4, a.lo));
}

/* sin(x + turn pi/2) for |x| <= 2^20, NaN beyond.
   Bound: 0.51 ulp.
   Why: sin r = r S, cos r = C with the relative errors of r, of the series, and 8 u^2. sin x is within
   x^3/6 <= 2^-66 |x| of x below 2^-32. */
static double el_sine(double x, unsigned turn)
{
    double ax = __builtin_fabs(x);
    unsigned quarter;
    if (!(ax <= 0x1p20) || (turn == 0 && ax < 0x1p-32))
        return ax <= 1 ? x : el_nan;
    el_dd r = el_reduce(x, &quarter);
    el_dd z = el_neg(el_mul(r, r));
    quarter += turn;
    el_dd y = quarter & 1 ? el_series(el_C, z) : el_mul(r, el_series(el_S, z));
    return quarter & 2 ? -y.hi : y.hi;
}

static double el_sin(double x) { return el_sine(x, 0); }

static double el_cos(double x) { return el_sine(x, 1); }

/* The angle, in [0, pi], of the vector (x, y), or of (-x, y) where left.
   Precondition: x, y >= 0, not both 0; the larger in [1/2, 2); y = 0, y >= 2^-31 x or left (else y/x may be
   subnormal).
   Bound: relative error 0.01 u.
   Why: p <= q the smaller and the larger: atan(p/q) = atan(c) + atan(s), c = j/4 nearest to p/q,
        s = (p - c q)/(q + c p), |s| <= 0.126. j = 0: s = p/q to 30 u^2, the error is that of the series. Else the
        angle is at least 0.12, s off by 40 u^2. pi/2 - and pi - leave at least pi/4 and pi/2. */
static el_dd el_angle(el_dd y, el_dd x, bool left)
{
    static const el_dd atan_quarter[5] = { /* atan(j/4) */
        { 0x0p+0, 0 }, { 0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57 }, { 0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56 },
        { 0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56 }, { 0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55 }
    };
    bool steep = y.hi > x.hi;
    el_dd p = steep ? x : y;
    el_dd q = steep ? y : x;
    int j = (int)(4 * (p.hi / q.hi) + 0.5);
    el_dd c = { 0.25 * j, 0 };
    el_dd s = el_div(el_add(p, el_neg(el_mul(c, q))), el_add(q, el_mul(c, p)));
    el_dd t = el_add(atan_quarter[j], el_mul(s, el_series(el_A, el_neg(el_mul(s, s)))));
    if (steep)
        t = el_add(el_half_pi, el_neg(t));
    return left ? el_add(el_pi, el_neg(t)) : t;
}

/* The angle of (x, y) in [-pi, pi], zeros and infinities as in C99 (Annex F).
   Bound: 0.51 ulp, also where the value is subnormal.
   Why: el_angle after exact scaling. For 0 <= y < 2^-30 x the value is within 2^-61 y/x of y/x, which is rounded
   once. */
static double el_atan2(double y, double x)
{
    double ax = __builtin_fabs(x);
    double ay = __builtin_fabs(y);
    bool left = __builtin_copysign(1, x) < 0;
    if (x != x || y != y)
        return el_nan;
    if (ax == el_inf || ay == el_inf) { /* the directions they stand for */
        ax = ax == el_inf;
        ay = ay == el_inf;
    }
    if (ax == 0 && ay == 0)
        ax = 1;
    if (!left && ay < ax * 0x1p-30)
        return __builtin_copysign(ay / ax, y);
    int e = -el_exponent(ax > ay ? ax : ay);
    el_dd angle = el_angle((el_dd) { times_two_to(ay, e), 0 }, (el_dd) { times_two_to(ax, e), 0 }, left);
    return __builtin_copysign(angle.hi, y);
}

/* Enclosures of the elementary functions. Why one step outward is enough: each el_ function returns one of the two
   doubles around the exact value, so that the value lies between the neighbours of what is returned. */
static const iv IV_PI = { 0x1.921fb54442d18p+1, 0x1.921fb54442d19p+1 };

static iv iv_exp(iv a) { return iv_make(fmax(next_down(el_exp(a.lo)), 0), next_up(el_exp(a.hi))); }
static iv iv_log(iv a) { return a.lo > 0 ? iv_make(next_down(el_log(a.lo)), next_up(el_log(a.hi))) : iv_all(); }
static iv iv_log1p(iv a) { return a.lo > -1 ? iv_make(next_down(el_log1p(a.lo)), next_up(el_log1p(a.hi))) : iv_all(); }

/* sin and cos are 1-Lipschitz: the value at the midpoint, widened by the radius. */
static iv iv_wave(iv a, double (*wave)(double))
{
    double r = iv_radius(a);
    double y = wave(iv_mid(a));
    if (!(r < 2))
        return (iv) { -1, 1 };
    return iv_make(fmax(add_dn(next_down(y), -r), -1), fmin(add_up(next_up(y), r), 1));
}

static iv iv_sin(iv a) { return iv_wave(a, el_sin); }
static iv iv_cos(iv a) { return iv_wave(a, el_cos); }

/* atan2(y, x) for y, x >= 0: increasing in y, decreasing in x. */
static iv iv_atan2(iv y, iv x)
{
    return iv_make(fmax(next_down(el_atan2(y.lo, x.hi)), 0), next_up(el_atan2(y.hi, x.lo)));
}

/* base > 0. */
static iv iv_pow(double base, iv e) { return iv_exp(iv_mul(e, iv_log(iv_of(base)))); }

/* The exponent apart, so that little is lost; normal x > 0. */
static iv iv_log2(iv x)
{
    double k = (double)(bits_of(x.lo) >> 52) - 1023;
    double scale = two_to(-(int)k);
    return iv_add(iv_of(k), iv_div(iv_log(iv_scale(scale, x)), iv_log(iv_of(2))));
}

/// 3 Random numbers ///

/* Philox4x32-10 (Salmon et al., SC 2011): a bijection of a 128-bit counter under a 64-bit key. Key = seed, counter =
   (index, stream): any number can be drawn alone and in any order, so neither threads nor shards carry a state.
   Instances are made of short dyadic numbers, exact in double. */

/* The ten rounds of the bijection: out = encryption of the counter under the key. */
static void rng_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t k0 = key[0];
    uint32_t k1 = key[1];
    uint32_t c[4];
    memcpy(c, counter, sizeof c);
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c[0];
        uint64_t p1 = (uint64_t)0xCD9E8D57u * c[2];
        uint32_t next[4] = { (uint32_t)(p1 >> 32) ^ c[1] ^ k0, (uint32_t)p1, (uint32_t)(p0 >> 32) ^ c[3] ^ k1,
            (uint32_t)p0 };
        memcpy(c, next, sizeof c);
    }
    memcpy(out, c, sizeof c);
}

typedef struct {
    uint64_t seed, stream, index;
} rng;

/* Streams of random numbers: every kind of instance has a range of its own, to which its rows add their `stream`. Lemma
   1 and Theorem 1 of Shamir are asked of the same instances, on purpose, and so are the sequences of his Theorem 4. A
   new kind starts above the last one. */
enum stream {
    STREAM_BENCH = 0,
    STREAM_WANG_LEMMA10_ATOMS = 1000,
    STREAM_WANG_LEMMA10_PAIRS = 2000,
    STREAM_WANG_LEMMA10_SEARCH = 3000,
    STREAM_WANG_LEMMA10_SAMPLES = 3500,
    STREAM_WANG_THM6_MIRROR = 4000,
    STREAM_WANG_THM6_TABLE = 4500,
    STREAM_WANG_THM6_INSTANCE = 5000,
    STREAM_WANG_LEMMA7_INSTANCE = 6000,
    STREAM_WANG_THM11_INSTANCE = 7000,
    STREAM_WANG_THM11_SEARCH = 7500,
    STREAM_WANG_THM11_WALL = 7550,
    STREAM_WANG_THM11_RATE = 7600,
    STREAM_WANG_THM1_STRICT = 7650,
    STREAM_WANG_THM8_INSTANCE = 7700,
    STREAM_WANG_THM8_CONVEX = 7800,
    STREAM_WANG_THM8_SEARCH = 7850,
    STREAM_WANG_LEMMA9_VECTORS = 8000,
    STREAM_SHAMIR_THM1_INSTANCE = 9000,
    STREAM_SHAMIR_THM1_SEARCH = 9200,
    STREAM_SHAMIR_REMARK1 = 9400,
    STREAM_SHAMIR_THM2_INSTANCE = 9600,
    STREAM_SHAMIR_THM2_SEARCH = 9700,
    STREAM_SHAMIR_SOPSP = 9800,
    STREAM_SHAMIR_THM3_SEARCH = 9850,
    STREAM_SHAMIR_DEF1_MINIMUM = 9900,
    STREAM_SHAMIR_COR1 = 10000,
    STREAM_SHAMIR_THM4_REGRET = 11000,
    STREAM_SHAMIR_THM4_SEARCH = 11200,
    STREAM_SHAMIR_THM4_RUNS = 11400,
    STREAM_SHAMIR_LANDSCAPE_INSTANCE = 12000,
    STREAM_SHAMIR_LANDSCAPE_SEARCH = 12200,
    STREAM_SHAMIR_LANDSCAPE_ENDS = 12400,
    STREAM_SHAMIR_REMARK2_SQUARES = 12600,
    STREAM_SHAMIR_THM3_FORM = 12700,
};

static rng rng_make(uint64_t seed, uint64_t stream) { return (rng) { seed, stream, 0 }; }

/* The next 128 bits of the stream. */
static void rng_next(rng *random, uint64_t out[2])
{
    uint32_t counter[4] = { (uint32_t)random->index, (uint32_t)(random->index >> 32), (uint32_t)random->stream,
        (uint32_t)(random->stream >> 32) };
    uint32_t key[2] = { (uint32_t)random->seed, (uint32_t)(random->seed >> 32) };
    uint32_t word[4];
    rng_philox(counter, key, word);
    out[0] = (uint64_t)word[1] << 32 | word[0];
    out[1] = (uint64_t)word[3] << 32 | word[2];
    random->index++;
}

/* In (0, 1), exact. */
static double rng_unit(uint64_t word) { return ((double)(word >> 12) + 0.5) * 0x1p-52; }

static double rng_uniform(rng *random)
{
    uint64_t w[2];
    rng_next(random, w);
    return rng_unit(w[0]);
}

/* Box and Muller; a statistical tool only, so that its rounding needs no bound. */
static double rng_normal(rng *random)
{
    uint64_t w[2];
    rng_next(random, w);
    return __builtin_sqrt(-2 * el_log(rng_unit(w[0]))) * el_cos(2 * 0x1.921fb54442d18p+1 * rng_unit(w[1]));
}

/* x rounded to a multiple of 2^-10, exactly representable. Precondition: |x| < 2^41. Adding and taking away
   1.5 2^42 rounds, half to even. */
static double dyadic(double x) { return (x + 0x1.8p42) - 0x1.8p42; }

/* x (n): dyadic normal numbers. */
static void rng_normals(rng *random, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = dyadic(rng_normal(random));
}

/* x (n): uniform on the sphere, of norm 1 up to rounding; in dimension 1 a sign. */
static void rng_sphere(rng *random, size_t n, double *x)
{
    double square = 0;
    for (size_t i = 0; i < n; i++)
        x[i] = rng_normal(random);
    for (size_t i = 0; i < n; i++)
        square = fma1(x[i], x[i], square);
    double norm = __builtin_sqrt(square);
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] / norm;
}

/// 4 Products ///

/* C = A B. The loops are those of BLIS: jc, pc, ic cut the operands to the caches, jr and ir to the registers. The k
   loop is never split across threads; threads take rectangles of C. Each entry is the sum defined in `2 Kernels`,
   whichever path computes it. */
enum {
    GEMM_MC = 192,  /* rows of A packed at once: 384 KB, stays in the second-level cache */
    GEMM_NC = 1008, /* columns of B packed at once: 2 MB; a multiple of every nr */
    /* columns computed before they go to memory, in the path for small k; 512 took 1.1 to 1.2 times as long */
    GEMM_STRIP = 2016,
    GEMM_SMALL = 1024, /* multiply-adds up to which packing costs more than it gives */
    /* k up to which A is not packed and C is written once, past the caches if it is large */
    GEMM_SHALLOW = 128,
    GEMM_NARROW = 256,    /* columns below which a rectangle is not cut */
    GEMM_THREAD = 1 << 18 /* multiply-adds per thread below which waking one does not pay */
};
#define GEMM_LARGE ((size_t)16 << 20) /* bytes of C above which it is written past the caches */

/* Packed blocks of A and B, and a strip of C. Buffers are kept from call to call: fresh pages would cost more than
   packing. */
typedef struct gemm_work {
    struct gemm_work *next;
    double *a, *b, *strip;
} gemm_work;

static struct {
    pthread_mutex_t lock;
    gemm_work *idle;
} gemm_pool = { PTHREAD_MUTEX_INITIALIZER, NULL };

/* One allocation, on huge pages where there are any; NULL: no memory. */
static gemm_work *gemm_new(void)
{
    const size_t huge = (size_t)1 << 21;
    size_t a = GEMM_MC * KERN_BLOCK;
    size_t b = (GEMM_NC + KERN_NR_MAX) * KERN_BLOCK;
    size_t strip = KERN_MR_MAX * (GEMM_STRIP + KERN_NR_MAX);
    size_t bytes = ((a + b + strip) * sizeof(double) + huge - 1) / huge * huge;
    gemm_work *w = malloc(sizeof *w);
    void *p = NULL;
    if (!w || posix_memalign(&p, huge, bytes)) {
        free(w);
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    madvise(p, bytes, MADV_HUGEPAGE); /* a wish: fewer address translations while packing */
#endif
    w->b = p;
    w->a = w->b + b;
    w->strip = w->a + a;
    return w;
}

static gemm_work *gemm_take(void)
{
    pthread_mutex_lock(&gemm_pool.lock);
    gemm_work *w = gemm_pool.idle;
    if (w)
        gemm_pool.idle = w->next;
    pthread_mutex_unlock(&gemm_pool.lock);
    return w ? w : gemm_new();
}

static void gemm_give(gemm_work *w)
{
    pthread_mutex_lock(&gemm_pool.lock);
    w->next = gemm_pool.idle;
    gemm_pool.idle = w;
    pthread_mutex_unlock(&gemm_pool.lock);
}

/* The arguments of gemm, cut into rectangles of C, and whether one of them had no memory. */
typedef struct {
    size_t m, n, k, lda, ldb, ldc;
    const double *a, *b;
    double *c;
    size_t rows, columns; /* of a rectangle */
    bool failed;
} gemm_job;

/* Rows of A into panels of mr rows, each k x mr and contiguous, the last padded with zeros. */
static void gemm_pack_a(size_t m, size_t k, const double *a, size_t lda, double *out)
{
    size_t mr = kern_now->mr;
    for (size_t i = 0; i < m; i += mr, out += mr * k)
        for (size_t r = 0; r < mr; r++)
            for (size_t p = 0; p < k; p++)
                out[p * mr + r] = i + r < m ? a[(i + r) * lda + p] : 0;
}

/* A tile of which only rows x columns lie inside C. */
static void gemm_edge(size_t rows, size_t columns, size_t k, const double *a, size_t a_row, size_t a_col,
    const double *b, double *c, size_t ldc, bool add)
{
    double t[KERN_MR_MAX * KERN_NR_MAX];
    size_t nr = kern_now->nr;
    kern_now->tile(k, a, a_row, a_col, b, t, nr, false);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            c[i * ldc + j] = add ? c[i * ldc + j] + t[i * nr + j] : t[i * nr + j];
}

/* m x n of C from packed blocks of A and B of one k block. */
static void gemm_block(size_t m, size_t n, size_t k, const double *a, const double *b, double *c, size_t ldc, bool add)
{
    size_t mr = kern_now->mr;
    size_t nr = kern_now->nr;
    /* a panel of B stays in the first-level cache */
    for (size_t jr = 0; jr < n; jr += nr)
        for (size_t ir = 0; ir < m; ir += mr) { /* a tile of C stays in registers */
            double *at = c + ir * ldc + jr;
            if (ir + mr <= m && jr + nr <= n)
                kern_now->tile(k, a + ir * k, 1, mr, b + jr * k, at, ldc, add);
            else
                gemm_edge(min_size(mr, m - ir), min_size(nr, n - jr), k, a + ir * k, 1, mr, b + jr * k, at, ldc, add);
        }
}

/* Rectangle m x n of C at (i0, j0), for k above GEMM_SHALLOW. */
static void gemm_deep(const gemm_job *g, gemm_work *w, size_t i0, size_t j0, size_t m, size_t n)
{
    for (size_t jc = 0; jc < n; jc += GEMM_NC) { /* a stripe of B, for the last-level cache */
        size_t columns = min_size(GEMM_NC, n - jc);
        /* a block of k: part of the definition, in order */
        for (size_t pc = 0; pc < g->k; pc += KERN_BLOCK) {
            size_t k = min_size(KERN_BLOCK, g->k - pc);
            kern_now->pack(k, columns, g->b + pc * g->ldb + j0 + jc, g->ldb, w->b);
            for (size_t ic = 0; ic < m; ic += GEMM_MC) { /* a block of A, for the second-level cache */
                size_t rows = min_size(GEMM_MC, m - ic);
                gemm_pack_a(rows, k, g->a + (i0 + ic) * g->lda + pc, g->lda, w->a);
                gemm_block(rows, columns, k, w->a, w->b, g->c + (i0 + ic) * g->ldc + j0 + jc, g->ldc, pc > 0);
            }
        }
    }
}

/* mr rows (or the last few) of one strip of columns: computed in cache, then copied out row by row. */
static void gemm_strip(const gemm_job *g, gemm_work *w, size_t i, size_t j, size_t rows, size_t columns)
{
    size_t mr = kern_now->mr;
    size_t nr = kern_now->nr;
    size_t width = (columns + nr - 1) / nr * nr;
    const double *a = g->a + i * g->lda;
    if (rows < mr)
        gemm_pack_a(rows, g->k, a, g->lda, w->a);
    for (size_t jr = 0; jr < columns; jr += nr) {
        if (rows < mr)
            kern_now->tile(g->k, w->a, 1, mr, w->b + jr * g->k, w->strip + jr, width, false);
        else
            kern_now->tile(g->k, a, g->lda, 1, w->b + jr * g->k, w->strip + jr, width, false);
    }
    bool large = g->m * g->n > GEMM_LARGE / sizeof(double);
    for (size_t r = 0; r < rows; r++) {
        double *to = g->c + (i + r) * g->ldc + j;
        if (large)
            kern_now->stream(columns, w->strip + r * width, to);
        else
            memcpy(to, w->strip + r * width, columns * sizeof *to);
    }
}

/* The same for k up to GEMM_SHALLOW: A is read where it lies, and C is written once. */
static void gemm_shallow(const gemm_job *g, gemm_work *w, size_t i0, size_t j0, size_t m, size_t n)
{
    for (size_t jc = 0; jc < n; jc += GEMM_STRIP) {
        size_t columns = min_size(GEMM_STRIP, n - jc);
        kern_now->pack(g->k, columns, g->b + j0 + jc, g->ldb, w->b);
        for (size_t ir = 0; ir < m; ir += kern_now->mr)
            gemm_strip(g, w, i0 + ir, j0 + jc, min_size(kern_now->mr, m - ir), columns);
    }
#if FMA_X86
    _mm_sfence(); /* the streamed stores, before another thread is told that they are done */
#endif
}

/* Rectangle number `task` of C, counted along its rows. */
static void gemm_task(void *ctx, size_t task)
{
    gemm_job *g = ctx;
    size_t across = (g->n + g->columns - 1) / g->columns;
    size_t i = task / across * g->rows;
    size_t j = task % across * g->columns;
    size_t m = min_size(g->rows, g->m - i);
    size_t n = min_size(g->columns, g->n - j);
    if (g->m <= KERN_FEW) {
        kern_now->few(m, n, g->k, g->a + i * g->lda, g->lda, g->b + j, g->ldb, g->c + i * g->ldc + j, g->ldc);
        return;
    }
    gemm_work *w = gemm_take();
    if (!w) {
        __atomic_store_n(&g->failed, true, __ATOMIC_RELAXED);
        return;
    }
    if (g->k <= GEMM_SHALLOW)
        gemm_shallow(g, w, i, j, m, n);
    else
        gemm_deep(g, w, i, j, m, n);
    gemm_give(w);
}

/* ceil(n / parts), rounded up to a multiple of unit. */
static size_t gemm_part(size_t n, size_t parts, size_t unit)
{
    size_t part = (n + parts - 1) / parts;
    return (part + unit - 1) / unit * unit;
}

/* Rectangles of C, one a thread, fewer where waking one does not pay. Columns are cut first: each rectangle packs its
   own part of B, and its share of A anew. Rows are cut only when C is too narrow to give each thread one. */
static void gemm_split(gemm_job *g)
{
    double work = (double)g->m * (double)g->n * (double)g->k;
    bool few = g->m <= KERN_FEW;
    size_t threads = (size_t)thr_count();
    if ((double)threads > work / GEMM_THREAD)
        threads = 1 + (size_t)(work / GEMM_THREAD);
    size_t across = min_size(threads, 1 + g->n / GEMM_NARROW);
    size_t down = few || across >= threads ? 1 : (threads + across - 1) / across;
    /* 64: whole cache lines, and a multiple of what kern_few takes at once */
    g->columns = gemm_part(g->n, across, few ? 64 : kern_now->nr);
    g->rows = gemm_part(g->m, down, kern_now->mr);
}

/* C = A B for row-major A (m x k, lda >= k), B (k x n, ldb >= n), C (m x n, ldc >= n, apart from A and B). Nonzero:
   no memory, C undefined. */
static int gemm(
    size_t m, size_t n, size_t k, const double *A, size_t lda, const double *B, size_t ldb, double *C, size_t ldc)
{
    if (m == 0 || n == 0)
        return 0;
    if (k == 0 || m <= GEMM_SMALL / n / k) {
        kern_now->small(m, n, k, A, lda, B, ldb, C, ldc);
        return 0;
    }
    gemm_job g = { .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb, .ldc = ldc, .a = A, .b = B, .c = C };
    gemm_split(&g);
    thr_for((m + g.rows - 1) / g.rows * ((n + g.columns - 1) / g.columns), gemm_task, &g);
    return g.failed;
}

/* n that relu_gap takes: a product of rows is then one chain. */
enum { RELU_GAP_MAX = KERN_BLOCK };

typedef struct {
    size_t pairs, n, samples, ldx, blocks;
    const double *w1, *w2, *x;
    double *out;
    bool failed;
} gemm_gap;

/* One block of samples: copied into tiles (n x 16, padded with zeros), then the kernel. */
static void gemm_gap_task(void *ctx, size_t block)
{
    gemm_gap *g = ctx;
    size_t first = block * KERN_BLOCK;
    size_t count = min_size(KERN_BLOCK, g->samples - first);
    size_t tiles = (count + KERN_LANES - 1) / KERN_LANES;
    double *x = calloc(tiles * g->n * KERN_LANES + 1, sizeof *x);
    if (!x) {
        __atomic_store_n(&g->failed, true, __ATOMIC_RELAXED);
        return;
    }
    for (size_t k = 0; k < g->n; k++)
        for (size_t j = 0; j < count; j++)
            x[(j / KERN_LANES * g->n + k) * KERN_LANES + j % KERN_LANES] = g->x[k * g->ldx + first + j];
    kern_now->gap(g->pairs, g->n, g->w1, g->w2, tiles, x, g->out + block, g->blocks);
    free(x);
}

/* For each pair of rows (w1_i, w2_i) (W1, W2: pairs x n) and each block of 256 columns of X (n x samples, n <= 256):
   out[i * blocks + block] = sum_j (max(w1_i x_j, 0) - max(w2_i x_j, 0))^2, blocks = ceil(samples / 256). Products
   and sums as defined in `2 Kernels`; max(NaN, 0) = 0, so the caller sees to it that W X cannot overflow. Nonzero:
   no memory. */
static int relu_gap(size_t pairs, size_t n, size_t samples, const double *w1, const double *w2, const double *x,
    size_t ldx, double *out)
{
    gemm_gap g = { pairs, n, samples, ldx, (samples + KERN_BLOCK - 1) / KERN_BLOCK, w1, w2, x, out, false };
    size_must_fit("numbers in a row of relu_gap", n, RELU_GAP_MAX);
    thr_for(g.blocks, gemm_gap_task, &g);
    return g.failed;
}

/* C = A B; r x k times k x c. */
static void mat_multiply(size_t r, size_t c, size_t k, const double *A, const double *B, double *C)
{
    if (gemm(r, c, k, A, k, B, c, C, c))
        die(EXIT_SYSTEM, "out of memory: packing a %zu x %zu x %zu product", r, c, k);
}

/// 4 Matrices ///

/* What the rooms below share. Their functions return a status of skipverify.h (no convergence: within 60 sweeps). All
   matrices are row-major without gaps. */
enum { MAT_SWEEPS = 60, MAT_TILE = 16 };

/* r x c doubles; NULL, and m->failed, where there is no memory for them. */
static double *mat_try(mem *arena, size_t r, size_t c)
{
    return mem_try(arena, c && r > SIZE_MAX / c ? SIZE_MAX : r * c, sizeof(double));
}

/* What no case can go on from; no convergence and infinite results the caller handles. */
static void mat_must(int status)
{
    if (status == SKV_NO_MEMORY)
        die(EXIT_SYSTEM, "out of memory in a matrix factorisation");
}

static bool all_equal(size_t n, const double *a, const double *b)
{
    return n == 0 || a == b || !memcmp(a, b, n * sizeof *a);
}

static bool all_zero(size_t n, const double *a)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != 0)
            return false;
    return true;
}

/* End of tile a, of 16 rows, of n rows. */
static size_t mat_tile_end(size_t n, size_t a) { return min_size(n, (a + 1) * MAT_TILE); }

/* T (c x r) = A^T, A: r x c; 16 rows at a time. */
static void mat_transpose_to(size_t r, size_t c, const double *A, double *T)
{
    for (size_t i0 = 0; i0 < r; i0 += MAT_TILE) {
        size_t i1 = mat_tile_end(r, i0 / MAT_TILE);
        for (size_t j = 0; j < c; j++)
            for (size_t i = i0; i < i1; i++)
                T[j * r + i] = A[i * c + j];
    }
}

/* The same in new memory of m. */
static double *mat_transpose(mem *arena, size_t r, size_t c, const double *A)
{
    double *T = mem_doubles(arena, r * c);
    mat_transpose_to(r, c, A, T);
    return T;
}

/* y = x 2^k. */
static void mat_scale(size_t n, const double *x, int k, double *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = times_two_to(x[i], k);
}

/* *e with max |x[i]| in [2^(*e - 1), 2^*e), 0 for a zero or empty vector; false if an entry is infinite or NaN.
   Absolute values of doubles are ordered as their bit patterns are. */
static bool mat_exponent(size_t n, const double *x, int *e)
{
    uint64_t max = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t b = bits_of(x[i]) & UINT64_C(0x7fffffffffffffff);
        if (b > max)
            max = b;
    }
    *e = (int)(max >> 52) - 1022;
    if (max >> 52 == 0) {
        *e = max ? -1074 : 0;
        for (; max; max >>= 1)
            ++*e;
    }
    return *e <= 1024;
}

/* x and y (n) change places. */
static void mat_swap(size_t n, double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        double t = x[i];
        x[i] = y[i];
        y[i] = t;
    }
}

/* order: the indices 0..n-1 by falling key (sign = 1) or rising key (sign = -1), lower index first on ties. */
static void mat_order(size_t n, const double *key, double sign, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = i;
        for (; k > 0 && sign * key[order[k - 1]] < sign * key[i]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
}

/* The sign rule of this file: a vector is written so that its entry of largest magnitude (the first of them on ties)
   is positive. Returns -1 if x has to change its sign for that, else 1. */
static double mat_sign(size_t n, const double *x)
{
    double best = 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_fabs(x[i]) > __builtin_fabs(best))
            best = x[i];
    return best < 0 ? -1 : 1;
}

/// 4 QR and LQ ///

/* Householder QR (pivoted) and LQ. The vectors a factorisation works on are always *rows* of its array: qr_factor and
   lq_factor take the d x m array T (d <= m) and find T = L Q, which is the QR factorisation T^T = Q^T L^T of the tall
   matrix T^T. */

/* Vectors of norm below 2^-503 count as zero in the factorisations. Their squares, computed with an absolute error
   of n 2^-1075, would have lost too many digits for the reflector to be orthogonal. The callers scale to a
   Frobenius norm near 2^508 (svd_scale), so this is a relative perturbation of 2^-1000 and less. */
#define QR_FLUSH 0x1p-503

/* The reflector H = I - beta w w^T, w = (1, v), with H (head, v)^T = (alpha, 0)^T: *head becomes alpha, v the tail
   of w, beta is returned. beta = 0 (H = I) if the tail, or the tail's square, or the whole (then also *head) is
   zero. Precondition: norm below 2^511. */
static double qr_reflector(size_t n, double *head, double *v)
{
    double tail = kern_dot(n, v, v);
    if (tail == 0)
        return 0;
    double norm = __builtin_sqrt(fma1(*head, *head, tail));
    double alpha = *head > 0 ? -norm : norm;
    double w0 = *head - alpha;
    double inverse = 1 / w0;
    if (norm < QR_FLUSH) {
        *head = 0;
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        v[i] *= inverse;
    *head = alpha;
    return -w0 / alpha;
}

/* (head, x) <- (head, x) H. */
static void qr_reflect(size_t n, double beta, const double *v, double *head, double *x)
{
    if (beta == 0)
        return;
    double a = -beta * (*head + kern_dot(n, v, x));
    *head += a;
    kern_axpy(n, a, v, x);
}

/* The norm of row j of T from column k on, computed: norm[j] is kept up to date by downdating, norm[d + j] is its last
   computed value. */
static void qr_norm(size_t d, size_t m, const double *T, size_t k, size_t j, double *norm)
{
    const double *x = T + j * m + k;
    norm[j] = __builtin_sqrt(kern_dot(m - k, x, x));
    norm[d + j] = norm[j];
}

/* Row j lost the component `head`. The downdated norm is norm sqrt(1 - (head / norm)^2); its relative error grows
   with (last computed / present)^2, so below a factor of 2^-26 in the square, where half the digits are gone, the
   norm is computed anew (Drmac, Bujanovic, ACM TOMS 35, 2008). */
static void qr_downdate(size_t d, size_t m, const double *T, size_t k, size_t j, double *norm)
{
    if (norm[j] == 0)
        return;
    double q = T[j * m + k] / norm[j];
    double left = fma1(-q, q, 1);
    double ratio = norm[j] / norm[d + j];
    if (!(left * ratio * ratio > 0x1p-26))
        qr_norm(d, m, T, k + 1, j, norm);
    else
        norm[j] *= __builtin_sqrt(left);
}

/* Brings the row of largest remaining norm (lowest index on ties) to place k. */
static void qr_pivot(size_t d, size_t m, double *T, size_t k, size_t *perm, double *norm)
{
    size_t best = k;
    for (size_t j = k + 1; j < d; j++)
        if (norm[j] > norm[best])
            best = j;
    if (best == k)
        return;
    mat_swap(m, T + k * m, T + best * m);
    mat_swap(1, norm + k, norm + best);
    mat_swap(1, norm + d + k, norm + d + best);
    size_t p = perm[k];
    perm[k] = perm[best];
    perm[best] = p;
}

/* Pivoted QR of the m x d matrix T^T, m >= d, column k of T^T being row k of T (d x m): row k of P T is row perm[k]
   of T, P T = L Q. Out: L in the lower triangle of T, the tail of reflector k in T[k][k + 1 ...], its factor in
   beta[k] (d); norm is scratch (2 d). Q = H_{d-1} ... H_0, applied by qr_apply.
   Remaining rows of norm below QR_FLUSH are made zero (beta = 0): L then has exact zero entries below and right of
   the rank found. */
static void qr_factor(size_t d, size_t m, double *T, double *beta, size_t *perm, double *norm)
{
    for (size_t j = 0; j < d; j++) {
        perm[j] = j;
        qr_norm(d, m, T, 0, j, norm);
    }
    for (size_t k = 0; k < d; k++) {
        qr_pivot(d, m, T, k, perm, norm);
        double *row = T + k * m;
        if (norm[k] < QR_FLUSH) {
            for (size_t j = k; j < d; j++)
                memset(T + j * m + k, 0, (m - k) * sizeof *T);
            memset(beta + k, 0, (d - k) * sizeof *beta);
            return;
        }
        beta[k] = qr_reflector(m - k - 1, row + k, row + k + 1);
        for (size_t j = k + 1; j < d; j++) {
            qr_reflect(m - k - 1, beta[k], row + k + 1, T + j * m + k, T + j * m + k + 1);
            qr_downdate(d, m, T, k, j, norm);
        }
    }
}

/* B <- B Q for the Q of qr_factor, B rows x m, 16 rows at a time so that a reflector is read from far memory once
   for all of them. */
static void qr_apply(size_t d, size_t m, const double *T, const double *beta, size_t rows, double *B)
{
    for (size_t i0 = 0; i0 < rows; i0 += MAT_TILE)
        for (size_t k = d; k-- > 0;)
            for (size_t i = i0; i < rows && i < i0 + MAT_TILE; i++)
                qr_reflect(m - k - 1, beta[k], T + k * m + k + 1, B + i * m + k, B + i * m + k + 1);
}

/* Blocks of the unpivoted LQ: block 0 holds the first max(1024, d) columns, every further block 1,024. The size is
   part of the definition of the result; it keeps a block of a few dozen rows in a second-level cache. */
enum { LQ_BLOCK = 1024 };

static size_t lq_first(size_t d, size_t m)
{
    size_t first = max_size(d, LQ_BLOCK);
    return min_size(m, first);
}

static size_t lq_blocks(size_t d, size_t m) { return 1 + (m - lq_first(d, m) + LQ_BLOCK - 1) / LQ_BLOCK; }

/* Columns [*from, *to) of block b. The reflector of row k there has its head in column k and its tail in columns
   from ... to - 1; in block 0 the tail starts at k + 1. */
static void lq_range(size_t d, size_t m, size_t b, size_t *from, size_t *to)
{
    size_t first = lq_first(d, m);
    *from = b ? first + (b - 1) * LQ_BLOCK : 0;
    *to = b ? min_size(m, *from + LQ_BLOCK) : first;
}

/* Rows [r0, r1) of B (m columns) times reflector k of block b, head and tail as in lq_range. */
static void lq_rows(
    size_t d, size_t m, const double *T, const double *beta, size_t b, size_t k, size_t r0, size_t r1, double *B)
{
    size_t from, to;
    lq_range(d, m, b, &from, &to);
    if (b == 0)
        from = k + 1;
    for (size_t i = r0; i < r1; i++)
        qr_reflect(to - from, beta[b * d + k], T + k * m + from, B + i * m + k, B + i * m + from);
}

/* Reflector k of block b, made from row k of T. */
static void lq_make(size_t d, size_t m, double *T, double *beta, size_t b, size_t k)
{
    size_t from, to;
    lq_range(d, m, b, &from, &to);
    if (b == 0)
        from = k + 1;
    beta[b * d + k] = qr_reflector(to - from, T + k * m + k, T + k * m + from);
}

/* T = L Q, unpivoted, T d x m, d <= m, in place: a flat TSQR. Block 0 is an ordinary Householder LQ; block b
   annihilates its columns against the triangle [L_{b-1} | T_b], whose row k has only its diagonal entry to be
   combined with, so that L stays triangular in place and the reflectors need no storage of their own. Left-looking:
   16 rows are brought up to date when their turn comes. Out: L in the lower triangle, reflectors elsewhere, beta
   (lq_blocks(d, m) x d). */
static void lq_factor(size_t d, size_t m, double *T, double *beta)
{
    for (size_t b = 0; b < lq_blocks(d, m); b++)
        for (size_t r0 = 0; r0 < d; r0 += MAT_TILE) {
            size_t r1 = min_size(d, r0 + MAT_TILE);
            for (size_t k = 0; k < r0; k++)
                lq_rows(d, m, T, beta, b, k, r0, r1, T);
            for (size_t k = r0; k < r1; k++) {
                lq_make(d, m, T, beta, b, k);
                lq_rows(d, m, T, beta, b, k, k + 1, r1, T);
            }
        }
}

/* B <- B Q for the Q of lq_factor, B rows x m: Q is the product of the reflectors, the last one first. */
static void lq_apply(size_t d, size_t m, const double *T, const double *beta, size_t rows, double *B)
{
    for (size_t b = lq_blocks(d, m); b-- > 0;)
        for (size_t r0 = 0; r0 < rows; r0 += MAT_TILE)
            for (size_t k = d; k-- > 0;)
                lq_rows(d, m, T, beta, b, k, r0, min_size(rows, r0 + MAT_TILE), B);
}

/// 4 Singular values ///

/* One-sided Jacobi, and the pseudoinverse from it.

   Why Jacobi: it needs nothing but + - * / sqrt and fma, and its order of rotations is ours to fix. Why QR first: a
   pivoted QR concentrates the matrix on the diagonal, so that Jacobi has little left to do (Drmac, Veselic, "New fast
   and accurate Jacobi SVD algorithm", SIAM J. Matrix Anal. Appl. 29, 2008).

   How accurate: each singular value is off by a modest multiple of u times the largest, as with any backward stable
   method. The small ones are accurate relative to themselves where A = D G, D diagonal and G well conditioned, since
   it is rows that are pivoted (10^-14 at 40 decades); not where a square A = G D, unless D descends, nor for every
   graded matrix (a bidiagonal one with small diagonal, say). */

/* Vectors of squared length below this are zero to the Jacobi sweeps: a product x . y, whose absolute error is
   n 2^-1075, could not be compared with tol |x||y|, about n 2^-56 2^-1010, any more. The matrix has a norm near 2^508
   here: singular values are resolved over the 300 decades below the largest. */
#define SVD_DEAD 0x1p-1010

/* k such that |2^k T|_F <= 2^508 for n entries below 2^e: sqrt(n) < 2^half. */
static int svd_scale(size_t n, int e)
{
    int half = 0;
    for (; n; n >>= 2)
        half++;
    return 508 - half - e;
}

/* State of the one-sided Jacobi iteration: the rows of G (n x n, `g`) become orthogonal, G_now = W^T G_first, W^T
   accumulates in `w` (n x n). sq and len: squared length and length of the rows of G, kept up to date. */
typedef struct {
    size_t n;
    double *g, *w, *sq, *len, tol;
} svd_state;

static void svd_length(const svd_state *z, size_t i)
{
    const double *x = z->g + i * z->n;
    z->sq[i] = kern_dot(z->n, x, x);
    z->len[i] = __builtin_sqrt(z->sq[i]);
}

/* t = tan(angle), |t| <= 1, of the rotation that makes rows of squared lengths a and b and of product g orthogonal:
   t^2 + 2 zeta t - 1 = 0, zeta = (b - a) / (2 g). For |zeta| > 2^29 the root is g / (b - a) to 2^-60, without
   overflow. */
static double svd_tangent(double a, double b, double g)
{
    double diff = b - a;
    if (__builtin_fabs(diff) * 0x1p-30 > __builtin_fabs(g))
        return g / diff;
    double zeta = diff / (2 * g);
    double root = __builtin_sqrt(fma1(zeta, zeta, 1));
    return zeta < 0 ? -1 / (root - zeta) : 1 / (root + zeta);
}

/* The rotation of svd_tangent in Rutishauser's form: sine and tau = tan(angle / 2); returns tan(angle). */
static double svd_rotation(double a, double b, double g, double *sine, double *tau)
{
    double t = svd_tangent(a, b, g);
    double cosine = 1 / __builtin_sqrt(fma1(t, t, 1));
    *sine = t * cosine;
    *tau = *sine / (1 + cosine);
    return t;
}

/* The squared length of row i changed by `change`; computed anew if more than half of it cancelled. */
static void svd_update(const svd_state *z, size_t i, double change)
{
    double old = z->sq[i];
    double now = old + change;
    if (!(now > 0.5 * old)) {
        svd_length(z, i);
    } else {
        z->sq[i] = now;
        z->len[i] = __builtin_sqrt(now);
    }
}

/* Rotates rows i < j unless they are orthogonal to working accuracy; 1 if it rotated. */
static size_t svd_pair(const svd_state *z, size_t i, size_t j)
{
    size_t n = z->n;
    double *x = z->g + i * n;
    double *y = z->g + j * n;
    double g = kern_dot(n, x, y);
    if (!(__builtin_fabs(g) > z->tol * z->len[i] * z->len[j]))
        return 0;
    double sine, tau;
    double t = svd_rotation(z->sq[i], z->sq[j], g, &sine, &tau);
    kern_rot(n, sine, tau, x, y);
    kern_rot(n, sine, tau, z->w + i * n, z->w + j * n);
    svd_update(z, i, -(t * g));
    svd_update(z, j, t * g);
    return 1;
}

/* All pairs of tiles a < b, or all pairs within the tile a == b. */
static size_t svd_tiles(const svd_state *z, size_t a, size_t b)
{
    size_t rotated = 0;
    size_t end_a = mat_tile_end(z->n, a);
    size_t end_b = mat_tile_end(z->n, b);
    for (size_t i = a * MAT_TILE; i < end_a; i++)
        for (size_t j = a == b ? i + 1 : b * MAT_TILE; j < end_b; j++)
            rotated += svd_pair(z, i, j);
    return rotated;
}

/* Lengths computed anew, rows too short to be resolved made zero. */
static void svd_lengths(const svd_state *z)
{
    for (size_t i = 0; i < z->n; i++) {
        svd_length(z, i);
        if (z->sq[i] >= SVD_DEAD)
            continue;
        memset(z->g + i * z->n, 0, z->n * sizeof(double));
        z->sq[i] = 0;
        z->len[i] = 0;
    }
}

/* One sweep over all pairs: first within the tiles, then the pairs of tiles in round-robin order (the tiles of one
   round are disjoint, so a round may be shared among threads without changing a bit). Returns the number of
   rotations. */
static size_t svd_sweep(const svd_state *z)
{
    size_t tiles = (z->n + MAT_TILE - 1) / MAT_TILE;
    size_t even = tiles + tiles % 2;
    size_t rotated = 0;
    svd_lengths(z);
    for (size_t a = 0; a < tiles; a++)
        rotated += svd_tiles(z, a, a);
    for (size_t round = 0; round + 1 < even; round++)
        for (size_t q = 0; q < even / 2; q++) {
            size_t a = (round + q) % (even - 1);
            size_t b = q ? (round + even - 1 - q) % (even - 1) : even - 1;
            if (a < tiles && b < tiles)
                rotated += a < b ? svd_tiles(z, a, b) : svd_tiles(z, b, a);
        }
    return rotated;
}

/* Row i of R, a row with s[i] = 0, becomes the first unit vector e_k, k = *next - 1 and down, whose squared residual
   against the rows present (s[j] > 0 or j < i) exceeds 1 / (2 n), orthogonalised twice and normalised.
   Why one is always found: against m < n orthonormal rows the squared residuals of all e_k add up to n - m >= 1;
   those of the refused ones (residuals only shrink) to less than n / (2 n), those of the accepted ones to nothing. */
static void svd_complete_row(size_t n, const double *s, double *R, size_t i, size_t *next)
{
    double *x = R + i * n;
    double square = 0;
    while (square * (double)(2 * n) <= 1 && *next > 0) {
        memset(x, 0, n * sizeof *x);
        x[--*next] = 1;
        for (int pass = 0; pass < 2; pass++)
            for (size_t j = 0; j < n; j++)
                if (j < i || s[j] > 0)
                    kern_axpy(n, -kern_dot(n, R + j * n, x), R + j * n, x);
        square = kern_dot(n, x, x);
    }
    double norm = __builtin_sqrt(square);
    for (size_t q = 0; q < n; q++)
        x[q] /= norm;
}

/* Normalises the rows of R (n x n, orthogonal, of lengths s) and fills in those of length zero so that all are
   orthonormal. */
static void svd_complete(size_t n, const double *s, double *R)
{
    size_t next = n;
    for (size_t i = 0; i < n; i++)
        for (size_t q = 0; q < n && s[i] > 0; q++)
            R[i * n + q] /= s[i];
    for (size_t i = 0; i < n; i++)
        if (s[i] == 0)
            svd_complete_row(n, s, R, i, &next);
}

/* Jacobi proper: G = W diag(s) R, W and R orthogonal, all n x n; G is replaced by R, wt by W^T; s, sq: n each.
   Stops after a sweep in which every pair had |x . y| <= tol |x||y|, tol = (n / 8 + 16) u, u = 2^-53.
   Why that: below it lies only rounding. A product carries an error of at most (n / 16 + 5) u |x||y| and so do the
   squared lengths, a rotation adds 3 u to each component of both vectors: two vectors just made orthogonal can show
   a cosine of about (n / 8 + 16) u, and in practice of a few u. (n u would converge as fast and leave R orthogonal
   to 7 times less at n = 512.) What is left in R^T R off the diagonal changes a singular value by a relative n tol
   at the worst, and by about tol^2 / relative gap otherwise. */
static int svd_rows(size_t n, double *G, double *wt, double *s, double *sq)
{
    svd_state z = { n, G, wt, sq, s, (double)(n / 8 + 16) * 0x1p-53 };
    memset(wt, 0, n * n * sizeof *wt);
    for (size_t i = 0; i < n; i++)
        wt[i * n + i] = 1;
    int sweep = 0;
    while (sweep < MAT_SWEEPS && svd_sweep(&z) > 0)
        sweep++;
    if (sweep == MAT_SWEEPS)
        return SKV_NO_CONVERGENCE;
    svd_lengths(&z);
    svd_complete(n, s, G);
    return SKV_OK;
}

/* What svd and pinv share: the wide one of A and A^T, T (d x m, d <= m) times 2^shift, and what comes of it. */
typedef struct {
    size_t d, m;
    int shift;
    mem memory;
    double *T, *beta;         /* if m > d, T = L Q is left in T (lq_factor) */
    double *L, *beta1, *norm; /* d x d, d, 2 d: the pivoted QR of L^T */
    size_t *perm;
    double *L2, *beta2;       /* d x d, d: the LQ of what it leaves */
    double *left, *s, *right; /* d x d, d, d x d: L = left^T diag(s) right, the rows orthonormal */
    size_t *order;            /* sorts s */
    double *wide, *sign;      /* d x m, d: free, as L2 is in the end */
} svd_core;

/* L (destroyed) = left^T diag(s) right, s unordered.
   P L = L1 Q1 (pivoted QR of L^T), L1^T = L2 Q2, Jacobi on the columns of L2: L2^T = W diag(s) R. Hence
   P L = L1 Q1 = (W^T Q2)^T diag(s) (R Q1). (The second factorisation saves sweeps: 7 instead of 9 for a spectrum of
   1 to 1e-10 at n = 256, 11 instead of 12 for a random matrix at n = 512; on the rows of L1 it would be 35 and 14.) */
static int svd_square(svd_core *z)
{
    size_t d = z->d;
    qr_factor(d, d, z->L, z->beta1, z->perm, z->norm);
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
            z->L2[j * d + k] = k < j ? 0 : z->L[k * d + j];
    lq_factor(d, d, z->L2, z->beta2);
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
            z->right[j * d + k] = k < j ? 0 : z->L2[k * d + j];
    int error = svd_rows(d, z->right, z->left, z->s, z->norm);
    if (error)
        return error;
    lq_apply(d, d, z->L2, z->beta2, d, z->left);
    qr_apply(d, d, z->L, z->beta1, d, z->right);
    memcpy(z->L2, z->left, d * d * sizeof(double));
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
            z->left[j * d + z->perm[k]] = z->L2[j * d + k];
    return SKV_OK;
}

/* All that a decomposition needs; false: no memory. */
static bool svd_allocate(svd_core *z)
{
    size_t d = z->d;
    size_t m = z->m;
    mem *a = &z->memory;
    z->T = mat_try(a, d, m);
    z->beta = mat_try(a, m > d ? lq_blocks(d, m) : 0, d);
    z->L = mat_try(a, d, d);
    z->beta1 = mat_try(a, 1, d);
    z->norm = mat_try(a, 2, d);
    z->perm = mem_try(a, d, sizeof *z->perm);
    z->L2 = mat_try(a, d, d);
    z->beta2 = mat_try(a, 1, d);
    z->left = mat_try(a, d, d);
    z->s = mat_try(a, 1, d);
    z->right = mat_try(a, d, d);
    z->order = mem_try(a, d, sizeof *z->order);
    z->wide = mat_try(a, d, m);
    z->sign = mat_try(a, 1, d);
    return !a->failed;
}

/* T from A (r x c), its LQ, and the decomposition of its L. */
static int svd_decompose(size_t r, size_t c, const double *A, svd_core *z)
{
    size_t d = z->d;
    size_t m = z->m;
    if (r > c)
        mat_transpose_to(r, c, A, z->T);
    else
        memcpy(z->T, A, r * c * sizeof *A);
    mat_scale(d * m, z->T, z->shift, z->T);
    if (m > d)
        lq_factor(d, m, z->T, z->beta);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++)
            z->L[i * d + j] = m > d && j > i ? 0 : z->T[i * m + j];
    int error = svd_square(z);
    mat_order(d, z->s, 1, z->order);
    return error;
}

/* Scales, allocates and decomposes A (r x c, not empty); the caller frees z->memory whatever the result. */
static int svd_begin(size_t r, size_t c, const double *A, svd_core *z)
{
    int e;
    memset(z, 0, sizeof *z);
    if (!mat_exponent(r * c, A, &e))
        return SKV_NOT_FINITE;
    z->d = min_size(r, c);
    z->m = max_size(r, c);
    z->shift = svd_scale(r * c, e);
    if (!svd_allocate(z))
        return SKV_NO_MEMORY;
    return svd_decompose(r, c, A, z);
}

/* dst (m x d), column k = sign[k] times row order[k] of src (d x m). */
static void svd_columns(size_t d, size_t m, const double *src, const size_t *order, const double *sign, double *dst)
{
    for (size_t i0 = 0; i0 < m; i0 += MAT_TILE)
        for (size_t k = 0; k < d; k++)
            for (size_t i = i0; i < m && i < i0 + MAT_TILE; i++)
                dst[i * d + k] = sign[k] * src[order[k] * m + i];
}

/* wide (d x m) = [right 0] Q. */
static void svd_widen(svd_core *z)
{
    size_t d = z->d;
    size_t m = z->m;
    for (size_t i = 0; i < d; i++) {
        memset(z->wide + i * m, 0, m * sizeof(double));
        memcpy(z->wide + i * m, z->right + i * d, d * sizeof(double));
    }
    if (m > d)
        lq_apply(d, m, z->T, z->beta, d, z->wide);
}

/* The results of a decomposition in the caller's arrays; false if a singular value overflows. */
static bool svd_deliver(size_t r, size_t c, svd_core *z, double *U, double *s, double *V)
{
    size_t d = z->d;
    size_t m = z->m;
    bool finite = true;
    svd_widen(z);
    for (size_t k = 0; k < d; k++) {
        size_t o = z->order[k];
        z->sign[k] = r > c ? mat_sign(m, z->wide + o * m) : mat_sign(d, z->left + o * d);
        s[k] = times_two_to(z->s[o], -z->shift);
        if (!(s[k] < INFINITY))
            finite = false;
    }
    svd_columns(d, d, z->left, z->order, z->sign, r > c ? V : U);
    svd_columns(d, m, z->wide, z->order, z->sign, r > c ? U : V);
    return finite;
}

/* Thin singular value decomposition A = U diag(s) V^T of any r x c matrix (row-major), p = min(r, c): U r x p and
   V c x p with orthonormal columns (also where s is zero), s (p) >= 0, descending. In each column of U the entry of
   largest magnitude (the first on ties) is positive. Singular values below about 2^-1000 of the largest are
   returned as zero. */
static int svd(size_t r, size_t c, const double *A, double *U, double *s, double *V)
{
    svd_core z;
    if (r == 0 || c == 0)
        return SKV_OK;
    int error = svd_begin(r, c, A, &z);
    if (!error && !svd_deliver(r, c, &z, U, s, V))
        error = SKV_OVERFLOW;
    mem_free(&z.memory);
    return error;
}

/* K (d x d) = pinv(L)^T = sum over s > cut of left_k right_k^T / s_k, cut = tol s_max; returns the rank, SIZE_MAX if
   gemm fails. Overwrites L and L2; K may be left or right. */
static size_t pinv_kernel(svd_core *z, double tol, double *K)
{
    size_t d = z->d;
    size_t rank = 0;
    double cut = tol * z->s[z->order[0]];
    for (size_t k = 0; k < d; k++) {
        double s = z->s[z->order[k]];
        bool kept = s > 0 && s > cut;
        rank += kept;
        memcpy(z->L + k * d, z->right + z->order[k] * d, d * sizeof(double));
        for (size_t i = 0; i < d; i++)
            z->L2[i * d + k] = kept ? z->left[z->order[k] * d + i] / s : 0;
    }
    return gemm(d, d, rank, z->L2, d, z->L, d, K, d) ? SIZE_MAX : rank;
}

/* The pseudoinverse in the caller's array, also where it is not finite. */
static int pinv_deliver(size_t r, size_t c, svd_core *z, double tol, double *X, size_t *rank)
{
    size_t entries = z->d * z->m;
    int e;
    *rank = pinv_kernel(z, tol, z->right);
    svd_widen(z);
    mat_scale(entries, z->wide, z->shift, z->wide);
    if (r > c)
        memcpy(X, z->wide, entries * sizeof *X);
    else
        mat_transpose_to(z->d, z->m, z->wide, X);
    if (*rank == SIZE_MAX)
        return SKV_NO_MEMORY;
    return mat_exponent(entries, z->wide, &e) ? SKV_OK : SKV_OVERFLOW;
}

/* X (c x r) = A^+, the Moore-Penrose pseudoinverse of A (r x c), from its singular value decomposition. Singular
   values <= tol * (the largest) count as zero; tol < 0 stands for max(r, c) 2^-52. *rank is the number of the others.
   With T = L Q the wide one of A and A^T, T^+ = Q^T L^+: only d x d matrices (d = min(r, c)) are decomposed or
   multiplied. */
static int pinv(size_t r, size_t c, const double *A, double *X, double tol, size_t *rank)
{
    svd_core z;
    *rank = 0;
    if (r == 0 || c == 0)
        return SKV_OK;
    int error = svd_begin(r, c, A, &z);
    if (!error)
        error = pinv_deliver(r, c, &z, tol >= 0 ? tol : (double)z.m * 0x1p-52, X, rank);
    mem_free(&z.memory);
    return error;
}

/* X (c x r) = A^+; a candidate, so that no convergence is no harm. */
static void mat_pinv(size_t r, size_t c, const double *A, double *X)
{
    size_t rank;
    mat_must(pinv(r, c, A, X, -1, &rank));
}

/// 4 Eigenvalues ///

/* Two-sided cyclic Jacobi for symmetric matrices. */

/* State of the two-sided iteration: A (n x n, symmetric, entries below 1), rows of Q the eigenvectors so far; S (at
   most 32 x 32) a copy of the rows and columns of A that belong to the two tiles in work, row[i] the row of A that
   row i of S stands for. */
typedef struct {
    size_t n, size, row[2 * MAT_TILE];
    double *A, *Q, *S;
} eig_state;

/* Off-diagonal entries are left alone where |a_pq| <= u sqrt|a_pp a_qq| (then a positive definite matrix keeps its
   small eigenvalues) or |a_pq| <= 2^-106 (which ends the chase where a diagonal entry is zero). Together they
   change A by at most n u max|a_ii| in norm. */
static bool eig_small(double pp, double pq, double qq)
{
    double a = __builtin_fabs(pq);
    double scale = __builtin_sqrt(__builtin_fabs(pp)) * __builtin_sqrt(__builtin_fabs(qq));
    return a <= 0x1p-106 || a <= 0x1p-53 * scale;
}

/* Annihilates entry (i, j), i < j, of S: in S two-sided (rows rotated, the 2 x 2 block set by its formulas, columns
   mirrored), in A and Q the rows. Returns 1 if it rotated. */
static size_t eig_pair(const eig_state *z, size_t i, size_t j)
{
    size_t k = z->size;
    size_t n = z->n;
    size_t p = z->row[i];
    size_t q = z->row[j];
    double *x = z->S + i * k;
    double *y = z->S + j * k;
    double a = x[i];
    double b = y[j];
    double g = x[j];
    if (eig_small(a, g, b))
        return 0;
    double sine, tau;
    double t = svd_rotation(a, b, g, &sine, &tau);
    kern_rot(k, sine, tau, x, y);
    kern_rot(n, sine, tau, z->A + p * n, z->A + q * n);
    kern_rot(n, sine, tau, z->Q + p * n, z->Q + q * n);
    x[i] = fma1(-t, g, a);
    y[j] = fma1(t, g, b);
    x[j] = 0;
    y[i] = 0;
    for (size_t l = 0; l < k; l++) {
        z->S[l * k + i] = x[l];
        z->S[l * k + j] = y[l];
    }
    return 1;
}

/* S <- A on the tiles a <= b; returns the number of rows of tile a. */
static size_t eig_load(eig_state *z, size_t a, size_t b)
{
    size_t n = z->n;
    z->size = 0;
    for (size_t i = a * MAT_TILE; i < mat_tile_end(n, a); i++)
        z->row[z->size++] = i;
    size_t first = z->size;
    for (size_t i = b * MAT_TILE; a < b && i < mat_tile_end(n, b); i++)
        z->row[z->size++] = i;
    for (size_t i = 0; i < z->size; i++)
        for (size_t j = 0; j < z->size; j++)
            z->S[i * z->size + j] = z->A[z->row[i] * n + z->row[j]];
    return first;
}

/* The rows of A in the two tiles hold J^T A. Columns are mirrored from them by symmetry, and where both meet,
   J^T A J is S. */
static void eig_store(const eig_state *z)
{
    size_t n = z->n;
    for (size_t i = 0; i < z->size; i++)
        for (size_t j = 0; j < z->size; j++)
            z->A[z->row[i] * n + z->row[j]] = z->S[i * z->size + j];
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < z->size; i++)
            z->A[k * n + z->row[i]] = z->A[z->row[i] * n + k];
}

/* One sweep over all pairs, tile by tile; returns the number of rotations. */
static size_t eig_sweep(eig_state *z)
{
    size_t tiles = (z->n + MAT_TILE - 1) / MAT_TILE;
    size_t total = 0;
    for (size_t a = 0; a < tiles; a++)
        for (size_t b = a; b < tiles; b++) {
            size_t first = eig_load(z, a, b);
            size_t rotated = 0;
            for (size_t i = 0; i < first; i++)
                for (size_t j = a == b ? i + 1 : first; j < z->size; j++)
                    rotated += eig_pair(z, i, j);
            if (rotated)
                eig_store(z);
            total += rotated;
        }
    return total;
}

/* Sweeps until one rotates nothing: A becomes diagonal, the rows of Q its eigenvectors; S: scratch of eig_state. */
static int eig_iterate(size_t n, double *A, double *Q, double *S)
{
    eig_state z = { .n = n, .A = A, .Q = Q, .S = S };
    memset(Q, 0, n * n * sizeof *Q);
    for (size_t i = 0; i < n; i++)
        Q[i * n + i] = 1;
    for (int sweep = 0; sweep < MAT_SWEEPS; sweep++)
        if (eig_sweep(&z) == 0)
            return SKV_OK;
    return SKV_NO_CONVERGENCE;
}

/* mat_exponent of the lower triangle of A (n x n). */
static bool eig_exponent(size_t n, const double *A, int *e)
{
    int row;
    bool finite = true;
    *e = INT_MIN;
    for (size_t i = 0; i < n; i++) {
        finite = mat_exponent(i + 1, A + i * n, &row) && finite;
        if (!all_zero(i + 1, A + i * n) && row > *e)
            *e = row;
    }
    *e = *e == INT_MIN ? 0 : *e;
    return finite;
}

/* B (n x n) = 2^shift times the symmetric matrix whose lower triangle is that of A. */
static void eig_symmetric(size_t n, const double *A, int shift, double *B)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            B[i * n + j] = times_two_to(A[i * n + j], shift);
            B[j * n + i] = B[i * n + j];
        }
}

/* The work of eig, in the memory m; entries of A are below 2^e. */
static int eig_decompose(mem *arena, size_t n, const double *A, int e, double *w, double *Q)
{
    size_t side = min_size(n, 2 * MAT_TILE);
    double *B = mat_try(arena, n, n);
    double *R = mat_try(arena, n, n);
    double *S = mat_try(arena, side, side);
    double *key = mat_try(arena, 1, n);
    double *sign = mat_try(arena, 1, n);
    size_t *order = mem_try(arena, n, sizeof *order);
    if (arena->failed)
        return SKV_NO_MEMORY;
    eig_symmetric(n, A, -e, B);
    int error = eig_iterate(n, B, R, S);
    for (size_t i = 0; i < n; i++)
        key[i] = B[i * n + i];
    mat_order(n, key, -1, order);
    for (size_t k = 0; k < n; k++) {
        sign[k] = mat_sign(n, R + order[k] * n);
        w[k] = times_two_to(key[order[k]], e);
        if (!(__builtin_fabs(w[k]) < INFINITY) && !error)
            error = SKV_OVERFLOW;
    }
    svd_columns(n, n, R, order, sign, Q);
    return error;
}

/* Eigenvalues w (n, ascending) and orthonormal eigenvectors, the columns of Q (n x n), of the symmetric A (n x n),
   of which only the lower triangle is read: A = Q diag(w) Q^T. Signs by the rule of mat_sign. */
static int eig(size_t n, const double *A, double *w, double *Q)
{
    int e;
    if (n == 0)
        return SKV_OK;
    if (!eig_exponent(n, A, &e))
        return SKV_NOT_FINITE;
    mem arena = { 0 };
    int error = eig_decompose(&arena, n, A, e, w, Q);
    mem_free(&arena);
    return error;
}

/// 4 Enclosures of spectra ///

/* What a computed decomposition proves about the exact spectrum. Nothing is assumed of the factors: they may come
   from anywhere, and a bad one only widens the interval. u = 2^-53, eta = 2^-1075 (half the smallest double),
   gamma_k = k u / (1 - k u).

   Scalars are rounded outward by one step after every operation: the exact result lies within half a step of the
   computed one, or beyond DBL_MAX if that is infinite. A NaN stays a NaN and ends as the widest interval. */

/* gamma_k rounded up; infinite from k u = 1/4 on. */
static double bound_gamma(size_t k)
{
    double ku = (double)k * 0x1p-53;
    return ku < 0.25 ? next_up(ku / next_down(1 - ku)) : INFINITY;
}

/* Products in this section: kern_dot over blocks of 256, added in ascending order. */
enum { BOUND_BLOCK = 256 };

static double bound_dot(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t k = 0; k < n; k += BOUND_BLOCK)
        sum += kern_dot(min_size(n - k, BOUND_BLOCK), x + k, y + k);
    return sum;
}

/* Roundings a term of bound_dot passes: a chain of at most 256 / 16 fmas, 4 additions of lanes, and one addition per
   further block (0 + the first block is exact).
   Bound: |bound_dot(x, y) - x . y| <= gamma_k |x| . |y| + n 2^-1074, k = bound_depth(n).
   Why: every fma and addition multiplies by 1 + delta, |delta| <= u; only an fma can underflow (a sum of doubles in
   the subnormal range is exact), which adds at most eta, at most n times (padding zeros change nothing), carried on
   by a factor (1 + u)^k <= 2. */
static size_t bound_depth(size_t n)
{
    size_t block = min_size(n, BOUND_BLOCK);
    return n == 0 ? 0 : (block + 15) / 16 + 4 + (n - 1) / BOUND_BLOCK;
}

/* Upper bound of x . x.
   Why: with k = bound_depth(n), k u <= 1/4, the computed d is at least (1 - u)^k x . x - n 2^-1074, all terms being
   >= 0, so x . x <= (d + n 2^-1074) / (1 - k u) <= (d + n 2^-1074) (1 + 2 k u). */
static double bound_square(size_t n, const double *x)
{
    double ku = (double)bound_depth(n) * 0x1p-53;
    double d = next_up(bound_dot(n, x, x) + (double)n * 0x1p-1074);
    return ku <= 0.25 ? next_up(d * next_up(1 + 2 * ku)) : INFINITY;
}

static double bound_root(double square) { return next_up(__builtin_sqrt(square)); }

/* Upper bound of |M^T M - I|_F for M (n x p), given its transpose Mt (p x n); *norm gets an upper bound of |M|_F;
   row: p doubles of scratch.
   Bound: fl(g_ij - delta_ij) (1 + 2 u) bounds g_ij - delta_ij for the computed g_ij;
     |g_ij - m_i . m_j| <= gamma_k |m_i||m_j| + n 2^-1074,
   and the matrix of the |m_i||m_j| has the Frobenius norm |M|_F^2. Off-diagonal entries count twice. */
static double bound_gram(size_t n, size_t p, const double *Mt, double *row, double *norm)
{
    double total = 0;
    double trace = 0;
    for (size_t i = 0; i < p; i++) {
        const double *x = Mt + i * n;
        for (size_t j = 0; j < i; j++)
            row[j] = bound_dot(n, x, Mt + j * n);
        double d = bound_dot(n, x, x) - 1;
        total = next_up(total + next_up(next_up(2 * bound_square(i, row)) + next_up(d * d)));
        trace = next_up(trace + bound_square(n, x));
    }
    *norm = bound_root(trace);
    double computed = next_up(bound_root(total) * (1 + 0x1p-52));
    double prior = next_up(bound_gamma(bound_depth(n)) * trace);
    double underflow = (double)p * (double)p * (double)n * 0x1p-1073;
    return next_up(next_up(computed + prior) + underflow);
}

/* Upper bound of |A - B V^T|_F for A (r x c), B (r x p), V (c x p), given bv >= |B|_F |V|_F; tile: 16 c doubles of
   scratch.
   Bound: e_ij = fl(a_ij - fl(b_i . v_j)) satisfies
     |a_ij - b_i . v_j| <= (1 + 2 u)|e_ij| + gamma_k |b_i||v_j| + p 2^-1074
   (a subtraction does not underflow), and the matrix of the |b_i||v_j| has the Frobenius norm |B|_F |V|_F. */
static double bound_residual(
    size_t r, size_t c, size_t p, const double *A, const double *B, const double *V, double bv, double *tile)
{
    double total = 0;
    for (size_t i0 = 0; i0 < r; i0 += MAT_TILE) {
        size_t rows = min_size(r - i0, MAT_TILE);
        for (size_t j = 0; j < c; j++)
            for (size_t i = 0; i < rows; i++)
                tile[i * c + j] = A[(i0 + i) * c + j] - bound_dot(p, B + (i0 + i) * p, V + j * p);
        total = next_up(total + bound_square(rows * c, tile));
    }
    double computed = next_up(bound_root(total) * (1 + 0x1p-52));
    double prior = next_up(bound_gamma(bound_depth(p)) * bv);
    double underflow = (double)r * (double)c * (double)p * 0x1p-1073;
    return next_up(next_up(computed + prior) + underflow);
}

/* B (r x p) = U diag(t), rounded; returns an upper bound of |(B - U diag(t)) V^T|_F + (error of scaling A by
   times_two_to), given |B|_F <= *b, computed here, and |V|_F <= v. Why: |b_ik - u_ik t_k| <= u |b_ik| + eta; the first
   part gives u |B|_F |V|_F, the second at most sqrt(r p) eta |V|_F; scaling errs by at most 2^-1074 an entry. */
static double bound_product(
    size_t r, size_t c, size_t p, const double *U, const double *t, double v, double *B, double *b)
{
    for (size_t i = 0; i < r; i++)
        for (size_t k = 0; k < p; k++)
            B[i * p + k] = U[i * p + k] * t[k];
    *b = bound_root(bound_square(r * p, B));
    double rounding = next_up(next_up(0x1p-53 * *b) * v);
    double underflow =
        next_up(next_up((double)r * (double)p * 0x1p-1074 * next_up(v)) + (double)r * (double)c * 0x1p-1074);
    return next_up(rounding + underflow);
}

/* The matrix A (r x c), scaled, against U diag(t) V^T: residual >= |A - U diag(t) V^T|_F, left >= |U^T U - I|_F,
   right >= |V^T V - I|_F. */
typedef struct {
    double residual, left, right;
} bound_factors;

/* All three, with work space in the arena; false: no memory. */
static bool bound_all(mem *arena, size_t r, size_t c, const double *A, const double *U, const double *t,
    const double *V, bound_factors *f)
{
    size_t p = min_size(r, c);
    double *transposed = mat_try(arena, max_size(r, c), p);
    double *B = mat_try(arena, r, p);
    double *tile = mat_try(arena, MAT_TILE, c);
    double *row = mat_try(arena, 1, p);
    double norm, b;
    if (arena->failed)
        return false;
    mat_transpose_to(r, p, U, transposed);
    f->left = bound_gram(r, p, transposed, row, &norm);
    mat_transpose_to(c, p, V, transposed);
    f->right = bound_gram(c, p, transposed, row, &norm);
    double product = bound_product(r, c, p, U, t, norm, B, &b);
    f->residual = next_up(bound_residual(r, c, p, A, B, V, next_up(b * norm), tile) + product);
    return true;
}

/* [lo, hi] = 2^shift [lo, hi], outward (times_two_to errs by less than one step of the result); a NaN becomes the
   widest bound, `least` below. */
static void bound_unscale(double least, int shift, double *lo, double *hi)
{
    double a = next_down(times_two_to(*lo, shift));
    double b = next_up(times_two_to(*hi, shift));
    *lo = a > least ? a : least;
    *hi = b < INFINITY ? b : INFINITY;
}

/* Whether s is finite, >= 0 and descending. */
static bool bound_descending(size_t p, const double *s)
{
    for (size_t i = 0; i < p; i++)
        if (!(s[i] >= 0 && s[i] < INFINITY) || (i && s[i] > s[i - 1]))
            return false;
    return true;
}

/* Whether w is finite and ascending. */
static bool bound_ascending(size_t n, const double *w)
{
    for (size_t i = 0; i < n; i++)
        if (!(__builtin_fabs(w[i]) < INFINITY) || (i && w[i] < w[i - 1]))
            return false;
    return true;
}

/* The bounds of svd_enclose, from the scaled t, scaled back by 2^e. */
static void bound_singular(size_t p, const double *t, const bound_factors *f, int e, double *lo, double *hi)
{
    double a = next_down(1 - f->left);
    double b = next_down(1 - f->right);
    double low = a > 0 && b > 0 ? next_down(next_down(__builtin_sqrt(a)) * next_down(__builtin_sqrt(b))) : 0;
    double high = next_up(bound_root(next_up(1 + f->left)) * bound_root(next_up(1 + f->right)));
    for (size_t i = 0; i < p; i++) {
        lo[i] = next_down(next_down(t[i] * low) - f->residual);
        hi[i] = next_up(next_up(t[i] * high) + f->residual);
        bound_unscale(0, e, lo + i, hi + i);
    }
}

/* Bounds lo_i <= sigma_i(A) <= hi_i, i < p = min(r, c), for the singular values of A (r x c) in descending order,
   from any U (r x p), s (p), V (c x p); meant are those of svd. lo_i = 0 where nothing can be shown, hi_i
   infinite likewise.

   Precondition: none. If s is not descending and >= 0, or anything is not finite, lo = 0 and hi = infinity.
   Bound: with T = U diag(s) V^T, E = A - T, a = |U^T U - I|_F, b = |V^T V - I|_F:
       s_i sqrt(max(0, 1 - a)) sqrt(max(0, 1 - b)) - |E|_F  <=  sigma_i(A)  <=  s_i sqrt(1 + a) sqrt(1 + b) + |E|_F.
   Why: Weyl gives |sigma_i(A) - sigma_i(T)| <= |E|_2 <= |E|_F. The squared singular values of U are the eigenvalues
   of U^T U, hence within a of 1. By the min-max principle
       sigma_i(X) = max over i-dimensional subspaces S of min { |X y| : y in S, |y| = 1 },
   and sigma_min(U) |z| <= |U z| <= sigma_max(U) |z|, so sigma_i(U Y) lies between sigma_min(U) sigma_i(Y) and
   sigma_max(U) sigma_i(Y); take Y = diag(s) V^T, whose singular values are those of V diag(s), and repeat with V.
   (The min-max holds for i <= p <= r and c; U and V have p columns, so that |U z| >= sigma_min(U) |z| holds for all
   z in R^p.)
   Both sides are scaled by a power of two, exactly or with an error that bound_product accounts for; s is scaled to
   some t, and t may be anything. Returns 0; 1 out of memory; 3 A is not finite (lo and hi are set and valid in all
   cases). */
static int svd_enclose(
    size_t r, size_t c, const double *A, const double *U, const double *s, const double *V, double *lo, double *hi)
{
    size_t p = min_size(r, c);
    int e;
    for (size_t i = 0; i < p; i++) {
        lo[i] = 0;
        hi[i] = INFINITY;
    }
    if (p == 0 || !mat_exponent(r * c, A, &e))
        return p ? SKV_NOT_FINITE : SKV_OK;
    if (!bound_descending(p, s))
        return SKV_OK;
    mem arena = { 0 };
    double *scaled = mat_try(&arena, r, c);
    double *t = mat_try(&arena, 1, p);
    bound_factors f;
    if (!arena.failed) {
        mat_scale(r * c, A, -e, scaled);
        mat_scale(p, s, -e, t);
        if (bound_all(&arena, r, c, scaled, U, t, V, &f))
            bound_singular(p, t, &f, e, lo, hi);
    }
    bool failed = arena.failed;
    mem_free(&arena);
    return failed ? SKV_NO_MEMORY : SKV_OK;
}

/* The bounds of eig_enclose, from the scaled t, scaled back by 2^e. */
static void bound_eigen(size_t n, const double *t, const bound_factors *f, int e, double *lo, double *hi)
{
    double a = next_down(1 - f->left);
    double b = next_up(1 + f->left);
    double least = a > 0 ? a : 0;
    for (size_t i = 0; i < n; i++) {
        lo[i] = next_down(next_down(t[i] * (t[i] < 0 ? b : least)) - f->residual);
        hi[i] = next_up(next_up(t[i] * (t[i] < 0 ? least : b)) + f->residual);
        bound_unscale(-INFINITY, e, lo + i, hi + i);
    }
}

/* Bounds lo_i <= lambda_i <= hi_i, i < n, for the eigenvalues in ascending order of the symmetric matrix whose lower
   triangle is that of A (n x n), from any w (n) and Q (n x n); meant are those of eig. -infinity
   and infinity where nothing can be shown.

   Precondition: none. If w is not ascending, or anything is not finite, the bounds are infinite.
   Bound: with T = Q diag(w) Q^T, E = A - T, a = |Q^T Q - I|_F: lambda_i(A) is within |E|_F of
   w_i [max(0, 1 - a), 1 + a].
   Why: Weyl, and Ostrowski's theorem: lambda_i(Q diag(w) Q^T) = theta_i w_i with theta_i between the least and the
   largest eigenvalue of Q Q^T, which are those of Q^T Q (for singular Q by continuity).
   Returns as svd_enclose. */
static int eig_enclose(size_t n, const double *A, const double *w, const double *Q, double *lo, double *hi)
{
    int e;
    for (size_t i = 0; i < n; i++) {
        lo[i] = -INFINITY;
        hi[i] = INFINITY;
    }
    if (n == 0 || !eig_exponent(n, A, &e))
        return n ? SKV_NOT_FINITE : SKV_OK;
    if (!bound_ascending(n, w))
        return SKV_OK;
    mem arena = { 0 };
    double *scaled = mat_try(&arena, n, n);
    double *t = mat_try(&arena, 1, n);
    bound_factors f;
    if (!arena.failed) {
        eig_symmetric(n, A, -e, scaled);
        mat_scale(n, w, -e, t);
        if (bound_all(&arena, n, n, scaled, Q, t, Q, &f))
            bound_eigen(n, t, &f, e, lo, hi);
    }
    bool failed = arena.failed;
    mem_free(&arena);
    return failed ? SKV_NO_MEMORY : SKV_OK;
}

/// 4 Certified spectra ///

/* What verdicts use of the factorisations: norms, and bounds of extreme singular values and eigenvalues that hold for
   the exact matrix. */

/* |A|_F from above. Why: the fma chain s has relative error gamma_n on a sum of squares; 2^-1000 covers n underflows
   of 2^-1074. */
static double frobenius_up(size_t n, const double *A)
{
    double s = kern_dot(n, A, A);
    return s == s ? sqrt_up(add_up(mul_up(s, add_up(1, gamma_up(n + 2))), 0x1p-1000)) : INFINITY;
}

/* The singular values of A (r x c) in descending order, enclosed; [0, inf] where nothing can be shown. */
static void sigma_enclose(mem *arena, size_t r, size_t c, const double *A, double *lo, double *hi)
{
    size_t p = min_size(r, c);
    double *U = mem_doubles(arena, r * p);
    double *s = mem_doubles(arena, p);
    double *V = mem_doubles(arena, c * p);
    int status = svd(r, c, A, U, s, V);
    mat_must(status);
    if (!status)
        mat_must(svd_enclose(r, c, A, U, s, V, lo, hi));
    for (size_t i = 0; status && i < p; i++) {
        lo[i] = 0;
        hi[i] = INFINITY;
    }
}

/* [smallest, largest] singular value. */
static iv sigma_range(mem *arena, size_t r, size_t c, const double *A)
{
    size_t p = min_size(r, c);
    double *lo = mem_doubles(arena, p);
    double *hi = mem_doubles(arena, p);
    sigma_enclose(arena, r, c, A, lo, hi);
    return iv_make(lo[p - 1], hi[0]);
}

/* Second moment S = E x x^T of N samples (rows of X, N x d), from a product that is rounded.
   Bound: |S - exact|_F <= gamma_{N+1} E|x|^2 + 2^-1000, since entry (i, j) is off by at most gamma_{N+1} E|x_i x_j|. */
typedef struct {
    double *S, error;
} moment;

static moment moment_of(mem *arena, size_t N, size_t d, const double *X)
{
    moment q = { mem_doubles(arena, d * d), 0 };
    mat_multiply(d, d, N, mat_transpose(arena, N, d, X), X, q.S);
    for (size_t i = 0; i < d * d; i++)
        q.S[i] = q.S[i] / (double)N;
    double f = frobenius_up(N * d, X);
    q.error = add_up(mul_up(gamma_up(N + 2), div_up(mul_up(f, f), (double)N)), 0x1p-1000);
    return q;
}

/* Both extreme eigenvalues of a symmetric d x d matrix that is known up to `error` in Frobenius norm: *least and
   *largest enclosed (Weyl). */
static void eigen_range(mem *arena, size_t d, const double *S, double error, iv *least, iv *largest)
{
    double *w = mem_doubles(arena, d);
    double *Q = mem_doubles(arena, d * d);
    double *lo = mem_doubles(arena, d);
    double *hi = mem_doubles(arena, d);
    *least = iv_all();
    *largest = iv_all();
    int status = eig(d, S, w, Q);
    mat_must(status);
    if (status)
        return;
    mat_must(eig_enclose(d, S, w, Q, lo, hi));
    *least = (iv) { INFINITY, INFINITY };
    *largest = (iv) { -INFINITY, -INFINITY };
    for (size_t i = 0; i < d; i++) {
        *least = iv_min(*least, iv_make(lo[i], hi[i]));
        *largest = iv_max(*largest, iv_make(lo[i], hi[i]));
    }
    iv slack = { -error, error };
    *least = iv_add(*least, slack);
    *largest = iv_add(*largest, slack);
}

/* Gershgorin: a lower bound of the least eigenvalue of an enclosed symmetric matrix, exact when it is diagonal. */
static double gershgorin_dn(size_t d, const iv *S)
{
    double least = INFINITY;
    for (size_t i = 0; i < d; i++) {
        double row = S[i * d + i].lo;
        for (size_t j = 0; j < d; j++)
            if (j != i)
                row = add_dn(row, -iv_mag(S[i * d + j]));
        least = fmin(least, row);
    }
    return least;
}

/* The determinant of an enclosed d x d matrix (d <= 5) by expansion along the first row of what is left: without a
   division, exact for small integers. columns: bit j is set if column j is still to be used. */
static iv det_expand(size_t d, const iv *A, size_t row, unsigned columns)
{
    iv sum = { 0, 0 };
    bool minus = false;
    if (row == d)
        return iv_of(1);
    for (size_t j = 0; j < d; j++) {
        if (!(columns >> j & 1))
            continue;
        iv term = iv_mul(A[row * d + j], det_expand(d, A, row + 1, columns & ~(1u << j)));
        sum = iv_add(sum, minus ? iv_neg(term) : term);
        minus = !minus;
    }
    return sum;
}

static iv iv_det(size_t d, const iv *A) { return det_expand(d, A, 0, (1u << d) - 1); }

/* Least and largest eigenvalue of an enclosed symmetric matrix: those of its midpoint, widened by the Frobenius norm
   of the radii. */
static void iv_eigen_range(mem *arena, size_t n, const iv *S, size_t stride, iv *least, iv *largest)
{
    double *middle = mem_doubles(arena, n * n);
    double *radius = mem_doubles(arena, n * n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            middle[i * n + j] = iv_mid(S[i * stride + j]);
            radius[i * n + j] = iv_radius(S[i * stride + j]);
        }
    eigen_range(arena, n, middle, frobenius_up(n * n, radius), least, largest);
}

/* |A|, the largest singular value: of a row or column its length. */
static iv norm_spectral(mem *arena, size_t r, size_t c, const double *A)
{
    if (r == 1 || c == 1)
        return iv_norm(r * c, A);
    size_t p = min_size(r, c);
    double *lo = mem_doubles(arena, p);
    double *hi = mem_doubles(arena, p);
    sigma_enclose(arena, r, c, A, lo, hi);
    return iv_make(lo[0], hi[0]);
}

/// 5 Stars ///

/* The star of row j is the set of rows v with |v - v_j| <= r (a chord of the sphere, for unit rows). Wanted is the
   largest, exactly the one that brute force with the computed predicate gives, at a million rows. A k-d tree with a
   ball about every node; 16 rows to a leaf, whose rows are the queries of one walk. Nodes inside all their stars
   count whole, nodes outside all are skipped, leaves that are cut are tested row by row. Leaves whose stars cannot
   reach the best so far are not tested; that never changes the outcome. */

enum { STAR_LEAF = KERN_LANES };

/* Rows [first, last); in depth-first order, next: the first node that is not below this one. */
typedef struct {
    size_t first, last, next;
} star_node;

/* X: the rows, permuted, and index: the own index of each; ball: of each node its centre and radius (n + 1); leaf:
   the leaves among the nodes; tile: of each leaf its rows as n x 16, padded with inf, at n times its first row. */
typedef struct {
    size_t rows, n, nodes, leaves;
    double r;
    double *X, *ball, *tile;
    size_t *index, *leaf;
    star_node *node;
    pthread_mutex_t lock; /* of best */
    uint64_t best;        /* star_key of the largest star so far */
} star_tree;

/* Orders stars by size, at ties the smaller index first. */
static uint64_t star_key(size_t count, size_t row) { return (uint64_t)count << 32 | (UINT32_MAX - (uint32_t)row); }

static double star_distance(size_t n, const double *a, const double *b)
{
    double s = 0;
    for (size_t k = 0; k < n; k++)
        s += (a[k] - b[k]) * (a[k] - b[k]);
    return __builtin_sqrt(s);
}

/* Rows i and j change places. */
static void star_swap(star_tree *t, size_t i, size_t j)
{
    mat_swap(t->n, t->X + i * t->n, t->X + j * t->n);
    size_t x = t->index[i];
    t->index[i] = t->index[j];
    t->index[j] = x;
}

/* Quickselect: coordinate k of rows [a, p) is then at most that of rows [p, b). */
static void star_select(star_tree *t, size_t k, size_t a, size_t b, size_t p)
{
    const double *x = t->X + k;
    size_t n = t->n;
    for (uint64_t state = 1; b - a > 1; state = state * 6364136223846793005u + 1) {
        double u = x[a * n];
        double v = x[(a + (size_t)(state >> 33) % (b - a)) * n];
        double w = x[(b - 1) * n];
        double pivot = fmax(fmin(u, v), fmin(fmax(u, v), w));
        size_t i = a;
        size_t j = b;
        while (i < j) {
            while (x[i * n] < pivot)
                i++;
            while (x[(j - 1) * n] > pivot)
                j--;
            if (i < j)
                star_swap(t, i++, --j);
        }
        if (p < j)
            b = j;
        else if (p >= i)
            a = i;
        else
            return;
    }
}

/* The ball of node i about the middle of its box; returns the box's widest coordinate. */
static size_t star_enclose(star_tree *t, size_t i)
{
    size_t n = t->n;
    size_t widest = 0;
    double *c = t->ball + i * (n + 1);
    double width = -1;
    double radius = 0;
    for (size_t k = 0; k < n; k++) {
        double lo = INFINITY;
        double hi = -INFINITY;
        for (size_t j = t->node[i].first; j < t->node[i].last; j++) {
            double x = t->X[j * n + k];
            lo = x < lo ? x : lo;
            hi = x > hi ? x : hi;
        }
        c[k] = 0.5 * (lo + hi);
        if (hi - lo > width) {
            width = hi - lo;
            widest = k;
        }
    }
    for (size_t j = t->node[i].first; j < t->node[i].last; j++)
        radius = fmax(radius, star_distance(n, t->X + j * n, c));
    c[n] = radius;
    return widest;
}

/* Appends the node of rows [first, last) and all below it. A node is cut across its widest side near the middle, at
   a whole number of leaves. */
static void star_build(star_tree *t, size_t first, size_t last)
{
    size_t me = t->nodes++;
    size_t n = t->n;
    t->node[me] = (star_node) { first, last, 0 };
    size_t k = star_enclose(t, me);
    if (last - first <= STAR_LEAF) {
        double *tile = t->tile + first * n;
        for (size_t l = 0; l < STAR_LEAF; l++)
            for (size_t j = 0; j < n; j++)
                tile[j * STAR_LEAF + l] = first + l < last ? t->X[(first + l) * n + j] : INFINITY;
        t->leaf[t->leaves++] = me;
    } else {
        size_t leaves = (last - first) / STAR_LEAF;
        size_t half = (leaves / 2 + leaves % 2) * STAR_LEAF;
        size_t middle = first + (half && half < last - first ? half : STAR_LEAF);
        star_select(t, k, first, last, middle);
        star_build(t, first, middle);
        star_build(t, middle, last);
    }
    t->node[me].next = t->nodes;
}

/* The ball of node `self`, a query leaf, against all nodes. Returns how many rows are in every star; the first rows
   of the leaves that are cut go to cut[0 .. *cuts).
   Precondition: finite rows. Bound: each computed distance t differs from the exact T by at most (n + 4) u
   t + 2^-500, and so does the root of the predicate's sum; radii are maxima of such t. slack = 2^-48 (n + 8)
   (r + d + both radii) + 2^-490 covers all of them many times over.
   Why: by the triangle inequality every row of a node farther than r + both radii + slack fails the predicate with
   every query; nearer than r - both radii - slack, every one fulfils it. */
static size_t star_walk(const star_tree *t, size_t self, size_t *cut, size_t *cuts)
{
    size_t n = t->n;
    size_t whole = 0;
    const double *c = t->ball + self * (n + 1);
    *cuts = 0;
    for (size_t i = 0; i < t->nodes;) {
        const star_node *node = &t->node[i];
        const double *b = t->ball + i * (n + 1);
        double d = star_distance(n, c, b);
        double both = c[n] + b[n];
        double slack = 0x1p-48 * (double)(n + 8) * (t->r + d + both) + 0x1p-490;
        bool outside = d > t->r + both + slack;
        bool inside = d <= t->r - both - slack;
        if (!outside && !inside && node->last - node->first > STAR_LEAF) {
            i++;
            continue;
        }
        if (inside)
            whole += node->last - node->first;
        else if (!outside)
            cut[(*cuts)++] = node->first;
        i = node->next;
    }
    return whole;
}

/* A star of that key is found, 0: none; returns the largest there is so far. */
static uint64_t star_offer(star_tree *t, uint64_t key)
{
    pthread_mutex_lock(&t->lock);
    if (key > t->best)
        t->best = key;
    uint64_t best = t->best;
    pthread_mutex_unlock(&t->lock);
    return best;
}

/* The stars of one leaf's rows; the largest is offered. */
static void star_query(void *ctx, size_t which)
{
    star_tree *t = ctx;
    size_t n = t->n;
    size_t cuts;
    const star_node *q = &t->node[t->leaf[which]];
    size_t *cut = malloc((t->leaves + 1) * sizeof *cut);
    if (!cut)
        die(EXIT_SYSTEM, "out of memory: %zu leaves of a star search", t->leaves);
    size_t whole = star_walk(t, t->leaf[which], cut, &cuts);
    uint64_t best = star_offer(t, 0);
    for (size_t j = q->first; j < q->last; j++) {
        size_t count = whole;
        if (star_key(whole + cuts * STAR_LEAF, t->index[j]) < best)
            continue;
        for (size_t i = 0; i < cuts; i++)
            count += kern_now->near(n, t->tile + cut[i] * n, t->X + j * n, t->r * t->r);
        best = star_offer(t, star_key(count, t->index[j]));
    }
    free(cut);
}

/* The row whose star has most members, the smallest index at ties; V: rows x n, 0 < rows < 2^31, r >= 0. */
static size_t star_largest(mem *arena, size_t rows, size_t n, const double *V, double r, size_t *count)
{
    size_t room = 2 * (rows / STAR_LEAF + 1);
    size_t *index = mem_get(arena, rows, sizeof *index);
    star_tree t = { .rows = rows,
        .n = n,
        .r = r,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .X = mem_copy(arena, rows * n, V),
        .ball = mem_doubles(arena, room * (n + 1)),
        .index = index,
        .tile = mem_doubles(arena, (rows + STAR_LEAF) * n),
        .leaf = mem_get(arena, room, sizeof *t.leaf),
        .node = mem_get(arena, room, sizeof *t.node) };
    for (size_t i = 0; i < rows; i++)
        index[i] = i;
    star_build(&t, 0, rows);
    thr_for(t.leaves, star_query, &t);
    *count = (size_t)(t.best >> 32);
    return UINT32_MAX - (uint32_t)t.best;
}

/* 2 eps = 2 m^((eta - 1)/n): the angle within which m^eta of m unit vectors in R^n are said to lie pairwise. */
static iv star_angle(size_t m, size_t n, iv eta)
{
    return iv_scale(2, iv_pow((double)m, iv_div(iv_sub(eta, iv_of(1)), iv_of((double)n))));
}

/// 5 Losses ///

/* Convex losses L(z, y) of an output z and a label y, d numbers each. A loss is a row of the table at the end. Dual
   bounds come from its convex conjugate L*(p) = sup_z <p, z> - L(z, y). */

enum labels { LABELS_REAL, LABELS_SIGN, LABELS_ONE_HOT }; /* any numbers; each -1 or 1; a 1 among 0s */

/* What proofs rest on: L >= 0; 0 lies in the domain of L*, and so does all that `gradient` encloses (else a dual bound
   falls to 0, which is true but tells nothing). NULL: the loss does not have it. Wang's claims and dual bounds ask for
   conjugate, curvature and lipschitz, Shamir's for second and third. */
typedef struct {
    /* as cases, certificates and users write it */
    const char *name;
    /* the labels y that it is for */
    enum labels labels;
    /* an enclosure of L(z, y) over a box of outputs */
    iv (*value)(size_t d, const iv *z, const double *y);
    /* p: an enclosure of its gradient in z over a box of outputs */
    void (*gradient)(size_t d, const iv *z, const double *y, iv *p);
    /* an enclosure of L*(p) over a box; its upper end is inf where part of the box may be outside the domain of L* */
    iv (*conjugate)(size_t d, const iv *p, const double *y);
    /* H (d x d): the Hessian in z where the gradient is p, rounded, for candidates */
    void (*curvature)(size_t d, const double *p, const double *y, double *H);
    /* from above, L0 of Wang's Assumption 2: |gradient| over the ball of that radius about every z of a box */
    double (*lipschitz)(size_t d, const iv *z, const double *y, double radius);
    /* enclosures of the second and third derivative in z over an interval, d = 1; the third also of what it jumps to */
    iv (*second)(iv z, double y), (*third)(iv z, double y);
    /* H (d x d): an enclosure of its Hessian in z over a box of outputs; NULL: it is diagonal, of `second` */
    void (*hessian)(size_t d, const iv *z, const double *y, iv *H);
    /* no eigenvalue of the Hessian in z is larger, at any z */
    double bend;
    /* the domain of L* is |p_k| <= 1, into which dual_dn shrinks its points */
    bool bounded;
    /* a label has 2 d numbers: y_1, .., y_d, then a weight of each output */
    bool weighted;
} loss;

enum { SKV_MAX_OUTPUTS = 16 }; /* dy of a sample set */

static const iv IV_NOT_IN_DOMAIN = { -INFINITY, INFINITY };

/* Before the numbers of an output lie in an array of that size. */
static void outputs_must_fit(size_t dy) { size_must_fit("outputs of a sample", dy, SKV_MAX_OUTPUTS); }

/* H (d x d) = diagonal I. */
static void curvature_diagonal(size_t d, double diagonal, double *H)
{
    memset(H, 0, d * d * sizeof *H);
    for (size_t k = 0; k < d; k++)
        H[k * d + k] = diagonal;
}

/* Each derivative lies in [-1, 1]. */
static double box_lipschitz(size_t d, const iv *z, const double *y, double radius)
{
    (void)z;
    (void)y;
    (void)radius;
    return sqrt_up((double)d);
}

/* q log q over q >= 0: convex, 0 at 0, least -1/e at 1/e, which lies in e. */
static iv xlogx(iv q)
{
    const iv e = { 0x1.78b56362cef37p-2, 0x1.78b56362cef38p-2 };
    iv at[2];
    double end[2] = { q.lo, q.hi };
    for (int i = 0; i < 2; i++)
        at[i] = end[i] > 0 ? iv_mul(iv_of(end[i]), iv_log(iv_of(end[i]))) : iv_of(0);
    iv ends = iv_hull(at[0], at[1]);
    return iv_make(q.lo <= e.hi && q.hi >= e.lo ? -e.hi : ends.lo, ends.hi);
}

/* Squared: |z - y|^2. L*(p) = <p, y> + |p|^2 / 4. */

static iv squared_value(size_t d, const iv *z, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++)
        s = iv_add(s, iv_sqr(iv_sub(z[k], iv_of(y[k]))));
    return s;
}

static void squared_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    for (size_t k = 0; k < d; k++)
        p[k] = iv_scale(2, iv_sub(z[k], iv_of(y[k])));
}

static iv squared_conjugate(size_t d, const iv *p, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++)
        s = iv_add(s, iv_add(iv_scale(y[k], p[k]), iv_scale(0.25, iv_sqr(p[k]))));
    return s;
}

static void squared_curvature(size_t d, const double *p, const double *y, double *H)
{
    (void)p;
    (void)y;
    curvature_diagonal(d, 2, H);
}

/* |grad| = 2 |z - y|. */
static double squared_lipschitz(size_t d, const iv *z, const double *y, double radius)
{
    return mul_up(2, add_up(sqrt_up(squared_value(d, z, y).hi), radius));
}

static iv squared_second(iv z, double y)
{
    (void)z;
    (void)y;
    return iv_of(2);
}

static iv squared_third(iv z, double y)
{
    (void)z;
    (void)y;
    return iv_of(0);
}

/* Logistic: sum_k log(1 + exp(-y_k z_k)), y_k = +-1. With q_k = -p_k y_k: L*(p) = sum_k q_k log q_k + (1 - q_k)
   log(1 - q_k), 0 <= q_k <= 1. */

/* log(1 + exp t). */
static iv softplus_at(double t)
{
    iv e = iv_log1p(iv_exp(iv_of(-__builtin_fabs(t))));
    return t > 0 ? iv_add(iv_of(t), e) : e;
}

static iv logistic_value(size_t d, const iv *z, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++) {
        iv t = iv_scale(-y[k], z[k]);
        s = iv_add(s, iv_hull(softplus_at(t.lo), softplus_at(t.hi)));
    }
    return s;
}

static void logistic_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    for (size_t k = 0; k < d; k++) {
        iv e = iv_exp(iv_scale(y[k], z[k]));
        p[k] = iv_scale(-y[k], iv_make(div_dn(1, add_up(1, e.hi)), div_up(1, add_dn(1, e.lo))));
    }
}

/* Outside the domain as soon as a box of q_k reaches out of [0, 1]. */
static iv logistic_conjugate(size_t d, const iv *p, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++) {
        iv q = iv_scale(-y[k], p[k]);
        iv r = iv_sub(iv_of(1), q);
        if (q.lo < 0 || r.lo < 0)
            return IV_NOT_IN_DOMAIN;
        s = iv_add(s, iv_add(xlogx(q), xlogx(r)));
    }
    return s;
}

/* L'' = q (1 - q). */
static void logistic_curvature(size_t d, const double *p, const double *y, double *H)
{
    curvature_diagonal(d, 0, H);
    for (size_t k = 0; k < d; k++)
        H[k * d + k] = -p[k] * y[k] * (1 + p[k] * y[k]);
}

/* q = 1/(1 + exp(y z)), which decreases in y z: L' = -y q, L'' = q (1 - q), with its top 1/4 at q = 1/2, L''' = -y q
   (1 - q) (1 - 2 q). */
static iv logistic_share(iv z, double y)
{
    iv slope;
    logistic_gradient(1, &z, &y, &slope);
    iv p = iv_scale(-y, slope);
    return iv_make(fmax(p.lo, 0), fmin(p.hi, 1));
}

static iv logistic_second(iv z, double y) { return iv_bump(logistic_share(z, y)); }

static iv logistic_third(iv z, double y)
{
    return iv_scale(-y, iv_mul(logistic_second(z, y), iv_sub(iv_of(1), iv_scale(2, logistic_share(z, y)))));
}

/* Cross-entropy: log sum_k exp z_k - z_c, y one-hot with its 1 at c. It is written in differences of outputs, so
   that no variable occurs twice. With q = p + y: L*(p) = sum_k q_k log q_k for q in the simplex. */

/* The class c of a label. */
static size_t one_hot(size_t d, const double *y)
{
    size_t k = 0;
    while (k + 1 < d && y[k] != 1)
        k++;
    return k;
}

/* The sum over j != k of exp(z_j - z_k). */
static iv softmax_odds(size_t d, const iv *z, size_t k)
{
    iv s = { 0, 0 };
    for (size_t j = 0; j < d; j++)
        if (j != k)
            s = iv_add(s, iv_exp(iv_sub(z[j], z[k])));
    return s;
}

/* Where the sum overflows: log(1 + sum exp d_j) = t + log(exp -t + sum exp(d_j - t)) for any t. */
static iv entropy_value(size_t d, const iv *z, const double *y)
{
    size_t c = one_hot(d, y);
    iv odds = softmax_odds(d, z, c);
    if (odds.hi < INFINITY)
        return iv_log1p(odds);
    double t = 0;
    for (size_t j = 0; j < d; j++)
        if (j != c)
            t = fmax(t, iv_sub(z[j], z[c]).hi);
    iv sum = iv_exp(iv_of(-t));
    for (size_t j = 0; j < d; j++)
        if (j != c)
            sum = iv_add(sum, iv_exp(iv_sub(iv_sub(z[j], z[c]), iv_of(t))));
    return iv_add(iv_of(t), iv_log(sum));
}

static void entropy_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    for (size_t k = 0; k < d; k++)
        p[k] = iv_sub(iv_div(iv_of(1), iv_add(iv_of(1), softmax_odds(d, z, k))), iv_of(y[k]));
}

/* That sum_k p_k = 0 is not looked at here: the caller sees to it. */
static iv entropy_conjugate(size_t d, const iv *p, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++) {
        iv q = iv_add(p[k], iv_of(y[k]));
        if (q.lo < 0)
            return IV_NOT_IN_DOMAIN;
        s = iv_add(s, xlogx(q));
    }
    return s;
}

/* diag(q) - q q^T. */
static void entropy_curvature(size_t d, const double *p, const double *y, double *H)
{
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
            H[j * d + k] = (j == k ? p[j] + y[j] : 0) - (p[j] + y[j]) * (p[k] + y[k]);
}

/* diag(q) - q q^T, off the diagonal and on it. */
static void entropy_hessian(size_t d, const iv *z, const double *y, iv *H)
{
    iv q[SKV_MAX_OUTPUTS];
    outputs_must_fit(d);
    entropy_gradient(d, z, y, q);
    for (size_t j = 0; j < d; j++)
        q[j] = iv_add(q[j], iv_of(y[j]));
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
            H[j * d + k] = j == k ? iv_bump(iv_make(fmax(q[j].lo, 0), fmin(q[j].hi, 1))) : iv_neg(iv_mul(q[j], q[k]));
}

/* |grad|^2 = |q - y|^2 <= (1 - q_c)^2 + (sum of the others)^2 <= 2. */
static double entropy_lipschitz(size_t d, const iv *z, const double *y, double radius)
{
    (void)d;
    (void)z;
    (void)y;
    (void)radius;
    return sqrt_up(2);
}

/* Huber: sum_k h(z_k - y_k), h(r) = r^2 / 2 for |r| <= 1, |r| - 1/2 beyond. L*(p) = sum_k p_k y_k + p_k^2 / 2,
   |p_k| <= 1. */

static iv huber_at(double r)
{
    return __builtin_fabs(r) <= 1 ? iv_scale(0.5, iv_sqr(iv_of(r))) : iv_sub(iv_of(__builtin_fabs(r)), iv_of(0.5));
}

/* h is least at 0, and its values at the ends of an interval are the largest. */
static iv huber_value(size_t d, const iv *z, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++) {
        iv r = iv_sub(z[k], iv_of(y[k]));
        iv h = iv_hull(huber_at(r.lo), huber_at(r.hi));
        s = iv_add(s, iv_make(iv_has(r, 0) ? 0 : h.lo, h.hi));
    }
    return s;
}

static void huber_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    for (size_t k = 0; k < d; k++)
        p[k] = iv_max(iv_min(iv_sub(z[k], iv_of(y[k])), iv_of(1)), iv_of(-1));
}

static iv huber_conjugate(size_t d, const iv *p, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++) {
        if (iv_mag(p[k]) > 1)
            return IV_NOT_IN_DOMAIN;
        s = iv_add(s, iv_add(iv_scale(y[k], p[k]), iv_scale(0.5, iv_sqr(p[k]))));
    }
    return s;
}

static void huber_curvature(size_t d, const double *p, const double *y, double *H)
{
    (void)y;
    curvature_diagonal(d, 0, H);
    for (size_t k = 0; k < d; k++)
        H[k * d + k] = __builtin_fabs(p[k]) < 1;
}

/* Smoothed hinge: sum_k h(1 - y_k z_k), y_k = +-1, h(t) = 0 for t <= 0, t^3 - t^4 / 2 on [0, 1], t - 1/2 beyond:
   convex and twice continuously differentiable, as Shamir's Assumption 1 wants. h and h' = t^2 (3 - 2 t) increase,
   h'' = 6 t (1 - t) has its top 3/2 at 1/2, h''' = 6 - 12 t. */

/* t cut to [0, 1]. */
static double hinge_part(double t) { return fmin(fmax(t, 0), 1); }

static iv hinge_at(double t)
{
    iv s = iv_of(hinge_part(t));
    iv cube = iv_mul(iv_sqr(s), s);
    return iv_add(iv_sub(cube, iv_scale(0.5, iv_sqr(iv_sqr(s)))), t > 1 ? iv_sub(iv_of(t), iv_of(1)) : iv_of(0));
}

static iv hinge_slope_at(double t)
{
    iv s = iv_of(hinge_part(t));
    return iv_mul(iv_sqr(s), iv_sub(iv_of(3), iv_scale(2, s)));
}

static iv hinge_margin(iv z, double y) { return iv_sub(iv_of(1), iv_scale(y, z)); }

static iv hinge_value(size_t d, const iv *z, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++) {
        iv t = hinge_margin(z[k], y[k]);
        s = iv_add(s, iv_hull(hinge_at(t.lo), hinge_at(t.hi)));
    }
    return s;
}

static void hinge_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    for (size_t k = 0; k < d; k++) {
        iv t = hinge_margin(z[k], y[k]);
        p[k] = iv_scale(-y[k], iv_hull(hinge_slope_at(t.lo), hinge_slope_at(t.hi)));
    }
}

static iv hinge_second(iv z, double y)
{
    iv t = hinge_margin(z, y);
    return iv_scale(6, iv_bump((iv) { hinge_part(t.lo), hinge_part(t.hi) }));
}

/* -y h'''; at the joints, where it jumps, with 0. */
static iv hinge_third(iv z, double y)
{
    iv t = hinge_margin(z, y);
    if (t.hi < 0 || t.lo > 1)
        return iv_of(0);
    iv h = iv_sub(iv_of(6), iv_scale(12, (iv) { hinge_part(t.lo), hinge_part(t.hi) }));
    return iv_scale(-y, t.lo <= 0 || t.hi >= 1 ? iv_hull(h, iv_of(0)) : h);
}

enum { SQUARED, LOGISTIC, CROSS_ENTROPY, HUBER, SMOOTHED_HINGE, LOSSES };
static const loss losses[LOSSES] = {
    [SQUARED] = { "squared", LABELS_REAL, squared_value, squared_gradient, squared_conjugate, squared_curvature,
        squared_lipschitz, squared_second, squared_third, NULL, 2, false, false },
    [LOGISTIC] = { "logistic", LABELS_SIGN, logistic_value, logistic_gradient, logistic_conjugate, logistic_curvature,
        box_lipschitz, logistic_second, logistic_third, NULL, 0.25, false, false },
    [CROSS_ENTROPY] = { "cross-entropy", LABELS_ONE_HOT, entropy_value, entropy_gradient, entropy_conjugate,
        entropy_curvature, entropy_lipschitz, NULL, NULL, entropy_hessian, 0.5, false, false },
    [HUBER] = { "huber", LABELS_REAL, huber_value, huber_gradient, huber_conjugate, huber_curvature, box_lipschitz,
        NULL, NULL, NULL, 1, true, false },
    [SMOOTHED_HINGE] = { "smoothed-hinge", LABELS_SIGN, hinge_value, hinge_gradient, NULL, NULL, NULL, hinge_second,
        hinge_third, NULL, 1.5, false, false },
};

/* Not one of the table: sum_k c_k (z_k - y_k)^2, a label y_1, .., y_d, c_1, .., c_d. */

static iv weighted_value(size_t d, const iv *z, const double *y)
{
    iv s = { 0, 0 };
    for (size_t k = 0; k < d; k++)
        s = iv_add(s, iv_scale(y[d + k], iv_sqr(iv_sub(z[k], iv_of(y[k])))));
    return s;
}

static void weighted_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    for (size_t k = 0; k < d; k++)
        p[k] = iv_scale(2 * y[d + k], iv_sub(z[k], iv_of(y[k])));
}

static void weighted_hessian(size_t d, const iv *z, const double *y, iv *H)
{
    (void)z;
    for (size_t k = 0; k < d * d; k++)
        H[k] = iv_of(k % (d + 1) ? 0 : 2 * y[d + k / (d + 1)]);
}

static const loss weighted_squares = { .name = "weighted squares",
    .value = weighted_value,
    .gradient = weighted_gradient,
    .hessian = weighted_hessian,
    .weighted = true };

/* An enclosure of the Hessian of L in z over a box, H (d x d), for a loss that has one. */
static void loss_hessian(const loss *L, size_t d, const iv *z, const double *y, iv *H)
{
    if (L->hessian) {
        L->hessian(d, z, y, H);
        return;
    }
    for (size_t k = 0; k < d * d; k++)
        H[k] = k % (d + 1) ? iv_of(0) : L->second(z[k / (d + 1)], y[k / (d + 1)]);
}

/// 5 Samples ///

/* Data and labels. Random numbers are multiples of 2^-10 (`dyadic`), so that sums of few of them are exact; labels
   are of the kind that the loss takes. */

/* An empirical distribution: rows of X (N x dx) and Y (N x dy), each of weight 1/N, and the loss of an output there. */
typedef struct {
    size_t N, dx, dy;
    const double *X, *Y;
    const loss *L;
} sample_set;

/* The label of sample i. */
static const double *sample_label(const sample_set *S, size_t i) { return S->Y + i * S->dy * (S->L->weighted ? 2 : 1); }

/* Fisher's iris, as recorded: millimetres and class. */
enum { IRIS_ROWS = 150, IRIS_FEATURES = 4 };
static const unsigned char iris_rows[IRIS_ROWS][IRIS_FEATURES + 1] = {
#define R(...) { __VA_ARGS__ },
#include "vectors/iris.inc"
};

static size_t iris_class(size_t row) { return iris_rows[row][IRIS_FEATURES]; }

/* x (n): the features of a row in mm / 16, exact in double, less `centre` (NULL: 0); then ones, for biases. */
static void iris_sample(size_t row, size_t n, const double *centre, double *x)
{
    for (size_t k = 0; k < n; k++)
        x[k] = k < IRIS_FEATURES ? iris_rows[row][k] * 0x1p-4 - (centre ? centre[k] : 0) : 1;
}

/* y: d scores of a sample, which become a label: the scores themselves, their signs (-1 for 0), or a 1 at `class`
   among 0s. */
static void label_make(const loss *L, size_t d, size_t class, double *y)
{
    for (size_t k = 0; k < d; k++) {
        if (L->labels == LABELS_SIGN)
            y[k] = y[k] > 0 ? 1 : -1;
        if (L->labels == LABELS_ONE_HOT)
            y[k] = k == class;
    }
}

/* A teacher that is neither linear nor a network: y_k = sum_j (T_kj x_j + x_j |x_j| / 4) and noise, of width 1/2, or
   2 for classes, which are then not separable. Returns the k of the largest. teacher: T, dy x dx */
static size_t teacher_scores(
    const loss *L, rng *random, size_t dx, size_t dy, const double *teacher, const double *x, double *y)
{
    size_t top = 0;
    for (size_t k = 0; k < dy; k++) {
        y[k] = dyadic(rng_normal(random) * (L->labels == LABELS_REAL ? 0.5 : 2));
        for (size_t j = 0; j < dx; j++)
            y[k] += dyadic(teacher[k * dx + j] * x[j]) + dyadic(0.25 * x[j] * __builtin_fabs(x[j]));
        if (y[k] > y[top])
            top = k;
    }
    return top;
}

/* Wang's instances: N standard normal samples, labelled by a random teacher. N = 0: iris about a centre, and its
   classes. */
static sample_set teacher_samples(mem *arena, rng *random, const loss *L, size_t dx, size_t dy, size_t N)
{
    /* near the means: off-centre, the features are positive and ReLUs of them often linear */
    static const double centre[IRIS_FEATURES] = { 3.625, 1.9375, 2.375, 0.75 };
    size_t rows = N ? N : IRIS_ROWS;
    outputs_must_fit(dy);
    if (!L->conjugate || !L->curvature || !L->lipschitz)
        die(EXIT_UNDECIDED, "internal: the loss %s is not one that Wang's claims can be asked of", L->name);
    double *X = mem_doubles(arena, rows * dx);
    double *Y = mem_doubles(arena, rows * dy);
    double *teacher = mem_doubles(arena, dy * dx);
    rng_normals(random, N * dx, X);
    rng_normals(random, dy * dx, teacher);
    for (size_t s = 0; s < rows; s++) {
        double *x = X + s * dx;
        double *y = Y + s * dy;
        if (N) {
            size_t class = teacher_scores(L, random, dx, dy, teacher, x, y);
            label_make(L, dy, class, y);
            continue;
        }
        iris_sample(s, dx, centre, x);
        for (size_t k = 0; k < dy; k++)
            y[k] = iris_class(s) == k;
        label_make(L, dy, iris_class(s), y);
    }
    return (sample_set) { rows, dx, dy, X, Y, L };
}

/* Shamir's instances: N standard normal samples with a score, x_1 and noise. Real labels: the score, with a multiple
   of x_d added for each further output; classes: below -1/2, up to 1/2, above. N = 0: iris with a constant column
   (dx = 5); its class as a number, or as it is, or the first against the others. */
static sample_set linear_samples(mem *arena, rng *random, const loss *L, size_t dx, size_t dy, size_t N)
{
    bool real = L->labels == LABELS_REAL;
    size_t rows = N ? N : IRIS_ROWS;
    size_t d = N ? dx : IRIS_FEATURES + 1;
    outputs_must_fit(dy);
    if (dy == 1 && (!L->second || !L->third))
        die(EXIT_UNDECIDED, "internal: the loss %s has no second and third derivative", L->name);
    double *X = mem_doubles(arena, rows * d);
    double *Y = mem_doubles(arena, rows * dy);
    rng_normals(random, rows * d, X);
    for (size_t i = 0; i < rows; i++) {
        double *x = X + i * d;
        double *y = Y + i * dy;
        if (!N)
            iris_sample(i, d, NULL, x);
        double score = x[0] + dyadic(rng_normal(random));
        size_t class = N ? (size_t)(score >= -0.5) + (score >= 0.5) : iris_class(i);
        for (size_t a = 0; a < dy; a++) {
            if (N)
                y[a] = real ? score + (double)a * x[d - 1] : score;
            else
                y[a] = real ? (double)class : class == 0;
        }
        label_make(L, dy, class % dy, y);
    }
    return (sample_set) { rows, d, dy, X, Y, L };
}

/* E L over enclosed outputs f (N x dy): the ends are summed exactly, divided once. */
static iv mean_loss(const sample_set *S, const iv *f)
{
    acc lo, hi;
    acc_zero(&lo);
    acc_zero(&hi);
    for (size_t i = 0; i < S->N; i++) {
        iv v = S->L->value(S->dy, f + i * S->dy, sample_label(S, i));
        acc_add(&lo, v.lo);
        acc_add(&hi, v.hi);
    }
    return iv_make(div_dn(acc_down(&lo), (double)S->N), div_up(acc_up(&hi), (double)S->N));
}

/// 5 Searches ///

/* How claims look for something. Ascents and Newton's method find candidates, which are certified elsewhere; covers
   and roots are as certain as what they are told of a piece or a sign. */

/* A random ascent keeps the best of its proposals. The width of its steps is up to the caller to use: it grows with
   each success and shrinks with each failure, but not below the least. */
typedef struct {
    double grow, shrink, least;
    double width, best;
} climb;

/* Is this score the best so far? */
static bool climb_up(climb *c, double score)
{
    bool better = score > c->best;
    c->width = fmax(c->width * (better ? c->grow : c->shrink), c->least);
    if (better)
        c->best = score;
    return better;
}

/* Bounds something on [a, b] from above, by INFINITY if it cannot, and says whether to leave it at that: where the
   bound is good enough, or halves would do no better. */
typedef bool cover_piece(void *problem, double a, double b, double *bound);

/* A bound on all of [a, b]: the largest over its pieces, which are halved at most `depth` times. Ends as soon as a
   piece is left without a bound. */
static double cover_up(cover_piece *piece, void *problem, double a, double b, int depth)
{
    double bound;
    if (piece(problem, a, b, &bound) || depth == 0)
        return bound;
    double middle = a + (b - a) / 2;
    double left = cover_up(piece, problem, a, middle, depth - 1);
    return left < INFINITY ? fmax(left, cover_up(piece, problem, middle, b, depth - 1)) : left;
}

/* A step of bisection towards a zero of a function that rises on t (of one that falls, by the opposite signs): the
   end of t on whose side iv_mid(t) lies, by the sign there, moves to it. Sign 0, not known: t stays, and false. */
static bool root_halve(iv *t, int sign)
{
    if (sign < 0)
        t->lo = iv_mid(*t);
    if (sign > 0)
        t->hi = iv_mid(*t);
    return sign != 0;
}

/* Newton's method for a least value, g and H the gradient and Hessian at x. Along each eigenvector q of H, of
   eigenvalue l, the step is -(q g) / max(|l|, floor), floor = flat times the largest |l| + damping times the
   steepness + tiny. It is halved until the value falls. */
typedef struct newton newton;

/* A kind of problem, and the constants that suit it. */
typedef struct {
    double (*value)(newton *s, const double *x);
    void (*derive)(newton *s);                /* at x: value, g, H and steepness, a measure of |g| */
    bool (*flatter)(newton *s, double value); /* next has that value: as low as rounding can tell, and a smaller g? */
    double flat, damping, tiny;               /* of the floor */
    double shortest;                          /* steps of at most `shortest` times the whole are not tried */
    bool convex;                              /* l < 0 is rounding, and raised to the floor too, in place of |l| */
    bool termwise; /* next = (x + t c_1 q_1) + t c_2 q_2 + ...; else x + t (c_1 q_1 + c_2 q_2 + ...) */
} newton_rule;

/* H, Q: n x n; c: the step's coordinates along the eigenvectors, the columns of Q; the other vectors: n */
struct newton {
    const newton_rule *rule;
    const void *problem;
    size_t n;
    double *x, *next, *g, *H, *w, *Q, *c, value, steepness;
};

/* The step's coordinates. At a saddle (g nearly 0, an eigenvalue well below 0) the one along the least eigenvalue
   has length 1. False if H has no decomposition, or is 0 and the floor with it. */
static bool newton_solve(newton *s)
{
    double top = 0;
    double least = 0;
    size_t down = 0;
    int status = eig(s->n, s->H, s->w, s->Q);
    mat_must(status);
    if (status)
        return false;
    for (size_t i = 0; i < s->n; i++) {
        double l = s->rule->convex ? fmax(s->w[i], 0) : s->w[i];
        top = fmax(top, __builtin_fabs(l));
        if (l < least) {
            least = l;
            down = i;
        }
        s->w[i] = __builtin_fabs(l);
    }
    bool saddle = s->steepness < 1e-6 && least < -1e-6 * fmax(top, 1);
    double damped = s->rule->damping > 0 ? s->rule->damping * s->steepness : 0;
    double least_divisor = s->rule->flat * top + damped + s->rule->tiny;
    for (size_t i = 0; i < s->n; i++) {
        double c = 0;
        for (size_t a = 0; a < s->n; a++)
            c = fma1(s->Q[a * s->n + i], s->g[a], c);
        c = -c / fmax(s->w[i], least_divisor);
        s->c[i] = !saddle || i != down ? c : c < 0 ? -1 : 1;
    }
    return top > 0 || s->rule->tiny > 0;
}

/* next = x + t Q c. */
static void newton_move(newton *s, double t)
{
    bool termwise = s->rule->termwise;
    for (size_t a = 0; a < s->n; a++) {
        double sum = termwise ? s->x[a] : 0;
        for (size_t i = 0; i < s->n; i++)
            sum = fma1(termwise ? t * s->c[i] : s->c[i], s->Q[a * s->n + i], sum);
        s->next[a] = termwise ? sum : fma1(t, sum, s->x[a]);
    }
}

/* One step; false if none lowers the value. Near the end, where rounding hides that the value falls, the full step
   is taken if it makes the gradient smaller. */
static bool newton_step(newton *s)
{
    s->rule->derive(s);
    if (!newton_solve(s))
        return false;
    for (double t = 1; t > s->rule->shortest; t *= 0.5) {
        newton_move(s, t);
        double value = s->rule->value(s, s->next);
        if (!(value < s->value) && !(t == 1 && s->rule->flatter(s, value)))
            continue;
        memcpy(s->x, s->next, s->n * sizeof *s->x);
        return true;
    }
    return false;
}

/* At most `steps` steps from x (n), in place. */
static void newton_descend(const newton_rule *rule, const void *problem, size_t n, double *x, int steps)
{
    mem arena = { 0 };
    newton s = { rule, problem, n, x, mem_doubles(&arena, n), mem_doubles(&arena, n), mem_doubles(&arena, n * n),
        mem_doubles(&arena, n), mem_doubles(&arena, n * n), mem_doubles(&arena, n), 0, 0 };
    for (int step = 0; step < steps; step++)
        if (!newton_step(&s))
            break;
    mem_free(&arena);
}

/// 5 Networks ///

/* The skip network of Wang et al., f = W2 [s(W1 x) + V1 g(theta, V2 s(W1 x))], and the linear skip model of their
   section 4, which is Shamir's too, f = W (x + V g(theta, x)): the same with the identity for the hidden layer
   (m = 0), W for W2 and V for V1. With the features fixed, f is linear in Z = [W2, W2 V1], so that the risk
   E L(f, y) is convex in Z. That one fact carries Theorems 6 and 11. The penalty (equation 13):
   R = sum_i (|w2_i|_1 + |v2_i|_1) |w1_i| + |W2 V1|_1 + sum_i |theta_i|_F,   F = E L(f, y) + kappa R. */

enum { BLOCK_MAX_LAYERS = 8 };

/* g(theta, u): u_0 = u, u_i = relu(theta_i u_{i-1}); theta_i: width[i] x width[i-1]. No layers: g(u) = u. */
typedef struct {
    size_t layers, width[BLOCK_MAX_LAYERS + 1];
    double *theta[BLOCK_MAX_LAYERS];
} block;

static size_t block_size(size_t dg, size_t dz, size_t layers) { return layers ? dg * dz + (layers - 1) * dz * dz : 0; }

/* A block of `layers` layers from dg to dz numbers, entries in `store`, which has room for them. */
static block *block_place(mem *arena, size_t dg, size_t dz, size_t layers, double *store)
{
    block *g = mem_get(arena, 1, sizeof *g);
    size_must_fit("layers of a block", layers, BLOCK_MAX_LAYERS);
    g->layers = layers;
    g->width[0] = dg;
    for (size_t i = 0; i < layers; i++) {
        g->width[i + 1] = dz;
        g->theta[i] = store;
        store += g->width[i] * dz;
    }
    return g;
}

/* A block of `layers` layers from `from` to `to` numbers, as wide as both together in between; entries N(0, 1/4). */
static block *block_random(mem *arena, rng *random, size_t from, size_t to, size_t layers)
{
    block *g = mem_get(arena, 1, sizeof *g);
    size_must_fit("layers of a block", layers, BLOCK_MAX_LAYERS);
    g->layers = layers;
    for (size_t i = 0; i <= layers; i++)
        g->width[i] = i == 0 ? from : i == layers ? to : from + to;
    for (size_t i = 0; i < layers; i++) {
        size_t n = g->width[i] * g->width[i + 1];
        g->theta[i] = mem_doubles(arena, n);
        rng_normals(random, n, g->theta[i]);
        for (size_t k = 0; k < n; k++)
            g->theta[i][k] *= 0.5;
    }
    return g;
}

/* Samples, and the shape of the networks on them: m units (0: the linear model, kappa = 0), a block from dg to dz
   numbers (dz = 0: none). */
typedef struct {
    sample_set S;
    size_t m, dz, dg;
    double kappa;
} net_data;

/* Left null vectors of a W2 of rank dy - n: q W2 = 0 for each row q of Q (n x dy), of which row i has a 1 in column
   row[i], where all others have 0. row ascends. So with the rows of the identity for all other columns, Q is a
   basis. */
typedef struct {
    size_t n, *row;
    double *Q;
} left_null;

/* W2: dy x units, V1: units x dz, W1: m x dx, V2: dg x m, units = m, or dx for m = 0. gauged: V1 is somewhere in the
   affine set of those with the same product W2 V1, on which F is constant: W2^+ W2 V1, the one of least norm, or
   where a lift asks for it. null: of W2, for lifts that start or end there; NULL: W2 has full row rank. */
typedef struct {
    const double *W2, *V1;
    const block *g;
    bool gauged;
    const double *W1, *V2;
    const left_null *null;
} net_point;

/* Of the hidden layer, or the inputs that stand in for it. */
static size_t net_units(const net_data *D) { return D->m ? D->m : D->S.dx; }

/* In place: u into g(u); z and scratch as long as the widest layer. */
static void block_image(const block *g, iv *z, iv *scratch)
{
    for (size_t i = 0; i < g->layers; i++) {
        memcpy(scratch, z, g->width[i] * sizeof *z);
        for (size_t j = 0; j < g->width[i + 1]; j++)
            z[j] = iv_relu(iv_dot(g->width[i], g->theta[i] + j * g->width[i], scratch, 1));
    }
}

static size_t block_widest(const block *g)
{
    size_t w = g->width[0];
    for (size_t i = 1; i <= g->layers; i++)
        if (g->width[i] > w)
            w = g->width[i];
    return w;
}

/* h (units): the hidden layer at x. */
static void net_hidden(const net_data *D, const net_point *p, const iv *x, iv *h)
{
    for (size_t i = 0; i < net_units(D); i++)
        h[i] = D->m ? iv_relu(iv_dot(D->S.dx, p->W1 + i * D->S.dx, x, 1)) : x[i];
}

/* Enclosures of g(theta, V2 h(x_i)) for all samples, N x dz, and of the hidden layers, N x units, unless hidden is
   NULL. */
static iv *net_features(mem *arena, const net_data *D, const net_point *p, iv *hidden)
{
    size_t units = net_units(D);
    size_t widest = D->dz ? block_widest(p->g) : 0;
    iv *x = mem_ivs(arena, D->S.dx);
    iv *h = mem_ivs(arena, units);
    iv *z = mem_ivs(arena, widest);
    iv *scratch = mem_ivs(arena, widest);
    iv *out = mem_ivs(arena, D->S.N * D->dz);
    for (size_t s = 0; s < D->S.N; s++) {
        iv_load(D->S.dx, D->S.X + s * D->S.dx, x);
        net_hidden(D, p, x, h);
        if (hidden)
            memcpy(hidden + s * units, h, units * sizeof *h);
        if (!D->dz)
            continue;
        for (size_t j = 0; j < p->g->width[0]; j++)
            z[j] = D->m ? iv_dot(units, p->V2 + j * units, h, 1) : h[j];
        block_image(p->g, z, scratch);
        memcpy(out + s * D->dz, z, D->dz * sizeof *z);
    }
    return out;
}

/* Enclosures of f(x_i), N x dy, by interval arithmetic throughout: exact where the numbers are short. The gauge does
   not matter, since W2 W2^+ W2 = W2. */
static iv *net_images_tight(mem *arena, const net_data *D, const net_point *p)
{
    size_t units = net_units(D);
    iv *hidden = mem_ivs(arena, D->S.N * units);
    iv *f = mem_ivs(arena, D->S.N * D->S.dy);
    const iv *z = net_features(arena, D, p, hidden);
    for (size_t s = 0; s < D->S.N; s++) {
        iv *h = hidden + s * units;
        for (size_t i = 0; D->dz && i < units; i++)
            h[i] = iv_add(h[i], iv_dot(D->dz, p->V1 + i * D->dz, z + s * D->dz, 1));
        for (size_t k = 0; k < D->S.dy; k++)
            f[s * D->S.dy + k] = iv_dot(units, p->W2 + k * units, h, 1);
    }
    return f;
}

/// 5 Networks: tubes ///

/* Tubes: what larger networks are evaluated with, at a point or over a piece of a segment. For each sample
   (a column of d x N matrices) and a parameter |t| <= h, coordinate j lies in c + s t +- e. A point has h = 0 and
   s = NULL. The slack 2^-40 covers the few roundings (each 2^-53) of the bound's own arithmetic, 2^-1000 its
   underflows. */
typedef struct {
    size_t d, N;
    double *c, *s, *e, h;
} tube;

static const double TUBE_SLACK = 1 + 0x1p-40;
static const double TUBE_TINY = 0x1p-1000;

static tube tube_make(mem *arena, size_t d, size_t N, bool segment, double h)
{
    return (tube) { d, N, mem_doubles(arena, d * N), segment ? mem_doubles(arena, d * N) : NULL,
        mem_doubles(arena, d * N), h };
}

/* |c| + h |s|, rounded. */
static double tube_reach(const tube *t, size_t i)
{
    return __builtin_fabs(t->c[i]) + (t->s ? t->h * __builtin_fabs(t->s[i]) : 0);
}

/* A t for a matrix known up to `radius` (entrywise; NULL: exactly); A, radius: r x d.
   Bound: e' = (|A| + radius) (e + gamma_{d+2} reach) + radius reach. Why: the products A c and A s are each off by
   gamma_d |A| |.| and d 2^-1074; products of non-negative matrices are rounded with relative error gamma_d, which
   the slack covers for d < 2^12, gamma_{2d} beyond. */
static tube tube_apply(mem *arena, size_t r, const double *A, const double *radius, const tube *t)
{
    size_t d = t->d;
    size_t N = t->N;
    tube out = tube_make(arena, r, N, t->s != NULL, t->h);
    double *size = mem_doubles(arena, r * d);
    double *reach = mem_doubles(arena, d * N);
    double *e = mem_doubles(arena, d * N);
    double gamma = gamma_up(d + 2);
    double grow = (1 + 2 * gamma) * TUBE_SLACK;
    mat_multiply(r, N, d, A, t->c, out.c);
    if (t->s)
        mat_multiply(r, N, d, A, t->s, out.s);
    for (size_t i = 0; i < r * d; i++)
        size[i] = (__builtin_fabs(A[i]) + (radius ? radius[i] : 0)) * TUBE_SLACK;
    for (size_t i = 0; i < d * N; i++) {
        reach[i] = tube_reach(t, i);
        e[i] = (t->e[i] + gamma * reach[i]) * TUBE_SLACK;
    }
    mat_multiply(r, N, d, size, e, out.e);
    if (radius) {
        double *more = mem_doubles(arena, r * N);
        mat_multiply(r, N, d, radius, reach, more);
        for (size_t i = 0; i < r * N; i++)
            out.e[i] += more[i];
    }
    for (size_t i = 0; i < r * N; i++)
        out.e[i] = out.e[i] * grow + TUBE_TINY;
    return out;
}

/* relu of a tube, in place. At a point relu is 1-Lipschitz. On a segment, for x in [lo, hi] with lo < 0 < hi and any
   l in [0, 1]: l x <= relu(x) <= l x + v, v = max(-l lo, (1 - l) hi), since relu(x) - l x is convex;
   l = hi / (hi - lo) makes v least. */
static void tube_relu(tube *t)
{
    for (size_t i = 0; i < t->d * t->N; i++) {
        double c = t->c[i];
        double e = t->e[i];
        double s = t->s ? t->s[i] : 0;
        double w = (t->h * __builtin_fabs(s) + e) * TUBE_SLACK + TUBE_TINY;
        if (c >= w)
            continue;
        if (c <= -w) {
            t->c[i] = 0;
            t->e[i] = 0;
            if (t->s)
                t->s[i] = 0;
            continue;
        }
        if (!t->s) {
            t->c[i] = c < 0 ? 0 : c;
            continue;
        }
        double l = (c + w) / (2 * w);
        double below = -l * (c - w);
        double above = (1 - l) * (c + w);
        double v = (below > above ? below : above) * TUBE_SLACK + TUBE_TINY;
        t->c[i] = l * c + 0.5 * v;
        t->s[i] = l * s;
        t->e[i] =
            (l * e + 0.5 * v + 0x1p-50 * (__builtin_fabs(c) + t->h * __builtin_fabs(s) + v)) * TUBE_SLACK + TUBE_TINY;
    }
}

/* g(theta, u) of a tube of u. */
static tube tube_block(mem *arena, const block *g, tube t)
{
    for (size_t i = 0; i < g->layers; i++) {
        t = tube_apply(arena, g->width[i + 1], g->theta[i], NULL, &t);
        tube_relu(&t);
    }
    return t;
}

/* |w1_i| from above. */
static double *net_norms_up(mem *arena, const net_data *D, const double *W1)
{
    double *norm = mem_doubles(arena, D->m);
    for (size_t i = 0; i < D->m; i++)
        norm[i] = frobenius_up(D->S.dx, W1 + i * D->S.dx);
    return norm;
}

/* A h(x_s), A: r x m, for all samples. reach[k] >= sum_i |A_ki| |w1_i|. */
typedef struct {
    const net_data *D;
    const double *W1, *A, *reach;
    size_t r, group;
    tube *out;
} net_job;

/* The samples of one group, which are so few that their hidden layer stays in the cache. */
static void net_group(void *ctx, size_t which)
{
    net_job *j = ctx;
    const net_data *D = j->D;
    size_t first = which * j->group;
    size_t n = D->S.N - first < j->group ? D->S.N - first : j->group;
    mem local = { 0 };
    double *X = mat_transpose(&local, n, D->S.dx, D->S.X + first * D->S.dx);
    double *H = mem_doubles(&local, D->m * n);
    double *P = mem_doubles(&local, j->r * n);
    mat_multiply(D->m, n, D->S.dx, j->W1, X, H);
    /* relu, exactly, without a branch */
    for (size_t i = 0; i < D->m * n; i++)
        H[i] = 0.5 * (H[i] + __builtin_fabs(H[i]));
    mat_multiply(j->r, n, D->m, j->A, H, P);
    for (size_t s = 0; s < n; s++) {
        double length = frobenius_up(D->S.dx, D->S.X + (first + s) * D->S.dx) * gamma_up(D->S.dx + D->m + 2);
        for (size_t k = 0; k < j->r; k++) {
            j->out->c[k * D->S.N + first + s] = P[k * n + s];
            j->out->e[k * D->S.N + first + s] = j->reach[k] * length * TUBE_SLACK + TUBE_TINY;
        }
    }
    mem_free(&local);
}

/* A h(x_s) for all samples, a point tube.
   Bound: |row of A (computed h - h)| + |product - exact| <= gamma_{dx + m + 2} sum_i |a_i| |w1_i| |x|, since
   h_i <= |w1_i| |x|. */
static tube net_project(mem *arena, const net_data *D, const double *W1, size_t r, const double *A)
{
    tube out = tube_make(arena, r, D->S.N, false, 0);
    double *reach = mem_doubles(arena, r);
    double *norm = net_norms_up(arena, D, W1);
    double *size = mem_doubles(arena, D->m);
    for (size_t k = 0; k < r; k++) {
        for (size_t i = 0; i < D->m; i++)
            size[i] = __builtin_fabs(A[k * D->m + i]);
        reach[k] = (kern_dot(D->m, size, norm) * (1 + 2 * gamma_up(D->m)) + 0x1p-900) * TUBE_SLACK;
    }
    size_t group = ((size_t)1 << 19) / D->m; /* 4 MiB of hidden layer */
    if (group < 8)
        group = 8;
    if (group > 256)
        group = 256;
    net_job job = { D, W1, A, reach, r, group, &out };
    thr_for((D->S.N + group - 1) / group, net_group, &job);
    return out;
}

/* Rows first .. first + r - 1 of a tube. */
static tube tube_rows(const tube *t, size_t first, size_t r)
{
    size_t at = first * t->N;
    return (tube) { r, t->N, t->c + at, t->s ? t->s + at : NULL, t->e + at, t->h };
}

/* The product W2 V1, dy x dz. */
static iv *net_product(mem *arena, const net_data *D, const net_point *p)
{
    size_t units = net_units(D);
    iv *M = mem_ivs(arena, D->S.dy * D->dz);
    iv *V = mem_ivs(arena, units * D->dz);
    iv_load(units * D->dz, p->V1, V);
    for (size_t k = 0; k < D->S.dy; k++)
        for (size_t j = 0; j < D->dz; j++)
            M[k * D->dz + j] = iv_dot(units, p->W2 + k * units, V + j, D->dz);
    return M;
}

/* f = S + M g over tubes of S and g; the boxes at t = -h and t = h, each N x dy
   (the same at a point, where right may be NULL). */
static void net_output(mem *arena, const net_data *D, const tube *S, const iv *M, const tube *g, iv *left, iv *right)
{
    tube z = { 0, 0, NULL, NULL, NULL, 0 };
    if (D->dz) {
        double *mid = mem_doubles(arena, D->S.dy * D->dz);
        double *radius = mem_doubles(arena, D->S.dy * D->dz);
        for (size_t i = 0; i < D->S.dy * D->dz; i++) {
            mid[i] = iv_mid(M[i]);
            radius[i] = iv_radius(M[i]);
        }
        z = tube_apply(arena, D->S.dy, mid, radius, g);
    }
    for (size_t s = 0; s < D->S.N; s++)
        for (size_t k = 0; k < D->S.dy; k++) {
            size_t at = k * D->S.N + s;
            size_t to = s * D->S.dy + k;
            iv middle = iv_add(iv_of(S->c[at]), (iv) { -S->e[at], S->e[at] });
            iv slope = { 0, 0 };
            if (D->dz)
                middle = iv_add(middle, iv_add(iv_of(z.c[at]), (iv) { -z.e[at], z.e[at] }));
            if (S->s)
                slope = iv_scale(S->h, iv_of(S->s[at]));
            if (D->dz && z.s)
                slope = iv_add(slope, iv_scale(z.h, iv_of(z.s[at])));
            left[to] = iv_sub(middle, slope);
            if (right)
                right[to] = iv_add(middle, slope);
        }
}

/* A point's outputs by products of matrices and tubes. M = W2 V1. */
static iv *net_images_wide(mem *arena, const net_data *D, const net_point *p, const iv *M)
{
    double *stack = mem_doubles(arena, (D->S.dy + D->dg) * D->m);
    memcpy(stack, p->W2, D->S.dy * D->m * sizeof *stack);
    if (D->dg)
        memcpy(stack + D->S.dy * D->m, p->V2, D->dg * D->m * sizeof *stack);
    tube all = net_project(arena, D, p->W1, D->S.dy + D->dg, stack);
    tube S = tube_rows(&all, 0, D->S.dy);
    tube u = tube_rows(&all, D->S.dy, D->dg);
    iv *f = mem_ivs(arena, D->S.N * D->S.dy);
    if (D->dz)
        u = tube_block(arena, p->g, u);
    net_output(arena, D, &S, M, &u, f, NULL);
    return f;
}

/* Products up to which interval arithmetic throughout is the better choice: about 0.3 ms. */
enum { NET_TIGHT = 1 << 14 };

/* Enclosures of f(x_i), N x dy; M = W2 V1 (dz = 0: NULL). */
static iv *net_images_by(mem *arena, const net_data *D, const net_point *p, const iv *M)
{
    bool small = D->S.N * net_units(D) * (D->S.dx + D->S.dy + D->dg) <= NET_TIGHT;
    return !D->m || small ? net_images_tight(arena, D, p) : net_images_wide(arena, D, p, M);
}

static iv *net_images(mem *arena, const net_data *D, const net_point *p)
{
    return net_images_by(arena, D, p, D->dz ? net_product(arena, D, p) : NULL);
}

/// 5 Networks: the risk ///

/* The risk and its parts: shallow = sum_i |w2_i|_1 |w1_i|, deep = sum_i |v2_i|_1 |w1_i|, product = |W2 V1|_1,
   theta = sum_i |theta_i|_F. */
typedef struct {
    iv F, loss, shallow, deep, product, theta;
} net_value;

/* sum_i |a_i|_1 |w1_i|, a_i the columns of A (r x m). */
static iv net_column_term(const net_data *D, const double *W1, size_t r, const double *A)
{
    acc lo, hi;
    acc_zero(&lo);
    acc_zero(&hi);
    for (size_t i = 0; i < D->m; i++) {
        iv one = { 0, 0 };
        for (size_t k = 0; k < r; k++)
            if (A[k * D->m + i] != 0)
                one = iv_add(one, iv_of(__builtin_fabs(A[k * D->m + i])));
        if (one.hi == 0)
            continue;
        one = iv_mul(one, iv_norm(D->S.dx, W1 + i * D->S.dx));
        acc_add(&lo, one.lo);
        acc_add(&hi, one.hi);
    }
    return iv_make(acc_down(&lo), acc_up(&hi));
}

/* The block's part of R. */
static iv net_value_deep(const net_value *v) { return iv_add(v->deep, iv_add(v->product, v->theta)); }

/* F, E L and the parts of R at a point; the linear model has no R. */
static net_value net_evaluate(mem *arena, const net_data *D, const net_point *p)
{
    const iv *M = D->m && D->dz ? net_product(arena, D, p) : NULL;
    net_value v = { .loss = mean_loss(&D->S, net_images_by(arena, D, p, M)) };
    v.F = v.loss;
    if (!D->m)
        return v;
    v.shallow = net_column_term(D, p->W1, D->S.dy, p->W2);
    if (D->dz) {
        v.deep = net_column_term(D, p->W1, D->dg, p->V2);
        for (size_t i = 0; i < D->S.dy * D->dz; i++)
            v.product = iv_add(v.product, iv_abs(M[i]));
        for (size_t i = 0; i < p->g->layers; i++)
            v.theta = iv_add(v.theta, iv_norm(p->g->width[i] * p->g->width[i + 1], p->g->theta[i]));
    }
    v.F = iv_add(v.F, iv_scale(D->kappa, iv_add(v.shallow, net_value_deep(&v))));
    return v;
}

static iv net_risk(mem *arena, const net_data *D, const net_point *p) { return net_evaluate(arena, D, p).F; }

/* The risk of the plain linear predictor W x: F(W, 0, theta). */
static iv net_risk_plain(mem *arena, const net_data *D, const double *W)
{
    net_data plain = { D->S, 0, 0, 0, 0 };
    net_point p = { W, NULL, NULL, false, NULL, NULL };
    return net_risk(arena, &plain, &p);
}

/// 5 Named networks ///

/* The network whose barrier refutes Theorems 1, 5 and 11 as printed, on any data: labels y = Y s(w x), block and
   branches one unit wide, q factors between x and f on the way through the block. delta > 0: with unit rows, see
   witness_point. */
typedef struct {
    net_data D;
    size_t q;
    double c, Y;     /* A has the block's factors at c */
    const double *w; /* dx numbers, |w| = 1 or near 1 */
    double delta;
} wang_thm11_witness;

/* On N samples X (N x dx). The labels are exact where Y and all w x are short. */
static wang_thm11_witness wall_network(mem *arena, size_t units, size_t layers, double c, double Y, double kappa,
    size_t N, size_t dx, const double *X, const double *w)
{
    double *y = mem_doubles(arena, N);
    for (size_t s = 0; s < N; s++) {
        double h = kern_dot(dx, w, X + s * dx);
        y[s] = h > 0 ? Y * h : 0;
    }
    return (
        wang_thm11_witness) { { { N, dx, 1, X, y, &losses[SQUARED] }, units, 1, 1, kappa }, layers + 2, c, Y, w, 0 };
}

/* c^q, exact where c is short. */
static double wall_power(double c, size_t q)
{
    double p = 1;
    for (size_t i = 0; i < q; i++)
        p *= c;
    return p;
}

/* On the one sample x = 1, with kappa = 1 and Y = c^q. */
static wang_thm11_witness witness_make(mem *arena, size_t units, size_t layers, double c)
{
    double *one = mem_doubles(arena, 1);
    *one = 1;
    return wall_network(arena, units, layers, c, wall_power(c, layers + 2), 1, 1, 1, one, one);
}

/* The point of the family with block parameters u and shallow weight w2: unit 2 has the row w, v2 = u and w2; unit 1 is
   dead and carries W2 V1 = u. delta > 0: all rows are w, and unit 2 carries W2 V1 as well, by v1 = u / w2. */
static net_point witness_point(mem *arena, const wang_thm11_witness *t, double u, double w2)
{
    size_t units = t->D.m;
    size_t n = t->D.S.dx;
    double *W1 = mem_doubles(arena, units * n);
    double *W2 = mem_doubles(arena, units);
    double *V1 = mem_doubles(arena, units);
    double *V2 = mem_doubles(arena, units);
    double *theta = mem_doubles(arena, t->q);
    for (size_t i = 0; i < t->q; i++)
        theta[i] = u;
    for (size_t i = t->delta > 0 ? 0 : 1; i < (t->delta > 0 ? units : 2); i++)
        memcpy(W1 + i * n, t->w, n * sizeof *W1);
    W2[0] = t->delta > 0 ? 0 : 1;
    V1[0] = t->delta > 0 ? 0 : u;
    V1[1] = t->delta > 0 ? u / w2 : 0;
    W2[1] = w2;
    V2[1] = u;
    return (net_point) { .W1 = W1, .W2 = W2, .V1 = V1, .V2 = V2, .g = block_place(arena, 1, 1, t->q - 2, theta) };
}

/* rho = E h W2 V1 g / E h^2, h = s(w x): how much of h the block puts out. */
static iv witness_rho(mem *arena, const wang_thm11_witness *t, const net_point *p)
{
    iv M = net_product(arena, &t->D, p)[0];
    const iv *g = net_features(arena, &t->D, p, NULL);
    iv hg = { 0, 0 };
    iv hh = { 0, 0 };
    for (size_t s = 0; s < t->D.S.N; s++) {
        iv h = { 0, 0 };
        for (size_t j = 0; j < t->D.S.dx; j++)
            h = iv_add(h, iv_mul(iv_of(t->w[j]), iv_of(t->D.S.X[s * t->D.S.dx + j])));
        h = iv_relu(h);
        hg = iv_add(hg, iv_mul(h, g[s]));
        hh = iv_add(hh, iv_sqr(h));
    }
    return iv_mul(M, iv_div(hg, hh));
}

/// 5 The network with a linear output ///

/* x -> W (x + V f(x)), W: q x d (the paper's w^T for q = 1), V: d x k, f = f_theta with theta fixed:
   F(W, V) = E L(W (x + V f), y), F_lin(W) = F(W, 0). Value, gradient and (q = 1) Hessian are enclosed by interval
   arithmetic throughout. All statements but Theorem 4 are about F as a function of (W, V), whatever f is: f is data. */

/* Samples with d = dx, q = dy, and f(x_i) of each: N x k. */
typedef struct {
    sample_set S;
    size_t k;
    const iv *f;
} skip_data;

/* W: q x d, V: d x k */
typedef struct {
    const double *W, *V;
} skip_point;

/* At a point: F, z = x + V f (N x d), slope = grad L (N x q), the gradient of F in W (q x d) and in V (d x k), and gB
   = E slope f^T (q x k). */
typedef struct {
    iv F, *z, *slope, *gW, *gV, *gB;
} skip_jet;

/* z = x + V f and W z of sample i. */
static void skip_output(const skip_data *D, const skip_point *p, size_t i, iv *z, iv *out)
{
    for (size_t a = 0; a < D->S.dx; a++)
        z[a] = iv_add(iv_of(D->S.X[i * D->S.dx + a]), iv_dot(D->k, p->V + a * D->k, D->f + i * D->k, 1));
    for (size_t a = 0; a < D->S.dy; a++)
        out[a] = iv_dot(D->S.dx, p->W + a * D->S.dx, z, 1);
}

/* F at a point. */
static iv skip_value(mem *arena, const skip_data *D, const skip_point *p)
{
    iv *out = mem_ivs(arena, D->S.dy);
    iv *z = mem_ivs(arena, D->S.dx);
    iv s = { 0, 0 };
    for (size_t i = 0; i < D->S.N; i++) {
        skip_output(D, p, i, z, out);
        s = iv_add(s, D->S.L->value(D->S.dy, out, sample_label(&D->S, i)));
    }
    return iv_mean(s, D->S.N);
}

/* gW = E slope z^T, gV = W^T gB. */
static skip_jet skip_differentiate(mem *arena, const skip_data *D, const skip_point *p)
{
    size_t N = D->S.N;
    size_t d = D->S.dx;
    size_t k = D->k;
    size_t q = D->S.dy;
    skip_jet j = { { 0, 0 }, mem_ivs(arena, N * d), mem_ivs(arena, N * q), mem_ivs(arena, q * d), mem_ivs(arena, d * k),
        mem_ivs(arena, q * k) };
    iv *out = mem_ivs(arena, q);
    for (size_t i = 0; i < N; i++) {
        skip_output(D, p, i, j.z + i * d, out);
        j.F = iv_add(j.F, D->S.L->value(q, out, sample_label(&D->S, i)));
        D->S.L->gradient(q, out, sample_label(&D->S, i), j.slope + i * q);
    }
    j.F = iv_mean(j.F, N);
    for (size_t a = 0; a < q; a++) {
        for (size_t b = 0; b < d; b++)
            j.gW[a * d + b] = iv_mean(iv_sum_product(N, j.slope + a, q, j.z + b, d), N);
        for (size_t b = 0; b < k; b++)
            j.gB[a * k + b] = iv_mean(iv_sum_product(N, j.slope + a, q, D->f + b, k), N);
    }
    for (size_t a = 0; a < d; a++)
        for (size_t b = 0; b < k; b++) {
            iv s = { 0, 0 };
            for (size_t c = 0; c < q; c++)
                s = iv_add(s, iv_scale(p->W[c * d + a], j.gB[c * k + b]));
            j.gV[a * k + b] = s;
        }
    return j;
}

static iv skip_gradient_norm(const skip_data *D, const skip_jet *j)
{
    return iv_sqrt(iv_add(iv_sqr(iv_length(D->S.dy * D->S.dx, j->gW)), iv_sqr(iv_length(D->S.dx * D->k, j->gV))));
}

/* Numbers of (W, V). */
static size_t skip_size(const skip_data *D) { return D->S.dx * (D->S.dy + D->k); }

/* dp/d(W, V) of sample i, q x n: of output c, z in row c of W, W_ca f_l in V_al. */
static void skip_jacobian(const skip_data *D, const skip_point *p, const iv *z, size_t i, iv *J)
{
    size_t d = D->S.dx;
    size_t q = D->S.dy;
    size_t n = skip_size(D);
    for (size_t c = 0; c < q; c++) {
        for (size_t a = 0; a < q * d; a++)
            J[c * n + a] = a / d == c ? z[a % d] : iv_of(0);
        for (size_t a = 0; a < d; a++)
            for (size_t l = 0; l < D->k; l++)
                J[c * n + q * d + a * D->k + l] = iv_scale(p->W[c * d + a], D->f[i * D->k + l]);
    }
}

/* The Hessian of F in (W, V), n x n, rows of W first: E J^T L'' J + K with J = dp/d(W, V); K, between W_ca and V_al:
   gB_cl. Where k = 0, over all W within `radius` of that of the point, by which an output moves at most radius |x|. */
static iv *skip_hessian_around(mem *arena, const skip_data *D, const skip_point *p, const skip_jet *j, double radius)
{
    size_t N = D->S.N;
    size_t d = D->S.dx;
    size_t k = D->k;
    size_t q = D->S.dy;
    size_t n = skip_size(D);
    iv *H = mem_ivs(arena, n * n);
    iv *J = mem_ivs(arena, N * q * n);
    iv *bent = mem_ivs(arena, N * q * n);
    iv *second = mem_ivs(arena, q * q);
    iv *out = mem_ivs(arena, q);
    for (size_t i = 0; i < N; i++) {
        double move = mul_up(radius, iv_length(d, j->z + i * d).hi);
        for (size_t c = 0; c < q; c++)
            out[c] = iv_add(iv_dot(d, p->W + c * d, j->z + i * d, 1), (iv) { -move, move });
        loss_hessian(D->S.L, q, out, sample_label(&D->S, i), second);
        skip_jacobian(D, p, j->z + i * d, i, J + i * q * n);
        for (size_t c = 0; c < q; c++)
            for (size_t a = 0; a < n; a++)
                bent[(i * q + c) * n + a] = iv_sum_product(q, second + c * q, 1, J + i * q * n + a, n);
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++)
            H[a * n + b] = iv_mean(iv_sum_product(N * q, bent + a, n, J + b, n), N);
    for (size_t c = 0; c < q; c++)
        for (size_t a = 0; a < d; a++)
            for (size_t l = 0; l < k; l++) {
                iv *mixed = &H[(q * d + a * k + l) * n + c * d + a];
                *mixed = iv_add(*mixed, j->gB[c * k + l]);
            }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++)
            H[b * n + a] = H[a * n + b];
    return H;
}

static iv *skip_hessian(mem *arena, const skip_data *D, const skip_point *p, const skip_jet *j)
{
    return skip_hessian_around(arena, D, p, j, 0);
}

/* W^+ = W^T (W W^T)^-1 for W of full row rank q <= 3, d x q, by Cramer's rule; [-inf, inf] where the rank is not
   certified. */
static iv *skip_pinv(mem *arena, size_t q, size_t d, const double *W)
{
    size_must_fit("outputs of a pseudoinverse by Cramer's rule", q, 3);
    iv S[9], X[9];
    iv *P = mem_ivs(arena, d * q);
    iv *w = mem_ivs(arena, q * d);
    iv_load(q * d, W, w);
    for (size_t a = 0; a < q; a++)
        for (size_t b = 0; b < q; b++)
            S[a * q + b] = iv_dot(d, W + a * d, w + b * d, 1);
    iv det = iv_det(q, S);
    /* row b of the identity for row a: the determinant is entry (b, a) of the adjugate */
    for (size_t a = 0; a < q; a++)
        for (size_t b = 0; b < q; b++) {
            iv T[9];
            memcpy(T, S, sizeof T);
            for (size_t c = 0; c < q; c++)
                T[a * q + c] = iv_of(c == b);
            X[b * q + a] = iv_div(iv_det(q, T), det);
        }
    for (size_t i = 0; i < d; i++)
        for (size_t b = 0; b < q; b++) {
            P[i * q + b] = iv_of(0);
            for (size_t a = 0; a < q; a++)
                P[i * q + b] = iv_add(P[i * q + b], iv_scale(W[a * d + i], X[a * q + b]));
        }
    return P;
}

/* What a point is compared with: the outputs A x + B f, any A (q x d), B (q x k); B = NULL: A x, a linear predictor. */
typedef struct {
    const double *A, *B;
} skip_rival;

/* A x + B f of sample i. */
static void skip_rival_output(const skip_data *D, const skip_rival *r, size_t i, iv *out)
{
    for (size_t a = 0; a < D->S.dy; a++) {
        out[a] = iv_of(0);
        for (size_t b = 0; b < D->S.dx; b++)
            out[a] = iv_add(out[a], iv_scale(r->A[a * D->S.dx + b], iv_of(D->S.X[i * D->S.dx + b])));
        if (r->B)
            out[a] = iv_add(out[a], iv_dot(D->k, r->B + a * D->k, D->f + i * D->k, 1));
    }
}

/* G(A, B) = E L(A x + B f, y), which is convex, and F(W, V) = G(W, W V); F_lin(A) = G(A, 0). */
static iv skip_rival_value(mem *arena, const skip_data *D, const skip_rival *r)
{
    iv *out = mem_ivs(arena, D->S.dy);
    iv s = { 0, 0 };
    for (size_t i = 0; i < D->S.N; i++) {
        skip_rival_output(D, r, i, out);
        s = iv_add(s, D->S.L->value(D->S.dy, out, sample_label(&D->S, i)));
    }
    return iv_mean(s, D->S.N);
}

/* A V - B, q x k. */
static iv *skip_defect(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *r)
{
    size_t d = D->S.dx;
    size_t k = D->k;
    iv *M = mem_ivs(arena, D->S.dy * k);
    iv *v = mem_ivs(arena, d * k);
    iv_load(d * k, p->V, v);
    for (size_t a = 0; a < D->S.dy; a++)
        for (size_t l = 0; l < k; l++) {
            M[a * k + l] = iv_dot(d, r->A + a * d, v + l, k);
            if (r->B)
                M[a * k + l] = iv_sub(M[a * k + l], iv_of(r->B[a * k + l]));
        }
    return M;
}

/* W - A, q x d. */
static iv *skip_distance(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *r)
{
    size_t n = D->S.dy * D->S.dx;
    iv *GW = mem_ivs(arena, n);
    for (size_t i = 0; i < n; i++)
        GW[i] = iv_sub(iv_of(p->W[i]), iv_of(r->A[i]));
    return GW;
}

/* E <grad L, W z - A x - B f>: by convexity at least F - G(A, B). */
static iv skip_fall(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *r, const skip_jet *j)
{
    size_t q = D->S.dy;
    iv *out = mem_ivs(arena, q);
    iv s = { 0, 0 };
    for (size_t i = 0; i < D->S.N; i++) {
        skip_rival_output(D, r, i, out);
        for (size_t a = 0; a < q; a++)
            out[a] = iv_sub(iv_dot(D->S.dx, p->W + a * D->S.dx, j->z + i * D->S.dx, 1), out[a]);
        s = iv_add(s, iv_sum_product(q, j->slope + i * q, 1, out, 1));
    }
    return iv_mean(s, D->S.N);
}

/* G = (W - A, W^+ (A V - B)): q x d, d x k. */
typedef struct {
    iv *W, *V;
} skip_way;

/* Precondition: W of full row rank, of at most 3 outputs; else unbounded. */
static skip_way skip_direction(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    size_t k = D->k;
    size_t q = D->S.dy;
    skip_way g = { skip_distance(arena, D, p, rival), mem_ivs(arena, D->S.dx * k) };
    iv *P = skip_pinv(arena, q, D->S.dx, p->W);
    iv *M = skip_defect(arena, D, p, rival);
    for (size_t i = 0; i < D->S.dx; i++)
        for (size_t l = 0; l < k; l++)
            g.V[i * k + l] = iv_sum_product(q, P + i * q, 1, M + l, k);
    return g;
}

static iv skip_way_length(const skip_data *D, skip_way g)
{
    return iv_sqrt(iv_add(iv_sqr(iv_length(D->S.dy * D->S.dx, g.W)), iv_sqr(iv_length(D->S.dx * D->k, g.V))));
}

/* <G, grad F> and |G|. */
typedef struct {
    iv inner, length;
} skip_pairing;

/* Lemma 1, Remark 2, and with B what they extend to: <G, grad F> = E <grad L, W z - A x - B f>, because W W^+ = I. */
static skip_pairing skip_pair(
    mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival, const skip_jet *j)
{
    skip_way g = skip_direction(arena, D, p, rival);
    iv inner = iv_sum_product(D->S.dy * D->S.dx, g.W, 1, j->gW, 1);
    return (skip_pairing) { iv_add(inner, iv_sum_product(D->S.dx * D->k, g.V, 1, j->gV, 1)), skip_way_length(D, g) };
}

/* k = 0: pointers to no numbers. */
static const iv no_features[1];
static const double no_block[1];

/* The same without the block. */
static skip_data skip_linear(const skip_data *D)
{
    skip_data plain = *D;
    plain.k = 0;
    plain.f = no_features;
    return plain;
}

/// 5 The network with a linear output: descent ///

/* A second-order descent on F(W, V): Newton's method, which leaves saddles along the direction of least curvature.
   x: W (q x d), V (d x k) */

static skip_point skip_unpack(const skip_data *D, const double *x) { return (skip_point) { x, x + D->S.dy * D->S.dx }; }

static double descent_value(newton *s, const double *x)
{
    const skip_data *D = s->problem;
    mem local = { 0 };
    skip_point p = skip_unpack(D, x);
    double F = iv_mid(skip_value(&local, D, &p));
    mem_free(&local);
    return F;
}

/* The steepness is the gradient's length. */
static void descent_derive(newton *s)
{
    const skip_data *D = s->problem;
    mem local = { 0 };
    skip_point p = skip_unpack(D, s->x);
    skip_jet j = skip_differentiate(&local, D, &p);
    const iv *H = skip_hessian(&local, D, &p, &j);
    size_t weights = D->S.dy * D->S.dx;
    s->value = iv_mid(j.F);
    for (size_t i = 0; i < s->n; i++)
        s->g[i] = iv_mid(i < weights ? j.gW[i] : j.gV[i - weights]);
    for (size_t i = 0; i < s->n * s->n; i++)
        s->H[i] = iv_mid(H[i]);
    s->steepness = __builtin_sqrt(kern_dot(s->n, s->g, s->g));
    mem_free(&local);
}

/* Rounding hides a fall of the value of about 2^-48; the gradient must halve. */
static bool descent_flatter(newton *s, double value)
{
    const skip_data *D = s->problem;
    if (!(value <= s->value + 0x1p-48 * (1 + s->value)))
        return false;
    mem local = { 0 };
    skip_point p = skip_unpack(D, s->next);
    skip_jet j = skip_differentiate(&local, D, &p);
    double steepness = iv_mid(skip_gradient_norm(D, &j));
    mem_free(&local);
    return steepness < 0.5 * s->steepness;
}

static void skip_descend(const skip_data *D, double *x, int steps)
{
    static const newton_rule rule = { descent_value, descent_derive, descent_flatter, .flat = 1e-9, .damping = 1e-3,
        .tiny = 1e-300, .shortest = 1e-10, .termwise = true };
    newton_descend(&rule, D, skip_size(D), x, steps);
}

/* min F_lin over |w| <= r, enclosed; w0: near the minimiser, in the ball. From below by convexity:
   F_lin(w) >= F_lin(w0) + <g, w - w0> >= F_lin(w0) - <g, w0> - |g| r. */
static iv skip_linear_least(mem *arena, const skip_data *D, const double *w0, double r)
{
    skip_data plain = skip_linear(D);
    skip_point p = { w0, no_block };
    skip_jet j = skip_differentiate(arena, &plain, &p);
    iv along = iv_dot(D->S.dx, w0, j.gW, 1);
    double low = add_dn(add_dn(j.F.lo, -along.hi), -mul_up(skip_gradient_norm(&plain, &j).hi, r));
    return (iv) { fmax(low, 0), iv_norm(D->S.dx, w0).hi <= r ? j.F.hi : INFINITY }; /* losses are >= 0 */
}

/* At least the largest eigenvalue of the Hessian of F_lin over |w| <= r, rounded: E |x|^2 l''. */
static double skip_linear_bend(const skip_data *D, double r)
{
    double bend = 0;
    iv reach = { -r, r };
    for (size_t i = 0; i < D->S.N; i++) {
        iv x2 = iv_sqr(iv_norm(D->S.dx, D->S.X + i * D->S.dx));
        bend += mul_up(x2.hi, D->S.L->second(iv_scale(iv_sqrt(x2).hi, reach), D->S.Y[i]).hi) / (double)D->S.N;
    }
    return bend;
}

/* Near the minimiser of F_lin over |w| <= r: Newton, and projected gradient steps where that leaves the ball. */
static double *skip_linear_best(mem *arena, const skip_data *D, double r)
{
    skip_data plain = skip_linear(D);
    double *w = mem_doubles(arena, D->S.dx);
    skip_descend(&plain, w, 60);
    if (iv_norm(D->S.dx, w).hi <= r)
        return w;
    double bend = skip_linear_bend(D, r);
    for (int step = 0; step < 400; step++) {
        mem local = { 0 };
        double square = 0;
        skip_jet j = skip_differentiate(&local, &plain, &(skip_point) { w, no_block });
        for (size_t a = 0; a < D->S.dx; a++)
            w[a] -= iv_mid(j.gW[a]) / bend;
        for (size_t a = 0; a < D->S.dx; a++)
            square = fma1(w[a], w[a], square);
        for (size_t a = 0; square > r * r && a < D->S.dx; a++)
            w[a] *= (1 - 0x1p-40) * r / __builtin_sqrt(square);
        mem_free(&local);
    }
    return w;
}

/* The convex problem of G: u = (x, f) for x, no block, and W is (A, B), row by row. The features must be numbers. */
static skip_data skip_convex(mem *arena, const skip_data *D)
{
    size_t d = D->S.dx;
    size_t n = d + D->k;
    double *U = mem_doubles(arena, D->S.N * n);
    for (size_t i = 0; i < D->S.N; i++) {
        memcpy(U + i * n, D->S.X + i * d, d * sizeof *U);
        for (size_t l = 0; l < D->k; l++) {
            iv f = D->f[i * D->k + l];
            U[i * n + d + l] = f.lo;
            if (f.lo != f.hi)
                die(EXIT_UNDECIDED, "internal: a feature is not a number");
        }
    }
    skip_data plain = { D->S, 0, no_features };
    plain.S.dx = n;
    plain.S.X = U;
    return plain;
}

/* min over all W of F, k = 0, enclosed, for a W near the minimiser; from below by 0 where the Hessian may be singular:
   losses are >= 0.
   Why: if the Hessian is at least kappa on a ball of radius rho about W and |g| <= kappa rho / 2, F is at least F(W) on
   the ball's edge, so outside by convexity, and at least F(W) - |g|^2 / (2 kappa) inside. Cross-entropy does not see a
   vector added to all rows, so that the last row may stay where it is. */
static iv skip_convex_least(mem *arena, const skip_data *D, const double *W)
{
    size_t n = (D->S.dy - (D->S.L->labels == LABELS_ONE_HOT)) * D->S.dx;
    skip_point p = { W, no_block };
    skip_jet j = skip_differentiate(arena, D, &p);
    double g = iv_length(n, j.gW).hi;
    iv here, around, largest;
    iv_eigen_range(arena, n, skip_hessian(arena, D, &p, &j), skip_size(D), &here, &largest);
    if (!(here.lo > 0))
        return (iv) { 0, j.F.hi };
    double radius = div_up(mul_up(8, g), here.lo);
    iv_eigen_range(arena, n, skip_hessian_around(arena, D, &p, &j, radius), skip_size(D), &around, &largest);
    if (!(around.lo > 0 && mul_up(2, g) <= mul_dn(around.lo, radius)))
        return (iv) { 0, j.F.hi };
    return (iv) { fmax(0, add_dn(j.F.lo, -div_up(mul_up(g, g), mul_dn(2, around.lo)))), j.F.hi };
}

/* Takes the last row of M (q x n) from all rows: cross-entropy does not see it. */
static void rows_shift(size_t q, size_t n, double *M)
{
    for (size_t i = 0; i < q * n; i++)
        M[i] -= M[(q - 1) * n + i % n];
}

/* Near the minimiser of G, the last rows 0 for cross-entropy; and min G enclosed. */
typedef struct {
    skip_rival at;
    iv least;
} skip_optimum;

/* By Newton's method on the convex problem. */
static skip_optimum skip_convex_best(mem *arena, const skip_data *D)
{
    size_t d = D->S.dx;
    size_t k = D->k;
    skip_data C = skip_convex(arena, D);
    double *W = mem_doubles(arena, skip_size(&C));
    double *A = mem_doubles(arena, D->S.dy * d);
    double *B = mem_doubles(arena, D->S.dy * k);
    skip_descend(&C, W, 60);
    if (D->S.L->labels == LABELS_ONE_HOT)
        rows_shift(D->S.dy, d + k, W);
    for (size_t a = 0; a < D->S.dy; a++) {
        memcpy(A + a * d, W + a * (d + k), d * sizeof *A);
        memcpy(B + a * k, W + a * (d + k) + d, k * sizeof *B);
    }
    return (skip_optimum) { { A, B }, skip_convex_least(arena, &C, W) };
}

/* Likewise of F_lin. */
static skip_optimum skip_linear_optimum(mem *arena, const skip_data *D)
{
    skip_data plain = skip_linear(D);
    double *A = mem_doubles(arena, D->S.dy * D->S.dx);
    skip_descend(&plain, A, 60);
    return (skip_optimum) { { A, NULL }, skip_convex_least(arena, &plain, A) };
}

/* A start x of a descent: dyadic normal numbers, those of W and of V of the sizes given. */
static void skip_start(rng *random, const skip_data *D, double W_size, double V_size, double *x)
{
    for (size_t i = 0; i < skip_size(D); i++)
        x[i] = dyadic((i < D->S.dy * D->S.dx ? W_size : V_size) * rng_normal(random));
}

/// 5 The network with a linear output: instances ///

/* f is random numbers, a ReLU network of two layers with random weights, or eps x (k = d). */
enum { FEATURES_RANDOM, FEATURES_RELU, FEATURES_EPS };
static const double SKIP_EPS = 0x1p-3;

/* f(x_i) for all samples, N x k; X: N x d. */
static const iv *skip_features(mem *arena, rng *random, int kind, size_t N, size_t d, size_t k, const double *X)
{
    iv *f = mem_ivs(arena, N * k);
    if (kind == FEATURES_RELU) {
        net_data D = { { N, d, 1, X, NULL, NULL }, 0, k, 0, 0 };
        double *weights = mem_doubles(arena, d * k + k * k);
        rng_normals(random, d * k + k * k, weights);
        net_point p = { .g = block_place(arena, d, k, 2, weights) };
        return net_features(arena, &D, &p, NULL);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t l = 0; l < k; l++)
            f[i * k + l] = iv_of(kind == FEATURES_EPS ? SKIP_EPS * X[i * d + l] : dyadic(rng_normal(random)));
    return f;
}

/* Samples with features; f = eps x has k = d of them. */
static skip_data skip_make(mem *arena, rng *random, int which, int features, size_t N, size_t d, size_t k, size_t q)
{
    sample_set S = linear_samples(arena, random, &losses[which], d, q, N);
    if (features == FEATURES_EPS)
        k = S.dx;
    return (skip_data) { S, k, skip_features(arena, random, features, S.N, S.dx, k, S.X) };
}

/* Normal numbers, those of W `size` times; w is not 0, and W of several outputs is half of that plus 2 size on the
   diagonal, so that it has full row rank and a fair condition. */
static skip_point skip_random_point(mem *arena, rng *random, const skip_data *D, double size)
{
    double *W = mem_doubles(arena, D->S.dy * D->S.dx);
    double *V = mem_doubles(arena, D->S.dx * D->k);
    for (size_t i = 0; i < D->S.dy * D->S.dx; i++) {
        bool diagonal = D->S.dy > 1 && i % (D->S.dx + 1) == 0;
        W[i] = dyadic(size * (D->S.dy > 1 ? 0.5 * rng_normal(random) + 2 * diagonal : rng_normal(random)));
    }
    if (all_zero(D->S.dy * D->S.dx, W))
        W[0] = 0x1p-10;
    rng_normals(random, D->S.dx * D->k, V);
    return (skip_point) { W, V };
}

/* W with its last column minus the sum of the others: W n = 0 for n = (1, .., 1). */
static void skip_make_singular(size_t q, size_t d, double *W)
{
    for (size_t a = 0; a < q; a++) {
        double sum = 0;
        for (size_t b = 0; b + 1 < d; b++)
            sum += W[a * d + b];
        W[a * d + d - 1] = -sum;
    }
}

/* Adversarial search: all numbers of a small instance, data and features too, move by a random ascent of a score.
   They stand in x: W (q d), V (d k), A (q d), B (q k), X (N d), f (N k), Y (N q); B only against all of G, and then W
   may be held singular. */
typedef struct {
    size_t N, d, k, q;
    const loss *l;
    bool all, singular;
    double *x;
    iv *f;
    size_t size;
} skip_attack;

typedef double attack_score(mem *m, const skip_data *D, const skip_point *p, const skip_rival *rival);

static skip_attack attack_make(mem *arena, int which, size_t N, size_t d, size_t k, size_t q, bool all, bool singular)
{
    size_t size = 2 * q * d + d * k + (all ? q * k : 0) + N * (d + k + q);
    return (skip_attack) { N, d, k, q, &losses[which], all, singular, mem_doubles(arena, size), mem_ivs(arena, N * k),
        size };
}

/* The instance whose numbers are x, its point and the rival. */
static skip_data attack_data(const skip_attack *a, const double *x, skip_point *p, skip_rival *rival)
{
    const double *V = x + a->q * a->d;
    const double *A = V + a->d * a->k;
    const double *B = A + a->q * a->d;
    const double *X = B + (a->all ? a->q * a->k : 0);
    const double *f = X + a->N * a->d;
    *p = (skip_point) { x, V };
    *rival = (skip_rival) { A, a->all ? B : NULL };
    iv_load(a->N * a->k, f, a->f);
    return (skip_data) { { a->N, a->d, a->q, X, f + a->N * a->k, a->l }, a->k, a->f };
}

/* A proposal: all numbers afresh, or two in five of those of the best so far moved; labels stay
   what the loss takes. */
static void attack_propose(const skip_attack *a, rng *random, bool afresh, double width, double *x)
{
    for (size_t k = 0; k < a->size; k++)
        if (afresh)
            x[k] = dyadic(2 * rng_normal(random));
        else
            x[k] = rng_uniform(random) < 0.4 ? dyadic(a->x[k] + width * rng_normal(random)) : a->x[k];
    double *Y = x + a->size - a->N * a->q;
    for (size_t i = 0; i < a->N; i++) {
        size_t top = 0;
        for (size_t c = 1; c < a->q; c++)
            if (Y[i * a->q + c] > Y[i * a->q + top])
                top = c;
        label_make(a->l, a->q, top, Y + i * a->q);
    }
    if (a->singular)
        skip_make_singular(a->q, a->d, x);
}

/* Climbs score over x. The first 50 proposals are afresh and do not count for the width. */
static void attack_climb(skip_attack *a, rng *random, int proposals, attack_score *score)
{
    enum { AFRESH = 50 };
    mem arena = { 0 };
    double *x = mem_doubles(&arena, a->size);
    climb c = { .grow = 1.5, .shrink = 0.985, .least = 0x1p-8, .best = -INFINITY };
    for (int i = 0; i < proposals; i++) {
        mem local = { 0 };
        skip_point p;
        skip_rival rival;
        if (i <= AFRESH)
            c.width = 1;
        attack_propose(a, random, i < AFRESH, c.width, x);
        skip_data D = attack_data(a, x, &p, &rival);
        if (climb_up(&c, score(&local, &D, &p, &rival)))
            memcpy(a->x, x, a->size * sizeof *x);
        mem_free(&local);
    }
    mem_free(&arena);
}

/* The score of left >= right: their ratio, right over left. A violation beats everything; what enclosures cannot
   tell from equality is not wanted. */
static double score_of(iv left, iv right)
{
    if (right.lo > left.hi)
        return 2;
    return left.lo > 0x1p-20 && right.lo > 0x1p-20 && right.hi < left.lo ? iv_mid(iv_div(right, left)) : -1;
}

/* An instance in whole numbers, for which exact.py has every figure. */
static const double hand_X[6] = { 1, 0, 1, 2, -1, 1 };
static const double hand_f[6] = { 1, 1, 0, -1, 2, 1 };
static const double hand_Y[3] = { 1, -2, 3 };

static skip_data hand_data(mem *arena)
{
    iv *f = mem_ivs(arena, 6);
    iv_load(6, hand_f, f);
    return (skip_data) { { 3, 2, 1, hand_X, hand_Y, &losses[SQUARED] }, 2, f };
}

/* The samples (x, f, y) = (0, 1, s), (s e_1, 0, -1), (e_j, 0, 0), j = 2..d, for w = 0, V = e_1: there the
   gradient is 0, and lambda_min near -s^2 for d = 1. */
static skip_data curved_data(mem *arena, size_t d, double s)
{
    size_t N = d + 1;
    double *X = mem_doubles(arena, N * d);
    double *Y = mem_doubles(arena, N);
    iv *f = mem_ivs(arena, N);
    f[0] = iv_of(1);
    X[d] = s;
    Y[0] = s;
    Y[1] = -1;
    for (size_t j = 1; j < d; j++)
        X[(j + 1) * d + j] = 1;
    return (skip_data) { { N, d, 1, X, Y, &losses[SQUARED] }, 1, f };
}

/// 5 The network with a linear output: inequalities ///

/* The sides of Lemma 1, Theorems 1 and 2 and of what they extend to, at a point and against a rival. For fixed theta F
   has no spurious local minima at all: F(W, V) = G(W, W V), G convex, and
     |grad F| |(W - A, W^+ (A V - B))| >= F - G(A, B)                                       if W has full row rank;
     |grad_W F| |W - A| + sum_c |(A V - B)_c| sqrt(|lambda-| mu_c + lambda-^2) >= F - G(A, B)   if W n = 0, |n| = 1,
   lambda- = min(lambda_min(Hessian), 0), mu_c = E L''_cc (n.z)^2 (c: outputs). So where the gradient is 0 and the
   Hessian has no negative eigenvalue F = min G, for one output always, for q outputs and x in R^d if q <= d. Why, the
   second: F - G(A, B) <= <grad L, W z - A x - B f> = <grad_W F, W - A> + <gB, A V - B>; and along (s e_c n^T, t n
   b^T), |b| = 1, the Hessian is s^2 mu_c + 2 s t gB_c b, of which (mu_c - sqrt(mu_c^2 + 4 |gB_c|^2)) / 2 is the least
   eigenvalue for b along gB_c: |gB_c|^2 <= |lambda| mu_c + lambda^2. (Any unit vector may stand for e_c.) */

/* The constants of Theorem 1, |grad F| >= (F - F_lin(w*)) / sqrt(2 |w|^2 + |w*|^2 (2 + |V|^2 / |w|^2)), and the factors
   of mu and lambda^2 above, for mutants to break. */
static const double SHAMIR_THM1_TWO = 2;
static const double SHAMIR_THM1_V = 1;
static const double SHAMIR_KERNEL_MU = 1;
static const double SHAMIR_KERNEL_SQUARE = 1;

/* gain = F - G(A, B), bound = gain / root; worse: gain > 0 for certain; fall: what `inner` is equal to */
typedef struct {
    iv F, rival, gain, inner, fall, gradient, direction, root, bound;
    bool worse;
} shamir_thm1_values;

/* On all samples the loss is linear between the outputs of the point and of the rival. Both sides of Lemma 1 are then
   equal, whatever the rest: an instance that shows nothing, and that no enclosure decides. */
static bool shamir_thm1_idle(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    iv *z = mem_ivs(arena, D->S.dx);
    iv *out = mem_ivs(arena, D->S.dy);
    iv *other = mem_ivs(arena, D->S.dy);
    if (!D->S.L->second)
        return false; /* no loss with a linear part */
    for (size_t i = 0; i < D->S.N; i++) {
        skip_output(D, p, i, z, out);
        skip_rival_output(D, rival, i, other);
        for (size_t a = 0; a < D->S.dy; a++)
            if (!iv_is(D->S.L->second(iv_hull(out[a], other[a]), D->S.Y[i * D->S.dy + a]), 0))
                return false;
    }
    return true;
}

/* A random point, and what to compare it with: `best`, or where that is NULL a random one, with a B if `all`. An idle
   pair is drawn anew. */
static skip_point shamir_thm1_draw(mem *arena, rng *random, const skip_data *D, double size, double rival_size,
    bool all, const skip_rival *best, skip_rival *rival)
{
    skip_point p;
    int draws = 0;
    do {
        p = skip_random_point(arena, random, D, size);
        double *B = mem_doubles(arena, D->S.dy * D->k);
        rival->A = skip_random_point(arena, random, D, rival_size).W;
        if (all)
            rng_normals(random, D->S.dy * D->k, B);
        rival->B = all ? B : NULL;
        if (best)
            *rival = *best;
    } while (shamir_thm1_idle(arena, D, &p, rival) && ++draws < 100);
    return p;
}

/* Both sides of Lemma 1 and of Theorem 1 at a point, against the rival; q > 1, or with a B: root = |G|. */
static shamir_thm1_values shamir_thm1_evaluate(
    mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    skip_jet j = skip_differentiate(arena, D, p);
    skip_pairing g = skip_pair(arena, D, p, rival, &j);
    shamir_thm1_values v = { .F = j.F,
        .rival = skip_rival_value(arena, D, rival),
        .inner = g.inner,
        .fall = skip_fall(arena, D, p, rival, &j),
        .gradient = skip_gradient_norm(D, &j),
        .direction = g.length };
    v.gain = iv_sub(v.F, v.rival);
    v.worse = v.gain.lo > 0;
    iv w2 = iv_sqr(iv_norm(D->S.dx, p->W));
    iv V2 = iv_sqr(norm_spectral(arena, D->S.dx, D->k, p->V));
    iv factor = iv_add(iv_of(SHAMIR_THM1_TWO), iv_scale(SHAMIR_THM1_V, iv_div(V2, w2)));
    iv D2 = D->S.dy == 1 && !rival->B
        ? iv_add(iv_scale(SHAMIR_THM1_TWO, w2), iv_mul(iv_sqr(iv_norm(D->S.dx, rival->A)), factor))
        : iv_sqr(g.length);
    v.root = iv_sqrt(D2);
    v.bound = iv_div(v.gain, v.root);
    return v;
}

/* sqrt(|lambda-| mu + lambda-^2), lambda- = min(lambda, 0). */
static iv shamir_kernel_root(iv lambda, iv mu)
{
    iv size = iv_max(iv_neg(lambda), iv_of(0));
    return iv_sqrt(iv_add(iv_scale(SHAMIR_KERNEL_MU, iv_mul(size, mu)), iv_scale(SHAMIR_KERNEL_SQUARE, iv_sqr(size))));
}

/* lambda_min of the Hessian at w = 0, q = 1, in closed form, from alpha = lambda_min(d2F/dw2) >= 0 and b2 = |gB|^2:
   (alpha - sqrt(alpha^2 + 4 b2)) / 2, without its cancellation. */
static iv shamir_origin_least(iv alpha, iv b2)
{
    iv a = iv_max(alpha, iv_of(0));
    iv sum = iv_add(a, iv_sqrt(iv_add(iv_sqr(a), iv_scale(4, b2))));
    return sum.lo > 0 ? iv_neg(iv_div(iv_scale(2, b2), sum)) : (iv) { -0.5 * sum.hi, 0 };
}

typedef struct {
    iv F, rival, least, mu; /* lambda_min; mu_c of the first output */
    iv left, right;         /* of the inequality */
    bool worse;             /* F > G(A, B) */
} shamir_kernel_values;

/* Both sides of the second inequality where W n = 0. n need not have length 1. */
static shamir_kernel_values shamir_kernel_evaluate(
    mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival, const double *n)
{
    size_t d = D->S.dx;
    size_t q = D->S.dy;
    size_t k = D->k;
    skip_jet j = skip_differentiate(arena, D, p);
    const iv *H = skip_hessian(arena, D, p, &j);
    const iv *M = skip_defect(arena, D, p, rival);
    iv length = iv_sqr(iv_norm(d, n));
    iv largest;
    shamir_kernel_values v = { .F = j.F, .rival = skip_rival_value(arena, D, rival) };
    iv_eigen_range(arena, skip_size(D), H, skip_size(D), &v.least, &largest);
    v.left = iv_mul(iv_length(q * d, j.gW), iv_length(q * d, skip_distance(arena, D, p, rival)));
    for (size_t c = 0; c < q; c++) {
        /* n^T (the block of W_c in the Hessian) n / n^T n */
        iv mu = { 0, 0 };
        for (size_t a = 0; a < d; a++)
            mu = iv_add(mu, iv_scale(n[a], iv_dot(d, n, H + (c * d + a) * skip_size(D) + c * d, 1)));
        mu = iv_max(iv_div(mu, length), iv_of(0));
        if (c == 0)
            v.mu = mu;
        v.left = iv_add(v.left, iv_mul(iv_length(k, M + c * k), shamir_kernel_root(v.least, mu)));
    }
    v.right = iv_sub(v.F, v.rival);
    v.worse = v.right.lo > 0;
    return v;
}

/// 5 Convex problems: minimisers and dual bounds ///

/* min over Z (dy x k) of E L(Z u, y), u the rows of U (N x k). The minimiser is only ever a candidate: what is
   certified is the value at it, from above, and the dual bound, from below. Losses of real labels start from
   Z^T = U^+ Y (at 0, labels of size 1 sit on Huber's kink), the others from 0; then Newton steps, in which
   eigenvalues below 10^-11 of the largest are raised to that: flat directions of cross-entropy and Huber stay
   finite. */
typedef struct {
    const sample_set *S;
    size_t k;
    const double *U;
    iv *f; /* outputs Z u, N x dy */
} fit_problem;

/* Leaves the outputs in f. */
static double fit_value(newton *s, const double *Z)
{
    const fit_problem *p = s->problem;
    for (size_t i = 0; i < p->S->N; i++)
        for (size_t a = 0; a < p->S->dy; a++) {
            double z = 0;
            for (size_t j = 0; j < p->k; j++)
                z = fma1(Z[a * p->k + j], p->U[i * p->k + j], z);
            p->f[i * p->S->dy + a] = iv_of(z);
        }
    return iv_mid(mean_loss(p->S, p->f));
}

/* A sample's part of G and H: p u^T and h (x) u u^T, p the gradient of L and h (d x d) its Hessian at the output. */
static void fit_add(size_t d, size_t k, const double *p, const double *h, const double *u, double *G, double *H)
{
    size_t n = d * k;
    for (size_t a = 0; a < d; a++)
        for (size_t j = 0; j < k; j++) {
            G[a * k + j] = fma1(p[a], u[j], G[a * k + j]);
            for (size_t b = 0; b < d; b++)
                for (size_t l = 0; l < k; l++) {
                    double *entry = &H[(a * k + j) * n + b * k + l];
                    *entry = fma1(h[a * d + b] * u[j], u[l], *entry);
                }
        }
}

/* G = E p u^T (dy x k) and H = E h (x) u u^T (dy k x dy k) at Z, both rounded; returns |G|^2. */
static double fit_gradient(newton *s, const double *Z)
{
    const fit_problem *p = s->problem;
    size_t d = p->S->dy;
    size_t N = p->S->N;
    outputs_must_fit(d);
    s->value = fit_value(s, Z);
    memset(s->g, 0, s->n * sizeof *s->g);
    memset(s->H, 0, s->n * s->n * sizeof *s->H);
    for (size_t i = 0; i < N; i++) {
        iv grad[SKV_MAX_OUTPUTS];
        double slope[SKV_MAX_OUTPUTS], h[SKV_MAX_OUTPUTS * SKV_MAX_OUTPUTS];
        p->S->L->gradient(d, p->f + i * d, p->S->Y + i * d, grad);
        for (size_t a = 0; a < d; a++)
            slope[a] = iv_mid(grad[a]);
        p->S->L->curvature(d, slope, p->S->Y + i * d, h);
        fit_add(d, p->k, slope, h, p->U + i * p->k, s->g, s->H);
    }
    for (size_t i = 0; i < s->n; i++)
        s->g[i] = s->g[i] / (double)N;
    for (size_t i = 0; i < s->n * s->n; i++)
        s->H[i] = s->H[i] / (double)N;
    return kern_dot(s->n, s->g, s->g);
}

/* The steepness is |G|^2. */
static void fit_derive(newton *s) { s->steepness = fit_gradient(s, s->x); }

/* Leaves G and H of the next point; the step is known by then. */
static bool fit_flatter(newton *s, double value)
{
    double before = s->value;
    bool flatter = value <= before * (1 + 0x1p-40) && fit_gradient(s, s->next) < 0.25 * s->steepness;
    s->value = before;
    return flatter;
}

/* Z (dy x k): near the minimiser; U: N x k. */
static void fit(mem *arena, const sample_set *S, size_t k, const double *U, double *Z)
{
    static const newton_rule rule = { fit_value, fit_derive, fit_flatter, .flat = 1e-11, .shortest = 1e-9,
        .convex = true };
    size_t n = S->dy * k;
    fit_problem p = { S, k, U, mem_ivs(arena, S->N * S->dy) };
    memset(Z, 0, n * sizeof *Z);
    if (S->L->labels == LABELS_REAL) {
        double *P = mem_doubles(arena, k * S->N);
        double *T = mem_doubles(arena, n);
        mat_pinv(S->N, k, U, P);
        mat_multiply(k, S->dy, S->N, P, S->Y, T);
        for (size_t a = 0; a < S->dy; a++)
            for (size_t j = 0; j < k; j++)
                Z[a * k + j] = T[j * S->dy + a];
    }
    newton_descend(&rule, &p, n, Z, 50);
}

/* p (N x dy): the gradients of L at the outputs W x_i. Returns |E p x^T|_F from above. */
static double dual_gradients(mem *arena, const sample_set *S, const double *W, iv *p)
{
    size_t d = S->dy;
    size_t n = S->dx;
    iv *x = mem_ivs(arena, n);
    iv f[SKV_MAX_OUTPUTS];
    iv square = { 0, 0 };
    outputs_must_fit(d);
    for (size_t i = 0; i < S->N; i++) {
        iv_load(n, S->X + i * n, x);
        for (size_t k = 0; k < d; k++)
            f[k] = iv_dot(n, W + k * n, x, 1);
        S->L->gradient(d, f, S->Y + i * d, p + i * d);
    }
    for (size_t k = 0; k < d; k++)
        for (size_t j = 0; j < n; j++) {
            iv g = { 0, 0 };
            for (size_t i = 0; i < S->N; i++)
                g = iv_add(g, iv_scale(S->X[i * n + j], p[i * d + k]));
            square = iv_add(square, iv_sqr(iv_div(g, iv_of((double)S->N))));
        }
    return sqrt_up(square.hi);
}

/* A certified lower bound of F*_w = inf_W E L(W x, y), from any W near the minimum.
   Why: for p_i with E p_i x_i^T = 0, weak duality gives F(W) >= -E L*(p_i) for every W. Take p_i = grad L(W x_i) and
   G = E p_i x_i^T; then p_i' = p_i - G S^-1 x_i, S = E x x^T, satisfies the constraint exactly, keeps sum_k p_ik = 0
   where p has it, and differs from p_i by at most delta_i = |G|_F |x_i| / lambda_min(S) in norm. Enclosures widened
   by delta_i contain p_i'; divided by 1 + 2 max delta they stay in Huber's domain (the constraint is linear). All
   losses are >= 0, so 0 is a bound too. */
static double dual_dn(mem *arena, const sample_set *S, const double *W)
{
    size_t N = S->N;
    size_t d = S->dy;
    iv *p = mem_ivs(arena, N * d);
    double *delta = mem_doubles(arena, N);
    iv f[SKV_MAX_OUTPUTS], least, largest;
    double G = dual_gradients(arena, S, W, p);
    moment M = moment_of(arena, N, S->dx, S->X);
    eigen_range(arena, S->dx, M.S, M.error, &least, &largest);
    if (!(least.lo > 0))
        return 0;
    double slope = div_up(G, least.lo);
    double widest = 0;
    for (size_t i = 0; i < N; i++) {
        delta[i] = mul_up(slope, frobenius_up(S->dx, S->X + i * S->dx));
        widest = fmax(widest, delta[i]);
    }
    iv total = { 0, 0 };
    iv shrink = iv_div(iv_of(1), iv_of(S->L->bounded ? add_up(1, add_up(widest, widest)) : 1));
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < d; k++)
            f[k] = iv_mul(shrink, iv_add(p[i * d + k], (iv) { -delta[i], delta[i] }));
        total = iv_add(total, S->L->conjugate(d, f, S->Y + i * d));
    }
    return fmax(0, -div_up(total.hi, (double)N));
}

/// 5 Training ///

/* Candidates only: whatever is made here is certified elsewhere. */

/* All numbers of a network in one vector x, for the optimiser: W1, W2, V1, V2 and the block's theta in that order. p
   is the same as a point. */
typedef struct {
    size_t size;
    double *x, *W1, *W2, *V1, *V2;
    block *g;
    net_point p;
} net_vector;

/* Of zeros; the block has `layers` layers, of dz numbers each. */
static net_vector net_vector_make(mem *arena, const net_data *D, size_t layers)
{
    size_t w1 = D->m * D->S.dx;
    size_t w2 = D->S.dy * D->m;
    size_t v1 = D->m * D->dz;
    size_t v2 = D->dg * D->m;
    net_vector v = { .size = w1 + w2 + v1 + v2 + (D->dz ? block_size(D->dg, D->dz, layers) : 0) };
    v.x = mem_doubles(arena, v.size);
    v.W1 = v.x;
    v.W2 = v.W1 + w1;
    v.V1 = v.W2 + w2;
    v.V2 = v.V1 + v1;
    v.g = D->dz ? block_place(arena, D->dg, D->dz, layers, v.V2 + v2) : NULL;
    v.p = (net_point) { .W1 = v.W1, .W2 = v.W2, .V1 = v.V1, .V2 = v.V2, .g = v.g };
    return v;
}

static void scale_by(size_t n, double c, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= c;
}

/* Normal numbers, W2 of size 2/m, V2 of size 1/m, V1 and theta of size 1/2. */
static void net_randomise(const net_data *D, rng *random, net_vector *v)
{
    double small = 1 / (double)D->m;
    double *theta = v->V2 + D->dg * D->m;
    rng_normals(random, v->size, v->x);
    scale_by(D->S.dy * D->m, 2 * small, v->W2);
    scale_by(D->dg * D->m, small, v->V2);
    scale_by(v->size - (size_t)(theta - v->x), 0.5, theta);
    scale_by(D->m * D->dz, 0.5, v->V1);
}

static double sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/* C (r x c) += a b^T. */
static void rank_one(size_t r, size_t c, const double *a, const double *b, double *C)
{
    for (size_t i = 0; i < r; i++)
        if (a[i] != 0)
            for (size_t j = 0; j < c; j++)
                C[i * c + j] = fma1(a[i], b[j], C[i * c + j]);
}

/* y = A x. */
static void apply(size_t r, size_t c, const double *A, const double *x, double *y)
{
    for (size_t i = 0; i < r; i++)
        y[i] = kern_dot(c, A + i * c, x);
}

/* y += A^T x. */
static void apply_transposed(size_t r, size_t c, const double *A, const double *x, double *y)
{
    for (size_t i = 0; i < r; i++)
        if (x[i] != 0)
            for (size_t j = 0; j < c; j++)
                y[j] = fma1(A[i * c + j], x[i], y[j]);
}

/* Of one sample. Forward: h = s(W1 x) and v = h + V1 z (m each), u: the block's layers from u_0 = V2 h to z, `wide`
   numbers for each. Back: the derivatives of its loss in h, v and u. */
typedef struct {
    double *h, *v, *dh, *dv, *u, *du;
    size_t wide, layers;
} net_work;

/* f = W2 v. */
static void net_forward(const net_data *D, const net_point *p, size_t s, net_work *k, double *f)
{
    double *z = k->u + k->layers * k->wide;
    apply(D->m, D->S.dx, p->W1, D->S.X + s * D->S.dx, k->h);
    for (size_t i = 0; i < D->m; i++)
        k->h[i] = k->h[i] > 0 ? k->h[i] : 0;
    memcpy(k->v, k->h, D->m * sizeof *k->v);
    apply(D->dg, D->m, p->V2, k->h, k->u);
    for (size_t i = 0; i < k->layers; i++) {
        double *next = k->u + (i + 1) * k->wide;
        apply(p->g->width[i + 1], p->g->width[i], p->g->theta[i], k->u + i * k->wide, next);
        for (size_t j = 0; j < p->g->width[i + 1]; j++)
            next[j] = next[j] > 0 ? next[j] : 0;
    }
    for (size_t i = 0; D->dz && i < D->m; i++)
        k->v[i] += kern_dot(D->dz, p->V1 + i * D->dz, z);
    apply(D->S.dy, D->m, p->W2, k->v, f);
}

/* Through the block: from dv to the gradients in V1, theta and V2, and what the block adds to dh. */
static void net_backward_block(const net_data *D, const net_point *p, net_work *k, net_vector *G)
{
    size_t wide = k->wide;
    rank_one(D->m, D->dz, k->dv, k->u + k->layers * wide, G->V1);
    memset(k->du, 0, (k->layers + 1) * wide * sizeof *k->du);
    apply_transposed(D->m, D->dz, p->V1, k->dv, k->du + k->layers * wide);
    for (size_t i = k->layers; i-- > 0;) {
        double *d = k->du + (i + 1) * wide;
        for (size_t j = 0; j < p->g->width[i + 1]; j++)
            if (!(k->u[(i + 1) * wide + j] > 0))
                d[j] = 0;
        rank_one(p->g->width[i + 1], p->g->width[i], d, k->u + i * wide, G->g->theta[i]);
        apply_transposed(p->g->width[i + 1], p->g->width[i], p->g->theta[i], d, k->du + i * wide);
    }
    rank_one(D->dg, D->m, k->du, k->h, G->V2);
    apply_transposed(D->dg, D->m, p->V2, k->du, k->dh);
}

/* The gradient of one sample's loss, times scale, added to G. Subgradients: s' = 0 at 0. */
static void net_backward(const net_data *D, const net_point *p, size_t s, double scale, net_work *k, net_vector *G)
{
    double f[SKV_MAX_OUTPUTS];
    iv box[SKV_MAX_OUTPUTS], grad[SKV_MAX_OUTPUTS];
    outputs_must_fit(D->S.dy);
    net_forward(D, p, s, k, f);
    iv_load(D->S.dy, f, box);
    D->S.L->gradient(D->S.dy, box, D->S.Y + s * D->S.dy, grad);
    for (size_t a = 0; a < D->S.dy; a++)
        f[a] = scale * iv_mid(grad[a]);
    rank_one(D->S.dy, D->m, f, k->v, G->W2);
    memset(k->dv, 0, D->m * sizeof *k->dv);
    apply_transposed(D->S.dy, D->m, p->W2, f, k->dv);
    memcpy(k->dh, k->dv, D->m * sizeof *k->dh);
    if (D->dz)
        net_backward_block(D, p, k, G);
    for (size_t i = 0; i < D->m; i++)
        if (!(k->h[i] > 0))
            k->dh[i] = 0;
    rank_one(D->m, D->S.dx, k->dh, D->S.X + s * D->S.dx, G->W1);
}

/* A subgradient of kappa sum_i (|w2_i|_1 + |v2_i|_1) |w1_i|, added to G. */
static void net_penalty_units(const net_data *D, const net_point *p, net_vector *G)
{
    for (size_t i = 0; i < D->m; i++) {
        double norm = __builtin_sqrt(kern_dot(D->S.dx, p->W1 + i * D->S.dx, p->W1 + i * D->S.dx));
        double mass = 0;
        for (size_t k = 0; k < D->S.dy; k++) {
            double w = p->W2[k * D->m + i];
            mass += __builtin_fabs(w);
            G->W2[k * D->m + i] += D->kappa * norm * sign_of(w);
        }
        for (size_t k = 0; k < D->dg; k++) {
            double v = p->V2[k * D->m + i];
            mass += __builtin_fabs(v);
            G->V2[k * D->m + i] += D->kappa * norm * sign_of(v);
        }
        for (size_t j = 0; norm > 0 && j < D->S.dx; j++)
            G->W1[i * D->S.dx + j] += D->kappa * mass * p->W1[i * D->S.dx + j] / norm;
    }
}

/* A subgradient of kappa (|W2 V1|_1 + sum_i |theta_i|_F), added to G. */
static void net_penalty_block(mem *arena, const net_data *D, const net_point *p, net_vector *G)
{
    double *M = mem_doubles(arena, D->S.dy * D->dz);
    mat_multiply(D->S.dy, D->dz, D->m, p->W2, p->V1, M);
    for (size_t i = 0; i < D->S.dy * D->dz; i++)
        M[i] = D->kappa * sign_of(M[i]);
    for (size_t i = 0; i < D->m; i++)
        for (size_t k = 0; k < D->S.dy; k++)
            for (size_t j = 0; j < D->dz; j++) {
                G->W2[k * D->m + i] += M[k * D->dz + j] * p->V1[i * D->dz + j];
                G->V1[i * D->dz + j] += M[k * D->dz + j] * p->W2[k * D->m + i];
            }
    for (size_t i = 0; i < p->g->layers; i++) {
        size_t n = p->g->width[i] * p->g->width[i + 1];
        double norm = __builtin_sqrt(kern_dot(n, p->g->theta[i], p->g->theta[i]));
        for (size_t k = 0; norm > 0 && k < n; k++)
            G->g->theta[i][k] += D->kappa * p->g->theta[i][k] / norm;
    }
}

/* G: a subgradient of F at v. */
static void net_gradient(mem *arena, const net_data *D, const net_vector *v, net_vector *G)
{
    net_work k = { .wide = D->dg > D->dz ? D->dg : D->dz, .layers = D->dz ? v->g->layers : 0 };
    k.h = mem_doubles(arena, D->m);
    k.v = mem_doubles(arena, D->m);
    k.dh = mem_doubles(arena, D->m);
    k.dv = mem_doubles(arena, D->m);
    k.u = mem_doubles(arena, D->dz ? (k.layers + 1) * k.wide : 0);
    k.du = mem_doubles(arena, D->dz ? (k.layers + 1) * k.wide : 0);
    memset(G->x, 0, G->size * sizeof *G->x);
    for (size_t s = 0; s < D->S.N; s++)
        net_backward(D, &v->p, s, 1 / (double)D->S.N, &k, G);
    net_penalty_units(D, &v->p, G);
    if (D->dz)
        net_penalty_block(arena, D, &v->p, G);
}

/* Adam (Kingma and Ba), all samples in each step, the step length falling to 0. */
static void net_train(const net_data *D, net_vector *v, int steps, double rate)
{
    mem local = { 0 };
    net_vector G = net_vector_make(&local, D, D->dz ? v->g->layers : 0);
    double *first = mem_doubles(&local, v->size);
    double *second = mem_doubles(&local, v->size);
    double b1 = 1;
    double b2 = 1;
    for (int t = 0; t < steps; t++) {
        mem step = { 0 };
        net_gradient(&step, D, v, &G);
        mem_free(&step);
        b1 *= 0.9;
        b2 *= 0.99;
        for (size_t i = 0; i < v->size; i++) {
            first[i] = 0.9 * first[i] + 0.1 * G.x[i];
            second[i] = 0.99 * second[i] + 0.01 * G.x[i] * G.x[i];
            v->x[i] -=
                rate * (1 - (double)t / steps) * (first[i] / (1 - b1)) / (__builtin_sqrt(second[i] / (1 - b2)) + 1e-8);
        }
    }
    mem_free(&local);
}

/// 5 Two-layer targets ///

/* The two-layer target of Theorem 11: min E L(W2 s(W1 x), y) + kappa |W2|_1 over l unit rows. Nodes are added one by
   one, each in the direction in which the current gradient p sees most, max_k |E p_k s(w x)|, and all are polished
   together: a conditional gradient method. The value at (W1*, W2*) bounds F*_w from above; from below see
   net_dual_dn. */

/* W1: l x dx, W2: dy x l */
typedef struct {
    size_t l;
    double *W1, *W2;
} net_target;

/* On the way: H = s(W1 x) of each sample (N x l), P the gradients of L at the outputs (N x dy). */
typedef struct {
    const sample_set *S;
    double kappa;
    size_t l;
    double *W1, *W2, *H, *P;
} target_state;

/* H from W1. */
static void target_hidden(target_state *t)
{
    for (size_t s = 0; s < t->S->N; s++)
        for (size_t i = 0; i < t->l; i++) {
            double h = kern_dot(t->S->dx, t->W1 + i * t->S->dx, t->S->X + s * t->S->dx);
            t->H[s * t->l + i] = h > 0 ? h : 0;
        }
}

/* f (dy): the output for sample s. */
static void target_output(const target_state *t, const double *W2, size_t s, iv *f)
{
    for (size_t k = 0; k < t->S->dy; k++) {
        double z = 0;
        for (size_t i = 0; i < t->l; i++)
            z = fma1(W2[k * t->l + i], t->H[s * t->l + i], z);
        f[k] = iv_of(z);
    }
}

/* P at the weights W2. */
static void target_gradient(target_state *t, const double *W2)
{
    const sample_set *S = t->S;
    iv f[SKV_MAX_OUTPUTS], p[SKV_MAX_OUTPUTS];
    outputs_must_fit(S->dy);
    for (size_t s = 0; s < S->N; s++) {
        target_output(t, W2, s, f);
        S->L->gradient(S->dy, f, S->Y + s * S->dy, p);
        for (size_t k = 0; k < S->dy; k++)
            t->P[s * S->dy + k] = iv_mid(p[k]);
    }
}

/* The objective at the weights W2, rounded. */
static double target_value(const target_state *t, const double *W2)
{
    const sample_set *S = t->S;
    double sum = 0;
    double mass = 0;
    iv f[SKV_MAX_OUTPUTS];
    outputs_must_fit(S->dy);
    for (size_t s = 0; s < S->N; s++) {
        target_output(t, W2, s, f);
        sum += iv_mid(S->L->value(S->dy, f, S->Y + s * S->dy));
    }
    for (size_t i = 0; i < S->dy * t->l; i++)
        mass += __builtin_fabs(W2[i]);
    return sum / (double)S->N + t->kappa * mass;
}

/* next: a gradient step from the weights `look`, then the proximal map of step kappa |.|_1, which shrinks each. */
static void target_shrink(target_state *t, const double *look, double step, double *next)
{
    const sample_set *S = t->S;
    double shrink = step * t->kappa;
    target_gradient(t, look);
    for (size_t k = 0; k < S->dy; k++)
        for (size_t i = 0; i < t->l; i++) {
            double g = 0;
            for (size_t s = 0; s < S->N; s++)
                g = fma1(t->P[s * S->dy + k], t->H[s * t->l + i], g);
            double w = look[k * t->l + i] - step * (g / (double)S->N);
            next[k * t->l + i] = w > shrink ? w - shrink : w < -shrink ? w + shrink : 0;
        }
}

/* W2 for fixed W1: accelerated proximal gradient (Beck and Teboulle), restarted where it overshoots. Step:
   1 / (bend of L times tr E h h^T). */
static void target_weights(mem *arena, target_state *t, int steps)
{
    const sample_set *S = t->S;
    size_t n = S->dy * t->l;
    double *look = mem_copy(arena, n, t->W2);
    double *next = mem_doubles(arena, n);
    double trace = 0;
    double speed = 1;
    target_hidden(t);
    for (size_t i = 0; i < S->N * t->l; i++)
        trace = fma1(t->H[i], t->H[i], trace);
    if (trace == 0)
        return;
    double step = (double)S->N / (S->L->bend * trace);
    for (int it = 0; it < steps; it++) {
        double turn = 0;
        double faster = 0.5 * (1 + __builtin_sqrt(1 + 4 * speed * speed));
        target_shrink(t, look, step, next);
        for (size_t i = 0; i < n; i++)
            turn += (look[i] - next[i]) * (next[i] - t->W2[i]);
        if (turn > 0) {
            speed = 1;
            faster = 1;
        }
        for (size_t i = 0; i < n; i++) {
            look[i] = next[i] + (speed - 1) / faster * (next[i] - t->W2[i]);
            t->W2[i] = next[i];
        }
        speed = faster;
    }
}

/* w (n) over its length; the first unit vector for 0. */
static void unit_row(size_t n, double *w)
{
    double norm = __builtin_sqrt(kern_dot(n, w, w));
    for (size_t j = 0; j < n; j++)
        w[j] = norm > 0 ? w[j] / norm : j == 0;
}

/* max_k |E p_k s(w x)|, and in `up` (unless NULL) its gradient in w. */
static double target_pull(const target_state *t, const double *w, double *up)
{
    const sample_set *S = t->S;
    double best = -1;
    for (size_t k = 0; k < S->dy; k++) {
        double g = 0;
        for (size_t s = 0; s < S->N; s++) {
            double h = kern_dot(S->dx, w, S->X + s * S->dx);
            if (h > 0)
                g = fma1(t->P[s * S->dy + k], h, g);
        }
        if (__builtin_fabs(g) <= best)
            continue;
        best = __builtin_fabs(g);
        for (size_t j = 0; up && j < S->dx; j++)
            up[j] = 0;
        for (size_t s = 0; up && s < S->N; s++)
            if (kern_dot(S->dx, w, S->X + s * S->dx) > 0)
                kern_axpy(S->dx, sign_of(g) * t->P[s * S->dy + k], S->X + s * S->dx, up);
    }
    return best / (double)S->N;
}

/* Keeps tried, made a unit vector, in w if it pulls more than `best` did. */
static bool target_try(const target_state *t, double *tried, double *best, double *w)
{
    unit_row(t->S->dx, tried);
    double pull = target_pull(t, tried, NULL);
    if (!(pull > *best))
        return false;
    *best = pull;
    memcpy(w, tried, t->S->dx * sizeof *w);
    return true;
}

/* w: the unit vector of most pull that is found, which is returned. The best of the data's directions, their
   opposites and 32 random ones, then ascent on the sphere by halved steps. */
static double target_direction(mem *arena, const target_state *t, rng *random, double *w)
{
    size_t n = t->S->dx;
    double *tried = mem_doubles(arena, n);
    double *up = mem_doubles(arena, n);
    double best = -1;
    for (size_t c = 0; c < 2 * t->S->N + 32; c++) {
        if (c < 2 * t->S->N)
            for (size_t j = 0; j < n; j++)
                tried[j] = (c & 1 ? -1 : 1) * t->S->X[c / 2 * n + j];
        else
            rng_sphere(random, n, tried);
        target_try(t, tried, &best, w);
    }
    for (double step = 0.5; step > 1e-6;) {
        target_pull(t, w, up);
        unit_row(n, up);
        for (size_t j = 0; j < n; j++)
            tried[j] = w[j] + step * up[j];
        if (!target_try(t, tried, &best, w))
            step *= 0.5;
    }
    return best;
}

/* Minus the gradient of the objective in row i of W1, N times. */
static void target_downhill(target_state *t, size_t i, double *down)
{
    const sample_set *S = t->S;
    memset(down, 0, S->dx * sizeof *down);
    target_gradient(t, t->W2);
    for (size_t s = 0; s < S->N; s++) {
        double g = 0;
        for (size_t k = 0; k < S->dy; k++)
            g = fma1(t->P[s * S->dy + k], t->W2[k * t->l + i], g);
        if (t->H[s * t->l + i] > 0)
            kern_axpy(S->dx, -g, S->X + s * S->dx, down);
    }
}

/* Each node turned downhill, by the longest of the steps 2^-2, 2^-3, ... that lowers the objective, if one does. */
static void target_polish(mem *arena, target_state *t)
{
    size_t n = t->S->dx;
    double *down = mem_doubles(arena, n);
    double *old = mem_doubles(arena, n);
    double value = target_value(t, t->W2);
    for (size_t i = 0; i < t->l; i++) {
        double *w = t->W1 + i * n;
        target_downhill(t, i, down);
        if (all_zero(n, down))
            continue;
        unit_row(n, down);
        memcpy(old, w, n * sizeof *old);
        for (double step = 0.25; step > 1e-7; step *= 0.5) {
            for (size_t j = 0; j < n; j++)
                w[j] = old[j] + step * down[j];
            unit_row(n, w);
            target_hidden(t);
            double now = target_value(t, t->W2);
            if (now < value) {
                value = now;
                break;
            }
            memcpy(w, old, n * sizeof *w);
            target_hidden(t);
        }
    }
}

/* l nodes, fewer in use where none pulls more than kappa; `rounds` of polishing. */
static net_target net_target_make(mem *arena, const net_data *D, rng *random, size_t l, int rounds)
{
    net_target out = { l, mem_doubles(arena, l * D->S.dx), mem_doubles(arena, D->S.dy * l) };
    target_state t = { &D->S, D->kappa, l, out.W1, out.W2, mem_doubles(arena, D->S.N * l),
        mem_doubles(arena, D->S.N * D->S.dy) };
    for (size_t i = 0; i < l; i++)
        out.W1[i * D->S.dx] = 1; /* unused nodes have weight 0 */
    target_hidden(&t);
    for (size_t i = 0; i < l; i++) {
        mem local = { 0 };
        target_gradient(&t, t.W2);
        double pull = target_direction(&local, &t, random, out.W1 + i * D->S.dx);
        target_weights(&local, &t, 60);
        mem_free(&local);
        if (pull <= D->kappa)
            break;
    }
    for (int it = 0; it < rounds; it++) {
        mem local = { 0 };
        target_polish(&local, &t);
        target_weights(&local, &t, 30);
        mem_free(&local);
    }
    target_weights(arena, &t, 400);
    return out;
}

static net_point net_target_point(const net_target *t) { return (net_point) { .W1 = t->W1, .W2 = t->W2 }; }

/* The same data, for the two-layer network of l units. */
static net_data net_target_data(const net_data *D, size_t l)
{
    net_data T = *D;
    T.m = l;
    T.dz = 0;
    T.dg = 0;
    return T;
}

/* A cover of the circle, to bound sup over unit w in the plane of |E p_k s(w x)|. length: of each sample; reached:
   what the sup is at least, so that no finer bound is of use. */
typedef struct {
    const sample_set *S;
    const iv *p;
    double *length, reached;
    size_t k;
} pull_cover;

/* Over angles [a, b], from above: around the middle u, with half width h, the samples that stay on one side sum to a
   sinusoid g(u + t) = g(u) cos t + g'(u) sin t, at most |g(u)| + |g'(u)| h; each other one contributes at most |p|
   (|w x| + |x| h). Raises `reached` to what u gives, nearly. */
static double pull_piece(pull_cover *c, double a, double b)
{
    const sample_set *S = c->S;
    double u = (a + b) / 2;
    double h = mul_up(0.5, add_up(b, -a));
    double rest = 0;
    double seen = 0;
    iv cs = iv_cos(iv_of(u));
    iv sn = iv_sin(iv_of(u));
    iv value = { 0, 0 };
    iv slope = { 0, 0 };
    for (size_t s = 0; s < S->N; s++) {
        iv x = iv_of(S->X[s * S->dx]);
        iv y = iv_of(S->X[s * S->dx + 1]);
        iv p = c->p[s * S->dy + c->k];
        iv v = iv_add(iv_mul(cs, x), iv_mul(sn, y));
        iv turn = iv_sub(iv_mul(cs, y), iv_mul(sn, x));
        double swing = mul_up(c->length[s], h);
        if (v.hi <= -swing)
            continue;
        if (v.lo > 0)
            seen += iv_mid(p) * v.lo;
        if (v.lo < swing) {
            rest = add_up(rest, mul_up(iv_mag(p), add_up(fmax(v.hi, 0), swing)));
            continue;
        }
        value = iv_add(value, iv_mul(p, v));
        slope = iv_add(slope, iv_mul(p, turn));
    }
    c->reached = fmax(c->reached, __builtin_fabs(seen) / (double)S->N * (1 + 0x1p-12));
    double bound = add_up(add_up(iv_mag(value), mul_up(iv_mag(slope), h)), rest);
    return div_up(bound, (double)S->N);
}

/* As a piece of a cover. */
static bool pull_settled(void *problem, double a, double b, double *bound)
{
    pull_cover *c = problem;
    *bound = pull_piece(c, a, b);
    return *bound <= c->reached;
}

/* Over the whole circle; finer than `enough` is of no use. */
static double pull_circle_up(const sample_set *S, const iv *p, double *length, size_t k, double enough)
{
    pull_cover c = { S, p, length, enough, k };
    /* what is reached, first: 129 angles */
    for (int i = -64; i <= 64; i++)
        pull_piece(&c, i * 0x1.92p-5, i * 0x1.92p-5);
    /* 0x1.92p+1 = 3.140625 < pi: the second piece goes over the gap */
    double pull = cover_up(pull_settled, &c, -0x1.92p+1, 0x1.92p+1, 14);
    return fmax(pull, pull_piece(&c, 0x1.91p+1, 0x1.93p+1));
}

/* Over both directions of the line (dx = 1). */
static double pull_line_up(const sample_set *S, const iv *p, size_t k)
{
    iv side[2] = { { 0, 0 }, { 0, 0 } };
    for (size_t s = 0; s < S->N; s++) {
        iv *at = &side[S->X[s] < 0];
        *at = iv_add(*at, iv_scale(S->X[s], p[s * S->dy + k]));
    }
    return div_up(fmax(iv_mag(side[0]), iv_mag(side[1])), (double)S->N);
}

/* sup over k and unit w in R^dx of |E p_k s(w x)|, from above: over {-1, 1} for dx = 1, by a cover of the circle for
   dx = 2; beyond, by E |p_k| |x|. */
static double pull_up(mem *arena, const sample_set *S, double kappa, const iv *p)
{
    double most = 0;
    double *length = mem_doubles(arena, S->N);
    for (size_t s = 0; s < S->N; s++)
        length[s] = frobenius_up(S->dx, S->X + s * S->dx);
    for (size_t k = 0; k < S->dy; k++) {
        iv all = { 0, 0 };
        for (size_t s = 0; s < S->N; s++)
            all = iv_add(all, iv_scale(length[s], iv_abs(p[s * S->dy + k])));
        double pull = div_up(all.hi, (double)S->N);
        if (S->dx == 1)
            pull = pull_line_up(S, p, k);
        if (S->dx == 2)
            pull = pull_circle_up(S, p, length, k, mul_up(kappa, 1 + 0x1p-12));
        most = fmax(most, pull);
    }
    return most;
}

/* A certified lower bound of F*_w = inf over two-layer networks of any number of units, from the enclosed outputs f
   (N x dy) of one; z: their middles.
   Why: for p_i with |E p_ik s(w x_i)| <= kappa for each k and unit w, the outputs o of every network have
   E L(o, y) + kappa |W2|_1 >= E <p, o> - E L*(p) + kappa |W2|_1 >= -E L*(p), since E <p, o> = sum_kj W2_kj E p_k
   s(w_j x). Take p = c grad L(z), exact at the doubles z, with c <= 1 small enough; the domains of L* contain 0 and
   are convex (cross-entropy: q = c p + y keeps sum_k q_k = 1). All losses are >= 0. */
static double net_dual_dn(mem *arena, const net_data *D, const iv *f)
{
    const sample_set *S = &D->S;
    iv *p = mem_ivs(arena, S->N * S->dy);
    iv total = { 0, 0 };
    outputs_must_fit(S->dy);
    for (size_t s = 0; s < S->N; s++) {
        iv z[SKV_MAX_OUTPUTS];
        for (size_t k = 0; k < S->dy; k++)
            z[k] = iv_of(iv_mid(f[s * S->dy + k]));
        S->L->gradient(S->dy, z, S->Y + s * S->dy, p + s * S->dy);
    }
    double pull = pull_up(arena, S, D->kappa, p);
    double c = pull > D->kappa ? div_dn(D->kappa, pull) : 1;
    if (!(c >= 0 && c <= 1))
        return 0;
    for (size_t s = 0; s < S->N; s++) {
        iv q[SKV_MAX_OUTPUTS];
        for (size_t k = 0; k < S->dy; k++)
            q[k] = iv_scale(c, p[s * S->dy + k]);
        total = iv_add(total, S->L->conjugate(S->dy, q, S->Y + s * S->dy));
    }
    return fmax(0, -div_up(total.hi, (double)S->N));
}

/// 6 Legs ///

/* A path in parameter space is a list of typed legs. Each type has its own proof rule, so that a leg is certified over
   its whole continuum from finitely many enclosures; joints are checked as identities, not as numbers that are close.
   A path bounds the barrier between its ends from above. "Moves linearly" is (1 - t) from + t to, 0 <= t <= 1. Two
   facts carry the rules. If f is affine in t and the penalty convex, the risk is convex in t: its ends bound it. What
   a unit holds does not matter while nothing reads it.

   rescale      unit i: w1_i and V1's row i times c_i, w2_i and v2_i divided by c_i, c_i = 2^k: the risk is constant.
   gauge        V1 moves linearly, among those with the same W2 V1 (into a gauged point or out of it: the risk is
                constant, no condition) or to any other V1 (convex).
   lift         kappa = 0. Z(t) = [W2(t), M(t)] moves linearly between two gauged points, M = W2 V1, and
                V1(t) = W2(t)^+ M(t). W2(t) V1(t) = M(t), and V1 is continuous, if W2(t) has full row rank for every t:
                certified by a finite cover of [0, 1]. Then the risk is convex. From or to a W2 of deficient rank, with
                the left null vectors Q: N(t) has Q times the other end's W2 in the place of the rows row[i] of W2(t),
                and V1(t) = N(t)^+ R(t), R(t) likewise from M(t) and Q times the other end's M. With T = [rows of the
                identity; Q] and t counted from the deficient end, T W2(t) is N(t) with the last rows times t, T M(t) is
                R(t) with the last rows times t (Q W2 = 0 there, so Q M = 0): W2(t) V1(t) = M(t) again, and it is N that
                must keep full row rank, at that end too.
   merge        columns of W2, or of V2, move linearly into another one. W2: convex. V2: the block's input is affine in
                t for each sample, its output is enclosed by tubes over pieces of [0, 1], cut until the bound is near
                the largest value seen.
   rows         W1 moves linearly, close to multiples of its rows: a unit's output is then nearly affine in t for each
                sample, and so are f's shallow part and the block's input; the rest as for V2.
   rewire       units that nothing reads move: (a) w1_i and V1's row i where w2_i = v2_i = 0; (b) w2_i and v2_i where
                w1_i = 0 and V1's row i = 0: the risk is constant.
   interpolate  W2 moves linearly: convex.
   linear       W2 or V1 moves linearly: convex. Or V2: as merge.
   shrink       the block fades: V1, V2, theta times c, from c = 1 to 0 (or back), while live columns of W2 are
                c^q from + (1 - c^q) to, q = layers + 2. Parked units (equal columns of W2 at both ends) hold V1; live
                ones have 0 there. So f = c^q f(from) + (1 - c^q) f(to), and with P the block's part of R,
                F <= F(to) + kappa P c - (F(to) - F(from) + kappa P) c^q.
   theta        V2 and theta move linearly where W2 V1 = 0, by support: f is constant, the risk convex; in the linear
                model the block may change at V = 0. */

enum leg_type {
    LEG_RESCALE,
    LEG_GAUGE,
    LEG_LIFT,
    LEG_MERGE,
    LEG_ROWS,
    LEG_REWIRE,
    LEG_INTERPOLATE,
    LEG_SHRINK,
    LEG_LINEAR,
    LEG_THETA,
    LEG_TYPES
};
typedef struct {
    enum leg_type type;
    net_point from, to;
} leg;

/* What is found out about a path of n legs. */
typedef struct {
    const char *why;        /* NULL: certified; else why not */
    double bound;           /* the risk nowhere exceeds this on the path */
    double inside;          /* nor this at the joints between its two ends */
    double rank;            /* least singular value of W2(t) on the lifts, from below */
    double v_norm;          /* |V1|_F along lifts, and where other legs start, from above */
    size_t pieces;          /* covers of lifts and merges */
    double peak[LEG_TYPES]; /* the bound on the legs of each type */
    net_value *at;          /* the values at the n + 1 joints */
} path_report;

/* What a rule sees of a leg, and what it finds out: it may raise peak, change v_norm, lower r->rank, and count
   r->pieces. */
typedef struct {
    mem *arena;
    const net_data *D;
    const leg *l;
    const net_value *from, *to;
    path_report *r;
    double peak;   /* the risk on the leg, besides its ends, from above; -inf: they bound it */
    double v_norm; /* |V1|_F to report, from above; given: that at the start, gauged or not (|W2^+ W2 V1| <= |V1|) */
} leg_view;

/* (1 - t) A + t B, rounded. */
static void mat_blend(size_t n, double t, const double *A, const double *B, double *C)
{
    for (size_t i = 0; i < n; i++)
        C[i] = fma1(t, B[i] - A[i], A[i]);
}

/* The line (1 - t) A + t B of r x c matrices; speed >= |B - A|_2, entries >= |A|_F + |B|_F; blur: what A and B may be
   off by, the same for both, in the spectral norm. */
typedef struct {
    size_t r, c;
    const double *A, *B;
    double speed, entries, blur;
} rank_line;

static rank_line rank_line_make(mem *arena, size_t r, size_t c, const double *A, const double *B)
{
    double *gap = mem_doubles(arena, r * c);
    double size = add_up(frobenius_up(r * c, A), frobenius_up(r * c, B));
    for (size_t i = 0; i < r * c; i++)
        gap[i] = B[i] - A[i];
    return (rank_line) { r, c, A, B, add_up(sigma_range(arena, r, c, gap).hi, mul_up(0x1p-52, size)), size, 0 };
}

/* Lower bound of sigma_min((1 - t) A + t B), t a short dyadic number in [0, 1].
   Bound: the blend is computed as fma(t, fl(b - a), a), off by at most u |b - a| + u |blend| <= 4u(|a| + |b|) per
   entry; sigma_min is 1-Lipschitz in the spectral norm. */
static double rank_at(const rank_line *l, double t)
{
    mem local = { 0 };
    double *W = mem_doubles(&local, l->r * l->c);
    mat_blend(l->r * l->c, t, l->A, l->B, W);
    double s = sigma_range(&local, l->r, l->c, W).lo;
    mem_free(&local);
    return add_dn(s, -add_up(mul_up(0x1p-51, l->entries), l->blur));
}

enum { RANK_DEPTH = 24 };

typedef struct {
    const rank_line *line;
    size_t *pieces; /* counts those of the cover */
} rank_search;

/* Of -sigma_min on a piece of half width h about t: sigma_min >= sigma_min(t) - h |B - A|. */
static bool rank_piece(void *problem, double a, double b, double *bound)
{
    rank_search *k = problem;
    double h = (b - a) / 2;
    double s = rank_at(k->line, a + h);
    double rest = add_dn(s, -mul_up(h, k->line->speed));
    bool settled = rest > 0.25 * s;
    *k->pieces += settled;
    *bound = settled ? -rest : INFINITY;
    return settled || !(s > 0);
}

/* sigma_min over the line from below, 0 where it cannot be shown positive. */
static double rank_cover(const rank_line *l, size_t *pieces)
{
    rank_search k = { l, pieces };
    return fmax(0, -cover_up(rank_piece, &k, 0, 1, RANK_DEPTH));
}

/* Is column i of A (r x c) 0? */
static bool column_zero(size_t r, size_t c, const double *A, size_t i)
{
    for (size_t k = 0; k < r; k++)
        if (A[k * c + i] != 0)
            return false;
    return true;
}

/* Is column i of A that of B (r x c)? */
static bool column_equal(size_t r, size_t c, const double *A, const double *B, size_t i)
{
    for (size_t k = 0; k < r; k++)
        if (A[k * c + i] != B[k * c + i])
            return false;
    return true;
}

/* The same layers and widths; both NULL is the same, too. */
static bool block_same_shape(const block *a, const block *b)
{
    return a == b ||
        (a && b && a->layers == b->layers && !memcmp(a->width, b->width, (a->layers + 1) * sizeof *a->width));
}

/* The same shape and the same theta, identically. */
static bool block_same(const block *a, const block *b)
{
    if (a == b)
        return true;
    if (!block_same_shape(a, b))
        return false;
    for (size_t i = 0; i < a->layers; i++)
        if (!all_equal(a->width[i] * a->width[i + 1], a->theta[i], b->theta[i]))
            return false;
    return true;
}

/* The parameters in which two points differ. */
enum { MOVES_W1 = 1, MOVES_W2 = 2, MOVES_V1 = 4, MOVES_V2 = 8, MOVES_THETA = 16, MOVES_ALL = 31 };

static int point_moves(const net_data *D, const net_point *p, const net_point *q)
{
    size_t units = net_units(D);
    return (all_equal(D->m * D->S.dx, p->W1, q->W1) ? 0 : MOVES_W1) |
        (all_equal(D->S.dy * units, p->W2, q->W2) ? 0 : MOVES_W2) |
        (all_equal(units * D->dz, p->V1, q->V1) ? 0 : MOVES_V1) |
        (all_equal(D->dg * D->m, p->V2, q->V2) ? 0 : MOVES_V2) | (block_same(p->g, q->g) ? 0 : MOVES_THETA);
}

/* Is the V1 meant W2^+ W2 V1? A gauged 0 is 0. */
static bool point_gauged(const net_data *D, const net_point *p)
{
    return p->gauged || all_zero(net_units(D) * D->dz, p->V1);
}

/* Is the end of one leg the start of the next, identically? */
static bool point_same(const net_data *D, const net_point *p, const net_point *q)
{
    return !point_moves(D, p, q) && (p->gauged == q->gauged || all_zero(net_units(D) * D->dz, p->V1));
}

/* Is y = factor x and x = y / factor, entry by entry, n entries `step` apart? factor: a power of two. */
static bool scaled_by(size_t n, size_t step, const double *x, const double *y, double factor)
{
    for (size_t i = 0; i < n; i++)
        if (x[i * step] * factor != y[i * step] || y[i * step] / factor != x[i * step])
            return false;
    return true;
}

/* Each unit is rescaled by a power of two of its own, read off its row of W1 or, where that is 0, of V1. Products by
   powers of two that come out right both ways are exact, so that f and R, and the risk, are identically the same. */
static const char *leg_rescale(leg_view *v)
{
    const net_data *D = v->D;
    const net_point *p = &v->l->from;
    const net_point *q = &v->l->to;
    if (!D->m)
        return "a rescale leg needs a hidden layer";
    for (size_t i = 0; i < D->m; i++) {
        double c = 1;
        for (size_t j = 0; j < D->dz; j++)
            if (p->V1[i * D->dz + j] != 0)
                c = q->V1[i * D->dz + j] / p->V1[i * D->dz + j];
        for (size_t j = 0; j < D->S.dx; j++)
            if (p->W1[i * D->S.dx + j] != 0)
                c = q->W1[i * D->S.dx + j] / p->W1[i * D->S.dx + j];
        if (!(c > 0) || (bits_of(c) & 0xfffffffffffffu))
            return "a rescaling must be by powers of two";
        if (!scaled_by(D->S.dx, 1, p->W1 + i * D->S.dx, q->W1 + i * D->S.dx, c) ||
            !scaled_by(D->dz, 1, p->V1 + i * D->dz, q->V1 + i * D->dz, c) ||
            !scaled_by(D->S.dy, D->m, p->W2 + i, q->W2 + i, 1 / c) ||
            !scaled_by(D->dg, D->m, p->V2 + i, q->V2 + i, 1 / c))
            return "a rescaling that is not exact, or not of one unit";
    }
    return NULL;
}

/* Only V1 moves (leg_rules): from or to the gauge at the same V1, or between two explicit ones. */
static const char *leg_gauge(leg_view *v)
{
    const leg *l = v->l;
    bool moves = point_moves(v->D, &l->from, &l->to);
    if (moves && l->from.gauged != l->to.gauged)
        return "gauge leg moves more than the gauge";
    if (moves && l->from.gauged && l->to.gauged)
        return "gauge leg between two gauged points";
    return NULL;
}

/* |W2 V1|_F at the larger of the two ends, from above.
   Bound: the rounded product is off by at most gamma |W2|_F |V1|_F. */
static double lift_size(leg_view *v)
{
    const net_data *D = v->D;
    size_t units = net_units(D);
    size_t n = D->S.dy * D->dz;
    double *M = mem_doubles(v->arena, n);
    double size = 0;
    const net_point *end[2] = { &v->l->from, &v->l->to };
    for (int i = 0; i < 2; i++) {
        mat_multiply(D->S.dy, D->dz, units, end[i]->W2, end[i]->V1, M);
        double slack = mul_up(gamma_up(units + 2),
            mul_up(frobenius_up(D->S.dy * units, end[i]->W2), frobenius_up(units * D->dz, end[i]->V1)));
        size = fmax(size, add_up(frobenius_up(n, M), slack));
    }
    return size;
}

/* Is `null` what it should be for W (dy x c): Q W = 0 exactly, 1 at its own rows' columns, 0 at each other's? */
static bool null_holds(size_t dy, size_t c, const left_null *null, const double *W)
{
    for (size_t i = 0; i < null->n; i++)
        if (null->row[i] >= dy || (i && null->row[i] <= null->row[i - 1]))
            return false;
    for (size_t i = 0; i < null->n; i++) {
        const double *q = null->Q + i * dy;
        for (size_t k = 0; k < null->n; k++)
            if (q[null->row[k]] != (i == k))
                return false;
        for (size_t j = 0; j < c; j++) {
            iv sum = { 0, 0 };
            for (size_t a = 0; a < dy; a++)
                sum = iv_add(sum, iv_mul(iv_of(q[a]), iv_of(W[a * c + j])));
            if (!iv_is(sum, 0))
                return false;
        }
    }
    return null->n <= dy;
}

/* A copy of A (dy x c) with Q B, rounded, in the rows of `null`. */
static double *null_replaced(mem *arena, size_t dy, size_t c, const left_null *null, const double *A, const double *B)
{
    double *N = mem_copy(arena, dy * c, A);
    for (size_t i = 0; i < null->n; i++)
        for (size_t j = 0; j < c; j++) {
            double sum = 0;
            for (size_t a = 0; a < dy; a++)
                sum = fma1(null->Q[i * dy + a], B[a * c + j], sum);
            N[null->row[i] * c + j] = sum;
        }
    return N;
}

/* The line whose rank a lift rests on: W2(t), or N(t). Bound: Q B is rounded by at most gamma_dy |Q|_F |B|_F, the
   same at both ends. */
static rank_line lift_line(mem *arena, const net_data *D, const net_point *from, const net_point *to)
{
    size_t dy = D->S.dy;
    size_t units = net_units(D);
    const left_null *null = from->null ? from->null : to->null;
    if (!null)
        return rank_line_make(arena, dy, units, from->W2, to->W2);
    const double *other = from->null ? to->W2 : from->W2;
    rank_line line = rank_line_make(arena, dy, units, null_replaced(arena, dy, units, null, from->W2, other),
        null_replaced(arena, dy, units, null, to->W2, other));
    line.blur = mul_up(gamma_up(dy + 2), mul_up(frobenius_up(null->n * dy, null->Q), frobenius_up(dy * units, other)));
    return line;
}

/* W2(t), or N(t), keeps full row rank: its least singular value over the cover is more than 0. Then
   |V1(t)|_F <= |R(t)|_F / sigma_min(N(t)), R(t) between its ends, |R|_F <= (1 + |Q|_F) |M|_F. */
static const char *leg_lift(leg_view *v)
{
    const net_data *D = v->D;
    const leg *l = v->l;
    const left_null *null = l->from.null ? l->from.null : l->to.null;
    if (D->kappa != 0)
        return "a lift does not bound the penalty";
    if (!point_gauged(D, &l->from) || !point_gauged(D, &l->to))
        return "lift leg must join gauged points";
    if (D->S.dy > net_units(D))
        return "a lift needs no more outputs than units: else W2 W2^+ is not the identity";
    if (l->from.null && l->to.null)
        return "a lift from and to deficient rank needs a way-point";
    if (null && !(l->from.null ? l->from : l->to).gauged)
        return "a lift from or to deficient rank starts or ends at a gauged point";
    if (null && !null_holds(D->S.dy, net_units(D), null, l->from.null ? l->from.W2 : l->to.W2))
        return "the left null vectors of a lift are none";
    rank_line line = lift_line(v->arena, D, &l->from, &l->to);
    double rank = rank_cover(&line, &v->r->pieces);
    if (!(rank > 0))
        return "full row rank of W(t) not certified on a lift";
    v->r->rank = fmin(v->r->rank, rank);
    double grow = null ? add_up(1, frobenius_up(null->n * D->S.dy, null->Q)) : 1;
    v->v_norm = div_up(mul_up(lift_size(v), grow), rank);
    return NULL;
}

/* A cover of [0, 1] for a leg on which V2 or W1 moves: pieces are cut until their bounds exceed the largest value
   seen by no more than the slack, or the budget of cuts is used up. S, u: W2 h and V2 h at both ends, computed once;
   for each sample the values between lie on a line between the boxes (S[1].c = NULL: W2 h does not move). */
typedef struct {
    leg_view *v;
    tube S[2], u[2];
    const iv *M; /* W2 V1 */
    double seen; /* the largest value, from below */
    double slack;
    size_t budget;
} bend_cover;

/* What moves from x[0] to x[1] for t in [a, b], as a tube about the middle.
   Bound: x[0] and x[1] at their own errors, of which the blend is a convex combination; the blend and the slope are off
   by a few u (|x[0]| + |x[1]|), which 2^-50 covers. */
static tube bend_tube(mem *arena, const tube *x, double a, double b)
{
    size_t n = x->d * x->N;
    double h = (b - a) / 2;
    double t = a + h;
    tube u = tube_make(arena, x->d, x->N, true, h);
    mat_blend(n, t, x[0].c, x[1].c, u.c);
    for (size_t i = 0; i < n; i++) {
        double size = __builtin_fabs(x[0].c[i]) + __builtin_fabs(x[1].c[i]);
        u.s[i] = x[1].c[i] - x[0].c[i];
        u.e[i] = ((x[0].e[i] > x[1].e[i] ? x[0].e[i] : x[1].e[i]) + 0x1p-50 * size) * TUBE_SLACK + TUBE_TINY;
    }
    return u;
}

/* kappa R at t.
   Bound: the blend of what moves is rounded by at most 4u (|x(0)| + |x(1)|) per entry, so that its terms are off by no
   more than 2^-50 of both ends' terms. */
static iv bend_penalty(const bend_cover *k, double t)
{
    const net_value *a = k->v->from;
    const net_value *b = k->v->to;
    const net_point *p = &k->v->l->from;
    const net_point *q = &k->v->l->to;
    const net_data *D = k->v->D;
    if (D->kappa == 0)
        return iv_of(0);
    mem local = { 0 };
    double *V2 = mem_doubles(&local, D->dg * D->m);
    double *W1 = mem_doubles(&local, D->m * D->S.dx);
    mat_blend(D->dg * D->m, t, p->V2, q->V2, V2);
    mat_blend(D->m * D->S.dx, t, p->W1, q->W1, W1);
    double slack = mul_up(0x1p-50, add_up(add_up(a->deep.hi, b->deep.hi), add_up(a->shallow.hi, b->shallow.hi)));
    iv deep = D->dz ? net_column_term(D, W1, D->dg, V2) : iv_of(0);
    iv shallow = net_column_term(D, W1, D->S.dy, p->W2);
    mem_free(&local);
    iv moving = iv_add(iv_add(deep, shallow), (iv) { -slack, slack });
    return iv_scale(D->kappa, iv_add(moving, iv_add(a->product, a->theta)));
}

/* The outputs over [a, b] as boxes at its ends. */
static void bend_output(mem *local, const bend_cover *k, double a, double b, iv *left, iv *right)
{
    const net_data *D = k->v->D;
    tube S = k->S[1].c ? bend_tube(local, k->S, a, b) : k->S[0];
    tube g = { 0 };
    if (D->dz) {
        g = bend_tube(local, k->u, a, b);
        if (a == b)
            g.s = NULL;
        g = tube_block(local, k->v->l->from.g, g);
    }
    net_output(local, D, &S, k->M, &g, left, right);
}

/* F over the piece [a, b] from above: the larger of its ends' values over boxes.
   Why: per sample, with the output in the box f(t) + [-e, e], f affine in t, the maximum of L over the box is
   convex in t, as is R. */
static double bend_piece(const bend_cover *k, double a, double b)
{
    mem local = { 0 };
    const net_data *D = k->v->D;
    iv *left = mem_ivs(&local, D->S.N * D->S.dy);
    iv *right = mem_ivs(&local, D->S.N * D->S.dy);
    bend_output(&local, k, a, b, left, right);
    iv Fa = iv_add(mean_loss(&D->S, left), bend_penalty(k, a));
    iv Fb = iv_add(mean_loss(&D->S, right), bend_penalty(k, b));
    mem_free(&local);
    return fmax(Fa.hi, Fb.hi);
}

/* F at t, from below. */
static double bend_sample(const bend_cover *k, double t)
{
    mem local = { 0 };
    const net_data *D = k->v->D;
    iv *f = mem_ivs(&local, D->S.N * D->S.dy);
    bend_output(&local, k, t, t, f, NULL);
    double lo = iv_add(mean_loss(&D->S, f), bend_penalty(k, t)).lo;
    mem_free(&local);
    return lo;
}

enum { BEND_DEPTH = 30 };

/* Cuts a piece, while there is budget and it is not of the last depth, if its bound is far above the largest value
   seen; looks at its middle then. */
static bool bend_settled(void *problem, double a, double b, double *bound)
{
    bend_cover *k = problem;
    *bound = bend_piece(k, a, b);
    k->v->r->pieces++;
    if (*bound <= k->seen + k->slack || b - a <= two_to(-BEND_DEPTH) || !k->budget)
        return true;
    k->budget--;
    k->seen = fmax(k->seen, bend_sample(k, a + (b - a) / 2));
    return false;
}

static const double BEND_SLACK = 0x1p-14; /* of the risk at the leg's higher end */
enum { BEND_PIECES = 400 };

/* The cover, from the tubes at both ends: the risk on the leg from above. */
static double bend_up(bend_cover *k)
{
    k->seen = fmax(k->v->from->F.lo, k->v->to->F.lo);
    k->slack = mul_up(BEND_SLACK, k->seen);
    k->budget = BEND_PIECES;
    k->M = k->v->D->dz ? net_product(k->v->arena, k->v->D, &k->v->l->from) : NULL;
    return cover_up(bend_settled, k, 0, 1, BEND_DEPTH);
}

/* V2 alone moves: the risk need not be convex, and is bounded by a cover. */
static const char *leg_v2(leg_view *v)
{
    const net_data *D = v->D;
    size_t r = D->S.dy + 2 * D->dg;
    size_t n = D->dg * D->m;
    double *stack = mem_doubles(v->arena, r * D->m);
    memcpy(stack, v->l->from.W2, D->S.dy * D->m * sizeof *stack);
    memcpy(stack + D->S.dy * D->m, v->l->from.V2, n * sizeof *stack);
    memcpy(stack + D->S.dy * D->m + n, v->l->to.V2, n * sizeof *stack);
    tube all = net_project(v->arena, D, v->l->from.W1, r, stack);
    bend_cover k = { .v = v,
        .S = { tube_rows(&all, 0, D->S.dy) },
        .u = { tube_rows(&all, D->S.dy, D->dg), tube_rows(&all, D->S.dy + D->dg, D->dg) } };
    v->peak = bend_up(&k);
    return NULL;
}

/* Row w of W1, near g times the row `base`: the best such g >= 0, and |w - g base| from above; with what g's products
   with other numbers are rounded by, so that both may be used for s(w x) ~ g s(base x).
   Why: |s(w x) - s(g base x)| <= |w - g base| |x|. */
static double row_factor(size_t n, const double *w, const double *base, double *away)
{
    double square = kern_dot(n, base, base);
    double g = all_equal(n, w, base) ? 1 : all_zero(n, w) || !(square > 0) ? 0 : fmax(0, kern_dot(n, w, base) / square);
    iv sum = { 0, 0 };
    for (size_t j = 0; j < n; j++)
        sum = iv_add(sum, iv_sqr(iv_sub(iv_of(w[j]), iv_scale(g, iv_of(base[j])))));
    *away = sqrt_up(sum.hi);
    if (g != 0 && g != 1)
        *away = add_up(*away, mul_up(mul_up(0x1p-52, g), frobenius_up(n, base)));
    return g;
}

/* W1 alone moves. With the longer of both rows for the base of each unit, h at either end is close to multiples of the
   base's: away[i] |x| bounds what is missed, at every t, since (1 - t) w + t w' is as near to its own multiple. */
static const char *leg_rows(leg_view *v)
{
    const net_data *D = v->D;
    const net_point *end[2] = { &v->l->from, &v->l->to };
    size_t n = D->S.dx;
    size_t r = D->S.dy + D->dg;
    if (!D->m || end[0]->gauged || end[1]->gauged)
        return "a rows leg needs a hidden layer and explicit points";
    double *base = mem_doubles(v->arena, D->m * n);
    double *stack = mem_doubles(v->arena, 2 * r * D->m);
    double *reach = mem_doubles(v->arena, r);
    for (size_t i = 0; i < D->m; i++) {
        const double *w[2] = { end[0]->W1 + i * n, end[1]->W1 + i * n };
        double away[2];
        bool longer = kern_dot(n, w[1], w[1]) > kern_dot(n, w[0], w[0]);
        memcpy(base + i * n, w[longer], n * sizeof *base);
        for (size_t e = 0; e < 2; e++) {
            double g = row_factor(n, w[e], base + i * n, &away[e]);
            for (size_t k = 0; k < r; k++)
                stack[(e * r + k) * D->m + i] =
                    g * (k < D->S.dy ? end[0]->W2[k * D->m + i] : end[0]->V2[(k - D->S.dy) * D->m + i]);
        }
        for (size_t k = 0; k < r; k++) {
            double entry = k < D->S.dy ? end[0]->W2[k * D->m + i] : end[0]->V2[(k - D->S.dy) * D->m + i];
            reach[k] = add_up(reach[k], mul_up(__builtin_fabs(entry), fmax(away[0], away[1])));
        }
    }
    tube all = net_project(v->arena, D, base, 2 * r, stack);
    for (size_t s = 0; s < D->S.N; s++) {
        double length = frobenius_up(n, D->S.X + s * n);
        for (size_t k = 0; k < 2 * r; k++)
            all.e[k * D->S.N + s] = add_up(all.e[k * D->S.N + s], mul_up(reach[k % r], length));
    }
    bend_cover k = { .v = v,
        .S = { tube_rows(&all, 0, D->S.dy), tube_rows(&all, r, D->S.dy) },
        .u = { tube_rows(&all, D->S.dy, D->dg), tube_rows(&all, r + D->S.dy, D->dg) } };
    v->peak = bend_up(&k);
    return NULL;
}

/* Exactly one of W2, V1, V2 moves, or nothing. */
static const char *leg_linear(leg_view *v)
{
    const leg *l = v->l;
    int moves = point_moves(v->D, &l->from, &l->to);
    if (l->from.gauged || l->to.gauged)
        return "linear leg must start and end at explicit points";
    if (moves & (moves - 1))
        return "linear leg moves both factors";
    return moves == MOVES_V2 ? leg_v2(v) : NULL;
}

/* Each unit stays where it is, or nothing reads it (w2_i = v2_i = 0, and they stay so), or nothing comes out of it
   (w1_i = 0 and V1's row i = 0, and they stay so): f and R are constant. */
static const char *leg_rewire(leg_view *v)
{
    const net_data *D = v->D;
    const net_point *p = &v->l->from;
    const net_point *q = &v->l->to;
    if (!D->m)
        return "a rewire leg needs a hidden layer";
    for (size_t i = 0; i < D->m; i++) {
        bool w1 = all_equal(D->S.dx, p->W1 + i * D->S.dx, q->W1 + i * D->S.dx);
        bool v1 = all_equal(D->dz, p->V1 + i * D->dz, q->V1 + i * D->dz);
        bool w2 = column_equal(D->S.dy, D->m, p->W2, q->W2, i);
        bool v2 = column_equal(D->dg, D->m, p->V2, q->V2, i);
        bool unread = w2 && v2 && column_zero(D->S.dy, D->m, p->W2, i) && column_zero(D->dg, D->m, p->V2, i);
        bool dead = w1 && v1 && all_zero(D->S.dx, p->W1 + i * D->S.dx) && all_zero(D->dz, p->V1 + i * D->dz);
        if (!(w1 && v1 && w2 && v2) && !unread && !dead)
            return "rewire leg moves a unit that is in use";
    }
    return NULL;
}

static bool block_zero(const block *g)
{
    for (size_t i = 0; g && i < g->layers; i++)
        if (!all_zero(g->width[i] * g->width[i + 1], g->theta[i]))
            return false;
    return true;
}

/* Is the block gone: V1 = V2 = theta = 0? */
static bool point_faded(const net_data *D, const net_point *p)
{
    return all_zero(D->m * D->dz, p->V1) && all_zero(D->dg * D->m, p->V2) && block_zero(p->g);
}

/* sup over c in [0, 1] of pi c - d c^q, from above. For d <= 0 it is at c = 1. Else the function is concave, so that
   any tangent bounds it: at c1, near the maximum (pi / (q d))^(1 / (q - 1)), found by bisection. */
static double fade_sup(double pi, double d, size_t q)
{
    if (!(d > 0))
        return add_up(pi, -d);
    iv t = { 0, 1 };
    for (int i = 0; i < 60; i++) {
        double at = iv_mid(t);
        double power = 1;
        for (size_t k = 1; k < q; k++)
            power *= at;
        root_halve(&t, pi > (double)q * d * power ? -1 : 1);
    }
    iv c = iv_of(t.hi);
    iv power = iv_of(1);
    for (size_t k = 1; k < q; k++)
        power = iv_mul(power, c);
    iv value = iv_sub(iv_mul(iv_of(pi), c), iv_mul(iv_of(d), iv_mul(power, c)));
    iv slope = iv_sub(iv_of(pi), iv_mul(iv_scale((double)q, iv_of(d)), power));
    iv right = iv_mul(slope, iv_sub(iv_of(1), c));
    iv left = iv_mul(iv_neg(slope), c);
    return add_up(value.hi, fmax(0, fmax(right.hi, left.hi)));
}

/* c falls from 1 to 0, or rises: q is the end where the block is gone, F1 and F0 the values at c = 1 and c = 0.
   peak = F0 + sup over c of kappa P c - (F0 - F1 + kappa P) c^q. */
static const char *leg_shrink(leg_view *v)
{
    const net_data *D = v->D;
    bool back = point_faded(D, &v->l->from) && !point_faded(D, &v->l->to);
    const net_point *p = back ? &v->l->to : &v->l->from;
    const net_point *q = back ? &v->l->from : &v->l->to;
    const net_value *F1 = back ? v->to : v->from;
    const net_value *F0 = back ? v->from : v->to;
    if (!D->m || !D->dz || p->gauged || q->gauged || !point_faded(D, q) || !block_same_shape(p->g, q->g))
        return "shrink leg must end with the block at 0";
    for (size_t i = 0; i < D->m; i++)
        if (!column_equal(D->S.dy, D->m, p->W2, q->W2, i) && !all_zero(D->dz, p->V1 + i * D->dz))
            return "shrink leg moves a column of W2 that carries V1";
    iv pi = iv_scale(D->kappa, net_value_deep(F1));
    iv d = iv_add(iv_sub(F0->F, F1->F), pi);
    v->peak = add_up(F0->F.hi, fade_sup(pi.hi, d.lo, p->g->layers + 2));
    return NULL;
}

/* W2 V1 = 0 because each unit has w2_i = 0 or V1's row i = 0; in the linear model because V = 0. */
static const char *leg_theta(leg_view *v)
{
    const net_data *D = v->D;
    const net_point *p = &v->l->from;
    const net_point *q = &v->l->to;
    if (!D->m)
        return all_zero(D->S.dx * D->dz, p->V1) ? NULL : "the block may move at V = 0 only";
    for (size_t i = 0; i < D->m; i++)
        if (!column_zero(D->S.dy, D->m, p->W2, i) && !all_zero(D->dz, p->V1 + i * D->dz))
            return "the block may move at W2 V1 = 0 only";
    return block_same_shape(p->g, q->g) ? NULL : "theta leg changes the block's shape";
}

/* The risk is constant on such a leg; on a gauge leg, if it leads into the gauge or out of it. */
static bool leg_always(const leg *l)
{
    (void)l;
    return true;
}
static bool leg_never(const leg *l)
{
    (void)l;
    return false;
}
static bool leg_regauges(const leg *l) { return l->from.gauged != l->to.gauged; }

/* A type of legs is a row here: what may differ between the ends (else `complaint`); whether the risk is constant, so
   that the value at the start is carried over, not computed again; the rule, which gives NULL, or why it does not
   certify the leg. A new type needs its name in leg_type, and its rule once more in vectors/certificate.py. */
static const struct {
    const char *name;
    int moves;
    bool (*constant)(const leg *);
    const char *(*rule)(leg_view *);
    const char *complaint;
} leg_rules[LEG_TYPES] = {
    [LEG_RESCALE] = { "rescale", MOVES_ALL & ~MOVES_THETA, leg_always, leg_rescale, "rescale leg changes the block" },
    [LEG_GAUGE] = { "gauge", MOVES_V1, leg_regauges, leg_gauge, "gauge leg moves more than the gauge" },
    [LEG_LIFT] = { "lift", MOVES_W2 | MOVES_V1, leg_never, leg_lift, "lift leg moves W1, V2 or the block" },
    [LEG_MERGE] = { "merge", MOVES_W2 | MOVES_V2, leg_never, leg_linear, "merge leg moves more than W2 or V2" },
    [LEG_ROWS] = { "rows", MOVES_W1, leg_never, leg_rows, "rows leg moves more than W1" },
    [LEG_REWIRE] = { "rewire", MOVES_ALL & ~MOVES_THETA, leg_always, leg_rewire, "rewire leg changes the block" },
    [LEG_INTERPOLATE] = { "interpolate", MOVES_W2, leg_never, leg_linear, "interpolate leg moves more than W2" },
    [LEG_SHRINK] = { "shrink", MOVES_ALL & ~MOVES_W1, leg_never, leg_shrink, "shrink leg moves W1" },
    [LEG_LINEAR] = { "linear", MOVES_W2 | MOVES_V1 | MOVES_V2, leg_never, leg_linear,
        "linear leg moves W1 or the block" },
    [LEG_THETA] = { "theta", MOVES_V2 | MOVES_THETA, leg_never, leg_theta, "theta leg moves W1, W2 or V1" },
};

static bool leg_constant(const leg *l) { return leg_rules[l->type].constant(l); }

/* One leg, from the value at[0] at its start; at[1] becomes that at its end, and r holds for the path so far. */
static void leg_certify(mem *arena, const net_data *D, const leg *l, path_report *report, net_value *at)
{
    leg_view v = { arena, D, l, at, at + 1, report, -INFINITY, 0 };
    at[1] = leg_constant(l) ? at[0] : net_evaluate(arena, D, &l->to);
    if (D->dz)
        v.v_norm = frobenius_up(net_units(D) * D->dz, l->from.V1);
    report->why = point_moves(D, &l->from, &l->to) & ~leg_rules[l->type].moves ? leg_rules[l->type].complaint
                                                                               : leg_rules[l->type].rule(&v);
    v.peak = fmax(v.peak, fmax(at[0].F.hi, at[1].F.hi));
    if (!(v.peak < INFINITY) && !report->why)
        report->why = "a bound is not finite";
    report->peak[l->type] = fmax(report->peak[l->type], v.peak);
    report->bound = fmax(report->bound, v.peak);
    report->v_norm = fmax(report->v_norm, v.v_norm);
}

/* Does a lift of deficient rank meet, at that end of it, a leg that only asks for W2 V1: a gauge leg or another
   lift? */
static bool null_joined(const leg *legs, size_t n, size_t i)
{
    const leg *before = i ? &legs[i - 1] : NULL;
    const leg *after = i + 1 < n ? &legs[i + 1] : NULL;
    if (legs[i].type != LEG_LIFT)
        return true;
    bool from = !legs[i].from.null || (before && (before->type == LEG_GAUGE || before->type == LEG_LIFT));
    bool to = !legs[i].to.null || (after && (after->type == LEG_GAUGE || after->type == LEG_LIFT));
    return from && to;
}

/* The largest risk at the joints between the path's ends. Constant legs at the ends do not make a joint: their risk is
   the end's. -inf: there is no joint. */
static double path_inside(const leg *legs, size_t n, const net_value *at)
{
    size_t first = 0;
    size_t last = n;
    double inside = -INFINITY;
    while (first < n && leg_constant(&legs[first]))
        first++;
    while (last > first && leg_constant(&legs[last - 1]))
        last--;
    for (size_t i = first + 1; i < last; i++)
        inside = fmax(inside, at[i].F.hi);
    return inside;
}

/* Certifies a path of n >= 1 legs, one by one; each must start where the one before ends. Its `at` lies in
   the arena. */
static path_report path_certify(mem *arena, const net_data *D, const leg *legs, size_t n)
{
    path_report report = {
        .bound = -INFINITY, .inside = -INFINITY, .rank = INFINITY, .at = mem_get(arena, n + 1, sizeof *report.at)
    };
    for (int i = 0; i < LEG_TYPES; i++)
        report.peak[i] = -INFINITY;
    report.at[0] = net_evaluate(arena, D, &legs[0].from);
    for (size_t i = 0; i < n && !report.why; i++) {
        if (i && !point_same(D, &legs[i - 1].to, &legs[i].from))
            report.why = "the legs do not join";
        else if (!null_joined(legs, n, i))
            report.why = "a lift of deficient rank must join a gauge leg or a lift there";
        else
            leg_certify(arena, D, &legs[i], &report, report.at + i);
    }
    if (!report.why)
        report.inside = path_inside(legs, n, report.at);
    return report;
}

/* What the path looks like when it is walked: the largest of the risks at 9 points of a lift, with the pseudoinverse
   computed at each. From below; of the linear model (m = 0). It proves nothing; it must lie under the certified bound,
   and would not if a rule, a product or the pseudoinverse were wrong. */
static double lift_walk(mem *arena, const net_data *D, const leg *l)
{
    size_t dy = D->S.dy;
    size_t w = dy * D->S.dx;
    size_t z = dy * D->dz;
    const net_point *end[2] = { &l->from, &l->to };
    const left_null *null = l->from.null ? l->from.null : l->to.null;
    const double *N[2], *R[2];
    double *M[2] = { mem_doubles(arena, z), mem_doubles(arena, z) };
    double *P = mem_doubles(arena, w);
    double *V = mem_doubles(arena, D->S.dx * D->dz);
    double *at = mem_doubles(arena, 2 * w + z);
    double worst = -INFINITY;
    for (int i = 0; i < 2; i++)
        mat_multiply(dy, D->dz, D->S.dx, end[i]->W2, end[i]->V1, M[i]);
    for (int i = 0; i < 2; i++) {
        int other = l->from.null ? 1 : 0;
        N[i] = null ? null_replaced(arena, dy, D->S.dx, null, end[i]->W2, end[other]->W2) : end[i]->W2;
        R[i] = null ? null_replaced(arena, dy, D->dz, null, M[i], M[other]) : M[i];
    }
    for (int i = 0; i <= 8; i++) {
        mat_blend(w, i / 8.0, l->from.W2, l->to.W2, at);
        mat_blend(w, i / 8.0, N[0], N[1], at + w);
        mat_blend(z, i / 8.0, R[0], R[1], at + 2 * w);
        mat_pinv(dy, D->S.dx, at + w, P);
        mat_multiply(D->S.dx, D->dz, dy, P, at + 2 * w, V);
        net_point p = { at, V, l->from.g, false };
        worst = fmax(worst, net_risk(arena, D, &p).lo);
    }
    return worst;
}

/// 6 Bundles ///

/* A bundle is a group of units whose rows of W1 point nearly the same way, to be merged into one of them: w2_i and v2_i
   go to the centre, times rho_i, and w1_i is free for something else. How a bundle is chosen proves nothing, and is
   ordinary arithmetic, rounded; what merging it costs is bounded (bundle_cost_up). */

/* n units to be merged into unit `centre`: unit[k] with the factor rho[k] ~ |w1_unit| / |w1_centre| (0 for dead units,
   w1 = 0). cost: what the choice went by; within: all are within the chord asked for. */
typedef struct {
    size_t centre, n;
    size_t *unit;
    double *rho, cost;
    bool within;
} bundle;

typedef struct {
    double cost;
    size_t unit;
} bundle_item;

enum { BUNDLE_CENTRES = 64 };
static const double BUNDLE_OUTSIDE = 0x1p500; /* added to the cost of a unit that is not within the chord */

static bundle bundle_room(mem *arena, size_t n)
{
    return (bundle) { 0, n, mem_get(arena, n, sizeof(size_t)), mem_doubles(arena, n), INFINITY, false };
}

/* Cheaper; of two that cost the same the earlier unit. */
static bool bundle_before(bundle_item a, bundle_item b)
{
    return a.cost < b.cost || (a.cost == b.cost && a.unit < b.unit);
}

/* Weight of unit i in the cost of merging it: |w2_i|_1 + |v2_i|_1 |W2 V1| prod |theta|, as in the bound on the change
   of f (bundle_cost_up). */
static double *bundle_weights(mem *arena, const net_data *D, const net_point *p)
{
    double *weight = mem_doubles(arena, D->m);
    double carry = 0;
    if (D->dz) {
        double *M = mem_doubles(arena, D->S.dy * D->dz);
        mat_multiply(D->S.dy, D->dz, D->m, p->W2, p->V1, M);
        carry = __builtin_sqrt(kern_dot(D->S.dy * D->dz, M, M));
        for (size_t i = 0; i < p->g->layers; i++) {
            size_t n = p->g->width[i] * p->g->width[i + 1];
            carry *= __builtin_sqrt(kern_dot(n, p->g->theta[i], p->g->theta[i]));
        }
    }
    for (size_t i = 0; i < D->m; i++) {
        for (size_t k = 0; k < D->S.dy; k++)
            weight[i] += __builtin_fabs(p->W2[k * D->m + i]);
        for (size_t k = 0; k < D->dg; k++)
            weight[i] += carry * __builtin_fabs(p->V2[k * D->m + i]);
    }
    return weight;
}

/* rho of unit i, from |w1|. */
static double bundle_ratio(const double *norm, size_t i, size_t centre)
{
    return norm[centre] > 0 ? norm[i] / norm[centre] : 0;
}

/* |w1_i - rho w1_centre|. */
static double bundle_gap(const net_data *D, const double *W1, size_t i, size_t centre, double rho)
{
    const double *c = W1 + centre * D->S.dx;
    double square = 0;
    for (size_t j = 0; j < D->S.dx; j++) {
        double d = fma1(-rho, c[j], W1[i * D->S.dx + j]);
        square = fma1(d, d, square);
    }
    return __builtin_sqrt(square);
}

/* Puts `new` in its place among the n cheapest, in ascending order, of which there are `have`; gives how many now. */
static size_t bundle_offer(bundle_item *item, size_t have, size_t n, bundle_item new)
{
    if (have == n && !bundle_before(new, item[have - 1]))
        return have;
    size_t at = have < n ? have++ : have - 1;
    for (; at > 0 && bundle_before(new, item[at - 1]); at--)
        item[at] = item[at - 1];
    item[at] = new;
    return have;
}

/* The Q->n cheapest units around Q->centre, those within `chord` (of directions) first. item: room for as many. */
static void bundle_around(const net_data *D, const double *W1, const double *norm, const double *weight, double chord,
    bundle *Q, bundle_item *item)
{
    size_t have = 0;
    for (size_t i = 0; i < D->m; i++) {
        if (i == Q->centre)
            continue;
        double gap = bundle_gap(D, W1, i, Q->centre, bundle_ratio(norm, i, Q->centre));
        bundle_item new = { weight[i] * gap + (gap <= chord * norm[i] ? 0 : BUNDLE_OUTSIDE), i };
        have = bundle_offer(item, have, Q->n, new);
    }
    Q->cost = 0;
    Q->within = true;
    for (size_t k = 0; k < Q->n; k++) {
        Q->cost += item[k].cost;
        Q->within &= item[k].cost < BUNDLE_OUTSIDE;
        Q->unit[k] = item[k].unit;
        Q->rho[k] = bundle_ratio(norm, item[k].unit, Q->centre);
    }
}

/* The cheapest bundle of n units, n < m, around the best of up to BUNDLE_CENTRES centres, spread evenly, of which only
   the last may be dead. */
static bundle bundle_choose(mem *arena, const net_data *D, const net_point *p, size_t n, double chord)
{
    mem local = { 0 };
    double *norm = mem_doubles(&local, D->m);
    double *weight = bundle_weights(&local, D, p);
    bundle_item *item = mem_get(&local, n, sizeof *item);
    bundle best = bundle_room(arena, n);
    bundle tried = bundle_room(arena, n);
    size_t stride = (D->m + BUNDLE_CENTRES - 1) / BUNDLE_CENTRES;
    for (size_t i = 0; i < D->m; i++)
        norm[i] = __builtin_sqrt(kern_dot(D->S.dx, p->W1 + i * D->S.dx, p->W1 + i * D->S.dx));
    for (size_t i = 0; i < D->m; i += stride) {
        tried.centre = i;
        if (!(norm[i] > 0) && i + stride < D->m)
            continue;
        bundle_around(D, p->W1, norm, weight, chord, &tried, item);
        if (!(tried.cost < best.cost))
            continue;
        bundle keep = best;
        best = tried;
        tried = keep;
    }
    mem_free(&local);
    return best;
}

/* mu_i = (|w2_i|_1 + |v2_i|_1) |w1_i|: what unit i adds to R besides W2 V1, rounded. */
static double *bundle_mass(mem *arena, const net_data *D, const net_point *p)
{
    double *mass = mem_doubles(arena, D->m);
    for (size_t i = 0; i < D->m; i++) {
        for (size_t k = 0; k < D->S.dy; k++)
            mass[i] += __builtin_fabs(p->W2[k * D->m + i]);
        for (size_t k = 0; k < D->dg; k++)
            mass[i] += __builtin_fabs(p->V2[k * D->m + i]);
        mass[i] *= __builtin_sqrt(kern_dot(D->S.dx, p->W1 + i * D->S.dx, p->W1 + i * D->S.dx));
    }
    return mass;
}

/* The bundle that is deleted, not merged: the n units of least mass, n < m, rho = 0. Its "centre" is one that stays. */
static bundle bundle_least(mem *arena, const net_data *D, const net_point *p, size_t n)
{
    mem local = { 0 };
    bundle Q = bundle_room(arena, n);
    const double *mass = bundle_mass(&local, D, p);
    bundle_item *item = mem_get(&local, n + 1, sizeof *item);
    size_t have = 0;
    for (size_t i = 0; i < D->m; i++)
        have = bundle_offer(item, have, n + 1, (bundle_item) { mass[i], i });
    Q.cost = 0;
    for (size_t k = 0; k < n; k++) {
        Q.unit[k] = item[k].unit;
        Q.cost += item[k].cost;
    }
    Q.centre = item[n].unit;
    Q.within = true;
    mem_free(&local);
    return Q;
}

/* A (r x m) as the merge leaves it: each column of the bundle is 0, the centre's has rho_i times it more. */
static double *bundle_merged(mem *arena, const bundle *Q, size_t r, size_t units, const double *A)
{
    double *B = mem_copy(arena, r * units, A);
    for (size_t k = 0; k < r; k++)
        for (size_t i = 0; i < Q->n; i++) {
            B[k * units + Q->centre] = fma1(Q->rho[i], A[k * units + Q->unit[i]], B[k * units + Q->centre]);
            B[k * units + Q->unit[i]] = 0;
        }
    return B;
}

/* One row of W2 or V2 into b (0 before) with b h = sum over the bundle of a_i (h_i - rho_i h_centre): a_i at the units
   of the bundle and -sum rho_i a_i at its centre. */
static void bundle_difference(const bundle *Q, const double *a, double *b)
{
    for (size_t i = 0; i < Q->n; i++) {
        size_t unit = Q->unit[i];
        b[unit] = a[unit];
        b[Q->centre] = fma1(-Q->rho[i], a[unit], b[Q->centre]);
    }
}

/* |W2 V1|_F prod |theta_i|_F, M = W2 V1: how much f changes with the block's input, at most. */
static iv bundle_carry(const net_data *D, const net_point *p, const iv *M)
{
    iv carry = { 0, 0 };
    for (size_t i = 0; i < D->S.dy * D->dz; i++)
        carry = iv_add(carry, iv_sqr(M[i]));
    carry = iv_sqrt(carry);
    for (size_t i = 0; D->dz && i < p->g->layers; i++)
        carry = iv_mul(carry, iv_norm(p->g->width[i] * p->g->width[i + 1], p->g->theta[i]));
    return carry;
}

/* |d_W| + carry |d_V| at sample s, from above; d: dy rows of d_W, then those of d_V.
   Bound: the coefficients' own rounding adds at most as much as the error of the projection: twice that is taken. */
static double bundle_change_up(const net_data *D, const tube *d, size_t s, iv carry)
{
    iv square[2] = { { 0, 0 }, { 0, 0 } };
    for (size_t k = 0; k < d->d; k++) {
        double reach = add_up(__builtin_fabs(d->c[k * D->S.N + s]), 2 * d->e[k * D->S.N + s]);
        square[k >= D->S.dy] = iv_add(square[k >= D->S.dy], iv_sqr(iv_of(reach)));
    }
    return iv_add(iv_sqrt(square[0]), iv_mul(carry, iv_sqrt(square[1]))).hi;
}

/* The cost of merging (or, rho = 0, deleting) Q at p, from above: F grows by no more, at any t, if W2 V1 is kept.
   Bound: E of L0 times |d_W| + |W2 V1| G0 |d_V|, d_W = sum w2_i n_i, d_V = sum v2_i n_i, n_i = s(w1_i x) - rho_i
   s(w1_centre x), G0 = prod |theta|.
   Why: f changes by no more than that, and R does not grow. d_W and d_V are projections of the hidden layer by the rows
   of bundle_difference; rounding the sum there adds at most gamma_n sum |rho_i w2_i| |w1_centre| |x|, less than the
   projection's own error. */
static double bundle_cost_up(const net_data *D, const net_point *p, const bundle *Q)
{
    size_t r = D->S.dy + D->dg;
    mem local = { 0 };
    double *B = mem_doubles(&local, r * D->m);
    for (size_t k = 0; k < r; k++)
        bundle_difference(Q, k < D->S.dy ? p->W2 + k * D->m : p->V2 + (k - D->S.dy) * D->m, B + k * D->m);
    const iv *f = net_images(&local, D, p);
    const iv *M = D->dz ? net_product(&local, D, p) : NULL;
    tube d = net_project(&local, D, p->W1, r, B);
    iv carry = bundle_carry(D, p, M);
    iv total = { 0, 0 };
    for (size_t s = 0; s < D->S.N; s++) {
        double change = bundle_change_up(D, &d, s, carry);
        double slope = D->S.L->lipschitz(D->S.dy, f + s * D->S.dy, D->S.Y + s * D->S.dy, change);
        total = iv_add(total, iv_of(mul_up(change, slope)));
    }
    double cost = div_up(total.hi, (double)D->S.N);
    mem_free(&local);
    return cost;
}

/// 6 Routes ///

/* A path being built, leg by leg. Nothing here proves anything: path_certify looks at the legs, whatever led to them.
   So this is ordinary arithmetic, rounded; exact is only what a rule asks for: powers of two, zeros, rows that stay. */

/* n legs, and where they lead to; all in the arena, as are the matrices of the points made here. */
typedef struct {
    mem *arena;
    const net_data *D;
    leg *legs;
    size_t n, room;
    net_point at;
} route;

/* A route without legs, yet, at p. */
static route route_from(mem *arena, const net_data *D, const net_point *p)
{
    return (route) { .arena = arena, .D = D, .at = *p };
}

/* Adds a leg, which should start where the route leads to. */
static void route_add(route *way, leg l)
{
    if (way->n == way->room) {
        way->room = way->room ? 2 * way->room : 16;
        leg *more = mem_get(way->arena, way->room, sizeof *more);
        if (way->n)
            memcpy(more, way->legs, way->n * sizeof *more);
        way->legs = more;
    }
    way->legs[way->n++] = l;
    way->at = l.to;
}

/* The same legs so far; either may go on by itself, for the copy's next leg moves them to memory of its own. */
static route route_copy(const route *way)
{
    route copy = *way;
    copy.room = copy.n;
    return copy;
}

/* On to a point. */
static void route_leg(route *way, enum leg_type type, net_point to) { route_add(way, (leg) { type, way->at, to }); }

/* The same, but no leg where no matrix changes. */
static void route_step(route *way, enum leg_type type, net_point to)
{
    if (point_moves(way->D, &way->at, &to))
        route_leg(way, type, to);
}

/* The left null vectors of W (dy x c) that are found: each row that is a combination of those before it which are kept,
   with coefficients that are short, exactly. NULL: there is none. */
static const left_null *null_find(mem *arena, size_t dy, size_t c, const double *W)
{
    left_null *null = mem_get(arena, 1, sizeof *null);
    size_t *kept = mem_get(arena, dy, sizeof *kept);
    size_t have = 0;
    null->row = mem_get(arena, dy, sizeof *null->row);
    null->Q = mem_doubles(arena, dy * dy);
    for (size_t j = 0; j < dy; j++) {
        mem local = { 0 };
        double *base = mem_doubles(&local, dy * c);
        double *P = mem_doubles(&local, dy * c);
        double *q = null->Q + null->n * dy;
        for (size_t i = 0; i < have; i++)
            memcpy(base + i * c, W + kept[i] * c, c * sizeof *base);
        if (have)
            mat_pinv(have, c, base, P);
        memset(q, 0, dy * sizeof *q);
        for (size_t i = 0; i < have; i++)
            for (size_t k = 0; k < c; k++)
                q[kept[i]] = fma1(-W[j * c + k], P[k * have + i], q[kept[i]]);
        for (size_t i = 0; i < have; i++)
            q[kept[i]] = __builtin_fabs(q[kept[i]]) < 0x1p30 ? dyadic(q[kept[i]]) : 0;
        q[j] = 1;
        null->row[null->n] = j;
        left_null one = { 1, &null->row[null->n], q };
        if (null_holds(dy, c, &one, W))
            null->n++;
        else
            kept[have++] = j;
        mem_free(&local);
    }
    return null->n ? null : NULL;
}

/* The legs of `back` walked backwards; the route must have got to where they end. */
static void route_back(route *way, const route *back)
{
    for (size_t i = back->n; i-- > 0;)
        route_add(way, (leg) { back->legs[i].type, back->legs[i].to, back->legs[i].from });
}

/* Each row of W1 to a norm in [1, 2) by a power of two, but for norms near the ends of the range of doubles; that all
   entries are scaled exactly is for the rule to see. */
static void route_rescale(route *way)
{
    const net_data *D = way->D;
    net_point p = way->at;
    double *W1 = mem_copy(way->arena, D->m * D->S.dx, p.W1);
    double *W2 = mem_copy(way->arena, D->S.dy * D->m, p.W2);
    double *V1 = mem_copy(way->arena, D->m * D->dz, p.V1);
    double *V2 = mem_copy(way->arena, D->dg * D->m, p.V2);
    for (size_t i = 0; i < D->m; i++) {
        double norm = __builtin_sqrt(kern_dot(D->S.dx, W1 + i * D->S.dx, W1 + i * D->S.dx));
        if (!(norm > 0x1p-300 && norm < 0x1p300))
            continue;
        double c = double_of((2046 - (bits_of(norm) >> 52)) << 52); /* 2^-exponent */
        for (size_t j = 0; j < D->S.dx; j++)
            W1[i * D->S.dx + j] *= c;
        for (size_t j = 0; j < D->dz; j++)
            V1[i * D->dz + j] *= c;
        for (size_t k = 0; k < D->S.dy; k++)
            W2[k * D->m + i] /= c;
        for (size_t k = 0; k < D->dg; k++)
            V2[k * D->m + i] /= c;
    }
    route_step(way, LEG_RESCALE, (net_point) { .W1 = W1, .W2 = W2, .V1 = V1, .V2 = V2, .g = p.g });
}

/* To another V1. */
static void route_gauge(route *way, const double *V1)
{
    net_point to = way->at;
    to.V1 = V1;
    route_step(way, LEG_GAUGE, to);
}

/* W2 V1, dy x dz, rounded. */
static double *route_product(route *way)
{
    const net_data *D = way->D;
    double *M = mem_doubles(way->arena, D->S.dy * D->dz);
    mat_multiply(D->S.dy, D->dz, D->m, way->at.W2, way->at.V1, M);
    return M;
}

/* What a column of W2 is raised by where W2, merged, could not carry W2 V1. */
static const double ROUTE_REPAIR = 0x1p-44;
/* What W2 V1 may be missed by, relatively, before that is done. */
static const double ROUTE_MISSED = 1e-12;

/* A V1 with W2 V1 = M that the merge of Q in W2 does not change: V = (merged W2)^+ M, twice refined, and rho_i times
   the centre's row on the bundle. *residual: |M - (merged W2) V|. */
static double *route_carrier(route *way, const bundle *Q, const double *merged, const double *M, double *residual)
{
    const net_data *D = way->D;
    size_t v = D->m * D->dz;
    size_t w = D->S.dy * D->dz;
    mem local = { 0 };
    double *V = mem_doubles(way->arena, v);
    double *P = mem_doubles(&local, D->m * D->S.dy);
    double *step = mem_doubles(&local, v);
    double *left = mem_copy(&local, w, M);
    mat_pinv(D->S.dy, D->m, merged, P);
    for (int it = 0; it < 3; it++) {
        mat_multiply(D->m, D->dz, D->S.dy, P, left, step);
        for (size_t i = 0; i < v; i++)
            V[i] += step[i];
        mat_multiply(D->S.dy, D->dz, D->m, merged, V, left);
        for (size_t i = 0; i < w; i++)
            left[i] = M[i] - left[i];
    }
    *residual = __builtin_sqrt(kern_dot(w, left, left));
    for (size_t i = 0; i < Q->n; i++)
        for (size_t j = 0; j < D->dz; j++)
            V[Q->unit[i] * D->dz + j] = Q->rho[i] * V[Q->centre * D->dz + j];
    mem_free(&local);
    return V;
}

/* Raises W2 by ROUTE_REPAIR times a unit vector on each of dy units outside the bundle, one for each output; on dead
   units first, for they cost nothing. */
static void route_repair(route *way, const bundle *Q)
{
    const net_data *D = way->D;
    net_point to = way->at;
    double *W2 = mem_copy(way->arena, D->S.dy * D->m, to.W2);
    size_t k = 0;
    for (int dead = 1; dead >= 0; dead--)
        for (size_t i = 0; i < D->m && k < D->S.dy; i++) {
            bool taken = all_zero(D->S.dx, to.W1 + i * D->S.dx) != dead;
            for (size_t q = 0; q < Q->n; q++)
                taken |= Q->unit[q] == i;
            if (taken)
                continue;
            W2[k * D->m + i] += ROUTE_REPAIR;
            k++;
        }
    to.W2 = W2;
    route_step(way, LEG_LINEAR, to);
}

/* To where the merge of Q keeps W2 V1: V1 moves there, after a repair of W2 if W2, merged, could not carry it. */
static void route_carry(route *way, const bundle *Q)
{
    const net_data *D = way->D;
    const double *M = route_product(way);
    const double *merged = bundle_merged(way->arena, Q, D->S.dy, D->m, way->at.W2);
    double residual;
    double *V1 = route_carrier(way, Q, merged, M, &residual);
    if (residual > ROUTE_MISSED * __builtin_sqrt(kern_dot(D->S.dy * D->dz, M, M))) {
        route_repair(way, Q);
        merged = bundle_merged(way->arena, Q, D->S.dy, D->m, way->at.W2);
        V1 = route_carrier(way, Q, merged, M, &residual);
    }
    route_gauge(way, V1);
}

/* n units that nothing reads lose their rows of W1 and V1; then unit live[k] gets row k of `rows` (l x dx) in W1. */
static void route_rewire(route *way, size_t n, const size_t *freed, size_t l, const size_t *live, const double *rows)
{
    const net_data *D = way->D;
    net_point to = way->at;
    double *W1 = mem_copy(way->arena, D->m * D->S.dx, to.W1);
    double *V1 = mem_copy(way->arena, D->m * D->dz, to.V1);
    for (size_t k = 0; k < n; k++) {
        memset(W1 + freed[k] * D->S.dx, 0, D->S.dx * sizeof *W1);
        memset(V1 + freed[k] * D->dz, 0, D->dz * sizeof *V1);
    }
    for (size_t k = 0; k < l; k++)
        memcpy(W1 + live[k] * D->S.dx, rows + k * D->S.dx, D->S.dx * sizeof *W1);
    to.W1 = W1;
    to.V1 = V1;
    route_step(way, LEG_REWIRE, to);
}

/* Deletes the n units: their rows of W1 go to 0. */
static void route_delete(route *way, size_t n, const size_t *unit)
{
    const net_data *D = way->D;
    net_point to = way->at;
    double *W1 = mem_copy(way->arena, D->m * D->S.dx, to.W1);
    for (size_t k = 0; k < n; k++)
        memset(W1 + unit[k] * D->S.dx, 0, D->S.dx * sizeof *W1);
    to.W1 = W1;
    route_step(way, LEG_ROWS, to);
}

/* c (n), in the null space of A (r x n, r < n) as far as rounding goes, with <c, mass> <= 0: the projection of -mass
   or, where that is nearly 0, of a unit vector. */
static void route_null(mem *arena, size_t r, size_t n, const double *A, const double *mass, double *c)
{
    double *P = mem_doubles(arena, n * r);
    double *image = mem_doubles(arena, r);
    double *back = mem_doubles(arena, n);
    mat_pinv(r, n, A, P);
    for (size_t k = 0; k <= n; k++) {
        for (size_t i = 0; i < n; i++)
            c[i] = k == 0 ? -mass[i] : i + 1 == k;
        double before = kern_dot(n, c, c);
        for (int it = 0; it < 3; it++) {
            apply(r, n, A, c, image);
            apply(n, r, P, image, back);
            for (size_t i = 0; i < n; i++)
                c[i] -= back[i];
        }
        if (before > 0 && kern_dot(n, c, c) > 0x1p-20 * before)
            break;
    }
    double least = 0;
    for (size_t i = 0; i < n; i++)
        least = fmin(least, c[i]);
    if (kern_dot(n, c, mass) > 0 || least == 0)
        for (size_t i = 0; i < n; i++)
            c[i] = -c[i];
}

/* One unit dies, and no sample notices: rows w1_i -> (1 + t c_i) w1_i of n units, sum over them of c_i (w2_i; v2_i)
   h_i = 0 on all N samples (with n > N (dy + dg) there is such a c), until the first factor is 0. */
static void route_reduce_one(route *way, size_t n, const size_t *unit)
{
    const net_data *D = way->D;
    size_t r = D->S.dy + D->dg;
    mem local = { 0 };
    double *A = mem_doubles(&local, D->S.N * r * n);
    double *mass = mem_doubles(&local, n);
    double *c = mem_doubles(&local, n);
    const double *all = bundle_mass(&local, D, &way->at);
    for (size_t i = 0; i < n; i++) {
        const double *w = way->at.W1 + unit[i] * D->S.dx;
        mass[i] = all[unit[i]];
        for (size_t s = 0; s < D->S.N; s++) {
            double h = fmax(kern_dot(D->S.dx, w, D->S.X + s * D->S.dx), 0);
            for (size_t k = 0; k < r; k++)
                A[(s * r + k) * n + i] =
                    h * (k < D->S.dy ? way->at.W2[k * D->m + unit[i]] : way->at.V2[(k - D->S.dy) * D->m + unit[i]]);
        }
    }
    route_null(&local, D->S.N * r, n, A, mass, c);
    size_t first = 0;
    for (size_t i = 1; i < n; i++)
        if (c[i] < c[first])
            first = i;
    net_point to = way->at;
    double *W1 = mem_copy(way->arena, D->m * D->S.dx, to.W1);
    for (size_t i = 0; i < n; i++)
        scale_by(D->S.dx, i == first ? 0 : 1 - c[i] / c[first], W1 + unit[i] * D->S.dx);
    mem_free(&local);
    to.W1 = W1;
    route_step(way, LEG_ROWS, to);
}

/* Until n units are dead, one after another; those that nothing reads lose their rows first. */
static void route_reduce(route *way, size_t n)
{
    const net_data *D = way->D;
    size_t enough = D->S.N * (D->S.dy + D->dg) + 1;
    size_t *live = mem_get(way->arena, D->m, sizeof *live);
    size_t idle = 0;
    for (size_t i = 0; i < D->m; i++)
        if (column_zero(D->S.dy, D->m, way->at.W2, i) && column_zero(D->dg, D->m, way->at.V2, i))
            live[idle++] = i;
    route_rewire(way, idle, live, 0, NULL, NULL);
    for (;;) {
        size_t have = 0;
        const bundle order = bundle_least(way->arena, D, &way->at, D->m - 1);
        const double *mass = bundle_mass(way->arena, D, &way->at);
        for (size_t i = 0; i < D->m; i++) {
            size_t next = i + 1 < D->m ? order.unit[i] : order.centre;
            if (mass[next] > 0)
                live[have++] = next;
        }
        if (D->m - have >= n || have < enough)
            return;
        route_reduce_one(way, enough, live);
    }
}

/* Merges Q: V1 moves to where the merge keeps W2 V1, then the columns of W2, then those of V2. */
static void route_merge(route *way, const bundle *Q)
{
    const net_data *D = way->D;
    if (D->dz)
        route_carry(way, Q);
    net_point to = way->at;
    to.W2 = bundle_merged(way->arena, Q, D->S.dy, D->m, to.W2);
    route_step(way, LEG_MERGE, to);
    to.V2 = bundle_merged(way->arena, Q, D->dg, D->m, to.V2);
    route_step(way, LEG_MERGE, to);
}

/* dy dead units: W2 = I there, and all of W2 V1 in their rows of V1, so that nothing else carries it. */
static void route_park(route *way, const size_t *parked)
{
    const net_data *D = way->D;
    net_point to = way->at;
    double *W2 = mem_copy(way->arena, D->S.dy * D->m, to.W2);
    double *V1 = mem_doubles(way->arena, D->m * D->dz);
    const double *M = route_product(way);
    for (size_t k = 0; k < D->S.dy; k++) {
        W2[k * D->m + parked[k]] = 1;
        memcpy(V1 + parked[k] * D->dz, M + k * D->dz, D->dz * sizeof *V1);
    }
    to.W2 = W2;
    route_step(way, LEG_REWIRE, to);
    route_gauge(way, V1);
}

/* The block of g's shape with theta = 0; NULL for NULL. Precondition: all layers of g are equally wide. */
static block *block_zero_like(mem *arena, const block *g)
{
    return g ? block_place(arena, g->width[0], g->layers ? g->width[1] : g->width[0], g->layers,
                   mem_doubles(arena, block_size(g->width[0], g->width[g->layers], g->layers)))
             : NULL;
}

/* Where the route is, but with another W2 and V1 = V2 = theta = 0. */
static net_point route_without_block(route *way, const double *W2)
{
    const net_data *D = way->D;
    net_point to = way->at;
    to.W2 = W2;
    to.V1 = mem_doubles(way->arena, D->m * D->dz);
    to.V2 = mem_doubles(way->arena, D->dg * D->m);
    to.g = block_zero_like(way->arena, to.g);
    return to;
}

/* To W2 (0 on the parked units) without the block, which is parked: it fades while W2 grows, then W2 = I goes. */
static void route_shrink(route *way, const size_t *parked, const double *W2)
{
    const net_data *D = way->D;
    double *grown = mem_copy(way->arena, D->S.dy * D->m, W2);
    for (size_t k = 0; k < D->S.dy; k++)
        for (size_t a = 0; a < D->S.dy; a++)
            grown[a * D->m + parked[k]] = way->at.W2[a * D->m + parked[k]];
    net_point to = route_without_block(way, grown);
    route_step(way, LEG_SHRINK, to);
    to.W2 = W2;
    route_step(way, LEG_REWIRE, to);
}

/* To W2, which must not read what V1 is on, and without the block: W2 moves, then V2 and theta fall, then V1. */
static void route_interpolate(route *way, const double *W2)
{
    net_point to = way->at;
    net_point end = route_without_block(way, W2);
    to.W2 = W2;
    route_step(way, LEG_INTERPOLATE, to);
    to.V2 = end.V2;
    to.g = end.g;
    route_step(way, LEG_THETA, to);
    route_step(way, LEG_GAUGE, end);
}

/// 6 Routes: to two layers ///

/* From any network to a two-layer one of l units, its target, and so from any to any other: two such halves, the second
   walked backwards. The halves' own bundles give the units. */

/* How units are made free: merged into a star; deleted, those of least mass; whichever of the two costs less; or one
   after another, without any cost, by what finite data cannot see, which takes m >= N (dy + dg) + the number of
   units. */
enum half_how { HALF_CHEAPER, HALF_STAR, HALF_DELETE, HALF_REDUCE };

/* How a half is to be built. */
typedef struct {
    double chord;        /* of the bundle */
    bool park;           /* the block, if there are units enough */
    const size_t *other; /* the live units of the half that this one is to meet; NULL: there is none */
    enum half_how how;
} half_plan;

/* One half: the route, and what it was built with. */
typedef struct {
    route way;
    bundle Q;              /* l + dy units, or l */
    double star, deletion; /* what either would cost, from above; inf: not looked at */
    double cost;           /* of what was done */
    enum half_how how;
    net_target T;
    const size_t *live;   /* units of the bundle that get the target's l nodes */
    const size_t *parked; /* the other dy, which the block is parked on; NULL: it stays where it is */
} half_route;

/* No more than this many columns of W2 are needed to carry W2 V1. */
static size_t net_rank(const net_data *D) { return !D->dz ? 1 : D->S.dy < D->dz ? D->S.dy : D->dz; }

/* Which units of the bundle get the target's l nodes: the first l, but a unit that `other` uses for node k as well is
   given to node k, so that no node moves onto a unit that is in use. used: marks them among the bundle. */
static const size_t *half_assign(mem *arena, const bundle *Q, size_t l, const size_t *other, bool *used)
{
    size_t *live = mem_get(arena, l, sizeof *live);
    size_t next = 0;
    bool *fixed = mem_get(arena, l, sizeof *fixed);
    for (size_t k = 0; other && k < l; k++)
        for (size_t q = 0; q < Q->n; q++)
            if (Q->unit[q] == other[k]) {
                live[k] = other[k];
                used[q] = fixed[k] = true;
            }
    for (size_t k = 0; k < l; k++) {
        if (fixed[k])
            continue;
        while (used[next])
            next++;
        live[k] = Q->unit[next];
        used[next] = true;
    }
    return live;
}

/* The units of the bundle that are not used; NULL: there are none. */
static const size_t *half_rest(mem *arena, const bundle *Q, const bool *used)
{
    size_t *rest = mem_get(arena, Q->n, sizeof *rest);
    size_t n = 0;
    for (size_t q = 0; q < Q->n; q++)
        if (!used[q])
            rest[n++] = Q->unit[q];
    return n ? rest : NULL;
}

/* W2 (dy x m) of the target: its columns on the live units, 0 elsewhere. */
static double *half_target_W2(half_route *h)
{
    const net_data *D = h->way.D;
    double *W2 = mem_doubles(h->way.arena, D->S.dy * D->m);
    for (size_t a = 0; a < D->S.dy; a++)
        for (size_t k = 0; k < h->T.l; k++)
            W2[a * D->m + h->live[k]] = h->T.W2[a * h->T.l + k];
    return W2;
}

/* Are there units enough for finite data to let n of them die? */
static bool half_reducible(const net_data *D, size_t n) { return D->m >= D->S.N * (D->S.dy + D->dg) + n; }

/* Frees n units, as planned: leaves them in Q, ready to be merged away at no more cost than h->cost. */
static void half_free(mem *arena, half_route *h, const half_plan *plan, size_t n)
{
    const net_data *D = h->way.D;
    net_point settled = h->way.at;
    h->star = h->deletion = INFINITY;
    h->how = plan->how;
    if (h->how == HALF_REDUCE && half_reducible(D, n)) {
        h->cost = 0;
        route_reduce(&h->way, n);
        h->Q = bundle_least(arena, D, &h->way.at, n);
        return;
    }
    bundle least = bundle_least(arena, D, &settled, n);
    if (h->how != HALF_DELETE) {
        h->Q = bundle_choose(arena, D, &settled, n, plan->chord);
        h->star = bundle_cost_up(D, &settled, &h->Q);
    }
    if (h->how != HALF_STAR)
        h->deletion = bundle_cost_up(D, &settled, &least);
    h->how = h->deletion <= h->star ? HALF_DELETE : HALF_STAR;
    h->cost = fmin(h->deletion, h->star);
    if (h->how == HALF_STAR)
        return;
    h->Q = least;
    route_delete(&h->way, n, least.unit);
}

/* The half from p to the target T, l <= m - 1. With fewer than l + dy + min(dy, dz) units the block is not parked. */
static half_route half_make(
    mem *arena, const net_data *D, const net_target *T, const net_point *p, const half_plan *plan)
{
    half_route h = { .way = route_from(arena, D, p), .T = *T };
    bool park = plan->park && D->dz && T->l + D->S.dy + net_rank(D) <= D->m;
    size_t n = T->l + (park ? D->S.dy : 0);
    bool *used = mem_get(arena, n, sizeof *used);
    route_rescale(&h.way);
    half_free(arena, &h, plan, n);
    h.live = half_assign(arena, &h.Q, T->l, plan->other, used);
    h.parked = half_rest(arena, &h.Q, used);
    route_merge(&h.way, &h.Q);
    route_rewire(&h.way, n, h.Q.unit, T->l, h.live, T->W1);
    if (h.parked)
        route_park(&h.way, h.parked);
    const double *W2 = half_target_W2(&h);
    if (h.parked)
        route_shrink(&h.way, h.parked, W2);
    else
        route_interpolate(&h.way, W2);
    return h;
}

/* From the start of one half to that of another one with the same target: at the end of the first, the nodes' rows also
   onto the other's live units, the weights across, all rows to the other's; then the other half backwards. */
static route half_join(const half_route *a, const half_route *b)
{
    route way = route_copy(&a->way);
    route_rewire(&way, 0, NULL, a->T.l, b->live, a->T.W1);
    net_point to = way.at;
    to.W2 = b->way.at.W2;
    route_step(&way, LEG_LINEAR, to);
    route_step(&way, LEG_REWIRE, b->way.at);
    route_back(&way, &b->way);
    return way;
}

/// 6 Certificates ///

/* A certified path written out, every number exact, so that a second program can check it: vectors/certificate.py,
   which shares no code with this one and documents the format. Points and legs alternate; a matrix that did not
   change since the point before is `same`. */

/* What a certificate is written from: n legs and what was found out about them. */
typedef struct {
    const net_data *D;
    const leg *legs;
    size_t n;
    const path_report *report;
} path_kept;

/* n numbers as hexfloats, a space between two. */
static void cert_list(text *t, size_t n, const double *x)
{
    char hex[32];
    for (size_t i = 0; i < n; i++) {
        hex_print(hex, sizeof hex, x[i]);
        text_add(t, "%s%s", i ? " " : "", hex);
    }
}

/* The same, and the end of the line. */
static void cert_numbers(text *t, size_t n, const double *x)
{
    cert_list(t, n, x);
    text_add(t, "\n");
}

/* r x c numbers row by row, under a line with name and shape; `same` where they are those before (NULL: there is
   nothing before). */
static void cert_matrix(text *t, const char *name, size_t r, size_t c, const double *now, const double *before)
{
    if (before && all_equal(r * c, now, before)) {
        text_add(t, "%s same\n", name);
        return;
    }
    text_add(t, "%s %zu %zu\n", name, r, c);
    for (size_t i = 0; i < r; i++)
        cert_numbers(t, c, now + i * c);
}

/* The matrices that the network has, W1 (m x dx), W2 (dy x units), V1 (units x dz), V2 (dg x m), theta_1, theta_2, ...,
   and the risk. A V1 that changes between gauged and explicit is written anew. */
static void cert_point(text *t, const net_data *D, const net_point *p, const net_point *before, iv F)
{
    size_t units = net_units(D);
    char name[40];
    text_add(t, "point\n");
    if (D->m)
        cert_matrix(t, "W1", D->m, D->S.dx, p->W1, before ? before->W1 : NULL);
    cert_matrix(t, "W2", D->S.dy, units, p->W2, before ? before->W2 : NULL);
    const double *V1 = before && before->gauged == p->gauged ? before->V1 : NULL;
    bool repeated = V1 && all_equal(units * D->dz, p->V1, V1); /* "V1 same" says gauged, too */
    if (D->dz)
        cert_matrix(t, p->gauged && !repeated ? "V1 gauged" : "V1", units, D->dz, p->V1, V1);
    if (D->dz && D->m)
        cert_matrix(t, "V2", D->dg, D->m, p->V2, before ? before->V2 : NULL);
    for (size_t i = 0; D->dz && i < p->g->layers; i++) {
        snprintf(name, sizeof name, "theta %zu", i + 1);
        cert_matrix(t, name, p->g->width[i + 1], p->g->width[i], p->g->theta[i], before ? before->g->theta[i] : NULL);
    }
    text_add(t, "risk ");
    cert_numbers(t, 2, (double[]) { F.lo, F.hi });
}

/* N, dx, dy and a line for each sample: x, then y. */
static void cert_data(text *t, const sample_set *S)
{
    text_add(t, "data %zu %zu %zu\n", S->N, S->dx, S->dy);
    for (size_t s = 0; s < S->N; s++) {
        text_add(t, "sample ");
        cert_list(t, S->dx, S->X + s * S->dx);
        text_add(t, " ");
        cert_numbers(t, S->dy, S->Y + s * S->dy);
    }
}

/* The shape that all points of the path share: units, and the block's layers and widths. */
static void cert_shape(text *t, const net_data *D, const block *g)
{
    text_add(t, "width %zu\nblock ", D->m);
    if (!D->dz) {
        text_add(t, "none\n");
        return;
    }
    text_add(t, "%zu", g->layers);
    for (size_t i = 0; i <= g->layers; i++)
        text_add(t, " %zu", g->width[i]);
    text_add(t, "\n");
}

/* The left null vectors that a lift uses: at which end, then a line for each. Outputs are counted from 1. */
static void cert_null(text *t, size_t dy, const leg *l)
{
    const left_null *null = l->from.null ? l->from.null : l->to.null;
    if (l->type != LEG_LIFT || !null)
        return;
    text_add(t, "null %s %zu\n", l->from.null ? "first" : "last", null->n);
    for (size_t i = 0; i < null->n; i++) {
        text_add(t, "row %zu ", null->row[i] + 1);
        cert_numbers(t, dy, null->Q + i * dy);
    }
}

/* The certificate of a path; its last line is the SHA-256 of all lines before. */
static void cert_write(text *t, const char *claim_name, const char *case_name, uint64_t seed, const path_kept *k)
{
    const net_point *start = &k->legs[0].from;
    char digest[65];
    text_add(t, "skipverify certificate 1\nclaim %s\ncase %s\nseed %" PRIu64 "\nloss %s\nkappa ", claim_name, case_name,
        seed, k->D->S.L->name);
    cert_numbers(t, 1, &k->D->kappa);
    cert_data(t, &k->D->S);
    cert_shape(t, k->D, start->g);
    cert_point(t, k->D, start, NULL, k->report->at[0].F);
    for (size_t i = 0; i < k->n; i++) {
        text_add(t, "leg %s\n", leg_rules[k->legs[i].type].name);
        cert_null(t, k->D->S.dy, &k->legs[i]);
        cert_point(t, k->D, &k->legs[i].to, &k->legs[i].from, k->report->at[i + 1].F);
    }
    text_add(t, "bound ");
    cert_numbers(t, 1, &k->report->bound);
    text_digest(t->s, t->used, digest);
    text_add(t, "sha256 %s\n", digest);
}

/// 6 Landscapes: expressions ///

/* Functions of two parameters, given by a formula: numbers, x, y, + - * /, ^ with a whole exponent, abs, sqrt, sin,
   cos, max, min. A formula is parsed once into postfix and evaluated on a box in the arithmetic of enclosures,
   together with its derivatives up to order two (forward differentiation). Where abs, max and min have a kink inside
   the box, x and y enclose Clarke's generalised gradient, which is what mean values of Lipschitz functions need, and
   nothing is known of order two. Where abs has one on the edge of the box, they enclose the gradients inside only:
   enough for mean values, and for a least value at the edge. Where a part of the formula may be undefined on the box
   (a pole, the root of a negative number), nothing is known, whatever is done to that part. */

/* F, its gradient and its Hessian; what is above `order` is not computed. lost: a part may be undefined. */
typedef struct {
    iv F, x, y, xx, xy, yy;
    int order;
    bool lost;
} jet;

static jet jet_constant(iv c, int order) { return (jet) { .F = c, .order = order }; }

/* The same, of what is made from a. */
static jet jet_from(jet a, iv c) { return (jet) { .F = c, .order = a.order, .lost = a.lost }; }

static jet jet_nothing(int order)
{
    return (jet) { iv_all(), iv_all(), iv_all(), iv_all(), iv_all(), iv_all(), order, true };
}

/* x (0) or y (1) itself. */
static jet jet_variable(iv x, int which, int order)
{
    jet j = jet_constant(x, order);
    *(which ? &j.y : &j.x) = iv_of(1);
    return j;
}

/* a + b; the derivatives likewise. */
static jet jet_add(jet a, jet b)
{
    a.lost |= b.lost;
    a.F = iv_add(a.F, b.F);
    if (a.order < 1)
        return a;
    a.x = iv_add(a.x, b.x);
    a.y = iv_add(a.y, b.y);
    if (a.order < 2)
        return a;
    a.xx = iv_add(a.xx, b.xx);
    a.xy = iv_add(a.xy, b.xy);
    a.yy = iv_add(a.yy, b.yy);
    return a;
}

/* a b: (ab)_x = a b_x + a_x b, (ab)_xx = a b_xx + a_xx b + 2 a_x b_x, (ab)_xy = a b_xy + a_xy b + a_x b_y + a_y b_x. */
static jet jet_mul(jet a, jet b)
{
    jet p = jet_from(a, iv_mul(a.F, b.F));
    p.lost |= b.lost;
    if (a.order < 1)
        return p;
    p.x = iv_cross(a.F, b.x, a.x, b.F);
    p.y = iv_cross(a.F, b.y, a.y, b.F);
    if (a.order < 2)
        return p;
    p.xx = iv_add(iv_cross(a.F, b.xx, a.xx, b.F), iv_scale(2, iv_mul(a.x, b.x)));
    p.yy = iv_add(iv_cross(a.F, b.yy, a.yy, b.F), iv_scale(2, iv_mul(a.y, b.y)));
    p.xy = iv_add(iv_cross(a.F, b.xy, a.xy, b.F), iv_cross(a.x, b.y, a.y, b.x));
    return p;
}

/* h(a), from enclosures of h, h' and h'' on a.F: the chain rule, h_x = h' a_x, h_xy = h' a_xy + h'' a_x a_y. */
static jet jet_chain(jet a, iv h, iv h1, iv h2)
{
    jet p = jet_from(a, h);
    if (a.order < 1)
        return p;
    p.x = iv_mul(h1, a.x);
    p.y = iv_mul(h1, a.y);
    if (a.order < 2)
        return p;
    p.xx = iv_add(iv_mul(h1, a.xx), iv_mul(h2, iv_sqr(a.x)));
    p.xy = iv_add(iv_mul(h1, a.xy), iv_mul(h2, iv_mul(a.x, a.y)));
    p.yy = iv_add(iv_mul(h1, a.yy), iv_mul(h2, iv_sqr(a.y)));
    return p;
}

static jet jet_neg(jet a) { return jet_chain(a, iv_neg(a.F), iv_of(-1), iv_of(0)); }

static jet jet_power(jet a, size_t n)
{
    if (n == 0)
        return jet_from(a, iv_of(1));
    iv h1 = iv_scale((double)n, iv_power(a.F, n - 1));
    iv h2 = n > 1 ? iv_scale((double)(n * (n - 1)), iv_power(a.F, n - 2)) : iv_of(0);
    return jet_chain(a, iv_power(a.F, n), h1, h2);
}

static jet jet_inverse(jet a)
{
    if (iv_has(a.F, 0))
        return jet_nothing(a.order);
    iv h = iv_div(iv_of(1), a.F);
    iv square = iv_sqr(h);
    return jet_chain(a, h, iv_neg(square), iv_scale(2, iv_mul(square, h)));
}

static jet jet_sqrt(jet a)
{
    if (a.F.lo < 0)
        return jet_nothing(a.order);
    iv h = iv_sqrt(a.F);
    iv h1 = iv_div(iv_of(0.5), h);
    return jet_chain(a, h, h1, iv_neg(iv_div(iv_scale(0.5, h1), a.F)));
}

static jet jet_abs(jet a)
{
    if (a.F.lo >= 0 && a.F.hi > 0)
        return a;
    if (a.F.hi <= 0 && a.F.lo < 0)
        return jet_neg(a);
    return jet_chain(a, iv_abs(a.F), (iv) { -1, 1 }, iv_all());
}

/* Where either may be the larger one, Clarke's gradient lies in the hull of both. */
static jet jet_max(jet a, jet b)
{
    if (a.lost || b.lost)
        return jet_nothing(a.order);
    if (a.F.lo > b.F.hi)
        return a;
    if (b.F.lo > a.F.hi)
        return b;
    return (
        jet) { iv_max(a.F, b.F), iv_hull(a.x, b.x), iv_hull(a.y, b.y), iv_all(), iv_all(), iv_all(), a.order, false };
}

static jet jet_min(jet a, jet b) { return jet_neg(jet_max(jet_neg(a), jet_neg(b))); }
static jet jet_sin(jet a) { return jet_chain(a, iv_sin(a.F), iv_cos(a.F), iv_neg(iv_sin(a.F))); }
static jet jet_cos(jet a) { return jet_chain(a, iv_cos(a.F), iv_neg(iv_sin(a.F)), iv_neg(iv_cos(a.F))); }
static jet jet_sub(jet a, jet b) { return jet_add(a, jet_neg(b)); }
static jet jet_div(jet a, jet b) { return jet_mul(a, jet_inverse(b)); }

/* A formula in postfix, of at most EXPR_MAX operations: a number or a variable, or what is done to the one or two on
   top of the stack. */
enum { EXPR_MAX = 200, EXPR_DEPTH = 32, EXPR_POWER = 64 };
enum expr_code { EXPR_NUMBER, EXPR_X, EXPR_Y, EXPR_RAISE, EXPR_ONE, EXPR_TWO };
typedef struct {
    enum expr_code code;
    iv number;
    size_t power; /* the exponent of EXPR_RAISE */
    jet (*one)(jet);
    jet (*two)(jet, jet);
} expr_op;
typedef struct {
    size_t n;
    expr_op op[EXPR_MAX];
} expr;

static const struct expr_function {
    const char *name;
    jet (*one)(jet);
    jet (*two)(jet, jet);
} expr_functions[] = {
    { "abs", jet_abs, NULL },
    { "sqrt", jet_sqrt, NULL },
    { "sin", jet_sin, NULL },
    { "cos", jet_cos, NULL },
    { "max", NULL, jet_max },
    { "min", NULL, jet_min },
};

/* Recursive descent: sum = product {+- product}, product = power {*|/ power}, power = -power | atom [^ digits], atom
   = number | x | y | name(sum[, sum]) | (sum). The first thing wrong is remembered, with its place. */
typedef struct {
    const char *start, *at;
    expr *e;
    int depth;
    const char *wrong;
    size_t column;
} expr_reader;

static void expr_sum(expr_reader *r);

static void expr_wrong(expr_reader *r, const char *expected)
{
    if (r->wrong)
        return;
    r->wrong = expected;
    r->column = (size_t)(r->at - r->start) + 1;
}

static void expr_push(expr_reader *r, expr_op op)
{
    if (r->e->n == EXPR_MAX)
        expr_wrong(r, "a shorter formula");
    else
        r->e->op[r->e->n++] = op;
}

static char expr_peek(expr_reader *r)
{
    while (*r->at == ' ')
        r->at++;
    return *r->at;
}

static bool expr_accept(expr_reader *r, char c)
{
    if (r->wrong || expr_peek(r) != c)
        return false;
    r->at++;
    return true;
}

static void expr_expect(expr_reader *r, char c, const char *expected)
{
    if (!expr_accept(r, c))
        expr_wrong(r, expected);
}

/* A decimal number of at most 15 digits: an exact whole number over a power of ten, divided outward. */
static void expr_number(expr_reader *r)
{
    double whole = 0;
    double unit = 1;
    int digits = 0;
    bool point = false;
    const char *first = r->at;
    for (; (*r->at >= '0' && *r->at <= '9') || (*r->at == '.' && !point); r->at++) {
        if (*r->at == '.') {
            point = true;
            continue;
        }
        whole = 10 * whole + (*r->at - '0');
        if (point)
            unit *= 10;
        digits++;
    }
    if (digits < 1 || digits > 15) {
        r->at = first;
        expr_wrong(r, "a number of 1 to 15 digits");
    }
    expr_push(r, (expr_op) { .code = EXPR_NUMBER, .number = iv_div(iv_of(whole), iv_of(unit)) });
}

/* The arguments of f, its name just read. */
static void expr_call(expr_reader *r, const struct expr_function *f)
{
    expr_expect(r, '(', "'(' after the function");
    expr_sum(r);
    if (f->two) {
        expr_expect(r, ',', "',' and a second argument");
        expr_sum(r);
    }
    expr_expect(r, ')', "')'");
    expr_push(r, (expr_op) { .code = f->two ? EXPR_TWO : EXPR_ONE, .one = f->one, .two = f->two });
}

/* A number, x, y, a function's name and its arguments, or a sum in brackets. */
static void expr_atom(expr_reader *r)
{
    char c = expr_peek(r);
    if (r->wrong)
        return;
    if ((c >= '0' && c <= '9') || c == '.') {
        expr_number(r);
        return;
    }
    if (expr_accept(r, '(')) {
        expr_sum(r);
        expr_expect(r, ')', "')'");
        return;
    }
    for (size_t i = 0; i < COUNT(expr_functions); i++) {
        size_t n = strlen(expr_functions[i].name);
        if (strncmp(r->at, expr_functions[i].name, n))
            continue;
        r->at += n;
        expr_call(r, &expr_functions[i]);
        return;
    }
    if (c != 'x' && c != 'y') {
        expr_wrong(r, "a number, x, y, abs, sqrt, sin, cos, max, min or '('");
        return;
    }
    r->at++;
    expr_push(r, (expr_op) { .code = c == 'x' ? EXPR_X : EXPR_Y });
}

/* [^ digits]: nothing, or the whole exponent of what was just read. */
static void expr_exponent(expr_reader *r)
{
    if (!expr_accept(r, '^'))
        return;
    size_t n = 0;
    bool digit = expr_peek(r) >= '0' && *r->at <= '9';
    const char *first = r->at;
    for (; *r->at >= '0' && *r->at <= '9' && n <= EXPR_POWER; r->at++)
        n = 10 * n + (size_t)(*r->at - '0');
    if (!digit || n > EXPR_POWER) {
        r->at = first;
        expr_wrong(r, "a whole exponent from 0 to 64");
    }
    expr_push(r, (expr_op) { .code = EXPR_RAISE, .power = n });
}

/* -power, or an atom and its exponent: -x^2 is -(x^2). */
static void expr_power(expr_reader *r)
{
    if (expr_accept(r, '-')) {
        if (++r->depth > EXPR_DEPTH)
            expr_wrong(r, "less nesting");
        else
            expr_power(r);
        r->depth--;
        expr_push(r, (expr_op) { .code = EXPR_ONE, .one = jet_neg });
        return;
    }
    expr_atom(r);
    expr_exponent(r);
}

/* power {*|/ power}, from the left. */
static void expr_product(expr_reader *r)
{
    expr_power(r);
    for (;;) {
        jet (*two)(jet, jet) = expr_accept(r, '*') ? jet_mul : expr_accept(r, '/') ? jet_div : NULL;
        if (!two)
            return;
        expr_power(r);
        expr_push(r, (expr_op) { .code = EXPR_TWO, .two = two });
    }
}

/* product {+- product}, from the left. Nesting is bounded here and at signs. */
static void expr_sum(expr_reader *r)
{
    if (++r->depth > EXPR_DEPTH)
        expr_wrong(r, "less nesting");
    if (!r->wrong)
        expr_product(r);
    for (;;) {
        jet (*two)(jet, jet) = expr_accept(r, '+') ? jet_add : expr_accept(r, '-') ? jet_sub : NULL;
        if (!two)
            break;
        expr_product(r);
        expr_push(r, (expr_op) { .code = EXPR_TWO, .two = two });
    }
    r->depth--;
}

/* Parses a formula. NULL, or what was expected at *column (from 1). */
static const char *expr_parse(const char *formula, expr *e, size_t *column)
{
    expr_reader r = { formula, formula, e, 0, NULL, 0 };
    e->n = 0;
    expr_sum(&r);
    if (!r.wrong && expr_peek(&r))
        expr_wrong(&r, "an operator or the end");
    *column = r.column;
    return r.wrong;
}

/* The formula on the box x, y with derivatives up to `order`. Operands wait on the stack: at most three for each level
   of nesting (the left ones of a sum and of a product, a first argument), and what is at work. */
static jet expr_at(const expr *e, iv x, iv y, int order)
{
    jet s[3 * EXPR_DEPTH + 4];
    size_t n = 0;
    for (const expr_op *o = e->op; o < e->op + e->n; o++)
        switch (o->code) {
        case EXPR_NUMBER:
            s[n++] = jet_constant(o->number, order);
            break;
        case EXPR_X:
            s[n++] = jet_variable(x, 0, order);
            break;
        case EXPR_Y:
            s[n++] = jet_variable(y, 1, order);
            break;
        case EXPR_RAISE:
            s[n - 1] = jet_power(s[n - 1], o->power);
            break;
        case EXPR_ONE:
            s[n - 1] = o->one(s[n - 1]);
            break;
        case EXPR_TWO:
            n--;
            s[n - 1] = o->two(s[n - 1], s[n]);
            break;
        }
    return s[0].lost ? jet_nothing(order) : s[0];
}

static bool expr_has_kinks(const expr *e)
{
    for (const expr_op *o = e->op; o < e->op + e->n; o++)
        if (o->one == jet_abs || o->two == jet_max || o->two == jet_min)
            return true;
    return false;
}

/* The program's own formulas. */
static void expr_must(const char *formula, expr *e)
{
    size_t column;
    const char *wrong = expr_parse(formula, e, &column);
    if (wrong)
        die(EXIT_UNDECIDED, "internal: %s, column %zu: expected %s", formula, column, wrong);
}

/* F on a box: what the formula gives, and the mean value form F(c) + grad F (box - c), whose excess is of second
   order in the size. */
static iv expr_range(const expr *e, iv x, iv y)
{
    iv cx = iv_of(iv_mid(x));
    iv cy = iv_of(iv_mid(y));
    jet j = expr_at(e, x, y, 1);
    jet c = expr_at(e, cx, cy, 0);
    return iv_meet(j.F, iv_add(c.F, iv_cross(j.x, iv_sub(x, cx), j.y, iv_sub(y, cy))));
}

/// 6 Landscapes: stationary points ///

/* All points of a box where the gradient is 0, each isolated, proved to exist and to be alone in its neighbourhood,
   and classified by the Hessian. Krawczyk's operator: with c the centre, Y near the inverse of the Hessian, K = c -
   Y grad F(c) + (I - Y H(box)) (box - c) contains every zero of the box; if K lies inside the box, there is exactly
   one. Boxes whose gradient or value excludes them are dropped, the others split. A box is inflated before K is
   applied, so that a zero on the edge of a box is no trouble; it is then found from all sides and counted once. What
   cannot be decided is counted as unresolved. */

enum kind { MINIMUM, SADDLE, MAXIMUM, DEGENERATE };
static const char *const kind_names[] = { "minimum", "saddle", "maximum", "degenerate" };
enum {
    STAT_MAX = 64,
    STAT_BOXES = 200000,
    STAT_SPLITS = 80,
    STAT_GAPS = 20,
    RIM_MAX = 32,
    RIM_SPLITS = 60,
    RIM_PIECES = 4096
};

/* A stationary point in x, y, with its value; the only one in alone_x, alone_y. */
typedef struct {
    iv x, y, F, alone_x, alone_y;
    enum kind kind;
} stat_point;

/* Why a place could not be decided. */
enum gap_reason {
    GAP_UNDEFINED,
    GAP_STEEP,
    GAP_KINK,
    GAP_SINGULAR,
    GAP_EDGE,
    GAP_FLAT,
    GAP_SMALL,
    GAP_BUDGET,
    GAP_REASONS
};
static const char *const gap_names[GAP_REASONS] = {
    [GAP_UNDEFINED] = "the formula may be undefined there (a pole, a root of what may be negative)",
    [GAP_STEEP] = "the derivatives may be unbounded there, or too large for a double",
    [GAP_KINK] = "there may be a kink (abs, max, min)",
    [GAP_SINGULAR] = "the Hessian may be singular there: a curve of stationary points, or a degenerate one",
    [GAP_EDGE] = "a stationary point lies on the edge of what is searched, or too near to another one",
    [GAP_FLAT] = "a minimum on the edge of the box could not be told: F may be flat along the edge, or across it",
    [GAP_SMALL] = "boxes cannot be halved further",
    [GAP_BUDGET] = "the budget of boxes is spent",
};

/* A box that holds undecided places, all of one reason. */
typedef struct {
    iv x, y;
    enum gap_reason reason;
} stat_gap;

/* A box is inflated by that part of its width. */
#define STAT_INFLATE 0.125

/* A box to be searched, after so many halvings. */
typedef struct {
    iv x, y;
    int splits;
} stat_cell;

/* The search for those in x, y with F in level: n found, `unresolved` boxes left that cannot be decided, in `gaps`
   places; full: it ended because there are more than STAT_MAX points. rim: the minima on the edge of the box, rims of
   them, if they were sought. */
typedef struct {
    const expr *e;
    iv x, y, level;
    size_t n, unresolved, boxes, gaps, rims;
    bool full;
    stat_point at[STAT_MAX], rim[RIM_MAX];
    stat_gap gap[STAT_GAPS];
} stat_search;

/* e with |h| in [2^(e - 1), 2^e); of 0, or what is not finite, that of another. */
static int stat_exponent(double h, double another)
{
    int e;
    if (h == 0 || !mat_exponent(1, &h, &e))
        return mat_exponent(1, &another, &e) ? e : 0;
    return e;
}

/* Units of x and y, powers of two, in which the Hessian [a b; b d] has no entry above some 4, and one near 1 in each
   row: then the size of x, y or F does not matter to what is made of it. */
static void stat_units(double a, double b, double d, double *u, double *v)
{
    int x = -stat_exponent(a, b) / 2;
    int y = -stat_exponent(d, b) / 2;
    int over = stat_exponent(b, 0) + x + y;
    if (b != 0 && over > 0) {
        x -= (over + 1) / 2;
        y -= (over + 1) / 2;
    }
    *u = two_to(x > -1000 ? x : -1000);
    *v = two_to(y > -1000 ? y : -1000);
}

/* Y = [p q; q r] near the inverse of [a b; b d]. False: that is singular, or nearly. */
static bool stat_inverse(double a, double b, double d, iv *p, iv *q, iv *r)
{
    double u, v;
    stat_units(a, b, d, &u, &v);
    a = a * u * u;
    b = b * u * v;
    d = d * v * v;
    double det = a * d - b * b;
    if (!(__builtin_fabs(det) > 0x1p-500 && __builtin_fabs(det) < 0x1p500))
        return false;
    *p = iv_of(d / det * u * u);
    *q = iv_of(-b / det * u * v);
    *r = iv_of(a / det * v * v);
    return true;
}

/* K(x, y) = c - Y grad F(c) + (I - Y H(x, y)) ((x, y) - c), Y = [p q; q r] near the inverse of the Hessian's midpoint.
   False: that is singular, or nearly. */
static bool krawczyk(const expr *e, iv x, iv y, iv *kx, iv *ky)
{
    iv cx = iv_of(iv_mid(x));
    iv cy = iv_of(iv_mid(y));
    iv dx = iv_sub(x, cx);
    iv dy = iv_sub(y, cy);
    jet c = expr_at(e, cx, cy, 1);
    jet j = expr_at(e, x, y, 2);
    iv p, q, r;
    if (!stat_inverse(iv_mid(j.xx), iv_mid(j.xy), iv_mid(j.yy), &p, &q, &r))
        return false;
    iv one = iv_of(1);
    iv m11 = iv_sub(one, iv_cross(p, j.xx, q, j.xy));
    iv m12 = iv_neg(iv_cross(p, j.xy, q, j.yy));
    iv m21 = iv_neg(iv_cross(q, j.xx, r, j.xy));
    iv m22 = iv_sub(one, iv_cross(q, j.xy, r, j.yy));
    *kx = iv_add(iv_sub(cx, iv_cross(p, c.x, q, c.y)), iv_cross(m11, dx, m12, dy));
    *ky = iv_add(iv_sub(cy, iv_cross(q, c.x, r, c.y)), iv_cross(m21, dx, m22, dy));
    return true;
}

/* a, larger by `part` of its width, and a little, on either side. */
static iv iv_inflate(iv a, double part)
{
    double r = part * (a.hi - a.lo) + 0x1p-60 * iv_mag(a) + 0x1p-1000;
    return iv_make(add_dn(a.lo, -r), add_up(a.hi, r));
}

/* det H, in such units: its sign is that of det H. */
static iv stat_determinant(const jet *j)
{
    double u, v;
    stat_units(iv_mag(j->xx), iv_mag(j->xy), iv_mag(j->yy), &u, &v);
    return iv_sub(iv_mul(iv_scale(u * u, j->xx), iv_scale(v * v, j->yy)), iv_sqr(iv_scale(u * v, j->xy)));
}

/* By the signs of det H and of F_xx over x, y. */
static enum kind stat_kind(const expr *e, iv x, iv y)
{
    jet j = expr_at(e, x, y, 2);
    iv det = stat_determinant(&j);
    if (det.hi < 0)
        return SADDLE;
    if (!(det.lo > 0))
        return DEGENERATE;
    return j.xx.lo > 0 ? MINIMUM : j.xx.hi < 0 ? MAXIMUM : DEGENERATE;
}

/* The zero that lies in x, y, alone: enclosed as narrowly as K allows; a point where the gradient is exactly 0, if
   it is a multiple of 2^-10. */
static void stat_polish(const expr *e, iv *x, iv *y)
{
    iv kx, ky;
    for (int i = 0; i < 60 && krawczyk(e, *x, *y, &kx, &ky); i++) {
        kx = iv_meet(kx, *x);
        ky = iv_meet(ky, *y);
        if (!(kx.hi - kx.lo < x->hi - x->lo || ky.hi - ky.lo < y->hi - y->lo))
            break;
        *x = kx;
        *y = ky;
    }
    double px = dyadic(iv_mid(*x));
    double py = dyadic(iv_mid(*y));
    jet at = expr_at(e, iv_of(px), iv_of(py), 1);
    if (!iv_has(*x, px) || !iv_has(*y, py) || !iv_is(at.x, 0) || !iv_is(at.y, 0))
        return;
    *x = iv_of(px);
    *y = iv_of(py);
}

static bool iv_infinite(iv a) { return !is_finite(a.lo) || !is_finite(a.hi); }

/* Why nothing could be decided on a box. */
static enum gap_reason stat_reason(const stat_search *s, const stat_cell *c)
{
    jet j = expr_at(s->e, iv_inflate(c->x, STAT_INFLATE), iv_inflate(c->y, STAT_INFLATE), 2);
    if (j.lost)
        return GAP_UNDEFINED;
    if (iv_infinite(j.x) || iv_infinite(j.y))
        return GAP_STEEP;
    if (iv_infinite(j.xx) || iv_infinite(j.xy) || iv_infinite(j.yy))
        return expr_has_kinks(s->e) ? GAP_KINK : GAP_STEEP;
    if (iv_has(stat_determinant(&j), 0))
        return GAP_SINGULAR;
    return c->splits == STAT_SPLITS ? GAP_SMALL : GAP_BUDGET;
}

/* Puts a box into the place g, if that is of the reason, and touches the box or must take it all the same. */
static bool gap_takes(stat_gap *g, const stat_gap *box, bool must)
{
    if (g->reason != box->reason || (!must && (iv_apart(g->x, box->x) || iv_apart(g->y, box->y))))
        return false;
    g->x = iv_hull(g->x, box->x);
    g->y = iv_hull(g->y, box->y);
    return true;
}

/* Counts an undecided box, in a place of its reason. The last GAP_REASONS places are for reasons that have none yet. */
static void stat_leave(stat_search *s, iv x, iv y, enum gap_reason reason)
{
    const stat_gap box = { x, y, reason };
    s->unresolved++;
    for (int must = s->gaps < STAT_GAPS - GAP_REASONS ? 0 : 1, all = 0; all <= must; all++)
        for (size_t i = 0; i < s->gaps; i++)
            if (gap_takes(&s->gap[i], &box, all))
                return;
    s->gap[s->gaps++] = box;
}

/* Two places of one reason that touch become one; false: there are none. */
static bool stat_join(stat_search *s)
{
    for (size_t i = 0; i < s->gaps; i++)
        for (size_t k = 0; k < i; k++)
            if (gap_takes(&s->gap[k], &s->gap[i], false)) {
                s->gap[i] = s->gap[--s->gaps];
                return true;
            }
    return false;
}

/* The zero that is alone in ax, ay and lies in x, y, unless it is known already or lies outside what is searched. */
static void stat_note(stat_search *s, iv ax, iv ay, iv x, iv y)
{
    stat_polish(s->e, &x, &y);
    iv F = expr_range(s->e, x, y);
    if (iv_apart(x, s->x) || iv_apart(y, s->y) || iv_apart(F, s->level))
        return;
    bool fine = iv_within(x, s->x) && iv_within(y, s->y);
    for (size_t i = 0; i < s->n; i++) {
        stat_point *t = &s->at[i];
        if (iv_apart(x, t->x) || iv_apart(y, t->y))
            continue;
        if (iv_within(x, t->alone_x) && iv_within(y, t->alone_y))
            return;
        fine = false;
    }
    if (!fine) {
        stat_leave(s, x, y, GAP_EDGE);
        return;
    }
    if (s->n == STAT_MAX) {
        s->full = true;
        s->unresolved++;
        return;
    }
    s->at[s->n++] = (stat_point) { x, y, F, ax, ay, stat_kind(s->e, x, y) };
}

/* Is there nothing to be found in x, y: no zero of the gradient by either form of it, no value in the level, or only a
   point that is known? */
static bool stat_excluded(const stat_search *s, iv x, iv y)
{
    iv cx = iv_of(iv_mid(x));
    iv cy = iv_of(iv_mid(y));
    iv dx = iv_sub(x, cx);
    iv dy = iv_sub(y, cy);
    jet j = expr_at(s->e, x, y, 2);
    jet c = expr_at(s->e, cx, cy, 1);
    iv gx = iv_add(c.x, iv_cross(j.xx, dx, j.xy, dy));
    iv gy = iv_add(c.y, iv_cross(j.xy, dx, j.yy, dy));
    if (!iv_has(j.x, 0) || !iv_has(j.y, 0) || !iv_has(gx, 0) || !iv_has(gy, 0))
        return true;
    if (iv_apart(j.F, s->level) || iv_apart(iv_add(c.F, iv_cross(j.x, dx, j.y, dy)), s->level))
        return true;
    for (size_t i = 0; i < s->n; i++)
        if (iv_within(x, s->at[i].alone_x) && iv_within(y, s->at[i].alone_y))
            return true;
    return false;
}

/* Looks into a box, inflated: a kink on the edge of a box must lie inside one. True where that decides it: there is
   nothing, or a zero that is noted. */
static bool stat_decide(stat_search *s, const stat_cell *c)
{
    iv ax = iv_inflate(c->x, STAT_INFLATE);
    iv ay = iv_inflate(c->y, STAT_INFLATE);
    iv kx, ky;
    if (stat_excluded(s, ax, ay))
        return true;
    if (!krawczyk(s->e, ax, ay, &kx, &ky))
        return false;
    if (iv_apart(kx, c->x) || iv_apart(ky, c->y))
        return true;
    if (!iv_inside(kx, ax) || !iv_inside(ky, ay))
        return false;
    stat_note(s, ax, ay, kx, ky);
    return true;
}

/* The half of a box, across the side that is longer in proportion to the whole. */
static stat_cell stat_half(const stat_search *s, const stat_cell *c, bool upper)
{
    stat_cell half = *c;
    bool wide = (c->x.hi - c->x.lo) / (s->x.hi - s->x.lo) >= (c->y.hi - c->y.lo) / (s->y.hi - s->y.lo);
    iv *side = wide ? &half.x : &half.y;
    double at = iv_mid(*side);
    *side = upper ? (iv) { at, side->hi } : (iv) { side->lo, at };
    half.splits++;
    return half;
}

/* Breadth first, so that a place which cannot be decided does not spend the budget of the others: boxes wait in a
   queue; those that are not decided are halved, or left when they have been halved often enough or the budget ends. */
static void stat_search_all(stat_search *s)
{
    size_t room = 1024;
    size_t n = 1;
    stat_cell *queue = malloc(room * sizeof *queue);
    if (queue)
        queue[0] = (stat_cell) { s->x, s->y, 0 };
    for (size_t i = 0; queue && i < n && !s->full; i++) {
        stat_cell c = queue[i];
        bool spent = s->boxes >= STAT_BOXES;
        if (!spent) {
            s->boxes++;
            if (stat_decide(s, &c))
                continue;
        }
        if (spent || c.splits == STAT_SPLITS) {
            stat_leave(s, c.x, c.y, stat_reason(s, &c));
            continue;
        }
        if (n + 2 > room) {
            room *= 2;
            stat_cell *more = realloc(queue, room * sizeof *more);
            if (!more)
                free(queue);
            queue = more;
        }
        for (int upper = 0; queue && upper < 2; upper++)
            queue[n++] = stat_half(s, &c, upper);
    }
    if (!queue)
        die(EXIT_SYSTEM, "out of memory: %zu boxes of a search", room);
    free(queue);
}

/* By value, then by x, then by y. */
static bool stat_before(const stat_point *s, const stat_point *t)
{
    if (iv_apart(s->F, t->F))
        return s->F.lo < t->F.lo;
    if (iv_apart(s->x, t->x))
        return s->x.lo < t->x.lo;
    return s->y.lo < t->y.lo;
}

static void stat_sort(size_t n, stat_point *at)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k && stat_before(&at[k], &at[k - 1]); k--) {
            stat_point t = at[k];
            at[k] = at[k - 1];
            at[k - 1] = t;
        }
}

/* All stationary points in x, y with F in level, in the order of stat_before. */
static void stat_find(stat_search *s, const expr *e, iv x, iv y, iv level)
{
    *s = (stat_search) { .e = e, .x = x, .y = y, .level = level };
    stat_search_all(s);
    while (stat_join(s))
        ;
    stat_sort(s->n, s->at);
}

static size_t stat_count(const stat_search *s, enum kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->at[i].kind == kind;
    return n;
}

/// 6 Landscapes: minima on the edge of a box ///

/* Local minima of F on a box that lie on its edge: inside a side where F has a strict minimum along it and rises
   inward; in a corner where it rises inward along both sides. Where the gradient is 0 too it is a stationary point,
   found before. Along a side: Newton's operator in one variable, as Krawczyk's above. */

/* A side: one variable is `at`, the other one in `along`; inward: 1 or -1. */
typedef struct {
    double at;
    iv along;
    bool vertical;
    int inward;
} box_side;

/* F, its slope and second derivative along a side, and its slope inward, over t. */
typedef struct {
    iv F, slope, bend, across;
    bool lost;
} side_jet;

static void side_place(const box_side *b, iv t, iv *x, iv *y)
{
    *x = b->vertical ? iv_of(b->at) : t;
    *y = b->vertical ? t : iv_of(b->at);
}

static side_jet side_at(const stat_search *s, const box_side *b, iv t)
{
    iv x, y;
    side_place(b, t, &x, &y);
    jet j = expr_at(s->e, x, y, 2);
    iv across = b->vertical ? j.x : j.y;
    return (side_jet) { j.F, b->vertical ? j.y : j.x, b->vertical ? j.yy : j.xx,
        b->inward > 0 ? across : iv_neg(across), j.lost };
}

/* The first of the points that touches x, y, or NULL. */
static const stat_point *rim_touching(size_t n, const stat_point *at, iv x, iv y)
{
    for (size_t i = 0; i < n; i++)
        if (!iv_apart(x, at[i].x) && !iv_apart(y, at[i].y))
            return &at[i];
    return NULL;
}

/* A minimum, unless it is known: from the other piece or the other side that it lies on. */
static void rim_add(stat_search *s, iv x, iv y, iv F)
{
    if (rim_touching(s->rims, s->rim, x, y))
        return;
    if (s->rims == RIM_MAX)
        stat_leave(s, x, y, GAP_BUDGET);
    else
        s->rim[s->rims++] = (stat_point) { x, y, F, x, y, MINIMUM };
}

/* Newton's operator about the middle of t. */
static iv side_newton(const stat_search *s, const box_side *b, iv t, iv bend)
{
    iv c = iv_of(iv_mid(t));
    return iv_sub(c, iv_div(side_at(s, b, c).slope, bend));
}

/* The zero of the slope that is alone in t: a minimum, none, or not known. */
static void rim_note(stat_search *s, const box_side *b, iv t)
{
    iv x, y;
    for (int i = 0; i < 60; i++) {
        iv next = iv_meet(t, side_newton(s, b, t, side_at(s, b, t).bend));
        if (!(next.hi - next.lo < t.hi - t.lo))
            break;
        t = next;
    }
    double p = dyadic(iv_mid(t));
    if (iv_has(t, p) && iv_is(side_at(s, b, iv_of(p)).slope, 0))
        t = iv_of(p);
    side_jet j = side_at(s, b, t);
    side_place(b, t, &x, &y);
    if (iv_apart(t, b->along) || j.across.hi < 0 || j.bend.hi < 0)
        return;
    if (iv_within(t, b->along) && j.across.lo > 0 && j.bend.lo > 0)
        rim_add(s, x, y, j.F);
    else if (!rim_touching(s->n, s->at, x, y))
        stat_leave(s, x, y, iv_within(t, b->along) ? GAP_FLAT : GAP_EDGE);
}

/* Looks into a piece of a side, inflated; true where that decides it. */
static bool rim_decide(stat_search *s, const box_side *b, iv t)
{
    iv wide = iv_inflate(t, STAT_INFLATE);
    side_jet j = side_at(s, b, wide);
    iv c = iv_of(iv_mid(wide));
    iv slope = iv_add(side_at(s, b, c).slope, iv_mul(j.bend, iv_sub(wide, c)));
    if (!iv_has(j.slope, 0) || !iv_has(slope, 0) || j.across.hi < 0 || j.bend.hi < 0)
        return true;
    if (iv_has(j.bend, 0))
        return false;
    iv next = side_newton(s, b, wide, j.bend);
    if (iv_apart(next, t))
        return true;
    if (!iv_inside(next, wide))
        return false;
    rim_note(s, b, next);
    return true;
}

/* A piece of a side that could not be decided, with the reason. */
static void rim_leave(stat_search *s, const box_side *b, iv t)
{
    iv x, y;
    side_jet j = side_at(s, b, iv_inflate(t, STAT_INFLATE));
    enum gap_reason why = GAP_FLAT;
    if (j.lost)
        why = GAP_UNDEFINED;
    else if (iv_infinite(j.slope) || iv_infinite(j.across))
        why = GAP_STEEP;
    else if (iv_infinite(j.bend) && expr_has_kinks(s->e))
        why = GAP_KINK;
    side_place(b, t, &x, &y);
    stat_leave(s, x, y, why);
}

/* A side, breadth first: pieces that are not decided are halved, until there are RIM_PIECES, or RIM_SPLITS halvings. */
static void rim_side(stat_search *s, const box_side *b)
{
    mem local = { 0 };
    iv *queue = mem_ivs(&local, RIM_PIECES + 2);
    size_t n = 1;
    size_t end = 1;
    int splits = 0;
    queue[0] = b->along;
    for (size_t i = 0; i < n; i++) {
        if (i == end) {
            end = n;
            splits++;
        }
        if (rim_decide(s, b, queue[i]))
            continue;
        if (splits == RIM_SPLITS || n + 2 > RIM_PIECES) {
            rim_leave(s, b, queue[i]);
            continue;
        }
        double middle = iv_mid(queue[i]);
        queue[n++] = (iv) { queue[i].lo, middle };
        queue[n++] = (iv) { middle, queue[i].hi };
    }
    mem_free(&local);
}

/* Is a stationary point in the corner itself a minimum of the box and no other one: a saddle that rises into the box?
   0: no; 1: yes; -1: it could not be told. mixed: the mixed derivative, both directions inward. */
static int rim_saddle(enum kind kind, const jet *j, iv mixed)
{
    if (kind == MINIMUM || kind == MAXIMUM || j->xx.hi < 0 || j->yy.hi < 0 || mixed.hi < 0)
        return 0;
    return kind == SADDLE && j->xx.lo > 0 && j->yy.lo > 0 && mixed.lo > 0 ? 1 : -1;
}

/* A corner: a minimum where F rises inward along both sides, for certain. */
static void rim_corner(stat_search *s, double x, double y)
{
    iv ix = iv_of(x);
    iv iy = iv_of(y);
    jet j = expr_at(s->e, ix, iy, 2);
    iv inward[2] = { x == s->x.lo ? j.x : iv_neg(j.x), y == s->y.lo ? j.y : iv_neg(j.y) };
    iv mixed = (x == s->x.lo) == (y == s->y.lo) ? j.xy : iv_neg(j.xy);
    if (inward[0].hi < 0 || inward[1].hi < 0)
        return;
    const stat_point *known = rim_touching(s->n, s->at, ix, iy);
    int saddle = known ? rim_saddle(known->kind, &j, mixed) : -1;
    if ((inward[0].lo > 0 && inward[1].lo > 0) || saddle > 0)
        rim_add(s, ix, iy, j.F);
    else if (saddle < 0 && !rim_touching(s->rims, s->rim, ix, iy))
        stat_leave(s, ix, iy, j.lost ? GAP_UNDEFINED : expr_has_kinks(s->e) ? GAP_KINK : GAP_FLAT);
}

/* All minima on the edge of the box of a search that is done. */
static void rim_find(stat_search *s)
{
    const box_side sides[4] = { { s->x.lo, s->y, true, 1 }, { s->x.hi, s->y, true, -1 }, { s->y.lo, s->x, false, 1 },
        { s->y.hi, s->x, false, -1 } };
    for (int i = 0; i < 4; i++)
        rim_side(s, &sides[i]);
    for (int i = 0; i < 4; i++)
        rim_corner(s, i & 1 ? s->x.hi : s->x.lo, i & 2 ? s->y.hi : s->y.lo);
    while (stat_join(s))
        ;
    stat_sort(s->rims, s->rim);
}

/// 6 Landscapes: cells and merge trees ///

/* The barrier between two points is the least, over all paths, of the largest F on the way. A box is covered by
   closed cells with enclosures of F, a quadtree. From below: a path meets a chain of touching cells, so the least,
   over chains, of the largest lower end is a bound; a path may also leave the box, which is one more cell on either
   side of x = 0 with a bound of F given by hand (`outside`; `seam` on the line x = 0 between the two). From above:
   touching cells are connected, so the least largest upper end over chains is one. Both are minimax chains: a flood
   from one end (Prim's algorithm) finds those to all others at once, and the two trees are the merge tree of the
   sub-level sets from below and from above. The cells of the lower chains whose upper ends are in the way are split
   until both sides meet. */

typedef struct {
    const char *name, *formula;
    double box[4];    /* x from, to, y from, to */
    double outside;   /* a lower bound of F outside the box; INFINITY: F is defined on the box alone */
    double seam;      /* one there on x = 0 */
    bool compact;     /* sub-level sets are compact, and F is locally Lipschitz on the whole plane */
    bool edges;       /* F on the edges between cells counts too: where a wall lies along an edge of the grid */
    double end[2][2]; /* points of two basins, for formulas with kinks or without isolated minima */
    double tolerance; /* of barriers, before they are sharpened */
    const char *why;  /* of all this */
} landscape;

/* A box with F on it. child: the first of four; 0: a leaf. */
typedef struct {
    iv x, y, F;
    int child;
} cell;

/* n cells, the whole box first, in memory of its own, which whoever makes one gives back. */
typedef struct {
    const expr *e;
    const landscape *l;
    cell *at;
    int n, room;
} quadtree;

/* Adds a leaf; cells may move. */
static void cells_add(quadtree *c, iv x, iv y)
{
    if (c->n == c->room) {
        c->room = c->room ? 2 * c->room : 1024;
        cell *more = realloc(c->at, (size_t)c->room * sizeof *more);
        if (!more)
            die(EXIT_SYSTEM, "out of memory: %d cells", c->room);
        c->at = more;
    }
    c->at[c->n++] = (cell) { x, y, expr_range(c->e, x, y), 0 };
}

/* Four quarters for the leaf i. */
static void cells_split(quadtree *c, int i)
{
    iv x = c->at[i].x;
    iv y = c->at[i].y;
    double mx = iv_mid(x);
    double my = iv_mid(y);
    c->at[i].child = c->n;
    for (int k = 0; k < 4; k++)
        cells_add(c, k & 1 ? (iv) { mx, x.hi } : (iv) { x.lo, mx }, k & 2 ? (iv) { my, y.hi } : (iv) { y.lo, my });
}

/* The whole box, all leaves split `splits` times. */
static quadtree cells_make(const expr *e, const landscape *l, int splits)
{
    quadtree c = { e, l, NULL, 0, 0 };
    cells_add(&c, (iv) { l->box[0], l->box[1] }, (iv) { l->box[2], l->box[3] });
    for (int depth = 0; depth < splits; depth++)
        for (int i = 0, n = c.n; i < n; i++)
            if (!c.at[i].child)
                cells_split(&c, i);
    return c;
}

/* A leaf that holds the point. */
static int cells_holding(const quadtree *c, double x, double y)
{
    int i = 0;
    while (c->at[i].child) {
        int k = c->at[i].child;
        while (!(iv_has(c->at[k].x, x) && iv_has(c->at[k].y, y)))
            k++;
        i = k;
    }
    return i;
}

typedef struct {
    double key;
    int node;
} flood_entry;

/* A flood over the leaves and, from below, the two sides of what lies outside: nodes n and n + 1, n the number of
   cells. step[node]: the weight of the step from from[node] (-1: none, yet) into it; done: reached. The heap holds
   steps offered, the lightest on top. */
typedef struct {
    const quadtree *c;
    bool below;
    int nodes, heap_n, heap_room;
    double *step;
    int *from;
    bool *done;
    flood_entry *heap;
} flood;

static void flood_swap(flood *f, int i, int j)
{
    flood_entry t = f->heap[i];
    f->heap[i] = f->heap[j];
    f->heap[j] = t;
}

/* The lighter step; of two equal ones that into the earlier node, so that the tree does not depend on the heap. */
static bool flood_less(const flood *f, int i, int j)
{
    const flood_entry *a = &f->heap[i];
    const flood_entry *b = &f->heap[j];
    return a->key < b->key || (a->key == b->key && a->node < b->node);
}

/* Offers a step of weight `key` into a node. */
static void flood_push(flood *f, double key, int node)
{
    if (f->heap_n == f->heap_room) {
        f->heap_room = f->heap_room ? 2 * f->heap_room : 4096;
        flood_entry *more = realloc(f->heap, (size_t)f->heap_room * sizeof *more);
        if (!more)
            die(EXIT_SYSTEM, "out of memory: a heap of %d cells", f->heap_room);
        f->heap = more;
    }
    f->heap[f->heap_n] = (flood_entry) { key, node };
    for (int i = f->heap_n++; i && flood_less(f, i, (i - 1) / 2); i = (i - 1) / 2)
        flood_swap(f, i, (i - 1) / 2);
}

/* The node of the lightest step, which is taken off the heap. */
static int flood_pop(flood *f)
{
    int node = f->heap[0].node;
    f->heap[0] = f->heap[--f->heap_n];
    for (int i = 0;;) {
        int k = 2 * i + 1;
        if (k + 1 < f->heap_n && flood_less(f, k + 1, k))
            k++;
        if (k >= f->heap_n || !flood_less(f, k, i))
            return node;
        flood_swap(f, i, k);
        i = k;
    }
}

/* F at a node, from below or from above. */
static double flood_cost(const flood *f, int node)
{
    if (node >= f->c->n)
        return f->c->l->outside;
    return f->below ? f->c->at[node].F.lo : f->c->at[node].F.hi;
}

/* The step from a node of the tree to another one weighs the largest F of both and of what lies between. Prim: the
   lightest step leads on, whatever lies before it; then the path of the tree between any two nodes, not only from
   the root, is a minimax path. */
static void flood_offer(flood *f, int from, int node, double between)
{
    double step = fmax(fmax(flood_cost(f, from), flood_cost(f, node)), between);
    /* a first step is taken though it weigh infinity */
    if (f->done[node] || (f->from[node] >= 0 && step >= f->step[node]))
        return;
    f->step[node] = step;
    f->from[node] = from;
    flood_push(f, step, node);
}

/* Leaves below `at` that touch the leaf `from`. A path from one to the other passes their common edge or corner:
   from below, F there may count too. */
static void flood_touching(flood *f, int from, int at)
{
    const cell *a = &f->c->at[from];
    const cell *b = &f->c->at[at];
    double between = -INFINITY;
    if (iv_apart(a->x, b->x) || iv_apart(a->y, b->y))
        return;
    for (int k = 0; b->child && k < 4; k++)
        flood_touching(f, from, b->child + k);
    if (b->child || from == at || f->done[at])
        return;
    bool better = f->from[at] < 0 || fmax(flood_cost(f, from), flood_cost(f, at)) < f->step[at];
    if (!better)
        return;
    if (f->below && f->c->l->edges)
        between = expr_at(f->c->e, iv_meet(a->x, b->x), iv_meet(a->y, b->y), 0).F.lo;
    flood_offer(f, from, at, between);
}

/* Does leaf i touch what lies outside, at x <= 0 (0) or x >= 0 (1)? */
static bool cell_on_side(const quadtree *c, int i, int side)
{
    const cell *a = &c->at[i];
    const double *box = c->l->box;
    bool edge = a->x.lo == box[0] || a->x.hi == box[1] || a->y.lo == box[2] || a->y.hi == box[3];
    return !a->child && edge && (side ? a->x.hi >= 0 : a->x.lo <= 0);
}

/* Steps between a leaf on the edge of the box and the sides of what lies outside that it touches; from one side to the
   other one, over the seam. Only from below: a path need not leave the box. */
static void flood_outside(flood *f, int from)
{
    int n = f->c->n;
    if (!f->below || !(f->c->l->outside < INFINITY))
        return;
    if (from < n) {
        for (int side = 0; side < 2; side++)
            if (cell_on_side(f->c, from, side))
                flood_offer(f, from, n + side, -INFINITY);
        return;
    }
    flood_offer(f, from, from == n ? n + 1 : n, f->c->l->seam);
    for (int i = 0; i < n; i++)
        if (cell_on_side(f->c, i, from - n))
            flood_offer(f, from, i, -INFINITY);
}

/* Floods from the first of n leaves until all of them are reached. */
static flood flood_run(mem *arena, const quadtree *c, size_t n, const int *leaf, bool below)
{
    int nodes = c->n + 2;
    flood f = { .c = c,
        .below = below,
        .nodes = nodes,
        .step = mem_doubles(arena, (size_t)nodes),
        .from = mem_get(arena, (size_t)nodes, sizeof(int)),
        .done = mem_get(arena, (size_t)nodes, sizeof(bool)) };
    size_t reached = 0;
    for (int i = 0; i < nodes; i++) {
        f.step[i] = INFINITY;
        f.from[i] = -1;
    }
    f.step[leaf[0]] = -INFINITY;
    flood_push(&f, f.step[leaf[0]], leaf[0]);
    while (f.heap_n && reached < n) {
        int node = flood_pop(&f);
        if (f.done[node])
            continue;
        f.done[node] = true;
        for (size_t i = 0; i < n; i++)
            reached += leaf[i] == node;
        if (node < c->n)
            flood_touching(&f, node, 0);
        flood_outside(&f, node);
    }
    free(f.heap);
    f.heap = NULL;
    return f;
}

/* Where the ways from a and b to the root of the tree meet; mark: a's way. */
static int flood_meet(const flood *f, bool *mark, int a, int b)
{
    memset(mark, 0, (size_t)f->nodes * sizeof *mark);
    for (int i = a; i >= 0; i = f->from[i])
        mark[i] = true;
    while (!mark[b])
        b = f->from[b];
    return b;
}

/* The largest F on the tree's path between two nodes. */
static double flood_between(const flood *f, bool *mark, int a, int b)
{
    int meet = flood_meet(f, mark, a, b);
    double top = flood_cost(f, meet);
    for (int i = a; i != meet; i = f->from[i])
        top = fmax(top, f->step[i]);
    for (int i = b; i != meet; i = f->from[i])
        top = fmax(top, f->step[i]);
    return top;
}

/* The merge tree of n points: their values and the barriers between all pairs, as enclosures. */
enum { MERGE_POINTS = STAT_MAX, MERGE_ROUNDS = 120, MERGE_CELLS = 200000 };
typedef struct {
    size_t n;
    double x[MERGE_POINTS], y[MERGE_POINTS];
    iv F[MERGE_POINTS], barrier[MERGE_POINTS][MERGE_POINTS];
    size_t cells;
} merge_tree;

/* Marks what is in the way: the cells of the lower chain between a and b whose upper end is not clearly below
   `high`. Why there is one: the chain's largest upper end is at least `high`, the least of all chains. */
static void merge_mark(const flood *f, bool *mark, bool *split, int a, int b, double high)
{
    int meet = flood_meet(f, mark, a, b);
    int end[2] = { a, b };
    for (int k = 0; k < 2; k++)
        for (int i = end[k]; i != meet; i = f->from[i])
            if (i < f->c->n && f->c->at[i].F.hi >= high)
                split[i] = true;
    if (meet < f->c->n && f->c->at[meet].F.hi >= high)
        split[meet] = true;
}

/* Where sub-level sets are compact and F is locally Lipschitz, a barrier above both its ends is the value of F at a
   point whose (generalised) gradient holds 0 (the mountain pass theorem; Chang 1981 for Lipschitz functions). So an
   enclosure shrinks to the values of such points within it, if all of them are known. */
static iv merge_sharpen(const stat_search *s, const landscape *l, iv barrier, iv ends)
{
    iv F = { INFINITY, -INFINITY };
    if (!s || s->unresolved || !l->compact || !(barrier.lo > ends.hi) || !(barrier.hi < l->outside))
        return barrier;
    for (size_t i = 0; i < s->n; i++)
        if (!iv_apart(s->at[i].F, barrier))
            F = (iv) { fmin(F.lo, s->at[i].F.lo), fmax(F.hi, s->at[i].F.hi) };
    return F.lo <= F.hi ? iv_meet(barrier, F) : barrier;
}

/* What is asked of barriers where all stationary points are known, in ascending order: 10^-9, or of the spread of their
   values, if that is below 1. */
static double merge_tolerance(const stat_search *s)
{
    double spread = s->n ? s->at[s->n - 1].F.hi - s->at[0].F.lo : 1;
    return 1e-9 * fmin(spread, 1);
}

/* As narrow as asked, or as the spacing of doubles of that size allows. */
static bool merge_narrow(iv barrier, double tolerance)
{
    return !iv_infinite(barrier) && barrier.hi - barrier.lo <= fmax(tolerance, 0x1p-48 * iv_mag(barrier));
}

/* Encloses the barriers; if one is too wide, splits cells and asks for another round. */
static bool merge_round(quadtree *c, merge_tree *t, const stat_search *s)
{
    mem local = { 0 };
    int leaf[MERGE_POINTS];
    int before = c->n;
    for (size_t i = 0; i < t->n; i++)
        leaf[i] = cells_holding(c, t->x[i], t->y[i]);
    flood low = flood_run(&local, c, t->n, leaf, true);
    flood high = flood_run(&local, c, t->n, leaf, false);
    bool *mark = mem_get(&local, (size_t)low.nodes, sizeof *mark);
    bool *split = mem_get(&local, (size_t)low.nodes, sizeof *split);
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < i; j++) {
            iv b = iv_make(flood_between(&low, mark, leaf[i], leaf[j]), flood_between(&high, mark, leaf[i], leaf[j]));
            iv sharp = merge_sharpen(s, c->l, b, iv_max(t->F[i], t->F[j]));
            t->barrier[i][j] = t->barrier[j][i] = sharp;
            if (!merge_narrow(sharp, s ? merge_tolerance(s) : c->l->tolerance))
                merge_mark(&low, mark, split, leaf[i], leaf[j], iv_mid(b));
        }
    for (int i = 0; i < before && c->n < MERGE_CELLS; i++)
        if (split[i])
            cells_split(c, i);
    mem_free(&local);
    return c->n > before;
}

/* t->n points given. s: all stationary points, or NULL: then a barrier is enclosed to the landscape's tolerance and,
   where that can be, sharpened by those within it. */
static void merge_find(merge_tree *t, const expr *e, const landscape *l, const stat_search *s)
{
    quadtree c = cells_make(e, l, 4);
    for (size_t i = 0; i < t->n; i++)
        t->F[i] = expr_at(e, iv_of(t->x[i]), iv_of(t->y[i]), 0).F;
    for (int round = 0; round < MERGE_ROUNDS && merge_round(&c, t, s); round++)
        ;
    t->cells = (size_t)c.n;
    free(c.at);
    for (size_t i = 0; !s && l->compact && i < t->n; i++)
        for (size_t j = 0; j < i; j++) {
            stat_search within;
            stat_find(&within, e, (iv) { l->box[0], l->box[1] }, (iv) { l->box[2], l->box[3] }, t->barrier[i][j]);
            t->barrier[i][j] = t->barrier[j][i] = merge_sharpen(&within, l, t->barrier[i][j], iv_max(t->F[i], t->F[j]));
        }
}

/* The least F on a box by branch and bound. best: the least value seen; low: no value on the boxes settled is less */
typedef struct {
    const expr *e;
    double tolerance, low, best;
    size_t boxes;
} least_search;

/* The box x times y: where F is monotone in a variable the box shrinks to a face, so that a kink along a face does no
   harm; then it is settled if it cannot hold much less than the best, or is cut in two across its wider side. */
static void least_box(least_search *s, iv x, iv y)
{
    jet j = expr_at(s->e, x, y, 1);
    if (j.x.lo >= 0 || j.x.hi <= 0)
        x = iv_of(j.x.lo >= 0 ? x.lo : x.hi);
    if (j.y.lo >= 0 || j.y.hi <= 0)
        y = iv_of(j.y.lo >= 0 ? y.lo : y.hi);
    iv F = expr_range(s->e, x, y);
    s->best = fmin(s->best, expr_at(s->e, iv_of(iv_mid(x)), iv_of(iv_mid(y)), 0).F.hi);
    bool wide = x.hi - x.lo >= y.hi - y.lo;
    double at = iv_mid(wide ? x : y);
    bool small = wide ? at <= x.lo || at >= x.hi : at <= y.lo || at >= y.hi;
    if (F.lo >= s->best - s->tolerance || small || ++s->boxes > STAT_BOXES) {
        s->low = fmin(s->low, F.lo);
        return;
    }
    least_box(s, wide ? (iv) { x.lo, at } : x, wide ? y : (iv) { y.lo, at });
    least_box(s, wide ? (iv) { at, x.hi } : x, wide ? y : (iv) { at, y.hi });
}

/* The least F on a box, enclosed, to the tolerance where STAT_BOXES boxes suffice. */
static iv least_on(const expr *e, iv x, iv y, double tolerance)
{
    least_search s = { e, tolerance, INFINITY, INFINITY, 0 };
    least_box(&s, x, y);
    return iv_make(fmin(s.low, s.best), s.best);
}

/// 6 Landscapes: named ///

enum {
    LAND_CAPTION,
    LAND_TEXT,
    LAND_BELOW,
    LAND_ABOVE,
    LAND_QUARTIC,
    LAND_WELLS,
    LAND_HIMMELBLAU,
    LAND_CAMEL,
    LAND_ROSENBROCK,
    LAND_BOWL,
    LAND_SHELF,
    LAND_WITNESS_8,
    LAND_WITNESS_27_8,
    LAND_EX1_QUARTER,
    LAND_EX1_ONE,
    LAND_EX1_FOUR,
    LAND_DISC
};

#define NO_POINT           \
    {                      \
        { 0, 0 }, { 0, 0 } \
    }
/* What outside, seam and compact rest on, and that the box holds all stationary points. */
static const char WHY_REGULARISED[] =
    "F >= (x^2 + y^2)/4 (or more). Stationary points: x = y (s^2 + q), y (s^2 + q)^2 = s, s = 1 + y, q the weight of "
    "the penalty over that of the loss. So s/y > 0, and "
    "sqrt(s/y) - s^2 = q > 0: y < 1 where y > 0, y > -2 where y < -1; |x| = sqrt(s y) < 2";
static const char WHY_WITNESS[] =
    "F >= |x| + 3 |y| >= 12 outside. For y fixed, F is convex in x, so sub-level sets are as connected as those of "
    "E(y) = min over x, which falls, for y < 0, to y = 0, is "
    "concave up to y^3 = c - 1/2 and convex beyond: two basins";
static const char WHY_EXAMPLE[] = "F >= 0; to change sides outside, x passes 0, where F = 1/2 whatever y";
static const landscape landscapes[] = {
    [LAND_CAPTION] = { "regularised/caption", "(x*(1+y)-1)^2+(x^2+y^2)/4", { -4, 4, -4, 4 }, 4, 4, true, false,
        NO_POINT, 0, WHY_REGULARISED },
    [LAND_TEXT] = { "regularised/text", "(x*(1+y)-1)^2/2+(x^2+y^2)/4", { -4, 4, -4, 4 }, 4, 4, true, false, NO_POINT, 0,
        WHY_REGULARISED },
    [LAND_BELOW] = { "regularised/below-q_c", "(x*(1+y)-1)^2+0.390418*(x^2+y^2)", { -4, 4, -4, 4 }, 4, 4, true, false,
        NO_POINT, 0, WHY_REGULARISED },
    [LAND_ABOVE] = { "regularised/above-q_c", "(x*(1+y)-1)^2+0.390419*(x^2+y^2)", { -4, 4, -4, 4 }, 4, 4, true, false,
        NO_POINT, 0, WHY_REGULARISED },
    [LAND_QUARTIC] = { "quartic", "3*x^4-4*x^3-12*x^2+y^2", { -4, 4, -8, 8 }, 32, 32, true, false, NO_POINT, 0,
        "the part in x is at least -32 and at least 320 for |x| >= 4; y^2 >= 64. dF/dx = 12 x (x + 1)(x - 2)" },
    [LAND_WELLS] = { "double-well", "(x^2-1)^2+y^2", { -4, 4, -4, 4 }, 16, 16, true, false, NO_POINT, 0,
        "(x^2 - 1)^2 >= 225 or y^2 >= 16; dF/dx = 4 x (x^2 - 1)" },
    [LAND_HIMMELBLAU] = { "himmelblau", "(x^2+y-11)^2+(x+y^2-7)^2", { -8, 8, -8, 8 }, 512, 512, true, false, NO_POINT,
        0,
        "with a, b the two brackets, a + b = (x + 1/2)^2 + (y + 1/2)^2 - 37/2 > 37 outside, F >= (a + b)^2/2. "
        "Stationary: 2 x a = -b, 2 y b = -a, so a = b = 0 "
        "(then (x + 1/2)^2 + (y + 1/2)^2 = 37/2) or 4 x y = 1 (then 32 x^5 - 336 x^3 - 104 x^2 + 1 = 0, 32 y^5 - 208 "
        "y^3 - 168 y^2 + 1 = 0: |x|, |y| < 6)" },
    [LAND_CAMEL] = { "camel", "(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", { -3, 3, -2, 2 }, 32, 32, true, false,
        NO_POINT, 0,
        "xy >= -(x^2 + y^2)/2: F >= x^2 (3.5 - 2.1 x^2 + x^4/3) + 4 y^4 - 4.5 y^2, parts that are at least 0 and -1.3 "
        "everywhere, 104 for |x| >= 3, 46 for |y| >= 2. Stationary: "
        "x = 8 y - 16 y^3, y = -(8 x - 8.4 x^3 + 2 x^5): |y| > 2 gives |x| >= 56 |y|, then |y| > |x|; |x| > 3 gives "
        "|y| > 2" },
    [LAND_ROSENBROCK] = { "rosenbrock", "(1-x)^2+100*(y-x^2)^2", { -2, 2, -1, 3 }, 0, 0, true, false, NO_POINT, 0,
        "F <= c bounds x, then y. Stationary: y = x^2 from dF/dy, then x = 1" },
    [LAND_BOWL] = { "bowl", "x^2+y^2", { -4, 4, -4, 4 }, 16, 16, true, false, NO_POINT, 0, "grad F = 2 (x, y)" },
    [LAND_SHELF] = { "shelf", "min(x,1)^2+max(x-2,0)^2+y^2", { -4, 4, -4, 4 }, 1, 1, true, false, NO_POINT, 0,
        "x dF/dx >= 0 and y dF/dy >= 0: F does not fall along rays from 0" },
    [LAND_WITNESS_8] = { "witness/y=8", "(x+y^3-8)^2+abs(x)+3*abs(y)", { -16, 16, -4, 4 }, 12, 12, true, false,
        { { 0, 2 }, { 7.5, 0 } }, 0.25, WHY_WITNESS },
    [LAND_WITNESS_27_8] = { "witness/y=27/8", "(x+y^3-3.375)^2+abs(x)+3*abs(y)", { -16, 16, -4, 4 }, 12, 12, true,
        false, { { 0, 1.5 }, { 2.875, 0 } }, 0.125, WHY_WITNESS },
    [LAND_EX1_QUARTER] = { "example-1/eps=1/4", "(x*(1+y/4)-1)^2/2", { -4, 4, -16, 8 }, 0, 0.5, false, true,
        { { 1, 0 }, { -1, -8 } }, 0x1p-24, WHY_EXAMPLE },
    [LAND_EX1_ONE] = { "example-1/eps=1", "(x*(1+y)-1)^2/2", { -4, 4, -4, 2 }, 0, 0.5, false, true,
        { { 1, 0 }, { -1, -2 } }, 0x1p-24, WHY_EXAMPLE },
    [LAND_EX1_FOUR] = { "example-1/eps=4", "(x*(1+4*y)-1)^2/2", { -4, 4, -1, 0.5 }, 0, 0.5, false, true,
        { { 1, 0 }, { -1, -0.5 } }, 0x1p-24, WHY_EXAMPLE },
    [LAND_DISC] = { "constrained", "(x*2/max(2,sqrt(x^2+y^2))*(1+y*2/max(2,sqrt(x^2+y^2)))-1)^2", { -2, 2, -2, 2 },
        INFINITY, INFINITY, false, true, { { -1.0756, -1.68614 }, { 1, 0 } }, 0x1p-24,
        "the disc |(x, y)| <= 2 is a retract of the square by P(z) = 2 z / max(2, |z|): with F(P(z)) for F, barriers "
        "in the square are those in the disc" },
};

/* What is found out about a landscape. ends: its row gives two points, stationary points are not sought at first; rim:
   minima on the edge of the box count; minimum: the values at the points of the merge tree. */
typedef struct {
    const landscape *l;
    expr e;
    bool ends, rim;
    stat_search all;
    merge_tree t;
    iv minimum[MERGE_POINTS];
} land_view;

/* The landscape of that name, LAND_...; nothing is found out yet. */
static land_view *land_open(mem *arena, int which)
{
    land_view *v = mem_get(arena, 1, sizeof *v);
    v->l = &landscapes[which];
    expr_must(v->l->formula, &v->e);
    v->ends = v->l->end[0][0] != v->l->end[1][0];
    return v;
}

/* The box in x (0) or y (1). */
static iv land_box(const land_view *v, int which) { return (iv) { v->l->box[2 * which], v->l->box[2 * which + 1] }; }

/* All stationary points, of a formula without kinks. */
static bool land_stationary(land_view *v)
{
    stat_find(&v->all, &v->e, land_box(v, 0), land_box(v, 1), iv_all());
    if (v->rim && !v->all.full)
        rim_find(&v->all);
    return !v->all.unresolved && !stat_count(&v->all, DEGENERATE);
}

/* How many stationary points there are, and how many of them are strict minima. sought: all were, else both are 0. */
typedef struct {
    bool sought;
    size_t stationary, minima;
} land_counts;

static land_counts land_count(const land_view *v)
{
    land_counts c = { .sought = !v->ends };
    if (c.sought) {
        c.stationary = v->all.n;
        c.minima = stat_count(&v->all, MINIMUM);
    }
    return c;
}

/// 7 Trial ///

/* A claim has cases; a case is a fixed instance, witness or continuum, with up to three verdicts, by one standard for
   all claims: on the statement as printed (the letter, with the usual conventions: empty sets are connected, what is
   vacuous is true), as meant (only where the letter is vacuous, trivial or a slip), and as repaired (the strongest
   statement that can be certified). A verdict follows from enclosures; everything else is UNDECIDED, with the reason.
   Beside its verdicts a case reports figures, which are recorded to the last digit.

   To write one: a spec of what distinguishes its cases, a runner, and a macro that names the columns of its rows.

       typedef struct {
           size_t n;
       } wang_thm0_spec;

       static void wang_thm0_case(trial *t)
       {
           const wang_thm0_spec *spec = t->row->spec;
           iv value = ... in t->memory, random numbers from rng_make(t->seed, STREAM_...) ...
           judge(t->result, &t->result->printed, value.hi <= 1, CERTIFIED, "the enclosure is too wide");
           fig_iv(t->result, "value", value);
           margin_add(t->result, add_dn(1, -value.hi));
       }

       #define WANG_THM0(name, level, n) CASE_ROW(name, level, wang_thm0_case, wang_thm0_spec, n)

   Then WANG_THM0("n=3", QUICK, 3) is a row of the catalogue, vectors/claims.inc. */

enum verdict { NOT_ASKED, CERTIFIED, REFUTED, UNDECIDED };
static const char *const verdict_names[] = { "-", "CERTIFIED", "REFUTED", "UNDECIDED" };
enum level { QUICK, STANDARD, FULL };
static const char *const level_names[] = { "quick", "standard", "full" };
enum { CASE_FIGURES = 24 };

/* What is reported is the text. */
typedef struct {
    char name[40], text[80];
    bool exact; /* the text is an enclosure [lo, hi] in units of 10^-12 */
    int64_t lo, hi;
} figure;

typedef struct {
    enum verdict printed, meant, repaired;
    char why[160];  /* of an UNDECIDED */
    path_kept path; /* in the case's memory; legs = NULL: it has none */
    /* from below: (bound - value) / bound, or what a witness exceeds a bound by; INFINITY where exact */
    double margin;
    size_t figures;
    figure figure[CASE_FIGURES];
} result;

/* The three verdicts in their order, to go through. */
enum { READINGS = 3 };
static const char *const reading_names[READINGS] = { "printed", "meant", "repaired" };

static enum verdict *result_reading(result *r, int which)
{
    enum verdict *const all[READINGS] = { &r->printed, &r->meant, &r->repaired };
    return all[which];
}

static enum verdict result_verdict(const result *r, int which)
{
    const enum verdict all[READINGS] = { r->printed, r->meant, r->repaired };
    return all[which];
}

typedef struct claim_case claim_case;

/* One case being run: its row of the catalogue, the seed, memory that is given back when it is done, and what comes
   out. A runner takes nothing else. */
typedef struct {
    const claim_case *row;
    uint64_t seed;
    mem *memory;
    result *result;
} trial;

/* A case whose work is exact sums over many samples: machines add units (blocks of samples) each on its own, the sums
   are added up, and one of them finishes. */
typedef struct {
    size_t (*units)(const void *spec), (*sums)(const void *spec); /* how many */
    void (*add)(trial *, size_t from, size_t to, acc *sums);      /* units from <= u < to */
    void (*finish)(trial *, const acc *sums);
} case_split;

/* A row of the catalogue, vectors/claims.inc. Each runner has a type of its own for what distinguishes its cases, and a
   macro beside it that writes its rows: the macro's parameters name the columns, and their number is checked. */
struct claim_case {
    const char *name;
    enum level level;     /* the least level at which it runs */
    void (*run)(trial *); /* NULL: it is split */
    const void *spec;     /* of the runner's own type; NULL: nothing distinguishes its cases */
    const case_split *split;
    const landscape *landscape; /* that it is about, for `explain`; NULL: none */
};

#define CASE_ON(landscape, name, level, runner, type, ...)                  \
    {                                                                       \
        name, level, runner, &(const type) { __VA_ARGS__ }, NULL, landscape \
    }
#define CASE_ROW(name, level, runner, type, ...) CASE_ON(NULL, name, level, runner, type, __VA_ARGS__)
#define CASE_PLAIN(name, level, runner, landscape) \
    {                                              \
        name, level, runner, NULL, NULL, landscape \
    }
#define CASE_SPLIT(name, level, split, type, ...)                     \
    {                                                                 \
        name, level, NULL, &(const type) { __VA_ARGS__ }, split, NULL \
    }

/* "PRINTED MEANT REPAIRED". */
static void verdict_line(const result *r, char *out, size_t size)
{
    snprintf(out, size, "%s %s %s", verdict_names[r->printed], verdict_names[r->meant], verdict_names[r->repaired]);
}

/* Leaves a path with its report in the result, for --certificate and pictures. The points' matrices and the data must
   live in the case's memory. */
static void path_keep(mem *arena, result *r, const net_data *D, const leg *legs, size_t n, const path_report *report)
{
    net_data *data = mem_get(arena, 1, sizeof *data);
    leg *copy = mem_get(arena, n, sizeof *copy);
    path_report *kept = mem_get(arena, 1, sizeof *kept);
    *data = *D;
    *kept = *report;
    memcpy(copy, legs, n * sizeof *copy);
    r->path = (path_kept) { data, copy, n, kept };
}

static figure *fig_new(result *r, const char *name)
{
    if (r->figures == CASE_FIGURES)
        die(EXIT_UNDECIDED, "internal: more than %d figures in a case", CASE_FIGURES);
    figure *f = &r->figure[r->figures++];
    *f = (figure) { "", "", false, 0, 0 };
    snprintf(f->name, sizeof f->name, "%s", name);
    return f;
}

/* The first reason of a case counts. */
static void give_reason(result *r, const char *why)
{
    if (!r->why[0])
        snprintf(r->why, sizeof r->why, "%s", why);
}

/* Takes back the verdicts: all that were asked for are UNDECIDED (the printed one if there is none yet). */
static void undecided(result *r, const char *why)
{
    bool any = false;
    for (int i = 0; i < READINGS; i++)
        if (result_verdict(r, i) != NOT_ASKED) {
            *result_reading(r, i) = UNDECIDED;
            any = true;
        }
    if (!any)
        r->printed = UNDECIDED;
    give_reason(r, why);
}

static bool is_undecided(const result *r)
{
    bool any = false;
    for (int i = 0; i < READINGS; i++)
        any |= result_verdict(r, i) == UNDECIDED;
    return any;
}

/* An enclosure in units of 10^-12, lower end rounded down, upper end up; one number where both are the same. */
static void fig_iv(result *r, const char *name, iv x)
{
    figure *f = fig_new(r, name);
    char lo[32], hi[32];
    if (!fig_floor(x.lo, &f->lo) || !fig_ceil(x.hi, &f->hi)) {
        snprintf(f->text, sizeof f->text, "out-of-range");
        undecided(r, "a figure is out of range or not a number");
        return;
    }
    f->exact = true;
    fig_print(lo, sizeof lo, f->lo);
    fig_print(hi, sizeof hi, f->hi);
    if (f->lo == f->hi)
        snprintf(f->text, sizeof f->text, "%s", lo);
    else
        snprintf(f->text, sizeof f->text, "[%s,%s]", lo, hi);
}

/* A double, as the enclosure of one point. */
static void fig_double(result *r, const char *name, double x) { fig_iv(r, name, iv_of(x)); }

/* An upper bound, in full as a hexfloat: any size. */
static void fig_up(result *r, const char *name, double x)
{
    figure *f = fig_new(r, name);
    hex_print(f->text, sizeof f->text, x);
}

/* An enclosure by its exact ends. */
static void fig_hex(result *r, const char *name, iv x)
{
    figure *f = fig_new(r, name);
    char lo[32], hi[32];
    hex_print(lo, sizeof lo, x.lo);
    hex_print(hi, sizeof hi, x.hi);
    snprintf(f->text, sizeof f->text, "[%s,%s]", lo, hi);
}

/* In decimals if it fits. */
static void fig_any(result *r, const char *name, iv x)
{
    bool fits = __builtin_fabs(x.lo) < FIG_LIMIT && __builtin_fabs(x.hi) < FIG_LIMIT;
    if (fits)
        fig_iv(r, name, x);
    else
        fig_hex(r, name, x);
}

static void fig_count(result *r, const char *name, size_t n)
{
    snprintf(fig_new(r, name)->text, sizeof r->figure->text, "%zu", n);
}

static void fig_word(result *r, const char *name, const char *word)
{
    snprintf(fig_new(r, name)->text, sizeof r->figure->text, "%s", word);
}

/* What is known of all stationary points, if they were sought. */
static void fig_landscape(result *r, land_counts c)
{
    if (!c.sought)
        return;
    fig_count(r, "stationary-points", c.stationary);
    fig_count(r, "strict-minima", c.minima);
}

/* Three ways to a verdict. By comparison: value <= bound holds if the enclosure says so, and is refuted by a value that
   exceeds the bound for certain. By a condition that shows v, with `judge`. By counting instances, with a `tally`. */
static enum verdict verdict_at_most(iv value, double bound)
{
    return value.hi <= bound ? CERTIFIED : value.lo > bound ? REFUTED : UNDECIDED;
}

/* The verdict v where it is shown; else UNDECIDED, for the reason given. What is UNDECIDED already stays so: a figure
   out of range may have taken the verdict back. */
static void judge(result *r, enum verdict *which, bool shown, enum verdict v, const char *why)
{
    *which = shown && *which != UNDECIDED ? v : UNDECIDED;
    if (!shown)
        give_reason(r, why);
}

/* The reason for verdicts that came by comparison or from a tally, where they came out UNDECIDED. */
static void explain_undecided(result *r, const char *why)
{
    if (is_undecided(r))
        give_reason(r, why);
}

/* The case's margin is the least of all that are added. */
static void margin_add(result *r, double m) { r->margin = fmin(r->margin, m); }

/* "Some path stays at or below `claimed`", refuted by a barrier: F >= wall on a set that separates the path's ends. */
static void judge_barrier(result *r, double wall, iv claimed, bool separated)
{
    judge(r, &r->printed, separated && wall > claimed.hi, REFUTED, "the witness was not confirmed");
    fig_iv(r, "claimed-bound", claimed);
    margin_add(r, add_dn(wall, -claimed.hi));
}

/* The barrier from both sides: the wall, and what a path takes. */
static void fig_barrier(result *r, double wall, const path_report *path)
{
    fig_iv(r, "barrier", iv_make(wall, path->bound));
    if (path->why)
        undecided(r, path->why);
}

/* For Shamir's claims, a tally over instances of left >= right: how many are certified, how many are worse than their
   linear predictor (the others are trivial), the largest ratio right / left of those, whether one is violated for
   certain. */
typedef struct {
    size_t instances, certified, worse;
    bool violated;
    iv ratio; /* [largest lower end, largest upper end] */
} tally;

/* One more instance; worse: F exceeds that of its linear predictor for certain. */
static void tally_add(tally *t, iv left, iv right, bool worse)
{
    t->instances++;
    t->certified += left.lo >= right.hi;
    t->violated |= left.hi < right.lo;
    if (!worse)
        return;
    t->worse++;
    iv ratio = iv_div(right, left);
    t->ratio = iv_max(t->ratio, iv_make(fmax(ratio.lo, 0), ratio.hi));
}

static enum verdict tally_verdict(const tally *t)
{
    return t->violated ? REFUTED : t->certified == t->instances && t->worse ? CERTIFIED : UNDECIDED;
}

static void tally_report(result *r, const tally *t)
{
    r->printed = tally_verdict(t);
    explain_undecided(r, "an enclosure is too wide, or no instance is worse than its linear predictor");
    fig_count(r, "instances", t->instances);
    fig_count(r, "worse-than-linear", t->worse);
    fig_iv(r, "largest-ratio", t->ratio);
    margin_add(r, add_dn(1, -t->ratio.hi));
}

/* A claim's picture as data: panels side by side, each with contour lines of a formula in x and y, maybe a disc about
   the origin, and marks. */
enum mark_kind { MARK_GLOBAL, MARK_SPURIOUS, MARK_SADDLE };

typedef struct {
    double x, y;
    enum mark_kind kind;
    const char *label;
} picture_mark;

typedef struct {
    const char *title, *formula;
    double disc; /* its radius; 0: none */
    picture_mark *mark;
    size_t marks;
} picture_panel;

typedef struct {
    const char *title;
    picture_panel *panel;
    size_t panels;
} picture;

/// 8 Lemma 10 ///

/* Unit w1, w2 at angle a: E (s(w1 x) - s(w2 x))^2 <= 4 |Sigma| a^2, Sigma = E x x^T. True; the constant 1 suffices,
   since |s(p) - s(q)| <= |p - q| and |w1 - w2| = 2 sin(a / 2) <= a; and no smaller constant does. Every instance is
   checked against both. For x ~ N(0, I) the constant 1/2 suffices. */

static const double WANG_LEMMA10_PRINTED = 4;
static const double WANG_LEMMA10_SHARP = 1;
static const double WANG_LEMMA10_POPULATION = 0.5;

typedef struct {
    size_t n, N, pairs;
    double *X;       /* n x N: the atoms of x, each with weight 1 / N, in columns */
    double *W1, *W2; /* pairs x n: the vectors w1, w2 of the pairs, unit up to rounding, in rows */
} wang_lemma10_instance;

typedef struct {
    iv sigma;     /* |Sigma| */
    double trace; /* tr Sigma, from above */
    double unit;  /* ||w| - 1| <= unit for every row of W1 and W2 */
} wang_lemma10_scale;

/* The case's margin is that of the printed constant. */
static void wang_lemma10_margin(result *r, double ratio)
{
    margin_add(r, add_dn(1, -div_up(ratio, WANG_LEMMA10_PRINTED)));
}

/* A case of one ratio E (s(w1 x) - s(w2 x))^2 / (|Sigma| a^2), against both constants. */
static void wang_lemma10_judge(result *r, iv ratio)
{
    r->printed = verdict_at_most(ratio, WANG_LEMMA10_PRINTED);
    r->repaired = verdict_at_most(ratio, WANG_LEMMA10_SHARP);
    explain_undecided(r, "the enclosure of E(s(w1 x) - s(w2 x))^2 / (|Sigma| a^2) is too wide");
    wang_lemma10_margin(r, ratio.hi);
}

/* ||w| - 1| <= ||w|^2 - 1|, and |w|^2 is the dot product up to a relative gamma_n. */
static double wang_lemma10_defect(size_t pairs, size_t n, const double *W)
{
    double worst = 0;
    for (size_t i = 0; i < pairs; i++) {
        double s = kern_dot(n, W + i * n, W + i * n);
        worst = fmax(worst, add_up(__builtin_fabs(s - 1), mul_up(s, gamma_up(n + 2))));
    }
    return worst;
}

static double wang_lemma10_unit(const wang_lemma10_instance *q)
{
    return fmax(wang_lemma10_defect(q->pairs, q->n, q->W1), wang_lemma10_defect(q->pairs, q->n, q->W2));
}

/* |Sigma| by the certified spectrum of X X^T / N, tr Sigma = |X|_F^2 / N. */
static wang_lemma10_scale wang_lemma10_measure(mem *arena, const wang_lemma10_instance *q)
{
    iv least;
    wang_lemma10_scale s;
    moment S = moment_of(arena, q->N, q->n, mat_transpose(arena, q->n, q->N, q->X));
    eigen_range(arena, q->n, S.S, S.error, &least, &s.sigma);
    double f = frobenius_up(q->n * q->N, q->X);
    s.trace = div_up(mul_up(f, f), (double)q->N);
    s.unit = wang_lemma10_unit(q);
    return s;
}

/* The angle of a pair, by 2 atan2(|d|, |s|) with d and s the difference and the sum of the unit vectors.
   Bound: |w / |w| - w| = ||w| - 1| <= unit, and a computed norm of a rounded difference has relative error
   gamma_{n+4}. */
static iv wang_lemma10_angle(const wang_lemma10_instance *q, size_t pair, double unit)
{
    size_t n = q->n;
    const double *w1 = q->W1 + pair * n;
    const double *w2 = q->W2 + pair * n;
    double d[RELU_GAP_MAX], s[RELU_GAP_MAX];
    double g = gamma_up(n + 4);
    size_must_fit("numbers in a row of Lemma 10", n, RELU_GAP_MAX);
    for (size_t k = 0; k < n; k++) {
        d[k] = w1[k] - w2[k];
        s[k] = w1[k] + w2[k];
    }
    double dn = __builtin_sqrt(kern_dot(n, d, d));
    double sn = __builtin_sqrt(kern_dot(n, s, s));
    double slack = add_up(2 * unit, 0x1p-500);
    iv dist = iv_make(fmax(add_dn(mul_dn(dn, 1 - g), -slack), 0), add_up(mul_up(dn, 1 + g), slack));
    iv sum = iv_make(fmax(add_dn(mul_dn(sn, 1 - g), -slack), 0), add_up(mul_up(sn, 1 + g), slack));
    return iv_scale(2, iv_atan2(dist, sum));
}

/* E (s(w1 x) - s(w2 x))^2 for the exact unit vectors, from the fused kernel's sums of d^2 over blocks of samples.
   Bound: per sample, p = w1 x is computed within gamma_n |w1||x|, and w1 / |w1| differs from w1 by `unit`; s is
   1-Lipschitz; the difference is rounded once. So |d - exact| <= u |d| + e |x| with e = 2 (gamma_n + unit)(1 +
   unit), and by Minkowski the root of the mean square is off by u times itself plus e sqrt(tr Sigma). A block sum of
   squares has relative error gamma_32; sums over blocks are exact. */
static iv wang_lemma10_left(const acc *total, size_t n, size_t N, const wang_lemma10_scale *scale)
{
    iv mean = iv_div(acc_iv(total), iv_of((double)N));
    iv root = iv_sqrt(mean);
    double e = mul_up(2.0, mul_up(add_up(gamma_up(n), scale->unit), add_up(1, scale->unit)));
    double slack = add_up(mul_up(e, sqrt_up(scale->trace)), 0x1p-500);
    double relative = gamma_up(34);
    return iv_sqr(
        iv_make(fmax(add_dn(mul_dn(root.lo, 1 - relative), -slack), 0), add_up(mul_up(root.hi, 1 + relative), slack)));
}

typedef struct {
    iv worst; /* [largest lower end, largest upper end] of the ratio */
    size_t certified_printed, certified_sharp;
    bool violated_printed, violated_sharp;
} wang_lemma10_tally;

/* Counts a pair at angle a with the given left side: its ratio against both constants. */
static void wang_lemma10_pair(wang_lemma10_tally *t, iv left, iv a, const wang_lemma10_scale *scale)
{
    iv ratio = iv_div(left, iv_mul(scale->sigma, iv_sqr(a)));
    enum verdict four = verdict_at_most(ratio, WANG_LEMMA10_PRINTED);
    enum verdict one = verdict_at_most(ratio, WANG_LEMMA10_SHARP);
    t->certified_printed += four == CERTIFIED;
    t->certified_sharp += one == CERTIFIED;
    t->violated_printed |= four == REFUTED;
    t->violated_sharp |= one == REFUTED;
    t->worst = iv_max(t->worst, iv_make(fmax(ratio.lo, 0), ratio.hi));
}

/* All pairs of an instance, the sums over its atoms by blocks of KERN_BLOCK. */
static wang_lemma10_tally wang_lemma10_check(
    mem *arena, const wang_lemma10_instance *q, const wang_lemma10_scale *scale)
{
    wang_lemma10_tally t = { { 0, 0 }, 0, 0, false, false };
    size_t blocks = (q->N + KERN_BLOCK - 1) / KERN_BLOCK;
    double *sums = mem_doubles(arena, q->pairs * blocks);
    if (relu_gap(q->pairs, q->n, q->N, q->W1, q->W2, q->X, q->N, sums))
        die(EXIT_SYSTEM, "out of memory: %zu pairs on %zu samples", q->pairs, q->N);
    for (size_t i = 0; i < q->pairs; i++) {
        acc total;
        acc_zero(&total);
        for (size_t b = 0; b < blocks; b++)
            acc_add(&total, sums[i * blocks + b]);
        iv left = wang_lemma10_left(&total, q->n, q->N, scale);
        wang_lemma10_pair(&t, left, wang_lemma10_angle(q, i, scale->unit), scale);
    }
    return t;
}

static enum verdict wang_lemma10_verdict(size_t certified, size_t all, bool violated)
{
    return violated ? REFUTED : certified == all ? CERTIFIED : UNDECIDED;
}

/* The verdicts and figures of an instance whose pairs are counted. */
static void wang_lemma10_report(
    result *r, const wang_lemma10_instance *q, const wang_lemma10_scale *scale, const wang_lemma10_tally *t)
{
    r->printed = wang_lemma10_verdict(t->certified_printed, q->pairs, t->violated_printed);
    r->repaired = wang_lemma10_verdict(t->certified_sharp, q->pairs, t->violated_sharp);
    explain_undecided(r, "an enclosure of E(s(w1 x) - s(w2 x))^2 / (|Sigma| a^2) is too wide");
    fig_count(r, "pairs", q->pairs);
    fig_double(r, "printed-constant", WANG_LEMMA10_PRINTED);
    fig_double(r, "sharp-constant", WANG_LEMMA10_SHARP);
    fig_iv(r, "largest-ratio", t->worst);
    fig_iv(r, "spectral-norm", scale->sigma);
    wang_lemma10_margin(r, t->worst.hi);
}

/* Measures, checks and reports an instance; returns its scale. */
static wang_lemma10_scale wang_lemma10_run(trial *t, const wang_lemma10_instance *q)
{
    wang_lemma10_scale scale = wang_lemma10_measure(t->memory, q);
    wang_lemma10_tally found = wang_lemma10_check(t->memory, q, &scale);
    wang_lemma10_report(t->result, q, &scale, &found);
    return scale;
}

/* Families of distributions: on the sphere; Gaussian; Gaussian over a uniform, without a second moment in the
   population; in a random plane; Gaussian, meant for a single atom; the rows of iris. */
enum { ATOMS_SPHERE, ATOMS_GAUSS, ATOMS_HEAVY, ATOMS_RANK2, ATOMS_ONE, ATOMS_IRIS };

/* Makes atom j of a family from x, a Gaussian vector in R^n; basis: 2 x n, spans the plane. */
static void wang_lemma10_atom(int family, rng *random, size_t n, size_t j, const double *basis, double *x)
{
    if (family == ATOMS_SPHERE)
        rng_sphere(random, n, x);
    if (family == ATOMS_HEAVY) {
        double u = fmax(rng_uniform(random), 0x1p-8);
        for (size_t k = 0; k < n; k++)
            x[k] = dyadic(x[k] / u);
    }
    if (family == ATOMS_RANK2) {
        double a = dyadic(rng_normal(random));
        double b = dyadic(rng_normal(random));
        for (size_t k = 0; k < n; k++)
            x[k] = a * basis[k] + b * basis[n + k]; /* exact: 2^-20 grid */
    }
    if (family == ATOMS_IRIS)
        iris_sample(j, n, NULL, x);
}

/* Fills X with N atoms of a family. */
static void wang_lemma10_atoms(mem *arena, int family, uint64_t seed, wang_lemma10_instance *q)
{
    rng random = rng_make(seed, STREAM_WANG_LEMMA10_ATOMS + (uint64_t)family);
    double *x = mem_doubles(arena, q->n);
    double *basis = mem_doubles(arena, 2 * q->n);
    rng_normals(&random, 2 * q->n, basis);
    for (size_t j = 0; j < q->N; j++) {
        rng_normals(&random, q->n, x);
        wang_lemma10_atom(family, &random, q->n, j, basis, x);
        for (size_t k = 0; k < q->n; k++)
            q->X[k * q->N + j] = x[k];
    }
}

/* w2 at angle a from w1, in a random direction (in dimension 1: the opposite sign). */
static void wang_lemma10_turn(rng *random, size_t n, double a, const double *w1, double *w2)
{
    double along = 0;
    double square = 0;
    double c = el_cos(a);
    double s = el_sin(a);
    rng_sphere(random, n, w2);
    for (size_t k = 0; k < n; k++)
        along = fma1(w1[k], w2[k], along);
    for (size_t k = 0; k < n; k++)
        w2[k] = fma1(-along, w1[k], w2[k]);
    for (size_t k = 0; k < n; k++)
        square = fma1(w2[k], w2[k], square);
    double norm = __builtin_sqrt(square);
    for (size_t k = 0; k < n; k++)
        w2[k] = n == 1 ? -w1[k] : fma1(c, w1[k], s * (w2[k] / norm));
}

/* Fills W1 and W2: random w1, and angles spread evenly in log a from 1e-8 to pi; the last pair is antipodal. */
static void wang_lemma10_pairs(uint64_t seed, wang_lemma10_instance *q)
{
    rng random = rng_make(seed, STREAM_WANG_LEMMA10_PAIRS + q->n);
    for (size_t i = 0; i < q->pairs; i++) {
        double *w1 = q->W1 + i * q->n;
        double *w2 = q->W2 + i * q->n;
        double at = (double)i / fmax((double)q->pairs - 1, 1);
        rng_sphere(&random, q->n, w1);
        /* log 1e-8 .. log pi */
        wang_lemma10_turn(&random, q->n, el_exp(-18.420680743952367 + at * 19.565410629801768), w1, w2);
        if (i + 1 == q->pairs)
            for (size_t k = 0; k < q->n; k++)
                w2[k] = -w1[k];
    }
}

static wang_lemma10_instance wang_lemma10_new(mem *arena, size_t n, size_t N, size_t pairs)
{
    return (wang_lemma10_instance) { n, N, pairs, mem_doubles(arena, n * N), mem_doubles(arena, pairs * n),
        mem_doubles(arena, pairs * n) };
}

typedef struct {
    int atoms;
    size_t n, N, pairs;
} wang_lemma10_family_spec;

static void wang_lemma10_family(trial *t)
{
    const wang_lemma10_family_spec *spec = t->row->spec;
    wang_lemma10_instance q = wang_lemma10_new(t->memory, spec->n, spec->N, spec->pairs);
    wang_lemma10_atoms(t->memory, spec->atoms, t->seed, &q);
    wang_lemma10_pairs(t->seed, &q);
    wang_lemma10_run(t, &q);
}

#define WANG_LEMMA10_FAMILY(name, level, atoms, n, N, pairs) \
    CASE_ROW(name, level, wang_lemma10_family, wang_lemma10_family_spec, atoms, n, N, pairs)

enum { LEMMA10_SEARCH_MAX = 4 }; /* n of a search */

/* The ratio in double, for w1 = e_1 and w2 at angle a from it in the plane of e_1 and e_2; X: n x N, n <= 4. */
static double wang_lemma10_score(size_t n, size_t N, const double *X, double a)
{
    double S[LEMMA10_SEARCH_MAX * LEMMA10_SEARCH_MAX] = { 0 };
    double w[LEMMA10_SEARCH_MAX], Q[LEMMA10_SEARCH_MAX * LEMMA10_SEARCH_MAX];
    double left = 0;
    double top = 0;
    double c = el_cos(a);
    double s = el_sin(a);
    for (size_t j = 0; j < N; j++) {
        double p = X[j];
        double q = c * X[j] + s * X[N + j];
        double d = fmax(p, 0) - fmax(q, 0);
        left += d * d;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                S[i * n + k] += X[i * N + j] * X[k * N + j];
    }
    int status = eig(n, S, w, Q);
    mat_must(status);
    if (status)
        return 0;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, w[i]);
    return top > 0 ? left / (top * a * a) : 0;
}

/* Adversarial search: ascent of the ratio over atoms and angle (>= 1/16, so that the enclosure stays sharp), with
   Gaussian proposals whose width follows success. Leaves the best atoms in X, returns the angle. */
static double wang_lemma10_ascend(mem *arena, rng *random, size_t n, size_t N, double *X, int proposals)
{
    size_must_fit("dimensions of a search of Lemma 10", n, LEMMA10_SEARCH_MAX);
    double *Y = mem_doubles(arena, n * N);
    double a = 1;
    climb c = { .grow = 1.5, .shrink = 0.97, .least = 0x1p-9, .width = 1, .best = wang_lemma10_score(n, N, X, a) };
    for (int i = 0; i < proposals; i++) {
        double b = fmin(fmax(a + 0.3 * c.width * rng_normal(random), 0x1p-4), 3.141592653589793);
        for (size_t k = 0; k < n * N; k++)
            Y[k] = dyadic(X[k] + c.width * rng_normal(random));
        if (!climb_up(&c, wang_lemma10_score(n, N, Y, b)))
            continue;
        a = b;
        memcpy(X, Y, n * N * sizeof *X);
    }
    return a;
}

typedef struct {
    size_t n, N;
    int proposals;
} wang_lemma10_search_spec;

/* One pair on the atoms that the search came to. */
static void wang_lemma10_search(trial *t)
{
    const wang_lemma10_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    wang_lemma10_instance q = wang_lemma10_new(arena, spec->n, spec->N, 1);
    rng random = rng_make(t->seed, STREAM_WANG_LEMMA10_SEARCH + 16 * (uint64_t)q.n + q.N);
    rng_normals(&random, q.n * q.N, q.X);
    double a = wang_lemma10_ascend(arena, &random, q.n, q.N, q.X, spec->proposals);
    q.W1[0] = 1;
    q.W2[0] = el_cos(a);
    q.W2[1] = el_sin(a);
    wang_lemma10_scale scale = wang_lemma10_run(t, &q);
    fig_iv(t->result, "angle", wang_lemma10_angle(&q, 0, scale.unit));
}

#define WANG_LEMMA10_SEARCH(name, level, n, N, proposals) \
    CASE_ROW(name, level, wang_lemma10_search, wang_lemma10_search_spec, n, N, proposals)

/* An instance in small integers, for which exact.py has every quantity: w1 = (4, 3) / 5, w2 = (3, 4) / 5, and the
   atoms (1, 0), (-1, 2), (2, -1) and (1, -1), on the last of which the signs of w1 x and w2 x differ. |Sigma| in closed
   form. */
static void wang_lemma10_pythagoras(trial *t)
{
    result *r = t->result;
    static const double atoms[4][2] = { { 1, 0 }, { -1, 2 }, { 2, -1 }, { 1, -1 } };
    iv left = { 0, 0 };
    iv S[4] = { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } };
    for (int j = 0; j < 4; j++) {
        double x = atoms[j][0];
        double y = atoms[j][1];
        left = iv_add(left, iv_sqr(iv_sub(iv_relu(iv_of(4 * x + 3 * y)), iv_relu(iv_of(3 * x + 4 * y)))));
        for (int i = 0; i < 4; i++)
            S[i] = iv_add(S[i], iv_of(atoms[j][i / 2] * atoms[j][i % 2]));
    }
    left = iv_div(left, iv_of(100));
    iv half = iv_scale(0.5, iv_sub(S[0], S[3]));
    iv root = iv_sqrt(iv_add(iv_sqr(half), iv_sqr(S[1])));
    iv sigma = iv_div(iv_add(iv_scale(0.5, iv_add(S[0], S[3])), root), iv_of(4));
    iv a = iv_atan2(iv_of(7), iv_of(24));
    iv ratio = iv_div(left, iv_mul(sigma, iv_sqr(a)));
    wang_lemma10_judge(r, ratio);
    fig_iv(r, "left-side", left);
    fig_iv(r, "spectral-norm", sigma);
    fig_iv(r, "angle", a);
    fig_iv(r, "largest-ratio", ratio);
}

#define WANG_LEMMA10_PYTHAGORAS(name, level) CASE_PLAIN(name, level, wang_lemma10_pythagoras, NULL)

/* The sharp family, for every a in (0, pi] at once: x = u always, u in the plane of w1 and w2 with w2 u = 0.
   |Sigma| = |u u^T| = 1, and the left side is sin^2 a, so the ratio is (sin a / a)^2: at most 1 on (0, 1/2] because
   sin a <= a there, and by enclosures beyond. At a = 2^-13 it exceeds 1 - 2^-27: no constant below that can do. */
static void wang_lemma10_sharp(trial *t)
{
    result *r = t->result;
    iv worst = { 0, 1 };
    iv tip = iv_of(0x1p-13);
    size_t pieces = 1;
    for (double a = 0.5; a < IV_PI.hi; a += 0x1p-8, pieces++) {
        iv at = { a, a + 0x1p-8 };
        worst = iv_max(worst, iv_sqr(iv_div(iv_sin(at), at)));
    }
    iv reached = iv_sqr(iv_div(iv_sin(tip), tip));
    wang_lemma10_judge(r, worst);
    fig_count(r, "pieces", pieces);
    fig_iv(r, "ratio-at-2^-13", reached);
    fig_iv(r, "largest-ratio", iv_make(reached.lo, worst.hi));
    if (!(reached.lo >= 1 - 0x1p-27))
        undecided(r, "the sharp family does not come near 1");
}

#define WANG_LEMMA10_SHARP(name, level) CASE_PLAIN(name, level, wang_lemma10_sharp, NULL)

/* The left side for x ~ N(0, I), where |Sigma| = 1: K(a) = 1 - (sin a + (pi - a) cos a) / pi, from the arc-cosine
   kernel of order 1. */
static iv wang_lemma10_population(iv a)
{
    iv rest = iv_sub(IV_PI, a);
    rest = iv_make(fmax(rest.lo, 0), rest.hi);
    return iv_sub(iv_of(1), iv_div(iv_add(iv_sin(a), iv_mul(rest, iv_cos(a))), IV_PI));
}

/* K(a) < most a^2 over a cover; worst collects the enclosures of K(a) / a^2. */
typedef struct {
    double most;
    size_t pieces;
    iv worst;
} wang_lemma10_cover;

/* K(a) / a^2 on a piece; no bound where it is above the constant for certain, or cannot be told yet. */
static bool wang_lemma10_piece(void *problem, double from, double to, double *bound)
{
    wang_lemma10_cover *k = problem;
    iv a = { from, to };
    iv ratio = iv_div(wang_lemma10_population(a), iv_sqr(a));
    bool below = ratio.hi <= k->most;
    *bound = below ? ratio.hi : INFINITY;
    if (below) {
        k->pieces++;
        k->worst = iv_max(k->worst, iv_make(fmax(ratio.lo, 0), ratio.hi));
    }
    return below || !(ratio.lo <= k->most);
}

/* On all of [from, pi]; constants below 1/2 would not serve before that. */
static bool wang_lemma10_below(wang_lemma10_cover *k, double from)
{
    return k->most >= 0.5 && cover_up(wang_lemma10_piece, k, from, IV_PI.hi, 30) < INFINITY;
}

/* The population, for all a in (0, pi]. From 1/2 on by bisection. Below, with h(a) = a^2/2 - K(a): h(0) = 0 and

       h' = a - (pi - a) sin a / pi = a (1 - (1 - a/pi) q),   q = sin a / a in [1 - 1/24, 1];

   the program encloses the bracket and finds it >= 0, so that K <= a^2/2 there, which serves constants from 1/2 on. */
static void wang_lemma10_gauss(trial *t)
{
    result *r = t->result;
    double near_zero = 0.5;
    iv a = { 0, near_zero };
    iv q = { 0.95, 1 };
    wang_lemma10_cover four = { WANG_LEMMA10_PRINTED, 1, { 0, 0 } };
    wang_lemma10_cover half = { WANG_LEMMA10_POPULATION, 1, { 0, 0 } };
    iv bracket = iv_sub(iv_of(1), iv_mul(iv_sub(iv_of(1), iv_div(a, IV_PI)), q));
    bool small = bracket.lo >= 0;
    judge(r, &r->printed, small && wang_lemma10_below(&four, near_zero), CERTIFIED,
        "the bisection over angles did not close");
    judge(r, &r->repaired, small && wang_lemma10_below(&half, near_zero), CERTIFIED,
        "the bisection over angles did not close");
    fig_count(r, "pieces-4", four.pieces);
    fig_count(r, "pieces-1/2", half.pieces);
    fig_double(r, "population-constant", WANG_LEMMA10_POPULATION);
    fig_iv(r, "K(pi/3)", wang_lemma10_population(iv_div(IV_PI, iv_of(3))));
    fig_iv(r, "K(pi/2)", wang_lemma10_population(iv_scale(0.5, IV_PI)));
    fig_iv(r, "K(pi)", wang_lemma10_population(IV_PI));
    wang_lemma10_margin(r, fmax(half.worst.hi, WANG_LEMMA10_POPULATION));
}

#define WANG_LEMMA10_GAUSS(name, level) CASE_PLAIN(name, level, wang_lemma10_gauss, NULL)

/* Many samples of N(0, I), on the grid of dyadic(): sums that machines can share. A block of 256 samples can be
   drawn alone, and all that the samples are needed for are sums: of x_i x_j (a block's is exact in double: 256
   products, each a multiple of 2^-20 below 2^10) and of each pair's (s(w1 x) - s(w2 x))^2. They are kept exactly and
   rounded once, at the end, so that it cannot matter who added which block. The largest distance from the
   population's K(a) is a figure, not a claim. */
enum { WANG_LEMMA10_BATCH = 16 }; /* blocks at a time */

typedef struct {
    size_t n;
    int log2_N; /* of the number of samples */
    size_t pairs;
} wang_lemma10_samples_spec;

static size_t wang_lemma10_blocks(const void *spec)
{
    const wang_lemma10_samples_spec *s = spec;
    return ((size_t)1 << s->log2_N) / KERN_BLOCK;
}

/* Of x_i x_j, j <= i, row by row; then those of the pairs. */
static size_t wang_lemma10_sums(const void *spec)
{
    const wang_lemma10_samples_spec *s = spec;
    return s->n * (s->n + 1) / 2 + s->pairs;
}

/* The samples of `blocks` blocks beginning with block `from`, in X: n x (256 blocks). */
static void wang_lemma10_draw(uint64_t seed, size_t n, size_t from, size_t blocks, double *X)
{
    size_t N = blocks * KERN_BLOCK;
    rng random = rng_make(seed, STREAM_WANG_LEMMA10_SAMPLES + n);
    random.index = (uint64_t)from * KERN_BLOCK * n;
    for (size_t j = 0; j < N; j++)
        for (size_t k = 0; k < n; k++)
            X[k * N + j] = dyadic(rng_normal(&random));
}

/* Adds the blocks from <= b < to, in the order of wang_lemma10_sums. */
static void wang_lemma10_add(trial *t, size_t from, size_t to, acc *sums)
{
    const wang_lemma10_samples_spec *spec = t->row->spec;
    mem *arena = t->memory;
    wang_lemma10_instance q = wang_lemma10_new(arena, spec->n, WANG_LEMMA10_BATCH * KERN_BLOCK, spec->pairs);
    double *gap = mem_doubles(arena, q.pairs * WANG_LEMMA10_BATCH);
    wang_lemma10_pairs(t->seed, &q);
    for (size_t blocks; from < to; from += blocks) {
        acc *s = sums;
        blocks = to - from < WANG_LEMMA10_BATCH ? to - from : WANG_LEMMA10_BATCH;
        q.N = blocks * KERN_BLOCK;
        wang_lemma10_draw(t->seed, q.n, from, blocks, q.X);
        for (size_t i = 0; i < q.n; i++)
            for (size_t j = 0; j <= i; j++, s++)
                for (size_t b = 0; b < q.N; b += KERN_BLOCK)
                    acc_add(s, kern_dot(KERN_BLOCK, q.X + i * q.N + b, q.X + j * q.N + b));
        if (relu_gap(q.pairs, q.n, q.N, q.W1, q.W2, q.X, q.N, gap))
            die(EXIT_SYSTEM, "out of memory: %zu pairs on %zu samples", q.pairs, q.N);
        for (size_t i = 0; i < q.pairs; i++, s++)
            for (size_t b = 0; b < blocks; b++)
                acc_add(s, gap[i * blocks + b]);
    }
}

/* The scale by the sums of x_i x_j.
   Bound: an entry of S is the exact one rounded twice (the sum, the division), so |S - exact|_F <= gamma_4 |S|_F. */
static wang_lemma10_scale wang_lemma10_scale_of(mem *arena, const wang_lemma10_instance *q, const acc *sums)
{
    double *S = mem_doubles(arena, q->n * q->n);
    wang_lemma10_scale scale = { .trace = 0 };
    iv least;
    for (size_t i = 0; i < q->n; i++)
        for (size_t j = 0; j <= i; j++, sums++) {
            S[i * q->n + j] = S[j * q->n + i] = acc_nearest(sums) / (double)q->N;
            if (i == j)
                scale.trace = add_up(scale.trace, div_up(acc_up(sums), (double)q->N));
        }
    double error = add_up(mul_up(gamma_up(4), frobenius_up(q->n * q->n, S)), 0x1p-1000);
    eigen_range(arena, q->n, S, error, &least, &scale.sigma);
    scale.unit = wang_lemma10_unit(q);
    return scale;
}

/* The verdicts, from the sums over all samples. */
static void wang_lemma10_finish(trial *t, const acc *sums)
{
    const wang_lemma10_samples_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    wang_lemma10_instance q = wang_lemma10_new(arena, spec->n, 0, spec->pairs);
    wang_lemma10_tally found = { { 0, 0 }, 0, 0, false, false };
    iv off = { 0, 0 };
    q.N = (size_t)1 << spec->log2_N;
    wang_lemma10_pairs(t->seed, &q);
    wang_lemma10_scale scale = wang_lemma10_scale_of(arena, &q, sums);
    sums += q.n * (q.n + 1) / 2;
    for (size_t i = 0; i < q.pairs; i++) {
        iv a = wang_lemma10_angle(&q, i, scale.unit);
        iv left = wang_lemma10_left(&sums[i], q.n, q.N, &scale);
        wang_lemma10_pair(&found, left, a, &scale);
        off = iv_max(off, iv_abs(iv_sub(left, wang_lemma10_population(a))));
    }
    wang_lemma10_report(r, &q, &scale, &found);
    fig_count(r, "samples", q.N);
    fig_iv(r, "off-population", off);
}

static const case_split wang_lemma10_split = { wang_lemma10_blocks, wang_lemma10_sums, wang_lemma10_add,
    wang_lemma10_finish };

#define WANG_LEMMA10_SAMPLES(name, level, n, log2_N, pairs) \
    CASE_SPLIT(name, level, &wang_lemma10_split, wang_lemma10_samples_spec, n, log2_N, pairs)

typedef struct {
    int cells, angle16; /* angle16 = 16 a */
} wang_lemma10_quadrature_spec;

/* The same K by a second route, without the closed form: in the plane of w1 and w2, x = rho (cos f, sin f) with
   E rho^2 = 2, so

       K(a) = (1/pi) int_0^{2 pi} (s(cos f) - s(cos(f - a)))^2 df,

   enclosed cell by cell. */
static void wang_lemma10_quadrature(trial *t)
{
    const wang_lemma10_quadrature_spec *spec = t->row->spec;
    result *r = t->result;
    double cells = spec->cells;
    double a = spec->angle16 / 16.0;
    iv width = iv_div(iv_scale(2, IV_PI), iv_of(cells));
    iv sum = { 0, 0 };
    for (double i = 0; i < cells; i++) {
        iv f = iv_mul(width, (iv) { i, i + 1 });
        iv d = iv_sub(iv_relu(iv_cos(f)), iv_relu(iv_cos(iv_sub(f, iv_of(a)))));
        sum = iv_add(sum, iv_sqr(d));
    }
    iv integral = iv_div(iv_mul(width, sum), IV_PI);
    iv closed = wang_lemma10_population(iv_of(a));
    r->printed = verdict_at_most(integral, WANG_LEMMA10_PRINTED * a * a);
    r->repaired = verdict_at_most(integral, WANG_LEMMA10_POPULATION * a * a);
    explain_undecided(r, "the enclosure of the integral is too wide");
    if (!(integral.lo <= closed.lo && closed.hi <= integral.hi))
        undecided(r, "quadrature and closed form disagree");
    fig_iv(r, "quadrature", integral);
    fig_iv(r, "closed-form", closed);
    margin_add(r, add_dn(1, -div_up(integral.hi, WANG_LEMMA10_PRINTED * a * a)));
}

#define WANG_LEMMA10_QUADRATURE(name, level, cells, angle16) \
    CASE_ROW(name, level, wang_lemma10_quadrature, wang_lemma10_quadrature_spec, cells, angle16)

/// 8 Lemma 9 ///

/* Among any m unit vectors in R^n at least m^eta are said to lie pairwise within 2 eps, eps = m^((eta - 1)/n). False
   at finite m: the graph "within 2 eps" of a few vectors is decided edge by edge, and its largest clique found by
   exhaustion. True for large m: N caps of angular radius eps cover the sphere, one of them holds m / N vectors, and
   m / N >= m^eta once eps <= eps_0(n), that is m >= eps_0^(-n/(1 - eta)), because m^(1 - eta) = eps^-n:

       n = 1:   N = 2, and eps_0 = 1/2.
       n = 2:   N = ceil(pi / eps) <= pi/eps + 1, and eps (pi + eps) = 1 at eps_0.
       n >= 3:  N <= 1 / sigma(eps/2), sigma the normalised measure of a cap (a maximal packing by caps of half the
                radius), and sigma(eps_0 / 2) = eps_0^n; sigma(eps/2) / eps^n falls in eps. */

enum wang_lemma9_kind { VECTORS_POLYGON, VECTORS_CROSS, VECTORS_ICOSAHEDRON };

/* m vectors in R^n, enclosed: a regular m-gon; the cross-polytope +-e_i (m = 2n); the icosahedron (0, +-1, +-phi),
   cyclically. */
static void wang_lemma9_vectors(enum wang_lemma9_kind kind, size_t m, size_t n, iv *V)
{
    iv phi = iv_scale(0.5, iv_add(iv_of(1), iv_sqrt(iv_of(5))));
    for (size_t i = 0; i < m; i++) {
        iv *v = V + i * n;
        double sign = i & 1 ? -1 : 1;
        iv angle = iv_div(iv_scale(2 * (double)i, IV_PI), iv_of((double)m));
        if (kind == VECTORS_POLYGON) {
            v[0] = iv_cos(angle);
            v[1] = iv_sin(angle);
        }
        if (kind == VECTORS_CROSS)
            v[i / 2] = iv_of(sign);
        if (kind == VECTORS_ICOSAHEDRON) {
            v[(i / 4 + 1) % 3] = iv_of(sign);
            v[(i / 4 + 2) % 3] = iv_scale(i & 2 ? -1 : 1, phi);
        }
    }
}

/* Which pairs lie within `angle` (< pi): cos of theirs >= cos of it. near (m words, 0 before): bit j of word i;
   false if a pair cannot be decided. */
static bool wang_lemma9_graph(size_t m, size_t n, const iv *V, iv angle, uint64_t *near)
{
    iv least = iv_cos(angle);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            iv dot = { 0, 0 };
            iv a = { 0, 0 };
            iv b = { 0, 0 };
            if (i == j)
                continue;
            for (size_t k = 0; k < n; k++) {
                dot = iv_add(dot, iv_mul(V[i * n + k], V[j * n + k]));
                a = iv_add(a, iv_sqr(V[i * n + k]));
                b = iv_add(b, iv_sqr(V[j * n + k]));
            }
            iv excess = iv_sub(dot, iv_mul(least, iv_sqrt(iv_mul(a, b))));
            if (excess.hi < 0)
                continue;
            if (excess.lo < 0)
                return false;
            near[i] |= (uint64_t)1 << j;
        }
    return true;
}

/* The largest clique among `left`, added to `have` members; by exhaustion, each set once (lowest member first). */
static size_t wang_lemma9_clique(const uint64_t *near, uint64_t left, size_t have)
{
    size_t best = have;
    while (left && have + (size_t)__builtin_popcountll(left) > best) {
        int i = __builtin_ctzll(left);
        left &= left - 1;
        size_t found = wang_lemma9_clique(near, left & near[i], have + 1);
        if (found > best)
            best = found;
    }
    return best;
}

/* What is claimed of m vectors: `need` = m^eta of them within `angle` = 2 eps. */
typedef struct {
    iv angle, need;
} wang_lemma9_claim;

static wang_lemma9_claim wang_lemma9_claim_of(size_t m, size_t n, iv eta)
{
    return (wang_lemma9_claim) { star_angle(m, n, eta), iv_pow((double)m, eta) };
}

static void wang_lemma9_figures(result *r, const wang_lemma9_claim *claimed)
{
    fig_iv(r, "2-eps", claimed->angle);
    fig_iv(r, "m^eta", claimed->need);
}

typedef struct {
    enum wang_lemma9_kind vectors;
    size_t m, n;
    int eta10; /* 10 eta */
} wang_lemma9_witness_spec;

/* At most 64 vectors of which fewer than claimed lie pairwise within the angle. */
static void wang_lemma9_witness(trial *t)
{
    const wang_lemma9_witness_spec *spec = t->row->spec;
    result *r = t->result;
    size_t count = spec->m;
    wang_lemma9_claim claimed = wang_lemma9_claim_of(count, spec->n, iv_div(iv_of(spec->eta10), iv_of(10)));
    iv *V = mem_ivs(t->memory, count * spec->n);
    uint64_t near[64] = { 0 };
    wang_lemma9_vectors(spec->vectors, count, spec->n, V);
    bool decided = wang_lemma9_graph(count, spec->n, V, claimed.angle, near);
    size_t most = wang_lemma9_clique(near, ~(uint64_t)0 >> (64 - count), 0);
    judge(r, &r->printed, decided && claimed.angle.hi < 3 && (double)most < claimed.need.lo, REFUTED,
        decided ? "there are as many vectors as claimed" : "a pair of vectors is too near the angle to be decided");
    wang_lemma9_figures(r, &claimed);
    fig_count(r, "largest-set", most);
    margin_add(r, add_dn(claimed.need.lo, -(double)most));
}

#define WANG_LEMMA9_WITNESS(name, level, vectors, m, n, eta10) \
    CASE_ROW(name, level, wang_lemma9_witness, wang_lemma9_witness_spec, vectors, m, n, eta10)

typedef struct {
    size_t n;
} wang_lemma9_antipodal_spec;

/* Two opposite vectors, for all eta in [2^-20, 1] at once: 2^eta > 1 asks for both, and 2 eps <= 2 < pi. */
static void wang_lemma9_antipodal(trial *t)
{
    const wang_lemma9_antipodal_spec *spec = t->row->spec;
    result *r = t->result;
    wang_lemma9_claim claimed = wang_lemma9_claim_of(2, spec->n, (iv) { 0x1p-20, 1 });
    judge(r, &r->printed, claimed.need.lo > 1 && claimed.angle.hi < IV_PI.lo, REFUTED,
        "the two vectors were not told apart");
    wang_lemma9_figures(r, &claimed);
    fig_iv(r, "angle", IV_PI);
    fig_count(r, "largest-set", 1);
}

#define WANG_LEMMA9_ANTIPODAL(name, level, n) \
    CASE_ROW(name, level, wang_lemma9_antipodal, wang_lemma9_antipodal_spec, n)

/* Integral of sin^k over [0, a], 0 < a <= 1/2: with s = sin a, the sum over j of b_j s^(k + 1 + 2j) / (k + 1 + 2j),
   b_j = (2j)! / (4^j j!^2) <= 1; what is left after a term t is at most t s^2 / (1 - s^2). */
static iv sine_integral(size_t k, iv a)
{
    iv s = iv_sin(a);
    iv square = iv_sqr(s);
    iv power = iv_power(s, k + 1);
    iv sum = { 0, 0 };
    iv term = { 0, 0 };
    for (int j = 0; j < 12; j++) {
        if (j)
            power = iv_mul(power, iv_mul(square, iv_div(iv_of(2 * j - 1), iv_of(2 * j))));
        term = iv_div(power, iv_of((double)k + 1 + 2 * j));
        sum = iv_add(sum, term);
    }
    double rest = iv_div(iv_mul(term, square), iv_sub(iv_of(1), square)).hi;
    return iv_add(sum, (iv) { 0, rest });
}

/* sigma(a), the normalised measure of the cap of angular radius a on the sphere in R^n, 2 <= n <= 16: with k = n - 2
   the integral of sin^k over [0, a] over that over [0, pi], which is (k - 1)/k times that of sin^(k - 2), and pi for
   k = 0, 2 for k = 1. */
static iv cap_measure(size_t n, iv a)
{
    size_t k = n - 2;
    iv over = k & 1 ? iv_of(2) : IV_PI;
    double under = 1; /* an integer, exact */
    for (size_t i = k & 1 ? 3 : 2; i <= k; i += 2) {
        over = iv_scale((double)i - 1, over);
        under *= (double)i;
    }
    return iv_div(iv_scale(under, sine_integral(k, a)), over);
}

/* Positive where pigeonhole gives the lemma at eps. */
static iv wang_lemma9_surplus(size_t n, iv eps)
{
    if (n == 1)
        return iv_sub(iv_of(1), iv_scale(2, eps));
    if (n == 2)
        return iv_sub(iv_of(1), iv_mul(eps, iv_add(IV_PI, eps)));
    return iv_sub(cap_measure(n, iv_scale(0.5, eps)), iv_power(eps, n));
}

/* Its root, by two bisections: the surplus is certainly positive at the lower end, certainly negative at the upper
   one. */
static iv wang_lemma9_eps0(size_t n)
{
    iv below = { 0x1p-30, 0.75 };
    for (int i = 0; i < 100; i++)
        root_halve(&below, wang_lemma9_surplus(n, iv_of(iv_mid(below))).lo > 0 ? -1 : 1);
    iv above = { below.lo, 0.75 };
    for (int i = 0; i < 100; i++)
        root_halve(&above, wang_lemma9_surplus(n, iv_of(iv_mid(above))).hi < 0 ? 1 : -1);
    return iv_make(below.lo, above.hi);
}

typedef struct {
    size_t m;
} wang_lemma9_one_spec;

/* eta = 1, which the lemma allows: all m vectors are to lie within 2 rad. Half of them v, half -v: no more than half
   do. */
static void wang_lemma9_one(trial *t)
{
    const wang_lemma9_one_spec *spec = t->row->spec;
    result *r = t->result;
    wang_lemma9_claim claimed = wang_lemma9_claim_of(spec->m, 1, iv_of(1));
    size_t most = spec->m - spec->m / 2;
    judge(r, &r->printed, claimed.need.lo > (double)most && claimed.angle.hi < IV_PI.lo, REFUTED,
        "as many lie together as claimed");
    wang_lemma9_figures(r, &claimed);
    fig_count(r, "claimed", spec->m);
    fig_count(r, "largest-set", most);
}

#define WANG_LEMMA9_ONE(name, level, m) CASE_ROW(name, level, wang_lemma9_one, wang_lemma9_one_spec, m)

/* The least, over all sets of m vectors, of the largest number within 2 eps, eta = k/4. n = 1: half of them. n = 2:
   on an arc of length 2 eps a closed arc that starts at one of the vectors holds floor(m eps / pi) + 1 for some
   choice (the mean over all arcs is m eps / pi; starting at a vector gains one), and no more when they are evenly
   spaced; within less than 2 pi / 3, pairwise near means on an arc. 0: not decided. */
static size_t wang_lemma9_least(size_t m, size_t n, int k)
{
    if (n == 1)
        return m - m / 2;
    iv turns = iv_div(iv_pow((double)m, iv_of((4 + k) / 8.0)), IV_PI);
    size_t lo = (size_t)turns.lo;
    return lo == (size_t)turns.hi ? lo + 1 : 0;
}

enum { WANG_LEMMA9_POLYGON = 24 };

/* The largest set within 2 eps among m evenly spaced vectors, by exhaustion: the m-gon, or v and -v in turn. */
static size_t wang_lemma9_even(mem *arena, size_t m, size_t n, int k)
{
    iv *V = mem_ivs(arena, m * n);
    uint64_t near[64] = { 0 };
    if (n == 2)
        wang_lemma9_vectors(VECTORS_POLYGON, m, n, V);
    for (size_t i = 0; n == 1 && i < m; i++)
        V[i] = iv_of(i & 1 ? -1 : 1);
    bool decided = wang_lemma9_graph(m, n, V, star_angle(m, n, iv_of(k / 4.0)), near);
    return decided ? wang_lemma9_clique(near, ~(uint64_t)0 >> (64 - m), 0) : 0;
}

/* Do that many suffice: count >= m^(k/4)? In integers. */
static bool wang_lemma9_enough(size_t count, size_t m, int k)
{
    uint64_t left = (uint64_t)count * count * count * count;
    uint64_t right = 1;
    for (int i = 0; i < k; i++)
        right *= m;
    return left >= right;
}

typedef struct {
    size_t n; /* 1 or 2 */
} wang_lemma9_last_spec;

/* The exact threshold: the last m at which the lemma fails, eta = 1/4, 1/2, 3/4. Beyond 2^(1/(1 - eta)), or
   pi^(2/(1 - eta)) for n = 2, it holds by m/2 >= m^eta, or m eps / pi >= m^eta; up to there each m is looked at. */
static void wang_lemma9_last(trial *t)
{
    const wang_lemma9_last_spec *spec = t->row->spec;
    result *r = t->result;
    static const size_t end[2][3] = { { 3, 4, 16 }, { 22, 98, 9489 } };
    bool fine = star_angle(2, spec->n, iv_of(0.75)).hi < 2.0943;
    for (int k = 1; k <= 3; k++) {
        char name[40];
        size_t last = 0;
        size_t stop = end[spec->n - 1][k - 1];
        iv beyond = iv_pow((double)stop, iv_of((4 - k) / 8.0));
        /* n = 1: 2 m^(k/4) <= m, in integers: 16 m^k <= m^4 */
        fine &= spec->n == 1 ? iv_power(iv_of((double)stop), (size_t)(4 - k)).lo >= 16 : beyond.lo >= IV_PI.hi;
        for (size_t m = 2; m <= stop; m++) {
            size_t count = wang_lemma9_least(m, spec->n, k);
            fine &= count > 0 && (m > WANG_LEMMA9_POLYGON || count == wang_lemma9_even(t->memory, m, spec->n, k));
            if (!wang_lemma9_enough(count, m, k))
                last = m;
        }
        /* the sufficient threshold is one: m_0 = eps_0^(-n/(1 - eta)) */
        iv bits = iv_neg(iv_log2(wang_lemma9_eps0(spec->n)));
        fine &= iv_scale(4.0 * (double)spec->n / (4 - k), bits).hi >= iv_log2(iv_of((double)last)).lo;
        snprintf(name, sizeof name, "last-failing-m/eta=%d/4", k);
        fig_count(r, k == 2 ? "last-failing-m/eta=1/2" : name, last);
    }
    judge(r, &r->repaired, fine, CERTIFIED, "some m was not decided");
}

#define WANG_LEMMA9_LAST(name, level, n) CASE_ROW(name, level, wang_lemma9_last, wang_lemma9_last_spec, n)

typedef struct {
    int eta4; /* 4 eta */
} wang_lemma9_threshold_spec;

/* log2 of the threshold m_0(n, eta) = eps_0^(-n/(1 - eta)), n = 1 .. 16. */
static void wang_lemma9_threshold(trial *t)
{
    const wang_lemma9_threshold_spec *spec = t->row->spec;
    result *r = t->result;
    char name[40];
    iv rest = iv_of(1 - spec->eta4 / 4.0);
    bool fine = true;
    for (size_t n = 1; n <= 16; n++) {
        iv eps = wang_lemma9_eps0(n);
        iv bits = iv_neg(iv_log2(eps));
        fine &= wang_lemma9_surplus(n, iv_of(eps.lo)).lo > 0 && eps.hi - eps.lo < 1e-9 * eps.lo;
        snprintf(name, sizeof name, "log2-m0/n=%zu", n);
        fig_iv(r, name, iv_div(iv_scale((double)n, bits), rest));
    }
    judge(r, &r->repaired, fine, CERTIFIED, "a threshold was not isolated");
}

#define WANG_LEMMA9_THRESHOLD(name, level, eta4) \
    CASE_ROW(name, level, wang_lemma9_threshold, wang_lemma9_threshold_spec, eta4)

typedef struct {
    size_t n, m;
    int eta10; /* 10 eta */
} wang_lemma9_random_spec;

/* The star search on m random unit vectors: the star of eps about a row is pairwise within 2 eps; no set pairwise
   within 2 eps is larger than the largest star of 2 eps. The searched chords are moved by 2^-40, more than rounding
   can move a computed chord or a row's length. */
static void wang_lemma9_random(trial *t)
{
    const wang_lemma9_random_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    size_t n = spec->n;
    size_t count = spec->m;
    size_t inner, outer; /* members of the largest stars of eps and 2 eps */
    wang_lemma9_claim claimed = wang_lemma9_claim_of(count, n, iv_div(iv_of(spec->eta10), iv_of(10)));
    iv angle = claimed.angle;
    rng random = rng_make(t->seed, STREAM_WANG_LEMMA9_VECTORS + n);
    double *V = mem_doubles(arena, count * n);
    for (size_t i = 0; i < count; i++)
        rng_sphere(&random, n, V + i * n);
    star_largest(arena, count, n, V, 2 * iv_sin(iv_scale(0.25, angle)).lo * (1 - 0x1p-40), &inner);
    star_largest(arena, count, n, V, 2 * iv_sin(iv_scale(0.5, iv_min(angle, IV_PI))).hi * (1 + 0x1p-40), &outer);
    r->printed = (double)inner >= claimed.need.hi ? CERTIFIED : (double)outer < claimed.need.lo ? REFUTED : UNDECIDED;
    explain_undecided(r, "the largest stars of eps and 2 eps do not decide it");
    wang_lemma9_figures(r, &claimed);
    fig_count(r, "star-of-eps", inner);
    fig_count(r, "star-of-2-eps", outer);
    margin_add(r, r->printed == CERTIFIED ? add_dn(1, -div_up(claimed.need.hi, (double)inner)) : INFINITY);
}

#define WANG_LEMMA9_RANDOM(name, level, n, m, eta10) \
    CASE_ROW(name, level, wang_lemma9_random, wang_lemma9_random_spec, n, m, eta10)

/// 8 Theorem 6 and Lemma 7 ///

/* f = W (x + V g(theta, x)), dy <= min(dx, dz), L convex: any two points are said to be joined by a path with F <=
   max(lambda, F*_w), F*_w = inf_W E L(W x, y). False for dy = dx (det W must change sign), and as an exact "<=" even
   for dy < dx (the infimum over paths need not be attained). Repaired: dy < dx, and for every eps > 0 a path with F
   <= max(lambda, F*_w) + eps. dz plays no role: the construction never uses it. */

static const double WANG_THM6_EPS = 1e-9;

/* How near the path comes to a singular W, and how large V gets on it. */
static void wang_thm6_report_rank(result *r, const path_report *path)
{
    fig_double(r, "rank", path->rank);
    fig_up(r, "largest-V", path->v_norm);
}

/* A lift of the path when it is walked: what is seen must lie under the certified bound. */
static void wang_thm6_report_walk(trial *t, const net_data *D, const leg *lift, const path_report *path)
{
    double walk = lift_walk(t->memory, D, lift);
    if (!(walk <= add_up(path->bound, 1e-9)))
        undecided(t->result, "walked above the certified bound: a rule or the pseudoinverse is wrong");
    fig_double(t->result, "walked", walk);
}

/* A diagonal witness with dy = dx = d, dz = 2d, g(x) = (relu(x), relu(-x)), y = x: A = (I, 0),
   B = (D, (D^-1 - I)[I, -I]), D = diag(-1, 1, ..., 1). */
typedef struct {
    net_data D;
    block g;
    net_point A, B;
    double *corner; /* d x d: diag(0, 1, ..., 1), where the path crosses det W = 0 */
} wang_thm6_mirror;

/* X: N x d, the data. */
static wang_thm6_mirror *wang_thm6_mirror_make(mem *arena, size_t d, size_t N, const double *X)
{
    wang_thm6_mirror *w = mem_get(arena, 1, sizeof *w);
    double *theta = mem_doubles(arena, 2 * d * d);
    double *W[2], *V[2];
    for (int i = 0; i < 2; i++) {
        W[i] = mem_doubles(arena, d * d);
        V[i] = mem_doubles(arena, 2 * d * d);
    }
    for (size_t k = 0; k < d; k++) {
        theta[k * d + k] = 1;
        theta[(d + k) * d + k] = -1;
        W[0][k * d + k] = 1;
        W[1][k * d + k] = k ? 1 : -1;
    }
    V[1][0] = -2; /* (D^-1 - I)[I, -I] has the entries -2 and 2 in its first row only */
    V[1][d] = 2;
    w->D = (net_data) { { N, d, d, X, X, &losses[SQUARED] }, 0, 2 * d, 0, 0 };
    w->g = (block) { 1, { d, 2 * d }, { theta } };
    w->A = (net_point) { W[0], V[0], &w->g, false };
    w->B = (net_point) { W[1], V[1], &w->g, false };
    w->corner = mem_copy(arena, d * d, W[0]);
    w->corner[0] = 0;
    return w;
}

/* The 2d points +-c_k e_k, c_k = 1 + k/2, k = 0 .. d - 1: E y y^T is diagonal with c_k^2 / d, least in the first
   direction. */
static double *wang_thm6_axis_data(mem *arena, size_t d)
{
    double *X = mem_doubles(arena, 2 * d * d);
    for (size_t k = 0; k < d; k++) {
        X[2 * k * d + k] = 1 + (double)k / 2;
        X[(2 * k + 1) * d + k] = -(1 + (double)k / 2);
    }
    return X;
}

static iv wang_thm6_det(mem *arena, size_t d, const double *A)
{
    iv *E = mem_ivs(arena, d * d);
    for (size_t i = 0; i < d * d; i++)
        E[i] = iv_of(A[i]);
    return iv_det(d, E);
}

/* Every path from A to B has a point with det W = 0, by the intermediate value theorem, if the determinants' signs
   differ. There f(x) lies in a subspace of dimension d - 1, whatever V, g and theta, so

       F >= min over unit u of E (u y)^2 = lambda_min(E y y^T):

   the barrier's lower bound, by Gershgorin's discs or by the certified spectrum, whichever is larger. Y: N x d. */
static double wang_thm6_wall(mem *arena, size_t d, size_t N, const double *Y)
{
    iv *S = mem_ivs(arena, d * d);
    iv least, largest;
    for (size_t i = 0; i < d * d; i++) {
        for (size_t s = 0; s < N; s++)
            S[i] = iv_add(S[i], iv_mul(iv_of(Y[s * d + i / d]), iv_of(Y[s * d + i % d])));
        S[i] = iv_div(S[i], iv_of((double)N));
    }
    moment q = moment_of(arena, N, d, Y);
    eigen_range(arena, d, q.S, q.error, &least, &largest);
    return fmax(gershgorin_dn(d, S), least.lo);
}

typedef struct {
    size_t d;
    bool random; /* 4d random points, else the axis data */
} wang_thm6_mirror_spec;

/* The barrier between the witness's ends from both sides: the wall, and the path through the corner. */
static void wang_thm6_mirror_case(trial *t)
{
    const wang_thm6_mirror_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    size_t d = spec->d;
    size_t N = spec->random ? 4 * d : 2 * d;
    rng random = rng_make(t->seed, STREAM_WANG_THM6_MIRROR + d);
    double *X = spec->random ? mem_doubles(arena, N * d) : wang_thm6_axis_data(arena, d);
    if (spec->random)
        rng_normals(&random, N * d, X);
    wang_thm6_mirror *w = wang_thm6_mirror_make(arena, d, N, X);
    iv FA = net_risk(arena, &w->D, &w->A);
    iv FB = net_risk(arena, &w->D, &w->B);
    iv plain = net_risk_plain(arena, &w->D, w->A.W2);
    iv detA = wang_thm6_det(arena, d, w->A.W2);
    iv detB = wang_thm6_det(arena, d, w->B.W2);
    double wall = wang_thm6_wall(arena, d, N, X);
    net_point mid[2] = { { w->corner, w->A.V1, &w->g, false }, { w->corner, w->B.V1, &w->g, false } };
    leg legs[3] = { { LEG_LINEAR, w->A, mid[0] }, { LEG_LINEAR, mid[0], mid[1] }, { LEG_LINEAR, mid[1], w->B } };
    path_report path = path_certify(arena, &w->D, legs, 3);
    judge_barrier(r, wall, iv_max(iv_max(FA, FB), plain), iv_sign(detA) * iv_sign(detB) == -1);
    fig_iv(r, "F(A)", FA);
    fig_iv(r, "F(B)", FB);
    fig_iv(r, "det-A", detA);
    fig_iv(r, "det-B", detB);
    fig_barrier(r, wall, &path);
}

#define WANG_THM6_MIRROR(name, level, d, random) \
    CASE_ROW(name, level, wang_thm6_mirror_case, wang_thm6_mirror_spec, d, random)

/* dy < dx, and the exact "<=" fails, for every block that ends in a ReLU and every theta: dx = 2, dy = dz = 1, data
   (1,0), (0,1), (2,0), (0,-1), y = x_1. A = ((1, 0), 0) and B = ((-1, 0), (-2, 0)) with g = relu(x_1) have F = 0 =
   F*_w, and w_1 changes sign between them. But w_1 = 0 and F = 0 exclude each other: with c = w v, the points
   (0, +-1) give w_2 + c g(0, 1) = 0 = -w_2 + c g(0, -1), so c (g(0, 1) + g(0, -1)) = 0 with g >= 0; either way
   w_2 = 0, hence w = 0, f = 0 and F = E y^2 > 0. So {F <= 0} splits by the sign of w_1. A detour through w_2 = d
   costs d^2 / 2: the infimum over paths is 0, not attained. */
static const double WANG_THM6_FOUR[8] = { 1, 0, 0, 1, 2, 0, 0, -1 }; /* 4 x 2 */
static const double WANG_THM6_FOUR_Y[4] = { 1, 0, 2, 0 };

typedef struct {
    net_data D;
    block g;
} wang_thm6_four;

static wang_thm6_four wang_thm6_four_make(void)
{
    static double theta[2] = { 1, 0 };
    return (wang_thm6_four) { { { 4, 2, 1, WANG_THM6_FOUR, WANG_THM6_FOUR_Y, &losses[SQUARED] }, 0, 1, 0, 0 },
        { 1, { 2, 1 }, { theta } } };
}

/* Both (0, a) and (0, -a), a > 0, y = 0 are among the data, and some label is not 0: what the argument needs. */
static bool wang_thm6_four_separates(void)
{
    bool up = false;
    bool down = false;
    bool labelled = false;
    for (int s = 0; s < 4; s++) {
        double x1 = WANG_THM6_FOUR[2 * s];
        double x2 = WANG_THM6_FOUR[2 * s + 1];
        up |= x1 == 0 && x2 == 1 && WANG_THM6_FOUR_Y[s] == 0;
        down |= x1 == 0 && x2 == -1 && WANG_THM6_FOUR_Y[s] == 0;
        labelled |= WANG_THM6_FOUR_Y[s] != 0;
    }
    return up && down && labelled;
}

/* Its two ends, at which F is 0; that w_1 = 0 excludes F = 0 is the argument above. */
static void wang_thm6_four_case(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    static const double W[2][2] = { { 1, 0 }, { -1, 0 } };
    static const double V[2][2] = { { 0, 0 }, { -2, 0 } };
    wang_thm6_four w = wang_thm6_four_make();
    iv zero_risk = { 0, 0 };
    net_point A = { W[0], V[0], &w.g, false };
    net_point B = { W[1], V[1], &w.g, false };
    for (int s = 0; s < 4; s++)
        zero_risk = iv_add(zero_risk, iv_scale(0.25, iv_sqr(iv_of(WANG_THM6_FOUR_Y[s]))));
    iv FA = net_risk(arena, &w.D, &A);
    iv FB = net_risk(arena, &w.D, &B);
    iv plain = net_risk_plain(arena, &w.D, W[0]);
    bool split = wang_thm6_four_separates() && zero_risk.lo > 0 && W[0][0] > 0 && W[1][0] < 0;
    judge(r, &r->printed, split && iv_is(FA, 0) && iv_is(FB, 0) && iv_is(plain, 0), REFUTED,
        "the witness was not confirmed");
    fig_iv(r, "F(A)", FA);
    fig_iv(r, "F(B)", FB);
    fig_iv(r, "claimed-bound", iv_max(plain, iv_max(FA, FB)));
    fig_iv(r, "F-at-w=0", zero_risk);
}

#define WANG_THM6_FOUR(name, level) CASE_PLAIN(name, level, wang_thm6_four_case, NULL)

typedef struct {
    int d_log2; /* d = 2^-d_log2 */
} wang_thm6_detour_spec;

/* The detour through w_2 = d, with F <= d^2 / 2 and |V| of the order of 1 / d. */
static void wang_thm6_detour_case(trial *t)
{
    const wang_thm6_detour_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    double d = two_to(-spec->d_log2);
    wang_thm6_four w = wang_thm6_four_make();
    const double W[4][2] = { { 1, 0 }, { 1, d }, { -1, d }, { -1, 0 } };
    const double V[3][2] = { { 0, 0 }, { 0, 2 / d }, { -2, 0 } };
    net_point p[6] = { { W[0], V[0], &w.g, false }, { W[1], V[0], &w.g, false }, { W[2], V[1], &w.g, true },
        { W[2], V[1], &w.g, false }, { W[2], V[2], &w.g, false }, { W[3], V[2], &w.g, false } };
    leg legs[5] = { { LEG_LINEAR, p[0], p[1] }, { LEG_LIFT, p[1], p[2] }, { LEG_GAUGE, p[2], p[3] },
        { LEG_LINEAR, p[3], p[4] }, { LEG_LINEAR, p[4], p[5] } };
    path_report path = path_certify(arena, &w.D, legs, 5);
    judge(r, &r->repaired, !path.why && path.bound <= d * d / 2, CERTIFIED,
        path.why ? path.why : "the detour costs more than d^2 / 2");
    fig_double(r, "bound", path.bound);
    wang_thm6_report_rank(r, &path);
    fig_count(r, "pieces", path.pieces);
}

#define WANG_THM6_DETOUR(name, level, d_log2) \
    CASE_ROW(name, level, wang_thm6_detour_case, wang_thm6_detour_spec, d_log2)

/* W*, dy x dx. full: of full row rank. twin: the last output's labels and row are those of the first. centred: of
   cross-entropy, which does not see a row added to all rows: those that sum to 0. The last two have rank dy - 1. */
enum wang_thm6_target { TARGET_FULL, TARGET_TWIN, TARGET_CENTRED };

/* Cross-entropy's minimiser from 0 has rows (of Z, dy x k) that sum to 0, up to rounding. A common row restores the
   rank. */
static void wang_thm6_full_rank(const net_data *D, rng *random, size_t k, double *Z)
{
    if (D->S.L->labels != LABELS_ONE_HOT)
        return;
    for (size_t j = 0; j < k; j++) {
        double shift = dyadic(rng_normal(random));
        for (size_t a = 0; a < D->S.dy; a++)
            Z[a * k + j] += shift;
    }
}

/* An endpoint that uses its block: Z = [W, M] minimises the risk over all Z on the features (x, g(x)), and
   V = W^+ M. Its risk is below F*_w. */
static void wang_thm6_train(mem *arena, const net_data *D, rng *random, const block *g, double *W, double *V)
{
    size_t k = D->S.dx + D->dz;
    double *U = mem_doubles(arena, D->S.N * k);
    double *Z = mem_doubles(arena, D->S.dy * k);
    double *M = mem_doubles(arena, D->S.dy * D->dz);
    double *P = mem_doubles(arena, D->S.dx * D->S.dy);
    const iv *z = net_features(arena, D, &(net_point) { .g = g }, NULL);
    for (size_t s = 0; s < D->S.N; s++) {
        memcpy(U + s * k, D->S.X + s * D->S.dx, D->S.dx * sizeof *U);
        for (size_t j = 0; j < D->dz; j++)
            U[s * k + D->S.dx + j] = iv_mid(z[s * D->dz + j]);
    }
    fit(arena, &D->S, k, U, Z);
    wang_thm6_full_rank(D, random, k, Z);
    for (size_t a = 0; a < D->S.dy; a++) {
        memcpy(W + a * D->S.dx, Z + a * k, D->S.dx * sizeof *W);
        memcpy(M + a * D->dz, Z + a * k + D->S.dx, D->dz * sizeof *M);
    }
    mat_pinv(D->S.dy, D->S.dx, W, P);
    mat_multiply(D->S.dx, D->dz, D->S.dy, P, M, V);
}

/* The adversary: W that brings the line to W* as near to a singular matrix as seeded ascent can. */
static void wang_thm6_harden(mem *arena, const net_data *D, rng *random, const double *star, double *W)
{
    size_t n = D->S.dy * D->S.dx;
    double *next = mem_doubles(arena, n);
    climb c = { .grow = 1.3, .shrink = 0.96, .width = 1, .best = -INFINITY };
    for (int i = 0; i < 300; i++) {
        double nearest = INFINITY;
        for (size_t k = 0; k < n; k++)
            next[k] = dyadic(W[k] + c.width * rng_normal(random));
        rank_line line = { D->S.dy, D->S.dx, next, star, 0, 0 };
        for (int t = 1; t < 16; t++)
            nearest = fmin(nearest, rank_at(&line, t / 16.0));
        if (climb_up(&c, -nearest))
            memcpy(W, next, n * sizeof *W);
    }
}

/* What the two ends of a generic instance are: random; both trained; only the first trained; the first -W*, so that
   the straight line to W* passes through W = 0; both hardened; random of rank 0, 1, 2, ..., the first one's W, the
   second's one more, as far as dy goes. */
enum wang_thm6_ends {
    ENDS_RANDOM,
    ENDS_TRAINED,
    ENDS_MIXED,
    ENDS_OPPOSITE,
    ENDS_HARD,
    ENDS_RANK_0,
    ENDS_RANK_1,
    ENDS_RANK_2,
    ENDS_RANK_3
};

/* W (dy x c) of that rank: its last rows become short combinations of the first ones, exactly. */
static void wang_thm6_lower(rng *random, size_t dy, size_t c, size_t rank, double *W)
{
    for (size_t k = rank; k < dy; k++) {
        memset(W + k * c, 0, c * sizeof *W);
        for (size_t i = 0; i < rank; i++) {
            double share = 0.5 * (double)((int)(5 * rng_uniform(random)) - 2);
            for (size_t j = 0; j < c; j++)
                W[k * c + j] += share * W[i * c + j];
        }
    }
}

/* End 0 or 1; linear: W*, dy x dx. */
static net_point wang_thm6_end(mem *arena, const net_data *D, rng *random, enum wang_thm6_ends ends, int which,
    size_t layers, const double *linear)
{
    size_t w = D->S.dy * D->S.dx;
    size_t v = D->S.dx * D->dz;
    double *W = mem_doubles(arena, w);
    double *V = mem_doubles(arena, v);
    const block *g = block_random(arena, random, D->S.dx, D->dz, layers);
    rng_normals(random, w, W);
    rng_normals(random, v, V);
    if (ends == ENDS_TRAINED || (ends == ENDS_MIXED && which == 0))
        wang_thm6_train(arena, D, random, g, W, V);
    if (ends == ENDS_OPPOSITE && which == 0)
        for (size_t i = 0; i < w; i++)
            W[i] = -linear[i];
    if (ends == ENDS_HARD)
        wang_thm6_harden(arena, D, random, linear, W);
    if (ends >= ENDS_RANK_0) {
        size_t rank = (size_t)(ends - ENDS_RANK_0) + (size_t)which;
        wang_thm6_lower(random, D->S.dy, D->S.dx, rank < D->S.dy ? rank : D->S.dy, W);
    }
    return (net_point) { W, V, g, false };
}

/* Is a lift between the two points certified? */
static bool lift_certified(mem *arena, const net_data *D, const net_point *from, const net_point *to)
{
    size_t pieces = 0;
    if (from->null && to->null)
        return false;
    rank_line line = lift_line(arena, D, from, to);
    return rank_cover(&line, &pieces) > 0;
}

/* A way-point off the line, so that both lifts are certified: half-way, its W moved by a seeded E of the first of the
   sizes 2^-6 .. 2^1 for which they are. */
static bool wang_thm6_waypoint(
    mem *arena, const net_data *D, rng *random, const net_point *from, const net_point *to, net_point *mid)
{
    size_t w = D->S.dy * D->S.dx;
    size_t z = D->S.dy * D->dz;
    double *W = mem_doubles(arena, w);
    double *E = mem_doubles(arena, w);
    double *P = mem_doubles(arena, w);
    double *M = mem_doubles(arena, 2 * z);
    double *V = mem_doubles(arena, D->S.dx * D->dz);
    rng_normals(random, w, E);
    mat_multiply(D->S.dy, D->dz, D->S.dx, from->W2, from->V1, M);
    mat_multiply(D->S.dy, D->dz, D->S.dx, to->W2, to->V1, M + z);
    mat_blend(z, 0.5, M, M + z, M);
    for (double size = 0x1p-6; size <= 2; size *= 2) {
        for (size_t i = 0; i < w; i++)
            W[i] = 0.5 * from->W2[i] + 0.5 * to->W2[i] + size * E[i];
        *mid = (net_point) { W, V, from->g, true };
        if (!lift_certified(arena, D, from, mid) || !lift_certified(arena, D, mid, to))
            continue;
        mat_pinv(D->S.dy, D->S.dx, W, P);
        mat_multiply(D->S.dx, D->dz, D->S.dy, P, M, V);
        return true;
    }
    return false;
}

/* On to `to`, gauged: one lift, or two over a way-point where the straight one passes too near a singular W. */
static void wang_thm6_lift(route *way, rng *random, net_point to)
{
    net_point mid;
    if (!lift_certified(way->arena, way->D, &way->at, &to) &&
        wang_thm6_waypoint(way->arena, way->D, random, &way->at, &to, &mid))
        route_leg(way, LEG_LIFT, mid);
    route_leg(way, LEG_LIFT, to);
}

/* A gauged, with the left null vectors of its W. */
static net_point wang_thm6_gauged(mem *arena, const net_data *D, const net_point *A)
{
    net_point p = *A;
    p.gauged = true;
    p.null = null_find(arena, D->S.dy, D->S.dx, A->W2);
    return p;
}

/* Half of the path: A -> gauge -> lift to (W*, 0) -> V = 0. */
static route wang_thm6_half(mem *arena, const net_data *D, rng *random, const net_point *A, const double *best_linear)
{
    route way = route_from(arena, D, A);
    net_point end = { best_linear, mem_doubles(arena, D->S.dx * D->dz), A->g, false };
    net_point to = wang_thm6_gauged(arena, D, &end);
    route_leg(&way, LEG_GAUGE, wang_thm6_gauged(arena, D, A));
    wang_thm6_lift(&way, random, to.null ? to : end);
    if (to.null)
        route_leg(&way, LEG_GAUGE, end);
    return way;
}

/* The second half walked backwards, after the block has moved at V = 0. */
static void wang_thm6_join(route *way, const route *back)
{
    route_leg(way, LEG_THETA, back->at);
    route_back(way, back);
}

/* The derivative of the risk on a lift at t: E <grad L(f(t)), f_1 - f_0>, f(t) affine between the end images f0 and f1
   (N x dy). It grows in t, as the risk is convex. */
static iv lift_slope(const net_data *D, const iv *f0, const iv *f1, double t)
{
    iv sum = { 0, 0 };
    outputs_must_fit(D->S.dy);
    for (size_t s = 0; s < D->S.N; s++) {
        iv f[SKV_MAX_OUTPUTS], p[SKV_MAX_OUTPUTS];
        for (size_t k = 0; k < D->S.dy; k++)
            f[k] = iv_add(iv_scale(1 - t, f0[s * D->S.dy + k]), iv_scale(t, f1[s * D->S.dy + k]));
        D->S.L->gradient(D->S.dy, f, D->S.Y + s * D->S.dy, p);
        for (size_t k = 0; k < D->S.dy; k++)
            sum = iv_add(sum, iv_mul(p[k], iv_sub(f1[s * D->S.dy + k], f0[s * D->S.dy + k])));
    }
    return sum;
}

/* Where the risk turns on a lift that ends rising: it falls before [a, b] and rises after. */
static void lift_turns(const net_data *D, const iv *f0, const iv *f1, result *r)
{
    iv t = { 0, lift_slope(D, f0, f1, 0).lo >= 0 ? 0 : 1 };
    for (int i = 0; i < 20 && t.hi > t.lo; i++)
        if (!root_halve(&t, iv_sign(lift_slope(D, f0, f1, iv_mid(t)))))
            break;
    fig_iv(r, "turns-at", t);
}

/* Over the lifts of the first half, in their order: non-increasing if the slope at each end is <= 0. Else the first
   lift that turns, and where. */
static void wang_thm6_monotone(trial *t, const net_data *D, const leg *legs, size_t half)
{
    mem *arena = t->memory;
    result *r = t->result;
    for (size_t i = 0; i < half; i++) {
        if (legs[i].type != LEG_LIFT)
            continue;
        const iv *f0 = net_images(arena, D, &legs[i].from);
        const iv *f1 = net_images(arena, D, &legs[i].to);
        iv end = lift_slope(D, f0, f1, 1);
        if (end.hi <= 0)
            continue;
        fig_word(r, "monotone", end.lo > 0 ? "no" : "not-decided");
        if (end.lo > 0)
            lift_turns(D, f0, f1, r);
        return;
    }
    fig_word(r, "monotone", "yes");
}

/* F*_w: from above by the risk at W*, from below by a dual point. */
static iv wang_thm6_infimum(mem *arena, const net_data *D, const double *linear)
{
    iv plain = net_risk_plain(arena, D, linear);
    double dual = dual_dn(arena, &D->S, linear);
    return iv_make(fmin(dual, plain.hi), plain.hi);
}

/* What the path exceeds max(lambda, F*_w) by, from above. Where no joint lies higher than an end, the path stays below
   lambda itself: the excess is 0 exactly. */
static double wang_thm6_excess(const path_report *path, iv lambda, iv F_star)
{
    return path->inside <= lambda.lo ? 0 : fmax(0, add_up(path->bound, -fmax(lambda.lo, F_star.lo)));
}

typedef struct {
    int loss;
    size_t dx, dy, dz;
    size_t N;      /* 0: iris */
    size_t layers; /* of the blocks */
    enum wang_thm6_ends ends;
    enum wang_thm6_target target;
    unsigned stream;
} wang_thm6_spec;

/* The minimiser of the risk of W x, or near it, of the kind asked for; twin changes the labels first. */
static double *wang_thm6_linear(mem *arena, net_data *D, rng *random, enum wang_thm6_target target)
{
    size_t dy = D->S.dy;
    size_t dx = D->S.dx;
    double *W = mem_doubles(arena, dy * dx);
    if (target == TARGET_TWIN) {
        double *Y = mem_copy(arena, D->S.N * dy, D->S.Y);
        for (size_t s = 0; s < D->S.N; s++)
            Y[s * dy + dy - 1] = Y[s * dy];
        D->S.Y = Y;
    }
    fit(arena, &D->S, dx, D->S.X, W);
    if (target == TARGET_FULL)
        wang_thm6_full_rank(D, random, dx, W);
    if (target == TARGET_TWIN)
        memcpy(W + (dy - 1) * dx, W, dx * sizeof *W);
    for (size_t j = 0; target == TARGET_CENTRED && j < dx; j++) {
        W[(dy - 1) * dx + j] = 0;
        for (size_t k = 0; k + 1 < dy; k++) {
            W[k * dx + j] = 0x1p-20 * dyadic(0x1p20 * W[k * dx + j]); /* short, so that the sum is exact */
            W[(dy - 1) * dx + j] -= W[k * dx + j];
        }
    }
    return W;
}

/* A generic instance, seeded: the path from A to (W*, 0), theta from A's to B's, and back to B. */
static void wang_thm6_generic_case(trial *t)
{
    const wang_thm6_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_WANG_THM6_INSTANCE + spec->stream);
    net_data D = { .S = teacher_samples(arena, &random, &losses[spec->loss], spec->dx, spec->dy, spec->N),
        .dz = spec->dz };
    const double *linear = wang_thm6_linear(arena, &D, &random, spec->target);
    net_point A = wang_thm6_end(arena, &D, &random, spec->ends, 0, spec->layers, linear);
    net_point B = wang_thm6_end(arena, &D, &random, spec->ends, 1, spec->layers, linear);
    route way = wang_thm6_half(arena, &D, &random, &A, linear);
    route back = wang_thm6_half(arena, &D, &random, &B, linear);
    size_t half = way.n;
    wang_thm6_join(&way, &back);
    path_report path = path_certify(arena, &D, way.legs, way.n);
    path_keep(arena, r, &D, way.legs, way.n, &path);
    iv lambda = iv_max(net_risk(arena, &D, &A), net_risk(arena, &D, &B));
    iv F_star = wang_thm6_infimum(arena, &D, linear);
    double excess = wang_thm6_excess(&path, lambda, F_star);
    bool above = lambda.lo >= F_star.hi; /* the level: then no eps is needed */
    judge(r, &r->repaired, !path.why && excess <= (above ? 0 : WANG_THM6_EPS), CERTIFIED,
        path.why ? path.why : "the certified excess is larger than 10^-9, or than 0 above F*_w");
    fig_iv(r, "lambda", lambda);
    fig_iv(r, "F*_w", F_star);
    fig_double(r, "bound", path.bound);
    fig_double(r, "excess", excess);
    fig_double(r, "eps", above ? 0 : WANG_THM6_EPS);
    size_t lift = half - 1;
    while (way.legs[lift].type != LEG_LIFT)
        lift--;
    wang_thm6_report_walk(t, &D, &way.legs[lift], &path);
    wang_thm6_report_rank(r, &path);
    fig_count(r, "legs", way.n);
    fig_count(r, "pieces", path.pieces);
    wang_thm6_monotone(t, &D, way.legs, half);
    margin_add(r, add_dn(1, -div_up(excess, WANG_THM6_EPS)));
}

#define WANG_THM6_GENERIC(name, level, loss, dx, dy, dz, N, layers, ends, target, stream) \
    CASE_ROW(name, level, wang_thm6_generic_case, wang_thm6_spec, loss, dx, dy, dz, N, layers, ends, target, stream)

typedef struct {
    int loss;
    size_t dx, dy, dz, N;
    enum wang_thm6_ends ends;
    unsigned stream;
} wang_lemma7_spec;

/* Lemma 7 is about F(W, V) = E L([W, W V] x, y) with x in R^(dx + dz): Theorem 6 with the block's output given.
   Repaired, dy < dx: gauge, one lift or two, gauge; F <= max(F(A), F(B)), without any F*_w. */
static void wang_lemma7_generic_case(trial *t)
{
    const wang_lemma7_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_WANG_LEMMA7_INSTANCE + spec->stream);
    net_data D = { .S = teacher_samples(arena, &random, &losses[spec->loss], spec->dx, spec->dy, spec->N),
        .dz = spec->dz };
    net_point A = wang_thm6_end(arena, &D, &random, spec->ends, 0, 1, NULL);
    net_point B = wang_thm6_end(arena, &D, &random, spec->ends, 1, 1, NULL);
    B.g = A.g;
    route way = route_from(arena, &D, &A);
    route_leg(&way, LEG_GAUGE, wang_thm6_gauged(arena, &D, &A));
    wang_thm6_lift(&way, &random, wang_thm6_gauged(arena, &D, &B));
    route_leg(&way, LEG_GAUGE, B);
    path_report path = path_certify(arena, &D, way.legs, way.n);
    path_keep(arena, r, &D, way.legs, way.n, &path);
    iv lambda = iv_max(net_risk(arena, &D, &A), net_risk(arena, &D, &B));
    judge(r, &r->repaired, !path.why && path.inside <= lambda.lo, CERTIFIED,
        path.why ? path.why : "the path rises above its ends");
    fig_iv(r, "lambda", lambda);
    fig_double(r, "bound", path.bound);
    wang_thm6_report_walk(t, &D, &way.legs[1], &path);
    wang_thm6_report_rank(r, &path);
    fig_count(r, "pieces", path.pieces);
}

#define WANG_LEMMA7_GENERIC(name, level, loss, dx, dy, dz, N, ends, stream) \
    CASE_ROW(name, level, wang_lemma7_generic_case, wang_lemma7_spec, loss, dx, dy, dz, N, ends, stream)

/// 8 Theorem 6 and Lemma 7: the classification ///

/* "For every eps > 0 a path with F <= max(lambda, F*_w) + eps" holds for all data, convex losses and blocks if and only
   if dy < dx; dz plays no part. As an exact <= it is false for all dx, dy, dz (and a g without parameters); for dy < dx
   it is true above the level F*_w, and on that level where the infimum is attained.

   Why not for dx <= dy: y = (x, 0), g = (relu(x_1), 0, ..), x_1 >= 0 on the data, A = ([I; 0], 0), B = ([D; 0], V = -2
   in its first entry), D = diag(-1, 1, ...): F = 0 at both. The determinant of W's first dx rows changes sign; where it
   is 0, f's first dx entries lie in a subspace of dimension dx - 1, so F >= lambda_min(E x x^T). */

typedef struct {
    size_t dx, dy, dz;
} wang_thm6_shape;

/* e_1 and +-c_k e_k, c_k = 1 + (k - 1)/2, k = 2 .. dx (or, exact: e_1, 2 e_1, +-e_k); labels (x, 0), or x_1 e_1. */
static net_data wang_thm6_axes(mem *arena, const wang_thm6_shape *spec, bool exact)
{
    size_t dx = spec->dx;
    size_t first = exact ? 2 : 1;
    size_t N = 2 * (dx - 1) + first;
    double *X = mem_doubles(arena, N * dx);
    double *Y = mem_doubles(arena, N * spec->dy);
    X[0] = 1;
    if (exact)
        X[dx] = 2;
    for (size_t k = 1; k < dx; k++)
        for (size_t i = 0; i < 2; i++)
            X[(first + 2 * (k - 1) + i) * dx + k] = (i ? -1 : 1) * (exact ? 1 : 1 + (double)k / 2);
    for (size_t s = 0; s < N; s++)
        for (size_t k = 0; k < (exact ? 1 : dx); k++)
            Y[s * spec->dy + k] = X[s * dx + k];
    return (net_data) { { N, dx, spec->dy, X, Y, &losses[SQUARED] }, 0, spec->dz, 0, 0 };
}

/* The block (relu(x_1), 0, ..), and a point with W of diagonal (first, other, ..) and v in V's first entry. */
static net_point wang_thm6_axis_point(mem *arena, const wang_thm6_shape *spec, double first, double other, double v)
{
    double *W = mem_doubles(arena, spec->dy * spec->dx);
    double *V = mem_doubles(arena, spec->dx * spec->dz);
    double *theta = mem_doubles(arena, spec->dz * spec->dx);
    theta[0] = 1;
    V[0] = v;
    for (size_t k = 0; k < spec->dx && k < spec->dy; k++)
        W[k * spec->dx + k] = k ? other : first;
    return (net_point) { W, V, block_place(arena, spec->dx, spec->dz, 1, theta), false };
}

/* The barrier between A and B from both sides, dx <= dy; claimed: the larger F of both. */
typedef struct {
    iv FA, FB, claimed;
    double wall;
    bool crosses;
    path_report path;
} wang_thm6_barrier;

/* Of the witness for dx <= dy: the wall, and the path through W_11 = 0, where V_11 moves. */
static wang_thm6_barrier wang_thm6_separate(mem *arena, const wang_thm6_shape *spec)
{
    net_data D = wang_thm6_axes(arena, spec, false);
    net_point A = wang_thm6_axis_point(arena, spec, 1, 1, 0);
    net_point B = wang_thm6_axis_point(arena, spec, -1, 1, -2);
    net_point mid[2] = { wang_thm6_axis_point(arena, spec, 0, 1, 0), wang_thm6_axis_point(arena, spec, 0, 1, -2) };
    leg legs[3] = { { LEG_LINEAR, A, mid[0] }, { LEG_LINEAR, mid[0], mid[1] }, { LEG_LINEAR, mid[1], B } };
    iv plain = net_risk_plain(arena, &D, A.W2);
    wang_thm6_barrier b = { .FA = net_risk(arena, &D, &A),
        .FB = net_risk(arena, &D, &B),
        .wall = wang_thm6_wall(arena, spec->dx, D.S.N, D.S.X),
        .path = path_certify(arena, &D, legs, 3) };
    int signs = iv_sign(wang_thm6_det(arena, spec->dx, A.W2)) * iv_sign(wang_thm6_det(arena, spec->dx, B.W2));
    b.claimed = iv_max(iv_max(b.FA, b.FB), plain);
    b.crosses = signs == -1 && spec->dx <= spec->dy;
    return b;
}

/* Is the shape one that Theorem 6 speaks of? Then the statement as printed is refuted; else what is shown is that it
   cannot be extended to it. */
static bool wang_thm6_speaks_of(const wang_thm6_shape *spec) { return spec->dy <= spec->dx && spec->dy <= spec->dz; }

/* The barrier of the witness, as a verdict. */
static void wang_thm6_wall_case(trial *t)
{
    const wang_thm6_shape *spec = t->row->spec;
    result *r = t->result;
    wang_thm6_barrier b = wang_thm6_separate(t->memory, spec);
    bool printed = wang_thm6_speaks_of(spec);
    judge(r, printed ? &r->printed : &r->repaired, b.crosses && b.wall > b.claimed.hi, printed ? REFUTED : CERTIFIED,
        "the witness was not confirmed");
    fig_iv(r, "F(A)", b.FA);
    fig_iv(r, "F(B)", b.FB);
    fig_iv(r, "claimed-bound", b.claimed);
    fig_barrier(r, b.wall, &b.path);
    margin_add(r, add_dn(b.wall, -b.claimed.hi));
}

#define WANG_THM6_WALL(name, level, dx, dy, dz) CASE_ROW(name, level, wang_thm6_wall_case, wang_thm6_shape, dx, dy, dz)

/* What the exact counterexample rests on, read off its data: for each j >= 2 both +-e_j with label and block 0, so that
   W e_j = 0 where F = 0; and e_1 with a label that is not 0 and a block of which only the first entry is not: there
   w_1 (1 + V_11 g_1) = y, so that w_1 != 0. */
static bool wang_thm6_exact_splits(mem *arena, const net_data *D, const net_point *A)
{
    size_t dx = D->S.dx;
    const iv *g = net_features(arena, D, A, NULL);
    size_t sides = 0;
    bool first = false;
    for (size_t s = 0; s < D->S.N; s++) {
        const double *x = D->S.X + s * dx;
        bool zero = all_zero(D->S.dy, D->S.Y + s * D->S.dy);
        bool rest = true;
        for (size_t k = 1; k < D->dz; k++)
            rest &= iv_is(g[s * D->dz + k], 0);
        if (x[0] == 0 && zero && rest && iv_is(g[s * D->dz], 0))
            sides++;
        first |= x[0] == 1 && all_zero(dx - 1, x + 1) && !zero && rest;
    }
    return first && sides == 2 * (dx - 1);
}

/* For g = (relu(x_1), 0, ..), a function without parameters: its weights are part of g, and no path moves them.
   (Where theta may move, other blocks may fit the data on the way: for dz = 1 none can, see four-points, for dz >= 2
   some can.) F = 0 at A and B, with W_11 = 1 and -1. But {F = 0} has no point with W_11 = 0. (The first column of W
   is W_11 e_1 where F = 0, since the labels are multiples of e_1.) For dx >= 2 the infimum of the barrier is 0, not
   attained. */
static void wang_thm6_exact_case(trial *t)
{
    const wang_thm6_shape *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    net_data D = wang_thm6_axes(arena, spec, true);
    net_point A = wang_thm6_axis_point(arena, spec, 1, 0, 0);
    net_point B = wang_thm6_axis_point(arena, spec, -1, 0, -2);
    net_point zero = wang_thm6_axis_point(arena, spec, 0, 0, 0);
    iv FA = net_risk(arena, &D, &A);
    iv FB = net_risk(arena, &D, &B);
    iv plain = net_risk_plain(arena, &D, A.W2);
    iv at_zero = net_risk(arena, &D, &zero);
    bool printed = wang_thm6_speaks_of(spec);
    bool split = iv_is(FA, 0) && iv_is(FB, 0) && iv_is(plain, 0) && at_zero.lo > 0 &&
        wang_thm6_exact_splits(arena, &D, &A) && wang_thm6_exact_splits(arena, &D, &B);
    judge(
        r, printed ? &r->printed : &r->repaired, split, printed ? REFUTED : CERTIFIED, "the witness was not confirmed");
    fig_iv(r, "F(A)", FA);
    fig_iv(r, "F(B)", FB);
    fig_iv(r, "claimed-bound", iv_max(plain, iv_max(FA, FB)));
    fig_iv(r, "F-at-W=0", at_zero);
}

#define WANG_THM6_EXACT(name, level, dx, dy, dz) \
    CASE_ROW(name, level, wang_thm6_exact_case, wang_thm6_shape, dx, dy, dz)

/* F of w (x + v theta |x_2|) for the samples (1, 0), (0, 1), (0, -1), all labelled 1. */
static iv wang_thm6_absolute(const double *w, const double *v, double theta)
{
    static const double X[3][2] = { { 1, 0 }, { 0, 1 }, { 0, -1 } };
    static const double label = 1;
    iv sum = { 0, 0 };
    for (int s = 0; s < 3; s++) {
        double g = theta * __builtin_fabs(X[s][1]); /* exact */
        iv f = iv_cross(iv_of(w[0]), iv_add(iv_of(X[s][0]), iv_scale(v[0], iv_of(g))), iv_of(w[1]),
            iv_add(iv_of(X[s][1]), iv_scale(v[1], iv_of(g))));
        sum = iv_add(sum, logistic_value(1, &f, &label));
    }
    return iv_mean(sum, 3);
}

/* Below F*_w the exact <= needs an infimum that is attained. g = theta |x_2|, dx = 2, dy = dz = 1, logistic loss: A:
   theta = 1, w = (10, 0), v = (1, 0); B: theta = -1, v = (-1, 0). Each path between them has theta = 0 somewhere;
   there f = w x, and F = (L(w_1) + L(w_2) + L(-w_2))/3 > (2/3) log 2 = F*_w, since L > 0 and by duality (p = 0,
   -1/2, -1/2). */
static void wang_thm6_attainment(trial *t)
{
    result *r = t->result;
    static const double w[2] = { 10, 0 };
    static const double far[2] = { 64, 0 };
    static const double v[2][2] = { { 1, 0 }, { -1, 0 } };
    static const double label = 1;
    iv p = iv_of(-0.5);
    iv none = iv_of(0);
    iv dual = iv_add(logistic_conjugate(1, &none, &label), iv_scale(2, logistic_conjugate(1, &p, &label)));
    iv FA = wang_thm6_absolute(w, v[0], 1);
    iv FB = wang_thm6_absolute(w, v[1], -1);
    iv F_star = iv_make(iv_neg(iv_mean(dual, 3)).lo, wang_thm6_absolute(far, v[0], 0).hi);
    judge(r, &r->printed, FA.hi < F_star.lo && FB.hi < F_star.lo, REFUTED, "the witness was not confirmed");
    fig_iv(r, "F(A)", FA);
    fig_iv(r, "F(B)", FB);
    fig_iv(r, "F*_w", F_star);
}

#define WANG_THM6_ATTAINMENT(name, level) CASE_PLAIN(name, level, wang_thm6_attainment, NULL)

/* A random instance with dy < dx, its ends of rank 0 and 1: is the path certified, at max(lambda, F*_w) exactly? */
static bool wang_thm6_joins(mem *arena, rng *random, const wang_thm6_shape *spec)
{
    net_data D = { .S = teacher_samples(arena, random, &losses[SQUARED], spec->dx, spec->dy, 4 * spec->dx),
        .dz = spec->dz };
    const double *linear = wang_thm6_linear(arena, &D, random, TARGET_FULL);
    net_point A = wang_thm6_end(arena, &D, random, ENDS_RANK_0, 0, 1, linear);
    net_point B = wang_thm6_end(arena, &D, random, ENDS_RANK_0, 1, 1, linear);
    route way = wang_thm6_half(arena, &D, random, &A, linear);
    route back = wang_thm6_half(arena, &D, random, &B, linear);
    wang_thm6_join(&way, &back);
    path_report path = path_certify(arena, &D, way.legs, way.n);
    iv lambda = iv_max(net_risk(arena, &D, &A), net_risk(arena, &D, &B));
    return !path.why && wang_thm6_excess(&path, lambda, wang_thm6_infimum(arena, &D, linear)) == 0;
}

enum { WANG_THM6_MOST = 4 };

/* The table: for each dx up to 4 a word on dy = 1 .. 4; "yes": a path is certified on an instance, "no": a wall is.
   dz = 1, 2, 3 in turn. */
static void wang_thm6_table(trial *t)
{
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_WANG_THM6_TABLE);
    bool shown = true;
    for (size_t dx = 1; dx <= WANG_THM6_MOST; dx++) {
        char word[WANG_THM6_MOST * 4 + 1] = "";
        char name[40];
        for (size_t dy = 1; dy <= WANG_THM6_MOST; dy++) {
            mem local = { 0 };
            wang_thm6_shape spec = { dx, dy, 1 + (dx + dy) % 3 };
            bool joined = dy < dx && wang_thm6_joins(&local, &random, &spec);
            wang_thm6_barrier b = { .wall = 0 };
            if (dx <= dy)
                b = wang_thm6_separate(&local, &spec);
            bool apart = b.crosses && b.wall > b.claimed.hi;
            shown &= joined != apart && joined == (dy < dx);
            snprintf(word + strlen(word), sizeof word - strlen(word), "%s%s", dy > 1 ? "," : "",
                joined      ? "yes"
                    : apart ? "no"
                            : "?");
            mem_free(&local);
        }
        snprintf(name, sizeof name, "dx=%zu/dy=1..4", dx);
        fig_word(r, name, word);
    }
    judge(r, &r->repaired, shown, CERTIFIED, "neither a path nor a wall was certified for some shape");
}

#define WANG_THM6_TABLE(name, level) CASE_PLAIN(name, level, wang_thm6_table, NULL)

/* psi: 1 on [-1, 1], 1 + (p + 1)^2 left of it, (p - 2)^2 right of it. */
static iv wang_lemma7_psi(double p)
{
    if (p < -1)
        return iv_add(iv_of(1), iv_sqr(iv_add(iv_of(p), iv_of(1))));
    return p <= 1 ? iv_of(1) : iv_sqr(iv_sub(iv_of(p), iv_of(2)));
}

/* psi(w_1) + w_2^2 + (w v - 1)^2 / 2. */
static iv wang_lemma7_bent(const double *w, const double *v)
{
    iv inner = iv_cross(iv_of(w[0]), iv_of(v[0]), iv_of(w[1]), iv_of(v[1]));
    return iv_add(wang_lemma7_psi(w[0]), iv_add(iv_sqr(iv_of(w[1])), iv_scale(0.5, iv_sqr(iv_sub(inner, iv_of(1))))));
}

/* Without convexity the exact form is false above the bottom levels, too. dx = 2, dy = dz = 1, Z = (w_1, w_2, w v):
   the sub-level sets of psi(z_1) + z_2^2 + (z_3 - 1)^2 / 2 are connected (move z_2 to 0, z_3 to 1, then z_1: those
   of psi are intervals). At the level 1, above the least value 0 and above F*_w = 1/2: A: w = (-1/2, 0), v = (-2,
   0); B: w = (2, 0), v = (1/2, 0). But w_1 = 0 gives psi = 1, hence w_2 = 0 and w v = 1, which w = 0 excludes. */
static void wang_lemma7_no_convexity(trial *t)
{
    result *r = t->result;
    static const double w[2][2] = { { -0.5, 0 }, { 2, 0 } };
    static const double v[2][2] = { { -2, 0 }, { 0.5, 0 } };
    static const double zero[2] = { 0, 0 };
    static const double w_star[2] = { 2, 0 };
    iv FA = wang_lemma7_bent(w[0], v[0]);
    iv FB = wang_lemma7_bent(w[1], v[1]);
    iv level = iv_max(FA, FB);
    iv between = wang_lemma7_bent(zero, zero);
    iv linear = wang_lemma7_bent(w_star, zero);
    judge(r, &r->printed,
        w[0][0] < 0 && w[1][0] > 0 && iv_is(wang_lemma7_psi(0), level.hi) && between.lo > level.hi &&
            linear.hi < level.lo,
        REFUTED, "the witness was not confirmed");
    fig_iv(r, "F(A)", FA);
    fig_iv(r, "F(B)", FB);
    fig_iv(r, "level", level);
    fig_iv(r, "F*_w", linear);
    fig_iv(r, "F-at-w=0", between);
}

#define WANG_LEMMA7_NO_CONVEXITY(name, level) CASE_PLAIN(name, level, wang_lemma7_no_convexity, NULL)

/// 8 Theorems 1, 5 and 11: the path ///

/* f = W2 [s(W1 x) + V1 g(theta, V2 s(W1 x))], F = E L + kappa R: any two points are said to be joined by a path with
   F <= max(F*_w, lambda) + O(m^((eta - 1)/n)), F*_w the best two-layer network of l < m^eta unit rows. The proof's
   step 3 ends at F*_w + kappa (V2-term + theta-term), not at F*_w, and the difference does not vanish with m (the
   witness below). What does hold, with Delta the cost of merging l + dy units into one (the figure D), P the block's
   part of R, q = layers + 2 and F* = F(W1*, W2*):

     F <= max(lambda + Delta, max over 0 <= c <= 1 of F* + kappa P c - (F* - lambda - Delta + kappa P) c^q).

   The path, from either end: rescale the units by powers of two; move V1 (gauge) to where the merge keeps W2 V1; merge
   the columns of W2, then of V2, of a bundle of units into its centre; rewire the units so freed, l of them to W1*,
   dy to w1 = 0; there W2 = I costs nothing and W2 V1 is parked in their rows of V1 (gauge), so that nothing else
   carries it; shrink the block while W2* grows. Then V1 = V2 = theta = 0, and the l units are relocated. No
   pseudoinverse along a leg and so no rank that could fail on the way: one linear system, once. With fewer than
   l + dy + min(dy, dz) units the block stays where it is: interpolate to W2*, then let V2 and theta fall, which proves
   the weaker bound with F* + kappa (V2-term + theta-term). */

static const double WANG_THM11_EPS = 1e-9;

/* merge_cost: Delta, of the dearer half; printed = max(lambda, F*_w) + Delta; repaired: as above; plain: with F* +
   kappa (V2-term + theta-term), the block left where it is. */
typedef struct {
    iv lambda, F_star, printed;
    double cost, repaired, plain, simple;
    iv mass; /* R at both ends is at most this: lambda / kappa or, for kappa = 0, R itself */
} wang_thm11_bounds;

/* max over c in [0, 1] of F* + kappa P c - (F* - start + kappa P) c^q. */
static double wang_thm11_fade(const net_data *D, iv F_star, double start, const net_value *v, size_t layers)
{
    iv pi = iv_scale(D->kappa, net_value_deep(v));
    return add_up(F_star.hi, fade_sup(pi.hi, add_dn(add_dn(F_star.hi, -start), pi.lo), layers + 2));
}

/* kappa (V2-term + theta-term). */
static double wang_thm11_gap(const net_data *D, const net_value *v)
{
    return iv_scale(D->kappa, iv_add(v->deep, v->theta)).hi;
}

/* c_q = (q - 1) q^(-q/(q - 1)) = max over u in [0, 1] of u^(1/q) - u. */
static iv wang_thm11_fading(size_t layers)
{
    double q = (double)layers + 2;
    return iv_scale(q - 1, iv_exp(iv_neg(iv_div(iv_scale(q, iv_log(iv_of(q))), iv_of(q - 1)))));
}

/* The bounds for a path of two halves, from the values v of its ends. F_star: the target's risk; dual: a lower bound of
   F*_w. */
static wang_thm11_bounds wang_thm11_bound(
    const net_data *D, const half_route *h, const net_value *v, iv F_star, double dual, size_t layers)
{
    wang_thm11_bounds b = { .lambda = iv_max(v[0].F, v[1].F),
        .F_star = iv_make(fmin(dual, F_star.hi), F_star.hi),
        .cost = fmax(h[0].cost, h[1].cost),
        .repaired = -INFINITY,
        .plain = -INFINITY };
    for (int i = 0; i < 2; i++) {
        double merged = add_up(v[i].F.hi, h[i].cost);
        double in_place = add_up(F_star.hi, wang_thm11_gap(D, &v[i]));
        double last = !D->dz ? F_star.hi : h[i].parked ? wang_thm11_fade(D, F_star, merged, &v[i], layers) : in_place;
        b.plain = fmax(b.plain, fmax(merged, in_place));
        b.repaired = fmax(b.repaired, fmax(merged, last));
    }
    iv top = iv_max(b.lambda, b.F_star);
    iv fading = D->dz ? iv_add(iv_of(1), wang_thm11_fading(layers)) : iv_of(1);
    for (int i = 0; D->kappa == 0 && i < 2; i++)
        b.mass = iv_max(b.mass, iv_add(v[i].shallow, net_value_deep(&v[i])));
    if (D->kappa > 0)
        b.mass = iv_div(b.lambda, iv_of(D->kappa));
    b.printed = iv_add(top, iv_of(b.cost));
    b.simple = iv_add(iv_mul(fading, top), iv_of(b.cost)).hi;
    return b;
}

/* Two ends joined: the halves, the whole path, what is found out about it and what it should stay below. */
typedef struct {
    half_route half[2];
    route way;
    path_report path;
    wang_thm11_bounds b;
} wang_thm11_pair;

/* Joins A and B over the two-layer network T, and certifies the path. eps = m^((eta - 1)/n): a bundle lies within the
   angle 2 eps, the chord 2 sin eps, of its centre where it can. The block is parked where that gives the better bound:
   else the simpler end does. */
static wang_thm11_pair *wang_thm11_connect(mem *arena, const net_data *D, const net_target *T, const net_point *A,
    const net_point *B, double eta, size_t layers, enum half_how how)
{
    wang_thm11_pair *t = mem_get(arena, 1, sizeof *t);
    const net_point *end[2] = { A, B };
    net_value v[2];
    net_data flat = net_target_data(D, T->l);
    net_point shallow = net_target_point(T);
    iv radius = iv_pow((double)D->m, iv_of((eta - 1) / (double)D->S.dx));
    half_plan plan = { .chord = 2 * iv_sin(iv_min(radius, iv_of(1.5))).lo, .how = how };
    iv F_star = net_risk(arena, &flat, &shallow);
    for (int i = 0; i < 2; i++) {
        v[i] = net_evaluate(arena, D, end[i]);
        plan.park = D->dz &&
            wang_thm11_fade(D, F_star, v[i].F.hi, &v[i], layers) <= add_up(F_star.hi, wang_thm11_gap(D, &v[i]));
        plan.other = i ? t->half[0].live : NULL;
        t->half[i] = half_make(arena, D, T, end[i], &plan);
    }
    t->way = half_join(&t->half[0], &t->half[1]);
    t->path = path_certify(arena, D, t->way.legs, t->way.n);
    t->b =
        wang_thm11_bound(D, t->half, v, F_star, net_dual_dn(arena, &flat, net_images(arena, &flat, &shallow)), layers);
    return t;
}

/* The O-term with its constant: D <= L0 X G B (l + dy) / m for every network with R <= B, of any m, on inputs of
   length at most X: B = lambda / kappa, or without a penalty the bound of an area. Why: the masses mu_i = (|w2_i|_1
   + |v2_i|_1) |w1_i| add up to at most B, so the l + dy units of least mass have at most the share (l + dy)/m of it.
   Their rows shrink to 0: W2 V1 does not move, R falls, and f changes by at most X G times that mass, G = max(1,
   (B/(p + 1))^(p + 1)) >= |W2 V1| prod |theta| (no block: 1). L0: of L on the ball |f| <= X (B + (B/q)^q), where f
   stays, and the change more. inf where it overflows. */
static double wang_thm11_uniform_up(const net_data *D, size_t l, size_t layers, iv mass)
{
    double X = 0;
    double slope = 0;
    iv each = iv_div(mass, iv_of((double)layers + 1));
    iv share = iv_div(iv_of((double)(l + D->S.dy)), iv_of((double)D->m));
    iv G = D->dz ? iv_max(iv_of(1), iv_power(each, layers + 1)) : iv_of(1);
    iv deep = D->dz ? iv_power(iv_div(mass, iv_of((double)layers + 2)), layers + 2) : iv_of(0);
    iv zero[SKV_MAX_OUTPUTS] = { { 0, 0 } };
    outputs_must_fit(D->S.dy);
    for (size_t s = 0; s < D->S.N; s++)
        X = fmax(X, frobenius_up(D->S.dx, D->S.X + s * D->S.dx));
    iv change = iv_scale(X, iv_mul(G, iv_mul(mass, share)));
    double radius = iv_add(change, iv_scale(X, iv_add(mass, deep))).hi;
    for (size_t s = 0; s < D->S.N; s++)
        slope = fmax(slope, D->S.L->lipschitz(D->S.dy, zero, D->S.Y + s * D->S.dy, radius));
    return mul_up(slope, change.hi);
}

/* The figures of a joined pair, and its path for a certificate. */
static void wang_thm11_report(mem *arena, const wang_thm11_pair *t, const net_data *D, result *r)
{
    static const char *const freed[] = {
        [HALF_STAR] = "star", [HALF_DELETE] = "deletion", [HALF_REDUCE] = "reduction"
    };
    bool reduced = t->half[0].how == HALF_REDUCE;
    path_keep(arena, r, D, t->way.legs, t->way.n, &t->path);
    fig_iv(r, "lambda", t->b.lambda);
    fig_iv(r, "F*_w", t->b.F_star);
    fig_double(r, "D", t->b.cost);
    if (!reduced) {
        fig_any(r, "D-star", iv_of(fmax(t->half[0].star, t->half[1].star)));
        fig_any(r, "D-deletion", iv_of(fmax(t->half[0].deletion, t->half[1].deletion)));
    }
    fig_iv(r, "printed-bound", t->b.printed);
    fig_double(r, "repaired-bound", t->b.repaired);
    fig_double(r, "simple-bound", t->b.simple);
    fig_double(r, "bound", t->path.bound);
    fig_iv(r, "over-printed", iv_relu(iv_sub(iv_of(t->path.bound), t->b.printed)));
    fig_double(r, "merge-peak", t->path.peak[LEG_MERGE]);
    fig_word(r, "freed-by", t->half[0].how == t->half[1].how ? freed[t->half[0].how] : "both");
    fig_word(r, "block", !D->dz ? "none" : t->half[0].parked ? "parked" : "in-place");
    fig_up(r, "largest-V1", t->path.v_norm);
    fig_count(r, "l", t->half[0].T.l);
    fig_count(r, "legs", t->way.n);
    fig_count(r, "pieces", t->path.pieces);
}

/// 8 Theorems 1, 5 and 11: instances ///

/* Ends of a path. random; trained: by net_train; deep: all that the network computes goes through the block, the
   adversarial kind of the witness; dead: every other row of W1 is 0; flat: W2 has rank 0 though V1 has not. The
   second end of a mixed pair is random. planted: a deep network whose outputs are the labels, and the same with its
   units in reverse order: both better than any two-layer target. */
enum { NET_RANDOM, NET_TRAINED, NET_DEEP, NET_DEAD, NET_FLAT, NET_MIXED, NET_PLANTED };

/* W2 = I on the first dy units, 0 elsewhere. */
static void net_carry_identity(const net_data *D, double *W2)
{
    for (size_t k = 0; k < D->S.dy; k++)
        for (size_t i = 0; i < D->m; i++)
            W2[k * D->m + i] = i == k;
}

/* dy dead units carry W2 = I, the others have W2 = 0: so before and after training. */
static void net_deepen(const net_data *D, net_vector *v, bool train)
{
    memset(v->W1, 0, D->S.dy * D->S.dx * sizeof *v->W1);
    net_carry_identity(D, v->W2);
    if (train)
        net_train(D, v, 150, 0.05);
    net_carry_identity(D, v->W2);
}

/* An end of the kind, one of NET_..., with a block of `layers` layers. planted: V1 and V2 times m/4, theta times 3. */
static net_point net_end(mem *arena, const net_data *D, rng *random, int kind, size_t layers)
{
    net_vector v = net_vector_make(arena, D, layers);
    net_randomise(D, random, &v);
    if (kind == NET_DEAD)
        for (size_t i = 0; i < D->m; i += 2)
            memset(v.W1 + i * D->S.dx, 0, D->S.dx * sizeof *v.W1);
    if (kind == NET_FLAT)
        memset(v.W2, 0, D->S.dy * D->m * sizeof *v.W2);
    if (kind == NET_DEEP || kind == NET_PLANTED)
        net_deepen(D, &v, kind == NET_DEEP);
    if (kind == NET_PLANTED)
        for (size_t i = D->m * (D->S.dx + D->S.dy); i < v.size; i++)
            v.x[i] *= i >= D->m * (D->S.dx + D->S.dy + D->dz + D->dg) ? 3 : (double)D->m / 4;
    if (kind == NET_TRAINED || kind == NET_MIXED)
        net_train(D, &v, 150, 0.03);
    return v.p;
}

/* The units in reverse order. */
static net_point net_reversed(mem *arena, const net_data *D, const net_point *p)
{
    double *W1 = mem_doubles(arena, D->m * D->S.dx);
    double *W2 = mem_doubles(arena, D->S.dy * D->m);
    double *V1 = mem_doubles(arena, D->m * D->dz);
    double *V2 = mem_doubles(arena, D->dg * D->m);
    for (size_t i = 0; i < D->m; i++) {
        size_t j = D->m - 1 - i;
        memcpy(W1 + i * D->S.dx, p->W1 + j * D->S.dx, D->S.dx * sizeof *W1);
        memcpy(V1 + i * D->dz, p->V1 + j * D->dz, D->dz * sizeof *V1);
        for (size_t k = 0; k < D->S.dy; k++)
            W2[k * D->m + i] = p->W2[k * D->m + j];
        for (size_t k = 0; k < D->dg; k++)
            V2[k * D->m + i] = p->V2[k * D->m + j];
    }
    return (net_point) { .W1 = W1, .W2 = W2, .V1 = V1, .V2 = V2, .g = p->g };
}

/* The largest l < m^eta. */
static size_t below_power(size_t m, double eta)
{
    double power = iv_pow((double)m, iv_of(eta)).lo;
    size_t l = (size_t)power;
    return (double)l < power ? l : l - 1;
}

/* dz = dg (0: no block), N (0: iris), eta8: 8 eta, kappa = 2^-kappa_log2 (above 60: 0), ends: NET_..., l (0: the
   largest below m^eta). */
typedef struct {
    int loss;
    size_t dx, dy, dz, N, layers, m;
    int eta8, kappa_log2, ends;
    unsigned stream;
    size_t l;
    enum half_how how;
} wang_thm11_spec;

static net_data wang_thm11_data(mem *arena, rng *random, const wang_thm11_spec *spec)
{
    net_data D = { .S = teacher_samples(arena, random, &losses[spec->loss], spec->dx, spec->dy, spec->N),
        .dz = spec->dz };
    D.m = spec->m;
    D.dg = D.dz;
    D.kappa = spec->kappa_log2 > 60 ? 0 : two_to(-spec->kappa_log2);
    return D;
}

/* The case's pair of ends, joined; *D: their data. Planted ends: the labels become what the first one computes, the
   second has the units in reverse order. */
static wang_thm11_pair *wang_thm11_instance(trial *t, net_data *D)
{
    const wang_thm11_spec *spec = t->row->spec;
    mem *arena = t->memory;
    rng random = rng_make(t->seed, STREAM_WANG_THM11_INSTANCE + spec->stream);
    double eta = spec->eta8 / 8.0;
    size_t layers = spec->layers;
    *D = wang_thm11_data(arena, &random, spec);
    net_point A = net_end(arena, D, &random, spec->ends, layers);
    net_point B = net_end(arena, D, &random, spec->ends == NET_MIXED ? NET_RANDOM : spec->ends, layers);
    if (spec->ends == NET_PLANTED) {
        const iv *f = net_images(arena, D, &A);
        double *Y = mem_doubles(arena, D->S.N * D->S.dy);
        for (size_t i = 0; i < D->S.N * D->S.dy; i++)
            Y[i] = dyadic(iv_mid(f[i]));
        D->S.Y = Y;
        B = net_reversed(arena, D, &A);
    }
    net_target T = net_target_make(arena, D, &random, spec->l ? spec->l : below_power(D->m, eta), 20);
    return wang_thm11_connect(arena, D, &T, &A, &B, eta, layers, spec->how);
}

/* Is D at most its uniform bound (reported), and 0 without any cost where the case is about that? */
static bool wang_thm11_uniform(const wang_thm11_pair *pair, const net_data *D, const wang_thm11_spec *spec, result *r)
{
    double uniform = wang_thm11_uniform_up(D, pair->half[0].T.l, spec->layers, pair->b.mass);
    bool reduced = pair->half[0].how == HALF_REDUCE && pair->half[1].how == HALF_REDUCE;
    fig_up(r, "D-at-most", uniform);
    return pair->b.cost <= uniform && reduced == (spec->how == HALF_REDUCE);
}

/* Repaired: the certified path stays below the repaired bound, which is below the simple one where the block can be
   parked, and D below its uniform bound. */
static void wang_thm11_case(trial *t)
{
    const wang_thm11_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    net_data D;
    const wang_thm11_pair *pair = wang_thm11_instance(t, &D);
    const char *why = pair->path.why ? pair->path.why : "the path exceeds the repaired bound";
    if (pair->half[0].T.l + net_rank(&D) > D.m)
        why = "fewer than l + min(dy, dz) units: nothing is left to carry W2 V1";
    bool simple =
        pair->half[0].T.l + D.S.dy + net_rank(&D) > D.m || pair->path.bound <= add_up(pair->b.simple, WANG_THM11_EPS);
    judge(r, &r->repaired,
        !pair->path.why && pair->path.bound <= add_up(pair->b.repaired, WANG_THM11_EPS) && simple &&
            wang_thm11_uniform(pair, &D, spec, r),
        CERTIFIED, why);
    wang_thm11_report(arena, pair, &D, r);
    margin_add(r, add_dn(1, -div_up(pair->path.bound, add_up(pair->b.repaired, WANG_THM11_EPS))));
}

#define WANG_THM11(name, level, loss, dx, dy, dz, N, layers, m, eta8, kappa_log2, ends, stream, l, how)             \
    CASE_ROW(name, level, wang_thm11_case, wang_thm11_spec, loss, dx, dy, dz, N, layers, m, eta8, kappa_log2, ends, \
        stream, l, how)

/// 8 Theorems 1, 5 and 11: the wall ///

/* As printed the theorem fails for every input law. Squared loss, dy = 1, p layers in the block, q = p + 2; the unit
   vector w* maximises E s(w x)^2, h = s(w* x), a = E h^2, y = Y h, tau = kappa / (2 a). With S the shallow and r the
   residual part of f, s = E h S / a, rho = E h r / a:

       F >= a (s + rho - Y)^2 + kappa (|s| + q |rho|^(1/q)).                                                       (1)

   Loss: Cauchy and Schwarz, E (S + r - Y h)^2 >= (E h (S + r - Y h))^2 / a. |s| <= sum |w2_i| |w1_i|, since
   E h s(u x) <= a for unit u. |r| <= |W2 V1| prod |theta_j| |V2 s(W1 x)|, whose L2 norm is at most sqrt(a) times the
   product of the q terms of R; a product is at most (sum / q)^q.

   Below: rho is continuous; where it is 1, F >= min over s of a (s + 1 - Y)^2 + kappa |s| + kappa q, which is
   F*_w + kappa (q - 1) for Y >= 1 + tau, F*_w = kappa (Y - tau/2). The width m occurs nowhere.

   Above: the block's factors fall together, rho = t^q rho_A, while one shallow unit has s = max(0, Y - tau - rho).
   While s > 0, F = F*_w + kappa (t P - rho), P the block's part of R at A, and P t - rho <= q - 1 + max(0, P - q
   rho_A^(1/q)), since q v - v^q <= q - 1 (wall_identity). Before, |rho - Y| <= tau: F <= a tau^2 + kappa P.

   Where only abar >= a is known, k = sqrt(abar / a): in (1) |s| / k and q (|rho| / k)^(1/q) for |s| and
   q |rho|^(1/q), for any unit w. */

/* Input laws: one atom x = 1; uniform on +-e_i; random, symmetric about 0; random, of non-negative coordinates; random
   in the plane; iris, not centred (its features are positive); random multiples of (1, .., 1), non-negative, and
   symmetric. In closed form, without networks: N(0, I); uniform on the sphere. */
enum wall_law {
    LAW_ATOM,
    LAW_CROSS,
    LAW_SYMMETRIC,
    LAW_POSITIVE,
    LAW_PLANE,
    LAW_IRIS,
    LAW_RAY,
    LAW_LINE,
    LAW_GAUSS,
    LAW_SPHERE
};

/* The witness on a law. In units of the unit vector along w: nu = |w|, a, k and Y as above. */
typedef struct {
    wang_thm11_witness w;
    iv nu, a, k, Y;
} wall_instance;

/* c64 = 64 c, y64 = 64 Y (0: Y = c^q), kappa = 2^-kappa_log2, delta = 2^-delta_log2 (0: no unit rows). */
typedef struct {
    enum wall_law law;
    size_t n, m, layers;
    int c64, y64, kappa_log2, delta_log2;
    unsigned stream;
    bool off; /* w = e_1, not the direction of most pull */
} wall_spec;

static bool wall_closed(enum wall_law law) { return law == LAW_GAUSS || law == LAW_SPHERE; }

/* Samples of the law, N x n. */
static double *wall_samples(mem *arena, rng *random, const wall_spec *spec, size_t *N)
{
    size_t n = spec->n;
    enum wall_law law = spec->law;
    bool paired = law == LAW_CROSS || law == LAW_SYMMETRIC || law == LAW_LINE;
    bool positive = law == LAW_POSITIVE || law == LAW_RAY;
    *N = law == LAW_ATOM ? 1 : law == LAW_CROSS ? 2 * n : law == LAW_IRIS ? IRIS_ROWS : 4 * n;
    double *X = mem_doubles(arena, *N * n);
    for (size_t s = 0; s < *N; s++) {
        double *x = X + s * n;
        if (law == LAW_ATOM || (law == LAW_CROSS && s < n))
            x[s % n] = 1;
        else if (law == LAW_IRIS)
            iris_sample(s, n, NULL, x);
        else if (law != LAW_CROSS)
            rng_normals(random, n, x);
        for (size_t j = 0; j < n; j++) {
            x[j] = law == LAW_RAY || law == LAW_LINE ? x[0] : x[j];
            x[j] = positive ? __builtin_fabs(x[j]) : x[j];
        }
    }
    for (size_t i = 0; paired && i < *N / 2 * n; i++)
        X[*N / 2 * n + i] = -X[i];
    return X;
}

/* E s(u x)^2, rounded. */
static double wall_pull(size_t N, size_t n, const double *X, const double *u)
{
    double sum = 0;
    for (size_t s = 0; s < N; s++) {
        double h = fmax(kern_dot(n, u, X + s * n), 0);
        sum += h * h;
    }
    return sum / (double)N;
}

/* w: a short vector near the unit one of most pull: an eigenvector of E x x^T of the largest eigenvalue, of the better
   sign; in the plane the best of 1024 directions. */
static double *wall_direction(mem *arena, enum wall_law law, bool off, size_t N, size_t n, const double *X)
{
    double *w = mem_doubles(arena, n);
    double *tried = mem_doubles(arena, n);
    double *value = mem_doubles(arena, n);
    double *Q = mem_doubles(arena, n * n);
    if (law == LAW_ATOM || law == LAW_CROSS || off) {
        w[0] = 1;
        return w;
    }
    mat_must(eig(n, moment_of(arena, N, n, X).S, value, Q));
    double best = -1;
    for (int i = 0; i < (law == LAW_PLANE ? 1024 : 2); i++) {
        double turn = i * 0x1.921fb54442d18p-8; /* pi / 512 */
        size_t top = value[0] > value[n - 1] ? 0 : n - 1;
        for (size_t j = 0; j < n; j++)
            tried[j] = dyadic(law == LAW_PLANE ? (j ? el_sin(turn) : el_cos(turn)) : (i ? -1 : 1) * Q[j * n + top]);
        double pull = wall_pull(N, n, X, tried) / kern_dot(n, tried, tried);
        if (!(pull > best))
            continue;
        best = pull;
        memcpy(w, tried, n * sizeof *w);
    }
    return w;
}

/* A cover of the circle: E s(u x)^2 over the directions u. */
typedef struct {
    size_t N;
    const double *X;
    double enough;
} wall_circle;

/* Over angles [a, b], from above: u x is at most that in the middle plus |x| (b - a)/2. */
static bool wall_arc(void *problem, double a, double b, double *bound)
{
    const wall_circle *k = problem;
    iv u = iv_of((a + b) / 2);
    double h = mul_up(0.5, add_up(b, -a));
    iv cs = iv_cos(u);
    iv sn = iv_sin(u);
    double sum = 0;
    for (size_t s = 0; s < k->N; s++) {
        const double *x = k->X + 2 * s;
        double reach = add_up(iv_cross(cs, iv_of(x[0]), sn, iv_of(x[1])).hi, mul_up(frobenius_up(2, x), h));
        sum = add_up(sum, mul_up(fmax(reach, 0), fmax(reach, 0)));
    }
    *bound = div_up(sum, (double)k->N);
    return *bound <= k->enough;
}

/* abar >= max over unit u of E s(ux)^2. (Uniform on +-e_i it is sum u_i^2 / (2 n), the same for all u: k = 1.)
   Symmetric: half of E (u x)^2. Non-negative: at most lambda_max(E x x^T), which a non-negative u attains (Perron).
   value: what w has. */
static double wall_most(mem *arena, enum wall_law law, size_t N, size_t n, const double *X, iv value)
{
    iv least, largest;
    if (law == LAW_PLANE) {
        wall_circle k = { N, X, mul_up(value.hi, 1 + 0x1p-10) };
        return cover_up(wall_arc, &k, -3.25, 3.25, 16); /* a little more than the circle */
    }
    moment M = moment_of(arena, N, n, X);
    eigen_range(arena, n, M.S, M.error, &least, &largest);
    return law == LAW_SYMMETRIC || law == LAW_LINE ? mul_up(0.5, largest.hi) : largest.hi;
}

/* E s(w x)^2. */
static iv wall_square(const net_data *D, const double *w)
{
    iv sum = { 0, 0 };
    for (size_t s = 0; s < D->S.N; s++) {
        iv h = { 0, 0 };
        for (size_t j = 0; j < D->S.dx; j++)
            h = iv_add(h, iv_mul(iv_of(w[j]), iv_of(D->S.X[s * D->S.dx + j])));
        sum = iv_add(sum, iv_sqr(iv_relu(h)));
    }
    return iv_mean(sum, D->S.N);
}

/* The law's samples, direction, labels and constants. */
static wall_instance wall_make(mem *arena, rng *random, const wall_spec *spec)
{
    double c = spec->c64 / 64.0;
    double Y = spec->y64 ? spec->y64 / 64.0 : wall_power(c, spec->layers + 2);
    double kappa = two_to(-spec->kappa_log2);
    if (wall_closed(spec->law)) {
        iv a = spec->law == LAW_GAUSS ? iv_of(0.5) : iv_div(iv_of(0.5), iv_of((double)spec->n));
        return (wall_instance) { { .D = { .kappa = kappa }, .q = spec->layers + 2, .c = c, .Y = Y }, iv_of(1), a,
            iv_of(1), iv_of(Y) };
    }
    size_t N;
    const double *X = wall_samples(arena, random, spec, &N);
    const double *w = wall_direction(arena, spec->law, spec->off, N, spec->n, X);
    wall_instance t = { wall_network(arena, spec->m, spec->layers, c, Y, kappa, N, spec->n, X, w), iv_norm(spec->n, w),
        iv_of(0), iv_of(1), iv_of(0) };
    t.w.delta = spec->delta_log2 ? two_to(-spec->delta_log2) : 0;
    t.a = iv_div(wall_square(&t.w.D, w), iv_sqr(t.nu));
    t.Y = iv_scale(Y, t.nu);
    if (spec->law != LAW_ATOM && spec->law != LAW_CROSS) {
        double most = wall_most(arena, spec->law, N, spec->n, X, t.a);
        t.k = most < t.a.lo ? iv_all() : iv_make(1, fmax(1, iv_sqrt(iv_div(iv_of(most), t.a)).hi));
    }
    return t;
}

static iv wall_tau(const wall_instance *t) { return iv_div(iv_of(t->w.D.kappa), iv_scale(2, t->a)); }

/* x^(1/q), x > 0; exact where x is u^q for the u given. */
static iv wall_root(iv x, size_t q, double u)
{
    if (iv_is(x, wall_power(u, q)))
        return iv_of(u);
    return iv_exp(iv_div(iv_log(x), iv_of((double)q)));
}

/* min over s of a (s - z)^2 + kappa |s| / k from below: for any |p| <= kappa / k it is at least p z - p^2 / (4 a). */
static double wall_shallow_dn(const wall_instance *t, iv z, iv k)
{
    double most = div_dn(t->w.D.kappa, k.hi);
    double p = fmax(fmin(2 * iv_mid(t->a) * iv_mid(z), most), -most);
    iv square = iv_div(iv_sqr(iv_of(p)), iv_scale(4, t->a));
    return iv_sub(iv_scale(p, z), square).lo;
}

/* (1) at rho = u^q, from below, least over s. */
static double wall_floor_dn(const wall_instance *t, iv u)
{
    iv root = t->k.hi > 1 ? wall_root(t->k, t->w.q, 1) : iv_of(1);
    iv deep = iv_scale(t->w.D.kappa * (double)t->w.q, iv_div(u, root));
    return add_dn(wall_shallow_dn(t, iv_sub(t->Y, iv_power(u, t->w.q)), t->k), deep.lo);
}

/* F*_w: from below by (1) with rho = 0; from above by one unit with s = Y - tau or, for Y < tau, by 0. */
static iv wall_best(const wall_instance *t)
{
    iv tau = wall_tau(t);
    iv one = iv_scale(t->w.D.kappa, iv_sub(t->Y, iv_scale(0.5, tau)));
    iv none = iv_mul(t->a, iv_sqr(t->Y));
    return iv_make(wall_shallow_dn(t, t->Y, t->k), t->Y.lo >= tau.hi ? one.hi : none.hi);
}

/* u^q - q u + q - 1 = (u - 1)^2 sum_{j=0}^{q-2} (j + 1) u^(q-2-j), coefficient by coefficient. */
static bool wall_identity(size_t q)
{
    long c[BLOCK_MAX_LAYERS + 3] = { 0 }; /* q = layers + 2 */
    for (size_t j = 0; j + 2 <= q; j++) {
        long a = (long)j + 1;
        c[q - 2 - j] += a;
        c[q - 1 - j] -= 2 * a;
        c[q - j] += a;
    }
    c[q] -= 1;
    c[1] += (long)q;
    c[0] -= (long)q - 1;
    for (size_t k = 0; k <= q; k++)
        if (c[k])
            return false;
    return true;
}

/* F at the family's point of block parameters u and weight w2, by (1) with equality: a (s + rho - Y)^2 + kappa R. */
static iv wall_formula(const wall_instance *t, double u, double w2)
{
    double q = (double)t->w.q;
    iv s = iv_scale(w2, t->nu);
    iv rho = iv_mul(iv_power(iv_of(u), t->w.q), t->nu);
    iv misfit = iv_mul(t->a, iv_sqr(iv_sub(iv_add(s, rho), t->Y)));
    iv R = iv_add(iv_abs(s), iv_add(iv_scale(u, t->nu), iv_scale(q - 1, iv_of(u))));
    return iv_add(misfit, iv_scale(t->w.D.kappa, R));
}

/* Is the formula what the network computes? Both are polynomials in u of degree at most 2q and in w2 of degree 2: where
   all is exact, agreement at 2q + 1 by 3 points is a proof; else the enclosures must meet. */
static bool wall_is_network(const wall_instance *t)
{
    for (size_t k = 0; k <= 2 * t->w.q; k++)
        for (int i = 0; i < 3; i++) {
            double u = (double)k / 16;
            double w2 = t->w.delta > 0 ? t->w.delta * two_to(i) : i;
            mem local = { 0 };
            net_point p = witness_point(&local, &t->w, u, w2);
            bool apart = iv_apart(net_risk(&local, &t->w.D, &p), wall_formula(t, u, w2));
            mem_free(&local);
            if (apart)
                return false;
        }
    return true;
}

/* The two ends, as networks (of laws that have some) and their risks; the barrier between them from both sides.
   crosses: every path between them has a point with rho = 1. */
typedef struct {
    wall_instance t;
    net_point A, B;
    iv FA, FB, best, claimed, barrier;
    bool crosses;
} wall_ends;

/* What the path of the head's "Above" takes, at most. */
static double wall_top_up(const wall_instance *t, iv best)
{
    double q = (double)t->w.q;
    double kappa = t->w.D.kappa;
    iv c = iv_of(t->w.c);
    iv rho = iv_mul(iv_power(c, t->w.q), t->nu);
    iv P = iv_add(iv_mul(c, t->nu), iv_scale(q - 1, c));
    iv rest = iv_relu(iv_sub(P, iv_scale(q, wall_root(rho, t->w.q, t->w.c))));
    iv away = iv_max(wall_tau(t), iv_abs(iv_sub(iv_add(rho, iv_scale(t->w.delta, t->nu)), t->Y)));
    iv before = iv_add(iv_mul(t->a, iv_sqr(away)), iv_scale(kappa, iv_add(P, iv_scale(t->w.delta, t->nu))));
    iv after = iv_add(best, iv_scale(kappa, iv_add(iv_of(q - 1), rest)));
    return wall_identity(t->w.q) ? fmax(before.hi, after.hi) : INFINITY;
}

/* Both ends, F*_w, and the barrier: below by (1) at rho = 1, above by the path. */
static wall_ends wall_ends_make(mem *arena, rng *random, const wall_spec *spec)
{
    wall_ends e = { .t = wall_make(arena, random, spec) };
    const wall_instance *t = &e.t;
    bool closed = wall_closed(spec->law);
    iv rho = iv_mul(iv_power(iv_of(t->w.c), t->w.q), t->nu);
    e.best = wall_best(t);
    e.FA = wall_formula(t, t->w.c, 0);
    e.FB = e.best;
    /* in closed form: 2 n a = E |x|^2 */
    double length = spec->law == LAW_GAUSS ? (double)spec->n : 1;
    e.crosses = rho.lo >= 1 && iv_has(iv_scale(2 * (double)spec->n, t->a), length);
    if (!closed) {
        e.A = witness_point(arena, &t->w, t->w.c, t->w.delta);
        e.B = witness_point(arena, &t->w, 0, iv_mid(iv_div(iv_sub(t->Y, wall_tau(t)), t->nu)));
        e.FA = net_risk(arena, &t->w.D, &e.A);
        e.FB = net_risk(arena, &t->w.D, &e.B);
        e.crosses = iv_mul(witness_rho(arena, &t->w, &e.A), t->nu).lo >= 1 &&
            iv_is(witness_rho(arena, &t->w, &e.B), 0) && wall_is_network(t);
    }
    e.claimed = iv_max(iv_max(e.FA, e.FB), e.best);
    double top = fmax(wall_top_up(t, e.best), fmax(e.FA.hi, e.FB.hi));
    e.barrier = iv_make(wall_floor_dn(t, iv_of(1)), top);
    return e;
}

static void wall_report(result *r, const wall_ends *e)
{
    fig_iv(r, "F(A)", e->FA);
    fig_iv(r, "F(B)", e->FB);
    fig_iv(r, "F*_w", e->best);
    fig_iv(r, "claimed-bound", e->claimed);
    fig_iv(r, "barrier", e->barrier);
    fig_iv(r, "excess", iv_sub(iv_of(e->barrier.lo), e->claimed));
    margin_add(r, add_dn(e->barrier.lo, -e->claimed.hi));
}

/* The path of the general machinery for the same two points: what the repaired bound gives here. */
static wang_thm11_pair *wall_pair(mem *arena, const wall_ends *e)
{
    const wang_thm11_witness *w = &e->t.w;
    double *weight = mem_doubles(arena, 1);
    net_target T = { 1, mem_copy(arena, w->D.S.dx, w->w), weight };
    *weight = e->B.W2[1];
    return wang_thm11_connect(arena, &w->D, &T, &e->A, &e->B, 0.5, w->q - 2, HALF_CHEAPER);
}

/* Printed: the barrier between A and B is higher than F*_w and both ends, by kappa (p + 1) where a is exact. */
static void wang_thm11_wall(trial *t)
{
    const wall_spec *spec = t->row->spec;
    rng random = rng_make(t->seed, STREAM_WANG_THM11_WALL + spec->stream);
    wall_ends e = wall_ends_make(t->memory, &random, spec);
    judge(t->result, &t->result->printed, e.crosses && e.barrier.lo > e.claimed.hi, REFUTED,
        "the witness was not confirmed");
    wall_report(t->result, &e);
    fig_iv(t->result, "a", e.t.a);
    fig_iv(t->result, "Y", e.t.Y);
    if (e.t.k.hi > 1)
        fig_iv(t->result, "abar", iv_mul(e.t.a, iv_sqr(iv_of(e.t.k.hi))));
}

#define WANG_THM11_WALL(name, level, law, n, m, layers, c64, kappa_log2, delta_log2, stream) \
    CASE_ROW(name, level, wang_thm11_wall, wall_spec, law, n, m, layers, c64, 0, kappa_log2, delta_log2, stream)

/* Printed, on one atom. Repaired: the path of the general machinery for the same two points stays below the repaired
   bound, and is not below the barrier. */
static void wang_thm11_barrier(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    wall_ends e = wall_ends_make(arena, NULL, t->row->spec);
    const wang_thm11_pair *pair = wall_pair(arena, &e);
    const path_report *path = &pair->path;
    path_keep(arena, r, &e.t.w.D, pair->way.legs, pair->way.n, path);
    const char *why = path->why ? path->why : "the witness was not confirmed";
    bool between = path->bound >= e.barrier.lo && path->bound <= add_up(pair->b.repaired, WANG_THM11_EPS);
    judge(r, &r->printed, e.crosses && e.barrier.lo > e.claimed.hi, REFUTED, why);
    judge(r, &r->repaired, !path->why && between, CERTIFIED, why);
    wall_report(r, &e);
    fig_double(r, "repaired-bound", pair->b.repaired);
    fig_double(r, "unparked-bound", pair->b.plain);
    fig_double(r, "path", path->bound);
    fig_word(r, "block", pair->half[0].parked ? "parked" : "in-place");
}

#define WANG_THM11_BARRIER(name, level, m, layers, c64) \
    CASE_ROW(name, level, wang_thm11_barrier, wall_spec, LAW_ATOM, 1, m, layers, c64, 0, 0, 0, 0)

typedef struct {
    size_t layers;
    int c64, kappa_log2; /* c = c64 / 64, kappa = 2^-kappa_log2 */
} wall_logistic_spec;

/* Logistic loss, one atom x = 1, label 1: L(t) = log(1 + exp -t). min_z L(z) + kappa z is at t* = log(1/kappa - 1),
   and F*_w = -log(1 - kappa) + kappa t*. Where rho = 1, F >= L(s + 1) + kappa |s| + kappa q >= F*_w - kappa + kappa
   q. Above, as the head says: first c^q >= rho >= t* and L <= L(t*) = -log(1 - kappa); then F = F*_w + kappa (q u -
   u^q). */
static void wang_thm11_logistic(trial *t)
{
    const wall_logistic_spec *spec = t->row->spec;
    mem *arena = t->memory;
    double kappa = two_to(-spec->kappa_log2);
    double q = (double)spec->layers + 2;
    double c = spec->c64 / 64.0;
    wall_ends e = { .t = { .w = witness_make(arena, 4, spec->layers, c) } };
    wang_thm11_witness *w = &e.t.w;
    static const double label = 1;
    w->D.S.Y = &label;
    w->D.S.L = &losses[LOGISTIC];
    w->D.kappa = kappa;
    iv star = iv_log(iv_sub(iv_div(iv_of(1), iv_of(kappa)), iv_of(1)));
    iv floor = iv_neg(iv_log1p(iv_of(-kappa)));
    e.A = witness_point(arena, w, c, 0);
    e.B = witness_point(arena, w, 0, iv_mid(star));
    e.best = iv_add(floor, iv_scale(kappa, star));
    e.FA = net_risk(arena, &w->D, &e.A);
    e.FB = net_risk(arena, &w->D, &e.B);
    e.claimed = iv_max(iv_max(e.FA, e.FB), e.best);
    double before = iv_add(floor, iv_scale(kappa, iv_of(q * c))).hi;
    iv crest = iv_add(e.best, iv_scale(kappa, iv_of(q - 1)));
    bool proved = wall_identity(w->q) && wall_power(c, w->q) >= star.hi;
    e.barrier = iv_make(crest.lo, proved ? fmax(fmax(before, crest.hi), fmax(e.FA.hi, e.FB.hi)) : INFINITY);
    net_point top = witness_point(arena, w, 1, iv_mid(star) - 1);
    double dual = net_dual_dn(arena, &w->D, net_images(arena, &w->D, &e.B));
    /* the formulas against the network: F*_w by duality and at B, the wall at the path's point with rho = 1 */
    bool same = iv_mag(iv_sub(e.best, iv_of(dual))) <= 1e-12 && iv_mag(iv_sub(e.best, e.FB)) <= 1e-12 &&
        iv_mag(iv_sub(crest, net_risk(arena, &w->D, &top))) <= 1e-12;
    e.crosses = witness_rho(arena, w, &e.A).lo > 1 && iv_is(witness_rho(arena, w, &e.B), 0);
    judge(t->result, &t->result->printed, e.crosses && same && e.barrier.lo > e.claimed.hi, REFUTED,
        "the witness was not confirmed");
    wall_report(t->result, &e);
    fig_iv(t->result, "t*", star);
}

#define WANG_THM11_LOGISTIC(name, level, layers, c64, kappa_log2) \
    CASE_ROW(name, level, wang_thm11_logistic, wall_logistic_spec, layers, c64, kappa_log2)

static const double WANG_THM11_NEAR = 0.98; /* how much of c_q the near-sharp witnesses show at least */

/* The repaired bound cannot be lowered: for small kappa, Y just above Y_0, the barrier is nearly (1 + c_q) max(lambda,
   F*_w), and no more than that. */
static void wang_thm11_sharp(trial *t)
{
    result *r = t->result;
    const wall_spec *spec = t->row->spec;
    wall_ends e = wall_ends_make(t->memory, NULL, spec);
    iv most = wang_thm11_fading(spec->layers);
    iv ratio = iv_div(e.barrier, iv_max(e.claimed, iv_max(e.FA, e.best)));
    iv shown = iv_div(iv_sub(ratio, iv_of(1)), most);
    judge(r, &r->repaired, e.crosses && shown.lo > WANG_THM11_NEAR && shown.hi <= 1, CERTIFIED,
        "the barrier is not near the repaired bound");
    fig_iv(r, "F(A)", e.FA);
    fig_iv(r, "F*_w", e.best);
    fig_iv(r, "barrier", e.barrier);
    fig_iv(r, "c_q", most);
    fig_iv(r, "ratio", ratio);
    fig_iv(r, "ratio-1-over-c_q", shown);
}

#define WANG_THM11_SHARP(name, level, layers, c64, kappa_log2) \
    CASE_ROW(name, level, wang_thm11_sharp, wall_spec, LAW_CROSS, 1, 4, layers, c64, 0, kappa_log2, 0, 0)

/* Least F over rho = u^q, u in [1, 8], from below, cut until it is at least the goal. */
typedef struct {
    const wall_instance *t;
    double goal;
} wall_cover;

static bool wall_piece(void *problem, double a, double b, double *bound)
{
    const wall_cover *k = problem;
    double low = wall_floor_dn(k->t, (iv) { a, b });
    *bound = -low;
    return low >= k->goal;
}

/* Beyond u = 8, F >= 8 kappa q. */
static double wall_least(const wall_instance *t, double goal)
{
    wall_cover k = { t, goal };
    if (!(goal < INFINITY))
        return -INFINITY;
    return fmin(-cover_up(wall_piece, &k, 1, 8, 20), mul_dn(8 * t->w.D.kappa, (double)t->w.q));
}

/* c^q - q c - (tau/2) (1 - c^(1-q))^2, whose root beyond 1 gives Y_0 = c^q + tau c^(1-q). */
static iv wall_threshold_at(iv c, size_t q, double tau)
{
    iv rest = iv_sub(iv_of(1), iv_div(iv_of(1), iv_power(c, q - 1)));
    return iv_sub(iv_sub(iv_power(c, q), iv_scale((double)q, c)), iv_scale(tau / 2, iv_sqr(rest)));
}

typedef struct {
    double tau;
} wall_threshold_spec;

/* A point with rho >= 1 that is no worse than the shallow optimum exists iff Y >= Y_0 (where Y >= 1 + tau): shown on
   either side of the enclosed Y_0, a 1024th away, on one atom: above it by the point, below it by a cover of all
   rho. */
static void wang_thm11_threshold(trial *t)
{
    const wall_threshold_spec *spec = t->row->spec;
    result *r = t->result;
    bool shown = true;
    for (size_t layers = 0; layers <= BLOCK_MAX_LAYERS; layers++) {
        size_t q = layers + 2;
        char name[40];
        iv c = { 1, 3 };
        for (int i = 0; i < 60; i++)
            if (!root_halve(&c, iv_sign(wall_threshold_at(iv_of(iv_mid(c)), q, spec->tau))))
                break;
        iv Y = iv_add(iv_power(c, q), iv_scale(spec->tau, iv_div(iv_of(1), iv_power(c, q - 1))));
        wall_instance k = { { .D = { .kappa = 2 * spec->tau }, .q = q, .c = iv_mid(c) }, iv_of(1), iv_of(1), iv_of(1),
            Y };
        k.Y = iv_of(Y.hi + 0x1p-10);
        shown &= wall_formula(&k, k.w.c, 0).hi <= wall_best(&k).lo;
        k.Y = iv_of(Y.lo - 0x1p-10);
        double best = wall_best(&k).hi;
        shown &= wall_least(&k, next_up(best)) > best && k.Y.lo >= 1 + spec->tau;
        snprintf(name, sizeof name, "Y0/p=%zu", layers);
        fig_iv(r, name, Y);
    }
    judge(r, &r->repaired, shown, CERTIFIED, "the two sides of a threshold were not told apart");
}

#define WANG_THM11_THRESHOLD(name, level, tau) CASE_ROW(name, level, wang_thm11_threshold, wall_threshold_spec, tau)

/* As the paper draws it: every local minimum worse than the shallow optimum is shallow. Refuted: F(A) > F*_w, and
   the component of {F < wall} around A lies in {rho > 1}, where F is at least `least` > F*_w. So the least value
   there, in [least, F(A)], is worse than the shallow optimum, and no path leads lower without reaching the wall:
   depth >= wall - F(A), for every m. (The least value is attained: with unit rows, R <= F bounds all that F depends
   on, and the set {rho >= 1, F <= F(A)} keeps clear of the wall.) Repaired: the depth is at most c_q F at the
   minimum (wang.thm11), here by the path of the head: barrier - least, against c_q least. */
static void wang_thm1_headline(trial *t)
{
    result *r = t->result;
    const wall_spec *spec = t->row->spec;
    wall_ends e = wall_ends_make(t->memory, NULL, spec);
    double least = wall_least(&e.t, fmax(e.best.hi, e.FA.lo - 0.25));
    double depth = add_up(e.barrier.hi, -least);
    iv most = iv_mul(wang_thm11_fading(spec->layers), iv_of(least));
    judge(r, &r->meant, e.crosses && e.barrier.lo > e.FA.hi && e.FA.lo > e.best.hi && least > e.best.hi, REFUTED,
        "the witness was not confirmed");
    judge(r, &r->repaired, depth <= most.lo, CERTIFIED, "deeper than c_q F");
    fig_iv(r, "F(A)", e.FA);
    fig_iv(r, "F*_w", e.best);
    fig_iv(r, "barrier", e.barrier);
    fig_iv(r, "depth-at-least", iv_sub(iv_of(e.barrier.lo), e.FA));
    fig_double(r, "least-in-component-at-least", least);
    fig_double(r, "depth-at-most", depth);
    fig_iv(r, "c_q-F", most);
    margin_add(r, add_dn(e.barrier.lo, -e.FA.hi));
}

#define WANG_THM1_HEADLINE(name, level, m, layers, c64, y64) \
    CASE_ROW(name, level, wang_thm1_headline, wall_spec, LAW_ATOM, 1, m, layers, c64, y64, 0, 0, 0)

typedef struct {
    size_t layers;
} wang_thm11_worst_spec;

/* How far can the claim be off? On one atom the least F at rho = u^q is E(u) = q u + min_s (s + u^q - Y)^2 + |s|; both
   ends and the wall are its values: between the shallow optimum (u = 0) and c = Y^(1/q) lies u = 1. The largest
   certified ratio E(1) / max(E(0), E(c)) over Y; for deep blocks it tends to 2. */
static void wang_thm11_worst(trial *t)
{
    const wang_thm11_worst_spec *spec = t->row->spec;
    result *r = t->result;
    size_t q = spec->layers + 2;
    wall_instance k = { { .D = { .kappa = 1 }, .q = q }, iv_of(1), iv_of(1), iv_of(1), iv_of(0) };
    double worst = 0;
    double at = 0;
    for (double Y = 1.5; Y < 64; Y += 1.0 / 16) {
        k.Y = iv_of(Y);
        double root = iv_mid(wall_root(k.Y, q, 1));
        double ends = fmax(wall_best(&k).hi, wall_formula(&k, root, 0).hi);
        double ratio = div_dn(wall_floor_dn(&k, iv_of(1)), ends);
        if (ratio > worst) {
            worst = ratio;
            at = Y;
        }
    }
    judge(r, &r->printed, worst > 1, REFUTED, "no wall higher than its ends was found");
    fig_double(r, "y", at);
    fig_double(r, "barrier/claimed-at-least", worst);
    margin_add(r, worst - 1);
}

#define WANG_THM11_WORST(name, level, layers) CASE_ROW(name, level, wang_thm11_worst, wang_thm11_worst_spec, layers)

/* (1) at a network, a (s + rho - Y)^2 taken off both sides: right over left. 0 unless s and rho are at least 1/4 (at 0
   both sides are the same). */
static iv wall_ratio(const wall_instance *t, const net_point *p)
{
    mem local = { 0 };
    const net_data *D = &t->w.D;
    const iv *f = net_images(&local, D, p);
    iv rho = witness_rho(&local, &t->w, p);
    iv hf = { 0, 0 };
    for (size_t i = 0; i < D->S.N; i++) {
        double h = fmax(kern_dot(D->S.dx, t->w.w, D->S.X + i * D->S.dx), 0);
        hf = iv_add(hf, iv_scale(h, f[i]));
    }
    iv both = iv_div(iv_mean(hf, D->S.N), t->a);
    iv shallow = iv_sub(both, rho);
    iv k = iv_of(t->k.hi);
    bool counts = rho.lo >= 0.25 && shallow.lo >= 0.25;
    iv deep = counts ? iv_scale((double)t->w.q, wall_root(iv_div(rho, k), t->w.q, 1)) : iv_of(0);
    iv misfit = iv_mul(t->a, iv_sqr(iv_sub(both, t->Y)));
    iv right = iv_scale(D->kappa, iv_add(iv_div(iv_abs(shallow), k), deep));
    iv left = iv_sub(net_risk(&local, D, p), misfit);
    iv ratio = counts && left.lo > 0 ? iv_div(right, left) : iv_of(0);
    mem_free(&local);
    return ratio;
}

typedef struct {
    enum wall_law law;
    size_t n, m, layers;
    int steps;
    bool off; /* w = e_1, whatever pulls most: so that k counts */
} wang_thm11_search_spec;

/* (1) attacked: seeded ascent of right side over left among all networks of m units. It must not pass 1; how near it
   comes says how sharp (1) is. */
static void wang_thm11_search(trial *t)
{
    const wang_thm11_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_WANG_THM11_SEARCH + 2 * spec->n + spec->off);
    wall_spec law = { spec->law, spec->n, spec->m, spec->layers, 128, 0, 0, 0, 0, spec->off };
    wall_instance k = wall_make(arena, &random, &law);
    net_vector v = net_vector_make(arena, &k.w.D, spec->layers);
    net_vector tried = net_vector_make(arena, &k.w.D, spec->layers);
    iv best = { 0, 0 };
    climb c = { .grow = 1.2, .shrink = 0.98, .least = 1e-4, .width = 1, .best = 0 };
    for (int step = 0; step < spec->steps; step++) {
        for (size_t i = 0; i < v.size; i++)
            tried.x[i] = v.x[i] + c.width * rng_normal(&random) * (c.best == 0 || rng_uniform(&random) < 0.3);
        iv ratio = wall_ratio(&k, &tried.p);
        bool begun = c.best > 0 || ratio.lo > 0; /* until then steps stay wide */
        if (!begun || !climb_up(&c, ratio.lo))
            continue;
        best = ratio;
        memcpy(v.x, tried.x, v.size * sizeof *v.x);
    }
    if (!(best.lo <= 1 && best.hi < INFINITY && best.lo > 0))
        undecided(r, "the search found a network below the inequality, or none");
    fig_iv(r, "largest-ratio", best);
}

#define WANG_THM11_SEARCH(name, level, law, n, m, layers, steps, off) \
    CASE_ROW(name, level, wang_thm11_search, wang_thm11_search_spec, law, n, m, layers, steps, off)

/* A V2 leg whose risk rises inside: x = 1, y = 0, V2 from (1, 1) to (1, -1), g = relu(1 - |u_2|), f = 1 + g: F = 1,
   4, 1 at t = 0, 1/2, 1. Its ends do not bound it; the cover must reach 4, and not much more. */
static void wang_thm11_tent(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    static const double one = 1;
    static const double zero = 0;
    static const double V2[3][2] = { { 1, 1 }, { 1, 0 }, { 1, -1 } };
    double first[6] = { 1, 0, 0, 1, 0, -1 };
    double second[3] = { 1, -1, -1 };
    block g = { 2, { 2, 3, 1 }, { first, second } };
    net_data D = { { 1, 1, 1, &one, &zero, &losses[SQUARED] }, 1, 1, 2, 0 };
    net_point p[3];
    for (int i = 0; i < 3; i++)
        p[i] = (net_point) { .W1 = &one, .W2 = &one, .V1 = &one, .V2 = V2[i], .g = &g };
    leg bend = { LEG_MERGE, p[0], p[2] };
    path_report path = path_certify(arena, &D, &bend, 1);
    iv top = net_risk(arena, &D, &p[1]);
    iv ends = iv_max(path.at[0].F, path.at[1].F);
    bool near = path.bound >= top.hi && path.bound <= top.lo * (1 + 0x1p-10);
    judge(r, &r->repaired, !path.why && iv_is(top, 4) && iv_is(ends, 1) && near, CERTIFIED,
        path.why ? path.why : "the bound misses the top of the leg, or is far above it");
    fig_iv(r, "ends", ends);
    fig_iv(r, "F(1/2)", top);
    fig_double(r, "bound", path.bound);
    fig_count(r, "pieces", path.pieces);
}

#define WANG_THM11_TENT(name, level) CASE_PLAIN(name, level, wang_thm11_tent, NULL)

/// 8 Theorems 1, 5 and 11: the rate ///

/* Lemma 9 is not needed, and the dimension disappears from the rate: what deletion costs is at most the uniform bound,
   O(m^(eta - 1)) (the path). Measured on laws with more samples than units, where finite data cannot help: unit rows
   anywhere, all of the same mass, random labels, eta = 1/2, l the largest number below m^eta. */

enum { RATE_FIRST = 6, RATE_POINTS = 4, RATE_SAMPLES = 512 };

typedef struct {
    size_t n, dz; /* dz = dg = 1: with a block of one layer; 0: two layers */
} wang_thm11_rate_spec;

/* What freeing l + dy units costs, either way, and the uniform bound. fine: the path is certified under it. */
typedef struct {
    double star, deletion, uniform;
    bool fine;
} rate_cost;

/* A network of `units` unit rows, W2 and V2 of mass 1 each, on the data. */
static net_point rate_point(mem *arena, const net_data *D, rng *random)
{
    net_vector v = net_vector_make(arena, D, 1);
    for (size_t i = 0; i < D->m; i++) {
        rng_sphere(random, D->S.dx, v.W1 + i * D->S.dx);
        v.W2[i] = 1 / (double)D->m;
        for (size_t k = 0; k < D->dz; k++) {
            v.V1[i] = 0.5;
            v.V2[i] = 1 / (double)D->m;
        }
    }
    if (D->dz)
        v.g->theta[0][0] = 0.5;
    return v.p;
}

/* The half path from it to the target of l nodes (1, 0, ..) of weight 0, by deletion. */
static rate_cost rate_measure(mem *arena, const net_data *D, rng *random)
{
    size_t l = below_power(D->m, 0.5);
    net_point A = rate_point(arena, D, random);
    net_target T = { l, mem_doubles(arena, l * D->S.dx), mem_doubles(arena, l) };
    for (size_t k = 0; k < l; k++)
        T.W1[k * D->S.dx] = 1;
    iv radius = iv_pow((double)D->m, iv_of(-0.5 / (double)D->S.dx));
    half_plan plan = { .chord = 2 * iv_sin(radius).lo, .park = true, .how = HALF_STAR };
    rate_cost c = { .star = half_make(arena, D, &T, &A, &plan).star };
    plan.how = HALF_DELETE;
    half_route h = half_make(arena, D, &T, &A, &plan);
    path_report path = path_certify(arena, D, h.way.legs, h.way.n);
    c.deletion = h.deletion;
    c.uniform = wang_thm11_uniform_up(D, l, 1, iv_div(path.at[0].F, iv_of(D->kappa)));
    c.fine = !path.why && c.deletion <= c.uniform;
    return c;
}

/* Slope of the least squares line through (k, log2 e_k), k = RATE_FIRST, RATE_FIRST + 1, ...; its weights are exact. */
static iv rate_slope(const iv *e)
{
    iv sum = { 0, 0 };
    double square = 0;
    for (int i = 0; i < RATE_POINTS; i++) {
        double k = i - (RATE_POINTS - 1) / 2.0;
        sum = iv_add(sum, iv_scale(k, iv_log(e[i])));
        square += k * k;
    }
    return iv_div(sum, iv_mul(iv_of(square), iv_log(iv_of(2))));
}

static const double WANG_THM11_RATE_SLACK = 0.1; /* of the exponent */

/* Repaired: at each m the path by deletion is certified, its D at most the uniform bound; and D falls no slower than
   m^(eta - 1), up to the slack. */
static void wang_thm11_rate(trial *t)
{
    const wang_thm11_rate_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_WANG_THM11_RATE + 2 * spec->n + spec->dz);
    net_data D = { { RATE_SAMPLES, spec->n, 1, NULL, NULL, &losses[SQUARED] }, 0, spec->dz, spec->dz, 0x1p-2 };
    double *X = mem_doubles(arena, RATE_SAMPLES * spec->n);
    double *Y = mem_doubles(arena, RATE_SAMPLES);
    rng_normals(&random, RATE_SAMPLES * spec->n, X);
    rng_normals(&random, RATE_SAMPLES, Y);
    D.S.X = X;
    D.S.Y = Y;
    iv star[RATE_POINTS], deletion[RATE_POINTS];
    bool fine = true;
    double most = 0;
    for (int i = 0; i < RATE_POINTS; i++) {
        mem local = { 0 };
        D.m = (size_t)1 << (RATE_FIRST + i);
        rate_cost c = rate_measure(&local, &D, &random);
        mem_free(&local);
        star[i] = iv_of(c.star);
        deletion[i] = iv_of(c.deletion);
        fine &= c.fine;
        most = fmax(most, div_up(c.deletion, c.uniform));
    }
    iv slope = rate_slope(deletion);
    judge(r, &r->repaired, fine && slope.hi <= -0.5 + WANG_THM11_RATE_SLACK, CERTIFIED, "the rate is not m^(eta - 1)");
    fig_double(r, "eta-1", -0.5);
    fig_iv(r, "(eta-1)/n", iv_div(iv_of(-0.5), iv_of((double)spec->n)));
    fig_iv(r, "slope-of-D-deletion", slope);
    if (star[RATE_POINTS - 1].lo > 1e-9)
        fig_iv(r, "slope-of-D-star", rate_slope(star));
    fig_iv(r, "D-deletion/m=64", deletion[0]);
    fig_iv(r, "D-deletion/m=512", deletion[RATE_POINTS - 1]);
    fig_iv(r, "D-star/m=512", star[RATE_POINTS - 1]);
    fig_double(r, "D/uniform-bound", most);
}

#define WANG_THM11_RATE(name, level, n, dz) CASE_ROW(name, level, wang_thm11_rate, wang_thm11_rate_spec, n, dz)

typedef struct {
    size_t m;
    int kappa_log2; /* kappa = 2^-kappa_log2 */
} wang_thm11_tight_spec;

/* On one atom, x = 1: equal units of R = `mass`. */
static net_point rate_equal(mem *arena, const net_data *D, double mass)
{
    net_vector v = net_vector_make(arena, D, 0);
    for (size_t i = 0; i < D->m; i++) {
        v.W1[i] = 1;
        v.W2[i] = mass / (double)D->m;
    }
    return v.p;
}

static const double WANG_THM11_TIGHT = 0.93; /* how much of the bound the witness shows at least */

/* For squared loss and two layers the bound can be made sharp: deletion raises F by at most 2 sqrt(E L) d + d^2, d =
   sqrt|Sigma| R (l + dy)/m, and E L + kappa R <= lambda: at most (4/(3 sqrt 3)) lambda^(3/2) sqrt|Sigma| share /
   kappa + |Sigma| (lambda share / kappa)^2. Nearly attained: one atom x = 1, m equal units, E L = lambda/3, kappa R
   = 2 lambda/3, f and y so that deleting leads away from y. */
static void wang_thm11_tight(trial *t)
{
    const wang_thm11_tight_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    static const double one = 1;
    double kappa = two_to(-spec->kappa_log2);
    double R = 2 / kappa; /* lambda = 3 */
    double y = R + 1;
    net_data D = { { 1, 1, 1, &one, &y, &losses[SQUARED] }, spec->m, 0, 0, kappa };
    net_point p = rate_equal(arena, &D, R);
    size_t gone[2] = { 0, 1 };
    route way = route_from(arena, &D, &p);
    route_delete(&way, 2, gone);
    path_report path = path_certify(arena, &D, way.legs, way.n);
    iv lambda = path.at[0].F;
    iv share = iv_of(2 / (double)D.m);
    iv slope = iv_div(iv_of(4), iv_scale(3, iv_sqrt(iv_of(3))));
    iv first = iv_mul(slope, iv_mul(iv_mul(lambda, iv_sqrt(lambda)), iv_div(share, iv_of(kappa))));
    iv bound = iv_add(first, iv_sqr(iv_div(iv_mul(lambda, share), iv_of(kappa))));
    iv rise = iv_sub(path.at[1].F, lambda); /* F is convex on the way */
    bool top = path.bound <= add_up(path.at[1].F.hi, WANG_THM11_EPS);
    iv ratio = iv_div(rise, bound);
    judge(r, &r->repaired, !path.why && top && ratio.hi <= 1 && ratio.lo >= WANG_THM11_TIGHT, CERTIFIED,
        "the rise is not near the bound, or above it");
    fig_iv(r, "lambda", lambda);
    fig_iv(r, "rise", rise);
    fig_iv(r, "bound", bound);
    fig_iv(r, "rise/bound", ratio);
    margin_add(r, add_dn(1, -ratio.hi));
}

#define WANG_THM11_TIGHT_RATE(name, level, m, kappa_log2) \
    CASE_ROW(name, level, wang_thm11_tight, wang_thm11_tight_spec, m, kappa_log2)

/* The uniform bound is nearly attained, for Huber's loss and a large kappa: one atom x = 1, y = 0, m equal units. */
static void wang_thm11_uniform_case(trial *t)
{
    const wang_thm11_tight_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    static const double one = 1;
    static const double zero = 0;
    net_data D = { { 1, 1, 1, &one, &zero, &losses[HUBER] }, spec->m, 0, 0, two_to(-spec->kappa_log2) };
    net_point p = rate_equal(arena, &D, 16);
    bundle Q = bundle_least(arena, &D, &p, 2);
    double cost = bundle_cost_up(&D, &p, &Q);
    double uniform = wang_thm11_uniform_up(&D, 1, 0, iv_div(net_risk(arena, &D, &p), iv_of(D.kappa)));
    iv ratio = iv_div(iv_of(cost), iv_of(uniform));
    judge(r, &r->repaired, ratio.hi <= 1 && ratio.lo >= WANG_THM11_TIGHT, CERTIFIED,
        "the cost is not near its bound, or above it");
    fig_double(r, "D", cost);
    fig_double(r, "uniform-bound", uniform);
    fig_iv(r, "D/uniform-bound", ratio);
    margin_add(r, add_dn(1, -ratio.hi));
}

#define WANG_THM11_UNIFORM(name, level, m, kappa_log2) \
    CASE_ROW(name, level, wang_thm11_uniform_case, wang_thm11_tight_spec, m, kappa_log2)

/// 8 Theorems 1, 5 and 11: without a gap ///

/* Theorem 5, two-layer networks (Freeman and Bruna): the same path with the block switched off; Remark 5.1: the penalty
   left out, the block in place, on a bounded area, here R <= B. In neither has step 3 a gap: F <= max(lambda, F*_w) +
   D, as printed. F*_w is enclosed: from above by F(W1*, W2*), from below by duality. Theorem 5 as printed (no penalty):
   on N samples D is 0 exactly as soon as m >= N dy + l, since units can die one after another without any sample
   noticing; beyond that m the O-term is not needed. Repaired: with a penalty, or at any m with the cost D. Everywhere D
   is at most its uniform bound. */
static void wang_thm5_case(trial *t)
{
    const wang_thm11_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    net_data D;
    const wang_thm11_pair *pair = wang_thm11_instance(t, &D);
    double printed = pair->b.printed.lo;
    bool uniform = wang_thm11_uniform(pair, &D, spec, r);
    judge(r, D.kappa == 0 && (D.dz || spec->how == HALF_REDUCE) ? &r->printed : &r->repaired,
        !pair->path.why && pair->path.bound <= add_up(printed, WANG_THM11_EPS) && uniform, CERTIFIED,
        pair->path.why ? pair->path.why : "the path exceeds the bound");
    wang_thm11_report(arena, pair, &D, r);
    margin_add(r, add_dn(1, -div_up(pair->path.bound, add_dn(printed, WANG_THM11_EPS))));
}

#define WANG_THM5(name, level, loss, dx, dy, dz, N, layers, m, eta8, kappa_log2, ends, stream, l, how)             \
    CASE_ROW(name, level, wang_thm5_case, wang_thm11_spec, loss, dx, dy, dz, N, layers, m, eta8, kappa_log2, ends, \
        stream, l, how)

#define WANG_REMARK51(name, level, loss, dx, dy, dz, N, layers, m, eta8, ends, stream, l, how) \
    CASE_ROW(                                                                                  \
        name, level, wang_thm5_case, wang_thm11_spec, loss, dx, dy, dz, N, layers, m, eta8, 99, ends, stream, l, how)

typedef struct {
    int ends; /* NET_... */
    unsigned stream;
} wang_thm1_strict_spec;

/* A curve through p along which F is constant and which leaves p: unit 0 rescaled by factors from 1 to 2 or, where
   nothing reads it or nothing comes out of it, that moved. So p is no strict local minimum. */
static bool wang_thm1_curve(mem *arena, const net_data *D, const net_point *p)
{
    route way = route_from(arena, D, p);
    net_point to = *p;
    double *W1 = mem_copy(arena, D->m * D->S.dx, p->W1);
    double *W2 = mem_copy(arena, D->S.dy * D->m, p->W2);
    double *V1 = mem_copy(arena, D->m * D->dz, p->V1);
    double *V2 = mem_copy(arena, D->dg * D->m, p->V2);
    bool idle = column_zero(D->S.dy, D->m, W2, 0) && column_zero(D->dg, D->m, V2, 0);
    bool dead = all_zero(D->S.dx, W1) && all_zero(D->dz, V1);
    for (size_t j = 0; j < D->S.dx; j++)
        W1[j] = idle ? W1[j] + 1 : 2 * W1[j];
    for (size_t j = 0; !idle && j < D->dz; j++)
        V1[j] *= 2;
    for (size_t k = 0; !idle && k < D->S.dy; k++)
        W2[k * D->m] = dead ? W2[k * D->m] + 1 : W2[k * D->m] / 2;
    for (size_t k = 0; !idle && k < D->dg; k++)
        V2[k * D->m] = dead ? V2[k * D->m] + 1 : V2[k * D->m] / 2;
    to.W1 = W1;
    to.W2 = W2;
    to.V1 = V1;
    to.V2 = V2;
    route_leg(&way, idle || dead ? LEG_REWIRE : LEG_RESCALE, to);
    return point_moves(D, p, &to) && !path_certify(arena, D, way.legs, way.n).why;
}

/* Theorem 1 to the letter: there is no strict local minimum at all, at any m, so what it says of them is true. Shown at
   networks of each kind; the argument does not depend on them. */
static void wang_thm1_strict(trial *t)
{
    const wang_thm1_strict_spec *spec = t->row->spec;
    mem *arena = t->memory;
    rng random = rng_make(t->seed, STREAM_WANG_THM1_STRICT + spec->stream);
    size_t curves = 0;
    size_t points = 0;
    for (size_t m = 2; m <= 32; m *= 2, points++) {
        net_data D = {
            .S = teacher_samples(arena, &random, &losses[SQUARED], 2, 1, 8), .m = m, .dz = 2, .dg = 2, .kappa = 0x1p-4
        };
        net_point p = net_end(arena, &D, &random, spec->ends, 1);
        curves += wang_thm1_curve(arena, &D, &p);
    }
    judge(t->result, &t->result->printed, curves == points, CERTIFIED, "no curve of constant F was found");
    fig_count(t->result, "points", points);
    fig_count(t->result, "curves-of-constant-F", curves);
}

#define WANG_THM1_STRICT(name, level, ends, stream) \
    CASE_ROW(name, level, wang_thm1_strict, wang_thm1_strict_spec, ends, stream)

/// 8 Theorem 8 ///

/* Squared loss: at a point stationary under rescaling of each factor, all terms of R are bounded by one constant.
   Explicit, by Euler's identity: W2 -> (1 + e) W2 multiplies f by 1 + e, so

       kappa (shallow + product) = -E <grad L, f> = 2 E <y - f, f> <= E |y|^2 / 2;

   and V1, V2, theta_i all scale the one term W2 V1 g, so product = deep = |theta_i|_F (the balance law). Hence
   C = E |y|^2 / (2 kappa). Where the derivatives in the scalings are not 0 but e, the law holds up to e / kappa: all of
   it is enclosed. Nothing else than the scalings need be stationary. */

static const double WANG_THM8_C = 0.5; /* C = WANG_THM8_C E |y|^2 / kappa */

/* The terms of R, the derivatives of F in the logarithm of the scale of each factor (of W2: out), and C. */
typedef struct {
    net_value v;
    iv out, v1, v2, theta[BLOCK_MAX_LAYERS], C;
} scaling_law;

/* W2 scales f whole, and shallow and product with it: E <grad L, f> + kappa (shallow + product). V1, V2 and theta_i
   scale the block's part r = W2 V1 g of f, and one term of R each: E <grad L, r> + kappa times the term. */
static scaling_law scaling_of(mem *arena, const net_data *D, const net_point *p)
{
    scaling_law q = { .v = net_evaluate(arena, D, p) };
    const iv *f = net_images(arena, D, p);
    const iv *g = net_features(arena, D, p, NULL);
    const iv *M = net_product(arena, D, p);
    iv gf = { 0, 0 }; /* E <grad L, f> */
    iv gr = { 0, 0 }; /* E <grad L, r> */
    iv yy = { 0, 0 };
    iv N = iv_of((double)D->S.N);
    iv kappa = iv_of(D->kappa);
    for (size_t s = 0; s < D->S.N; s++) {
        iv grad[SKV_MAX_OUTPUTS];
        outputs_must_fit(D->S.dy);
        D->S.L->gradient(D->S.dy, f + s * D->S.dy, D->S.Y + s * D->S.dy, grad);
        for (size_t k = 0; k < D->S.dy; k++) {
            iv r = { 0, 0 };
            for (size_t j = 0; j < D->dz; j++)
                r = iv_add(r, iv_mul(M[k * D->dz + j], g[s * D->dz + j]));
            gf = iv_add(gf, iv_mul(grad[k], f[s * D->S.dy + k]));
            gr = iv_add(gr, iv_mul(grad[k], r));
            yy = iv_add(yy, iv_sqr(iv_of(D->S.Y[s * D->S.dy + k])));
        }
    }
    gf = iv_div(gf, N);
    gr = iv_div(gr, N);
    q.out = iv_add(gf, iv_mul(kappa, iv_add(q.v.shallow, q.v.product)));
    q.v1 = iv_add(gr, iv_mul(kappa, q.v.product));
    q.v2 = iv_add(gr, iv_mul(kappa, q.v.deep));
    for (size_t i = 0; D->dz && i < p->g->layers; i++)
        q.theta[i] = iv_add(gr, iv_mul(kappa, iv_norm(p->g->width[i] * p->g->width[i + 1], p->g->theta[i])));
    q.C = iv_div(iv_scale(WANG_THM8_C, iv_div(yy, N)), kappa);
    return q;
}

/* Makes a point stationary in its scalings. With S = W2 h, r = W2 V1 g and the terms A, B, V, T_i of R, the best
   scales for a residual output scaled by rho balance the q terms at v each, v^q = rho B V prod T_i =: rho K: what is
   left is to make

       G(a, v) = E |a S + (v^q / K) r - y|^2 + kappa (a A + q v)

   stationary. The best a for each v is explicit; the sign changes of dG/dv are looked for on a grid of v = 2^(k/4), and
   bisected. */
typedef struct {
    double ss, sr, rr, sy, ry; /* E |S|^2, E <S, r>, E |r|^2, E <S, y>, E <r, y> */
    double A, K, kappa, q;
} scaling_problem;

/* In double, by the middles of the enclosures; v: the terms of R at p. */
static scaling_problem scaling_problem_make(mem *arena, const net_data *D, const net_point *p, const net_value *v)
{
    const iv *f = net_images(arena, D, p);
    const iv *g = net_features(arena, D, p, NULL);
    const iv *M = net_product(arena, D, p);
    scaling_problem z = { .A = iv_mid(v->shallow),
        .K = iv_mid(v->product) * iv_mid(v->deep),
        .kappa = D->kappa,
        .q = (double)p->g->layers + 2 };
    for (size_t i = 0; i < p->g->layers; i++)
        z.K *= iv_mid(iv_norm(p->g->width[i] * p->g->width[i + 1], p->g->theta[i]));
    for (size_t s = 0; s < D->S.N; s++)
        for (size_t k = 0; k < D->S.dy; k++) {
            double r = 0;
            double y = D->S.Y[s * D->S.dy + k];
            for (size_t j = 0; j < D->dz; j++)
                r += iv_mid(M[k * D->dz + j]) * iv_mid(g[s * D->dz + j]);
            double S = iv_mid(f[s * D->S.dy + k]) - r;
            double w = 1 / (double)D->S.N;
            z.ss += w * S * S;
            z.sr += w * S * r;
            z.rr += w * r * r;
            z.sy += w * S * y;
            z.ry += w * r * y;
        }
    return z;
}

/* dG/dv / q at the best a, which is left in *a. */
static double scaling_slope(const scaling_problem *z, double v, double *a)
{
    double t = v / z->K; /* v^(q - 1) / K */
    for (int i = 2; i < (int)z->q; i++)
        t *= v;
    double rho = t * v;
    *a = (z->sy - rho * z->sr - 0.5 * z->kappa * z->A) / z->ss;
    return 2 * (*a * z->sr + rho * z->rr - z->ry) * t + z->kappa;
}

/* The largest v at which the slope turns positive, 0 if there is none with positive scales. */
static double scaling_root(const scaling_problem *z, double *a)
{
    for (int k = 40; k > -40; k--) {
        iv v = { el_exp((k - 1) * 0.1732867951399863), el_exp(k * 0.1732867951399863) };
        if (!(scaling_slope(z, v.lo, a) < 0 && scaling_slope(z, v.hi, a) >= 0))
            continue;
        for (int i = 0; i < 100; i++)
            root_halve(&v, scaling_slope(z, iv_mid(v), a) < 0 ? -1 : 1);
        if (*a > 0)
            return v.hi;
    }
    return 0;
}

/* Scales x in place: W2 by a, V1, V2 and each theta_i so that their terms of R become the root v. False if no
   stationary point with positive scales is found. */
static bool scaling_solve(mem *arena, const net_data *D, net_vector *x)
{
    net_value v = net_evaluate(arena, D, &x->p);
    scaling_problem z = scaling_problem_make(arena, D, &x->p, &v);
    double a;
    double level = scaling_root(&z, &a);
    if (level == 0)
        return false;
    double beta = level / (a * iv_mid(v.product));
    double gamma = level / iv_mid(v.deep);
    for (size_t i = 0; i < D->S.dy * D->m; i++)
        x->W2[i] *= a;
    for (size_t i = 0; i < D->m * D->dz; i++)
        x->V1[i] *= beta;
    for (size_t i = 0; i < D->dg * D->m; i++)
        x->V2[i] *= gamma;
    for (size_t i = 0; i < x->g->layers; i++) {
        size_t n = x->g->width[i] * x->g->width[i + 1];
        double tau = level / iv_mid(iv_norm(n, x->g->theta[i]));
        for (size_t k = 0; k < n; k++)
            x->g->theta[i][k] *= tau;
    }
    return true;
}

/* Certified if all terms obey the law up to what the residual derivatives allow, and these are at most `allowed`. */
static void wang_thm8_report(result *r, const net_data *D, const scaling_law *q, const net_point *p, double allowed)
{
    iv most = iv_max(iv_max(q->v.shallow, q->v.deep), q->v.product);
    iv sum = iv_add(q->v.shallow, q->v.product);
    double residual = fmax(iv_mag(q->out), fmax(iv_mag(q->v1), iv_mag(q->v2)));
    double spread = iv_mag(iv_sub(q->v.product, q->v.deep));
    for (size_t i = 0; D->dz && i < p->g->layers; i++) {
        iv norm = iv_norm(p->g->width[i] * p->g->width[i + 1], p->g->theta[i]);
        residual = fmax(residual, iv_mag(q->theta[i]));
        spread = fmax(spread, iv_mag(iv_sub(q->v.product, norm)));
        most = iv_max(most, norm);
    }
    double slack = div_up(residual, D->kappa);
    double bound = add_up(q->C.lo, slack);
    bool law = sum.hi <= add_up(bound, 1e-12) && most.hi <= add_up(bound, add_up(mul_up(2, slack), 1e-12)) &&
        spread <= add_up(mul_up(2, slack), 1e-12);
    judge(r, &r->printed, law && residual <= allowed, CERTIFIED,
        law ? "the point is not stationary enough" : "a term exceeds C");
    fig_iv(r, "C", q->C);
    fig_iv(r, "shallow", q->v.shallow);
    fig_iv(r, "product", q->v.product);
    fig_iv(r, "deep", q->v.deep);
    fig_iv(r, "theta", q->v.theta);
    fig_double(r, "residual", residual);
    fig_iv(r, "(shallow+product)/C", iv_div(sum, q->C));
    margin_add(r, add_dn(1, -iv_div(sum, q->C).hi));
}

/* A random point made stationary in its scalings; a trained one made so; a trained one as the optimiser left it. */
enum wang_thm8_point { THM8_SCALED, THM8_TRAINED_SCALED, THM8_TRAINED };

typedef struct {
    size_t m, dx, dy, dz, layers, N;
    int kappa_log2; /* kappa = 2^-kappa_log2 */
    unsigned stream;
    enum wang_thm8_point point;
} wang_thm8_spec;

/* A random point, in v, with labels of twice what it computes, plus noise: so that the block has something to do. Y:
   N x dy. */
static void wang_thm8_draw(mem *arena, const net_data *D, rng *random, net_vector *v, double *Y)
{
    net_randomise(D, random, v);
    for (size_t i = D->m * D->S.dx; i < v->size; i++)
        v->x[i] *= 2;
    const iv *f = net_images(arena, D, &v->p);
    for (size_t i = 0; i < D->S.N * D->S.dy; i++)
        Y[i] = dyadic(2 * iv_mid(f[i]) + 0.25 * rng_normal(random));
}

/* Points are drawn until one can be made stationary: not every block is of use, it may be 0 on all samples. */
static void wang_thm8_case(trial *t)
{
    const wang_thm8_spec *spec = t->row->spec;
    mem *arena = t->memory;
    rng random = rng_make(t->seed, STREAM_WANG_THM8_INSTANCE + spec->stream);
    net_data D = { { spec->N, spec->dx, spec->dy, NULL, NULL, &losses[SQUARED] }, spec->m, spec->dz, spec->dz,
        two_to(-spec->kappa_log2) };
    double *X = mem_doubles(arena, D.S.N * D.S.dx);
    double *Y = mem_doubles(arena, D.S.N * D.S.dy);
    rng_normals(&random, D.S.N * D.S.dx, X);
    D.S.X = X;
    D.S.Y = Y;
    net_vector v = net_vector_make(arena, &D, spec->layers);
    bool as_trained = spec->point == THM8_TRAINED;
    bool solved = false;
    for (int attempt = 0; attempt < 64 && !solved; attempt++) {
        wang_thm8_draw(arena, &D, &random, &v, Y);
        if (spec->point != THM8_SCALED)
            net_train(&D, &v, as_trained ? 1600 : 400, 0.02);
        solved = as_trained || scaling_solve(arena, &D, &v);
    }
    scaling_law q = scaling_of(arena, &D, &v.p);
    wang_thm8_report(t->result, &D, &q, &v.p, as_trained ? D.kappa * q.C.lo / 64 : 1e-9);
    if (!solved)
        undecided(t->result, "no stationary point in the scalings was reached");
}

#define WANG_THM8(name, level, m, dx, dy, dz, layers, N, kappa_log2, stream, point) \
    CASE_ROW(name, level, wang_thm8_case, wang_thm8_spec, m, dx, dy, dz, layers, N, kappa_log2, stream, point)

/* The constant is sharp: x = 1, y = 1, kappa = 1, no block, w2 = 1/2: F = 1/4 + 1/2 is least, and shallow = 1/2 = C
   exactly. */
static void wang_thm8_sharp(trial *t)
{
    static const double one = 1;
    static const double half = 0.5;
    net_data D = { { 1, 1, 1, &one, &one, &losses[SQUARED] }, 1, 0, 0, 1 };
    net_point p = { .W1 = &one, .W2 = &half, .V1 = &one, .V2 = &one };
    scaling_law q = scaling_of(t->memory, &D, &p);
    wang_thm8_report(t->result, &D, &q, &p, 0);
}

#define WANG_THM8_SHARP(name, level) CASE_PLAIN(name, level, wang_thm8_sharp, NULL)

/* Every convex loss L >= 0: u -> E L(u f, y) + kappa u (shallow + product) is convex, so that where it is stationary
   at u = 1, kappa (shallow + product) <= E L(0, y) - E L(f, y) <= E L(0, y); and V1 -> e^-t V1, V2 or theta_i -> e^t
   leave f, hence product = deep = |theta_i|. C = E L(0, y) / kappa; cross-entropy: log(dy) / kappa. */

/* V1, V2 and each theta_i scaled so that their terms of R are equal; their product, and f, stay. */
static void wang_thm8_balance(mem *arena, const net_data *D, net_vector *x)
{
    if (!D->dz)
        return;
    net_value v = net_evaluate(arena, D, &x->p);
    double term[BLOCK_MAX_LAYERS];
    double product = iv_mid(v.product) * iv_mid(v.deep);
    for (size_t i = 0; i < x->g->layers; i++) {
        term[i] = iv_mid(iv_norm(x->g->width[i] * x->g->width[i + 1], x->g->theta[i]));
        product *= term[i];
    }
    double level = el_exp(el_log(product) / (double)(x->g->layers + 2));
    scale_by(D->m * D->dz, level / iv_mid(v.product), x->V1);
    scale_by(D->dg * D->m, level / iv_mid(v.deep), x->V2);
    for (size_t i = 0; i < x->g->layers; i++)
        scale_by(x->g->width[i] * x->g->width[i + 1], level / term[i], x->g->theta[i]);
}

/* The derivative of E L(u f, y) + kappa u R2 in u, rounded. */
static double wang_thm8_slope(const net_data *D, const iv *f, double R2, double u)
{
    size_t d = D->S.dy;
    double sum = 0;
    outputs_must_fit(d);
    for (size_t s = 0; s < D->S.N; s++) {
        iv z[SKV_MAX_OUTPUTS], p[SKV_MAX_OUTPUTS];
        for (size_t k = 0; k < d; k++)
            z[k] = iv_of(u * iv_mid(f[s * d + k]));
        D->S.L->gradient(d, z, D->S.Y + s * d, p);
        for (size_t k = 0; k < d; k++)
            sum += iv_mid(p[k]) * iv_mid(f[s * d + k]);
    }
    return sum / (double)D->S.N + D->kappa * R2;
}

/* W2 scaled to the least of that, the rest balanced, in turn. False where the least is at u = 0. */
static bool wang_thm8_settle(mem *arena, const net_data *D, net_vector *x)
{
    for (int round = 0; round < 60; round++) {
        mem local = { 0 };
        net_value v = net_evaluate(&local, D, &x->p);
        const iv *f = net_images(&local, D, &x->p);
        double R2 = iv_mid(v.shallow) + iv_mid(v.product);
        iv u = { round ? 0.5 : 0, round ? 2 : 1024 };
        bool inside = wang_thm8_slope(D, f, R2, u.lo) < 0 && wang_thm8_slope(D, f, R2, u.hi) > 0;
        for (int i = 0; inside && i < 60; i++)
            root_halve(&u, wang_thm8_slope(D, f, R2, iv_mid(u)) < 0 ? -1 : 1);
        mem_free(&local);
        if (!inside)
            return false;
        if (u.lo <= 1 + 0x1p-44 && u.hi >= 1 - 0x1p-44)
            return true;
        scale_by(D->S.dy * D->m, u.hi, x->W2);
        wang_thm8_balance(arena, D, x);
    }
    return true;
}

/* E L(0, y). */
static iv wang_thm8_idle(mem *arena, const net_data *D) { return mean_loss(&D->S, mem_ivs(arena, D->S.N * D->S.dy)); }

static const double WANG_THM8_CONVEX = 1; /* C = WANG_THM8_CONVEX E L(0, y) / kappa */

/* Certified if the law holds up to what the derivative that is left allows, and this is small. */
static void wang_thm8_judge(mem *arena, result *r, const net_data *D, const net_point *p)
{
    scaling_law q = scaling_of(arena, D, p);
    iv C = iv_scale(WANG_THM8_CONVEX, iv_div(wang_thm8_idle(arena, D), iv_of(D->kappa)));
    iv sum = iv_add(q.v.shallow, q.v.product);
    double spread = D->dz ? iv_mag(iv_sub(q.v.product, q.v.deep)) : 0;
    for (size_t i = 0; D->dz && i < p->g->layers; i++)
        spread =
            fmax(spread, iv_mag(iv_sub(q.v.product, iv_norm(p->g->width[i] * p->g->width[i + 1], p->g->theta[i]))));
    double residual = iv_mag(q.out);
    double least = add_dn(iv_sub(C, iv_div(q.v.loss, iv_of(D->kappa))).lo, div_dn(-residual, D->kappa));
    bool law = sum.hi <= add_up(least, 1e-9) && add_up(least, 1e-9) <= C.hi && spread <= 1e-9 && residual <= 1e-9;
    judge(r, &r->repaired, law, CERTIFIED, "a term exceeds C, or the point is not stationary enough");
    fig_iv(r, "C", C);
    fig_iv(r, "(E-L(0,y)-E-L(f,y))/kappa", iv_sub(C, iv_div(q.v.loss, iv_of(D->kappa))));
    fig_iv(r, "shallow", q.v.shallow);
    fig_iv(r, "product", q.v.product);
    fig_iv(r, "deep", q.v.deep);
    fig_iv(r, "theta", q.v.theta);
    fig_double(r, "residual", residual);
    fig_iv(r, "(shallow+product)/C", iv_div(sum, C));
    margin_add(r, add_dn(1, -iv_div(sum, C).hi));
}

typedef struct {
    int loss;
    size_t m, dx, dy, dz, layers, N;
    int kappa_log2; /* kappa = 2^-kappa_log2 */
    unsigned stream;
} wang_thm8_convex_spec;

/* A random point, labelled by what it computes, of sorts: twice that and noise, or its class; drawn anew until W2
   can be scaled to a stationary point that is not 0. */
static void wang_thm8_convex(trial *t)
{
    const wang_thm8_convex_spec *spec = t->row->spec;
    mem *arena = t->memory;
    rng random = rng_make(t->seed, STREAM_WANG_THM8_CONVEX + spec->stream);
    net_data D = { .S = teacher_samples(arena, &random, &losses[spec->loss], spec->dx, spec->dy, spec->N),
        .m = spec->m,
        .dz = spec->dz,
        .dg = spec->dz,
        .kappa = two_to(-spec->kappa_log2) };
    double *Y = mem_copy(arena, D.S.N * D.S.dy, D.S.Y);
    net_vector v = net_vector_make(arena, &D, spec->layers);
    bool solved = false;
    D.S.Y = Y;
    for (int attempt = 0; attempt < 64 && !solved; attempt++) {
        wang_thm8_draw(arena, &D, &random, &v, Y);
        for (size_t s = 0; s < D.S.N; s++) {
            double *y = Y + s * D.S.dy;
            size_t class = 0;
            for (size_t k = 1; k < D.S.dy; k++)
                if (y[k] > y[class])
                    class = k;
            label_make(D.S.L, D.S.dy, class, y);
        }
        solved = wang_thm8_settle(arena, &D, &v);
    }
    wang_thm8_judge(arena, t->result, &D, &v.p);
    if (!solved)
        undecided(t->result, "no stationary point in the scale of W2 was reached");
}

#define WANG_THM8_EVERY(name, level, loss, m, dx, dy, dz, layers, N, kappa_log2, stream) \
    CASE_ROW(name, level, wang_thm8_convex, wang_thm8_convex_spec, loss, m, dx, dy, dz, layers, N, kappa_log2, stream)

typedef struct {
    int loss, steps;
} wang_thm8_search_spec;

/* The law attacked: one unit without a block, two samples; seeded ascent of kappa shallow / (E L(0, y) - E L(f, y))
   over weights, inputs and labels, at the stationary scale of each. It must not pass 1. */
static void wang_thm8_search(trial *t)
{
    const wang_thm8_search_spec *spec = t->row->spec;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_WANG_THM8_SEARCH + (uint64_t)spec->loss);
    double x[5] = { 1, 1, 1, 1, 1 }; /* inputs, labels, w1 */
    double tried[5];
    iv best = { 0, 0 };
    climb c = { .grow = 1.5, .shrink = 0.97, .least = 1e-3, .width = 1, .best = 0 };
    net_data D = { { 2, 1, 1, tried, tried + 2, &losses[spec->loss] }, 1, 0, 0, 0x1p-1 };
    for (int step = 0; step < spec->steps; step++) {
        mem local = { 0 };
        for (int i = 0; i < 5; i++)
            tried[i] = x[i] * el_exp(c.width * rng_normal(&random));
        label_make(D.S.L, 1, 0, tried + 2);
        label_make(D.S.L, 1, 0, tried + 3);
        net_vector v = net_vector_make(&local, &D, 0);
        v.W1[0] = tried[4];
        v.W2[0] = 1;
        if (wang_thm8_settle(&local, &D, &v)) {
            scaling_law q = scaling_of(&local, &D, &v.p);
            iv gain = iv_sub(wang_thm8_idle(&local, &D), q.v.loss);
            iv ratio = iv_div(iv_sub(iv_scale(D.kappa, q.v.shallow), iv_abs(q.out)), gain);
            if (gain.lo > 0 && climb_up(&c, ratio.lo)) {
                best = ratio;
                memcpy(x, tried, sizeof x);
            }
        }
        mem_free(&local);
    }
    judge(r, &r->repaired, best.lo <= 1 && best.lo > 0, CERTIFIED, "the search found a point beyond the law, or none");
    fig_iv(r, "largest-ratio", best);
}

#define WANG_THM8_SEARCH(name, level, loss, steps) \
    CASE_ROW(name, level, wang_thm8_search, wang_thm8_search_spec, loss, steps)

typedef struct {
    size_t N; /* 2: a second sample x = 0, which no network reaches: E L(f, y) is then not small */
} wang_thm8_huber_spec;

/* C is sharp: Huber's loss of a large label is nearly |f - y|. x = 1, y = 2^20, kappa = (1 - 2^-10)/N, no block: w2
   = y - N kappa. */
static void wang_thm8_huber(trial *t)
{
    const wang_thm8_huber_spec *spec = t->row->spec;
    static const double X[2] = { 1, 0 };
    static const double Y[2] = { 0x1p20, 0x1p20 };
    static const double one = 1;
    const double slope = 1 - 0x1p-10;
    double w2 = Y[0] - slope;
    net_data D = { { spec->N, 1, 1, X, Y, &losses[HUBER] }, 1, 0, 0, slope / (double)spec->N };
    net_point p = { .W1 = &one, .W2 = &w2, .V1 = &one, .V2 = &one };
    wang_thm8_judge(t->memory, t->result, &D, &p);
}

#define WANG_THM8_HUBER(name, level, N) CASE_ROW(name, level, wang_thm8_huber, wang_thm8_huber_spec, N)

/// 8 Errata ///

/* Slips of the paper, each shown by something that can be computed: shapes that do not multiply, an expression that
   does not vanish, a point that is not where it should be. */

/* The shape of a matrix. A product or sum whose shapes do not fit has rows = 0. */
typedef struct {
    int rows, cols;
} shape;

static shape shape_mul(shape a, shape b)
{
    return a.rows && a.cols == b.rows ? (shape) { a.rows, b.cols } : (shape) { 0, 0 };
}

static shape shape_add(shape a, shape b)
{
    return a.rows && a.rows == b.rows && a.cols == b.cols ? a : (shape) { 0, 0 };
}

/* m, n, dy, do, dg: five distinct numbers */
enum { SHAPE_M = 7, SHAPE_N = 5, SHAPE_Y = 3, SHAPE_O = 2, SHAPE_G = 4 };

/* The shape of outer [s(W1 x) + V1 g(V2 s(W1 x))]. */
static shape shape_network(shape outer, shape V1)
{
    shape h = shape_mul((shape) { SHAPE_M, SHAPE_N }, (shape) { SHAPE_N, 1 });
    shape u = shape_mul((shape) { SHAPE_G, SHAPE_M }, h);
    shape g = { u.rows == SHAPE_G ? SHAPE_O : 0, 1 };
    return shape_mul(outer, shape_add(h, shape_mul(V1, g)));
}

typedef struct {
    bool equation20; /* which has W1 in the place of W2; else the network with V1 as n x do */
} wang_errata_shapes_spec;

/* The network as printed has no shape, as repaired the output's. */
static void wang_errata_shapes(trial *t)
{
    const wang_errata_shapes_spec *spec = t->row->spec;
    result *r = t->result;
    shape W1 = { SHAPE_M, SHAPE_N };
    shape W2 = { SHAPE_Y, SHAPE_M };
    shape V1 = { SHAPE_M, SHAPE_O };
    shape bad = { SHAPE_N, SHAPE_O };
    shape printed = spec->equation20 ? shape_network(W1, V1) : shape_network(W2, bad);
    shape repaired = shape_network(W2, V1);
    judge(r, &r->printed, printed.rows == 0, REFUTED, "the shapes are not as expected");
    judge(r, &r->repaired, repaired.rows == SHAPE_Y && repaired.cols == 1, CERTIFIED, "the shapes are not as expected");
    fig_count(r, "rows-printed", (size_t)printed.rows);
    fig_count(r, "rows-repaired", (size_t)repaired.rows);
}

#define WANG_ERRATA_SHAPES(name, level, equation20) \
    CASE_ROW(name, level, wang_errata_shapes, wang_errata_shapes_spec, equation20)

/* Equation (20) has L(Y, f) for L(f, Y). For cross-entropy these differ, and the swapped one, log sum exp y - <y, f>,
   is affine in f, no loss: at y = e_1, f = (2, 0) it is negative. */
static void wang_errata_arguments(trial *t)
{
    result *r = t->result;
    static const double y[2] = { 1, 0 };
    iv f[2] = { iv_of(2), iv_of(0) };
    iv label[2] = { iv_of(1), iv_of(0) };
    iv right = entropy_value(2, f, y);
    iv lse = iv_log(iv_add(iv_exp(label[0]), iv_exp(label[1])));
    iv swapped = iv_sub(lse, iv_add(iv_mul(label[0], f[0]), iv_mul(label[1], f[1])));
    judge(r, &r->printed, swapped.hi < 0 && right.lo > 0, REFUTED, "the two orders were not told apart");
    judge(r, &r->repaired, right.lo > 0, CERTIFIED, "the two orders were not told apart");
    fig_iv(r, "L(f,y)", right);
    fig_iv(r, "L(y,f)", swapped);
}

#define WANG_ERRATA_ARGUMENTS(name, level) CASE_PLAIN(name, level, wang_errata_arguments, NULL)

/* Step 3 of Theorem 11's proof ends with W2 V1 = 0 but V2 and theta where they were: F there exceeds F*_w by
   kappa (V2-term + theta-term), which does not vanish: 4 for the witness. */
static void wang_errata_gap(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    wang_thm11_witness w = witness_make(arena, 4, 1, 2);
    net_point end = witness_point(arena, &w, w.c, w.Y - 0.5);
    net_point B = witness_point(arena, &w, 0, w.Y - 0.5);
    end.V1 = B.V1;
    iv gap = iv_sub(net_risk(arena, &w.D, &end), net_risk(arena, &w.D, &B));
    judge(r, &r->printed, iv_is(witness_rho(arena, &w, &end), 0) && gap.lo > 0, REFUTED, "the gap was not confirmed");
    fig_iv(r, "end-of-step-3-minus-F*", gap);
}

#define WANG_ERRATA_GAP(name, level) CASE_PLAIN(name, level, wang_errata_gap, NULL)

/* Equation (17) has kappa |t v2| where R has |v2| |w|: at t = w2 = 2, w = v1 = v2 = theta = 1 its penalty
   |t w| + |theta| + |t v1| + |t v2| is 7, R = 6. */
static void wang_errata_penalty(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    static const double one = 1;
    static const double two = 2;
    double theta = 1;
    block g = { 1, { 1, 1 }, { &theta } };
    net_data D = { { 1, 1, 1, &one, &one, &losses[SQUARED] }, 1, 1, 1, 1 };
    net_point p = { .W1 = &one, .W2 = &two, .V1 = &one, .V2 = &one, .g = &g };
    net_value v = net_evaluate(arena, &D, &p);
    iv R = iv_add(v.shallow, net_value_deep(&v));
    iv eq17 = iv_of(2 * 1 + 1 + 2 * 1 + 2 * 1);
    judge(r, &r->printed, iv_is(iv_sub(eq17, R), 1), REFUTED, "the penalties were not told apart");
    fig_iv(r, "R", R);
    fig_iv(r, "equation-17", eq17);
}

#define WANG_ERRATA_PENALTY(name, level) CASE_PLAIN(name, level, wang_errata_penalty, NULL)

/* Step 2 of Theorem 11's proof says i in Q_m, j in Q_2; no Q_2 is defined. If j may lie outside the star Q_m,
   n_i = s(w_i x) - s(w_j x) is not small: two rows of a network at a right angle, x = w_i, for m = 256, n = 2,
   eta = 1/2: |n_i| = 1, above the lemmas' 2 eps |x| = 1/2. */
static void wang_errata_star(trial *t)
{
    result *r = t->result;
    static const double X[2] = { 1, 0 };
    static const double rows[4] = { 1, 0, 0, 1 };
    static const double y = 0;
    net_data D = { { 1, 2, 1, X, &y, &losses[SQUARED] }, 2, 0, 0, 0 };
    net_point p = { .W1 = rows };
    iv angle = star_angle(256, 2, iv_of(0.5));
    iv h[2];
    iv x[2] = { iv_of(X[0]), iv_of(X[1]) };
    net_hidden(&D, &p, x, h);
    iv n = iv_sub(h[0], h[1]);
    judge(r, &r->printed, n.lo > angle.hi, REFUTED, "n_i is not larger than 2 eps");
    fig_iv(r, "2-eps", angle);
    fig_iv(r, "n-outside", n);
}

#define WANG_ERRATA_STAR(name, level) CASE_PLAIN(name, level, wang_errata_star, NULL)

/* "rank W2 != dy has zero measure" does not help a path that must cross that set: for dy = dx = 1 from W = 1 to -1
   every path has W = 0 (codimension dx - dy + 1 = 1); for dx = 2 the codimension is 2, and a bent path is certified
   to keep its rank. */
static void wang_errata_rank(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    static const double one = 1;
    static const double minus = -1;
    static const double from[2] = { 1, 0 };
    static const double bend[2] = { 0, 1 };
    static const double to[2] = { -1, 0 };
    size_t pieces = 0;
    rank_line crossing = rank_line_make(arena, 1, 1, &one, &minus);
    rank_line first = rank_line_make(arena, 1, 2, from, bend);
    rank_line second = rank_line_make(arena, 1, 2, bend, to);
    double narrow = rank_cover(&crossing, &pieces);
    double wide = fmin(rank_cover(&first, &pieces), rank_cover(&second, &pieces));
    iv middle = iv_of(0.5 * one + 0.5 * minus);
    judge(r, &r->printed, narrow == 0 && iv_is(middle, 0) && one > 0 && minus < 0, REFUTED,
        "the two codimensions were not told apart");
    judge(r, &r->repaired, wide > 0, CERTIFIED, "the two codimensions were not told apart");
    fig_iv(r, "W-half-way", middle);
    fig_double(r, "rank-on-the-bent-path", wide);
}

#define WANG_ERRATA_RANK(name, level) CASE_PLAIN(name, level, wang_errata_rank, NULL)

typedef struct {
    size_t n;
    int m_log2; /* m = 2^m_log2 */
} wang_errata_rate_spec;

/* After Theorem 5, "the depth is at most O(m^(-1/n))", does not follow from alpha = m^((eta - 1)/n): they differ by
   m^(eta/n), at eta = 1/2. True all the same for n >= 2, with eta = 1 - 1/n: deletion costs O(m^(eta - 1))
   (wang.thm11). */
static void wang_errata_rate(trial *t)
{
    const wang_errata_rate_spec *spec = t->row->spec;
    result *r = t->result;
    double m = two_to(spec->m_log2);
    iv n = iv_of((double)spec->n);
    iv alpha = iv_pow(m, iv_div(iv_of(-0.5), n));
    iv stated = iv_pow(m, iv_div(iv_of(-1), n));
    iv eta = iv_sub(iv_of(1), iv_div(iv_of(1), n));
    iv deletion = iv_pow(m, iv_sub(eta, iv_of(1)));
    judge(r, &r->printed, iv_div(alpha, stated).lo > 1, REFUTED, "the two rates were not told apart");
    judge(r, &r->repaired, spec->n >= 2 && eta.lo > 0 && deletion.lo <= mul_up(stated.hi, 1 + 1e-9), CERTIFIED,
        "the rate of deletion is slower");
    fig_iv(r, "alpha", alpha);
    fig_iv(r, "m^(-1/n)", stated);
    fig_iv(r, "ratio", iv_div(alpha, stated));
}

#define WANG_ERRATA_RATE(name, level, n, m_log2) \
    CASE_ROW(name, level, wang_errata_rate, wang_errata_rate_spec, n, m_log2)

typedef struct {
    int scale_log2; /* the unit is rescaled by 2^scale_log2 */
} wang_errata_compact_spec;

/* "closed, thus compact": sub-level sets are not bounded. Rescaling a unit by a power of two keeps F, exactly, and
   moves W1 beyond every bound. */
static void wang_errata_compact(trial *t)
{
    const wang_errata_compact_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    wang_thm11_witness w = witness_make(arena, 2, 1, 2);
    net_point B = witness_point(arena, &w, 0, w.Y - 0.5);
    net_point far = B;
    double scale = two_to(spec->scale_log2);
    double *W1 = mem_copy(arena, 2, B.W1);
    double *W2 = mem_copy(arena, 2, B.W2);
    W1[1] *= scale;
    W2[1] /= scale;
    far.W1 = W1;
    far.W2 = W2;
    leg move = { LEG_RESCALE, B, far };
    path_report path = path_certify(arena, &w.D, &move, 1);
    iv F = net_risk(arena, &w.D, &B);
    iv same = net_risk(arena, &w.D, &far);
    judge(r, &r->printed, !path.why && iv_is(F, same.lo) && F.lo == F.hi, REFUTED,
        "the rescaled point was not confirmed");
    fig_iv(r, "F", F);
    fig_iv(r, "F-far-away", same);
    fig_up(r, "|W1|", W1[1]);
}

#define WANG_ERRATA_COMPACT(name, level, scale_log2) \
    CASE_ROW(name, level, wang_errata_compact, wang_errata_compact_spec, scale_log2)

/// 8 Remark 4.1 ///

/* For dy > min(dx, dz) and a nearly constant Hessian, sub-level sets are said to stay connected. Refuted with a
   Hessian that is exactly constant: dx = dz = 1, dy = 2, x uniform on {-2, -1, 1, 2}, g(x) = |x| (two ReLUs),
   y = (|x|, 0), squared loss:

       F = 2.5 (|w|^2 + |w v - e_1|^2).

   At v = 0, F >= 2.5, and the points (+-d e_1, +-1/d) have F = 2.5 d^2: {F <= c}, 2.5 d^2 <= c < 2.5, splits by the
   sign of v. The barrier is 2.5, attained by shrinking w to 0 first. */

/* Sums over the samples, z = g(x), y their first label; the second is 0. */
typedef struct {
    iv xx, xz, zz, xy, yy;
} wang_remark41_sums;

/* z: the features of the N samples, one each. */
static wang_remark41_sums wang_remark41_sum(const net_data *D, const iv *z)
{
    wang_remark41_sums q = { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } };
    for (size_t s = 0; s < D->S.N; s++) {
        iv x = iv_of(D->S.X[s]);
        iv y = iv_of(D->S.Y[2 * s]);
        q.xx = iv_add(q.xx, iv_sqr(x));
        q.xz = iv_add(q.xz, iv_mul(x, z[s]));
        q.zz = iv_add(q.zz, iv_sqr(z[s]));
        q.xy = iv_add(q.xy, iv_mul(x, y));
        q.yy = iv_add(q.yy, iv_sqr(y));
    }
    return q;
}

typedef struct {
    int d_log2; /* d = 2^-d_log2 */
} wang_remark41_spec;

/* The wall: at v = 0, F = |w|^2 E x^2 - 2 w_1 E x y_1 + E y_1^2 >= E y_1^2 - (E x y_1)^2 / E x^2, for all w. The
   Hessian's condition number is that of E (x, z)(x, z)^T: exactly 1 where this is a multiple of I. */
static void wang_remark41_case(trial *t)
{
    const wang_remark41_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    static const double X[4] = { -2, -1, 1, 2 };
    static const double Y[8] = { 2, 0, 1, 0, 1, 0, 2, 0 };
    double first[2] = { 1, -1 };
    double second[2] = { 1, 1 };
    double d = two_to(-spec->d_log2);
    double zero[2] = { 0, 0 };
    block g = { 2, { 1, 2, 1 }, { first, second } }; /* relu(relu(x) + relu(-x)) = |x| */
    net_data D = { { 4, 1, 2, X, Y, &losses[SQUARED] }, 0, 1, 0, 0 };
    double W[2][2] = { { d, 0 }, { -d, 0 } };
    double V[2][1] = { { 1 / d }, { -1 / d } };
    net_point A = { W[0], V[0], &g, false };
    net_point B = { W[1], V[1], &g, false };
    net_point a = { zero, V[0], &g, false };
    net_point b = { zero, V[1], &g, false };
    leg legs[3] = { { LEG_LINEAR, A, a }, { LEG_LINEAR, a, b }, { LEG_LINEAR, b, B } };
    path_report path = path_certify(arena, &D, legs, 3);
    wang_remark41_sums q = wang_remark41_sum(&D, net_features(arena, &D, &A, NULL));
    iv wall = iv_scale(0.25, iv_sub(q.yy, iv_div(iv_sqr(q.xy), q.xx)));
    iv lambda = iv_max(net_risk(arena, &D, &A), net_risk(arena, &D, &B));
    iv ends = iv_sub(iv_of(V[0][0]), iv_of(V[1][0]));
    bool round = iv_is(iv_sub(q.xx, q.zz), 0) && iv_is(q.xz, 0);
    judge_barrier(r, wall.lo, lambda, round && V[0][0] > 0 && V[1][0] < 0 && ends.lo > 0 && D.S.dy > D.S.dx);
    fig_barrier(r, wall.lo, &path);
    fig_word(r, "condition-number", round ? "1" : "not-1");
}

#define WANG_REMARK41(name, level, d_log2) CASE_ROW(name, level, wang_remark41_case, wang_remark41_spec, d_log2)

/// 8 Theorems 2, 3 and 4 ///

/* Landscapes in two parameters. Where the sub-level sets of F are compact, each component of one holds a local
   minimum, so that two points are joined below a level if and only if the merge tree of the minima says so.

   Theorem 2: if all sub-level sets are connected, a strict local minimum is global. Theorem 3: if those at levels >=
   lambda_0 are, strict local minima lie at or below lambda_0; here lambda_0 is the highest merge level. (Literally
   it also takes lambda_0 below min F, where sub-level sets are empty: x^2 + y^2 with lambda_0 = -1 refutes that;
   lambda_0 >= inf F is meant.) Theorem 4: with eps the least number such that any two points of Omega(lambda) are
   joined below lambda + eps, "for any strict local minimum there is a path to another component of Omega(lambda_1)
   that rises by exactly eps". Neither for one lambda nor for all; true repaired: for each strict minimum that is not
   the only global one a path to a point that is no higher, in another component of Omega(F(minimum)), that rises by
   at most eps, here by its own depth. Section 3: "if all local minima are global, two points are joined by a path
   with F <= max": they need not be. */

/* The least F in the basin of an end: within 1/4, provided that F is larger on the rim. */
static iv land_least(const land_view *v, double x, double y)
{
    enum { PARTS = 64 };
    iv bx = { x - 0.25, x + 0.25 };
    iv by = { y - 0.25, y + 0.25 };
    iv low = least_on(&v->e, bx, by, 1e-11);
    iv rim = { INFINITY, INFINITY };
    for (int i = 0; i < PARTS; i++) {
        iv px = { bx.lo + 0.5 * i / PARTS, bx.lo + 0.5 * (i + 1) / PARTS };
        iv py = { by.lo + 0.5 * i / PARTS, by.lo + 0.5 * (i + 1) / PARTS };
        rim = iv_min(rim, iv_min(expr_range(&v->e, px, iv_of(by.lo)), expr_range(&v->e, px, iv_of(by.hi))));
        rim = iv_min(rim, iv_min(expr_range(&v->e, iv_of(bx.lo), py), expr_range(&v->e, iv_of(bx.hi), py)));
    }
    return rim.lo > low.hi ? low : iv_all();
}

/* The two ends in the other order. */
static void land_exchange(land_view *v)
{
    iv minimum = v->minimum[0];
    v->minimum[0] = v->minimum[1];
    v->minimum[1] = minimum;
    iv F = v->t.F[0];
    v->t.F[0] = v->t.F[1];
    v->t.F[1] = F;
    mat_swap(1, &v->t.x[0], &v->t.x[1]);
    mat_swap(1, &v->t.y[0], &v->t.y[1]);
}

/* More points of the merge tree: the minima among n stationary points. */
static void land_minima(land_view *v, size_t n, const stat_point *at)
{
    merge_tree *t = &v->t;
    for (size_t i = 0; i < n && t->n < MERGE_POINTS; i++) {
        if (at[i].kind != MINIMUM)
            continue;
        v->minimum[t->n] = at[i].F;
        t->x[t->n] = iv_mid(at[i].x);
        t->y[t->n++] = iv_mid(at[i].y);
    }
}

/* The merge tree with the minima on the edge too; between those inside, what is known of them alone, which had all of
   the budget of cells. */
static void land_rim(land_view *v)
{
    mem local = { 0 };
    merge_tree *inside = mem_get(&local, 1, sizeof *inside);
    *inside = v->t;
    land_minima(v, v->all.rims, v->all.rim);
    merge_find(&v->t, &v->e, v->l, &v->all);
    for (size_t i = 0; i < inside->n; i++)
        for (size_t j = 0; j < inside->n; j++)
            if (i != j)
                v->t.barrier[i][j] = iv_meet(v->t.barrier[i][j], inside->barrier[i][j]);
    mem_free(&local);
}

/* The merge tree of the strict minima (or of the two ends), in ascending order of F. False: not all is known. */
static bool land_study(land_view *v)
{
    merge_tree *t = &v->t;
    if (v->ends) {
        for (int i = 0; i < 2; i++) {
            t->x[i] = v->l->end[i][0];
            t->y[i] = v->l->end[i][1];
        }
        t->n = 2;
        merge_find(t, &v->e, v->l, NULL);
        for (size_t i = 0; i < 2; i++)
            v->minimum[i] = v->l->compact ? land_least(v, t->x[i], t->y[i]) : t->F[i];
        if (v->minimum[1].hi < v->minimum[0].lo)
            land_exchange(v);
        return t->barrier[0][1].hi < INFINITY;
    }
    if (!land_stationary(v))
        return false;
    land_minima(v, v->all.n, v->all.at);
    if (t->n)
        merge_find(t, &v->e, v->l, &v->all);
    if (v->all.rims)
        land_rim(v);
    return t->n > 0;
}

/* The highest merge level; -inf where there is nothing to merge. */
static iv land_top(const land_view *v)
{
    iv top = { -INFINITY, -INFINITY };
    for (size_t i = 0; i < v->t.n; i++)
        for (size_t j = 0; j < i; j++)
            top = iv_max(top, v->t.barrier[i][j]);
    return top;
}

/* Is each merge level the value of a saddle? The mountain pass theorem says so: a check of the barriers that does
   not use the cells. */
static bool land_at_saddles(land_view *v)
{
    for (size_t i = 0; i < v->t.n; i++)
        for (size_t j = 0; j < i; j++) {
            iv level = v->t.barrier[i][j];
            bool found = false;
            if (v->ends)
                stat_find(&v->all, &v->e, land_box(v, 0), land_box(v, 1), level);
            for (size_t k = 0; k < v->all.n; k++)
                found |= v->all.at[k].kind == SADDLE && !iv_apart(v->all.at[k].F, level);
            if (!found)
                return false;
        }
    return true;
}

typedef struct {
    int landscape;
} land_spec;

/* One stationary point in the whole plane, a minimum: all sub-level sets are connected (each component would hold
   another), and it is global. */
static void wang_thm2_case(trial *t)
{
    const land_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    land_view *v = land_open(arena, spec->landscape);
    bool known = land_stationary(v);
    bool alone = known && v->l->compact && v->all.n == 1 && v->all.at[0].kind == MINIMUM;
    judge(r, &r->printed, alone, CERTIFIED, "more than one stationary point, or not all are known");
    fig_landscape(r, land_count(v));
    if (!alone)
        return;
    fig_iv(r, "minimum-x", v->all.at[0].x);
    fig_iv(r, "minimum-y", v->all.at[0].y);
    fig_iv(r, "minimum", v->all.at[0].F);
}

#define WANG_THM2(name, level, landscape) \
    CASE_ON(&landscapes[landscape], name, level, wang_thm2_case, land_spec, landscape)

/* Several minima: each strict minimum that is not global must have a sub-level set that is not connected. At level
   F(i), minimum i is apart from all others, if every barrier from it is higher: so either it is global, or that one
   is not. */
static void wang_thm2_several(trial *t)
{
    const land_spec *spec = t->row->spec;
    result *r = t->result;
    land_view *v = land_open(t->memory, spec->landscape);
    bool known = land_study(v) && land_at_saddles(v) && v->t.n > 1;
    size_t higher = 0;
    iv least = { INFINITY, INFINITY };
    for (size_t i = 0; i < v->t.n; i++) {
        iv rise = { INFINITY, INFINITY };
        for (size_t j = 0; j < v->t.n; j++)
            if (j != i)
                rise = iv_min(rise, iv_sub(v->t.barrier[i][j], v->minimum[i]));
        least = iv_min(least, rise);
        higher += v->minimum[i].lo > v->minimum[0].hi;
    }
    judge(r, &r->printed, known && least.lo > 0, CERTIFIED, "a minimum is not apart from the others at its own level");
    fig_landscape(r, land_count(v));
    fig_count(r, "not-global", higher);
    fig_iv(r, "least-rise", least);
    margin_add(r, least.lo);
}

#define WANG_THM2_SEVERAL(name, level, landscape) \
    CASE_ON(&landscapes[landscape], name, level, wang_thm2_several, land_spec, landscape)

/* All local minima are global, and yet a barrier stands between two of them. */
static void wang_section3_case(trial *t)
{
    const land_spec *spec = t->row->spec;
    result *r = t->result;
    land_view *v = land_open(t->memory, spec->landscape);
    bool known = land_study(v) && land_at_saddles(v) && v->t.n == 2;
    iv highest = iv_max(v->minimum[0], v->minimum[1]);
    iv barrier = v->t.barrier[0][1];
    bool global = known && iv_is(v->minimum[0], v->minimum[1].lo) && iv_is(v->minimum[1], v->minimum[0].lo);
    judge(r, &r->printed, global && barrier.lo > highest.hi, REFUTED, "the barrier was not confirmed");
    fig_landscape(r, land_count(v));
    fig_iv(r, "minimum", highest);
    fig_iv(r, "barrier", barrier);
    margin_add(r, iv_sub(barrier, highest).lo);
}

#define WANG_SECTION3(name, level, landscape) \
    CASE_ON(&landscapes[landscape], name, level, wang_section3_case, land_spec, landscape)

/* Figure 4: a shelf. F = min(x, 1)^2 + max(x - 2, 0)^2 + y^2 does not fall along rays from 0, so that each sub-level
   set is a star around 0: connected. The only strict minimum is 0. Yet each point (x, 0), 1 < x < 2, is a local
   minimum, with F = 1: not a strict one. */
static void wang_thm2_shelf(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    land_view *v = land_open(arena, LAND_SHELF);
    bool rays = true;
    for (int side = 0; side < 4; side++) {
        iv x = side & 1 ? (iv) { 0, 0x1p100 } : (iv) { -0x1p100, 0 };
        iv y = side & 2 ? (iv) { 0, 0x1p100 } : (iv) { -0x1p100, 0 };
        jet j = expr_at(&v->e, x, y, 1);
        rays &= (side & 1 ? j.x.lo : -j.x.hi) >= 0 && (side & 2 ? j.y.lo : -j.y.hi) >= 0;
    }
    iv shelf = expr_at(&v->e, iv_of(1.5), iv_of(0), 0).F;
    iv around = expr_at(&v->e, (iv) { 1.25, 1.75 }, (iv) { -0.25, 0.25 }, 0).F;
    iv least = expr_at(&v->e, iv_of(0), iv_of(0), 0).F;
    iv along = expr_at(&v->e, (iv) { 1, 2 }, iv_of(0), 0).F;
    judge(r, &r->printed, rays && around.lo >= shelf.hi && least.hi < shelf.lo && iv_is(along, 1), CERTIFIED,
        "the shelf was not confirmed");
    fig_iv(r, "shelf-value", shelf);
    fig_iv(r, "minimum", least);
    fig_word(r, "sub-level-sets", rays ? "stars" : "unknown");
    margin_add(r, add_dn(shelf.lo, -least.hi));
}

#define WANG_THM2_SHELF(name, level) CASE_PLAIN(name, level, wang_thm2_shelf, &landscapes[LAND_SHELF])

/* Example 1 has curves of minima. Above 1/128 all of its stationary points can be found: there is none but the
   saddle, so no strict minimum is higher. */
static bool land_high(land_view *v, result *r)
{
    stat_find(&v->all, &v->e, land_box(v, 0), land_box(v, 1), (iv) { 0x1p-7, INFINITY });
    fig_count(r, "stationary-points-above-1/128", v->all.n);
    return !v->all.unresolved && stat_count(&v->all, SADDLE) == v->all.n;
}

typedef struct {
    int landscape;
    bool ends; /* between two ends, as land_high has it */
} wang_thm3_spec;

/* lambda_0 is the highest merge level; no strict minimum (or end) may lie above it. */
static void wang_thm3_case(trial *t)
{
    const wang_thm3_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    land_view *v = land_open(arena, spec->landscape);
    bool known = land_study(v) && land_at_saddles(v) && (!spec->ends || land_high(v, r));
    iv top = land_top(v);
    iv highest = { -INFINITY, -INFINITY };
    for (size_t i = 0; i < v->t.n; i++)
        highest = iv_max(highest, v->minimum[i]);
    judge(r, &r->meant, known && highest.hi <= top.lo && top.hi - top.lo < 1e-6, CERTIFIED,
        "a barrier is not narrow, or not all stationary points are known");
    fig_landscape(r, land_count(v));
    fig_iv(r, "lambda_0", top);
    fig_iv(r, v->ends && !v->l->compact ? "highest-end" : "highest-minimum", highest);
    margin_add(r, add_dn(top.lo, -highest.hi));
}

#define WANG_THM3(name, level, landscape, ends) \
    CASE_ON(&landscapes[landscape], name, level, wang_thm3_case, wang_thm3_spec, landscape, ends)

/* Read literally: x^2 + y^2, lambda_0 = -1. Its sub-level sets at levels >= -1 are empty or discs, and its strict
   minimum lies above -1. */
static void wang_thm3_empty(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    land_view *v = land_open(arena, LAND_BOWL);
    bool known = land_stationary(v) && v->all.n == 1 && v->all.at[0].kind == MINIMUM;
    double lambda = -1;
    judge(r, &r->printed, known && v->all.at[0].F.lo > lambda, REFUTED, "the bowl was not confirmed");
    judge(r, &r->meant, known && v->all.at[0].F.hi <= fmax(lambda, v->all.at[0].F.lo), CERTIFIED,
        "the bowl was not confirmed");
    fig_double(r, "lambda_0", lambda);
    fig_iv(r, "strict-minimum", known ? v->all.at[0].F : iv_all());
}

#define WANG_THM3_EMPTY(name, level) CASE_PLAIN(name, level, wang_thm3_empty, NULL)

/* A figure named name-k. */
static void fig_numbered(result *r, const char *name, size_t k, iv x)
{
    char full[40];
    snprintf(full, sizeof full, "%s-%zu", name, k);
    fig_iv(r, full, x);
}

/* The least barrier to a minimum that is (surely, from above; perhaps, from below) no higher, minus F there. [inf,
   inf]: none surely is, so that it is the only global one as far as the enclosures tell. */
static iv land_depth(const land_view *v, size_t i)
{
    iv to = { INFINITY, INFINITY };
    iv F = v->minimum[i];
    for (size_t j = 0; j < v->t.n; j++) {
        if (j == i)
            continue;
        if (v->minimum[j].lo <= F.hi)
            to.lo = fmin(to.lo, v->t.barrier[i][j].lo);
        if (v->minimum[j].hi <= F.lo)
            to.hi = fmin(to.hi, v->t.barrier[i][j].hi);
    }
    return to.hi < INFINITY ? iv_sub(to, F) : (iv) { INFINITY, INFINITY };
}

/* The levels at which components of sub-level sets merge, ascending: the steps of a minimum spanning tree of the
   barriers. */
static size_t land_merges(const land_view *v, iv *level)
{
    bool in[MERGE_POINTS] = { true };
    size_t n = 0;
    while (n + 1 < v->t.n) {
        iv best = { INFINITY, INFINITY };
        size_t next = 0;
        for (size_t i = 0; i < v->t.n; i++)
            for (size_t j = 0; j < v->t.n; j++)
                if (in[i] && !in[j] && v->t.barrier[i][j].lo < best.lo) {
                    best = v->t.barrier[i][j];
                    next = j;
                }
        in[next] = true;
        size_t k = n++;
        for (; k && level[k - 1].lo > best.lo; k--)
            level[k] = level[k - 1];
        level[k] = best;
    }
    return n;
}

/* The least eps with which any two points of any Omega(lambda) are joined below lambda + eps: the largest rise from the
   higher one of a pair of minima. */
static iv wang_thm4_eps(const land_view *v)
{
    iv eps = { 0, 0 };
    for (size_t i = 0; i < v->t.n; i++)
        for (size_t j = 0; j < i; j++)
            eps = iv_max(eps, iv_sub(v->t.barrier[i][j], iv_max(v->minimum[i], v->minimum[j])));
    return eps;
}

/* At each strict minimum that is not the only global one: with lambda_1 = F there, it is joined to something no higher
   over a barrier that exceeds lambda_1 by its depth, and not below. False unless all depths are positive, narrow and at
   most eps. */
static bool wang_thm4_depths(result *r, const land_view *v)
{
    bool known = true;
    size_t k = 0;
    iv eps = wang_thm4_eps(v);
    for (size_t i = 0; i < v->t.n; i++) {
        iv depth = land_depth(v, i);
        if (!(depth.lo < INFINITY))
            continue;
        fig_numbered(r, "minimum", ++k, v->minimum[i]);
        fig_numbered(r, "depth", k, depth);
        known &= depth.lo > 0 && depth.hi - depth.lo < 1e-6 && depth.hi <= eps.hi;
        margin_add(r, depth.lo);
    }
    fig_iv(r, "eps", eps);
    return known && k > 0;
}

/* False unless all merge levels are narrow. */
static bool wang_thm4_merges(result *r, const land_view *v)
{
    bool known = true;
    iv level[MERGE_POINTS];
    size_t merges = v->t.n ? land_merges(v, level) : 0;
    for (size_t i = 0; i < merges; i++) {
        fig_numbered(r, "merge", i + 1, level[i]);
        known &= level[i].hi - level[i].lo < 1e-6;
    }
    return known;
}

typedef struct {
    int landscape;
    size_t published; /* how many minima to report the coordinates of */
} wang_thm4_spec;

/* Repaired: all depths and merge levels, each level the value of a saddle. */
static void wang_thm4_case(trial *t)
{
    const wang_thm4_spec *spec = t->row->spec;
    result *r = t->result;
    land_view *v = land_open(t->memory, spec->landscape);
    bool known = land_study(v) && land_at_saddles(v);
    fig_landscape(r, land_count(v));
    known &= wang_thm4_depths(r, v);
    known &= wang_thm4_merges(r, v);
    for (size_t i = 0; i < spec->published && i < stat_count(&v->all, MINIMUM); i++) {
        fig_numbered(r, "x", i + 1, v->all.at[i].x);
        fig_numbered(r, "y", i + 1, v->all.at[i].y);
    }
    if (v->t.n)
        fig_iv(r, "global-value", v->minimum[0]);
    judge(r, &r->repaired, known, CERTIFIED, "a barrier is not narrow, or not all stationary points are known");
}

#define WANG_THM4(name, level, landscape, published) \
    CASE_ON(&landscapes[landscape], name, level, wang_thm4_case, wang_thm4_spec, landscape, published)

typedef struct {
    double lambda; /* NAN: all levels */
} wang_thm4_letter_spec;

/* To the letter, on 3x^4 - 4x^3 - 12x^2 + y^2, with minima -32 and -5 and a saddle 0. One level -1: both minima are
   below, so eps = 0 - (-1) = 1, but the one at -5 is left over a rise of 5 only. All levels: the largest rise is
   needed at -5, eps = 5, but the global minimum is left over a rise of 32 only. */
static void wang_thm4_letter(trial *t)
{
    const wang_thm4_letter_spec *spec = t->row->spec;
    result *r = t->result;
    land_view *v = land_open(t->memory, LAND_QUARTIC);
    bool known = land_study(v) && land_at_saddles(v) && v->t.n == 2;
    bool all = spec->lambda != spec->lambda;
    iv barrier = v->t.barrier[0][1];
    iv lambda = all ? v->minimum[1] : iv_of(spec->lambda);
    iv eps = iv_sub(barrier, lambda);
    iv rise = iv_sub(barrier, v->minimum[all ? 0 : 1]);
    bool two = v->minimum[1].hi <= lambda.hi && eps.lo > 0;
    judge(r, &r->printed, known && two && rise.lo > eps.hi, REFUTED, "the two rises were not told apart");
    fig_iv(r, "lambda", lambda);
    fig_iv(r, "eps", eps);
    fig_iv(r, "rise", rise);
}

#define WANG_THM4_LETTER(name, level, lambda) \
    CASE_ON(&landscapes[LAND_QUARTIC], name, level, wang_thm4_letter, wang_thm4_letter_spec, lambda)

/// 8 Introduction ///

/* "Two-layer ReLU networks approximate any function": not without biases. On positive numbers such a network is s x:
   on x = 1, 2 with y = 1 the infimum over all widths is E y^2 - (E x y)^2 / E x^2. In general its odd part is
   linear, since s(t) - s(-t) = t: on inputs symmetric about 0 with odd labels the infimum is that of linear
   functions, while a deeper network without biases reaches 0. With a constant coordinate, it is true. */

/* E y^2 - b^T S^-1 b, S = E x x^T (1 or 2 numbers), b = E y x: the least E (l x - y)^2; l: a minimiser, rounded. */
static iv wang_linear_least(const sample_set *S, double *l)
{
    size_t n = S->dx;
    iv xx[4] = { { 0, 0 } };
    iv xy[2] = { { 0, 0 } };
    iv yy = { 0, 0 };
    for (size_t s = 0; s < S->N; s++) {
        yy = iv_add(yy, iv_sqr(iv_of(S->Y[s])));
        for (size_t i = 0; i < n; i++) {
            xy[i] = iv_add(xy[i], iv_mul(iv_of(S->X[s * n + i]), iv_of(S->Y[s])));
            for (size_t j = 0; j < n; j++)
                xx[i * n + j] = iv_add(xx[i * n + j], iv_mul(iv_of(S->X[s * n + i]), iv_of(S->X[s * n + j])));
        }
    }
    iv det = n == 1 ? xx[0] : iv_sub(iv_mul(xx[0], xx[3]), iv_mul(xx[1], xx[2]));
    iv x[2] = { iv_div(xy[0], det), iv_of(0) };
    if (n == 2) {
        x[0] = iv_div(iv_sub(iv_mul(xx[3], xy[0]), iv_mul(xx[1], xy[1])), det);
        x[1] = iv_div(iv_sub(iv_mul(xx[0], xy[1]), iv_mul(xx[2], xy[0])), det);
    }
    for (size_t i = 0; i < n; i++) {
        yy = iv_sub(yy, iv_mul(x[i], xy[i]));
        l[i] = iv_mid(x[i]);
    }
    return iv_mean(yy, S->N);
}

/* The infimum from both sides: the least of linear functions, and the two-layer network s(l x) - s(-l x). linear: is
   every network there as good as a linear one, for `why` the head says? */
static void wang_introduction_report(trial *t, const sample_set *S, bool linear)
{
    result *r = t->result;
    double l[4];
    static const double signs[2] = { 1, -1 };
    iv least = wang_linear_least(S, l);
    for (size_t i = 0; i < S->dx; i++)
        l[S->dx + i] = -l[i];
    net_data D = { *S, 2, 0, 0, 0 };
    iv F = net_risk(t->memory, &D, &(net_point) { .W1 = l, .W2 = signs });
    judge(r, &r->printed, linear && least.lo > 0 && !iv_apart(least, F), REFUTED, "the infimum was not confirmed");
    fig_iv(r, "infimum", iv_make(least.lo, F.hi));
    fig_double(r, "slope", l[0]);
}

/* x = 1, 2: all positive. */
static void wang_introduction_inputs(trial *t)
{
    static const double X[2] = { 1, 2 };
    static const double Y[2] = { 1, 1 };
    sample_set S = { 2, 1, 1, X, Y, &losses[SQUARED] };
    wang_introduction_report(t, &S, X[0] > 0 && X[1] > 0);
}

#define WANG_INTRODUCTION_INPUTS(name, level) CASE_PLAIN(name, level, wang_introduction_inputs, NULL)

/* +-e_1, +-e_2, +-(e_1 + e_2), y = +-1 at the last two, else 0. Deeper: s(min(x)) - s(min(-x)), min(a, b) = a - s(a
   - b), is y at all of them. */
static void wang_introduction_odd(trial *t)
{
    static const double X[12] = { 1, 0, -1, 0, 0, 1, 0, -1, 1, 1, -1, -1 };
    static const double Y[6] = { 0, 0, 0, 0, 1, -1 };
    double first[8] = { 1, 0, -1, 0, 1, -1, -1, 1 };
    double second[8] = { 1, -1, -1, 0, -1, 1, 0, -1 };
    block g = { 2, { 2, 4, 2 }, { first, second } };
    sample_set S = { 6, 2, 1, X, Y, &losses[SQUARED] };
    net_data D = { S, 0, 2, 0, 0 };
    const iv *z = net_features(t->memory, &D, &(net_point) { .g = &g }, NULL);
    iv deeper = { 0, 0 };
    bool odd = true;
    for (size_t s = 0; s < S.N; s++) {
        deeper = iv_add(deeper, iv_sqr(iv_sub(iv_sub(z[2 * s], z[2 * s + 1]), iv_of(Y[s]))));
        odd &= X[2 * s] == -X[2 * (s ^ 1)] && X[2 * s + 1] == -X[2 * (s ^ 1) + 1] && Y[s] == -Y[s ^ 1];
    }
    wang_introduction_report(t, &S, odd && iv_is(deeper, 0));
    fig_iv(t->result, "deeper", iv_mean(deeper, S.N));
}

#define WANG_INTRODUCTION_ODD(name, level) CASE_PLAIN(name, level, wang_introduction_odd, NULL)

/* The inputs 1, 2 with a 1 beside them: the row (0, 1) is a constant. */
static void wang_introduction_constant(trial *t)
{
    static const double X[4] = { 1, 1, 2, 1 };
    static const double Y[2] = { 1, 1 };
    static const double row[2] = { 0, 1 };
    static const double one = 1;
    net_data D = { { 2, 2, 1, X, Y, &losses[SQUARED] }, 1, 0, 0, 0 };
    iv F = net_risk(t->memory, &D, &(net_point) { .W1 = row, .W2 = &one });
    judge(t->result, &t->result->repaired, iv_is(F, 0), CERTIFIED, "the constant is missed");
    fig_iv(t->result, "risk", F);
}

#define WANG_INTRODUCTION_CONSTANT(name, level) CASE_PLAIN(name, level, wang_introduction_constant, NULL)

/// 8 Section 5.3 ///

typedef struct {
    int kappa_log2; /* kappa = 2^-kappa_log2 */
} wang_section53_spec;

/* "Theorem 11 is a generalization of Theorem 6": at y = x the linear F* is 0, the two-layer F*_w is not, for kappa >
   0. x = +-1: with f(+-1) = +-(1 - kappa), two units, F = kappa^2 + 2 kappa (1 - kappa), which duality shows to be
   least. */
static void wang_section53_case(trial *t)
{
    const wang_section53_spec *spec = t->row->spec;
    result *r = t->result;
    static const double X[2] = { 1, -1 };
    double kappa = two_to(-spec->kappa_log2);
    double W2[2] = { 1 - kappa, kappa - 1 };
    net_data D = { { 2, 1, 1, X, X, &losses[SQUARED] }, 2, 0, 0, kappa };
    net_point p = { .W1 = X, .W2 = W2 };
    static const double one = 1;
    iv linear = net_risk_plain(t->memory, &D, &one);
    iv best = iv_make(net_dual_dn(t->memory, &D, net_images(t->memory, &D, &p)), net_risk(t->memory, &D, &p).hi);
    judge(r, &r->printed, iv_is(linear, 0) && best.lo > 0 && best.hi - best.lo <= 1e-12, REFUTED,
        "the two optima were not told apart");
    fig_iv(r, "linear", linear);
    fig_iv(r, "F*_w", best);
    margin_add(r, best.lo);
}

#define WANG_SECTION53(name, level, kappa_log2) \
    CASE_ROW(name, level, wang_section53_case, wang_section53_spec, kappa_log2)

/// 9 Example 1: the saddle and the barrier ///

/* F(w, v) = (w (1 + eps v) - 1)^2 / 2. With s = 1 + eps v: dF/dw = (w s - 1) s, dF/dv = (w s - 1) eps w, Hessian
   [s^2, eps (2 w s - 1); ., eps^2 w^2]. At (0, -1/eps), where s = 0: gradient 0, Hessian [0, -eps; -eps, 0], value
   1/2 > 0 = F_lin(1). Exactly, for every eps > 0.
   Jets are in w for x and v for y. */

/* Value, gradient and Hessian by the chain rule from s alone, in the arithmetic of enclosures: where w, s and eps are
   intervals, for all of them at once. */
static jet shamir_ex1_closed(iv w, iv s, iv eps)
{
    iv e = iv_sub(iv_mul(w, s), iv_of(1));
    iv mixed = iv_add(e, iv_mul(w, s));
    return (jet) { iv_scale(0.5, iv_sqr(e)), iv_mul(e, s), iv_mul(e, iv_mul(eps, w)), iv_sqr(s), iv_mul(eps, mixed),
        iv_sqr(iv_mul(eps, w)), 2 };
}

/* The same by automatic differentiation of F itself: a second route that knows none of the formulas. */
static jet shamir_ex1_differentiate(iv w, iv v, iv eps)
{
    jet one = jet_constant(iv_of(1), 2);
    jet s = jet_add(one, jet_mul(jet_constant(eps, 2), jet_variable(v, 1, 2)));
    jet e = jet_sub(jet_mul(jet_variable(w, 0, 2), s), one);
    return jet_mul(jet_constant(iv_of(0.5), 2), jet_mul(e, e));
}

/* Of the Hessian. */
static iv shamir_ex1_det(jet j) { return iv_sub(iv_mul(j.xx, j.yy), iv_sqr(j.xy)); }

/* Whether j is what the paper says of (0, -1/eps), for every eps of the interval and without any rounding: gradient 0,
   Hessian [0, -eps; -eps, 0], with a negative determinant, value 1/2; and `linear`, at (1, 0), has the value 0. */
static bool shamir_ex1_is_saddle(jet j, jet linear, iv eps)
{
    bool stationary = iv_is(j.x, 0) && iv_is(j.y, 0);
    bool hessian = iv_is(j.xx, 0) && iv_is(j.yy, 0) && j.xy.lo == -eps.hi && j.xy.hi == -eps.lo;
    return stationary && hessian && iv_is(j.F, 0.5) && iv_is(linear.F, 0) && shamir_ex1_det(j).hi < 0;
}

typedef struct {
    int eps_log2; /* eps = 2^-eps_log2 */
} shamir_ex1_saddle_spec;

/* One eps, by automatic differentiation at the point itself: eps and v = -1/eps are exact doubles, and so is all that
   is computed from them. */
static void shamir_ex1_saddle(trial *t)
{
    const shamir_ex1_saddle_spec *spec = t->row->spec;
    result *r = t->result;
    double eps = two_to(-spec->eps_log2);
    iv e = iv_of(eps);
    iv v = iv_of(-1 / eps);
    iv zero = iv_of(0);
    jet j = shamir_ex1_differentiate(zero, v, e);
    jet linear = shamir_ex1_differentiate(iv_of(1), zero, e);
    judge(r, &r->printed, shamir_ex1_is_saddle(j, linear, e), CERTIFIED,
        "the saddle was not confirmed in exact arithmetic");
    fig_iv(r, "eps", e);
    fig_iv(r, "value", j.F);
    fig_iv(r, "dF/dw", j.x);
    fig_iv(r, "dF/dv", j.y);
    fig_iv(r, "d2F/dwdv", j.xy);
    fig_iv(r, "F_lin(1)", linear.F);
    margin_add(r, add_dn(j.F.lo, -linear.F.hi));
}

#define SHAMIR_EX1_SADDLE(name, level, eps_log2) \
    CASE_ROW(name, level, shamir_ex1_saddle, shamir_ex1_saddle_spec, eps_log2)

typedef struct {
    int from_log2, to_log2; /* eps from 2^from_log2 to 2^to_log2 */
} shamir_ex1_continuum_spec;

/* A continuum of eps at once. v = -1/eps means s = 0, identically; in s no rounding is left. */
static void shamir_ex1_continuum(trial *t)
{
    const shamir_ex1_continuum_spec *spec = t->row->spec;
    result *r = t->result;
    iv eps = { two_to(spec->from_log2), two_to(spec->to_log2) };
    iv zero = iv_of(0);
    jet j = shamir_ex1_closed(zero, zero, eps);
    jet linear = shamir_ex1_closed(iv_of(1), iv_of(1), eps);
    judge(r, &r->printed, shamir_ex1_is_saddle(j, linear, eps), CERTIFIED,
        "the saddle was not confirmed over the range of eps");
    fig_hex(r, "eps", eps);
    fig_iv(r, "value", j.F);
    fig_iv(r, "F_lin(1)", linear.F);
    fig_hex(r, "d2F/dwdv", j.xy);
    fig_hex(r, "det-hessian", shamir_ex1_det(j));
    margin_add(r, add_dn(j.F.lo, -linear.F.hi));
}

#define SHAMIR_EX1_CONTINUUM(name, level, from_log2, to_log2) \
    CASE_ROW(name, level, shamir_ex1_continuum, shamir_ex1_continuum_spec, from_log2, to_log2)

/* The critical set is exactly {w s = 1} and (0, -1/eps): |grad F|^2 = e^2 (s^2 + eps^2 w^2), e = w s - 1, as an
   identity of polynomials of degree 4 in each of w, v and eps, on a grid of 5^3 points. */
static void shamir_ex1_critical(trial *t)
{
    result *r = t->result;
    size_t agree = 0;
    for (int i = 0; i < 125; i++) {
        iv w = iv_of(i % 5 - 2);
        iv v = iv_of(i / 5 % 5 - 2);
        iv eps = iv_of((i / 25 + 1) / 4.0);
        iv s = iv_add(iv_of(1), iv_mul(eps, v));
        jet d = shamir_ex1_differentiate(w, v, eps);
        iv square = iv_add(iv_sqr(d.x), iv_sqr(d.y));
        iv e = iv_sub(iv_mul(w, s), iv_of(1));
        iv product = iv_mul(iv_sqr(e), iv_add(iv_sqr(s), iv_sqr(iv_mul(eps, w))));
        agree += square.lo == square.hi && iv_is(product, square.lo);
    }
    judge(r, &r->printed, agree == 125, CERTIFIED, "the identity was not confirmed");
    fig_count(r, "grid-points-equal", agree);
}

#define SHAMIR_EX1_CRITICAL(name, level) CASE_PLAIN(name, level, shamir_ex1_critical, NULL)

/* The barrier between the global minima (1, 0) and (-1, -2/eps) is exactly 1/2, for every eps > 0. From below: w
   changes sign, and F(0, v) = 1/2 whatever v and eps. From above: w: 1 -> 0 at s = 1; s: 1 -> -1 at w = 0; w: 0 ->
   -1 at s = -1. On each, w s - 1 is affine in the parameter, so F is convex and its ends bound it. */
static void shamir_ex1_barrier(trial *t)
{
    result *r = t->result;
    static const double w[4] = { 1, 0, 0, -1 };
    static const double s[4] = { 1, 1, -1, -1 };
    iv eps = { 0x1p-300, 0x1p300 };
    iv ends = { 0, 0 };
    iv wall = shamir_ex1_closed(iv_of(0), (iv) { -0x1p60, 0x1p60 }, eps).F;
    double above = 0;
    bool straight = true;
    for (int i = 0; i < 4; i++) {
        iv F = shamir_ex1_closed(iv_of(w[i]), iv_of(s[i]), eps).F;
        above = fmax(above, F.hi);
        if (i == 0 || i == 3)
            ends = iv_max(ends, F);
        if (i)
            straight &= (w[i] == w[i - 1]) != (s[i] == s[i - 1]); /* exactly one of the factors moves */
    }
    judge(r, &r->printed, straight && iv_is(ends, 0) && w[0] * w[3] < 0 && iv_is(wall, 0.5) && above == 0.5, CERTIFIED,
        "the barrier's two sides do not meet");
    fig_iv(r, "barrier", iv_make(wall.lo, above));
    fig_iv(r, "ends", ends);
    margin_add(r, add_dn(wall.lo, -ends.hi));
}

#define SHAMIR_EX1_BARRIER(name, level) CASE_PLAIN(name, level, shamir_ex1_barrier, NULL)

/// 9 Example 1: misprints ///

/* As it reads in the copy checked, dF/dv is (w - 1 + eps w v) eps v, which is 1 at (0, -1/eps), and the saddle is put
   at (1, -1/eps), which is not stationary. */

/* The misprinted dF/dv. */
static iv shamir_ex1_printed_dv(iv w, iv v, iv eps)
{
    iv e = iv_add(iv_sub(w, iv_of(1)), iv_mul(eps, iv_mul(w, v)));
    return iv_mul(e, iv_mul(eps, v));
}

/* Whether the six enclosures of a are points, and b the same ones. */
static bool shamir_ex1_same(jet a, jet b)
{
    const iv *p = &a.F;
    const iv *q = &b.F;
    for (int i = 0; i < 6; i++)
        if (p[i].lo != p[i].hi || !iv_is(q[i], p[i].lo))
            return false;
    return true;
}

/* The formulas as identities. F and its derivatives are polynomials of degree at most 2 in w, in v and 4 in eps; two
   such polynomials that agree on a grid of 5^3 points are the same. Repaired: dF/dv = (w - 1 + eps w v) eps w. As
   printed, with eps v for eps w: refuted at the paper's own point. */
static void shamir_ex1_derivative(trial *t)
{
    result *r = t->result;
    size_t agree = 0;
    size_t misprint = 0;
    for (int i = 0; i < 125; i++) {
        iv w = iv_of(i % 5 - 2);
        iv v = iv_of(i / 5 % 5 - 2);
        iv eps = iv_of((i / 25 + 1) / 4.0);
        iv s = iv_add(iv_of(1), iv_mul(eps, v));
        jet d = shamir_ex1_differentiate(w, v, eps);
        agree += shamir_ex1_same(d, shamir_ex1_closed(w, s, eps));
        misprint += iv_sign(iv_sub(d.y, shamir_ex1_printed_dv(w, v, eps))) != 0;
    }
    iv there = shamir_ex1_printed_dv(iv_of(0), iv_of(-1), iv_of(1));
    jet truth = shamir_ex1_differentiate(iv_of(0), iv_of(-1), iv_of(1));
    judge(r, &r->printed, iv_is(truth.y, 0) && there.lo > 0 && misprint > 0, REFUTED,
        "the printed derivative was not told from the true one");
    judge(r, &r->repaired, agree == 125, CERTIFIED, "the derivatives do not agree with the closed form");
    fig_count(r, "grid-points-equal", agree);
    fig_count(r, "grid-points-misprint-differs", misprint);
    fig_iv(r, "printed-dF/dv-at-saddle", there);
    fig_iv(r, "dF/dv-at-saddle", truth.y);
    margin_add(r, there.lo);
}

#define SHAMIR_EX1_DERIVATIVE(name, level) CASE_PLAIN(name, level, shamir_ex1_derivative, NULL)

/* The saddle's place: (1, -1/eps) has dF/dv = -eps; (0, -1/eps) is stationary, with eigenvalues -eps and eps. All
   eps in [2^-300, 2^300]. */
static void shamir_ex1_place(trial *t)
{
    result *r = t->result;
    iv eps = { 0x1p-300, 0x1p300 };
    jet printed = shamir_ex1_closed(iv_of(1), iv_of(0), eps);
    jet repaired = shamir_ex1_closed(iv_of(0), iv_of(0), eps);
    iv det = shamir_ex1_det(repaired);
    judge(r, &r->printed, printed.y.hi < 0, REFUTED, "the printed place was not told from a stationary point");
    judge(r, &r->repaired, iv_is(repaired.x, 0) && iv_is(repaired.y, 0) && det.hi < 0, CERTIFIED,
        "the saddle's place was not decided");
    fig_hex(r, "dF/dv-at-(1,-1/eps)", printed.y);
    fig_iv(r, "dF/dw-at-(0,-1/eps)", repaired.x);
    fig_iv(r, "dF/dv-at-(0,-1/eps)", repaired.y);
    fig_hex(r, "det-hessian-there", det);
}

#define SHAMIR_EX1_PLACE(name, level) CASE_PLAIN(name, level, shamir_ex1_place, NULL)

/// 9 Section 4 and Figure 1: with a penalty ///

/* Panel (b): F = (w (1 + v) - 1)^2 of the caption, or half of it (Example 1), plus (w^2 + v^2)/4. With q the weight of
   the penalty over that of the loss (1/4, or 1/2) and s = 1 + v, stationary points are w = v (s^2 + q), v (s^2 + q)^2 =
   s: so s/v > 0 and q = sqrt(s/v) - s^2. For v > 0 the right side falls from inf to -inf: one point for every q > 0.
   For v = -t < -1 it is sqrt(1 - 1/t) - (t - 1)^2, strictly concave in t, 0 at t = 1, -inf at infinity: two points
   for 0 < q < q_c, its largest value, one at q_c, none beyond. So there are 3, 2, 1 stationary points in the whole
   plane for q below, at, above q_c. Second way: at q_c two of them meet, so that the discriminant of v (s^2 + q)^2 - s
   in v is 0, a sextic in q: q_c is its positive root, isolated in exact integers. */

/* The figures NAME-w, NAME-v, NAME-value of a stationary point. */
static void shamir_fig1_point(result *r, const char *name, const stat_point *s)
{
    static const char *const part[3] = { "w", "v", "value" };
    const iv *at[3] = { &s->x, &s->y, &s->F };
    for (int i = 0; i < 3; i++) {
        char full[40];
        snprintf(full, sizeof full, "%s-%s", name, part[i]);
        fig_iv(r, full, *at[i]);
    }
}

static bool shamir_fig1_lower_left(const stat_point *s) { return s->x.hi < 0 && s->y.hi < 0; }

typedef struct {
    int landscape; /* of landscapes[]: LAND_CAPTION or LAND_TEXT */
} shamir_fig1_regularised_spec;

/* The caption's function has a spurious minimum in the lower left; Example 1's own, with lambda = 1/2 as the text
   says, has one stationary point. Points come by value, so that the first is the global minimum. */
static void shamir_fig1_regularised(trial *t)
{
    const shamir_fig1_regularised_spec *spec = t->row->spec;
    result *r = t->result;
    land_view *v = land_open(t->memory, spec->landscape);
    const stat_point *s = v->all.at;
    bool known = land_stationary(v);
    bool spurious = false;
    for (size_t i = 1; i < v->all.n; i++)
        spurious |= s[i].kind == MINIMUM && shamir_fig1_lower_left(&s[i]) && s[i].F.lo > s[0].F.hi;
    judge(r, &r->printed, known && v->all.n > 0 && s[0].kind == MINIMUM, spurious ? CERTIFIED : REFUTED,
        "not all stationary points are known");
    fig_landscape(r, land_count(v));
    for (size_t i = 0; known && i < v->all.n && i < 3; i++)
        shamir_fig1_point(r, i == 0 ? "global" : s[i].kind == MINIMUM ? "spurious" : "saddle", &s[i]);
    if (spurious)
        margin_add(r, add_dn(s[1].F.lo, -s[0].F.hi));
}

#define SHAMIR_FIG1_REGULARISED(name, level, landscape) \
    CASE_ON(&landscapes[landscape], name, level, shamir_fig1_regularised, shamir_fig1_regularised_spec, landscape)

/* q = sqrt(1 - 1/t) - (t - 1)^2, for which v = -t < -1 is a stationary point's. */
static iv shamir_fig1_q(iv t)
{
    return iv_sub(iv_sqrt(iv_sub(iv_of(1), iv_div(iv_of(1), t))), iv_sqr(iv_sub(t, iv_of(1))));
}

/* dq/dt, decreasing: its zero is where q = q_c. */
static iv shamir_fig1_slope(iv t)
{
    iv root = iv_sqrt(iv_sub(iv_of(1), iv_div(iv_of(1), t)));
    return iv_sub(iv_div(iv_of(0.5), iv_mul(iv_sqr(t), root)), iv_scale(2, iv_sub(t, iv_of(1))));
}

/* The zero of a function whose sign is `left` at t.lo and the opposite at t.hi, as narrowly as its enclosures tell. */
static iv zero_between(iv t, int left, iv (*f)(const void *context, iv t), const void *context)
{
    for (int i = 0; i < 60; i++)
        if (!root_halve(&t, -left * iv_sign(f(context, iv_of(iv_mid(t))))))
            break;
    return t;
}

static iv shamir_fig1_slope_at(const void *context, iv t)
{
    (void)context;
    return shamir_fig1_slope(t);
}

/* The discriminant of v (s^2 + q)^2 - s in v: sum_k c_k q^k. */
enum { SEXTIC = 6 };
static const int shamir_fig1_sextic[SEXTIC + 1] = { -283, -96, 864, 3040, 0, 768, 256 };

/* Its sign at q = K / 2^n, exactly: Horner's rule in whole numbers, sum_k c_k K^k 2^(n (6 - k)). Precondition: 0 <= K
   < 2^46. Why: K = a 2^23 + b, and acc_times takes factors below 2^30. */
static int shamir_fig1_sign(int64_t K, int n)
{
    acc a;
    acc_zero(&a);
    for (int k = SEXTIC; k >= 0; k--) {
        acc low = a;
        acc_times(&a, K >> 23);
        acc_times(&a, 1 << 23);
        acc_times(&low, K & ((1 << 23) - 1));
        acc_merge(&a, &low);
        acc_add(&a, shamir_fig1_sextic[k] * two_to(n * (SEXTIC - k)));
    }
    return acc_sign(&a);
}

/* Of its coefficients; by Descartes' rule 1 means exactly one positive root. */
static size_t shamir_fig1_sign_changes(void)
{
    size_t n = 0;
    int last = 0;
    for (int k = 0; k <= SEXTIC; k++) {
        int sign = (shamir_fig1_sextic[k] > 0) - (shamir_fig1_sextic[k] < 0);
        n += sign && last && sign != last;
        if (sign)
            last = sign;
    }
    return n;
}

/* The positive root, by bisection on multiples of 2^-45 in (0, 1). */
static iv shamir_fig1_root(void)
{
    iv K = { 0, 0x1p45 };
    if (shamir_fig1_sign_changes() != 1 || shamir_fig1_sign(0, 45) >= 0 || shamir_fig1_sign((int64_t)1 << 45, 45) <= 0)
        return iv_all();
    for (int i = 0; i < 45; i++)
        if (!root_halve(&K, shamir_fig1_sign((int64_t)iv_mid(K), 45)))
            break;
    return iv_scale(0x1p-45, K);
}

/* q_c in both ways, which have to overlap, and be known to 10^-12; and three stationary points in the whole plane just
   below it (q = 0.390418), one just above (0.390419). */
static void shamir_fig1_threshold(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    iv at = { 1.25, 2 };
    bool bracket = shamir_fig1_slope(iv_of(at.lo)).lo > 0 && shamir_fig1_slope(iv_of(at.hi)).hi < 0;
    at = zero_between(at, 1, shamir_fig1_slope_at, NULL);
    land_view *below = land_open(arena, LAND_BELOW);
    land_view *above = land_open(arena, LAND_ABOVE);
    iv q = shamir_fig1_q(at);
    iv root = shamir_fig1_root();
    bool counted = land_stationary(below) && land_stationary(above) && below->all.n == 3 && above->all.n == 1;
    bool narrow = q.hi - q.lo < 1e-12 && root.hi - root.lo < 1e-12;
    bool between = q.lo > 0.390418 && q.hi < 0.390419;
    judge(r, &r->repaired, bracket && counted && narrow && between && !iv_apart(q, root), CERTIFIED,
        "the threshold was not confirmed");
    fig_iv(r, "q_c", iv_meet(q, root));
    fig_iv(r, "q_c-by-concavity", q);
    fig_iv(r, "q_c-by-the-sextic", root);
    fig_iv(r, "t_c", at);
    fig_count(r, "stationary-points-at-0.390418", below->all.n);
    fig_count(r, "stationary-points-at-0.390419", above->all.n);
}

#define SHAMIR_FIG1_THRESHOLD(name, level) CASE_PLAIN(name, level, shamir_fig1_threshold, NULL)

/// 9 Section 4 and Figure 1: every penalty ///

/* F = (w s - 1)^2 / 2 + (lambda/2)(w^2 + v^2), s = 1 + eps v. For v fixed it is least at w = s / (s^2 + lambda), where
   it is E(v) = (lambda / (s^2 + lambda) + lambda v^2) / 2. With s = -t < 0: dE/dv has the sign of phi(t) - lambda,
   phi(t) = eps sqrt(t / (1 + t)) - t^2, strictly concave from 0 to -inf. So for lambda < lambda_c = max phi, and only
   then, there are t_1 < t_2 with phi = lambda, and at t_2 a minimum; at the mirrored v, where s = t_2, E is less, so
   that it is spurious. phi' = 0 where t (1 + t) = (eps/4)^(2/3): lambda_c = t_c^2 (3 + 4 t_c). As long as lambda (1 +
   3/eps^2) < 1 its value is at most E at t = 1, below (lambda/2)(1 + 4/eps^2): E there is less than at t = 0, so that
   t_1 < 1, and beyond t_1 the least value is that at t_2. */

/* The mixed terms of 1 + 4/eps^2 and 3 + 4 t, for mutants. */
static const double SECTION4_VALUE_FACTOR = 4;
static const double SECTION4_THRESHOLD_FACTOR = 3;

typedef struct {
    iv eps, lambda;
} section4_problem;

static iv section4_phi(iv eps, iv t) { return iv_sub(iv_mul(eps, iv_sqrt(iv_div(t, iv_add(iv_of(1), t)))), iv_sqr(t)); }

static iv section4_phi_less(const void *context, iv t)
{
    const section4_problem *p = context;
    return iv_sub(section4_phi(p->eps, t), p->lambda);
}

/* phi'(t). */
static iv section4_slope(const void *context, iv t)
{
    const section4_problem *p = context;
    iv u = iv_add(iv_of(1), t);
    return iv_sub(iv_div(iv_scale(0.5, p->eps), iv_mul(iv_sqr(u), iv_sqrt(iv_div(t, u)))), iv_scale(2, t));
}

/* t_c = 2 u / (1 + sqrt(1 + 4 u)), u = (eps/4)^(2/3). */
static iv section4_t(iv eps)
{
    iv u = iv_exp(iv_mul(iv_div(iv_of(2), iv_of(3)), iv_log(iv_scale(0.25, eps))));
    iv root = iv_sqrt(iv_add(iv_of(1), iv_scale(4, u)));
    return iv_div(iv_scale(2, u), iv_add(iv_of(1), root));
}

static iv section4_lambda(iv t) { return iv_mul(iv_sqr(t), iv_add(iv_of(SECTION4_THRESHOLD_FACTOR), iv_scale(4, t))); }

typedef struct {
    int eps_log2; /* eps = 2^eps_log2 */
} section4_threshold_spec;

/* "One way to fix this issue is by making lambda sufficiently small": a spurious minimum for every lambda < lambda_c,
   however small (phi(t_c) above and phi(1 + eps) below it: a zero between, where phi falls); none beyond. lambda_c by
   the closed form and as phi at the zero of phi'. */
static void shamir_section4_threshold(trial *t)
{
    const section4_threshold_spec *spec = t->row->spec;
    result *r = t->result;
    section4_problem p = { iv_of(two_to(spec->eps_log2)), { 0, 0 } };
    iv closed = section4_t(p.eps);
    iv found = zero_between((iv) { 0.5 * closed.lo, 2 * closed.hi }, 1, section4_slope, &p);
    iv top = section4_phi(p.eps, found);
    iv lambda = section4_lambda(closed);
    bool bracket = section4_slope(&p, iv_of(found.lo)).lo >= 0 && section4_slope(&p, iv_of(found.hi)).hi <= 0;
    double at = iv_mid(closed);
    iv below = section4_phi(p.eps, iv_add(iv_of(1), p.eps));
    bool all = section4_phi(p.eps, iv_of(at)).lo > (1 - 0x1p-30) * lambda.hi && below.hi < 0;
    judge(r, &r->printed, all && bracket, REFUTED, "a spurious minimum was not shown for every lambda below lambda_c");
    judge(r, &r->repaired, bracket && !iv_apart(top, lambda), CERTIFIED, "lambda_c was not confirmed");
    fig_iv(r, "t_c", iv_meet(closed, found));
    fig_iv(r, "lambda_c", iv_meet(lambda, top));
    fig_iv(r, "lambda_c-by-concavity", top);
    margin_add(r, lambda.lo);
}

#define SHAMIR_SECTION4_THRESHOLD(name, level, eps_log2) \
    CASE_ROW(name, level, shamir_section4_threshold, section4_threshold_spec, eps_log2)

enum { SECTION4_PIECES = 50000 };

/* lambda_c(eps) for eps in 2^[a, b], in at most SECTION4_PIECES pieces: max phi grows with eps; from above the closed
   form at the upper end, from below phi at one t and the lower end: their ratio. */
static bool section4_piece(void *problem, double a, double b, double *bound)
{
    size_t *pieces = problem;
    iv lo = iv_pow(2, iv_of(a));
    iv hi = iv_pow(2, iv_of(b));
    iv above = section4_lambda(section4_t(iv_of(hi.hi)));
    iv below = section4_phi(iv_of(lo.lo), iv_of(iv_mid(section4_t(iv_of(lo.lo)))));
    *bound = div_up(above.hi, below.lo);
    if (++*pieces > SECTION4_PIECES)
        *bound = INFINITY;
    return *bound <= 1 + 0x1p-6 || *bound == INFINITY;
}

/* All eps from 2^-20 to 2^20 at once. */
static void shamir_section4_continuum(trial *t)
{
    result *r = t->result;
    size_t pieces = 0;
    double ratio = cover_up(section4_piece, &pieces, -20, 20, 24);
    judge(r, &r->repaired, ratio <= 1 + 0x1p-6, CERTIFIED, "lambda_c was not enclosed over the range of eps");
    fig_count(r, "pieces", pieces);
    fig_double(r, "largest-ratio-of-the-ends", ratio);
}

#define SHAMIR_SECTION4_CONTINUUM(name, level) CASE_PLAIN(name, level, shamir_section4_continuum, NULL)

typedef struct {
    int eps_log2, lambda_log2; /* eps = 2^eps_log2, lambda = 2^-lambda_log2 */
} section4_value_spec;

/* E at the v with s = 1 + eps v. */
static iv section4_least(const section4_problem *p, iv s)
{
    iv v = iv_div(iv_sub(s, iv_of(1)), p->eps);
    iv fit = iv_div(p->lambda, iv_add(iv_sqr(s), p->lambda));
    return iv_scale(0.5, iv_add(fit, iv_mul(p->lambda, iv_sqr(v))));
}

/* Zero where s > 1 belongs to a stationary point: eps sqrt(s / (s - 1)) - s^2 - lambda, falling. */
static iv section4_global(const void *context, iv s)
{
    const section4_problem *p = context;
    iv root = iv_sqrt(iv_div(s, iv_sub(s, iv_of(1))));
    return iv_sub(iv_mul(p->eps, root), iv_add(iv_sqr(s), p->lambda));
}

/* The Hessian of F at that v and the best w is positive definite. */
static bool section4_strict(const section4_problem *p, iv s, iv w)
{
    iv ww = iv_add(iv_sqr(s), p->lambda);
    iv wv = iv_mul(p->eps, iv_sub(iv_scale(2, iv_mul(w, s)), iv_of(1)));
    iv vv = iv_add(iv_sqr(iv_mul(p->eps, w)), p->lambda);
    return ww.lo > 0 && iv_sub(iv_mul(ww, vv), iv_sqr(wv)).lo > 0;
}

/* What the cure is good for: the spurious minimum's value is small with lambda. */
static void shamir_section4_value(trial *t)
{
    const section4_value_spec *spec = t->row->spec;
    result *r = t->result;
    section4_problem p = { iv_of(two_to(spec->eps_log2)), iv_of(two_to(-spec->lambda_log2)) };
    iv inverse = iv_of(two_to(-2 * spec->eps_log2));
    iv condition = iv_mul(p.lambda, iv_add(iv_of(1), iv_scale(3, inverse)));
    iv from = { section4_t(p.eps).lo, add_up(1, p.eps.hi) };
    iv t2 = zero_between(from, 1, section4_phi_less, &p);
    iv s = iv_neg(t2);
    iv w = iv_div(s, iv_add(iv_sqr(s), p.lambda));
    iv value = section4_least(&p, s);
    iv first = zero_between((iv) { 1 + 0x1p-60 * 256, add_up(2, p.eps.hi) }, 1, section4_global, &p);
    iv global = section4_least(&p, first);
    iv bound = iv_mul(iv_scale(0.5, p.lambda), iv_add(iv_of(1), iv_scale(SECTION4_VALUE_FACTOR, inverse)));
    bool strict = section4_strict(&p, s, w) && value.lo > global.hi;
    judge(r, &r->repaired, condition.hi < 1 && strict && value.hi <= bound.lo, CERTIFIED,
        "the spurious minimum's value was not bounded");
    fig_iv(r, "spurious-w", w);
    fig_iv(r, "spurious-v", iv_div(iv_sub(s, iv_of(1)), p.eps));
    fig_iv(r, "spurious-value", value);
    fig_iv(r, "global-value", global);
    fig_iv(r, "bound", bound);
    margin_add(r, add_dn(1, -iv_div(value, bound).hi));
}

#define SHAMIR_SECTION4_VALUE(name, level, eps_log2, lambda_log2) \
    CASE_ROW(name, level, shamir_section4_value, section4_value_spec, eps_log2, lambda_log2)

/// 9 Section 4 and Figure 1: on a disc ///

/* |(w, v)| <= R; panel (c): R = 2. In polar coordinates p = w (1 + v) at (R cos f, R sin f), F = (p - 1)^2, x = f, y =
   r. Stationary points on the circle: dF/df = 0, all found on a whole turn. One with d2F/df2 > 0 and dF/dr < 0 is a
   strict local minimum of the constrained problem: near it F rises inward and along the circle. Both signs are
   certified on a neighbourhood. */
static const char SHAMIR_FIG1_POLAR[] = "(y*cos(x)*(1+y*sin(x))-1)^2";
static const char SHAMIR_FIG1_OUTPUT[] = "y*cos(x)*(1+y*sin(x))-1";

/* The zeros of dF/df found, as angles, and how many intervals could not be decided. */
typedef struct {
    expr e, output;
    double radius;
    size_t n, unresolved;
    iv at[16];
} circle_search;

static jet circle_jet(const circle_search *s, iv f, int order) { return expr_at(&s->e, f, iv_of(s->radius), order); }

/* dF/df on the circle. */
static iv circle_slope(const void *search, iv f) { return circle_jet(search, f, 1).x; }

/* All zeros of dF/df in f, none of them twice: an interval is dropped where the slope or its mean value form has no
   zero, done where the slope is monotone, and halved else. */
static void circle_find(circle_search *s, iv f, int splits)
{
    jet j = circle_jet(s, f, 2);
    double middle = iv_mid(f);
    iv slope = iv_add(circle_slope(s, iv_of(middle)), iv_mul(j.xx, iv_sub(f, iv_of(middle))));
    if (!iv_has(j.x, 0) || !iv_has(slope, 0))
        return;
    int a = iv_sign(circle_slope(s, iv_of(f.lo)));
    int b = iv_sign(circle_slope(s, iv_of(f.hi)));
    if (!iv_has(j.xx, 0) && a && b) { /* monotone: one zero, or none */
        if (a == b)
            return;
        if (s->n < COUNT(s->at))
            s->at[s->n++] = zero_between(f, a, circle_slope, s);
        else
            s->unresolved++;
        return;
    }
    if (splits == 0) {
        s->unresolved++;
        return;
    }
    circle_find(s, (iv) { f.lo, middle }, splits - 1);
    circle_find(s, (iv) { middle, f.hi }, splits - 1);
}

/* What a stationary point on the circle is to the constrained problem. */
enum circle_kind { CIRCLE_SPURIOUS, CIRCLE_GLOBAL, CIRCLE_NONE, CIRCLE_OPEN };

/* Spurious: a strict local minimum. None: F falls on both sides along the circle. Global: p - 1 changes sign about it,
   where F has one stationary point only, so that it is the zero of p - 1. */
static enum circle_kind circle_classify(const circle_search *s, iv f)
{
    jet j = circle_jet(s, f, 2);
    if (j.xx.lo > 0 && j.y.hi < 0)
        return CIRCLE_SPURIOUS;
    if (j.xx.hi < 0)
        return CIRCLE_NONE;
    iv wide = { f.lo - 0x1p-20, f.hi + 0x1p-20 };
    int left = iv_sign(expr_at(&s->output, iv_of(wide.lo), iv_of(s->radius), 0).F);
    int right = iv_sign(expr_at(&s->output, iv_of(wide.hi), iv_of(s->radius), 0).F);
    return left * right < 0 && circle_jet(s, wide, 2).xx.lo > 0 ? CIRCLE_GLOBAL : CIRCLE_OPEN;
}

/* How many there are of each kind. */
typedef struct {
    size_t of[CIRCLE_OPEN + 1];
    iv spurious; /* the last one's angle */
} circle_counts;

/* Searches the circle of that radius. */
static circle_counts circle_all(circle_search *s, double radius)
{
    circle_counts c = { { 0 }, iv_all() };
    *s = (circle_search) { .radius = radius };
    expr_must(SHAMIR_FIG1_POLAR, &s->e);
    expr_must(SHAMIR_FIG1_OUTPUT, &s->output);
    circle_find(s, (iv) { -3, add_up(2 * IV_PI.hi, -3) }, 40); /* no zero near the cut */
    for (size_t i = 0; i < s->n; i++) {
        enum circle_kind kind = circle_classify(s, s->at[i]);
        c.of[kind]++;
        if (kind == CIRCLE_SPURIOUS)
            c.spurious = s->at[i];
    }
    return c;
}

/* The circle's point at the angle f. */
static void circle_point(double radius, iv f, iv *w, iv *v)
{
    *w = iv_scale(radius, iv_cos(f));
    *v = iv_scale(radius, iv_sin(f));
}

/* One strict local minimum on the circle, in the lower left, strict on a neighbourhood of 2^-6, and F there above its
   value 0 at (1, 0), which lies in the disc. */
static void shamir_fig1_constrained(trial *t)
{
    result *r = t->result;
    circle_search s;
    iv w, v;
    circle_counts c = circle_all(&s, 2);
    iv near = { c.spurious.lo - 0x1p-6, c.spurious.hi + 0x1p-6 };
    circle_point(2, c.spurious, &w, &v);
    jet j = circle_jet(&s, c.spurious, 2);
    jet rim = circle_jet(&s, near, 2);
    jet inside = expr_at(&s.e, near, (iv) { 2 - 0x1p-6, 2 }, 1);
    jet best = expr_at(&s.e, iv_of(0), iv_of(1), 0);
    bool strict =
        c.of[CIRCLE_SPURIOUS] == 1 && !s.unresolved && rim.xx.lo > 0 && inside.y.hi < 0 && w.hi < 0 && v.hi < 0;
    judge(r, &r->printed, strict && j.F.lo > best.F.hi, CERTIFIED, "the constrained minimum was not confirmed");
    fig_count(r, "stationary-on-the-circle", s.n);
    fig_count(r, "spurious-minima-on-the-circle", c.of[CIRCLE_SPURIOUS]);
    fig_iv(r, "spurious-w", w);
    fig_iv(r, "spurious-v", v);
    fig_iv(r, "spurious-value", j.F);
    fig_iv(r, "radial-slope", j.y);
    fig_iv(r, "curvature", j.xx);
    fig_iv(r, "F-at-(1,0)", best.F);
    margin_add(r, add_dn(j.F.lo, -best.F.hi));
}

#define SHAMIR_FIG1_CONSTRAINED(name, level) CASE_PLAIN(name, level, shamir_fig1_constrained, NULL)

typedef struct {
    double radius;
    size_t spurious; /* minima, expected */
} section4_disc_spec;

/* A disc of another radius: one spurious minimum for 1 < R < R_c, none beyond. */
static void shamir_section4_disc(trial *t)
{
    const section4_disc_spec *spec = t->row->spec;
    result *r = t->result;
    circle_search s;
    iv w, v;
    circle_counts c = circle_all(&s, spec->radius);
    bool known = !s.unresolved && !c.of[CIRCLE_OPEN];
    judge(r, &r->printed, known && c.of[CIRCLE_SPURIOUS] == spec->spurious, CERTIFIED,
        "not all stationary points on the circle are known");
    fig_count(r, "stationary-on-the-circle", s.n);
    fig_count(r, "spurious-minima-on-the-circle", c.of[CIRCLE_SPURIOUS]);
    if (!c.of[CIRCLE_SPURIOUS])
        return;
    circle_point(spec->radius, c.spurious, &w, &v);
    jet j = circle_jet(&s, c.spurious, 0);
    fig_iv(r, "spurious-w", w);
    fig_iv(r, "spurious-v", v);
    fig_iv(r, "spurious-value", j.F);
    margin_add(r, j.F.lo);
}

#define SHAMIR_SECTION4_DISC(name, level, radius, spurious) \
    CASE_ROW(name, level, shamir_section4_disc, section4_disc_spec, radius, spurious)

/* t^4 + t^3 - 1, and r^4 - 3 r^3 - 5 r^2 - 21 r + 17. */
static iv section4_valley(const void *context, iv t)
{
    (void)context;
    return iv_sub(iv_mul(iv_power(t, 3), iv_add(t, iv_of(1))), iv_of(1));
}

static iv section4_quartic(const void *context, iv r)
{
    static const double c[5] = { 1, -3, -5, -21, 17 };
    iv sum = { 0, 0 };
    (void)context;
    for (int k = 0; k < 5; k++)
        sum = iv_add(iv_mul(sum, r), iv_of(c[k]));
    return sum;
}

/* R_c: the valley w s = 1 of w < 0 holds (-1/t, -(1 + t)), at the distance sqrt(1/t^2 + (1 + t)^2), least where t^4 +
   t^3 = 1. On the circle p = w s has the slope R (R - sin f - 2 R sin^2 f), for R > 1 with four zeros: two maxima, one
   with w, s > 0 and one with w, s < 0, and two minima, where p < 0; inside the disc it has a saddle only. A
   constrained minimum of F with p < 1 is a local maximum of p on the disc, one with p > 1 a local minimum: there is
   none. The first maximum is the largest p for w >= 0, at least p(1, 0) = 1; the second one the largest for w, s <= 0,
   at least 1 if and only if the disc reaches the valley, and above 0 where R > 1. So there is a spurious minimum if 1
   < R < R_c, and none beyond. Second way: the larger root of the quartic in R^2. */
static void shamir_section4_radius(trial *t)
{
    result *r = t->result;
    iv at = zero_between((iv) { 0.5, 1 }, -1, section4_valley, NULL);
    iv square = iv_add(iv_div(iv_of(1), iv_sqr(at)), iv_sqr(iv_add(iv_of(1), at)));
    iv root = zero_between((iv) { 4.5, 5 }, -1, section4_quartic, NULL);
    /* increasing from 4.5 on: 4 r^3 - 9 r^2 - 10 r - 21 > 0 */
    bool larger = section4_quartic(NULL, iv_of(root.lo)).hi <= 0 && section4_quartic(NULL, iv_of(root.hi)).lo >= 0;
    judge(r, &r->repaired, larger && !iv_apart(square, root), CERTIFIED, "R_c was not confirmed");
    fig_iv(r, "t", at);
    fig_iv(r, "R_c^2", iv_meet(square, root));
    fig_iv(r, "R_c^2-by-the-quartic", root);
    fig_iv(r, "R_c", iv_sqrt(iv_meet(square, root)));
}

#define SHAMIR_SECTION4_RADIUS(name, level) CASE_PLAIN(name, level, shamir_section4_radius, NULL)

/// 9 Section 4 and Figure 1: the picture ///

/* The three panels anew, with the points that the caption and the text speak of marked. */

static const char SHAMIR_FIG1_PLAIN[] = "(x*(1+y)-1)^2";
enum { SHAMIR_FIG1_MARKS = 2 }; /* at most, on the panels (a) and (c) */

static void shamir_fig1_mark(picture_panel *p, double w, double v, enum mark_kind kind, const char *label)
{
    p->mark[p->marks++] = (picture_mark) { w, v, kind, label };
}

/* (a): F itself, with one of its global minima and its saddle. */
static void shamir_fig1_picture_plain(mem *arena, picture_panel *p)
{
    *p = (picture_panel) { .title = "(a) F = (w(1 + v) - 1)^2", .formula = SHAMIR_FIG1_PLAIN };
    p->mark = mem_get(arena, SHAMIR_FIG1_MARKS, sizeof *p->mark);
    shamir_fig1_mark(p, 1, 0, MARK_GLOBAL, "a global minimum");
    shamir_fig1_mark(p, 0, -1, MARK_SADDLE, "saddle");
}

/* (b): the caption's function with all its stationary points, of which the first has the least value. */
static void shamir_fig1_picture_regularised(mem *arena, picture_panel *p)
{
    land_view *view = land_open(arena, LAND_CAPTION);
    *p = (picture_panel) { .title = "(b) F + (w^2 + v^2)/4", .formula = view->l->formula };
    land_stationary(view);
    p->mark = mem_get(arena, view->all.n, sizeof *p->mark);
    for (size_t i = 0; i < view->all.n; i++) {
        const stat_point *s = &view->all.at[i];
        double w = iv_mid(s->x);
        double v = iv_mid(s->y);
        if (s->kind == SADDLE)
            shamir_fig1_mark(p, w, v, MARK_SADDLE, "saddle");
        else if (i)
            shamir_fig1_mark(p, w, v, MARK_SPURIOUS, "spurious minimum");
        else
            shamir_fig1_mark(p, w, v, MARK_GLOBAL, "global minimum");
    }
}

/* (c): F on the disc, with the spurious minimum on its rim and a global one. */
static void shamir_fig1_picture_disc(mem *arena, picture_panel *p)
{
    circle_search s;
    iv w, v;
    circle_point(2, circle_all(&s, 2).spurious, &w, &v);
    *p = (picture_panel) { .title = "(c) F on the disc |(w, v)| &#8804; 2", .formula = SHAMIR_FIG1_PLAIN, .disc = 2 };
    p->mark = mem_get(arena, SHAMIR_FIG1_MARKS, sizeof *p->mark);
    shamir_fig1_mark(p, iv_mid(w), iv_mid(v), MARK_SPURIOUS, "spurious minimum");
    shamir_fig1_mark(p, 1, 0, MARK_GLOBAL, "a global minimum");
}

static void shamir_fig1_picture(mem *arena, picture *p)
{
    p->title = "Shamir, NeurIPS 2018, Figure 1, drawn anew";
    p->panels = 3;
    p->panel = mem_get(arena, p->panels, sizeof *p->panel);
    shamir_fig1_picture_plain(arena, &p->panel[0]);
    shamir_fig1_picture_regularised(arena, &p->panel[1]);
    shamir_fig1_picture_disc(arena, &p->panel[2]);
}

/// 9 Inequalities: Lemma 1 and Theorem 1 ///

/* Lemma 1: <vec G, grad F> >= F - F_lin(w*). Theorem 1: |grad F| >= (F - F_lin(w*)) / sqrt(2 |w|^2 + |w*|^2 (2 +
   |V|^2 / |w|^2)), w != 0. A ratio is the right side over the left: at most 1 where the claim holds. Remark 2, for more
   than one output, is the same two inequalities, with |G|_F for the root: the same runners do for it. Lemma 1's left
   side is E <l', p - w* x>, always: an instance where the enclosures of the two are apart counts as a violation. */

enum { STATEMENT_LEMMA1, STATEMENT_THM1 };

static void shamir_thm1_tally(tally *t, int statement, const shamir_thm1_values *v)
{
    t->violated |= iv_apart(v->inner, v->fall);
    if (statement == STATEMENT_THM1)
        tally_add(t, v->gradient, v->bound, v->worse);
    else
        tally_add(t, v->inner, v->gain, v->worse);
}

static void shamir_thm1_tally_both(tally *t, const shamir_thm1_values *v)
{
    shamir_thm1_tally(t, STATEMENT_LEMMA1, v);
    shamir_thm1_tally(t, STATEMENT_THM1, v);
}

/* The verdict on an instance given by hand, and its margin. */
static void shamir_thm1_verdict(result *r, const tally *t)
{
    r->printed = tally_verdict(t);
    explain_undecided(r, "an enclosure is too wide");
    margin_add(r, add_dn(1, -t->ratio.hi));
}

typedef struct {
    int statement;      /* STATEMENT_...; for q > 1 both are asked */
    int loss, features; /* of losses[]; FEATURES_... */
    size_t N, d, k, q;  /* N = 0: iris; x in R^d, f in R^k, q outputs */
    int instances;
    unsigned stream;
} shamir_thm1_random_spec;

/* Random points, at sizes from 1/8 to 4, against the best linear predictor (every second) and against random ones. */
static void shamir_thm1_random(trial *t)
{
    const shamir_thm1_random_spec *spec = t->row->spec;
    tally count = { 0 };
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM1_INSTANCE + spec->stream);
    skip_data D = skip_make(t->memory, &random, spec->loss, spec->features, spec->N, spec->d, spec->k, spec->q);
    skip_rival best = { D.S.dy == 1 ? skip_linear_best(t->memory, &D, INFINITY) : NULL, NULL };
    for (int i = 0; i < spec->instances; i++) {
        mem local = { 0 };
        skip_rival rival;
        skip_point p = shamir_thm1_draw(
            &local, &random, &D, two_to(i % 6 - 3), 0.5, false, i % 2 && best.A ? &best : NULL, &rival);
        shamir_thm1_values v = shamir_thm1_evaluate(&local, &D, &p, &rival);
        if (D.S.dy > 1)
            shamir_thm1_tally_both(&count, &v);
        else
            shamir_thm1_tally(&count, spec->statement, &v);
        mem_free(&local);
    }
    tally_report(t->result, &count);
}

#define SHAMIR_LEMMA1_RANDOM(name, level, loss, features, N, d, k, instances, stream)                                \
    CASE_ROW(name, level, shamir_thm1_random, shamir_thm1_random_spec, STATEMENT_LEMMA1, loss, features, N, d, k, 1, \
        instances, stream)
#define SHAMIR_THM1_RANDOM(name, level, loss, features, N, d, k, instances, stream)                                \
    CASE_ROW(name, level, shamir_thm1_random, shamir_thm1_random_spec, STATEMENT_THM1, loss, features, N, d, k, 1, \
        instances, stream)
#define SHAMIR_REMARK2_RANDOM(name, level, loss, features, N, d, k, q, instances, stream)                            \
    CASE_ROW(name, level, shamir_thm1_random, shamir_thm1_random_spec, STATEMENT_LEMMA1, loss, features, N, d, k, q, \
        instances, stream)

/* What a search climbs: the ratio of Lemma 1, ... */
static double shamir_lemma1_score(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    shamir_thm1_values v = shamir_thm1_evaluate(arena, D, p, rival);
    return score_of(v.inner, v.gain);
}

/* ... and that of Theorem 1. */
static double shamir_thm1_score(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    shamir_thm1_values v = shamir_thm1_evaluate(arena, D, p, rival);
    return score_of(v.gradient, v.bound);
}

typedef struct {
    int statement, loss; /* STATEMENT_...; of losses[] */
    size_t N, d, k, q;
    int proposals; /* instances tried */
    unsigned stream;
} shamir_thm1_search_spec;

/* The tightest instance found: W, V, W*, samples and features are all free. */
static void shamir_thm1_search(trial *t)
{
    const shamir_thm1_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    skip_attack a = attack_make(arena, spec->loss, spec->N, spec->d, spec->k, spec->q, false, false);
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM1_SEARCH + spec->stream);
    tally count = { 0 };
    skip_point p;
    skip_rival rival;
    attack_climb(
        &a, &random, spec->proposals, spec->statement == STATEMENT_LEMMA1 ? shamir_lemma1_score : shamir_thm1_score);
    skip_data D = attack_data(&a, a.x, &p, &rival);
    shamir_thm1_values v = shamir_thm1_evaluate(arena, &D, &p, &rival);
    shamir_thm1_tally(&count, spec->statement, &v);
    tally_report(t->result, &count);
}

#define SHAMIR_LEMMA1_SEARCH(name, level, loss, N, d, k, proposals, stream)                                           \
    CASE_ROW(name, level, shamir_thm1_search, shamir_thm1_search_spec, STATEMENT_LEMMA1, loss, N, d, k, 1, proposals, \
        stream)
#define SHAMIR_THM1_SEARCH(name, level, loss, N, d, k, proposals, stream) \
    CASE_ROW(                                                             \
        name, level, shamir_thm1_search, shamir_thm1_search_spec, STATEMENT_THM1, loss, N, d, k, 1, proposals, stream)
#define SHAMIR_REMARK2_SEARCH(name, level, statement, loss, N, d, k, q, proposals, stream) \
    CASE_ROW(name, level, shamir_thm1_search, shamir_thm1_search_spec, statement, loss, N, d, k, q, proposals, stream)

typedef struct {
    int statement; /* STATEMENT_... */
} shamir_thm1_hand_spec;

/* hand_data in whole numbers, at w = (2, -3), against w* = (2, 1): exact.py has every figure. */
static const double hand_w[2] = { 2, -3 };
static const double hand_V[4] = { 1, 2, 0, -1 };

/* Lemma 1 or Theorem 1 there. */
static void shamir_thm1_hand(trial *t)
{
    const shamir_thm1_hand_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    static const double linear[2] = { 2, 1 };
    skip_data D = hand_data(arena);
    skip_point p = { hand_w, hand_V };
    skip_rival rival = { linear, NULL };
    tally count = { 0 };
    shamir_thm1_values v = shamir_thm1_evaluate(arena, &D, &p, &rival);
    shamir_thm1_tally(&count, spec->statement, &v);
    shamir_thm1_verdict(r, &count);
    fig_iv(r, "F", v.F);
    fig_iv(r, "F_lin(w*)", v.rival);
    if (spec->statement == STATEMENT_LEMMA1) {
        fig_iv(r, "inner-product", v.inner);
        fig_iv(r, "E-slope-(p-p*)", v.fall);
        fig_iv(r, "gap", iv_sub(v.inner, v.gain));
    } else {
        fig_iv(r, "gradient-norm", v.gradient);
        fig_iv(r, "bound", v.bound);
    }
    fig_iv(r, "ratio", count.ratio);
}

#define SHAMIR_LEMMA1_HAND(name, level) CASE_ROW(name, level, shamir_thm1_hand, shamir_thm1_hand_spec, STATEMENT_LEMMA1)
#define SHAMIR_THM1_HAND(name, level) CASE_ROW(name, level, shamir_thm1_hand, shamir_thm1_hand_spec, STATEMENT_THM1)

/* One sample x = 3, f = -1, y = -2^k, w = v = 1, w* = -1, squared loss. */
static skip_data sharp_data(mem *arena, int y_log2, skip_point *p, skip_rival *rival)
{
    static const double one[1] = { 1 };
    static const double minus[1] = { -1 };
    static const double X[1] = { 3 };
    double *Y = mem_doubles(arena, 1);
    iv *f = mem_ivs(arena, 1);
    Y[0] = -two_to(y_log2);
    f[0] = iv_of(-1);
    *p = (skip_point) { one, one };
    *rival = (skip_rival) { minus, NULL };
    return (skip_data) { { 1, 1, 1, X, Y, &losses[SQUARED] }, 1, f };
}

typedef struct {
    int statement, y_log2; /* STATEMENT_...; y = -2^y_log2 */
} shamir_thm1_sharp_spec;

/* Sharp: G = (2, -1) is parallel to the gradient, |G| equals the root, and the loss is nearly linear: the ratio is
   (2 Y - 1)/(2 Y + 4), Y = 2^k, so that no constant of either statement can be smaller. */
static void shamir_thm1_sharp(trial *t)
{
    const shamir_thm1_sharp_spec *spec = t->row->spec;
    result *r = t->result;
    skip_point p;
    skip_rival rival;
    skip_data D = sharp_data(t->memory, spec->y_log2, &p, &rival);
    tally count = { 0 };
    shamir_thm1_values v = shamir_thm1_evaluate(t->memory, &D, &p, &rival);
    shamir_thm1_tally(&count, spec->statement, &v);
    shamir_thm1_verdict(r, &count);
    fig_iv(r, "gradient-norm", v.gradient);
    fig_iv(r, "ratio", count.ratio);
    if (!(count.ratio.lo > 1 - 0x1p-16))
        undecided(r, "the sharp family does not come near 1");
}

#define SHAMIR_LEMMA1_SHARP(name, level, y_log2) \
    CASE_ROW(name, level, shamir_thm1_sharp, shamir_thm1_sharp_spec, STATEMENT_LEMMA1, y_log2)
#define SHAMIR_THM1_SHARP(name, level, y_log2) \
    CASE_ROW(name, level, shamir_thm1_sharp, shamir_thm1_sharp_spec, STATEMENT_THM1, y_log2)

/// 9 Inequalities: Remark 1 ///

/* Biases. x~ = (x, 1), f~ = (f, 1): with w~ = (w, a0), V~ = [V, a; 0, 0], w~^T (x~ + V~ f~) = w^T (x + V f + a) + a0.
   So the results apply to the larger model, whose V~ has a last row of its own. The model as written keeps that row 0:
   restricted, Lemma 1 holds there too, with G = (w - w*, a0 - a0*; w w*^T [V, a] / |w|^2) and w for w~. */

/* The larger model: d + 1 and k + 1 for d and k. */
static skip_data shamir_remark1_augment(mem *arena, const skip_data *D)
{
    size_t N = D->S.N;
    size_t d = D->S.dx;
    size_t k = D->k;
    double *X = mem_doubles(arena, N * (d + 1));
    iv *f = mem_ivs(arena, N * (k + 1));
    for (size_t i = 0; i < N; i++) {
        memcpy(X + i * (d + 1), D->S.X + i * d, d * sizeof *X);
        memcpy(f + i * (k + 1), D->f + i * k, k * sizeof *f);
        X[i * (d + 1) + d] = 1;
        f[i * (k + 1) + k] = iv_of(1);
    }
    return (skip_data) { { N, d + 1, 1, X, D->S.Y, D->S.L }, k + 1, f };
}

/* w^T (x + V f + a) + a0 from the formula, against the augmented model's outputs. */
static bool shamir_remark1_same(const skip_data *D, const skip_point *p, const skip_jet *j)
{
    size_t d = D->S.dx;
    size_t k = D->k;
    for (size_t s = 0; s < D->S.N; s++) {
        iv out = iv_of(p->W[d]);
        for (size_t a = 0; a < d; a++) {
            const double *V = p->V + a * (k + 1);
            iv z = iv_add(iv_of(D->S.X[s * d + a]), iv_add(iv_dot(k, V, D->f + s * k, 1), iv_of(V[k])));
            out = iv_add(out, iv_scale(p->W[a], z));
        }
        if (iv_apart(out, iv_dot(d + 1, p->W, j->z + s * (d + 1), 1)))
            return false;
    }
    return true;
}

/* <G, grad> of the restricted model: D is the plain data, p, rival and j are the augmented model's. */
static iv shamir_remark1_inner(const skip_data *D, const skip_point *p, const double *rival, const skip_jet *j)
{
    size_t d = D->S.dx;
    size_t k = D->k;
    iv w2 = iv_sqr(iv_norm(d, p->W));
    iv inner = { 0, 0 };
    for (size_t a = 0; a <= d; a++)
        inner = iv_add(inner, iv_mul(iv_sub(iv_of(p->W[a]), iv_of(rival[a])), j->gW[a]));
    for (size_t l = 0; l <= k; l++) {
        iv row = { 0, 0 };
        for (size_t a = 0; a < d; a++)
            row = iv_add(row, iv_mul(iv_of(rival[a]), iv_of(p->V[a * (k + 1) + l])));
        for (size_t a = 0; a < d; a++)
            inner = iv_add(inner, iv_mul(iv_div(iv_scale(p->W[a], row), w2), j->gV[a * (k + 1) + l]));
    }
    return inner;
}

typedef struct {
    int loss, features; /* of losses[]; FEATURES_... */
    size_t N, d, k;     /* N = 0: iris */
    int instances;
    unsigned stream;
} shamir_remark1_spec;

/* One random point of the larger model B: both statements there; then, its V~ with the last row 0, Lemma 1 of the
   restricted one. Returns whether that one's outputs are the biased model's. */
static bool shamir_remark1_instance(
    rng *random, const skip_data *D, const skip_data *B, tally *large, tally *restricted)
{
    mem local = { 0 };
    skip_rival rival;
    skip_point p = shamir_thm1_draw(&local, random, B, 1, 0.5, false, NULL, &rival);
    shamir_thm1_values v = shamir_thm1_evaluate(&local, B, &p, &rival);
    shamir_thm1_tally_both(large, &v);
    double *V = mem_copy(&local, B->S.dx * B->k, p.V);
    memset(V + D->S.dx * B->k, 0, B->k * sizeof *V);
    p.V = V;
    skip_jet j = skip_differentiate(&local, B, &p);
    iv gain = iv_sub(j.F, skip_rival_value(&local, B, &rival));
    iv inner = shamir_remark1_inner(D, &p, rival.A, &j);
    if (!shamir_thm1_idle(&local, B, &p, &rival))
        tally_add(restricted, inner, gain, gain.lo > 0);
    bool same = shamir_remark1_same(D, &p, &j);
    mem_free(&local);
    return same;
}

/* Printed: the larger model; repaired: the restricted one. */
static void shamir_remark1(trial *t)
{
    const shamir_remark1_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_SHAMIR_REMARK1 + spec->stream);
    skip_data D = skip_make(arena, &random, spec->loss, spec->features, spec->N, spec->d, spec->k, 1);
    skip_data B = shamir_remark1_augment(arena, &D);
    tally large = { 0 };
    tally restricted = { 0 };
    bool same = true;
    for (int i = 0; i < spec->instances; i++)
        same &= shamir_remark1_instance(&random, &D, &B, &large, &restricted);
    tally_report(r, &large);
    r->repaired = tally_verdict(&restricted);
    explain_undecided(r, "an enclosure of the restricted model is too wide");
    fig_iv(r, "largest-ratio-restricted", restricted.ratio);
    if (!same)
        undecided(r, "the augmented model is not the biased one");
}

#define SHAMIR_REMARK1(name, level, loss, features, N, d, k, instances, stream) \
    CASE_ROW(name, level, shamir_remark1, shamir_remark1_spec, loss, features, N, d, k, instances, stream)

/// 9 Inequalities: Theorem 2 ///

/* At w = 0: lambda_min (Hessian) <= 0, and |grad| + |V| sqrt(|lambda| |d2F/dw2| + lambda^2) >= (F - F_lin(w*)) /
   |w*|. There the Hessian has the blocks A = E l'' z z^T, E l' f_l between w_i and V_il, and 0: so with b = E l' f,
   lambda = (a - sqrt(a^2 + 4 |b|^2)) / 2, a = lambda_min(A): the second way to lambda. |lambda| a + lambda^2 = |b|^2
   exactly: so |A| may be a, and against any (a*, b*)
     |grad| |a*| + |V^T a* - b*| sqrt(|lambda| a + lambda^2) >= F - G(a*, b*),
   which also makes sense for a* = 0, where Theorem 2 divides by 0. */

/* The factor of lambda^2, for a mutant. */
static const double SHAMIR_THM2_SQUARE = 1;

typedef struct {
    iv F, rival, gradient;  /* F(0, V), F_lin(w*) or G(a*, b*), |grad F| */
    iv least, second_way;   /* lambda_min, by both ways; by the second alone */
    iv bend, alpha;         /* |d2F/dw2|; its least eigenvalue */
    iv left, right;         /* of Theorem 2 */
    iv all_left, all_right; /* of the inequality against G */
    iv slope, defect;       /* |dG/db|; |lambda| alpha + lambda^2 - |dG/db|^2, lambda by the first way: 0 */
    bool worse, flat;       /* F > that of the rival; the block of V is exactly 0, so that lambda_min <= 0 */
} shamir_thm2_values;

/* Whether the block from row and column d on of an n x n matrix is exactly 0. */
static bool shamir_thm2_flat(size_t n, size_t d, const iv *H)
{
    bool flat = true;
    for (size_t a = d; a < n; a++)
        for (size_t b = d; b < n; b++)
            flat &= iv_is(H[a * n + b], 0);
    return flat;
}

/* lambda_min, alpha, bend, and what they have to do with the slope. */
static void shamir_thm2_spectrum(mem *arena, const skip_data *D, const skip_jet *j, const iv *H, shamir_thm2_values *v)
{
    size_t n = skip_size(D);
    iv largest;
    iv_eigen_range(arena, n, H, n, &v->least, &largest);
    iv_eigen_range(arena, D->S.dx, H, n, &v->alpha, &v->bend);
    v->slope = iv_length(D->k, j->gB);
    iv b2 = iv_sqr(v->slope);
    v->defect = iv_sub(iv_add(iv_mul(iv_neg(v->least), v->alpha), iv_sqr(v->least)), b2);
    v->second_way = shamir_origin_least(v->alpha, b2);
    v->least = iv_meet(v->least, v->second_way);
    v->flat = shamir_thm2_flat(n, D->S.dx, H);
    if (v->flat)
        v->least.hi = fmin(v->least.hi, 0);
}

/* All of the inequalities at (0, V) against the rival; `right` needs an A that is not 0. */
static shamir_thm2_values shamir_thm2_evaluate(mem *arena, const skip_data *D, const double *V, const skip_rival *rival)
{
    size_t d = D->S.dx;
    skip_point p = { mem_doubles(arena, d), V };
    skip_jet j = skip_differentiate(arena, D, &p);
    iv length = iv_norm(d, rival->A);
    shamir_thm2_values v = {
        .F = j.F, .rival = skip_rival_value(arena, D, rival), .gradient = skip_gradient_norm(D, &j)
    };
    shamir_thm2_spectrum(arena, D, &j, skip_hessian(arena, D, &p, &j), &v);
    iv size = iv_abs(v.least);
    iv root = iv_sqrt(iv_add(iv_mul(size, v.bend), iv_scale(SHAMIR_THM2_SQUARE, iv_sqr(size))));
    v.left = iv_add(v.gradient, iv_mul(norm_spectral(arena, d, D->k, V), root));
    v.all_right = iv_sub(v.F, v.rival);
    v.right = iv_div(v.all_right, length);
    v.all_left = iv_cross(v.gradient, length, iv_length(D->k, skip_defect(arena, D, &p, rival)),
        shamir_kernel_root(v.least, iv_max(v.alpha, iv_of(0))));
    v.worse = v.all_right.lo > 0;
    return v;
}

/* false: lambda_min is not known to be <= 0. */
static bool shamir_thm2_tally(tally *t, const shamir_thm2_values *v)
{
    t->violated |= !iv_has(v->defect, 0);
    tally_add(t, v->left, v->right, v->worse);
    return v->flat && v->least.hi <= 0;
}

typedef struct {
    int loss, features; /* of losses[]; FEATURES_... */
    size_t N, d, k;     /* N = 0: iris */
    int instances;
    unsigned stream;
} shamir_thm2_random_spec;

/* Random V, against the best linear predictor (every second) and against random ones. */
static void shamir_thm2_random(trial *t)
{
    const shamir_thm2_random_spec *spec = t->row->spec;
    result *r = t->result;
    tally count = { 0 };
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM2_INSTANCE + spec->stream);
    skip_data D = skip_make(t->memory, &random, spec->loss, spec->features, spec->N, spec->d, spec->k, 1);
    const double *best = skip_linear_best(t->memory, &D, INFINITY);
    bool below = true;
    double highest = -INFINITY;
    for (int i = 0; i < spec->instances; i++) {
        mem local = { 0 };
        skip_point p = skip_random_point(&local, &random, &D, 1);
        skip_rival rival = { skip_random_point(&local, &random, &D, 0.125).W, NULL };
        if (i % 2)
            rival.A = best;
        shamir_thm2_values v = shamir_thm2_evaluate(&local, &D, p.V, &rival);
        below &= shamir_thm2_tally(&count, &v);
        highest = fmax(highest, v.least.hi);
        mem_free(&local);
    }
    tally_report(r, &count);
    if (!below)
        undecided(r, "lambda_min is not known to be <= 0");
    fig_double(r, "highest-lambda_min", highest);
}

#define SHAMIR_THM2_RANDOM(name, level, loss, features, N, d, k, instances, stream) \
    CASE_ROW(name, level, shamir_thm2_random, shamir_thm2_random_spec, loss, features, N, d, k, instances, stream)

/* What the search climbs: the ratio at w = 0, whatever W the point has. */
static double shamir_thm2_score(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    shamir_thm2_values v = shamir_thm2_evaluate(arena, D, p->V, rival);
    return score_of(v.left, v.right);
}

typedef struct {
    int loss; /* of losses[] */
    size_t N, d, k;
    int proposals; /* instances tried */
    unsigned stream;
} shamir_thm2_search_spec;

/* The tightest instance found: V, w*, samples and features are all free. */
static void shamir_thm2_search(trial *t)
{
    const shamir_thm2_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    skip_attack a = attack_make(arena, spec->loss, spec->N, spec->d, spec->k, 1, false, false);
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM2_SEARCH + spec->stream);
    tally count = { 0 };
    skip_point p;
    skip_rival rival;
    attack_climb(&a, &random, spec->proposals, shamir_thm2_score);
    skip_data D = attack_data(&a, a.x, &p, &rival);
    shamir_thm2_values v = shamir_thm2_evaluate(arena, &D, p.V, &rival);
    if (!shamir_thm2_tally(&count, &v))
        undecided(r, "lambda_min is not known to be <= 0");
    tally_report(r, &count);
}

#define SHAMIR_THM2_SEARCH(name, level, loss, N, d, k, proposals, stream) \
    CASE_ROW(name, level, shamir_thm2_search, shamir_thm2_search_spec, loss, N, d, k, proposals, stream)

/* hand_data in whole numbers, against w* = (-1, 0): exact.py has every figure. */
static void shamir_thm2_hand(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    static const double linear[2] = { -1, 0 };
    skip_data D = hand_data(arena);
    skip_rival rival = { linear, NULL };
    tally count = { 0 };
    shamir_thm2_values v = shamir_thm2_evaluate(arena, &D, hand_V, &rival);
    bool below = shamir_thm2_tally(&count, &v);
    r->printed = below ? tally_verdict(&count) : UNDECIDED;
    explain_undecided(r, "an enclosure is too wide");
    fig_iv(r, "F", v.F);
    fig_iv(r, "F_lin(w*)", v.rival);
    fig_iv(r, "gradient-norm", v.gradient);
    fig_iv(r, "lambda_min", v.least);
    fig_iv(r, "d2F/dw2", v.bend);
    fig_iv(r, "left-side", v.left);
    fig_iv(r, "right-side", v.right);
    fig_iv(r, "ratio", count.ratio);
    margin_add(r, add_dn(1, -count.ratio.hi));
}

#define SHAMIR_THM2_HAND(name, level) CASE_PLAIN(name, level, shamir_thm2_hand, NULL)

/* x = 1, f = -1/2, v = 1, y = -2^k, w* = -1, squared loss. */
static skip_data sharp_origin(mem *arena, int y_log2, skip_point *p, skip_rival *rival)
{
    skip_data D = sharp_data(arena, y_log2, p, rival);
    iv *f = mem_ivs(arena, 1);
    f[0] = iv_of(-0.5);
    D.f = f;
    D.S.X = p->V;
    return D;
}

typedef struct {
    int y_log2; /* y = -2^y_log2 */
} shamir_thm2_sharp_spec;

/* Sharp: left side 2 Y, right side 2 Y - 1, Y = 2^k. */
static void shamir_thm2_sharp(trial *t)
{
    const shamir_thm2_sharp_spec *spec = t->row->spec;
    result *r = t->result;
    skip_point p;
    skip_rival rival;
    skip_data D = sharp_origin(t->memory, spec->y_log2, &p, &rival);
    shamir_thm2_values v = shamir_thm2_evaluate(t->memory, &D, p.V, &rival);
    iv ratio = iv_div(v.right, v.left);
    judge(r, &r->printed, v.left.lo >= v.right.hi && v.least.hi <= 0, CERTIFIED, "an enclosure is too wide");
    fig_iv(r, "left-side", v.left);
    fig_iv(r, "right-side", v.right);
    fig_iv(r, "ratio", ratio);
    if (!(ratio.lo > 1 - 0x1p-16))
        undecided(r, "the sharp family does not come near 1");
    margin_add(r, add_dn(1, -ratio.hi));
}

#define SHAMIR_THM2_SHARP(name, level, y_log2) CASE_ROW(name, level, shamir_thm2_sharp, shamir_thm2_sharp_spec, y_log2)

/* w* = 0: Theorem 2 divides by it, and what it is multiplied by |w*| says 0 >= 0: F(0, V) is F_lin(0), whatever V. */
static void shamir_thm2_zero(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    skip_data D = hand_data(arena);
    D.S.N = 2; /* a mean that is exact */
    skip_rival rival = { mem_doubles(arena, D.S.dx), NULL };
    shamir_thm2_values v = shamir_thm2_evaluate(arena, &D, hand_V, &rival);
    judge(r, &r->repaired, iv_is(v.all_right, 0) && iv_is(v.all_left, 0), CERTIFIED, "F(0, V) is not F_lin(0)");
    fig_iv(r, "F-F_lin(0)", v.all_right);
}

#define SHAMIR_THM2_ZERO(name, level) CASE_PLAIN(name, level, shamir_thm2_zero, NULL)

/// 9 Inequalities: the landscape for fixed theta ///

/* Three inequalities against G(A, B) for any A and B (`5 The network with a linear output: inequalities`): by the
   gradient where W has full row rank, by a vector n of its kernel, and, for one output, at w = 0. For several outputs
   they are Remark 2's. */

enum { BY_GRADIENT, BY_KERNEL, BY_ORIGIN, WAYS };
static const char *const way_names[WAYS] = { "ratio-by-gradient", "ratio-by-kernel", "ratio-at-w=0" };

/* n = (1, .., 1), in whose kernel skip_make_singular puts W. */
static const double *ones(mem *arena, size_t d)
{
    double *n = mem_doubles(arena, d);
    for (size_t i = 0; i < d; i++)
        n[i] = 1;
    return n;
}

/* Adds to each tally the inequality at a point; by the kernel at W made singular, at w = 0 for q = 1. */
static void landscape_tally(mem *arena, tally count[WAYS], const skip_data *D, const skip_point *p, const skip_rival *r)
{
    size_t q = D->S.dy;
    size_t d = D->S.dx;
    if (q <= d) {
        shamir_thm1_values v = shamir_thm1_evaluate(arena, D, p, r);
        shamir_thm1_tally_both(&count[BY_GRADIENT], &v);
    }
    double *W = mem_copy(arena, q * d, p->W);
    skip_make_singular(q, d, W);
    shamir_kernel_values v = shamir_kernel_evaluate(arena, D, &(skip_point) { W, p->V }, r, ones(arena, d));
    tally_add(&count[BY_KERNEL], v.left, v.right, v.worse);
    if (q > 1)
        return;
    shamir_thm2_values o = shamir_thm2_evaluate(arena, D, p->V, r);
    count[BY_ORIGIN].violated |= !iv_has(o.defect, 0);
    tally_add(&count[BY_ORIGIN], o.all_left, o.all_right, o.worse);
}

/* Only that way is asked. */
static void landscape_keep(tally count[WAYS], int way)
{
    for (int i = 0; i < WAYS; i++)
        if (i != way)
            count[i] = (tally) { 0 };
}

/* The verdict on all of them, those not asked left out. */
static void landscape_report(result *r, enum verdict *which, const tally count[WAYS])
{
    enum verdict all = CERTIFIED;
    size_t instances = 0;
    for (int i = 0; i < WAYS; i++) {
        enum verdict v = count[i].instances ? tally_verdict(&count[i]) : CERTIFIED;
        instances += count[i].instances;
        if (v == REFUTED || all == CERTIFIED)
            all = v;
    }
    *which = all;
    explain_undecided(r, "an enclosure is too wide, or no instance is worse than its rival");
    fig_count(r, "inequalities", instances);
    for (int i = 0; i < WAYS; i++)
        if (count[i].instances) {
            fig_iv(r, way_names[i], count[i].ratio);
            margin_add(r, add_dn(1, -count[i].ratio.hi));
        }
}

/* Random points, at sizes from 1/8 to 4, against the minimiser of G (every second) and against random A and B. */
static void landscape_random(trial *t, enum verdict *which)
{
    const shamir_thm1_random_spec *spec = t->row->spec;
    tally count[WAYS] = { { 0 } };
    rng random = rng_make(t->seed, STREAM_SHAMIR_LANDSCAPE_INSTANCE + spec->stream);
    skip_data D = skip_make(t->memory, &random, spec->loss, spec->features, spec->N, spec->d, spec->k, spec->q);
    skip_rival best = skip_convex_best(t->memory, &D).at;
    for (int i = 0; i < spec->instances; i++) {
        mem local = { 0 };
        skip_rival rival;
        skip_point p =
            shamir_thm1_draw(&local, &random, &D, two_to(i % 6 - 3), 0.5, true, i % 2 ? &best : NULL, &rival);
        landscape_tally(&local, count, &D, &p, &rival);
        mem_free(&local);
    }
    landscape_report(t->result, which, count);
}

static void shamir_landscape_random(trial *t) { landscape_random(t, &t->result->printed); }
static void shamir_remark2_all(trial *t) { landscape_random(t, &t->result->repaired); }

#define SHAMIR_LANDSCAPE_RANDOM(name, level, loss, features, N, d, k, instances, stream)                              \
    CASE_ROW(name, level, shamir_landscape_random, shamir_thm1_random_spec, 0, loss, features, N, d, k, 1, instances, \
        stream)
#define SHAMIR_REMARK2_ALL(name, level, loss, features, N, d, k, q, instances, stream) \
    CASE_ROW(name, level, shamir_remark2_all, shamir_thm1_random_spec, 0, loss, features, N, d, k, q, instances, stream)

static double landscape_kernel_score(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    shamir_kernel_values v = shamir_kernel_evaluate(arena, D, p, rival, ones(arena, D->S.dx));
    return score_of(v.left, v.right);
}

static double landscape_origin_score(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    shamir_thm2_values v = shamir_thm2_evaluate(arena, D, p->V, rival);
    return score_of(v.all_left, v.all_right);
}

/* The tightest instance found for one of the inequalities: W, V, A, B, samples and features are all free. */
static void landscape_search(trial *t, enum verdict *which)
{
    static attack_score *const scores[WAYS] = { shamir_thm1_score, landscape_kernel_score, landscape_origin_score };
    const shamir_thm1_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    int way = spec->statement;
    skip_attack a = attack_make(arena, spec->loss, spec->N, spec->d, spec->k, spec->q, true, way == BY_KERNEL);
    rng random = rng_make(t->seed, STREAM_SHAMIR_LANDSCAPE_SEARCH + spec->stream);
    tally count[WAYS] = { { 0 } };
    skip_point p;
    skip_rival rival;
    attack_climb(&a, &random, spec->proposals, scores[way]);
    skip_data D = attack_data(&a, a.x, &p, &rival);
    landscape_tally(arena, count, &D, &p, &rival);
    landscape_keep(count, way);
    landscape_report(t->result, which, count);
}

static void shamir_landscape_search(trial *t) { landscape_search(t, &t->result->printed); }
static void shamir_remark2_search(trial *t) { landscape_search(t, &t->result->repaired); }

#define SHAMIR_LANDSCAPE_SEARCH(name, level, way, loss, N, d, k, proposals, stream) \
    CASE_ROW(name, level, shamir_landscape_search, shamir_thm1_search_spec, way, loss, N, d, k, 1, proposals, stream)
#define SHAMIR_REMARK2_KERNEL(name, level, loss, N, d, k, q, proposals, stream) \
    CASE_ROW(                                                                   \
        name, level, shamir_remark2_search, shamir_thm1_search_spec, BY_KERNEL, loss, N, d, k, q, proposals, stream)

typedef struct {
    int way; /* BY_... */
} shamir_landscape_hand_spec;

/* hand_data in whole numbers: at w = (2, -3), whose kernel holds n = (3, 2), against a = (2, 1), b = (1, -1); at w = 0
   against a = (-1, 0), b = (1, 1). */
static void shamir_landscape_hand(trial *t)
{
    const shamir_landscape_hand_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    static const double A[2][2] = { { 2, 1 }, { -1, 0 } };
    static const double B[2][2] = { { 1, -1 }, { 1, 1 } };
    static const double n[2] = { 3, 2 };
    int at = spec->way == BY_ORIGIN;
    skip_data D = hand_data(arena);
    skip_point p = { hand_w, hand_V };
    skip_rival rival = { A[at], B[at] };
    tally count[WAYS] = { { 0 } };
    shamir_thm1_values g = shamir_thm1_evaluate(arena, &D, &p, &rival);
    shamir_kernel_values k = shamir_kernel_evaluate(arena, &D, &p, &rival, n);
    shamir_thm2_values o = shamir_thm2_evaluate(arena, &D, hand_V, &rival);
    if (spec->way == BY_GRADIENT)
        shamir_thm1_tally(&count[BY_GRADIENT], STATEMENT_THM1, &g);
    if (spec->way == BY_KERNEL)
        tally_add(&count[BY_KERNEL], k.left, k.right, k.worse);
    if (spec->way == BY_ORIGIN)
        tally_add(&count[BY_ORIGIN], o.all_left, o.all_right, o.worse);
    count[BY_ORIGIN].violated |= !iv_has(o.defect, 0);
    landscape_report(r, &r->printed, count);
    fig_iv(r, "F", at ? o.F : g.F);
    fig_iv(r, "G(a,b)", at ? o.rival : g.rival);
    if (spec->way == BY_GRADIENT) {
        fig_iv(r, "inner-product", g.inner);
        fig_iv(r, "gradient-norm", g.gradient);
        fig_iv(r, "direction-norm", g.direction);
        return;
    }
    fig_iv(r, "lambda_min", at ? o.least : k.least);
    fig_iv(r, at ? "alpha" : "mu", at ? o.alpha : k.mu);
    if (at) {
        fig_iv(r, "|dG/db|", o.slope);
        fig_iv(r, "lambda^2+alpha|lambda|-|dG/db|^2", o.defect);
    }
    fig_iv(r, "left-side", at ? o.all_left : k.left);
    fig_iv(r, "right-side", at ? o.all_right : k.right);
}

#define SHAMIR_LANDSCAPE_HAND(name, level, way) \
    CASE_ROW(name, level, shamir_landscape_hand, shamir_landscape_hand_spec, way)

/* curved_data, s = 2^-10, at w = 0, V = 1, against a = -1: |lambda| mu is nearly all under the root. */
static skip_data sharp_curved(mem *arena, skip_point *p, skip_rival *rival)
{
    static const double zero[1] = { 0 };
    static const double one[1] = { 1 };
    static const double minus[1] = { -1 };
    *p = (skip_point) { zero, one };
    *rival = (skip_rival) { minus, NULL };
    return curved_data(arena, 1, 0x1p-10);
}

typedef struct {
    int way, y_log2; /* BY_...; y = -2^y_log2, or 0: the curved samples */
} shamir_landscape_sharp_spec;

/* The sharp families of Theorems 1 and 2 again, in one coordinate, where w = 0 is what the kernel asks for; and one on
   which the gradient is 0. */
static void shamir_landscape_sharp(trial *t)
{
    const shamir_landscape_sharp_spec *spec = t->row->spec;
    result *r = t->result;
    skip_point p;
    skip_rival rival;
    skip_data D;
    tally count[WAYS] = { { 0 } };
    if (!spec->y_log2)
        D = sharp_curved(t->memory, &p, &rival);
    else if (spec->way == BY_GRADIENT)
        D = sharp_data(t->memory, spec->y_log2, &p, &rival);
    else
        D = sharp_origin(t->memory, spec->y_log2, &p, &rival);
    landscape_tally(t->memory, count, &D, &p, &rival);
    landscape_keep(count, spec->way);
    landscape_report(r, &r->printed, count);
    if (!(count[spec->way].ratio.lo > 1 - 0x1p-8))
        undecided(r, "the sharp family does not come near 1");
}

#define SHAMIR_LANDSCAPE_SHARP(name, level, way, y_log2) \
    CASE_ROW(name, level, shamir_landscape_sharp, shamir_landscape_sharp_spec, way, y_log2)

/// 9 Inequalities: ends of descents ///

/* Where a second-order descent ends the gradient is not quite 0. The first inequality, with (A, B) near the minimiser
   of G, then encloses min G from the end alone: F - slack <= min G <= F, slack = |grad F| |(W - A, W^+ (A V - B))|. An
   end counts where its slack is below 2^-30 of E L(0, y), whatever its value; the others ran off (no minimum is
   attained, or it is far away). The other way min G is enclosed as the minimum of a convex function. The two must
   meet: an end that lies above min G by more than its slack refutes the theorem, and one that counts is certified to
   be min G up to 2^-29 of E L(0, y). Against min F_lin (B = 0) likewise, from above. */

#define END_SLACK 0x1p-30

/* An instance, and how often a descent starts on it. */
typedef struct {
    int loss, features; /* of losses[]; FEATURES_... */
    size_t N, d, k, q;  /* N = 0: iris */
    int starts;
    unsigned stream;
} descent_spec;

/* What came of the starts on one instance. */
typedef struct {
    size_t fine, ran_off, below; /* ends that are near `least`; that do not count; that are below it for certain */
    bool violated;               /* an end is above it by more than its slack */
    iv least;                    /* min G, or min F_lin */
    double above, slack, scale;  /* the highest end above it; the largest slack of an end that counts; E L(0, y) */
} descent_ends;

/* |(W - A, W^+ (A V - B))|; for cross-entropy, where the last rows of W, A and B are 0, of the q - 1 others. */
static iv descent_direction(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    skip_data rows = *D;
    rows.S.dy -= D->S.L->labels == LABELS_ONE_HOT;
    return skip_way_length(&rows, skip_direction(arena, &rows, p, rival));
}

/* The slack of a point: by the first inequality; at w = 0 by the one for w = 0. */
static double descent_slack(
    mem *arena, const skip_data *D, const skip_point *p, const skip_jet *j, const skip_rival *rival)
{
    if (D->S.dy == 1 && all_zero(D->S.dx, p->W))
        return shamir_thm2_evaluate(arena, D, p->V, rival).all_left.hi;
    return iv_mul(skip_gradient_norm(D, j), descent_direction(arena, D, p, rival)).hi;
}

/* The end x of one descent. No end can be below min G, if that is what `least` is. */
static void descent_count(descent_ends *e, const skip_data *D, const double *x, const skip_rival *rival)
{
    mem local = { 0 };
    skip_point p = skip_unpack(D, x);
    skip_jet j = skip_differentiate(&local, D, &p);
    double slack = descent_slack(&local, D, &p, &j, rival);
    mem_free(&local);
    e->violated |= add_dn(j.F.lo, -slack) > e->least.hi;
    if (!(slack <= END_SLACK * e->scale)) {
        e->ran_off++;
        return;
    }
    double above = add_up(j.F.hi, -e->least.lo);
    e->fine += above <= 2 * END_SLACK * e->scale && (!rival->B || j.F.hi >= e->least.lo);
    e->below += j.F.hi < e->least.lo;
    e->above = fmax(e->above, above);
    e->slack = fmax(e->slack, slack);
}

/* E L(0, y). */
static double skip_scale(mem *arena, const skip_data *D)
{
    skip_rival zero = { mem_doubles(arena, D->S.dy * D->S.dx), NULL };
    return skip_rival_value(arena, D, &zero).lo;
}

/* Starts in turn: random, near W = 0, at W = 0. */
static descent_ends descent_run(mem *arena, rng *random, const skip_data *D, int starts, bool linear)
{
    static const double size[3] = { 1, 0x1p-8, 0 };
    skip_optimum best = linear ? skip_linear_optimum(arena, D) : skip_convex_best(arena, D);
    bool shift = D->S.L->labels == LABELS_ONE_HOT;
    descent_ends e = { .above = -INFINITY, .least = best.least, .scale = skip_scale(arena, D) };
    double *x = mem_doubles(arena, skip_size(D));
    for (int start = 0; start < starts; start++) {
        skip_start(random, D, size[start % 3], 2, x);
        skip_descend(D, x, 200);
        if (shift)
            rows_shift(D->S.dy, D->S.dx, x);
        descent_count(&e, D, x, &best.at);
    }
    return e;
}

/* If all descents run off, the next instance is drawn. */
static void descent_trial(trial *t, unsigned stream, bool linear, enum verdict *which)
{
    const descent_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, stream + spec->stream);
    descent_ends e;
    size_t draws = 0;
    size_t starts = (size_t)spec->starts;
    do {
        skip_data D = skip_make(arena, &random, spec->loss, spec->features, spec->N, spec->d, spec->k, spec->q);
        e = descent_run(arena, &random, &D, spec->starts, linear);
    } while (++draws < 8 && !e.violated && e.ran_off == starts);
    bool held = e.fine > 0 && e.fine + e.ran_off == starts;
    judge(r, which, e.violated || held, e.violated ? REFUTED : CERTIFIED,
        e.ran_off == starts ? "no descent came near enough to a stationary point"
                            : "an enclosure is too wide, or an end lies below the least value");
    fig_count(r, "instances-drawn", draws);
    fig_count(r, "starts", starts);
    fig_count(r, "ran-off", e.ran_off);
    fig_iv(r, linear ? "min-F_lin" : "min-G", e.least);
    if (e.ran_off == starts)
        return;
    if (linear)
        fig_count(r, "ends-below-it", e.below);
    fig_double(r, "highest-end-above-it", e.above);
    fig_hex(r, "largest-slack", iv_of(e.slack));
    margin_add(r, add_dn(1, -div_up(e.above, 2 * END_SLACK * e.scale)));
}

static void shamir_cor1(trial *t) { descent_trial(t, STREAM_SHAMIR_COR1, true, &t->result->printed); }
static void shamir_landscape_ends(trial *t)
{
    descent_trial(t, STREAM_SHAMIR_LANDSCAPE_ENDS, false, &t->result->printed);
}
static void shamir_remark2_ends(trial *t)
{
    descent_trial(t, STREAM_SHAMIR_LANDSCAPE_ENDS, false, &t->result->repaired);
}

#define SHAMIR_COR1(name, level, loss, features, N, d, k, starts, stream) \
    CASE_ROW(name, level, shamir_cor1, descent_spec, loss, features, N, d, k, 1, starts, stream)
#define SHAMIR_LANDSCAPE_ENDS(name, level, loss, features, N, d, k, starts, stream) \
    CASE_ROW(name, level, shamir_landscape_ends, descent_spec, loss, features, N, d, k, 1, starts, stream)
#define SHAMIR_REMARK2_ENDS(name, level, loss, features, N, d, k, q, starts, stream) \
    CASE_ROW(name, level, shamir_remark2_ends, descent_spec, loss, features, N, d, k, q, starts, stream)

/* Corollary 1 needs losses in C^1 only: at (0, V) with gradient 0 and gB = E l' f not 0, F(t u, V - t' u gB^T) = F + t
   (-t' |gB|^2 + o(1)), u a unit vector, o(1) for t -> 0. Huber's loss, which is not in C^2, d = k = 1, samples (x, f,
   y) = (1, 1, 1), (1, -1, -1), V = 0: both residuals lie on a joint; the fall is t t' - (t (1 + t'))^2 / 4. */
typedef struct {
    int s_log2, t_log2; /* t' = 2^-s_log2, t = 2^-t_log2 */
} shamir_cor1_c1_spec;

/* The gradient is 0, dG/db is not, and F falls. */
static void shamir_cor1_c1(trial *t)
{
    const shamir_cor1_c1_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    static const double X[2] = { 1, 1 };
    static const double Y[2] = { 1, -1 };
    static const double zero[1] = { 0 };
    iv f[2] = { { 1, 1 }, { -1, -1 } };
    skip_data D = { { 2, 1, 1, X, Y, &losses[HUBER] }, 1, f };
    double w[1] = { two_to(-spec->t_log2) };
    double V[1] = { two_to(-spec->s_log2) };
    skip_jet here = skip_differentiate(arena, &D, &(skip_point) { zero, zero });
    iv there = skip_value(arena, &D, &(skip_point) { w, V });
    iv fall = iv_sub(here.F, there);
    judge(r, &r->repaired, iv_is(skip_gradient_norm(&D, &here), 0) && iv_sign(here.gB[0]) && fall.lo > 0, CERTIFIED,
        "the point was not left downwards");
    fig_iv(r, "gradient-norm", skip_gradient_norm(&D, &here));
    fig_iv(r, "dG/db", here.gB[0]);
    fig_hex(r, "fall", fall);
}

#define SHAMIR_COR1_C1(name, level, s_log2, t_log2) \
    CASE_ROW(name, level, shamir_cor1_c1, shamir_cor1_c1_spec, s_log2, t_log2)

/// 9 Inequalities: Remark 2 ///

/* W (x + V f), W of full row rank: G = (W - W*, W^+ W* V). In whole numbers: two outputs, three samples, both
   statements. */
static void shamir_remark2_hand(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    static const double X[9] = { 1, 0, 1, 0, 1, -1, 2, -1, 0 };
    static const double f[6] = { 1, 0, -1, 1, 0, 2 };
    static const double Y[6] = { 1, 0, 0, -2, -3, 1 };
    static const double W[6] = { 1, 0, 1, 0, 2, 0 };
    static const double linear[6] = { 1, 1, 0, 0, 1, -1 };
    static const double V[6] = { 1, 0, -1, 1, 0, 2 };
    iv *features = mem_ivs(arena, 6);
    iv_load(6, f, features);
    skip_data D = { { 3, 3, 2, X, Y, &losses[SQUARED] }, 2, features };
    skip_point p = { W, V };
    skip_rival rival = { linear, NULL };
    tally count = { 0 };
    shamir_thm1_values v = shamir_thm1_evaluate(arena, &D, &p, &rival);
    shamir_thm1_tally_both(&count, &v);
    shamir_thm1_verdict(r, &count);
    fig_iv(r, "F", v.F);
    fig_iv(r, "F_lin(W*)", v.rival);
    fig_iv(r, "inner-product", v.inner);
    fig_iv(r, "gradient-norm", v.gradient);
    fig_iv(r, "direction-norm", v.direction);
}

#define SHAMIR_REMARK2_HAND(name, level) CASE_PLAIN(name, level, shamir_remark2_hand, NULL)

/// 9 Inequalities: Remark 2, more outputs than coordinates ///

/* The question that Remark 2 leaves open is whether no local minimum is worse than min F_lin for q outputs, x in R^d.
   For q > d the answer is no, for all d, q and k. The witness, k = 1, F half the sum over d + 1 samples of sum_c
   weight_c (p_c - target_c)^2:
     x = e_1, f = 0   targets 65/32, 15/16, 0, ..   weights 1, 1, 1, ..
     x = 0, f = 1     targets 0, 17/16, 0, ..       weights 64, 1, 1, ..
     x = e_j, f = 0   target 1 of output j + 1      weights 16             (j = 2..d)
   at W_11 = 1/32, W_21 = W_(j+1)j = 1, V = e_1: the gradient is 0, the Hessian positive definite, F = 521/256. And
   F_lin = 289/512 at W_11 = 65/32, W_21 = 15/16, W_(j+1)j = 1, where its gradient is 0. */

typedef struct {
    size_t d, q;
} shamir_remark2_witness_spec;

/* The samples; weights are times N/2, so that the mean over N of them is half the sum. */
static skip_data remark2_data(mem *arena, size_t d, size_t q)
{
    size_t N = d + 1;
    double half = 0.5 * (double)N;
    double *X = mem_doubles(arena, N * d);
    double *Y = mem_doubles(arena, N * 2 * q);
    iv *f = mem_ivs(arena, N);
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < q; c++)
            Y[i * 2 * q + q + c] = half * (i > 1 ? 16 : 1);
    X[0] = 1;
    Y[0] = 2.03125;
    Y[1] = 0.9375;
    f[1] = iv_of(1);
    Y[2 * q + 1] = 1.0625;
    Y[2 * q + q] = half * 64;
    for (size_t j = 1; j < d; j++) {
        X[(j + 1) * d + j] = 1;
        Y[(j + 1) * 2 * q + j + 1] = 1;
    }
    return (skip_data) { { N, d, q, X, Y, &weighted_squares }, 1, f };
}

/* W_11 and W_21 given, W_(j+1)j = 1. */
static double *remark2_matrix(mem *arena, size_t d, size_t q, double first, double second)
{
    double *W = mem_doubles(arena, q * d);
    W[0] = first;
    W[d] = second;
    for (size_t j = 1; j < d; j++)
        W[(j + 1) * d + j] = 1;
    return W;
}

/* The leading minors of the 3 x 3 Hessian for d = 1, q = 2. */
static void remark2_minors(result *r, const iv *H)
{
    static const char *const name[3] = { "minor-1", "minor-2", "minor-3" };
    for (size_t n = 1; n <= 3; n++) {
        iv M[9];
        for (size_t i = 0; i < n * n; i++)
            M[i] = H[i / n * 3 + i % n];
        fig_iv(r, name[n - 1], iv_det(n, M));
    }
}

/* A strict local minimum above min F_lin. */
static void shamir_remark2_witness(trial *t)
{
    const shamir_remark2_witness_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    size_t d = spec->d;
    skip_data D = remark2_data(arena, d, spec->q);
    double *V = mem_doubles(arena, d);
    V[0] = 1;
    skip_point p = { remark2_matrix(arena, d, spec->q, 0x1p-5, 1), V };
    skip_jet j = skip_differentiate(arena, &D, &p);
    const iv *H = skip_hessian(arena, &D, &p, &j);
    iv least, largest;
    iv_eigen_range(arena, skip_size(&D), H, skip_size(&D), &least, &largest);
    skip_data plain = skip_linear(&D);
    skip_jet linear = skip_differentiate(
        arena, &plain, &(skip_point) { remark2_matrix(arena, d, spec->q, 2.03125, 0.9375), no_block });
    iv gradient = skip_gradient_norm(&D, &j);
    bool strict = iv_is(gradient, 0) && least.lo > 0;
    bool optimal = iv_is(skip_gradient_norm(&plain, &linear), 0);
    judge(r, &r->meant, strict && optimal && j.F.lo > linear.F.hi, REFUTED, "the witness was not confirmed");
    fig_iv(r, "value", j.F);
    fig_iv(r, "gradient-norm", gradient);
    fig_iv(r, "lambda_min", least);
    fig_iv(r, "min-F_lin", linear.F);
    if (skip_size(&D) == 3)
        remark2_minors(r, H);
    margin_add(r, add_dn(j.F.lo, -linear.F.hi));
}

#define SHAMIR_REMARK2_WITNESS(name, level, d, q) \
    CASE_ROW(name, level, shamir_remark2_witness, shamir_remark2_witness_spec, d, q)

/* Cross-entropy of three classes, d = k = 1: W = c (1, 1, 0), c = ln 2, V = 4; half the mass at x = 1, f = 0, with
   labels (4/5, 0, 1/5), half at x = 0, f = 1, with labels (127, 193, 10)/330: 660 samples. The shares are (2, 2, 1)/5
   and (16, 16, 1)/33, and the gradient is 0. inf F_lin: the entropy of (4/5, 0, 1/5) and ln 3, half of each. */
static skip_data remark2_classes(mem *arena)
{
    enum { HALF = 330 };
    static const size_t upto[2][2] = { { 264, 264 }, { 127, 320 } }; /* classes 0, 1, 2 in that order */
    double *X = mem_doubles(arena, 2 * HALF);
    double *Y = mem_doubles(arena, 2 * HALF * 3);
    iv *f = mem_ivs(arena, 2 * HALF);
    for (size_t i = 0; i < 2 * HALF; i++) {
        size_t side = i / HALF;
        size_t at = i % HALF;
        X[i] = side == 0;
        f[i] = iv_of((double)side);
        Y[i * 3 + (at >= upto[side][0]) + (at >= upto[side][1])] = 1;
    }
    return (skip_data) { { 2 * HALF, 1, 3, X, Y, &losses[CROSS_ENTROPY] }, 1, f };
}

/* From above, on the ball of that radius about a point of the problem above: the third derivative of F in (W, V) along
   unit vectors.
   Why: |dp| <= J = |z| + |W| |f|, |d2p| = 2 |dW| |dV| |f| <= |f|; for the logarithm of a sum of exponentials the second
   derivative along a unit vector is a variance, at most 1/2, the third one a third central moment of numbers at most
   sqrt 2 apart, below 1. */
static double remark2_third_up(const skip_data *D, const skip_point *p, const skip_jet *j, double radius)
{
    iv most = { 0, 0 };
    iv W = iv_add(iv_norm(D->S.dy, p->W), iv_of(radius));
    for (size_t i = 0; i < D->S.N; i++) {
        iv z = iv_add(iv_abs(j->z[i]), iv_scale(radius, D->f[i]));
        iv J = iv_add(z, iv_mul(W, D->f[i]));
        most = iv_max(most, iv_add(iv_power(J, 3), iv_scale(1.5, iv_mul(J, D->f[i]))));
    }
    return most.hi;
}

/* c is no double: at the double next to it the gradient is nearly 0, and a strict minimum lies near, with the last row
   of W held at 0, and by the shift without holding it. Why: on the ball of radius rho F changes by at least -|g| h +
   kappa h^2/2 - M h^3/6 at the distance h, M the bound of the third derivative: > 0 for h = rho, and at least -|g| rho
   before; and the Hessian is positive definite on it, M rho < kappa. */
static void shamir_remark2_classes(trial *t)
{
    mem *arena = t->memory;
    result *r = t->result;
    skip_data D = remark2_classes(arena);
    double c = iv_mid(iv_log(iv_of(2)));
    const double W[3] = { c, c, 0 };
    const double V[1] = { 4 };
    const double best[3] = { iv_mid(iv_log(iv_of(4))), -40, 0 };
    const double rho = 0x1p-24;
    skip_point p = { W, V };
    skip_jet j = skip_differentiate(arena, &D, &p);
    const iv *H = skip_hessian(arena, &D, &p, &j);
    static const size_t kept[3] = { 0, 1, 3 }; /* W_1, W_2, V */
    iv G[3] = { j.gW[0], j.gW[1], j.gV[0] };
    iv M[9], least, largest;
    for (size_t i = 0; i < 9; i++)
        M[i] = H[kept[i / 3] * 4 + kept[i % 3]];
    iv_eigen_range(arena, 3, M, 3, &least, &largest);
    double g = iv_length(3, G).hi;
    double third = remark2_third_up(&D, &p, &j, rho);
    bool strict =
        mul_up(third, rho) < least.lo && add_up(g, mul_up(third, div_up(rho * rho, 6))) < mul_dn(least.lo, 0.5 * rho);
    iv linear = skip_rival_value(arena, &D, &(skip_rival) { best, NULL });
    iv value = iv_make(add_dn(j.F.lo, -mul_up(g, rho)), j.F.hi);
    judge(r, &r->meant, strict && value.lo > linear.hi, REFUTED, "the witness was not confirmed");
    fig_iv(r, "value", value);
    fig_hex(r, "gradient-norm", iv_of(g));
    fig_iv(r, "lambda_min", least);
    fig_iv(r, "F_lin", linear);
    fig_iv(r, "excess", iv_sub(value, linear));
    margin_add(r, add_dn(value.lo, -linear.hi));
}

#define SHAMIR_REMARK2_CLASSES(name, level) CASE_PLAIN(name, level, shamir_remark2_classes, NULL)

/* One squared loss for all samples: F = |C u - y|^2 + ..., C = W (I, V) of rank <= d, has no spurious local minima for
   any q. u = (x, f) in columns of a Hadamard matrix, so that E u u^T = I exactly: min over rank <= d is E|y|^2 less the
   d largest squares of singular values of E y u^T (Eckart and Young). */
typedef struct {
    size_t d, k, q;
    int starts;
    unsigned stream;
} shamir_remark2_squares_spec;

enum { HADAMARD = 8 };

/* Entry (i, j) of Sylvester's matrix: the parity of the bits that i and j share. */
static double walsh(size_t i, size_t j)
{
    size_t common = i & j;
    return ((common ^ common >> 1 ^ common >> 2) & 1) ? -1 : 1;
}

/* Random labels on those columns. */
static skip_data remark2_squares(mem *arena, rng *random, size_t d, size_t k, size_t q)
{
    size_must_fit("columns of a Hadamard matrix", d + k, HADAMARD);
    double *X = mem_doubles(arena, HADAMARD * d);
    double *Y = mem_doubles(arena, HADAMARD * q);
    iv *f = mem_ivs(arena, HADAMARD * k);
    rng_normals(random, HADAMARD * q, Y);
    for (size_t i = 0; i < HADAMARD; i++) {
        for (size_t j = 0; j < d; j++)
            X[i * d + j] = walsh(i, j);
        for (size_t l = 0; l < k; l++)
            f[i * k + l] = iv_of(walsh(i, d + l));
    }
    return (skip_data) { { HADAMARD, d, q, X, Y, &losses[SQUARED] }, k, f };
}

/* The least value over matrices C of rank <= d. */
static iv remark2_rank_least(mem *arena, const skip_data *D)
{
    size_t n = D->S.dx + D->k;
    size_t q = D->S.dy;
    double *C = mem_doubles(arena, q * n);
    double *lo = mem_doubles(arena, min_size(q, n));
    double *hi = mem_doubles(arena, min_size(q, n));
    iv least = { 0, 0 };
    /* sums of eight dyadic numbers: exact */
    for (size_t i = 0; i < HADAMARD; i++)
        for (size_t a = 0; a < q; a++) {
            least = iv_add(least, iv_sqr(iv_of(D->S.Y[i * q + a])));
            for (size_t j = 0; j < n; j++)
                C[a * n + j] += D->S.Y[i * q + a] * walsh(i, j) / HADAMARD;
        }
    least = iv_mean(least, HADAMARD);
    sigma_enclose(arena, q, n, C, lo, hi);
    for (size_t i = 0; i < D->S.dx; i++)
        least = iv_sub(least, iv_sqr(iv_make(lo[i], hi[i])));
    return least;
}

/* What came of the starts on one instance. */
typedef struct {
    iv rank;             /* the least value of rank <= d */
    double scale, above; /* E L(0, y); the highest end that counts, above it */
    size_t ran_off;
} squares_ends;

/* An end counts where the gradient and a negative eigenvalue are below 2^-30 and 2^-20 of E L(0, y): the least value
   may lie far out, where A is nearly 0. */
static squares_ends remark2_descents(mem *arena, rng *random, const skip_data *D, int starts)
{
    squares_ends e = { remark2_rank_least(arena, D), skip_scale(arena, D), -INFINITY, 0 };
    double *x = mem_doubles(arena, skip_size(D));
    for (int start = 0; start < starts; start++) {
        skip_start(random, D, start % 3 == 2 ? 0 : 1, 1, x);
        skip_descend(D, x, 200);
        skip_point p = skip_unpack(D, x);
        skip_jet j = skip_differentiate(arena, D, &p);
        iv least, largest;
        iv_eigen_range(arena, skip_size(D), skip_hessian(arena, D, &p, &j), skip_size(D), &least, &largest);
        bool counts = skip_gradient_norm(D, &j).hi <= END_SLACK * e.scale && least.lo >= -0x1p-20 * e.scale;
        e.ran_off += !counts;
        if (counts)
            e.above = fmax(e.above, j.F.hi >= e.rank.lo ? add_up(j.F.hi, -e.rank.lo) : INFINITY);
    }
    return e;
}

/* All ends that count are the least value up to 2^-20 of E L(0, y). If none does, the next instance is drawn. */
static void shamir_remark2_squares(trial *t)
{
    const shamir_remark2_squares_spec *spec = t->row->spec;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_SHAMIR_REMARK2_SQUARES + spec->stream);
    size_t starts = (size_t)spec->starts;
    size_t draws = 0;
    squares_ends e;
    do {
        skip_data D = remark2_squares(t->memory, &random, spec->d, spec->k, spec->q);
        e = remark2_descents(t->memory, &random, &D, spec->starts);
    } while (++draws < 16 && e.ran_off == starts);
    bool some = e.ran_off < starts;
    judge(r, &r->repaired, some && e.above <= 0x1p-20 * e.scale, CERTIFIED,
        some ? "an end is not the least value" : "no descent came near enough to a stationary point");
    fig_count(r, "instances-drawn", draws);
    fig_count(r, "starts", starts);
    fig_count(r, "ran-off", e.ran_off);
    fig_iv(r, "least-of-rank-d", e.rank);
    if (some && e.above < INFINITY)
        fig_double(r, "highest-end-above-it", e.above);
}

#define SHAMIR_REMARK2_SQUARES(name, level, d, k, q, starts, stream) \
    CASE_ROW(name, level, shamir_remark2_squares, shamir_remark2_squares_spec, d, k, q, starts, stream)

/// 9 Definition 1 and Theorem 3: Definition 1 ///

/* (w, V) is an eps-SOPSP if |grad| <= eps and lambda_min >= -sqrt(mu2 eps): the least such eps is max(|grad|,
   lambda_-^2 / mu2). On |w| <= b_w, |V - V0| <= b_V, with Z = |x + V0 f| + b_V |f|, J^2 = Z^2 + b_w^2 |f|^2, and l',
   l'', l''' enclosed on |output| <= b_w Z:
     mu0 = E |l'| J,
     mu1 = E (l'' J^2 + |l'| |f|),
     mu2 = E (|l'''| J^3 + 3 l'' J |f|),
   since the output is bilinear in (w, V), with gradient of length <= J and second derivative |f| in norm (2 |dw| |dV|
   |f| <= |f| (|dw|^2 + |dV|^2)), and the norm of a symmetric tensor is attained on the diagonal. */

typedef struct {
    double b, mu[3]; /* on |w|, |V| <= b: Lipschitz constants of F, its gradient, its Hessian */
} skip_smoothness;

/* |w| <= w, |V - V0| <= V; V0 = NULL: 0 */
typedef struct {
    double w, V;
    const double *V0;
} skip_region;

/* |x + V0 f| of sample i. */
static iv skip_centre(const skip_data *D, const double *V0, size_t i)
{
    iv sum = { 0, 0 };
    for (size_t a = 0; a < D->S.dx; a++) {
        iv z = iv_of(D->S.X[i * D->S.dx + a]);
        if (V0)
            z = iv_add(z, iv_dot(D->k, V0 + a * D->k, D->f + i * D->k, 1));
        sum = iv_add(sum, iv_sqr(z));
    }
    return iv_sqrt(sum);
}

/* mu0, mu1, mu2, from above. */
static skip_smoothness skip_smooth_on(const skip_data *D, skip_region m, double b)
{
    skip_smoothness s = { b, { 0, 0, 0 } };
    iv sum[3] = { { 0, 0 }, { 0, 0 }, { 0, 0 } };
    for (size_t i = 0; i < D->S.N; i++) {
        iv f = iv_length(D->k, D->f + i * D->k);
        iv Z = iv_add(skip_centre(D, m.V0, i), iv_scale(m.V, f));
        iv J2 = iv_add(iv_sqr(Z), iv_sqr(iv_scale(m.w, f)));
        iv J = iv_sqrt(J2);
        double reach = mul_up(m.w, Z.hi);
        iv range = { -reach, reach };
        iv slope;
        D->S.L->gradient(1, &range, D->S.Y + i, &slope);
        iv first = iv_of(iv_abs(slope).hi);
        iv second = iv_of(iv_mag(D->S.L->second(range, D->S.Y[i])));
        iv third = iv_of(iv_mag(D->S.L->third(range, D->S.Y[i])));
        sum[0] = iv_add(sum[0], iv_mul(first, J));
        sum[1] = iv_add(sum[1], iv_add(iv_mul(second, J2), iv_mul(first, f)));
        sum[2] = iv_add(sum[2], iv_add(iv_mul(third, iv_mul(J, J2)), iv_scale(3, iv_mul(second, iv_mul(J, f)))));
    }
    for (int k = 0; k < 3; k++)
        s.mu[k] = iv_mean(sum[k], D->S.N).hi + 0.0; /* no -0 */
    return s;
}

static skip_smoothness skip_smooth(const skip_data *D, double b)
{
    return skip_smooth_on(D, (skip_region) { b, b, NULL }, b);
}

/* A b with |w|, |V| < b. */
static double skip_reach(mem *arena, const skip_data *D, const skip_point *p)
{
    double size = fmax(iv_norm(D->S.dx, p->W).hi, norm_spectral(arena, D->S.dx, D->k, p->V).hi);
    return mul_up(1 + 0x1p-10, fmax(size, 0x1p-10));
}

typedef struct {
    iv F, gradient, least; /* F, |grad F|, lambda_min */
    iv eps;                /* the least one for which the point is an eps-SOPSP, with the mu2 given */
} sopsp;

/* Are all features exactly 0? */
static bool skip_plain(const skip_data *D)
{
    bool plain = true;
    for (size_t i = 0; i < D->S.N * D->k; i++)
        plain &= iv_is(D->f[i], 0);
    return plain;
}

/* The order of a point from its gradient and the least eigenvalue of the Hessian, enclosed; at w = 0 by its closed form
   too, and without features never negative: F is convex then. mu2 bounds the Hessian's Lipschitz constant around the
   point; where it is 0 and the eigenvalue may be negative, no order is known from above. */
static sopsp sopsp_test(mem *arena, const skip_data *D, const skip_point *p, double mu2)
{
    size_t n = skip_size(D);
    iv largest, alpha;
    skip_jet j = skip_differentiate(arena, D, p);
    const iv *H = skip_hessian(arena, D, p, &j);
    sopsp s = { .F = j.F, .gradient = skip_gradient_norm(D, &j) };
    iv_eigen_range(arena, n, H, n, &s.least, &largest);
    if (all_zero(D->S.dx, p->W)) {
        iv_eigen_range(arena, D->S.dx, H, n, &alpha, &largest);
        s.least = iv_meet(s.least, shamir_origin_least(alpha, iv_sqr(iv_length(D->k, j.gB))));
    }
    if (skip_plain(D))
        s.least = iv_max(s.least, iv_of(0));
    iv negative = iv_max(iv_neg(s.least), iv_of(0));
    s.eps = s.gradient;
    if (negative.hi > 0)
        s.eps = iv_max(s.gradient,
            mu2 > 0 ? iv_div(iv_sqr(negative), iv_of(mu2)) : (iv) { negative.lo > 0 ? INFINITY : 0, INFINITY });
    return s;
}

/* With mu2 on a ball just large enough for the point. */
static sopsp sopsp_test_here(mem *arena, const skip_data *D, const skip_point *p)
{
    return sopsp_test(arena, D, p, skip_smooth(D, skip_reach(arena, D, p)).mu[2]);
}

/* Example 1 as an instance: x = y = 1, f = eps, squared loss without its 1/2: twice its F. p: the saddle (0, -1/eps).
   With eps = 0 it is (w - 1)^2, and p is (0, 0), which has a gradient only. */
static skip_data sopsp_example(mem *arena, double eps, skip_point *p)
{
    static const double one[1] = { 1 };
    static const double w[1] = { 0 };
    double *V = mem_doubles(arena, 1);
    iv *f = mem_ivs(arena, 1);
    V[0] = eps > 0 ? -1 / eps : 0;
    f[0] = iv_of(eps);
    *p = (skip_point) { w, V };
    return (skip_data) { { 1, 1, 1, one, one, &losses[SQUARED] }, 1, f };
}

typedef struct {
    int eps_log2; /* eps = 2^-eps_log2 */
} shamir_def1_example_spec;

/* Example 1's saddle: gradient 0, lambda_min = -eps, and an order above 0. All figures are of its own F, half of that
   of the instance: with the gradient 0, value, lambda_min, mu2 and the order are exactly half, too. */
static void shamir_def1_example(trial *t)
{
    const shamir_def1_example_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    double eps = two_to(-spec->eps_log2);
    skip_point p;
    skip_data D = sopsp_example(arena, eps, &p);
    double mu2 = skip_smooth(&D, skip_reach(arena, &D, &p)).mu[2];
    sopsp s = sopsp_test(arena, &D, &p, mu2);
    iv half = iv_scale(0.5, s.least);
    bool saddle = iv_has(half, -eps) && half.hi - half.lo < 1e-9 && iv_is(s.gradient, 0) && iv_is(s.F, 1);
    judge(r, &r->printed, saddle && s.eps.lo > 0, CERTIFIED, "the saddle's order was not confirmed");
    fig_iv(r, "value", iv_scale(0.5, s.F));
    fig_iv(r, "gradient-norm", s.gradient);
    fig_iv(r, "lambda_min", half);
    fig_hex(r, "mu2", iv_of(0.5 * mu2));
    fig_hex(r, "sopsp-eps", iv_scale(0.5, s.eps));
    margin_add(r, iv_sub(s.F, skip_linear_least(arena, &D, D.S.X, 1)).lo);
}

#define SHAMIR_DEF1_EXAMPLE(name, level, eps_log2) \
    CASE_ROW(name, level, shamir_def1_example, shamir_def1_example_spec, eps_log2)

typedef struct {
    int loss; /* of losses[] */
    size_t N, d, k;
    unsigned stream;
} shamir_def1_minimum_spec;

/* A local minimum is a 0-SOPSP: where Newton's method stops at one, with the certified order. The tester says no
   where it should: at eps below the order. A minimum need not exist (labels that are separable): then the next
   instance is drawn. */
static void shamir_def1_minimum(trial *t)
{
    const shamir_def1_minimum_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_SHAMIR_DEF1_MINIMUM + spec->stream);
    sopsp before, after;
    size_t draws = 0;
    bool told;
    do {
        skip_data D = skip_make(arena, &random, spec->loss, FEATURES_RANDOM, spec->N, spec->d, spec->k, 1);
        double *x = mem_doubles(arena, skip_size(&D));
        rng_normals(&random, skip_size(&D), x);
        skip_point p = skip_unpack(&D, x);
        before = sopsp_test_here(arena, &D, &p);
        skip_descend(&D, x, 80);
        after = sopsp_test_here(arena, &D, &p);
        told = after.eps.hi < 1e-9 && before.eps.lo > 1e-3;
    } while (++draws < 16 && !told);
    judge(r, &r->printed, told, CERTIFIED, "no descent ended at a stationary point of second order");
    fig_count(r, "instances-drawn", draws);
    fig_iv(r, "sopsp-eps-of-the-start", before.eps);
    fig_hex(r, "sopsp-eps-of-the-end", after.eps);
    fig_iv(r, "lambda_min", after.least);
}

#define SHAMIR_DEF1_MINIMUM(name, level, loss, N, d, k, stream) \
    CASE_ROW(name, level, shamir_def1_minimum, shamir_def1_minimum_spec, loss, N, d, k, stream)

/// 9 Definition 1 and Theorem 3: Theorem 3 ///

/* Explicit: for any D > 0, F - min over |w*| <= r of F_lin is at most the larger of eps sqrt(2 b^2 + r^2 (2 + b^2 /
   D^2)) (Theorem 1, if |w| >= D) and mu0 D + r (eps + mu1 D + b sqrt(s mu1 + s^2)), s = sqrt(mu2 eps) + mu2 D (Theorem
   2 at (0, V), if |w| < D). D = sqrt(eps) gives the printed form, with the polynomial of `shamir_thm3_poly`. For d >= 2
   there is a form without 1/|w| (the inequality by the kernel, n perpendicular to w, mu <= |d2F/dw2| <= mu1, b = 0):
   eps (b + r) + b r sqrt(s mu1 + s^2), s = sqrt(mu2 eps): the second part at D = 0, and eps b. */

/* Factors of the second bound's parts, for mutants. */
static const double SHAMIR_THM3_GRADIENT = 1;
static const double SHAMIR_THM3_CURVATURE = 1;

/* An excess of that times (4 N eps)^(1/4) / N shows the exponent necessary. */
static const double SHAMIR_THM3_EXCESS = 1.5;

/* The least eps that the bound is worked out for. */
static const double SHAMIR_THM3_LEAST = 0x1p-600;

/* The part for |w| < D: by Theorem 2. */
static iv shamir_thm3_near(const skip_smoothness *q, double eps, double r, double D)
{
    iv e = iv_of(eps);
    iv s = iv_add(iv_sqrt(iv_mul(iv_of(q->mu[2]), e)), iv_mul(iv_of(q->mu[2]), iv_of(D)));
    iv bend = iv_sqrt(iv_add(iv_scale(q->mu[1], s), iv_sqr(s)));
    iv inner = iv_add(iv_scale(SHAMIR_THM3_GRADIENT, iv_add(e, iv_scale(q->mu[1], iv_of(D)))),
        iv_scale(SHAMIR_THM3_CURVATURE, iv_scale(q->b, bend)));
    return iv_add(iv_scale(q->mu[0], iv_of(D)), iv_scale(r, inner));
}

/* The part for |w| >= D: by Theorem 1. */
static iv shamir_thm3_far(const skip_smoothness *q, double eps, double r, double D)
{
    iv b2 = iv_sqr(iv_of(q->b));
    iv r2 = iv_sqr(iv_of(r));
    iv D2 = iv_sqr(iv_of(D));
    return iv_mul(iv_of(eps), iv_sqrt(iv_add(iv_scale(2, b2), iv_mul(r2, iv_add(iv_of(2), iv_div(b2, D2))))));
}

/* The form for d >= 2. */
static iv shamir_thm3_line(const skip_smoothness *q, double eps, double r)
{
    return iv_add(shamir_thm3_near(q, eps, r, 0), iv_scale(SHAMIR_THM3_GRADIENT * q->b, iv_of(eps)));
}

/* A polynomial P in b, r, mu0, mu1, mu2, linear in each, with bound <= (eps + eps^(1/4)) P at D = sqrt(eps). Why: eps,
   sqrt(eps) <= eps + eps^(1/4). The first part is at most eps sqrt 2 (b + r) + sqrt(eps) r b. In the second s =
   sqrt(eps) (sqrt(mu2) + mu2) <= sqrt(eps) h, h = (1 + 3 mu2)/2, and sqrt(s mu1 + s^2) <= eps^(1/4) sqrt(h mu1) +
   sqrt(eps) h, sqrt(h mu1) <= (h + mu1)/2. P is the sum of all that multiplies the powers of eps; r b is in both. */
static iv shamir_thm3_poly(const skip_smoothness *q, double r)
{
    iv rb = iv_mul(iv_of(r), iv_of(q->b));
    iv h = iv_scale(0.5, iv_add(iv_of(1), iv_scale(3, iv_of(q->mu[2]))));
    iv root = iv_scale(0.5, iv_add(iv_scale(3, h), iv_of(q->mu[1])));
    iv far = iv_mul(iv_sqrt(iv_of(2)), iv_add(iv_of(q->b), iv_of(r)));
    iv near = iv_add(iv_of(q->mu[0]), iv_scale(r, iv_add(iv_of(1), iv_of(q->mu[1]))));
    return iv_add(far, iv_add(near, iv_mul(rb, iv_add(iv_of(1), root))));
}

/* The bound for a given D. */
static iv shamir_thm3_bound_at(const skip_smoothness *q, double eps, double r, double D)
{
    return iv_max(shamir_thm3_far(q, eps, r, D), shamir_thm3_near(q, eps, r, D));
}

/* The least over D = 2^k, -300 <= k <= 300, and D = sqrt(eps), which is the printed form; eps > 0. The one part falls
   with D, the other one grows: the least is where they cross. */
static iv shamir_thm3_bound_of(const skip_smoothness *q, double eps, double r)
{
    int below = -300;
    int above = 300;
    while (above - below > 1) {
        int k = (below + above) / 2;
        double D = two_to(k);
        bool crossed = shamir_thm3_far(q, eps, r, D).hi <= shamir_thm3_near(q, eps, r, D).hi;
        *(crossed ? &above : &below) = k;
    }
    iv best = shamir_thm3_bound_at(q, eps, r, __builtin_sqrt(eps));
    best = iv_min(best, shamir_thm3_bound_at(q, eps, r, two_to(below)));
    return iv_min(best, shamir_thm3_bound_at(q, eps, r, two_to(above)));
}

/* Both for an order that is known to lie in eps: they grow with it. One of 0 is raised to 2^-600: the bounds are about
   an eps > 0. */
static iv shamir_thm3_bound(const skip_smoothness *q, iv eps, double r)
{
    return iv_hull(shamir_thm3_bound_of(q, fmax(eps.lo, SHAMIR_THM3_LEAST), r),
        shamir_thm3_bound_of(q, fmax(eps.hi, SHAMIR_THM3_LEAST), r));
}

typedef struct {
    sopsp s;
    skip_smoothness q;
    iv linear, excess; /* min F_lin over |w*| <= r; F - that */
    iv bound, top;     /* the bound, over all that the order may be; at the most that it may be */
    iv near, line;     /* there, its part for |w| < D, D just above |w|; there, the form for d >= 2 */
    iv far;            /* its part for |w| >= D, D = |w|, with |grad| for eps */
    bool apart;        /* |w| > 0 */
} shamir_thm3_values;

/* Theorem 3 on a region with |w|, |V| <= b, at a point p inside, against |w*| <= r; w0: near the minimiser of F_lin
   there. */
static shamir_thm3_values shamir_thm3_evaluate_on(
    mem *arena, const skip_data *D, const skip_point *p, const double *w0, double r, skip_region m, double b)
{
    shamir_thm3_values v = { .q = skip_smooth_on(D, m, b), .linear = skip_linear_least(arena, D, w0, r) };
    v.s = sopsp_test(arena, D, p, v.q.mu[2]);
    iv w = iv_norm(D->S.dx, p->W);
    double above_w = fmax(mul_up(1 + 0x1p-10, w.hi), 0x1p-60);
    double eps = fmax(v.s.eps.hi, SHAMIR_THM3_LEAST);
    v.bound = shamir_thm3_bound(&v.q, v.s.eps, r);
    v.top = shamir_thm3_bound_of(&v.q, eps, r);
    v.near = shamir_thm3_near(&v.q, eps, r, above_w);
    v.line = shamir_thm3_line(&v.q, eps, r);
    v.apart = w.lo > 0;
    if (v.apart)
        v.far =
            iv_hull(shamir_thm3_far(&v.q, v.s.gradient.lo, r, w.hi), shamir_thm3_far(&v.q, v.s.gradient.hi, r, w.lo));
    v.excess = iv_sub(v.s.F, v.linear);
    return v;
}

static shamir_thm3_values shamir_thm3_evaluate(
    mem *arena, const skip_data *D, const skip_point *p, const double *w0, double r)
{
    double b = skip_reach(arena, D, p);
    return shamir_thm3_evaluate_on(arena, D, p, w0, r, (skip_region) { b, b, NULL }, b);
}

/* All statements: the whole bound, its part for small |w|, for d >= 2 the form without 1/|w|, and the part for |w| >=
   D, of points for certain worse than linear (at an end of a descent both sides are rounding). */
static void shamir_thm3_tally(tally *t, const skip_data *D, const shamir_thm3_values *v)
{
    bool worse = v->excess.lo > 0;
    tally_add(t, v->top, v->excess, worse);
    tally_add(t, v->near, v->excess, worse);
    if (D->S.dx > 1)
        tally_add(t, v->line, v->excess, worse);
    if (v->apart && worse)
        tally_add(t, v->far, v->excess, worse);
}

typedef struct {
    int eps_log2;     /* eps = 2^-eps_log2 */
    bool no_features; /* f = 0 for f = eps */
} shamir_thm3_example_spec;

/* Example 1's saddle, where the bound has to exceed 1, however small eps is. */
static void shamir_thm3_example(trial *t)
{
    const shamir_thm3_example_spec *spec = t->row->spec;
    result *r = t->result;
    skip_point p;
    skip_data D = sopsp_example(t->memory, spec->no_features ? 0 : two_to(-spec->eps_log2), &p);
    shamir_thm3_values v = shamir_thm3_evaluate(t->memory, &D, &p, D.S.X, 1);
    tally count = { 0 };
    shamir_thm3_tally(&count, &D, &v);
    tally_report(r, &count);
    fig_iv(r, "excess", v.excess);
    fig_hex(r, "bound", v.bound);
    fig_hex(r, "mu2", iv_of(v.q.mu[2]));
    fig_hex(r, "sopsp-eps", v.s.eps);
}

#define SHAMIR_THM3_EXAMPLE(name, level, eps_log2, no_features) \
    CASE_ROW(name, level, shamir_thm3_example, shamir_thm3_example_spec, eps_log2, no_features)

/* Each part alone, nearly reached. By the root: w = 0, V = 1 on (x, f, y) = (0, 1, s), (s, 0, -1): gradient 0, lambda
   near -s^2, and mu1 near 1 on a small region about the point. By the gradient: (1, 0, -Y) at w = 0, Y = 2^18. By the
   line: (e_1, 0, -Y) at w = e_1 in two coordinates. By |w|: the sharp family of Theorem 1. Squared loss, r = 1 against
   w* = -1 or -e_1. */
enum { PART_ROOT, PART_GRADIENT, PART_LINE, PART_FAR };

typedef struct {
    int part; /* PART_... */
} shamir_thm3_sharp_spec;

/* The samples, a point with V0 = V, and the region about it. */
static skip_data shamir_thm3_extreme(mem *arena, int part, skip_point *p, skip_region *m)
{
    double *X = mem_doubles(arena, 2);
    double *Y = mem_doubles(arena, 1);
    double *W = mem_doubles(arena, 2);
    double *V = mem_doubles(arena, 2);
    iv *f = mem_ivs(arena, 1);
    W[0] = part == PART_LINE || part == PART_FAR;
    V[0] = part == PART_ROOT || part == PART_FAR;
    *p = (skip_point) { W, V };
    *m = (skip_region) { W[0] + 0x1p-30, 0x1p-30, V };
    if (part == PART_ROOT)
        return curved_data(arena, 1, 0x1p-10);
    X[0] = part == PART_FAR ? 3 : 1;
    Y[0] = -0x1p18;
    f[0] = iv_of(part == PART_FAR ? -1 : 0);
    return (skip_data) { { 1, part == PART_LINE ? 2 : 1, 1, X, Y, &losses[SQUARED] }, 1, f };
}

/* The excess is at least 1 - 2^-8 of the part. */
static void shamir_thm3_sharp(trial *t)
{
    const shamir_thm3_sharp_spec *spec = t->row->spec;
    static const double best[2] = { -1, 0 };
    result *r = t->result;
    skip_point p;
    skip_region m;
    skip_data D = shamir_thm3_extreme(t->memory, spec->part, &p, &m);
    shamir_thm3_values v = shamir_thm3_evaluate_on(t->memory, &D, &p, best, 1, m, fmax(p.W[0], p.V[0]) + 0x1p-30);
    tally count = { 0 };
    shamir_thm3_tally(&count, &D, &v);
    tally_report(r, &count);
    iv bound = spec->part == PART_FAR ? v.far : spec->part == PART_LINE ? v.line : v.near;
    fig_iv(r, "excess", v.excess);
    fig_iv(r, "part", bound);
    if (!(iv_div(v.excess, bound).lo > 1 - 0x1p-8))
        undecided(r, "the sharp family does not come near 1");
}

#define SHAMIR_THM3_SHARP(name, level, part) CASE_ROW(name, level, shamir_thm3_sharp, shamir_thm3_sharp_spec, part)

typedef struct {
    size_t d;
    int to_log2; /* s = 2^-1, .., 2^-to_log2 */
} shamir_thm3_exponent_spec;

/* eps^(1/4) is necessary: at w = 0, V = e_1 the gradient is 0 and 0 > lambda >= -2 s^2/N; 16/N bounds the Hessian's
   Lipschitz constant on |w| <= 1, |V| <= 2, so that eps = N lambda^2 / 16; and -e_1 is better than the point by (2 s -
   s^2)/N >= (3/2) (4 N eps)^(1/4) / N for s <= 1/2, while b = 2, r = 1, mu0, mu1 and mu2 stay bounded as s -> 0. No
   power of eps above 1/4 serves, and the bound of Theorem 3 is off by a factor at most: bound-over-excess. */
static void shamir_thm3_exponent(trial *t)
{
    const shamir_thm3_exponent_spec *spec = t->row->spec;
    result *r = t->result;
    size_t N = spec->d + 1;
    tally count = { 0 };
    iv excess = { 0, 0 };
    iv ratio = { INFINITY, INFINITY };
    double factor = 0;
    bool fine = true;
    for (int k = 1; k <= spec->to_log2; k++) {
        mem local = { 0 };
        double *w = mem_doubles(&local, spec->d);
        double *V = mem_doubles(&local, spec->d);
        double *rival = mem_doubles(&local, spec->d);
        skip_data D = curved_data(&local, spec->d, two_to(-k));
        skip_point p = { w, V };
        V[0] = 1;
        rival[0] = -1;
        shamir_thm3_values v = shamir_thm3_evaluate_on(&local, &D, &p, rival, 1, (skip_region) { 1, 2, NULL }, 2);
        shamir_thm3_tally(&count, &D, &v);
        iv eps = sopsp_test(&local, &D, &p, 16 / (double)N).eps;
        iv root = iv_sqrt(iv_sqrt(iv_scale(4 * (double)N, eps)));
        excess = iv_sub(v.s.F, skip_rival_value(&local, &D, &(skip_rival) { rival, NULL }));
        fine &= iv_is(v.s.gradient, 0) && v.q.mu[2] <= 16 / (double)N &&
            iv_scale((double)N, excess).lo >= mul_up(SHAMIR_THM3_EXCESS, root.hi);
        ratio = iv_min(ratio, iv_div(iv_scale((double)N, excess), root));
        factor = fmax(factor, iv_div(spec->d > 1 ? v.line : v.top, excess).hi);
        mem_free(&local);
    }
    tally_report(r, &count);
    judge(r, &r->repaired, fine, CERTIFIED, "the excess was not bounded from below");
    fig_iv(r, "N-excess/(4-N-eps)^(1/4)", ratio);
    fig_iv(r, "excess-at-the-least-s", excess);
    fig_double(r, "bound-over-excess", factor);
}

#define SHAMIR_THM3_EXPONENT(name, level, d, to_log2) \
    CASE_ROW(name, level, shamir_thm3_exponent, shamir_thm3_exponent_spec, d, to_log2)

/* b, r, mu for which the printed form is asked, over a range of eps, in at most FORM_PIECES pieces. */
enum { FORM_PIECES = 20000 };

typedef struct {
    skip_smoothness q;
    double r;
    size_t pieces;
} shamir_thm3_form;

/* bound at D = sqrt(eps) over (eps + eps^(1/4)) P for eps from 2^a to 2^b, from above: both grow with eps. */
static bool shamir_thm3_piece(void *problem, double a, double b, double *bound)
{
    shamir_thm3_form *f = problem;
    iv lo = iv_pow(2, iv_of(a));
    iv hi = iv_pow(2, iv_of(b));
    iv D = iv_hull(iv_sqrt(lo), iv_sqrt(hi));
    iv top = iv_max(shamir_thm3_far(&f->q, hi.hi, f->r, D.lo), shamir_thm3_near(&f->q, hi.hi, f->r, D.hi));
    iv power = iv_sqrt(iv_sqrt(iv_of(lo.lo)));
    *bound = iv_div(top, iv_mul(iv_add(iv_of(lo.lo), power), shamir_thm3_poly(&f->q, f->r))).hi;
    if (++f->pieces > FORM_PIECES)
        *bound = INFINITY;
    return *bound <= 1 || *bound == INFINITY;
}

/* The printed form, (eps + eps^(1/4)) times a polynomial, for all eps in [2^-100, 2^20] and random b, r, mu0, mu1, mu2
   from 2^-4 to 2^4. */
static void shamir_thm3_printed(trial *t)
{
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM3_FORM);
    double most = 0;
    size_t pieces = 0;
    for (int i = 0; i < 40; i++) {
        double x[5];
        for (int k = 0; k < 5; k++)
            x[k] = dyadic(el_exp(2.75 * (2 * rng_uniform(&random) - 1))) + 0x1p-10;
        shamir_thm3_form f = { { x[0], { x[1], x[2], x[3] } }, x[4], 0 };
        most = fmax(most, cover_up(shamir_thm3_piece, &f, -100, 20, 24));
        pieces += f.pieces;
    }
    judge(r, &r->printed, most <= 1, CERTIFIED, "the polynomial was not shown to suffice");
    fig_count(r, "pieces", pieces);
    fig_double(r, "largest-ratio", most);
    margin_add(r, add_dn(1, -most));
}

#define SHAMIR_THM3_PRINTED(name, level) CASE_PLAIN(name, level, shamir_thm3_printed, NULL)

/* An instance, and how often a descent starts on it. */
typedef struct {
    int loss, features; /* of losses[]; FEATURES_... */
    size_t N, d, k;     /* N = 0: iris */
    int starts;
    unsigned stream;
} sopsp_spec;

/* Points on the way of a second-order descent, after 0, 1, 2, 4, ... steps, from seeded starts: approximate
   stationary points of every quality. Every third start lies near w = 0. */
static void shamir_thm3_descent(trial *t)
{
    const sopsp_spec *spec = t->row->spec;
    mem *arena = t->memory;
    rng random = rng_make(t->seed, STREAM_SHAMIR_SOPSP + spec->stream);
    skip_data D = skip_make(arena, &random, spec->loss, spec->features, spec->N, spec->d, spec->k, 1);
    const double *w0 = skip_linear_best(arena, &D, INFINITY);
    double radius = add_up(iv_norm(D.S.dx, w0).hi, 1);
    double least = INFINITY;
    double *x = mem_doubles(arena, skip_size(&D));
    tally count = { 0 };
    for (int start = 0; start < spec->starts; start++) {
        skip_start(&random, &D, start % 3 == 0 ? 0x1p-6 : 1, 1, x);
        for (int steps = 0; steps <= 32; steps = steps ? 2 * steps : 1) {
            mem local = { 0 };
            if (steps)
                skip_descend(&D, x, steps > 1 ? steps / 2 : 1);
            skip_point p = skip_unpack(&D, x);
            shamir_thm3_values v = shamir_thm3_evaluate(&local, &D, &p, w0, radius);
            shamir_thm3_tally(&count, &D, &v);
            least = fmin(least, v.s.eps.hi);
            mem_free(&local);
        }
    }
    tally_report(t->result, &count);
    fig_iv(t->result, "least-eps", iv_of(least));
}

#define SHAMIR_THM3_DESCENT(name, level, loss, features, N, d, k, starts, stream) \
    CASE_ROW(name, level, shamir_thm3_descent, sopsp_spec, loss, features, N, d, k, starts, stream)

/* What the search climbs: excess over bound. One sample, one coordinate each: w, v, x, f free, y with it: min F_lin = 0
   at y/x. */
static double shamir_thm3_score(mem *arena, const skip_data *D, const skip_point *p, const skip_rival *rival)
{
    double w0[1] = { D->S.X[0] != 0 ? D->S.Y[0] / D->S.X[0] : 0 };
    (void)rival;
    shamir_thm3_values v = shamir_thm3_evaluate(arena, D, p, w0, add_up(__builtin_fabs(w0[0]), 0x1p-10));
    return v.excess.lo > 0x1p-20 && v.bound.hi < INFINITY ? iv_mid(iv_div(v.excess, v.bound)) : -1;
}

typedef struct {
    int loss, proposals; /* of losses[]; instances tried */
    unsigned stream;
} shamir_thm3_search_spec;

/* The tightest case found. */
static void shamir_thm3_search(trial *t)
{
    const shamir_thm3_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    skip_attack a = attack_make(arena, spec->loss, 1, 1, 1, 1, false, false);
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM3_SEARCH + spec->stream);
    tally count = { 0 };
    skip_point p;
    skip_rival rival;
    attack_climb(&a, &random, spec->proposals, shamir_thm3_score);
    skip_data D = attack_data(&a, a.x, &p, &rival);
    double w0[1] = { D.S.Y[0] / D.S.X[0] };
    shamir_thm3_values v = shamir_thm3_evaluate(arena, &D, &p, w0, add_up(__builtin_fabs(w0[0]), 0x1p-10));
    shamir_thm3_tally(&count, &D, &v);
    tally_report(r, &count);
    fig_iv(r, "sopsp-eps", v.s.eps);
}

#define SHAMIR_THM3_SEARCH(name, level, loss, proposals, stream) \
    CASE_ROW(name, level, shamir_thm3_search, shamir_thm3_search_spec, loss, proposals, stream)

/* All about one point, for a user: figures into r; repaired: F is within the bound, printed: it is an eps-SOPSP. eps <
   0: none asked about; b < 0: just above |w| and |V|; radius < 0: just above the best |w*|. */
static void sopsp_report(
    mem *arena, result *r, const skip_data *D, const skip_point *p, double b, double radius, double eps)
{
    const double *w0 = skip_linear_best(arena, D, radius >= 0 ? radius : INFINITY);
    if (radius < 0)
        radius = mul_up(1 + 0x1p-10, fmax(iv_norm(D->S.dx, w0).hi, 0x1p-10));
    if (b < 0)
        b = skip_reach(arena, D, p);
    shamir_thm3_values v = shamir_thm3_evaluate_on(arena, D, p, w0, radius, (skip_region) { b, b, NULL }, b);
    fig_any(r, "F", v.s.F);
    fig_any(r, "gradient-norm", v.s.gradient);
    fig_any(r, "lambda_min", v.s.least);
    fig_any(r, "b", iv_of(b));
    fig_hex(r, "mu0", iv_of(v.q.mu[0]));
    fig_hex(r, "mu1", iv_of(v.q.mu[1]));
    fig_hex(r, "mu2", iv_of(v.q.mu[2]));
    fig_any(r, "sopsp-eps", v.s.eps);
    fig_any(r, "r", iv_of(radius));
    fig_any(r, "min-F_lin", v.linear);
    fig_any(r, "excess", v.excess);
    fig_hex(r, "theorem-3-bound", v.bound);
    if (D->S.dx > 1)
        fig_hex(r, "without-1/|w|", v.line);
    judge(r, &r->repaired, v.excess.hi <= v.top.lo, CERTIFIED, "an enclosure is too wide");
    if (eps >= 0)
        r->printed = verdict_at_most(v.s.eps, eps);
    explain_undecided(r, "an enclosure is too wide");
}

/// 9 Remark 3 ///

/* Example 1 on |w|, |v| <= 2/eps, in s = 1 + eps v in [-1, 3] and o = eps w in [-2, 2]: Hessian [s^2, 2 o s - eps;
   ., o^2], third derivative 6 eps u_w u_v (s u_w + o u_v) along a unit u. "For any eps > 0 the Lipschitz constants
   are bounded by a numerical constant": so for eps <= 1; but at (0, -1/eps) the Hessian has norm eps, and as the
   gradient's Lipschitz constant is at least that, no number serves all eps. Least constants for eps <= 1: |Hessian|
   = 13/2 + sqrt(701)/2 at s = 3, o = -2, eps = 1. */

/* Its norm: |mean of the diagonal| + root, for symmetric 2 x 2. */
static iv shamir_remark3_hessian(iv s, iv o, iv eps)
{
    iv a = iv_sqr(s);
    iv d = iv_sqr(o);
    iv b = iv_sub(iv_scale(2, iv_mul(o, s)), eps);
    return iv_add(iv_scale(0.5, iv_add(a, d)), iv_sqrt(iv_add(iv_sqr(iv_scale(0.5, iv_sub(a, d))), iv_sqr(b))));
}

/* M, the largest |T(f)|, T = 6 u_w u_v (s u_w + o u_v), u = (cos f, sin f): a trigonometric polynomial of degree 3,
   so |T''| <= 9 M (Bernstein), and a grid of step h has a point with |T| >= M (1 - 9 h^2 / 8). T is linear in (s,
   o), so that M is largest at a corner of their range. */
static iv shamir_remark3_third(iv s, iv o)
{
    enum { POINTS = 1024 };
    iv top = { 0, 0 };
    iv h = iv_div(IV_PI, iv_of(POINTS));
    for (int i = 0; i < POINTS; i++) {
        iv f = iv_scale(i, h);
        iv c = iv_cos(f);
        iv n = iv_sin(f);
        top = iv_max(top, iv_abs(iv_scale(6, iv_mul(iv_mul(c, n), iv_cross(s, c, o, n)))));
    }
    return iv_make(top.lo, iv_div(top, iv_sub(iv_of(1), iv_scale(1.125, iv_sqr(h)))).hi);
}

/* The largest norm over a box, to the tolerance: *low is reached in it, *high not exceeded. Not by cover_up: pieces are
   boxes of three intervals, of which the widest is halved. */
static void shamir_remark3_search(iv s, iv o, iv eps, double tolerance, int splits, double *low, double *high)
{
    iv all = shamir_remark3_hessian(s, o, eps);
    *low = fmax(*low, shamir_remark3_hessian(iv_of(iv_mid(s)), iv_of(iv_mid(o)), iv_of(iv_mid(eps))).lo);
    for (int i = 0; i < 8; i++)
        *low = fmax(*low,
            shamir_remark3_hessian(
                iv_of(i & 1 ? s.lo : s.hi), iv_of(i & 2 ? o.lo : o.hi), iv_of(i & 4 ? eps.lo : eps.hi))
                .lo);
    if (all.hi <= *low + tolerance || splits == 0) {
        *high = fmax(*high, all.hi);
        return;
    }
    iv *widest = s.hi - s.lo >= o.hi - o.lo && s.hi - s.lo >= eps.hi - eps.lo ? &s
        : o.hi - o.lo >= eps.hi - eps.lo                                      ? &o
                                                                              : &eps;
    iv whole = *widest;
    double at = iv_mid(whole);
    *widest = (iv) { at, whole.hi };
    shamir_remark3_search(s, o, eps, tolerance, splits - 1, low, high);
    *widest = (iv) { whole.lo, at };
    shamir_remark3_search(s, o, eps, tolerance, splits - 1, low, high);
}

/* Both constants for eps <= 1: the gradient's by the search over all (s, o, eps), the Hessian's at the four corners of
   (s, o). */
static void shamir_remark3(trial *t)
{
    result *r = t->result;
    double low = 0;
    double high = 0;
    iv s = { -1, 3 };
    iv o = { -2, 2 };
    iv eps = { 0, 1 };
    shamir_remark3_search(s, o, eps, 1e-4, 60, &low, &high);
    iv third = { 0, 0 };
    for (int i = 0; i < 4; i++)
        third = iv_max(third, shamir_remark3_third(iv_of(i & 1 ? 3 : -1), iv_of(i & 2 ? 2 : -2)));
    judge(r, &r->repaired, high < 20 && third.hi < 11, CERTIFIED, "the Lipschitz constants were not bounded");
    fig_iv(r, "gradient-Lipschitz", iv_make(low, high));
    fig_iv(r, "Hessian-Lipschitz", third);
    margin_add(r, add_dn(1, -div_up(high, 20)));
}

#define SHAMIR_REMARK3(name, level) CASE_PLAIN(name, level, shamir_remark3, NULL)

typedef struct {
    int constant_log2; /* C = 2^constant_log2 */
} shamir_remark3_large_spec;

/* For every number C and eps >= 2 C: the Hessian at (0, -1/eps) is [0, -eps; -eps, 0], of norm eps > C. */
static void shamir_remark3_large(trial *t)
{
    const shamir_remark3_large_spec *spec = t->row->spec;
    result *r = t->result;
    double C = two_to(spec->constant_log2);
    iv eps = { 2 * C, 0x1p300 };
    iv norm = shamir_remark3_hessian(iv_of(0), iv_of(0), eps);
    judge(r, &r->printed, norm.lo > C, REFUTED, "the Hessian's norm was not bounded from below");
    fig_hex(r, "constant", iv_of(C));
    fig_hex(r, "eps", eps);
    fig_hex(r, "Hessian-norm", norm);
}

#define SHAMIR_REMARK3_LARGE(name, level, constant_log2) \
    CASE_ROW(name, level, shamir_remark3_large, shamir_remark3_large_spec, constant_log2)

/* The remark's first sentence: no uniform Lipschitz constants over the whole plane, for any eps. At v with s = 1 + eps
   v >= 2^20 C, eps from 2^-10 to 2^10: d2F/dw2 = s^2 > C, d3F/dw2dv = 2 eps s > C. */
static void shamir_remark3_plane(trial *t)
{
    const shamir_remark3_large_spec *spec = t->row->spec;
    result *r = t->result;
    double C = two_to(spec->constant_log2);
    iv eps = { 0x1p-10, 0x1p10 };
    iv s = { 0x1p20 * C, 0x1p300 };
    iv second = iv_sqr(s);
    iv third = iv_scale(2, iv_mul(eps, s));
    judge(r, &r->printed, second.lo > C && third.lo > C, CERTIFIED, "the derivatives were not bounded from below");
    fig_hex(r, "constant", iv_of(C));
    fig_hex(r, "d2F/dw2", second);
    fig_hex(r, "d3F/dw2dv", third);
}

#define SHAMIR_REMARK3_PLANE(name, level, constant_log2) \
    CASE_ROW(name, level, shamir_remark3_plane, shamir_remark3_large_spec, constant_log2)

/// 9 Assumption 1 ///

/* "Under this assumption F is twice differentiable in w, V", for losses twice differentiable in p: not without
   moments. P(y = n) = 2^-n, x = 1, l(p; n) = sqrt(p^2 + 4^-n): F_lin(p) <= |p| + 1/3 is finite, and at 0 the
   difference quotient (F_lin(h) + F_lin(-h) - 2 F_lin(0)) / h^2 = sum over n of 2 2^-n / (sqrt(h^2 + 4^-n) + 2^-n) has
   for h = 2^-j at least j terms (n <= j) of at least 2 / (1 + sqrt 2): it grows without bound. */

typedef struct {
    int h_log2; /* h = 2^-h_log2 */
} shamir_assumption1_spec;

/* The quotient: terms up to n = j + 100, and a tail of terms below 2^(1 - n) / h. */
static iv shamir_assumption1_quotient(int j)
{
    iv h2 = iv_of(two_to(-2 * j));
    iv sum = { 0, 0x1p-99 };
    for (int n = 1; n <= j + 100; n++) {
        double y = times_two_to(1, -n);
        iv root = iv_sqrt(iv_add(h2, iv_sqr(iv_of(y))));
        sum = iv_add(sum, iv_div(iv_of(2 * y), iv_add(root, iv_of(y))));
    }
    return sum;
}

/* The quotient is at least what the first j terms give. */
static void shamir_assumption1_moments(trial *t)
{
    const shamir_assumption1_spec *spec = t->row->spec;
    result *r = t->result;
    iv quotient = shamir_assumption1_quotient(spec->h_log2);
    iv least = iv_scale(spec->h_log2, iv_div(iv_of(2), iv_add(iv_of(1), iv_sqrt(iv_of(2)))));
    iv zero = { 0, 0x1p-120 };
    for (int n = 1; n <= 60; n++)
        zero = iv_add(zero, iv_of(two_to(-2 * n)));
    judge(r, &r->printed, quotient.lo >= least.hi, REFUTED, "the quotient was not bounded from below");
    fig_iv(r, "F_lin(0)", zero);
    fig_iv(r, "quotient", quotient);
    fig_iv(r, "j-2/(1+sqrt-2)", least);
    margin_add(r, add_dn(quotient.lo, -least.hi));
}

#define SHAMIR_ASSUMPTION1_MOMENTS(name, level, h_log2) \
    CASE_ROW(name, level, shamir_assumption1_moments, shamir_assumption1_spec, h_log2)

/* The usual smoothed hinge, t^2 / 2 on [0, 1], 0 before and t - 1/2 beyond. */
static double shamir_quadratic_hinge(double t) { return t <= 0 ? 0 : t <= 1 ? 0.5 * t * t : t - 0.5; }

/* Its second differences at t = 0 are 0 on the left and h^2 on the right, exactly, for every h = 2^-1, .., 2^-40: it is
   not twice differentiable. The one used here, t^3 - t^4/2, is: its second derivative is 0 at both joints. */
static void shamir_assumption1_hinge(trial *t)
{
    result *r = t->result;
    bool jumps = true;
    for (int k = 1; k <= 40; k++) {
        double h = two_to(-k);
        double right = shamir_quadratic_hinge(2 * h) - 2 * shamir_quadratic_hinge(h) + shamir_quadratic_hinge(0);
        double left = shamir_quadratic_hinge(-2 * h) - 2 * shamir_quadratic_hinge(-h) + shamir_quadratic_hinge(0);
        jumps &= right == h * h && left == 0;
    }
    const loss *L = &losses[SMOOTHED_HINGE];
    iv joints = iv_hull(L->second(iv_of(1), 1), L->second(iv_of(0), 1));
    iv about = iv_hull(L->second((iv) { 1 - 0x1p-20, 1 + 0x1p-20 }, 1), L->second((iv) { -0x1p-20, 0x1p-20 }, 1));
    judge(r, &r->printed, jumps, REFUTED, "the second derivative was not seen to jump");
    judge(r, &r->repaired, iv_is(joints, 0) && about.hi < 0x1p-16 && about.lo >= 0, CERTIFIED,
        "the second derivative was not seen to be 0 at the joints");
    fig_iv(r, "at-the-joints", joints);
    fig_iv(r, "within-2^-20-of-them", about);
}

#define SHAMIR_ASSUMPTION1_HINGE(name, level) CASE_PLAIN(name, level, shamir_assumption1_hinge, NULL)

/// 9 Theorem 4: SGD ///

/* Outputs w^T x + v^T f_theta(x). SGD with steps b/(l sqrt T), projected on |(w, v)| <= b and on a box of theta.
   Explicit: the regret is at most (2 b)^2/(2 eta) + eta T l^2/2 = 2.5 b l sqrt T against any (u, 0) (Zinkevich; h_t
   is convex in (w, v), and h_t(u, 0) does not know theta_t); F(w_t) - h_t(w_t) - F_lin(u) + h_t(u) are martingale
   differences of size <= 4 r (Azuma): with probability >= 1 - delta, min_t F <= F_lin(u) + (2.5 b l + 4 r sqrt(2
   ln(1/delta)))/sqrt T. Sharper: given the past h_t(u) - h_t(w_t) lies in [-2 r, 2 r], so that 2 r serves for 4 r
   (Hoeffding's lemma); and with steps k b/(l sqrt T) the regret is at most (2/k + k/2) b l sqrt T, least for k = 2. The
   regret bound is certain, for every sequence. Iterates are computed in doubles: each is
   off its exact step by e < 2^-44, which moves the regret by at most T (4 b e + e^2)/(2 eta) < T sqrt T l 2^-42.
   l and r are for |theta_ij| <= 1. theta starts unclipped; where an entry is larger, they may be smaller than the
   theorem's, so that the statement checked is the stronger one. */

/* 2.5 and 4 of the bound, and 2 of the sharper one. */
static const double SHAMIR_THM4_REGRET_FACTOR = 2.5;
static const double SHAMIR_THM4_CHANCE_FACTOR = 4;
static const double SHAMIR_THM4_CHANCE_SHARP = 2;

enum { SGD_MAX = 8 }; /* d + k */

typedef struct {
    size_t N, d, k, T;         /* samples, coordinates of x, features, steps */
    const double *X, *Y;       /* N x d, N */
    const loss *l;             /* of one output */
    double b, lipschitz, size; /* b, l and r of the theorem: r bounds the loss */
} sgd_task;

typedef struct {
    double z[SGD_MAX];               /* (w, v) */
    double theta[SGD_MAX * SGD_MAX]; /* k x d; a step clips what it moves to [-clip, clip] */
    double clip;
} sgd_state;

/* f_theta(x) = relu(theta x), rounded: what the method computes with is f itself. */
static void sgd_features(const sgd_task *t, const double *theta, const double *x, double *f)
{
    for (size_t l = 0; l < t->k; l++) {
        double a = 0;
        for (size_t j = 0; j < t->d; j++)
            a = fma1(theta[l * t->d + j], x[j], a);
        f[l] = fmax(a, 0);
    }
}

/* h(z) on one sample, with (x, f) given; its derivative in the output too, unless slope is NULL. */
static iv sgd_loss(const sgd_task *t, const double *z, const double *x, const double *f, const double *y, iv *slope)
{
    iv out = { 0, 0 };
    for (size_t j = 0; j < t->d; j++)
        out = iv_add(out, iv_mul(iv_of(z[j]), iv_of(x[j])));
    for (size_t l = 0; l < t->k; l++)
        out = iv_add(out, iv_mul(iv_of(z[t->d + l]), iv_of(f[l])));
    if (slope)
        t->l->gradient(1, &out, y, slope);
    return t->l->value(1, &out, y);
}

/* One step on a sample; theta moves along its own gradient. Returns h_t at the iterate it starts from. */
static iv sgd_step(const sgd_task *t, sgd_state *s, double eta, const double *x, const double *f, const double *y)
{
    iv slope;
    iv h = sgd_loss(t, s->z, x, f, y, &slope);
    double g = eta * iv_mid(slope);
    double square = 0;
    for (size_t l = 0; l < t->k; l++)
        for (size_t j = 0; j < t->d; j++) {
            double *at = &s->theta[l * t->d + j];
            if (f[l] > 0)
                *at = fmin(fmax(*at - g * s->z[t->d + l] * x[j], -s->clip), s->clip);
        }
    for (size_t j = 0; j < t->d + t->k; j++) {
        s->z[j] -= g * (j < t->d ? x[j] : f[j - t->d]);
        square = fma1(s->z[j], s->z[j], square);
    }
    double norm = __builtin_sqrt(square);
    if (norm > t->b)
        for (size_t j = 0; j < t->d + t->k; j++)
            s->z[j] = s->z[j] * (t->b / norm);
    return h;
}

/* l and r over |(w, v)| <= b, for features of length at most `reach` |x|: the gradient in (w, v) is slope (x, f). */
static void sgd_constants(sgd_task *t, double reach)
{
    t->lipschitz = t->size = 0;
    for (size_t i = 0; i < t->N; i++) {
        iv x = iv_norm(t->d, t->X + i * t->d);
        iv slope;
        double length = mul_up(x.hi, sqrt_up(add_up(1, mul_up(reach, reach))));
        double z = mul_up(t->b, length);
        iv range = { -z, z };
        t->l->gradient(1, &range, t->Y + i, &slope);
        t->lipschitz = fmax(t->lipschitz, mul_up(iv_mag(slope), length));
        t->size = fmax(t->size, iv_mag(t->l->value(1, &range, t->Y + i)));
    }
}

/* 2.5 b l sqrt T, and what rounding may add. */
static iv sgd_regret_bound(const sgd_task *t)
{
    iv T = iv_of((double)t->T);
    iv root = iv_sqrt(T);
    iv bl = iv_mul(iv_of(t->b), iv_of(t->lipschitz));
    return iv_add(iv_scale(SHAMIR_THM4_REGRET_FACTOR, iv_mul(bl, root)),
        (iv) { 0, mul_up(mul_up(t->lipschitz, 0x1p-42), mul_up((double)t->T, root.hi)) });
}

/* The theorem's bound of min_t F - F_lin(u); odds = 1/delta. */
static iv shamir_thm4_bound(double b, double l, double r, double T, double odds)
{
    iv chance = iv_mul(iv_of(r), iv_sqrt(iv_scale(2, iv_log(iv_of(odds)))));
    return iv_div(iv_add(iv_scale(SHAMIR_THM4_REGRET_FACTOR, iv_mul(iv_of(b), iv_of(l))),
                      iv_scale(SHAMIR_THM4_CHANCE_FACTOR, chance)),
        iv_sqrt(iv_of(T)));
}

static double sgd_eta(const sgd_task *t) { return t->b / (t->lipschitz * __builtin_sqrt((double)t->T)); }

/* Samples on the grid 2^-10 in the unit ball; y: a sign, or half the first coordinate and noise. b = 1. */
static sgd_task sgd_make(mem *arena, rng *random, int which, size_t N, size_t d, size_t k, size_t T)
{
    size_must_fit("numbers of an SGD iterate", d + k, SGD_MAX);
    double *X = mem_doubles(arena, N * d);
    double *Y = mem_doubles(arena, N);
    for (size_t i = 0; i < N; i++) {
        rng_sphere(random, d, X + i * d);
        for (size_t j = 0; j < d; j++)
            X[i * d + j] = dyadic(X[i * d + j] * 0.96875);
        Y[i] = 0.5 * X[i * d] + dyadic(0.25 * rng_normal(random));
        label_make(&losses[which], 1, 0, Y + i);
    }
    sgd_task t = { N, d, k, T, X, Y, &losses[which], 1, 0, 0 };
    /* |f| <= sqrt(k) |theta row| |x|, |theta row| <= sqrt(d) */
    sgd_constants(&t, __builtin_sqrt((double)k) * __builtin_sqrt((double)d));
    /* for the rounded reach */
    t.lipschitz *= TUBE_SLACK;
    t.size *= TUBE_SLACK;
    return t;
}

/* theta to start from. */
static void sgd_random_theta(const sgd_task *t, rng *random, double *theta)
{
    for (size_t i = 0; i < t->k * t->d; i++)
        theta[i] = dyadic(0.5 * rng_normal(random));
}

/* F at (z, theta). */
static iv sgd_risk(const sgd_task *t, const double *z, const double *theta)
{
    iv sum = { 0, 0 };
    for (size_t i = 0; i < t->N; i++) {
        double f[SGD_MAX];
        sgd_features(t, theta, t->X + i * t->d, f);
        sum = iv_add(sum, sgd_loss(t, z, t->X + i * t->d, f, t->Y + i, NULL));
    }
    return iv_mean(sum, t->N);
}

/// 9 Theorem 4: every sequence of samples ///

typedef struct {
    iv regret;    /* sum of h_t(z_t) - h_t(u) */
    iv deviation; /* sum of F(z_t) - h_t(z_t) - F_lin(u) + h_t(u) */
} sgd_outcome;

/* One of the N^T sequences of samples (the digits of `which` to base N), from z = (-u, 0): far from the comparator,
   whatever the samples. */
static sgd_outcome sgd_sequence(const sgd_task *t, size_t which, const double *theta, const double *u)
{
    sgd_state s = { { 0 }, { 0 }, 1 };
    sgd_outcome o = { { 0, 0 }, { 0, 0 } };
    iv linear = sgd_risk(t, u, theta);
    for (size_t j = 0; j < t->d; j++)
        s.z[j] = -u[j];
    memcpy(s.theta, theta, t->k * t->d * sizeof *theta);
    for (size_t step = 0; step < t->T; step++) {
        size_t i = which % t->N;
        const double *x = t->X + i * t->d;
        const double *y = t->Y + i;
        double f[SGD_MAX];
        sgd_features(t, s.theta, x, f);
        iv theirs = sgd_loss(t, u, x, f, y, NULL);
        iv F = sgd_risk(t, s.z, s.theta);
        iv gap = iv_sub(sgd_step(t, &s, sgd_eta(t), x, f, y), theirs);
        o.regret = iv_add(o.regret, gap);
        o.deviation = iv_add(o.deviation, iv_sub(iv_sub(F, linear), gap));
        which /= t->N;
    }
    return o;
}

/* N^T. */
static size_t sgd_sequences(const sgd_task *t)
{
    size_t n = 1;
    for (size_t i = 0; i < t->T; i++)
        n *= t->N;
    return n;
}

/* regret <= bound on all instances; unlike in tally_report none of the regrets need be positive. */
static void regret_report(result *r, const tally *t)
{
    judge(r, &r->printed, t->violated || t->certified == t->instances, t->violated ? REFUTED : CERTIFIED,
        "an enclosure is too wide");
    fig_count(r, "instances", t->instances);
    fig_count(r, "positive-regrets", t->worse);
    fig_iv(r, "largest-ratio", t->ratio);
    margin_add(r, add_dn(1, -t->ratio.hi));
}

typedef struct {
    int loss;          /* of losses[] */
    size_t N, d, k, T; /* N^T sequences */
    unsigned stream;
} sgd_sequences_spec;

/* The regret bound for every sequence, against four comparators u = +-e_1, +-e_2 (the same twice where d = 1). */
static void shamir_thm4_regret(trial *t)
{
    const sgd_sequences_spec *spec = t->row->spec;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM4_REGRET + spec->stream);
    sgd_task task = sgd_make(t->memory, &random, spec->loss, spec->N, spec->d, spec->k, spec->T);
    tally all = { 0 };
    double theta[SGD_MAX * SGD_MAX];
    iv bound = sgd_regret_bound(&task);
    sgd_random_theta(&task, &random, theta);
    for (size_t q = 0; q < sgd_sequences(&task); q++)
        for (size_t a = 0; a < 4; a++) {
            double u[SGD_MAX] = { 0 };
            u[a / 2 % task.d] = a & 1 ? -1 : 1;
            iv regret = sgd_sequence(&task, q, theta, u).regret;
            tally_add(&all, bound, regret, regret.lo > 0);
        }
    regret_report(r, &all);
    fig_count(r, "sequences", sgd_sequences(&task));
    fig_iv(r, "regret-bound", bound);
}

#define SHAMIR_THM4_REGRET(name, level, loss, N, d, k, T, stream) \
    CASE_ROW(name, level, shamir_thm4_regret, sgd_sequences_spec, loss, N, d, k, T, stream)

/* The probabilistic half for all delta at once: "with probability at most delta the deviation exceeds c r sqrt(2 T
   ln(1/delta))" is P(deviation >= a) <= exp(-a^2 / (2 T c^2 r^2)) for all a > 0, and holds for all if it holds for the
   values that the deviation takes. c: the least constant that serves. */
typedef struct {
    size_t n;
    iv *deviation, mean, c;
} sgd_tails;

/* Over all N^T sequences, equally likely, against (u, 0). */
static sgd_tails sgd_all_tails(mem *arena, const sgd_task *t, const double *theta, const double *u)
{
    sgd_tails s = { sgd_sequences(t), NULL, { 0, 0 }, { 0, 0 } };
    double n = (double)s.n;
    s.deviation = mem_ivs(arena, s.n);
    for (size_t q = 0; q < s.n; q++) {
        s.deviation[q] = sgd_sequence(t, q, theta, u).deviation;
        s.mean = iv_add(s.mean, s.deviation[q]);
    }
    s.mean = iv_div(s.mean, iv_of(n));
    for (size_t q = 0; q < s.n; q++) {
        size_t surely = 0;
        size_t perhaps = 0;
        iv a = s.deviation[q];
        for (size_t i = 0; i < s.n; i++) {
            surely += s.deviation[i].lo >= a.lo;
            perhaps += s.deviation[i].hi >= a.lo;
        }
        /* c is at least a.lo / (r sqrt(2 T ln(n/surely))), and at most the largest of what `perhaps` and a.hi give */
        iv odds = { div_dn(n, (double)perhaps), div_up(n, (double)surely) };
        iv root = iv_scale(t->size, iv_sqrt(iv_scale(2 * (double)t->T, iv_log(odds))));
        if (a.lo > 0)
            s.c = iv_max(s.c, iv_div(a, root));
    }
    return s;
}

/* On an instance small enough to know the probability: the printed constant 4, and 2. The mean of the deviations is 0,
   as for sums of martingale differences. */
static void shamir_thm4_tails(result *r, mem *arena, const sgd_task *t, const double *theta)
{
    double u[SGD_MAX] = { 1 };
    sgd_tails s = sgd_all_tails(arena, t, theta, u);
    bool mean = iv_has(s.mean, 0) && s.mean.hi - s.mean.lo < 1e-9;
    const double factor[2] = { SHAMIR_THM4_CHANCE_FACTOR, SHAMIR_THM4_CHANCE_SHARP };
    enum verdict *which[2] = { &r->printed, &r->repaired };
    for (int i = 0; i < 2; i++) {
        bool broken = s.c.lo > factor[i];
        judge(r, which[i], mean && (broken || s.c.hi <= factor[i]), broken ? REFUTED : CERTIFIED,
            "the mean of the deviations is not 0, or an enclosure is too wide");
    }
    fig_count(r, "sequences", s.n);
    fig_iv(r, "mean-deviation", s.mean);
    fig_iv(r, "least-constant", s.c);
    margin_add(r, add_dn(1, -div_up(s.c.hi, SHAMIR_THM4_CHANCE_SHARP)));
}

static void shamir_thm4_deviation(trial *t)
{
    const sgd_sequences_spec *spec = t->row->spec;
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM4_REGRET + spec->stream);
    sgd_task task = sgd_make(t->memory, &random, spec->loss, spec->N, spec->d, spec->k, spec->T);
    double theta[SGD_MAX * SGD_MAX];
    sgd_random_theta(&task, &random, theta);
    shamir_thm4_tails(t->result, t->memory, &task, theta);
}

#define SHAMIR_THM4_DEVIATION(name, level, loss, N, d, k, T, stream) \
    CASE_ROW(name, level, shamir_thm4_deviation, sgd_sequences_spec, loss, N, d, k, T, stream)

/* The loss -y z. */
static iv sgd_linear_value(size_t d, const iv *z, const double *y)
{
    (void)d;
    return iv_scale(-y[0], z[0]);
}

static void sgd_linear_gradient(size_t d, const iv *z, const double *y, iv *p)
{
    (void)d;
    (void)z;
    p[0] = iv_of(-y[0]);
}

static const loss sgd_linear = { .name = "linear", .value = sgd_linear_value, .gradient = sgd_linear_gradient };

typedef struct {
    size_t minus, N, T; /* `minus` of N labels are -1, the others 1 */
} shamir_thm4_labels_spec;

/* Random labels y = +-1 at x = 1, loss -y w, b = l = r = 1, from w = -1 against u = 1: with all labels -1 the iterate
   stays at -1, and every difference is 4 (1 - p), p the share of the label -1: P = p^T, for a constant 4 (1 -
   p)/sqrt(2 ln(1/p)), at every T. */
static void shamir_thm4_labels(trial *t)
{
    const shamir_thm4_labels_spec *spec = t->row->spec;
    double *X = mem_doubles(t->memory, spec->N);
    double *Y = mem_doubles(t->memory, spec->N);
    double theta[SGD_MAX * SGD_MAX] = { 0 };
    for (size_t i = 0; i < spec->N; i++) {
        X[i] = 1;
        Y[i] = i < spec->minus ? -1 : 1;
    }
    sgd_task task = { spec->N, 1, 0, spec->T, X, Y, &sgd_linear, 1, 1, 1 };
    shamir_thm4_tails(t->result, t->memory, &task, theta);
}

#define SHAMIR_THM4_LABELS(name, level, minus, N, T) \
    CASE_ROW(name, level, shamir_thm4_labels, shamir_thm4_labels_spec, minus, N, T)

/// 9 Theorem 4: the adversary ///

/* The tightest regret: the whole sequence of samples, features and labels is free, as in online learning against an
   adversary. One coordinate each; squared loss. */
typedef struct {
    double x, f, y;
} sgd_round;

/* The regret against (u, 0) of one play from (start, 0), and its bound. Sets t->lipschitz to that of the play: |slope|
   <= 2 (|y| + length) over the ball b = 1. */
static iv sgd_play(sgd_task *t, const sgd_round *play, double start, double u, iv *bound)
{
    sgd_state s = { { start }, { 0 }, 0 };
    iv regret = { 0, 0 };
    double most = 0;
    for (size_t i = 0; i < t->T; i++) {
        /* exact squares: multiples of 2^-20 */
        double length = sqrt_up(add_up(play[i].x * play[i].x, play[i].f * play[i].f));
        most = fmax(most, mul_up(2, mul_up(length, add_up(__builtin_fabs(play[i].y), length))));
    }
    t->lipschitz = most;
    for (size_t i = 0; i < t->T; i++) {
        double z[2] = { u, 0 };
        iv theirs = sgd_loss(t, z, &play[i].x, &play[i].f, &play[i].y, NULL);
        regret = iv_add(regret, iv_sub(sgd_step(t, &s, sgd_eta(t), &play[i].x, &play[i].f, &play[i].y), theirs));
    }
    *bound = sgd_regret_bound(t);
    return regret;
}

typedef struct {
    size_t T;
    int proposals; /* plays tried */
    unsigned stream;
} sgd_search_spec;

/* Climbs regret over bound, from start 1 against u = -1; every proposal draws about a fifth of the rounds anew. */
static void shamir_thm4_search(trial *t)
{
    const sgd_search_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    size_t T = spec->T;
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM4_SEARCH + spec->stream);
    sgd_task task = { T, 1, 1, T, NULL, NULL, &losses[SQUARED], 1, 0, 0 };
    sgd_round *best = mem_get(arena, T, sizeof *best);
    sgd_round *tried = mem_get(arena, T, sizeof *tried);
    climb c = { .best = -INFINITY };
    tally all = { 0 };
    iv bound, regret;
    for (int i = 0; i < spec->proposals; i++) {
        memcpy(tried, best, T * sizeof *tried);
        for (size_t k = 0; k < T; k++)
            if (i == 0 || rng_uniform(&random) < 0.2)
                tried[k] = (sgd_round) { dyadic(rng_normal(&random)), dyadic(0.25 * rng_normal(&random)),
                    dyadic(tried[k].y + 8 * rng_normal(&random)) };
        regret = sgd_play(&task, tried, 1, -1, &bound);
        if (climb_up(&c, div_dn(regret.lo, bound.hi)))
            memcpy(best, tried, T * sizeof *tried);
    }
    regret = sgd_play(&task, best, 1, -1, &bound);
    tally_add(&all, bound, regret, regret.lo > 0);
    regret_report(r, &all);
}

#define SHAMIR_THM4_SEARCH(name, level, T, proposals, stream) \
    CASE_ROW(name, level, shamir_thm4_search, sgd_search_spec, T, proposals, stream)

typedef struct {
    int root_log2; /* sqrt T = 2^root_log2 */
    double k;      /* steps k b/(l sqrt T) */
    bool smooth;   /* f_theta differentiable in theta */
} shamir_thm4_attained_spec;

/* b = l = 1, loss -p, x = 2/(k sqrt T), f = +-c with x^2 + c^2 = 1 (c rounded down), eta = k/sqrt T: w goes from -1 to
   1 in T steps and no projection happens. Alternating f from (-1, 0): each second step pays eta c^2. Smooth: f = c K
   theta on |theta| <= 1/K, K^2 = 4 (1 + 2^-20)/(eta c)^2, from v = -eta c/2, theta = 1/K: theta steps by more than
   2/K, from one end to the other, and every step pays eta c^2 / 2, from a w a little above -1. Returns the regret. */
static iv shamir_thm4_play(const shamir_thm4_attained_spec *spec, sgd_task *t, double x, double c)
{
    double eta = spec->k * sgd_eta(t);
    double ascent = 4 * (1 + 0x1p-20) / (eta * c); /* of K theta, per v */
    double side = 1;                               /* K theta */
    double v = spec->smooth ? -0.5 * eta * c : 0;
    double u[2] = { 1, 0 };
    sgd_state s = { { -sqrt_dn(add_dn(1, -mul_up(v, v))), v }, { 0 }, 1 };
    iv regret = { 0, 0 };
    for (size_t i = 0; i < t->T; i++) {
        double f = c * side;
        double y = 1;
        side = spec->smooth ? fmin(fmax(side + ascent * s.z[1], -1), 1) : -side;
        iv theirs = sgd_loss(t, u, &x, &f, &y, NULL);
        regret = iv_add(regret, iv_sub(sgd_step(t, &s, eta, &x, &f, &y), theirs));
    }
    return regret;
}

/* The constant is attained: 2/k + k/2, exactly by the alternating f, nearly by the smooth one. The iterates are
   rounded ones: each coordinate of a step is off by at most 2^-52, after t steps by t 2^-52, which moves the regret by
   less than T^2 2^-51. */
static void shamir_thm4_attained(trial *t)
{
    const shamir_thm4_attained_spec *spec = t->row->spec;
    result *r = t->result;
    double root = two_to(spec->root_log2);
    double x = 2 / (spec->k * root);
    double c = sqrt_dn(add_dn(1, -mul_up(x, x)));
    sgd_task task = { 1, 1, 1, (size_t)(root * root), NULL, NULL, &sgd_linear, 1, 1, 0 };
    iv regret = shamir_thm4_play(spec, &task, x, c);
    iv factor = spec->k == 1 ? iv_of(SHAMIR_THM4_REGRET_FACTOR) : iv_of(2 / spec->k + spec->k / 2);
    double rounding = 0x1p-51 * (root * root) * (root * root);
    iv ratio = iv_div(iv_add(regret, (iv) { -rounding, rounding }), iv_of(root));
    bool broken = ratio.lo > factor.hi;
    double allowed = add_up(factor.lo, div_up(rounding, 0.5 * root));
    enum verdict *which = spec->k == 1 ? &r->printed : &r->repaired;
    judge(r, which, broken || (ratio.hi <= allowed && ratio.lo > factor.lo - 1 / root), broken ? REFUTED : CERTIFIED,
        "the regret does not come near its bound");
    fig_iv(r, "regret/(b-l-sqrt-T)", ratio);
    fig_iv(r, "constant", factor);
    margin_add(r, fmax(0, add_dn(1, -iv_div(ratio, factor).hi)));
}

#define SHAMIR_THM4_ATTAINED(name, level, root_log2, k, smooth) \
    CASE_ROW(name, level, shamir_thm4_attained, shamir_thm4_attained_spec, root_log2, k, smooth)

/// 9 Theorem 4: runs ///

/* Of 16 of the iterates of a run. */
typedef struct {
    iv least;    /* F */
    double mean; /* of F */
} sgd_end;

/* One seeded run from w = -e_1, v = 0. */
static sgd_end sgd_run(const sgd_task *t, rng *random)
{
    sgd_state s = { { 0 }, { 0 }, 1 };
    sgd_end end = { { INFINITY, INFINITY }, 0 };
    s.z[0] = -1;
    sgd_random_theta(t, random, s.theta);
    for (size_t step = 0; step < t->T; step++) {
        size_t i = (size_t)(rng_uniform(random) * (double)t->N);
        double f[SGD_MAX];
        if (step % (t->T / 16) == 0) {
            iv F = sgd_risk(t, s.z, s.theta);
            end.least = iv_min(end.least, F);
            end.mean += iv_mid(F) / 16;
        }
        sgd_features(t, s.theta, t->X + i * t->d, f);
        sgd_step(t, &s, sgd_eta(t), t->X + i * t->d, f, t->Y + i);
    }
    return end;
}

typedef struct {
    int loss; /* of losses[] */
    size_t N, d, k;
    int log2_T, runs; /* T = 2^log2_T steps a run */
    unsigned stream;
} sgd_runs_spec;

typedef struct {
    size_t fine, violations; /* runs below and above the bound, for certain */
    double worst;            /* the largest min_t F - min F_lin, from above */
    double mean;             /* the mean excess of a run */
} sgd_excess;

/* least: min F_lin. */
static sgd_excess sgd_runs(const sgd_task *task, rng *random, int runs, iv least, iv bound)
{
    sgd_excess e = { .worst = -INFINITY };
    for (int i = 0; i < runs; i++) {
        sgd_end end = sgd_run(task, random);
        iv excess = iv_sub(end.least, least);
        e.violations += excess.lo > bound.hi;
        e.fine += excess.hi <= bound.lo;
        e.worst = fmax(e.worst, excess.hi);
        e.mean += (end.mean - iv_mid(least)) / runs;
    }
    return e;
}

/* Seeded runs at T = 2^k: min_t F, over 16 of the iterates, against the bound at delta = 1/20. */
static void shamir_thm4_runs(trial *t)
{
    const sgd_runs_spec *spec = t->row->spec;
    mem *arena = t->memory;
    result *r = t->result;
    rng random = rng_make(t->seed, STREAM_SHAMIR_THM4_RUNS + spec->stream);
    sgd_task task = sgd_make(arena, &random, spec->loss, spec->N, spec->d, spec->k, (size_t)1 << spec->log2_T);
    skip_data linear = { { task.N, task.d, 1, task.X, task.Y, task.l }, 0, no_features };
    const double *u = skip_linear_best(arena, &linear, task.b);
    iv least = skip_linear_least(arena, &linear, u, task.b);
    iv bound = shamir_thm4_bound(task.b, task.lipschitz, task.size, (double)task.T, 20);
    sgd_excess e = sgd_runs(&task, &random, spec->runs, least, bound);
    judge(r, &r->printed, e.fine == (size_t)spec->runs, CERTIFIED,
        e.violations ? "a run exceeds the bound: allowed with probability delta, so nothing is shown"
                     : "an enclosure is too wide");
    fig_count(r, "runs", (size_t)spec->runs);
    fig_count(r, "violations", e.violations);
    fig_double(r, "l", task.lipschitz);
    fig_double(r, "r", task.size);
    fig_iv(r, "min-F_lin", least);
    fig_iv(r, "bound", bound);
    fig_double(r, "largest-excess", e.worst);
    fig_double(r, "mean-excess", e.mean);
    margin_add(r, add_dn(bound.lo, -e.worst));
}

#define SHAMIR_THM4_RUNS(name, level, loss, N, d, k, log2_T, runs, stream) \
    CASE_ROW(name, level, shamir_thm4_runs, sgd_runs_spec, loss, N, d, k, log2_T, runs, stream)

/* The bound at b = 1, l = r = 4, T = 2^10, delta = 1/20, for exact.py. */
static void shamir_thm4_formula(trial *t)
{
    result *r = t->result;
    iv b = shamir_thm4_bound(1, 4, 4, 1024, 20);
    fig_iv(r, "bound", b);
}

#define SHAMIR_THM4_FORMULA(name, level) CASE_PLAIN(name, level, shamir_thm4_formula, NULL)

/// 10 Claims ///

/* Everything the program says about a claim, and all its cases: --help, list, explain, the report and JSON print from
   them. They stand in vectors/claims.inc, which reads as a catalogue. */

typedef struct {
    const char *name, *source, *statement, *finding, *explain;
    const claim_case *cases;
    size_t count;
} claim;

#define CLAIM(id, name, source, statement, finding, explain, ...) \
    static const claim_case id##_cases[] = { __VA_ARGS__ };
#include "vectors/claims.inc"

static const claim claims[] = {
#define CLAIM(id, name, source, statement, finding, explain, ...) \
    { name, source, statement, finding, explain, id##_cases, COUNT(id##_cases) },
#include "vectors/claims.inc"
};

/* The claims that have a picture, and what it shows, in the memory given. */
static const struct {
    const char *claim;
    void (*fill)(mem *, picture *);
} pictures[] = {
    { "shamir.fig1", shamir_fig1_picture },
};

/* The rows as their macros spell them out, with what the macros add: by this a part tells which program it is of. What
   compilers may write differently, NULL, true and white space, is kept out of it. */
#undef CASE_ON
#undef CASE_PLAIN
#undef CASE_SPLIT
#define CASE_ON(landscape, name, level, runner, type, ...) name level runner type __VA_ARGS__
#define CASE_PLAIN(name, level, runner, landscape) name level runner
#define CASE_SPLIT(name, level, split, type, ...) name level split type __VA_ARGS__
#define CLAIM_ROWS(...) #__VA_ARGS__
#define CLAIM_TEXT(...) CLAIM_ROWS(__VA_ARGS__)
#pragma push_macro("true")
#pragma push_macro("false")
#undef true
#undef false
static const char claims_text[] =
#define CLAIM(id, name, source, statement, finding, explain, ...) name " " CLAIM_TEXT(__VA_ARGS__) "\n"
#include "vectors/claims.inc"
    ;
#pragma pop_macro("true")
#pragma pop_macro("false")

/* NULL: no claim has that name. */
static const claim *claim_named(const char *name)
{
    for (size_t i = 0; i < COUNT(claims); i++)
        if (!strcmp(claims[i].name, name))
            return &claims[i];
    return NULL;
}

static bool claim_has_case(const char *claim_name, const char *test)
{
    const claim *c = claim_named(claim_name);
    for (size_t k = 0; c && k < c->count; k++)
        if (!strcmp(c->cases[k].name, test))
            return true;
    return false;
}

/// 10 Rows ///

/* The rows of vectors/ are compiled in, so that a lone binary can test itself. `exact` and `published` rows are the
   truth, from elsewhere; `golden` rows are sameness, recorded from this program. Comparisons are exact; a failing
   row is named by file and line, with both values. */

/* line: of the row's file. First fma(a, b, c). */
typedef struct {
    int line;
    double a, b, c, expected;
} row_fma;
/* The exact sum of six terms, rounded to nearest, down, up. */
typedef struct {
    int line;
    const char *name;
    double nearest, down, up, term[6];
} row_sum;
/* x with 12 decimals, rounded down and up. */
typedef struct {
    int line;
    double x;
    const char *floor, *ceil;
} row_dec;
/* x as a hexfloat. */
typedef struct {
    int line;
    double x;
    const char *text;
} row_hex;
/* The SHA-256 of a product of that shape, by power_product. */
typedef struct {
    int line;
    size_t m, n, k;
    const char *digest;
} row_gemm;
/* lo <= f(x) <= hi, neighbouring doubles, or one that is nearest. */
typedef struct {
    int line;
    const char *name;
    double (*f)(double);
    double x, lo, hi;
} row_el;
/* Likewise atan2(y, x). */
typedef struct {
    int line;
    double y, x, lo, hi;
} row_atan2;
/* What a row about a figure says. */
enum fig_relation {
    FIG_ENCLOSES, /* the enclosure contains the value */
    FIG_ABOVE,    /* it is a bound: not below the value */
    FIG_BELOW,    /* likewise, not above it */
    FIG_READS,    /* its text is that */
    FIG_DOUBLES,  /* its ends, hexfloats, enclose both doubles */
    FIG_UP        /* its upper end is not below `above` */
};
/* A figure of a case, by its exact value: in decimals, rest: EXACTLY, AND_MORE or ROUNDED; or by the doubles around it,
   below <= value <= above. On either side it reaches at most `slack` units of 10^-12, or doubles, further than that. */
typedef struct {
    const char *claim, *test, *figure, *value; /* value: in decimals; a text; or two doubles, "below above" */
    int64_t slack;
    unsigned short line;
    unsigned char relation, rest;
} row_fig;
/* The SHA-256 of a message, `repeat` times. */
typedef struct {
    int line;
    const char *message;
    unsigned repeat;
    const char *digest;
} row_sha;
/* Philox4x32-10. */
typedef struct {
    int line;
    uint32_t counter[4], key[2], expected[4];
} row_philox;
/* A case as it was recorded: verdicts, and figures as in the canonical report. */
typedef struct {
    int line;
    const char *claim, *test, *verdicts, *figures; /* verdicts: three words, as verdict_line writes them */
} row_case;
/* The SHA-256 of the report of a level, or of the rows of a file. */
typedef struct {
    int line;
    const char *name, *digest;
} row_digest;

#define EXACT "vectors/exact.inc"
#define PUBLISHED "vectors/published.inc"
#define GOLDEN "vectors/golden.inc"

static const row_fma vec_fma[] = {
#define FMA(a, b, c, r) { __LINE__, a, b, c, r },
#include "vectors/exact.inc"
};
static const row_sum vec_sum[] = {
#define SUM(name, nearest, down, up, ...) { __LINE__, name, nearest, down, up, { __VA_ARGS__ } },
#include "vectors/exact.inc"
};
static const row_dec vec_dec[] = {
#define DEC(x, floor, ceil) { __LINE__, x, floor, ceil },
#include "vectors/exact.inc"
};
static const row_hex vec_hex[] = {
#define HEX(x, text) { __LINE__, x, text },
#include "vectors/exact.inc"
};
static const row_gemm vec_gemm[] = {
#define GEMM(m, n, k, digest) { __LINE__, m, n, k, digest },
#include "vectors/exact.inc"
};
static const row_el vec_el[] = {
#define EL(f, x, lo, hi) { __LINE__, #f, el_##f, x, lo, hi },
#define ELR(f, x, r) { __LINE__, #f, el_##f, x, r, r },
#include "vectors/exact.inc"
};
static const row_atan2 vec_atan2[] = {
#define EL2(f, y, x, lo, hi) { __LINE__, y, x, lo, hi },
#define ELR2(f, y, x, r) { __LINE__, y, x, r, r },
#include "vectors/exact.inc"
};
/* A figure's exact value is the row's; lies strictly between it and the next multiple of 10^-12; is less than a unit
   of its last place away. */
enum { EXACTLY, AND_MORE, ROUNDED };
static const row_fig vec_fig_exact[] = {
#define DECIMALS(relation, claim, test, figure, value, rest, slack) \
    { claim, test, figure, value, slack, __LINE__, relation, rest },
#define DOUBLES(relation, claim, test, figure, below, above, slack) \
    { claim, test, figure, #below " " #above, slack, __LINE__, relation, 0 },
#define FIG(claim, test, figure, value, rest) DECIMALS(FIG_ENCLOSES, claim, test, figure, value, rest, 1)
#define FIGW(...) DECIMALS(FIG_ENCLOSES, __VA_ARGS__)
#define FIGA(...) DECIMALS(FIG_ABOVE, __VA_ARGS__)
#define FIGB(...) DECIMALS(FIG_BELOW, __VA_ARGS__)
#define FIGT(claim, test, figure, text) DECIMALS(FIG_READS, claim, test, figure, text, 0, 0)
#define FIGX(...) DOUBLES(FIG_DOUBLES, __VA_ARGS__)
#define FIGU(...) DOUBLES(FIG_UP, __VA_ARGS__)
#include "vectors/exact.inc"
};
static const row_fig vec_fig_published[] = {
#define FIG(claim, test, figure, value, rest) DECIMALS(FIG_ENCLOSES, claim, test, figure, value, rest, 1)
#include "vectors/published.inc"
};
#undef DECIMALS
#undef DOUBLES
static const row_sha vec_sha[] = {
#define SHA(message, repeat, digest) { __LINE__, message, repeat, digest },
#include "vectors/published.inc"
};
static const row_philox vec_philox[] = {
#define PHILOX(c0, c1, c2, c3, k0, k1, r0, r1, r2, r3) { __LINE__, { c0, c1, c2, c3 }, { k0, k1 }, { r0, r1, r2, r3 } },
#include "vectors/published.inc"
};
static const row_case vec_case[] = {
#define CASE(claim, test, verdicts, figures) { __LINE__, claim, test, verdicts, figures },
#include "vectors/golden.inc"
    { 0, NULL, NULL, NULL, NULL },
};
static const row_digest vec_report[] = {
#define REPORT(level, digest) { __LINE__, level, digest },
#include "vectors/golden.inc"
    { 0, NULL, NULL },
};
static const row_digest vec_rows[] = {
#define ROWS(file, digest) { __LINE__, file, digest },
#include "vectors/golden.inc"
    { 0, NULL, NULL },
};

/* All numbers and words of the rows, in order. A changed digit of an argument may leave a row that is just as true; the
   digest of this, a golden row, notices it. (The rows' own text would make the program a sixth larger.) */

static void rows_doubles(text *t, size_t n, const double *x)
{
    char hex[40];
    for (size_t i = 0; i < n; i++) {
        hex_print(hex, sizeof hex, x[i]);
        text_add(t, " %s", hex);
    }
    text_add(t, "\n");
}

static void rows_figures(text *t, size_t n, const row_fig *row)
{
    for (const row_fig *r = row; r < row + n; r++)
        text_add(t, "%s %s %s %s %d %d %" PRId64 "\n", r->claim, r->test, r->figure, r->value, r->relation, r->rest,
            r->slack);
}

/* What is computed: arithmetic, decimals, products, functions. */
static void rows_numbers(text *t)
{
    for (const row_fma *r = vec_fma; r < vec_fma + COUNT(vec_fma); r++)
        rows_doubles(t, 4, (double[]) { r->a, r->b, r->c, r->expected });
    for (const row_sum *r = vec_sum; r < vec_sum + COUNT(vec_sum); r++) {
        text_add(t, "%s", r->name);
        rows_doubles(t, 3, (double[]) { r->nearest, r->down, r->up });
        rows_doubles(t, COUNT(r->term), r->term);
    }
    for (const row_dec *r = vec_dec; r < vec_dec + COUNT(vec_dec); r++) {
        text_add(t, "%s %s", r->floor, r->ceil);
        rows_doubles(t, 1, &r->x);
    }
    for (const row_hex *r = vec_hex; r < vec_hex + COUNT(vec_hex); r++) {
        text_add(t, "%s", r->text);
        rows_doubles(t, 1, &r->x);
    }
    for (const row_gemm *r = vec_gemm; r < vec_gemm + COUNT(vec_gemm); r++)
        text_add(t, "%zu %zu %zu %s\n", r->m, r->n, r->k, r->digest);
    for (const row_el *r = vec_el; r < vec_el + COUNT(vec_el); r++) {
        text_add(t, "%s", r->name);
        rows_doubles(t, 3, (double[]) { r->x, r->lo, r->hi });
    }
    for (const row_atan2 *r = vec_atan2; r < vec_atan2 + COUNT(vec_atan2); r++)
        rows_doubles(t, 4, (double[]) { r->y, r->x, r->lo, r->hi });
}

static void rows_exact(text *t)
{
    rows_numbers(t);
    rows_figures(t, COUNT(vec_fig_exact), vec_fig_exact);
}

/* Standards, and figures from papers. */
static void rows_published(text *t)
{
    for (const row_sha *r = vec_sha; r < vec_sha + COUNT(vec_sha); r++)
        text_add(t, "%s %u %s\n", r->message, r->repeat, r->digest);
    for (const row_philox *r = vec_philox; r < vec_philox + COUNT(vec_philox); r++) {
        for (int i = 0; i < 4; i++)
            text_add(t, "%08" PRIx32 " %08" PRIx32 " ", r->counter[i], r->expected[i]);
        text_add(t, "%08" PRIx32 " %08" PRIx32 "\n", r->key[0], r->key[1]);
    }
    rows_figures(t, COUNT(vec_fig_published), vec_fig_published);
}

static const struct {
    const char *name;
    void (*rows)(text *);
} vec_files[] = { { EXACT, rows_exact }, { PUBLISHED, rows_published } };

static void rows_digest(size_t file, char digest[65])
{
    text t = { 0 };
    vec_files[file].rows(&t);
    text_digest(t.s, t.used, digest);
    free(t.s);
}

/* A table that lost its rows must not pass for one without failures. */
#define VEC_HAS_ROWS(table) typedef char table##_has_rows[COUNT(table) ? 1 : -1]
VEC_HAS_ROWS(vec_fma);
VEC_HAS_ROWS(vec_sum);
VEC_HAS_ROWS(vec_dec);
VEC_HAS_ROWS(vec_hex);
VEC_HAS_ROWS(vec_gemm);
VEC_HAS_ROWS(vec_el);
VEC_HAS_ROWS(vec_atan2);
VEC_HAS_ROWS(vec_fig_exact);
VEC_HAS_ROWS(vec_fig_published);
VEC_HAS_ROWS(vec_sha);
VEC_HAS_ROWS(vec_philox);

/* Rows compared so far; those that failed, a line each; and of these the ones that an UNDECIDED case accounts for. */
typedef struct {
    text lines;
    size_t rows, failed, open;
} vec_log;

/* A failing row: its file and line, what it is about, and both values. */
static void vec_fail(vec_log *log, const char *file, int line, const char *what, const char *got, const char *expected)
{
    log->failed++;
    text_add(&log->lines, "FAIL %s:%d: %s => %s  expected: %s\n", file, line, what, got, expected);
}

/* An empty expectation is one that was lost, and fails. */
static void vec_text(vec_log *log, const char *file, int line, const char *what, const char *got, const char *expected)
{
    log->rows++;
    if (!expected[0] || strcmp(got, expected))
        vec_fail(log, file, line, what, got, expected);
}

static void vec_double(vec_log *log, const char *file, int line, const char *what, double got, double expected)
{
    char g[40], e[40];
    hex_print(g, sizeof g, got);
    hex_print(e, sizeof e, expected);
    vec_text(log, file, line, what, g, e);
}

/// 10 Power-on ///

/* The rows that need no claim: arithmetic, elementary functions, products, standards, and the texts of the rows. They
   take some milliseconds and run before any result. */

static void power_fma(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_fma); i++) {
        const row_fma *r = &vec_fma[i];
        vec_double(log, EXACT, r->line, "fma", fma1(r->a, r->b, r->c), r->expected);
    }
}

/* The sum of a row's six terms, rounded to nearest, down and up. */
static void power_sum(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_sum); i++) {
        const row_sum *r = &vec_sum[i];
        acc s;
        acc_zero(&s);
        for (int k = 0; k < 6; k++)
            acc_add(&s, r->term[k]);
        vec_double(log, EXACT, r->line, r->name, acc_nearest(&s), r->nearest);
        vec_double(log, EXACT, r->line, r->name, acc_down(&s), r->down);
        vec_double(log, EXACT, r->line, r->name, acc_up(&s), r->up);
    }
}

/* A double in decimal fixed point, rounded down and up, as figures are; one that does not fit says so. */
static void power_decimal(vec_log *log)
{
    char buffer[64];
    for (size_t i = 0; i < COUNT(vec_dec); i++) {
        const row_dec *r = &vec_dec[i];
        int64_t lo = 0;
        int64_t hi = 0;
        bool fits = fig_floor(r->x, &lo) && fig_ceil(r->x, &hi);
        fig_print(buffer, sizeof buffer, lo);
        vec_text(log, EXACT, r->line, "decimal, rounded down", fits ? buffer : "out of range", r->floor);
        fig_print(buffer, sizeof buffer, hi);
        vec_text(log, EXACT, r->line, "decimal, rounded up", fits ? buffer : "out of range", r->ceil);
    }
}

static void power_hexfloat(vec_log *log)
{
    char buffer[64];
    for (size_t i = 0; i < COUNT(vec_hex); i++) {
        hex_print(buffer, sizeof buffer, vec_hex[i].x);
        vec_text(log, EXACT, vec_hex[i].line, "hexfloat", buffer, vec_hex[i].text);
    }
}

/* A result of an elementary function must be one of the two doubles around the exact value; where that lies near
   halfway, the nearer one. */
static void power_function(vec_log *log, int line, const char *name, double got, double lo, double hi)
{
    char g[40], e[130], a[40], b[40];
    log->rows++;
    bool neighbours = lo != lo || lo == hi || next_up(lo) == hi;
    if (neighbours && (lo != lo ? got != got : lo <= got && got <= hi))
        return;
    hex_print(g, sizeof g, got);
    hex_print(a, sizeof a, lo);
    hex_print(b, sizeof b, hi);
    snprintf(e, sizeof e, neighbours ? "in [%s,%s]" : "in [%s,%s], which are no neighbours", a, b);
    vec_fail(log, EXACT, line, name, g, e);
}

/* Those of one argument, then atan2. */
static void power_functions(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_el); i++) {
        const row_el *r = &vec_el[i];
        power_function(log, r->line, r->name, r->f(r->x), r->lo, r->hi);
    }
    for (size_t i = 0; i < COUNT(vec_atan2); i++) {
        const row_atan2 *r = &vec_atan2[i];
        power_function(log, r->line, "atan2", el_atan2(r->y, r->x), r->lo, r->hi);
    }
}

/* Little-endian on every machine. */
static void sha_double(sha256 *s, double x)
{
    unsigned char byte[8];
    for (int i = 0; i < 8; i++)
        byte[i] = (unsigned char)(bits_of(x) >> 8 * i);
    sha_add(s, byte, 8);
}

/* C = A B of a row's shape; A (m x k) and B (k x n) have entries of three decimals in [-1, 1], by the rule of exact.py.
   digest: the SHA-256 of C's doubles. */
static void power_product(const row_gemm *r, char digest[65])
{
    mem arena = { 0 };
    sha256 s;
    double *a = mem_doubles(&arena, r->m * r->k);
    double *b = mem_doubles(&arena, r->k * r->n);
    double *c = mem_doubles(&arena, r->m * r->n);
    for (size_t k = 0; k < r->m * r->k; k++)
        a[k] = (double)((uint32_t)((uint32_t)k * 2654435761u) % 2001) / 1000.0 - 1.0;
    for (size_t k = 0; k < r->k * r->n; k++)
        b[k] = (double)((k * 40503u + 7) % 2001) / 1000.0 - 1.0;
    mat_multiply(r->m, r->n, r->k, a, b, c);
    sha_start(&s);
    for (size_t k = 0; k < r->m * r->n; k++)
        sha_double(&s, c[k]);
    sha_end(&s, digest);
    mem_free(&arena);
}

static void power_products(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_gemm); i++) {
        const row_gemm *r = &vec_gemm[i];
        char what[64], digest[65];
        power_product(r, digest);
        snprintf(what, sizeof what, "gemm %zux%zux%zu", r->m, r->n, r->k);
        vec_text(log, EXACT, r->line, what, digest, r->digest);
    }
}

/* A message, repeated, is digested in as many pieces. */
static void power_sha(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_sha); i++) {
        char digest[65];
        sha256 s;
        sha_start(&s);
        for (unsigned k = 0; k < vec_sha[i].repeat; k++)
            sha_add(&s, vec_sha[i].message, strlen(vec_sha[i].message));
        sha_end(&s, digest);
        vec_text(log, PUBLISHED, vec_sha[i].line, "SHA-256", digest, vec_sha[i].digest);
    }
}

static void power_words(char *out, size_t size, const uint32_t w[4])
{
    snprintf(out, size, "%08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %08" PRIx32, w[0], w[1], w[2], w[3]);
}

/* The output is poisoned first: a generator that writes nothing fails. */
static void power_philox(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_philox); i++) {
        const row_philox *r = &vec_philox[i];
        uint32_t out[4];
        char got[40], expected[40];
        for (int k = 0; k < 4; k++)
            out[k] = ~r->expected[k];
        rng_philox(r->counter, r->key, out);
        power_words(got, sizeof got, out);
        power_words(expected, sizeof expected, r->expected);
        vec_text(log, PUBLISHED, r->line, "philox4x32-10", got, expected);
    }
}

/* The digest of each file's rows against the row that records it. */
static void power_texts(vec_log *log)
{
    for (size_t i = 0; i < COUNT(vec_files); i++) {
        char digest[65];
        const row_digest *g = vec_rows;
        rows_digest(i, digest);
        while (g->name && strcmp(g->name, vec_files[i].name))
            g++;
        if (g->name)
            vec_text(log, GOLDEN, g->line, vec_files[i].name, digest, g->digest);
        else {
            log->rows++;
            vec_fail(log, GOLDEN, 0, vec_files[i].name, digest, "a row that records it (make vectors/bless)");
        }
    }
}

/* All of them; `selftest` runs them at every dispatch level. */
static void power_rows(vec_log *log)
{
    power_fma(log);
    power_sum(log);
    power_decimal(log);
    power_hexfloat(log);
    power_functions(log);
    power_products(log);
    power_sha(log);
    power_philox(log);
    power_texts(log);
}

/* Before any result: what computes wrongly today must not report. */
static void power_on(void)
{
    vec_log log = { { 0 } };
    power_rows(&log);
    if (log.failed)
        die(EXIT_UNDECIDED,
            "self-test: %zu of %zu rows differ, so that no result is given (see 'skipverify selftest'); %.*s",
            log.failed, log.rows, (int)strcspn(log.lines.s, "\n"), log.lines.s);
}

/// 10 Plan ///

/* The claim x case list of a run, in the order of the tables, which is the order of the report. A shard I of N takes
   every N-th case, and of a split case its range of units. */

typedef struct {
    const claim *claim;
    const claim_case *test;
    result result;
    const row_case *golden; /* NULL: none records it */
    mem memory;
    bool done;
    acc *sums; /* of a split case, once some were added */
} job;

typedef struct {
    uint64_t seed;
    enum level level;
    bool wanted[COUNT(claims)];
    const char *only; /* the cases of that name alone; NULL: all up to the level */
    job *jobs;
    size_t count;
    size_t shard, shards; /* 1 of 1: a whole run */
    bool all;             /* nothing was left out */
    bool keep;            /* the cases' memory stays, until run_free */
    char *source;         /* the text of a part, where its `only` lies */
} run;

enum {
    SKV_SEED = 1, /* of the recorded figures */
    SKV_MAX_SHARDS = 1000000
};

static const row_case *golden_of(const claim *c, const claim_case *t)
{
    for (const row_case *g = vec_case; g->claim; g++)
        if (!strcmp(g->claim, c->name) && !strcmp(g->test, t->name))
            return g;
    return NULL;
}

static bool run_takes(const run *r, const claim_case *t)
{
    return r->only ? !strcmp(t->name, r->only) : t->level <= r->level;
}

/* wanted[i]: is claim i asked for? NULL: all are. only: just the cases of that name, at any level; NULL: all up to
   the level. */
static run run_plan(uint64_t seed, enum level level, const bool *wanted, const char *only)
{
    run r = { .seed = seed, .level = only ? FULL : level, .only = only, .shard = 1, .shards = 1, .all = !only };
    size_t room = 0;
    for (size_t i = 0; i < COUNT(claims); i++)
        room += claims[i].count;
    r.jobs = calloc(room, sizeof *r.jobs);
    if (!r.jobs)
        die(EXIT_SYSTEM, "out of memory: %zu cases", room);
    for (size_t i = 0; i < COUNT(claims); i++) {
        const claim *c = &claims[i];
        r.wanted[i] = !wanted || wanted[i];
        r.all &= r.wanted[i];
        for (size_t k = 0; r.wanted[i] && k < c->count; k++)
            if (run_takes(&r, &c->cases[k]))
                r.jobs[r.count++] = (job) { .claim = c,
                    .test = &c->cases[k],
                    .result = { .margin = INFINITY },
                    .golden = golden_of(c, &c->cases[k]) };
    }
    return r;
}

/* Is case i the shard's? */
static bool run_has(const run *r, size_t i) { return r->jobs[i].test->split || i % r->shards == r->shard - 1; }

static bool job_is(const job *j, const char *claim_name, const char *test)
{
    return !strcmp(j->claim->name, claim_name) && !strcmp(j->test->name, test);
}

/* Cases of the shard that are done; *all: how many it has. */
static size_t run_finished(const run *r, size_t *all)
{
    size_t done = 0;
    *all = 0;
    for (size_t i = 0; i < r->count; i++) {
        *all += run_has(r, i);
        done += r->jobs[i].done;
    }
    return done;
}

/* What the runner of a case is given. */
static trial job_trial(const run *r, job *j) { return (trial) { j->test, r->seed, &j->memory, &j->result }; }

/* How many exact sums a split case has. */
static size_t job_sums(const job *j) { return j->test->split->sums(j->test->spec); }

/* Zeros, to which its units are added. */
static void job_make_sums(job *j)
{
    if (!(j->sums = calloc(job_sums(j), sizeof *j->sums)))
        die(EXIT_SYSTEM, "out of memory: %zu sums", job_sums(j));
}

static void run_free(run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        mem_free(&r->jobs[i].memory);
        free(r->jobs[i].sums);
    }
    free(r->jobs);
    free(r->source);
}

/// 10 Parts: writing ///

/* A part is a text of all that a run knows: which program and which cases, the results of the finished ones, and the
   sums of split cases, exactly. Its last line is the SHA-256 of what stands above it. It is read back in the only
   way that leaves no doubt: what was understood is written again and must be the same bytes. */

static char part_program_digest[65];

/* What parts of one run share: the version, the cases and their parameters, all recorded rows. */
static void part_program_make(void)
{
    text t = { 0 };
    text_add(&t, "%s\n", SKV_VERSION);
    for (size_t i = 0; i < COUNT(vec_files); i++)
        vec_files[i].rows(&t);
    for (const char *c = claims_text; *c; c += strspn(c, " ")) {
        int word = (int)strcspn(c, " ");
        text_add(&t, "%.*s", word, c);
        c += word;
    }
    for (const row_case *g = vec_case; g->claim; g++)
        text_add(&t, "%s %s %s %s\n", g->claim, g->test, g->verdicts, g->figures);
    text_digest(t.s, t.used, part_program_digest);
    free(t.s);
}

/* Made once: every part that is written or read asks for it. */
static const char *part_program(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, part_program_make);
    return part_program_digest;
}

/* "claims all", or the names of those asked for. */
static void part_claims(text *t, const run *r)
{
    bool all = true;
    for (size_t i = 0; i < COUNT(claims); i++)
        all &= r->wanted[i];
    text_add(t, "claims%s", all ? " all" : "");
    for (size_t i = 0; i < COUNT(claims); i++)
        if (!all && r->wanted[i])
            text_add(t, " %s", claims[i].name);
    text_add(t, "\n");
}

/* "result CLAIM CASE PRINTED MEANT REPAIRED MARGIN", the reason of an UNDECIDED, and a line a figure:
   "figure NAME EXACT LO HI TEXT". */
static void part_result(text *t, const job *j)
{
    const result *x = &j->result;
    char margin[40], verdicts[40];
    hex_print(margin, sizeof margin, x->margin);
    verdict_line(x, verdicts, sizeof verdicts);
    text_add(t, "result %s %s %s %s\n", j->claim->name, j->test->name, verdicts, margin);
    if (x->why[0])
        text_add(t, "why %s\n", x->why);
    for (size_t i = 0; i < x->figures; i++) {
        const figure *f = &x->figure[i];
        text_add(t, "figure %s %d %" PRId64 " %" PRId64 " %s\n", f->name, f->exact, f->lo, f->hi, f->text);
    }
}

static void part_sums(text *t, const job *j)
{
    text_add(t, "sums %s %s\n", j->claim->name, j->test->name);
    for (size_t i = 0; i < job_sums(j); i++) {
        acc_print(t, &j->sums[i]);
        text_add(t, "\n");
    }
}

/* The shard has sums of it, and no result. */
static bool part_of_sums(const run *r, const job *j) { return r->shards > 1 && j->test->split; }

/* The part of a run, whole: head, finished cases in the order of the plan, seal. */
static void part_text(text *t, const run *r)
{
    char digest[65];
    size_t all;
    size_t done = run_finished(r, &all);
    text_add(t, "skipverify part 1\nversion %s\nprogram %s\nlevel %s\nseed %" PRIu64 "\n", SKV_VERSION, part_program(),
        level_names[r->level], r->seed);
    part_claims(t, r);
    text_add(
        t, "case %s\nshard %zu/%zu\nfinished %zu/%zu\n", r->only ? r->only : "all", r->shard, r->shards, done, all);
    for (size_t i = 0; i < r->count; i++)
        if (r->jobs[i].done)
            (part_of_sums(r, &r->jobs[i]) ? part_sums : part_result)(t, &r->jobs[i]);
    text_digest(t->s, t->used, digest);
    text_add(t, "sha256 %s\n", digest);
}

/// 10 Parts: reading ///

/* Lines and words are ended by zeros in place. What is not as expected ends the program with the file, the line and
   what was read there. */

typedef struct {
    const char *name;
    text all;
    char *at;    /* the next line */
    char *end;   /* of what the digest covers */
    size_t line; /* lines read so far */
} part_file;

static void part_bad(const part_file *f, const char *expected, const char *got) __attribute__((noreturn));

static void part_bad(const part_file *f, const char *expected, const char *got)
{
    die(EXIT_USAGE, "%s: line %zu: expected %s, got '%.60s'", f->name, f->line, expected, got);
}

/* The next line, without its end. */
static char *part_line(part_file *f, const char *expected)
{
    char *s = f->at;
    char *end = s < f->end ? memchr(s, '\n', (size_t)(f->end - s)) : NULL;
    f->line++;
    if (!end)
        part_bad(f, expected, "the end");
    *end = 0;
    f->at = end + 1;
    return s;
}

/* What follows the key and a space. */
static char *part_value(part_file *f, const char *key)
{
    char *s = part_line(f, key);
    size_t n = strlen(key);
    if (strncmp(s, key, n) || s[n] != ' ')
        part_bad(f, key, s);
    return s + n + 1;
}

/* The next word of a line; "" at its end. *rest moves past it and one space. */
static char *part_word(char **rest)
{
    char *s = *rest;
    char *end = s + strcspn(s, " ");
    *rest = *end ? end + 1 : end;
    *end = 0;
    return s;
}

/* Reads the file and sees to it that it is whole. */
static part_file part_open(const char *name)
{
    static const char magic[] = "skipverify part ";
    static const char seal[] = "sha256 ";
    enum { SEAL = sizeof seal - 1 + 64 + 1 };
    part_file f = { name, file_read(name), NULL, NULL, 0 };
    char digest[65];
    if (strncmp(f.all.s, magic, sizeof magic - 1))
        die(EXIT_USAGE, "%s: not a part file: its first line is not '%s1'", name, magic);
    f.at = f.all.s;
    f.end = f.all.s + (f.all.used > SEAL ? f.all.used - SEAL : 0);
    text_digest(f.all.s, (size_t)(f.end - f.all.s), digest);
    if (strncmp(f.end, seal, sizeof seal - 1) || strncmp(f.end + sizeof seal - 1, digest, 64) ||
        strcmp(f.end + SEAL - 1, "\n"))
        die(EXIT_USAGE, "%s: damaged or cut short: its last line is not the SHA-256 of the others", name);
    return f;
}

/* The head's first three lines: the format, the version, and the digest of what parts of one run share. */
static void part_same_program(part_file *f)
{
    char *s = part_value(f, "skipverify part");
    if (strcmp(s, "1"))
        die(EXIT_USAGE, "%s: a part of format %.20s, expected 1", f->name, s);
    s = part_value(f, "version");
    if (strcmp(s, SKV_VERSION))
        die(EXIT_USAGE, "%s: made by skipverify %.40s, this is %s", f->name, s, SKV_VERSION);
    s = part_value(f, "program");
    if (strcmp(s, part_program()))
        die(EXIT_USAGE, "%s: made by another skipverify %s, with other cases or recorded figures", f->name,
            SKV_VERSION);
}

/* "key A/B", least <= A <= B <= most. */
static void part_pair(part_file *f, const char *key, uint64_t least, uint64_t most, uint64_t *a, uint64_t *b)
{
    const char *s = part_value(f, key);
    if (!scan_pair(s, least, most, a, b))
        part_bad(f, "A/B with A at most B", s);
}

static uint64_t part_seed(part_file *f)
{
    const char *s = part_value(f, "seed");
    const char *p = s;
    uint64_t seed;
    if (!scan_number(&p, &seed) || *p)
        part_bad(f, "a seed", s);
    return seed;
}

static enum level part_level(part_file *f)
{
    const char *s = part_value(f, "level");
    for (int level = QUICK; level <= FULL; level++)
        if (!strcmp(s, level_names[level]))
            return (enum level)level;
    part_bad(f, "a level", s);
}

/* The reverse of part_claims. */
static void part_wanted(part_file *f, bool wanted[COUNT(claims)])
{
    char *rest = part_value(f, "claims");
    bool all = !strcmp(rest, "all");
    for (size_t i = 0; i < COUNT(claims); i++)
        wanted[i] = all;
    while (!all && *rest) {
        const char *word = part_word(&rest);
        const claim *c = claim_named(word);
        if (!c)
            part_bad(f, "a claim", word);
        wanted[c - claims] = true;
    }
}

/* The run that the head tells of, with nothing done; its `source` is the file's text. */
static run part_plan(part_file *f)
{
    bool wanted[COUNT(claims)];
    uint64_t shard, shards, finished, all;
    enum level level = part_level(f);
    uint64_t seed = part_seed(f);
    part_wanted(f, wanted);
    const char *only = part_value(f, "case");
    run r = run_plan(seed, level, wanted, strcmp(only, "all") ? only : NULL);
    if (!r.count)
        part_bad(f, "a case of these claims", only);
    part_pair(f, "shard", 1, SKV_MAX_SHARDS, &shard, &shards);
    r.shard = (size_t)shard;
    r.shards = (size_t)shards;
    part_pair(f, "finished", 0, SIZE_MAX, &finished, &all);
    r.source = f->all.s;
    return r;
}

static job *part_job(const part_file *f, run *r, const char *claim_name, const char *test)
{
    for (size_t i = 0; i < r->count; i++)
        if (run_has(r, i) && !r->jobs[i].done && job_is(&r->jobs[i], claim_name, test))
            return &r->jobs[i];
    part_bad(f, "a case of this shard, once", test);
}

static enum verdict part_verdict(const part_file *f, const char *s)
{
    for (int v = NOT_ASKED; v <= UNDECIDED; v++)
        if (!strcmp(s, verdict_names[v]))
            return (enum verdict)v;
    part_bad(f, "a verdict", s);
}

/* A figure's line, from its name on, into the result x that stands above it; NULL: there is none. A number that is not
   spelt as it is written shows when the part is written again. */
static void part_read_figure(const part_file *f, result *x, char *rest)
{
    const char *name = part_word(&rest);
    const char *exact = part_word(&rest);
    const char *lo = part_word(&rest);
    const char *hi = part_word(&rest);
    if (!x || x->figures == CASE_FIGURES || strlen(name) >= sizeof x->figure->name ||
        strlen(rest) >= sizeof x->figure->text)
        part_bad(f, "a figure of a case", name);
    figure *g = fig_new(x, name);
    g->exact = *exact == '1';
    g->lo = strtoll(lo, NULL, 10);
    g->hi = strtoll(hi, NULL, 10);
    memcpy(g->text, rest, strlen(rest) + 1);
}

static void part_read_sums(part_file *f, job *j)
{
    job_make_sums(j);
    for (size_t i = 0; i < job_sums(j); i++) {
        const char *s = part_line(f, "a sum");
        if (!acc_scan(s, &j->sums[i]))
            part_bad(f, "a sum", s);
    }
}

/* A finished case: a line "result ..." or "sums ...", from the word after the key on, and the lines of its sums. What
   later lines add to: the result; NULL: sums have none. */
static result *part_read_case(part_file *f, run *r, const char *key, char *rest)
{
    bool sums = !strcmp(key, "sums");
    const char *claim_name = part_word(&rest);
    job *j = part_job(f, r, claim_name, part_word(&rest));
    result *x = &j->result;
    if (sums != part_of_sums(r, j))
        part_bad(f, sums ? "a result" : "sums", key);
    j->done = true;
    if (sums) {
        part_read_sums(f, j);
        return NULL;
    }
    for (int i = 0; i < READINGS; i++)
        *result_reading(x, i) = part_verdict(f, part_word(&rest));
    x->margin = strtod(rest, NULL);
    return x;
}

/* All that stands between the head and the seal. */
static void part_read_results(part_file *f, run *r)
{
    result *x = NULL;
    while (f->at < f->end) {
        char *rest = part_line(f, "a result");
        const char *key = part_word(&rest);
        if (!strcmp(key, "figure"))
            part_read_figure(f, x, rest);
        else if (!strcmp(key, "why") && x && strlen(rest) < sizeof x->why)
            memcpy(x->why, rest, strlen(rest) + 1);
        else if (!strcmp(key, "sums") || !strcmp(key, "result"))
            x = part_read_case(f, r, key, rest);
        else
            part_bad(f, "a result", key);
    }
}

/* The line of the first difference; 0: there is none. */
static size_t part_difference(const text *a, const text *b)
{
    size_t same = 0;
    size_t line = 1;
    for (; same < a->used && same < b->used && a->s[same] == b->s[same]; same++)
        line += a->s[same] == '\n';
    return same == a->used && same == b->used ? 0 : line;
}

/* The part as a run, its finished cases done. */
static run part_read(const char *name)
{
    part_file f = part_open(name);
    text before = { 0 };
    text again = { 0 };
    /* up to a zero, which no part has */
    text_add(&before, "%s", f.all.s);
    part_same_program(&f);
    run r = part_plan(&f);
    part_read_results(&f, &r);
    part_text(&again, &r);
    size_t line = part_difference(&before, &again);
    if (line)
        die(EXIT_USAGE, "%s: line %zu: not as skipverify writes it", name, line);
    free(before.s);
    free(again.s);
    return r;
}

/// 10 Parts: merging ///

/* The results of a part move to the run; exact sums are added, so that neither the order of parts nor their number
   matters. A split case is finished when all its sums are in. */

/* Both of one run: the line that is printed if not. */
static void part_agree(const char *a_name, const run *a, const char *b_name, const run *b)
{
    const char *a_only = a->only ? a->only : "all";
    const char *b_only = b->only ? b->only : "all";
    if (a->seed != b->seed)
        die(EXIT_USAGE, "%s: of seed %" PRIu64 ", %s is of seed %" PRIu64, b_name, b->seed, a_name, a->seed);
    if (a->level != b->level)
        die(EXIT_USAGE, "%s: of level %s, %s is of level %s", b_name, level_names[b->level], a_name,
            level_names[a->level]);
    if (memcmp(a->wanted, b->wanted, sizeof a->wanted))
        die(EXIT_USAGE, "%s: of other claims than %s", b_name, a_name);
    if (strcmp(a_only, b_only))
        die(EXIT_USAGE, "%s: of case %s, %s is of case %s", b_name, b_only, a_name, a_only);
    if (a->shards != b->shards)
        die(EXIT_USAGE, "%s: one of %zu shards, %s is one of %zu", b_name, b->shards, a_name, a->shards);
}

/* A finished case of a part; its sums are moved, or added to those there are. */
static void part_take_job(job *to, job *from)
{
    to->done = true;
    if (!from->sums)
        to->result = from->result;
    else if (!to->sums) {
        to->sums = from->sums;
        from->sums = NULL;
    } else
        for (size_t k = 0; k < job_sums(to); k++)
            acc_merge(&to->sums[k], &from->sums[k]);
}

/* Moves what is finished in b to a. */
static void part_take(run *a, run *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (b->jobs[i].done)
            part_take_job(&a->jobs[i], &b->jobs[i]);
}

/* Which of n shards no file holds, in one line. */
static void part_missing(const char *const *holder, size_t n)
{
    text t = { 0 };
    size_t missing = 0;
    for (size_t i = 0; i < n; i++) {
        if (holder[i])
            continue;
        if (missing++ < 10)
            text_add(&t, "%s%zu", t.used ? ", " : "", i + 1);
    }
    if (missing)
        die(EXIT_USAGE, "merge: of %zu shards %zu %s missing: %s%s", n, missing, missing == 1 ? "is" : "are", t.s,
            missing > 10 ? ", ..." : "");
}

/* The run that a part is of, with nothing done. */
static run part_frame(run *part)
{
    run whole = run_plan(part->seed, part->level, part->wanted, part->only);
    whole.shards = part->shards;
    whole.source = part->source;
    part->source = NULL;
    return whole;
}

/* The part must be whole, and the only one of its shard. holder[i]: the file of shard i + 1; NULL: none so far. */
static void part_hold(const char **holder, const char *name, const run *part)
{
    size_t all;
    size_t done = run_finished(part, &all);
    const char **mine = &holder[part->shard - 1];
    if (done < all)
        die(EXIT_USAGE, "%s: unfinished: %zu of %zu cases of shard %zu of %zu", name, done, all, part->shard,
            part->shards);
    if (*mine)
        die(EXIT_USAGE, "%s: shard %zu of %zu, as is %s", name, part->shard, part->shards, *mine);
    *mine = name;
}

/* The results of split cases from the sums of all shards. */
static void part_finish(run *whole)
{
    for (size_t i = 0; i < whole->count; i++) {
        job *j = &whole->jobs[i];
        if (!part_of_sums(whole, j))
            continue;
        trial t = job_trial(whole, j);
        j->test->split->finish(&t, j->sums);
        mem_free(&j->memory);
    }
}

/* All parts of a run, in any order, as one run whose cases are done. */
static run part_merge(size_t n, const char *const *names)
{
    run whole = { 0 };
    const char **holder = NULL;
    for (size_t i = 0; i < n; i++) {
        run part = part_read(names[i]);
        if (i == 0) {
            whole = part_frame(&part);
            if (!(holder = calloc(whole.shards, sizeof *holder)))
                die(EXIT_SYSTEM, "out of memory: %zu shards", whole.shards);
        }
        part_agree(names[0], &whole, names[i], &part);
        part_hold(holder, names[i], &part);
        part_take(&whole, &part);
        run_free(&part);
    }
    part_missing(holder, whole.shards);
    free(holder);
    part_finish(&whole);
    return whole;
}

/// 10 Checkpoints and signals ///

/* What is finished may be kept in a checkpoint, which is a part: written anew, whole, at most once a second and when
   the program is interrupted. Signals are taken by a thread of its own, which may wait for locks as any other. Only
   the first counts: schedulers and timeout(1) send a signal to the process and to its group. */

static struct {
    pthread_mutex_t lock; /* of all that follows, and of every job's `done` */
    run *run;             /* NULL: nothing is kept */
    const char *name;
    char path[PATH_MAX]; /* where its links led at the start */
    struct stat file;    /* there: as it was read, or last written; st_mode 0: none */
    time_t written;      /* kept_now() then */
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Seconds of a clock that nobody sets. */
static time_t kept_now(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) ? 0 : t.tv_sec;
}

/* What is at the path. */
static struct stat kept_look(void)
{
    struct stat s;
    int error = file_look(kept.path, &s);
    if (error)
        die(EXIT_SYSTEM, "cannot look at %s: %s", kept.name, strerror(error));
    return s;
}

/* Whether what is at the path is ours: what others put there, or wrote into it, is neither overwritten nor removed.
   (An inode number alone may be another file's by now.) */
static bool kept_ours(void)
{
    struct stat s = kept_look();
    const struct stat *f = &kept.file;
    if (!s.st_mode ||
        (file_is(file_identity(f), file_identity(&s)) && f->st_size == s.st_size &&
            f->st_mtim.tv_sec == s.st_mtim.tv_sec && f->st_mtim.tv_nsec == s.st_mtim.tv_nsec))
        return true;
    say("%s: not the checkpoint that this run wrote; it stays as it is, and no more is kept", kept.name);
    return false;
}

/* With the lock held. */
static void kept_write(void)
{
    text t = { 0 };
    if (!kept_ours()) {
        kept.run = NULL;
        return;
    }
    part_text(&t, kept.run);
    file_write(kept.path, &t);
    free(t.s);
    kept.file = kept_look();
    kept.written = kept_now();
}

/* Takes from the checkpoint what it has of r's cases. */
static void kept_read(run *r)
{
    run before = part_read(kept.path);
    part_agree("this run", r, kept.name, &before);
    if (before.shard != r->shard)
        die(EXIT_USAGE, "%s: shard %zu of %zu, this run is shard %zu", kept.name, before.shard, before.shards,
            r->shard);
    part_take(r, &before);
    run_free(&before);
}

/* From now on r's finished cases are kept in the file, and what it has already of them is taken. */
static void kept_start(run *r, const char *name)
{
    struct stat s;
    int error = file_follow(name, kept.path);
    if (!error)
        error = file_look(kept.path, &s);
    if (error)
        die(EXIT_SYSTEM, "--checkpoint %s: %s", name, strerror(error));
    if (!file_regular(&s) || file_descriptor(kept.path) >= 0)
        die(EXIT_USAGE, "--checkpoint %s: expected a file, or the name of a new one", name);
    kept.name = name;
    kept.file = s;
    if (s.st_mode)
        kept_read(r);
    pthread_mutex_lock(&kept.lock);
    kept.run = r;
    kept_write();
    pthread_mutex_unlock(&kept.lock);
}

/* The report is out: the checkpoint goes, if there is one. */
static void kept_end(void)
{
    pthread_mutex_lock(&kept.lock);
    if (kept.run && kept_ours() && unlink(kept.path) && errno != ENOENT)
        die(EXIT_SYSTEM, "cannot remove %s: %s", kept.name, strerror(errno));
    kept.run = NULL;
    pthread_mutex_unlock(&kept.lock);
}

/* A case is finished: marked so under the lock, and kept, unless the second has a checkpoint already. */
static void kept_done(const run *r, job *j)
{
    pthread_mutex_lock(&kept.lock);
    j->done = true;
    if (kept.run == r && kept_now() != kept.written)
        kept_write();
    pthread_mutex_unlock(&kept.lock);
}

static bool watch_stderr_takes(void)
{
    struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
    return poll(&p, 1, 1000) == 1;
}

/* The thread that waits for the signals: writes the checkpoint and ends the program with one line, which waits for a
   file that is being written. The lock is kept, so that nothing is begun meanwhile. */
static void *watch(void *signals)
{
    int s;
    size_t all = 0;
    size_t done = 0;
    if (sigwait(signals, &s))
        return NULL;
    pthread_mutex_lock(&kept.lock);
    if (kept.run)
        kept_write();
    if (kept.run)
        done = run_finished(kept.run, &all);
    /* a pipe that nobody reads */
    if (!watch_stderr_takes())
        end_with(128 + s);
    progress_end();
    const char *name = s == SIGINT ? "SIGINT" : s == SIGTERM ? "SIGTERM" : "SIGHUP";
    if (kept.run)
        die(128 + s, "interrupted by %s: %zu of %zu cases are kept in %s, from which the same command goes on", name,
            done, all, kept.name);
    die(128 + s, "interrupted by %s", name);
}

/* Before any other thread is made, which inherits what is blocked. A signal that was ignored (nohup, a background
   job) stays so. */
static void watch_start(void)
{
    static const int taken[] = { SIGINT, SIGTERM, SIGHUP };
    static sigset_t signals;
    pthread_t id;
    sigemptyset(&signals);
    for (size_t i = 0; i < COUNT(taken); i++) {
        struct sigaction now;
        if (sigaction(taken[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(&signals, taken[i]);
    }
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    /* then they end the program as they always did */
    if (!thr_start(&id, true, watch, &signals))
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

/// 10 Running ///

/* Cases run in parallel, each alone with its seed and its memory. */

/* The shard's units of a split case; in a run that is no shard, its result too. */
static void run_split(const run *r, job *j)
{
    const case_split *s = j->test->split;
    uint64_t units = s->units(j->test->spec);
    uint64_t from = units * (r->shard - 1) / r->shards;
    uint64_t to = units * r->shard / r->shards;
    job_make_sums(j);
    trial t = job_trial(r, j);
    s->add(&t, (size_t)from, (size_t)to, j->sums);
    if (!part_of_sums(r, j))
        s->finish(&t, j->sums);
}

/* Case i, a task of the pool; nothing if it is done already or another shard's. */
static void run_case(void *ctx, size_t i)
{
    run *r = ctx;
    job *j = &r->jobs[i];
    if (j->done || !run_has(r, i))
        return;
    trial t = job_trial(r, j);
    if (j->test->split)
        run_split(r, j);
    else
        j->test->run(&t);
    if (!r->keep)
        mem_free(&j->memory);
    progress(j->claim->name, j->test->name);
    kept_done(r, j);
}

static void run_all(run *r, bool show)
{
    size_t all;
    size_t done = run_finished(r, &all);
    progress_start(show, done, all);
    thr_for(r->count, run_case, r);
    progress_end();
}

/// 10 Canonical report ///

/* What a run found, one line a case, with nothing of time, threads or machine in it; its SHA-256 is the program's
   signature. The margins behind the table's column are no figures of the report, and have a digest of their own. */

static void case_figures(text *t, const result *x)
{
    for (size_t i = 0; i < x->figures; i++)
        text_add(t, "%s%s=%s", i ? " " : "", x->figure[i].name, x->figure[i].text);
    if (is_undecided(x))
        text_add(t, " why=\"%s\"", x->why);
}

/* Of the cases up to a level that is not above the run's. */
static void report_canonical(text *t, const run *r, enum level level)
{
    text_add(t, "skipverify %s report, level %s, seed %" PRIu64 "\n", SKV_VERSION, level_names[level], r->seed);
    for (size_t i = 0; i < r->count; i++) {
        const job *j = &r->jobs[i];
        if (j->test->level > level)
            continue;
        text_add(t, "%s %s ", j->claim->name, j->test->name);
        for (int k = 0; k < READINGS; k++)
            text_add(t, "%s=%s ", reading_names[k], verdict_names[result_verdict(&j->result, k)]);
        case_figures(t, &j->result);
        text_add(t, "\n");
    }
}

/* A line a case, exactly. */
static void report_margins(text *t, const run *r, enum level level)
{
    char margin[40];
    for (size_t i = 0; i < r->count; i++) {
        if (r->jobs[i].test->level > level)
            continue;
        hex_print(margin, sizeof margin, r->jobs[i].result.margin);
        text_add(t, "%s\n", margin);
    }
}

/* prefix: of the level's name, in the row that records the digest */
typedef struct {
    const char *prefix, *what;
    void (*add)(text *, const run *, enum level);
} report_kind;
enum { CANONICAL, MARGINS };
static const report_kind report_kinds[] = {
    [CANONICAL] = { "", "report SHA-256", report_canonical },
    [MARGINS] = { "margins/", "margins SHA-256", report_margins },
};

static void report_digest(const report_kind *k, const run *r, enum level level, char digest[65])
{
    text t = { 0 };
    k->add(&t, r, level);
    text_digest(t.s, t.used, digest);
    free(t.s);
}

/// 10 Recorded rows ///

/* A run against the rows: verdicts and figures of its cases (golden), exact and published values of figures, digests
   of whole reports. And the golden rows as a run gives them. */

/* Expected verdicts hold for every seed; figures are recorded for the default one. */
static void recorded_case(vec_log *log, const run *r, const job *j)
{
    char what[160], got[40];
    size_t before = log->failed;
    snprintf(what, sizeof what, "%s %s", j->claim->name, j->test->name);
    if (!j->golden) {
        log->rows++;
        vec_fail(log, GOLDEN, 0, what, "a case", "a row that records it (make vectors/bless)");
        return;
    }
    verdict_line(&j->result, got, sizeof got);
    vec_text(log, GOLDEN, j->golden->line, what, got, j->golden->verdicts);
    text figures = { 0 };
    case_figures(&figures, &j->result);
    if (r->seed == SKV_SEED)
        vec_text(log, GOLDEN, j->golden->line, what, figures.s ? figures.s : "", j->golden->figures);
    free(figures.s);
    if (is_undecided(&j->result))
        log->open += log->failed - before;
}

/* The reverse of fig_print, also with fewer decimals; *place: of the last one, in units of 10^-12. */
static int64_t recorded_units(const char *s, int64_t *place)
{
    bool negative = *s == '-';
    bool point = false;
    int64_t v = 0;
    *place = 1000000000000;
    for (s += negative; *s; s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        v = 10 * v + (*s - '0');
        if (point)
            *place /= 10;
    }
    return (negative ? -v : v) * *place;
}

/* In decimals: the exact value lies in [v, w]; a rounded one is within a unit of its last place of v. */
static bool recorded_decimals(const figure *f, const row_fig *row)
{
    int64_t place;
    int64_t v = recorded_units(row->value, &place);
    int64_t w = v + row->rest;
    if (row->rest == ROUNDED)
        return f->exact && v - place <= f->lo && f->hi <= v + place;
    if (row->relation == FIG_ABOVE)
        return f->exact && v <= f->lo && f->hi <= w + row->slack;
    if (row->relation == FIG_BELOW)
        return f->exact && v - row->slack <= f->lo && f->hi <= w;
    return f->exact && v - row->slack <= f->lo && f->lo <= v && w <= f->hi && f->hi <= w + row->slack;
}

/* Where a double stands among all of them, 0 at 2^63. */
static uint64_t recorded_place(double x)
{
    uint64_t magnitude = bits_of(x) & INT64_MAX;
    return ((uint64_t)1 << 63) + (x < 0 ? 0 - magnitude : magnitude);
}

/* From a up to b there are at most so many doubles, b not counted. */
static bool recorded_near(double a, double b, int64_t steps)
{
    return a <= b && recorded_place(b) - recorded_place(a) <= (uint64_t)steps;
}

/* In doubles: "[lo,hi]" as fig_hex writes it, or "hi" alone, as fig_up does. */
static bool recorded_doubles(const figure *f, const row_fig *row)
{
    char *end;
    double below = strtod(row->value, &end);
    double above = strtod(end, NULL);
    double lo = strtod(f->text + (f->text[0] == '['), &end);
    double hi = *end == ',' ? strtod(end + 1, &end) : lo;
    bool up = recorded_near(above, hi, row->slack);
    return up && (row->relation == FIG_UP || recorded_near(lo, below, row->slack));
}

static bool recorded_agrees(const figure *f, const row_fig *row)
{
    if (row->relation == FIG_READS)
        return !strcmp(f->text, row->value);
    bool doubles = row->relation == FIG_DOUBLES || row->relation == FIG_UP;
    return doubles ? recorded_doubles(f, row) : recorded_decimals(f, row);
}

/* The row's value, for a complaint. */
static void recorded_expected(const row_fig *row, char *expected, size_t size)
{
    static const char *const rest[] = { [EXACTLY] = "", [AND_MORE] = "...", [ROUNDED] = " (rounded)" };
    static const char *const relation[] = {
        [FIG_ABOVE] = "at least ", [FIG_BELOW] = "at most ", [FIG_UP] = "at least "
    };
    const char *how = row->relation < COUNT(relation) && relation[row->relation] ? relation[row->relation] : "";
    snprintf(expected, size, "%s%s%s", how, row->value, rest[row->rest]);
}

/* One of the case's figures of the row's name must agree with it; names may repeat. */
static void recorded_value(vec_log *log, const char *file, const row_fig *row, const char *what, const result *x)
{
    const char *got = "no such figure";
    char expected[120];
    log->rows++;
    for (size_t k = 0; k < x->figures; k++) {
        if (strcmp(x->figure[k].name, row->figure))
            continue;
        got = x->figure[k].text;
        if (recorded_agrees(&x->figure[k], row))
            return;
    }
    recorded_expected(row, expected, sizeof expected);
    vec_fail(log, file, row->line, what, got, expected);
}

/* A row about a case that the run has not is passed over; about one that no claim has, a failure. */
static void recorded_figure(vec_log *log, const char *file, const row_fig *row, const run *r)
{
    char what[200];
    snprintf(what, sizeof what, "%s %s %s", row->claim, row->test, row->figure);
    if (!claim_has_case(row->claim, row->test)) {
        vec_fail(log, file, row->line, what, "no such case", "a case of the tables");
        return;
    }
    for (size_t i = 0; i < r->count; i++)
        if (job_is(&r->jobs[i], row->claim, row->test)) {
            recorded_value(log, file, row, what, &r->jobs[i].result);
            return;
        }
}

/* The row of that name; NULL: none is recorded for this selection and seed. */
static const row_digest *recorded_digest(const run *r, const char *name)
{
    for (const row_digest *g = vec_report; g->name; g++)
        if (r->all && r->seed == SKV_SEED && !strcmp(g->name, name))
            return g;
    return NULL;
}

/* Nothing where no row records it; a difference that an UNDECIDED case makes is that case's. */
static void recorded_report(vec_log *log, const report_kind *k, const run *r, enum level level)
{
    char name[40], digest[65];
    snprintf(name, sizeof name, "%s%s", k->prefix, level_names[level]);
    const row_digest *g = recorded_digest(r, name);
    if (!g)
        return;
    report_digest(k, r, level, digest);
    size_t before = log->failed;
    vec_text(log, GOLDEN, g->line, k->what, digest, g->digest);
    if (log->open)
        log->open += log->failed - before;
}

/* A run holds the reports of all levels up to its own. */
static void recorded_reports(vec_log *log, const run *r)
{
    for (int level = QUICK; level <= (int)r->level; level++)
        for (size_t i = 0; i < COUNT(report_kinds); i++)
            recorded_report(log, &report_kinds[i], r, (enum level)level);
}

static bool recorded_is_about(const row_fig *row, const job *j, const char *name)
{
    return !strcmp(row->figure, name) && job_is(j, row->claim, row->test);
}

/* Is there a row from elsewhere about that figure? */
static bool recorded_elsewhere(const job *j, const char *name)
{
    for (size_t i = 0; i < COUNT(vec_fig_exact); i++)
        if (recorded_is_about(&vec_fig_exact[i], j, name))
            return true;
    for (size_t i = 0; i < COUNT(vec_fig_published); i++)
        if (recorded_is_about(&vec_fig_published[i], j, name))
            return true;
    return false;
}

/* How many of a claim's figures in this run have an exact or a published row, beside the golden one that each has. */
static void recorded_coverage(text *t, const run *r)
{
    size_t all = 0;
    size_t covered = 0;
    text_add(t, "\nfigures with an exact or published row:\n");
    for (const claim *c = claims; c < claims + COUNT(claims); c++) {
        size_t figures = 0;
        size_t rows = 0;
        for (size_t i = 0; i < r->count; i++)
            for (size_t k = 0; r->jobs[i].claim == c && k < r->jobs[i].result.figures; k++) {
                figures++;
                rows += recorded_elsewhere(&r->jobs[i], r->jobs[i].result.figure[k].name);
            }
        text_add(t, "  %-20s %4zu of %4zu\n", c->name, rows, figures);
        all += figures;
        covered += rows;
    }
    text_add(t, "  %-20s %4zu of %4zu\n", "all", covered, all);
}

/* All rows about claims. */
static void recorded_rows(vec_log *log, const run *r)
{
    for (const row_case *g = vec_case; g->claim; g++)
        if (!claim_has_case(g->claim, g->test))
            vec_fail(log, GOLDEN, g->line, g->test, "no such case", "a case of the tables");
    for (size_t i = 0; i < r->count; i++)
        recorded_case(log, r, &r->jobs[i]);
    for (size_t i = 0; r->seed == SKV_SEED && i < COUNT(vec_fig_exact); i++)
        recorded_figure(log, EXACT, &vec_fig_exact[i], r);
    for (size_t i = 0; r->seed == SKV_SEED && i < COUNT(vec_fig_published); i++)
        recorded_figure(log, PUBLISHED, &vec_fig_published[i], r);
    recorded_reports(log, r);
}

/* 1 if something differs that an UNDECIDED case does not account for; then 3 if there is one. */
static int run_exit(const run *r, const vec_log *log)
{
    bool open = false;
    for (size_t i = 0; i < r->count; i++)
        open |= is_undecided(&r->jobs[i].result);
    return log->failed > log->open ? EXIT_DIFFERS : open ? EXIT_UNDECIDED : EXIT_AS_EXPECTED;
}

/* A string as C and JSON write it. */
static void text_quoted(text *t, const char *s)
{
    text_add(t, "\"");
    for (; *s; s++) {
        if (*s == '\n')
            text_add(t, "\\n");
        else
            text_add(t, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
    }
    text_add(t, "\"");
}

/* A case as a row of vectors/golden.inc. */
static void golden_case(text *t, const job *j)
{
    char verdicts[40];
    text figures = { 0 };
    case_figures(&figures, &j->result);
    verdict_line(&j->result, verdicts, sizeof verdicts);
    text_add(t, "CASE(\"%s\", \"%s\", \"%s\", ", j->claim->name, j->test->name, verdicts);
    text_quoted(t, figures.s ? figures.s : "");
    text_add(t, ")\n");
    free(figures.s);
}

/* The rows of vectors/golden.inc that a run at level full gives. */
static void golden_rows(text *t, const run *r)
{
    char digest[65];
    text_add(t,
        "/* golden: recorded from this program by `make vectors/bless`; sameness, not truth. */\n"
        "#ifndef CASE\n#define CASE(...)\n#endif\n"
        "#ifndef REPORT\n#define REPORT(...)\n#endif\n"
        "#ifndef ROWS\n#define ROWS(...)\n#endif\n");
    for (size_t i = 0; i < COUNT(vec_files); i++) {
        rows_digest(i, digest);
        text_add(t, "ROWS(\"%s\", \"%s\")\n", vec_files[i].name, digest);
    }
    for (int level = QUICK; level <= FULL; level++)
        for (size_t i = 0; i < COUNT(report_kinds); i++) {
            report_digest(&report_kinds[i], r, (enum level)level, digest);
            text_add(t, "REPORT(\"%s%s\", \"%s\")\n", report_kinds[i].prefix, level_names[level], digest);
        }
    for (size_t i = 0; i < r->count; i++)
        golden_case(t, &r->jobs[i]);
    text_add(t, "#undef CASE\n#undef REPORT\n#undef ROWS\n");
}

/// 11 Words ///

/* The values in the user's words: `what` is the option, or the word itself, as complaints quote it. */

/* A whole number in [from, to], nothing else; quotes the user's own spelling. */
static uint64_t word_whole(const char *what, const char *s, uint64_t from, uint64_t to)
{
    const char *p = s;
    uint64_t v;
    if (!scan_number(&p, &v) || *p || v < from || v > to)
        die(EXIT_USAGE, "%s %s: expected a whole number from %" PRIu64 " to %" PRIu64, what, s, from, to);
    return v;
}

/* Which of the names. */
static int word_choice(const char *what, const char *s, const char *const *names, size_t count)
{
    text all = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(s, names[i])) {
            free(all.s);
            return (int)i;
        }
        text_add(&all, "%s%s", i ? ", " : "", names[i]);
    }
    die(EXIT_USAGE, "%s %s: expected one of %s", what, s, all.s);
}

/* Numbers separated by commas, up to `end`; returns where it stopped. Decimal or hexadecimal; the nearest double is
   meant. */
static const char *word_numbers(
    const char *command, const char *what, const char *s, char end, double *out, size_t most, size_t *n)
{
    for (*n = 0;;) {
        char *after;
        double x = strtod(s, &after);
        int length = (int)strcspn(s, ",/:");
        int shown = length < 40 ? length : 40;
        if (after != s + length || length == 0 || !(__builtin_fabs(x) < 0x1p100))
            die(EXIT_USAGE, "%s: %.80s: '%.*s' is not a number below 2^100", command, what, shown, s);
        if (*n == most)
            die(EXIT_USAGE, "%s: %.80s: more than %zu numbers", command, what, most);
        out[(*n)++] = x;
        s = after;
        if (*s == end || *s == 0)
            return s;
        if (*s != ',')
            die(EXIT_USAGE, "%s: %.80s: unexpected '%c', expected ','%s", command, what, *s,
                end ? " or the next part" : "");
        s++;
    }
}

/// 11 Points ///

/* The user's own point, for `sopsp`: words KEY=VALUE. Files can come by the same door: whatever fills a skip_data and
   a skip_point. */

enum {
    POINT_MAX = 64,  /* numbers in w, rows and columns of V */
    POINT_SIZE = 600 /* numbers in w and V, for whose Hessian some seconds are needed */
};

/* w: d; V: rows x k, where rows must be d; N samples, row by row: X (N x d), f (N x k), Y (N). b, r, eps: negative
   where they were not given. */
typedef struct {
    int loss;
    size_t d, k, rows, N;
    double w[POINT_MAX], V[POINT_MAX * POINT_MAX], b, r, eps;
    double *X, *f, *Y;
} user_point;

static double point_number(const char *word, const char *s)
{
    double x;
    size_t n;
    word_numbers("sopsp", word, s, 0, &x, 1, &n);
    if (x < 0)
        die(EXIT_USAGE, "sopsp: %.80s: expected a number that is not negative", word);
    return x;
}

/* V=row/row/... */
static void point_matrix(user_point *u, const char *word, const char *s)
{
    u->k = 0;
    for (u->rows = 0;; s++) {
        size_t n;
        if (u->rows == POINT_MAX)
            die(EXIT_USAGE, "sopsp: %.80s: more than %d rows", word, POINT_MAX);
        s = word_numbers("sopsp", word, s, '/', u->V + u->rows * u->k, POINT_MAX, &n);
        if (u->rows++ && n != u->k)
            die(EXIT_USAGE, "sopsp: %.80s: row %zu has %zu numbers, expected %zu", word, u->rows, n, u->k);
        u->k = n;
        if (!*s)
            return;
    }
}

/* x:f:y; returns y. */
static double point_split(const char *word, const char *s, double *x, size_t *dx, double *f, size_t *df)
{
    double y;
    size_t dy;
    s = word_numbers("sopsp", word, s, ':', x, POINT_MAX, dx);
    if (*s++ != ':')
        die(EXIT_USAGE, "sopsp: %.80s: expected sample=x:f:y", word);
    s = word_numbers("sopsp", word, s, ':', f, POINT_MAX, df);
    if (*s++ != ':')
        die(EXIT_USAGE, "sopsp: %.80s: expected sample=x:f:y", word);
    word_numbers("sopsp", word, s, 0, &y, 1, &dy);
    return y;
}

/* sample=x:f:y, after w and V. */
static void point_sample(user_point *u, const char *word, const char *s)
{
    double x[POINT_MAX], f[POINT_MAX];
    size_t dx, df;
    if (!u->d || !u->k)
        die(EXIT_USAGE, "sopsp: %.80s: expected w=... and V=... before the samples", word);
    double y = point_split(word, s, x, &dx, f, &df);
    if (dx != u->d)
        die(EXIT_USAGE, "sopsp: %.80s: x has %zu numbers, expected %zu as w has", word, dx, u->d);
    if (df != u->k)
        die(EXIT_USAGE, "sopsp: %.80s: f has %zu numbers, expected %zu as V has columns", word, df, u->k);
    if (losses[u->loss].labels == LABELS_SIGN && y != 1 && y != -1)
        die(EXIT_USAGE, "sopsp: %.80s: y is a label, expected 1 or -1", word);
    memcpy(u->X + u->N * u->d, x, u->d * sizeof *x);
    memcpy(u->f + u->N * u->k, f, u->k * sizeof *f);
    u->Y[u->N++] = y;
}

static void point_loss(user_point *u, const char *word, const char *s)
{
    static const char *const names[] = { "squared", "logistic", "smoothed-hinge" };
    static const int which[] = { SQUARED, LOGISTIC, SMOOTHED_HINGE };
    (void)word;
    u->loss = which[word_choice("loss", s, names, COUNT(names))];
}

static void point_w(user_point *u, const char *word, const char *s)
{
    word_numbers("sopsp", word, s, 0, u->w, POINT_MAX, &u->d);
}
static void point_b(user_point *u, const char *word, const char *s) { u->b = point_number(word, s); }
static void point_r(user_point *u, const char *word, const char *s) { u->r = point_number(word, s); }
static void point_eps(user_point *u, const char *word, const char *s) { u->eps = point_number(word, s); }

/* first: before the samples */
static const struct {
    const char *key;
    bool first;
    void (*set)(user_point *, const char *word, const char *value);
} point_keys[] = {
    { "loss", true, point_loss },
    { "w", true, point_w },
    { "V", true, point_matrix },
    { "sample", false, point_sample },
    { "b", false, point_b },
    { "r", false, point_r },
    { "eps", false, point_eps },
};

/* KEY=VALUE by the row of its key. */
static void point_word(user_point *u, const char *word)
{
    const char *s = strchr(word, '=');
    for (size_t i = 0; s && i < COUNT(point_keys); i++) {
        size_t n = strlen(point_keys[i].key);
        if (n != (size_t)(s - word) || strncmp(word, point_keys[i].key, n))
            continue;
        if (point_keys[i].first && u->N)
            die(EXIT_USAGE, "sopsp: %.80s: expected before the samples", word);
        point_keys[i].set(u, word, s + 1);
        return;
    }
    die(EXIT_USAGE, "sopsp: '%.80s': expected KEY=VALUE, KEY one of loss, w, V, sample, b, r, eps", word);
}

/* The point of these words, its samples in the arena: complete, its dimensions fitting. */
static user_point *point_read(mem *arena, size_t n, const char *const *words)
{
    user_point *u = mem_get(arena, 1, sizeof *u);
    u->b = -1;
    u->r = -1;
    u->eps = -1;
    u->X = mem_doubles(arena, n * POINT_MAX);
    u->f = mem_doubles(arena, n * POINT_MAX);
    u->Y = mem_doubles(arena, n);
    for (size_t i = 0; i < n; i++)
        point_word(u, words[i]);
    if (!u->N)
        die(EXIT_USAGE, "sopsp: expected loss=..., w=..., V=row/row/..., and samples sample=x:f:y");
    if (u->rows != u->d)
        die(EXIT_USAGE, "sopsp: V has %zu rows, expected %zu as w has numbers", u->rows, u->d);
    if (u->d * (1 + u->k) > POINT_SIZE)
        die(EXIT_USAGE, "sopsp: w and V have %zu numbers, expected at most %d", u->d * (1 + u->k), POINT_SIZE);
    return u;
}

/* What the linear-output network takes for its data; the features' enclosures are points. */
static skip_data point_data(mem *arena, const user_point *u)
{
    iv *f = mem_ivs(arena, u->N * u->k);
    iv_load(u->N * u->k, u->f, f);
    return (skip_data) { { u->N, u->d, 1, u->X, u->Y, &losses[u->loss] }, u->k, f };
}

/// 11 Formulas ///

/* The user's own function, for `landscape`: a formula in x and y, and a box. */

/* box=X0,X1,Y0,Y1 */
static void user_box(const char *word, double box[4])
{
    size_t n;
    if (strncmp(word, "box=", 4))
        die(EXIT_USAGE, "landscape: '%.80s': expected box=X0,X1,Y0,Y1", word);
    word_numbers("landscape", word, word + 4, 0, box, 4, &n);
    if (n != 4 || !(box[0] < box[1]) || !(box[2] < box[3]))
        die(EXIT_USAGE, "landscape: '%.80s': expected box=X0,X1,Y0,Y1 with X0 < X1, Y0 < Y1", word);
}

static void user_formula(const char *word, expr *e)
{
    size_t column;
    const char *wrong = expr_parse(word, e, &column);
    if (wrong)
        die(EXIT_USAGE, "landscape: '%.80s', column %zu: expected %s", word, column, wrong);
}

/* FORMULA [box=...], ready for land_study: [-4, 4]^2 where no box is given; nothing is known of F outside, so that
   paths stay within the box. */
static land_view *landscape_read(mem *arena, size_t n, const char *const *words)
{
    land_view *v = mem_get(arena, 1, sizeof *v);
    landscape *l = mem_get(arena, 1, sizeof *l);
    double box[4] = { -4, 4, -4, 4 };
    if (n < 1 || n > 2)
        die(EXIT_USAGE, "landscape: expected a formula in x and y, and perhaps box=X0,X1,Y0,Y1");
    if (n == 2)
        user_box(words[1], box);
    user_formula(words[0], &v->e);
    memcpy(l->box, box, sizeof box);
    l->outside = INFINITY;
    l->seam = INFINITY;
    l->tolerance = 1e-3;
    v->rim = true;
    v->l = l;
    return v;
}

/// 12 Tables ///

/* What a user reads: the table of claims, and the answers to questions about a point or a formula of the user's own. */

/* The verdict of a claim: refuted if one case refutes, undecided if one is, certified for the instances otherwise. */
static enum verdict verdict_fold(enum verdict all, enum verdict one)
{
    static const int rank[] = { [NOT_ASKED] = 0, [CERTIFIED] = 1, [UNDECIDED] = 2, [REFUTED] = 3 };
    return rank[one] > rank[all] ? one : all;
}

/* The least margin of a claim's cases, rounded down. */
static void table_margin(char *out, size_t size, double margin)
{
    int64_t units;
    if (margin == INFINITY)
        snprintf(out, size, "exact");
    else if (fig_floor(margin, &units))
        fig_print(out, size, units);
    else
        snprintf(out, size, "out of range");
}

#define TABLE_ROW "%-20s %-10s %-9s %-9s %16s"

/* A claim over all its cases in the run; nothing if there are none. */
static void table_row(text *t, const run *r, const claim *c)
{
    result all = { .margin = INFINITY };
    size_t cases = 0;
    char tight[40];
    for (size_t i = 0; i < r->count; i++) {
        const result *x = &r->jobs[i].result;
        if (r->jobs[i].claim != c)
            continue;
        for (int k = 0; k < READINGS; k++)
            *result_reading(&all, k) = verdict_fold(result_verdict(&all, k), result_verdict(x, k));
        margin_add(&all, x->margin);
        cases++;
    }
    if (!cases)
        return;
    table_margin(tight, sizeof tight, all.margin);
    text_add(t, TABLE_ROW " %7zu\n", c->name, verdict_names[all.printed], verdict_names[all.meant],
        verdict_names[all.repaired], tight, cases);
}

/* How many verdicts of each kind, and the reason of each UNDECIDED. */
static void table_verdicts(text *t, const run *r)
{
    size_t count[UNDECIDED + 1] = { 0 };
    for (size_t i = 0; i < r->count; i++) {
        const result *x = &r->jobs[i].result;
        for (int k = 0; k < READINGS; k++)
            count[result_verdict(x, k)]++;
        if (is_undecided(x))
            text_add(t, "UNDECIDED %s %s: %s\n", r->jobs[i].claim->name, r->jobs[i].test->name, x->why);
    }
    text_add(t, "\n%zu verdicts: %zu certified, %zu refuted, %zu undecided\n",
        count[CERTIFIED] + count[REFUTED] + count[UNDECIDED], count[CERTIFIED], count[REFUTED], count[UNDECIDED]);
}

/* Of the report's digest. */
static const char *report_standing(const run *r, const char *digest)
{
    const row_digest *g = recorded_digest(r, level_names[r->level]);
    return !g                       ? "none recorded for this selection"
        : strcmp(g->digest, digest) ? "differs from the record"
                                    : "as recorded";
}

/* The table; verbose: the canonical report before it. */
static void report_text(text *t, const run *r, const vec_log *log, bool verbose)
{
    char digest[65];
    report_digest(&report_kinds[CANONICAL], r, r->level, digest);
    if (verbose)
        report_canonical(t, r, r->level);
    else
        text_add(t, "skipverify %s, level %s, seed %" PRIu64 "\n", SKV_VERSION, level_names[r->level], r->seed);
    text_add(t, "\n" TABLE_ROW " %7s\n", "claim", "as printed", "as meant", "repaired", "tightest margin", "cases");
    for (size_t i = 0; i < COUNT(claims); i++)
        table_row(t, r, &claims[i]);
    table_verdicts(t, r);
    text_add(
        t, "%zu rows of vectors compared, %zu differ\n%s", log->rows, log->failed, log->lines.s ? log->lines.s : "");
    text_add(t, "report SHA-256 %s (%s)\n", digest, report_standing(r, digest));
}

/* x: what sopsp_report says of a point; was it asked about an eps? */
static void point_table(text *t, const result *x, bool asked)
{
    for (size_t i = 0; i < x->figures; i++)
        text_add(t, "%-18s %s\n", x->figure[i].name, x->figure[i].text);
    if (asked)
        text_add(t, "%s\n",
            x->printed == CERTIFIED     ? "an eps-SOPSP for the eps given"
                : x->printed == REFUTED ? "no eps-SOPSP for the eps given, with this mu2"
                                        : "not decided for the eps given");
    text_add(t, "F <= min F_lin + Theorem 3's bound: %s\n", verdict_names[x->repaired]);
}

/* An enclosure in decimals or, where things are too small for these or it does not fit, by its exact ends. size: of
   things. */
static void table_number(text *t, iv x, double size)
{
    result r = { .margin = INFINITY };
    (size >= 1e-3 || (x.lo == 0 && x.hi == 0) ? fig_any : fig_hex)(&r, "", x);
    text_add(t, "%s", r.figure[0].text);
}

/* x and y, in a box of that size. */
static void table_place(text *t, const stat_search *s, iv x, iv y)
{
    text_add(t, "x=");
    table_number(t, x, s->x.hi - s->x.lo);
    text_add(t, " y=");
    table_number(t, y, s->y.hi - s->y.lo);
}

/* What could not be decided: where, and why. */
static void landscape_gaps(text *t, const stat_search *s)
{
    if (s->full)
        text_add(t, "more than %d stationary points: the search ended there (a smaller box has fewer)\n", STAT_MAX);
    for (size_t i = 0; i < s->gaps; i++) {
        text_add(t, "not resolved: ");
        table_place(t, s, s->gap[i].x, s->gap[i].y);
        text_add(t, ": %s\n", gap_names[s->gap[i].reason]);
    }
}

/* The stationary points of a landscape, the barriers between its minima, and whether these are all. */
static void landscape_point(text *t, const stat_search *all, const char *kind, const stat_point *s, double size)
{
    text_add(t, "%-12s ", kind);
    table_place(t, all, s->x, s->y);
    text_add(t, " F=");
    table_number(t, s->F, size);
    text_add(t, "\n");
}

/* Points, minima on the edge, barriers between all minima in that order, what is not resolved, and a sentence. */
static void landscape_table(text *t, const land_view *v)
{
    const stat_search *all = &v->all;
    double size = 0;
    for (size_t i = 0; i < all->n; i++)
        size = fmax(size, iv_mag(all->at[i].F));
    for (size_t i = 0; i < all->rims; i++)
        size = fmax(size, iv_mag(all->rim[i].F));
    for (size_t i = 0; i < all->n; i++)
        landscape_point(t, all, kind_names[all->at[i].kind], &all->at[i], size);
    for (size_t i = 0; i < all->rims; i++)
        landscape_point(t, all, "edge-minimum", &all->rim[i], size);
    for (size_t i = 0; i < v->t.n; i++)
        for (size_t j = 0; j < i; j++) {
            text_add(t, "barrier between minima %zu and %zu, within the box: ", j + 1, i + 1);
            table_number(t, v->t.barrier[i][j], size);
            text_add(t, "%s\n",
                merge_narrow(v->t.barrier[i][j], merge_tolerance(all)) ? ""
                                                                       : " (no narrower with the budget of cells)");
        }
    landscape_gaps(t, all);
    if (stat_count(all, DEGENERATE))
        text_add(t, "a degenerate point: what it is was not decided, and barriers were not sought\n");
    text_add(t, "%zu stationary points in the box and %zu minima on its edge, %s\n", all->n, all->rims,
        all->full             ? "and more"
            : all->unresolved ? "and places that could not be resolved"
                              : "each proved and alone: all there are");
}

/// 12 JSON ///

/* Its names, verdicts, the reason of an UNDECIDED, and its figures as texts: a number of JSON might lose digits. */
static void json_case(text *t, const job *j)
{
    const result *x = &j->result;
    text_add(t, "{\"claim\":\"%s\",\"case\":\"%s\"", j->claim->name, j->test->name);
    for (int k = 0; k < READINGS; k++)
        text_add(t, ",\"%s\":\"%s\"", reading_names[k], verdict_names[result_verdict(x, k)]);
    if (is_undecided(x)) {
        text_add(t, ",\"why\":");
        text_quoted(t, x->why);
    }
    text_add(t, ",\"figures\":{");
    for (size_t i = 0; i < x->figures; i++) {
        text_add(t, "%s\"%s\":", i ? "," : "", x->figure[i].name);
        text_quoted(t, x->figure[i].text);
    }
    text_add(t, "}}");
}

/* One object: the run, a line a case, the rows compared, the canonical report's digest. */
static void report_json(text *t, const run *r, const vec_log *log)
{
    char digest[65];
    report_digest(&report_kinds[CANONICAL], r, r->level, digest);
    text_add(t, "{\"program\":\"skipverify\",\"version\":\"%s\",\"level\":\"%s\",\"seed\":%" PRIu64 ",\n\"cases\":[\n",
        SKV_VERSION, level_names[r->level], r->seed);
    for (size_t i = 0; i < r->count; i++) {
        json_case(t, &r->jobs[i]);
        text_add(t, i + 1 < r->count ? ",\n" : "\n");
    }
    text_add(t, "],\n\"vectors\":{\"rows\":%zu,\"differ\":%zu,\"failures\":", log->rows, log->failed);
    text_quoted(t, log->lines.s ? log->lines.s : "");
    text_add(t, "},\n\"sha256\":\"%s\",\"standing\":\"%s\"}\n", digest, report_standing(r, digest));
}

/// 12 Pictures ///

/* Contour lines of a function of two parameters as SVG: marching squares on a grid, coordinates in whole hundredths
   of a pixel, so that the file is the same everywhere. Levels are spread as squares, since F is one. */

enum { PICTURE_GRID = 150, PICTURE_SIZE = 300, PICTURE_GAP = 50, PICTURE_LEVELS = 14 };
static const double PICTURE_REACH = 3; /* panels show [-3, 3]^2 */

static double picture_at(int i) { return PICTURE_REACH * (2.0 * i / PICTURE_GRID - 1); }

/* Hundredths, half up. */
static void picture_number(text *t, double pixels)
{
    long v = (long)(100 * pixels + 0.5);
    text_add(t, "%ld.%02ld", v / 100, v % 100);
}

/* In grid steps from the lower left. */
static void picture_point(text *t, const char *command, double x, double y)
{
    text_add(t, "%s", command);
    picture_number(t, x * PICTURE_SIZE / PICTURE_GRID);
    text_add(t, " ");
    picture_number(t, PICTURE_SIZE - y * PICTURE_SIZE / PICTURE_GRID);
}

/* One square of the grid: the level crosses an even number of its sides; crossings are joined in the order they
   come. */
static void picture_square(text *t, const double *F, int i, int j, double level)
{
    static const int corner[5][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 } };
    bool open = false;
    for (int k = 0; k < 4; k++) {
        const int *p = corner[k];
        const int *q = corner[k + 1];
        double a = F[(j + p[1]) * (PICTURE_GRID + 1) + i + p[0]];
        double b = F[(j + q[1]) * (PICTURE_GRID + 1) + i + q[0]];
        if ((a < level) == (b < level))
            continue;
        double s = (level - a) / (b - a);
        picture_point(t, open ? "L" : "M", i + p[0] + s * (q[0] - p[0]), j + p[1] + s * (q[1] - p[1]));
        open = !open;
    }
}

/* F at the middle of its enclosures on the grid; contours at (k/4)^2, 1 <= k <= PICTURE_LEVELS, from blue to red. */
static void picture_contours(text *t, const expr *e)
{
    mem arena = { 0 };
    double *F = mem_doubles(&arena, (PICTURE_GRID + 1) * (PICTURE_GRID + 1));
    for (int j = 0; j <= PICTURE_GRID; j++)
        for (int i = 0; i <= PICTURE_GRID; i++)
            F[j * (PICTURE_GRID + 1) + i] = iv_mid(expr_at(e, iv_of(picture_at(i)), iv_of(picture_at(j)), 0).F);
    for (int k = 1; k <= PICTURE_LEVELS; k++) {
        double root = k / 4.0;
        double level = root * root;
        text_add(t, "<path stroke=\"hsl(%d,70%%,40%%)\" d=\"", 250 - 250 * k / PICTURE_LEVELS);
        for (int j = 0; j < PICTURE_GRID; j++)
            for (int i = 0; i < PICTURE_GRID; i++)
                picture_square(t, F, i, j, level);
        text_add(t, "\"/>\n");
    }
    mem_free(&arena);
}

/* A dot with its label as a tool tip. */
static void picture_mark_draw(text *t, const picture_mark *mark)
{
    static const char *const fill[] = { [MARK_GLOBAL] = "green", [MARK_SPURIOUS] = "red", [MARK_SADDLE] = "white" };
    double x = (mark->x / PICTURE_REACH + 1) * PICTURE_SIZE / 2;
    double y = (1 - mark->y / PICTURE_REACH) * PICTURE_SIZE / 2;
    text_add(t, "<circle fill=\"%s\" stroke=\"black\" r=\"4\" cx=\"", fill[mark->kind]);
    picture_number(t, x);
    text_add(t, "\" cy=\"");
    picture_number(t, y);
    text_add(t, "\"><title>%s</title></circle>\n", mark->label);
}

/* Whole numbers along the lower and the left edge, w and v beside them. */
static void picture_axes(text *t)
{
    for (int k = -3; k <= 3; k++)
        text_add(t,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\">%d</text><text x=\"-8\" y=\"%d\" "
            "text-anchor=\"end\" font-size=\"11\">%d</text>\n",
            PICTURE_SIZE / 2 + k * PICTURE_SIZE / 6, PICTURE_SIZE + 15, k, PICTURE_SIZE / 2 - k * PICTURE_SIZE / 6 + 4,
            k);
    text_add(t,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-style=\"italic\">w</text><text x=\"-28\" y=\"%d\" "
        "font-style=\"italic\">v</text>\n",
        PICTURE_SIZE / 2, PICTURE_SIZE + 32, PICTURE_SIZE / 2);
}

/* The panel that stands `at` others from the left. */
static void picture_panel_draw(text *t, const picture_panel *p, size_t at)
{
    expr e;
    expr_must(p->formula, &e);
    text_add(t,
        "<g transform=\"translate(%d %d)\">\n<rect width=\"%d\" height=\"%d\" fill=\"white\" stroke=\"black\"/>\n<g "
        "fill=\"none\" stroke-width=\"0.8\">\n",
        PICTURE_GAP + (int)at * (PICTURE_SIZE + PICTURE_GAP), PICTURE_GAP, PICTURE_SIZE, PICTURE_SIZE);
    picture_contours(t, &e);
    if (p->disc > 0)
        text_add(t, "<circle r=\"%d\" cx=\"%d\" cy=\"%d\" stroke=\"black\" stroke-width=\"2\"/>\n",
            (int)(p->disc * PICTURE_SIZE / (2 * PICTURE_REACH)), PICTURE_SIZE / 2, PICTURE_SIZE / 2);
    text_add(t, "</g>\n");
    for (size_t i = 0; i < p->marks; i++)
        picture_mark_draw(t, &p->mark[i]);
    text_add(t, "<text x=\"%d\" y=\"-12\" text-anchor=\"middle\">%s</text>\n", PICTURE_SIZE / 2, p->title);
    picture_axes(t);
    text_add(t, "</g>\n");
}

/* The whole file: a title and the panels from left to right. */
static void picture_draw(text *t, const picture *p)
{
    int width = (int)p->panels * (PICTURE_SIZE + PICTURE_GAP) + PICTURE_GAP;
    int height = PICTURE_SIZE + 2 * PICTURE_GAP;
    text_add(t,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
        "font-family=\"sans-serif\" font-size=\"14\">\n"
        "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        width, height, width, height, p->title);
    for (size_t i = 0; i < p->panels; i++)
        picture_panel_draw(t, &p->panel[i], i);
    text_add(t, "</svg>\n");
}

/* The picture of a claim as SVG; false: it has none. */
static bool picture_of(text *t, const char *name)
{
    for (size_t i = 0; i < COUNT(pictures); i++) {
        mem arena = { 0 };
        picture p = { 0 };
        if (strcmp(pictures[i].claim, name))
            continue;
        pictures[i].fill(&arena, &p);
        picture_draw(t, &p);
        mem_free(&arena);
        return true;
    }
    return false;
}

/// 12 Explanations ///

/* What the program says about itself: `list` and `explain` print the claim table, --help its own and the tables of
   commands and options. */

/* Formulas, boxes, and the argument for what lies outside. */
static void explain_landscapes(text *t, const claim *c)
{
    bool any = false;
    for (size_t k = 0; k < c->count; k++) {
        const landscape *l = c->cases[k].landscape;
        if (!l)
            continue;
        if (!any)
            text_add(t, "\nLandscapes:\n");
        any = true;
        text_add(t, "  %-22s F = %s on [%g, %g] x [%g, %g]\n    outside: %s\n", c->cases[k].name, l->formula, l->box[0],
            l->box[1], l->box[2], l->box[3], l->why);
    }
}

/* The figure of that name in the recorded row of a claim's case, cut to that many decimals, which both ends of an
   enclosure must share; false: there is none such. */
static bool explain_figure(text *t, const claim *c, const char *test, const char *name, int decimals)
{
    for (size_t k = 0; k < c->count; k++) {
        const row_case *g = strcmp(c->cases[k].name, test) ? NULL : golden_of(c, &c->cases[k]);
        size_t n = strlen(name);
        const char *at = g ? strstr(g->figures, name) : NULL;
        while (at && ((at > g->figures && at[-1] != ' ') || at[n] != '='))
            at = strstr(at + 1, name);
        if (!at)
            continue;
        at += n + 1 + (at[n + 1] == '[');
        int length = (int)(strcspn(at, ".") + 1) + decimals;
        const char *other = strchr(at, ',');
        if (strcspn(at, " ,]") < (size_t)length || (at[-1] == '[' && strncmp(at, other + 1, (size_t)length)))
            return false;
        text_add(t, "%.*s", length, at);
        return true;
    }
    return false;
}

/* A text of a claim. Numbers that the program computes are not typed: "${CASE FIGURE DECIMALS}" stands for what the row
   records. false: for one of them no row does; it is printed as it stands. */
static bool explain_text(text *t, const claim *c, const char *s)
{
    bool known = true;
    for (const char *from; (from = strstr(s, "${")); s = strchr(from, '}') + 1) {
        char test[40], name[40];
        int decimals;
        text_add(t, "%.*s", (int)(from - s), s);
        if (sscanf(from, "${%39s %39s %d}", test, name, &decimals) == 3 && explain_figure(t, c, test, name, decimals))
            continue;
        text_add(t, "%.*s", (int)strcspn(from, "}") + 1, from);
        known = false;
    }
    text_add(t, "%s", s);
    return known;
}

/* A claim's lines in `list`: cases at a level are those that run at it, also of lower levels. */
static void explain_briefly(text *t, const claim *c)
{
    size_t count[FULL + 1] = { 0 };
    for (size_t k = 0; k < c->count; k++)
        for (int l = c->cases[k].level; l <= FULL; l++)
            count[l]++;
    text_add(t, "%-16s %s\n%16s %s\n%16s ", c->name, c->source, "", c->statement, "");
    explain_text(t, c, c->finding);
    text_add(t, "\n%16s cases: %zu quick, %zu standard, %zu full\n", "", count[QUICK], count[STANDARD], count[FULL]);
}

/* All about a claim: what is claimed and found, how it is checked, its cases with their recorded verdicts. */
static void explain_fully(text *t, const claim *c)
{
    text_add(t, "%s -- %s\n\nClaimed: %s.\nFound: ", c->name, c->source, c->statement);
    explain_text(t, c, c->finding);
    text_add(t, ".\n\n");
    explain_text(t, c, c->explain);
    text_add(t, "\nCases:\n");
    for (size_t k = 0; k < c->count; k++) {
        const row_case *g = golden_of(c, &c->cases[k]);
        char word[READINGS][12] = { "?", "?", "?" };
        if (g)
            sscanf(g->verdicts, "%11s %11s %11s", word[0], word[1], word[2]);
        text_add(t, "  %-30s %-9s as printed %-10s as meant %-10s repaired %s\n", c->cases[k].name,
            level_names[c->cases[k].level], word[0], word[1], word[2]);
    }
    explain_landscapes(t, c);
}

static void explain_command(text *t, const char *name, const char *argument, const char *help)
{
    text_add(t, "       skipverify %-8s %-22s %s\n", name, argument, help);
}

/* flag, argument: NULL where there is none */
static void explain_option(text *t, const char *flag, const char *name, const char *argument, const char *help)
{
    char spelling[40];
    snprintf(spelling, sizeof spelling, "%s%s%s%s%s", flag ? flag : "", flag ? ", " : "    ", name, argument ? " " : "",
        argument ? argument : "");
    text_add(t, "  %-22s %s\n", spelling, help);
}

static void explain_claims(text *t)
{
    text_add(t, "\nclaims:\n");
    for (size_t i = 0; i < COUNT(claims); i++)
        text_add(t, "  %-20s %s\n", claims[i].name, claims[i].statement);
}

static const char explain_usage[] =
    "usage: skipverify [OPTIONS] [CLAIM...]    check the claims (default: all) and print the table\n";

static const char explain_purpose[] =
    "\nChecks the claims of Wang et al. (IJCAI 2020) and Shamir (NeurIPS 2018) on the loss landscape of networks\n"
    "with skip connections, by enclosures that account for every rounding error.\n\n";

static const char explain_exits[] =
    "\nVerdicts: CERTIFIED follows from enclosures; REFUTED, as printed, from a witness; UNDECIDED is never a pass.\n"
    "Exit: 0 every verdict is the expected one and all vectors match, or what was asked holds; 1 a verdict or a\n"
    "vector differs, or eps= does not hold; 2 usage, or a file that is malformed; 3 undecided, or the environment\n"
    "refused; 4 input, output or memory failed; 128 + n ended by signal n (130 SIGINT, 143 SIGTERM, 129 SIGHUP; 141,\n"
    "without a word: nobody reads the output). A part (--shard) is written with exit code 0: its verdicts are judged\n"
    "by merge.\n";

/// 13 Library ///

/* The functions of skipverify.h. Each asks for what its header promises to refuse and then calls the one inside, which
   the program itself uses; while any of them computes, the kernels stay as they are. */

static pthread_rwlock_t lib_lock = PTHREAD_RWLOCK_INITIALIZER; /* read: a call computes; write: kernels are chosen */

/* rows x columns doubles, a row `stride` from the last. */
typedef struct {
    const double *at;
    size_t rows, columns, stride;
} lib_array;

/* Entries from the first to the last, both included. Precondition: lib_array_fits. */
static size_t lib_span(lib_array a) { return a.rows && a.columns ? (a.rows - 1) * a.stride + a.columns : 0; }

/* There is memory at all that it can be in: the size of two such arrays is a size_t, and so no index overflows. */
static bool lib_array_fits(lib_array a)
{
    const size_t most = SIZE_MAX / sizeof(double) / 2;
    if (!a.rows || !a.columns)
        return true;
    return a.at && a.columns <= a.stride && a.stride <= most / a.rows;
}

static bool lib_overlap(lib_array a, lib_array b)
{
    uintptr_t p = (uintptr_t)a.at;
    uintptr_t q = (uintptr_t)b.at;
    size_t m = lib_span(a) * sizeof(double);
    size_t n = lib_span(b) * sizeof(double);
    return m && n && (p <= q ? q - p < m : p - q < n);
}

/* The kernels stay until the lock is given back; waits where as many calls compute as the lock can count. */
static void lib_hold(void)
{
    while (pthread_rwlock_rdlock(&lib_lock))
        sched_yield();
}

/* SKV_OK, and the kernels are held until lib_end; or why this call cannot be: an array that is none, an environment in
   which bits would differ. */
static int lib_begin(size_t n, const lib_array *arrays)
{
    for (size_t i = 0; i < n; i++)
        if (!lib_array_fits(arrays[i]))
            return SKV_ARGUMENT;
    if (!env_is_default())
        return SKV_ENVIRONMENT;
    lib_hold();
    return SKV_OK;
}

static int lib_end(int status)
{
    pthread_rwlock_unlock(&lib_lock);
    return status;
}

const char *skv_probe(void)
{
    if (!env_is_default())
        return "the calling thread rounds, treats subnormals or traps exceptions otherwise than a new one does";
    lib_hold();
    const char *refusal = probe_environment();
    pthread_rwlock_unlock(&lib_lock);
    return refusal;
}

int skv_threads(int n) { return thr_use(n) ? SKV_ARGUMENT : SKV_OK; }

int skv_dispatch(const char *name)
{
    if (pthread_rwlock_trywrlock(&lib_lock))
        return SKV_BUSY;
    return lib_end(kern_choose(name) ? SKV_ARGUMENT : SKV_OK);
}

/* The overlap is looked for last: its precondition is that the arrays fit. */
int skv_gemm(
    size_t m, size_t n, size_t k, const double *A, size_t lda, const double *B, size_t ldb, double *C, size_t ldc)
{
    const lib_array a[] = { { A, m, k, lda }, { B, k, n, ldb }, { C, m, n, ldc } };
    int status = lib_begin(COUNT(a), a);
    if (status)
        return status;
    if (lib_overlap(a[0], a[2]) || lib_overlap(a[1], a[2]))
        return lib_end(SKV_ARGUMENT);
    return lib_end(gemm(m, n, k, A, lda, B, ldb, C, ldc));
}

int skv_svd(size_t r, size_t c, const double *A, double *U, double *s, double *V)
{
    size_t p = min_size(r, c);
    const lib_array a[] = { { A, r, c, c }, { U, r, p, p }, { s, 1, p, p }, { V, c, p, p } };
    int status = lib_begin(COUNT(a), a);
    return status ? status : lib_end(svd(r, c, A, U, s, V));
}

int skv_svd_enclose(
    size_t r, size_t c, const double *A, const double *U, const double *s, const double *V, double *lo, double *hi)
{
    size_t p = min_size(r, c);
    const lib_array a[] = { { A, r, c, c }, { U, r, p, p }, { s, 1, p, p }, { V, c, p, p }, { lo, 1, p, p },
        { hi, 1, p, p } };
    int status = lib_begin(COUNT(a), a);
    return status ? status : lib_end(svd_enclose(r, c, A, U, s, V, lo, hi));
}

int skv_pinv(size_t r, size_t c, const double *A, double *X, double tol, size_t *rank)
{
    const lib_array a[] = { { A, r, c, c }, { X, c, r, r } };
    size_t left;
    if (!is_finite(tol))
        return SKV_ARGUMENT;
    int status = lib_begin(COUNT(a), a);
    return status ? status : lib_end(pinv(r, c, A, X, tol, rank ? rank : &left));
}

int skv_eig(size_t n, const double *A, double *w, double *Q)
{
    const lib_array a[] = { { A, n, n, n }, { w, 1, n, n }, { Q, n, n, n } };
    int status = lib_begin(COUNT(a), a);
    return status ? status : lib_end(eig(n, A, w, Q));
}

/* In integers, so that the environment does not matter. */
double skv_sum(size_t n, const double *x) { return n && (!x || n > SIZE_MAX / sizeof *x) ? NAN : acc_sum(n, x); }

/// 13 Bench ///

/* Kernels as a fraction of the machine's own measured fma peak at the chosen dispatch level. Each figure is the best
   of several runs of at least 20 ms: what disturbs only lowers it. No test, and outside the promise of same bits. */

static double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What a kernel is called with: C = A B, vectors of k entries in a and b, or the factors of an m x n matrix. */
typedef struct {
    size_t m, n, k;
    double *a, *b, *c;
} bench_shape;

static void bench_gemm(void *ctx)
{
    bench_shape *s = ctx;
    mat_multiply(s->m, s->n, s->k, s->a, s->b, s->c);
}
static void bench_dot(void *ctx)
{
    bench_shape *s = ctx;
    s->c[0] = kern_dot(s->k, s->a, s->b);
}
static void bench_axpy(void *ctx)
{
    bench_shape *s = ctx;
    kern_axpy(s->k, 0.5, s->a, s->b);
}
static void bench_rot(void *ctx)
{
    bench_shape *s = ctx;
    kern_rot(s->k, 0.6, 1.0 / 3, s->a, s->b);
}
static void bench_svd(void *ctx)
{
    bench_shape *s = ctx;
    mat_must(svd(s->m, s->n, s->a, s->b, s->c, s->b + s->m * s->n));
}
static void bench_peak(void *ctx)
{
    bench_shape *s = ctx;
    s->c[0] = kern_now->peak(s->k);
}

/* Seconds of one call. */
static double bench_best(void (*work)(void *), void *ctx)
{
    double best = INFINITY;
    for (int round = 0; round < 5; round++) {
        double start = bench_now();
        double spent = 0;
        size_t calls = 0;
        do {
            work(ctx);
            calls++;
            spent = bench_now() - start;
        } while (spent < 0.02);
        best = fmin(best, spent / (double)calls);
    }
    return best;
}

static void bench_line(text *t, const char *what, double flops, double seconds, double peak)
{
    text_add(t, "%-28s %8.2f GF/s %6.1f %% of peak\n", what, 1e-9 * flops / seconds, 100 * flops / seconds / peak);
}

/* Square ones, and those of networks: few inputs (k), few outputs (m). Entries are normal random numbers. */
static void bench_products(text *t, mem *arena, double peak)
{
    static const size_t shapes[][3] = { { 256, 256, 256 }, { 512, 512, 512 }, { 1024, 1024, 1024 }, { 4096, 1024, 8 },
        { 16384, 1024, 16 }, { 4096, 4096, 64 }, { 4, 4096, 4096 } };
    for (size_t i = 0; i < COUNT(shapes); i++) {
        bench_shape s = { shapes[i][0], shapes[i][1], shapes[i][2], NULL, NULL, NULL };
        char what[64];
        s.a = mem_doubles(arena, s.m * s.k);
        s.b = mem_doubles(arena, s.k * s.n);
        s.c = mem_doubles(arena, s.m * s.n);
        rng random = rng_make(1, STREAM_BENCH + i);
        rng_normals(&random, s.m * s.k, s.a);
        rng_normals(&random, s.k * s.n, s.b);
        snprintf(what, sizeof what, "gemm %zux%zux%zu", s.m, s.n, s.k);
        bench_line(t, what, 2.0 * (double)s.m * (double)s.n * (double)s.k, bench_best(bench_gemm, &s), peak);
    }
}

/* One thread's work: at most 100 % divided by the number of threads. */
static void bench_vectors(text *t, mem *arena, double peak)
{
    enum { N = 2048 };
    bench_shape s = { 0, 0, N, mem_doubles(arena, N), mem_doubles(arena, N), mem_doubles(arena, 1) };
    bench_line(t, "dot 2048", 2.0 * N, bench_best(bench_dot, &s), peak);
    bench_line(t, "axpy 2048", 2.0 * N, bench_best(bench_axpy, &s), peak);
    bench_line(t, "rotation 2048", 8.0 * N, bench_best(bench_rot, &s), peak);
}

static void bench_factorisation(text *t, mem *arena)
{
    bench_shape s = { 256, 256, 0, mem_doubles(arena, 65536), mem_doubles(arena, 2 * 65536), mem_doubles(arena, 256) };
    rng random = rng_make(1, STREAM_BENCH + 99);
    rng_normals(&random, 65536, s.a);
    text_add(t, "%-28s %8.2f ms\n", "svd 256x256", 1e3 * bench_best(bench_svd, &s));
}

typedef struct {
    wang_lemma10_instance q;
    double *sums;
    size_t certified;
} bench_lemma10_work;

static void bench_gap(void *ctx)
{
    bench_lemma10_work *w = ctx;
    if (relu_gap(w->q.pairs, w->q.n, w->q.N, w->q.W1, w->q.W2, w->q.X, w->q.N, w->sums))
        die(EXIT_SYSTEM, "out of memory in the fused kernel");
}

static void bench_lemma10(void *ctx)
{
    bench_lemma10_work *w = ctx;
    mem arena = { 0 };
    wang_lemma10_scale s = wang_lemma10_measure(&arena, &w->q);
    w->certified = wang_lemma10_check(&arena, &w->q, &s).certified_printed;
    mem_free(&arena);
}

static void bench_lemma(text *t, mem *arena, double peak)
{
    bench_lemma10_work w = { wang_lemma10_new(arena, 16, 4096, 10000), mem_doubles(arena, 10000 * 16), 0 };
    wang_lemma10_atoms(arena, ATOMS_GAUSS, 1, &w.q);
    wang_lemma10_pairs(1, &w.q);
    bench_line(t, "fused relu gap 10000x16x4096", (4.0 * 16 + 2) * 10000 * 4096, bench_best(bench_gap, &w), peak);
    double seconds = bench_best(bench_lemma10, &w);
    text_add(
        t, "%-28s %8.2f ms, %zu of %zu certified\n", "lemma 10, 10000 pairs", 1e3 * seconds, w.certified, w.q.pairs);
}

/* The peak is that of one thread times their number: a percentage says how well all are used. */
static void bench_all(text *t)
{
    mem arena = { 0 };
    bench_shape one = { 0, 0, 96 * 1024, NULL, NULL, mem_doubles(&arena, 1) };
    double peak = 2.0 * (double)one.k / bench_best(bench_peak, &one) * thr_count();
    text_add(t, "dispatch level %s, %d thread%s, fma peak %.2f GF/s\n", kern_now->name, thr_count(),
        thr_count() == 1 ? "" : "s", 1e-9 * peak);
    bench_products(t, &arena, peak);
    bench_vectors(t, &arena, peak);
    bench_lemma(t, &arena, peak);
    bench_factorisation(t, &arena);
    mem_free(&arena);
}

/// 13 Options ///

/* Which commands an option goes with. */
enum { WITH_CHECK = 1, WITH_MERGE = 2, WITH_OTHERS = 4, WITH_ANY = 7 };

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const format_names[] = { "text", "json" };

/* i of n; 0 of 0: none asked for */
typedef struct {
    uint64_t i, n;
} share;

typedef struct {
    uint64_t seed, threads; /* threads: 0 for all cores */
    int level, format;
    bool quiet, verbose, no_progress, help, version;
    const char *output, *dispatch, *only_case, *certificate, *checkpoint;
    share shard;
    unsigned uses;         /* what all options given go with */
    const char *misplaced; /* the last of them that goes with less than those before it */
    const char **word;     /* command and claims, or its words; in argv */
    size_t words;
} options;

/* An option: how it is spelt, what it says in --help, its field and what sets it. */
typedef struct option option;
struct option {
    const char *flag, *name;
    const char *argument; /* NULL: it takes no value */
    const char *help;
    unsigned with;
    void (*set)(const option *, void *field, const char *value);
    size_t field;             /* its place in `options` */
    uint64_t from, to;        /* of a number */
    const char *const *names; /* of a choice */
    size_t count;
};

static void set_flag(const option *p, void *field, const char *value)
{
    (void)p;
    (void)value;
    *(bool *)field = true;
}

static void set_word(const option *p, void *field, const char *value)
{
    (void)p;
    *(const char **)field = value;
}

static void set_file(const option *p, void *field, const char *value)
{
    if (!*value)
        die(EXIT_USAGE, "%s: expected a file name", p->name);
    *(const char **)field = value;
}

static void set_number(const option *p, void *field, const char *value)
{
    *(uint64_t *)field = word_whole(p->name, value, p->from, p->to);
}

static void set_choice(const option *p, void *field, const char *value)
{
    *(int *)field = word_choice(p->name, value, p->names, p->count);
}

static void set_share(const option *p, void *field, const char *value)
{
    share *s = field;
    if (!scan_pair(value, 1, p->to, &s->i, &s->n))
        die(EXIT_USAGE, "%s %s: expected I/N with 1 <= I <= N <= %" PRIu64, p->name, value, p->to);
}

/* The place of a field of that type; another type does not pass the compiler without a warning. */
#define FIELD(type, field) (offsetof(options, field) + 0 * sizeof((type *)0 == &((options *)0)->field))
#define FLAG(field) set_flag, FIELD(bool, field)
#define WORD(field) set_word, FIELD(const char *, field)
#define FILE_NAME(field) set_file, FIELD(const char *, field)
#define NUMBER(field, from, to) set_number, FIELD(uint64_t, field), from, to
#define CHOICE(field, names) set_choice, FIELD(int, field), 0, 0, names, COUNT(names)
#define SHARE(field, most) set_share, FIELD(share, field), 1, most

static const option option_rows[] = {
    { NULL, "--seed", "N", "seed of all random instances (default 1, the one whose figures are recorded)", WITH_CHECK,
        NUMBER(seed, 0, UINT64_MAX) },
    { NULL, "--level", "L", "quick, standard (default) or full", WITH_CHECK, CHOICE(level, level_names) },
    { NULL, "--case", "NAME", "only the cases of that name, at any level (see 'explain')", WITH_CHECK,
        WORD(only_case) },
    { NULL, "--certificate", "FILE",
        "write the path of the one case chosen with --case, for vectors/certificate.py to check", WITH_CHECK,
        FILE_NAME(certificate) },
    { NULL, "--shard", "I/N", "only the I-th of N shares of the cases; instead of a report a part, for 'merge'",
        WITH_CHECK, SHARE(shard, SKV_MAX_SHARDS) },
    { NULL, "--checkpoint", "FILE", "keep finished cases in FILE while running, and start from those it has",
        WITH_CHECK, FILE_NAME(checkpoint) },
    { NULL, "--threads", "N", "threads (default: all cores); no figure depends on it", WITH_ANY,
        NUMBER(threads, 1, SKV_MAX_THREADS) },
    { NULL, "--dispatch", "D",
        "arithmetic kernels to use: see 'selftest' for those of this machine; no figure depends on it", WITH_ANY,
        WORD(dispatch) },
    { NULL, "--format", "F", "text (default) or json", WITH_CHECK | WITH_MERGE, CHOICE(format, format_names) },
    { "-o", "--output", "FILE", "write the report to FILE, complete or not at all", WITH_ANY, FILE_NAME(output) },
    { "-q", "--quiet", NULL, "no report; the exit code tells", WITH_ANY, FLAG(quiet) },
    { "-v", "--verbose", NULL, "the canonical report too: every case with its figures", WITH_ANY, FLAG(verbose) },
    { NULL, "--no-progress", NULL, "no progress on the terminal", WITH_ANY, FLAG(no_progress) },
    { "-h", "--help", NULL, "this text", WITH_ANY, FLAG(help) },
    { NULL, "--version", NULL, "the version", WITH_ANY, FLAG(version) },
};

#undef FIELD
#undef FLAG
#undef WORD
#undef FILE_NAME
#undef NUMBER
#undef CHOICE
#undef SHARE

/* The row of an option spelt --name, --name=VALUE or by its flag; *value: what stands after the =, or NULL. */
static const option *option_named(const char *s, const char **value)
{
    const char *equals = strchr(s, '=');
    size_t length = equals ? (size_t)(equals - s) : strlen(s);
    for (size_t k = 0; k < COUNT(option_rows); k++) {
        const option *p = &option_rows[k];
        bool by_name = strlen(p->name) == length && !strncmp(p->name, s, length);
        *value = by_name && equals ? equals + 1 : NULL;
        if (by_name || (p->flag && !strcmp(p->flag, s)))
            return p;
    }
    die(EXIT_USAGE, "unknown option %.80s (see 'skipverify --help'; words that begin with '-' go after --)", s);
}

/* The option at argv[*i], and its value, which may be the word after it. */
static void option_read(options *o, int argc, char **argv, int *i)
{
    const char *value;
    const option *p = option_named(argv[*i], &value);
    if (value && !p->argument)
        die(EXIT_USAGE, "%s takes no value", p->name);
    if (p->argument && !value) {
        if (*i + 1 >= argc)
            die(EXIT_USAGE, "%s: expected %s after it", argv[*i], p->argument);
        value = argv[++*i];
    }
    p->set(p, (char *)o + p->field, value);
    if ((o->uses & p->with) != o->uses)
        o->misplaced = p->name;
    o->uses &= p->with;
}

/* Options and words in any order; after -- there are words only. The words move to the front of argv. */
static options options_read(int argc, char **argv)
{
    options o = { .seed = SKV_SEED, .level = STANDARD, .uses = WITH_ANY, .word = (const char **)argv };
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        if (only_words || argv[i][0] != '-')
            o.word[o.words++] = argv[i];
        else if (!strcmp(argv[i], "--"))
            only_words = true;
        else
            option_read(&o, argc, argv, &i);
    }
    return o;
}

/// 13 Commands ///

/* What can be asked for. A command fills a text, which main writes, and gives the exit code; what it is asked wrongly,
   or cannot do, ends the program. Files that are asked for besides (a certificate, a checkpoint) it writes itself. */

static const claim *cmd_claim(const char *name)
{
    const claim *c = claim_named(name);
    if (!c)
        die(EXIT_USAGE, "unknown claim or command '%s' (see 'skipverify list')", name);
    return c;
}

/* The path of the one case that was run. */
static void cmd_certificate(const options *o, const run *r)
{
    const job *j = r->jobs;
    text t = { 0 };
    if (r->count != 1)
        die(EXIT_USAGE, "--certificate: %zu cases chosen, expected one claim and its --case", r->count);
    if (!j->result.path.legs)
        die(EXIT_USAGE, "--certificate: %s %s has no path to write", j->claim->name, j->test->name);
    if (j->result.path.report->why)
        die(EXIT_UNDECIDED, "--certificate: the path is not certified: %s", j->result.path.report->why);
    cert_write(&t, j->claim->name, j->test->name, r->seed, &j->result.path);
    file_write(o->certificate, &t);
    free(t.s);
}

/* A run, judged; -q: no report, unless a file was named for it. */
static int cmd_report(const options *o, const run *r, text *out)
{
    vec_log log = { { 0 } };
    bool shown = !o->quiet || o->output;
    recorded_rows(&log, r);
    if (shown && o->format == FORMAT_JSON)
        report_json(out, r, &log);
    else if (shown)
        report_text(out, r, &log, o->verbose);
    free(log.lines.s);
    return run_exit(r, &log);
}

/* Starts from what the checkpoint has, and says how much that is. */
static void cmd_checkpoint(const options *o, run *r)
{
    size_t all;
    kept_start(r, o->checkpoint);
    size_t done = run_finished(r, &all);
    if (done && !o->quiet)
        say("%zu of %zu cases taken from %s", done, all, o->checkpoint);
}

/* The run that the options and claims ask for; without claims, all. */
static run cmd_plan(const options *o)
{
    bool wanted[COUNT(claims)];
    for (size_t i = 0; i < COUNT(claims); i++)
        wanted[i] = o->words == 0;
    for (size_t i = 0; i < o->words; i++)
        wanted[cmd_claim(o->word[i]) - claims] = true;
    run r = run_plan(o->seed, (enum level)o->level, wanted, o->only_case);
    if (!r.count && !o->only_case)
        die(EXIT_USAGE, "--level %s: no case of these claims runs at that level", level_names[o->level]);
    if (!r.count)
        die(EXIT_USAGE, "--case %s: no such case among the claims asked for (see 'skipverify explain CLAIM')",
            o->only_case);
    if (o->certificate && (o->shard.n || o->checkpoint))
        die(EXIT_USAGE, "--certificate: not with --shard or --checkpoint, in which paths are not kept");
    if (o->shard.n && o->format == FORMAT_JSON)
        die(EXIT_USAGE, "--shard: a part has one format; expected --format with 'merge'");
    if (o->shard.n && o->quiet && !o->output)
        die(EXIT_USAGE, "--quiet: with --shard expected -o FILE, or nothing is written");
    if (o->shard.n) {
        r.shard = (size_t)o->shard.i;
        r.shards = (size_t)o->shard.n;
    }
    r.keep = o->certificate != NULL;
    return r;
}

/* The report of a run, or of a shard its part, whose verdicts are judged when it is merged. The run stays: until the
   report is out, an interruption writes the checkpoint from it. */
static int cmd_check(const options *o, text *out)
{
    static run r;
    r = cmd_plan(o);
    if (o->checkpoint)
        cmd_checkpoint(o, &r);
    run_all(&r, !o->no_progress && !o->quiet);
    if (o->certificate)
        cmd_certificate(o, &r);
    if (!o->shard.n)
        return cmd_report(o, &r, out);
    part_text(out, &r);
    return EXIT_AS_EXPECTED;
}

static int cmd_merge(const options *o, text *out)
{
    if (o->words < 2)
        die(EXIT_USAGE, "merge: expected the parts of all shards");
    run r = part_merge(o->words - 1, o->word + 1);
    int code = cmd_report(o, &r, out);
    run_free(&r);
    return code;
}

static int cmd_list(const options *o, text *out)
{
    (void)o;
    for (size_t i = 0; i < COUNT(claims); i++)
        explain_briefly(out, &claims[i]);
    return EXIT_AS_EXPECTED;
}

/* The words after `explain` are claims, each told of in full. */
static int cmd_explain(const options *o, text *out)
{
    if (o->words < 2)
        die(EXIT_USAGE, "explain: expected a claim (see 'skipverify list')");
    for (size_t i = 1; i < o->words; i++) {
        const claim *c = cmd_claim(o->word[i]);
        if (i > 1)
            text_add(out, "\n");
        explain_fully(out, c);
    }
    return EXIT_AS_EXPECTED;
}

/* All rows and all cases, with the kernels chosen now; which figures rest on more than sameness goes to coverage
   (NULL: is not asked). */
static void selftest_level(text *t, size_t *rows, size_t *failed, text *coverage)
{
    vec_log log = { { 0 } };
    run r = run_plan(SKV_SEED, FULL, NULL, NULL);
    run_all(&r, true);
    power_rows(&log);
    recorded_rows(&log, &r);
    text_add(t, "%s%-8s %zu rows, %zu differ\n", log.lines.s ? log.lines.s : "", kern_now->name, log.rows, log.failed);
    *rows += log.rows;
    *failed += log.failed;
    if (coverage)
        recorded_coverage(coverage, &r);
    run_free(&r);
    free(log.lines.s);
}

/* Under every dispatch level that this machine has; -v: the coverage, too, from the first of them. */
static int cmd_selftest(const options *o, text *out)
{
    size_t rows = 0;
    size_t failed = 0;
    size_t levels;
    const struct kern_level *const *level = kern_levels(&levels);
    text coverage = { 0 };
    for (size_t i = 0; i < levels; i++) {
        if (kern_choose(level[i]->name)) {
            text_add(out, "%-8s not on this machine: skipped\n", level[i]->name);
            continue;
        }
        selftest_level(out, &rows, &failed, o->verbose && !coverage.s ? &coverage : NULL);
    }
    text_add(
        out, "%s%s%zu rows compared, %zu differ\n", coverage.s ? coverage.s : "", coverage.s ? "\n" : "", rows, failed);
    free(coverage.s);
    return failed ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
}

/* Exit code: is the point an eps-SOPSP for the eps given? 0 where none was. */
static int cmd_sopsp(const options *o, text *out)
{
    mem arena = { 0 };
    result x = { .margin = INFINITY };
    const user_point *u = point_read(&arena, o->words - 1, o->word + 1);
    skip_data D = point_data(&arena, u);
    skip_point p = { u->w, u->V };
    double size = fmax(iv_norm(u->d, u->w).hi, norm_spectral(&arena, u->d, u->k, u->V).hi);
    if (u->b >= 0 && u->b <= size)
        die(EXIT_USAGE, "sopsp: b=%.17g: expected more than |w| and |V|, of which the larger is %.17g, or no b", u->b,
            size);
    sopsp_report(&arena, &x, &D, &p, u->b, u->r, u->eps);
    point_table(out, &x, u->eps >= 0);
    mem_free(&arena);
    return is_undecided(&x) ? EXIT_UNDECIDED : x.printed == REFUTED ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
}

static int cmd_landscape(const options *o, text *out)
{
    mem arena = { 0 };
    land_view *v = landscape_read(&arena, o->words - 1, o->word + 1);
    land_study(v);
    landscape_table(out, v);
    int code = v->all.unresolved || stat_count(&v->all, DEGENERATE) ? EXIT_UNDECIDED : EXIT_AS_EXPECTED;
    mem_free(&arena);
    return code;
}

static int cmd_figure(const options *o, text *out)
{
    if (o->words != 2 || !picture_of(out, o->word[1]))
        die(EXIT_USAGE, "figure: %s%s%sexpected shamir.fig1", o->words > 1 ? "'" : "", o->words > 1 ? o->word[1] : "",
            o->words > 1 ? "': " : "");
    return EXIT_AS_EXPECTED;
}

static int cmd_bench(const options *o, text *out)
{
    (void)o;
    bench_all(out);
    return EXIT_AS_EXPECTED;
}

static int cmd_golden(const options *o, text *out)
{
    run r = run_plan(SKV_SEED, FULL, NULL, NULL);
    run_all(&r, !o->no_progress);
    golden_rows(out, &r);
    run_free(&r);
    return EXIT_AS_EXPECTED;
}

static int cmd_version(const options *o, text *out)
{
    (void)o;
    text_add(out, "skipverify %s\n", SKV_VERSION);
    return EXIT_AS_EXPECTED;
}

typedef struct {
    const char *name;
    const char *argument; /* "": it takes none */
    const char *help;
    int (*run)(const options *, text *out);
    unsigned with; /* the options that go with it */
    bool tested;   /* it gives results, so that the self-test runs before it */
    bool reads;    /* its arguments are files */
} command;

/* `golden` records anew what the self-test would compare with. */
static const command commands[] = {
    { "list", "", "the claims and how many cases each has", cmd_list, WITH_OTHERS, false },
    { "explain", "CLAIM", "what is checked, how, what is known, and the witness by hand", cmd_explain, WITH_OTHERS,
        false },
    { "merge", "PART...", "the report of a run from the parts of all its shards", cmd_merge, WITH_MERGE, true, true },
    { "selftest", "", "the embedded vectors, under every dispatch level this machine has", cmd_selftest, WITH_OTHERS,
        false },
    { "sopsp", "KEY=VALUE...", "your own point (w, V): which eps makes it an eps-SOPSP, and Theorem 3's bound",
        cmd_sopsp, WITH_OTHERS, true },
    { "landscape", "FORMULA [box=..]", "your own function of x and y: stationary points, minima, barriers",
        cmd_landscape, WITH_OTHERS, true },
    { "figure", "shamir.fig1", "the three panels of Shamir's Figure 1 as SVG", cmd_figure, WITH_OTHERS, true },
    { "bench", "", "kernels as a fraction of this machine's own measured fma peak", cmd_bench, WITH_OTHERS, true },
    { "golden", "", "the golden rows as this build computes them, at level full", cmd_golden, WITH_OTHERS, false },
};

/* From the tables: commands, options, claims. */
static int cmd_help(const options *o, text *out)
{
    (void)o;
    text_add(out, "%s", explain_usage);
    for (size_t i = 0; i < COUNT(commands); i++)
        explain_command(out, commands[i].name, commands[i].argument, commands[i].help);
    text_add(out, "%s", explain_purpose);
    for (size_t i = 0; i < COUNT(option_rows); i++)
        explain_option(out, option_rows[i].flag, option_rows[i].name, option_rows[i].argument, option_rows[i].help);
    explain_claims(out);
    text_add(out, "%s", explain_exits);
    return EXIT_AS_EXPECTED;
}

/// 13 Main ///

/* Options, machine, command, self-test, the command's text, its one writing: in this order, so that what is asked
   wrongly is said at once, and nothing is written before all of it is known. */

#ifndef SKIPVERIFY_NO_MAIN
/* What has no name among the commands: the check itself, and two options that are commands. */
static const command main_check = { .argument = "CLAIM...", .run = cmd_check, .with = WITH_CHECK, .tested = true };
static const command main_help = { .argument = "", .run = cmd_help, .with = WITH_ANY };
static const command main_version = { .argument = "", .run = cmd_version, .with = WITH_ANY };

/* A descriptor that is closed must not become that of a file, into which messages would then go. The root directory
   can be opened everywhere, and neither written nor read. */
static void main_descriptors(void)
{
    int fd;
    do
        fd = open("/", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* A closed pipe becomes a write error (file_write ends quietly), as does a limit on the size of files. */
static void main_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

/* --help wins over --version, and both over what the words name; words that name no command are claims. */
static const command *main_command(const options *o)
{
    if (o->help)
        return &main_help;
    if (o->version)
        return &main_version;
    for (size_t i = 0; o->words && i < COUNT(commands); i++)
        if (!strcmp(o->word[0], commands[i].name))
            return &commands[i];
    return &main_check;
}

/* All that must be so before anything is computed. */
static void main_machine(const options *o)
{
    if (o->dispatch && kern_choose(o->dispatch))
        die(EXIT_USAGE, "--dispatch %s: no such level on this machine (see 'skipverify selftest')", o->dispatch);
    const char *refusal = probe_environment();
    if (refusal)
        die(EXIT_UNDECIDED, "this environment would change figures: %s", refusal);
    if (thr_use((int)o->threads))
        die(EXIT_UNDECIDED, "cannot use %d threads", (int)o->threads);
    watch_start();
}

/* Every option given goes with this command, and it takes arguments if there are some. */
static void main_usage(const command *c, const options *o)
{
    if (!(o->uses & c->with))
        die(EXIT_USAGE, "%s: for checks%s only, not for %s", o->misplaced, o->uses & WITH_MERGE ? " and merge" : "",
            c->name);
    if (!c->argument[0] && o->words > 1)
        die(EXIT_USAGE, "%s takes no arguments, got '%s'", c->name, o->word[1]);
}

/* No two files of a run may be one, or it would overwrite what it has written or read; and where it is to write, it
   must be able to. */
static void main_files(const command *c, const options *o)
{
    const char *const flag[] = { "-o", "--certificate", "--checkpoint" };
    const char *const name[] = { o->output, o->certificate, o->checkpoint };
    for (size_t i = 0; i < COUNT(name); i++) {
        int error = name[i] ? file_refuses(name[i]) : 0;
        if (error)
            die(EXIT_SYSTEM, "%s %s: cannot write there: %s", flag[i], name[i], strerror(error));
        for (size_t k = 0; name[i] && k < i; k++)
            if ((name[k] || k == 0) && file_same(name[k], name[i]))
                die(EXIT_USAGE, "%s %s: expected another file than that of %s", flag[i], name[i],
                    name[k] ? flag[k] : "standard output");
    }
    for (size_t i = 1; c->reads && i < o->words; i++)
        if (file_same(o->output, o->word[i]))
            die(EXIT_USAGE, "%s%s: expected another file than %s, which is read", o->output ? "-o " : "",
                o->output ? o->output : "standard output", o->word[i]);
}

typedef struct {
    const command *c;
    const options *o;
    int code;
} main_job;

/* The report is written once, when all of it is there; then the checkpoint may go. */
static void main_work(void *ctx)
{
    main_job *j = ctx;
    text out = { 0 };
    if (j->c->tested)
        power_on();
    j->code = j->c->run(j->o, &out);
    /* nothing where -q leaves nothing to say */
    if (out.s)
        file_write(j->o->output, &out);
    kept_end();
    free(out.s);
}

/* The command runs on a stack of known size. */
int main(int argc, char **argv)
{
    main_descriptors();
    main_signals();
    options o = options_read(argc, argv);
    main_job j = { main_command(&o), &o, EXIT_AS_EXPECTED };
    if (!o.help && !o.version) {
        main_usage(j.c, &o);
        main_machine(&o);
        main_files(j.c, &o);
    }
    if (!thr_with_stack(main_work, &j))
        die(EXIT_SYSTEM, "no thread can be started, and this one's stack (ulimit -s) is below %d KiB", THR_STACK >> 10);
    return j.code;
}
#endif

#endif /* KERN_PASS */
