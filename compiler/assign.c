/* Assignments: to names, to tiles, to several at once. */
#include "compiler/check.h"

void check_name(struct compiler *c, const struct ast *target)
{
    struct name *name = name_find(c, target->name);
    int op;

    if (name || !strcmp(target->name, "_"))
        return;
    op = op_find(target->name, 1);
    if (op >= 0 && op_table[op].name[0] >= 'a' && c->frame->function == NULL)
        diag_add(c->diags, DIAG_shadows, target->place,
                 "%s is a function of the library; from here on it is this "
                 "name",
                 target->name);
}

/* The last value of a name that was unbound in front of the loop, kept where
 * what comes behind the loop finds it. */
static void track(struct compiler *c, const struct ast *target,
                  const struct value *value, uint32_t flag)
{
    struct frame *f = c->frame;
    const struct loop *loop;
    struct carried *last;
    int inside = 0;

    for (loop = c->loop; loop; loop = loop->outer)
        inside |= !bound_before(c, loop->before, target->name);
    last = carried_find(f->tracked.items, f->tracked.count, target->name);
    if (!inside || (value->kind != VALUE_NODE && value->kind != VALUE_NUMBER))
        return;
    if (!last) {
        struct carried new = {target->name, *value};
        new.head.flag = flag;
        if (value->kind == VALUE_NODE) {
            struct var *var = var_new(c, target->name, value->node->shape,
                                      node_type(c, value->node), target->place);
            var->keep = 1;
            var->assigned = 1;
            new.head.node = node_var(c, var, target->place);
        } else {
            new.head.number = build_slot(
                c, target->name, (uint8_t)number_type(c, value->number));
        }
        vec_push(c->arena, &f->tracked, new);
        last = &f->tracked.items[f->tracked.count - 1];
    }
    if (last->head.assigned)
        var_let(c, last->head.assigned->var,
                node_of(c, value_number(build_int(c, 1), target->place),
                        target->place),
                target->place);
    if (last->head.kind == VALUE_NODE && value->kind == VALUE_NODE) {
        same_shape(c, target->name, last->head.node, value->node,
                   "where it is first assigned", "here");
        var_let(c, last->head.node->var, value->node, target->place);
    } else if (last->head.kind == VALUE_NUMBER && value->kind == VALUE_NUMBER &&
               number_type(c, last->head.number) ==
                   number_type(c, value->number)) {
        set_slot(c, last->head.number, value->number, target->place);
    } else {
        last->name = NULL; /* it is one thing here and another there */
    }
}

static struct carried *flag_of(struct compiler *c, const char *name)
{
    struct frame *f = c->frame;
    struct carried new = {name, value_none()};
    struct carried *flag = carried_find(f->flags.items, f->flags.count, name);
    uint32_t slot;

    if (flag)
        return flag;
    slot =
        build_slot(c, arena_printf(c->arena, "%s assigned", name), NUMBER_BOOL);
    new.head.flag = (uint32_t)c->plan->exprs.items[slot].value.integer;
    vec_push(c->arena, &f->flags, new);
    return &f->flags.items[f->flags.count - 1];
}

void settle_flag(struct compiler *c, struct name *name, struct place place)
{
    struct step *step = step_new(c, STEP_FETCH, place);

    name->value.flag = flag_of(c, name->text)->head.flag;
    step->slot = name->value.flag;
    step->node = name->value.assigned;
    name->value.assigned = NULL;
}

/* The first assignment of a name in a loop or branch: a flag says in the run
 * whether it was reached. */
static uint32_t first_inside(struct compiler *c, const struct ast *target,
                             const struct name *name, const struct value *value)
{
    struct frame *f = c->frame;
    struct carried *flag =
        carried_find(f->flags.items, f->flags.count, target->name);
    int bound = name && name->value.kind != VALUE_NONE;

    if (c->nested == f->nested ||
        (bound && name->value.flag == PLAN_NONE && !name->value.assigned &&
         !flag) ||
        (value->kind != VALUE_NODE && value->kind != VALUE_NUMBER))
        return PLAN_NONE;
    flag = flag_of(c, target->name);
    set_slot(c, build_leaf(c, EXPR_SLOT, NUMBER_BOOL, flag->head.flag),
             build_truth(c, 1), target->place);
    track(c, target, value, flag->head.flag);
    return flag->head.flag;
}

