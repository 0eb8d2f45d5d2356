/* The worker: versions by handle, and tasks that wait for them.
 *
 * A task counts the versions that it misses; each of these has a list of the
 * operands that wait for it, linked through the operands themselves. */
#include "runtime/worker_private.h"

#include <inttypes.h>
#include <stdlib.h>

static int no_memory(struct worker *w)
{
    return error_set(&w->error, TM_EMEMORY,
                     "out of memory for the tables of the run");
}

/* ---- where versions lie -------------------------------------------------- */

static int handles_grow(struct worker *w, uint32_t handle)
{
    uint64_t space = w->handle_space ? w->handle_space : 256;
    uint32_t *place;

    if (handle >= w->handles_most)
        return -1;
    while (space <= handle)
        space *= 2;
    place = calloc(space, sizeof *place); /* untouched pages cost nothing */
    if (!place)
        return no_memory(w);
    if (w->place)
        memcpy(place, w->place, w->handle_space * sizeof *place);
    free(w->place);
    w->place = place;
    w->handle_space = (uint32_t)space;
    return 0;
}

/* Both tables of places grow together, so that giving back can't fail. */
static int versions_grow(struct worker *w)
{
    uint32_t space = w->version_space ? 2 * w->version_space : 64, *spare;
    struct version *versions = realloc(w->versions, space * sizeof *versions);

    if (!versions)
        return no_memory(w);
    w->versions = versions;
    spare = realloc(w->spare, space * sizeof *spare);
    if (!spare)
        return no_memory(w);
    w->spare = spare;
    w->version_space = space;
    return 0;
}

static int tables_open(struct worker *w)
{
    if (handles_grow(w, 0) || versions_grow(w))
        return -1;
    w->versions[0] = (struct version){0};
    return 0;
}

/* It has a place from now on.  NULL: no run has such a handle, or out of
 * memory. */
static struct version *version_at(struct worker *w, uint32_t handle)
{
    uint32_t place;

    if (handle >= w->handle_space && handles_grow(w, handle))
        return NULL;
    if (!handle || w->place[handle])
        return worker_version(w, handle);
    if (w->spare_count) {
        place = w->spare[--w->spare_count];
    } else {
        if (w->version_last + 1 == w->version_space && versions_grow(w))
            return NULL;
        place = ++w->version_last;
    }
    w->place[handle] = place;
    w->versions[place] = (struct version){.handle = handle};
    return &w->versions[place];
}

static void place_give(struct worker *w, struct version *v)
{
    w->spare[w->spare_count++] = w->place[v->handle];
    w->place[v->handle] = 0;
    v->handle = 0;
}

/* ---- a worker ------------------------------------------------------------ */

struct worker *worker_new(uint16_t self, uint16_t workers,
                          const struct binding *binding,
                          const struct job_input *inputs, struct store *store)
{
    struct worker *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    w->self = self;
    w->workers = workers;
    w->binding = binding;
    w->inputs = inputs;
    w->store = store;
    w->limit = UINT64_MAX;
    w->handles_most = HANDLES_MOST;
    if (binding->tiles < (HANDLES_MOST - HANDLES_LEAST) / 8192)
        w->handles_most = HANDLES_LEAST + 8192 * (uint32_t)binding->tiles;
    error_clear(&w->error);
    outbox_init(&w->outbox);
    if (!tables_open(w))
        return w;
    worker_free(w);
    return NULL;
}

void worker_free(struct worker *w)
{
    uint32_t k;

    if (!w)
        return;
    memory_free(w->memory);
    tasks_fini(&w->tasks);
    for (k = 1; k <= w->version_last; k++)
        while (w->versions[k].gets) {
            struct get *get = w->versions[k].gets;
            w->versions[k].gets = get->next;
            free(get);
        }
    outbox_fini(&w->outbox);
    free(w->report.bytes);
    free(w->place);
    free(w->versions);
    free(w->spare);
    free(w->held);
    free(w->held_tile);
    free(w->retired);
    free(w);
}

/* ---- versions ----------------------------------------------------------- */

static void ready_push(struct worker *w, struct ready item)
{
    if (w->memory)
        memory_sort(w->memory, &item);
    if (tasks_push(&w->tasks, item))
        no_memory(w);
}

static void task_ready(struct worker *w, const struct task *task)
{
    ready_push(w, (struct ready){.number = task->number,
                                 .priority = task->priority,
                                 .task = task->id});
}

static size_t tile_bytes(const struct worker *w, uint32_t tile)
{
    struct bind_tile at = binding_tile_at(w->binding, tile);

    return job_tile_bytes(w->binding, &at);
}

static double nothing[2]; /* stands for all hollow tiles, never written */

static void *tile_take(struct worker *w, size_t bytes)
{
    if (w->hollow)
        return nothing;
    retired_make_room(w, bytes);
    return store_take(w->store, bytes);
}

static void tile_give(struct worker *w, void *data, uint32_t tile)
{
    if (!w->hollow)
        store_give(w->store, data, tile_bytes(w, tile));
}

void worker_hollow(struct worker *w)
{
    w->hollow = 1;
}

/* Tasks that wait for the version go on. */
static void wake_waiters(struct worker *w, struct version *v)
{
    uint32_t link = v->waiter, k;

    v->waiter = 0;
    while (link) {
        struct task *task = tasks_linked(&w->tasks, link, &k);
        link = operand_wake(&task->operand[k], v->handle);
        if (!--task->missing)
            task_ready(w, task);
    }
}

/* The version is no more, or its successor has taken its place. */
static void leave_home(struct worker *w, struct version *v)
{
    struct home *home = homes_get(w->homes, v->tile);

    if (home->guest == v->handle)
        home->guest = 0;
    wake_waiters(w, v);
}

