/* The tree: constructors for the parser, the check of statements, the forms
 * that --emit=tokens and --emit=ast print. */
#include "grammar/ast.h"

#include <locale.h>
#include <stdlib.h>

#include "grammar/parser.h"

/* Places are 32 bits wide and the scanner counts in int. */
#define SOURCE_MOST ((size_t)256 * 1024 * 1024)

const char *ast_kind_name(enum ast_kind kind)
{
    static const char *const names[AST_KINDS] = {
        [AST_NUMBER] = "number",
        [AST_STRING] = "string",
        [AST_BOOL] = "bool",
        [AST_NAME] = "name",
        [AST_CALL] = "call",
        [AST_INDEX] = "index",
        [AST_TILE] = "tile",
        [AST_ALL] = "all",
        [AST_NAMED] = "named",
        [AST_MATRIX] = "matrix",
        [AST_IS] = "is",
        [AST_PARAM] = "param",
        [AST_INPUT] = "input",
        [AST_DECLARE] = "declare",
        [AST_OUTPUT] = "output",
        [AST_ASSUME] = "assume",
        [AST_TILING] = "tiling",
        [AST_DO] = "do",
        [AST_ASSIGN] = "assign",
        [AST_IF] = "if",
        [AST_FOR] = "for",
        [AST_WHILE] = "while",
        [AST_REPEAT] = "repeat",
        [AST_BREAK] = "break",
        [AST_CONTINUE] = "continue",
        [AST_RETURN] = "return",
        [AST_FUNCTION] = "function",
        [AST_FPARAM] = "fparam",
        [AST_LIST] = "list",
        [AST_ERROR] = "error",
    };

    return names[kind];
}

/* Constructors */

void ast_too_deep(struct parse *p, struct place place)
{
    if (p->too_deep)
        return;
    p->too_deep = 1;
    diag_add(p->diags, DIAG_too_deep, place,
             "nested too deeply: more than %d levels", AST_DEEPEST);
}

static struct ast *leaf(struct parse *p, enum ast_kind kind, struct place place)
{
    struct ast *node = ARENA_NEW(p->arena, struct ast);

    node->kind = kind;
    node->place = node->at = place;
    node->depth = 1;
    return node;
}

/* Put item behind the others; 0 where the node would be too deep. */
static int add(struct parse *p, struct ast *node, struct ast *item)
{
    if (item && item->depth >= AST_DEEPEST)
        return 0;
    if (item && node->depth <= item->depth)
        node->depth = (uint16_t)(item->depth + 1);
    vec_push(p->arena, node, item);
    return 1;
}

/* What stands for a node that would be too deep: an ERROR; a LIST stays a
 * list, of one ERROR, so that every list in a tree is one. */
static struct ast *refuse(struct parse *p, enum ast_kind kind,
                          struct place place)
{
    struct ast *error = leaf(p, AST_ERROR, place), *list;

    ast_too_deep(p, place);
    if (kind != AST_LIST)
        return error;
    list = leaf(p, AST_LIST, place);
    add(p, list, error);
    return list;
}

struct ast *ast_new(struct parse *p, enum ast_kind kind, struct place place,
                    const char *name, uint32_t count, ...)
{
    struct ast *node = leaf(p, kind, place);
    va_list args;
    uint32_t i;
    int fits = 1;

    node->name = name;
    if (count) {
        node->items = arena_array(p->arena, count, sizeof *node->items);
        node->space = count;
    }
    va_start(args, count);
    for (i = 0; i < count && fits; i++)
        fits = add(p, node, va_arg(args, struct ast *));
    va_end(args);
    return fits ? node : refuse(p, kind, place);
}

struct ast *ast_from(struct parse *p, enum ast_kind kind, struct place place,
                     const char *name, const struct ast *list)
{
    struct ast *node = leaf(p, kind, place);

    node->name = name;
    node->items = list->items;
    node->count = list->count;
    node->space = list->count;
    node->depth = list->depth;
    return node;
}

