/* Places by size, each size with a stack of those given back. */
#include "runtime/spill.h"
#include "tilematrix/tilematrix.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct places { /* of one size, free */
    size_t bytes;
    int64_t *free;
    size_t count, space;
};

struct spill {
    int fd;
    const char *folder;
    struct places *sizes;
    size_t size_count;
    int64_t end;
};

/* Where the file system can't make files without a name, one loses its. */
static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    char path[4096];

    if (fd >= 0 ||
        (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    if ((size_t)snprintf(path, sizeof path, "%s/tilematrix-XXXXXX", folder) >=
        sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

struct spill *spill_open(const char *folder, struct tm_error *error)
{
    struct spill *spill = calloc(1, sizeof *spill);

    if (!spill) {
        error_set(error, TM_EMEMORY, "out of memory to start the run");
        return NULL;
    }
    spill->folder = folder;
    spill->fd = open_nameless(folder);
    if (spill->fd >= 0)
        return spill;
    error_set(error, TM_EIO, "cannot spill to %s: %s", folder,
              strerror(errno));
    free(spill);
    return NULL;
}

void spill_close(struct spill *spill)
{
    size_t k;

    if (!spill)
        return;
    for (k = 0; k < spill->size_count; k++)
        free(spill->sizes[k].free);
    free(spill->sizes);
    close(spill->fd);
    free(spill);
}

/* ---- places ------------------------------------------------------------- */

static struct places *places_of(struct spill *spill, size_t bytes)
{
    struct places *sizes;
    size_t k;

    for (k = 0; k < spill->size_count; k++)
        if (spill->sizes[k].bytes == bytes)
            return &spill->sizes[k];
    sizes = realloc(spill->sizes, (spill->size_count + 1) * sizeof *sizes);
    if (!sizes)
        return NULL;
    spill->sizes = sizes;
    sizes[spill->size_count] = (struct places){.bytes = bytes};
    return &sizes[spill->size_count++];
}

int64_t spill_take(struct spill *spill, size_t bytes)
{
    struct places *places = places_of(spill, bytes);
    int64_t at = spill->end;

    if (places && places->count)
        return places->free[--places->count];
    spill->end += (int64_t)bytes;
    return at;
}

/* A place that can't be noted is lost: the file goes with the run. */
void spill_give(struct spill *spill, int64_t at, size_t bytes)
{
    struct places *places = places_of(spill, bytes);
    size_t space;
    int64_t *grown;

    if (!places)
        return;
    if (places->count == places->space) {
        space = places->space ? 2 * places->space : 16;
        grown = realloc(places->free, space * sizeof *grown);
        if (!grown)
            return;
        places->free = grown;
        places->space = space;
    }
    places->free[places->count++] = at;
}

/* ---- reading and writing ------------------------------------------------ */

int spill_write(struct spill *spill, int64_t at, const void *data,
                size_t bytes, struct tm_error *error)
{
    struct statvfs disk;
    uint64_t left = 0;
    size_t done = 0;

    while (done < bytes) {
        ssize_t n = pwrite(spill->fd, (const char *)data + done, bytes - done,
                           (off_t)(at + (int64_t)done));
        if (n > 0) {
            done += (size_t)n;
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
            return error_set(error, TM_EIO, "cannot spill to %s: %s",
                             spill->folder, strerror(errno));
        if (!fstatvfs(spill->fd, &disk))
            left = (uint64_t)disk.f_bavail * disk.f_frsize;
        return error_set(error, TM_EMEMORY,
                         "no room to spill to %s: %zu bytes are needed, and "
                         "%" PRIu64 " are free",
                         spill->folder, bytes, left);
    }
    return 0;
}

int spill_read(struct spill *spill, int64_t at, void *data, size_t bytes,
               struct tm_error *error)
{
    size_t done = 0;

    while (done < bytes) {
        ssize_t n = pread(spill->fd, (char *)data + done, bytes - done,
                          (off_t)(at + (int64_t)done));
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            return error_set(error, TM_EIO,
                             "cannot read what was spilled to %s: %s",
                             spill->folder,
                             n ? strerror(errno) : "it was cut short");
    }
    return 0;
}
