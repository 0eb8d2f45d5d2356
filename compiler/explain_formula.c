/* Formulas for people: "2*m*n*k", with the script's own names of sizes. */
#include "compiler/explain.h"

#include "plan/expr.h"
#include "plan/work.h"

#include <math.h>
#include <stdlib.h>

/* ---- expressions ------------------------------------------------------ */

enum { LEVEL_NONE, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_POWER, LEVEL_CALL };

static int level_of(uint8_t op)
{
    switch (op) {
    case EXPR_ADD:
    case EXPR_SUB: return LEVEL_SUM;
    case EXPR_MUL:
    case EXPR_DIV: return LEVEL_PRODUCT;
    case EXPR_POW:
    case EXPR_POWR: return LEVEL_POWER;
    case EXPR_LT:
    case EXPR_LE:
    case EXPR_EQ:
    case EXPR_NE:
    case EXPR_AND:
    case EXPR_OR: return LEVEL_NONE;
    }
    return LEVEL_CALL;
}

static const char *size_name(const struct explain *e, uint32_t input, int cols)
{
    const struct plan *p = e->c->plan;
    uint32_t k;

    for (k = 0; k < e->c->sizes.count; k++)
        if (e->c->sizes.items[k].input == input &&
            e->c->sizes.items[k].cols == cols)
            return e->c->sizes.items[k].name;
    return arena_printf(e->c->arena, "%s(%s)", cols ? "cols" : "rows",
                        plan_string(p, p->inputs.items[input].name));
}

static const char *leaf(const struct explain *e, const struct plan_expr *x)
{
    const struct plan *p = e->c->plan;
    uint32_t n = (uint32_t)x->value.integer;
    char text[40];

    switch (x->op) {
    case EXPR_INT:
        return arena_printf(e->c->arena, "%lld", (long long)x->value.integer);
    case EXPR_REAL:
        number_text(x->value.real, TM_F64, text, sizeof text);
        return arena_printf(e->c->arena, "%s", text);
    case EXPR_TRUTH: return n ? "true" : "false";
    case EXPR_PARAM: return plan_string(p, p->params.items[n].name);
    case EXPR_SLOT: return plan_string(p, p->slots.items[n].name);
    case EXPR_INPUT_ROWS:
    case EXPR_INPUT_COLS: return size_name(e, n, x->op == EXPR_INPUT_COLS);
    case EXPR_INPUT_COMPLEX:
        return arena_printf(e->c->arena, "complex(%s)",
                            plan_string(p, p->inputs.items[n].name));
    }
    return expr_table[x->op].name; /* tile_rows */
}

enum { FORMULA_MOST = 60 }; /* operations; parts are shared, see print.c */

static const char *formula(const struct explain *e, uint32_t expr, int outer,
                           int *left);

static const char *call(const struct explain *e, const struct plan_expr *x,
                        int *left)
{
    const char *text = arena_printf(e->c->arena, "%s(", expr_table[x->op].name);
    uint32_t k;

    for (k = 0; k < expr_table[x->op].arity; k++)
        text = arena_printf(e->c->arena, "%s%s%s", text, k ? ", " : "",
                            formula(e, x->args[k], LEVEL_NONE, left));
    return arena_printf(e->c->arena, "%s)", text);
}

/* outer: how tightly what it stands in binds. */
static const char *formula(const struct explain *e, uint32_t expr, int outer,
                           int *left)
{
    const struct plan_expr *x = &e->c->plan->exprs.items[expr];
    int level = level_of(x->op), right, tight;
    const char *a, *b,
        *name = x->op == EXPR_POWR ? "^" : expr_table[x->op].name;

    if (!expr_table[x->op].arity)
        return leaf(e, x);
    if (--*left < 0)
        return "...";
    if (x->op == EXPR_TO_REAL)
        return formula(e, x->args[0], outer, left);
    if (level == LEVEL_CALL)
        return call(e, x, left);
    right = x->op == EXPR_SUB || x->op == EXPR_DIV ? level + 1 : level;
    a = formula(e, x->args[0], level == LEVEL_POWER ? LEVEL_CALL : level, left);
    b = formula(e, x->args[1], level == LEVEL_POWER ? LEVEL_CALL : right, left);
    tight = level >= LEVEL_PRODUCT;
    a = arena_printf(e->c->arena, "%s%s%s%s%s", a, tight ? "" : " ", name,
                     tight ? "" : " ", b);
    return level < outer ? arena_printf(e->c->arena, "(%s)", a) : a;
}

/* ---- sums of products ------------------------------------------------- */

enum { TERMS_MOST = 8 };

