/* Calls of functions that are written in .tm: expanded where they stand. */
#include "compiler/check.h"

enum { DEEPEST_EXPANSION = 100 };

/* How often a text evaluates a name; 2 stands for more, or for a use that
 * wants a matrix in storage. */
static uint32_t reads_of(const struct ast *ast, const char *name)
{
    uint32_t k, sum = 0;
    int op;

    if (!ast)
        return 0;
    if (ast->kind == AST_NAME)
        return !strcmp(ast->name, name);
    if (ast->kind == AST_CALL) {
        if (!strcmp(ast->name, name))
            return 2;
        op = op_find(ast->name, ast->count);
        if (op >= 0 && op_table[op].kind == CLASS_SHAPE)
            return 0;
    }
    for (k = 0; k < ast->count; k++)
        sum += reads_of(ast->items[k], name);
    switch (ast->kind) {
    case AST_NUMBER:
    case AST_NAMED:
    case AST_CALL:
    case AST_DO:
    case AST_ASSIGN:
    case AST_LIST: return sum;
    default: return 2 * sum; /* a tile, a loop, ... */
    }
}

/* May the parameter stand for the expression?  Then it is computed where it is
 * read, as part of what is there. */
static int by_name(const struct compiler *c, const struct function *f,
                   const struct ast *param, const struct node *node)
{
    return f->library && !param->items[0] && !node->tile &&
           node->kind == NODE_OP && !is_view(node) &&
           (is_ewise(node) || is_turned(node) || node->op == OP_MATMUL) &&
           !shape_is_scalar(c, node->shape) &&
           reads_of(f->ast->items[2], param->name) == 1;
}

static void bind_param(struct compiler *c, struct frame *frame,
                       const struct ast *param, struct value value)
{
    struct name *name;
    uint8_t properties = check_properties(c, param->items[0]);

    if (value.kind == VALUE_NODE &&
        !by_name(c, frame->function, param, value.node)) {
        struct node *node = value.node;
        if (node->tile)
            node = tile_matrix(c, node, NULL, node->place);
        if (!node) {
            value = value_none();
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
    name = name_add(c, frame, param->name);
    name->value = value;
    name->used = 1;
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
                     "%s needs an argument for %s", f->shown, param->name);
            return 0;
        }
    }
    for (n = 0; n < count; n++)
        if (!given[n]) {
            if (arg_names && arg_names[n])
                diag_add(c->diags, DIAG_argument, call->place,
                         "%s has no parameter %s", f->shown, arg_names[n]);
            else
                diag_add(c->diags, DIAG_argument, call->place,
                         "%s takes %u argument%s, not %u", f->shown,
                         params->count, params->count == 1 ? "" : "s", count);
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
            diag_add(c->diags, DIAG_no_result, call->place, "%s has no result",
                     f->name);
        return 0;
    }
    if (shared_find(c, f, args, count, results, wanted))
        return 1;
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
        results[k] = value_none();
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
    if (c->diags->errors > errors)
        return 0;
    shared_add(c, f, args, count, results, wanted);
    return 1;
}
