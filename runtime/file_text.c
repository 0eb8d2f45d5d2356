/* Lines and numbers of text files, in and out.
 *
 * In: the file is read in large pieces and cut into lines, which end in LF
 * or CR LF.  A number of up to 2^53 in its digits and a power of ten of up
 * to 22 is exact in one multiplication or division, hence correctly rounded
 * (W. Clinger, "How to read floating point numbers accurately", 1990); all
 * others go to strtod_l(), which rounds correctly, too.
 * Out: numbers get the fewest digits that are read as the same number. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* strtod_l */
#endif
#include "runtime/file_private.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 18 };

/* ---- lines -------------------------------------------------------------- */

enum tm_status file_text_open(struct file_text *text, const struct file *file,
                              struct tm_error *error)
{
    memset(text, 0, sizeof *text);
    text->file = file;
    text->error = error;
    text->capacity = PIECE;
    text->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    text->buffer = malloc(text->capacity + 1);
    if (!text->locale || !text->buffer)
        return error_set(error, TM_EMEMORY, "no memory to read %s", file->name);
    return TM_OK;
}

void file_text_close(struct file_text *text)
{
    free(text->buffer);
    if (text->locale)
        freelocale(text->locale);
}

/* More bytes behind those that are there; the buffer grows when a line
 * fills it. */
static enum tm_status more(struct file_text *text, int64_t left)
{
    size_t have = text->end - text->begin, want;
    char *larger;
    enum tm_status status;

    if (have * 2 > text->capacity) {
        larger = realloc(text->buffer, text->capacity * 2 + 1);
        if (!larger)
            return error_set(text->error, TM_EMEMORY,
                             "%s, line %" PRId64 ": no memory for a line of "
                             "more than %zu bytes",
                             text->file->name, text->line, have);
        text->buffer = larger;
        text->capacity *= 2;
    }
    memmove(text->buffer, text->buffer + text->begin, have);
    text->begin = 0;
    text->end = have;
    want = text->capacity - have;
    if ((uint64_t)left < want)
        want = (size_t)left;
    status = file_pread(text->file, text->buffer + have, (int64_t)want,
                        text->offset, text->error);
    text->end += want;
    text->offset += (int64_t)want;
    return status;
}

enum tm_status file_text_line(struct file_text *text, char **line, size_t *size)
{
    char *end = NULL;
    size_t seen = 0; /* bytes that hold no line end */
    int64_t left;
    enum tm_status status;

    *line = NULL;
    *size = 0;
    text->line++;
    for (;;) {
        if (text->end - text->begin > seen)
            end = memchr(text->buffer + text->begin + seen, '\n',
                         text->end - text->begin - seen);
        left = text->file->stamp.bytes - text->offset;
        if (end || left <= 0)
            break;
        seen = text->end - text->begin;
        status = more(text, left);
        if (status)
            return status;
    }
    if (!end && text->begin == text->end)
        return TM_OK;
    *line = text->buffer + text->begin;
    text->start = *line;
    *size = end ? (size_t)(end - *line) : text->end - text->begin;
    text->begin += *size + (end != NULL);
    if (*size && (*line)[*size - 1] == '\r')
        --*size;
    (*line)[*size] = 0;
    return TM_OK;
}

enum tm_status file_text_fail(const struct file_text *text, const char *at,
                              const char *format, ...)
{
    char what[400], column[40] = "";
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (at)
        snprintf(column, sizeof column, ", column %td", at - text->start + 1);
    return error_set(text->error, TM_EFILE, "%s, line %" PRId64 "%s: %s",
                     text->file->name, text->line, column, what);
}

/* The host's locale may have its own idea of the small letter of I. */
bool file_same(const char *text, const char *word, size_t size)
{
    size_t k;
    char a, b;

    for (k = 0; k < size; k++) {
        a = text[k] >= 'A' && text[k] <= 'Z' ? (char)(text[k] + 32) : text[k];
        b = word[k] >= 'A' && word[k] <= 'Z' ? (char)(word[k] + 32) : word[k];
        if (a != b || !a)
            return a == b;
    }
    return true;
}

