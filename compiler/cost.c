/* What trees cost: operations and bytes, as expressions of the plan (reals),
 * and trees as text.
 *
 * Counted as in textbooks: a product of m x k and k x n is 2 m n k, half of
 * that where a triangle or symmetry halves it.  Bytes are those of whole
 * matrices read and written, of eight bytes an entry; an entrywise tree is
 * one pass. */
#include "compiler/optimise.h"

#include "compiler/check.h"
#include "plan/expr.h"

#include <math.h>
#include <stdlib.h>

/* ---- expressions --------------------------------------------------------- */

static uint32_t real(struct optimiser *o, double x)
{
    return build_real(o->c, x);
}

static uint32_t times(struct optimiser *o, uint32_t a, uint32_t b)
{
    struct compiler *c = o->c;
    const struct plan_expr *x, *y;

    a = build_op(c, EXPR_TO_REAL, a, 0, NULL);
    b = build_op(c, EXPR_TO_REAL, b, 0, NULL);
    x = &c->plan->exprs.items[a];
    y = &c->plan->exprs.items[b];
    if ((x->op == EXPR_REAL && x->value.real == 1) ||
        (y->op == EXPR_REAL && y->value.real == 0))
        return b;
    if ((y->op == EXPR_REAL && y->value.real == 1) ||
        (x->op == EXPR_REAL && x->value.real == 0))
        return a;
    return build_op(c, EXPR_MUL, a, b, NULL);
}

uint32_t cost_add(struct optimiser *o, uint32_t a, uint32_t b)
{
    struct compiler *c = o->c;
    const struct plan_expr *x = &c->plan->exprs.items[a];
    const struct plan_expr *y = &c->plan->exprs.items[b];

    if (x->op == EXPR_REAL && x->value.real == 0)
        return b;
    if (y->op == EXPR_REAL && y->value.real == 0)
        return a;
    return build_op(c, EXPR_ADD, a, b, NULL);
}

uint32_t cost_product(struct optimiser *o, uint32_t m, uint32_t n, uint32_t k,
                      double factor)
{
    return times(o, real(o, factor), times(o, m, times(o, n, k)));
}

static uint32_t entries(struct optimiser *o, const struct node *node)
{
    return times(o, node->shape.rows, node->shape.cols);
}

/* ---- operations ------------------------------------------------------------
 */

static uint32_t product_flops(struct optimiser *o, const struct node *node)
{
    const struct node *a = node->args[0], *b = node->args[1];
    uint8_t triangles = IS_LOWER | IS_UPPER;
    double factor = 2;

    if ((a->properties & IS_DIAGONAL) || (b->properties & IS_DIAGONAL))
        return entries(o, node);
    if (is_transposed(a, b) || is_mirrored(node) ||
        (a->properties & triangles) ||
        (b->properties & triangles))
        factor = 1;
    return cost_product(o, a->shape.rows, b->shape.cols, a->shape.cols, factor);
}

static uint32_t solve_flops(struct optimiser *o, const struct node *a,
                            uint32_t r)
{
    uint32_t m = a->shape.rows, n = a->shape.cols;
    uint8_t p = a->properties;

    if (p & IS_DIAGONAL)
        return times(o, n, r);
    if (p & (IS_LOWER | IS_UPPER))
        return cost_product(o, n, n, r, 1);
    if (m != n) /* least squares */
        return cost_add(o, cost_product(o, m, n, n, 2),
                        cost_product(o, m, n, r, 4));
    return cost_add(
        o, cost_product(o, n, n, n, p & (IS_SPD | IS_PSD) ? 1. / 3 : 2. / 3),
        cost_product(o, n, n, r, 2));
}

