/* Entries written past the caches: results of which nobody reads any soon, and
 * which are more than caches hold.  Lines are written as a whole, so what they
 * held is not read first. */
#include "runtime/kernel_private.h"

#include <string.h>

enum {
    LINE = 64, /* bytes */
    ROWS = 64, /* of a block that is turned */
    COLS = 32
};

/* ---- lines --------------------------------------------------------------- */

#ifdef __SSE2__
#include <emmintrin.h>

static void lines_sse2(char *dst, const char *src, size_t bytes, int64_t beside)
{
    for (size_t k = 0; k < bytes; k += 16) {
        __builtin_prefetch(src + k + beside);
        _mm_stream_si128(
            (__m128i *)(void *)(dst + k),
            _mm_loadu_si128((const __m128i *)(const void *)(src + k)));
    }
}
#endif

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f")))

/* A store that fills a line takes two thirds of the time of four. */
AVX512 static void lines_avx512(char *dst, const char *src, size_t bytes,
                                int64_t beside)
{
    for (size_t k = 0; k < bytes; k += LINE) {
        __builtin_prefetch(src + k + beside);
        _mm512_stream_si512((__m512i *)(void *)(dst + k),
                            _mm512_loadu_si512(src + k));
    }
}

/* dst(i, j) = src(j, i), 8 x 8: lines of dst. */
AVX512 static inline __attribute__((always_inline)) void
turn_lines(const double *src, int64_t rs, double *dst, int64_t ld)
{
    __m512d r[8], s[8];

    _Pragma("GCC unroll 8") for (int i = 0; i < 8; i++) r[i] =
        _mm512_loadu_pd(src + i * rs);
    _Pragma("GCC unroll 4") for (int i = 0; i < 8; i += 2)
    {
        s[i] = _mm512_unpacklo_pd(r[i], r[i + 1]);
        s[i + 1] = _mm512_unpackhi_pd(r[i], r[i + 1]);
    }
    _Pragma("GCC unroll 2") for (int i = 0; i < 2; i++)
    {
        /* rows 0, 2, 4, 6 + i of pairs: 128-bit parts */
        __m512d a = _mm512_shuffle_f64x2(s[i], s[i + 2], 0x88);
        __m512d b = _mm512_shuffle_f64x2(s[i], s[i + 2], 0xdd);
        __m512d c = _mm512_shuffle_f64x2(s[i + 4], s[i + 6], 0x88);
        __m512d d = _mm512_shuffle_f64x2(s[i + 4], s[i + 6], 0xdd);
        _mm512_stream_pd(dst + i * ld, _mm512_shuffle_f64x2(a, c, 0x88));
        _mm512_stream_pd(dst + (i + 2) * ld, _mm512_shuffle_f64x2(b, d, 0x88));
        _mm512_stream_pd(dst + (i + 4) * ld, _mm512_shuffle_f64x2(a, c, 0xdd));
        _mm512_stream_pd(dst + (i + 6) * ld, _mm512_shuffle_f64x2(b, d, 0xdd));
    }
}

AVX512 static void turn_block(int64_t rows, int64_t cols, const double *src,
                              int64_t rs, double *dst, int64_t ld)
{
    for (int64_t i = 0; i < rows; i += 8)
        for (int64_t j = 0; j < cols; j += 8)
            turn_lines(src + i * rs + j, rs, dst + i + j * ld, ld);
}

/* A block of entries of 8 bytes whose rows lie without gaps in src, and that
 * makes whole lines of dst.  0: it is not such a block. */
static int turn(int64_t rows, int64_t cols, const char *src, int64_t rs,
                char *dst, int64_t ld)
{
    if (rows % 8 || cols % 8 || ld % 8 || (uintptr_t)dst % LINE ||
        !kernel_streams())
        return 0;
    turn_block(rows, cols, (const double *)(const void *)src, rs,
               (double *)(void *)dst, ld);
    return 1;
}

static void lines(char *dst, const char *src, size_t bytes, int64_t beside)
{
    (kernel_streams() ? lines_avx512 : lines_sse2)(dst, src, bytes, beside);
}
#else
static int turn(int64_t rows, int64_t cols, const char *src, int64_t rs,
                char *dst, int64_t ld)
{
    (void)rows, (void)cols, (void)src, (void)rs, (void)dst, (void)ld;
    return 0;
}

static void lines(char *dst, const char *src, size_t bytes, int64_t beside)
{
#ifdef __SSE2__
    lines_sse2(dst, src, bytes, beside);
#else
    (void)beside;
    memcpy(dst, src, bytes);
#endif
}
#endif

/* ---- columns ------------------------------------------------------------- */

/* beside: bytes from src to what will be wanted next, or 0. */
static void stream(char *dst, const char *src, size_t bytes, int64_t beside)
{
    size_t before = -(uintptr_t)dst & (LINE - 1), whole;

    if (bytes < 2 * LINE) {
        memcpy(dst, src, bytes);
        return;
    }
    whole = (bytes - before) / LINE * LINE;
    memcpy(dst, src, before);
    lines(dst + before, src + before, whole, beside);
    memcpy(dst + before + whole, src + before + whole, bytes - before - whole);
}

static void stream_columns(size_t bytes, int64_t cols, const char *src,
                           int64_t src_step, char *dst, int64_t dst_step)
{
    int64_t beside = bytes <= SHORT_COLUMN ? src_step : 0;

    for (int64_t j = 0; j < cols; j++)
        stream(dst + j * dst_step, src + j * src_step, bytes,
               j + 1 < cols ? beside : 0);
}

/* What does not lie along its columns goes through a block in the first
 * cache. */
static void stream_turned(uint8_t type, int conj, int64_t rows, int64_t cols,
                          const char *src, int64_t rs, int64_t cs, char *dst,
                          int64_t ld)
{
    char block[ROWS * COLS * 16] __attribute__((aligned(LINE)));
    int64_t bytes = (int64_t)type_bytes(type);

    if (bytes == 8 && cs == 1 && !conj && turn(rows, cols, src, rs, dst, ld))
        return;
    tile_copy(type, conj, rows, cols, src, rs, cs, block, rows);
    stream_columns((size_t)(rows * bytes), cols, block, rows * bytes, dst,
                   ld * bytes);
}

void tile_stream(uint8_t type, int conj, int64_t rows, int64_t cols,
                 const void *src, int64_t rs, int64_t cs, void *dst, int64_t ld)
{
    int64_t bytes = (int64_t)type_bytes(type);

    conj = conj && type_is_complex(type);
    if (rs == 1 && !conj) {
        stream_columns((size_t)(rows * bytes), cols, src, cs * bytes, dst,
                       ld * bytes);
        return;
    }
    for (int64_t i = 0; i < rows; i += ROWS)
        for (int64_t j = 0; j < cols; j += COLS)
            stream_turned(type, conj, least(rows - i, ROWS),
                          least(cols - j, COLS),
                          (const char *)src + (i * rs + j * cs) * bytes, rs, cs,
                          (char *)dst + (i + j * ld) * bytes, ld);
}

void tile_streamed(void)
{
#ifdef __SSE2__
    _mm_sfence();
#endif
}
