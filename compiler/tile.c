/* Tile statements to kernels.
 *
 * C[i,j] += E is split into terms; a term that is a product of two tiles is
 * one accumulating gemm (or syrk, where the tile's other half follows from
 * symmetry or is never read), a quotient by a triangular tile one trsm, and
 * what is left is one map program. */
#include "compiler/model.h"

static void assign(struct compiler *c, struct step *step, struct node *target,
                   char op, struct node *node);
static struct node *map_ready(struct compiler *c, struct step *step,
                              const struct node *target, struct node *node,
                              struct node **temps, uint32_t *temp_count);
static void map_operand(struct compiler *c, const struct node *target,
                        const struct node *leaf);

static void refuse(struct compiler *c, const struct node *node, const char *why)
{
    diag_add(c->diags, DIAG_tile_statement, node->place, "%s", why);
}

static struct plan_entry *task(struct compiler *c, const struct step *step,
                               uint8_t kernel, const struct node *place)
{
    struct plan_entry *e = entry_add(c, ENTRY_TASK, step);

    e->kernel = kernel;
    if (place && place->place.source && place->kind == NODE_OP)
        e->place = build_place(c, place->place, step->call);
    e->subject = PLAN_NONE;
    return e;
}

static uint8_t write_mode(char op)
{
    return op == '=' ? MODE_WRITE : MODE_BOTH;
}

static uint32_t real_of(struct compiler *c, uint32_t number)
{
    return build_op(c, EXPR_TO_REAL, number, 0, NULL);
}

/* ---- products
 * -------------------------------------------------------------------- */

struct product {
    uint32_t alpha; /* real expression */
    struct node *x, *y;
    const struct node *whole; /* a tile of a product of whole matrices: x and y
                               * are unset */
    int half; /* x y is a tile of the diagonal of which the lower half says
               * all */
};

static int is_number(const struct compiler *c, const struct node *node)
{
    return node->kind == NODE_NUMBER &&
           c->plan->exprs.items[node->number].type != NUMBER_BOOL;
}

/* alpha op(X) op(Y) of two tiles? */
static int product_of(struct compiler *c, struct node *node, struct product *p)
{
    if (node->kind != NODE_OP)
        return 0;
    p->whole = NULL;
    p->half = 0;
    if (is_lazy_product(node)) {
        p->alpha = build_real(c, 1);
        p->whole = node;
        return 1;
    }
    if (node->op == OP_MATMUL && node->args[0]->kind == NODE_TILE &&
        node->args[1]->kind == NODE_TILE) {
        p->alpha = build_real(c, 1);
        p->x = node->args[0];
        p->y = node->args[1];
        return 1;
    }
    if (node->op == OP_MATMUL) { /* (2 * X) * Y, X * (2 * Y) */
        int k;
        for (k = 0; k < 2; k++) {
            struct node *s = node->args[k], inner = *node;
            if (s->kind == NODE_OP && s->op == OP_TIMES &&
                (is_number(c, s->args[0]) || is_number(c, s->args[1]))) {
                int n = is_number(c, s->args[0]) ? 0 : 1;
                inner.args[k] = s->args[!n];
                if (!product_of(c, &inner, p))
                    return 0;
                p->alpha = build_op(c, EXPR_MUL, p->alpha,
                                    real_of(c, s->args[n]->number), NULL);
                return 1;
            }
            if (s->kind == NODE_OP && s->op == OP_NEGATE) {
                inner.args[k] = s->args[0];
                if (!product_of(c, &inner, p))
                    return 0;
                p->alpha = build_op(c, EXPR_NEG, p->alpha, 0, NULL);
                return 1;
            }
        }
        return 0;
    }
    if (node->op == OP_NEGATE && product_of(c, node->args[0], p)) {
        p->alpha = build_op(c, EXPR_NEG, p->alpha, 0, NULL);
        return 1;
    }
    if (node->op == OP_TIMES) {
        int n = is_number(c, node->args[0])   ? 0
                : is_number(c, node->args[1]) ? 1
                                              : -1;
        if (n < 0 || !product_of(c, node->args[!n], p))
            return 0;
        p->alpha = build_op(c, EXPR_MUL, p->alpha,
                            real_of(c, node->args[n]->number), NULL);
        return 1;
    }
    if (node->op == OP_OVER && is_number(c, node->args[1]) &&
        product_of(c, node->args[0], p)) {
        p->alpha = build_op(c, EXPR_DIV, p->alpha,
                            real_of(c, node->args[1]->number), NULL);
        return 1;
    }
    return 0;
}

/* X X' or X' X added to a tile of the diagonal of which only one half is
 * ever read, or whose halves mirror each other. */
static int is_syrk(const struct node *target, const struct product *p)
{
    return var_root(p->x->var) == var_root(p->y->var) && p->x->i == p->y->i &&
           p->x->j == p->y->j && p->x->trans != p->y->trans && !p->x->run &&
           p->x->conj == p->x->trans && p->y->conj == p->y->trans &&
           target->i == target->j &&
           (target->properties & (IS_LOWER | IS_SYMMETRIC)) &&
           !(target->properties & IS_UPPER);
}

/* A tile of the diagonal, likewise, of a product that is its own transpose? */
static int is_half(const struct node *target, const struct node *whole)
{
    return is_mirrored(whole) && whole->i == whole->j &&
           target->i == target->j &&
           (target->properties & (IS_LOWER | IS_SYMMETRIC)) &&
           !(target->properties & IS_UPPER);
}

/* How a kernel reads a tile: a transposed one conjugated, unless told not to.
 */
static uint8_t read_flags(const struct node *tile, uint8_t trans, uint8_t conj)
{
    return (uint8_t)((tile->trans ? trans : 0) |
                     (tile->trans != tile->conj ? conj : 0));
}

static int is_plain(const struct node *tile)
{
    return !tile->trans && !tile->conj;
}

static void product(struct compiler *c, struct step *step, struct node *target,
                    char op, const struct product *p, const struct node *node);

