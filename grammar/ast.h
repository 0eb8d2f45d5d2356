/* The syntax tree of a script: what the parser builds and the compiler reads.
 *
 * Every node has the same form: a kind, a place, maybe a name or a number,
 * and its children.  The table below says what each kind's children are; a
 * child that a script leaves out is NULL ("?" in the table).  An operator is
 * a CALL whose name is its spelling, so the tree knows no operators: binary
 * "+", "*", "..", "==", ..., prefix "-" (one argument) and "!", postfix "'"
 * and ".'" are all CALLs. */
#ifndef GRAMMAR_AST_H
#define GRAMMAR_AST_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"

enum ast_kind {
    /* expressions */
    AST_NUMBER, /* number; integer is 1 when it was written without . and e */
    AST_STRING, /* name: the text, escapes resolved                         */
    AST_BOOL,   /* number 0 or 1                                            */
    AST_NAME,   /* name                                                     */
    AST_CALL,   /* name(items...); also an element A(i,j): settled by name  */
    AST_INDEX,  /* items[0] (items[1..]): element or slice of a non-name    */
    AST_TILE,   /* items[0] [ items[1..] ]: a tile or run of tiles          */
    AST_ALL,    /* a bare ":"                                               */
    AST_NAMED,  /* name = items[0], in an argument list                     */
    AST_MATRIX, /* [ rows ]: items are LISTs of expressions                 */
    AST_IS,     /* items[0] is items[1] (a LIST of NAMEs)                   */
    /* statements */
    AST_PARAM,    /* param name [= items[0]?]                               */
    AST_INPUT,    /* input name(items[0] LIST) is items[1]? tile items[2]?  */
    AST_DECLARE,  /* matrix, the same                                       */
    AST_OUTPUT,   /* output items... (NAMEs)                                */
    AST_ASSUME,   /* assume name is items[0] (LIST)                         */
    AST_TILING,   /* tile items[0] [, items[1]]                             */
    AST_DO,       /* items[0]: a call for its effect                        */
    AST_ASSIGN,   /* name "=", "+=", "-=", "*=": items[0] op items[1];
                   * left side NAME, TILE, CALL (slice), or MATRIX of one
                   * LIST of these for several results                      */
    AST_IF,       /* items[0] test, items[1] then LIST, items[2]? else LIST
                   * (elseif: a LIST of one IF)                             */
    AST_FOR,      /* name, items[0] range, items[1]? step, items[2] LIST    */
    AST_WHILE,    /* items[0] test, items[1] LIST                           */
    AST_REPEAT,   /* items[0] LIST, items[1] test                           */
    AST_BREAK,
    AST_CONTINUE,
    AST_RETURN,
    AST_FUNCTION, /* name, items[0] LIST of result NAMEs, items[1] LIST of
                   * FPARAMs, items[2] LIST of statements                   */
    AST_FPARAM,   /* name, items[0]? properties LIST, items[1]? default     */
    /* others */
    AST_LIST,     /* items                                                  */
    AST_ERROR,    /* where a statement could not be read                    */
    AST_KINDS
};

struct ast {
    enum ast_kind kind;
    uint16_t depth;     /* 1 + the deepest child's */
    uint8_t integer;    /* a NUMBER written as a whole number */
    struct place place; /* all of it; a CALL of an infix operator spans both
                         * operands */
    struct place at;    /* the operator or the called name alone */
    const char *name;
    double number;
    struct ast **items; /* count children; may hold NULL */
    uint32_t count, space;
};

/* Deeper trees are refused with a message, so that passes may recurse. */
enum { AST_DEEPEST = 1000 };

/* A bracket or a block that is open: its token and where it stands. */
struct opener {
    int token;
    struct place place;
};

/* What the parser works on; the scanner's state hangs off it too. */
struct parse {
    struct arena *arena;
    struct diag_sink *diags;
    const struct source *source;
    struct ast *program; /* the result: a LIST of statements */
    void *scanner;
    uint32_t offset;            /* of the next byte to scan */
    VEC(struct opener) open;    /* the open brackets, innermost last */
    VEC(struct opener) blocks;  /* the open blocks, innermost last */
    struct opener last, before; /* the last token and the one before it */
    int first;                  /* the token that began this statement */
    int position;               /* tokens in this statement so far */
    int pending[3], waiting;    /* tokens to give before scanning on */
    int can_end;                /* the last token can end a line */
    int continues;              /* "..." has been seen in this line, */
    struct place dots;          /* here */
    int at_end;                 /* the end of the file has been reached */
    int again, skip;            /* of one scanner rule: see GIVE in lexer.l */
    int quiet;                  /* this statement has had its message */
    int braces;                 /* the message about braces has been given */
    int missing_end;            /* so has the one about a missing end */
    int too_deep;               /* and the one about nesting */
    struct opener crooked;      /* the first end not below its block's start */
    struct place crooked_end;
};

/* Parse a text.  The result is never NULL; messages are in diags, and where
 * diags->errors is 0 the tree is whole.  Everything is in the arena; source
 * is borrowed for as long as the tree is used. */
struct ast *ast_parse(struct arena *arena, struct diag_sink *diags,
                      const struct source *source);

/* The same, before the first token: for those that call the scanner. */
struct parse *ast_open(struct arena *arena, struct diag_sink *diags,
                       const struct source *source);

/* Whether two trees differ in nothing but places. */
int ast_same(const struct ast *a, const struct ast *b);

/* The forms of tmc --emit=tokens and --emit=ast. */
void ast_print_tokens(FILE *out, struct arena *arena, struct diag_sink *diags,
                      const struct source *source);
void ast_print(FILE *out, const struct ast *program);

/* Constructors for the parser's actions.  ast_new() takes count children,
 * NULL where one is left out; ast_from() takes the items of a list instead;
 * ast_with() puts one node before them.  A node's "at" is its place until
 * ast_at() says more. */
struct ast *ast_new(struct parse *p, enum ast_kind kind, struct place place,
                    const char *name, uint32_t count, ...);
struct ast *ast_from(struct parse *p, enum ast_kind kind, struct place place,
                     const char *name, const struct ast *list);
struct ast *ast_with(struct parse *p, enum ast_kind kind, struct place place,
                     struct ast *first, const struct ast *list);
struct ast *ast_at(struct ast *node, struct place at);
struct ast *ast_number(struct parse *p, enum ast_kind kind,
                       struct place place, double number, int integer);
/* An operator: one argument, or two where b is not NULL. */
struct ast *ast_call(struct parse *p, struct place place, struct place at,
                     const char *name, struct ast *a, struct ast *b);
/* base(args): a CALL where base is a name, else an INDEX. */
struct ast *ast_apply(struct parse *p, struct place place, struct ast *base,
                      const struct ast *args);
struct ast *ast_append(struct parse *p, struct ast *list, struct ast *item);
/* The statement, or an AST_ERROR and messages where a left side, a statement
 * that is no call, or a nested function is wrong. */
struct ast *ast_check(struct parse *p, struct ast *statement);

/* The message about nesting, once. */
void ast_too_deep(struct parse *p, struct place place);

const char *ast_kind_name(enum ast_kind kind);

#endif
