/* The grammar: the example programs, the shape of trees, the messages, and
 * texts that are broken, hostile or large. */
#include "tests/unit/check.h"

#include <locale.h>
#include <stdlib.h>

#include "grammar/ast.h"

/* What parsing a text gives. */
struct outcome {
    struct arena arena;
    struct diag_sink diags;
    struct source source;
    char *tree, *messages; /* caller frees */
    uint16_t depth;
    int failed; /* out of memory */
};

static char *read_file(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);

    *size = 0;
    if (in && text)
        *size = fread(text, 1, (1 << 16) - 1, in);
    if (in)
        fclose(in);
    return text;
}

static void parse_bytes(struct outcome *o, const char *text, size_t size,
                        size_t limit)
{
    FILE *out;
    size_t length;
    struct ast *program;

    memset(o, 0, sizeof *o);
    arena_init(&o->arena);
    o->arena.limit = limit;
    o->diags.arena = &o->arena;
    o->source = (struct source){"t.tm", text, size, 0};
    if (setjmp(o->arena.failed)) {
        o->failed = 1;
        return;
    }
    program = ast_parse(&o->arena, &o->diags, &o->source);
    o->depth = program->depth;
    out = open_memstream(&o->tree, &length);
    ast_print(out, program);
    fclose(out);
    o->messages = strdup(diag_text(&o->diags, NULL));
}

static void outcome_free(struct outcome *o)
{
    free(o->tree);
    free(o->messages);
    arena_free(&o->arena);
}

/* Whether text is good and its tree is printed as tree. */
static int is_tree(const char *text, const char *tree)
{
    struct outcome o;
    int same;

    parse_bytes(&o, text, strlen(text), 0);
    same = o.diags.errors == 0 && strcmp(o.tree, tree) == 0;
    if (!same)
        printf("# text: %s# tree: %s# messages: %s\n", text, o.tree,
               o.messages);
    outcome_free(&o);
    return same;
}

/* Whether the text has exactly these messages: "line:col:id ...". */
static int has_messages_bytes(const char *text, size_t size, const char *wanted)
{
    struct outcome o;
    char got[1000] = "";
    size_t used = 0;
    uint32_t i;
    int same;

    parse_bytes(&o, text, size, 0);
    for (i = 0; i < o.diags.list.count && used < sizeof got; i++) {
        struct diag d = o.diags.list.items[i];
        struct line_column at = {0, 0};

        if (d.level == DIAG_NOTE)
            continue;
        if (d.place.source)
            at = source_line_column(d.place.source, d.place.begin);
        used += (size_t)snprintf(got + used, sizeof got - used, "%s%u:%u:%s",
                                 used ? " " : "", at.line, at.column,
                                 diag_table[d.id].name);
    }
    same = strcmp(got, wanted) == 0;
    if (!same)
        printf("# wanted: %s\n# got: %s\n%s", wanted, got, o.messages);
    outcome_free(&o);
    return same;
}

static int has_messages(const char *text, const char *wanted)
{
    return has_messages_bytes(text, strlen(text), wanted);
}

/* Whether the messages are printed exactly so. */
static int is_shown(const char *text, const char *messages)
{
    struct outcome o;
    int same;

    parse_bytes(&o, text, strlen(text), 0);
    same = strcmp(o.messages, messages) == 0;
    if (!same)
        printf("# wanted:\n%s# got:\n%s", messages, o.messages);
    outcome_free(&o);
    return same;
}

static void test_programs(void)
{
    static const char *const names[] = {
        "01_gemm_tiles", "02_gemm_matrix", "03_cholesky", "04_least_squares",
        "05_pagerank",   "06_ridge",       "07_kmeans",   "08_rsvd",
        "09_rlsi",       "10_tsqr"};
    const char *srcdir = getenv("srcdir");
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        char path[4096];
        struct outcome o;
        size_t size;
        char *text;

        snprintf(path, sizeof path, "%s/tests/programs/%s.tm",
                 srcdir ? srcdir : ".", names[i]);
        text = read_file(path, &size);
        parse_bytes(&o, text, size, 0);
        printf("# %s\n%s", path, o.messages);
        CHECK(size > 0 && o.diags.list.count == 0);
        outcome_free(&o);
        free(text);
    }
}

