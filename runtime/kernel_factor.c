/* Factorisations of tiles: potrf, getrf, and laswp, which applies getrf's row
 * swaps.
 *
 * LAPACK's own would call BLIS on a few rows at a time, at a fixed price a
 * call.  Here both are recursive: the left half of the columns is factored,
 * the rest updated by two large calls of BLIS, then factored in turn; up to
 * POTRF_EDGE columns, and GETRF_EDGE columns of a panel, plain loops do it,
 * of a panel those of kernel_simd.c where it can.
 * No LAPACK: bits depend on BLIS's kernels and this file alone.
 *
 * Sources: F. Gustavson, "Recursion leads to automatic variable blocking for
 * dense linear-algebra algorithms", IBM J. Res. Dev. 41 (1997); S. Toledo,
 * "Locality of reference in LU decomposition with partial pivoting", SIAM J.
 * Matrix Anal. Appl. 18 (1997). */
#include "runtime/kernel_private.h"

#include <complex.h>
#include <float.h>
#include <math.h>

enum { POTRF_EDGE = 48, GETRF_EDGE = 16 };

/* Columns that the left half takes: about half, in whole 16s where that
 * leaves something for the right one. */
static int64_t half_of(int64_t n)
{
    int64_t half = (n / 2 + 15) / 16 * 16;

    return half < n ? half : n / 2;
}

static struct blas_matrix block_at(uint8_t type, char *a, int64_t i, int64_t j,
                                   int64_t lda, int trans)
{
    return (struct blas_matrix){a + (i + j * lda) * (int64_t)type_bytes(type),
                                1, lda, trans, 0};
}

/* ---- column operations ------------------------------------------------- */

/* A column of P reals an entry (P is 1 or 2: complex). */

/* v -= l[0] c[0] + ... + l[count-1] c[count-1], one after the other; column k
 * of l is l + k * step.  Four at once: v passes through memory a quarter as
 * often. */
#define SUBTRACT_REAL(R)                                                       \
    static inline __attribute__((always_inline)) void subtract_##R##_1(        \
        int64_t n, R *restrict v, const R *restrict l, int64_t step,           \
        const R *c, int64_t count)                                             \
    {                                                                          \
        int64_t k = 0;                                                         \
        for (; k + 4 <= count; k += 4, l += 4 * step) {                        \
            const R *l1 = l + step, *l2 = l + 2 * step, *l3 = l + 3 * step;    \
            R c0 = c[k], c1 = c[k + 1], c2 = c[k + 2], c3 = c[k + 3];          \
            for (int64_t i = 0; i < n; i++)                                    \
                v[i] =                                                         \
                    v[i] - l[i] * c0 - l1[i] * c1 - l2[i] * c2 - l3[i] * c3;   \
        }                                                                      \
        for (; k < count; k++, l += step)                                      \
            for (int64_t i = 0; i < n; i++)                                    \
                v[i] -= l[i] * c[k];                                           \
    }
#define SUBTRACT_COMPLEX(R)                                                    \
    static inline __attribute__((always_inline)) void subtract_##R##_2(        \
        int64_t n, R *restrict v, const R *restrict l, int64_t step,           \
        const R *c, int64_t count)                                             \
    {                                                                          \
        for (int64_t k = 0; k < count; k++, l += 2 * step) {                   \
            R re = c[2 * k], im = c[2 * k + 1];                                \
            for (int64_t i = 0; i < n; i++) {                                  \
                v[2 * i] -= l[2 * i] * re - l[2 * i + 1] * im;                 \
                v[2 * i + 1] -= l[2 * i] * im + l[2 * i + 1] * re;             \
            }                                                                  \
        }                                                                      \
    }
SUBTRACT_REAL(float)
SUBTRACT_REAL(double)
SUBTRACT_COMPLEX(float)
SUBTRACT_COMPLEX(double)
#undef SUBTRACT_REAL
#undef SUBTRACT_COMPLEX

/* ---- Cholesky ----------------------------------------------------------- */

/* The first n <= POTRF_EDGE columns, column by column: each takes off what
 * the ones on its left add to it.  0, or the order of the leading minor whose
 * pivot is not a positive finite number. */
