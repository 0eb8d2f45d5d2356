/* Eigenvalues of symmetric tiles (heevd) and singular values of tiles
 * (gesdd), by LAPACK: divide and conquer on one thread.
 *
 * Only this and kernel_steps.c include LAPACK's headers.  Reference LAPACK ends the
 * process on an illegal argument, so none gets there: kernel_check has seen
 * the sizes, workspace is what the manual wants and more, and what is not
 * finite is refused here.  What comes back is looked at again.  w and s have
 * the real type that belongs to the tile's.
 *
 * Sources: M. Gu and S. Eisenstat, "A divide-and-conquer algorithm for the
 * symmetric tridiagonal eigenproblem", SIAM J. Matrix Anal. Appl. 16 (1995),
 * and "... for the bidiagonal SVD", the same. */
#include "runtime/kernel_band.h"

#include <lapacke.h>
#include <math.h>

/* Columns that LAPACK may work on at once: 64 is its largest block. */
enum { LAPACK_BLOCK = 64 };

/* ---- workspace ---------------------------------------------------------- */

/* Entries of each part of scratch: a copy of A, V' of gesdd, LAPACK's own. */
struct space {
    double copy, vt, work, real, whole;
};

static struct space heevd_space(uint8_t type, int vectors, double n)
{
    struct space s = {.copy = vectors ? 0 : n * n};
    double block = LAPACK_BLOCK * n;

    s.whole = vectors ? 3 + 5 * n : 1;
    if (type_is_complex(type)) {
        s.work = block + 1 + (vectors ? 2 * n + n * n : n);
        s.real = vectors ? 1 + 5 * n + 2 * n * n : 1 + n;
    } else {
        s.work = block + 20 + (vectors ? 6 * n + 2 * n * n : 2 * n);
    }
    return s;
}

static struct space gesdd_space(uint8_t type, int vectors, double m, double n)
{
    struct space s = {.copy = m * n};
    double large = m > n ? m : n, small = m > n ? n : m;

    s.vt = vectors ? small * n : 0;
    s.whole = 8 * small + 1;
    s.work = LAPACK_BLOCK * (m + n) + 1;
    if (type_is_complex(type)) {
        s.work += 3 * small + large + (vectors ? small * small : 0);
        s.real = 7 * small + 1;
        if (vectors)
            s.real += small * fmax(5 * small, 2 * large + 2 * small);
    } else {
        s.work += 10 * small + large + (vectors ? 4 * small * small : 0);
    }
    return s;
}

static struct space space_of(const struct kernel_call *call)
{
    const struct kernel_tile *a = kernel_operand(call, call->operands - 1);
    int vectors = call->kernel == KERNEL_HEEVD || call->kernel == KERNEL_GESDD;

    if (call->kernel == KERNEL_HEEVD || call->kernel == KERNEL_HEEVD_VALUES)
        return heevd_space(call->type, vectors, (double)a->rows);
    return gesdd_space(call->type, vectors, (double)a->rows, (double)a->cols);
}

/* LAPACK counts in 32 bits. */
int lapack_fits(const struct kernel_call *call)
{
    struct space s = space_of(call);
    double most = fmax(fmax(s.copy, s.vt), fmax(fmax(s.work, s.real), s.whole));

    return most < 0x1p31;
}

static size_t real_bytes(uint8_t type)
{
    return type_bytes(type) >> type_is_complex(type);
}

size_t lapack_scratch(const struct kernel_call *call)
{
    struct space s = space_of(call);
    size_t entry = type_bytes(call->type);

    if (!lapack_fits(call)) /* it will be refused */
        return 0;
    return scratch_round((size_t)s.copy * entry) +
           scratch_round((size_t)s.vt * entry) +
           scratch_round((size_t)s.work * entry) +
           scratch_round((size_t)s.real * real_bytes(call->type)) +
           scratch_round((size_t)s.whole * sizeof(lapack_int)) + 64 +
           steps_scratch(call);
}

static void *take(char **scratch, size_t bytes)
{
    char *at = *scratch;

    *scratch += scratch_round(bytes);
    return at;
}

/* The parts, by address. */
struct parts {
    char *copy, *vt, *work, *real;
    lapack_int *whole;
    lapack_int work_size, real_size, whole_size;
};

static struct parts parts_of(const struct kernel_call *call)
{
    struct space s = space_of(call);
    size_t entry = type_bytes(call->type);
    char *scratch = call->scratch;
    struct parts p = {.work_size = (lapack_int)s.work,
                      .real_size = (lapack_int)s.real,
                      .whole_size = (lapack_int)s.whole};

    p.copy = take(&scratch, (size_t)s.copy * entry);
    p.vt = take(&scratch, (size_t)s.vt * entry);
    p.work = take(&scratch, (size_t)s.work * entry);
    p.real = take(&scratch, (size_t)s.real * real_bytes(call->type));
    p.whole = take(&scratch, (size_t)s.whole * sizeof(lapack_int));
    return p;
}

/* ---- numbers ------------------------------------------------------------ */

