/* Tiles of source matrices: fill, eye, rand, randn, spd, list.
 *
 * Random entries are Philox4x32-10 at a counter made of the entry's place in
 * the whole matrix (row + column * rows, 64 bits) and the number of the call
 * (64 bits), with the seed as key: 128 random bits an entry, w0 .. w3.
 *
 *   uniform f64  the upper 53 bits of w0 w1, times 2^-53: in [0, 1)
 *   uniform f32  the upper 24 bits of w0, times 2^-24
 *   complex      real part from w0 w1, imaginary part from w2 w3
 *   normal       Box and Muller: u1 from w0 w1, in (0, 1], u2 from w2 w3,
 *                sqrt(-2 log u1) cos(2 pi u2), in double, rounded at the end;
 *                complex: sqrt(-log u1) (cos + i sin)
 *
 * Logarithm, cosine and sine are our own, of +, -, * and / in a fixed order:
 * the same bits with any C library.
 *
 * Sources: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011; G. Box, M. Muller, Ann. Math. Statist. 29 (1958). */
#include "runtime/elementary.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

/* ---- functions ---------------------------------------------------------- */

/* Loops over these become vector code: no branches, no integers that AVX2
 * can't convert. */

/* log(x) for normal x > 0: x = 2^e (1 + f), s = f / (2 + f), log(1 + f) = 2 (s
 * + s^3/3 + s^5/5 + ...) with s^2 < 0.0295. */
static inline double own_log(double x)
{
    double f, e = elementary_parts(x, &f), s = f / (2 + f), z, series;

    z = s * s;
    series = 1.0 / 21;
    series = series * z + 1.0 / 19;
    series = series * z + 1.0 / 17;
    series = series * z + 1.0 / 15;
    series = series * z + 1.0 / 13;
    series = series * z + 1.0 / 11;
    series = series * z + 1.0 / 9;
    series = series * z + 1.0 / 7;
    series = series * z + 1.0 / 5;
    series = series * z + 1.0 / 3;
    return e * ELEMENTARY_LN2_HIGH +
           (2 * s + (2 * s * (z * series) + e * ELEMENTARY_LN2_LOW));
}

/* cos and sin of 2 pi u for u in [0, 1): the nearest multiple of a quarter
 * turn is taken off, exactly; Taylor series up to pi/4. */
static inline void own_turn(double u, double *cosine, double *sine)
{
    double quarter = (u * 4 + 0x1.8p52) - 0x1.8p52; /* 0 .. 4 */
    double x = (u - quarter * 0.25) * 6.283185307179586477, z = x * x;
    double c = 1.0 / 20922789888000, s = -1.0 / 1307674368000; /* 16!, 15! */
    double c1, s1;

    c = c * z - 1.0 / 87178291200;
    c = c * z + 1.0 / 479001600;
    c = c * z - 1.0 / 3628800;
    c = c * z + 1.0 / 40320;
    c = c * z - 1.0 / 720;
    c = c * z + 1.0 / 24;
    c = 1 - (0.5 * z - z * z * c);
    s = s * z + 1.0 / 6227020800;
    s = s * z - 1.0 / 39916800;
    s = s * z + 1.0 / 362880;
    s = s * z - 1.0 / 5040;
    s = s * z + 1.0 / 120;
    s = s * z - 1.0 / 6;
    s = x + x * z * s;
    c1 = ((quarter == 1) | (quarter == 3)) ? s : c;
    s1 = ((quarter == 1) | (quarter == 3)) ? c : s;
    *cosine = ((quarter == 1) | (quarter == 2)) ? -c1 : c1;
    *sine = ((quarter == 2) | (quarter == 3)) ? -s1 : s1;
}

/* ---- random entries ------------------------------------------------------ */

static inline philox4x32_ctr_t bits_at(const struct kernel_source *s,
                                       uint64_t index)
{
    philox4x32_ctr_t counter = {{(uint32_t)index, (uint32_t)(index >> 32),
                                 (uint32_t)s->call, (uint32_t)(s->call >> 32)}};
    philox4x32_key_t key = {{(uint32_t)s->seed, (uint32_t)(s->seed >> 32)}};

    return philox4x32(counter, key);
}

static inline uint64_t bits_53(uint32_t high, uint32_t low)
{
    return ((uint64_t)high << 32 | low) >> 11;
}

/* Two uniform numbers, of which real types use the first. */
static inline void uniform(const struct kernel_source *s, uint64_t index,
                           double x[2])
{
    philox4x32_ctr_t w = bits_at(s, index);

    if (s->type == TM_F32 || s->type == TM_C64) {
        x[0] = (double)(w.v[0] >> 8) * 0x1p-24;
        x[1] = (double)(w.v[2] >> 8) * 0x1p-24;
    } else {
        x[0] = (double)(int64_t)bits_53(w.v[0], w.v[1]) * 0x1p-53;
        x[1] = (double)(int64_t)bits_53(w.v[2], w.v[3]) * 0x1p-53;
    }
}

