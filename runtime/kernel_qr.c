/* QR of tiles by Householder reflections: geqrt of one tile, tsqrt of a
 * triangle on top of a tile, and unmqr, tsmqr, which apply Q or Q'.
 *
 * Q is a product of I - V T V' with T upper triangular, one for as many
 * columns as T has rows: few rows are less work, many larger products.  V is
 * kept with its ones and zeros, apart from R, so that every update is whole
 * products of BLIS.  Of tsqrt V is [I; V], and the tile holds the part below.
 * Both factorisations are recursive in the columns of a triangle; up to
 * QR_EDGE columns plain loops do it.  Reflections are LAPACK's: 1 - tau v v'
 * with v(0) = 1, tau = 0 where nothing is to be done, so R's diagonal has any
 * sign.  Of complex numbers tau is chosen so that it is real.
 *
 * Sources: E. Elmroth and F. Gustavson, "Applying recursion to serial and
 * parallel QR factorization", IBM J. Res. Dev. 44 (2000); R. Schreiber and C.
 * Van Loan, "A storage-efficient WY representation", SIAM J. Sci. Stat.
 * Comput. 10 (1989); A. Buttari et al., "A class of parallel tiled linear
 * algebra algorithms", Parallel Computing 35 (2009). */
#include "runtime/kernel_private.h"

#include <complex.h>
#include <float.h>
#include <math.h>

enum { QR_EDGE = 16, QR_LANES = 8 };

/* ---- up to QR_EDGE columns ---- */

/* The power of two that brings x near 1: products of scaled entries neither
 * overflow nor vanish, and scaling rounds nothing. */
static double scale_of(double x)
{
    int e = 0;

    if (!(x > 0 && x <= DBL_MAX))
        return 1;
    frexp(x, &e);
    return ldexp(1, e > 1000 ? -1000 : e < -1000 ? 1000 : -e);
}

/* DOT: sums in QR_LANES parts, joined in a fixed order.
 * REFLECT: H with H [top; x] = [beta; 0]: top becomes beta, x becomes v
 * (below its 1), the result is tau.
 * APPLY: [top; y] = H [top; y].
 * CORE: n <= QR_EDGE columns of a, m x n.  Stacked: of [r; a], with r upper
 * triangular; else r is a itself, and m >= n. */
#define QR_CORE(R, DOT, REFLECT, APPLY, CORE)                                  \
    static inline __attribute__((always_inline)) R DOT(                        \
        int64_t n, const R *restrict x, const R *restrict y)                   \
    {                                                                          \
        R part[QR_LANES] = {0}, rest = 0;                                      \
        int64_t i = 0;                                                         \
        for (; i + QR_LANES <= n; i += QR_LANES)                               \
            for (int k = 0; k < QR_LANES; k++)                                 \
                part[k] += x[i + k] * y[i + k];                                \
        for (; i < n; i++)                                                     \
            rest += x[i] * y[i];                                               \
        return ((part[0] + part[4]) + (part[2] + part[6])) +                   \
               ((part[1] + part[5]) + (part[3] + part[7])) + rest;             \
    }                                                                          \
    static inline __attribute__((always_inline)) R REFLECT(                    \
        int64_t n, R *restrict top, R *restrict x)                             \
    {                                                                          \
        double largest = fabs((double)*top), scale, alpha, beta, below;        \
        double part[QR_LANES] = {0}, sum = 0;                                  \
        int64_t i = 0;                                                         \
        int zero = 1;                                                          \
        for (; i < n; i++) {                                                   \
            double size = fabs((double)x[i]);                                  \
            zero &= size == 0;                                                 \
            largest = size > largest ? size : largest;                         \
        }                                                                      \
        if (zero)                                                              \
            return 0;                                                          \
        scale = scale_of(largest);                                             \
        for (i = 0; i + QR_LANES <= n; i += QR_LANES)                          \
            for (int k = 0; k < QR_LANES; k++) {                               \
                double s = (double)x[i + k] * scale;                           \
                part[k] += s * s;                                              \
            }                                                                  \
        for (; i < n; i++)                                                     \
            sum += (double)x[i] * scale * ((double)x[i] * scale);              \
        for (int k = 0; k < QR_LANES; k++)                                     \
            sum += part[k];                                                    \
        alpha = (double)*top * scale;                                          \
        beta = sqrt(alpha * alpha + sum);                                      \
        beta = alpha > 0 ? -beta : beta;                                       \
        below = 1 / (alpha - beta);                                            \
        for (i = 0; i < n; i++)                                                \
            x[i] = (R)((double)x[i] * scale * below);                          \
        *top = (R)(beta / scale);                                              \
        return (R)((beta - alpha) / beta);                                     \
    }                                                                          \
    static inline __attribute__((always_inline)) void APPLY(                   \
        int64_t n, const R *restrict v, R tau, R *restrict top, R *restrict y) \
    {                                                                          \
        R w = tau * (*top + DOT(n, v, y));                                     \
        *top -= w;                                                             \
        for (int64_t i = 0; i < n; i++)                                        \
            y[i] -= w * v[i];                                                  \
    }                                                                          \
    KERNEL_CLONES static void CORE(int64_t m, int64_t n, R *a, int64_t lda,    \
                                   R *r, int64_t ldr, R *t, int64_t ldt,       \
                                   int stacked)                                \
    {                                                                          \
        for (int64_t j = 0; j < n; j++) {                                      \
            int64_t from = stacked ? 0 : j + 1, rows = m - from;               \
            R *v = a + from + j * lda, *column = t + j * ldt;                  \
            R tau = REFLECT(rows, r + j + j * ldr, v), w[QR_EDGE];             \
            for (int64_t l = j + 1; l < n; l++)                                \
                APPLY(rows, v, tau, r + j + l * ldr, a + from + l * lda);      \
            for (int64_t k = 0; k < j; k++)                                    \
                w[k] = DOT(rows, a + from + k * lda, v) +                      \
                       (stacked ? 0 : a[j + k * lda]);                         \
            for (int64_t i = 0; i < j; i++) {                                  \
                R sum = 0;                                                     \
                for (int64_t k = i; k < j; k++)                                \
                    sum += t[i + k * ldt] * w[k];                              \
                column[i] = -tau * sum;                                        \
            }                                                                  \
            column[j] = tau;                                                   \
        }                                                                      \
    }
