/* residual: F = Y - S - op(A) X over runs of tiles, in twice the precision of
 * the tiles and rounded once.
 *
 * Products of f32 are exact in f64, and are added there.  A product of f64
 * is a sum of two, by one fused multiply-add, and what sums lose is kept
 * beside them (T. Ogita, S. Rump, S. Oishi, SIAM J. Sci. Comput. 26, 2005).
 * fma() is exact with and without an instruction for it: the same bits. */
#include "runtime/kernel_private.h"

#include <math.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&         \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FMA_CLONES __attribute__((target_clones("arch=haswell", "default")))
#else
#define FMA_CLONES
#endif

enum { LANES = 8 };

/* A sum and what it has lost so far. */
struct sum {
    double high, low;
};

static inline __attribute__((always_inline)) struct sum plus(struct sum s,
                                                             double x)
{
    double high = s.high + x, part = high - s.high;

    s.low += (s.high - (high - part)) + (x - part);
    s.high = high;
    return s;
}

/* s - a b */
static inline __attribute__((always_inline)) struct sum
minus_f64(struct sum s, double a, double b)
{
    double p = a * b;

    s.low -= fma(a, b, -p);
    return plus(s, -p);
}

static inline __attribute__((always_inline)) struct sum
minus_f32(struct sum s, float a, float b)
{
    s.high -= (double)a * (double)b;
    return s;
}

/* s[0 .. LANES) -= a[0], a[step], ... times x[0], x[step], ..., count of
 * them, lane by lane; one part of complex entries where steps are 2. */
#define MINUS_DOT(NAME, R, MINUS)                                              \
    FMA_CLONES static void NAME(int64_t count, const R *a, int64_t a_step,     \
                                const R *x, int64_t x_step, struct sum *s)     \
    {                                                                          \
        int64_t i = 0;                                                         \
        if (a_step == 1 && x_step == 1)                                        \
            for (; i + LANES <= count; i += LANES)                             \
                for (int k = 0; k < LANES; k++)                                \
                    s[k] = MINUS(s[k], a[i + k], x[i + k]);                    \
        for (; i < count; i++)                                                 \
            s[i % LANES] = MINUS(s[i % LANES], a[i * a_step], x[i * x_step]);  \
    }
MINUS_DOT(minus_dot_f32, float, minus_f32)
MINUS_DOT(minus_dot_f64, double, minus_f64)
#undef MINUS_DOT

/* Reals that the parts of one entry are apart, and entries in reals. */
struct reals {
    const char *data;
    int64_t step; /* in reals */
};

static void minus_dot(uint8_t type, int64_t count, struct reals a,
                      struct reals x, int negative, struct sum *s)
{
    int64_t k;

    for (k = 0; negative && k < LANES; k++)
        s[k] = (struct sum){-s[k].high, -s[k].low};
    if (type == TM_F32 || type == TM_C64)
        minus_dot_f32(count, (const float *)a.data, a.step,
                      (const float *)x.data, x.step, s);
    else
        minus_dot_f64(count, (const double *)a.data, a.step,
                      (const double *)x.data, x.step, s);
    for (k = 0; negative && k < LANES; k++)
        s[k] = (struct sum){-s[k].high, -s[k].low};
}

static double part_of(uint8_t type, const void *at, int part)
{
    return type == TM_F32 || type == TM_C64 ? (double)((const float *)at)[part]
                                            : ((const double *)at)[part];
}

/* Row or (with trans) column i of A, part by part. */
static struct reals line_of(uint8_t type, const struct kernel_tile *t,
                            int64_t i, int64_t j, int down, int part)
{
    int64_t parts = type_is_complex(type) ? 2 : 1;
    int64_t real = (int64_t)type_bytes(type) / parts;

    return (struct reals){(char *)tile_at(type, t, i, j) + part * real,
                          (down ? t->rs : t->cs) * parts};
}

/* One part (0: real, 1: imaginary) of entry (i, j). */
static double entry(const struct kernel_call *call, int64_t i, int64_t j,
                    int part)
{
    uint8_t type = call->type;
    int trans = call->flags & KF_TA, complex = type_is_complex(type);
    const struct kernel_tile *a = kernel_operand(call, 3);
    const struct kernel_tile *x = kernel_operand(call, 4);
    struct sum s[LANES] = {{0, 0}}, total;

    s[0].high =
        part_of(type, tile_at(type, kernel_operand(call, 1), i, j), part);
    s[0] =
        plus(s[0], -part_of(type, tile_at(type, kernel_operand(call, 2), i, j),
                            part));
    for (uint32_t k = 0; k < kernel_operand_tiles(call, 3); k++, a++, x++) {
        int64_t count = trans ? a->rows : a->cols;
        int64_t row = trans ? 0 : i, col = trans ? i : 0;
        if (count == 0)
            continue;
        for (int p = 0; p <= complex; p++) { /* part p of A */
            int q = p ^ part;                /* that of X which it meets */
            int negative = complex && ((p & q) ^ (trans && p));
            minus_dot(type, count, line_of(type, a, row, col, trans, p),
                      line_of(type, x, 0, j, 1, q), negative, s);
        }
    }
    total = s[0];
    for (int k = 1; k < LANES; k++) {
        total = plus(total, s[k].high);
        total.low += s[k].low;
    }
    return total.high + total.low;
}

int run_RESIDUAL(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *f = kernel_operand(call, 0);
    uint8_t type = call->type;

    (void)failure;
    for (int64_t j = 0; j < f->cols; j++)
        for (int64_t i = 0; i < f->rows; i++)
            for (int part = 0; part <= type_is_complex(type); part++) {
                double value = entry(call, i, j, part);
                void *at = tile_at(type, f, i, j);
                if (type == TM_F32 || type == TM_C64)
                    ((float *)at)[part] = (float)value;
                else
                    ((double *)at)[part] = value;
            }
    return 0;
}
