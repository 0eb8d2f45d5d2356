/* The coordinator's process of a run with worker processes: who joins, what
 * they are told, the files that they don't reach, and the end. */
#ifndef RUNTIME_LEAD_H
#define RUNTIME_LEAD_H

#include "runtime/crew.h"
#include "runtime/engine.h"
#include "runtime/wire.h"

struct lead_setup {
    const struct engine_setup *run;
    int workers; /* that must have joined before the first task */
    const struct crew_host *hosts; /* start some of them there ... */
    int host_count;
    struct crew_setup crew; /* ... so; without address and secret */
    const char *listen;  /* tcp://HOST:PORT where they join; NULL: where
                          * those that are started find it */
    const struct secret *secret; /* that they must know; NULL: none */
    double silence;      /* seconds after which a worker is given up */
    const struct wire_writer *welcome; /* what all are told (talk.h) */
    uint64_t digest;                   /* what they must answer */
};

/* As engine_run(). */
enum tm_status lead_run(const struct lead_setup *setup, struct tm_error *error);

#endif
