/* .npy files, as NumPy's format description has them: versions 1.0, 2.0 and
 * 3.0, one matrix of numbers in C or Fortran order.
 *
 *     byte 0  \x93NUMPY                     magic
 *          6  major, minor                  version
 *          8  size of the header            2 bytes (1.0), 4 bytes (later)
 *             {'descr': '<f8', 'fortran_order': True, 'shape': (3, 4), }
 *             entries, to the end of the file
 *
 * The file is seen as *lines* of entries that are adjacent: columns in
 * Fortran order, rows in C order.  A block takes the same piece of several
 * lines.  Columns of the right type go straight to their place; else a
 * group of pieces is read into a buffer and converted or turned from there.
 * Pieces with little between them are read in one go, gaps and all.
 *
 * 0-d is 1 x 1, 1-d is a column.  A file that is longer or shorter than
 * header and entries is refused. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* fallocate */
#endif
#include "runtime/file_private.h"
#include "runtime/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    HEADER_MAX = 1 << 20, /* bytes; real ones have 118 */
    BUFFER = 1 << 19,     /* bytes, of a reading that converts or turns */
    GAP = 4096,           /* bytes that are read rather than skipped */
    GATHER = 1 << 15,     /* bytes on the stack, of a writing that gathers */
    ALIGN = 64            /* entries start at a multiple, when we write */
};

static const bool host_is_little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

/* ---- the header --------------------------------------------------------- */

struct header {
    const char *start, *at, *end; /* of the dictionary */
    int64_t offset;               /* of start in the file */
    const struct file *file;
    struct tm_error *error;
    const char *descr; /* as it stands there */
    size_t descr_size;
    bool descr_text; /* a string, else something in brackets */
    bool fortran;
    int64_t shape[3];
    int dims; /* any number; shape has the first three */
    const char *dims_text;
    size_t dims_size;
    unsigned seen; /* keys: bits of enum key */
};

enum key { KEY_DESCR, KEY_FORTRAN, KEY_SHAPE, KEYS };
static const char *const key_names[KEYS] = {"descr", "fortran_order", "shape"};

static enum tm_status bad(const struct header *h, const char *what)
{
    return error_set(h->error, TM_EFILE,
                     "%s: its .npy header is damaged at offset %" PRId64 ": %s",
                     h->file->name, h->offset + (h->at - h->start), what);
}

static void skip_space(struct header *h)
{
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n' ||
                              *h->at == '\t' || *h->at == '\r'))
        h->at++;
}

/* Take that character, after space. */
static bool take(struct header *h, char c)
{
    skip_space(h);
    if (h->at == h->end || *h->at != c)
        return false;
    h->at++;
    return true;
}

/* A string in ' or ", without escapes. */
static bool take_string(struct header *h, const char **text, size_t *size)
{
    char mark;
    const char *at;

    skip_space(h);
    if (h->at == h->end || (*h->at != '\'' && *h->at != '"'))
        return false;
    mark = *h->at;
    for (at = h->at + 1; at < h->end && *at != mark; at++)
        if (*at == '\\' || (unsigned char)*at < ' ')
            return false;
    if (at == h->end)
        return false;
    *text = h->at + 1;
    *size = (size_t)(at - *text);
    h->at = at + 1;
    return true;
}

static bool take_word(struct header *h, const char *word)
{
    size_t size = strlen(word);

    skip_space(h);
    if ((size_t)(h->end - h->at) < size || memcmp(h->at, word, size) != 0)
        return false;
    h->at += size;
    return true;
}

/* A whole number, with the L of old Pythons. */
static bool take_number(struct header *h, int64_t *number)
{
    const char *first;

    skip_space(h);
    first = h->at;
    *number = 0;
    for (; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, *h->at - '0', number))
            return false;
    if (h->at == first)
        return false;
    if (h->at < h->end && *h->at == 'L')
        h->at++;
    return true;
}

