/* Calls: operators and functions on values of any kind. */
#include "compiler/check.h"

#include <math.h>

static int number_op(enum op op)
{
    switch (op) {
    case OP_ADD: return EXPR_ADD;
    case OP_SUB: return EXPR_SUB;
    case OP_MATMUL:
    case OP_TIMES: return EXPR_MUL;
    case OP_DIVIDE:
    case OP_OVER: return EXPR_DIV;
    case OP_RAISE:
    case OP_POWER: return EXPR_POW;
    case OP_NEGATE: return EXPR_NEG;
    case OP_LT:
    case OP_GT: return EXPR_LT;
    case OP_LE:
    case OP_GE: return EXPR_LE;
    case OP_EQ: return EXPR_EQ;
    case OP_NE: return EXPR_NE;
    case OP_AND: return EXPR_AND;
    case OP_OR: return EXPR_OR;
    case OP_NOT: return EXPR_NOT;
    case OP_ABS: return EXPR_ABS;
    case OP_SQRT: return EXPR_SQRT;
    case OP_EXP: return EXPR_EXP;
    case OP_LOG: return EXPR_LOG;
    case OP_LOG2: return EXPR_LOG2;
    case OP_SIN: return EXPR_SIN;
    case OP_COS: return EXPR_COS;
    case OP_TANH: return EXPR_TANH;
    case OP_FLOOR: return EXPR_FLOOR;
    case OP_CEIL: return EXPR_CEIL;
    case OP_ROUND: return EXPR_ROUND;
    case OP_MOD: return EXPR_MOD;
    case OP_MAX2: return EXPR_MAX;
    case OP_MIN2: return EXPR_MIN;
    case OP_CEILDIV: return EXPR_CEIL_DIV;
    default: return 0;
    }
}

static struct value apply_numbers(struct compiler *c, enum op op,
                                  const struct ast *ast, uint32_t a, uint32_t b)
{
    const char *fault = NULL;
    int code = number_op(op);
    int logical = op == OP_AND || op == OP_OR || op == OP_NOT;
    int ta = number_type(c, a), tb = number_type(c, b);
    uint32_t result;

    if (logical != (ta == NUMBER_BOOL) || logical != (tb == NUMBER_BOOL)) {
        if (!(ta == NUMBER_BOOL && tb == NUMBER_BOOL &&
              (op == OP_EQ || op == OP_NE))) {
            diag_add(c->diags, DIAG_operand_type, ast->place,
                     logical ? "%s wants true or false on both sides"
                             : "%s wants numbers, not true or false",
                     op_table[op].name);
            return value_none();
        }
    }
    if (op == OP_CEILDIV && (ta != NUMBER_INT || tb != NUMBER_INT)) {
        diag_add(c->diags, DIAG_operand_type, ast->place,
                 "ceildiv wants whole numbers");
        return value_none();
    }
    if (code == EXPR_POW && ta == NUMBER_INT && tb == NUMBER_INT) {
        int64_t exponent;
        if (build_constant(c, b, &exponent) && exponent < 0)
            a = build_op(c, EXPR_TO_REAL, a, a, NULL);
    }
    if (op == OP_GT || op == OP_GE)
        result = build_op(c, (uint8_t)code, b, a, &fault);
    else
        result = build_op(c, (uint8_t)code, a, b, &fault);
    if (fault) {
        diag_add(c->diags, DIAG_no_value, ast->place, "%s", fault);
        return value_none();
    }
    return value_number(result, ast->place);
}

/* ---- calls ---------------------------------------------------------- */

struct node *need_matrix(struct compiler *c, struct value value,
                         const struct ast *ast)
{
    if (value.kind == VALUE_NODE || value.kind == VALUE_NUMBER)
        return node_of(c, value, ast->place);
    if (value.kind != VALUE_NONE)
        diag_add(c->diags, DIAG_operand_type, ast->place,
                 "a matrix or number is wanted here, not a %s",
                 value.kind == VALUE_TEXT    ? "text"
                 : value.kind == VALUE_RANGE ? "range"
                                             : "type");
    return NULL;
}

struct call {
    const struct ast *ast;
    struct value args[8];
    const struct ast *asts[8];
    uint32_t count;
    const struct ast *named[8];
    uint32_t named_count;
};

static const struct ast *named_arg(const struct call *call, const char *name)
{
    uint32_t k;

    for (k = 0; k < call->named_count; k++)
        if (!strcmp(call->named[k]->name, name))
            return call->named[k]->items[0];
    return NULL;
}

