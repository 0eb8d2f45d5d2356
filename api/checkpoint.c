/* What a checkpoint says of its run (the plan, and all that is bound to it),
 * the runs that can have one, and runs that are made of one. */
#include "api/private.h"
#include "runtime/checkpoint.h"
#include "runtime/file.h"
#include "runtime/kernel.h"
#include "runtime/talk.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct resumed { /* what must be as it was */
    struct checkpoint_source *source; /* owned */
    struct file_stamp *stamps;        /* of inputs; owned */
    uint64_t digest;                  /* of the binding */
};

/*   text version, text kernel set, u64 digest of the binding, f64 seconds
 *     between checkpoints, u64 seed, u8 1: the plan was read, i64 tile rows
 *     and columns
 *   u32 settings, each text name, text value
 *   u32 folders that were allowed, each text
 *   u32 inputs, each text path, i64 bytes, i64 seconds, i64 nanoseconds, u64
 *     start
 *   u32 outputs, each text path
 *   and the plan, as in a file. */

/* ---- writing ------------------------------------------------------------ */

static void tell_text(struct wire_writer *w, const char *text)
{
    size_t length = strlen(text);

    if (length > UINT32_MAX / 2 || wire_room(w, length + 4))
        w->failed = 1;
    else
        put_bytes(w, text, (uint32_t)length);
}

/* Who resumes may have another current folder. */
static void tell_path(struct wire_writer *w, const char *path)
{
    char here[PATH_MAX], whole[2 * PATH_MAX];

    if (path[0] == '/' || !getcwd(here, sizeof here)) {
        tell_text(w, path);
        return;
    }
    snprintf(whole, sizeof whole, "%s/%s", here, path);
    tell_text(w, whole);
}

static void tell_count(struct wire_writer *w, size_t count)
{
    if (!wire_room(w, 4))
        put_u32(w, (uint32_t)count);
}

static void tell_input(struct wire_writer *w, const char *path,
                       const struct file *file)
{
    struct file_stamp stamp;

    file_stamp(file, &stamp);
    tell_path(w, path);
    talk_put_stamp(w, &stamp);
}

static void tell_run(struct wire_writer *w, const struct tm_run *run,
                     const struct binding *b)
{
    size_t n;

    tell_text(w, tm_version());
    tell_text(w, kernel_describe());
    if (wire_room(w, 64))
        return;
    put_u64(w, api_digest(b));
    put_f64(w, run->checkpoint.seconds);
    put_u64(w, run->seed);
    put_u8(w, (uint8_t)run->plan->read);
    put_u64(w, (uint64_t)b->want_rows);
    put_u64(w, (uint64_t)b->want_cols);
    tell_count(w, run->setting_count);
    for (n = 0; n < run->setting_count; n++) {
        tell_text(w, run->settings[n].name);
        tell_text(w, run->settings[n].value);
    }
    tell_count(w, run->folder_count);
    for (n = 0; n < run->folder_count; n++)
        tell_text(w, run->folders[n]);
}

static int tell_all(struct wire_writer *w, const struct tm_run *run,
                    const struct job_io *io, char *const *input_paths)
{
    const struct plan *plan = io->binding->plan;
    const unsigned char *bytes;
    size_t size;
    uint32_t k;

    tell_run(w, run, io->binding);
    tell_count(w, plan->inputs.count);
    for (k = 0; k < plan->inputs.count; k++)
        tell_input(w, input_paths[k], io->inputs[k].file);
    tell_count(w, plan->outputs.count);
    for (k = 0; k < plan->outputs.count; k++)
        tell_path(w, io->outputs[k].path);
    bytes = api_plan_bytes(plan, &size);
    if (!bytes || wire_room(w, size))
        return -1;
    memcpy(w->bytes + w->size, bytes, size);
    w->size += size;
    return w->failed;
}

/* Memory is gone with its process, and of text there is no half. */
static int refuse(const struct job_io *io, struct tm_error *error)
{
    const struct plan *plan = io->binding->plan;
    uint32_t k;

    for (k = 0; k < plan->inputs.count; k++)
        if (!io->inputs[k].file)
            return error_set(error, TM_EUSAGE,
                             "a run with checkpoints reads files: input %s is "
                             "bound to memory",
                             plan_string(plan, plan->inputs.items[k].name));
    for (k = 0; k < plan->outputs.count; k++) {
        const char *path = io->outputs[k].path;
        size_t length = path ? strlen(path) : 0;
        if (length < 4 || strcmp(path + length - 4, ".npy"))
            return error_set(error, TM_EUSAGE,
                             "a run with checkpoints writes .npy files: output "
                             "%s is %s",
                             plan_string(plan, plan->outputs.items[k].name),
                             path ? path : "bound to memory");
    }
    return TM_OK;
}

