/* Kernels run on tiles of two edges; two rates give rate and half. */
#include "runtime/calibrate.h"
#include "runtime/kernel.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SMALL = 64,
    LARGE = 448,
    ROUNDS = 7,
    MOST_OPERANDS = 4,
    COPY_BYTES = 64 << 20
};
static const double least_seconds = 1e-3; /* of a round */

static const struct probe {
    uint8_t kernel, flags;
    uint32_t operands;
    double alpha; /* 0: it takes no argument */
} probes[] = {
    {KERNEL_GEMM, 0, 3, -1},       {KERNEL_SYRK, 0, 2, -1},
    {KERNEL_GEMMT, 0, 3, -1},      {KERNEL_TRSM, KF_RIGHT | KF_TA, 2, 1},
    {KERNEL_TRMM, KF_UPPER, 2, 1}, {KERNEL_POTRF, 0, 1, 0},
    {KERNEL_GETRF, 0, 2, 0},       {KERNEL_GEQRT, 0, 3, 0},
    {KERNEL_TSQRT, 0, 3, 0},       {KERNEL_UNMQR, KF_TA, 3, 0},
    {KERNEL_TSMQR, KF_TA, 4, 0},
};
enum { PROBES = sizeof probes / sizeof probes[0] };

struct bench {
    struct kernel_call call;
    struct kernel_tile tiles[MOST_OPERANDS];
    uint32_t first[MOST_OPERANDS + 1];
    uint8_t flags[MOST_OPERANDS], types[MOST_OPERANDS];
    double *kept; /* what every tile begins with, b x b */
    size_t bytes;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *room(size_t bytes)
{
    return aligned_alloc(64, (bytes + 127) / 64 * 64); /* padded: kernels
                                                        * read past an end */
}

/* A dominant diagonal, so that all factors exist; symmetric. */
static void fill(double *a, int64_t b)
{
    int64_t i, j;

    for (j = 0; j < b; j++)
        for (i = 0; i < b; i++)
            a[i + j * b] = (double)((i * j + i + j) * 37 % 101) / 101 - 0.5 +
                           (i == j ? (double)b : 0);
}

static void bench_fini(struct bench *x)
{
    for (uint32_t k = 0; k < MOST_OPERANDS; k++)
        free(x->tiles[k].data);
    free(x->call.scratch);
    free(x->kept);
}

/* T of QR is a row of triangles, row swaps are a column. */
static int bench_init(struct bench *x, const struct probe *probe, int64_t b)
{
    int qr = probe->kernel >= KERNEL_GEQRT && probe->kernel <= KERNEL_TSMQR;
    uint32_t k;

    memset(x, 0, sizeof *x);
    x->bytes = (size_t)(b * b) * sizeof(double);
    x->kept = room(x->bytes);
    for (k = 0; k < probe->operands; k++) {
        int last = k + 1 == probe->operands;
        x->types[k] = TM_F64;
        x->first[k + 1] = k + 1;
        x->tiles[k] = (struct kernel_tile){
            .data = room(x->bytes),
            .rows = qr && last && b > PLAN_QR_ROWS ? PLAN_QR_ROWS : b,
            .cols = probe->kernel == KERNEL_GETRF && last ? 1 : b,
            .rs = 1,
            .cs = b};
        if (!x->tiles[k].data)
            return -1;
    }
    x->call = (struct kernel_call){.kernel = probe->kernel,
                                   .flags = probe->flags,
                                   .type = TM_F64,
                                   .types = x->types,
                                   .operands = probe->operands,
                                   .first = x->first,
                                   .operand_flags = x->flags,
                                   .tiles = x->tiles,
                                   .args = probe->alpha != 0,
                                   .arg = &probe->alpha};
    x->call.scratch = room(kernel_scratch_bytes(&x->call));
    if (!x->kept || !x->call.scratch)
        return -1;
    fill(x->kept, b);
    return 0;
}

static double once(struct bench *x)
{
    struct kernel_failure failure;
    double start;

    for (uint32_t k = 0; k < x->call.operands; k++)
        memcpy(x->tiles[k].data, x->kept, x->bytes);
    start = now();
    kernel_run(&x->call, &failure);
    return now() - start;
}

/* The best of some rounds, in flops a ns; 0: out of memory. */
static double rate_of(const struct probe *probe, int64_t b)
{
    struct bench x;
    double best = INFINITY, flops = 0;

    if (!bench_init(&x, probe, b)) {
        flops = kernel_flops(&x.call);
        for (int round = 0; round < ROUNDS; round++) {
            double sum = 0;
            int calls = 0;
            for (; sum < least_seconds; calls++)
                sum += once(&x);
            best = fmin(best, sum / calls);
        }
    }
    bench_fini(&x);
    return flops / best * 1e-9;
}

/* 1 / speed = 1 / rate + (half / rate) / edge */
static struct edge_rate fit(double small, double large)
{
    double slope = (1 / small - 1 / large) / (1.0 / SMALL - 1.0 / LARGE);
    double least = 1 / large - slope / LARGE;

    if (slope < 0 || least <= 0) /* as fast, or faster, when it is small */
        return (struct edge_rate){large, 0};
    return (struct edge_rate){1 / least, slope / least};
}

static double copy_rate(void)
{
    char *from = room(COPY_BYTES), *to = room(COPY_BYTES);
    double best = INFINITY;

    if (from && to) {
        memset(from, 1, COPY_BYTES);
        for (int round = 0; round < ROUNDS; round++) {
            double start = now();
            memcpy(to, from, COPY_BYTES);
            best = fmin(best, now() - start);
            from[round] = to[round + 1]; /* it is not left out */
        }
    }
    free(from);
    free(to);
    return 2e-9 * COPY_BYTES / best;
}

int calibrate(enum cpu_kind kind, struct edge_rates *rates)
{
    *rates = *edge_rates_of(kind);
    for (int k = 0; k < PROBES; k++) {
        double small = rate_of(&probes[k], SMALL);
        double large = rate_of(&probes[k], LARGE);
        if (!(small > 0 && large > 0))
            return -1;
        rates->kernel[probes[k].kernel] = fit(small, large);
    }
    rates->memory = copy_rate();
    return rates->memory > 0 ? 0 : -1;
}

void calibrate_print(FILE *out, enum cpu_kind kind,
                     const struct edge_rates *rates)
{
    static const char *const kinds[CPU_KINDS] = {"AVX512", "AVX2", "PORTABLE"};
    uint32_t k;

    for (k = 0; k < KERNEL_COUNT; k++) {
        const char *c = kernel_table[k].name;
        if (!(rates->kernel[k].rate > 0))
            continue;
        fprintf(out, "RATE(%s, ", kinds[kind]);
        for (; *c; c++)
            fputc(toupper((unsigned char)*c), out);
        fprintf(out, ", %.3g, %.3g)\n", rates->kernel[k].rate,
                rates->kernel[k].half);
    }
    fprintf(out, "MEMORY(%s, %.3g)\n", kinds[kind], rates->memory);
}