static void test_expressions(void)
{
    CHECK(is_tree("A = B * C' + 2\n", "A = (+ (* B (' C)) 2)\n"));
    CHECK(is_tree("x = a - b - c", "x = (- (- a b) c)\n"));
    CHECK(is_tree("x = a^b^c", "x = (^ a (^ b c))\n"));
    CHECK(is_tree("x = -a^-b'", "x = (- (^ a (- (' b))))\n"));
    CHECK(is_tree("x = !a == b", "x = (== (! a) b)\n"));
    CHECK(is_tree("x = a || b && c", "x = (|| a (&& b c))\n"));
    CHECK(is_tree("x = a + 1..b*2", "x = (.. (+ a 1) (* b 2))\n"));
    CHECK(is_tree("x = a..b == c", "x = (== (.. a b) c)\n"));
    CHECK(is_tree("x = A \\ b / c .* d ./ e",
                  "x = (./ (.* (/ (\\ A b) c) d) e)\n"));
    CHECK(is_tree("x = 2.*A.' + 1.5e3", "x = (+ (.* 2 (.' A)) 1500.0)\n"));
    CHECK(is_tree("x = (a + b) * c", "x = (* (+ a b) c)\n"));
    CHECK(
        is_tree("x = A is spd & lower && b", "x = (&& (is A spd lower) b)\n"));
    CHECK(is_tree("x = A(0, :)[i, j..k](:)",
                  "x = (() ([] (A 0 :) i (.. j k)) :)\n"));
    CHECK(is_tree("x = [1, 2; a, -b]", "x = [1 2; a (- b)]\n"));
    CHECK(is_tree("x = f() + true - false", "x = (- (+ (f) true) false)\n"));
    CHECK(is_tree("f(a, k=2, :)", "(f a k=2 :)\n"));
    CHECK(is_tree("f(\"a\\\"b\\\\\\n\\t\\x41\\xe9\")",
                  "(f \"a\\\"b\\\\\\n\\tA\\xE9\")\n"));
    CHECK(is_tree("f(\"\xc3\xa9\") # \xc3\xa9", "(f \"\xc3\xa9\")\n"));
    CHECK(is_tree("x = 0.1 + 9007199254740992 + 1e-300",
                  "x = (+ (+ 0.1 9007199254740992) 1e-300)\n"));
}

static void test_statements(void)
{
    CHECK(is_tree("param n\nparam m = 2", "param n\nparam m = 2\n"));
    CHECK(is_tree("input A(m, n) is spd & lower tile b, n",
                  "input A(m n) is spd & lower tile b n\n"));
    CHECK(is_tree("matrix C(m, 2*n) tile 3", "matrix C(m (* 2 n)) tile 3\n"));
    CHECK(is_tree("output A, b", "output A b\n"));
    CHECK(is_tree("assume A is spd", "assume A is spd\n"));
    CHECK(is_tree("tile 5\ntile a, b", "tile 5\ntile a b\n"));
    CHECK(is_tree("A[i,j] += 1; A(0..k,:) = B; x -= 1; y *= 2",
                  "([] A i j) += 1\n(A (.. 0 k) :) = B\nx -= 1\ny *= 2\n"));
    CHECK(is_tree("[_, R[i,0], A(1), x] = f(a)",
                  "[_ ([] R i 0) (A 1) x] = (f a)\n"));
    CHECK(is_tree("if a\n b()\nelseif c\n d()\nelse\n e()\nend\n",
                  "if a\n  (b)\nelse\n  if c\n    (d)\n  else\n    (e)\n"));
    CHECK(is_tree("for i in 0..n step 2\n break\nend",
                  "for i in (.. 0 n) step 2\n  break\n"));
    CHECK(is_tree("while a; continue; end", "while a\n  continue\n"));
    CHECK(is_tree("repeat\n x += 1\nuntil x > 3",
                  "repeat\n  x += 1\nuntil (> x 3)\n"));
    CHECK(is_tree("function f()\n return\nend", "function [] = f\n  return\n"));
    CHECK(is_tree("function L = f(A is spd & lower, k = 1)\nend",
                  "function [L] = f (A is spd & lower) (k = 1)\n"));
    CHECK(is_tree("function [Q, R] = f(A)\nend", "function [Q R] = f (A)\n"));
}

