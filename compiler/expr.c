/* Expressions of the syntax tree to values: bound numbers are computed at
 * once as expressions of the plan, everything else becomes a typed node. */
#include "compiler/check.h"

#include <math.h>

const struct op_info op_table[OP_COUNT] = {
#define OP(ID, NAME, ARGS, CLASS, CODE, DOC)                                   \
    [OP_##ID] = {NAME, ARGS, CLASS_##CLASS, CODE, DOC},
#include "compiler/ops.def"
#undef OP
};

int op_find(const char *name, uint32_t args)
{
    int k, found = -1;

    for (k = 0; k < OP_COUNT; k++)
        if (!strcmp(op_table[k].name, name)) {
            if (op_table[k].args < 0 || (uint32_t)op_table[k].args == args)
                return k;
            found = k; /* the name is right, the number is not */
        }
    return found;
}

static struct value constant_named(struct compiler *c, const struct ast *ast)
{
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", M_PI},
                     {"inf", INFINITY},
                     {"nan", NAN},
                     {"eps", 2.220446049250313e-16}};
    size_t k;
    int type = type_named(ast->name);

    for (k = 0; k < sizeof constants / sizeof *constants; k++)
        if (!strcmp(constants[k].name, ast->name))
            return value_number(build_real(c, constants[k].value), ast->place);
    if (type)
        return (struct value){.kind = VALUE_TYPE,
                              .number = (uint32_t)type,
                              .param = PLAN_NONE,
                              .flag = PLAN_NONE,
                              .place = ast->place};
    return value_none();
}

static void assert_assigned(struct compiler *c, const struct ast *ast,
                            struct name *name)
{
    struct step *step = step_new(c, STEP_ASSERT, ast->place);
    struct part part = {0};

    if (name->value.assigned)
        step->node = name->value.assigned;
    else
        step->number = build_leaf(c, EXPR_SLOT, NUMBER_BOOL, name->value.flag);
    part.value.kind = VALUE_TEXT;
    part.value.param = PLAN_NONE;
    part.value.text = arena_printf(
        c->arena, "%s is not assigned on the path that was taken", ast->name);
    step->parts = ARENA_NEW(c->arena, struct part);
    *step->parts = part;
    step->part_count = 1;
    name->value.maybe = 0;
}

static struct value name_value(struct compiler *c, const struct ast *ast)
{
    struct name *name = name_find(c, ast->name);
    struct value value;

    if (name && name->value.kind != VALUE_NONE) {
        name->used = 1;
        if (name->value.maybe)
            assert_assigned(c, ast, name);
        value = name->value;
        if (value.kind == VALUE_NODE) {
            struct node *copy = ARENA_NEW(c->arena, struct node);
            *copy = *value.node;
            copy->place = ast->place;
            value.node = copy;
            if (copy->kind == NODE_VAR && !copy->var->read.source)
                copy->var->read = ast->place;
        }
        value.place = ast->place;
        return value;
    }
    value = constant_named(c, ast);
    if (value.kind != VALUE_NONE)
        return value;
    if (name && name->value.maybe == 2)
        return value_none(); /* one message is enough */
    if (name) {
        diag_add(c->diags, DIAG_unassigned, ast->place,
                 "%s is assigned only inside a loop or branch", ast->name);
        if (name->value.place.source)
            diag_note(c->diags, name->value.place, "assigned here");
        return value_none();
    }
    diag_add(c->diags, DIAG_unknown_name, ast->place,
             "%s is not assigned before it is used", ast->name);
    note_unknown(c, ast->name);
    value = value_none();
    value.maybe = 2; /* one message is enough */
    name_set(c, ast->name, value);
    return value_none();
}

static struct value matrix_literal(struct compiler *c, const struct ast *ast)
{
    uint32_t rows = ast->count, cols = 0, i, j, n = 0;
    struct shape shape = {0, 0, c->tile_rows, c->tile_cols};
    struct value *items;
    uint32_t first;
    int constant = 1;
    struct var *var;

    for (i = 0; i < rows; i++)
        n += ast->items[i]->count;
    items = arena_array(c->arena, n + 1, sizeof *items);
    for (i = n = 0; i < rows; i++)
        for (j = 0; j < ast->items[i]->count; j++, n++) {
            items[n] = check_expr(c, ast->items[i]->items[j]);
            if (items[n].kind == VALUE_NONE)
                return value_none();
            constant &= items[n].kind == VALUE_NUMBER &&
                        c->plan->exprs.items[items[n].number].op <= EXPR_REAL;
        }
    if (!constant)
        return bracket_value(c, ast, items);
    first = c->plan->constants.count;
    for (i = n = 0; i < rows; i++) {
        const struct ast *row = ast->items[i];
        if (i && row->count != cols) {
            diag_add(c->diags, DIAG_shapes, row->place,
                     "row %u has %u entr%s and row 0 has %u", i, row->count,
                     row->count == 1 ? "y" : "ies", cols);
            return value_none();
        }
        cols = row->count;
        for (j = 0; j < cols; j++, n++) {
            const struct plan_expr *e = &c->plan->exprs.items[items[n].number];
            vec_push(c->plan->arena, &c->plan->constants,
                     e->op == EXPR_REAL ? e->value.real
                                        : (double)e->value.integer);
        }
    }
    shape.rows = build_int(c, rows);
    shape.cols = build_int(c, cols);
    var = var_new(c, "literal", shape, type_new(c, 0), ast->place);
    var->kind = MATRIX_SOURCE;
    var->rule = RULE_LIST;
    var->arg = first;
    var->temporary = var->assigned = 1;
    return value_node(node_var(c, var, ast->place));
}

