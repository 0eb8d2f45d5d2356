/* Matrix files: opening, checking, and the way of a new file to its name.
 *
 * Input: a path; output: blocks of entries, or a file that appears whole.
 * What lies inside is the business of the formats (file_npy.c, file_mtx.c,
 * file_csv.c); here is what they have in common: a file is regular, is
 * remembered by size, time and first bytes, and every reading compares.  A
 * new file grows under another name in the same folder and is renamed when
 * it is on disk, so that nobody sees half of one.  Both folder and file are
 * held open, so that a change of the working folder changes nothing. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* fallocate, O_PATH, %m */
#endif
#include "runtime/file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { START_BYTES = 4096 };

static const struct file_format *const formats[] = {&file_npy, &file_mtx,
                                                    &file_csv};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* ---- messages ----------------------------------------------------------- */

static char plain(char c)
{
    return (unsigned char)c < 32 || c == 127 ? '?' : c;
}

void file_name(char name[FILE_NAME_BYTES], const char *path)
{
    size_t size = strlen(path), n = 0;

    if (size >= FILE_NAME_BYTES) {
        memcpy(name, "...", 3);
        n = 3;
        path += size - (FILE_NAME_BYTES - 1 - n);
        /* not from the middle of a character of UTF-8 */
        while (((unsigned char)*path & 0xc0) == 0x80)
            path++;
    }
    while (*path)
        name[n++] = plain(*path++);
    name[n] = 0;
}

const char *file_quote(char quote[FILE_QUOTE_BYTES], const char *text,
                       size_t size)
{
    size_t n = 0, k, shown = size;

    if (size > FILE_QUOTE_BYTES - 6) {
        shown = FILE_QUOTE_BYTES - 6;
        while (shown && ((unsigned char)text[shown] & 0xc0) == 0x80)
            shown--;
    }
    quote[n++] = '\'';
    for (k = 0; k < shown; k++)
        quote[n++] = plain(text[k]);
    if (shown < size) {
        memcpy(quote + n, "...", 3);
        n += 3;
    }
    quote[n++] = '\'';
    quote[n] = 0;
    return quote;
}

static const char *mode_text(mode_t mode)
{
    if (S_ISDIR(mode))
        return "a folder";
    if (S_ISFIFO(mode))
        return "a pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    return "a device";
}

/* ---- opening ------------------------------------------------------------ */

static bool ends_in(const char *path, const char *extension)
{
    size_t size = strlen(path), tail = strlen(extension);

    return size >= tail && file_same(path + size - tail, extension, tail);
}

static const struct file_format *format_of_name(const char *path)
{
    size_t k;

    for (k = 0; k < FORMATS; k++)
        if (ends_in(path, formats[k]->extension))
            return formats[k];
    return NULL;
}

static const struct file_format *format_of_start(const char *start, size_t size)
{
    if (size >= 6 && memcmp(start, "\x93NUMPY", 6) == 0)
        return &file_npy;
    if (size >= 14 && file_same(start, "%%MatrixMarket", 14))
        return &file_mtx;
    return NULL;
}

/* FNV-1a */
static uint64_t checksum(const char *bytes, size_t size)
{
    uint64_t sum = 0xcbf29ce484222325u;
    size_t k;

    for (k = 0; k < size; k++)
        sum = (sum ^ (unsigned char)bytes[k]) * 0x100000001b3u;
    return sum;
}

static void stamp_of(const struct stat *now, struct file_stamp *stamp)
{
    stamp->bytes = now->st_size;
    stamp->seconds = now->st_mtim.tv_sec;
    stamp->nanoseconds = now->st_mtim.tv_nsec;
}

static enum tm_status check_stamp(const struct file *file,
                                  struct tm_error *error)
{
    const struct file_stamp *then = &file->stamp;
    struct file_stamp now;
    struct stat found;

    if (fstat(file->fd, &found))
        return error_set(error, TM_EIO, "cannot read %s: %m", file->name);
    stamp_of(&found, &now);
    if (now.bytes != then->bytes)
        return error_set(error, TM_EFILE,
                         "%s has changed since it was opened: it had "
                         "%" PRId64 " bytes, now it has %" PRId64,
                         file->name, then->bytes, now.bytes);
    if (now.seconds != then->seconds || now.nanoseconds != then->nanoseconds)
        return error_set(error, TM_EFILE,
                         "%s has changed since it was opened: its time was "
                         "%" PRId64 ".%09" PRId64 ", now it is %" PRId64
                         ".%09" PRId64,
                         file->name, then->seconds, then->nanoseconds,
                         now.seconds, now.nanoseconds);
    return TM_OK;
}