static int named_only(struct compiler *c, const struct call *call,
                      const char *const *allowed)
{
    const char *near;
    uint32_t k, n;

    for (k = 0; k < call->named_count; k++) {
        for (n = 0; allowed[n]; n++)
            if (!strcmp(allowed[n], call->named[k]->name))
                break;
        if (allowed[n])
            continue;
        diag_add(c->diags, DIAG_argument, call->named[k]->place,
                 "%s takes no argument %s", call->ast->name,
                 call->named[k]->name);
        near = diag_nearest(call->named[k]->name, allowed, n);
        if (near)
            diag_note(c->diags, (struct place){0}, "did you mean %s?", near);
        return 0;
    }
    return 1;
}

static struct value shape_op(struct compiler *c, enum op op,
                             const struct call *call)
{
    struct node *a = need_matrix(c, call->args[0], call->asts[0]);
    struct shape s;
    uint32_t result;

    if (!a)
        return value_none();
    s = a->shape;
    if (a->tile) {
        diag_add(c->diags, DIAG_operand_type, call->asts[0]->place,
                 "%s is of a matrix, not of a tile", op_table[op].name);
        return value_none();
    }
    switch (op) {
    case OP_ROWS: result = s.rows; break;
    case OP_COLS: result = s.cols; break;
    case OP_TROWS: result = shape_trows(c, s); break;
    case OP_TCOLS: result = shape_tcols(c, s); break;
    case OP_TILE_ROWS: result = s.tile_rows; break;
    case OP_TILE_COLS: result = s.tile_cols; break;
    default: result = build_op(c, EXPR_MUL, s.rows, s.cols, NULL);
    }
    return value_number(result, call->ast->place);
}

int type_named(const char *name)
{
    return !strcmp(name, "f32")    ? TM_F32
           : !strcmp(name, "f64")  ? TM_F64
           : !strcmp(name, "c64")  ? TM_C64
           : !strcmp(name, "c128") ? TM_C128
                                   : 0;
}

uint32_t fixed_number(struct compiler *c, struct value value,
                      const struct ast *ast, uint8_t type)
{
    if (value.kind != VALUE_NUMBER ||
        number_type(c, value.number) == NUMBER_BOOL ||
        (type == NUMBER_INT && number_type(c, value.number) != NUMBER_INT)) {
        int computed =
            value.kind == VALUE_NODE && shape_is_scalar(c, value.node->shape);
        if (value.kind != VALUE_NONE)
            diag_add(c->diags, DIAG_operand_type, ast->place,
                     "a %s is wanted here%s",
                     type == NUMBER_INT ? "whole number" : "number",
                     computed                   ? " that is known without data"
                     : value.kind == VALUE_NODE ? ", not a matrix"
                                                : "");
        if (computed)
            diag_note(c->diags, (struct place){0},
                      "sizes are known before the first task runs: take the "
                      "largest that can be, or make it a param");
        return PLAN_NONE;
    }
    if (type == NUMBER_REAL)
        return build_op(c, EXPR_TO_REAL, value.number, 0, NULL);
    return value.number;
}

static struct value source_read(struct compiler *c, const struct call *call,
                                struct var *var)
{
    struct plan_input input = {.path = PLAN_NONE,
                               .path_param = PLAN_NONE,
                               .matrix = PLAN_NONE,
                               .rows = PLAN_NONE,
                               .cols = PLAN_NONE};
    struct value path = call->args[0];

    if (path.kind != VALUE_TEXT) {
        if (path.kind != VALUE_NONE)
            diag_add(c->diags, DIAG_operand_type, call->asts[0]->place,
                     "read wants the name of a file");
        return value_none();
    }
    if (path.param != PLAN_NONE)
        input.path_param = path.param;
    else
        input.path = build_string(c, path.text);
    input.place = build_place(c, call->ast->place, c->frame->call);
    input.type = var->type;
    input.name = PLAN_NONE; /* that of the variable, see finish.c */
    vec_push(c->plan->arena, &c->plan->inputs, input);
    var->kind = MATRIX_INPUT;
    var->input = c->plan->inputs.count - 1;
    var->shape.rows = build_leaf(c, EXPR_INPUT_ROWS, NUMBER_INT, var->input);
    var->shape.cols = build_leaf(c, EXPR_INPUT_COLS, NUMBER_INT, var->input);
    return value_node(node_var(c, var, call->ast->place));
}

/* fill(m, n, x) of a number that hangs on a loop or on data. */
static struct value fill_value(struct compiler *c, const struct call *call,
                               struct var *var)
{
    struct node *args[2], *value = need_matrix(c, call->args[2], call->asts[2]);

    if (!value)
        return value_none();
    var->rule = RULE_FILL;
    var->kind = MATRIX_SOURCE;
    var->arg = build_real(c, 0);
    args[0] = node_var(c, var, call->ast->place);
    args[1] = value;
    return value_node(node_op(c, OP_ADD, call->ast->place, args, 2));
}

