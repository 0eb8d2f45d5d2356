/* Plans written in C, for tests of what runs them.
 *
 *     struct plan *p = plan_new();
 *     uint32_t a = build_source(p, "A", RULE_RAND, n, n, b);
 *     struct build_loop i = build_loop(p, low, high);
 *     build_task(p, KERNEL_NOP, 0, 1);
 *     build_operand(p, a, MODE_BOTH, i.index, i.index);
 *     build_end(p, i);
 *
 * Sizes, bounds and indices are numbers of expressions. */
#ifndef TESTS_UNIT_PLAN_BUILD_H
#define TESTS_UNIT_PLAN_BUILD_H

#include "plan/plan.h"

static inline uint32_t build_string(struct plan *p, const char *text)
{
    vec_push(p->arena, &p->strings, arena_text(p->arena, text, strlen(text)));
    return p->strings.count - 1;
}

static inline uint32_t build_expr(struct plan *p, uint8_t op, uint8_t type,
                                  uint32_t a, uint32_t b, uint32_t c,
                                  union plan_value value)
{
    struct plan_expr x = {.op = op, .type = type, .value = value};
    uint32_t args[3] = {a, b, c}, k;

    for (k = 0; k < 3; k++) {
        x.args[k] = args[k];
        if (args[k] != PLAN_NONE)
            x.slots |= p->exprs.items[args[k]].slots;
    }
    x.slots |= op == EXPR_SLOT;
    vec_push(p->arena, &p->exprs, x);
    return p->exprs.count - 1;
}

static inline uint32_t build_leaf(struct plan *p, uint8_t op, uint8_t type,
                                  int64_t value)
{
    return build_expr(p, op, type, PLAN_NONE, PLAN_NONE, PLAN_NONE,
                      (union plan_value){.integer = value});
}

static inline uint32_t build_int(struct plan *p, int64_t value)
{
    return build_leaf(p, EXPR_INT, NUMBER_INT, value);
}

static inline uint32_t build_real(struct plan *p, double value)
{
    return build_expr(p, EXPR_REAL, NUMBER_REAL, PLAN_NONE, PLAN_NONE,
                      PLAN_NONE, (union plan_value){.real = value});
}

static inline uint32_t build_op(struct plan *p, uint8_t op, uint8_t type,
                                uint32_t a, uint32_t b)
{
    return build_expr(p, op, type, a, b, PLAN_NONE,
                      (union plan_value){.integer = 0});
}

static inline uint32_t build_add(struct plan *p, uint32_t a, int64_t more)
{
    return build_op(p, EXPR_ADD, NUMBER_INT, a, build_int(p, more));
}

static inline uint32_t build_place(struct plan *p, uint32_t line)
{
    struct plan_place place = {
        .line = line, .column = 1, .end_column = 2, .via = PLAN_NONE};

    if (!p->sources.count)
        vec_push(p->arena, &p->sources,
                 (struct plan_source){build_string(p, "test.tm"),
                                      build_string(p, "")});
    vec_push(p->arena, &p->places, place);
    return p->places.count - 1;
}

static inline uint32_t build_slot(struct plan *p, const char *name,
                                  uint8_t type)
{
    vec_push(p->arena, &p->slots,
             (struct plan_slot){type, build_string(p, name)});
    return p->slots.count - 1;
}

/* ---- matrices ----------------------------------------------------------- */

static inline uint32_t build_matrix(struct plan *p, const char *name,
                                    uint8_t kind, uint32_t rows, uint32_t cols,
                                    uint32_t tile_rows, uint32_t tile_cols)
{
    struct plan_matrix m = {.name = build_string(p, name),
                            .kind = kind,
                            .rows = rows,
                            .cols = cols,
                            .tile_rows = tile_rows,
                            .tile_cols = tile_cols,
                            .input = PLAN_NONE,
                            .arg = PLAN_NONE,
                            .seed = PLAN_NONE,
                            .call = p->matrices.count,
                            .place = build_place(p, 1)};

    if (!p->types.count)
        vec_push(p->arena, &p->types, (struct plan_type){0});
    vec_push(p->arena, &p->matrices, m);
    return p->matrices.count - 1;
}

/* A square matrix, or what the rule makes of it. */
static inline uint32_t build_temp(struct plan *p, const char *name,
                                  uint32_t rows, uint32_t cols, uint32_t tile)
{
    return build_matrix(p, name, MATRIX_TEMP, rows, cols, tile, tile);
}

static inline uint32_t build_source(struct plan *p, const char *name,
                                    uint8_t rule, uint32_t rows, uint32_t cols,
                                    uint32_t tile)
{
    uint32_t m = build_matrix(p, name, MATRIX_SOURCE, rows, cols, tile, tile);

    p->matrices.items[m].rule = rule;
    return m;
}

