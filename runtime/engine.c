/* The engine: threads around two state machines.
 *
 * Two locks.  `work` guards the worker: a thread takes it to hand back the
 * jobs it has done and to get the next.  `pump` guards the coordinator:
 * whoever has nothing to do, or has given back enough, tries to get it, and
 * then moves messages and lets the coordinator walk on.  pump may take work,
 * never the other way round; jobs run with neither.
 *
 * Both machines live here, so a message passes from one to the other by its
 * address, and its memory goes back to who wrote it: nothing is sent. */
#include "runtime/engine.h"
#include "runtime/checkpoint.h"
#include "runtime/coordinator.h"
#include "runtime/homes.h"
#include "runtime/host.h"
#include "runtime/memory.h"
#include "runtime/profile.h"
#include "runtime/spill.h"
#include "runtime/team.h"
#include "runtime/worker.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    JOBS_MOST = 64,     /* that a thread takes at once */
    CORES_MOST = 64,    /* that a thread looks for others on */
    REPORT_TASKS = 512, /* done tasks that make a report due */
    WALKS = 4,          /* steps of the coordinator in one pass */
    LOCK_TRIES = 2000,  /* before a thread sleeps on a lock */
    IDLE_TRIES = 3000,  /* looks for work before it sleeps without any */
    STILL_PASSES = 20   /* in which nothing moves: the run is stuck */
};
/* Joined products; at a core's 100 GF/s half a millisecond. */
static const double chain_flops = 5e7;
static const double report_seconds = 2e-3; /* ... or so old a report */
static const double progress_seconds = 0.1;
static const double idle_seconds = 0.05; /* to look at the cancel flag */
static const double attend_seconds = 0.01;
/* A thread takes more jobs at once while they last less than this, and
 * fewer when they last more. */
static const double short_seconds = 20e-6, long_seconds = 60e-6;

struct engine;

struct runner { /* a thread */
    struct engine *engine;
    pthread_t thread;
    struct job jobs[JOBS_MOST];
    struct job_space space;
    struct lane *lane; /* its profile, or NULL */
    atomic_int core;   /* where it computes; -1: it does not */
    uint32_t count;    /* jobs in hand */
    uint32_t most;     /* to be taken at once */
};

struct engine {
    struct engine_setup setup;
    struct runner *runners;
    pthread_t attendant;
    int attends; /* it runs */
    float *costs;
    double start;
    atomic_int over;  /* threads go home */
    atomic_int ready; /* jobs that wait: a hint, for who looks without work */
    struct team team; /* who has no job helps with others' */
    /* under pump */
    pthread_mutex_t pump;
    struct coordinator *coordinator;
    double shown; /* when progress was shown last */
    struct tm_error error;
    int finished;
    int fetching; /* the walker waits for a computed number */
    int still; /* passes in which nothing could move */
    struct checkpoint checkpoint;
    double saved; /* when the last one was written, and how long it took */
    double paused, saving;
    /* under work */
    pthread_mutex_t work;
    pthread_cond_t wake;
    struct worker *worker;
    struct store *store;
    struct spill *spill; /* or NULL */
    struct homes *homes; /* or NULL */
    uint32_t idle;    /* threads that wait for wake */
    uint32_t running; /* jobs in hand of all threads */
    double reported;  /* when worker_flush() was called last */
    double flops;
    uint64_t tasks;
    /* no thread has a job since then (0: some has); seconds of such times,
     * and of those in which the walker waited for a number */
    double still_since, still_seconds, fetch_seconds;
    int fetch_now, fetch_seen; /* it waits; and did since still_since */
    struct away *away; /* jobs to be done in another process */
};

struct away {
    struct away *next;
    struct job job;
};

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- locks -------------------------------------------------------------- */

static void pause_a_moment(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#endif
}

/* It is held for microseconds: sleeping costs more than waiting for it. */
static void work_lock(struct engine *e)
{
    int tries;

    for (tries = 0; tries < LOCK_TRIES; tries++) {
        if (!pthread_mutex_trylock(&e->work))
            return;
        pause_a_moment();
    }
    pthread_mutex_lock(&e->work);
}

