/* Homes: tiles of outputs that lie in the output's own memory, so that a
 * result is computed where it stays and storing it moves nothing.
 *
 * A matrix has homes if its output is memory, column by column, and nothing
 * but kernels that go through entries write it: one that works on a tile again
 * and again is slower where columns lie far apart.  The output must store what
 * the matrix is at its end, and no other matrix may share its versions.
 *
 * A home has room for one version: the tile's newest, when its task begins.
 * One that is written while an earlier one is still read there lies in the
 * store, like any tile, and is copied when it is stored, which waits until the
 * home is free.  A part of the worker: same lock. */
#ifndef RUNTIME_HOMES_H
#define RUNTIME_HOMES_H

#include "runtime/job.h"

struct homes;

/* All borrowed.  *homes is NULL where no matrix has any.  0, or out of
 * memory. */
int homes_new(const struct binding *binding, const struct job_output *outputs,
              struct homes **homes);
void homes_free(struct homes *homes); /* NULL is fine */

struct home {        /* of a tile; versions by their handles, 0: none */
    uint32_t guest;  /* lies there */
    uint32_t newest; /* is the last that a task writes, so far */
};
/* NULL: the tile has none. */
struct home *homes_get(struct homes *homes, uint32_t tile);
/* Where it is: the tile's first entry, and the leading dimension. */
void *homes_at(const struct homes *homes, uint32_t tile, int64_t *ld);
/* Is its matrix larger than caches, and does no task read it? */
int homes_past(const struct homes *homes, uint32_t tile);

#endif
