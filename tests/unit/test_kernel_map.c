/* Map programs against entry-by-entry loops: every instruction in every type,
 * random programs on operands of all layouts and broadcasts. */
#include "tests/unit/kernel_test.h"

#include <complex.h>
#include <stdio.h>

static const int types[] = {TM_F32, TM_F64, TM_C64, TM_C128};

/* ---- the same, one entry at a time --------------------------------------- */

static double real_op(int op, double a, double b, double c)
{
    double r;

    switch (op) {
    case MAPOP_COPY: return a;
    case MAPOP_ADD: return a + b;
    case MAPOP_SUB: return a - b;
    case MAPOP_MUL: return a * b;
    case MAPOP_DIV: return a / b;
    case MAPOP_POW: return b == 2 ? a * a : pow(a, b);
    case MAPOP_NEG: return -a;
    case MAPOP_ABS: return fabs(a);
    case MAPOP_SQRT: return sqrt(a);
    case MAPOP_EXP: return exp(a);
    case MAPOP_LOG: return log(a);
    case MAPOP_LOG2: return log2(a);
    case MAPOP_FLOOR: return floor(a);
    case MAPOP_CEIL: return ceil(a);
    case MAPOP_MOD:
        r = b == 0 ? a : fmod(a, b);
        return b != 0 && r != 0 && (r < 0) != (b < 0) ? r + b : r;
    case MAPOP_MAX: return isnan(a) ? a : isnan(b) ? b : a > b ? a : b;
    case MAPOP_MIN: return isnan(a) ? a : isnan(b) ? b : a < b ? a : b;
    case MAPOP_LT: return a < b;
    case MAPOP_LE: return a <= b;
    case MAPOP_EQ: return a == b;
    case MAPOP_NE: return a != b;
    case MAPOP_AND: return a != 0 && b != 0;
    case MAPOP_OR: return a != 0 || b != 0;
    case MAPOP_NOT: return a == 0;
    case MAPOP_SELECT: return a != 0 ? b : c;
    case MAPOP_HYPOT: return hypot(a, b);
    case MAPOP_SIN: return sin(a);
    case MAPOP_COS: return cos(a);
    case MAPOP_TANH: return tanh(a);
    case MAPOP_ROUND: return round(a);
    case MAPOP_SIGN: return isnan(a) ? a : a > 0 ? 1 : a < 0 ? -1 : 0;
    case MAPOP_CONJ:
    case MAPOP_REAL: return a;
    case MAPOP_IMAG: return 0;
    case MAPOP_ARG: return isnan(a) ? a : signbit(a) ? M_PI : 0;
    }
    return NAN;
}

/* In double, for both types. */
static double complex complex_op(int op, double complex a, double complex b,
                                 double complex c)
{
    switch (op) {
    case MAPOP_COPY: return a;
    case MAPOP_ADD: return a + b;
    case MAPOP_SUB: return a - b;
    case MAPOP_MUL: return a * b;
    case MAPOP_DIV: return a / b;
    case MAPOP_POW: return cpow(a, b);
    case MAPOP_NEG: return -a;
    case MAPOP_ABS: return cabs(a);
    case MAPOP_SQRT: return csqrt(a);
    case MAPOP_EXP: return cexp(a);
    case MAPOP_LOG: return clog(a);
    case MAPOP_LOG2: return clog(a) / log(2);
    case MAPOP_EQ: return a == b;
    case MAPOP_NE: return a != b;
    case MAPOP_AND: return a != 0 && b != 0;
    case MAPOP_OR: return a != 0 || b != 0;
    case MAPOP_NOT: return a == 0;
    case MAPOP_SELECT: return a != 0 ? b : c;
    case MAPOP_SIN: return csin(a);
    case MAPOP_COS: return ccos(a);
    case MAPOP_TANH: return ctanh(a);
    case MAPOP_CONJ: return conj(a);
    case MAPOP_REAL: return creal(a);
    case MAPOP_IMAG: return cimag(a);
    case MAPOP_ARG: return carg(a);
    }
    return NAN;
}

/* What runtime/elementary.h computes. */
static const int own_ops[] = {MAPOP_EXP, MAPOP_LOG, MAPOP_LOG2,
                              MAPOP_SIN, MAPOP_COS, MAPOP_TANH};
enum { OWN_OPS = sizeof own_ops / sizeof *own_ops };

static int is_own(int op)
{
    for (int k = 0; k < OWN_OPS; k++)
        if (op == own_ops[k])
            return 1;
    return 0;
}

/* Equal, or both NaN, or near: f32 against the same in double, complex
 * against the library in double, our own functions against the library. */
static int agrees(int type, int op, struct number x, double re, double im)
{
    int ulps = type == TM_F64 ? 2 * is_own(op) : op == MAPOP_POW ? 100 : 8;
    long double slack = ulps * epsilon_of(type);
    long double size = hypotl(re, im);

    if (isnan(re) || isnan(im))
        return isnan((double)x.re) || isnan((double)x.im);
    if (isinf(re) || isinf(im) || size > 1e38L)
        return !(number_abs(x) < 1e30L);
    return hypotl(x.re - re, x.im - im) <= slack * size + (slack ? 1e-37L : 0);
}

