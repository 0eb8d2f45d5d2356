/* Matrix files: .npy, MatrixMarket (.mtx), CSV (.csv), read and written
 * tile by tile.
 *
 * Reading: file_open() looks at the header, file_read() gives any block in
 * any of the types, from any number of threads at once.  A .npy block comes
 * straight from the file by pread(); the text formats are parsed once, on
 * opening (they cannot be read from the middle), and kept in memory.
 * Writing: file_create() makes a temporary file in the folder of the final
 * name, file_write() puts a block, file_commit() makes it durable and gives
 * it its name, file_abandon() removes it.
 *
 * Every failure has a status and a text that names the file:
 *   missing, not readable      TM_EIO   "cannot read data.npy: No such file"
 *   not what it claims to be   TM_EFILE, with line and column, or offset
 *   no space, quota            TM_EMEMORY, with free and needed bytes
 *   a name or type that no     TM_EUSAGE, before anything is written
 *     format has
 *   other failures of writing  TM_EIO */
#ifndef RUNTIME_FILE_H
#define RUNTIME_FILE_H

#include "base/error.h"
#include "tilematrix/tilematrix.h"

#include <stddef.h>
#include <stdint.h>

struct file;   /* open for reading */
struct writer; /* open for writing */

struct file_info {
    int64_t rows, cols;
    enum tm_type type;  /* of its entries; integers and logicals: TM_F64 */
    const char *stored; /* as the file says: "int32", "float64", "real" */
};

/* Open by extension (a name without one of the three: by its first bytes,
 * .npy and %%MatrixMarket are recognised).  *file for file_close(). */
enum tm_status file_open(const char *path, struct file **file,
                         struct file_info *info, struct tm_error *error);
/* Entries (row.., col..) of a rows x cols block into dst, column-major with
 * leading dimension ld, in `type` (a real file into a complex type and f32
 * and f64 into each other are converted; complex into real is refused when
 * the file is bound, not here).  Notices a file that has changed or been cut
 * short since it was opened: TM_EFILE.  Any thread. */
enum tm_status file_read(struct file *file, int64_t row, int64_t col,
                         int64_t rows, int64_t cols, enum tm_type type,
                         void *dst, int64_t ld, struct tm_error *error);
void file_close(struct file *file); /* NULL is fine */
/* Are tiles read from the file, when they are wanted (.npy)?  Text was read as
 * a whole when it was opened. */
int file_reads_tiles(const struct file *file);

/* What tells a file from a later one of the same name; the calls that read
 * compare size and time, a checkpoint keeps all of it. */
struct file_stamp {
    int64_t bytes;
    int64_t seconds, nanoseconds; /* of its last change */
    uint64_t start;               /* checksum of its first 4096 bytes */
};
void file_stamp(const struct file *file, struct file_stamp *stamp);

static inline int file_stamp_same(const struct file_stamp *a,
                                  const struct file_stamp *b)
{
    return a->bytes == b->bytes && a->seconds == b->seconds &&
           a->nanoseconds == b->nanoseconds && a->start == b->start;
}

/* Is this a name that file_create() can write, and is its folder there and
 * writable?  Called before the first task. */
enum tm_status file_check_target(const char *path, struct tm_error *error);
/* A new file that will be called path.  .npy is written in Fortran order,
 * with its full size taken at once (so that a full disk is found here). */
enum tm_status file_create(const char *path, enum tm_type type, int64_t rows,
                           int64_t cols, struct writer **writer,
                           struct tm_error *error);
/* One block from src, element (i, j) at src[i * rs + j * cs].  Any thread;
 * blocks do not overlap. */
enum tm_status file_write(struct writer *writer, int64_t row, int64_t col,
                          int64_t rows, int64_t cols, const void *src,
                          int64_t rs, int64_t cs, struct tm_error *error);
/* Where another process of this host can put blocks of it, while this one has
 * it open, and from which byte on; 0: nowhere, the format needs them all in
 * one memory. */
int file_where(const struct writer *writer, char *path, size_t size,
               int64_t *offset);
/* A writer for blocks alone there, of the file that messages call `name`;
 * file_abandon() closes it, and the file stays as it is. */
enum tm_status file_attach(const char *path, int64_t offset, const char *name,
                           enum tm_type type, int64_t rows, int64_t cols,
                           struct writer **writer, struct tm_error *error);
/* Make it durable (fsync of file and folder) and give it its name; the
 * writer is freed in any case, and on failure its temporary is gone. */
enum tm_status file_commit(struct writer *writer, struct tm_error *error);
void file_abandon(struct writer *writer); /* NULL is fine */

#endif