/* The matrix in the tiles that the name's declaration says. */
static struct node *declared_tiles(struct compiler *c, const struct name *name,
                                   struct node *node, struct place place)
{
    struct node *args[3];

    args[0] = node;
    args[1] = node_of(c, value_number(name->tile_rows, place), place);
    args[2] = node_of(c, value_number(name->tile_cols, place), place);
    return node_op(c, OP_RETILE, place, args, 3);
}

static void assign_name(struct compiler *c, const struct ast *target,
                        struct value value)
{
    struct name *name;
    uint32_t flag;

    if (!strcmp(target->name, "_"))
        return;
    check_name(c, target);
    name = name_find(c, target->name);
    if (value.kind == VALUE_NODE) {
        struct node *node = value.node;
        if (node->tile) {
            /* a tile by itself: a matrix of one tile */
            node = tile_matrix(c, node, target->name, target->place);
            if (!node) {
                assign_bad(c, target);
                return;
            }
        }
        if (name && name->clause)
            node = declared_tiles(c, name, node, target->place);
        if ((!is_view(node) && !node->lazy) ||
            (node->kind == NODE_VAR && node->var->temporary)) {
            if (node->kind == NODE_VAR) {
                node->var->temporary = 0;
                node->var->name = target->name;
                node->var->place = target->place;
            } else {
                node = var_fresh(c, node, target->name);
                node->var->place = target->place;
            }
        }
        value.node = node;
    }
    flag = first_inside(c, target, name, &value);
    value.flag = flag;
    value.maybe = 0;
    value.assigned = NULL;
    value.place = target->place;
    name_set(c, target->name, value);
}

/* What is left of what is known of a matrix when one of its tiles is
 * assigned: what the script has declared, and a triangle's zeros. */
static void facts_kept(struct compiler *c, struct name *name)
{
    struct node *node = ARENA_NEW(c->arena, struct node);
    uint8_t triangle = name->value.node->properties & (IS_LOWER | IS_UPPER);

    *node = *name->value.node;
    if (triangle == (IS_LOWER | IS_UPPER))
        triangle = 0;
    node->properties &= node->var->declared | triangle;
    node->maybe = 0;
    name->value.node = node;
}

void bind_name(struct compiler *c, const char *name, struct value value,
               struct place place)
{
    struct ast target = {.kind = AST_NAME, .name = name, .place = place};

    value.flag = value.maybe
                     ? PLAN_NONE
                     : first_inside(c, &target, name_find(c, name), &value);
    value.place = place;
    name_set(c, name, value);
}

/* The name whose tile is assigned, made its own. */
static struct node *tile_target(struct compiler *c, const struct ast *target)
{
    const struct ast *base = target->items[0];
    struct name *name = name_find(c, base->name);
    struct node *node;

    if (!name || name->value.kind != VALUE_NODE) {
        check_expr(c, base); /* says what is wrong */
        if (name && name->value.kind != VALUE_NONE)
            diag_add(c->diags, DIAG_tile_base, base->place,
                     "only a matrix has tiles");
        return NULL;
    }
    var_own(c, name, name->value.place);
    name->value.node->var->assigned = 1;
    facts_kept(c, name);
    if (c->loop) {
        struct carried *last = carried_find(
            c->frame->tracked.items, c->frame->tracked.count, base->name);
        if (last)
            last->name = NULL; /* changed by tiles: only inside the loop */
    }
    node = check_tile(c, target);
    return node;
}

/* C = C + E, C = E + C, C = C - E are C += E and C -= E. */
static char accumulates(struct node *target, struct node **node)
{
    struct node *x = *node;
    char op = '=';

    if (x->kind != NODE_OP || (x->op != OP_ADD && x->op != OP_SUB))
        return op;
    if (tile_same(target, x->args[0])) {
        op = x->op == OP_ADD ? '+' : '-';
        *node = x->args[1];
    } else if (x->op == OP_ADD && tile_same(target, x->args[1])) {
        op = '+';
        *node = x->args[0];
    }
    return op;
}

static void assign_tile_value(struct compiler *c, const struct ast *target,
                              const char *op, const struct ast *right,
                              struct value value)
{
    struct node *node =
        value.kind == VALUE_NONE ? NULL : node_of(c, value, right->place);
    struct node *tile = tile_target(c, target);
    struct step *step;

