/* Parts of matrices: slices as values and as targets, matrices in brackets
 * that have matrices in them, tiles with names of their own.
 *
 * A slice is a matrix of its own, made by lib/slice.tm; lib/assign_slice.tm
 * puts one matrix into another.  Where a slice begins may hang on a loop, its
 * size may not: a..b of equal distance in every turn is found by comparing
 * both as polynomials. */
#include "compiler/check.h"

#include <stdlib.h>

/* ---- high - low -----------------------------------------------------------
 */

enum { TERMS = 24, FACTORS = 4 };

struct term {
    int64_t times;
    uint32_t factors[FACTORS], count; /* expressions, in order */
};

struct polynomial {
    struct term terms[TERMS];
    uint32_t count;
    int bad; /* too long, or an overflow */
};

static void term_add(struct polynomial *p, const struct term *t)
{
    uint32_t k;

    for (k = 0; k < p->count; k++) {
        struct term *have = &p->terms[k];
        if (have->count == t->count &&
            !memcmp(have->factors, t->factors, t->count * sizeof *t->factors)) {
            p->bad |=
                __builtin_add_overflow(have->times, t->times, &have->times);
            return;
        }
    }
    if (p->count == TERMS)
        p->bad = 1;
    else
        p->terms[p->count++] = *t;
}

static void term_multiply(struct polynomial *p, const struct term *x,
                          const struct term *y)
{
    struct term t = *x;
    uint32_t k, at;

    p->bad |= __builtin_mul_overflow(x->times, y->times, &t.times);
    if (x->count + y->count > FACTORS) {
        p->bad = 1;
        return;
    }
    for (k = 0; k < y->count; k++) {
        for (at = t.count++; at > 0 && t.factors[at - 1] > y->factors[k]; at--)
            t.factors[at] = t.factors[at - 1];
        t.factors[at] = y->factors[k];
    }
    term_add(p, &t);
}

static void expand(struct compiler *c, uint32_t expr, int64_t sign,
                   struct polynomial *p)
{
    const struct plan_expr x = c->plan->exprs.items[expr];
    struct term t = {.times = sign};
    uint32_t i, j;

    if (p->bad)
        return;
    switch (x.op) {
    case EXPR_INT:
        p->bad |= __builtin_mul_overflow(sign, x.value.integer, &t.times);
        term_add(p, &t);
        return;
    case EXPR_ADD:
    case EXPR_SUB:
        expand(c, x.args[0], sign, p);
        expand(c, x.args[1], x.op == EXPR_SUB ? -sign : sign, p);
        return;
    case EXPR_NEG: expand(c, x.args[0], -sign, p); return;
    case EXPR_MUL: {
        struct polynomial *a = ARENA_NEW(c->arena, struct polynomial);
        struct polynomial *b = ARENA_NEW(c->arena, struct polynomial);
        expand(c, x.args[0], sign, a);
        expand(c, x.args[1], 1, b);
        p->bad |= a->bad | b->bad;
        for (i = 0; i < a->count; i++)
            for (j = 0; j < b->count; j++)
                term_multiply(p, &a->terms[i], &b->terms[j]);
        return;
    }
    default: t.factors[t.count++] = expr; term_add(p, &t);
    }
}

static int has_slots(const struct compiler *c, uint32_t expr)
{
    return c->plan->exprs.items[expr].slots != 0;
}

/* high - low, without the loop counters that cancel each other. */
static uint32_t distance(struct compiler *c, uint32_t low, uint32_t high)
{
    uint32_t plain = build_op(c, EXPR_SUB, high, low, NULL), k, n;
    uint32_t result = build_int(c, 0);
    struct polynomial *p;

    if (!has_slots(c, plain))
        return plain;
    p = ARENA_NEW(c->arena, struct polynomial);
    expand(c, high, 1, p);
    expand(c, low, -1, p);
    for (k = 0; k < p->count && !p->bad; k++) {
        uint32_t term = build_int(c, p->terms[k].times);
        if (p->terms[k].times == 0)
            continue;
        for (n = 0; n < p->terms[k].count; n++)
            term = build_op(c, EXPR_MUL, p->terms[k].factors[n], term, NULL);
        result = build_op(c, EXPR_ADD, result, term, NULL);
    }
    return p->bad ? plain : result;
}

/* ---- which part -----------------------------------------------------------
 */

struct part_of {
    uint32_t start[2], size[2];
};

static struct part part_text(const char *text)
{
    return (struct part){
        {.kind = VALUE_TEXT, .param = PLAN_NONE, .text = text}};
}

