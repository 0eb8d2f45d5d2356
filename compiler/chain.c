/* Products of several matrices: in which order?
 *
 * A tree of products is taken apart into its factors; numbers among them go
 * in front, an inverse is a factor that solves with what stands beside it.
 * The cheapest order is found by dynamic programming over the intervals of
 * the chain (S. Godbole, IEEE Trans. Computers C-22, 1973), where an interval
 * that some var holds already costs nothing.  Sizes that are known later are
 * tried at invented values: if one order wins at all of them it is taken,
 * else those that win anywhere go into the plan and the choice is made when
 * sizes are bound. */
#include "compiler/optimise.h"

#include <math.h>

enum { LONGEST = 12, ORDERS = 8 };

struct factor {
    struct node *node; /* of an inverse: what is inverted */
    int inverse;
    uint32_t value, turned; /* numbers of it and of its transpose */
};

struct chain {
    struct factor factors[LONGEST];
    uint32_t count;
    struct node *numbers[LONGEST]; /* and matrices of 1 x 1 */
    uint8_t divides[LONGEST];
    uint32_t number_count;
    int negative, too_long;
    struct node *held[LONGEST][LONGEST]; /* interval i..j, both in it: the var
                                          * or its transpose, or NULL */
    struct place place;
};

struct order {
    uint8_t split[LONGEST][LONGEST]; /* last factor of the left side */
    uint32_t wins;
};

/* ---- taking apart ----------------------------------------------------------
 */

static void take(struct optimiser *o, struct chain *ch, struct node *node);

static void take_number(struct chain *ch, struct node *node, int divides)
{
    if (ch->number_count == LONGEST) {
        ch->too_long = 1;
        return;
    }
    ch->numbers[ch->number_count] = node;
    ch->divides[ch->number_count++] = (uint8_t)divides;
}

static void take_factor(struct chain *ch, struct node *node, int inverse)
{
    if (ch->count == LONGEST) {
        ch->too_long = 1;
        return;
    }
    ch->factors[ch->count++] = (struct factor){node, inverse, 0, 0};
}

static int square(const struct node *node)
{
    return node->shape.rows == node->shape.cols;
}

static void take(struct optimiser *o, struct chain *ch, struct node *node)
{
    struct node *a = node->args[0], *b = node->args[1];

    if (node->kind != NODE_OP) {
        take_factor(ch, node, 0);
        return;
    }
    switch (node->op) {
    case OP_MATMUL:
        take(o, ch, a);
        take(o, ch, b);
        return;
    case OP_NEGATE:
        ch->negative = !ch->negative;
        take(o, ch, a);
        return;
    case OP_TIMES:
        if (is_scalar(o, a) != is_scalar(o, b)) {
            take_number(ch, is_scalar(o, a) ? a : b, 0);
            take(o, ch, is_scalar(o, a) ? b : a);
            return;
        }
        break;
    case OP_OVER:
        if (is_scalar(o, b) && !is_scalar(o, a)) {
            take_number(ch, b, 1);
            take(o, ch, a);
            return;
        }
        break;
    case OP_INV: take_factor(ch, a, 1); return;
    case OP_SOLVE: /* (A \ B) * x is A \ (B*x) */
        if (square(a) && !(a->properties & (IS_SPD | IS_PSD))) {
            take_factor(ch, a, 1);
            take(o, ch, b);
            return;
        }
        break;
    default: break;
    }
    take_factor(ch, node, 0);
}

/* ---- what an interval costs
 * ---------------------------------------------------- */

static uint32_t rows_of(const struct chain *ch, uint32_t i)
{
    return ch->factors[i].node->shape.rows;
}

static uint32_t cols_of(const struct chain *ch, uint32_t j)
{
    return ch->factors[j].node->shape.cols;
}

/* The two sides mirror each other: the right one transposed is the left.  One
 * that is symmetric stays what it was written as. */
static int mirrored(const struct chain *ch, uint32_t i, uint32_t k, uint32_t j)
{
    uint32_t n;

    if (k - i != j - k - 1 ||
        (i == k && ch->factors[i].value == ch->factors[j].value))
        return 0;
    for (n = 0; n <= k - i; n++)
        if (ch->factors[i + n].inverse || ch->factors[j - n].inverse ||
            ch->factors[i + n].turned != ch->factors[j - n].value)
            return 0;
    return 1;
}

