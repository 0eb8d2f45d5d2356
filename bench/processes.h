/* Runs on worker processes of one thread each, for measurements. */
#ifndef BENCH_PROCESSES_H
#define BENCH_PROCESSES_H

#include "bench/bench.h"
#include "tilematrix/tilematrix.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MOST = 64 };

extern char **environ;

static inline void bench_join(const char *tmrun, const char *address,
                              pid_t *worker)
{
    char option[100], threads[] = "--threads=1", name[] = "tmrun";
    char *words[] = {name, option, threads, NULL};

    snprintf(option, sizeof option, "--join=%s", address);
    if (posix_spawn(worker, tmrun, NULL, NULL, words, environ))
        bench_fail(address, "cannot start a worker");
}

static inline void bench_keep(void *user, const struct tm_progress *progress)
{
    *(struct tm_progress *)user = *progress;
}

/* Seconds of a run on so many workers, with their start: over ipc, or over tcp
 * on this host.  tmrun: the program; *tasks: how many there were. */
static inline double bench_processes(const struct tm_plan *plan,
                                     const char *tmrun, int count, int tcp,
                                     uint64_t *tasks)
{
    struct tm_progress last = {0};
    struct tm_run *run = NULL;
    char address[64];
    pid_t workers[WORKERS_MOST];
    static int ports;
    double start;
    int k;

    snprintf(address, sizeof address, "tcp://127.0.0.1:%d",
             20000 + (int)(getpid() * 31 + ports++) % 12000);
    if (tm_run_new(plan, &run) || tm_run_threads(run, 1) ||
        tm_run_workers(run, count, tcp ? NULL : tmrun) ||
        (tcp && tm_run_listen(run, address, 0)))
        bench_fail("processes", run ? tm_run_error(run) : "out of memory");
    tm_run_on_progress(run, bench_keep, &last);
    for (k = 0; k < count && tcp; k++)
        bench_join(tmrun, address, &workers[k]);
    start = seconds_now();
    if (tm_run_execute(run))
        bench_fail("processes", tm_run_error(run));
    start = seconds_now() - start;
    for (k = 0; k < count && tcp; k++)
        waitpid(workers[k], NULL, 0);
    tm_run_free(run);
    *tasks = last.tasks;
    return start;
}

#endif