    if (!node || !tile) {
        if (value.kind != VALUE_NONE && !node)
            diag_add(c->diags, DIAG_operand_type, right->place,
                     "a tile or number is wanted here");
        return;
    }
    if (tile->trans || tile->conj) {
        diag_add(c->diags, DIAG_tile_base, target->place,
                 "a tile of a %s matrix can't be assigned",
                 tile->trans ? "transposed" : "conjugated");
        return;
    }
    if (!node->tile && !shape_is_scalar(c, node->shape)) {
        diag_add(c->diags, DIAG_tile_wanted, right->place,
                 "this is a whole matrix: a tile takes a tile");
        return;
    }
    if (node->type != PLAN_NONE &&
        (op[0] != '=' && node_is_scalar(c, node)
             ? type_root(c, meet_types(c, tile, node, right->place)) !=
                   type_root(c, tile->type)
             : type_join(c, tile->type, node->type)))
        diag_add(c->diags, DIAG_mixed_types, right->place,
                 "the tile and what it takes have different element types");
    if (op[0] == '*') {
        struct node *args[2] = {tile, node};
        node = node_op(c, OP_TIMES, right->place, args, 2);
        if (!node)
            return;
    }
    step = step_new(c, STEP_TILE, target->place);
    step->op = op[0] == '*' ? '=' : op[0];
    step->target = tile;
    if (step->op == '=')
        step->op = accumulates(tile, &node);
    step->node = node;
    step->place = place_join(target->place, right->place);
    if (node->kind == NODE_OP)
        step->place = node->place;
}

static void assign_tile(struct compiler *c, const struct ast *target,
                        const char *op, const struct ast *right)
{
    assign_tile_value(c, target, op, right, check_expr(c, right));
}

/* A function's result, a matrix, as the tile that it goes to. */
static struct value single_tile(struct compiler *c, struct value value,
                                const struct ast *target)
{
    struct node *args[3], *tile;
    uint32_t one = build_int(c, 1);

    if (value.kind != VALUE_NODE || shape_is_scalar(c, value.node->shape))
        return value;
    args[0] = value.node;
    args[1] = node_of(
        c,
        value_number(build_op(c, EXPR_MAX, one, value.node->shape.rows, NULL),
                     target->place),
        target->place);
    args[2] = node_of(
        c,
        value_number(build_op(c, EXPR_MAX, one, value.node->shape.cols, NULL),
                     target->place),
        target->place);
    tile = ARENA_NEW(c->arena, struct node);
    *tile =
        *materialise(c, node_op(c, OP_RETILE, target->place, args, 3), NULL);
    if (tile->kind == NODE_OP) {
        tile->trans = 1;
        tile->var = tile->args[0]->var;
    }
    tile->kind = NODE_TILE;
    tile->tile = 1;
    tile->i = tile->j = build_int(c, 0);
    tile->i_end = tile->j_end = PLAN_NONE;
    tile->shape = (struct shape){PLAN_NONE, PLAN_NONE, PLAN_NONE, PLAN_NONE};
    return value_node(tile);
}

/* What it was to be is unknown: uses of it say nothing more. */
void assign_bad(struct compiler *c, const struct ast *target)
{
    struct value bad = value_none();

    if (target->kind != AST_NAME && target->kind != AST_DECLARE &&
        target->kind != AST_PARAM && target->kind != AST_INPUT)
        return;
    bad.maybe = 2;
    name_set(c, target->name, bad);
}

static enum op op_of_assign(const char *op)
{
    return op[0] == '+' ? OP_ADD : op[0] == '-' ? OP_SUB : OP_MATMUL;
}

struct value assigned_value(struct compiler *c, const struct ast *ast)
{
    struct ast call = {
        .kind = AST_CALL, .place = ast->place, .at = ast->at, .count = 2};
    struct ast *args[2] = {ast->items[0], ast->items[1]};

    if (ast->name[0] == '=')
        return check_expr(c, ast->items[1]);
    call.name = op_table[op_of_assign(ast->name)].name;
    call.items = args;
    call.place = place_join(ast->items[0]->place, ast->items[1]->place);
    return check_expr(c, &call);
}