static double structure(const struct chain *ch, uint32_t i, uint32_t k,
                        uint32_t j, double full)
{
    const struct node *left = ch->factors[i].node, *right = ch->factors[j].node;
    uint8_t triangles = IS_LOWER | IS_UPPER;

    if (i == k && (left->properties & IS_DIAGONAL))
        return 0;
    if (k + 1 == j && (right->properties & IS_DIAGONAL))
        return 0;
    if (mirrored(ch, i, k, j) || (i == k && (left->properties & triangles)) ||
        (k + 1 == j && (right->properties & triangles)))
        return full / 2;
    return full;
}

static double product_cost(const struct chain *ch, const double *size,
                           uint32_t i, uint32_t k, uint32_t j)
{
    double m = size[i], inner = size[k + 1], n = size[j + 1];

    if (i == k && ch->factors[i].inverse)
        return 2. / 3 * m * m * m + 2 * m * m * n;
    if (k + 1 == j && ch->factors[j].inverse)
        return 2. / 3 * n * n * n + 2 * n * n * m;
    return m * n + structure(ch, i, k, j, 2 * m * n * inner);
}

static void cheapest(const struct chain *ch, const double *size,
                     struct order *order, double *total)
{
    double cost[LONGEST][LONGEST] = {{0}};
    uint32_t length, i, j, k, n = ch->count;

    for (length = 2; length <= n; length++)
        for (i = 0; i + length <= n; i++) {
            j = i + length - 1;
            cost[i][j] = INFINITY;
            for (k = i; k < j; k++) {
                double left = mirrored(ch, i, k, j) ? 0 : cost[i][k];
                double sum =
                    left + cost[k + 1][j] + product_cost(ch, size, i, k, j);
                /* as written: from the left, if there is no reason */
                if (sum <= cost[i][j] * (1 + 1e-9)) {
                    cost[i][j] = sum;
                    order->split[i][j] = (uint8_t)k;
                }
            }
            if (ch->held[i][j])
                cost[i][j] = 0;
        }
    *total = cost[0][n - 1];
}

static double order_cost(const struct chain *ch, const double *size,
                         const struct order *order, uint32_t i, uint32_t j)
{
    uint32_t k = order->split[i][j];

    if (i == j || ch->held[i][j])
        return 0;
    return (mirrored(ch, i, k, j) ? 0 : order_cost(ch, size, order, i, k)) +
           order_cost(ch, size, order, k + 1, j) +
           product_cost(ch, size, i, k, j);
}

static int same_order(const struct chain *ch, const struct order *a,
                      const struct order *b, uint32_t i, uint32_t j)
{
    uint32_t k = a->split[i][j];

    if (i == j || ch->held[i][j])
        return 1;
    return k == b->split[i][j] && same_order(ch, a, b, i, k) &&
           same_order(ch, a, b, k + 1, j);
}

static int sample_sizes(struct optimiser *o, const struct chain *ch,
                        uint32_t sample, double *size)
{
    uint32_t k, fixed = 1;

    for (k = 0; k <= ch->count; k++) {
        uint32_t expr = k < ch->count ? rows_of(ch, k) : cols_of(ch, k - 1);
        fixed &= o->c->plan->exprs.items[expr].op == EXPR_INT;
        size[k] = cost_at(o, expr, sample);
    }
    return (int)fixed;
}

/* Orders that win at some sizes, best first; *dropped: there were more. */
static uint32_t find_orders(struct optimiser *o, const struct chain *ch,
                            struct order *orders, int *dropped)
{
    uint32_t s, k, count = 0;
    double size[LONGEST + 1], total;
    int fixed = 0;

