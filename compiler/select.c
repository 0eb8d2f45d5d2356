/* An if on a computed test whose branches only give names other values that
 * are cheap: both sides are evaluated, and each name becomes select(test, a,
 * b).  The walk waits for nothing.
 *
 * Cheap is what is bound already, and entrywise expressions of it: they can't
 * fail, and need no task but the one that selects.  A name that one side
 * alone binds has a computed flag, 1 where it is assigned. */
#include "compiler/check.h"
#include "plan/expr.h"

static int select_if(struct compiler *c, const struct ast *ast,
                     struct node *test);

static int cheap_call(struct compiler *c, const struct ast *ast)
{
    int op = op_find(!strcmp(ast->name, ".'") ? "'" : ast->name, ast->count);
    const struct function *f;

    if (op < 0 || name_find(c, ast->name) ||
        (op_table[op].kind != CLASS_EWISE && op != OP_MATMUL &&
         op != OP_DIVIDE && op != OP_RAISE && op != OP_TRANSPOSE))
        return 0;
    if (ast->name[0] < 'a' || ast->name[0] > 'z')
        return 1;
    f = function_find(c, ast->name);
    return !f || f->library;
}

/* Of names, numbers and entrywise operations? */
static int cheap_expr(struct compiler *c, const struct ast *ast)
{
    uint32_t k;

    if (!ast)
        return 0;
    switch (ast->kind) {
    case AST_NAME:
    case AST_NUMBER:
    case AST_BOOL: return 1;
    case AST_CALL:
        for (k = 0; k < ast->count; k++)
            if (!cheap_expr(c, ast->items[k]))
                return 0;
        return cheap_call(c, ast);
    default: return 0;
    }
}

static int cheap_block(struct compiler *c, const struct ast *list)
{
    const struct ast *s;
    uint32_t k;

    for (k = 0; list && k < list->count; k++) {
        s = list->items[k];
        if (!s)
            continue;
        if (s->kind == AST_IF) {
            if (!cheap_expr(c, s->items[0]) || !cheap_block(c, s->items[1]) ||
                !cheap_block(c, s->items[2]))
                return 0;
        } else if (s->kind != AST_ASSIGN || s->items[0]->kind != AST_NAME ||
                   !cheap_expr(c, s->items[1])) {
            return 0;
        }
    }
    return 1;
}

/* A bound number that has a value whatever is bound. */
static int number_safe(const struct compiler *c, uint32_t expr)
{
    const struct plan_expr *x = &c->plan->exprs.items[expr];
    uint32_t k;

    if (expr_table[x->op].arity && x->type != NUMBER_REAL)
        return 0;
    for (k = 0; k < expr_table[x->op].arity; k++)
        if (!number_safe(c, x->args[k]))
            return 0;
    return 1;
}

static int node_safe(const struct compiler *c, const struct node *node)
{
    uint32_t k;

    if (node->tile)
        return 0;
    if (node->kind == NODE_NUMBER)
        return number_safe(c, node->number);
    if (is_view(node))
        return 1;
    if (!is_ewise(node))
        return 0;
    for (k = 0; k < node->count; k++)
        if (!node_safe(c, node->args[k]))
            return 0;
    return 1;
}

static int branch_assign(struct compiler *c, const struct ast *ast)
{
    struct value value = assigned_value(c, ast);
    const struct ast *target = ast->items[0];

    if (value.kind != VALUE_NUMBER && value.kind != VALUE_NODE)
        return 0;
    if (value.kind == VALUE_NODE) {
        if (!node_safe(c, value.node))
            return 0;
        value.node = materialise(c, value.node, target->name);
    }
    if (!strcmp(target->name, "_"))
        return 1;
    if (name_find(c, target->name) && name_find(c, target->name)->clause)
        return 0; /* its tiles may have to be made */
    check_name(c, target);
    value.maybe = 0;
    value.flag = PLAN_NONE;
    value.assigned = NULL;
    value.place = target->place;
    name_set(c, target->name, value);
    return 1;
}