/* A pipe without a writer would make open() wait, hence O_NONBLOCK. */
static enum tm_status open_regular(struct file *file, const char *path,
                                   struct tm_error *error)
{
    struct stat now;

    do
        file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (file->fd < 0 && errno == EINTR);
    /* a socket can't even be opened */
    if (file->fd < 0 && errno == ENXIO)
        return error_set(error, TM_EFILE, "%s is not a regular file",
                         file->name);
    if (file->fd < 0 || fstat(file->fd, &now))
        return error_set(error, TM_EIO, "cannot read %s: %m", file->name);
    if (!S_ISREG(now.st_mode))
        return error_set(error, TM_EFILE, "%s is %s, not a regular file",
                         file->name, mode_text(now.st_mode));
    stamp_of(&now, &file->stamp);
    return TM_OK;
}

static enum tm_status open_format(struct file *file, const char *path,
                                  struct tm_error *error)
{
    char start[START_BYTES];
    size_t size = sizeof start;
    const struct file_format *format;
    enum tm_status status;

    if (file->stamp.bytes == 0)
        return error_set(error, TM_EFILE, "%s is empty", file->name);
    if ((uint64_t)file->stamp.bytes < size)
        size = (size_t)file->stamp.bytes;
    status = file_pread(file, start, (int64_t)size, 0, error);
    if (status)
        return status;
    file->stamp.start = checksum(start, size);
    format = format_of_name(path);
    if (!format)
        format = format_of_start(start, size);
    if (!format)
        return error_set(error, TM_EFILE,
                         "%s: neither its name, which would end in .npy, "
                         ".mtx or .csv, nor its first bytes say what it is",
                         file->name);
    return format->open(file, error);
}

enum tm_status file_open(const char *path, struct file **out,
                         struct file_info *info, struct tm_error *error)
{
    struct file *file = calloc(1, sizeof *file);
    enum tm_status status;

    *out = NULL;
    memset(info, 0, sizeof *info);
    if (!file)
        return error_set(error, TM_EMEMORY, "no memory to open a file");
    file_name(file->name, path);
    status = open_regular(file, path, error);
    if (!status)
        status = open_format(file, path, error);
    if (!status)
        status = check_stamp(file, error);
    if (status) {
        file_close(file);
        return status;
    }
    *info = file->info;
    *out = file;
    return TM_OK;
}

void file_close(struct file *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    free(file->data);
    free(file);
}

void file_stamp(const struct file *file, struct file_stamp *stamp)
{
    *stamp = file->stamp;
}

/* ---- reading ------------------------------------------------------------ */