/* Is each of count reals finite? */
static int all_finite(uint8_t type, int64_t count, const void *at)
{
    const float *f = at;
    const double *d = at;
    int finite = 1;

    if (real_bytes(type) == sizeof(float))
        for (int64_t i = 0; i < count; i++)
            finite &= isfinite(f[i]) != 0;
    else
        for (int64_t i = 0; i < count; i++)
            finite &= isfinite(d[i]) != 0;
    return finite;
}

/* A, or its lower half alone, column-major at `to`. */
int lapack_copy(const struct kernel_call *call, void *to, int64_t ld, int lower)
{
    const struct kernel_tile *a = kernel_operand(call, call->operands - 1);
    int64_t parts = type_is_complex(call->type) ? 2 : 1, j;
    struct kernel_tile at = {.data = to, .rs = 1, .cs = ld};
    int by_column = lower && a->rs == 1; /* while it is in the cache */

    if (!by_column)
        tile_copy(call->type, 0, a->rows, a->cols, a->data, a->rs, a->cs, to,
                  ld);
    for (j = 0; j < a->cols; j++) {
        int64_t first = lower ? j : 0;
        if (by_column) {
            tile_zero(call->type, j, 1, tile_at(call->type, &at, 0, j), ld);
            tile_copy(call->type, 0, a->rows - j, 1,
                      tile_at(call->type, a, j, j), 1, a->cs,
                      tile_at(call->type, &at, j, j), ld);
        }
        if (!all_finite(call->type, parts * (a->rows - first),
                        tile_at(call->type, &at, first, j)))
            return 0;
    }
    return 1;
}

int lapack_not_finite(struct kernel_failure *failure)
{
    return kernel_fail(failure, TM_ESCRIPT, 0,
                       "has an entry that is NaN or infinite");
}

/* What LAPACK said, and what its values look like. */
int lapack_outcome(const struct kernel_call *call,
                   const struct kernel_tile *values, int64_t info,
                   struct kernel_failure *failure)
{
    if (info > 0)
        return kernel_fail(failure, TM_ESCRIPT, info,
                           "has %s that were not found: the iteration did "
                           "not converge",
                           call->kernel == KERNEL_GESDD ||
                                   call->kernel == KERNEL_BDSDC ||
                                   call->kernel == KERNEL_GESDD_VALUES
                               ? "singular values"
                               : "eigenvalues");
    if (info < 0)
        return kernel_fail(failure, TM_EBUG, info,
                           "was given to LAPACK wrongly: argument %d",
                           -(int)info);
    if (!all_finite(call->type, values->rows, values->data))
        return kernel_fail(failure, TM_ESCRIPT, 0,
                           "has entries too large: what is wanted of it "
                           "overflows");
    return 0;
}

/* LAPACK's vectors are orthonormal to some n eps; one step of Newton and
 * Schulz, V += V (I - V' V) / 2, makes them so to rounding, at the price of
 * two products (A. Bjorck, C. Bowie, SIAM J. Numer. Anal. 8, 1971).
 * Scratch: as large as V, and square. */
static void polish(uint8_t type, const struct kernel_tile *v, char *copy,
                   char *square)
{
    int64_t n = v->cols, bytes = (int64_t)type_bytes(type);
    struct blas_matrix vm = {v->data, 1, v->cs, 0, 0}, vt = {v->data, 1, v->cs, 1, 0};
    struct blas_matrix c = {copy, 1, v->rows, 0, 0}, w = {square, 1, n, 0, 0};

    if (v->rows == 0 || n == 0)
        return;
    tile_copy(type, 0, v->rows, n, v->data, 1, v->cs, copy, v->rows);
    tile_zero(type, n, n, square, n);
    for (int64_t k = 0; k < n; k++)
        if (real_bytes(type) == sizeof(float))
            *(float *)(square + k * (n + 1) * bytes) = 1;
        else
            *(double *)(square + k * (n + 1) * bytes) = 1;
    blas_gemm(type, n, n, v->rows, -0.5, vt, vm, 0.5, w);
    blas_gemm(type, v->rows, n, n, 1, c, w, 1, vm);
}

/* ---- eigenvalues -------------------------------------------------------- */

static int heevd(const struct kernel_call *call, void *a, int64_t ld,
                 struct kernel_tile *w, char job,
                 struct kernel_failure *failure)
{
    struct parts p = parts_of(call);
    lapack_int n = (lapack_int)w->rows, lda = (lapack_int)ld, info = 0;

