/* Which versions stay in memory: in, items that are ready; out, when each may
 * start, and jobs that make room.
 *
 * Each byte is either used (in the store) or set aside (reserved) for an
 * admitted task: for what it writes, and for what is being brought in for it.
 * An admitted task needs nothing more to end, so the run can't lock up.
 *
 * As long as there is plenty nothing is set aside, and nothing pinned: then
 * memory gets *tight*, once and for all, and tasks go in program order.  Where
 * nothing can be spilled it is so from the start if what tasks make could fill
 * it: too many tiles would be begun before, by priority. */
#include "runtime/memory.h"
#include "runtime/spill.h"
#include "runtime/worker_private.h"

#include <stdio.h>
#include <stdlib.h>

enum { TINY = 64 }; /* tiles of so few bytes always stay */

enum admission { NOT_ADMITTED, ADMITTED, ADMITTED_TIGHT };

struct place { /* of a version, by handle */
    int64_t slot;  /* where in the spill file; -1: not there */
    uint64_t next; /* number of its next reader */
    uint32_t pins; /* admitted tasks that read it, when memory is tight */
    uint8_t leaving;
};

struct victim {
    uint64_t next; /* number of its next reader */
    uint32_t handle;
};

struct memory {
    struct worker *worker;
    size_t budget, reserved, leaving;
    size_t tile_most; /* bytes of the largest tile */
    struct spill *spill; /* or NULL; borrowed */
    int tight, blocked;
    uint32_t flight;                 /* jobs that are being done */
    uint32_t admitted, admitted_most; /* tasks */
    struct place *places;
    uint32_t place_space;
    struct victim *victims; /* the farthest next reader first */
    uint32_t victim, victim_count, victim_space;
    struct memory_counts counts;
    char text[400];
};

/* The largest tile of a matrix. */
static size_t tile_bytes(const struct binding *b, uint32_t matrix)
{
    const struct bind_matrix *m = &b->matrices[matrix];
    struct bind_tile tile = {
        .matrix = matrix,
        .rows = m->tile_rows < m->rows ? m->tile_rows : m->rows,
        .cols = m->tile_cols < m->cols ? m->tile_cols : m->cols};

    return job_tile_bytes(b, &tile);
}

/* A worker's share of all that tasks make and that could not go. */
static double made_bytes(const struct worker *w)
{
    const struct binding *b = w->binding;
    double bytes = 0;
    uint32_t k;

    for (k = 0; k < b->plan->matrices.count; k++) {
        const struct bind_matrix *m = &b->matrices[k];
        uint8_t kind = b->plan->matrices.items[k].kind;
        if (kind != MATRIX_INPUT && kind != MATRIX_SOURCE)
            bytes += (double)m->rows * (double)m->cols *
                     (double)type_bytes(m->type);
    }
    return bytes / (w->workers ? w->workers : 1);
}

struct memory *memory_new(struct worker *worker, size_t budget, int threads,
                          struct spill *spill)
{
    struct memory *m = calloc(1, sizeof *m);
    uint32_t k;

    if (!m)
        return NULL;
    for (k = 0; k < worker->binding->plan->matrices.count; k++) {
        size_t bytes = tile_bytes(worker->binding, k);
        m->tile_most = bytes > m->tile_most ? bytes : m->tile_most;
    }
    m->worker = worker;
    m->budget = budget;
    m->spill = spill;
    m->admitted_most = 2 * (uint32_t)threads + 2;
    m->tight = !spill && made_bytes(worker) > (double)budget / 4 * 3;
    return m;
}

void memory_free(struct memory *m)
{
    if (!m)
        return;
    free(m->victims);
    free(m->places);
    free(m);
}

/* ---- tables ------------------------------------------------------------- */

/* Tables follow those of the worker. */
static int places_grow(struct memory *m)
{
    uint32_t space = m->worker->handle_space, k;
    struct place *places;

    if (m->place_space >= space)
        return 0;
    places = realloc(m->places, space * sizeof *places);
    if (!places)
        return worker_no_memory(m->worker);
    for (k = m->place_space; k < space; k++)
        places[k] = (struct place){.slot = -1};
    m->places = places;
    m->place_space = space;
    return 0;
}

static size_t version_bytes(const struct memory *m, uint32_t handle)
{
    return worker_tile_bytes(m->worker,
                             worker_version(m->worker, handle)->tile);
}

