#include "plan/codec.h"
#include "plan/expr.h"
#include "base/error.h"

#include <stddef.h>

const unsigned char plan_magic[8] = {'T', 'M', 'P', 'L', 'A', 'N', 0x1a, '\n'};

static void code_bytes(struct codec *codec, unsigned char *x, size_t bytes)
{
    if (codec->writing) {
        if (codec->size - codec->at < bytes) {
            size_t room = 2 * codec->size + bytes + 4096;
            unsigned char *more = arena_alloc(codec->arena, room);
            if (codec->at)
                memcpy(more, codec->bytes, codec->at);
            codec->bytes = more;
            codec->size = room;
        }
        memcpy(codec->bytes + codec->at, x, bytes);
        codec->at += bytes;
        return;
    }
    if (codec->failed || codec->size - codec->at < bytes) {
        if (!codec->failed)
            error_set(codec->error, TM_EFILE, "bad plan: cut short at byte %zu",
                      codec->at);
        codec->failed = 1;
        memset(x, 0, bytes);
        return;
    }
    memcpy(x, codec->bytes + codec->at, bytes);
    codec->at += bytes;
}

void code_u8(struct codec *codec, uint8_t *x)
{
    code_bytes(codec, x, 1);
}

static void code_number(struct codec *codec, uint64_t *x, int bytes)
{
    unsigned char b[8];
    int k;

    for (k = 0; k < bytes; k++)
        b[k] = (unsigned char)(*x >> (8 * k));
    code_bytes(codec, b, (size_t)bytes);
    for (*x = 0, k = 0; k < bytes; k++)
        *x |= (uint64_t)b[k] << (8 * k);
}

void code_u32(struct codec *codec, uint32_t *x)
{
    uint64_t wide = *x;

    code_number(codec, &wide, 4);
    *x = (uint32_t)wide;
}

void code_u64(struct codec *codec, uint64_t *x)
{
    code_number(codec, x, 8);
}

static void code_value(struct codec *codec, union plan_value *value)
{
    uint64_t bits;

    memcpy(&bits, value, 8);
    code_u64(codec, &bits);
    memcpy(value, &bits, 8);
}

static void code_string(struct codec *codec, void *item)
{
    const char **string = item;
    uint32_t length = codec->writing ? (uint32_t)strlen(*string) : 0;
    char *text;

    code_u32(codec, &length);
    if (codec->writing) {
        code_bytes(codec, (unsigned char *)(uintptr_t)*string, length);
        return;
    }
    *string = "";
    if (codec->failed || codec->size - codec->at < length) {
        if (!codec->failed)
            error_set(codec->error, TM_EFILE,
                      "bad plan: text of %u bytes does not fit at byte %zu",
                      length, codec->at);
        codec->failed = 1;
        return;
    }
    if (memchr(codec->bytes + codec->at, 0, length)) {
        error_set(codec->error, TM_EFILE, "bad plan: NUL in a text at byte %zu",
                  codec->at);
        codec->failed = 1;
        return;
    }
    text = arena_text(codec->arena, (char *)codec->bytes + codec->at, length);
    codec->at += length;
    *string = text;
}

static void code_source(struct codec *codec, void *item)
{
    struct plan_source *x = item;

    code_u32(codec, &x->name);
    code_u32(codec, &x->text);
}

static void code_place(struct codec *codec, void *item)
{
    struct plan_place *x = item;

    code_u32(codec, &x->source);
    code_u32(codec, &x->line);
    code_u32(codec, &x->column);
    code_u32(codec, &x->end_column);
    code_u32(codec, &x->via);
}

/* An expression has only what its operation needs: arguments, or a value. */
static void code_expr(struct codec *codec, void *item)
{
    struct plan_expr *x = item;
    uint32_t k, arity;

    code_u8(codec, &x->op);
    code_u8(codec, &x->type);
    arity = x->op < EXPR_OPS ? expr_table[x->op].arity : 0;
    for (k = 0; k < arity; k++)
        code_u32(codec, &x->args[k]);
    if ((x->op >= EXPR_INT && x->op <= EXPR_SLOT && x->op != EXPR_TILE_ROWS &&
         x->op != EXPR_TILE_COLS) ||
        x->op == EXPR_INPUT_COMPLEX)
        code_value(codec, &x->value);
}

static void code_param(struct codec *codec, void *item)
{
    struct plan_param *x = item;

    code_u32(codec, &x->name);
    code_u8(codec, &x->type);
    code_u32(codec, &x->value);
    code_u32(codec, &x->place);
}

static void code_slot(struct codec *codec, void *item)
{
    struct plan_slot *x = item;

    code_u8(codec, &x->type);
    code_u32(codec, &x->name);
}

static void code_type(struct codec *codec, void *item)
{
    struct plan_type *x = item;

    code_u8(codec, &x->fixed);
}

static void code_relation(struct codec *codec, void *item)
{
    struct plan_relation *x = item;

    code_u32(codec, &x->type);
    code_u32(codec, &x->real);
    code_u8(codec, &x->only);
}

