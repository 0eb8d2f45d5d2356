/* In: a coordinator that is paused, messages with tiles; out: a checkpoint. */
#include "runtime/saver.h"
#include "runtime/coordinator.h"

#include <stdlib.h>

enum {
    ASKED = 16,       /* tiles on their way at once */
    WAITING = 8 << 20 /* bytes that may wait for a worker */
};

struct saver {
    struct saver_setup setup;
    struct checkpoint checkpoint;
    struct tm_error error; /* of the checkpoint that is being written */
    double saved;          /* when the last one was; below 0: just now */
    double paused, saving; /* when the run was, and how long it took to save */
    uint32_t next;         /* place of coordinator_needed() */
    struct coordinator_version asked[ASKED];
    uint32_t asked_count;
    /* a run that goes on */
    int restoring;
    uint16_t *holders; /* of each version of the checkpoint, in order */
    uint32_t holder_count, holder_space;
    uint32_t read; /* versions so far */
    int has;       /* the last one is not sent yet: */
    struct checkpoint_version version;
};

struct saver *saver_new(const struct saver_setup *setup, double now,
                        struct tm_error *error)
{
    struct checkpoint_source *source = setup->checkpoint->source;
    struct saver *s = calloc(1, sizeof *s);

    if (!s) {
        error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
        return NULL;
    }
    s->setup = *setup;
    s->saved = now;
    s->restoring = source != NULL;
    if (!checkpoint_open(&s->checkpoint, setup->checkpoint, error) &&
        (!source || !checkpoint_restore(source, setup->coordinator, error)))
        return s;
    saver_free(s);
    return NULL;
}

void saver_free(struct saver *s)
{
    if (!s)
        return;
    checkpoint_close(&s->checkpoint);
    free(s->holders);
    free(s);
}

int saver_busy(const struct saver *s)
{
    return s->restoring || s->checkpoint.file;
}

/* ---- going on ----------------------------------------------------------- */

/* The next version that no worker holds: 1; 0: there is none; -1: error. */
static int next_version(struct saver *s, struct tm_error *error)
{
    uint32_t space = s->holder_space ? 2 * s->holder_space : 256;
    uint16_t *holders;
    int more = 1;

    while (!s->has && more > 0) {
        more = checkpoint_version(s->setup.checkpoint->source,
                                  s->setup.io->binding, &s->version, error);
        if (more <= 0)
            return more;
        if (s->read == s->holder_space) {
            holders = realloc(s->holders, space * sizeof *holders);
            if (!holders)
                return -error_set(error, TM_EMEMORY,
                                  "out of memory for a checkpoint");
            s->holders = holders;
            s->holder_space = space;
        }
        if (s->read == s->holder_count)
            s->holders[s->holder_count++] = WIRE_NOBODY;
        s->has = s->holders[s->read++] == WIRE_NOBODY;
    }
    return 1;
}

static int send_hold(struct saver *s, uint16_t worker, struct tm_error *error)
{
    const struct checkpoint_version *v = &s->version;
    struct wire_writer message = {0};

    wire_begin(&message, WIRE_HOLD, WIRE_COORDINATOR);
    if (wire_room(&message, v->bytes + 16)) {
        free(message.bytes);
        return error_set(error, TM_EMEMORY, "out of memory for %zu bytes",
                         v->bytes);
    }
    put_u32(&message, v->tile);
    put_u64(&message, v->writer);
    memcpy(message.bytes + message.size, v->data, v->bytes);
    message.size += v->bytes;
    s->setup.send(s->setup.user, worker, &message);
    s->holders[s->read - 1] = worker;
    s->has = 0;
    return 0;
}

static int restore_some(struct saver *s, struct tm_error *error)
{
    struct checkpoint_source *source = s->setup.checkpoint->source;
    struct coordinator *c = s->setup.coordinator;
    int moved = 0, more = 1;

    while (coordinator_workers(c) && (more = next_version(s, error)) > 0) {
        uint16_t worker = coordinator_place(c, s->version.tile);
        if (s->setup.waiting(s->setup.user, worker) > WAITING)
            return moved;
        if (send_hold(s, worker, error))
            return 1;
        moved = 1;
    }
    if (more || checkpoint_outputs(source, s->setup.io, error))
        return moved;
    s->restoring = 0;
    coordinator_restored(c);
    checkpoint_tell(source, c, s->setup.note, s->setup.user);
    return 1;
}

void saver_lost(struct saver *s, uint16_t worker)
{
    uint32_t k;

    if (!s->restoring)
        return;
    for (k = 0; k < s->holder_count; k++)
        if (s->holders[k] == worker)
            s->holders[k] = WIRE_NOBODY;
    s->read = 0;
    s->has = 0;
    checkpoint_rewind(s->setup.checkpoint->source);
}

/* ---- saving ------------------------------------------------------------- */

static void begin(struct saver *s)
{
    error_clear(&s->error);
    s->next = s->asked_count = 0;
    checkpoint_begin(&s->checkpoint, s->setup.coordinator, &s->error);
}

static void end(struct saver *s)
{
    if (s->error.status && s->setup.note)
        s->setup.note(s->setup.user, s->error.text);
    checkpoint_drop(&s->checkpoint); /* if it is not done */
    coordinator_go_on(s->setup.coordinator);
    s->saved = -1;
}

/* A worker was lost meanwhile: it is tried again when that is mended. */
static int save_some(struct saver *s)
{
    struct coordinator *c = s->setup.coordinator;

    if (!coordinator_paused(c)) {
        checkpoint_drop(&s->checkpoint);
        return 1;
    }
    while (s->asked_count < ASKED && !s->error.status &&
           coordinator_needed(c, &s->next, &s->asked[s->asked_count]))
        coordinator_fetch(c, &s->asked[s->asked_count++]);
    if (s->asked_count && !s->error.status)
        return 0;
    if (!s->error.status)
        checkpoint_end(&s->checkpoint, s->setup.io, &s->error);
    end(s);
    return 1;
}

int saver_saved(struct saver *s, uint16_t from, struct wire_reader *r)
{
    const struct binding *b = s->setup.io->binding;
    uint32_t tile = get_u32(r), k;
    uint64_t writer = get_u64(r);
    size_t bytes = (size_t)(r->end - r->next);
    struct bind_tile at;

    if (r->failed || tile >= b->tiles)
        return -1;
    at = binding_tile_at(b, tile);
    if (bytes != job_tile_bytes(b, &at))
        return -1;
    for (k = 0; k < s->asked_count; k++)
        if (s->asked[k].worker == from && s->asked[k].tile == tile &&
            s->asked[k].writer == writer)
            break;
    if (k == s->asked_count || !s->checkpoint.file)
        return 0; /* of one that was given up */
    s->asked[k] = s->asked[--s->asked_count];
    if (!s->error.status)
        checkpoint_add(&s->checkpoint, tile, writer, r->next, bytes, &s->error);
    return 0;
}

int saver_pass(struct saver *s, double now, struct tm_error *error)
{
    struct coordinator *c = s->setup.coordinator;

    if (s->restoring)
        return restore_some(s, error);
    if (s->checkpoint.file)
        return save_some(s);
    if (coordinator_paused(c)) {
        begin(s);
        return save_some(s);
    }
    if (s->saved < 0) {
        s->saved = now;
        s->saving = now - s->paused;
    }
    if (now - s->saved < s->setup.checkpoint->seconds ||
        now - s->saved < s->saving || !coordinator_pause(c))
        return 0;
    s->paused = now;
    return 1;
}
