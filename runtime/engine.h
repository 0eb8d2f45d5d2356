/* The engine: a run in this process.  Coordinator and one worker, or a worker
 * alone, and the threads that do the jobs. */
#ifndef RUNTIME_ENGINE_H
#define RUNTIME_ENGINE_H

#include "runtime/job.h"

#include <stdatomic.h>

struct checkpoint_setup;
struct profile;
struct store;
struct wire_outbox;

struct engine_message { /* for the worker */
    uint16_t from;      /* a worker, or WIRE_COORDINATOR */
    const void *bytes;
    size_t size;
};

/* What stands round the worker when the coordinator is another process.  One
 * thread at a time calls it, but for wait(). */
struct engine_shell {
    void *user;
    uint16_t self; /* number of this worker */
    /* Take all messages of the worker, and leave the outbox empty.  1:
     * something went, or has come meanwhile. */
    int (*send)(void *user, struct wire_outbox *outbox);
    /* The next message for the worker, until received() is called: 1; 0:
     * there is none. */
    int (*receive)(void *user, struct engine_message *message);
    void (*received)(void *user);
    /* Is this job done elsewhere?  Any thread. */
    int (*is_away)(void *user, const struct job *job);
    /* Such a job; and one whose outcome has come, or NULL. */
    void (*give_away)(void *user, struct job *job);
    struct job *(*returned)(void *user);
    /* At the end: one that has not come, and never will, or NULL. */
    struct job *(*dropped)(void *user);
    /* Sleep until something may have come, or so many seconds. */
    void (*wait)(void *user, double seconds);
    /* The run is over; error says why, if it is one.  released: nobody needs
     * this worker any more. */
    int (*over)(void *user, int released, struct tm_error *error);
};

struct engine_setup {
    const struct binding *binding; /* finished */
    struct job_io *io;             /* inputs open, outputs known */
    int threads;                   /* that compute, the caller among them */
    const atomic_int *cancel; /* not 0: stop soon; set by anyone.  With a
                               * shell it is the shell that stops */
    void (*print)(void *user, const char *line); /* or NULL */
    void *print_user;
    void (*note)(void *user, const char *text); /* or NULL: of workers */
    void *note_user;
    void (*progress)(void *user, const struct tm_progress *progress);
    void *progress_user; /* progress may be NULL */
    struct profile *profile; /* of as many threads, or NULL */
    size_t memory;           /* bytes of tiles, at most; 0: no limit */
    const char *spill; /* folder for what does not fit, or NULL; borrowed */
    const struct checkpoint_setup *checkpoint; /* NULL: without; no shell */
    const struct engine_shell *shell; /* NULL: the coordinator is in here */
    struct store *store; /* new or reset, and afterwards to be reset; or NULL */
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

#endif
