/* The walker.  One pass over the plan's entries with a stack of open loops.
 *
 * For speed, every index is brought to the form c0 + c1 s1 + c2 s2 + c3 s3
 * over the slots when the walker is made; what has no such form (2^level) is
 * evaluated as a tree.  A tile's current version is one word in `current`. */
#include "plan/walk.h"
#include "plan/expr.h"
#include "plan/range.h"

#include <math.h>
#include <stdlib.h>

enum { TERMS = 3, DEEPEST = 64 };
static const uint64_t most_steps = 1000000000000; /* 10^12 */
static const uint32_t most_operands = 1 << 20;    /* of a batch: a task with
                                                   * more is its last */

struct form {
    uint32_t expr;
    uint8_t general; /* 1: not of this form, evaluate the expression */
    uint8_t terms;
    uint32_t slot[TERMS];
    int64_t constant, factor[TERMS];
};

struct tile_form { /* a plan_operand, made ready */
    struct form i, j, i_end, j_end;
    uint64_t first_tile;
    int64_t trows, tcols;
    uint32_t matrix;
    uint8_t mode, flags, temp;
};

struct open_loop {
    uint32_t entry;
    int64_t high, step;
};

struct walker {
    const struct binding *binding;
    const struct plan *plan;
    const float *costs;
    struct tile_form *operands; /* one a plan operand */
    union plan_value *slots;
    uint32_t *current;   /* version of each tile, 0: none yet */
    uint32_t *otherwise; /* IF: where it goes on when it is false */
    struct walk_version *versions;
    uint32_t version_count, version_space;
    uint32_t *free_handles;
    uint32_t free_count, free_space;
    struct open_loop open[DEEPEST];
    uint32_t depth, pc;
    uint64_t steps, next_number;
    uint32_t wait_slot; /* PLAN_NONE, or what walk_answer() sets */
    double base;        /* length of the critical path so far */
    float *path;
    uint32_t task_space, operand_space, value_space, close_space;
    struct walk_batch batch;
};

/* ---- making ready ----------------------------------------------------- */

static int form_add(struct form *sum, const struct form *x, int64_t factor)
{
    uint32_t k, n;
    int64_t product;

    if (__builtin_mul_overflow(x->constant, factor, &product) ||
        __builtin_add_overflow(sum->constant, product, &sum->constant))
        return -1;
    for (k = 0; k < x->terms; k++) {
        if (__builtin_mul_overflow(x->factor[k], factor, &product))
            return -1;
        for (n = 0; n < sum->terms && sum->slot[n] != x->slot[k]; n++)
            ;
        if (n == TERMS)
            return -1;
        if (n == sum->terms) {
            sum->slot[n] = x->slot[k];
            sum->factor[n] = 0;
            sum->terms++;
        }
        if (__builtin_add_overflow(sum->factor[n], product, &sum->factor[n]))
            return -1;
    }
    return 0;
}

static int form_of(const struct binding *b, uint32_t expr, struct form *form)
{
    const struct plan_expr *x = &b->plan->exprs.items[expr];
    struct form left, right;

    memset(form, 0, sizeof *form);
    form->expr = expr;
    if (!x->slots) {
        form->constant = b->values[expr].integer;
        return b->faults[expr] ? -1 : 0;
    }
    if (x->type != NUMBER_INT)
        return -1;
    if (x->op == EXPR_SLOT) {
        form->terms = 1;
        form->slot[0] = (uint32_t)x->value.integer;
        form->factor[0] = 1;
        return 0;
    }
    if (x->op != EXPR_ADD && x->op != EXPR_SUB && x->op != EXPR_MUL)
        return -1;
    if (form_of(b, x->args[0], &left) || form_of(b, x->args[1], &right))
        return -1;
    if (x->op == EXPR_MUL) {
        if (left.terms && right.terms)
            return -1;
        return left.terms ? form_add(form, &left, right.constant)
                          : form_add(form, &right, left.constant);
    }
    return form_add(form, &left, 1) ||
                   form_add(form, &right, x->op == EXPR_SUB ? -1 : 1)
               ? -1
               : 0;
}

