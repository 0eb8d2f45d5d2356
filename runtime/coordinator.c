/* The coordinator.  A ring of unfinished tasks, oldest first; a table of
 * versions by handle; one open batch of records a worker.  What happens when
 * workers are lost, come or leave is in coordinator_lost.c.
 *
 * A version that a task made lives with its owner, the worker of that task.
 * Others that read it keep copies, and are told to close them as soon as no
 * later task reads it; the owner is told when, besides, no reader elsewhere
 * is unfinished, since it may still be asked for the tile.  Where readers are
 * many they have it from one another (set_relay()), so that it does not all
 * hang on the owner's line; then they are told with the owner.  When every
 * task that touches it is done, its handle is free for another version. */
#include "runtime/coordinator_private.h"

#include <stdlib.h>

enum {
    BATCH_TASKS = 4096,
    ANSWER_TASKS = 96, /* of the first batch after a number that the walker
                        * waited for: the workers wait for it too */
    STEPS = 200000,
    CELLS = 4 /* a worker has 16 cells, to be shared out when it goes */
};

void coordinate_no_memory(struct coordinator *c)
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
        coordinate_no_memory(c);
        return -1;
    }
    c->versions = versions;
    for (k = c->version_space; k < space; k++)
        versions[k] = (struct version){.owner = WIRE_NOBODY};
    c->version_space = space;
    return 0;
}

/* The squarest one. */
void coordinator_grid(uint16_t workers, uint16_t *rows, uint16_t *cols)
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
    uint16_t rows, cols;
    uint32_t k;

    if (!c)
        return NULL;
    c->window = 1;
    while (c->window < window)
        c->window *= 2;
    c->binding = binding;
    c->costs = costs;
    c->next = c->settled = c->known = 1;
    c->limit = c->failed = UINT64_MAX;
    error_clear(&c->error);
    outbox_init(&c->outbox);
    c->last_line = &c->lines;
    c->walker = walker_new(binding, costs);
    c->ever_space = c->window < 64 ? 64 : c->window;
    c->ever = calloc(c->ever_space / 64, sizeof *c->ever);
    c->slots = calloc(c->window, sizeof *c->slots);
    while (c->peer_count < workers && peer_new(c) >= 0)
        ;
    coordinator_grid(workers, &rows, &cols);
    c->cell_rows = CELLS * rows;
    c->cell_cols = CELLS * cols;
    c->cells = malloc(c->cell_rows * c->cell_cols * sizeof *c->cells);
    c->moved = calloc(c->cell_rows * c->cell_cols, 1);
    if (!c->walker || !c->slots || !c->ever || !c->cells || !c->moved ||
        c->peer_count < workers || versions_grow(c, 1)) {
        coordinator_free(c);
        return NULL;
    }
    keep_init(c);
    for (k = 0; k < c->cell_rows * c->cell_cols; k++)
        c->cells[k] = (uint16_t)(k % c->cell_rows % rows +
                                 rows * (k / c->cell_rows % cols));
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
    for (k = 0; k < c->text_count; k++)
        free(c->texts[c->text_first + k].line);
    free(c->texts);
    for (k = 0; k < c->peer_count; k++)
        free(c->peers[k].batch.bytes);
    recover_fini(&c->recover);
    set_pool_fini(&c->sets);
    free(c->peers);
    free(c->open);
    free(c->able);
    free(c->cells);
    free(c->moved);
    free(c->ever);
    free(c->answers);
    free(c->suspects);
    keep_fini(c);
    outbox_fini(&c->outbox);
    walker_free(c->walker);
    free(c->slots);
    free(c->versions);
    free(c);
}

/* ---- batches for workers ------------------------------------------------ */

static void batch_send(struct coordinator *c, uint16_t worker)
{
    struct peer *peer = &c->peers[worker];

    peer->batch_tasks = 0;
    if (peer->batch.size || peer->batch.failed)
        outbox_add(&c->outbox, worker, &peer->batch);
    if (c->outbox.failed)
        coordinate_no_memory(c);
}

