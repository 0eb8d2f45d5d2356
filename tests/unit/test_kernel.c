/* Kernels that copy and reduce, sources, and what kernel_check refuses. */
#include "tests/unit/kernel_test.h"

#if __has_include(<Random123/philox.h>)
#include <Random123/philox.h>
#define HAVE_PHILOX 1
#endif
#include <float.h>
#include <stdio.h>

static const int types[] = {TM_F32, TM_F64, TM_C64, TM_C128};

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

static int equal(struct number a, struct number b)
{
    return a.re == b.re && a.im == b.im;
}

static const struct number zero = {0, 0}, one = {1, 0};

/* ---- copies ---------------------------------------------------------------
 */

static int copy_case(int type)
{
    int64_t m = test_size() + 1, n = test_size() + 1, p = test_size() + 1,
            q = test_size() + 1, r0, c0, r1, c1, rows, cols;
    int trans = test_below(2) ? KF_TA : 0;
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, m, n), old, a;
    struct test_call t;

    a = test_tile(1, type, test_below(TEST_LAYOUTS), trans ? q : p,
                  trans ? p : q);
    test_fill(type, &a);
    c.fresh = (uint8_t)test_below(2);
    if (c.fresh)
        test_spoil(type, &c);
    else
        test_fill(type, &c);
    old = test_copy(2, type, TEST_POOLED, &c);
    rows = test_below((int)(m < p ? m : p) + 1);
    cols = test_below((int)(n < q ? n : q) + 1);
    r0 = test_below((int)(m - rows) + 1);
    c0 = test_below((int)(n - cols) + 1);
    r1 = test_below((int)(p - rows) + 1);
    c1 = test_below((int)(q - cols) + 1);
    test_begin(&t, KERNEL_COPY, type, trans);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    test_args(&t, 6,
              (double[]){(double)r0, (double)c0, (double)r1, (double)c1,
                         (double)rows, (double)cols});
    if (test_run(&t))
        return 0;
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            int64_t x = i - r0 + r1, y = j - c0 + c1;
            struct number want = c.fresh ? zero : test_get(type, &old, i, j);
            if (i >= r0 && i < r0 + rows && j >= c0 && j < c0 + cols)
                want = trans ? number_conj(test_get(type, &a, y, x))
                             : test_get(type, &a, x, y);
            if (!equal(test_get(type, &c, i, j), want))
                return 0;
        }
    return 1;
}

static int tril_case(int type)
{
    int64_t m = test_size(), n = test_size();
    int flags = (test_below(2) ? KF_UPPER : 0) | (test_below(2) ? KF_UNIT : 0);
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, m, n);
    struct kernel_tile a = test_tile(1, type, test_below(TEST_LAYOUTS), m, n);
    struct test_call t;

    test_fill(type, &a);
    test_spoil(type, &c);
    c.fresh = 1;
    test_begin(&t, KERNEL_TRIL, type, flags);
    test_add(&t, c, 0);
    test_add(&t, a, 0);
    if (test_run(&t))
        return 0;
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            int in = flags & KF_UPPER ? i <= j : i >= j;
            struct number want = in ? test_get(type, &a, i, j) : zero;
            if (i == j && flags & KF_UNIT)
                want = one;
            if (!equal(test_get(type, &c, i, j), want))
                return 0;
        }
    return 1;
}

static int select_case(int type)
{
    int64_t m = test_size(), n = test_size();
    int truth = test_below(3);
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, m, n), a[2], want;
    struct kernel_tile s = test_tile(1, type, test_below(TEST_LAYOUTS), 1, 1);
    struct test_call t;

    test_put(type, &s, 0, 0, (struct number){truth == 2 ? NAN : truth, truth});
    test_begin(&t, KERNEL_SELECT, type, 0);
    test_add(&t, c, 0);
    test_add(&t, s, 0);
    for (int k = 0; k < 2; k++) {
        a[k] = test_tile(2 + k, type, test_below(TEST_LAYOUTS), m, n);
        test_fill(type, &a[k]);
        test_add(&t, a[k], 0);
    }
    want = a[truth ? 0 : 1];
    return test_run(&t) == 0 && test_same(type, &c, &want);
}

