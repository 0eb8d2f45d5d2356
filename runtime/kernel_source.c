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

enum { BLOCK = 64 };

/* Philox4x32-10 of n entries from `index` on, `step` apart: w0 w1 and w2 w3 of
 * each.  Words lie in 64 bits, so that their products are vector code. */
KERNEL_INTEGER_CLONES static void
random_bits(const struct kernel_source *s, uint64_t index, uint64_t step,
            int64_t n, uint64_t *restrict first, uint64_t *restrict second)
{
    const uint64_t low = 0xffffffff;

    for (int64_t k = 0; k < n; k++) {
        uint64_t at = index + (uint64_t)k * step;
        uint64_t c0 = at & low, c1 = at >> 32;
        uint64_t c2 = s->call & low, c3 = s->call >> 32;
        uint64_t k0 = s->seed & low, k1 = s->seed >> 32;
        for (int round = 0; round < 10; round++) {
            uint64_t p0 = 0xd2511f53u * c0, p1 = 0xcd9e8d57u * c2;
            c0 = p1 >> 32 ^ c1 ^ k0;
            c1 = p1 & low;
            c2 = p0 >> 32 ^ c3 ^ k1;
            c3 = p0 & low;
            k0 = (k0 + 0x9e3779b9u) & low;
            k1 = (k1 + 0xbb67ae85u) & low;
        }
        first[k] = c0 << 32 | c1;
        second[k] = c2 << 32 | c3;
    }
}

/* bits >> shift plus `plus`, at most 2^53, times scale: exact.  Both halves of
 * the number stand where a double of exponent 52 or 84 has its fraction. */
KERNEL_CLONES static void scaled(int64_t n, int shift, uint64_t plus,
                                 double scale, const uint64_t *restrict bits,
                                 double *restrict x)
{
    for (int64_t k = 0; k < n; k++) {
        uint64_t m = (bits[k] >> shift) + plus;
        uint64_t upper = m >> 32 | 0x4530000000000000u;
        uint64_t lower = (m & 0xffffffff) | 0x4330000000000000u;
        double h, l;
        memcpy(&h, &upper, sizeof h);
        memcpy(&l, &lower, sizeof l);
        x[k] = ((h - (0x1p84 + 0x1p52)) + l) * scale;
    }
}

/* A pair for each entry, of which real types use the first. */
static void uniforms(const struct kernel_source *s, uint64_t index,
                     uint64_t step, int64_t n, double *u1, double *u2)
{
    int single = s->type == TM_F32 || s->type == TM_C64;
    int shift = single ? 40 : 11;
    double scale = single ? 0x1p-24 : 0x1p-53;
    uint64_t first[BLOCK], second[BLOCK];

    random_bits(s, index, step, n, first, second);
    scaled(n, shift, 0, scale, first, u1);
    if (type_is_complex(s->type))
        scaled(n, shift, 0, scale, second, u2);
}

/* Box and Muller for n pairs: u1 becomes the real, u2 the imaginary part;
 * factor is -2, of complex types -1. */
KERNEL_CLONES static void box_muller(int64_t n, double factor,
                                     double *restrict u1, double *restrict u2)
{
    for (int64_t k = 0; k < n; k++) {
        double radius = sqrt(factor * own_log(u1[k])), cosine, sine;
        own_turn(u2[k], &cosine, &sine);
        u1[k] = cosine * radius;
        u2[k] = sine * radius;
    }
}

static void normals(const struct kernel_source *s, uint64_t index, int64_t n,
                    double *u1, double *u2)
{
    uint64_t first[BLOCK], second[BLOCK];

    random_bits(s, index, 1, n, first, second);
    scaled(n, 11, 1, 0x1p-53, first, u1);
    scaled(n, 11, 0, 0x1p-53, second, u2);
    box_muller(n, type_is_complex(s->type) ? -1 : -2, u1, u2);
}

static inline uint64_t place(const struct kernel_source *s, int64_t i,
                             int64_t j)
{
    return (uint64_t)i + (uint64_t)j * (uint64_t)s->rows;
}

/* The upper half decides; below it is conjugated, on the diagonal real. */
static void definite(const struct kernel_source *s, int64_t row, int64_t col,
                     int64_t n, double *re, double *im)
{
    int64_t above = col - row < 0 ? 0 : col - row < n ? col - row : n, k;

    uniforms(s, place(s, row, col), 1, above, re, im);
    uniforms(s, place(s, col, row + above), (uint64_t)s->rows, n - above,
             re + above, im + above);
    for (k = above; k < n; k++)
        im[k] = -im[k];
    if (above < n && row + above == col) {
        re[above] += (double)s->rows;
        im[above] = 0;
    }
}

/* ---- rules --------------------------------------------------------------- */

/* n entries of the whole matrix from (row, col) down; im is 0 where a rule says
 * nothing of it. */
static void entries(const struct kernel_source *s, int64_t row, int64_t col,
                    int64_t n, double *re, double *im)
{
    int64_t k;

    switch (s->rule) {
    case RULE_FILL:
        for (k = 0; k < n; k++)
            re[k] = s->arg;
        break;
    case RULE_EYE:
        for (k = 0; k < n; k++)
            re[k] = row + k == col ? s->arg : 0;
        break;
    case RULE_RAND: uniforms(s, place(s, row, col), 1, n, re, im); break;
    case RULE_RANDN: normals(s, place(s, row, col), n, re, im); break;
    case RULE_SPD: definite(s, row, col, n, re, im); break;
    case RULE_LIST:
        for (k = 0; k < n; k++)
            re[k] = s->list[(row + k) * s->cols + col];
        break;
    }
}

static void store(uint8_t type, int64_t n, const double *re, const double *im,
                  void *at)
{
    float *single = at;
    double *both = at;
    int64_t k;

    switch (type) {
    case TM_F32:
        for (k = 0; k < n; k++)
            single[k] = (float)re[k];
        break;
    case TM_F64: memcpy(at, re, (size_t)n * sizeof *re); break;
    case TM_C64:
        for (k = 0; k < n; k++) {
            single[2 * k] = (float)re[k];
            single[2 * k + 1] = (float)im[k];
        }
        break;
    case TM_C128:
        for (k = 0; k < n; k++) {
            both[2 * k] = re[k];
            both[2 * k + 1] = im[k];
        }
        break;
    }
}

void kernel_source(const struct kernel_source *source, int64_t row, int64_t col,
                   const struct kernel_tile *tile)
{
    int64_t bytes = (int64_t)type_bytes(source->type);
    double re[BLOCK], im[BLOCK] = {0};

    for (int64_t j = 0; j < tile->cols; j++)
        for (int64_t i = 0; i < tile->rows; i += BLOCK) {
            int64_t n = tile->rows - i < BLOCK ? tile->rows - i : BLOCK;
            entries(source, row + i, col + j, n, re, im);
            store(source->type, n, re, im,
                  (char *)tile->data + (i + j * tile->cs) * bytes);
        }
}
