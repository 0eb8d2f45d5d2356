/* MatrixMarket files (R. Boisvert, R. Pozo, K. Remington, "The Matrix Market
 * exchange formats: initial design", NISTIR 5935, 1996).
 *
 *     %%MatrixMarket matrix array|coordinate FIELD SYMMETRY
 *     % comments, and blank lines, from here on
 *     rows cols [entries]
 *     value                      array: column after column
 *     row col value              coordinate: from 1, in any order
 *
 * FIELD is real, integer, pattern (coordinate: no values, all are 1) or
 * complex (two numbers); SYMMETRY is general, symmetric, skew-symmetric or
 * hermitian, of which the file has the lower triangle (skew-symmetric: what
 * is below the diagonal) and nothing else.  Entries of a coordinate file
 * that come more than once are added.  The matrix is kept whole, column-
 * major, as f64 or c128.  Written is an array, general. */
#include "runtime/file_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum field { REAL, INTEGER, PATTERN, COMPLEX, FIELDS };
enum symmetry { GENERAL, SYMMETRIC, SKEW, HERMITIAN, SYMMETRIES };

static const char *const field_names[] = {"real", "integer", "pattern",
                                          "complex"};
static const char *const symmetry_names[] = {"general", "symmetric",
                                             "skew-symmetric", "hermitian"};
static const char *const layout_names[] = {"array", "coordinate"};
static const char *const object_names[] = {"matrix"};

struct mtx {
    struct file *file;
    struct file_text text;
    bool coordinate;
    enum field field;
    enum symmetry symmetry;
    int64_t rows, cols;
    int64_t entries;      /* that must come */
    int64_t entries_line; /* which said so */
    char *data;
};

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* The next word of the banner is one of some: its number.  *at moves on. */
static enum tm_status word(struct mtx *mtx, const char **at,
                           const char *const *names, int count, int *which)
{
    char quote[FILE_QUOTE_BYTES];
    const char *first = skip_blanks(*at);
    size_t size = strcspn(first, " \t");

    for (*which = 0; *which < count; ++*which)
        if (strlen(names[*which]) == size &&
            file_same(first, names[*which], size)) {
            *at = first + size;
            return TM_OK;
        }
    return file_text_fail(&mtx->text, first, "%s is not %s%s%s%s%s%s%s",
                          file_quote(quote, first, size), names[0],
                          count > 1 ? ", " : "", count > 1 ? names[1] : "",
                          count > 2 ? ", " : "", count > 2 ? names[2] : "",
                          count > 3 ? " or " : "", count > 3 ? names[3] : "");
}

static enum tm_status check_banner(struct mtx *mtx)
{
    bool fits = true;

    if (mtx->field == PATTERN)
        fits = mtx->coordinate &&
               (mtx->symmetry == GENERAL || mtx->symmetry == SYMMETRIC);
    if (mtx->symmetry == HERMITIAN)
        fits = mtx->field == COMPLEX;
    if (fits)
        return TM_OK;
    return file_text_fail(
        &mtx->text, NULL, "there is no %s matrix of field %s and symmetry %s",
        layout_names[mtx->coordinate], field_names[mtx->field],
        symmetry_names[mtx->symmetry]);
}

static enum tm_status banner(struct mtx *mtx)
{
    char *line;
    const char *at;
    size_t size;
    int which[4] = {0, 0, 0, 0};
    enum tm_status status = file_text_line(&mtx->text, &line, &size);

    if (status)
        return status;
    if (!line || !file_same(line, "%%MatrixMarket", 14))
        return error_set(mtx->text.error, TM_EFILE,
                         "%s is not a MatrixMarket file: it does not start "
                         "with %%%%MatrixMarket",
                         mtx->file->name);
    at = line + 14;
    status = word(mtx, &at, object_names, 1, &which[0]);
    if (!status)
        status = word(mtx, &at, layout_names, 2, &which[1]);
    if (!status)
        status = word(mtx, &at, field_names, FIELDS, &which[2]);
    if (!status)
        status = word(mtx, &at, symmetry_names, SYMMETRIES, &which[3]);
    if (status)
        return status;
    mtx->coordinate = which[1] == 1;
    mtx->field = (enum field)which[2];
    mtx->symmetry = (enum symmetry)which[3];
    at = skip_blanks(at);
    if (at != line + size)
        return file_text_fail(&mtx->text, at,
                              "something stands behind the symmetry");
    return check_banner(mtx);
}

