/* Numbers that come out of matrices where the walk needs them: as a test, an
 * index, the end of a range.  The walk waits for such a number; what was
 * unfolded before it goes on. */
#include "compiler/check.h"
#include "plan/expr.h"

static int is_computed(const struct compiler *c, const struct value *value)
{
    return value->kind == VALUE_NODE && shape_is_scalar(c, value->node->shape);
}

/* The slot of a fetch of the same number, behind which nothing has changed
 * it: k..k+3 waits once. */
static uint32_t fetched_before(const struct compiler *c, const struct var *var,
                               uint8_t type)
{
    uint32_t k = c->block->steps.count;

    while (k-- > 0) {
        const struct step *s = c->block->steps.items[k];
        if (s->kind == STEP_FETCH && s->node->kind == NODE_VAR &&
            s->node->var == var && c->plan->slots.items[s->slot].type == type)
            return s->slot;
        if (s->kind != STEP_FETCH && s->kind != STEP_ASSERT &&
            s->kind != STEP_SET && s->kind != STEP_PRINT &&
            (s->kind != STEP_LET || s->var == var))
            break;
    }
    return PLAN_NONE;
}

uint32_t fetch_number(struct compiler *c, struct node *node,
                      const struct ast *ast, const char *name, uint8_t type)
{
    struct step *step;
    uint32_t slot;

    if (node->tile)
        node = tile_matrix(c, node, NULL, ast->place);
    if (!node)
        return PLAN_NONE;
    slot =
        node->kind == NODE_VAR ? fetched_before(c, node->var, type) : PLAN_NONE;
    if (slot != PLAN_NONE)
        return build_leaf(c, EXPR_SLOT, type, slot);
    slot = build_slot(c, name, type);
    step = step_new(c, STEP_FETCH, ast->place);
    step->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
    step->node = node;
    vec_push(c->arena, &c->fetched, step->slot);
    return slot;
}

uint32_t whole_number(struct compiler *c, struct value value,
                      const struct ast *ast)
{
    if (is_computed(c, &value))
        return fetch_number(c, value.node, ast, ast_text(c, ast), NUMBER_INT);
    return fixed_number(c, value, ast, NUMBER_INT);
}

/* A sum in which a computed number meets a bound whole one is computed by the
 * walk: so k..k+3 is seen to have three steps. */
static struct value whole_value(struct compiler *c, const struct ast *ast)
{
    struct value args[2];
    uint32_t k;
    int op;

    if (ast->kind != AST_CALL || ast->count != 2 ||
        (strcmp(ast->name, "+") != 0 && strcmp(ast->name, "-") != 0))
        return check_expr(c, ast);
    for (k = 0; k < 2; k++) {
        args[k] = whole_value(c, ast->items[k]);
        if (args[k].kind == VALUE_NONE)
            return value_none();
    }
    for (k = 0; k < 2; k++)
        if (is_computed(c, &args[k]) && args[!k].kind == VALUE_NUMBER &&
            number_type(c, args[!k].number) == NUMBER_INT)
            args[k] = value_number(whole_number(c, args[k], ast->items[k]),
                                   ast->items[k]->place);
    op = ast->name[0] == '+' ? OP_ADD : OP_SUB;
    return op_value(c, (enum op)op, ast, args);
}

uint32_t check_whole(struct compiler *c, const struct ast *ast)
{
    return whole_number(c, whole_value(c, ast), ast);
}

struct value range_value(struct compiler *c, const struct ast *ast)
{
    struct value range = {.kind = VALUE_RANGE,
                          .param = PLAN_NONE,
                          .flag = PLAN_NONE,
                          .place = ast->place};

    range.number = check_whole(c, ast->items[0]);
    range.high = check_whole(c, ast->items[1]);
    if (range.number == PLAN_NONE || range.high == PLAN_NONE)
        return value_none();
    return range;
}

struct value index_number(struct compiler *c, const struct ast *ast)
{
    if (ast->kind == AST_CALL && !strcmp(ast->name, ".."))
        return range_value(c, ast);
    return whole_value(c, ast);
}

int hangs_on_data(const struct compiler *c, uint32_t expr)
{
    const struct plan_expr *x = &c->plan->exprs.items[expr];
    uint32_t k;

    if (!x->slots)
        return 0;
    if (x->op != EXPR_SLOT) {
        for (k = 0; k < expr_table[x->op].arity; k++)
            if (hangs_on_data(c, x->args[k]))
                return 1;
        return 0;
    }
    for (k = 0; k < c->fetched.count; k++)
        if (c->fetched.items[k] == (uint32_t)x->value.integer)
            return 1;
    return 0;
}

void refuse_size(struct compiler *c, uint32_t expr, struct place place,
                 const char *what)
{
    if (!hangs_on_data(c, expr)) {
        diag_add(c->diags, DIAG_loop_shape, place, "%s can't change in a loop",
                 what);
        return;
    }
    diag_add(c->diags, DIAG_loop_shape, place, "%s can't come from data", what);
    diag_note(c->diags, (struct place){0},
              "sizes are known before the first task runs: take the largest "
              "that can be, or make it a param");
}
