/* SPDX-License-Identifier: MIT */
/* Makes the n-th call of one kind fail, for failing.py: alone sees a failure that a program ignores, or dies of.
     cc -shared -fPIC failing.c -ldl -o failing.so
     FAILING=KINDS:N:ON:ERROR FAILING_COUNTS=FILE LD_PRELOAD=failing.so PROGRAM...
   KINDS is a set of bits, of the kinds below; N counts from 1 the calls of all of them together (0: none fails); ON is
   0 where only the N-th fails, 1 where all do from there on; ERROR is an errno, 0 for a transfer of half the bytes.
   FILE, of 64 KiB, becomes `struct shared`: what was counted and what was hit is there however the program ends. Calls
   are counted from the shim's constructor on, which runs just before main. Where none fails, the first allocation from
   each place is noted, a place being the last few callers: few n meet all the code there is for failing.

   Two ways in. Allocators and pthread_create are names that the program, and the C library inside, look up: they are
   interposed. But stdio and mkstemp call the C library's own write, open and so on, which no name leads to, so system
   calls are trapped by seccomp: the kernel sends SIGSYS, and the handler counts, and fails the call or makes it. Its
   own calls pass by where they come from. A failing close has closed, as on Linux; of a write to standard error
   nothing counts as a write, since messages must come out: it is a kind of its own. x86-64 and aarch64, glibc. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* failing.py reads this list: the names of the kinds, in small letters. */
enum kind {
    MALLOC,
    CALLOC,
    REALLOC,
    MEMALIGN,
    THREAD,
    MMAP,
    OPEN,
    READ,
    WRITE,
    STDERR,
    FSYNC,
    CLOSE,
    RENAME,
    UNLINK,
    STAT,
    READLINK,
    CHMOD,
    FCNTL,
    SEEK,
    KINDS
};

enum { PLACES = 4096, CALLERS = 9 /* with the shim's own */ };

/* failing.py reads these as 64-bit numbers, in this order. */
static struct shared {
    uint64_t trapped; /* seccomp is at work */
    uint64_t hits;    /* calls that failed */
    uint64_t written; /* those on a regular file that is open for writing */
    uint64_t count[KINDS];
    uint64_t places;        /* noted, at most PLACES */
    uint64_t place[PLACES]; /* 2^48 times the kind, and which call of that kind it was */
} * shared;

static struct {
    uint64_t kinds, at, on, error;
} plan;
static uint64_t counted; /* calls of the kinds of the plan */

/* Notes the n-th call of that kind, if none came from its place before. */
static void note_place(enum kind kind, uint64_t n)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t seen[PLACES];
    void *caller[CALLERS];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t k = 0;
    for (int i = 0, got = backtrace(caller, CALLERS); i < got; i++)
        hash = (hash ^ (uintptr_t)caller[i]) * UINT64_C(0x100000001b3);
    pthread_mutex_lock(&lock);
    while (k < shared->places && seen[k] != hash)
        k++;
    if (k == shared->places && k < PLACES) {
        seen[k] = hash;
        shared->place[shared->places++] = ((uint64_t)kind << 48) + n;
    }
    pthread_mutex_unlock(&lock);
}

/* One more call of that kind: must it fail? Before the constructor nothing does. */
static bool fails(enum kind kind)
{
    if (!shared)
        return false;
    uint64_t of_kind = __atomic_add_fetch(&shared->count[kind], 1, __ATOMIC_RELAXED);
    if (!plan.at && kind <= MEMALIGN)
        note_place(kind, of_kind);
    if (!(plan.kinds >> kind & 1) || !plan.at)
        return false;
    uint64_t n = __atomic_add_fetch(&counted, 1, __ATOMIC_RELAXED);
    return plan.on ? n >= plan.at : n == plan.at;
}

/// Names ///

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* As fails, for a call that has no file: a hit is noted. */
static bool fails_here(enum kind kind)
{
    if (!fails(kind))
        return false;
    __atomic_fetch_add(&shared->hits, 1, __ATOMIC_RELAXED);
    errno = (int)plan.error;
    return true;
}

