/* Band to tridiagonal and bidiagonal form, for one real type; kernel_chase.c
 * includes it twice, with
 *   R, LANES, NAME(x)   the type, how many of it fill 64 bytes, x_f64
 *   VECTOR, MASK        64 bytes of R, and of whole numbers as wide
 *
 * Blocks are B x B with B = 32 or 64, known where these are expanded: a
 * column is a few vectors.  A block may reach beyond the matrix; everything
 * there is zero and stays so. */

#define LOAD(AT) (*(const VECTOR *)(AT))
#define STORE(AT, X) (*(VECTOR *)(AT) = (X))
#define UNROLL _Pragma("GCC unroll 8")

/* Sum of a vector's entries, in a fixed order. */
CHASE_INLINE R NAME(total)(const VECTOR *x)
{
    R part[LANES];

    STORE(part, *x);
    for (int half = LANES / 2; half; half /= 2)
        for (int i = 0; i < half; i++)
            part[i] += part[i + half];
    return part[0];
}

/* v holds x: H x = [beta; 0] with H = 1 - tau v v', v(0) = 1.  tau follows from
 * v as it is, so that H is orthogonal whatever was rounded.  What is too small
 * beside 1, the size of the matrix, to be squared is nothing. */
CHASE_INLINE R NAME(reflector)(const int B, R *v, R *beta)
{
    VECTOR sum = {0};
    R alpha = v[0], below, largest, scale;

    v[0] = 0;
    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        VECTOR x = LOAD(v + i * LANES);
        sum += x * x;
    }
    below = NAME(total)(&sum);
    if (!(below > NAME(least))) {
        memset(v, 0, (size_t)B * sizeof *v);
        v[0] = 1;
        *beta = alpha;
        return 0;
    }
    largest = NAME(root)(alpha * alpha + below);
    *beta = alpha > 0 ? -largest : largest;
    scale = 1 / (alpha - *beta);
    sum = (VECTOR){0};
    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        VECTOR x = LOAD(v + i * LANES) * scale;
        STORE(v + i * LANES, x);
        sum += x * x;
    }
    v[0] = 1;
    return 2 / (1 + NAME(total)(&sum));
}

/* S = H S H of a symmetric block of which the lower half is stored, entry
 * (i, j) at s[i + j * ld]; above the diagonal, down from the last multiple of
 * LANES, there are zeros. */
CHASE_INLINE void NAME(both_sides)(const int B, R *s, int64_t ld, const R *v,
                                   R tau)
{
    VECTOR x[64 / LANES], y[64 / LANES], sum = {0};
    R dots[64], ys[64], alpha;

    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        x[i] = LOAD(v + i * LANES);
        y[i] = (VECTOR){0};
    }
    UNROLL for (int c = 0; c < B / LANES; c++)
        for (int l = 0; l < LANES; l++) {
            const R *column = s + (c * LANES + l) * ld;
            R vj = v[c * LANES + l];
            VECTOR a = LOAD(column + c * LANES), dot;
            y[c] += a * vj;
            dot = (VECTOR)((MASK)a & NAME(from)[l + 1]) * x[c];
            UNROLL for (int i = c + 1; i < B / LANES; i++)
            {
                a = LOAD(column + i * LANES);
                y[i] += a * vj;
                dot += a * x[i];
            }
            dots[c * LANES + l] = NAME(total)(&dot);
        }
    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        y[i] = (y[i] + LOAD(dots + i * LANES)) * tau;
        sum += y[i] * x[i];
    }
    alpha = -tau * NAME(total)(&sum) / 2;
    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        y[i] += x[i] * alpha;
        STORE(ys + i * LANES, y[i]);
    }
    UNROLL for (int c = 0; c < B / LANES; c++)
        for (int l = 0; l < LANES; l++) {
            R *column = s + (c * LANES + l) * ld;
            R vj = v[c * LANES + l], yj = ys[c * LANES + l];
            VECTOR a = LOAD(column + c * LANES) - (x[c] * yj + y[c] * vj);
            STORE(column + c * LANES,
                  (VECTOR)((MASK)a & (NAME(from)[l])));
            UNROLL for (int i = c + 1; i < B / LANES; i++)
                STORE(column + i * LANES,
                      LOAD(column + i * LANES) - (x[i] * yj + y[i] * vj));
        }
}

/* A = G (A H) with H of v and tau, and a new G that leaves beta alone of the
 * first column: its u, and tau as result. */
