/* Operations on nodes: the shape, element type and properties of what they
 * give, and messages where the operands do not fit. */
#include "compiler/check.h"

int is_tile_level(const struct node *node)
{
    return node->tile;
}

int node_is_scalar(const struct compiler *c, const struct node *node)
{
    return shape_is_scalar(c, node->shape);
}

/* One dimension of an entrywise operation. */
static uint32_t broadcast(struct compiler *c, struct node *a, struct node *b,
                          uint32_t x, uint32_t y, const char *what,
                          const char *op, struct place place, int *bad)
{
    if (x == PLAN_NONE || y == PLAN_NONE)
        return build_is(c, x, 1)   ? y
               : build_is(c, y, 1) ? x
               : x == PLAN_NONE    ? y
                                   : x;
    if (build_is(c, x, 1))
        return y;
    if (build_is(c, y, 1))
        return x;
    if (!*bad &&
        !require_equal(c, DIAG_shapes, place, x, y,
                       "cannot apply %s to %s (%e x %e) and %s (%e x %e): "
                       "%s %e and %e differ",
                       op, node_shown(c, a), a->shape.rows, a->shape.cols,
                       node_shown(c, b), b->shape.rows, b->shape.cols, what, x,
                       y))
        *bad = 1;
    return x;
}

static void ewise_shape(struct compiler *c, struct node *node)
{
    uint32_t k;
    int bad = 0;

    node->shape = node->args[0]->shape;
    node->type = node->args[0]->type;
    node->tile = node->args[0]->tile;
    for (k = 1; k < node->count; k++) {
        struct node sofar = *node, *arg = node->args[k];
        const char *name = op_table[node->op].name;
        struct shape left = node->shape;
        if (k == 1)
            sofar = *node->args[0];
        node->shape.rows = broadcast(c, &sofar, arg, left.rows, arg->shape.rows,
                                     "rows", name, node->place, &bad);
        node->shape.cols = broadcast(c, &sofar, arg, left.cols, arg->shape.cols,
                                     "columns", name, node->place, &bad);
        /* the grid of the first that is not broadcast */
        if (build_is(c, left.rows, 1))
            node->shape.tile_rows = arg->shape.tile_rows;
        if (build_is(c, left.cols, 1))
            node->shape.tile_cols = arg->shape.tile_cols;
        node->tile |= arg->tile;
    }
    if (!bad)
        node->type = ewise_type(c, node);
}

/* Where a named operand has its size from. */
static void note_shape(struct compiler *c, const struct node *node)
{
    if (node->kind == NODE_VAR && !node->var->temporary)
        diag_note(c->diags, node->var->place, "%s is %s",
                  var_root(node->var)->name, shape_show(c, node->shape));
}

static void matmul_shape(struct compiler *c, struct node *node)
{
    struct node *a = node->args[0], *b = node->args[1];

    node->type = join_types(c, a, b, node->place);
    node->tile = a->tile | b->tile;
    if (node->tile) {
        node->shape =
            (struct shape){a->shape.rows, b->shape.cols, PLAN_NONE, PLAN_NONE};
        return;
    }
    node->shape = (struct shape){a->shape.rows, b->shape.cols,
                                 a->shape.tile_rows, b->shape.tile_cols};
    if (!require_equal(
            c, DIAG_inner_size, node->place, a->shape.cols, b->shape.rows,
            "cannot multiply %s (%e x %e) by %s (%e x %e): inner "
            "sizes %e and %e differ",
            node_shown(c, a), a->shape.rows, a->shape.cols, node_shown(c, b),
            b->shape.rows, b->shape.cols, a->shape.cols, b->shape.rows)) {
        note_shape(c, a);
        if (b->kind != NODE_VAR || a->kind != NODE_VAR || a->var != b->var)
            note_shape(c, b);
    }
}

uint8_t swap_properties(uint8_t p)
{
    uint8_t kept = p & (uint8_t) ~(IS_LOWER | IS_UPPER);

    return kept | (p & IS_LOWER ? IS_UPPER : 0) | (p & IS_UPPER ? IS_LOWER : 0);
}

static void require_square(struct compiler *c, struct node *node,
                           struct node *a)
{
    require_equal(c, DIAG_not_square, node->place, a->shape.rows, a->shape.cols,
                  "%s needs a square matrix: %s is %e x %e",
                  op_table[node->op].name, node_shown(c, a), a->shape.rows,
                  a->shape.cols);
}

/* A \ B and B / A of whole matrices: do the sizes meet, is A square where
 * its structure wants it?  Others may have any shape: lib/solve.tm. */
