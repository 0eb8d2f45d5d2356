/* What the sources of the tool tmc share. */
#ifndef COMPILER_TMC_H
#define COMPILER_TMC_H

#include "tilematrix/tilematrix.h"

#include <stddef.h>

/* All of a file, with a NUL behind it; NULL: see errno.  Caller frees. */
char *tmc_read(const char *path, size_t *size);

/* "tmc: error: cannot WHAT NAME: ...", with errno's text; returns status. */
int tmc_complain(enum tm_status status, const char *what, const char *name);

enum layout_mode {
    LAYOUT_PRINT,    /* print the new text                              */
    LAYOUT_CHECK,    /* print the names of files that would change      */
    LAYOUT_IN_PLACE, /* replace files that change, whole or not at all  */
};

/* tmc --format of one file; messages are on stderr, as JSON where asked.
 * A file with errors is left alone: TM_ESCRIPT.  So is the status of a file
 * that --check names. */
int tmc_layout(const char *path, enum layout_mode mode, int json);

#endif
