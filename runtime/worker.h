/* The worker: holds tile versions and tasks, says which job is next.
 *
 * A state machine without sockets, clocks or threads: messages and outcomes
 * of jobs in, jobs and messages out.  Who calls it holds one lock.
 *
 * A version is known from the first task that reads or writes it here until
 * the coordinator has closed it and the last reader here is done.  One made
 * by a task of another worker is fetched from there as soon as a task that
 * reads it arrives.  One made by no task (writer 0) every worker makes for
 * itself: zeros, an input's tile, or a source's.
 *
 * When a worker is lost, comes or leaves, the coordinator begins a new epoch:
 * what has not begun is forgotten, what runs is finished, and the versions
 * that are here lose their handles; some of them get new ones. */
#ifndef RUNTIME_WORKER_H
#define RUNTIME_WORKER_H

#include "runtime/job.h"
#include "runtime/store.h"
#include "runtime/wire.h"

struct homes;
struct worker;

/* All borrowed.  inputs: as in the plan; those with `direct` are not loaded.
 * NULL: out of memory. */
struct worker *worker_new(uint16_t self, uint16_t workers,
                          const struct binding *binding,
                          const struct job_input *inputs, struct store *store);
void worker_free(struct worker *worker);
/* For a simulation: tiles have no contents (all numbers are 0), jobs are not
 * run, and a TILE is one message that says how long it would be. */
void worker_hollow(struct worker *worker);
/* Tiles of outputs may lie at home; borrowed. */
void worker_homes(struct worker *worker, struct homes *homes);
/* Keep its tiles within so many bytes; spill as for memory_new().  0, or out
 * of memory. */
int worker_budget(struct worker *worker, size_t bytes, int threads,
                  struct spill *spill);
/* Bytes that went to the spill file, and came back. */
void worker_spilled(const struct worker *worker, uint64_t *written,
                    uint64_t *read);

/* A message from the coordinator (WIRE_COORDINATOR) or a worker.  What makes
 * no sense is counted and left. */
void worker_message(struct worker *worker, uint16_t from, const void *bytes,
                    size_t size);

/* The most urgent job whose versions are here: 1; 0: none is ready. */
int worker_take(struct worker *worker, struct job *job);
/* A job that goes on with what `last`, a product taken just now, will write,
 * and could begin but for that: 1.  It is to be run by the same thread after
 * it, and finished after it; what both update stays in that core's cache. */
int worker_follow(struct worker *worker, const struct job *last,
                  struct job *job);
/* A job of these is done, or has failed (job->error). */
void worker_finish(struct worker *worker, struct job *job);
/* How many worker_take() would give. */
uint32_t worker_ready(const struct worker *worker);

/* Put what is to be reported into messages; then the first message to be
 * sent, for wire_message_free(), or NULL. */
void worker_flush(struct worker *worker);
struct wire_message *worker_send(struct worker *worker);
struct wire_outbox *worker_outbox(struct worker *worker);
/* Finished tasks that worker_flush() would report. */
uint32_t worker_unreported(const struct worker *worker);
/* The coordinator can't go on without the next report. */
int worker_urgent(const struct worker *worker);

/* For a checkpoint, between the epochs.  The contents of a version by its index
 * in what was said to be held, borrowed until the next call; NULL: error has
 * why not. */
const void *worker_held(struct worker *worker, uint32_t index,
                        struct tm_error *error);
/* One that another run held is held from now on, a copy of data. */
int worker_hold(struct worker *worker, uint32_t tile, uint64_t writer,
                const void *data, struct tm_error *error);

/* Versions that it has in case of losses alone go. */
void worker_forget(struct worker *worker);

/* Nothing that is here is needed: it may leave (coordinator_leave()). */
int worker_released(const struct worker *worker);

/* Out of memory for its own tables: the run must end. */
const struct tm_error *worker_error(const struct worker *worker);
uint64_t worker_bad(const struct worker *worker); /* messages left */
/* For messages about a run that stands still, and for tests. */
uint32_t worker_tasks(const struct worker *worker);    /* unfinished */
uint32_t worker_versions(const struct worker *worker); /* known */

#endif