static void version_drop(struct worker *w, struct version *v)
{
    struct get *gets = v->gets; /* of the next to have this handle */

    if (v->kind == POOL && v->data)
        tile_give(w, v->data, v->tile);
    if (v->kind == HOME)
        leave_home(w, v);
    if (w->memory)
        memory_forget(w->memory, v->handle);
    *v = (struct version){.gets = gets, .handle = v->handle};
    w->version_count--;
    if (!gets)
        place_give(w, v);
}

static int may_retire(const struct worker *w, const struct version *v)
{
    return v->kind == POOL && v->writer &&
           retired_wants(w, v->data, v->used);
}

static struct held held_of(const struct version *v, int64_t slot)
{
    return (struct held){.data = v->data,
                         .slot = slot,
                         .writer = v->writer,
                         .tile = v->tile,
                         .used = v->used};
}

/* The coordinator may give its handle to another version as soon as the last
 * task that reads this one is done. */
static void version_settle(struct worker *w, struct version *v)
{
    if (!v->closed || v->wanted || v->state != READY)
        return;
    if (v->readers == 1 && w->memory && memory_disown(w->memory, v)) {
        v->data = NULL;
        v->readers = 0;
    }
    if (v->readers)
        return;
    if (v->data && may_retire(w, v) && retired_add(w, held_of(v, -1)))
        v->data = NULL;
    version_drop(w, v);
}

static void report_open(struct worker *w)
{
    if (w->report.size)
        return;
    outbox_reuse(&w->outbox, &w->report);
    wire_begin(&w->report, WIRE_REPORT, w->self);
}

static void send_value(struct worker *w, uint32_t handle,
                       const struct version *v)
{
    uint32_t matrix = binding_tile_at(w->binding, v->tile).matrix;
    uint8_t type = w->binding->matrices[matrix].type;
    int complex = type == TM_C64 || type == TM_C128;
    double part[2] = {0, 0}, value;
    float single[2] = {0, 0};

    if (type == TM_F32 || type == TM_C64) {
        memcpy(single, v->data, (complex ? 2 : 1) * sizeof *single);
        part[0] = single[0];
        part[1] = single[1];
    } else {
        memcpy(part, v->data, (complex ? 2 : 1) * sizeof *part);
    }
    value = part[0] != 0 ? part[0] : part[1]; /* a test asks: is it 0? */
    report_open(w);
    if (wire_room(&w->report, 16))
        return;
    w->urgent = 1;
    put_u8(&w->report, RECORD_VALUE);
    put_u32(&w->report, handle);
    put_f64(&w->report, value);
}

static void send_tile(struct worker *w, uint32_t handle, struct version *v,
                      uint16_t peer)
{
    uint64_t total = tile_bytes(w, v->tile), offset;
    const char *data = v->data;

    v->used = 1;
    for (offset = 0; offset < total; offset += WIRE_TILE_BYTES) {
        struct wire_writer message = {0};
        uint64_t size = total - offset;
        if (size > WIRE_TILE_BYTES)
            size = WIRE_TILE_BYTES;
        if (w->hollow)
            size = 1;
        wire_begin(&message, WIRE_TILE, w->self);
        if (!wire_room(&message, size + 32)) {
            put_u32(&message, w->epoch);
            put_u32(&message, handle);
            put_u64(&message, v->writer);
            put_u64(&message, offset);
            put_u64(&message, total);
            put_bytes(&message, data + offset, (uint32_t)size);
        }
        outbox_add(&w->outbox, peer, &message);
        if (w->hollow)
            return;
    }
}

/* Answer those who wait for this version, and no later one of its handle. */
static void answer_gets(struct worker *w, uint32_t handle, struct version *v)
{
    struct get **link = &v->gets;

    while (*link) {
        struct get *get = *link;
        if (get->writer != v->writer || get->epoch != w->epoch) {
            link = &get->next;
            continue;
        }
        send_tile(w, handle, v, get->peer);
        *link = get->next;
        free(get);
    }
}

static void send_kept(struct worker *w, uint32_t handle, uint64_t writer)
{
    report_open(w);
    if (wire_room(&w->report, 16))
        return;
    w->urgent = 1;
    put_u8(&w->report, RECORD_KEPT);
    put_u32(&w->report, handle);
    put_u64(&w->report, writer);
}

static void answer_wants(struct worker *w, uint32_t handle, struct version *v)
{
    uint8_t wanted = v->wanted;

    v->wanted = 0;
    if (wanted & WANT_VALUE)
        send_value(w, handle, v);
    if (wanted & WANT_KEPT)
        send_kept(w, handle, v->writer);
}

static void version_ready(struct worker *w, uint32_t handle)
{
    struct version *v = worker_version(w, handle);

    v->state = READY;
    wake_waiters(w, v);
    if (v->gets)
        answer_gets(w, handle, v);
    if (v->wanted)
        answer_wants(w, handle, v);
    version_settle(w, v);
}

/* A version that no task makes: zeros, the host's memory, or a load. */
static void version_start(struct worker *w, uint32_t handle, uint64_t number,
                          float priority)
{
    struct version *v = worker_version(w, handle);
    struct bind_tile at = binding_tile_at(w->binding, v->tile);
    const struct plan_matrix *m = &w->binding->plan->matrices.items[at.matrix];
    const struct job_input *in =
        m->kind == MATRIX_INPUT ? &w->inputs[m->input] : NULL;

    if (m->kind == MATRIX_TEMP) {
        const void *zeros =
            store_zeros(w->store, job_tile_bytes(w->binding, &at));
        if (!zeros) {
            no_memory(w);
            return;
        }
        v->data = (void *)(uintptr_t)zeros;
        v->kind = ZERO;
        v->state = READY;
    } else if (in && in->direct) {
        const char *data = in->data + (at.row * in->rs + at.col * in->cs) *
                                          (int64_t)type_bytes(in->type);
        v->data = (void *)(uintptr_t)data;
        v->kind = HOST;
        v->state = READY;
    } else if (w->memory && memory_lazy(w->memory, v)) {
        v->state = READY;
    } else {
        v->state = LOADING;
        ready_push(w, (struct ready){.number = number,
                                     .priority = priority,
                                     .load = handle});
    }
}

