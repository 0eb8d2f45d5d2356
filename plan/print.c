/* tmc --emit=plan: every table of a plan as text; expressions as formulas. */
#include "plan/bind.h"
#include "plan/expr.h"

static int infix(uint8_t op)
{
    return (op >= EXPR_ADD && op <= EXPR_DIV) ||
           (op >= EXPR_LT && op <= EXPR_OR) || op == EXPR_POW;
}

static void print_leaf(FILE *out, const struct plan *p,
                       const struct plan_expr *x)
{
    uint64_t n = (uint64_t)x->value.integer;
    char text[40];

    switch (x->op) {
    case EXPR_INT: fprintf(out, "%lld", (long long)x->value.integer); return;
    case EXPR_REAL:
        number_text(x->value.real, TM_F64, text, sizeof text);
        fputs(text, out);
        return;
    case EXPR_TRUTH: fputs(n ? "true" : "false", out); return;
    case EXPR_PARAM:
        fputs(plan_string(p, p->params.items[n].name), out);
        return;
    case EXPR_SLOT: fputs(plan_string(p, p->slots.items[n].name), out); return;
    case EXPR_INPUT_ROWS:
    case EXPR_INPUT_COLS:
    case EXPR_INPUT_COMPLEX:
        fprintf(out, "%s(%s)", expr_table[x->op].name,
                plan_string(p, p->inputs.items[n].name));
        return;
    default: fputs(expr_table[x->op].name, out);
    }
}

enum { PRINT_MOST = 500 }; /* operations of one formula */

/* Formulas share their parts, so a tree may be far larger than the plan. */
static void print_expr(FILE *out, const struct plan *p, uint32_t expr,
                       int inside, int *left)
{
    const struct plan_expr *x;
    uint32_t k, arity;

    if (expr >= p->exprs.count) {
        fputs("?", out);
        return;
    }
    x = &p->exprs.items[expr];
    arity = expr_table[x->op].arity;
    if (!arity) {
        print_leaf(out, p, x);
        return;
    }
    if (--*left < 0) {
        fputs("...", out);
        return;
    }
    if (x->op == EXPR_TO_REAL) {
        print_expr(out, p, x->args[0], inside, left);
        return;
    }
    if (infix(x->op)) {
        const struct plan_expr *y = &p->exprs.items[x->args[1]];
        const char *op = expr_table[x->op].name;
        int64_t n = y->value.integer;
        if (inside)
            fputc('(', out);
        print_expr(out, p, x->args[0], 1, left);
        if (x->op == EXPR_ADD && y->op == EXPR_INT && n < 0 && n != INT64_MIN) {
            fprintf(out, " - %lld", (long long)-n);
        } else {
            fprintf(out, " %s ", op);
            print_expr(out, p, x->args[1], 1, left);
        }
        if (inside)
            fputc(')', out);
        return;
    }
    fprintf(out, "%s(", expr_table[x->op].name);
    for (k = 0; k < arity; k++) {
        if (k)
            fputs(", ", out);
        print_expr(out, p, x->args[k], 0, left);
    }
    fputc(')', out);
}

void plan_print_expr(FILE *out, const struct plan *plan, uint32_t expr)
{
    int left = PRINT_MOST;

    print_expr(out, plan, expr, 0, &left);
}

static void print_field(FILE *out, const struct plan *p, const char *name,
                        uint32_t expr)
{
    if (expr == PLAN_NONE)
        return;
    fprintf(out, "%s ", name);
    plan_print_expr(out, p, expr);
}

static void print_place(FILE *out, const struct plan *p, uint32_t place)
{
    if (place < p->places.count) {
        const struct plan_place *x = &p->places.items[place];
        fprintf(out, "  # %s:%u:%u",
                plan_string(p, p->sources.items[x->source].name), x->line,
                x->column);
        for (; x->via != PLAN_NONE;) {
            x = &p->places.items[x->via];
            fprintf(out, " < %u:%u", x->line, x->column);
        }
    }
    fputc('\n', out);
}

static void print_parts(FILE *out, const struct plan *p, uint32_t text)
{
    const struct plan_text *t = &p->texts.items[text];
    uint32_t k;

    for (k = 0; k < t->count; k++) {
        const struct plan_part *x = &p->parts.items[t->first + k];
        fputc(' ', out);
        if (x->kind == PART_STRING)
            fprintf(out, "\"%s\"", plan_string(p, x->value));
        else if (x->kind == PART_EXPR)
            plan_print_expr(out, p, x->value);
        else if (x->kind == PART_OPERAND)
            fprintf(out, "operand %u", x->value);
        else
            fprintf(out, "%s", plan_string(p, p->params.items[x->value].name));
    }
}

