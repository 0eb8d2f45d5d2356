/* Steps to entries of the plan: matrix-level operations become loops over
 * tiles.  A product, a factorisation, a reduction is a function of lib/,
 * expanded here; an entrywise expression is itself over tiles. */
#include "compiler/check.h"

/* ---- entries
 * ------------------------------------------------------------------ */

struct plan_entry *entry_add(struct compiler *c, uint8_t kind,
                             const struct step *step)
{
    struct plan_entry e = {.kind = kind,
                           .a = PLAN_NONE,
                           .b = PLAN_NONE,
                           .c = PLAN_NONE,
                           .d = PLAN_NONE,
                           .subject = PLAN_NONE};

    e.end = c->plan->entries.count + 1;
    e.first_operand = c->plan->operands.count;
    e.first_arg = c->plan->args.count;
    e.place = build_place(c, step->place, step->call);
    vec_push(c->plan->arena, &c->plan->entries, e);
    return &c->plan->entries.items[c->plan->entries.count - 1];
}

void entry_close(struct compiler *c, uint32_t entry)
{
    c->plan->entries.items[entry].end = c->plan->entries.count;
}

static void operand_push(struct compiler *c, struct plan_operand operand)
{
    vec_push(c->plan->arena, &c->plan->operands, operand);
    c->plan->entries.items[c->plan->entries.count - 1].operands++;
}

void operand_add(struct compiler *c, uint8_t mode, uint8_t flags,
                 struct var *var, uint32_t i, uint32_t j)
{
    operand_push(c, (struct plan_operand){var_matrix(c, var), mode, flags, i, j,
                                          PLAN_NONE, PLAN_NONE});
}

void operand_tile(struct compiler *c, uint8_t mode, uint8_t flags,
                  const struct node *tile)
{
    if (!tile->run) {
        operand_add(c, mode, flags, tile->var, tile->i, tile->j);
        return;
    }
    operand_push(c,
                 (struct plan_operand){var_matrix(c, tile->var), mode,
                                       (uint8_t)(flags | OPERAND_RUN), tile->i,
                                       tile->j, tile->i_end, tile->j_end});
}

void arg_add(struct compiler *c, uint32_t expr)
{
    vec_push(c->plan->arena, &c->plan->args, expr);
    c->plan->entries.items[c->plan->entries.count - 1].args++;
}

uint32_t var_matrix(struct compiler *c, struct var *var)
{
    struct plan_matrix m = {
        .input = PLAN_NONE, .arg = PLAN_NONE, .seed = PLAN_NONE};

    var = var_root(var);
    if (var->placed)
        return var->matrix;
    m.name = build_string(c, var->name);
    m.kind = var->kind;
    m.rule = var->rule;
    m.type = var->type;
    m.rows = var->shape.rows;
    m.cols = var->shape.cols;
    m.tile_rows = var->shape.tile_rows;
    m.tile_cols = var->shape.tile_cols;
    m.input = var->input;
    m.arg = var->arg;
    m.seed = var->seed;
    m.call = var->call;
    m.place = build_place(c, var->place, PLAN_NONE);
    var->matrix = c->plan->matrices.count;
    var->placed = 1;
    if (var->kind == MATRIX_INPUT)
        c->plan->inputs.items[var->input].matrix = var->matrix;
    vec_push(c->plan->arena, &c->plan->matrices, m);
    vec_push(c->arena, &c->homes,
             var->keep || var->kind != MATRIX_TEMP ? PLAN_NONE : c->lowering);
    vec_push(c->arena, &c->owners, var);
    return var->matrix;
}

/* ---- loops over tiles
 * ------------------------------------------------------------ */

struct tile_loop loop_open(struct compiler *c, const struct step *step,
                           const char *name, uint32_t count)
{
    struct tile_loop loop = {PLAN_NONE, c->lowering, PLAN_NONE};
    struct plan_entry *e;
    uint32_t slot;

    if (build_is(c, count, 1)) {
        loop.index = build_int(c, 0);
        return loop;
    }
    slot = build_slot(c, name, NUMBER_INT);
    loop.index = slot;
    loop.entry = c->plan->entries.count;
    e = entry_add(c, ENTRY_LOOP, step);
    e->a = (uint32_t)c->plan->exprs.items[slot].value.integer;
    e->b = build_int(c, 0);
    e->c = count;
    e->d = build_int(c, 1);
    c->lowering = loop.entry;
    return loop;
}

