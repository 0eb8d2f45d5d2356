/* gemm, gemmt, syrk, trsm, trmm, potrf, getrf, laswp against plain loops in
 * long double, in all types, flags and layouts, at random sizes. */
#include "tests/unit/kernel_test.h"

#include <stdio.h>

static const int types[] = {TM_F32, TM_F64, TM_C64, TM_C128};

/* Entry (i, j) of op(a). */
static struct number entry(int type, const struct kernel_tile *a, int trans,
                           int64_t i, int64_t j)
{
    if (trans)
        return number_conj(test_get(type, a, j, i));
    return test_get(type, a, i, j);
}

static struct kernel_tile operand(int slot, int type, int trans, int64_t rows,
                                  int64_t cols)
{
    int layout = test_below(TEST_LAYOUTS);
    struct kernel_tile t = trans ? test_tile(slot, type, layout, cols, rows)
                                 : test_tile(slot, type, layout, rows, cols);

    test_fill(type, &t);
    return t;
}

static struct kernel_tile result(int slot, int type, int64_t rows, int64_t cols,
                                 int fresh)
{
    struct kernel_tile t = test_tile(slot, type, TEST_POOLED, rows, cols);

    t.fresh = (uint8_t)fresh;
    if (fresh)
        test_spoil(type, &t);
    else
        test_fill(type, &t);
    return t;
}

/* |x - sum| <= slack * eps * size, for the sum of n products. */
static int near(int type, struct number x, struct number sum, long double size,
                int64_t n)
{
    struct number d = {x.re - sum.re, x.im - sum.im};
    long double slack = (is_complex(type) ? 4 : 2) * (long double)(n + 3);

    return number_abs(d) <= slack * epsilon_of(type) * size;
}

/* ---- products ------------------------------------------------------------ */

/* Does c hold start + alpha op(a) op(b)? */
static int product_holds(int type, const struct kernel_tile *c,
                         const struct kernel_tile *start, double alpha,
                         const struct kernel_tile *a, int ta,
                         const struct kernel_tile *b, int tb, int64_t k,
                         int lower)
{
    for (int64_t j = 0; j < c->cols; j++)
        for (int64_t i = lower ? j : 0; i < c->rows; i++) {
            struct number sum = {0, 0};
            long double size = 0;
            for (int64_t l = 0; l < k; l++) {
                struct number x = number_mul(entry(type, a, ta, i, l),
                                             entry(type, b, tb, l, j));
                x.re *= alpha;
                x.im *= alpha;
                sum = number_add(sum, x);
                size += number_abs(x);
            }
            if (!start->fresh) {
                struct number x = test_get(type, start, i, j);
                sum = number_add(sum, x);
                size += number_abs(x);
            }
            if (!near(type, test_get(type, c, i, j), sum, size, k))
                return 0;
        }
    return 1;
}

/* One size in turn beyond the blocks into which products are cut. */
static int64_t large_size(int turn)
{
    return turn ? test_size() : 257 + test_below(100);
}

static int gemm_case(int type)
{
    int turn = test_below(16);
    int64_t m = large_size(turn), n = large_size(turn - 1);
    int64_t k = large_size(turn - 2);
    int flags = test_below(4), fresh = test_below(2);
    struct kernel_tile c = result(0, type, m, n, fresh);
    struct kernel_tile start = test_copy(3, type, TEST_POOLED, &c);
    struct kernel_tile a = operand(1, type, flags & KF_TA, m, k);
    struct kernel_tile b = operand(2, type, flags & KF_TB, k, n);
    double alpha = test_below(2) ? 1 : -0.5;
    struct test_call t;

    test_begin(&t, KERNEL_GEMM, type, flags);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    test_add(&t, b, 0);
    test_args(&t, 1, &alpha);
    if (test_run(&t))
        return 0;
    return product_holds(type, &c, &start, alpha, &a, flags & KF_TA, &b,
                         flags & KF_TB, k, 0);
}

/* Small operands of all shapes, along rows and columns, that end where memory
 * ends: nothing behind them is read. */
