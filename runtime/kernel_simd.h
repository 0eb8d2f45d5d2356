/* Products and triangular solves of f32 and f64 with 512-bit instructions.
 *
 * The body for one type; kernel_simd.c includes it twice, with
 *   R, LANES, NAME(x)   the type, how many of it a vector holds, x_f64
 *   V, M                vector and mask
 *   LOAD, STORE, LOAD_PART, STORE_PART, SET, FMA, MUL, DIV, TRANSPOSE
 *   ABS, MAX(x, y): y where x is NaN, LARGEST of a vector, EQUAL: a mask
 *
 * An entry's sum is made of parts of KC products, each added up in its order
 * and then added to C.  So bits hang on k alone: neither on m, n, strides,
 * nor on what is packed. */

/* C (24 x 8 at most: MV vectors high, NR columns wide) += alpha A B, C = with
 * first.  A's columns are contiguous, lda apart; entry (p, j) of B is
 * b[p * rs + j * cs].  last: which rows of the last vector there are; WHOLE: all,
 * and nothing is masked.  Meanwhile AHEAD columns like B's are fetched, or A's
 * where it is 1: from `ahead` on. */
SIMD_INLINE void NAME(micro)(const int MV, const int NR, const int WHOLE,
                             const int AHEAD, int64_t k, R alpha, const R *a,
                             int64_t lda, const R *b, int64_t rs, int64_t cs,
                             int first, R *c, int64_t ldc, M last,
                             const R *ahead)
{
    V sum[8][3], av[3];
    const R *b3 = b + 3 * cs, *b6 = b + 6 * cs;

    _Pragma("GCC unroll 8") for (int j = 0; j < NR; j++)
        _Pragma("GCC unroll 3") for (int i = 0; i < MV; i++)
            sum[j][i] = SET(0);
    if (MV == 3)
        _Pragma("GCC unroll 8") for (int j = 0; j < NR; j++)
            _Pragma("GCC unroll 3") for (int i = 0; i < MV; i++)
                __builtin_prefetch((char *)(c + j * ldc + i * LANES), 1);
    for (int64_t p = 0; p < k; p++, a += lda, b += rs, b3 += rs, b6 += rs) {
        _Pragma("GCC unroll 3") for (int i = 0; i < MV; i++)
            av[i] = WHOLE || i + 1 < MV ? LOAD(a + i * LANES)
                                        : LOAD_PART(last, a + i * LANES);
        if (AHEAD == 1)
            _Pragma("GCC unroll 3") for (int i = 0; i < MV; i++)
                __builtin_prefetch(ahead + p * lda + i * LANES);
        if (AHEAD > 1 && p % LANES == 0)
            _Pragma("GCC unroll 8") for (int j = 0; j < AHEAD; j++)
                __builtin_prefetch(ahead + p + j * cs);
        _Pragma("GCC unroll 8") for (int j = 0; j < NR; j++) {
            V x = SET(j < 3 ? b[j * cs] : j < 6 ? b3[(j - 3) * cs]
                                                : b6[(j - 6) * cs]);
            _Pragma("GCC unroll 3") for (int i = 0; i < MV; i++)
                sum[j][i] = FMA(av[i], x, sum[j][i]);
        }
    }
    _Pragma("GCC unroll 8") for (int j = 0; j < NR; j++, c += ldc)
        _Pragma("GCC unroll 3") for (int i = 0; i < MV; i++) {
            R *at = c + i * LANES;
            M rows = WHOLE || i + 1 < MV ? (M)-1 : last;
            V x = SET(alpha);
            if (first)
                x = MUL(x, sum[j][i]);
            else
                x = FMA(x, sum[j][i], LOAD_PART(rows, at));
            STORE_PART(at, rows, x);
        }
}

typedef void NAME(micro_call)(int64_t k, R alpha, const R *a, int64_t lda,
                              const R *b, int64_t rs, int64_t cs, int first,
                              R *c, int64_t ldc, M last);