#define POTRF_CORE(NAME, R, P, LARGEST)                                        \
    KERNEL_CLONES static int64_t NAME(int64_t n, R *a, int64_t lda)            \
    {                                                                          \
        R row[P * POTRF_EDGE];                                                 \
        for (int64_t j = 0; j < n; j++) {                                      \
            R *v = a + P * (j + j * lda), pivot;                               \
            for (int64_t k = 0; k < j; k++) {                                  \
                row[P * k] = a[P * (j + k * lda)];                             \
                if (P == 2)                                                    \
                    row[P * k + P - 1] = -a[P * (j + k * lda) + P - 1];        \
            }                                                                  \
            subtract_##R##_##P(n - j, v, a + P * j, lda, row, j);              \
            if (!(v[0] > 0 && v[0] <= LARGEST))                                \
                return j + 1;                                                  \
            pivot = (R)sqrt(v[0]);                                             \
            v[0] = pivot;                                                      \
            if (P == 2)                                                        \
                v[P - 1] = 0;                                                  \
            for (int64_t i = P; i < P * (n - j); i++)                          \
                v[i] /= pivot;                                                 \
        }                                                                      \
        return 0;                                                              \
    }
POTRF_CORE(potrf_f32, float, 1, FLT_MAX)
POTRF_CORE(potrf_f64, double, 1, DBL_MAX)
POTRF_CORE(potrf_c64, float, 2, FLT_MAX)
POTRF_CORE(potrf_c128, double, 2, DBL_MAX)
#undef POTRF_CORE

static int64_t potrf_core(uint8_t type, int64_t n, char *a, int64_t lda)
{
    switch (type) {
    case TM_F32: return potrf_f32(n, (float *)a, lda);
    case TM_F64: return potrf_f64(n, (double *)a, lda);
    case TM_C64: return potrf_c64(n, (float *)a, lda);
    default: return potrf_c128(n, (double *)a, lda);
    }
}

/* A = L L', in place, lower half only. */
static int64_t potrf(uint8_t type, int64_t n, char *a, int64_t lda)
{
    int64_t h = half_of(n), minor;
    struct blas_matrix a21 = block_at(type, a, h, 0, lda, 0);
    struct blas_matrix a22 = block_at(type, a, h, h, lda, 0);

    if (n <= POTRF_EDGE)
        return potrf_core(type, n, a, lda);
    minor = potrf(type, h, a, lda);
    if (minor)
        return minor;
    blas_trsm(type, KF_RIGHT, n - h, h, 1, block_at(type, a, 0, 0, lda, 1),
              a21);
    blas_herk(type, n - h, h, -1, a21, 1, a22);
    minor = potrf(type, n - h, a22.data, lda);
    return minor ? h + minor : 0;
}

/* The tile's factor, zeros above its diagonal; or what potrf() returns. */
static int64_t tile_potrf(const struct kernel_call *call)
{
    const struct kernel_tile *a = kernel_operand(call, 0);
    int64_t minor = a->rows ? 1 : 0;

    if (!a->fresh)
        minor = potrf(call->type, a->rows, a->data, a->cs);
    for (int64_t j = 1; j < a->cols && !minor; j++)
        tile_zero(call->type, j, 1, tile_at(call->type, a, 0, j), a->cs);
    return minor;
}

int run_POTRF(const struct kernel_call *call, struct kernel_failure *failure)
{
    int64_t minor = tile_potrf(call);

    return minor ? kernel_fail(failure, TM_ESCRIPT, minor,
                               "is not positive definite")
                 : 0;
}

/* By what eye(n) divides stays what it is: no pivot of 0 ends a run. */
int run_POTRF_TRY(const struct kernel_call *call,
                  struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 0);
    const struct kernel_tile *none = kernel_operand(call, 1);
    int failed = tile_potrf(call) != 0;

    (void)failure;
    if (failed) {
        tile_zero(call->type, a->rows, a->cols, a->data, a->cs);
        tile_unit_diagonal(call->type, a);
    }
    tile_zero(call->type, 1, 1, none->data, none->cs);
    if (failed)
        tile_unit_diagonal(call->type, none);
    return 0;
}

/* ---- LU ----------------------------------------------------------------- */

