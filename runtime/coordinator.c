/* The coordinator.  A ring of unfinished tasks, oldest first; a table of
 * versions by handle; one open batch of records a worker.
 *
 * A version that a task made lives with its owner, the worker of that task.
 * Others that read it keep copies, and are told to close them as soon as no
 * later task reads it; the owner is told when, besides, no reader elsewhere
 * is unfinished, since it may still be asked for the tile.  When every task
 * that touches it is done, its handle is free for another version. */
#include "runtime/coordinator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH_TASKS = 4096, STEPS = 200000 };

struct version {
    uint64_t mask;   /* workers that were sent a reader of it */
    uint32_t open;   /* operands of unfinished tasks that touch it */
    uint32_t remote; /* those of them that read it away from its owner */
    uint16_t owner;  /* or WIRE_NOBODY: no task made it */
    uint8_t closed;  /* no later task reads it */
    uint8_t shut;    /* and its owner knows */
};

struct slot {
    uint32_t first, operands; /* in the ring of operands */
    uint32_t entry;
    uint16_t worker;
    uint8_t done;
    char *text; /* a line to print when all before it are done; owned */
};

struct line {
    struct line *next;
    char *text;
};

struct coordinator {
    const struct binding *binding;
    const float *costs;
    struct walker *walker;
    uint16_t workers;
    uint16_t grid_rows, grid_cols; /* of workers, for new tiles */
    uint32_t window;               /* a power of two */
    struct slot *slots;            /* task n is slots[n % window] */
    struct walk_operand *operands; /* ring; a power of two */
    uint32_t operand_space, operand_first, operand_next;
    struct version *versions;
    uint32_t version_space;
    uint64_t frontier, next;           /* lowest unfinished; not unfolded */
    uint64_t limit;                    /* the run is over at this number */
    uint32_t wait;                     /* handle that a VALUE must answer */
    uint8_t waiting, answered, walked; /* walked: no more will come */
    struct wire_writer batches[WIRE_WORKERS];
    uint32_t batch_tasks[WIRE_WORKERS];
    struct wire_outbox outbox;
    struct line *lines, **last_line;
    struct tm_error error; /* of task number `failed` */
    uint64_t failed;
    uint8_t broken; /* out of memory */
    uint64_t bad, done;
    double cost_done, cost_total;
};

static void no_memory(struct coordinator *c)
{
    error_clear(&c->error);
    error_set(&c->error, TM_EMEMORY,
              "out of memory for the coordinator's tables");
    c->broken = 1;
}

static int versions_grow(struct coordinator *c, uint32_t wanted)
{
    uint32_t space = c->version_space ? c->version_space : 1024, k;
    struct version *versions;

    if (wanted <= c->version_space)
        return 0;
    while (space < wanted)
        space *= 2;
    versions = realloc(c->versions, space * sizeof *versions);
    if (!versions) {
        no_memory(c);
        return -1;
    }
    c->versions = versions;
    for (k = c->version_space; k < space; k++)
        versions[k] = (struct version){.owner = WIRE_NOBODY};
    c->version_space = space;
    return 0;
}

/* The squarest grid of that many workers. */
static void grid_of(uint16_t workers, uint16_t *rows, uint16_t *cols)
{
    uint16_t p;

    *rows = 1;
    for (p = 1; p * p <= workers; p++)
        if (workers % p == 0)
            *rows = p;
    *cols = workers / *rows;
}

struct coordinator *coordinator_new(const struct binding *binding,
                                    const float *costs, uint16_t workers,
                                    uint32_t window)
{
    struct coordinator *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->window = 1;
    while (c->window < window)
        c->window *= 2;
    c->binding = binding;
    c->costs = costs;
    c->workers = workers;
    grid_of(workers, &c->grid_rows, &c->grid_cols);
    c->frontier = c->next = 1;
    c->limit = c->failed = UINT64_MAX;
    c->operand_space = 4 * c->window;
    error_clear(&c->error);
    outbox_init(&c->outbox);
    c->last_line = &c->lines;
    c->walker = walker_new(binding, costs);
    c->slots = calloc(c->window, sizeof *c->slots);
    c->operands = calloc(c->operand_space, sizeof *c->operands);
    if (!c->walker || !c->slots || !c->operands || versions_grow(c, 1)) {
        coordinator_free(c);
        return NULL;
    }
    return c;
}

