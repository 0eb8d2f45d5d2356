/* The grammar: tokens in, a tree out.
 *
 * Every action is one constructor call of ast.c (calls nest); nothing is
 * judged here.  An operator is a call whose name is its spelling.  A line
 * that cannot be read becomes one AST_ERROR (rule "skip") and parsing goes on
 * with the next; a block whose first line is bad keeps its body and its end,
 * so one mistake is one message.  The second half words the messages: what
 * was found, what could stand there, and hints for the habits of other
 * languages. */

%code requires {
#include "grammar/ast.h"
}

%code provides {
/* The scanner (lexer.l): start it, take the next token from it. */
void lexer_open(struct parse *p);
int tm_yylex(union TM_YYSTYPE *value, struct place *place, struct parse *p);
}

%{
#include "grammar/ast.h"

#include <stdio.h>

/* All memory of the parser is from the arena, which may jump out of it.
 * Bison's look-ahead correction (LAC) has no p in scope where it would grow
 * its stack; it then sees this one and gets "memory exhausted".  That cannot
 * happen: the stack holds no more states than there are empty nonterminals in
 * a row. */
static struct parse *const p = NULL;

static void *parser_alloc(const struct parse *parse, size_t bytes)
{
    return parse ? arena_alloc(parse->arena, bytes) : NULL;
}

#define YYSTACK_ALLOC(BYTES) parser_alloc(p, (BYTES))
#define YYMALLOC(BYTES)      parser_alloc(p, (BYTES))
#define YYFREE(MEMORY)       ((void)(MEMORY))
#define YYMAXDEPTH           20000

#define YYLLOC_DEFAULT(CURRENT, RHS, N)                                 \
    do {                                                                \
        if (N) {                                                        \
            (CURRENT) = place_join(YYRHSLOC(RHS, 1), YYRHSLOC(RHS, N)); \
        } else {                                                        \
            (CURRENT) = YYRHSLOC(RHS, 0);                               \
            (CURRENT).begin = (CURRENT).end;                            \
        }                                                               \
    } while (0)
%}

%define api.pure full
%define api.prefix {tm_yy}
%define api.token.prefix {T_}
%define api.location.type {struct place}
%define parse.lac full
%define parse.error custom
%expect 0
%locations
%param {struct parse *p}

%initial-action { @$ = (struct place){p->source, 0, 0}; }

%union {
    const char *text;
    struct {
        double value;
        int whole;
    } number;
    struct ast *node;
}

%code {
static void tm_yyerror(struct place *place, struct parse *parse,
                       const char *text);
}

%token END_OF_FILE 0   "end of file"
%token SEP             "end of line"
%token BAD             "something unreadable" /* has had its message */
%token <text> NAME     "name"
%token <number> NUMBER "number"
%token <text> STRING   "string"

/* words: PARAM to FALSE are reserved */
%token PARAM    "param"
%token INPUT    "input"
%token MATRIX   "matrix"
%token OUTPUT   "output"
%token ASSUME   "assume"
%token TILE     "tile"
%token FUNCTION "function"
%token END      "end"
%token IF       "if"
%token ELSEIF   "elseif"
%token ELSE     "else"
%token FOR      "for"
%token IN       "in"
%token STEP     "step"
%token WHILE    "while"
%token REPEAT   "repeat"
%token UNTIL    "until"
%token BREAK    "break"
%token CONTINUE "continue"
%token RETURN   "return"
%token IS       "is"
%token TRUE     "true"
%token FALSE    "false"

%token SET      "="
%token SET_ADD  "+="
%token SET_SUB  "-="
%token SET_MUL  "*="
%token OR       "||"
%token AND      "&&"
%token LT       "<"
%token LE       "<="
%token GT       ">"
%token GE       ">="
%token EQ       "=="
%token NE       "!="
%token RANGE    ".."
%token PLUS     "+"
%token MINUS    "-"
%token STAR     "*"
%token SLASH    "/"
%token SOLVE    "\\"
%token DOT_STAR ".*"
%token DOT_SLASH "./"
%token POWER    "^"
%token DOT_POWER ".^"
%token NOT      "!"
%token QUOTE    "'"
%token DOT_QUOTE ".'"
%token AMP      "&"
%token COMMA    ","
%token COLON    ":"
%token SEMI     ";"
%token LPAREN   "("
%token RPAREN   ")"
%token LBRACK   "["
%token RBRACK   "]"

