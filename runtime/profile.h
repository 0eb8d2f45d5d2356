/* Where the time of a run goes: each thread's, by what it did.
 *
 * A thread has a lane, to which nobody else writes, and is in one state at
 * any time; so what the lanes hold adds up to all the time that there was,
 * and nothing is locked.  A lane that is NULL (no profile is wanted) costs
 * one comparison.  The lanes are read when the threads are gone. */
#ifndef RUNTIME_PROFILE_H
#define RUNTIME_PROFILE_H

#include "runtime/job.h"
#include "runtime/wire.h"

struct profile;
struct lane;

enum lane_state {
    LANE_HAND, /* takes jobs and gives them back */
    LANE_WALK, /* moves messages and unfolds the plan */
    LANE_WAIT, /* has nothing to do */
    LANE_WORK, /* did a job: lane_job() says which */
    LANE_OVER, /* the thread ends */
    LANE_STATES
};

enum profile_phase { PROFILE_OPEN, PROFILE_RUN, PROFILE_CLOSE, PROFILE_PHASES };

/* Nanoseconds of a clock that never goes back. */
uint64_t profile_clock(void);

/* binding: finished; borrowed.  trace: keep each single task.  opened: when
 * the execution began.  NULL: out of memory. */
struct profile *profile_new(const struct binding *binding, int threads,
                            int trace, uint64_t opened);
void profile_free(struct profile *profile);
/* The phase begins now; PROFILE_PHASES: the last one ends. */
void profile_phase(struct profile *profile, enum profile_phase phase);

/* Has the phase PROFILE_RUN begun? */
int profile_ran(const struct profile *profile);

/* Lane of thread 0 ..., or NULL without a profile. */
struct lane *profile_lane(struct profile *profile, int thread);
/* The walker waits for a computed number, or no longer does.  Whoever calls
 * it holds the coordinator's lock; profile may be NULL. */
void profile_fetch(struct profile *profile, int waits);

void lane_enter_now(struct lane *lane, enum lane_state state);
void lane_job_now(struct lane *lane, const struct job *job);

/* The lane's thread goes over to another state. */
static inline void lane_enter(struct lane *lane, enum lane_state state)
{
    if (lane)
        lane_enter_now(lane, state);
}

/* The time since the last call of either was this job's, not the state's. */
static inline void lane_job(struct lane *lane, const struct job *job)
{
    if (lane)
        lane_job_now(lane, job);
}

/* All lanes, for the profile that another process has of the same plan; there
 * they become lanes of that worker's threads.  -1: that makes no sense, or
 * there is no memory. */
void profile_put(const struct profile *profile, struct wire_writer *writer);
int profile_get(struct profile *profile, struct wire_reader *reader,
                int worker);

/* A table for people, an object of JSON, and a trace in the format of
 * Chrome's about:tracing and Perfetto; docs/profile.md. */
void profile_text(const struct profile *profile, FILE *out);
void profile_json(const struct profile *profile, FILE *out);
void profile_trace(const struct profile *profile, FILE *out);

/* ---- for profile_print.c ------------------------------------------------- */

struct profile_sum {
    double jobs, flops, bytes;
    uint64_t time;
};

enum { EVENT_TILES = 4, CHUNK_EVENTS = 2048 };

struct profile_event {
    uint64_t begin, end;
    uint64_t number; /* of the task */
    double flops;
    uint32_t what;               /* as in lane->sums, or PLAN_NONE: a state */
    uint32_t tiles[EVENT_TILES]; /* written and read: the first few */
    uint8_t tile_count;
    uint8_t state;
};

struct profile_chunk {
    struct profile_chunk *next;
    uint32_t count;
    struct profile_event events[CHUNK_EVENTS];
};

struct lane {
    struct profile *profile;
    int worker, thread; /* worker -1: it is this process */
    uint64_t since; /* of the present state; 0: the thread never began */
    uint64_t begin;
    enum lane_state state;
    uint64_t times[LANE_STATES];
    struct profile_sum *sums; /* tasks by plan entry, then loads by matrix */
    struct profile_chunk *first, *last; /* of a trace */
    uint32_t chunks;
    uint64_t lost; /* events for which there was no room */
};

struct profile {
    const struct binding *binding;
    int threads, trace;
    struct lane *lanes;   /* one a thread */
    struct lane fetches;  /* when the walker waited for a number */
    uint32_t chunks_most; /* of one lane */
    uint64_t phases[PROFILE_PHASES + 1]; /* when they began */
};

#endif
