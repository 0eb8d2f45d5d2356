/* The walker: unfolds a bound plan in program order.
 *
 * Each call of walk_next() gives the next batch of tasks.  A task names the
 * versions it reads and writes by handles: small numbers that index
 * walk_version().  Tasks are numbered from 1 in program order, without gaps.
 *
 * A version (tile, number of the task that wrote it; writer 0: what an input
 * or source starts from, or the zeros of an unwritten tile) lives from its
 * writer until it is closed: no task unfolded later reads it.  Closing comes
 * with the operand that overwrites it (WALK_CLOSES) or as an entry of
 * `closes`, in order with the tasks.  The handle of a closed version stays
 * taken until walk_recycle() gives it back: the caller does that when it has
 * forgotten the version.
 *
 * Memory: 4 bytes a tile, 16 a live version, the batch. */
#ifndef PLAN_WALK_H
#define PLAN_WALK_H

#include "plan/bind.h"

enum { WALK_CLOSES = 0x80000000u, /* in .in: the task's write closes it */
       WALK_HANDLE = 0x7fffffffu };

/* One tile operand; runs give several, column by column. */
struct walk_operand {
    uint32_t in;  /* handle of the version read, 0: none, or an unwritten
                   * tile that is written too (take it as zeros); with
                   * WALK_CLOSES where the same operand overwrites it */
    uint32_t out; /* handle of the version written, 0: none */
};

struct walk_task {
    uint32_t entry;         /* in plan->entries */
    uint32_t first_operand; /* in batch->operands */
    uint32_t operands;      /* tiles, all runs unrolled */
    uint32_t first_value;   /* in batch->values */
    uint32_t values;        /* arguments that depend on slots, in order of
                             * the entry's arguments; then, where the entry
                             * has runs, the length of each operand */
    float priority;         /* latest start: lower is more urgent; it
                             * compares across batches */
};

struct walk_close {
    uint32_t handle;
    uint32_t before; /* index of the task in the batch before which it
                      * happens; batch->tasks: at the end */
};

enum walk_state {
    WALK_MORE,  /* call again */
    WALK_WAIT,  /* batch->wait is a version whose value (1 x 1) is needed:
                 * walk_answer(), then call again; 0: the tile is unwritten */
    WALK_DONE,  /* the whole plan is unfolded */
    WALK_FAILED /* batch->error; it belongs to task number
                 * batch->first + batch->count, which does not exist */
};

struct walk_batch {
    uint64_t first; /* number of the first task */
    uint32_t count;
    struct walk_task *tasks;
    struct walk_operand *operands;
    union plan_value *values;
    struct walk_close *closes;
    uint32_t operand_count, value_count, close_count;
    enum walk_state state;
    uint32_t wait, wait_entry; /* of the FETCH in the plan */
    struct tm_error error;
};

struct walk_version {
    uint64_t writer;
    uint32_t tile;    /* number among the binding's tiles */
    uint32_t holders; /* tiles whose current version it is */
};

struct walker;

/* binding and costs are borrowed.  costs: one a plan entry, in any unit
 * (flops), or NULL: every task costs 1.  NULL: out of memory. */
struct walker *walker_new(const struct binding *binding, const float *costs);
void walker_free(struct walker *walker);

/* Unfold up to `tasks` more tasks, fewer when they have a million operands,
 * at most about `steps` entries (a run counts as its tiles).  The batch
 * belongs to the walker and holds until the next call. */
const struct walk_batch *walk_next(struct walker *walker, uint32_t tasks,
                                   uint64_t steps);
/* The value that a WALK_WAIT asked for. */
void walk_answer(struct walker *walker, double value);
void walk_recycle(struct walker *walker, uint32_t handle);

const struct walk_version *walk_version(const struct walker *walker,
                                        uint32_t handle);
/* One more than the highest handle in use so far. */
uint32_t walk_handles(const struct walker *walker);
/* Entries passed so far, tasks or not, and tiles of runs; bytes of memory
 * held. */
uint64_t walk_steps(const struct walker *walker);
size_t walk_bytes(const struct walker *walker);

/* All arguments of a task as numbers for a kernel: bound ones from the
 * binding, the others from `values`. */
void walk_args(const struct binding *binding, uint32_t entry,
               const union plan_value *values, double *args);
/* The number of leading `values` that are arguments. */
uint32_t walk_slot_args(const struct plan *plan, uint32_t entry);

/* tmc --emit=tasks and dot. */
enum tm_status walk_print(FILE *out, const struct binding *binding, int dot,
                          struct tm_error *error);

#endif
