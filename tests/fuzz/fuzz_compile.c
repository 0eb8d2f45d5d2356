/* Fuzz target: any bytes as a script, through the whole compiler.
 *
 * What compiles must be a plan that passes verification and reads back from
 * its own bytes to the same bytes.  With FUZZ_STANDALONE it is a program that
 * runs the files of its arguments. */
#include "base/error.h"
#include "compiler/compile.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *messages = NULL;
    struct source source = {"fuzz.tm", text, size, 0};
    struct plan *plan = NULL;

    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    if (compile_source(&source, NULL, NULL, NULL, &plan, &messages) == TM_EBUG)
        abort();
    if (plan)
        round_trip(plan);
    plan_free(plan);
    free(messages);
    free(text);
    return 0;
}

#include "tests/fuzz/standalone.h"
