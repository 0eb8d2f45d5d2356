/* Binding: parameters, inputs and tile edges in; all sizes out. */
#include "plan/bind.h"
#include "plan/expr.h"
#include "plan/range.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

static const char unset[] = "it is not set";

struct binding *binding_new(const struct plan *plan)
{
    struct binding *b = calloc(1, sizeof *b);
    size_t params = plan->params.count + 1;

    if (!b)
        return NULL;
    b->plan = plan;
    b->values = calloc(plan->exprs.count + 1, sizeof *b->values);
    b->faults = calloc(plan->exprs.count + 1, sizeof *b->faults);
    b->params = calloc(params, sizeof *b->params);
    b->param_texts = calloc(params, sizeof *b->param_texts);
    b->param_state = calloc(params, 1);
    b->inputs = calloc(plan->inputs.count + 1, sizeof *b->inputs);
    b->matrices = calloc(plan->matrices.count + 1, sizeof *b->matrices);
    b->types = calloc(plan->types.count + 1, 1);
    if (!b->values || !b->faults || !b->params || !b->param_texts ||
        !b->param_state || !b->inputs || !b->matrices || !b->types) {
        binding_free(b);
        return NULL;
    }
    return b;
}

void binding_free(struct binding *b)
{
    uint32_t k;

    if (!b)
        return;
    for (k = 0; b->param_texts && k < b->plan->params.count; k++)
        free((void *)(uintptr_t)b->param_texts[k]);
    free(b->values);
    free(b->faults);
    free(b->params);
    free(b->param_texts);
    free(b->param_state);
    free(b->inputs);
    free(b->matrices);
    free(b->types);
    free(b);
}

/* ---- parameters ------------------------------------------------------- */

static int parse_real(const char *text, double *value)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    char *end;

    if (!c)
        return -1;
    *value = strtod_l(text, &end, c);
    freelocale(c);
    return end == text || *end || isspace((unsigned char)text[0]) ? -1 : 0;
}

static int parse_integer(const char *text, int64_t *value)
{
    char *end;
    double real;

    if (isspace((unsigned char)text[0]))
        return -1;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (end != text && !*end && !errno)
        return 0;
    if (parse_real(text, &real) || real != floor(real) || fabs(real) > 9e15)
        return -1;
    *value = (int64_t)real; /* 1e6 */
    return 0;
}

static uint32_t param_find(const struct plan *plan, const char *name)
{
    uint32_t k;

    for (k = 0; k < plan->params.count; k++)
        if (!strcmp(plan_string(plan, plan->params.items[k].name), name))
            return k;
    return PLAN_NONE;
}

static void param_list(const struct plan *plan, char *out, size_t size)
{
    uint32_t k;
    size_t at = 0;

    out[0] = 0;
    for (k = 0; k < plan->params.count && at < size; k++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", k ? ", " : "",
                               plan_string(plan, plan->params.items[k].name));
}

enum tm_status binding_set(struct binding *b, const char *name,
                           const char *text, struct tm_error *error)
{
    static const char *const kinds[] = {"", "a whole number", "a number",
                                        "true or false", "a text"};
    uint32_t k = param_find(b->plan, name);
    union plan_value value = {0};
    int wrong = 0;
    char list[400], *copy;

    if (k == PLAN_NONE) {
        param_list(b->plan, list, sizeof list);
        return error_set(
            error, TM_EUSAGE, "there is no parameter %s; %s%s", name,
            list[0] ? "parameters are " : "the script has none", list);
    }
    if (b->param_state[k] == 2)
        return error_set(error, TM_EUSAGE, "parameter %s is set twice", name);
    switch (b->plan->params.items[k].type) {
    case NUMBER_INT: wrong = parse_integer(text, &value.integer); break;
    case NUMBER_REAL: wrong = parse_real(text, &value.real); break;
    case NUMBER_BOOL:
        value.integer = !strcmp(text, "true") || !strcmp(text, "1");
        wrong = !value.integer && strcmp(text, "false") && strcmp(text, "0");
        break;
    default:
        copy = strdup(text);
        if (!copy)
            return error_set(error, TM_EMEMORY, "out of memory");
        b->param_texts[k] = copy;
    }
    if (wrong)
        return error_set(error, TM_EUSAGE, "parameter %s is %s, not '%s'", name,
                         kinds[b->plan->params.items[k].type], text);
    b->params[k] = value;
    b->param_state[k] = 2;
    return TM_OK;
}

