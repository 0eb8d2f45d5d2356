/* Numbers, strings, places and types of the plan under construction.
 *
 * Expressions are simplified as they are made and kept once each, so that
 * equal shapes have equal numbers: sums are flat chains with their terms in
 * order and one constant last. */
#include "compiler/model.h"
#include "plan/expr.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

/* ---- expressions ------------------------------------------------------- */

static uint32_t expr_key(const struct plan_expr *x)
{
    uint64_t h = (uint64_t)x->op * 0x9e3779b97f4a7c15u;
    int k;

    h ^= (uint64_t)x->value.integer + x->type;
    for (k = 0; k < 3; k++)
        h = (h ^ x->args[k]) * 0xff51afd7ed558ccdu;
    return (uint32_t)(h ^ h >> 32);
}

static int expr_same(const struct plan_expr *a, const struct plan_expr *b)
{
    return a->op == b->op && a->type == b->type && a->args[0] == b->args[0] &&
           a->args[1] == b->args[1] && a->args[2] == b->args[2] &&
           a->value.integer == b->value.integer;
}

static void hash_grow(struct compiler *c)
{
    uint32_t size = c->expr_hash_size ? 2 * c->expr_hash_size : 1024, k;

    c->expr_hash = arena_array(c->arena, size, sizeof *c->expr_hash);
    c->expr_hash_size = size;
    for (k = 0; k < c->plan->exprs.count; k++) {
        uint32_t at = expr_key(&c->plan->exprs.items[k]) & (size - 1);
        while (c->expr_hash[at])
            at = (at + 1) & (size - 1);
        c->expr_hash[at] = k + 1;
    }
}

static uint32_t expr_intern(struct compiler *c, struct plan_expr x)
{
    uint32_t at, k, arity = expr_table[x.op].arity;

    x.slots = x.op == EXPR_SLOT;
    for (k = 0; k < arity; k++)
        x.slots |= c->plan->exprs.items[x.args[k]].slots;
    if (c->plan->exprs.count * 2 >= c->expr_hash_size)
        hash_grow(c);
    at = expr_key(&x) & (c->expr_hash_size - 1);
    while (c->expr_hash[at]) {
        k = c->expr_hash[at] - 1;
        if (expr_same(&c->plan->exprs.items[k], &x))
            return k;
        at = (at + 1) & (c->expr_hash_size - 1);
    }
    vec_push(c->plan->arena, &c->plan->exprs, x);
    c->expr_hash[at] = c->plan->exprs.count;
    return c->plan->exprs.count - 1;
}

uint32_t build_int(struct compiler *c, int64_t value)
{
    return expr_intern(c, (struct plan_expr){.op = EXPR_INT,
                                             .type = NUMBER_INT,
                                             .value.integer = value});
}

uint32_t build_real(struct compiler *c, double value)
{
    return expr_intern(c, (struct plan_expr){.op = EXPR_REAL,
                                             .type = NUMBER_REAL,
                                             .value.real = value});
}

uint32_t build_truth(struct compiler *c, int value)
{
    return expr_intern(c, (struct plan_expr){.op = EXPR_TRUTH,
                                             .type = NUMBER_BOOL,
                                             .value.integer = value != 0});
}

uint32_t build_leaf(struct compiler *c, uint8_t op, uint8_t type,
                    uint64_t number)
{
    return expr_intern(c, (struct plan_expr){.op = op,
                                             .type = type,
                                             .value.integer = (int64_t)number});
}

static const struct plan_expr *get(const struct compiler *c, uint32_t expr)
{
    return &c->plan->exprs.items[expr];
}

static int is_constant(const struct compiler *c, uint32_t expr)
{
    return get(c, expr)->op <= EXPR_TRUTH;
}

int build_constant(const struct compiler *c, uint32_t expr, int64_t *value)
{
    if (expr == PLAN_NONE || get(c, expr)->op != EXPR_INT)
        return 0;
    *value = get(c, expr)->value.integer;
    return 1;
}

int build_is(const struct compiler *c, uint32_t expr, int64_t value)
{
    int64_t x;

    return build_constant(c, expr, &x) && x == value;
}

int number_type(const struct compiler *c, uint32_t expr)
{
    return get(c, expr)->type;
}