/* The next line that is neither blank nor a comment; NULL: none. */
static enum tm_status next(struct mtx *mtx, const char **at, const char **end)
{
    char *line;
    size_t size;
    enum tm_status status;

    for (;;) {
        *at = *end = NULL;
        status = file_text_line(&mtx->text, &line, &size);
        if (status || !line)
            return status;
        *at = skip_blanks(line);
        *end = line + size;
        if (*at != *end && **at != '%')
            return TM_OK;
    }
}

/* A number without sign or point, up to 2^63 - 1; behind it blank or end. */
static enum tm_status whole(struct mtx *mtx, const char **at, const char *what,
                            int64_t *number)
{
    char quote[FILE_QUOTE_BYTES];
    const char *p = skip_blanks(*at), *first = p;
    size_t size = strcspn(first, " \t");
    bool over = false;

    *number = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        over = over || __builtin_mul_overflow(*number, 10, number) ||
               __builtin_add_overflow(*number, *p - '0', number);
    if (size == 0)
        return file_text_fail(&mtx->text, first, "%s is missing", what);
    if (over || p != first + size)
        return file_text_fail(&mtx->text, first,
                              "%s, %s, is not a whole number below 2^63", what,
                              file_quote(quote, first, size));
    *at = p;
    return TM_OK;
}

static enum tm_status line_end(struct mtx *mtx, const char *at, const char *end)
{
    char quote[FILE_QUOTE_BYTES];

    at = skip_blanks(at);
    if (at == end)
        return TM_OK;
    return file_text_fail(&mtx->text, at, "%s is more than belongs here",
                          file_quote(quote, at, (size_t)(end - at)));
}

/* How many entries an array of that symmetry has: the caller has made sure
 * that rows * cols * 8 does not overflow. */
static int64_t array_entries(const struct mtx *mtx)
{
    int64_t n = mtx->rows;

    switch (mtx->symmetry) {
    case SYMMETRIC:
    case HERMITIAN: return (n * n + n) / 2;
    case SKEW: return (n * n - n) / 2;
    default: return n * mtx->cols;
    }
}

static enum tm_status sizes(struct mtx *mtx)
{
    const char *at, *end;
    enum tm_status status = next(mtx, &at, &end);

    if (status)
        return status;
    if (!at)
        return file_text_fail(&mtx->text, NULL,
                              "the file ends before the line of its sizes");
    status = whole(mtx, &at, "the number of rows", &mtx->rows);
    if (!status)
        status = whole(mtx, &at, "the number of columns", &mtx->cols);
    if (!status && mtx->coordinate)
        status = whole(mtx, &at, "the number of entries", &mtx->entries);
    if (!status)
        status = line_end(mtx, at, end);
    if (status)
        return status;
    if (mtx->symmetry != GENERAL && mtx->rows != mtx->cols)
        return file_text_fail(
            &mtx->text, NULL,
            "a %s matrix is square, this one is %" PRId64 " x %" PRId64,
            symmetry_names[mtx->symmetry], mtx->rows, mtx->cols);
    mtx->entries_line = mtx->text.line;
    status = file_dense(mtx->file->name, mtx->rows, mtx->cols,
                        mtx->file->kind->bytes, &mtx->data, mtx->text.error);
    if (!status && !mtx->coordinate)
        mtx->entries = array_entries(mtx);
    return status;
}

/* nan and inf aren't; from 2^53 on all are */
static bool is_whole(double x)
{
    if (x - x != 0)
        return false;
    return x >= 0x1p53 || x <= -0x1p53 || x == (double)(int64_t)x;
}

