/* tmc --explain: entries of the plan gathered by the script's lines, their
 * tasks counted by walking it, and the page as text. */
#include "compiler/explain.h"

#include "base/error.h"
#include "plan/expr.h"

#include <stdlib.h>

/* ---- a plan without data ---------------------------------------------- */

struct cut {
    struct plan *plan;
    struct explain *explain;
    uint8_t *slots, *exprs; /* 1: it hangs on data */
    uint32_t yes, no, zero, one, turn;
};

static uint32_t push_expr(struct plan *p, uint8_t op, uint8_t type, int value)
{
    struct plan_expr x = {.op = op, .type = type, .value.integer = value};

    vec_push(p->arena, &p->exprs, x);
    return p->exprs.count - 1;
}

static void find_exprs(struct cut *x)
{
    uint32_t k, a;

    for (k = 0; k < x->plan->exprs.count; k++) {
        const struct plan_expr *e = &x->plan->exprs.items[k];
        if (e->op == EXPR_SLOT)
            x->exprs[k] = x->slots[e->value.integer];
        for (a = 0; a < expr_table[e->op].arity; a++)
            x->exprs[k] |= x->exprs[e->args[a]];
    }
}

/* Slots that hang on what a FETCH gives, through SETs of any order. */
static void find_data(struct cut *x)
{
    uint32_t k, found;

    do {
        find_exprs(x);
        for (found = 0, k = 0; k < x->plan->entries.count; k++) {
            const struct plan_entry *e = &x->plan->entries.items[k];
            int data = e->kind == ENTRY_FETCH ||
                       (e->kind == ENTRY_SET && x->exprs[e->b]);
            if (data && !x->slots[e->a])
                x->slots[e->a] = 1, found = 1;
        }
    } while (found);
}

static int leaves(const struct plan *p, uint32_t entry)
{
    uint32_t k;

    for (k = entry + 1; k < p->entries.items[entry].end; k++)
        if (p->entries.items[k].kind == ENTRY_BREAK ||
            p->entries.items[k].kind == ENTRY_CONTINUE)
            return 1;
    return 0;
}

/* Does a test on data end it? */
static int ends_by_data(const struct cut *x, uint32_t entry)
{
    const struct plan *p = x->plan;
    uint32_t k;

    for (k = entry + 1; k < p->entries.items[entry].end; k++)
        if (p->entries.items[k].kind == ENTRY_IF &&
            x->exprs[p->entries.items[k].a] && leaves(p, k))
            return 1;
    return 0;
}

static void mark_body(const struct cut *x, uint32_t entry, uint8_t mark)
{
    uint32_t k;

    for (k = entry + 1; k < x->plan->entries.items[entry].end; k++)
        x->explain->entry_marks[k] |= mark;
}

/* The ELSE of an IF, or PLAN_NONE. */
static uint32_t else_of(const struct plan *p, uint32_t entry)
{
    uint32_t end = p->entries.items[entry].end;

    return end < p->entries.count && p->entries.items[end].kind == ENTRY_ELSE
               ? end
               : PLAN_NONE;
}

/* A branch that leaves the loop is not taken; of others both are. */
static void cut_if(const struct cut *x, uint32_t entry)
{
    struct plan_entry *e = &x->plan->entries.items[entry];
    uint32_t other = else_of(x->plan, entry);

    if (!leaves(x->plan, entry))
        mark_body(x, entry, EXPLAIN_BRANCH);
    e->a = leaves(x->plan, entry) ? x->no : x->yes;
    if (other == PLAN_NONE)
        return;
    if (!leaves(x->plan, other))
        mark_body(x, other, EXPLAIN_BRANCH);
    e = &x->plan->entries.items[other];
    e->kind = ENTRY_IF;
    e->a = leaves(x->plan, other) ? x->no : x->yes;
}

static void cut_entry(const struct cut *x, uint32_t entry)
{
    struct plan_entry *e = &x->plan->entries.items[entry];

    switch (e->kind) {
    case ENTRY_REPEAT:
        if (!ends_by_data(x, entry))
            break;
        mark_body(x, entry, EXPLAIN_TURN);
        e->kind = ENTRY_LOOP;
        e->a = x->turn;
        e->b = x->zero;
        e->c = e->d = x->one;
        break;
    case ENTRY_LOOP:
        if (x->exprs[e->b] || x->exprs[e->c] || x->exprs[e->d])
            mark_body(x, entry, EXPLAIN_SIZE);
        break;
    case ENTRY_IF:
        if (x->exprs[e->a])
            cut_if(x, entry);
        break;
    case ENTRY_ASSERT: e->a = x->yes; break; /* is for the run to say */
    }
}