    *dropped = 0;
    for (s = 0; s < COST_SAMPLES && !fixed; s++) {
        struct order order = {.wins = 1};
        fixed = sample_sizes(o, ch, s, size);
        cheapest(ch, size, &order, &total);
        for (k = 0; k < count; k++)
            if (same_order(ch, &orders[k], &order, 0, ch->count - 1) ||
                order_cost(ch, size, &orders[k], 0, ch->count - 1) <=
                    1.02 * total)
                break;
        if (k < count)
            orders[k].wins++;
        else if (count < ORDERS)
            orders[count++] = order;
        else
            *dropped = 1;
    }
    return count;
}

/* ---- putting together
 * ------------------------------------------------------------
 */

static struct node *build(struct optimiser *o, const struct chain *ch,
                          const struct order *order, uint32_t i, uint32_t j)
{
    uint32_t k = order->split[i][j];
    struct node *left, *right;

    if (ch->held[i][j])
        return ch->held[i][j];
    if (i == j)
        return ch->factors[i].inverse
                   ? make(o, OP_INV, ch->place, ch->factors[i].node, NULL)
                   : ch->factors[i].node;
    right = build(o, ch, order, k + 1, j);
    if (!right)
        return NULL;
    if (i == k && ch->factors[i].inverse)
        return make(o, OP_SOLVE, ch->place, ch->factors[i].node, right);
    if (mirrored(ch, i, k, j)) {
        if (k > i)
            right = let_here(o, right);
        return make(o, OP_MATMUL, ch->place,
                    make(o, OP_TRANSPOSE, ch->place, right, NULL), right);
    }
    left = build(o, ch, order, i, k);
    if (left && k + 1 == j && ch->factors[j].inverse)
        return make(
            o, OP_TRANSPOSE, ch->place,
            make(o, OP_SOLVE, ch->place,
                 make(o, OP_TRANSPOSE, ch->place, ch->factors[j].node, NULL),
                 make(o, OP_TRANSPOSE, ch->place, left, NULL)),
            NULL);
    return make(o, OP_MATMUL, ch->place, left, right);
}

static struct node *with_numbers(struct optimiser *o, const struct chain *ch,
                                 struct node *product)
{
    uint32_t k;

    for (k = 0; k < ch->number_count && product; k++)
        product = ch->divides[k]
                      ? make(o, OP_OVER, ch->place, product, ch->numbers[k])
                      : make(o, OP_TIMES, ch->place, ch->numbers[k], product);
    return product && ch->negative
               ? make(o, OP_NEGATE, ch->place, product, NULL)
               : product;
}

/* Does a part of it get a var, which is then read twice? */
static int lets(const struct chain *ch, const struct order *order, uint32_t i,
                uint32_t j)
{
    uint32_t k = order->split[i][j];

    if (i == j || ch->held[i][j])
        return 0;
    return (k > i && mirrored(ch, i, k, j)) || lets(ch, order, i, k) ||
           lets(ch, order, k + 1, j);
}

/* if cost of this order <= those of the others: it, else the next ... */
static struct node *at_binding(struct optimiser *o, const struct chain *ch,
                               const struct order *orders, uint32_t count,
                               const struct node *node)
{
    struct compiler *c = o->c;
    uint32_t level = node_level(o, node), costs[ORDERS], k, n;
    struct block *block = front_of(o, level), *inside;
    struct node *tree[ORDERS];
    struct var *var;

    for (k = 0; k < count; k++)
        if (lets(ch, &orders[k], 0, ch->count - 1))
            return NULL;
    var = var_new(c, "product", node->shape, node->type, ch->place);
    var->temporary = var->assigned = 1;
    var->writes = count;
    var->properties = node->properties;
    var->variant = level;
    for (k = 0; k < count; k++) {
        tree[k] = build(o, ch, &orders[k], 0, ch->count - 1);
        if (!tree[k])
            return NULL;
        costs[k] = cost_flops(o, tree[k]);
    }
    for (k = 0; k < count; k++) {
        struct step *branch = NULL, *let;
        inside = block;
        if (k + 1 < count) {
            uint32_t test = build_truth(c, 1);
            for (n = k + 1; n < count; n++)
                test = build_op(c, EXPR_AND, test,
                                build_op(c, EXPR_LE, costs[k], costs[n], NULL),
                                NULL);
            branch = step_in(o, block, STEP_IF, ch->place);
            branch->number = test;
            branch->body = ARENA_NEW(c->arena, struct block);
            branch->other = ARENA_NEW(c->arena, struct block);
            inside = branch->body;
        }
        let = step_in(o, inside, STEP_LET, ch->place);
        let->var = var;
        let->node = tree[k];
        if (branch)
            block = branch->other;
    }
    var->value = value_of(o, tree[0]);
    o->about.items[var->value].holder = var;
    return node_var(c, var, ch->place);
}