/* The test holds: known now, checked when sizes are bound, or, in loops and
 * branches, when the walk gets there. */
static int require_inside(struct compiler *c, const struct ast *ast,
                          struct shape shape, int cols, uint32_t test,
                          uint32_t low, uint32_t high)
{
    static const char *const one[] = {"row", "column"};
    static const char *const many[] = {"rows", "columns"};
    const struct plan_expr *x = &c->plan->exprs.items[test];
    struct part *parts;
    struct step *step;
    uint32_t n = 0;

    if (x->op == EXPR_TRUTH && x->value.integer)
        return 1;
    if (x->op == EXPR_TRUTH || (!x->slots && !c->nested))
        return high == PLAN_NONE
                   ? require_true(c, DIAG_shapes, ast->place, test,
                                  "%s is %e x %e and has no %s %e; the first "
                                  "is 0",
                                  ast->name, shape.rows, shape.cols, one[cols],
                                  low)
                   : require_true(c, DIAG_shapes, ast->place, test,
                                  "%s is %e x %e and has no %s %e .. %e",
                                  ast->name, shape.rows, shape.cols, many[cols],
                                  low, high);
    parts = arena_array(c->arena, 9, sizeof *parts);
    parts[n++] = part_text(arena_printf(c->arena, "%s is", ast->name));
    parts[n++].value = value_number(shape.rows, ast->place);
    parts[n++] = part_text("x");
    parts[n++].value = value_number(shape.cols, ast->place);
    parts[n++] = part_text(arena_printf(
        c->arena, "and has no %s", high == PLAN_NONE ? one[cols] : many[cols]));
    parts[n++].value = value_number(low, ast->place);
    if (high != PLAN_NONE) {
        parts[n++] = part_text("..");
        parts[n++].value = value_number(high, ast->place);
    }
    step = step_new(c, STEP_ASSERT, ast->place);
    step->number = test;
    step->parts = parts;
    step->part_count = n;
    return 1;
}

static uint32_t both(struct compiler *c, uint32_t a, uint32_t b)
{
    return build_op(c, EXPR_AND, a, b, NULL);
}

static int part_index(struct compiler *c, const struct ast *ast,
                      const struct ast *index, struct shape shape, int cols,
                      struct part_of *part)
{
    uint32_t all = cols ? shape.cols : shape.rows, zero = build_int(c, 0);
    uint32_t low, high, size, test;
    struct value value;

    if (index->kind == AST_ALL) {
        part->start[cols] = zero;
        part->size[cols] = all;
        return 1;
    }
    value = index->kind == AST_NAMED ? value_none() : index_number(c, index);
    if (value.kind != VALUE_RANGE) {
        low = whole_number(c, value, index);
        if (low == PLAN_NONE)
            return 0;
        part->start[cols] = low;
        part->size[cols] = build_int(c, 1);
        test = both(c, build_op(c, EXPR_LE, zero, low, NULL),
                    build_op(c, EXPR_LT, low, all, NULL));
        return require_inside(c, ast, shape, cols, test, low, PLAN_NONE);
    }
    low = value.number;
    high = value.high;
    size = distance(c, low, high);
    if (has_slots(c, size)) {
        refuse_size(c, size, index->place, "the size of a slice");
        return 0;
    }
    if (c->nested && !require_true(c, DIAG_shapes, index->place,
                                   build_op(c, EXPR_LE, zero, size, NULL),
                                   "a slice can't have %e %s", size,
                                   cols ? "columns" : "rows"))
        return 0;
    part->start[cols] = low;
    part->size[cols] = size;
    test = both(c, build_op(c, EXPR_LE, zero, low, NULL),
                both(c, build_op(c, EXPR_LE, zero, size, NULL),
                     build_op(c, EXPR_LE, high, all, NULL)));
    return require_inside(c, ast, shape, cols, test, low, high);
}

/* A(i, j), v(k): each a number, a range or ":". */
static int part_find(struct compiler *c, const struct ast *ast,
                     struct shape shape, struct part_of *part)
{
    int row = build_is(c, shape.rows, 1);
    uint32_t k;

    for (k = 0; k < 2; k++) {
        part->start[k] = build_int(c, 0);
        part->size[k] = build_int(c, 1);
    }
    if (ast->count == 2)
        return part_index(c, ast, ast->items[0], shape, 0, part) &&
               part_index(c, ast, ast->items[1], shape, 1, part);
    if (ast->count == 1 && (row || build_is(c, shape.cols, 1)))
        return part_index(c, ast, ast->items[0], shape, row, part);
    if (ast->count == 1) {
        one_index(c, ast, shape);
        return 0;
    }
    diag_add(c->diags, DIAG_argument, ast->place,
             "an element has a row and a column: %s(i, j); it is %s", ast->name,
             shape_show(c, shape));
    return 0;
}

