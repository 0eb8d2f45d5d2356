/* Plans: writing and reading, refusing what is damaged, binding, walking.
 *
 * With a folder as argument it writes its own plans there: they are the
 * corpus of tests/fuzz/fuzz_plan.c and tests/plans. */
#include "base/error.h"
#include "base/source.h"
#include "compiler/compile.h"
#include "plan/codec.h"
#include "plan/edge.h"
#include "tests/unit/check.h"
#include "tests/unit/plan_build.h"
#include "tests/unit/plan_walk.h"

#include <glob.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* ---- scripts --------------------------------------------------------- */

static struct plan *compile(const char *text)
{
    struct source source = {"test.tm", text, strlen(text), 0};
    struct plan *plan;
    char *messages;

    if (compile_source(&source, NULL, NULL, NULL, &plan, &messages))
        printf("%s", messages ? messages : "no message\n");
    free(messages);
    return plan;
}

static char *file_text(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    char *text = malloc(1 << 16);

    if (!in || !text) {
        free(text);
        if (in)
            fclose(in);
        return NULL;
    }
    *size = fread(text, 1, (1 << 16) - 1, in);
    text[*size] = 0;
    fclose(in);
    return text;
}

/* ---- plans made by hand ---------------------------------------------- */

static void set(struct plan *p, uint32_t slot, uint32_t value)
{
    struct plan_entry *e = build_entry(p, ENTRY_SET);

    e->a = slot;
    e->b = value;
}

static void store(struct plan *p, uint32_t output, uint32_t matrix, uint32_t i,
                  uint32_t j)
{
    uint32_t number = build_int(p, output);

    build_task(p, KERNEL_STORE, 0);
    build_operand(p, matrix, MODE_READ, i, j);
    build_arg(p, number);
    build_arg(p, i);
    build_arg(p, j);
}

/* x = x * factor, entry by entry. */
static void scale(struct plan *p, uint32_t x, double factor, uint32_t i,
                  uint32_t j)
{
    struct plan_map map = {.first_step = p->steps.count,
                           .steps = 1,
                           .first_constant = p->constants.count,
                           .constants = 1,
                           .inputs = 1,
                           .registers = 3};

    vec_push(p->arena, &p->constants, factor);
    vec_push(p->arena, &p->steps,
             (struct plan_map_step){MAPOP_MUL, 2, 0, 1, 0});
    vec_push(p->arena, &p->maps, map);
    build_task(p, KERNEL_MAP, 0)->a = p->maps.count - 1;
    build_operand(p, x, MODE_BOTH, i, j);
}

static void fetch(struct plan *p, uint32_t slot, uint32_t matrix)
{
    uint32_t zero = build_int(p, 0);

    build_entry(p, ENTRY_FETCH)->a = slot;
    build_operand(p, matrix, MODE_READ, zero, zero);
}

static void leave(struct plan *p, uint8_t kind, uint32_t levels)
{
    build_entry(p, kind)->a = levels;
}

static void print(struct plan *p, const char *text, uint32_t expr)
{
    uint32_t line = build_text(p, text, PART_EXPR, expr);

    build_task(p, KERNEL_PRINT, 0)->b = line;
    if (p->exprs.items[expr].slots)
        build_arg(p, expr);
}

/* Halve a number until it is below 0.5; the walk waits for each. */
static struct plan *repeat_plan(void)
{
    struct plan *p = plan_new();
    uint32_t zero = build_int(p, 0), one = build_int(p, 1);
    uint32_t x = build_fill(p, "x", one, one, one, 8);
    uint32_t s = build_temp(p, "s", one, one, one);
    uint32_t d = build_slot(p, "d", NUMBER_REAL);
    uint32_t it = build_slot(p, "it", NUMBER_INT);
    uint32_t count = build_leaf(p, EXPR_SLOT, NUMBER_INT, it);
    uint32_t value = build_leaf(p, EXPR_SLOT, NUMBER_REAL, d);
    uint32_t small =
        build_op(p, EXPR_LT, NUMBER_BOOL, value, build_real(p, 0.5));
    uint32_t third = build_op(p, EXPR_EQ, NUMBER_BOOL, count, build_int(p, 3));
    uint32_t output = build_output(p, "x", x);
    struct build_loop repeat, test, other, inner;

    set(p, it, zero);
    repeat = build_body(p, ENTRY_REPEAT, PLAN_NONE);
    set(p, it, build_add(p, count, 1));
    scale(p, x, 0.5, zero, zero);
    build_task(p, KERNEL_SUM, 0);
    build_operand(p, s, MODE_WRITE, zero, zero);
    build_operand(p, x, MODE_READ, zero, zero);
    fetch(p, d, s);
    test = build_body(p, ENTRY_IF, small);
    leave(p, ENTRY_BREAK, 1);
    build_end(p, test);
    other = build_body(p, ENTRY_ELSE, PLAN_NONE);
    inner = build_body(p, ENTRY_IF, third);
    leave(p, ENTRY_CONTINUE, 1);
    build_end(p, inner);
    build_end(p, other);
    print(p, "turn ", count);
    build_end(p, repeat);
    store(p, output, x, zero, zero);
    build_release(p, x);
    build_release(p, s);
    return p;
}

/* C = test ? A : B with select tasks, then a test that the walk waits for;
 * A is given up tile by tile. */
static struct plan *select_plan(void)
{
    struct plan *p = plan_new();
    uint32_t zero = build_int(p, 0), one = build_int(p, 1);
    uint32_t n = build_int(p, 5),
             b = build_leaf(p, EXPR_TILE_ROWS, NUMBER_INT, 0);
    uint32_t t = build_op(p, EXPR_CEIL_DIV, NUMBER_INT, n, b);
    uint32_t a = build_source(p, "A", RULE_RAND, n, n, b);
    uint32_t other = build_source(p, "B", RULE_EYE, n, n, b);
    uint32_t c = build_temp(p, "C", n, n, b);
    uint32_t s = build_temp(p, "s", one, one, one);
    uint32_t go = build_slot(p, "go", NUMBER_BOOL);
    uint32_t output = build_output(p, "C", c);
    struct build_loop i, j, test;