/* A chain over the inner size; the target of '=' is fresh. */
static void whole_product(struct compiler *c, struct step *step,
                          struct node *target, char op, const struct product *p)
{
    const struct node *whole = p->whole;
    struct product one = {.alpha = p->alpha};
    struct tile_loop loop =
        loop_open(c, step, "k", shape_tcols(c, whole->args[0]->shape));

    one.x = tile_of(c, whole->args[0], whole->i, loop.index, whole->place);
    one.y = tile_of(c, whole->args[1], loop.index, whole->j, whole->place);
    one.half = is_half(target, whole);
    product(c, step, target, op == '=' ? '+' : op, &one, whole);
    loop_close(c, &loop);
}

static void product(struct compiler *c, struct step *step, struct node *target,
                    char op, const struct product *p, const struct node *node)
{
    struct plan_entry *e;
    uint32_t alpha = p->alpha;

    if (p->whole) {
        whole_product(c, step, target, op, p);
        return;
    }
    if (p->x->run || p->y->run || target->run) {
        refuse(c, node, "a product is of single tiles, not of runs");
        return;
    }
    if (op == '-')
        alpha = build_op(c, EXPR_NEG, alpha, 0, NULL);
    if (is_syrk(target, p)) {
        e = task(c, step, KERNEL_SYRK, node);
        e->flags = (uint8_t)((p->x->trans ? KF_TA : 0) |
                             (target->properties & IS_LOWER ? 0 : KF_MIRROR));
        operand_tile(c, write_mode(op), 0, target);
        operand_tile(c, MODE_READ, 0, p->x);
    } else {
        e = task(c, step, p->half ? KERNEL_GEMMT : KERNEL_GEMM, node);
        e->flags =
            read_flags(p->x, KF_TA, KF_CA) | read_flags(p->y, KF_TB, KF_CB);
        if (p->half && !(target->properties & IS_LOWER))
            e->flags |= KF_MIRROR;
        operand_tile(c, write_mode(op), 0, target);
        operand_tile(c, MODE_READ, 0, p->x);
        operand_tile(c, MODE_READ, 0, p->y);
    }
    arg_add(c, alpha);
}

/* ---- helpers
 * ------------------------------------------------------------------------ */

static int reads_var(const struct node *node, const struct var *var)
{
    uint32_t k;

    if (node->kind == NODE_TILE || node->kind == NODE_VAR)
        return var_root(node->var) == var;
    for (k = 0; node->kind == NODE_OP && k < node->count; k++)
        if (node->args[k] && reads_var(node->args[k], var))
            return 1;
    return 0;
}

static int has_product(struct compiler *c, struct node *node)
{
    struct product p;

    if (product_of(c, node, &p))
        return 1;
    return node->kind == NODE_OP &&
           (node->op == OP_ADD || node->op == OP_SUB) &&
           (has_product(c, node->args[0]) || has_product(c, node->args[1]));
}

/* How one dimension of a tile is cut: the size and tile edge of the matrix
 * that it is like, and which tile of it. */
struct extent {
    uint32_t size, edge, index;
};

static struct extent extent_of(struct compiler *c, const struct node *node,
                               int cols)
{
    uint32_t one = build_int(c, 1), k;
    struct extent e = {one, one, build_int(c, 0)};

    if (node->kind == NODE_TILE) {
        const struct shape *s = &var_root(node->var)->shape;
        cols ^= node->trans;
        return cols ? (struct extent){s->cols, s->tile_cols, node->j}
                    : (struct extent){s->rows, s->tile_rows, node->i};
    }
    if (node->kind != NODE_OP || shape_is_scalar(c, node->shape))
        return e;
    if (is_lazy_product(node)) {
        struct shape s = node->args[cols]->shape;
        return cols ? (struct extent){s.cols, s.tile_cols, node->j}
                    : (struct extent){s.rows, s.tile_rows, node->i};
    }
    switch (node->op) {
    case OP_MATMUL: return extent_of(c, node->args[cols], cols);
    case OP_DIAG:
    case OP_ROWSUMS:
    case OP_MIN_ROWS:
    case OP_MAX_ROWS:
    case OP_ARGMIN_ROWS:
    case OP_ARGMAX_ROWS: return cols ? e : extent_of(c, node->args[0], 0);
    case OP_TRANSPOSE:
    case OP_FLIP: return extent_of(c, node->args[0], !cols);
    case OP_UNMQR: return extent_of(c, node->args[2], cols);
    case OP_SOLVE:
    case OP_UNMTR:
    case OP_TRSM:
    case OP_TRMM: return extent_of(c, node->args[1], cols);
    default: break;
    }
    if (!is_ewise(node))
        return extent_of(c, node->args[0], cols);
    for (k = 0; k < node->count && build_is(c, e.size, 1); k++)
        e = extent_of(c, node->args[k], cols);
    return e;
}

void tile_extent(struct compiler *c, const struct node *node, int cols,
                 uint32_t *size, uint32_t *edge, uint32_t *index)
{
    struct extent e = extent_of(c, node, cols);

    *size = e.size;
    *edge = e.edge;
    *index = e.index;
}

/* A tile of the compiler's own. */
static struct node *temp_of(struct compiler *c, struct extent rows,
                            struct extent cols, uint32_t type,
                            const struct node *value)
{
    struct shape shape = {rows.size, cols.size, rows.edge, cols.edge};
    struct node *tile = ARENA_NEW(c->arena, struct node);

    tile->kind = NODE_TILE;
    tile->tile = 1;
    tile->type = type;
    tile->var = var_new(c, "temp", shape, type, value->place);
    tile->shape = value->shape;
    tile->i = rows.index;
    tile->j = cols.index;
    tile->i_end = tile->j_end = PLAN_NONE;
    tile->place = value->place;
    return tile;
}

static struct node *temp_tile(struct compiler *c, const struct node *target,
                              const struct node *value)
{
    return temp_of(c, extent_of(c, value, 0), extent_of(c, value, 1),
                   value->type == PLAN_NONE ? target->type : value->type,
                   value);
}

static struct node *to_temp(struct compiler *c, struct step *step,
                            const struct node *target, struct node *node)
{
    struct node *tile = temp_tile(c, target, node);

    assign(c, step, tile, '=', node);
    return tile;
}

