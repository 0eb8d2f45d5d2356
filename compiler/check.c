/* Statements to steps: names are bound, functions expanded, loops and
 * branches get what they carry.
 *
 * A loop of the plan has one body for all its turns, so what a name is at the
 * head of the body must be the same at its end: a matrix that is assigned in
 * the body is carried in one var, a number in one slot.  Where a turn ends,
 * the values go there (without bytes: tiles change hands). */
#include "compiler/model.h"

#include <stdlib.h>

enum { DEEPEST_EXPANSION = 100 };

struct step *step_new(struct compiler *c, enum step_kind kind,
                      struct place place)
{
    struct step *step = ARENA_NEW(c->arena, struct step);

    step->kind = kind;
    step->place = place;
    step->call = c->frame->call;
    step->subject = c->frame->subject;
    step->number = step->slot = step->low = step->high = step->step =
        PLAN_NONE;
    vec_push(c->arena, &c->block->steps, step);
    return step;
}

static struct value nothing(void)
{
    return (struct value){.kind = VALUE_NONE, .param = PLAN_NONE,
                          .flag = PLAN_NONE};
}

static struct value of_number(uint32_t number, struct place place)
{
    return (struct value){.kind = VALUE_NUMBER, .number = number,
                          .param = PLAN_NONE, .flag = PLAN_NONE,
                          .place = place};
}

static struct value of_node(struct node *node)
{
    return (struct value){.kind = VALUE_NODE, .node = node,
                          .param = PLAN_NONE, .flag = PLAN_NONE,
                          .place = node->place};
}

/* ---- values in vars ---------------------------------------------------------- */

static struct node *let(struct compiler *c, struct var *var,
                        struct node *node, struct place place)
{
    struct step *step = step_new(c, STEP_LET, place);

    step->var = var;
    step->node = node;
    var->assigned = 1;
    if (node->type != PLAN_NONE) /* where they differ, that was said */
        type_join(c, var->type, node->type);
    return node_var(c, var, place);
}

static uint32_t node_type(struct compiler *c, const struct node *node)
{
    return node->type == PLAN_NONE ? type_new(c, 0) : node->type;
}

static struct node *fresh(struct compiler *c, struct node *node,
                          const char *name)
{
    struct var *var = var_new(c, name ? name : "temp", node->shape,
                              node_type(c, node), node->place);

    var->properties = node->properties;
    var->temporary = name == NULL;
    return let(c, var, node, node->place);
}

static int is_view(const struct node *node)
{
    return node->kind == NODE_VAR ||
           (node->kind == NODE_OP && node->op == OP_TRANSPOSE &&
            node->args[0]->kind == NODE_VAR);
}

struct node *materialise(struct compiler *c, struct node *node,
                         const char *name)
{
    return is_view(node) ? node : fresh(c, node, name);
}

static const struct var *view_var(const struct value *value)
{
    if (value->kind != VALUE_NODE)
        return NULL;
    return value->node->kind == NODE_VAR ? value->node->var
           : is_view(value->node)        ? value->node->args[0]->var
                                         : NULL;
}

/* Does a name other than this one hold the var? */
static int shared(const struct compiler *c, const struct name *own,
                  const struct var *var)
{
    const struct frame *f;
    const struct loop *l;
    uint32_t k;

    for (f = c->frame; f; f = f->caller)
        for (k = 0; k < f->names.count; k++)
            if (&f->names.items[k] != own &&
                view_var(&f->names.items[k].value) == var)
                return 1;
    for (l = c->loop; l; l = l->outer)
        for (k = 0; k < l->carried.count; k++)
            if (view_var(&l->carried.items[k].head) == var &&
                strcmp(l->carried.items[k].name, own->text))
                return 1;
    return 0;
}

/* Make the name's matrix its own, so that its tiles may be assigned. */
static struct var *own(struct compiler *c, struct name *name,
                       struct place place)
{
    struct node *node = name->value.node;

    if (node->kind == NODE_VAR && node->var->kind == MATRIX_TEMP &&
        !shared(c, name, node->var))
        return node->var;
    node = fresh(c, node, name->text);
    node->var->place = place;
    name->value.node = node;
    return node->var;
}

/* ---- loops and branches ---------------------------------------------------------- */

/* Names that statements assign. */
struct name_list {
    VEC(const char *) names;
    VEC(uint8_t) whole; /* 1: the name itself, 0: only its tiles */
};

static void list_add(struct compiler *c, struct name_list *list,
                     const char *name, int whole)
{
    uint32_t k;

    for (k = 0; k < list->names.count; k++)
        if (!strcmp(list->names.items[k], name)) {
            list->whole.items[k] |= (uint8_t)whole;
            return;
        }
    vec_push(c->arena, &list->names, name);
    vec_push(c->arena, &list->whole, (uint8_t)whole);
}

static void target_names(struct compiler *c, const struct ast *target,
                         struct name_list *list)
{
    uint32_t k;

    if (!target)
        return;
    if (target->kind == AST_NAME)
        list_add(c, list, target->name, 1);
    else if (target->kind == AST_TILE && target->items[0]->kind == AST_NAME)
        list_add(c, list, target->items[0]->name, 0);
    else if (target->kind == AST_CALL)
        list_add(c, list, target->name, 0);
    else if (target->kind == AST_MATRIX || target->kind == AST_LIST)
        for (k = 0; k < target->count; k++)
            target_names(c, target->items[k], list);
}

static void assigned_names(struct compiler *c, const struct ast *ast,
                           struct name_list *list)
{
    uint32_t k;

    if (!ast)
        return;
    switch (ast->kind) {
    case AST_ASSIGN: target_names(c, ast->items[0], list); return;
    case AST_DECLARE: list_add(c, list, ast->name, 1); return;
    case AST_LIST:
    case AST_IF:
    case AST_FOR:
    case AST_WHILE:
    case AST_REPEAT:
        for (k = 0; k < ast->count; k++)
            assigned_names(c, ast->items[k], list);
        return;
    default: return;
    }
}

/* What a bad loop or branch would have assigned: uses of it say no more. */
static void names_lost(struct compiler *c, const struct ast *ast)
{
    struct name_list list = {0};
    struct value bad = nothing();
    uint32_t k;

    bad.maybe = 2;
    assigned_names(c, ast, &list);
    for (k = 0; k < list.names.count; k++)
        if (!name_find(c, list.names.items[k]))
            name_set(c, list.names.items[k], bad);
}

static void set_slot(struct compiler *c, uint32_t slot, uint32_t number,
                     struct place place)
{
    struct step *step = step_new(c, STEP_SET, place);

    step->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
    step->number = number;
}

/* where: of the one and the other, in the message */
static void same_shape(struct compiler *c, const char *name,
                       struct node *head, struct node *node,
                       const char *where, const char *other)
{
    if (!require_equal(c, DIAG_loop_change, node->place, head->shape.rows,
                       node->shape.rows,
                       "%s has %e rows %s and %e %s: a name keeps its shape",
                       name, head->shape.rows, where, node->shape.rows,
                       other) ||
        !require_equal(c, DIAG_loop_change, node->place, head->shape.cols,
                       node->shape.cols,
                       "%s has %e columns %s and %e %s: a name keeps its "
                       "shape",
                       name, head->shape.cols, where, node->shape.cols,
                       other))
        diag_note(c->diags, head->place, "%s is %s here", name,
                  shape_show(c, head->shape));
    if (head->type != PLAN_NONE && node->type != PLAN_NONE &&
        type_join(c, head->type, node->type))
        diag_add(c->diags, DIAG_mixed_types, node->place,
                 "%s changes its element type in a loop or branch", name);
}

