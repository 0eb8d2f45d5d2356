/* The runtime's state machines under a virtual clock: a coordinator and some
 * workers, the messages between them, and all that can go wrong, from one
 * seed.
 *
 *   simulate [-v] [-w] [-p PLAN] [-l WORKERS [-a SHARE]] FOLDER FIRST [LAST]
 *
 * Runs the seeds FIRST to LAST on the scripts of FOLDER.  Each must give the
 * bits, lines and failure of a run on one worker, leave no tile and no task
 * behind, and come to its end.  A seed that does not is named, and replayed
 * by `simulate -v FOLDER SEED`, which prints every event.  With -l, one of so
 * many workers is lost when half of the tasks are done, or that share, and it
 * prints the share of these that must be done again.  With -w, one bit of what
 * a task makes is wrong: the seed must fail.
 *
 * Kernels are the real ones, on tiny tiles.  Time is in units of a message's
 * way.  Messages between one pair of ends stay in order; a worker's death
 * cuts off what it sent last.  A worker may hang and wake when it has been
 * given up, or be given up without any reason: what it then says and does
 * must change nothing. */
#include "compiler/compile.h"
#include "runtime/coordinator.h"
#include "runtime/events.h"
#include "runtime/job.h"
#include "runtime/worker.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MOST = 100,  /* workers that a run ever has */
    HERE = MOST, /* the coordinator's end of a link */
    THREADS = 3, /* of a worker */
    CHAIN = 4,   /* jobs that a thread takes at once, worker_follow() */
    OUTPUTS = 4,
    LINES = 4000,
    PROGRAMS = 32,
    EVENTS_MOST = 3000000 /* of a run that comes to its end */
};

/* MESSAGE: `what` goes from a to b.  The others: of worker a; JOB_END: of its
 * thread b. */
enum kind { MESSAGE, JOB_END, FLUSH, STEP, CRASH, HANG, LOST, JOIN, LEAVE };
static const char *const kind_names[] = {"message", "job",   "flush",
                                         "step",    "crash", "hang",
                                         "lost",    "join",  "leave"};

struct result {
    char *data[OUTPUTS];
    size_t bytes[OUTPUTS];
    uint32_t outputs;
    uint64_t tasks; /* of the whole run */
    int leaves;     /* versions that the plan does not release */
    char lines[LINES];
    struct tm_error error;
};

struct program {
    char name[256];
    char *text;
    struct plan *plan;
    struct binding *binding;
    float *costs;     /* of its entries */
    double *input[4]; /* column by column */
    struct result expected;
};

struct node { /* a worker */
    struct worker *worker;
    struct store *store;
    struct job jobs[THREADS][CHAIN];
    uint8_t busy[THREADS]; /* so many of them */
    uint32_t threads;
    double speed;
    enum { UNUSED, UP, DEAD } state;
    double wakes;         /* hangs until then */
    double cut[MOST + 1]; /* what would arrive later from a dead one doesn't */
    uint8_t flushing, given_up, doomed, leaving;
};

struct sim {
    const struct program *program;
    uint64_t seed, random;
    int verbose;
    int wrong;       /* a bit shall be */
    uint32_t one_of; /* one loss, of so many; 0: by chance */
    double share;    /* of the tasks, when it comes */
    struct job_io io;
    struct job_space space;
    struct coordinator *coordinator;
    struct node node[MOST];
    uint32_t nodes;
    struct events events;
    uint64_t happened, joined; /* events; jobs that followed another */
    double now;
    double last[MOST + 1][MOST + 1]; /* when a link's last message arrives */
    uint8_t stepping;
    uint8_t patient;            /* all may be lost at once, others come then */
    double way, work, patience; /* of messages, jobs, and before one is lost */
    /* faults to come: at so many done tasks */
    struct {
        enum kind kind;
        uint64_t tasks;
    } faults[8];
    uint32_t fault, fault_count;
    uint64_t poison; /* number of a task that kills whoever runs it, or 0 */
    uint32_t losses;
    int late; /* one after the end: what it was to take may stay */
    struct result *result;
    char why[1200]; /* what went wrong */
};

/* ---- chance ------------------------------------------------------------- */

static uint32_t pick(struct sim *s, uint32_t count)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return (uint32_t)((s->random >> 11) % count);
}