static void release_temp(struct compiler *c, const struct step *step,
                         const struct node *tile)
{
    entry_add(c, ENTRY_RELEASE, step);
    operand_add(c, MODE_READ, 0, tile->var, tile->i, tile->j);
}

/* dst = src without bytes: the tiles are of one shape, or the walker says
 * that they aren't. */
static void alias(struct compiler *c, const struct step *step,
                  const struct node *target, const struct node *source)
{
    if (tile_same(target, source))
        return;
    entry_add(c, ENTRY_ALIAS, step);
    operand_add(c, MODE_WRITE, 0, target->var, target->i, target->j);
    operand_add(c, MODE_READ, 0, source->var, source->i, source->j);
}

/* The value in the target's tile, to be changed in place by a kernel. */
static void start_from(struct compiler *c, struct step *step,
                       struct node *target, struct node *node)
{
    if (node->kind == NODE_TILE && is_plain(node) && !node->run)
        alias(c, step, target, node);
    else
        assign(c, step, target, '=', node);
}

static struct node *plain_tile(struct compiler *c, struct step *step,
                               const struct node *target, struct node *node)
{
    return node->kind == NODE_TILE ? node : to_temp(c, step, target, node);
}

/* ---- kernels
 * ---------------------------------------------------------------------------
 */

static uint8_t own_properties(const struct node *tile)
{
    return tile->trans ? swap_properties(tile->properties) : tile->properties;
}

/* What a failure is told of: in the library, the script's operand. */
static uint32_t divisor(struct compiler *c, const struct step *step,
                        const struct node *node, const struct node *t)
{
    const struct source *source = node->place.source;

    return build_string(c, step->subject && source && source->library
                               ? step->subject
                               : var_root(t->var)->name);
}

static void solve(struct compiler *c, struct step *step, struct node *target,
                  struct node *node)
{
    int right = node->op == OP_DIVIDE;
    struct node *t = node->args[right], *x = node->args[!right];
    struct plan_entry *e;
    uint8_t properties;

    if (t->kind != NODE_TILE || t->run) {
        refuse(c, node, "a tile is divided by a tile");
        return;
    }
    properties = own_properties(t);
    if (!(properties & (IS_LOWER | IS_UPPER))) {
        diag_add(c->diags, DIAG_tile_statement, t->place,
                 "a tile is divided by a triangular tile, and %s is not "
                 "known to be lower or upper",
                 var_root(t->var)->name);
        diag_note(c->diags, var_root(t->var)->place,
                  "declare it: matrix %s(...) is lower, or assume %s is "
                  "lower",
                  var_root(t->var)->name, var_root(t->var)->name);
        return;
    }
    if (var_root(t->var) == var_root(target->var) && tile_same(t, target))
        t = to_temp(c, step, target, t);
    start_from(c, step, target, x);
    e = task(c, step, KERNEL_TRSM, node);
    e->flags = (uint8_t)((right ? KF_RIGHT : 0) | read_flags(t, KF_TA, KF_CA) |
                         (properties & IS_LOWER ? 0 : KF_UPPER));
    e->subject = divisor(c, step, node, t);
    operand_tile(c, MODE_BOTH, 0, target);
    operand_tile(c, MODE_READ, 0, t);
    arg_add(c, build_real(c, 1));
}

static void named_solve(struct compiler *c, struct step *step,
                        struct node *target, struct node *node)
{
    struct node *t = node->args[0], *x = node->args[1];
    struct plan_entry *e;
    unsigned turned;

    start_from(c, step, target, x);
    e = task(c, step, node->op == OP_TRSM ? KERNEL_TRSM : KERNEL_TRMM, node);
    /* `upper` is said of T as it is written, KF_UPPER of what is stored */
    turned = read_flags(t, KF_TA, KF_CA);
    e->flags =
        (uint8_t)((node->i ? KF_RIGHT : 0) | (turned ^ (node->j ? KF_TA : 0)) |
                  (!node->i_end != !(turned & KF_TA) ? KF_UPPER : 0) |
                  (node->j_end ? KF_UNIT : 0));
    e->subject = divisor(c, step, node, t);
    operand_tile(c, MODE_BOTH, 0, target);
    operand_tile(c, MODE_READ, 0, t);
    arg_add(c, build_real(c, 1));
}

static void factor(struct compiler *c, struct step *step, struct node *target,
                   struct node *node)
{
    struct plan_entry *e;
    const char *subject = step->subject;

    if (!subject && node->args[0]->kind == NODE_TILE)
        subject = var_root(node->args[0]->var)->name;
    start_from(c, step, target, node->args[0]);
    e = task(c, step, KERNEL_POTRF, node);
    if (subject)
        e->subject = build_string(c, subject);
    operand_tile(c, MODE_BOTH, 0, target);
}

/* [L, none] = potrf_try(A) */
static void factor_try(struct compiler *c, struct step *step,
                       struct node *node)
{
    if (step->target_count != 2 || !step->targets[0] || !step->targets[1]) {
        refuse(c, node,
               "this gives two results, both to tiles: L, and 1 where there "
               "is none, else 0");
        return;
    }
    start_from(c, step, step->targets[0], node->args[0]);
    task(c, step, KERNEL_POTRF_TRY, node);
    operand_tile(c, MODE_BOTH, 0, step->targets[0]);
    operand_tile(c, MODE_WRITE, 0, step->targets[1]);
}

/* The kernel that reduces what a map program gives, or 0. */
static uint8_t mapped_kernel(const struct node *node)
{
    int code = op_table[node->op].code;

    if (!is_ewise(node->args[0]) || is_convert(node->args[0]))
        return 0;
    if (code >= KERNEL_SUM && code <= KERNEL_MIN)
        return (uint8_t)(code - KERNEL_SUM + KERNEL_MAP_SUM);
    if (code >= KERNEL_ROWSUMS && code <= KERNEL_ARGMAX_ROWS)
        return (uint8_t)(code - KERNEL_ROWSUMS + KERNEL_MAP_ROWSUMS);
    return 0;
}