static void send_get(struct worker *w, uint32_t handle, uint64_t writer,
                     uint16_t owner)
{
    struct wire_writer message = {0};

    wire_begin(&message, WIRE_GET, w->self);
    if (!wire_room(&message, 16)) {
        put_u32(&message, w->epoch);
        put_u32(&message, handle);
        put_u64(&message, writer);
    }
    outbox_add(&w->outbox, owner, &message);
}

/* ---- messages of the coordinator ---------------------------------------- */

/* The version that a record names, known from now on; NULL: nonsense. */
static struct version *version_named(struct worker *w, uint32_t handle,
                                     uint64_t writer, uint32_t tile,
                                     uint64_t number, float priority,
                                     uint16_t owner)
{
    struct version *v = version_at(w, handle);

    if (!v || !handle || tile >= w->binding->tiles || writer >= number)
        return NULL;
    if (v->state != ABSENT)
        return v->writer == writer && v->tile == tile && !v->closed ? v : NULL;
    if (writer && (owner >= WIRE_WORKERS || owner == w->self))
        return NULL;
    v->writer = writer;
    v->tile = tile;
    w->version_count++;
    if (writer) {
        v->state = FETCHING;
        send_get(w, handle, writer, owner);
    } else {
        version_start(w, handle, number, priority);
    }
    return v;
}

static int read_in(struct worker *w, struct wire_reader *r, struct task *task,
                   uint32_t k, uint32_t handle)
{
    uint64_t writer = get_u64(r);
    uint32_t tile = get_u32(r);
    uint16_t owner = get_u16(r);
    struct version *v;

    if (r->failed)
        return -1;
    v = version_named(w, handle, writer, tile, task->number, task->priority,
                      owner);
    if (!v)
        return -1;
    v->readers++;
    task->operand[k].in = handle;
    if (v->state != READY)
        version_await(v, task, k);
    return 0;
}

static void note_newest(struct worker *w, uint32_t out)
{
    struct home *home = homes_get(w->homes, worker_version(w, out)->tile);

    if (home)
        home->newest = out;
}

static int read_out(struct worker *w, struct wire_reader *r, struct task *task,
                    uint32_t k, uint32_t out)
{
    uint32_t tile = get_u32(r);
    struct version *v = version_at(w, out);

    if (r->failed || !v || tile >= w->binding->tiles || v->state != ABSENT)
        return -1;
    v->writer = task->number;
    v->tile = tile;
    v->state = PENDING;
    w->version_count++;
    task->operand[k].out |= out;
    if (w->homes)
        note_newest(w, out);
    return 0;
}

/* Not before all operands are read: another one may read it too. */
static void close_overwritten(struct worker *w, struct wire_reader r,
                              uint32_t operands)
{
    uint32_t k, in, out;

    for (k = 0; k < operands; k++) {
        in = get_u32(&r);
        out = get_u32(&r);
        r.next += (in ? WIRE_IN : 0) + (out ? WIRE_OUT : 0);
        if (in & WALK_CLOSES)
            worker_version(w, in & WALK_HANDLE)->closed = 1;
    }
}

static int read_operands(struct worker *w, struct wire_reader *r,
                         struct task *task)
{
    const struct wire_reader first = *r;
    uint32_t operands = task_operands(task), k, in, out, closes = 0;

    memset(task->operand, 0, operands * sizeof *task->operand);
    for (k = 0; k < operands; k++) {
        in = get_u32(r);
        out = get_u32(r);
        if ((in && read_in(w, r, task, k, in & WALK_HANDLE)) ||
            (out && read_out(w, r, task, k, out)))
            return -1;
        closes |= in & WALK_CLOSES;
    }
    if (closes)
        close_overwritten(w, first, operands);
    return 0;
}

/* A task that makes no sense stays, and waits for ever: what it reads may know
 * it already. */
static int read_task(struct worker *w, struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    uint32_t entry = get_u32(r), operands, values, k;
    float priority = get_f32(r);
    const struct plan *plan = w->binding->plan;
    struct task *task;

    operands = get_u32(r);
    values = get_u32(r);
    if (r->failed || number <= w->newest || number >> 48 ||
        values > TASK_VALUES || (entry & ~WIRE_ALONE) >= plan->entries.count ||
        plan->entries.items[entry & ~WIRE_ALONE].kind != ENTRY_TASK ||
        !wire_has(r, (size_t)operands * 8 + (size_t)values * 8))
        return -1;
    task = task_new(&w->tasks, operands, values);
    if (!task)
        return no_memory(w);
    w->newest = number;
    task->number = number;
    task->entry = entry;
    task->priority = priority;
    task->missing = 1; /* until it is read */
    if (read_operands(w, r, task))
        return -1;
    for (k = 0; k < values; k++)
        task_value(task)[k].integer = (int64_t)get_u64(r);
    if (r->failed)
        return -1;
    if (!--task->missing)
        task_ready(w, task);
    return 0;
}

static int read_close(struct worker *w, struct wire_reader *r)
{
    uint32_t handle = get_u32(r);
    struct version *v;

    if (r->failed || handle >= w->handle_space)
        return -1;
    v = worker_version(w, handle);
    if (v->state == ABSENT || v->closed)
        return -1;
    v->closed = 1;
    version_settle(w, v);
    return 0;
}

static int read_want(struct worker *w, struct wire_reader *r)
{
    uint32_t handle = get_u32(r);
    uint64_t writer = get_u64(r);
    uint32_t tile = get_u32(r);
    uint64_t number = get_u64(r);
    struct version *v;

    if (r->failed)
        return -1;
    v = version_named(w, handle, writer, tile, number, 0, WIRE_NOBODY);
    if (!v)
        return -1;
    v->wanted |= WANT_VALUE;
    if (v->state == READY)
        answer_wants(w, handle, v);
    return 0;
}

