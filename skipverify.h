/* skipverify as a library: compile skipverify.c with -DSKIPVERIFY_NO_MAIN and link with -lm -lpthread.

   Matrices are row-major, dimensions in entries: entry (i, j) of A is A[i * lda + j], and lda is the number of columns
   where it is no argument. No argument may overlap an output. The caller owns all memory. Every function gives the
   same bits on every machine, at every dispatch level and for any number of threads.

   Status: 0 success, 1 out of memory, 2 not converged, 3 an entry, or a result, is not finite (skv_gemm: 0 and 1 only).
   Unless it is 0, outputs are undefined but where their function says otherwise. */
#ifndef SKIPVERIFY_H
#define SKIPVERIFY_H

#include <stddef.h>

#define SKV_VERSION "0.1.0"
#define SKV_MAX_THREADS 1024

#ifdef __cplusplus
extern "C" {
#endif

/* NULL if this environment computes as IEEE 754 asks for (round to nearest, subnormals, no contraction, no extended
   precision); else one sentence on what it does not. */
const char *skv_probe(void);

/* Threads that products may use: 1 <= n <= SKV_MAX_THREADS, or 0 for as many as cores. Nonzero, and nothing changed,
   if n is out of range. */
int skv_threads(int n);

/* Selects the kernels by name ("sse2", "avx2", "avx512", "native"), or the best for NULL, as at start. Nonzero, and
   nothing changed, where this machine has no such level. */
int skv_dispatch(const char *name);

/* C = A B; A: m x k, B: k x n, C: m x n. Each entry: blocks of 256 ascending k, in a block a chain of fma from +0,
   block sums added in ascending order.
   |computed - exact| <= gamma_k |row of A| |column of B|, unless an underflow adds up to k 2^-1074. */
int skv_gemm(
    size_t m, size_t n, size_t k, const double *A, size_t lda, const double *B, size_t ldb, double *C, size_t ldc);

/* Thin singular value decomposition A = U diag(s) V^T by one-sided Jacobi; A: r x c, p = min(r, c), U: r x p, s: p,
   descending, V: c x p. */
int skv_svd(size_t r, size_t c, const double *A, double *U, double *s, double *V);

/* Certified: lo[i] <= i-th largest singular value of A <= hi[i], i < p, from any factors U, s, V (Weyl's theorem and
   the residual); good ones give narrow bounds. Valid whatever the status. */
int skv_svd_enclose(
    size_t r, size_t c, const double *A, const double *U, const double *s, const double *V, double *lo, double *hi);

/* Moore-Penrose pseudoinverse X (c x r) of A (r x c). Singular values <= tol * largest count as zero; tol < 0:
   max(r, c) 2^-52. *rank: how many are left; not NULL. */
int skv_pinv(size_t r, size_t c, const double *A, double *X, double tol, size_t *rank);

/* Symmetric eigenproblem A = Q diag(w) Q^T by cyclic Jacobi; n x n, all finite, of A only the lower triangle
   counts; w ascending, eigenvectors in the columns of Q. */
int skv_eig(size_t n, const double *A, double *w, double *Q);

/* The exact sum of n doubles rounded once, half to even (a fixed-point superaccumulator: order cannot matter); NaN
   if one is not finite. */
double skv_sum(size_t n, const double *x);

#ifdef __cplusplus
}
#endif
#endif
