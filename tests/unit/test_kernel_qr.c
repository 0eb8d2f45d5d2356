/* geqrt, tsqrt, unmqr, tsmqr in long double: A = Q R, Q is orthogonal, R's
 * diagonal is real, Q and Q' are applied as V and T say; any layout of what is
 * read, random sizes. */
#include "tests/unit/kernel_test.h"

#include <complex.h>
#include <stdio.h>

static const int types[] = {TM_F32, TM_F64, TM_C64, TM_C128};
enum { WIDEST = 128, TALLEST = 2 * WIDEST };

typedef long double complex entry;
/* A column-major matrix, TALLEST rows apart. */
typedef entry wide[WIDEST][TALLEST];

static entry get(int type, const struct kernel_tile *t, int64_t i, int64_t j)
{
    struct number x = test_get(type, t, i, j);

    return __builtin_complex(x.re, x.im);
}

/* W: V, or with `top` rows of the identity above it. */
static void wide_of(int type, wide w, const struct kernel_tile *v, int64_t top)
{
    for (int64_t j = 0; j < v->cols; j++) {
        for (int64_t i = 0; i < top; i++)
            w[j][i] = i == j;
        for (int64_t i = 0; i < v->rows; i++)
            w[j][top + i] = get(type, v, i, j);
    }
}

/* Columns of V that the triangle of T from column j on is for. */
static int64_t wide_at(const struct kernel_tile *t, int64_t j)
{
    return t->cols - j < t->rows ? t->cols - j : t->rows;
}

/* x -= W op(T) W' x, one column, of the triangle of T from column j on. */
static void apply_one(int type, wide w, int64_t rows,
                      const struct kernel_tile *t, int64_t j, int trans,
                      entry *x)
{
    entry a[WIDEST], b[WIDEST];
    int64_t n = wide_at(t, j);

    for (int64_t k = 0; k < n; k++) {
        a[k] = 0;
        for (int64_t i = 0; i < rows; i++)
            a[k] += conjl(w[j + k][i]) * x[i];
    }
    for (int64_t k = 0; k < n; k++) {
        b[k] = 0;
        for (int64_t l = 0; l < n; l++)
            b[k] += (trans ? conjl(get(type, t, l, j + k))
                           : get(type, t, k, j + l)) *
                    a[l];
    }
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = 0; i < rows; i++)
            x[i] -= w[j + k][i] * b[k];
}

/* x = Q x or Q' x: Q is the product of all. */
static void apply(int type, wide w, int64_t rows, const struct kernel_tile *t,
                  int trans, entry *x)
{
    int64_t count = t->cols ? (t->cols + t->rows - 1) / t->rows : 0;

    for (int64_t k = 0; k < count; k++)
        apply_one(type, w, rows, t, (trans ? k : count - 1 - k) * t->rows,
                  trans, x);
}

/* I - W T W' is orthogonal: T + T' = T' (W' W) T, in size below 8. */
static int orthogonal(int type, wide w, int64_t rows,
                      const struct kernel_tile *t, int64_t at)
{
    static wide p, q;
    int64_t n = wide_at(t, at);
    long double worst = 0;

    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < rows; i++) { /* p = W T */
            p[j][i] = 0;
            for (int64_t k = 0; k <= j; k++)
                p[j][i] += w[at + k][i] * get(type, t, k, at + j);
        }
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < n; i++) { /* q = p' p */
            q[j][i] = 0;
            for (int64_t k = 0; k < rows; k++)
                q[j][i] += conjl(p[i][k]) * p[j][k];
            q[j][i] -=
                get(type, t, i, at + j) + conjl(get(type, t, j, at + i));
            worst = fmaxl(worst, cabsl(q[j][i]));
        }
    return worst <= 8 * (long double)(rows + 8) * epsilon_of(type);
}

/* All of T: upper triangles, each orthogonal. */
static int good_t(int type, wide w, int64_t rows, const struct kernel_tile *t)
{
    for (int64_t j = 0; j < t->cols; j++)
        for (int64_t i = j % t->rows + 1; i < t->rows; i++)
            if (get(type, t, i, j) != 0)
                return 0;
    for (int64_t j = 0; j < t->cols; j += t->rows)
        if (!orthogonal(type, w, rows, t, j))
            return 0;
    return 1;
}

static int upper(int type, const struct kernel_tile *t)
{
    for (int64_t j = 0; j < t->cols; j++)
        for (int64_t i = j + 1; i < t->rows; i++)
            if (get(type, t, i, j) != 0)
                return 0;
    return 1;
}

static int close_to(int type, const entry *x, const entry *y, int64_t rows)
{
    long double error = 0, size = 0;

    for (int64_t i = 0; i < rows; i++) {
        error += cabsl(x[i] - y[i]) * cabsl(x[i] - y[i]);
        size += cabsl(y[i]) * cabsl(y[i]);
    }
    return sqrtl(error) <=
           4 * (long double)(rows + 8) * epsilon_of(type) * sqrtl(size);
}

static struct kernel_tile filled(int slot, int type, int layout, int64_t rows,
                                 int64_t cols)
{
    struct kernel_tile t = test_tile(slot, type, layout, rows, cols);

    test_fill(type, &t);
    return t;
}

static struct kernel_tile spoiled(int slot, int type, int64_t rows,
                                  int64_t cols)
{
    struct kernel_tile t = test_tile(slot, type, TEST_POOLED, rows, cols);

    t.fresh = 1;
    test_spoil(type, &t);
    return t;
}

