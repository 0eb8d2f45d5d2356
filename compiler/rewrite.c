/* Rewriting of steps: what nothing reads is not computed. */
#include "compiler/model.h"

static void count_node(const struct node *node)
{
    uint32_t k;

    if (!node)
        return;
    if (node->kind == NODE_VAR || node->kind == NODE_TILE)
        var_root(node->var)->uses++;
    for (k = 0; node->kind == NODE_OP && k < node->count; k++)
        count_node(node->args[k]);
}

static void count_block(const struct block *block)
{
    uint32_t k, n;

    for (k = 0; block && k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        if (s->kind != STEP_LET || !s->var || s->node->kind != NODE_VAR ||
            s->node->var != s->var)
            count_node(s->node);
        for (n = 0; n < s->part_count; n++)
            if (s->parts[n].value.kind == VALUE_NODE)
                count_node(s->parts[n].value.node);
        count_block(s->body);
        count_block(s->other);
    }
}

/* LETs of vars that nothing reads; what they read is freed in later rounds. */
static uint32_t drop_block(struct block *block)
{
    uint32_t k, kept = 0, dropped = 0;

    for (k = 0; block && k < block->steps.count; k++) {
        struct step *s = block->steps.items[k];
        if (s->kind == STEP_LET && !var_root(s->var)->uses) {
            dropped++;
            continue;
        }
        dropped += drop_block(s->body);
        dropped += drop_block(s->other);
        block->steps.items[kept++] = s;
    }
    if (block)
        block->steps.count = kept;
    return dropped;
}

void count_uses(struct compiler *c, const struct block *block)
{
    uint32_t k;

    for (k = 0; k < c->vars.count; k++)
        c->vars.items[k]->uses = 0;
    count_block(block);
}

void rewrite_block(struct compiler *c, struct block *block, uint32_t first,
                   struct node *result)
{
    uint32_t k, round;

    for (round = 0; round < 20; round++) {
        for (k = 0; k < c->vars.count; k++)
            c->vars.items[k]->uses = k < first;
        count_block(block);
        count_node(result);
        if (!drop_block(block))
            return;
    }
}
