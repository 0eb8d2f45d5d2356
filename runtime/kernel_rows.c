/* Reductions of the rows of a tile: sums, smallest and largest entries and
 * where they stand; and onehot, which goes the other way.
 *
 * Rows are taken in strips of STRIP, so that a tile is read along its columns
 * once.  Sums follow a fixed tree over the columns: GROUP columns in order,
 * then these groups pairwise, like the carries of a binary counter; all types
 * are summed in double and rounded once.  So bits hang on sizes and values,
 * not on how the tile lies in memory. */
#include "runtime/kernel_private.h"

#include <string.h>

enum { STRIP = MAP_BLOCK / MAP_WIDE, GROUP = 16, DEPTH = 60 };

/* A tile as it is read: transposed by its strides. */
struct view {
    const char *data;
    int64_t rows, cols, rs, cs; /* strides in reals */
    int single, parts, conj;    /* parts: 2 of complex types */
    struct map_machine *map;    /* computed: data is MAP_WIDE columns */
    int64_t top, left;          /* of STRIP rows that begin here */
};

/* What a map program gives, a strip of a few columns at a time. */
static struct view view_computed(const struct kernel_call *call,
                                 struct map_machine *map)
{
    struct view v = {.map = map, .top = -1, .parts = 1};

    map_sizes(call, &v.rows, &v.cols);
    v.data = map_begin(map, call, v.rows, v.cols);
    v.single = call->type == TM_F32 || call->type == TM_C64;
    v.parts = type_is_complex(call->type) ? 2 : 1;
    v.rs = v.parts;
    return v;
}

static void compute(struct view *v, int64_t i, int64_t j, int64_t n)
{
    int64_t left = j / MAP_WIDE * MAP_WIDE;
    int64_t w = v->cols - left < MAP_WIDE ? v->cols - left : MAP_WIDE;

    if (i == v->top && left == v->left)
        return;
    map_block(v->map, i, left, n, w, (char *)v->data, n);
    v->top = i;
    v->left = left;
    v->cs = n * v->parts;
}

static struct view view_stored(const struct kernel_call *call)
{
    const struct kernel_tile *a = kernel_operand(call, 1);
    int trans = call->flags & KF_TA;
    struct view v = {.data = a->data,
                     .rows = trans ? a->cols : a->rows,
                     .cols = trans ? a->rows : a->cols,
                     .rs = trans ? a->cs : a->rs,
                     .cs = trans ? a->rs : a->cs};

    v.single = call->type == TM_F32 || call->type == TM_C64;
    v.parts = type_is_complex(call->type) ? 2 : 1;
    v.conj = v.parts == 2 && !trans == !!(call->flags & KF_CA);
    v.rs *= v.parts;
    v.cs *= v.parts;
    return v;
}

static struct view view_of(const struct kernel_call *call,
                           struct map_machine *map)
{
    return kernel_maps(call->kernel) ? view_computed(call, map)
                                     : view_stored(call);
}

/* Entries i .. i+n of column j, real or imaginary parts: where they lie, or in
 * to.  The CPU doesn't guess the strip's part of the next columns. */
static const double *column(struct view *v, int64_t i, int64_t j, int64_t n,
                            int part, double *to)
{
    const int64_t ahead = 4;
    int64_t at;

    if (v->map) {
        compute(v, i, j, n);
        i = 0;
        j %= MAP_WIDE;
    }
    at = i * v->rs + j * v->cs + part;
    if (v->single) {
        for (int64_t k = 0; k < n; k++)
            to[k] = (double)((const float *)v->data)[at + k * v->rs];
        return to;
    }
    if (v->rs == 1) {
        if (!v->map && j + ahead < v->cols)
            tile_prefetch((const double *)v->data + at + ahead * v->cs,
                          (size_t)n * sizeof *to);
        return (const double *)v->data + at;
    }
    for (int64_t k = 0; k < n; k++)
        to[k] = ((const double *)v->data)[at + k * v->rs];
    return to;
}

static void store(const struct kernel_call *call, int64_t i, int64_t n,
                  int parts, int part, const double *from)
{
    char *at = kernel_operand(call, 0)->data;

    for (int64_t k = 0; k < n; k++)
        if (call->type == TM_F32 || call->type == TM_C64)
            ((float *)at)[(i + k) * parts + part] = (float)from[k];
        else
            ((double *)at)[(i + k) * parts + part] = from[k];
}

KERNEL_WIDE_CLONES static void add(int64_t n, double *restrict to,
                                   const double *restrict from)
{
    for (int64_t k = 0; k < n; k++)
        to[k] = to[k] + from[k];
}

