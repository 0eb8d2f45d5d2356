/* Warnings about names, found in the tree when all else is done: whatever the
 * compiler does with a loop's body, each is told once.
 *
 * A name that a script or function assigns and nowhere reads; one that is an
 * inverse and serves for one product. */
#include "compiler/check.h"

struct use {
    const char *name;
    struct place place; /* where it was assigned first; source NULL: nowhere */
    uint8_t several;    /* one result of several */
    uint32_t depth;     /* loops around its assignment */
    uint32_t assignments; /* of any part */
    uint32_t reads;
    const struct ast *inverse; /* inv(A) that was assigned */
    const struct ast *product; /* in which it was read, outside of further
                                * loops */
};

struct uses { /* a hash table; order has the slots as they were filled */
    struct arena *arena;
    struct use *items;
    uint32_t size; /* a power of two */
    VEC(uint32_t) order;
    uint32_t depth; /* loops that are open */
};

static uint32_t hash(const char *text)
{
    uint32_t h = 2166136261u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

static struct use *find(struct uses *u, const char *name)
{
    uint32_t at = hash(name) & (u->size - 1);

    while (u->items[at].name && strcmp(u->items[at].name, name) != 0)
        at = (at + 1) & (u->size - 1);
    return &u->items[at];
}

static struct use *get(struct uses *u, const char *name)
{
    struct uses old = *u;
    struct use *use;
    uint32_t k;

    if (2 * (u->order.count + 1) > u->size) {
        u->size = u->size ? 2 * u->size : 64;
        u->items = arena_array(u->arena, u->size, sizeof *u->items);
        for (k = 0; k < u->order.count; k++) {
            use = find(u, old.items[u->order.items[k]].name);
            *use = old.items[u->order.items[k]];
            u->order.items[k] = (uint32_t)(use - u->items);
        }
    }
    use = find(u, name);
    if (!use->name) {
        use->name = name;
        vec_push(u->arena, &u->order, (uint32_t)(use - u->items));
    }
    return use;
}

static void walk(struct uses *u, const struct ast *ast);

static void walk_items(struct uses *u, const struct ast *ast, uint32_t first)
{
    uint32_t k;

    for (k = first; k < ast->count; k++)
        if (ast->items[k])
            walk(u, ast->items[k]);
}

/* The left side of an assignment: C, C[i,j], C(i, :). */
static void target(struct uses *u, const struct ast *ast,
                   const struct ast *right, int several)
{
    const struct ast *base = ast->kind == AST_TILE ? ast->items[0] : ast;
    struct use *use;

    if (base->kind == AST_NAME || base->kind == AST_CALL) {
        use = get(u, base->name);
        if (!use->assignments++) {
            use->place = base->at;
            use->several = several && ast->kind == AST_NAME;
            use->depth = u->depth;
            use->inverse = right;
        }
    }
    if (ast->kind != AST_NAME)
        walk_items(u, ast, ast->kind == AST_TILE);
}

static void assignment(struct uses *u, const struct ast *ast)
{
    const struct ast *left = ast->items[0];
    uint32_t k;

    if (left->kind == AST_MATRIX)
        for (k = 0; k < left->items[0]->count; k++)
            target(u, left->items[0]->items[k], NULL, 1);
    else
        target(u, left, left->kind == AST_NAME ? ast->items[1] : NULL, 0);
    walk_items(u, ast, 1);
}

static void factors(struct uses *u, const struct ast *product)
{
    uint32_t k;

    for (k = 0; k < 2; k++)
        if (product->items[k]->kind == AST_NAME) {
            struct use *use = get(u, product->items[k]->name);
            if (u->depth == use->depth)
                use->product = product;
        }
}

static void walk(struct uses *u, const struct ast *ast)
{
    int loop = ast->kind == AST_FOR || ast->kind == AST_WHILE ||
               ast->kind == AST_REPEAT;

    switch (ast->kind) {
    case AST_FUNCTION: return; /* has names of its own */
    case AST_NAME:
    case AST_CALL:
    case AST_ASSUME: get(u, ast->name)->reads++; break;
    case AST_ASSIGN: assignment(u, ast); return;
    default: break;
    }
    if (ast->kind == AST_CALL && ast->count == 2 && !strcmp(ast->name, "*"))
        factors(u, ast);
    u->depth += loop;
    walk_items(u, ast, 0);
    u->depth -= loop;
}

int calls_inverse(struct compiler *c, const struct ast *ast)
{
    struct function *f;

    if (ast->kind != AST_CALL || ast->count != 1 ||
        strcmp(ast->name, "inv") != 0 || name_find(c, "inv"))
        return 0;
    f = function_find(c, "inv");
    return f && f->library;
}

/* x = inv(A), read once, in a product. */
static void warn_inverse(struct compiler *c, const struct use *use)
{
    const struct ast *product = use->product;
    int right;
    uint32_t k;

    if (use->assignments != 1 || use->reads != 1 || !product || !use->inverse ||
        !calls_inverse(c, use->inverse))
        return;
    for (k = 0; k < c->products.count && c->products.items[k] != product;)
        k++;
    if (k == c->products.count)
        return; /* with a number */
    right = product->items[0]->kind != AST_NAME ||
            strcmp(product->items[0]->name, use->name) != 0;
    diag_add(c->diags, DIAG_inverse, product->place,
             right ? "b * %s is more work and less accurate than b / A"
                   : "%s * b is more work and less accurate than A \\ b",
             use->name);
    diag_note(c->diags, use->place, "%s is an inverse, and used nowhere else",
              use->name);
}

static void warn(struct compiler *c, const struct uses *u)
{
    uint32_t k;

    for (k = 0; k < u->order.count; k++) {
        const struct use *use = &u->items[u->order.items[k]];
        warn_inverse(c, use);
        if (use->reads || !use->assignments || use->name[0] == '_')
            continue;
        diag_add(c->diags, DIAG_unused, use->place,
                 "%s is assigned and nowhere used", use->name);
        if (use->several)
            diag_note(c->diags, use->place,
                      "_ stands for a result that is not wanted");
    }
}

void warn_unused(struct compiler *c, const struct ast *program)
{
    struct uses script = {.arena = c->arena};
    uint32_t k;

    walk(&script, program);
    warn(c, &script);
    for (k = 0; k < program->count; k++) {
        const struct ast *f = program->items[k];
        struct uses own = {.arena = c->arena};
        if (!f || f->kind != AST_FUNCTION)
            continue;
        walk_items(&own, f, 0); /* its results are read there */
        warn(c, &own);
    }
}