static int read_keep(struct worker *w, struct wire_reader *r)
{
    uint32_t handle = get_u32(r);
    uint64_t writer = get_u64(r);
    uint32_t tile = get_u32(r);
    uint16_t owner = get_u16(r);
    struct version *v;

    if (r->failed || !writer)
        return -1;
    v = version_named(w, handle, writer, tile, UINT64_MAX, 0, owner);
    if (!v)
        return -1;
    v->wanted |= WANT_KEPT;
    if (v->state == READY)
        answer_wants(w, handle, v);
    return 0;
}

static int read_go(struct worker *w, struct wire_reader *r)
{
    uint64_t number = get_u64(r);

    if (r->failed || w->alone.number != number || w->alone_state != SAID)
        return -1;
    w->alone_state = MAY_BEGIN;
    return 0;
}

/* The version that tasks wait for, whose writer is the lowest; NULL: none. */
static const struct version *first_missing(const struct worker *w)
{
    const struct version *first = NULL, *v;
    uint32_t k;

    for (k = 1; k <= w->version_last; k++) {
        v = &w->versions[k];
        if (v->state != ABSENT && v->state != READY && v->waiter &&
            (!first || v->writer < first->writer))
            first = v;
    }
    return first;
}

static uint32_t waiters_of(const struct worker *w, const struct version *v)
{
    uint32_t link = v->waiter, count = 0, k;

    for (; link; count++) {
        const struct task *task = tasks_linked(&w->tasks, link, &k);
        link = task->operand[k].in;
    }
    return count;
}

static void report_state(struct worker *w)
{
    const struct version *missing = first_missing(w);

    report_open(w);
    if (wire_room(&w->report, 64))
        return;
    w->urgent = 1;
    put_u8(&w->report, RECORD_STATE);
    put_u32(&w->report, w->taken);
    put_u32(&w->report, worker_ready(w));
    put_u32(&w->report, w->tasks.open);
    put_u32(&w->report, missing ? waiters_of(w, missing) : 0);
    put_u32(&w->report, missing ? missing->tile : 0);
    put_u64(&w->report, missing ? missing->writer : 0);
    put_u64(&w->report, w->arrived);
}

/* ---- the next epoch ----------------------------------------------------- */

int worker_held_add(struct worker *w, struct held one)
{
    uint32_t space = w->held_space ? 2 * w->held_space : 64;
    struct held *held;

    if (w->held_count == w->held_space) {
        held = realloc(w->held, space * sizeof *held);
        if (!held)
            return no_memory(w);
        w->held = held;
        w->held_space = space;
    }
    w->held[w->held_count++] = one;
    return 0;
}

static int is_held(const struct held *held)
{
    return held->data || held->slot >= 0;
}

/* What a task made goes to the held ones, without its handle. */
static void version_put_by(struct worker *w, struct version *v)
{
    struct get **link = &v->gets;

    if (v->state == READY && v->kind == POOL && v->writer) {
        int64_t slot = v->data || !w->memory
                           ? -1
                           : memory_take_slot(w->memory, v->handle);
        if ((v->data || slot >= 0) && !worker_held_add(w, held_of(v, slot)))
            v->data = NULL;
    }
    while (*link) {
        struct get *get = *link;
        if (get->epoch >= w->epoch) {
            link = &get->next;
            continue;
        }
        *link = get->next;
        free(get);
    }
    if (v->state != ABSENT)
        version_drop(w, v);
    else if (v->handle && !v->gets)
        place_give(w, v);
}

const void *worker_held(struct worker *w, uint32_t index,
                        struct tm_error *error)
{
    const struct held *held = index < w->held_count ? &w->held[index] : NULL;

    if (!held || !is_held(held)) {
        error_set(error, TM_EBUG, "version %u is not held", index);
        return NULL;
    }
    if (held->data)
        return held->data;
    free(w->held_tile);
    w->held_tile = malloc(tile_bytes(w, held->tile));
    if (!w->held_tile)
        error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
    else if (!memory_read_slot(w->memory, held->slot, w->held_tile,
                               tile_bytes(w, held->tile), error))
        return w->held_tile;
    return NULL;
}

int worker_hold(struct worker *w, uint32_t tile, uint64_t writer,
                const void *data, struct tm_error *error)
{
    struct version v = {.tile = tile, .writer = writer};
    size_t bytes = tile_bytes(w, tile);
    int64_t slot = -1;

    if (w->memory && memory_put_slot(w->memory, data, bytes, &slot, error))
        return error->status;
    if (slot < 0) {
        v.data = tile_take(w, bytes);
        if (v.data && !w->hollow)
            memcpy(v.data, data, bytes);
    }
    if ((slot < 0 && !v.data) || worker_held_add(w, held_of(&v, slot)))
        return error_set(error, TM_EMEMORY, "out of memory for %zu bytes",
                         bytes);
    return 0;
}

static void report_held(struct worker *w)
{
    uint32_t k, count = 0;

    for (k = 0; k < w->held_count; k++) /* those of an older HELD close up */
        if (is_held(&w->held[k]))
            w->held[count++] = w->held[k];
    w->held_count = count;
    report_open(w);
    if (wire_room(&w->report, 16 + (size_t)count * 12))
        return;
    w->urgent = 1;
    put_u8(&w->report, RECORD_HELD);
    put_u32(&w->report, w->epoch);
    put_u32(&w->report, count);
    for (k = 0; k < count; k++) {
        put_u32(&w->report, w->held[k].tile);
        put_u64(&w->report, w->held[k].writer);
    }
}

/* Nothing runs: tasks and handles are forgotten, the versions are told. */
static void reset(struct worker *w)
{
    uint32_t k;

    w->resetting = 0;
    tasks_clear(&w->tasks);
    if (w->memory)
        memory_reset(w->memory);
    for (k = 1; k <= w->version_last; k++)
        version_put_by(w, &w->versions[k]);
    retired_hold(w);
    w->newest = 0;
    w->alone.number = 0;
    report_held(w);
}