void explain_prepare(struct compiler *c, struct explain *explain)
{
    struct plan *p = c->plan;
    struct cut x = {.plan = p, .explain = explain};
    struct plan_slot turn = {NUMBER_INT, 0};
    uint32_t k;

    *explain = (struct explain){.c = c};
    explain->entry_marks = arena_alloc(c->arena, p->entries.count + 1);
    x.yes = push_expr(p, EXPR_TRUTH, NUMBER_BOOL, 1);
    x.no = push_expr(p, EXPR_TRUTH, NUMBER_BOOL, 0);
    x.zero = push_expr(p, EXPR_INT, NUMBER_INT, 0);
    x.one = push_expr(p, EXPR_INT, NUMBER_INT, 1);
    x.turn = p->slots.count;
    vec_push(p->arena, &p->slots, turn);
    x.slots = arena_alloc(c->arena, p->slots.count + 1);
    x.exprs = arena_alloc(c->arena, p->exprs.count + 1);
    find_data(&x);
    /* outer ones first: whether a body leaves is seen before it changes */
    for (k = 0; k < p->entries.count; k++)
        cut_entry(&x, k);
}

/* ---- lines ------------------------------------------------------------ */

static struct explain_line *line_get(struct explain *e, uint32_t number)
{
    struct explain_line line = {.line = number};
    uint32_t at = e->lines.count;

    while (at && e->lines.items[at - 1].line >= number)
        at--;
    if (at < e->lines.count && e->lines.items[at].line == number)
        return &e->lines.items[at];
    vec_push(e->c->arena, &e->lines, line);
    memmove(e->lines.items + at + 1, e->lines.items + at,
            (e->lines.count - 1 - at) * sizeof line);
    e->lines.items[at] = line;
    return &e->lines.items[at];
}

static void kernel_add(struct explain *e, struct explain_line *line,
                       uint8_t kernel, double tasks)
{
    uint32_t k;

    for (k = 0; k < line->kernels.count; k++)
        if (line->kernels.items[k].kernel == kernel) {
            line->kernels.items[k].tasks += tasks;
            return;
        }
    vec_push(e->c->arena, &line->kernels,
             (struct explain_kernel){kernel, tasks});
}

static void count_add(struct work_count *sum, const struct work_count *more)
{
    sum->tasks += more->tasks;
    sum->flops += more->flops;
    sum->bytes += more->bytes;
}

/* Entries with a body around the one that is looked at. */
static uint32_t open_at(const struct plan *p, uint32_t entry, uint32_t *open,
                        uint32_t depth)
{
    while (depth && p->entries.items[open[depth - 1]].end <= entry)
        depth--;
    return depth;
}

static void gather(struct explain *e, const struct work_meter *meter)
{
    const struct plan *p = e->c->plan;
    uint32_t *open =
        arena_array(e->c->arena, p->entries.count + 1, sizeof *open);
    uint32_t k, depth = 0;

    for (k = 0; k < p->entries.count; k++) {
        const struct plan_entry *x = &p->entries.items[k];
        const struct plan_place *place = plan_script_place(p, x->place);
        struct explain_line *line;
        depth = open_at(p, k, open, depth);
        if (x->end > k + 1)
            open[depth++] = k;
        if (x->kind != ENTRY_TASK || (meter && !meter->entries[k].tasks))
            continue;
        line = line_get(e, place ? place->line : 0);
        line->marks |= e->entry_marks[k];
        e->marks |= e->entry_marks[k];
        kernel_add(e, line, x->kernel, meter ? meter->entries[k].tasks : 0);
        if (meter) {
            count_add(&line->count, &meter->entries[k]);
            count_add(&e->total, &meter->entries[k]);
        } else {
            explain_terms(e, line, k, open, depth);
        }
    }
    for (k = 0; k < e->c->notes.count; k++)
        line_get(e, explain_line_of(e, e->c->notes.items[k].place));
    for (k = 0; k < e->c->diags->list.count; k++)
        if (e->c->diags->list.items[k].level == DIAG_WARNING)
            line_get(e, explain_line_of(e, e->c->diags->list.items[k].place));
}

static void recycle(struct walker *w, const struct walk_batch *batch)
{
    uint32_t k;

    for (k = 0; k < batch->close_count; k++)
        walk_recycle(w, batch->closes[k].handle);
    for (k = 0; k < batch->operand_count; k++)
        if (batch->operands[k].in & WALK_CLOSES)
            walk_recycle(w, batch->operands[k].in & WALK_HANDLE);
}

static enum tm_status walk(struct explain *e, struct work_meter *meter,
                           struct walker *w, struct tm_error *error)
{
    const struct walk_batch *batch;
    uint64_t tasks = 0;