/* ---- values ---------------------------------------------------------------
 */

struct node *library_value(struct compiler *c, const char *name,
                           const struct ast *place, const struct value *args,
                           uint32_t count)
{
    struct function *f = library_find(c, name);
    struct ast text = {.kind = AST_NAME, .place = place->place};
    struct ast *items[1] = {&text};
    struct ast call = {.kind = AST_CALL,
                       .name = name,
                       .place = place->place,
                       .at = place->place,
                       .items = items,
                       .count = 1};
    struct value result;

    if (!f || !check_call(c, f, &call, args, NULL, count, &result, 1) ||
        result.kind != VALUE_NODE)
        return NULL;
    return result.node;
}

struct value slice_value(struct compiler *c, const struct ast *ast,
                         struct value base)
{
    struct node *matrix = base.node, *result;
    struct shape shape = matrix->shape;
    struct part_of part;
    struct value args[5];
    uint32_t zero = build_int(c, 0);
    int view = matrix->kind == NODE_OP, flip = view && matrix->op != OP_CONJ;
    int k;

    if (!part_find(c, ast, shape, &part))
        return value_none();
    if (part.start[0] == zero && part.start[1] == zero &&
        part.size[0] == shape.rows && part.size[1] == shape.cols)
        return base;
    args[0] = value_node(view ? matrix->args[0] : matrix);
    for (k = 0; k < 2; k++) {
        args[1 + k] = value_number(part.start[k ^ flip], ast->place);
        args[3 + k] = value_number(part.size[k ^ flip], ast->place);
    }
    result = library_value(c, "slice", ast, args, 5);
    if (!result)
        return value_none();
    result->var->temporary = 1;
    result->place = ast->place;
    if (view)
        result = node_op(c, matrix->op, ast->place, &result, 1);
    return value_node(result);
}

/* ---- targets --------------------------------------------------------------
 */

/* A matrix of one number, which may hang on a loop or on data. */
static struct node *filled(struct compiler *c, struct value value,
                           struct shape shape, struct place place)
{
    struct var *var = var_new(c, "fill", shape, type_new(c, 0), place);
    struct node *args[2], *node = node_var(c, var, place);
    uint32_t number = value.kind == VALUE_NUMBER ? value.number : PLAN_NONE;

    var->kind = MATRIX_SOURCE;
    var->rule = RULE_FILL;
    var->temporary = var->assigned = 1;
    var->arg = build_real(c, 0);
    if (number != PLAN_NONE && number_type(c, number) == NUMBER_BOOL)
        number = build_if(c, number, build_int(c, 1), build_int(c, 0));
    if (number != PLAN_NONE && !has_slots(c, number)) {
        var->arg = build_op(c, EXPR_TO_REAL, number, 0, NULL);
        return node;
    }
    if (number != PLAN_NONE)
        value.number = number;
    args[0] = node;
    args[1] = node_of(c, value, place);
    return node_op(c, OP_ADD, place, args, 2);
}

/* value at `start` into the var of `matrix`, which no other name holds. */
static struct node *put(struct compiler *c, struct node *matrix,
                        struct value value, const uint32_t *start,
                        const struct ast *place)
{
    struct value args[4];

    args[0] = value_node(matrix);
    args[1] = value;
    args[2] = value_number(start[0], place->place);
    args[3] = value_number(start[1], place->place);
    return library_value(c, "assign_slice", place, args, 4);
}

/* What goes into a part of the given size, as a matrix of that size. */
static struct node *part_source(struct compiler *c, struct value value,
                                const struct ast *right,
                                const struct ast *target,
                                const struct part_of *part, struct shape grid)
{
    struct node *node = need_matrix(c, value, right);
    struct shape shape = {part->size[0], part->size[1], grid.tile_rows,
                          grid.tile_cols};
    static const char *const what[] = {"rows", "columns"};
    int k;

    if (!node)
        return NULL;
    if (node->tile)
        node = tile_matrix(c, node, NULL, right->place);
    if (!node)
        return NULL;
    if (node->kind == NODE_NUMBER ||
        (shape_is_scalar(c, node->shape) && !shape_is_scalar(c, shape)))
        return filled(c, value, shape, right->place);
    for (k = 0; k < 2; k++) {
        uint32_t have = k ? node->shape.cols : node->shape.rows;
        if (!require_equal(c, DIAG_shapes, target->place, part->size[k], have,
                           "cannot put %s (%e x %e) into %s (%e x %e): %s %e "
                           "and %e differ",
                           ast_text(c, right), node->shape.rows,
                           node->shape.cols, ast_text(c, target), shape.rows,
                           shape.cols, what[k], have, part->size[k]))
            return NULL;
    }
    return node;
}