static void print_operand(FILE *out, const struct plan *p,
                          const struct plan_operand *x)
{
    static const char *const modes[] = {"", "", "=", "&"};

    fprintf(out, " %s%s", modes[x->mode],
            plan_string(p, p->matrices.items[x->matrix].name));
    fprintf(out, "#%u", x->matrix);
    if (x->flags & OPERAND_ALL)
        return;
    fputc('[', out);
    plan_print_expr(out, p, x->i);
    if (x->flags & OPERAND_RUN) {
        fputs("..", out);
        plan_print_expr(out, p, x->i_end);
    }
    fputc(',', out);
    plan_print_expr(out, p, x->j);
    if (x->flags & OPERAND_RUN) {
        fputs("..", out);
        plan_print_expr(out, p, x->j_end);
    }
    fputc(']', out);
    if (x->flags & OPERAND_TRANS)
        fputs(x->flags & OPERAND_CONJ ? ".'" : "'", out);
    else if (x->flags & OPERAND_CONJ)
        fputs(":conj", out);
    if (x->flags & OPERAND_ROW)
        fputs(":row", out);
    if (x->flags & OPERAND_COL)
        fputs(":col", out);
    if (x->flags & OPERAND_SCALAR)
        fputs(":scalar", out);
}

static void print_flags(FILE *out, uint8_t flags)
{
    static const char *const names[] = {"ta",   "tb",     "right", "upper",
                                        "unit", "mirror", "ca",    "cb"};
    int k;

    for (k = 0; k < 8; k++)
        if (flags & 1 << k)
            fprintf(out, " %s", names[k]);
}

static void print_map(FILE *out, const struct plan *p, uint32_t map)
{
    const struct plan_map *m = &p->maps.items[map];
    uint32_t k;
    char text[40];

    for (k = 0; k < m->constants; k++) {
        number_text(p->constants.items[m->first_constant + k], TM_F64, text,
                    sizeof text);
        fprintf(out, " r%u=%s", m->inputs + k, text);
    }
    for (k = 0; k < m->steps; k++) {
        const struct plan_map_step *x = &p->steps.items[m->first_step + k];
        uint32_t arity = mapop_table[x->op].arity;
        fprintf(out, " r%u=%s(r%u", x->dst, mapop_table[x->op].name, x->a);
        if (arity > 1)
            fprintf(out, ",r%u", x->b);
        if (arity > 2)
            fprintf(out, ",r%u", x->c);
        fputc(')', out);
    }
}

static void print_entry(FILE *out, const struct plan *p, uint32_t entry)
{
    const struct plan_entry *e = &p->entries.items[entry];
    uint32_t k;

    switch (e->kind) {
    case ENTRY_LOOP:
        fprintf(out, "for %s in ", plan_string(p, p->slots.items[e->a].name));
        plan_print_expr(out, p, e->b);
        fputs("..", out);
        plan_print_expr(out, p, e->c);
        if (!(p->exprs.items[e->d].op == EXPR_INT &&
              p->exprs.items[e->d].value.integer == 1))
            print_field(out, p, " step", e->d);
        break;
    case ENTRY_IF:
        fputs("if", out);
        print_field(out, p, "", e->a);
        break;
    case ENTRY_ELSE: fputs("else", out); break;
    case ENTRY_REPEAT: fputs("repeat", out); break;
    case ENTRY_BREAK: fprintf(out, "break %u", e->a); break;
    case ENTRY_CONTINUE: fprintf(out, "continue %u", e->a); break;
    case ENTRY_SET:
        fprintf(out, "set %s", plan_string(p, p->slots.items[e->a].name));
        print_field(out, p, " =", e->b);
        break;
    case ENTRY_FETCH:
        fprintf(out, "fetch %s =", plan_string(p, p->slots.items[e->a].name));
        break;
    case ENTRY_ALIAS: fputs("alias", out); break;
    case ENTRY_RELEASE: fputs("release", out); break;
    case ENTRY_ASSERT:
        fputs("assert", out);
        print_field(out, p, "", e->a);
        print_parts(out, p, e->b);
        break;
    case ENTRY_TASK:
        fputs(kernel_table[e->kernel].name, out);
        print_flags(out, e->flags);
        break;
    }
    for (k = 0; k < e->operands; k++)
        print_operand(out, p, &p->operands.items[e->first_operand + k]);
    for (k = 0; k < e->args; k++)
        print_field(out, p, k ? "," : " :", p->args.items[e->first_arg + k]);
    if (e->kind == ENTRY_TASK && kernel_maps(e->kernel))
        print_map(out, p, e->a);
    if (e->kind == ENTRY_TASK &&
        (e->kernel == KERNEL_PRINT || e->kernel == KERNEL_CHECK))
        print_parts(out, p, e->b);
    print_place(out, p, e->place);
}