#define MICRO(MV, NR, WHOLE)                                                   \
    SIMD static void NAME(micro_##MV##_##NR##_##WHOLE)(                        \
        int64_t k, R alpha, const R *a, int64_t lda, const R *b, int64_t rs,   \
        int64_t cs, int first, R *c, int64_t ldc, M last)                      \
    {                                                                          \
        NAME(micro)(MV, NR, WHOLE, 0, k, alpha, a, lda, b, rs, cs, first, c,   \
                    ldc, last, NULL);                                          \
    }
#define EACH_WIDTH(ROW, MV, WHOLE)                                             \
    ROW(MV, 1, WHOLE)                                                          \
    ROW(MV, 2, WHOLE)                                                          \
    ROW(MV, 3, WHOLE)                                                          \
    ROW(MV, 4, WHOLE)                                                          \
    ROW(MV, 5, WHOLE) ROW(MV, 6, WHOLE) ROW(MV, 7, WHOLE) ROW(MV, 8, WHOLE)
EACH_WIDTH(MICRO, 1, 0)
EACH_WIDTH(MICRO, 2, 0)
EACH_WIDTH(MICRO, 3, 0)
EACH_WIDTH(MICRO, 3, 1)
#undef MICRO
#define MICRO(MV, NR, WHOLE) NAME(micro_##MV##_##NR##_##WHOLE),
/* By vectors, whole panels last, and by columns. */
static NAME(micro_call) *const NAME(micros)[4][8] = {
    {EACH_WIDTH(MICRO, 1, 0)},
    {EACH_WIDTH(MICRO, 2, 0)},
    {EACH_WIDTH(MICRO, 3, 0)},
    {EACH_WIDTH(MICRO, 3, 1)}};
#undef MICRO
#undef EACH_WIDTH

#define AHEAD(COLUMNS)                                                         \
    SIMD static void NAME(ahead_##COLUMNS)(                                    \
        int64_t k, R alpha, const R *a, int64_t lda, const R *b, int64_t rs,   \
        int64_t cs, int first, R *c, int64_t ldc, const R *ahead)              \
    {                                                                          \
        NAME(micro)(3, 8, 1, COLUMNS, k, alpha, a, lda, b, rs, cs, first, c,   \
                    ldc, (M)-1, ahead);                                        \
    }
AHEAD(1)
AHEAD(8)
#undef AHEAD

/* m <= 3 vectors, n <= 8. */
SIMD_INLINE void NAME(micro_any)(int64_t m, int64_t n, int64_t k, R alpha,
                                 const R *a, int64_t lda, const R *b,
                                 int64_t rs, int64_t cs, int first, R *c,
                                 int64_t ldc)
{
    int64_t vectors = (m + LANES - 1) / LANES, rest = m - (vectors - 1) * LANES;

    NAME(micros)[vectors - 1 + (m == 3 * LANES)][n - 1](
        k, alpha, a, lda, b, rs, cs, first, c, ldc,
        (M)(((uint64_t)1 << rest) - 1));
}

/* The part of a micro tile whose rows are not above the diagonal; the
 * diagonal is at row `at` of its first column, counted from its first row. */
SIMD static void NAME(micro_lower)(int64_t m, int64_t n, int64_t k, R alpha,
                                   const R *a, int64_t lda, const R *b,
                                   int64_t rs, int64_t cs, int first, R *c,
                                   int64_t ldc, int64_t at)
{
    _Alignas(64) R part[8 * 3 * LANES];

    NAME(micro_any)(m, n, k, alpha, a, lda, b, rs, cs, 1, part, 3 * LANES);
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = at + j > 0 ? at + j : 0; i < m; i++) {
            R *to = &c[i + j * ldc], x = part[i + j * 3 * LANES];
            *to = first ? x : *to + x;
        }
}

/* ---- packing ---- */

