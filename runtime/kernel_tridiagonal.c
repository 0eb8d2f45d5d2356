/* Symmetric matrices to tridiagonal form in one step, for those of which half
 * stays in the last level of cache: half of the work is then products of a
 * matrix and a vector, at the cache's rate, but there is one set of reflections
 * to bring vectors back by instead of two.
 *
 * Of ONE_PANEL columns v and w are found, A = A - V W' - W V' comes afterwards
 * for all of them.
 *
 * Source: J. Dongarra, D. Sorensen, S. Hammarling, "Block reduction of matrices
 * to condensed forms for eigenvalue computations", J. Comput. Appl. Math. 27
 * (1989). */
#include "runtime/kernel_band.h"
#include "runtime/team.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define ONE_INLINE static inline __attribute__((always_inline))

enum {
    ONE_PANEL = 32,
    ONE_SQUARE = 64, /* whole blocks on the diagonal */
    ONE_BLOCK = 128, /* columns that are updated at once, whole squares */
    ONE_LANES = 16,  /* rows are a multiple of */
    ONE_T = 128,     /* the largest T */
    ONE_PARTS = 2,   /* of a product with A, whose columns have ... */
    ONE_LEAST = 384  /* at least so many rows */
};

struct one {
    int64_t n, rows, ld; /* rows: n rounded up; columns up to it are zero */
    void *a;             /* rows x rows */
    void *v, *w; /* rows x ONE_PANEL, of the panel; behind them v again */
    void *y;     /* rows x (ONE_PARTS - 1) */
    struct team *team;
};

/* A v in parts: of columns begin[0] to begin[1] of A, and so on, as many
 * entries each. */
struct product {
    const struct one *of;
    int64_t k, row; /* v is the panel's column k, and begins in this row */
    int parts;
    int64_t begin[ONE_PARTS + 1];
};

typedef double vector_f64 __attribute__((vector_size(64), aligned(8)));
typedef float vector_f32 __attribute__((vector_size(64), aligned(4)));

/* Squares below this are nothing. */
static const double least_f64 = 0x1p-900;
static const float least_f32 = 0x1p-110f;
static double root_f64(double x)
{
    return sqrt(x);
}
static float root_f32(float x)
{
    return sqrtf(x);
}

static void product_cut(struct product *p, int64_t first)
{
    int64_t rows = p->of->rows, m = rows - first;

    p->parts = m < ONE_LEAST ? 1 : ONE_PARTS;
    p->begin[0] = first;
    p->begin[p->parts] = rows;
    for (int l = 1; l < p->parts; l++) {
        double left = sqrt((double)(p->parts - l) / p->parts);
        p->begin[l] = rows - (int64_t)(left * (double)m);
        p->begin[l] -= p->begin[l] % ONE_SQUARE;
    }
}

#define R double
#define LANES 8
#define NAME(x) x##_f64
#define VECTOR vector_f64
#include "runtime/kernel_tridiagonal.h"
#undef R
#undef LANES
#undef NAME
#undef VECTOR
#define R float
#define LANES 16
#define NAME(x) x##_f32
#define VECTOR vector_f32
#include "runtime/kernel_tridiagonal.h"

static int64_t rounded(int64_t n)
{
    return (n + ONE_LANES - 1) / ONE_LANES * ONE_LANES;
}

/* Columns that are a multiple of a page apart would share few lines of the
 * first cache. */
static int64_t leading(int64_t rows)
{
    return rows % 128 ? rows : rows + ONE_LANES;
}

size_t tridiagonal_scratch(uint8_t type, int64_t n)
{
    int64_t rows = rounded(n), entries;

    entries = leading(rows) * (rows + 3 * ONE_PANEL + ONE_PARTS - 1);
    return (size_t)(entries + n) * type_bytes(type) + 64;
}

struct update {
    const struct one *of;
    uint8_t type;
    int64_t begin; /* row and column */
};

/* Of ONE_BLOCK columns. */
static void update_part(void *work, int part)
{
    const struct update *u = work;
    const struct one *x = u->of;
    int64_t size = (int64_t)type_bytes(u->type), ld = x->ld;
    int64_t j = (u->begin / ONE_BLOCK + part) * ONE_BLOCK, end = j + ONE_BLOCK;
    struct blas_matrix to, left, right;

    j = j > u->begin ? j : u->begin;
    end = end < x->n ? end : x->n;
    to = (struct blas_matrix){(char *)x->a + j * (1 + ld) * size, 1, ld, 0, 0};
    left = (struct blas_matrix){(char *)x->v + j * size, 1, ld, 0, 0};
    right = (struct blas_matrix){(char *)x->w + j * size, 1, ld, 1, 0};
    blas_gemm(u->type, x->n - j, end - j, 2 * ONE_PANEL, -1, left, right, 1,
              to);
}