/* V, T, R of a random tile, or of a triangle (`top` rows: n or 0) on it. */
static int factor(int type, int stacked, int64_t m, int64_t n,
                  struct kernel_tile *v, struct kernel_tile *t, wide w)
{
    static wide start;
    struct kernel_tile r = spoiled(1, type, n, n);
    struct test_call call;
    int64_t top = stacked ? n : 0, k = m < n && !stacked ? m : n;

    *v = filled(0, type, TEST_POOLED, m, n);
    *t = spoiled(2, type,
                 test_below(2) ? n + test_below(3) : 1 + test_below(n + 1), n);
    if (n > 2 && test_below(3) == 0) /* a column of zeros, and two alike */
        for (int64_t i = 0; i < m; i++) {
            test_put(type, v, i, n / 2, (struct number){0, 0});
            test_put(type, v, i, n - 1, test_get(type, v, i, 0));
        }
    if (stacked) {
        r.fresh = 0;
        test_fill(type, &r);
    }
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < top; i++)
            start[j][i] = i <= j ? get(type, &r, i, j) : 0;
        for (int64_t i = 0; i < m; i++)
            start[j][top + i] = get(type, v, i, j);
    }
    test_begin(&call, stacked ? KERNEL_TSQRT : KERNEL_GEQRT, type, 0);
    test_add(&call, *v, 0);
    test_add(&call, r, 0);
    test_add(&call, *t, 0);
    if (test_run(&call))
        return 0;
    wide_of(type, w, v, top);
    if (!upper(type, &r) || !good_t(type, w, top + m, t))
        return 0;
    for (int64_t j = 0; j < n; j++) {
        entry x[TALLEST] = {0};
        if (j < k && cimagl(get(type, &r, j, j)) != 0 &&
            !(stacked && m == 0)) /* nothing to be done: as it was */
            return 0;
        for (int64_t i = 0; i <= j; i++)
            if (i < k)
                x[i] = get(type, &r, i, j);
            else if (get(type, &r, i, j) != 0)
                return 0;
        apply(type, w, top + m, t, 0, x);
        if (!close_to(type, x, start[j], top + m))
            return 0;
    }
    return 1;
}

static int qr_case(int type, int stacked)
{
    static wide w;
    int64_t m = test_size(), n = test_size(), cols = test_size();
    int64_t top = stacked ? n : 0, below = stacked ? test_below(3) : 0;
    int flags = test_below(2) ? KF_TA : 0;
    struct kernel_tile v, t, c, d;
    struct test_call call;
    wide *start = malloc(sizeof *start);
    int good = start && factor(type, stacked, m, n, &v, &t, w);

    if (!good) {
        free(start);
        return 0;
    }
    c = filled(3, type, TEST_POOLED, n + below, cols);
    d = filled(4, type, TEST_POOLED, m, cols);
    if (test_below(4) == 0) {
        d = spoiled(4, type, m, cols);
    }
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t i = 0; i < top; i++)
            (*start)[j][i] = get(type, &c, i, j);
        for (int64_t i = 0; i < m; i++)
            (*start)[j][top + i] = d.fresh ? 0 : get(type, &d, i, j);
    }
    v = test_copy(5, type, test_below(TEST_LAYOUTS), &v);
    t = test_copy(6, type, test_below(TEST_LAYOUTS), &t);
    test_begin(&call, stacked ? KERNEL_TSMQR : KERNEL_UNMQR, type, flags);
    if (stacked)
        test_add(&call, c, 0);
    test_add(&call, d, 0);
    test_add(&call, v, 0);
    test_add(&call, t, 0);
    good = test_run(&call) == 0;
    for (int64_t j = 0; good && j < cols; j++) {
        entry x[TALLEST];
        for (int64_t i = 0; i < top; i++)
            x[i] = get(type, &c, i, j);
        for (int64_t i = 0; i < m; i++)
            x[top + i] = get(type, &d, i, j);
        apply(type, w, top + m, &t, flags != 0, (*start)[j]);
        good &= close_to(type, x, (*start)[j], top + m);
    }
    free(start);
    return good;
}

/* Entries at the ends of the range neither overflow nor vanish. */
static void extremes(int type)
{
    const double far = type == TM_F32 || type == TM_C64 ? 0x1p120 : 0x1p1000;
    int good = 1;

    for (int k = 0; k < 2; k++) {
        struct kernel_tile a = spoiled(0, type, 3, 1);
        struct kernel_tile r = spoiled(1, type, 1, 1);
        struct kernel_tile t = spoiled(2, type, 1, 1);
        const double x[] = {2, -1, 2};
        struct test_call call;
        a.fresh = 0;
        for (int i = 0; i < 3; i++)
            test_put(type, &a, i, 0,
                     (struct number){k ? x[i] / far : x[i] * far, 0});
        test_begin(&call, KERNEL_GEQRT, type, 0);
        test_add(&call, a, 0);
        test_add(&call, r, 0);
        test_add(&call, t, 0);
        good &= !test_run(&call) &&
                cabsl(get(type, &r, 0, 0) * (k ? far : 1 / far) + 3) < 1e-5;
    }
    CHECK(good && "very large and very small entries");
}

int main(void)
{
    struct tm_error error = {0};

    CHECK(kernel_start(getenv("TM_KERNELS"), &error) == TM_OK);
    for (int k = 0; k < 4; k++) {
        int repeat = test_repeat(30);
        for (int stacked = 0; stacked < 2; stacked++) {
            int bad = 0;
            for (int r = 0; r < repeat; r++)
                bad += !qr_case(types[k], stacked);
            printf("%s %s: %d cases, %d bad\n", stacked ? "tsqrt" : "geqrt",
                   type_name((uint8_t)types[k]), repeat, bad);
            CHECK(bad == 0);
        }
        extremes(types[k]);
    }
    return CHECK_END();
}
