/* CSV files: one row a line, numbers between separators.
 *
 * The separator is what the first line has outside of quotes: a comma, else
 * a semicolon, else a tab; without any there is one column.  The first line
 * is a header when one of its fields is neither empty nor a number (fields
 * of a header may be in "quotes"); a header alone is a matrix of 0 rows.
 * Blanks around numbers, CR LF, a missing last line end, blank lines at the
 * end and a byte order mark are accepted; empty fields, quoted numbers and
 * rows of different lengths are not.
 *
 * Rows are kept as they come, row-major, since their number isn't known
 * before.  Written are commas and no header; a matrix without rows or
 * without columns makes a file without numbers, which can't be read back. */
#include "runtime/file_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct csv {
    struct file *file;
    struct file_text text;
    char separator;
    int64_t rows, cols;
    int64_t room;       /* rows that data has memory for */
    int64_t cols_line;  /* the line that said how many columns there are */
    int64_t blank_line; /* the first of the last blank lines, or 0 */
    double *data;
};

static const char *skip_blanks(const struct csv *csv, const char *at)
{
    while (*at == ' ' || (*at == '\t' && csv->separator != '\t'))
        at++;
    return at;
}

/* Behind the field that starts at `at`; "" in quotes is a quote. */
static const char *field_end(const struct csv *csv, const char *at)
{
    const char *p = skip_blanks(csv, at);

    if (*p == '"')
        for (p++; *p; p++)
            if (*p == '"' && *++p != '"')
                break;
    while (*p && *p != csv->separator)
        p++;
    return p;
}

static char sniff(const char *line)
{
    static const char separators[] = ",;\t";
    bool quoted = false, found[3] = {false, false, false};
    const char *at;
    int k;

    for (; *line; line++) {
        if (*line == '"')
            quoted = !quoted;
        at = strchr(separators, *line);
        if (at && !quoted)
            found[at - separators] = true;
    }
    for (k = 0; k < 3; k++)
        if (found[k])
            return separators[k];
    return ',';
}

/* Is it a header?  Counts its fields. */
static bool look(struct csv *csv, const char *line)
{
    const char *at = line, *end, *p;
    bool header = false;
    double x;

    for (csv->cols = 1;; csv->cols++) {
        end = field_end(csv, at);
        p = skip_blanks(csv, at);
        if (p != end) {
            p = file_text_number(&csv->text, p, &x);
            if (!p || skip_blanks(csv, p) != end)
                header = true;
        }
        if (!*end)
            break;
        at = end + 1;
    }
    csv->cols_line = csv->text.line;
    return header;
}

static enum tm_status grow(struct csv *csv)
{
    int64_t room = csv->room ? csv->room * 2 : 1 + 8192 / csv->cols;
    enum tm_status status;
    void *larger;

    status = file_dense_check(csv->file->name, csv->rows + 1, csv->cols,
                              sizeof(double), csv->text.error);
    if (status)
        return status;
    larger = realloc(csv->data, (size_t)(room * csv->cols) * sizeof(double));
    if (!larger)
        return error_set(csv->text.error, TM_EMEMORY,
                         "%s: no memory for %" PRId64 " x %" PRId64
                         " entries, %" PRId64 " bytes",
                         csv->file->name, room, csv->cols,
                         room * csv->cols * (int64_t)sizeof(double));
    csv->data = larger;
    csv->room = room;
    return TM_OK;
}

static enum tm_status bad_field(const struct csv *csv, const char *at,
                                int64_t field)
{
    char quote[FILE_QUOTE_BYTES];
    const char *end = field_end(csv, at), *first = skip_blanks(csv, at);

    while (end > first && end[-1] == ' ')
        end--;
    if (first >= end)
        return file_text_fail(&csv->text, at,
                              "field %" PRId64 " of %" PRId64 " is empty",
                              field + 1, csv->cols);
    return file_text_fail(&csv->text, first,
                          "field %" PRId64 ", %s, is not a number", field + 1,
                          file_quote(quote, first, (size_t)(end - first)));
}

static enum tm_status ragged(const struct csv *csv, const char *line)
{
    const char *at;
    int64_t fields = 1;