void coordinator_free(struct coordinator *c)
{
    char *text;
    uint32_t k;

    if (!c)
        return;
    while ((text = coordinator_line(c)))
        free(text);
    for (k = 0; c->slots && k < c->window; k++)
        free(c->slots[k].text);
    for (k = 0; k < WIRE_WORKERS; k++)
        free(c->batches[k].bytes);
    outbox_fini(&c->outbox);
    walker_free(c->walker);
    free(c->slots);
    free(c->operands);
    free(c->versions);
    free(c);
}

static struct slot *slot_of(const struct coordinator *c, uint64_t number)
{
    return &c->slots[number & (c->window - 1)];
}

/* ---- batches for workers ------------------------------------------------ */

static void batch_send(struct coordinator *c, uint16_t worker)
{
    c->batch_tasks[worker] = 0;
    if (c->batches[worker].size || c->batches[worker].failed)
        outbox_add(&c->outbox, worker, &c->batches[worker]);
    if (c->outbox.failed)
        no_memory(c);
}

/* The worker's open batch with room for so many bytes more. */
static struct wire_writer *batch_room(struct coordinator *c, uint16_t worker,
                                      size_t bytes)
{
    struct wire_writer *batch = &c->batches[worker];

    if (batch->size + bytes > WIRE_BATCH_BYTES ||
        c->batch_tasks[worker] >= WIRE_BATCH_TASKS)
        batch_send(c, worker);
    if (!batch->size) {
        outbox_reuse(&c->outbox, batch);
        wire_begin(batch, WIRE_BATCH, WIRE_COORDINATOR);
    }
    if (!wire_room(batch, bytes))
        return batch;
    no_memory(c);
    return NULL;
}

static void send_close(struct coordinator *c, uint16_t worker, uint32_t handle)
{
    struct wire_writer *batch = batch_room(c, worker, 8);

    if (batch) {
        put_u8(batch, RECORD_CLOSE);
        put_u32(batch, handle);
    }
}

static void send_limit(struct coordinator *c)
{
    uint16_t k;

    for (k = 0; k < c->workers; k++) {
        struct wire_writer *batch = batch_room(c, k, 16);
        if (batch) {
            put_u8(batch, RECORD_LIMIT);
            put_u64(batch, c->limit);
        }
    }
}

/* ---- versions ----------------------------------------------------------- */

static uint64_t bit(uint16_t worker)
{
    return (uint64_t)1 << worker;
}

static void version_settle(struct coordinator *c, uint32_t handle)
{
    struct version *v = &c->versions[handle];

    if (!v->closed || v->open)
        return;
    *v = (struct version){.owner = WIRE_NOBODY};
    walk_recycle(c->walker, handle);
}

/* No reader away from the owner is unfinished, and none will come. */
static void version_shut(struct coordinator *c, uint32_t handle)
{
    struct version *v = &c->versions[handle];

    if (v->closed && !v->shut && !v->remote) {
        send_close(c, v->owner, handle);
        v->shut = 1;
    }
}

/* No later task reads it.  told: the worker that learns it with the task
 * that overwrites it, or WIRE_NOBODY. */
static void version_close(struct coordinator *c, uint32_t handle, uint16_t told)
{
    struct version *v = &c->versions[handle];
    uint64_t mask = v->mask;

    if (v->closed)
        return;
    v->closed = 1;
    v->mask = 0;
    if (told != WIRE_NOBODY)
        mask &= ~bit(told);
    if (v->owner != WIRE_NOBODY)
        mask &= ~bit(v->owner);
    while (mask) {
        uint16_t worker = (uint16_t)__builtin_ctzll(mask);
        mask &= mask - 1;
        send_close(c, worker, handle);
    }
    v->shut = v->owner == WIRE_NOBODY || v->owner == told;
    version_shut(c, handle);
    version_settle(c, handle);
}

/* ---- placing ------------------------------------------------------------ */

static uint16_t place_tile(const struct coordinator *c, uint32_t handle)
{
    struct bind_tile at =
        binding_tile_at(c->binding, walk_version(c->walker, handle)->tile);

    return (uint16_t)(at.i % c->grid_rows +
                      c->grid_rows * (at.j % c->grid_cols));
}

/* Where the first tile that it writes lives; else the owner of what it
 * reads; new tiles go round the grid.  (Moving tasks to idle workers will
 * happen here.) */
static uint16_t place(const struct coordinator *c, const struct walk_operand *o,
                      uint32_t count)
{
    uint32_t k, in;

    if (c->workers == 1 || !count)
        return 0;
    for (k = 0; k < count && !o[k].out; k++)
        ;
    if (k == count)
        k = 0;
    in = o[k].in & WALK_HANDLE;
    if (in && c->versions[in].owner != WIRE_NOBODY)
        return c->versions[in].owner;
    return place_tile(c, o[k].out ? o[k].out : in);
}

