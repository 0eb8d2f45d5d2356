/* The one layout of scripts.
 *
 * Works on the tokens, each with the text between it and the one before it:
 * from there come line breaks, which stay, comments and "...".  Blanks and
 * indentation are made anew.  The result is a list of lines, so that comments
 * behind consecutive lines can be put under each other at the end.  At last
 * it is parsed: it must give the tree that the script gave. */
#include "grammar/format.h"

#include "grammar/parser.h"

enum { BLOCK_INDENT = 2, CONTINUE_INDENT = 4, COMMENT_GAP = 2 };

struct piece {
    int token;
    uint32_t begin, end;
    int level;  /* open brackets around it; a bracket counts itself */
    int starts; /* a statement begins here */
    int header; /* it stands in the first line of a function */
    int unary;  /* a minus with one operand */
    int tight;  /* an operator or comma without blanks */
};

struct line {
    VEC(char) code;
    const char *comment; /* with its #; NULL: none */
    uint32_t comment_size;
    uint32_t indent;
    int blank; /* an empty line before it */
};

/* A bracket that is open, in the lines made so far. */
struct bracket {
    uint32_t column; /* of what is behind it */
    uint32_t indent; /* of its line */
    int hanging;     /* it ends its line */
};

struct format {
    struct arena *arena;
    const char *text;
    VEC(struct piece) pieces;
    VEC(struct line) lines;
    VEC(struct bracket) brackets;
    uint32_t depth;     /* open blocks */
    uint32_t statement; /* indentation of the statement's first line */
    VEC(char) out;
};

/* ---- tokens ------------------------------------------------------------ */

static int is_open(int token)
{
    return token == T_LPAREN || token == T_LBRACK;
}

static int is_close(int token)
{
    return token == T_RPAREN || token == T_RBRACK;
}

static int ends_operand(int token)
{
    return token == T_NAME || token == T_NUMBER || token == T_STRING ||
           token == T_TRUE || token == T_FALSE || token == T_QUOTE ||
           token == T_DOT_QUOTE || is_close(token);
}

static int is_arithmetic(int token)
{
    return token >= T_PLUS && token <= T_DOT_SLASH;
}

static int is_power(int token)
{
    return token == T_POWER || token == T_DOT_POWER;
}

static int is_set(int token)
{
    return token >= T_SET && token <= T_SET_MUL;
}

/* What the operands of a range do not reach beyond. */
static int ends_range(int token)
{
    return token < T_PLUS &&
           (token >= T_PARAM && token != T_TRUE && token != T_FALSE);
}

static void read_pieces(struct format *f, struct parse *p)
{
    union TM_YYSTYPE value;
    struct place place;
    int token, level = 0, starts = 1, header = 0, before = T_SEP;

    while ((token = tm_yylex(&value, &place, p)) != T_END_OF_FILE) {
        struct piece piece = {
            .token = token, .begin = place.begin, .end = place.end};

        if (token == T_SEP) {
            starts = 1;
            before = T_SEP;
            continue;
        }
        if (starts)
            header = token == T_FUNCTION;
        level += is_open(token);
        piece.level = level;
        level -= is_close(token);
        piece.starts = starts;
        piece.header = header;
        piece.unary = token == T_MINUS && !ends_operand(before);
        vec_push(f->arena, &f->pieces, piece);
        before = token;
        starts = 0;
    }
}

/* ---- where no blanks stand --------------------------------------------- */

/* The indices of a tile, behind the bracket at k, are close together where
 * each is a name, a number or a range of these, with at most one + or -:
 * A[i,k], A[k+1..t,k], but A[i + 2 * j, 0]. */
static void tighten_tile(struct format *f, uint32_t k)
{
    struct piece *p = f->pieces.items;
    uint32_t end, i;
    int signs = 0;

    for (end = k + 1; end < f->pieces.count && p[end].token != T_RBRACK;
         end++) {
        switch (p[end].token) {
        case T_COMMA:
        case T_RANGE: signs = 0; break;
        case T_PLUS:
        case T_MINUS:
            if (signs++)
                return;
            break;
        case T_NAME:
        case T_NUMBER:
        case T_COLON: break;
        default: return;
        }
    }
    for (i = k + 1; i < end; i++)
        p[i].tight = 1;
}