static enum tm_status value(struct mtx *mtx, const char **at, double *x)
{
    char quote[FILE_QUOTE_BYTES];
    const char *first = skip_blanks(*at), *end;
    size_t size = strcspn(first, " \t");

    if (size == 0)
        return file_text_fail(&mtx->text, first, "a value is missing");
    end = file_text_number(&mtx->text, first, x);
    if (end != first + size)
        return file_text_fail(&mtx->text, first, "%s is not a number",
                              file_quote(quote, first, size));
    if (mtx->field == INTEGER && !is_whole(*x))
        return file_text_fail(&mtx->text, first, "%s is not an integer",
                              file_quote(quote, first, size));
    *at = end;
    return TM_OK;
}

/* 0 + x would turn -0 into 0 */
static double sum(double a, double b)
{
    return a == 0 ? b : a + b;
}

static void add(struct mtx *mtx, int64_t i, int64_t j, double re, double im)
{
    double *d = (double *)(void *)mtx->data;

    if (mtx->field != COMPLEX) {
        d += i + j * mtx->rows;
        *d = sum(*d, re);
        return;
    }
    d += 2 * (i + j * mtx->rows);
    d[0] = sum(d[0], re);
    d[1] = sum(d[1], im);
}

static enum tm_status put(struct mtx *mtx, int64_t i, int64_t j, double re,
                          double im)
{
    if (i == j && mtx->symmetry == HERMITIAN && im != 0)
        return file_text_fail(&mtx->text, NULL,
                              "entry (%" PRId64 ", %" PRId64 ") of a "
                              "hermitian matrix has the imaginary part %g, "
                              "not 0",
                              i + 1, j + 1, im);
    if (i == j && mtx->symmetry == SKEW && (re != 0 || im != 0))
        return file_text_fail(&mtx->text, NULL,
                              "entry (%" PRId64 ", %" PRId64 ") of a "
                              "skew-symmetric matrix is %g, not 0",
                              i + 1, j + 1, re != 0 ? re : im);
    add(mtx, i, j, re, im);
    if (i == j || mtx->symmetry == GENERAL)
        return TM_OK;
    add(mtx, j, i, mtx->symmetry == SKEW ? -re : re,
        mtx->symmetry == SYMMETRIC ? im : -im);
    return TM_OK;
}

static enum tm_status check_place(struct mtx *mtx, int64_t i, int64_t j)
{
    if (i < 1 || i > mtx->rows || j < 1 || j > mtx->cols)
        return file_text_fail(&mtx->text, NULL,
                              "entry (%" PRId64 ", %" PRId64 ") is outside "
                              "of the %" PRId64 " x %" PRId64
                              " matrix, whose first is (1, 1)",
                              i, j, mtx->rows, mtx->cols);
    if (mtx->symmetry != GENERAL && i < j)
        return file_text_fail(&mtx->text, NULL,
                              "entry (%" PRId64 ", %" PRId64 ") is above "
                              "the diagonal; a file of a %s matrix has the "
                              "lower triangle only",
                              i, j, symmetry_names[mtx->symmetry]);
    return TM_OK;
}

/* One line of entries.  In an array (*i, *j) is its place. */
static enum tm_status entry(struct mtx *mtx, const char *at, const char *end,
                            int64_t *i, int64_t *j)
{
    double re = 1, im = 0;
    enum tm_status status = TM_OK;

    if (mtx->coordinate) {
        status = whole(mtx, &at, "the row", i);
        if (!status)
            status = whole(mtx, &at, "the column", j);
        if (!status)
            status = check_place(mtx, *i, *j);
        --*i;
        --*j;
    }
    if (!status && mtx->field != PATTERN)
        status = value(mtx, &at, &re);
    if (!status && mtx->field == COMPLEX)
        status = value(mtx, &at, &im);
    if (!status)
        status = line_end(mtx, at, end);
    return status ? status : put(mtx, *i, *j, re, im);
}