/* Ready, but neither in memory nor somewhere that takes none. */
static int is_away(const struct version *v)
{
    return v->state == READY && v->kind == POOL && !v->data;
}

/* Made by no task: it can be made again. */
static int is_clean(const struct memory *m, uint32_t handle)
{
    return m->places[handle].slot >= 0 ||
           !worker_version(m->worker, handle)->writer;
}

/* ---- room --------------------------------------------------------------- */

/* What is retired goes as soon as anything else needs its memory. */
static size_t used_bytes(const struct memory *m)
{
    return store_used(m->worker->store) - m->worker->retired_bytes;
}

static int can_go(const struct memory *m, uint32_t handle)
{
    const struct version *v = worker_version(m->worker, handle);
    const struct place *place = &m->places[handle];

    return v->state == READY && v->kind == POOL && v->data && !place->pins &&
           !place->leaving && !v->wanted &&
           (m->spill || is_clean(m, handle)) &&
           version_bytes(m, handle) > TINY;
}

static int by_next_reader(const void *a, const void *b)
{
    const struct victim *x = a, *y = b;

    if (x->next != y->next)
        return x->next < y->next ? 1 : -1;
    return x->handle < y->handle ? -1 : x->handle > y->handle;
}

static void note_next_readers(struct memory *m)
{
    struct worker *w = m->worker;
    const struct task *task;
    uint32_t at = 0, k;

    for (k = 0; k < m->place_space; k++)
        m->places[k].next = UINT64_MAX;
    while ((task = tasks_next(&w->tasks, &at)))
        for (k = 0; k < task_operands(task); k++) {
            const struct operand *o = &task->operand[k];
            if (!(o->out & OPERAND_WAITS) &&
                m->places[o->in].next > task->number)
                m->places[o->in].next = task->number;
        }
}

/* All that may go, and in which order.  The list serves for a quarter of
 * them: then it is out of date. */
static int list_victims(struct memory *m)
{
    uint32_t k, count = 0, space = m->place_space;
    struct victim *victims = m->victims;

    if (space > m->victim_space) {
        victims = realloc(victims, space * sizeof *victims);
        if (!victims)
            return worker_no_memory(m->worker);
        m->victims = victims;
        m->victim_space = space;
    }
    note_next_readers(m);
    for (k = 1; k < space; k++)
        if (can_go(m, k))
            victims[count++] = (struct victim){m->places[k].next, k};
    qsort(victims, count, sizeof *victims, by_next_reader);
    m->victim = 0;
    m->victim_count = (count + 3) / 4;
    return 0;
}

/* 0: there is none. */
static uint32_t next_victim(struct memory *m)
{
    int listed = 0;

    for (;;) {
        while (m->victim < m->victim_count) {
            uint32_t handle = m->victims[m->victim++].handle;
            if (can_go(m, handle))
                return handle;
        }
        if (listed++ || list_victims(m))
            return 0;
    }
}

static void let_go(struct memory *m, uint32_t handle)
{
    struct version *v = worker_version(m->worker, handle);

    store_give(m->worker->store, v->data, version_bytes(m, handle));
    v->data = NULL;
}

static void start_spill(struct memory *m, uint32_t handle, struct job *job)
{
    struct version *v = worker_version(m->worker, handle);
    size_t bytes = version_bytes(m, handle);

    m->places[handle].leaving = 1;
    v->readers++; /* nobody updates it in place meanwhile */
    m->leaving += bytes;
    m->flight++;
    job->number = 0;
    job->entry = PLAN_NONE;
    job->load = handle;
    job->task = 0;
    job->operands = 1;
    job->values = 0;
    job->operand[0] = (struct job_operand){
        .from = v->data, .in_tile = v->tile, .out_tile = v->tile};
    job->spill = m->spill;
    job->spill_at = spill_take(m->spill, bytes);
    job->spill_out = 1;
}

enum room { ROOM, ROOM_LATER, ROOM_JOB, NO_ROOM };

/* Room for so many bytes more, or how to get there. */
static enum room make_room(struct memory *m, size_t bytes, struct job *job)
{
    uint32_t handle;