static int branch(struct compiler *c, const struct ast *list)
{
    struct value test;
    uint32_t k;

    for (k = 0; list && k < list->count; k++) {
        const struct ast *s = list->items[k];
        if (!s)
            continue;
        if (s->kind == AST_ASSIGN) {
            if (!branch_assign(c, s))
                return 0;
            continue;
        }
        test = check_expr(c, s->items[0]);
        if (test.kind == VALUE_NUMBER &&
            c->plan->exprs.items[test.number].op == EXPR_TRUTH) {
            int64_t truth = c->plan->exprs.items[test.number].value.integer;
            if (!branch(c, s->items[truth ? 1 : 2]))
                return 0;
        } else if (test.kind != VALUE_NODE || !node_safe(c, test.node) ||
                   !shape_is_scalar(c, test.node->shape) ||
                   !select_if(c, s, test.node)) {
            return 0;
        }
    }
    return 1;
}

/* ---- joining --------------------------------------------------------------
 */

static struct node *number_node(struct compiler *c, int64_t number,
                                struct place place)
{
    return node_of(c, value_number(build_int(c, number), place), place);
}

static struct node *select_node(struct compiler *c, struct node *test,
                                struct node *a, struct node *b,
                                const char *name, struct place place)
{
    struct node *args[3] = {test, a, b}, *node;

    if (a->kind == NODE_VAR && b->kind == NODE_VAR && a->var == b->var)
        return a;
    node = node_op(c, OP_SELECT, place, args, 3);
    return node ? var_fresh(c, node, name) : NULL;
}

/* May the test and the value be operands of one task? */
static int types_meet(struct compiler *c, const struct node *test,
                      const struct node *a)
{
    return a->type == PLAN_NONE ||
           type_root(c, a->type) == type_root(c, test->type) ||
           type_real(c, a->type) == type_root(c, test->type);
}

/* Where a loop keeps what a name is that it binds first: a matrix and its
 * flag, both zero until they are assigned. */
static struct carried *kept_value(struct compiler *c, const char *name,
                                  const struct node *like,
                                  const struct node *test, struct place place)
{
    struct frame *f = c->frame;
    struct carried *have =
        carried_find(f->tracked.items, f->tracked.count, name);
    struct carried new = {name, value_none()};
    struct var *var;

    if (have)
        return have;
    var = var_new(c, name, like->shape, node_type(c, like), place);
    var->keep = var->assigned = 1;
    new.head = value_node(node_var(c, var, place));
    var = var_new(c, arena_printf(c->arena, "%s assigned", name),
                  scalar_shape(c), test->type, place);
    var->keep = var->assigned = 1;
    new.head.assigned = node_var(c, var, place);
    vec_push(c->arena, &f->tracked, new);
    return &f->tracked.items[f->tracked.count - 1];
}

struct side {
    struct node *node, *assigned; /* assigned NULL: in any case */
};

static int side_of(struct compiler *c, const struct value *value,
                   struct carried *kept, struct node *other, struct side *side,
                   struct place place)
{
    if (value->kind == VALUE_NONE) {
        side->node = kept ? kept->head.node : other;
        side->assigned = kept ? kept->head.assigned : number_node(c, 0, place);
        return 1;
    }
    if (value->maybe && !value->assigned)
        return 0; /* its flag is a slot: that is the walker's */
    side->node = node_of(c, *value, place);
    side->assigned = value->maybe ? value->assigned : NULL;
    return 1;
}

static int new_in_loop(struct compiler *c, const char *name)
{
    const struct loop *loop;

    for (loop = c->loop; loop; loop = loop->outer)
        if (!bound_before(c, loop->before, name))
            return 1;
    return 0;
}

static int join(struct compiler *c, const char *name, struct node *test,
                const struct value *a, const struct value *b,
                struct place place)
{
    const struct value *some = a->kind == VALUE_NODE ? a : b;
    struct carried *kept = NULL;
    struct side x, y;
    struct value value;
    struct node *flag = NULL;

