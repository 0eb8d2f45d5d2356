/* The passes: text -> tree -> steps -> rewritten steps -> plan. */
#include "compiler/model.h"

#include "base/error.h"
#include "compiler/explain.h"
#include "plan/edge.h"
#include "plan/walk.h"

#include <stdlib.h>

struct compilation {
    struct compiler c;
    struct arena arena;
    struct diag_sink diags;
    struct frame script;
    struct block program;
    const struct ast *ast;
    const char *usage;   /* a fault of the call, not of the script */
    const char *missing; /* a size that options do not give */
};

/* ---- passes and what they print
 * --------------------------------------------------- */

static void pass_ast(struct compilation *x)
{
    x->ast = ast_parse(&x->arena, &x->diags, x->c.source);
}

static void pass_expr(struct compilation *x)
{
    struct compiler *c = &x->c;

    c->tile_rows = build_leaf(c, EXPR_TILE_ROWS, NUMBER_INT, 0);
    c->tile_cols = c->tile_rows;
    if (c->options && c->options->tile_rows) {
        c->plan->tile_rows = build_int(c, c->options->tile_rows);
        c->plan->tile_cols = build_int(c, c->options->tile_cols);
        if (c->options->tile_rows != c->options->tile_cols)
            c->tile_cols = build_leaf(c, EXPR_TILE_COLS, NUMBER_INT, 0);
    }
    functions_add(c, x->ast, 0);
    check_program(c, x->ast);
}

static void pass_graph(struct compilation *x)
{
    if (!x->c.options || !x->c.options->no_optimise)
        x->program = *optimise(&x->c, &x->program);
    rewrite_block(&x->c, &x->program, 0, NULL);
}

static void pass_dag(struct compilation *x)
{
    name_inputs(&x->c);
    find_halves(&x->c, &x->program);
    x->c.sharing = !x->c.options || !x->c.options->no_optimise;
    lower_block(&x->c, &x->program);
    if (!x->diags.errors)
        warn_unused(&x->c, x->ast);
}

static void pass_plan(struct compilation *x)
{
    struct tm_error error;

    finish_plan(&x->c);
    error_clear(&error);
    if (plan_verify(x->c.plan, &error)) {
        x->usage =
            arena_printf(&x->arena, "a fault of Tilematrix: %s", error.text);
    }
}

static void print_ast(struct compilation *x, FILE *out)
{
    ast_print(out, x->ast);
}

static void print_steps(struct compilation *x, FILE *out)
{
    dump_steps(out, &x->c, &x->program, 0);
}

static void print_dag(struct compilation *x, FILE *out)
{
    plan_print_entries(out, x->c.plan);
}

static void print_plan(struct compilation *x, FILE *out)
{
    plan_print(out, x->c.plan);
}

/* Sizes of inputs, which no file gives here, come from -D: a size by its
 * name in `input A(m, n)`, that of a file that is read as "rows(A)". */
static int64_t input_size(struct compilation *x, uint32_t input, int cols)
{
    const struct compile_options *o = x->c.options;
    const char *name = arena_printf(
        &x->arena, "%s(%s)", cols ? "cols" : "rows",
        plan_string(x->c.plan, x->c.plan->inputs.items[input].name));
    uint32_t k;
    size_t d;

    for (k = 0; k < x->c.sizes.count; k++)
        if (x->c.sizes.items[k].input == input &&
            x->c.sizes.items[k].cols == cols)
            name = x->c.sizes.items[k].name;
    for (d = 0; o && d < o->define_count; d++)
        if (!strcmp(o->defines[d].name, name)) {
            o->defines[d].used = 1;
            return strtoll(o->defines[d].value, NULL, 10);
        }
    if (!x->missing)
        x->missing = name;
    return 0;
}

