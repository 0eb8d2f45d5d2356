#include "base/diag.h"

#include <stdlib.h>
#include <strings.h>

const struct diag_info diag_table[DIAG_COUNT] = {
#define DIAG(ID, LEVEL, DOC) [DIAG_##ID] = {#ID, LEVEL, DOC},
#include "base/diag.def"
#undef DIAG
};

/* Once one error has been dropped, all that follows is dropped too, so a note
 * never lands at a message that it does not belong to. */
static int diag_full(const struct diag_sink *sink)
{
    return sink->errors > DIAG_MOST;
}

void diag_add(struct diag_sink *sink, enum diag_id id, struct place place,
              const char *format, ...)
{
    enum diag_level level = diag_table[id].level;
    va_list args;
    char *text;

    sink->quiet =
        level == DIAG_WARNING && sink->choice && sink->choice->silent[id];
    if (sink->quiet)
        return;
    if (level == DIAG_WARNING && sink->choice && sink->choice->errors)
        level = DIAG_ERROR;
    if (level == DIAG_ERROR)
        sink->errors++;
    else if (level == DIAG_WARNING)
        sink->warnings++;
    if (diag_full(sink))
        return;
    va_start(args, format);
    text = arena_vprintf(sink->arena, format, args);
    va_end(args);
    vec_push(sink->arena, &sink->list, (struct diag){level, id, place, text});
}

void diag_note(struct diag_sink *sink, struct place place, const char *format,
               ...)
{
    va_list args;
    char *text;

    if (diag_full(sink) || sink->quiet)
        return;
    va_start(args, format);
    text = arena_vprintf(sink->arena, format, args);
    va_end(args);
    vec_push(sink->arena, &sink->list,
             (struct diag){DIAG_NOTE, DIAG_COUNT, place, text});
}

/* Layout */

/* Bytes of the character at text that may be shown as it is: no control
 * characters (also not those of Latin-1) and no broken UTF-8.  0: escape. */
static size_t shown(const char *text, size_t left)
{
    size_t bytes = source_utf8(text, left);
    unsigned char c = (unsigned char)text[0];

    if (bytes == 1 && (c < 0x20 || c == 0x7f))
        return 0;
    if (bytes == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0)
        return 0;
    return bytes;
}

static void put_text(FILE *out, const char *text, size_t length)
{
    while (length > 0) {
        size_t bytes = shown(text, length);

        if (bytes)
            fwrite(text, 1, bytes, out);
        else
            fprintf(out, "\\x%02X", (unsigned char)text[0]);
        bytes += !bytes;
        text += bytes;
        length -= bytes;
    }
}

/* The line itself; a tab stays a tab. */
static void put_line(FILE *out, const char *line, size_t length)
{
    const char *tab;

    while ((tab = memchr(line, '\t', length))) {
        put_text(out, line, (size_t)(tab - line));
        putc('\t', out);
        length -= (size_t)(tab - line) + 1;
        line = tab + 1;
    }
    put_text(out, line, length);
}

/* What stands under bytes [0, length) of line: fill for each column that
 * put_line() uses; a tab stays a tab where fill is a blank. */
static void put_under(FILE *out, const char *line, size_t length, int fill)
{
    while (length > 0) {
        size_t bytes = shown(line, length);

        if (bytes)
            putc(fill, out);
        else if (line[0] == '\t')
            putc(fill == ' ' ? '\t' : fill, out);
        else
            fprintf(out, "%c%c%c%c", fill, fill, fill, fill);
        bytes += !bytes;
        line += bytes;
        length -= bytes;
    }
}

/* Move a cut back so that it does not split a character. */
static size_t cut_at(const char *line, size_t at)
{
    size_t back = at;

    while (back > 0 && at - back < 4 && (line[back] & 0xc0) == 0x80)
        back--;
    return at - back < 4 ? back : at;
}

enum { LINE_MOST = 120, LINE_BEFORE = 40 };

