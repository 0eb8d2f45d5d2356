/* Eigenvalues in two steps: from the matrix to a narrow band by products of
 * tiles (kernel_band.c), from there to two diagonals (kernel_chase.c).
 * Workspace is the caller's; sizes as the functions of *_scratch say. */
#ifndef RUNTIME_KERNEL_BAND_H
#define RUNTIME_KERNEL_BAND_H

#include "runtime/kernel_private.h"

/* ---- kernel_band.c --------------------------------------------------- */

/* The lower half of a symmetric A, n x n, becomes Q' A Q, of which i - j <= b
 * is stored; what else was there is undefined.  With v, n x n, and t, b x n,
 * the reflections of block column c are I - V T V', V from row c + b on; v
 * NULL: they are not kept. */
void band_symmetric(uint8_t type, int64_t n, int64_t b, void *a, int64_t lda,
                    void *v, int64_t ldv, void *t, char *work);
size_t band_scratch(uint8_t type, int64_t n, int64_t b);
/* Z = Q Z, Z n x cols; work: b x cols entries. */
void band_apply(uint8_t type, int64_t n, int64_t b, const void *v, int64_t ldv,
                const void *t, int64_t cols, void *z, int64_t ldz, void *work);

/* ---- kernel_chase.c, of real types ----------------------------------- */

/* d, e: the diagonals of Q' A Q, of a symmetric A of lower bandwidth b, 32 or
 * 64; blocks: chase_blocks() times 2 x (b + b/2) x b/2 entries, V and V T of
 * each group of reflections, or NULL. */
void chase_tridiagonal(uint8_t type, int64_t n, int64_t b, const void *a,
                       int64_t lda, void *d, void *e, void *blocks, char *work);
size_t chase_scratch(uint8_t type, int64_t n, int64_t b);
size_t chase_bytes(size_t entry, int64_t n, int64_t b);
int64_t chase_blocks(int64_t n, int64_t b);
/* Z = Q Z, Z n x cols; work: b/2 x cols entries. */
void chase_apply(uint8_t type, int64_t n, int64_t b, const void *blocks,
                 int64_t cols, void *z, int64_t ldz, void *work);

#endif