static uint32_t plain(struct compiler *c, uint8_t op, uint8_t type, uint32_t a,
                      uint32_t b)
{
    return expr_intern(
        c, (struct plan_expr){.op = op, .type = type, .args = {a, b, 0}});
}

static uint32_t to_real(struct compiler *c, uint32_t a)
{
    if (get(c, a)->type == NUMBER_REAL)
        return a;
    if (get(c, a)->op == EXPR_INT)
        return build_real(c, (double)get(c, a)->value.integer);
    return plain(c, EXPR_TO_REAL, NUMBER_REAL, a, 0);
}

static uint32_t fold(struct compiler *c, uint8_t op, uint8_t type, uint32_t a,
                     uint32_t b, const char **fault)
{
    union plan_value args[3] = {get(c, a)->value, get(c, b)->value, {0}};
    struct plan_expr x = {.type = type};

    x.op = type == NUMBER_INT    ? EXPR_INT
           : type == NUMBER_REAL ? EXPR_REAL
                                 : EXPR_TRUTH;
    if (expr_apply(op, type, args, get(c, a)->type, &x.value, fault))
        return a;
    return expr_intern(c, x);
}

/* a + b of integers: terms in order, one constant last. */
static uint32_t sum(struct compiler *c, uint32_t a, uint32_t b)
{
    const struct plan_expr *x = get(c, a), *y;
    const char *fault = NULL;

    if (is_constant(c, a)) {
        uint32_t t = a;
        a = b;
        b = t;
        x = get(c, a);
    }
    if (build_is(c, b, 0))
        return a;
    if (x->op == EXPR_ADD && is_constant(c, x->args[1])) {
        uint32_t rest = x->args[0], constant = x->args[1];
        if (is_constant(c, b))
            return sum(c, rest,
                       fold(c, EXPR_ADD, NUMBER_INT, constant, b, &fault));
        return sum(c, sum(c, rest, b), constant);
    }
    if (is_constant(c, b))
        return plain(c, EXPR_ADD, NUMBER_INT, a, b);
    y = get(c, b);
    if (y->op == EXPR_ADD && is_constant(c, y->args[1])) {
        uint32_t constant = y->args[1];
        return sum(c, sum(c, a, y->args[0]), constant);
    }
    /* (a - b) + b, and b + (a - b) */
    if (x->op == EXPR_SUB && x->args[1] == b)
        return x->args[0];
    if (y->op == EXPR_SUB && y->args[1] == a)
        return y->args[0];
    return a <= b ? plain(c, EXPR_ADD, NUMBER_INT, a, b)
                  : plain(c, EXPR_ADD, NUMBER_INT, b, a);
}

static uint32_t difference(struct compiler *c, uint32_t a, uint32_t b)
{
    const struct plan_expr *x = get(c, a);
    int64_t constant;

    if (a == b)
        return build_int(c, 0);
    if (build_constant(c, b, &constant) && constant != INT64_MIN)
        return sum(c, a, build_int(c, -constant));
    if (x->op == EXPR_ADD && (x->args[0] == b || x->args[1] == b))
        return x->args[x->args[0] == b];
    return plain(c, EXPR_SUB, NUMBER_INT, a, b);
}

static uint32_t build_integer(struct compiler *c, uint8_t op, uint32_t a,
                              uint32_t b)
{
    switch (op) {
    case EXPR_ADD: return sum(c, a, b);
    case EXPR_SUB: return difference(c, a, b);
    case EXPR_MUL:
        if (is_constant(c, a) || a < b) {
            uint32_t t = a;
            a = b;
            b = t;
        }
        if (build_is(c, b, 1))
            return a;
        if (build_is(c, b, 0))
            return b;
        break;
    case EXPR_FLOOR_DIV:
    case EXPR_CEIL_DIV:
        if (build_is(c, b, 1) || build_is(c, a, 0))
            return a;
        break;
    case EXPR_MOD:
        if (build_is(c, a, 0))
            return a;
        break;
    case EXPR_MIN:
    case EXPR_MAX:
        if (a == b)
            return a;
        if (a > b)
            return plain(c, op, NUMBER_INT, b, a);
        break;
    case EXPR_POW:
        if (build_is(c, b, 1))
            return a;
        break;
    }
    return plain(c, op, NUMBER_INT, a, b);
}

