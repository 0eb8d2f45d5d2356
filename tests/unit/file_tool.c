/* Matrix files from the command line, for tests that compare with others.
 *
 *     file_tool FILE              rows cols type stored, then its entries in
 *                                 row-major order, one a line
 *     file_tool FILE FILE2 b c [type]
 *                                 copy in blocks of b x c, read as `type`
 *                                 (f32 f64 c64 c128; default: the file's)
 *     file_tool -z FILE rows cols write zeros, for full disks
 *
 * Exits with the status; the error goes to standard error. */
#include "runtime/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {"", "f32", "f64", "c64", "c128"};
static const size_t type_bytes[] = {0, 4, 8, 8, 16};

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum tm_status print(struct file *file, const struct file_info *info,
                            struct tm_error *error)
{
    int is_complex = info->type == TM_C64 || info->type == TM_C128;
    size_t width = is_complex ? 16 : 8;
    enum tm_type type = is_complex ? TM_C128 : TM_F64;
    double *row = malloc((size_t)info->cols * width + 1);
    enum tm_status status = TM_OK;
    int64_t i, j;

    printf("%" PRId64 " %" PRId64 " %s %s\n", info->rows, info->cols,
           type_names[info->type], info->stored);
    for (i = 0; i < info->rows && !status; i++) {
        status = file_read(file, i, 0, 1, info->cols, type, row, 1, error);
        for (j = 0; j < info->cols && !status; j++)
            if (is_complex)
                printf("%.17g %.17g\n", row[2 * j], row[2 * j + 1]);
            else
                printf("%.17g\n", row[j]);
    }
    free(row);
    return status;
}

static enum tm_status copy(struct file *file, const struct file_info *info,
                           struct writer *writer, enum tm_type type, int64_t b,
                           int64_t c, struct tm_error *error)
{
    char *block = malloc((size_t)(b * c) * type_bytes[type] + 1);
    enum tm_status status = TM_OK;
    int64_t i, j, m, n;

    for (j = 0; j < info->cols && !status; j += c)
        for (i = 0; i < info->rows && !status; i += b) {
            m = min(b, info->rows - i);
            n = min(c, info->cols - j);
            status = file_read(file, i, j, m, n, type, block, b, error);
            if (!status)
                status = file_write(writer, i, j, m, n, block, 1, b, error);
        }
    free(block);
    return status;
}

static enum tm_type type_named(const char *name, enum tm_type type)
{
    int k;

    for (k = TM_F32; k <= TM_C128; k++)
        if (strcmp(type_names[k], name) == 0)
            return (enum tm_type)k;
    return type;
}

int main(int argc, char **argv)
{
    struct tm_error error = {0};
    struct file *file = NULL;
    struct file_info info;
    struct writer *writer = NULL;
    enum tm_type type;
    enum tm_status status;

    if (argc == 5 && strcmp(argv[1], "-z") == 0) {
        status = file_create(argv[2], TM_F64, atoll(argv[3]), atoll(argv[4]),
                             &writer, &error);
        if (!status)
            status = file_commit(writer, &error);
    } else if (argc == 2 || argc == 5 || argc == 6) {
        status = file_open(argv[1], &file, &info, &error);
        if (!status && argc == 2)
            status = print(file, &info, &error);
        if (!status && argc > 2) {
            type = type_named(argc == 6 ? argv[5] : "", info.type);
            status = file_create(argv[2], type, info.rows, info.cols, &writer,
                                 &error);
            if (!status) {
                status = copy(file, &info, writer, type, atoll(argv[3]),
                              atoll(argv[4]), &error);
                if (status)
                    file_abandon(writer);
                else
                    status = file_commit(writer, &error);
            }
        }
    } else {
        fputs("usage: file_tool FILE [FILE2 b c [type]]\n", stderr);
        return TM_EUSAGE;
    }
    if (status)
        fprintf(stderr, "%s\n", error.text);
    file_close(file);
    return (int)status;
}