int api_checkpoint(const struct tm_run *run, const struct job_io *io,
                   char *const *input_paths, struct checkpoint_setup *setup,
                   struct tm_error *error)
{
    const struct resumed *resumed = run->checkpoint.resumed;
    struct wire_writer w = {0};

    if (refuse(io, error))
        return error->status;
    if (resumed && resumed->digest != api_digest(io->binding))
        return error_set(error, TM_EUSAGE,
                         "the checkpoints in %s are of other tiles than this "
                         "run would have",
                         run->checkpoint.folder);
    if (tell_all(&w, run, io, input_paths)) {
        free(w.bytes);
        return error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
    }
    *setup = (struct checkpoint_setup){
        .folder = run->checkpoint.folder,
        .seconds = run->checkpoint.seconds,
        .told = w.bytes,
        .told_bytes = w.size,
        .source = resumed ? resumed->source : NULL};
    return TM_OK;
}

void api_checkpoint_fini(struct checkpoint_setup *setup)
{
    free((void *)(uintptr_t)setup->told);
}

int api_check_inputs(const struct tm_run *run, const struct job_io *io,
                     struct tm_error *error)
{
    const struct resumed *resumed = run->checkpoint.resumed;
    uint32_t k;

    for (k = 0; resumed && k < run->plan->plan->inputs.count; k++) {
        struct file_stamp now;
        if (!io->inputs[k].file)
            continue;
        file_stamp(io->inputs[k].file, &now);
        if (!file_stamp_same(&now, &resumed->stamps[k]))
            return error_set(error, TM_EFILE,
                             "%s has changed since the run began whose "
                             "checkpoints are in %s",
                             run->inputs[k].path, run->checkpoint.folder);
    }
    return TM_OK;
}

void api_checkpoint_over(struct tm_run *run)
{
    if (run->checkpoint.folder)
        checkpoint_remove(run->checkpoint.folder);
}

void api_resumed_free(struct resumed *resumed)
{
    if (!resumed)
        return;
    checkpoint_forget(resumed->source);
    free(resumed->stamps);
    free(resumed);
}

/* ---- reading ------------------------------------------------------------ */

static int makes_no_sense(struct tm_error *error)
{
    return error_set(error, TM_EFILE,
                     "what the checkpoint says of its run makes no sense");
}

/* Bytes with an end; the caller's.  NULL: error. */
static char *told_text(struct wire_reader *r, struct tm_error *error)
{
    uint32_t length;
    const unsigned char *bytes = get_bytes(r, &length);
    char *text = r->failed ? NULL : malloc((size_t)length + 1);

    if (r->failed)
        makes_no_sense(error);
    else if (!text)
        error_set(error, TM_EMEMORY, "out of memory");
    if (!text)
        return NULL;
    memcpy(text, bytes, length);
    text[length] = 0;
    return text;
}

/* 0: the text is this one. */
static int told_same(struct wire_reader *r, const char *text,
                     const char *what, struct tm_error *error)
{
    char *told = told_text(r, error), *line;

    if (told && strcmp(told, text)) {
        for (line = told; *line; line++)
            if (*line == '\n')
                *line = line[1] ? ',' : 0;
        error_set(error, TM_EUSAGE,
                  "the checkpoint is of another %s, so bits would differ: %s",
                  what, told);
    }
    free(told);
    return error->status;
}

/* The plan comes last: all before it is skipped. */
static enum tm_status told_plan(struct wire_reader r, struct tm_plan **plan,
                                struct tm_message **message)
{
    uint32_t count, k, length;
    int read;
    enum tm_status status;

    get_bytes(&r, &length);
    get_bytes(&r, &length);
    get_u64(&r), get_u64(&r), get_u64(&r);
    read = get_u8(&r);
    get_u64(&r), get_u64(&r);
    count = get_u32(&r);
    for (k = 0; k < 2 * (uint64_t)count && !r.failed; k++)
        get_bytes(&r, &length);
    count = get_u32(&r);
    for (k = 0; k < count && !r.failed; k++)
        get_bytes(&r, &length);
    count = get_u32(&r);
    for (k = 0; k < count && !r.failed; k++) {
        get_bytes(&r, &length);
        get_u64(&r), get_u64(&r), get_u64(&r), get_u64(&r);
    }
    count = get_u32(&r);
    for (k = 0; k < count && !r.failed; k++)
        get_bytes(&r, &length);
    status = tm_plan_load(r.next, (size_t)(r.end - r.next), plan, message);
    if (!status)
        (*plan)->read = read;
    return status;
}

