/* Writing and reading checkpoints.  A file is read twice: first its checksum,
 * so that a torn one is noticed before anything is believed; then its parts,
 * each of which is still checked against the plan. */
#include "runtime/checkpoint.h"
#include "runtime/coordinator.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    VERSION = 1,
    HEADER = 12,
    CHECK = 8, /* bytes at the end */
    KEPT = 2,
    PIECE = 1 << 20,
    SOON = 8 << 20 /* so many bytes are on their way to the disk at a time */
};

static const char magic[8] = {'T', 'M', 'C', 'H', 'E', 'C', 'K', '\n'};

struct stream { /* a file that is written or read, and its checksum */
    int fd;
    XXH3_state_t *sum;
    uint64_t at;    /* so far */
    uint64_t bytes; /* reading: all before the checksum */
    char *piece;    /* PIECE bytes */
    char path[4096];
};

struct checkpoint_source {
    struct stream s;
    unsigned char *told, *state; /* owned */
    size_t told_bytes, state_bytes;
    uint64_t number, versions_at;
    char *data; /* of the version that was read last; owned */
    char damage[1000];
};

/* ---- streams ------------------------------------------------------------ */

static int stream_open(struct stream *s, const char *folder, uint64_t number,
                       const char *suffix, int flags, struct tm_error *error)
{
    *s = (struct stream){.fd = -1};
    if ((size_t)snprintf(s->path, sizeof s->path, "%s/checkpoint-%" PRIu64 "%s",
                         folder, number, suffix) >= sizeof s->path)
        return error_set(error, TM_EIO, "the name %s is too long", folder);
    s->piece = malloc(PIECE);
    s->sum = XXH3_createState();
    if (!s->piece || !s->sum)
        return error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
    XXH3_64bits_reset(s->sum);
    s->fd = open(s->path, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (s->fd < 0)
        return error_set(error, TM_EIO, "cannot open %s: %s", s->path,
                         strerror(errno));
    return 0;
}

static void stream_close(struct stream *s)
{
    if (s->fd >= 0)
        close(s->fd);
    XXH3_freeState(s->sum);
    free(s->piece);
}

/* Bytes go to the disk while more are made, so that the end need not wait for
 * all of them. */
static void write_soon(const struct stream *s, size_t size)
{
    uint64_t before = s->at / SOON * SOON;

    if ((s->at + size) / SOON * SOON > before)
        sync_file_range(s->fd, (off_t)before, SOON, SYNC_FILE_RANGE_WRITE);
}

static int stream_put(struct stream *s, const void *bytes, size_t size,
                      struct tm_error *error)
{
    const char *from = bytes;
    size_t done = 0;
    ssize_t n;

    XXH3_64bits_update(s->sum, bytes, size);
    while (done < size) {
        n = write(s->fd, from + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return error_set(error, TM_EIO, "cannot write %s: %s", s->path,
                             n ? strerror(errno) : "nothing is taken");
        done += (size_t)n;
    }
    write_soon(s, size);
    s->at += size;
    return 0;
}

static int damaged(const struct stream *s, struct tm_error *error)
{
    return error_set(error, TM_EFILE, "%s is damaged", s->path);
}

static int stream_get(struct stream *s, void *bytes, size_t size,
                      struct tm_error *error)
{
    char *to = bytes;
    size_t done = 0;
    ssize_t n;

    while (done < size) {
        n = read(s->fd, to + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(error, TM_EIO, "cannot read %s: %s", s->path,
                             strerror(errno));
        if (!n)
            return damaged(s, error);
        done += (size_t)n;
    }
    XXH3_64bits_update(s->sum, bytes, size);
    s->at += size;
    return 0;
}

static int put_number(struct stream *s, uint64_t x, struct tm_error *error)
{
    x = wire_64(x);
    return stream_put(s, &x, 8, error);
}

static int get_number(struct stream *s, uint64_t *x, struct tm_error *error)
{
    int status = stream_get(s, x, 8, error);

    *x = status ? 0 : wire_64(*x);
    return status;
}

static int put_flag(struct stream *s, uint8_t flag, struct tm_error *error)
{
    return stream_put(s, &flag, 1, error);
}

/* 0 or 1, or -1: error. */
static int get_flag(struct stream *s, struct tm_error *error)
{
    uint8_t flag;

    if (stream_get(s, &flag, 1, error))
        return -1;
    if (flag > 1) {
        damaged(s, error);
        return -1;
    }
    return flag;
}

static int all_zero(const char *bytes, size_t size)
{
    return !size || (!bytes[0] && !memcmp(bytes, bytes + 1, size - 1));
}

static int put_entries(struct stream *s, const void *bytes, size_t size,
                       struct tm_error *error)
{
    if (all_zero(bytes, size))
        return put_flag(s, 0, error);
    return put_flag(s, 1, error) || stream_put(s, bytes, size, error);
}

static int get_entries(struct stream *s, void *bytes, size_t size,
                       struct tm_error *error)
{
    switch (get_flag(s, error)) {
    case 0: memset(bytes, 0, size); return 0;
    case 1: break;
    default: return -1;
    }
    return size > s->bytes - s->at ? damaged(s, error)
                                   : stream_get(s, bytes, size, error);
}

/* A part with its size before it; it is the caller's. */
static int get_part(struct stream *s, unsigned char **bytes, size_t *size,
                    struct tm_error *error)
{
    uint64_t length;

    if (get_number(s, &length, error))
        return -1;
    if (s->at > s->bytes || length > s->bytes - s->at)
        return damaged(s, error);
    *size = (size_t)length;
    *bytes = malloc(*size + 1);
    if (!*bytes)
        return error_set(error, TM_EMEMORY, "out of memory for %s", s->path);
    return stream_get(s, *bytes, *size, error);
}

/* ---- outputs ------------------------------------------------------------ */

struct block { /* of an output, that is one piece */
    int64_t row, col, rows, cols;
};

static const struct bind_matrix *output_matrix(const struct job_io *io,
                                               uint32_t k)
{
    const struct binding *b = io->binding;

    return &b->matrices[b->plan->outputs.items[k].matrix];
}

/* The first is after one of 0 rows and columns. */
static int block_next(const struct bind_matrix *m, struct block *b)
{
    int64_t most = PIECE / (int64_t)type_bytes(m->type);

    if (m->rows <= most) {
        b->col += b->cols;
        b->rows = m->rows;
        b->cols = most / m->rows;
        if (b->cols > m->cols - b->col)
            b->cols = m->cols - b->col;
        return b->col < m->cols;
    }
    b->row += b->rows;
    if (b->row == m->rows) {
        b->row = 0;
        b->col++;
    }
    b->rows = m->rows - b->row < most ? m->rows - b->row : most;
    b->cols = 1;
    return b->col < m->cols;
}

static int read_block(int fd, int64_t at, char *to, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n = pread(fd, to + done, size - done, at + (int64_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        done += (size_t)n;
    }
    return 0;
}

/* What has been written to it so far; the rest is zeros. */
static int put_output(struct stream *s, const struct job_io *io, uint32_t k,
                      struct tm_error *error)
{
    const struct bind_matrix *m = output_matrix(io, k);
    int64_t size = (int64_t)type_bytes(m->type), offset = 0;
    uint8_t there = io->outputs[k].writer && m->rows && m->cols;
    struct block b = {0};
    char path[64];
    int fd = -1, status = put_flag(s, there, error);

    if (!there || status)
        return status;
    if (file_where(io->outputs[k].writer, path, sizeof path, &offset))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && !status && block_next(m, &b)) {
        size_t bytes = (size_t)(b.rows * b.cols * size);
        if (read_block(fd, offset + (b.col * m->rows + b.row) * size, s->piece,
                       bytes))
            break;
        status = put_entries(s, s->piece, bytes, error);
    }
    if (fd < 0 || (!status && b.col < m->cols))
        status = error_set(error, TM_EIO, "cannot read %s again",
                           io->outputs[k].path);
    if (fd >= 0)
        close(fd);
    return status;
}

static int get_output(struct stream *s, struct job_io *io, uint32_t k,
                      struct tm_error *error)
{
    const struct bind_matrix *m = output_matrix(io, k);
    struct job_output *to = &io->outputs[k];
    struct block b = {0};
    int status = 0, there = get_flag(s, error);

    if (there <= 0)
        return there;
    if (!to->path || !m->rows || !m->cols)
        return damaged(s, error);
    if (!to->writer)
        status = (int)file_create(to->path, (enum tm_type)m->type, m->rows,
                                  m->cols, &to->writer, error);
    while (!status && block_next(m, &b)) {
        size_t bytes = (size_t)(b.rows * b.cols) * type_bytes(m->type);
        status = get_entries(s, s->piece, bytes, error);
        if (!status && !all_zero(s->piece, bytes))
            status = (int)file_write(to->writer, b.row, b.col, b.rows, b.cols,
                                     s->piece, 1, b.rows, error);
    }
    return status;
}

/* ---- the folder --------------------------------------------------------- */

/* The number of a checkpoint's name, or 0. */
static uint64_t number_of(const char *name)
{
    static const char start[] = "checkpoint-";
    char *end;
    uint64_t number;

    if (strncmp(name, start, sizeof start - 1) ||
        name[sizeof start - 1] < '1' || name[sizeof start - 1] > '9')
        return 0;
    number = strtoull(name + sizeof start - 1, &end, 10);
    return *end || number > UINT64_MAX / 2 ? 0 : number;
}

/* One that was being written when its run was killed. */
static int is_torn(const char *name)
{
    size_t length = strlen(name);
    char number[32];

    if (length < 4 || length - 4 >= sizeof number ||
        strcmp(name + length - 4, ".new"))
        return 0;
    memcpy(number, name, length - 4);
    number[length - 4] = 0;
    return number_of(number) != 0;
}

/* The highest number in the folder that is below that; 0: there is none. */
static uint64_t highest_below(DIR *folder, uint64_t below)
{
    struct dirent *entry;
    uint64_t highest = 0;

    rewinddir(folder);
    while ((entry = readdir(folder))) {
        uint64_t number = number_of(entry->d_name);
        if (number < below && number > highest)
            highest = number;
    }
    return highest;
}

/* All but these two, and what was torn. */
static void remove_others(const char *folder, uint64_t one, uint64_t other)
{
    struct dirent *entry;
    DIR *list = opendir(folder);

    while (list && (entry = readdir(list))) {
        uint64_t number = number_of(entry->d_name);
        if (is_torn(entry->d_name) ||
            (number && number != one && number != other))
            unlinkat(dirfd(list), entry->d_name, 0);
    }
    if (list)
        closedir(list);
}

void checkpoint_remove(const char *folder)
{
    remove_others(folder, 0, 0);
}

/* Nobody else writes there: its number, locked. */
static int lock_folder(const char *folder, struct tm_error *error)
{
    int fd;

    if (mkdir(folder, 0700) && errno != EEXIST) {
        error_set(error, TM_EIO, "cannot make the folder %s: %s", folder,
                  strerror(errno));
        return -1;
    }
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        error_set(error, TM_EIO, "cannot read the folder %s: %s", folder,
                  strerror(errno));
        return -1;
    }
    if (!flock(fd, LOCK_EX | LOCK_NB))
        return fd;
    error_set(error, TM_EUSAGE, "another run saves in %s", folder);
    close(fd);
    return -1;
}

int checkpoint_open(struct checkpoint *p, const struct checkpoint_setup *setup,
                    struct tm_error *error)
{
    DIR *list;

    *p = (struct checkpoint){.setup = setup, .folder = -1};
    p->folder = lock_folder(setup->folder, error);
    list = p->folder < 0 ? NULL : opendir(setup->folder);
    if (p->folder >= 0 && !list)
        error_set(error, TM_EIO, "cannot read the folder %s: %s",
                  setup->folder, strerror(errno));
    if (!list)
        return -1;
    p->number = highest_below(list, UINT64_MAX) + 1;
    closedir(list);
    if (setup->source)
        p->last = setup->source->number;
    else if (p->number > 1)
        return error_set(error, TM_EUSAGE,
                         "%s has checkpoints of an earlier run: resume that, "
                         "or remove them",
                         setup->folder);
    return 0;
}

/* ---- writing ------------------------------------------------------------ */

void checkpoint_drop(struct checkpoint *p)
{
    if (!p->file)
        return;
    unlink(p->file->path);
    stream_close(p->file);
    free(p->file);
    p->file = NULL;
}

void checkpoint_close(struct checkpoint *p)
{
    if (!p->setup)
        return;
    checkpoint_drop(p);
    if (p->folder >= 0)
        close(p->folder);
}

static int put_state(struct stream *s, const struct coordinator *c,
                     struct tm_error *error)
{
    struct wire_writer state = {0};
    int status;

    coordinator_save(c, &state);
    if (state.failed)
        status = error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
    else
        status = put_number(s, state.size, error) ||
                 stream_put(s, state.bytes, state.size, error);
    free(state.bytes);
    return status;
}

int checkpoint_begin(struct checkpoint *p, const struct coordinator *c,
                     struct tm_error *error)
{
    const struct checkpoint_setup *setup = p->setup;
    uint32_t version = wire_32(VERSION);
    struct stream *s = malloc(sizeof *s);

    if (!s)
        return error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
    p->file = s;
    return stream_open(s, setup->folder, p->number, ".new",
                       O_WRONLY | O_CREAT | O_TRUNC, error) ||
           stream_put(s, magic, sizeof magic, error) ||
           stream_put(s, &version, 4, error) ||
           put_number(s, setup->told_bytes, error) ||
           stream_put(s, setup->told, setup->told_bytes, error) ||
           put_state(s, c, error);
}

int checkpoint_add(struct checkpoint *p, uint32_t tile, uint64_t writer,
                   const void *data, size_t bytes, struct tm_error *error)
{
    struct stream *s = p->file;

    return put_flag(s, 1, error) || put_number(s, tile, error) ||
           put_number(s, writer, error) || put_entries(s, data, bytes, error);
}

static int give_name(const struct checkpoint *p, struct tm_error *error)
{
    const struct stream *s = p->file;
    char name[4096];

    snprintf(name, sizeof name, "%.*s", (int)strlen(s->path) - 4, s->path);
    if (fsync(s->fd) || rename(s->path, name))
        return error_set(error, TM_EIO, "cannot write %s: %s", name,
                         strerror(errno));
    fsync(p->folder);
    return 0;
}

int checkpoint_end(struct checkpoint *p, const struct job_io *io,
                   struct tm_error *error)
{
    struct stream *s = p->file;
    uint32_t k;
    int status = put_flag(s, 0, error);

    for (k = 0; k < io->binding->plan->outputs.count && !status; k++)
        status = put_output(s, io, k, error);
    if (status || put_number(s, XXH3_64bits_digest(s->sum), error) ||
        give_name(p, error))
        return -1;
    stream_close(s);
    free(s);
    p->file = NULL;
    remove_others(p->setup->folder, p->number, p->last);
    p->last = p->number++;
    return 0;
}

/* ---- reading ------------------------------------------------------------ */

/* It says which files are read and written. */
static int check_owner(const struct stream *s, const struct stat *file,
                       struct tm_error *error)
{
    if (file->st_uid == geteuid() && !(file->st_mode & 022))
        return 0;
    return error_set(error, TM_EFILE,
                     "%s is not this user's own, or others may write it",
                     s->path);
}

/* The header, and the checksum of all; then it stands behind the header. */
static int check_all(struct stream *s, struct tm_error *error)
{
    char start[sizeof magic];
    uint64_t sum, found;
    uint32_t version;
    struct stat file;

    if (fstat(s->fd, &file) || !S_ISREG(file.st_mode) ||
        file.st_size < HEADER + CHECK)
        return damaged(s, error);
    if (check_owner(s, &file, error))
        return -1;
    s->bytes = (uint64_t)file.st_size - CHECK;
    if (stream_get(s, start, sizeof start, error) ||
        stream_get(s, &version, 4, error))
        return -1;
    if (memcmp(start, magic, sizeof magic))
        return damaged(s, error);
    while (s->at < s->bytes) {
        uint64_t left = s->bytes - s->at;
        if (stream_get(s, s->piece, left < PIECE ? (size_t)left : PIECE, error))
            return -1;
    }
    sum = XXH3_64bits_digest(s->sum);
    if (get_number(s, &found, error))
        return -1;
    if (found != sum || lseek(s->fd, HEADER, SEEK_SET) != HEADER)
        return damaged(s, error);
    s->at = HEADER;
    if (wire_32(version) != VERSION)
        return error_set(error, TM_EUSAGE,
                         "%s is of another version of Tilematrix (its format "
                         "is %u, and not %d)",
                         s->path, wire_32(version), VERSION);
    return 0;
}

static struct checkpoint_source *source_open(const char *folder,
                                             uint64_t number,
                                             struct tm_error *error)
{
    struct checkpoint_source *source = calloc(1, sizeof *source);
    struct stream *s;

    if (!source) {
        error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
        return NULL;
    }
    s = &source->s;
    source->number = number;
    if (!stream_open(s, folder, number, "", O_RDONLY | O_NONBLOCK, error) &&
        !check_all(s, error) &&
        !get_part(s, &source->told, &source->told_bytes, error) &&
        !get_part(s, &source->state, &source->state_bytes, error)) {
        source->versions_at = s->at;
        return source;
    }
    checkpoint_forget(source);
    return NULL;
}

void checkpoint_forget(struct checkpoint_source *source)
{
    if (!source)
        return;
    stream_close(&source->s);
    free(source->told);
    free(source->state);
    free(source->data);
    free(source);
}

struct checkpoint_source *checkpoint_find(const char *folder,
                                          struct tm_error *error)
{
    struct checkpoint_source *source = NULL;
    struct tm_error first, now;
    uint64_t number = UINT64_MAX;
    DIR *list = opendir(folder);

    error_clear(&first);
    while (list && !source && (number = highest_below(list, number))) {
        error_clear(&now);
        source = source_open(folder, number, &now);
        if (!source && !first.status)
            first = now;
    }
    if (!list)
        error_set(error, TM_EIO, "cannot read the folder %s: %s", folder,
                  strerror(errno));
    else if (!source && first.status)
        *error = first;
    else if (!source)
        error_set(error, TM_EUSAGE, "there is no checkpoint in %s", folder);
    else
        snprintf(source->damage, sizeof source->damage, "%s", first.text);
    if (list)
        closedir(list);
    return source;
}

const void *checkpoint_told(const struct checkpoint_source *source,
                            size_t *bytes)
{
    *bytes = source->told_bytes;
    return source->told;
}

void checkpoint_tell(const struct checkpoint_source *source,
                     const struct coordinator *c,
                     void (*note)(void *user, const char *text), void *user)
{
    char text[5000];

    if (!note)
        return;
    if (source->damage[0])
        note(user, source->damage);
    snprintf(text, sizeof text, "going on from %s: %" PRIu64
             " tasks were done",
             source->s.path, coordinator_tasks_done(c));
    note(user, text);
}

int checkpoint_restore(struct checkpoint_source *source, struct coordinator *c,
                       struct tm_error *error)
{
    struct wire_reader r = {source->state, source->state + source->state_bytes,
                            0};

    if (coordinator_restore(c, &r) || r.next != r.end) {
        damaged(&source->s, error);
        return -1;
    }
    checkpoint_rewind(source);
    return 0;
}

void checkpoint_rewind(struct checkpoint_source *source)
{
    source->s.at = source->versions_at;
    lseek(source->s.fd, (off_t)source->versions_at, SEEK_SET);
}

int checkpoint_version(struct checkpoint_source *source,
                       const struct binding *binding,
                       struct checkpoint_version *version,
                       struct tm_error *error)
{
    struct stream *s = &source->s;
    struct bind_tile at;
    uint64_t tile;
    int more = get_flag(s, error);

    if (more <= 0)
        return more;
    if (get_number(s, &tile, error) || get_number(s, &version->writer, error))
        return -1;
    if (tile >= binding->tiles || !version->writer) {
        damaged(s, error);
        return -1;
    }
    version->tile = (uint32_t)tile;
    at = binding_tile_at(binding, version->tile);
    version->bytes = job_tile_bytes(binding, &at);
    free(source->data);
    version->data = source->data = malloc(version->bytes + 1);
    if (!source->data) {
        error_set(error, TM_EMEMORY, "out of memory for the tiles of %s",
                  s->path);
        return -1;
    }
    return get_entries(s, source->data, version->bytes, error) ? -1 : 1;
}

int checkpoint_outputs(struct checkpoint_source *source, struct job_io *io,
                       struct tm_error *error)
{
    struct stream *s = &source->s;
    uint32_t k;

    for (k = 0; k < io->binding->plan->outputs.count; k++)
        if (get_output(s, io, k, error))
            return -1;
    if (s->at == s->bytes)
        return 0;
    damaged(s, error);
    return -1;
}