/* ---- handing out -------------------------------------------------------- */

/* Room for so many operands in the ring; they keep their order. */
static int ring_room(struct coordinator *c, uint32_t count)
{
    uint32_t used = c->operand_next - c->operand_first, space, k;
    struct walk_operand *ring;

    if (c->operand_space - used >= count)
        return 0;
    space = c->operand_space;
    while (space - used < count && space < 1u << 31)
        space *= 2;
    ring = space - used >= count ? malloc(space * sizeof *ring) : NULL;
    if (!ring) {
        no_memory(c);
        return -1;
    }
    for (k = c->operand_first; k != c->operand_next; k++)
        ring[k & (space - 1)] = c->operands[k & (c->operand_space - 1)];
    free(c->operands);
    c->operands = ring;
    c->operand_space = space;
    return 0;
}

/* The task's operands become users of their versions. */
static void task_enter(struct coordinator *c, struct slot *slot,
                       const struct walk_operand *o)
{
    uint32_t k;

    slot->first = c->operand_next;
    for (k = 0; k < slot->operands; k++) {
        uint32_t in = o[k].in & WALK_HANDLE, out = o[k].out;
        struct walk_operand *kept =
            &c->operands[c->operand_next++ & (c->operand_space - 1)];
        *kept = (struct walk_operand){in, out};
        if (in) {
            struct version *v = &c->versions[in];
            v->open++;
            v->mask |= bit(slot->worker);
            v->remote += v->owner != WIRE_NOBODY && v->owner != slot->worker;
        }
        if (out)
            c->versions[out] =
                (struct version){.open = 1, .owner = slot->worker};
    }
}

/* May the worker of a task close what its operand overwrites? */
static int closes_there(const struct version *v, uint16_t worker)
{
    return v->owner == WIRE_NOBODY || v->owner != worker || !v->remote;
}

static void send_operand(struct coordinator *c, struct wire_writer *batch,
                         const struct walk_operand *o, uint16_t worker)
{
    uint32_t in = o->in & WALK_HANDLE;
    struct version *v = &c->versions[in];
    int closes = (o->in & WALK_CLOSES) && closes_there(v, worker);

    put_u32(batch, in | (closes ? WALK_CLOSES : 0));
    put_u32(batch, o->out);
    if (in) {
        const struct walk_version *version = walk_version(c->walker, in);
        put_u64(batch, version->writer);
        put_u32(batch, version->tile);
        put_u16(batch, v->owner);
    }
    if (o->out)
        put_u32(batch, walk_version(c->walker, o->out)->tile);
}

static int send_task(struct coordinator *c, const struct walk_batch *b,
                     uint32_t index, uint16_t worker)
{
    const struct walk_task *t = &b->tasks[index];
    struct wire_writer *batch = batch_room(
        c, worker, 32 + (size_t)t->operands * 32 + (size_t)t->values * 8);
    uint32_t k;

    if (!batch)
        return -1;
    c->batch_tasks[worker]++;
    put_u8(batch, RECORD_TASK);
    put_u64(batch, b->first + index);
    put_u32(batch, t->entry);
    put_f32(batch, t->priority);
    put_u32(batch, t->operands);
    put_u32(batch, t->values);
    for (k = 0; k < t->operands; k++)
        send_operand(c, batch, &b->operands[t->first_operand + k], worker);
    for (k = 0; k < t->values; k++)
        put_u64(batch, (uint64_t)b->values[t->first_value + k].integer);
    return 0;
}

static void hand_out(struct coordinator *c, const struct walk_batch *b,
                     uint32_t index)
{
    const struct walk_task *t = &b->tasks[index];
    const struct walk_operand *o = &b->operands[t->first_operand];
    struct slot *slot = slot_of(c, c->next);
    uint32_t k;

    if (ring_room(c, t->operands))
        return;
    *slot = (struct slot){.operands = t->operands,
                          .entry = t->entry,
                          .worker = place(c, o, t->operands)};
    task_enter(c, slot, o);
    if (send_task(c, b, index, slot->worker))
        return;
    c->next++;
    c->cost_total += c->costs ? c->costs[t->entry] : 1;
    for (k = 0; k < t->operands; k++) {
        uint32_t in = o[k].in & WALK_HANDLE;
        if (o[k].in & WALK_CLOSES)
            version_close(c, in,
                          closes_there(&c->versions[in], slot->worker)
                              ? slot->worker
                              : WIRE_NOBODY);
    }
}