void *malloc(size_t size) { return fails_here(MALLOC) ? NULL : __libc_malloc(size); }

void *calloc(size_t n, size_t size) { return fails_here(CALLOC) ? NULL : __libc_calloc(n, size); }

void *realloc(void *old, size_t size) { return fails_here(REALLOC) ? NULL : __libc_realloc(old, size); }

void *memalign(size_t alignment, size_t size) { return fails_here(MEMALIGN) ? NULL : __libc_memalign(alignment, size); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **p, size_t alignment, size_t size)
{
    int before = errno;
    void *got = memalign(alignment, size);
    int error = got ? 0 : errno;
    errno = before;
    if (got)
        *p = got;
    return error;
}

typedef int pthread_creator(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static pthread_creator *create;

int pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*start)(void *), void *ctx)
{
    return fails_here(THREAD) ? (int)plan.error : create(id, attr, start, ctx);
}

/// System calls ///

/* raw_call makes a system call and gives what the kernel gives; the filter lets pass what returns to raw_end. */
long raw_call(long number, long a, long b, long c, long d, long e, long f) __attribute__((visibility("hidden")));
extern const char raw_end[] __attribute__((visibility("hidden")));

#ifdef __x86_64__
__asm__(".text\n.hidden raw_call, raw_end\n.globl raw_call, raw_end\n.type raw_call, @function\nraw_call:\n"
        "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\nmov %r8, %r10\nmov %r9, %r8\n"
        "mov 8(%rsp), %r9\nsyscall\nraw_end:\nret\n");
static long argument(const ucontext_t *u, int i)
{
    static const int place[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9 };
    return (long)u->uc_mcontext.gregs[place[i]];
}
static void give(ucontext_t *u, long result) { u->uc_mcontext.gregs[REG_RAX] = result; }
#elif defined __aarch64__
__asm__(".text\n.hidden raw_call\n.hidden raw_end\n.globl raw_call\n.globl raw_end\n.type raw_call, %function\n"
        "raw_call:\nmov x8, x0\nmov x0, x1\nmov x1, x2\nmov x2, x3\nmov x3, x4\nmov x4, x5\nmov x5, x6\nsvc #0\n"
        "raw_end:\nret\n");
static long argument(const ucontext_t *u, int i) { return (long)u->uc_mcontext.regs[i]; }
static void give(ucontext_t *u, long result) { u->uc_mcontext.regs[0] = (unsigned long)result; }
#else
#error "failing.c: x86-64 and aarch64 only"
#endif

/* fd: the place of the descriptor among its arguments, -1: it has none */
static const struct {
    int number, kind, fd;
} trapped[] = {
    { SYS_openat, OPEN, -1 },
    { SYS_read, READ, 0 },
    { SYS_pread64, READ, 0 },
    { SYS_readv, READ, 0 },
    { SYS_write, WRITE, 0 },
    { SYS_pwrite64, WRITE, 0 },
    { SYS_writev, WRITE, 0 },
    { SYS_fsync, FSYNC, 0 },
    { SYS_fdatasync, FSYNC, 0 },
    { SYS_syncfs, FSYNC, 0 },
    { SYS_close, CLOSE, 0 },
    { SYS_renameat, RENAME, -1 },
    { SYS_renameat2, RENAME, -1 },
    { SYS_linkat, RENAME, -1 },
    { SYS_unlinkat, UNLINK, -1 },
    { SYS_newfstatat, STAT, -1 },
    { SYS_fstat, STAT, 0 },
    { SYS_statx, STAT, -1 },
    { SYS_readlinkat, READLINK, -1 },
    { SYS_fchmod, CHMOD, 0 },
    { SYS_fchmodat, CHMOD, -1 },
    { SYS_fchown, CHMOD, 0 },
    { SYS_ftruncate, CHMOD, 0 },
    { SYS_fcntl, FCNTL, 0 },
    { SYS_lseek, SEEK, 0 },
    { SYS_mmap, MMAP, -1 },
    { SYS_mremap, MMAP, -1 },
    { SYS_mprotect, MMAP, -1 },
#ifdef SYS_open
    { SYS_open, OPEN, -1 },
    { SYS_creat, OPEN, -1 },
    { SYS_rename, RENAME, -1 },
    { SYS_link, RENAME, -1 },
    { SYS_unlink, UNLINK, -1 },
    { SYS_stat, STAT, -1 },
    { SYS_lstat, STAT, -1 },
    { SYS_readlink, READLINK, -1 },
    { SYS_chmod, CHMOD, -1 },
#endif
};
enum { TRAPPED = sizeof trapped / sizeof *trapped };