void binding_tile(struct binding *b, int64_t rows, int64_t cols)
{
    b->want_rows = rows;
    b->want_cols = cols;
}

void binding_input(struct binding *b, uint32_t input, int64_t rows,
                   int64_t cols, enum tm_type type)
{
    struct bind_input *x = &b->inputs[input];

    x->rows = rows;
    x->cols = cols;
    x->type = (uint8_t)type;
    x->bound = 1;
}

/* ---- expressions ------------------------------------------------------ */

static void eval_leaf(struct binding *b, const struct plan_expr *x, uint32_t k)
{
    uint64_t n = (uint64_t)x->value.integer;
    uint8_t type;

    b->faults[k] = NULL;
    switch (x->op) {
    case EXPR_PARAM:
        b->values[k] = b->params[n];
        if (!b->param_state[n])
            b->faults[k] = unset;
        break;
    case EXPR_INPUT_ROWS:
    case EXPR_INPUT_COLS:
        b->values[k].integer =
            x->op == EXPR_INPUT_ROWS ? b->inputs[n].rows : b->inputs[n].cols;
        if (!b->inputs[n].bound)
            b->faults[k] = unset;
        break;
    case EXPR_INPUT_COMPLEX:
        type = b->plan->inputs.items[n].fixed;
        if (!type)
            type = b->inputs[n].type;
        b->values[k].integer = type == TM_C64 || type == TM_C128;
        if (!b->inputs[n].bound)
            b->faults[k] = unset;
        break;
    case EXPR_TILE_ROWS: b->values[k].integer = b->tile_rows; break;
    case EXPR_TILE_COLS: b->values[k].integer = b->tile_cols; break;
    default: b->values[k] = x->value;
    }
}

static void eval_all(struct binding *b, uint32_t count)
{
    uint32_t k, a;

    for (k = 0; k < count; k++) {
        const struct plan_expr *x = &b->plan->exprs.items[k];
        uint32_t arity = expr_table[x->op].arity;
        union plan_value args[3] = {{0}, {0}, {0}};
        const char *fault = NULL;
        if (x->slots)
            continue;
        if (!arity) {
            eval_leaf(b, x, k);
            continue;
        }
        for (a = 0; a < arity; a++) {
            args[a] = b->values[x->args[a]];
            if (b->faults[x->args[a]])
                fault = b->faults[x->args[a]];
        }
        if (x->op == EXPR_IF && !b->faults[x->args[0]])
            fault = b->faults[x->args[args[0].integer ? 1 : 2]];
        if (!fault)
            expr_apply(x->op, x->type, args,
                       b->plan->exprs.items[x->args[x->op == EXPR_IF]].type,
                       &b->values[k], &fault);
        b->faults[k] = fault;
    }
}

int binding_eval(const struct binding *b, uint32_t expr,
                 const union plan_value *slots, union plan_value *value,
                 const char **fault)
{
    const struct plan_expr *x = &b->plan->exprs.items[expr];
    union plan_value args[3] = {{0}, {0}, {0}};
    uint32_t a;

    if (!x->slots) {
        *value = b->values[expr];
        *fault = b->faults[expr];
        return *fault ? -1 : 0;
    }
    if (x->op == EXPR_SLOT) {
        *value = slots[x->value.integer];
        return 0;
    }
    if (x->op == EXPR_IF) {
        if (binding_eval(b, x->args[0], slots, &args[0], fault))
            return -1;
        return binding_eval(b, x->args[args[0].integer ? 1 : 2], slots, value,
                            fault);
    }
    for (a = 0; a < expr_table[x->op].arity; a++)
        if (binding_eval(b, x->args[a], slots, &args[a], fault))
            return -1;
    return expr_apply(x->op, x->type, args,
                      b->plan->exprs.items[x->args[0]].type, value, fault);
}

enum tm_status binding_params(struct binding *b, struct tm_error *error)
{
    const struct plan *plan = b->plan;
    uint32_t k;