/* () (3,) (3, 4) (3, 4,) and longer ones, but not (3), which is a number. */
static enum tm_status take_shape(struct header *h)
{
    bool comma = true;
    int64_t number;

    h->dims = 0;
    skip_space(h);
    h->dims_text = h->at;
    if (!take(h, '('))
        return bad(h, "a shape like (3, 4) is missing");
    while (!take(h, ')')) {
        if (!comma)
            return bad(h, "',' or ')' is missing in the shape");
        if (!take_number(h, &number))
            return bad(h, "a size is not a whole number below 2^63");
        if (h->dims < 3)
            h->shape[h->dims] = number;
        h->dims++;
        comma = take(h, ',');
    }
    if (h->dims == 1 && !comma)
        return bad(h, "a shape of one size is written (3,)");
    h->dims_size = (size_t)(h->at - h->dims_text);
    return TM_OK;
}

/* A list or tuple is a structured type or a sub-array: it is only named. */
static enum tm_status take_descr(struct header *h)
{
    h->descr_text = take_string(h, &h->descr, &h->descr_size);
    if (h->descr_text)
        return TM_OK;
    if (h->at < h->end && (*h->at == '[' || *h->at == '(')) {
        h->descr = h->at;
        h->descr_size = (size_t)(h->end - h->at);
        while (h->descr_size && (h->at[h->descr_size - 1] == ' ' ||
                                 h->at[h->descr_size - 1] == '\n'))
            h->descr_size--;
        return TM_OK;
    }
    return bad(h, "a type like '<f8' is missing");
}

static enum tm_status take_value(struct header *h, unsigned key)
{
    switch (key) {
    case KEY_DESCR: return take_descr(h);
    case KEY_SHAPE: return take_shape(h);
    default: break;
    }
    h->fortran = take_word(h, "True");
    if (!h->fortran && !take_word(h, "False"))
        return bad(h, "fortran_order is neither True nor False");
    return TM_OK;
}

static enum tm_status take_pair(struct header *h)
{
    const char *text;
    size_t size;
    unsigned key;

    if (!take_string(h, &text, &size))
        return bad(h, "a name in quotes is missing");
    for (key = 0; key < KEYS; key++)
        if (strlen(key_names[key]) == size &&
            memcmp(key_names[key], text, size) == 0)
            break;
    if (key == KEYS)
        return bad(h, "it has a name other than descr, fortran_order, shape");
    if (h->seen & 1u << key)
        return bad(h, "it has a name twice");
    h->seen |= 1u << key;
    if (!take(h, ':'))
        return bad(h, "':' is missing");
    return take_value(h, key);
}

static enum tm_status parse_header(struct header *h)
{
    enum tm_status status;
    bool comma = true;

    if (!take(h, '{'))
        return bad(h, "'{' is missing");
    while (!take(h, '}')) {
        if (!comma)
            return bad(h, "',' or '}' is missing");
        status = take_pair(h);
        /* what is in brackets is refused anyway, and not read further */
        if (status || (h->descr && !h->descr_text))
            return status;
        comma = take(h, ',');
    }
    skip_space(h);
    if (h->at != h->end)
        return bad(h, "something stands behind '}'");
    if (h->seen != (1u << KEYS) - 1)
        return bad(h, "descr, fortran_order or shape is missing");
    return TM_OK;
}

/* ---- opening ------------------------------------------------------------ */

static const char *refused_name(char letter)
{
    switch (letter) {
    case 'O': return "Python objects";
    case 'S':
    case 'a':
    case 'U': return "text";
    case 'V': return "raw bytes or structures";
    case 'M':
    case 'm': return "dates or times";
    case 'f':
    case 'c': return "of a precision that is not portable";
    default: return "unknown";
    }
}

/* '<f8': byte order, letter, bytes. */
static enum tm_status set_type(struct file *file, const struct header *h)
{
    char quote[FILE_QUOTE_BYTES];
    const char *d = h->descr;
    char order = h->descr_size ? d[0] : 0;

