/* Checkpoints: a run's state in files of a folder, and a run that goes on
 * from there.
 *
 * checkpoint-N is written under another name, made durable and renamed; the
 * last two are kept.  All numbers are as in messages (wire.h), tiles and
 * outputs as in memory:
 *
 *   "TMCHECK\n"   u32 version   u64 fingerprint   u64 bytes of the file
 *   u64 size, coordinator_save()
 *   u64 versions; of each u64 tile, u64 writer, its entries
 *   of each output of the plan: u8 there, its entries so far
 *   u64 XXH3 of all before */
#ifndef RUNTIME_CHECKPOINT_H
#define RUNTIME_CHECKPOINT_H

#include "runtime/job.h"

struct coordinator;
struct worker;

struct checkpoint_setup {
    const char *folder;   /* borrowed */
    double seconds;       /* between two checkpoints */
    uint64_t fingerprint; /* of plan, bindings, kernels: all that must agree */
    int resume;           /* go on from the last that is whole */
};

struct checkpoint {
    const struct checkpoint_setup *setup; /* borrowed */
    uint64_t number;                      /* of the next one */
};

/* What is in the folder, which is made if it is not there.  0, or error. */
int checkpoint_open(struct checkpoint *checkpoint,
                    const struct checkpoint_setup *setup,
                    struct tm_error *error);
/* Of a coordinator that is paused, and its worker.  0, or error. */
int checkpoint_write(struct checkpoint *checkpoint, struct coordinator *c,
                     struct worker *w, const struct job_io *io,
                     struct tm_error *error);
/* Into a coordinator and a worker that are new.  note hears what was chosen,
 * and what is damaged.  0, or error. */
int checkpoint_resume(struct checkpoint *checkpoint, struct coordinator *c,
                      struct worker *w, struct job_io *io,
                      void (*note)(void *user, const char *text), void *user,
                      struct tm_error *error);
/* All of them: the run is over and its outputs have their names. */
void checkpoint_remove(const char *folder);

#endif
