/* The same program in fewer operations.
 *
 * Goes through the steps once, in their order, and makes new ones.  Each tree
 * is rewritten from its leaves up (rules.c), products are put into their
 * cheapest order (chain.c).  Then, from its root down: a part that a var
 * holds already is read from there; a part that does not change in a loop
 * goes in front of it; a part that was computed before without a var gets
 * one at that place.  What is not read any more is left for rewrite.c.
 *
 * Only whole matrices are looked at; tile statements pass as they are. */
#include "compiler/optimise.h"

/* ---- notes --------------------------------------------------------------- */

static const char *const names[RULE_COUNT] = {
#define RULE(ID, OP, NAME, DOC) [RULE_##ID] = NAME,
#include "compiler/rules.def"
#undef RULE
};

/* What the rule has to know of the first operand. */
static uint8_t properties_used(enum rule rule)
{
    switch (rule) {
    case RULE_solve_definite: return IS_SPD | IS_PSD;
    case RULE_transpose_symmetric: return IS_SYMMETRIC;
    case RULE_solve_orthogonal:
    case RULE_inverse_orthogonal: return IS_ORTHOGONAL;
    default: return 0;
    }
}

void note(struct optimiser *o, enum rule rule, struct place place,
          const struct node *before, const struct node *after)
{
    struct rewrite_note n = {.rule = names[rule], .place = place};
    const char *because = before->kind == NODE_OP
                              ? node_inferred(o->c, before->args[0],
                                              properties_used(rule))
                              : NULL;

    o->told[rule]++;
    if (!o->c->keep_notes)
        return; /* nobody reads them */
    n.before = node_text(o->c, before);
    n.after = node_text(o->c, after);
    if (because)
        n.after = arena_printf(o->c->arena, "%s, as %s is %s", n.after,
                               before->args[0]->var->name, because);
    n.flops_before = cost_flops(o, before);
    n.bytes_before = cost_bytes(o, before);
    n.flops_after = cost_flops(o, after);
    n.bytes_after = cost_bytes(o, after);
    vec_push(o->c->arena, &o->c->notes, n);
}

/* ---- steps -----------------------------------------------------------------
 */

struct step *step_in(struct optimiser *o, struct block *block,
                     enum step_kind kind, struct place place)
{
    struct step *step = ARENA_NEW(o->c->arena, struct step);

    *step = *o->step; /* the call that it belongs to */
    step->kind = kind;
    step->place = place;
    step->var = NULL;
    step->node = step->target = NULL;
    step->target_count = step->part_count = 0;
    step->body = step->other = NULL;
    step->parts = NULL;
    step->number = step->slot = step->low = step->high = step->step = PLAN_NONE;
    vec_push(o->c->arena, &block->steps, step);
    return step;
}

static void let_done(struct optimiser *o, struct step *step)
{
    struct var *v = var_root(step->var);

    v->value = value_of(o, step->node);
    value_turn(o, v->value, value_transposed(o, step->node));
    v->level = o->loop ? o->loop->level : 0;
    v->made = v->writes == 1 ? step : NULL;
    o->about.items[v->value].holder = v;
}

/* Loops around the steps of an open block. */
static uint32_t level_of(const struct optimiser *o, const struct block *block)
{
    const struct open_loop *loop = o->loop;
    uint32_t k;

    for (k = o->open.count; k > 0 && o->open.items[k - 1] != block; k--)
        for (; loop && loop->front == o->open.items[k - 1]; loop = loop->outer)
            ;
    while (k && loop && loop->front == block)
        loop = loop->outer;
    return loop ? loop->level : 0;
}

struct node *let_in(struct optimiser *o, struct block *block, struct node *node)
{
    struct compiler *c = o->c;
    struct var *var;
    struct step *step;
    uint32_t level = level_of(o, block);

    if (node->kind == NODE_VAR)
        return node;
    var = var_new(c, "temp", node->shape,
                  node->type == PLAN_NONE ? type_new(c, 0) : node->type,
                  node->place);
    var->temporary = var->assigned = 1;
    var->writes = 1;
    var->properties = node->properties;
    var->maybe = node->maybe;
    var->test = node->test;
    var->variant = node_level(o, node);
    if (var->variant < level)
        var->variant = level; /* it is not there before */
    step = step_in(o, block, STEP_LET, node->place);
    step->var = var;
    step->node = node;
    let_done(o, step);
    var->made = NULL; /* never merged back */
    return node_var(c, var, node->place);
}

