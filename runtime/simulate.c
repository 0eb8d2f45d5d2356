/* Events in the order of a virtual clock: messages that arrive, jobs that
 * end, reports that are due.  A worker's line to the others carries one
 * message after another, in and out; so does the coordinator's. */
#include "runtime/simulate.h"
#include "runtime/coordinator.h"
#include "runtime/events.h"
#include "runtime/job.h"
#include "runtime/worker.h"

#include <stdlib.h>

static const double report_seconds = 2e-3; /* as runtime/engine.c has it */

/* MESSAGE: `what` goes from a to b.  The others: of worker b; JOB_END: of the
 * running job `what`. */
enum kind { MESSAGE, JOB_END, REPORT, LOSS };

struct running { /* a job that takes its time */
    struct job job;
    struct running *next; /* spare */
};

struct node {
    struct worker *worker;
    struct store *store;
    uint32_t busy;
    uint8_t reporting, dead;
    double out, in; /* its lines are taken until then */
};

struct simulation {
    const struct binding *binding;
    const float *costs;
    const struct simulate_cluster *cluster;
    struct simulate_result *result;
    struct coordinator *coordinator;
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

static void send_all(struct simulation *s, uint32_t from,
                     struct wire_outbox *outbox)
{
    uint32_t here = s->cluster->workers;
    struct wire_message *m;

    while ((m = outbox_take(outbox))) {
        uint32_t to = m->to == WIRE_COORDINATOR ? here : m->to;
        double bytes = message_bytes(s, m), time;
        double seconds = bytes / s->cluster->bandwidth;
        double start =
            s->nodes[from].out > s->now ? s->nodes[from].out : s->now;
        if (from == here || to == here) {
            s->result->orders++;
            s->result->order_bytes += bytes;
        }
        s->nodes[from].out = start + seconds;
        time = start + s->cluster->latency;
        if (time < s->nodes[to].in)
            time = s->nodes[to].in;
        time += seconds;
        s->nodes[to].in = time;
        later(s, (struct event){.time = time,
                                .kind = MESSAGE,
                                .a = from,
                                .b = to,
                                .what = m});
    }
}

static void coordinate(struct simulation *s)
{
    char *line;

    while (!coordinator_finished(s->coordinator) &&
           coordinator_step(s->coordinator))
        ;
    while ((line = coordinator_line(s->coordinator)))
        free(line);
    send_all(s, s->cluster->workers, coordinator_outbox(s->coordinator));
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
            seconds = s->costs[job->entry] / s->cluster->flops;
        node->busy++;
        later(s, (struct event){.time = s->now + seconds,
                                .kind = JOB_END,
                                .b = at,
                                .what = running});
    }
    if (worker_urgent(node->worker) ||
        (worker_unreported(node->worker) && node->busy < s->cluster->cores)) {
        worker_flush(node->worker);
    } else if (worker_unreported(node->worker) && !node->reporting) {
        node->reporting = 1;
        later(s, (struct event){.time = s->now + report_seconds,
                                .kind = REPORT,
                                .b = at});
    }
    send_all(s, at, worker_outbox(node->worker));
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
            coordinator_message(s->coordinator, (uint16_t)e->a, m->bytes,
                                m->size);
            coordinate(s);
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
            worker_flush(node->worker);
            send_all(s, e->b, worker_outbox(node->worker));
        }
        break;
    case LOSS: lose(s, e->b);
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

/* ---- the longest chain -------------------------------------------------- */

/* Each version's time with no lack of cores and no way between them. */
static int chain(struct simulation *s, struct tm_error *error)
{
    struct simulate_result *result = s->result;
    struct walker *walker = walker_new(s->binding, NULL);
    const struct walk_batch *b;
    double *ready = NULL, *grown;
    uint32_t space = 0, k, n;
    int status = -1;

    while (walker) {
        b = walk_next(walker, 4096, 1 << 20);
        if (walk_handles(walker) > space) {
            uint32_t wanted = 2 * walk_handles(walker);
            grown = realloc(ready, wanted * sizeof *ready);
            if (!grown)
                break;
            ready = grown;
            memset(ready + space, 0, (wanted - space) * sizeof *ready);
            space = wanted;
        }
        for (k = 0; k < b->count; k++) {
            const struct walk_task *t = &b->tasks[k];
            const struct walk_operand *o = &b->operands[t->first_operand];
            double seconds = s->costs[t->entry] / s->cluster->flops, end = 0;
            for (n = 0; n < t->operands; n++)
                if (ready[o[n].in & WALK_HANDLE] > end)
                    end = ready[o[n].in & WALK_HANDLE];
            end += seconds;
            for (n = 0; n < t->operands; n++)
                if (o[n].out)
                    ready[o[n].out] = end;
            result->work_seconds += seconds;
            if (end > result->path_seconds)
                result->path_seconds = end;
        }
        result->tasks += b->count;
        for (k = 0; k < b->operand_count; k++)
            if (b->operands[k].in & WALK_CLOSES)
                walk_recycle(walker, b->operands[k].in & WALK_HANDLE);
        for (k = 0; k < b->close_count; k++) {
            ready[b->closes[k].handle] = 0;
            walk_recycle(walker, b->closes[k].handle);
        }
        ready[0] = 0;
        if (b->state == WALK_WAIT)
            walk_answer(walker, 0);
        if (b->state == WALK_FAILED)
            *error = b->error;
        else if (atomic_load(s->cluster->cancel))
            error_set(error, TM_ECANCELLED, "cancelled");
        if (error->status || b->state == WALK_DONE) {
            status = (int)error->status;
            break;
        }
    }
    if (status < 0)
        status = error_set(error, TM_EMEMORY, "out of memory to simulate");
    walker_free(walker);
    free(ready);
    return status;
}

enum tm_status simulate_run(const struct binding *binding, const float *costs,
                            const struct simulate_cluster *cluster,
                            struct simulate_result *result,
                            struct tm_error *error)
{
    struct simulation s = {.binding = binding,
                           .costs = costs,
                           .cluster = cluster,
                           .result = result};
    struct coordinator_progress at;

    *result = (struct simulate_result){0};
    if (chain(&s, error))
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
        result->seconds = s.last;
    }
    simulation_close(&s);
    return (enum tm_status)error->status;
}