/* ---- the walk ----------------------------------------------------------- */

static void fail(struct coordinator *c, uint64_t number,
                 const struct tm_error *error)
{
    if (number < c->failed && !c->broken) {
        c->failed = number;
        c->error = *error;
    }
    if (number < c->limit) {
        c->limit = number;
        send_limit(c);
    }
}

static void ask_value(struct coordinator *c, uint32_t handle)
{
    const struct walk_version *version = walk_version(c->walker, handle);
    struct version *v = &c->versions[handle];
    uint16_t worker =
        v->owner == WIRE_NOBODY ? place_tile(c, handle) : v->owner;
    struct wire_writer *batch;

    if (c->workers == 1)
        worker = 0;
    batch = batch_room(c, worker, 32);
    if (!batch)
        return;
    put_u8(batch, RECORD_WANT);
    put_u32(batch, handle);
    put_u64(batch, version->writer);
    put_u32(batch, version->tile);
    put_u64(batch, c->next);
    v->mask |= bit(worker);
    c->wait = handle;
    c->waiting = 1;
}

static void answer(struct coordinator *c, double value)
{
    c->waiting = 0;
    c->answered = 1;
    walk_answer(c->walker, value);
}

static void batch_end(struct coordinator *c, const struct walk_batch *b)
{
    switch (b->state) {
    case WALK_MORE: break;
    case WALK_WAIT:
        if (b->wait)
            ask_value(c, b->wait);
        else
            answer(c, 0); /* nothing has written it */
        break;
    case WALK_DONE:
        c->walked = 1;
        if (c->next < c->limit)
            c->limit = c->next;
        break;
    case WALK_FAILED: c->walked = 1; fail(c, c->next, &b->error);
    }
}

int coordinator_step(struct coordinator *c)
{
    uint64_t room = c->window - (c->next - c->frontier);
    const struct walk_batch *b;
    uint32_t k, close = 0;

    if (c->walked || c->waiting || c->broken || c->limit <= c->next ||
        (room < c->window / 2 && !(c->answered && room)) || !room)
        return 0;
    c->answered = 0;
    b = walk_next(c->walker, room < BATCH_TASKS ? (uint32_t)room : BATCH_TASKS,
                  STEPS);
    if (versions_grow(c, walk_handles(c->walker)))
        return 0;
    for (k = 0; k < b->count && !c->broken; k++) {
        while (close < b->close_count && b->closes[close].before <= k)
            version_close(c, b->closes[close++].handle, WIRE_NOBODY);
        hand_out(c, b, k);
    }
    while (close < b->close_count && !c->broken)
        version_close(c, b->closes[close++].handle, WIRE_NOBODY);
    if (!c->broken)
        batch_end(c, b);
    return 1;
}

/* ---- reports ------------------------------------------------------------ */

/* The unfinished task of that number on that worker, or NULL. */
static struct slot *slot_find(const struct coordinator *c, uint64_t number,
                              uint16_t worker)
{
    struct slot *slot = slot_of(c, number);

    return number >= c->frontier && number < c->next && !slot->done &&
                   slot->worker == worker
               ? slot
               : NULL;
}

static void task_leave(struct coordinator *c, const struct slot *slot)
{
    uint32_t k;

    for (k = 0; k < slot->operands; k++) {
        const struct walk_operand *o =
            &c->operands[(slot->first + k) & (c->operand_space - 1)];
        struct version *v = &c->versions[o->in];
        if (o->in) {
            v->open--;
            if (v->owner != WIRE_NOBODY && v->owner != slot->worker) {
                v->remote--;
                version_shut(c, o->in);
            }
            version_settle(c, o->in);
        }
        if (o->out) {
            c->versions[o->out].open--;
            version_settle(c, o->out);
        }
    }
}

static void line_add(struct coordinator *c, char *text)
{
    struct line *line = malloc(sizeof *line);

    if (!line) {
        free(text);
        no_memory(c);
        return;
    }
    *line = (struct line){NULL, text};
    *c->last_line = line;
    c->last_line = &line->next;
}

char *coordinator_line(struct coordinator *c)
{
    struct line *line = c->lines;
    char *text;

    if (!line)
        return NULL;
    c->lines = line->next;
    if (!c->lines)
        c->last_line = &c->lines;
    text = line->text;
    free(line);
    return text;
}

