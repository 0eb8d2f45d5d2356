/* Names of a script or function, functions, and the library's texts. */
#include "compiler/model.h"
#include "lib/texts.h"

#include <stdlib.h>

enum { NAMES_FEW = 8 }; /* are searched one by one */

struct name *name_own(struct compiler *c, uint32_t k)
{
    struct frame *frame = c->frame;
    struct name *name = frame->names.items[k];

    if (name->stamp != frame->stamp) {
        struct name *copy = ARENA_NEW(c->arena, struct name);
        *copy = *name;
        copy->stamp = frame->stamp;
        frame->names.items[k] = name = copy;
    }
    return name;
}

uint32_t name_number(struct compiler *c, const char *text)
{
    struct frame *frame = c->frame;
    const uint32_t *known;
    uint32_t k, count = frame->names.count;

    if (count <= NAMES_FEW) {
        for (k = 0; k < count; k++)
            if (!strcmp(frame->names.items[k]->text, text))
                return k;
        return PLAN_NONE;
    }
    for (; frame->indexed < count; frame->indexed++)
        table_put(c->arena, &frame->index,
                  frame->names.items[frame->indexed]->text, frame->indexed);
    known = table_find(&frame->index, text);
    return known && *known < count &&
                   !strcmp(frame->names.items[*known]->text, text)
               ? *known
               : PLAN_NONE;
}

struct name *name_find(struct compiler *c, const char *text)
{
    uint32_t k = name_number(c, text);

    return k == PLAN_NONE ? NULL : name_own(c, k);
}

/* Mostly the frames have been one and have the same names first. */
void names_copy(struct compiler *c, struct frame *to, struct frame *from)
{
    uint32_t k, count = from->names.count;

    if (to->names.space < count) {
        names_drop(c, to);
        for (k = c->spare.count; k > 0; k--) /* the last is in the cache */
            if (c->spare.items[k - 1].space >= count)
                break;
        if (k > 0) {
            to->names.items = c->spare.items[k - 1].items;
            to->names.space = c->spare.items[k - 1].space;
            c->spare.items[k - 1] = c->spare.items[--c->spare.count];
        } else {
            to->names.space = count + count / 2 + 8;
            to->names.items =
                arena_array(c->arena, to->names.space, sizeof *to->names.items);
        }
    }
    for (k = 0; k < to->indexed && k < count; k++)
        if (to->names.items[k] != from->names.items[k] &&
            to->names.items[k]->text != from->names.items[k]->text)
            break;
    to->indexed = k;
    if (count)
        memcpy(to->names.items, from->names.items,
               count * sizeof *to->names.items);
    to->names.count = count;
    to->stamp = from->stamp = ++c->stamps;
}

void names_drop(struct compiler *c, struct frame *frame)
{
    struct spare_names spare = {frame->names.items, frame->names.space};

    if (spare.space)
        vec_push(c->arena, &c->spare, spare);
    frame->names.items = NULL;
    frame->names.count = frame->names.space = frame->indexed = 0;
}

struct name *name_add(struct compiler *c, struct frame *frame,
                      const char *text)
{
    struct name *name = ARENA_NEW(c->arena, struct name);

    name->text = text;
    name->stamp = frame->stamp;
    vec_push(c->arena, &frame->names, name);
    return name;
}

struct name *name_set(struct compiler *c, const char *text, struct value value)
{
    struct name *name = name_find(c, text);

    if (!name)
        name = name_add(c, c->frame, text);
    name->value = value;
    return name;
}

void functions_add(struct compiler *c, const struct ast *program, int library)
{
    uint32_t k;

    for (k = 0; k < program->count; k++) {
        const struct ast *f = program->items[k];
        int twice;
        if (!f || f->kind != AST_FUNCTION)
            continue;
        twice = table_find(&c->known[library], f->name) != NULL;
        if (twice && !library) {
            diag_add(c->diags, DIAG_function_twice, f->at,
                     "function %s is defined twice", f->name);
            continue;
        }
        vec_push(c->arena, &c->functions,
                 (struct function){f->name, f, library, f->name, 0});
        if (!twice)
            table_put(c->arena, &c->known[library], f->name,
                      c->functions.count - 1);
    }
}