/* What a name can be in a loop: 0 gone, else ordered by generality. */
enum carry { CARRY_INT, CARRY_BOOL, CARRY_REAL, CARRY_NODE };

static enum carry carry_kind(const struct compiler *c,
                             const struct value *value)
{
    if (value->kind == VALUE_NODE)
        return CARRY_NODE;
    switch (number_type(c, value->number)) {
    case NUMBER_INT: return CARRY_INT;
    case NUMBER_BOOL: return CARRY_BOOL;
    default: return CARRY_REAL;
    }
}

/* The place that a name's value has at the head, made before the loop. */
static struct value head_new(struct compiler *c, struct name *name,
                             enum carry kind, struct place place)
{
    struct value value = name->value;
    static const uint8_t types[] = {NUMBER_INT, NUMBER_BOOL, NUMBER_REAL};
    uint32_t number = value.number, slot;

    if (kind == CARRY_NODE) {
        if (value.kind == VALUE_NUMBER)
            value = of_node(fresh(c, node_of(c, value, place), name->text));
        name->value = value;
        own(c, name, value.place);
        name->value.node->var->assigned = 1;
        /* what holds in every turn is not known yet */
        if (name->value.node->properties) {
            struct node *plain = ARENA_NEW(c->arena, struct node);
            *plain = *name->value.node;
            name->value.node = plain;
        }
        return name->value;
    }
    if (kind == CARRY_REAL)
        number = build_op(c, EXPR_TO_REAL, number, 0, NULL);
    slot = build_slot(c, name->text, types[kind]);
    set_slot(c, slot, number, place);
    name->value.number = slot;
    return name->value;
}

/* At the end of a turn: every carried name's value goes to its head. */
static int carry_back(struct compiler *c, struct loop *loop,
                      struct place place, struct name_list *promote)
{
    uint32_t k, n = loop->carried.count, busy = 0;
    uint32_t *temps = arena_array(c->arena, n + 1, sizeof *temps);
    struct node **nodes = arena_array(c->arena, n + 1, sizeof *nodes);

    for (k = 0; k < n; k++) {
        struct carried *x = &loop->carried.items[k];
        struct name *name = name_find(c, x->name);
        struct value value = name ? name->value : nothing();
        temps[k] = PLAN_NONE;
        if (value.kind != VALUE_NUMBER && value.kind != VALUE_NODE)
            continue;
        if (x->head.kind == VALUE_NUMBER) {
            enum carry was = carry_kind(c, &x->head);
            enum carry is = carry_kind(c, &value);
            if (is > was || (was == CARRY_BOOL) != (is == CARRY_BOOL)) {
                if ((was == CARRY_BOOL || is == CARRY_BOOL) &&
                    is != CARRY_NODE)
                    diag_add(c->diags, DIAG_loop_change, value.place,
                             "%s is a truth on one path and a number on "
                             "another",
                             x->name);
                list_add(c, promote, x->name, is == CARRY_NODE);
                continue;
            }
            if (value.number == x->head.number)
                continue;
            temps[k] = was == CARRY_REAL
                           ? build_op(c, EXPR_TO_REAL, value.number, 0, NULL)
                           : value.number;
            busy++;
            continue;
        }
        nodes[k] = node_of(c, value, place);
        if (nodes[k]->kind == NODE_VAR &&
            nodes[k]->var == x->head.node->var)
            nodes[k] = NULL;
        else
            same_shape(c, x->name, x->head.node, nodes[k],
                       "before a turn of the loop", "after it");
    }
    if (promote->names.count)
        return 0;
    /* values that read another name's head are taken aside first */
    for (k = 0; k < n; k++) {
        uint32_t m;
        if (busy > 1 && temps[k] != PLAN_NONE &&
            c->plan->exprs.items[temps[k]].slots) {
            uint32_t slot = build_slot(
                c, "next", c->plan->exprs.items[temps[k]].type);
            set_slot(c, slot, temps[k], place);
            temps[k] = slot;
        }
        for (m = 0; nodes[k] && m < n; m++) {
            struct value v = of_node(nodes[k]);
            const struct var *read = view_var(&v);
            if (m != k && nodes[m] && read &&
                loop->carried.items[m].head.kind == VALUE_NODE &&
                read == loop->carried.items[m].head.node->var)
                nodes[k] = fresh(c, nodes[k], NULL);
        }
    }
    for (k = 0; k < n; k++) {
        struct carried *x = &loop->carried.items[k];
        if (temps[k] != PLAN_NONE)
            set_slot(c, x->head.number, temps[k], place);
        if (nodes[k])
            let(c, x->head.node->var, nodes[k], place);
    }
    return 1;
}

static void names_copy(struct compiler *c, struct frame *to,
                       const struct frame *from)
{
    uint32_t k;

    to->names.count = 0;
    for (k = 0; k < from->names.count; k++)
        vec_push(c->arena, &to->names, from->names.items[k]);
}

static struct carried *carried_find(struct carried *list, uint32_t count,
                                    const char *name)
{
    uint32_t k;

    for (k = 0; k < count; k++)
        if (list[k].name && !strcmp(list[k].name, name))
            return &list[k];
    return NULL;
}

static const struct name *frame_name(const struct frame *frame,
                                     const char *text)
{
    uint32_t k;

    for (k = 0; k < frame->names.count; k++)
        if (!strcmp(frame->names.items[k].text, text))
            return &frame->names.items[k];
    return NULL;
}

static int bound_in(const struct frame *frame, const char *text)
{
    const struct name *name = frame_name(frame, text);

    return name && name->value.kind != VALUE_NONE;
}

/* Names that a loop has bound anew: behind it they are what was assigned
 * last, if anything was. */
static void names_inside(struct compiler *c, const struct frame *before)
{
    uint32_t k;

    for (k = 0; k < c->frame->names.count; k++) {
        struct name *name = &c->frame->names.items[k];
        const struct carried *last;
        if (name->value.kind == VALUE_NONE || bound_in(before, name->text))
            continue;
        last = carried_find(c->frame->tracked.items,
                            c->frame->tracked.count, name->text);
        if (!last) {
            name->value.kind = VALUE_NONE;
            continue;
        }
        name->value = last->head;
        name->value.maybe = 1;
    }
}

struct loop_source {
    const struct ast *ast, *body, *test;
    enum ast_kind kind;
};

static uint32_t truth_of(struct compiler *c, const struct ast *ast,
                         struct value *value)
{
    uint32_t slot;
    struct step *step;

    *value = check_expr(c, ast);
    if (value->kind == VALUE_NUMBER) {
        if (number_type(c, value->number) == NUMBER_BOOL)
            return value->number;
    } else if (value->kind == VALUE_NODE && !value->node->tile &&
               shape_is_scalar(c, value->node->shape)) {
        slot = build_slot(c, "test", NUMBER_BOOL);
        step = step_new(c, STEP_FETCH, ast->place);
        step->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
        step->node = value->node;
        return slot;
    }
    if (value->kind != VALUE_NONE)
        diag_add(c->diags, DIAG_operand_type, ast->place,
                 "a test is true or false, as of a comparison");
    return PLAN_NONE;
}

static struct step *leave_if(struct compiler *c, uint32_t test,
                             struct place place)
{
    struct step *step = step_new(c, STEP_IF, place), *leave;
    struct block *outer = c->block;

    step->number = test;
    step->body = ARENA_NEW(c->arena, struct block);
    c->block = step->body;
    leave = step_new(c, STEP_BREAK, place);
    leave->levels = 1;
    c->block = outer;
    return step;
}

/* The body of a loop once; 0: some names must be carried differently. */
static int loop_body(struct compiler *c, struct loop *loop,
                     const struct loop_source *source,
                     struct name_list *promote)
{
    struct value value;
    uint32_t test, slot;
    struct place place = source->ast->place;

