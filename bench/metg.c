/* The smallest task that is worth one: METG(50 %), the measure of Task Bench.
 *
 * A stencil of WIDTH tiles goes on for many steps; each task reads three
 * tiles of the step before.  Granularity is time times threads over tasks,
 * efficiency the rate of entries over the best rate of any tile size.  The
 * granularity at which efficiency falls through 50 % is between two rows of
 * the table, by straight lines over its logarithm.
 *
 *     metg [THREADS]           (2) */
#include "bench/bench.h"
#include "tilematrix/tilematrix.h"

#include <inttypes.h>
#include <math.h>

enum { ROUNDS = 5, WIDTH = 8, MOST = 12 };
static const double seconds_a_run = 0.1;

static const char stencil[] =
    "param s = 10\n"
    "param b = 1\n"
    "matrix A(10 * b, 1) tile b, 1\n"
    "matrix B(10 * b, 1) tile b, 1\n"
    "for t in 0..s\n"
    "  for i in 1..9\n"
    "    B[i,0] = exp(-exp(A[i-1,0] + A[i,0] + A[i+1,0]))\n"
    "  end\n"
    "  for i in 1..9\n"
    "    A[i,0] = exp(-exp(B[i-1,0] + B[i,0] + B[i+1,0]))\n"
    "  end\n"
    "end\n";

static struct tm_plan *compile(int64_t edge, int64_t steps)
{
    struct tm_options *options = NULL;
    struct tm_plan *plan = NULL;
    struct tm_message *message = NULL;
    char b[24], s[24];

    snprintf(b, sizeof b, "%" PRId64, edge);
    snprintf(s, sizeof s, "%" PRId64, steps);
    if (tm_options_new(&options) || tm_options_define(options, "b", b) ||
        tm_options_define(options, "s", s) ||
        tm_compile_text("metg.tm", stencil, 0, options, &plan, &message))
        bench_fail("metg", message ? tm_message_text(message)
                                   : "out of memory");
    tm_options_free(options);
    return plan;
}

/* Seconds of the whole run. */
static double run(int64_t edge, int64_t steps, int threads)
{
    struct tm_plan *plan = compile(edge, steps);
    struct tm_run *run = NULL;
    double start;

    if (tm_run_new(plan, &run) || tm_run_threads(run, threads))
        bench_fail("metg", "out of memory");
    start = seconds_now();
    if (tm_run_execute(run))
        bench_fail("metg", tm_run_error(run));
    start = seconds_now() - start;
    tm_run_free(run);
    tm_plan_free(plan);
    return start;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 && atoi(argv[1]) > 0 ? atoi(argv[1]) : 2, k, n;
    double grain[MOST], rate[MOST], best = 0, metg = 0;

    for (k = 0; k < MOST; k++) {
        int64_t edge = (int64_t)4 << k, steps = 200, tasks;
        double seconds[ROUNDS], once = run(edge, steps, threads);
        steps = (int64_t)((double)steps * seconds_a_run / once) + 1;
        for (n = 0; n < ROUNDS; n++)
            seconds[n] = run(edge, steps, threads);
        once = median(seconds, ROUNDS);
        tasks = 2 * steps * WIDTH;
        grain[k] = once * threads / (double)tasks;
        rate[k] = (double)edge * (double)tasks / once;
        best = rate[k] > best ? rate[k] : best;
    }
    printf("%7s %12s %10s\n", "entries", "us a task", "efficiency");
    for (k = 0; k < MOST; k++) {
        double y = rate[k] / best, before = k ? rate[k - 1] / best : 1;
        printf("%7d %12.2f %8.0f %%\n", 4 << k, grain[k] * 1e6, 100 * y);
        if (k && !metg && before < 0.5 && y >= 0.5)
            metg = exp(log(grain[k - 1]) + log(grain[k] / grain[k - 1]) *
                                               (0.5 - before) / (y - before));
    }
    printf("METG(50 %%) with %d threads: %.2f us\n", threads, metg * 1e6);
    return 0;
}
