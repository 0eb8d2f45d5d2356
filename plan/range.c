/* Tiles that do not exist, found when sizes are bound.
 *
 * The entries are walked as the walker does it, but of each loop the first
 * and the last two turns alone: an index that is linear in the counters of
 * its loops is least and greatest there.  So what is found would surely
 * happen.  What hangs on data, and what may be jumped over, is left to the
 * walker, which looks at each task before it is handed out. */
#include "plan/range.h"
#include "plan/expr.h"

#include <stdlib.h>

enum { VISITS = 10000 }; /* entries looked at, at most */

struct range {
    const struct binding *binding;
    const struct plan *plan;
    union plan_value *slots;
    uint8_t *unknown; /* per expression: hangs on a slot that is set */
    uint8_t *jumps;   /* per entry: a break or continue is in its body */
    uint32_t visits;
    struct tm_error *error;
};

int range_fault(const struct binding *b, uint32_t matrix, int64_t i, int64_t j,
                struct tm_error *error)
{
    const struct bind_matrix *m = &b->matrices[matrix];
    int row = (uint64_t)i >= (uint64_t)m->trows;
    int64_t most = row ? m->trows : m->tcols;
    char range[60] = "";

    if (!row && (uint64_t)j < (uint64_t)m->tcols)
        return 0;
    if (most)
        snprintf(range, sizeof range, ", %s 0 to %lld",
                 row ? "rows" : "columns", (long long)most - 1);
    return error_set(
        error, TM_ESCRIPT,
        "tile [%lld,%lld] of %s does not exist: it has %lld x %lld tiles%s",
        (long long)i, (long long)j,
        plan_string(b->plan, b->plan->matrices.items[matrix].name),
        (long long)m->trows, (long long)m->tcols, range);
}

/* Its value at this turn of all loops; 0: not known. */
static int known(const struct range *r, uint32_t expr, union plan_value *value)
{
    const char *fault;

    return !r->unknown[expr] &&
           !binding_eval(r->binding, expr, r->slots, value, &fault);
}

static int look_operand(struct range *r, const struct plan_operand *o)
{
    union plan_value i, j, i_end, j_end;

    if ((o->flags & OPERAND_ALL) || !known(r, o->i, &i) || !known(r, o->j, &j))
        return 0;
    if (o->flags & OPERAND_RUN) {
        if (!known(r, o->i_end, &i_end) || !known(r, o->j_end, &j_end) ||
            i_end.integer <= i.integer || j_end.integer <= j.integer)
            return 0;
        if (range_fault(r->binding, o->matrix, i_end.integer - 1,
                        j_end.integer - 1, r->error))
            return TM_ESCRIPT;
    }
    return range_fault(r->binding, o->matrix, i.integer, j.integer, r->error);
}

static int look(struct range *r, uint32_t first, uint32_t end);

static int look_loop(struct range *r, uint32_t entry)
{
    const struct plan_entry *e = &r->plan->entries.items[entry];
    union plan_value low, high, step;
    uint64_t turns, turn;

    if (r->jumps[entry] || !known(r, e->b, &low) || !known(r, e->c, &high) ||
        !known(r, e->d, &step) || step.integer < 1 ||
        low.integer >= high.integer)
        return 0;
    turns = ((uint64_t)high.integer - (uint64_t)low.integer - 1) /
                (uint64_t)step.integer +
            1;
    for (turn = 0; turn < turns; turn++) {
        if (turn == 1 && turns > 3)
            turn = turns - 2;
        r->slots[e->a].integer =
            (int64_t)((uint64_t)low.integer + turn * (uint64_t)step.integer);
        if (look(r, entry + 1, e->end))
            return TM_ESCRIPT;
    }
    return 0;
}

static int look(struct range *r, uint32_t first, uint32_t end)
{
    const struct plan_entry *entries = r->plan->entries.items;
    union plan_value test;
    uint32_t k, n;

    for (k = first; k < end && ++r->visits < VISITS;) {
        const struct plan_entry *e = &entries[k];
        uint32_t next = k + 1;
        switch (e->kind) {
        case ENTRY_LOOP:
            if (look_loop(r, k))
                return TM_ESCRIPT;
            next = e->end;
            break;
        case ENTRY_IF:
            next = e->end;
            if (!known(r, e->a, &test)) {
                if (next < end && entries[next].kind == ENTRY_ELSE)
                    next = entries[next].end;
            } else if (test.integer) {
                if (look(r, k + 1, e->end))
                    return TM_ESCRIPT;
            } else if (next < end && entries[next].kind == ENTRY_ELSE) {
                next++; /* its body is the next that is looked at */
            }
            break;
        case ENTRY_ELSE: /* behind an IF's body: not to be done */
        case ENTRY_REPEAT: next = e->end; break;
        case ENTRY_ASSERT:
            if (!known(r, e->a, &test) || !test.integer)
                r->visits = VISITS; /* it may come before what follows */
            break;
        case ENTRY_TASK:
        case ENTRY_ALIAS:
        case ENTRY_FETCH:
            for (n = 0; n < e->operands; n++)
                if (look_operand(
                        r, &r->plan->operands.items[e->first_operand + n])) {
                    r->error->place = e->place;
                    return TM_ESCRIPT;
                }
        }
        k = next;
    }
    return 0;
}

/* Which slots are set on the way, and which bodies can be left early. */
static void prepare(struct range *r, uint8_t *set)
{
    const struct plan *p = r->plan;
    uint32_t k, a, from = 0;

    for (k = 0; k < p->entries.count; k++) {
        const struct plan_entry *e = &p->entries.items[k];
        if (e->kind == ENTRY_SET || e->kind == ENTRY_FETCH)
            set[e->a] = 1;
        if (e->kind != ENTRY_BREAK && e->kind != ENTRY_CONTINUE)
            continue;
        for (a = from; a < k; a++)
            r->jumps[a] |= p->entries.items[a].end > k;
        from = k; /* what is open there is skipped by what is around it */
    }
    for (k = 0; k < p->exprs.count; k++) {
        const struct plan_expr *x = &p->exprs.items[k];
        if (!x->slots)
            continue;
        if (x->op == EXPR_SLOT)
            r->unknown[k] = set[x->value.integer];
        else
            for (a = 0; a < expr_table[x->op].arity; a++)
                r->unknown[k] |= r->unknown[x->args[a]];
    }
}

enum tm_status range_check(const struct binding *binding,
                           struct tm_error *error)
{
    const struct plan *p = binding->plan;
    struct range r = {.binding = binding, .plan = p, .error = error};
    uint8_t *set = calloc(p->slots.count + 1, 1);
    int status = 0;

    r.slots = calloc(p->slots.count + 1, sizeof *r.slots);
    r.unknown = calloc(p->exprs.count + 1, 1);
    r.jumps = calloc(p->entries.count + 1, 1);
    if (!set || !r.slots || !r.unknown || !r.jumps) {
        status = error_set(error, TM_EMEMORY, "out of memory");
    } else {
        prepare(&r, set);
        status = look(&r, 0, p->entries.count);
    }
    free(set);
    free(r.slots);
    free(r.unknown);
    free(r.jumps);
    return (enum tm_status)status;
}