/* Idle threads are woken as soon as there is something for them. */
static void work_unlock(struct engine *e)
{
    uint32_t ready = worker_ready(e->worker), idle = e->idle;

    atomic_store_explicit(&e->ready, (int)ready, memory_order_relaxed);
    pthread_mutex_unlock(&e->work);
    if (!ready || !idle)
        return;
    if (ready > 1 && idle > 1)
        pthread_cond_broadcast(&e->wake);
    else
        pthread_cond_signal(&e->wake);
}

/* Team's: there will be parts of a kernel to be done. */
static void wake_helpers(void *user)
{
    struct engine *e = user;

    work_lock(e);
    if (e->idle)
        pthread_cond_broadcast(&e->wake);
    work_unlock(e);
}

/* ---- the pump ----------------------------------------------------------- */

static void finish(struct engine *e)
{
    work_lock(e);
    atomic_store(&e->over, 1);
    pthread_cond_broadcast(&e->wake);
    work_unlock(e);
}

/* Who needs what was done here asks here: while there are tasks left, a
 * coordinator in another process may hear of those that are done a moment
 * later, with more of them in one message. */
static int reports_wait(const struct engine *e)
{
    return e->setup.shell && !worker_urgent(e->worker) &&
           worker_tasks(e->worker) &&
           worker_unreported(e->worker) < REPORT_TASKS &&
           seconds_now() - e->reported < report_seconds;
}

/* All that the worker has to say; the caller holds work. */
static void take_messages(struct engine *e, struct wire_outbox *messages)
{
    outbox_init(messages);
    if (!reports_wait(e)) {
        worker_flush(e->worker);
        e->reported = seconds_now();
    }
    outbox_move(worker_outbox(e->worker), messages);
    if (worker_error(e->worker)->status && !e->error.status)
        e->error = *worker_error(e->worker);
    if (worker_bad(e->worker))
        error_set(&e->error, TM_EBUG,
                  "a message of the coordinator makes no sense");
}

/* What the worker has to say to the coordinator. */
static int pump_reports(struct engine *e)
{
    struct wire_outbox reports;
    struct wire_message *message;

    work_lock(e);
    take_messages(e, &reports);
    work_unlock(e);
    if (!reports.first)
        return 0;
    for (message = reports.first; message; message = message->next)
        coordinator_message(e->coordinator, 0, message->bytes, message->size);
    if (coordinator_bad(e->coordinator))
        error_set(&e->error, TM_EBUG, "a message of a worker makes no sense");
    work_lock(e);
    outbox_spare(worker_outbox(e->worker), &reports);
    work_unlock(e);
    return 1;
}

/* For fetch_seconds: whether the walker waits now. */
static void note_fetch(struct engine *e)
{
    int waits = coordinator_waits(e->coordinator);

    if (waits == e->fetching)
        return;
    e->fetching = waits;
    profile_fetch(e->setup.profile, waits);
    work_lock(e);
    e->fetch_now = waits;
    e->fetch_seen |= waits;
    work_unlock(e);
}

/* What the coordinator has to say to the worker, in small portions: between
 * them other threads get their jobs. */
static int pump_orders(struct engine *e)
{
    struct wire_outbox *orders = coordinator_outbox(e->coordinator), said;
    struct wire_message *message;

    if (!orders->first)
        return 0;
    outbox_init(&said);
    outbox_move(orders, &said);
    for (message = said.first; message; message = message->next) {
        work_lock(e);
        worker_message(e->worker, WIRE_COORDINATOR, message->bytes,
                       message->size);
        work_unlock(e);
    }
    outbox_spare(orders, &said);
    return 1;
}

static int pump_coordinator(struct engine *e)
{
    struct coordinator *c = e->coordinator;
    char *line;
    int walks = 0, moved = 0;

    while ((line = coordinator_line(c))) {
        if (e->setup.print)
            e->setup.print(e->setup.print_user, line);
        free(line);
    }
    while (walks < WALKS && !coordinator_finished(c) && coordinator_step(c)) {
        walks++;
        pump_orders(e);
    }
    moved = pump_orders(e);
    note_fetch(e);
    return moved || walks;
}