static int read_reset(struct worker *w, struct wire_reader *r)
{
    uint32_t epoch = get_u32(r);

    if (r->failed || epoch <= w->epoch)
        return -1;
    w->epoch = epoch;
    w->resetting = 1;
    if (!w->taken)
        reset(w);
    return 0;
}

static int read_drop(struct worker *w, struct wire_reader *r)
{
    uint32_t count = get_u32(r), k;

    if (!wire_has(r, (size_t)count * 4))
        return -1;
    for (k = 0; k < count; k++) {
        uint32_t index = get_u32(r);
        struct held *held;
        if (index >= w->held_count || !is_held(&w->held[index]))
            return -1;
        held = &w->held[index];
        if (retired_wants(w, held->data, held->used) && retired_add(w, *held))
            ; /* another loss may ask for it */
        else if (held->data)
            tile_give(w, held->data, held->tile);
        else
            memory_give_slot(w->memory, held->slot, tile_bytes(w, held->tile));
        held->data = NULL;
        held->slot = -1;
    }
    return 0;
}

static int read_adopt(struct worker *w, struct wire_reader *r)
{
    uint32_t index = get_u32(r), handle = get_u32(r);
    struct version *v = version_at(w, handle);

    if (r->failed || !handle || !v || v->state != ABSENT ||
        index >= w->held_count || !is_held(&w->held[index]))
        return -1;
    v->writer = w->held[index].writer;
    v->tile = w->held[index].tile;
    v->data = w->held[index].data;
    v->used = w->held[index].used;
    v->kind = POOL;
    if (!v->data && memory_set_slot(w->memory, handle, w->held[index].slot))
        return -1;
    w->held[index].data = NULL;
    w->held[index].slot = -1;
    w->version_count++;
    if (!v->data && v->gets)
        memory_fetch(w->memory, handle);
    else
        version_ready(w, handle);
    return 0;
}

static int read_save(struct worker *w, struct wire_reader *r)
{
    uint32_t index = get_u32(r);
    struct wire_writer message = {0};
    struct tm_error error;
    const void *data;
    size_t bytes;

    error_clear(&error);
    data = r->failed ? NULL : worker_held(w, index, &error);
    if (!data)
        return -1;
    bytes = tile_bytes(w, w->held[index].tile);
    wire_begin(&message, WIRE_SAVED, w->self);
    if (!wire_room(&message, bytes + 16)) {
        put_u32(&message, w->held[index].tile);
        put_u64(&message, w->held[index].writer);
        memcpy(message.bytes + message.size, data, bytes);
        message.size += bytes;
    }
    outbox_add(&w->outbox, WIRE_COORDINATOR, &message);
    return 0;
}

static void read_batch(struct worker *w, struct wire_reader *r)
{
    while (r->next < r->end && !w->error.status) {
        uint64_t limit;
        int bad;
        switch (get_u8(r)) {
        case RECORD_TASK: bad = read_task(w, r); break;
        case RECORD_CLOSE: bad = read_close(w, r); break;
        case RECORD_WANT: bad = read_want(w, r); break;
        case RECORD_LIMIT:
            limit = get_u64(r);
            bad = r->failed;
            if (!bad && limit < w->limit)
                w->limit = limit;
            break;
        case RECORD_RESET: bad = read_reset(w, r); break;
        case RECORD_DROP: bad = read_drop(w, r); break;
        case RECORD_ADOPT: bad = read_adopt(w, r); break;
        case RECORD_KEEP: bad = read_keep(w, r); break;
        case RECORD_SAVE: bad = read_save(w, r); break;
        case RECORD_GO: bad = read_go(w, r); break;
        case RECORD_BYE:
            w->released = 1;
            bad = 0;
            break;
        case RECORD_ASK:
            report_state(w);
            bad = 0;
            break;
        default: bad = 1;
        }
        if (bad) { /* what follows can't be told from noise */
            w->bad += !w->error.status;
            return;
        }
    }
}

/* ---- messages of other workers ------------------------------------------ */

static int read_get(struct worker *w, uint16_t from, struct wire_reader *r)
{
    uint32_t epoch = get_u32(r), handle = get_u32(r);
    uint64_t writer = get_u64(r);
    struct version *v;
    struct get *get;

    if (r->failed || !handle || !writer || handle > WALK_HANDLE)
        return -1;
    if (epoch < w->epoch)
        return 0;
    v = version_at(w, handle);
    if (!v)
        return -1;
    if (epoch == w->epoch && v->state != ABSENT && writer < v->writer)
        return -1; /* it was closed: nobody can still want it */
    if (epoch == w->epoch && v->state == READY && v->writer == writer &&
        !v->data) {
        memory_fetch(w->memory, handle);
    } else if (epoch == w->epoch && v->state == READY && v->writer == writer) {
        if (v->kind != POOL)
            return -1;
        send_tile(w, handle, v, from);
        return 0;
    }
    get = malloc(sizeof *get);
    if (!get)
        return no_memory(w);
    *get = (struct get){v->gets, writer, epoch, from};
    v->gets = get;
    return 0;
}

static int read_tile(struct worker *w, struct wire_reader *r)
{
    uint32_t epoch = get_u32(r), handle = get_u32(r), size;
    uint64_t writer = get_u64(r), offset = get_u64(r), total = get_u64(r);
    const unsigned char *bytes = get_bytes(r, &size);
    struct version *v;

    if (r->failed || !size)
        return -1;
    if (epoch < w->epoch)
        return 0;
    if (handle >= w->handle_space)
        return -1;
    v = worker_version(w, handle);
    if (v->state != FETCHING || v->writer != writer || offset != v->arrived ||
        total != tile_bytes(w, v->tile) || size > total - offset)
        return -1;
    if (!v->data)
        v->data = tile_take(w, total);
    if (!v->data)
        return no_memory(w);
    v->kind = POOL;
    if (!w->hollow)
        memcpy((char *)v->data + offset, bytes, size);
    v->arrived += w->hollow ? total : size;
    w->arrived += w->hollow ? total : size;
    if (v->arrived == total)
        version_ready(w, handle);
    return 0;
}

