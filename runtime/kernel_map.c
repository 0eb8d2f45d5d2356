/* Map programs: entrywise work on tiles, as a small register machine.
 *
 * A register holds a block of up to MAP_BLOCK entries, so that a program's
 * registers stay in the first cache; an instruction is one loop over a block.
 * A block is high columns' worth of entries: as many whole columns as fit, or
 * 512 rows of one, or 64 rows by 8 columns where an operand runs along its
 * rows.  Operands are read where they lie if a block of theirs is contiguous,
 * else copied into their register; the last instruction writes the tile.
 * Every entry is computed by the same operations whatever its place.  A tile
 * by a program that is a sum of products has a loop of its own (kernel_sums.c).
 *
 * Conventions: operands are all of one precision, real or complex, and so is
 * everything up to the last instruction, whose result is converted to the
 * tile's own type.  A register holds real numbers or complex ones: those of
 * operands are what these are, arguments and constants are real, and a result
 * is complex where an argument is; but abs, real, imag, arg and the tests of
 * == != && || ! are real, complex(a, b) is not.  So real numbers stay real
 * whatever they meet later.
 *
 * Truth is 1 and 0, and what is not 0 is true (NaN too).  max and min give NaN
 * if either is NaN; of two equals (0 and -0) the second.  mod has the sign of
 * the divisor, mod(x, 0) = x.  round goes away from 0 at halves; sign(NaN) is
 * NaN.  exp, log, log2, sin, cos, tanh are elementary.h's (sin and cos of
 * entries beyond 2^20 and all others the C library's).
 * Complex: no order, so no < <= max min mod floor ceil round sign hypot;
 * products are by the formula, quotients, powers and functions the C
 * library's.  A transposed complex operand is conjugated as well, like
 * everywhere, unless OPERAND_CONJ says otherwise. */
#include "runtime/elementary.h"

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
#define real_exp(a) _Generic((a), float : exp_f32, double : exp_f64)(a)
#define real_log(a) _Generic((a), float : log_f32, double : log_f64)(a)
#define real_log2(a) _Generic((a), float : log2_f32, double : log2_f64)(a)
#define real_sin(a)  _Generic((a), float : sin_f32, double : sin_f64)(a)
#define real_cos(a)  _Generic((a), float : cos_f32, double : cos_f64)(a)
#define real_tanh(a) _Generic((a), float : tanh_f32, double : tanh_f64)(a)

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
    ROW(EXP, real_exp(a))                                                      \
    ROW(LOG, real_log(a))                                                      \
    ROW(LOG2, real_log2(a))                                                    \
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
    ROW(SIN, real_sin(a))                                                      \
    ROW(COS, real_cos(a))                                                      \
    ROW(TANH, real_tanh(a))                                                    \
    ROW(ROUND, round(a))                                                       \
    ROW(SIGN, a != a ? a : (a > 0) - (a < 0))                                  \
    ROW(CONJ, a)                                                               \
    ROW(REAL, a)                                                               \
    ROW(IMAG, 0)                                                               \
    ROW(ARG, atan2((__typeof__(a))0, a))

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
    ROW(SQRT, sqrt(a))                                                         \
    ROW(EXP, exp(a))                                                           \
    ROW(LOG, log(a))                                                           \
    ROW(LOG2, log(a) / LOG_OF_2)                                               \
    ROW(SELECT, a != 0 ? b : c)                                                \
    ROW(SIN, sin(a))                                                           \
    ROW(COS, cos(a))                                                           \
    ROW(TANH, tanh(a))                                                         \
    ROW(CONJ, conj(a))
#define LOG_OF_2 0.69314718055994530942

/* Of complex entries, with real results. */
#define COMPLEX_TO_REAL_OPS(ROW)                                               \
    ROW(ABS, fabs(a))                                                          \
    ROW(EQ, a == b)                                                            \
    ROW(NE, a != b)                                                            \
    ROW(AND, (a != 0) & (b != 0))                                              \
    ROW(OR, (a != 0) | (b != 0))                                               \
    ROW(NOT, a == 0)                                                           \
    ROW(REAL, creal(a))                                                        \
    ROW(IMAG, cimag(a))                                                        \
    ROW(ARG, carg(a))
#define REAL_TO_COMPLEX_OPS(ROW) ROW(COMPLEX, __builtin_complex(a, b))