static int sums_case(int type)
{
    int64_t m = test_size(), n = test_size();
    int tiles = test_below(5);
    struct kernel_tile c = test_tile(0, type, TEST_POOLED, m, n), a[4];
    struct test_call t;

    test_spoil(type, &c);
    c.fresh = 1;
    test_begin(&t, KERNEL_SUMS, type, 0);
    test_add(&t, c, 0);
    for (int k = 0; k < tiles; k++) {
        a[k] = test_tile(1 + k, type, test_below(TEST_LAYOUTS), m, n);
        test_fill(type, &a[k]);
        test_add(&t, a[k], k > 0);
    }
    if (tiles == 0) { /* a run of none */
        t.call.operands = 2;
        t.first[2] = t.first[1];
    }
    if (test_run(&t))
        return 0;
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            struct number sum = zero, got = test_get(type, &c, i, j);
            for (int k = 0; k < tiles; k++)
                sum = number_add(sum, test_get(type, &a[k], i, j));
            if (number_abs((struct number){sum.re - got.re, sum.im - got.im}) >
                8 * epsilon_of(type))
                return 0;
        }
    return 1;
}

/* ---- reductions ------------------------------------------------------------
 */

static struct number reduce(int type, int kernel, struct kernel_tile a)
{
    struct kernel_tile s = test_tile(20, type, TEST_POOLED, 1, 1);
    struct test_call t;

    test_spoil(type, &s);
    test_begin(&t, kernel, type, 0);
    test_add(&t, s, 0);
    test_add(&t, a, 0);
    if (test_run(&t))
        return (struct number){NAN, NAN};
    return test_get(type, &s, 0, 0);
}

static struct number reference(int type, int kernel,
                               const struct kernel_tile *a, long double *size)
{
    struct number s = {kernel == KERNEL_MAX   ? -INFINITY
                       : kernel == KERNEL_MIN ? INFINITY
                                              : 0,
                       0};

    *size = 0;
    for (int64_t j = 0; j < a->cols; j++)
        for (int64_t i = 0; i < a->rows; i++) {
            struct number x = test_get(type, a, i, j);
            if (kernel == KERNEL_MAX)
                s.re = fmaxl(s.re, x.re);
            else if (kernel == KERNEL_MIN)
                s.re = fminl(s.re, x.re);
            else if (kernel == KERNEL_NORM)
                s.re += x.re * x.re + x.im * x.im;
            else if (kernel == KERNEL_SUM || i == j)
                s = number_add(s, x);
            *size += number_abs(x);
        }
    if (kernel == KERNEL_NORM)
        s.re = *size = sqrtl(s.re);
    return s;
}

static int reduce_case(int type)
{
    int kernel = KERNEL_SUM + test_below(5);
    int order = kernel == KERNEL_MAX || kernel == KERNEL_MIN;
    int64_t m = test_size() + order, n = test_size() + order;
    struct kernel_tile a = test_tile(0, type, TEST_POOLED, m, n), b;
    struct number want, got, again;
    long double size, slack = epsilon_of(type);

    if (order && is_complex(type))
        return 1;
    test_fill(type, &a);
    want = reference(type, kernel, &a, &size);
    got = reduce(type, kernel, a);
    b = test_copy(1, type, test_below(TEST_LAYOUTS), &a);
    again = reduce(type, kernel, b);
    slack *= type == TM_F64 || type == TM_C128 ? 10 : 1;
    return equal(got, again) &&
           number_abs((struct number){got.re - want.re, got.im - want.im}) <=
               (order ? 0 : slack * size);
}

/* Entries that overflow or vanish when squared; NaN and inf.  Valgrind has
 * no long double to compare with. */
