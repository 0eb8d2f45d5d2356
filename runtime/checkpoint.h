/* Checkpoints: a run's state in files of a folder, and a run that goes on
 * from there.
 *
 * checkpoint-N is written under another name, made durable and renamed; the
 * last two are kept.  All numbers are as in messages (wire.h), tiles and
 * outputs as in memory:
 *
 *   "TMCHECK\n"   u32 version
 *   u64 size, what api/checkpoint.c writes: the plan, and all that is bound
 *   u64 size, coordinator_save()
 *   of each version: u8 1, u64 tile, u64 writer, its entries; then u8 0
 *   of each output of the plan: u8 there, its entries so far, in pieces
 *   u64 XXH3 of all before
 *
 * Entries are u8 0 (all bits are 0) or u8 1 and their bytes. */
#ifndef RUNTIME_CHECKPOINT_H
#define RUNTIME_CHECKPOINT_H

#include "runtime/job.h"

struct checkpoint_source;
struct coordinator;
struct stream;

struct checkpoint_setup {
    const char *folder; /* borrowed */
    double seconds;     /* between two checkpoints */
    const void *told;   /* plan and bindings; borrowed */
    size_t told_bytes;
    struct checkpoint_source *source; /* go on from there; NULL: a new run */
};

/* ---- writing ------------------------------------------------------------ */

struct checkpoint {
    const struct checkpoint_setup *setup; /* borrowed */
    int folder;                           /* open, and locked */
    uint64_t number;                      /* of the next one */
    uint64_t last;                        /* number of the last good one, or 0 */
    struct stream *file;                  /* that is being written, or NULL */
};

/* The folder is made if it is not there; nobody else may use it meanwhile, and
 * a new run does not begin where another's checkpoints are.  0, or error. */
int checkpoint_open(struct checkpoint *checkpoint,
                    const struct checkpoint_setup *setup,
                    struct tm_error *error);
/* Of one that was not opened: nothing. */
void checkpoint_close(struct checkpoint *checkpoint);

/* Of a coordinator that is paused: begin, then each version that it names
 * (coordinator_needed()), then end, when the file has its name.  0, or error;
 * then drop, and the checkpoints before stay. */
int checkpoint_begin(struct checkpoint *checkpoint,
                     const struct coordinator *c, struct tm_error *error);
int checkpoint_add(struct checkpoint *checkpoint, uint32_t tile,
                   uint64_t writer, const void *data, size_t bytes,
                   struct tm_error *error);
int checkpoint_end(struct checkpoint *checkpoint, const struct job_io *io,
                   struct tm_error *error);
void checkpoint_drop(struct checkpoint *checkpoint);
/* All of them: the run is over and its outputs have their names. */
void checkpoint_remove(const char *folder);

/* ---- reading ------------------------------------------------------------ */

/* The newest in the folder that is whole.  NULL: error has why. */
struct checkpoint_source *checkpoint_find(const char *folder,
                                          struct tm_error *error);
void checkpoint_forget(struct checkpoint_source *source); /* NULL is fine */
/* What was told, borrowed. */
const void *checkpoint_told(const struct checkpoint_source *source,
                            size_t *bytes);
/* That it goes on from there, and what was wrong with newer ones; note may be
 * NULL. */
void checkpoint_tell(const struct checkpoint_source *source,
                     const struct coordinator *c,
                     void (*note)(void *user, const char *text), void *user);

/* In this order: into a coordinator that is new; the versions, until 0 comes
 * (1: there is one, its data hold until the next call); then into outputs.
 * -1: error. */
int checkpoint_restore(struct checkpoint_source *source, struct coordinator *c,
                       struct tm_error *error);
struct checkpoint_version {
    uint32_t tile;
    uint64_t writer;
    const void *data;
    size_t bytes;
};
int checkpoint_version(struct checkpoint_source *source,
                       const struct binding *binding,
                       struct checkpoint_version *version,
                       struct tm_error *error);
int checkpoint_outputs(struct checkpoint_source *source, struct job_io *io,
                       struct tm_error *error);
/* Versions begin again from the first. */
void checkpoint_rewind(struct checkpoint_source *source);

#endif
