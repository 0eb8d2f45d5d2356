/* Element types of matrices, late bound: classes of matrices that have one
 * type, joined where they meet (union and find).
 *
 * Of a class may be known its type, or only that it is real or complex, and
 * which other class has the real type that belongs to it: that of norm(A) and
 * abs(A), f64 where A is f64 or c128.  A class that is known to be real is its
 * own real class, so no chain is longer than one. */
#include "compiler/check.h"

static int is_complex(uint8_t type)
{
    return type == TM_C64 || type == TM_C128;
}

static uint8_t real_of(uint8_t type)
{
    return type == TM_C64 ? TM_F32 : type == TM_C128 ? TM_F64 : type;
}

static uint8_t complex_of(uint8_t type)
{
    return type == TM_F32 ? TM_C64 : type == TM_F64 ? TM_C128 : type;
}

static struct type_class *class_of(const struct compiler *c, uint32_t type)
{
    return &c->types.items[type_root(c, type)];
}

uint32_t type_new(struct compiler *c, uint8_t fixed)
{
    struct type_class t = {.parent = c->types.count,
                           .real = PLAN_NONE,
                           .fixed = fixed,
                           .only = !fixed              ? ONLY_ANY
                                   : is_complex(fixed) ? ONLY_COMPLEX
                                                       : ONLY_REAL};

    vec_push(c->arena, &c->types, t);
    return t.parent;
}

uint32_t type_root(const struct compiler *c, uint32_t type)
{
    while (c->types.items[type].parent != type)
        type = c->types.items[type].parent;
    return type;
}

uint8_t type_known(const struct compiler *c, uint32_t type)
{
    const struct type_class *t = class_of(c, type);

    if (!t->fixed && t->only == ONLY_COMPLEX && t->real != PLAN_NONE)
        return complex_of(class_of(c, t->real)->fixed);
    return t->fixed;
}

int type_only(const struct compiler *c, uint32_t type)
{
    return type == PLAN_NONE ? ONLY_REAL : class_of(c, type)->only;
}

const char *type_shown(const struct compiler *c, uint32_t type)
{
    static const char *const names[] = {"", "f32", "f64", "c64", "c128"};
    uint8_t known = type_known(c, type);
    int only = type_only(c, type);

    return known                  ? names[known]
           : only == ONLY_REAL    ? "real"
           : only == ONLY_COMPLEX ? "complex"
                                  : "of another type";
}

/* What is known of the class of a root, handed on: 0, or -1 if it can't be. */
static int settle(struct compiler *c, uint32_t root)
{
    struct type_class *t = &c->types.items[root], *real;

    if (t->real != PLAN_NONE && type_root(c, t->real) == root) {
        t->real = PLAN_NONE; /* its own real class: it is real */
        if (t->only == ONLY_COMPLEX)
            return -1;
        t->only = ONLY_REAL;
    }
    if (t->only == ONLY_REAL && t->real != PLAN_NONE) {
        uint32_t other = t->real;
        t->real = PLAN_NONE;
        return type_join(c, root, other);
    }
    if (t->real == PLAN_NONE || !t->fixed)
        return 0;
    real = class_of(c, t->real);
    if (real->fixed && real->fixed != real_of(t->fixed))
        return -1;
    real->fixed = real_of(t->fixed);
    return 0;
}

int type_join(struct compiler *c, uint32_t a, uint32_t b)
{
    struct type_class *x, *y;
    uint32_t real;

    a = type_root(c, a);
    b = type_root(c, b);
    if (a == b)
        return 0;
    if (b < a) {
        uint32_t t = a;
        a = b;
        b = t;
    }
    x = &c->types.items[a];
    y = &c->types.items[b];
    if ((x->fixed && y->fixed && x->fixed != y->fixed) ||
        (x->only && y->only && x->only != y->only) ||
        (type_known(c, a) && type_known(c, b) &&
         type_known(c, a) != type_known(c, b)))
        return -1;
    y->parent = a;
    x->fixed = x->fixed ? x->fixed : y->fixed;
    x->only = x->only ? x->only : y->only;
    real = y->real;
    if (x->real == PLAN_NONE)
        x->real = real;
    else if (real != PLAN_NONE && type_join(c, x->real, real))
        return -1;
    return settle(c, type_root(c, a));
}