/* Mostly around `mean`, now and then much longer. */
static double delay(struct sim *s, double mean)
{
    double u = (1 + pick(s, 1000)) / 1001.0;

    return mean * (pick(s, 50) ? 0.2 + 1.6 * u : 10 * u);
}

/* ---- events ------------------------------------------------------------- */

static void later(struct sim *s, double time, struct event event)
{
    event.time = time;
    if (events_add(&s->events, event)) {
        fprintf(stderr, "simulate: out of memory\n");
        exit(99);
    }
}

static void note_jobs(const struct node *n, uint32_t t)
{
    uint32_t k;

    for (k = 0; k < n->busy[t]; k++)
        printf("%s %llu%s", k ? " +" : ": task",
               (unsigned long long)n->jobs[t][k].number,
               n->jobs[t][k].load ? " (load)" : "");
}

static void note(const struct sim *s, const struct event *e)
{
    static const char *const messages[] = {"?", "BATCH", "REPORT", "GET",
                                           "TILE"};
    const struct wire_message *message = e->what;
    char a[12] = "coordinator", b[12] = "coordinator";

    if (e->a != HERE)
        snprintf(a, sizeof a, "%u", e->a);
    if (e->b != HERE)
        snprintf(b, sizeof b, "%u", e->b);
    printf("%10.2f %-8s %s", s->now, kind_names[e->kind],
           e->kind == STEP ? "" : a);
    if (e->kind == MESSAGE)
        printf(" -> %s: %s, %zu bytes", b, messages[message->bytes[0] % 5],
               message->size);
    else if (e->kind == JOB_END)
        note_jobs(&s->node[e->a], e->b);
    putchar('\n');
}

/* ---- messages ----------------------------------------------------------- */

static void send_all(struct sim *s, uint32_t from, struct wire_outbox *outbox)
{
    struct wire_message *message;

    while ((message = outbox_take(outbox))) {
        uint32_t to = message->to == WIRE_COORDINATOR ? HERE : message->to;
        double *last = &s->last[from][to];
        double arrives = s->now + delay(s, s->way);
        if (arrives < *last)
            arrives = *last;
        *last = arrives;
        later(s, arrives,
              (struct event){
                  .kind = MESSAGE, .a = from, .b = to, .what = message});
    }
}

static void step_soon(struct sim *s, double after)
{
    if (s->stepping)
        return;
    s->stepping = 1;
    later(s, s->now + after, (struct event){.kind = STEP, .a = HERE});
}

static void lines_out(struct sim *s)
{
    char *line;

    while ((line = coordinator_line(s->coordinator))) {
        if (strlen(s->result->lines) + strlen(line) + 2 < LINES) {
            strcat(s->result->lines, line);
            strcat(s->result->lines, "\n");
        }
        free(line);
    }
}

static void coordinate(struct sim *s)
{
    int moved = 1;

    if (s->happened % 101 == 0) /* it must change nothing */
        coordinator_ask(s->coordinator);
    while (moved && pick(s, 4))
        moved = coordinator_step(s->coordinator);
    if (moved && !coordinator_finished(s->coordinator))
        step_soon(s, 0.1 * s->way);
    lines_out(s);
    send_all(s, HERE, coordinator_outbox(s->coordinator));
}

static void flush(struct sim *s, uint32_t w)
{
    worker_flush(s->node[w].worker);
    send_all(s, w, worker_outbox(s->node[w].worker));
}

static void fault(struct sim *s, enum kind kind);

/* A job, and those that go on with what it writes. */
static uint32_t take(struct sim *s, struct node *n, struct job *jobs)
{
    uint32_t count, most = 1 + pick(s, CHAIN);

    if (!worker_take(n->worker, &jobs[0]))
        return 0;
    for (count = 1; count < most &&
                    worker_follow(n->worker, &jobs[count - 1], &jobs[count]);
         count++)
        ;
    s->joined += count - 1;
    return count;
}

/* It goes, in peace.  If what it had is not with others, and is needed, the run
 * stands still: no one makes it again. */
static void let_go(struct sim *s, uint32_t w)
{
    struct node *n = &s->node[w];

    if (worker_tasks(n->worker))
        snprintf(s->why, sizeof s->why, "worker %u was let go with %u tasks",
                 w, worker_tasks(n->worker));
    n->doomed = 1;
    later(s, s->now + delay(s, s->way),
          (struct event){.kind = CRASH, .a = w, .b = 1});
}

