/* Fuzz target: any bytes as a script, through the whole compiler.
 *
 * What compiles must be a plan that passes verification, reads back from its
 * own bytes to the same bytes, and can be printed and unfolded at small
 * sizes, a bounded number of steps of it.  Options (tile edges, definitions,
 * --no-optimise, JSON, a form to print) come from a hash of the script, so
 * that the corpus is scripts.  Mutations know lines and words.  With
 * FUZZ_STANDALONE it is a program that runs the files of its arguments. */
#include "base/error.h"
#include "compiler/compile.h"
#include "tests/unit/plan_walk.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_STEPS = 20000, MOST_TILES = 1 << 14 };

static void round_trip(struct plan *plan)
{
    struct tm_error error;
    size_t bytes, again;
    unsigned char *text = plan_write(plan, &bytes), *copy;
    struct plan *back;

    if (!text)
        return;
    back = plan_read(text, bytes, &error);
    if (!back) {
        if (error.status != TM_EMEMORY)
            abort();
        return;
    }
    copy = plan_write(back, &again);
    if (copy && (again != bytes || memcmp(copy, text, bytes)))
        abort();
    plan_free(back);
}

static uint64_t hash_of(const uint8_t *data, size_t size)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; size--; data++)
        h = (h ^ *data) * 0x100000001b3u;
    return h ^ h >> 29;
}

static void walk(const struct plan *plan, uint64_t hash)
{
    struct binding *b = binding_new(plan);
    struct plan_walk x = {.most_steps = MOST_STEPS};
    struct tm_error error;

    if (!b)
        return;
    x.batch = 1 + hash % 100;
    x.answer = (double)(hash >> 8 & 3);
    if (hash >> 10 & 1)
        binding_tile(b, 1 + (int64_t)(hash >> 11 & 7),
                     1 + (int64_t)(hash >> 14 & 7));
    if (!plan_walk_bind(b, (int64_t)(hash >> 17) % 12,
                        (int64_t)(hash >> 21) % 12, &error) &&
        b->tiles <= MOST_TILES && plan_walk(&x, b)) {
        fprintf(stderr, "walker: %s\n", x.broken);
        abort();
    }
    binding_free(b);
}

static void check(enum tm_status status, struct plan *plan, char *messages,
                  uint64_t hash)
{
    if (status == TM_EBUG || (status == TM_ESCRIPT && !messages)) {
        fprintf(stderr, "status %d: %s\n", (int)status,
                messages ? messages : "no message");
        abort();
    }
    if (plan) {
        round_trip(plan);
        walk(plan, hash);
    }
    plan_free(plan);
    free(messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const forms[] = {"tokens", "ast", "expr",
                                        "graph",  "dag", "plan"};
    char *text = malloc(size + 1), *messages = NULL;
    struct source source = {"fuzz.tm", text, size, 0};
    uint64_t hash = hash_of(data, size);
    struct compile_define defines[] = {{"n", "5", 0}, {"m", "3", 0}};
    struct compile_options options = {
        .defines = defines,
        .define_count = hash & 3 ? 0 : hash >> 2 & 3,
        .json = hash >> 4 & 1,
        .no_optimise = !(hash >> 5 & 3),
    };
    struct plan *plan = NULL;
    FILE *out = fopen("/dev/null", "w");
    enum tm_status status;

    if (options.define_count > 2)
        options.define_count = 2;
    if (hash >> 7 & 1) {
        options.tile_rows = 1 + (int64_t)(hash >> 8 & 7);
        options.tile_cols = hash >> 11 & 1 ? options.tile_rows : 4;
    }
    if (text && out) {
        if (size)
            memcpy(text, data, size);
        text[size] = '\0';
        status =
            compile_source(&source, &options, NULL, NULL, &plan, &messages);
        check(status, plan, messages, hash >> 20);
        if (!(hash >> 12 & 3)) {
            status = compile_source(&source, &options, forms[hash % 6], out,
                                    &plan, &messages);
            check(status, plan, messages, hash >> 20);
        }
    }
    if (out)
        fclose(out);
    free(text);
    return 0;
}

#ifndef FUZZ_STANDALONE
/* ---- mutations of lines and words --------------------------------------- */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned int seed);