struct wire_writer *coordinate_batch(struct coordinator *c, uint16_t worker,
                                     size_t bytes)
{
    struct peer *peer = &c->peers[worker];
    struct wire_writer *batch = &peer->batch;

    if (c->muted || !peer->alive)
        return NULL;
    if (batch->size + bytes > WIRE_BATCH_BYTES ||
        peer->batch_tasks >= WIRE_BATCH_TASKS)
        batch_send(c, worker);
    if (!batch->size) {
        outbox_reuse(&c->outbox, batch);
        wire_begin(batch, WIRE_BATCH, WIRE_COORDINATOR);
    }
    if (!peer->open) {
        peer->open = 1;
        c->open[c->open_count++] = worker;
    }
    if (!wire_room(batch, bytes))
        return batch;
    coordinate_no_memory(c);
    return NULL;
}

void coordinate_close(struct coordinator *c, uint16_t worker, uint32_t handle)
{
    struct wire_writer *batch = coordinate_batch(c, worker, 8);

    if (batch) {
        put_u8(batch, RECORD_CLOSE);
        put_u32(batch, handle);
    }
}

static void send_limit(struct coordinator *c)
{
    uint32_t k;

    for (k = 0; k < c->peer_count; k++) {
        struct wire_writer *batch =
            c->peers[k].alive ? coordinate_batch(c, (uint16_t)k, 16) : NULL;
        if (batch) {
            put_u8(batch, RECORD_LIMIT);
            put_u64(batch, c->limit);
        }
    }
}

/* ---- versions ----------------------------------------------------------- */

void version_settle(struct coordinator *c, uint32_t handle)
{
    struct version *v = &c->versions[handle];

    if (!v->closed || v->open)
        return;
    *v = (struct version){.owner = WIRE_NOBODY};
    walk_recycle(c->walker, handle);
}

/* told: the worker that learns it otherwise. */
static void close_readers(struct coordinator *c, uint32_t handle,
                          uint16_t told)
{
    struct set *readers = &c->versions[handle].readers;
    uint16_t worker;

    if (!readers->few[0])
        return;
    for (worker = set_next(&c->sets, readers, 0); worker != SET_END;
         worker = set_next(&c->sets, readers, (uint16_t)(worker + 1)))
        if (worker != told)
            coordinate_close(c, worker, handle);
    set_clear(&c->sets, readers);
}

/* Its readers may be asked for it, as its owner may. */
static int is_relayed(const struct version *v)
{
    return set_is_many(&v->readers);
}

void version_shut(struct coordinator *c, uint32_t handle)
{
    struct version *v = &c->versions[handle];

    if (v->closed && !v->shut && !v->remote) {
        close_readers(c, handle, WIRE_NOBODY);
        coordinate_close(c, v->owner, handle);
        v->shut = 1;
    }
}

static void version_known(struct coordinator *c, struct version *v,
                          uint16_t worker)
{
    if (worker != v->owner && set_add(&c->sets, &v->readers, worker))
        coordinate_no_memory(c);
}

void version_close(struct coordinator *c, uint32_t handle, uint16_t told)
{
    struct version *v = &c->versions[handle];

    if (v->closed)
        return;
    if (v->kept) {
        v->close_due = 1;
        return;
    }
    v->closed = 1;
    if (!is_relayed(v) || !v->remote)
        close_readers(c, handle, told);
    v->shut = v->owner == WIRE_NOBODY || v->owner == told;
    version_shut(c, handle);
    version_settle(c, handle);
}

/* ---- placing ------------------------------------------------------------ */

static uint32_t cell_of(const struct coordinator *c, uint32_t tile)
{
    struct bind_tile at = binding_tile_at(c->binding, tile);

    return (uint32_t)(at.i % c->cell_rows +
                      c->cell_rows * (at.j % c->cell_cols));
}

