/* Does time grow with n^3?  C = A * B and L = chol(A) on all cores,
 * from the host's memory into the library's, for sizes from 1000 on.
 *
 *     scaling [JOB [ROUNDS [N]...]]     gemm, chol, gemm_f32 or chol_f32;
 *                                       3; 1000 to 12000
 *     scaling - < LINES                 the table of what others printed
 *
 * A machine may be calm for a minute, which the large sizes don't fit in:
 *
 *     for n in 4000 8000 16000; do scaling gemm 1 $n; done | tee -a lines
 *     sort -k 1,1 -k 2n lines | scaling -
 *
 * Sizes are measured one after the other, and the time of a size is its median.
 * A run is executed once before: a virtual machine may have to ask its host for
 * memory that it touches for the first time, at half a gigabyte a second.  The
 * fitted time is c n^3 with the mean c of the sizes from 4000 on:
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
    int inputs;
    enum tm_type type;
    double flops; /* of n^3 */
} jobs[] = {
    {"gemm", "input A(n, n)\ninput B(n, n)\nC = A * B\noutput C\n", 2, TM_F64,
     2},
    {"chol", "input A(n, n)\nC = chol(A)\noutput C\n", 1, TM_F64, 1.0 / 3},
    {"gemm_f32",
     "input A(n, n) is f32\ninput B(n, n) is f32\nC = A * B\noutput C\n", 2,
     TM_F32, 2},
    {"chol_f32", "input A(n, n) is f32\nC = chol(A)\noutput C\n", 1, TM_F32,
     1.0 / 3},
};

enum { JOBS = sizeof jobs / sizeof *jobs };

struct sizes {
    int64_t n[MOST];
    double seconds[MOST][MOST_ROUNDS];
    int rounds[MOST]; /* that were measured */
    int count;
};

/* Symmetric, and definite: n on the diagonal, numbers below 1 elsewhere. */
static void *fill(enum tm_type type, int64_t n)
{
    size_t size = type == TM_F32 ? sizeof(float) : sizeof(double);
    size_t bytes = (size_t)n * (size_t)n * size;
    void *data = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    double *f64 = data;
    float *f32 = data;
    int64_t i, j;

    if (!data)
        bench_fail("scaling", "out of memory");
    for (j = 0; j < n; j++)
        for (i = 0; i < n; i++) {
            double x = i == j ? (double)n : (double)((i ^ j) & 7) / 8;
            if (type == TM_F32)
                f32[i + j * n] = (float)x;
            else
                f64[i + j * n] = x;
        }
    return data;
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

/* A run that was executed once: its memory is its own, and was touched. */
static struct tm_run *begin(const struct job *job, const struct tm_plan *plan,
                            void *a, int64_t n)
{
    struct tm_run *run = NULL;

    if (tm_run_new(plan, &run) ||
        tm_run_bind_memory(run, "A", a, job->type, n, n, 1, n) ||
        (job->inputs > 1 &&
         tm_run_bind_memory(run, "B", a, job->type, n, n, 1, n)) ||
        tm_run_keep(run, "C") || tm_run_execute(run))
        bench_fail("scaling", run ? tm_run_error(run) : "out of memory");
    return run;
}

static double execute(struct tm_run *run)
{
    double start = seconds_now();

    if (tm_run_execute(run))
        bench_fail("scaling", tm_run_error(run));
    return seconds_now() - start;
}

static void print(const struct job *job, struct sizes *x)
{
    double cubes[MOST], seconds[MOST], mean = 0;
    int fitted = 0, k;

    for (k = 0; k < x->count; k++) {
        double n = (double)x->n[k];
        seconds[k] = median(x->seconds[k], x->rounds[k]);
        cubes[k] = seconds[k] / (n * n * n);
        if (n >= FITTED) {
            mean += cubes[k];
            fitted++;
        }
    }
    mean /= fitted ? fitted : 1;
    for (k = 0; k < x->count; k++) {
        printf("%-8s %6" PRId64 " %10.4f s %8.1f GF/s", job->name, x->n[k],
               seconds[k], job->flops / cubes[k] * 1e-9);
        if (fitted)
            printf(" %+7.1f %%", 100 * (cubes[k] / mean - 1));
        printf("\n");
    }
}

/* One time more of that size. */
static void add(struct sizes *x, int64_t n, double seconds)
{
    int k;

    for (k = 0; k < x->count && x->n[k] != n; k++)
        ;
    if (k == MOST || x->rounds[k] == MOST_ROUNDS)
        return;
    if (k == x->count)
        x->n[x->count++] = n;
    x->seconds[k][x->rounds[k]++] = seconds;
}

static void measure(const struct job *job, int rounds, const int64_t *sizes,
                    int count)
{
    struct tm_plan *plan = compile(job);
    struct sizes x = {.count = 0};
    int k, r;

    for (k = 0; k < count; k++) {
        void *a = fill(job->type, sizes[k]);
        struct tm_run *run = begin(job, plan, a, sizes[k]);
        for (r = 0; r < rounds; r++)
            add(&x, sizes[k], execute(run));
        tm_run_free(run);
        free(a);
    }
    print(job, &x);
    tm_plan_free(plan);
}

/* What print() wrote, in any order. */
static void read_lines(void)
{
    static struct sizes read[JOBS];
    char line[200], name[20];
    double seconds;
    int64_t n;
    int k;

    while (fgets(line, sizeof line, stdin))
        for (k = 0; k < JOBS; k++)
            if (sscanf(line, "%19s %" SCNd64 " %lf", name, &n, &seconds) == 3 &&
                !strcmp(name, jobs[k].name))
                add(&read[k], n, seconds);
    for (k = 0; k < JOBS; k++)
        print(&jobs[k], &read[k]);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : ROUNDS, count = 0, k;
    int64_t sizes[MOST];

    if (rounds < 1 || rounds > MOST_ROUNDS)
        bench_fail("scaling", "1 to 20 rounds");
    for (k = 3; k < argc && count < MOST; k++)
        if (atoll(argv[k]) > 0)
            sizes[count++] = atoll(argv[k]);
    for (k = 0; argc <= 3 && k < (int)(sizeof usual / sizeof *usual); k++)
        sizes[count++] = usual[k];
    printf("%-8s %6s %12s %13s %9s\n", "job", "n", "time", "rate", "of n^3");
    if (argc > 1 && !strcmp(argv[1], "-"))
        read_lines();
    for (k = 0; k < JOBS; k++)
        if (argc < 2 || !strcmp(argv[1], jobs[k].name))
            measure(&jobs[k], rounds, sizes, count);
    return 0;
}