struct ast *ast_with(struct parse *p, enum ast_kind kind, struct place place,
                     struct ast *first, const struct ast *list)
{
    struct ast *node = leaf(p, kind, place);
    uint32_t i;
    int fits;

    node->space = list->count + 1;
    node->items = arena_array(p->arena, node->space, sizeof *node->items);
    fits = add(p, node, first);
    for (i = 0; i < list->count && fits; i++)
        fits = add(p, node, list->items[i]);
    return fits ? node : refuse(p, kind, place);
}

struct ast *ast_at(struct ast *node, struct place at)
{
    node->at = at;
    return node;
}

struct ast *ast_number(struct parse *p, enum ast_kind kind, struct place place,
                       double number, int integer)
{
    struct ast *node = leaf(p, kind, place);

    node->number = number;
    node->integer = (uint8_t)integer;
    return node;
}

struct ast *ast_call(struct parse *p, struct place place, struct place at,
                     const char *name, struct ast *a, struct ast *b)
{
    return ast_at(ast_new(p, AST_CALL, place, name, b ? 2 : 1, a, b), at);
}

struct ast *ast_apply(struct parse *p, struct place place, struct ast *base,
                      const struct ast *args)
{
    if (base->kind == AST_NAME)
        return ast_at(ast_from(p, AST_CALL, place, base->name, args),
                      base->place);
    return ast_with(p, AST_INDEX, place, base, args);
}

struct ast *ast_append(struct parse *p, struct ast *list, struct ast *item)
{
    if (!add(p, list, item))
        add(p, list, refuse(p, AST_ERROR, item->place));
    list->place = place_join(list->place, item->place);
    return list;
}

/* Check: what the grammar cannot say */

static int is_identifier(const char *name)
{
    return (name[0] >= 'a' && name[0] <= 'z') ||
           (name[0] >= 'A' && name[0] <= 'Z') || name[0] == '_';
}

/* Whether one value can be assigned to node. */
static int is_target(const struct ast *node)
{
    uint32_t i;

    switch (node->kind) {
    case AST_NAME: return 1;
    case AST_TILE: return node->items[0]->kind == AST_NAME;
    case AST_CALL:
        if (!is_identifier(node->name) || node->count == 0)
            return 0;
        for (i = 0; i < node->count; i++)
            if (node->items[i]->kind == AST_NAMED)
                return 0;
        return 1;
    default: return 0;
    }
}

static int wrong_target(struct parse *p, const struct ast *node)
{
    if (node->kind == AST_ERROR)
        return 1;
    diag_add(p->diags, DIAG_bad_target, node->place,
             "this cannot be assigned to");
    diag_note(p->diags, (struct place){NULL, 0, 0},
              "left of = stands a name, A[i,j], A(i,j) or several of these in "
              "[ ]");
    return 1;
}

static int check_assign(struct parse *p, const struct ast *node)
{
    const struct ast *left = node->items[0], *row;
    uint32_t i;

    if (left->kind != AST_MATRIX)
        return is_target(left) ? 0 : wrong_target(p, left);
    if (left->count != 1)
        return wrong_target(p, left);
    row = left->items[0];
    for (i = 0; i < row->count; i++)
        if (!is_target(row->items[i]))
            return wrong_target(p, row->items[i]);
    if (strcmp(node->name, "=") != 0) {
        diag_add(p->diags, DIAG_bad_target, node->at,
                 "several results are assigned with =, not %s", node->name);
        return 1;
    }
    return 0;
}

static int check_do(struct parse *p, const struct ast *node)
{
    const struct ast *call = node->items[0];

    if (call->kind == AST_ERROR ||
        (call->kind == AST_CALL && is_identifier(call->name)))
        return 0;
    diag_add(p->diags, DIAG_not_statement, node->place,
             "an expression is not a statement");
    diag_note(p->diags, (struct place){NULL, 0, 0},
              "a statement assigns, as in x = ..., or calls a function");
    return 1;
}

