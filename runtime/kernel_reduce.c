/* Reductions of tiles to one number, and the entrywise sum of a run.
 *
 * Entries are taken column by column; a tile whose memory lies otherwise is
 * copied first, so its bits are those of any other.  Sums follow a fixed
 * tree: 512 real numbers into 32 lanes (real and imaginary parts in lanes of
 * their own), the lanes pairwise, then these leaves pairwise, like the carries
 * of a binary counter; the error grows with log2 of the size.  All types are
 * summed in double and rounded once.  max and min give NaN where any entry is
 * NaN.
 *
 * The entries come in pieces of whole rows of lanes: columns of a tile where
 * they lie, rows over their ends copied together; what a map program gives as
 * it is computed.  All are added in one order. */
#include "runtime/kernel_private.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Four vectors of eight doubles are added to at a time: one alone would wait
 * for its last sum, and keep the CPU from looking ahead in memory. */
enum {
    VECTOR = 8,
    VECTORS = 4,
    LANES = VECTORS * VECTOR,
    LEAF = 512,
    TREE_DEPTH = 64
};

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

/* gcc takes a loop over lanes apart; this it does not. */
typedef double vector_double __attribute__((vector_size(64), aligned(8)));
typedef float vector_float __attribute__((vector_size(32), aligned(4)));

/* Leaf number k is joined with as many earlier ones as k + 1 has zeros at its
 * end. */
struct tree {
    vector_double lane[VECTORS]; /* of a leaf that is not full; or zeros */
    int64_t grown;               /* entries in it */
    struct pair part[TREE_DEPTH];
    int depth;
    int64_t leaf;
};

static inline __attribute__((always_inline)) struct pair
lanes_sum(const vector_double lane[VECTORS])
{
    vector_double x = (lane[0] + lane[1]) + (lane[2] + lane[3]);

    return (struct pair){(x[0] + x[4]) + (x[2] + x[6]),
                         (x[1] + x[5]) + (x[3] + x[7])};
}

static inline __attribute__((always_inline)) void tree_leaf(struct tree *tree,
                                                            struct pair s)
{
    for (int64_t bit = ++tree->leaf; !(bit & 1); bit >>= 1)
        s = pair_add(tree->part[--tree->depth], s);
    tree->part[tree->depth++] = s;
}

/* Of all entries; no more may come. */
static struct pair tree_sum(struct tree *tree)
{
    struct pair sum = {0, 0};
    int depth;

    if (tree->grown)
        tree_leaf(tree, lanes_sum(tree->lane));
    depth = tree->depth;
    if (depth)
        sum = tree->part[--depth];
    while (depth)
        sum = pair_add(tree->part[--depth], sum);
    return sum;
}

/* Reals to be gone through: columns of memory. */
struct piece {
    const char *at;
    int64_t reals, columns; /* reals of each column */
    int64_t step;           /* bytes from one column to the next */
    int64_t beside; /* bytes to what is to be fetched meanwhile: 0, or the next
                     * column's, if these are short */
};

/* A piece's reals, times scale, or their squares; only the last piece may have
 * no multiple of LANES in its column: zeros stand for what is missing then, and
 * change no lane, for none is -0. */