void loop_close(struct compiler *c, struct tile_loop *loop)
{
    if (loop->entry != PLAN_NONE)
        entry_close(c, loop->entry);
    c->lowering = loop->outer;
}

/* ---- values
 * --------------------------------------------------------------------- */

static int same_edge(struct compiler *c, uint32_t size, uint32_t a, uint32_t b)
{
    return a == b || build_is(c, size, 1);
}

static int same_grid(struct compiler *c, struct shape a, struct shape b)
{
    return same_edge(c, a.rows, a.tile_rows, b.tile_rows) &&
           same_edge(c, a.cols, a.tile_cols, b.tile_cols);
}

/* Expand a function of the library and lower what it gives. */
static struct node *library_call(struct compiler *c, const char *name,
                                 struct node *node, const struct step *step,
                                 struct value *args, uint32_t count)
{
    struct frame frame = {.call = step->call, .subject = step->subject},
                 *outer = c->frame;
    struct block *block = c->block, body = {0};
    const struct block *outer_body = c->body;
    struct ast call = {.kind = AST_CALL,
                       .name = name,
                       .place = node->place,
                       .at = node->place};
    struct node *first = node->kind != NODE_OP   ? node
                         : node->op == OP_DIVIDE ? node->args[1]
                                                 : node->args[0];
    struct ast text = {.kind = AST_NAME, .place = first->place};
    struct ast *items[1] = {&text};
    const char *because;
    struct value result[SHARED_RESULTS] = {{.kind = VALUE_NONE}};
    struct function *f;
    uint32_t k, wanted, vars = c->vars.count;

    because = node->kind == NODE_OP && node->op == OP_CHOL
                  ? node_inferred(c, first, IS_SPD | IS_PSD)
                  : NULL;
    if (!frame.subject && because) {
        frame.subject =
            arena_printf(c->arena, "%s = %s", first->var->name, because);
    } else if (!frame.subject) {
        frame.subject = first->kind == NODE_VAR && !first->var->temporary
                            ? var_root(first->var)->name
                            : ast_text(c, &text);
    }
    call.items = items;
    if (step->place.source && !node->place.source)
        call.place = step->place;
    /* whatever the function does to its parameters, ours stay as they are */
    for (k = 0; k < count; k++)
        name_add(c, &frame, "")->value = args[k];
    c->frame = &frame;
    f = library_find(c, name); /* a script's own is called by its name only */
    c->block = &body;
    c->body = &body;
    wanted = f && f->ast->items[0]->count < SHARED_RESULTS
                 ? f->ast->items[0]->count
                 : SHARED_RESULTS;
    if (!f)
        diag_add(c->diags, DIAG_unknown_function, node->place,
                 "the library has no function %s", name);
    else if (check_call(c, f, &call, args, NULL, count, result, wanted) &&
             result->kind == VALUE_NODE)
        result->node = materialise(c, result->node, NULL);
    c->block = block;
    c->body = outer_body;
    if (c->diags->errors == 0) {
        rewrite_block(c, &body, vars,
                      result->kind == VALUE_NODE ? result->node : NULL);
        lower_block(c, &body);
    }
    c->frame = outer;
    return result->kind == VALUE_NODE && !c->diags->errors ? result->node
                                                           : NULL;
}

static struct value as_value(struct node *node)
{
    return (struct value){.kind = node->kind == NODE_NUMBER ? VALUE_NUMBER
                                                            : VALUE_NODE,
                          .number = node->number,
                          .node = node,
                          .param = PLAN_NONE,
                          .flag = PLAN_NONE,
                          .place = node->place};
}

static struct node *retiled(struct compiler *c, struct node *node,
                            struct shape grid, const struct step *step)
{
    struct value args[3];

    if (is_turned(node)) { /* what lies below it is */
        struct shape below = grid;
        struct node *inner;
        if (node->op != OP_CONJ) {
            below.tile_rows = grid.tile_cols;
            below.tile_cols = grid.tile_rows;
        }
        inner = retiled(c, node->args[0], below, step);
        return inner ? node_op(c, node->op, node->place, &inner, 1) : NULL;
    }
    args[0] = as_value(node);
    args[1] = (struct value){.kind = VALUE_NUMBER,
                             .number = grid.tile_rows,
                             .param = PLAN_NONE,
                             .flag = PLAN_NONE};
    args[2] = args[1];
    args[2].number = grid.tile_cols;
    return library_call(c, "retile", node, step, args, 3);
}

