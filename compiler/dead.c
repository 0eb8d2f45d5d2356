/* Entries that nothing needs are left out of a plan. */
#include "compiler/model.h"
#include "plan/expr.h"

/* Those alone that are marked. */
static void keep_entries(struct compiler *c, const unsigned char *keep)
{
    struct plan *p = c->plan;
    uint32_t *moved =
        arena_array(c->arena, p->entries.count + 1, sizeof *moved);
    uint32_t k, kept = 0;

    for (k = 0; k < p->entries.count; k++) {
        moved[k] = kept;
        if (keep[k])
            p->entries.items[kept++] = p->entries.items[k];
    }
    moved[k] = kept;
    p->entries.count = kept;
    for (k = 0; k < kept; k++)
        p->entries.items[k].end = moved[p->entries.items[k].end];
}

/* Entries that set a slot which nothing reads. */
void drop_sets(struct compiler *c)
{
    struct plan *p = c->plan;
    unsigned char *read = arena_alloc(c->arena, p->slots.count + 1);
    unsigned char *used = arena_alloc(c->arena, p->exprs.count + 1);
    unsigned char *keep = arena_alloc(c->arena, p->entries.count + 1);
    uint32_t k, a;

    for (k = 0; k < p->entries.count; k++) {
        const struct plan_entry *e = &p->entries.items[k];
        uint32_t roots[4] = {PLAN_NONE, PLAN_NONE, PLAN_NONE, PLAN_NONE};
        if (e->kind == ENTRY_LOOP) {
            roots[0] = e->b;
            roots[1] = e->c;
            roots[2] = e->d;
        } else if (e->kind == ENTRY_IF || e->kind == ENTRY_ASSERT) {
            roots[0] = e->a;
        } else if (e->kind == ENTRY_SET) {
            roots[0] = e->b;
        }
        for (a = 0; a < 4; a++)
            if (roots[a] != PLAN_NONE)
                used[roots[a]] = 1;
        for (a = 0; a < e->args; a++)
            used[p->args.items[e->first_arg + a]] = 1;
        for (a = 0; a < e->operands; a++) {
            const struct plan_operand *o =
                &p->operands.items[e->first_operand + a];
            if (o->flags & OPERAND_ALL)
                continue;
            used[o->i] = used[o->j] = 1;
            if (o->flags & OPERAND_RUN)
                used[o->i_end] = used[o->j_end] = 1;
        }
    }
    for (k = 0; k < p->parts.count; k++)
        if (p->parts.items[k].kind == PART_EXPR)
            used[p->parts.items[k].value] = 1;
    for (k = p->exprs.count; k-- > 0;) {
        const struct plan_expr *x = &p->exprs.items[k];
        if (!used[k])
            continue;
        for (a = 0; a < expr_table[x->op].arity; a++)
            used[x->args[a]] = 1;
        if (x->op == EXPR_SLOT)
            read[x->value.integer] = 1;
    }
    for (k = 0; k < p->entries.count; k++) {
        const struct plan_entry *e = &p->entries.items[k];
        keep[k] = e->kind != ENTRY_SET || read[e->a];
    }
    keep_entries(c, keep);
}

/* ---- matrices that nothing reads ------------------------------------------
 */

/* Does it no more than write its operands?  What may fail does, and what the
 * script itself says of tiles is done. */
static int is_pure(const struct compiler *c, const struct plan_entry *e)
{
    const struct plan *p = c->plan;

    if (e->kind == ENTRY_RELEASE) /* of a matrix that begins anew */
        return 1;
    if (e->place == PLAN_NONE ||
        p->sources.items[p->places.items[e->place].source].text != PLAN_NONE)
        return 0;
    if (e->kind == ENTRY_ALIAS)
        return 1;
    if (e->kind != ENTRY_TASK)
        return 0;
    switch (e->kernel) {
    case KERNEL_TRSM:
    case KERNEL_POTRF:
    case KERNEL_GETRF:
    case KERNEL_STORE:
    case KERNEL_PRINT:
    case KERNEL_CHECK:
    case KERNEL_NOP:
    case KERNEL_ONEHOT:
    case KERNEL_HEEVD:
    case KERNEL_HEEVD_VALUES:
    case KERNEL_GESDD:
    case KERNEL_GESDD_VALUES:
    case KERNEL_HETRD:
    case KERNEL_STEDC:
    case KERNEL_GEBRD:
    case KERNEL_BDSDC: return 0;
    default: return 1;
    }
}

static int writes_live(const struct plan *p, const struct plan_entry *e,
                       const unsigned char *live)
{
    uint32_t k;

    for (k = 0; k < e->operands; k++) {
        const struct plan_operand *o = &p->operands.items[e->first_operand + k];
        if ((o->mode != MODE_READ || e->kind == ENTRY_RELEASE) &&
            live[o->matrix])
            return 1;
    }
    return 0;
}

/* Tasks of the library whose results nobody wants: Q where R alone is. */
void drop_dead(struct compiler *c)
{
    struct plan *p = c->plan;
    unsigned char *live = arena_alloc(c->arena, p->matrices.count + 1);
    unsigned char *keep = arena_alloc(c->arena, p->entries.count + 1);
    uint32_t *behind =
        arena_array(c->arena, p->entries.count + 1, sizeof *behind);
    uint32_t k, a, changed = 1;

    while (changed)
        for (k = p->entries.count, changed = 0; k-- > 0;) {
            const struct plan_entry *e = &p->entries.items[k];
            if (keep[k] || (is_pure(c, e) && !writes_live(p, e, live)))
                continue;
            keep[k] = changed = 1;
            for (a = 0; a < e->operands; a++)
                live[p->operands.items[e->first_operand + a].matrix] = 1;
        }
    for (k = p->entries.count; k-- > 0;) {
        const struct plan_entry *e = &p->entries.items[k];
        int body = e->kind == ENTRY_LOOP || e->kind == ENTRY_IF ||
                   e->kind == ENTRY_ELSE;
        if (body && e->end > k + 1) /* behind: kept ones from there on */
            keep[k] = behind[k + 1] > behind[e->end] ||
                      (e->kind == ENTRY_IF && e->end < p->entries.count &&
                       p->entries.items[e->end].kind == ENTRY_ELSE &&
                       keep[e->end]);
        behind[k] = behind[k + 1] + keep[k];
    }
    keep_entries(c, keep);
}
