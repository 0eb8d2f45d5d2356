/* A plan to bytes: header, then one section a table, in a fixed order. */
#include "plan/codec.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static void write_section(struct codec *codec, const struct plan *plan,
                          const struct plan_section *section)
{
    const struct plan_table *table =
        (const void *)((const char *)plan + section->table);
    uint32_t k, word = section->id, required = 1;
    uint64_t length;
    size_t start = codec->at, end;

    code_u32(codec, &word);
    word = required;
    code_u32(codec, &word);
    word = table->count;
    code_u32(codec, &word);
    word = 0;
    code_u32(codec, &word);
    for (k = 0; k < table->count; k++)
        section->code(codec, (char *)table->items + k * section->item);
    end = codec->at;
    length = end - start - PLAN_SECTION_HEADER;
    codec->at = start + 12;
    word = (uint32_t)length;
    code_u32(codec, &word);
    codec->at = end;
}

static int section_left_out(const struct plan *plan, uint32_t k)
{
    const struct plan_table *table =
        (const void *)((const char *)plan + plan_sections[k].table);

    return plan_sections[k].id >= PLAN_NEW_SECTION && !table->count;
}

unsigned char *plan_write(const struct plan *plan, size_t *bytes)
{
    struct codec codec = {.writing = 1, .arena = plan->arena};
    jmp_buf outer;
    uint32_t k, word;
    uint64_t wide;
    size_t end;

    memcpy(&outer, &plan->arena->failed, sizeof outer);
    if (setjmp(plan->arena->failed)) {
        memcpy(&plan->arena->failed, &outer, sizeof outer);
        return NULL;
    }
    for (k = 0; k < sizeof plan_magic; k++) {
        uint8_t byte = plan_magic[k];
        code_u8(&codec, &byte);
    }
    word = PLAN_MAJOR | (uint32_t)PLAN_MINOR << 16;
    code_u32(&codec, &word);
    word = plan_section_count + 1;
    for (k = 0; k < plan_section_count; k++)
        word -= (uint32_t)section_left_out(plan, k);
    code_u32(&codec, &word);
    wide = 0;
    code_u64(&codec, &wide); /* size, below */
    code_u64(&codec, &wide); /* check value, below */
    word = PLAN_TILE_SECTION;
    code_u32(&codec, &word);
    word = 1;
    code_u32(&codec, &word);
    code_u32(&codec, &word);
    word = 8;
    code_u32(&codec, &word);
    word = plan->tile_rows;
    code_u32(&codec, &word);
    word = plan->tile_cols;
    code_u32(&codec, &word);
    for (k = 0; k < plan_section_count; k++)
        if (!section_left_out(plan, k))
            write_section(&codec, plan, &plan_sections[k]);
    end = codec.at;
    codec.at = 16;
    wide = end;
    code_u64(&codec, &wide);
    wide = XXH3_64bits(codec.bytes + PLAN_HEADER, end - PLAN_HEADER);
    code_u64(&codec, &wide);
    memcpy(&plan->arena->failed, &outer, sizeof outer);
    *bytes = end;
    return codec.bytes;
}