static void show_progress(struct engine *e, double now)
{
    struct coordinator_progress at;
    struct tm_progress progress = {.seconds = now - e->start};

    e->shown = now;
    coordinator_progress(e->coordinator, &at);
    work_lock(e);
    progress.flops = e->flops;
    progress.tasks = e->tasks;
    progress.idle_seconds = e->still_seconds;
    progress.fetch_seconds = e->fetch_seconds;
    worker_spilled(e->worker, &progress.spilled, &progress.read_back);
    work_unlock(e);
    progress.total_flops = progress.flops + at.cost_total - at.cost_done;
    progress.whole = at.whole;
    e->setup.progress(e->setup.progress_user, &progress);
}

/* Nothing runs, nothing is ready, and nobody has anything to say. */
static void check_stuck(struct engine *e)
{
    char text[200];
    int stuck;

    work_lock(e);
    stuck = !e->running && !worker_ready(e->worker) &&
            !worker_unreported(e->worker) && !worker_urgent(e->worker);
    work_unlock(e);
    e->still = stuck ? e->still + 1 : 0;
    if (e->still == STILL_PASSES / 2)
        coordinator_ask(e->coordinator);
    if (e->still < STILL_PASSES)
        return;
    coordinator_describe(e->coordinator, text, sizeof text);
    error_set(&e->error, TM_EBUG, "the run stands still: %s", text);
}

static int save_versions(struct engine *e, struct tm_error *error)
{
    const struct binding *b = e->setup.binding;
    struct coordinator_version v;
    uint32_t k = 0;

    while (coordinator_needed(e->coordinator, &k, &v)) {
        struct bind_tile at = binding_tile_at(b, v.tile);
        const void *data = worker_held(e->worker, v.index, error);
        if (!data || checkpoint_add(&e->checkpoint, v.tile, v.writer, data,
                                    job_tile_bytes(b, &at), error))
            return -1;
    }
    return 0;
}

/* A checkpoint that can't be written is not the end of the run. */
static void save(struct engine *e)
{
    struct checkpoint *p = &e->checkpoint;
    struct tm_error error;

    error_clear(&error);
    work_lock(e);
    if (!coordinator_error(e->coordinator)->status && /* it ends anyway */
        !checkpoint_begin(p, e->coordinator, &error) &&
        !save_versions(e, &error))
        checkpoint_end(p, e->setup.io, &error);
    work_unlock(e);
    checkpoint_drop(p); /* if it is not done */
    if (error.status && e->setup.note)
        e->setup.note(e->setup.note_user, error.text);
    coordinator_go_on(e->coordinator);
    e->saved = seconds_now();
    e->saving = e->saved - e->paused;
}

/* Drains the run when it is time, and saves it when it is drained.  At most
 * half of all time goes there. */
static int pump_checkpoint(struct engine *e)
{
    const struct checkpoint_setup *setup = e->setup.checkpoint;
    double now;

    if (coordinator_paused(e->coordinator)) {
        save(e);
        return 1;
    }
    now = seconds_now();
    if (now - e->saved < setup->seconds || now - e->saved < e->saving ||
        !coordinator_pause(e->coordinator))
        return 0;
    e->paused = now;
    pump_orders(e);
    return 1;
}

/* The job's copy is on its way; the caller holds work. */
static int send_away(struct engine *e, struct job *job)
{
    struct away *away = malloc(sizeof *away);

    if (!away)
        return -1;
    *away = (struct away){e->away, *job};
    free(away->job.text); /* of the last job in this place */
    away->job.text = NULL;
    away->job.flops = 0;
    e->away = away;
    job_init(job);
    return 0;
}

static struct away *away_of(struct job *job)
{
    return (struct away *)(void *)((char *)job - offsetof(struct away, job));
}

static void away_free(struct away *away)
{
    job_fini(&away->job);
    free(away);
}

static int pump_away(struct engine *e, struct away *list)
{
    const struct engine_shell *shell = e->setup.shell;
    struct job *job;
    int moved = list != NULL;

    while (list) {
        struct away *next = list->next;
        shell->give_away(shell->user, &list->job);
        list = next;
    }
    while ((job = shell->returned(shell->user))) {
        work_lock(e);
        worker_finish(e->worker, job);
        e->tasks += !job->load;
        work_unlock(e);
        away_free(away_of(job));
        moved = 1;
    }
    return moved;
}