static void show_excerpt(FILE *out, uint32_t line, size_t begin, size_t end,
                         const char *text, size_t length)
{
    size_t first = 0, last = length;

    if (begin > length)
        begin = length;
    if (end > length)
        end = length;
    if (length > LINE_MOST && begin > LINE_MOST - LINE_BEFORE)
        first = cut_at(text, begin - LINE_BEFORE);
    if (last - first > LINE_MOST)
        last = cut_at(text, first + LINE_MOST);
    if (end > last)
        end = last;

    fprintf(out, "%5u | %s", line, first ? "..." : "");
    put_line(out, text + first, last - first);
    fprintf(out, "%s\n      | %s", last < length ? "..." : "",
            first ? "   " : "");
    put_under(out, text + first, begin - first, ' ');
    putc('^', out);
    if (end > begin + 1) {
        size_t bytes = shown(text + begin, length - begin);

        /* an escaped byte has four columns, of which ^ is one */
        if (!bytes && text[begin] != '\t')
            fputs("~~~", out);
        bytes += !bytes;
        if (begin + bytes < end)
            put_under(out, text + begin + bytes, end - begin - bytes, '~');
    }
    putc('\n', out);
}

void diag_show(FILE *out, const char *file, uint32_t line, uint32_t column,
               uint32_t end_column, const char *level, const char *text,
               const char *id, const char *line_text, size_t line_length)
{
    if (file) {
        put_text(out, file, strlen(file));
        if (line)
            fprintf(out, ":%u", line);
        if (line && column)
            fprintf(out, ":%u", column);
        fputs(": ", out);
    }
    fprintf(out, "%s: ", level);
    put_text(out, text, strlen(text));
    if (id)
        fprintf(out, " [%s]", id);
    putc('\n', out);
    if (line_text && column)
        show_excerpt(out, line, column - 1, end_column ? end_column - 1 : 0,
                     line_text, line_length);
}

/* A note without a place is shown at that of its message, and a note has no
 * excerpt. */
static void show_one(FILE *out, const struct diag *diag, struct place place)
{
    static const char *const levels[] = {"note", "warning", "error"};
    const char *id =
        diag->level == DIAG_NOTE ? NULL : diag_table[diag->id].name;
    const struct source *source = place.source;
    struct line_column at;
    const char *line;
    size_t length;
    uint32_t end;

    if (!source) {
        diag_show(out, NULL, 0, 0, 0, levels[diag->level], diag->text, id, NULL,
                  0);
        return;
    }
    at = source_line_column(source, place.begin);
    line = source_line(source, place.begin, &length);
    end = at.column + (place.end - place.begin);
    diag_show(out, source->name, at.line, at.column, end, levels[diag->level],
              diag->text, id, diag->level == DIAG_NOTE ? NULL : line, length);
}

static void show_all(FILE *out, const struct diag_sink *sink, const char *fault)
{
    struct place place = {NULL, 0, 0};
    uint32_t i, more;

    for (i = 0; i < sink->list.count; i++) {
        const struct diag *diag = &sink->list.items[i];

        if (diag->level != DIAG_NOTE)
            place = diag->place;
        show_one(out, diag, diag->place.source ? diag->place : place);
    }
    if (diag_full(sink)) {
        more = sink->errors - DIAG_MOST;
        fprintf(out, "... and %u more error%s\n", more, more == 1 ? "" : "s");
    }
    if (fault)
        fprintf(out, "%s\n", fault);
}