static void norm_extremes(void)
{
    static const double scales[] = {1e-320, 1e-310, 1e-200, 1e-158, 1e-140,
                                    1,      1e150,  1e160,  1e200,  1e305};
    struct kernel_tile a = test_tile(0, TM_F64, TEST_POOLED, 40, 30);
    volatile long double tiny = 1e-300L;
    int good = 1;

    for (int s = 0; s < 10 && tiny * tiny > 0; s++) {
        long double size, want, got;
        test_fill(TM_F64, &a);
        for (int64_t k = 0; k < 1200; k++)
            ((double *)a.data)[k] *= scales[s];
        want = reference(TM_F64, KERNEL_NORM, &a, &size).re;
        got = reduce(TM_F64, KERNEL_NORM, a).re;
        good &= fabsl(got - want) <= 4 * epsilon_of(TM_F64) * want + 0x1p-1074L;
    }
    CHECK(good && "norms of all sizes");
    ((double *)a.data)[700] = -INFINITY;
    CHECK(reduce(TM_F64, KERNEL_NORM, a).re == INFINITY);
    ((double *)a.data)[3] = NAN;
    CHECK(isnan((double)reduce(TM_F64, KERNEL_NORM, a).re));
    memset(a.data, 0, 1200 * sizeof(double));
    CHECK(reduce(TM_F64, KERNEL_NORM, a).re == 0);
    ((double *)a.data)[7] = DBL_MAX;
    CHECK(reduce(TM_F64, KERNEL_NORM, a).re == DBL_MAX);
    ((double *)a.data)[8] = DBL_MAX;
    CHECK(reduce(TM_F64, KERNEL_NORM, a).re == INFINITY);
}

static void nan_spreads(void)
{
    int good = 1;

    for (int k = 0; k < 2; k++)
        for (int at = 0; at < 35; at++)
            for (int kernel = KERNEL_SUM; kernel <= KERNEL_MIN; kernel++) {
                struct kernel_tile a = test_tile(0, types[k], 0, 7, 5);
                test_fill(types[k], &a);
                test_put(types[k], &a, at % 7, at / 7, (struct number){NAN, 0});
                good &= isnan((double)reduce(types[k], kernel, a).re);
            }
    CHECK(good && "NaN at every place");
}

/* Rows of a tile, as it lies and transposed, in any layout. */
static int rows_case(int type)
{
    int kernel = KERNEL_ROWSUMS + test_below(5), trans = test_below(2);
    int sums = kernel == KERNEL_ROWSUMS, smallest = (kernel & 1) != 0;
    int64_t m = test_size() * 3, n = test_size() + 1;
    struct kernel_tile a =
        test_tile(0, type, TEST_POOLED, trans ? n : m, trans ? m : n);
    struct kernel_tile b, s = test_tile(20, type, TEST_POOLED, m, 1);
    struct test_call t;
    int good = 1;

    if (!sums && is_complex(type))
        return 1;
    test_fill(type, &a);
    b = test_copy(1, type, test_below(TEST_LAYOUTS), &a);
    test_spoil(type, &s);
    test_begin(&t, kernel, type, trans ? KF_TA : 0);
    test_add(&t, s, 0);
    test_add(&t, b, 0);
    if (test_run(&t))
        return 0;
    for (int64_t i = 0; i < m; i++) {
        struct number want = {0, 0}, got = test_get(type, &s, i, 0);
        int64_t best = 0;
        for (int64_t j = 0; j < n; j++) {
            struct number x = test_get(type, &a, trans ? j : i, trans ? i : j);
            struct number y =
                test_get(type, &a, trans ? best : i, trans ? i : best);
            if (trans)
                x.im = -x.im;
            want = number_add(want, x);
            if (smallest ? x.re < y.re : x.re > y.re)
                best = j;
        }
        if (kernel == KERNEL_MIN_ROWS || kernel == KERNEL_MAX_ROWS)
            want = test_get(type, &a, trans ? best : i, trans ? i : best);
        else if (!sums)
            want = (struct number){(long double)best, 0};
        good &=
            number_abs((struct number){got.re - want.re, got.im - want.im}) <=
            (sums ? 20 * epsilon_of(type) * (long double)n : 0);
    }
    return good;
}

