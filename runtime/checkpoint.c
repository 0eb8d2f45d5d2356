/* Writing and reading checkpoints.  A file is read twice: first its checksum,
 * so that a torn one is noticed before anything is believed; then its parts,
 * each of which is still checked against the plan. */
#include "runtime/checkpoint.h"
#include "runtime/coordinator.h"
#include "runtime/worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { VERSION = 1, HEADER = 28, KEPT = 2, PIECE = 1 << 20 };

static const char magic[8] = {'T', 'M', 'C', 'H', 'E', 'C', 'K', '\n'};

struct stream { /* a file that is written or read, and its checksum */
    int fd;
    XXH3_state_t *sum;
    uint64_t at, bytes; /* so far; of the whole, for reading */
    char *piece;        /* PIECE bytes */
    struct tm_error *error;
    char path[4096];
};

/* ---- streams ------------------------------------------------------------ */

static int stream_open(struct stream *s, const char *folder, uint64_t number,
                       const char *suffix, int flags, struct tm_error *error)
{
    *s = (struct stream){.fd = -1, .error = error};
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

static int stream_put(struct stream *s, const void *bytes, size_t size)
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
            return error_set(s->error, TM_EIO, "cannot write %s: %s", s->path,
                             n ? strerror(errno) : "nothing is taken");
        done += (size_t)n;
    }
    s->at += size;
    return 0;
}

static int damaged(struct stream *s)
{
    return error_set(s->error, TM_EFILE, "%s is damaged", s->path);
}

