/* heevd, gesdd and their forms without vectors, in long double: A V = V
 * diag(w), A V = U diag(s), vectors are orthonormal, values are in order; in
 * every type and any layout of what is read.  What is not finite is refused,
 * very large and very small entries are not. */
#include "tests/unit/kernel_test.h"

#include <stdio.h>

static const int types[] = {TM_F32, TM_F64, TM_C64, TM_C128};

/* The type of w and s. */
static int real_of(int type)
{
    return type == TM_C64 ? TM_F32 : type == TM_C128 ? TM_F64 : type;
}

static struct kernel_tile spoiled(int slot, int type, int64_t rows,
                                  int64_t cols)
{
    struct kernel_tile t = test_tile(slot, type, TEST_POOLED, rows, cols);

    t.fresh = 1;
    test_spoil(type, &t);
    return t;
}

static long double norm(int type, const struct kernel_tile *a)
{
    long double sum = 0;

    for (int64_t j = 0; j < a->cols; j++)
        for (int64_t i = 0; i < a->rows; i++) {
            struct number x = test_get(type, a, i, j);
            sum += x.re * x.re + x.im * x.im;
        }
    return sqrtl(sum);
}

/* Is the norm of A V - U diag(w) at most `most`? */
static int right(int type, const struct kernel_tile *a,
                 const struct kernel_tile *v, const struct kernel_tile *u,
                 const struct kernel_tile *w, long double most)
{
    long double sum = 0;

    for (int64_t j = 0; j < v->cols; j++) {
        struct number value = test_get(real_of(type), w, j, 0);
        for (int64_t i = 0; i < a->rows; i++) {
            struct number x = number_mul(test_get(type, u, i, j), value);
            x = (struct number){-x.re, -x.im};
            for (int64_t k = 0; k < a->cols; k++)
                x = number_add(x, number_mul(test_get(type, a, i, k),
                                             test_get(type, v, k, j)));
            sum += x.re * x.re + x.im * x.im;
        }
    }
    return sqrtl(sum) <= most;
}

/* Are V's columns orthonormal? */
static int orthonormal(int type, const struct kernel_tile *v)
{
    long double sum = 0, most = 10 * epsilon_of(type) * (v->rows + 8);

    for (int64_t j = 0; j < v->cols; j++)
        for (int64_t i = 0; i < v->cols; i++) {
            struct number x = {i == j ? -1 : 0, 0};
            for (int64_t k = 0; k < v->rows; k++)
                x = number_add(x,
                               number_mul(number_conj(test_get(type, v, k, i)),
                                          test_get(type, v, k, j)));
            sum += x.re * x.re + x.im * x.im;
        }
    return sqrtl(sum) <= most;
}

/* In order, and those of `alone` the same to rounding. */
static int values_hold(int type, const struct kernel_tile *w,
                       const struct kernel_tile *alone, int rising,
                       long double most)
{
    long double last = rising ? -INFINITY : INFINITY;

    for (int64_t k = 0; k < w->rows; k++) {
        long double x = test_get(real_of(type), w, k, 0).re;
        long double y = test_get(real_of(type), alone, k, 0).re;
        if (!(rising ? x >= last : x <= last && x >= 0) ||
            !(fabsl(x - y) <= most))
            return 0;
        last = x;
    }
    return 1;
}

/* Both forms, on A: status, or -1 where it is refused. */
static int run_both(int type, int singular, const struct kernel_tile *a,
                    struct kernel_tile *u, struct kernel_tile *w,
                    struct kernel_tile *v, struct kernel_tile *alone,
                    struct test_call *call)
{
    int64_t k = a->rows < a->cols ? a->rows : a->cols;
    int status;

    *w = spoiled(2, real_of(type), k, 1);
    *alone = spoiled(4, real_of(type), k, 1);
    *u = spoiled(1, type, a->rows, k);
    *v = spoiled(3, type, a->cols, k);
    test_begin(call, singular ? KERNEL_GESDD_VALUES : KERNEL_HEEVD_VALUES, type,
               0);
    test_add(call, *alone, 0);
    test_add(call, *a, 0);
    status = test_run(call);
    if (status)
        return status;
    test_begin(call, singular ? KERNEL_GESDD : KERNEL_HEEVD, type, 0);
    test_add(call, *u, 0);
    test_add(call, *w, 0);
    if (singular)
        test_add(call, *v, 0);
    test_add(call, *a, 0);
    return test_run(call);
}

static struct kernel_tile hermitian(int type, int64_t n)
{
    struct kernel_tile a = test_tile(0, type, TEST_POOLED, n, n);

    test_fill(type, &a);
    for (int64_t j = 0; j < n; j++) {
        struct number x = test_get(type, &a, j, j);
        test_put(type, &a, j, j, (struct number){x.re, 0});
        for (int64_t i = 0; i < j; i++)
            test_put(type, &a, i, j, number_conj(test_get(type, &a, j, i)));
    }
    return a;
}