/* m rows of k entries, in panels of 24 rows: column p of a panel is at
 * 24 * p, panels are 24 * k apart. */
SIMD static void NAME(pack_panels)(int64_t m, int64_t k, const R *a, int64_t rs,
                                   int64_t cs, R *to, int64_t high)
{
    for (int64_t i0 = 0; i0 < m; i0 += high, to += high * k) {
        int64_t rows = m - i0 < high ? m - i0 : high;
        const R *from = a + i0 * rs;
        if (rs == 1) {
            for (int64_t p = 0; p < k; p++, from += cs)
                for (int64_t i = 0; i < rows; i += LANES) {
                    int64_t rest = rows - i < LANES ? rows - i : LANES;
                    M part = (M)(((uint64_t)1 << rest) - 1);
                    STORE_PART(to + p * high + i, part,
                               LOAD_PART(part, from + i));
                }
            continue;
        }
        int64_t p = 0;
        for (; cs == 1 && p + 8 <= k; p += 8) {
            int64_t i = 0;
            for (; i + 8 <= rows; i += 8)
                TRANSPOSE(from + i * rs + p, rs, to + p * high + i, high);
            for (; i < rows; i++)
                for (int64_t q = p; q < p + 8; q++)
                    to[q * high + i] = from[i * rs + q];
        }
        for (; p < k; p++)
            for (int64_t i = 0; i < rows; i++)
                to[p * high + i] = from[i * rs + p * cs];
    }
}

/* ---- products ---- */

struct NAME(product) {
    int64_t m, n, k; /* of this block */
    R alpha;
    const R *a, *b;
    int64_t a_panel, lda;      /* from a panel of 24 rows to the next */
    int64_t b_panel, rs, cs;   /* and of 8 columns */
    int first, lower;
    int64_t diagonal; /* lower: row of C's block minus its column */
    R *c;
    int64_t ldc;
    struct ahead next[2]; /* what will be packed then */
};

SIMD_INLINE struct ahead NAME(block)(const R *at, int64_t rs, int64_t cs,
                                     int64_t rows, int64_t cols)
{
    const int64_t size = sizeof(R);

    if (rows <= 0 || cols <= 0 || (rs != 1 && cs != 1))
        return (struct ahead){NULL, 0, 0, 0};
    return rs == 1 ? (struct ahead){at, rows * size, cs * size, cols}
                   : (struct ahead){at, cols * size, rs * size, rows};
}

/* Tiles that come from memory come late, and to pack is all waiting then: with
 * each of this block's micro tiles a share of the next blocks is fetched, into
 * the second cache. */
SIMD_INLINE void NAME(fetch_next)(const struct NAME(product) * x, int64_t i,
                                  int64_t j)
{
    const int64_t high = 3 * LANES, panels = (x->m + high - 1) / high;
    int64_t turns = (x->n + 7) / 8 * panels, turn = j / 8 * panels + i / high;

    for (int k = 0; k < 2; k++) {
        const struct ahead *y = &x->next[k];
        int64_t end = (turn + 1) * y->count / turns;
        for (int64_t p = turn * y->count / turns; p < end; p++)
            for (int64_t q = 0; q < y->bytes; q += 64)
                __builtin_prefetch((const char *)y->at + p * y->step + q, 0, 2);
    }
}

/* Its part of 24 x 8 from (i, j) on. */
SIMD_INLINE void NAME(product_micro)(const struct NAME(product) * x, int64_t i,
                                     int64_t j)
{
    const int64_t high = 3 * LANES;
    int64_t rows = x->m - i < high ? x->m - i : high;
    int64_t cols = x->n - j < 8 ? x->n - j : 8;
    int64_t at = j - (i + x->diagonal); /* its diagonal's row */
    const R *a = x->a + i / high * x->a_panel, *b = x->b + j / 8 * x->b_panel;
    R *c = x->c + i + j * x->ldc;

    if (!x->lower || at + cols - 1 <= 0)
        NAME(micro_any)(rows, cols, x->k, x->alpha, a, x->lda, b, x->rs, x->cs,
                        x->first, c, x->ldc);
    else if (at < rows)
        NAME(micro_lower)(rows, cols, x->k, x->alpha, a, x->lda, b, x->rs,
                          x->cs, x->first, c, x->ldc, at);
}