static void test_lines(void)
{
    CHECK(is_tree("", ""));
    CHECK(is_tree("\n;;\n # a\n", ""));
    CHECK(is_tree("\xEF\xBB\xBFx = 1", "x = 1\n"));
    CHECK(is_tree("x = 1\r\ny = 2 # c\r\n", "x = 1\ny = 2\n"));
    CHECK(is_tree("x = a +\n  b\ny = (a\n + # c\n\n b)\n",
                  "x = (+ a b)\ny = (+ a b)\n"));
    CHECK(is_tree("x = a ...\n + b ... \r\n * c", "x = (+ a (* b c))\n"));
    CHECK(is_tree("x = [1, 2;\n 3, 4]", "x = [1 2; 3 4]\n"));
    CHECK(is_tree("f(a,\n side = 1)\n", "(f a side=1)\n"));
    CHECK(is_tree("x = a' ; y = b';", "x = (' a)\ny = (' b)\n"));
}

/* One mistake is one message, and what follows is read. */
static void test_recovery(void)
{
    CHECK(has_messages("x = = 1\ny = )\nz = 1 2\n",
                       "1:5:syntax 2:5:unopened 3:7:syntax"));
    CHECK(has_messages("for i = 0..n\n x = = 1\nend\ny = 2 2\n",
                       "1:7:for_equals 2:6:syntax 4:7:syntax"));
    CHECK(has_messages("if a b\n if c\n  x = (1\n end\nend\n",
                       "1:6:syntax 3:7:unclosed"));
    CHECK(has_messages("function f(a b)\n x = 1\nend\n", "1:14:syntax"));
    CHECK(has_messages("repeat\n x = 1\nuntil = 2\ny = = 1\n",
                       "3:7:equals_test 4:5:syntax"));
    CHECK(has_messages("while )\n x = = 1\nend\n", "1:7:unopened 2:6:syntax"));
    CHECK(has_messages("x = f(a,\nfor i in 0..3\n y()\nend\n", "1:6:unclosed"));
    CHECK(has_messages("x = f(g(1)\ny = [2\n", "1:6:unclosed 2:5:unclosed"));
    CHECK(has_messages("x = [1, 2)\ny = 2 +", "1:10:unclosed 2:8:syntax"));
    CHECK(has_messages("x = a +\ny = = b", "1:8:syntax 2:5:syntax"));
}

static void test_blocks(void)
{
    CHECK(has_messages("for i in 0..3\n x()\n", "1:1:missing_end"));
    CHECK(has_messages("for i in 0..3\n if a\n x()\nend\n", "1:1:missing_end"));
    CHECK(has_messages("x = 1\nend\ny = 2\n", "2:1:extra_end"));
    CHECK(has_messages("else\n", "1:1:extra_end"));
    CHECK(has_messages("repeat\n x()\nend\n", "3:1:end_place"));
    CHECK(has_messages("repeat\n if a\n  x()\nuntil b\n", "2:2:missing_end"));
    CHECK(has_messages("if a\n for i in b\nelse\nend\n", "2:2:missing_end"));
    CHECK(has_messages("if a x = 1 end\ny = 2\n", "1:6:syntax"));
    CHECK(has_messages("if a; x = 1 end\ny = 2\n", "1:13:end_place"));
    CHECK(has_messages("if a\n function f()\n end\nend\n",
                       "2:11:nested_function"));
    CHECK(has_messages("if a\nfunction f()\nend\n", "1:1:missing_end"));
}

