/* Loops that are written out: the body is compiled once for each turn, with
 * the counter a known number.
 *
 * That happens to a for of a few turns whose bounds are known: where its body
 * has no loop and takes entries of a written-out matrix by the counter, which
 * then are known numbers; and where the body makes no sense as one loop,
 * because a size changes from turn to turn. */
#include "compiler/check.h"

enum { TURNS = 16, TURNS_OF_SIZES = 64 };

void attempt_begin(struct compiler *c, struct attempt *a)
{
    a->messages = c->diags->list.count;
    a->errors = c->diags->errors;
    a->warnings = c->diags->warnings;
    a->inputs = c->plan->inputs.count;
    a->checks = c->plan->checks.count;
    a->vars = c->vars.count;
    a->calls = c->calls;
    a->tracked = c->frame->tracked.count;
    a->steps = c->block->steps.count;
}

void attempt_undo(struct compiler *c, const struct attempt *a)
{
    c->diags->list.count = a->messages;
    c->diags->errors = a->errors;
    c->diags->warnings = a->warnings;
    c->plan->inputs.count = a->inputs;
    c->plan->checks.count = a->checks;
    c->vars.count = a->vars;
    c->calls = a->calls;
    c->frame->tracked.count = a->tracked;
    c->block->steps.count = a->steps;
}

/* ---- may it be, should it be ----------------------------------------------
 */

static int is_loop(const struct ast *ast)
{
    return ast->kind == AST_FOR || ast->kind == AST_WHILE ||
           ast->kind == AST_REPEAT;
}

/* A break of this loop, a file that would be read several times, another
 * value of the counter: only a loop has these. */
static int must_turn(const struct ast *ast, const char *counter)
{
    uint32_t k;

    if (!ast)
        return 0;
    if (ast->kind == AST_BREAK || ast->kind == AST_CONTINUE ||
        (ast->kind == AST_CALL && !strcmp(ast->name, "read")) ||
        (ast->kind == AST_ASSIGN && ast->items[0]->kind == AST_NAME &&
         !strcmp(ast->items[0]->name, counter)))
        return 1;
    for (k = 0; k < ast->count; k++)
        if (must_turn(ast->items[k], counter))
            return 1;
    return 0;
}

static int has_loop(const struct ast *ast)
{
    uint32_t k;

    if (!ast)
        return 0;
    for (k = 0; k < ast->count; k++)
        if (has_loop(ast->items[k]))
            return 1;
    return is_loop(ast);
}

static int mentions(const struct ast *ast, const char *name)
{
    uint32_t k;

    if (!ast)
        return 0;
    for (k = 0; k < ast->count; k++)
        if (mentions(ast->items[k], name))
            return 1;
    return ast->kind == AST_NAME && !strcmp(ast->name, name);
}

/* lambdas(0, l) of lambdas = [1, 2, 3] */
static int takes_entry(struct compiler *c, const struct ast *ast,
                       const char *counter)
{
    const struct name *name;
    uint32_t k;

    if (!ast)
        return 0;
    if (ast->kind == AST_CALL && ast->count >= 1 && ast->count <= 2 &&
        (name = name_find(c, ast->name)) != NULL &&
        is_written_out(&name->value))
        for (k = 0; k < ast->count; k++)
            if (mentions(ast->items[k], counter))
                return 1;
    for (k = 0; k < ast->count; k++)
        if (takes_entry(c, ast->items[k], counter))
            return 1;
    return 0;
}

int is_written_out(const struct value *value)
{
    const struct node *node = value->node;

    return value->kind == VALUE_NODE && node->kind == NODE_VAR &&
           node->var->kind == MATRIX_SOURCE && node->var->rule == RULE_LIST;
}

static int64_t turns_of(const struct compiler *c, const struct turns *t)
{
    int64_t low, high, by;

    if (!build_constant(c, t->low, &low) ||
        !build_constant(c, t->high, &high) || !build_constant(c, t->by, &by) ||
        high <= low || high - low > 100000)
        return 0;
    return (high - low + by - 1) / by;
}

int unroll_wanted(struct compiler *c, const struct ast *ast,
                  const struct turns *turns)
{
    int64_t n = turns_of(c, turns);
    const struct ast *body = ast->items[2];

    return n > 0 && n <= TURNS && !must_turn(body, ast->name) &&
           !has_loop(body) && takes_entry(c, body, ast->name);
}

int unroll_helps(const struct compiler *c, const struct ast *ast,
                 const struct turns *turns, uint32_t first)
{
    int64_t n = turns_of(c, turns);
    uint32_t k;

    if (n < 1 || n > TURNS_OF_SIZES || must_turn(ast->items[2], ast->name))
        return 0;
    for (k = first; k < c->diags->list.count; k++)
        if (c->diags->list.items[k].id == DIAG_loop_shape ||
            c->diags->list.items[k].id == DIAG_loop_change)
            return 1;
    return 0;
}

/* Calls of random sources are counted as in a loop: one call is one call. */
void unroll(struct compiler *c, const struct ast *ast,
            const struct turns *turns)
{
    struct name *name = name_find(c, ast->name);
    struct value before = name ? name->value : value_none();
    uint32_t calls = c->calls, most = calls, errors = c->diags->errors;
    int64_t i = 0, high = 0, by = 1;

    build_constant(c, turns->low, &i);
    build_constant(c, turns->high, &high);
    build_constant(c, turns->by, &by);
    c->nested--;
    for (; i < high && c->diags->errors == errors; i += by) {
        name_set(c, ast->name, value_number(build_int(c, i), ast->at))->used =
            1;
        c->calls = calls;
        check_block(c, ast->items[2]);
        most = c->calls > most ? c->calls : most;
    }
    c->nested++;
    c->calls = most;
    name_set(c, ast->name, before);
}