struct terms {
    struct explain_term items[TERMS_MOST];
    uint32_t count;
};

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static int same_sizes(const struct explain_term *a,
                      const struct explain_term *b)
{
    return a->count == b->count &&
           !memcmp(a->sizes, b->sizes, a->count * sizeof *a->sizes);
}

/* 0, or there are too many. */
static int terms_add(struct terms *sum, const struct explain_term *term)
{
    uint32_t k;

    for (k = 0; k < sum->count; k++)
        if (same_sizes(&sum->items[k], term)) {
            sum->items[k].factor += term->factor;
            return 0;
        }
    if (sum->count == TERMS_MOST)
        return -1;
    sum->items[sum->count++] = *term;
    return 0;
}

static int terms_times(struct terms *product, const struct terms *a,
                       const struct terms *b)
{
    uint32_t k, n;

    product->count = 0;
    for (k = 0; k < a->count; k++)
        for (n = 0; n < b->count; n++) {
            struct explain_term t = a->items[k];
            const struct explain_term *u = &b->items[n];
            if (t.count + u->count > sizeof t.sizes / sizeof *t.sizes)
                return -1;
            t.factor *= u->factor;
            memcpy(t.sizes + t.count, u->sizes, u->count * sizeof *u->sizes);
            t.count += u->count;
            qsort(t.sizes, t.count, sizeof *t.sizes, by_size);
            if (terms_add(product, &t))
                return -1;
        }
    return 0;
}

static int constant(const struct plan *p, uint32_t expr, double *value)
{
    const struct plan_expr *x = &p->exprs.items[expr];

    if (x->op == EXPR_TO_REAL)
        return constant(p, x->args[0], value);
    *value = x->op == EXPR_INT ? (double)x->value.integer : x->value.real;
    return x->op == EXPR_INT || x->op == EXPR_REAL;
}

/* A formula multiplied out.  What is no sum or product is a size. */
static int terms_of(const struct plan *p, uint32_t expr, struct terms *sum,
                    int *left)
{
    const struct plan_expr *x = &p->exprs.items[expr];
    struct terms a, b;
    double value;
    uint32_t k;

    if (--*left < 0)
        return -1;
    sum->count = 1;
    sum->items[0] = (struct explain_term){.factor = 1, .sizes = {expr}};
    if (constant(p, expr, &sum->items[0].factor))
        return 0;
    switch (x->op) {
    case EXPR_TO_REAL: return terms_of(p, x->args[0], sum, left);
    case EXPR_ADD:
    case EXPR_SUB:
        if (terms_of(p, x->args[0], sum, left) ||
            terms_of(p, x->args[1], &b, left))
            return -1;
        for (k = 0; k < b.count; k++) {
            b.items[k].factor *= x->op == EXPR_SUB ? -1 : 1;
            if (terms_add(sum, &b.items[k]))
                return -1;
        }
        return 0;
    case EXPR_MUL:
        return terms_of(p, x->args[0], &a, left) ||
               terms_of(p, x->args[1], &b, left) || terms_times(sum, &a, &b);
    case EXPR_DIV:
        if (!constant(p, x->args[1], &value) || value == 0)
            break;
        if (terms_of(p, x->args[0], sum, left))
            return -1;
        for (k = 0; k < sum->count; k++)
            sum->items[k].factor /= value;
        return 0;
    case EXPR_POW:
    case EXPR_POWR:
        if (!constant(p, x->args[1], &value) || (value != 2 && value != 3))
            break;
        if (terms_of(p, x->args[0], &a, left) || terms_times(sum, &a, &a))
            return -1;
        if (value == 3) {
            b = *sum;
            return terms_times(sum, &a, &b);
        }
        return 0;
    }
    sum->items[0] =
        (struct explain_term){.factor = 1, .sizes = {expr}, .count = 1};
    return 0;
}

/* "2*m*n^2", "n^3/3": without its sign. */
static const char *term_text(const struct explain *e,
                             const struct explain_term *term)
{
    double factor = fabs(term->factor), thirds = factor * 3;
    int divide = factor != floor(factor) &&
                 fabs(thirds - round(thirds)) < 1e-12 * thirds;
    const char *text = "", *size;
    uint32_t k, power;

    if (divide)
        factor = round(thirds);
    if (factor != 1 || !term->count)
        text = arena_printf(e->c->arena, "%.15g", factor);
    for (k = 0; k < term->count; k += power) {
        int left = FORMULA_MOST;
        for (power = 1; k + power < term->count &&
                        term->sizes[k + power] == term->sizes[k];)
            power++;
        size = formula(e, term->sizes[k], LEVEL_CALL, &left);
        text =
            arena_printf(e->c->arena, "%s%s%s", text, *text ? "*" : "", size);
        if (power > 1)
            text = arena_printf(e->c->arena, "%s^%u", text, power);
    }
    return divide ? arena_printf(e->c->arena, "%s/3", text) : text;
}