static void gemm_stays_inside(void)
{
    double alpha = 1;
    int good = 1;

    for (int k = 0; k < 4; k++)
        for (int n = 1; n <= 3000; n++) {
            int64_t size[3] = {1 + n % 13, 1 + n % 11, 1 + n % 23};
            struct test_call t;
            test_begin(&t, KERNEL_GEMM, types[k], 0);
            test_add(&t, result(0, types[k], size[0], size[1], 1), 0);
            for (int o = 0; o < 2; o++)
                test_add(&t,
                         test_tile(1 + o, types[k],
                                   n >> o & 1 ? TEST_ROWS : TEST_GAPS,
                                   size[o ? 2 : 0], size[o ? 1 : 2]),
                         0);
            test_args(&t, 1, &alpha);
            good &= test_run(&t) == 0;
        }
    CHECK(good && "nothing is read behind an operand");
}

/* What syrk leaves above the diagonal. */
static int upper_holds(int type, const struct kernel_tile *c,
                       const struct kernel_tile *start, int mirror)
{
    for (int64_t j = 0; j < c->cols; j++)
        for (int64_t i = 0; i < j; i++) {
            struct number x = test_get(type, c, i, j), want = {0, 0};
            if (mirror)
                want = number_conj(test_get(type, c, j, i));
            else if (!start->fresh)
                want = test_get(type, start, i, j);
            if (x.re != want.re || x.im != want.im)
                return 0;
        }
    return 1;
}

static int syrk_case(int type)
{
    int turn = test_below(12);
    int64_t m = turn ? test_size() : 257 + test_below(40);
    int64_t k = large_size(turn - 1);
    int ta = test_below(2) ? KF_TA : 0, mirror = test_below(2) ? KF_MIRROR : 0;
    struct kernel_tile c = result(0, type, m, m, test_below(2)), start;
    struct kernel_tile a = operand(1, type, ta, m, k);
    double alpha = test_below(2) ? 1 : -2;
    struct test_call t;

    for (int64_t i = 0; i < m && !c.fresh; i++) {
        struct number x = test_get(type, &c, i, i);
        x.im = 0;
        test_put(type, &c, i, i, x);
    }
    start = test_copy(3, type, TEST_POOLED, &c);
    test_begin(&t, KERNEL_SYRK, type, ta | mirror);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    test_args(&t, 1, &alpha);
    if (test_run(&t))
        return 0;
    return product_holds(type, &c, &start, alpha, &a, ta, &a, !ta, k, 1) &&
           upper_holds(type, &c, &start, mirror);
}

static int gemmt_case(int type)
{
    int turn = test_below(12);
    int64_t m = turn ? test_size() : 257 + test_below(40);
    int64_t k = large_size(turn - 1);
    int flags = test_below(4), mirror = test_below(2) ? KF_MIRROR : 0;
    struct kernel_tile c = result(0, type, m, m, test_below(2));
    struct kernel_tile start = test_copy(3, type, TEST_POOLED, &c);
    struct kernel_tile a = operand(1, type, flags & KF_TA, m, k);
    struct kernel_tile b = operand(2, type, flags & KF_TB, k, m);
    double alpha = test_below(2) ? 1 : -0.5;
    struct test_call t;

    test_begin(&t, KERNEL_GEMMT, type, flags | mirror);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    test_add(&t, b, 0);
    test_args(&t, 1, &alpha);
    if (test_run(&t))
        return 0;
    return product_holds(type, &c, &start, alpha, &a, flags & KF_TA, &b,
                         flags & KF_TB, k, 1) &&
           upper_holds(type, &c, &start, mirror);
}

/* ---- triangular -----------------------------------------------------------
 */

/* Entry (i, j) of op(T), with zeros and ones that aren't stored. */
static struct number entry_of_triangle(int type, const struct kernel_tile *t,
                                       int flags, int64_t i, int64_t j)
{
    int trans = flags & KF_TA, upper = flags & KF_UPPER;
    int64_t row = trans ? j : i, col = trans ? i : j;

    if (row == col && flags & KF_UNIT)
        return (struct number){1, 0};
    if (upper ? row > col : row < col)
        return (struct number){0, 0};
    return entry(type, t, trans, i, j);
}