QR_CORE(float, dot_f32, reflect_f32, apply_f32, core_f32)
QR_CORE(double, dot_f64, reflect_f64, apply_f64, core_f64)
#undef QR_CORE

/* The same of complex numbers, which lie as pairs of reals; what is done with
 * H above is done with H', so that Q is the product of the H. */
#define TIMES(A, B)                                                            \
    __builtin_complex(creal(A) * creal(B) - cimag(A) * cimag(B),               \
                      creal(A) * cimag(B) + cimag(A) * creal(B))
#define QR_CORE(R, C, DOT, REFLECT, APPLY, CORE)                               \
    static inline __attribute__((always_inline)) double complex DOT(           \
        int64_t n, const C *restrict x, const C *restrict y)                   \
    {                                                                          \
        R re[QR_LANES] = {0}, im[QR_LANES] = {0};                              \
        const R *p = (const R *)x, *q = (const R *)y;                          \
        for (int64_t i = 0; i < n; i++) {                                      \
            int k = (int)(i % QR_LANES);                                       \
            re[k] += p[2 * i] * q[2 * i] + p[2 * i + 1] * q[2 * i + 1];        \
            im[k] += p[2 * i] * q[2 * i + 1] - p[2 * i + 1] * q[2 * i];        \
        }                                                                      \
        for (int k = QR_LANES / 2; k > 0; k /= 2)                              \
            for (int l = 0; l < k; l++) {                                      \
                re[l] += re[l + k];                                            \
                im[l] += im[l + k];                                            \
            }                                                                  \
        return __builtin_complex((double)re[0], (double)im[0]);                \
    }                                                                          \
    static inline __attribute__((always_inline)) double complex REFLECT(       \
        int64_t n, C *restrict top, C *restrict x)                             \
    {                                                                          \
        R *p = (R *)x;                                                         \
        double re = (double)creal(*top), im = (double)cimag(*top), scale;      \
        double largest = fmax(fabs(re), fabs(im)), beta, norm, square;         \
        double part[QR_LANES] = {0}, sum = 0;                                  \
        double complex below;                                                  \
        int zero = im == 0;                                                    \
        for (int64_t i = 0; i < 2 * n; i++) {                                  \
            double size = fabs((double)p[i]);                                  \
            zero &= size == 0;                                                 \
            largest = size > largest ? size : largest;                         \
        }                                                                      \
        if (zero)                                                              \
            return 0;                                                          \
        scale = scale_of(largest);                                             \
        for (int64_t i = 0; i < 2 * n; i++) {                                  \
            double s = (double)p[i] * scale;                                   \
            part[i % QR_LANES] += s * s;                                       \
        }                                                                      \
        for (int k = 0; k < QR_LANES; k++)                                     \
            sum += part[k];                                                    \
        re *= scale;                                                           \
        im *= scale;                                                           \
        norm = sqrt(re * re + im * im + sum);                                  \
        beta = re > 0 ? -norm : norm;                                          \
        square = (re - beta) * (re - beta) + im * im;                          \
        below = __builtin_complex((re - beta) / square, -im / square);         \
        for (int64_t i = 0; i < n; i++) {                                      \
            double complex y = __builtin_complex(                              \
                (double)p[2 * i] * scale, (double)p[2 * i + 1] * scale);       \
            y = TIMES(y, below);                                               \
            p[2 * i] = (R)creal(y);                                            \
            p[2 * i + 1] = (R)cimag(y);                                        \
        }                                                                      \
        *top = (C)(beta / scale);                                              \
        return __builtin_complex((beta - re) / beta, -im / beta);              \
    }                                                                          \
    static inline __attribute__((always_inline)) void APPLY(                   \
        int64_t n, const C *restrict v, double complex tau, C *restrict top,   \
        C *restrict y)                                                         \
    {                                                                          \
        double complex w = (double complex) * top + DOT(n, v, y);              \
        const R *p = (const R *)v;                                             \
        R *q = (R *)y, re, im;                                                 \
        w = TIMES(conj(tau), w);                                               \
        *top = (C)((double complex) * top - w);                                \
        re = (R)creal(w);                                                      \
        im = (R)cimag(w);                                                      \
        for (int64_t i = 0; i < n; i++) {                                      \
            q[2 * i] -= re * p[2 * i] - im * p[2 * i + 1];                     \
            q[2 * i + 1] -= re * p[2 * i + 1] + im * p[2 * i];                 \
        }                                                                      \
    }                                                                          \
    KERNEL_CLONES static void CORE(int64_t m, int64_t n, C *a, int64_t lda,    \
                                   C *r, int64_t ldr, C *t, int64_t ldt,       \
                                   int stacked)                                \
    {                                                                          \
        for (int64_t j = 0; j < n; j++) {                                      \
            int64_t from = stacked ? 0 : j + 1, rows = m - from;               \
            C *v = a + from + j * lda, *column = t + j * ldt;                  \
            double complex tau = REFLECT(rows, r + j + j * ldr, v);            \
            double complex w[QR_EDGE];                                         \
            for (int64_t l = j + 1; l < n; l++)                                \
                APPLY(rows, v, tau, r + j + l * ldr, a + from + l * lda);      \
            for (int64_t k = 0; k < j; k++)                                    \
                w[k] = DOT(rows, a + from + k * lda, v) +                      \
                       (stacked ? 0 : conj((double complex)a[j + k * lda]));   \
            for (int64_t i = 0; i < j; i++) {                                  \
                double complex sum = 0;                                        \
                for (int64_t k = i; k < j; k++)                                \
                    sum += TIMES((double complex)t[i + k * ldt], w[k]);        \
                column[i] = (C)(-TIMES(tau, sum));                             \
            }                                                                  \
            column[j] = (C)tau;                                                \
        }                                                                      \
    }