static struct function *function_known(struct compiler *c, const char *name,
                                       int library)
{
    const uint32_t *known = table_find(&c->known[library], name);

    return known ? &c->functions.items[*known] : NULL;
}

static char *file_text(struct compiler *c, const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    char *text;
    long end;

    if (!in)
        return NULL;
    if (fseek(in, 0, SEEK_END) || (end = ftell(in)) < 0 ||
        fseek(in, 0, SEEK_SET) || end > 10000000) {
        fclose(in);
        return NULL;
    }
    text = arena_alloc(c->arena, (size_t)end + 1);
    *size = fread(text, 1, (size_t)end, in);
    fclose(in);
    return text;
}

/* The library's text of a function lies in the file of its name. */
static struct source *library_source(struct compiler *c, const char *name)
{
    struct source *source = ARENA_NEW(c->arena, struct source);
    const struct library_text *t;
    size_t length = strlen(name);

    source->library = 1;
    source->name = arena_printf(c->arena, "lib/%s.tm", name);
    if (c->options && c->options->library) {
        source->text = file_text(
            c, arena_printf(c->arena, "%s/%s.tm", c->options->library, name),
            &source->size);
        return source->text ? source : NULL;
    }
    for (t = library_texts; t->name; t++)
        if (!strncmp(t->name, name, length) &&
            !strcmp(t->name + length, ".tm")) {
            source->text = t->text;
            source->size = strlen(t->text);
            return source;
        }
    return NULL;
}

struct function *function_find(struct compiler *c, const char *name)
{
    struct function *f = NULL;

    /* the library calls the library's own, the script its replacements */
    if (!c->frame->function || !c->frame->function->library)
        f = function_known(c, name, 0);
    return f ? f : library_find(c, name);
}

struct function *library_find(struct compiler *c, const char *name)
{
    struct function *f = function_known(c, name, 1);
    struct source *source;

    if (!f && (source = library_source(c, name)) != NULL) {
        functions_add(c, ast_parse(c->arena, c->diags, source), 1);
        f = function_known(c, name, 1);
    }
    return f;
}

struct function *function_form(struct compiler *c, const char *name,
                               uint32_t results, uint32_t args)
{
    static const struct {
        const char *name;
        uint32_t results, args;
        const char *form;
        int column;
    } forms[] = {
#define FORM(NAME, RESULTS, ARGS, FORM, COLUMN)                                \
    {NAME, RESULTS, ARGS, FORM, COLUMN},
#include "compiler/forms.def"
#undef FORM
    };
    struct function *f;
    size_t k;

    for (k = 0; k < sizeof forms / sizeof *forms; k++) {
        if (strcmp(forms[k].name, name) != 0 ||
            (forms[k].results && forms[k].results != results) ||
            (forms[k].args && forms[k].args != args))
            continue;
        f = function_find(c, name);
        if (!f || !f->library)
            return NULL;
        f = library_find(c, forms[k].form);
        if (f) {
            f->shown = name;
            f->column = forms[k].column;
        }
        return f;
    }
    return NULL;
}

const char *name_suggest(struct compiler *c, const char *name)
{
    VEC(const char *) names = {0};
    const struct library_text *t;
    const char *near;
    uint32_t k;

    for (k = 0; k < c->frame->names.count; k++)
        if (c->frame->names.items[k]->value.kind != VALUE_NONE)
            vec_push(c->arena, &names, c->frame->names.items[k]->text);
    for (k = 0; k < c->functions.count; k++)
        vec_push(c->arena, &names, c->functions.items[k].name);
    for (k = 0; k < OP_COUNT; k++)
        if (op_table[k].name[0] >= 'a' && op_table[k].name[0] <= 'z')
            vec_push(c->arena, &names, op_table[k].name);
    for (t = library_texts; t->name; t++)
        vec_push(c->arena, &names,
                 arena_text(c->arena, t->name, strlen(t->name) - 3));
    near = diag_nearest(name, names.items, names.count);
    for (k = 0; !near && k < OP_COUNT; k++) { /* cholesky: chol */
        size_t length = strlen(op_table[k].name);
        if (length > 2 && !strncmp(name, op_table[k].name, length))
            near = op_table[k].name;
    }
    return near;
}