/* As pump(), where the coordinator is another process. */
static int pump_shell(struct engine *e)
{
    const struct engine_shell *shell = e->setup.shell;
    struct engine_message message;
    struct wire_outbox said;
    struct away *away;
    int moved = 0, released;

    while (shell->receive(shell->user, &message)) {
        work_lock(e);
        worker_message(e->worker, message.from, message.bytes, message.size);
        work_unlock(e);
        shell->received(shell->user);
        moved = 1;
    }
    work_lock(e);
    take_messages(e, &said);
    away = e->away;
    e->away = NULL;
    released = worker_released(e->worker);
    work_unlock(e);
    moved |= shell->send(shell->user, &said);
    moved |= pump_away(e, away);
    if (e->error.status || shell->over(shell->user, released, &e->error))
        finish(e);
    return moved;
}

/* One pass over all that can move; the caller holds the pump.  1: something
 * moved. */
static int pump(struct engine *e)
{
    double now;
    int moved;

    if (atomic_load(&e->over))
        return 0;
    if (e->setup.shell)
        return pump_shell(e);
    moved = pump_reports(e);
    moved |= pump_coordinator(e);
    if (e->setup.checkpoint)
        moved |= pump_checkpoint(e);
    if (e->setup.progress) {
        now = seconds_now();
        if (now - e->shown >= progress_seconds)
            show_progress(e, now);
    }
    e->finished = coordinator_finished(e->coordinator);
    if (!moved && !e->finished)
        check_stuck(e);
    if (atomic_load(e->setup.cancel))
        error_set(&e->error, TM_ECANCELLED, "cancelled");
    if (e->finished || e->error.status)
        finish(e);
    return moved;
}

/* 1: this thread had the pump, and something moved. */
static int pump_try(struct engine *e, struct runner *r)
{
    int moved;

    if (pthread_mutex_trylock(&e->pump))
        return 0;
    lane_enter(r->lane, LANE_WALK);
    moved = pump(e);
    pthread_mutex_unlock(&e->pump);
    return moved;
}

/* ---- threads ------------------------------------------------------------ */

static void give_back(struct engine *e, struct runner *r)
{
    uint32_t k;

    for (k = 0; k < r->count; k++) {
        worker_finish(e->worker, &r->jobs[k]);
        e->flops += r->jobs[k].flops;
        e->tasks += !r->jobs[k].load;
    }
    e->running -= r->count;
    r->count = 0;
}

/* Keeps the seconds in which no thread has a job.  The clock is read only
 * when that begins or ends. */
static void note_still(struct engine *e)
{
    double now, seconds;

    if (!e->running == !!e->still_since)
        return;
    now = seconds_now();
    if (!e->running) {
        e->still_since = now;
        e->fetch_seen = e->fetch_now;
        return;
    }
    seconds = now - e->still_since;
    e->still_since = 0;
    e->still_seconds += seconds;
    if (e->fetch_seen)
        e->fetch_seconds += seconds;
}

static int is_away(const struct engine *e, const struct job *job)
{
    return e->setup.shell &&
           e->setup.shell->is_away(e->setup.shell->user, job);
}

/* The tasks that update the same tile next: C[i,j] += A[i,k] * B[k,j] of the
 * following k.  One of A's sizes is the inner one, the other C's rows. */
static void take_chain(struct engine *e, struct runner *r)
{
    const struct binding *b = e->setup.binding;
    double flops = 0;

    while (r->count < JOBS_MOST && flops < chain_flops &&
           worker_follow(e->worker, &r->jobs[r->count - 1],
                         &r->jobs[r->count])) {
        const struct job_operand *x = r->jobs[r->count++].operand;
        struct bind_tile c = binding_tile_at(b, x[0].out_tile);
        struct bind_tile a = binding_tile_at(b, x[1].in_tile);
        flops += 2.0 * (double)c.cols * (double)a.rows * (double)a.cols;
    }
}

/* Jobs for this thread, but never so many that others have none. */
static void take(struct engine *e, struct runner *r)
{
    uint32_t share =
        worker_ready(e->worker) / (2 * (uint32_t)e->setup.threads) + 1;
    uint32_t most = r->most < share ? r->most : share;

    while (r->count < most && worker_take(e->worker, &r->jobs[r->count]))
        if (!is_away(e, &r->jobs[r->count]) ||
            send_away(e, &r->jobs[r->count])) {
            r->count++;
            take_chain(e, r);
        }
    e->running += r->count;
}

