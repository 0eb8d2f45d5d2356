/* The smallest task that is worth one: METG(50 %), the measure of Task Bench.
 *
 * A stencil of WIDTH tiles goes on for many steps; each task reads three
 * tiles of the step before.  Granularity is time times threads over tasks,
 * efficiency the rate of entries over the best rate of any tile size.  The
 * granularity at which efficiency falls through 50 % is between two rows of
 * the table, by straight lines over its logarithm.
 *
 *     metg [THREADS [inproc | ipc | tcp]]     (2, all)
 *
 * ipc and tcp, with TMRUN, the program, in the environment: on as many worker
 * processes of one thread each, without the time of their start. */
#include "bench/processes.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 8, MOST = 13 };

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

/* How a run is made, and at which sizes of tiles it is interesting. */
struct way {
    const char *name;
    int tcp; /* -1: no processes */
    int rounds;
    int64_t first; /* entries of the smallest tile; each is twice as large */
    int sizes;
    double seconds_a_run;
};

static const struct way ways[] = {{"inproc", -1, 5, 4, 12, 0.1},
                                  {"ipc", 0, 3, 32, 13, 0.2},
                                  {"tcp", 1, 3, 32, 13, 0.2}};

/* Seconds of the whole run. */
static double run(const struct way *way, int64_t edge, int64_t steps,
                  int threads)
{
    struct tm_plan *plan = compile(edge, steps);
    struct tm_run *run = NULL;
    uint64_t tasks;
    double start;

    if (way->tcp >= 0) {
        start = bench_processes(plan, getenv("TMRUN"), threads, way->tcp,
                                &tasks);
        tm_plan_free(plan);
        return start;
    }
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

/* Of so many steps, and of what many steps more take. */
static double seconds_of(const struct way *way, int64_t edge, int64_t steps,
                         int threads)
{
    int tries;

    for (tries = 0; tries < 20; tries++) { /* a start may take long */
        double few = way->tcp < 0 ? 0 : run(way, edge, 1, threads);
        double all = run(way, edge, steps + (way->tcp >= 0), threads);
        if (all > few)
            return all - few;
    }
    bench_fail("metg", "starts take longer than the tasks");
    return 0;
}

/* best: the rate of entries so far, in any way. */
static void measure(const struct way *way, int threads, double *best)
{
    double grain[MOST], rate[MOST], seconds[8], metg = 0;
    int k, n;

    for (k = 0; k < way->sizes; k++) {
        int64_t edge = way->first << k, steps = 50, tasks;
        double once = seconds_of(way, edge, steps, threads);
        for (; once < way->seconds_a_run / 4; steps *= 4)
            once = seconds_of(way, edge, 4 * steps, threads);
        steps = (int64_t)((double)steps * way->seconds_a_run / once) + 1;
        for (n = 0; n < way->rounds; n++)
            seconds[n] = seconds_of(way, edge, steps, threads);
        once = median(seconds, way->rounds);
        tasks = 2 * steps * WIDTH;
        grain[k] = once * threads / (double)tasks;
        rate[k] = (double)edge * (double)tasks / once;
        *best = rate[k] > *best ? rate[k] : *best;
    }
    printf("%-7s %7s %12s %10s\n", "", "entries", "us a task", "efficiency");
    for (k = 0; k < way->sizes; k++) {
        double y = rate[k] / *best, before = k ? rate[k - 1] / *best : 1;
        printf("%-7s %7" PRId64 " %12.2f %8.0f %%\n", way->name,
               way->first << k, grain[k] * 1e6, 100 * y);
        if (k && metg <= 0 && before < 0.5 && y >= 0.5)
            metg = exp(log(grain[k - 1]) + log(grain[k] / grain[k - 1]) *
                                               (0.5 - before) / (y - before));
    }
    printf("METG(50 %%) %s with %d %s: ", way->name, threads,
           way->tcp < 0 ? "threads" : "processes");
    if (metg > 0)
        printf("%.2f us\n", metg * 1e6);
    else
        puts("not between the first row and the last");
}

int main(int argc, char **argv)
{
    int threads = argc > 1 && atoi(argv[1]) > 0 ? atoi(argv[1]) : 2;
    const char *only = argc > 2 ? argv[2] : "";
    double best = 0;
    size_t k;

    if (threads > WORKERS_MOST)
        threads = WORKERS_MOST;
    for (k = 0; k < sizeof ways / sizeof *ways; k++)
        if ((!*only || !strcmp(only, ways[k].name)) &&
            (ways[k].tcp < 0 || getenv("TMRUN")))
            measure(&ways[k], threads, &best);
    return 0;
}