/* An argument of a library function: a var, or a transposed one. */
static struct node *argument(struct compiler *c, struct node *node,
                             struct step *step)
{
    struct node *view;
    struct var *var;

    if (node->kind == NODE_VAR)
        return node;
    if (is_turned(node)) {
        struct node *inner = argument(c, node->args[0], step);
        if (!inner)
            return NULL;
        if (inner->kind == NODE_OP) /* two that the one before left */
            return node_op(c, node->op, node->place, &inner, 1);
        view = ARENA_NEW(c->arena, struct node);
        *view = *node;
        view->args[0] = inner;
        return view;
    }
    var = lower_value(c, node, step, NULL);
    if (!var || c->diags->errors)
        return NULL;
    view = node_var(c, var, node->place);
    node_set_facts(view, node_facts(node));
    return view;
}

/* Copy without bytes, or with where the tiles are others. */
static void copy_var(struct compiler *c, struct node *from, struct var *to,
                     struct step *step)
{
    struct tile_loop outer, inner;

    if (var_root(from->var) == var_root(to))
        return;
    if (!same_grid(c, to->shape, from->var->shape)) {
        from = retiled(c, from, to->shape, step);
        if (!from)
            return;
    }
    outer = loop_open(c, step, "j", shape_tcols(c, to->shape));
    inner = loop_open(c, step, "i", shape_trows(c, to->shape));
    entry_add(c, ENTRY_ALIAS, step);
    operand_add(c, MODE_WRITE, 0, to, inner.index, outer.index);
    operand_add(c, MODE_READ, 0, from->var, inner.index, outer.index);
    loop_close(c, &inner);
    loop_close(c, &outer);
}

/* A leaf of an entrywise expression over the tiles of `shape`. */
static struct node *ewise_leaf(struct compiler *c, struct node *leaf,
                               struct shape shape, struct step *step)
{
    struct node *v = argument(c, leaf, step);
    struct shape s;

    if (!v)
        return NULL;
    s = v->shape;
    if (shape_is_scalar(c, s))
        return v;
    if ((build_is(c, s.rows, 1) || s.tile_rows == shape.tile_rows) &&
        (build_is(c, s.cols, 1) || s.tile_cols == shape.tile_cols))
        return v;
    return retiled(c, v, shape, step);
}

static int product_grids(struct compiler *c, struct value *args,
                         const struct step *step);

static int is_triangular(const struct node *node)
{
    return (node->properties & (IS_LOWER | IS_UPPER)) != 0;
}

/* A product that is a leaf of an expression of this shape, to be computed tile
 * by tile; one that is broadcast would be computed again and again, and one
 * with a triangle has a function of its own. */
static struct node *product_leaf(struct compiler *c, struct node *node,
                                 struct shape shape, struct step *step)
{
    struct node *product, *a, *b;
    struct value args[2];
    struct shape grid;

    if ((build_is(c, node->shape.rows, 1) && !build_is(c, shape.rows, 1)) ||
        (build_is(c, node->shape.cols, 1) && !build_is(c, shape.cols, 1)) ||
        ((is_triangular(node->args[0]) || is_triangular(node->args[1])) &&
         !is_gram(node)))
        return ewise_leaf(c, node, shape, step);
    a = argument(c, node->args[0], step);
    b = a ? argument(c, node->args[1], step) : NULL;
    if (!b || c->diags->errors)
        return NULL;
    grid = a->shape;
    if (!same_edge(c, grid.rows, grid.tile_rows, shape.tile_rows)) {
        grid.tile_rows = shape.tile_rows;
        a = retiled(c, a, grid, step);
    }
    grid = b->shape;
    if (!same_edge(c, grid.cols, grid.tile_cols, shape.tile_cols)) {
        grid.tile_cols = shape.tile_cols;
        b = retiled(c, b, grid, step);
    }
    if (!a || !b)
        return NULL;
    args[0] = as_value(a);
    args[1] = as_value(b);
    if (!product_grids(c, args, step))
        return NULL;
    product = ARENA_NEW(c->arena, struct node);
    *product = *node;
    product->args[0] = args[0].node;
    product->args[1] = args[1].node;
    product->shape.tile_rows = a->shape.tile_rows;
    product->shape.tile_cols = args[1].node->shape.tile_cols;
    product->lazy = 1;
    return product;
}