enum tm_status file_pread(const struct file *file, void *dst, int64_t bytes,
                          int64_t offset, struct tm_error *error)
{
    int64_t done = 0;
    ssize_t got;
    enum tm_status status;

    while (done < bytes) {
        got = pread(file->fd, (char *)dst + done, (size_t)(bytes - done),
                    offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(error, TM_EIO, "cannot read %s: %m", file->name);
        if (got == 0) { /* cut short, which check_stamp() tells better */
            status = check_stamp(file, error);
            if (!status)
                status =
                    error_set(error, TM_EFILE, "%s ends before byte %" PRId64,
                              file->name, offset + bytes);
            return status;
        }
        done += got;
    }
    return TM_OK;
}

/* Entries in memory, rs or cs bytes apart.  Where rows lie one behind the
 * other a few rows are turned at a time, so that what a cache line brings
 * is used before it goes. */
static void read_memory(const struct file *file, int64_t row, int64_t col,
                        int64_t rows, int64_t cols, enum tm_type type,
                        char *dst, int64_t ld)
{
    const char *src = file->data + row * file->rs + col * file->cs;
    int64_t bytes = (int64_t)file_type_bytes(type);
    int64_t group = file->rs == file->kind->bytes ? rows : 32;
    int64_t i, j, n;

    for (i = 0; i < rows; i += group) {
        n = rows - i < group ? rows - i : group;
        for (j = 0; j < cols; j++)
            file->kind->to[type](dst + (j * ld + i) * bytes,
                                 src + i * file->rs + j * file->cs, file->rs,
                                 n);
    }
}

/* Is a .. a+n within 0 .. size? */
static bool inside(int64_t a, int64_t n, int64_t size)
{
    return a >= 0 && n >= 0 && a <= size && n <= size - a;
}

int file_reads_tiles(const struct file *file)
{
    return !file->data;
}

enum tm_status file_read(struct file *file, int64_t row, int64_t col,
                         int64_t rows, int64_t cols, enum tm_type type,
                         void *dst, int64_t ld, struct tm_error *error)
{
    enum tm_status status = TM_OK;

    if (!inside(row, rows, file->info.rows) ||
        !inside(col, cols, file->info.cols) || ld < rows)
        return error_set(
            error, TM_EBUG,
            "%s: a %" PRId64 " x %" PRId64 " block at (%" PRId64 ", %" PRId64
            ") of a %" PRId64 " x %" PRId64 " file was asked for",
            file->name, rows, cols, row, col, file->info.rows, file->info.cols);
    if (type < TM_F32 || type > TM_C128 || !file->kind->to[type])
        return error_set(error, TM_EBUG,
                         "%s: %s entries were asked for as type %d", file->name,
                         file->info.stored, (int)type);
    if (rows == 0 || cols == 0)
        return check_stamp(file, error);
    if (file->data)
        read_memory(file, row, col, rows, cols, type, dst, ld);
    else
        status =
            file_npy_read(file, row, col, rows, cols, type, dst, ld, error);
    /* afterwards: a change while we read counts too */
    return status ? status : check_stamp(file, error);
}

/* ---- memory for whole matrices ------------------------------------------ */

enum tm_status file_dense_check(const char *name, int64_t rows, int64_t cols,
                                size_t bytes, struct tm_error *error)
{
    const int64_t limit = (int64_t)1 << 40;
    int64_t machine =
        (int64_t)sysconf(_SC_PHYS_PAGES) * (int64_t)sysconf(_SC_PAGESIZE);
    int64_t need;

    if (__builtin_mul_overflow(rows, cols, &need) ||
        __builtin_mul_overflow(need, (int64_t)bytes, &need) || need > limit)
        return error_set(error, TM_EMEMORY,
                         "%s: %" PRId64 " x %" PRId64 " entries need %.4g "
                         "bytes of memory, the limit for this format is "
                         "%" PRId64,
                         name, rows, cols,
                         (double)rows * (double)cols * (double)bytes, limit);
    if (machine > 0 && need > machine)
        return error_set(error, TM_EMEMORY,
                         "%s: %" PRId64 " x %" PRId64 " entries need %" PRId64
                         " bytes of memory, this machine has %" PRId64,
                         name, rows, cols, need, machine);
    return TM_OK;
}

enum tm_status file_dense(const char *name, int64_t rows, int64_t cols,
                          size_t bytes, char **data, struct tm_error *error)
{
    enum tm_status status = file_dense_check(name, rows, cols, bytes, error);
    int64_t need;

    *data = NULL;
    if (status)
        return status;
    need = rows * cols * (int64_t)bytes;
    *data = calloc(need ? (size_t)need : 1, 1);
    if (!*data)
        return error_set(error, TM_EMEMORY,
                         "%s: no memory for %" PRId64 " x %" PRId64
                         " entries, %" PRId64 " bytes",
                         name, rows, cols, need);
    return TM_OK;
}

/* ---- targets ------------------------------------------------------------ */

/* Folder of a path, for free(); *base is the rest. */
static char *folder_of(const char *path, const char **base)
{
    const char *slash = strrchr(path, '/');

    *base = slash ? slash + 1 : path;
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* What is there under that name must be a regular file, which the new one
 * replaces; devices and pipes (/dev/null, too) would be replaced as well,
 * which nobody means. */
static enum tm_status check_present(const char *path, const char *name,
                                    struct tm_error *error)
{
    struct stat found;

    if (stat(path, &found)) {
        if (errno == ENOENT)
            return TM_OK;
        return error_set(error, TM_EIO, "cannot write %s: %m", name);
    }
    if (S_ISREG(found.st_mode))
        return TM_OK;
    return error_set(error, TM_EIO,
                     "cannot write %s: it is %s, not a regular file", name,
                     mode_text(found.st_mode));
}

static enum tm_status check_folder(const char *folder, const char *name,
                                   struct tm_error *error)
{
    char shown[FILE_NAME_BYTES];
    struct stat found;

    file_name(shown, folder);
    if (stat(folder, &found))
        return error_set(error, TM_EIO, "cannot write %s: folder %s: %m", name,
                         shown);
    if (!S_ISDIR(found.st_mode))
        return error_set(error, TM_EIO, "cannot write %s: %s is not a folder",
                         name, shown);
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS))
        return error_set(error, TM_EIO, "cannot write %s: folder %s: %m", name,
                         shown);
    return TM_OK;
}

enum tm_status file_check_target(const char *path, struct tm_error *error)
{
    char name[FILE_NAME_BYTES], *folder;
    const char *base;
    enum tm_status status;

