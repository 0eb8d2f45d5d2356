/* Kernels that move entries: copy, tril, select, and the copies that other
 * kernels make of tiles whose layout they can't use. */
#include "runtime/kernel_private.h"

#include <complex.h>
#include <string.h>

/* A source whose rows lie without gaps is turned in blocks of EDGE x EDGE
 * entries, a cache line wide for doubles: EDGE columns of the source are read
 * at a time, each along its memory, and whole lines written.  These lie in
 * blocks of HIGH x WIDE: few columns are written at once, and what is read
 * goes on in the next block before the CPU has lost sight of it.  What has
 * gaps either way, or is conjugated, goes entry by entry, EDGE rows at a
 * time. */
enum { EDGE = 8, HIGH = 128, WIDE = 16 };

#define COPY(NAME, T, VALUE)                                                   \
    static void NAME(int64_t rows, int64_t cols, const T *src, int64_t rs,     \
                     int64_t cs, T *dst, int64_t ld)                           \
    {                                                                          \
        const int64_t high = rs == 1 || rs == 0 ? rows : EDGE;                 \
        for (int64_t i0 = 0; i0 < rows; i0 += high)                            \
            for (int64_t j = 0; j < cols; j++)                                 \
                for (int64_t i = i0; i < rows && i < i0 + high; i++) {         \
                    T x = src[i * rs + j * cs];                                \
                    dst[i + j * ld] = VALUE;                                   \
                }                                                              \
    }
COPY(copy_f32, float, x)
COPY(copy_f64, double, x)
COPY(copy_c64, float complex, x)
COPY(copy_c128, double complex, x)
COPY(conj_c64, float complex, conjf(x))
COPY(conj_c128, double complex, conj(x))
#undef COPY

/* Vectors of four; two steps of shuffles turn 4 x 4 entries: pairs of rows are
 * interleaved, then halves put together.  Only moves, so complex floats go as
 * doubles. */
typedef double four_f64 __attribute__((vector_size(32), aligned(8)));
typedef float four_f32 __attribute__((vector_size(16), aligned(4)));
typedef int64_t pick_f64 __attribute__((vector_size(32)));
typedef int32_t pick_f32 __attribute__((vector_size(16)));

