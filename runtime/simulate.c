/* Events in the order of a virtual clock: messages that arrive, jobs that
 * end, reports that are due.  A worker's line to the others carries one
 * message after another, in and out; so does the coordinator's. */
#include "runtime/simulate.h"
#include "runtime/coordinator.h"
#include "runtime/events.h"
#include "runtime/job.h"
#include "runtime/set.h"
#include "runtime/worker.h"

#include <stdlib.h>

static const double report_seconds = 2e-3; /* as runtime/engine.c has it */

/* MESSAGE: `what` goes from a to b.  The others: of worker b; JOB_END: of the
 * running job `what`; COORDINATE: the coordinator has read what has come. */
enum kind { MESSAGE, JOB_END, REPORT, LOSS, COORDINATE };

struct running { /* a job that takes its time */
    struct job job;
    struct running *next; /* spare */
};

struct node {
    struct worker *worker;
    struct store *store;
    uint32_t busy;
    uint8_t reporting, dead;
    double reported;                /* when it said last what is done */
    double out, in;                 /* its lines are taken until then, */
    double out_seconds, in_seconds; /* and were for tiles */
};

struct simulation {
    const struct binding *binding;
    const float *costs, *seconds;
    const struct simulate_cluster *cluster;
    struct simulate_result *result;
    struct coordinator *coordinator;
    double busy;        /* it is until then, */
    uint32_t heard;     /* and so many messages have come */
    struct node *nodes; /* and the coordinator's, the last */
    struct job_input *inputs;
    struct running *spare;
    struct events events;
    double now, last; /* last: when a task ended */
    uint32_t losses;
    double loss_tasks; /* done, when the next one comes */
    int failed;        /* out of memory */
};

/* ---- events ------------------------------------------------------------- */

static void later(struct simulation *s, struct event event)
{
    if (events_add(&s->events, event))
        s->failed = 1;
}

/* ---- messages ----------------------------------------------------------- */

/* How long it would be: of a TILE, which has no contents here, the bytes that
 * it stands for. */
static double message_bytes(struct simulation *s, const struct wire_message *m)
{
    struct wire_reader r;
    enum wire_kind kind;
    uint16_t sender;
    double bytes;

    if (!wire_open(&r, m->bytes, m->size, &kind, &sender) || kind != WIRE_TILE)
        return (double)m->size;
    get_u32(&r);
    get_u32(&r);
    get_u64(&r);
    get_u64(&r);
    bytes = (double)get_u64(&r);
    s->result->tiles++;
    s->result->tile_bytes += bytes;
    return bytes;
}

/* From `ready` on, one after another; the time at which it is there. */
static double send(struct simulation *s, uint32_t from, uint32_t to,
                   double ready, const struct wire_message *m)
{
    struct node *a = &s->nodes[from], *b = &s->nodes[to];
    double bytes = message_bytes(s, m), time;
    double seconds = bytes / s->cluster->bandwidth;
    double start = a->out > ready ? a->out : ready;

    if (from == s->cluster->workers || to == s->cluster->workers) {
        s->result->orders++;
        s->result->order_bytes += bytes;
    } else {
        a->out_seconds += seconds;
        b->in_seconds += seconds;
    }
    a->out = start + seconds;
    time = start + s->cluster->latency;
    if (time < b->in)
        time = b->in;
    b->in = time + seconds;
    return b->in;
}

static void send_all(struct simulation *s, uint32_t from, double ready,
                     struct wire_outbox *outbox)
{
    struct wire_message *m;

    while ((m = outbox_take(outbox))) {
        uint32_t to = m->to == WIRE_COORDINATOR ? s->cluster->workers : m->to;
        later(s, (struct event){.time = send(s, from, to, ready, m),
                                .kind = MESSAGE,
                                .a = from,
                                .b = to,
                                .what = m});
    }
}

static uint64_t handed_out(const struct simulation *s)
{
    struct coordinator_progress at;

    coordinator_progress(s->coordinator, &at);
    return at.unfolded + at.repeated;
}

/* What it says goes out when it has done its work for it. */
static void coordinate(struct simulation *s)
{
    uint64_t before = handed_out(s);
    struct wire_outbox *outbox;
    struct wire_message *m;
    double seconds;
    char *line;

    while (!coordinator_finished(s->coordinator) &&
           coordinator_step(s->coordinator))
        ;
    while ((line = coordinator_line(s->coordinator)))
        free(line);
    outbox = coordinator_outbox(s->coordinator);
    for (m = outbox->first; m; m = m->next)
        s->heard++;
    seconds = s->heard * s->cluster->message +
              (double)(handed_out(s) - before) * s->cluster->task;
    s->heard = 0;
    s->busy = s->now + seconds;
    s->result->order_seconds += seconds;
    send_all(s, s->cluster->workers, s->busy, outbox);
}

