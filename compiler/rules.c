/* Rewrites of one tree: a function for each row of rules.def.
 *
 * A rule takes an operation whose arguments have been rewritten and gives one
 * of equal value (to rounding) in fewer operations, or NULL.  Rules don't
 * look at data.  `'` conjugates: what is said of transposes holds for complex
 * numbers as well, or the rule takes the plain one. */
#include "compiler/optimise.h"

int is_product(const struct node *node)
{
    return node->kind == NODE_OP && node->op == OP_MATMUL;
}

int is_transpose(const struct node *node)
{
    return node->kind == NODE_OP && node->op == OP_TRANSPOSE;
}

int is_scalar(const struct optimiser *o, const struct node *node)
{
    return node->kind == NODE_NUMBER || shape_is_scalar(o->c, node->shape);
}

struct node *make(struct optimiser *o, enum op op, struct place place,
                  struct node *a, struct node *b)
{
    struct node *args[2] = {a, b};

    return a && (b || op_table[op].args == 1)
               ? node_op(o->c, op, place, args, b ? 2 : 1)
               : NULL;
}

struct node *make_number(struct optimiser *o, double value, struct place place)
{
    return node_of(o->c,
                   (struct value){.kind = VALUE_NUMBER,
                                  .number = build_real(o->c, value),
                                  .param = PLAN_NONE,
                                  .flag = PLAN_NONE},
                   place);
}

static struct node *transposed(struct optimiser *o, struct node *node)
{
    return make(o, OP_TRANSPOSE, node->place, node, NULL);
}

static int is_square(const struct node *node)
{
    return node->shape.rows == node->shape.cols;
}

static int is_op(const struct node *node, enum op op)
{
    return node->kind == NODE_OP && node->op == op;
}

/* diag(v) of a column: the column, else NULL. */
static struct node *diagonal_of(const struct optimiser *o,
                                const struct node *node)
{
    return is_op(node, OP_DIAG) && build_is(o->c, node->args[0]->shape.cols, 1)
               ? node->args[0]
               : NULL;
}

static int is_identity(const struct optimiser *o, const struct node *node)
{
    const struct plan_expr *arg;
    const struct var *v;

    if (node->kind != NODE_VAR || !is_square(node))
        return 0;
    v = var_root(node->var);
    if (v->kind != MATRIX_SOURCE || v->rule != RULE_EYE || v->writes)
        return 0;
    arg = &o->c->plan->exprs.items[v->arg];
    return arg->op == EXPR_REAL && arg->value.real == 1;
}

/* ---- transposes ------------------------------------------------------------
 */

static struct node *rule_transpose_product(struct optimiser *o,
                                           struct node *node)
{
    struct node *p = node->args[0];

    return is_product(p)
               ? make(o, OP_MATMUL, p->place, transposed(o, p->args[1]),
                      transposed(o, p->args[0]))
               : NULL;
}

static struct node *rule_transpose_entries(struct optimiser *o,
                                           struct node *node)
{
    struct node *e = node->args[0], *args[6];
    uint32_t k;

    if (!is_ewise(e) || !keeps_conjugates(o->c, e))
        return NULL;
    for (k = 0; k < e->count; k++) {
        struct node *x = e->args[k];
        args[k] = x->kind == NODE_NUMBER ? x
                  : is_scalar(o, x)      ? make(o, OP_CONJ, x->place, x, NULL)
                                         : transposed(o, x);
        if (!args[k])
            return NULL;
    }
    return node_op(o->c, e->op, e->place, args, e->count);
}

static struct node *rule_transpose_symmetric(struct optimiser *o,
                                             struct node *node)
{
    (void)o;
    return node->args[0]->properties & IS_SYMMETRIC ? node->args[0] : NULL;
}

static struct node *rule_transpose_inverse(struct optimiser *o,
                                           struct node *node)
{
    struct node *inverse = node->args[0];

    return is_op(inverse, OP_INV) ? make(o, OP_INV, inverse->place,
                                         transposed(o, inverse->args[0]), NULL)
                                  : NULL;
}