/* Box and Muller for n pairs: u1 becomes the real, u2 the imaginary part;
 * factor is -2, of complex types -1. */
enum { NORMAL_BLOCK = 64 };
KERNEL_CLONES static void normals(int64_t n, double factor, double *restrict u1,
                                  double *restrict u2)
{
    for (int64_t k = 0; k < n; k++) {
        double radius = sqrt(factor * own_log(u1[k])), cosine, sine;
        own_turn(u2[k], &cosine, &sine);
        u1[k] = cosine * radius;
        u2[k] = sine * radius;
    }
}

static void normal_block(const struct kernel_source *s, uint64_t index,
                         int64_t n, double *u1, double *u2)
{
    for (int64_t k = 0; k < n; k++) {
        philox4x32_ctr_t w = bits_at(s, index + (uint64_t)k);
        uint64_t first = bits_53(w.v[0], w.v[1]) + 1;
        u1[k] = (double)(int64_t)first * 0x1p-53;
        u2[k] = (double)(int64_t)bits_53(w.v[2], w.v[3]) * 0x1p-53;
    }
    normals(n, type_is_complex(s->type) ? -1 : -2, u1, u2);
}

/* ---- rules --------------------------------------------------------------- */

static inline uint64_t place(const struct kernel_source *s, int64_t i,
                             int64_t j)
{
    return (uint64_t)i + (uint64_t)j * (uint64_t)s->rows;
}

/* Entry (i, j) of the whole matrix; a function for each rule. */
#define RULE(NAME)                                                             \
    static inline void NAME(const struct kernel_source *s, int64_t i,          \
                            int64_t j, double x[2])
RULE(rule_fill)
{
    (void)i, (void)j;
    x[0] = s->arg;
}

RULE(rule_eye)
{
    x[0] = i == j ? s->arg : 0;
}

RULE(rule_rand)
{
    uniform(s, place(s, i, j), x);
}

/* The upper half decides; below it is conjugated, on the diagonal real. */
RULE(rule_spd)
{
    uniform(s, i < j ? place(s, i, j) : place(s, j, i), x);
    if (i > j)
        x[1] = -x[1];
    if (i == j) {
        x[0] += (double)s->rows;
        x[1] = 0;
    }
}

RULE(rule_list)
{
    x[0] = s->list[i * s->cols + j];
}
#undef RULE

/* One column of a tile. */
#define COLUMN(RULE)                                                           \
    for (int64_t k = 0; k < rows; k++) {                                       \
        double x[2] = {0, 0};                                                  \
        RULE(s, row + k, col, x);                                              \
        store(s->type, x[0], x[1], at, k);                                     \
    }                                                                          \
    break;

static inline void store(uint8_t type, double re, double im, void *at,
                         int64_t k)
{
    switch (type) {
    case TM_F32: ((float *)at)[k] = (float)re; break;
    case TM_F64: ((double *)at)[k] = re; break;
    case TM_C64:
        ((float *)at)[2 * k] = (float)re;
        ((float *)at)[2 * k + 1] = (float)im;
        break;
    case TM_C128:
        ((double *)at)[2 * k] = re;
        ((double *)at)[2 * k + 1] = im;
        break;
    }
}

static void randn_column(const struct kernel_source *s, int64_t row,
                         int64_t col, int64_t rows, void *at)
{
    double re[NORMAL_BLOCK], im[NORMAL_BLOCK];

    for (int64_t i = 0; i < rows; i += NORMAL_BLOCK) {
        int64_t n = rows - i < NORMAL_BLOCK ? rows - i : NORMAL_BLOCK;
        normal_block(s, place(s, row + i, col), n, re, im);
        for (int64_t k = 0; k < n; k++)
            store(s->type, re[k], im[k], at, i + k);
    }
}

static void source_column(const struct kernel_source *s, int64_t row,
                          int64_t col, int64_t rows, void *at)
{
    switch (s->rule) {
    case RULE_FILL: COLUMN(rule_fill)
    case RULE_EYE: COLUMN(rule_eye)
    case RULE_RAND: COLUMN(rule_rand)
    case RULE_RANDN: randn_column(s, row, col, rows, at); break;
    case RULE_SPD: COLUMN(rule_spd)
    case RULE_LIST: COLUMN(rule_list)
    }
}

void kernel_source(const struct kernel_source *source, int64_t row, int64_t col,
                   const struct kernel_tile *tile)
{
    int64_t step = tile->cs * (int64_t)type_bytes(source->type);

    for (int64_t j = 0; j < tile->cols; j++)
        source_column(source, row, col + j, tile->rows,
                      (char *)tile->data + j * step);
}
