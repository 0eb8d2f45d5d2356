/* Helpers spin: between two parts of a kernel are microseconds.  A core that
 * two of them share goes from one to the other by sched_yield(). */
#include "runtime/team.h"

#include <sched.h>
#include <time.h>

enum {
    PART_BITS = 10, /* TEAM_PARTS fit */
    PART_MASK = (1 << PART_BITS) - 1,
    YIELD_TRIES = 2000, /* looks before another thread may have the core */
    CLOCK_TRIES = 200   /* and before one at the clock */
};
static const double help_seconds = 5e-3;
/* A helper that keeps others waiting so much longer than their own parts took
 * has lost its core to another process: for a while it is not asked, and for
 * twice as long if that happens again soon. */
static const double late_seconds = 2e-4, late_times = 4;
static const double rest_least = 2e-2, rest_most = 1, soon_times = 10;

static void pause_a_moment(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#endif
}

static void wait_a_moment(int tries)
{
    if (tries % YIELD_TRIES == YIELD_TRIES - 1)
        sched_yield();
    else
        pause_a_moment();
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- parts -------------------------------------------------------------- */

/* Takes the next part: 1, or 0 if all are taken.  What it is about stays until
 * the part is done. */
static int take_part(struct team *team, int *k)
{
    uint64_t next = atomic_load_explicit(&team->next, memory_order_acquire);

    while ((next & PART_MASK) < (next >> PART_BITS & PART_MASK))
        if (atomic_compare_exchange_weak_explicit(
                &team->next, &next, next + 1, memory_order_acquire,
                memory_order_acquire)) {
            *k = (int)(next & PART_MASK);
            return 1;
        }
    return 0;
}

/* 1: there was one. */
static int do_part(struct team *team)
{
    int k;

    if (!take_part(team, &k))
        return 0;
    team->part(team->work, k);
    atomic_fetch_add_explicit(&team->done, 1, memory_order_release);
    return 1;
}

static void alone(int parts, team_part *part, void *work)
{
    for (int k = 0; k < parts; k++)
        part(work, k);
}

/* Helpers go, and are not asked for a while. */
static void rest(struct team *team, double now)
{
    int soon = now - team->rested < soon_times * team->rest;

    team->rest = soon ? 2 * team->rest : rest_least;
    team->rest = team->rest < rest_most ? team->rest : rest_most;
    team->rested = now + team->rest;
    atomic_store(&team->rests, 1);
}

static int is_resting(struct team *team, double now)
{
    if (!atomic_load_explicit(&team->rests, memory_order_relaxed))
        return 0;
    if (now < team->rested)
        return 1;
    atomic_store(&team->rests, 0);
    if (team->wake)
        team->wake(team->user);
    return 0;
}

static void offer(struct team *team, int parts, team_part *part, void *work)
{
    uint64_t last = atomic_load_explicit(&team->next, memory_order_relaxed);

    team->part = part;
    team->work = work;
    atomic_store_explicit(&team->done, 0, memory_order_relaxed);
    last >>= 2 * PART_BITS;
    atomic_store_explicit(&team->next,
                          (last + 1) << 2 * PART_BITS |
                              (uint64_t)parts << PART_BITS,
                          memory_order_release);
}

static void do_parts(struct team *team, int parts, team_part *part, void *work)
{
    double begin = seconds_now(), own, now;
    int tries = 0;

    if (is_resting(team, begin)) {
        alone(parts, part, work);
        return;
    }
    offer(team, parts, part, work);
    while (do_part(team))
        ;
    own = seconds_now() - begin;
    while (atomic_load_explicit(&team->done, memory_order_acquire) < parts)
        wait_a_moment(tries++);
    now = seconds_now();
    if (now - begin - own > late_times * own + late_seconds)
        rest(team, now);
}

void team_run(struct team *team, int parts, team_part *part, void *work)
{
    int none = 0;

    if (parts > 1 && parts <= TEAM_PARTS && team && atomic_load(&team->open) &&
        atomic_compare_exchange_strong(&team->busy, &none, 1)) {
        do_parts(team, parts, part, work);
        atomic_store(&team->busy, 0);
    } else {
        alone(parts, part, work);
    }
}

/* ---- helpers ------------------------------------------------------------ */

void team_open(struct team *team)
{
    if (!team)
        return;
    atomic_fetch_add(&team->open, 1);
    if (team->wake)
        team->wake(team->user);
}

void team_close(struct team *team)
{
    if (team)
        atomic_fetch_sub(&team->open, 1);
}

static void help(struct team *team, const atomic_int *jobs)
{
    double end = seconds_now() + help_seconds;
    int tries = 0;

    while (atomic_load_explicit(&team->open, memory_order_relaxed) &&
           !atomic_load_explicit(&team->rests, memory_order_relaxed) &&
           !atomic_load_explicit(jobs, memory_order_relaxed))
        if (do_part(team) || tries % CLOCK_TRIES == CLOCK_TRIES - 1) {
            tries++;
            if (seconds_now() > end)
                return;
        } else {
            wait_a_moment(tries++);
        }
}

int team_help(struct team *team, const atomic_int *jobs)
{
    int free;

    if (!team_wants(team))
        return 0;
    free = atomic_fetch_add(&team->helpers, 1) < TEAM_HELPERS;
    if (free)
        help(team, jobs);
    atomic_fetch_sub(&team->helpers, 1);
    return free;
}