    for (;;) {
        size_t taken = store_used(m->worker->store) + m->reserved + bytes;
        if (taken <= m->budget)
            return ROOM;
        if (taken - m->leaving <= m->budget)
            return ROOM_LATER;
        handle = next_victim(m);
        if (!handle)
            return m->leaving ? ROOM_LATER : NO_ROOM;
        if (!is_clean(m, handle)) {
            start_spill(m, handle, job);
            return ROOM_JOB;
        }
        let_go(m, handle);
    }
}

/* ---- tasks -------------------------------------------------------------- */

static size_t out_bytes(const struct memory *m, const struct task *task)
{
    size_t bytes = 0;
    uint32_t k;

    for (k = 0; k < task_operands(task); k++)
        if (task->operand[k].out)
            bytes += version_bytes(m, task->operand[k].out);
    return bytes;
}

/* At most: a version that is read twice counts twice. */
static size_t away_bytes(const struct memory *m, const struct task *task)
{
    size_t bytes = 0;
    uint32_t k;

    for (k = 0; k < task_operands(task); k++)
        if (task->operand[k].in &&
            is_away(worker_version(m->worker, task->operand[k].in)))
            bytes += version_bytes(m, task->operand[k].in);
    return bytes;
}

void memory_fetch(struct memory *m, uint32_t handle)
{
    struct version *v = worker_version(m->worker, handle);

    if (places_grow(m))
        return;
    v->state = LOADING;
    m->reserved += version_bytes(m, handle);
    m->places[handle].pins++; /* until it is here */
    worker_push(m->worker, (struct ready){.load = handle});
}

static void pin(struct memory *m, const struct task *task, int how)
{
    uint32_t operands = task_operands(task), k;

    for (k = 0; k < operands; k++)
        if (task->operand[k].in)
            m->places[task->operand[k].in].pins += (uint32_t)how;
}

static void admit(struct memory *m, struct task *task)
{
    task->admission = ADMITTED;
    m->admitted++;
}

/* Pin what it reads, and bring in what is away.  1: it waits for that. */
static int admit_tight(struct memory *m, struct task *task)
{
    struct worker *w = m->worker;
    uint32_t k;

    task->admission = ADMITTED_TIGHT;
    m->admitted++;
    m->reserved += out_bytes(m, task);
    pin(m, task, 1);
    for (k = 0; k < task_operands(task); k++) {
        uint32_t in = task->operand[k].in;
        struct version *v = worker_version(w, in);
        if (!in)
            continue;
        if (is_away(v))
            memory_fetch(m, in);
        if (v->state == LOADING)
            version_await(v, task, k);
    }
    return task->missing > 0;
}

static void release(struct memory *m, struct task *task)
{
    if (m->tight)
        pin(m, task, -1);
    task->admission = NOT_ADMITTED;
    m->admitted--;
}

/* From now on there is too little: loads that nobody has begun are put off
 * until their readers start. */
static void tighten(struct memory *m)
{
    struct worker *w = m->worker;
    uint32_t count = w->tasks.ready, at = 0, k;
    struct ready *items = tasks_take(&w->tasks); /* they get another order */
    const struct task *task;

    m->tight = 1;
    retired_give(w);
    while ((task = tasks_next(&w->tasks, &at)))
        if (task->admission == ADMITTED)
            pin(m, task, 1);
    if (!items) {
        worker_no_memory(w);
        return;
    }
    for (k = 0; k < count; k++)
        if (!items[k].load || version_bytes(m, items[k].load) <= TINY)
            worker_push(w, items[k]);
    for (k = 0; k < count; k++)
        if (items[k].load && version_bytes(m, items[k].load) > TINY)
            worker_version_away(w, items[k].load);
    free(items);
}

static enum memory_answer later(struct memory *m, const struct ready *item)
{
    worker_push(m->worker, *item);
    m->blocked = 1;
    return MEMORY_LATER;
}

static enum memory_answer fail(struct memory *m, size_t bytes)
{
    snprintf(m->text, sizeof m->text,
             "out of memory: a task needs %zu bytes more, and of the %zu "
             "that the run may use %zu are taken%s",
             bytes, m->budget, store_used(m->worker->store),
             !m->spill ? " (nothing is spilled: no folder was given)" : "");
    return MEMORY_FAIL;
}

static enum memory_answer go(struct memory *m)
{
    m->flight++;
    return MEMORY_GO;
}

/* A load: what it needs is reserved, but for those begun before. */
static enum memory_answer ask_load(struct memory *m, const struct ready *item,
                                   struct job *job)
{
    struct place *place = &m->places[item->load];
    size_t bytes = version_bytes(m, item->load);

