/* One piece of work for a thread: a task on tiles, or a tile to be loaded.
 *
 * The worker fills in which tiles (worker_take), job_run() does the work
 * with no lock held, worker_finish() takes the outcome. */
#ifndef RUNTIME_JOB_H
#define RUNTIME_JOB_H

#include "plan/bind.h"
#include "plan/walk.h"
#include "runtime/file.h"
#include "runtime/kernel.h"

#include <pthread.h>

struct spill;

/* Where an input's tiles come from: a file, or the host's memory. */
struct job_input {
    struct file *file; /* or NULL; borrowed */
    const char *data;  /* entry (i, j) is element i * rs + j * cs */
    int64_t rs, cs;
    uint8_t type;   /* enum tm_type of data */
    uint8_t direct; /* 1: tiles are used where they lie */
};

/* Where an output's tiles go. */
struct job_output {
    char *data; /* memory: element i * rs + j * cs; or NULL */
    int64_t rs, cs;
    const char *path;      /* a file: its writer, made by the first who */
    struct writer *writer; /* needs it */
    pthread_mutex_t opening;
};

struct job_io {
    const struct binding *binding; /* borrowed */
    struct job_input *inputs;      /* as in the plan */
    struct job_output *outputs;
    uint64_t seed; /* of sources without one */
};

/* Results larger than that are written past the caches. */
enum { JOB_CACHES = 32 << 20 };

enum job_flag {
    JOB_HOST = 1, /* from lies in the host's memory, with its strides */
    JOB_COPY = 2, /* the task updates: to begins as a copy of from */
    JOB_FRESH = 4, /* to is undefined, and stands for zeros */
    JOB_PAST = 8   /* to is part of more than caches hold, and not read */
};

/* A tile that is read (from), written (to), or updated: then to is the
 * kernel's, and from may be the same. */
struct job_operand {
    const void *from;
    void *to;
    int64_t from_ld, to_ld; /* at home (homes.h) leading dimensions, else 0 */
    uint32_t in_tile, out_tile; /* numbers among the binding's tiles */
    uint8_t flags;
};

struct job {
    uint64_t number; /* of the task, or of the first that wants the load */
    uint32_t entry;  /* of the plan; a load: PLAN_NONE */
    uint32_t load;   /* handle of the version to load, 0: a task */
    uint32_t task;   /* the worker's own mark */
    uint32_t operands, values;
    struct job_operand *operand; /* room for `space`; a load has one */
    uint32_t space;
    const union plan_value *value; /* as in struct walk_task; borrowed */
    struct spill *spill; /* the load goes to its file, or comes from there; */
    int64_t spill_at;    /* or NULL */
    uint8_t spill_out;
    /* the outcome */
    struct tm_error error; /* status 0: all is well */
    char *text;            /* a printed line, owned; or NULL */
    double flops;
};

/* What a thread needs to run jobs: memory that grows to the largest. */
struct job_space {
    struct kernel_tile *tiles;
    uint32_t tile_space;
    double *args;
    uint32_t arg_space;
    void *scratch;
    size_t scratch_bytes;
    struct team *team; /* that may help with a kernel; borrowed, or NULL */
};

void job_init(struct job *job);
void job_fini(struct job *job);
/* Room for so many operands; 0, or no memory. */
int job_reserve(struct job *job, uint32_t operands);
void job_space_fini(struct job_space *space);

/* Do it.  job->error says how it went.  Any thread; jobs whose versions are
 * ready do not touch one another. */
void job_run(struct job *job, struct job_io *io, struct job_space *space);

/* Work of a task of the entry on whole tiles, in flops, for priorities; a
 * small constant stands for what every task costs. */
float job_cost(const struct binding *binding, uint32_t entry);

/* Bytes of a tile. */
size_t job_tile_bytes(const struct binding *binding,
                      const struct bind_tile *tile);

#endif