    file_quote(quote, d, h->descr_size);
    if (!h->descr_text)
        return error_set(h->error, TM_EFILE,
                         "%s: its entries have the structured type %s; "
                         "a matrix has numbers",
                         file->name, quote);
    if (h->descr_size >= 3 && strchr("<>=|", order))
        file->kind = file_kind_find(d + 1, h->descr_size - 1);
    if (!file->kind || (order == '|' && file->kind->unit != 1))
        return error_set(h->error, TM_EFILE,
                         "%s: its entries have the type %s (%s); a matrix "
                         "has numbers of a type from bool and int8 to "
                         "complex128",
                         file->name, quote,
                         refused_name(h->descr_size > 1 ? d[1] : 0));
    file->swap =
        (order == '<' && !host_is_little) || (order == '>' && host_is_little);
    if (file->kind->unit == 1)
        file->swap = false;
    file->info.type = file->kind->type;
    file->info.stored = file->kind->name;
    return TM_OK;
}

static enum tm_status set_shape(struct file *file, const struct header *h)
{
    char quote[FILE_QUOTE_BYTES];
    int64_t have = file->stamp.bytes - file->offset, need;

    file_quote(quote, h->dims_text, h->dims_size);
    if (h->dims > 2)
        return error_set(h->error, TM_EFILE,
                         "%s: its shape %s has %d dimensions; a matrix has "
                         "at most 2",
                         file->name, quote, h->dims);
    file->info.rows = h->dims > 0 ? h->shape[0] : 1;
    file->info.cols = h->dims > 1 ? h->shape[1] : 1;
    /* one line is a column as well as a row */
    file->fortran = h->fortran || file->info.rows <= 1 || file->info.cols <= 1;
    if (file->info.rows == 0 || file->info.cols == 0)
        need = 0;
    else if (__builtin_mul_overflow(file->info.rows, file->info.cols, &need) ||
             __builtin_mul_overflow(need, (int64_t)file->kind->bytes, &need))
        return error_set(h->error, TM_EFILE,
                         "%s: its shape %s needs more than 2^63 bytes, it "
                         "has %" PRId64,
                         file->name, quote, have);
    if (have < need)
        return error_set(h->error, TM_EFILE,
                         "%s is cut short: its shape %s of %s needs %" PRId64
                         " bytes, it has %" PRId64,
                         file->name, quote, file->kind->name, need, have);
    if (have > need)
        return error_set(h->error, TM_EFILE,
                         "%s has %" PRId64 " bytes behind its data: its "
                         "shape %s of %s needs %" PRId64 " bytes, it has "
                         "%" PRId64,
                         file->name, have - need, quote, file->kind->name, need,
                         have);
    return TM_OK;
}

/* Size and place of the dictionary, from the first bytes. */
static enum tm_status read_prefix(struct file *file, int64_t *size,
                                  struct tm_error *error)
{
    unsigned char p[12] = {0};
    int64_t have = file->stamp.bytes < 12 ? file->stamp.bytes : 12;
    enum tm_status status = file_pread(file, p, have, 0, error);

    if (status)
        return status;
    if (have < 6 || memcmp(p, "\x93NUMPY", 6) != 0)
        return error_set(error, TM_EFILE,
                         "%s is not a .npy file: it does not start with "
                         "\\x93NUMPY",
                         file->name);
    if (have < 10 || (p[6] > 1 && have < 12))
        return error_set(error, TM_EFILE,
                         "%s is cut short: its .npy header needs more than "
                         "its %" PRId64 " bytes",
                         file->name, file->stamp.bytes);
    if (p[6] < 1 || p[6] > 3 || p[7] != 0)
        return error_set(error, TM_EFILE,
                         "%s has version %d.%d of .npy; 1.0, 2.0 and 3.0 "
                         "are known",
                         file->name, p[6], p[7]);
    file->offset = p[6] == 1 ? 10 : 12;
    *size = p[8] | p[9] << 8;
    if (p[6] > 1)
        *size |= (int64_t)p[10] << 16 | (int64_t)p[11] << 24;
    if (*size > file->stamp.bytes - file->offset)
        return error_set(error, TM_EFILE,
                         "%s is cut short: its .npy header needs %" PRId64
                         " bytes, it has %" PRId64,
                         file->name, file->offset + *size, file->stamp.bytes);
    if (*size > HEADER_MAX)
        return error_set(error, TM_EFILE,
                         "%s has a .npy header of %" PRId64 " bytes; at most "
                         "%d are read",
                         file->name, *size, HEADER_MAX);
    return TM_OK;
}