/* Is the result of another element type than this argument? */
static int other_type(const struct compiler *c, const struct node *node,
                      const struct node *arg)
{
    return node->type != PLAN_NONE && arg->type != PLAN_NONE &&
           type_root(c, node->type) != type_root(c, arg->type);
}

/* A product is made in the tile of the result, if that has its type. */
static int holds_product(const struct node *node)
{
    uint32_t k;

    if (node->kind == NODE_OP && node->op == OP_MATMUL)
        return 1;
    for (k = 0; is_ewise(node) && k < node->count; k++)
        if (holds_product(node->args[k]))
            return 1;
    return 0;
}

/* The tree with every leaf in a var, and without what is too long for one
 * map program. */
static struct node *ewise_ready(struct compiler *c, struct node *node,
                                struct shape shape, struct step *step)
{
    struct node *copy;
    uint32_t k;

    if (node->kind == NODE_NUMBER)
        return node;
    copy = plain_product(c, node);
    if (!copy)
        return NULL;
    if (copy->kind == NODE_OP && copy->op == OP_MATMUL)
        return product_leaf(c, copy, shape, step);
    if (copy != node)
        return ewise_ready(c, copy, shape, step);
    if (!is_ewise(node))
        return ewise_leaf(c, node, shape, step);
    copy = ARENA_NEW(c->arena, struct node);
    *copy = *node;
    for (k = 0; k < node->count; k++) {
        copy->args[k] =
            is_convert(node->args[k]) ||
                    (other_type(c, node, node->args[k]) &&
                     holds_product(node->args[k])) ||
                    (is_ewise(node->args[k]) && map_size(node->args[k]) > 24)
                ? ewise_leaf(c, node->args[k], shape, step)
                : ewise_ready(c, node->args[k], shape, step);
        if (!copy->args[k])
            return NULL;
    }
    return copy;
}

static void ewise_operand(struct compiler *c, struct node *leaf,
                          struct shape shape, uint32_t i, uint32_t j)
{
    uint32_t zero = build_int(c, 0);
    struct shape s = leaf->shape;
    uint8_t flags = 0;
    struct var *var = leaf->var;
    int turned = is_turned(leaf), flip = turned && leaf->op != OP_CONJ;

    if (turned) {
        var = leaf->args[0]->var;
        flags = leaf->op == OP_CONJ   ? OPERAND_CONJ
                : leaf->op == OP_FLIP ? OPERAND_TRANS | OPERAND_CONJ
                                      : OPERAND_TRANS;
    }
    if (shape_is_scalar(c, s) && !shape_is_scalar(c, shape)) {
        operand_add(c, MODE_READ, flags | OPERAND_SCALAR, var, zero, zero);
        return;
    }
    if (build_is(c, s.rows, 1) && !build_is(c, shape.rows, 1)) {
        flags |= OPERAND_ROW;
        i = zero;
    }
    if (build_is(c, s.cols, 1) && !build_is(c, shape.cols, 1)) {
        flags |= OPERAND_COL;
        j = zero;
    }
    if (flip)
        operand_add(c, MODE_READ, flags, var, j, i);
    else
        operand_add(c, MODE_READ, flags, var, i, j);
}

static struct var *take_result(struct compiler *c, struct node *node,
                               struct node *result, const struct value *args,
                               uint32_t count, struct var *target,
                               struct step *step);

/* An expression with products or eye(n) in it, tile by tile: what is added
 * starts a tile, products are added to it; what stands round a product reads a
 * tile of our own, given back in the same turn. */
static void lower_tiles(struct compiler *c, struct node *root,
                           struct var *target, struct step *step)
{
    struct var *to = target;
    struct tile_loop outer, inner;
    struct node *tile;

    if (target->placed || target->keep || target->same) {
        /* tiles begin as zeros; ours may be read, or hold something */
        to = var_new(c, target->name, target->shape, target->type,
                     target->place);
        to->assigned = 1;
    }
    if (c->lowering != PLAN_NONE) { /* what an earlier turn left there */
        entry_add(c, ENTRY_RELEASE, step);
        operand_add(c, MODE_READ, OPERAND_ALL, to, 0, 0);
    }
    outer = loop_open(c, step, "j", shape_tcols(c, target->shape));
    inner = loop_open(c, step, "i", shape_trows(c, target->shape));
    tile = lazy_tile(c, root, inner.index, outer.index, root->place);
    if (tile)
        tile_assign(c, step,
                    tile_of(c, node_var(c, to, target->place), inner.index,
                            outer.index, root->place),
                    tile);
    loop_close(c, &inner);
    loop_close(c, &outer);
    if (to != target && tile)
        copy_var(c, node_var(c, to, target->place), target, step);
}