    p->matrices.items[other].arg = build_real(p, 1);
    build_task(p, KERNEL_SUM, 0);
    build_operand(p, s, MODE_WRITE, zero, zero);
    build_operand(p, a, MODE_READ, zero, zero);
    j = build_loop(p, zero, t);
    i = build_loop(p, zero, t);
    build_task(p, KERNEL_SELECT, 0);
    build_operand(p, c, MODE_WRITE, i.index, j.index);
    build_operand(p, s, MODE_READ, zero, zero);
    build_operand(p, a, MODE_READ, i.index, j.index);
    build_operand(p, other, MODE_READ, i.index, j.index);
    build_entry(p, ENTRY_RELEASE);
    build_operand(p, a, MODE_READ, i.index, j.index);
    build_end(p, i);
    build_end(p, j);
    fetch(p, go, s);
    test = build_body(p, ENTRY_IF, build_leaf(p, EXPR_SLOT, NUMBER_BOOL, go));
    build_entry(p, ENTRY_ALIAS);
    build_operand(p, c, MODE_WRITE, zero, zero);
    build_operand(p, other, MODE_READ, zero, zero);
    build_end(p, test);
    test = build_body(p, ENTRY_ELSE, PLAN_NONE);
    scale(p, c, 2, zero, zero);
    build_end(p, test);
    store(p, output, c, zero, zero);
    build_release(p, other);
    build_release(p, c);
    build_release(p, s);
    return p;
}

/* Panels of LU: runs of tiles that get shorter, and a sum over a run. */
static struct plan *panel_plan(void)
{
    struct plan *p = plan_new();
    uint32_t zero = build_int(p, 0), one = build_int(p, 1);
    uint32_t n = build_int(p, 12), b = build_int(p, 3), t = build_int(p, 4);
    uint32_t a = build_source(p, "A", RULE_SPD, n, n, b);
    uint32_t s = build_temp(p, "P", n, one, b);
    uint32_t sum = build_temp(p, "S", b, b, b);
    struct build_loop k, j;

    k = build_loop(p, zero, t);
    build_task(p, KERNEL_GETRF, 0);
    build_run(p, a, MODE_BOTH, k.index, t, k.index);
    build_operand(p, s, MODE_WRITE, k.index, zero);
    j = build_loop(p, build_add(p, k.index, 1), t);
    build_task(p, KERNEL_LASWP, 0);
    build_run(p, a, MODE_BOTH, k.index, t, j.index);
    build_operand(p, s, MODE_READ, k.index, zero);
    build_end(p, j);
    build_end(p, k);
    build_task(p, KERNEL_SUMS, 0);
    build_operand(p, sum, MODE_WRITE, zero, zero);
    build_run(p, a, MODE_READ, zero, t, zero);
    build_release(p, a);
    build_release(p, s);
    build_release(p, sum);
    return p;
}

static struct plan *(*const by_hand[])(void) = {repeat_plan, select_plan,
                                                panel_plan};
static const char *const by_hand_names[] = {"repeat", "select", "panel"};
enum { BY_HAND = sizeof by_hand / sizeof *by_hand };

/* ---- writing and reading --------------------------------------------- */

static void repair(unsigned char *bytes, size_t size)
{
    uint64_t check = XXH3_64bits(bytes + PLAN_HEADER, size - PLAN_HEADER);
    int k;

    for (k = 0; k < 8; k++) {
        bytes[16 + k] = (unsigned char)((uint64_t)size >> 8 * k);
        bytes[24 + k] = (unsigned char)(check >> 8 * k);
    }
}

/* Bytes of a plan, malloc'ed, so that reading past them is seen. */
static unsigned char *plan_bytes(const struct plan *plan, size_t *size)
{
    unsigned char *bytes = plan_write(plan, size), *copy = malloc(*size);

    memcpy(copy, bytes, *size);
    return copy;
}

/* Verified, written, read and written: the same bytes. */
static int same_again(const struct plan *plan)
{
    struct tm_error error;
    size_t size, again = 0;
    unsigned char *bytes, *other = NULL;
    struct plan *read;
    int same;

    error_clear(&error);
    if (plan_verify(plan, &error)) {
        printf("%s\n", error.text);
        return 0;
    }
    bytes = plan_bytes(plan, &size);
    read = plan_read(bytes, size, &error);
    if (!read)
        printf("%s\n", error.text);
    else
        other = plan_write(read, &again);
    same = other && again == size && !memcmp(bytes, other, size);
    free(bytes);
    plan_free(read);
    return same;
}

static void round_trips(const char *srcdir)
{
    static const char *const folders[] = {"examples", "tests/programs",
                                          "tests/dump", "tests/lang"};
    char pattern[1000];
    int folder, read = 0, same = 0, k;
    size_t n;

    for (folder = 0; folder < 4; folder++) {
        glob_t found;
        snprintf(pattern, sizeof pattern, "%s/%s/*.tm", srcdir,
                 folders[folder]);
        if (glob(pattern, 0, NULL, &found))
            continue;
        for (n = 0; n < found.gl_pathc; n++) {
            struct source source = {found.gl_pathv[n], NULL, 0, 0};
            char *text = file_text(source.name, &source.size), *messages;
            struct plan *plan;
            source.text = text;
            if (!text)
                continue;
            compile_source(&source, NULL, NULL, NULL, &plan, &messages);
            free(messages);
            if (plan) {
                int ok = same_again(plan);
                read++;
                same += ok;
                if (!ok)
                    printf("%s is not the same again\n", source.name);
            }
            plan_free(plan);
            free(text);
        }
        globfree(&found);
    }
    printf("%d scripts written and read\n", read);
    CHECK(read >= 6 && same == read);
    for (k = 0; k < BY_HAND; k++) {
        struct plan *plan = by_hand[k]();
        CHECK(same_again(plan));
        plan_free(plan);
    }
}

static void same_bytes(void)
{
    static const char text[] = "param n = 9\nA = spd(n)\nL = chol(A)\n"
                               "output L\n";
    struct plan *a = compile(text), *b = compile(text);
    size_t size, other;
    unsigned char *bytes = plan_bytes(a, &size);
    unsigned char *others = plan_bytes(b, &other);

    CHECK(size == other && !memcmp(bytes, others, size));
    free(bytes);
    free(others);
    plan_free(a);
    plan_free(b);
}

/* Any bytes: refused with a text, or read, printed, bound and walked. */
static int survives(const unsigned char *bytes, size_t size, int *read)
{
    struct tm_error error;
    struct plan *plan = plan_read(bytes, size, &error);
    struct plan_walk x = {.most_steps = 10000, .answer = 1};
    struct binding *b;
    char *text = NULL;
    size_t length;
    FILE *out;
    int ok = 1;

    if (!plan)
        return error.status && error.text[0];
    ++*read;
    out = open_memstream(&text, &length);
    plan_print(out, plan);
    fclose(out);
    free(text);
    b = binding_new(plan);
    binding_tile(b, 2, 3);
    if (plan_walk_bind(b, 5, 4, &error))
        ok = error.status && error.text[0];
    else if (b->tiles < 1 << 16)
        ok = plan_walk(&x, b) == 0;
    if (!ok)
        printf("%s\n", x.broken ? x.broken : error.text);
    binding_free(b);
    plan_free(plan);
    return ok;
}

