/* The plan's last touches: element types are settled, matrices are released
 * behind their last use, and what nothing refers to is left out. */
#include "compiler/model.h"
#include "plan/expr.h"

#include <stdlib.h>

/* ---- releases
 * --------------------------------------------------------------------- */

struct release {
    uint32_t at;    /* entry before which it stands */
    uint32_t scope; /* entry whose body it is in, or PLAN_NONE */
    uint32_t depth; /* of the scope; 0: the plan itself */
    uint32_t matrix;
};

struct tree {
    uint32_t *parent, *depth; /* per entry: what it is in, how deep that is */
};

static struct tree tree_of(struct compiler *c)
{
    const struct plan *p = c->plan;
    struct tree t;
    uint32_t k, open[64], n = 0;

    t.parent = arena_array(c->arena, p->entries.count + 1, sizeof *t.parent);
    t.depth = arena_array(c->arena, p->entries.count + 1, sizeof *t.depth);
    for (k = 0; k < p->entries.count; k++) {
        while (n && p->entries.items[open[n - 1]].end <= k)
            n--;
        t.parent[k] = n ? open[n - 1] : PLAN_NONE;
        t.depth[k] = n;
        if (p->entries.items[k].end > k + 1 && n < 64)
            open[n++] = k;
    }
    return t;
}

static uint32_t scope_depth(const struct tree *t, uint32_t scope)
{
    return scope == PLAN_NONE ? 0 : t->depth[scope] + 1;
}

static uint32_t common(const struct tree *t, uint32_t a, uint32_t b)
{
    while (a != b) {
        if (scope_depth(t, a) >= scope_depth(t, b))
            a = t->parent[a];
        else
            b = t->parent[b];
    }
    return a;
}

/* Behind the entry of `scope` that `last` is in. */
static uint32_t behind(const struct compiler *c, const struct tree *t,
                       uint32_t last, uint32_t scope)
{
    const struct plan *p = c->plan;
    uint32_t end;

    while (t->parent[last] != scope)
        last = t->parent[last];
    end = p->entries.items[last].end;
    if (p->entries.items[last].kind == ENTRY_IF && end < p->entries.count &&
        p->entries.items[end].kind == ENTRY_ELSE && t->parent[end] == scope)
        end = p->entries.items[end].end;
    return end;
}

/* No two are equal: a matrix has one. */
static int release_order(const void *x, const void *y)
{
    const struct release *a = x, *b = y;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->depth != b->depth)
        return a->depth > b->depth ? -1 : 1;
    return a->matrix < b->matrix ? -1 : a->matrix > b->matrix;
}

static uint32_t find_releases(struct compiler *c, const struct tree *t,
                              struct release *list)
{
    const struct plan *p = c->plan;
    uint32_t n = p->matrices.count, k, o, count = 0;
    uint32_t *scope = arena_array(c->arena, n + 1, sizeof *scope);
    uint32_t *last = arena_array(c->arena, n + 1, sizeof *last);

    for (k = 0; k < n; k++) {
        scope[k] = c->homes.items[k];
        last[k] = PLAN_NONE;
    }
    for (k = 0; k < p->entries.count; k++) {
        const struct plan_entry *e = &p->entries.items[k];
        for (o = 0; o < e->operands; o++) {
            uint32_t m = p->operands.items[e->first_operand + o].matrix;
            scope[m] = common(t, scope[m], t->parent[k]);
            last[m] = k;
        }
    }
    for (k = 0; k < n; k++)
        if (last[k] != PLAN_NONE)
            list[count++] =
                (struct release){behind(c, t, last[k], scope[k]), scope[k],
                                 scope_depth(t, scope[k]), k};
    qsort(list, count, sizeof *list, release_order);
    return count;
}

