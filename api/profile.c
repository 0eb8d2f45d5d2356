/* Where a run's time went: what is wanted, and what the last execution gave.
 * The texts are made at its end, since the binding does not outlive it. */
#include "runtime/profile.h"
#include "api/private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum tm_status tm_run_profile(struct tm_run *run, int on)
{
    run->profile.wanted = on != 0;
    return TM_OK;
}

enum tm_status tm_run_trace(struct tm_run *run, const char *path)
{
    char *copy = path ? strdup(path) : NULL;

    if (path && !copy)
        return TM_EMEMORY;
    free(run->profile.trace);
    run->profile.trace = copy;
    return TM_OK;
}

const char *tm_run_profile_text(const struct tm_run *run)
{
    return run->profile.text ? run->profile.text : "";
}

const char *tm_run_profile_json(const struct tm_run *run)
{
    return run->profile.json ? run->profile.json : "";
}

static void drop_texts(struct run_profile *x)
{
    free(x->text);
    free(x->json);
    x->text = x->json = NULL;
}

void api_profile_fini(struct run_profile *x)
{
    drop_texts(x);
    free(x->trace);
}

void api_profile_begin(struct run_profile *x)
{
    drop_texts(x);
    x->opened = x->wanted || x->trace ? profile_clock() : 0;
}

int api_profile_open(struct run_profile *x, const struct binding *binding,
                     int threads, struct tm_error *error)
{
    if (!x->opened)
        return TM_OK;
    x->now = profile_new(binding, threads, x->trace != NULL, x->opened);
    if (!x->now)
        return error_set(error, TM_EMEMORY, "out of memory for the profile");
    if (!x->trace)
        return TM_OK;
    x->file = fopen(x->trace, "ae"); /* emptied when there is a trace */
    return x->file ? TM_OK
                   : error_set(error, TM_EIO, "cannot write %s: %s", x->trace,
                               strerror(errno));
}

static char *text_of(const struct profile *profile,
                     void (*show)(const struct profile *profile, FILE *out))
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        return NULL;
    show(profile, out);
    if (!fclose(out))
        return text;
    free(text);
    return NULL;
}

static int write_trace(struct run_profile *x, struct tm_error *error)
{
    FILE *file = x->file;
    int failed = 0;

    x->file = NULL;
    if (ftruncate(fileno(file), 0) && errno != EINVAL)
        failed = errno; /* EINVAL: a pipe or terminal */
    errno = EIO;
    profile_trace(x->now, file);
    if ((ferror(file) | fclose(file)) && !failed)
        failed = errno;
    if (failed && !error->status)
        error_set(error, TM_EIO, "cannot write %s: %s", x->trace,
                  strerror(failed));
    return error->status;
}

/* The file of a trace that came to nothing. */
static void drop_trace(struct run_profile *x)
{
    struct stat file;

    if (!fstat(fileno(x->file), &file) && S_ISREG(file.st_mode) &&
        !file.st_size)
        unlink(x->trace);
    fclose(x->file);
    x->file = NULL;
}

int api_profile_close(struct run_profile *x, struct tm_error *error)
{
    struct profile *now = x->now;

    if (now && profile_ran(now)) {
        profile_phase(now, PROFILE_PHASES);
        if (x->wanted) {
            x->text = text_of(now, profile_text);
            x->json = text_of(now, profile_json);
        }
        if (x->file)
            write_trace(x, error);
    }
    if (x->file)
        drop_trace(x);
    profile_free(now);
    x->now = NULL;
    return error->status;
}
