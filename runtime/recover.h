/* What must be computed again when versions are lost.
 *
 * In: where a walk stands (entries passed, answers to its tests), which tasks
 * were done, which versions exist.  Out: the tasks that a second walk up to
 * the same place has to hand out, and which versions it takes as they are.
 * No lineage is kept while a run goes on: the plan is walked again. */
#ifndef RUNTIME_RECOVER_H
#define RUNTIME_RECOVER_H

#include "plan/walk.h"

struct recover_copy { /* of a version that exists: (tile, writer) */
    uint64_t writer;
    uint32_t tile;
    uint32_t index; /* by which its holder knows it */
    uint32_t next;  /* 1 + another copy of the same version */
    uint16_t worker;
    uint8_t needed;
};

struct recover {
    struct recover_copy *copies; /* as they were added */
    uint32_t count, space;
    uint32_t *table; /* 1 + first copy, by name; open addressing */
    uint32_t table_space;
    uint64_t tasks;  /* numbers below this are those of the first walk */
    uint64_t *again; /* bit n: task n must run */
    uint64_t *done;  /* bit n: it was done, whether that was told or not */
};

struct recover_walk {
    const struct binding *binding;
    uint64_t steps, tasks; /* walk_steps() of the walk; its next number */
    uint64_t limit;        /* no task from this number on will run */
    const double *answers; /* to its tests, in order */
    uint64_t answer_count;
    int (*done)(const void *user, uint64_t number);
    const void *user;
};

/* All 0 is empty. */
void recover_fini(struct recover *recover);
/* A version that a worker holds.  0, or out of memory. */
int recover_add(struct recover *recover, uint32_t tile, uint64_t writer,
                uint16_t worker, uint32_t index);
/* When all are added: what must run, what is needed.  0, or out of memory. */
int recover_plan(struct recover *recover, const struct recover_walk *walk);

static inline int recover_runs(const struct recover *r, uint64_t number)
{
    return r->again[number / 64] >> number % 64 & 1;
}
static inline int recover_done(const struct recover *r, uint64_t number)
{
    return r->done[number / 64] >> number % 64 & 1;
}
/* The first copy of a version, or NULL. */
struct recover_copy *recover_find(const struct recover *recover, uint32_t tile,
                                  uint64_t writer);
static inline struct recover_copy *recover_next(const struct recover *r,
                                                const struct recover_copy *copy)
{
    return copy->next ? &r->copies[copy->next - 1] : NULL;
}

#endif