/* The operators in the ends of the range at k: 0..n-1, k+1..t. */
static void tighten_range(struct format *f, uint32_t k)
{
    struct piece *p = f->pieces.items;
    int level = p[k].level, side;

    for (side = -1; side <= 1; side += 2) {
        uint32_t i = k;

        while (side < 0 ? i > 0 && !p[i].starts : i + 1 < f->pieces.count) {
            i += (uint32_t)side;
            if (side > 0 && p[i].starts)
                break;
            if (p[i].level > level)
                continue;
            if (p[i].level < level || is_open(p[i].token) ||
                is_close(p[i].token) || ends_range(p[i].token) ||
                p[i].token == T_COMMA || p[i].token == T_SEMI)
                break;
            /* a - -b must not become a--b */
            if (is_arithmetic(p[i].token) && !p[i].unary &&
                !(i + 1 < f->pieces.count && p[i + 1].unary))
                p[i].tight = 1;
        }
    }
}

static void find_tight(struct format *f)
{
    uint32_t k;

    for (k = 0; k < f->pieces.count; k++) {
        struct piece *p = &f->pieces.items[k];

        if (p->token == T_RANGE)
            tighten_range(f, k);
        else if (p->token == T_LBRACK && k > 0 && !p->starts &&
                 ends_operand(p[-1].token))
            tighten_tile(f, k);
        else if (is_set(p->token) && p->level > 0 && !p->header)
            p->tight = 1; /* an argument: seed=1 */
    }
}

/* Whether a blank stands between two tokens of a line. */
static int blank_between(const struct piece *a, const struct piece *b)
{
    if (b->token == T_COMMA || b->token == T_SEMI || is_close(b->token) ||
        b->token == T_QUOTE || b->token == T_DOT_QUOTE || is_open(a->token))
        return 0;
    if (is_open(b->token))
        return !ends_operand(a->token) && a->token != T_NOT && !a->unary &&
               !a->tight && a->token != T_RANGE && !is_power(a->token);
    if (a->token == T_SEMI)
        return 1;
    if (a->token == T_COMMA)
        return !a->tight;
    if (a->unary)
        return b->unary;
    if (a->token == T_NOT || a->token == T_RANGE || b->token == T_RANGE ||
        is_power(a->token) || is_power(b->token))
        return 0;
    if (a->tight && (is_arithmetic(a->token) || is_set(a->token)))
        return 0;
    return !(b->tight && !b->unary &&
             (is_arithmetic(b->token) || is_set(b->token)));
}

/* ---- lines ------------------------------------------------------------- */

static struct line *last_line(struct format *f)
{
    return &f->lines.items[f->lines.count - 1];
}

static void put(struct format *f, const char *text, uint32_t size)
{
    struct line *line = last_line(f);
    uint32_t i;

    for (i = 0; i < size; i++)
        vec_push(f->arena, &line->code, text[i]);
}

/* Characters, not bytes. */
static uint32_t line_width(const struct line *line)
{
    uint32_t width = line->indent, i;

    for (i = 0; i < line->code.count; i++)
        width += ((unsigned char)line->code.items[i] & 0xc0) != 0x80;
    return width;
}

static int closes_block(int token)
{
    return token == T_END || token == T_ELSE || token == T_ELSEIF ||
           token == T_UNTIL;
}

/* The indentation of a line that begins with next (NULL: a comment). */
static uint32_t indent_of(struct format *f, const struct piece *next,
                          int starts)
{
    const struct bracket *open;
    int closes = next && is_close(next->token);
    uint32_t depth = f->depth;

    if (starts) {
        if (next && closes_block(next->token) && depth)
            depth--;
        return depth * BLOCK_INDENT;
    }
    if (!f->brackets.count)
        return f->statement + CONTINUE_INDENT;
    open = &f->brackets.items[f->brackets.count - 1];
    if (open->hanging)
        return open->indent + (closes ? 0 : CONTINUE_INDENT);
    return open->column - (uint32_t)closes;
}

static void new_line(struct format *f, const struct piece *next, int starts,
                     int blank)
{
    struct line line = {.indent = indent_of(f, next, starts),
                        .blank = blank && f->lines.count};

    vec_push(f->arena, &f->lines, line);
    if (starts && next)
        f->statement = line.indent;
}

static void put_comment(struct format *f, const char *text, uint32_t size)
{
    struct line *line = last_line(f);

    while (size && (text[size - 1] == ' ' || text[size - 1] == '\t' ||
                    text[size - 1] == '\r'))
        size--;
    line->comment = text;
    line->comment_size = size;
}

/* What stands between two tokens, begin to end of the text: comments and
 * "..." go to their lines.  Returns the line breaks behind the last of them.
 * The bracket that was opened last hangs where a line break follows it. */
