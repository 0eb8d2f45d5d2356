/* Symmetric matrices to a narrow band, by products of tiles alone.
 *
 * The part of b columns below the band becomes R by a QR factorisation, Q = I
 * - V T V'; the rest becomes Q' A Q = A - V W' - W V' with W = X - V (T' V' X)
 * / 2, X = A V T.  Half of A is stored, and read and written once each by
 * blocks of columns.
 *
 * Source: C. Bischof, B. Lang, X. Sun, "A framework for symmetric band
 * reduction", ACM Trans. Math. Softw. 26 (2000). */
#include "runtime/kernel_band.h"
#include "runtime/team.h"

enum { COLUMNS = 256 }; /* of A at once, or rows: parts for a team */

/* Where the block of columns of A ends that column j is in; A's first column
 * is the matrix's column `first`. */
static int64_t block_end(int64_t first, int64_t j, int64_t m)
{
    int64_t end = ((first + j) / COLUMNS + 1) * COLUMNS - first;

    return end < m ? end : m;
}

struct array {
    uint8_t type;
    char *data;
    int64_t ld;
};

static struct array array_of(uint8_t type, const void *data, int64_t ld)
{
    return (struct array){type, (char *)data, ld};
}

static void *entry_of(struct array a, int64_t i, int64_t j)
{
    return a.data + (i + j * a.ld) * (int64_t)type_bytes(a.type);
}

static struct array part_of(struct array a, int64_t i, int64_t j)
{
    return array_of(a.type, entry_of(a, i, j), a.ld);
}

static struct blas_matrix plain(struct array a)
{
    return (struct blas_matrix){a.data, 1, a.ld, 0, 0};
}

static struct blas_matrix turned(struct array a)
{
    return (struct blas_matrix){a.data, 1, a.ld, 1, 0};
}

static void copy_part(int64_t rows, int64_t cols, struct array from,
                      struct array to)
{
    tile_copy(from.type, 0, rows, cols, from.data, 1, from.ld, to.data, to.ld);
}

/* C = Q' C or, with forward, Q C; V m x k, C m x cols, w k x cols. */
static void reflect(int64_t m, int64_t k, struct array v, struct array t,
                    int forward, int64_t cols, struct array c, void *work)
{
    struct array w = array_of(v.type, work, k);

    blas_gemm(v.type, k, cols, m, 1, turned(v), plain(c), 0, plain(w));
    blas_trmm(v.type, KF_UPPER, k, cols, 1, forward ? plain(t) : turned(t),
              plain(w));
    blas_gemm(v.type, m, cols, k, -1, plain(v), plain(w), 1, plain(c));
}

/* Parts of what a panel changes: blocks of COLUMNS columns, or rows, of A. */
struct parts {
    struct team *team;
    int64_t first, m, k; /* A's first column is the matrix's `first` */
    struct array a, v, t;
    struct array left, right; /* [V W], [W V] */
    int64_t other;            /* A's columns or rows that are not m */
    void *work;               /* k x other */
};

static int part_count(int64_t n)
{
    return (int)((n + COLUMNS - 1) / COLUMNS);
}

static void reflect_part(void *work, int part)
{
    const struct parts *p = work;
    int64_t j = (int64_t)part * COLUMNS, end = block_end(0, j, p->other);

    reflect(p->m, p->k, p->v, p->t, 0, end - j, part_of(p->a, 0, j),
            entry_of(array_of(p->a.type, p->work, p->k), 0, j));
}

/* Y = A V, some rows, A symmetric: its lower half, and whole blocks on the
 * diagonal. */
static void product_part(void *work, int part)
{
    const struct parts *p = work;
    struct array y = part_of(p->left, 0, p->k);
    int64_t j = part ? ((p->first / COLUMNS) + part) * COLUMNS - p->first : 0;
    int64_t end = block_end(p->first, j, p->m);

    y = part_of(y, j, 0);
    blas_gemm(p->a.type, end - j, p->k, end, 1, plain(part_of(p->a, j, 0)),
              plain(p->v), 0, plain(y));
    if (end < p->m)
        blas_gemm(p->a.type, end - j, p->k, p->m - end, 1,
                  turned(part_of(p->a, end, j)), plain(part_of(p->v, end, 0)),
                  1, plain(y));
}