/* floor(a / b) and ceil(log2(a)) of whole numbers are exact. */
static uint32_t exact(struct compiler *c, uint8_t op, uint32_t a)
{
    const struct plan_expr *x = get(c, a);
    int up = op == EXPR_CEIL;

    if (op == EXPR_ROUND)
        return PLAN_NONE;
    if (x->op == EXPR_LOG2 && get(c, x->args[0])->op == EXPR_TO_REAL)
        return plain(c, up ? EXPR_CEIL_LOG2 : EXPR_FLOOR_LOG2, NUMBER_INT,
                     get(c, x->args[0])->args[0], 0);
    if (x->op == EXPR_DIV) {
        const struct plan_expr *n = get(c, x->args[0]);
        const struct plan_expr *d = get(c, x->args[1]);
        uint32_t top = n->op == EXPR_TO_REAL ? n->args[0] : PLAN_NONE;
        uint32_t low = d->op == EXPR_TO_REAL ? d->args[0] : PLAN_NONE;
        if (n->op == EXPR_REAL && n->value.real == floor(n->value.real) &&
            fabs(n->value.real) < 9e15)
            top = build_int(c, (int64_t)n->value.real);
        d = get(c, x->args[1]);
        if (d->op == EXPR_REAL && d->value.real == floor(d->value.real) &&
            fabs(d->value.real) < 9e15)
            low = build_int(c, (int64_t)d->value.real);
        if (top != PLAN_NONE && low != PLAN_NONE)
            return build_integer(c, up ? EXPR_CEIL_DIV : EXPR_FLOOR_DIV, top,
                                 low);
    }
    return PLAN_NONE;
}

static int compares(uint8_t op)
{
    return op >= EXPR_LT && op <= EXPR_NE;
}

uint32_t build_op(struct compiler *c, uint8_t op, uint32_t a, uint32_t b,
                  const char **fault)
{
    const char *why = NULL;
    uint32_t arity = expr_table[op].arity, result;
    char rule = expr_table[op].type;
    uint8_t type;

    if (arity < 2)
        b = a;
    if (rule == 'r' || (arity == 2 && get(c, a)->type != get(c, b)->type)) {
        a = to_real(c, a);
        b = to_real(c, b);
    }
    type = rule == 'r'   ? NUMBER_REAL
           : rule == 'b' ? NUMBER_BOOL
           : rule == 'i' ? NUMBER_INT
                         : get(c, a)->type;
    if ((op == EXPR_FLOOR || op == EXPR_CEIL || op == EXPR_ROUND)) {
        if (get(c, a)->type == NUMBER_INT)
            return a;
        result = exact(c, op, a);
        if (result != PLAN_NONE)
            return result;
    }
    if (op == EXPR_TO_REAL)
        return to_real(c, a);
    if (is_constant(c, a) && is_constant(c, b)) {
        result = fold(c, op, type, a, b, &why);
        if (!why)
            return result;
        if (fault)
            *fault = why;
        return result;
    }
    if (compares(op) && a == b && get(c, a)->type != NUMBER_REAL)
        return build_truth(c, op == EXPR_LE || op == EXPR_EQ);
    if (op == EXPR_AND || op == EXPR_OR) {
        uint32_t known = is_constant(c, a)   ? a
                         : is_constant(c, b) ? b
                                             : PLAN_NONE;
        if (known != PLAN_NONE) {
            int truth = get(c, known)->value.integer != 0;
            if (truth == (op == EXPR_OR))
                return known;
            return known == a ? b : a;
        }
    }
    if (op == EXPR_NOT && get(c, a)->op == EXPR_NOT)
        return get(c, a)->args[0];
    if (type == NUMBER_INT && arity == 2)
        return build_integer(c, op, a, b);
    if (arity == 1)
        return plain(c, op, type, a, 0);
    if ((op == EXPR_EQ || op == EXPR_NE) && a > b)
        return plain(c, op, type, b, a);
    return plain(c, op, type, a, b);
}

