/* The second walk: forwards to know what each task reads and writes, then
 * backwards from what is still needed.  A walker whose handles are never
 * given back numbers the versions of the whole walk, so one word names one.
 *
 * A task must run if it has not been done, or if something needs a version
 * that it makes and nobody holds; then what it reads is needed.  A lost worker
 * may not have told what it did: a task was done, too, if somebody holds what
 * it made, or if a task was done that read it. */
#include "runtime/recover.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 4096 };

struct lineage {
    const struct recover_walk *walk;
    struct walker *walker;
    uint64_t *first;               /* of task n: its first operand */
    struct walk_operand *operands; /* handles of the second walk */
    uint64_t tasks, operand_count; /* so far */
    uint64_t task_space, operand_space;
    unsigned char *closed, *needed, *made; /* by handle */
    uint64_t version_space;
};

void recover_fini(struct recover *r)
{
    free(r->copies);
    free(r->table);
    free(r->again);
    free(r->done);
    *r = (struct recover){0};
}

int recover_add(struct recover *r, uint32_t tile, uint64_t writer,
                uint16_t worker, uint32_t index)
{
    uint32_t space = r->space ? 2 * r->space : 256;
    struct recover_copy *copies;

    if (r->count == r->space) {
        copies = realloc(r->copies, space * sizeof *copies);
        if (!copies)
            return -1;
        r->copies = copies;
        r->space = space;
    }
    r->copies[r->count++] = (struct recover_copy){
        .writer = writer, .tile = tile, .worker = worker, .index = index};
    return 0;
}

/* ---- names -------------------------------------------------------------- */

static uint32_t *table_at(const struct recover *r, uint32_t tile,
                          uint64_t writer)
{
    uint64_t hash = (writer * 0x9e3779b97f4a7c15u ^ tile) * 0xff51afd7ed558ccdu;
    uint32_t at = (uint32_t)(hash >> 32) & (r->table_space - 1);

    while (r->table[at]) {
        const struct recover_copy *copy = &r->copies[r->table[at] - 1];
        if (copy->writer == writer && copy->tile == tile)
            break;
        at = (at + 1) & (r->table_space - 1);
    }
    return &r->table[at];
}

static int table_make(struct recover *r)
{
    uint32_t k;

    r->table_space = 64;
    while (r->table_space < 2 * r->count)
        r->table_space *= 2;
    r->table = calloc(r->table_space, sizeof *r->table);
    if (!r->table)
        return -1;
    for (k = r->count; k-- > 0;) { /* so the first added is found first */
        struct recover_copy *copy = &r->copies[k];
        uint32_t *at = table_at(r, copy->tile, copy->writer);
        copy->next = *at;
        *at = k + 1;
    }
    return 0;
}

struct recover_copy *recover_find(const struct recover *r, uint32_t tile,
                                  uint64_t writer)
{
    uint32_t at = r->count ? *table_at(r, tile, writer) : 0;

    return at ? &r->copies[at - 1] : NULL;
}

/* ---- forwards ----------------------------------------------------------- */

static int grow(void *items, uint64_t *space, uint64_t wanted, size_t size)
{
    uint64_t more = *space ? *space : 4096;
    void *grown, **place = items;

    if (wanted <= *space)
        return 0;
    while (more < wanted)
        more *= 2;
    grown = realloc(*place, more * size);
    if (!grown)
        return -1;
    *place = grown;
    *space = more;
    return 0;
}

static int versions_room(struct lineage *l)
{
    uint64_t count = walk_handles(l->walker), space = l->version_space;

    if (count <= space)
        return 0;
    if (grow(&l->closed, &space, count, 1))
        return -1;
    memset(l->closed + l->version_space, 0, space - l->version_space);
    l->version_space = space;
    return 0;
}

static int keep_batch(struct lineage *l, const struct walk_batch *b)
{
    uint32_t k;

    if (grow(&l->first, &l->task_space, l->tasks + b->count + 2,
             sizeof *l->first) ||
        grow(&l->operands, &l->operand_space,
             l->operand_count + b->operand_count + 1, sizeof *l->operands) ||
        versions_room(l))
        return -1;
    for (k = 0; k < b->count; k++)
        l->first[++l->tasks] = l->operand_count + b->tasks[k].first_operand;
    if (b->operand_count)
        memcpy(l->operands + l->operand_count, b->operands,
               b->operand_count * sizeof *b->operands);
    l->operand_count += b->operand_count;
    l->first[l->tasks + 1] = l->operand_count;
    for (k = 0; k < b->operand_count; k++)
        if (b->operands[k].in & WALK_CLOSES)
            l->closed[b->operands[k].in & WALK_HANDLE] = 1;
    for (k = 0; k < b->close_count; k++)
        l->closed[b->closes[k].handle] = 1;
    return 0;
}

