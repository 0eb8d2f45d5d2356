/* Versions that are closed, in memory that would lie idle.  No task will read
 * one again, unless a worker is lost: then what it made is made again from
 * them, and each that is gone would have to be made first, with all before it.
 * So a version that others were made from stays until its memory is wanted: no
 * run takes a byte more for it.  Copies of what another worker made, too: its
 * own may be overwritten, or lost.  The newest go first, since what is older is
 * what they were made from. */
#include "runtime/worker_private.h"

#include <stdlib.h>

enum { SIZES = 32 }; /* so many are looked at for one of the right size */

int retired_wants(const struct worker *w, const void *data, int used)
{
    return data && used && w->workers > 1 &&
           !(w->memory && memory_is_tight(w->memory));
}

int retired_add(struct worker *w, struct held held)
{
    uint32_t space = w->retired_space ? 2 * w->retired_space : 64;
    struct held *retired;

    if (w->retired_count == w->retired_space) {
        retired = realloc(w->retired, space * sizeof *retired);
        if (!retired)
            return 0;
        w->retired = retired;
        w->retired_space = space;
    }
    w->retired[w->retired_count++] = held;
    w->retired_bytes += worker_tile_bytes(w, held.tile);
    return 1;
}

static void give(struct worker *w, uint32_t at)
{
    struct held *held = &w->retired[at];
    size_t bytes = worker_tile_bytes(w, held->tile);

    if (!w->hollow)
        store_give(w->store, held->data, bytes);
    w->retired_bytes -= bytes;
    w->retired_count--;
    memmove(held, held + 1, (w->retired_count - at) * sizeof *held);
}

void retired_make_room(struct worker *w, size_t bytes)
{
    uint32_t at = w->retired_count, tries;

    if (!at || store_has(w->store, bytes))
        return;
    for (tries = 0; at-- && tries < SIZES; tries++)
        if (worker_tile_bytes(w, w->retired[at].tile) == bytes) {
            give(w, at);
            return;
        }
}

void retired_give(struct worker *w)
{
    while (w->retired_count)
        give(w, w->retired_count - 1);
}

void retired_hold(struct worker *w)
{
    uint32_t k;

    for (k = 0; k < w->retired_count; k++)
        if (worker_held_add(w, w->retired[k]))
            break; /* the run ends; its store frees what is left */
    w->retired_count = 0;
    w->retired_bytes = 0;
}
