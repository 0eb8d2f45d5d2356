/* A script's text to a plan, through the forms of the pass table. */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include "base/diag.h"
#include "plan/plan.h"

struct compile_define {
    const char *name, *value;
    int used;
};

struct compile_options {
    struct compile_define *defines;
    size_t define_count;
    int64_t tile_rows, tile_cols; /* 0: the script's */
    const char *library;          /* folder, or NULL: the built-in texts */
    int json;                     /* messages as diag_json() has them */
    struct diag_choice warnings;
    int no_optimise; /* steps as written: no row of rules.def */
};

/* Compile one source.
 *
 * source   borrowed; the plan copies what it needs
 * emit     NULL, or a form of --emit: tokens ast expr graph dag plan tasks
 *          dot; printed to out as soon as it exists, and the compilation
 *          goes no further than it needs
 * plan     the result, or NULL when messages has errors or emit stopped it
 * messages all errors and warnings as text, malloc'ed, NULL: none
 * Errors   TM_ESCRIPT, TM_EUSAGE (unknown define, unknown form), TM_EMEMORY */
enum tm_status compile_source(const struct source *source,
                              const struct compile_options *options,
                              const char *emit, FILE *out, struct plan **plan,
                              char **messages);

#endif