static inline uint32_t build_fill(struct plan *p, const char *name,
                                  uint32_t rows, uint32_t cols, uint32_t tile,
                                  double value)
{
    uint32_t m = build_source(p, name, RULE_FILL, rows, cols, tile);

    p->matrices.items[m].arg = build_real(p, value);
    return m;
}

static inline uint32_t build_output(struct plan *p, const char *name,
                                    uint32_t matrix)
{
    struct plan_output x = {.name = build_string(p, name),
                            .path = PLAN_NONE,
                            .path_param = PLAN_NONE,
                            .matrix = matrix,
                            .place = build_place(p, 1)};

    vec_push(p->arena, &p->outputs, x);
    return p->outputs.count - 1;
}

/* ---- entries ------------------------------------------------------------ */

static inline struct plan_entry *build_entry(struct plan *p, uint8_t kind)
{
    struct plan_entry e = {.kind = kind,
                           .end = p->entries.count + 1,
                           .a = PLAN_NONE,
                           .b = PLAN_NONE,
                           .c = PLAN_NONE,
                           .d = PLAN_NONE,
                           .first_operand = p->operands.count,
                           .first_arg = p->args.count,
                           .subject = PLAN_NONE};

    e.place = build_place(p, p->entries.count + 1);
    vec_push(p->arena, &p->entries, e);
    return &p->entries.items[p->entries.count - 1];
}

struct build_loop {
    uint32_t entry;
    uint32_t index; /* expression: its counter */
};

static inline struct build_loop build_loop(struct plan *p, uint32_t low,
                                           uint32_t high)
{
    uint32_t slot = build_slot(p, "i", NUMBER_INT);
    uint32_t index = build_leaf(p, EXPR_SLOT, NUMBER_INT, slot);
    uint32_t one = build_int(p, 1);
    struct plan_entry *e = build_entry(p, ENTRY_LOOP);

    e->a = slot;
    e->b = low;
    e->c = high;
    e->d = one;
    return (struct build_loop){p->entries.count - 1, index};
}

/* IF, ELSE or REPEAT; the body follows. */
static inline struct build_loop build_body(struct plan *p, uint8_t kind,
                                           uint32_t test)
{
    build_entry(p, kind)->a = test;
    return (struct build_loop){p->entries.count - 1, PLAN_NONE};
}

static inline void build_end(struct plan *p, struct build_loop loop)
{
    p->entries.items[loop.entry].end = p->entries.count;
}

/* A task, or another entry with operands; they and its arguments follow. */
static inline struct plan_entry *build_task(struct plan *p, uint8_t kernel,
                                            uint8_t flags)
{
    struct plan_entry *e = build_entry(p, ENTRY_TASK);

    e->kernel = kernel;
    e->flags = flags;
    return e;
}

static inline struct plan_operand *build_operand(struct plan *p,
                                                 uint32_t matrix, uint8_t mode,
                                                 uint32_t i, uint32_t j)
{
    struct plan_operand x = {.matrix = matrix,
                             .mode = mode,
                             .i = i,
                             .j = j,
                             .i_end = PLAN_NONE,
                             .j_end = PLAN_NONE};

    vec_push(p->arena, &p->operands, x);
    p->entries.items[p->entries.count - 1].operands++;
    return &p->operands.items[p->operands.count - 1];
}

/* Tiles (i .. i_end, j). */
static inline void build_run(struct plan *p, uint32_t matrix, uint8_t mode,
                             uint32_t i, uint32_t i_end, uint32_t j)
{
    uint32_t j_end = build_add(p, j, 1);
    struct plan_operand *x = build_operand(p, matrix, mode, i, j);

    x->flags = OPERAND_RUN;
    x->i_end = i_end;
    x->j_end = j_end;
}

static inline void build_arg(struct plan *p, uint32_t expr)
{
    vec_push(p->arena, &p->args, expr);
    p->entries.items[p->entries.count - 1].args++;
}

static inline void build_release(struct plan *p, uint32_t matrix)
{
    uint32_t zero = build_int(p, 0);

    build_entry(p, ENTRY_RELEASE);
    build_operand(p, matrix, MODE_READ, zero, zero)->flags = OPERAND_ALL;
}

/* A text of up to two parts: a string, then a part of the kind. */
static inline uint32_t build_text(struct plan *p, const char *text,
                                  uint8_t kind, uint32_t value)
{
    struct plan_text t = {p->parts.count, 1};
    uint32_t string = build_string(p, text);

    vec_push(p->arena, &p->parts, (struct plan_part){PART_STRING, string});
    if (kind) {
        vec_push(p->arena, &p->parts, (struct plan_part){kind, value});
        t.count = 2;
    }
    vec_push(p->arena, &p->texts, t);
    return p->texts.count - 1;
}

#endif