    if (source->kind == AST_WHILE) {
        test = truth_of(c, source->test, &value);
        if (test == PLAN_NONE)
            return 1;
        leave_if(c, build_op(c, EXPR_NOT, test, 0, NULL),
                 source->test->place);
    }
    check_block(c, source->body);
    if (source->kind != AST_REPEAT)
        return carry_back(c, loop, place, promote);
    test = truth_of(c, source->test, &value);
    if (test == PLAN_NONE)
        return 1;
    if (value.kind == VALUE_NUMBER && c->plan->exprs.items[test].slots) {
        slot = build_slot(c, "test", NUMBER_BOOL);
        set_slot(c, slot, test, source->test->place);
        test = slot;
    }
    if (!carry_back(c, loop, place, promote))
        return 0;
    leave_if(c, test, source->test->place);
    return 1;
}

static int listed(const struct name_list *list, const char *name, int *whole)
{
    uint32_t k;

    for (k = 0; k < list->names.count; k++)
        if (!strcmp(list->names.items[k], name)) {
            *whole = list->whole.items[k];
            return 1;
        }
    return 0;
}

static void loop_heads(struct compiler *c, struct loop *loop,
                       const struct loop_source *source,
                       const struct name_list *promoted)
{
    struct name_list list = {0};
    uint32_t k;

    assigned_names(c, source->body, &list);
    for (k = 0; k < list.names.count; k++) {
        struct name *name = name_find(c, list.names.items[k]);
        enum carry kind;
        int whole = 0;
        if (!name || (name->value.kind != VALUE_NUMBER &&
                      name->value.kind != VALUE_NODE))
            continue;
        kind = carry_kind(c, &name->value);
        if (listed(promoted, name->text, &whole))
            kind = whole ? CARRY_NODE : CARRY_REAL;
        vec_push(c->arena, &loop->carried,
                 (struct carried){name->text,
                                  head_new(c, name, kind,
                                           source->ast->place)});
    }
}

/* Compile a loop: its body into `step`, again where a name turns out to be
 * more general than it was before the loop. */
static void check_loop(struct compiler *c, const struct loop_source *source,
                       struct step *step, struct value *counter)
{
    struct block *outer = c->block, heads = {0};
    struct frame before = {0}, *frame = c->frame;
    struct name_list promoted = {0};
    struct loop loop;
    uint32_t k, tries, messages = c->diags->list.count;
    uint32_t errors = c->diags->errors, warnings = c->diags->warnings;
    uint32_t inputs = c->plan->inputs.count, calls = c->calls;
    uint32_t checks = c->plan->checks.count, vars = c->vars.count;
    uint32_t tracked = frame->tracked.count;

    outer->steps.count--; /* the loop's own step comes after the heads */
    names_copy(c, &before, frame);
    for (tries = 0; tries < 50; tries++) {
        struct name_list promote = {0};
        memset(&loop, 0, sizeof loop);
        heads.steps.count = 0;
        c->block = &heads;
        loop_heads(c, &loop, source, &promoted);
        loop.before = &before;
        loop.outer = c->loop;
        c->loop = &loop;
        if (counter)
            name_set(c, source->ast->name, *counter)->used = 1;
        step->body = ARENA_NEW(c->arena, struct block);
        c->block = step->body;
        loop_body(c, &loop, source, &promote);
        for (k = 0; loop.promote && k < loop.promote->names.count; k++)
            list_add(c, &promote, loop.promote->names.items[k],
                     loop.promote->whole.items[k]);
        c->loop = loop.outer;
        c->block = outer;
        if (!promote.names.count || c->diags->errors > errors)
            break;
        for (k = 0; k < promote.names.count; k++)
            list_add(c, &promoted, promote.names.items[k],
                     promote.whole.items[k]);
        names_copy(c, frame, &before);
        frame->tracked.count = tracked;
        c->plan->inputs.count = inputs;
        c->plan->checks.count = checks;
        c->vars.count = vars;
        c->calls = calls;
        c->diags->list.count = messages;
        c->diags->errors = errors;
        c->diags->warnings = warnings;
    }
    for (k = 0; k < heads.steps.count; k++)
        vec_push(c->arena, &outer->steps, heads.steps.items[k]);
    vec_push(c->arena, &outer->steps, step);
    names_inside(c, &before);
    if (counter) { /* the counter ends with the loop */
        struct name *name = name_find(c, source->ast->name);
        uint32_t n;
        name->value = nothing();
        for (n = 0; n < before.names.count; n++)
            if (!strcmp(before.names.items[n].text, name->text))
                name->value = before.names.items[n].value;
    }
    for (k = 0; k < loop.carried.count; k++)
        name_set(c, loop.carried.items[k].name, loop.carried.items[k].head);
}

static void check_for(struct compiler *c, const struct ast *ast)
{
    struct value range = check_expr(c, ast->items[0]), counter;
    struct loop_source source = {ast, ast->items[2], NULL, AST_FOR};
    struct step *step;
    uint32_t by = build_int(c, 1), slot;
    int64_t step_by;

    if (ast->items[1])
        by = check_number(c, ast->items[1], NUMBER_INT);
    if (range.kind != VALUE_RANGE || by == PLAN_NONE) {
        if (range.kind != VALUE_RANGE && range.kind != VALUE_NONE)
            diag_add(c->diags, DIAG_operand_type, ast->items[0]->place,
                     "for goes over a range: 0..n, its end excluded");
        names_lost(c, ast);
        return;
    }
    if (build_constant(c, by, &step_by) && step_by < 1) {
        diag_add(c->diags, DIAG_argument, ast->items[1]->place,
                 "the step of a loop is %lld and must be at least 1",
                 (long long)step_by);
        diag_note(c->diags, (struct place){0},
                  "to go down: for k in 0..n, and n - 1 - k in the loop");
        names_lost(c, ast);
        return;
    }
    slot = build_slot(c, ast->name, NUMBER_INT);
    counter = of_number(slot, ast->at);
    step = step_new(c, STEP_FOR, ast->place);
    step->place = ast->at.source ? ast->at : ast->place;
    step->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
    step->low = range.number;
    step->high = range.high;
    step->step = by;
    check_loop(c, &source, step, &counter);
}

static void check_repeat(struct compiler *c, const struct ast *ast)
{
    int until = ast->kind == AST_REPEAT;
    struct loop_source source = {ast, ast->items[!until], ast->items[until],
                                 ast->kind};
    struct step *step = step_new(c, STEP_REPEAT, ast->place);

    check_loop(c, &source, step, NULL);
}

static int block_leaves(const struct block *block)
{
    const struct step *last;

    if (!block || !block->steps.count)
        return 0;
    last = block->steps.items[block->steps.count - 1];
    return last->kind == STEP_BREAK || last->kind == STEP_CONTINUE;
}

/* Make a name the same behind both branches. */
static void join_name(struct compiler *c, const char *text,
                      struct value *then, struct value *other,
                      struct block *blocks[2], struct place place)
{
    struct value *values[2] = {then, other};
    static const uint8_t types[] = {NUMBER_INT, NUMBER_BOOL, NUMBER_REAL};
    struct block *outer = c->block;
    enum carry kind = carry_kind(c, then), k2 = carry_kind(c, other);
    struct value joined = *then;
    struct node *nodes[2];
    uint32_t k;

