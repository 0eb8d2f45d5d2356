/* What the worker's files share: worker.c runs tasks, memory.c keeps them
 * within a budget, retired.c keeps what a loss could ask for. */
#ifndef RUNTIME_WORKER_PRIVATE_H
#define RUNTIME_WORKER_PRIVATE_H

#include "runtime/homes.h"
#include "runtime/memory.h"
#include "runtime/tasks.h"
#include "runtime/worker.h"

enum state {
    ABSENT,   /* the handle is free */
    PENDING,  /* a task here will make it */
    LOADING,  /* a load is queued or runs */
    FETCHING, /* comes from another worker */
    READY /* a POOL version without data is away: see memory.h */
};

enum kind { POOL, HOST, ZERO, HOME }; /* where a ready version's data lie */

struct get { /* another worker waits for a version */
    struct get *next;
    uint64_t writer;
    uint32_t epoch;
    uint16_t peer;
};

struct version {
    uint64_t writer;
    void *data;
    struct get *gets;
    uint64_t arrived; /* FETCHING: bytes so far */
    uint32_t tile;
    uint32_t handle;
    uint32_t readers; /* operands of unfinished tasks here */
    uint32_t waiter;  /* link of the first that waits, 0: none; at HOME: for
                       * its place */
    uint8_t state, kind;
    uint8_t closed; /* no later task reads it */
    uint8_t wanted; /* enum wanted: the coordinator waits for it */
    uint8_t used;   /* a task has read it to make another one */
};

enum wanted { WANT_VALUE = 1, WANT_KEPT = 2 };

struct held {   /* a version of an epoch that is over */
    void *data; /* NULL: it is spilled, or: */
    int64_t slot; /* where; -1, without data: dropped, or it has a handle */
    uint64_t writer;
    uint32_t tile;
    uint8_t used;
};

enum { HANDLES_LEAST = 1 << 22, HANDLES_MOST = 1 << 30 };

struct worker {
    uint16_t self, workers;
    const struct binding *binding;
    const struct job_input *inputs;
    struct store *store;
    /* Handles are the coordinator's, of all versions of the run; of these a
     * worker knows few: place[handle] is where its version lies, 0 for none */
    uint32_t *place, handle_space;
    uint32_t handles_most; /* no run has so many versions at once */
    struct version *versions; /* the first stands for all that aren't here */
    uint32_t version_space, version_last, version_count;
    uint32_t *spare, spare_count; /* places given back */
    struct tasks tasks;
    uint64_t newest; /* highest task number seen */
    uint64_t limit;  /* start nothing from here on */
    struct wire_writer report;
    uint32_t unreported; /* tasks whose end it tells */
    int urgent;         /* the coordinator waits for what is in report */
    uint32_t taken;     /* jobs that were taken and are not finished */
    struct ready alone; /* a task that must run alone; number 0: none */
    enum { NOT_SAID, SAID, MAY_BEGIN, BEGUN } alone_state;
    uint32_t epoch;
    int resetting;    /* as soon as nothing runs */
    uint64_t arrived; /* bytes of tiles of other workers */
    int released;  /* nothing that is here is needed by anyone */
    struct held *held;
    uint32_t held_count, held_space;
    void *held_tile; /* of worker_held(), one that is spilled; owned */
    struct held *retired; /* oldest first; all have data */
    uint32_t retired_count, retired_space;
    size_t retired_bytes;
    int hollow; /* tiles are names without contents */
    struct wire_outbox outbox;
    struct memory *memory; /* NULL: without a budget */
    struct homes *homes;   /* NULL: without */
    struct tm_error error;
    uint64_t bad;
};

static inline struct version *worker_version(const struct worker *worker,
                                             uint32_t handle)
{
    return &worker->versions[worker->place[handle]];
}

/* For memory.c. */
size_t worker_tile_bytes(const struct worker *worker, uint32_t tile);
void worker_push(struct worker *worker, struct ready item);
/* A version that was to be loaded: is so only when it is read. */
void worker_version_away(struct worker *worker, uint32_t handle);
/* Drop the version if nobody needs it any more. */
void worker_settle(struct worker *worker, uint32_t handle);
int worker_no_memory(struct worker *worker);
/* Behind those that are held.  0, or out of memory. */
int worker_held_add(struct worker *worker, struct held held);

/* ---- retired.c ---------------------------------------------------------- */

/* Is there a reason to keep such a version? */
int retired_wants(const struct worker *worker, const void *data, int used);
/* Takes its tile, if 1. */
int retired_add(struct worker *worker, struct held held);
/* A buffer of that size is about to be taken. */
void retired_make_room(struct worker *worker, size_t bytes);
/* Memory is short: none stays. */
void retired_give(struct worker *worker);
/* They are held, as an epoch begins. */
void retired_hold(struct worker *worker);

/* Operand k of the task waits for the version too. */
static inline void version_await(struct version *v, struct task *task,
                                 uint32_t k)
{
    task_await(task, k, &v->waiter);
}

#endif