uint32_t type_real(struct compiler *c, uint32_t type)
{
    uint32_t root = type_root(c, type), real;
    uint8_t known = type_known(c, root);

    if (type_only(c, root) == ONLY_REAL)
        return root;
    if (c->types.items[root].real != PLAN_NONE)
        return type_root(c, c->types.items[root].real);
    real = type_new(c, known ? real_of(known) : 0);
    c->types.items[real].only = ONLY_REAL;
    c->types.items[root].real = real;
    return real;
}

int type_over(struct compiler *c, uint32_t type, uint32_t real)
{
    uint32_t root = type_root(c, type);
    struct type_class *t = &c->types.items[root];

    if (t->only == ONLY_REAL)
        return type_join(c, root, real);
    if (type_root(c, real) == root)
        return settle(c, root);
    if (t->real != PLAN_NONE && type_join(c, t->real, real))
        return -1;
    root = type_root(c, type);
    c->types.items[root].real = real;
    return settle(c, root);
}

uint32_t type_complex(struct compiler *c, uint32_t real)
{
    uint32_t k, made;

    real = type_root(c, real);
    c->types.items[real].only = ONLY_REAL;
    if (settle(c, real))
        return PLAN_NONE;
    real = type_root(c, real);
    for (k = 0; k < c->types.count; k++)
        if (c->types.items[k].parent == k &&
            c->types.items[k].only == ONLY_COMPLEX &&
            c->types.items[k].real != PLAN_NONE &&
            type_root(c, c->types.items[k].real) == real)
            return k;
    made = type_new(c, complex_of(c->types.items[real].fixed));
    c->types.items[made].only = ONLY_COMPLEX;
    c->types.items[made].real = real;
    return made;
}

/* ---- operands ------------------------------------------------------------ */

static void mixed(struct compiler *c, const struct node *a,
                  const struct node *b, struct place place)
{
    diag_add(c->diags, DIAG_mixed_types, place,
             "%s is %s and %s is %s: types do not mix", node_shown(c, a),
             type_shown(c, a->type), node_shown(c, b), type_shown(c, b->type));
}

uint32_t join_types(struct compiler *c, struct node *a, struct node *b,
                    struct place place)
{
    if (a->type == PLAN_NONE)
        return b->type;
    if (b->type == PLAN_NONE)
        return a->type;
    if (type_join(c, a->type, b->type))
        mixed(c, a, b, place);
    return a->type;
}

uint32_t type_input(const struct compiler *c, uint32_t type)
{
    uint32_t k;

    for (k = 0; k < c->vars.count && type_only(c, type) == ONLY_ANY; k++) {
        const struct var *v = c->vars.items[k];
        if (v->kind == MATRIX_INPUT &&
            type_root(c, v->type) == type_root(c, type))
            return v->input;
    }
    return PLAN_NONE;
}

uint32_t type_is_real(struct compiler *c, uint32_t type)
{
    uint32_t input = type_input(c, type);

    if (input == PLAN_NONE)
        return build_truth(c, type_only(c, type) == ONLY_REAL);
    return build_op(
        c, EXPR_NOT,
        build_leaf(c, EXPR_INPUT_COMPLEX, NUMBER_BOOL, input), 0, NULL);
}

/* A real 1 x 1 number that meets what may be complex? */
static int scales(const struct compiler *c, const struct node *number,
                  const struct node *other)
{
    return node_is_scalar(c, number) &&
           type_only(c, number->type) == ONLY_REAL &&
           type_only(c, other->type) != ONLY_REAL;
}

uint32_t meet_types(struct compiler *c, struct node *a, struct node *b,
                    struct place place)
{
    int bad;

    if (a->type == PLAN_NONE || b->type == PLAN_NONE)
        return join_types(c, a, b, place);
    if (scales(c, a, b))
        bad = type_over(c, b->type, a->type);
    else if (scales(c, b, a))
        bad = type_over(c, a->type, b->type);
    else
        return join_types(c, a, b, place);
    if (bad)
        mixed(c, a, b, place);
    return scales(c, a, b) ? b->type : a->type;
}