/* Check the statements of node's lists; block is the one they are in. */
static void check_inside(struct parse *p, struct ast *node,
                         const struct ast *block)
{
    uint32_t i;
    int wrong = 0;

    switch (node->kind) {
    case AST_DO: wrong = check_do(p, node); break;
    case AST_ASSIGN: wrong = check_assign(p, node); break;
    case AST_FUNCTION:
        /* a block that is not closed takes in what follows it */
        if (block && !p->missing_end) {
            diag_add(p->diags, DIAG_nested_function, node->at,
                     "function %s is defined inside a block", node->name);
            diag_note(p->diags, block->place, "the block begins here");
        }
        /* fall through */
    case AST_IF:
    case AST_FOR:
    case AST_WHILE:
    case AST_REPEAT: block = node; /* fall through */
    case AST_LIST:
        for (i = 0; i < node->count; i++)
            if (node->items[i])
                check_inside(p, node->items[i], block);
        break;
    default: break;
    }
    if (wrong) {
        node->kind = AST_ERROR;
        node->count = 0;
    }
}

struct ast *ast_check(struct parse *p, struct ast *statement)
{
    check_inside(p, statement, NULL);
    return statement;
}

/* Parse */

struct parse *ast_open(struct arena *arena, struct diag_sink *diags,
                       const struct source *source)
{
    struct parse *p = ARENA_NEW(arena, struct parse);
    struct place start = {source, 0, 0};

    p->arena = arena;
    p->diags = diags;
    p->source = source;
    p->program = leaf(p, AST_LIST, start);
    if (source->size > SOURCE_MOST) {
        diag_add(diags, DIAG_too_large, start,
                 "the script has %zu bytes; %zu are the most", source->size,
                 SOURCE_MOST);
        return p;
    }
    lexer_open(p);
    return p;
}

struct ast *ast_parse(struct arena *arena, struct diag_sink *diags,
                      const struct source *source)
{
    struct parse *p = ast_open(arena, diags, source);

    if (p->scanner)
        tm_yyparse(p);
    return p->program;
}

int ast_same(const struct ast *a, const struct ast *b)
{
    uint32_t i;

    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->count != b->count ||
        a->integer != b->integer || !a->name != !b->name ||
        (a->name && strcmp(a->name, b->name) != 0) ||
        memcmp(&a->number, &b->number, sizeof a->number) != 0)
        return 0;
    for (i = 0; i < a->count; i++)
        if (!ast_same(a->items[i], b->items[i]))
            return 0;
    return 1;
}

/* Printing.  Each statement is a line, what it holds is indented by two
 * blanks; expressions are in prefix form. */

/* The shortest of 15 to 17 digits that is read as the same number, with a
 * point whatever the host's locale; 1.0 is told from 1. */
static void print_number(FILE *out, double number, int integer)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t own = plain ? uselocale(plain) : (locale_t)0;
    char text[40];
    int digits;

    for (digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    if (plain) {
        uselocale(own);
        freelocale(plain);
    }
    fputs(text, out);
    if (!integer && !strpbrk(text, ".en"))
        fputs(".0", out);
}

static void print_text(FILE *out, const char *text, size_t left)
{
    while (left > 0) {
        size_t bytes = source_utf8(text, left);
        unsigned char c = (unsigned char)text[0];

        if (c == '\n')
            fputs("\\n", out);
        else if (c == '\t')
            fputs("\\t", out);
        else if (bytes == 0 || c < 0x20 || c == 0x7f ||
                 (c == 0xc2 && (unsigned char)text[1] < 0xa0))
            fprintf(out, "\\x%02X", c);
        else
            fwrite(text, 1, bytes, out);
        if (bytes == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0)
            bytes = 1;
        bytes += !bytes;
        text += bytes;
        left -= bytes;
    }
}

static void print_string(FILE *out, const char *text)
{
    size_t plain;

    putc('"', out);
    while (*(text += plain = strcspn(text, "\"\\")) || plain) {
        print_text(out, text - plain, plain);
        if (*text) {
            putc('\\', out);
            putc(*text++, out);
        }
    }
    putc('"', out);
}