/* Is op(T) x (or x op(T)) = alpha y? */
static int triangle_holds(int type, const struct kernel_tile *t, int flags,
                          const struct kernel_tile *x, double alpha,
                          const struct kernel_tile *y)
{
    for (int64_t j = 0; j < x->cols; j++)
        for (int64_t i = 0; i < x->rows; i++) {
            struct number sum = {0, 0}, want = test_get(type, y, i, j);
            long double size = 0;
            for (int64_t l = 0; l < t->rows; l++) {
                struct number p =
                    flags & KF_RIGHT
                        ? number_mul(test_get(type, x, i, l),
                                     entry_of_triangle(type, t, flags, l, j))
                        : number_mul(entry_of_triangle(type, t, flags, i, l),
                                     test_get(type, x, l, j));
                sum = number_add(sum, p);
                size += number_abs(p);
            }
            want.re *= alpha;
            want.im *= alpha;
            size += number_abs(want);
            if (!near(type, want, sum, size, t->rows))
                return 0;
        }
    return 1;
}

static int triangular_case(int type, int kernel)
{
    int64_t m = test_size(), n = test_size();
    int flags = test_below(16) << 1; /* RIGHT, UPPER, UNIT and a spare bit */
    int64_t edge;
    struct kernel_tile b = result(0, type, m, n, 0), tri, start;
    double alpha = test_below(2) ? 1 : 0.25;
    struct test_call t;

    flags = (flags & (KF_RIGHT | KF_UPPER | KF_UNIT)) | (flags & 2 ? KF_TA : 0);
    edge = flags & KF_RIGHT ? n : m;
    tri = operand(1, type, 0, edge, edge);
    for (int64_t j = 0; j < edge; j++)
        for (int64_t i = 0; i < edge; i++) {
            struct number x = test_get(type, &tri, i, j);
            x.re = i == j ? x.re + 3 : x.re / (long double)edge;
            x.im = i == j ? x.im : x.im / (long double)edge;
            if (flags & KF_UPPER ? i > j : i < j) /* must not be looked at */
                x.re = x.im = NAN;
            if (i == j && flags & KF_UNIT)
                x.re = x.im = NAN;
            test_put(type, &tri, i, j, x);
        }
    start = test_copy(3, type, TEST_POOLED, &b);
    test_begin(&t, kernel, type, flags);
    test_add(&t, b, 0);
    test_add(&t, tri, 0);
    test_args(&t, 1, &alpha);
    if (test_run(&t))
        return 0;
    if (kernel == KERNEL_TRSM)
        return triangle_holds(type, &tri, flags, &b, alpha, &start);
    return triangle_holds(type, &tri, flags, &start, 1 / alpha, &b);
}

static int trsm_case(int type)
{
    return triangular_case(type, KERNEL_TRSM);
}

static int trmm_case(int type)
{
    return triangular_case(type, KERNEL_TRMM);
}

static void trsm_fails(void)
{
    double one = 1;
    int status = 0, good = 1;

    for (int k = 0; k < 4; k++)
        for (int at = 0; at < 5; at++) {
            struct kernel_tile b = result(0, types[k], 5, 3, 0);
            struct kernel_tile tri = operand(1, types[k], 0, 5, 5);
            struct test_call t;
            test_put(types[k], &tri, at, at, (struct number){0, 0});
            test_begin(&t, KERNEL_TRSM, types[k], KF_UPPER);
            test_add(&t, b, 0);
            test_add(&t, tri, 0);
            test_args(&t, 1, &one);
            status |= test_run(&t);
            good &= t.failure.status == TM_ESCRIPT && t.failure.info == at &&
                    strstr(t.failure.text, "is singular") != NULL;
            t.call.flags |= KF_UNIT;
            good &= test_run(&t) == 0;
        }
    CHECK(status == TM_ESCRIPT && good);
}

/* ---- Cholesky -------------------------------------------------------------
 */

static const struct kernel_tile *spd(int type, int64_t n)
{
    static struct kernel_tile a;

    a = result(0, type, n, n, 0);
    for (int64_t j = 0; j < n; j++) {
        test_put(type, &a, j, j, (struct number){(long double)n + 1, 0.5L});
        for (int64_t i = 0; i < j; i++) /* must not be looked at */
            test_put(type, &a, i, j, (struct number){NAN, NAN});
    }
    return &a;
}

static int potrf_run(int type, const struct kernel_tile *a, struct test_call *t)
{
    test_begin(t, KERNEL_POTRF, type, 0);
    test_add(t, *a, 0);
    return test_run(t);
}

