/* Which matrices have homes: in, the plan's entries; out, an output for each,
 * or none. */
#include "runtime/homes.h"

#include <stdlib.h>

struct homes {
    const struct binding *binding;
    const struct job_output *outputs;
    uint32_t *output; /* of each matrix that has homes */
    struct home **home; /* of each matrix, for its tiles; or NULL */
    unsigned char *past; /* of each matrix: homes_past() */
};

/* ---- the plan ----------------------------------------------------------- */

static int goes_through(uint8_t kernel)
{
    return kernel == KERNEL_MAP || kernel == KERNEL_COPY ||
           kernel == KERNEL_TRIL || kernel == KERNEL_SELECT ||
           kernel == KERNEL_ONEHOT;
}

/* The outermost entry that has this one in its body, or itself. */
static uint32_t outermost(const struct plan *plan, uint32_t entry)
{
    uint32_t k;

    for (k = 0; k < entry; k++)
        if (plan->entries.items[k].end > entry)
            return k;
    return entry;
}

/* Does the entry store tile (i, j) of the matrix as tile (i, j) of the
 * output? */
static int stores_whole(const struct plan *plan, const struct plan_entry *e,
                        uint32_t output)
{
    const struct plan_operand *x = &plan->operands.items[e->first_operand];
    const uint32_t *arg = &plan->args.items[e->first_arg];
    const struct plan_expr *number = &plan->exprs.items[arg[0]];

    return number->op == EXPR_INT &&
           number->value.integer == (int64_t)output && arg[1] == x->i &&
           arg[2] == x->j;
}

/* May the matrix have homes, as far as this entry goes?  *store is the entry
 * that stores it, PLAN_NONE so far; *written the last that writes it. */
static int entry_allows(const struct plan *plan, uint32_t entry,
                        uint32_t matrix, uint32_t output, uint32_t *store,
                        uint32_t *written)
{
    const struct plan_entry *e = &plan->entries.items[entry];
    uint32_t k;

    for (k = 0; k < e->operands; k++) {
        const struct plan_operand *x =
            &plan->operands.items[e->first_operand + k];
        if (x->matrix != matrix)
            continue;
        if (e->kind == ENTRY_ALIAS)
            return 0;
        if (e->kind != ENTRY_TASK)
            continue;
        if (e->kernel == KERNEL_STORE) {
            if (*store != PLAN_NONE || !stores_whole(plan, e, output))
                return 0;
            *store = entry;
        } else if (x->mode != MODE_READ) {
            *written = entry;
            if (!goes_through(e->kernel))
                return 0;
        }
    }
    return 1;
}

static int plan_allows(const struct plan *plan, uint32_t output)
{
    uint32_t matrix = plan->outputs.items[output].matrix;
    uint32_t store = PLAN_NONE, written = 0, k;

    for (k = 0; k < plan->entries.count; k++)
        if (!entry_allows(plan, k, matrix, output, &store, &written))
            return 0;
    return store != PLAN_NONE && written < outermost(plan, store);
}

static int is_read(const struct plan *plan, uint32_t matrix)
{
    uint32_t k, n;

    for (k = 0; k < plan->entries.count; k++) {
        const struct plan_entry *e = &plan->entries.items[k];
        for (n = 0; e->kind == ENTRY_TASK && n < e->operands; n++) {
            const struct plan_operand *x =
                &plan->operands.items[e->first_operand + n];
            if (x->matrix == matrix && x->mode != MODE_WRITE &&
                e->kernel != KERNEL_STORE)
                return 1;
        }
    }
    return 0;
}

/* ---- this run ----------------------------------------------------------- */

static int memory_allows(const struct binding *b, const struct job_output *out,
                         uint32_t matrix)
{
    const struct bind_matrix *m = &b->matrices[matrix];
    size_t bytes = type_bytes(m->type);

    return out->data && out->rs == 1 && (out->cs >= m->rows || m->cols <= 1) &&
           !((uintptr_t)out->data % bytes);
}

static int homes_add(struct homes *h, uint32_t output)
{
    uint32_t matrix = h->binding->plan->outputs.items[output].matrix;
    const struct bind_matrix *m = &h->binding->matrices[matrix];
    size_t tiles = (size_t)m->trows * (size_t)m->tcols;

    h->home[matrix] = calloc(tiles + 1, sizeof *h->home[matrix]);
    if (!h->home[matrix])
        return -1;
    h->output[matrix] = output;
    h->past[matrix] =
        (uint64_t)m->rows * (uint64_t)m->cols * type_bytes(m->type) >
            JOB_CACHES &&
        !is_read(h->binding->plan, matrix);
    return 0;
}

static struct homes *homes_empty(const struct binding *b,
                                 const struct job_output *outputs)
{
    size_t matrices = b->plan->matrices.count;
    struct homes *h = calloc(1, sizeof *h);

    if (!h)
        return NULL;
    h->binding = b;
    h->outputs = outputs;
    h->output = calloc(matrices + 1, sizeof *h->output);
    h->home = calloc(matrices + 1, sizeof *h->home);
    h->past = calloc(matrices + 1, sizeof *h->past);
    if (h->output && h->home && h->past)
        return h;
    homes_free(h);
    return NULL;
}

static int has_homes(const struct binding *b, const struct job_output *outputs,
                     uint32_t output)
{
    return memory_allows(b, &outputs[output],
                         b->plan->outputs.items[output].matrix) &&
           plan_allows(b->plan, output);
}

int homes_new(const struct binding *b, const struct job_output *outputs,
              struct homes **homes)
{
    uint32_t k;

    *homes = NULL;
    for (k = 0; k < b->plan->outputs.count; k++) {
        if (!has_homes(b, outputs, k))
            continue;
        if (!*homes)
            *homes = homes_empty(b, outputs);
        if (!*homes || homes_add(*homes, k)) {
            homes_free(*homes);
            *homes = NULL;
            return -1;
        }
    }
    return 0;
}

void homes_free(struct homes *h)
{
    uint32_t k;

    if (!h)
        return;
    for (k = 0; h->home && k < h->binding->plan->matrices.count; k++)
        free(h->home[k]);
    free(h->home);
    free(h->output);
    free(h->past);
    free(h);
}

struct home *homes_get(struct homes *h, uint32_t tile)
{
    uint32_t matrix = binding_tile_at(h->binding, tile).matrix;
    struct home *home = h->home[matrix];

    return home ? &home[tile - h->binding->matrices[matrix].first_tile] : NULL;
}

void *homes_at(const struct homes *h, uint32_t tile, int64_t *ld)
{
    struct bind_tile at = binding_tile_at(h->binding, tile);
    const struct job_output *out = &h->outputs[h->output[at.matrix]];
    int64_t bytes = (int64_t)type_bytes(h->binding->matrices[at.matrix].type);

    *ld = out->cs;
    return out->data + (at.row + at.col * out->cs) * bytes;
}

int homes_past(const struct homes *h, uint32_t tile)
{
    return h->past[binding_tile_at(h->binding, tile).matrix];
}
