/* Names that a script or function assigns and never reads.
 *
 * Found in the tree: every mention of a name reads it, except as what is
 * assigned; x += 1 alone does not read x. */
#include "compiler/check.h"

#include <stdlib.h>

struct mentions {
    VEC(const char *) reads;
    VEC(const struct ast *) writes; /* first assignments, in order */
};

static void collect(struct compiler *c, const struct ast *ast,
                    struct mentions *m);

static void collect_all(struct compiler *c, const struct ast *ast,
                        uint32_t first, struct mentions *m)
{
    uint32_t k;

    for (k = first; k < ast->count; k++)
        if (ast->items[k])
            collect(c, ast->items[k], m);
}

static void target(struct compiler *c, const struct ast *ast,
                   struct mentions *m)
{
    uint32_t k;

    switch (ast->kind) {
    case AST_NAME:
        if (strcmp(ast->name, "_") != 0)
            vec_push(c->arena, &m->writes, ast);
        return;
    case AST_TILE: collect_all(c, ast, 1, m); return;
    case AST_CALL: collect_all(c, ast, 0, m); return;
    case AST_MATRIX:
    case AST_LIST:
        for (k = 0; k < ast->count; k++)
            if (ast->items[k])
                target(c, ast->items[k], m);
        return;
    default: return;
    }
}

static void collect(struct compiler *c, const struct ast *ast,
                    struct mentions *m)
{
    switch (ast->kind) {
    case AST_FUNCTION: return; /* has names of its own */
    case AST_ASSIGN:
        target(c, ast->items[0], m);
        collect(c, ast->items[1], m);
        return;
    case AST_NAME:
    case AST_CALL: vec_push(c->arena, &m->reads, ast->name); break;
    default: break;
    }
    collect_all(c, ast, 0, m);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void warn(struct compiler *c, struct mentions *m)
{
    uint32_t k;

    if (m->reads.count)
        qsort(m->reads.items, m->reads.count, sizeof *m->reads.items, by_text);
    for (k = 0; k < m->writes.count; k++) {
        const struct ast *w = m->writes.items[k];
        if (m->reads.count && bsearch(&w->name, m->reads.items, m->reads.count,
                                      sizeof *m->reads.items, by_text))
            continue;
        diag_add(c->diags, DIAG_unused, w->place,
                 "%s is assigned and never read", w->name);
        vec_push(c->arena, &m->reads, w->name); /* say it once */
        qsort(m->reads.items, m->reads.count, sizeof *m->reads.items, by_text);
    }
}

void warn_unused(struct compiler *c, const struct ast *program)
{
    struct mentions script = {0};
    uint32_t k, n;

    collect_all(c, program, 0, &script);
    warn(c, &script);
    for (k = 0; k < program->count; k++) {
        const struct ast *f = program->items[k];
        struct mentions inside = {0};
        if (!f || f->kind != AST_FUNCTION)
            continue;
        for (n = 0; n < f->items[0]->count; n++)
            vec_push(c->arena, &inside.reads, f->items[0]->items[n]->name);
        for (n = 0; n < f->items[1]->count; n++)
            vec_push(c->arena, &inside.reads, f->items[1]->items[n]->name);
        collect_all(c, f->items[2], 0, &inside);
        warn(c, &inside);
    }
}