/* number: of what lies there, for a cell that is nobody's. */
static uint16_t cell_worker(const struct coordinator *c, uint32_t cell,
                            uint32_t number)
{
    uint16_t worker = c->cells[cell];

    return worker != WIRE_NOBODY
               ? worker
               : c->able[(number * 0x9e3779b1u >> 12) % c->able_count];
}

uint16_t coordinate_home(const struct coordinator *c, uint32_t tile)
{
    return cell_worker(c, cell_of(c, tile), tile);
}

/* A task that writes tiles of a column which several workers have, or no one,
 * brings them together, and most that follow find them so.  Columns go round
 * all workers, not round a row of the grid alone.  1: cell and column are set.
 * Not where columns are few: then tasks are spread over rows. */
static int brings_together(const struct coordinator *c,
                           const struct walk_operand *o, uint32_t count,
                           uint32_t tile, uint32_t *cell, uint32_t *column)
{
    const struct binding *b = c->binding;
    uint32_t cols = c->cell_cols / CELLS, k;
    struct bind_tile first, at;
    int together = 0;

    if (count < 2)
        return 0;
    first = binding_tile_at(b, tile);
    if (b->matrices[first.matrix].tcols <= cols)
        return 0;
    for (k = 1; k < count && !together; k++) {
        uint32_t in = o[k].in & WALK_HANDLE;
        if (!o[k].out)
            continue;
        at = binding_tile_at(b, walk_version(c->walker, o[k].out)->tile);
        together = at.matrix == first.matrix && at.j == first.j &&
                   (!in || !(o->in & WALK_HANDLE) ||
                    c->versions[in].owner == WIRE_NOBODY ||
                    c->versions[in].owner !=
                        c->versions[o->in & WALK_HANDLE].owner);
    }
    *column = (uint32_t)first.j;
    *cell = (uint32_t)(first.j / cols % c->cell_rows +
                       c->cell_rows * (first.j % c->cell_cols));
    return together;
}

/* Where the first tile that it writes lives; else the owner of what it
 * reads; new tiles go round the grid. */
static uint16_t place(const struct coordinator *c, const struct walk_operand *o,
                      uint32_t count)
{
    uint32_t k, in, tile, cell, column;
    uint16_t owner;

    if (c->able_count == 1 || !count)
        return c->able[0];
    for (k = 0; k < count && !o[k].out; k++)
        ;
    if (k == count)
        k = 0;
    in = o[k].in & WALK_HANDLE;
    tile = walk_version(c->walker, o[k].out ? o[k].out : in)->tile;
    if (o[k].out &&
        brings_together(c, o + k, count - k, tile, &cell, &column))
        return cell_worker(c, cell, column);
    owner = in ? c->versions[in].owner : WIRE_NOBODY;
    if (owner != WIRE_NOBODY && !c->peers[owner].leaving &&
        !(c->joined && o[k].out && c->moved[cell_of(c, tile)]))
        return owner;
    return coordinate_home(c, tile);
}

/* ---- handing out -------------------------------------------------------- */

/* The task's operands become users of their versions. */
static void task_enter(struct coordinator *c, uint16_t worker,
                       const struct walk_operand *o, uint32_t count)
{
    uint32_t k;

    for (k = 0; k < count; k++) {
        uint32_t in = o[k].in & WALK_HANDLE, out = o[k].out;
        if (in) {
            struct version *v = &c->versions[in];
            v->open++;
            version_known(c, v, worker);
            v->remote += v->owner != WIRE_NOBODY && v->owner != worker;
        }
        if (out)
            c->versions[out] = (struct version){.open = 1, .owner = worker};
    }
}

/* May the worker of a task close what its operand overwrites? */
static int closes_there(const struct version *v, uint16_t worker)
{
    return !v->kept && (v->owner == WIRE_NOBODY || !v->remote ||
                        (v->owner != worker && !is_relayed(v)));
}