/* n rows from i on: the sums are tree[0]. */
static void strip_sums(struct view *v, int64_t i, int64_t n, int part,
                       double (*tree)[STRIP])
{
    double x[STRIP];
    int depth = 0;

    memset(tree[0], 0, sizeof tree[0]);
    for (int64_t j = 0, group = 1; j < v->cols; j += GROUP, group++) {
        int64_t end = v->cols - j < GROUP ? v->cols : j + GROUP;
        memset(tree[depth], 0, sizeof tree[depth]);
        for (int64_t at = j; at < end; at++)
            add(n, tree[depth], column(v, i, at, n, part, x));
        for (int64_t bit = group; !(bit & 1); bit >>= 1, depth--)
            add(n, tree[depth - 1], tree[depth]);
        depth++;
    }
    for (; depth > 1; depth--)
        add(n, tree[depth - 2], tree[depth - 1]);
}

int run_ROWSUMS(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct map_machine map;
    struct view v = view_of(call, &map);
    double tree[DEPTH][STRIP];

    (void)failure;
    for (int64_t i = 0; i < v.rows; i += STRIP) {
        int64_t n = v.rows - i < STRIP ? v.rows - i : STRIP;
        for (int part = 0; part < v.parts; part++) {
            strip_sums(&v, i, n, part, tree);
            for (int64_t k = 0; part && v.conj && k < n; k++)
                tree[0][k] = -tree[0][k];
            store(call, i, n, v.parts, part, tree[0]);
        }
    }
    return 0;
}

/* Entries x of column j against the best ones of columns before it. */
KERNEL_WIDE_CLONES static void challenge(int64_t n, double sign, double j,
                                         const double *restrict x,
                                         double *restrict best,
                                         double *restrict at)
{
    for (int64_t k = 0; k < n; k++) {
        int better = (sign * x[k] < sign * best[k]) |
                     ((x[k] != x[k]) & (best[k] == best[k]));
        best[k] = better ? x[k] : best[k];
        at[k] = better ? j : at[k];
    }
}

/* The first smallest entry of each row, or the largest where sign is -1; the
 * first NaN where there is one. */
static void extremes(const struct kernel_call *call, double sign, int where)
{
    struct map_machine map;
    struct view v = view_of(call, &map);
    double x[STRIP], best[STRIP], at[STRIP];

    for (int64_t i = 0; i < v.rows; i += STRIP) {
        int64_t n = v.rows - i < STRIP ? v.rows - i : STRIP;
        size_t bytes = (size_t)n * sizeof *best;
        memset(at, 0, sizeof at);
        if (v.cols)
            memcpy(best, column(&v, i, 0, n, 0, x), bytes);
        for (int64_t j = 1; j < v.cols; j++)
            challenge(n, sign, (double)j, column(&v, i, j, n, 0, x), best, at);
        store(call, i, n, 1, 0, where ? at : best);
    }
}

int run_MIN_ROWS(const struct kernel_call *call, struct kernel_failure *failure)
{
    (void)failure;
    extremes(call, 1, 0);
    return 0;
}

int run_MAX_ROWS(const struct kernel_call *call, struct kernel_failure *failure)
{
    (void)failure;
    extremes(call, -1, 0);
    return 0;
}

int run_ARGMIN_ROWS(const struct kernel_call *call,
                    struct kernel_failure *failure)
{
    (void)failure;
    extremes(call, 1, 1);
    return 0;
}

int run_ARGMAX_ROWS(const struct kernel_call *call,
                    struct kernel_failure *failure)
{
    (void)failure;
    extremes(call, -1, 1);
    return 0;
}

int run_MAP_ROWSUMS(const struct kernel_call *call,
                    struct kernel_failure *failure)
{
    return run_ROWSUMS(call, failure);
}

int run_MAP_MIN_ROWS(const struct kernel_call *call,
                     struct kernel_failure *failure)
{
    return run_MIN_ROWS(call, failure);
}

int run_MAP_MAX_ROWS(const struct kernel_call *call,
                     struct kernel_failure *failure)
{
    return run_MAX_ROWS(call, failure);
}

int run_MAP_ARGMIN_ROWS(const struct kernel_call *call,
                        struct kernel_failure *failure)
{
    return run_ARGMIN_ROWS(call, failure);
}

int run_MAP_ARGMAX_ROWS(const struct kernel_call *call,
                        struct kernel_failure *failure)
{
    return run_ARGMAX_ROWS(call, failure);
}

int run_ONEHOT(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    struct view v = view_stored(call);
    double x[STRIP];

    (void)failure;
    tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
    for (int64_t i = 0; i < v.rows; i += STRIP) {
        int64_t n = v.rows - i < STRIP ? v.rows - i : STRIP;
        const double *index = column(&v, i, 0, n, 0, x);
        for (int64_t k = 0; k < n; k++) {
            double j = index[k] - call->arg[0];
            if (!(j >= 0 && j < (double)c->cols) || j != (double)(int64_t)j)
                continue;
            if (v.single)
                ((float *)c->data)[i + k + (int64_t)j * c->cs] = 1;
            else
                ((double *)c->data)[i + k + (int64_t)j * c->cs] = 1;
        }
    }
    return 0;
}