/* Down the column, then to the top of the next, which is its diagonal or
 * just below when the matrix has a symmetry. */
static void step(const struct mtx *mtx, int64_t *i, int64_t *j)
{
    if (++*i < mtx->rows)
        return;
    ++*j;
    *i = mtx->symmetry == GENERAL ? 0 : *j + (mtx->symmetry == SKEW);
}

static enum tm_status too_many(struct mtx *mtx)
{
    const char *at, *end;
    int64_t line = mtx->text.line, found = mtx->entries;
    enum tm_status status = TM_OK;

    do {
        found++;
        status = next(mtx, &at, &end);
    } while (!status && at);
    if (status)
        return status;
    mtx->text.line = line;
    return file_text_fail(&mtx->text, NULL,
                          "more entries than line %" PRId64 " says: "
                          "%" PRId64 ", not %" PRId64,
                          mtx->entries_line, found, mtx->entries);
}

static enum tm_status entries(struct mtx *mtx)
{
    int64_t i = mtx->symmetry == SKEW, j = 0, found;
    const char *at, *end;
    enum tm_status status;

    for (found = 0;; found++) {
        status = next(mtx, &at, &end);
        if (status || !at)
            break;
        if (found == mtx->entries)
            return too_many(mtx);
        status = entry(mtx, at, end, &i, &j);
        if (status)
            return status;
        if (!mtx->coordinate)
            step(mtx, &i, &j);
    }
    if (status || found == mtx->entries)
        return status;
    return file_text_fail(&mtx->text, NULL,
                          "the file ends after %" PRId64 " entries, line "
                          "%" PRId64 " says %" PRId64,
                          found, mtx->entries_line, mtx->entries);
}

static enum tm_status mtx_open(struct file *file, struct tm_error *error)
{
    struct mtx mtx = {.file = file};
    enum tm_status status = file_text_open(&mtx.text, file, error);

    if (!status)
        status = banner(&mtx);
    file->kind = mtx.field == COMPLEX ? file_kind_find("c16", 3)
                                      : file_kind_find("f8", 2);
    if (!status)
        status = sizes(&mtx);
    if (!status)
        status = entries(&mtx);
    file_text_close(&mtx.text);
    file->data = mtx.data; /* freed with the file, also after an error */
    if (status)
        return status;
    file->rs = file->kind->bytes;
    file->cs = mtx.rows * file->rs;
    file->info.rows = mtx.rows;
    file->info.cols = mtx.cols;
    file->info.type = file->kind->type;
    file->info.stored = field_names[mtx.field];
    return TM_OK;
}

static enum tm_status mtx_create(struct writer *writer, struct tm_error *error)
{
    return file_dense(writer->name, writer->rows, writer->cols,
                      file_type_bytes(writer->type), &writer->data, error);
}

static enum tm_status mtx_finish(struct writer *writer, struct tm_error *error)
{
    bool two = file_type_complex(writer->type);
    enum tm_type part =
        writer->type == TM_F32 || writer->type == TM_C64 ? TM_F32 : TM_F64;
    int64_t bytes = (int64_t)file_type_bytes(part), k;
    int64_t parts = writer->rows * writer->cols * (two ? 2 : 1);
    char line[100];
    struct file_out out;

    file_out_open(&out, writer, error);
    snprintf(line, sizeof line, "%%%%MatrixMarket matrix array %s general\n",
             two ? "complex" : "real");
    file_out_text(&out, line);
    snprintf(line, sizeof line, "%" PRId64 " %" PRId64 "\n", writer->rows,
             writer->cols);
    file_out_text(&out, line);
    for (k = 0; k < parts && !out.status; k++) {
        file_out_number(&out, part, writer->data + k * bytes);
        file_out_text(&out, two && k % 2 == 0 ? " " : "\n");
    }
    return file_out_close(&out);
}

const struct file_format file_mtx = {".mtx", mtx_open, mtx_create, mtx_finish};
