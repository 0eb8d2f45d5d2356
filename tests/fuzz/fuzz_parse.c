/* Fuzz target: any bytes as a script, through scanner, parser and printers.
 *
 * Besides what the sanitizers see it checks that trees stay within their
 * depth, that a tree without messages has no errors in it, and that its
 * layout has the same tree and is stable.  With
 * FUZZ_STANDALONE it is a program that runs the files of its arguments. */
#include <stdio.h>
#include <stdlib.h>

#include "grammar/ast.h"
#include "grammar/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tree(const struct ast *node, int depth, int whole)
{
    uint32_t i;

    if (depth > AST_DEEPEST || (whole && node->kind == AST_ERROR))
        abort();
    if (node->place.begin > node->place.end ||
        node->place.end > node->place.source->size ||
        node->at.end > node->place.source->size)
        abort();
    for (i = 0; i < node->count; i++)
        if (node->items[i])
            check_tree(node->items[i], depth + 1, whole);
}

static void check_layout(struct arena *arena, const struct source *source)
{
    struct diag_sink messages = {.arena = arena};
    struct source made = *source;
    const char *again;
    size_t size;

    made.text = format_script(arena, &messages, source, &made.size);
    if (messages.errors)
        return;
    if (!made.text)
        abort();
    again = format_script(arena, &messages, &made, &size);
    if (!again || size != made.size || memcmp(again, made.text, size) != 0)
        abort();
}

static void run(struct arena *arena, const struct source *source, FILE *out)
{
    struct diag_sink messages = {.arena = arena}, ignored = {.arena = arena};
    struct ast *program = ast_parse(arena, &messages, source);

    check_tree(program, 1, messages.errors == 0);
    ast_print(out, program);
    ast_print_tokens(out, arena, &ignored, source);
    fputs(diag_text(&messages, NULL), out);
    fputs(diag_json(&messages, NULL), out);
    check_layout(arena, source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* a copy with a NUL behind it, so that reading past it is seen */
    char *text = malloc(size + 1);
    struct source source = {"fuzz.tm", text, size, 0};
    FILE *out = fopen("/dev/null", "w");
    struct arena arena;

    if (text && out) {
        if (size)
            memcpy(text, data, size);
        text[size] = '\0';
        arena_init(&arena);
        if (setjmp(arena.failed) == 0)
            run(&arena, &source, out);
        arena_free(&arena);
    }
    if (out)
        fclose(out);
    free(text);
    return 0;
}

#include "tests/fuzz/standalone.h"