static void damage(const struct plan *plan, const char *name)
{
    static const unsigned char masks[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
    size_t size, k, m;
    unsigned char *bytes = plan_bytes(plan, &size), *copy;
    int cut = 0, raw = 0, whole = 0, good = 0, read = 0, mutants = 0;
    struct tm_error error;

    for (k = 0; k < size; k++) { /* as it is, and with a new check value */
        copy = malloc(k ? k : 1);
        memcpy(copy, bytes, k);
        cut += !plan_read(copy, k, &error) && error.text[0];
        if (k >= PLAN_HEADER)
            repair(copy, k);
        whole += !plan_read(copy, k, &error) && error.text[0];
        free(copy);
    }
    CHECK(cut == (int)size);
    CHECK(whole == (int)size);
    copy = malloc(size);
    for (k = 0; k < size; k++) {
        memcpy(copy, bytes, size);
        copy[k] ^= 1 << k % 8;
        raw += survives(copy, size, &read);
        if (k >= PLAN_HEADER || (k >= 12 && read))
            raw -= read; /* only the minor version is not looked at */
        read = 0;
        for (m = 0; m < sizeof masks; m++, mutants++) {
            memcpy(copy, bytes, size);
            copy[k] ^= masks[m];
            repair(copy, size);
            good += survives(copy, size, &read);
        }
        read = 0;
    }
    CHECK(raw == (int)size);
    CHECK(good == mutants);
    for (k = PLAN_HEADER; k + 4 <= size; k++) { /* words */
        static const uint32_t words[] = {0, 1, 2, 5, 0x7fffffff, 0xffffffff};
        for (m = 0; m < sizeof words / sizeof *words; m++, mutants++) {
            int n;
            memcpy(copy, bytes, size);
            for (n = 0; n < 4; n++)
                copy[k + n] = (unsigned char)(words[m] >> 8 * n);
            repair(copy, size);
            good += survives(copy, size, &read);
        }
    }
    printf("%s: %zu bytes, %d mutants\n", name, size, mutants);
    CHECK(good == mutants);
    free(copy);
    free(bytes);
}

static void damages(void)
{
    struct plan *plan = compile("param n = 4\nparam f = \"x.npy\"\n"
                                "A = read(f)\nB = A .* 2 + [1, 2]\n"
                                "assert(n > 2, \"n is\", n)\n"
                                "write(B, \"y.npy\")\n");
    int k;

    damage(plan, "script");
    plan_free(plan);
    for (k = 0; k < BY_HAND; k++) {
        plan = by_hand[k]();
        damage(plan, by_hand_names[k]);
        plan_free(plan);
    }
}

/* Sections that are unknown: skipped, or refused if they say so. */
static void sections(void)
{
    struct plan *plan = panel_plan(), *read;
    size_t size;
    unsigned char *bytes = plan_bytes(plan, &size), *more, *other;
    struct tm_error error;
    size_t again;

    more = calloc(1, size + PLAN_SECTION_HEADER + 3);
    memcpy(more, bytes, size);
    more[12]++; /* sections */
    more[size] = 99;
    more[size + 12] = 3;
    repair(more, size + PLAN_SECTION_HEADER + 3);
    read = plan_read(more, size + PLAN_SECTION_HEADER + 3, &error);
    CHECK(read);
    other = read ? plan_write(read, &again) : NULL;
    CHECK(other && again == size && !memcmp(other, bytes, size));
    plan_free(read);
    more[size + 4] = 1;
    repair(more, size + PLAN_SECTION_HEADER + 3);
    CHECK(!plan_read(more, size + PLAN_SECTION_HEADER + 3, &error) &&
          strstr(error.text, "needs section 99"));
    more[10] = 7; /* minor version */
    more[size + 4] = 0;
    repair(more, size + PLAN_SECTION_HEADER + 3);
    read = plan_read(more, size + PLAN_SECTION_HEADER + 3, &error);
    CHECK(read);
    plan_free(read);
    more[8] = 2;
    CHECK(!plan_read(more, size + PLAN_SECTION_HEADER + 3, &error) &&
          strstr(error.text, "format 2.7"));
    CHECK(!plan_read(bytes, 0, &error) && error.status == TM_EFILE);
    bytes[40] ^= 1;
    CHECK(!plan_read(bytes, size, &error) && strstr(error.text, "damaged"));
    free(bytes);
    free(more);
    plan_free(plan);
}

/* ---- what must be refused -------------------------------------------- */

static int refused(struct plan *p, const char *text)
{
    struct tm_error error;
    int ok;

    error_clear(&error);
    ok = plan_verify(p, &error) == TM_EFILE && strstr(error.text, text);
    if (!ok)
        printf("%s\n", error.text);
    plan_free(p);
    return ok;
}

static void refusals(void)
{
    struct plan *p;
    struct build_loop loop, test;
    uint32_t x, k;

    p = panel_plan(); /* an integer and a real have no sum */
    build_op(p, EXPR_ADD, 0, build_int(p, 1), build_real(p, 1));
    CHECK(refused(p, "has the wrong type"));

    p = panel_plan(); /* an operand that no entry uses */
    vec_push(p->arena, &p->operands, (struct plan_operand){.matrix = 99});
    CHECK(refused(p, "has no matrix"));

    p = panel_plan();
    p->matrices.items[1].rule = 200;
    CHECK(refused(p, "has a rule"));

    p = panel_plan();
    p->matrices.items[0].rule = RULE_LIST;
    p->matrices.items[0].arg = PLAN_NONE;
    CHECK(refused(p, "has no entries"));

    p = panel_plan(); /* a loop with operands */
    p->entries.items[0].operands = 1;
    CHECK(refused(p, "number of operands"));

    p = plan_new(); /* an else behind nothing */
    x = build_temp(p, "x", build_int(p, 1), build_int(p, 1), build_int(p, 1));
    test = build_body(p, ENTRY_ELSE, PLAN_NONE);
    build_release(p, x);
    build_end(p, test);
    CHECK(refused(p, "else without if"));

    p = plan_new(); /* an else behind a loop that ends with an if */
    x = build_temp(p, "x", build_int(p, 1), build_int(p, 1), build_int(p, 1));
    loop = build_loop(p, build_int(p, 0), build_int(p, 2));
    test = build_body(p, ENTRY_IF, build_leaf(p, EXPR_TRUTH, NUMBER_BOOL, 0));
    build_release(p, x);
    build_end(p, test);
    build_end(p, loop);
    test = build_body(p, ENTRY_ELSE, PLAN_NONE);
    build_release(p, x);
    build_end(p, test);
    CHECK(refused(p, "else without if"));

    p = plan_new();
    build_body(p, ENTRY_REPEAT, PLAN_NONE);
    CHECK(refused(p, "never ends"));

    p = plan_new();
    leave(p, ENTRY_BREAK, 1);
    CHECK(refused(p, "leaves more loops"));

    p = plan_new(); /* the counter belongs to its loop */
    loop = build_loop(p, build_int(p, 0), build_int(p, 2));
    set(p, 0, build_int(p, 0));
    build_end(p, loop);
    CHECK(refused(p, "changes a loop's counter"));

    p = plan_new(); /* a number to print that does not come with the task */
    loop = build_loop(p, build_int(p, 0), build_int(p, 2));
    print(p, "i is ", loop.index);
    p->entries.items[1].args = 0;
    build_end(p, loop);
    CHECK(refused(p, "prints a number"));

    p = select_plan(); /* stored to another matrix's output */
    p->outputs.items[0].matrix = 0;
    CHECK(refused(p, "is not its output's"));

    p = compile("input A(n, n)\noutput B\nB = A + 1\n");
    if (p) {
        p->inputs.items[0].matrix = 1 - p->inputs.items[0].matrix;
        CHECK(refused(p, "its"));
    }

    p = plan_new();
    for (k = 0, x = build_int(p, 1); k < 65; k++)
        loop = build_loop(p, x, x);
    build_release(p, build_temp(p, "x", x, x, x));
    for (k = 0; k < 65; k++)
        p->entries.items[k].end = p->entries.count;
    CHECK(refused(p, "nested too deeply"));

    p = plan_new(); /* 2^30 operations on a counter */
    loop = build_loop(p, build_int(p, 0), build_int(p, 2));
    for (k = 0, x = loop.index; k < 30; k++)
        x = build_op(p, EXPR_ADD, NUMBER_INT, x, x);
    CHECK(refused(p, "is too long"));
}

/* ---- binding --------------------------------------------------------- */

static int bind_fails(struct binding *b, enum tm_status status,
                      const char *text)
{
    struct tm_error error;
    int ok;

    error_clear(&error);
    ok = binding_finish(b, &error) == status && strstr(error.text, text);
    if (!ok)
        printf("status %d: %s\n", error.status, error.text);
    return ok;
}

static int set_fails(struct binding *b, const char *name, const char *value,
                     const char *text)
{
    struct tm_error error;
    int ok;

    error_clear(&error);
    ok = binding_set(b, name, value, &error) == TM_EUSAGE &&
         strstr(error.text, text);
    if (!ok)
        printf("%s\n", error.text);
    return ok;
}

static int binds(struct binding *b)
{
    struct tm_error error;

    error_clear(&error);
    if (binding_finish(b, &error))
        printf("%s\n", error.text);
    return error.status == 0;
}

static void parameters(void)
{
    struct plan *p = compile("param n = 10\nparam tol = 0.5\nparam go = true\n"
                             "param f = \"a.csv\"\nparam k = 2*n\n"
                             "A = fill(n, k, tol)\nif go\nprint(f)\nend\n"
                             "output A\n");
    struct binding *b = binding_new(p);
    struct tm_error error;

    error_clear(&error);
    CHECK(set_fails(b, "m", "3",
                    "there is no parameter m; parameters are "
                    "n, tol, go, f, k"));
    CHECK(set_fails(b, "n", "x", "parameter n is a whole number, not 'x'"));
    CHECK(set_fails(b, "n", "1.5", "a whole number"));
    CHECK(set_fails(b, "n", "", "a whole number"));
    CHECK(set_fails(b, "n", "99999999999999999999", "a whole number"));
    CHECK(set_fails(b, "n", " 3", "a whole number"));
    CHECK(set_fails(b, "tol", "big", "a number"));
    CHECK(set_fails(b, "go", "yes", "true or false"));
    CHECK(binding_set(b, "n", "1e2", &error) == TM_OK);
    CHECK(set_fails(b, "n", "5", "set twice"));
    CHECK(binding_set(b, "tol", "-1e-3", &error) == TM_OK);
    CHECK(binding_set(b, "go", "false", &error) == TM_OK);
    CHECK(binding_set(b, "f", "b c.csv", &error) == TM_OK);
    CHECK(binds(b));
    CHECK(b->matrices[0].rows == 100 && b->matrices[0].cols == 200);
    CHECK(!strcmp(b->param_texts[3], "b c.csv"));
    binding_free(b);
    plan_free(p);

    p = compile("A = eye(3)\noutput A\n");
    b = binding_new(p);
    CHECK(set_fails(b, "n", "3", "the script has none"));
    binding_free(b);
    plan_free(p);

    p = compile("param n = 4\nparam m = 12 / n\nA = fill(n, n, m)\n"
                "output A\n");
    b = binding_new(p);
    CHECK(binding_set(b, "n", "0", &error) == TM_OK);
    CHECK(binds(b)); /* of reals: inf, in no entry */
    CHECK(b->tiles == 0);
    binding_free(b);
    plan_free(p);

    p = compile("param n = 4\nparam m = mod(7, n)\nA = eye(m)\noutput A\n");
    b = binding_new(p);
    CHECK(binding_set(b, "n", "0", &error) == TM_OK);
    CHECK(bind_fails(b, TM_ESCRIPT,
                     "parameter m has no value: division by zero"));
    binding_free(b);
    plan_free(p);
}

/* The edge for n x n inputs of that type; choice may be NULL. */
static int64_t edge_for(const struct plan *p, int64_t n, enum tm_type type,
                        struct edge_choice *choice)
{
    struct binding *b = binding_new(p);
    struct tm_error error;
    int64_t edge;

    binding_input(b, 0, n, n, type);
    binding_input(b, 1, n, n, type);
    CHECK(edge_bind(b, edge_rates_of(CPU_AVX512), choice, &error) == TM_OK);
    edge = b->tile_rows;
    CHECK(b->matrices[0].tile_rows == (edge < n ? edge : n));
    binding_free(b);
    return edge;
}

/* An edge is chosen again if sizes or types are others, and only then. */
static void choices(void)
{
    struct plan *p =
        compile("input A(n, n)\ninput B(n, n)\nC = A * B\noutput C\n");
    struct edge_choice choice = {0};
    int64_t edge = edge_for(p, 2000, TM_F64, &choice);

    CHECK(edge == edge_for(p, 2000, TM_F64, NULL));
    choice.edge = edge == 112 ? 168 : 112; /* which nobody would choose now */
    CHECK(edge_for(p, 2000, TM_F64, &choice) == choice.edge);
    CHECK(edge_for(p, 2000, TM_F32, &choice) ==
          edge_for(p, 2000, TM_F32, NULL));
    choice.edge = edge == 112 ? 168 : 112;
    CHECK(edge_for(p, 400, TM_F32, &choice) == edge_for(p, 400, TM_F32, NULL));
    choice.edge = 1; /* far too many tiles */
    CHECK(edge_for(p, INT64_C(1) << 20, TM_F32, &choice) ==
          edge_for(p, INT64_C(1) << 20, TM_F32, NULL));
    edge_choice_fini(&choice);
    plan_free(p);
}

static void shapes(void)
{
    struct plan *p = compile("input A(n, n)\ninput B(n, k)\nC = A * B\n"
                             "output C\n");
    struct binding *b = binding_new(p);
    struct tm_error error;

    CHECK(bind_fails(b, TM_EUSAGE, "input A is not bound"));
    binding_input(b, 0, 3, 4, TM_F64);
    binding_input(b, 1, 3, 5, TM_F64);
    CHECK(bind_fails(b, TM_ESCRIPT, "A is 3 x 4"));
    binding_input(b, 0, 3, 3, TM_F64);
    binding_input(b, 1, 4, 5, TM_F64);
    CHECK(bind_fails(b, TM_ESCRIPT, "B is 4 x 5"));
    binding_input(b, 1, 3, 5, TM_F32);
    CHECK(bind_fails(b, TM_ESCRIPT, "B is f32 and meets A, which is f64"));
    binding_input(b, 0, 3, 3, TM_F32);
    CHECK(binds(b));
    CHECK(b->matrices[0].type == TM_F32);
    binding_tile(b, 1000, 1000); /* longer than the matrix: one tile */
    CHECK(binds(b));
    CHECK(b->matrices[0].trows == 1 && b->matrices[0].tile_rows == 3);
    binding_tile(b, 2, 2);
    CHECK(binds(b));
    CHECK(b->matrices[0].trows == 2);
    binding_tile(b, 1000, 2); /* the script has one edge for both */
    CHECK(bind_fails(b, TM_EUSAGE, "tiles are square"));
    binding_tile(b, -1, -1);
    CHECK(bind_fails(b, TM_ESCRIPT, "has -1 rows in a tile"));
    binding_tile(b, 2, 2);
    binding_input(b, 0, 0, 0, TM_F64); /* 0 x n */
    binding_input(b, 1, 0, 5, TM_F64);
    CHECK(binds(b));
    CHECK(b->tiles == 0 && b->matrices[0].tile_rows == 1);
    binding_input(b, 1, 0, INT64_C(1) << 62, TM_F64);
    CHECK(binds(b));
    CHECK(b->tiles == 0);
    binding_free(b);
    plan_free(p);

    p = compile("param n = 4\nA = fill(n, n, 1)\noutput A\n");
    b = binding_new(p);
    CHECK(binding_set(b, "n", "-1", &error) == TM_OK);
    CHECK(bind_fails(b, TM_ESCRIPT, "-1"));
    binding_free(b);
    b = binding_new(p);
    CHECK(binding_set(b, "n", "1000000000000", &error) == TM_OK);
    CHECK(bind_fails(b, TM_EMEMORY, "too large"));
    binding_free(b);
    b = binding_new(p);
    CHECK(binding_set(b, "n", "1000000", &error) == TM_OK);
    binding_tile(b, 10, 10); /* 10^10 tiles */
    CHECK(bind_fails(b, TM_EMEMORY,
                     "A (1000000 x 1000000 in tiles of "
                     "10 x 10) is too large"));
    binding_tile(b, 100, 100);
    CHECK(binds(b));
    CHECK(b->tiles == 100000000);
    binding_free(b);
    plan_free(p);

    p = compile("param n = 4\nA = fill(n * n, 1, 1)\noutput A\n");
    b = binding_new(p);
    CHECK(binding_set(b, "n", "4000000000", &error) == TM_OK);
    CHECK(bind_fails(b, TM_ESCRIPT, "integer overflow"));
    binding_free(b);
    plan_free(p);
}

/* Tiles and their numbers, with empty and ragged matrices among them. */
static void tiles(void)
{
    struct plan *p = plan_new();
    uint32_t seven = build_int(p, 7), five = build_int(p, 5);
    uint32_t zero = build_int(p, 0), three = build_int(p, 3);
    struct binding *b;
    struct bind_tile t;
    uint64_t k;
    int good = 1;

    build_temp(p, "E", zero, five, three);
    build_temp(p, "A", seven, five, three);
    build_temp(p, "F", seven, zero, three);
    build_temp(p, "G", zero, zero, three);
    build_temp(p, "B", five, seven, three);
    b = binding_new(p);
    CHECK(binds(b));
    CHECK(b->tiles == 12);
    for (k = 0; k < b->tiles; k++) {
        const struct bind_matrix *m;
        t = binding_tile_at(b, k);
        m = &b->matrices[t.matrix];
        good &= t.matrix == (k < 6 ? 1u : 4u) && t.rows > 0 && t.cols > 0 &&
                t.row + t.rows <= m->rows && t.col + t.cols <= m->cols &&
                m->first_tile + (uint64_t)(t.i + t.j * m->trows) == k;
    }
    CHECK(good);
    t = binding_tile_at(b, 5);
    CHECK(t.i == 2 && t.j == 1 && t.rows == 1 && t.cols == 2);
    binding_free(b);
    plan_free(p);
}

/* ---- expressions ----------------------------------------------------- */

static int64_t value_of(uint8_t op, int64_t a, int64_t b, const char **fault)
{
    struct plan *p = plan_new();
    uint32_t x = build_int(p, a), y = build_int(p, b);
    uint32_t z = build_op(p, op, NUMBER_INT, x, y);
    union plan_value value = {0};
    struct tm_error error;
    struct binding *binding;

    error_clear(&error);
    binding = binding_new(p);
    binding_finish(binding, &error);
    *fault = NULL;
    if (error.status)
        *fault = "not bound";
    else
        binding_eval(binding, z, NULL, &value, fault);
    binding_free(binding);
    plan_free(p);
    return value.integer;
}

static void arithmetic(void)
{
    static const struct {
        uint8_t op;
        int64_t a, b, value;
        const char *fault;
    } rows[] = {
        {EXPR_FLOOR_DIV, -7, 2, -4, NULL},
        {EXPR_FLOOR_DIV, 7, -2, -4, NULL},
        {EXPR_FLOOR_DIV, INT64_MIN, -1, 0, "integer overflow"},
        {EXPR_FLOOR_DIV, INT64_MIN, 3, -3074457345618258603, NULL},
        {EXPR_CEIL_DIV, -7, 2, -3, NULL},
        {EXPR_CEIL_DIV, 7, 2, 4, NULL},
        {EXPR_CEIL_DIV, INT64_MAX, 1, INT64_MAX, NULL},
        {EXPR_MOD, -7, 3, 2, NULL},
        {EXPR_MOD, 7, -3, -2, NULL},
        {EXPR_MOD, INT64_MIN, 3, 1, NULL},
        {EXPR_MOD, INT64_MIN, INT64_MAX, INT64_MAX - 1, NULL},
        {EXPR_MOD, 5, 0, 0, "division by zero"},
        {EXPR_ADD, INT64_MAX, 1, 0, "integer overflow"},
        {EXPR_SUB, INT64_MIN, 1, 0, "integer overflow"},
        {EXPR_MUL, INT64_MIN, -1, 0, "integer overflow"},
        {EXPR_POW, 2, 62, INT64_C(1) << 62, NULL},
        {EXPR_POW, -2, 63, INT64_MIN, NULL},
        {EXPR_POW, 2, 63, 0, "integer overflow"},
        {EXPR_POW, 1, INT64_MAX, 1, NULL},
        {EXPR_POW, 0, 0, 1, NULL},
        {EXPR_POW, 2, -1, 0, "negative exponent of a whole number"},
    };
    size_t k;
    int good = 1;

    for (k = 0; k < sizeof rows / sizeof *rows; k++) {
        const char *fault;
        int64_t value = value_of(rows[k].op, rows[k].a, rows[k].b, &fault);
        int ok = rows[k].fault ? fault && !strcmp(fault, rows[k].fault)
                               : !fault && value == rows[k].value;
        if (!ok)
            printf("row %zu: %lld %s\n", k, (long long)value,
                   fault ? fault : "");
        good &= ok;
    }
    CHECK(good);
}

/* ---- walking --------------------------------------------------------- */

struct walked {
    struct plan_walk walk;
    uint64_t tasks_of[KERNEL_COUNT];
    uint64_t tiles;
};

/* Bind with these tile edges and walk to the end. */
static int walk(struct walked *x, const struct plan *plan, int64_t tile,
                uint32_t batch, double answer)
{
    struct binding *b = binding_new(plan);
    struct tm_error error;
    int result;

    memset(x, 0, sizeof *x);
    x->walk.batch = batch;
    x->walk.answer = answer;
    x->walk.tasks_of = x->tasks_of;
    x->walk.most_steps = 100000000;
    if (tile)
        binding_tile(b, tile, tile);
    result = plan_walk_bind(b, 7, 7, &error);
    if (result)
        printf("%s\n", error.text);
    x->tiles = b->tiles;
    if (!result)
        result = plan_walk(&x->walk, b);
    if (x->walk.broken)
        printf("broken: %s\n", x->walk.broken);
    binding_free(b);
    return result;
}

/* All tasks are the same in batches of any size. */
static void batches(void)
{
    struct plan *p = compile("A = spd(12)\nL = chol(A)\noutput L\n");
    struct walked one, many;

    CHECK(!walk(&one, p, 2, 1, 0) && one.walk.state == WALK_DONE);
    CHECK(!walk(&many, p, 2, 1000, 0) && many.walk.state == WALK_DONE);
    CHECK(one.walk.tasks == many.walk.tasks);
    CHECK(one.tasks_of[KERNEL_POTRF] == 6 && one.tasks_of[KERNEL_TRSM] == 15);
    CHECK(one.tasks_of[KERNEL_SYRK] == 15 && one.tasks_of[KERNEL_GEMM] == 20);
    CHECK(one.walk.live == 0 && many.walk.live == 0);
    plan_free(p);
}

static void waits(void)
{
    struct plan *p = repeat_plan();
    struct walked x;
    struct binding *b;
    struct walker *w;
    const struct walk_batch *batch;
    struct tm_error error;
    static const double answers[] = {4, 2, 1, 0.25};
    uint64_t tasks = 0;
    int k, good = 1;

    CHECK(!walk(&x, p, 0, 64, 0) && x.walk.state == WALK_DONE);
    CHECK(x.walk.waits == 1 && x.walk.tasks == 3 && x.walk.live == 0);
    b = binding_new(p);
    error_clear(&error);
    CHECK(!binding_finish(b, &error));
    w = walker_new(b, NULL);
    for (k = 0; k < 4; k++) {
        batch = walk_next(w, 100, UINT64_MAX);
        tasks += batch->count;
        good &=
            batch->state == WALK_WAIT && walk_version(w, batch->wait)->writer ==
                                             batch->first + batch->count - 1;
        walk_answer(w, answers[k]);
    }
    CHECK(good);
    batch = walk_next(w, 100, UINT64_MAX);
    tasks += batch->count;
    /* 4 scale, 4 sum, prints in the first two turns (the third continues),
     * one store */
    CHECK(batch->state == WALK_DONE && tasks == 4 + 4 + 2 + 1);
    walker_free(w);
    binding_free(b);
    plan_free(p);

    p = select_plan();
    CHECK(!walk(&x, p, 2, 64, 0) && x.walk.state == WALK_DONE);
    CHECK(x.tasks_of[KERNEL_SELECT] == 9 && x.tasks_of[KERNEL_MAP] == 1);
    CHECK(x.walk.live == 0);
    CHECK(!walk(&x, p, 2, 64, 1) && x.tasks_of[KERNEL_MAP] == 0);
    CHECK(x.walk.live == 0);
    plan_free(p);
}

/* Where a whole number is needed, another one ends the walk. */
static void wrong_answers(void)
{
    struct plan *p = plan_new();
    uint32_t one = build_int(p, 1), three = build_int(p, 3);
    uint32_t a = build_fill(p, "A", one, one, one, 3);
    uint32_t big = build_temp(p, "B", three, three, three);
    uint32_t slot = build_slot(p, "count", NUMBER_INT);
    struct walked x;

    fetch(p, slot, a);
    fetch(p, slot, big);
    CHECK(!walk(&x, p, 0, 0, 2.5) && x.walk.state == WALK_FAILED);
    CHECK(strstr(x.walk.error.text,
                 "count is 2.5, where a whole number is needed"));
    CHECK(!walk(&x, p, 0, 0, 2) && x.walk.state == WALK_FAILED);
    CHECK(strstr(x.walk.error.text, "a number is wanted, and tile [0,0] of B "
                                    "is 3 x 3"));
    plan_free(p);
}

/* In an outer IF whose inner IF is last, the ELSE belongs to the outer. */
static void elses(void)
{
    struct plan *p = compile("param n = 6\n"
                             "if n > 5\nif n > 7\nprint(1)\nend\n"
                             "else\nprint(2)\nprint(3)\nend\n"
                             "if n > 5\nfor i in 0..3\nif n + i == 7\n"
                             "print(i)\nend\nend\nelse\nprint(4)\nend\n"
                             "for i in 0..3\nif i == 1\nprint(5)\n"
                             "else\nif i > 5\nprint(6)\nelse\nprint(7)\n"
                             "end\nend\nend\n");
    static const struct {
        const char *n;
        uint64_t lines;
    } rows[] = {{"6", 1 + 3}, {"8", 1 + 3}, {"5", 2 + 1 + 3}};
    struct binding *b;
    struct tm_error error;
    size_t k;

    for (k = 0; k < 3; k++) {
        struct plan_walk x = {.batch = 3};
        b = binding_new(p);
        error_clear(&error);
        binding_set(b, "n", rows[k].n, &error);
        CHECK(binds(b) && !plan_walk(&x, b) && x.state == WALK_DONE);
        CHECK(x.tasks == rows[k].lines);
        binding_free(b);
    }
    plan_free(p);
}

static struct walker *walker_of(struct plan *p, struct binding **b)
{
    struct tm_error error;

    error_clear(&error);
    *b = binding_new(p);
    if (binding_finish(*b, &error))
        printf("%s\n", error.text);
    return walker_new(*b, NULL);
}

/* Which versions a task reads, writes and closes. */
static void versions(void)
{
    struct plan *p = plan_new();
    uint32_t one = build_int(p, 1), zero = build_int(p, 0);
    uint32_t a = build_fill(p, "A", one, one, one, 1);
    uint32_t t = build_temp(p, "T", one, one, one);
    uint32_t c = build_temp(p, "C", one, one, one);
    const struct walk_batch *batch;
    const struct walk_operand *o;
    struct binding *b;
    struct walker *w;
    uint32_t first, aliased, k;

    for (k = 0; k < 2; k++) { /* 1, 2: C += A, the first from zeros */
        build_task(p, KERNEL_GEMM, 0);
        build_operand(p, c, MODE_BOTH, zero, zero);
        build_operand(p, a, MODE_READ, zero, zero);
        build_operand(p, a, MODE_READ, zero, zero);
        build_arg(p, build_real(p, 1));
    }
    build_entry(p, ENTRY_ALIAS); /* T = C: both hold it */
    build_operand(p, t, MODE_WRITE, zero, zero);
    build_operand(p, c, MODE_READ, zero, zero);
    scale(p, c, 2, zero, zero);   /* 3: T still holds what it updates */
    build_task(p, KERNEL_NOP, 0); /* 4 */
    build_operand(p, t, MODE_WRITE, zero, zero);
    build_release(p, a);
    build_release(p, t);
    w = walker_of(p, &b);
    batch = walk_next(w, 100, UINT64_MAX);
    CHECK(batch->state == WALK_DONE && batch->first == 1 && batch->count == 4);
    o = batch->operands;
    CHECK(o[0].in == 0 && o[0].out); /* from zeros */
    CHECK(walk_version(w, o[0].out)->writer == 1);
    CHECK(o[1].in == o[2].in && o[1].in && o[1].out == 0);
    first = o[1].in;
    CHECK(walk_version(w, first)->writer == 0);
    CHECK(o[3].in == (o[0].out | WALK_CLOSES)); /* nobody else holds it */
    CHECK(walk_version(w, o[3].out)->writer == 2);
    aliased = o[3].out;
    CHECK(o[4].in == first && o[5].in == first);
    CHECK(o[6].in == aliased && !(o[6].in & WALK_CLOSES));
    CHECK(o[7].in == 0 && o[7].out && batch->tasks[3].operands == 1);
    CHECK(batch->close_count == 3);
    CHECK(batch->closes[0].handle == aliased && batch->closes[0].before == 4);
    CHECK(batch->closes[1].handle == first && batch->closes[1].before == 4);
    CHECK(batch->closes[2].handle == o[7].out);
    CHECK(batch->tasks[0].priority < batch->tasks[1].priority &&
          batch->tasks[1].priority < batch->tasks[2].priority);
    walker_free(w);
    binding_free(b);
    plan_free(p);
}

static void runs(void)
{
    struct plan *p = panel_plan();
    const struct walk_batch *batch;
    struct binding *b;
    struct walker *w = walker_of(p, &b);
    const struct walk_task *t;

    batch = walk_next(w, 100, UINT64_MAX);
    CHECK(batch->state == WALK_DONE && batch->count == 4 + 6 + 1);
    t = &batch->tasks[0];
    CHECK(t->operands == 5 && t->values == 2);
    CHECK(batch->values[t->first_value].integer == 4 &&
          batch->values[t->first_value + 1].integer == 1);
    CHECK(batch->operands[t->first_operand + 4].in == 0);
    t = &batch->tasks[9]; /* getrf of the last column */
    CHECK(t->operands == 2);
    t = &batch->tasks[10]; /* sums */
    CHECK(t->operands == 5 && batch->operands[t->first_operand].out &&
          !batch->operands[t->first_operand + 1].out);
    walker_free(w);
    binding_free(b);
    plan_free(p);
}

/* A walk that fails: text, place, number of the task that does not exist. */
static int walk_fails(struct plan *p, uint64_t number, uint32_t line,
                      const char *text)
{
    const struct walk_batch *batch;
    struct binding *b;
    struct walker *w = walker_of(p, &b);
    uint32_t place;
    int ok;

    batch = walk_next(w, 1000, 10000000);
    place = batch->error.place;
    ok = batch->state == WALK_FAILED && strstr(batch->error.text, text) &&
         batch->first + batch->count == number && place < p->places.count &&
         p->places.items[place].line == line;
    if (!ok)
        printf("state %d, number %llu, line %u: %s\n", batch->state,
               (unsigned long long)(batch->first + batch->count),
               place < p->places.count ? p->places.items[place].line : 0,
               batch->error.text);
    batch = walk_next(w, 1000, 10000000); /* it stays so */
    ok &= batch->state == WALK_FAILED && batch->count == 0;
    walker_free(w);
    binding_free(b);
    plan_free(p);
    return ok;
}

static void failures(void)
{
    struct plan *p = compile("A = eye(6)\nmatrix C(6, 6)\n"
                             "for i in 0..4\nC[i,0] = A[i,0] + 1\nend\n"
                             "output C\n");
    struct build_loop loop;
    uint32_t zero, x, huge;

    p->tile_rows = p->tile_cols = build_int(p, 2);
    CHECK(walk_fails(p, 4, 4, "tile [3,0] of "));
    p = compile("A = eye(6)\nmatrix C(6, 6)\nfor i in 0..3\n"
                "assert(i < 2, \"i is\", i)\nC[i,0] = A[i,0] + 1\nend\n"
                "output C\n");
    p->tile_rows = p->tile_cols = build_int(p, 2);
    CHECK(walk_fails(p, 3, 4, "i is 2"));

    p = plan_new(); /* a step that is 0 */
    zero = build_int(p, 0);
    loop = build_loop(p, zero, build_int(p, 9));
    p->entries.items[0].d = zero;
    build_end(p, loop);
    CHECK(walk_fails(p, 1, 1, "the step of a loop is 0"));

    p = plan_new(); /* an index beyond 64 bits */
    zero = build_int(p, 0);
    huge = build_int(p, INT64_C(1) << 62);
    x = build_temp(p, "x", huge, zero, huge);
    loop = build_loop(p, zero, build_int(p, 9));
    build_entry(p, ENTRY_RELEASE);
    build_operand(p, x, MODE_READ, zero,
                  build_op(p, EXPR_MUL, NUMBER_INT, loop.index, huge));
    build_end(p, loop);
    p->matrices.items[x].tile_rows = build_int(p, 1);
    CHECK(walk_fails(p, 1, 2, "tile [0,0] of x does not exist"));

    p = plan_new();
    zero = build_int(p, 0);
    x = build_temp(p, "x", build_int(p, 3), build_int(p, 3), build_int(p, 1));
    loop = build_loop(p, build_int(p, 3), build_int(p, 9));
    build_entry(p, ENTRY_RELEASE);
    huge = build_op(p, EXPR_MUL, NUMBER_INT, loop.index,
                    build_int(p, INT64_C(1) << 62));
    build_operand(p, x, MODE_READ, zero, huge);
    build_end(p, loop);
    CHECK(walk_fails(p, 1, 2, "integer overflow"));

    p = plan_new(); /* one tile twice */
    zero = build_int(p, 0);
    x = build_temp(p, "x", build_int(p, 3), build_int(p, 3), build_int(p, 1));
    build_task(p, KERNEL_NOP, 0);
    build_operand(p, x, MODE_BOTH, zero, zero);
    build_task(p, KERNEL_NOP, 0);
    build_operand(p, x, MODE_BOTH, zero, zero);
    build_operand(p, x, MODE_BOTH, zero, zero);
    CHECK(walk_fails(p, 2, 2, "writes one tile of x twice"));
}

/* A walk can be stopped between any two entries, also where none is a task. */
static void steps(void)
{
    struct plan *p = plan_new();
    uint32_t slot = build_slot(p, "k", NUMBER_INT);
    struct build_loop repeat = build_body(p, ENTRY_REPEAT, PLAN_NONE);
    const struct walk_batch *batch;
    struct binding *b;
    struct walker *w;

    set(p, slot, build_int(p, 1));
    build_end(p, repeat);
    w = walker_of(p, &b);
    batch = walk_next(w, 10, 1000);
    CHECK(batch->state == WALK_MORE && batch->count == 0);
    CHECK(walk_steps(w) == 1000);
    batch = walk_next(w, 10, 1);
    CHECK(batch->state == WALK_MORE && walk_steps(w) == 1001);
    batch = walk_next(w, 0, 5);
    CHECK(batch->state == WALK_MORE && batch->count == 0);
    walker_free(w);
    binding_free(b);
    plan_free(p);
}

/* Memory of a walk is that of its tiles and its window, not of its tasks. */
static void memory(void)
{
    struct plan *p = compile("param n = 391\nA = spd(n)\nL = chol(A)\n"
                             "output L\n");
    struct timespec begin, end;
    struct walked x;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    CHECK(!walk(&x, p, 1, 4096, 0) && x.walk.state == WALK_DONE);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%llu tasks on %llu tiles: %.1f MiB, %.2f s\n",
           (unsigned long long)x.walk.tasks, (unsigned long long)x.tiles,
           (double)x.walk.most_bytes / (1 << 20),
           (double)(end.tv_sec - begin.tv_sec) +
               1e-9 * (double)(end.tv_nsec - begin.tv_nsec));
    CHECK(x.walk.tasks > 10000000);
    CHECK(x.walk.most_bytes < 64 << 20);
    CHECK(x.walk.live == 0);
    plan_free(p);
}

