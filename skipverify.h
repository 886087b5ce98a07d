/* SPDX-License-Identifier: MIT */
/* skipverify as a library: compile skipverify.c with -DSKIPVERIFY_NO_MAIN and link with -lm -lpthread.

   Matrices are row-major, dimensions in entries: entry (i, j) of A is A[i * lda + j], and lda is the number of columns
   where it is no argument. The caller owns all memory. Every function gives the same bits on every machine, at every
   dispatch level and for any number of threads.

   Arguments. An array with no entries may be NULL, no other. No array may overlap one that is written (skv_gemm
   checks; elsewhere the caller sees to it). A size whose bytes exceed SIZE_MAX is an argument error. Entries may be any
   doubles; what becomes of infinities and NaNs each function says.

   Threads. All functions may be called from several threads at once, on arrays of their own (inputs may be shared),
   from a stack of at least 128 KiB; while one computes, skv_dispatch refuses. The calling thread must round to nearest,
   keep subnormals (no FTZ, no DAZ) and trap no floating-point exception, which is the default of every thread; else
   SKV_ENVIRONMENT and nothing is computed (traps are seen on x86 only; elsewhere see to it). Threads that the library
   starts set this for themselves, and take no signals but those that they raise. After fork, the child has the
   caller's thread only; call exec.

   A function that returns int returns a status. Unless that is SKV_OK, outputs are undefined but where their function
   says otherwise. */
#ifndef SKIPVERIFY_H
#define SKIPVERIFY_H

#include <stddef.h>

#define SKV_VERSION "0.1.0"
#define SKV_MAX_THREADS 1024

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SKV_OK = 0,
    SKV_NO_MEMORY = 1,      /* nothing is left allocated */
    SKV_NO_CONVERGENCE = 2, /* within 60 sweeps; not seen yet */
    SKV_NOT_FINITE = 3,     /* an entry is infinite or a NaN */
    SKV_ARGUMENT = 4,       /* NULL, a dimension, a stride, an overlap, tol; outputs are untouched */
    SKV_ENVIRONMENT = 5,    /* the calling thread's rounding mode or treatment of subnormals; outputs are untouched */
    SKV_OVERFLOW = 6,       /* all entries are finite, a result exceeds the range of a double */
    SKV_BUSY = 7            /* skv_dispatch: another thread computes */
};

/* NULL if this machine, as compiled, and the calling thread compute as IEEE 754 asks for (round to nearest, subnormals,
   no contraction, no extended precision, correctly rounded fma); else one sentence on what they do not. */
const char *skv_probe(void);

/* Threads that calls from now on may use: 1 <= n <= SKV_MAX_THREADS, or 0 for as many as the calling thread may use
   cores (sched_getaffinity), as at start. SKV_ARGUMENT, and nothing changed, if n is out of range. */
int skv_threads(int n);

/* Selects the kernels by name ("sse2", "avx2", "avx512", "native"), or the best for NULL, as at start. SKV_ARGUMENT
   where this machine has no such level, SKV_BUSY while another thread computes; then nothing is changed. */
int skv_dispatch(const char *name);

/* C = A B; A: m x k (lda >= k), B: k x n (ldb >= n), C: m x n (ldc >= n); C must not overlap A or B, from the first
   entry to the last, gaps between rows included. Each entry: blocks of 256
   ascending k, in a block a chain of fma from +0, block sums added in ascending order.
   |computed - exact| <= gamma_k |row of A| |column of B|, unless an underflow adds up to k 2^-1074; gamma_k =
   k u / (1 - k u), u = 2^-53. Infinities, NaNs and overflow go where IEEE arithmetic takes them; the sign and payload
   of a NaN are not defined. k = 0: zeros. Statuses: NO_MEMORY, ARGUMENT, ENVIRONMENT. */
int skv_gemm(
    size_t m, size_t n, size_t k, const double *A, size_t lda, const double *B, size_t ldb, double *C, size_t ldc);

/* Thin singular value decomposition A = U diag(s) V^T by one-sided Jacobi after a pivoted QR (Drmac, Veselic 2008); A:
   r x c, p = min(r, c), U: r x p, s: p, descending, >= 0, V: c x p; columns of U and V orthonormal also where s is
   zero. In each column of U the entry of largest magnitude (the first on ties) is positive. Values below some 2^-1000
   of the largest come out as zero.
   Accuracy, u = 2^-53: s[i] is off by a modest multiple of p u s[0] for any A; of p u cond(G) s[i] for A = D G or G D
   with a diagonal D of any range and order (but a side more than four times as long as the other must not be scaled);
   for D1 G D2 that is often so, and not promised;
   of p^2 u s[i] if the nonzero entries of A, as edges between its rows and columns, form no cycle (bidiagonal and arrow
   matrices, say). For a certificate see skv_svd_enclose. Statuses: NO_MEMORY, NO_CONVERGENCE, NOT_FINITE, ARGUMENT,
   ENVIRONMENT, OVERFLOW (a singular value; U and V are right). */
int skv_svd(size_t r, size_t c, const double *A, double *U, double *s, double *V);

/* Certified: lo[i] <= i-th largest singular value of A <= hi[i], i < p, from any factors U, s, V (Weyl's theorem and
   the residual); good ones give narrow bounds, bad ones (NaNs too) wide ones: 0 and infinity where nothing is shown.
   lo and hi are set and valid also where the status is NO_MEMORY or NOT_FINITE (an entry of A); others: ARGUMENT,
   ENVIRONMENT. */
int skv_svd_enclose(
    size_t r, size_t c, const double *A, const double *U, const double *s, const double *V, double *lo, double *hi);

/* Moore-Penrose pseudoinverse X (c x r) of A (r x c). Singular values <= tol * largest count as zero; tol < 0:
   max(r, c) 2^-52; tol must be finite. rank, unless NULL: how many are left. Statuses: NO_MEMORY, NO_CONVERGENCE,
   NOT_FINITE, ARGUMENT, ENVIRONMENT, OVERFLOW (X has an entry beyond the range). */
int skv_pinv(size_t r, size_t c, const double *A, double *X, double tol, size_t *rank);

/* Symmetric eigenproblem A = Q diag(w) Q^T by cyclic Jacobi; n x n. Only the lower triangle of A is read: what stands
   above the diagonal, NaNs too, does not matter. w ascending, eigenvectors in the columns of Q, signs as skv_svd's.
   Statuses: NO_MEMORY, NO_CONVERGENCE, NOT_FINITE, ARGUMENT, ENVIRONMENT, OVERFLOW (an eigenvalue). */
int skv_eig(size_t n, const double *A, double *w, double *Q);

/* The exact sum of n doubles rounded once, half to even (a fixed-point superaccumulator: order cannot matter, nor can
   the calling thread's rounding mode); an infinity from DBL_MAX + 2^970 on, as IEEE 754 rounds; 0 for n = 0. NaN if one
   is not finite, or if x is NULL and n is not 0. */
double skv_sum(size_t n, const double *x);

#ifdef __cplusplus
}
#endif
#endif
