/* What a checkpoint must agree with, and the runs that can have one. */
#include "api/private.h"
#include "runtime/checkpoint.h"
#include "runtime/file.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

static void add_text(uint64_t *sum, const char *text)
{
    *sum = XXH3_64bits_withSeed(text, strlen(text) + 1, *sum);
}

static void add_settings(uint64_t *sum, const struct tm_run *run,
                         const struct binding *b)
{
    uint32_t k;
    size_t n;

    for (n = 0; n < run->setting_count; n++) {
        add_text(sum, run->settings[n].name);
        add_text(sum, run->settings[n].value);
    }
    for (k = 0; k < b->plan->matrices.count; k++) {
        const struct bind_matrix *m = &b->matrices[k];
        uint64_t x[6] = {(uint64_t)m->rows,      (uint64_t)m->cols,
                         (uint64_t)m->tile_rows, (uint64_t)m->tile_cols,
                         m->first_tile,          m->type};
        *sum = XXH3_64bits_withSeed(x, sizeof x, *sum);
    }
}

static void add_files(uint64_t *sum, const struct job_io *io)
{
    const struct plan *plan = io->binding->plan;
    uint32_t k;

    for (k = 0; k < plan->inputs.count; k++) {
        struct file_stamp stamp;
        uint64_t x[4];
        file_stamp(io->inputs[k].file, &stamp);
        x[0] = (uint64_t)stamp.bytes;
        x[1] = (uint64_t)stamp.seconds;
        x[2] = (uint64_t)stamp.nanoseconds;
        x[3] = stamp.start;
        *sum = XXH3_64bits_withSeed(x, sizeof x, *sum);
    }
    for (k = 0; k < plan->outputs.count; k++)
        add_text(sum, io->outputs[k].path);
}

/* Tiles that are spilled, and blocks of text, are not where a checkpoint
 * could take them from; memory is gone with its process. */
static int refuse(const struct tm_run *run, const struct job_io *io,
                  struct tm_error *error)
{
    const struct plan *plan = io->binding->plan;
    uint32_t k;

    if (run->processes.workers)
        return error_set(error, TM_EUSAGE,
                         "a run with worker processes has no checkpoints");
    if (run->spill)
        return error_set(error, TM_EUSAGE,
                         "a run with checkpoints has no spill folder");
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
                   struct checkpoint_setup *setup, struct tm_error *error)
{
    const struct plan *plan = io->binding->plan;
    unsigned char *bytes;
    uint64_t sum;
    size_t size;

    if (refuse(run, io, error))
        return error->status;
    bytes = plan_write(plan, &size);
    if (!bytes)
        return error_set(error, TM_EMEMORY, "out of memory for a checkpoint");
    sum = XXH3_64bits_withSeed(bytes, size, run->seed);
    add_text(&sum, tm_version());
    add_text(&sum, tm_version_details());
    add_settings(&sum, run, io->binding);
    add_files(&sum, io);
    *setup = (struct checkpoint_setup){.folder = run->checkpoint.folder,
                                       .seconds = run->checkpoint.seconds,
                                       .resume = run->checkpoint.resume,
                                       .fingerprint = sum};
    return TM_OK;
}

void api_checkpoint_over(const struct tm_run *run)
{
    if (run->checkpoint.folder)
        checkpoint_remove(run->checkpoint.folder);
}