    for (k = 0; k < plan->params.count; k++) {
        const struct plan_param *p = &plan->params.items[k];
        if (b->param_state[k] == 2)
            continue;
        if (p->value == PLAN_NONE) {
            error_set(error, TM_EUSAGE,
                      "parameter %s has no value: set it with -D %s=...",
                      plan_string(plan, p->name), plan_string(plan, p->name));
            error->place = p->place;
            return TM_EUSAGE;
        }
        b->param_state[k] = 1;
        if (p->type == NUMBER_TEXT) {
            free((void *)(uintptr_t)b->param_texts[k]);
            b->param_texts[k] = strdup(plan_string(plan, p->value));
            if (!b->param_texts[k])
                return error_set(error, TM_EMEMORY, "out of memory");
            continue;
        }
        eval_all(b, p->value + 1);
        if (b->faults[p->value]) {
            error_set(error, TM_ESCRIPT, "parameter %s has no value: %s",
                      plan_string(plan, p->name), b->faults[p->value]);
            error->place = p->place;
            return TM_ESCRIPT;
        }
        b->params[k] = b->values[p->value];
    }
    return TM_OK;
}

/* ---- shapes ----------------------------------------------------------- */

static int fail_at(struct tm_error *error, int status, uint32_t place)
{
    if (error->status == status && error->place == PLAN_NONE)
        error->place = place;
    return status;
}

static int bound_integer(const struct binding *b, uint32_t expr, int64_t least,
                         const char *what, const char *name, uint32_t place,
                         int64_t *value, struct tm_error *error)
{
    *value = b->values[expr].integer;
    if (b->faults[expr])
        error_set(error, TM_ESCRIPT, "the number of %s of %s: %s", what, name,
                  b->faults[expr]);
    else if (*value < least)
        error_set(error, TM_ESCRIPT, "%s has %lld %s", name, (long long)*value,
                  what);
    else
        return 0;
    return fail_at(error, TM_ESCRIPT, place);
}

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

static int bind_shape(struct binding *b, uint32_t k, struct tm_error *error)
{
    const struct plan_matrix *x = &b->plan->matrices.items[k];
    struct bind_matrix *m = &b->matrices[k];
    const char *name = plan_string(b->plan, x->name);
    uint64_t tiles, entries;

    if (bound_integer(b, x->rows, 0, "rows", name, x->place, &m->rows, error) ||
        bound_integer(b, x->cols, 0, "columns", name, x->place, &m->cols,
                      error) ||
        bound_integer(b, x->tile_rows, 1, "rows in a tile", name, x->place,
                      &m->tile_rows, error) ||
        bound_integer(b, x->tile_cols, 1, "columns in a tile", name, x->place,
                      &m->tile_cols, error))
        return TM_ESCRIPT;
    if (m->tile_rows > m->rows)
        m->tile_rows = m->rows ? m->rows : 1;
    if (m->tile_cols > m->cols)
        m->tile_cols = m->cols ? m->cols : 1;
    m->trows = ceil_div(m->rows, m->tile_rows);
    m->tcols = ceil_div(m->cols, m->tile_cols);
    m->first_tile = b->tiles;
    if (__builtin_mul_overflow((uint64_t)m->rows, (uint64_t)m->cols,
                               &entries) ||
        entries > (uint64_t)1 << 58 ||
        __builtin_mul_overflow((uint64_t)m->trows, (uint64_t)m->tcols,
                               &tiles) ||
        tiles > (1u << 30) || b->tiles + tiles > (1u << 30) ||
        m->tile_rows > INT32_MAX || m->tile_cols > INT32_MAX) {
        error_set(error, TM_EMEMORY,
                  "%s (%lld x %lld in tiles of %lld x %lld) is too large", name,
                  (long long)m->rows, (long long)m->cols,
                  (long long)m->tile_rows, (long long)m->tile_cols);
        return fail_at(error, TM_EMEMORY, x->place);
    }
    b->tiles += tiles;
    if (x->kind == MATRIX_INPUT && (m->rows != b->inputs[x->input].rows ||
                                    m->cols != b->inputs[x->input].cols)) {
        error_set(error, TM_EFILE, "bad plan: %s is not as large as its input",
                  name);
        return fail_at(error, TM_EFILE, x->place);
    }
    if (x->kind == MATRIX_SOURCE && x->rule == RULE_LIST &&
        entries > b->plan->constants.count - x->arg) {
        error_set(error, TM_EFILE, "bad plan: %s has too few entries", name);
        return fail_at(error, TM_EFILE, x->place);
    }
    return 0;
}

/* Has the plan an edge of its own for columns?  Else tiles are square. */
static int two_edges(const struct plan *plan)
{
    uint32_t k;

    for (k = 0; k < plan->exprs.count; k++)
        if (plan->exprs.items[k].op == EXPR_TILE_COLS)
            return 1;
    return 0;
}