static void test_habits(void)
{
    CHECK(has_messages("for i in 1:n\nend\n", "1:11:range_colon"));
    CHECK(has_messages("x = A(1:3)\n", "1:8:range_colon"));
    CHECK(has_messages("if a:\nend\n", "1:5:block_colon"));
    CHECK(has_messages("x = 1 % it's (\n", "1:7:percent_comment"));
    CHECK(has_messages("// it's (\n", "1:1:slash_comment"));
    CHECK(has_messages("x = a ** 2\n", "1:7:power"));
    CHECK(has_messages("x = a @ b\n", "1:7:at_product"));
    CHECK(has_messages("x = a ~= b\ny = ~a\n", "1:7:not_equal 2:5:tilde"));
    CHECK(has_messages("x = A.T\n", "1:6:transpose"));
    CHECK(has_messages("x = np.dot(a, b)\n", "1:7:dotted"));
    CHECK(has_messages("f('a (b')\n", "1:3:single_quotes"));
    CHECK(has_messages("if a = b\nend\n", "1:6:equals_test"));
    CHECK(has_messages("if a & b | c\nend\nx = a | b\n",
                       "1:6:single_and_or 3:7:single_and_or"));
    CHECK(has_messages("if a\nendif\nif a\nend if\n",
                       "2:1:end_word 4:1:end_word"));
    CHECK(has_messages("if (a) {\n x()\n} else {\n y()\n}\n", "1:8:braces"));
    CHECK(has_messages("x = {1, 2}\n", "1:5:braces"));
    CHECK(has_messages("x++\n", "1:2:increment"));
    CHECK(has_messages("x = a < b < c\n", "1:11:chain_compare"));
    CHECK(has_messages("x = 0..n..2\n", "1:9:chain_range"));
    CHECK(has_messages("x = .5\ny = 5.\nz = 2x\n",
                       "1:5:bad_number 2:6:bad_number 3:5:bad_number"));
    CHECK(has_messages("if a\nelif b\nelse if c\nend\n",
                       "2:1:elseif_word 3:1:elseif_word"));
    CHECK(has_messages("def f(x):\nend\n", "1:1:function_word"));
    CHECK(has_messages("print x\n", "1:7:call_parens"));
    CHECK(has_messages("for i = 0..n\nend\n", "1:7:for_equals"));
    CHECK(has_messages("x /= 2\ny := 2\n", "1:3:no_assign 2:3:no_assign"));
    CHECK(has_messages("A == B\n", "1:3:not_statement"));
    CHECK(has_messages("A\nA'\nf(a)[1]\n",
                       "1:1:not_statement 2:1:not_statement "
                       "3:1:not_statement"));
    CHECK(has_messages("input = 3\nx = tile\nstep = 2\n",
                       "1:1:reserved_word 2:5:reserved_word "
                       "3:1:reserved_word"));
    CHECK(has_messages("3 = x\nf(a=1) = 2\n[a, b] += f()\n[a; b] = c\n",
                       "1:1:bad_target 2:1:bad_target 3:8:bad_target "
                       "4:1:bad_target"));
    CHECK(has_messages("x = a ... b\n", "1:7:continuation"));
}