QR_CORE(float, float complex, dot_c64, reflect_c64, apply_c64, core_c64)
QR_CORE(double, double complex, dot_c128, reflect_c128, apply_c128, core_c128)
#undef QR_CORE

/* ---- blocks ---- */

/* Part of a tile: its first entry and leading dimension. */
struct block {
    char *data;
    int64_t ld;
};

static struct block block_of(const struct kernel_tile *tile)
{
    return (struct block){tile->data, tile->cs};
}

static struct block block_in(uint8_t type, struct block a, int64_t i, int64_t j)
{
    a.data += (i + j * a.ld) * (int64_t)type_bytes(type);
    return a;
}

static struct blas_matrix block_as(struct block a, int trans)
{
    return (struct blas_matrix){a.data, 1, a.ld, trans, 0};
}

static void block_zero(uint8_t type, int64_t m, int64_t n, struct block a)
{
    if (m > 0 && n > 0)
        tile_zero(type, m, n, a.data, a.ld);
}

/* What lies below the diagonal of the first n columns becomes 0. */
static void zero_below(uint8_t type, int64_t m, int64_t n, struct block a)
{
    for (int64_t j = 0; j < n; j++)
        block_zero(type, m - j - 1, 1, block_in(type, a, j + 1, j));
}

static void set_one(uint8_t type, struct block a)
{
    if (type_is_single(type))
        *(float *)a.data = 1;
    else
        *(double *)a.data = 1;
    if (type_is_complex(type))
        block_zero(type_real(type), 1, 1,
                   (struct block){a.data + type_bytes(type_real(type)), 1});
}

