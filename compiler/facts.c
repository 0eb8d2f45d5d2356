/* What follows for the result of an operation from what is known of its
 * arguments: triangles, symmetry, definiteness.
 *
 * Everything here follows from the expression and from what the script
 * declares, never from data.  What hangs on the sign of a bound number
 * (lam * eye(n)) holds under a test that is decided at binding.  "Symmetric"
 * is Hermitian where numbers are complex. */
#include "compiler/model.h"

struct facts node_facts(const struct node *node)
{
    return (struct facts){node->properties, node->maybe,
                          node->maybe ? node->test : PLAN_NONE};
}

void node_set_facts(struct node *node, struct facts facts)
{
    node->properties = facts.properties;
    node->maybe = facts.maybe & (uint8_t)~facts.properties;
    node->test = facts.test;
}

struct facts facts_meet(struct facts a, struct facts b)
{
    struct facts f = {a.properties & b.properties, 0, PLAN_NONE};
    uint8_t both = (a.properties | a.maybe) & (b.properties | b.maybe) &
                   (uint8_t)~f.properties;

    if (!both)
        return f;
    /* one test only: that of the side which needs one */
    if ((a.maybe & both) && (b.maybe & both) && a.test != b.test)
        return f;
    f.maybe = both;
    f.test = a.maybe & both ? a.test : b.test;
    return f;
}

int is_transposed(const struct node *a, const struct node *b)
{
    if (b->kind == NODE_OP && b->op == OP_TRANSPOSE) {
        const struct node *t = a;
        a = b;
        b = t;
    }
    return a->kind == NODE_OP && a->op == OP_TRANSPOSE &&
           a->args[0]->kind == NODE_VAR && b->kind == NODE_VAR &&
           var_root(a->args[0]->var) == var_root(b->var);
}

/* ---- signs of bound numbers ------------------------------------------- */

enum sign { SIGN_ANY, SIGN_NOT_NEGATIVE, SIGN_POSITIVE };

static enum sign sign_product(enum sign a, enum sign b)
{
    return a < b ? a : b;
}

static enum sign sign_of(const struct compiler *c, uint32_t expr)
{
    const struct plan_expr *x = &c->plan->exprs.items[expr];
    enum sign a, b;

    switch (x->op) {
    case EXPR_INT:
        return x->value.integer > 0    ? SIGN_POSITIVE
               : x->value.integer == 0 ? SIGN_NOT_NEGATIVE
                                       : SIGN_ANY;
    case EXPR_REAL:
        return x->value.real > 0    ? SIGN_POSITIVE
               : x->value.real == 0 ? SIGN_NOT_NEGATIVE
                                    : SIGN_ANY;
    case EXPR_INPUT_ROWS:
    case EXPR_INPUT_COLS: return SIGN_NOT_NEGATIVE;
    case EXPR_TILE_ROWS:
    case EXPR_TILE_COLS: return SIGN_POSITIVE;
    case EXPR_EXP: return SIGN_POSITIVE;
    case EXPR_SQRT:
    case EXPR_TO_REAL: return sign_of(c, x->args[0]);
    case EXPR_ABS:
        return sign_of(c, x->args[0]) == SIGN_POSITIVE ? SIGN_POSITIVE
                                                       : SIGN_NOT_NEGATIVE;
    case EXPR_ADD:
        a = sign_of(c, x->args[0]);
        b = sign_of(c, x->args[1]);
        return a == SIGN_ANY || b == SIGN_ANY ? SIGN_ANY : a > b ? a : b;
    case EXPR_MUL:
        if (x->args[0] == x->args[1])
            return sign_of(c, x->args[0]) == SIGN_POSITIVE ? SIGN_POSITIVE
                                                           : SIGN_NOT_NEGATIVE;
        return sign_product(sign_of(c, x->args[0]), sign_of(c, x->args[1]));
    case EXPR_DIV:
        return sign_product(sign_of(c, x->args[0]), sign_of(c, x->args[1]));
    case EXPR_POW:
    case EXPR_POWR: {
        int64_t k = 1;
        const struct plan_expr *e = &c->plan->exprs.items[x->args[1]];
        a = sign_of(c, x->args[0]);
        if (a == SIGN_POSITIVE)
            return a;
        if (e->op == EXPR_INT)
            k = e->value.integer;
        else if (e->op == EXPR_REAL && e->value.real == 2)
            k = 2;
        return k > 0 && k % 2 == 0 ? SIGN_NOT_NEGATIVE : SIGN_ANY;
    }
    default: return SIGN_ANY;
    }
}