/* Tiles that come from memory come late: while the first panel of A is
 * multiplied B's next columns are fetched, and with B's last ones the next
 * panel of A, if they are read where they lie.  0: nothing is to be fetched. */
SIMD_INLINE int NAME(product_ahead)(const struct NAME(product) * x, int64_t i,
                                    int64_t j)
{
    const int64_t high = 3 * LANES;
    const R *a = x->a + i / high * x->a_panel, *b = x->b + j / 8 * x->b_panel;
    R *c = x->c + i + j * x->ldc;
    int last = j + 16 > x->n; /* whole columns */

    if (x->lower || i + high > x->m || j + 8 > x->n)
        return 0;
    if (last && x->lda != high && i + high < x->m)
        NAME(ahead_1)(x->k, x->alpha, a, x->lda, b, x->rs, x->cs, x->first, c,
                      x->ldc, a + x->a_panel);
    else if (!last && !i && x->rs == 1)
        NAME(ahead_8)(x->k, x->alpha, a, x->lda, b, x->rs, x->cs, x->first, c,
                      x->ldc, b + x->b_panel);
    else
        return 0;
    return 1;
}

/* A panel of A stays in the first cache while B goes by, if it has room
 * there; else one of B does. */
SIMD static void NAME(macro)(const struct NAME(product) * x)
{
    const int64_t high = 3 * LANES;

    if (x->k <= NEAR) {
        for (int64_t i = 0; i < x->m; i += high)
            for (int64_t j = 0; j < x->n; j += 8)
                if (!NAME(product_ahead)(x, i, j))
                    NAME(product_micro)(x, i, j);
        return;
    }
    for (int64_t j = 0; j < x->n; j += 8)
        for (int64_t i = 0; i < x->m; i += high) {
            if (x->next[0].count || x->next[1].count)
                NAME(fetch_next)(x, i, j);
            NAME(product_micro)(x, i, j);
        }
}

/* Rows i to i + m of the block; A is packed where its columns are not
 * contiguous, or are read often from where they lie apart. */
SIMD static void NAME(block_rows)(struct NAME(product) x, int64_t i, int64_t m,
                                  const R *a, int64_t rs, int64_t cs,
                                  R *packed)
{
    const int64_t high = 3 * LANES;

    x.m = m;
    x.c += i;
    x.diagonal += i;
    a += i * rs;
    if (rs == 1 && !packs_a(x.n, x.k, cs * (int64_t)sizeof(R))) {
        x.a = a;
        x.lda = cs;
        x.a_panel = high;
    } else {
        NAME(pack_panels)(m, x.k, a, rs, cs, packed, high);
        x.a = packed;
        x.lda = high;
        x.a_panel = high * x.k;
    }
    NAME(macro)(&x);
}

/* C = alpha A B + beta C, beta 0 or 1; lower: its lower half alone.
 * packed: SIMD_A bytes, and then SIMD_B. */