static int potrf_holds(int type, const struct kernel_tile *l,
                       const struct kernel_tile *a)
{
    for (int64_t j = 0; j < l->cols; j++)
        for (int64_t i = 0; i < l->rows; i++) {
            struct number sum = {0, 0}, want = test_get(type, a, i, j);
            long double size = 0;
            if (i < j) {
                struct number x = test_get(type, l, i, j);
                if (x.re != 0 || x.im != 0)
                    return 0;
                continue;
            }
            for (int64_t k = 0; k <= j; k++) {
                struct number x =
                    number_mul(test_get(type, l, i, k),
                               number_conj(test_get(type, l, j, k)));
                sum = number_add(sum, x);
                size += number_abs(x);
            }
            if (i == j)
                want.im = 0;
            if (!near(type, want, sum, size, j))
                return 0;
        }
    return 1;
}

static int potrf_case(int type)
{
    const struct kernel_tile *a = spd(type, test_size());
    struct kernel_tile start = test_copy(1, type, TEST_POOLED, a);
    struct kernel_tile again = test_copy(2, type, TEST_POOLED, a);
    struct test_call t;

    if (potrf_run(type, a, &t) || potrf_run(type, &again, &t))
        return 0;
    return potrf_holds(type, a, &start) && test_same(type, a, &again);
}

/* A bad pivot anywhere, of any sort, is found, and where. */
static void potrf_fails(void)
{
    const struct number bad[] = {{-1, 0}, {0, 0}, {NAN, 0}, {INFINITY, 0}};
    int good = 1;

    for (int k = 0; k < 4; k++)
        for (int at = 0; at < 70; at++)
            for (int b = 0; b < 4; b++) {
                const struct kernel_tile *a = spd(types[k], 70);
                struct test_call t;
                test_put(types[k], a, at, at, bad[b]);
                good &= potrf_run(types[k], a, &t) == TM_ESCRIPT &&
                        t.failure.info == at + 1;
            }
    CHECK(good && "a bad pivot at every place");
    for (int k = 0; k < 4; k++)
        for (int at = 1; at < 70; at++) {
            const struct kernel_tile *a = spd(types[k], 70);
            struct test_call t;
            test_put(types[k], a, at, test_below(at), bad[2]);
            good &= potrf_run(types[k], a, &t) == TM_ESCRIPT &&
                    t.failure.info == at + 1 &&
                    !strcmp(t.failure.text, "is not positive definite");
        }
    CHECK(good && "NaN off the diagonal");
    for (int n = 0; n < 3; n++) {
        struct kernel_tile a = result(0, TM_F64, n, n, 1);
        struct test_call t;
        int status = potrf_run(TM_F64, &a, &t);
        good &= n ? status == TM_ESCRIPT && t.failure.info == 1 : !status;
    }
    CHECK(good && "a matrix never written");
}

/* ---- LU --------------------------------------------------------------------
 */

enum { RUN = 4 };

/* A panel cut into tiles; whole is the same in one piece. */
struct panel {
    int tiles;
    struct kernel_tile tile[RUN], whole, start;
};

static void panel_new(struct panel *p, int type, int64_t m, int64_t n,
                      int tiles)
{
    int64_t row = 0;

    p->tiles = tiles;
    p->whole = result(8, type, m, n, 0);
    if (test_below(4) == 0 && n > 2) /* a column of zeros: a zero pivot */
        for (int64_t i = 0; i < m; i++)
            test_put(type, &p->whole, i, n / 2, (struct number){0, 0});
    for (int t = 0; t < tiles; t++) {
        int64_t rows = t + 1 < tiles ? m / tiles : m - row;
        p->tile[t] = test_tile(10 + t, type, TEST_POOLED, rows, n);
        for (int64_t j = 0; j < n; j++)
            for (int64_t i = 0; i < rows; i++)
                test_put(type, &p->tile[t], i, j,
                         test_get(type, &p->whole, row + i, j));
        row += rows;
    }
    p->start = test_copy(9, type, TEST_POOLED, &p->whole);
}

static int panel_same(const struct panel *p, int type)
{
    int64_t row = 0;

    for (int t = 0; t < p->tiles; t++) {
        struct kernel_tile part = p->whole;
        part.data = test_at(type, &p->whole, row, 0);
        part.rows = p->tile[t].rows;
        if (!test_same(type, &part, &p->tile[t]))
            return 0;
        row += part.rows;
    }
    return 1;
}