    if (kind != k2 && (kind == CARRY_BOOL || k2 == CARRY_BOOL) &&
        kind != CARRY_NODE && k2 != CARRY_NODE) {
        diag_add(c->diags, DIAG_loop_change, place,
                 "%s is a truth on one path and a number on another", text);
        return;
    }
    if (k2 > kind)
        kind = k2;
    if (kind != CARRY_NODE) {
        uint32_t slot = build_slot(c, text, types[kind]);
        for (k = 0; k < 2; k++) {
            uint32_t number = values[k]->number;
            if (kind == CARRY_REAL)
                number = build_op(c, EXPR_TO_REAL, number, 0, NULL);
            c->block = blocks[k];
            set_slot(c, slot, number, place);
        }
        joined = of_number(slot, then->place);
    } else {
        struct var *var;
        nodes[0] = node_of(c, *then, place);
        nodes[1] = node_of(c, *other, place);
        same_shape(c, text, nodes[0], nodes[1], "on one path",
                   "on the other");
        var = var_new(c, text, nodes[0]->shape, node_type(c, nodes[0]),
                      place);
        for (k = 0; k < 2; k++) {
            c->block = blocks[k];
            let(c, var, nodes[k], place);
        }
        joined = of_node(node_var(c, var, place));
    }
    c->block = outer;
    name_set(c, text, joined);
}

static int same_value(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return 0;
    switch (a->kind) {
    case VALUE_NUMBER:
    case VALUE_TYPE: return a->number == b->number;
    case VALUE_RANGE: return a->number == b->number && a->high == b->high;
    case VALUE_NODE: return view_var(a) && view_var(a) == view_var(b) &&
                            a->node->kind == b->node->kind;
    case VALUE_TEXT: return a->param == b->param && a->text == b->text;
    default: return 1;
    }
}

/* A name that only one branch has assigned. */
static struct value one_path(struct value value)
{
    if (value.flag == PLAN_NONE ||
        (value.kind != VALUE_NODE && value.kind != VALUE_NUMBER))
        value.kind = VALUE_NONE;
    else
        value.maybe = 1;
    return value;
}

static void join_branches(struct compiler *c, const struct frame *then,
                          struct step *step)
{
    struct block *blocks[2] = {step->body, step->other};
    struct frame other = {0};
    uint32_t k;

    names_copy(c, &other, c->frame);
    for (k = 0; k < other.names.count; k++)
        if (!bound_in(then, other.names.items[k].text))
            name_set(c, other.names.items[k].text,
                     one_path(other.names.items[k].value));
    for (k = 0; k < then->names.count; k++) {
        const struct name *a = &then->names.items[k];
        const struct name *b = frame_name(&other, a->text);
        struct value v = a->value, w;
        if (v.kind == VALUE_NONE)
            continue;
        if (!b || b->value.kind == VALUE_NONE) {
            name_set(c, a->text, one_path(v));
            continue;
        }
        w = b->value;
        if (!same_value(&v, &w)) {
            if ((v.kind != VALUE_NUMBER && v.kind != VALUE_NODE) ||
                (w.kind != VALUE_NUMBER && w.kind != VALUE_NODE)) {
                diag_add(c->diags, DIAG_loop_change, step->place,
                         "%s is something else on each path of this if",
                         a->text);
                continue;
            }
            join_name(c, a->text, &v, &w, blocks, step->place);
        }
        name_find(c, a->text)->value.maybe = v.maybe | w.maybe;
        name_find(c, a->text)->value.flag =
            v.flag != PLAN_NONE ? v.flag : w.flag;
    }
}

static void check_if(struct compiler *c, const struct ast *ast)
{
    struct name_list list = {0};
    struct frame before = {0}, then = {0};
    struct block *outer = c->block;
    struct value value;
    uint32_t test = truth_of(c, ast->items[0], &value), k;
    struct step *step;

    if (test == PLAN_NONE) {
        names_lost(c, ast);
        return;
    }
    if (c->plan->exprs.items[test].op == EXPR_TRUTH) {
        int truth = c->plan->exprs.items[test].value.integer != 0;
        if (truth)
            check_block(c, ast->items[1]);
        else if (ast->items[2])
            check_block(c, ast->items[2]);
        return;
    }
    assigned_names(c, ast->items[1], &list);
    assigned_names(c, ast->items[2], &list);
    for (k = 0; k < list.names.count; k++) {
        struct name *name = name_find(c, list.names.items[k]);
        if (!list.whole.items[k] && name && name->value.kind == VALUE_NODE)
            own(c, name, name->value.place);
    }
    step = step_new(c, STEP_IF, ast->items[0]->place);
    step->number = test;
    step->body = ARENA_NEW(c->arena, struct block);
    step->other = ARENA_NEW(c->arena, struct block);
    names_copy(c, &before, c->frame);
    c->block = step->body;
    check_block(c, ast->items[1]);
    names_copy(c, &then, c->frame);
    names_copy(c, c->frame, &before);
    c->block = step->other;
    if (ast->items[2])
        check_block(c, ast->items[2]);
    c->block = outer;
    if (block_leaves(step->other))
        names_copy(c, c->frame, &then);
    else if (!block_leaves(step->body))
        join_branches(c, &then, step);
}

static void check_leave(struct compiler *c, const struct ast *ast)
{
    struct name_list promote = {0};
    struct step *step;

    if (!c->loop) {
        diag_add(c->diags, DIAG_loop_control, ast->place,
                 "%s stands outside of any loop",
                 ast->kind == AST_BREAK ? "break" : "continue");
        return;
    }
    if (!carry_back(c, c->loop, ast->place, &promote)) {
        c->loop->promote = ARENA_NEW(c->arena, struct name_list);
        *c->loop->promote = promote;
    }
    step = step_new(c, ast->kind == AST_BREAK ? STEP_BREAK : STEP_CONTINUE,
                    ast->place);
    step->levels = 1;
}

/* ---- functions -------------------------------------------------------------------- */

static void bind_param(struct compiler *c, struct frame *frame,
                       const struct ast *param, struct value value)
{
    uint8_t properties = check_properties(c, param->items[0]);

    if (value.kind == VALUE_NODE) {
        struct node *node = value.node;
        if (node->tile) {
            diag_add(c->diags, DIAG_unsupported, node->place,
                     "a tile can't be the argument of a function that is "
                     "written in .tm");
            value = nothing();
        } else {
            node = materialise(c, node, NULL);
            if (properties & ~node->properties) {
                struct node *copy = ARENA_NEW(c->arena, struct node);
                *copy = *node;
                copy->properties |= properties;
                node = copy;
            }
            value.node = node;
        }
    }
    vec_push(c->arena, &frame->names,
             (struct name){.text = param->name, .value = value, .used = 1});
}

static int call_params(struct compiler *c, struct function *f,
                       const struct ast *call, const struct value *args,
                       const char *const *arg_names, uint32_t count,
                       struct frame *frame)
{
    const struct ast *params = f->ast->items[1];
    uint8_t *given = arena_alloc(c->arena, count + 1);
    uint32_t k, n, positional = 0;

    for (k = 0; k < params->count; k++) {
        const struct ast *param = params->items[k];
        int found = -1;
        for (n = 0; n < count; n++)
            if (arg_names && arg_names[n]) {
                if (!strcmp(arg_names[n], param->name))
                    found = (int)n;
            } else if (n == k) {
                found = (int)n;
                positional++;
            }
        if (found >= 0) {
            given[found] = 1;
            bind_param(c, frame, param, args[found]);
        } else if (param->items[1]) {
            struct frame *caller = c->frame;
            struct value value;
            c->frame = frame; /* a default may use earlier parameters */
            value = check_expr(c, param->items[1]);
            c->frame = caller;
            bind_param(c, frame, param, value);
        } else {
            diag_add(c->diags, DIAG_argument, call->place,
                     "%s needs an argument for %s", f->name, param->name);
            return 0;
        }
    }
    for (n = 0; n < count; n++)
        if (!given[n]) {
            if (arg_names && arg_names[n])
                diag_add(c->diags, DIAG_argument, call->place,
                         "%s has no parameter %s", f->name, arg_names[n]);
            else
                diag_add(c->diags, DIAG_argument, call->place,
                         "%s takes %u argument%s, not %u", f->name,
                         params->count, params->count == 1 ? "" : "s",
                         count);
            return 0;
        }
    return 1;
}