/* One instruction on n entries; ds may be as, bs or cs. */
#define STEP_CASE(ID, VALUE)                                                   \
    case MAPOP_##ID:                                                           \
        KERNEL_EACH                                                            \
        for (int64_t i = 0; i < n; i++) {                                      \
            const __typeof__(*as) a = as[i], b = bs[i], c = cs[i];             \
            (void)a, (void)b, (void)c;                                         \
            ds[i] = VALUE;                                                     \
        }                                                                      \
        break;
#define STEP(NAME, T, D, OPS, CLONES)                                          \
    CLONES static void NAME(uint8_t op, int64_t n, const T *as, const T *bs,   \
                            const T *cs, D *ds)                                \
    {                                                                          \
        switch (op) {                                                          \
            OPS(STEP_CASE)                                                     \
        }                                                                      \
    }
STEP(step_f32, float, float, REAL_OPS, KERNEL_WIDE_CLONES)
STEP(step_f64, double, double, REAL_OPS, KERNEL_WIDE_CLONES)
STEP(step_c64, float complex, float complex, COMPLEX_OPS, KERNEL_CLONES)
STEP(step_c128, double complex, double complex, COMPLEX_OPS, KERNEL_CLONES)
STEP(real_c64, float complex, float, COMPLEX_TO_REAL_OPS, KERNEL_CLONES)
STEP(real_c128, double complex, double, COMPLEX_TO_REAL_OPS, KERNEL_CLONES)
STEP(complex_f32, float, float complex, REAL_TO_COMPLEX_OPS, KERNEL_CLONES)
STEP(complex_f64, double, double complex, REAL_TO_COMPLEX_OPS, KERNEL_CLONES)
#undef STEP
#undef STEP_CASE

/* sin and cos of a block in which an entry is too large for vector code: of
 * those the C library's. */
#define ANGLES(NAME, T)                                                        \
    KERNEL_WIDE_CLONES static int NAME##_large(int64_t n, const T *x)          \
    {                                                                          \
        int large = 0;                                                         \
        for (int64_t i = 0; i < n; i++)                                        \
            large |= !(fabs(x[i]) <= (T)ELEMENTARY_ANGLE);                     \
        return large;                                                          \
    }                                                                          \
    static void NAME##_any(uint8_t op, int64_t n, const T *x, T *y)            \
    {                                                                          \
        for (int64_t i = 0; i < n; i++) {                                      \
            T a = x[i];                                                        \
            if (fabs(a) <= (T)ELEMENTARY_ANGLE)                                \
                y[i] = op == MAPOP_SIN ? real_sin(a) : real_cos(a);            \
            else                                                               \
                y[i] = op == MAPOP_SIN ? sin(a) : cos(a);                      \
        }                                                                      \
    }
ANGLES(angles_f32, float)
ANGLES(angles_f64, double)
#undef ANGLES

static int is_angle(uint8_t op)
{
    return op == MAPOP_SIN || op == MAPOP_COS;
}

static void step_real_f32(uint8_t op, int64_t n, const float *a, const float *b,
                          const float *c, float *d)
{
    if (is_angle(op) && angles_f32_large(n, a))
        angles_f32_any(op, n, a, d);
    else
        step_f32(op, n, a, b, c, d);
}

static void step_real_f64(uint8_t op, int64_t n, const double *a,
                          const double *b, const double *c, double *d)
{
    if (is_angle(op) && angles_f64_large(n, a))
        angles_f64_any(op, n, a, d);
    else
        step_f64(op, n, a, b, c, d);
}

/* What an instruction takes and gives: complex numbers or real ones. */
enum step_form {
    FORM_NONE,
    FORM_REAL,
    FORM_COMPLEX,
    FORM_TO_REAL,
    FORM_TO_COMPLEX
};

static int form_exists(uint8_t op, enum step_form form)
{
#define ROW(ID, VALUE) case MAPOP_##ID:
    if (form == FORM_TO_COMPLEX)
        return op == MAPOP_COMPLEX;
    if (form == FORM_REAL)
        switch (op) {
            REAL_OPS(ROW)
            return 1;
        }
    if (form == FORM_COMPLEX)
        switch (op) {
            COMPLEX_OPS(ROW)
            return 1;
        }
    if (form == FORM_TO_REAL)
        switch (op) {
            COMPLEX_TO_REAL_OPS(ROW)
            return 1;
        }
#undef ROW
    return 0;
}

