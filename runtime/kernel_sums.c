/* Map programs that are sums of products: a + 2 b - c d in one loop.
 *
 * A step of a map program reads and writes blocks in the first cache, and asks
 * the memory for one or two operands at a time.  Here all operands are read
 * side by side, which is what the CPU is best at, and results go past the
 * caches from the registers.  Every product and every sum is rounded as by its
 * step, and in the same order: the bits are the steps'. */
#include "runtime/kernel_private.h"

#include <string.h>

/* ---- the loops ----------------------------------------------------------- */

enum {
    TERMS = 4,  /* of a sum */
    STEPS = 16, /* of its program, at most */
    LINE = 64,  /* bytes, of what is done at once */
    SHORT = 512 /* bytes of a column: shorter ones are better done in blocks */
};
typedef float line_f32
    __attribute__((vector_size(LINE), aligned(4), may_alias));
typedef double line_f64
    __attribute__((vector_size(LINE), aligned(8), may_alias));

/* sign[0] (a[0] b[0]) + sign[1] (a[1] b[1]) + ...: times 1 or -1 is exact. */
struct products {
    int count, single;
    int kind; /* of the loop that writes past the caches, 0: there is none */
    double sign[TERMS];
    const char *a[TERMS], *b[TERMS];
    int64_t mask[TERMS]; /* of b: -1; 0: one line again and again */
};

#define OF(K)                                                                  \
    const char *a##K = p->a[K], *b##K = p->b[K];                               \
    const int64_t mask##K = p->mask[K];
