/* Divide and conquer for one real type; kernel_divide.c includes it twice, with
 *   R, NAME(x)       the type, x_f64
 *   LAPACK(x)        LAPACK's function, dx_
 *   LANES, VECTOR    how many of R are 64 bytes, and these */

struct NAME(divide) {
    int64_t n;
    R *d, *e, *q;    /* q: n x n, zeros beside the blocks of vectors */
    R *packed;       /* n x n, LAPACK's Q2 */
    R *factor;       /* of this n (n + 1) / 2 + n: see strip() */
    R *column;       /* n for each strip */
    R *z, *poles, *w; /* n each */
    lapack_int *order; /* n: ascending within each block */
    lapack_int *whole; /* 5 n + 3 LEAVES */
    struct team *team;
    int leaves;
    lapack_int info[DIVIDE_LEAVES]; /* what LAPACK said of them */
};

struct NAME(merge) {
    const struct NAME(divide) *all;
    int64_t n, left; /* rows, and of the left block */
    R *d, *q;
    R rho;
    lapack_int roots;             /* that are not deflated */
    const lapack_int *groups;     /* their columns by LAPACK's groups, from 1 */
    int64_t top, both, bottom;    /* how many these are */
    atomic_int info;
};

/* ---- leaves ------------------------------------------------------------- */

/* A block of its own, by LAPACK. */
static void NAME(leaf)(void *work, int part)
{
    struct NAME(divide) *x = work;
    int64_t begin = leaf_begin(x->n, x->leaves, part);
    int64_t end = leaf_begin(x->n, x->leaves, part + 1);
    lapack_int m = (lapack_int)(end - begin), ld = (lapack_int)x->n;
    lapack_int bytes = 1 + 4 * m + m * m, whole = 3 + 5 * m;

    memset(x->q + begin * x->n, 0, (size_t)(m * x->n) * sizeof(R));
    x->info[part] = LAPACKE(stedc)(
        LAPACK_COL_MAJOR, 'I', m, x->d + begin, x->e + begin,
        x->q + begin * (x->n + 1), ld, x->packed + begin * x->n, bytes,
        x->whole + 5 * begin + 3 * part, whole);
    for (int64_t k = 0; k < m; k++)
        x->order[begin + k] = (lapack_int)(k + 1);
}

/* ---- a merge ------------------------------------------------------------ */

/* Some roots: values to d, and their distances from all poles to q. */
static void NAME(find_roots)(void *work, int part)
{
    struct NAME(merge) *x = work;
    lapack_int j = part * DIVIDE_ROOTS, end = j + DIVIDE_ROOTS, info;

    for (end = end < x->roots ? end : x->roots; j < end; j++) {
        lapack_int root = j + 1;
        LAPACK(laed4)(&x->roots, &root, x->all->poles, x->all->w,
                      x->q + j * x->all->n, &x->rho, x->d + j, &info);
        if (info)
            atomic_store(&x->info, info);
    }
}

/* The update of which these are exactly the roots, of some rows: by it, not
 * by what it was, vectors are orthogonal. */
KERNEL_WIDE_CLONES static void NAME(own_z)(struct NAME(merge) *x, int64_t i,
                                           int64_t count)
{
    const R *poles = x->all->poles, *q = x->q + i;
    int64_t ld = x->all->n;
    R product[DIVIDE_ROWS], *z = x->all->z + i;

    for (int64_t l = 0; l < count; l++)
        product[l] = q[l + (i + l) * ld];
    for (int64_t j = 0; j < x->roots; j++)
        for (int64_t l = 0; l < count; l++)
            product[l] *=
                i + l == j ? 1 : q[l + j * ld] / (poles[i + l] - poles[j]);
    for (int64_t l = 0; l < count; l++)
        z[l] = NAME(signed)(NAME(root)(-product[l]), x->all->w[i + l]);
}

static void NAME(some_z)(void *work, int part)
{
    struct NAME(merge) *x = work;
    int64_t i = (int64_t)part * DIVIDE_ROWS, rest = x->roots - i;

    NAME(own_z)(x, i, rest < DIVIDE_ROWS ? rest : DIVIDE_ROWS);
}