    if (n == 0)
        return 0;
    blas_same_in_all_threads(call->type);
    switch (call->type) {
    case TM_F32:
        info = LAPACKE_ssyevd_work(LAPACK_COL_MAJOR, job, 'L', n, a, lda,
                                   w->data, (float *)p.work, p.work_size,
                                   p.whole, p.whole_size);
        break;
    case TM_F64:
        info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, job, 'L', n, a, lda,
                                   w->data, (double *)p.work, p.work_size,
                                   p.whole, p.whole_size);
        break;
    case TM_C64:
        info = LAPACKE_cheevd_work(LAPACK_COL_MAJOR, job, 'L', n, a, lda,
                                   w->data, (lapack_complex_float *)p.work,
                                   p.work_size, (float *)p.real, p.real_size,
                                   p.whole, p.whole_size);
        break;
    default:
        info = LAPACKE_zheevd_work(LAPACK_COL_MAJOR, job, 'L', n, a, lda,
                                   w->data, (lapack_complex_double *)p.work,
                                   p.work_size, (double *)p.real, p.real_size,
                                   p.whole, p.whole_size);
        break;
    }
    return lapack_outcome(call, w, info, failure);
}

int run_HEEVD(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile *v = kernel_operand(call, 0);
    int64_t ld = v->cs > 1 ? v->cs : 1;
    struct parts p;

    if (!lapack_copy(call, v->data, ld, 1))
        return lapack_not_finite(failure);
    if (heevd(call, v->data, ld, kernel_operand(call, 1), 'V', failure))
        return failure->status;
    p = parts_of(call); /* n^2 entries fit into each of these */
    polish(call->type, v, p.work,
           type_is_complex(call->type)
               ? p.real
               : p.work + scratch_round((size_t)(v->rows * v->rows) *
                                        type_bytes(call->type)));
    return 0;
}

int run_HEEVD_VALUES(const struct kernel_call *call,
                     struct kernel_failure *failure)
{
    struct kernel_tile *w = kernel_operand(call, 0);
    char *copy = parts_of(call).copy;
    int64_t ld = w->rows > 1 ? w->rows : 1;

    if (!lapack_copy(call, copy, ld, 1))
        return lapack_not_finite(failure);
    if (steps_by_band(call->type, w->rows, w->rows))
        return steps_heevd_values(call, copy, w, failure);
    return heevd(call, copy, ld, w, 'N', failure);
}

/* ---- singular values ---------------------------------------------------- */

/* u NULL: values only.  A is in parts.copy; V' goes to parts.vt. */
static int gesdd(const struct kernel_call *call, const struct parts *p,
                 const struct kernel_tile *u, struct kernel_tile *s,
                 struct kernel_failure *failure)
{
    const struct kernel_tile *tile = kernel_operand(call, call->operands - 1);
    lapack_int m = (lapack_int)tile->rows, n = (lapack_int)tile->cols;
    lapack_int k = m < n ? m : n, info = 0;
    lapack_int ldu = u && u->cs > 1 ? (lapack_int)u->cs : 1;
    char job = u ? 'S' : 'N';
    void *a = p->copy, *ud = u ? u->data : p->vt;

    blas_same_in_all_threads(call->type);
    switch (call->type) {
    case TM_F32:
        info = LAPACKE_sgesdd_work(LAPACK_COL_MAJOR, job, m, n, a, m, s->data,
                                   ud, ldu, (float *)p->vt, k, (float *)p->work,
                                   p->work_size, p->whole);
        break;
    case TM_F64:
        info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, job, m, n, a, m, s->data,
                                   ud, ldu, (double *)p->vt, k,
                                   (double *)p->work, p->work_size, p->whole);
        break;
    case TM_C64:
        info = LAPACKE_cgesdd_work(LAPACK_COL_MAJOR, job, m, n, a, m, s->data,
                                   ud, ldu, (lapack_complex_float *)p->vt, k,
                                   (lapack_complex_float *)p->work,
                                   p->work_size, (float *)p->real, p->whole);
        break;
    default:
        info = LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, job, m, n, a, m, s->data,
                                   ud, ldu, (lapack_complex_double *)p->vt, k,
                                   (lapack_complex_double *)p->work,
                                   p->work_size, (double *)p->real, p->whole);
        break;
    }
    return lapack_outcome(call, s, info, failure);
}

int run_GESDD(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile *u = kernel_operand(call, 0);
    struct kernel_tile *s = kernel_operand(call, 1);
    struct kernel_tile *v = kernel_operand(call, 2);
    const struct kernel_tile *a = kernel_operand(call, 3);
    struct parts p = parts_of(call);

    if (s->rows == 0)
        return 0;
    if (!lapack_copy(call, p.copy, a->rows, 0))
        return lapack_not_finite(failure);
    if (gesdd(call, &p, u, s, failure))
        return failure->status;
    tile_copy(call->type, type_is_complex(call->type), v->rows, v->cols, p.vt,
              s->rows, 1, v->data, v->cs);
    polish(call->type, u, p.copy, p.vt);
    polish(call->type, v, p.copy, p.vt);
    return 0;
}

int run_GESDD_VALUES(const struct kernel_call *call,
                     struct kernel_failure *failure)
{
    struct kernel_tile *s = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);
    struct parts p = parts_of(call);

    if (s->rows == 0)
        return 0;
    if (!lapack_copy(call, p.copy, a->rows, 0))
        return lapack_not_finite(failure);
    if (steps_by_band(call->type, a->rows, a->cols))
        return steps_gesdd_values(call, p.copy, s, failure);
    return gesdd(call, &p, NULL, s, failure);
}
