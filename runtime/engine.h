/* The engine: a run in this process.  Coordinator and one worker, the
 * sockets between them, and the threads that do the jobs. */
#ifndef RUNTIME_ENGINE_H
#define RUNTIME_ENGINE_H

#include "runtime/job.h"

#include <stdatomic.h>

struct profile;

struct engine_setup {
    const struct binding *binding; /* finished */
    struct job_io *io;             /* inputs open, outputs known */
    int threads;                   /* that compute, the caller among them */
    const atomic_int *cancel;      /* not 0: stop soon; set by anyone */
    void (*print)(void *user, const char *line); /* or NULL */
    void *print_user;
    void (*progress)(void *user, const struct tm_progress *progress);
    void *progress_user; /* progress may be NULL */
    struct profile *profile; /* of as many threads, or NULL */
    size_t memory;           /* bytes of tiles, at most; 0: no limit */
    const char *spill; /* folder for what does not fit, or NULL; borrowed */
};

struct engine_result {
    uint64_t tasks;
    double flops;
    size_t peak_bytes; /* of tiles in the store */
    uint64_t spilled, read_back; /* bytes */
};

/* Run the plan; returns when it is over and all threads are gone.  Status
 * and text are in error; result may be NULL. */
enum tm_status engine_run(const struct engine_setup *setup,
                          struct engine_result *result, struct tm_error *error);

/* Cores that this process may use: its affinity and its cgroup's quota. */
int engine_cores(void);

#endif
