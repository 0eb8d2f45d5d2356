/* Eigenvalues in two steps: from the matrix to a narrow band by products of
 * tiles (kernel_band.c), from there to two diagonals (kernel_chase.c); or in
 * one (kernel_tridiagonal.c).
 * Workspace is the caller's; sizes as the functions of *_scratch say. */
#ifndef RUNTIME_KERNEL_BAND_H
#define RUNTIME_KERNEL_BAND_H

#include "runtime/kernel_private.h"

/* ---- kernel_band.c --------------------------------------------------- */

/* The lower half of a symmetric A, n x n, becomes Q' A Q, of which i - j <= b
 * is stored; what else was there is undefined.  With v, n x n, which is zero,
 * and t, back x n, the reflections of each `back` columns, whole blocks of b,
 * from c on are I - V T V', V from row c + b on; v NULL: they are not kept. */
void band_symmetric(uint8_t type, int64_t n, int64_t b, void *a, int64_t lda,
                    void *v, int64_t ldv, void *t, int64_t back, char *work,
                    struct team *team);
size_t band_scratch(uint8_t type, int64_t n, int64_t b);
/* A, n x n, becomes Q' A P, of which 0 <= j - i <= b is stored; P's
 * reflections as above in right and right_t, Q's in left and left_t from row c
 * on. */
void band_general(uint8_t type, int64_t n, int64_t b, void *a, int64_t lda,
                  void *left, void *left_t, void *right, void *right_t,
                  int64_t ldv, int64_t back, char *work, struct team *team);
/* Z = Q Z, Z n x cols; T is of each b columns, V of column c begins in row c +
 * offset; work: b x cols entries. */
void band_apply(uint8_t type, int64_t n, int64_t b, int64_t offset,
                const void *v, int64_t ldv, const void *t, int64_t cols, void *z,
                int64_t ldz, void *work);
/* ---- kernel_chase.c, of real types ----------------------------------- */

/* d, e: the diagonals of Q' A Q, of a symmetric A of lower bandwidth b, 32 or
 * 64; general: of Q' A P, A upper triangular with this bandwidth.  Of Q's
 * reflections blocks, of P's right: chase_entries() of V and V T for each
 * group of them, or NULL. */
void chase_diagonals(uint8_t type, int general, int64_t n, int64_t b,
                     const void *a, int64_t lda, void *d, void *e, void *blocks,
                     void *right, char *work);
size_t chase_scratch(uint8_t type, int64_t n, int64_t b);
int64_t chase_blocks(int64_t n, int64_t b);
size_t chase_entries(int64_t n, int64_t b);
/* Z = Q Z, Z n x cols; work: b/2 x cols entries. */
void chase_apply(uint8_t type, int64_t n, int64_t b, const void *blocks,
                 int64_t cols, void *z, int64_t ldz, void *work);

/* ---- kernel_tridiagonal.c, of real types ------------------------------- */

/* d, e: the diagonals of Q' A Q, of an A of which the lower half is read; in
 * its place comes V, and with t, b x n, the reflections of each b columns are
 * I - V T V', V from the row below the first of the columns on.  t NULL: they
 * are not kept. */
void tridiagonal(uint8_t type, int64_t n, int64_t b, void *a, int64_t lda,
                 void *d, void *e, void *t, char *work, struct team *team);
size_t tridiagonal_scratch(uint8_t type, int64_t n);
/* T, upper triangular, k x k with k <= 128, of k reflections I - tau v v', the
 * columns of V, m x k: their product is I - V T V'.  The products of columns
 * are summed in parts, so that rounding does not grow with m where entries are
 * equal: how far Q is from orthonormal depends on it.  tau may be on T's
 * diagonal. */
void reflections_t(uint8_t type, int64_t m, int64_t k, const void *v,
                   int64_t ldv, const void *tau, int64_t tau_stride, void *t,
                   int64_t ldt);

/* ---- kernel_divide.c, of real types ------------------------------------ */

/* T = Z diag(w) Z' of the tridiagonal T of d, which becomes w, ascending, and e,
 * which is changed; Z is n x n.  0, or what LAPACK says.  Small T, without
 * parts, are not for it. */
int divide(uint8_t type, int64_t n, void *d, void *e, void *z, char *work,
           struct team *team);
int divide_in_parts(int64_t n);
double divide_scratch(uint8_t type, int64_t n); /* bytes */

#endif