/* Who gives it to this worker, which knows it now.  One that leaves may be
 * gone by then. */
static uint16_t source_of(const struct coordinator *c, const struct version *v,
                          uint16_t worker)
{
    uint16_t relay = v->owner == WIRE_NOBODY
                         ? SET_END
                         : set_relay(&c->sets, &v->readers, worker);

    return relay == SET_END || c->peers[relay].leaving ? v->owner : relay;
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
        put_u16(batch, source_of(c, v, worker));
    }
    if (o->out)
        put_u32(batch, walk_version(c->walker, o->out)->tile);
}

static int send_task(struct coordinator *c, const struct walk_batch *b,
                     uint32_t index, uint16_t worker)
{
    const struct walk_task *t = &b->tasks[index];
    struct wire_writer *batch = coordinate_batch(
        c, worker, 32 + (size_t)t->operands * 32 + (size_t)t->values * 8);
    uint32_t alone = c->suspect_count && lost_alone(c, b->first + index)
                         ? WIRE_ALONE
                         : 0,
             k;

    if (!batch)
        return -1;
    c->peers[worker].batch_tasks++;
    put_u8(batch, RECORD_TASK);
    put_u64(batch, b->first + index);
    put_u32(batch, t->entry | alone);
    put_f32(batch, t->priority);
    put_u32(batch, t->operands);
    put_u32(batch, t->values);
    for (k = 0; k < t->operands; k++)
        send_operand(c, batch, &b->operands[t->first_operand + k], worker);
    for (k = 0; k < t->values; k++)
        put_u64(batch, (uint64_t)b->values[t->first_value + k].integer);
    return 0;
}

/* A number that no walk had before. */
static int ever_add(struct coordinator *c)
{
    uint64_t space = 2 * c->ever_space, k;
    uint64_t *ever;

    if (c->known - c->settled == c->ever_space) {
        ever = calloc(space / 64, sizeof *ever);
        if (!ever) {
            coordinate_no_memory(c);
            return -1;
        }
        for (k = c->settled; k < c->known; k++)
            if (coordinate_done(c, k))
                ever[(k & (space - 1)) / 64] |= (uint64_t)1 << k % 64;
        free(c->ever);
        c->ever = ever;
        c->ever_space = space;
    }
    *ever_word(c, c->known) &= ~((uint64_t)1 << c->known % 64);
    c->known++;
    return 0;
}

static void line_add(struct coordinator *c, char *text)
{
    struct line *line = malloc(sizeof *line);

    if (!line) {
        free(text);
        coordinate_no_memory(c);
        return;
    }
    *line = (struct line){NULL, text};
    *c->last_line = line;
    c->last_line = &line->next;
}

/* Lines come out in the order of the tasks that print them. */
static void settle(struct coordinator *c)
{
    while (c->settled < c->known && coordinate_done(c, c->settled)) {
        c->settled++;
        if (!c->text_count || c->texts[c->text_first].number >= c->settled)
            continue;
        line_add(c, c->texts[c->text_first++].line);
        if (!--c->text_count)
            c->text_first = 0;
    }
}

/* For the first time, or once more. */
static void note_done(struct coordinator *c, uint64_t number, uint32_t entry)
{
    if (coordinate_done(c, number))
        return;
    *ever_word(c, number) |= (uint64_t)1 << number % 64;
    c->done++;
    c->cost_done += c->costs ? c->costs[entry] : 1;
}

/* The walk passes a task that is not to be done (again).  It may be that
 * nobody has told that it was done. */
static void skip(struct coordinator *c, const struct walk_operand *o,
                 uint32_t count)
{
    uint32_t k;

    for (k = 0; k < count; k++)
        if (o[k].out)
            lost_adopt(c, o[k].out);
    for (k = 0; k < count; k++)
        if (o[k].in & WALK_CLOSES)
            version_close(c, o[k].in & WALK_HANDLE, WIRE_NOBODY);
}

