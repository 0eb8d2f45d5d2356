/* A team: threads without a job of their own that help with one kernel.
 *
 * A kernel that is all there is to do cuts its work into parts that don't touch
 * one another, and whoever is there does them.  What the parts are follows from
 * shapes alone, so who did them shows in no bit.
 *
 * A kernel opens the team for as long as it will have parts now and then:
 * helpers then look for them without sleeping, since parts may last for some
 * microseconds only. */
#ifndef RUNTIME_TEAM_H
#define RUNTIME_TEAM_H

#include <stdatomic.h>
#include <stdint.h>

typedef void team_part(void *work, int part);

enum {
    TEAM_PARTS = 1000, /* at most, at once */
    TEAM_HELPERS = 15  /* more would be in each other's way */
};

struct team { /* all 0 is one without helpers */
    void (*wake)(void *user); /* helpers may be asleep; or NULL */
    void *user;
    atomic_int open;    /* kernels that have parts now and then */
    atomic_int helpers; /* that look for them */
    atomic_int busy;    /* parts of one kernel at a time */
    /* Which parts these are, how many they are, and the next to be done: one
     * number, so that who takes one knows that all three hold. */
    _Atomic uint64_t next;
    atomic_int done;
    team_part *part;
    void *work;
    atomic_int rests; /* helpers were late: they are not asked ... */
    double rested, rest; /* ... until then, for so many seconds */
};

/* For a kernel; team may be NULL. */
void team_open(struct team *team);
void team_close(struct team *team);
/* Parts 0, 1, ... of the work; returns when they are done.  By this thread
 * alone if the team is not open, or another kernel has parts just now. */
void team_run(struct team *team, int parts, team_part *part, void *work);

/* For a thread without a job: does parts while a kernel has the team open and
 * *jobs is 0, for some milliseconds at most.  0: it is not needed. */
int team_help(struct team *team, const atomic_int *jobs);
/* Is it needed? */
static inline int team_wants(const struct team *team)
{
    return atomic_load_explicit(&team->open, memory_order_relaxed) &&
           !atomic_load_explicit(&team->rests, memory_order_relaxed) &&
           atomic_load_explicit(&team->helpers, memory_order_relaxed) <
               TEAM_HELPERS;
}

#endif