/* A = A - V W' - W V', some columns. */
static void update_part(void *work, int part)
{
    const struct parts *p = work;
    int64_t j = part ? ((p->first / COLUMNS) + part) * COLUMNS - p->first : 0;

    blas_gemm(p->a.type, p->m - j, block_end(p->first, j, p->m) - j, 2 * p->k,
              -1, plain(part_of(p->left, j, 0)),
              turned(part_of(p->right, j, 0)), 1, plain(part_of(p->a, j, j)));
}

/* A = Q' A Q of a panel's V, m x k, and T. */
static void two_sided(struct team *team, int64_t first, int64_t m, int64_t k,
                      struct array a, struct array v, struct array t,
                      char *work)
{
    uint8_t type = a.type;
    struct array left = array_of(type, work, m);
    struct array w = part_of(left, 0, k), right = part_of(left, 0, 2 * k);
    struct array s = array_of(type, entry_of(right, 0, 2 * k), k);
    struct parts p = {team, first, m, k, a, v, t, left, right, 0, NULL};
    int parts = part_count(first % COLUMNS + m);

    team_run(team, parts, product_part, &p);
    blas_trmm(type, KF_UPPER | KF_RIGHT, m, k, 1, plain(t), plain(w));
    blas_gemm(type, k, k, m, 1, turned(v), plain(w), 0, plain(s));
    blas_trmm(type, KF_UPPER, k, k, 1, turned(t), plain(s));
    blas_gemm(type, m, k, k, -0.5, plain(v), plain(s), 1, plain(w));
    copy_part(m, k, v, left);
    copy_part(m, k, w, right);
    copy_part(m, k, v, part_of(right, 0, k));
    team_run(team, parts, update_part, &p);
}

/* T of the panel that begins in column c, where it is on the diagonal of T of
 * more columns. */
static struct array t_of(uint8_t type, const void *t, int64_t back, int64_t c)
{
    return part_of(array_of(type, t, back), c % back, c);
}

/* T of `back` columns each, of the panels' T on their diagonals. */
static void join_panels(uint8_t type, int64_t n, int64_t back, int64_t offset,
                        const void *vs, int64_t ldv, const void *ts)
{
    for (int64_t c = 0, m; m = n - c - offset, m > 1; c += back) {
        struct array v = part_of(array_of(type, vs, ldv), c + offset, c);
        struct array t = t_of(type, ts, back, c);
        reflections_t(type, m, m < back ? m : back, v.data, v.ld, t.data,
                      t.ld + 1, t.data, t.ld);
    }
}

/* The other half of the blocks on the diagonal. */
static void mirror_blocks(int64_t n, struct array a)
{
    for (int64_t j = 0; j < n; j++)
        tile_copy(a.type, 1, 1, block_end(0, j, n) - j - 1,
                  entry_of(a, j + 1, j), 1, 1, entry_of(a, j, j + 1), a.ld);
}

size_t band_scratch(uint8_t type, int64_t n, int64_t b)
{
    return (size_t)(5 * n * b + 3 * b * b) * type_bytes(type);
}

void band_symmetric(uint8_t type, int64_t n, int64_t b, void *data, int64_t lda,
                    void *vs, int64_t ldv, void *ts, int64_t back, char *work,
                    struct team *team)
{
    struct array a = array_of(type, data, lda);
    struct array own_t = array_of(type, work, b);
    struct array own_v = array_of(type, entry_of(own_t, 0, b), n);

    work = entry_of(own_v, 0, b);
    mirror_blocks(n, a);
    team_open(team);
    for (int64_t c = 0; n - (c + b) > 1; c += b) {
        int64_t r = c + b, m = n - r, k = m < b ? m : b;
        struct array v = vs ? part_of(array_of(type, vs, ldv), r, c) : own_v;
        struct array t = vs ? t_of(type, ts, back, c) : own_t;
        struct array panel = part_of(a, r, c);
        copy_part(m, k, panel, v);
        qr_panel(type, m, k, v.data, v.ld, panel.data, panel.ld, t.data, t.ld);
        if (k < b)
            reflect(m, k, v, t, 0, b - k, part_of(panel, 0, k), work);
        two_sided(team, r, m, k, part_of(a, r, r), v, t, work);
    }
    team_close(team);
    if (vs)
        join_panels(type, n, back, b, vs, ldv, ts);
}

