/* Reductions of tiles to one number, and the entrywise sum of a run.
 *
 * Entries are taken column by column; a tile whose memory lies otherwise is
 * copied first, so its bits are those of any other.  Sums follow a fixed
 * tree: 128 real numbers into 8 lanes (real and imaginary parts in lanes of
 * their own), the lanes pairwise, then these leaves pairwise, like the carries
 * of a binary counter; the error grows with log2 of the size.  All types are
 * summed in double and rounded once.  max and min give NaN where any entry is
 * NaN. */
#include "runtime/kernel_private.h"

#include <float.h>
#include <math.h>

enum { LEAF = 128, LANES = 8, TREE_DEPTH = 64 };

/* ---- sums --------------------------------------------------------------- */

/* Sums at even and at odd places: real and imaginary parts, or the two halves
 * of a real sum. */
struct pair {
    double even, odd;
};

static struct pair pair_add(struct pair a, struct pair b)
{
    return (struct pair){a.even + b.even, a.odd + b.odd};
}

/* What is summed: entries times scale, or their squares. */
enum term { TERM_ENTRY, TERM_SQUARE };

#define LEAF_SUM(NAME, R, TERM)                                                \
    static inline __attribute__((always_inline)) struct pair NAME(             \
        const R *x, int64_t n, double scale) {                                 \
        double lane[LANES] = {0};                                              \
        int64_t i = 0;                                                         \
        (void)scale;                                                           \
        for (; i + LANES <= n; i += LANES)                                     \
            for (int k = 0; k < LANES; k++) {                                  \
                double y = (double)x[i + k];                                   \
                lane[k] += TERM;                                               \
            }                                                                  \
        for (int k = 0; i + k < n; k++) {                                      \
            double y = (double)x[i + k];                                       \
            lane[k] += TERM;                                                   \
        }                                                                      \
        return (struct pair){(lane[0] + lane[4]) + (lane[2] + lane[6]),        \
                             (lane[1] + lane[5]) + (lane[3] + lane[7])};       \
    }
LEAF_SUM(leaf_f32, float, y)
LEAF_SUM(leaf_f64, double, y)
LEAF_SUM(leaf_square_f32, float, y *y)
LEAF_SUM(leaf_square_f64, double, (y * scale) * (y * scale))
#undef LEAF_SUM

/* n reals; leaf number k is joined with as many earlier ones as k + 1 has
 * zeros at its end. */
#define TREE_SUM(NAME, R, LEAF_OF)                                             \
    KERNEL_CLONES static struct pair NAME(const R *x, int64_t n,               \
                                          double scale) {                      \
        struct pair tree[TREE_DEPTH], sum = {0, 0};                            \
        int depth = 0;                                                         \
        for (int64_t i = 0, leaf = 1; i < n; i += LEAF, leaf++) {              \
            struct pair s =                                                    \
                LEAF_OF(x + i, n - i < LEAF ? n - i : LEAF, scale);            \
            for (int64_t bit = leaf; !(bit & 1); bit >>= 1)                    \
                s = pair_add(tree[--depth], s);                                \
            tree[depth++] = s;                                                 \
        }                                                                      \
        if (depth)                                                             \
            sum = tree[--depth];                                               \
        while (depth)                                                          \
            sum = pair_add(tree[--depth], sum);                                \
        return sum;                                                            \
    }
TREE_SUM(sum_f32, float, leaf_f32)
TREE_SUM(sum_f64, double, leaf_f64)
TREE_SUM(squares_f32, float, leaf_square_f32)
TREE_SUM(squares_f64, double, leaf_square_f64)
#undef TREE_SUM

/* Entries of the tile, as real numbers. */
static int64_t reals_of(uint8_t type, const struct kernel_tile *tile)
{
    return tile->rows * tile->cols * (type_is_complex(type) ? 2 : 1);
}

/* The 1 x 1 result: re, and im of complex types. */
static void put(const struct kernel_call *call, double re, double im)
{
    void *at = kernel_operand(call, 0)->data;

    switch (call->type) {
    case TM_C64: ((float *)at)[1] = (float)im; /* fall through */
    case TM_F32: ((float *)at)[0] = (float)re; break;
    case TM_C128: ((double *)at)[1] = im; /* fall through */
    case TM_F64: ((double *)at)[0] = re; break;
    }
}

static void put_pair(const struct kernel_call *call, struct pair sum)
{
    if (type_is_complex(call->type))
        put(call, sum.even, sum.odd);
    else
        put(call, sum.even + sum.odd, 0);
}

static struct kernel_tile vector_of(const struct kernel_call *call)
{
    char *scratch = call->scratch;

    return tile_as(kernel_type(call, 1), kernel_operand(call, 1), LAYOUT_VECTOR,
                   &scratch);
}

static struct pair sum_of(uint8_t type, const void *x, int64_t n)
{
    return type_is_single(type) ? sum_f32(x, n, 1) : sum_f64(x, n, 1);
}

int run_SUM(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile x = vector_of(call);

    (void)failure;
    put_pair(call, sum_of(call->type, x.data, reals_of(call->type, &x)));
    return 0;
}