static struct plan_entry release_entry(struct compiler *c, uint32_t matrix)
{
    struct plan_entry e = {.kind = ENTRY_RELEASE,
                           .a = PLAN_NONE,
                           .b = PLAN_NONE,
                           .c = PLAN_NONE,
                           .d = PLAN_NONE,
                           .subject = PLAN_NONE,
                           .place = PLAN_NONE,
                           .operands = 1};
    struct plan_operand o = {matrix,    MODE_READ, OPERAND_ALL, PLAN_NONE,
                             PLAN_NONE, PLAN_NONE, PLAN_NONE};

    e.first_operand = c->plan->operands.count;
    e.first_arg = c->plan->args.count;
    vec_push(c->plan->arena, &c->plan->operands, o);
    return e;
}

static void insert_releases(struct compiler *c)
{
    struct plan *p = c->plan;
    struct tree t = tree_of(c);
    uint32_t old = p->entries.count, k, n, count, at = 0;
    struct release *list =
        arena_array(c->arena, p->matrices.count + 1, sizeof *list);
    uint32_t *moved = arena_array(c->arena, old + 1, sizeof *moved);
    uint32_t *first = arena_array(c->arena, old + 2, sizeof *first);
    struct plan_entry *entries;

    count = find_releases(c, &t, list);
    entries = arena_array(p->arena, (size_t)old + count + 1, sizeof *entries);
    for (k = 0, n = 0; k <= old; k++) {
        moved[k] = at; /* where the releases before k begin */
        first[k] = n;  /* the first of them */
        for (; n < count && list[n].at == k; n++)
            entries[at++] = release_entry(c, list[n].matrix);
        if (k < old)
            entries[at++] = p->entries.items[k];
    }
    first[k] = count;
    for (k = 0; k < old; k++) {
        struct plan_entry *e;
        uint32_t end = p->entries.items[k].end, r;
        at = moved[k] + first[k + 1] - first[k];
        e = &entries[at];
        if (end == k + 1 && e->kind != ENTRY_LOOP && e->kind != ENTRY_IF &&
            e->kind != ENTRY_ELSE && e->kind != ENTRY_REPEAT) {
            e->end = at + 1;
            continue;
        }
        e->end = moved[end];
        for (r = first[end]; r < first[end + 1]; r++)
            e->end += list[r].depth > t.depth[k]; /* inside it, at its end */
    }
    p->entries.items = entries;
    p->entries.count = p->entries.space = old + count;
    for (k = 0; k < p->entries.count; k++)
        if (p->entries.items[k].kind == ENTRY_RELEASE)
            p->entries.items[k].end = k + 1;
}

/* ---- leaving out what is not used
 * ----------------------------------------------------- */

struct keep {
    uint32_t *map; /* old number to new, PLAN_NONE: not kept */
    uint32_t count;
};

struct compact {
    struct compiler *c;
    struct plan *p;
    struct keep strings, places, exprs, slots, texts, matrices, maps;
};

static struct keep keep_new(struct compiler *c, uint32_t count)
{
    struct keep k = {arena_array(c->arena, count + 1, sizeof(uint32_t)), count};
    uint32_t n;

    for (n = 0; n < count; n++)
        k.map[n] = PLAN_NONE;
    return k;
}

static void mark(struct keep *keep, uint32_t number)
{
    if (number < keep->count)
        keep->map[number] = 0;
}

static void mark_place(struct compact *m, uint32_t place)
{
    while (place < m->places.count && m->places.map[place] == PLAN_NONE) {
        mark(&m->places, place);
        mark(&m->strings,
             m->p->sources.items[m->p->places.items[place].source].name);
        place = m->p->places.items[place].via;
    }
}

static void mark_text(struct compact *m, uint32_t text)
{
    const struct plan_text *t = &m->p->texts.items[text];
    uint32_t k;

    mark(&m->texts, text);
    for (k = 0; k < t->count; k++) {
        const struct plan_part *x = &m->p->parts.items[t->first + k];
        if (x->kind == PART_STRING)
            mark(&m->strings, x->value);
        else if (x->kind == PART_EXPR)
            mark(&m->exprs, x->value);
    }
}