/* ---- single instructions ---------------------------------------------------
 */

static const double special[] = {0,    -0.0,     1,         -1,   0.5,
                                 -2.5, 2,        3,         1e10, 7.5,
                                 -7.5, INFINITY, -INFINITY, NAN,  0.1};
enum { SPECIALS = sizeof special / sizeof special[0] };

static struct number pick(int type)
{
    struct number x = {special[test_below(SPECIALS)], 0};

    if (test_below(2) || is_complex(type))
        x = (struct number){3 * test_real(), 3 * test_real()};
    if (!is_complex(type))
        x.im = 0;
    return x;
}

static double complex to_double(struct number x)
{
    return __builtin_complex((double)x.re, (double)x.im);
}

static int op_holds(int type, int op)
{
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, 37, 29), a[3];
    struct plan_map_step step = {(uint8_t)op, 3, 0, 1, 2};
    struct plan_map map = {0, 1, 0, 0, 3, 4};
    struct test_call t;

    test_begin(&t, KERNEL_MAP, type, 0);
    test_add(&t, c, 0);
    for (int k = 0; k < 3; k++) {
        a[k] = test_tile(1 + k, type, test_below(TEST_LAYOUTS), 37, 29);
        for (int64_t j = 0; j < 29; j++)
            for (int64_t i = 0; i < 37; i++)
                test_put(type, &a[k], i, j, pick(type));
        test_add(&t, a[k], 0);
    }
    t.call.map = &map;
    t.call.steps = &step;
    if (test_run(&t))
        return 0;
    for (int64_t j = 0; j < 29; j++)
        for (int64_t i = 0; i < 37; i++) {
            struct number x = test_get(type, &a[0], i, j);
            struct number y = test_get(type, &a[1], i, j);
            struct number z = test_get(type, &a[2], i, j), got;
            double complex w;
            got = test_get(type, &c, i, j);
            w = is_complex(type)
                    ? complex_op(op, to_double(x), to_double(y), to_double(z))
                    : real_op(op, (double)x.re, (double)y.re, (double)z.re);
            if (!agrees(type, op, got, creal(w), cimag(w))) {
                printf("op %d of %Lg%+Lgi, %Lg%+Lgi: %Lg%+Lgi, not %g%+gi\n",
                       op, x.re, x.im, y.re, y.im, got.re, got.im, creal(w),
                       cimag(w));
                return 0;
            }
        }
    return 1;
}

static int op_refused(int type, int op)
{
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, 2, 2);
    struct plan_map_step step = {(uint8_t)op, 3, 0, 0, 0};
    struct plan_map map = {0, 1, 0, 0, 1, 4};
    struct test_call t;

    test_begin(&t, KERNEL_MAP, type, 0);
    test_add(&t, c, 0);
    test_add(&t, c, 0);
    t.call.map = &map;
    t.call.steps = &step;
    return test_check(&t) && strstr(t.text, "complex") != NULL;
}

static void all_ops(void)
{
    for (int k = 0; k < 4; k++) {
        int good = 1, refused = 0;
        for (int op = 1; op < MAPOP_COUNT; op++) {
            if (op == MAPOP_COMPLEX)
                continue; /* see mixed_types() */
            double complex x = complex_op(op, 1, 1, 1);
            if (is_complex(types[k]) && isnan(creal(x))) {
                good &= op_refused(types[k], op);
                refused++;
            } else {
                good &= op_holds(types[k], op);
            }
        }
        printf("%s: %d refused\n", type_name((uint8_t)types[k]), refused);
        CHECK(good);
    }
}

/* ---- functions ----------------------------------------------------------- */

/* The distance of numbers of the type where y lies. */
static long double ulp_at(int type, long double y)
{
    int single = type == TM_F32, lowest = single ? -149 : -1074, exponent;

    frexpl(y, &exponent);
    exponent -= single ? 24 : 53;
    return ldexpl(1, y == 0 || exponent < lowest ? lowest : exponent);
}

/* Within an ulp, or what the type has where that is no number or too large. */
static int within_ulp(int type, long double x, long double y)
{
    long double near =
        type == TM_F32 ? (long double)(float)y : (long double)(double)y;

    if (isnan(y))
        return isnan(x);
    return isinf(near) ? x == near : fabsl(x - y) < ulp_at(type, y);
}