static struct value source_op(struct compiler *c, enum op op,
                              const struct call *call)
{
    static const char *const names[] = {"seed", "type", NULL};
    const struct ast *named;
    uint8_t fixed = 0;
    uint32_t n = op_table[op].args > 1 || (op == OP_EYE && call->count == 2);
    uint32_t k;
    struct shape shape = {0, 0, c->tile_rows, c->tile_cols};
    struct var *var;

    if (!named_only(c, call, names))
        return value_none();
    if ((named = named_arg(call, "type")) != NULL) {
        struct value type = value_none();
        if (named->kind != AST_NAME || type_named(named->name) ||
            name_find(c, named->name))
            type = check_expr(c, named);
        else
            type.kind = VALUE_TEXT;
        if (type.kind != VALUE_TYPE) {
            if (type.kind != VALUE_NONE)
                diag_add(c->diags, DIAG_argument, named->place,
                         "type is one of f32 f64 c64 c128");
            return value_none();
        }
        fixed = (uint8_t)type.number;
    }
    var = var_new(c, op_table[op].name, shape, type_new(c, fixed),
                  call->ast->place);
    var->temporary = 1;
    var->assigned = 1;
    if (op == OP_READ)
        return source_read(c, call, var);
    for (k = 0; k <= n; k++) {
        uint32_t size =
            fixed_number(c, call->args[k], call->asts[k], NUMBER_INT);
        if (size == PLAN_NONE)
            return value_none();
        if (c->plan->exprs.items[size].slots) {
            refuse_size(c, size, call->asts[k]->place, "the size of a matrix");
            return value_none();
        }
        if (build_constant(c, size, &(int64_t){0}) &&
            c->plan->exprs.items[size].value.integer < 0) {
            diag_add(c->diags, DIAG_shapes, call->asts[k]->place,
                     "a matrix can't have %s %s", build_show(c, size),
                     k ? "columns" : "rows");
            return value_none();
        }
        *(k ? &var->shape.cols : &var->shape.rows) = size;
    }
    if (!n)
        var->shape.cols = var->shape.rows;
    if (op == OP_FILL && (call->args[2].kind != VALUE_NUMBER ||
                          c->plan->exprs.items[call->args[2].number].slots))
        return fill_value(c, call, var);
    var->kind = MATRIX_SOURCE;
    var->rule = (uint8_t)op_table[op].code;
    var->arg = build_real(c, op == OP_ZEROS ? 0 : 1);
    if (op == OP_FILL)
        var->arg = fixed_number(c, call->args[2], call->asts[2], NUMBER_REAL);
    if (var->arg == PLAN_NONE)
        return value_none();
    if (op == OP_SPD)
        var->properties = ALL_SPD;
    if (op == OP_EYE)
        var->properties =
            n ? IS_LOWER | IS_UPPER : ALL_DIAGONAL | ALL_SPD | IS_ORTHOGONAL;
    if (op == OP_RAND || op == OP_RANDN || op == OP_SPD)
        var->call = c->calls++;
    if ((named = named_arg(call, "seed")) != NULL) {
        var->seed = fixed_number(c, check_expr(c, named), named, NUMBER_INT);
        if (var->seed == PLAN_NONE)
            return value_none();
        if (c->plan->exprs.items[var->seed].slots) {
            refuse_size(c, var->seed, named->place, "a seed");
            return value_none();
        }
    }
    return value_node(node_var(c, var, call->ast->place));
}

/* Kernels by name keep their flags in the node's numbers: i side, j trans,
 * i_end upper, j_end unit. */