struct block *front_of(struct optimiser *o, uint32_t level)
{
    struct open_loop *loop = o->loop;

    if (!loop || loop->level <= level)
        return o->out;
    while (loop->outer && loop->outer->level > level)
        loop = loop->outer;
    return loop->front;
}

/* ---- what a block writes
 * -------------------------------------------------------
 */

static void wrote_var(struct optimiser *o, struct var *v, uint32_t level)
{
    v = var_root(v);
    v->value = value_new(o);
    v->variant = level;
    v->made = NULL;
}

static void wrote_slot(struct optimiser *o, uint32_t slot, uint32_t level)
{
    slots_grow(o);
    o->slot_value[slot] = value_new(o);
    o->slot_variant[slot] = level;
}

void wrote(struct optimiser *o, const struct block *block,
                  uint32_t level)
{
    uint32_t k, n;

    for (k = 0; block && k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        if (s->var)
            wrote_var(o, s->var, level);
        if (s->target)
            wrote_var(o, s->target->var, level);
        for (n = 0; n < s->target_count; n++)
            if (s->targets[n])
                wrote_var(o, s->targets[n]->var, level);
        if (s->kind == STEP_FOR || s->kind == STEP_SET || s->kind == STEP_FETCH)
            wrote_slot(o, s->slot, level);
        wrote(o, s->body, level);
        wrote(o, s->other, level);
    }
}

static void count_writes(const struct block *block)
{
    uint32_t k, n;

    for (k = 0; block && k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        if (s->var)
            var_root(s->var)->writes++;
        if (s->target)
            var_root(s->target->var)->writes++;
        for (n = 0; n < s->target_count; n++)
            if (s->targets[n])
                var_root(s->targets[n]->var)->writes++;
        count_writes(s->body);
        count_writes(s->other);
    }
}

/* ---- trees from the leaves up
 * ---------------------------------------------------- */

static struct node *rewrite(struct optimiser *o, struct node *node);

struct node *node_copy(struct optimiser *o, const struct node *node)
{
    struct node *copy = ARENA_NEW(o->c->arena, struct node);
    uint32_t k;

    *copy = *node;
    for (k = 0; node->kind == NODE_OP && k < node->count; k++)
        copy->args[k] = node_copy(o, node->args[k]);
    return copy;
}

static uint32_t size_of(const struct node *node)
{
    uint32_t size = 1, k;

    for (k = 0; node->kind == NODE_OP && k < node->count; k++)
        size += size_of(node->args[k]);
    return size;
}

/* Can it end a run? */
static int can_fail(const struct node *node)
{
    uint32_t k;

    if (node->kind != NODE_OP)
        return 0;
    switch (node->op) {
    case OP_MATMUL:
    case OP_SUM:
    case OP_NORM:
    case OP_TRACE:
    case OP_ROWSUMS:
    case OP_TRIL:
    case OP_TRIU:
    case OP_TRANSPOSE: break;
    default:
        if (op_table[node->op].kind != CLASS_EWISE && !is_turned(node))
            return 1;
    }
    for (k = 0; k < node->count; k++)
        if (can_fail(node->args[k]))
            return 1;
    return 0;
}

/* Has it an operation that complex numbers lack, on a type that is known at
 * binding only?  Its failure is to be told at its own line. */
static int may_be_complex(struct optimiser *o, const struct node *node)
{
    uint32_t k;

    if (!is_ewise(node))
        return 0;
    switch (node->op) {
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_MAX2:
    case OP_MIN2:
    case OP_MOD:
    case OP_FLOOR:
    case OP_CEIL:
    case OP_ROUND:
    case OP_SIGN:
    case OP_HYPOT:
        if (!type_known(o->c, node->type))
            return 1;
        break;
    default:
        if (is_convert(node))
            return 1;
    }
    for (k = 0; k < node->count; k++)
        if (may_be_complex(o, node->args[k]))
            return 1;
    return 0;
}

/* May what the name was assigned stand in its place below this operation? */
static int merges(const struct node *above, const struct node *made)
{
    enum op_class kind = op_table[above->op].kind;

    if (made->kind != NODE_OP || made->tile || size_of(made) > 16)
        return 0;
    if (above->op == OP_MATMUL)
        return made->op == OP_MATMUL || made->op == OP_INV || is_turned(made);
    if (above->op == OP_NORM || above->op == OP_SUM || above->op == OP_TRACE ||
        above->op == OP_MAX || above->op == OP_MIN)
        return is_ewise(made) || made->op == OP_MATMUL;
    return kind == CLASS_EWISE &&
           (is_ewise(made) || made->op == OP_MATMUL || made->op == OP_NORM);
}