/* ---- entry by entry ----------------------------------------------------- */

/* f(0) = 0 */
static int keeps_zero(enum op op)
{
    switch (op) {
    case OP_NEGATE:
    case OP_ABS:
    case OP_SQRT:
    case OP_SIN:
    case OP_TANH:
    case OP_FLOOR:
    case OP_CEIL:
    case OP_ROUND:
    case OP_SIGN: return 1;
    default: return 0;
    }
}

enum { TRIANGLES = IS_LOWER | IS_UPPER | IS_DIAGONAL };

static int is_square(const struct node *a)
{
    return a->shape.rows == a->shape.cols;
}

static int is_real(const struct compiler *c, const struct node *a)
{
    return a->kind == NODE_NUMBER || type_only(c, a->type) == ONLY_REAL;
}

/* A scaled by a number: all but definiteness, which hangs on its sign. */
static struct facts scaled(struct compiler *c, const struct node *a,
                           const struct node *factor, int inverse)
{
    struct facts f = {0, 0, PLAN_NONE};
    uint8_t known = a->properties, definite = known & (IS_SPD | IS_PSD);
    uint32_t zero, number;
    enum sign sign;

    f.properties = known & (TRIANGLES | IS_SYMMETRIC | IS_SPARSE);
    if (!is_real(c, factor))
        f.properties &= (uint8_t)~IS_SYMMETRIC;
    if (factor->kind != NODE_NUMBER ||
        number_type(c, factor->number) == NUMBER_BOOL)
        return f;
    number = factor->number;
    sign = sign_of(c, number);
    if (sign == SIGN_POSITIVE || (inverse && sign == SIGN_NOT_NEGATIVE)) {
        f.properties |= definite;
        f.maybe = a->maybe;
        f.test = a->test;
        return f;
    }
    if (sign == SIGN_NOT_NEGATIVE && (definite & IS_PSD))
        f.properties |= IS_PSD;
    if (definite && !c->plan->exprs.items[number].slots &&
        !(c->plan->exprs.items[number].op <= EXPR_TRUTH)) {
        zero = number_type(c, number) == NUMBER_INT ? build_int(c, 0)
                                                    : build_real(c, 0);
        f.maybe = definite;
        f.test = build_op(c, EXPR_LT, zero, number, NULL);
    }
    return f;
}

/* Both conditions of two facts; maybe of the sum of what is definite. */
static struct facts added(struct compiler *c, const struct node *a,
                          const struct node *b)
{
    struct facts f = {0, 0, PLAN_NONE};
    uint8_t x = a->properties | a->maybe, y = b->properties | b->maybe;
    uint8_t both = a->properties & b->properties;

    f.properties = both & (TRIANGLES | IS_SYMMETRIC | IS_PSD);
    if ((both & IS_PSD) && ((a->properties | b->properties) & IS_SPD))
        f.properties |= IS_SPD;
    if (!(x & y & IS_PSD) || (f.properties & IS_SPD) || !((x | y) & IS_SPD) ||
        !(both & IS_SYMMETRIC))
        return f;
    f.maybe = IS_SPD | IS_PSD;
    f.test = !a->maybe   ? b->test
             : !b->maybe ? a->test
                         : build_op(c, EXPR_AND, a->test, b->test, NULL);
    return f;
}

int keeps_conjugates(const struct compiler *c, const struct node *node)
{
    switch (node->op) {
    case OP_COMPLEX: return 0;
    case OP_IMAG:
    case OP_ARG:
    case OP_ANGLE:
    case OP_SQRT: /* the roots of what is negative on a diagonal are not real */
    case OP_LOG:
    case OP_LOG2:
    case OP_POWER: return is_real(c, node->args[0]);
    default: return 1;
    }
}