static int bind_tiles(struct binding *b, struct tm_error *error)
{
    const struct plan *plan = b->plan;

    b->tile_rows = b->tile_cols = 256; /* where edge_bind() chose none */
    if (b->want_rows && b->want_rows != b->want_cols && !two_edges(plan))
        return error_set(error, TM_EUSAGE,
                         "the plan's tiles are square: --tile %lldx%lld needs "
                         "a script with `tile rows, columns`",
                         (long long)b->want_rows, (long long)b->want_cols);
    if (b->want_rows) {
        b->tile_rows = b->want_rows;
        b->tile_cols = b->want_cols;
        return 0;
    }
    eval_all(b, plan->exprs.count);
    if (plan->tile_rows == PLAN_NONE)
        return 0;
    if (bound_integer(b, plan->tile_rows, 1, "rows in a tile", "the script",
                      PLAN_NONE, &b->tile_rows, error) ||
        bound_integer(b, plan->tile_cols, 1, "columns in a tile", "the script",
                      PLAN_NONE, &b->tile_cols, error))
        return TM_ESCRIPT;
    return 0;
}

/* ---- element types ----------------------------------------------------- */

static const char *const type_names[] = {"?", "f32", "f64", "c64", "c128"};

static uint8_t real_type(uint8_t type)
{
    return type == TM_C64 ? TM_F32 : type == TM_C128 ? TM_F64 : type;
}

static uint8_t complex_type(uint8_t type)
{
    return type == TM_F32 ? TM_C64 : type == TM_F64 ? TM_C128 : type;
}

/* The first bound input of the class, or NONE. */
static uint32_t type_input(const struct binding *b, uint32_t type)
{
    uint32_t k;

    for (k = 0; k < b->plan->inputs.count; k++)
        if (b->plan->inputs.items[k].type == type && b->inputs[k].bound)
            return k;
    return PLAN_NONE;
}

/* The element type of a class as far as it says so itself: what is fixed,
 * else that of its inputs; else 0. */
static int bind_type(struct binding *b, uint32_t type, uint8_t *result,
                     struct tm_error *error)
{
    const struct plan *plan = b->plan;
    uint32_t k, first = PLAN_NONE;

    *result = plan->types.items[type].fixed;
    for (k = 0; k < plan->inputs.count; k++) {
        const struct plan_input *x = &plan->inputs.items[k];
        uint8_t own = x->fixed ? x->fixed : b->inputs[k].type;
        if (x->type != type || !b->inputs[k].bound)
            continue;
        if (!*result) {
            *result = own;
            first = k;
        } else if (own != *result) {
            if (first == PLAN_NONE)
                error_set(error, TM_ESCRIPT,
                          "%s is %s and meets matrices of type %s",
                          plan_string(plan, x->name), type_names[own],
                          type_names[*result]);
            else
                error_set(error, TM_ESCRIPT,
                          "%s is %s and meets %s, which is %s",
                          plan_string(plan, x->name), type_names[own],
                          plan_string(plan, plan->inputs.items[first].name),
                          type_names[*result]);
            return fail_at(error, TM_ESCRIPT, x->place);
        }
    }
    return 0;
}

/* Two classes of which one is the real type of the other, and aren't. */
static int types_differ(const struct binding *b, const struct plan_relation *x,
                        struct tm_error *error)
{
    const struct plan *plan = b->plan;
    uint32_t over = type_input(b, x->type), real = type_input(b, x->real);
    uint32_t first = over == PLAN_NONE ? real : over;

    if (over != PLAN_NONE && real != PLAN_NONE)
        error_set(error, TM_ESCRIPT,
                  "%s is %s and meets real numbers that belong to %s, which "
                  "is %s",
                  plan_string(plan, plan->inputs.items[real].name),
                  type_names[b->types[x->real]],
                  plan_string(plan, plan->inputs.items[over].name),
                  type_names[b->types[x->type]]);
    else
        error_set(error, TM_ESCRIPT,
                  "%s%s numbers of type %s meet %s ones that belong to them",
                  first == PLAN_NONE
                      ? ""
                      : plan_string(plan, plan->inputs.items[first].name),
                  first == PLAN_NONE ? "" : ":", type_names[b->types[x->type]],
                  type_names[b->types[x->real]]);
    return fail_at(error, TM_ESCRIPT,
                   first == PLAN_NONE ? PLAN_NONE
                                      : plan->inputs.items[first].place);
}

