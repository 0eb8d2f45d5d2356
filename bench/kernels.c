/* Rates of the tile kernels, one thread: ours in f64 and f32, and, where a
 * library with LAPACK's interface is named, its f64 in turns with ours.
 *
 *     kernels [-l LIBRARY] [-k KERNEL] [-t ROWS OF T] [EDGE ...]
 *
 * Medians; every call begins with the same tiles.  Work is counted as in
 * plan/work.c, for both. */
#include "bench/bench.h"
#include "runtime/kernel.h"

#include <dlfcn.h>
#include <string.h>

/* BLOCK: reflections that LAPACK takes together. */
enum { MOST_OPERANDS = 4, ROUNDS = 15, BLOCK = 32 };

struct tiles {
    int b;                       /* edge */
    void *data[MOST_OPERANDS];   /* worked on */
    void *kept[MOST_OPERANDS];   /* what it begins with */
    size_t bytes[MOST_OPERANDS];
    double *t, *work; /* the library's */
    int *pivots;
};

typedef void function(); /* of Fortran */

struct row {
    const char *name;
    uint8_t kernel, flags;
    int operands, tall; /* tall: operand 0 is so many tiles high */
    const char *symbol;
    void (*call)(function *f, struct tiles *x);
    double alpha;
};

static const double one = 1, minus = -1;
static int t_rows = PLAN_QR_ROWS;

#define CALL(NAME, ...)                                                        \
    static void call_##NAME(function *f, struct tiles *x)                      \
    {                                                                          \
        double *a = x->data[0], *b = x->data[1], *c = x->data[2];              \
        int n = x->b, nb = x->b < BLOCK ? x->b : BLOCK, info = 0, zero = 0;    \
        int tall = 4 * x->b;                                                   \
        (void)a, (void)b, (void)c, (void)nb, (void)info, (void)zero;           \
        (void)tall;                                                            \
        f(__VA_ARGS__);                                                        \
    }
CALL(gemm, "N", "N", &n, &n, &n, &minus, b, &n, c, &n, &one, a, &n)
CALL(gemm_nt, "N", "T", &n, &n, &n, &minus, b, &n, c, &n, &one, a, &n)
CALL(gemm_tn, "T", "N", &n, &n, &n, &minus, b, &n, c, &n, &one, a, &n)
CALL(syrk, "L", "N", &n, &n, &minus, b, &n, &one, a, &n)
CALL(trsm_right, "R", "L", "T", "N", &n, &n, &one, b, &n, a, &n)
CALL(trsm_left, "L", "L", "N", "U", &n, &n, &one, b, &n, a, &n)
CALL(trmm, "L", "U", "N", "N", &n, &n, &one, b, &n, a, &n)
CALL(potrf, "L", &n, a, &n, &info)
CALL(getrf, &n, &n, a, &n, x->pivots, &info)
CALL(getrf_tall, &tall, &n, a, &tall, x->pivots, &info)
CALL(geqrt, &n, &n, &nb, a, &n, x->t, &nb, x->work, &info)
CALL(tsqrt, &n, &n, &zero, &nb, b, &n, a, &n, x->t, &nb, x->work, &info)
CALL(unmqr, "L", "T", &n, &n, &n, &nb, b, &n, c, &nb, a, &n, x->work, &info)
CALL(tsmqr, "L", "T", &n, &n, &n, &zero, &nb, c, &n, x->data[3], &nb, a, &n, b,
     &n, x->work, &info)
#undef CALL