static void mark_operand(struct compact *m, const struct plan_operand *o)
{
    mark(&m->matrices, o->matrix);
    if (o->flags & OPERAND_ALL)
        return;
    mark(&m->exprs, o->i);
    mark(&m->exprs, o->j);
    if (o->flags & OPERAND_RUN) {
        mark(&m->exprs, o->i_end);
        mark(&m->exprs, o->j_end);
    }
}

static void mark_entry(struct compact *m, const struct plan_entry *e)
{
    uint32_t k;

    mark_place(m, e->place);
    if (e->subject != PLAN_NONE)
        mark(&m->strings, e->subject);
    for (k = 0; k < e->operands; k++)
        mark_operand(m, &m->p->operands.items[e->first_operand + k]);
    for (k = 0; k < e->args; k++)
        mark(&m->exprs, m->p->args.items[e->first_arg + k]);
    switch (e->kind) {
    case ENTRY_LOOP:
        mark(&m->slots, e->a);
        mark(&m->exprs, e->b);
        mark(&m->exprs, e->c);
        mark(&m->exprs, e->d);
        break;
    case ENTRY_SET:
        mark(&m->slots, e->a);
        mark(&m->exprs, e->b);
        break;
    case ENTRY_FETCH: mark(&m->slots, e->a); break;
    case ENTRY_ASSERT: mark_text(m, e->b); /* fall through */
    case ENTRY_IF: mark(&m->exprs, e->a); break;
    case ENTRY_TASK:
        if (kernel_maps(e->kernel))
            mark(&m->maps, e->a);
        if (e->kernel == KERNEL_PRINT || e->kernel == KERNEL_CHECK)
            mark_text(m, e->b);
        break;
    }
}

static void mark_all(struct compact *m)
{
    struct plan *p = m->p;
    uint32_t k, a;

    for (k = 0; k < p->sources.count; k++) {
        mark(&m->strings, p->sources.items[k].name);
        mark(&m->strings, p->sources.items[k].text);
    }
    for (k = 0; k < p->entries.count; k++)
        mark_entry(m, &p->entries.items[k]);
    for (k = 0; k < p->params.count; k++) {
        const struct plan_param *x = &p->params.items[k];
        mark(&m->strings, x->name);
        mark_place(m, x->place);
        if (x->value != PLAN_NONE)
            mark(x->type == NUMBER_TEXT ? &m->strings : &m->exprs, x->value);
    }
    if (m->c->tile_cols != m->c->tile_rows)
        mark(&m->exprs, m->c->tile_cols); /* --tile may give two edges */
    if (p->tile_rows != PLAN_NONE) {
        mark(&m->exprs, p->tile_rows);
        mark(&m->exprs, p->tile_cols);
    }
    for (k = 0; k < p->inputs.count; k++) {
        const struct plan_input *x = &p->inputs.items[k];
        mark(&m->strings, x->name);
        mark(&m->strings, x->path);
        mark(&m->exprs, x->rows);
        mark(&m->exprs, x->cols);
        mark_place(m, x->place);
    }
    for (k = 0; k < p->outputs.count; k++) {
        const struct plan_output *x = &p->outputs.items[k];
        mark(&m->strings, x->name);
        mark(&m->strings, x->path);
        mark(&m->matrices, x->matrix);
        mark_place(m, x->place);
    }
    for (k = 0; m->c->keep_notes && k < m->c->notes.count; k++) {
        const struct rewrite_note *x = &m->c->notes.items[k];
        mark(&m->exprs, x->flops_before);
        mark(&m->exprs, x->flops_after);
        mark(&m->exprs, x->bytes_before);
        mark(&m->exprs, x->bytes_after);
    }
    for (k = 0; k < p->checks.count; k++) {
        mark(&m->exprs, p->checks.items[k].test);
        mark_text(m, p->checks.items[k].text);
        mark_place(m, p->checks.items[k].place);
    }
    for (k = 0; k < p->matrices.count; k++) {
        const struct plan_matrix *x = &p->matrices.items[k];
        if (m->matrices.map[k] == PLAN_NONE)
            continue;
        mark(&m->strings, x->name);
        mark(&m->exprs, x->rows);
        mark(&m->exprs, x->cols);
        mark(&m->exprs, x->tile_rows);
        mark(&m->exprs, x->tile_cols);
        if (x->kind == MATRIX_SOURCE) {
            if (x->rule <= RULE_EYE)
                mark(&m->exprs, x->arg);
            mark(&m->exprs, x->seed);
        }
        mark_place(m, x->place);
    }
    for (k = p->exprs.count; k-- > 0;) {
        const struct plan_expr *x = &p->exprs.items[k];
        if (m->exprs.map[k] == PLAN_NONE)
            continue;
        for (a = 0; a < expr_table[x->op].arity; a++)
            mark(&m->exprs, x->args[a]);
        if (x->op == EXPR_SLOT)
            mark(&m->slots, (uint32_t)x->value.integer);
    }
    for (k = 0; k < p->slots.count; k++)
        if (m->slots.map[k] != PLAN_NONE)
            mark(&m->strings, p->slots.items[k].name);
}