static void onehot_places(void)
{
    struct kernel_tile v = test_tile(0, TM_F64, TEST_POOLED, 5, 1);
    struct kernel_tile c = test_tile(20, TM_F64, TEST_POOLED, 5, 3);
    static const double numbers[] = {4, 5, 3, 4.5, NAN};
    struct test_call t;
    double sum = 0;

    memcpy(v.data, numbers, sizeof numbers);
    test_spoil(TM_F64, &c);
    test_begin(&t, KERNEL_ONEHOT, TM_F64, 0);
    test_add(&t, c, 0);
    test_add(&t, v, 0);
    test_args(&t, 1, (double[]){3});
    CHECK(test_run(&t) == 0);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 3; j++)
            sum += (double)test_get(TM_F64, &c, i, j).re;
    CHECK(sum == 3 && test_get(TM_F64, &c, 0, 1).re == 1 &&
          test_get(TM_F64, &c, 1, 2).re == 1 &&
          test_get(TM_F64, &c, 2, 0).re == 1);
}

/* A sum that plain addition in f32, or in order, would get wrong. */
static void sum_is_accurate(void)
{
    struct kernel_tile a = test_tile(0, TM_F32, 0, 1000, 1000);
    float *x = a.data;

    for (int k = 0; k < 1000000; k++)
        x[k] = 0.1f;
    CHECK(reduce(TM_F32, KERNEL_SUM, a).re == (float)(1e6 * (double)0.1f));
}

/* ---- sources ---------------------------------------------------------------
 */

/* The whole matrix in one tile, or in tiles of p x q. */
static void make(struct kernel_source *s, struct kernel_tile *whole, int64_t p,
                 int64_t q)
{
    for (int64_t j = 0; j < s->cols; j += q)
        for (int64_t i = 0; i < s->rows; i += p) {
            int64_t m = s->rows - i < p ? s->rows - i : p;
            int64_t n = s->cols - j < q ? s->cols - j : q;
            struct kernel_tile t = test_tile(30, s->type, TEST_POOLED, m, n);
            test_spoil(s->type, &t);
            kernel_source(s, i, j, &t);
            for (int64_t y = 0; y < n; y++)
                memcpy(test_at(s->type, whole, i, j + y),
                       test_at(s->type, &t, 0, y),
                       (size_t)m * type_bytes(s->type));
        }
}

static int source_case(int type)
{
    static double list[200 * 200];
    int64_t m = test_size() + 1, n = test_size() + 1;
    struct kernel_source s = {(uint8_t)(RULE_FILL + test_below(6)),
                              (uint8_t)type,
                              1.5,
                              test_bits(),
                              3,
                              m,
                              n,
                              list};
    struct kernel_tile a = test_tile(0, type, TEST_POOLED, m, n);
    struct kernel_tile b = test_tile(1, type, TEST_POOLED, m, n);

    if (s.rule == RULE_SPD)
        s.cols = n = a.cols = b.cols = b.rows = a.rows = b.cs = a.cs = m;
    if (s.rule == RULE_SPD)
        a = test_tile(0, type, 0, m, m), b = test_tile(1, type, 0, m, m);
    for (int64_t k = 0; k < m * n; k++)
        list[k] = (double)k;
    make(&s, &a, m, n);
    make(&s, &b, 1 + test_below((int)m), 1 + test_below((int)n));
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            struct number x = test_get(type, &a, i, j), want = x;
            int in = x.re >= 0 && x.re < 1 && x.im >= 0 && x.im < 1;
            if (s.rule == RULE_FILL || s.rule == RULE_EYE)
                want = s.rule == RULE_FILL || i == j ? (struct number){1.5, 0}
                                                     : zero;
            else if (s.rule == RULE_LIST)
                want = (struct number){(long double)(i * n + j), 0};
            else if (s.rule == RULE_SPD)
                want = number_conj(test_get(type, &a, j, i));
            if (s.rule == RULE_RAND && !in)
                return 0;
            if (s.rule == RULE_SPD && i == j &&
                !(x.re >= m && x.re <= m + 1 && x.im == 0))
                return 0;
            if (!equal(x, want))
                return 0;
        }
    return test_same(type, &a, &b);
}

