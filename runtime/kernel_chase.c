/* Matrices with a narrow band to tridiagonal form, by reflections that chase
 * what they fill in down the band, and products with these reflections.
 *
 * Sweep s brings column s into its form: reflection (s, 0) of rows s + 1 to
 * s + b.  From both sides it fills in a block below the band, whose first
 * column reflection (s, 1) of the next b rows clears, and so on.  Two
 * reflections whose rows do not meet may change places, so those of g = b / 2
 * sweeps with the same k are one factor I - V T V', V a parallelogram in b + g
 * rows, and those of larger k come first in Q.
 *
 * Source: B. Lang, "A parallel algorithm for reducing symmetric banded
 * matrices to tridiagonal form", SIAM J. Sci. Comput. 14 (1993); C. Bischof,
 * B. Lang, X. Sun, "A framework for symmetric band reduction", ACM Trans.
 * Math. Softw. 26 (2000). */
#include "runtime/kernel_band.h"

#include <math.h>
#include <string.h>

#define CHASE_INLINE static inline __attribute__((always_inline))

enum { CHASE_SWEEPS = 6 };

struct chase {
    int64_t n, b, g;
    void *band; /* entry (i, j) at band[i + j * ld]: i from j to j + 2 b - 1;
                 * general: from j - 2 b + 1 to j + b - 1 */
    int64_t ld;
    void *blocks, *right; /* of reflections from the left and, where they are
                           * others, from the right; or NULL */
    void *work;           /* g g entries */
};

int64_t chase_blocks(int64_t n, int64_t b)
{
    int64_t groups = n > 1 ? (n - 1 + b / 2 - 1) / (b / 2) : 0;

    return (groups + 1) * (groups + 1) / 4;
}

/* The number of block k of group s. */
static int64_t chase_block(const struct chase *x, int64_t s, int64_t k)
{
    return chase_blocks(x->n, x->b) - chase_blocks(x->n - s * x->g, x->b) + k;
}

/* Entries of a column of the band: as general matrices want, and some that
 * vectors reach. */
static int64_t chase_high(size_t entry, int64_t b)
{
    return 3 * b + 64 / (int64_t)entry;
}

/* Blocks begin up to 2 b columns beyond the matrix. */
static size_t chase_bytes(size_t entry, int64_t n, int64_t b)
{
    return scratch_round((size_t)(chase_high(entry, b) * (n + 3 * b + 2)) *
                         entry);
}

typedef double vector_f64 __attribute__((vector_size(64), aligned(8)));
typedef int64_t mask_f64 __attribute__((vector_size(64), aligned(8)));
typedef float vector_f32 __attribute__((vector_size(64), aligned(4)));
typedef int32_t mask_f32 __attribute__((vector_size(64), aligned(4)));

/* Which entries of a vector come after entry l; which is it. */
#define AFTER(L)                                                               \
    {                                                                          \
        -(0 > (L)), -(1 > (L)), -(2 > (L)), -(3 > (L)), -(4 > (L)),            \
            -(5 > (L)), -(6 > (L)), -(7 > (L))                                 \
    }
#define AFTER_16(L)                                                            \
    {                                                                          \
        -(0 > (L)), -(1 > (L)), -(2 > (L)), -(3 > (L)), -(4 > (L)),            \
            -(5 > (L)), -(6 > (L)), -(7 > (L)), -(8 > (L)), -(9 > (L)),        \
            -(10 > (L)), -(11 > (L)), -(12 > (L)), -(13 > (L)), -(14 > (L)),   \
            -(15 > (L))                                                        \
    }
#define EIGHT(F, L)                                                            \
    F((L)), F((L) + 1), F((L) + 2), F((L) + 3), F((L) + 4), F((L) + 5),        \
        F((L) + 6), F((L) + 7)
static const mask_f64 from_f64[9] = {AFTER(-1), EIGHT(AFTER, 0)};
static const mask_f32 from_f32[17] = {AFTER_16(-1), EIGHT(AFTER_16, 0),
                                      EIGHT(AFTER_16, 8)};

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
enum { type_f64 = TM_F64, type_f32 = TM_F32 };

#define R double
#define LANES 8
#define NAME(x) x##_f64
#define VECTOR vector_f64
#define MASK mask_f64
#include "runtime/kernel_chase.h"
#undef R
#undef LANES
#undef NAME
#undef VECTOR
#undef MASK
#define R float
#define LANES 16
#define NAME(x) x##_f32
#define VECTOR vector_f32
#define MASK mask_f32
#include "runtime/kernel_chase.h"

size_t chase_entries(int64_t n, int64_t b)
{
    return (size_t)(chase_blocks(n, b) * 2 * (b + b / 2) * (b / 2));
}

void chase_diagonals(uint8_t type, int general, int64_t n, int64_t b,
                     const void *a, int64_t lda, void *d, void *e, void *blocks,
                     void *right, char *work)
{
    size_t entry = type_bytes(type), bytes = chase_entries(n, b) * entry;
    struct chase x = {n, b, b / 2, work, 0, blocks, right, NULL};

    x.work = work + chase_bytes(entry, n, b);
    for (int k = 0; k < 2; k++)
        if (k ? right : blocks)
            memset(k ? right : blocks, 0, bytes);
    if (type == TM_F64)
        two_diagonals_f64(&x, general, a, lda, d, e);
    else
        two_diagonals_f32(&x, general, a, lda, d, e);
    for (int k = 0; k < 2; k++)
        if (!(k ? right : blocks))
            continue;
        else if (type == TM_F64)
            finish_f64(&x, k ? right : blocks);
        else
            finish_f32(&x, k ? right : blocks);
}

size_t chase_scratch(uint8_t type, int64_t n, int64_t b)
{
    return chase_bytes(type_bytes(type), n, b) +
           (size_t)(b / 2 * (b / 2)) * type_bytes(type);
}

void chase_apply(uint8_t type, int64_t n, int64_t b, const void *blocks,
                 int64_t cols, void *z, int64_t ldz, void *work)
{
    int64_t g = b / 2, high = b + g, size = (int64_t)type_bytes(type);
    int64_t groups = n > 1 ? (n - 1 + g - 1) / g : 0, s, k;
    struct chase x = {n, b, g, NULL, 0, NULL, NULL, NULL};

    for (s = groups - 1; s >= 0; s--)
        for (k = 0; s * g + 1 + k * b < n; k++) {
            int64_t r = s * g + 1 + k * b, m = n - r < high ? n - r : high;
            char *v = (char *)blocks +
                      chase_block(&x, s, k) * 2 * high * g * size;
            struct blas_matrix to = {(char *)z + r * size, 1, ldz, 0, 0};
            struct blas_matrix w = {work, 1, g, 0, 0};
            blas_gemm(type, g, cols, m, 1,
                      (struct blas_matrix){v, 1, high, 1, 0}, to, 0, w);
            blas_gemm(type, m, cols, g, -1,
                      (struct blas_matrix){v + high * g * size, 1, high, 0, 0},
                      w, 1, to);
        }
}