static void test_bytes(void)
{
    CHECK(has_messages_bytes("x = a\0b\ny = = 1\n", 16,
                             "1:6:bad_byte 2:5:syntax"));
    CHECK(has_messages_bytes("\0", 1, "1:1:bad_byte"));
    CHECK(has_messages_bytes("# \0\0 b\nx = \"\0\"\n", 15,
                             "1:3:bad_byte 2:6:bad_byte"));
    CHECK(has_messages("x = \xff\n", "1:5:bad_byte"));
    CHECK(has_messages("# \xc3(\nx = \"\xed\xa0\x80\"\n",
                       "1:3:bad_byte 2:6:bad_byte"));
    CHECK(has_messages("x = \x1b[31m\n", "1:5:bad_byte"));
    CHECK(has_messages("x = 1\ry = 2\n", "1:6:bad_byte"));
    CHECK(has_messages("x = \xce\xbb + 1\n", "1:5:bad_name"));
    CHECK(has_messages("x = a \xe2\x89\xa4 b\n", "1:7:stray"));
    CHECK(has_messages("x = 1\n\xEF\xBB\xBFy = 2", "2:1:bad_name"));
    CHECK(has_messages("x = 9007199254740993 + 1e999 + 1e-999\n",
                       "1:5:number_range 1:24:number_range "
                       "1:32:number_range"));
    CHECK(
        has_messages("x = \"abc\ny = 2 2\n", "1:5:unclosed_string 2:7:syntax"));
    CHECK(has_messages("x = \"a\\qb\"\ny = \"\\x00\"\n",
                       "1:7:bad_escape 2:6:bad_escape"));
    CHECK(has_messages("(", "1:1:unclosed"));
    CHECK(has_messages("[", "1:1:unclosed"));
    CHECK(has_messages("\"", "1:1:unclosed_string"));
    CHECK(has_messages("x = f(\"a", "1:7:unclosed_string"));
    CHECK(has_messages("for i in f([1,", "1:12:unclosed 1:1:missing_end"));
}

/* count times a, then b, then count times c; caller frees. */
static char *repeated(const char *a, const char *b, const char *c, size_t count)
{
    char *text, *s;
    size_t i;

    s = text = malloc(count * (strlen(a) + strlen(c)) + strlen(b) + 100);
    for (i = 0; i < count; i++)
        s = stpcpy(s, a);
    s = stpcpy(s, b);
    for (i = 0; i < count; i++)
        s = stpcpy(s, c);
    return text;
}

/* The depth of the tree, or 0 where there is not exactly the message about
 * nesting. */
static int too_deep(const char *a, const char *b, const char *c, size_t count)
{
    char *text = repeated(a, b, c, count);
    struct outcome o;
    int depth;

    parse_bytes(&o, text, strlen(text), 0);
    depth = o.diags.errors == 1 && o.diags.list.items[0].id == DIAG_too_deep
                ? o.depth
                : 0;
    if (!depth)
        printf("# %.1000s\n", o.messages);
    outcome_free(&o);
    free(text);
    return depth > 0 && depth <= AST_DEEPEST;
}

static int is_good(const char *a, const char *b, const char *c, size_t count)
{
    char *text = repeated(a, b, c, count);
    struct outcome o;
    int good;

    parse_bytes(&o, text, strlen(text), 0);
    good = o.diags.list.count == 0;
    if (!good)
        printf("# %.1000s\n", o.messages);
    outcome_free(&o);
    free(text);
    return good;
}

static void test_size(void)
{
    CHECK(is_good("x = f(a, 1)\n", "", "", 100000));
    CHECK(is_good("if a\n", "x()\n", "end\n", 450));
    CHECK(is_good("", "x = 1", "+1", 900));
    CHECK(too_deep("", "x = 1", "+1", 100000));
    CHECK(too_deep("", "x = a", "'", 100000));
    CHECK(too_deep("", "x = a", "^a", 100000));
    CHECK(too_deep("f(", "1", ")", 3000));
    CHECK(too_deep("f(", "1", ")", 100000));
    CHECK(too_deep("if a\n", "", "end\n", 3000));
    CHECK(too_deep("if a\n", "", "end\n", 100000));
    CHECK(too_deep("[", "1", "]", 100000));
}

/* Out of memory at any point: no crash, and nothing is lost (seen by a leak
 * checker). */
static void test_memory(void)
{
    char *text = repeated("for i in 0..n\n  x = f(a, \"s\") +\n 1 1\nend\n",
                          "x = ((((1))))", "", 300);
    size_t limit;
    int failures = 0, passes = 0;
    struct outcome o;

    for (limit = 1000; limit < 1 << 21; limit += limit / 7) {
        parse_bytes(&o, text, strlen(text), limit);
        failures += o.failed;
        passes += !o.failed;
        outcome_free(&o);
    }
    CHECK(failures > 0 && passes > 0);
    free(text);
}

