/* Reductions of tiles to one number, and the entrywise sum of a run.
 *
 * Entries are taken column by column; a tile whose memory lies otherwise is
 * copied first, so its bits are those of any other.  Sums follow a fixed
 * tree: 128 real numbers into 8 lanes (real and imaginary parts in lanes of
 * their own), the lanes pairwise, then these leaves pairwise, like the carries
 * of a binary counter; the error grows with log2 of the size.  All types are
 * summed in double and rounded once.  max and min give NaN where any entry is
 * NaN.
 *
 * The entries come in pieces of whole leaves: columns of a tile where they lie,
 * leaves over their ends copied together; what a map program gives as it is
 * computed.  All are added in one order. */
#include "runtime/kernel_private.h"

#include <float.h>
#include <math.h>
#include <string.h>

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

/* Leaf number k is joined with as many earlier ones as k + 1 has zeros at its
 * end. */
struct tree {
    struct pair part[TREE_DEPTH];
    int depth;
    int64_t leaf;
};

static struct pair tree_sum(const struct tree *tree)
{
    int depth = tree->depth;
    struct pair sum = {0, 0};

    if (depth)
        sum = tree->part[--depth];
    while (depth)
        sum = pair_add(tree->part[--depth], sum);
    return sum;
}

/* n reals more; only at the end may n be no multiple of LEAF. */
#define TREE_ADD(NAME, R, LEAF_OF)                                             \
    KERNEL_WIDE_CLONES static void NAME(struct tree *tree, const R *x,         \
                                        int64_t n, double scale)               \
    {                                                                          \
        for (int64_t i = 0; i < n; i += LEAF) {                                \
            struct pair s =                                                    \
                LEAF_OF(x + i, n - i < LEAF ? n - i : LEAF, scale);            \
            for (int64_t bit = ++tree->leaf; !(bit & 1); bit >>= 1)            \
                s = pair_add(tree->part[--tree->depth], s);                    \
            tree->part[tree->depth++] = s;                                     \
        }                                                                      \
    }
TREE_ADD(sum_f32, float, leaf_f32)
TREE_ADD(sum_f64, double, leaf_f64)
TREE_ADD(squares_f32, float, leaf_square_f32)
TREE_ADD(squares_f64, double, leaf_square_f64)
#undef TREE_ADD

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

/* ---- entries ------------------------------------------------------------ */

/* Of a tile, or of what a map program gives, column by column. */
struct entries {
    const struct kernel_call *call;
    uint8_t type;
    int64_t rows, cols;
    int64_t i, j; /* where the next block begins; i of a stored tile in reals */
    struct kernel_tile tile; /* stored: one column where it has no gaps */
    struct map_machine map;  /* of kernel_maps() */
    char *block;
    size_t kept, given; /* bytes in it: all, and what was handed out */
    double leaf[LEAF];  /* the block of a stored tile */
};

/* Entries that lie along columns are taken from where they are, others from a
 * copy. */
static void stored_begin(struct entries *e)
{
    const struct kernel_tile *a = kernel_operand(e->call, 1);
    char *scratch = e->call->scratch;

    e->type = kernel_type(e->call, 1);
    e->rows = a->rows;
    e->cols = a->cols;
    e->block = (char *)e->leaf;
    e->tile = *a;
    if (a->rows == 0 || a->cols == 0)
        return;
    if (a->rs != 1 && a->rows > 1)
        e->tile = tile_as(e->type, a, LAYOUT_VECTOR, &scratch);
    if (e->tile.cs == e->rows || e->cols == 1) {
        e->tile.rows = e->rows * e->cols;
        e->tile.cols = 1;
    }
}

static void entries_begin(struct entries *e, const struct kernel_call *call)
{
    e->call = call;
    e->i = e->j = 0;
    e->kept = e->given = 0;
    if (!kernel_maps(call->kernel)) {
        stored_begin(e);
        return;
    }
    e->type = map_gives(call);
    map_sizes(call, &e->rows, &e->cols);
    if (e->rows == 0 || e->cols == 0)
        return;
    e->block = map_begin(&e->map, call, e->rows, e->cols);
    map_blocks(&e->map, 1);
}

/* The next block behind what is kept; columns side by side where an operand
 * lies along its rows. */