static enum tm_status npy_open(struct file *file, struct tm_error *error)
{
    struct header h = {.file = file, .error = error};
    int64_t size = 0;
    char *text;
    enum tm_status status = read_prefix(file, &size, error);

    if (status)
        return status;
    text = malloc((size_t)size + 1);
    if (!text)
        return error_set(error, TM_EMEMORY, "no memory to open %s", file->name);
    status = file_pread(file, text, size, file->offset, error);
    h.offset = file->offset;
    h.start = h.at = text;
    h.end = text + size;
    if (!status)
        status = parse_header(&h);
    file->offset += size;
    if (!status)
        status = set_type(file, &h);
    if (!status)
        status = set_shape(file, &h);
    free(text);
    return status;
}

/* ---- reading ------------------------------------------------------------ */

/* What a reading works on: entries first .. first+count of each of the
 * lines line .. line+lines. */
struct pieces {
    const struct file *file;
    struct tm_error *error;
    int64_t line, lines, first, count;
    int64_t length; /* of a line, entries */
    bool span;      /* read what is between pieces, too */
    enum tm_type type;
    char *dst;
    int64_t ld, bytes; /* of dst, and of its entries */
};

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t offset_of(const struct pieces *p, int64_t line, int64_t entry)
{
    return p->file->offset + (line * p->length + entry) * p->file->kind->bytes;
}

/* No conversion: from the file to where it belongs. */
static enum tm_status read_direct(const struct pieces *p)
{
    enum tm_status status;
    int64_t k;

    if (p->count == p->length && p->count == p->ld)
        return file_pread(p->file, p->dst, p->lines * p->count * p->bytes,
                          offset_of(p, p->line, 0), p->error);
    for (k = 0; k < p->lines; k++) {
        status = file_pread(p->file, p->dst + k * p->ld * p->bytes,
                            p->count * p->bytes,
                            offset_of(p, p->line + k, p->first), p->error);
        if (status)
            return status;
    }
    return TM_OK;
}

/* Entries e .. e+n of the lines k .. k+g, counted from the first ones of the
 * block, from the buffer, where lines are `stride` bytes apart. */
static void place(const struct pieces *p, char *buffer, int64_t stride,
                  int64_t k, int64_t g, int64_t e, int64_t n)
{
    const struct file_kind *kind = p->file->kind;
    file_convert *convert = kind->to[p->type];
    int64_t i;

    if (p->file->swap)
        for (i = 0; i < g; i++)
            file_swap(buffer + i * stride, kind->unit,
                      n * (kind->bytes / kind->unit));
    if (p->file->fortran) { /* line k is column k */
        for (i = 0; i < g; i++)
            convert(p->dst + ((k + i) * p->ld + e) * p->bytes,
                    buffer + i * stride, kind->bytes, n);
        return;
    }
    if (file_kind_is(kind, p->type) && stride % kind->bytes == 0) {
        kernel_move((uint8_t)p->type, g, n, buffer, stride / kind->bytes, 1,
                    p->dst + (e * p->ld + k) * p->bytes, 1, p->ld, 0);
        return;
    }
    for (i = 0; i < n; i++) /* line k is row k */
        convert(p->dst + ((e + i) * p->ld + k) * p->bytes,
                buffer + i * kind->bytes, stride, g);
}