void slice_assign(struct compiler *c, const struct ast *target,
                  const struct ast *right, struct value value)
{
    struct name *name = name_find(c, target->name);
    struct node *node, *copy;
    struct part_of part;
    struct carried *last;
    uint32_t errors;

    if (!name || name->value.kind != VALUE_NODE) {
        struct ast base = *target;
        base.kind = AST_NAME;
        if (!name || name->value.kind == VALUE_NONE)
            check_expr(c, &base); /* says what is wrong */
        else
            diag_add(c->diags, DIAG_bad_target, target->place,
                     "only a matrix has entries to be assigned");
        return;
    }
    if (value.kind == VALUE_NONE ||
        !part_find(c, target, name->value.node->shape, &part))
        return;
    node = part_source(c, value, right, target, &part, name->value.node->shape);
    if (!node || c->diags->errors)
        return;
    errors = c->diags->errors;
    copy = ARENA_NEW(c->arena, struct node);
    *copy = *name->value.node;
    copy->place = target->at;
    join_types(c, copy, node, target->place);
    if (c->diags->errors > errors)
        return;
    /* what is read of the matrix itself is its value before */
    node = var_fresh(c, node, NULL);
    name = name_find(c, target->name);
    if (name->value.node->kind != NODE_VAR) /* a transposed one */
        name->value.node = var_fresh(c, name->value.node, name->text);
    var_own(c, name, name->value.place);
    name->value.node->var->assigned = 1;
    last = carried_find(c->frame->tracked.items, c->frame->tracked.count,
                        target->name);
    if (c->loop && last)
        last->name = NULL; /* changed by parts: only inside the loop */
    copy = ARENA_NEW(c->arena, struct node);
    *copy = *name->value.node;
    name->value.kind = VALUE_NONE; /* its matrix is lent to the function */
    node = put(c, copy, value_node(node), part.start, target);
    name = name_find(c, target->name);
    name->value.kind = VALUE_NODE;
    if (node) {
        copy->var = node->var;
        copy->properties = 0;
        copy->var->properties = 0;
        name->value.node = copy;
    }
}

/* ---- matrices in brackets --------------------------------------------------
 */

struct value bracket_value(struct compiler *c, const struct ast *ast,
                           struct value *items)
{
    struct shape shape = {build_int(c, 0), build_int(c, 0), c->tile_rows,
                          c->tile_cols};
    uint32_t one = build_int(c, 1), i, j, n = 0, start[2];
    struct node *matrix, *first = NULL;
    struct step *step;
    struct var *var;
    uint32_t errors;

    for (i = 0; i < ast->count; i++) {
        const struct ast *row = ast->items[i];
        uint32_t height = PLAN_NONE, width = build_int(c, 0);
        for (j = 0; j < row->count; j++, n++) {
            struct node *x = need_matrix(c, items[n], row->items[j]);
            if (x && x->tile)
                x = tile_matrix(c, x, NULL, row->items[j]->place);
            if (!x)
                return value_none();
            if (x->kind != NODE_NUMBER) {
                items[n] = value_node(x);
                if (!first) {
                    first = x;
                    shape.tile_rows = x->shape.tile_rows;
                    shape.tile_cols = x->shape.tile_cols;
                }
                errors = c->diags->errors;
                join_types(c, first, x, row->items[j]->place);
                if (c->diags->errors > errors)
                    return value_none();
            }
            if (j && !require_equal(c, DIAG_shapes, row->items[j]->place,
                                    height, x->shape.rows,
                                    "%s has %e rows and stands beside %s with "
                                    "%e",
                                    ast_text(c, row->items[j]), x->shape.rows,
                                    ast_text(c, row->items[0]), height))
                return value_none();
            height = j ? height : x->shape.rows;
            width = build_op(c, EXPR_ADD, width, x->shape.cols, NULL);
        }
        if (i &&
            !require_equal(c, DIAG_shapes, row->place, shape.cols, width,
                           "row %s of the brackets has %e columns, row 0 "
                           "has %e",
                           arena_printf(c->arena, "%u", i), width, shape.cols))
            return value_none();
        shape.cols = i ? shape.cols : width;
        shape.rows = build_op(c, EXPR_ADD, shape.rows, height, NULL);
    }
    var = var_new(c, "brackets", shape, type_new(c, 0), ast->place);
    var->temporary = var->assigned = 1;
    step = step_new(c, STEP_FRESH, ast->place);
    step->var = var;
    matrix = node_var(c, var, ast->place);
    start[0] = build_int(c, 0);
    for (i = 0, n = 0; i < ast->count; i++) {
        const struct ast *row = ast->items[i];
        uint32_t height = one;
        start[1] = build_int(c, 0);
        for (j = 0; j < row->count; j++, n++) {
            struct node *x = node_of(c, items[n], row->items[j]->place);
            struct shape size = x->shape;
            if (x->kind == NODE_NUMBER)
                items[n] = value_node(filled(
                    c, items[n],
                    (struct shape){one, one, shape.tile_rows, shape.tile_cols},
                    row->items[j]->place));
            if (!put(c, matrix, items[n], start, row->items[j]))
                return value_none();
            height = size.rows;
            start[1] = build_op(c, EXPR_ADD, start[1], size.cols, NULL);
        }
        start[0] = build_op(c, EXPR_ADD, start[0], height, NULL);
    }
    return value_node(matrix);
}