static void form_make(const struct binding *b, uint32_t expr, struct form *form)
{
    int general = form_of(b, expr, form) != 0;

    form->general = (uint8_t)general;
    form->expr = expr;
}

static void operand_make(struct walker *w, uint32_t k)
{
    const struct plan_operand *x = &w->plan->operands.items[k];
    const struct bind_matrix *m = &w->binding->matrices[x->matrix];
    struct tile_form *t = &w->operands[k];

    t->matrix = x->matrix;
    t->mode = x->mode;
    t->flags = x->flags;
    t->first_tile = m->first_tile;
    t->trows = m->trows;
    t->tcols = m->tcols;
    t->temp = w->plan->matrices.items[x->matrix].kind == MATRIX_TEMP;
    if (x->flags & OPERAND_ALL)
        return;
    form_make(w->binding, x->i, &t->i);
    form_make(w->binding, x->j, &t->j);
    if (x->flags & OPERAND_RUN) {
        form_make(w->binding, x->i_end, &t->i_end);
        form_make(w->binding, x->j_end, &t->j_end);
    }
}

/* An ELSE belongs to the outermost IF that ends where it stands. */
static void ifs_make(struct walker *w)
{
    const struct plan_entry *entries = w->plan->entries.items;
    uint32_t open[DEEPEST], depth = 0, k;

    for (k = 0; k < w->plan->entries.count; k++) {
        uint32_t closed = PLAN_NONE;
        while (depth && entries[open[depth - 1]].end == k)
            closed = open[--depth];
        if (k && entries[k - 1].end == k && closed == PLAN_NONE)
            closed = k - 1; /* an IF without a body */
        if (entries[k].kind == ENTRY_ELSE)
            w->otherwise[closed] = k + 1;
        w->otherwise[k] = entries[k].end;
        if (entries[k].end > k + 1)
            open[depth++] = k;
    }
}

struct walker *walker_new(const struct binding *binding, const float *costs)
{
    struct walker *w = calloc(1, sizeof *w);
    uint32_t k;

    if (!w)
        return NULL;
    w->binding = binding;
    w->plan = binding->plan;
    w->costs = costs;
    w->operands = calloc(w->plan->operands.count + 1, sizeof *w->operands);
    w->slots = calloc(w->plan->slots.count + 1, sizeof *w->slots);
    w->current = calloc(binding->tiles + 1, sizeof *w->current);
    w->otherwise = calloc(w->plan->entries.count + 1, sizeof *w->otherwise);
    if (!w->operands || !w->slots || !w->current || !w->otherwise) {
        walker_free(w);
        return NULL;
    }
    ifs_make(w);
    for (k = 0; k < w->plan->operands.count; k++)
        operand_make(w, k);
    w->version_count = 1; /* handle 0 is none */
    w->next_number = 1;
    w->wait_slot = PLAN_NONE;
    return w;
}

void walker_free(struct walker *w)
{
    if (!w)
        return;
    free(w->operands);
    free(w->slots);
    free(w->current);
    free(w->otherwise);
    free(w->versions);
    free(w->free_handles);
    free(w->path);
    free(w->batch.tasks);
    free(w->batch.operands);
    free(w->batch.values);
    free(w->batch.closes);
    free(w);
}

/* ---- failing ---------------------------------------------------------- */

/* A constant that the compiler can see, so that -1 means "not set". */
static inline int failed(void)
{
    return -1;
}
#define fail(...) (fail_text(__VA_ARGS__), failed())

static void fail_text(struct walker *w, int status, uint32_t entry,
                      const char *format, ...)
    __attribute__((format(printf, 4, 5), cold));

static void fail_text(struct walker *w, int status, uint32_t entry,
                      const char *format, ...)
{
    va_list args;
    char text[900];

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_set(&w->batch.error, status, "%s", text);
    if (entry != PLAN_NONE)
        w->batch.error.place = w->plan->entries.items[entry].place;
    w->batch.state = WALK_FAILED;
}

static int room(struct walker *w, void **items, uint32_t *space,
                uint64_t wanted, size_t size)
{
    uint64_t more = *space ? *space : 256;
    void *grown;

    if (wanted <= *space)
        return 0;
    while (more < wanted)
        more *= 2;
    if (more > UINT32_MAX || !(grown = realloc(*items, (size_t)more * size)))
        return fail(w, TM_EMEMORY, PLAN_NONE,
                    "out of memory while unfolding the plan");
    *items = grown;
    *space = (uint32_t)more;
    return 0;
}

