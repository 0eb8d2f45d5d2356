/* Workers that are lost, come or leave.
 *
 * All three begin a new epoch.  Each worker forgets what has not begun, ends
 * what runs, and says which versions it holds.  Then recover.c finds which
 * tasks must run (again), and the walk begins anew, up to where it was before
 * handing out those alone; from there on it is the walk that it always was.
 * So there is one way to hand out a task, and one state to be right in. */
#include "runtime/coordinator_private.h"

#include <stdlib.h>

enum {
    LOSSES = 2, /* after so many a task runs alone */
    STRIKES = 3 /* workers that it may take with it then */
};

/* ---- workers ------------------------------------------------------------ */

int peer_new(struct coordinator *c)
{
    uint32_t space = c->peer_space ? 2 * c->peer_space : 8;
    struct peer *peers;
    uint16_t *open, *able;

    if (c->peer_count == WIRE_WORKERS)
        return -1;
    if (c->peer_count == c->peer_space) {
        peers = realloc(c->peers, space * sizeof *peers);
        if (peers)
            c->peers = peers;
        open = realloc(c->open, space * sizeof *open);
        if (open)
            c->open = open;
        able = realloc(c->able, space * sizeof *able);
        if (able)
            c->able = able;
        if (!peers || !open || !able)
            return -1;
        c->peer_space = space;
    }
    c->peers[c->peer_count] = (struct peer){.alive = 1};
    c->peer_count++;
    peers_count(c);
    return (int)c->peer_count - 1;
}

void peers_count(struct coordinator *c)
{
    uint32_t k;

    c->able_count = c->alive_count = 0;
    for (k = 0; k < c->peer_count; k++) {
        c->alive_count += c->peers[k].alive;
        if (c->peers[k].alive && !c->peers[k].leaving)
            c->able[c->able_count++] = (uint16_t)k;
    }
}

/* Its cells are anyone's: so its work is spread over all. */
static void cells_give_up(struct coordinator *c, uint16_t worker)
{
    uint32_t k;

    for (k = 0; k < c->cell_rows * c->cell_cols; k++)
        if (c->cells[k] == worker)
            c->cells[k] = WIRE_NOBODY;
}

/* A new worker's share: cells that are nobody's, then those of whoever has
 * most. */
static void cells_take(struct coordinator *c, uint16_t worker)
{
    uint32_t cells = c->cell_rows * c->cell_cols, k, n, best;
    uint32_t share = cells / c->able_count, *counts;

    counts = calloc(c->peer_count + 1, sizeof *counts);
    if (!counts)
        return; /* it will get what is nobody's */
    for (k = 0; k < cells; k++)
        counts[c->cells[k] == WIRE_NOBODY ? c->peer_count : c->cells[k]]++;
    for (; share; share--) {
        for (n = best = 0; n <= c->peer_count; n++)
            if (n != worker && (counts[n] > counts[best] || best == worker))
                best = n;
        if (counts[c->peer_count])
            best = c->peer_count;
        for (k = 0; k < cells; k++)
            if (c->cells[k] ==
                (best == c->peer_count ? WIRE_NOBODY : (uint16_t)best))
                break;
        if (k == cells)
            break;
        c->cells[k] = worker;
        c->moved[k] = 1;
        counts[best]--;
        counts[worker]++;
    }
    c->joined = 1;
    free(counts);
}

/* ---- suspects ----------------------------------------------------------- */

