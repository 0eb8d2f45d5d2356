/* Bytes to a plan.  Every length is checked against what is left of the file
 * before anything is allocated, so memory stays within a small multiple of
 * the file's size; plan_verify() does the rest. */
#include "plan/codec.h"
#include "plan/expr.h"
#include "base/error.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static void bad(struct codec *codec, const char *format, uint32_t value)
{
    if (!codec->failed)
        error_set(codec->error, TM_EFILE, format, value);
    codec->failed = 1;
}

static const struct plan_section *section_find(uint32_t id)
{
    uint32_t k;

    for (k = 0; k < plan_section_count; k++)
        if (plan_sections[k].id == id)
            return &plan_sections[k];
    return NULL;
}

static void read_table(struct codec *codec, struct plan *plan,
                       const struct plan_section *section, uint32_t count,
                       size_t end)
{
    struct plan_table *table = (void *)((char *)plan + section->table);
    struct codec body = *codec;
    uint32_t k;

    if (table->items) {
        bad(codec, "bad plan: section %u comes twice", section->id);
        return;
    }
    if (count > (end - codec->at) / section->least) {
        bad(codec, "bad plan: section %u says more items than it can hold",
            section->id);
        return;
    }
    body.size = end;
    table->items = arena_array(plan->arena, (size_t)count + 1, section->item);
    table->count = table->space = count;
    for (k = 0; k < count && !body.failed; k++)
        section->code(&body, (char *)table->items + k * section->item);
    if (!body.failed && body.at != end)
        bad(&body, "bad plan: section %u is longer than its items",
            section->id);
    codec->failed = body.failed;
}

static void read_section(struct codec *codec, struct plan *plan)
{
    uint32_t id, flags, count, length;
    const struct plan_section *section;
    size_t end;

    code_u32(codec, &id);
    code_u32(codec, &flags);
    code_u32(codec, &count);
    code_u32(codec, &length);
    if (codec->failed)
        return;
    if (length > codec->size - codec->at) {
        bad(codec, "bad plan: section %u is longer than the file", id);
        return;
    }
    end = codec->at + length;
    section = section_find(id);
    if (section) {
        read_table(codec, plan, section, count, end);
    } else if (id == PLAN_TILE_SECTION && count == 1 && length == 8) {
        if (plan->tile_rows != PLAN_NONE || plan->tile_cols != PLAN_NONE)
            bad(codec, "bad plan: section %u comes twice", id);
        code_u32(codec, &plan->tile_rows);
        code_u32(codec, &plan->tile_cols);
    } else if (flags & 1) {
        bad(codec,
            "bad plan: needs section %u, which this version does not "
            "know",
            id);
    }
    codec->at = end;
}

static void read_header(struct codec *codec, uint32_t *sections)
{
    uint32_t k, version;
    uint64_t size, check;

    for (k = 0; k < sizeof plan_magic; k++) {
        uint8_t byte;
        code_u8(codec, &byte);
        if (byte != plan_magic[k]) {
            codec->failed = 1;
            error_set(codec->error, TM_EFILE, "not a plan file");
            return;
        }
    }
    code_u32(codec, &version);
    if ((version & 0xffff) != PLAN_MAJOR) {
        codec->failed = 1;
        error_set(codec->error, TM_EFILE,
                  "plan of format %u.%u; this version reads format %d",
                  version & 0xffff, version >> 16, PLAN_MAJOR);
        return;
    }
    code_u32(codec, sections);
    code_u64(codec, &size);
    code_u64(codec, &check);
    if (codec->failed)
        return;
    if (size != codec->size) {
        codec->failed = 1;
        error_set(codec->error, TM_EFILE,
                  "bad plan: has %zu bytes and says %llu", codec->size,
                  (unsigned long long)size);
    } else if (check != XXH3_64bits(codec->bytes + PLAN_HEADER,
                                    codec->size - PLAN_HEADER)) {
        codec->failed = 1;
        error_set(codec->error, TM_EFILE,
                  "bad plan: damaged (check value differs)");
    }
}

/* Expressions know whether they hang on a slot; a file doesn't say. */
static void mark_slots(struct plan *plan)
{
    uint32_t k, a;

    for (k = 0; k < plan->exprs.count; k++) {
        struct plan_expr *x = &plan->exprs.items[k];
        uint32_t arity = x->op < EXPR_OPS ? expr_table[x->op].arity : 0;
        x->slots = x->op == EXPR_SLOT;
        for (a = 0; a < arity; a++)
            if (x->args[a] < k)
                x->slots |= plan->exprs.items[x->args[a]].slots;
    }
}

struct plan *plan_read(const unsigned char *bytes, size_t size,
                       struct tm_error *error)
{
    struct plan *plan = plan_new();
    struct codec codec = {.bytes = (unsigned char *)(uintptr_t)bytes,
                          .size = size,
                          .error = error};
    uint32_t k, sections = 0;

    error_clear(error);
    if (!plan) {
        error_set(error, TM_EMEMORY, "out of memory");
        return NULL;
    }
    if (setjmp(plan->arena->failed)) {
        error_set(error, TM_EMEMORY, "out of memory");
        plan_free(plan);
        return NULL;
    }
    codec.arena = plan->arena;
    read_header(&codec, &sections);
    for (k = 0; k < sections && !codec.failed; k++)
        read_section(&codec, plan);
    if (!codec.failed && codec.at != size)
        bad(&codec, "bad plan: more bytes than its %u sections", sections);
    if (!codec.failed) {
        mark_slots(plan);
        codec.failed = plan_verify(plan, error) != TM_OK;
    }
    if (codec.failed) {
        plan_free(plan);
        return NULL;
    }
    return plan;
}