/* It is read as soon as the coordinator is done with what came before. */
static void coordinator_hears(struct simulation *s, const struct event *e)
{
    const struct wire_message *m = e->what;

    coordinator_message(s->coordinator, (uint16_t)e->a, m->bytes, m->size);
    if (!s->heard++)
        later(s, (struct event){.time = s->busy > s->now ? s->busy : s->now,
                                .kind = COORDINATE,
                                .b = s->cluster->workers});
}

/* ---- workers ------------------------------------------------------------ */

static struct running *running_new(struct simulation *s)
{
    struct running *running = s->spare;

    if (running) {
        s->spare = running->next;
        return running;
    }
    running = malloc(sizeof *running);
    if (running)
        job_init(&running->job);
    else
        s->failed = 1;
    return running;
}

static void flush(struct simulation *s, struct node *node)
{
    worker_flush(node->worker);
    node->reported = s->now;
}

/* As runtime/engine.c: at once if someone waits for it, else now and then. */
static void report(struct simulation *s, uint32_t at)
{
    struct node *node = &s->nodes[at];
    double due =
        worker_tasks(node->worker) ? node->reported + report_seconds : s->now;

    if (worker_urgent(node->worker) ||
        (worker_unreported(node->worker) && due <= s->now)) {
        flush(s, node);
    } else if (worker_unreported(node->worker) && !node->reporting) {
        node->reporting = 1;
        later(s, (struct event){.time = due, .kind = REPORT, .b = at});
    }
}

static void work(struct simulation *s, uint32_t at)
{
    struct node *node = &s->nodes[at];
    struct running *running;

    while (node->busy < s->cluster->cores && worker_ready(node->worker) &&
           (running = running_new(s))) {
        struct job *job = &running->job;
        double seconds = 0;
        if (!worker_take(node->worker, job)) {
            running->next = s->spare;
            s->spare = running;
            break;
        }
        if (!job->load)
            seconds = s->seconds[job->entry];
        node->busy++;
        later(s, (struct event){.time = s->now + seconds,
                                .kind = JOB_END,
                                .b = at,
                                .what = running});
    }
    report(s, at);
    send_all(s, at, s->now, worker_outbox(node->worker));
}

static void lose(struct simulation *s, uint32_t at)
{
    s->nodes[at].dead = 1;
    coordinator_lost(s->coordinator, (uint16_t)at);
    coordinate(s);
}

/* ---- the run ------------------------------------------------------------ */

static void happen(struct simulation *s, const struct event *e)
{
    uint32_t here = s->cluster->workers;
    struct node *node = &s->nodes[e->b];
    struct wire_message *m = e->what;
    struct running *running = e->what;

    switch ((enum kind)e->kind) {
    case MESSAGE:
        if (e->b == here) {
            coordinator_hears(s, e);
        } else if (!node->dead) {
            worker_message(node->worker,
                           e->a == here ? WIRE_COORDINATOR
                                           : (uint16_t)e->a,
                           m->bytes, m->size);
            work(s, e->b);
        }
        wire_message_free(m);
        break;
    case JOB_END:
        if (!node->dead) {
            s->last = running->job.load ? s->last : s->now;
            node->busy--;
            worker_finish(node->worker, &running->job);
            work(s, e->b);
        }
        running->next = s->spare;
        s->spare = running;
        break;
    case REPORT:
        node->reporting = 0;
        if (!node->dead) {
            flush(s, node);
            send_all(s, e->b, s->now, worker_outbox(node->worker));
        }
        break;
    case LOSS: lose(s, e->b); break;
    case COORDINATE: coordinate(s);
    }
}

/* Losses are spread over the run by the share of tasks that is done. */
static void losses_due(struct simulation *s)
{
    struct coordinator_progress at;

    if (s->losses >= s->cluster->lost || s->losses + 1 >= s->cluster->workers)
        return;
    coordinator_progress(s->coordinator, &at);
    if ((double)at.tasks < s->loss_tasks * (s->losses + 1))
        return;
    s->losses++;
    later(s, (struct event){.time = s->now, .kind = LOSS, .b = s->losses});
}