/* A -= B, m x n: little beside the products around it. */
static void subtract(uint8_t type, int64_t m, int64_t n, struct block a,
                     struct block b)
{
    int64_t count = type_is_complex(type) ? 2 * m : m;

    for (int64_t j = 0; j < n; j++) {
        void *to = block_in(type, a, 0, j).data;
        const void *by = block_in(type, b, 0, j).data;
        if (type_is_single(type))
            for (int64_t i = 0; i < count; i++)
                ((float *)to)[i] -= ((const float *)by)[i];
        else
            for (int64_t i = 0; i < count; i++)
                ((double *)to)[i] -= ((const double *)by)[i];
    }
}

static void core(uint8_t type, int64_t m, int64_t n, struct block a,
                 struct block r, struct block t, int stacked)
{
#define CORE(TYPE, T, NAME)                                                    \
    case TYPE:                                                                 \
        NAME(m, n, (T *)a.data, a.ld, (T *)r.data, r.ld, (T *)t.data, t.ld,    \
             stacked);                                                         \
        break;
    switch (type) {
        CORE(TM_F32, float, core_f32)
        CORE(TM_F64, double, core_f64)
        CORE(TM_C64, float complex, core_c64)
        CORE(TM_C128, double complex, core_c128)
    }
#undef CORE
}

/* Columns that the left half takes, in whole cores. */
static int64_t half_of(int64_t n)
{
    int64_t half = (n / 2 + QR_EDGE - 1) / QR_EDGE * QR_EDGE;

    return half < n ? half : n / 2;
}

/* T12 = -T1 (V1' V2) T2; V1 and V2 from row `from` on, h and n - h columns. */
static void join(uint8_t type, int64_t m, int64_t n, int64_t h, struct block v,
                 int64_t from, struct block t)
{
    struct block v1 = block_in(type, v, from, 0);
    struct block v2 = block_in(type, v, from, h);
    struct block t12 = block_in(type, t, 0, h);
    struct block t22 = block_in(type, t, h, h);

    blas_gemm(type, h, n - h, m - from, 1, block_as(v1, 1), block_as(v2, 0), 0,
              block_as(t12, 0));
    blas_trmm(type, KF_UPPER, h, n - h, -1, block_as(t, 0), block_as(t12, 0));
    blas_trmm(type, KF_UPPER | KF_RIGHT, h, n - h, 1, block_as(t22, 0),
              block_as(t12, 0));
}

/* The first h rows of columns h to n are done: they go to R, and V has zeros
 * there. */
static void move_up(uint8_t type, int64_t h, int64_t n, struct block v,
                    struct block r)
{
    struct block v2 = block_in(type, v, 0, h), r2 = block_in(type, r, 0, h);

    if (n == h)
        return;
    tile_copy(type, 0, h, n - h, v2.data, 1, v2.ld, r2.data, r2.ld);
    block_zero(type, h, n - h, v2);
}

/* A2 = Q' A2 for the columns from h on, of Q of the first h; W, h rows, lies
 * where T has room. */
static void update(uint8_t type, int64_t m, int64_t n, int64_t h,
                   struct block v, struct block t)
{
    struct block a2 = block_in(type, v, 0, h), w = block_in(type, t, 0, h);

    blas_gemm(type, h, n - h, m, 1, block_as(v, 1), block_as(a2, 0), 0,
              block_as(w, 0));
    blas_trmm(type, KF_UPPER, h, n - h, 1, block_as(t, 1), block_as(w, 0));
    blas_gemm(type, m, n - h, h, -1, block_as(v, 0), block_as(w, 0), 1,
              block_as(a2, 0));
}

/* Columns of V from j on that belong to one triangle of T, which has so many
 * rows for each of them. */
static int64_t width_at(int64_t n, int64_t j, int64_t most)
{
    return n - j < most ? n - j : most;
}

/* ---- one tile ---- */

/* m >= n > 0: V in place of A, the upper halves of R and T. */
static void geqrt(uint8_t type, int64_t m, int64_t n, struct block v,
                  struct block r, struct block t)
{
    int64_t h = half_of(n);

