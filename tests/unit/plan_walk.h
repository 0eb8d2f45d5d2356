/* A walk through a bound plan in which everything that walk.h promises is
 * compared: numbering, versions, closes, live versions. */
#ifndef TESTS_UNIT_PLAN_WALK_H
#define TESTS_UNIT_PLAN_WALK_H

#include "plan/walk.h"

#include <stdlib.h>

struct plan_walk {
    uint32_t batch;      /* tasks of a batch; 0: 64 */
    uint64_t most_steps; /* 0: no limit */
    double answer;       /* to every WALK_WAIT */
    uint64_t *tasks_of;  /* NULL, or tasks by kernel: KERNEL_COUNT counters */
    /* results */
    uint64_t tasks, waits, batches;
    uint32_t live, most_live; /* versions not yet closed */
    size_t most_bytes;
    enum walk_state state; /* WALK_MORE: most_steps reached */
    struct tm_error error;
    const char *broken; /* the promise that was broken, or NULL */
    /* private */
    unsigned char *alive;
    uint32_t space;
};

static inline int plan_walk_room(struct plan_walk *x, uint32_t handles)
{
    unsigned char *more;

    if (handles <= x->space)
        return 0;
    more = realloc(x->alive, 2 * (size_t)handles);
    if (!more) {
        x->broken = "memory";
        return -1;
    }
    memset(more + x->space, 0, 2 * (size_t)handles - x->space);
    x->alive = more;
    x->space = 2 * handles;
    return 0;
}

#define PLAN_WALK_NEED(X, TEST)                                                \
    do {                                                                       \
        if (!(TEST)) {                                                         \
            (X)->broken = #TEST;                                               \
            return -1;                                                         \
        }                                                                      \
    } while (0)

static inline int plan_walk_close(struct plan_walk *x, uint32_t handle)
{
    PLAN_WALK_NEED(x, handle && handle < x->space && x->alive[handle]);
    x->alive[handle] = 0;
    x->live--;
    return 0;
}

static inline void plan_walk_open(struct plan_walk *x, uint32_t handle)
{
    x->alive[handle] = 1;
    if (++x->live > x->most_live)
        x->most_live = x->live;
}

static inline int plan_walk_task(struct plan_walk *x,
                                 const struct binding *binding,
                                 const struct walker *w,
                                 const struct walk_batch *batch, uint32_t index)
{
    const struct walk_task *task = &batch->tasks[index];
    const struct plan_entry *e = &binding->plan->entries.items[task->entry];
    const struct walk_operand *o = batch->operands + task->first_operand;
    uint64_t number = batch->first + index;
    double args[64];
    uint32_t k;

    PLAN_WALK_NEED(x, task->entry < binding->plan->entries.count);
    PLAN_WALK_NEED(x, e->kind == ENTRY_TASK);
    PLAN_WALK_NEED(x, (uint64_t)task->first_operand + task->operands <=
                          batch->operand_count);
    PLAN_WALK_NEED(x, (uint64_t)task->first_value + task->values <=
                          batch->value_count);
    PLAN_WALK_NEED(x,
                   task->values >= walk_slot_args(binding->plan, task->entry));
    for (k = 0; k < task->operands; k++) {
        uint32_t in = o[k].in & WALK_HANDLE;
        PLAN_WALK_NEED(x, in < walk_handles(w));
        PLAN_WALK_NEED(x, in || o[k].out || !(o[k].in & WALK_CLOSES));
        if (!in)
            continue;
        PLAN_WALK_NEED(x, walk_version(w, in)->writer < number);
        PLAN_WALK_NEED(x, walk_version(w, in)->tile < binding->tiles);
        PLAN_WALK_NEED(x, walk_version(w, in)->writer == 0 || x->alive[in]);
        if (!x->alive[in])
            plan_walk_open(x, in);
    }
    for (k = 0; k < task->operands; k++) {
        uint32_t out = o[k].out;
        PLAN_WALK_NEED(x, out < walk_handles(w));
        PLAN_WALK_NEED(x, out || (o[k].in && !(o[k].in & WALK_CLOSES)));
        if (!out)
            continue;
        PLAN_WALK_NEED(x, !x->alive[out]);
        PLAN_WALK_NEED(x, walk_version(w, out)->writer == number);
        PLAN_WALK_NEED(x, walk_version(w, out)->tile < binding->tiles);
        plan_walk_open(x, out);
    }
    for (k = 0; k < task->operands; k++)
        if ((o[k].in & WALK_CLOSES) &&
            plan_walk_close(x, o[k].in & WALK_HANDLE))
            return -1;
    if (x->tasks_of)
        x->tasks_of[e->kernel]++;
    if (e->args <= 64)
        walk_args(binding, task->entry, batch->values + task->first_value,
                  args);
    if (e->kernel == KERNEL_PRINT || e->kernel == KERNEL_CHECK) {
        char line[300];
        binding_text(binding, e->b, NULL, batch->values + task->first_value,
                     line, sizeof line);
    }
    return 0;
}

