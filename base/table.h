/* Texts to numbers, in an arena: open addressing, kept at most half full.
 * Keys are borrowed.  A zeroed table is empty. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"

struct table_row {
    const char *key; /* NULL: free */
    uint32_t hash, value;
};

struct table {
    struct table_row *rows;
    uint32_t count, space; /* space: 0 or a power of two */
};

/* The key's number, or NULL; good until the next table_put(). */
uint32_t *table_find(const struct table *table, const char *key);
/* Sets or changes the key's number. */
void table_put(struct arena *arena, struct table *table, const char *key,
               uint32_t value);

#endif