/* ---- numbers ---------------------------------------------------------- */

static int eval(struct walker *w, uint32_t entry, uint32_t expr,
                union plan_value *value)
{
    const char *fault = NULL;

    if (binding_eval(w->binding, expr, w->slots, value, &fault))
        return fail(w, TM_ESCRIPT, entry, "%s", fault);
    return 0;
}

static inline int form_eval(struct walker *w, uint32_t entry,
                            const struct form *form, int64_t *value)
{
    int64_t sum = form->constant, product;
    uint32_t k;
    int bad = 0;

    if (__builtin_expect(form->general, 0)) {
        union plan_value x;
        if (eval(w, entry, form->expr, &x))
            return -1;
        *value = x.integer;
        return 0;
    }
    for (k = 0; k < form->terms; k++) {
        bad |= __builtin_mul_overflow(
            form->factor[k], w->slots[form->slot[k]].integer, &product);
        bad |= __builtin_add_overflow(sum, product, &sum);
    }
    *value = sum;
    return bad ? fail(w, TM_ESCRIPT, entry, "integer overflow") : 0;
}

/* ---- versions --------------------------------------------------------- */

static inline uint32_t version_new(struct walker *w, uint64_t writer,
                                   uint64_t tile)
{
    uint32_t handle;

    if (w->free_count) {
        handle = w->free_handles[--w->free_count];
    } else {
        if (w->version_count == w->version_space &&
            room(w, (void **)&w->versions, &w->version_space,
                 (uint64_t)w->version_count + 1, sizeof *w->versions))
            return 0;
        if (w->version_count > WALK_HANDLE) {
            fail(w, TM_EMEMORY, PLAN_NONE, "too many tiles at once");
            return 0;
        }
        handle = w->version_count++;
    }
    w->versions[handle] = (struct walk_version){writer, (uint32_t)tile, 1};
    return handle;
}

static int close_version(struct walker *w, uint32_t handle, uint32_t before)
{
    struct walk_batch *b = &w->batch;

    if (room(w, (void **)&b->closes, &w->close_space,
             (uint64_t)b->close_count + 1, sizeof *b->closes))
        return -1;
    b->closes[b->close_count++] = (struct walk_close){handle, before};
    return 0;
}

/* The version that a tile has when it is read; makes the first one of an
 * input, a source or a tile of zeros. */
static inline uint32_t version_read(struct walker *w, uint64_t tile)
{
    uint32_t handle = w->current[tile];

    if (!handle) {
        handle = version_new(w, 0, tile);
        w->current[tile] = handle;
    }
    return handle;
}

static const char *matrix_name(const struct walker *w, uint32_t matrix)
{
    return plan_string(w->plan, w->plan->matrices.items[matrix].name);
}

static void out_of_range(struct walker *w, uint32_t entry,
                         const struct tile_form *t, int64_t i, int64_t j)
{
    struct tm_error error = {0};

    range_fault(w->binding, t->matrix, i, j, &error);
    fail(w, TM_ESCRIPT, entry, "%s", error.text);
}

static inline int tile_at(struct walker *w, uint32_t entry,
                          const struct tile_form *t, int64_t i, int64_t j,
                          uint64_t *tile)
{
    if (__builtin_expect((uint64_t)i >= (uint64_t)t->trows ||
                             (uint64_t)j >= (uint64_t)t->tcols,
                         0))
        return out_of_range(w, entry, t, i, j), -1;
    *tile = t->first_tile + (uint64_t)i + (uint64_t)j * (uint64_t)t->trows;
    return 0;
}

static inline int tile_of(struct walker *w, uint32_t entry,
                          const struct tile_form *t, uint64_t *tile)
{
    int64_t i, j;

    if (form_eval(w, entry, &t->i, &i) || form_eval(w, entry, &t->j, &j))
        return -1;
    return tile_at(w, entry, t, i, j, tile);
}

/* ---- tasks ------------------------------------------------------------ */