/* A thread that begins, or has slept, may find itself on a core where another
 * one computes, and stay for longer than a short run lasts, while cores are
 * free. */
static void find_core(struct engine *e, const struct runner *r)
{
    int cores[CORES_MOST], count = 0, here = host_core(), shared = 0, k;

    for (k = 0; k < e->setup.threads && count < CORES_MOST; k++) {
        int core = atomic_load(&e->runners[k].core);
        if (&e->runners[k] == r || core < 0)
            continue;
        cores[count++] = core;
        shared |= core == here;
    }
    if (shared)
        host_avoid(cores, count);
}

/* Returns the time at its end. */
static double run_jobs(struct engine *e, struct runner *r)
{
    double start = seconds_now(), now, seconds;
    uint32_t k;

    atomic_store(&r->core, host_core());
    lane_enter(r->lane, LANE_HAND);
    for (k = 0; k < r->count && !atomic_load(&e->over); k++) {
        job_run(&r->jobs[k], e->setup.io, &r->space);
        lane_job(r->lane, &r->jobs[k]);
    }
    now = seconds_now();
    seconds = now - start;
    if (seconds < short_seconds && r->most < JOBS_MOST)
        r->most *= 2;
    else if (seconds > long_seconds && r->most > 1)
        r->most /= 2;
    return now;
}

/* Is there a reason to pump before anything else? */
static int pump_due(const struct engine *e)
{
    uint32_t unreported = worker_unreported(e->worker);

    return worker_urgent(e->worker) || unreported >= REPORT_TASKS || e->away ||
           worker_outbox(e->worker)->first ||
           (unreported && !e->running && !worker_ready(e->worker) &&
            !reports_wait(e));
}

/* Nothing is ready: look for a while, then tell what is done, so that the
 * walk can go on, then sleep. */
static void idle(struct engine *e, struct runner *r)
{
    struct timespec until;
    double seconds = idle_seconds;
    int tries;

    atomic_store(&r->core, -1);
    lane_enter(r->lane, LANE_WAIT);
    for (tries = 0; tries < IDLE_TRIES; tries++) {
        if (atomic_load_explicit(&e->ready, memory_order_relaxed) ||
            atomic_load(&e->over))
            return;
        if (team_help(&e->team, &e->ready))
            break;
        pause_a_moment();
    }
    if (pump_try(e, r) || team_wants(&e->team))
        return;
    lane_enter(r->lane, LANE_WAIT);
    work_lock(e);
    if (worker_unreported(e->worker))
        seconds = reports_wait(e) ? report_seconds : 0;
    if (seconds > 0 && !worker_ready(e->worker) && !worker_urgent(e->worker) &&
        !team_wants(&e->team) && !atomic_load(&e->over)) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)(seconds * 1e9);
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        e->idle++;
        pthread_cond_timedwait(&e->wake, &e->work, &until);
        e->idle--;
    }
    work_unlock(e);
    find_core(e, r);
}

static void *run(void *user)
{
    struct runner *r = user;
    struct engine *e = r->engine;
    double now = e->start;

    find_core(e, r);
    while (!atomic_load(&e->over)) {
        int due;
        lane_enter(r->lane, LANE_HAND);
        work_lock(e);
        give_back(e, r);
        due = pump_due(e) || (worker_unreported(e->worker) &&
                              now - e->reported > report_seconds);
        if (!due)
            take(e, r);
        note_still(e);
        work_unlock(e);
        if (due && pump_try(e, r))
            continue;
        if (due) { /* someone else pumps */
            work_lock(e);
            take(e, r);
            note_still(e);
            work_unlock(e);
        }
        if (r->count)
            now = run_jobs(e, r);
        else
            idle(e, r);
    }
    lane_enter(r->lane, LANE_OVER);
    return NULL;
}

/* The thread that waits for messages of other processes, while those that
 * compute are busy or asleep. */
static void *attend(void *user)
{
    struct engine *e = user;
    int again;

    while (!atomic_load(&e->over)) {
        e->setup.shell->wait(e->setup.shell->user, attend_seconds);
        do {
            pthread_mutex_lock(&e->pump);
            again = pump(e);
            pthread_mutex_unlock(&e->pump);
            work_lock(e);
            again |= pump_due(e);
            work_unlock(e);
        } while (again && !atomic_load(&e->over));
    }
    return NULL;
}