#if HAVE_PHILOX
/* Against the definition, with the C library's functions in long double. */
static void randn_is_normal(void)
{
    enum { N = 1000 };
    struct kernel_source s = {RULE_RANDN,         TM_F64, 0, 0x123456789abcdefu,
                              0xfedcba987654321u, N,      N, NULL};
    struct kernel_tile a = test_tile(0, TM_F64, 0, N, 1);
    long double worst = 0, moment[5] = {0};

    for (int64_t j = 0; j < N; j++) {
        kernel_source(&s, 0, j, &a);
        for (int64_t i = 0; i < N; i++) {
            uint64_t index = (uint64_t)(i + j * N);
            philox4x32_ctr_t c = {{(uint32_t)index, (uint32_t)(index >> 32),
                                   0x87654321u, 0xfedcba9u}};
            philox4x32_key_t k = {{0x89abcdefu, 0x1234567u}};
            philox4x32_ctr_t w = philox4x32(c, k);
            uint64_t h = ((uint64_t)w.v[0] << 32 | w.v[1]) >> 11;
            uint64_t l = ((uint64_t)w.v[2] << 32 | w.v[3]) >> 11;
            long double u1 = (long double)(h + 1) * 0x1p-53L;
            long double u2 = (long double)l * 0x1p-53L;
            long double radius = sqrtl(-2 * logl(u1));
            long double turn = 8 * atanl(1) * u2;
            long double x = ((double *)a.data)[i], p = 1;
            worst = fmaxl(worst, fabsl(x - radius * cosl(turn)) / radius);
            for (int m = 1; m < 5; m++)
                moment[m] += p *= x;
        }
    }
    for (int m = 1; m < 5; m++)
        moment[m] /= (long double)N * N;
    printf("randn: error %.2Lg, moments %.4Lf %.4Lf %.4Lf %.4Lf\n", worst,
           moment[1], moment[2], moment[3], moment[4]);
    CHECK(worst < 1e-15L);
    CHECK(fabsl(moment[1]) < 0.005 && fabsl(moment[2] - 1) < 0.01 &&
          fabsl(moment[3]) < 0.02 && fabsl(moment[4] - 3) < 0.06);
}
#else
static void randn_is_normal(void)
{
    puts("randn: there is no Random123 to compare with");
}
#endif

/* These bits are a promise: the same with any compiler and library. */
static void known_bits(void)
{
    struct kernel_source s = {RULE_RAND, TM_F64, 0, 7, 2, 100, 100, NULL};
    struct kernel_tile a = test_tile(0, TM_F64, 0, 3, 1);
    double *x = a.data;

    kernel_source(&s, 40, 60, &a);
    printf("rand  %a %a %a\n", x[0], x[1], x[2]);
    CHECK(x[0] == 0x1.152287f194f8p-8 && x[1] == 0x1.3439f51180fecp-1 &&
          x[2] == 0x1.63fa9340041d6p-1);
    s.rule = RULE_RANDN;
    kernel_source(&s, 40, 60, &a);
    printf("randn %a %a %a\n", x[0], x[1], x[2]);
    CHECK(x[0] == -0x1.697b9a47944c3p-1 && x[1] == -0x1.060bea7b139a7p-1 &&
          x[2] == 0x1.ad310c25382bfp-1);
}

static void complex_randn(void)
{
    struct kernel_source s = {RULE_RANDN, TM_C128, 0, 1, 1, 100000, 1, NULL};
    struct kernel_tile a = test_tile(0, TM_C128, 0, 100000, 1);
    long double re = 0, im = 0, cross = 0;

    kernel_source(&s, 0, 0, &a);
    for (int64_t k = 0; k < 100000; k++) {
        struct number x = test_get(TM_C128, &a, k, 0);
        re += x.re * x.re;
        im += x.im * x.im;
        cross += x.re * x.im;
    }
    CHECK(fabsl(re / 1e5L - 0.5L) < 0.01L && fabsl(im / 1e5L - 0.5L) < 0.01L);
    CHECK(fabsl(cross / 1e5L) < 0.01L);
}