uint32_t build_if(struct compiler *c, uint32_t test, uint32_t a, uint32_t b)
{
    if (is_constant(c, test))
        return get(c, test)->value.integer ? a : b;
    if (a == b)
        return a;
    return expr_intern(c, (struct plan_expr){.op = EXPR_IF,
                                             .type = get(c, a)->type,
                                             .args = {test, a, b}});
}

uint32_t build_slot(struct compiler *c, const char *name, uint8_t type)
{
    struct plan_slot slot = {type, build_string(c, name)};

    vec_push(c->plan->arena, &c->plan->slots, slot);
    return build_leaf(c, EXPR_SLOT, type, c->plan->slots.count - 1);
}

/* ---- strings, places, texts ---------------------------------------------- */

uint32_t build_string(struct compiler *c, const char *text)
{
    const uint32_t *known = table_find(&c->strings, text);

    if (known)
        return *known;
    text = arena_text(c->plan->arena, text, strlen(text));
    vec_push(c->plan->arena, &c->plan->strings, text);
    table_put(c->arena, &c->strings, text, c->plan->strings.count - 1);
    return c->plan->strings.count - 1;
}

static uint32_t source_number(struct compiler *c, const struct source *source)
{
    struct plan_source new;
    uint32_t k, name = build_string(c, source->name);

    for (k = 0; k < c->plan->sources.count; k++)
        if (c->plan->sources.items[k].name == name)
            return k;
    new.name = name;
    new.text = PLAN_NONE;
    if (!source->library) {
        const char *text =
            arena_text(c->plan->arena, source->text, source->size);
        vec_push(c->plan->arena, &c->plan->strings, text);
        new.text = c->plan->strings.count - 1;
    }
    vec_push(c->plan->arena, &c->plan->sources, new);
    return c->plan->sources.count - 1;
}

static const struct line_table *lines_of(struct compiler *c,
                                         const struct source *source)
{
    struct line_table lines = {.source = source, .count = 1};
    const char *text = source->text, *end = text + source->size, *newline;
    uint32_t k;

    for (k = 0; k < c->lines.count; k++)
        if (c->lines.items[k].source == source)
            return &c->lines.items[k];
    for (newline = text;
         (newline = memchr(newline, '\n', (size_t)(end - newline))); newline++)
        lines.count++;
    lines.begins = arena_array(c->arena, lines.count, sizeof *lines.begins);
    for (newline = text, k = 1;
         (newline = memchr(newline, '\n', (size_t)(end - newline))); newline++)
        lines.begins[k++] = (uint32_t)(newline + 1 - text);
    vec_push(c->arena, &c->lines, lines);
    return &c->lines.items[c->lines.count - 1];
}