/* ---- quotients
 * --------------------------------------------------------------- */

static struct node *rule_divide(struct optimiser *o, struct node *node)
{
    struct node *b = node->args[0], *a = node->args[1];

    return transposed(
        o, make(o, OP_SOLVE, node->place, transposed(o, a), transposed(o, b)));
}

static struct node *rule_solve_diagonal(struct optimiser *o, struct node *node)
{
    struct node *d = diagonal_of(o, node->args[0]);

    return d ? make(o, OP_OVER, node->place, node->args[1], d) : NULL;
}

static struct node *rule_solve_identity(struct optimiser *o, struct node *node)
{
    (void)o;
    return is_identity(o, node->args[0]) ? node->args[1] : NULL;
}

static struct node *rule_solve_orthogonal(struct optimiser *o,
                                          struct node *node)
{
    struct node *q = node->args[0];

    return (q->properties & IS_ORTHOGONAL) && is_square(q)
               ? make(o, OP_MATMUL, node->place, transposed(o, q),
                      node->args[1])
               : NULL;
}

static int is_system(const struct optimiser *o, const struct node *a)
{
    return is_square(a) && !(a->properties & (IS_LOWER | IS_UPPER)) &&
           !is_scalar(o, a);
}

static struct node *by_factor(struct optimiser *o, struct node *node,
                              struct node *factor)
{
    return factor ? make(o, OP_SOLVE, node->place, transposed(o, factor),
                         make(o, OP_SOLVE, node->place, factor, node->args[1]))
                  : NULL;
}

static struct node *rule_solve_definite(struct optimiser *o, struct node *node)
{
    struct node *a = node->args[0];

    if (!(a->properties & (IS_SPD | IS_PSD)) || !is_system(o, a))
        return NULL;
    return by_factor(o, node, make(o, OP_CHOL, node->place, a, NULL));
}

uint32_t solve_test(const struct optimiser *o, const struct node *node)
{
    const struct node *a = node->args[0];

    return !(a->properties & (IS_SPD | IS_PSD)) &&
                   (a->maybe & (IS_SPD | IS_PSD)) && is_system(o, a)
               ? a->test
               : PLAN_NONE;
}

static struct node *rule_solve_definite_bound(struct optimiser *o,
                                              struct node *node)
{
    uint32_t test = solve_test(o, node);
    struct node *factor;

    if (test == PLAN_NONE || test != o->holds)
        return NULL;
    factor = make(o, OP_CHOL, node->place, node->args[0], NULL);
    return by_factor(o, node, factor ? version_factor(o, factor) : NULL);
}

static struct node *rule_inverse_diagonal(struct optimiser *o,
                                          struct node *node)
{
    struct node *d = diagonal_of(o, node->args[0]);

    return d ? make(o, OP_DIAG, node->place,
                    make(o, OP_OVER, node->place,
                         make_number(o, 1, node->place), d),
                    NULL)
             : NULL;
}

static struct node *rule_inverse_orthogonal(struct optimiser *o,
                                            struct node *node)
{
    struct node *q = node->args[0];

    return (q->properties & IS_ORTHOGONAL) && is_square(q) ? transposed(o, q)
                                                           : NULL;
}

/* ---- products
 * ------------------------------------------------------------------ */

static struct node *rule_diagonal_product(struct optimiser *o,
                                          struct node *node)
{
    struct node *a = node->args[0], *b = node->args[1], *d;

    if ((d = diagonal_of(o, a)) != NULL && !diagonal_of(o, b))
        return make(o, OP_TIMES, node->place, d, b);
    if ((d = diagonal_of(o, b)) != NULL && !diagonal_of(o, a))
        return make(o, OP_TIMES, node->place, a,
                    make(o, OP_FLIP, node->place, d, NULL));
    return NULL;
}

static struct node *rule_identity_product(struct optimiser *o,
                                          struct node *node)
{
    (void)o;
    return is_identity(o, node->args[0])   ? node->args[1]
           : is_identity(o, node->args[1]) ? node->args[0]
                                        : NULL;
}