/* any: is one of the arguments complex? */
static enum step_form form_of(uint8_t op, int any)
{
    if (!any)
        return op == MAPOP_COMPLEX ? FORM_TO_COMPLEX : FORM_REAL;
    return form_exists(op, FORM_COMPLEX)   ? FORM_COMPLEX
           : form_exists(op, FORM_TO_REAL) ? FORM_TO_REAL
                                           : FORM_NONE;
}

static void step(int single, enum step_form form, uint8_t op, int64_t n,
                 const void *a, const void *b, const void *c, void *d)
{
    switch (form) {
    case FORM_REAL:
        if (single)
            step_real_f32(op, n, a, b, c, d);
        else
            step_real_f64(op, n, a, b, c, d);
        break;
    case FORM_COMPLEX:
        if (single)
            step_c64(op, n, a, b, c, d);
        else
            step_c128(op, n, a, b, c, d);
        break;
    case FORM_TO_REAL:
        if (single)
            real_c64(op, n, a, b, c, d);
        else
            real_c128(op, n, a, b, c, d);
        break;
    case FORM_TO_COMPLEX:
        if (single)
            complex_f32(op, n, a, b, c, d);
        else
            complex_f64(op, n, a, b, c, d);
        break;
    case FORM_NONE: break;
    }
}