/* ---- relations of element types ---------------------------------------- */

static int related(uint32_t type, uint32_t real, uint8_t only)
{
    struct plan *p = by_hand[0]();
    struct plan_relation list[2] = {{type, real, only}, {0, PLAN_NONE, 0}};
    struct tm_error error;
    int status;

    p->relations.items = list;
    p->relations.count = 1;
    status = plan_verify(p, &error);
    plan_free(p);
    return status;
}

static void relations(void)
{
    CHECK(related(0, PLAN_NONE, ONLY_REAL) == TM_OK);
    CHECK(related(0, 0, ONLY_ANY) == TM_EFILE); /* over itself */
    CHECK(related(0, 1u << 20, ONLY_ANY) == TM_EFILE);
    CHECK(related(1u << 20, PLAN_NONE, ONLY_ANY) == TM_EFILE);
    CHECK(related(0, PLAN_NONE, 3) == TM_EFILE);
}

/* ---- plans of earlier versions --------------------------------------- */

static struct plan *stored(const char *srcdir, const char *name)
{
    char path[1000];
    struct tm_error error;
    struct plan *plan;
    char *bytes;
    size_t size;

    snprintf(path, sizeof path, "%s/tests/plans/%s.plan", srcdir, name);
    bytes = file_text(path, &size);
    if (!bytes)
        return NULL;
    plan = plan_read((unsigned char *)bytes, size, &error);
    if (!plan)
        printf("%s: %s\n", path, error.text);
    free(bytes);
    return plan;
}