/* First half of an operand: what it reads.  `tile` is parked in .out. */
static inline int operand_in(struct walker *w, const struct tile_form *t,
                             uint64_t tile, struct walk_operand *o)
{
    o->in = 0;
    o->out = (uint32_t)tile;
    if (t->mode == MODE_READ)
        return (o->in = version_read(w, tile)) ? 0 : -1;
    if (t->mode == MODE_BOTH) {
        o->in = t->temp ? w->current[tile] : version_read(w, tile);
        return o->in || t->temp ? 0 : -1;
    }
    return 0;
}

/* Second half: what it writes. */
static inline int operand_out(struct walker *w, const struct tile_form *t,
                              uint32_t entry, struct walk_operand *o)
{
    uint64_t tile = o->out;
    uint32_t old, new;

    if (t->mode == MODE_READ) {
        o->out = 0;
        return 0;
    }
    old = w->current[tile];
    if (old && w->versions[old].writer == w->next_number)
        return fail(w, TM_ESCRIPT, entry, "writes one tile of %s twice",
                    matrix_name(w, t->matrix));
    new = version_new(w, w->next_number, tile);
    if (!new)
        return -1;
    w->current[tile] = new;
    o->out = new;
    if (!old || --w->versions[old].holders)
        return 0;
    if (t->mode == MODE_BOTH && old == o->in) {
        o->in |= WALK_CLOSES;
        return 0;
    }
    return close_version(w, old, w->batch.count + 1);
}

static int run_unroll(struct walker *w, uint32_t entry,
                      const struct tile_form *t, uint32_t *length)
{
    struct walk_batch *b = &w->batch;
    int64_t i, j, i0, j0, i1, j1;
    uint64_t count, tile;

    if (form_eval(w, entry, &t->i, &i0) || form_eval(w, entry, &t->j, &j0) ||
        form_eval(w, entry, &t->i_end, &i1) ||
        form_eval(w, entry, &t->j_end, &j1))
        return -1;
    *length = 0;
    if (i1 <= i0 || j1 <= j0)
        return 0;
    if (tile_at(w, entry, t, i0, j0, &tile) ||
        tile_at(w, entry, t, i1 - 1, j1 - 1, &tile))
        return -1;
    count = (uint64_t)(i1 - i0) * (uint64_t)(j1 - j0);
    if (room(w, (void **)&b->operands, &w->operand_space,
             b->operand_count + count, sizeof *b->operands))
        return -1;
    for (j = j0; j < j1; j++)
        for (i = i0; i < i1; i++) {
            tile =
                t->first_tile + (uint64_t)i + (uint64_t)j * (uint64_t)t->trows;
            if (operand_in(w, t, tile, &b->operands[b->operand_count++]))
                return -1;
        }
    *length = (uint32_t)count;
    w->steps += count;
    return 0;
}

/* Arguments that hang on slots, then lengths of runs. */
static int task_values(struct walker *w, uint32_t entry, struct walk_task *task,
                       const uint32_t *lengths, int runs)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    struct walk_batch *b = &w->batch;
    uint32_t k;

    task->first_value = b->value_count;
    task->values = 0;
    if (!e->args && !runs)
        return 0;
    if (room(w, (void **)&b->values, &w->value_space,
             (uint64_t)b->value_count + e->args + e->operands,
             sizeof *b->values))
        return -1;
    for (k = 0; k < e->args; k++) {
        uint32_t arg = w->plan->args.items[e->first_arg + k];
        const struct plan_expr *x = &w->plan->exprs.items[arg];
        if (!x->slots) {
            if (w->binding->faults[arg])
                return fail(w, TM_ESCRIPT, entry, "%s",
                            w->binding->faults[arg]);
            continue;
        }
        if (eval(w, entry, arg, &b->values[b->value_count]))
            return -1;
        b->value_count++;
    }
    for (k = 0; runs && k < e->operands; k++)
        b->values[b->value_count++].integer = lengths[k];
    task->values = b->value_count - task->first_value;
    return 0;
}

