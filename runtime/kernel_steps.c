/* Eigenvalues and singular values in steps that are tasks of their own: to
 * two diagonals (hetrd, gebrd), the vectors of these (stedc, bdsdc), and the
 * way back for some columns of them (unmtr).
 *
 * Real matrices from STEPS_LEAST rows on go by way of a band of STEPS_BAND
 * (kernel_band.c, kernel_chase.c): n / STEPS_BAND times through the matrix
 * instead of n times.  Small and complex ones LAPACK reduces.  Divide and
 * conquer is kernel_divide.c's, or LAPACK's of few rows and of bidiagonals.
 *
 * A tile of reflections has n rows: n columns of V or of LAPACK's, STEPS_BACK
 * of T (or one of tau), those of the chase, and one that says which these
 * are.  D, n x 3: d, e, and the power of two that they were scaled by. */
#include "runtime/kernel_band.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

enum {
    STEPS_BAND = 64,
    STEPS_BACK = 128, /* reflections at once on the way back */
    STEPS_LEAST = 256,
    STEPS_CACHED = 18 << 20, /* bytes of half a matrix */
    STEPS_BLOCK = 64, /* columns that LAPACK may work on at once */
    STEPS_T = 65 * 64 /* and entries of its T */
};
enum steps_kind { BY_BAND_LEFT, BY_BAND_RIGHT, BY_HETRD, BY_Q, BY_P, BY_ONE };

int steps_by_band(uint8_t type, int64_t rows, int64_t cols)
{
    return !type_is_complex(type) && rows == cols && rows >= STEPS_LEAST;
}

/* Is it symmetric and goes to two diagonals at once? */
static int in_one(uint8_t type, int64_t n)
{
    return steps_by_band(type, n, n) &&
           n * n / 2 * (int64_t)type_bytes(type) <= STEPS_CACHED;
}

int64_t steps_columns(int64_t n)
{
    int64_t blocks = (int64_t)chase_entries(n, STEPS_BAND);

    return n + STEPS_BACK + (n ? (blocks + n - 1) / n : 0) + 1;
}

/* ---- workspace ---------------------------------------------------------- */

/* Bytes. */
struct steps_space {
    double copy, e, work, whole;
};

static double band_space(uint8_t type, int64_t n)
{
    return fmax((double)band_scratch(type, n, STEPS_BAND),
                (double)chase_scratch(type, n, STEPS_BAND));
}

static struct steps_space space_of(const struct kernel_call *call)
{
    uint8_t type = call->type;
    double entry = (double)type_bytes(type);
    int64_t rows = kernel_operand(call, 0)->rows;
    double n = (double)rows, cols = (double)kernel_operand(call, 0)->cols;
    struct steps_space s = {0, 0, 0, 0};
    int band = steps_by_band(type, rows, rows);

    switch (call->kernel) {
    case KERNEL_HETRD:
        if (in_one(type, rows)) {
            s.work = (double)tridiagonal_scratch(type, rows);
            break;
        } /* fall through */
    case KERNEL_GEBRD:
        s.copy = band ? n * n * entry : 0;
        s.work = band ? band_space(type, rows) : 2 * STEPS_BLOCK * n * entry;
        break;
    case KERNEL_STEDC:
        s.e = n * entry;
        if (divide_in_parts(rows)) {
            s.work = divide_scratch(type, rows);
            break;
        }
        s.work = (1 + 4 * n + n * n) * entry;
        s.whole = 3 + 5 * n;
        break;
    case KERNEL_BDSDC:
        s.copy = n * n * entry;
        s.e = n * entry;
        s.work = (3 * n * n + 4 * n + 1) * entry;
        s.whole = 8 * n + 1;
        break;
    case KERNEL_UNMTR:
        s.copy = (double)tile_scratch(type, kernel_operand(call, 1),
                                      LAYOUT_VECTOR);
        s.work = (STEPS_BACK * cols + STEPS_T) * entry;
        break;
    case KERNEL_HEEVD_VALUES:
    case KERNEL_GESDD_VALUES:
        if (band) {
            s.e = n * entry;
            s.work = fmax(band_space(type, rows), (4 * n + 1) * entry);
            if (call->kernel == KERNEL_HEEVD_VALUES && in_one(type, rows))
                s.work = (double)tridiagonal_scratch(type, rows);
            s.whole = 8 * n + 1;
        }
        break;
    }
    s.whole *= sizeof(lapack_int);
    return s;
}