/* Begin what can begin, say what is to be said. */
static void work(struct sim *s, uint32_t w)
{
    struct node *n = &s->node[w];
    uint32_t t, k;

    for (t = 0; t < n->threads; t++) {
        if (n->busy[t] || !(n->busy[t] = (uint8_t)take(s, n, n->jobs[t])))
            continue;
        later(s, s->now + n->busy[t] * delay(s, s->work / n->speed),
              (struct event){.kind = JOB_END, .a = w, .b = t});
        for (k = 0; k < n->busy[t]; k++)
            if (n->jobs[t][k].number == s->poison && !n->jobs[t][k].load)
                later(s, s->now, (struct event){.kind = CRASH, .a = w});
    }
    if (worker_urgent(n->worker)) {
        flush(s, w);
    } else if (worker_unreported(n->worker) && !n->flushing) {
        n->flushing = 1;
        later(s, s->now + delay(s, s->way),
              (struct event){.kind = FLUSH, .a = w});
    }
    send_all(s, w, worker_outbox(n->worker));
    if (worker_released(n->worker) && !n->given_up && !n->doomed)
        let_go(s, w);
}

/* ---- workers come and go ------------------------------------------------ */

static void node_open(struct sim *s, uint32_t w)
{
    struct node *n = &s->node[w];
    uint32_t k;

    n->state = UP;
    n->threads = 1 + pick(s, THREADS);
    n->speed = pick(s, 8) ? 1 : 0.05;
    n->store = store_new();
    store_poison(n->store);
    n->worker = worker_new((uint16_t)w, MOST, s->program->binding, s->io.inputs,
                           n->store);
    for (k = 0; k < THREADS * CHAIN; k++)
        job_init(&n->jobs[k / CHAIN][k % CHAIN]);
    for (k = 0; k <= MOST; k++)
        n->cut[k] = INFINITY;
}

static void join(struct sim *s)
{
    int w;

    if (s->nodes == MOST)
        return;
    w = coordinator_join(s->coordinator);
    if (w != (int)s->nodes) {
        snprintf(s->why, sizeof s->why, "joined as number %d", w);
        return;
    }
    node_open(s, s->nodes++);
}

/* Those that are up, not hung and not about to go. */
static uint32_t healthy(const struct sim *s)
{
    uint32_t w, count = 0;

    for (w = 0; w < s->nodes; w++)
        count += s->node[w].state == UP && !s->node[w].doomed &&
                 !s->node[w].given_up && !s->node[w].leaving;
    return count;
}

static void fault(struct sim *s, enum kind kind)
{
    uint32_t count = healthy(s), w;
    double found = s->now + delay(s, s->patience);

    if (kind == JOIN) {
        later(s, s->now, (struct event){.kind = JOIN, .a = HERE});
        return;
    }
    if (count < (s->patient && kind != LEAVE ? 1 : 2))
        return;
    count = pick(s, count);
    for (w = 0;; w++)
        if (s->node[w].state == UP && !s->node[w].doomed &&
            !s->node[w].given_up && !s->node[w].leaving && !count--)
            break;
    if (kind == LEAVE) {
        s->node[w].leaving = 1;
        later(s, s->now, (struct event){.kind = LEAVE, .a = w});
        return;
    }
    s->node[w].doomed = 1;
    if (kind != LOST) /* else: given up without a reason */
        later(s, s->now, (struct event){.kind = kind, .a = w});
    later(s, found, (struct event){.kind = LOST, .a = w});
}

static void crash(struct sim *s, uint32_t w, int in_peace)
{
    struct node *n = &s->node[w];
    uint32_t k;

    if (n->state != UP)
        return;
    if (in_peace) {
        if (!worker_released(n->worker)) { /* it is needed again */
            n->doomed = 0;
            return;
        }
        flush(s, w);
    }
    n->state = DEAD;
    for (k = 0; k <= MOST && !in_peace; k++)
        n->cut[k] = s->now + pick(s, 3) * delay(s, s->way) / 2;
    if (in_peace || !n->doomed) {
        n->doomed = 1;
        later(s, s->now + delay(s, s->patience),
              (struct event){.kind = LOST, .a = w});
    }
    if (!in_peace && s->poison) {
        later(s, s->now, (struct event){.kind = JOIN, .a = HERE});
    }
}