static const struct row rows[] = {
    {"gemm", KERNEL_GEMM, 0, 3, 1, "dgemm_", call_gemm, -1},
    {"gemm_nt", KERNEL_GEMM, KF_TB, 3, 1, "dgemm_", call_gemm_nt, -1},
    {"gemm_tn", KERNEL_GEMM, KF_TA, 3, 1, "dgemm_", call_gemm_tn, -1},
    {"syrk", KERNEL_SYRK, 0, 2, 1, "dsyrk_", call_syrk, -1},
    {"trsm_right", KERNEL_TRSM, KF_RIGHT | KF_TA, 2, 1, "dtrsm_",
     call_trsm_right, 1},
    {"trsm_left", KERNEL_TRSM, KF_UNIT, 2, 1, "dtrsm_", call_trsm_left, 1},
    {"trmm", KERNEL_TRMM, KF_UPPER, 2, 1, "dtrmm_", call_trmm, 1},
    {"potrf", KERNEL_POTRF, 0, 1, 1, "dpotrf_", call_potrf, 0},
    {"getrf", KERNEL_GETRF, 0, 2, 1, "dgetrf_", call_getrf, 0},
    {"getrf_tall", KERNEL_GETRF, 0, 2, 4, "dgetrf_", call_getrf_tall, 0},
    {"geqrt", KERNEL_GEQRT, 0, 3, 1, "dgeqrt_", call_geqrt, 0},
    {"tsqrt", KERNEL_TSQRT, 0, 3, 1, "dtpqrt_", call_tsqrt, 0},
    {"unmqr", KERNEL_UNMQR, KF_TA, 3, 1, "dgemqrt_", call_unmqr, 0},
    {"tsmqr", KERNEL_TSMQR, KF_TA, 4, 1, "dtpmqrt_", call_tsmqr, 0},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void *allocate(size_t bytes)
{
    void *data = aligned_alloc(64, (bytes + 127) / 64 * 64);

    if (!data)
        bench_fail("kernels", "out of memory");
    memset(data, 0, bytes + 64);
    return data;
}

static int high(const struct row *row, int k)
{
    return k == 0 ? row->tall : 1;
}

/* Dominant diagonals, so that all factors exist; symmetric. */
static void begin(const struct row *row, uint8_t type, struct tiles *x)
{
    int k, i, j;

    for (k = 0; k < row->operands; k++) {
        int m = x->b * high(row, k);
        x->bytes[k] = (size_t)m * (size_t)x->b * (type == TM_F32 ? 4 : 8);
        x->data[k] = allocate(x->bytes[k]);
        x->kept[k] = allocate(x->bytes[k]);
        for (j = 0; j < x->b; j++)
            for (i = 0; i < m; i++) {
                double value = ((i * j + i + j) * 37 % 101) / 101.0 - 0.5;
                size_t at = (size_t)i + (size_t)j * (size_t)m;
                value = i == j ? x->b + value : value;
                if (type == TM_F32)
                    ((float *)x->kept[k])[at] = (float)value;
                else
                    ((double *)x->kept[k])[at] = value;
            }
    }
}

static void end(const struct row *row, struct tiles *x)
{
    int k;

    for (k = 0; k < row->operands; k++) {
        free(x->data[k]);
        free(x->kept[k]);
    }
}

static void again(const struct row *row, struct tiles *x)
{
    int k;

    for (k = 0; k < row->operands; k++)
        memcpy(x->data[k], x->kept[k], x->bytes[k]);
}

struct ours {
    struct kernel_call call;
    struct kernel_tile tiles[MOST_OPERANDS + 4];
    uint32_t first[MOST_OPERANDS + 1];
    uint8_t flags[MOST_OPERANDS], types[MOST_OPERANDS];
};

/* T, the last operand of QR's kernels, is a row of triangles. */
static int rows_of(const struct row *row, int k, int b)
{
    int qr = row->kernel >= KERNEL_GEQRT && row->kernel <= KERNEL_TSMQR;

    return qr && k + 1 == row->operands && b > t_rows ? t_rows : b;
}

/* getrf's panel is a run of square tiles; its swaps are a column. */
static void ours_begin(const struct row *row, uint8_t type,
                       const struct tiles *x, struct ours *o)
{
    size_t entry = type == TM_F32 ? 4 : 8;
    uint32_t at = 0;
    char text[200];
    int k, t;

    memset(o, 0, sizeof *o);
    for (k = 0; k < row->operands; k++) {
        int column = row->kernel == KERNEL_GETRF && k == 1;
        o->first[k] = at;
        o->types[k] = column ? TM_F64 : type;
        for (t = 0; t < high(row, k); t++, at++)
            o->tiles[at] = (struct kernel_tile){
                .data = (char *)x->data[k] +
                        (size_t)t * (size_t)x->b * (size_t)x->b * entry,
                .rows = rows_of(row, k, x->b),
                .cols = column ? 1 : x->b,
                .rs = 1,
                .cs = x->b};
    }
    o->first[k] = at;
    o->call = (struct kernel_call){.kernel = row->kernel,
                                   .flags = row->flags,
                                   .type = type,
                                   .types = o->types,
                                   .operands = (uint32_t)row->operands,
                                   .first = o->first,
                                   .operand_flags = o->flags,
                                   .tiles = o->tiles,
                                   .args = row->alpha != 0,
                                   .arg = &row->alpha};
    if (kernel_check(&o->call, text, sizeof text))
        bench_fail(row->name, text);
    o->call.scratch = allocate(kernel_scratch_bytes(&o->call) + 64);
}

static double ours_once(const struct row *row, struct tiles *x, struct ours *o)
{
    struct kernel_failure failure = {0};
    double start;

    again(row, x);
    start = seconds_now();
    if (kernel_run(&o->call, &failure))
        bench_fail(row->name, failure.text);
    return seconds_now() - start;
}

static double theirs_once(const struct row *row, struct tiles *x, function *f)
{
    double start;

    again(row, x);
    start = seconds_now();
    row->call(f, x);
    return seconds_now() - start;
}

/* Seconds a call: medians of batches that are long enough for the clock. */
static void measure(const struct row *row, uint8_t type, int b, function *f,
                    double *rate, double *theirs)
{
    double a[ROUNDS], c[ROUNDS], flops;
    struct tiles x = {.b = b};
    struct ours o;
    int k, r, repeat;

    begin(row, type, &x);
    x.t = allocate(sizeof(double) * (size_t)b * (size_t)b);
    x.work = allocate(sizeof(double) * (size_t)b * BLOCK * 4);
    x.pivots = allocate(sizeof(int) * (size_t)b);
    ours_begin(row, type, &x, &o);
    flops = kernel_flops(&o.call);
    repeat = (int)(2e7 / flops) + 1;
    for (k = 0; k < ROUNDS; k++) {
        a[k] = c[k] = 0;
        for (r = 0; r < repeat; r++)
            a[k] += ours_once(row, &x, &o);
        for (r = 0; f && r < repeat; r++)
            c[k] += theirs_once(row, &x, f);
    }
    *rate = flops * repeat / median(a, ROUNDS) / 1e9;
    *theirs = f ? flops * repeat / median(c, ROUNDS) / 1e9 : 0;
    free(o.call.scratch);
    free(x.t);
    free(x.work);
    free(x.pivots);
    end(row, &x);
}

static void show(const struct row *row, int b, void *library)
{
    union {
        void *symbol;
        function *call;
    } f = {library ? dlsym(library, row->symbol) : NULL};
    double f64, f32, theirs, unused;

    measure(row, TM_F64, b, f.call, &f64, &theirs);
    measure(row, TM_F32, b, NULL, &f32, &unused);
    printf("%-12s %5d %8.1f %8.1f %6.2f", row->name, b, f64, f32, f32 / f64);
    if (f.call)
        printf(" %8.1f %6.2f", theirs, f64 / theirs);
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const int usual[] = {64, 100, 128, 256, 512};
    const char *only = NULL;
    void *library = NULL;
    struct tm_error error;
    int at = 1, k, r, count;

    error_clear(&error);
    if (kernel_start(getenv("TM_KERNELS"), &error))
        bench_fail("kernels", error.text);
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (argv[at][1] == 'k')
            only = argv[at + 1];
        else if (argv[at][1] == 't')
            t_rows = atoi(argv[at + 1]);
        else if (!(library = dlopen(argv[at + 1],
                                    RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)))
            bench_fail("kernels", dlerror());
    }
    printf("%-12s %5s %8s %8s %6s%s\n", "kernel", "edge", "f64", "f32", "ratio",
           library ? "  library  ratio" : "");
    count = at < argc ? argc - at : (int)(sizeof usual / sizeof usual[0]);
    for (r = 0; r < ROWS; r++)
        for (k = 0; k < count; k++) {
            int b = at < argc ? atoi(argv[at + k]) : usual[k];
            if (b < 1 || b > 8192)
                bench_fail("kernels", "edges are 1 to 8192");
            if (!only || !strcmp(only, rows[r].name))
                show(&rows[r], b, library);
        }
    return 0;
}