static void test_layout(void)
{
    CHECK(is_shown("for i in 1:n\nend\n",
                   "t.tm:1:11: error: ranges are written 0..n (end excluded), "
                   "not 1:n [range_colon]\n"
                   "    1 | for i in 1:n\n"
                   "      |           ^\n"));
    CHECK(is_shown("\tx = abc abcd",
                   "t.tm:1:10: error: unexpected name \"abcd\", expected end "
                   "of line [syntax]\n"
                   "    1 | \tx = abc abcd\n"
                   "      | \t        ^~~~\n"));
    CHECK(is_shown("f(\"\xc3\xa9\x01\", a b)",
                   "t.tm:1:12: error: unexpected name \"b\", expected \",\" "
                   "or \")\" [syntax]\n"
                   "    1 | f(\"\xc3\xa9\\x01\", a b)\n"
                   "      |              ^\n"
                   "t.tm:1:2: note: the bracket is opened here\n"));
    CHECK(is_shown("x = a +\nend\n",
                   "t.tm:1:8: error: unexpected end of line, expected an "
                   "expression [syntax]\n"
                   "    1 | x = a +\n"
                   "      |        ^\n"
                   "t.tm:2:1: error: \"end\" closes no block [extra_end]\n"
                   "    2 | end\n"
                   "      | ^~~\n"));
}

static void test_limit(void)
{
    char *text = repeated("x = = 1\n", "", "", 50);
    struct outcome o;

    parse_bytes(&o, text, strlen(text), 0);
    CHECK(o.diags.errors == 50 && o.diags.list.count == DIAG_MOST);
    CHECK(strstr(o.messages, "\n... and 30 more errors\n") != NULL);
    outcome_free(&o);
    free(text);
}

static void test_tokens(void)
{
    static const char text[] = "x = f(1, \"a\")'\nend # c\n";
    struct arena arena;
    struct diag_sink diags = {.arena = &arena};
    struct source source = {"t.tm", text, sizeof text - 1, 0};
    char *written = NULL;
    size_t length;
    FILE *out = open_memstream(&written, &length);

    arena_init(&arena);
    if (setjmp(arena.failed) == 0)
        ast_print_tokens(out, &arena, &diags, &source);
    fclose(out);
    CHECK(strcmp(written, "1:1 NAME x\n1:3 SIGN =\n1:5 NAME f\n1:6 SIGN (\n"
                          "1:7 NUMBER 1\n1:8 SIGN ,\n1:10 STRING \"a\"\n"
                          "1:13 SIGN )\n1:14 SIGN '\n1:15 SEP \\n\n"
                          "2:1 BAD end\n2:8 SEP \\n\n") == 0);
    free(written);
    arena_free(&arena);
}

static void test_nearest(void)
{
    static const char *const names[] = {"chol", "trows", "rowsums", "eye"};

    CHECK(diag_nearest("chlo", names, 4) == names[0]);
    CHECK(diag_nearest("trow", names, 4) == names[1]);
    CHECK(diag_nearest("rowsmus", names, 4) == names[2]);
    CHECK(diag_nearest("EYE", names, 4) == names[3]);
    CHECK(diag_nearest("x", names, 4) == NULL);
    CHECK(diag_nearest("gemm", names, 4) == NULL);
}

/* Numbers are read and printed with a point under any locale. */
static void test_locale(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE"))
        puts("# no locale with a decimal comma: not tested");
    CHECK(is_tree("x = 0.25", "x = 0.25\n"));
    setlocale(LC_ALL, "C");
}

int main(void)
{
    test_programs();
    test_expressions();
    test_statements();
    test_lines();
    test_recovery();
    test_blocks();
    test_habits();
    test_bytes();
    test_size();
    test_memory();
    test_layout();
    test_limit();
    test_tokens();
    test_nearest();
    test_locale();
    return CHECK_END();
}