static int is_part(const struct optimiser *o, const struct node *above,
                   const struct node *node);

/* Parts of this tree are not to be found in its step: it moves (to the step
 * that is given) or goes (NULL). */
static void moved(struct optimiser *o, struct node *node, struct step *step)
{
    struct about *about;
    uint32_t k, value;

    for (k = 0; node->kind == NODE_OP && k < node->count; k++) {
        if (is_part(o, node, node->args[k])) {
            value = value_of(o, node->args[k]);
            about = &o->about.items[value];
            if (about->slot == &node->args[k]) {
                about->step = step;
                about->slot = step ? about->slot : NULL;
            }
        }
        moved(o, node->args[k], step);
    }
}

/* A name that is used here alone: what it was assigned. */
static struct node *merged(struct optimiser *o, const struct node *above,
                           struct node *node)
{
    struct var *v = var_root(node->var);
    struct node *made;

    if (v->uses != 1 || v->writes != 1 || !v->made || v->keep ||
        v->kind != MATRIX_TEMP || v->level != (o->loop ? o->loop->level : 0) ||
        v->variant != v->level)
        return node;
    made = v->made->node;
    if (!merges(above, made) || value_of(o, made) != v->value ||
        may_be_complex(o, made) ||
        (v->made->call != o->step->call && can_fail(made)))
        return node;
    if (!v->temporary)
        note(o, RULE_merged, node->place, node, made);
    o->about.items[v->value].holder = NULL;
    moved(o, made, NULL);
    made = node_copy(o, made);
    if (v->made->call != o->step->call)
        made->place = node->place;
    return made;
}

static struct node *rewrite_product(struct optimiser *o, struct node *node);

static struct node *rewrite_arg(struct optimiser *o, const struct node *above,
                                struct node *arg)
{
    if (arg->kind == NODE_VAR)
        return merged(o, above, arg);
    if (above->op == OP_MATMUL && is_product(arg))
        return rewrite_product(o, arg); /* its order comes with the root's */
    return rewrite(o, arg);
}

/* The operation on rewritten arguments, by rules. */
static struct node *rewrite_op(struct optimiser *o, struct node *node)
{
    struct node *args[6] = {NULL}, *copy;
    uint32_t k;
    int same = 1;

    for (k = 0; k < node->count; k++) {
        args[k] = rewrite_arg(o, node, node->args[k]);
        same &= args[k] == node->args[k];
    }
    if (same || node->op == OP_RETILE) {
        copy = ARENA_NEW(o->c->arena, struct node);
        *copy = *node;
        memcpy(copy->args, args, sizeof args);
    } else {
        copy = node_op(o->c, node->op, node->place, args, node->count);
        if (!copy)
            return node;
    }
    return rules_apply(o, copy);
}

static struct node *rewrite_product(struct optimiser *o, struct node *node)
{
    return rewrite_op(o, node);
}

/* Rules on what the order of a chain has made new. */
struct node *rules_deep(struct optimiser *o, struct node *node)
{
    struct node *args[6], *made;
    uint32_t k;
    int same = 1;

    if (node->kind != NODE_OP)
        return node;
    for (k = 0; k < node->count; k++) {
        args[k] = rules_deep(o, node->args[k]);
        same &= args[k] == node->args[k];
    }
    if (!same) {
        made = node_op(o->c, node->op, node->place, args, node->count);
        if (made)
            node = made;
    }
    return rules_apply(o, node);
}

static struct node *rewrite(struct optimiser *o, struct node *node)
{
    struct node *made;

    if (node->kind != NODE_OP || node->tile)
        return node;
    node = rewrite_op(o, node);
    if (!is_product(node))
        return node;
    made = chain_order(o, node);
    if (!made || made == node)
        return node;
    if (made->kind != NODE_VAR)
        note(o, RULE_chain, node->place, node, made);
    return rules_deep(o, made);
}

/* ---- from the root down
 * ------------------------------------------------------------ */

/* Worth a var of its own. */
static int is_worth(const struct node *node)
{
    enum op_class kind;

    if (node->kind != NODE_OP || node->tile || is_turned(node) ||
        node->op == OP_RETILE)
        return 0;
    kind = op_table[node->op].kind;
    return kind == CLASS_LIBRARY || kind == CLASS_REDUCE;
}