static void play(struct simulation *s, struct tm_error *error)
{
    char text[200];

    coordinate(s);
    while (s->events.count && !s->failed && !coordinator_finished(s->coordinator) &&
           !atomic_load(s->cluster->cancel)) {
        struct event e = events_first(&s->events);
        s->now = e.time;
        happen(s, &e);
        losses_due(s);
    }
    if (atomic_load(s->cluster->cancel)) {
        error_set(error, TM_ECANCELLED, "cancelled");
    } else if (s->failed) {
        error_set(error, TM_EMEMORY, "out of memory for the simulation");
    } else if (!coordinator_finished(s->coordinator)) {
        coordinator_describe(s->coordinator, text, sizeof text);
        error_set(error, TM_EBUG, "the run stands still: %s", text);
    } else if (coordinator_error(s->coordinator)->status) {
        *error = *coordinator_error(s->coordinator);
    }
}

static int simulation_open(struct simulation *s)
{
    const struct simulate_cluster *cluster = s->cluster;
    uint32_t window = COORDINATOR_WINDOW, k;

    while (window < 4 * cluster->workers * cluster->cores && window < 1u << 24)
        window *= 2;
    s->inputs = calloc(s->binding->plan->inputs.count + 1, sizeof *s->inputs);
    s->nodes = calloc(cluster->workers + 1, sizeof *s->nodes);
    s->coordinator = coordinator_new(s->binding, s->costs,
                                     (uint16_t)cluster->workers, window);
    if (!s->inputs || !s->nodes || !s->coordinator)
        return -1;
    for (k = 0; k < cluster->workers; k++) {
        struct node *node = &s->nodes[k];
        node->store = store_new();
        node->worker = node->store
                           ? worker_new((uint16_t)k, (uint16_t)cluster->workers,
                                        s->binding, s->inputs, node->store)
                           : NULL;
        if (!node->worker)
            return -1;
        worker_hollow(node->worker);
    }
    return 0;
}

static void simulation_close(struct simulation *s)
{
    uint32_t k;

    while (s->events.count) {
        struct event e = events_first(&s->events);
        if (e.kind == MESSAGE)
            wire_message_free(e.what);
        if (e.kind == JOB_END) {
            job_fini(&((struct running *)e.what)->job);
            free(e.what);
        }
    }
    while (s->spare) {
        struct running *spare = s->spare;
        s->spare = spare->next;
        job_fini(&spare->job);
        free(spare);
    }
    for (k = 0; s->nodes && k < s->cluster->workers; k++) {
        worker_free(s->nodes[k].worker);
        store_free(s->nodes[k].store);
    }
    coordinator_free(s->coordinator);
    free(s->nodes);
    free(s->inputs);
    events_fini(&s->events);
}

/* ---- what no cluster can beat ------------------------------------------- */

struct made {          /* a version */
    double ready;      /* with no lack of cores, and no way between them */
    struct set copies; /* workers that would read it in the grid, */
    uint16_t at;       /* and the one that would make it, or WIRE_NOBODY */
};

struct bounds {
    struct simulation *s;
    struct walker *walker;
    struct made *made; /* by handle */
    uint32_t space;
    struct set_pool sets;
    uint16_t rows, cols;
};

static int made_grow(struct bounds *b)
{
    uint32_t wanted = 2 * walk_handles(b->walker), k;
    struct made *made;

    if (walk_handles(b->walker) <= b->space)
        return 0;
    made = realloc(b->made, wanted * sizeof *made);
    if (!made)
        return -1;
    for (k = b->space; k < wanted; k++)
        made[k] = (struct made){.at = WIRE_NOBODY};
    b->made = made;
    b->space = wanted;
    return 0;
}

static void made_recycle(struct bounds *b, uint32_t handle)
{
    set_clear(&b->sets, &b->made[handle].copies);
    b->made[handle] = (struct made){.at = WIRE_NOBODY};
    walk_recycle(b->walker, handle);
}

/* Its owner in the grid. */
static uint16_t grid_at(const struct bounds *b, uint32_t handle)
{
    struct bind_tile at =
        binding_tile_at(b->s->binding, walk_version(b->walker, handle)->tile);

    return (uint16_t)(at.i % b->rows + b->rows * (at.j % b->cols));
}

/* The tile goes to whoever reads it elsewhere, once. */
static void grid_read(struct bounds *b, uint32_t handle, uint16_t worker)
{
    struct made *made = &b->made[handle];
    struct bind_tile at;

    if (made->at == WIRE_NOBODY || made->at == worker ||
        set_has(&b->sets, &made->copies, worker))
        return;
    if (set_add(&b->sets, &made->copies, worker))
        b->s->failed = 1;
    at = binding_tile_at(b->s->binding, walk_version(b->walker, handle)->tile);
    b->s->result->grid_bytes += (double)job_tile_bytes(b->s->binding, &at);
}