/* A tree whose leaves are ready, as an argument that is not stored. */
static struct node *as_lazy(struct compiler *c, const struct node *root,
                            uint8_t properties)
{
    struct node *lazy = ARENA_NEW(c->arena, struct node);

    *lazy = *root;
    lazy->lazy = root->kind == NODE_OP && !is_view(root);
    lazy->properties = properties;
    return lazy;
}

static int has_mirrored(const struct node *node)
{
    uint32_t k;

    if (is_lazy_product(node))
        return is_mirrored(node);
    for (k = 0; is_ewise(node) && k < node->count; k++)
        if (has_mirrored(node->args[k]))
            return 1;
    return 0;
}

/* Is a tree whose leaves are ready its own transpose? */
static int is_symmetric(const struct compiler *c, const struct node *node)
{
    uint32_t k;

    if (is_ewise(node) && !keeps_conjugates(c, node))
        return 0;
    for (k = 0; is_ewise(node) && k < node->count; k++)
        if (!is_symmetric(c, node->args[k]))
            return 0;
    return is_ewise(node) || node->kind == NODE_NUMBER || is_mirrored(node) ||
           (node->properties & IS_SYMMETRIC);
}

/* One half of what is symmetric; the other half is not wanted, or is this
 * one's: functions of lib/ that read one half of their argument. */
static int lower_symmetric(struct compiler *c, struct node *node,
                           struct node *root, struct var *target,
                           struct step *step)
{
    int half = target->half && root->kind != NODE_NUMBER;
    struct node *result;
    struct value arg;

    if (shape_is_scalar(c, node->shape) ||
        !(half || (has_mirrored(root) && is_symmetric(c, root))))
        return 0;
    arg = as_value(as_lazy(c, root, node->properties));
    result = library_call(c, half ? "tril" : "mirrored", node, step, &arg, 1);
    if (result)
        take_result(c, node, result, &arg, 1, target, step);
    return 1;
}

static void lower_ewise(struct compiler *c, struct node *node,
                        struct var *target, struct step *step)
{
    struct node *root = ewise_ready(c, node, target->shape, step);
    struct map_build *m = ARENA_NEW(c->arena, struct map_build);
    struct tile_loop outer, inner;
    struct plan_entry *e;
    uint32_t map, k;
    int side;

    if (!root || lower_symmetric(c, node, root, target, step))
        return;
    if (has_lazy_product(root) || is_shifted(c, root, &side)) {
        lower_tiles(c, root, target, step);
        return;
    }
    map = map_make(c, m, root, NULL);
    if (map == PLAN_NONE) {
        diag_add(c->diags, DIAG_too_long, node->place,
                 "this expression has too many parts: give some a name");
        return;
    }
    outer = loop_open(c, step, "j", shape_tcols(c, target->shape));
    inner = loop_open(c, step, "i", shape_trows(c, target->shape));
    e = entry_add(c, ENTRY_TASK, step);
    e->kernel = KERNEL_MAP;
    e->a = map;
    operand_add(c, MODE_WRITE, 0, target, inner.index, outer.index);
    for (k = 0; k < m->leaf_count; k++)
        ewise_operand(c, m->leaves[k], target->shape, inner.index, outer.index);
    for (k = 0; k < m->arg_count; k++)
        arg_add(c, m->args[k]);
    loop_close(c, &inner);
    loop_close(c, &outer);
}

static const char *library_name(const struct compiler *c,
                                const struct node *node)
{
    if (node->op == OP_MATMUL &&
        (is_triangular(node->args[0]) || is_triangular(node->args[1])))
        return "matmul_triangular";
    if (node->op == OP_DIAG && !build_is(c, node->args[0]->shape.cols, 1))
        return "diagonal";
    return node->op == OP_MATMUL   ? "matmul"
           : node->op == OP_SOLVE  ? "solve"
           : node->op == OP_DIVIDE ? "divide"
                                   : op_table[node->op].name;
}