/* A = A - V W' - W V' of a panel, from row and column c on. */
static void both_sides(uint8_t type, const struct one *x, int64_t c)
{
    struct update u = {x, type, c};
    size_t panel = (size_t)(x->ld * ONE_PANEL) * type_bytes(type);

    memcpy((char *)x->v + 2 * panel, x->v, panel);
    if (c < x->n)
        team_run(x->team, (int)((x->n - 1) / ONE_BLOCK - c / ONE_BLOCK + 1),
                 update_part, &u);
}

struct copy {
    const struct one *to;
    uint8_t type;
    const char *from;
    int64_t ld;
};

/* ONE_BLOCK columns of the lower half of A, and whole blocks on the diagonal;
 * what else is read of these is zero. */
static void copy_part(void *work, int part)
{
    const struct copy *a = work;
    const struct one *x = a->to;
    int64_t size = (int64_t)type_bytes(a->type), n = x->n;
    int64_t begin = (int64_t)part * ONE_BLOCK, end = begin + ONE_BLOCK, last;

    for (int64_t j = begin; j < end && j < x->rows; j++) {
        char *column = (char *)x->a + j * x->ld * size;
        int64_t rest = j < n ? n : begin;
        memset(column + begin * size, 0, (size_t)((j - begin) * size));
        memset(column + rest * size, 0, (size_t)((x->rows - rest) * size));
    }
    for (int64_t j = begin; j < end && j < n; j++) {
        const char *below = a->from + j * (1 + a->ld) * size;
        char *to = (char *)x->a + j * (1 + x->ld) * size;
        last = (j / ONE_SQUARE + 1) * ONE_SQUARE;
        last = last < n ? last : n;
        memcpy(to, below, (size_t)((n - j) * size));
        tile_copy(a->type, 0, 1, last - j - 1, below + size, 1, 1,
                  to + x->ld * size, x->ld);
    }
}

/* Of the reflections in V, the T of each b columns. */
struct triangles {
    uint8_t type;
    int64_t n, b, ldv;
    char *v, *tau, *t;
};

static void triangles_part(void *work, int part)
{
    const struct triangles *x = work;
    int64_t size = (int64_t)type_bytes(x->type), c = part * x->b;
    int64_t m = x->n - c - 1;

    reflections_t(x->type, m, m < x->b ? m : x->b,
                  x->v + (c + 1 + c * x->ldv) * size, x->ldv, x->tau + c * size,
                  1, x->t + c * x->b * size, x->b);
}

void tridiagonal(uint8_t type, int64_t n, int64_t b, void *a, int64_t lda,
                 void *d, void *e, void *t, char *work, struct team *team)
{
    int64_t rows = rounded(n), ld = leading(rows), c, cols;
    int64_t size = (int64_t)type_bytes(type);
    struct one x = {n, rows, ld, NULL, NULL, NULL, NULL, team};
    struct copy copy = {&x, type, a, lda};
    struct triangles triangles = {type, n, b, lda, a, NULL, t};
    char *tau, *v = a;

    x.a = work + (-(uintptr_t)work & 63);
    x.v = (char *)x.a + ld * rows * size;
    x.w = (char *)x.v + ld * ONE_PANEL * size;
    x.y = (char *)x.v + 3 * ld * ONE_PANEL * size;
    tau = (char *)x.y + (ONE_PARTS - 1) * ld * size;
    team_open(team);
    team_run(team, (int)((rows + ONE_BLOCK - 1) / ONE_BLOCK), copy_part, &copy);
    for (c = 0; c < n - 1; c += cols) {
        cols = n - 1 - c < ONE_PANEL ? n - 1 - c : ONE_PANEL;
        tile_zero(type, rows, 2 * ONE_PANEL, x.v, ld);
        if (type == TM_F64)
            panel_f64(&x, c, cols, d, e, (double *)tau);
        else
            panel_f32(&x, c, cols, d, e, (float *)tau);
        if (t)
            tile_copy(type, 0, n, cols, x.v, 1, ld, v + c * lda * size, lda);
        both_sides(type, &x, c + cols);
    }
    memcpy((char *)d + c * size, (char *)x.a + c * (1 + ld) * size,
           (size_t)size);
    memset((char *)e + c * size, 0, (size_t)size);
    if (t) {
        tile_zero(type, n, 1, v + c * lda * size, lda);
        triangles.tau = tau;
        team_run(team, (int)((n - 1 + b - 1) / b), triangles_part, &triangles);
    }
    team_close(team);
}

void reflections_t(uint8_t type, int64_t m, int64_t k, const void *v,
                   int64_t ldv, const void *tau, int64_t tau_stride, void *t,
                   int64_t ldt)
{
    if (type == TM_F64)
        triangle_f64(m, k, v, ldv, tau, tau_stride, t, ldt);
    else
        triangle_f32(m, k, v, ldv, tau, tau_stride, t, ldt);
}
