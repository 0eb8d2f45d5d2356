/* Products of matrices whose operands say how they are done with less work:
 * the same matrix twice, a diagonal one, one with a factor; and transposes,
 * which go to where they cost nothing. */
#include "compiler/model.h"

static const struct node *under(const struct node *node)
{
    return node->kind == NODE_OP && node->op == OP_TRANSPOSE ? node->args[0]
                                                             : node;
}

int is_gram(const struct node *node)
{
    const struct node *a, *b;

    if (node->kind != NODE_OP || node->op != OP_MATMUL)
        return 0;
    a = under(node->args[0]);
    b = under(node->args[1]);
    return (a == node->args[0]) != (b == node->args[1]) &&
           a->kind == NODE_VAR && b->kind == NODE_VAR &&
           var_root(a->var) == var_root(b->var);
}

int is_mirrored(const struct node *node)
{
    return is_gram(node) ||
           (node->kind == NODE_OP && node->op == OP_MATMUL &&
            (node->properties & IS_SYMMETRIC) &&
            node->shape.rows == node->shape.cols &&
            node->shape.tile_rows == node->shape.tile_cols &&
            !((node->args[0]->properties | node->args[1]->properties) &
              (IS_LOWER | IS_UPPER)));
}

static int is_factor(const struct compiler *c, const struct node *node)
{
    return node->kind == NODE_NUMBER &&
           c->plan->exprs.items[node->number].type != NUMBER_BOOL;
}

static struct node *binary(struct compiler *c, enum op op, struct place place,
                           struct node *a, struct node *b)
{
    struct node *args[2] = {a, b};

    return node_op(c, op, place, args, 2);
}

/* (2 * X) * Y as 2 * (X * Y): operand k has a factor. */
static struct node *factor_out(struct compiler *c, struct node *node,
                               uint32_t k)
{
    struct node *s = node->args[k], *args[2], *product;
    int n = -1;

    if (s->kind != NODE_OP)
        return NULL;
    if (s->op == OP_TIMES && is_factor(c, s->args[0]))
        n = 0;
    else if ((s->op == OP_TIMES || s->op == OP_OVER) &&
             is_factor(c, s->args[1]))
        n = 1;
    else if (s->op != OP_NEGATE)
        return NULL;
    args[k] = s->args[n < 0 ? 0 : !n];
    args[!k] = node->args[!k];
    product = node_op(c, OP_MATMUL, node->place, args, 2);
    if (!product)
        return NULL;
    product = plain_product(c, product);
    if (n < 0)
        return node_op(c, OP_NEGATE, node->place, &product, 1);
    return binary(c, s->op, node->place, product, s->args[n]);
}

/* The vector of diag(v). */
static struct node *diagonal_of(const struct compiler *c, struct node *node)
{
    return node->kind == NODE_OP && node->op == OP_DIAG &&
                   build_is(c, node->args[0]->shape.cols, 1)
               ? node->args[0]
               : NULL;
}

static int is_identity(const struct compiler *c, const struct node *node)
{
    const struct var *var = node->kind == NODE_VAR ? var_root(node->var) : NULL;

    return var && var->kind == MATRIX_SOURCE && var->rule == RULE_EYE &&
           var->shape.rows == var->shape.cols &&
           c->plan->exprs.items[var->arg].op == EXPR_REAL &&
           c->plan->exprs.items[var->arg].value.real == 1;
}

/* f(A') is f(A)', but of complex numbers not of these: they tell a number from
 * its conjugate. */
static int is_conjugable(const struct compiler *c, const struct node *node)
{
    uint32_t k;

    if (!is_ewise(node))
        return 1;
    if (!keeps_conjugates(c, node))
        return 0;
    for (k = 0; k < node->count; k++)
        if (!is_conjugable(c, node->args[k]))
            return 0;
    return 1;
}

/* (A + B)' as A' + B', (A * B)' as B' * A'; op: ' or .' */
static struct node *transposed(struct compiler *c, enum op op,
                               struct node *node)
{
    struct node *args[6];
    uint32_t k;

    if (!is_ewise(node) && !(node->kind == NODE_OP && node->op == OP_MATMUL))
        return node_op(c, op, node->place, &node, 1);
    for (k = 0; k < node->count; k++) {
        uint32_t to = node->op == OP_MATMUL ? 1 - k : k;
        args[to] = transposed(c, op, node->args[k]);
        if (!args[to])
            return NULL;
    }
    return node_op(c, node->op, node->place, args, node->count);
}

struct node *plain_product(struct compiler *c, struct node *node)
{
    struct node *a, *b, *v, *other;

    if (node->kind == NODE_OP &&
        (node->op == OP_TRANSPOSE || node->op == OP_FLIP) && !node->tile &&
        (is_ewise(node->args[0]) ||
         (node->args[0]->kind == NODE_OP && node->args[0]->op == OP_MATMUL)) &&
        (node->op == OP_FLIP || is_conjugable(c, node->args[0])))
        return transposed(c, node->op, node->args[0]);
    if (node->kind != NODE_OP || node->op != OP_MATMUL || node->tile)
        return node;
    a = node->args[0];
    b = node->args[1];
    if (is_identity(c, a))
        return b;
    if (is_identity(c, b))
        return a;
    v = diagonal_of(c, a);
    if (v)
        return binary(c, OP_TIMES, node->place, v, b);
    v = diagonal_of(c, b);
    if (v) {
        v = node_op(c, OP_FLIP, node->place, &v, 1);
        return binary(c, OP_TIMES, node->place, a, v);
    }
    other = factor_out(c, node, 0);
    if (!other)
        other = factor_out(c, node, 1);
    return other ? other : node;
}
