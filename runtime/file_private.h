/* What the parts of the matrix file module share: file.c opens, checks and
 * names, file_npy.c, file_mtx.c and file_csv.c know one format each,
 * file_convert.c the element types, file_text.c lines and numbers. */
#ifndef RUNTIME_FILE_PRIVATE_H
#define RUNTIME_FILE_PRIVATE_H

#include "runtime/file.h"

#include <locale.h>
#include <stdbool.h>
#include <sys/types.h>

/* ---- element types (file_convert.c) ----------------------------------- */

/* n entries, `step` bytes apart and not aligned, to n that are adjacent. */
typedef void file_convert(void *dst, const char *src, int64_t step, int64_t n);

struct file_kind {
    const char *code;    /* as .npy has it, without the byte order */
    const char *name;    /* for people */
    uint8_t bytes;       /* of an entry */
    uint8_t unit;        /* bytes that change places in the other order */
    enum tm_type type;   /* what it is read as, if nothing else is asked */
    file_convert *to[5]; /* by enum tm_type; NULL: complex to real */
};

/* By its code, which is size bytes long; NULL when there is none. */
const struct file_kind *file_kind_find(const char *code, size_t size);
/* Is an entry of this kind in memory what one of the type is? */
bool file_kind_is(const struct file_kind *kind, enum tm_type type);
/* Turn the bytes round in n units. */
void file_swap(void *data, int unit, int64_t n);
size_t file_type_bytes(enum tm_type type);
bool file_type_complex(enum tm_type type);

/* ---- an open file ------------------------------------------------------ */

enum { FILE_NAME_BYTES = 404, FILE_QUOTE_BYTES = 52 };

struct file {
    int fd;
    char name[FILE_NAME_BYTES]; /* for messages: the end of a long path */
    struct file_info info;
    struct file_stamp stamp;
    const struct file_kind *kind;

    int64_t offset; /* of the first entry in the file (.npy) */
    bool fortran;   /* column after column, else row after row */
    bool swap;      /* the other byte order */

    char *data;     /* text formats: the entries; else NULL */
    int64_t rs, cs; /* entry (i, j) is at data + i * rs + j * cs, in bytes */
};

struct writer {
    int fd, folder;              /* the temporary file; where it lies */
    char name[FILE_NAME_BYTES];  /* for messages */
    char place[FILE_NAME_BYTES]; /* of the folder, for messages */
    char temporary[256];         /* its name in the folder */
    char *base;                  /* its final name in the folder */
    const struct file_format *format;
    enum tm_type type;
    int64_t rows, cols;
    int64_t bytes;  /* of the whole file, 0: not known (text) */
    int64_t offset; /* of the first entry in the file (.npy) */
    char *data;     /* text formats: the entries, column-major; else NULL */
};

struct file_format {
    const char *extension;
    /* The file is open and regular: fill in info, and where entries are. */
    enum tm_status (*open)(struct file *file, struct tm_error *error);
    /* The temporary file is there: write a header or take memory. */
    enum tm_status (*create)(struct writer *writer, struct tm_error *error);
    /* Write what is still to be written; may be NULL. */
    enum tm_status (*finish)(struct writer *writer, struct tm_error *error);
};

extern const struct file_format file_npy, file_mtx, file_csv;

/* A path for messages: its end, if it is long; no control characters. */
void file_name(char name[FILE_NAME_BYTES], const char *path);
/* Text from a file for messages, in quotes, shortened when it is long. */
const char *file_quote(char quote[FILE_QUOTE_BYTES], const char *text,
                       size_t size);
/* Read exactly so many bytes, whatever interrupts; a file that ends before
 * has been cut short. */
enum tm_status file_pread(const struct file *file, void *dst, int64_t bytes,
                          int64_t offset, struct tm_error *error);
enum tm_status file_pwrite(const struct writer *writer, const void *src,
                           int64_t bytes, int64_t offset,
                           struct tm_error *error);
/* Say what errno says about a file that is written.  When its size isn't
 * known it is at least that. */
enum tm_status file_write_failed(const struct writer *writer, int64_t least,
                                 struct tm_error *error);
/* Memory for a whole matrix, zeroed, for free(); refuses what can't fit
 * into this machine, also where the kernel would promise it. */
enum tm_status file_dense(const char *name, int64_t rows, int64_t cols,
                          size_t bytes, char **data, struct tm_error *error);
/* Is this more than the machine has?  Says so, then. */
enum tm_status file_dense_check(const char *name, int64_t rows, int64_t cols,
                                size_t bytes, struct tm_error *error);

enum tm_status file_npy_read(const struct file *file, int64_t row, int64_t col,
                             int64_t rows, int64_t cols, enum tm_type type,
                             char *dst, int64_t ld, struct tm_error *error);
enum tm_status file_npy_write(const struct writer *writer, int64_t row,
                              int64_t col, int64_t rows, int64_t cols,
                              const char *src, int64_t rs, int64_t cs,
                              struct tm_error *error);

/* ---- lines and numbers (file_text.c) ----------------------------------- */

struct file_text {
    const struct file *file;
    struct tm_error *error;
    char *buffer;
    size_t capacity, begin, end; /* bytes begin .. end aren't used yet */
    int64_t offset;              /* of the next bytes in the file */
    int64_t line;                /* number of the current line, from 1 */
    const char *start;           /* of the current line */
    locale_t locale;             /* "C": numbers have a point */
};

enum tm_status file_text_open(struct file_text *text, const struct file *file,
                              struct tm_error *error);
void file_text_close(struct file_text *text);
/* The next line without its end, NUL behind it; valid until the next call.
 * *line is NULL behind the last one. */
enum tm_status file_text_line(struct file_text *text, char **line,
                              size_t *size);
/* Are size bytes the same but for capitals of ASCII? */
bool file_same(const char *text, const char *word, size_t size);
/* The number that starts at `at`: where it ends, or NULL when there is none.
 * Correctly rounded; also nan, inf, infinity; no locale. */
const char *file_text_number(const struct file_text *text, const char *at,
                             double *value);
/* TM_EFILE with place: NAME, line 3, column 7: ...  `at` is in the current
 * line; NULL: no column. */
enum tm_status file_text_fail(const struct file_text *text, const char *at,
                              const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Numbers and words to a file, in order. */
struct file_out {
    struct writer *writer;
    struct tm_error *error;
    enum tm_status status; /* sticky */
    locale_t locale, before;
    int64_t offset;
    size_t used;
    char buffer[1 << 15];
};

/* Between these two the calling thread has the "C" locale. */
void file_out_open(struct file_out *out, struct writer *writer,
                   struct tm_error *error);
enum tm_status file_out_close(struct file_out *out);
void file_out_text(struct file_out *out, const char *text);
/* Entry of type f32 or f64: the shortest of 6 .. 9 or 15 .. 17 digits that
 * is read as the same number. */
void file_out_number(struct file_out *out, enum tm_type type,
                     const void *entry);

#endif