static int read_hold(struct worker *w, struct wire_reader *r)
{
    uint32_t tile = get_u32(r);
    uint64_t writer = get_u64(r);

    if (r->failed || !writer || tile >= w->binding->tiles ||
        (size_t)(r->end - r->next) != tile_bytes(w, tile))
        return -1;
    return worker_hold(w, tile, writer, r->next, &w->error);
}

void worker_message(struct worker *w, uint16_t from, const void *bytes,
                    size_t size)
{
    struct wire_reader r;
    enum wire_kind kind;
    uint16_t sender;
    int bad = 1;

    if (wire_open(&r, bytes, size, &kind, &sender) && sender == from) {
        if (kind == WIRE_BATCH && from == WIRE_COORDINATOR) {
            read_batch(w, &r);
            bad = 0;
        } else if (from == WIRE_COORDINATOR && kind == WIRE_HOLD) {
            bad = read_hold(w, &r);
        } else if (from < WIRE_WORKERS && kind == WIRE_GET) {
            bad = read_get(w, from, &r);
        } else if (from < WIRE_WORKERS && kind == WIRE_TILE) {
            bad = read_tile(w, &r);
        }
    }
    if (bad && !w->error.status)
        w->bad++;
}

/* ---- jobs --------------------------------------------------------------- */

/* May the task write where the version that it updates lies? */
static int in_place(const struct worker *w, const struct version *v,
                    uint32_t out_tile)
{
    struct bind_tile a, b;

    if (!v->closed || v->readers != 1 || v->gets || v->wanted || !v->data)
        return 0;
    if (v->kind == HOME)
        return v->tile == out_tile;
    if (v->kind != POOL)
        return 0;
    if (v->tile == out_tile)
        return 1;
    a = binding_tile_at(w->binding, v->tile);
    b = binding_tile_at(w->binding, out_tile);
    return a.rows == b.rows && a.cols == b.cols &&
           w->binding->matrices[a.matrix].type ==
               w->binding->matrices[b.matrix].type;
}

/* The tile's home, if it is free and this version, which is made now, is the
 * newest. */
static int take_home(struct worker *w, uint32_t out, struct job_operand *x)
{
    struct home *home = w->homes ? homes_get(w->homes, x->out_tile) : NULL;

    if (!home || home->guest ||
        home->newest != (worker_version(w, out)->writer ? out : 0))
        return 0;
    home->guest = out;
    x->to = homes_at(w->homes, x->out_tile, &x->to_ld);
    if (homes_past(w->homes, x->out_tile))
        x->flags |= JOB_PAST;
    return 1;
}

/* Memory for the version that is made. */
static int take_buffer(struct worker *w, uint32_t out, struct job_operand *x)
{
    if (take_home(w, out, x))
        return 0;
    x->to = tile_take(w, tile_bytes(w, x->out_tile));
    return x->to ? 0 : -1;
}

/* Memory of the version that is updated becomes that of the one made. */
static void take_over(struct worker *w, struct version *v, uint32_t out,
                      struct job_operand *x)
{
    x->to = v->data;
    x->to_ld = x->from_ld;
    v->data = NULL;
    if (v->kind == HOME)
        homes_get(w->homes, v->tile)->guest = out;
}

static int take_operand(struct worker *w, const struct operand *o,
                        struct job_operand *x)
{
    struct version *v = worker_version(w, o->in);

    *x = (struct job_operand){0};
    if (o->in) {
        x->from = v->data;
        x->in_tile = v->tile;
        x->flags = v->kind == HOST ? JOB_HOST : 0;
        if (v->kind == HOME)
            homes_at(w->homes, v->tile, &x->from_ld);
    }
    if (!o->out)
        return 0;
    x->out_tile = worker_version(w, o->out)->tile;
    if (o->in && in_place(w, v, x->out_tile)) {
        take_over(w, v, o->out, x);
        return 0;
    }
    x->flags |= o->in && v->kind != ZERO ? JOB_COPY : JOB_FRESH;
    return take_buffer(w, o->out, x);
}

static void report_failed(struct worker *w, uint64_t number,
                          const struct tm_error *error)
{
    uint32_t length = (uint32_t)strlen(error->text);

    w->urgent = 1;
    report_open(w);
    if (!wire_room(&w->report, 32 + length)) {
        put_u8(&w->report, RECORD_FAILED);
        put_u64(&w->report, number);
        put_u32(&w->report, (uint32_t)error->status);
        put_u32(&w->report, error->place);
        put_bytes(&w->report, error->text, length);
    }
    if (number < w->limit)
        w->limit = number;
}

static void report_no_buffer(struct worker *w, uint64_t number, uint32_t entry,
                             uint32_t tile)
{
    struct tm_error error;
    struct bind_tile at = binding_tile_at(w->binding, tile);

    error_clear(&error);
    error_set(&error, TM_EMEMORY,
              "out of memory: a tile of %" PRId64 " x %" PRId64
              " needs %zu bytes, and %zu are in use",
              at.rows, at.cols, job_tile_bytes(w->binding, &at),
              store_used(w->store));
    if (entry != PLAN_NONE)
        error.place = w->binding->plan->entries.items[entry].place;
    report_failed(w, number, &error);
}

/* The budget is too small for this task. */
static void report_no_room(struct worker *w, const struct ready *item)
{
    const struct task *task = tasks_get(&w->tasks, item->task);
    struct tm_error error;

    error_clear(&error);
    error_set(&error, TM_EMEMORY, "%s", memory_text(w->memory));
    error.place = w->binding->plan->entries.items[task->entry].place;
    report_failed(w, task->number, &error);
}