/* Arguments whose results fill the type's range, and some outside. */
static double function_argument(int type, int op)
{
    static const double limits[] = {
        0,        -0.0,      INFINITY, -INFINITY, NAN,       1,       -1,
        0x1p-149, 0x1p-1074, -1e300,   1e300,     0x1p-1022, 88.7228, -103.9720,
        -103.973, 709.7827,  709.783,  -745.133,  -745.134,  -708.4};
    int lowest = type == TM_F32 ? -149 : -1074, highest = -lowest;
    int kind = test_below(16);

    if (kind == 0)
        return limits[test_below(sizeof limits / sizeof *limits)];
    if (kind < 4) /* near 0; near 1 */
        return (op == MAPOP_LOG || op == MAPOP_LOG2) +
               ldexp(test_real(), -test_below(60));
    if ((op == MAPOP_SIN || op == MAPOP_COS) && kind < 12)
        return ldexp(test_real(), test_below(test_below(8) ? 21 : 60));
    if (op == MAPOP_LOG || op == MAPOP_LOG2)
        return ldexp(1.5 + test_real() / 2,
                     lowest + test_below(highest - lowest));
    return kind < 8 ? test_real() : test_real() * highest * 0.72;
}

/* What a program of one instruction makes of a. */
static int run_function(int type, int op, struct kernel_tile c,
                        struct kernel_tile a)
{
    struct plan_map_step step = {(uint8_t)op, 1, 0, 0, 0};
    struct plan_map map = {0, 1, 0, 0, 1, 2};
    struct test_call t;

    test_begin(&t, KERNEL_MAP, type, 0);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    t.call.map = &map;
    t.call.steps = &step;
    return test_run(&t);
}

static long double function_value(int op, long double x)
{
    switch (op) {
    case MAPOP_EXP: return expl(x);
    case MAPOP_LOG: return logl(x);
    case MAPOP_LOG2: return log2l(x);
    case MAPOP_SIN: return sinl(x);
    case MAPOP_COS: return cosl(x);
    default: return tanhl(x);
    }
}

/* Within an ulp, and as if the entry were alone. */
static int function_holds(int type, int op, int alone)
{
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, 37, 29);
    struct kernel_tile a = test_tile(1, type, TEST_POOLED, 37, 29);
    struct kernel_tile one = test_tile(2, type, TEST_POOLED, 1, 1);
    struct kernel_tile of = test_tile(3, type, TEST_POOLED, 1, 1);

    for (int64_t j = 0; j < 29; j++)
        for (int64_t i = 0; i < 37; i++)
            test_put(type, &a, i, j,
                     (struct number){function_argument(type, op), 0});
    if (run_function(type, op, c, a))
        return 0;
    for (int64_t j = 0; j < 29; j++)
        for (int64_t i = 0; i < 37; i++) {
            struct number x = test_get(type, &a, i, j);
            struct number y = test_get(type, &c, i, j), z = y;
            if (alone) {
                test_put(type, &of, 0, 0, x);
                if (run_function(type, op, one, of))
                    return 0;
                z = test_get(type, &one, 0, 0);
            }
            if (within_ulp(type, y.re, function_value(op, x.re)) &&
                (z.re == y.re || isnan(y.re)))
                continue;
            printf("op %d of %La: %La, alone %La\n", op, x.re, y.re, z.re);
            return 0;
        }
    return 1;
}

static void functions(void)
{
    for (int k = 0; k < 2; k++)
        for (int o = 0; o < OWN_OPS; o++) {
            int good = 1, repeat = test_repeat(100);
            for (int r = 0; r < repeat; r++)
                good &= function_holds(types[k], own_ops[o], r == 0);
            CHECK(good && "within an ulp");
        }
}

/* ---- programs
 * ---------------------------------------------------------------- */

enum { INPUTS = 3, STEPS = 6 };
struct program {
    struct plan_map map;
    struct plan_map_step steps[STEPS];
    double constants[2];
    uint8_t flags[INPUTS + 1];
};

/* Of sums, products with inputs, comparisons: exact in each type. */
static void program_new(struct program *p, int inputs)
{
    static const int ops[] = {MAPOP_ADD, MAPOP_SUB,    MAPOP_MUL,  MAPOP_NEG,
                              MAPOP_EQ,  MAPOP_SELECT, MAPOP_COPY, MAPOP_NOT};
    int fixed = inputs + 2;

    p->map = (struct plan_map){0,
                               1 + (uint32_t)test_below(STEPS),
                               0,
                               2,
                               (uint8_t)inputs,
                               (uint8_t)(fixed + STEPS)};
    p->constants[0] = 0.5;
    p->constants[1] = -3;
    for (int s = 0; s < STEPS; s++)
        p->steps[s] = (struct plan_map_step){
            (uint8_t)ops[test_below(8)], (uint8_t)(fixed + s),
            (uint8_t)test_below(fixed + s), (uint8_t)test_below(fixed),
            (uint8_t)test_below(fixed + s)};
    p->steps[test_below(STEPS)].a = 0;
}

/* Small whole numbers: every result is exact. */
static void fill_whole(int type, const struct kernel_tile *t)
{
    for (int64_t j = 0; j < t->cols; j++)
        for (int64_t i = 0; i < t->rows; i++)
            test_put(type, t, i, j,
                     (struct number){test_below(5) - 2, test_below(3) - 1});
}

static struct number number_op(int op, struct number a, struct number b,
                               struct number c)
{
    int truth = a.re != 0 || a.im != 0;

