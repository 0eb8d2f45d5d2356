/* Loops and branches: what names carry through them.
 *
 * A loop of the plan has one body for all its turns, so what a name is at the
 * head of the body must be the same at its end: a matrix that is assigned in
 * the body is carried in one var, a number in one slot.  Where a turn ends,
 * the values go there. */
#include "compiler/check.h"

/* Names that statements assign. */
struct name_list {
    VEC(const char *) names;
    VEC(uint8_t) whole; /* 1: the name itself, 0: only its tiles; of names
                         * to be carried otherwise: bits of enum promotion */
};

enum promotion {
    PROMOTE_REAL = 0,
    PROMOTE_NODE = 1,
    PROMOTE_PLAIN = 2 /* a matrix of which nothing is known at the head */
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
    struct value bad = value_none();
    uint32_t k;

    bad.maybe = 2;
    assigned_names(c, ast, &list);
    for (k = 0; k < list.names.count; k++)
        if (!name_find(c, list.names.items[k]))
            name_set(c, list.names.items[k], bad);
}

void set_slot(struct compiler *c, uint32_t slot, uint32_t number,
              struct place place)
{
    struct step *step = step_new(c, STEP_SET, place);

    step->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
    step->number = number;
}

/* where: of the one and the other, in the message */
void same_shape(struct compiler *c, const char *name, struct node *head,
                struct node *node, const char *where, const char *other)
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
                       name, head->shape.cols, where, node->shape.cols, other))
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
                             enum carry kind, int plain, struct place place)
{
    struct value value = name->value;
    static const uint8_t types[] = {NUMBER_INT, NUMBER_BOOL, NUMBER_REAL};
    uint32_t number = value.number, slot;

