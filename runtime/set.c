/* Sets of workers: those with more than SET_FEW members have their bits in
 * the pool. */
#include "runtime/set.h"

#include <stdlib.h>

enum { RELAYS = 254, FANOUT = 2 };

struct set_bits {
    uint64_t word[SET_WORDS]; /* given back: word[0] is the next one's */
    uint16_t count, last;     /* members; the one that was added last */
    uint16_t relays[RELAYS];  /* the first of them, in order */
};

void set_pool_fini(struct set_pool *pool)
{
    free(pool->bits);
    *pool = (struct set_pool){0};
}

static uint32_t many_at(const struct set *set)
{
    return set->few[1] | (uint32_t)set->few[2] << 16;
}

static int bits_new(struct set_pool *pool, uint32_t *at)
{
    uint32_t space = pool->space ? 2 * pool->space : 16;
    struct set_bits *bits;

    if (pool->spare) {
        *at = pool->spare - 1;
        pool->spare = (uint32_t)pool->bits[*at].word[0];
    } else {
        if (pool->count == pool->space) {
            bits = realloc(pool->bits, space * sizeof *bits);
            if (!bits)
                return -1;
            pool->bits = bits;
            pool->space = space;
        }
        *at = pool->count++;
    }
    memset(&pool->bits[*at], 0, sizeof *pool->bits);
    return 0;
}

static void bits_add(struct set_bits *bits, uint16_t worker)
{
    uint64_t bit = (uint64_t)1 << worker % 64;

    if (bits->word[worker / 64] & bit)
        return;
    bits->word[worker / 64] |= bit;
    if (bits->count < RELAYS)
        bits->relays[bits->count] = worker;
    bits->count++;
    bits->last = worker;
}

int set_add_slow(struct set_pool *pool, struct set *set, uint16_t worker)
{
    uint32_t k, at;

    if (set_is_many(set)) {
        bits_add(&pool->bits[many_at(set)], worker);
        return 0;
    }
    for (k = 0; k < SET_FEW; k++) {
        if (set->few[k] == worker + 1)
            return 0;
        if (!set->few[k]) {
            set->few[k] = (uint16_t)(worker + 1);
            return 0;
        }
    }
    if (bits_new(pool, &at))
        return -1;
    for (k = 0; k < SET_FEW; k++)
        bits_add(&pool->bits[at], (uint16_t)(set->few[k] - 1));
    bits_add(&pool->bits[at], worker);
    *set = (struct set){{SET_MANY, (uint16_t)at, (uint16_t)(at >> 16)}};
    return 0;
}

void set_clear_slow(struct set_pool *pool, struct set *set)
{
    pool->bits[many_at(set)].word[0] = pool->spare;
    pool->spare = many_at(set) + 1;
}

int set_has(const struct set_pool *pool, const struct set *set, uint16_t worker)
{
    return set_next(pool, set, worker) == worker;
}

/* A heap: the first few have it from where it was made, each of the others
 * from one that is half as far in the order. */
uint16_t set_relay(const struct set_pool *pool, const struct set *set,
                   uint16_t worker)
{
    const struct set_bits *bits;
    uint32_t relay;

    if (!set_is_many(set))
        return SET_END;
    bits = &pool->bits[many_at(set)];
    if (bits->last != worker)
        return SET_END;
    relay = (bits->count - 1u - SET_FEW) / FANOUT;
    return bits->relays[relay % RELAYS];
}

uint16_t set_next(const struct set_pool *pool, const struct set *set,
                  uint16_t from)
{
    uint32_t k, best = SET_END;
    const uint64_t *word;

    if (!set_is_many(set)) {
        for (k = 0; k < SET_FEW && set->few[k]; k++)
            if (set->few[k] > from && set->few[k] - 1u < best)
                best = set->few[k] - 1u;
        return (uint16_t)best;
    }
    word = pool->bits[many_at(set)].word;
    for (k = from; k < WIRE_WORKERS; k = (k / 64 + 1) * 64) {
        uint64_t bits = word[k / 64] >> k % 64;
        if (bits)
            return (uint16_t)(k + (uint32_t)__builtin_ctzll(bits));
    }
    return SET_END;
}
