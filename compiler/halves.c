/* Symmetric matrices of which only the lower half is read.
 *
 * chol reads no more, nor does \\ with a matrix that is known to be positive
 * definite.  A name that is assigned once and goes nowhere else is computed
 * and kept without its upper tiles: half the work of X' * X, half the bytes. */
#include "compiler/model.h"

static void whole(struct node *node);

/* Does operation `op` read only the lower half of its operand k? */
static int reads_half(const struct node *node, uint32_t k)
{
    const struct node *a = node->args[0];

    if (k)
        return 0;
    return node->op == OP_CHOL ||
           (node->op == OP_SOLVE && (a->properties & ALL_SPD) == ALL_SPD &&
            !(a->properties & (IS_LOWER | IS_UPPER | IS_DIAGONAL)));
}

/* A node of which only the lower half is read. */
static void half(struct node *node)
{
    uint32_t k;

    if (node->kind == NODE_VAR)
        return;
    if (!is_ewise(node)) {
        whole(node);
        return;
    }
    for (k = 0; k < node->count; k++)
        half(node->args[k]);
}

static void whole(struct node *node)
{
    uint32_t k;

    if (!node)
        return;
    if (node->kind == NODE_VAR || node->kind == NODE_TILE)
        var_root(node->var)->half = 0;
    for (k = 0; node->kind == NODE_OP && k < node->count; k++)
        if (!node->tile && reads_half(node, k))
            half(node->args[k]);
        else
            whole(node->args[k]);
}

static void count_lets(const struct block *block)
{
    uint32_t k;

    for (k = 0; block && k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        if (s->kind == STEP_LET && var_root(s->var)->half < 2)
            var_root(s->var)->half++;
        count_lets(s->body);
        count_lets(s->other);
    }
}

static void walk(const struct block *block)
{
    uint32_t k, n;

    for (k = 0; block && k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        if (s->kind == STEP_FRESH)
            var_root(s->var)->half = 0;
        if (s->kind == STEP_LET && var_root(s->var)->half)
            half(s->node);
        whole(s->kind == STEP_LET && var_root(s->var)->half ? NULL : s->node);
        whole(s->target);
        for (n = 0; n < s->target_count; n++)
            whole(s->targets[n]);
        for (n = 0; n < s->part_count; n++)
            if (s->parts[n].value.kind == VALUE_NODE)
                whole(s->parts[n].value.node);
        walk(s->body);
        walk(s->other);
    }
}

void find_halves(struct compiler *c, const struct block *block)
{
    uint32_t k, count = 0, before;

    for (k = 0; k < c->vars.count; k++)
        c->vars.items[k]->half = 0;
    count_lets(block);
    for (k = 0; k < c->vars.count; k++) {
        struct var *v = c->vars.items[k];
        v->half = v->half == 1 && v->kind == MATRIX_TEMP && !v->keep &&
                  v->shape.rows == v->shape.cols;
        count += v->half;
    }
    do { /* one that is whole makes what it reads whole */
        before = count;
        walk(block);
        for (k = count = 0; k < c->vars.count; k++)
            count += c->vars.items[k]->half;
    } while (count < before);
}