static int walk_runs(struct walker *w, uint32_t entry, struct walk_task *task)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    const struct tile_form *t = &w->operands[e->first_operand];
    struct walk_batch *b = &w->batch;
    uint32_t lengths[256], k, n, at;
    uint64_t tile;

    for (k = 0; k < e->operands; k++) {
        lengths[k] = 1;
        if (t[k].flags & OPERAND_RUN) {
            if (run_unroll(w, entry, &t[k], &lengths[k]))
                return -1;
            continue;
        }
        if (room(w, (void **)&b->operands, &w->operand_space,
                 (uint64_t)b->operand_count + 1, sizeof *b->operands) ||
            tile_of(w, entry, &t[k], &tile) ||
            operand_in(w, &t[k], tile, &b->operands[b->operand_count]))
            return -1;
        b->operand_count++;
    }
    for (k = 0, at = task->first_operand; k < e->operands; k++)
        for (n = 0; n < lengths[k]; n++, at++)
            if (operand_out(w, &t[k], entry, &b->operands[at]))
                return -1;
    return task_values(w, entry, task, lengths, 1);
}

static inline int kernel_takes_runs(uint8_t kernel)
{
    const char *mode = kernel_table[kernel].modes;

    while (*mode == '*' || *mode >= 'a')
        mode++;
    return *mode != 0;
}

static int entry_runs(const struct walker *w, const struct plan_entry *e)
{
    uint32_t k;

    for (k = 0; k < e->operands; k++)
        if (w->operands[e->first_operand + k].flags & OPERAND_RUN)
            return 1;
    return 0;
}

static inline int walk_task(struct walker *w, uint32_t entry)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    const struct tile_form *t = &w->operands[e->first_operand];
    struct walk_batch *b = &w->batch;
    struct walk_task *task = &b->tasks[b->count];
    struct walk_operand *o;
    uint32_t k, n = e->operands;
    uint64_t tile;

    task->entry = entry;
    task->first_operand = b->operand_count;
    task->priority = w->costs ? w->costs[entry] : 1;
    if (kernel_takes_runs(e->kernel) && entry_runs(w, e)) {
        if (walk_runs(w, entry, task))
            return -1;
        goto done;
    }
    if (room(w, (void **)&b->operands, &w->operand_space,
             (uint64_t)b->operand_count + n, sizeof *b->operands))
        return -1;
    o = &b->operands[b->operand_count];
    for (k = 0; k < n; k++)
        if (tile_of(w, entry, &t[k], &tile) ||
            operand_in(w, &t[k], tile, &o[k]))
            return -1;
    for (k = 0; k < n; k++)
        if (operand_out(w, &t[k], entry, &o[k]))
            return -1;
    b->operand_count += n;
    if (task_values(w, entry, task, NULL, 0))
        return -1;
done:
    task->operands = b->operand_count - task->first_operand;
    b->count++;
    w->next_number++;
    return 0;
}

/* ---- the other entries ------------------------------------------------ */

static int walk_alias(struct walker *w, uint32_t entry)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    const struct tile_form *to = &w->operands[e->first_operand];
    const struct tile_form *from = to + 1;
    const struct binding *b = w->binding;
    struct bind_tile x, y;
    uint64_t dst, src;
    uint32_t handle, old;

    if (tile_of(w, entry, to, &dst) || tile_of(w, entry, from, &src))
        return -1;
    x = binding_tile_at(b, dst);
    y = binding_tile_at(b, src);
    if (x.rows != y.rows || x.cols != y.cols ||
        b->matrices[to->matrix].type != b->matrices[from->matrix].type)
        return fail(w, TM_ESCRIPT, entry,
                    "tile [%lld,%lld] of %s is %lld x %lld and tile "
                    "[%lld,%lld] of %s is %lld x %lld",
                    (long long)x.i, (long long)x.j, matrix_name(w, to->matrix),
                    (long long)x.rows, (long long)x.cols, (long long)y.i,
                    (long long)y.j, matrix_name(w, from->matrix),
                    (long long)y.rows, (long long)y.cols);
    handle = from->temp ? w->current[src] : version_read(w, src);
    if (!handle && !from->temp)
        return -1;
    old = w->current[dst];
    if (old == handle)
        return 0;
    w->current[dst] = handle;
    if (handle)
        w->versions[handle].holders++;
    if (old && !--w->versions[old].holders)
        return close_version(w, old, w->batch.count);
    return 0;
}