int steps_fit(const struct kernel_call *call)
{
    double n = (double)kernel_operand(call, 0)->rows;

    return 3 * n * n + 4 * n + 1 < 0x1p31;
}

struct steps_parts {
    char *copy, *e, *work;
    lapack_int *whole;
    size_t bytes;
};

static struct steps_parts parts_at(const struct kernel_call *call, char *at)
{
    struct steps_space s = space_of(call);
    struct steps_parts p;

    p.copy = at;
    p.e = p.copy + scratch_round((size_t)s.copy);
    p.work = p.e + scratch_round((size_t)s.e);
    p.whole = (lapack_int *)(p.work + scratch_round((size_t)s.work));
    p.bytes = (size_t)((char *)p.whole - at) + scratch_round((size_t)s.whole);
    return p;
}

size_t steps_scratch(const struct kernel_call *call)
{
    return steps_fit(call) ? parts_at(call, call->scratch).bytes : 0;
}

/* Of the values-only kernels, at the end of what lapack_scratch() says. */
static struct steps_parts parts_behind(const struct kernel_call *call)
{
    char *end = (char *)call->scratch + lapack_scratch(call);

    return parts_at(call, end - steps_scratch(call));
}

/* ---- numbers ------------------------------------------------------------ */

static double real_at(uint8_t type, const void *at, int64_t k)
{
    return type_is_single(type) ? ((const float *)at)[k]
                                : ((const double *)at)[k];
}

static void real_set(uint8_t type, void *at, int64_t k, double x)
{
    if (type_is_single(type))
        ((float *)at)[k] = (float)x;
    else
        ((double *)at)[k] = x;
}

static void scale_all(uint8_t type, int64_t count, void *at, double scale)
{
    if (type_is_single(type))
        for (int64_t k = 0; k < count; k++)
            ((float *)at)[k] *= (float)scale;
    else
        for (int64_t k = 0; k < count; k++)
            ((double *)at)[k] *= scale;
}

static double largest_of(uint8_t type, int64_t count, const void *at)
{
    double largest = 0;

    for (int64_t k = 0; k < count; k++)
        largest = fmax(largest, fabs(real_at(type, at, k)));
    return largest;
}

/* Brings A's largest entry, of the lower half or of all, near 1 by a power of
 * two: nothing changes but what is too small beside it to matter. */
static double near_one(uint8_t type, int lower, int64_t n, void *a)
{
    int64_t size = (int64_t)type_bytes(type), j;
    int64_t parts = type_is_complex(type) ? 2 : 1;
    int least = type_is_single(type) ? -100 : -1000, e = 0;
    double largest = 0, scale;

    for (j = 0; j < n; j++) {
        int64_t i = lower ? j : 0;
        largest = fmax(largest, largest_of(type, parts * (n - i),
                                           (char *)a + (i + j * n) * size));
    }
    frexp(largest, &e);
    if (largest == 0 || (e > -20 && e < 20))
        return 1;
    scale = ldexp(1, e < least ? -least : -e);
    scale_all(type, parts * n * n, a, scale);
    return scale;
}

static struct kernel_tile *vectors_of(const struct kernel_call *call)
{
    return kernel_operand(call, 0);
}

/* ---- tiles of reflections ----------------------------------------------- */

struct reflections {
    uint8_t type;
    int64_t n;
    char *v, *t, *chase, *kind;
};

