/* Products and triangular solves of real tiles on CPUs with wide AVX-512.
 *
 * BLIS packs both operands of every call and has a fixed price of some
 * microseconds: little for tiles of 512, half of the time for tiles of 100,
 * and most of it for the narrow products inside of factorisations.  Here what
 * lies well is read where it lies, and what is packed is a block at a time.
 * Registers hold 24 x 8 entries of C (f32: 48 x 8).
 *
 * Source: K. Goto and R. van de Geijn, "Anatomy of high-performance matrix
 * multiplication", ACM Trans. Math. Softw. 34 (2008). */
#include "runtime/kernel_private.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>

enum {
    KC = 256,   /* products of a part of a sum */
    NC = 1024,  /* columns of a block */
    TRI = 64,   /* edge of triangles that are done at once */
    PANEL = 16, /* columns of LU that are */
    NARROW = 48, /* columns of B for which A is not packed */
    NEAR = 128, /* columns of a panel of A (24 KiB) that stays in the first
                 * cache beside others */
    SIMD_A = 192 * KC * 8,
    SIMD_B = NC * KC * 8
};
_Static_assert((size_t)SIMD_A + SIMD_B <= SIMD_PACKED, "room to pack");

/* So many columns of bytes, step bytes apart. */
struct ahead {
    const void *at;
    int64_t bytes, step, count;
};

#define SIMD __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define SIMD_INLINE SIMD static inline __attribute__((always_inline))

/* Columns of A that lie apart are gathered once if they are read often: where
 * the block, or the panel at work, does not stay in the cache as it lies. */
static inline int packs_a(int64_t n, int64_t k, int64_t step)
{
    int apart = k > NEAR || step % 512 == 0;

    return n > NARROW && ((apart && k * step > 256 * 1024) || step % 2048 == 0);
}

static inline int packs_b(int64_t m, int64_t rs, int64_t cs, size_t size)
{
    (void)cs, (void)size;
    return rs == 1 ? m > 192 : m > 96;
}

/* to(j, i) = from(i, j), 8 x 8. */
SIMD_INLINE void transpose_f64(const double *from, int64_t ld, double *to,
                               int64_t to_ld)
{
    __m512d r[8], s[8];

    _Pragma("GCC unroll 8") for (int i = 0; i < 8; i++)
        r[i] = _mm512_loadu_pd(from + i * ld);
    _Pragma("GCC unroll 4") for (int i = 0; i < 8; i += 2) {
        s[i] = _mm512_unpacklo_pd(r[i], r[i + 1]);
        s[i + 1] = _mm512_unpackhi_pd(r[i], r[i + 1]);
    }
    _Pragma("GCC unroll 2") for (int i = 0; i < 2; i++) {
        /* rows 0, 2, 4, 6 + i of pairs: 128-bit parts */
        __m512d a = _mm512_shuffle_f64x2(s[i], s[i + 2], 0x88);
        __m512d b = _mm512_shuffle_f64x2(s[i], s[i + 2], 0xdd);
        __m512d c = _mm512_shuffle_f64x2(s[i + 4], s[i + 6], 0x88);
        __m512d d = _mm512_shuffle_f64x2(s[i + 4], s[i + 6], 0xdd);
        r[i] = _mm512_shuffle_f64x2(a, c, 0x88);
        r[i + 4] = _mm512_shuffle_f64x2(a, c, 0xdd);
        r[i + 2] = _mm512_shuffle_f64x2(b, d, 0x88);
        r[i + 6] = _mm512_shuffle_f64x2(b, d, 0xdd);
    }
    _Pragma("GCC unroll 8") for (int i = 0; i < 8; i++)
        _mm512_storeu_pd(to + i * to_ld, r[i]);
}