/* A tile that isn't square ends with its shorter edge. */
int run_TRACE(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t n = a->rows < a->cols ? a->rows : a->cols;
    struct pair sum = {0, 0};
    double block[2 * LEAF];

    (void)failure;
    for (int64_t k = 0, count; k < n; k += count) {
        count = n - k < LEAF ? n - k : LEAF;
        tile_copy(call->type, 0, count, 1, tile_at(call->type, a, k, k),
                  a->rs + a->cs, 1, block, LEAF);
        sum = pair_add(sum,
                       sum_of(call->type, block,
                              type_is_complex(call->type) ? 2 * count : count));
    }
    put_pair(call, sum);
    return 0;
}

/* ---- norm ---------------------------------------------------------------- */

#define LARGEST(NAME, R, SIZE, BETTER)                                         \
    KERNEL_CLONES static R NAME(const R *x, int64_t n)                         \
    {                                                                          \
        R lane[LANES], best;                                                   \
        int64_t i = 0;                                                         \
        for (int k = 0; k < LANES; k++) {                                      \
            R y = x[k < n ? k : 0];                                            \
            lane[k] = SIZE;                                                    \
        }                                                                      \
        for (; i + LANES <= n; i += LANES)                                     \
            for (int k = 0; k < LANES; k++) {                                  \
                R y = x[i + k];                                                \
                y = SIZE;                                                      \
                lane[k] = ((y BETTER lane[k]) | (y != y)) ? y : lane[k];       \
            }                                                                  \
        for (int k = 0; i + k < n; k++) {                                      \
            R y = x[i + k];                                                    \
            y = SIZE;                                                          \
            lane[k] = ((y BETTER lane[k]) | (y != y)) ? y : lane[k];           \
        }                                                                      \
        best = lane[0];                                                        \
        for (int k = 1; k < LANES; k++)                                        \
            if (lane[k] BETTER best || lane[k] != lane[k])                     \
                best = lane[k];                                                \
        return best;                                                           \
    }
LARGEST(max_f32, float, y, >)
LARGEST(max_f64, double, y, >)
LARGEST(min_f32, float, y, <)
LARGEST(min_f64, double, y, <)
LARGEST(largest_f64, double, fabs(y), >)
#undef LARGEST

static double pair_root(struct pair sum)
{
    return sqrt(sum.even + sum.odd);
}

/* The plain sum of squares will do unless it has overflowed, or so few bits
 * are left of the smallest squares that they could matter: then entries are
 * scaled by a power of two, which is exact. */
static double norm_f64(const double *x, int64_t n)
{
    double norm = pair_root(squares_f64(x, n, 1)), largest;
    int exponent;

    if (n == 0 || (norm > 1e-140 && norm <= DBL_MAX))
        return norm;
    largest = largest_f64(x, n);
    if (largest == 0 || !(largest <= DBL_MAX))
        return largest; /* 0, inf, NaN */
    frexp(largest, &exponent);
    if (exponent < -1000) /* 2^-exponent must not overflow */
        exponent = -1000;
    norm = pair_root(squares_f64(x, n, ldexp(1, -exponent)));
    return ldexp(norm, exponent);
}

int run_NORM(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile x = vector_of(call);
    int64_t n = reals_of(kernel_type(call, 1), &x);

    (void)failure;
    put(call,
        type_is_single(call->type) ? pair_root(squares_f32(x.data, n, 1))
                                   : norm_f64(x.data, n),
        0);
    return 0;
}

int run_MAX(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile x = vector_of(call);
    int64_t n = x.rows * x.cols;

    (void)failure;
    put(call,
        call->type == TM_F32 ? (double)max_f32(x.data, n) : max_f64(x.data, n),
        0);
    return 0;
}

int run_MIN(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile x = vector_of(call);
    int64_t n = x.rows * x.cols;

    (void)failure;
    put(call,
        call->type == TM_F32 ? (double)min_f32(x.data, n) : min_f64(x.data, n),
        0);
    return 0;
}

/* ---- entrywise sums -------------------------------------------------------
 */

#define ADD_TO(NAME, R)                                                        \
    KERNEL_CLONES static void NAME(int64_t n, const R *restrict x,             \
                                   R *restrict y)                              \
    {                                                                          \
        for (int64_t i = 0; i < n; i++)                                        \
            y[i] += x[i];                                                      \
    }
ADD_TO(add_f32, float)
ADD_TO(add_f64, double)
#undef ADD_TO

static void add_column(uint8_t type, int64_t rows, const void *x, void *y)
{
    int64_t n = type_is_complex(type) ? 2 * rows : rows;

    if (type_is_single(type))
        add_f32(n, x, y);
    else
        add_f64(n, x, y);
}

/* The first tile is copied, the others are added in order. */
int run_SUMS(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    uint32_t tiles = kernel_operand_tiles(call, 1);

    (void)failure;
    if (tiles == 0)
        tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
    for (uint32_t t = 0; t < tiles; t++) {
        char *scratch = call->scratch;
        struct kernel_tile x = tile_as(call->type, kernel_operand(call, 1) + t,
                                       LAYOUT_VECTOR, &scratch);
        if (t == 0)
            tile_copy(call->type, 0, c->rows, c->cols, x.data, 1, x.rows,
                      c->data, c->cs);
        for (int64_t j = 0; t > 0 && j < c->cols; j++)
            add_column(call->type, c->rows,
                       (char *)x.data +
                           j * x.rows * (int64_t)type_bytes(call->type),
                       tile_at(call->type, c, 0, j));
    }
    return 0;
}
