#include "base/table.h"

/* FNV-1a, with its high bits mixed down. */
static uint32_t hash_of(const char *key)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 0x100000001b3u;
    return (uint32_t)(h ^ h >> 32);
}

/* The row of the key, or the free one where it belongs. */
static struct table_row *row_of(const struct table *table, const char *key,
                                uint32_t hash)
{
    uint32_t at = hash & (table->space - 1);

    while (table->rows[at].key &&
           (table->rows[at].hash != hash || strcmp(table->rows[at].key, key)))
        at = (at + 1) & (table->space - 1);
    return &table->rows[at];
}

uint32_t *table_find(const struct table *table, const char *key)
{
    struct table_row *row;

    if (!table->count)
        return NULL;
    row = row_of(table, key, hash_of(key));
    return row->key ? &row->value : NULL;
}

static void grow(struct arena *arena, struct table *table)
{
    struct table more = {.space = table->space ? 2 * table->space : 64};
    uint32_t k;

    more.rows = arena_array(arena, more.space, sizeof *more.rows);
    more.count = table->count;
    for (k = 0; k < table->space; k++)
        if (table->rows[k].key)
            *row_of(&more, table->rows[k].key, table->rows[k].hash) =
                table->rows[k];
    *table = more;
}

void table_put(struct arena *arena, struct table *table, const char *key,
               uint32_t value)
{
    uint32_t hash = hash_of(key);
    struct table_row *row;

    if (2 * table->count >= table->space)
        grow(arena, table);
    row = row_of(table, key, hash);
    if (!row->key)
        table->count++;
    *row = (struct table_row){key, hash, value};
}