/* ---- tiles with names ------------------------------------------------------
 */

static uint32_t tile_size(struct compiler *c, const struct node *node, int cols,
                          uint32_t *edge)
{
    uint32_t size, index, left;

    tile_extent(c, node, cols, &size, edge, &index);
    if (build_is(c, size, 1) || build_is(c, *edge, 1))
        return build_int(c, 1);
    left = size;
    if (!build_is(c, index, 0)) {
        uint32_t test = build_op(
            c, EXPR_LT, build_op(c, EXPR_MUL, index, *edge, NULL), size, NULL);
        if (!c->nested && !has_slots(c, test))
            require_true(c, DIAG_shapes, node->place, test,
                         "%s reaches out of its matrix: %e %s in tiles of %e",
                         node_shown(c, node), size, cols ? "columns" : "rows",
                         *edge);
        left = build_op(c, EXPR_SUB, size,
                        build_op(c, EXPR_MUL, index, *edge, NULL), NULL);
        left = build_op(c, EXPR_MAX, left, build_int(c, 0), NULL);
    }
    return build_op(c, EXPR_MIN, left, *edge, NULL);
}

struct node *tile_matrix(struct compiler *c, struct node *node,
                         const char *name, struct place place)
{
    struct shape shape;
    struct node *target;
    struct step *step;
    struct var *var;
    uint32_t errors;

    if (node->kind == NODE_TILE && node->run) {
        diag_add(c->diags, DIAG_tile_wanted, place,
                 "a run of tiles is no matrix: take a slice");
        return NULL;
    }
    if (node->kind == NODE_OP && op_table[node->op].kind == CLASS_KERNEL) {
        diag_add(c->diags, DIAG_unsupported, place,
                 "the result of %s goes to a tile: declare a matrix",
                 op_table[node->op].name);
        return NULL;
    }
    errors = c->diags->errors;
    shape.rows = tile_size(c, node, 0, &shape.tile_rows);
    shape.cols = tile_size(c, node, 1, &shape.tile_cols);
    if (c->diags->errors > errors)
        return NULL;
    if (has_slots(c, shape.rows) || has_slots(c, shape.cols)) {
        diag_add(c->diags, DIAG_loop_shape, place,
                 "the shape of this tile hangs on %s, that of a name can't: "
                 "declare a matrix and assign its tile",
                 hangs_on_data(c, shape.rows) || hangs_on_data(c, shape.cols)
                     ? "data"
                     : "a loop");
        return NULL;
    }
    var = var_new(c, name ? name : "tile", shape, node_type(c, node), place);
    var->properties = node->properties;
    var->temporary = name == NULL;
    var->assigned = 1;
    target = node_var(c, var, place);
    target->kind = NODE_TILE;
    target->tile = 1;
    target->i = target->j = build_int(c, 0);
    target->i_end = target->j_end = PLAN_NONE;
    target->shape = (struct shape){PLAN_NONE, PLAN_NONE, PLAN_NONE, PLAN_NONE};
    if (build_is(c, shape.rows, 1))
        target->shape.rows = shape.rows;
    if (build_is(c, shape.cols, 1))
        target->shape.cols = shape.cols;
    step = step_new(c, STEP_TILE, place);
    step->op = '=';
    step->target = target;
    step->node = node;
    return node_var(c, var, place);
}