    switch (op) {
    case MAPOP_ADD: return number_add(a, b);
    case MAPOP_SUB: return (struct number){a.re - b.re, a.im - b.im};
    case MAPOP_MUL: return number_mul(a, b);
    case MAPOP_NEG: return (struct number){-a.re, -a.im};
    case MAPOP_EQ: return (struct number){a.re == b.re && a.im == b.im, 0};
    case MAPOP_SELECT: return truth ? b : c;
    case MAPOP_NOT: return (struct number){!truth, 0};
    }
    return a;
}

static struct number input_entry(int type, const struct kernel_tile *t,
                                 int flags, int64_t i, int64_t j)
{
    struct number x;

    if (flags & (OPERAND_ROW | OPERAND_SCALAR))
        i = 0;
    if (flags & (OPERAND_COL | OPERAND_SCALAR))
        j = 0;
    x = flags & OPERAND_TRANS ? number_conj(test_get(type, t, j, i))
                              : test_get(type, t, i, j);
    return x;
}

static struct number run_entry(int type, const struct program *p,
                               const struct kernel_tile *in, int inputs,
                               double arg, int64_t i, int64_t j)
{
    struct number r[INPUTS + 4 + STEPS];
    int n = 0;

    for (int k = 0; k < inputs; k++)
        r[n++] = input_entry(type, &in[k], p->flags[k], i, j);
    r[n++] = (struct number){arg, 0};
    for (int k = 0; k < 2; k++)
        r[n++] = (struct number){p->constants[k], 0};
    for (uint32_t s = 0; s < p->map.steps; s++) {
        const struct plan_map_step *step = &p->steps[s];
        r[step->dst] = number_op(step->op, r[step->a], r[step->b], r[step->c]);
    }
    return r[p->steps[p->map.steps - 1].dst];
}

static struct kernel_tile map_operand(int slot, int type, int flags,
                                      int64_t rows, int64_t cols)
{
    struct kernel_tile t;
    int64_t swap;

    if (flags & (OPERAND_ROW | OPERAND_SCALAR))
        rows = 1;
    if (flags & (OPERAND_COL | OPERAND_SCALAR))
        cols = 1;
    if (flags & OPERAND_TRANS) {
        swap = rows;
        rows = cols;
        cols = swap;
    }
    t = test_tile(slot, type, test_below(3) ? test_below(TEST_LAYOUTS) : 0,
                  rows, cols);
    fill_whole(type, &t);
    return t;
}

static int map_case(int type)
{
    static const int flags[] = {0,
                                0,
                                0,
                                OPERAND_TRANS,
                                OPERAND_ROW,
                                OPERAND_COL,
                                OPERAND_SCALAR,
                                OPERAND_ROW | OPERAND_TRANS};
    int64_t m = test_size() * (test_below(4) ? 1 : 9), n = test_size();
    int reads_first = test_below(2), operands = test_below(INPUTS) + 1;
    int inputs = operands - 1 + reads_first, k = 0;
    int layout = test_below(2) ? TEST_POOLED : TEST_GAPS;
    struct kernel_tile c = test_tile(0, type, layout, m, n), in[INPUTS];
    struct program p = {0};
    struct test_call t;
    double arg = 3;

    c.past = (uint8_t)test_below(2);
    c.fresh = (uint8_t)test_below(2);
    if (c.fresh)
        test_spoil(type, &c);
    else
        fill_whole(type, &c);
    test_begin(&t, KERNEL_MAP, type, 0);
    test_add(&t, c, 0);
    if (reads_first) {
        in[k] = test_copy(10, type, TEST_POOLED, &c);
        if (c.fresh)
            memset(in[k].data, 0, (size_t)(m * n) * type_bytes((uint8_t)type));
        k++;
    }
    for (int o = 1; o < operands; o++, k++) {
        p.flags[k] = (uint8_t)flags[test_below(8)];
        in[k] = map_operand(1 + o, type, p.flags[k], m, n);
        test_add(&t, in[k], 0);
        t.operand_flags[o] = p.flags[k];
    }
    program_new(&p, inputs + 1);
    p.map.inputs = (uint8_t)(inputs + 1);
    test_args(&t, 1, &arg);
    t.call.map = &p.map;
    t.call.steps = p.steps;
    t.call.constants = p.constants;
    if (test_run(&t))
        return 0;
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            struct number x = test_get(type, &c, i, j);
            struct number want = run_entry(type, &p, in, inputs, arg, i, j);
            if (x.re != want.re || (is_complex(type) && x.im != want.im))
                return 0;
        }
    return 1;
}

/* ---- sums of products ------------------------------------------------------
 */

enum { SUM_TERMS = 5 };

/* One step in the type's own arithmetic. */
static double rounded(int type, int op, double a, double b)
{
    if (type == TM_F32) {
        float x = (float)a, y = (float)b;
        return op == MAPOP_ADD ? x + y : op == MAPOP_SUB ? x - y : x * y;
    }
    return op == MAPOP_ADD ? a + b : op == MAPOP_SUB ? a - b : a * b;
}

