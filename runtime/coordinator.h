/* The coordinator: walks the plan, places tasks on workers, keeps track of
 * every version that lives, and says when the run is over.
 *
 * A state machine without sockets, clocks or threads: messages in, messages
 * and printed lines out.  Not for two threads at once. */
#ifndef RUNTIME_COORDINATOR_H
#define RUNTIME_COORDINATOR_H

#include "plan/walk.h"
#include "runtime/wire.h"

enum { COORDINATOR_WINDOW = 8192 }; /* unfinished tasks, at most */

struct coordinator;

/* binding and costs (one a plan entry, see walker_new) are borrowed.
 * NULL: out of memory. */
struct coordinator *coordinator_new(const struct binding *binding,
                                    const float *costs, uint16_t workers,
                                    uint32_t window);
void coordinator_free(struct coordinator *coordinator);

/* The grid of workers round which new tiles go. */
void coordinator_grid(uint16_t workers, uint16_t *rows, uint16_t *cols);

/* A report of a worker.  What makes no sense is counted and left. */
void coordinator_message(struct coordinator *coordinator, uint16_t from,
                         const void *bytes, size_t size);
/* Unfold more of the plan if the window has room: 1; 0: not now. */
int coordinator_step(struct coordinator *coordinator);
/* A worker is gone, and whatever it may still say is left unread.  What it
 * held and others need is computed again elsewhere. */
void coordinator_lost(struct coordinator *coordinator, uint16_t worker);
/* One more worker: its number, which no other ever had, or -1. */
int coordinator_join(struct coordinator *coordinator);
/* A worker wants to go: it gets no more tasks, and others take over what it
 * holds.  Then it is told (worker_released()), and may be lost.  The last one
 * stays. */
void coordinator_leave(struct coordinator *coordinator, uint16_t worker);
/* When all workers are lost the run waits for one to join; otherwise it ends
 * with TM_EPEER. */
void coordinator_patient(struct coordinator *coordinator);

/* For a checkpoint: nothing more begins, and when what runs is done the walk
 * stands still (paused) until it is to go on.  0: not now. */
int coordinator_pause(struct coordinator *coordinator);
int coordinator_paused(const struct coordinator *coordinator);
void coordinator_go_on(struct coordinator *coordinator);
/* While it is paused, which a lost worker ends: how far the run is ... */
void coordinator_save(const struct coordinator *coordinator,
                      struct wire_writer *out);
/* ... and the next version at or after place *k that the rest needs, each
 * once: its holder, and the index in what that one said it holds.  1; 0: there
 * are no more. */
struct coordinator_version {
    uint64_t writer;
    uint32_t tile, index;
    uint16_t worker;
};
int coordinator_needed(const struct coordinator *coordinator, uint32_t *k,
                       struct coordinator_version *version);
/* A new one is to go on there: it stands still until restored() is called,
 * when workers hold what was saved.  -1: this makes no sense, or no memory;
 * the coordinator is of no use then. */
int coordinator_restore(struct coordinator *coordinator,
                        struct wire_reader *saved);
void coordinator_restored(struct coordinator *coordinator);
/* Its holder is asked for it. */
void coordinator_fetch(struct coordinator *coordinator,
                       const struct coordinator_version *version);
/* Which worker is to have a tile, of so many. */
uint32_t coordinator_workers(const struct coordinator *coordinator);
uint16_t coordinator_place(const struct coordinator *coordinator,
                           uint32_t tile);
uint64_t coordinator_tasks_done(const struct coordinator *coordinator);

/* What workers are to be told, closed as messages. */
struct wire_outbox *coordinator_outbox(struct coordinator *coordinator);
/* The next line of a print that may be shown; the caller frees it.  NULL:
 * none yet. */
char *coordinator_line(struct coordinator *coordinator);

/* Over: every task up to the end, or up to the first failure, is done. */
int coordinator_finished(const struct coordinator *coordinator);
/* The failure with the lowest number, or out of memory; status 0: none. */
const struct tm_error *coordinator_error(const struct coordinator *c);
uint64_t coordinator_bad(const struct coordinator *coordinator);

struct coordinator_progress {
    uint64_t tasks, unfolded;     /* done; handed out */
    double cost_done, cost_total; /* the same by the entries' costs */
    uint64_t repeated;            /* handed out although they were done: */
    double cost_repeated;         /* what they made was lost */
    int whole;                    /* the plan is unfolded to its end */
    int recovering;               /* the walk is not yet where it was before */
    uint32_t workers;             /* that get tasks */
};
/* The walker has stopped at a computed number that is not here yet. */
int coordinator_waits(const struct coordinator *coordinator);
void coordinator_progress(const struct coordinator *coordinator,
                          struct coordinator_progress *progress);
/* A number that changes when something moves: a task is done, the walk goes on,
 * an epoch begins.  When it does not for long: */
uint64_t coordinator_moved(const struct coordinator *coordinator);
/* Ask all workers how they stand; how many have not answered yet. */
void coordinator_ask(struct coordinator *coordinator);
uint32_t coordinator_unanswered(const struct coordinator *coordinator);
/* By their last two answers nobody has anything to do, and nothing came. */
int coordinator_stuck(const struct coordinator *coordinator);
/* It was asked to let that worker leave, and that still holds. */
int coordinator_leaves(const struct coordinator *coordinator, uint16_t worker);
/* Who waits for what, by their last answers. */
void coordinator_describe(const struct coordinator *coordinator, char *text,
                          size_t size);

#endif