/* L U = the start with its rows swapped; no entry of L is larger than 1. */
static int getrf_holds(int type, const struct kernel_tile *lu,
                       const struct kernel_tile *a, const struct kernel_tile *p)
{
    long double most = is_complex(type) ? 1.42L : 1.0L + epsilon_of(type);

    for (int64_t k = 0; k < p->rows; k++) {
        int64_t with = (int64_t)test_get(TM_F64, p, k, 0).re;
        for (int64_t j = 0; j < a->cols; j++) {
            struct number x = test_get(type, a, k, j);
            if (with < k || with >= a->rows)
                return 0;
            test_put(type, a, k, j, test_get(type, a, with, j));
            test_put(type, a, with, j, x);
        }
    }
    for (int64_t j = 0; j < lu->cols; j++)
        for (int64_t i = 0; i < lu->rows; i++) {
            struct number sum = {0, 0};
            long double size = 0;
            for (int64_t k = 0; k <= i && k <= j; k++) {
                struct number l = test_get(type, lu, i, k);
                struct number x = test_get(type, lu, k, j);
                if (i > k && number_abs(l) > most)
                    return 0;
                x = i == k ? x : number_mul(l, x);
                sum = number_add(sum, x);
                size += number_abs(x);
            }
            if (!near(type, test_get(type, a, i, j), sum, size, i < j ? i : j))
                return 0;
        }
    return 1;
}

static int getrf_case(int type)
{
    int64_t m = test_size() + 1, n = test_size();
    int64_t q = m < n ? m : n;
    struct kernel_tile p = result(1, TM_F64, q, 1, 1);
    struct kernel_tile p2 = result(2, TM_F64, q, 1, 1);
    struct panel panel;
    struct test_call one, many;

    panel_new(&panel, type, m, n, 1 + test_below(RUN));
    test_begin(&one, KERNEL_GETRF, type, 0);
    test_add(&one, panel.whole, 0);
    test_add(&one, p, 0);
    test_begin(&many, KERNEL_GETRF, type, 0);
    for (int t = 0; t < panel.tiles; t++)
        test_add(&many, panel.tile[t], t > 0);
    test_add(&many, p2, 0);
    if (test_run(&one) || test_run(&many))
        return 0;
    return panel_same(&panel, type) && test_same(TM_F64, &p, &p2) &&
           getrf_holds(type, &panel.whole, &panel.start, &p);
}

static int laswp_case(int type)
{
    int64_t m = test_size() + 1, n = test_size(), q = 1 + test_below((int)m);
    struct kernel_tile p = test_tile(1, TM_F64, test_below(TEST_LAYOUTS), q, 1);
    struct panel panel;
    struct test_call t;

    panel_new(&panel, type, m, n, 1 + test_below(RUN));
    for (int64_t k = 0; k < q; k++) {
        int64_t with = k + test_below((int)(m - k));
        test_put(TM_F64, &p, k, 0, (struct number){(long double)with, 0});
        for (int64_t j = 0; j < n; j++) {
            struct number x = test_get(type, &panel.whole, k, j);
            test_put(type, &panel.whole, k, j,
                     test_get(type, &panel.whole, with, j));
            test_put(type, &panel.whole, with, j, x);
        }
    }
    test_begin(&t, KERNEL_LASWP, type, 0);
    for (int k = 0; k < panel.tiles; k++)
        test_add(&t, panel.tile[k], k > 0);
    test_add(&t, p, 0);
    return test_run(&t) == 0 && panel_same(&panel, type);
}

static void laswp_fails(void)
{
    const double bad[] = {-1, 0.5, 7, NAN, INFINITY, 1e300};
    int good = 1;

    for (int b = 0; b < 6; b++) {
        struct kernel_tile p = result(1, TM_F64, 2, 1, 0);
        struct test_call t;
        test_put(TM_F64, &p, 0, 0, (struct number){6, 0});
        test_put(TM_F64, &p, 1, 0, (struct number){bad[b], 0});
        test_begin(&t, KERNEL_LASWP, TM_F64, 0);
        test_add(&t, result(0, TM_F64, 7, 3, 0), 0);
        test_add(&t, p, 0);
        good &= test_run(&t) == TM_ESCRIPT && t.failure.info == 1;
    }
    CHECK(good && "swaps that are no rows");
}

/* ---- fresh tiles ------------------------------------------------------------
 */