static int stream_get(struct stream *s, void *bytes, size_t size)
{
    char *to = bytes;
    size_t done = 0;
    ssize_t n;

    while (done < size) {
        n = read(s->fd, to + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(s->error, TM_EIO, "cannot read %s: %s", s->path,
                             strerror(errno));
        if (!n)
            return damaged(s);
        done += (size_t)n;
    }
    XXH3_64bits_update(s->sum, bytes, size);
    s->at += size;
    return 0;
}

static int put_number(struct stream *s, uint64_t x)
{
    x = wire_64(x);
    return stream_put(s, &x, 8);
}

static int get_number(struct stream *s, uint64_t *x)
{
    int status = stream_get(s, x, 8);

    *x = status ? 0 : wire_64(*x);
    return status;
}

/* ---- outputs ------------------------------------------------------------ */

static uint64_t output_bytes(const struct job_io *io, uint32_t k)
{
    const struct binding *b = io->binding;
    const struct bind_matrix *m =
        &b->matrices[b->plan->outputs.items[k].matrix];

    return (uint64_t)m->rows * (uint64_t)m->cols * type_bytes(m->type);
}

/* What has been written to it so far; the rest is zeros. */
static int put_output(struct stream *s, const struct job_io *io, uint32_t k)
{
    uint64_t bytes = output_bytes(io, k), at;
    int64_t offset = 0;
    char path[64];
    uint8_t there = io->outputs[k].writer && bytes;
    int fd = -1, status;

    if (there && file_where(io->outputs[k].writer, path, sizeof path, &offset))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (there && fd < 0)
        return error_set(s->error, TM_EIO, "cannot read %s again",
                         io->outputs[k].path);
    status = stream_put(s, &there, 1);
    for (at = 0; there && at < bytes && !status;) {
        size_t n = bytes - at < PIECE ? (size_t)(bytes - at) : PIECE;
        ssize_t got = pread(fd, s->piece, n, offset + (int64_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            status = error_set(s->error, TM_EIO, "cannot read %s again",
                               io->outputs[k].path);
        else
            status = stream_put(s, s->piece, (size_t)got);
        at += got > 0 ? (uint64_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    return status;
}

/* By columns; long ones in pieces. */
static int get_output(struct stream *s, struct job_io *io, uint32_t k)
{
    const struct plan_output *out = &io->binding->plan->outputs.items[k];
    const struct bind_matrix *m = &io->binding->matrices[out->matrix];
    struct job_output *to = &io->outputs[k];
    int64_t most = PIECE / (int64_t)type_bytes(m->type), i, j, n;
    uint8_t there;
    int status = stream_get(s, &there, 1);

    if (status || !there)
        return status;
    if (there != 1 || !to->path || !output_bytes(io, k))
        return damaged(s);
    if (!to->writer)
        status = (int)file_create(to->path, (enum tm_type)m->type, m->rows,
                                  m->cols, &to->writer, s->error);
    for (j = 0; j < m->cols && !status; j++)
        for (i = 0; i < m->rows && !status; i += n) {
            n = m->rows - i < most ? m->rows - i : most;
            status = stream_get(s, s->piece, (size_t)n * type_bytes(m->type));
            if (!status)
                status = (int)file_write(to->writer, i, j, n, 1, s->piece, 1, n,
                                         s->error);
        }
    return status;
}

/* ---- versions ----------------------------------------------------------- */

static size_t tile_bytes(const struct job_io *io, uint32_t tile)
{
    struct bind_tile at = binding_tile_at(io->binding, tile);

    return job_tile_bytes(io->binding, &at);
}

static uint64_t versions_bytes(const struct worker *w, const struct job_io *io,
                               uint32_t *count)
{
    uint64_t bytes = 0, writer;
    uint32_t k, tile;

    *count = 0;
    for (k = 0; k < worker_held(w); k++)
        if (worker_held_tile(w, k, &tile, &writer)) {
            bytes += 16 + tile_bytes(io, tile);
            ++*count;
        }
    return bytes;
}

static int put_versions(struct stream *s, const struct worker *w,
                        const struct job_io *io)
{
    uint64_t writer;
    uint32_t k, tile;
    int status = 0;

    for (k = 0; k < worker_held(w) && !status; k++) {
        const void *data = worker_held_tile(w, k, &tile, &writer);
        if (!data)
            continue;
        status = put_number(s, tile) || put_number(s, writer) ||
                 stream_put(s, data, tile_bytes(io, tile));
    }
    return status;
}

static int get_versions(struct stream *s, struct worker *w,
                        const struct job_io *io)
{
    uint64_t count, tile, writer;
    void *data;

    if (get_number(s, &count))
        return -1;
    for (; count; count--) {
        if (get_number(s, &tile) || get_number(s, &writer))
            return -1;
        if (tile >= io->binding->tiles || !writer ||
            tile_bytes(io, (uint32_t)tile) > s->bytes - s->at)
            return damaged(s);
        data = worker_hold(w, (uint32_t)tile, writer);
        if (!data)
            return error_set(s->error, TM_EMEMORY,
                             "out of memory for the tiles of %s", s->path);
        if (stream_get(s, data, tile_bytes(io, (uint32_t)tile)))
            return -1;
    }
    return 0;
}

/* ---- writing ------------------------------------------------------------ */

static int put_all(struct stream *s, const struct checkpoint *p,
                   struct coordinator *c, struct worker *w,
                   const struct job_io *io)
{
    uint32_t outputs = io->binding->plan->outputs.count, versions, k;
    struct wire_writer state = {0};
    uint64_t bytes = versions_bytes(w, io, &versions);
    int status;

    coordinator_save(c, &state);
    if (state.failed) {
        free(state.bytes);
        return error_set(s->error, TM_EMEMORY,
                         "out of memory for a checkpoint");
    }
    for (k = 0; k < outputs; k++)
        bytes += 1 + (io->outputs[k].writer ? output_bytes(io, k) : 0);
    bytes += HEADER + 8 + state.size + 8 + 8;
    status = stream_put(s, magic, sizeof magic) ||
             stream_put(s, &(uint32_t){wire_32(VERSION)}, 4) ||
             put_number(s, p->setup->fingerprint) || put_number(s, bytes) ||
             put_number(s, state.size) ||
             stream_put(s, state.bytes, state.size) ||
             put_number(s, versions) || put_versions(s, w, io);
    for (k = 0; k < outputs && !status; k++)
        status = put_output(s, io, k);
    free(state.bytes);
    return status || put_number(s, XXH3_64bits_digest(s->sum));
}

static void folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static int give_name(struct stream *s, const char *folder, uint64_t number)
{
    char name[4096];

    snprintf(name, sizeof name, "%.*s", (int)strlen(s->path) - 4, s->path);
    if (fsync(s->fd) || rename(s->path, name))
        return error_set(s->error, TM_EIO, "cannot write %s: %s", name,
                         strerror(errno));
    folder_sync(folder);
    if (number <= KEPT)
        return 0;
    snprintf(name, sizeof name, "%s/checkpoint-%" PRIu64, folder,
             number - KEPT);
    unlink(name);
    return 0;
}

int checkpoint_write(struct checkpoint *p, struct coordinator *c,
                     struct worker *w, const struct job_io *io,
                     struct tm_error *error)
{
    struct stream s;
    int status = stream_open(&s, p->setup->folder, p->number, ".new",
                             O_WRONLY | O_CREAT | O_TRUNC, error);

    if (!status)
        status = put_all(&s, p, c, w, io);
    if (!status)
        status = give_name(&s, p->setup->folder, p->number);
    if (status && s.fd >= 0)
        unlink(s.path);
    if (!status)
        p->number++;
    stream_close(&s);
    return status;
}

/* ---- reading ------------------------------------------------------------ */

/* The header, and the checksum of all; then it stands behind the header.  Of
 * another plan: *other. */
static int check_all(struct stream *s, const struct checkpoint *p, int *other)
{
    char start[sizeof magic];
    uint64_t fingerprint, sum, found;
    uint32_t version;
    struct stat file;

    if (fstat(s->fd, &file) || stream_get(s, start, sizeof start) ||
        stream_get(s, &version, 4) || get_number(s, &fingerprint) ||
        get_number(s, &s->bytes))
        return s->error->status ? -1 : damaged(s);
    if (memcmp(start, magic, sizeof magic) || wire_32(version) != VERSION ||
        s->bytes < HEADER + 8 || (uint64_t)file.st_size != s->bytes)
        return damaged(s);
    while (s->at < s->bytes - 8) {
        uint64_t left = s->bytes - 8 - s->at;
        if (stream_get(s, s->piece, left < PIECE ? (size_t)left : PIECE))
            return -1;
    }
    sum = XXH3_64bits_digest(s->sum);
    if (get_number(s, &found))
        return -1;
    if (found != sum || lseek(s->fd, HEADER, SEEK_SET) != HEADER)
        return damaged(s);
    s->at = HEADER;
    *other = fingerprint != p->setup->fingerprint;
    return 0;
}

static int get_state(struct stream *s, struct coordinator *c)
{
    struct wire_reader r = {0};
    unsigned char *bytes;
    uint64_t size;
    int status;

    if (get_number(s, &size))
        return -1;
    if (size > s->bytes - s->at)
        return damaged(s);
    bytes = malloc(size + 1);
    if (!bytes)
        return error_set(s->error, TM_EMEMORY, "out of memory for %s", s->path);
    status = stream_get(s, bytes, size);
    r.next = bytes;
    r.end = bytes + size;
    if (!status && (coordinator_restore(c, &r) || r.next != r.end))
        status = damaged(s);
    free(bytes);
    return status;
}

static int get_all(struct stream *s, struct coordinator *c, struct worker *w,
                   struct job_io *io)
{
    uint32_t k;
    int status = get_state(s, c) || get_versions(s, w, io);

    for (k = 0; k < io->binding->plan->outputs.count && !status; k++)
        status = get_output(s, io, k);
    return status || s->at == s->bytes - 8 ? status : damaged(s);
}

static int resume_from(const struct checkpoint *p, uint64_t number,
                       struct coordinator *c, struct worker *w,
                       struct job_io *io, int *fit, struct tm_error *error)
{
    struct stream s;
    int other = 0,
        status = stream_open(&s, p->setup->folder, number, "", O_RDONLY, error);

    if (!status)
        status = check_all(&s, p, &other);
    *fit = !status && !other;
    if (*fit)
        status = get_all(&s, c, w, io);
    stream_close(&s);
    if (other)
        error_set(error, TM_EUSAGE,
                  "the checkpoints in %s are of another plan, other files, "
                  "parameters, tile edges, or another version of tilematrix",
                  p->setup->folder);
    return status || other;
}

int checkpoint_resume(struct checkpoint *p, struct coordinator *c,
                      struct worker *w, struct job_io *io,
                      void (*note)(void *user, const char *text), void *user,
                      struct tm_error *error)
{
    struct tm_error first, now;
    char text[5000];
    int fit = 0, status = 0, tries;
    uint64_t number = p->number;

    error_clear(&first);
    error_clear(&now);
    for (tries = 0; tries < KEPT && number > 1 && !fit; tries++) {
        error_clear(&now);
        status = resume_from(p, --number, c, w, io, &fit, &now);
        if (status && !fit && !first.status)
            first = now;
    }
    if (!tries)
        return error_set(error, TM_EUSAGE, "there is no checkpoint in %s",
                         p->setup->folder);
    if (status) {
        *error = fit ? now : first;
        return error->status;
    }
    if (first.status && note)
        note(user, first.text);
    snprintf(text, sizeof text,
             "going on from %s/checkpoint-%" PRIu64 ": %" PRIu64
             " tasks were done",
             p->setup->folder, number, coordinator_tasks_done(c));
    if (note)
        note(user, text);
    return 0;
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

int checkpoint_open(struct checkpoint *p, const struct checkpoint_setup *setup,
                    struct tm_error *error)
{
    struct dirent *entry;
    DIR *folder;

    *p = (struct checkpoint){.setup = setup, .number = 1};
    if (mkdir(setup->folder, 0700) && errno != EEXIST)
        return error_set(error, TM_EIO, "cannot make the folder %s: %s",
                         setup->folder, strerror(errno));
    folder = opendir(setup->folder);
    if (!folder)
        return error_set(error, TM_EIO, "cannot read the folder %s: %s",
                         setup->folder, strerror(errno));
    while ((entry = readdir(folder)))
        if (number_of(entry->d_name) >= p->number)
            p->number = number_of(entry->d_name) + 1;
    closedir(folder);
    return 0;
}

void checkpoint_remove(const char *folder)
{
    struct dirent *entry;
    DIR *list = opendir(folder);

    while (list && (entry = readdir(list)))
        if (number_of(entry->d_name) || is_torn(entry->d_name))
            unlinkat(dirfd(list), entry->d_name, 0);
    if (list)
        closedir(list);
}