/* A + X * Y, A - X * Y: the product is best added to a copy of A. */
static int ends_in_product(struct compiler *c, const struct node *node)
{
    if (node->op != OP_ADD && node->op != OP_SUB)
        return 0;
    return has_product(c, node->args[1]) != has_product(c, node->args[0]) &&
           (node->op == OP_ADD || has_product(c, node->args[1]));
}

/* sum(f(tiles)) and the like: f is computed as it is added.  0: too long. */
static int reduce_mapped(struct compiler *c, struct step *step,
                         struct node *target, struct node *node)
{
    struct map_build *m = ARENA_NEW(c->arena, struct map_build);
    uint8_t kernel = mapped_kernel(node);
    struct node *temps[64], *root, *arg = node->args[0];
    uint32_t temp_count = 0, program, k;
    struct plan_entry *e;

    if (!kernel || ends_in_product(c, arg))
        return 0;
    root = map_ready(c, step, arg, arg, temps, &temp_count);
    if (c->diags->errors)
        return 1;
    program = map_make(c, m, root, NULL);
    if (program != PLAN_NONE && m->leaf_count) {
        e = task(c, step, kernel, node);
        e->a = program;
        operand_tile(c, MODE_WRITE, 0, target);
        for (k = 0; k < m->leaf_count; k++)
            map_operand(c, arg, m->leaves[k]);
        for (k = 0; k < m->arg_count; k++)
            arg_add(c, m->args[k]);
    }
    for (k = 0; k < temp_count; k++)
        release_temp(c, step, temps[k]);
    return program != PLAN_NONE && m->leaf_count;
}

static void one_operand(struct compiler *c, struct step *step,
                        struct node *target, struct node *node, uint8_t flags)
{
    int kernel = op_table[node->op].code;
    struct plan_entry *e;
    struct node *x;

    if (reduce_mapped(c, step, target, node))
        return;
    x = node->args[0];
    if (x->kind != NODE_TILE) {
        x = temp_tile(c, target, x);
        if (node->op == OP_TRIL && !flags)
            x->properties = IS_LOWER; /* as far as it is read */
        assign(c, step, x, '=', node->args[0]);
    }
    if (!is_plain(x) && node->op != OP_NORM && node->op != OP_MAX &&
        node->op != OP_MIN)
        x = to_temp(c, step, target, x);
    e = task(c, step, (uint8_t)kernel, node);
    e->flags = flags;
    operand_tile(c, MODE_WRITE, 0, target);
    operand_tile(c, MODE_READ, 0, x);
    if (x != node->args[0])
        release_temp(c, step, x);
}

static void of_rows(struct compiler *c, struct step *step, struct node *target,
                    struct node *node)
{
    struct plan_entry *e;
    struct node *x;

    if (reduce_mapped(c, step, target, node))
        return;
    x = plain_tile(c, step, target, node->args[0]);
    e = task(c, step, (uint8_t)op_table[node->op].code, node);
    e->flags = x->trans ? KF_TA : 0;
    if (node->op == OP_ROWSUMS)
        e->flags = read_flags(x, KF_TA, KF_CA);
    operand_tile(c, MODE_WRITE, 0, target);
    operand_tile(c, MODE_READ, 0, x);
    if (x != node->args[0])
        release_temp(c, step, x);
}

static void diagonal(struct compiler *c, struct step *step,
                     struct node *target, struct node *node)
{
    struct node *x = plain_tile(c, step, target, node->args[0]);

    if (!is_plain(x))
        x = to_temp(c, step, target, x);
    task(c, step, KERNEL_DIAGONAL, node);
    operand_tile(c, MODE_WRITE, 0, target);
    operand_tile(c, MODE_READ, 0, x);
    if (x != node->args[0])
        release_temp(c, step, x);
}

static void onehot(struct compiler *c, struct step *step, struct node *target,
                   struct node *node)
{
    struct node *x = plain_tile(c, step, target, node->args[0]);

    if (x->trans)
        x = to_temp(c, step, target, x);
    task(c, step, KERNEL_ONEHOT, node);
    operand_tile(c, MODE_WRITE, 0, target);
    operand_tile(c, MODE_READ, 0, x);
    arg_add(c, node->args[1]->number);
    if (x != node->args[0])
        release_temp(c, step, x);
}

static void copy(struct compiler *c, struct step *step, struct node *target,
                 struct node *node)
{
    const struct node *w = node->args[2], *from = node->args[1];

    if (node->args[0]->kind != NODE_TILE || !tile_same(target, node->args[0])) {
        refuse(c, node,
               "copy puts part of a tile into the tile that it is given "
               "first: T = copy(T, S, ...)");
        return;
    }
    task(c, step, KERNEL_COPY, node)->flags = read_flags(from, KF_TA, KF_CA);
    operand_tile(c, shape_is_scalar(c, target->shape) ? MODE_WRITE : MODE_BOTH,
                 0, target);
    operand_tile(c, MODE_READ, 0, from);
    arg_add(c, w->i);
    arg_add(c, w->j);
    arg_add(c, w->i_end);
    arg_add(c, w->j_end);
    arg_add(c, w->number);
    arg_add(c, w->type);
}

static void swaps(struct compiler *c, struct step *step, struct node *target,
                  struct node *node)
{
    if (node->args[0]->kind != NODE_TILE || !tile_same(target, node->args[0])) {
        refuse(c, node, "laswp changes the run that it is given");
        return;
    }
    task(c, step, KERNEL_LASWP, node);
    operand_tile(c, MODE_BOTH, 0, target);
    operand_tile(c, MODE_READ, 0, node->args[1]);
}

/* ---- QR
 * ------------------------------------------------------------------------- */

/* Tiles of our own that a statement needs, and gives back at its end. */
struct temps {
    struct node *items[8];
    uint32_t count;
};

static struct node *temps_add(struct temps *temps, struct node *tile)
{
    temps->items[temps->count++] = tile;
    return tile;
}

static void temps_release(struct compiler *c, const struct step *step,
                          const struct temps *temps)
{
    uint32_t k;

    for (k = 0; k < temps->count; k++)
        release_temp(c, step, temps->items[k]);
}