static struct value kernel_op(struct compiler *c, enum op op,
                              const struct call *call)
{
    static const char *const names[] = {"side", "trans", "upper", "unit", NULL};
    static const char *const none[] = {NULL}, *const trans[] = {"trans", NULL};
    struct node *args[6], *node;
    uint32_t k, flags[4] = {0, 0, 0, 0};
    uint32_t tiles = op == OP_COPY ? 2 : (uint32_t)op_table[op].args;
    int triangular = op == OP_TRSM || op == OP_TRMM;
    int reflects = op == OP_UNMQR || op == OP_TSMQR;

    if (!named_only(c, call, triangular ? names : reflects ? trans : none))
        return value_none();
    for (k = 0; k < call->named_count; k++) {
        const struct ast *named = call->named[k];
        struct value value = check_expr(c, named->items[0]);
        int truth = -1;
        if (!strcmp(named->name, "side") && value.kind == VALUE_TEXT)
            truth = !strcmp(value.text, "right")  ? 1
                    : !strcmp(value.text, "left") ? 0
                                                  : -1;
        else if (strcmp(named->name, "side") && value.kind == VALUE_NUMBER &&
                 c->plan->exprs.items[value.number].op == EXPR_TRUTH)
            truth = c->plan->exprs.items[value.number].value.integer != 0;
        if (truth < 0) {
            diag_add(c->diags, DIAG_argument, named->place,
                     !strcmp(named->name, "side")
                         ? "%s is \"left\" or \"right\""
                         : "%s is true or false",
                     named->name);
            return value_none();
        }
        flags[!strcmp(named->name, "side")    ? 0
              : !strcmp(named->name, "trans") ? 1
              : !strcmp(named->name, "upper") ? 2
                                              : 3] = (uint32_t)truth;
    }
    for (k = 0; k < tiles; k++) {
        args[k] = need_matrix(c, call->args[k], call->asts[k]);
        if (!args[k])
            return value_none();
        if (args[k]->kind != NODE_TILE) {
            diag_add(c->diags, DIAG_tile_wanted, call->asts[k]->place,
                     "%s works on tiles: write A[i,j]", op_table[op].name);
            return value_none();
        }
    }
    if (op == OP_COPY)
        for (k = 2; k < 8; k++)
            if (fixed_number(c, call->args[k], call->asts[k], NUMBER_INT) ==
                PLAN_NONE)
                return value_none();
    node = node_op(c, op, call->ast->place, args, tiles);
    if (!node)
        return value_none();
    for (k = 1; k < tiles && op != OP_LASWP && op != OP_UNMTR; k++)
        join_types(c, args[0], args[k], call->ast->place);
    if (op == OP_UNMTR &&
        type_join(c, type_real(c, args[0]->type), args[1]->type))
        diag_add(c->diags, DIAG_mixed_types, call->ast->place,
                 "unmtr wants a real second tile, of the type that belongs "
                 "to the first one's");
    node->i = flags[0];
    node->j = flags[1];
    node->i_end = flags[2];
    node->j_end = flags[3];
    if (triangular || op == OP_UNMTR) {
        node->shape = args[1]->shape;
        node->properties = 0;
    }
    if (op == OP_COPY) {
        node->args[2] = ARENA_NEW(c->arena, struct node);
        node->args[2]->i = call->args[2].number;
        node->args[2]->j = call->args[3].number;
        node->args[2]->i_end = call->args[4].number;
        node->args[2]->j_end = call->args[5].number;
        node->args[2]->number = call->args[6].number;
        node->args[2]->type = call->args[7].number;
    }
    return value_node(node);
}

/* "*" and "/" with a number or a 1 x 1 operand are entrywise. */
static enum op scalar_form(const struct compiler *c, enum op op,
                           struct node **args, uint32_t count)
{
    int scalar = 0;
    uint32_t k;

    for (k = 0; k < count; k++)
        scalar |= args[k] && node_is_scalar(c, args[k]);
    if (op == OP_MATMUL && scalar)
        return OP_TIMES;
    if (op == OP_DIVIDE && count == 2 && args[1] && node_is_scalar(c, args[1]))
        return OP_OVER;
    if (op == OP_RAISE && args[0] && node_is_scalar(c, args[0]))
        return OP_POWER;
    return op;
}

/* A ^ k: small powers as products, others by lib/mpower.tm. */
static struct value matrix_power(struct compiler *c, const struct call *call,
                                 struct node *a)
{
    uint32_t k = fixed_number(c, call->args[1], call->asts[1], NUMBER_INT), n;
    struct node *args[2], *result;
    struct value values[2];
    int64_t power;

    if (k == PLAN_NONE ||
        !require_equal(c, DIAG_not_square, call->ast->place, a->shape.rows,
                       a->shape.cols,
                       "^ needs a square matrix: %s is %e x %e; .^ is entry "
                       "by entry",
                       node_shown(c, a), a->shape.rows, a->shape.cols))
        return value_none();
    if (a->tile) {
        diag_add(c->diags, DIAG_tile_statement, call->ast->place,
                 "^ is of whole matrices; .^ is entry by entry");
        return value_none();
    }
    a = materialise(c, a, NULL);
    if (!build_constant(c, k, &power) || power < 1 || power > 3) {
        values[0] = value_node(a);
        values[1] = call->args[1];
        result = library_value(c, "mpower", call->ast, values, 2);
        if (result && result->kind == NODE_VAR)
            result->var->temporary = 1;
        return value_node(result);
    }
    for (result = a, n = 1; result && n < power; n++) {
        args[0] = result;
        args[1] = a;
        result = node_op(c, OP_MATMUL, call->ast->place, args, 2);
    }
    return value_node(result);
}