static void bounds_add(struct bounds *b, const struct walk_task *t,
                       const struct walk_operand *o)
{
    struct simulate_result *result = b->s->result;
    double seconds = b->s->seconds[t->entry], end = 0;
    uint32_t n, in, first = 0;
    uint16_t at = WIRE_NOBODY;

    for (n = t->operands; n--;)
        first = o[n].out ? o[n].out : first;
    if (first)
        at = grid_at(b, first);
    for (n = 0; n < t->operands; n++) {
        in = o[n].in & WALK_HANDLE;
        if (b->made[in].ready > end)
            end = b->made[in].ready;
        if (at != WIRE_NOBODY)
            grid_read(b, in, at);
    }
    end += seconds;
    for (n = 0; n < t->operands; n++)
        if (o[n].out)
            b->made[o[n].out] = (struct made){.ready = end, .at = at};
    result->work_seconds += seconds;
    if (end > result->path_seconds)
        result->path_seconds = end;
}

static int bounds_walk(struct bounds *b, struct tm_error *error)
{
    const struct walk_batch *batch;
    uint32_t k;

    do {
        batch = walk_next(b->walker, 4096, 1 << 20);
        if (made_grow(b) || b->s->failed)
            return error_set(error, TM_EMEMORY, "out of memory to simulate");
        for (k = 0; k < batch->count; k++)
            bounds_add(b, &batch->tasks[k],
                       &batch->operands[batch->tasks[k].first_operand]);
        b->s->result->tasks += batch->count;
        for (k = 0; k < batch->operand_count; k++)
            if (batch->operands[k].in & WALK_CLOSES)
                made_recycle(b, batch->operands[k].in & WALK_HANDLE);
        for (k = 0; k < batch->close_count; k++)
            made_recycle(b, batch->closes[k].handle);
        if (batch->state == WALK_WAIT)
            walk_answer(b->walker, 0);
        if (batch->state == WALK_FAILED)
            *error = batch->error;
        else if (atomic_load(b->s->cluster->cancel))
            error_set(error, TM_ECANCELLED, "cancelled");
    } while (!error->status && batch->state != WALK_DONE);
    return (int)error->status;
}

static int bounds(struct simulation *s, struct tm_error *error)
{
    struct bounds b = {.s = s, .walker = walker_new(s->binding, NULL)};
    int status;

    coordinator_grid((uint16_t)s->cluster->workers, &b.rows, &b.cols);
    status = b.walker
                 ? bounds_walk(&b, error)
                 : error_set(error, TM_EMEMORY, "out of memory to simulate");
    walker_free(b.walker);
    set_pool_fini(&b.sets);
    free(b.made);
    return status;
}

static void lines_count(struct simulation *s)
{
    double *most = &s->result->line_seconds;
    uint32_t k;

    for (k = 0; k < s->cluster->workers; k++) {
        const struct node *node = &s->nodes[k];
        *most = node->out_seconds > *most ? node->out_seconds : *most;
        *most = node->in_seconds > *most ? node->in_seconds : *most;
    }
}

/* When the coordinator has heard of the last task. */
static double end_of(const struct simulation *s)
{
    double heard = s->busy > s->now ? s->busy : s->now;

    heard += s->heard * s->cluster->message;
    return heard > s->last ? heard : s->last;
}

enum tm_status simulate_run(const struct binding *binding, const float *costs,
                            const float *seconds,
                            const struct simulate_cluster *cluster,
                            struct simulate_result *result,
                            struct tm_error *error)
{
    struct simulation s = {.binding = binding,
                           .costs = costs,
                           .seconds = seconds,
                           .cluster = cluster,
                           .result = result};
    struct coordinator_progress at;

    *result = (struct simulate_result){0};
    if (bounds(&s, error))
        return (enum tm_status)error->status;
    s.loss_tasks = (double)result->tasks / (cluster->lost + 1.0);
    if (simulation_open(&s))
        error_set(error, TM_EMEMORY, "out of memory for %u workers",
                  cluster->workers);
    else
        play(&s, error);
    if (!error->status) {
        coordinator_progress(s.coordinator, &at);
        result->repeated = at.repeated;
        result->seconds = end_of(&s);
        lines_count(&s);
    }
    simulation_close(&s);
    return (enum tm_status)error->status;
}