int require_real(struct compiler *c, enum op op, const struct node *node,
                 struct place place)
{
    if (node->type == PLAN_NONE || type_only(c, node->type) != ONLY_COMPLEX)
        return 1;
    diag_add(c->diags, DIAG_operand_type, place,
             "%s is of real numbers, and %s is %s", op_table[op].name,
             node_shown(c, node), type_shown(c, node->type));
    diag_note(c->diags, (struct place){0},
              "abs, real and imag give the real numbers of complex ones");
    return 0;
}

/* b and c where a is not 0: a may be of the other kind. */
static void join_test(struct compiler *c, struct node *test,
                      struct node *result, struct place place)
{
    int a, b, bad;

    if (test->type == PLAN_NONE || result->type == PLAN_NONE)
        return;
    a = type_only(c, test->type);
    b = type_only(c, result->type);
    if (a == ONLY_REAL && b != ONLY_REAL)
        bad = type_over(c, result->type, test->type);
    else if (a == ONLY_COMPLEX && b == ONLY_REAL)
        bad = type_over(c, test->type, result->type);
    else
        bad = type_join(c, test->type, result->type);
    if (bad)
        mixed(c, test, result, place);
}

static uint32_t all_meet(struct compiler *c, struct node *node, uint32_t first)
{
    struct node sofar = *node->args[first];
    uint32_t k;

    for (k = first + 1; k < node->count; k++) {
        struct node *arg = node->args[k];
        sofar.type = meet_types(c, &sofar, arg, node->place);
        if (node_is_scalar(c, &sofar))
            sofar.shape = arg->shape; /* the result is no number any more */
    }
    return sofar.type;
}

static uint32_t complex_type(struct compiler *c, struct node *node)
{
    uint32_t type = all_meet(c, node, 0);

    if (!require_real(c, node->op, node->args[0], node->place) ||
        !require_real(c, node->op, node->args[1], node->place))
        return type;
    return type_complex(c, type == PLAN_NONE ? type_new(c, 0) : type);
}

int is_convert(const struct node *node)
{
    return node->kind == NODE_OP && node->op >= OP_TO_F32 &&
           node->op <= OP_TO_C128;
}

static uint32_t convert_type(struct compiler *c, struct node *node)
{
    uint8_t to = (uint8_t)(TM_F32 + node->op - OP_TO_F32);
    struct node *a = node->args[0];

    if (!is_complex(to) && type_only(c, a->type) == ONLY_COMPLEX) {
        diag_add(c->diags, DIAG_operand_type, node->place,
                 "%s is of real numbers, and %s is %s", op_table[node->op].name,
                 node_shown(c, a), type_shown(c, a->type));
        diag_note(c->diags, (struct place){0},
                  "%s(real(...)) leaves out the imaginary parts",
                  op_table[node->op].name);
    }
    return type_new(c, to);
}

uint32_t ewise_type(struct compiler *c, struct node *node)
{
    uint32_t type, k;

    if (is_convert(node))
        return convert_type(c, node);
    switch (node->op) {
    case OP_COMPLEX: return complex_type(c, node);
    case OP_SELECT: {
        struct node result = *node->args[1];
        result.type = all_meet(c, node, 1);
        join_test(c, node->args[0], &result, node->place);
        return result.type;
    }
    case OP_ABS:
    case OP_REAL:
    case OP_IMAG:
    case OP_ARG:
    case OP_ANGLE:
    case OP_EQ:
    case OP_NE:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
        type = all_meet(c, node, 0);
        return type == PLAN_NONE ? type : type_real(c, type);
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_FLOOR:
    case OP_CEIL:
    case OP_ROUND:
    case OP_SIGN:
    case OP_MOD:
    case OP_MAX2:
    case OP_MIN2:
    case OP_HYPOT:
        for (k = 0; k < node->count; k++)
            if (!require_real(c, node->op, node->args[k], node->place))
                return node->args[k]->type;
        return all_meet(c, node, 0);
    default: return all_meet(c, node, 0);
    }
}