static const char *const words[] = {"param n = 4\n",
                                    "input A(m, n)\n",
                                    "input B(n, n) is spd\n",
                                    "matrix C(n, n)\n",
                                    "output A\n",
                                    "tile 3\n",
                                    "end\n",
                                    "else\n",
                                    "for i in 0..n\n",
                                    "for i in 1..5 step 2\n",
                                    "while x > 1\n",
                                    "repeat\n",
                                    "until x < 1\n",
                                    "if x > 2\n",
                                    "if i < 2\n",
                                    "break\n",
                                    "continue\n",
                                    "x = sum(A)\n",
                                    "A = rand(5, 4)\n",
                                    "function [y, z] = f(x, a = 2)\n",
                                    "[Q, R] = qr(A)\n",
                                    "print(x, A(0, 0))\n",
                                    "assert(x > 0, \"no\")\n",
                                    "write(A, \"a.csv\")\n",
                                    "return\n",
                                    " + ",
                                    " - ",
                                    " * ",
                                    " .* ",
                                    " / ",
                                    " ./ ",
                                    " \\ ",
                                    "^2",
                                    ".^",
                                    "'",
                                    ".'",
                                    "(",
                                    ")",
                                    "[",
                                    "]",
                                    ",",
                                    ";",
                                    ":",
                                    "..",
                                    " == ",
                                    " != ",
                                    " <= ",
                                    " && ",
                                    " || ",
                                    "!",
                                    "-",
                                    "0",
                                    "1",
                                    "2",
                                    "n",
                                    "m",
                                    "i",
                                    "x",
                                    "A",
                                    "B",
                                    "C",
                                    "A[i,j]",
                                    "A[0..2,1]",
                                    "A(0..2, :)",
                                    "A(i, 0)",
                                    "[1, 2; 3, 4]",
                                    "[A, B; B, A]",
                                    "A'",
                                    "A * A'",
                                    "A' * A + eye(n)",
                                    "inv(A)",
                                    "inv(A) * B",
                                    "A \\ B",
                                    "chol(A)",
                                    "lu(A)",
                                    "norm(A - B)^2",
                                    "trace(A * B)",
                                    "sum(A .* B)",
                                    "diag(A)",
                                    "tril(A)",
                                    "triu(A)",
                                    "zeros(n, n)",
                                    "ones(3, 1)",
                                    "eye(n)",
                                    "spd(4)",
                                    "rows(A)",
                                    "trows(A)",
                                    "ceildiv(n, 2)",
                                    "floor(n / 2)",
                                    "ceil(log2(n))",
                                    "max(A, 1)",
                                    "dot(x, y)",
                                    "rowsums(A)",
                                    "argmin_rows(A)",
                                    "retile(A, 2, 3)",
                                    "onehot(A, 3)",
                                    "inf",
                                    "true",
                                    "1e300",
                                    "9223372036854775807",
                                    "potrf(A[i,i])",
                                    "trsm(A[i,i], A[j,i])",
                                    "A is lower",
                                    "rand(n, n, type=f32)",
                                    "seed=3",
                                    "exp(A)",
                                    "colsums(A)",
                                    "lstsq(A, B)",
                                    "det(A)",
                                    "# c\n",
                                    "...\n"};

static uint32_t roll(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % (below ? below : 1));
}

/* From a random line's begin to the begin of a later one. */
static void lines(uint64_t *state, const uint8_t *data, size_t size,
                  size_t *begin, size_t *end)
{
    uint32_t count = 1 + roll(state, 3);

    *begin = roll(state, (uint32_t)size);
    while (*begin > 0 && data[*begin - 1] != '\n')
        --*begin;
    for (*end = *begin; *end < size && count; ++*end)
        count -= data[*end] == '\n';
}

/* Bytes [begin, end) become others. */
static size_t replace(uint8_t *data, size_t size, size_t most, size_t begin,
                      size_t end, const void *with, size_t length)
{
    if (size - (end - begin) + length > most)
        return size;
    memmove(data + begin + length, data + end, size - end);
    memcpy(data + begin, with, length);
    return size - (end - begin) + length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned int seed)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    uint32_t rounds = 1 + roll(&state, 4);
    size_t begin, end, at;
    uint8_t copy[400];

    if (!size || !roll(&state, 4))
        return LLVMFuzzerMutate(data, size, most);
    while (rounds--) {
        const char *word = words[roll(&state, sizeof words / sizeof *words)];
        if (!size)
            break;
        lines(&state, data, size, &begin, &end);
        at = roll(&state, (uint32_t)size);
        switch (roll(&state, 4)) {
        case 0: /* a word more */
            size = replace(data, size, most, at, at, word, strlen(word));
            break;
        case 1: /* a word for another */
            for (end = at; end < size && end < at + 40 &&
                           (data[end] == '_' || data[end] >= '0');)
                end++;
            size = replace(data, size, most, at, end, word, strlen(word));
            break;
        case 2: /* lines away */
            size = replace(data, size, most, begin, end, "", 0);
            break;
        default: /* lines again, elsewhere */
            if (end - begin > sizeof copy)
                break;
            memcpy(copy, data + begin, end - begin);
            while (at > 0 && data[at - 1] != '\n')
                at--;
            size = replace(data, size, most, at, at, copy, end - begin);
        }
    }
    return size;
}
#endif

#include "tests/fuzz/standalone.h"