/* Where result k goes; of none or _ into a tile of our own, of these rows and
 * columns. */
static struct node *result_tile(struct compiler *c, struct step *step,
                                uint32_t k, struct extent rows,
                                struct extent cols, struct temps *temps)
{
    if (k < step->target_count && step->targets[k])
        return step->targets[k];
    return temps_add(temps,
                     temp_of(c, rows, cols, step->node->type, step->node));
}

/* x as it is now, though `to` becomes `from` and is changed. */
static struct node *kept(struct compiler *c, struct step *step, struct node *to,
                         const struct node *from, struct node *x,
                         struct temps *temps)
{
    int same = var_root(to->var) == var_root(x->var);

    if (is_plain(x) && !(same && (tile_same(to, x) || !tile_same(to, from))))
        return x;
    return temps_add(temps, to_temp(c, step, to, x));
}

static int single_tiles(struct compiler *c, const struct step *step,
                        const struct node *node)
{
    uint32_t k, runs = 0;

    for (k = 0; k < node->count; k++)
        runs |= node->args[k]->run;
    for (k = 0; k < step->target_count; k++)
        runs |= step->targets[k] ? step->targets[k]->run : 0;
    if (runs || (step->target && step->target->run))
        refuse(c, node, "this takes single tiles, not runs of tiles");
    return !c->diags->errors;
}

/* [V, R, T] = geqrt(A), [V, R, T] = tsqrt(R, A) */
static void qr_of(struct compiler *c, struct step *step, struct node *node)
{
    int two = node->op == OP_TSQRT;
    struct node *a = node->args[two], *top = node->args[0], *v, *r, *t;
    struct extent rows = extent_of(c, a, 0), cols = extent_of(c, a, 1);
    uint32_t w = build_int(c, PLAN_QR_ROWS);
    struct extent few = {w, w, build_int(c, 0)};
    struct temps temps = {.count = 0};

    v = result_tile(c, step, 0, rows, cols, &temps);
    r = result_tile(c, step, 1, cols, cols, &temps);
    t = result_tile(c, step, 2, few, cols, &temps);
    if (two) {
        top = tile_same(r, top) && !tile_same(v, top)
                  ? top
                  : kept(c, step, v, a, top, &temps);
    }
    start_from(c, step, v, a);
    if (two)
        start_from(c, step, r, top);
    task(c, step, two ? KERNEL_TSQRT : KERNEL_GEQRT, node);
    operand_tile(c, MODE_BOTH, 0, v);
    operand_tile(c, two ? MODE_BOTH : MODE_WRITE, 0, r);
    operand_tile(c, MODE_WRITE, 0, t);
    temps_release(c, step, &temps);
}

/* C = unmqr(V, T, C), [C, D] = tsmqr(V, T, C, D) */
static void reflect(struct compiler *c, struct step *step, struct node **to,
                    struct node *node, struct temps *temps)
{
    struct node *from[4], *x;
    uint32_t k, n, count = node->count;
    struct plan_entry *e;

    for (k = 0; k < count; k++) /* what changes first, then V and T */
        from[k] = node->args[(k + 2) % count];
    for (k = 0; k + 2 < count; k++) {
        for (n = k + 1; n < count; n++)
            from[n] = kept(c, step, to[k], from[k], from[n], temps);
        start_from(c, step, to[k], from[k]);
    }
    e = task(c, step, count == 3 ? KERNEL_UNMQR : KERNEL_TSMQR, node);
    e->flags = node->j ? KF_TA : 0;
    for (k = 0; k < count; k++) {
        x = k + 2 < count ? to[k] : from[k];
        operand_tile(c, k + 2 < count ? MODE_BOTH : MODE_READ, 0, x);
    }
    temps_release(c, step, temps);
}

static void reflect_one(struct compiler *c, struct step *step,
                        struct node *target, struct node *node)
{
    struct temps temps = {.count = 0};

    if (single_tiles(c, step, node))
        reflect(c, step, &target, node, &temps);
}

static void reflect_two(struct compiler *c, struct step *step,
                        struct node *node)
{
    struct temps temps = {.count = 0};
    struct node *to[2];
    uint32_t k;

    for (k = 0; k < 2; k++)
        to[k] = result_tile(c, step, k, extent_of(c, node->args[k + 2], 0),
                            extent_of(c, node->args[k + 2], 1), &temps);
    reflect(c, step, to, node, &temps);
}

/* [s, p] = sort_tile(v) */
static void sorted(struct compiler *c, struct step *step, struct node *node)
{
    struct node *a = node->args[0], *to[2];
    struct extent rows = extent_of(c, a, 0), cols = extent_of(c, a, 1);
    struct temps temps = {.count = 0};
    uint32_t k;

    if (step->target_count > 2) {
        refuse(c, node, "this gives two results");
        return;
    }
    if (!single_tiles(c, step, node))
        return;
    for (k = 0; k < 2; k++)
        to[k] = result_tile(c, step, k, rows, cols, &temps);
    if (a->trans || tile_same(to[0], a) || tile_same(to[1], a))
        a = temps_add(&temps, to_temp(c, step, to[0], a));
    task(c, step, KERNEL_SORT, node);
    operand_tile(c, MODE_WRITE, 0, to[0]);
    operand_tile(c, MODE_WRITE, 0, to[1]);
    operand_tile(c, MODE_READ, 0, a);
    temps_release(c, step, &temps);
}

/* F = residual(Y, S, A, X), of A and X maybe runs, A maybe transposed. */
static void residual(struct compiler *c, struct step *step, struct node *target,
                     struct node *node)
{
    uint32_t k;

    for (k = 0; k < 4; k++)
        if ((node->args[k]->trans && k != 2) || (node->args[k]->run && k < 2) ||
            target->run) {
            refuse(c, node,
                   "of residual(Y, S, A, X) only A may be transposed, and "
                   "only A and X runs of tiles");
            return;
        }
    task(c, step, KERNEL_RESIDUAL, node)->flags =
        (uint8_t)(node->args[2]->trans ? KF_TA : 0);
    operand_tile(c, MODE_WRITE, 0, target);
    for (k = 0; k < 4; k++)
        operand_tile(c, MODE_READ, 0, node->args[k]);
}