static inline int plan_walk_batch(struct plan_walk *x,
                                  const struct binding *binding,
                                  struct walker *w,
                                  const struct walk_batch *batch)
{
    uint32_t k, n = 0;

    x->batches++;
    PLAN_WALK_NEED(x, batch->first == x->tasks + 1);
    if (plan_walk_room(x, walk_handles(w) + 1))
        return -1;
    for (k = 0; k <= batch->count; k++) {
        for (; n < batch->close_count && batch->closes[n].before == k; n++) {
            uint32_t handle = batch->closes[n].handle;
            /* aliases and fetches may have made it unseen */
            if (handle < walk_handles(w) && !x->alive[handle] &&
                !walk_version(w, handle)->writer)
                plan_walk_open(x, handle);
            if (plan_walk_close(x, handle))
                return -1;
        }
        if (k < batch->count && plan_walk_task(x, binding, w, batch, k))
            return -1;
    }
    PLAN_WALK_NEED(x, n == batch->close_count);
    for (k = 0; k < batch->close_count; k++)
        walk_recycle(w, batch->closes[k].handle);
    for (k = 0; k < batch->operand_count; k++)
        if (batch->operands[k].in & WALK_CLOSES)
            walk_recycle(w, batch->operands[k].in & WALK_HANDLE);
    x->tasks += batch->count;
    return 0;
}

/* binding: finished.  0, or -1: x->broken. */
static inline int plan_walk(struct plan_walk *x, const struct binding *binding)
{
    struct walker *w = walker_new(binding, NULL);
    const struct walk_batch *batch;
    int result = 0;

    if (!w) {
        x->broken = "memory";
        return -1;
    }
    do {
        uint64_t left =
            x->most_steps ? x->most_steps - walk_steps(w) : UINT64_MAX;
        batch = walk_next(w, x->batch ? x->batch : 64, left);
        result = plan_walk_batch(x, binding, w, batch);
        if (walk_bytes(w) > x->most_bytes)
            x->most_bytes = walk_bytes(w);
        if (batch->state == WALK_WAIT) {
            if (batch->wait >= walk_handles(w))
                x->broken = "batch->wait < walk_handles(w)";
            walk_answer(w, x->answer);
            x->waits++;
        }
    } while (!result && !x->broken &&
             (batch->state == WALK_MORE || batch->state == WALK_WAIT) &&
             (!x->most_steps || walk_steps(w) < x->most_steps));
    x->state = batch->state;
    x->error = batch->error;
    walker_free(w);
    free(x->alive);
    x->alive = NULL;
    x->space = 0;
    return x->broken ? -1 : 0;
}

/* Give every parameter without a default a small value. */
static inline void plan_walk_params(struct binding *b)
{
    static const char *const values[] = {"", "3", "0.5", "true", "x.npy"};
    struct tm_error error;
    uint32_t k;

    for (k = 0; k < b->plan->params.count; k++) {
        const struct plan_param *p = &b->plan->params.items[k];
        error_clear(&error);
        if (p->value == PLAN_NONE)
            binding_set(b, plan_string(b->plan, p->name), values[p->type],
                        &error);
    }
}

/* Bind all inputs, to rows x cols where the plan doesn't say. */
static inline enum tm_status plan_walk_bind(struct binding *b, int64_t rows,
                                            int64_t cols,
                                            struct tm_error *error)
{
    const struct plan *p = b->plan;
    uint32_t turn, k;

    plan_walk_params(b);
    for (k = 0; k < p->inputs.count; k++)
        binding_input(b, k, rows, cols, TM_F64);
    for (turn = 0; turn < 3 && p->inputs.count; turn++) {
        struct tm_error ignored;
        error_clear(&ignored);
        binding_finish(b, &ignored);
        for (k = 0; k < p->inputs.count; k++) {
            const struct plan_input *in = &p->inputs.items[k];
            int64_t r = b->inputs[k].rows, c = b->inputs[k].cols;
            if (in->rows != PLAN_NONE && !b->faults[in->rows])
                r = b->values[in->rows].integer;
            if (in->cols != PLAN_NONE && !b->faults[in->cols])
                c = b->values[in->cols].integer;
            binding_input(b, k, r, c,
                          in->fixed ? (enum tm_type)in->fixed : TM_F64);
        }
    }
    error_clear(error);
    return binding_finish(b, error);
}

#endif