%type <node> program block skip stmt tail props opt_props tiles opt_tile
%type <node> names name fparams fparam_list fparam args arg_list arg
%type <node> indices index expr postfix primary rows row

%left "||"
%left "&&"
%nonassoc "<" "<=" ">" ">=" "==" "!=" "is"
%nonassoc ".."
%left "+" "-"
%left "*" "/" "\\" ".*" "./"
%precedence PREFIX
%right "^" ".^"

%%

program
  : %empty              { $$ = p->program; }
  | program SEP
  | program stmt SEP    { $$ = ast_append(p, $1, ast_check(p, $2)); }
  | program skip        { $$ = ast_append(p, $1, $2); }
  | program REPEAT repeat_sep block UNTIL skip
      { $$ = ast_append(p, $1, ast_check(p,
             ast_new(p, AST_REPEAT, place_join(@2, @6), NULL, 2, $4, $6))); }
  ;

block
  : %empty              { $$ = ast_new(p, AST_LIST, @$, NULL, 0); }
  | block SEP
  | block stmt SEP      { $$ = ast_append(p, $1, $2); }
  | block skip          { $$ = ast_append(p, $1, $2); }
  | block REPEAT repeat_sep block UNTIL skip
      { $$ = ast_append(p, $1,
             ast_new(p, AST_REPEAT, place_join(@2, @6), NULL, 2, $4, $6)); }
  ;

/* The rest of a line that cannot be read. */
skip
  : error SEP           { yyerrok; $$ = ast_new(p, AST_ERROR, @1, NULL, 0); }
  ;

repeat_sep: SEP | skip;
else_sep: SEP | skip;

stmt
  : PARAM NAME
      { $$ = ast_at(ast_new(p, AST_PARAM, @$, $2, 1, NULL), @2); }
  | PARAM NAME "=" expr
      { $$ = ast_at(ast_new(p, AST_PARAM, @$, $2, 1, $4), @2); }
  | INPUT NAME "(" args ")" opt_props opt_tile
      { $$ = ast_at(ast_new(p, AST_INPUT, @$, $2, 3, $4, $6, $7), @2); }
  | MATRIX NAME "(" args ")" opt_props opt_tile
      { $$ = ast_at(ast_new(p, AST_DECLARE, @$, $2, 3, $4, $6, $7), @2); }
  | OUTPUT names
      { $$ = ast_from(p, AST_OUTPUT, @$, NULL, $2); }
  | ASSUME NAME "is" props
      { $$ = ast_at(ast_new(p, AST_ASSUME, @$, $2, 1, $4), @2); }
  | TILE tiles
      { $$ = ast_from(p, AST_TILING, @$, NULL, $2); }
  | postfix
      { $$ = ast_new(p, AST_DO, @$, NULL, 1, $1); }
  | postfix "=" expr
      { $$ = ast_at(ast_new(p, AST_ASSIGN, @$, "=", 2, $1, $3), @2); }
  | postfix "+=" expr
      { $$ = ast_at(ast_new(p, AST_ASSIGN, @$, "+=", 2, $1, $3), @2); }
  | postfix "-=" expr
      { $$ = ast_at(ast_new(p, AST_ASSIGN, @$, "-=", 2, $1, $3), @2); }
  | postfix "*=" expr
      { $$ = ast_at(ast_new(p, AST_ASSIGN, @$, "*=", 2, $1, $3), @2); }
  | IF expr SEP block tail
      { $$ = ast_new(p, AST_IF, @$, NULL, 3, $2, $4, $5); }
  | IF skip block tail
      { $$ = ast_new(p, AST_IF, @$, NULL, 3, $2, $3, $4); }
  | FOR NAME IN expr SEP block END
      { $$ = ast_at(ast_new(p, AST_FOR, @$, $2, 3, $4, NULL, $6), @2); }
  | FOR NAME IN expr STEP expr SEP block END
      { $$ = ast_at(ast_new(p, AST_FOR, @$, $2, 3, $4, $6, $8), @2); }
  | FOR skip block END
      { $$ = ast_new(p, AST_FOR, @$, "_", 3, $2, NULL, $3); }
  | WHILE expr SEP block END
      { $$ = ast_new(p, AST_WHILE, @$, NULL, 2, $2, $4); }
  | WHILE skip block END
      { $$ = ast_new(p, AST_WHILE, @$, NULL, 2, $2, $3); }
  | REPEAT repeat_sep block UNTIL expr
      { $$ = ast_new(p, AST_REPEAT, @$, NULL, 2, $3, $5); }
  | BREAK
      { $$ = ast_new(p, AST_BREAK, @$, NULL, 0); }
  | CONTINUE
      { $$ = ast_new(p, AST_CONTINUE, @$, NULL, 0); }
  | RETURN
      { $$ = ast_new(p, AST_RETURN, @$, NULL, 0); }
  | FUNCTION NAME "(" fparams ")" SEP block END
      { $$ = ast_at(ast_new(p, AST_FUNCTION, @$, $2, 3,
             ast_new(p, AST_LIST, @2, NULL, 0), $4, $7), @2); }
  | FUNCTION name "=" NAME "(" fparams ")" SEP block END
      { $$ = ast_at(ast_new(p, AST_FUNCTION, @$, $4, 3,
             ast_new(p, AST_LIST, @2, NULL, 1, $2), $6, $9), @4); }
  | FUNCTION "[" names "]" "=" NAME "(" fparams ")" SEP block END
      { $$ = ast_at(ast_new(p, AST_FUNCTION, @$, $6, 3, $3, $8, $11), @6); }
  | FUNCTION skip block END
      { $$ = ast_new(p, AST_ERROR, @$, NULL, 0); }
  ;