static enum tm_status load(const struct pieces *p, char *buffer, int64_t stride,
                           int64_t k, int64_t g, int64_t e, int64_t n)
{
    int64_t size = p->file->kind->bytes, i;
    enum tm_status status;

    if (p->span)
        return file_pread(p->file, buffer, (g - 1) * stride + n * size,
                          offset_of(p, p->line + k, p->first + e), p->error);
    for (i = 0; i < g; i++) {
        status =
            file_pread(p->file, buffer + i * stride, n * size,
                       offset_of(p, p->line + k + i, p->first + e), p->error);
        if (status)
            return status;
    }
    return TM_OK;
}

/* Through a buffer that holds pieces of at least 16 rows, so that a turn
 * fills whole cache lines; its rows are an odd number of cache lines apart,
 * so that they don't fall on each other in the cache. */
static enum tm_status read_buffered(const struct pieces *p)
{
    int64_t size = p->file->kind->bytes;
    int64_t chunk =
        p->span ? p->count : min(p->count, BUFFER / 16 / size - 128 / size);
    int64_t stride =
        p->span ? p->length * size : (chunk * size + 127) / 128 * 128 + 64;
    int64_t group = min(p->lines, p->span ? (BUFFER - chunk * size) / stride + 1
                                          : BUFFER / stride);
    int64_t k, e, g, n;
    enum tm_status status = TM_OK;
    char *buffer = malloc((size_t)((group - 1) * stride + chunk * size));

    if (!buffer)
        return error_set(p->error, TM_EMEMORY,
                         "no memory to read %s: %d "
                         "bytes",
                         p->file->name, BUFFER);
    for (k = 0; k < p->lines && !status; k += group)
        for (e = 0; e < p->count && !status; e += chunk) {
            g = min(group, p->lines - k);
            n = min(chunk, p->count - e);
            status = load(p, buffer, stride, k, g, e, n);
            if (!status)
                place(p, buffer, stride, k, g, e, n);
        }
    free(buffer);
    return status;
}

enum tm_status file_npy_read(const struct file *file, int64_t row, int64_t col,
                             int64_t rows, int64_t cols, enum tm_type type,
                             char *dst, int64_t ld, struct tm_error *error)
{
    bool f = file->fortran;
    struct pieces p = {
        .file = file,
        .error = error,
        .line = f ? col : row,
        .lines = f ? cols : rows,
        .first = f ? row : col,
        .count = f ? rows : cols,
        .length = f ? file->info.rows : file->info.cols,
        .type = type,
        .dst = dst,
        .ld = ld,
        .bytes = (int64_t)file_type_bytes(type),
    };
    int64_t size = file->kind->bytes;
    bool whole = p.count == p.length && p.count == p.ld;
    bool direct = f && !file->swap && file_kind_is(file->kind, type);

    p.span = p.lines > 1 && (p.length - p.count) * size <= GAP &&
             p.length * size <= BUFFER / 16;
    if (direct && (whole || !p.span || p.count * size > GAP))
        return read_direct(&p);
    return read_buffered(&p);
}

/* ---- writing ------------------------------------------------------------ */

/* The header, blanks behind it up to a multiple of 64, a line end; never
 * near the 65535 bytes of version 1.0. */
static int64_t header_text(const struct writer *writer, char text[256])
{
    static const char *const codes[] = {"", "f4", "f8", "c8", "c16"};
    int size = snprintf(text + 10, 200,
                        "{'descr': '%c%s', 'fortran_order': True, "
                        "'shape': (%" PRId64 ", %" PRId64 "), }",
                        host_is_little ? '<' : '>', codes[writer->type],
                        writer->rows, writer->cols);
    int total = (10 + size + 1 + ALIGN - 1) / ALIGN * ALIGN;

    memcpy(text, "\x93NUMPY\x01\x00", 8);
    text[8] = (char)((total - 10) & 255);
    text[9] = (char)((total - 10) >> 8);
    memset(text + 10 + size, ' ', (size_t)(total - 10 - size - 1));
    text[total - 1] = '\n';
    return total;
}

/* Take the whole size at once.  Where a file system can't, see whether it
 * has that much room now: better than to find out after an hour. */
