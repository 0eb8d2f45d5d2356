/* Factors that several calls share: A \ b and A \ c have one LU.
 *
 * While steps are lowered, what a function of the library gave for a matrix
 * that never changes is kept, where it is computed whatever data say; a second
 * call for it in the same body, or in one inside, takes that.  Nobody in lib/
 * changes these results. */
#include "compiler/check.h"

#include <string.h>

static int is_shared(const struct function *f)
{
    return f->library && !strcmp(f->name, "lu_packed");
}

/* Is it written once, or never? */
static int is_constant(const struct var *var)
{
    return var->writes == (var->kind == MATRIX_TEMP);
}

static const struct var *subject_of(const struct compiler *c,
                                    const struct function *f,
                                    const struct value *args, uint32_t count)
{
    const struct node *a = count == 1 ? args->node : NULL;

    if (!c->sharing || !is_shared(f) || !a || args->kind != VALUE_NODE ||
        a->kind != NODE_VAR || !is_constant(a->var))
        return NULL;
    return var_root(a->var);
}

int shared_find(struct compiler *c, const struct function *f,
                const struct value *args, uint32_t count,
                struct value *results, uint32_t wanted)
{
    const struct var *var = subject_of(c, f, args, count);
    uint32_t k, r;

    for (k = 0; var && k < c->shared.count; k++) {
        const struct shared *s = &c->shared.items[k];
        if (s->function != f || var_root(s->var) != var || wanted > s->results)
            continue;
        for (r = 0; r < wanted; r++) {
            struct node *copy = ARENA_NEW(c->arena, struct node);
            *copy = *s->result[r].node;
            results[r] = s->result[r];
            results[r].node = copy;
        }
        return 1;
    }
    return 0;
}

void shared_add(struct compiler *c, const struct function *f,
                const struct value *args, uint32_t count,
                const struct value *results, uint32_t wanted)
{
    struct shared s = {.function = f, .results = wanted};
    uint32_t r;

    if (!subject_of(c, f, args, count) ||
        c->block != c->body || wanted > SHARED_RESULTS)
        return;
    s.var = args->node->var;
    for (r = 0; r < wanted; r++) {
        if (results[r].kind != VALUE_NODE || results[r].node->kind != NODE_VAR)
            return;
        s.result[r] = results[r];
    }
    vec_push(c->arena, &c->shared, s);
}
