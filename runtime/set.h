/* Sets of workers in eight bytes: up to four lie in the set itself, more are
 * bits in a pool.  Most versions are read by few workers, some by hundreds.
 * A zeroed set, and a zeroed pool, are empty.
 *
 * Members of large sets pass on what one has: each copies from another that
 * was added before, and is copied from by two or so. */
#ifndef RUNTIME_SET_H
#define RUNTIME_SET_H

#include "runtime/wire.h"

enum {
    SET_FEW = 4,
    SET_WORDS = WIRE_WORKERS / 64,
    SET_END = 0xffff,
    SET_MANY = 0xffff
};

struct set {
    uint16_t few[SET_FEW]; /* worker + 1; 0: none.  Or SET_MANY, and the next
                            * two are the number of the bits in the pool */
};

struct set_pool {
    struct set_bits *bits;
    uint32_t count, space;
    uint32_t spare; /* 1 + first of those given back */
};

void set_pool_fini(struct set_pool *pool);
/* 0, or out of memory: the set is as before. */
int set_add_slow(struct set_pool *pool, struct set *set, uint16_t worker);
void set_clear_slow(struct set_pool *pool, struct set *set);
/* The first member from that number on, or SET_END. */
uint16_t set_next(const struct set_pool *pool, const struct set *set,
                  uint16_t from);

static inline int set_is_many(const struct set *set)
{
    return set->few[0] == SET_MANY;
}

int set_has(const struct set_pool *pool, const struct set *set,
            uint16_t worker);
/* Of whom the member that was added last may have a copy: another member, or
 * SET_END: it is among the first few, or was not the last. */
uint16_t set_relay(const struct set_pool *pool, const struct set *set,
                   uint16_t worker);

static inline int set_add(struct set_pool *pool, struct set *set,
                          uint16_t worker)
{
    if (set->few[0] == worker + 1)
        return 0;
    if (!set->few[0]) {
        set->few[0] = (uint16_t)(worker + 1);
        return 0;
    }
    return set_add_slow(pool, set, worker);
}

static inline void set_clear(struct set_pool *pool, struct set *set)
{
    if (set_is_many(set))
        set_clear_slow(pool, set);
    *set = (struct set){{0}};
}

#endif
