/* Values of names, nodes of expressions, vars: making them, and sharing.
 *
 * Names share a var until one of them changes its tiles: var_own() then gives
 * that name a var of its own (without bytes: tiles change hands). */
#include "compiler/check.h"

struct value value_number(uint32_t number, struct place place)
{
    return (struct value){.kind = VALUE_NUMBER,
                          .number = number,
                          .param = PLAN_NONE,
                          .flag = PLAN_NONE,
                          .place = place};
}

struct value value_node(struct node *node)
{
    return (struct value){.kind = node ? VALUE_NODE : VALUE_NONE,
                          .node = node,
                          .param = PLAN_NONE,
                          .flag = PLAN_NONE,
                          .place = node ? node->place : (struct place){0}};
}

struct var *var_root(struct var *var)
{
    while (var->same)
        var = var->same;
    return var;
}

struct var *var_new(struct compiler *c, const char *name, struct shape shape,
                    uint32_t type, struct place place)
{
    struct var *var = ARENA_NEW(c->arena, struct var);

    var->name = name;
    var->shape = shape;
    var->type = type;
    var->kind = MATRIX_TEMP;
    var->input = var->arg = var->seed = PLAN_NONE;
    var->place = place;
    vec_push(c->arena, &c->vars, var);
    return var;
}

struct node *node_var(struct compiler *c, struct var *var, struct place place)
{
    struct node *node = ARENA_NEW(c->arena, struct node);

    node->kind = NODE_VAR;
    node->var = var;
    node->shape = var->shape;
    node->type = var->type;
    node->properties = var->properties;
    node->maybe = var->maybe;
    node->test = var->test;
    node->place = place;
    return node;
}

struct shape scalar_shape(struct compiler *c)
{
    uint32_t one = build_int(c, 1);

    return (struct shape){one, one, c->tile_rows, c->tile_cols};
}

struct node *node_of(struct compiler *c, struct value value, struct place place)
{
    struct node *node;

    if (value.kind == VALUE_NODE)
        return value.node;
    if (value.kind != VALUE_NUMBER)
        return NULL;
    node = ARENA_NEW(c->arena, struct node);
    node->kind = NODE_NUMBER;
    node->number = value.number;
    node->shape = scalar_shape(c);
    node->type = PLAN_NONE;
    node->place = place;
    return node;
}

const char *ast_text(struct compiler *c, const struct ast *ast)
{
    const struct place *p = &ast->place;
    size_t length = p->end - p->begin;
    const char *text, *line;

    if (!p->source || length == 0)
        return "";
    text = p->source->text + p->begin;
    line = memchr(text, '\n', length);
    if (line)
        length = (size_t)(line - text);
    if (length > 40)
        return arena_printf(c->arena, "%.37s...", text);
    if (line)
        return arena_printf(c->arena, "%.*s...", (int)length, text);
    return arena_text(c->arena, text, length);
}

const char *node_inferred(struct compiler *c, const struct node *node,
                          uint8_t properties)
{
    const struct var *var = node->kind == NODE_VAR ? node->var : NULL;
    struct ast at;

    if (!var || var->temporary || !var->as.source || var->as.source->library ||
        !(node->properties & properties) || (var->declared & properties))
        return NULL;
    at = (struct ast){.place = var->as};
    return arena_printf(
        c->arena, "%s (line %u)", ast_text(c, &at),
        source_line_column(var->as.source, var->as.begin).line);
}

/* What messages call an operand: its text, and "a 3 x 4 matrix" is added. */
const char *node_shown(struct compiler *c, const struct node *node)
{
    if (node->kind == NODE_VAR && !node->var->temporary &&
        (!node->place.source || node->place.source->library))
        return var_root(node->var)->name;
    if (node->place.source) {
        struct ast at = {.place = node->place};
        return ast_text(c, &at);
    }
    return "the matrix";
}

/* ---- steps and vars ------------------------------------------------- */

struct step *step_new(struct compiler *c, enum step_kind kind,
                      struct place place)
{
    struct step *step = ARENA_NEW(c->arena, struct step);

    step->kind = kind;
    step->place = place;
    step->call = c->frame->call;
    step->subject = c->frame->subject;
    step->number = step->slot = step->low = step->high = step->step = PLAN_NONE;
    vec_push(c->arena, &c->block->steps, step);
    return step;
}

struct value value_none(void)
{
    return (struct value){
        .kind = VALUE_NONE, .param = PLAN_NONE, .flag = PLAN_NONE};
}

/* ---- values in vars
 * ---------------------------------------------------------- */

struct node *var_let(struct compiler *c, struct var *var, struct node *node,
                     struct place place)
{
    struct step *step = step_new(c, STEP_LET, place);

    step->var = var;
    step->node = node;
    var->assigned = 1;
    if (node->type != PLAN_NONE) /* where they differ, that was said */
        type_join(c, var->type, node->type);
    return node_var(c, var, place);
}

uint32_t node_type(struct compiler *c, const struct node *node)
{
    return node->type == PLAN_NONE ? type_new(c, 0) : node->type;
}

struct node *var_fresh(struct compiler *c, struct node *node, const char *name)
{
    struct var *var = var_new(c, name ? name : "temp", node->shape,
                              node_type(c, node), node->place);

    var->properties = node->properties;
    var->maybe = node->maybe;
    var->test = node->test;
    var->temporary = name == NULL;
    if (name)
        var->as = node->place;
    return var_let(c, var, node, node->place);
}

int is_view(const struct node *node)
{
    return node->kind == NODE_VAR ||
           (is_turned(node) && node->args[0]->kind == NODE_VAR);
}

struct node *materialise(struct compiler *c, struct node *node,
                         const char *name)
{
    return is_view(node) || node->lazy ? node : var_fresh(c, node, name);
}

const struct var *view_var(const struct value *value)
{
    if (value->kind != VALUE_NODE)
        return NULL;
    return value->node->kind == NODE_VAR ? value->node->var
           : is_view(value->node)        ? value->node->args[0]->var
                                         : NULL;
}

/* Does a name other than this one hold the var? */
static int var_shared(const struct compiler *c, const struct name *own,
                      const struct var *var)
{
    const struct frame *f;
    const struct loop *l;
    uint32_t k;

    for (f = c->frame; f; f = f->caller)
        for (k = 0; k < f->names.count; k++)
            if (f->names.items[k] != own &&
                view_var(&f->names.items[k]->value) == var)
                return 1;
    for (l = c->loop; l; l = l->outer)
        for (k = 0; k < l->carried.count; k++)
            if (view_var(&l->carried.items[k].head) == var &&
                strcmp(l->carried.items[k].name, own->text))
                return 1;
    return 0;
}

/* Make the name's matrix its own, so that its tiles may be assigned. */
struct var *var_own(struct compiler *c, struct name *name, struct place place)
{
    struct node *node = name->value.node;
    uint8_t declared;

    if (node->kind == NODE_VAR && node->var->kind == MATRIX_TEMP &&
        !var_shared(c, name, node->var))
        return node->var;
    declared = node->kind == NODE_VAR ? node->var->declared : 0;
    node = var_fresh(c, node, name->text);
    node->var->declared = declared;
    node->var->place = place;
    name->value.node = node;
    return node->var;
}

int tile_same(const struct node *a, const struct node *b)
{
    return a->kind == NODE_TILE && b->kind == NODE_TILE && a->var == b->var &&
           a->i == b->i && a->j == b->j && a->i_end == b->i_end &&
           a->j_end == b->j_end && a->trans == b->trans &&
           a->conj == b->conj && a->run == b->run;
}