static struct facts entrywise(struct compiler *c, const struct node *node)
{
    struct facts f = {0, 0, PLAN_NONE};
    const struct node *a = node->args[0],
                      *b = node->count > 1 ? node->args[1] : a;
    int sa = shape_is_scalar(c, a->shape), sb = shape_is_scalar(c, b->shape);
    uint8_t same;

    if (shape_is_scalar(c, node->shape))
        return f;
    if (node->count == 1) {
        if (keeps_conjugates(c, node))
            f.properties = a->properties & IS_SYMMETRIC;
        if (keeps_zero(node->op))
            f.properties |= a->properties & TRIANGLES;
        return f;
    }
    switch (node->op) {
    case OP_TIMES:
        if (sa || sb)
            return scaled(c, sa ? b : a, sa ? a : b, 0);
        if (a->shape.rows != b->shape.rows || a->shape.cols != b->shape.cols)
            return f; /* a row or column is repeated */
        same = a->properties & b->properties & (IS_SYMMETRIC | IS_PSD);
        f.properties = same | ((a->properties | b->properties) & TRIANGLES);
        return f;
    case OP_OVER:
        if (sb)
            return scaled(c, a, b, 1);
        return f;
    case OP_ADD:
        if (!sa && !sb && a->shape.rows == b->shape.rows &&
            a->shape.cols == b->shape.cols)
            return added(c, a, b);
        break;
    case OP_SUB:
        if (!sa && !sb && a->shape.rows == b->shape.rows &&
            a->shape.cols == b->shape.cols) {
            f.properties =
                a->properties & b->properties & (TRIANGLES | IS_SYMMETRIC);
            return f;
        }
        break;
    default: break;
    }
    /* a number with a symmetric one; a complex one is not its conjugate */
    if (node->count == 2 && (sa || sb) && is_real(c, sa ? a : b) &&
        keeps_conjugates(c, node))
        f.properties = (sa ? b : a)->properties & IS_SYMMETRIC;
    return f;
}

/* ---- products --------------------------------------------------------------
 */

enum { FACTORS = 12 };

struct factor {
    const struct node *node;
    int diagonal; /* diag(node), of a column or row */
};

static int is_vector(const struct compiler *c, const struct node *node,
                     int cols)
{
    return build_is(c, cols ? node->shape.cols : node->shape.rows, 1) &&
           !shape_is_scalar(c, node->shape);
}

static uint32_t factor_add(struct factor *list, uint32_t count,
                           const struct node *node, int diagonal)
{
    if (count < FACTORS)
        list[count] = (struct factor){node, diagonal};
    return count + 1;
}

/* v .* B of a column v is diag(v) * B, B .* v of a row B * diag(v). */
static uint32_t factors_of(const struct compiler *c, const struct node *node,
                           struct factor *list, uint32_t count)
{
    uint32_t k;

    if (node->kind != NODE_OP)
        return factor_add(list, count, node, 0);
    if (node->op == OP_MATMUL)
        return factors_of(c, node->args[1], list,
                          factors_of(c, node->args[0], list, count));
    if (node->op == OP_DIAG && is_vector(c, node->args[0], 1))
        return factor_add(list, count, node->args[0], 1);
    for (k = 0; node->op == OP_TIMES && k < 2; k++) {
        const struct node *v = node->args[k], *b = node->args[!k];
        if (b->shape.rows != node->shape.rows ||
            b->shape.cols != node->shape.cols)
            continue;
        if (is_vector(c, v, 1) && !is_vector(c, b, 1))
            return factors_of(c, b, list, factor_add(list, count, v, 1));
        if (is_vector(c, v, 0) && !is_vector(c, b, 0))
            return factor_add(list, factors_of(c, b, list, count), v, 1);
    }
    return factor_add(list, count, node, 0);
}

static const struct var *var_of(const struct node *node)
{
    if (is_turned(node))
        node = node->args[0];
    return node->kind == NODE_VAR ? var_root(node->var) : NULL;
}