    if (!place->pins)
        return go(m);
    m->reserved -= bytes;
    if (place->slot >= 0) {
        job->spill = m->spill;
        job->spill_at = place->slot;
        job->spill_out = 0;
    }
    return go(m);
}

static enum memory_answer ask_task(struct memory *m, const struct ready *item,
                                   struct job *job)
{
    struct task *task = tasks_get(&m->worker->tasks, item->task);
    size_t bytes;

    switch (task->admission) {
    case ADMITTED_TIGHT: m->reserved -= out_bytes(m, task); return go(m);
    case ADMITTED: return go(m);
    }
    if (!m->tight) {
        admit(m, task);
        return go(m);
    }
    if (m->admitted >= m->admitted_most)
        return later(m, item);
    bytes = out_bytes(m, task) + away_bytes(m, task);
    switch (make_room(m, bytes, job)) {
    case ROOM: break;
    case ROOM_JOB: worker_push(m->worker, *item); return MEMORY_JOB;
    case NO_ROOM:
        if (!m->flight && !m->admitted)
            return fail(m, bytes);
        return later(m, item);
    case ROOM_LATER: return later(m, item);
    }
    if (admit_tight(m, task))
        return MEMORY_ASIDE;
    m->reserved -= out_bytes(m, task);
    return go(m);
}

/* A quarter of the budget stays free with what the item makes. */
static int is_plenty(const struct memory *m, const struct ready *item)
{
    const struct task *task =
        item->load ? NULL : tasks_get(&m->worker->tasks, item->task);
    size_t used = used_bytes(m), most = m->budget / 4 * 3;

    return used + (task ? task_operands(task) : 1) * m->tile_most <= most ||
           used + (task ? out_bytes(m, task) : version_bytes(m, item->load)) <=
               most;
}

enum memory_answer memory_ask(struct memory *m, struct ready *item,
                              struct job *job)
{
    if (places_grow(m))
        return MEMORY_LATER;
    if (!m->tight && !is_plenty(m, item)) {
        worker_push(m->worker, *item);
        tighten(m);
        return MEMORY_ASIDE;
    }
    return item->load ? ask_load(m, item, job) : ask_task(m, item, job);
}

int memory_join(struct memory *m, struct task *task)
{
    if (m->tight)
        return -1;
    admit(m, task);
    m->flight++;
    return 0;
}

/* It was disowned meanwhile: nobody reads it any more, and its handle may be
 * another version's, whose data lie elsewhere. */
static int is_disowned(const struct memory *m, const struct job *job)
{
    const struct version *v = worker_version(m->worker, job->load);

    return !m->places[job->load].leaving || v->data != job->operand[0].from;
}

static void finish_disowned(struct memory *m, const struct job *job)
{
    struct worker *w = m->worker;
    size_t bytes = worker_tile_bytes(w, job->operand[0].in_tile);

    m->leaving -= bytes;
    store_give(w->store, (void *)(uintptr_t)job->operand[0].from, bytes);
    spill_give(m->spill, job->spill_at, bytes);
}

static void finish_spill(struct memory *m, struct job *job)
{
    struct worker *w = m->worker;
    struct place *place = &m->places[job->load];
    struct version *v = worker_version(w, job->load);
    size_t bytes = version_bytes(m, job->load);

    if (is_disowned(m, job)) {
        finish_disowned(m, job);
        return;
    }
    m->leaving -= bytes;
    place->leaving = 0;
    if (job->error.status) {
        spill_give(m->spill, job->spill_at, bytes);
        if (!w->error.status)
            w->error = job->error;
        return;
    }
    m->counts.spilled += bytes;
    place->slot = job->spill_at;
    v->readers--;
    if (!place->pins && !v->wanted)
        let_go(m, job->load);
    worker_settle(w, job->load);
}

void memory_finish(struct memory *m, struct job *job)
{
    m->blocked = 0;
    m->flight--;
    if (job->spill && job->spill_out) {
        finish_spill(m, job);
    } else if (job->load) {
        if (m->places[job->load].pins)
            m->places[job->load].pins--; /* of memory_fetch() */
        if (job->spill)
            m->counts.read += version_bytes(m, job->load);
    } else {
        release(m, tasks_get(&m->worker->tasks, job->task));
    }
}