/* ---- numbers, in -------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *special(const char *at, bool minus, double *value)
{
    if (file_same(at, "nan", 3)) {
        *value = minus ? -(double)NAN : (double)NAN;
        return at + 3;
    }
    if (!file_same(at, "inf", 3))
        return NULL;
    *value = minus ? -HUGE_VAL : HUGE_VAL;
    return at + (file_same(at, "infinity", 8) ? 8 : 3);
}

/* [eE] [+-] digits; when it isn't that the number ends before. */
static const char *exponent(const char *at, int64_t *power)
{
    const char *p = at + 1;
    bool minus = *p == '-';
    int64_t e = 0;

    if (*p == '+' || *p == '-')
        p++;
    if (!is_digit(*p))
        return at;
    for (; is_digit(*p); p++)
        if (e < 1000000)
            e = e * 10 + (*p - '0');
    *power += minus ? -e : e;
    return p;
}

const char *file_text_number(const struct file_text *text, const char *at,
                             double *value)
{
    static const double tens[] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *p = at, *first;
    uint64_t digits = 0;
    int64_t power = 0;
    bool minus = *p == '-', many = false, some = false, point = false;
    double x;

    if (*p == '+' || *p == '-')
        p++;
    first = p;
    for (;; p++) {
        if (is_digit(*p)) {
            some = true;
            if (digits >= UINT64_MAX / 10 - 1) {
                many = true;
                power += !point;
            } else {
                digits = digits * 10 + (uint64_t)(*p - '0');
                power -= point;
            }
        } else if (*p == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (!some)
        return p == first ? special(first, minus, value) : NULL;
    if (*p == 'e' || *p == 'E')
        p = exponent(p, &power);
    x = (double)digits;
    if (many || digits > (uint64_t)1 << 53 || power < -22 || power > 22)
        *value = digits ? strtod_l(at, NULL, text->locale) : minus ? -0.0 : 0.0;
    else if (power < 0)
        *value = minus ? -(x / tens[-power]) : x / tens[-power];
    else
        *value = minus ? -(x * tens[power]) : x * tens[power];
    return p;
}

/* ---- numbers, out ------------------------------------------------------- */

void file_out_open(struct file_out *out, struct writer *writer,
                   struct tm_error *error)
{
    out->writer = writer;
    out->error = error;
    out->status = TM_OK;
    out->offset = 0;
    out->used = 0;
    out->before = (locale_t)0;
    out->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (out->locale)
        out->before = uselocale(out->locale);
    else
        out->status =
            error_set(error, TM_EMEMORY, "no memory to write %s", writer->name);
}

static void flush(struct file_out *out)
{
    if (!out->status)
        out->status = file_pwrite(out->writer, out->buffer, (int64_t)out->used,
                                  out->offset, out->error);
    out->offset += (int64_t)out->used;
    out->used = 0;
}

enum tm_status file_out_close(struct file_out *out)
{
    flush(out);
    if (out->locale) {
        uselocale(out->before);
        freelocale(out->locale);
    }
    return out->status;
}

/* At most some hundred bytes. */
void file_out_text(struct file_out *out, const char *text)
{
    size_t size = strlen(text);

    if (out->used + size > sizeof out->buffer)
        flush(out);
    memcpy(out->buffer + out->used, text, size);
    out->used += size;
}

void file_out_number(struct file_out *out, enum tm_type type, const void *entry)
{
    char text[40];
    bool is_float = type == TM_F32;
    int digits = is_float ? 6 : 15, most = is_float ? 9 : 17;
    double x, y;
    float f;

    if (is_float) {
        memcpy(&f, entry, sizeof f);
        x = (double)f;
    } else {
        memcpy(&x, entry, sizeof x);
    }
    if (x != x) { /* the sign of nan says nothing */
        file_out_text(out, "nan");
        return;
    }
    for (; digits <= most; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (digits == most)
            break;
        y = strtod(text, NULL);
        /* read as f64 first, like file_read() does */
        if (is_float ? (float)y == (float)x : y == x)
            break;
    }
    file_out_text(out, text);
}