/* Is it computed for itself below this operation (NULL: nothing)?  What is
 * worth a var, and an operand of a product that is more than a factor. */
static int is_part(const struct optimiser *o, const struct node *above,
                   const struct node *node)
{
    uint32_t k;

    if (is_worth(node))
        return 1;
    if (!above || above->op != OP_MATMUL || !is_ewise(node) || node->tile ||
        node->op == OP_NEGATE || is_scalar(o, node))
        return 0;
    for (k = 0; k < node->count; k++)
        if (node->args[k]->kind == NODE_NUMBER)
            return 0;
    return 1;
}

static int is_open(const struct optimiser *o, const struct block *block)
{
    uint32_t k;

    for (k = 0; k < o->open.count; k++)
        if (o->open.items[k] == block)
            return 1;
    return 0;
}

/* The same for what changes in loops up to `level`, and may end a run. */
static struct block *invariant_at(struct optimiser *o, uint32_t level,
                                  int fails)
{
    struct open_loop *loop;

    if (!o->loop || level >= o->loop->level)
        return NULL;
    for (loop = o->loop; loop && loop->level > level; loop = loop->outer)
        if (o->branches != loop->branches ||
            (fails && (!loop->sure || loop->turns != PLAN_NONE)))
            return NULL;
    return front_of(o, level);
}

struct block *invariant_in(struct optimiser *o, const struct node *node)
{
    return invariant_at(o, node_level(o, node), can_fail(node));
}

/* A \ B in a loop in which A does not change: LU in front of it, where nothing
 * better is known of A. */
static void factor_in_front(struct optimiser *o, struct node *node)
{
    struct node *a = node->args[0];
    struct block *front;
    struct rewrite_note n = {.rule = names[RULE_factor_invariant],
                             .place = node->place};

    if (node->op != OP_SOLVE || a->kind != NODE_VAR || a->properties ||
        a->maybe || a->shape.rows != a->shape.cols || is_scalar(o, a) ||
        var_root(a->var)->writes > 1)
        return;
    front = invariant_at(o, node_level(o, a), 0); /* no pivot ends getrf */
    if (!front)
        return;
    step_in(o, front, STEP_FACTOR, node->place)->node = a;
    o->told[RULE_factor_invariant]++;
    if (!o->c->keep_notes)
        return;
    n.before = n.after = node_text(o->c, node);
    n.flops_before = cost_flops(o, node);
    n.flops_after = cost_product(o, a->shape.rows, a->shape.rows,
                                 node->args[1]->shape.cols, 2);
    n.bytes_before = n.bytes_after = cost_bytes(o, node);
    vec_push(o->c->arena, &o->c->notes, n);
}

static struct node *invariant(struct optimiser *o, struct node *node)
{
    struct block *front = invariant_in(o, node);
    struct node *made;

    if (!front)
        return NULL;
    made = let_in(o, front, node);
    note(o, RULE_invariant, node->place, node, made);
    return made;
}

static struct node *view_of(struct optimiser *o, struct var *v,
                            struct place place, int turned)
{
    struct node *node = node_var(o->c, v, place);

    return turned ? make(o, OP_TRANSPOSE, place, node, NULL) : node;
}

/* The second time: a var for it where it was computed first. */
static struct node *second(struct optimiser *o, struct node *node,
                           uint32_t value, int turned)
{
    struct about *first = &o->about.items[value];
    struct block *block = first->block;
    struct step *let;
    struct node *made;
    uint32_t k;

    if (!first->slot || !is_open(o, block))
        return NULL;
    made = let_in(o, block, *first->slot);
    let = block->steps.items[--block->steps.count];
    moved(o, let->node, let);
    for (k = block->steps.count; k > 0; k--)
        if (block->steps.items[k - 1] == first->step)
            break;
    if (!k) { /* the step is not in its place yet: behind what is */
        block->steps.count++;
    } else {
        vec_push(o->c->arena, &block->steps, let);
        memmove(&block->steps.items[k], &block->steps.items[k - 1],
                (block->steps.count - k) * sizeof let);
        block->steps.items[k - 1] = let;
    }
    first = &o->about.items[value];
    *first->slot = made;
    first->slot = NULL;
    if (node->op != OP_CHOL || node->place.begin != made->place.begin)
        note(o, turned ? RULE_common_transposed : RULE_common, node->place,
             node, made);
    return view_of(o, made->var, node->place, turned);
}