static int release_tile(struct walker *w, uint64_t tile)
{
    uint32_t old = w->current[tile];

    if (!old)
        return 0;
    w->current[tile] = 0;
    if (--w->versions[old].holders)
        return 0;
    return close_version(w, old, w->batch.count);
}

static int walk_release(struct walker *w, uint32_t entry)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    const struct tile_form *t = &w->operands[e->first_operand];
    int64_t i, j, i0 = 0, j0 = 0, i1 = t->trows, j1 = t->tcols;
    uint64_t tile;

    if (!(t->flags & OPERAND_ALL)) {
        if (form_eval(w, entry, &t->i, &i0) || form_eval(w, entry, &t->j, &j0))
            return -1;
        i1 = i0 + 1;
        j1 = j0 + 1;
        if ((t->flags & OPERAND_RUN) && (form_eval(w, entry, &t->i_end, &i1) ||
                                         form_eval(w, entry, &t->j_end, &j1)))
            return -1;
        if (i1 <= i0 || j1 <= j0)
            return 0;
        if (tile_at(w, entry, t, i0, j0, &tile) ||
            tile_at(w, entry, t, i1 - 1, j1 - 1, &tile))
            return -1;
    }
    if (i1 <= i0) /* an empty matrix may have very many columns */
        return 0;
    for (j = j0; j < j1; j++)
        for (i = i0; i < i1; i++)
            if (release_tile(w, t->first_tile + (uint64_t)i +
                                    (uint64_t)j * (uint64_t)t->trows))
                return -1;
    w->steps += (uint64_t)((i1 - i0) * (j1 - j0));
    return 0;
}

static int walk_loop(struct walker *w, uint32_t entry)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    union plan_value low, high, step;

    if (eval(w, entry, e->b, &low) || eval(w, entry, e->c, &high) ||
        eval(w, entry, e->d, &step))
        return -1;
    if (step.integer < 1)
        return fail(w, TM_ESCRIPT, entry,
                    "the step of a loop is %lld and must be at least 1",
                    (long long)step.integer);
    w->slots[e->a].integer = low.integer;
    if (low.integer >= high.integer || e->end == entry + 1) {
        w->pc = e->end;
        return 0;
    }
    w->open[w->depth++] = (struct open_loop){entry, high.integer, step.integer};
    w->pc = entry + 1;
    return 0;
}

/* The end of the innermost loop's body: once more, or out of it. */
static void loop_next(struct walker *w)
{
    struct open_loop *loop = &w->open[w->depth - 1];
    const struct plan_entry *e = &w->plan->entries.items[loop->entry];

    if (e->kind == ENTRY_LOOP) {
        int64_t *counter = &w->slots[e->a].integer;
        if (__builtin_add_overflow(*counter, loop->step, counter) ||
            *counter >= loop->high) {
            w->depth--;
            return; /* pc is e->end already */
        }
    }
    w->pc = loop->entry + 1;
}

static int walk_assert(struct walker *w, uint32_t entry)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    const struct plan_text *t = &w->plan->texts.items[e->b];
    union plan_value test, *values, *next;
    char text[800];
    uint32_t k;

    if (eval(w, entry, e->a, &test))
        return -1;
    if (test.integer)
        return 0;
    values = next = calloc(t->count + 1, sizeof *values);
    for (k = 0; values && k < t->count; k++) {
        const struct plan_part *x = &w->plan->parts.items[t->first + k];
        const char *fault;
        if (x->kind == PART_EXPR && w->plan->exprs.items[x->value].slots)
            binding_eval(w->binding, x->value, w->slots, next++, &fault);
    }
    binding_text(w->binding, e->b, NULL, values, text, sizeof text);
    free(values);
    return fail(w, TM_ESCRIPT, entry, "%s", text);
}

