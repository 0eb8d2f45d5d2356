/* Declarations: param, input, matrix, tile, assume, output. */
#include "compiler/check.h"

#include <stdlib.h>

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

static struct compile_define *define_find(struct compiler *c, const char *name)
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
        param->value = type == NUMBER_INT
                           ? build_int(c, strtoll(text, NULL, 10))
                       : type == NUMBER_REAL ? build_real(c, strtod(text, NULL))
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

void check_param(struct compiler *c, const struct ast *ast)
{
    struct plan_param param = {.type = NUMBER_INT, .value = PLAN_NONE};
    struct compile_define *define = define_find(c, ast->name);
    struct value value = value_none();

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

static uint8_t fixed_type(const struct ast *list)
{
    static const char *const names[] = {"", "f32", "f64", "c64", "c128"};
    uint32_t k;
    uint8_t t;

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
    if (c->plan->exprs.items[rows].slots || c->plan->exprs.items[cols].slots) {
        refuse_size(c, c->plan->exprs.items[rows].slots ? rows : cols,
                    clause->place, "the tiles of a matrix");
        return;
    }
    shape->tile_rows = rows;
    shape->tile_cols = cols;
}

/* A tile clause holds for what the name is assigned later, too. */
static void bind_declared(struct compiler *c, const struct ast *ast,
                          struct var *var)
{
    struct name *name =
        name_set(c, ast->name, value_node(node_var(c, var, ast->at)));

    name->clause = ast->items[2] != NULL;
    name->tile_rows = var->shape.tile_rows;
    name->tile_cols = var->shape.tile_cols;
}

void check_input(struct compiler *c, const struct ast *ast)
{
    struct plan_input input = {.path = PLAN_NONE,
                               .path_param = PLAN_NONE,
                               .matrix = PLAN_NONE,
                               .rows = PLAN_NONE,
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
                 sizes->count != 2 ? "an input has two sizes: input %s(m, n)"
                                   : "%s is declared or assigned already",
                 ast->name);
        return;
    }
    for (k = 0; k < 2; k++) {
        const struct ast *size = sizes->items[k];
        uint32_t own = build_leaf(c, k ? EXPR_INPUT_COLS : EXPR_INPUT_ROWS,
                                  NUMBER_INT, number);
        uint32_t value = own;
        if (size->kind == AST_NAME && !name_find(c, size->name)) {
            name_set(c, size->name, value_number(own, size->place))->used = 1;
            vec_push(c->arena, &c->sizes,
                     (struct size_name){size->name, number, (int)k});
        } else if (size->kind != AST_ALL) {
            value = check_number(c, size, NUMBER_INT);
            if (value != PLAN_NONE && c->plan->exprs.items[value].slots) {
                refuse_size(c, value, size->place, "the size of an input");
                value = PLAN_NONE;
            }
            if (value == PLAN_NONE) {
                assign_bad(c, ast);
                return;
            }
            *(k ? &input.cols : &input.rows) = value;
        }
        *(k ? &shape.cols : &shape.rows) = value;
    }
    tile_clause(c, ast->items[2], &shape);
    input.fixed = fixed_type(ast->items[1]);
    input.name = build_string(c, ast->name);
    input.place = build_place(c, ast->at, PLAN_NONE);
    var = var_new(c, ast->name, shape, type_new(c, input.fixed), ast->at);
    var->kind = MATRIX_INPUT;
    var->input = number;
    var->assigned = 1;
    var->declared = var->properties = check_properties(c, ast->items[1]);
    input.type = var->type;
    vec_push(c->plan->arena, &c->plan->inputs, input);
    bind_declared(c, ast, var);
}

void check_declare(struct compiler *c, const struct ast *ast)
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
            refuse_size(c, size, sizes->items[k]->place,
                        "the size of a matrix");
            assign_bad(c, ast);
            return;
        }
        *(k ? &shape.cols : &shape.rows) = size;
    }
    tile_clause(c, ast->items[2], &shape);
    check_name(c, ast);
    var = var_new(c, ast->name, shape, type_new(c, fixed_type(ast->items[1])),
                  ast->at);
    var->declared = var->properties = check_properties(c, ast->items[1]);
    step = step_new(c, STEP_FRESH, ast->at);
    step->var = var;
    bind_declared(c, ast, var);
}

void check_tiling(struct compiler *c, const struct ast *ast)
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

void check_assume(struct compiler *c, const struct ast *ast)
{
    struct name *name = name_find(c, ast->name);
    struct node *node;
    uint8_t assumed;

    if (!name || name->value.kind != VALUE_NODE) {
        diag_add(c->diags, DIAG_unknown_name, ast->at, "there is no matrix %s",
                 ast->name);
        return;
    }
    node = ARENA_NEW(c->arena, struct node);
    *node = *name->value.node;
    assumed = check_properties(c, ast->items[0]);
    node->properties |= assumed;
    if (node->kind == NODE_VAR)
        node->var->declared |= assumed;
    name->value.node = node;
}

void check_output(struct compiler *c, const struct ast *ast)
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