/* A*B + A*C, A*C + B*C */
static struct node *common(struct optimiser *o, struct node *node)
{
    struct node *a = node->args[0], *b = node->args[1];
    int side;

    if (!is_product(a) || !is_product(b))
        return NULL;
    for (side = 0; side < 2; side++) {
        struct node *x = a->args[!side], *y = b->args[!side], *both;
        if (value_of(o, a->args[side]) != value_of(o, b->args[side]) ||
            x->shape.rows != y->shape.rows || x->shape.cols != y->shape.cols)
            continue;
        both = make(o, node->op, node->place, x, y);
        return side ? make(o, OP_MATMUL, node->place, both, a->args[1])
                    : make(o, OP_MATMUL, node->place, a->args[0], both);
    }
    return NULL;
}

static struct node *rule_common_factor(struct optimiser *o, struct node *node)
{
    return common(o, node);
}

static struct node *rule_common_factor_difference(struct optimiser *o,
                                                  struct node *node)
{
    return common(o, node);
}

/* ---- reductions
 * ------------------------------------------------------------------
 */

static struct node *rule_trace_product(struct optimiser *o, struct node *node)
{
    struct node *p = node->args[0];

    if (!is_product(p))
        return NULL;
    return make(o, OP_SUM, node->place,
                make(o, OP_TIMES, p->place, p->args[0],
                     make(o, OP_FLIP, p->place, p->args[1], NULL)),
                NULL);
}

static struct node *rule_trace_entries(struct optimiser *o, struct node *node)
{
    struct node *e = node->args[0];

    if (is_op(e, OP_ADD) || is_op(e, OP_SUB)) {
        if (is_scalar(o, e->args[0]) || is_scalar(o, e->args[1]) ||
            e->args[0]->shape.rows != e->args[1]->shape.rows ||
            e->args[0]->shape.cols != e->args[1]->shape.cols)
            return NULL;
        return make(o, e->op, node->place,
                    make(o, OP_TRACE, node->place, e->args[0], NULL),
                    make(o, OP_TRACE, node->place, e->args[1], NULL));
    }
    if (is_op(e, OP_TIMES) && is_scalar(o, e->args[0]))
        return make(o, OP_TIMES, node->place, e->args[0],
                    make(o, OP_TRACE, node->place, e->args[1], NULL));
    if ((is_op(e, OP_TIMES) || is_op(e, OP_OVER)) && is_scalar(o, e->args[1]))
        return make(o, e->op, node->place,
                    make(o, OP_TRACE, node->place, e->args[0], NULL),
                    e->args[1]);
    return NULL;
}

static struct node *of_transpose(struct optimiser *o, struct node *node)
{
    struct node *t = node->args[0], *of;

    if (!is_transpose(t) && !is_op(t, OP_FLIP))
        return NULL;
    of = make(o, node->op, node->place, t->args[0], NULL);
    return of && is_transpose(t) && node->op != OP_NORM
               ? make(o, OP_CONJ, node->place, of, NULL)
               : of;
}

static struct node *rule_trace_transpose(struct optimiser *o, struct node *node)
{
    return of_transpose(o, node);
}

static struct node *rule_sum_transpose(struct optimiser *o, struct node *node)
{
    return of_transpose(o, node);
}

static struct node *rule_norm_transpose(struct optimiser *o, struct node *node)
{
    return of_transpose(o, node);
}

static struct node *rule_sum_product(struct optimiser *o, struct node *node)
{
    struct node *p = node->args[0], *left;

    if (!is_product(p))
        return NULL;
    left = make(o, OP_ROWSUMS, node->place,
                make(o, OP_FLIP, node->place, p->args[0], NULL), NULL);
    return left ? make(o, OP_MATMUL, node->place,
                       make(o, OP_FLIP, node->place, left, NULL),
                       make(o, OP_ROWSUMS, node->place, p->args[1], NULL))
                : NULL;
}