/* ---- eigenvalues, singular values
 * ------------------------------------------------------------------------ */

static void spectral_task(struct compiler *c, struct step *step,
                          struct node **to, uint32_t count, struct node *node)
{
    struct node *a = node->args[0];
    const char *subject = step->subject;
    struct plan_entry *e;
    uint32_t k;

    if (!subject && a->kind == NODE_TILE)
        subject = var_root(a->var)->name;
    if (a->trans)
        a = to_temp(c, step, to[0], a);
    e = task(c, step, (uint8_t)op_table[node->op].code, node);
    if (subject)
        e->subject = build_string(c, subject);
    for (k = 0; k < count; k++)
        operand_tile(c, MODE_WRITE, 0, to[k]);
    operand_tile(c, MODE_READ, 0, a);
    if (a != node->args[0])
        release_temp(c, step, a);
}

static void spectral_values(struct compiler *c, struct step *step,
                            struct node *target, struct node *node)
{
    if (single_tiles(c, step, node))
        spectral_task(c, step, &target, 1, node);
}

/* [V, w] = heevd(A), [U, s, V] = gesdd(A), and their steps */
static void spectral(struct compiler *c, struct step *step, struct node *node)
{
    static const struct {
        enum op op;
        uint32_t count;
        const char *text;
    } forms[] = {
        {OP_HEEVD, 2,
         "this gives two results, all to tiles: V, w; heevd_values gives w "
         "alone"},
        {OP_GESDD, 3,
         "this gives three results, all to tiles: U, s, V; gesdd_values gives "
         "s alone"},
        {OP_HETRD, 2, "this gives two results, all to tiles: Q, D"},
        {OP_STEDC, 2, "this gives two results, all to tiles: Z, w"},
        {OP_GEBRD, 3, "this gives three results, all to tiles: Q, D, P"},
        {OP_BDSDC, 3, "this gives three results, all to tiles: U, s, V"},
    };
    uint32_t form = 0, count, k;

    while (forms[form].op != node->op)
        form++;
    count = forms[form].count;
    for (k = 0; k < count; k++)
        if (step->target_count != count || !step->targets[k]) {
            refuse(c, node, forms[form].text);
            return;
        }
    if (single_tiles(c, step, node))
        spectral_task(c, step, step->targets, count, node);
}

/* C = unmtr(Q, Z) */
static void turn_back(struct compiler *c, struct step *step,
                      struct node *target, struct node *node)
{
    struct temps temps = {.count = 0};
    uint32_t k;

    if (!single_tiles(c, step, node))
        return;
    for (k = 0; k < 2; k++) {
        struct node *x = node->args[k];
        if (x->trans || tile_same(target, x))
            node->args[k] = temps_add(&temps, to_temp(c, step, target, x));
    }
    task(c, step, KERNEL_UNMTR, node);
    operand_tile(c, MODE_WRITE, 0, target);
    for (k = 0; k < 2; k++)
        operand_tile(c, MODE_READ, 0, node->args[k]);
    temps_release(c, step, &temps);
}

/* ---- entry by entry
 * ------------------------------------------------------------------- */

/* Leaves that are no tiles are computed into tiles of our own first. */
static struct node *map_ready(struct compiler *c, struct step *step,
                              const struct node *target, struct node *node,
                              struct node **temps, uint32_t *temp_count)
{
    struct node *copy;
    uint32_t k;

    if (node->kind == NODE_NUMBER || node->kind == NODE_VAR)
        return node;
    if (node->kind == NODE_TILE) {
        if (node->run)
            refuse(c, node, "this takes a single tile, not a run of tiles");
        return node;
    }
    if (!is_ewise(node) || map_size(node) > 200) {
        copy = to_temp(c, step, target, node);
        if (*temp_count < 64)
            temps[(*temp_count)++] = copy;
        return copy;
    }
    copy = ARENA_NEW(c->arena, struct node);
    *copy = *node;
    for (k = 0; k < node->count; k++) {
        struct node *arg = node->args[k];
        if (is_convert(arg) ||
            (is_ewise(arg) && map_size(node) > 40 && map_size(arg) > 12)) {
            copy->args[k] = to_temp(c, step, target, arg);
            if (*temp_count < 64)
                temps[(*temp_count)++] = copy->args[k];
        } else {
            copy->args[k] = map_ready(c, step, target, arg, temps, temp_count);
        }
    }
    return copy;
}

static void map_operand(struct compiler *c, const struct node *target,
                        const struct node *leaf)
{
    uint8_t flags = 0;
    uint32_t zero = build_int(c, 0);
    int small = shape_is_scalar(c, leaf->shape);
    int whole = !shape_is_scalar(c, target->shape);

    if (leaf->kind == NODE_VAR) {
        operand_add(c, MODE_READ, whole ? OPERAND_SCALAR : 0, leaf->var, zero,
                    zero);
        return;
    }
    if (small && whole)
        flags = OPERAND_SCALAR;
    else if (build_is(c, leaf->shape.rows, 1) &&
             !build_is(c, target->shape.rows, 1))
        flags = OPERAND_ROW;
    else if (build_is(c, leaf->shape.cols, 1) &&
             !build_is(c, target->shape.cols, 1))
        flags = OPERAND_COL;
    flags |= read_flags(leaf, OPERAND_TRANS, OPERAND_CONJ);
    operand_tile(c, MODE_READ, flags, leaf);
}

static int in_place(const struct map_build *m, const struct node *target)
{
    uint32_t k;

    for (k = 0; k < m->leaf_count; k++)
        if (m->leaves[k]->kind == NODE_TILE && tile_same(m->leaves[k], target))
            return 1;
    return 0;
}

static void map_task(struct compiler *c, struct step *step,
                     struct node *target, struct node *node, uint8_t kernel)
{
    struct map_build *m = ARENA_NEW(c->arena, struct map_build);
    struct node *temps[64], *root;
    uint32_t temp_count = 0, program, k;
    struct plan_entry *e;
    int both;