static void print_expr(FILE *out, const struct ast *node);

/* Items from first on, with text between them. */
static void print_items(FILE *out, const struct ast *node, uint32_t first,
                        const char *between)
{
    uint32_t i;

    for (i = first; i < node->count; i++) {
        if (i > first)
            fputs(between, out);
        print_expr(out, node->items[i]);
    }
}

static void print_group(FILE *out, const char *head, const struct ast *node,
                        uint32_t first)
{
    fprintf(out, "(%s", head);
    if (node->count > first)
        putc(' ', out);
    print_items(out, node, first, " ");
    putc(')', out);
}

static void print_matrix(FILE *out, const struct ast *node)
{
    uint32_t i;

    putc('[', out);
    for (i = 0; i < node->count; i++) {
        if (i)
            fputs("; ", out);
        print_items(out, node->items[i], 0, " ");
    }
    putc(']', out);
}

static void print_expr(FILE *out, const struct ast *node)
{
    switch (node->kind) {
    case AST_NUMBER: print_number(out, node->number, node->integer); break;
    case AST_STRING: print_string(out, node->name); break;
    case AST_BOOL: fputs(node->number != 0 ? "true" : "false", out); break;
    case AST_NAME: fputs(node->name, out); break;
    case AST_CALL: print_group(out, node->name, node, 0); break;
    case AST_INDEX: print_group(out, "()", node, 0); break;
    case AST_TILE: print_group(out, "[]", node, 0); break;
    case AST_ALL: putc(':', out); break;
    case AST_NAMED:
        fprintf(out, "%s=", node->name);
        print_expr(out, node->items[0]);
        break;
    case AST_MATRIX: print_matrix(out, node); break;
    case AST_IS:
        fputs("(is ", out);
        print_expr(out, node->items[0]);
        putc(' ', out);
        print_items(out, node->items[1], 0, " ");
        putc(')', out);
        break;
    case AST_LIST: print_items(out, node, 0, " "); break;
    default: fprintf(out, "<%s>", ast_kind_name(node->kind)); break;
    }
}

static void print_block(FILE *out, const struct ast *list, int indent);

static void print_indent(FILE *out, int indent)
{
    fprintf(out, "%*s", indent, "");
}

static void print_props(FILE *out, const struct ast *props)
{
    if (!props)
        return;
    fputs(" is ", out);
    print_items(out, props, 0, " & ");
}

static void print_declaration(FILE *out, const char *word,
                              const struct ast *node)
{
    fprintf(out, "%s %s(", word, node->name);
    print_items(out, node->items[0], 0, " ");
    putc(')', out);
    print_props(out, node->items[1]);
    if (node->items[2]) {
        fputs(" tile ", out);
        print_items(out, node->items[2], 0, " ");
    }
    putc('\n', out);
}

static void print_if(FILE *out, const struct ast *node, int indent)
{
    fputs("if ", out);
    print_expr(out, node->items[0]);
    putc('\n', out);
    print_block(out, node->items[1], indent + 2);
    if (node->items[2]) {
        print_indent(out, indent);
        fputs("else\n", out);
        print_block(out, node->items[2], indent + 2);
    }
}

static void print_for(FILE *out, const struct ast *node, int indent)
{
    fprintf(out, "for %s in ", node->name);
    print_expr(out, node->items[0]);
    if (node->items[1]) {
        fputs(" step ", out);
        print_expr(out, node->items[1]);
    }
    putc('\n', out);
    print_block(out, node->items[2], indent + 2);
}

static void print_fparam(FILE *out, const struct ast *node)
{
    if (node->kind != AST_FPARAM) {
        print_expr(out, node);
        return;
    }
    fprintf(out, "(%s", node->name);
    print_props(out, node->items[0]);
    if (node->items[1]) {
        fputs(" = ", out);
        print_expr(out, node->items[1]);
    }
    putc(')', out);
}