/* A hit, on a descriptor if it is not negative. */
static void hit(int fd)
{
    struct stat s;
    __atomic_fetch_add(&shared->hits, 1, __ATOMIC_RELAXED);
    if (fd < 0 || raw_call(SYS_fstat, fd, (long)&s, 0, 0, 0, 0) || !S_ISREG(s.st_mode))
        return;
    long flags = raw_call(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        __atomic_fetch_add(&shared->written, 1, __ATOMIC_RELAXED);
}

/* The trap: this call instead of the one that was to be made. */
static void on_call(int sig, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    long a[6];
    size_t k = 0;
    (void)sig;
    for (int i = 0; i < 6; i++)
        a[i] = argument(u, i);
    while (k + 1 < TRAPPED && trapped[k].number != info->si_syscall)
        k++;
    enum kind kind = (enum kind)trapped[k].kind;
    if (kind == WRITE && a[0] == STDERR_FILENO)
        kind = STDERR;
    bool bad = fails(kind);
    if (bad)
        hit(trapped[k].fd < 0 ? -1 : (int)a[trapped[k].fd]);
    if (bad && !plan.error)
        a[2] -= a[2] / 2; /* of bytes, or of pieces */
    long result =
        bad && plan.error && kind != CLOSE ? 0 : raw_call(info->si_syscall, a[0], a[1], a[2], a[3], a[4], a[5]);
    give(u, bad && plan.error ? -(long)plan.error : result);
}

/* Traps the calls of the table, unless raw_call makes them. */
static bool trap(void)
{
    enum { HEAD = 6 };
    const uint64_t end = (uintptr_t)raw_end;
    const unsigned ip = offsetof(struct seccomp_data, instruction_pointer);
    struct sock_filter f[HEAD + 2 * TRAPPED + 1] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(end >> 32), 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)end, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    size_t n = HEAD;
    for (size_t i = 0; i < TRAPPED; i++) {
        f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)trapped[i].number, 0, 1);
        f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    }
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { (unsigned short)n, f };
    struct sigaction action = { .sa_sigaction = on_call, .sa_flags = SA_SIGINFO };
    return !sigaction(SIGSYS, &action, NULL) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
        !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/// Start ///

/* "KINDS:N:ON:ERROR", whole numbers. */
static bool plan_read(const char *s)
{
    uint64_t *const field[] = { &plan.kinds, &plan.at, &plan.on, &plan.error };
    for (size_t i = 0; i < 4; i++) {
        char *end;
        *field[i] = strtoull(s, &end, 10);
        if (end == s || *end != (i < 3 ? ':' : 0))
            return false;
        s = end + 1;
    }
    return true;
}

/* Without a good plan the program does not run: exit 99. */
static __attribute__((constructor)) void start(void)
{
    const char *s = getenv("FAILING");
    const char *name = getenv("FAILING_COUNTS");
    void *found = dlsym(RTLD_NEXT, "pthread_create");
    int fd = name ? open(name, O_RDWR) : -1;
    struct stat size;
    if (!s || !plan_read(s) || !found || fd < 0 || fstat(fd, &size) || size.st_size < (off_t)sizeof *shared)
        _exit(99);
    memcpy(&create, &found, sizeof create);
    void *p = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        _exit(99);
    void *caller[1];
    (void)backtrace(caller, 1); /* the first one loads a library, which allocates */
    bool works = trap();
    shared = p;
    shared->trapped = works;
}