/* ---- what is refused
 * --------------------------------------------------------- */

struct refusal {
    int kernel, type, flags;
    int64_t sizes[4][2]; /* of the operands, until one of 0 x 0 */
    double args[6];
    uint32_t count;
    const char *text; /* part of what it says; NULL: fits */
};

static const struct refusal refusals[] = {
    {KERNEL_GEMM, TM_F64, 0, {{3, 4}, {3, 5}, {5, 4}}, {1}, 1, NULL},
    {KERNEL_GEMM,
     TM_F64,
     0,
     {{3, 4}, {3, 5}, {6, 4}},
     {1},
     1,
     "inner sizes 5 and 6 differ"},
    {KERNEL_GEMM,
     TM_F64,
     KF_TA | KF_TB,
     {{3, 4}, {5, 3}, {4, 5}},
     {1},
     1,
     NULL},
    {KERNEL_GEMM,
     TM_F64,
     0,
     {{3, 3}, {3, 5}, {5, 4}},
     {1},
     1,
     "the product is 3 x 4, the result 3 x 3"},
    {KERNEL_GEMM, TM_F64, 0, {{3, 4}, {3, 5}}, {1}, 1, "operands"},
    {KERNEL_GEMM, TM_F64, 0, {{3, 4}, {3, 5}, {5, 4}}, {1}, 0, "arguments"},
    {KERNEL_GEMM, TM_F64, KF_UNIT, {{3, 4}, {3, 5}, {5, 4}}, {1}, 1, "flags"},
    {KERNEL_GEMM, 9, 0, {{3, 4}, {3, 5}, {5, 4}}, {1}, 1, "no type"},
    {200, TM_F64, 0, {{3, 4}}, {1}, 1, "no kernel"},
    {0, TM_F64, 0, {{3, 4}}, {1}, 1, "no kernel"},
    {KERNEL_SYRK, TM_F64, KF_TA, {{3, 3}, {5, 3}}, {1}, 1, NULL},
    {KERNEL_SYRK, TM_F64, 0, {{3, 3}, {5, 3}}, {1}, 1, "5 x 5"},
    {KERNEL_TRSM, TM_F64, 0, {{3, 5}, {3, 3}}, {1}, 1, NULL},
    {KERNEL_TRSM, TM_F64, KF_RIGHT, {{3, 5}, {3, 3}}, {1}, 1, "triangular"},
    {KERNEL_POTRF, TM_F64, 0, {{3, 4}}, {0}, 0, "not square"},
    {KERNEL_GETRF, TM_F64, 0, {{5, 4}, {4, 1}}, {0}, 0, NULL},
    {KERNEL_GETRF, TM_F64, 0, {{5, 4}, {5, 1}}, {0}, 0, "row swaps"},
    {KERNEL_LASWP, TM_F64, 0, {{5, 4}, {6, 1}}, {0}, 0, "row swaps"},
    {KERNEL_GEQRT, TM_F64, 0, {{5, 4}, {4, 4}, {6, 4}}, {0}, 0, NULL},
    {KERNEL_GEQRT, TM_F64, 0, {{5, 4}, {5, 4}, {4, 4}}, {0}, 0, "R is 5 x 4"},
    {KERNEL_TSQRT, TM_F64, 0, {{5, 4}, {4, 4}, {4, 3}}, {0}, 0, "T is 4 x 3"},
    {KERNEL_TSQRT, TM_F64, 0, {{5, 4}, {4, 4}, {3, 4}}, {0}, 0, NULL},
    {KERNEL_TSQRT, TM_C64, 0, {{5, 4}, {4, 4}, {4, 4}}, {0}, 0, NULL},
    {KERNEL_UNMQR, TM_F64, KF_TA, {{5, 3}, {5, 4}, {4, 4}}, {0}, 0, NULL},
    {KERNEL_UNMQR, TM_F64, 0, {{4, 3}, {5, 4}, {4, 4}}, {0}, 0, "V is 5 x 4"},
    {KERNEL_TSMQR, TM_F64, 0, {{6, 3}, {5, 3}, {5, 4}, {4, 4}}, {0}, 0, NULL},
    {KERNEL_TSMQR,
     TM_F64,
     0,
     {{3, 3}, {5, 3}, {5, 4}, {4, 4}},
     {0},
     0,
     "above"},
    {KERNEL_SUM, TM_F64, 0, {{1, 2}, {6, 1}}, {0}, 0, "the result is 1 x 2"},
    {KERNEL_MAX, TM_C64, 0, {{1, 1}, {6, 1}}, {0}, 0, "complex"},
    {KERNEL_COPY, TM_F64, 0, {{3, 4}, {5, 5}}, {1, 1, 3, 3, 2, 2}, 6, NULL},
    {KERNEL_COPY,
     TM_F64,
     0,
     {{3, 4}, {5, 5}},
     {2, 1, 3, 3, 2, 2},
     6,
     "out of a result"},
    {KERNEL_COPY,
     TM_F64,
     0,
     {{3, 4}, {5, 5}},
     {1, 1, 4, 3, 2, 2},
     6,
     "out of a source"},
    {KERNEL_COPY,
     TM_F64,
     0,
     {{3, 4}, {5, 5}},
     {1, -1, 3, 3, 2, 2},
     6,
     "out of a result"},
    {KERNEL_COPY,
     TM_F64,
     0,
     {{3, 4}, {5, 5}},
     {1, 1, 3, 3, 2, -2},
     6,
     "entries"},
    {KERNEL_COPY,
     TM_F64,
     0,
     {{3, 4}, {5, 5}},
     {1, 1, 3, 3, 0.5, 2},
     6,
     "whole"},
    {KERNEL_COPY,
     TM_F64,
     0,
     {{3, 4}, {5, 5}},
     {1, 1, 3, 3, NAN, 2},
     6,
     "whole"},
    {KERNEL_TRIL, TM_F64, 0, {{3, 4}, {4, 3}}, {0}, 0, "4 x 3"},
    {KERNEL_ROWSUMS, TM_F64, KF_TA, {{4, 1}, {3, 4}}, {0}, 0, NULL},
    {KERNEL_ROWSUMS, TM_F64, 0, {{4, 1}, {3, 4}}, {0}, 0, "for 3 rows"},
    {KERNEL_MIN_ROWS, TM_C64, 0, {{3, 1}, {3, 4}}, {0}, 0, "complex"},
    {KERNEL_ONEHOT, TM_F64, 0, {{3, 7}, {3, 2}}, {0}, 1, "3 x 2 numbers"},
    {KERNEL_SELECT,
     TM_F64,
     0,
     {{3, 4}, {1, 2}, {3, 4}, {3, 4}},
     {0},
     0,
     "test"},
    {KERNEL_SELECT, TM_F64, 0, {{3, 4}, {1, 1}, {3, 4}, {3, 4}}, {0}, 0, NULL},
    {KERNEL_STORE, TM_F64, 0, {{3, 4}}, {0, 0, 0}, 3, NULL},
    {KERNEL_NOP, TM_F64, 0, {{3, 4}, {2, 2}, {1, 1}}, {0}, 0, NULL},
};