    if (n <= QR_EDGE) {
        core(type, m, n, v, v, t, 0);
        for (int64_t j = 0; j < n; j++) {
            struct block from = block_in(type, v, 0, j);
            tile_copy(type, 0, j + 1, 1, from.data, 1, from.ld,
                      block_in(type, r, 0, j).data, r.ld);
            block_zero(type, j, 1, from);
            set_one(type, block_in(type, v, j, j));
        }
        return;
    }
    geqrt(type, m, h, v, r, t);
    update(type, m, n, h, v, t);
    move_up(type, h, n, v, r);
    geqrt(type, m - h, n - h, block_in(type, v, h, h), block_in(type, r, h, h),
          block_in(type, t, h, h));
    join(type, m, n, h, v, h, t);
}

void qr_panel(uint8_t type, int64_t m, int64_t n, void *v, int64_t ldv, void *r,
              int64_t ldr, void *t, int64_t ldt)
{
    geqrt(type, m, n, (struct block){v, ldv}, (struct block){r, ldr},
          (struct block){t, ldt});
}

static void zero_fresh(const struct kernel_call *call, uint32_t k)
{
    const struct kernel_tile *tile = kernel_operand(call, k);

    if (tile->fresh)
        block_zero(call->type, tile->rows, tile->cols, block_of(tile));
}

/* What T holds outside of the upper triangles of its first n columns. */
static void zero_rest(uint8_t type, int64_t n, const struct kernel_tile *t)
{
    struct block w = block_of(t);

    for (int64_t j = 0, wide; j < n; j += wide) {
        wide = width_at(n, j, t->rows);
        zero_below(type, t->rows, wide, block_in(type, w, 0, j));
    }
    block_zero(type, t->rows, t->cols - n, block_in(type, w, 0, n));
}

int run_GEQRT(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 0);
    const struct kernel_tile *r = kernel_operand(call, 1);
    const struct kernel_tile *t = kernel_operand(call, 2);
    int64_t m = a->rows, n = a->cols, k = m < n ? m : n;
    struct block v = block_of(a), top = block_of(r), w = block_of(t);
    uint8_t type = call->type;

    (void)failure;
    zero_fresh(call, 0);
    for (int64_t j = 0, wide; j < k; j += wide) {
        struct block v1 = block_in(type, v, j, j);
        struct block r1 = block_in(type, top, j, j);
        struct block t1 = block_in(type, w, 0, j);
        wide = width_at(k, j, t->rows);
        geqrt(type, m - j, wide, v1, r1, t1);
        if (j + wide < n)
            update(type, m - j, n - j, wide, v1, t1);
        move_up(type, wide, n - j, v1, r1);
    }
    zero_below(type, k, k, top);
    block_zero(type, n - k, n, block_in(type, top, k, 0));
    zero_rest(type, k, t);
    return 0;
}

/* ---- a triangle on top of a tile ---- */

/* [R12; V2] = Q' [R12; V2] for the columns from h on, of Q of the first h; W
 * lies where T has room. */
static void update_two(uint8_t type, int64_t m, int64_t n, int64_t h,
                       struct block v, struct block r, struct block t)
{
    struct block v2 = block_in(type, v, 0, h), r12 = block_in(type, r, 0, h);
    struct block w = block_in(type, t, 0, h);

    tile_copy(type, 0, h, n - h, r12.data, 1, r12.ld, w.data, w.ld);
    blas_gemm(type, h, n - h, m, 1, block_as(v, 1), block_as(v2, 0), 1,
              block_as(w, 0));
    blas_trmm(type, KF_UPPER, h, n - h, 1, block_as(t, 1), block_as(w, 0));
    blas_gemm(type, m, n - h, h, -1, block_as(v, 0), block_as(w, 0), 1,
              block_as(v2, 0));
    subtract(type, h, n - h, r12, w);
}

/* m, n > 0: V in place of A, R and the upper half of T. */
static void tsqrt(uint8_t type, int64_t m, int64_t n, struct block v,
                  struct block r, struct block t)
{
    int64_t h = half_of(n);

    if (n <= QR_EDGE) {
        core(type, m, n, v, r, t, 1);
        return;
    }
    tsqrt(type, m, h, v, r, t);
    update_two(type, m, n, h, v, r, t);
    tsqrt(type, m, n - h, block_in(type, v, 0, h), block_in(type, r, h, h),
          block_in(type, t, h, h));
    join(type, m, n, h, v, 0, t);
}