static void solve_shape(struct compiler *c, struct node *node)
{
    int right = node->op == OP_DIVIDE;
    struct node *a = node->args[right], *b = node->args[!right];
    int square = a->properties & (IS_LOWER | IS_UPPER | IS_SPD | IS_DIAGONAL);
    int fits;

    if (right) {
        node->shape = (struct shape){b->shape.rows, a->shape.rows,
                                     b->shape.tile_rows, a->shape.tile_cols};
        fits = require_equal(
            c, DIAG_inner_size, node->place, b->shape.cols, a->shape.cols,
            "cannot divide %s (%e x %e) by %s (%e x %e): columns %e and %e "
            "differ",
            node_shown(c, b), b->shape.rows, b->shape.cols, node_shown(c, a),
            a->shape.rows, a->shape.cols, b->shape.cols, a->shape.cols);
    } else {
        node->shape = (struct shape){a->shape.cols, b->shape.cols,
                                     a->shape.tile_rows, b->shape.tile_cols};
        fits = require_equal(
            c, DIAG_inner_size, node->place, a->shape.rows, b->shape.rows,
            "cannot solve %s (%e x %e) with %s (%e x %e): rows %e and %e "
            "differ",
            node_shown(c, a), a->shape.rows, a->shape.cols, node_shown(c, b),
            b->shape.rows, b->shape.cols, a->shape.rows, b->shape.rows);
    }
    if (fits && square)
        require_equal(c, DIAG_not_square, node->place, a->shape.rows,
                      a->shape.cols,
                      "%s solves with a square matrix where it is %s: %s is "
                      "%e x %e",
                      op_table[node->op].name,
                      a->properties & IS_DIAGONAL             ? "diagonal"
                      : a->properties & (IS_LOWER | IS_UPPER) ? "triangular"
                                                              : "spd",
                      node_shown(c, a), a->shape.rows, a->shape.cols);
}

static void onehot_shape(struct compiler *c, struct node *node)
{
    struct node *v = node->args[0], *k = node->args[1];

    if (!require_real(c, node->op, v, node->place))
        return;
    if (k->kind != NODE_NUMBER || number_type(c, k->number) != NUMBER_INT) {
        diag_add(c->diags, DIAG_operand_type, k->place,
                 "a whole number is wanted here that is known without data");
        return;
    }
    if (node->tile) { /* k is the tile's first column */
        node->shape.cols = PLAN_NONE;
        return;
    }
    if (c->plan->exprs.items[k->number].slots) {
        refuse_size(c, k->number, k->place, "the size of a matrix");
        return;
    }
    require_equal(c, DIAG_shapes, node->place, v->shape.cols, build_int(c, 1),
                  "onehot wants a column: %s is %e x %e", node_shown(c, v),
                  v->shape.rows, v->shape.cols);
    node->shape.cols = k->number;
    node->shape.tile_cols = node->shape.tile_rows; /* as in lib/ */
}

static void library_shape(struct compiler *c, struct node *node)
{
    struct node *a = node->args[0];

    node->shape = a->shape;
    node->type = a->type;
    node->tile = a->tile;
    switch (node->op) {
    case OP_TRANSPOSE:
    case OP_FLIP:
        node->shape = (struct shape){a->shape.cols, a->shape.rows,
                                     a->shape.tile_cols, a->shape.tile_rows};
        return;
    case OP_CHOL:
        if (!node->tile)
            require_square(c, node, a);
        node->shape.tile_cols = node->shape.tile_rows; /* as lib/ makes it */
        return;
    case OP_INV:
        if (!node->tile)
            require_square(c, node, a);
        node->shape.tile_cols = node->shape.tile_rows;
        return;
    case OP_TRIL:
    case OP_TRIU:
        node->shape.tile_cols = node->shape.tile_rows;
        return;
    case OP_ROWSUMS:
    case OP_MIN_ROWS:
    case OP_MAX_ROWS:
    case OP_ARGMIN_ROWS:
    case OP_ARGMAX_ROWS:
        if (node->op != OP_ROWSUMS)
            require_real(c, node->op, a, node->place);
        node->shape.cols = build_int(c, 1);
        return;
    case OP_DIAG:
        if (node->tile) { /* its diagonal, a column */
            if (build_is(c, a->shape.cols, 1))
                node->shape.rows = a->shape.cols;
            node->shape.cols = build_int(c, 1);
            return;
        }
        if (build_is(c, a->shape.cols, 1)) {
            node->shape.cols = a->shape.rows;
        } else {
            node->shape.rows =
                build_op(c, EXPR_MIN, a->shape.rows, a->shape.cols, NULL);
            node->shape.cols = build_int(c, 1);
        }
        node->shape.tile_cols = node->shape.tile_rows; /* as in lib/ */
        return;
    case OP_ONEHOT: onehot_shape(c, node); return;
    case OP_RETILE:
        node->shape.tile_rows = node->args[1]->number;
        node->shape.tile_cols = node->args[2]->number;
        node->count = 1;
        return;
    case OP_MATMUL: matmul_shape(c, node); return;
    case OP_DIVIDE:
    case OP_SOLVE:
        node->tile = a->tile | node->args[1]->tile;
        node->type = join_types(c, a, node->args[1], node->place);
        if (node->op == OP_SOLVE)
            node->shape = node->args[1]->shape;
        if (!node->tile)
            solve_shape(c, node);
        return;
    default: return;
    }
}