static const char *sum_add(const struct explain *e, const char *text,
                           const struct explain_term *term)
{
    const char *sign = term->factor < 0 ? "-" : "";

    if (term->factor == 0)
        return text;
    if (*text)
        sign = term->factor < 0 ? " - " : " + ";
    return arena_printf(e->c->arena, "%s%s%s", text, sign, term_text(e, term));
}

/* Products of most sizes first. */
static const char *sum_text(const struct explain *e,
                            const struct explain_term *terms, uint32_t count)
{
    const char *text = "";
    uint32_t k, degree = sizeof terms->sizes / sizeof *terms->sizes + 1;

    while (degree-- > 0)
        for (k = 0; k < count; k++)
            if (terms[k].count == degree)
                text = sum_add(e, text, &terms[k]);
    return *text ? text : "0";
}

const char *explain_formula(const struct explain *e, uint32_t expr)
{
    struct terms sum;
    int left = FORMULA_MOST;

    if (!terms_of(e->c->plan, expr, &sum, &left))
        return sum_text(e, sum.items, sum.count);
    left = FORMULA_MOST;
    return formula(e, expr, LEVEL_NONE, &left);
}

/* ---- work of entries --------------------------------------------------
 *
 * In loops over all tiles of a dimension the sizes of tiles add up to that of
 * the matrix.  So where a count is linear in each of the sizes of its tiles,
 * and each of them goes with a loop of its own, the whole is the same count
 * of whole matrices.  What has no such form (triangles) gets no formula. */

struct nest {
    const struct plan *plan;
    const uint32_t *open;
    uint32_t depth;
    uint8_t used[64]; /* this loop goes with a dimension */
    struct explain_term term;
};

static int is_int(const struct plan *p, uint32_t expr, int64_t value)
{
    const struct plan_expr *x = &p->exprs.items[expr];

    return x->op == EXPR_INT && x->value.integer == value;
}

static int term_size(struct nest *n, uint32_t size)
{
    const struct plan_expr *x = &n->plan->exprs.items[size];

    if (x->slots)
        return -1;
    if (x->op == EXPR_INT) {
        n->term.factor *= (double)x->value.integer;
        return 0;
    }
    if (n->term.count == sizeof n->term.sizes / sizeof *n->term.sizes)
        return -1;
    n->term.sizes[n->term.count++] = size;
    return 0;
}

/* Is it the number of tiles of such a dimension? */
static int counts_tiles(const struct plan *p, uint32_t expr, uint32_t size,
                        uint32_t edge)
{
    const struct plan_expr *x = &p->exprs.items[expr];

    if (is_int(p, size, 1))
        return is_int(p, expr, 1);
    return x->op == EXPR_CEIL_DIV && x->args[0] == size && x->args[1] == edge;
}

/* One dimension of an operand: its index is that of a loop over all of it. */
static int dimension(struct nest *n, const struct plan_operand *o, int cols)
{
    const struct plan_matrix *m = &n->plan->matrices.items[o->matrix];
    uint32_t index = cols ? o->j : o->i, size = cols ? m->cols : m->rows;
    uint32_t edge = cols ? m->tile_cols : m->tile_rows, k;
    const struct plan_expr *x = &n->plan->exprs.items[index];

    if (o->flags & OPERAND_RUN)
        return -1;
    if (is_int(n->plan, index, 0) && is_int(n->plan, size, 1))
        return 0;
    if (x->op != EXPR_SLOT)
        return -1;
    for (k = 0; k < n->depth; k++) {
        const struct plan_entry *loop = &n->plan->entries.items[n->open[k]];
        if (loop->kind != ENTRY_LOOP || loop->a != (uint32_t)x->value.integer)
            continue;
        if (n->used[k] || !is_int(n->plan, loop->b, 0) ||
            !is_int(n->plan, loop->d, 1) ||
            !counts_tiles(n->plan, loop->c, size, edge))
            return -1;
        n->used[k] = 1;
        return term_size(n, size);
    }
    return -1;
}

/* Loops that are left only repeat it. */
static int other_loops(struct nest *n)
{
    uint32_t k;

    for (k = 0; k < n->depth; k++) {
        const struct plan_entry *loop = &n->plan->entries.items[n->open[k]];
        if (n->used[k])
            continue;
        if (loop->kind != ENTRY_LOOP || !is_int(n->plan, loop->b, 0) ||
            !is_int(n->plan, loop->d, 1) || term_size(n, loop->c))
            return -1;
    }
    return 0;
}