/* Helpers block all signals: the host's handlers run in its own threads. */
static int start_threads(struct engine *e, struct runner *runners)
{
    sigset_t all, before;
    int k, started = 1;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (k = 1; k < e->setup.threads; k++) {
        if (pthread_create(&runners[k].thread, NULL, run, &runners[k]))
            break; /* fewer will do */
        started++;
    }
    e->attends = e->setup.shell &&
                 !pthread_create(&e->attendant, NULL, attend, e);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (e->setup.shell && !e->attends) {
        pthread_mutex_lock(&e->pump);
        error_set(&e->error, TM_EMEMORY, "no thread for messages");
        finish(e);
        pthread_mutex_unlock(&e->pump);
    }
    return started;
}

static void run_all(struct engine *e, struct runner *runners)
{
    int k, started = 1;

    atomic_store(&runners[0].core, host_core());
    pump_try(e, &runners[0]); /* the first tasks, before anyone looks for them */
    if (!atomic_load(&e->over))
        started = start_threads(e, runners);
    if (!atomic_load(&e->over))
        run(&runners[0]);
    for (k = 1; k < started; k++)
        pthread_join(runners[k].thread, NULL);
    if (e->attends)
        pthread_join(e->attendant, NULL);
}

/* ---- making and unmaking ------------------------------------------------ */

/* Every task must fit; the largest edge of square tiles that would do. */
static int check_memory(struct engine *e)
{
    const struct binding *b = e->setup.binding;
    uint32_t entry, width;
    size_t least = memory_least(b, &entry, &width), entries;
    int64_t edge = 1;

    if (least <= e->setup.memory)
        return 0;
    entries = e->setup.memory / width;
    while ((size_t)(edge + 1) * (size_t)(edge + 1) <= entries)
        edge++;
    error_set(&e->error, TM_EMEMORY,
              "the memory of the run, %zu bytes, is too small: this takes %zu "
              "bytes in tiles at once, %zu more (tiles of %" PRId64
              " would do)",
              e->setup.memory, least, least - e->setup.memory,
              edge > 8 ? edge / 8 * 8 : edge);
    e->error.place = b->plan->entries.items[entry].place;
    return e->error.status;
}

static int open_budget(struct engine *e)
{
    if (!e->setup.memory)
        return 0;
    if (check_memory(e))
        return -1;
    if (e->setup.spill) {
        e->spill = spill_open(e->setup.spill, &e->error);
        if (!e->spill)
            return -1;
    }
    if (worker_budget(e->worker, e->setup.memory, e->setup.threads, e->spill))
        return error_set(&e->error, TM_EMEMORY,
                         "out of memory to start the run");
    return 0;
}

/* Workers that are processes send their tiles, and checkpoints hold them:
 * these lie in the store. */
static int open_homes(struct engine *e)
{
    if (e->setup.shell || e->setup.checkpoint)
        return 0;
    if (homes_new(e->setup.binding, e->setup.io->outputs, &e->homes))
        return error_set(&e->error, TM_EMEMORY,
                         "out of memory to start the run");
    worker_homes(e->worker, e->homes);
    return 0;
}

static int restore(struct engine *e, struct checkpoint_source *source)
{
    struct checkpoint_version v;
    int more;

    if (checkpoint_restore(source, e->coordinator, &e->error))
        return -1;
    while ((more = checkpoint_version(source, e->setup.binding, &v,
                                      &e->error)) > 0)
        if (worker_hold(e->worker, v.tile, v.writer, v.data, &e->error))
            return -1;
    if (more || checkpoint_outputs(source, e->setup.io, &e->error))
        return -1;
    coordinator_restored(e->coordinator);
    checkpoint_tell(source, e->coordinator, e->setup.note, e->setup.note_user);
    return 0;
}

static int open_checkpoint(struct engine *e)
{
    const struct checkpoint_setup *setup = e->setup.checkpoint;

    if (!setup)
        return 0;
    if (checkpoint_open(&e->checkpoint, setup, &e->error))
        return -1;
    return setup->source ? restore(e, setup->source) : 0;
}