static void lost(struct sim *s, uint32_t w)
{
    struct node *n = &s->node[w];

    n->given_up = 1;
    s->losses++;
    s->late |= coordinator_finished(s->coordinator);
    coordinator_lost(s->coordinator, (uint16_t)w);
    if (s->fault < s->fault_count && !pick(s, 3)) /* one more, during that */
        fault(s, s->faults[s->fault++].kind);
    if (s->patient && !healthy(s))
        later(s, s->now + delay(s, s->patience),
              (struct event){.kind = JOIN, .a = HERE});
    coordinate(s);
}

/* ---- what happens ------------------------------------------------------- */

static void message(struct sim *s, const struct event *e)
{
    struct wire_message *m = e->what;
    uint16_t sender = e->a == HERE ? WIRE_COORDINATOR : (uint16_t)e->a;

    if (e->a != HERE && s->now > s->node[e->a].cut[e->b]) {
        wire_message_free(m);
        return;
    }
    if (e->b == HERE) {
        coordinator_message(s->coordinator, sender, m->bytes, m->size);
        coordinate(s);
    } else if (s->node[e->b].state == UP) {
        worker_message(s->node[e->b].worker, sender, m->bytes, m->size);
        work(s, e->b);
    }
    wire_message_free(m);
}

/* One bit of the first tile that task 1 writes. */
static void make_wrong(struct sim *s, const struct job *job)
{
    if (s->wrong && job->number == 1 && !job->load && job->operands &&
        job->operand[0].to)
        ((unsigned char *)job->operand[0].to)[5] ^= 16;
}

static void job_end(struct sim *s, uint32_t w, uint32_t t)
{
    struct node *n = &s->node[w];
    uint32_t k;

    for (k = 0; k < n->busy[t]; k++) {
        job_run(&n->jobs[t][k], &s->io, &s->space);
        make_wrong(s, &n->jobs[t][k]);
    }
    for (k = 0; k < n->busy[t]; k++)
        worker_finish(n->worker, &n->jobs[t][k]);
    n->busy[t] = 0;
    work(s, w);
}

/* Events of a dead worker are none; those of a hung one come later. */
static int put_off(struct sim *s, const struct event *e)
{
    uint32_t at = e->kind == MESSAGE ? e->b : e->a;
    const struct node *n = at == HERE ? NULL : &s->node[at];

    if (!n || (e->kind != MESSAGE && e->kind != JOB_END && e->kind != FLUSH))
        return 0;
    if (n->state == UP && n->wakes > s->now) {
        later(s, n->wakes, *e);
        return 1;
    }
    return e->kind != MESSAGE && n->state != UP;
}

static void happen(struct sim *s, const struct event *e)
{
    if (s->verbose)
        note(s, e);
    switch ((enum kind)e->kind) {
    case MESSAGE: message(s, e); break;
    case JOB_END: job_end(s, e->a, e->b); break;
    case FLUSH:
        s->node[e->a].flushing = 0;
        flush(s, e->a);
        break;
    case STEP:
        s->stepping = 0;
        coordinate(s);
        break;
    case CRASH: crash(s, e->a, (int)e->b); break;
    case HANG: s->node[e->a].wakes = s->now + delay(s, 2 * s->patience); break;
    case LOST: lost(s, e->a); break;
    case JOIN:
        join(s);
        coordinate(s);
        break;
    case LEAVE:
        coordinator_leave(s->coordinator, (uint16_t)e->a);
        coordinate(s);
    }
}

static void faults_due(struct sim *s)
{
    struct coordinator_progress at;

    if (s->fault == s->fault_count)
        return;
    coordinator_progress(s->coordinator, &at);
    while (s->fault < s->fault_count && s->faults[s->fault].tasks <= at.tasks)
        fault(s, s->faults[s->fault++].kind);
}

static void play(struct sim *s)
{
    while (s->events.count && !s->why[0]) {
        struct event e = events_first(&s->events);
        s->now = e.time;
        if (++s->happened > EVENTS_MOST) {
            snprintf(s->why, sizeof s->why, "does not end");
            wire_message_free(e.what);
            return;
        }
        if (!put_off(s, &e))
            happen(s, &e);
        if (!coordinator_finished(s->coordinator))
            faults_due(s);
    }
    if (!s->why[0] && !coordinator_finished(s->coordinator)) {
        char text[200];
        coordinator_describe(s->coordinator, text, sizeof text);
        snprintf(s->why, sizeof s->why, "stands still: %s", text);
    }
    lines_out(s);
}

