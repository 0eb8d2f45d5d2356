/* Checkpoints of a run whose workers are processes: their tiles come to the
 * coordinator's process, a few at a time, while the run stands still; and go
 * back to them when a run goes on.
 *
 * A part of the coordinator's process, without sockets or clock. */
#ifndef RUNTIME_SAVER_H
#define RUNTIME_SAVER_H

#include "runtime/checkpoint.h"
#include "runtime/wire.h"

struct saver;

struct saver_setup {
    const struct checkpoint_setup *checkpoint; /* borrowed, as all here */
    struct job_io *io;
    struct coordinator *coordinator; /* it has not begun */
    /* Bytes that wait to be sent to a worker; a message for it, which is
     * taken. */
    size_t (*waiting)(void *user, uint16_t worker);
    void (*send)(void *user, uint16_t worker, struct wire_writer *message);
    void (*note)(void *user, const char *text); /* or NULL */
    void *user;
};

/* NULL: error has why. */
struct saver *saver_new(const struct saver_setup *setup, double now,
                        struct tm_error *error);
void saver_free(struct saver *saver); /* NULL is fine */
/* What there is to do now; at most half of all time goes to checkpoints.  1:
 * something was done.  A checkpoint that can't be written is noted; error: the
 * run can't go on. */
int saver_pass(struct saver *saver, double now, struct tm_error *error);
/* A message SAVED of that worker, behind its header; -1: it makes no sense. */
int saver_saved(struct saver *saver, uint16_t from, struct wire_reader *r);
/* That worker is lost, and the coordinator knows. */
void saver_lost(struct saver *saver, uint16_t worker);
/* The run stands still for it. */
int saver_busy(const struct saver *saver);

#endif