SIMD_INLINE void transpose_f32(const float *from, int64_t ld, float *to,
                               int64_t to_ld)
{
    __m256 r[8], s[8];

    _Pragma("GCC unroll 8") for (int i = 0; i < 8; i++)
        r[i] = _mm256_loadu_ps(from + i * ld);
    _Pragma("GCC unroll 4") for (int i = 0; i < 8; i += 2) {
        s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    _Pragma("GCC unroll 2") for (int i = 0; i < 8; i += 4) {
        r[i] = _mm256_shuffle_ps(s[i], s[i + 2], 0x44);
        r[i + 1] = _mm256_shuffle_ps(s[i], s[i + 2], 0xee);
        r[i + 2] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44);
        r[i + 3] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xee);
    }
    _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++) {
        _mm256_storeu_ps(to + i * to_ld,
                         _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
        _mm256_storeu_ps(to + (i + 4) * to_ld,
                         _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
    }
}

#define R double
#define LANES 8
#define NAME(x) x##_f64
#define V __m512d
#define M __mmask8
#define LOAD _mm512_loadu_pd
#define STORE _mm512_storeu_pd
#define LOAD_PART _mm512_maskz_loadu_pd
#define STORE_PART _mm512_mask_storeu_pd
#define SET _mm512_set1_pd
#define FMA _mm512_fmadd_pd
#define MUL _mm512_mul_pd
#define DIV _mm512_div_pd
#define ABS _mm512_abs_pd
#define MAX _mm512_max_pd
#define LARGEST _mm512_reduce_max_pd
#define EQUAL(X, Y) _mm512_cmp_pd_mask(X, Y, _CMP_EQ_OQ)
#define TRANSPOSE transpose_f64
#include "runtime/kernel_simd.h"
#undef R
#undef LANES
#undef NAME
#undef V
#undef M
#undef LOAD
#undef STORE
#undef LOAD_PART
#undef STORE_PART
#undef SET
#undef FMA
#undef MUL
#undef TRANSPOSE
#undef DIV
#undef ABS
#undef MAX
#undef LARGEST
#undef EQUAL
#define R float
#define LANES 16
#define NAME(x) x##_f32
#define V __m512
#define M __mmask16
#define LOAD _mm512_loadu_ps
#define STORE _mm512_storeu_ps
#define LOAD_PART _mm512_maskz_loadu_ps
#define STORE_PART _mm512_mask_storeu_ps
#define SET _mm512_set1_ps
#define FMA _mm512_fmadd_ps
#define MUL _mm512_mul_ps
#define DIV _mm512_div_ps
#define ABS _mm512_abs_ps
#define MAX _mm512_max_ps
#define LARGEST _mm512_reduce_max_ps
#define EQUAL(X, Y) _mm512_cmp_ps_mask(X, Y, _CMP_EQ_OQ)
#define TRANSPOSE transpose_f32
#include "runtime/kernel_simd.h"

struct lies { /* a matrix as it is to be read */
    void *data;
    int64_t rs, cs;
};

static struct lies lies(struct blas_matrix x)
{
    return x.trans ? (struct lies){x.data, x.cs, x.rs}
                   : (struct lies){x.data, x.rs, x.cs};
}

int simd_gemm(uint8_t type, int64_t m, int64_t n, int64_t k, double alpha,
              struct blas_matrix am, struct blas_matrix bm, double beta,
              struct blas_matrix cm, int lower, char *packed)
{
    struct lies a = lies(am), b = lies(bm), c = lies(cm);

    if (type_is_complex(type) || k == 0 || (beta != 0 && beta != 1))
        return 0;
    if (c.rs != 1 && c.cs == 1 && !lower) {
        struct lies x = {b.data, b.cs, b.rs};
        int64_t rows = n;
        b = (struct lies){a.data, a.cs, a.rs};
        a = x;
        c = (struct lies){c.data, c.cs, c.rs};
        n = m;
        m = rows;
    }
    if (c.rs != 1)
        return 0;
    if (type == TM_F64)
        gemm_f64(m, n, k, alpha, a.data, a.rs, a.cs, b.data, b.rs, b.cs,
                 beta == 0, c.data, c.cs, lower, packed);
    else
        gemm_f32(m, n, k, (float)alpha, a.data, a.rs, a.cs, b.data, b.rs, b.cs,
                 beta == 0, c.data, c.cs, lower, packed);
    return 1;
}

/* All cases are one, B T^-1 with T upper: from the left B and T are
 * transposed, and a lower T is upper with rows and columns in reverse. */
int simd_triangular(uint8_t type, int solve, int flags, int64_t m, int64_t n,
                    double alpha, struct blas_matrix tm, struct blas_matrix bm,
                    char *packed)
{
    struct lies t = lies(tm), b = lies(bm);
    int upper = !(flags & KF_UPPER) == !!tm.trans;
    int64_t size = (int64_t)type_bytes(type);

    if (type_is_complex(type) || b.rs != 1)
        return 0;
    if (!(flags & KF_RIGHT)) {
        int64_t rows = n;
        n = m;
        m = rows;
        b = (struct lies){b.data, b.cs, b.rs};
        t = (struct lies){t.data, t.cs, t.rs};
        upper = !upper;
    }
    if (!upper) {
        t.data = (char *)t.data + (n - 1) * (t.rs + t.cs) * size;
        b.data = (char *)b.data + (n - 1) * b.cs * size;
        t = (struct lies){t.data, -t.rs, -t.cs};
        b.cs = -b.cs;
    }
#define CALL(R, NAME)                                                          \
    if (alpha != 1)                                                            \
        scale_##NAME(m, n, (R)alpha, b.data, b.rs, b.cs);                      \
    triangular_##NAME(solve, !!(flags & KF_UNIT), m, n, t.data, t.rs, t.cs,    \
                      b.data, b.rs, b.cs, packed);
    if (type == TM_F64) {
        CALL(double, f64)
    } else {
        CALL(float, f32)
    }
#undef CALL
    return 1;
}

int simd_panel(uint8_t type, int64_t m, int64_t n, void *a, int64_t lda,
               int64_t *p)
{
    if (type_is_complex(type) || n > PANEL)
        return 0;
    if (type == TM_F64)
        panel_f64(m, n, a, lda, p);
    else
        panel_f32(m, n, a, lda, p);
    return 1;
}
#else
int simd_gemm(uint8_t type, int64_t m, int64_t n, int64_t k, double alpha,
              struct blas_matrix a, struct blas_matrix b, double beta,
              struct blas_matrix c, int lower, char *packed)
{
    (void)type, (void)m, (void)n, (void)k, (void)alpha, (void)a, (void)b;
    (void)beta, (void)c, (void)lower, (void)packed;
    return 0;
}

int simd_triangular(uint8_t type, int solve, int flags, int64_t m, int64_t n,
                    double alpha, struct blas_matrix t, struct blas_matrix b,
                    char *packed)
{
    (void)type, (void)solve, (void)flags, (void)m, (void)n, (void)alpha;
    (void)t, (void)b, (void)packed;
    return 0;
}

int simd_panel(uint8_t type, int64_t m, int64_t n, void *a, int64_t lda,
               int64_t *p)
{
    (void)type, (void)m, (void)n, (void)a, (void)lda, (void)p;
    return 0;
}
#endif