    for (at = field_end(csv, line); *at; at = field_end(csv, at + 1))
        fields++;
    return file_text_fail(&csv->text, NULL,
                          "it has %" PRId64 " fields, line %" PRId64
                          " has %" PRId64,
                          fields, csv->cols_line, csv->cols);
}

static enum tm_status row(struct csv *csv, const char *line, size_t size)
{
    const char *at = line, *end;
    enum tm_status status = TM_OK;
    double *entry;
    int64_t j;

    if (csv->rows == csv->room)
        status = grow(csv);
    if (status)
        return status;
    entry = csv->data + csv->rows * csv->cols;
    for (j = 0; j < csv->cols; j++) {
        end = file_text_number(&csv->text, skip_blanks(csv, at), &entry[j]);
        end = end ? skip_blanks(csv, end) : NULL;
        if (!end || (*end != csv->separator && end != line + size))
            return bad_field(csv, at, j);
        if ((*end == csv->separator) != (j + 1 < csv->cols))
            return ragged(csv, line);
        at = end + 1;
    }
    csv->rows++;
    return TM_OK;
}

static enum tm_status first_line(struct csv *csv)
{
    char *line;
    size_t size;
    enum tm_status status = file_text_line(&csv->text, &line, &size);

    if (status)
        return status;
    if (line && size >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
        size -= 3;
        csv->text.start = line;
    }
    if (!line || strspn(line, " \t") == size)
        return file_text_fail(&csv->text, NULL, "the first line is empty");
    if (strlen(line) != size)
        return file_text_fail(&csv->text, line + strlen(line),
                              "a zero byte; text is expected in UTF-8");
    csv->separator = sniff(line);
    return look(csv, line) ? TM_OK : row(csv, line, size);
}

static enum tm_status rows(struct csv *csv)
{
    char *line;
    size_t size;
    enum tm_status status = first_line(csv);

    while (!status) {
        status = file_text_line(&csv->text, &line, &size);
        if (status || !line)
            break;
        if (skip_blanks(csv, line) == line + size) {
            if (!csv->blank_line)
                csv->blank_line = csv->text.line;
            continue;
        }
        if (csv->blank_line)
            return file_text_fail(&csv->text, NULL,
                                  "it has fields, though line %" PRId64
                                  " is empty",
                                  csv->blank_line);
        status = row(csv, line, size);
    }
    return status;
}

static enum tm_status csv_open(struct file *file, struct tm_error *error)
{
    struct csv csv = {.file = file};
    void *smaller;
    enum tm_status status = file_text_open(&csv.text, file, error);

    if (!status)
        status = rows(&csv);
    file_text_close(&csv.text);
    if (status) {
        free(csv.data);
        return status;
    }
    /* give back what isn't used; one entry keeps it from being NULL */
    smaller = realloc(csv.data, (size_t)(csv.rows * csv.cols + 1) * 8);
    file->data = smaller ? smaller : (char *)csv.data;
    if (!file->data)
        return error_set(error, TM_EMEMORY, "no memory to read %s", file->name);
    file->kind = file_kind_find("f8", 2);
    file->cs = file->kind->bytes;
    file->rs = csv.cols * file->cs;
    file->info.rows = csv.rows;
    file->info.cols = csv.cols;
    file->info.type = TM_F64;
    file->info.stored = "real";
    return TM_OK;
}

static enum tm_status csv_create(struct writer *writer, struct tm_error *error)
{
    if (file_type_complex(writer->type))
        return error_set(error, TM_EUSAGE,
                         "cannot write %s: CSV has no complex numbers, .npy "
                         "and .mtx have",
                         writer->name);
    return file_dense(writer->name, writer->rows, writer->cols,
                      file_type_bytes(writer->type), &writer->data, error);
}

static enum tm_status csv_finish(struct writer *writer, struct tm_error *error)
{
    int64_t bytes = (int64_t)file_type_bytes(writer->type), i, j;
    struct file_out out;

    file_out_open(&out, writer, error);
    for (i = 0; i < writer->rows && !out.status; i++)
        for (j = 0; j < writer->cols; j++) {
            file_out_number(&out, writer->type,
                            writer->data + (j * writer->rows + i) * bytes);
            file_out_text(&out, j + 1 < writer->cols ? "," : "\n");
        }
    return file_out_close(&out);
}

const struct file_format file_csv = {".csv", csv_open, csv_create, csv_finish};