int run_TSQRT(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 0);
    const struct kernel_tile *t = kernel_operand(call, 2);
    struct block r = block_of(kernel_operand(call, 1)), w = block_of(t);
    int64_t m = a->rows, n = a->cols;
    uint8_t type = call->type;

    (void)failure;
    zero_fresh(call, 0);
    zero_fresh(call, 1);
    zero_below(type, n, n, r);
    if (m == 0 || n == 0) {
        block_zero(type, t->rows, n, w);
        return 0;
    }
    for (int64_t j = 0, wide; j < n; j += wide) {
        struct block v1 = block_in(type, block_of(a), 0, j);
        struct block r1 = block_in(type, r, j, j);
        struct block t1 = block_in(type, w, 0, j);
        wide = width_at(n, j, t->rows);
        tsqrt(type, m, wide, v1, r1, t1);
        if (j + wide < n)
            update_two(type, m, n - j, wide, v1, r1, t1);
    }
    zero_rest(type, n, t);
    return 0;
}

/* ---- Q and Q' ---- */

static const struct kernel_tile *last_operand(const struct kernel_call *call)
{
    return kernel_operand(call, call->operands - 1);
}

/* Reflections that one triangle of T is for. */
static int64_t widest(const struct kernel_tile *t)
{
    return t->rows < t->cols ? t->rows : t->cols;
}

/* Of C, k x n: W, and copies of V and T where they lie in other ways. */
size_t unmqr_scratch(const struct kernel_call *call)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *t = last_operand(call);

    return scratch_round((size_t)(widest(t) * c->cols) *
                         type_bytes(call->type)) +
           tile_scratch(call->type, kernel_operand(call, call->operands - 2),
                        LAYOUT_BLAS) +
           tile_scratch(call->type, t, LAYOUT_BLAS);
}

/* Part of a tile of any layout, as it lies or transposed. */
static struct blas_matrix part(uint8_t type, const struct kernel_tile *tile,
                               int64_t i, int64_t j, int trans)
{
    return (struct blas_matrix){tile_at(type, tile, i, j), tile->rs, tile->cs,
                                trans, 0};
}

/* W = op(T) (top + V' C), top -= W, C -= V W, for each triangle of T in turn;
 * top is NULL for unmqr, whose V has zeros above the diagonal. */
static void apply(const struct kernel_call *call, const struct kernel_tile *top,
                  const struct kernel_tile *c)
{
    uint8_t type = call->type;
    int64_t most = widest(last_operand(call)), cols = c->cols;
    struct block w = {call->scratch, most};
    char *scratch = (char *)call->scratch +
                    scratch_round((size_t)(most * cols) * type_bytes(type));
    struct kernel_tile v = tile_as(
        type, kernel_operand(call, call->operands - 2), LAYOUT_BLAS, &scratch);
    struct kernel_tile t =
        tile_as(type, last_operand(call), LAYOUT_BLAS, &scratch);
    int64_t n = top || v.rows > v.cols ? v.cols : v.rows, turn = 0;

    for (; turn * most < n && cols > 0; turn++) {
        int64_t blocks = (n + most - 1) / most;
        int64_t j = (call->flags & KF_TA ? turn : blocks - 1 - turn) * most;
        int64_t wide = width_at(n, j, most), from = top ? 0 : j;
        int64_t rows = c->rows - from;
        struct block above = {NULL, 0};
        if (top) {
            above = block_in(type, block_of(top), j, 0);
            tile_copy(type, 0, wide, cols, above.data, 1, above.ld, w.data,
                      w.ld);
        }
        if (rows)
            blas_gemm(type, wide, cols, rows, 1, part(type, &v, from, j, 1),
                      part(type, c, from, 0, 0), top ? 1 : 0, block_as(w, 0));
        blas_trmm(type, KF_UPPER, wide, cols, 1,
                  part(type, &t, 0, j, call->flags & KF_TA), block_as(w, 0));
        if (top)
            subtract(type, wide, cols, above, w);
        if (rows)
            blas_gemm(type, rows, cols, wide, -1, part(type, &v, from, j, 0),
                      block_as(w, 0), 1, part(type, c, from, 0, 0));
    }
}

int run_UNMQR(const struct kernel_call *call, struct kernel_failure *failure)
{
    (void)failure;
    zero_fresh(call, 0);
    apply(call, NULL, kernel_operand(call, 0));
    return 0;
}

int run_TSMQR(const struct kernel_call *call, struct kernel_failure *failure)
{
    (void)failure;
    zero_fresh(call, 0);
    zero_fresh(call, 1);
    apply(call, kernel_operand(call, 0), kernel_operand(call, 1));
    return 0;
}