static struct value node_call(struct compiler *c, enum op op,
                              const struct call *call)
{
    struct node *args[6] = {NULL};
    static const char *const none[] = {NULL};
    uint32_t k;
    int tiles = 0;

    if (!named_only(c, call, none))
        return value_none();
    for (k = 0; k < call->count; k++) {
        args[k] = need_matrix(c, call->args[k], call->asts[k]);
        if (!args[k])
            return value_none();
        tiles |= is_tile_level(args[k]);
    }
    for (k = 0; tiles && k < call->count; k++)
        if (!args[k]->tile && !node_is_scalar(c, args[k])) {
            diag_add(c->diags, DIAG_tile_wanted, call->asts[k]->place,
                     "%s is a whole matrix and meets a tile: write %s[i,j]",
                     node_shown(c, args[k]), node_shown(c, args[k]));
            return value_none();
        }
    if (op == OP_SOLVE && call->count == 2 && !tiles &&
        node_is_scalar(c, args[0])) {
        struct node *divisor = args[0]; /* s \ B is B / s */
        args[0] = args[1];
        args[1] = divisor;
        op = OP_DIVIDE;
    }
    op = scalar_form(c, op, args, call->count);
    if (args[0]->type == PLAN_NONE && !tiles &&
        (op_table[op].kind == CLASS_LIBRARY ||
         op_table[op].kind == CLASS_REDUCE))
        args[0] = materialise(c, args[0], NULL); /* a number: give it a type */
    if (op == OP_RAISE)
        return matrix_power(c, call, args[0]);
    if (op_table[op].kind == CLASS_NUMBER) {
        diag_add(c->diags, DIAG_operand_type, call->ast->place,
                 "%s is of numbers that are known without data",
                 op_table[op].name);
        return value_none();
    }
    if (op == OP_GT || op == OP_GE) {
        struct node *t = args[0];
        args[0] = args[1];
        args[1] = t;
    }
    return value_node(node_op(c, op, call->ast->place, args, call->count));
}

/* The numbers of arguments that operations of this name take, as bits. */
static uint32_t op_arities(const char *name)
{
    uint32_t bits = 0;
    int k;

    for (k = 0; k < OP_COUNT; k++)
        if (op_table[k].args >= 0 && !strcmp(op_table[k].name, name))
            bits |= 1u << op_table[k].args;
    return bits;
}

/* "1", "1 or 2" */
static const char *arities(struct compiler *c, const char *name)
{
    uint32_t bits = op_arities(name), k;
    const char *text = NULL;

    for (k = 0; k < 32; k++)
        if (bits >> k & 1)
            text = text ? arena_printf(c->arena, "%s or %u", text, k)
                        : arena_printf(c->arena, "%u", k);
    return text ? text : "";
}

/* conj(x), real(x), imag(x), arg(x) of a bound number, which is real. */
static struct value real_parts(struct compiler *c, enum op op,
                               const struct call *call)
{
    uint32_t x = call->args[0].number, zero = build_int(c, 0);

    if (number_type(c, x) == NUMBER_BOOL) {
        diag_add(c->diags, DIAG_operand_type, call->ast->place,
                 "%s wants numbers, not true or false", op_table[op].name);
        return value_none();
    }
    if (op == OP_IMAG)
        x = zero;
    else if (op == OP_ARG || op == OP_ANGLE)
        x = build_if(c, build_op(c, EXPR_LT, x, zero, NULL),
                     build_real(c, 3.14159265358979323846), build_real(c, 0));
    return value_number(x, call->ast->place);
}

/* Texts that are known: equal or not, and never equal to a number. */
static struct value compare_text(struct compiler *c, enum op op,
                                 const struct call *call)
{
    const struct value *a = &call->args[0], *b = &call->args[1];
    int both = a->kind == VALUE_TEXT && b->kind == VALUE_TEXT, k;

    for (k = 0; k < 2; k++)
        if ((call->args[k].kind != VALUE_TEXT &&
             call->args[k].kind != VALUE_NUMBER) ||
            (call->args[k].kind == VALUE_TEXT &&
             call->args[k].param != PLAN_NONE)) {
            diag_add(c->diags, DIAG_operand_type, call->asts[k]->place,
                     "a text is compared with texts and numbers that are "
                     "known to the compiler");
            return value_none();
        }
    return value_number(
        build_truth(c, (both && !strcmp(a->text, b->text)) == (op == OP_EQ)),
        call->ast->place);
}