static uint32_t steps_of(const struct nest *n, const struct plan_entry *e)
{
    return work_steps(&n->plan->maps.items[e->a], n->plan->steps.items);
}

/* In loops over all tiles, with a test which those on the diagonal pass. */
static int where_equal(struct nest *n, const struct plan_operand *o)
{
    struct explain_term term = n->term;
    int found = dimension(n, o, 1);

    n->term = term;
    if (n->depth &&
        n->plan->entries.items[n->open[n->depth - 1]].kind == ENTRY_IF)
        n->used[n->depth - 1] = 1;
    return found;
}

static int entry_term(struct nest *n, const struct plan_entry *e)
{
    const struct plan_operand *o = &n->plan->operands.items[e->first_operand];
    uint32_t k;

    switch (e->kernel) {
    case KERNEL_GEMM:
        n->term.factor = 2;
        if (dimension(n, o, 0) || dimension(n, o, 1) ||
            dimension(n, o + 1, !(e->flags & KF_TA)))
            return -1;
        break;
    case KERNEL_MAP:
        n->term.factor = steps_of(n, e);
        if (dimension(n, o, 0) || dimension(n, o, 1))
            return -1;
        break;
    case KERNEL_MAP_DIAGONAL:
        n->term.factor = steps_of(n, e);
        if (dimension(n, o, 0) || (o->i != o->j && where_equal(n, o)))
            return -1;
        break;
    case KERNEL_SUM:
    case KERNEL_MAX:
    case KERNEL_MIN:
    case KERNEL_ROWSUMS:
    case KERNEL_MIN_ROWS:
    case KERNEL_MAX_ROWS:
    case KERNEL_ARGMIN_ROWS:
    case KERNEL_ARGMAX_ROWS:
    case KERNEL_NORM:
        n->term.factor = e->kernel == KERNEL_NORM ? 2 : 1;
        if (dimension(n, o + 1, 0) || dimension(n, o + 1, 1))
            return -1;
        break;
    case KERNEL_MAP_SUM:
    case KERNEL_MAP_NORM:
    case KERNEL_MAP_MAX:
    case KERNEL_MAP_MIN:
    case KERNEL_MAP_ROWSUMS:
    case KERNEL_MAP_MIN_ROWS:
    case KERNEL_MAP_MAX_ROWS:
    case KERNEL_MAP_ARGMIN_ROWS:
    case KERNEL_MAP_ARGMAX_ROWS:
        n->term.factor =
            steps_of(n, e) + 1 + (e->kernel == KERNEL_MAP_NORM);
        for (k = 1; k < e->operands; k++) /* one that isn't broadcast */
            if (!(o[k].flags & (OPERAND_ROW | OPERAND_COL | OPERAND_SCALAR)))
                break;
        if (k == e->operands || dimension(n, o + k, 0) ||
            dimension(n, o + k, 1))
            return -1;
        break;
    default: return -1;
    }
    return other_loops(n);
}

/* Kernels that count no flops. */
static int is_free(uint8_t kernel)
{
    static const uint8_t is[KERNEL_COUNT] = {
        [KERNEL_COPY] = 1,  [KERNEL_TRIL] = 1,   [KERNEL_SELECT] = 1,
        [KERNEL_STORE] = 1, [KERNEL_PRINT] = 1,  [KERNEL_CHECK] = 1,
        [KERNEL_NOP] = 1,   [KERNEL_ONEHOT] = 1, [KERNEL_LASWP] = 1,
        [KERNEL_DIAGONAL] = 1};

    return is[kernel];
}

void explain_terms(const struct explain *e, struct explain_line *line,
                   uint32_t entry, const uint32_t *open, uint32_t depth)
{
    const struct plan_entry *x = &e->c->plan->entries.items[entry];
    struct nest n = {.plan = e->c->plan, .open = open, .depth = depth};
    uint32_t k;

    if (is_free(x->kernel))
        return;
    if (depth > sizeof n.used || entry_term(&n, x)) {
        line->unknown = 1;
        return;
    }
    qsort(n.term.sizes, n.term.count, sizeof *n.term.sizes, by_size);
    for (k = 0; k < line->terms.count; k++) {
        struct explain_term *t = &line->terms.items[k];
        if (same_sizes(t, &n.term)) {
            t->factor += n.term.factor;
            return;
        }
    }
    vec_push(e->c->arena, &line->terms, n.term);
}

const char *explain_flops(const struct explain *e,
                          const struct explain_line *line)
{
    const char *text = sum_text(e, line->terms.items, line->terms.count);

    if (!line->unknown)
        return text;
    return line->terms.count ? arena_printf(e->c->arena, "%s + ...", text)
                             : NULL;
}
