/* Map programs: entrywise work on tiles, as a small register machine.
 *
 * A register holds a block of up to MAP_BLOCK entries, so that a program's
 * registers stay in the first cache; an instruction is one loop over a block.
 * A block is high columns' worth of entries: as many whole columns as fit, or
 * 512 rows of one, or 64 rows by 8 columns where an operand runs along its
 * rows.  Operands are read where they lie if a block of theirs is contiguous,
 * else copied into their register; the last instruction writes the tile.
 * Every entry is computed by the same operations whatever its place.
 *
 * Conventions: everything is done in the tile's own type.  Truth is 1 and 0,
 * and what is not 0 is true (NaN too).  max and min give NaN if either is
 * NaN; of two equals (0 and -0) the second.  mod has the sign of the divisor,
 * mod(x, 0) = x.  round goes away from 0 at halves; sign(NaN) is NaN.  exp,
 * log, pow, ... are the C library's.  Complex: no order, so no < <= max min
 * mod floor ceil round sign hypot; abs has imaginary part 0; products are by
 * the formula, quotients, powers and functions the C library's.  A transposed
 * complex operand is conjugated as well, like everywhere. */
#include "runtime/kernel_private.h"

#include <math.h>
#include <string.h>
#include <tgmath.h>

/* ---- instructions ------------------------------------------------------ */

#define MOD_FLOORED(NAME, T, FMOD)                                             \
    static inline T NAME(T a, T b)                                             \
    {                                                                          \
        T rest;                                                                \
        if (b == 0)                                                            \
            return a;                                                          \
        rest = FMOD(a, b);                                                     \
        if (rest != 0 && (rest < 0) != (b < 0))                                \
            rest += b;                                                         \
        return rest;                                                           \
    }
MOD_FLOORED(mod_f32, float, fmodf)
MOD_FLOORED(mod_f64, double, fmod)
#undef MOD_FLOORED
#define mod(a, b) _Generic((a), float : mod_f32, double : mod_f64)(a, b)

/* ID of the instruction, its result for entries a, b, c */
#define REAL_OPS(ROW)                                                          \
    ROW(COPY, a)                                                               \
    ROW(ADD, a + b)                                                            \
    ROW(SUB, a - b)                                                            \
    ROW(MUL, a *b)                                                             \
    ROW(DIV, a / b)                                                            \
    ROW(POW, b == 2 ? a * a : pow(a, b))                                       \
    ROW(NEG, -a)                                                               \
    ROW(ABS, fabs(a))                                                          \
    ROW(SQRT, sqrt(a))                                                         \
    ROW(EXP, exp(a))                                                           \
    ROW(LOG, log(a))                                                           \
    ROW(LOG2, log2(a))                                                         \
    ROW(FLOOR, floor(a))                                                       \
    ROW(CEIL, ceil(a))                                                         \
    ROW(MOD, mod(a, b))                                                        \
    ROW(MAX, a > b || a != a ? a : b)                                          \
    ROW(MIN, a < b || a != a ? a : b)                                          \
    ROW(LT, a < b)                                                             \
    ROW(LE, a <= b)                                                            \
    ROW(EQ, a == b)                                                            \
    ROW(NE, a != b)                                                            \
    ROW(AND, (a != 0) & (b != 0))                                              \
    ROW(OR, (a != 0) | (b != 0))                                               \
    ROW(NOT, a == 0)                                                           \
    ROW(SELECT, a != 0 ? b : c)                                                \
    ROW(HYPOT, hypot(a, b))                                                    \
    ROW(SIN, sin(a))                                                           \
    ROW(COS, cos(a))                                                           \
    ROW(TANH, tanh(a))                                                         \
    ROW(ROUND, round(a))                                                       \
    ROW(SIGN, a != a ? a : (a > 0) - (a < 0))

#define TIMES(A, B)                                                            \
    __builtin_complex(creal(A) * creal(B) - cimag(A) * cimag(B),               \
                      creal(A) * cimag(B) + cimag(A) * creal(B))
#define COMPLEX_OPS(ROW)                                                       \
    ROW(COPY, a)                                                               \
    ROW(ADD, a + b)                                                            \
    ROW(SUB, a - b)                                                            \
    ROW(MUL, TIMES(a, b))                                                      \
    ROW(DIV, a / b)                                                            \
    ROW(POW, b == 2 ? TIMES(a, a) : pow(a, b))                                 \
    ROW(NEG, -a)                                                               \
    ROW(ABS, fabs(a))                                                          \
    ROW(SQRT, sqrt(a))                                                         \
    ROW(EXP, exp(a))                                                           \
    ROW(LOG, log(a))                                                           \
    ROW(LOG2, log(a) / LOG_OF_2)                                               \
    ROW(EQ, a == b)                                                            \
    ROW(NE, a != b)                                                            \
    ROW(AND, (a != 0) & (b != 0))                                              \
    ROW(OR, (a != 0) | (b != 0))                                               \
    ROW(NOT, a == 0)                                                           \
    ROW(SELECT, a != 0 ? b : c)                                                \
    ROW(SIN, sin(a))                                                           \
    ROW(COS, cos(a))                                                           \
    ROW(TANH, tanh(a))