/* x = z / delta, and its norm. */
KERNEL_WIDE_CLONES static double NAME(ratios)(int64_t n, const R *z,
                                              const R *delta, R *x)
{
    VECTOR sum = {0};
    R part[LANES];
    double rest = 0;
    int64_t i = 0;

    for (; i + LANES <= n; i += LANES) {
        VECTOR ratio = *(const VECTOR *)(z + i) / *(const VECTOR *)(delta + i);
        *(VECTOR *)(x + i) = ratio;
        sum += ratio * ratio;
    }
    for (; i < n; i++) {
        x[i] = z[i] / delta[i];
        rest += (double)x[i] * (double)x[i];
    }
    *(VECTOR *)part = sum;
    for (i = 0; i < LANES; i++)
        rest += (double)part[i];
    return sqrt(rest);
}

/* The vector of root j among those of poles, in the order of their groups:
 * that part which is of the top to q, that of the bottom to `bottom`. */
static void NAME(one_vector)(const struct NAME(merge) *x, int64_t j, R *column,
                             R *bottom)
{
    R *q = x->q + j * x->all->n;
    double norm = 1;
    int64_t i;

    if (x->roots > 2)
        norm = NAME(ratios)(x->roots, x->all->z, q, column);
    else /* laed4 has given the vector */
        memcpy(column, q, (size_t)x->roots * sizeof *q);
    for (i = x->top; i < x->roots; i++)
        bottom[i - x->top] = (R)(column[x->groups[i] - 1] / norm);
    for (i = 0; i < x->top + x->both; i++)
        q[i] = (R)(column[x->groups[i] - 1] / norm);
}

/* Vectors of a strip of roots: twice a product with vectors of a block. */
static void NAME(strip)(void *work, int part)
{
    const struct NAME(merge) *x = work;
    int64_t j = (int64_t)part * DIVIDE_STRIP, rest = x->roots - j;
    int64_t cols = rest < DIVIDE_STRIP ? rest : DIVIDE_STRIP, ld = x->all->n;
    int64_t above = x->top + x->both, below = x->both + x->bottom;
    int64_t high = above > below ? above : below;
    R *factor = x->all->factor + j * high, *q = x->q + j * ld;
    const R *left = x->all->packed, *right = left + x->left * above;
    struct blas_matrix s = {factor, 1, below, 0, 0};

    for (int64_t k = 0; k < cols; k++)
        NAME(one_vector)(x, j + k, x->all->column + part * ld,
                         factor + k * below);
    if (below)
        blas_gemm(TYPE, x->n - x->left, cols, below, 1,
                  (struct blas_matrix){(void *)right, 1, x->n - x->left, 0, 0},
                  s, 0, (struct blas_matrix){q + x->left, 1, ld, 0, 0});
    else
        tile_zero(TYPE, x->n - x->left, cols, q + x->left, ld);
    tile_copy(TYPE, 0, above, cols, q, 1, ld, factor, above);
    s.cs = above;
    if (above)
        blas_gemm(TYPE, x->left, cols, above, 1,
                  (struct blas_matrix){(void *)left, 1, x->left, 0, 0}, s, 0,
                  (struct blas_matrix){q, 1, ld, 0, 0});
    else
        tile_zero(TYPE, x->left, cols, q, ld);
}

/* What is left of the merge when some values and vectors are those of the
 * blocks. */
static lapack_int NAME(conquer)(struct NAME(merge) *x)
{
    struct team *team = x->all->team;
    int roots = x->roots;

    team_run(team, (roots + DIVIDE_ROOTS - 1) / DIVIDE_ROOTS, NAME(find_roots),
             x);
    if (atomic_load(&x->info))
        return atomic_load(&x->info);
    if (roots > 2)
        team_run(team, (roots + DIVIDE_ROWS - 1) / DIVIDE_ROWS, NAME(some_z),
                 x);
    team_run(team, (int)strips_of(roots), NAME(strip), x);
    return 0;
}

/* The blocks of rows begin to middle, and to end, become one. */
static lapack_int NAME(merge)(struct NAME(divide) *all, int64_t begin,
                              int64_t middle, int64_t end)
{
    struct NAME(merge) x = {.all = all, .n = end - begin};
    lapack_int n = (lapack_int)x.n, left = (lapack_int)(middle - begin);
    lapack_int ld = (lapack_int)all->n, info, rest, up = 1, down = -1;
    lapack_int *order = all->order + begin, *whole = all->whole;

    x.left = left;
    x.d = all->d + begin;
    x.q = all->q + begin * (all->n + 1);
    x.rho = all->e[middle - 1];
    for (int64_t k = 0; k < x.n; k++)
        all->z[k] = x.q[(k < left ? left - 1 : left) + k * all->n];
    LAPACK(laed2)(&x.roots, &n, &left, x.d, x.q, &ld, order, &x.rho, all->z,
                  all->poles, all->w, all->packed, whole, whole + n,
                  whole + 2 * n, whole + 3 * n, &info);
    if (info)
        return info;
    x.groups = whole + n;
    x.top = whole[3 * n];
    x.both = whole[3 * n + 1];
    x.bottom = whole[3 * n + 2];
    if (x.roots)
        info = NAME(conquer)(&x);
    rest = n - x.roots;
    if (x.roots)
        LAPACK(lamrg)(&x.roots, &rest, x.d, &up, &down, order);
    else
        for (lapack_int k = 0; k < n; k++)
            order[k] = k + 1;
    return info;
}