static void hand_out(struct coordinator *c, const struct walk_batch *b,
                     uint32_t index)
{
    const struct walk_task *t = &b->tasks[index];
    const struct walk_operand *o = &b->operands[t->first_operand];
    uint64_t number = c->next;
    struct slot *slot = slot_at(c, c->tail);
    float cost = c->costs ? c->costs[t->entry] : 1;
    int fresh = number == c->known;
    uint32_t k;

    if (c->recovering && lost_skips(c, number)) {
        if (recover_done(&c->recover, number))
            note_done(c, number, t->entry);
        settle(c);
        skip(c, o, t->operands);
        c->next++;
        return;
    }
    if (fresh && ever_add(c))
        return;
    *slot = (struct slot){.number = (uint32_t)number,
                          .entry = t->entry,
                          .worker = place(c, o, t->operands)};
    task_enter(c, slot->worker, o, t->operands);
    if (send_task(c, b, index, slot->worker))
        return;
    c->next++;
    c->tail++;
    if (c->keeps)
        keep_worked(c, o, t->operands, cost);
    if (fresh)
        c->cost_total += cost;
    if (coordinate_done(c, number)) {
        c->repeated++;
        c->cost_repeated += cost;
    }
    for (k = 0; k < t->operands; k++) {
        uint32_t in = o[k].in & WALK_HANDLE;
        if (o[k].out && c->keeps)
            keep_written(c, o[k].out, number);
        if (o[k].in & WALK_CLOSES)
            version_close(c, in,
                          closes_there(&c->versions[in], slot->worker)
                              ? slot->worker
                              : WIRE_NOBODY);
    }
}

/* ---- the walk ----------------------------------------------------------- */

void coordinate_fail(struct coordinator *c, uint64_t number,
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
        v->owner == WIRE_NOBODY ? coordinate_home(c, version->tile) : v->owner;
    struct wire_writer *batch = coordinate_batch(c, worker, 32);

    if (!batch)
        return;
    put_u8(batch, RECORD_WANT);
    put_u32(batch, handle);
    put_u64(batch, version->writer);
    put_u32(batch, version->tile);
    put_u64(batch, c->next);
    version_known(c, v, worker);
    c->wait = handle;
    c->waiting = 1;
    keep_point(c);
}

/* A test's outcome, kept for a walk that comes here again. */
static void answer(struct coordinator *c, double value)
{
    uint64_t space = c->answer_space ? 2 * c->answer_space : 64;
    double *answers;

    if (c->answer_next == c->answer_space) {
        answers = realloc(c->answers, space * sizeof *answers);
        if (!answers) {
            coordinate_no_memory(c);
            return;
        }
        c->answers = answers;
        c->answer_space = space;
    }
    c->answers[c->answer_next++] = value;
    if (c->answer_count < c->answer_next)
        c->answer_count = c->answer_next;
    c->waiting = 0;
    c->answered = 1;
    walk_answer(c->walker, value);
}

static void batch_end(struct coordinator *c, const struct walk_batch *b)
{
    switch (b->state) {
    case WALK_MORE: break;
    case WALK_WAIT:
        if (c->answer_next < c->answer_count)
            answer(c, c->answers[c->answer_next]);
        else if (b->wait)
            ask_value(c, b->wait);
        else
            answer(c, 0); /* nothing has written it */
        break;
    case WALK_DONE:
        c->walked = 1;
        keep_end(c);
        if (c->next < c->limit)
            c->limit = c->next;
        break;
    case WALK_FAILED: c->walked = 1; coordinate_fail(c, c->next, &b->error);
    }
}

/* Tasks that may be added; none while the oldest is too far behind. */
static uint32_t window_room(const struct coordinator *c)
{
    if (c->head != c->tail &&
        c->next - slot_number(c, slot_at(c, c->head)) > SLOT_SPAN)
        return 0;
    return c->window - (c->tail - c->head);
}