static struct suspect *suspect_find(const struct coordinator *c,
                                    uint64_t number)
{
    uint32_t low = 0, high = c->suspect_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (c->suspects[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return c->suspects ? &c->suspects[low] : NULL;
}

static struct suspect *suspect_get(struct coordinator *c,
                                   const struct slot *slot)
{
    uint64_t number = slot_number(c, slot);
    uint32_t space = c->suspect_space ? 2 * c->suspect_space : 64, at;
    struct suspect *suspects, *found;

    if (c->suspect_count + 1 >= c->suspect_space) {
        suspects = realloc(c->suspects, space * sizeof *suspects);
        if (!suspects)
            return NULL;
        c->suspects = suspects;
        c->suspect_space = space;
    }
    found = suspect_find(c, number);
    at = (uint32_t)(found - c->suspects);
    if (at < c->suspect_count && found->number == number)
        return found;
    memmove(found + 1, found, (c->suspect_count - at) * sizeof *found);
    c->suspect_count++;
    *found = (struct suspect){.number = number, .entry = slot->entry};
    return found;
}

int lost_alone(const struct coordinator *c, uint64_t number)
{
    const struct suspect *suspect;

    suspect = suspect_find(c, number);
    return suspect < c->suspects + c->suspect_count &&
           suspect->number == number && suspect->losses >= LOSSES;
}

/* It ran alone: it is to blame. */
static void strike(struct coordinator *c, const struct slot *slot)
{
    struct suspect *suspect = suspect_get(c, slot);
    struct tm_error error;

    if (!suspect || ++suspect->strikes < STRIKES)
        return;
    error_clear(&error);
    error_set(&error, TM_EPEER,
              "%d workers were lost while each did nothing but this", STRIKES);
    error.place = c->binding->plan->entries.items[slot->entry].place;
    coordinate_fail(c, slot_number(c, slot), &error);
}

static void blame(struct coordinator *c, uint16_t worker)
{
    uint64_t alone = c->peers[worker].alone;
    struct suspect *suspect;
    uint32_t k;

    for (k = c->head; k != c->tail; k++) {
        const struct slot *slot = slot_at(c, k);
        if (slot->worker != worker)
            continue;
        if (alone) {
            if (slot_number(c, slot) == alone)
                strike(c, slot);
            continue;
        }
        suspect = suspect_get(c, slot);
        if (suspect)
            suspect->losses++;
    }
}

/* ---- a new epoch -------------------------------------------------------- */

void lost_begin(struct coordinator *c)
{
    uint32_t k;

    if (c->steps < walk_steps(c->walker))
        c->steps = walk_steps(c->walker);
    c->muted = 0;
    c->epoch++;
    c->unheld = 0;
    c->paused = 0;
    recover_fini(&c->recover);
    for (k = 0; k < c->peer_count; k++) {
        struct wire_writer *batch = coordinate_batch(c, (uint16_t)k, 8);
        if (!batch)
            continue;
        put_u8(batch, RECORD_RESET);
        put_u32(batch, c->epoch);
        c->peers[k].held = 0;
        c->peers[k].moving = 0;
        c->peers[k].released = 0;
        c->unheld++;
    }
    c->muted = 1;
}

/* Those that want to go stay, when nobody else is there. */
static void keep_leaving(struct coordinator *c)
{
    uint32_t k;

    for (k = 0; k < c->peer_count; k++)
        if (!c->peers[k].released)
            c->peers[k].leaving = 0;
    peers_count(c);
}

/* The task that was alone with most of them may be why. */
static void all_lost(struct coordinator *c)
{
    const struct suspect *worst = NULL;
    struct tm_error error;
    uint32_t k;

    for (k = 0; k < c->suspect_count; k++)
        if (c->suspects[k].strikes > (worst ? worst->strikes : 0) &&
            !coordinate_done(c, c->suspects[k].number))
            worst = &c->suspects[k];
    error_clear(&error);
    if (worst)
        error_set(&error, TM_EPEER,
                  "all workers are lost, %u of them while they did nothing "
                  "but this",
                  worst->strikes);
    else
        error_set(&error, TM_EPEER, "all workers are lost");
    if (worst)
        error.place = c->binding->plan->entries.items[worst->entry].place;
    coordinate_fail(c, 0, &error);
    c->broken = 1;
}

void coordinator_patient(struct coordinator *c)
{
    c->patient = 1;
}

void coordinator_lost(struct coordinator *c, uint16_t worker)
{
    if (worker >= c->peer_count || !c->peers[worker].alive)
        return;
    if (!c->unheld || !c->peers[worker].held)
        blame(c, worker);
    c->peers[worker].alive = 0;
    c->peers[worker].batch.size = 0;
    peers_count(c);
    cells_give_up(c, worker);
    if (c->peers[worker].released || coordinator_finished(c))
        return;
    if (!c->able_count)
        keep_leaving(c);
    if (c->able_count || c->patient)
        lost_begin(c);
    else
        all_lost(c);
}

int coordinator_join(struct coordinator *c)
{
    int worker = peer_new(c);

    if (worker < 0)
        return -1;
    cells_take(c, (uint16_t)worker);
    if (c->known > 1 || c->epoch || walk_steps(c->walker))
        lost_begin(c);
    return worker;
}

void coordinator_leave(struct coordinator *c, uint16_t worker)
{
    if (worker >= c->peer_count || !c->peers[worker].alive ||
        c->peers[worker].leaving || c->able_count < 2)
        return; /* the last one stays */
    c->peers[worker].leaving = 1;
    peers_count(c);
    cells_give_up(c, worker);
    lost_begin(c);
}

int coordinator_leaves(const struct coordinator *c, uint16_t worker)
{
    return worker < c->peer_count && c->peers[worker].leaving;
}

/* ---- when all have said what they hold ---------------------------------- */

static int was_done(const void *user, uint64_t number)
{
    return coordinate_done(user, number);
}

/* Copies of one worker follow one another. */
static void send_drops(struct coordinator *c)
{
    const struct recover *r = &c->recover;
    uint32_t k, n, end, count;

    for (k = 0; k < r->count; k = end) {
        uint16_t worker = r->copies[k].worker;
        struct wire_writer *batch;
        for (end = k, count = 0;
             end < r->count && r->copies[end].worker == worker; end++)
            count += !r->copies[end].needed;
        batch =
            count ? coordinate_batch(c, worker, 8 + (size_t)count * 4) : NULL;
        if (!batch)
            continue;
        put_u8(batch, RECORD_DROP);
        put_u32(batch, count);
        for (n = k; n < end; n++)
            if (!r->copies[n].needed)
                put_u32(batch, r->copies[n].index);
    }
}

static int walk_anew(struct coordinator *c)
{
    struct walker *walker = walker_new(c->binding, c->costs);
    uint32_t k;

    if (!walker)
        return -1;
    walker_free(c->walker);
    c->walker = walker;
    set_pool_fini(&c->sets);
    for (k = 0; k < c->version_space; k++)
        c->versions[k] = (struct version){.owner = WIRE_NOBODY};
    c->head = c->tail = 0;
    c->next = 1;
    c->answer_next = 0;
    keep_forget(c);
    c->waiting = c->answered = c->walked = 0;
    return 0;
}

static void epoch_ready(struct coordinator *c)
{
    struct recover_walk walk = {.binding = c->binding,
                                .steps = c->steps,
                                .tasks = c->known,
                                .limit = c->limit,
                                .answers = c->answers,
                                .answer_count = c->answer_count,
                                .done = was_done,
                                .user = c};

    c->muted = 0;
    if (recover_plan(&c->recover, &walk) || walk_anew(c)) {
        coordinate_no_memory(c);
        return;
    }
    c->recovering = 1;
    send_drops(c);
    lost_walked(c);
    c->paused = c->pausing;
    c->pausing = 0;
}

int read_held(struct coordinator *c, uint16_t from, struct wire_reader *r)
{
    uint32_t epoch = get_u32(r), count = get_u32(r), k;

    if (!wire_has(r, (size_t)count * 12) || epoch > c->epoch)
        return -1;
    for (k = 0; k < count; k++) {
        uint32_t tile = get_u32(r);
        uint64_t writer = get_u64(r);
        if (epoch == c->epoch && !c->peers[from].held &&
            recover_add(&c->recover, tile, writer, from, k)) {
            coordinate_no_memory(c);
            return 0;
        }
    }
    if (epoch < c->epoch)
        return 0;
    if (c->peers[from].held || !c->unheld)
        return -1;
    c->peers[from].held = 1;
    c->peers[from].alone = 0;
    if (!--c->unheld)
        epoch_ready(c);
    return 0;
}

/* ---- the walk up to where it was ---------------------------------------- */

int lost_skips(const struct coordinator *c, uint64_t number)
{
    return number < c->recover.tasks && !recover_runs(&c->recover, number);
}

void lost_adopt(struct coordinator *c, uint32_t handle)
{
    const struct walk_version *version = walk_version(c->walker, handle);
    struct version *v = &c->versions[handle];
    const struct recover_copy *first = recover_find(&c->recover, version->tile,
                                                    version->writer),
                              *copy;

    for (copy = first; copy; copy = recover_next(&c->recover, copy)) {
        struct wire_writer *batch =
            copy->needed ? coordinate_batch(c, copy->worker, 16) : NULL;
        if (!batch)
            continue;
        put_u8(batch, RECORD_ADOPT);
        put_u32(batch, copy->index);
        put_u32(batch, handle);
        if (v->owner == WIRE_NOBODY && !c->peers[copy->worker].leaving)
            v->owner = copy->worker;
    }
    if (!first || !first->needed)
        return;
    if (v->owner == WIRE_NOBODY) { /* only workers that leave have it */
        v->owner = coordinate_home(c, version->tile);
        keep_ask(c, handle, v->owner, first->worker, first->worker);
        c->peers[first->worker].moving++;
        first = recover_next(&c->recover, first);
    }
    for (copy = first; copy; copy = recover_next(&c->recover, copy))
        if (copy->needed && copy->worker != v->owner &&
            set_add(&c->sets, &v->readers, copy->worker))
            coordinate_no_memory(c);
    keep_written(c, handle, version->writer);
}

void lost_release(struct coordinator *c)
{
    uint32_t k;

    for (k = 0; k < c->peer_count; k++) {
        struct peer *peer = &c->peers[k];
        struct wire_writer *batch;
        if (!peer->leaving || peer->released || peer->moving)
            continue;
        batch = coordinate_batch(c, (uint16_t)k, 8);
        if (!batch)
            continue;
        put_u8(batch, RECORD_BYE);
        peer->released = 1;
    }
}

void lost_walked(struct coordinator *c)
{
    if (walk_steps(c->walker) < c->steps && !c->walked)
        return;
    c->recovering = 0;
    recover_fini(&c->recover);
    if (c->able_count < c->alive_count)
        lost_release(c);
}

int read_alone(struct coordinator *c, uint16_t from, struct wire_reader *r)
{
    uint64_t number = get_u64(r);
    struct wire_writer *batch;

    if (r->failed || !lost_alone(c, number))
        return -1;
    batch = coordinate_batch(c, from, 16);
    if (!batch)
        return 0; /* the epoch ends */
    put_u8(batch, RECORD_GO);
    put_u64(batch, number);
    c->peers[from].alone = number;
    return 0;
}