/* Numbers the kept ones; moves the items of a table together. */
static void squeeze(struct keep *keep, void *items, uint32_t *count,
                    size_t size)
{
    uint32_t k, n = 0;

    for (k = 0; k < keep->count; k++) {
        if (keep->map[k] == PLAN_NONE)
            continue;
        if (n != k)
            memcpy((char *)items + n * size, (char *)items + k * size, size);
        keep->map[k] = n++;
    }
    *count = n;
}

static void to(const struct keep *keep, uint32_t *number)
{
    if (*number < keep->count)
        *number = keep->map[*number];
}

static void move_entry(const struct compact *m, struct plan_entry *e)
{
    to(&m->places, &e->place);
    to(&m->strings, &e->subject);
    switch (e->kind) {
    case ENTRY_LOOP:
        to(&m->slots, &e->a);
        to(&m->exprs, &e->b);
        to(&m->exprs, &e->c);
        to(&m->exprs, &e->d);
        break;
    case ENTRY_SET:
        to(&m->slots, &e->a);
        to(&m->exprs, &e->b);
        break;
    case ENTRY_FETCH: to(&m->slots, &e->a); break;
    case ENTRY_ASSERT: to(&m->texts, &e->b); /* fall through */
    case ENTRY_IF: to(&m->exprs, &e->a); break;
    case ENTRY_TASK:
        if (kernel_maps(e->kernel))
            to(&m->maps, &e->a);
        if (e->kernel == KERNEL_PRINT || e->kernel == KERNEL_CHECK)
            to(&m->texts, &e->b);
        break;
    }
}

/* Operands and arguments in the order of entries, without gaps. */
static void move_lists(const struct compact *m)
{
    struct plan *p = m->p;
    struct plan_operand *operands =
        arena_array(p->arena, (size_t)p->operands.count + 1, sizeof *operands);
    uint32_t *args =
        arena_array(p->arena, (size_t)p->args.count + 1, sizeof *args);
    uint32_t k, a, n = 0, r = 0;

    for (k = 0; k < p->entries.count; k++) {
        struct plan_entry *e = &p->entries.items[k];
        for (a = 0; a < e->operands; a++) {
            struct plan_operand *o = &operands[n + a];
            *o = p->operands.items[e->first_operand + a];
            to(&m->matrices, &o->matrix);
            if (o->flags & OPERAND_ALL) {
                o->i = o->j = PLAN_NONE;
            } else {
                to(&m->exprs, &o->i);
                to(&m->exprs, &o->j);
            }
            if (o->flags & OPERAND_RUN) {
                to(&m->exprs, &o->i_end);
                to(&m->exprs, &o->j_end);
            }
        }
        for (a = 0; a < e->args; a++) {
            args[r + a] = p->args.items[e->first_arg + a];
            to(&m->exprs, &args[r + a]);
        }
        e->first_operand = e->operands ? n : 0;
        e->first_arg = e->args ? r : 0;
        n += e->operands;
        r += e->args;
    }
    p->operands.items = operands;
    p->operands.count = p->operands.space = n;
    p->args.items = args;
    p->args.count = p->args.space = r;
}