static int bind_only(const struct binding *b, const struct plan_relation *x,
                     struct tm_error *error)
{
    uint8_t type = b->types[x->type];
    int complex = type != real_type(type);
    uint32_t k = type_input(b, x->type);

    if (x->only == ONLY_ANY || complex == (x->only == ONLY_COMPLEX))
        return 0;
    error_set(error, TM_ESCRIPT, "%s is %s and meets %s numbers",
              k == PLAN_NONE
                  ? "a matrix"
                  : plan_string(b->plan, b->plan->inputs.items[k].name),
              type_names[type], complex ? "real" : "complex");
    return fail_at(error, TM_ESCRIPT,
                   k == PLAN_NONE ? PLAN_NONE : b->plan->inputs.items[k].place);
}

/* What classes say themselves; then the real types below them; then types
 * over known real ones; f64 and c128 where nothing decides. */
static int bind_types(struct binding *b, struct tm_error *error)
{
    const struct plan *plan = b->plan;
    uint32_t k;

    for (k = 0; k < plan->types.count; k++)
        if (bind_type(b, k, &b->types[k], error))
            return TM_ESCRIPT;
    for (k = 0; k < plan->relations.count; k++) {
        const struct plan_relation *x = &plan->relations.items[k];
        uint8_t own = b->types[x->type];
        if (x->real == PLAN_NONE || !own)
            continue;
        if (!b->types[x->real])
            b->types[x->real] = real_type(own);
    }
    for (k = 0; k < plan->relations.count; k++) {
        const struct plan_relation *x = &plan->relations.items[k];
        uint8_t real = TM_F64;
        if (x->real != PLAN_NONE) {
            if (!b->types[x->real])
                b->types[x->real] = TM_F64;
            real = b->types[x->real];
        }
        if (!b->types[x->type])
            b->types[x->type] =
                x->only == ONLY_COMPLEX ? complex_type(real) : real;
        if (x->real != PLAN_NONE && real_type(b->types[x->type]) != real)
            return types_differ(b, x, error);
        if (bind_only(b, x, error))
            return TM_ESCRIPT;
    }
    for (k = 0; k < plan->types.count; k++)
        if (!b->types[k])
            b->types[k] = TM_F64;
    for (k = 0; k < plan->matrices.count; k++)
        b->matrices[k].type = b->types[plan->matrices.items[k].type];
    return 0;
}

static int bind_inputs(struct binding *b, struct tm_error *error)
{
    const struct plan *plan = b->plan;
    uint32_t k;

    for (k = 0; k < plan->inputs.count; k++) {
        const struct plan_input *x = &plan->inputs.items[k];
        const struct bind_input *in = &b->inputs[k];
        uint32_t bad = PLAN_NONE;
        if (!in->bound) {
            error_set(error, TM_EUSAGE, "input %s is not bound",
                      plan_string(plan, x->name));
            return fail_at(error, TM_EUSAGE, x->place);
        }
        if (x->rows != PLAN_NONE &&
            (b->faults[x->rows] || b->values[x->rows].integer != in->rows))
            bad = x->rows;
        else if (x->cols != PLAN_NONE &&
                 (b->faults[x->cols] || b->values[x->cols].integer != in->cols))
            bad = x->cols;
        if (bad == PLAN_NONE)
            continue;
        if (b->faults[bad])
            error_set(error, TM_ESCRIPT, "the size of input %s: %s",
                      plan_string(plan, x->name), b->faults[bad]);
        else
            error_set(error, TM_ESCRIPT,
                      "input %s is %lld x %lld; the script wants %lld %s",
                      plan_string(plan, x->name), (long long)in->rows,
                      (long long)in->cols, (long long)b->values[bad].integer,
                      bad == x->rows ? "rows" : "columns");
        return fail_at(error, TM_ESCRIPT, x->place);
    }
    return 0;
}

static int bind_checks(struct binding *b, struct tm_error *error)
{
    uint32_t k;

    for (k = 0; k < b->plan->checks.count; k++) {
        const struct plan_check *x = &b->plan->checks.items[k];
        char text[800];
        if (!b->faults[x->test] && b->values[x->test].integer)
            continue;
        if (b->faults[x->test]) {
            error_set(error, TM_ESCRIPT, "%s", b->faults[x->test]);
        } else {
            binding_text(b, x->text, NULL, NULL, text, sizeof text);
            error_set(error, TM_ESCRIPT, "%s", text);
        }
        return fail_at(error, TM_ESCRIPT, x->place);
    }
    return 0;
}

