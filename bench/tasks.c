/* What a task costs besides its work: plans of tasks that do nothing, run as
 * any plan is.
 *
 *   independent  a NOP on a tile of its own each
 *   chain        NOPs one after the other on one tile
 *   cholesky     the dependences of a Cholesky factorisation; each task adds
 *                up its one to three tiles of 1 x 1
 *
 *   first        the same as cholesky with ten million tasks: milliseconds
 *                until the line is there that the first of them prints
 *
 *     tasks [TASKS [PLAN]]     about so many (200000), one plan alone
 *
 * Microseconds a task, from the start of the run to its end.  With TMRUN, the
 * program, in the environment also on two worker processes of one thread each,
 * over ipc and over tcp: what each further task costs, without their start. */
#include "bench/processes.h"
#include "tests/unit/plan_build.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 5, WORKERS = 2, SMALL = 10, LARGE = 10000000 };

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
        bench_fail("tasks",
                   message ? tm_message_text(message) : "out of memory");
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

static struct tm_plan *independent(int64_t tasks)
{
    return nops(tasks, 0);
}

static struct tm_plan *chain(int64_t tasks)
{
    return nops(tasks, 1);
}

/* before: what the script does first. */
static struct tm_plan *factor_after(const char *before, int64_t tasks)
{
    struct tm_options *options = NULL;
    struct tm_plan *plan = NULL;
    struct tm_message *message = NULL;
    char t[20], script[1000];

    snprintf(t, sizeof t, "%.0f", floor(cbrt(6.0 * (double)tasks)));
    snprintf(script, sizeof script, "%s%s", before, cholesky);
    if (tm_options_new(&options) || tm_options_define(options, "t", t) ||
        tm_compile_text("tasks.tm", script, 0, options, &plan, &message))
        bench_fail("tasks",
                   message ? tm_message_text(message) : "out of memory");
    tm_options_free(options);
    return plan;
}

static struct tm_plan *factor(int64_t tasks)
{
    return factor_after("", tasks);
}

/* Seconds a task. */
static double run(const struct tm_plan *plan, int threads, uint64_t *tasks)
{
    struct tm_progress last = {0};
    struct tm_run *run = NULL;
    double start;

    if (tm_run_new(plan, &run) || tm_run_threads(run, threads))
        bench_fail("tasks", "out of memory");
    tm_run_on_progress(run, bench_keep, &last);
    start = seconds_now();
    if (tm_run_execute(run))
        bench_fail("tasks", tm_run_error(run));
    start = seconds_now() - start;
    tm_run_free(run);
    *tasks = last.tasks;
    return start / (double)last.tasks;
}

/* ---- worker processes --------------------------------------------------- */

/* Seconds of each task more. */
static double slope(const struct tm_plan *plan, const struct tm_plan *small,
                    const char *tmrun, int tcp)
{
    double seconds[ROUNDS];
    uint64_t many, few;
    int k;

    for (k = 0; k < ROUNDS; k++) {
        double all = bench_processes(plan, tmrun, WORKERS, tcp, &many);
        double start = bench_processes(small, tmrun, WORKERS, tcp, &few);
        seconds[k] = (all - start) / (double)(many - few);
    }
    return median(seconds, ROUNDS);
}

/* ---- the first task ----------------------------------------------------- */

struct first {
    struct tm_run *run;
    double seconds; /* when its line came */
};

static void first_line(void *user, const char *line)
{
    struct first *first = user;

    (void)line;
    first->seconds = seconds_now();
    tm_run_cancel(first->run);
}

static void measure_first(void)
{
    struct tm_plan *plan = factor_after("print(0)\n", LARGE);
    double seconds[2][ROUNDS], start;
    int k, threads;

    for (k = 0; k < ROUNDS; k++)
        for (threads = 1; threads <= 2; threads++) {
            struct first first = {0};
            if (tm_run_new(plan, &first.run) ||
                tm_run_threads(first.run, threads))
                bench_fail("tasks", "out of memory");
            tm_run_on_print(first.run, first_line, &first);
            start = seconds_now();
            tm_run_execute(first.run); /* ends as cancelled */
            if (!(first.seconds > 0))
                bench_fail("tasks", tm_run_error(first.run));
            seconds[threads - 1][k] = first.seconds - start;
            tm_run_free(first.run);
        }
    printf("%-12s %9d %10.2f ms %10.2f ms\n", "first", LARGE,
           median(seconds[0], ROUNDS) * 1e3, median(seconds[1], ROUNDS) * 1e3);
    tm_plan_free(plan);
}

/* ---- the table ---------------------------------------------------------- */

static void measure(const char *name, struct tm_plan *(*make)(int64_t tasks),
                    int64_t wanted)
{
    const char *tmrun = getenv("TMRUN");
    struct tm_plan *plan = make(wanted), *small = make(wanted / SMALL);
    double seconds[2][ROUNDS];
    uint64_t tasks = 0;
    int k, threads;

    for (k = 0; k < ROUNDS; k++)
        for (threads = 1; threads <= 2; threads++)
            seconds[threads - 1][k] = run(plan, threads, &tasks);
    printf("%-12s %9" PRIu64 " %10.2f us %10.2f us", name, tasks,
           median(seconds[0], ROUNDS) * 1e6, median(seconds[1], ROUNDS) * 1e6);
    for (k = 0; k < 2 && tmrun; k++)
        printf(" %10.2f us", slope(plan, small, tmrun, k) * 1e6);
    printf("\n");
    tm_plan_free(plan);
    tm_plan_free(small);
}

int main(int argc, char **argv)
{
    int64_t tasks = argc > 1 && atoll(argv[1]) > 0 ? atoll(argv[1]) : 200000;

    const char *only = argc > 2 ? argv[2] : "";

    printf("%-12s %9s %13s %13s", "plan", "tasks", "1 thread", "2 threads");
    if (getenv("TMRUN"))
        printf(" %13s %13s", "2 over ipc", "2 over tcp");
    printf("\n");
    if (!*only || !strcmp(only, "independent"))
        measure("independent", independent, tasks);
    if (!*only || !strcmp(only, "chain"))
        measure("chain", chain, tasks);
    if (!*only || !strcmp(only, "cholesky"))
        measure("cholesky", factor, tasks);
    if (!*only || !strcmp(only, "first"))
        measure_first();
    return 0;
}