#define LOG_OF_2 0.69314718055994530942

/* One instruction on n entries; ds may be as, bs or cs. */
#define STEP_CASE(ID, VALUE)                                                   \
    case MAPOP_##ID:                                                           \
        KERNEL_EACH                                                            \
        for (int64_t i = 0; i < n; i++) {                                      \
            const __typeof__(*ds) a = as[i], b = bs[i], c = cs[i];             \
            (void)a, (void)b, (void)c;                                         \
            ds[i] = VALUE;                                                     \
        }                                                                      \
        break;
#define STEP(NAME, T, OPS)                                                     \
    KERNEL_CLONES static void NAME(uint8_t op, int64_t n, const T *as,         \
                                   const T *bs, const T *cs, T *ds)            \
    {                                                                          \
        switch (op) {                                                          \
            OPS(STEP_CASE)                                                     \
        }                                                                      \
    }
STEP(step_f32, float, REAL_OPS)
STEP(step_f64, double, REAL_OPS)
STEP(step_c64, float complex, COMPLEX_OPS)
STEP(step_c128, double complex, COMPLEX_OPS)
#undef STEP
#undef STEP_CASE

static void step(uint8_t type, uint8_t op, int64_t n, const void *a,
                 const void *b, const void *c, void *d)
{
    switch (type) {
    case TM_F32: step_f32(op, n, a, b, c, d); break;
    case TM_F64: step_f64(op, n, a, b, c, d); break;
    case TM_C64: step_c64(op, n, a, b, c, d); break;
    case TM_C128: step_c128(op, n, a, b, c, d); break;
    }
}

int map_op_complex(uint8_t op)
{
    switch (op) {
#define ROW(ID, VALUE) case MAPOP_##ID:
        COMPLEX_OPS(ROW)
#undef ROW
        return 1;
    }
    return 0;
}

static const struct {
    const char *name;
    int arity;
} map_ops[MAPOP_COUNT] = {
#define MAPOP(NUMBER, ID, NAME, ARITY) [MAPOP_##ID] = {NAME, ARITY},
#include "plan/mapops.def"
#undef MAPOP
};

const char *map_op_name(uint8_t op)
{
    return op < MAPOP_COUNT ? map_ops[op].name : NULL;
}

int map_op_arity(uint8_t op)
{
    return map_ops[op].arity;
}

/* ---- blocks ------------------------------------------------------------ */

size_t map_scratch(const struct kernel_call *call)
{
    return (size_t)call->map->registers * MAP_BLOCK * type_bytes(call->type);
}

/* n entries of the real number x. */
static void fill(uint8_t type, int64_t n, double x, void *data)
{
    for (int64_t i = 0; i < n; i++)
        switch (type) {
        case TM_F32: ((float *)data)[i] = (float)x; break;
        case TM_F64: ((double *)data)[i] = x; break;
        case TM_C64: ((float complex *)data)[i] = (float)x; break;
        case TM_C128: ((double complex *)data)[i] = x; break;
        }
}

static int input_is_fixed(const struct map_input *in)
{
    return in->rs == 0 && in->cs == 0;
}

static struct map_input map_input(const struct kernel_call *call, uint32_t k)
{
    const struct kernel_tile *tile = kernel_operand(call, k);
    uint8_t flags = call->operand_flags[k];
    struct map_input in = {tile->data, tile->rs, tile->cs, 0};

    if (flags & OPERAND_TRANS) {
        in.rs = tile->cs;
        in.cs = tile->rs;
        in.conj = type_is_complex(call->type);
    }
    if (flags & (OPERAND_ROW | OPERAND_SCALAR))
        in.rs = 0;
    if (flags & (OPERAND_COL | OPERAND_SCALAR))
        in.cs = 0;
    return in;
}

/* Registers that are the same in all blocks: scalars, a fresh tile's zeros,
 * arguments, constants. */