static int eigen_case(int type)
{
    int64_t n = test_size();
    struct kernel_tile a = hermitian(type, n), half, v, w, none, alone;
    long double most = 10 * epsilon_of(type) * (n + 8) * norm(type, &a);
    struct test_call call;

    half = test_copy(5, type, test_below(TEST_LAYOUTS), &a);
    for (int64_t j = 0; j < n; j++) /* the upper half is not read */
        for (int64_t i = 0; i < j; i++)
            test_put(type, &half, i, j, (struct number){NAN, NAN});
    return run_both(type, 0, &half, &v, &w, &none, &alone, &call) == 0 &&
           right(type, &a, &v, &v, &w, most) && orthonormal(type, &v) &&
           values_hold(type, &w, &alone, 1, most);
}

static int singular_case(int type)
{
    int64_t m = test_size(), n = test_size();
    struct kernel_tile a, given, u, s, v, alone;
    long double most;
    struct test_call call;

    a = test_tile(0, type, TEST_POOLED, m, n);
    test_fill(type, &a);
    if (n > 2 && test_below(3) == 0) /* not of full rank */
        for (int64_t i = 0; i < m; i++) {
            test_put(type, &a, i, n / 2, (struct number){0, 0});
            test_put(type, &a, i, n - 1, test_get(type, &a, i, 0));
        }
    most = 10 * epsilon_of(type) * (m + n + 8) * norm(type, &a);
    given = test_copy(5, type, test_below(TEST_LAYOUTS), &a);
    return run_both(type, 1, &given, &u, &s, &v, &alone, &call) == 0 &&
           test_same(type, &a, &given) && right(type, &a, &v, &u, &s, most) &&
           orthonormal(type, &u) && orthonormal(type, &v) &&
           values_hold(type, &s, &alone, 0, most);
}

/* 64-bit: the sizes of a tile of reflections, from the text of the format. */
static int64_t reflections(int64_t n)
{
    int64_t g = (n - 1 + 31) / 32 + 1;

    return n + 129 + (6144 * (g * g / 4) + n - 1) / n;
}

/* C = Q Z, of `count` columns of Z from `from` on. */
static int back(int type, const struct kernel_tile *q,
                const struct kernel_tile *z, struct kernel_tile *c)
{
    struct test_call call;

    test_begin(&call, KERNEL_UNMTR, type, 0);
    test_add(&call, *c, 0);
    test_add(&call, *q, 0);
    test_add(&call, *z, 0);
    return test_run(&call);
}

/* The same in steps; large: by way of a band. */
static int steps_case(int type, int singular, int64_t n)
{
    struct kernel_tile a = hermitian(type, n), q, p, d, z, w, y, u, v;
    long double most;
    struct test_call call;

    if (singular)
        test_fill(type, &a);
    most = 10 * epsilon_of(type) * (n + 8) * norm(type, &a);
    q = spoiled(1, type, n, reflections(n));
    d = spoiled(2, real_of(type), n, 3);
    p = spoiled(3, type, n, reflections(n));
    test_begin(&call, singular ? KERNEL_GEBRD : KERNEL_HETRD, type, 0);
    test_add(&call, q, 0);
    test_add(&call, d, 0);
    if (singular)
        test_add(&call, p, 0);
    test_add(&call, a, 0);
    if (test_run(&call))
        return 0;
    z = spoiled(4, real_of(type), n, n);
    w = spoiled(5, real_of(type), n, 1);
    y = spoiled(6, real_of(type), n, n);
    test_begin(&call, singular ? KERNEL_BDSDC : KERNEL_STEDC, real_of(type), 0);
    test_add(&call, z, 0);
    test_add(&call, w, 0);
    if (singular)
        test_add(&call, y, 0);
    test_add(&call, d, 0);
    if (test_run(&call))
        return 0;
    u = spoiled(7, type, n, n);
    if (back(type, &q, &z, &u))
        return 0;
    v = u;
    if (singular) {
        v = spoiled(8, type, n, n);
        if (back(type, &p, &y, &v))
            return 0;
    }
    return right(type, &a, &v, &u, &w, most) && orthonormal(type, &u) &&
           orthonormal(type, &v);
}

static void not_finite(int type)
{
    const double bad[] = {NAN, INFINITY, -INFINITY};
    int good = 1;

    for (int k = 0; k < 6; k++) {
        struct kernel_tile a = hermitian(type, 5), u, w, v, alone;
        struct test_call call;
        struct number x = {1, bad[k % 3]};
        if (!is_complex(type))
            x = (struct number){bad[k % 3], 0};
        test_put(type, &a, 4, 2, x);
        good &= run_both(type, k / 3, &a, &u, &w, &v, &alone, &call) ==
                    TM_ESCRIPT &&
                strstr(call.failure.text, "NaN or infinite") != NULL;
    }
    CHECK(good && "NaN and infinite entries are refused");
}