static void all_refusals(void)
{
    int good = 1;

    for (size_t k = 0; k < sizeof refusals / sizeof refusals[0]; k++) {
        const struct refusal *r = &refusals[k];
        struct test_call t;
        int refused, holds;
        test_begin(&t, r->kernel, r->type, r->flags);
        for (int o = 0; o < 4 && r->sizes[o][0]; o++)
            test_add(
                &t, test_tile(o, TM_F64, 0, r->sizes[o][0], r->sizes[o][1]), 0);
        test_args(&t, r->count, r->args);
        refused = test_check(&t);
        holds = r->text ? refused && strstr(t.text, r->text) : !refused;
        if (!holds)
            printf("case %zu: %d %s\n", k, refused, t.text);
        good &= holds;
    }
    CHECK(good && "refusals");
}

/* Empty tiles, strides, layouts of results, kernels that don't run here. */
static void other_refusals(void)
{
    struct kernel_tile a = test_tile(0, TM_F64, 0, 0, 4);
    struct kernel_tile s = test_tile(1, TM_F64, 0, 1, 1);
    struct test_call t;

    CHECK(reduce(TM_F64, KERNEL_SUM, a).re == 0);
    CHECK(reduce(TM_F64, KERNEL_NORM, a).re == 0);
    CHECK(reduce(TM_F64, KERNEL_TRACE, a).re == 0);
    test_begin(&t, KERNEL_MAX, TM_F64, 0);
    test_add(&t, s, 0);
    test_add(&t, a, 0);
    CHECK(test_check(&t) && strstr(t.text, "max of an empty matrix"));
    t.tiles[1] = test_tile(0, TM_F64, 0, 3, 4);
    t.tiles[1].cs = 0;
    CHECK(test_check(&t) && strstr(t.text, "strides"));
    t.tiles[1].rows = INT64_MAX;
    CHECK(test_check(&t));
    t.tiles[1].rows = -1;
    CHECK(test_check(&t));
    test_begin(&t, KERNEL_POTRF, TM_F64, 0);
    test_add(&t, test_tile(0, TM_F64, TEST_ROWS, 3, 3), 0);
    CHECK(test_check(&t) && strstr(t.text, "strides"));
    test_begin(&t, KERNEL_STORE, TM_F64, 0);
    test_add(&t, s, 0);
    test_args(&t, 3, (double[]){0, 0, 0});
    CHECK(test_run(&t) == TM_EBUG && strstr(t.failure.text, "store"));
    t.call.kernel = 0;
    CHECK(kernel_run(&t.call, &t.failure) == TM_EBUG);
    test_begin(&t, KERNEL_NOP, TM_F64, 0);
    s.fresh = 1;
    test_add(&t, s, 0);
    CHECK(test_run(&t) == 0 && *(double *)s.data == 0);
}