void plan_print_entries(FILE *out, const struct plan *p)
{
    uint32_t k, depth = 0, ends[70];

    for (k = 0; k < p->entries.count; k++) {
        const struct plan_entry *e = &p->entries.items[k];
        while (depth && ends[depth - 1] == k)
            depth--;
        fprintf(out, "%*s", (int)depth * 2, "");
        print_entry(out, p, k);
        if (e->end > k + 1 && depth < 70)
            ends[depth++] = e->end;
    }
}

static void print_matrix(FILE *out, const struct plan *p, uint32_t k)
{
    static const char *const kinds[] = {"?", "temp", "input", "source"};
    static const char *const rules[] = {"",      "fill", "eye", "rand",
                                        "randn", "spd",  "list"};
    const struct plan_matrix *m = &p->matrices.items[k];

    fprintf(out, "matrix %u %s %s%s%s: ", k, plan_string(p, m->name),
            kinds[m->kind], m->rule ? " " : "", rules[m->rule]);
    plan_print_expr(out, p, m->rows);
    fputs(" x ", out);
    plan_print_expr(out, p, m->cols);
    fputs(" tile ", out);
    plan_print_expr(out, p, m->tile_rows);
    fputs(" x ", out);
    plan_print_expr(out, p, m->tile_cols);
    fprintf(out, " type %u", m->type);
    if (m->rule == RULE_FILL || m->rule == RULE_EYE)
        print_field(out, p, " value", m->arg);
    if (m->kind == MATRIX_SOURCE && m->rule >= RULE_RAND &&
        m->rule <= RULE_SPD) {
        print_field(out, p, " seed", m->seed);
        fprintf(out, " call %u", m->call);
    }
    print_place(out, p, m->place);
}

static void print_path(FILE *out, const struct plan *p, uint32_t path,
                       uint32_t param)
{
    if (param != PLAN_NONE)
        fprintf(out, " %s", plan_string(p, p->params.items[param].name));
    else if (path != PLAN_NONE)
        fprintf(out, " \"%s\"", plan_string(p, path));
}

static void print_type(FILE *out, const struct plan *p, uint32_t k)
{
    static const char *const types[] = {"late", "f32", "f64", "c64", "c128"};
    static const char *const only[] = {"", " real", " complex"};
    uint32_t r;

    fprintf(out, "type %u %s", k, types[p->types.items[k].fixed]);
    for (r = 0; r < p->relations.count; r++) {
        const struct plan_relation *x = &p->relations.items[r];
        if (x->type != k)
            continue;
        fputs(only[x->only], out);
        if (x->real != PLAN_NONE)
            fprintf(out, " over type %u", x->real);
    }
    fputc('\n', out);
}

void plan_print(FILE *out, const struct plan *p)
{
    static const char *const types[] = {"late", "f32", "f64", "c64", "c128"};
    uint32_t k;

    for (k = 0; k < p->params.count; k++) {
        const struct plan_param *x = &p->params.items[k];
        fprintf(out, "param %s", plan_string(p, x->name));
        if (x->value != PLAN_NONE && x->type == NUMBER_TEXT)
            fprintf(out, " \"%s\"", plan_string(p, x->value));
        else
            print_field(out, p, " =", x->value);
        print_place(out, p, x->place);
    }
    if (p->tile_rows != PLAN_NONE) {
        fputs("tile ", out);
        plan_print_expr(out, p, p->tile_rows);
        fputs(", ", out);
        plan_print_expr(out, p, p->tile_cols);
        fputc('\n', out);
    }
    for (k = 0; k < p->types.count; k++)
        print_type(out, p, k);
    for (k = 0; k < p->inputs.count; k++) {
        const struct plan_input *x = &p->inputs.items[k];
        fprintf(out, "input %u %s", k, plan_string(p, x->name));
        print_path(out, p, x->path, x->path_param);
        if (x->fixed)
            fprintf(out, " is %s", types[x->fixed]);
        print_field(out, p, " rows", x->rows);
        print_field(out, p, " cols", x->cols);
        fprintf(out, " type %u", x->type);
        print_place(out, p, x->place);
    }
    for (k = 0; k < p->matrices.count; k++)
        print_matrix(out, p, k);
    for (k = 0; k < p->outputs.count; k++) {
        const struct plan_output *x = &p->outputs.items[k];
        fprintf(out, "output %u %s matrix %u", k, plan_string(p, x->name),
                x->matrix);
        print_path(out, p, x->path, x->path_param);
        print_place(out, p, x->place);
    }
    for (k = 0; k < p->checks.count; k++) {
        const struct plan_check *x = &p->checks.items[k];
        fputs("check ", out);
        plan_print_expr(out, p, x->test);
        fputs(":", out);
        print_parts(out, p, x->text);
        print_place(out, p, x->place);
    }
    plan_print_entries(out, p);
}