    if (!node)
        return; /* its message was given */
    if (target->run) {
        refuse(c, target, "a run of tiles is assigned by a kernel only");
        return;
    }
    root = map_ready(c, step, target, node, temps, &temp_count);
    if (c->diags->errors)
        return;
    program = map_make(c, m, root, NULL);
    both = program != PLAN_NONE &&
           (kernel == KERNEL_MAP_DIAGONAL || in_place(m, target));
    if (both)
        program = map_make(c, m, root, target);
    if (program == PLAN_NONE) {
        diag_add(c->diags, DIAG_too_long, node->place,
                 "this expression has too many parts: give some a name");
        return;
    }
    e = task(c, step, kernel, node);
    e->a = program;
    operand_tile(c, both ? MODE_BOTH : MODE_WRITE, 0, target);
    for (k = both ? 1 : 0; k < m->leaf_count; k++)
        map_operand(c, target, m->leaves[k]);
    for (k = 0; k < m->arg_count; k++)
        arg_add(c, m->args[k]);
    for (k = 0; k < temp_count; k++)
        release_temp(c, step, temps[k]);
}

static void map(struct compiler *c, struct step *step, struct node *target,
                struct node *node)
{
    map_task(c, step, target, node, KERNEL_MAP);
}

/* ---- statements
 * ------------------------------------------------------------------------ */

static struct node *sum_of(struct compiler *c, struct node *target, char op,
                           struct node *node)
{
    struct node *args[2] = {target, node};

    return node_op(c, op == '+' ? OP_ADD : OP_SUB, node->place, args, 2);
}

/* One row or column for a tile of more?  A number fills any tile. */
static int is_narrow(const struct compiler *c, const struct node *target,
                     const struct node *node)
{
    if (node->kind == NODE_NUMBER)
        return 0;
    return (build_is(c, node->shape.rows, 1) &&
            !build_is(c, target->shape.rows, 1)) ||
           (build_is(c, node->shape.cols, 1) &&
            !build_is(c, target->shape.cols, 1));
}

/* target += or -= a factor of eye(n), on the diagonal alone. */
static void shift(struct compiler *c, struct step *step, struct node *target,
                  char op, struct node *node)
{
    const struct node *eye = identity_in(c, node);
    struct node *sum = sum_of(c, target, op, identity_factor(c, node));
    uint32_t entry = c->plan->entries.count, outer = c->lowering;
    int tested = eye->i != eye->j;

    if (!sum)
        return;
    sum->place = eye->place;
    if (tested) {
        entry_add(c, ENTRY_IF, step)->a =
            build_op(c, EXPR_EQ, eye->i, eye->j, NULL);
        c->lowering = entry;
    }
    map_task(c, step, target, sum, KERNEL_MAP_DIAGONAL);
    if (tested)
        entry_close(c, entry);
    c->lowering = outer;
}

/* target op (a + lam * E), E a tile of eye(n). */
static int shifted(struct compiler *c, struct step *step, struct node *target,
                   char op, struct node *node)
{
    int minus = op == '-', side;

    if (target->run || shape_is_scalar(c, target->shape))
        return 0;
    if (op != '=' && identity_in(c, node)) {
        shift(c, step, target, op, node);
        return 1;
    }
    if (!is_shifted(c, node, &side) ||
        type_root(c, node->type) != type_root(c, target->type) ||
        is_narrow(c, target, node->args[!side]) ||
        reads_var(node->args[side], var_root(target->var)))
        return 0;
    minus ^= node->op == OP_SUB;
    assign(c, step, target, op, node->args[!side]);
    shift(c, step, target, minus ? '-' : '+', node->args[side]);
    return 1;
}

/* target op (a + b), where a or b is a product: one after the other. */
static int terms(struct compiler *c, struct step *step, struct node *target,
                 char op, struct node *node)
{
    struct node *a, *b;
    char second;

    if (node->kind != NODE_OP || (node->op != OP_ADD && node->op != OP_SUB) ||
        (!has_product(c, node->args[0]) && !has_product(c, node->args[1])))
        return 0;
    a = node->args[0];
    b = node->args[1];
    second = (op == '-') == (node->op == OP_SUB) ? '+' : '-';
    if (op == '=' && node->op == OP_ADD &&
        (is_narrow(c, target, a) ||
         (has_lazy_product(a) && !has_lazy_product(b) &&
          !is_narrow(c, target, b)))) {
        b = node->args[0]; /* what fills the tile, best without work, begins */
        a = node->args[1];
    }
    if (op == '=' && is_narrow(c, target, a))
        return 0;
    if (reads_var(b, var_root(target->var))) {
        if (node->op == OP_SUB || reads_var(a, var_root(target->var)))
            return 0;
        b = node->args[0]; /* a + b is b + a */
        a = node->args[1];
    }
    if (shape_is_scalar(c, a->shape) != shape_is_scalar(c, b->shape) &&
        !(op == '=' && a->kind == NODE_NUMBER))
        return 0;
    assign(c, step, target, op, a);
    assign(c, step, target, second, b);
    return 1;
}

