/* tmc --format: files in, the same in the one layout out. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/tmc.h"
#include "grammar/format.h"

static int write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(fd, text, size);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return -1;
        text += wrote;
        size -= (size_t)wrote;
    }
    return 0;
}

/* A file beside the old one takes its place when it is whole. */
static int replace_file(const char *path, const char *text, size_t size)
{
    char *beside = NULL;
    struct stat was;
    int fd, failed;

    if (stat(path, &was) || access(path, W_OK))
        return -1;
    if (asprintf(&beside, "%s.XXXXXX", path) < 0)
        return -1;
    fd = mkstemp(beside);
    if (fd < 0) {
        free(beside);
        return -1;
    }
    failed = write_all(fd, text, size) || fchmod(fd, was.st_mode & 07777) ||
             fsync(fd);
    failed = close(fd) || failed || rename(beside, path);
    if (failed) {
        int why = errno;

        unlink(beside);
        errno = why;
    }
    free(beside);
    return failed ? -1 : 0;
}

/* The file itself where path is a link; a signal waits until it is done. */
static int replace(const char *path, const char *text, size_t size)
{
    char *real = realpath(path, NULL);
    sigset_t signals, before;
    int failed;

    if (!real)
        return tmc_complain(TM_EIO, "find", path);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, &before);
    failed = replace_file(real, text, size);
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(real);
    return failed ? tmc_complain(TM_EIO, "write", path) : TM_OK;
}

static int give(const struct source *source, enum layout_mode mode,
                const char *text, size_t size)
{
    int same = size == source->size && !memcmp(text, source->text, size);

    switch (mode) {
    case LAYOUT_PRINT: fwrite(text, 1, size, stdout); break;
    case LAYOUT_CHECK:
        if (!same)
            puts(source->name);
        return same ? TM_OK : TM_ESCRIPT;
    case LAYOUT_IN_PLACE:
        return same ? TM_OK : replace(source->name, text, size);
    }
    return TM_OK;
}

static int lay_out(struct arena *arena, const struct source *source,
                   enum layout_mode mode, int json)
{
    struct diag_sink diags = {.arena = arena};
    size_t size;
    const char *text = format_script(arena, &diags, source, &size);

    if (diags.list.count)
        fputs(json ? diag_json(&diags, NULL) : diag_text(&diags, NULL), stderr);
    if (diags.errors)
        return TM_ESCRIPT;
    if (!text) {
        fprintf(stderr,
                "tmc: error: a fault of Tilematrix: the layout of %s would "
                "change its meaning; it is left alone\n",
                source->name);
        return TM_EBUG;
    }
    return give(source, mode, text, size);
}

int tmc_layout(const char *path, enum layout_mode mode, int json)
{
    struct source source = {.name = path};
    struct arena arena;
    char *text;
    int status;

    if (mode == LAYOUT_IN_PLACE && strcmp(path, "-") == 0) {
        fputs("tmc: error: standard input is not changed in place\n", stderr);
        return TM_EUSAGE;
    }
    text = tmc_read(path, &source.size);
    if (!text)
        return tmc_complain(errno == ENOMEM ? TM_EMEMORY : TM_EIO, "read",
                            path);
    source.text = text;
    arena_init(&arena);
    if (setjmp(arena.failed)) {
        errno = ENOMEM;
        status = tmc_complain(TM_EMEMORY, "lay out", path);
    } else {
        status = lay_out(&arena, &source, mode, json);
    }
    arena_free(&arena);
    free(text);
    return status;
}