#define TERM(K, V)                                                             \
    (sign##K * (*(const V *)(const void *)(a##K + i) *                         \
                *(const V *)(const void *)(b##K + (i & mask##K))))
#define ONE(V)   TERM(0, V)
#define TWO(V)   (ONE(V) + TERM(1, V))
#define THREE(V) (TWO(V) + TERM(2, V))
#define FOUR(V)  (THREE(V) + TERM(3, V))
/* Lines, then entries one by one: of a line of one entry that entry. */
#define SUM_CASE(COUNT, NAMED, T, V)                                           \
    case COUNT:                                                                \
        for (; i + LINE <= bytes; i += LINE)                                   \
            *(V *)(void *)(d + i) = NAMED(V);                                  \
        for (; i < bytes; i += (int64_t)sizeof(T))                             \
            *(T *)(void *)(d + i) = NAMED(T);                                  \
        break;
/* Bytes i to `bytes` of a column, to d and on. */
#define SUM(NAME, T, V)                                                        \
    KERNEL_WIDE_CLONES static void NAME(const struct products *p, int64_t i,   \
                                        int64_t bytes, char *d)                \
    {                                                                          \
        const T sign0 = (T)p->sign[0], sign1 = (T)p->sign[1],                  \
                sign2 = (T)p->sign[2], sign3 = (T)p->sign[3];                  \
        OF(0)                                                                  \
        OF(1)                                                                  \
        OF(2)                                                                  \
        OF(3)                                                                  \
        switch (p->count) {                                                    \
            SUM_CASE(1, ONE, T, V)                                             \
            SUM_CASE(2, TWO, T, V)                                             \
            SUM_CASE(3, THREE, T, V)                                           \
            SUM_CASE(4, FOUR, T, V)                                            \
        }                                                                      \
    }
SUM(sum_f32, float, line_f32)
SUM(sum_f64, double, line_f64)

static void sum_columns(const struct products *p, int64_t i, int64_t bytes,
                        char *d)
{
    (p->single ? sum_f32 : sum_f64)(p, i, bytes, d);
}

/* Past the caches: a loop without masks for each combination of up to three
 * products of two columns (P) and multiples of one (S).  Its kind has a digit of
 * base 3 for each, 2 and 1, the first the least. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>

#define AT(X, K, V) (*(const V *)(const void *)(X##K + i))
#define P(K, V)     (factor##K * (AT(a, K, V) * AT(b, K, V)))
#define S(K, V)     (factor##K * AT(a, K, V))
#define CASE(KIND, VALUE)                                                      \
    case KIND:                                                                 \
        for (; i < bytes; i += LINE)                                           \
            _mm512_stream_si512((void *)(d + i), (__m512i)(VALUE));            \
        break;
#define CASES_2(KIND, V, LAST)                                                 \
    CASE(KIND + 1, S(0, V) + LAST)                                             \
    CASE(KIND + 2, P(0, V) + LAST)
#define CASES_3(KIND, V, LAST)                                                 \
    CASE(KIND + 4, S(0, V) + S(1, V) + LAST)                                   \
    CASE(KIND + 5, P(0, V) + S(1, V) + LAST)                                   \
    CASE(KIND + 7, S(0, V) + P(1, V) + LAST)                                   \
    CASE(KIND + 8, P(0, V) + P(1, V) + LAST)
/* The factor of an S is its sign times what b has. */
#define FACTOR(K, T)                                                           \
    const T factor##K =                                                        \
        (T)p->sign[K] *                                                        \
        (p->count <= K || p->mask[K] ? 1 : *(const T *)(const void *)b##K);
/* Whole lines. */
#define STREAM(NAME, T, V)                                                     \
    __attribute__((target("avx512f"))) static void NAME(                       \
        const struct products *p, int64_t i, int64_t bytes, char *d)           \
    {                                                                          \
        const char *a0 = p->a[0], *a1 = p->a[1], *a2 = p->a[2];                \
        const char *b0 = p->b[0], *b1 = p->b[1], *b2 = p->b[2];                \
        FACTOR(0, T)                                                           \
        FACTOR(1, T)                                                           \
        FACTOR(2, T)                                                           \
        switch (p->kind) {                                                     \
            CASE(1, S(0, V))                                                   \
            CASE(2, P(0, V))                                                   \
            CASES_2(3, V, S(1, V))                                             \
            CASES_2(6, V, P(1, V))                                             \
            CASES_3(9, V, S(2, V))                                             \
            CASES_3(18, V, P(2, V))                                            \
        }                                                                      \
    }
STREAM(stream_f32, float, line_f32)
STREAM(stream_f64, double, line_f64)
#else
#define stream_f32 sum_f32
#define stream_f64 sum_f64
#endif

static int stream_kind(const struct products *p)
{
    int kind = 0;

    if (p->count > 3 || !kernel_streams())
        return 0;
    for (int k = p->count; k-- > 0;)
        kind = 3 * kind + (p->mask[k] ? 2 : 1);
    return kind;
}

/* A column: bytes, to d. */
static void stream(const struct products *p, int64_t bytes, char *d)
{
    int64_t before = -(uintptr_t)d & (LINE - 1), whole;

    if (before > bytes)
        before = bytes;
    whole = before + (bytes - before) / LINE * LINE;
    if (before)
        sum_columns(p, 0, before, d);
    (p->single ? stream_f32 : stream_f64)(p, before, whole, d);
    if (whole < bytes)
        sum_columns(p, whole, bytes, d);
}

/* ---- programs ------------------------------------------------------------ */

struct term {
    uint8_t a, b;         /* registers: their product */
    uint8_t alone, minus; /* a without b; what is subtracted */
};
struct sum {
    int terms;
    struct term term[TERMS];
};

/* What register r holds: what the steps before made of it, or what it held. */
static struct sum value_of(const struct sum *made, int first, uint8_t r)
{
    return r >= first
               ? made[r - first]
               : (struct sum){1, {{.a = r, .b = r, .alone = 1, .minus = 0}}};
}

/* 0 terms: no such sum. */
static struct sum product(const struct sum *x, const struct sum *y)
{
    if (x->terms != 1 || y->terms != 1 || !x->term->alone || !y->term->alone)
        return (struct sum){0};
    return (struct sum){1, {{.a = x->term->a, .b = y->term->a}}};
}

static struct sum plus(const struct sum *x, const struct sum *y, int minus)
{
    struct sum z = *x;

    if (!x->terms || y->terms != 1 || x->terms == TERMS)
        return (struct sum){0};
    z.term[z.terms] = *y->term;
    z.term[z.terms++].minus = (uint8_t)minus;
    return z;
}

/* The program as a sum of what its inputs and constants hold. */
static struct sum program_sum(const struct kernel_call *call)
{
    const struct plan_map *map = call->map;
    const struct plan_map_step *s = call->steps + map->first_step;
    int first = map->inputs + (int)map->constants;
    struct sum made[STEPS];

    memset(made, 0, sizeof made);
    if (map->steps > STEPS || map->registers - first > STEPS)
        return (struct sum){0};
    for (uint32_t k = 0; k < map->steps; k++) {
        struct sum x, y, *to = &made[s[k].dst - first];
        if (s[k].op != MAPOP_ADD && s[k].op != MAPOP_SUB &&
            s[k].op != MAPOP_MUL)
            return (struct sum){0};
        x = value_of(made, first, s[k].a);
        y = value_of(made, first, s[k].b);
        *to = s[k].op == MAPOP_MUL ? product(&x, &y)
                                   : plus(&x, &y, s[k].op == MAPOP_SUB);
        if (!to->terms)
            return *to;
    }
    return made[s[map->steps - 1].dst - first];
}

/* ---- tiles --------------------------------------------------------------- */

/* Where a register's entries begin, and how far on those of the next column. */
struct column {
    const char *at;
    int64_t mask, step;
};

static struct column column_of(const struct map_machine *m, int r)
{
    const struct map_input *in = &m->input[r];

    if (r >= m->inputs || in->rs == 0)
        return (struct column){m->own[r], 0, 0};
    return (struct column){in->data, -1,
                           in->cs * (int64_t)type_bytes(in->type)};
}

/* Are operands columns, or the same along columns?  rows: some are the latter,
 * but not the same along rows.  piece: columns lie one behind another, those
 * of the result too. */
static int columns_fit(const struct map_machine *m, int64_t ld, int *rows,
                       int *piece)
{
    *rows = 0;
    *piece = ld == m->rows;
    for (int k = 0; k < m->inputs; k++) {
        const struct map_input *in = &m->input[k];
        if (in->rs != 0 && in->rs != 1)
            return 0;
        if (in->rs == 0 && in->cs != 0)
            *rows = 1;
        if (in->rs == 1 && in->cs != m->rows)
            *piece = 0;
    }
    if (*rows || m->cols == 1)
        *piece = 0;
    return *piece || m->cols == 1 ||
           m->rows * (int64_t)type_bytes(m->type) >= SHORT;
}

/* A line each of what column j of the operands has that are rows. */
static void fill_rows(struct map_machine *m, int64_t j)
{
    for (int k = 0; k < m->inputs; k++) {
        const struct map_input *in = &m->input[k];
        int64_t size = (int64_t)type_bytes(in->type);
        if (in->rs == 0 && in->cs != 0)
            tile_copy(in->type, 0, LINE / size, 1, in->data + j * in->cs * size,
                      0, 0, m->own[k], LINE / size);
    }
}

int map_sum_tile(struct map_machine *m, char *d, int64_t ld)
{
    struct products p = {.single = type_is_single(m->type)};
    int64_t size = (int64_t)type_bytes(m->type);
    int64_t bytes = m->rows * size, cols = m->cols;
    struct column a[TERMS] = {{0}}, b[TERMS] = {{0}};
    char ones[LINE] __attribute__((aligned(LINE)));
    struct sum sum;
    int rows, piece;

    if (type_is_complex(m->type) || m->gives != m->type ||
        !columns_fit(m, ld, &rows, &piece))
        return 0;
    sum = program_sum(m->call);
    if (!sum.terms || (sum.terms == 1 && sum.term->alone))
        return 0;
    map_fill(m->type, LINE / size, 1, ones);
    p.count = sum.terms;
    for (int k = 0; k < sum.terms; k++) {
        const struct term *t = &sum.term[k];
        a[k] = column_of(m, t->a);
        b[k] = t->alone ? (struct column){ones, 0, 0} : column_of(m, t->b);
        if (!a[k].mask) {
            struct column other = a[k];
            a[k] = b[k];
            b[k] = other;
        }
        if (!a[k].mask)
            return 0;
        p.a[k] = a[k].at;
        p.b[k] = b[k].at;
        p.mask[k] = b[k].mask;
        p.sign[k] = t->minus ? -1 : 1;
    }
    p.kind = m->past ? stream_kind(&p) : 0;
    if (m->past && (!p.kind || (uintptr_t)d % (size_t)size))
        return 0; /* lines begin with an entry */
    if (piece)
        bytes *= cols;
    for (int64_t j = 0; j < (piece ? 1 : cols); j++, d += ld * size) {
        if (rows)
            fill_rows(m, j);
        if (p.kind)
            stream(&p, bytes, d);
        else
            sum_columns(&p, 0, bytes, d);
        for (int k = 0; k < sum.terms; k++) {
            p.a[k] += a[k].step;
            p.b[k] += b[k].step;
        }
    }
    return 1;
}