static void move_tables(const struct compact *m)
{
    struct plan *p = m->p;
    uint32_t k, a, n = 0;
    struct plan_part *parts;

    for (k = 0; k < p->sources.count; k++) {
        to(&m->strings, &p->sources.items[k].name);
        to(&m->strings, &p->sources.items[k].text);
    }
    for (k = 0; k < p->places.count; k++)
        to(&m->places, &p->places.items[k].via);
    for (k = 0; k < p->exprs.count; k++) {
        struct plan_expr *x = &p->exprs.items[k];
        for (a = 0; a < expr_table[x->op].arity; a++)
            to(&m->exprs, &x->args[a]);
        if (x->op == EXPR_SLOT)
            x->value.integer = m->slots.map[x->value.integer];
    }
    for (k = 0; k < p->slots.count; k++)
        to(&m->strings, &p->slots.items[k].name);
    for (k = 0; k < p->params.count; k++) {
        struct plan_param *x = &p->params.items[k];
        to(&m->strings, &x->name);
        to(&m->places, &x->place);
        to(x->type == NUMBER_TEXT ? &m->strings : &m->exprs, &x->value);
    }
    to(&m->exprs, &p->tile_rows);
    to(&m->exprs, &p->tile_cols);
    for (k = 0; k < p->inputs.count; k++) {
        struct plan_input *x = &p->inputs.items[k];
        to(&m->strings, &x->name);
        to(&m->strings, &x->path);
        to(&m->exprs, &x->rows);
        to(&m->exprs, &x->cols);
        to(&m->places, &x->place);
        to(&m->matrices, &x->matrix);
    }
    for (k = 0; k < p->outputs.count; k++) {
        struct plan_output *x = &p->outputs.items[k];
        to(&m->strings, &x->name);
        to(&m->strings, &x->path);
        to(&m->matrices, &x->matrix);
        to(&m->places, &x->place);
    }
    for (k = 0; m->c->keep_notes && k < m->c->notes.count; k++) {
        struct rewrite_note *x = &m->c->notes.items[k];
        to(&m->exprs, &x->flops_before);
        to(&m->exprs, &x->flops_after);
        to(&m->exprs, &x->bytes_before);
        to(&m->exprs, &x->bytes_after);
    }
    for (k = 0; k < p->checks.count; k++) {
        to(&m->exprs, &p->checks.items[k].test);
        to(&m->texts, &p->checks.items[k].text);
        to(&m->places, &p->checks.items[k].place);
    }
    for (k = 0; k < p->matrices.count; k++) {
        struct plan_matrix *x = &p->matrices.items[k];
        to(&m->strings, &x->name);
        to(&m->exprs, &x->rows);
        to(&m->exprs, &x->cols);
        to(&m->exprs, &x->tile_rows);
        to(&m->exprs, &x->tile_cols);
        if (x->kind == MATRIX_SOURCE && x->rule <= RULE_EYE)
            to(&m->exprs, &x->arg);
        else if (x->kind != MATRIX_SOURCE || x->rule != RULE_LIST)
            x->arg = PLAN_NONE;
        to(&m->exprs, &x->seed);
        to(&m->places, &x->place);
    }
    parts = arena_array(p->arena, (size_t)p->parts.count + 1, sizeof *parts);
    for (k = 0; k < p->texts.count; k++) {
        struct plan_text *t = &p->texts.items[k];
        for (a = 0; a < t->count; a++) {
            parts[n + a] = p->parts.items[t->first + a];
            if (parts[n + a].kind == PART_STRING)
                to(&m->strings, &parts[n + a].value);
            else if (parts[n + a].kind == PART_EXPR)
                to(&m->exprs, &parts[n + a].value);
        }
        t->first = n;
        n += t->count;
    }
    p->parts.items = parts;
    p->parts.count = p->parts.space = n;
}