int coordinator_step(struct coordinator *c)
{
    uint32_t room = window_room(c);
    uint32_t most = c->answered ? ANSWER_TASKS : BATCH_TASKS;
    const struct walk_batch *b;
    uint32_t k, close = 0;

    if (c->walked || c->waiting || c->broken || c->unheld || c->paused ||
        c->restoring || !c->able_count || c->limit <= c->next ||
        (room < c->window / 2 && !(c->answered && room)) || !room)
        return 0;
    c->answered = 0;
    b = walk_next(c->walker, room < most ? room : most, STEPS);
    if (versions_grow(c, walk_handles(c->walker)))
        return 0;
    for (k = 0; k < b->count && !c->broken; k++) {
        while (close < b->close_count && b->closes[close].before <= k)
            version_close(c, b->closes[close++].handle, WIRE_NOBODY);
        if (c->next >= c->limit)
            return 1; /* what follows may read what was never made */
        hand_out(c, b, k);
    }
    while (close < b->close_count && !c->broken)
        version_close(c, b->closes[close++].handle, WIRE_NOBODY);
    if (!c->broken)
        batch_end(c, b);
    if (c->recovering)
        lost_walked(c);
    return 1;
}

/* ---- reports ------------------------------------------------------------ */

/* The unfinished task of that number on that worker, or NULL.  Numbers in
 * the ring rise, mostly by one. */
static struct slot *slot_find(const struct coordinator *c, uint64_t number,
                              uint16_t worker)
{
    uint32_t low = 0, high = c->tail - c->head, middle;
    struct slot *slot;
    uint64_t first, at;

    if (!high || number < (first = slot_number(c, slot_at(c, c->head))))
        return NULL;
    middle = number - first < high ? (uint32_t)(number - first) : high - 1;
    slot = slot_at(c, c->head + middle);
    while ((at = slot_number(c, slot)) != number && low < high) {
        if (at < number)
            low = middle + 1;
        else
            high = middle;
        middle = low + (high - low) / 2;
        slot = slot_at(c, c->head + middle);
    }
    return low < high && slot->worker == worker ? slot : NULL;
}

/* An operand of a task of that worker touches its versions no more.  -1: they
 * are none that an unfinished task has. */