/* Of the operation alone, not of its arguments. */
static uint32_t own_flops(struct optimiser *o, const struct node *node)
{
    const struct node *a = node->args[0];
    uint32_t n = a->shape.rows;

    switch (node->op) {
    case OP_TRANSPOSE:
    case OP_RETILE:
    case OP_TRIL:
    case OP_TRIU:
    case OP_DIAG: return real(o, 0);
    case OP_MATMUL: return product_flops(o, node);
    case OP_SOLVE: return solve_flops(o, a, node->args[1]->shape.cols);
    case OP_DIVIDE: return solve_flops(o, node->args[1], a->shape.rows);
    case OP_CHOL: return cost_product(o, n, n, n, 1. / 3);
    case OP_INV: return cost_product(o, n, n, n, 8. / 3);
    case OP_DET: return cost_product(o, n, n, n, 2. / 3);
    case OP_TRACE: return times(o, n, real(o, 1));
    default:
        return op_table[node->op].kind == CLASS_EWISE ? entries(o, node)
                                                      : entries(o, a);
    }
}

uint32_t cost_flops(struct optimiser *o, const struct node *node)
{
    uint32_t sum, k;

    if (node->kind != NODE_OP || node->tile)
        return real(o, 0);
    sum = own_flops(o, node);
    k = node->op == OP_SOLVE && is_transpose(node->args[0]) &&
        node->args[1]->kind == NODE_OP && node->args[1]->op == OP_SOLVE &&
        node->args[1]->args[0] == node->args[0]->args[0]; /* L' \\ (L \\ B) */
    for (; k < node->count; k++)
        sum = cost_add(o, sum, cost_flops(o, node->args[k]));
    return sum;
}

/* Entries that are read for the leaves of an entrywise tree, and what making
 * them costs. */
static uint32_t leaves_bytes(struct optimiser *o, const struct node *node)
{
    uint32_t sum = real(o, 0), k;

    if (node->kind == NODE_NUMBER)
        return sum;
    if (is_ewise(node)) {
        for (k = 0; k < node->count; k++)
            sum = cost_add(o, sum, leaves_bytes(o, node->args[k]));
        return sum;
    }
    if (is_transpose(node) && node->args[0]->kind != NODE_OP)
        node = node->args[0];
    sum = cost_product(o, node->shape.rows, node->shape.cols,
                       build_int(o->c, 1), 8);
    return cost_add(o, sum, cost_bytes(o, node));
}

uint32_t cost_bytes(struct optimiser *o, const struct node *node)
{
    uint32_t sum, k;

    if (node->kind != NODE_OP || node->tile)
        return real(o, 0);
    if (is_transpose(node))
        return cost_bytes(o, node->args[0]);
    sum = cost_product(o, node->shape.rows, node->shape.cols,
                       build_int(o->c, 1), 8);
    for (k = 0; k < node->count; k++)
        sum = cost_add(o, sum, leaves_bytes(o, node->args[k]));
    return sum;
}

/* ---- at invented sizes ------------------------------------------------------
 */

/* 8 .. 2^17, evenly by their logarithm; the same for the same leaf. */
static double invented(uint32_t leaf, uint32_t sample)
{
    uint64_t h = ((uint64_t)leaf << 32) + sample * 2654435761u + 1;

    h = (h ^ h >> 31) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 27) * 0x94d049bb133111ebu;
    h ^= h >> 31;
    return floor(exp2(3 + 14 * ((double)(h >> 11) * 0x1p-53)));
}

static double leaf_at(struct optimiser *o, uint32_t expr, uint32_t sample)
{
    const struct plan_expr *x = &o->c->plan->exprs.items[expr];
    const struct plan_param *param;

    switch (x->op) {
    case EXPR_INT:
    case EXPR_TRUTH: return (double)x->value.integer;
    case EXPR_REAL: return x->value.real;
    case EXPR_TILE_ROWS:
    case EXPR_TILE_COLS: return 256;
    case EXPR_INPUT_COMPLEX: return 0;
    case EXPR_PARAM:
        param = &o->c->plan->params.items[x->value.integer];
        if (sample % 4 == 0 && param->value != PLAN_NONE &&
            param->type != NUMBER_TEXT)
            return cost_at(o, param->value, sample);
        break;
    default: break;
    }
    return invented(expr, sample);
}