static int take_task(struct worker *w, struct task *task, struct job *job)
{
    uint32_t operands = task_operands(task), k;

    job->number = task->number;
    job->entry = task->entry & ~WIRE_ALONE;
    job->load = 0;
    job->task = task->id;
    job->values = task->values;
    job->value = task_value(task);
    if (job_reserve(job, operands))
        return no_memory(w);
    job->operands = operands;
    for (k = 0; k < operands; k++)
        if (take_operand(w, &task->operand[k], &job->operand[k])) {
            report_no_buffer(w, task->number, job->entry,
                             job->operand[k].out_tile);
            return -1;
        }
    return 0;
}

static int take_load(struct worker *w, const struct ready *item,
                     struct job *job)
{
    struct job_operand *x = job->operand;

    job->number = item->number;
    job->entry = PLAN_NONE;
    job->load = item->load;
    job->task = 0;
    job->operands = 1;
    job->values = 0;
    *x = (struct job_operand){.out_tile = worker_version(w, item->load)->tile};
    if (!take_buffer(w, item->load, x))
        return 0;
    report_no_buffer(w, item->number, PLAN_NONE, x->out_tile);
    return -1;
}

/* A store of what does not lie at home waits until an earlier version there
 * is read no more: none of its readers waits for the store. */
static int waits_for_home(struct worker *w, struct task *task)
{
    const struct plan_entry *e =
        &w->binding->plan->entries.items[task->entry & ~WIRE_ALONE];
    const struct operand *o = &task->operand[0];
    const struct home *home;

    if (!w->homes || e->kernel != KERNEL_STORE || o->out)
        return 0;
    home = homes_get(w->homes, worker_version(w, o->in)->tile);
    if (!home || !home->guest || home->guest == o->in)
        return 0;
    task_await_aside(task, 0, &worker_version(w, home->guest)->waiter);
    return 1;
}

static void say_alone(struct worker *w)
{
    report_open(w);
    if (wire_room(&w->report, 16))
        return;
    w->urgent = 1;
    w->alone_state = SAID;
    put_u8(&w->report, RECORD_ALONE);
    put_u64(&w->report, w->alone.number);
}

/* The next item that may begin now: 1. */
static int next_ready(struct worker *w, struct ready *item)
{
    if (w->resetting)
        return 0;
    if (w->alone.number) {
        if (w->alone_state != MAY_BEGIN)
            return 0;
        *item = w->alone;
        w->alone_state = BEGUN;
        return 1;
    }
    if (!w->tasks.ready)
        return 0;
    *item = tasks_pop(&w->tasks);
    if (!item->task || item->number >= w->limit ||
        !(tasks_get(&w->tasks, item->task)->entry & WIRE_ALONE))
        return 1;
    w->alone = *item;
    w->alone_state = NOT_SAID;
    if (!w->taken)
        say_alone(w);
    return 0;
}

int worker_take(struct worker *w, struct job *job)
{
    struct ready item;

    if (job_reserve(job, 1)) {
        no_memory(w);
        return 0;
    }
    while (!w->error.status && next_ready(w, &item)) {
        if (item.number >= w->limit) {
            if (item.number == w->alone.number)
                w->alone.number = 0;
            continue;
        }
        if (item.task && waits_for_home(w, tasks_get(&w->tasks, item.task)))
            continue;
        error_clear(&job->error);
        job->spill = NULL;
        if (w->memory) {
            switch (memory_ask(w->memory, &item, job)) {
            case MEMORY_GO: break;
            case MEMORY_ASIDE: continue;
            case MEMORY_JOB: w->taken++; return 1;
            case MEMORY_LATER: return 0;
            case MEMORY_FAIL:
                report_no_room(w, &item);
                continue;
            }
        }
        if (item.load ? !take_load(w, &item, job)
                      : !take_task(w, tasks_get(&w->tasks, item.task), job)) {
            w->taken++;
            return 1;
        }
        if (w->memory)
            memory_finish(w->memory, job);
    }
    return 0;
}

static void made(struct version *v, const struct job_operand *x)
{
    v->data = x->to;
    v->kind = x->to_ld ? HOME : POOL;
}

/* The task that goes on with v, which `before` writes: nobody else reads that,
 * and it waits for nothing else.  NULL: there is none. */
static struct task *next_of_chain(const struct worker *w,
                                  const struct task *before,
                                  const struct version *v)
{
    struct task *task;
    uint32_t k, out;

    if (!before->operand[0].out || !v->closed || v->readers != 1 || v->gets ||
        v->wanted || !v->waiter)
        return NULL;
    task = tasks_linked(&w->tasks, v->waiter, &k);
    if (k || task->entry != before->entry || task->missing != 1 ||
        task->number >= w->limit)
        return NULL;
    out = task->operand[0].out; /* with OPERAND_WAITS */
    return worker_version(w, out & OPERAND_HANDLE)->tile == v->tile ? task
                                                                    : NULL;
}

static int is_product(const struct worker *w, const struct job *job)
{
    uint8_t kernel;

    if (job->load || job->spill || !job->operands)
        return 0;
    kernel = w->binding->plan->entries.items[job->entry].kernel;
    return kernel == KERNEL_GEMM || kernel == KERNEL_SYRK ||
           kernel == KERNEL_GEMMT;
}

/* The buffer passes from job to job; the version between them is ready for a
 * moment in worker_finish() and is never seen. */
int worker_follow(struct worker *w, const struct job *last, struct job *job)
{
    struct task *before, *task;
    struct version *v;

    if (w->resetting || !is_product(w, last) || job_reserve(job, 1))
        return 0;
    before = tasks_get(&w->tasks, last->task);
    v = worker_version(w, before->operand[0].out);
    task = before->entry & WIRE_ALONE ? NULL : next_of_chain(w, before, v);
    if (!task)
        return 0;
    v->waiter = operand_wake(&task->operand[0], v->handle);
    task->missing = 0;
    if (w->memory && memory_join(w->memory, task)) {
        version_await(v, task, 0);
        return 0;
    }
    made(v, &last->operand[0]);
    error_clear(&job->error);
    job->spill = NULL;
    w->taken++;
    take_task(w, task, job); /* in place: it takes no buffer */
    return 1;
}