#if defined(__clang__)
#define PICK(T, X, Y, A, B, C, D) __builtin_shufflevector(X, Y, A, B, C, D)
#else
#define PICK(T, X, Y, A, B, C, D)                                              \
    __builtin_shuffle(X, Y, (pick_##T){A, B, C, D})
#endif

#define TURN(T, R)                                                             \
    static inline __attribute__((always_inline)) void four_##T##_turn(         \
        const R *src, int64_t rs, R *dst, int64_t ld)                          \
    {                                                                          \
        four_##T a = *(const four_##T *)src;                                   \
        four_##T b = *(const four_##T *)(src + rs);                            \
        four_##T c = *(const four_##T *)(src + 2 * rs);                        \
        four_##T d = *(const four_##T *)(src + 3 * rs);                        \
        four_##T ab02 = PICK(T, a, b, 0, 4, 2, 6);                             \
        four_##T ab13 = PICK(T, a, b, 1, 5, 3, 7);                             \
        four_##T cd02 = PICK(T, c, d, 0, 4, 2, 6);                             \
        four_##T cd13 = PICK(T, c, d, 1, 5, 3, 7);                             \
        *(four_##T *)dst = PICK(T, ab02, cd02, 0, 1, 4, 5);                    \
        *(four_##T *)(dst + ld) = PICK(T, ab13, cd13, 0, 1, 4, 5);             \
        *(four_##T *)(dst + 2 * ld) = PICK(T, ab02, cd02, 2, 3, 6, 7);         \
        *(four_##T *)(dst + 3 * ld) = PICK(T, ab13, cd13, 2, 3, 6, 7);         \
    }                                                                          \
    KERNEL_CLONES static void turn_##T##_block(int64_t rows, int64_t cols,     \
                                               const R *src, int64_t rs,       \
                                               R *dst, int64_t ld)             \
    {                                                                          \
        int64_t i = 0, whole = cols / EDGE * EDGE;                             \
        for (; i + EDGE <= rows; i += EDGE)                                    \
            for (int64_t j = 0; j < whole; j += EDGE)                          \
                for (int64_t jj = j; jj < j + EDGE; jj += 4)                   \
                    for (int64_t ii = i; ii < i + EDGE; ii += 4)               \
                        four_##T##_turn(src + ii * rs + jj, rs,                \
                                        dst + ii + jj * ld, ld);               \
        copy_##T(i, cols - whole, src + whole, rs, 1, dst + whole * ld, ld);   \
        copy_##T(rows - i, cols, src + i * rs, rs, 1, dst + i, ld);            \
    }                                                                          \
    static void turn_##T(int64_t rows, int64_t cols, const R *src, int64_t rs, \
                         R *dst, int64_t ld)                                   \
    {                                                                          \
        for (int64_t i = 0; i < rows; i += HIGH)                               \
            for (int64_t j = 0; j < cols; j += WIDE)                           \
                turn_##T##_block(least(rows - i, HIGH), least(cols - j, WIDE), \
                                 src + i * rs + j, rs, dst + i + j * ld, ld);  \
    }
TURN(f32, float)
TURN(f64, double)
#undef TURN

static void copy_columns(size_t bytes, int64_t cols, const char *src,
                         int64_t src_step, char *dst, int64_t dst_step)
{
    for (int64_t j = 0; j < cols; j++)
        memcpy(dst + j * dst_step, src + j * src_step, bytes);
}

void tile_copy(uint8_t type, int conj, int64_t rows, int64_t cols,
               const void *src, int64_t rs, int64_t cs, void *dst, int64_t ld)
{
    int64_t bytes = (int64_t)type_bytes(type);

    if (rows <= 0 || cols <= 0)
        return;
    conj = conj && type_is_complex(type);
    if (rs == 1 && !conj) {
        copy_columns((size_t)(rows * bytes), cols, src, cs * bytes, dst,
                     ld * bytes);
        return;
    }
    if (cs == 1 && rs != 0 && bytes == 8 && !conj) {
        turn_f64(rows, cols, src, rs, dst, ld);
        return;
    }
    if (cs == 1 && rs != 0 && bytes == 4) {
        turn_f32(rows, cols, src, rs, dst, ld);
        return;
    }
    switch (type) {
    case TM_F32: copy_f32(rows, cols, src, rs, cs, dst, ld); break;
    case TM_F64: copy_f64(rows, cols, src, rs, cs, dst, ld); break;
    case TM_C64:
        (conj ? conj_c64 : copy_c64)(rows, cols, src, rs, cs, dst, ld);
        break;
    case TM_C128:
        (conj ? conj_c128 : copy_c128)(rows, cols, src, rs, cs, dst, ld);
        break;
    }
}

void kernel_move(uint8_t type, int64_t rows, int64_t cols, const void *src,
                 int64_t rs, int64_t cs, void *dst, int64_t drs, int64_t dcs,
                 int large)
{
    int64_t bytes = (int64_t)type_bytes(type);

    if (drs != 1 && dcs == 1) {
        kernel_move(type, cols, rows, src, cs, rs, dst, dcs, drs, large);
    } else if (drs != 1) {
        for (int64_t j = 0; j < cols; j++)
            for (int64_t i = 0; i < rows; i++)
                memcpy((char *)dst + (i * drs + j * dcs) * bytes,
                       (const char *)src + (i * rs + j * cs) * bytes,
                       (size_t)bytes);
    } else if (!large) {
        tile_copy(type, 0, rows, cols, src, rs, cs, dst, dcs);
    } else {
        tile_stream(type, 0, rows, cols, src, rs, cs, dst, dcs);
        tile_streamed();
    }
}

/* Zeros of all types are zero bytes. */
void tile_zero(uint8_t type, int64_t rows, int64_t cols, void *dst, int64_t ld)
{
    int64_t bytes = (int64_t)type_bytes(type);

    for (int64_t j = 0; j < cols && rows > 0; j++)
        memset((char *)dst + j * ld * bytes, 0, (size_t)(rows * bytes));
}

static int layout_fits(const struct kernel_tile *tile, enum tile_layout layout)
{
    int64_t m = tile->rows, n = tile->cols, rs = tile->rs, cs = tile->cs;

    if (m == 0 || n == 0)
        return 1;
    if (layout == LAYOUT_VECTOR)
        return (m == 1 || rs == 1) && (n == 1 || cs == m);
    return (rs == 1 && cs >= m) || (cs == 1 && rs >= n);
}

size_t tile_scratch(uint8_t type, const struct kernel_tile *tile,
                    enum tile_layout layout)
{
    if (layout_fits(tile, layout))
        return 0;
    return scratch_round((size_t)(tile->rows * tile->cols) * type_bytes(type)) +
           64; /* padded like a tile */
}

struct kernel_tile tile_as(uint8_t type, const struct kernel_tile *tile,
                           enum tile_layout layout, char **scratch)
{
    struct kernel_tile copy = *tile;

    if (layout_fits(tile, layout))
        return copy;
    copy.data = *scratch;
    copy.rs = 1;
    copy.cs = tile->rows;
    tile_copy(type, 0, tile->rows, tile->cols, tile->data, tile->rs, tile->cs,
              copy.data, copy.cs);
    *scratch += tile_scratch(type, tile, layout);
    return copy;
}

int run_COPY(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t arg[6], trans = call->flags & KF_TA, rs, cs;

    (void)failure;
    for (int k = 0; k < 6; k++)
        arg[k] = (int64_t)call->arg[k];
    if (c->fresh && (arg[4] < c->rows || arg[5] < c->cols))
        tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
    if (arg[4] == 0 || arg[5] == 0)
        return 0;
    rs = trans ? a->cs : a->rs;
    cs = trans ? a->rs : a->cs;
    tile_copy(call->type, !trans == !!(call->flags & KF_CA), arg[4], arg[5],
              tile_at(call->type, a, arg[trans ? 3 : 2], arg[trans ? 2 : 3]),
              rs, cs, tile_at(call->type, c, arg[0], arg[1]), c->cs);
    return 0;
}

/* 1 at entry (k, k) for all k. */
void tile_unit_diagonal(uint8_t type, const struct kernel_tile *c)
{
    int64_t n = c->rows < c->cols ? c->rows : c->cols;

    for (int64_t k = 0; k < n; k++) {
        void *at = tile_at(type, c, k, k);
        switch (type) {
        case TM_F32: *(float *)at = 1; break;
        case TM_F64: *(double *)at = 1; break;
        case TM_C64: *(float complex *)at = 1; break;
        case TM_C128: *(double complex *)at = 1; break;
        }
    }
}

int run_TRIL(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);
    int upper = call->flags & KF_UPPER;

    (void)failure;
    tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
    for (int64_t j = 0; j < c->cols; j++) {
        int64_t i0 = upper ? 0 : j;
        int64_t i1 = upper && j + 1 < c->rows ? j + 1 : c->rows;
        if (!upper && j >= c->rows)
            break;
        tile_copy(call->type, 0, i1 - i0, 1, tile_at(call->type, a, i0, j),
                  a->rs, a->cs, tile_at(call->type, c, i0, j), c->cs);
    }
    if (call->flags & KF_UNIT)
        tile_unit_diagonal(call->type, c);
    return 0;
}

int run_DIAGONAL(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *d = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);

    (void)failure;
    tile_copy(call->type, 0, d->rows, 1, a->data, a->rs + a->cs, 1, d->data,
              d->cs);
    return 0;
}

static int is_true(uint8_t type, const void *at)
{
    switch (type) {
    case TM_F32: return *(const float *)at != 0;
    case TM_F64: return *(const double *)at != 0;
    case TM_C64: return *(const float complex *)at != 0;
    case TM_C128: return *(const double complex *)at != 0;
    }
    return 0;
}

int run_SELECT(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    int truth = is_true(call->type, kernel_operand(call, 1)->data);
    const struct kernel_tile *a = kernel_operand(call, truth ? 2 : 3);

    (void)failure;
    tile_copy(call->type, 0, c->rows, c->cols, a->data, a->rs, a->cs, c->data,
              c->cs);
    return 0;
}