    do {
        batch = walk_next(w, 4096, UINT64_MAX);
        if (work_add(meter, w, batch))
            return (enum tm_status)error_set(error, TM_EMEMORY,
                                             "out of memory");
        recycle(w, batch);
        if (batch->state == WALK_WAIT)
            walk_answer(w, 1);
        if (batch->state == WALK_FAILED)
            *error = batch->error;
        tasks += batch->count;
        e->cut = tasks >= EXPLAIN_MOST && batch->state != WALK_DONE;
    } while (!e->cut &&
             (batch->state == WALK_MORE || batch->state == WALK_WAIT));
    return (enum tm_status)error->status;
}

enum tm_status explain_count(struct explain *e, const struct binding *binding,
                             struct tm_error *error)
{
    struct work_meter meter;
    struct walker *w;

    e->binding = binding;
    if (!binding) {
        gather(e, NULL);
        return TM_OK;
    }
    w = walker_new(binding, NULL);
    if (!w || work_init(&meter, binding)) {
        walker_free(w);
        return (enum tm_status)error_set(error, TM_EMEMORY, "out of memory");
    }
    if (!walk(e, &meter, w, error))
        gather(e, &meter);
    walker_free(w);
    work_fini(&meter);
    return (enum tm_status)error->status;
}

/* ---- parts ------------------------------------------------------------ */

uint32_t explain_line_of(const struct explain *e, struct place place)
{
    (void)e;
    return place.source && !place.source->library
               ? source_line_column(place.source, place.begin).line
               : 0;
}

const char *explain_source(const struct explain *e, uint32_t line,
                           size_t *length)
{
    const struct source *source = e->c->source;
    size_t at = 0;

    for (; line > 1 && at < source->size; at++)
        line -= source->text[at] == '\n';
    return source_line(source, (uint32_t)at, length);
}

const char *explain_kernels(const struct explain *e,
                            const struct explain_line *line)
{
    const char *text = "";
    uint32_t k;

    for (k = 0; k < line->kernels.count; k++) {
        const struct explain_kernel *x = &line->kernels.items[k];
        text = arena_printf(e->c->arena, "%s%s", text, k ? ", " : "");
        if (e->binding)
            text = arena_printf(e->c->arena, "%s%.0f ", text, x->tasks);
        text = arena_printf(e->c->arena, "%s%s", text,
                            kernel_table[x->kernel].name);
    }
    return text;
}

const char *explain_amount(const struct explain *e, double amount,
                           const char *unit)
{
    static const char *const scales[] = {"", "k", "M", "G", "T", "P", "E"};
    size_t k = 0;

    /* 999.95 would be written as 1000 */
    while (amount >= 999.95 && k + 1 < sizeof scales / sizeof *scales) {
        amount /= 1000;
        k++;
    }
    return arena_printf(e->c->arena, "%.4g %s%s", amount, scales[k], unit);
}

/* A number where it is known, else a formula. */
static const char *cost(const struct explain *e, uint32_t expr,
                        const char *unit)
{
    const char *text;

    if (expr == PLAN_NONE)
        return "?";
    if (e->binding && !e->c->plan->exprs.items[expr].slots &&
        !e->binding->faults[expr]) {
        union plan_value value = e->binding->values[expr];
        int real = e->c->plan->exprs.items[expr].type == NUMBER_REAL;
        return explain_amount(e, real ? value.real : (double)value.integer,
                              unit);
    }
    text = explain_formula(e, expr);
    return strchr(text, ' ') ? arena_printf(e->c->arena, "(%s) %s", text, unit)
                             : arena_printf(e->c->arena, "%s %s", text, unit);
}

static const char *change(const struct explain *e, uint32_t before,
                          uint32_t after, const char *unit)
{
    if (before == PLAN_NONE && after == PLAN_NONE)
        return "";
    if (before == after)
        return arena_printf(e->c->arena, "%s as before", cost(e, before, unit));
    return arena_printf(e->c->arena, "%s -> %s", cost(e, before, unit),
                        cost(e, after, unit));
}

const char *explain_costs(const struct explain *e,
                          const struct rewrite_note *note)
{
    const char *flops =
        change(e, note->flops_before, note->flops_after, "flop");
    const char *bytes = change(e, note->bytes_before, note->bytes_after, "B");

    return arena_printf(e->c->arena, "%s%s%s", flops,
                        *flops && *bytes ? ", " : "", bytes);
}