CHASE_INLINE R NAME(next_block)(const int B, R *a, int64_t ld, const R *v,
                                R tau, R *u)
{
    VECTOR w[64 / LANES], x[64 / LANES];
    R beta, next;

    UNROLL for (int i = 0; i < B / LANES; i++)
        w[i] = (VECTOR){0};
    for (int j = 0; j < B; j++)
        UNROLL for (int i = 0; i < B / LANES; i++)
            w[i] += LOAD(a + j * ld + i * LANES) * v[j];
    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        w[i] *= tau;
        STORE(u + i * LANES, LOAD(a + i * LANES) - w[i]);
    }
    next = NAME(reflector)(B, u, &beta);
    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        STORE(a + i * LANES, (VECTOR){0});
        x[i] = LOAD(u + i * LANES);
    }
    a[0] = beta;
    for (int j = 1; j < B; j++) {
        VECTOR column[64 / LANES], dot = {0};
        R z;
        UNROLL for (int i = 0; i < B / LANES; i++)
        {
            column[i] = LOAD(a + j * ld + i * LANES) - w[i] * v[j];
            dot += column[i] * x[i];
        }
        z = NAME(total)(&dot) * next;
        UNROLL for (int i = 0; i < B / LANES; i++)
            STORE(a + j * ld + i * LANES, column[i] - x[i] * z);
    }
    return next;
}

/* ---- symmetric ---- */

/* Reflection (s, k), of rows s + 1 + k B and B - 1 more, into its place. */
static void NAME(keep)(const struct chase *x, R *block, int64_t s, int64_t k,
                       const R *v, R tau)
{
    int64_t high = x->b + x->g, column = s % x->g;

    block += chase_block(x, s / x->g, k) * 2 * high * x->g;
    memcpy(block + column * (high + 1), v, (size_t)x->b * sizeof *v);
    block[high * x->g + column] = tau; /* its T is made later */
}

/* What is left of a sweep on its way down. */
struct NAME(sweep) {
    R v[2][64], tau;
};

CHASE_INLINE void NAME(symmetric_step)(const int B, const struct chase *x,
                                       int64_t s, int64_t k,
                                       struct NAME(sweep) * sweep)
{
    const int64_t ld = x->ld;
    int64_t r = s + 1 + k * B;
    R *band = x->band, *v = sweep->v[k & 1], *at = band + r * (ld + 1), beta;

    if (k == 0) {
        R *column = band + s * (ld + 1) + 1;
        memcpy(v, column, (size_t)B * sizeof *v);
        sweep->tau = NAME(reflector)(B, v, &beta);
        memset(column, 0, (size_t)B * sizeof *v);
        column[0] = beta;
    }
    if (x->blocks)
        NAME(keep)(x, x->blocks, s, k, v, sweep->tau);
    NAME(both_sides)(B, at, ld, v, sweep->tau);
    if (r + B < x->n)
        sweep->tau = NAME(next_block)(B, at + B, ld, v, sweep->tau,
                                      sweep->v[!(k & 1)]);
}

/* ---- general ---- */

/* A = (G A) H with G of u and tau, and a new H that leaves beta alone of the
 * first row: its v, and tau as result. */
CHASE_INLINE R NAME(other_block)(const int B, R *a, int64_t ld, const R *u,
                                 R tau, R *v)
{
    VECTOR w[64 / LANES], x[64 / LANES];
    R beta, next;

    UNROLL for (int i = 0; i < B / LANES; i++)
    {
        w[i] = (VECTOR){0};
        x[i] = LOAD(u + i * LANES);
    }
    for (int j = 0; j < B; j++) {
        VECTOR column[64 / LANES], dot = {0};
        R z;
        UNROLL for (int i = 0; i < B / LANES; i++)
        {
            column[i] = LOAD(a + j * ld + i * LANES);
            dot += column[i] * x[i];
        }
        z = NAME(total)(&dot) * tau;
        UNROLL for (int i = 0; i < B / LANES; i++)
            STORE(a + j * ld + i * LANES, column[i] - x[i] * z);
        v[j] = a[j * ld];
    }
    next = NAME(reflector)(B, v, &beta);
    for (int j = 0; j < B; j++)
        UNROLL for (int i = 0; i < B / LANES; i++)
            w[i] += LOAD(a + j * ld + i * LANES) * v[j];
    UNROLL for (int i = 0; i < B / LANES; i++)
        w[i] *= next;
    for (int j = 0; j < B; j++) {
        UNROLL for (int i = 0; i < B / LANES; i++)
            STORE(a + j * ld + i * LANES,
                  LOAD(a + j * ld + i * LANES) - w[i] * v[j]);
        a[j * ld] = j ? 0 : beta;
    }
    return next;
}

