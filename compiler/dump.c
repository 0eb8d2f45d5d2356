/* tmc --emit=expr and --emit=graph: steps as text, with shapes. */
#include "compiler/model.h"

static void dump_number(FILE *out, struct compiler *c, uint32_t number)
{
    plan_print_expr(out, c->plan, number);
}

static void dump_node(FILE *out, struct compiler *c, const struct node *node)
{
    uint32_t k;

    if (!node) {
        fputc('?', out);
        return;
    }
    switch (node->kind) {
    case NODE_NUMBER: dump_number(out, c, node->number); return;
    case NODE_VAR: fputs(var_root(node->var)->name, out); return;
    case NODE_TILE:
        fprintf(out, "%s[", var_root(node->var)->name);
        dump_number(out, c, node->i);
        if (node->run) {
            fputs("..", out);
            dump_number(out, c, node->i_end);
        }
        fputc(',', out);
        dump_number(out, c, node->j);
        if (node->run) {
            fputs("..", out);
            dump_number(out, c, node->j_end);
        }
        fputs(node->trans ? (node->conj ? "]'" : "].'") : "]", out);
        if (node->conj && !node->trans)
            fputs(":conj", out);
        return;
    case NODE_OP:
        fprintf(out, "(%s", op_table[node->op].name);
        for (k = 0; k < node->count; k++) {
            fputc(' ', out);
            dump_node(out, c, node->args[k]);
        }
        fputc(')', out);
        return;
    }
}

static void dump_shape(FILE *out, struct compiler *c, struct shape shape)
{
    fprintf(out, "  # %s", shape_show(c, shape));
}

static void dump_parts(FILE *out, struct compiler *c, const struct step *s)
{
    uint32_t k;

    for (k = 0; k < s->part_count; k++) {
        const struct value *v = &s->parts[k].value;
        fputc(' ', out);
        if (v->kind == VALUE_TEXT)
            fprintf(out, "\"%s\"", v->text);
        else if (v->kind == VALUE_NUMBER)
            dump_number(out, c, v->number);
        else
            dump_node(out, c, v->node);
    }
}

static void dump_step(FILE *out, struct compiler *c, const struct step *s,
                      int indent)
{
    const char *slot =
        s->slot == PLAN_NONE
            ? ""
            : plan_string(c->plan, c->plan->slots.items[s->slot].name);
    uint32_t k;

    fprintf(out, "%*s", indent, "");
    switch (s->kind) {
    case STEP_LET:
        fprintf(out, "%s = ", var_root(s->var)->name);
        dump_node(out, c, s->node);
        dump_shape(out, c, s->var->shape);
        break;
    case STEP_FRESH:
        fprintf(out, "matrix %s", s->var->name);
        dump_shape(out, c, s->var->shape);
        break;
    case STEP_TILE:
        dump_node(out, c, s->target);
        if (s->op == '=')
            fputs(" = ", out);
        else
            fprintf(out, " %c= ", s->op);
        dump_node(out, c, s->node);
        break;
    case STEP_TILES:
        for (k = 0; k < s->target_count; k++) {
            fputs(k ? ", " : "", out);
            if (s->targets[k])
                dump_node(out, c, s->targets[k]);
            else
                fputs("_", out);
        }
        fputs(" = ", out);
        dump_node(out, c, s->node);
        break;
    case STEP_FOR:
        fprintf(out, "for %s in ", slot);
        dump_number(out, c, s->low);
        fputs("..", out);
        dump_number(out, c, s->high);
        if (!build_is(c, s->step, 1)) {
            fputs(" step ", out);
            dump_number(out, c, s->step);
        }
        break;
    case STEP_IF:
        fputs("if ", out);
        dump_number(out, c, s->number);
        break;
    case STEP_REPEAT: fputs("repeat", out); break;
    case STEP_BREAK: fputs("break", out); break;
    case STEP_CONTINUE: fputs("continue", out); break;
    case STEP_SET:
        fprintf(out, "set %s = ", slot);
        dump_number(out, c, s->number);
        break;
    case STEP_FACTOR:
        fputs("factor ", out);
        dump_node(out, c, s->node);
        break;
    case STEP_FETCH:
        fprintf(out, "fetch %s = ", slot);
        dump_node(out, c, s->node);
        break;
    case STEP_PRINT:
        fputs("print", out);
        dump_parts(out, c, s);
        break;
    case STEP_ASSERT:
        fputs("assert ", out);
        if (s->node)
            dump_node(out, c, s->node);
        else
            dump_number(out, c, s->number);
        dump_parts(out, c, s);
        break;
    case STEP_STORE:
        fputs("store ", out);
        dump_node(out, c, s->node);
        break;
    }
    fputc('\n', out);
}

void dump_steps(FILE *out, struct compiler *c, const struct block *block,
                int indent)
{
    uint32_t k;

    for (k = 0; k < block->steps.count; k++) {
        const struct step *s = block->steps.items[k];
        dump_step(out, c, s, indent);
        if (s->body)
            dump_steps(out, c, s->body, indent + 2);
        if (s->other && s->other->steps.count) {
            fprintf(out, "%*selse\n", indent, "");
            dump_steps(out, c, s->other, indent + 2);
        }
    }
}