/* Swap rows k and p[k], k = 0 .. count-1, of n columns. */
#define SWAP_ROWS(NAME, R, P)                                                  \
    static void NAME(int64_t n, R *a, int64_t lda, int64_t count,              \
                     const int64_t *p)                                         \
    {                                                                          \
        for (int64_t j = 0; j < n; j++, a += P * lda)                          \
            for (int64_t k = 0; k < count; k++)                                \
                for (int part = 0; part < P; part++) {                         \
                    R x = a[P * k + part];                                     \
                    a[P * k + part] = a[P * p[k] + part];                      \
                    a[P * p[k] + part] = x;                                    \
                }                                                              \
    }

static inline double size_1(const double *x)
{
    return fabs(x[0]);
}

static inline double size_2(const double *x)
{
    return fabs(x[0]) + fabs(x[1]);
}

/* The first n <= GETRF_EDGE columns of m >= n rows: column by column, the
 * largest entry (of a complex one |re| + |im|) becomes the pivot, the first
 * of equals; a NaN only where it stood there already.  A zero pivot is left
 * as it is. */
#define GETRF_CORE(NAME, R, P, SWAP, DIVIDE)                                   \
    KERNEL_CLONES static void NAME(int64_t m, int64_t n, R *a, int64_t lda,    \
                                   int64_t *p)                                 \
    {                                                                          \
        for (int64_t j = 0; j < n; j++) {                                      \
            R *v = a + P * j * lda;                                            \
            double largest = 0;                                                \
            for (int64_t k = 0; k + 1 < j; k++)                                \
                subtract_##R##_##P(j - k - 1, v + P * (k + 1),                 \
                                   a + P * (k + 1 + k * lda), 0, v + P * k,    \
                                   1);                                         \
            subtract_##R##_##P(m - j, v + P * j, a + P * j, lda, v, j);        \
            p[j] = j;                                                          \
            for (int64_t i = j; i < m; i++) {                                  \
                double x[2] = {v[P * i], v[P * i + P - 1]};                    \
                double size = size_##P(x);                                     \
                if (size > largest || (i == j && size != size)) {              \
                    largest = size;                                            \
                    p[j] = i;                                                  \
                }                                                              \
            }                                                                  \
            SWAP(n, a + P * j, lda, 1, (int64_t[]){p[j] - j});                 \
            if (largest != 0)                                                  \
                DIVIDE(m - j - 1, v + P * (j + 1), v + P * j);                 \
        }                                                                      \
    }

#define DIVIDE_REAL(NAME, R)                                                   \
    static inline void NAME(int64_t n, R *restrict v, const R *pivot)          \
    {                                                                          \
        R x = *pivot;                                                          \
        for (int64_t i = 0; i < n; i++)                                        \
            v[i] /= x;                                                         \
    }
/* Smith's quotient, with the pivot's part of it done once: Algorithm 116,
 * Comm. ACM 5 (1962). */
#define DIVIDE_COMPLEX(NAME, R)                                                \
    static inline void NAME(int64_t n, R *restrict v, const R *pivot)          \
    {                                                                          \
        R re = pivot[0], im = pivot[1];                                        \
        int flat = fabs((double)re) >= fabs((double)im);                       \
        R ratio = flat ? im / re : re / im;                                    \
        R below = flat ? re + im * ratio : re * ratio + im;                    \
        for (int64_t i = 0; i < n; i++) {                                      \
            R x = v[2 * i], y = v[2 * i + 1];                                  \
            v[2 * i] = (flat ? x + y * ratio : x * ratio + y) / below;         \
            v[2 * i + 1] = (flat ? y - x * ratio : y * ratio - x) / below;     \
        }                                                                      \
    }

SWAP_ROWS(swap_f32, float, 1)
SWAP_ROWS(swap_f64, double, 1)
SWAP_ROWS(swap_c64, float, 2)
SWAP_ROWS(swap_c128, double, 2)
DIVIDE_REAL(divide_f32, float)
DIVIDE_REAL(divide_f64, double)
DIVIDE_COMPLEX(divide_c64, float)
DIVIDE_COMPLEX(divide_c128, double)
GETRF_CORE(getrf_f32, float, 1, swap_f32, divide_f32)
GETRF_CORE(getrf_f64, double, 1, swap_f64, divide_f64)
GETRF_CORE(getrf_c64, float, 2, swap_c64, divide_c64)
GETRF_CORE(getrf_c128, double, 2, swap_c128, divide_c128)
#undef SWAP_ROWS
#undef DIVIDE_REAL
#undef DIVIDE_COMPLEX
#undef GETRF_CORE