CHASE_INLINE void NAME(general_step)(const int B, const struct chase *x,
                                     int64_t s, int64_t k,
                                     struct NAME(sweep) * sweep)
{
    const int64_t ld = x->ld;
    int64_t r = s + 1 + k * B;
    R *band = x->band, *at = band + r * (ld + 1), u[64], tau;

    if (k == 0) {
        R *row = band + s + (s + 1) * ld, beta;
        for (int j = 0; j < B; j++) {
            sweep->v[0][j] = row[j * ld];
            row[j * ld] = 0;
        }
        sweep->tau = NAME(reflector)(B, sweep->v[0], &beta);
        row[0] = beta;
    }
    if (x->blocks)
        NAME(keep)(x, x->right, s, k, sweep->v[0], sweep->tau);
    tau = NAME(next_block)(B, at, ld, sweep->v[0], sweep->tau, u);
    if (x->blocks)
        NAME(keep)(x, x->blocks, s, k, u, tau);
    if (r + B < x->n)
        sweep->tau = NAME(other_block)(B, at + B * ld, ld, u, tau, sweep->v[0]);
}

/* ---- all sweeps ---- */

/* Several one behind the other, so that what they touch stays in the cache: a
 * sweep's step k comes after its forerunner's step k + 1. */
CHASE_INLINE void NAME(sweeps)(const int B, const int general,
                               const struct chase *x)
{
    struct NAME(sweep) sweep[CHASE_SWEEPS];
    int64_t sweeps = x->n - 2;

    for (int64_t s = 0; s < sweeps; s += CHASE_SWEEPS) {
        int64_t steps = (x->n - 1 - s + B - 1) / B + 2 * (CHASE_SWEEPS - 1);
        for (int64_t t = 0; t < steps; t++)
            for (int64_t i = 0; i < CHASE_SWEEPS && s + i < sweeps; i++) {
                int64_t k = t - 2 * i;
                if (k < 0 || s + i + 1 + k * B >= x->n)
                    continue;
                if (general)
                    NAME(general_step)(B, x, s + i, k, &sweep[i]);
                else
                    NAME(symmetric_step)(B, x, s + i, k, &sweep[i]);
            }
    }
}

#define SWEEPS(NAME_, B, GENERAL)                                              \
    KERNEL_WIDE_CLONES static void NAME_(const struct chase *x)                \
    {                                                                          \
        NAME(sweeps)(B, GENERAL, x);                                           \
    }
SWEEPS(NAME(symmetric_32), 32, 0)
SWEEPS(NAME(symmetric_64), 64, 0)
SWEEPS(NAME(general_32), 32, 1)
SWEEPS(NAME(general_64), 64, 1)
#undef SWEEPS

/* The band of A's lower half, or upper half if general, to x->band, then d
 * and e from there. */
static void NAME(two_diagonals)(struct chase *x, int general, const R *a,
                                int64_t lda, R *d, R *e)
{
    int64_t n = x->n, b = x->b, j, above = general ? 2 * b - 1 : 0;
    int64_t high = chase_high(sizeof(R), b);
    R *band = (R *)x->band + LANES + above; /* entry (0, 0) */

    memset(x->band, 0, chase_bytes(sizeof(R), n, b));
    x->ld = high - 1;
    x->band = band;
    for (j = 0; j < n; j++) {
        int64_t rows = general ? (j < b ? j : b) : (n - 1 - j < b ? n - 1 - j : b);
        int64_t first = general ? j - rows : j;
        memcpy(band + first + j * x->ld, a + first + j * lda,
               (size_t)(rows + 1) * sizeof(R));
    }
    if (b == 32)
        general ? NAME(general_32)(x) : NAME(symmetric_32)(x);
    else
        general ? NAME(general_64)(x) : NAME(symmetric_64)(x);
    for (j = 0; j < n; j++) {
        d[j] = band[j * high];
        e[j] = j + 1 == n ? 0
               : general  ? band[(j + 1) * high - 1]
                          : band[j * high + 1];
    }
}

/* T of each group of reflections, and V T behind its V. */
static void NAME(finish)(const struct chase *x, R *v)
{
    int64_t g = x->g, high = x->b + g, size = high * g, count;
    R *t = x->work;

    for (count = chase_blocks(x->n, x->b); count; count--, v += 2 * size) {
        reflections_t(NAME(type), high, g, v, high, v + size, 1, t, g);
        blas_gemm(NAME(type), high, g, g, 1,
                  (struct blas_matrix){v, 1, high, 0, 0},
                  (struct blas_matrix){t, 1, g, 0, 0}, 0,
                  (struct blas_matrix){v + size, 1, high, 0, 0});
    }
}
#undef LOAD
#undef STORE
#undef UNROLL