/* A size that is given by others is followed. */
static void bind_input(struct compilation *x, struct binding *b, uint32_t k)
{
    const struct plan_input *in = &x->c.plan->inputs.items[k];
    union plan_value rows = {0}, cols = {0};
    struct tm_error ignored;

    if (in->rows == PLAN_NONE)
        rows.integer = input_size(x, k, 0);
    if (in->cols == PLAN_NONE)
        cols.integer = input_size(x, k, 1);
    binding_input(b, k, rows.integer, cols.integer, TM_F64);
    if (in->rows == PLAN_NONE && in->cols == PLAN_NONE)
        return;
    error_clear(&ignored);
    binding_finish(b, &ignored);
    if (in->rows != PLAN_NONE)
        rows = b->values[in->rows];
    if (in->cols != PLAN_NONE)
        cols = b->values[in->cols];
    binding_input(b, k, rows.integer, cols.integer, TM_F64);
}

/* The plan with the sizes that options give; x->missing names one that they
 * do not.  The caller frees it. */
static struct binding *bind_sizes(struct compilation *x, struct tm_error *error)
{
    struct binding *b = binding_new(x->c.plan);
    uint32_t k;

    if (!b)
        longjmp(x->arena.failed, 1);
    error_clear(error);
    binding_params(b, error);
    for (k = 0; k < x->c.plan->inputs.count && !error->status; k++)
        bind_input(x, b, k);
    if (!error->status && !x->missing)
        edge_bind(b, edge_rates_of(cpu_kind()), NULL, error);
    return b;
}

static void print_unfolded(struct compilation *x, FILE *out, int dot)
{
    struct tm_error error;
    struct binding *b = bind_sizes(x, &error);

    if (!error.status && !x->missing)
        walk_print(out, b, dot, &error);
    if (error.status)
        x->usage = arena_printf(&x->arena, "%s", error.text);
    else if (x->missing)
        x->usage = arena_printf(&x->arena,
                                "to unfold the plan the size %s is wanted: "
                                "-D '%s=...'",
                                x->missing, x->missing);
    binding_free(b);
}

static void print_tasks(struct compilation *x, FILE *out)
{
    print_unfolded(x, out, 0);
}

static void print_dot(struct compilation *x, FILE *out)
{
    print_unfolded(x, out, 1);
}

/* Without sizes, and without parameters that have no default, there are
 * formulas for numbers. */
static void print_explained(struct compilation *x, FILE *out,
                            void (*print)(FILE *out,
                                          const struct explain *explain))
{
    struct explain explain;
    struct binding *b;
    struct tm_error error;

    explain_prepare(&x->c, &explain);
    b = bind_sizes(x, &error);
    if (error.status == TM_EUSAGE && !x->missing)
        explain.missing = arena_printf(&x->arena, "%s", error.text);
    else if (error.status)
        x->usage = arena_printf(&x->arena, "%s", error.text);
    else if (x->missing)
        explain.missing = arena_printf(&x->arena,
                                       "for numbers the size %s is wanted: "
                                       "-D '%s=...'",
                                       x->missing, x->missing);
    if (!x->usage &&
        explain_count(&explain, explain.missing ? NULL : b, &error))
        x->usage = arena_printf(&x->arena, "%s", error.text);
    if (!x->usage)
        print(out, &explain);
    binding_free(b);
}

static void print_explain(struct compilation *x, FILE *out)
{
    print_explained(x, out, explain_text);
}

static void print_explain_html(struct compilation *x, FILE *out)
{
    print_explained(x, out, explain_html);
}

static const struct pass {
    const char *name;
    void (*run)(struct compilation *x);
    void (*print)(struct compilation *x, FILE *out);
} passes[] = {
    {"ast", pass_ast, print_ast},       /* text -> AST                 */
    {"expr", pass_expr, print_steps},   /* AST -> typed steps          */
    {"graph", pass_graph, print_steps}, /* the same, rewritten         */
    {"dag", pass_dag, print_dag},       /* steps -> tile program       */
    {"plan", pass_plan, print_plan},    /* settled, compact, verified  */
    {"tasks", NULL, print_tasks},       /* unfolded at given sizes     */
    {"dot", NULL, print_dot},
    {"explain", NULL, print_explain}, /* by lines of the script */
    {"explain=html", NULL, print_explain_html},
};