static int told_settings(struct tm_run *run, struct wire_reader *r,
                         struct tm_error *error)
{
    uint32_t count = get_u32(r), k;

    for (k = 0; k < count && !error->status; k++) {
        char *name = told_text(r, error);
        char *value = name ? told_text(r, error) : NULL;
        if (value && tm_run_set(run, name, value))
            *error = run->error;
        free(name);
        free(value);
    }
    count = error->status ? 0 : get_u32(r);
    for (k = 0; k < count && !error->status; k++) {
        char *folder = told_text(r, error);
        if (folder && tm_run_allow_folder(run, folder))
            *error = run->error;
        free(folder);
    }
    return error->status;
}

static int told_files(struct tm_run *run, struct wire_reader *r,
                      struct resumed *resumed, struct tm_error *error)
{
    const struct plan *plan = run->plan->plan;
    uint32_t count = get_u32(r), k;

    if (count != plan->inputs.count)
        return makes_no_sense(error);
    resumed->stamps = calloc((size_t)count + 1, sizeof *resumed->stamps);
    if (!resumed->stamps)
        return error_set(error, TM_EMEMORY, "out of memory");
    for (k = 0; k < count && !error->status; k++) {
        run->inputs[k].kind = BOUND_FILE;
        run->inputs[k].path = told_text(r, error);
        talk_get_stamp(r, &resumed->stamps[k]);
    }
    if (error->status || get_u32(r) != plan->outputs.count)
        return makes_no_sense(error);
    for (k = 0; k < plan->outputs.count && !error->status; k++) {
        run->outputs[k].kind = BOUND_FILE;
        run->outputs[k].path = told_text(r, error);
    }
    return error->status;
}

static int told_all(struct tm_run *run, struct wire_reader *r,
                    struct tm_error *error)
{
    struct resumed *resumed = run->checkpoint.resumed;
    int64_t rows, cols;

    if (told_same(r, tm_version(), "version of Tilematrix", error) ||
        told_same(r, kernel_describe(), "kernel set", error))
        return error->status;
    resumed->digest = get_u64(r);
    run->checkpoint.seconds = get_f64(r);
    run->seed = get_u64(r);
    get_u8(r); /* told_plan() */
    rows = (int64_t)get_u64(r);
    cols = (int64_t)get_u64(r);
    if (rows > 0 && cols > 0) {
        run->tile_rows = rows;
        run->tile_cols = cols;
    }
    if (told_settings(run, r, error) || told_files(run, r, resumed, error))
        return error->status;
    return r->failed || !(run->checkpoint.seconds >= 0) ? makes_no_sense(error)
                                                        : TM_OK;
}

/* Takes source, in any case. */
static void run_of(struct checkpoint_source *source, const char *folder,
                   struct wire_reader r, const struct tm_plan *plan,
                   struct tm_run **run, struct tm_error *error)
{
    struct resumed *resumed = calloc(1, sizeof *resumed);

    if (resumed)
        resumed->source = source;
    if (!resumed || tm_run_new(plan, run)) {
        checkpoint_forget(source);
        free(resumed);
        error_set(error, TM_EMEMORY, "out of memory");
        return;
    }
    (*run)->checkpoint.resumed = resumed;
    (*run)->checkpoint.folder = strdup(folder);
    if (!(*run)->checkpoint.folder)
        error_set(error, TM_EMEMORY, "out of memory");
    else
        told_all(*run, &r, error);
}

enum tm_status tm_run_resume(const char *folder, struct tm_plan **plan,
                             struct tm_run **run, struct tm_message **message)
{
    struct checkpoint_source *source;
    struct wire_reader r = {0};
    struct tm_error error;
    enum tm_status status;
    size_t size;

    *plan = NULL;
    *run = NULL;
    error_clear(&error);
    source = api_start_kernels(&error) ? NULL : checkpoint_find(folder, &error);
    if (!source)
        return api_message(message, &error);
    r.next = checkpoint_told(source, &size);
    r.end = r.next + size;
    status = told_plan(r, plan, message);
    if (status) {
        checkpoint_forget(source);
        return status;
    }
    run_of(source, folder, r, *plan, run, &error);
    if (!error.status)
        return TM_OK;
    tm_run_free(*run);
    tm_plan_free(*plan);
    *plan = NULL;
    *run = NULL;
    return api_message(message, &error);
}