static void finish_load(struct worker *w, struct job *job)
{
    struct version *v = worker_version(w, job->load);

    if (job->error.status) {
        if (!job->operand[0].to_ld)
            tile_give(w, job->operand[0].to, v->tile);
        report_failed(w, job->number, &job->error);
        return;
    }
    made(v, &job->operand[0]);
    version_ready(w, job->load);
}

static void report_text(struct worker *w, const struct job *job)
{
    uint32_t length = (uint32_t)strlen(job->text);

    report_open(w);
    if (wire_room(&w->report, 16 + length))
        return;
    put_u8(&w->report, RECORD_TEXT);
    put_u64(&w->report, job->number);
    put_bytes(&w->report, job->text, length);
}

/* With its operands: the coordinator keeps none. */
static void report_done(struct worker *w, const struct task *task)
{
    uint32_t operands = task_operands(task), k;

    report_open(w);
    if (wire_room(&w->report, 16 + (size_t)operands * 8))
        return;
    put_u8(&w->report, RECORD_DONE);
    put_u64(&w->report, task->number);
    put_u32(&w->report, operands);
    for (k = 0; k < operands; k++) {
        put_u32(&w->report, task->operand[k].in);
        put_u32(&w->report, task->operand[k].out);
    }
    w->unreported++;
}

static void finish_task(struct worker *w, struct job *job)
{
    struct task *task = tasks_get(&w->tasks, job->task);
    uint32_t operands = task_operands(task), k;
    int stores =
        w->binding->plan->entries.items[job->entry].kernel == KERNEL_STORE;

    if (job->error.status) {
        report_failed(w, job->number, &job->error);
        return; /* its versions never come to be */
    }
    for (k = 0; k < operands; k++)
        if (task->operand[k].in &&
            worker_version(w, task->operand[k].in)->state != READY)
            return; /* it followed one that failed */
    if (job->text)
        report_text(w, job);
    for (k = 0; k < operands; k++) {
        uint32_t out = task->operand[k].out;
        if (!out)
            continue;
        made(worker_version(w, out), &job->operand[k]);
        version_ready(w, out);
    }
    for (k = 0; k < operands; k++) {
        struct version *v = worker_version(w, task->operand[k].in);
        if (!task->operand[k].in)
            continue;
        if (v->data == job->operand[k].to)
            v->data = NULL; /* worker_follow(): it is the new version's */
        v->used |= !stores;
        v->readers--;
        version_settle(w, v);
    }
    report_done(w, task);
    task_free(&w->tasks, task);
}

void worker_finish(struct worker *w, struct job *job)
{
    if (w->memory)
        memory_finish(w->memory, job);
    if (job->spill && job->spill_out)
        ; /* that was all */
    else if (job->load)
        finish_load(w, job);
    else
        finish_task(w, job);
    w->taken--;
    if (w->alone.number && job->number == w->alone.number &&
        w->alone_state == BEGUN)
        w->alone.number = 0;
    if (w->taken)
        return;
    if (w->resetting)
        reset(w);
    else if (w->alone.number && w->alone_state == NOT_SAID)
        say_alone(w);
}

uint32_t worker_ready(const struct worker *w)
{
    if (w->resetting || w->error.status ||
        (w->memory && memory_blocked(w->memory)))
        return 0;
    return w->alone.number ? w->alone_state == MAY_BEGIN : w->tasks.ready;
}

/* ---- for memory.c ------------------------------------------------------- */

size_t worker_tile_bytes(const struct worker *w, uint32_t tile)
{
    return tile_bytes(w, tile);
}

void worker_push(struct worker *w, struct ready item)
{
    ready_push(w, item);
}

void worker_version_away(struct worker *w, uint32_t handle)
{
    worker_version(w, handle)->kind = POOL;
    version_ready(w, handle);
}

void worker_settle(struct worker *w, uint32_t handle)
{
    version_settle(w, worker_version(w, handle));
}

int worker_no_memory(struct worker *w)
{
    return no_memory(w);
}

void worker_homes(struct worker *w, struct homes *homes)
{
    w->homes = homes;
}

int worker_budget(struct worker *w, size_t bytes, int threads,
                  struct spill *spill)
{
    w->memory = memory_new(w, bytes, threads, spill);
    store_limit(w->store, bytes);
    return w->memory ? 0 : -1;
}

void worker_spilled(const struct worker *w, uint64_t *written, uint64_t *read)
{
    struct memory_counts counts = {0};

    if (w->memory)
        counts = memory_counts(w->memory);
    *written = counts.spilled;
    *read = counts.read;
}

/* ---- reports ------------------------------------------------------------ */

void worker_flush(struct worker *w)
{
    w->urgent = 0;
    w->unreported = 0;
    if (w->report.size || w->report.failed)
        outbox_add(&w->outbox, WIRE_COORDINATOR, &w->report);
    if (w->outbox.failed)
        no_memory(w);
}

struct wire_message *worker_send(struct worker *w)
{
    return outbox_take(&w->outbox);
}

struct wire_outbox *worker_outbox(struct worker *w)
{
    return &w->outbox;
}

uint32_t worker_unreported(const struct worker *w)
{
    return w->unreported;
}

int worker_urgent(const struct worker *w)
{
    return w->urgent || w->error.status;
}

const struct tm_error *worker_error(const struct worker *w)
{
    return &w->error;
}

uint64_t worker_bad(const struct worker *w)
{
    return w->bad;
}

void worker_forget(struct worker *w)
{
    retired_give(w);
}

int worker_released(const struct worker *w)
{
    return w->released;
}

uint32_t worker_tasks(const struct worker *w)
{
    return w->tasks.open;
}

uint32_t worker_versions(const struct worker *w)
{
    return w->version_count;
}