static void code_input(struct codec *codec, void *item)
{
    struct plan_input *x = item;

    code_u32(codec, &x->name);
    code_u32(codec, &x->path);
    code_u32(codec, &x->path_param);
    code_u32(codec, &x->matrix);
    code_u8(codec, &x->fixed);
    code_u32(codec, &x->rows);
    code_u32(codec, &x->cols);
    code_u32(codec, &x->type);
    code_u32(codec, &x->place);
}

static void code_matrix(struct codec *codec, void *item)
{
    struct plan_matrix *x = item;

    code_u32(codec, &x->name);
    code_u8(codec, &x->kind);
    code_u8(codec, &x->rule);
    code_u32(codec, &x->type);
    code_u32(codec, &x->rows);
    code_u32(codec, &x->cols);
    code_u32(codec, &x->tile_rows);
    code_u32(codec, &x->tile_cols);
    code_u32(codec, &x->input);
    code_u32(codec, &x->arg);
    code_u32(codec, &x->seed);
    code_u32(codec, &x->call);
    code_u32(codec, &x->place);
}

static void code_output(struct codec *codec, void *item)
{
    struct plan_output *x = item;

    code_u32(codec, &x->name);
    code_u32(codec, &x->path);
    code_u32(codec, &x->path_param);
    code_u32(codec, &x->matrix);
    code_u32(codec, &x->place);
}

static void code_check(struct codec *codec, void *item)
{
    struct plan_check *x = item;

    code_u32(codec, &x->test);
    code_u32(codec, &x->text);
    code_u32(codec, &x->place);
}

static void code_text(struct codec *codec, void *item)
{
    struct plan_text *x = item;

    code_u32(codec, &x->first);
    code_u32(codec, &x->count);
}

static void code_part(struct codec *codec, void *item)
{
    struct plan_part *x = item;

    code_u8(codec, &x->kind);
    code_u32(codec, &x->value);
}

static void code_map(struct codec *codec, void *item)
{
    struct plan_map *x = item;

    code_u32(codec, &x->first_step);
    code_u32(codec, &x->steps);
    code_u32(codec, &x->first_constant);
    code_u32(codec, &x->constants);
    code_u8(codec, &x->inputs);
    code_u8(codec, &x->registers);
}

static void code_step(struct codec *codec, void *item)
{
    struct plan_map_step *x = item;

    code_u8(codec, &x->op);
    code_u8(codec, &x->dst);
    code_u8(codec, &x->a);
    code_u8(codec, &x->b);
    code_u8(codec, &x->c);
}

static void code_constant(struct codec *codec, void *item)
{
    union plan_value value;

    memcpy(&value, item, 8);
    code_value(codec, &value);
    memcpy(item, &value, 8);
}

static void code_arg(struct codec *codec, void *item)
{
    code_u32(codec, item);
}

static void code_operand(struct codec *codec, void *item)
{
    struct plan_operand *x = item;

    code_u32(codec, &x->matrix);
    code_u8(codec, &x->mode);
    code_u8(codec, &x->flags);
    code_u32(codec, &x->i);
    code_u32(codec, &x->j);
    code_u32(codec, &x->i_end);
    code_u32(codec, &x->j_end);
}

static void code_entry(struct codec *codec, void *item)
{
    struct plan_entry *x = item;

    code_u8(codec, &x->kind);
    code_u8(codec, &x->kernel);
    code_u8(codec, &x->flags);
    code_u32(codec, &x->end);
    code_u32(codec, &x->a);
    code_u32(codec, &x->b);
    code_u32(codec, &x->c);
    code_u32(codec, &x->d);
    code_u32(codec, &x->first_operand);
    code_u32(codec, &x->operands);
    code_u32(codec, &x->first_arg);
    code_u32(codec, &x->args);
    code_u32(codec, &x->subject);
    code_u32(codec, &x->place);
}

#define SECTION(ID, LEAST, TABLE, CODE)                                        \
    {                                                                          \
        ID, LEAST, offsetof(struct plan, TABLE),                               \
            sizeof *((struct plan *)0)->TABLE.items, code_##CODE, #TABLE       \
    }

const struct plan_section plan_sections[] = {
    SECTION(1, 4, strings, string),   SECTION(2, 8, sources, source),
    SECTION(3, 20, places, place),    SECTION(4, 2, exprs, expr),
    SECTION(5, 13, params, param),    SECTION(6, 5, slots, slot),
    SECTION(7, 1, types, type),       SECTION(8, 33, inputs, input),
    SECTION(9, 46, matrices, matrix), SECTION(10, 20, outputs, output),
    SECTION(11, 12, checks, check),   SECTION(12, 8, texts, text),
    SECTION(13, 5, parts, part),      SECTION(14, 18, maps, map),
    SECTION(15, 5, steps, step),      SECTION(16, 8, constants, constant),
    SECTION(17, 4, args, arg),        SECTION(18, 22, operands, operand),
    SECTION(19, 47, entries, entry),  SECTION(21, 9, relations, relation),
};
const uint32_t plan_section_count =
    sizeof plan_sections / sizeof *plan_sections;