int check_call(struct compiler *c, struct function *f, const struct ast *call,
               const struct value *args, const char *const *arg_names,
               uint32_t count, struct value *results, uint32_t wanted)
{
    const struct ast *names = f->ast->items[0];
    struct frame frame = {.caller = c->frame, .function = f};
    struct loop *loop = c->loop;
    uint32_t k, errors = c->diags->errors;

    for (k = 0; k < c->expanding.count; k++)
        if (c->expanding.items[k] == f) {
            diag_add(c->diags, DIAG_recursion, call->place,
                     "%s calls itself: functions are expanded where they "
                     "are called, so recursion is refused",
                     f->name);
            return 0;
        }
    if (wanted > names->count) {
        if (names->count)
            diag_add(c->diags, DIAG_no_result, call->place,
                     "%s gives %u result%s, not %u", f->name, names->count,
                     names->count == 1 ? "" : "s", wanted);
        else
            diag_add(c->diags, DIAG_no_result, call->place,
                     "%s has no result", f->name);
        return 0;
    }
    if (c->expanding.count > DEEPEST_EXPANSION) {
        diag_add(c->diags, DIAG_too_long, call->place,
                 "functions call each other too deeply");
        return 0;
    }
    frame.call = build_place(c, call->place, c->frame->call);
    frame.subject = c->frame->subject;
    if (!frame.subject && call->count && call->items[0])
        frame.subject = ast_text(c, call->items[0]);
    if (!call_params(c, f, call, args, arg_names, count, &frame))
        return 0;
    vec_push(c->arena, &c->expanding, f);
    frame.nested = c->nested;
    c->frame = &frame;
    c->loop = NULL; /* break does not reach through a call */
    check_block(c, f->ast->items[2]);
    for (k = 0; k < wanted; k++) {
        struct name *name = name_find(c, names->items[k]->name);
        results[k] = nothing();
        if (name && name->value.kind != VALUE_NONE) {
            struct ast at = *names->items[k];
            results[k] = check_expr(c, &at);
            if (results[k].kind == VALUE_NODE)
                results[k].node->place = call->place;
            continue;
        }
        if (c->diags->errors == errors)
            diag_add(c->diags, DIAG_no_result, names->items[k]->place,
                     "%s does not assign its result %s", f->name,
                     names->items[k]->name);
    }
    if (c->diags->errors > errors)
        diag_note(c->diags, call->place, "called from here");
    c->loop = loop;
    c->frame = frame.caller;
    c->expanding.count--;
    return c->diags->errors == errors;
}

/* ---- assignments ------------------------------------------------------------------- */

static void check_name(struct compiler *c, const struct ast *target)
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
        inside |= !bound_in(loop->before, target->name);
    last = carried_find(f->tracked.items, f->tracked.count, target->name);
    if (!inside || (value->kind != VALUE_NODE && value->kind != VALUE_NUMBER))
        return;
    if (!last) {
        struct carried new = {target->name, *value};
        new.head.flag = flag;
        if (value->kind == VALUE_NODE) {
            struct var *var =
                var_new(c, target->name, value->node->shape,
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
    if (last->head.kind == VALUE_NODE && value->kind == VALUE_NODE) {
        same_shape(c, target->name, last->head.node, value->node,
                   "where it is first assigned", "here");
        let(c, last->head.node->var, value->node, target->place);
    } else if (last->head.kind == VALUE_NUMBER &&
               value->kind == VALUE_NUMBER &&
               number_type(c, last->head.number) ==
                   number_type(c, value->number)) {
        set_slot(c, last->head.number, value->number, target->place);
    } else {
        last->name = NULL; /* it is one thing here and another there */
    }
}

/* The first assignment of a name in a loop or branch: a flag says in the run
 * whether it was reached. */
static uint32_t first_inside(struct compiler *c, const struct ast *target,
                             const struct name *name,
                             const struct value *value)
{
    struct frame *f = c->frame;
    struct carried *flag =
        carried_find(f->flags.items, f->flags.count, target->name);
    int bound = name && name->value.kind != VALUE_NONE;

    if (c->nested == f->nested ||
        (bound && name->value.flag == PLAN_NONE && !flag) ||
        (value->kind != VALUE_NODE && value->kind != VALUE_NUMBER))
        return PLAN_NONE;
    if (!flag) {
        struct carried new = {target->name, nothing()};
        uint32_t slot = build_slot(
            c, arena_printf(c->arena, "%s assigned", target->name),
            NUMBER_BOOL);
        new.head.flag = (uint32_t)c->plan->exprs.items[slot].value.integer;
        vec_push(c->arena, &f->flags, new);
        flag = &f->flags.items[f->flags.count - 1];
    }
    set_slot(c, build_leaf(c, EXPR_SLOT, NUMBER_BOOL, flag->head.flag),
             build_truth(c, 1), target->place);
    track(c, target, value, flag->head.flag);
    return flag->head.flag;
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
            diag_add(c->diags, DIAG_unsupported, target->place,
                     "a tile has no name of its own yet: declare a matrix "
                     "and assign its tile");
            return;
        }
        if (!is_view(node) ||
            (node->kind == NODE_VAR && node->var->temporary)) {
            if (node->kind == NODE_VAR) {
                node->var->temporary = 0;
                node->var->name = target->name;
                node->var->place = target->place;
            } else {
                node = fresh(c, node, target->name);
                node->var->place = target->place;
            }
        }
        value.node = node;
    }
    flag = first_inside(c, target, name, &value);
    value.flag = flag;
    value.maybe = 0;
    value.place = target->place;
    name_set(c, target->name, value);
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
    own(c, name, name->value.place);
    name->value.node->var->assigned = 1;
    if (c->loop) {
        struct carried *last =
            carried_find(c->frame->tracked.items, c->frame->tracked.count,
                         base->name);
        if (last)
            last->name = NULL; /* changed by tiles: only inside the loop */
    }
    node = check_tile(c, target);
    return node;
}