/* 1 to 5 terms, inputs and constants and products of two of them, one after
 * the other, or now and then the sum so far behind the term.  Registers: 4
 * inputs, an argument, 2 constants, the sum, a product. */
static void sum_new(struct program *p, struct plan_map_step *steps)
{
    int terms = 1 + (int)test_below(SUM_TERMS), n = 0, first = INPUTS + 4;

    for (int k = 0; k < terms; k++) {
        uint8_t a = (uint8_t)test_below(first), b = (uint8_t)test_below(first);
        uint8_t sum = (uint8_t)first, term = k ? sum + 1 : sum;
        uint8_t op = test_below(2) ? MAPOP_ADD : MAPOP_SUB;
        if (!k || test_below(2))
            steps[n++] = (struct plan_map_step){MAPOP_MUL, term, a, b, 0};
        else
            term = a;
        if (k && test_below(8))
            steps[n++] = (struct plan_map_step){op, sum, sum, term, 0};
        else if (k)
            steps[n++] = (struct plan_map_step){op, sum, term, sum, 0};
    }
    p->map = (struct plan_map){0, (uint32_t)n, 0,
                               2, INPUTS + 2,  (uint8_t)(first + 2)};
    p->constants[0] = 0.7;
    p->constants[1] = -3;
}

static int sum_holds(int type, const struct program *p,
                     const struct plan_map_step *steps,
                     const struct kernel_tile *in, double arg,
                     const struct kernel_tile *c)
{
    for (int64_t j = 0; j < c->cols; j++)
        for (int64_t i = 0; i < c->rows; i++) {
            double r[INPUTS + 6];
            uint8_t last = steps[p->map.steps - 1].dst;
            for (int k = 0; k <= INPUTS; k++)
                r[k] = (double)input_entry(type, &in[k], p->flags[k], i, j).re;
            r[INPUTS + 1] = rounded(type, MAPOP_MUL, arg, 1);
            for (int k = 0; k < 2; k++)
                r[INPUTS + 2 + k] =
                    rounded(type, MAPOP_MUL, p->constants[k], 1);
            for (uint32_t s = 0; s < p->map.steps; s++)
                r[steps[s].dst] =
                    rounded(type, steps[s].op, r[steps[s].a], r[steps[s].b]);
            if ((double)test_get(type, c, i, j).re != r[last])
                return 0;
        }
    return 1;
}

/* The bits are those of the steps, whatever is done in one loop. */
static int sum_case(int type)
{
    static const int flags[] = {0, 0,           0,           0,
                                0, OPERAND_ROW, OPERAND_COL, OPERAND_SCALAR};
    static const int heights[] = {1, 7, 63, 64, 65, 128, 200, 600};
    int64_t m = heights[test_below(8)], n = 1 + test_below(9);
    int apart = (int)test_below(2);
    struct kernel_tile in[INPUTS + 1];
    struct plan_map_step steps[2 * SUM_TERMS];
    struct program p = {0};
    struct test_call t;
    struct kernel_tile c =
        test_tile(0, type, apart ? TEST_GAPS : TEST_POOLED, m, n);
    double arg = 1.1;

    c.past = (uint8_t)test_below(2);
    test_spoil(type, &c);
    c.fresh = 1;
    test_begin(&t, KERNEL_MAP, type, 0);
    test_add(&t, c, 0);
    for (int k = 0; k <= INPUTS; k++) {
        int64_t rows = m, cols = n;
        p.flags[k] = (uint8_t)flags[test_below(8)];
        if (p.flags[k] & (OPERAND_ROW | OPERAND_SCALAR))
            rows = 1;
        if (p.flags[k] & (OPERAND_COL | OPERAND_SCALAR))
            cols = 1;
        in[k] =
            test_tile(1 + k, type, apart ? TEST_GAPS : TEST_POOLED, rows, cols);
        test_fill(type, &in[k]);
        test_add(&t, in[k], 0);
        t.operand_flags[1 + k] = p.flags[k];
    }
    sum_new(&p, steps);
    test_args(&t, 1, &arg);
    t.call.map = &p.map;
    t.call.steps = steps;
    t.call.constants = p.constants;
    return !test_run(&t) && sum_holds(type, &p, steps, in, arg, &c);
}

/* One reduction of rows x cols numbers that the call's operands give. */
static int reduced(struct test_call *t, int kernel, int type, int64_t rows,
                   int slot, struct kernel_tile *to)
{
    *to = test_tile(slot, type, TEST_POOLED, rows, 1);
    t->call.kernel = (uint8_t)kernel;
    t->tiles[0] = *to;
    return test_run(t);
}

/* A reduction of what a program gives has the bits of the same reduction of
 * what the program has stored. */
