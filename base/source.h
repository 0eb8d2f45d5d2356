/* Script text, and places in it.
 *
 * A place is a span of bytes [begin, end) of one source; line and column are
 * found when a message is printed.  Lines and columns count from 1; a column
 * is a byte, as compilers count. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source {
    const char *name; /* as the user wrote it; "-" is standard input */
    const char *text; /* size bytes and a NUL behind them; borrowed */
    size_t size;
    int library; /* 1: a text of lib/, not the user's */
};

struct place {
    const struct source *source; /* NULL: nowhere */
    uint32_t begin, end;
};

struct line_column {
    uint32_t line, column;
};

struct line_column source_line_column(const struct source *source,
                                      uint32_t offset);
/* The line that holds offset, without its line break (nor a CR before it). */
const char *source_line(const struct source *source, uint32_t offset,
                        size_t *length);
/* From the start of a to the end of b; both of one source. */
struct place place_join(struct place a, struct place b);

/* Bytes of the UTF-8 character at text, of which left bytes are there; 0 if
 * they are none.  A NUL is a character of one byte. */
size_t source_utf8(const char *text, size_t left);

#endif