static void fill_fixed(struct map_machine *m)
{
    const struct kernel_call *call = m->call;
    const struct plan_map *map = call->map;
    uint8_t type = call->type;
    int r = m->inputs;

    for (int k = 0; k < m->inputs; k++)
        if (input_is_fixed(&m->input[k]))
            tile_copy(type, m->input[k].conj, MAP_BLOCK, 1, m->input[k].data, 0,
                      0, m->own[k], MAP_BLOCK);
    for (uint32_t k = 0; k < call->args; k++)
        fill(type, MAP_BLOCK, call->arg[k], m->own[r++]);
    for (uint32_t k = 0; k < map->constants; k++)
        fill(type, MAP_BLOCK, call->constants[map->first_constant + k],
             m->own[r++]);
}

static void map_inputs(struct map_machine *m)
{
    const struct kernel_call *call = m->call;
    uint32_t k = map_reads_first(call) ? 0 : 1;

    for (; k < call->operands; k++)
        m->input[m->inputs++] = map_input(call, k);
    if (map_reads_first(call) && kernel_operand(call, 0)->fresh) {
        memset(m->own[0], 0, type_bytes(call->type));
        m->input[0] = (struct map_input){m->own[0], 0, 0, 0};
    }
}

void map_blocks(struct map_machine *m, int whole)
{
    int along_rows = 0;

    for (int k = 0; k < m->inputs; k++) {
        const struct map_input *in = &m->input[k];
        if (input_is_fixed(in))
            continue;
        if (in->rs != 1 || (in->cs != m->rows && m->cols > 1))
            whole = 0;
        if (in->rs != 1 && in->rs != 0)
            along_rows = 1;
    }
    if (whole) {
        m->rows *= m->cols;
        m->cols = 1;
    }
    m->along_rows = along_rows && m->cols >= MAP_WIDE;
    m->high = m->along_rows ? MAP_BLOCK / MAP_WIDE : MAP_BLOCK;
    if (m->high > m->rows)
        m->high = m->rows;
    m->wide = MAP_BLOCK / m->high;
}

/* Block (i, j), h x w entries: where can each register be read? */
static void load(struct map_machine *m, int64_t i, int64_t j, int64_t h,
                 int64_t w)
{
    uint8_t type = m->call->type;
    int64_t bytes = (int64_t)type_bytes(type);

    for (int k = 0; k < m->inputs; k++) {
        const struct map_input *in = &m->input[k];
        const char *at = in->data + (i * in->rs + j * in->cs) * bytes;
        if (input_is_fixed(in))
            continue;
        if (in->rs == 1 && (w == 1 || in->cs == h) && !in->conj) {
            m->now[k] = at;
        } else {
            tile_copy(type, in->conj, h, w, at, in->rs, in->cs, m->own[k], h);
            m->now[k] = m->own[k];
        }
    }
}

void map_block(struct map_machine *m, int64_t i, int64_t j, int64_t h,
               int64_t w, void *out, int64_t ld)
{
    const struct kernel_call *call = m->call;
    const struct plan_map_step *s = call->steps + call->map->first_step;
    uint8_t type = call->type;
    int direct = w == 1 || ld == h;

    load(m, i, j, h, w);
    for (uint32_t k = 0; k < call->map->steps; k++, s++) {
        int last = k + 1 == call->map->steps, arity = map_ops[s->op].arity;
        const char *a = m->now[s->a];
        const char *b = arity > 1 ? m->now[s->b] : a;
        const char *c = arity > 2 ? m->now[s->c] : a;
        char *d = last && direct ? out : m->own[s->dst];
        step(type, s->op, h * w, a, b, c, d);
        m->now[s->dst] = d;
        if (last && !direct)
            tile_copy(type, 0, h, w, d, 1, h, out, ld);
    }
}

char *map_begin(struct map_machine *m, const struct kernel_call *call,
                int64_t rows, int64_t cols)
{
    size_t bytes = MAP_BLOCK * type_bytes(call->type);
    int r;

    m->call = call;
    m->rows = rows;
    m->cols = cols;
    m->inputs = 0;
    for (r = 0; r < call->map->registers; r++)
        m->now[r] = m->own[r] = (char *)call->scratch + (size_t)r * bytes;
    map_inputs(m);
    fill_fixed(m);
    return (char *)call->scratch + (size_t)r * bytes;
}

int run_MAP(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    struct map_machine m;

    (void)failure;
    if (c->rows == 0 || c->cols == 0)
        return 0;
    map_begin(&m, call, c->rows, c->cols);
    map_blocks(&m, c->cs == c->rows || c->cols == 1);
    for (int64_t j = 0; j < m.cols; j += m.wide)
        for (int64_t i = 0; i < m.rows; i += m.high) {
            int64_t h = m.rows - i < m.high ? m.rows - i : m.high;
            int64_t w = m.cols - j < m.wide ? m.cols - j : m.wide;
            map_block(&m, i, j, h, w,
                      (char *)c->data +
                          (i + j * c->cs) * (int64_t)type_bytes(call->type),
                      c->cs);
        }
    return 0;
}
