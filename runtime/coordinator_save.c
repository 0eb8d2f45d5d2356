/* Checkpoints: what the coordinator knows that its plan does not say.
 *
 * A pause is an epoch like those of coordinator_lost.c: what runs is finished,
 * and the worker says which versions it holds.  That, the answers to tests and
 * the tasks that were done are all that a walk needs to come here again, in
 * this run or in another one. */
#include "runtime/coordinator_private.h"

#include <stdlib.h>

enum { WAS_DONE = 1, HAS_LINE = 2 };

/* Not without a task since the last one, or a run that is saved too often
 * would do nothing else. */
int coordinator_pause(struct coordinator *c)
{
    if (c->done == c->done_then || c->pausing || c->paused || c->unheld ||
        c->recovering || c->restoring || c->broken || !c->able_count || c->failed != UINT64_MAX ||
        coordinator_finished(c))
        return 0;
    c->pausing = 1;
    lost_begin(c);
    return 1;
}

int coordinator_paused(const struct coordinator *c)
{
    return c->paused;
}

void coordinator_go_on(struct coordinator *c)
{
    c->paused = 0;
    c->done_then = c->done;
}

/* Its line is shown when all before it are done. */
static void save_task(const struct coordinator *c, uint64_t number,
                      struct wire_writer *out)
{
    int done = coordinate_done(c, number);
    const char *line = done ? coordinate_line(c, number) : NULL;
    size_t length = line ? strlen(line) : 0;

    if (wire_room(out, length + 8))
        return;
    put_u8(out, (uint8_t)((done ? WAS_DONE : 0) | (line ? HAS_LINE : 0)));
    if (line)
        put_bytes(out, line, (uint32_t)length);
}

void coordinator_save(const struct coordinator *c, struct wire_writer *out)
{
    uint64_t k;

    if (wire_room(out, 64 + c->answer_count * 8))
        return;
    put_u64(out, c->steps);
    put_u64(out, c->settled);
    put_u64(out, c->known);
    put_u64(out, c->done);
    put_f64(out, c->cost_done);
    put_f64(out, c->cost_total);
    put_u64(out, c->answer_count);
    for (k = 0; k < c->answer_count; k++)
        put_f64(out, c->answers[k]);
    for (k = c->settled; k < c->known && !out->failed; k++)
        save_task(c, k, out);
}

static int restore_answers(struct coordinator *c, struct wire_reader *r)
{
    uint64_t count = get_u64(r), k;

    if (count > (uint64_t)(r->end - r->next) / 8)
        return -1;
    c->answers = malloc((count + 1) * sizeof *c->answers);
    if (!c->answers)
        return -1;
    for (k = 0; k < count; k++)
        c->answers[k] = get_f64(r);
    c->answer_count = count;
    c->answer_space = count + 1;
    return 0;
}

static int restore_task(struct coordinator *c, struct wire_reader *r)
{
    uint8_t flags = get_u8(r);
    uint32_t length = 0;
    const unsigned char *bytes =
        flags & HAS_LINE ? get_bytes(r, &length) : NULL;
    char *line = bytes ? malloc((size_t)length + 1) : NULL;

    if (r->failed || (bytes && !line)) {
        free(line);
        return -1;
    }
    if (line) {
        memcpy(line, bytes, length);
        line[length] = 0;
    }
    if (line && coordinate_text(c, c->known, line))
        return -1;
    if (flags & WAS_DONE)
        *ever_word(c, c->known) |= (uint64_t)1 << c->known % 64;
    c->known++;
    return 0;
}

static int restore_tasks(struct coordinator *c, struct wire_reader *r,
                         uint64_t known)
{
    uint64_t count = known - c->settled;

    c->known = c->settled;
    if (count > (uint64_t)(r->end - r->next)) /* a byte each */
        return -1;
    while (c->ever_space < count)
        c->ever_space *= 2;
    free(c->ever);
    c->ever = calloc(c->ever_space / 64, sizeof *c->ever);
    if (!c->ever)
        return -1;
    while (c->known < known)
        if (restore_task(c, r))
            return -1;
    return 0;
}

int coordinator_restore(struct coordinator *c, struct wire_reader *r)
{
    uint64_t known;

    c->steps = get_u64(r);
    c->settled = c->known = get_u64(r);
    known = get_u64(r);
    c->done = c->done_then = get_u64(r);
    c->cost_done = get_f64(r);
    c->cost_total = get_f64(r);
    if (r->failed || !c->settled || known < c->settled ||
        restore_answers(c, r) || restore_tasks(c, r, known))
        return -1;
    c->restoring = 1;
    return 0;
}

void coordinator_restored(struct coordinator *c)
{
    c->restoring = 0;
    lost_begin(c);
}

void coordinator_fetch(struct coordinator *c,
                       const struct coordinator_version *version)
{
    struct wire_writer *batch = coordinate_batch(c, version->worker, 8);

    if (!batch)
        return;
    put_u8(batch, RECORD_SAVE);
    put_u32(batch, version->index);
}

uint32_t coordinator_workers(const struct coordinator *c)
{
    return c->able_count;
}

uint16_t coordinator_place(const struct coordinator *c, uint32_t tile)
{
    return coordinate_home(c, tile);
}

int coordinator_needed(const struct coordinator *c, uint32_t *k,
                       struct coordinator_version *version)
{
    const struct recover *r = &c->recover;

    for (; *k < r->count; ++*k) {
        const struct recover_copy *copy = &r->copies[*k];
        if (!copy->needed ||
            recover_find(r, copy->tile, copy->writer) != copy)
            continue;
        *version = (struct coordinator_version){copy->writer, copy->tile,
                                                copy->index, copy->worker};
        ++*k;
        return 1;
    }
    return 0;
}

uint64_t coordinator_tasks_done(const struct coordinator *c)
{
    return c->done;
}
