/* Messages for programs: one JSON object a line. */
#include "base/diag.h"

void diag_json_string(FILE *out, const char *text, size_t left)
{
    putc('"', out);
    while (left > 0) {
        size_t bytes = source_utf8(text, left);
        unsigned char c = (unsigned char)text[0];

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (bytes == 0)
            fputs("\\ufffd", out); /* a byte that is no text */
        else if (c < 0x20 || c == 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            fwrite(text, 1, bytes, out);
        bytes += !bytes;
        text += bytes;
        left -= bytes;
    }
    putc('"', out);
}

/* "file", "line", "column", "end_column": as the text form has them, the end
 * one past the span, at most one past its first line. */
static void put_place(FILE *out, struct place place)
{
    struct line_column at;
    size_t length, end;

    if (!place.source) {
        fputs("\"file\":null,\"line\":null,\"column\":null,"
              "\"end_column\":null",
              out);
        return;
    }
    at = source_line_column(place.source, place.begin);
    source_line(place.source, place.begin, &length);
    end = at.column + (place.end - place.begin);
    if (end > length + 1)
        end = length + 1;
    if (end <= at.column)
        end = (size_t)at.column + 1;
    fputs("\"file\":", out);
    diag_json_string(out, place.source->name, strlen(place.source->name));
    fprintf(out, ",\"line\":%u,\"column\":%u,\"end_column\":%zu", at.line,
            at.column, end);
}

static void put_notes(FILE *out, const struct diag_sink *sink, uint32_t i,
                      struct place place)
{
    uint32_t first = i;

    fputs(",\"notes\":[", out);
    for (; i < sink->list.count && sink->list.items[i].level == DIAG_NOTE;
         i++) {
        const struct diag *note = &sink->list.items[i];

        fputs(i > first ? ",{" : "{", out);
        put_place(out, note->place.source ? note->place : place);
        fputs(",\"text\":", out);
        diag_json_string(out, note->text, strlen(note->text));
        putc('}', out);
    }
    putc(']', out);
}

static void show_json(FILE *out, const struct diag_sink *sink,
                      const char *fault)
{
    struct place nowhere = {NULL, 0, 0};
    uint32_t i;

    for (i = 0; i < sink->list.count; i++) {
        const struct diag *diag = &sink->list.items[i];

        if (diag->level == DIAG_NOTE)
            continue;
        putc('{', out);
        put_place(out, diag->place);
        fprintf(out, ",\"level\":\"%s\",\"id\":\"%s\",\"text\":",
                diag->level == DIAG_ERROR ? "error" : "warning",
                diag_table[diag->id].name);
        diag_json_string(out, diag->text, strlen(diag->text));
        put_notes(out, sink, i + 1, diag->place);
        fputs("}\n", out);
    }
    if (fault) {
        putc('{', out);
        put_place(out, nowhere);
        fputs(",\"level\":\"error\",\"id\":null,\"text\":", out);
        diag_json_string(out, fault, strlen(fault));
        fputs(",\"notes\":[]}\n", out);
    }
}

char *diag_json(const struct diag_sink *sink, const char *fault)
{
    return diag_made(sink, show_json, fault);
}