/* [3, 4; 4, -3] times far: values 5 and -5 times that. */
static void extremes(int type)
{
    double most = real_of(type) == TM_F32 ? 0x1p120 : 0x1p1000;
    int good = 1;

    for (int k = 0; k < 4; k++) {
        struct kernel_tile a = hermitian(type, 2), u, w, v, alone;
        struct test_call call;
        double far = k % 2 ? 1 / most : most;
        test_put(type, &a, 0, 0, (struct number){3 * far, 0});
        test_put(type, &a, 1, 0, (struct number){4 * far, 0});
        test_put(type, &a, 0, 1, (struct number){4 * far, 0});
        test_put(type, &a, 1, 1, (struct number){-3 * far, 0});
        good &= !run_both(type, k / 2, &a, &u, &w, &v, &alone, &call) &&
                fabsl(test_get(real_of(type), &w, k / 2 ? 0 : 1, 0).re / far -
                      5) < 1e-4;
    }
    CHECK(good && "very large and very small entries");
}

/* Sizes that don't fit, and those that LAPACK can't count. */
static void refused(void)
{
    static const struct {
        int kernel;
        int64_t sizes[4][2];
        int operands;
        const char *text;
    } cases[] = {
        {KERNEL_HEEVD, {{4, 4}, {4, 1}, {4, 5}}, 3, "not square"},
        {KERNEL_HEEVD, {{4, 3}, {4, 1}, {4, 4}}, 3, "vectors"},
        {KERNEL_HEEVD, {{4, 4}, {3, 1}, {4, 4}}, 3, "3 x 1 values"},
        {KERNEL_HEEVD_VALUES, {{4, 2}, {4, 4}}, 2, "4 x 2 values"},
        {KERNEL_HEEVD,
         {{40000, 40000}, {40000, 1}, {40000, 40000}},
         3,
         "too large"},
        {KERNEL_GESDD, {{5, 3}, {3, 1}, {3, 5}, {5, 3}}, 4, "U and V"},
        {KERNEL_GESDD, {{5, 3}, {5, 1}, {3, 3}, {5, 3}}, 4, "5 x 1 values"},
        {KERNEL_GESDD_VALUES, {{50000, 1}, {50000, 60000}}, 2, "too large"},
        {KERNEL_HETRD, {{4, 1669}, {4, 3}, {4, 5}}, 3, "A is 4 x 5"},
        {KERNEL_HETRD, {{4, 1668}, {4, 3}, {4, 4}}, 3, "Q is 4 x 1668"},
        {KERNEL_HETRD, {{4, 1669}, {4, 2}, {4, 4}}, 3, "D is 4 x 2"},
        {KERNEL_STEDC, {{4, 4}, {3, 1}, {4, 3}}, 3, "w is 3 x 1"},
        {KERNEL_STEDC, {{40000, 40000}, {40000, 1}, {40000, 3}}, 3, "too large"},
        {KERNEL_GEBRD, {{4, 1669}, {4, 3}, {4, 4}, {4, 4}}, 4, "P is 4 x 4"},
        {KERNEL_BDSDC, {{4, 4}, {4, 1}, {4, 3}, {4, 3}}, 4, "V is 4 x 3"},
        {KERNEL_UNMTR, {{4, 2}, {4, 1669}, {4, 3}}, 3, "Z is 4 x 3"},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct test_call t;
        test_begin(&t, cases[k].kernel, TM_F64, 0);
        for (int n = 0; n < cases[k].operands; n++) {
            int64_t rows = cases[k].sizes[n][0], cols = cases[k].sizes[n][1];
            struct kernel_tile tile = {NULL, rows, cols, 1, rows, 0, 0};
            test_add(&t, tile, 0);
        }
        if (!test_check(&t) || !strstr(t.text, cases[k].text))
            printf("case %zu: %s\n", k, t.text);
        CHECK(test_check(&t) && strstr(t.text, cases[k].text));
    }
}

int main(void)
{
    struct tm_error error = {0};

    CHECK(kernel_start(getenv("TM_KERNELS"), &error) == TM_OK);
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        int repeat = test_repeat(20), bad[2] = {0, 0};
        for (int r = 0; r < repeat; r++) {
            bad[0] += !eigen_case(types[k]);
            bad[1] += !singular_case(types[k]);
        }
        printf("%s: %d cases, heevd %d bad, gesdd %d bad\n",
               type_name((uint8_t)types[k]), repeat, bad[0], bad[1]);
        CHECK(bad[0] == 0 && bad[1] == 0);
        for (int64_t n = 1; n <= 40; n += 13)
            CHECK(steps_case(types[k], 0, n) && steps_case(types[k], 1, n));
        if (!is_complex(types[k])) /* by way of a band */
            CHECK(steps_case(types[k], 0, 257) && steps_case(types[k], 1, 257));
        not_finite(types[k]);
        extremes(types[k]);
    }
    refused();
    return CHECK_END();
}