#define ROW(R, X, BESIDE, TERM)                                                \
    _Pragma("GCC unroll 4") for (int k = 0; k < VECTORS; k++)                  \
    {                                                                          \
        const R *at = (X) + k * VECTOR;                                        \
        vector_double y =                                                      \
            __builtin_convertvector(*(const vector_##R *)at, vector_double);   \
        __builtin_prefetch((const char *)at + (BESIDE));                       \
        lane[k] += TERM;                                                       \
    }
#define TREE_ADD(NAME, R, TERM)                                                \
    KERNEL_WIDE_CLONES static void NAME(struct tree *tree,                     \
                                        const struct piece *p, double scale)   \
    {                                                                          \
        vector_double lane[VECTORS] = {tree->lane[0], tree->lane[1],           \
                                       tree->lane[2], tree->lane[3]};          \
        int64_t grown = tree->grown, n = p->reals, beside = p->beside, i, end; \
        (void)scale;                                                           \
        for (int64_t j = 0; j < p->columns; j++) {                             \
            const R *x = (const R *)(const void *)(p->at + j * p->step);       \
            for (i = 0; i < n;) {                                              \
                end = n - i < LEAF - grown ? n : i + LEAF - grown;             \
                grown += end - i;                                              \
                for (; i + LANES <= end; i += LANES)                           \
                    ROW(R, x + i, beside, TERM)                                \
                if (i < end) {                                                 \
                    R rest[LANES] = {0};                                       \
                    memcpy(rest, x + i, (size_t)(end - i) * sizeof *x);        \
                    ROW(R, rest, 0, TERM)                                      \
                    i = end;                                                   \
                }                                                              \
                if (grown == LEAF) {                                           \
                    tree_leaf(tree, lanes_sum(lane));                          \
                    for (int k = 0; k < VECTORS; k++)                          \
                        lane[k] = (vector_double){0};                          \
                    grown = 0;                                                 \
                }                                                              \
            }                                                                  \
        }                                                                      \
        for (int k = 0; k < VECTORS; k++)                                      \
            tree->lane[k] = lane[k];                                           \
        tree->grown = grown;                                                   \
    }
TREE_ADD(sum_f32, float, y)
TREE_ADD(sum_f64, double, y)
TREE_ADD(squares_f32, float, y *y)
TREE_ADD(squares_f64, double, y *y)
TREE_ADD(scaled_squares_f64, double, (y * scale) * (y * scale))
#undef TREE_ADD
#undef ROW

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
    int64_t i, j; /* where the next block begins; of a stored tile i alone, in
                   * reals */
    struct piece stored;    /* the columns of a tile that are left; one where it
                             * has no gaps */
    size_t real;            /* bytes of a real number */
    struct map_machine map; /* of kernel_maps() */
    char *block;
    size_t kept, given; /* bytes in it: all, and what was handed out */
    double row[LANES];  /* the block of a stored tile */
};

/* Entries that lie along columns are taken from where they are, others from a
 * copy. */
static void stored_begin(struct entries *e)
{
    const struct kernel_tile *a = kernel_operand(e->call, 1);
    char *scratch = e->call->scratch;
    struct kernel_tile tile;
    int64_t bytes, high;
    int gaps;

    e->type = kernel_type(e->call, 1);
    e->real = type_is_single(e->type) ? 4 : 8;
    e->rows = a->rows;
    e->cols = a->cols;
    e->block = (char *)e->row;
    if (a->rows == 0 || a->cols == 0)
        return;
    tile = a->rs != 1 && a->rows > 1
               ? tile_as(e->type, a, LAYOUT_VECTOR, &scratch)
               : *a;
    gaps = tile.cs != a->rows && a->cols > 1;
    bytes = (int64_t)type_bytes(e->type);
    high = gaps ? a->rows : a->rows * a->cols;
    e->stored = (struct piece){
        .at = tile.data,
        .reals = type_is_complex(e->type) ? 2 * high : high,
        .columns = gaps ? a->cols : 1,
        .step = tile.cs * bytes,
        .beside = gaps && high * bytes <= SHORT_COLUMN ? tile.cs * bytes : 0,
    };
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
    e->real = type_is_single(e->type) ? 4 : 8;
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

static struct piece block_of(const struct entries *e, size_t bytes)
{
    return (struct piece){e->block, (int64_t)(bytes / e->real), 1, 0, 0};
}

static struct piece next_computed(struct entries *e)
{
    size_t row = LANES * e->real;

    memmove(e->block, e->block + e->given, e->kept - e->given);
    e->kept -= e->given;
    while (e->j < e->map.cols && e->kept < row)
        compute(e);
    e->given = e->j < e->map.cols ? e->kept / row * row : e->kept;
    return block_of(e, e->given);
}

/* What of a column begins or ends a row of lanes, to what is kept. */
static void keep(struct entries *e)
{
    const struct piece *c = &e->stored;
    const char *at = c->at + (size_t)e->i * e->real;
    size_t bytes = (size_t)(c->reals - e->i) * e->real;

    if (bytes > LANES * e->real - e->kept)
        bytes = LANES * e->real - e->kept;
    tile_prefetch(at + c->beside, bytes);
    memcpy(e->block + e->kept, at, bytes);
    e->kept += bytes;
    e->i += (int64_t)(bytes / e->real);
}

/* From the next entry on: whole rows of lanes of this column, or of all that
 * are left. */
static struct piece whole_rows(struct entries *e)
{
    struct piece p = e->stored;

    p.at += (size_t)e->i * e->real;
    if (e->i || p.reals % LANES) {
        p.columns = 1;
        p.reals = (p.reals - e->i) / LANES * LANES;
        e->i += p.reals;
    } else {
        e->stored.columns = 0;
    }
    return p;
}

static struct piece next_stored(struct entries *e)
{
    struct piece *c = &e->stored, rows;

    while (c->columns && e->kept < LANES * e->real)
        if (e->i == c->reals) {
            e->i = 0;
            c->at += c->step;
            c->columns--;
        } else if (!e->kept && c->reals - e->i >= LANES) {
            return whole_rows(e);
        } else {
            keep(e);
        }
    rows = block_of(e, e->kept);
    e->kept = 0;
    return rows;
}

/* The next piece; 0 behind the last. */
static int entries_next(struct entries *e, struct piece *piece)
{
    if (e->rows == 0 || e->cols == 0)
        return 0;
    *piece = kernel_maps(e->call->kernel) ? next_computed(e) : next_stored(e);
    return piece->reals != 0;
}

size_t reduce_scratch(const struct kernel_call *call)
{
    int64_t rows, cols, most;

    map_sizes(call, &rows, &cols);
    most = rows * MAP_WIDE > MAP_BLOCK ? rows * MAP_WIDE : MAP_BLOCK;
    return map_scratch(call) +
           (size_t)(most + LANES) * type_bytes(map_gives(call));
}

static void add_sum(uint8_t type, struct tree *tree, const struct piece *piece)
{
    if (type_is_single(type))
        sum_f32(tree, piece, 1);
    else
        sum_f64(tree, piece, 1);
}

int run_SUM(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct tree tree = {.depth = 0};
    struct entries e;
    struct piece piece;

    (void)failure;
    entries_begin(&e, call);
    while (entries_next(&e, &piece))
        add_sum(call->type, &tree, &piece);
    put_pair(call, tree_sum(&tree));
    return 0;
}

/* A tile that isn't square ends with its shorter edge. */
int run_TRACE(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t n = a->rows < a->cols ? a->rows : a->cols;
    struct tree tree = {.depth = 0};
    double block[2 * LEAF];
    struct piece piece = {.at = (const char *)block, .columns = 1};

    (void)failure;
    for (int64_t k = 0, count; k < n; k += count) {
        count = n - k < LEAF ? n - k : LEAF;
        tile_copy(call->type, 0, count, 1, tile_at(call->type, a, k, k),
                  a->rs + a->cs, 1, block, LEAF);
        piece.reals = type_is_complex(call->type) ? 2 * count : count;
        add_sum(call->type, &tree, &piece);
    }
    put_pair(call, tree_sum(&tree));
    return 0;
}

/* ---- largest and smallest ------------------------------------------------ */

/* The best entry at every eighth place. */
struct lanes {
    union {
        float f[VECTOR];
        double d[VECTOR];
    } at;
    int begun;
};

/* A piece's reals; all columns but the last have whole lanes. */
#define LARGEST(NAME, R, AT, SIZE, BETTER)                                     \
    KERNEL_WIDE_CLONES static void NAME(struct lanes *lanes,                   \
                                        const struct piece *p)                 \
    {                                                                          \
        R *lane = lanes->at.AT;                                                \
        for (int64_t j = 0; j < p->columns; j++) {                             \
            const R *x = (const R *)(const void *)(p->at + j * p->step);       \
            int64_t i = 0, n = p->reals;                                       \
            for (int k = 0; !lanes->begun && k < VECTOR; k++) {                \
                R y = x[k < n ? k : 0];                                        \
                lane[k] = SIZE;                                                \
            }                                                                  \
            lanes->begun = 1;                                                  \
            for (; i + VECTOR <= n; i += VECTOR) {                             \
                __builtin_prefetch((const char *)(x + i) + p->beside);         \
                for (int k = 0; k < VECTOR; k++) {                             \
                    R y = x[i + k];                                            \
                    y = SIZE;                                                  \
                    lane[k] = ((y BETTER lane[k]) | (y != y)) ? y : lane[k];   \
                }                                                              \
            }                                                                  \
            for (int k = 0; i + k < n; k++) {                                  \
                R y = x[i + k];                                                \
                y = SIZE;                                                      \
                lane[k] = ((y BETTER lane[k]) | (y != y)) ? y : lane[k];       \
            }                                                                  \
        }                                                                      \
    }                                                                          \
    static R NAME##_of(const struct lanes *lanes)                              \
    {                                                                          \
        const R *lane = lanes->at.AT;                                          \
        R best = lane[0];                                                      \
        for (int k = 1; k < VECTOR; k++)                                       \
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
    struct piece piece;

    (void)failure;
    entries_begin(&e, call);
    while (entries_next(&e, &piece))
        if (call->type == TM_F32)
            max_f32(&lanes, &piece);
        else
            max_f64(&lanes, &piece);
    put(call,
        call->type == TM_F32 ? (double)max_f32_of(&lanes) : max_f64_of(&lanes),
        0);
    return 0;
}

int run_MIN(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct lanes lanes = {.begun = 0};
    struct entries e;
    struct piece piece;

    (void)failure;
    entries_begin(&e, call);
    while (entries_next(&e, &piece))
        if (call->type == TM_F32)
            min_f32(&lanes, &piece);
        else
            min_f64(&lanes, &piece);
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
    struct piece piece;

    entries_begin(&e, call);
    while (entries_next(&e, &piece))
        if (type_is_single(call->type))
            squares_f32(&tree, &piece, scale);
        else
            (scale == 1 ? squares_f64 : scaled_squares_f64)(&tree, &piece,
                                                            scale);
    sum = tree_sum(&tree);
    return sqrt(sum.even + sum.odd);
}

static double largest(const struct kernel_call *call)
{
    struct lanes lanes = {.begun = 0};
    struct entries e;
    struct piece piece;

    entries_begin(&e, call);
    while (entries_next(&e, &piece))
        largest_f64(&lanes, &piece);
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
