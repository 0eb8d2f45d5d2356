/* Value numbers: nodes with equal numbers have equal values where both are
 * looked at.
 *
 * A var has the number of what was assigned to it last; a step that writes
 * it by tiles, and a loop that writes it anywhere, gives it a new one.  The
 * number of an operation follows from those of its arguments; products are
 * taken as chains, so that (A*B)*x and A*(B*x) are one value (to rounding),
 * and the order of a sum's two sides does not matter.  A transpose goes to the
 * leaves, so that (A*B)' and B'*A' are one. */
#include "compiler/optimise.h"
#include "plan/expr.h"

enum row_kind {
    ROW_OP = 1,
    ROW_ARG,
    ROW_NUMBER,
    ROW_SLOT,
    ROW_SOURCE,
    ROW_TRANSPOSE,
    ROW_TYPE,
    ROW_UNDER
};

uint32_t value_new(struct optimiser *o)
{
    vec_push(o->c->arena, &o->about, (struct about){0});
    return o->about.count - 1;
}

static uint32_t row_hash(uint32_t kind, uint32_t a, uint32_t b)
{
    uint64_t h = kind * 0x9e3779b97f4a7c15u;

    h = (h ^ a) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 29 ^ b) * 0xc4ceb9fe1a85ec53u;
    return (uint32_t)(h >> 32);
}

static void rows_grow(struct optimiser *o)
{
    uint32_t space = o->row_space ? 2 * o->row_space : 1024, k, at;
    struct row *rows = arena_array(o->c->arena, space, sizeof *rows);

    for (k = 0; k < o->row_space; k++) {
        if (!o->rows[k].value)
            continue;
        at = row_hash(o->rows[k].kind, o->rows[k].a, o->rows[k].b);
        while (rows[at & (space - 1)].value)
            at++;
        rows[at & (space - 1)] = o->rows[k];
    }
    o->rows = rows;
    o->row_space = space;
}

/* The number of (kind, a, b): a new one where it is met first. */
static uint32_t row(struct optimiser *o, enum row_kind kind, uint32_t a,
                    uint32_t b)
{
    uint32_t at;
    struct row *r;

    if (2 * o->row_count >= o->row_space)
        rows_grow(o);
    for (at = row_hash(kind, a, b);; at++) {
        r = &o->rows[at & (o->row_space - 1)];
        if (!r->value)
            break;
        if (r->kind == (uint32_t)kind && r->a == a && r->b == b)
            return r->value;
    }
    *r = (struct row){kind, a, b, value_new(o)};
    o->row_count++;
    return r->value;
}

/* ---- leaves ------------------------------------------------------------ */

void slots_grow(struct optimiser *o)
{
    uint32_t count = o->c->plan->slots.count, k, space;
    uint32_t *values, *variants;

    if (count <= o->slot_count)
        return;
    space = 2 * count + 16;
    values = arena_array(o->c->arena, space, sizeof *values);
    variants = arena_array(o->c->arena, space, sizeof *variants);
    for (k = 0; k < o->slot_count; k++) {
        values[k] = o->slot_value[k];
        variants[k] = o->slot_variant[k];
    }
    o->slot_value = values;
    o->slot_variant = variants;
    o->slot_count = space;
}

/* Folds in the values of the slots that an expression reads. */
static uint32_t slots_of(struct optimiser *o, uint32_t expr, uint32_t value)
{
    const struct plan_expr *x = &o->c->plan->exprs.items[expr];
    uint32_t k;

    if (!x->slots)
        return value;
    if (x->op == EXPR_SLOT) {
        slots_grow(o);
        return row(o, ROW_SLOT, value, o->slot_value[x->value.integer]);
    }
    for (k = 0; k < expr_table[x->op].arity; k++)
        value = slots_of(o, x->args[k], value);
    return value;
}

static uint32_t slots_level(struct optimiser *o, uint32_t expr)
{
    const struct plan_expr *x = &o->c->plan->exprs.items[expr];
    uint32_t level = 0, k, n;

    if (!x->slots)
        return 0;
    if (x->op == EXPR_SLOT) {
        slots_grow(o);
        return o->slot_variant[x->value.integer];
    }
    for (k = 0; k < expr_table[x->op].arity; k++) {
        n = slots_level(o, x->args[k]);
        level = n > level ? n : level;
    }
    return level;
}

static uint32_t value_number_of(struct optimiser *o, uint32_t expr)
{
    return slots_of(o, expr, row(o, ROW_NUMBER, expr, 0));
}