static int read_gap(struct format *f, uint32_t begin, uint32_t end,
                    const struct piece *before, int starts)
{
    const char *s = f->text + begin, *last = f->text + end;
    int breaks = before ? 0 : 1;

    while (s < last) {
        const char *start = s;

        if (*s == '\n') {
            breaks++;
            s++;
        } else if (*s == '#') {
            s = memchr(s, '\n', (size_t)(last - s));
            if (!s)
                s = last;
            if (before && is_open(before->token))
                f->brackets.items[f->brackets.count - 1].hanging = 1;
            if (breaks)
                new_line(f, NULL, starts, breaks > 1);
            put_comment(f, start, (uint32_t)(s - start));
            breaks = 0;
        } else if (*s == '.') {
            put(f, " ...", 4);
            s += 3;
        } else {
            s++;
        }
    }
    if (breaks && before && is_open(before->token))
        f->brackets.items[f->brackets.count - 1].hanging = 1;
    return breaks;
}

/* Blocks and brackets, once the token stands in its line. */
static void count_open(struct format *f, const struct piece *p)
{
    const struct line *line = last_line(f);

    switch (p->token) {
    case T_FUNCTION:
    case T_IF:
    case T_FOR:
    case T_WHILE:
    case T_REPEAT: f->depth++; break;
    case T_END:
    case T_UNTIL: f->depth -= f->depth > 0; break;
    case T_LPAREN:
    case T_LBRACK:
        vec_push(f->arena, &f->brackets,
                 (struct bracket){line_width(line), line->indent, 0});
        break;
    case T_RPAREN:
    case T_RBRACK: f->brackets.count--; break;
    }
}

static void make_lines(struct format *f, uint32_t size)
{
    const struct piece *before = NULL;
    uint32_t at = 0, k;

    for (k = 0; k < f->pieces.count; k++) {
        const struct piece *p = &f->pieces.items[k];
        int breaks = read_gap(f, at, p->begin, before, p->starts);

        if (breaks)
            new_line(f, p, p->starts, breaks > 1);
        else if (p->starts)
            put(f, "; ", 2);
        else if (blank_between(before, p))
            put(f, " ", 1);
        put(f, f->text + p->begin, p->end - p->begin);
        count_open(f, p);
        at = p->end;
        before = p;
    }
    read_gap(f, at, size, before, 1);
}

/* ---- text -------------------------------------------------------------- */

static void out(struct format *f, const char *text, uint32_t size)
{
    uint32_t i;

    for (i = 0; i < size; i++)
        vec_push(f->arena, &f->out, text[i]);
}

static void out_blanks(struct format *f, uint32_t count)
{
    while (count--)
        out(f, " ", 1);
}

static int has_side_comment(const struct line *line)
{
    return line->code.count && line->comment;
}

/* The column of the comments of the lines from k on that all have one. */
static uint32_t comment_column(const struct format *f, uint32_t k)
{
    uint32_t column = 0, first = k;

    for (; k < f->lines.count && has_side_comment(&f->lines.items[k]) &&
           (k == first || !f->lines.items[k].blank);
         k++) {
        uint32_t width = line_width(&f->lines.items[k]);

        column = width > column ? width : column;
    }
    return column + COMMENT_GAP;
}

static void make_text(struct format *f)
{
    uint32_t k, column = 0;
    int aligned = 0;

    for (k = 0; k < f->lines.count; k++) {
        const struct line *line = &f->lines.items[k];

        if (line->blank)
            out(f, "\n", 1);
        out_blanks(f, line->indent);
        out(f, line->code.items, line->code.count);
        if (has_side_comment(line)) {
            if (!aligned || line->blank)
                column = comment_column(f, k);
            out_blanks(f, column - line_width(line));
        }
        aligned = has_side_comment(line);
        if (line->comment)
            out(f, line->comment, line->comment_size);
        out(f, "\n", 1);
    }
    vec_push(f->arena, &f->out, '\0');
}

char *format_script(struct arena *arena, struct diag_sink *diags,
                    const struct source *source, size_t *size)
{
    struct format f = {.arena = arena, .text = source->text};
    struct diag_sink ignored = {.arena = arena};
    struct source made = *source;
    struct ast *tree = ast_parse(arena, diags, source);

    *size = 0;
    if (diags->errors)
        return NULL;
    read_pieces(&f, ast_open(arena, &ignored, source));
    find_tight(&f);
    make_lines(&f, (uint32_t)source->size);
    make_text(&f);
    made.text = f.out.items;
    made.size = f.out.count - 1;
    if (!ast_same(tree, ast_parse(arena, &ignored, &made)) || ignored.errors)
        return NULL;
    *size = made.size;
    return f.out.items;
}