static int walk_fetch(struct walker *w, uint32_t entry)
{
    const struct plan_entry *e = &w->plan->entries.items[entry];
    const struct tile_form *t = &w->operands[e->first_operand];
    struct bind_tile at;
    uint64_t tile;

    if (tile_of(w, entry, t, &tile))
        return -1;
    at = binding_tile_at(w->binding, tile);
    if (at.rows != 1 || at.cols != 1)
        return fail(w, TM_ESCRIPT, entry,
                    "a number is wanted, and tile [%lld,%lld] of %s is "
                    "%lld x %lld",
                    (long long)at.i, (long long)at.j, matrix_name(w, t->matrix),
                    (long long)at.rows, (long long)at.cols);
    w->batch.wait = t->temp ? w->current[tile] : version_read(w, tile);
    if (!w->batch.wait && !t->temp)
        return -1;
    w->wait_slot = w->batch.wait_entry = entry;
    w->batch.state = WALK_WAIT;
    return 0;
}

void walk_answer(struct walker *w, double value)
{
    const struct plan_entry *e;
    union plan_value *slot;

    if (w->wait_slot == PLAN_NONE)
        return;
    e = &w->plan->entries.items[w->wait_slot];
    slot = &w->slots[e->a];
    switch (w->plan->slots.items[e->a].type) {
    case NUMBER_REAL: slot->real = value; break;
    case NUMBER_BOOL: slot->integer = value != 0; break;
    default:
        if (value != floor(value) || fabs(value) > 9e15)
            fail(w, TM_ESCRIPT, w->wait_slot,
                 "%s is %g, where a whole number is needed",
                 plan_string(w->plan, w->plan->slots.items[e->a].name), value);
        else
            slot->integer = (int64_t)value;
    }
    w->wait_slot = PLAN_NONE;
}

static void leave(struct walker *w, uint32_t levels)
{
    w->depth -= levels - 1;
    w->pc = w->plan->entries.items[w->open[w->depth - 1].entry].end;
}

static int walk_entry(struct walker *w)
{
    uint32_t entry = w->pc++;
    const struct plan_entry *e = &w->plan->entries.items[entry];
    union plan_value value;

    switch (e->kind) {
    case ENTRY_TASK: return walk_task(w, entry);
    case ENTRY_LOOP: return walk_loop(w, entry);
    case ENTRY_IF:
        if (eval(w, entry, e->a, &value))
            return -1;
        if (!value.integer)
            w->pc = w->otherwise[entry];
        return 0;
    case ENTRY_ELSE: w->pc = e->end; return 0; /* behind the IF's body */
    case ENTRY_REPEAT:
        w->open[w->depth++] = (struct open_loop){entry, 0, 0};
        return 0;
    case ENTRY_BREAK:
        leave(w, e->a);
        w->depth--;
        return 0;
    case ENTRY_CONTINUE: leave(w, e->a); return 0;
    case ENTRY_SET:
        if (eval(w, entry, e->b, &value))
            return -1;
        w->slots[e->a] = value;
        return 0;
    case ENTRY_FETCH: return walk_fetch(w, entry);
    case ENTRY_ALIAS: return walk_alias(w, entry);
    case ENTRY_RELEASE: return walk_release(w, entry);
    case ENTRY_ASSERT: return walk_assert(w, entry);
    }
    return fail(w, TM_EBUG, entry, "unknown entry in a verified plan");
}

/* ---- batches ---------------------------------------------------------- */

/* Longest path from each task to the end of the batch, backwards; then its
 * latest start on the scale of the whole run. */
static void batch_priorities(struct walker *w)
{
    struct walk_batch *b = &w->batch;
    float longest = 0;
    uint32_t k, n;

    if (!b->count)
        return;
    memset(w->path, 0, b->count * sizeof *w->path);
    for (k = b->count; k-- > 0;) {
        struct walk_task *t = &b->tasks[k];
        const struct walk_operand *o = &b->operands[t->first_operand];
        float length = w->path[k] + t->priority;
        w->path[k] = length;
        if (length > longest)
            longest = length;
        for (n = 0; n < t->operands; n++) {
            uint64_t writer = w->versions[o[n].in & WALK_HANDLE].writer;
            uint64_t index = writer - b->first;
            if (index < k && w->path[index] < length)
                w->path[index] = length;
        }
    }
    for (k = 0; k < b->count; k++)
        b->tasks[k].priority = (float)(w->base + (longest - w->path[k]));
    w->base += longest;
}