    file_name(name, path);
    if (!format_of_name(path))
        return error_set(error, TM_EUSAGE,
                         "cannot write %s: its name must end in .npy, .mtx "
                         "or .csv",
                         *name ? name : "''");
    folder = folder_of(path, &base);
    if (!folder)
        return error_set(error, TM_EMEMORY, "no memory to write %s", name);
    status = check_folder(folder, name, error);
    free(folder);
    return status ? status : check_present(path, name, error);
}

/* ---- writing ------------------------------------------------------------ */

enum tm_status file_write_failed(const struct writer *writer, int64_t least,
                                 struct tm_error *error)
{
    struct statvfs disk;
    int why = errno;

    if (why != ENOSPC && why != EDQUOT)
        return error_set(error, TM_EIO, "cannot write %s: %m", writer->name);
    if (fstatvfs(writer->fd, &disk))
        memset(&disk, 0, sizeof disk);
    return error_set(error, TM_EMEMORY,
                     "no space for %s: needs %s%" PRId64 " bytes, %" PRIu64
                     " are free%s (%s)",
                     writer->name, writer->bytes ? "" : "at least ",
                     writer->bytes ? writer->bytes : least,
                     (uint64_t)disk.f_bavail * (uint64_t)disk.f_frsize,
                     why == EDQUOT ? ", but the quota is used up" : "",
                     writer->place);
}

enum tm_status file_pwrite(const struct writer *writer, const void *src,
                           int64_t bytes, int64_t offset,
                           struct tm_error *error)
{
    int64_t done = 0;
    ssize_t put;

    while (done < bytes) {
        put = pwrite(writer->fd, (const char *)src + done,
                     (size_t)(bytes - done), offset + done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return file_write_failed(writer, offset + bytes, error);
        if (put == 0) {
            errno = EIO;
            return file_write_failed(writer, offset + bytes, error);
        }
        done += put;
    }
    return TM_OK;
}

/* Hold the folder: to make its entries durable it must be open for reading,
 * but one that may only be entered and written to will do. */
static enum tm_status open_folder(struct writer *writer, const char *path,
                                  struct tm_error *error)
{
    const char *base;
    char *folder = folder_of(path, &base);
    int why;

    writer->base = strdup(base);
    if (!folder || !writer->base) {
        free(folder);
        return error_set(error, TM_EMEMORY, "no memory to write %s",
                         writer->name);
    }
    file_name(writer->place, folder);
    writer->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (writer->folder < 0 && errno == EACCES)
        writer->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    why = errno;
    free(folder);
    errno = why;
    if (writer->folder < 0)
        return error_set(error, TM_EIO, "cannot write %s: folder %s: %m",
                         writer->name, writer->place);
    return TM_OK;
}

/* .NAME.tmp-PID-N; N tells those of one process apart. */
static enum tm_status open_temporary(struct writer *writer,
                                     struct tm_error *error)
{
    int n;

    for (n = 0; n < 100000; n++) {
        snprintf(writer->temporary, sizeof writer->temporary,
                 ".%.200s.tmp-%ld-%d", writer->base, (long)getpid(), n);
        do
            writer->fd = openat(writer->folder, writer->temporary,
                                O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        while (writer->fd < 0 && errno == EINTR);
        if (writer->fd >= 0)
            return TM_OK;
        if (errno != EEXIST)
            break;
    }
    writer->temporary[0] = 0;
    if (errno != ENOSPC && errno != EDQUOT)
        return error_set(error, TM_EIO, "cannot write %s: folder %s: %m",
                         writer->name, writer->place);
    return error_set(error, TM_EMEMORY, "no space for %s: folder %s: %m",
                     writer->name, writer->place);
}

enum tm_status file_create(const char *path, enum tm_type type, int64_t rows,
                           int64_t cols, struct writer **out,
                           struct tm_error *error)
{
    struct writer *writer = NULL;
    enum tm_status status = file_check_target(path, error);