    if (kind == CARRY_NODE) {
        if (value.kind == VALUE_NUMBER)
            value =
                value_node(var_fresh(c, node_of(c, value, place), name->text));
        name->value = value;
        var_own(c, name, value.place);
        name->value.node->var->assigned = 1;
        if (plain) {
            struct node *node = ARENA_NEW(c->arena, struct node);
            *node = *name->value.node;
            node->properties = node->maybe = 0;
            if (node->kind == NODE_VAR)
                node->var->properties = node->var->maybe = 0;
            name->value.node = node;
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
static int carry_back(struct compiler *c, struct loop *loop, struct place place,
                      struct name_list *promote)
{
    uint32_t k, n = loop->carried.count, busy = 0;
    uint32_t *temps = arena_array(c->arena, n + 1, sizeof *temps);
    struct node **nodes = arena_array(c->arena, n + 1, sizeof *nodes);

    for (k = 0; k < n; k++) {
        struct carried *x = &loop->carried.items[k];
        struct name *name = name_find(c, x->name);
        struct value value = name ? name->value : value_none();
        temps[k] = PLAN_NONE;
        if (value.kind != VALUE_NUMBER && value.kind != VALUE_NODE)
            continue;
        if (x->head.kind == VALUE_NUMBER) {
            enum carry was = carry_kind(c, &x->head);
            enum carry is = carry_kind(c, &value);
            if (is > was || (was == CARRY_BOOL) != (is == CARRY_BOOL)) {
                if ((was == CARRY_BOOL || is == CARRY_BOOL) && is != CARRY_NODE)
                    diag_add(c->diags, DIAG_loop_change, value.place,
                             "%s is a truth on one path and a number on "
                             "another",
                             x->name);
                list_add(c, promote, x->name,
                         is == CARRY_NODE ? PROMOTE_NODE : PROMOTE_REAL);
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
        if ((x->head.node->properties & ~nodes[k]->properties) ||
            x->head.node->maybe) {
            list_add(c, promote, x->name, PROMOTE_PLAIN);
            continue;
        }
        if (nodes[k]->kind == NODE_VAR && nodes[k]->var == x->head.node->var)
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
            uint32_t slot =
                build_slot(c, "next", c->plan->exprs.items[temps[k]].type);
            set_slot(c, slot, temps[k], place);
            temps[k] = slot;
        }
        for (m = 0; nodes[k] && m < n; m++) {
            struct value v = value_node(nodes[k]);
            const struct var *read = view_var(&v);
            if (m != k && nodes[m] && read &&
                loop->carried.items[m].head.kind == VALUE_NODE &&
                read == loop->carried.items[m].head.node->var)
                nodes[k] = var_fresh(c, nodes[k], NULL);
        }
    }
    for (k = 0; k < n; k++) {
        struct carried *x = &loop->carried.items[k];
        if (temps[k] != PLAN_NONE)
            set_slot(c, x->head.number, temps[k], place);
        if (nodes[k])
            var_let(c, x->head.node->var, nodes[k], place);
    }
    return 1;
}

struct carried *carried_find(struct carried *list, uint32_t count,
                             const char *name)
{
    uint32_t k;

    for (k = 0; k < count; k++)
        if (list[k].name && !strcmp(list[k].name, name))
            return &list[k];
    return NULL;
}

const struct name *frame_name(const struct frame *frame, const char *text,
                              uint32_t likely)
{
    uint32_t k;

    if (likely < frame->names.count && frame->names.items[likely]->text == text)
        return frame->names.items[likely];
    for (k = 0; k < frame->names.count; k++)
        if (!strcmp(frame->names.items[k]->text, text))
            return frame->names.items[k];
    return NULL;
}

/* The name that is number k in one frame, in another one.  Names are only
 * added, so both have the same ones up to `shared`. */
static const struct name *frame_same(const struct frame *frame,
                                     const struct name *name, uint32_t k,
                                     uint32_t shared)
{
    if (k < shared)
        return frame->names.items[k];
    for (k = shared; k < frame->names.count; k++)
        if (!strcmp(frame->names.items[k]->text, name->text))
            return frame->names.items[k];
    return NULL;
}

static int bound_same(const struct frame *frame, const struct name *name,
                      uint32_t k, uint32_t shared)
{
    const struct name *same = frame_same(frame, name, k, shared);

    return same && same->value.kind != VALUE_NONE;
}

/* `before` is a copy of the frame we are in. */
static const struct name *name_before(struct compiler *c,
                                      const struct frame *before,
                                      const char *text)
{
    uint32_t k = name_number(c, text);

    return k < before->names.count ? before->names.items[k] : NULL;
}

int bound_before(struct compiler *c, const struct frame *before,
                 const char *text)
{
    const struct name *name = name_before(c, before, text);

    return name && name->value.kind != VALUE_NONE;
}

/* Names that a loop has bound anew: behind it they are what was assigned
 * last, if anything was. */
static void names_inside(struct compiler *c, const struct frame *before)
{
    uint32_t k;

    for (k = 0; k < c->frame->names.count; k++) {
        struct name *name = c->frame->names.items[k];
        const struct carried *last;
        if (name->value.kind == VALUE_NONE ||
            bound_same(before, name, k, before->names.count))
            continue;
        name = name_own(c, k);
        last = carried_find(c->frame->tracked.items, c->frame->tracked.count,
                            name->text);
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
                         const struct value *value)
{
    if (value->kind == VALUE_NUMBER) {
        if (number_type(c, value->number) == NUMBER_BOOL)
            return value->number;
    } else if (value->kind == VALUE_NODE && !value->node->tile &&
               shape_is_scalar(c, value->node->shape)) {
        return fetch_number(c, value->node, ast, "test", NUMBER_BOOL);
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
        value = check_expr(c, source->test);
        test = truth_of(c, source->test, &value);
        if (test == PLAN_NONE)
            return 1;
        leave_if(c, build_op(c, EXPR_NOT, test, 0, NULL), source->test->place);
    }
    check_block(c, source->body);
    if (source->kind != AST_REPEAT)
        return carry_back(c, loop, place, promote);
    value = check_expr(c, source->test);
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
        int how = 0, plain = 0;
        if (!name || (name->value.kind != VALUE_NUMBER &&
                      name->value.kind != VALUE_NODE))
            continue;
        if (name->value.assigned)
            settle_flag(c, name, source->ast->place);
        kind = carry_kind(c, &name->value);
        if (listed(promoted, name->text, &how)) {
            plain = how & PROMOTE_PLAIN;
            if (how & PROMOTE_NODE)
                kind = CARRY_NODE;
            else if (!plain)
                kind = CARRY_REAL;
        }
        vec_push(
            c->arena, &loop->carried,
            (struct carried){name->text, head_new(c, name, kind, plain,
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
    struct attempt attempt;
    uint32_t k, tries;

    outer->steps.count--; /* the loop's own step comes after the heads */
    attempt_begin(c, &attempt);
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
        if (!promote.names.count || c->diags->errors > attempt.errors)
            break;
        for (k = 0; k < promote.names.count; k++)
            list_add(c, &promoted, promote.names.items[k],
                     promote.whole.items[k]);
        names_copy(c, frame, &before);
        attempt_undo(c, &attempt);
    }
    for (k = 0; k < heads.steps.count; k++)
        vec_push(c->arena, &outer->steps, heads.steps.items[k]);
    vec_push(c->arena, &outer->steps, step);
    names_inside(c, &before);
    if (counter) { /* the counter ends with the loop */
        struct name *name = name_find(c, source->ast->name);
        const struct name *was = name_before(c, &before, name->text);
        name->value = was ? was->value : value_none();
    }
    for (k = 0; k < loop.carried.count; k++)
        name_set(c, loop.carried.items[k].name, loop.carried.items[k].head);
    names_drop(c, &before);
}

static void loop_of_turns(struct compiler *c, const struct ast *ast,
                          const struct turns *turns)
{
    struct loop_source source = {ast, ast->items[2], NULL, AST_FOR};
    uint32_t slot = build_slot(c, ast->name, NUMBER_INT);
    struct value counter = value_number(slot, ast->at);
    struct step *step = step_new(c, STEP_FOR, ast->place);

    step->place = ast->at.source ? ast->at : ast->place;
    step->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
    step->low = turns->low;
    step->high = turns->high;
    step->step = turns->by;
    check_loop(c, &source, step, &counter);
}

void check_for(struct compiler *c, const struct ast *ast)
{
    struct value range = check_expr(c, ast->items[0]);
    uint32_t by = build_int(c, 1);
    struct frame before = {0};
    struct attempt attempt;
    struct turns turns;
    int64_t step_by;

    if (ast->items[1])
        by = check_whole(c, ast->items[1]);
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
    turns = (struct turns){range.number, range.high, by};
    if (unroll_wanted(c, ast, &turns)) {
        unroll(c, ast, &turns);
        return;
    }
    attempt_begin(c, &attempt);
    names_copy(c, &before, c->frame);
    loop_of_turns(c, ast, &turns);
    if (c->diags->errors > attempt.errors &&
        unroll_helps(c, ast, &turns, attempt.messages)) {
        attempt_undo(c, &attempt);
        names_copy(c, c->frame, &before);
        unroll(c, ast, &turns);
        if (c->diags->errors > attempt.errors) {
            attempt_undo(c, &attempt); /* the loop's own messages say more */
            names_copy(c, c->frame, &before);
            loop_of_turns(c, ast, &turns);
        }
    }
    names_drop(c, &before);
}

void check_repeat(struct compiler *c, const struct ast *ast)
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
static void join_name(struct compiler *c, const char *text, struct value *then,
                      struct value *other, struct block *blocks[2],
                      struct place place)
{
    struct value *values[2] = {then, other};
    static const uint8_t types[] = {NUMBER_INT, NUMBER_BOOL, NUMBER_REAL};
    struct block *outer = c->block;
    enum carry kind = carry_kind(c, then), k2 = carry_kind(c, other);
    struct value joined = *then;
    struct node *nodes[2];
    struct facts facts;
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
        joined = value_number(slot, then->place);
    } else {
        struct var *var;
        nodes[0] = node_of(c, *then, place);
        nodes[1] = node_of(c, *other, place);
        same_shape(c, text, nodes[0], nodes[1], "on one path", "on the other");
        var = var_new(c, text, nodes[0]->shape, node_type(c, nodes[0]), place);
        facts = facts_meet(node_facts(nodes[0]), node_facts(nodes[1]));
        var->properties = facts.properties;
        var->maybe = facts.maybe;
        var->test = facts.test;
        for (k = 0; k < 2; k++) {
            c->block = blocks[k];
            var_let(c, var, nodes[k], place);
        }
        joined = value_node(node_var(c, var, place));
    }
    c->block = outer;
    name_set(c, text, joined);
}

int same_value(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return 0;
    switch (a->kind) {
    case VALUE_NUMBER:
    case VALUE_TYPE: return a->number == b->number;
    case VALUE_RANGE: return a->number == b->number && a->high == b->high;
    case VALUE_NODE:
        return view_var(a) && view_var(a) == view_var(b) &&
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

/* shared: so many names were there before */
static void join_branches(struct compiler *c, const struct frame *then,
                          struct step *step, uint32_t shared)
{
    struct block *blocks[2] = {step->body, step->other};
    struct frame other = {0};
    uint32_t k;

    names_copy(c, &other, c->frame);
    for (k = 0; k < other.names.count; k++)
        if (!bound_same(then, other.names.items[k], k, shared))
            name_set(c, other.names.items[k]->text,
                     one_path(other.names.items[k]->value));
    for (k = 0; k < then->names.count; k++) {
        const struct name *a = then->names.items[k];
        const struct name *b = frame_same(&other, a, k, shared);
        struct name *joined;
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
        if (b == a && c->frame->names.items[k] == a)
            continue;
        joined = name_find(c, a->text);
        joined->value.maybe = v.maybe | w.maybe;
        joined->value.flag = v.flag != PLAN_NONE ? v.flag : w.flag;
    }
    names_drop(c, &other);
}

void check_if(struct compiler *c, const struct ast *ast)
{
    struct name_list list = {0};
    struct frame before = {0}, then = {0};
    struct block *outer = c->block;
    struct value value = check_expr(c, ast->items[0]);
    uint32_t test, k;
    struct step *step;

    if (value.kind == VALUE_NODE && !value.node->tile &&
        shape_is_scalar(c, value.node->shape) &&
        check_select(c, ast, value.node))
        return;
    test = truth_of(c, ast->items[0], &value);
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
            var_own(c, name, name->value.place);
        if (name && name->value.assigned)
            settle_flag(c, name, ast->items[0]->place);
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
        join_branches(c, &then, step, before.names.count);
    names_drop(c, &before);
    names_drop(c, &then);
}

void check_leave(struct compiler *c, const struct ast *ast)
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
