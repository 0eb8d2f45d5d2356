/* A run in which nothing ends: who waits for what.
 *
 * The coordinator knows which tasks are unfinished, a worker which of them run
 * and which versions it misses.  So workers are asked, and what they answer is
 * put into words; when nobody runs anything, and no tile came between two
 * answers, the run is stuck, which is a fault of ours. */
#include "runtime/coordinator_private.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void coordinator_ask(struct coordinator *c)
{
    uint32_t k;

    for (k = 0; k < c->peer_count; k++) {
        struct wire_writer *batch =
            coordinate_batch(c, (uint16_t)k, 8); /* NULL while it is lost */
        if (!batch)
            continue;
        put_u8(batch, RECORD_ASK);
        c->peers[k].asked = 1;
    }
}

uint32_t coordinator_unanswered(const struct coordinator *c)
{
    uint32_t k, count = 0;

    for (k = 0; k < c->peer_count; k++)
        count += c->peers[k].alive && c->peers[k].asked;
    return count;
}

int read_state(struct coordinator *c, uint16_t from, struct wire_reader *r)
{
    struct peer *peer = &c->peers[from];
    struct standing *s = &peer->standing;
    uint64_t before = s->bytes;

    s->running = get_u32(r);
    s->ready = get_u32(r);
    s->tasks = get_u32(r);
    s->waiters = get_u32(r);
    s->tile = get_u32(r);
    s->writer = get_u64(r);
    s->bytes = get_u64(r);
    s->still = s->known && !s->running && !s->ready && s->bytes == before;
    s->known = 1;
    peer->asked = 0;
    return r->failed || s->tile >= c->binding->tiles ? -1 : 0;
}

uint64_t coordinator_moved(const struct coordinator *c)
{
    return c->done + c->repeated + c->known + c->answer_count + c->epoch +
           (uint64_t)(c->tail - c->head);
}

int coordinator_stuck(const struct coordinator *c)
{
    uint32_t k;

    for (k = 0; k < c->peer_count; k++)
        if (c->peers[k].alive && !c->peers[k].standing.still)
            return 0;
    return !c->unheld && c->alive_count > 0;
}

/* ---- in words ----------------------------------------------------------- */

struct words {
    char *text;
    size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *w,
                                                      const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(w->text + w->used, w->size - w->used, format, args);
    va_end(args);
    if (length > 0)
        w->used += (size_t)length;
    if (w->used >= w->size)
        w->used = w->size - 1;
}

static void say_task(struct words *w, const struct coordinator *c,
                     const struct slot *slot)
{
    const struct plan *plan = c->binding->plan;
    const struct plan_entry *entry = &plan->entries.items[slot->entry];
    const struct plan_place *place = plan_script_place(plan, entry->place);

    say(w, "task %" PRIu64 " (%s", slot_number(c, slot),
        kernel_table[entry->kernel].name);
    if (place)
        say(w, ", %s:%u",
            plan_string(plan, plan->sources.items[place->source].name),
            place->line);
    say(w, ") on worker %u", slot->worker);
}

static const struct slot *slot_of(const struct coordinator *c, uint64_t number)
{
    uint32_t k;

    for (k = c->head; k != c->tail; k++)
        if (slot_number(c, slot_at(c, k)) == number)
            return slot_at(c, k);
    return NULL;
}

/* The version that was to be made first, of those that workers miss. */
static void say_missing(struct words *w, const struct coordinator *c)
{
    const struct standing *first = NULL;
    const struct slot *maker;
    struct bind_tile at;
    uint32_t k, from = 0;

    for (k = 0; k < c->peer_count; k++) {
        const struct standing *s = &c->peers[k].standing;
        if (c->peers[k].alive && s->waiters &&
            (!first || s->writer < first->writer)) {
            first = s;
            from = k;
        }
    }
    if (!first)
        return;
    at = binding_tile_at(c->binding, first->tile);
    say(w, "; %u on worker %u for tile %s[%" PRId64 ",%" PRId64 "]",
        first->waiters, from,
        plan_string(c->binding->plan,
                    c->binding->plan->matrices.items[at.matrix].name),
        at.i, at.j);
    maker = slot_of(c, first->writer);
    if (!first->writer) {
        say(w, ", which it loads");
    } else if (maker && maker->worker != WIRE_NOBODY) {
        say(w, ", which is to be made by ");
        say_task(w, c, maker);
    } else {
        say(w, ", which was made by task %" PRIu64, first->writer);
    }
}

void coordinator_describe(const struct coordinator *c, char *text, size_t size)
{
    struct words w = {text, size, 0};
    uint32_t k, known = 0, running = 0, tasks = 0;

    for (k = 0; c->unheld && k < c->peer_count; k++)
        if (c->peers[k].alive && !c->peers[k].held) {
            say(&w, "worker %u does not say what it holds", k);
            return;
        }
    for (k = 0; k < c->peer_count; k++)
        if (c->peers[k].alive) {
            running += c->peers[k].standing.running;
            tasks += c->peers[k].standing.tasks;
            known += c->peers[k].standing.known;
        }
    if (known)
        say(&w, "%u tasks running, %u waiting", running,
            tasks > running ? tasks - running : 0);
    say_missing(&w, c);
    if (c->waiting)
        say(&w, "; the script waits for a number");
    if (c->head != c->tail) {
        say(&w, "; the oldest that has not ended is ");
        say_task(&w, c, slot_at(c, c->head));
    } else if (!c->waiting) {
        say(&w, "; the walk does not go on after task %" PRIu64, c->next - 1);
    }
}