/* The number of interval i..j, or of its transpose. */
static uint32_t value_between(struct optimiser *o, const struct chain *ch,
                              uint32_t i, uint32_t j, int turned)
{
    uint32_t value = 0, n, next;

    for (n = 0; n <= j - i; n++) {
        next = turned ? ch->factors[j - n].turned : ch->factors[i + n].value;
        value = n ? value_product(o, value, next) : next;
    }
    return value;
}

static void find_held(struct optimiser *o, struct chain *ch)
{
    struct var *holder;
    uint32_t i, j;
    int turned;

    for (i = 0; i < ch->count; i++)
        for (j = i + 1; j < ch->count; j++) {
            if (ch->factors[j - 1].inverse || ch->factors[j].inverse)
                break;
            for (turned = 0; turned < 2 && !ch->held[i][j]; turned++) {
                holder = value_holder(o, value_between(o, ch, i, j, turned));
                if (holder)
                    ch->held[i][j] = node_var(o->c, holder, ch->place);
                if (holder && turned)
                    ch->held[i][j] =
                        make(o, OP_TRANSPOSE, ch->place, ch->held[i][j], NULL);
            }
        }
}

static int is_stored(const struct node *node)
{
    return node->kind == NODE_VAR ||
           (is_transpose(node) && node->args[0]->kind == NODE_VAR);
}

/* A factor that is computed, and its transpose further on: once, in a var. */
static void share(struct optimiser *o, struct chain *ch, struct factor *a,
                  struct factor *b)
{
    struct node *before = a->node;

    if (a->inverse || b->inverse || a->turned != b->value ||
        a->value == b->value || (is_stored(a->node) && is_stored(b->node)))
        return;
    if (is_stored(a->node)) {
        before = b->node;
        b->node = make(o, OP_TRANSPOSE, ch->place, a->node, NULL);
        note(o, RULE_mirrored, before->place, before, b->node);
        return;
    }
    b->node = let_here(o, b->node);
    a->node = make(o, OP_TRANSPOSE, ch->place, b->node, NULL);
    note(o, RULE_mirrored, before->place, before, a->node);
}

struct node *chain_order(struct optimiser *o, struct node *node)
{
    struct chain ch = {.place = node->place};
    struct order orders[ORDERS];
    struct node *result = NULL;
    uint32_t count, k, n, best = 0;
    int dropped, inverses = 0;

    take(o, &ch, node);
    for (k = 0; k < ch.count; k++) {
        inverses |= ch.factors[k].inverse;
        ch.factors[k].value = value_of(o, ch.factors[k].node);
        ch.factors[k].turned = value_transposed(o, ch.factors[k].node);
    }
    if (ch.too_long || ch.count < 2 ||
        (ch.count == 2 && !inverses && !ch.number_count && !ch.negative &&
         (!mirrored(&ch, 0, 0, 1) ||
          is_transposed(ch.factors[0].node, ch.factors[1].node))))
        return node;
    find_held(o, &ch);
    for (k = 0; k < ch.count; k++)
        for (n = k + 1; n < ch.count; n++)
            share(o, &ch, &ch.factors[k], &ch.factors[n]);
    memset(orders, 0, sizeof orders);
    count = find_orders(o, &ch, orders, &dropped);
    for (k = 1; k < count; k++)
        if (orders[k].wins > orders[best].wins)
            best = k;
    if (count > 1 && o->loop == NULL)
        result = at_binding(o, &ch, orders, count, node);
    if (result)
        note(o, RULE_chain_bound, node->place, node,
             build(o, &ch, &orders[best], 0, ch.count - 1));
    else
        result = build(o, &ch, &orders[best], 0, ch.count - 1);
    return with_numbers(o, &ch, result);
}