static struct reflections reflections_at(uint8_t type, int64_t n, void *at)
{
    int64_t size = (int64_t)type_bytes(type);
    struct reflections q = {type, n, at, NULL, NULL, NULL};

    q.t = q.v + n * n * size;
    q.chase = q.t + n * STEPS_BACK * size;
    q.kind = q.v + n * (steps_columns(n) - 1) * size;
    return q;
}

/* What is not written stays 0, but where nothing is read: in one step, and by
 * LAPACK, there is no chase, and V is written anyway. */
static struct reflections reflections_new(uint8_t type,
                                          const struct kernel_tile *tile,
                                          enum steps_kind kind)
{
    struct reflections q = reflections_at(type, tile->rows, tile->data);
    int band = kind <= BY_BAND_RIGHT;
    char *from = band ? q.v : q.t, *to = band ? q.kind : q.chase;

    memset(from, 0, (size_t)(to - from));
    memset(q.kind, 0, (size_t)q.n * type_bytes(type));
    real_set(type, q.kind, 0, kind);
    return q;
}

static enum steps_kind kind_of(const struct reflections *q)
{
    return (enum steps_kind)(int)fmin(fmax(real_at(q->type, q->kind, 0), 0),
                                      BY_ONE);
}

/* ---- to two diagonals --------------------------------------------------- */

/* LAPACK's reductions, of A in the first columns of Q. */
static lapack_int hetrd(const struct reflections *q, void *d, void *e,
                        char *work)
{
    lapack_int n = (lapack_int)q->n, size = STEPS_BLOCK * n;

    blas_same_in_all_threads(q->type);
#define HETRD(TYPE, CALL, T, R)                                                \
    case TYPE:                                                                 \
        return LAPACKE_##CALL##_work(LAPACK_COL_MAJOR, 'L', n, (T *)q->v, n,   \
                                     (R *)d, (R *)e, (T *)q->t, (T *)work,     \
                                     size);
    switch (q->type) {
        HETRD(TM_F32, ssytrd, float, float)
        HETRD(TM_F64, dsytrd, double, double)
        HETRD(TM_C64, chetrd, lapack_complex_float, float)
        HETRD(TM_C128, zhetrd, lapack_complex_double, double)
    }
#undef HETRD
    return 0;
}

static lapack_int gebrd(const struct reflections *q,
                        const struct reflections *p, void *d, void *e,
                        char *work)
{
    lapack_int n = (lapack_int)q->n, size = 2 * STEPS_BLOCK * n;

    blas_same_in_all_threads(q->type);
#define GEBRD(TYPE, CALL, T, R)                                                \
    case TYPE:                                                                 \
        return LAPACKE_##CALL##_work(LAPACK_COL_MAJOR, n, n, (T *)q->v, n,     \
                                     (R *)d, (R *)e, (T *)q->t, (T *)p->t,     \
                                     (T *)work, size);
    switch (q->type) {
        GEBRD(TM_F32, sgebrd, float, float)
        GEBRD(TM_F64, dgebrd, double, double)
        GEBRD(TM_C64, cgebrd, lapack_complex_float, float)
        GEBRD(TM_C128, zgebrd, lapack_complex_double, double)
    }
#undef GEBRD
    return 0;
}

/* The diagonals and the scale, into D's columns. */
static void diagonals_new(const struct kernel_tile *tile, uint8_t type,
                          void **d, void **e)
{
    size_t bytes = (size_t)tile->rows * type_bytes(type_real(type));

    memset(tile->data, 0, 3 * bytes);
    *d = tile->data;
    *e = (char *)tile->data + bytes;
}