static enum tm_status take_space(struct writer *writer, struct tm_error *error)
{
    struct statvfs disk;
    int64_t bytes = writer->bytes;
    int why, ignored;

    do
        why = fallocate(writer->fd, 0, 0, bytes) ? errno : 0;
    while (why == EINTR);
    if (why == EOPNOTSUPP || why == EINVAL || why == ENOSYS) {
        why = 0;
        if (fstatvfs(writer->fd, &disk) == 0 && disk.f_frsize > 0 &&
            (uint64_t)bytes / disk.f_frsize > disk.f_bavail)
            why = ENOSPC;
        else if (ftruncate(writer->fd, bytes))
            why = errno;
    } else if (why) { /* else what was taken in vain would count as used */
        ignored = ftruncate(writer->fd, 0);
        (void)ignored;
    }
    errno = why;
    return why ? file_write_failed(writer, bytes, error) : TM_OK;
}

static enum tm_status npy_create(struct writer *writer, struct tm_error *error)
{
    char text[256];
    int64_t bytes = (int64_t)file_type_bytes(writer->type), entries;
    enum tm_status status;

    writer->offset = header_text(writer, text);
    if (__builtin_mul_overflow(writer->rows, writer->cols, &entries) ||
        __builtin_mul_overflow(entries, bytes, &bytes) ||
        __builtin_add_overflow(writer->offset, bytes, &writer->bytes))
        return error_set(error, TM_EMEMORY,
                         "no space for %s: %" PRId64 " x %" PRId64
                         " entries need more than 2^63 bytes (%s)",
                         writer->name, writer->rows, writer->cols,
                         writer->place);
    status = take_space(writer, error);
    if (status)
        return status;
    return file_pwrite(writer, text, writer->offset, 0, error);
}

/* Gather columns that aren't adjacent in memory through a buffer, 8 columns
 * at a time, so that a row-major source is read by cache lines. */
static enum tm_status write_gathered(const struct writer *writer, int64_t row,
                                     int64_t col, int64_t rows, int64_t cols,
                                     const char *src, int64_t rs, int64_t cs,
                                     struct tm_error *error)
{
    int64_t size = (int64_t)file_type_bytes(writer->type);
    int64_t group = 8, chunk = GATHER / group / size;
    int64_t i, j, n, g, a, b;
    char buffer[GATHER];
    enum tm_status status;

    for (j = 0; j < cols; j += group)
        for (i = 0; i < rows; i += chunk) {
            n = min(chunk, rows - i);
            g = min(group, cols - j);
            for (a = 0; a < n; a++)
                for (b = 0; b < g; b++)
                    memcpy(buffer + (b * n + a) * size,
                           src + ((i + a) * rs + (j + b) * cs) * size,
                           (size_t)size);
            for (b = 0; b < g; b++) {
                status = file_pwrite(
                    writer, buffer + b * n * size, n * size,
                    writer->offset +
                        ((col + j + b) * writer->rows + row + i) * size,
                    error);
                if (status)
                    return status;
            }
        }
    return TM_OK;
}

enum tm_status file_npy_write(const struct writer *writer, int64_t row,
                              int64_t col, int64_t rows, int64_t cols,
                              const char *src, int64_t rs, int64_t cs,
                              struct tm_error *error)
{
    int64_t size = (int64_t)file_type_bytes(writer->type);
    int64_t offset = writer->offset + (col * writer->rows + row) * size, j;
    enum tm_status status = TM_OK;

    if (rs != 1 && rows > 1)
        return write_gathered(writer, row, col, rows, cols, src, rs, cs, error);
    if (rows == writer->rows && (cs == rows || cols == 1))
        return file_pwrite(writer, src, rows * cols * size, offset, error);
    for (j = 0; j < cols && !status; j++)
        status = file_pwrite(writer, src + j * cs * size, rows * size,
                             offset + j * writer->rows * size, error);
    return status;
}

const struct file_format file_npy = {".npy", npy_open, npy_create, NULL};
