/* Does time grow with n^3?  C = A * B and L = chol(A) of f64 on all cores,
 * from the host's memory into the library's, for sizes from 1000 on.
 *
 *     scaling [JOB [ROUNDS [N]...]]     gemm or chol, 3, 1000 to 12000
 *
 * Rounds go over all sizes, one after the other; the time of a size is its
 * median.  The fitted time is c n^3 with the mean c of the sizes from 4000 on:
 * the last column says how far above or below it each lies. */
#include "bench/bench.h"
#include "tilematrix/tilematrix.h"

#include <inttypes.h>
#include <string.h>

enum { ROUNDS = 3, MOST_ROUNDS = 20, MOST = 20, FITTED = 4000 };

static const int64_t usual[] = {1000, 1500, 2000, 3000,
                                4000, 6000, 8000, 12000};

static const struct job {
    const char *name, *script;
    double flops; /* of n^3 */
} jobs[] = {
    {"gemm", "input A(n, n)\ninput B(n, n)\nC = A * B\noutput C\n", 2},
    {"chol", "input A(n, n)\nL = chol(A)\noutput L\n", 1.0 / 3},
};

struct sizes {
    int64_t n[MOST];
    double seconds[MOST][MOST_ROUNDS];
    int count, rounds;
};

/* Symmetric, and definite: n on the diagonal, numbers below 1 elsewhere. */
static double *fill(int64_t n)
{
    size_t bytes = (size_t)n * (size_t)n * sizeof(double);
    double *a = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    int64_t i, j;

    if (!a)
        bench_fail("scaling", "out of memory");
    for (j = 0; j < n; j++)
        for (i = 0; i < n; i++)
            a[i + j * n] = i == j ? (double)n : (double)((i ^ j) & 7) / 8;
    return a;
}

static struct tm_plan *compile(const struct job *job)
{
    struct tm_plan *plan = NULL;
    struct tm_message *message = NULL;

    if (tm_compile_text("scaling.tm", job->script, 0, NULL, &plan, &message))
        bench_fail("scaling",
                   message ? tm_message_text(message) : "out of memory");
    return plan;
}

static double execute(const struct job *job, const struct tm_plan *plan,
                      double *a, int64_t n)
{
    int product = !strcmp(job->name, "gemm");
    struct tm_run *run = NULL;
    double start;

    if (tm_run_new(plan, &run) ||
        tm_run_bind_memory(run, "A", a, TM_F64, n, n, 1, n) ||
        (product && tm_run_bind_memory(run, "B", a, TM_F64, n, n, 1, n)) ||
        tm_run_keep(run, product ? "C" : "L"))
        bench_fail("scaling", run ? tm_run_error(run) : "out of memory");
    start = seconds_now();
    if (tm_run_execute(run))
        bench_fail("scaling", tm_run_error(run));
    start = seconds_now() - start;
    tm_run_free(run);
    return start;
}

static void print(const struct job *job, struct sizes *x)
{
    double cubes[MOST], mean = 0;
    int fitted = 0, k;

    for (k = 0; k < x->count; k++) {
        double n = (double)x->n[k];
        cubes[k] = median(x->seconds[k], x->rounds) / (n * n * n);
        if (n >= FITTED) {
            mean += cubes[k];
            fitted++;
        }
    }
    mean /= fitted ? fitted : 1;
    for (k = 0; k < x->count; k++) {
        printf("%-5s %6" PRId64 " %10.4f s %8.1f GF/s", job->name, x->n[k],
               x->seconds[k][x->rounds / 2], job->flops / cubes[k] * 1e-9);
        if (fitted)
            printf(" %+7.1f %%", 100 * (cubes[k] / mean - 1));
        printf("\n");
    }
}

static void measure(const struct job *job, struct sizes *x)
{
    struct tm_plan *plan = compile(job);
    int k, r;

    for (r = 0; r < x->rounds; r++)
        for (k = 0; k < x->count; k++) {
            double *a = fill(x->n[k]);
            x->seconds[k][r] = execute(job, plan, a, x->n[k]);
            free(a);
        }
    print(job, x);
    tm_plan_free(plan);
}

int main(int argc, char **argv)
{
    struct sizes x = {.rounds = argc > 2 ? atoi(argv[2]) : ROUNDS};
    int k;

    if (x.rounds < 1 || x.rounds > MOST_ROUNDS)
        bench_fail("scaling", "1 to 20 rounds");
    for (k = 3; k < argc && x.count < MOST; k++)
        if (atoll(argv[k]) > 0)
            x.n[x.count++] = atoll(argv[k]);
    for (k = 0; argc <= 3 && k < (int)(sizeof usual / sizeof *usual); k++)
        x.n[x.count++] = usual[k];
    printf("%-5s %6s %12s %13s %9s\n", "job", "n", "time", "rate", "of n^3");
    for (k = 0; k < (int)(sizeof jobs / sizeof *jobs); k++)
        if (argc < 2 || !strcmp(argv[1], jobs[k].name))
            measure(&jobs[k], &x);
    return 0;
}