int run_HETRD(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *tile = vectors_of(call);
    struct kernel_tile *diagonals = kernel_operand(call, 1);
    int64_t n = tile->rows;
    int band = steps_by_band(call->type, n, n), one = in_one(call->type, n);
    struct steps_parts p = parts_at(call, call->scratch);
    struct reflections q;
    lapack_int info = 0;
    double scale;
    void *d, *e, *a;

    if (n == 0)
        return 0;
    q = reflections_new(call->type, tile,
                        one    ? BY_ONE
                        : band ? BY_BAND_RIGHT
                               : BY_HETRD);
    diagonals_new(diagonals, call->type, &d, &e);
    a = band && !one ? p.copy : q.v;
    if (!lapack_copy(call, a, n, 1))
        return lapack_not_finite(failure);
    scale = near_one(call->type, 1, n, a);
    if (one) {
        tridiagonal(call->type, n, STEPS_BACK, a, n, d, e, q.t, p.work,
                    call->team);
    } else if (band) {
        band_symmetric(call->type, n, STEPS_BAND, a, n, q.v, n, q.t, STEPS_BACK,
                       p.work, call->team);
        chase_diagonals(call->type, 0, n, STEPS_BAND, a, n, d, e, q.chase,
                        NULL, p.work);
    } else {
        info = hetrd(&q, d, e, p.work);
    }
    real_set(call->type, d, 2 * n, scale);
    return lapack_outcome(call, diagonals, info, failure);
}

int run_GEBRD(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *tile = vectors_of(call);
    struct kernel_tile *diagonals = kernel_operand(call, 1);
    int64_t n = tile->rows;
    int band = steps_by_band(call->type, n, n);
    struct steps_parts p = parts_at(call, call->scratch);
    struct reflections left, right;
    lapack_int info = 0;
    double scale;
    void *d, *e, *a;

    if (n == 0)
        return 0;
    left = reflections_new(call->type, tile, band ? BY_BAND_LEFT : BY_Q);
    right = reflections_new(call->type, kernel_operand(call, 2),
                            band ? BY_BAND_RIGHT : BY_P);
    diagonals_new(diagonals, call->type, &d, &e);
    a = band ? p.copy : left.v;
    if (!lapack_copy(call, a, n, 0))
        return lapack_not_finite(failure);
    scale = near_one(call->type, 0, n, a);
    if (band) {
        band_general(call->type, n, STEPS_BAND, a, n, left.v, left.t, right.v,
                     right.t, n, STEPS_BACK, p.work, call->team);
        chase_diagonals(call->type, 1, n, STEPS_BAND, a, n, d, e, left.chase,
                        right.chase, p.work);
    } else {
        info = gebrd(&left, &right, d, e, p.work);
        memcpy(right.v, left.v, (size_t)(n * n) * type_bytes(call->type));
    }
    real_set(call->type, d, 2 * n, scale);
    return lapack_outcome(call, diagonals, info, failure);
}

/* ---- of two diagonals --------------------------------------------------- */

/* d to `values`, e to scratch; returns the scale. */
static double diagonals_of(const struct kernel_call *call,
                           const struct kernel_tile *values, char *e)
{
    const struct kernel_tile *d = kernel_operand(call, call->operands - 1);
    double scale;

    tile_copy(call->type, 0, d->rows, 1, d->data, d->rs, d->cs, values->data,
              d->rows);
    tile_copy(call->type, 0, d->rows, 1, tile_at(call->type, d, 0, 1), d->rs,
              d->cs, e, d->rows);
    scale = real_at(call->type, tile_at(call->type, d, 0, 2), 0);
    return scale > 0 ? scale : 1;
}

static int values_out(const struct kernel_call *call,
                      const struct kernel_tile *values, double scale,
                      lapack_int info, struct kernel_failure *failure)
{
    for (int64_t k = 0; k < values->rows && scale != 1; k++)
        real_set(call->type, values->data, k,
                 real_at(call->type, values->data, k) / scale);
    return lapack_outcome(call, values, info, failure);
}