enum tm_status binding_finish(struct binding *b, struct tm_error *error)
{
    const struct plan *plan = b->plan;
    uint32_t k;
    int status = binding_params(b, error);

    if (!status)
        status = bind_tiles(b, error);
    if (!status) {
        eval_all(b, plan->exprs.count);
        status = bind_inputs(b, error);
    }
    if (!status)
        status = bind_checks(b, error);
    b->tiles = 0;
    for (k = 0; !status && k < plan->matrices.count; k++)
        status = bind_shape(b, k, error);
    if (!status)
        status = bind_types(b, error);
    if (!status)
        status = range_check(b, error);
    return (enum tm_status)status;
}

struct bind_tile binding_tile_at(const struct binding *b, uint64_t tile)
{
    uint32_t low = 0, high = b->plan->matrices.count;
    const struct bind_matrix *m;
    struct bind_tile t;
    uint64_t offset;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (b->matrices[middle].first_tile <= tile)
            low = middle;
        else
            high = middle;
    }
    m = &b->matrices[low];
    offset = tile - m->first_tile;
    t.matrix = low;
    t.i = (int64_t)(offset % (uint64_t)m->trows);
    t.j = (int64_t)(offset / (uint64_t)m->trows);
    t.row = t.i * m->tile_rows;
    t.col = t.j * m->tile_cols;
    t.rows = m->rows - t.row < m->tile_rows ? m->rows - t.row : m->tile_rows;
    t.cols = m->cols - t.col < m->tile_cols ? m->cols - t.col : m->tile_cols;
    return t;
}

/* ---- texts ------------------------------------------------------------ */

void number_text(double value, uint8_t type, char *out, size_t size)
{
    int single = type == TM_F32 || type == TM_C64;
    int digits = single ? 6 : 15, most = single ? 9 : 17;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t old = c ? uselocale(c) : (locale_t)0;

    if (isnan(value))
        snprintf(out, size, "nan");
    else
        for (; digits <= most; digits++) {
            double back;
            snprintf(out, size, "%.*g", digits, value);
            back = strtod(out, NULL);
            if (single ? (float)back == (float)value : back == value)
                break;
        }
    if (c) {
        uselocale(old);
        freelocale(c);
    }
}

static void value_text(uint8_t type, union plan_value value, char *out,
                       size_t size)
{
    if (type == NUMBER_REAL)
        number_text(value.real, TM_F64, out, size);
    else if (type == NUMBER_BOOL)
        snprintf(out, size, "%s", value.integer ? "true" : "false");
    else
        snprintf(out, size, "%lld", (long long)value.integer);
}

static void scalar_text(const struct bind_scalar *x, char *out, size_t size)
{
    number_text(x->real, x->type, out, size);
    if (x->type == TM_C64 || x->type == TM_C128) {
        size_t at = strlen(out);
        char imag[40];
        number_text(x->imag, x->type, imag, sizeof imag);
        snprintf(out + at, size - at, "%s%si", imag[0] == '-' ? "" : "+", imag);
    }
}

void binding_text(const struct binding *b, uint32_t text,
                  const struct bind_scalar *scalars,
                  const union plan_value *slot_values, char *out, size_t size)
{
    const struct plan_text *t = &b->plan->texts.items[text];
    size_t at = 0;
    uint32_t k;

    out[0] = 0;
    for (k = 0; k < t->count && at + 1 < size; k++) {
        const struct plan_part *x = &b->plan->parts.items[t->first + k];
        const struct plan_expr *e;
        const char *piece = "";
        char number[80];
        if (x->kind == PART_STRING) {
            piece = plan_string(b->plan, x->value);
        } else if (x->kind == PART_PARAM) {
            piece = b->param_texts[x->value] ? b->param_texts[x->value] : "";
        } else if (x->kind == PART_OPERAND) {
            if (scalars)
                scalar_text(&scalars[x->value], number, sizeof number);
            piece = scalars ? number : "?";
        } else {
            union plan_value value = b->values[x->value];
            e = &b->plan->exprs.items[x->value];
            if (e->slots && slot_values)
                value = *slot_values++;
            value_text(e->type, value, number, sizeof number);
            piece =
                (e->slots && !slot_values) || (!e->slots && b->faults[x->value])
                    ? "?"
                    : number;
        }
        at += (size_t)snprintf(out + at, size - at, "%s", piece);
    }
}