/* eye(n), fill(m, n, x): the same wherever they are made. */
static uint32_t value_source(struct optimiser *o, const struct var *v)
{
    uint32_t value;

    if (v->kind != MATRIX_SOURCE || v->rule > RULE_EYE || v->writes)
        return value_new(o);
    value = row(o, ROW_SOURCE, v->rule, v->arg);
    value = row(o, ROW_ARG, value, v->shape.rows);
    value = row(o, ROW_ARG, value, v->shape.cols);
    return row(o, ROW_TYPE, value, type_root(o->c, v->type));
}

/* ---- operations ---------------------------------------------------------- */

static int commutes(enum op op)
{
    switch (op) {
    case OP_ADD:
    case OP_TIMES:
    case OP_EQ:
    case OP_NE:
    case OP_AND:
    case OP_OR:
    case OP_HYPOT: return 1;
    default: return 0;
    }
}

uint32_t value_product(struct optimiser *o, uint32_t left, uint32_t right)
{
    return row(o, ROW_ARG, row(o, ROW_OP, OP_MATMUL, left), right);
}

uint32_t value_under(struct optimiser *o, uint32_t value, uint32_t test)
{
    return row(o, ROW_UNDER, value, test);
}

/* Of the transpose of what has this number. */
static uint32_t value_turned(struct optimiser *o, uint32_t value)
{
    if (!o->about.items[value].turned)
        value_turn(o, value, row(o, ROW_TRANSPOSE, value, 0));
    return o->about.items[value].turned;
}

void value_turn(struct optimiser *o, uint32_t value, uint32_t turned)
{
    o->about.items[value].turned = turned;
    o->about.items[turned].turned = value;
}

static uint32_t value_as(struct optimiser *o, const struct node *node,
                         int turned);

/* left times the chain `node`, or its transpose, factor by factor. */
static uint32_t value_chain(struct optimiser *o, uint32_t left,
                            const struct node *node, int turned)
{
    uint32_t value;

    if (node->kind == NODE_OP && node->op == OP_MATMUL) {
        left = value_chain(o, left, node->args[turned], turned);
        return value_chain(o, left, node->args[!turned], turned);
    }
    value = value_as(o, node, turned);
    return left ? value_product(o, left, value) : value;
}

static uint32_t value_op(struct optimiser *o, const struct node *node,
                         int turned)
{
    uint32_t values[6] = {0}, k, value;

    if (turned && (node->properties & IS_SYMMETRIC))
        turned = 0;
    switch (node->op) {
    case OP_MATMUL: return value_chain(o, 0, node, turned);
    case OP_TRANSPOSE: return value_as(o, node->args[0], !turned);
    case OP_RETILE: return value_as(o, node->args[0], turned); /* the same */
    case OP_CONJ:
        if (is_scalar(o, node->args[0]))
            return value_as(o, node->args[0], !turned);
        break;
    default: break;
    }
    if (turned && node->op != OP_INV &&
        !(is_ewise(node) && keeps_conjugates(o->c, node)))
        return value_turned(o, value_op(o, node, 0));
    for (k = 0; k < node->count; k++)
        values[k] = value_as(o, node->args[k], turned);
    if (commutes(node->op) && values[0] > values[1]) {
        value = values[0];
        values[0] = values[1];
        values[1] = value;
    }
    value = row(o, ROW_OP, node->op, node->count);
    for (k = 0; k < node->count; k++)
        value = row(o, ROW_ARG, value, values[k]);
    return value;
}

static uint32_t value_as(struct optimiser *o, const struct node *node,
                         int turned)
{
    struct var *v;

    switch (node->kind) {
    case NODE_NUMBER: return value_number_of(o, node->number);
    case NODE_VAR:
        v = var_root(node->var);
        if (!v->value)
            v->value = value_source(o, v);
        return turned && !(v->properties & IS_SYMMETRIC)
                   ? value_turned(o, v->value)
                   : v->value;
    case NODE_OP: return node->tile ? value_new(o) : value_op(o, node, turned);
    default: return value_new(o);
    }
}

uint32_t value_of(struct optimiser *o, const struct node *node)
{
    return value_as(o, node, 0);
}

uint32_t value_transposed(struct optimiser *o, const struct node *node)
{
    return value_as(o, node, 1);
}

struct var *value_holder(struct optimiser *o, uint32_t value)
{
    struct var *v = o->about.items[value].holder;

    return v && var_root(v)->value == value ? v : NULL;
}

uint32_t node_level(struct optimiser *o, const struct node *node)
{
    uint32_t level = 0, k, n;

    switch (node->kind) {
    case NODE_NUMBER: return slots_level(o, node->number);
    case NODE_VAR: return var_root(node->var)->variant;
    case NODE_OP:
        for (k = 0; k < node->count; k++) {
            n = node_level(o, node->args[k]);
            level = n > level ? n : level;
        }
        return level;
    default: return o->loop ? o->loop->level : 0;
    }
}
