/* Plans in memory: tables of names, making and freeing. */
#include "plan/plan.h"
#include "plan/expr.h"

#include <stdlib.h>

const struct kernel_info kernel_table[KERNEL_COUNT] = {
#define KERNEL(NUMBER, ID, NAME, MODES, FLAGS, ARGS, SHAPE, FLOPS, DOC)        \
    [NUMBER] = {NAME, MODES, DOC, FLAGS, ARGS},
#include "plan/kernels.def"
#undef KERNEL
};

const struct expr_info expr_table[EXPR_OPS] = {
#define EXPR(NUMBER, ID, NAME, ARITY, TYPE) [NUMBER] = {NAME, ARITY, #TYPE[0]},
#include "plan/exprs.def"
#undef EXPR
};

const struct mapop_info mapop_table[MAPOP_COUNT] = {
#define MAPOP(NUMBER, ID, NAME, ARITY) [NUMBER] = {NAME, ARITY},
#include "plan/mapops.def"
#undef MAPOP
};

struct plan *plan_new(void)
{
    struct arena *arena = malloc(sizeof *arena);
    struct plan *plan;

    if (!arena)
        return NULL;
    arena_init(arena);
    if (setjmp(arena->failed)) {
        arena_free(arena);
        free(arena);
        return NULL;
    }
    plan = ARENA_NEW(arena, struct plan);
    plan->arena = arena;
    plan->tile_rows = plan->tile_cols = PLAN_NONE;
    return plan;
}

void plan_free(struct plan *plan)
{
    struct arena *arena = plan ? plan->arena : NULL;

    if (arena) {
        arena_free(arena);
        free(arena);
    }
}

const char *plan_string(const struct plan *plan, uint32_t string)
{
    return string < plan->strings.count ? plan->strings.items[string] : "";
}

const struct plan_place *plan_script_place(const struct plan *plan,
                                           uint32_t place)
{
    const struct plan_place *p;

    if (place >= plan->places.count)
        return NULL;
    p = &plan->places.items[place];
    while (p->via != PLAN_NONE &&
           plan->sources.items[p->source].text == PLAN_NONE)
        p = &plan->places.items[p->via];
    return p;
}

size_t type_bytes(uint8_t type)
{
    switch (type) {
    case TM_F32: return 4;
    case TM_F64: return 8;
    case TM_C64: return 8;
    case TM_C128: return 16;
    }
    return 0;
}

const char *type_name(uint8_t type)
{
    switch (type) {
    case TM_F32: return "f32";
    case TM_F64: return "f64";
    case TM_C64: return "c64";
    case TM_C128: return "c128";
    }
    return "no type";
}

/* Modes of operand k of a kernel: the letter, following "*". */
char kernel_mode(uint8_t kernel, uint32_t operand)
{
    const char *modes = kernel_table[kernel].modes;
    size_t length = strlen(modes);

    if (length && modes[length - 1] == '*')
        return modes[operand < length - 1 ? operand : length - 2];
    return operand < length ? modes[operand] : 0;
}

int kernel_takes(uint8_t kernel, uint32_t operands)
{
    const char *modes = kernel_table[kernel].modes;
    size_t length = strlen(modes);

    /* "xr*" takes x and any number of r; "r*" any number at all */
    if (length && modes[length - 1] == '*')
        return operands + 2 >= length;
    return operands == length;
}
