/* Memory for tiles: pooled buffers, 64-byte aligned, with STORE_PAD bytes
 * behind each, carved from slabs that ask for huge pages.
 *
 * Fresh pages cost seven times a plain write, so a buffer that was given back
 * serves the next tile of its size.  Taking and giving touch no buffer: who
 * computes in it touches it first.  Not for two threads at once. */
#ifndef RUNTIME_STORE_H
#define RUNTIME_STORE_H

#include <stddef.h>
#include <stdint.h>

enum { STORE_PAD = 64 }; /* kernels may read and write so far past a tile */

struct store;

/* NULL: out of memory. */
struct store *store_new(void);
void store_free(struct store *store);

/* As new, for another run: all buffers are taken back, whoever has them.  The
 * memory stays, and with it its pages. */
void store_reset(struct store *store);

/* A buffer of at least `bytes` (not 0), contents undefined; NULL: out of
 * memory.  The same bytes are given to store_give(). */
void *store_take(struct store *store, size_t bytes);
void store_give(struct store *store, void *data, size_t bytes);

/* A buffer of that size was given back, and will be the next to be taken. */
int store_has(const struct store *store, size_t bytes);

/* Above so many bytes of memory in use, that of buffers which were given back
 * goes to the system before more is asked for.  */
void store_limit(struct store *store, size_t bytes);

/* `bytes` zeros and the pad, shared by all who ask and never written: writing
 * there ends the process.  NULL: out of memory. */
const void *store_zeros(struct store *store, size_t bytes);

size_t store_used(const struct store *store); /* bytes taken now */
size_t store_peak(const struct store *store); /* at most so far */
size_t store_held(const struct store *store); /* asked of the system */

/* For tests: overwrite buffers that are given back, and do not reuse them at
 * once, so that a late reader is noticed. */
void store_poison(struct store *store);

#endif