static void compute(struct entries *e)
{
    struct map_machine *m = &e->map;
    int64_t w = m->cols - e->j < m->wide ? m->cols - e->j : m->wide;
    int64_t end = m->along_rows ? m->rows : e->i + m->high, bytes, i, h;
    char *to = e->block + e->kept;

    if (end > m->rows)
        end = m->rows;
    bytes = (int64_t)type_bytes(e->type);
    for (i = e->i; i < end; i += h) {
        h = end - i < m->high ? end - i : m->high;
        map_block(m, i, e->j, h, w, to + (i - e->i) * bytes, end - e->i);
    }
    e->kept += (size_t)((end - e->i) * w * bytes);
    e->i = end;
    if (end == m->rows) {
        e->i = 0;
        e->j += w;
    }
}

static const void *next_computed(struct entries *e, int64_t *reals)
{
    size_t real = type_is_single(e->type) ? 4 : 8, leaf = LEAF * real;

    memmove(e->block, e->block + e->given, e->kept - e->given);
    e->kept -= e->given;
    while (e->j < e->map.cols && e->kept < leaf)
        compute(e);
    e->given = e->j < e->map.cols ? e->kept / leaf * leaf : e->kept;
    *reals = (int64_t)(e->given / real);
    return e->given ? e->block : NULL;
}

/* What lies beside these entries is on its way while they are added: a leaf at
 * a time, for a whole column at once would keep the memory from what is
 * wanted first. */
static void next_column(const struct entries *e, const char *at, size_t bytes)
{
    int64_t step = e->tile.cs * (int64_t)type_bytes(e->type);

    if (e->j + 1 < e->tile.cols)
        tile_prefetch(at + step, bytes);
}

static const void *next_stored(struct entries *e, int64_t *reals)
{
    size_t real = type_is_single(e->type) ? 4 : 8, take;
    int64_t high = e->tile.rows * (type_is_complex(e->type) ? 2 : 1), left;

    while (e->j < e->tile.cols) {
        const char *at = tile_at(e->type, &e->tile, 0, e->j);
        at += (size_t)e->i * real;
        left = high - e->i;
        if (!e->kept && left >= LEAF) {
            *reals = e->tile.cols == 1 ? left / LEAF * LEAF : LEAF;
            next_column(e, at, (size_t)*reals * real);
            e->i += *reals;
            return at;
        }
        take = LEAF - e->kept / real;
        if (take > (size_t)left)
            take = (size_t)left;
        next_column(e, at, take * real);
        memcpy(e->block + e->kept, at, take * real);
        e->kept += take * real;
        e->i += (int64_t)take;
        if (e->i == high) {
            e->i = 0;
            e->j++;
        }
        if (e->kept == LEAF * real)
            break;
    }
    *reals = (int64_t)(e->kept / real);
    e->kept = 0;
    return *reals ? e->block : NULL;
}

/* A piece of n reals, NULL behind the last; all but the last are of whole
 * leaves. */
static const void *entries_next(struct entries *e, int64_t *reals)
{
    if (e->rows == 0 || e->cols == 0)
        return NULL;
    return kernel_maps(e->call->kernel) ? next_computed(e, reals)
                                        : next_stored(e, reals);
}

size_t reduce_scratch(const struct kernel_call *call)
{
    int64_t rows, cols, most;

    map_sizes(call, &rows, &cols);
    most = rows * MAP_WIDE > MAP_BLOCK ? rows * MAP_WIDE : MAP_BLOCK;
    return map_scratch(call) +
           (size_t)(most + LEAF) * type_bytes(map_gives(call));
}

static void add_sum(uint8_t type, struct tree *tree, const void *x, int64_t n)
{
    if (type_is_single(type))
        sum_f32(tree, x, n, 1);
    else
        sum_f64(tree, x, n, 1);
}

int run_SUM(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct tree tree = {.depth = 0};
    struct entries e;
    const void *x;
    int64_t n;

    (void)failure;
    entries_begin(&e, call);
    while ((x = entries_next(&e, &n)))
        add_sum(call->type, &tree, x, n);
    put_pair(call, tree_sum(&tree));
    return 0;
}

/* A tile that isn't square ends with its shorter edge. */
int run_TRACE(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t n = a->rows < a->cols ? a->rows : a->cols;
    struct pair sum = {0, 0};
    double block[2 * LEAF];
    struct tree tree;

    (void)failure;
    for (int64_t k = 0, count; k < n; k += count) {
        count = n - k < LEAF ? n - k : LEAF;
        tile_copy(call->type, 0, count, 1, tile_at(call->type, a, k, k),
                  a->rs + a->cs, 1, block, LEAF);
        memset(&tree, 0, sizeof tree);
        add_sum(call->type, &tree, block,
                type_is_complex(call->type) ? 2 * count : count);
        sum = pair_add(sum, tree_sum(&tree));
    }
    put_pair(call, sum);
    return 0;
}

/* ---- largest and smallest ------------------------------------------------ */