const struct walk_batch *walk_next(struct walker *w, uint32_t tasks,
                                   uint64_t steps)
{
    struct walk_batch *b = &w->batch;
    uint32_t entries = w->plan->entries.count;
    uint64_t stop =
        steps < UINT64_MAX - w->steps ? w->steps + steps : UINT64_MAX;

    b->first = w->next_number;
    b->count = b->operand_count = b->value_count = b->close_count = 0;
    if (b->state == WALK_FAILED || b->state == WALK_DONE)
        return b;
    b->state = WALK_MORE;
    b->wait = 0;
    if (tasks > w->task_space) {
        free(w->path);
        w->path = NULL;
        if (room(w, (void **)&b->tasks, &w->task_space, tasks,
                 sizeof *b->tasks) ||
            !(w->path = malloc(w->task_space * sizeof *w->path))) {
            fail(w, TM_EMEMORY, PLAN_NONE, "out of memory");
            return b;
        }
    }
    if (room(w, (void **)&w->versions, &w->version_space, 1,
             sizeof *w->versions) ||
        room(w, (void **)&b->operands, &w->operand_space, 1,
             sizeof *b->operands) ||
        room(w, (void **)&b->values, &w->value_space, 1, sizeof *b->values))
        return b; /* none is NULL, also of a batch that has none */
    w->versions[0].writer = 0;
    while (b->count < tasks && b->operand_count < most_operands &&
           w->steps < stop && b->state == WALK_MORE) {
        while (w->depth &&
               w->pc ==
                   w->plan->entries.items[w->open[w->depth - 1].entry].end) {
            uint32_t pc = w->pc;
            loop_next(w);
            if (w->pc != pc)
                break;
        }
        if (w->pc >= entries) {
            b->state = WALK_DONE;
            break;
        }
        if (++w->steps > most_steps) {
            fail(w, TM_ESCRIPT, w->pc, "more than 10^12 steps");
            break;
        }
        if (walk_entry(w))
            break;
    }
    while (b->close_count && b->closes[b->close_count - 1].before > b->count)
        b->close_count--; /* of a task that failed half way */
    if (b->state == WALK_FAILED)
        b->operand_count = b->count ? b->tasks[b->count - 1].first_operand +
                                          b->tasks[b->count - 1].operands
                                    : 0;
    batch_priorities(w);
    return b;
}

void walk_recycle(struct walker *w, uint32_t handle)
{
    if (room(w, (void **)&w->free_handles, &w->free_space,
             (uint64_t)w->free_count + 1, sizeof *w->free_handles))
        return;
    w->free_handles[w->free_count++] = handle;
}

const struct walk_version *walk_version(const struct walker *w, uint32_t handle)
{
    return &w->versions[handle & WALK_HANDLE];
}

uint32_t walk_handles(const struct walker *w)
{
    return w->version_count;
}

uint64_t walk_steps(const struct walker *w)
{
    return w->steps;
}

size_t walk_bytes(const struct walker *w)
{
    return sizeof *w + w->plan->operands.count * sizeof *w->operands +
           w->binding->tiles * sizeof *w->current +
           w->plan->entries.count * sizeof *w->otherwise +
           w->version_space * sizeof *w->versions +
           w->free_space * sizeof *w->free_handles +
           w->task_space * (sizeof *w->batch.tasks + sizeof *w->path) +
           w->operand_space * sizeof *w->batch.operands +
           w->value_space * sizeof *w->batch.values +
           w->close_space * sizeof *w->batch.closes;
}

uint32_t walk_slot_args(const struct plan *plan, uint32_t entry)
{
    const struct plan_entry *e = &plan->entries.items[entry];
    uint32_t k, count = 0;

    for (k = 0; k < e->args; k++)
        count += plan->exprs.items[plan->args.items[e->first_arg + k]].slots;
    return count;
}

void walk_args(const struct binding *b, uint32_t entry,
               const union plan_value *values, double *args)
{
    const struct plan_entry *e = &b->plan->entries.items[entry];
    uint32_t k;

    for (k = 0; k < e->args; k++) {
        uint32_t arg = b->plan->args.items[e->first_arg + k];
        const struct plan_expr *x = &b->plan->exprs.items[arg];
        union plan_value value = x->slots ? *values++ : b->values[arg];
        args[k] = x->type == NUMBER_REAL ? value.real : (double)value.integer;
    }
}
