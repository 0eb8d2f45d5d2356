/* Second copies.  What a loop that ends by its data carries from one turn to
 * the next hangs on all turns before: losing one tile of it would mean to
 * begin again.  So at a test on data, what was written since the last such
 * point and is still current is copied to a second worker, and both copies
 * stay until the same is done for a later test.
 *
 * Copies cost time: they are made when the work since the last ones is worth
 * it, in small loops every few turns.  A version that several workers read
 * anyway costs nothing but its memory.
 *
 * Here too: tiles that are taken over from a worker that leaves. */
#include "runtime/coordinator_private.h"

#include <stdlib.h>

/* A tile that is copied to another worker costs about as much as a million
 * flops (20 us), and 50 for each byte; one byte that a task reads or writes as
 * 10: products with a vector do a fraction of that.  Copies are to cost less
 * than 2 % of the work, unless a loss could cost more than 4 % of what was
 * done: so they are made often at first, and less and less. */
static const double flops_a_copy = 1e6;
static const double flops_a_byte = 50;
static const double flops_a_byte_here = 10;
static const double share = 0.02;
static const double risk = 0.04;

static int list_add(struct keep_list *list, struct keep keep)
{
    uint32_t space = list->space ? 2 * list->space : 64;
    struct keep *items;

    if (list->count == list->space) {
        items = realloc(list->items, space * sizeof *items);
        if (!items)
            return -1;
        list->items = items;
        list->space = space;
    }
    list->items[list->count++] = keep;
    return 0;
}

/* The version of that list entry is there, and a later task may read it. */
static int is_current(const struct coordinator *c, const struct keep *keep)
{
    const struct version *v = &c->versions[keep->handle];

    return v->owner != WIRE_NOBODY && !v->closed && !v->close_due &&
           walk_version(c->walker, keep->handle)->writer == keep->writer;
}

static double bytes_of(const struct coordinator *c, uint32_t handle)
{
    struct bind_tile at =
        binding_tile_at(c->binding, walk_version(c->walker, handle)->tile);

    return (double)at.rows * (double)at.cols *
           (double)type_bytes(c->binding->matrices[at.matrix].type);
}

void keep_init(struct coordinator *c)
{
    const struct plan *plan = c->binding->plan;
    uint32_t k;

    for (k = 0; k < plan->entries.count && !c->keeps; k++)
        c->keeps = plan->entries.items[k].kind == ENTRY_FETCH;
}

void keep_fini(struct coordinator *c)
{
    free(c->wanted.items);
    free(c->fresh.items);
    free(c->kept.items);
    free(c->kept_before.items);
}

void keep_forget(struct coordinator *c)
{
    c->wanted.count = c->fresh.count = 0;
    c->kept.count = c->kept_before.count = 0;
    c->kept_missing = 0;
}

void keep_worked(struct coordinator *c, const struct walk_operand *operands,
                 uint32_t count, double cost)
{
    double least = 0;
    uint32_t k;

    for (k = 0; k < count; k++) {
        uint32_t in = operands[k].in & WALK_HANDLE, out = operands[k].out;
        if (in || out)
            least += bytes_of(c, in ? in : out) * flops_a_byte_here;
    }
    c->keep_work += cost > least ? cost : least;
}

void keep_written(struct coordinator *c, uint32_t handle, uint64_t number)
{
    struct keep_list *list = &c->fresh;
    uint32_t k, count = 0;

    if (!c->keeps || c->able_count < 2)
        return;
    if (list->count == list->space && list->count > 64) {
        for (k = 0; k < list->count; k++)
            if (is_current(c, &list->items[k]))
                list->items[count++] = list->items[k];
        if (count < list->space / 2)
            list->count = count;
    }
    if (list_add(list, (struct keep){.writer = number, .handle = handle}))
        coordinate_no_memory(c);
}

void keep_ask(struct coordinator *c, uint32_t handle, uint16_t worker,
              uint16_t from, uint16_t leaves)
{
    const struct walk_version *version = walk_version(c->walker, handle);
    struct wire_writer *batch = coordinate_batch(c, worker, 24);

    if (!batch || list_add(&c->wanted, (struct keep){.writer = version->writer,
                                                     .handle = handle,
                                                     .worker = worker,
                                                     .leaves = leaves})) {
        coordinate_no_memory(c);
        return;
    }
    c->versions[handle].open++; /* until it says KEPT */
    put_u8(batch, RECORD_KEEP);
    put_u32(batch, handle);
    put_u64(batch, version->writer);
    put_u32(batch, version->tile);
    put_u16(batch, from);
}