/* ---- driver
 * -------------------------------------------------------------------------- */

static const char *unused_define(struct compilation *x)
{
    const struct compile_options *o = x->c.options;
    const char *list = "";
    uint32_t k;
    size_t d;

    for (d = 0; o && d < o->define_count; d++) {
        if (o->defines[d].used)
            continue;
        for (k = 0; k < x->c.plan->params.count; k++)
            list = arena_printf(
                &x->arena, "%s%s%s", list, k ? ", " : "",
                plan_string(x->c.plan, x->c.plan->params.items[k].name));
        return arena_printf(
            &x->arena, "there is no parameter %s; %s%s", o->defines[d].name,
            *list ? "parameters are " : "the script has none", list);
    }
    return NULL;
}

static int known_form(const char *emit)
{
    size_t k;

    if (!emit || !strcmp(emit, "tokens"))
        return 1;
    for (k = 0; k < sizeof passes / sizeof *passes; k++)
        if (!strcmp(passes[k].name, emit))
            return 1;
    return 0;
}

static enum tm_status run_passes(struct compilation *x, const char *emit,
                                 FILE *out)
{
    size_t k;

    if (!known_form(emit)) {
        x->usage = arena_printf(&x->arena,
                                "there is no form %s; forms are tokens ast "
                                "expr graph dag plan tasks dot",
                                emit);
        return TM_EUSAGE;
    }
    if (emit && !strcmp(emit, "tokens")) {
        ast_print_tokens(out, &x->arena, &x->diags, x->c.source);
        return x->diags.errors ? TM_ESCRIPT : TM_OK;
    }
    x->c.keep_notes = emit && !strncmp(emit, "explain", 7);
    for (k = 0; k < sizeof passes / sizeof *passes; k++) {
        if (passes[k].run)
            passes[k].run(x);
        if (x->diags.errors)
            return TM_ESCRIPT;
        if (x->usage)
            return TM_EBUG;
        if (emit && !strcmp(passes[k].name, emit)) {
            passes[k].print(x, out);
            return x->usage ? TM_EUSAGE : TM_OK;
        }
        if (!strcmp(passes[k].name, "plan") && !emit)
            break;
    }
    x->usage = unused_define(x);
    return x->usage ? TM_EUSAGE : TM_OK;
}

enum tm_status compile_source(const struct source *source,
                              const struct compile_options *options,
                              const char *emit, FILE *out, struct plan **plan,
                              char **messages)
{
    struct compilation *x = calloc(1, sizeof *x);
    struct plan *made = plan_new();
    enum tm_status status;
    const char *text = NULL;
    size_t k;

    *plan = NULL;
    *messages = NULL;
    if (!x || !made) {
        free(x);
        plan_free(made);
        return TM_EMEMORY;
    }
    arena_init(&x->arena);
    if (setjmp(x->arena.failed)) {
        status = TM_EMEMORY;
        goto done;
    }
    memcpy(&made->arena->failed, &x->arena.failed, sizeof x->arena.failed);
    x->diags.arena = &x->arena;
    x->diags.choice = options ? &options->warnings : NULL;
    x->c.arena = &x->arena;
    x->c.diags = &x->diags;
    x->c.plan = made;
    x->c.options = options;
    x->c.source = source;
    x->c.frame = &x->script;
    x->c.block = &x->program;
    x->c.lowering = PLAN_NONE;
    x->script.call = PLAN_NONE;
    for (k = 0; options && k < options->define_count; k++)
        options->defines[k].used = 0;
    status = run_passes(x, emit, out);
    if (x->diags.list.count || x->usage)
        text = options && options->json ? diag_json(&x->diags, x->usage)
                                        : diag_text(&x->diags, x->usage);
    if (text)
        *messages = strdup(text);
done:
    if (status == TM_OK && !emit) {
        *plan = made;
        made = NULL;
    }
    arena_free(&x->arena);
    free(x);
    plan_free(made);
    return status;
}