/* ---- what the worker asks ----------------------------------------------- */

const char *memory_text(const struct memory *m)
{
    return m->text;
}

/* What was begun, and what gives memory back: stores come last in program
 * order. */
static int goes_first(const struct memory *m, const struct ready *item)
{
    const struct plan *plan = m->worker->binding->plan;
    const struct task *task;

    if (item->load)
        return 1;
    task = tasks_get(&m->worker->tasks, item->task);
    return task->admission != NOT_ADMITTED ||
           plan->entries.items[task->entry & ~WIRE_ALONE].kernel ==
               KERNEL_STORE;
}

void memory_sort(const struct memory *m, struct ready *item)
{
    if (m->tight)
        item->priority = goes_first(m, item) ? -1 : 0;
}

int memory_is_tight(const struct memory *m)
{
    return m->tight;
}

int memory_blocked(const struct memory *m)
{
    return m->blocked;
}

int memory_lazy(const struct memory *m, const struct version *v)
{
    return m->tight && worker_tile_bytes(m->worker, v->tile) > TINY;
}

void memory_forget(struct memory *m, uint32_t handle)
{
    struct place *place;

    if (!m->tight || handle >= m->place_space) /* nothing was spilled */
        return;
    place = &m->places[handle];
    if (place->slot >= 0)
        spill_give(m->spill, place->slot, version_bytes(m, handle));
    place->slot = -1;
}

int memory_disown(struct memory *m, const struct version *v)
{
    struct place *place;

    if (v->handle >= m->place_space)
        return 0;
    place = &m->places[v->handle];
    if (!place->leaving)
        return 0;
    place->leaving = 0;
    return 1;
}

void memory_reset(struct memory *m)
{
    uint32_t k;

    for (k = 0; k < m->place_space; k++) {
        m->places[k].pins = 0;
        m->places[k].leaving = 0;
    }
    m->reserved = m->leaving = 0;
    m->admitted = m->flight = 0;
    m->victim = m->victim_count = 0;
    m->blocked = 0;
}

/* ---- between epochs ----------------------------------------------------- */

int64_t memory_take_slot(struct memory *m, uint32_t handle)
{
    int64_t slot = -1;

    if (handle < m->place_space) {
        slot = m->places[handle].slot;
        m->places[handle].slot = -1;
    }
    return slot;
}

int memory_set_slot(struct memory *m, uint32_t handle, int64_t slot)
{
    if (places_grow(m))
        return -1;
    m->places[handle].slot = slot;
    return 0;
}

void memory_give_slot(struct memory *m, int64_t slot, size_t bytes)
{
    spill_give(m->spill, slot, bytes);
}

int memory_read_slot(struct memory *m, int64_t slot, void *data, size_t bytes,
                     struct tm_error *error)
{
    return spill_read(m->spill, slot, data, bytes, error);
}

int memory_put_slot(struct memory *m, const void *data, size_t bytes,
                    int64_t *slot, struct tm_error *error)
{
    size_t taken = used_bytes(m) + bytes;

    if (!m->spill || bytes <= TINY || taken <= m->budget / 4 * 3)
        return 0;
    m->tight = 1; /* nothing is ready yet that would have to be sorted anew */
    retired_give(m->worker);
    *slot = spill_take(m->spill, bytes);
    return spill_write(m->spill, *slot, data, bytes, error);
}

struct memory_counts memory_counts(const struct memory *m)
{
    return m->counts;
}

/* ---- before the run ----------------------------------------------------- */

size_t memory_least(const struct binding *b, uint32_t *entry, uint32_t *width)
{
    const struct plan *plan = b->plan;
    size_t most = 0;
    uint32_t k, n;

    *entry = PLAN_NONE;
    *width = 0;
    for (k = 0; k < plan->entries.count; k++) {
        const struct plan_entry *e = &plan->entries.items[k];
        size_t bytes = 0;
        uint32_t one = 0;
        for (n = 0; e->kind == ENTRY_TASK && n < e->operands; n++) {
            const struct plan_operand *x =
                &plan->operands.items[e->first_operand + n];
            bytes += tile_bytes(b, x->matrix);
            one += (uint32_t)type_bytes(b->matrices[x->matrix].type);
        }
        if (bytes > most) {
            most = bytes;
            *entry = k;
            *width = one;
        }
    }
    return most;
}