int map_op_complex(uint8_t op)
{
    return form_of(op, 1) != FORM_NONE;
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

/* ---- types ------------------------------------------------------------- */

/* The type of most of the program: the operands' precision (without operands
 * the tile's), complex if anything is. */
static uint8_t map_type(const struct kernel_call *call)
{
    uint32_t k = map_reads_first(call) ? 0 : 1, first = k;
    uint8_t type = kernel_type(call, first < call->operands ? first : 0);

    for (; k < call->operands; k++)
        if (type_is_complex(kernel_type(call, k)))
            return type_complex(type);
    for (uint32_t s = 0; s < call->map->steps; s++)
        if (call->steps[call->map->first_step + s].op == MAPOP_COMPLEX)
            return type_complex(type);
    return type;
}

/* Which registers are complex before the first step: bits. */
static uint64_t map_complex(const struct kernel_call *call)
{
    uint32_t k = map_reads_first(call) ? 0 : 1, r = 0;
    uint64_t wide = 0;

    for (; k < call->operands; k++, r++)
        wide |= (uint64_t)type_is_complex(kernel_type(call, k)) << r;
    return wide;
}

/* Of the arguments that the step has. */
static int step_complex(const struct plan_map_step *s, uint64_t wide)
{
    int arity = map_op_arity(s->op);

    return (int)((wide >> s->a | (arity > 1 ? wide >> s->b : 0) |
                  (arity > 2 ? wide >> s->c : 0)) &
                 1);
}

static uint64_t step_result(uint64_t wide, const struct plan_map_step *s,
                            enum step_form form)
{
    uint64_t bit = (uint64_t)1 << s->dst;

    return form == FORM_COMPLEX || form == FORM_TO_COMPLEX ? wide | bit
                                                           : wide & ~bit;
}

/* Is what the last step gives complex? */
static int map_wide(const struct kernel_call *call)
{
    const struct plan_map_step *s = call->steps + call->map->first_step;
    uint64_t wide = map_complex(call);

    for (uint32_t n = 0; n < call->map->steps; n++, s++)
        wide = step_result(wide, s, form_of(s->op, step_complex(s, wide)));
    return call->map->steps && (wide >> s[-1].dst & 1);
}

uint8_t map_gives(const struct kernel_call *call)
{
    if (call->kernel != KERNEL_MAP_NORM)
        return call->type;
    return map_wide(call) ? type_complex(call->type) : type_real(call->type);
}

const char *map_types(const struct kernel_call *call, const char **op)
{
    const struct plan_map_step *s = call->steps + call->map->first_step;
    uint32_t k = map_reads_first(call) ? 0 : 1;
    int single = type_is_single(map_type(call));
    uint64_t wide = map_complex(call);

    *op = NULL;
    for (; k < call->operands; k++)
        if (type_is_single(kernel_type(call, k)) != single)
            return "operands of two precisions meet";
    for (uint32_t n = 0; n < call->map->steps; n++, s++) {
        enum step_form form = form_of(s->op, step_complex(s, wide));
        *op = map_op_name(s->op);
        if (form == FORM_NONE)
            return "is not defined for complex numbers";
        wide = step_result(wide, s, form);
    }
    *op = NULL;
    if (map_wide(call) && !type_is_complex(map_gives(call)))
        return "its numbers do not go into real ones; real, imag and abs give "
               "such";
    return NULL;
}

/* ---- blocks ------------------------------------------------------------ */

size_t map_scratch(const struct kernel_call *call)
{
    return ((size_t)call->map->registers + MAP_ARGS) * MAP_BLOCK *
               type_bytes(map_type(call)) +
           MAP_BLOCK * type_bytes(map_gives(call));
}

void map_fill(uint8_t type, int64_t n, double x, void *data)
{
    for (int64_t i = 0; i < n; i++)
        if (type_is_single(type))
            ((float *)data)[i] = (float)x;
        else
            ((double *)data)[i] = x;
}

/* n entries of one type in another: one precision, real to complex; or any
 * precision, the real part where the result is real (its imaginary part is 0
 * then: map_types). */
#define CONVERT(FROM, FROM_PARTS, TO, TO_PARTS)                                \
    for (int64_t i = 0; i < n; i++) {                                          \
        const FROM *x = (const FROM *)from + i * FROM_PARTS;                   \
        TO *y = (TO *)to + i * TO_PARTS;                                       \
        y[0] = (TO)x[0];                                                       \
        if (TO_PARTS == 2)                                                     \
            y[1] = FROM_PARTS == 2 ? (TO)x[FROM_PARTS - 1] : 0;                \
    }                                                                          \
    break;
#define CONVERT_FROM(FROM, FROM_PARTS)                                         \
    switch (to_type) {                                                         \
    case TM_F32: CONVERT(FROM, FROM_PARTS, float, 1)                           \
    case TM_F64: CONVERT(FROM, FROM_PARTS, double, 1)                          \
    case TM_C64: CONVERT(FROM, FROM_PARTS, float, 2)                           \
    case TM_C128: CONVERT(FROM, FROM_PARTS, double, 2)                         \
    }                                                                          \
    break;
static void convert(int64_t n, uint8_t from_type, const void *from,
                    uint8_t to_type, void *to)
{
    switch (from_type) {
    case TM_F32: CONVERT_FROM(float, 1)
    case TM_F64: CONVERT_FROM(double, 1)
    case TM_C64: CONVERT_FROM(float, 2)
    case TM_C128: CONVERT_FROM(double, 2)
    }
}
#undef CONVERT
#undef CONVERT_FROM

static int input_is_fixed(const struct map_input *in)
{
    return in->rs == 0 && in->cs == 0;
}

static struct map_input map_input(const struct kernel_call *call, uint32_t k)
{
    const struct kernel_tile *tile = kernel_operand(call, k);
    uint8_t flags = call->operand_flags[k];
    struct map_input in = {tile->data, tile->rs, tile->cs, kernel_type(call, k),
                           0};

    if (flags & OPERAND_TRANS) {
        in.rs = tile->cs;
        in.cs = tile->rs;
    }
    in.conj = type_is_complex(in.type) &&
              !(flags & OPERAND_TRANS) == !!(flags & OPERAND_CONJ);
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
    int r = m->inputs;

    for (int k = 0; k < m->inputs; k++)
        if (input_is_fixed(&m->input[k]))
            tile_copy(m->input[k].type, m->input[k].conj, MAP_BLOCK, 1,
                      m->input[k].data, 0, 0, m->own[k], MAP_BLOCK);
    for (uint32_t k = 0; k < call->args; k++)
        map_fill(m->type, MAP_BLOCK, call->arg[k], m->own[r++]);
    for (uint32_t k = 0; k < map->constants; k++)
        map_fill(m->type, MAP_BLOCK, call->constants[map->first_constant + k],
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
        m->input[0] = (struct map_input){m->own[0], 0, 0, call->type, 0};
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
    m->ahead = m->cols > 1 || m->past ? MAP_AHEAD : 0;
    m->high = m->along_rows ? MAP_BLOCK / MAP_WIDE
              : m->ahead    ? MAP_APART
                            : MAP_BLOCK;
    if (m->high > m->rows)
        m->high = m->rows;
    m->wide = m->along_rows || m->high == m->rows ? MAP_BLOCK / m->high : 1;
}

/* The CPU guesses that memory goes on behind a block, but not beyond a page,
 * nor that the next column comes: what lies some entries further on is on its
 * way while a block of input k, h entries from (i, j), is computed. */
static void load_ahead(const struct map_machine *m, int k, int64_t i, int64_t j,
                       int64_t h)
{
    const struct map_input *in = &m->input[k];
    int64_t bytes = (int64_t)type_bytes(in->type);

    if (in->rs != 1 || !m->ahead)
        return;
    i += m->ahead;
    if (i >= m->rows) {
        i = i - m->rows < m->rows ? i - m->rows : 0;
        j++;
    }
    if (i + h > m->rows)
        h = m->rows - i;
    if (j < m->cols)
        tile_prefetch(in->data + (i + j * in->cs) * bytes, (size_t)(h * bytes));
}

/* The same of blocks side by side: all of the next one. */
static void load_beside(const struct map_machine *m, int k, int64_t i,
                        int64_t j, int64_t h, int64_t w)
{
    const struct map_input *in = &m->input[k];
    int64_t bytes = (int64_t)type_bytes(in->type);
    const char *at = in->data + (i * in->rs + (j + w) * in->cs) * bytes;

    if (w > m->cols - j - w)
        w = m->cols - j - w;
    if (in->rs == 1)
        for (int64_t q = 0; q < w; q++)
            tile_prefetch(at + q * in->cs * bytes, (size_t)(h * bytes));
    else if (in->cs == 1 && w > 0)
        for (int64_t q = 0; q < h; q++)
            tile_prefetch(at + q * in->rs * bytes, (size_t)(w * bytes));
}

/* Block (i, j), h x w entries: where can each register be read? */
static void load(struct map_machine *m, int64_t i, int64_t j, int64_t h,
                 int64_t w)
{
    for (int k = 0; k < m->inputs; k++) {
        const struct map_input *in = &m->input[k];
        const char *at = in->data + (i * in->rs + j * in->cs) *
                                        (int64_t)type_bytes(in->type);
        if (input_is_fixed(in))
            continue;
        if (in->rs == 1 && (w == 1 || in->cs == h) && !in->conj) {
            m->now[k] = at;
        } else {
            tile_copy(in->type, in->conj, h, w, at, in->rs, in->cs, m->own[k],
                      h);
            m->now[k] = m->own[k];
        }
    }
}

/* Argument k of a step of complex numbers. */
static const char *argument(const struct map_machine *m, int k, uint8_t reg,
                            uint64_t wide, int64_t n)
{
    if (wide >> reg & 1)
        return m->now[reg];
    convert(n, type_real(m->type), m->now[reg], type_complex(m->type),
            m->widened[k]);
    return m->widened[k];
}

void map_block(struct map_machine *m, int64_t i, int64_t j, int64_t h,
               int64_t w, void *out, int64_t ld)
{
    const struct kernel_call *call = m->call;
    const struct plan_map_step *s = call->steps + call->map->first_step;
    int direct = !m->past && (w == 1 || ld == h), ahead = 0;
    int single = type_is_single(m->type), steps = (int)call->map->steps;
    uint64_t wide = m->wide_first;

    load(m, i, j, h, w);
    for (int k = 0; k < steps; k++, s++) {
        int last = k + 1 == steps, arity = map_ops[s->op].arity;
        int any = step_complex(s, wide);
        enum step_form form = form_of(s->op, any);
        const char *a = m->now[s->a], *b = a, *c = a;
        char *d = m->own[s->dst];
        uint8_t type;
        for (; ahead * steps < (k + 1) * m->inputs; ahead++)
            if (m->along_rows)
                load_beside(m, ahead, i, j, h, w);
            else
                load_ahead(m, ahead, i, j + w - 1, h);
        if (any)
            b = c = a = argument(m, 0, s->a, wide, h * w);
        if (arity > 1)
            b = any ? argument(m, 1, s->b, wide, h * w) : m->now[s->b];
        if (arity > 2)
            c = any ? argument(m, 2, s->c, wide, h * w) : m->now[s->c];
        wide = step_result(wide, s, form);
        type = wide >> s->dst & 1 ? type_complex(m->type) : type_real(m->type);
        if (last && direct && type == m->gives)
            d = out;
        step(single, form, s->op, h * w, a, b, c, d);
        m->now[s->dst] = d;
        if (last && type != m->gives) {
            convert(h * w, type, d, m->gives, direct ? out : m->result);
            d = direct ? out : m->result;
        }
        if (last && m->past)
            tile_stream(m->gives, 0, h, w, d, 1, h, out, ld);
        else if (last && !direct)
            tile_copy(m->gives, 0, h, w, d, 1, h, out, ld);
    }
}

char *map_begin(struct map_machine *m, const struct kernel_call *call,
                int64_t rows, int64_t cols)
{
    char *scratch = call->scratch;
    size_t bytes;

    m->call = call;
    m->type = map_type(call);
    m->gives = map_gives(call);
    m->wide_first = map_complex(call);
    m->rows = rows;
    m->cols = cols;
    m->inputs = 0;
    m->past = 0;
    m->ahead = 0;
    bytes = MAP_BLOCK * type_bytes(m->type);
    for (int r = 0; r < call->map->registers; r++, scratch += bytes)
        m->now[r] = m->own[r] = scratch;
    for (int k = 0; k < MAP_ARGS; k++, scratch += bytes)
        m->widened[k] = scratch;
    m->result = scratch;
    map_inputs(m);
    fill_fixed(m);
    return scratch + MAP_BLOCK * type_bytes(m->gives);
}

/* An input that is all that the program gives, or -1. */
static int copied_input(const struct map_machine *m)
{
    const struct plan_map *map = m->call->map;
    const struct plan_map_step *s = m->call->steps + map->first_step;

    return map->steps == 1 && s->op == MAPOP_COPY && s->a < m->inputs &&
                   m->input[s->a].type == m->gives
               ? s->a
               : -1;
}

static void tile_block(struct map_machine *m, int64_t i, int64_t j,
                       const struct kernel_tile *c)
{
    int64_t bytes = (int64_t)type_bytes(m->gives);

    map_block(m, i, j, m->rows - i < m->high ? m->rows - i : m->high,
              m->cols - j < m->wide ? m->cols - j : m->wide,
              (char *)c->data + (i + j * c->cs) * bytes, c->cs);
}

int run_MAP(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    struct map_machine m;
    int copied;

    (void)failure;
    if (c->rows == 0 || c->cols == 0)
        return 0;
    map_begin(&m, call, c->rows, c->cols);
    copied = copied_input(&m);
    if (copied >= 0) {
        const struct map_input *in = &m.input[copied];
        (c->past ? tile_stream : tile_copy)(in->type, in->conj, m.rows, m.cols,
                                            in->data, in->rs, in->cs, c->data,
                                            c->cs);
        if (c->past)
            tile_streamed();
        return 0;
    }
    m.past = c->past;
    if (map_sum_tile(&m, c->data, c->cs)) {
        if (m.past)
            tile_streamed();
        return 0;
    }
    map_blocks(&m, c->cs == c->rows || c->cols == 1);
    if (m.along_rows)
        for (int64_t i = 0; i < m.rows; i += m.high)
            for (int64_t j = 0; j < m.cols; j += m.wide)
                tile_block(&m, i, j, c);
    else
        for (int64_t j = 0; j < m.cols; j += m.wide)
            for (int64_t i = 0; i < m.rows; i += m.high)
                tile_block(&m, i, j, c);
    if (m.past)
        tile_streamed();
    return 0;
}

/* The diagonal is a row whose entries lie a column and a row apart. */
int run_MAP_DIAGONAL(const struct kernel_call *call,
                     struct kernel_failure *failure)
{
    struct kernel_tile tiles[PLAN_REGISTERS];
    struct kernel_call row = *call;

    memcpy(tiles, call->tiles, call->operands * sizeof *tiles);
    if (tiles->fresh)
        tile_zero(call->type, tiles->rows, tiles->cols, tiles->data, tiles->cs);
    if (tiles->cols > tiles->rows)
        tiles->cols = tiles->rows;
    if (tiles->rows)
        tiles->rows = 1;
    tiles->cs += tiles->rs;
    tiles->fresh = 0;
    row.tiles = tiles;
    return run_MAP(&row, failure);
}