static struct value apply_op(struct compiler *c, enum op op,
                             const struct call *call)
{
    const struct op_info *info = &op_table[op];
    uint32_t k, numbers = 0;

    if (op == OP_RETILE && call->count == 2) { /* square tiles */
        struct call square = *call;
        square.args[2] = call->args[1];
        square.asts[2] = call->asts[1];
        square.count = 3;
        return apply_op(c, op, &square);
    }
    if (info->args >= 0 && (uint32_t)info->args != call->count &&
        !(op == OP_EYE && call->count == 2)) {
        diag_add(c->diags, DIAG_argument, call->ast->place,
                 "%s takes %s argument%s, not %u", info->name,
                 arities(c, info->name), op_arities(info->name) == 2 ? "" : "s",
                 call->count);
        if (info->kind == CLASS_SOURCE && info->args == 2 && call->count == 1)
            diag_note(c->diags, (struct place){0}, "write %s(n, n)",
                      info->name);
        return value_none();
    }
    for (k = 0; k < call->count; k++) {
        if (call->args[k].kind == VALUE_NONE)
            return value_none();
        numbers += call->args[k].kind == VALUE_NUMBER;
    }
    if ((op == OP_EQ || op == OP_NE) &&
        (call->args[0].kind == VALUE_TEXT || call->args[1].kind == VALUE_TEXT))
        return compare_text(c, op, call);
    switch (info->kind) {
    case CLASS_SHAPE: return shape_op(c, op, call);
    case CLASS_SOURCE: return source_op(c, op, call);
    case CLASS_KERNEL: return kernel_op(c, op, call);
    case CLASS_EFFECT:
        diag_add(c->diags, DIAG_no_result, call->ast->place, "%s has no result",
                 info->name);
        return value_none();
    default: break;
    }
    if (numbers == call->count && call->count <= 2) {
        if (op == OP_TRANSPOSE || op == OP_FLIP || info->kind == CLASS_REDUCE)
            return op == OP_NORM ? apply_numbers(c, OP_ABS, call->ast,
                                                 call->args[0].number,
                                                 call->args[0].number)
                                 : call->args[0];
        if (op == OP_CONJ || op == OP_REAL || op == OP_IMAG || op == OP_ARG ||
            op == OP_ANGLE)
            return real_parts(c, op, call);
        if (number_op(op))
            return apply_numbers(c, op, call->ast, call->args[0].number,
                                 call->args[call->count - 1].number);
    }
    if (op == OP_SOLVE && call->args[0].kind == VALUE_NUMBER) {
        struct call swapped = *call;
        swapped.args[0] = call->args[1];
        swapped.asts[0] = call->asts[1];
        swapped.args[1] = call->args[0];
        swapped.asts[1] = call->asts[0];
        return node_call(c, OP_DIVIDE, &swapped);
    }
    return node_call(c, op, call);
}

struct value op_value(struct compiler *c, enum op op, const struct ast *ast,
                      const struct value *args)
{
    struct call call = {.ast = ast, .count = ast->count};
    uint32_t k;

    for (k = 0; k < ast->count; k++) {
        call.args[k] = args[k];
        call.asts[k] = ast->items[k];
    }
    return apply_op(c, op, &call);
}

static int call_args(struct compiler *c, const struct ast *ast,
                     struct call *call)
{
    uint32_t k;
    int good = 1;

    memset(call, 0, sizeof *call);
    call->ast = ast;
    for (k = 0; k < ast->count; k++) {
        const struct ast *arg = ast->items[k];
        if (arg->kind == AST_NAMED && call->named_count < 8) {
            call->named[call->named_count++] = arg;
            continue;
        }
        if (call->count == 8 || arg->kind == AST_NAMED || call->named_count) {
            diag_add(c->diags, DIAG_argument, arg->place,
                     call->count == 8 || arg->kind == AST_NAMED
                         ? "too many arguments"
                         : "arguments by name come last");
            return 0;
        }
        if (arg->kind == AST_ALL) {
            diag_add(c->diags, DIAG_argument, arg->place,
                     "':' stands for all rows or columns of a matrix, and "
                     "%s is a function",
                     ast->name);
            return 0;
        }
        call->asts[call->count] = arg;
        call->args[call->count] = check_expr(c, arg);
        good &= call->args[call->count++].kind != VALUE_NONE;
    }
    return good;
}

static struct value user_call(struct compiler *c, struct function *f,
                              const struct ast *ast)
{
    struct value result = value_none(), args[8];
    const char *names[8];
    uint32_t k, count = 0;
    int bad = 0;

    for (k = 0; k < ast->count; k++) {
        const struct ast *arg = ast->items[k];
        if (count == 8) {
            diag_add(c->diags, DIAG_argument, arg->place, "too many arguments");
            return value_none();
        }
        names[count] = arg->kind == AST_NAMED ? arg->name : NULL;
        args[count] =
            check_expr(c, arg->kind == AST_NAMED ? arg->items[0] : arg);
        bad |= args[count++].kind == VALUE_NONE;
    }
    if (f->column && count && args[0].kind == VALUE_NODE &&
        build_is(c, args[0].node->shape.rows, 1))
        args[0].node =
            node_op(c, OP_TRANSPOSE, args[0].place, &args[0].node, 1);
    if (bad || !check_call(c, f, ast, args, names, count, &result, 1))
        return value_none();
    return result;
}

static struct part text_part(const char *text)
{
    return (struct part){
        {.kind = VALUE_TEXT, .param = PLAN_NONE, .text = text}};
}