static lapack_int stedc(uint8_t type, int64_t rows, void *d, void *z,
                        const struct steps_parts *p)
{
    lapack_int n = (lapack_int)rows;
    lapack_int work = 1 + 4 * n + n * n, whole = 3 + 5 * n;

    if (type_is_single(type))
        return LAPACKE_sstedc_work(LAPACK_COL_MAJOR, 'I', n, d, (float *)p->e,
                                   z, n, (float *)p->work, work, p->whole,
                                   whole);
    return LAPACKE_dstedc_work(LAPACK_COL_MAJOR, 'I', n, d, (double *)p->e, z,
                               n, (double *)p->work, work, p->whole, whole);
}

int run_STEDC(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile *z = kernel_operand(call, 0);
    struct kernel_tile *w = kernel_operand(call, 1);
    struct steps_parts p = parts_at(call, call->scratch);
    int64_t n = w->rows;
    lapack_int info;
    double scale;

    if (n == 0)
        return 0;
    scale = diagonals_of(call, w, p.e);
    if (divide_in_parts(n))
        info = divide(call->type, n, w->data, p.e, z->data, p.work, call->team);
    else
        info = stedc(call->type, n, w->data, z->data, &p);
    return values_out(call, w, scale, info, failure);
}

/* Of values alone u and vt are NULL. */
static lapack_int bdsdc(uint8_t type, int64_t rows, void *d, void *u, void *vt,
                        const struct steps_parts *p)
{
    lapack_int n = (lapack_int)rows;
    char job = u ? 'I' : 'N';

    if (type_is_single(type))
        return LAPACKE_sbdsdc_work(LAPACK_COL_MAJOR, 'U', job, n, d,
                                   (float *)p->e, u, n, vt, n, NULL, NULL,
                                   (float *)p->work, p->whole);
    return LAPACKE_dbdsdc_work(LAPACK_COL_MAJOR, 'U', job, n, d, (double *)p->e,
                               u, n, vt, n, NULL, NULL, (double *)p->work,
                               p->whole);
}

int run_BDSDC(const struct kernel_call *call, struct kernel_failure *failure)
{
    struct kernel_tile *u = kernel_operand(call, 0);
    struct kernel_tile *s = kernel_operand(call, 1);
    struct kernel_tile *v = kernel_operand(call, 2);
    struct steps_parts p = parts_at(call, call->scratch);
    int64_t n = s->rows;
    lapack_int info;
    double scale;

    if (n == 0)
        return 0;
    scale = diagonals_of(call, s, p.e);
    info = bdsdc(call->type, n, s->data, u->data, p.copy, &p);
    tile_copy(call->type, 0, n, n, p.copy, n, 1, v->data, n);
    return values_out(call, s, scale, info, failure);
}

/* ---- values alone ------------------------------------------------------- */

int steps_heevd_values(const struct kernel_call *call, void *a,
                       struct kernel_tile *w, struct kernel_failure *failure)
{
    struct steps_parts p = parts_behind(call);
    int64_t n = w->rows;
    double scale = near_one(call->type, 1, n, a);
    lapack_int info;

    if (in_one(call->type, n)) {
        tridiagonal(call->type, n, 0, a, n, w->data, p.e, NULL, p.work,
                    call->team);
    } else {
        band_symmetric(call->type, n, STEPS_BAND, a, n, NULL, 0, NULL, 0,
                       p.work, call->team);
        chase_diagonals(call->type, 0, n, STEPS_BAND, a, n, w->data, p.e, NULL,
                        NULL, p.work);
    }
    if (type_is_single(call->type))
        info = LAPACKE_ssterf_work((lapack_int)n, w->data, (float *)p.e);
    else
        info = LAPACKE_dsterf_work((lapack_int)n, w->data, (double *)p.e);
    return values_out(call, w, scale, info, failure);
}

int steps_gesdd_values(const struct kernel_call *call, void *a,
                       struct kernel_tile *s, struct kernel_failure *failure)
{
    struct steps_parts p = parts_behind(call);
    int64_t n = s->rows;
    double scale = near_one(call->type, 0, n, a);