tail
  : END                         { $$ = NULL; }
  | ELSE else_sep block END     { $$ = $3; }
  | ELSEIF expr SEP block tail
      { $$ = ast_new(p, AST_LIST, @$, NULL, 1,
             ast_new(p, AST_IF, @$, NULL, 3, $2, $4, $5)); }
  | ELSEIF skip block tail
      { $$ = ast_new(p, AST_LIST, @$, NULL, 1,
             ast_new(p, AST_IF, @$, NULL, 3, $2, $3, $4)); }
  ;

opt_props
  : %empty              { $$ = NULL; }
  | "is" props          { $$ = $2; }
  ;

props
  : name                { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | props "&" name      { $$ = ast_append(p, $1, $3); }
  ;

opt_tile
  : %empty              { $$ = NULL; }
  | TILE tiles          { $$ = $2; }
  ;

tiles
  : expr                { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | expr "," expr       { $$ = ast_new(p, AST_LIST, @$, NULL, 2, $1, $3); }
  ;

names
  : name                { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | names "," name      { $$ = ast_append(p, $1, $3); }
  ;

name
  : NAME                { $$ = ast_new(p, AST_NAME, @$, $1, 0); }
  ;

fparams
  : %empty              { $$ = ast_new(p, AST_LIST, @$, NULL, 0); }
  | fparam_list
  ;

fparam_list
  : fparam                  { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | fparam_list "," fparam  { $$ = ast_append(p, $1, $3); }
  ;

fparam
  : NAME
      { $$ = ast_at(ast_new(p, AST_FPARAM, @$, $1, 2, NULL, NULL), @1); }
  | NAME "is" props
      { $$ = ast_at(ast_new(p, AST_FPARAM, @$, $1, 2, $3, NULL), @1); }
  | NAME "=" expr
      { $$ = ast_at(ast_new(p, AST_FPARAM, @$, $1, 2, NULL, $3), @1); }
  ;

args
  : %empty              { $$ = ast_new(p, AST_LIST, @$, NULL, 0); }
  | arg_list
  ;

arg_list
  : arg                 { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | arg_list "," arg    { $$ = ast_append(p, $1, $3); }
  ;

arg
  : expr
  | NAME "=" expr
      { $$ = ast_at(ast_new(p, AST_NAMED, @$, $1, 1, $3), @1); }
  | ":"                 { $$ = ast_new(p, AST_ALL, @$, NULL, 0); }
  ;

indices
  : index               { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | indices "," index   { $$ = ast_append(p, $1, $3); }
  ;

index
  : expr
  | ":"                 { $$ = ast_new(p, AST_ALL, @$, NULL, 0); }
  ;

expr
  : postfix
  | "-" expr %prec PREFIX   { $$ = ast_call(p, @$, @1, "-", $2, NULL); }
  | "!" expr %prec PREFIX   { $$ = ast_call(p, @$, @1, "!", $2, NULL); }
  | expr "||" expr          { $$ = ast_call(p, @$, @2, "||", $1, $3); }
  | expr "&&" expr          { $$ = ast_call(p, @$, @2, "&&", $1, $3); }
  | expr "<" expr           { $$ = ast_call(p, @$, @2, "<", $1, $3); }
  | expr "<=" expr          { $$ = ast_call(p, @$, @2, "<=", $1, $3); }
  | expr ">" expr           { $$ = ast_call(p, @$, @2, ">", $1, $3); }
  | expr ">=" expr          { $$ = ast_call(p, @$, @2, ">=", $1, $3); }
  | expr "==" expr          { $$ = ast_call(p, @$, @2, "==", $1, $3); }
  | expr "!=" expr          { $$ = ast_call(p, @$, @2, "!=", $1, $3); }
  | expr ".." expr          { $$ = ast_call(p, @$, @2, "..", $1, $3); }
  | expr "+" expr           { $$ = ast_call(p, @$, @2, "+", $1, $3); }
  | expr "-" expr           { $$ = ast_call(p, @$, @2, "-", $1, $3); }
  | expr "*" expr           { $$ = ast_call(p, @$, @2, "*", $1, $3); }
  | expr "/" expr           { $$ = ast_call(p, @$, @2, "/", $1, $3); }
  | expr "\\" expr          { $$ = ast_call(p, @$, @2, "\\", $1, $3); }
  | expr ".*" expr          { $$ = ast_call(p, @$, @2, ".*", $1, $3); }
  | expr "./" expr          { $$ = ast_call(p, @$, @2, "./", $1, $3); }
  | expr "^" expr           { $$ = ast_call(p, @$, @2, "^", $1, $3); }
  | expr ".^" expr          { $$ = ast_call(p, @$, @2, ".^", $1, $3); }
  | expr "is" props
      { $$ = ast_at(ast_new(p, AST_IS, @$, NULL, 2, $1, $3), @2); }
  ;

postfix
  : primary
  | postfix "'"             { $$ = ast_call(p, @$, @2, "'", $1, NULL); }
  | postfix ".'"            { $$ = ast_call(p, @$, @2, ".'", $1, NULL); }
  | postfix "(" args ")"    { $$ = ast_apply(p, @$, $1, $3); }
  | postfix "[" indices "]" { $$ = ast_with(p, AST_TILE, @$, $1, $3); }
  ;

primary
  : NUMBER
      { $$ = ast_number(p, AST_NUMBER, @$, $1.value, $1.whole); }
  | STRING              { $$ = ast_new(p, AST_STRING, @$, $1, 0); }
  | name
  | TRUE                { $$ = ast_number(p, AST_BOOL, @$, 1, 0); }
  | FALSE               { $$ = ast_number(p, AST_BOOL, @$, 0, 0); }
  | "(" expr ")"        { $$ = $2; }
  | "[" rows "]"        { $$ = ast_from(p, AST_MATRIX, @$, NULL, $2); }
  ;

rows
  : row                 { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | rows ";" row        { $$ = ast_append(p, $1, $3); }
  ;

row
  : expr                { $$ = ast_new(p, AST_LIST, @$, NULL, 1, $1); }
  | row "," expr        { $$ = ast_append(p, $1, $3); }
  ;

%%

/* What an error looks like from where it is reported. */
struct found {
    struct parse *p;
    int token;
    struct place place;
    const char *text; /* the token as written, width bytes */
    int width;
    char expected[YYNTOKENS];
};

#define FOUND_SYMBOL(TOKEN) ((int)YYTRANSLATE(TOKEN))

static int expects(const struct found *f, int token)
{
    return f->expected[FOUND_SYMBOL(token)];
}

static int is_word(int token)
{
    return token >= T_PARAM && token <= T_FALSE;
}

static int is_operand(int token)
{
    return token == T_NAME || token == T_NUMBER || token == T_STRING;
}

static int is_comparison(int token)
{
    return (token >= T_LT && token <= T_NE) || token == T_IS;
}

static int is_operator(int token)
{
    return (token >= T_OR && token <= T_NOT) || token == T_IS;
}

/* Whether only blanks and a comment follow offset in its line. */
static int line_ends(const struct source *source, uint32_t offset)
{
    const char *s = source->text + offset;

    s += strspn(s, " \t\r");
    return *s == '\0' || *s == '\n' || *s == '#';
}

/* Whether "=" follows, and not "==". */
static int is_set(const struct source *source, uint32_t offset)
{
    const char *s = source->text + offset;

    s += strspn(s, " \t");
    return s[0] == '=' && s[1] != '=';
}

static int text_is(const char *text, int width, const char *word)
{
    return (size_t)width == strlen(word) &&
           memcmp(text, word, (size_t)width) == 0;
}

/* Words that other languages have at such places. */
static const char *word_habit(const struct found *f)
{
    static const char *const habits[][2] = {
        {"and", "\"and\" is written &&"},
        {"or", "\"or\" is written ||"},
        {"then", "a block begins on the next line, without \"then\""},
        {"do", "a block begins on the next line, without \"do\""},
        {"to", "a range is written a..b, its end excluded"},
        {"by", "a step is written a..b step s"},
    };
    size_t i;

    if (f->token == T_SOLVE && line_ends(f->p->source, f->place.end))
        return "a line is continued with \"...\", or by an operator at its end";
    if (f->token == T_NAME)
        for (i = 0; i < sizeof habits / sizeof *habits; i++)
            if (text_is(f->text, f->width, habits[i][0]))
                return habits[i][1];
    if (f->p->before.token == T_NAME &&
        text_is(f->p->source->text + f->p->before.place.begin,
                (int)(f->p->before.place.end - f->p->before.place.begin),
                "not"))
        return "\"not\" is written !";
    return NULL;
}

static const char *found_text(const struct found *f)
{
    struct arena *arena = f->p->arena;

    switch (f->token) {
    case T_SEP:
        if (f->width == 1 && f->text[0] == ';')
            return "\";\"";
        return f->p->at_end ? "end of file" : "end of line";
    case T_END_OF_FILE: return "end of file";
    case T_NUMBER:
        return arena_printf(arena, "number %.*s", f->width, f->text);
    case T_STRING:
        return arena_printf(arena, "string %.*s", f->width, f->text);
    case T_NAME:
        return arena_printf(arena, "name \"%.*s\"", f->width, f->text);
    }
    return arena_printf(arena, "\"%.*s\"", f->width, f->text);
}

/* A token where an operator of the expression before it could stand. */
static int report_operator(const struct found *f)
{
    struct diag_sink *diags = f->p->diags;
    struct place nowhere = {NULL, 0, 0};

    if (expects(f, T_SET_ADD) && is_operator(f->token)) {
        diag_add(diags, DIAG_not_statement, f->place,
                 "unexpected \"%.*s\": an expression is not a statement",
                 f->width, f->text);
        diag_note(diags, nowhere, "%s", f->token == T_EQ
                  ? "an assignment is written with one ="
                  : "a statement assigns, as in x = ..., or calls a function");
        return 1;
    }
    if (!expects(f, T_AND))
        return 0;
    if (is_comparison(f->token)) {
        diag_add(diags, DIAG_chain_compare, f->place,
                 "unexpected \"%.*s\": comparisons cannot be chained",
                 f->width, f->text);
        diag_note(diags, nowhere, "write a < b && b < c for a < b < c");
        return 1;
    }
    if (f->token == T_RANGE) {
        diag_add(diags, DIAG_chain_range, f->place,
                 "unexpected \"..\": a range has two ends");
        diag_note(diags, nowhere,
                  "a step is written a..b step s, in a \"for\"");
        return 1;
    }
    if (f->token == T_AMP) {
        diag_add(diags, DIAG_single_and_or, f->place,
                 "\"and\" is written &&, not &");
        return 1;
    }
    return 0;
}

static int report_equals(const struct found *f)
{
    struct diag_sink *diags = f->p->diags;

    switch (f->p->first) {
    case T_IF:
    case T_ELSEIF:
    case T_WHILE:
    case T_UNTIL:
        diag_add(diags, DIAG_equals_test, f->place,
                 "a comparison is written ==, not =");
        return 1;
    case T_FOR:
        diag_add(diags, DIAG_for_equals, f->place,
                 "a loop is written for i in 0..n, not for i = 0..n");
        return 1;
    }
    return 0;
}

/* Words that cannot stand where they are. */
static int report_word(const struct found *f)
{
    struct parse *p = f->p;

    if (p->position == 1 &&
        (f->token == T_ELSE || f->token == T_ELSEIF || f->token == T_UNTIL)) {
        diag_add(p->diags, DIAG_extra_end, f->place,
                 "\"%.*s\" without \"%s\"", f->width, f->text,
                 f->token == T_UNTIL ? "repeat" : "if");
        return 1;
    }
    if (is_word(f->token) && expects(f, T_NAME) &&
        (p->position > 1 || is_set(p->source, f->place.end))) {
        diag_add(p->diags, DIAG_reserved_word, f->place,
                 "\"%.*s\" is a word of the language and cannot be a name",
                 f->width, f->text);
        if (f->token == T_END && p->open.count)
            diag_note(p->diags, (struct place){NULL, 0, 0},
                      "the last row is rows(A) - 1, and A(k..rows(A), :) "
                      "runs to the end");
        return 1;
    }
    if (is_word(p->before.token) && p->position == 2 && f->token == T_SET) {
        diag_add(p->diags, DIAG_reserved_word, p->before.place,
                 "\"%.*s\" is a word of the language and cannot be a name",
                 (int)(p->before.place.end - p->before.place.begin),
                 p->source->text + p->before.place.begin);
        return 1;
    }
    return 0;
}

/* Names, numbers and strings that follow a name at a statement's start. */
static int report_call(const struct found *f)
{
    struct parse *p = f->p;
    struct place name = p->before.place;

    if (p->first != T_NAME || p->position != 2 || !is_operand(f->token) ||
        word_habit(f))
        return 0;
    diag_add(p->diags, DIAG_call_parens, f->place,
             "unexpected %s after \"%.*s\": a call needs parentheses",
             found_text(f), (int)(name.end - name.begin),
             p->source->text + name.begin);
    if (name.end - name.begin == 6 &&
        !memcmp(p->source->text + name.begin, "import", 6))
        diag_note(p->diags, (struct place){0},
                  "there are no modules: all functions are at hand");
    return 1;
}

static int report_habit(const struct found *f)
{
    struct diag_sink *diags = f->p->diags;

    switch (f->token) {
    case T_COLON:
        if (line_ends(f->p->source, f->place.end) && !f->p->open.count)
            diag_add(diags, DIAG_block_colon, f->place,
                     "a block begins on the next line, without \":\"");
        else
            diag_add(diags, DIAG_range_colon, f->place,
                     "ranges are written 0..n (end excluded), not 1:n");
        return 1;
    case T_QUOTE:
        diag_add(diags, DIAG_single_quotes, f->place,
                 "strings are written in double quotes; ' is the transpose");
        return 1;
    case T_SET:
        if (report_equals(f))
            return 1;
        break;
    }
    return report_operator(f) || report_word(f) || report_call(f);
}

/* "expected a, b or c" for what could stand there; empty where that is much.
 * All that begins an expression counts as one, and operators are named only
 * where nothing else can follow. */
static const char *expected_text(const struct found *f)
{
    enum { MOST = 4 };
    const char *names[MOST] = {NULL}, *text = "";
    int expression = expects(f, T_NUMBER);
    int token, count = 0, i;

    if (f->p->position == 1)
        return "";
    if (expression)
        names[count++] = "an expression";
    for (token = T_SEP; token <= T_RBRACK; token++) {
        int begins = is_operand(token) || token == T_TRUE ||
                     token == T_FALSE || token == T_LPAREN ||
                     token == T_LBRACK || token == T_MINUS || token == T_NOT;
        int follows = is_operator(token) || token == T_LPAREN ||
                      token == T_LBRACK || token == T_QUOTE ||
                      token == T_DOT_QUOTE ||
                      (token == T_SET && expects(f, T_AND));
        const char *name;

        if (token == T_BAD || !expects(f, token) || (expression && begins) ||
            (!expression && follows &&
             (expects(f, T_SEP) || expects(f, T_AND) ||
              expects(f, T_SET_ADD))))
            continue;
        if (count == MOST)
            return "";
        name = yysymbol_name(YYTRANSLATE(token));
        if (token != T_SEP && token != T_NAME)
            name = arena_printf(f->p->arena, "\"%s\"", name);
        names[count++] = token == T_NAME ? "a name" : name;
    }
    for (i = 0; i < count; i++)
        text = arena_printf(f->p->arena, "%s%s%s", text,
                            i == 0 ? ", expected "
                                   : i == count - 1 ? " or " : ", ",
                            names[i]);
    return text;
}

static void report_general(const struct found *f)
{
    struct parse *p = f->p;
    struct place nowhere = {NULL, 0, 0};
    const char *habit = word_habit(f);

    diag_add(p->diags, DIAG_syntax, f->place, "unexpected %s%s",
             found_text(f), expected_text(f));
    if (habit)
        diag_note(p->diags, nowhere, "%s", habit);
    if (p->open.count && (expects(f, T_RPAREN) || expects(f, T_RBRACK))) {
        struct opener open = p->open.items[p->open.count - 1];

        if (open.token == T_LBRACK && is_operand(f->token))
            diag_note(p->diags, nowhere,
                      "the entries of a row are separated by commas");
        else
            diag_note(p->diags, open.place, "the bracket is opened here");
    }
}

static int yyreport_syntax_error(const yypcontext_t *context,
                                 struct parse *parse)
{
    yysymbol_kind_t kinds[YYNTOKENS];
    struct found f = {.p = parse};
    int count, i, most = 40;

    if (parse->quiet || parse->last.token == T_BAD)
        return 0;
    f.token = parse->last.token;
    f.place = *yypcontext_location(context);
    f.text = parse->source->text + f.place.begin;
    f.width = (int)(f.place.end - f.place.begin);
    if (f.width > most)
        for (f.width = most; (f.text[f.width] & 0xc0) == 0x80; f.width--)
            ;
    /* a line's end is shown behind its last token */
    if (f.token == T_SEP && !(f.width == 1 && f.text[0] == ';'))
        f.place.begin = f.place.end = parse->before.place.end;
    if (parse->diags->errors >= DIAG_MOST) {
        diag_add(parse->diags, DIAG_syntax, f.place, "unexpected token");
    } else {
        count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
        for (i = 0; i < count; i++)
            f.expected[kinds[i]] = 1;
        if (!report_habit(&f))
            report_general(&f);
    }
    if (f.token != T_SEP)
        parse->quiet = 1;
    return 0;
}

/* Bison's own messages: only "memory exhausted", its stack being at its
 * largest. */
static void tm_yyerror(struct place *place, struct parse *parse,
                       const char *text)
{
    (void)text;
    ast_too_deep(parse, *place);
}