static int reduction_case(int type)
{
    static const int flags[] = {0,           OPERAND_TRANS,  OPERAND_ROW,
                                OPERAND_COL, OPERAND_SCALAR, 0};
    int kernel = test_below(9), rows = kernel >= 4, order = kernel % 4 > 1;
    int64_t m = 1 + test_size() * (test_below(4) ? 1 : 9), n = 1 + test_size();
    int operands = 1 + test_below(INPUTS - 1), inputs = operands;
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, m, n), in[INPUTS];
    struct kernel_tile stored, fused;
    struct program p = {0};
    struct test_call map, reduce;
    double arg = 3;

    if (kernel > 4 || order)
        type = type == TM_C64 ? TM_F32 : type == TM_C128 ? TM_F64 : type;
    c = test_tile(0, type, TEST_POOLED, m, n);
    test_begin(&map, KERNEL_MAP, type, 0);
    test_add(&map, c, 0);
    for (int k = 0; k < operands; k++) {
        p.flags[k] = (uint8_t)flags[test_below(k ? 6 : 2)];
        in[k] = map_operand(1 + k, type, p.flags[k], m, n);
        test_add(&map, in[k], 0);
        map.operand_flags[k + 1] = p.flags[k];
    }
    program_new(&p, inputs + 1);
    p.map.inputs = (uint8_t)(inputs + 1);
    test_args(&map, 1, &arg);
    map.call.map = &p.map;
    map.call.steps = p.steps;
    map.call.constants = p.constants;
    if (test_run(&map))
        return 0;
    test_begin(&reduce, KERNEL_SUM, type, 0);
    test_add(&reduce, c, 0);
    test_add(&reduce, c, 0);
    return !reduced(&reduce,
                    rows ? KERNEL_ROWSUMS + kernel - 4 : KERNEL_SUM + kernel,
                    type, rows ? m : 1, 20, &stored) &&
           !reduced(&map, KERNEL_MAP_SUM + kernel, type, rows ? m : 1, 21,
                    &fused) &&
           test_same(type, &stored, &fused);
}

/* What is too large, too small and empty; what has no size. */
static void reduction_checks(void)
{
    struct kernel_tile s = test_tile(0, TM_F64, 0, 1, 1);
    struct kernel_tile a = test_tile(1, TM_F64, TEST_ROWS, 5, 130), none;
    struct plan_map_step step = {MAPOP_COPY, 1, 0, 0, 0};
    struct plan_map map = {0, 1, 0, 0, 1, 2};
    struct test_call t;

    fill_whole(TM_F64, &a);
    test_begin(&t, KERNEL_MAP_NORM, TM_F64, 0);
    test_add(&t, s, 0);
    test_add(&t, a, 0);
    CHECK(test_check(&t) && "no program");
    t.call.map = &map;
    t.call.steps = &step;
    CHECK(!test_check(&t));
    test_put(TM_F64, &a, 2, 100, (struct number){1e300, 0});
    CHECK(!test_run(&t) && test_get(TM_F64, &s, 0, 0).re == (long double)1e300);
    t.operand_flags[1] = OPERAND_ROW;
    CHECK(test_check(&t) && strstr(t.text, "no operand says"));
    t.operand_flags[1] = 0;
    t.call.kernel = KERNEL_MAP_ROWSUMS;
    CHECK(test_check(&t) && strstr(t.text, "for 5 rows"));
    none = test_tile(1, TM_F64, 0, 0, 4);
    test_begin(&t, KERNEL_MAP_SUM, TM_F64, 0);
    test_add(&t, s, 0);
    test_add(&t, none, 0);
    t.call.map = &map;
    t.call.steps = &step;
    CHECK(!test_run(&t) && test_get(TM_F64, &s, 0, 0).re == 0);
    t.call.kernel = KERNEL_MAP_MAX;
    CHECK(test_check(&t) && strstr(t.text, "max of an empty matrix"));
}

/* A result may lie where an operand lies. */
static void in_place(void)
{
    struct kernel_tile c = test_tile(0, TM_F64, TEST_POOLED, 100, 31), old;
    struct plan_map_step steps[] = {{MAPOP_MUL, 2, 0, 0, 0},
                                    {MAPOP_SUB, 2, 2, 1, 0}};
    struct plan_map map = {0, 2, 0, 0, 2, 3};
    struct test_call t;
    int good = 1;

    fill_whole(TM_F64, &c);
    old = test_copy(1, TM_F64, TEST_POOLED, &c);
    test_begin(&t, KERNEL_MAP, TM_F64, 0);
    test_add(&t, c, 0);
    test_add(&t, c, 0);
    t.call.map = &map;
    t.call.steps = steps;
    good &= test_run(&t) == 0;
    for (int64_t j = 0; j < 31; j++)
        for (int64_t i = 0; i < 100; i++) {
            double x = (double)test_get(TM_F64, &old, i, j).re;
            good &= test_get(TM_F64, &c, i, j).re == x * x - x;
        }
    CHECK(good);
}

/* map_diagonal changes the diagonal and nothing beside it; diagonal reads it.
 */
