/* A worker's tasks: their memory, their numbers, and a heap of what is ready.
 *
 * A task of up to three operands is a cell of 48 bytes; one of more is *wide*.
 * Memory comes from free lists and tables grow by doubling: once they have the
 * size of the window nothing is allocated. */
#ifndef RUNTIME_TASKS_H
#define RUNTIME_TASKS_H

#include "plan/plan.h"

#include <stddef.h>

/* Who waits for a version is found from there: so its handle makes room for
 * the list.  The list's owner puts it back (operand_wake()). */
struct operand {
    uint32_t in;  /* handle of the version read, or 0; while it waits: link of
                   * the next that waits for the same, or 0 */
    uint32_t out; /* handle of the version written, or 0, and the state: */
};

enum {
    OPERAND_WAITS = 0x80000000u, /* for what it reads, or: */
    OPERAND_ASIDE = 0x40000000u, /* for another version; the handle of what it
                                  * reads is in `out`, as it writes nothing */
    OPERAND_HANDLE = 0x3fffffff
};

struct task {
    uint64_t number : 48; /* in program order */
    uint64_t values : 16;
    float priority;
    uint32_t entry;         /* of a load the handle */
    uint32_t id;            /* by which tasks_get() finds it; 0: free */
    uint32_t missing : 28;  /* operands whose version is not ready */
    uint32_t few : 2;       /* operands; of a wide one they are before it */
    uint32_t admission : 2; /* memory.c's */
    struct operand operand[]; /* then the values */
};

struct ready { /* a task, or a version to be loaded */
    uint64_t number;
    float priority; /* the lowest first, then the lowest number */
    uint32_t task;  /* id, or 0 */
    uint32_t load;  /* handle, or 0 */
};

enum { TASK_WIDE = 0x80000000u }; /* in an id: the rest is its place in
                                   * `wide` */

enum {
    TASK_CELL = 48,
    TASK_WIDE_HEAD = 8, /* before a wide one: u32 operands */
    TASK_OPERANDS = 3, /* of a cell */
    TASK_LOAD = (1 << 28) - 1, /* in missing: a version to be loaded waits in
                                * the heap, in a cell of its own */
    TASK_VALUES = UINT16_MAX,
    TASKS_CELLS = 1024, /* of a block */
    TASKS_STEP = 16,    /* sizes of small wide tasks differ by this */
    TASKS_SMALL = 512,
    TASKS_SIZES = TASKS_SMALL / TASKS_STEP + 1,
    TASKS_POWERS = 48 /* sizes of large ones are powers of two */
};

struct tasks_spare;
struct tasks_chunk;

struct tasks {             /* all 0 is empty */
    char **cells;          /* blocks of cells; ids count from 1 */
    uint32_t blocks, last; /* last: highest id so far */
    uint32_t spare;        /* a free cell, linked by `entry`, or 0 */
    uint32_t open;         /* tasks there are */
    struct task **wide;    /* of each operand of a wide task */
    uint32_t wide_count, wide_space;
    uint32_t *heap;        /* ids; each item's children are the four from
                            * four times its place + 1 on */
    uint32_t ready, heap_space;
    struct tasks_spare *small[TASKS_SIZES], *large[TASKS_POWERS];
    struct tasks_chunk *chunks;
    char *next, *end; /* free part of the newest chunk */
};

void tasks_fini(struct tasks *tasks);

/* A task of so many operands and at most TASK_VALUES values; number, entry,
 * priority, operands and values are the caller's to fill in.  NULL: out of
 * memory. */
struct task *task_new(struct tasks *tasks, uint32_t operands, uint32_t values);
void task_free(struct tasks *tasks, struct task *task);
/* None is left, and none is ready. */
void tasks_clear(struct tasks *tasks);

/* The task's priority becomes the item's.  0, or out of memory. */
int tasks_push(struct tasks *tasks, struct ready item);
struct ready tasks_pop(struct tasks *tasks); /* one is ready */
/* All that are ready, for the caller to free: none is then.  NULL: out of
 * memory. */
struct ready *tasks_take(struct tasks *tasks);

_Static_assert(sizeof(struct task) + TASK_OPERANDS * sizeof(struct operand) ==
                   TASK_CELL,
               "three operands fill a cell");

static inline struct task *tasks_cell(const struct tasks *tasks, uint32_t id)
{
    return (struct task *)(void *)(tasks->cells[id / TASKS_CELLS] +
                                   (size_t)(id % TASKS_CELLS) * TASK_CELL);
}

static inline struct task *tasks_get(const struct tasks *tasks, uint32_t id)
{
    return id & TASK_WIDE ? tasks->wide[id ^ TASK_WIDE] : tasks_cell(tasks, id);
}

/* All tasks, one after the other, from *at = 0 on; NULL: no more. */
struct task *tasks_next(const struct tasks *tasks, uint32_t *at);

/* A link names operand k of a task; it is not 0. */
static inline uint32_t task_link(const struct task *task, uint32_t k)
{
    return task->id & TASK_WIDE ? task->id + k : task->id << 2 | k;
}

static inline struct task *tasks_linked(const struct tasks *tasks,
                                        uint32_t link, uint32_t *k)
{
    struct task *task;

    if (!(link & TASK_WIDE)) {
        *k = link & 3;
        return tasks_cell(tasks, link >> 2);
    }
    task = tasks->wide[link ^ TASK_WIDE];
    *k = link - task->id;
    return task;
}

static inline uint32_t task_operands(const struct task *task)
{
    return task->id & TASK_WIDE ? ((const uint32_t *)(const void *)task)[-2]
                                : task->few;
}

/* Operand k waits for the version that has this list of waiters. */
static inline void task_await(struct task *task, uint32_t k, uint32_t *waiters)
{
    task->operand[k].in = *waiters;
    task->operand[k].out |= OPERAND_WAITS;
    *waiters = task_link(task, k);
    task->missing++;
}

/* The same for a version that is not the one it reads; it writes none. */
static inline void task_await_aside(struct task *task, uint32_t k,
                                    uint32_t *waiters)
{
    task->operand[k].out = task->operand[k].in | OPERAND_ASIDE;
    task_await(task, k, waiters);
}

/* It waits for this version no more.  Returns the next that does. */
static inline uint32_t operand_wake(struct operand *o, uint32_t handle)
{
    uint32_t next = o->in;

    o->in = o->out & OPERAND_ASIDE ? o->out & OPERAND_HANDLE : handle;
    o->out = o->out & OPERAND_ASIDE ? 0 : o->out & OPERAND_HANDLE;
    return next;
}

/* Where the values begin, from the task's start. */
static inline size_t task_values_at(size_t operands)
{
    size_t bytes =
        offsetof(struct task, operand) + operands * sizeof(struct operand);

    return (bytes + 7) & ~(size_t)7;
}

static inline union plan_value *task_value(struct task *task)
{
    return (union plan_value *)(void *)((char *)task +
                                        task_values_at(task_operands(task)));
}

#endif