static void kernel_result(struct compiler *c, struct step *step,
                          struct node *target, struct node *node)
{
    switch (node->op) {
    case OP_DIVIDE:
    case OP_SOLVE: solve(c, step, target, node); return;
    case OP_TRSM:
    case OP_TRMM: named_solve(c, step, target, node); return;
    case OP_CHOL:
    case OP_POTRF: factor(c, step, target, node); return;
    case OP_TRIL: one_operand(c, step, target, node, 0); return;
    case OP_TRIU: one_operand(c, step, target, node, KF_UPPER); return;
    case OP_SUM:
    case OP_NORM:
    case OP_MAX:
    case OP_MIN:
    case OP_TRACE:
    case OP_PROD:
    case OP_CUMSUM: one_operand(c, step, target, node, 0); return;
    case OP_ROWSUMS:
    case OP_MIN_ROWS:
    case OP_MAX_ROWS:
    case OP_ARGMIN_ROWS:
    case OP_ARGMAX_ROWS: of_rows(c, step, target, node); return;
    case OP_DIAG: diagonal(c, step, target, node); return;
    case OP_ONEHOT: onehot(c, step, target, node); return;
    case OP_COPY: copy(c, step, target, node); return;
    case OP_LASWP: swaps(c, step, target, node); return;
    case OP_UNMQR: reflect_one(c, step, target, node); return;
    case OP_UNMTR: turn_back(c, step, target, node); return;
    case OP_RESIDUAL: residual(c, step, target, node); return;
    case OP_HEEVD_VALUES:
    case OP_GESDD_VALUES: spectral_values(c, step, target, node); return;
    case OP_HEEVD:
    case OP_GESDD:
    case OP_HETRD:
    case OP_STEDC:
    case OP_GEBRD:
    case OP_BDSDC:
        refuse(c, node,
               "this gives several results, as in [V[0,0], w[0,0]] = "
               "heevd(A[0,0])");
        return;
    case OP_GEQRT:
    case OP_TSQRT:
    case OP_TSMQR:
    case OP_SORT:
    case OP_POTRF_TRY:
        refuse(c, node,
               "this gives several results, as in [_, R[0,0]] = "
               "geqrt(A[0,0])");
        return;
    case OP_TRANSPOSE:
    case OP_FLIP: {
        struct node *x = plain_tile(c, step, target, node->args[0]);
        assign(c, step, target, '=', node_op(c, node->op, node->place, &x, 1));
        return;
    }
    case OP_MATMUL: {
        struct node *args[2];
        args[0] = plain_tile(c, step, target, node->args[0]);
        args[1] = plain_tile(c, step, target, node->args[1]);
        assign(c, step, target, '=',
               node_op(c, OP_MATMUL, node->place, args, 2));
        return;
    }
    default: refuse(c, node, "no kernel computes this tile");
    }
}

/* The first product in a tree, as large as the target. */
static struct node *find_product(const struct compiler *c,
                                 const struct node *target, struct node *node)
{
    struct node *found = NULL;
    uint32_t k;

    if (is_lazy_product(node))
        return is_narrow(c, target, node) ? NULL : node;
    for (k = 0; is_ewise(node) && !found && k < node->count; k++)
        found = find_product(c, target, node->args[k]);
    return found;
}

static struct node *replaced(struct compiler *c, struct node *node,
                             const struct node *old, struct node *new)
{
    struct node *copy;
    uint32_t k;

    if (node == old)
        return new;
    if (!is_ewise(node))
        return node;
    copy = ARENA_NEW(c->arena, struct node);
    *copy = *node;
    for (k = 0; k < node->count; k++)
        copy->args[k] = replaced(c, node->args[k], old, new);
    return copy;
}

/* f(A * B, ...): the product in the target's own tile, which f then changes in
 * place; the rest of the work is what is returned. */
static struct node *round_product(struct compiler *c, struct step *step,
                                  struct node *target, struct node *node)
{
    struct node *product = find_product(c, target, node);

    if (!product || target->run || reads_var(node, var_root(target->var)))
        return node;
    assign(c, step, target, '=', product);
    return replaced(c, node, product, target);
}

static void assign(struct compiler *c, struct step *step, struct node *target,
                   char op, struct node *node)
{
    struct product p;

    if (c->diags->errors)
        return;
    if (shifted(c, step, target, op, node) ||
        terms(c, step, target, op, node))
        return;
    if (product_of(c, node, &p)) {
        product(c, step, target, op, &p, node);
        return;
    }
    if (op != '=') {
        if (node->kind == NODE_OP && !is_ewise(node))
            node = to_temp(c, step, target, node);
        map(c, step, target, sum_of(c, target, op, node));
        return;
    }
    if (node->kind == NODE_TILE && is_plain(node) && !node->run &&
        !target->run &&
        shape_is_scalar(c, node->shape) == shape_is_scalar(c, target->shape)) {
        alias(c, step, target, node);
        return;
    }
    if (node->kind == NODE_OP && !is_ewise(node))
        kernel_result(c, step, target, node);
    else
        map(c, step, target, round_product(c, step, target, node));
}

void tile_assign(struct compiler *c, struct step *step, struct node *target,
                 struct node *node)
{
    assign(c, step, target, '=', node);
}

void lower_tile(struct compiler *c, struct step *step)
{
    struct node *node = step->node;

    if (step->kind == STEP_TILE) {
        assign(c, step, step->target, step->op, node);
        return;
    }
    switch (node->op) {
    case OP_GEQRT:
    case OP_TSQRT:
    case OP_TSMQR:
        if (step->target_count > (node->op == OP_TSMQR ? 2 : 3))
            refuse(c, node,
                   node->op == OP_TSMQR ? "this gives two results"
                                        : "this gives three results: V, R, T");
        else if (!single_tiles(c, step, node))
            return;
        else if (node->op == OP_TSMQR)
            reflect_two(c, step, node);
        else
            qr_of(c, step, node);
        return;
    case OP_SORT: sorted(c, step, node); return;
    case OP_POTRF_TRY:
        if (single_tiles(c, step, node))
            factor_try(c, step, node);
        return;
    case OP_HEEVD:
    case OP_GESDD:
    case OP_HETRD:
    case OP_STEDC:
    case OP_GEBRD:
    case OP_BDSDC: spectral(c, step, node); return;
    default: break;
    }
    if (node->op != OP_GETRF || step->target_count != 2 || !step->targets[0] ||
        !step->targets[1] || node->args[0]->kind != NODE_TILE ||
        !tile_same(step->targets[0], node->args[0])) {
        refuse(c, node,
               "several results are of getrf, [A[k..t,k], p[k,0]] = "
               "getrf(A[k..t,k]), and of geqrt, tsqrt, tsmqr, heevd and gesdd");
        return;
    }
    task(c, step, KERNEL_GETRF, node);
    operand_tile(c, MODE_BOTH, 0, step->targets[0]);
    operand_tile(c, MODE_WRITE, 0, step->targets[1]);
}