static int open_machines(struct engine *e)
{
    const struct binding *b = e->setup.binding;
    const struct engine_shell *shell = e->setup.shell;
    uint32_t k, entries = b->plan->entries.count;

    e->costs = malloc((entries + 1) * sizeof *e->costs);
    for (k = 0; e->costs && k < entries; k++)
        e->costs[k] = job_cost(b, k);
    e->store = e->setup.store ? e->setup.store : store_new();
    if (e->costs && e->store && !shell)
        e->coordinator = coordinator_new(b, e->costs, 1, COORDINATOR_WINDOW);
    if (e->costs && e->store)
        e->worker =
            worker_new(shell ? shell->self : 0, shell ? WIRE_WORKERS : 1, b,
                       e->setup.io->inputs, e->store);
    if ((e->coordinator || shell) && e->worker)
        return open_homes(e) || open_budget(e) || open_checkpoint(e);
    error_set(&e->error, TM_EMEMORY, "out of memory to start the run");
    return -1;
}

static void open_locks(struct engine *e)
{
    pthread_condattr_t monotonic;
    pthread_mutexattr_t adaptive;

    pthread_mutex_init(&e->pump, NULL);
    pthread_mutexattr_init(&adaptive);
    pthread_mutexattr_settype(&adaptive, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(&e->work, &adaptive); /* held for microseconds */
    pthread_mutexattr_destroy(&adaptive);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&e->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void close_away(struct engine *e)
{
    const struct engine_shell *shell = e->setup.shell;
    struct job *job;

    while (shell && (job = shell->dropped(shell->user)))
        away_free(away_of(job));
    while (e->away) {
        struct away *next = e->away->next;
        away_free(e->away);
        e->away = next;
    }
}

static void close_all(struct engine *e)
{
    close_away(e);
    checkpoint_close(&e->checkpoint);
    coordinator_free(e->coordinator);
    worker_free(e->worker);
    homes_free(e->homes);
    if (!e->setup.store)
        store_free(e->store);
    spill_close(e->spill);
    free(e->costs);
    pthread_cond_destroy(&e->wake);
    pthread_mutex_destroy(&e->work);
    pthread_mutex_destroy(&e->pump);
}

static struct runner *runners_new(struct engine *e)
{
    struct runner *runners = calloc((size_t)e->setup.threads, sizeof *runners);
    int k, n;

    if (!runners) {
        error_set(&e->error, TM_EMEMORY, "out of memory to start %d threads",
                  e->setup.threads);
        return NULL;
    }
    for (k = 0; k < e->setup.threads; k++) {
        runners[k].engine = e;
        runners[k].most = 1;
        runners[k].space.team = &e->team;
        atomic_init(&runners[k].core, -1);
        runners[k].lane = profile_lane(e->setup.profile, k);
        for (n = 0; n < JOBS_MOST; n++)
            job_init(&runners[k].jobs[n]);
    }
    e->runners = runners;
    return runners;
}

static void runners_free(struct engine *e, struct runner *runners)
{
    int k, n;

    for (k = 0; runners && k < e->setup.threads; k++) {
        for (n = 0; n < JOBS_MOST; n++)
            job_fini(&runners[k].jobs[n]);
        job_space_fini(&runners[k].space);
    }
    free(runners);
}

enum tm_status engine_run(const struct engine_setup *setup,
                          struct engine_result *result, struct tm_error *error)
{
    struct engine e = {.setup = *setup, .start = seconds_now()};
    struct runner *runners;

    error_clear(&e.error);
    e.shown = e.reported = e.saved = e.still_since = e.start;
    e.team.wake = wake_helpers;
    e.team.user = &e;
    open_locks(&e);
    runners = runners_new(&e);
    if (runners && !open_machines(&e)) {
        run_all(&e, runners);
        if (!e.error.status && e.coordinator)
            e.error = *coordinator_error(e.coordinator);
        if (setup->progress && !e.error.status)
            show_progress(&e, seconds_now());
        if (result) {
            *result = (struct engine_result){
                .tasks = e.tasks,
                .flops = e.flops,
                .peak_bytes = store_peak(e.store),
            };
            worker_spilled(e.worker, &result->spilled, &result->read_back);
        }
    }
    runners_free(&e, runners);
    close_all(&e);
    if (e.error.status && !error->status)
        *error = e.error;
    return (enum tm_status)e.error.status;
}