/* ---- points ------------------------------------------------------------- */

static void keep_release(struct coordinator *c, uint32_t handle)
{
    struct version *v = &c->versions[handle];

    v->kept = 0;
    if (!v->close_due)
        return;
    v->close_due = 0;
    version_close(c, handle, WIRE_NOBODY);
}

/* All copies of the new point are there: the point before is not needed. */
static void point_complete(struct coordinator *c)
{
    struct keep_list *before = &c->kept_before;
    uint32_t k;

    for (k = 0; k < before->count; k++)
        if (c->versions[before->items[k].handle].close_due)
            keep_release(c, before->items[k].handle);
        else if (list_add(&c->kept, before->items[k]))
            coordinate_no_memory(c);
    before->count = 0;
}

void keep_end(struct coordinator *c)
{
    uint32_t k;

    for (k = 0; k < c->kept_before.count; k++)
        keep_release(c, c->kept_before.items[k].handle);
    for (k = 0; k < c->kept.count; k++)
        keep_release(c, c->kept.items[k].handle);
    c->kept_before.count = c->kept.count = c->fresh.count = 0;
    c->keeps = 0;
}

static void keep_one(struct coordinator *c, const struct keep *keep)
{
    struct version *v = &c->versions[keep->handle];
    uint32_t k;

    v->kept = 1;
    if (list_add(&c->kept, *keep)) {
        coordinate_no_memory(c);
        return;
    }
    if (v->readers.few[0])
        return; /* someone else has it anyway */
    for (k = 0; c->able[k] != v->owner && k + 1 < c->able_count; k++)
        ;
    k = (k + 1) % c->able_count;
    v->remote++;
    c->kept_missing++;
    keep_ask(c, keep->handle, c->able[k], v->owner, WIRE_NOBODY);
    if (set_add(&c->sets, &v->readers, c->able[k]))
        coordinate_no_memory(c);
}

void keep_point(struct coordinator *c)
{
    struct keep_list *fresh = &c->fresh, old;
    uint32_t k, count = 0;
    double cost = 0, work;

    if (!c->keeps || c->able_count < 2 || c->kept_missing)
        return;
    if (!c->keep_from) { /* what is before all loops can be made again */
        c->keep_from = c->next;
        c->keep_cost = c->keep_work;
        fresh->count = 0;
        return;
    }
    for (k = 0; k < fresh->count; k++)
        if (fresh->items[k].writer >= c->keep_from &&
            is_current(c, &fresh->items[k]) &&
            !c->versions[fresh->items[k].handle].kept) {
            fresh->items[count++] = fresh->items[k];
            if (!c->versions[fresh->items[k].handle].readers.few[0])
                cost += flops_a_copy +
                        bytes_of(c, fresh->items[k].handle) * flops_a_byte;
        }
    fresh->count = count;
    work = c->keep_work - c->keep_cost;
    if (c->costs && cost > share * work && work < risk * c->keep_work)
        return;
    c->keep_cost = c->keep_work;
    old = c->kept_before; /* it is empty */
    c->kept_before = c->kept;
    c->kept = old;
    for (k = 0; k < count; k++)
        keep_one(c, &fresh->items[k]);
    fresh->count = 0;
    if (!c->kept_missing)
        point_complete(c);
}

int read_kept(struct coordinator *c, uint16_t from, struct wire_reader *r)
{
    uint32_t handle = get_u32(r), k;
    uint64_t writer = get_u64(r);
    struct keep_list *list = &c->wanted;
    uint16_t leaves;

    if (r->failed)
        return -1;
    if (c->unheld)
        return 0; /* of the epoch that ends */
    for (k = 0; k < list->count; k++)
        if (list->items[k].handle == handle && list->items[k].worker == from &&
            list->items[k].writer == writer)
            break;
    if (k == list->count)
        return -1;
    leaves = list->items[k].leaves;
    list->items[k] = list->items[--list->count];
    if (leaves != WIRE_NOBODY) {
        coordinate_close(c, leaves, handle);
        c->peers[leaves].moving--;
    } else {
        c->versions[handle].remote--;
        version_shut(c, handle);
        if (!--c->kept_missing)
            point_complete(c);
    }
    c->versions[handle].open--;
    version_settle(c, handle);
    if (leaves != WIRE_NOBODY && !c->peers[leaves].moving && !c->recovering)
        lost_release(c);
    return 0;
}