static int all_zero(int type, const struct kernel_tile *c)
{
    for (int64_t j = 0; j < c->cols; j++)
        for (int64_t i = 0; i < c->rows; i++)
            if (number_abs(test_get(type, c, i, j)) != 0)
                return 0;
    return 1;
}

/* Kernels that leave zeros of a fresh tile, at once. */
static void fresh_zeros(void)
{
    double one = 1;
    int good = 1;

    for (int k = 0; k < 4; k++) {
        struct kernel_tile b = result(0, types[k], 5, 3, 1);
        struct kernel_tile t5 = operand(1, types[k], 0, 5, 5);
        struct kernel_tile p = result(2, TM_F64, 3, 1, 1);
        struct test_call t;
        for (int kernel = KERNEL_TRSM; kernel <= KERNEL_TRMM; kernel++) {
            test_spoil(types[k], &b);
            test_begin(&t, kernel, types[k], 0);
            test_add(&t, b, 0);
            test_add(&t, t5, 0);
            test_args(&t, 1, &one);
            good &= !test_run(&t) && all_zero(types[k], &b);
        }
        test_spoil(types[k], &b);
        test_begin(&t, KERNEL_GETRF, types[k], 0);
        test_add(&t, b, 0);
        test_add(&t, p, 0);
        good &= !test_run(&t) && all_zero(types[k], &b);
        test_spoil(types[k], &b);
        t.call.kernel = KERNEL_LASWP;
        good &= !test_run(&t) && all_zero(types[k], &b);
    }
    CHECK(good && "fresh tiles count as zeros");
}

/* Of a column: the first of the largest is the pivot, a NaN only where it
 * stands on top already; zeros are no reason to fail. */
static void pivots(int type)
{
    static const struct {
        int nan, zero;
        double pivot;
    } cases[] = {{-1, 0, 18}, {5, 0, 18}, {0, 0, 0}, {-1, 1, 0}};
    int good = 1;

    for (int c = 0; c < 4; c++)
        for (int64_t n = 1; n <= 20; n += 19) {
            struct kernel_tile a = result(0, type, 40, n, 1);
            struct kernel_tile p = result(1, TM_F64, n, 1, 1);
            struct test_call t;
            for (int64_t j = 0; j < n; j++)
                for (int64_t i = 0; i < 40; i++) {
                    double x = j ? i == j : i == 18 ? -3 : i == 31 ? 3 : i % 3;
                    x = cases[c].zero ? 0 : x;
                    x = j == 0 && i == cases[c].nan ? NAN : x;
                    test_put(type, &a, i, j, (struct number){x, 0});
                }
            a.fresh = 0;
            test_begin(&t, KERNEL_GETRF, type, 0);
            test_add(&t, a, 0);
            test_add(&t, p, 0);
            good &= !test_run(&t) &&
                    (double)test_get(TM_F64, &p, 0, 0).re == cases[c].pivot;
        }
    CHECK(good && "pivots");
}

static void random_cases(const char *name, int usual, int (*run)(int type))
{
    for (int k = 0; k < 4; k++) {
        int bad = 0, repeat = test_repeat(usual);
        for (int r = 0; r < repeat; r++)
            bad += !run(types[k]);
        printf("%s %s: %d cases, %d bad\n", name, type_name((uint8_t)types[k]),
               repeat, bad);
        CHECK(bad == 0);
    }
}

int main(void)
{
    struct tm_error error = {0};

    CHECK(kernel_start("no-such", &error) == TM_EUSAGE && error.text[0]);
    error.status = 0;
    CHECK(kernel_start(getenv("TM_KERNELS"), &error) == TM_OK);
    CHECK(kernel_start("no-such", &error) == TM_OK);
    printf("%s%s\n", error.text, kernel_describe());
    random_cases("gemm", 60, gemm_case);
    random_cases("syrk", 40, syrk_case);
    random_cases("gemmt", 40, gemmt_case);
    random_cases("trsm", 50, trsm_case);
    random_cases("trmm", 50, trmm_case);
    random_cases("potrf", 30, potrf_case);
    random_cases("getrf", 40, getrf_case);
    for (int k = 0; k < 4; k++)
        pivots(types[k]);
    random_cases("laswp", 40, laswp_case);
    gemm_stays_inside();
    trsm_fails();
    potrf_fails();
    laswp_fails();
    fresh_zeros();
    return CHECK_END();
}
