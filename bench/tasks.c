/* What a task costs besides its work: plans of tasks that do nothing, run as
 * any plan is.
 *
 *   independent  a NOP on a tile of its own each
 *   chain        NOPs one after the other on one tile
 *   cholesky     the dependences of a Cholesky factorisation; each task adds
 *                up its one to three tiles of 1 x 1
 *
 *     tasks [TASKS [PLAN]]     about so many (200000), one plan alone
 *
 * Microseconds a task, from the start of the run to its end. */
#include "bench/bench.h"
#include "tests/unit/plan_build.h"
#include "tilematrix/tilematrix.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 5 };

static const char cholesky[] = "param t = 100\n"
                               "matrix L(t, t) tile 1\n"
                               "for k in 0..t\n"
                               "  L[k,k] *= 2\n"
                               "  for i in k+1..t\n"
                               "    L[i,k] += L[k,k]\n"
                               "  end\n"
                               "  for i in k+1..t\n"
                               "    for j in k+1..i+1\n"
                               "      L[i,j] = L[i,j] + L[i,k] + L[j,k]\n"
                               "    end\n"
                               "  end\n"
                               "end\n";

static struct tm_plan *load(struct plan *plan)
{
    struct tm_plan *loaded = NULL;
    struct tm_message *message = NULL;
    size_t size;
    const void *bytes = plan_write(plan, &size);

    if (!bytes || tm_plan_load(bytes, size, &loaded, &message))
        bench_fail("tasks", message ? tm_message_text(message)
                                    : "out of memory");
    plan_free(plan);
    return loaded;
}

static struct tm_plan *nops(int64_t tasks, int chain)
{
    struct plan *p = plan_new();
    uint32_t n, one, zero, matrix;
    struct build_loop loop;

    if (!p)
        bench_fail("tasks", "out of memory");
    n = build_int(p, tasks);
    one = build_int(p, 1);
    zero = build_int(p, 0);
    matrix = build_temp(p, "C", chain ? one : n, one, one);
    loop = build_loop(p, zero, n);
    build_task(p, KERNEL_NOP, 0);
    build_operand(p, matrix, MODE_BOTH, chain ? zero : loop.index, zero);
    build_end(p, loop);
    build_release(p, matrix);
    return load(p);
}

static struct tm_plan *factor(int64_t tasks)
{
    struct tm_options *options = NULL;
    struct tm_plan *plan = NULL;
    struct tm_message *message = NULL;
    char t[20];

    snprintf(t, sizeof t, "%.0f", floor(cbrt(6.0 * (double)tasks)));
    if (tm_options_new(&options) || tm_options_define(options, "t", t) ||
        tm_compile_text("tasks.tm", cholesky, 0, options, &plan, &message))
        bench_fail("tasks", message ? tm_message_text(message)
                                    : "out of memory");
    tm_options_free(options);
    return plan;
}

static void keep(void *user, const struct tm_progress *progress)
{
    *(struct tm_progress *)user = *progress;
}

/* Seconds a task. */
static double run(const struct tm_plan *plan, int threads, uint64_t *tasks)
{
    struct tm_progress last = {0};
    struct tm_run *run = NULL;
    double start;

    if (tm_run_new(plan, &run) || tm_run_threads(run, threads))
        bench_fail("tasks", "out of memory");
    tm_run_on_progress(run, keep, &last);
    start = seconds_now();
    if (tm_run_execute(run))
        bench_fail("tasks", tm_run_error(run));
    start = seconds_now() - start;
    tm_run_free(run);
    *tasks = last.tasks;
    return start / (double)last.tasks;
}

static void measure(const char *name, struct tm_plan *plan)
{
    double seconds[2][ROUNDS];
    uint64_t tasks = 0;
    int k, threads;

    for (k = 0; k < ROUNDS; k++)
        for (threads = 1; threads <= 2; threads++)
            seconds[threads - 1][k] = run(plan, threads, &tasks);
    printf("%-12s %9" PRIu64 " %10.2f us %10.2f us\n", name, tasks,
           median(seconds[0], ROUNDS) * 1e6,
           median(seconds[1], ROUNDS) * 1e6);
    tm_plan_free(plan);
}

int main(int argc, char **argv)
{
    int64_t tasks = argc > 1 && atoll(argv[1]) > 0 ? atoll(argv[1]) : 200000;

    const char *only = argc > 2 ? argv[2] : "";

    printf("%-12s %9s %13s %13s\n", "plan", "tasks", "1 thread", "2 threads");
    if (!*only || !strcmp(only, "independent"))
        measure("independent", nops(tasks, 0));
    if (!*only || !strcmp(only, "chain"))
        measure("chain", nops(tasks, 1));
    if (!*only || !strcmp(only, "cholesky"))
        measure("cholesky", factor(tasks));
    return 0;
}