/* The operands of a product must share the grid of the inner size. */
static int product_grids(struct compiler *c, struct value *args,
                         const struct step *step)
{
    struct node *a = args[0].node, *b = args[1].node;
    struct shape grid = b->shape;

    if (a->shape.tile_cols == b->shape.tile_rows ||
        build_is(c, a->shape.cols, 1))
        return 1;
    grid.tile_rows = a->shape.tile_cols;
    b = retiled(c, b, grid, step);
    if (b)
        args[1] = as_value(b);
    return b != NULL;
}

/* Functions that read each tile of their argument once: it needn't be stored.
 * argmin_rows and argmax_rows read it twice, and \ where it is no chol. */
static int takes_lazy(const struct node *node)
{
    switch (node->op) {
    case OP_CHOL:
    case OP_TRIL:
    case OP_TRIU:
    case OP_SUM:
    case OP_NORM:
    case OP_MAX:
    case OP_MIN:
    case OP_ROWSUMS:
    case OP_MIN_ROWS:
    case OP_MAX_ROWS: return 1;
    case OP_SOLVE:
        return (node->args[0]->properties & ALL_SPD) == ALL_SPD &&
               !(node->args[0]->properties &
                 (IS_LOWER | IS_UPPER | IS_DIAGONAL));
    default: return 0;
    }
}

/* An argument: made now, or left to whoever reads its tiles. */
static struct node *library_argument(struct compiler *c, struct node *node,
                                     uint32_t k, struct step *step)
{
    struct node *arg = node->args[k], *root;

    if (arg->kind == NODE_NUMBER)
        return arg;
    arg = plain_product(c, arg);
    if (k || !arg || !takes_lazy(node) || shape_is_scalar(c, arg->shape) ||
        !(is_ewise(arg) || (arg->kind == NODE_OP && arg->op == OP_MATMUL)))
        return arg ? argument(c, arg, step) : NULL;
    root = ewise_ready(c, arg, arg->shape, step);
    return root ? as_lazy(c, root, node->args[k]->properties) : NULL;
}

static int same_storage(const struct node *arg, const struct var *var)
{
    if (arg->kind == NODE_NUMBER || arg->lazy)
        return 0;
    return var_root(arg->kind == NODE_VAR ? arg->var : arg->args[0]->var) ==
           var;
}

/* What a function of the library gave becomes the target, or its value. */
static struct var *take_result(struct compiler *c, struct node *node,
                               struct node *result, const struct value *args,
                               uint32_t count, struct var *target,
                               struct step *step)
{
    uint32_t k;
    int own = 1;

    if (!result)
        return target;
    if (result->kind != NODE_VAR) { /* a view: form it */
        struct var *formed =
            target ? target
                   : var_new(c, "temp", node->shape, node->type, node->place);
        return lower_value(c, result, step, formed);
    }
    type_join(c, node->type, result->type);
    if (!target)
        return var_root(result->var);
    for (k = 0; k < count; k++) /* an argument itself is not the result's */
        own &= !same_storage(args[k].node, var_root(result->var));
    if (own && !target->placed && !target->same &&
        result->var->kind == MATRIX_TEMP &&
        same_grid(c, target->shape, result->var->shape) &&
        var_root(result->var) != target) {
        struct var *root = var_root(result->var);
        root->name = target->name; /* two that are one */
        root->place = target->place;
        root->keep |= target->keep;
        if (root->placed) {
            struct plan_matrix *m = &c->plan->matrices.items[root->matrix];
            m->name = build_string(c, root->name);
            m->place = build_place(c, root->place, PLAN_NONE);
            c->homes.items[root->matrix] = root->keep ? PLAN_NONE : c->lowering;
        }
        target->same = root;
        return root;
    }
    copy_var(c, result, target, step);
    return target;
}

static struct var *lower_library(struct compiler *c, struct node *node,
                                 struct var *target, struct step *step)
{
    struct value args[6];
    struct node *result;
    uint32_t k, count = node->count;

    for (k = 0; k < count; k++) {
        struct node *arg = library_argument(c, node, k, step);
        if (!arg || c->diags->errors)
            return target;
        args[k] = as_value(arg);
    }
    if (node->op == OP_RETILE) {
        result = retiled(c, args[0].node, node->shape, step);
    } else {
        if (node->op == OP_MATMUL && !product_grids(c, args, step))
            return target;
        result =
            library_call(c, library_name(c, node), node, step, args, count);
    }
    return take_result(c, node, result, args, count, target, step);
}

/* A' that must lie in memory. */
static void lower_transpose(struct compiler *c, struct node *node,
                            struct var *target, struct step *step)
{
    struct node *arg = argument(c, node->args[0], step), *view;