/* Is one the transpose of the other, if diagonals are real? */
static int mirrors(const struct factor *a, const struct factor *b)
{
    if (a->diagonal || b->diagonal)
        return a->diagonal && b->diagonal && var_of(a->node) &&
               var_of(a->node) == var_of(b->node);
    return is_transposed(a->node, b->node) ||
           ((a->node->properties & IS_SYMMETRIC) &&
            a->node->kind == NODE_VAR && b->node->kind == NODE_VAR &&
            var_root(a->node->var) == var_root(b->node->var));
}

/* B' B, B' S B, B' diag(v) B and longer ones: the same from both ends. */
static struct facts congruence(struct compiler *c, const struct node *node)
{
    struct factor list[FACTORS];
    uint32_t n = factors_of(c, node, list, 0), k, real = build_truth(c, 1);
    struct facts f = {0, 0, PLAN_NONE};
    uint8_t holds = IS_SYMMETRIC | IS_PSD;

    if (n > FACTORS || n < 2)
        return f;
    for (k = 0; k < n / 2; k++)
        if (!mirrors(&list[k], &list[n - 1 - k]))
            return f;
    if (n % 2)
        holds = list[n / 2].diagonal
                    ? IS_SYMMETRIC
                    : list[n / 2].node->properties & (IS_SYMMETRIC | IS_PSD);
    for (k = 0; k < n - n / 2; k++)
        if (list[k].diagonal)
            real = build_op(c, EXPR_AND, real,
                            type_is_real(c, list[k].node->type), NULL);
    if (c->plan->exprs.items[real].op != EXPR_TRUTH) {
        f.maybe = holds;
        f.test = real;
    } else if (c->plan->exprs.items[real].value.integer) {
        f.properties = holds;
    }
    return f;
}

static struct facts product(struct compiler *c, const struct node *node)
{
    const struct node *a = node->args[0], *b = node->args[1];
    struct facts f = {0, 0, PLAN_NONE}, both;

    f.properties = a->properties & b->properties & TRIANGLES;
    if ((f.properties & IS_DIAGONAL) && is_real(c, node))
        f.properties |= IS_SYMMETRIC;
    if (is_square(a) && is_square(b))
        f.properties |= a->properties & b->properties & IS_ORTHOGONAL;
    both = congruence(c, node);
    both.properties |= f.properties;
    return both;
}

void facts_of_op(struct compiler *c, struct node *node)
{
    struct node *a = node->args[0];
    struct facts f = {0, 0, PLAN_NONE};

    if (node->kind != NODE_OP)
        return;
    if (node->tile) { /* of one tile: triangles alone matter */
        if (node->op == OP_CHOL || node->op == OP_POTRF)
            node->properties = IS_LOWER;
        else if (node->op == OP_TRIL || node->op == OP_TRIU)
            node->properties = node->op == OP_TRIL ? IS_LOWER : IS_UPPER;
        return;
    }
    switch (node->op) {
    case OP_TRANSPOSE:
        f = node_facts(a);
        f.properties = swap_properties(f.properties);
        if (!is_square(a))
            f.properties &= (uint8_t)~IS_ORTHOGONAL;
        break;
    case OP_RETILE: f = node_facts(a); break;
    case OP_CHOL: f.properties = IS_LOWER; break;
    case OP_TRIL:
    case OP_TRIU:
        /* of a diagonal matrix too: what is made of it by tiles is a
         * triangle still */
        f.properties = node->op == OP_TRIL ? IS_LOWER : IS_UPPER;
        break;
    case OP_INV:
        f = node_facts(a);
        f.properties &= (uint8_t) ~(IS_PSD | IS_SPARSE);
        if (f.properties & IS_SPD)
            f.properties |= IS_PSD;
        break;
    case OP_DIAG:
        if (build_is(c, a->shape.cols, 1))
            f.properties =
                is_real(c, a) ? ALL_DIAGONAL | IS_SYMMETRIC : ALL_DIAGONAL;
        break;
    case OP_MATMUL: f = product(c, node); break;
    default:
        if (op_table[node->op].kind != CLASS_EWISE)
            return;
        f = entrywise(c, node);
    }
    if ((f.properties & IS_SYMMETRIC) && !is_square(node) &&
        !(f.properties & IS_PSD))
        f.properties &= (uint8_t)~IS_SYMMETRIC;
    node_set_facts(node, f);
}