double cost_at(struct optimiser *o, uint32_t expr, uint32_t sample)
{
    const struct plan_expr *x = &o->c->plan->exprs.items[expr];
    uint32_t arity = expr_table[x->op].arity, k;
    union plan_value args[3] = {{0}, {0}, {0}}, result = {0};
    const char *fault;
    uint8_t type;

    if (!arity)
        return leaf_at(o, expr, sample);
    type = o->c->plan->exprs.items[x->args[arity == 3]].type;
    for (k = 0; k < arity; k++) {
        const struct plan_expr *a = &o->c->plan->exprs.items[x->args[k]];
        double value = cost_at(o, x->args[k], sample);
        if (a->type == NUMBER_REAL)
            args[k].real = value;
        else
            args[k].integer = fabs(value) < 9e18 ? (int64_t)value : 0;
    }
    if (expr_apply(x->op, x->type, args, type, &result, &fault))
        return 0;
    return x->type == NUMBER_REAL ? result.real : (double)result.integer;
}

/* ---- texts
 * --------------------------------------------------------------------
 */

enum { TEXT_DEPTH = 12 };

static int binding(const struct node *node)
{
    if (node->kind == NODE_NUMBER || node->kind != NODE_OP)
        return 9;
    switch (node->op) {
    case OP_OR: return 1;
    case OP_AND: return 2;
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_NE:
    case OP_GT:
    case OP_GE: return 3;
    case OP_ADD:
    case OP_SUB: return 4;
    case OP_MATMUL:
    case OP_DIVIDE:
    case OP_SOLVE:
    case OP_TIMES:
    case OP_OVER: return 5;
    case OP_NEGATE:
    case OP_NOT: return 6;
    case OP_POWER:
    case OP_RAISE: return 7;
    case OP_FLIP:
    case OP_TRANSPOSE: return 8;
    default: return 9;
    }
}

static void text_of(FILE *out, struct compiler *c, const struct node *node,
                    int above, int depth)
{
    int own = binding(node);
    uint32_t k;

    if (depth == TEXT_DEPTH) {
        fputs("...", out);
        return;
    }
    if (node->kind == NODE_NUMBER) {
        plan_print_expr(out, c->plan, node->number);
        return;
    }
    if (node->kind != NODE_OP) {
        const struct var *v = var_root(node->var);
        if (!v->temporary || v->kind == MATRIX_TEMP)
            fputs(v->name, out);
        else
            fputs(node_shown(c, node), out);
        return;
    }
    if (own < above)
        fputc('(', out);
    if (own == 9 || node->count > 2) {
        fprintf(out, "%s(", op_table[node->op].name);
        for (k = 0; k < node->count; k++) {
            fputs(k ? ", " : "", out);
            text_of(out, c, node->args[k], 0, depth + 1);
        }
        fputc(')', out);
    } else if (own == 6) {
        fputs(op_table[node->op].name, out);
        text_of(out, c, node->args[0], own, depth + 1);
    } else if (own == 8) {
        text_of(out, c, node->args[0], own, depth + 1);
        fputs(op_table[node->op].name, out);
    } else {
        int scalar = node->op == OP_TIMES || node->op == OP_OVER;
        const char *name = op_table[node->op].name;
        scalar = scalar && (shape_is_scalar(c, node->args[0]->shape) ||
                            shape_is_scalar(c, node->args[1]->shape));
        if (node->op == OP_OVER && !shape_is_scalar(c, node->args[1]->shape))
            scalar = 0;
        text_of(out, c, node->args[0], own, depth + 1);
        fprintf(out, own == 7 || node->op == OP_MATMUL ? "%s" : " %s ",
                scalar ? (node->op == OP_TIMES ? "*" : "/") : name);
        text_of(out, c, node->args[1], own + (own < 7), depth + 1);
    }
    if (own < above)
        fputc(')', out);
}

const char *node_text(struct compiler *c, const struct node *node)
{
    char *text = NULL;
    const char *kept;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        longjmp(c->arena->failed, 1);
    text_of(out, c, node, 0, 0);
    fclose(out);
    kept = arena_text(c->arena, text, size > 200 ? 200 : size);
    free(text);
    return kept;
}