static void flops_and_types(void)
{
    struct kernel_tile a = test_tile(0, TM_F64, 0, 10, 10);
    struct test_call t;

    test_begin(&t, KERNEL_GEMM, TM_F64, 0);
    for (int k = 0; k < 3; k++)
        test_add(&t, a, 0);
    test_args(&t, 1, (double[]){1});
    CHECK(!test_check(&t) && kernel_flops(&t.call) == 2000);
    CHECK(kernel_scratch_bytes(&t.call) == 0);
    t.call.type = TM_C64;
    CHECK(kernel_flops(&t.call) == 8000);
    test_begin(&t, KERNEL_GETRF, TM_F64, 0);
    test_add(&t, a, 0);
    test_add(&t, test_tile(1, TM_F64, 0, 10, 1), 0);
    CHECK(!test_check(&t) && kernel_flops(&t.call) == 615);
    CHECK(type_bytes(TM_F32) == 4 && type_bytes(TM_C128) == 16 &&
          type_bytes(0) == 0);
    CHECK(!strcmp(type_name(TM_C64), "c64"));
}

int main(void)
{
    struct tm_error error = {0};

    CHECK(kernel_start(getenv("TM_KERNELS"), &error) == TM_OK);
    random_cases("copy", 150, copy_case);
    random_cases("tril", 80, tril_case);
    random_cases("select", 80, select_case);
    random_cases("sums", 80, sums_case);
    random_cases("reduce", 200, reduce_case);
    random_cases("rows", 200, rows_case);
    random_cases("source", 100, source_case);
    norm_extremes();
    nan_spreads();
    sum_is_accurate();
    onehot_places();
    randn_is_normal();
    known_bits();
    complex_randn();
    all_refusals();
    other_refusals();
    flops_and_types();
    return CHECK_END();
}