/* To where the first walk stands: by entries, not by tasks, since it may
 * have passed releases behind its last one. */
static int forwards(struct lineage *l)
{
    const struct recover_walk *walk = l->walk;
    const struct walk_batch *b;
    uint64_t answers = 0;

    do {
        b = walk_next(l->walker, BATCH, walk->steps - walk_steps(l->walker));
        if (keep_batch(l, b))
            return -1;
        if (b->state == WALK_WAIT && answers < walk->answer_count)
            walk_answer(l->walker, walk->answers[answers++]);
        else if (b->state != WALK_MORE)
            break;
    } while (walk_steps(l->walker) < walk->steps);
    return 0;
}

/* ---- backwards ---------------------------------------------------------- */

static struct recover_copy *copy_of(const struct recover *r,
                                    const struct lineage *l, uint32_t handle)
{
    const struct walk_version *v = walk_version(l->walker, handle);

    return recover_find(r, v->tile, v->writer);
}

static int was_done(const struct recover *r, const struct lineage *l,
                    uint64_t number)
{
    uint64_t k;

    if (l->walk->done(l->walk->user, number))
        return 1;
    for (k = l->first[number]; k < l->first[number + 1]; k++) {
        uint32_t out = l->operands[k].out;
        if (out && (l->made[out] || copy_of(r, l, out)))
            return 1;
    }
    return 0;
}

static void note_done(struct recover *r, struct lineage *l, uint64_t number)
{
    uint64_t k;

    r->done[number / 64] |= (uint64_t)1 << number % 64;
    for (k = l->first[number]; k < l->first[number + 1]; k++)
        l->made[l->operands[k].in & WALK_HANDLE] = 1;
}

static int must_run(const struct recover *r, const struct lineage *l,
                    uint64_t number)
{
    uint64_t k;

    if (!recover_done(r, number))
        return 1;
    for (k = l->first[number]; k < l->first[number + 1]; k++) {
        uint32_t out = l->operands[k].out;
        if (out && l->needed[out] && !copy_of(r, l, out))
            return 1;
    }
    return 0;
}

static void backwards(struct recover *r, struct lineage *l)
{
    uint64_t number, k;

    for (number = l->tasks; number > 0; number--) {
        if (number >= l->walk->limit || number >= l->walk->tasks)
            continue;
        if (was_done(r, l, number))
            note_done(r, l, number);
        if (!must_run(r, l, number))
            continue;
        r->again[number / 64] |= (uint64_t)1 << number % 64;
        for (k = l->first[number]; k < l->first[number + 1]; k++) {
            l->needed[l->operands[k].in & WALK_HANDLE] = 1;
            if (l->operands[k].out)
                l->needed[l->operands[k].out] = 0; /* it is made again */
        }
    }
}

/* One of each worker, which may have made it twice: those of one follow one
 * another. */
static void copies_need(struct recover *r, struct recover_copy *copy)
{
    uint32_t worker = UINT32_MAX;

    for (; copy; copy = recover_next(r, copy)) {
        copy->needed = copy->worker != worker;
        worker = copy->worker;
    }
}

int recover_plan(struct recover *r, const struct recover_walk *walk)
{
    struct lineage l = {.walk = walk};
    uint32_t handles, k;
    int failed = -1;

    r->tasks = walk->tasks;
    r->again = calloc(walk->tasks / 64 + 1, sizeof *r->again);
    r->done = calloc(walk->tasks / 64 + 1, sizeof *r->done);
    l.walker = walker_new(walk->binding, NULL);
    if (!r->again || !r->done || !l.walker || table_make(r) || forwards(&l))
        goto done;
    handles = walk_handles(l.walker);
    l.needed = calloc(handles + 1, 1);
    l.made = calloc(handles + 1, 1);
    if (!l.needed || !l.made)
        goto done;
    for (k = 1; k < handles && walk->limit > walk->tasks; k++)
        l.needed[k] = !l.closed[k]; /* later tasks may read it */
    backwards(r, &l);
    for (k = 1; k < handles; k++)
        if (l.needed[k])
            copies_need(r, copy_of(r, &l, k));
    failed = 0;
done:
    walker_free(l.walker);
    free(l.first);
    free(l.operands);
    free(l.closed);
    free(l.needed);
    free(l.made);
    return failed;
}