static int holds_same(struct optimiser *o, const struct var *v,
                      const struct node *node, int turned)
{
    struct shape s = v->shape;

    return (turned ? s.cols : s.rows) == node->shape.rows &&
           (turned ? s.rows : s.cols) == node->shape.cols &&
           (node->type == PLAN_NONE ||
            type_root(o->c, v->type) == type_root(o->c, node->type));
}

/* The node from a var that holds it or its transpose, or NULL. */
static struct node *held(struct optimiser *o, struct node *node, uint32_t value,
                         int turned)
{
    struct var *holder = value_holder(o, value);
    struct node *made;

    if (!holder || !holds_same(o, holder, node, turned))
        return NULL;
    made = view_of(o, holder, node->place, turned);
    note(o, turned ? RULE_common_transposed : RULE_common, node->place, node,
         made);
    return made;
}

/* The node from elsewhere, or NULL: it is to be computed here. */
static struct node *elsewhere(struct optimiser *o, const struct node *above,
                              struct node *node)
{
    uint32_t value = value_of(o, node), turned = value_transposed(o, node);
    struct node *made = held(o, node, value, 0);

    if (!made)
        made = held(o, node, turned, 1);
    if (made || !is_part(o, above, node))
        return made;
    made = invariant(o, node);
    if (!made)
        made = second(o, node, value, 0);
    return made ? made : second(o, node, turned, 1);
}

static void place_parts(struct optimiser *o, struct node **slot,
                        const struct node *above, int root)
{
    struct node *node = *slot, *made;
    uint32_t value, k;

    if (node->kind != NODE_OP || node->tile)
        return;
    if (is_part(o, above, node) ||
        (is_ewise(node) && !is_scalar(o, node) && map_size(node) > 2)) {
        made = elsewhere(o, above, node);
        if (made) {
            *slot = made;
            return;
        }
    }
    for (k = 0; k < node->count; k++)
        place_parts(o, &node->args[k], node, 0);
    factor_in_front(o, node);
    if (is_turned(node) && is_turned(node->args[0]))
        *slot = make(o, node->op, node->place, node->args[0], NULL);
    if (root || !is_part(o, above, node))
        return;
    value = value_of(o, node);
    o->about.items[value].slot = slot;
    o->about.items[value].step = o->step;
    o->about.items[value].block = o->out;
}

int is_known(struct optimiser *o, uint32_t value)
{
    const struct about *about = &o->about.items[value];

    return value_holder(o, value) != NULL ||
           (about->slot && is_open(o, about->block));
}

struct node *let_placed(struct optimiser *o, struct block *block,
                        struct node *node)
{
    struct node *copy = node_copy(o, node);

    place_parts(o, &copy, NULL, 1);
    node = let_in(o, block, copy);
    if (node != copy)
        moved(o, copy, block->steps.items[block->steps.count - 1]);
    return node;
}

struct node *let_here(struct optimiser *o, struct node *node)
{
    struct node *copy, *made;

    if (node->kind == NODE_VAR)
        return node;
    copy = node_copy(o, rules_deep(o, node));
    made = elsewhere(o, NULL, copy);
    if (!made)
        made = invariant(o, copy);
    if (made)
        return made;
    place_parts(o, &copy, NULL, 1);
    made = let_in(o, o->out, copy);
    moved(o, copy, o->out->steps.items[o->out->steps.count - 1]);
    return made;
}

/* What lies at `slot`, improved; root: it is assigned to a var as it is. */
static void improve(struct optimiser *o, struct node **slot, int root)
{
    if (o->versions) {
        version_products(o, slot);
        return;
    }
    *slot = node_copy(o, rewrite(o, *slot));
    place_parts(o, slot, NULL, root);
    o->undecided |= is_undecided(o, *slot);
}

/* ---- steps
 * ---------------------------------------------------------------------------
 */

static struct block *block_of(struct optimiser *o, const struct block *block);

static void parts_of(struct optimiser *o, struct step *s)
{
    struct part *parts =
        arena_array(o->c->arena, s->part_count + 1, sizeof *parts);
    uint32_t k;

    for (k = 0; k < s->part_count; k++) {
        parts[k] = s->parts[k];
        if (parts[k].value.kind == VALUE_NODE)
            improve(o, &parts[k].value.node, 0);
    }
    s->parts = parts;
}