static struct node *rule_rowsums_product(struct optimiser *o, struct node *node)
{
    struct node *p = node->args[0];

    return is_product(p)
               ? make(o, OP_MATMUL, node->place, p->args[0],
                      make(o, OP_ROWSUMS, node->place, p->args[1], NULL))
               : NULL;
}

/* `direct` if the input is of complex numbers, else `quick`. */
static struct node *unless_complex(struct optimiser *o, uint32_t input,
                                   struct node *direct, struct node *quick)
{
    struct compiler *c = o->c;
    struct step *branch = step_in(o, o->out, STEP_IF, direct->place), *let;
    struct var *var =
        var_new(c, "temp", direct->shape, direct->type, direct->place);

    branch->number = build_leaf(c, EXPR_INPUT_COMPLEX, NUMBER_BOOL, input);
    branch->body = ARENA_NEW(c->arena, struct block);
    branch->other = ARENA_NEW(c->arena, struct block);
    var->temporary = var->assigned = 1;
    var->writes = 2;
    var->variant = o->loop ? o->loop->level : 0;
    let = step_in(o, branch->body, STEP_LET, direct->place);
    let->var = var;
    let->node = direct;
    let = step_in(o, branch->other, STEP_LET, direct->place);
    let->var = var;
    let->node = quick;
    var->value = value_of(o, direct);
    o->about.items[var->value].holder = var;
    return node_var(c, var, direct->place);
}

/* Of complex numbers Z inv(S) .* Z is no sum of squares. */
static struct node *squares(struct optimiser *o, struct node *node,
                            struct node *solve, struct node *z)
{
    struct node *inner, *l, *half, *quick, *direct;
    /* PLAN_NONE: it is known, or nothing decides it: then they are real */
    uint32_t input = type_input(o->c, node->type);

    if (!is_op(solve, OP_SOLVE) || !is_transpose(solve->args[0]) ||
        !is_op(solve->args[1], OP_SOLVE) ||
        type_only(o->c, node->type) == ONLY_COMPLEX)
        return NULL;
    l = solve->args[0]->args[0];
    inner = solve->args[1];
    if (value_of(o, l) != value_of(o, inner->args[0]) ||
        value_transposed(o, inner->args[1]) != value_of(o, z))
        return NULL;
    note(o, RULE_rowsums_squares, node->place, node,
         make(o, OP_ROWSUMS, node->place,
              make(o, OP_POWER, node->place, transposed(o, inner),
                   make_number(o, 2, node->place)),
              NULL));
    l = let_here(o, l);
    inner = make(o, OP_SOLVE, inner->place, l, inner->args[1]);
    inner = let_here(o, inner);
    half = transposed(o, inner);
    quick = make(o, OP_ROWSUMS, node->place,
                 make(o, OP_TIMES, node->place, half, half), NULL);
    if (input == PLAN_NONE)
        return quick;
    solve = make(o, OP_SOLVE, solve->place, transposed(o, l), inner);
    direct =
        make(o, OP_ROWSUMS, node->place,
             make(o, OP_TIMES, node->place, transposed(o, solve), z), NULL);
    return unless_complex(o, input, direct, quick);
}

static struct node *rule_rowsums_squares(struct optimiser *o, struct node *node)
{
    struct node *e = node->args[0], *made = NULL;
    int k;

    for (k = 0; k < 2 && is_op(e, OP_TIMES) && !made; k++)
        if (is_transpose(e->args[k]))
            made = squares(o, node, e->args[k]->args[0], e->args[!k]);
    return made;
}

/* ---- norm(D - U*V)^2
 * ----------------------------------------------------------- */

static int is_two(const struct optimiser *o, const struct node *node)
{
    const struct plan_expr *x;

    if (node->kind != NODE_NUMBER)
        return 0;
    x = &o->c->plan->exprs.items[node->number];
    return (x->op == EXPR_INT && x->value.integer == 2) ||
           (x->op == EXPR_REAL && x->value.real == 2);
}

