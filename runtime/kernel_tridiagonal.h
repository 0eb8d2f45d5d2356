/* Symmetric to tridiagonal form in one step, for one real type;
 * kernel_tridiagonal.c includes it twice, with R, LANES, NAME(x), VECTOR as
 * kernel_chase.h has them.
 *
 * All columns begin at addresses that vectors fit, all rows counts are
 * multiples of LANES: what lies before the part that is meant is multiplied by
 * zeros, what lies behind it is zero. */

#define LOAD(AT) (*(const VECTOR *)(AT))
#define STORE(AT, X) (*(VECTOR *)(AT) = (X))
#define UNROLL _Pragma("GCC unroll 8")

/* Sum of a vector's entries, in a fixed order. */
ONE_INLINE R NAME(total)(const VECTOR *x)
{
    R part[LANES];

    STORE(part, *x);
    for (int half = LANES / 2; half; half /= 2)
        for (int i = 0; i < half; i++)
            part[i] += part[i + half];
    return part[0];
}

/* x' y of rows entries. */
ONE_INLINE R NAME(dot)(int64_t rows, const R *x, const R *y)
{
    VECTOR sum[4] = {{0}, {0}, {0}, {0}};
    int64_t i = 0;

    for (; i + 4 * LANES <= rows; i += 4 * LANES)
        UNROLL for (int k = 0; k < 4; k++)
            sum[k] += LOAD(x + i + k * LANES) * LOAD(y + i + k * LANES);
    for (; i < rows; i += LANES)
        sum[0] += LOAD(x + i) * LOAD(y + i);
    sum[0] += sum[1];
    sum[2] += sum[3];
    sum[0] += sum[2];
    return NAME(total)(&sum[0]);
}

/* ---- products with some columns ----------------------------------------- */

/* y -= A x, A rows x k. */
ONE_INLINE void NAME(take_columns)(int64_t rows, int64_t k, const R *a,
                                   int64_t ld, const R *x, R *y)
{
    int64_t i = 0;

    for (; i + 8 * LANES <= rows; i += 8 * LANES) {
        VECTOR sum[8];
        UNROLL for (int l = 0; l < 8; l++)
            sum[l] = LOAD(y + i + l * LANES);
        for (int64_t j = 0; j < k; j++)
            UNROLL for (int l = 0; l < 8; l++)
                sum[l] -= LOAD(a + i + l * LANES + j * ld) * x[j];
        UNROLL for (int l = 0; l < 8; l++)
            STORE(y + i + l * LANES, sum[l]);
    }
    for (; i < rows; i += LANES) {
        VECTOR sum = LOAD(y + i);
        for (int64_t j = 0; j < k; j++)
            sum -= LOAD(a + i + j * ld) * x[j];
        STORE(y + i, sum);
    }
}

/* x = A' y, A rows x k; rows may be any number.  Parts of 4 vectors are summed
 * with what rounding takes from the sum, so that it does not grow with rows. */
ONE_INLINE void NAME(dots)(int64_t rows, int64_t k, const R *a, int64_t ld,
                           const R *y, R *x)
{
    for (int64_t j = 0, count; j < k; j += count) {
        VECTOR sum[8], part[8], lost[8];
        int64_t i = 0, end;
        count = k - j < 8 ? k - j : 8;
        UNROLL for (int l = 0; l < 8; l++)
            sum[l] = lost[l] = (VECTOR){0};
        while (i + LANES <= rows) {
            end = i + 4 * LANES <= rows ? i + 4 * LANES : rows / LANES * LANES;
            UNROLL for (int l = 0; l < 8; l++)
                part[l] = (VECTOR){0};
            if (count == 8)
                for (; i < end; i += LANES)
                    UNROLL for (int l = 0; l < 8; l++)
                        part[l] += LOAD(a + i + (j + l) * ld) * LOAD(y + i);
            else
                for (; i < end; i += LANES)
                    for (int64_t l = 0; l < count; l++)
                        part[l] += LOAD(a + i + (j + l) * ld) * LOAD(y + i);
            UNROLL for (int l = 0; l < 8; l++)
            {
                VECTOR next = sum[l] + part[l], added = next - sum[l];
                lost[l] += (sum[l] - (next - added)) + (part[l] - added);
                sum[l] = next;
            }
        }
        for (int64_t l = 0; l < count; l++) {
            R rest = 0;
            for (end = i; end < rows; end++)
                rest += a[end + (j + l) * ld] * y[end];
            sum[l] += lost[l];
            x[j + l] = NAME(total)(&sum[l]) + rest;
        }
    }
}