static void getrf_core(uint8_t type, int64_t m, int64_t n, char *a, int64_t lda,
                       int64_t *p)
{
    if (blas_panel(type, m, n, a, lda, p))
        return;
    switch (type) {
    case TM_F32: getrf_f32(m, n, (float *)a, lda, p); break;
    case TM_F64: getrf_f64(m, n, (double *)a, lda, p); break;
    case TM_C64: getrf_c64(m, n, (float *)a, lda, p); break;
    default: getrf_c128(m, n, (double *)a, lda, p); break;
    }
}

static void swap_rows(uint8_t type, int64_t n, char *a, int64_t lda,
                      int64_t count, const int64_t *p)
{
    switch (type) {
    case TM_F32: swap_f32(n, (float *)a, lda, count, p); break;
    case TM_F64: swap_f64(n, (double *)a, lda, count, p); break;
    case TM_C64: swap_c64(n, (float *)a, lda, count, p); break;
    default: swap_c128(n, (double *)a, lda, count, p); break;
    }
}

/* P A = L U in place; p[k] is the row that row k was swapped with, both
 * counted from the first row of a. */
static void getrf(uint8_t type, int64_t m, int64_t n, char *a, int64_t lda,
                  int64_t *p)
{
    int64_t q = m < n ? m : n;
    int64_t h = q <= GETRF_EDGE ? q : half_of(q);
    struct blas_matrix a11 = block_at(type, a, 0, 0, lda, 0);
    struct blas_matrix a12 = block_at(type, a, 0, h, lda, 0);
    struct blas_matrix a21 = block_at(type, a, h, 0, lda, 0);
    struct blas_matrix a22 = block_at(type, a, h, h, lda, 0);

    if (h == q)
        getrf_core(type, m, q, a, lda, p);
    else
        getrf(type, m, h, a, lda, p);
    if (h == n)
        return;
    swap_rows(type, n - h, a12.data, lda, h, p);
    blas_trsm(type, KF_UNIT, h, n - h, 1, a11, a12);
    if (h == m)
        return;
    blas_gemm(type, m - h, n - h, h, -1, a21, a12, 1, a22);
    getrf(type, m - h, n - h, a22.data, lda, p + h);
    swap_rows(type, h, a21.data, lda, q - h, p + h);
    for (int64_t k = h; k < q; k++)
        p[k] += h;
}

/* Rows of operand 0's tiles, one below the other. */
static int64_t panel_rows(const struct kernel_call *call)
{
    int64_t rows = 0;

    for (uint32_t t = 0; t < kernel_operand_tiles(call, 0); t++)
        rows += kernel_operand(call, 0)[t].rows;
    return rows;
}

/* A panel of one tile is factored where it lies: the same strides, the same
 * bits. */
static size_t panel_bytes(const struct kernel_call *call)
{
    int64_t cols = kernel_operand(call, 0)->cols;

    if (kernel_operand_tiles(call, 0) == 1)
        return 0;
    return scratch_round((size_t)(panel_rows(call) * cols) *
                         type_bytes(call->type)) +
           64;
}

static size_t pivots_bytes(const struct kernel_call *call)
{
    int64_t count = kernel_operand(call, 1)->rows;

    return scratch_round((size_t)count * sizeof(int64_t));
}

size_t getrf_scratch(const struct kernel_call *call)
{
    return panel_bytes(call) + pivots_bytes(call);
}

static void panel_gather(const struct kernel_call *call, char *panel,
                         int64_t rows)
{
    for (uint32_t t = 0; t < kernel_operand_tiles(call, 0); t++) {
        const struct kernel_tile *tile = kernel_operand(call, 0) + t;
        tile_copy(call->type, 0, tile->rows, tile->cols, tile->data, 1,
                  tile->cs, panel, rows);
        panel += tile->rows * (int64_t)type_bytes(call->type);
    }
}