    *out = NULL;
    if (status)
        return status;
    if (type < TM_F32 || type > TM_C128 || rows < 0 || cols < 0)
        return error_set(error, TM_EBUG,
                         "a %" PRId64 " x %" PRId64 " file of type %d was "
                         "asked for",
                         rows, cols, (int)type);
    writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_set(error, TM_EMEMORY, "no memory to create a file");
    file_name(writer->name, path);
    writer->fd = writer->folder = -1;
    writer->format = format_of_name(path);
    writer->type = type;
    writer->rows = rows;
    writer->cols = cols;
    status = open_folder(writer, path, error);
    if (!status)
        status = open_temporary(writer, error);
    if (!status)
        status = writer->format->create(writer, error);
    if (status) {
        file_abandon(writer);
        return status;
    }
    *out = writer;
    return TM_OK;
}

int file_where(const struct writer *writer, char *path, size_t size,
               int64_t *offset)
{
    if (writer->data || writer->format != &file_npy)
        return 0;
    snprintf(path, size, "/proc/%ld/fd/%d", (long)getpid(), writer->fd);
    *offset = writer->offset;
    return 1;
}

enum tm_status file_attach(const char *path, int64_t offset, const char *name,
                           enum tm_type type, int64_t rows, int64_t cols,
                           struct writer **out, struct tm_error *error)
{
    struct writer *writer = calloc(1, sizeof *writer);

    *out = NULL;
    if (!writer)
        return error_set(error, TM_EMEMORY, "no memory to write a file");
    file_name(writer->name, name);
    writer->folder = -1;
    writer->format = &file_npy;
    writer->type = type;
    writer->rows = rows;
    writer->cols = cols;
    writer->offset = offset;
    writer->fd = open(path, O_RDWR | O_CLOEXEC);
    if (writer->fd < 0) {
        error_set(error, TM_EIO, "cannot write %s through %s: %m",
                  writer->name, path);
        file_abandon(writer);
        return error->status;
    }
    *out = writer;
    return TM_OK;
}

static void write_memory(const struct writer *writer, int64_t row, int64_t col,
                         int64_t rows, int64_t cols, const char *src,
                         int64_t rs, int64_t cs)
{
    int64_t bytes = (int64_t)file_type_bytes(writer->type);
    int64_t i, j;
    char *dst;

    for (j = 0; j < cols; j++) {
        dst = writer->data + ((col + j) * writer->rows + row) * bytes;
        for (i = 0; i < rows; i++)
            memcpy(dst + i * bytes, src + (i * rs + j * cs) * bytes,
                   (size_t)bytes);
    }
}

enum tm_status file_write(struct writer *writer, int64_t row, int64_t col,
                          int64_t rows, int64_t cols, const void *src,
                          int64_t rs, int64_t cs, struct tm_error *error)
{
    if (!inside(row, rows, writer->rows) || !inside(col, cols, writer->cols))
        return error_set(
            error, TM_EBUG,
            "%s: a %" PRId64 " x %" PRId64 " block at (%" PRId64 ", %" PRId64
            ") of a %" PRId64 " x %" PRId64 " file was to be written",
            writer->name, rows, cols, row, col, writer->rows, writer->cols);
    if (rows == 0 || cols == 0)
        return TM_OK;
    if (!writer->data)
        return file_npy_write(writer, row, col, rows, cols, src, rs, cs, error);
    write_memory(writer, row, col, rows, cols, src, rs, cs);
    return TM_OK;
}

static enum tm_status sync_file(struct writer *writer, struct tm_error *error)
{
    struct stat found;
    int failed;

    do
        failed = fsync(writer->fd);
    while (failed && errno == EINTR);
    if (failed) {
        failed = errno;
        if (fstat(writer->fd, &found))
            found.st_size = 0;
        errno = failed;
        return file_write_failed(writer, found.st_size, error);
    }
    failed = close(writer->fd);
    writer->fd = -1; /* closed in any case, also after EINTR */
    if (failed && errno != EINTR)
        return error_set(error, TM_EIO, "cannot write %s: %m", writer->name);
    return TM_OK;
}

static enum tm_status name_file(struct writer *writer, struct tm_error *error)
{
    if (renameat(writer->folder, writer->temporary, writer->folder,
                 writer->base))
        return error_set(error, TM_EIO, "cannot write %s: %m", writer->name);
    writer->temporary[0] = 0;
    /* EBADF: held by O_PATH; EINVAL: a file system without such a thing */
    if (fsync(writer->folder) && errno != EBADF && errno != EINVAL)
        return error_set(error, TM_EIO,
                         "%s is written, but its folder %s is not on disk: %m",
                         writer->name, writer->place);
    return TM_OK;
}

enum tm_status file_commit(struct writer *writer, struct tm_error *error)
{
    enum tm_status status = TM_OK;

    if (writer->format->finish)
        status = writer->format->finish(writer, error);
    if (!status)
        status = sync_file(writer, error);
    if (!status)
        status = name_file(writer, error);
    file_abandon(writer);
    return status;
}

void file_abandon(struct writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    if (writer->temporary[0])
        unlinkat(writer->folder, writer->temporary, 0);
    if (writer->folder >= 0)
        close(writer->folder);
    free(writer->base);
    free(writer->data);
    free(writer);
}