/* ---- one run ------------------------------------------------------------ */

static void outputs_bind(struct sim *s)
{
    const struct binding *b = s->program->binding;
    const struct plan *p = b->plan;
    struct result *result = s->result;
    uint32_t k;

    memset(result, 0, sizeof *result);
    s->io.binding = b;
    s->io.seed = 7;
    s->io.inputs = calloc(p->inputs.count + 1, sizeof *s->io.inputs);
    s->io.outputs = calloc(p->outputs.count + 1, sizeof *s->io.outputs);
    for (k = 0; k < p->inputs.count; k++)
        s->io.inputs[k] =
            (struct job_input){.data = (const char *)s->program->input[k],
                               .rs = 1,
                               .cs = b->inputs[k].rows,
                               .type = TM_F64,
                               .direct = (uint8_t)pick(s, 2)};
    result->outputs = p->outputs.count;
    for (k = 0; k < result->outputs; k++) {
        const struct bind_matrix *m = &b->matrices[p->outputs.items[k].matrix];
        result->bytes[k] = (size_t)(m->rows * m->cols) * sizeof(double);
        result->data[k] = calloc(1, result->bytes[k]);
        s->io.outputs[k].data = result->data[k];
        s->io.outputs[k].rs = 1;
        s->io.outputs[k].cs = m->rows;
    }
}

static void result_free(struct result *result)
{
    uint32_t k;

    for (k = 0; k < result->outputs; k++)
        free(result->data[k]);
}

static void check_end(struct sim *s)
{
    struct coordinator_progress at;
    uint32_t w;

    if (s->why[0])
        return;
    coordinator_progress(s->coordinator, &at);
    s->result->tasks = at.tasks;
    if (coordinator_bad(s->coordinator))
        snprintf(s->why, sizeof s->why, "the coordinator left a message");
    for (w = 0; w < s->nodes && !s->why[0]; w++) {
        const struct node *n = &s->node[w];
        if (worker_error(n->worker)->status)
            snprintf(s->why, sizeof s->why, "worker %u: %s", w,
                     worker_error(n->worker)->text);
        if (n->state != UP || n->given_up)
            continue;
        if (s->result == &s->program->expected && !s->result->error.status) {
            s->result->leaves = worker_versions(n->worker) != 0;
            continue;
        }
        worker_forget(n->worker);
        if (coordinator_leaves(s->coordinator, (uint16_t)w) && !s->late &&
            !at.recovering && !s->result->error.status)
            snprintf(s->why, sizeof s->why,
                     "worker %u wanted to leave and was never let go", w);
        else if (worker_bad(n->worker))
            snprintf(s->why, sizeof s->why, "worker %u left a message", w);
        else if (s->result->error.status || at.recovering || s->late ||
                 s->program->expected.leaves)
            continue; /* what was not started, or not needed, stays */
        else if (worker_versions(n->worker) || worker_tasks(n->worker) ||
                 store_used(n->store))
            snprintf(s->why, sizeof s->why,
                     "worker %u keeps %u versions, %u tasks, %zu bytes", w,
                     worker_versions(n->worker), worker_tasks(n->worker),
                     store_used(n->store));
    }
}

static void sim_close(struct sim *s)
{
    uint32_t w, k;

    while (s->events.count) {
        struct event e = events_first(&s->events);
        if (e.kind == MESSAGE)
            wire_message_free(e.what);
    }
    for (w = 0; w < s->nodes; w++) {
        worker_free(s->node[w].worker);
        store_free(s->node[w].store);
        for (k = 0; k < THREADS * CHAIN; k++)
            job_fini(&s->node[w].jobs[k / CHAIN][k % CHAIN]);
    }
    coordinator_free(s->coordinator);
    job_space_fini(&s->space);
    free(s->io.inputs);
    free(s->io.outputs);
    events_fini(&s->events);
}

