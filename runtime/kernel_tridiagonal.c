/* Symmetric matrices to tridiagonal form in one step, for those of which half
 * stays in the last level of cache: half of the work is then products of a
 * matrix and a vector, at the cache's rate, but there is one set of reflections
 * to bring vectors back by instead of two.
 *
 * Of ONE_PANEL columns v and w are found, A = A - V W' - W V' comes afterwards
 * for all of them.
 *
 * Source: J. Dongarra, D. Sorensen, S. Hammarling, "Block reduction of matrices
 * to condensed forms for eigenvalue computations", J. Comput. Appl. Math. 27
 * (1989). */
#include "runtime/kernel_band.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define ONE_INLINE static inline __attribute__((always_inline))

enum {
    ONE_PANEL = 32,
    ONE_SQUARE = 64, /* whole blocks on the diagonal */
    ONE_BLOCK = 128, /* columns that are updated at once, whole squares */
    ONE_LANES = 16,  /* rows are a multiple of */
    ONE_T = 128      /* the largest T */
};

struct one {
    int64_t n, rows, ld; /* rows: n rounded up; columns up to it are zero */
    void *a;             /* rows x rows */
    void *v, *w; /* rows x ONE_PANEL, of the panel; behind them v again */
};

typedef double vector_f64 __attribute__((vector_size(64), aligned(8)));
typedef float vector_f32 __attribute__((vector_size(64), aligned(4)));

/* Squares below this are nothing. */
static const double least_f64 = 0x1p-900;
static const float least_f32 = 0x1p-110f;
static double root_f64(double x)
{
    return sqrt(x);
}
static float root_f32(float x)
{
    return sqrtf(x);
}

#define R double
#define LANES 8
#define NAME(x) x##_f64
#define VECTOR vector_f64
#include "runtime/kernel_tridiagonal.h"
#undef R
#undef LANES
#undef NAME
#undef VECTOR
#define R float
#define LANES 16
#define NAME(x) x##_f32
#define VECTOR vector_f32
#include "runtime/kernel_tridiagonal.h"

static int64_t rounded(int64_t n)
{
    return (n + ONE_LANES - 1) / ONE_LANES * ONE_LANES;
}

/* Columns that are a multiple of a page apart would share few lines of the
 * first cache. */
static int64_t leading(int64_t rows)
{
    return rows % 128 ? rows : rows + ONE_LANES;
}

size_t tridiagonal_scratch(uint8_t type, int64_t n)
{
    int64_t rows = rounded(n), entries = leading(rows) * (rows + 3 * ONE_PANEL);

    return (size_t)(entries + n) * type_bytes(type) + 64;
}

/* A = A - V W' - W V' of a panel, from row and column c on. */
static void both_sides(uint8_t type, const struct one *x, int64_t c)
{
    int64_t size = (int64_t)type_bytes(type), ld = x->ld, end;
    int64_t panel = ld * ONE_PANEL * size;

    memcpy((char *)x->v + 2 * panel, x->v, (size_t)panel);
    for (int64_t j = c; j < x->n; j = end) {
        struct blas_matrix to = {(char *)x->a + j * (1 + ld) * size, 1, ld, 0,
                                 0};
        struct blas_matrix left = {(char *)x->v + j * size, 1, ld, 0, 0};
        struct blas_matrix right = {(char *)x->w + j * size, 1, ld, 1, 0};
        end = (j / ONE_BLOCK + 1) * ONE_BLOCK;
        end = end < x->n ? end : x->n;
        blas_gemm(type, x->n - j, end - j, 2 * ONE_PANEL, -1, left, right, 1,
                  to);
    }
}

/* The lower half of A, and whole blocks on the diagonal; what else is read
 * of these blocks and columns is zero. */
static void halves(uint8_t type, const struct one *x, const char *from,
                   int64_t lda)
{
    int64_t size = (int64_t)type_bytes(type), n = x->n;

    for (int64_t j = 0; j < x->rows; j++) {
        int64_t begin = j / ONE_BLOCK * ONE_BLOCK, rest = j < n ? n : begin;
        char *column = (char *)x->a + j * x->ld * size;
        memset(column + begin * size, 0, (size_t)((j - begin) * size));
        memset(column + rest * size, 0, (size_t)((x->rows - rest) * size));
    }
    for (int64_t j = 0; j < n; j++) {
        int64_t end = (j / ONE_SQUARE + 1) * ONE_SQUARE;
        const char *below = from + (j + j * lda) * size;
        char *to = (char *)x->a + j * (1 + x->ld) * size;
        memcpy(to, below, (size_t)((n - j) * size));
        end = end < n ? end : n;
        tile_copy(type, 0, 1, end - j - 1, below + size, 1, 1,
                  to + x->ld * size,
                  x->ld);
    }
}

void tridiagonal(uint8_t type, int64_t n, int64_t b, void *a, int64_t lda,
                 void *d, void *e, void *t, char *work)
{
    int64_t rows = rounded(n), ld = leading(rows), c, cols;
    int64_t size = (int64_t)type_bytes(type);
    struct one x = {n, rows, ld, NULL, NULL, NULL};
    char *tau, *v = a;

    x.a = work + (-(uintptr_t)work & 63);
    x.v = (char *)x.a + ld * rows * size;
    x.w = (char *)x.v + ld * ONE_PANEL * size;
    tau = (char *)x.v + 3 * ld * ONE_PANEL * size;
    halves(type, &x, a, lda);
    for (c = 0; c < n - 1; c += cols) {
        cols = n - 1 - c < ONE_PANEL ? n - 1 - c : ONE_PANEL;
        tile_zero(type, rows, 2 * ONE_PANEL, x.v, ld);
        if (type == TM_F64)
            panel_f64(&x, c, cols, d, e, (double *)tau);
        else
            panel_f32(&x, c, cols, d, e, (float *)tau);
        tile_copy(type, 0, n, cols, x.v, 1, ld, v + c * lda * size, lda);
        both_sides(type, &x, c + cols);
    }
    memcpy((char *)d + c * size, (char *)x.a + c * (1 + ld) * size,
           (size_t)size);
    memset((char *)e + c * size, 0, (size_t)size);
    tile_zero(type, n, 1, v + c * lda * size, lda);
    for (c = 0; c < n - 1; c += b)
        reflections_t(type, n - c - 1, n - 1 - c < b ? n - 1 - c : b,
                      v + (c + 1 + c * lda) * size, lda, tau + c * size, 1,
                      (char *)t + c * b * size, b);
}

void reflections_t(uint8_t type, int64_t m, int64_t k, const void *v,
                   int64_t ldv, const void *tau, int64_t tau_stride, void *t,
                   int64_t ldt)
{
    if (type == TM_F64)
        triangle_f64(m, k, v, ldv, tau, tau_stride, t, ldt);
    else
        triangle_f32(m, k, v, ldv, tau, tau_stride, t, ldt);
}