/* A(i) of a matrix. */
void one_index(struct compiler *c, const struct ast *ast, struct shape shape)
{
    diag_add(c->diags, DIAG_argument, ast->place,
             "one index is for row and column vectors; %s is %s", ast->name,
             shape_show(c, shape));
    if (ast->items[0]->kind == AST_ALL)
        diag_note(c->diags, (struct place){0},
                  "all entries in a column are reshape(%s, numel(%s), 1)",
                  ast->name, ast->name);
    else
        diag_note(c->diags, (struct place){0},
                  "%s(i, :) is a row, %s(:, j) a column", ast->name, ast->name);
}

/* Habits of those who count from 1 or from the end. */
void note_outside(struct compiler *c, uint32_t index, uint32_t size,
                  const char *name, int cols)
{
    int64_t value;

    if (index == size)
        diag_note(c->diags, (struct place){0},
                  "%ss count from 0: the last one is %s(%s) - 1",
                  cols ? "column" : "row", cols ? "cols" : "rows", name);
    else if (build_constant(c, index, &value) && value < 0)
        diag_note(c->diags, (struct place){0},
                  "from the end it is %s(%s) - %lld", cols ? "cols" : "rows",
                  name, -(long long)value);
}

/* Is 0 <= index < size?  An error now, or an assert of the plan. */
static int element_exists(struct compiler *c, const struct ast *ast,
                          struct shape shape, const uint32_t *index)
{
    uint32_t sizes[2] = {shape.rows, shape.cols}, test, k;
    static const char *const what[] = {"row", "column"};
    struct part *parts;
    struct step *step;

    for (k = 0; k < 2; k++) {
        test = build_op(c, EXPR_AND,
                        build_op(c, EXPR_LE, build_int(c, 0), index[k], NULL),
                        build_op(c, EXPR_LT, index[k], sizes[k], NULL), NULL);
        if (c->plan->exprs.items[test].op == EXPR_TRUTH) {
            if (c->plan->exprs.items[test].value.integer)
                continue;
            diag_add(c->diags, DIAG_shapes, ast->place,
                     "%s is %s and has no %s %s; the first is 0", ast->name,
                     shape_show(c, shape), what[k], build_show(c, index[k]));
            note_outside(c, index[k], k ? shape.cols : shape.rows, ast->name,
                         k);
            return 0;
        }
        parts = arena_array(c->arena, 7, sizeof *parts);
        parts[0] = text_part(arena_printf(c->arena, "%s is", ast->name));
        parts[1].value = value_number(sizes[0], ast->place);
        parts[2] = text_part("x");
        parts[3].value = value_number(sizes[1], ast->place);
        parts[4] = text_part(arena_printf(c->arena, "and has no %s", what[k]));
        parts[5].value = value_number(index[k], ast->place);
        step = step_new(c, STEP_ASSERT, ast->place);
        step->number = test;
        step->parts = parts;
        step->part_count = 6;
    }
    return 1;
}

/* An entry of a written-out matrix at a known place is a known number. */
static int entry_known(struct compiler *c, struct node *matrix,
                       const uint32_t *index, uint32_t *number)
{
    struct value value = value_node(matrix);
    int64_t i, j, cols;
    double x;

    if (!is_written_out(&value) || !build_constant(c, index[0], &i) ||
        !build_constant(c, index[1], &j) ||
        !build_constant(c, matrix->shape.cols, &cols))
        return 0;
    x = c->plan->constants.items[matrix->var->arg + (uint32_t)(i * cols + j)];
    *number = x == floor(x) && fabs(x) < 9e15 && !(x == 0 && signbit(x))
                  ? build_int(c, (int64_t)x)
                  : build_real(c, x);
    return 1;
}

/* A(i, j), v(k): a computed number, copied out of its tile. */
struct value element(struct compiler *c, const struct ast *ast,
                     struct value base)
{
    struct node *matrix = base.node, *tile, *target, *copy, *where;
    struct shape shape = scalar_shape(c);
    uint32_t index[2], zero = build_int(c, 0), one = build_int(c, 1), k;
    uint32_t edges[2], entry;
    struct step *step;
    struct var *var;
    int turned = base.kind == VALUE_NODE && is_turned(matrix);
    int flip = turned && matrix->op != OP_CONJ;
    int conj = turned && matrix->op != OP_FLIP;