static void faults_make(struct sim *s)
{
    static const enum kind kinds[] = {CRASH, CRASH, CRASH, HANG,
                                      LOST,  JOIN,  LEAVE};
    uint64_t tasks = s->program->expected.tasks, at[8];
    uint32_t k, n;

    if (s->one_of) {
        s->fault_count = 1;
        s->faults[0].kind = CRASH;
        s->faults[0].tasks = (uint64_t)((double)tasks * s->share);
        return;
    }
    s->fault_count = pick(s, 8);
    if (!pick(s, 20) && !s->program->expected.error.status) {
        s->poison = 1 + pick(s, (uint32_t)tasks);
        s->fault_count = 0;
    }
    for (k = 0; k < s->fault_count; k++) {
        uint64_t x = pick(s, (uint32_t)tasks + 1);
        for (n = k; n && at[n - 1] > x; n--)
            at[n] = at[n - 1];
        at[n] = x;
    }
    for (k = 0; k < s->fault_count; k++) {
        s->faults[k].kind = kinds[pick(s, sizeof kinds / sizeof *kinds)];
        s->faults[k].tasks = at[k];
    }
}

/* workers 1 and no faults: what is expected. */
static void sim_run(struct sim *s, int plainly)
{
    static const uint32_t windows[] = {4, 16, 64, COORDINATOR_WINDOW};
    static const double scales[] = {0.05, 0.5, 1, 4, 30};
    uint32_t workers, w;

    s->random = s->seed * 0x9e3779b97f4a7c15u + 1;
    for (w = 0; w < 4; w++)
        pick(s, 2);
    outputs_bind(s);
    workers = plainly ? 1 : 1 + pick(s, 8);
    if (s->one_of)
        workers = s->one_of;
    else if (!plainly && !pick(s, 12)) /* sets of readers as bits */
        workers = pick(s, 8) ? 9 + pick(s, 12) : 66 + pick(s, 20);
    s->way = 1;
    s->work = scales[pick(s, 5)];
    s->patience = scales[pick(s, 5)] * 3;
    if (!plainly)
        faults_make(s);
    if (s->poison && workers < 3)
        workers = 3;
    s->coordinator = coordinator_new(s->program->binding, NULL,
                                     (uint16_t)workers, windows[pick(s, 4)]);
    s->patient = !plainly && !s->one_of && s->seed % 3 == 0;
    if (s->patient)
        coordinator_patient(s->coordinator);
    while (s->nodes < workers)
        node_open(s, s->nodes++);
    coordinate(s);
    play(s);
    s->result->error = *coordinator_error(s->coordinator);
    check_end(s);
}

/* ---- programs ----------------------------------------------------------- */

static char *file_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 20000);

    if (!file || !text) {
        perror(path);
        exit(1);
    }
    if (fread(text, 1, 19999, file) == 0)
        printf("%s is empty\n", path);
    fclose(file);
    return text;
}

static void program_open(struct program *p, const char *folder,
                         const char *name)
{
    struct compile_options options = {0};
    struct source source = {.name = p->name};
    struct tm_error error;
    char path[1000], *messages = NULL;
    uint32_t k, n;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(p->name, sizeof p->name, "%s", name);
    p->text = file_text(path);
    source.text = p->text;
    source.size = strlen(p->text);
    error_clear(&error);
    if (compile_source(&source, &options, NULL, NULL, &p->plan, &messages) ||
        !p->plan) {
        printf("%s\n", messages ? messages : "not compiled");
        exit(1);
    }
    free(messages);
    p->binding = binding_new(p->plan);
    for (k = 0; k < p->plan->inputs.count; k++) {
        p->input[k] = malloc(60 * sizeof(double));
        for (n = 0; n < 60; n++)
            p->input[k][n] = (double)(n * 7 % 13) + 0.25 * n;
        binding_input(p->binding, k, 20, 3, TM_F64);
    }
    if (binding_finish(p->binding, &error)) {
        printf("%s: %s\n", p->name, error.text);
        exit(1);
    }
    p->costs = malloc((p->plan->entries.count + 1) * sizeof *p->costs);
    for (k = 0; k < p->plan->entries.count; k++)
        p->costs[k] = job_cost(p->binding, k);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct program *)a)->name,
                  ((const struct program *)b)->name);
}

static uint32_t programs_open(struct program *programs, const char *folder,
                              const char *only)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    uint32_t count = 0, k;

    while (dir && (entry = readdir(dir))) {
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 3, ".tm") ||
            count == PROGRAMS || (only && strcmp(entry->d_name, only)))
            continue;
        program_open(&programs[count++], folder, entry->d_name);
    }
    if (dir)
        closedir(dir);
    qsort(programs, count, sizeof *programs, by_name);
    for (k = 0; k < count; k++) {
        struct sim s = {.program = &programs[k],
                        .result = &programs[k].expected};
        sim_run(&s, 1);
        if (s.why[0]) {
            printf("%s without faults: %s\n", programs[k].name, s.why);
            exit(1);
        }
        sim_close(&s);
    }
    return count;
}