static void print_function(FILE *out, const struct ast *node, int indent)
{
    uint32_t i;

    fputs("function [", out);
    print_items(out, node->items[0], 0, " ");
    fprintf(out, "] = %s", node->name);
    for (i = 0; i < node->items[1]->count; i++) {
        putc(' ', out);
        print_fparam(out, node->items[1]->items[i]);
    }
    putc('\n', out);
    print_block(out, node->items[2], indent + 2);
}

/* A word, the node's expressions and the end of the line. */
static void print_plain(FILE *out, const char *word, const struct ast *node)
{
    fputs(word, out);
    print_items(out, node, 0, " ");
    putc('\n', out);
}

static void print_statement(FILE *out, const struct ast *node, int indent)
{
    print_indent(out, indent);
    switch (node->kind) {
    case AST_PARAM:
        fprintf(out, "param %s", node->name);
        if (node->items[0])
            fputs(" = ", out);
        if (node->items[0])
            print_expr(out, node->items[0]);
        putc('\n', out);
        break;
    case AST_INPUT: print_declaration(out, "input", node); break;
    case AST_DECLARE: print_declaration(out, "matrix", node); break;
    case AST_OUTPUT: print_plain(out, "output ", node); break;
    case AST_ASSUME:
        fprintf(out, "assume %s", node->name);
        print_props(out, node->items[0]);
        putc('\n', out);
        break;
    case AST_TILING: print_plain(out, "tile ", node); break;
    case AST_DO: print_plain(out, "", node); break;
    case AST_ASSIGN:
        print_expr(out, node->items[0]);
        fprintf(out, " %s ", node->name);
        print_expr(out, node->items[1]);
        putc('\n', out);
        break;
    case AST_IF: print_if(out, node, indent); break;
    case AST_FOR: print_for(out, node, indent); break;
    case AST_WHILE:
        fputs("while ", out);
        print_expr(out, node->items[0]);
        putc('\n', out);
        print_block(out, node->items[1], indent + 2);
        break;
    case AST_REPEAT:
        fputs("repeat\n", out);
        print_block(out, node->items[0], indent + 2);
        print_indent(out, indent);
        fputs("until ", out);
        print_expr(out, node->items[1]);
        putc('\n', out);
        break;
    case AST_FUNCTION: print_function(out, node, indent); break;
    default: fprintf(out, "%s\n", ast_kind_name(node->kind)); break;
    }
}

static void print_block(FILE *out, const struct ast *list, int indent)
{
    uint32_t i;

    for (i = 0; i < list->count; i++)
        print_statement(out, list->items[i], indent);
}

void ast_print(FILE *out, const struct ast *program)
{
    print_block(out, program, 0);
}

static const char *token_class(int token)
{
    switch (token) {
    case T_SEP: return "SEP";
    case T_BAD: return "BAD";
    case T_NAME: return "NAME";
    case T_NUMBER: return "NUMBER";
    case T_STRING: return "STRING";
    }
    return token <= T_FALSE ? "WORD" : "SIGN";
}

void ast_print_tokens(FILE *out, struct arena *arena, struct diag_sink *diags,
                      const struct source *source)
{
    struct parse *p = ast_open(arena, diags, source);
    struct line_column at = {1, 1};
    uint32_t offset = 0;
    struct place place;
    union TM_YYSTYPE value;
    int token;

    if (!p->scanner)
        return;
    while ((token = tm_yylex(&value, &place, p)) != T_END_OF_FILE) {
        for (; offset < place.begin; offset++) {
            at.column++;
            if (source->text[offset] == '\n')
                at = (struct line_column){at.line + 1, 1};
        }
        fprintf(out, "%u:%u %s", at.line, at.column, token_class(token));
        if (place.end > place.begin) {
            putc(' ', out);
            print_text(out, source->text + place.begin,
                       place.end - place.begin);
        }
        putc('\n', out);
    }
}
