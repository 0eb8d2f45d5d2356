/* Plan files as bytes: one description for both directions.
 *
 * A codec writes or reads little-endian numbers.  Its status is sticky: after
 * a fault everything reads as 0, so a body reads straight down and is checked
 * once.  code_sections() names the sections; docs/plan-format.md describes
 * them. */
#ifndef PLAN_CODEC_H
#define PLAN_CODEC_H

#include "plan/plan.h"

struct codec {
    int writing;
    int failed;
    unsigned char *bytes; /* writing: grows in arena */
    size_t at, size;      /* next byte; end of what may be read, or room */
    struct arena *arena;
    struct tm_error *error; /* reading: first fault */
};

enum { PLAN_MAJOR = 1, PLAN_MINOR = 1, PLAN_HEADER = 32,
       PLAN_SECTION_HEADER = 16,
       PLAN_TILE_SECTION = 20, /* the default tile edges: no table */
       PLAN_NEW_SECTION = 21 /* from here on: not written where empty, so
                              * that readers of 1.0 read what they can */ };
extern const unsigned char plan_magic[8];

struct plan_section {
    uint32_t id;
    uint32_t least; /* fewest bytes of one item */
    size_t table;   /* offset of its PLAN_TABLE in struct plan */
    size_t item;    /* bytes of one item in memory */
    void (*code)(struct codec *codec, void *item);
    const char *name;
};
extern const struct plan_section plan_sections[];
extern const uint32_t plan_section_count;

/* The three words that every PLAN_TABLE begins with. */
struct plan_table {
    void *items;
    uint32_t count, space;
};

void code_u8(struct codec *codec, uint8_t *x);
void code_u32(struct codec *codec, uint32_t *x);
void code_u64(struct codec *codec, uint64_t *x);

#endif
