/* A worker's process: it joins a coordinator, hears what is to be run, and
 * runs its part of it. */
#ifndef RUNTIME_GUEST_H
#define RUNTIME_GUEST_H

#include "runtime/engine.h"
#include "runtime/wire.h"

struct guest;

struct guest_setup {
    const char *address; /* of the coordinator */
    int threads;         /* that compute */
    int until_eof;       /* end too when standard input does */
    int place;           /* among those that the coordinator started, or 0 */
    double silence;      /* seconds after which the coordinator is given up,
                          * until it says another number */
    const struct secret *secret; /* of tcp; NULL: none */
    size_t memory;     /* bytes of tiles, at most; 0: no limit */
    const char *spill; /* folder for what does not fit, or NULL */
    const atomic_int *cancel;
};

/* Join.  NULL: error has it. */
struct guest *guest_join(const struct guest_setup *setup,
                         struct tm_error *error);
/* What the coordinator told (api/remote.c reads it); valid until the guest
 * is closed. */
struct wire_reader guest_welcome(const struct guest *guest);
void guest_silence(struct guest *guest, double seconds);
/* Take the plan as bound (error->status: can't), compare it with the
 * coordinator's and the others, run, until the run is over.  away_loads: per
 * input of the plan, its tiles come from the coordinator; away_stores:
 * outputs go there.  profile: of its threads, for the coordinator, or NULL. */
enum tm_status guest_run(struct guest *guest, const struct binding *binding,
                         struct job_io *io, uint64_t digest,
                         const unsigned char *away_loads, int away_stores,
                         struct profile *profile, struct tm_error *error);
void guest_close(struct guest *guest); /* NULL is fine */

#endif