#define SQUEEZE(TABLE)                                                         \
    squeeze(&m.TABLE, p->TABLE.items, &p->TABLE.count, sizeof *p->TABLE.items)

static void compact(struct compiler *c)
{
    struct plan *p = c->plan;
    struct compact m = {c,
                        p,
                        keep_new(c, p->strings.count),
                        keep_new(c, p->places.count),
                        keep_new(c, p->exprs.count),
                        keep_new(c, p->slots.count),
                        keep_new(c, p->texts.count),
                        keep_new(c, p->matrices.count),
                        keep_new(c, p->maps.count)};
    uint32_t k;

    mark_all(&m);
    SQUEEZE(strings);
    SQUEEZE(places);
    SQUEEZE(exprs);
    SQUEEZE(slots);
    SQUEEZE(texts);
    SQUEEZE(matrices);
    SQUEEZE(maps);
    move_tables(&m);
    for (k = 0; k < p->entries.count; k++)
        move_entry(&m, &p->entries.items[k]);
    move_lists(&m);
}

/* ---- element types
 * ------------------------------------------------------------------------ */

/* The number of a class in the plan, which it gets when it is first met. */
static uint32_t type_number(struct compiler *c, uint32_t *number, uint32_t type)
{
    uint32_t root = type_root(c, type);

    if (!number[root]) {
        struct plan_type t = {c->types.items[root].fixed};
        vec_push(c->plan->arena, &c->plan->types, t);
        number[root] = c->plan->types.count;
    }
    return number[root] - 1;
}

/* Of classes whose own type says it all there is nothing to relate. */
static void relate_types(struct compiler *c, uint32_t *number)
{
    struct plan *p = c->plan;
    struct plan_relation *list;
    uint32_t k, count = 0;

    list = arena_array(c->arena, c->types.count + 1, sizeof *list);
    for (k = 0; k < c->types.count; k++) {
        const struct type_class *t = &c->types.items[k];
        struct plan_relation r = {0, PLAN_NONE, t->only};
        if (t->parent != k || !number[k] ||
            (t->real == PLAN_NONE ? t->fixed || !t->only
                                  : t->fixed && type_known(c, t->real)))
            continue;
        r.type = number[k] - 1;
        if (t->real != PLAN_NONE)
            r.real = type_number(c, number, t->real);
        list[count++] = r;
    }
    for (k = 0; k < count; k++) { /* in the order of types */
        uint32_t n = p->relations.count;
        vec_push(p->arena, &p->relations, list[k]);
        for (; n && p->relations.items[n - 1].type > list[k].type; n--)
            p->relations.items[n] = p->relations.items[n - 1];
        p->relations.items[n] = list[k];
    }
}

static void settle_types(struct compiler *c)
{
    struct plan *p = c->plan;
    uint32_t *number =
        arena_array(c->arena, c->types.count + 1, sizeof *number);
    uint32_t k;

    for (k = 0; k < p->matrices.count + p->inputs.count; k++) {
        uint32_t *type = k < p->matrices.count
                             ? &p->matrices.items[k].type
                             : &p->inputs.items[k - p->matrices.count].type;
        *type = type_number(c, number, *type);
    }
    relate_types(c, number);
}

/* read() makes an input that is called as the variable it goes to. */
void name_inputs(struct compiler *c)
{
    uint32_t k;

    for (k = 0; k < c->vars.count; k++) {
        const struct var *v = c->vars.items[k];
        struct plan_input *in;
        if (v->kind != MATRIX_INPUT || v->input >= c->plan->inputs.count)
            continue;
        in = &c->plan->inputs.items[v->input];
        if (in->name == PLAN_NONE)
            in->name = build_string(c, v->name);
    }
}

void finish_plan(struct compiler *c)
{
    if (!c->options || !c->options->no_optimise)
        drop_dead(c);
    insert_releases(c);
    drop_sets(c);
    compact(c);
    settle_types(c);
}