int tile_same(const struct node *a, const struct node *b)
{
    return a->kind == NODE_TILE && b->kind == NODE_TILE && a->var == b->var &&
           a->i == b->i && a->j == b->j && a->i_end == b->i_end &&
           a->j_end == b->j_end && a->trans == b->trans && a->run == b->run;
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

static void assign_tile(struct compiler *c, const struct ast *target,
                        const char *op, const struct ast *right)
{
    struct value value = check_expr(c, right);
    struct node *node = value.kind == VALUE_NONE
                            ? NULL
                            : node_of(c, value, right->place);
    struct node *tile = tile_target(c, target);
    struct step *step;

    if (!node || !tile) {
        if (value.kind != VALUE_NONE && !node)
            diag_add(c->diags, DIAG_operand_type, right->place,
                     "a tile or number is wanted here");
        return;
    }
    if (tile->trans) {
        diag_add(c->diags, DIAG_tile_base, target->place,
                 "a tile of a transposed matrix can't be assigned");
        return;
    }
    if (!node->tile && !shape_is_scalar(c, node->shape)) {
        diag_add(c->diags, DIAG_tile_wanted, right->place,
                 "this is a whole matrix: a tile takes a tile");
        return;
    }
    if (node->type != PLAN_NONE && type_join(c, tile->type, node->type))
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

/* What it was to be is unknown: uses of it say nothing more. */
static void assign_bad(struct compiler *c, const struct ast *target)
{
    struct value bad = nothing();

    if (target->kind != AST_NAME && target->kind != AST_DECLARE &&
        target->kind != AST_PARAM)
        return;
    bad.maybe = 2;
    name_set(c, target->name, bad);
}

static enum op op_of_assign(const char *op)
{
    return op[0] == '+' ? OP_ADD : op[0] == '-' ? OP_SUB : OP_MATMUL;
}

static void assign_one(struct compiler *c, const struct ast *ast)
{
    const struct ast *target = ast->items[0], *right = ast->items[1];

    if (target->kind == AST_TILE) {
        assign_tile(c, target, ast->name, right);
        return;
    }
    if (target->kind != AST_NAME) {
        diag_add(c->diags, DIAG_unsupported, target->place,
                 "assigning elements and slices is not there yet");
        return;
    }
    if (ast->name[0] == '=') {
        struct value value = check_expr(c, right);
        if (value.kind != VALUE_NONE)
            assign_name(c, target, value);
        else
            assign_bad(c, target);
    } else {
        struct ast call = {.kind = AST_CALL, .place = ast->place,
                           .at = ast->at, .count = 2};
        struct ast *args[2] = {ast->items[0], ast->items[1]};
        struct value value;
        call.name = op_table[op_of_assign(ast->name)].name;
        call.items = args;
        call.place = place_join(target->place, right->place);
        value = check_expr(c, &call);
        if (value.kind != VALUE_NONE)
            assign_name(c, target, value);
        else
            assign_bad(c, target);
    }
}

/* [A[k..t,k], p[k,0]] = getrf(A[k..t,k]) */
static void assign_kernel(struct compiler *c, const struct ast *targets,
                          const struct ast *right)
{
    struct value value = check_expr(c, right);
    struct step *step;
    uint32_t k;

    if (value.kind != VALUE_NODE)
        return;
    step = step_new(c, STEP_TILES, right->place);
    step->node = value.node;
    for (k = 0; k < targets->count && k < 4; k++) {
        if (targets->items[k]->kind != AST_TILE) {
            diag_add(c->diags, DIAG_tile_wanted, targets->items[k]->place,
                     "a kernel's result goes to a tile");
            return;
        }
        step->targets[k] = tile_target(c, targets->items[k]);
        if (!step->targets[k])
            return;
        step->target_count++;
    }
}

static void several_bad(struct compiler *c, const struct ast *targets)
{
    uint32_t k;

    for (k = 0; k < targets->count; k++)
        assign_bad(c, targets->items[k]);
}

static void assign_several(struct compiler *c, const struct ast *targets,
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
    if (right->kind == AST_CALL && !name_find(c, right->name))
        f = function_find(c, right->name);
    if (!f && op < 0 && right->kind == AST_CALL &&
        !name_find(c, right->name)) {
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
        !check_call(c, f, right, args, names, count, results,
                    targets->count)) {
        several_bad(c, targets);
        return;
    }
    for (k = 0; k < targets->count; k++) {
        const struct ast *target = targets->items[k];
        if (target->kind == AST_NAME) {
            assign_name(c, target, results[k]);
        } else {
            diag_add(c->diags, DIAG_unsupported, target->place,
                     "the results of a function go to names");
        }
    }
}

/* ---- declarations --------------------------------------------------------------------- */

static int script_only(struct compiler *c, const struct ast *ast,
                       const char *what)
{
    if (!c->frame->function && !c->nested)
        return 1;
    diag_add(c->diags, DIAG_statement_place, ast->place,
             "%s stands in the script itself, not in a function, loop or "
             "branch",
             what);
    return 0;
}

static struct compile_define *define_find(struct compiler *c,
                                          const char *name)
{
    size_t k;

    for (k = 0; c->options && k < c->options->define_count; k++)
        if (!strcmp(c->options->defines[k].name, name))
            return &c->options->defines[k];
    return NULL;
}

static uint8_t define_type(const char *text)
{
    char *end;

    if (!strcmp(text, "true") || !strcmp(text, "false"))
        return NUMBER_BOOL;
    if (text[0] && text[strspn(text, "+-0123456789")] == 0)
        return NUMBER_INT;
    strtod(text, &end);
    return end != text && !*end ? NUMBER_REAL : NUMBER_TEXT;
}

static int define_value(struct compiler *c, const struct ast *ast,
                        struct compile_define *define, uint8_t type,
                        struct plan_param *param)
{
    const char *text = define->value;
    uint8_t is = define_type(text);

    if (type == NUMBER_INT && is == NUMBER_REAL) {
        double real = strtod(text, NULL);
        if (real == (double)(int64_t)real && real < 9e15 && real > -9e15) {
            param->value = build_int(c, (int64_t)real);
            return 1;
        }
    }
    if (type == NUMBER_TEXT) {
        param->value = build_string(c, text);
        return 1;
    }
    if (is == type || (type == NUMBER_REAL && is == NUMBER_INT)) {
        param->value = type == NUMBER_INT ? build_int(c, strtoll(text, NULL,
                                                                 10))
                       : type == NUMBER_REAL
                           ? build_real(c, strtod(text, NULL))
                           : build_truth(c, text[0] == 't');
        return 1;
    }
    diag_add(c->diags, DIAG_argument, ast->place,
             "%s is %s, and -D %s=%s is not", ast->name,
             type == NUMBER_INT    ? "a whole number"
             : type == NUMBER_REAL ? "a number"
                                   : "true or false",
             ast->name, text);
    return 0;
}

static void check_param(struct compiler *c, const struct ast *ast)
{
    struct plan_param param = {.type = NUMBER_INT, .value = PLAN_NONE};
    struct compile_define *define = define_find(c, ast->name);
    struct value value = nothing();

    if (!script_only(c, ast, "param"))
        return;
    if (name_find(c, ast->name)) {
        diag_add(c->diags, DIAG_declared_twice, ast->at,
                 "%s is declared or assigned already", ast->name);
        return;
    }
    param.name = build_string(c, ast->name);
    param.place = build_place(c, ast->at, PLAN_NONE);
    if (ast->items[0]) {
        value = check_expr(c, ast->items[0]);
        if (value.kind == VALUE_TEXT && value.param == PLAN_NONE) {
            param.type = NUMBER_TEXT;
            param.value = build_string(c, value.text);
        } else if (value.kind == VALUE_NUMBER &&
                   !c->plan->exprs.items[value.number].slots) {
            param.type = (uint8_t)number_type(c, value.number);
            param.value = value.number;
        } else {
            if (value.kind != VALUE_NONE)
                diag_add(c->diags, DIAG_operand_type, ast->items[0]->place,
                         "the default of a parameter is a number or text "
                         "that is known without data");
            assign_bad(c, ast);
            return;
        }
    } else if (define) {
        param.type = define_type(define->value);
    }
    if (define) {
        define->used = 1;
        if (!define_value(c, ast, define, param.type, &param)) {
            assign_bad(c, ast);
            return;
        }
    }
    vec_push(c->plan->arena, &c->plan->params, param);
    value.kind = param.type == NUMBER_TEXT ? VALUE_TEXT : VALUE_NUMBER;
    value.param = c->plan->params.count - 1;
    value.flag = PLAN_NONE;
    value.place = ast->at;
    if (param.type == NUMBER_TEXT)
        value.text = ast->name;
    else
        value.number = build_leaf(c, EXPR_PARAM, param.type, value.param);
    name_set(c, ast->name, value);
}

static uint8_t fixed_type(struct compiler *c, const struct ast *list)
{
    static const char *const names[] = {"", "f32", "f64", "c64", "c128"};
    uint32_t k;
    uint8_t t;

    (void)c;
    for (k = 0; list && k < list->count; k++)
        for (t = 1; t <= TM_C128; t++)
            if (!strcmp(list->items[k]->name, names[t]))
                return t;
    return 0;
}

static void tile_clause(struct compiler *c, const struct ast *clause,
                        struct shape *shape)
{
    uint32_t rows, cols;

    if (!clause)
        return;
    rows = check_number(c, clause->items[0], NUMBER_INT);
    cols = clause->count > 1 ? check_number(c, clause->items[1], NUMBER_INT)
                             : rows;
    if (rows == PLAN_NONE || cols == PLAN_NONE)
        return;
    if (c->plan->exprs.items[rows].slots ||
        c->plan->exprs.items[cols].slots) {
        diag_add(c->diags, DIAG_loop_shape, clause->place,
                 "the tiles of a matrix can't change in a loop");
        return;
    }
    shape->tile_rows = rows;
    shape->tile_cols = cols;
}

static void check_input(struct compiler *c, const struct ast *ast)
{
    struct plan_input input = {.path = PLAN_NONE, .path_param = PLAN_NONE,
                               .matrix = PLAN_NONE, .rows = PLAN_NONE,
                               .cols = PLAN_NONE};
    struct shape shape = {0, 0, c->tile_rows, c->tile_cols};
    const struct ast *sizes = ast->items[0];
    uint32_t k, number = c->plan->inputs.count;
    struct var *var;

    if (!script_only(c, ast, "input"))
        return;
    if (name_find(c, ast->name) || sizes->count != 2) {
        diag_add(c->diags,
                 sizes->count != 2 ? DIAG_argument : DIAG_declared_twice,
                 ast->at,
                 sizes->count != 2
                     ? "an input has two sizes: input %s(m, n)"
                     : "%s is declared or assigned already",
                 ast->name);
        return;
    }
    for (k = 0; k < 2; k++) {
        const struct ast *size = sizes->items[k];
        uint32_t own = build_leaf(
            c, k ? EXPR_INPUT_COLS : EXPR_INPUT_ROWS, NUMBER_INT, number);
        uint32_t value = own;
        if (size->kind == AST_NAME && !name_find(c, size->name)) {
            name_set(c, size->name, of_number(own, size->place))->used = 1;
            vec_push(c->arena, &c->sizes,
                     (struct size_name){size->name, number, (int)k});
        } else if (size->kind != AST_ALL) {
            value = check_number(c, size, NUMBER_INT);
            if (value == PLAN_NONE)
                return;
            *(k ? &input.cols : &input.rows) = value;
        }
        *(k ? &shape.cols : &shape.rows) = value;
    }
    tile_clause(c, ast->items[2], &shape);
    input.fixed = fixed_type(c, ast->items[1]);
    input.name = build_string(c, ast->name);
    input.place = build_place(c, ast->at, PLAN_NONE);
    var = var_new(c, ast->name, shape, type_new(c, input.fixed), ast->at);
    var->kind = MATRIX_INPUT;
    var->input = number;
    var->assigned = 1;
    var->properties = check_properties(c, ast->items[1]);
    input.type = var->type;
    vec_push(c->plan->arena, &c->plan->inputs, input);
    name_set(c, ast->name, of_node(node_var(c, var, ast->at)));
}

static void check_declare(struct compiler *c, const struct ast *ast)
{
    struct shape shape = {0, 0, c->tile_rows, c->tile_cols};
    const struct ast *sizes = ast->items[0];
    struct step *step;
    struct var *var;
    uint32_t k;

    if (sizes->count != 2) {
        diag_add(c->diags, DIAG_argument, ast->at,
                 "a matrix has two sizes: matrix %s(m, n)", ast->name);
        return;
    }
    for (k = 0; k < 2; k++) {
        uint32_t size = check_number(c, sizes->items[k], NUMBER_INT);
        if (size == PLAN_NONE) {
            assign_bad(c, ast);
            return;
        }
        if (c->plan->exprs.items[size].slots) {
            diag_add(c->diags, DIAG_loop_shape, sizes->items[k]->place,
                     "the size of a matrix can't change in a loop");
            return;
        }
        *(k ? &shape.cols : &shape.rows) = size;
    }
    tile_clause(c, ast->items[2], &shape);
    check_name(c, ast);
    var = var_new(c, ast->name, shape,
                  type_new(c, fixed_type(c, ast->items[1])), ast->at);
    var->properties = check_properties(c, ast->items[1]);
    step = step_new(c, STEP_FRESH, ast->at);
    step->var = var;
    name_set(c, ast->name, of_node(node_var(c, var, ast->at)));
}

static void check_tiling(struct compiler *c, const struct ast *ast)
{
    uint32_t rows, cols;

    if (!script_only(c, ast, "tile"))
        return;
    if (c->vars.count) {
        diag_add(c->diags, DIAG_statement_place, ast->place,
                 "tile comes before the first matrix");
        return;
    }
    rows = check_number(c, ast->items[0], NUMBER_INT);
    cols = ast->count > 1 ? check_number(c, ast->items[1], NUMBER_INT) : rows;
    if (rows == PLAN_NONE || cols == PLAN_NONE)
        return;
    if (c->options && c->options->tile_rows)
        return; /* --tile of tmc wins */
    c->plan->tile_rows = rows;
    c->plan->tile_cols = cols;
    if (ast->count > 1)
        c->tile_cols = build_leaf(c, EXPR_TILE_COLS, NUMBER_INT, 0);
}

static void check_assume(struct compiler *c, const struct ast *ast)
{
    struct name *name = name_find(c, ast->name);
    struct node *node;

    if (!name || name->value.kind != VALUE_NODE) {
        diag_add(c->diags, DIAG_unknown_name, ast->at,
                 "there is no matrix %s", ast->name);
        return;
    }
    node = ARENA_NEW(c->arena, struct node);
    *node = *name->value.node;
    node->properties |= check_properties(c, ast->items[0]);
    name->value.node = node;
}

static void check_output(struct compiler *c, const struct ast *ast)
{
    uint32_t k, n;

    if (!script_only(c, ast, "output"))
        return;
    for (k = 0; k < ast->count; k++) {
        const struct ast *name = ast->items[k];
        int twice = 0;
        for (n = 0; n < c->outputs.count; n++)
            twice |= !strcmp(c->outputs.items[n].name, name->name);
        if (twice) {
            diag_add(c->diags, DIAG_declared_twice, name->place,
                     "%s is an output already", name->name);
            continue;
        }
        vec_push(c->arena, &c->outputs,
                 (struct output_name){name->name, name->place});
    }
}

/* ---- effects ------------------------------------------------------------------------- */

static struct part *effect_parts(struct compiler *c, const struct ast *call,
                                 uint32_t from, uint32_t *count)
{
    struct part *parts = arena_array(c->arena, call->count + 1,
                                     sizeof *parts);
    uint32_t k;
    int bad = 0;

    *count = 0;
    for (k = from; k < call->count; k++) {
        const struct ast *arg = call->items[k];
        struct value value = check_expr(c, arg);
        if (value.kind == VALUE_NONE) {
            bad = 1;
            continue;
        }
        if ((value.kind == VALUE_NODE &&
             (value.node->tile ||
              !shape_is_scalar(c, value.node->shape))) ||
            value.kind == VALUE_RANGE || value.kind == VALUE_TYPE ||
            arg->kind == AST_NAMED) {
            diag_add(c->diags, DIAG_operand_type, arg->place,
                     "%s takes numbers and texts; a matrix goes to a file "
                     "with output or write",
                     call->name);
            bad = 1;
            continue;
        }
        parts[(*count)++].value = value;
    }
    return bad ? NULL : parts;
}

static void check_print(struct compiler *c, const struct ast *call)
{
    uint32_t count;
    struct part *parts = effect_parts(c, call, 0, &count);
    struct step *step;

    if (!parts)
        return;
    step = step_new(c, STEP_PRINT, call->place);
    step->parts = parts;
    step->part_count = count;
}

static void check_assert(struct compiler *c, const struct ast *call)
{
    struct value value = nothing();
    struct part *parts;
    struct step *step;
    uint32_t count;

    if (call->count < 1) {
        diag_add(c->diags, DIAG_argument, call->place,
                 "assert wants a test, and then what to say");
        return;
    }
    value = check_expr(c, call->items[0]);
    parts = effect_parts(c, call, 1, &count);
    if (value.kind == VALUE_NONE || !parts)
        return;
    if (!(value.kind == VALUE_NUMBER &&
          number_type(c, value.number) == NUMBER_BOOL) &&
        !(value.kind == VALUE_NODE && !value.node->tile &&
          shape_is_scalar(c, value.node->shape))) {
        diag_add(c->diags, DIAG_operand_type, call->items[0]->place,
                 "a test is true or false, as of a comparison");
        return;
    }
    if (!count) {
        parts[0].value.kind = VALUE_TEXT;
        parts[0].value.param = PLAN_NONE;
        parts[0].value.text =
            arena_printf(c->arena, "assertion failed: %s",
                         ast_text(c, call->items[0]));
        count = 1;
    }
    step = step_new(c, STEP_ASSERT, call->place);
    step->place = call->items[0]->place;
    if (value.kind == VALUE_NUMBER)
        step->number = value.number;
    else
        step->node = value.node;
    step->parts = parts;
    step->part_count = count;
}

static void store(struct compiler *c, struct node *node, const char *name,
                  struct value path, struct place place)
{
    struct plan_output output = {.path = PLAN_NONE, .path_param = PLAN_NONE};
    struct step *step;

    output.name = build_string(c, name);
    if (path.param != PLAN_NONE)
        output.path_param = path.param;
    else
        output.path = build_string(c, path.text);
    output.place = build_place(c, place, c->frame->call);
    vec_push(c->plan->arena, &c->plan->outputs, output);
    step = step_new(c, STEP_STORE, place);
    step->node = node;
    step->output = c->plan->outputs.count - 1;
}

static void check_write(struct compiler *c, const struct ast *call)
{
    struct node *node;
    struct value path;

    if (call->count != 2) {
        diag_add(c->diags, DIAG_argument, call->place,
                 "write takes a matrix and the name of a file");
        return;
    }
    node = check_node(c, call->items[0]);
    path = check_expr(c, call->items[1]);
    if (!node || path.kind == VALUE_NONE)
        return;
    if (path.kind != VALUE_TEXT || node->tile) {
        diag_add(c->diags, DIAG_operand_type, call->place,
                 "write takes a matrix and the name of a file");
        return;
    }
    if (c->nested) {
        diag_add(c->diags, DIAG_statement_place, call->place,
                 "write in a loop or branch would replace its own file");
        return;
    }
    store(c, node, "", path, call->place);
}

static void check_do(struct compiler *c, const struct ast *call)
{
    struct function *f;
    struct value args[8];
    const char *names[8];
    uint32_t k, errors = c->diags->errors;

    if (call->kind != AST_CALL)
        return;
    f = name_find(c, call->name) ? NULL : function_find(c, call->name);
    if (!f || f->library) {
        if (!strcmp(call->name, "print"))
            check_print(c, call);
        else if (!strcmp(call->name, "assert"))
            check_assert(c, call);
        else if (!strcmp(call->name, "write"))
            check_write(c, call);
        else if (check_expr(c, call).kind != VALUE_NONE)
            diag_add(c->diags, DIAG_unused, call->place,
                     "the result of %s is not used", call->name);
        return;
    }
    for (k = 0; k < call->count && k < 8; k++) {
        const struct ast *arg = call->items[k];
        names[k] = arg->kind == AST_NAMED ? arg->name : NULL;
        args[k] =
            check_expr(c, arg->kind == AST_NAMED ? arg->items[0] : arg);
    }
    if (c->diags->errors == errors)
        check_call(c, f, call, args, names, k, NULL, 0);
}

/* ---- statements ----------------------------------------------------------------------- */

static void check_return(struct compiler *c, const struct ast *ast,
                         int last)
{
    if (!c->frame->function || !last || c->nested > c->frame->nested)
        diag_add(c->diags, DIAG_return_place, ast->place,
                 "return is a function's last statement");
}

static void check_statement(struct compiler *c, const struct ast *ast,
                            int last)
{
    switch (ast->kind) {
    case AST_PARAM: check_param(c, ast); break;
    case AST_INPUT: check_input(c, ast); break;
    case AST_DECLARE: check_declare(c, ast); break;
    case AST_OUTPUT: check_output(c, ast); break;
    case AST_ASSUME: check_assume(c, ast); break;
    case AST_TILING: check_tiling(c, ast); break;
    case AST_DO: check_do(c, ast->items[0]); break;
    case AST_ASSIGN:
        if (ast->items[0]->kind == AST_MATRIX)
            assign_several(c, ast->items[0]->items[0], ast->items[1]);
        else
            assign_one(c, ast);
        break;
    case AST_IF:
        c->nested++;
        check_if(c, ast);
        c->nested--;
        break;
    case AST_FOR:
    case AST_WHILE:
    case AST_REPEAT:
        c->nested++;
        if (ast->kind == AST_FOR)
            check_for(c, ast);
        else
            check_repeat(c, ast);
        c->nested--;
        break;
    case AST_BREAK:
    case AST_CONTINUE: check_leave(c, ast); break;
    case AST_RETURN: check_return(c, ast, last); break;
    default: break; /* FUNCTION is in the table, ERROR has its message */
    }
}

void check_block(struct compiler *c, const struct ast *list)
{
    uint32_t k;

    for (k = 0; k < list->count; k++) {
        if (list->items[k])
            check_statement(c, list->items[k], k + 1 == list->count);
        if (c->diags->errors >= DIAG_MOST)
            return;
    }
}

/* Matrices that are declared, read, and have no assignment anywhere. */
static void never_assigned(struct compiler *c)
{
    uint32_t k;

    for (k = 0; k < c->vars.count && !c->diags->errors; k++) {
        struct var *v = c->vars.items[k];
        if (!v->read.source || var_root(v)->assigned ||
            v->assigned)
            continue;
        diag_add(c->diags, DIAG_never_assigned, v->read,
                 "%s is read and nowhere assigned", v->name);
        diag_note(c->diags, v->place,
                  "%s is declared here; its tiles are zero until they are "
                  "assigned",
                  v->name);
    }
}

void check_program(struct compiler *c, const struct ast *program)
{
    uint32_t k;

    check_block(c, program);
    for (k = 0; k < c->outputs.count; k++) {
        struct output_name *o = &c->outputs.items[k];
        struct ast at = {.kind = AST_NAME, .name = o->name,
                         .place = o->place, .at = o->place};
        struct value value, path = nothing();
        if (c->diags->errors && !name_find(c, o->name))
            continue; /* it may be a mistake's consequence */
        value = check_expr(c, &at);
        if (value.kind == VALUE_NUMBER || value.kind == VALUE_NODE) {
            path.text = arena_printf(c->arena, "%s.npy", o->name);
            store(c, node_of(c, value, o->place), o->name, path, o->place);
        } else if (value.kind != VALUE_NONE) {
            diag_add(c->diags, DIAG_operand_type, o->place,
                     "an output is a matrix or a number");
        }
    }
    never_assigned(c);
}