SIMD static void NAME(gemm)(int64_t m, int64_t n, int64_t k, R alpha,
                            const R *a, int64_t ars, int64_t acs, const R *b,
                            int64_t brs, int64_t bcs, int first, R *c,
                            int64_t ldc, int lower, char *packed)
{
    const int64_t mc = SIMD_A / (int64_t)sizeof(R) / KC / (3 * LANES) *
                       (3 * LANES);

    for (int64_t j = 0; j < n; j += NC)
        for (int64_t p = 0; p < k; p += KC) {
            struct NAME(product) x = {.n = n - j < NC ? n - j : NC,
                                      .k = k - p < KC ? k - p : KC,
                                      .alpha = alpha,
                                      .first = first && !p,
                                      .lower = lower,
                                      .diagonal = -j,
                                      .c = c + j * ldc,
                                      .ldc = ldc};
            const R *from = b + p * brs + j * bcs;
            struct ahead b_next = {NULL, 0, 0, 0};
            if (packs_b(m, brs, bcs, sizeof(R))) {
                b_next = NAME(block)(from + KC * brs, brs, bcs,
                                     least(k - p - KC, KC), x.n);
                R *to = (R *)(packed + SIMD_A);
                NAME(pack_panels)(x.n, x.k, from, bcs, brs, to, 8);
                x.b = to;
                x.rs = 8;
                x.cs = 1;
                x.b_panel = 8 * x.k;
            } else {
                x.b = from;
                x.rs = brs;
                x.cs = bcs;
                x.b_panel = 8 * bcs;
            }
            int64_t top = lower ? j / (3 * LANES) * (3 * LANES) : 0;
            for (int64_t i = top; i < m; i += mc) {
                int last = i + mc >= m;
                int64_t row = last ? top : i + mc, col = last ? p + KC : p;
                if (x.n > NARROW)
                    x.next[0] = NAME(block)(a + row * ars + col * acs, ars, acs,
                                            least(m - row, mc),
                                            least(k - col, KC));
                if (last)
                    x.next[1] = b_next;
                NAME(block_rows)(x, i, least(m - i, mc), a + p * acs, ars, acs,
                                 (R *)packed);
            }
        }
}

/* ---- triangles ---- */

/* Up to TRI columns of X T = B or X = B T with T upper, `rows` rows in x, 24
 * apart.  T's row k is t + TRI * k; for a solve its diagonal holds
 * reciprocals. */
SIMD_INLINE void NAME(strip)(int solve, int64_t n, const R *t, R *x)
{
    const int64_t high = 3 * LANES;

    for (int64_t step = 0; step < n; step++) {
        int64_t j = solve ? step : n - 1 - step;
        R *to = x + j * high;
        V s0 = LOAD(to), s1 = LOAD(to + LANES), s2 = LOAD(to + 2 * LANES), d;
        d = SET(t[j * TRI + j]);
        if (!solve) {
            s0 = MUL(s0, d), s1 = MUL(s1, d), s2 = MUL(s2, d);
        }
        for (int64_t k = j & ~(int64_t)7; k < j; k++) {
            V f = SET(solve ? -t[k * TRI + j] : t[k * TRI + j]);
            const R *from = x + k * high;
            s0 = FMA(LOAD(from), f, s0);
            s1 = FMA(LOAD(from + LANES), f, s1);
            s2 = FMA(LOAD(from + 2 * LANES), f, s2);
        }
        if (solve) {
            s0 = MUL(s0, d), s1 = MUL(s1, d), s2 = MUL(s2, d);
        }
        STORE(to, s0);
        STORE(to + LANES, s1);
        STORE(to + 2 * LANES, s2);
        /* the first 8 columns' part of the next ones, or, downwards, what
         * the columns before this group of 8 add to it */
        if (solve && (j & 7) == 7 && j + 1 < n) {
            int64_t w = n - j - 1 < 8 ? n - j - 1 : 8;
            NAME(micro_any)(high, w, j + 1, -1, x, high, t + j + 1, TRI, 1, 0,
                            to + high, high);
        } else if (!solve && !(j & 7) && j) {
            int64_t w = n - j < 8 ? n - j : 8;
            NAME(micro_any)(high, w, j, 1, x, high, t + j, TRI, 1, 0, to, high);
        }
    }
}