static void panel_scatter(const struct kernel_call *call, const char *panel,
                          int64_t rows)
{
    for (uint32_t t = 0; t < kernel_operand_tiles(call, 0); t++) {
        const struct kernel_tile *tile = kernel_operand(call, 0) + t;
        tile_copy(call->type, 0, tile->rows, tile->cols, panel, 1, rows,
                  tile->data, tile->cs);
        panel += tile->rows * (int64_t)type_bytes(call->type);
    }
}

static void panel_zero_fresh(const struct kernel_call *call)
{
    for (uint32_t t = 0; t < kernel_operand_tiles(call, 0); t++) {
        const struct kernel_tile *tile = kernel_operand(call, 0) + t;
        if (tile->fresh)
            tile_zero(call->type, tile->rows, tile->cols, tile->data, tile->cs);
    }
}

int run_GETRF(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 0);
    const struct kernel_tile *w = kernel_operand(call, 1);
    int64_t *p = call->scratch, rows = panel_rows(call);
    char *panel = (char *)call->scratch + pivots_bytes(call);
    double *swaps = w->data;

    (void)failure;
    panel_zero_fresh(call);
    if (kernel_operand_tiles(call, 0) == 1) {
        getrf(call->type, rows, a->cols, a->data, a->cs, p);
    } else {
        panel_gather(call, panel, rows);
        getrf(call->type, rows, a->cols, panel, rows, p);
        panel_scatter(call, panel, rows);
    }
    for (int64_t k = 0; k < w->rows; k++)
        swaps[k] = (double)p[k];
    return 0;
}

/* ---- row swaps over several tiles --------------------------------------- */

/* Two rows of the run: addresses of their first entries, bytes from one
 * entry to the next. */
struct swap {
    char *a, *b;
    int64_t a_step, b_step;
};

size_t laswp_scratch(const struct kernel_call *call)
{
    return scratch_round((size_t)kernel_operand(call, 1)->rows *
                         sizeof(struct swap));
}

static char *row_at(const struct kernel_call *call, int64_t row, int64_t *step)
{
    const struct kernel_tile *tile = kernel_operand(call, 0);

    while (row >= tile->rows)
        row -= tile++->rows;
    *step = tile->cs * (int64_t)type_bytes(call->type);
    return tile_at(call->type, tile, row, 0);
}

/* Pivots' rows lie anywhere in the panel: those of the next column are fetched
 * while a column's are swapped, or each swap would wait for memory. */
#define APPLY(T)                                                               \
    for (int64_t j = 0; j < cols; j++)                                         \
        for (int64_t k = 0; k < count; k++) {                                  \
            T *a = (T *)(swaps[k].a + j * swaps[k].a_step);                    \
            T *b = (T *)(swaps[k].b + j * swaps[k].b_step);                    \
            T x = *a;                                                          \
            __builtin_prefetch((char *)b + swaps[k].b_step, 1);                \
            *a = *b;                                                           \
            *b = x;                                                            \
        }
static void apply_swaps(uint8_t type, int64_t cols, int64_t count,
                        const struct swap *swaps)
{
    switch (type) {
    case TM_F32: APPLY(float) break;
    case TM_F64: APPLY(double) break;
    case TM_C64: APPLY(float complex) break;
    case TM_C128: APPLY(double complex) break;
    }
}
#undef APPLY

int run_LASWP(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *p = kernel_operand(call, 1);
    struct swap *swaps = call->scratch;
    int64_t rows = panel_rows(call), count = p->rows;

    for (int64_t k = 0; k < count; k++) {
        double with = *(double *)tile_at(TM_F64, p, k, 0);
        struct swap *swap = &swaps[k];
        if (!(with >= (double)k && with < (double)rows) || with != floor(with))
            return kernel_fail(failure, TM_ESCRIPT, k,
                               "are not row swaps: entry %lld is %g, not a "
                               "row from %lld to %lld",
                               (long long)k, with, (long long)k,
                               (long long)rows - 1);
        swap->a = row_at(call, k, &swap->a_step);
        swap->b = row_at(call, (int64_t)with, &swap->b_step);
    }
    panel_zero_fresh(call);
    if (count)
        apply_swaps(call->type, kernel_operand(call, 0)->cols, count, swaps);
    return 0;
}