/* Does a var hold it, or does it not change in the loop that we are in? */
static int is_free(struct optimiser *o, const struct node *node)
{
    return is_known(o, value_of(o, node)) ||
           (o->loop && node_level(o, node) < o->loop->level);
}

static uint32_t cost_unless_free(struct optimiser *o, const struct node *node,
                                 uint32_t cost)
{
    return is_free(o, node) ? build_real(o->c, 0) : cost;
}

/* The real part of the sum of A .* conj(B). */
static struct node *inner(struct optimiser *o, struct node *a, struct node *b,
                          struct place place)
{
    return make(
        o, OP_SUM, place,
        make(o, OP_REAL, place,
             make(o, OP_TIMES, place, a, make(o, OP_CONJ, place, b, NULL)),
             NULL),
        NULL);
}

/* sum(U' .* (V*D')): the products of D with the parts of U*V, by the side
 * that costs less. */
static struct node *cross_term(struct optimiser *o, struct node *d,
                               struct node *u, struct node *v, uint32_t *cost)
{
    struct place place = d->place;
    struct node *left = make(o, OP_MATMUL, place, transposed(o, u), d);
    struct node *right = make(o, OP_MATMUL, place, v, transposed(o, d));
    uint32_t full = cost_product(o, d->shape.rows, d->shape.cols, u->shape.cols,
                                 (d->properties & IS_SPARSE) ? 0.02 : 2);
    int use_right = is_free(o, right) && !is_free(o, left);
    struct node *product = use_right ? right : left;

    *cost = cost_unless_free(o, product, full);
    return inner(o, product, use_right ? transposed(o, u) : v, place);
}

/* Is the identity cheaper at nearly all sizes with a narrow U? */
static int pays(struct optimiser *o, const struct node *u, const struct node *v,
                uint32_t by_traces, uint32_t direct)
{
    uint32_t s, narrow = 0, wins = 0;

    for (s = 0; s < COST_SAMPLES; s++) {
        double m = cost_at(o, u->shape.rows, s);
        double n = cost_at(o, v->shape.cols, s);
        double k = cost_at(o, u->shape.cols, s);
        if (k > m / 4 || k > n / 4)
            continue;
        narrow++;
        wins += cost_at(o, by_traces, s) < 0.7 * cost_at(o, direct, s);
    }
    return narrow > 0 && wins >= narrow * 9 / 10;
}

/* sum(D.*D) - 2 sum(...) + sum((U'*U).*(V*V')), and in its place the direct
 * form where so much cancels that few digits are left. */
static struct node *guarded(struct optimiser *o, struct node *squares,
                            struct node *cross, struct node *parts,
                            struct node *direct)
{
    struct compiler *c = o->c;
    struct place place = direct->place;
    struct node *two = make_number(o, 2, place), *quick, *result;
    struct node *small, *all;
    struct step *fetch, *branch, *step;
    struct block *block = o->out;
    uint32_t slot = build_slot(c, "cancels", NUMBER_BOOL);
    uint32_t level = o->loop ? o->loop->level : 0;
    struct var *var;

    all = o->loop && node_level(o, squares) < level
              ? let_in(o, front_of(o, node_level(o, squares)), squares)
              : let_placed(o, block, squares);
    quick =
        make(o, OP_ADD, place,
             make(o, OP_SUB, place, all, make(o, OP_TIMES, place, two, cross)),
             parts);
    quick = let_placed(o, block, quick);
    small = make(o, OP_LT, place, quick,
                 make(o, OP_TIMES, place, make_number(o, 1e-6, place), all));
    fetch = step_in(o, block, STEP_FETCH, place);
    fetch->slot = (uint32_t)c->plan->exprs.items[slot].value.integer;
    fetch->node = small;
    branch = step_in(o, block, STEP_IF, place);
    branch->number = slot;
    branch->body = ARENA_NEW(c->arena, struct block);
    branch->other = ARENA_NEW(c->arena, struct block);
    var = var_new(c, "temp", quick->shape, quick->type, place);
    var->temporary = var->assigned = 1;
    var->writes = 2;
    var->variant = level;
    step = step_in(o, branch->body, STEP_LET, place);
    step->var = var;
    step->node = direct;
    step = step_in(o, branch->other, STEP_LET, place);
    step->var = var;
    step->node = quick;
    slots_grow(o);
    o->slot_value[fetch->slot] = value_new(o);
    o->slot_variant[fetch->slot] = level;
    var->value = value_of(o, direct);
    result = node_var(c, var, place);
    o->about.items[var->value].holder = var;
    return result;
}