void assign_one(struct compiler *c, const struct ast *ast)
{
    const struct ast *target = ast->items[0];
    struct ast right = *ast->items[1];
    struct value value;

    if (target->kind == AST_TILE) {
        assign_tile(c, target, ast->name, ast->items[1]);
        return;
    }
    value = assigned_value(c, ast);
    if (ast->name[0] != '=')
        right.place = place_join(target->place, right.place);
    if (target->kind == AST_CALL)
        slice_assign(c, target, &right, value);
    else if (value.kind != VALUE_NONE)
        assign_name(c, target, value);
    else
        assign_bad(c, target);
}

/* [A[k..t,k], p[k,0]] = getrf(A[k..t,k]); [_, R[i,0]] = geqrt(A[i,0]) */
static void assign_kernel(struct compiler *c, const struct ast *targets,
                          const struct ast *right)
{
    struct node *to[4] = {NULL};
    struct value value;
    struct step *step;
    uint32_t k, count = 0;

    /* first: what is written becomes the names' own, in front of the step */
    for (k = 0; k < targets->count && k < 4; k++, count++) {
        const struct ast *target = targets->items[k];
        if (target->kind == AST_NAME && !strcmp(target->name, "_"))
            continue;
        if (target->kind != AST_TILE) {
            diag_add(c->diags, DIAG_tile_wanted, target->place,
                     "a kernel's result goes to a tile");
            return;
        }
        to[k] = tile_target(c, target);
        if (!to[k])
            return;
    }
    value = check_expr(c, right);
    if (value.kind != VALUE_NODE)
        return;
    for (k = 0; k < count; k++)
        if (to[k] && value.node->op != OP_GETRF &&
            type_join(c, to[k]->type,
                      k == 1 && (value.node->op == OP_HEEVD ||
                                 value.node->op == OP_GESDD ||
                                 value.node->op == OP_HETRD ||
                                 value.node->op == OP_GEBRD)
                          ? type_real(c, value.node->type)
                          : value.node->type))
            diag_add(c->diags, DIAG_mixed_types, targets->items[k]->place,
                     "the tile and what it takes have different element "
                     "types");
    step = step_new(c, STEP_TILES, right->place);
    step->node = value.node;
    memcpy(step->targets, to, sizeof to);
    step->target_count = count;
}

static void several_bad(struct compiler *c, const struct ast *targets)
{
    uint32_t k;

    for (k = 0; k < targets->count; k++)
        assign_bad(c, targets->items[k]);
}

void assign_several(struct compiler *c, const struct ast *targets,
                    const struct ast *right)
{
    struct function *f = NULL;
    struct value args[8], results[8];
    const char *names[8];
    uint32_t k, count = 0, errors = c->diags->errors;
    int op = right->kind == AST_CALL ? op_find(right->name, right->count) : -1;

    if (op >= 0 && op_table[op].kind == CLASS_KERNEL) {
        assign_kernel(c, targets, right);
        return;
    }
    if (right->kind == AST_CALL && !name_find(c, right->name)) {
        f = function_form(c, right->name, targets->count, right->count);
        f = f ? f : function_find(c, right->name);
    }
    if (!f && op < 0 && right->kind == AST_CALL && !name_find(c, right->name)) {
        check_expr(c, right); /* says that there is no such function */
        several_bad(c, targets);
        return;
    }
    if (!f || right->count > 8 || targets->count > 8) {
        diag_add(c->diags, DIAG_no_result, right->place,
                 "this gives one result, not %u", targets->count);
        several_bad(c, targets);
        return;
    }
    for (k = 0; k < right->count; k++) {
        const struct ast *arg = right->items[k];
        names[k] = arg->kind == AST_NAMED ? arg->name : NULL;
        args[count++] =
            check_expr(c, arg->kind == AST_NAMED ? arg->items[0] : arg);
    }
    if (c->diags->errors > errors ||
        !check_call(c, f, right, args, names, count, results, targets->count)) {
        several_bad(c, targets);
        return;
    }
    for (k = 0; k < targets->count; k++) {
        const struct ast *target = targets->items[k];
        if (target->kind == AST_NAME)
            assign_name(c, target, results[k]);
        else if (target->kind == AST_CALL)
            slice_assign(c, target, right, results[k]);
        else
            assign_tile_value(c, target, "=", right,
                              single_tile(c, results[k], target));
    }
}