/* Every version reads the plans of the first one, and unfolds them to the
 * same tasks. */
static void old_plans(const char *srcdir)
{
    struct plan *p = stored(srcdir, "v1-multiply");
    struct walked x;

    CHECK(p && !walk(&x, p, 0, 0, 0) && x.walk.state == WALK_DONE);
    CHECK(p && x.tasks_of[KERNEL_GEMM] == 64 &&
          x.tasks_of[KERNEL_STORE] == 16 && x.walk.live == 0);
    CHECK(p && !walk(&x, p, 200, 0, 0) && x.tasks_of[KERNEL_GEMM] == 8);
    plan_free(p);
    p = stored(srcdir, "v1-cholesky");
    CHECK(p && !walk(&x, p, 0, 0, 0) && x.walk.state == WALK_DONE);
    CHECK(p && x.tasks_of[KERNEL_POTRF] == 8 && x.tasks_of[KERNEL_TRSM] == 28 &&
          x.walk.live == 0);
    CHECK(p && !walk(&x, p, 100, 0, 0) && x.tasks_of[KERNEL_POTRF] == 10);
    plan_free(p);
    p = stored(srcdir, "v1-repeat");
    CHECK(p && !walk(&x, p, 0, 0, 0) && x.walk.waits == 1 && x.walk.tasks == 3);
    plan_free(p);
}

static int write_plans(const char *folder)
{
    int k;

    for (k = 0; k < BY_HAND; k++) {
        struct plan *plan = by_hand[k]();
        char path[1000];
        size_t size;
        unsigned char *bytes = plan_write(plan, &size);
        FILE *out;
        snprintf(path, sizeof path, "%s/%s", folder, by_hand_names[k]);
        out = fopen(path, "wb");
        if (!out || fwrite(bytes, 1, size, out) != size || fclose(out)) {
            perror(path);
            return 1;
        }
        plan_free(plan);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *srcdir = getenv("srcdir");

    if (argc > 1)
        return write_plans(argv[1]);
    if (!srcdir)
        srcdir = ".";
    round_trips(srcdir);
    same_bytes();
    sections();
    refusals();
    arithmetic();
    parameters();
    shapes();
    choices();
    tiles();
    batches();
    waits();
    wrong_answers();
    elses();
    versions();
    runs();
    failures();
    steps();
    memory();
    relations();
    old_plans(srcdir);
    damages();
    return CHECK_END();
}
