/* A + lam * eye(n): of A's tiles those on the diagonal change, and of these
 * the diagonal.
 *
 * Where a tree is a sum and one side is eye(n) times numbers, in square tiles,
 * the other side fills a tile and what that side is on the diagonal is added
 * there (tile.c).  Nothing else is computed, nor is eye(n) ever made. */
#include "compiler/model.h"

static const struct var *identity_of(const struct node *node)
{
    const struct var *var = node->kind == NODE_VAR || node->kind == NODE_TILE
                                ? var_root(node->var)
                                : NULL;

    return var && var->kind == MATRIX_SOURCE && var->rule == RULE_EYE &&
                   var->shape.tile_rows == var->shape.tile_cols
               ? var
               : NULL;
}

static int is_factor(const struct compiler *c, const struct node *node)
{
    return node->kind == NODE_NUMBER
               ? c->plan->exprs.items[node->number].type != NUMBER_BOOL
               : shape_is_scalar(c, node->shape);
}

static int is_one(const struct compiler *c, const struct node *node)
{
    const struct plan_expr *x;

    if (node->kind != NODE_NUMBER)
        return 0;
    x = &c->plan->exprs.items[node->number];
    return x->op == EXPR_REAL && x->value.real == 1;
}

static struct node *number_node(struct compiler *c, uint32_t number,
                                struct place place)
{
    return node_of(c,
                   (struct value){.kind = VALUE_NUMBER,
                                  .number = build_op(c, EXPR_TO_REAL, number,
                                                     0, NULL),
                                  .param = PLAN_NONE,
                                  .flag = PLAN_NONE},
                   place);
}

/* Of numbers their product or quotient, which is one number. */
static struct node *scaled(struct compiler *c, const struct node *node,
                           struct node *a, struct node *b)
{
    uint8_t op = node->op == OP_TIMES ? EXPR_MUL : EXPR_DIV;
    struct node *args[2] = {a, b};

    if (a->kind != NODE_NUMBER || b->kind != NODE_NUMBER)
        return node_op(c, node->op, node->place, args, 2);
    return number_node(c,
                       build_op(c, op, a->number,
                                build_op(c, EXPR_TO_REAL, b->number, 0, NULL),
                                NULL),
                       node->place);
}

const struct node *identity_in(const struct compiler *c,
                               const struct node *node)
{
    if (identity_of(node))
        return shape_is_scalar(c, node->shape) ? NULL : node;
    if (!is_ewise(node))
        return NULL;
    switch (node->op) {
    case OP_NEGATE: return identity_in(c, node->args[0]);
    case OP_TIMES:
        if (is_factor(c, node->args[0]))
            return identity_in(c, node->args[1]);
        return is_factor(c, node->args[1]) ? identity_in(c, node->args[0])
                                           : NULL;
    case OP_OVER:
        return is_factor(c, node->args[1]) ? identity_in(c, node->args[0])
                                           : NULL;
    default: return NULL;
    }
}

struct node *identity_factor(struct compiler *c, struct node *node)
{
    const struct var *var = identity_of(node);
    struct node *a;
    int side;

    if (var)
        return number_node(c, var->arg, node->place);
    side = node->op == OP_TIMES && is_factor(c, node->args[0]);
    a = identity_factor(c, node->args[side]);
    if (node->op == OP_NEGATE)
        return a->kind == NODE_NUMBER
                   ? number_node(c,
                                 build_op(c, EXPR_NEG, a->number, 0, NULL),
                                 node->place)
                   : node_op(c, OP_NEGATE, node->place, &a, 1);
    if (node->op == OP_TIMES && is_one(c, a))
        return node->args[!side];
    return scaled(c, node, a, node->args[!side]);
}

int is_shifted(const struct compiler *c, const struct node *node, int *side)
{
    const struct node *other;
    int k;

    if (node->kind != NODE_OP || (node->op != OP_ADD && node->op != OP_SUB))
        return 0;
    for (k = 1; k >= (node->op == OP_SUB); k--) {
        other = node->args[!k];
        if (!identity_in(c, node->args[k]) || identity_in(c, other))
            continue;
        *side = k;
        return !shape_is_scalar(c, other->shape) &&
               other->type != PLAN_NONE &&
               type_root(c, other->type) == type_root(c, node->type);
    }
    return 0;
}