    if (some->kind != VALUE_NODE || a->kind == VALUE_TEXT ||
        b->kind == VALUE_TEXT || a->kind > VALUE_NODE || b->kind > VALUE_NODE)
        return 0; /* bound numbers stay so */
    if (new_in_loop(c, name) &&
        (a->kind == VALUE_NONE || b->kind == VALUE_NONE || a->maybe ||
         b->maybe)) {
        kept = kept_value(c, name, some->node, test, place);
        if (!kept->head.assigned)
            return 0;
    }
    if (!side_of(c, a, kept, some->node, &x, place) ||
        !side_of(c, b, kept, some->node, &y, place) ||
        x.node->shape.rows != y.node->shape.rows ||
        x.node->shape.cols != y.node->shape.cols ||
        !types_meet(c, test, x.node) || !types_meet(c, test, y.node))
        return 0;
    value = value_node(select_node(c, test, x.node, y.node, name, place));
    if (value.kind == VALUE_NONE)
        return 0;
    if (x.assigned || y.assigned) {
        struct node *one = number_node(c, 1, place);
        flag = select_node(c, test, x.assigned ? x.assigned : one,
                           y.assigned ? y.assigned : one,
                           arena_printf(c->arena, "%s assigned", name), place);
        if (!flag)
            return 0;
        value.maybe = 1;
        value.assigned = flag;
    }
    if (kept) {
        var_let(c, kept->head.node->var, value.node, place);
        var_let(c, kept->head.assigned->var,
                flag ? flag : number_node(c, 1, place), place);
        name_set(c, name, value);
    } else {
        bind_name(c, name, value, some->place);
    }
    return 1;
}

static int select_if(struct compiler *c, const struct ast *ast,
                     struct node *test)
{
    struct frame before = {0}, then = {0}, other = {0};
    struct value none = value_none();
    uint32_t k;
    int good = 0;

    test = materialise(c, test, NULL);
    names_copy(c, &before, c->frame);
    if (!branch(c, ast->items[1]))
        goto done;
    names_copy(c, &then, c->frame);
    names_copy(c, c->frame, &before);
    if (!branch(c, ast->items[2]))
        goto done;
    names_copy(c, &other, c->frame);
    for (k = 0; k < then.names.count + other.names.count; k++) {
        const struct name *n = k < then.names.count
                                   ? then.names.items[k]
                                   : other.names.items[k - then.names.count];
        uint32_t at = k < then.names.count ? k : k - then.names.count;
        const struct name *a = frame_name(&then, n->text, at);
        const struct name *b = frame_name(&other, n->text, at);
        if (k >= then.names.count && a)
            continue;
        if (a && b && same_value(&a->value, &b->value))
            continue;
        if (!join(c, n->text, test, a ? &a->value : &none,
                  b ? &b->value : &none, ast->items[0]->place))
            goto done;
    }
    good = 1;
done:
    names_drop(c, &before);
    names_drop(c, &then);
    names_drop(c, &other);
    return good;
}

int check_select(struct compiler *c, const struct ast *ast, struct node *test)
{
    struct attempt attempt;
    struct frame before = {0};
    uint32_t k, first = c->block->steps.count, good;

    if (!cheap_block(c, ast->items[1]) || !cheap_block(c, ast->items[2]))
        return 0;
    attempt_begin(c, &attempt);
    names_copy(c, &before, c->frame);
    good = (uint32_t)select_if(c, ast, test);
    for (k = first; good && k < c->block->steps.count; k++)
        good = c->block->steps.items[k]->kind == STEP_LET;
    good = good && c->diags->errors == attempt.errors;
    if (!good) {
        names_copy(c, c->frame, &before);
        attempt_undo(c, &attempt);
    }
    names_drop(c, &before);
    return (int)good;
}