/* ---- all ---------------------------------------------------------------- */

/* Roots that all but meet may have changed places. */
static void NAME(sort)(const struct NAME(divide) *x)
{
    for (int64_t k = 1, i; k < x->n; k++) {
        lapack_int this = x->order[k];
        for (i = k; i > 0 && x->d[x->order[i - 1] - 1] > x->d[this - 1]; i--)
            x->order[i] = x->order[i - 1];
        x->order[i] = this;
    }
}

/* Some vectors, in the order of their values. */
static void NAME(in_order)(void *work, int part)
{
    const struct NAME(divide) *x = work;
    int64_t j = (int64_t)part * DIVIDE_STRIP, end = j + DIVIDE_STRIP;

    for (end = end < x->n ? end : x->n; j < end; j++)
        memcpy(x->packed + j * x->n, x->q + (x->order[j] - 1) * x->n,
               (size_t)x->n * sizeof(R));
}

static lapack_int NAME(merges)(struct NAME(divide) *x)
{
    lapack_int info = 0;

    for (int step = 1; step < x->leaves && !info; step *= 2)
        for (int k = 0; k < x->leaves && !info; k += 2 * step)
            info = NAME(merge)(x, leaf_begin(x->n, x->leaves, k),
                               leaf_begin(x->n, x->leaves, k + step),
                               leaf_begin(x->n, x->leaves, k + 2 * step));
    return info;
}

static lapack_int NAME(solve)(struct NAME(divide) *x)
{
    lapack_int info = 0;

    for (int k = 1; k < x->leaves; k++) {
        int64_t at = leaf_begin(x->n, x->leaves, k);
        R size = NAME(size)(x->e[at - 1]);
        x->d[at - 1] -= size;
        x->d[at] -= size;
    }
    team_run(x->team, x->leaves, NAME(leaf), x);
    for (int k = 0; k < x->leaves && !info; k++)
        info = x->info[k];
    if (!info)
        info = NAME(merges)(x);
    if (info)
        return info;
    NAME(sort)(x);
    team_run(x->team, (int)strips_of(x->n),
             NAME(in_order), x);
    for (int64_t k = 0; k < x->n; k++)
        x->z[k] = x->d[x->order[k] - 1];
    memcpy(x->d, x->z, (size_t)x->n * sizeof(R));
    return 0;
}

/* Brings T's largest entry near 1, by a power of two, by which values are to
 * be multiplied: laed2 compares them with entries of vectors. */
static R NAME(scaled)(const struct NAME(divide) *x)
{
    double largest = 0, scale;
    int power;

    for (int64_t k = 0; k < x->n; k++)
        largest = fmax(largest, fmax(fabs((double)x->d[k]),
                                     k + 1 < x->n ? fabs((double)x->e[k]) : 0));
    frexp(largest, &power);
    scale = ldexp(1, largest > 0 ? -power : 0);
    for (int64_t k = 0; k < x->n; k++) {
        x->d[k] *= (R)scale;
        x->e[k] *= (R)scale;
    }
    return (R)(1 / scale);
}

/* Where in scratch, of divide_scratch() bytes, all is. */
static lapack_int NAME(all)(int64_t n, R *d, R *e, R *z, char *work,
                            struct team *team)
{
    struct NAME(divide) x = {.n = n, .d = d, .e = e, .packed = z, .team = team};
    lapack_int info;
    R scale;

    x.q = (R *)(void *)work;
    x.factor = x.q + n * n;
    x.column = x.factor + n * (n + 1) / 2;
    x.z = x.column + strips_of(n) * n;
    x.poles = x.z + n;
    x.w = x.poles + n;
    x.order = (lapack_int *)(void *)(x.w + n);
    x.whole = x.order + n;
    x.leaves = leaves_of(n);
    scale = NAME(scaled)(&x);
    info = NAME(solve)(&x);
    for (int64_t k = 0; k < n; k++)
        d[k] *= scale;
    return info;
}
