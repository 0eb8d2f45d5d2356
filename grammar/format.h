/* One layout for every script: tmc --format. */
#ifndef GRAMMAR_FORMAT_H
#define GRAMMAR_FORMAT_H

#include "grammar/ast.h"

/* The text of a script in the layout of docs/language.md ("Layout"), in the
 * arena, with a NUL behind its *size bytes.  NULL: the script has errors,
 * which are in diags; or, without any, what was made would not be read as the
 * same tree, which is a fault of ours. */
char *format_script(struct arena *arena, struct diag_sink *diags,
                    const struct source *source, size_t *size);

#endif
