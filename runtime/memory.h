/* A worker's memory: keeps its tiles within a budget.
 *
 * While there is room nothing happens.  Once three quarters of the budget are
 * taken the worker becomes tight, for good: tasks start in program order, each
 * when all that it needs has been set aside for it (admitted), and what it
 * reads is brought in then.  Room comes from the versions whose next reader
 * is farthest away: what was loaded is dropped and loaded again, what a task
 * made goes to the spill file first.  Which tiles are where never changes
 * bits.
 *
 * A part of the worker: same lock, no threads or clocks.  Writing and reading
 * are jobs. */
#ifndef RUNTIME_MEMORY_H
#define RUNTIME_MEMORY_H

#include "runtime/job.h"

struct memory;
struct ready;
struct spill;
struct task;
struct version;
struct worker;

/* budget in bytes of tiles; spill is borrowed, NULL: nothing is spilled.
 * NULL: out of memory. */
struct memory *memory_new(struct worker *worker, size_t budget, int threads,
                          struct spill *spill);
void memory_free(struct memory *memory); /* NULL is fine */

enum memory_answer {
    MEMORY_GO,    /* take the item */
    MEMORY_ASIDE, /* it will come back: try the next */
    MEMORY_JOB,   /* *job is to be done first; the item was pushed back */
    MEMORY_LATER, /* nothing can start now; the item was pushed back */
    MEMORY_FAIL   /* it can never start; memory_text() says why */
};
/* May this item, which was just popped, be taken? */
enum memory_answer memory_ask(struct memory *memory, struct ready *item,
                              struct job *job);
/* A task that needs nothing new, and will be run right after another: 0: it
 * may be taken; not where there is too little memory. */
int memory_join(struct memory *memory, struct task *task);
/* A job of these is over, well or not. */
void memory_finish(struct memory *memory, struct job *job);
const char *memory_text(const struct memory *memory);

/* An item's place in the order of those that are ready. */
void memory_sort(const struct memory *memory, struct ready *item);
int memory_is_tight(const struct memory *memory);
/* 1: nothing can start until a job is over. */
int memory_blocked(const struct memory *memory);
/* Is this version, which no task makes, to be loaded when it is read? */
int memory_lazy(const struct memory *memory, const struct version *version);
/* A version that is ready but not here is wanted: loads it. */
void memory_fetch(struct memory *memory, uint32_t handle);
/* No job is being done, and all tasks are forgotten. */
void memory_reset(struct memory *memory);
/* Places in the spill file of versions that are away, while no handle is
 * theirs: take() where one is (or -1), which is the caller's then, set() where it is of
 * that handle from now on.  put() writes data there, if memory is so short
 * that they had better be away; else *slot stays as it is. */
int64_t memory_take_slot(struct memory *memory, uint32_t handle);
int memory_set_slot(struct memory *memory, uint32_t handle, int64_t slot);
void memory_give_slot(struct memory *memory, int64_t slot, size_t bytes);
int memory_read_slot(struct memory *memory, int64_t slot, void *data,
                     size_t bytes, struct tm_error *error);
int memory_put_slot(struct memory *memory, const void *data, size_t bytes,
                    int64_t *slot, struct tm_error *error);
/* The version is no more. */
void memory_forget(struct memory *memory, uint32_t handle);
/* The last task that reads it is done.  1: it is being written out, so that job
 * was its one reader, and has its data from now on. */
int memory_disown(struct memory *memory, const struct version *v);

/* What the largest task of a plan needs at least at once, in bytes; *entry is
 * that task's, *width the bytes of one entry of each of its tiles together. */
size_t memory_least(const struct binding *binding, uint32_t *entry,
                    uint32_t *width);
struct memory_counts {
    uint64_t spilled, read; /* bytes */
};
struct memory_counts memory_counts(const struct memory *memory);

#endif