/* B, m x n with n <= TRI, of any strides. */
SIMD static void NAME(triangle)(int solve, int unit, int64_t m, int64_t n,
                                const R *t, int64_t trs, int64_t tcs, R *b,
                                int64_t brs, int64_t bcs)
{
    const int64_t high = 3 * LANES;
    _Alignas(64) R x[3 * LANES * TRI], upper[TRI * TRI];

    for (int64_t j = 0; j < n; j++)
        for (int64_t k = 0; k <= j; k++)
            upper[k * TRI + j] = t[k * trs + j * tcs];
    for (int64_t j = 0; j < n; j++) {
        R *d = &upper[j * TRI + j];
        *d = unit ? 1 : solve ? 1 / *d : *d;
    }
    memset(x, 0, sizeof x);
    for (int64_t i = 0; i < m; i += high) {
        int64_t rows = m - i < high ? m - i : high;
        R *at = b + i * brs;
        NAME(pack_panels)(rows, n, at, brs, bcs, x, high);
        NAME(strip)(solve, n, upper, x);
        if (brs == 1)
            for (int64_t j = 0; j < n; j++)
                memcpy(at + j * bcs, x + j * high, (size_t)rows * sizeof(R));
        else if (bcs == 1 || bcs == -1) {
            int64_t q = 0;
            for (; bcs == 1 && q + 8 <= n; q += 8) {
                int64_t r = 0;
                for (; r + 8 <= rows; r += 8)
                    TRANSPOSE(x + q * high + r, high, at + r * brs + q, brs);
                for (; r < rows; r++)
                    for (int64_t j = q; j < q + 8; j++)
                        at[r * brs + j] = x[j * high + r];
            }
            for (int64_t r = 0; r < rows; r++)
                for (int64_t j = q; j < n; j++)
                    at[r * brs + j * bcs] = x[j * high + r];
        } else
            for (int64_t j = 0; j < n; j++)
                for (int64_t r = 0; r < rows; r++)
                    at[r * brs + j * bcs] = x[j * high + r];
    }
}

/* C = C - A B or C + A B where C is X's last columns: by its own strides. */
SIMD static void NAME(update)(R alpha, int64_t m, int64_t n, int64_t k,
                              const R *a, int64_t ars, int64_t acs, const R *b,
                              int64_t brs, int64_t bcs, R *c, int64_t crs,
                              int64_t ccs, char *packed)
{
    if (crs == 1) {
        NAME(gemm)(m, n, k, alpha, a, ars, acs, b, brs, bcs, 0, c, ccs, 0,
                   packed);
        return;
    }
    if (ccs == -1) { /* upwards: from its other end */
        c -= n - 1;
        b += (n - 1) * bcs;
        bcs = -bcs;
    }
    NAME(gemm)(n, m, k, alpha, b, bcs, brs, a, acs, ars, 0, c, crs, 0, packed);
}

/* B = B T^-1 (solve) or B T, T upper n x n, B m x n: brs is 1, or bcs 1 or
 * -1. */
SIMD static void NAME(triangular)(int solve, int unit, int64_t m, int64_t n,
                                  const R *t, int64_t trs, int64_t tcs, R *b,
                                  int64_t brs, int64_t bcs, char *packed)
{
    int64_t h = (n / 2 + 7) / 8 * 8;
    const R *t12 = t + h * tcs, *t22 = t12 + h * trs;
    R *b2 = b + h * bcs;

    if (n <= TRI) {
        NAME(triangle)(solve, unit, m, n, t, trs, tcs, b, brs, bcs);
        return;
    }
    if (solve)
        NAME(triangular)(1, unit, m, h, t, trs, tcs, b, brs, bcs, packed);
    else
        NAME(triangular)(0, unit, m, n - h, t22, trs, tcs, b2, brs, bcs,
                         packed);
    NAME(update)(solve ? -1 : 1, m, n - h, h, b, brs, bcs, t12, trs, tcs, b2,
                 brs, bcs, packed);
    if (solve)
        NAME(triangular)(1, unit, m, n - h, t22, trs, tcs, b2, brs, bcs,
                         packed);
    else
        NAME(triangular)(0, unit, m, h, t, trs, tcs, b, brs, bcs, packed);
}