    if (turned)
        matrix = matrix->args[0];
    if (base.kind != VALUE_NODE || matrix->kind != NODE_VAR || ast->count < 1 ||
        ast->count > 2) {
        diag_add(c->diags, DIAG_argument, ast->place,
                 "an element has a row and a column, and only matrices have "
                 "elements: A(i, j)");
        return value_none();
    }
    for (k = 0; k < ast->count; k++)
        if (ast->items[k]->kind == AST_ALL ||
            (ast->items[k]->kind == AST_CALL &&
             !strcmp(ast->items[k]->name, "..")))
            return slice_value(c, ast, base);
    index[0] = index[1] = zero;
    for (k = 0; k < ast->count; k++) {
        index[k] = check_whole(c, ast->items[k]);
        if (index[k] == PLAN_NONE)
            return value_none();
    }
    if (ast->count == 1 && build_is(c, base.node->shape.rows, 1)) {
        index[1] = index[0]; /* of a row vector */
        index[0] = zero;
    } else if (ast->count == 1 && !build_is(c, base.node->shape.cols, 1)) {
        one_index(c, ast, base.node->shape);
        return value_none();
    }
    if (!element_exists(c, ast, base.node->shape, index))
        return value_none();
    if (flip) {
        uint32_t t = index[0];
        index[0] = index[1];
        index[1] = t;
    }
    if (entry_known(c, matrix, index, &entry))
        return value_number(entry, ast->place);
    edges[0] = matrix->shape.tile_rows;
    edges[1] = matrix->shape.tile_cols;
    tile = ARENA_NEW(c->arena, struct node);
    *tile = *matrix;
    tile->kind = NODE_TILE;
    tile->tile = 1;
    tile->i = build_op(c, EXPR_FLOOR_DIV, index[0], edges[0], NULL);
    tile->j = build_op(c, EXPR_FLOOR_DIV, index[1], edges[1], NULL);
    var = var_new(c, "element", shape, matrix->type, ast->place);
    var->temporary = var->assigned = 1;
    target = node_var(c, var, ast->place);
    *(where = ARENA_NEW(c->arena, struct node)) =
        (struct node){.i = zero,
                      .j = zero,
                      .i_end = build_op(c, EXPR_MOD, index[0], edges[0], NULL),
                      .j_end = build_op(c, EXPR_MOD, index[1], edges[1], NULL),
                      .number = one,
                      .type = one};
    *(copy = ARENA_NEW(c->arena, struct node)) =
        (struct node){.kind = NODE_OP,
                      .op = OP_COPY,
                      .tile = 1,
                      .count = 2,
                      .type = matrix->type,
                      .shape = shape,
                      .place = ast->place};
    step = step_new(c, STEP_TILE, ast->place);
    step->op = '=';
    step->target = ARENA_NEW(c->arena, struct node);
    *step->target = *target;
    step->target->kind = NODE_TILE;
    step->target->tile = 1;
    step->target->i = step->target->j = zero;
    copy->args[0] = step->target;
    copy->args[1] = tile;
    copy->args[2] = where;
    step->node = copy;
    return value_node(conj ? node_op(c, OP_CONJ, ast->place, &target, 1)
                           : target);
}

/* A product of matrices: inv(A) * b and b * inv(A) are told at once, names
 * that are inverses in the end (unused.c). */
static void look_at_product(struct compiler *c, const struct ast *ast)
{
    uint32_t k;

    for (k = 0; k < 2; k++)
        if (ast->items[k]->kind == AST_NAME) {
            vec_push(c->arena, &c->products, ast);
            break;
        }
    for (k = 0; k < 2; k++)
        if (calls_inverse(c, ast->items[k])) {
            diag_add(c->diags, DIAG_inverse, ast->place,
                     "%s is more work and less accurate than %s",
                     k ? "b * inv(A)" : "inv(A) * b", k ? "b / A" : "A \\ b");
            return;
        }
}

struct value call_value(struct compiler *c, const struct ast *ast)
{
    struct name *name = name_find(c, ast->name);
    struct function *f = NULL;
    struct value value;
    struct call call;
    int op;

    if (name && name->value.kind != VALUE_NONE) {
        name->used = 1;
        return element(c, ast, name->value);
    }
    if (name && name->value.maybe == 2)
        return value_none(); /* one message is enough */
    if (!strcmp(ast->name, "..")) {
        return range_value(c, ast);
    }
    f = function_form(c, ast->name, 1, ast->count);
    if (f)
        return user_call(c, f, ast);
    op = op_find(ast->name, ast->count);
    if (op < 0 || (ast->name[0] >= 'a' && ast->name[0] <= 'z'))
        f = op < 0 || !c->frame->function || !c->frame->function->library
                ? function_find(c, ast->name)
                : NULL;
    if (f && (op < 0 || !f->library))
        return user_call(c, f, ast);
    if (op < 0) {
        diag_add(c->diags, DIAG_unknown_function,
                 ast->at.source ? ast->at : ast->place,
                 "there is no function %s", ast->name);
        note_unknown(c, ast->name);
        return value_none();
    }
    if (!call_args(c, ast, &call))
        return value_none();
    if (op_table[op].args >= 0 && (uint32_t)op_table[op].args != call.count)
        op = op_find(ast->name, call.count);
    value = apply_op(c, (enum op)op, &call);
    if (op == OP_MATMUL && value.kind == VALUE_NODE &&
        value.node->kind == NODE_OP && value.node->op == OP_MATMUL)
        look_at_product(c, ast);
    return value;
}
