/* Statements to steps: the table of what each kind of statement does, and
 * the effects: print, assert, write. */
#include "compiler/check.h"

static struct part *effect_parts(struct compiler *c, const struct ast *call,
                                 uint32_t from, uint32_t *count)
{
    struct part *parts = arena_array(c->arena, call->count + 1, sizeof *parts);
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
             (value.node->tile || !shape_is_scalar(c, value.node->shape))) ||
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
    struct value value = value_none();
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
        parts[0].value.text = arena_printf(c->arena, "assertion failed: %s",
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
        args[k] = check_expr(c, arg->kind == AST_NAMED ? arg->items[0] : arg);
    }
    if (c->diags->errors == errors)
        check_call(c, f, call, args, names, k, NULL, 0);
}

/* ---- statements
 * ----------------------------------------------------------------------- */

static void check_return(struct compiler *c, const struct ast *ast, int last)
{
    if (!c->frame->function || !last || c->nested > c->frame->nested)
        diag_add(c->diags, DIAG_return_place, ast->place,
                 "return is a function's last statement");
}

static void check_statement(struct compiler *c, const struct ast *ast, int last)
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
        if (!v->read.source || var_root(v)->assigned || v->assigned)
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
        struct ast at = {.kind = AST_NAME,
                         .name = o->name,
                         .place = o->place,
                         .at = o->place};
        struct value value, path = value_none();
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