SIMD static void NAME(scale)(int64_t m, int64_t n, R alpha, R *b, int64_t rs,
                             int64_t cs)
{
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++)
            b[i * rs + j * cs] *= alpha;
}

/* ---- panels of LU ---- */

/* Column K of the m rows from row K on, a: what the K columns on its left, of
 * rows alike, take off it; u: the K entries above.  The last of those is still
 * to be divided by *pivot, if that is not 0.  The largest size: a NaN has none.
 */
SIMD_INLINE R NAME(panel_column)(const int K, int64_t m, R *a, int64_t lda,
                                 const R *u, const R *pivot)
{
    V c[PANEL], largest = SET(0), by = SET(0);
    R *v = a + K * lda, *l = v - lda;
    int divide = K && *pivot != 0;

    _Pragma("GCC unroll 16") for (int k = 0; k < K; k++)
        c[k] = SET(-u[k]);
    if (divide)
        by = SET(*pivot);
    for (int64_t i = 0; i < m; i += LANES) {
        int64_t rest = m - i < LANES ? m - i : LANES;
        M rows = (M)(((uint64_t)1 << rest) - 1);
        V x = LOAD_PART(rows, v + i);
        _Pragma("GCC unroll 16") for (int k = 0; k + 1 < K; k++)
            x = FMA(LOAD_PART(rows, a + k * lda + i), c[k], x);
        if (K) {
            V y = LOAD_PART(rows, l + i);
            if (divide) {
                y = DIV(y, by);
                STORE_PART(l + i, rows, y);
            }
            x = FMA(y, c[K - 1], x);
            STORE_PART(v + i, rows, x);
        }
        largest = MAX(ABS(x), largest);
    }
    return LARGEST(largest);
}

/* The first of m entries with this size. */
SIMD_INLINE int64_t NAME(find_size)(int64_t m, const R *v, R size)
{
    for (int64_t i = 0; i < m; i += LANES) {
        int64_t rest = m - i < LANES ? m - i : LANES;
        M rows = (M)(((uint64_t)1 << rest) - 1);
        M same = rows & EQUAL(ABS(LOAD_PART(rows, v + i)), SET(size));
        if (same)
            return i + __builtin_ctz(same);
    }
    return 0;
}

/* P A = L U, m x n with n <= PANEL, n <= m; as getrf_core() of kernel_factor.c
 * but for roundoff. */
SIMD static void NAME(panel)(int64_t m, int64_t n, R *a, int64_t lda,
                             int64_t *p)
{
    R u[PANEL], pivot = 0;

    for (int64_t j = 0; j < n; j++) {
        R *v = a + j * lda, largest = 0;
        for (int64_t k = 0; k < j; k++) {
            R x = v[k];
            for (int64_t q = 0; q < k; q++)
                x -= a[k + q * lda] * u[q];
            v[k] = u[k] = x;
        }
        switch (j) {
#define CASE(K)                                                                \
    case K:                                                                    \
        largest = NAME(panel_column)(K, m - K, a + K, lda, u, &pivot);         \
        break;
            CASE(0)
            CASE(1)
            CASE(2)
            CASE(3)
            CASE(4)
            CASE(5)
            CASE(6)
            CASE(7)
            CASE(8)
            CASE(9)
            CASE(10)
            CASE(11)
            CASE(12)
            CASE(13)
            CASE(14)
            CASE(15)
#undef CASE
        }
        p[j] = j;
        if (v[j] == v[j] && largest > 0)
            p[j] += NAME(find_size)(m - j, v + j, largest);
        for (int64_t k = 0; p[j] != j && k < n; k++) {
            R x = a[j + k * lda];
            a[j + k * lda] = a[p[j] + k * lda];
            a[p[j] + k * lda] = x;
        }
        pivot = v[j];
    }
    for (int64_t i = n; pivot != 0 && i < m; i++)
        a[i + (n - 1) * lda] /= pivot;
}
