/* A worker's tasks: their memory, their numbers, and a heap of what is ready.
 *
 * Memory comes from free lists and tables grow by doubling: once they have
 * the size of the window nothing is allocated. */
#ifndef RUNTIME_TASKS_H
#define RUNTIME_TASKS_H

#include "plan/plan.h"

struct operand {
    uint32_t in, out;            /* handles of versions, or 0 */
    uint32_t next, next_operand; /* the next that waits for `in` */
};

struct task {
    uint64_t number; /* in program order */
    float priority;
    uint32_t entry;
    uint32_t id;      /* by which tasks_get() finds it */
    uint32_t missing; /* operands whose version is not ready */
    uint32_t operands, values;
    struct operand operand[]; /* then the values */
};

struct ready { /* a task, or a version to be loaded */
    uint64_t number;
    float priority; /* the lowest first, then the lowest number */
    uint32_t task;  /* id, or 0 */
    uint32_t load;  /* handle, or 0 */
};

enum {
    TASKS_STEP = 16, /* sizes of small tasks differ by this */
    TASKS_SMALL = 512,
    TASKS_SIZES = TASKS_SMALL / TASKS_STEP + 1,
    TASKS_POWERS = 48 /* sizes of large ones are powers of two */
};

struct tasks_spare;
struct tasks_chunk;

struct tasks {           /* all 0 is empty */
    struct task **table; /* by id, from 1 */
    uint32_t space, last, open;
    uint32_t *ids, id_count; /* given back */
    struct ready *heap;
    uint32_t ready, heap_space;
    struct tasks_spare *small[TASKS_SIZES], *large[TASKS_POWERS];
    struct tasks_chunk *chunks;
    char *next, *end; /* free part of the newest chunk */
};

void tasks_fini(struct tasks *tasks);

/* A task of so many operands and values; number, entry, priority, operands
 * and values are the caller's to fill in.  NULL: out of memory. */
struct task *task_new(struct tasks *tasks, uint32_t operands, uint32_t values);
void task_free(struct tasks *tasks, struct task *task);
/* None is left, and none is ready. */
void tasks_clear(struct tasks *tasks);

/* 0, or out of memory. */
int tasks_push(struct tasks *tasks, struct ready item);
struct ready tasks_pop(struct tasks *tasks); /* one is ready */

static inline struct task *tasks_get(const struct tasks *tasks, uint32_t id)
{
    return tasks->table[id];
}

static inline union plan_value *task_value(struct task *task)
{
    return (union plan_value *)(void *)(task->operand + task->operands);
}

#endif