static struct node *rule_residual_square(struct optimiser *o, struct node *node)
{
    struct node *norm = node->args[0], *e, *d, *u, *v, *squares, *cross;
    struct node *grams[2], *parts;
    struct place place = node->place;
    uint32_t cost, by_traces, direct;
    int side;

    if (!is_op(norm, OP_NORM) || !is_two(o, node->args[1]))
        return NULL;
    e = norm->args[0];
    if (!is_op(e, OP_SUB))
        return NULL;
    side = is_product(e->args[1]) ? 1 : 0;
    d = e->args[!side];
    if (!is_product(e->args[side]) || d->kind != NODE_VAR)
        return NULL;
    u = e->args[side]->args[0];
    v = e->args[side]->args[1];
    if (is_product(u) || is_product(v))
        return NULL;
    squares = inner(o, d, d, place);
    cross = cross_term(o, d, u, v, &cost);
    grams[0] = make(o, OP_MATMUL, place, transposed(o, u), u);
    grams[1] = make(o, OP_MATMUL, place, v, transposed(o, v));
    parts = inner(o, grams[0], grams[1], place);
    if (!squares || !cross || !parts)
        return NULL;
    by_traces = cost_add(
        o, cost,
        cost_add(
            o, cost_unless_free(o, squares, cost_flops(o, squares)),
            cost_add(o, cost_unless_free(o, grams[0], cost_flops(o, grams[0])),
                     cost_unless_free(o, grams[1], cost_flops(o, grams[1])))));
    direct = cost_flops(o, node);
    if (!pays(o, u, v, by_traces, direct))
        return NULL;
    return guarded(o, squares, cross, parts, node);
}

/* ---- the table
 * ------------------------------------------------------------------
 */

enum { OP_NONE = -1 };

static const struct rule_row {
    int op;
    struct node *(*apply)(struct optimiser *o, struct node *node);
} rows[RULE_COUNT] = {
#define rule_chain              NULL
#define rule_chain_bound        NULL
#define rule_mirrored           NULL
#define rule_common             NULL
#define rule_common_transposed  NULL
#define rule_invariant          NULL
#define rule_factor_invariant   NULL
#define rule_merged             NULL
#define rule_symmetric_bound    NULL
#define RULE(ID, OP, NAME, DOC) [RULE_##ID] = {OP_##OP, rule_##ID},
#include "compiler/rules.def"
#undef RULE
};

struct node *rules_apply(struct optimiser *o, struct node *node)
{
    struct node *next;
    uint32_t k, turn, told;

    for (turn = 0; turn < 20; turn++) {
        for (k = 0, next = NULL; k < RULE_COUNT && !next; k++) {
            if (node->kind != NODE_OP || node->tile ||
                rows[k].op != (int)node->op || !rows[k].apply)
                continue;
            told = o->told[k];
            next = rows[k].apply(o, node);
            if (!next)
                continue;
            if (told == o->told[k]) /* it has not told itself */
                note(o, (enum rule)k, node->place, node, next);
        }
        if (!next)
            return node;
        node = next;
        if (node->kind == NODE_OP && !node->tile)
            for (k = 0; k < node->count; k++) { /* those that are new */
                struct node *arg = rules_apply(o, node->args[k]);
                if (arg == node->args[k])
                    continue;
                struct node *args[6];
                memcpy(args, node->args, sizeof args);
                args[k] = arg;
                node = node_op(o->c, node->op, node->place, args, node->count);
                if (!node || node->kind != NODE_OP)
                    break;
            }
    }
    return node;
}