    band_general(call->type, n, STEPS_BAND, a, n, NULL, NULL, NULL, NULL, 0, 0,
                 p.work, call->team);
    chase_diagonals(call->type, 1, n, STEPS_BAND, a, n, s->data, p.e, NULL,
                    NULL, p.work);
    return values_out(call, s, scale,
                      bdsdc(call->type, n, s->data, NULL, NULL, &p), failure);
}

/* ---- the way back ------------------------------------------------------- */

static lapack_int by_lapack(const struct reflections *q, enum steps_kind kind,
                            int64_t cols, void *c, char *work)
{
    lapack_int n = (lapack_int)q->n, m = (lapack_int)cols;
    lapack_int size = STEPS_BLOCK * m + STEPS_T;
    char part = kind == BY_P ? 'P' : 'Q';

    blas_same_in_all_threads(q->type);
#define UNMTR(TYPE, TR, BR, T)                                                 \
    case TYPE:                                                                 \
        if (kind == BY_HETRD)                                                  \
            return LAPACKE_##TR##_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', n, m,  \
                                       (T *)q->v, n, (T *)q->t, (T *)c, n,     \
                                       (T *)work, size);                       \
        return LAPACKE_##BR##_work(LAPACK_COL_MAJOR, part, 'L', 'N', n, m, n,  \
                                   (T *)q->v, n, (T *)q->t, (T *)c, n,         \
                                   (T *)work, size);
    switch (q->type) {
        UNMTR(TM_F32, sormtr, sormbr, float)
        UNMTR(TM_F64, dormtr, dormbr, double)
        UNMTR(TM_C64, cunmtr, cunmbr, lapack_complex_float)
        UNMTR(TM_C128, zunmtr, zunmbr, lapack_complex_double)
    }
#undef UNMTR
    return 0;
}

/* C = Z, which is real. */
static void start_from(uint8_t type, const struct kernel_tile *z,
                       const struct kernel_tile *c)
{
    uint8_t real = type_real(type);
    int64_t parts = type_is_complex(type) ? 2 : 1;

    if (parts == 2)
        memset(c->data, 0, (size_t)(c->rows * c->cols) * type_bytes(type));
    for (int64_t j = 0; j < c->cols; j++)
        if (parts == 1)
            tile_copy(type, 0, c->rows, 1, tile_at(type, z, 0, j), z->rs, 1,
                      tile_at(type, c, 0, j), c->rows);
        else
            for (int64_t i = 0; i < c->rows; i++)
                real_set(real, c->data, 2 * (i + j * c->rows),
                         real_at(real, tile_at(real, z, i, j), 0));
}

int run_UNMTR(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    struct steps_parts p = parts_at(call, call->scratch);
    char *scratch = p.copy;
    struct kernel_tile tile =
        tile_as(call->type, kernel_operand(call, 1), LAYOUT_VECTOR, &scratch);
    struct reflections q = reflections_at(call->type, c->rows, tile.data);
    int64_t n = c->rows;
    enum steps_kind kind;
    lapack_int info = 0;

    if (n == 0 || c->cols == 0)
        return 0;
    start_from(call->type, kernel_operand(call, 2), c);
    kind = kind_of(&q);
    if (kind <= BY_BAND_RIGHT && steps_by_band(call->type, n, n)) {
        chase_apply(call->type, n, STEPS_BAND, q.chase, c->cols, c->data, n,
                    p.work);
        band_apply(call->type, n, STEPS_BACK,
                   kind == BY_BAND_RIGHT ? STEPS_BAND : 0, q.v, n, q.t, c->cols,
                   c->data, n, p.work);
    } else if (kind == BY_ONE && in_one(call->type, n)) {
        band_apply(call->type, n, STEPS_BACK, 1, q.v, n, q.t, c->cols, c->data,
                   n, p.work);
    } else {
        info = by_lapack(&q, kind, c->cols, c->data, p.work);
    }
    return info ? kernel_fail(failure, TM_EBUG, info,
                              "was given to LAPACK wrongly: argument %d",
                              -(int)info)
                : 0;
}
