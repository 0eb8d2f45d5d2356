/* Expressions that are never stored whole.
 *
 * An entrywise tree whose leaves lie in one grid can stand for a matrix: its
 * tile (i, j) is the same tree over tiles (i, j) of the leaves; of those that
 * are broadcast, over tiles (0, j) or (i, 0).  A leaf may be a product of two
 * whole matrices too; its tile is a chain of gemms (tile.c).  So a function of
 * the library reads A[i,j] of an argument that nobody has computed. */
#include "compiler/model.h"

int is_lazy_product(const struct node *node)
{
    return node->kind == NODE_OP && node->op == OP_MATMUL && node->lazy;
}

int has_lazy_product(const struct node *node)
{
    uint32_t k;

    if (is_lazy_product(node))
        return 1;
    for (k = 0; is_ewise(node) && k < node->count; k++)
        if (has_lazy_product(node->args[k]))
            return 1;
    return 0;
}

static struct node *product_tile(struct compiler *c, struct node *node,
                                 uint32_t i, uint32_t j)
{
    struct node *tile = ARENA_NEW(c->arena, struct node);
    uint32_t one = build_int(c, 1);
    struct shape s = node->shape;

    *tile = *node;
    tile->tile = 1;
    tile->i = i;
    tile->j = j;
    tile->shape = (struct shape){PLAN_NONE, PLAN_NONE, PLAN_NONE, PLAN_NONE};
    if (build_is(c, s.rows, 1) || build_is(c, s.tile_rows, 1))
        tile->shape.rows = one;
    if (build_is(c, s.cols, 1) || build_is(c, s.tile_cols, 1))
        tile->shape.cols = one;
    return tile;
}

static struct node *leaf_tile(struct compiler *c, struct node *leaf, uint32_t i,
                              uint32_t j, struct place place)
{
    uint32_t zero = build_int(c, 0);
    struct shape s = leaf->shape;

    if (is_lazy_product(leaf))
        return product_tile(c, leaf, i, j);
    if (leaf->kind == NODE_NUMBER || shape_is_scalar(c, s))
        return leaf;
    return tile_of(c, leaf, build_is(c, s.rows, 1) ? zero : i,
                   build_is(c, s.cols, 1) ? zero : j, place);
}

struct node *lazy_tile(struct compiler *c, struct node *node, uint32_t i,
                       uint32_t j, struct place place)
{
    struct node *args[6];
    uint32_t k;

    if (!is_ewise(node))
        return leaf_tile(c, node, i, j, place);
    for (k = 0; k < node->count; k++) {
        args[k] = lazy_tile(c, node->args[k], i, j, place);
        if (!args[k])
            return NULL;
    }
    return node_op(c, node->op, node->place, args, node->count);
}