    if (!arg)
        return;
    view = ARENA_NEW(c->arena, struct node);
    *view = *node;
    view->args[0] = arg;
    if (arg->kind == NODE_VAR && var_root(arg->var) == var_root(target)) {
        /* A = A': no tile is written before it has been read */
        struct var *aside = lower_value(c, view, step, NULL);
        copy_var(c, node_var(c, aside, node->place), target, step);
        return;
    }
    lower_ewise(c, view, target, step);
}

struct var *lower_value(struct compiler *c, struct node *node,
                        struct step *step, struct var *target)
{
    int mirrored;

    node = plain_product(c, node);
    if (!node)
        return target;
    if (!target && node->kind == NODE_VAR)
        return var_root(node->var);
    mirrored =
        is_mirrored(node) && !shape_is_scalar(c, node->shape) && !node->tile;
    if (!mirrored && node->kind == NODE_OP &&
        (op_table[node->op].kind == CLASS_LIBRARY ||
         op_table[node->op].kind == CLASS_REDUCE) &&
        !is_turned(node))
        return lower_library(c, node, target, step);
    if (!target) {
        target = var_new(c, "temp", node->shape,
                         node->type == PLAN_NONE ? type_new(c, 0) : node->type,
                         node->place);
        target->temporary = 1;
    }
    target->assigned = 1;
    if (node->kind == NODE_VAR)
        copy_var(c, node, target, step);
    else if (is_turned(node) && node->op != OP_CONJ)
        lower_transpose(c, node, target, step);
    else
        lower_ewise(c, node, target, step);
    return target;
}

/* ---- steps
 * ------------------------------------------------------------------------- */

static void lower_let(struct compiler *c, struct step *step)
{
    if (var_root(step->var)->placed || step->var->same)
        lower_value(c, step->node, step, var_root(step->var));
    else
        lower_value(c, step->node, step, step->var);
}

static void body(struct compiler *c, uint32_t entry, struct block *block)
{
    uint32_t outer = c->lowering, shared = c->shared.count;

    c->lowering = entry;
    lower_block(c, block);
    c->lowering = outer;
    c->shared.count = shared;
    entry_close(c, entry);
}

static void lower_for(struct compiler *c, struct step *step)
{
    uint32_t entry = c->plan->entries.count;
    struct plan_entry *e = entry_add(c, ENTRY_LOOP, step);

    e->a = step->slot;
    e->b = step->low;
    e->c = step->high;
    e->d = step->step;
    body(c, entry, step->body);
}

static void lower_if(struct compiler *c, struct step *step)
{
    uint32_t entry = c->plan->entries.count;

    entry_add(c, ENTRY_IF, step)->a = step->number;
    body(c, entry, step->body);
    if (!step->other || !step->other->steps.count)
        return;
    entry = c->plan->entries.count;
    entry_add(c, ENTRY_ELSE, step);
    body(c, entry, step->other);
}

/* Texts and numbers of a print or assert; computed ones become operands of
 * the entry that the caller adds behind. */
static uint32_t lower_parts(struct compiler *c, struct step *step,
                            struct var **operands, uint32_t first,
                            uint32_t *count, uint32_t *args,
                            uint32_t *arg_count)
{
    struct plan_part parts[128];
    uint32_t k, n = 0;
    uint32_t space = build_string(c, " ");

    for (k = 0; k < step->part_count && n < 126; k++) {
        struct value *v = &step->parts[k].value;
        if (k)
            parts[n++] = (struct plan_part){PART_STRING, space};
        if (v->kind == VALUE_TEXT && v->param == PLAN_NONE) {
            parts[n++] =
                (struct plan_part){PART_STRING, build_string(c, v->text)};
        } else if (v->kind == VALUE_TEXT) {
            parts[n++] = (struct plan_part){PART_PARAM, v->param};
        } else if (v->kind == VALUE_NUMBER) {
            parts[n++] = (struct plan_part){PART_EXPR, v->number};
            if (c->plan->exprs.items[v->number].op > EXPR_TRUTH)
                args[(*arg_count)++] = v->number; /* its faults are ours */
        } else {
            operands[*count] = lower_value(c, v->node, step, NULL);
            parts[n++] = (struct plan_part){PART_OPERAND, first + (*count)++};
        }
    }
    return build_text(c, parts, n);
}