static int tile_index(struct compiler *c, const struct ast *ast, uint32_t all,
                      uint32_t *low, uint32_t *high)
{
    struct value value;

    *high = PLAN_NONE;
    if (ast->kind == AST_ALL) {
        *low = build_int(c, 0);
        *high = all;
        return 1;
    }
    value = index_number(c, ast);
    if (value.kind == VALUE_RANGE) {
        *low = value.number;
        *high = value.high;
        return 1;
    }
    *low = whole_number(c, value, ast);
    return *low != PLAN_NONE;
}

/* One in whole matrices of one row or column, and in tiles of one. */
static struct shape tile_shape(struct compiler *c, struct shape matrix,
                               int flip)
{
    struct shape s = {PLAN_NONE, PLAN_NONE, PLAN_NONE, PLAN_NONE};
    uint32_t one = build_int(c, 1);

    if (build_is(c, matrix.rows, 1) || build_is(c, matrix.tile_rows, 1))
        *(flip ? &s.cols : &s.rows) = one;
    if (build_is(c, matrix.cols, 1) || build_is(c, matrix.tile_cols, 1))
        *(flip ? &s.rows : &s.cols) = one;
    return s;
}

struct node *tile_of(struct compiler *c, struct node *view, uint32_t i,
                     uint32_t j, struct place place)
{
    int turned = is_turned(view), flip = turned && view->op != OP_CONJ;
    struct node *matrix = turned ? view->args[0] : view;
    struct node *node = ARENA_NEW(c->arena, struct node);

    node->kind = NODE_TILE;
    node->tile = 1;
    node->var = matrix->var;
    node->type = matrix->type;
    node->place = place;
    node->trans = (uint8_t)flip;
    node->conj = turned && view->op != OP_FLIP;
    node->i = flip ? j : i;
    node->j = flip ? i : j;
    node->i_end = node->j_end = PLAN_NONE;
    node->shape = tile_shape(c, matrix->shape, flip);
    if (i == j)
        node->properties = view->properties;
    return node;
}

/* A[i,j] of an argument that isn't stored. */
static struct node *check_lazy(struct compiler *c, const struct ast *ast,
                               struct node *node)
{
    uint32_t i, j, i_end, j_end;

    if (ast->count != 3 ||
        !tile_index(c, ast->items[1], shape_trows(c, node->shape), &i,
                    &i_end) ||
        !tile_index(c, ast->items[2], shape_tcols(c, node->shape), &j, &j_end))
        return NULL;
    if (i_end == PLAN_NONE && j_end == PLAN_NONE)
        return lazy_tile(c, node, i, j, ast->place);
    diag_add(c->diags, DIAG_tile_base, ast->items[0]->place,
             "give this matrix a name first; then name[i,j] is its tile");
    return NULL;
}

struct node *check_tile(struct compiler *c, const struct ast *ast)
{
    struct value base = check_expr(c, ast->items[0]);
    struct node *node, *matrix;
    int flip, conj;

    if (base.kind == VALUE_NONE)
        return NULL;
    matrix = base.kind == VALUE_NODE ? base.node : NULL;
    if (matrix && matrix->lazy)
        return check_lazy(c, ast, matrix);
    flip = matrix && is_turned(matrix) && matrix->op != OP_CONJ;
    conj = matrix && is_turned(matrix) && matrix->op != OP_FLIP;
    if (flip || conj)
        matrix = matrix->args[0];
    if (!matrix || matrix->kind != NODE_VAR) {
        diag_add(c->diags, DIAG_tile_base, ast->items[0]->place,
                 matrix && !matrix->tile
                     ? "give this matrix a name first; then name[i,j] is "
                       "its tile"
                     : "only a matrix has tiles");
        return NULL;
    }
    if (ast->count != 3) {
        diag_add(c->diags, DIAG_tile_index, ast->place,
                 "a tile has two indices, row and column: %s[i,j]",
                 ast_text(c, ast->items[0]));
        if (ast->count == 2)
            diag_note(c->diags, (struct place){0},
                      "an entry of a row or column is written %s(i)",
                      ast_text(c, ast->items[0]));
        return NULL;
    }
    node = ARENA_NEW(c->arena, struct node);
    node->kind = NODE_TILE;
    node->tile = 1;
    node->var = matrix->var;
    node->type = matrix->type;
    node->place = ast->place;
    node->trans = (uint8_t)flip;
    node->conj = (uint8_t)conj;
    if (!tile_index(c, ast->items[1 + flip], shape_trows(c, matrix->shape),
                    &node->i, &node->i_end) ||
        !tile_index(c, ast->items[2 - flip], shape_tcols(c, matrix->shape),
                    &node->j, &node->j_end))
        return NULL;
    node->run = node->i_end != PLAN_NONE || node->j_end != PLAN_NONE;
    if (node->run) {
        uint32_t one = build_int(c, 1);
        if (node->i_end == PLAN_NONE)
            node->i_end = build_op(c, EXPR_ADD, node->i, one, NULL);
        if (node->j_end == PLAN_NONE)
            node->j_end = build_op(c, EXPR_ADD, node->j, one, NULL);
    }
    node->shape = tile_shape(c, matrix->shape, flip);
    if (node->i == node->j && !node->run) /* a tile of the diagonal */
        node->properties =
            flip ? swap_properties(matrix->properties) : matrix->properties;
    return node;
}

