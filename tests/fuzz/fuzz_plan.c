/* Fuzz target: any bytes as a plan, through reader, verifier, printer,
 * binding, walker and writer.
 *
 * The input's header is repaired first (magic, version, size, check value),
 * so that what is behind it is reached; the check value that it had says what
 * is bound to the plan.  Besides what the sanitizers see it
 * checks that a plan that was read is written and read again as the same
 * bytes, and all that tests/unit/plan_walk.h compares.  With FUZZ_STANDALONE
 * it is a program that runs the files of its arguments. */
#include <stdio.h>

#include "base/error.h"
#include "plan/codec.h"
#include "tests/unit/plan_walk.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_STEPS = 20000, MOST_TILES = 1 << 16 };

static void put(uint8_t *at, uint64_t x, int bytes)
{
    for (; bytes--; x >>= 8)
        *at++ = (uint8_t)x;
}

static void repair(uint8_t *bytes, size_t size)
{
    memcpy(bytes, plan_magic, 8);
    put(bytes + 8, PLAN_MAJOR | PLAN_MINOR << 16, 4);
    put(bytes + 16, size, 8);
    put(bytes + 24, XXH3_64bits(bytes + PLAN_HEADER, size - PLAN_HEADER), 8);
}

static void print(const struct plan *plan)
{
    FILE *out = fopen("/dev/null", "w");

    if (!out)
        return;
    plan_print(out, plan);
    fclose(out);
}

static void write_again(const struct plan *plan)
{
    size_t size, again;
    unsigned char *bytes = plan_write(plan, &size), *other;
    struct tm_error error;
    struct plan *read = bytes ? plan_read(bytes, size, &error) : NULL;

    if (!read)
        abort();
    other = plan_write(read, &again);
    if (!other || again != size || memcmp(bytes, other, size))
        abort();
    plan_free(read);
}

static void walk(const struct plan *plan, const uint8_t *choice)
{
    struct binding *b = binding_new(plan);
    struct plan_walk x = {.most_steps = MOST_STEPS};
    struct tm_error error;
    int64_t edge = 1 + choice[2] % 8;

    if (!b)
        return;
    x.batch = 1 + choice[3] % 100;
    x.answer = choice[4] % 8 ? choice[4] % 3 : choice[4] / 100.0;
    if (choice[5] & 3)
        binding_tile(b, edge, choice[5] & 1 ? edge : 1 + choice[6] % 8);
    if (!plan_walk_bind(b, choice[0] % 12, choice[1] % 12, &error) &&
        b->tiles <= MOST_TILES && plan_walk(&x, b)) {
        fprintf(stderr, "walker: %s\n", x.broken);
        abort();
    }
    binding_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tm_error error;
    struct plan *plan;
    uint8_t *bytes;

    if (size < PLAN_HEADER + 4)
        return 0;
    bytes = malloc(size);
    if (!bytes)
        return 0;
    memcpy(bytes, data, size);
    repair(bytes, size);
    plan = plan_read(bytes, size, &error);
    if (!plan && (!error.status || !error.text[0]))
        abort(); /* refused without a word */
    if (plan) {
        write_again(plan);
        print(plan);
        walk(plan, data + 24);
        plan_free(plan);
    }
    free(bytes);
    return 0;
}

#ifndef FUZZ_STANDALONE
/* ---- mutations that keep the sections' lengths right -------------------- */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned int seed);

struct dice {
    uint64_t state;
};

static uint32_t roll(struct dice *d, uint32_t below)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return below ? (uint32_t)(d->state >> 33) % below : 0;
}

static uint32_t get(const uint8_t *at)
{
    return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

/* A byte or word somewhere: a little more or less, or like another one; now
 * and then what is bound. */
static void change(struct dice *d, uint8_t *data, size_t size)
{
    uint32_t room = (uint32_t)(size - PLAN_HEADER - 4);
    uint8_t *at = data + PLAN_HEADER + roll(d, room);
    const uint8_t *from = data + PLAN_HEADER + roll(d, room);

    switch (roll(d, 7)) {
    case 0: *at = (uint8_t)roll(d, 256); break;
    case 1: *at = (uint8_t)roll(d, 24); break;
    case 2: *at ^= (uint8_t)(1 << roll(d, 8)); break;
    case 3: put(at, get(at) + roll(d, 5) - 2, 4); break;
    case 4: memmove(at, from, 1); break;
    case 5: memmove(at, from, 4); break;
    default: data[24 + roll(d, 8)] = (uint8_t)roll(d, 256);
    }
}

/* Another item at the end of a section: a copy of one of them; or one less. */
static size_t resize(struct dice *d, uint8_t *data, size_t size, size_t most)
{
    uint32_t wanted = 2 + roll(d, 18), length, count, least = 0, k;
    size_t at = PLAN_HEADER, end;

    for (k = 0; k < plan_section_count; k++)
        if (plan_sections[k].id == wanted && wanted != 4)
            least = plan_sections[k].least;
    while (least && at + PLAN_SECTION_HEADER <= size &&
           get(data + at) != wanted)
        at += (size_t)PLAN_SECTION_HEADER + get(data + at + 12);
    if (!least || at + PLAN_SECTION_HEADER > size)
        return size;
    count = get(data + at + 8);
    length = get(data + at + 12);
    end = at + PLAN_SECTION_HEADER + length;
    if (end > size || !count || length != (uint64_t)count * least)
        return size;
    if (roll(d, 4) == 0) {
        memmove(data + end - least, data + end, size - end);
        put(data + at + 8, count - 1, 4);
        put(data + at + 12, length - least, 4);
        return size - least;
    }
    if (size + least > most)
        return size;
    memmove(data + end + least, data + end, size - end);
    memcpy(data + end, data + end - least * (1 + roll(d, count)), least);
    put(data + at + 8, count + 1, 4);
    put(data + at + 12, length + least, 4);
    return size + least;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned int seed)
{
    struct dice d = {seed};
    uint32_t k;

    if (size < PLAN_HEADER + 64 || roll(&d, 8) == 0)
        return LLVMFuzzerMutate(data, size, most);
    if (roll(&d, 4) == 0)
        size = resize(&d, data, size, most);
    for (k = 1 + roll(&d, 3); k-- > 0;)
        change(&d, data, size);
    return size;
}
#endif

#include "tests/fuzz/standalone.h"