static void compare(struct sim *s)
{
    const struct result *a = &s->program->expected, *b = s->result;
    size_t length = strlen(b->lines);
    uint32_t k;

    if (s->why[0])
        return;
    if (s->poison && b->error.status) { /* there may have been too few */
        if (b->error.status != TM_EPEER || strncmp(a->lines, b->lines, length))
            snprintf(s->why, sizeof s->why, "a bad end: %s", b->error.text);
        return;
    }
    if (a->error.status != b->error.status ||
        a->error.place != b->error.place ||
        strcmp(a->error.text, b->error.text))
        snprintf(s->why, sizeof s->why, "another failure: %s", b->error.text);
    else if (strcmp(a->lines, b->lines))
        snprintf(s->why, sizeof s->why, "other lines");
    for (k = 0; k < a->outputs && !a->error.status && !s->why[0]; k++)
        if (memcmp(a->data[k], b->data[k], a->bytes[k]))
            snprintf(s->why, sizeof s->why, "output %u has other bits", k);
}

int main(int argc, char **argv)
{
    static struct program programs[PROGRAMS];
    struct tm_error error;
    const char *only = NULL;
    uint64_t seed, last, failed = 0, lost_workers = 0, repeated = 0, tasks = 0,
                         joined = 0;
    double again[PROGRAMS] = {0}, before[PROGRAMS] = {0}, share = 0.5;
    uint32_t count, k;
    uint32_t one_of = 0;
    int verbose = 0, wrong = 0, at = 1;

    while (at < argc && argv[at][0] == '-') {
        if (!strcmp(argv[at], "-v"))
            verbose = 1;
        else if (!strcmp(argv[at], "-w"))
            wrong = 1;
        else if (!strcmp(argv[at], "-p") && at + 1 < argc)
            only = argv[++at];
        else if (!strcmp(argv[at], "-l") && at + 1 < argc)
            one_of = (uint32_t)atoi(argv[++at]);
        else if (!strcmp(argv[at], "-a") && at + 1 < argc)
            share = atof(argv[++at]);
        at++;
    }
    if (argc - at < 2) {
        fprintf(stderr,
                "usage: simulate [-v] [-w] [-p PLAN] [-l WORKERS [-a SHARE]] "
                "FOLDER FIRST [LAST]\n");
        return 2;
    }
    error_clear(&error);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (kernel_start(NULL, &error) ||
        !(count = programs_open(programs, argv[at], only))) {
        printf("no programs: %s\n", error.text);
        return 1;
    }
    seed = strtoull(argv[at + 1], NULL, 10);
    last = argc - at > 2 ? strtoull(argv[at + 2], NULL, 10) : seed;
    for (; seed <= last; seed++) {
        struct result result;
        struct coordinator_progress progress;
        struct sim s = {.program = &programs[seed % count],
                        .seed = seed,
                        .verbose = verbose,
                        .wrong = wrong,
                        .one_of = one_of,
                        .share = share,
                        .result = &result};
        sim_run(&s, 0);
        compare(&s);
        coordinator_progress(s.coordinator, &progress);
        lost_workers += s.losses;
        repeated += progress.repeated;
        tasks += progress.tasks;
        joined += s.joined;
        if (s.why[0]) {
            printf("seed %llu, %s: %s\n", (unsigned long long)seed,
                   s.program->name, s.why);
            failed++;
        }
        again[seed % count] += (double)progress.repeated;
        before[seed % count] += (double)progress.tasks * share;
        sim_close(&s);
        result_free(&result);
    }
    for (k = 0; k < count && one_of; k++)
        printf("%-12s %.3f\n", programs[k].name, again[k] / before[k]);
    printf("%llu failed; %llu workers lost, %llu tasks, %llu of them again, "
           "%llu joined to another\n",
           (unsigned long long)failed, (unsigned long long)lost_workers,
           (unsigned long long)tasks, (unsigned long long)repeated,
           (unsigned long long)joined);
    for (k = 0; k < count; k++) {
        result_free(&programs[k].expected);
        binding_free(programs[k].binding);
        plan_free(programs[k].plan);
        free(programs[k].text);
        free(programs[k].costs);
        free(programs[k].input[0]);
    }
    return failed != 0;
}