/* As source_line_column(), for many places in one source. */
static struct line_column
line_column(struct compiler *c, const struct source *source, uint32_t offset)
{
    const struct line_table *lines = lines_of(c, source);
    uint32_t low = 0, high = lines->count;

    if (offset > source->size)
        offset = (uint32_t)source->size;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (lines->begins[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return (struct line_column){low + 1, offset - lines->begins[low] + 1};
}

uint32_t build_place(struct compiler *c, struct place place, uint32_t via)
{
    struct plan_place p = {.via = via};
    struct line_column at, end;
    uint32_t k;

    if (!place.source)
        return via;
    at = line_column(c, place.source, place.begin);
    end = line_column(c, place.source,
                      place.end > place.begin ? place.end : place.begin);
    p.source = source_number(c, place.source);
    p.line = at.line;
    p.column = at.column;
    p.end_column = end.line == at.line ? end.column : at.column + 1;
    for (k = c->plan->places.count; k-- > 0;) {
        const struct plan_place *q = &c->plan->places.items[k];
        if (q->source == p.source && q->line == p.line &&
            q->column == p.column && q->end_column == p.end_column &&
            q->via == p.via)
            return k;
        if (c->plan->places.count - k > 64)
            break; /* far back: another copy does no harm */
    }
    vec_push(c->plan->arena, &c->plan->places, p);
    return c->plan->places.count - 1;
}

uint32_t build_text(struct compiler *c, const struct plan_part *parts,
                    uint32_t count)
{
    struct plan_text text = {c->plan->parts.count, count};
    uint32_t k;

    for (k = 0; k < count; k++)
        vec_push(c->plan->arena, &c->plan->parts, parts[k]);
    vec_push(c->plan->arena, &c->plan->texts, text);
    return c->plan->texts.count - 1;
}

const char *build_show(struct compiler *c, uint32_t expr)
{
    char *text = NULL, *copy;
    size_t size = 0;
    FILE *out;

    if (expr == PLAN_NONE)
        return "?";
    out = open_memstream(&text, &size);
    if (!out)
        longjmp(c->arena->failed, 1);
    plan_print_expr(out, c->plan, expr);
    fclose(out);
    copy = arena_text(c->arena, text, size);
    free(text);
    return copy;
}

/* ---- shapes ---------------------------------------------------------------
 */

const char *shape_show(struct compiler *c, struct shape shape)
{
    return arena_printf(c->arena, "%s x %s", build_show(c, shape.rows),
                        build_show(c, shape.cols));
}

int shape_is_scalar(const struct compiler *c, struct shape shape)
{
    return build_is(c, shape.rows, 1) && build_is(c, shape.cols, 1);
}

static uint32_t tiles(struct compiler *c, uint32_t size, uint32_t edge)
{
    if (build_is(c, size, 1) || build_is(c, size, 0))
        return size;
    return build_op(c, EXPR_CEIL_DIV, size, edge, NULL);
}

uint32_t shape_trows(struct compiler *c, struct shape shape)
{
    return tiles(c, shape.rows, shape.tile_rows);
}

uint32_t shape_tcols(struct compiler *c, struct shape shape)
{
    return tiles(c, shape.cols, shape.tile_cols);
}

static void part_text(struct compiler *c, struct plan_part *parts,
                      uint32_t *count, const char *text, size_t length)
{
    if (length)
        parts[(*count)++] = (struct plan_part){
            PART_STRING, build_string(c, arena_text(c->arena, text, length))};
}

static int require(struct compiler *c, enum diag_id id, struct place place,
                   uint32_t test, const char *format, va_list args)
{
    struct plan_part parts[32];
    uint32_t count = 0, k;
    const char *start = format, *at;
    struct plan_check check;

    for (at = format; *at && count < 30; at++) {
        if (at[0] != '%')
            continue;
        part_text(c, parts, &count, start, (size_t)(at - start));
        if (at[1] == 'e') {
            parts[count++] =
                (struct plan_part){PART_EXPR, va_arg(args, uint32_t)};
        } else {
            const char *text = va_arg(args, const char *);
            part_text(c, parts, &count, text, strlen(text));
        }
        start = ++at + 1;
    }
    part_text(c, parts, &count, start, strlen(start));
    if (!is_constant(c, test)) {
        check.test = test;
        check.text = build_text(c, parts, count);
        check.place = build_place(c, place, c->frame->call);
        for (k = 0; k < c->plan->checks.count; k++)
            if (c->plan->checks.items[k].test == test)
                return 1; /* the first message is the best */
        vec_push(c->plan->arena, &c->plan->checks, check);
        return 1;
    }
    if (!get(c, test)->value.integer) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        if (!out)
            longjmp(c->arena->failed, 1);
        for (k = 0; k < count; k++)
            if (parts[k].kind == PART_STRING)
                fputs(c->plan->strings.items[parts[k].value], out);
            else
                plan_print_expr(out, c->plan, parts[k].value);
        fclose(out);
        diag_add(c->diags, id, place, "%s", text);
        free(text);
        return 0;
    }
    return 1;
}

int require_equal(struct compiler *c, enum diag_id id, struct place place,
                  uint32_t a, uint32_t b, const char *format, ...)
{
    va_list args;
    int good;

    if (a == b || a == PLAN_NONE || b == PLAN_NONE)
        return 1;
    va_start(args, format);
    good =
        require(c, id, place, build_op(c, EXPR_EQ, a, b, NULL), format, args);
    va_end(args);
    return good;
}

int require_true(struct compiler *c, enum diag_id id, struct place place,
                 uint32_t test, const char *format, ...)
{
    va_list args;
    int good;

    va_start(args, format);
    good = require(c, id, place, test, format, args);
    va_end(args);
    return good;
}