static const char *parameter(const struct explain *e, uint32_t k)
{
    const struct binding *b = e->binding;
    const struct plan_param *x = &e->c->plan->params.items[k];
    const char *name = plan_string(e->c->plan, x->name);
    char text[40];

    switch (x->type) {
    case NUMBER_INT:
        return arena_printf(e->c->arena, "%s = %lld", name,
                            (long long)b->params[k].integer);
    case NUMBER_REAL:
        number_text(b->params[k].real, TM_F64, text, sizeof text);
        return arena_printf(e->c->arena, "%s = %s", name, text);
    case NUMBER_BOOL:
        return arena_printf(e->c->arena, "%s = %s", name,
                            b->params[k].integer ? "true" : "false");
    }
    return NULL; /* texts change no work */
}

const char *explain_sizes(const struct explain *e)
{
    const struct plan *p = e->c->plan;
    const struct binding *b = e->binding;
    const char *text = "", *one;
    uint32_t k;

    if (!b)
        return e->missing;
    for (k = 0; k < p->params.count; k++)
        if ((one = parameter(e, k)))
            text = arena_printf(e->c->arena, "%s%s, ", text, one);
    for (k = 0; k < p->inputs.count; k++)
        text = arena_printf(e->c->arena, "%s%s %lld x %lld, ", text,
                            plan_string(p, p->inputs.items[k].name),
                            (long long)b->inputs[k].rows,
                            (long long)b->inputs[k].cols);
    return arena_printf(e->c->arena, "%stiles %lld x %lld", text,
                        (long long)b->tile_rows, (long long)b->tile_cols);
}

const char *explain_mark_text(uint8_t k)
{
    static const char *const texts[EXPLAIN_MARKS] = {
        "in a loop that data end: one turn is counted",
        "in a branch that data choose: each branch is counted",
        "in a loop whose length is data: they are taken as 1"};

    return texts[k];
}

/* ---- the page as text ------------------------------------------------- */

static const char *work_text(const struct explain *e,
                             const struct work_count *count)
{
    return arena_printf(e->c->arena, "%s, %s",
                        explain_amount(e, count->flops, "flop"),
                        explain_amount(e, count->bytes, "B"));
}

static void line_work(FILE *out, const struct explain *e,
                      const struct explain_line *line)
{
    const char *formula;
    uint8_t k;

    if (line->kernels.count) {
        fputs("      | ", out);
        if (e->binding)
            fprintf(out, "%s: ", work_text(e, &line->count));
        else if ((formula = explain_flops(e, line)))
            fprintf(out, "%s flop: ", formula);
        fprintf(out, "%s\n", explain_kernels(e, line));
    }
    for (k = 0; k < EXPLAIN_MARKS; k++)
        if (line->marks & 1 << k)
            fprintf(out, "      | %s\n", explain_mark_text(k));
}

static void line_notes(FILE *out, const struct explain *e, uint32_t line)
{
    uint32_t k;

    for (k = 0; k < e->c->notes.count; k++) {
        const struct rewrite_note *x = &e->c->notes.items[k];
        if (explain_line_of(e, x->place) != line)
            continue;
        fprintf(out, "      | %s: %s -> %s\n", x->rule, x->before, x->after);
        if (*explain_costs(e, x))
            fprintf(out, "      |     %s\n", explain_costs(e, x));
    }
}

static void line_warnings(FILE *out, const struct explain *e, uint32_t line)
{
    uint32_t k;

    for (k = 0; k < e->c->diags->list.count; k++) {
        const struct diag *x = &e->c->diags->list.items[k];
        if (x->level == DIAG_WARNING && explain_line_of(e, x->place) == line)
            fprintf(out, "      | warning: %s [%s]\n", x->text,
                    diag_table[x->id].name);
    }
}

void explain_text(FILE *out, const struct explain *e)
{
    const char *text, *name = e->c->source->name;
    size_t length;
    uint32_t k;

    fprintf(out, "%s: %s\n\n", name, explain_sizes(e));
    for (k = 0; k < e->lines.count; k++) {
        uint32_t line = e->lines.items[k].line;
        text = explain_source(e, line, &length);
        if (line)
            fprintf(out, "%5u | %.*s\n", line, (int)length, text);
        else
            fputs("      | inside the library\n", out);
        line_work(out, e, &e->lines.items[k]);
        line_notes(out, e, line);
        line_warnings(out, e, line);
    }
    if (e->binding)
        fprintf(out, "%stotal: %s: %.0f task%s\n", e->lines.count ? "\n" : "",
                work_text(e, &e->total), e->total.tasks,
                e->total.tasks == 1 ? "" : "s");
    if (e->cut)
        fprintf(out,
                "the plan has more than %d tasks: the rest is not "
                "counted\n",
                EXPLAIN_MOST);
}
