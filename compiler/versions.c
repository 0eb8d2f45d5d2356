/* Statements with matrices of which something is known under a test only.
 *
 * They are met a second time when all else has been done, and become an `if`
 * on that test, which is decided at binding.
 *
 * A \ B of an A that is definite where 0 < lam: where it holds the rules go by
 * it, and chol(A) is a var that later statements under the same test read;
 * where it doesn't, the statement is as it was.
 *
 * X' * diag(w) * X, its own transpose where w is real: the product alone. */
#include "compiler/optimise.h"

/* The test under which a system of the tree is definite, or PLAN_NONE. */
static uint32_t test_of(const struct optimiser *o, const struct node *node)
{
    uint32_t k, test = PLAN_NONE;

    if (node->kind != NODE_OP || node->tile)
        return PLAN_NONE;
    if (node->op == OP_SOLVE)
        test = solve_test(o, node);
    for (k = 0; k < node->count && test == PLAN_NONE; k++)
        test = test_of(o, node->args[k]);
    return test;
}

/* What was to hold under the test doesn't. */
static void deny(struct node *node, uint32_t test)
{
    uint32_t k;

    if (node->maybe && node->test == test)
        node->maybe = 0;
    for (k = 0; node->kind == NODE_OP && k < node->count; k++)
        deny(node->args[k], test);
}

static struct step *branch_in(struct optimiser *o, struct block *block,
                              uint32_t test)
{
    struct step *branch = step_in(o, block, STEP_IF, o->step->place);

    branch->number = test;
    branch->body = ARENA_NEW(o->c->arena, struct block);
    return branch;
}

static struct block *other_of(struct optimiser *o, struct step *branch)
{
    branch->other = ARENA_NEW(o->c->arena, struct block);
    return branch->other;
}

static uint32_t level_here(const struct optimiser *o)
{
    return o->loop ? o->loop->level : 0;
}

static void let_same(struct optimiser *o, struct block *block, struct var *var,
                     struct node *node)
{
    struct step *let = step_in(o, block, STEP_LET, o->step->place);

    let->var = var;
    let->node = node;
}

struct node *version_factor(struct optimiser *o, struct node *factor)
{
    uint32_t value = value_of(o, factor), under;
    struct var *holder = value_holder(o, value);
    struct block *front;
    struct node *made;

    if (holder)
        return node_var(o->c, holder, factor->place);
    under = value_under(o, value, o->holds);
    holder = value_holder(o, under);
    if (holder)
        return node_var(o->c, holder, factor->place);
    o->branches--; /* it goes in front of the branch that we are in */
    front = invariant_in(o, factor);
    o->branches++;
    made = let_in(o, branch_in(o, front ? front : o->before, o->holds)->body,
                  factor);
    holder = var_root(made->var);
    if (!front)
        holder->variant = level_here(o);
    holder->value = under;
    o->about.items[under].holder = holder;
    return made;
}

/* Its own transpose under a test that is not decided yet? */
static int is_half_product(const struct node *node)
{
    return node->op == OP_MATMUL && (node->maybe & IS_SYMMETRIC) &&
           node->shape.rows == node->shape.cols;
}

static struct node *half_product(struct optimiser *o, struct node *node)
{
    struct node *holds = node_copy(o, node);
    struct step *branch;
    struct var *var =
        var_new(o->c, "temp", node->shape, node->type, node->place);

    var->temporary = var->assigned = 1;
    var->writes = 2;
    var->properties = node->properties;
    var->maybe = node->maybe;
    var->test = node->test;
    var->variant = level_here(o);
    holds->properties |= holds->maybe;
    holds->maybe = 0;
    note(o, RULE_symmetric_bound, node->place, node, holds);
    branch = branch_in(o, o->out, node->test);
    let_same(o, branch->body, var, holds);
    let_same(o, other_of(o, branch), var, node);
    var->value = value_of(o, node);
    o->about.items[var->value].holder = var;
    return node_var(o->c, var, node->place);
}

void version_products(struct optimiser *o, struct node **slot)
{
    struct node *node = *slot;
    uint32_t k;

    if (node->kind != NODE_OP || node->tile)
        return;
    for (k = 0; k < node->count; k++)
        version_products(o, &node->args[k]);
    if (is_half_product(node))
        *slot = half_product(o, node);
}

int is_undecided(const struct optimiser *o, const struct node *node)
{
    uint32_t k;

    if (node->kind != NODE_OP || node->tile)
        return 0;
    if (is_half_product(node) ||
        (node->op == OP_SOLVE && solve_test(o, node) != PLAN_NONE))
        return 1;
    for (k = 0; k < node->count; k++)
        if (is_undecided(o, node->args[k]))
            return 1;
    return 0;
}

/* The tree by the rules under the test; what they make beside it goes to
 * `body`. */
static struct node *under_test(struct optimiser *o, struct block *body,
                               uint32_t test, const struct node *node)
{
    struct node *made;

    o->before = o->out;
    o->out = body;
    o->holds = test;
    o->branches++;
    vec_push(o->c->arena, &o->open, body);
    made = rules_deep(o, node_copy(o, node));
    o->open.count--;
    o->branches--;
    o->holds = PLAN_NONE;
    o->out = o->before;
    wrote(o, body, level_here(o));
    return made;
}

int version_let(struct optimiser *o, struct step *s)
{
    uint32_t test = test_of(o, s->node);
    struct var *var = var_root(s->var);
    struct block *body = ARENA_NEW(o->c->arena, struct block);
    struct step *branch;
    struct node *holds;

    if (test == PLAN_NONE)
        return 0;
    holds = under_test(o, body, test, s->node);
    let_same(o, body, s->var, holds);
    branch = branch_in(o, o->out, test);
    branch->body = body;
    deny(s->node, test);
    let_same(o, other_of(o, branch), s->var, s->node);
    var->writes = 2;
    var->made = NULL;
    var->level = level_here(o);
    var->variant = var->level;
    var->value = value_of(o, s->node);
    o->about.items[var->value].holder = var;
    return 1;
}
