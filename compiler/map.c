/* Entrywise expressions to map programs.
 *
 * The tree is walked once; operands get provisional numbers by kind, results
 * take a free register, and at the end all are numbered in the order that
 * the plan wants: leaves, arguments, constants, results. */
#include "compiler/model.h"

enum { LEAF = 0, ARG = 64, CONSTANT = 128, TEMP = 192 };

int is_ewise(const struct node *node)
{
    return node->kind == NODE_OP && op_table[node->op].kind == CLASS_EWISE;
}

int is_turned(const struct node *node)
{
    return node->kind == NODE_OP &&
           (node->op == OP_TRANSPOSE || node->op == OP_FLIP ||
            node->op == OP_CONJ);
}

uint32_t map_size(const struct node *node)
{
    uint32_t k, size = 1;

    if (!is_ewise(node))
        return 1;
    for (k = 0; k < node->count; k++)
        size += map_size(node->args[k]);
    return size;
}

static int leaf_same(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind)
        return 0;
    if (a->kind == NODE_VAR)
        return var_root(a->var) == var_root(b->var);
    if (a->kind == NODE_TILE)
        return tile_same(a, b);
    return a->kind == NODE_OP && a->op == b->op &&
           leaf_same(a->args[0], b->args[0]);
}

static uint32_t map_leaf(struct map_build *m, struct node *node)
{
    uint32_t k;

    for (k = 0; k < m->leaf_count; k++)
        if (leaf_same(m->leaves[k], node))
            return LEAF + k;
    if (m->leaf_count == PLAN_REGISTERS) {
        m->too_long = 1;
        return LEAF;
    }
    m->leaves[m->leaf_count] = node;
    return LEAF + m->leaf_count++;
}

static uint32_t map_number(struct compiler *c, struct map_build *m,
                           uint32_t number)
{
    const struct plan_expr *x = &c->plan->exprs.items[number];
    uint32_t k;

    if (x->type == NUMBER_BOOL)
        number = build_if(c, number, build_real(c, 1), build_real(c, 0));
    number = build_op(c, EXPR_TO_REAL, number, 0, NULL);
    x = &c->plan->exprs.items[number];
    if (x->op == EXPR_REAL) {
        for (k = 0; k < m->constant_count; k++)
            if (!memcmp(&m->constants[k], &x->value.real, sizeof(double)))
                return CONSTANT + k;
        if (m->constant_count == PLAN_REGISTERS) {
            m->too_long = 1;
            return CONSTANT;
        }
        m->constants[m->constant_count] = x->value.real;
        return CONSTANT + m->constant_count++;
    }
    for (k = 0; k < m->arg_count; k++)
        if (m->args[k] == number)
            return ARG + k;
    if (m->arg_count == PLAN_REGISTERS) {
        m->too_long = 1;
        return ARG;
    }
    m->args[m->arg_count] = number;
    return ARG + m->arg_count++;
}

static void map_free(struct map_build *m, uint32_t code)
{
    if (code >= TEMP && m->free_count < PLAN_REGISTERS)
        m->free[m->free_count++] = code - TEMP;
}

static uint32_t map_step(struct map_build *m, int op, uint32_t a, uint32_t b,
                         uint32_t third)
{
    uint32_t temp;

    map_free(m, a);
    if (b != a)
        map_free(m, b);
    if (third != a && third != b)
        map_free(m, third);
    temp = m->free_count ? m->free[--m->free_count] : m->temps++;
    if (m->step_count == 4 * PLAN_REGISTERS || temp >= PLAN_REGISTERS) {
        m->too_long = 1;
        return TEMP;
    }
    m->steps[m->step_count++] =
        (struct plan_map_step){(uint8_t)op, (uint8_t)(TEMP + temp), (uint8_t)a,
                               (uint8_t)b, (uint8_t)third};
    return TEMP + temp;
}

static uint32_t map_tree(struct compiler *c, struct map_build *m,
                         struct node *node)
{
    uint32_t args[3] = {0, 0, 0}, k;

    if (node->kind == NODE_NUMBER)
        return map_number(c, m, node->number);
    if (!is_ewise(node))
        return map_leaf(m, node);
    if (is_convert(node)) /* the root's: the result goes into its type */
        return map_tree(c, m, node->args[0]);
    for (k = 0; k < node->count; k++)
        args[k] = map_tree(c, m, node->args[k]);
    for (; k < 3; k++)
        args[k] = args[0];
    return map_step(m, op_table[node->op].code, args[0], args[1], args[2]);
}

static uint8_t renumber(const struct map_build *m, uint8_t code)
{
    if (code >= TEMP)
        return (uint8_t)(m->leaf_count + m->arg_count + m->constant_count +
                         code - TEMP);
    if (code >= CONSTANT)
        return (uint8_t)(m->leaf_count + m->arg_count + code - CONSTANT);
    return code >= ARG ? (uint8_t)(m->leaf_count + code - ARG) : code;
}

uint32_t map_make(struct compiler *c, struct map_build *m, struct node *root,
                  struct node *first)
{
    struct plan_map map;
    uint32_t k, result;

    memset(m, 0, sizeof *m);
    if (first)
        map_leaf(m, first);
    result = map_tree(c, m, root);
    if (result < TEMP)
        map_step(m, MAPOP_COPY, result, result, result);
    map.registers = 0;
    if (m->too_long ||
        m->leaf_count + m->arg_count + m->constant_count + m->temps >
            PLAN_REGISTERS)
        return PLAN_NONE;
    map.first_step = c->plan->steps.count;
    map.steps = m->step_count;
    map.first_constant = c->plan->constants.count;
    map.constants = m->constant_count;
    map.inputs = (uint8_t)(m->leaf_count + m->arg_count);
    map.registers = (uint8_t)(map.inputs + m->constant_count + m->temps);
    for (k = 0; k < m->constant_count; k++)
        vec_push(c->plan->arena, &c->plan->constants, m->constants[k]);
    for (k = 0; k < m->step_count; k++) {
        struct plan_map_step s = m->steps[k];
        s.dst = renumber(m, s.dst);
        s.a = renumber(m, s.a);
        s.b = renumber(m, s.b);
        s.c = renumber(m, s.c);
        vec_push(c->plan->arena, &c->plan->steps, s);
    }
    for (k = 0; k < c->plan->maps.count; k++) { /* the same program again? */
        const struct plan_map *o = &c->plan->maps.items[k];
        if (o->steps == map.steps && o->inputs == map.inputs &&
            o->registers == map.registers && o->constants == map.constants &&
            !memcmp(&c->plan->steps.items[o->first_step],
                    &c->plan->steps.items[map.first_step],
                    map.steps * sizeof(struct plan_map_step)) &&
            (!map.constants ||
             !memcmp(&c->plan->constants.items[o->first_constant],
                     &c->plan->constants.items[map.first_constant],
                     map.constants * sizeof(double)))) {
            c->plan->steps.count = map.first_step;
            c->plan->constants.count = map.first_constant;
            return k;
        }
    }
    vec_push(c->plan->arena, &c->plan->maps, map);
    return c->plan->maps.count - 1;
}