static void lower_effect(struct compiler *c, struct step *step)
{
    struct var *operands[64];
    uint32_t args[64], count = 0, arg_count = 0, text, k;
    uint32_t zero = build_int(c, 0);
    struct plan_entry *e;

    if (step->part_count > 60) {
        diag_add(c->diags, DIAG_argument, step->place,
                 "too many things to print at once");
        return;
    }
    if (step->kind == STEP_ASSERT && step->node)
        operands[count++] = lower_value(c, step->node, step, NULL);
    text = lower_parts(c, step, operands, 0, &count, args, &arg_count);
    if (c->diags->errors)
        return;
    if (step->kind == STEP_ASSERT && !step->node) {
        e = entry_add(c, ENTRY_ASSERT, step);
        e->a = step->number;
        e->b = text;
        if (count)
            diag_add(c->diags, DIAG_unsupported, step->place,
                     "the message of a test that is known without data has "
                     "no computed numbers yet");
        return;
    }
    e = entry_add(c, ENTRY_TASK, step);
    e->kernel = step->kind == STEP_PRINT ? KERNEL_PRINT : KERNEL_CHECK;
    e->b = text;
    for (k = 0; k < count; k++)
        operand_add(c, MODE_READ, 0, operands[k], zero, zero);
    for (k = 0; k < arg_count; k++)
        arg_add(c, args[k]);
}

static void lower_store(struct compiler *c, struct step *step)
{
    struct var *var = lower_value(c, step->node, step, NULL);
    struct tile_loop outer, inner;

    if (c->diags->errors)
        return;
    c->plan->outputs.items[step->output].matrix = var_matrix(c, var);
    outer = loop_open(c, step, "j", shape_tcols(c, var->shape));
    inner = loop_open(c, step, "i", shape_trows(c, var->shape));
    entry_add(c, ENTRY_TASK, step)->kernel = KERNEL_STORE;
    operand_add(c, MODE_READ, 0, var, inner.index, outer.index);
    arg_add(c, build_int(c, step->output));
    arg_add(c, inner.index);
    arg_add(c, outer.index);
    loop_close(c, &inner);
    loop_close(c, &outer);
}

static void lower_fetch(struct compiler *c, struct step *step)
{
    struct var *var = lower_value(c, step->node, step, NULL);
    uint32_t zero = build_int(c, 0);

    entry_add(c, ENTRY_FETCH, step)->a = step->slot;
    operand_add(c, MODE_READ, 0, var, zero, zero);
}

/* The solves that it is for find it in c->shared. */
static void lower_factor(struct compiler *c, struct step *step)
{
    struct value arg = as_value(step->node);

    library_call(c, "lu_packed", step->node, step, &arg, 1);
}

static void lower_step(struct compiler *c, struct step *step)
{
    struct plan_entry *e;
    uint32_t entry;

    switch (step->kind) {
    case STEP_LET: lower_let(c, step); break;
    case STEP_FRESH:
        var_matrix(c, step->var);
        if (c->lowering != PLAN_NONE) {
            entry_add(c, ENTRY_RELEASE, step);
            operand_add(c, MODE_READ, OPERAND_ALL, step->var, 0, 0);
        }
        break;
    case STEP_TILE:
    case STEP_TILES: lower_tile(c, step); break;
    case STEP_FOR: lower_for(c, step); break;
    case STEP_IF: lower_if(c, step); break;
    case STEP_REPEAT:
        entry = c->plan->entries.count;
        entry_add(c, ENTRY_REPEAT, step);
        body(c, entry, step->body);
        break;
    case STEP_BREAK:
    case STEP_CONTINUE:
        e = entry_add(
            c, step->kind == STEP_BREAK ? ENTRY_BREAK : ENTRY_CONTINUE, step);
        e->a = step->levels;
        break;
    case STEP_SET:
        e = entry_add(c, ENTRY_SET, step);
        e->a = step->slot;
        e->b = step->number;
        break;
    case STEP_FETCH: lower_fetch(c, step); break;
    case STEP_FACTOR: lower_factor(c, step); break;
    case STEP_PRINT:
    case STEP_ASSERT: lower_effect(c, step); break;
    case STEP_STORE: lower_store(c, step); break;
    }
}

void lower_block(struct compiler *c, struct block *block)
{
    uint32_t k;

    for (k = 0; k < block->steps.count && c->diags->errors == 0; k++)
        lower_step(c, block->steps.items[k]);
}