static void frontier_move(struct coordinator *c)
{
    while (c->frontier < c->next) {
        struct slot *slot = slot_of(c, c->frontier);
        if (!slot->done)
            return;
        if (slot->text)
            line_add(c, slot->text);
        slot->text = NULL;
        c->operand_first += slot->operands;
        c->frontier++;
    }
}

static int read_done(struct coordinator *c, uint16_t from,
                     struct wire_reader *r)
{
    uint32_t count = get_u32(r), k;

    if (!wire_has(r, (size_t)count * 8))
        return -1;
    for (k = 0; k < count; k++) {
        struct slot *slot = slot_find(c, get_u64(r), from);
        if (!slot)
            return -1;
        slot->done = 1;
        c->done++;
        c->cost_done += c->costs ? c->costs[slot->entry] : 1;
        task_leave(c, slot);
    }
    frontier_move(c);
    return 0;
}

static int read_failed(struct coordinator *c, uint16_t from,
                       struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    uint32_t status = get_u32(r), place = get_u32(r), length;
    const unsigned char *text = get_bytes(r, &length);
    struct tm_error error;

    if (r->failed || number < c->frontier || number > c->next || !status ||
        status > 255 || from >= c->workers ||
        (place != PLAN_NONE && place >= c->binding->plan->places.count))
        return -1;
    error_clear(&error);
    error_set(&error, (int)status, "%.*s", length < 1000 ? (int)length : 1000,
              text);
    error.place = place;
    fail(c, number, &error);
    return 0;
}

static int read_text(struct coordinator *c, uint16_t from,
                     struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    uint32_t length;
    const unsigned char *text = get_bytes(r, &length);
    struct slot *slot = r->failed ? NULL : slot_find(c, number, from);

    if (!slot || slot->text)
        return -1;
    slot->text = malloc((size_t)length + 1);
    if (!slot->text) {
        no_memory(c);
        return 0;
    }
    memcpy(slot->text, text, length);
    slot->text[length] = 0;
    return 0;
}

static int read_value(struct coordinator *c, struct wire_reader *r)
{
    uint32_t handle = get_u32(r);
    double value = get_f64(r);

    if (r->failed || !c->waiting || handle != c->wait)
        return -1;
    answer(c, value);
    return 0;
}

void coordinator_message(struct coordinator *c, uint16_t from,
                         const void *bytes, size_t size)
{
    struct wire_reader r;
    enum wire_kind kind;
    uint16_t sender;
    int bad;

    if (!wire_open(&r, bytes, size, &kind, &sender) || sender != from ||
        from >= c->workers || kind != WIRE_REPORT) {
        c->bad++;
        return;
    }
    while (r.next < r.end && !c->broken) {
        switch (get_u8(&r)) {
        case RECORD_DONE: bad = read_done(c, from, &r); break;
        case RECORD_FAILED: bad = read_failed(c, from, &r); break;
        case RECORD_TEXT: bad = read_text(c, from, &r); break;
        case RECORD_VALUE: bad = read_value(c, &r); break;
        default: bad = 1;
        }
        if (bad) { /* what follows can't be told from noise */
            c->bad++;
            return;
        }
    }
}

struct wire_outbox *coordinator_outbox(struct coordinator *c)
{
    uint16_t k;

    for (k = 0; k < c->workers; k++)
        batch_send(c, k);
    return &c->outbox;
}

/* ---- how it stands ------------------------------------------------------ */

int coordinator_finished(const struct coordinator *c)
{
    return c->broken || c->frontier >= c->limit;
}

const struct tm_error *coordinator_error(const struct coordinator *c)
{
    return &c->error;
}

uint64_t coordinator_bad(const struct coordinator *c)
{
    return c->bad;
}

int coordinator_waits(const struct coordinator *c)
{
    return c->waiting;
}

void coordinator_progress(const struct coordinator *c,
                          struct coordinator_progress *progress)
{
    progress->tasks = c->done;
    progress->unfolded = c->next - 1;
    progress->cost_done = c->cost_done;
    progress->cost_total = c->cost_total;
    progress->whole = c->walked;
}

void coordinator_describe(const struct coordinator *c, char *text, size_t size)
{
    const struct slot *slot = slot_of(c, c->frontier);

    if (c->frontier < c->next)
        snprintf(
            text, size,
            "task %" PRIu64 " (%s) is with worker %d and does not end",
            c->frontier,
            kernel_table[c->binding->plan->entries.items[slot->entry].kernel]
                .name,
            slot->worker);
    else
        snprintf(text, size, "the walk %s after task %" PRIu64,
                 c->waiting ? "waits for a number" : "does not go on",
                 c->next - 1);
}