uint8_t check_properties(struct compiler *c, const struct ast *list)
{
    static const struct {
        const char *name;
        uint8_t bits;
    } names[] = {{"symmetric", IS_SYMMETRIC},
                 {"lower", IS_LOWER},
                 {"upper", IS_UPPER},
                 {"spd", ALL_SPD},
                 {"psd", IS_PSD | IS_SYMMETRIC},
                 {"diagonal", ALL_DIAGONAL},
                 {"orthogonal", IS_ORTHOGONAL},
                 {"sparse", IS_SPARSE}};
    uint8_t bits = 0;
    uint32_t k, n;

    for (k = 0; list && k < list->count; k++) {
        const struct ast *p = list->items[k];
        for (n = 0; n < sizeof names / sizeof *names; n++)
            if (!strcmp(names[n].name, p->name))
                break;
        if (n < sizeof names / sizeof *names)
            bits |= names[n].bits;
        else if (!type_named(p->name))
            diag_add(c->diags, DIAG_property, p->place,
                     "%s is no property; there are symmetric lower upper "
                     "spd psd diagonal orthogonal sparse f32 f64 c64 c128",
                     p->name);
    }
    return bits;
}

static struct value is_value(struct compiler *c, const struct ast *ast)
{
    struct value value = check_expr(c, ast->items[0]);
    uint8_t wanted = check_properties(c, ast->items[1]);
    struct facts have = {0, 0, PLAN_NONE};

    if (value.kind == VALUE_NONE)
        return value_none();
    if (value.kind == VALUE_NODE)
        have = node_facts(value.node);
    if ((have.properties & wanted) != wanted &&
        ((have.properties | have.maybe) & wanted) == wanted)
        return value_number(have.test, ast->place); /* at binding */
    return value_number(
        build_truth(c, (have.properties & wanted) == wanted), ast->place);
}

/* A'(i, j), (A + B)(i, j): an element of what has no name. */
static struct value index_value(struct compiler *c, const struct ast *ast)
{
    struct value base = check_expr(c, ast->items[0]);
    struct ast call = *ast;

    if (base.kind == VALUE_NONE)
        return value_none();
    if (base.kind == VALUE_NODE && !base.node->tile)
        base.node = materialise(c, base.node, NULL);
    call.name = ast_text(c, ast->items[0]);
    call.items++;
    call.count--;
    return element(c, &call, base);
}

static struct value literal_number(struct compiler *c, const struct ast *ast)
{
    if (ast->integer && ast->number <= 9007199254740992.0)
        return value_number(build_int(c, (int64_t)ast->number), ast->place);
    return value_number(build_real(c, ast->number), ast->place);
}

struct value check_expr(struct compiler *c, const struct ast *ast)
{
    struct value value = value_none();

    if (!ast)
        return value_none();
    switch (ast->kind) {
    case AST_NUMBER: return literal_number(c, ast);
    case AST_BOOL:
        return value_number(build_truth(c, ast->number != 0), ast->place);
    case AST_STRING:
        value.kind = VALUE_TEXT;
        value.text = ast->name;
        value.place = ast->place;
        return value;
    case AST_NAME: return name_value(c, ast);
    case AST_CALL: return call_value(c, ast);
    case AST_TILE: return value_node(check_tile(c, ast));
    case AST_MATRIX: return matrix_literal(c, ast);
    case AST_IS: return is_value(c, ast);
    case AST_INDEX: return index_value(c, ast);
    case AST_ALL:
    case AST_NAMED:
        diag_add(c->diags, DIAG_argument, ast->place,
                 "this stands only in an argument list");
        return value_none();
    default: return value_none(); /* ERROR: its message has been given */
    }
}

struct node *check_node(struct compiler *c, const struct ast *ast)
{
    return need_matrix(c, check_expr(c, ast), ast);
}

uint32_t check_number(struct compiler *c, const struct ast *ast, uint8_t type)
{
    return fixed_number(c, check_expr(c, ast), ast, type);
}