static int diagonal_case(int type, int64_t m, int64_t n, int fresh)
{
    static const uint8_t flags = OPERAND_SCALAR;
    struct plan_map_step steps[] = {{MAPOP_MUL, 3, 1, 2, 0},
                                    {MAPOP_ADD, 3, 0, 3, 0}};
    struct plan_map map = {0, 2, 0, 0, 3, 4};
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, m, n), old;
    struct kernel_tile s = test_tile(2, type, 0, 1, 1);
    struct kernel_tile d = test_tile(3, type, 0, m < n ? m : n, 1);
    struct test_call t;
    double arg = 2;
    int good = 1;

    fill_whole(type, &c);
    if (fresh)
        memset(c.data, 0, (size_t)(m * n) * type_bytes((uint8_t)type));
    old = test_copy(1, type, TEST_POOLED, &c);
    test_put(type, &s, 0, 0, (struct number){3, 0});
    if (fresh)
        test_spoil(type, &c);
    c.fresh = (uint8_t)fresh;
    test_begin(&t, KERNEL_MAP_DIAGONAL, type, 0);
    test_add(&t, c, 0);
    test_add(&t, s, 0);
    t.operand_flags[1] = flags;
    test_args(&t, 1, &arg);
    t.call.map = &map;
    t.call.steps = steps;
    good &= test_run(&t) == 0;
    good &= kernel_flops(&t.call) == 2. * (double)(m < n ? m : n);
    c.fresh = 0;
    test_begin(&t, KERNEL_DIAGONAL, type, 0);
    test_add(&t, d, 0);
    test_add(&t, c, 0);
    good &= test_run(&t) == 0 && kernel_flops(&t.call) == 0;
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            struct number x = test_get(type, &c, i, j);
            struct number y = test_get(type, &old, i, j);
            y.re += i == j ? 6 : 0;
            good &= type == TM_F32 || type == TM_C64
                        ? (float)x.re == (float)y.re
                        : (double)x.re == (double)y.re;
            good &= !is_complex(type) || x.im == y.im;
            if (i == j)
                good &= test_get(type, &d, i, 0).re == x.re;
        }
    return good;
}