static int operand_leave(struct coordinator *c, uint16_t worker, uint32_t in,
                         uint32_t out)
{
    struct version *v = &c->versions[in];

    if (in >= c->version_space || out >= c->version_space ||
        (in && !v->open) || (out && !c->versions[out].open))
        return -1;
    if (in) {
        v->open--;
        if (v->owner != WIRE_NOBODY && v->owner != worker) {
            v->remote -= v->remote > 0;
            version_shut(c, in);
        }
        version_settle(c, in);
    }
    if (out) {
        c->versions[out].open--;
        version_settle(c, out);
    }
    return 0;
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

static void window_move(struct coordinator *c)
{
    while (c->head != c->tail && slot_at(c, c->head)->worker == WIRE_NOBODY)
        c->head++;
}

/* ---- lines that were printed before their turn -------------------------- */

/* The first of that number or a later one. */
static uint32_t text_at(const struct coordinator *c, uint64_t number)
{
    uint32_t at = c->text_first + c->text_count;

    while (at > c->text_first && c->texts[at - 1].number >= number)
        at--;
    return at;
}

const char *coordinate_line(const struct coordinator *c, uint64_t number)
{
    uint32_t at = text_at(c, number);

    return at < c->text_first + c->text_count && c->texts[at].number == number
               ? c->texts[at].line
               : NULL;
}

static int text_room(struct coordinator *c)
{
    uint32_t space = c->text_space ? 2 * c->text_space : 16;
    struct text *texts;

    if (c->text_first + c->text_count < c->text_space)
        return 0;
    texts = malloc(space * sizeof *texts);
    if (!texts)
        return -1;
    if (c->text_count)
        memcpy(texts, c->texts + c->text_first,
               c->text_count * sizeof *texts);
    free(c->texts);
    c->texts = texts;
    c->text_first = 0;
    c->text_space = space;
    return 0;
}

int coordinate_text(struct coordinator *c, uint64_t number, char *line)
{
    uint32_t at;

    if (text_room(c)) {
        free(line);
        return -1;
    }
    at = text_at(c, number);
    memmove(c->texts + at + 1, c->texts + at,
            (c->text_first + c->text_count - at) * sizeof *c->texts);
    c->texts[at] = (struct text){number, line};
    c->text_count++;
    return 0;
}

static int read_done(struct coordinator *c, uint16_t from,
                     struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    uint32_t operands = get_u32(r), k;
    struct slot *slot = slot_find(c, number, from);

    if (!slot || !wire_has(r, (size_t)operands * 8))
        return -1;
    slot->worker = WIRE_NOBODY;
    if (number == c->peers[from].alone)
        c->peers[from].alone = 0;
    note_done(c, number, slot->entry);
    for (k = 0; k < operands; k++) {
        uint32_t in = get_u32(r), out = get_u32(r);
        if (operand_leave(c, from, in, out))
            return -1;
    }
    window_move(c);
    settle(c);
    return 0;
}

static int read_failed(struct coordinator *c, struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    uint32_t status = get_u32(r), place = get_u32(r), length;
    const unsigned char *text = get_bytes(r, &length);
    struct tm_error error;

    if (r->failed || !number || number > c->known || !status || status > 255 ||
        (place != PLAN_NONE && place >= c->binding->plan->places.count))
        return -1;
    error_clear(&error);
    error_set(&error, (int)status, "%.*s", length < 1000 ? (int)length : 1000,
              text);
    error.place = place;
    coordinate_fail(c, number, &error);
    return 0;
}

static int read_text(struct coordinator *c, uint16_t from,
                     struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    uint32_t length;
    const unsigned char *text = get_bytes(r, &length);
    char *line;

    if (r->failed || !slot_find(c, number, from))
        return -1;
    if (coordinate_done(c, number) || coordinate_line(c, number))
        return -1;
    line = malloc((size_t)length + 1);
    if (!line) {
        coordinate_no_memory(c);
        return 0;
    }
    memcpy(line, text, length);
    line[length] = 0;
    if (coordinate_text(c, number, line))
        coordinate_no_memory(c);
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
        from >= c->peer_count || kind != WIRE_REPORT) {
        c->bad++;
        return;
    }
    if (!c->peers[from].alive)
        return;
    while (r.next < r.end && !c->broken) {
        switch (get_u8(&r)) {
        case RECORD_DONE: bad = read_done(c, from, &r); break;
        case RECORD_FAILED: bad = read_failed(c, &r); break;
        case RECORD_TEXT: bad = read_text(c, from, &r); break;
        case RECORD_VALUE: bad = read_value(c, &r); break;
        case RECORD_HELD: bad = read_held(c, from, &r); break;
        case RECORD_KEPT: bad = read_kept(c, from, &r); break;
        case RECORD_ALONE: bad = read_alone(c, from, &r); break;
        case RECORD_STATE: bad = read_state(c, from, &r); break;
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
    uint32_t k;

    for (k = 0; k < c->open_count; k++) {
        batch_send(c, c->open[k]);
        c->peers[c->open[k]].open = 0;
    }
    c->open_count = 0;
    return &c->outbox;
}

/* ---- how it stands ------------------------------------------------------ */

int coordinator_finished(const struct coordinator *c)
{
    return c->broken || c->settled >= c->limit;
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
    progress->unfolded = c->known - 1;
    progress->cost_done = c->cost_done;
    progress->cost_total = c->cost_total;
    progress->repeated = c->repeated;
    progress->cost_repeated = c->cost_repeated;
    progress->whole = c->walked;
    progress->recovering = c->recovering || c->unheld;
    progress->workers = c->able_count;
}
