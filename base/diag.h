/* Messages about a script: collected while compiling, shown afterwards.
 *
 * Each has a place, a level, an id (a row of diag.def) and notes.  A sink
 * keeps the order in which messages came; diag_text() shows them as
 *
 *   file:line:col: error: text [id]
 *       4 | the source line
 *         |     ^~~~~
 *   file:line:col: note: text
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/source.h"

#include <stdio.h>

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

enum diag_id {
#define DIAG(ID, LEVEL, DOC) DIAG_##ID,
#include "base/diag.def"
#undef DIAG
    DIAG_COUNT
};

struct diag_info {
    const char *name; /* lower case, as printed in brackets */
    enum diag_level level;
    const char *doc;
};
extern const struct diag_info diag_table[DIAG_COUNT];

struct diag {
    enum diag_level level;
    enum diag_id id;
    struct place place;
    const char *text;
};

/* Which warnings there are, as -W has it; all 0: each, as a warning. */
struct diag_choice {
    uint8_t silent[DIAG_COUNT];
    uint8_t errors; /* warnings are errors */
};

struct diag_sink {
    struct arena *arena;
    const struct diag_choice *choice; /* borrowed; NULL: all 0 */
    VEC(struct diag) list; /* a note belongs to the message before it */
    uint32_t errors, warnings;
    uint8_t quiet; /* the last message was silent: so are its notes */
};

enum { DIAG_MOST = 20 }; /* after so many errors no more are kept */

/* Add the message of row id; text as printf.  Borrowed: place.source. */
void diag_add(struct diag_sink *sink, enum diag_id id, struct place place,
              const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Add a note to the message added last; place.source may be NULL:
 * then it is shown at that message's place. */
void diag_note(struct diag_sink *sink, struct place place, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

/* "no-unused" and "unused" turn one warning off and on, "no-all" and "all"
 * each of them; "error" and "no-error".  Later words win.  0, or `why` says
 * what is wrong with the word. */
int diag_choose(struct diag_choice *choice, const char *word, char *why,
                size_t size);

/* All messages as text, into the sink's arena; last the fault of a call,
 * which has no place, or NULL. */
char *diag_text(const struct diag_sink *sink, const char *fault);
/* The same for programs, one JSON object a line. */
char *diag_json(const struct diag_sink *sink, const char *fault);
/* A string of JSON with its quotes; bytes that are no text become U+FFFD. */
void diag_json_string(FILE *out, const char *text, size_t length);
/* What show prints, into the sink's arena. */
char *diag_made(const struct diag_sink *sink,
                void (*show)(FILE *out, const struct diag_sink *sink,
                             const char *fault),
                const char *fault);

/* One message as text with source line and carets, appended to out.  The
 * same layout serves the runtime, which has line numbers but maybe no text:
 * line_text NULL leaves the excerpt out, file NULL the place, id NULL the id.
 * end_column is one past the span.  Bytes that are not text are escaped. */
void diag_show(FILE *out, const char *file, uint32_t line, uint32_t column,
               uint32_t end_column, const char *level, const char *text,
               const char *id, const char *line_text, size_t line_length);

/* The nearest of count names to name by edit distance, or NULL if none is
 * near enough to be what was meant. */
const char *diag_nearest(const char *name, const char *const *names,
                         size_t count);

#endif