static void diagonals(void)
{
    static const int64_t sizes[][2] = {{1, 1},   {5, 5},     {64, 64}, {130, 7},
                                       {7, 130}, {150, 150}, {0, 3}};

    for (int k = 0; k < 4; k++)
        for (uint32_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (int fresh = 0; fresh < 2; fresh++)
                CHECK(diagonal_case(types[k], sizes[s][0], sizes[s][1], fresh));
}

/* The same bits in every layout, of functions too. */
static void same_bits(void)
{
    static const uint8_t ops[] = {MAPOP_EXP, MAPOP_DIV, MAPOP_POW, MAPOP_TANH,
                                  MAPOP_HYPOT};
    struct plan_map map = {0, 1, 0, 0, 2, 3};
    int good = 1;

    for (int k = 0; k < 4; k++)
        for (int o = 0; o < 5; o++) {
            struct plan_map_step step = {ops[o], 2, 0, 1, 0};
            struct kernel_tile a = test_tile(2, types[k], 0, 65, 43), b;
            struct kernel_tile c[2];
            if (is_complex(types[k]) && ops[o] == MAPOP_HYPOT)
                continue;
            test_fill(types[k], &a);
            for (int layout = 0; layout < TEST_LAYOUTS; layout++) {
                int which = layout > 0;
                struct test_call t;
                c[which] = test_tile(which, types[k], 0, 65, 43);
                b = test_copy(3, types[k], layout, &a);
                test_begin(&t, KERNEL_MAP, types[k], 0);
                test_add(&t, c[which], 0);
                test_add(&t, b, 0);
                test_add(&t, a, 0);
                t.call.map = &map;
                t.call.steps = &step;
                good &= !test_run(&t) && test_same(types[k], &c[0], &c[which]);
            }
        }
    CHECK(good);
}

/* C = op(A, B) of any types; status, or -1 where the check refuses. */
static int mixed(int op, int to, int a_type, int b_type, uint8_t a_flags)
{
    struct kernel_tile c = test_tile(0, to, TEST_POOLED, 21, 34);
    struct kernel_tile a = test_tile(1, a_type, TEST_POOLED, 21, 34);
    struct kernel_tile b = test_tile(2, b_type, TEST_POOLED, 21, 34);
    struct plan_map_step step = {(uint8_t)op, 2, 0, 1, 0};
    struct plan_map map = {0, 1, 0, 0, 2, 3};
    uint8_t kinds[] = {(uint8_t)to, (uint8_t)a_type, (uint8_t)b_type};
    int coarse = epsilon_of(a_type) + epsilon_of(to) > 1e-10L;
    struct test_call t;
    int good = 1;

    if (a_flags & OPERAND_TRANS)
        a = test_tile(1, a_type, TEST_POOLED, 34, 21);
    test_fill(a_type, &a);
    test_fill(b_type, &b);
    test_begin(&t, KERNEL_MAP, to, 0);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    test_add(&t, b, 0);
    t.operand_flags[1] = a_flags;
    t.call.map = &map;
    t.call.steps = &step;
    t.call.types = kinds;
    if (test_check(&t))
        return -1;
    if (test_run(&t))
        return 0;
    for (int64_t j = 0; j < 34; j++)
        for (int64_t i = 0; i < 21; i++) {
            int trans = (a_flags & OPERAND_TRANS) != 0;
            struct number x =
                trans ? test_get(a_type, &a, j, i) : test_get(a_type, &a, i, j);
            struct number y = test_get(b_type, &b, i, j);
            double complex w;
            if (trans != ((a_flags & OPERAND_CONJ) != 0))
                x = number_conj(x);
            w = op == MAPOP_COMPLEX
                    ? __builtin_complex((double)x.re, (double)y.re)
                    : complex_op(op, to_double(x), to_double(y), 0);
            good &= agrees(coarse ? TM_C64 : TM_C128, op,
                           test_get(to, &c, i, j), creal(w), cimag(w));
        }
    return good;
}

/* Operands and result of several types. */
static void mixed_types(void)
{
    static const int real[] = {TM_F32, TM_F64}, wide[] = {TM_C64, TM_C128};
    int good = 1;

    for (int k = 0; k < 2; k++) {
        int r = real[k], c = wide[k];
        good &= mixed(MAPOP_MUL, c, c, r, 0) == 1;
        good &= mixed(MAPOP_ADD, c, r, c, 0) == 1;
        good &= mixed(MAPOP_SUB, r, c, r, 0) == -1; /* loses im */
        good &= mixed(MAPOP_MUL, c, c, real[!k], 0) == -1;
        good &= mixed(MAPOP_ABS, r, c, c, 0) == 1;
        good &= mixed(MAPOP_IMAG, r, c, c, OPERAND_TRANS) == 1;
        good &= mixed(MAPOP_IMAG, r, c, c, OPERAND_TRANS | OPERAND_CONJ) == 1;
        good &= mixed(MAPOP_CONJ, c, c, c, OPERAND_CONJ) == 1;
        good &= mixed(MAPOP_ARG, r, c, r, 0) == 1;
        good &= mixed(MAPOP_EQ, r, c, r, 0) == 1;
        good &= mixed(MAPOP_LT, r, c, r, 0) == -1;
        good &= mixed(MAPOP_COMPLEX, c, r, r, 0) == 1;
        good &= mixed(MAPOP_COMPLEX, c, c, r, 0) == -1;
        good &= mixed(MAPOP_COPY, wide[!k], c, c, 0) == 1;
        good &= mixed(MAPOP_COPY, wide[!k], r, r, 0) == 1;
        good &= mixed(MAPOP_REAL, real[!k], c, c, 0) == 1;
    }
    CHECK(good && "operands of several types");
}

static void map_checks(void)
{
    struct kernel_tile c = test_tile(0, TM_F64, 0, 4, 3);
    struct kernel_tile a = test_tile(1, TM_F64, 0, 3, 4);
    struct plan_map_step step = {MAPOP_COPY, 1, 0, 0, 0};
    struct plan_map map = {0, 1, 0, 0, 1, 2};
    struct test_call t;

    test_begin(&t, KERNEL_MAP, TM_F64, 0);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    CHECK(test_check(&t) && "no program");
    t.call.map = &map;
    t.call.steps = &step;
    CHECK(test_check(&t) && strstr(t.text, "3 x 4 where 4 x 3"));
    t.operand_flags[1] = OPERAND_TRANS;
    CHECK(!test_check(&t));
    CHECK(kernel_flops(&t.call) == 0 && "copies are nothing");
    t.operand_flags[1] = OPERAND_ROW;
    CHECK(test_check(&t));
    t.operand_flags[0] = OPERAND_TRANS;
    t.operand_flags[1] = OPERAND_TRANS;
    CHECK(test_check(&t));
}

int main(void)
{
    struct tm_error error = {0};

    CHECK(kernel_start(getenv("TM_KERNELS"), &error) == TM_OK);
    all_ops();
    functions();
    reduction_checks();
    for (int k = 0; k < 4; k++) {
        int bad = 0, repeat = test_repeat(300);
        for (int r = 0; r < repeat; r++)
            bad += !reduction_case(types[k]);
        CHECK(bad == 0 && "reductions of what is not stored");
    }
    for (int k = 0; k < 4; k++) {
        int bad = 0, repeat = test_repeat(300);
        for (int r = 0; r < repeat; r++)
            bad += !map_case(types[k]);
        printf("map %s: %d cases, %d bad\n", type_name((uint8_t)types[k]),
               repeat, bad);
        CHECK(bad == 0);
    }
    for (int k = 0; k < 2; k++) {
        int bad = 0, repeat = test_repeat(1000);
        for (int r = 0; r < repeat; r++)
            bad += !sum_case(types[k]);
        CHECK(bad == 0 && "sums of products");
    }
    in_place();
    diagonals();
    same_bits();
    map_checks();
    mixed_types();
    return CHECK_END();
}