/* The best entry at every eighth place. */
struct lanes {
    union {
        float f[LANES];
        double d[LANES];
    } at;
    int begun;
};

/* n reals more; all pieces but the last have whole lanes. */
#define LARGEST(NAME, R, AT, SIZE, BETTER)                                     \
    KERNEL_WIDE_CLONES static void NAME(struct lanes *lanes, const R *x,       \
                                        int64_t n)                             \
    {                                                                          \
        R *lane = lanes->at.AT;                                                \
        int64_t i = 0;                                                         \
        for (int k = 0; !lanes->begun && k < LANES; k++) {                     \
            R y = x[k < n ? k : 0];                                            \
            lane[k] = SIZE;                                                    \
        }                                                                      \
        lanes->begun = 1;                                                      \
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
    }                                                                          \
    static R NAME##_of(const struct lanes *lanes)                              \
    {                                                                          \
        const R *lane = lanes->at.AT;                                          \
        R best = lane[0];                                                      \
        for (int k = 1; k < LANES; k++)                                        \
            if (lane[k] BETTER best || lane[k] != lane[k])                     \
                best = lane[k];                                                \
        return best;                                                           \
    }
LARGEST(max_f32, float, f, y, >)
LARGEST(max_f64, double, d, y, >)
LARGEST(min_f32, float, f, y, <)
LARGEST(min_f64, double, d, y, <)
LARGEST(largest_f64, double, d, fabs(y), >)
#undef LARGEST

int run_MAX(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct lanes lanes = {.begun = 0};
    struct entries e;
    const void *x;
    int64_t n;

    (void)failure;
    entries_begin(&e, call);
    while ((x = entries_next(&e, &n)))
        if (call->type == TM_F32)
            max_f32(&lanes, x, n);
        else
            max_f64(&lanes, x, n);
    put(call,
        call->type == TM_F32 ? (double)max_f32_of(&lanes) : max_f64_of(&lanes),
        0);
    return 0;
}

int run_MIN(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct lanes lanes = {.begun = 0};
    struct entries e;
    const void *x;
    int64_t n;

    (void)failure;
    entries_begin(&e, call);
    while ((x = entries_next(&e, &n)))
        if (call->type == TM_F32)
            min_f32(&lanes, x, n);
        else
            min_f64(&lanes, x, n);
    put(call,
        call->type == TM_F32 ? (double)min_f32_of(&lanes) : min_f64_of(&lanes),
        0);
    return 0;
}

/* ---- norm ---------------------------------------------------------------- */

static double norm_scaled(const struct kernel_call *call, double scale)
{
    struct tree tree = {.depth = 0};
    struct entries e;
    struct pair sum;
    const void *x;
    int64_t n;

    entries_begin(&e, call);
    while ((x = entries_next(&e, &n)))
        if (type_is_single(call->type))
            squares_f32(&tree, x, n, scale);
        else
            squares_f64(&tree, x, n, scale);
    sum = tree_sum(&tree);
    return sqrt(sum.even + sum.odd);
}

static double largest(const struct kernel_call *call)
{
    struct lanes lanes = {.begun = 0};
    struct entries e;
    const void *x;
    int64_t n;

    entries_begin(&e, call);
    while ((x = entries_next(&e, &n)))
        largest_f64(&lanes, x, n);
    return lanes.begun ? largest_f64_of(&lanes) : 0;
}

/* The plain sum of squares will do unless it has overflowed, or so few bits
 * are left of the smallest squares that they could matter: then entries are
 * scaled by a power of two, which is exact. */
static double norm_f64(const struct kernel_call *call)
{
    double norm = norm_scaled(call, 1), most;
    int exponent;

    if (norm > 1e-140 && norm <= DBL_MAX)
        return norm;
    most = largest(call);
    if (most == 0 || !(most <= DBL_MAX))
        return most; /* 0, inf, NaN */
    frexp(most, &exponent);
    if (exponent < -1000) /* 2^-exponent must not overflow */
        exponent = -1000;
    return ldexp(norm_scaled(call, ldexp(1, -exponent)), exponent);
}

int run_NORM(const struct kernel_call *call, struct kernel_failure *failure)
{
    (void)failure;
    put(call,
        type_is_single(call->type) ? norm_scaled(call, 1) : norm_f64(call), 0);
    return 0;
}

/* ---- of what a map program gives ------------------------------------------
 */

int run_MAP_SUM(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_SUM(call, failure);
}

int run_MAP_NORM(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_NORM(call, failure);
}

int run_MAP_MAX(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_MAX(call, failure);
}

int run_MAP_MIN(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_MIN(call, failure);
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