static int leaves(const struct block *block)
{
    uint32_t k;

    for (k = 0; block && k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        if (s->kind == STEP_BREAK || s->kind == STEP_CONTINUE ||
            (s->kind == STEP_IF && (leaves(s->body) || leaves(s->other))))
            return 1;
    }
    return 0;
}

static void loop_of(struct optimiser *o, struct step *s)
{
    struct open_loop loop = {.outer = o->loop,
                             .level = o->loop ? o->loop->level + 1 : 1,
                             .front = o->out,
                             .branches = o->branches,
                             .sure = 1,
                             .turns = PLAN_NONE};
    const struct block *body = s->body;
    uint32_t test;

    if (s->kind == STEP_FOR) {
        test = build_op(o->c, EXPR_LT, s->low, s->high, NULL);
        if (o->c->plan->exprs.items[test].op != EXPR_TRUTH ||
            !o->c->plan->exprs.items[test].value.integer)
            loop.turns = test;
        wrote_slot(o, s->slot, loop.level);
    }
    wrote(o, body, loop.level);
    o->loop = &loop;
    s->body = block_of(o, body);
    o->loop = loop.outer;
    wrote(o, s->body, loop.level - 1);
    if (s->kind == STEP_FOR)
        wrote_slot(o, s->slot, loop.level - 1);
}

static void branches_of(struct optimiser *o, struct step *s)
{
    const struct block *body = s->body, *other = s->other;
    uint32_t level = o->loop ? o->loop->level : 0;

    o->branches++;
    s->body = block_of(o, body);
    s->other = other ? block_of(o, other) : NULL;
    o->branches--;
    wrote(o, s->body, level);
    wrote(o, s->other, level);
    if (o->loop && (leaves(body) || leaves(other)))
        o->loop->sure = 0;
}

static void step_of(struct optimiser *o, const struct step *from)
{
    struct step *s = ARENA_NEW(o->c->arena, struct step);
    uint32_t level = o->loop ? o->loop->level : 0, k;

    *s = *from;
    o->step = s;
    switch (s->kind) {
    case STEP_LET:
        improve(o, &s->node, 1);
        if (o->versions && version_let(o, s))
            return;
        break;
    case STEP_FETCH:
    case STEP_STORE:
    case STEP_ASSERT:
    case STEP_PRINT:
        if (s->node)
            improve(o, &s->node, 0);
        parts_of(o, s);
        break;
    case STEP_FOR:
    case STEP_REPEAT: loop_of(o, s); break;
    case STEP_IF: branches_of(o, s); break;
    case STEP_BREAK:
    case STEP_CONTINUE:
        if (o->loop)
            o->loop->sure = 0;
        break;
    default: break;
    }
    vec_push(o->c->arena, &o->out->steps, s);
    switch (s->kind) {
    case STEP_LET: let_done(o, s); break;
    case STEP_FRESH: wrote_var(o, s->var, level); break;
    case STEP_TILE: wrote_var(o, s->target->var, level); break;
    case STEP_TILES:
        for (k = 0; k < s->target_count; k++)
            if (s->targets[k])
                wrote_var(o, s->targets[k]->var, level);
        break;
    case STEP_SET:
    case STEP_FETCH: wrote_slot(o, s->slot, level); break;
    default: break;
    }
}

static struct block *block_of(struct optimiser *o, const struct block *block)
{
    struct block *out = ARENA_NEW(o->c->arena, struct block), *outer = o->out;
    struct step *step = o->step;
    uint32_t k;

    vec_push(o->c->arena, &o->open, out);
    o->out = out;
    for (k = 0; k < block->steps.count && !o->c->diags->errors; k++)
        step_of(o, block->steps.items[k]);
    o->out = outer;
    o->step = step;
    o->open.count--;
    return out;
}

static struct block *pass(struct compiler *c, const struct block *block,
                          int versions)
{
    struct optimiser o = {.c = c, .versions = versions, .holds = PLAN_NONE};
    uint32_t k;
    struct block *made;

    value_new(&o); /* 0: none */
    for (k = 0; k < c->vars.count; k++) {
        struct var *v = c->vars.items[k];
        v->writes = v->value = v->variant = v->level = 0;
        v->made = NULL;
    }
    count_writes(block);
    count_uses(c, block);
    made = block_of(&o, block);
    return o.undecided && !versions ? pass(c, made, 1) : made;
}

struct block *optimise(struct compiler *c, const struct block *block)
{
    return pass(c, block, 0);
}