/* The row panel L, k x m, of A becomes [L 0] Q': V, m x k, T, and L. */
static void row_panel(int64_t m, int64_t k, struct array panel, struct array v,
                      struct array t, struct array r)
{
    tile_copy(v.type, 1, m, k, panel.data, panel.ld, 1, v.data, v.ld);
    qr_panel(v.type, m, k, v.data, v.ld, r.data, r.ld, t.data, t.ld);
    for (int64_t i = 0; i < k; i++)
        tile_copy(v.type, 1, 1, i + 1, entry_of(r, 0, i), 1, 1,
                  entry_of(panel, i, 0), panel.ld);
}

/* C = C Q, some rows, rows x m. */
static void reflect_right(void *work, int part)
{
    const struct parts *p = work;
    int64_t i = (int64_t)part * COLUMNS, rows = block_end(0, i, p->other) - i;
    struct array c = part_of(p->a, i, 0), w;

    w = array_of(c.type, entry_of(array_of(c.type, p->work, p->k), 0, i), rows);
    blas_gemm(c.type, rows, p->k, p->m, 1, plain(c), plain(p->v), 0, plain(w));
    blas_trmm(c.type, KF_UPPER | KF_RIGHT, rows, p->k, 1, plain(p->t),
              plain(w));
    blas_gemm(c.type, rows, p->m, p->k, -1, plain(w), turned(p->v), 1,
              plain(c));
}

void band_general(uint8_t type, int64_t n, int64_t b, void *data, int64_t lda,
                  void *left, void *left_t, void *right, void *right_t,
                  int64_t ldv, int64_t back, char *work, struct team *team)
{
    struct array a = array_of(type, data, lda), s = array_of(type, work, b);
    struct array own_t = part_of(s, 0, b);
    struct array own_v = array_of(type, entry_of(own_t, 0, b), n);

    struct parts p = {.team = team, .work = entry_of(own_v, 0, b)};

    team_open(team);
    for (int64_t c = 0; n - c > 1; c += b) {
        int64_t m = n - c, k = m < b ? m : b, r = c + b;
        struct array panel = part_of(a, c, c), v = own_v, t = own_t;
        if (left) {
            v = part_of(array_of(type, left, ldv), c, c);
            t = t_of(type, left_t, back, c);
        }
        copy_part(m, k, panel, v);
        qr_panel(type, m, k, v.data, v.ld, panel.data, panel.ld, t.data, t.ld);
        p.m = m, p.k = k, p.v = v, p.t = t;
        p.a = part_of(panel, 0, k);
        p.other = m - k;
        team_run(team, part_count(p.other), reflect_part, &p);
        m = n - r;
        if (m <= 1)
            continue;
        k = m < b ? m : b;
        v = own_v;
        if (right) {
            v = part_of(array_of(type, right, ldv), r, c);
            t = t_of(type, right_t, back, c);
        }
        row_panel(m, k, part_of(a, c, r), v, t, s);
        p.m = m, p.k = k, p.v = v, p.t = t;
        p.a = part_of(a, c + k, r);
        p.other = n - c - k;
        team_run(team, part_count(p.other), reflect_right, &p);
    }
    team_close(team);
    if (left)
        join_panels(type, n, back, 0, left, ldv, left_t);
    if (right)
        join_panels(type, n, back, b, right, ldv, right_t);
}

void band_apply(uint8_t type, int64_t n, int64_t b, int64_t offset,
                const void *vs, int64_t ldv, const void *ts, int64_t cols,
                void *z, int64_t ldz, void *work)
{
    struct array v = array_of(type, vs, ldv), t = array_of(type, ts, b);
    struct array to = array_of(type, z, ldz);
    int64_t c = n - offset > 1 ? (n - offset - 2) / b * b : -1;

    for (; c >= 0; c -= b) {
        int64_t r = c + offset, m = n - r;
        reflect(m, m < b ? m : b, part_of(v, r, c), part_of(t, 0, c), 1, cols,
                part_of(to, r, 0), work);
    }
}
