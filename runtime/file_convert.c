/* Element types of matrix files: one row per kind, one loop per kind and
 * type.  A loop reads entries at any distance and any alignment and writes
 * adjacent ones, so that it serves rows, columns and packed pieces alike.
 *
 * Integers become f64 first, rounded where 53 bits don't hold them; float16
 * fits into f32.  f64 to f32 rounds to nearest, to infinity when too big. */
#include "runtime/file_private.h"

#include <string.h>

/* 1 bit sign, 5 bits exponent with bias 15, 10 bits fraction. */
static float from_half(uint16_t half)
{
    uint32_t sign = (uint32_t)(half >> 15) << 31;
    uint32_t exponent = (half >> 10) & 31, fraction = half & 1023;
    uint32_t bits;
    float value;

    if (exponent == 0) { /* fraction * 2^-24 */
        value = (float)fraction * 0x1p-24f;
        return sign ? -value : value;
    }
    bits = exponent == 31 ? 255u << 23 : (exponent + 112) << 23;
    bits |= sign | fraction << 13;
    memcpy(&value, &bits, sizeof value);
    return value;
}

typedef float _Complex complex64;
typedef double _Complex complex128;

#define LOOP(NAME, STORED, TYPE, VALUE)                                        \
    static void NAME(void *dst, const char *src, int64_t step, int64_t n)      \
    {                                                                          \
        TYPE *to = dst;                                                        \
        int64_t i;                                                             \
        STORED x;                                                              \
                                                                               \
        for (i = 0; i < n; i++) {                                              \
            memcpy(&x, src + i * step, sizeof x);                              \
            to[i] = (TYPE)VALUE;                                               \
        }                                                                      \
    }

#define REAL_LOOPS(ID, STORED, VALUE)                                          \
    LOOP(ID##_f32, STORED, float, VALUE)                                       \
    LOOP(ID##_f64, STORED, double, VALUE)                                      \
    LOOP(ID##_c64, STORED, complex64, VALUE)                                   \
    LOOP(ID##_c128, STORED, complex128, VALUE)

#define COMPLEX_LOOPS(ID, STORED, VALUE)                                       \
    LOOP(ID##_c64, STORED, complex64, VALUE)                                   \
    LOOP(ID##_c128, STORED, complex128, VALUE)

/* clang-format off */
/*         id   stored      value            */
#define REAL_KINDS(X) \
         X(b1,  uint8_t,    (double)(x != 0)) \
         X(i1,  int8_t,     (double)x) \
         X(i2,  int16_t,    (double)x) \
         X(i4,  int32_t,    (double)x) \
         X(i8,  int64_t,    (double)x) \
         X(u1,  uint8_t,    (double)x) \
         X(u2,  uint16_t,   (double)x) \
         X(u4,  uint32_t,   (double)x) \
         X(u8,  uint64_t,   (double)x) \
         X(f2,  uint16_t,   from_half(x)) \
         X(f4,  float,      x) \
         X(f8,  double,     x)
#define COMPLEX_KINDS(X) \
         X(c8,  complex64,  x) \
         X(c16, complex128, x)

REAL_KINDS(REAL_LOOPS)
COMPLEX_KINDS(COMPLEX_LOOPS)

#define REAL(ID) { NULL, ID##_f32, ID##_f64, ID##_c64, ID##_c128 }
#define COMPLEX(ID) { NULL, NULL, NULL, ID##_c64, ID##_c128 }

static const struct file_kind kinds[] = {
    /* code  name     bytes unit type */
    { "b1",  "bool",       1, 1, TM_F64,  REAL(b1) },
    { "i1",  "int8",       1, 1, TM_F64,  REAL(i1) },
    { "i2",  "int16",      2, 2, TM_F64,  REAL(i2) },
    { "i4",  "int32",      4, 4, TM_F64,  REAL(i4) },
    { "i8",  "int64",      8, 8, TM_F64,  REAL(i8) },
    { "u1",  "uint8",      1, 1, TM_F64,  REAL(u1) },
    { "u2",  "uint16",     2, 2, TM_F64,  REAL(u2) },
    { "u4",  "uint32",     4, 4, TM_F64,  REAL(u4) },
    { "u8",  "uint64",     8, 8, TM_F64,  REAL(u8) },
    { "f2",  "float16",    2, 2, TM_F32,  REAL(f2) },
    { "f4",  "float32",    4, 4, TM_F32,  REAL(f4) },
    { "f8",  "float64",    8, 8, TM_F64,  REAL(f8) },
    { "c8",  "complex64",  8, 4, TM_C64,  COMPLEX(c8) },
    { "c16", "complex128", 16, 8, TM_C128, COMPLEX(c16) },
};
/* clang-format on */

const struct file_kind *file_kind_find(const char *code, size_t size)
{
    size_t k;

    for (k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (strlen(kinds[k].code) == size &&
            memcmp(kinds[k].code, code, size) == 0)
            return &kinds[k];
    return NULL;
}

bool file_kind_is(const struct file_kind *kind, enum tm_type type)
{
    return (kind->code[0] == 'f' || kind->code[0] == 'c') &&
           kind->type == type && kind->bytes == file_type_bytes(type);
}

void file_swap(void *data, int unit, int64_t n)
{
    char *at = data;
    int64_t i;
    uint16_t x2;
    uint32_t x4;
    uint64_t x8;

#define SWAP(X, TURN)                                                          \
    for (i = 0; i < n; i++, at += sizeof X) {                                  \
        memcpy(&X, at, sizeof X);                                              \
        X = TURN(X);                                                           \
        memcpy(at, &X, sizeof X);                                              \
    }
    if (unit == 2)
        SWAP(x2, __builtin_bswap16)
    else if (unit == 4)
        SWAP(x4, __builtin_bswap32)
    else if (unit == 8)
        SWAP(x8, __builtin_bswap64)
#undef SWAP
}

size_t file_type_bytes(enum tm_type type)
{
    switch (type) {
    case TM_F32: return 4;
    case TM_F64: return 8;
    case TM_C64: return 8;
    case TM_C128: return 16;
    }
    return 0;
}

bool file_type_complex(enum tm_type type)
{
    return type == TM_C64 || type == TM_C128;
}