/* What A', A.' and conj(A) are where no node is needed for them, or NULL.  Two
 * of them are one; of real numbers A.' is A'. */
static struct node *turned(struct compiler *c, enum op *op, struct place place,
                           struct node *a)
{
    int real = type_only(c, a->type) == ONLY_REAL, trans, conj;
    enum op inner = a->kind == NODE_OP ? a->op : OP_COUNT;

    if (a->kind == NODE_NUMBER)
        return a;
    if (!a->tile && node_is_scalar(c, a)) {
        if (real || *op == OP_FLIP)
            return a;
        *op = OP_CONJ;
    }
    if (real && *op == OP_CONJ)
        return a;
    if (real && *op == OP_FLIP)
        *op = OP_TRANSPOSE;
    if (inner != OP_TRANSPOSE && inner != OP_FLIP && inner != OP_CONJ)
        return NULL;
    trans = (*op != OP_CONJ) ^ (inner != OP_CONJ);
    conj = (*op != OP_FLIP) ^ (inner != OP_FLIP);
    if (!trans && (!conj || real))
        return a->args[0];
    return node_op(c,
                   !trans         ? OP_CONJ
                   : conj || real ? OP_TRANSPOSE
                                  : OP_FLIP,
                   place, &a->args[0], 1);
}

struct node *node_op(struct compiler *c, enum op op, struct place place,
                     struct node **args, uint32_t count)
{
    uint32_t k, errors = c->diags->errors;
    struct node *node;

    for (k = 0; k < count; k++)
        if (!args[k])
            return NULL;
    if (op == OP_TRANSPOSE || op == OP_FLIP || op == OP_CONJ) {
        node = turned(c, &op, place, args[0]);
        if (node)
            return node;
    }
    if (op >= OP_TO_F32 && op <= OP_TO_C128 && args[0]->type != PLAN_NONE &&
        type_known(c, args[0]->type) == TM_F32 + (int)(op - OP_TO_F32))
        return args[0];
    if (op == OP_DIAG && !args[0]->tile && build_is(c, args[0]->shape.rows, 1))
        args[0] = node_op(c, OP_FLIP, place, &args[0], 1);
    if (op == OP_CUMSUM && !args[0]->tile &&
        build_is(c, args[0]->shape.rows, 1) && !node_is_scalar(c, args[0])) {
        args[0] = node_op(c, OP_FLIP, place, &args[0], 1); /* of a row */
        node = node_op(c, OP_CUMSUM, place, args, 1);
        return node ? node_op(c, OP_FLIP, place, &node, 1) : NULL;
    }
    if (op == OP_RETILE && args[1]->number == args[0]->shape.tile_rows &&
        args[2]->number == args[0]->shape.tile_cols)
        return args[0];
    node = ARENA_NEW(c->arena, struct node);
    node->kind = NODE_OP;
    node->op = op;
    node->place = place;
    node->count = count;
    for (k = 0; k < count; k++)
        node->args[k] = args[k];
    if (args[0]->kind == NODE_TILE &&
        (op == OP_TRANSPOSE || op == OP_FLIP || op == OP_CONJ)) {
        *node = *args[0];
        node->place = place;
        node->conj ^= op != OP_FLIP;
        if (op == OP_CONJ)
            return node;
        node->trans = !node->trans;
        node->properties = swap_properties(node->properties);
        node->shape.rows = args[0]->shape.cols;
        node->shape.cols = args[0]->shape.rows;
        return node;
    }
    switch (op_table[op].kind) {
    case CLASS_EWISE: ewise_shape(c, node); break;
    case CLASS_LIBRARY: library_shape(c, node); break;
    case CLASS_REDUCE:
        node->type = args[0]->type;
        if (op == OP_NORM && node->type != PLAN_NONE)
            node->type = type_real(c, node->type);
        if (op == OP_MAX || op == OP_MIN)
            require_real(c, op, args[0], place);
        node->tile = args[0]->tile;
        node->shape = scalar_shape(c);
        if ((op == OP_TRACE || op == OP_DET) && !node->tile)
            require_square(c, node, args[0]);
        break;
    case CLASS_KERNEL:
        node->type = args[0]->type;
        node->tile = 1;
        node->shape = args[0]->shape;
        if (op == OP_HEEVD_VALUES || op == OP_GESDD_VALUES)
            node->type = type_real(c, node->type);
        break;
    default: break;
    }
    if (c->diags->errors > errors)
        return NULL; /* one message is enough */
    facts_of_op(c, node);
    return node;
}
