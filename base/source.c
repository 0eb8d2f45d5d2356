#include "base/source.h"

#include <string.h>

struct line_column source_line_column(const struct source *source,
                                      uint32_t offset)
{
    struct line_column at = {1, 1};
    const char *text = source->text, *newline;
    const char *end = text + (offset < source->size ? offset : source->size);

    while ((newline = memchr(text, '\n', (size_t)(end - text)))) {
        at.line++;
        text = newline + 1;
    }
    at.column += (uint32_t)(end - text);
    return at;
}

const char *source_line(const struct source *source, uint32_t offset,
                        size_t *length)
{
    size_t begin = offset < source->size ? offset : source->size;
    size_t end = begin;

    while (begin > 0 && source->text[begin - 1] != '\n')
        begin--;
    while (end < source->size && source->text[end] != '\n')
        end++;
    if (end > begin && source->text[end - 1] == '\r')
        end--;
    *length = end - begin;
    return source->text + begin;
}

struct place place_join(struct place a, struct place b)
{
    if (!a.source)
        return b;
    if (b.source && b.end > a.end)
        a.end = b.end;
    return a;
}

/* RFC 3629: no surrogates, nothing above 10FFFF, only the shortest form. */
size_t source_utf8(const char *text, size_t left)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length, i;

    if (left == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    length = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (left < length)
        return 0;
    for (i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}