/* Eight columns of A, which begin in row `first`: y += A v, and, of the rows
 * from `below` on, y of these columns += A' v. */
ONE_INLINE void NAME(eight_columns)(int64_t first, int64_t below, int64_t rows,
                                    const R *a, int64_t ld, int64_t column,
                                    const R *v, R *y)
{
    const R *x = v + column;
    VECTOR sum[8];
    int64_t i;

    UNROLL for (int l = 0; l < 8; l++)
        sum[l] = (VECTOR){0};
    a += column * ld;
    for (i = first; i < below; i += LANES) {
        VECTOR yi = LOAD(y + i);
        UNROLL for (int l = 0; l < 8; l++)
            yi += LOAD(a + i + l * ld) * x[l];
        STORE(y + i, yi);
    }
    for (; i < rows; i += LANES) {
        VECTOR yi = LOAD(y + i), vi = LOAD(v + i);
        UNROLL for (int l = 0; l < 8; l++)
        {
            VECTOR al = LOAD(a + i + l * ld);
            yi += al * x[l];
            sum[l] += al * vi;
        }
        STORE(y + i, yi);
    }
    UNROLL for (int l = 0; l < 8; l++)
        y[column + l] += NAME(total)(&sum[l]);
}

/* Part of y = A v: of columns begin to end of A's lower half, and whole blocks
 * on the diagonal, both multiples of 8. */
KERNEL_WIDE_CLONES static void NAME(product_part)(int64_t begin, int64_t end,
                                                  int64_t rows, const R *a,
                                                  int64_t ld, const R *v, R *y)
{
    memset(y + begin, 0, (size_t)(rows - begin) * sizeof *y);
    for (int64_t j = begin; j < end; j += 8) {
        int64_t first = j / ONE_SQUARE * ONE_SQUARE, below = first + ONE_SQUARE;
        NAME(eight_columns)(first > begin ? first : begin,
                            below < rows ? below : rows, rows, a, ld, j, v, y);
    }
}

/* ---- the reduction ------------------------------------------------------ */

/* v holds x from `row` on: H x = [beta; 0] with H = 1 - tau v v', v(row) = 1.
 * As in kernel_chase.h. */
ONE_INLINE R NAME(reflector)(int64_t first, int64_t row, int64_t rows, R *v,
                             R *beta)
{
    R alpha = v[row], below, largest, scale;
    int64_t i;

    v[row] = 0;
    below = NAME(dot)(rows - first, v + first, v + first);
    if (!(below > NAME(least))) {
        memset(v + first, 0, (size_t)(rows - first) * sizeof *v);
        v[row] = 1;
        *beta = alpha;
        return 0;
    }
    largest = NAME(root)(alpha * alpha + below);
    *beta = alpha > 0 ? -largest : largest;
    scale = 1 / (alpha - *beta);
    for (i = first; i < rows; i += LANES)
        STORE(v + i, LOAD(v + i) * scale);
    below = NAME(dot)(rows - first, v + first, v + first);
    v[row] = 1;
    return 2 / (1 + below);
}

/* Column j = c + k of the panel that begins in column c: of what the panel's k
 * first columns are from both sides, its d, e and reflection, v.  Returns the
 * row that v begins in, or one of the zeros before it. */