char *diag_made(const struct diag_sink *sink,
                void (*show)(FILE *out, const struct diag_sink *sink,
                             const char *fault),
                const char *fault)
{
    struct arena *arena = sink->arena;
    char *volatile buffer = NULL;
    char *written = NULL, *text;
    size_t length = 0;
    FILE *out = open_memstream(&written, &length);
    jmp_buf outer;

    if (!out)
        longjmp(arena->failed, 1);
    show(out, sink, fault);
    if (fclose(out) != 0) {
        free(written);
        longjmp(arena->failed, 1);
    }
    /* The copy may run out of memory; the buffer must not be lost then. */
    buffer = written;
    memcpy(&outer, &arena->failed, sizeof outer);
    if (setjmp(arena->failed)) {
        free(buffer);
        memcpy(&arena->failed, &outer, sizeof outer);
        longjmp(arena->failed, 1);
    }
    text = arena_text(arena, buffer, length);
    memcpy(&arena->failed, &outer, sizeof outer);
    free(buffer);
    return text;
}

char *diag_text(const struct diag_sink *sink, const char *fault)
{
    return diag_made(sink, show_all, fault);
}

/* What was meant */

enum { NAME_MOST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein distance with neighbours swapped at most once; row i
 * holds the distances from the first i letters of a. */
static size_t edit_distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t rows[3][NAME_MOST + 1];
    size_t i, j;

    for (j = 0; j <= n; j++)
        rows[0][j] = j;
    for (i = 1; i <= m; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];

        row[0] = i;
        for (j = 1; j <= n; j++) {
            size_t d = above[j - 1] + (a[i - 1] != b[j - 1]);

            d = least(d, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = least(d, above2[j - 2] + 1);
            row[j] = d;
        }
    }
    return rows[m % 3][n];
}

const char *diag_nearest(const char *name, const char *const *names,
                         size_t count)
{
    size_t length = strlen(name), i;
    size_t most = length / 3 > 1 ? length / 3 : 1;
    size_t best = most + 1;
    const char *nearest = NULL;

    if (length > NAME_MOST)
        return NULL;
    for (i = 0; i < count; i++) {
        size_t other = strlen(names[i]), d;

        if (other > NAME_MOST)
            continue;
        if (strcasecmp(name, names[i]) == 0)
            return names[i];
        d = edit_distance(name, length, names[i], other);
        if (d < best && d < length && d < other) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}

/* ---- which warnings --------------------------------------------------- */

/* The names of all warnings, and how many. */
static size_t warning_names(const char **names)
{
    size_t count = 0, k;

    for (k = 0; k < DIAG_COUNT; k++)
        if (diag_table[k].level == DIAG_WARNING)
            names[count++] = diag_table[k].name;
    return count;
}

static int no_warning(const char *name, char *why, size_t size)
{
    const char *names[DIAG_COUNT + 1], *near;
    size_t count = warning_names(names), k, at;

    for (k = 0; k < DIAG_COUNT; k++)
        if (!strcmp(diag_table[k].name, name)) {
            snprintf(why, size, "%s is an error, no warning", name);
            return -1;
        }
    names[count] = "error";
    near = diag_nearest(name, names, count + 1);
    at = (size_t)snprintf(why, size, "there is no warning %.60s; ", name);
    if (near)
        at += (size_t)snprintf(why + at, at < size ? size - at : 0,
                               "did you mean %s? ", near);
    if (!near)
        at += (size_t)snprintf(why + at, at < size ? size - at : 0,
                               "there are all");
    for (k = 0; !near && k < count && at < size; k++)
        at += (size_t)snprintf(why + at, size - at, ", %s", names[k]);
    if (near)
        why[strlen(why) - 1] = 0;
    return -1;
}

int diag_choose(struct diag_choice *choice, const char *word, char *why,
                size_t size)
{
    uint8_t off = !strncmp(word, "no-", 3);
    const char *name = word + (off ? 3 : 0);
    int found = 0, k;

    if (!strcmp(name, "error")) {
        choice->errors = !off;
        return 0;
    }
    for (k = 0; k < DIAG_COUNT; k++)
        if (diag_table[k].level == DIAG_WARNING &&
            (!strcmp(name, "all") || !strcmp(name, diag_table[k].name))) {
            choice->silent[k] = off;
            found = 1;
        }
    return found ? 0 : no_warning(name, why, size);
}