KERNEL_WIDE_CLONES static int64_t NAME(next_v)(const struct one *x, int64_t c,
                                               int64_t k, R *d, R *e, R *tau)
{
    int64_t ld = x->ld, j = c + k, row = j + 1, at = j / LANES * LANES, first;
    R *panel_v = x->v, *panel_w = x->w, *v = panel_v + k * ld;
    R these[ONE_PANEL], those[ONE_PANEL];

    memcpy(v + at, (R *)x->a + at + j * ld, (size_t)(x->rows - at) * sizeof *v);
    for (int64_t i = 0; i < k; i++) {
        these[i] = panel_w[j + i * ld];
        those[i] = panel_v[j + i * ld];
    }
    NAME(take_columns)(x->rows - at, k, panel_v + at, ld, these, v + at);
    NAME(take_columns)(x->rows - at, k, panel_w + at, ld, those, v + at);
    d[j] = v[j];
    memset(v, 0, (size_t)row * sizeof *v);
    first = row / LANES * LANES;
    *tau = NAME(reflector)(first, row, x->rows, v, &e[j]);
    return first;
}

/* Its w, of the parts of A v. */
KERNEL_WIDE_CLONES static void NAME(next_w)(const struct product *p, int64_t k,
                                            R tau)
{
    const struct one *x = p->of;
    int64_t ld = x->ld, first = p->begin[0], rows = x->rows - first;
    R *panel_v = (R *)x->v + first, *panel_w = (R *)x->w + first;
    R *v = panel_v + k * ld, *w = panel_w + k * ld, factor;
    R these[ONE_PANEL], those[ONE_PANEL];

    for (int l = 1; l < p->parts; l++) {
        const R *y = (R *)x->y + (l - 1) * ld + first;
        for (int64_t i = p->begin[l] - first; i < rows; i += LANES)
            STORE(w + i, LOAD(w + i) + LOAD(y + i));
    }
    NAME(dots)(rows, k, panel_w, ld, v, these);
    NAME(dots)(rows, k, panel_v, ld, v, those);
    NAME(take_columns)(rows, k, panel_v, ld, these, w);
    NAME(take_columns)(rows, k, panel_w, ld, those, w);
    memset(w, 0, (size_t)(p->row - first) * sizeof *w);
    factor = -tau * tau * NAME(dot)(rows, w, v) / 2;
    for (int64_t i = 0; i < rows; i += LANES)
        STORE(w + i, LOAD(w + i) * tau + LOAD(v + i) * factor);
}

/* One of the parts of A v: the first into w, the others behind one another. */
static void NAME(product)(void *work, int part)
{
    const struct product *p = work;
    const struct one *x = p->of;
    R *y = part ? (R *)x->y + (part - 1) * x->ld : (R *)x->w + p->k * x->ld;

    NAME(product_part)(p->begin[part], p->begin[part + 1], x->rows, x->a, x->ld,
                       (R *)x->v + p->k * x->ld, y);
}

static void NAME(panel)(const struct one *x, int64_t c, int64_t cols, R *d,
                        R *e, R *tau)
{
    struct product p = {.of = x};

    for (int64_t k = 0; k < cols; k++) {
        p.k = k;
        p.row = c + k + 1;
        product_cut(&p, NAME(next_v)(x, c, k, d, e, tau + c + k));
        team_run(x->team, p.parts, NAME(product), &p);
        NAME(next_w)(&p, k, tau[c + k]);
    }
}

/* The columns of T one by one. */
KERNEL_WIDE_CLONES static void NAME(triangle)(int64_t m, int64_t k, const R *v,
                                              int64_t ldv, const R *tau,
                                              int64_t tau_stride, R *t,
                                              int64_t ldt)
{
    for (int64_t j = 0; j < k; j++) {
        R products[ONE_T], own = tau[j * tau_stride];
        double column[ONE_T] = {0};
        NAME(dots)(m, j, v, ldv, v + j * ldv, products);
        for (int64_t l = 0; l < j; l++)
            for (int64_t i = 0; i <= l; i++)
                column[i] += (double)t[i + l * ldt] * (double)products[l];
        memset(t + j * ldt, 0, (size_t)k * sizeof *t);
        for (int64_t i = 0; i < j; i++)
            t[i + j * ldt] = (R)((double)-own * column[i]);
        t[j + j * ldt] = own;
    }
}
#undef LOAD
#undef STORE
#undef UNROLL
