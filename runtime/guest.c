/* A worker's process: handshake, and the shell that the engine's threads use
 * to reach coordinator and other workers. */
#include "runtime/guest.h"
#include "runtime/crew.h"
#include "runtime/hub.h"
#include "runtime/profile.h"
#include "runtime/talk.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    COORDINATOR = 0, /* the hub's number of it */
    JOBS_AWAY = 8    /* that wait for an outcome at once */
};
static const double wait_seconds = 0.05;
static const double leave_seconds = 1;

struct pending { /* a job that the coordinator's process does */
    struct pending *next;
    struct job *job;
    uint32_t token;
};

struct guest {
    struct guest_setup setup;
    struct hub *hub;
    char address[NET_NAME];
    uint16_t self; /* WIRE_NOBODY until the coordinator gives a number */
    void *welcome; /* the message; owned */
    struct wire_reader welcome_body;
    int peers[WIRE_WORKERS]; /* the hub's number of each worker; -1 */
    uint16_t numbers[HUB_PEERS];
    const struct binding *binding;
    const unsigned char *away_loads;
    int away_stores;
    struct pending *queue, **queue_last; /* not sent yet */
    struct pending *sent, *ready;        /* ready: the outcome is there */
    int sent_count;
    uint32_t token;
    struct hub_message message; /* with the engine now */
    int linked, ended, refused;
    int going; /* the coordinator knows that this worker wants to leave */
    struct tm_error error;
};

/* ---- messages that the guest itself reads ------------------------------- */

static void read_peers(struct guest *g, struct wire_reader *r)
{
    uint16_t self = get_u16(r);
    uint32_t count = get_u32(r), k;
    struct wire_writer w = {0};

    if (self >= WIRE_WORKERS || (g->linked && self != g->self))
        r->failed = 1;
    g->self = self;
    for (k = 0; k < count && !r->failed && !g->error.status; k++) {
        uint16_t number = get_u16(r);
        uint64_t incarnation = get_u64(r);
        char address[NET_NAME];
        talk_get_text(r, address, sizeof address);
        if (r->failed || number >= WIRE_WORKERS || g->peers[number] >= 0)
            break;
        g->peers[number] = hub_add(g->hub, address, incarnation, &g->error);
        if (g->peers[number] >= 0)
            g->numbers[g->peers[number]] = number;
    }
    if (k < count || r->failed)
        error_set(&g->error, TM_EBUG, "the list of workers makes no sense");
    talk_begin(&w, TALK_LINKED, g->self, 0);
    hub_put(g->hub, COORDINATOR, &w);
    g->linked = 1;
}

static void read_lost(struct guest *g, struct wire_reader *r)
{
    uint16_t number = get_u16(r);

    if (r->failed || number >= WIRE_WORKERS || g->peers[number] < 0)
        return; /* it was lost before this worker came */
    hub_drop(g->hub, g->peers[number]);
    g->peers[number] = -1;
}

static void job_arrive(struct guest *g, struct pending *p,
                       struct wire_reader *r)
{
    struct job *job = p->job;
    struct bind_tile at;
    size_t bytes;

    talk_get_error(r, &job->error);
    if (job->error.status || !job->load)
        return;
    at = binding_tile_at(g->binding, job->operand[0].out_tile);
    bytes = job_tile_bytes(g->binding, &at);
    if ((size_t)(r->end - r->next) == bytes)
        memcpy(job->operand[0].to, r->next, bytes);
    else
        error_set(&job->error, TM_EBUG, "a tile of %zu bytes has %zu", bytes,
                  (size_t)(r->end - r->next));
}

static void read_outcome(struct guest *g, struct wire_reader *r)
{
    uint32_t token = get_u32(r), place = get_u32(r);
    struct pending **link = &g->sent, *p;

    while (*link && (*link)->token != token)
        link = &(*link)->next;
    p = *link;
    if (!p) {
        error_set(&g->error, TM_EBUG, "an outcome of no job");
        return;
    }
    *link = p->next;
    g->sent_count--;
    job_arrive(g, p, r);
    p->job->error.place = place;
    p->next = g->ready;
    g->ready = p;
}

/* 1: the message was the guest's; 0: it is the worker's. */
static int read_message(struct guest *g, const struct hub_message *message)
{
    struct wire_reader r;
    unsigned kind, version;
    uint16_t sender;

    if (!talk_open(&r, message->in.bytes, message->in.size, &kind, &version,
                   &sender))
        return 1;
    if (kind < TALK_HELLO)
        return 0;
    if (message->peer != COORDINATOR)
        return 1;
    switch (kind) {
    case TALK_REFUSED:
        talk_get_error(&r, &g->error);
        g->refused = 1;
        break;
    case TALK_WELCOME:
        g->welcome = malloc((size_t)(r.end - r.next) + 1);
        if (!g->welcome) {
            error_set(&g->error, TM_EMEMORY, "out of memory for the plan");
            break;
        }
        memcpy(g->welcome, r.next, (size_t)(r.end - r.next));
        g->welcome_body = (struct wire_reader){
            g->welcome, (unsigned char *)g->welcome + (r.end - r.next), 0};
        break;
    case TALK_PEERS: read_peers(g, &r); break;
    case TALK_LOST: read_lost(g, &r); break;
    case TALK_OUTCOME: read_outcome(g, &r); break;
    case TALK_END: g->ended = 1; break;
    default: break; /* of a later version */
    }
    return 1;
}

/* ---- how it stands ------------------------------------------------------ */

static int input_ended(const struct guest *g)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    char bytes[256];

    if (!g->setup.until_eof || poll(&in, 1, 0) <= 0)
        return 0;
    return read(STDIN_FILENO, bytes, sizeof bytes) == 0;
}

static void look_for_silence(struct guest *g)
{
    struct wire_writer w = {0};
    int peer = hub_lost(g->hub);

    if (peer < 0)
        return;
    hub_drop(g->hub, peer);
    if (peer == COORDINATOR) {
        error_set(&g->error, TM_EPEER,
                  "the coordinator at %s was silent for %.3g s",
                  g->setup.address, g->setup.silence);
        return;
    }
    talk_begin(&w, TALK_PEERLESS, g->self, 2);
    if (!w.failed)
        put_u16(&w, g->numbers[peer]);
    hub_put(g->hub, COORDINATOR, &w);
}

static int is_over(struct guest *g)
{
    look_for_silence(g);
    if (!g->error.status && !g->ended && input_ended(g))
        error_set(&g->error, TM_EPEER, "the coordinator has ended");
    return g->error.status || g->ended;
}

static int is_cancelled(struct guest *g)
{
    if (!g->error.status && atomic_load(g->setup.cancel))
        error_set(&g->error, TM_ECANCELLED, "cancelled");
    return g->error.status;
}

/* Who is to end says so first: what it holds may be needed. */
static void say_going(struct guest *g)
{
    struct wire_writer w = {0};

    g->going = 1;
    talk_begin(&w, TALK_GOING, g->self, 0);
    hub_put(g->hub, COORDINATOR, &w);
}

/* ---- the shell of the engine -------------------------------------------- */

static int shell_send(void *user, struct wire_outbox *outbox)
{
    struct guest *g = user;
    struct wire_message *message;

    while ((message = outbox_take(outbox))) {
        int peer = message->to == WIRE_COORDINATOR ? COORDINATOR
                   : message->to < WIRE_WORKERS    ? g->peers[message->to]
                                                   : -1;
        if (peer < 0)
            wire_message_free(message);
        else
            hub_send(g->hub, peer, message);
    }
    outbox_fini(outbox);
    return hub_pump(g->hub, &g->error);
}

static int shell_receive(void *user, struct engine_message *message)
{
    struct guest *g = user;

    while (hub_receive(g->hub, &g->message) ||
           (hub_pump(g->hub, &g->error) && hub_receive(g->hub, &g->message))) {
        if (!read_message(g, &g->message)) {
            message->from = g->message.peer == COORDINATOR
                                ? WIRE_COORDINATOR
                                : g->numbers[g->message.peer];
            message->bytes = g->message.in.bytes;
            message->size = g->message.in.size;
            return 1;
        }
        hub_done(&g->message);
    }
    return 0;
}

static void shell_received(void *user)
{
    hub_done(&((struct guest *)user)->message);
}

static int shell_is_away(void *user, const struct job *job)
{
    const struct guest *g = user;
    const struct plan *plan = g->binding->plan;
    const struct plan_matrix *m;

    if (job->spill)
        return 0;
    if (!job->load)
        return g->away_stores &&
               plan->entries.items[job->entry].kernel == KERNEL_STORE;
    m = &plan->matrices.items
             [binding_tile_at(g->binding, job->operand[0].out_tile).matrix];
    return m->kind == MATRIX_INPUT && g->away_loads[m->input];
}

static void send_job(struct guest *g, const struct pending *p)
{
    const struct job *job = p->job;
    uint32_t tile =
        job->load ? job->operand[0].out_tile : job->operand[0].in_tile;
    struct bind_tile at = binding_tile_at(g->binding, tile);
    size_t bytes = job->load ? 0 : job_tile_bytes(g->binding, &at);
    struct wire_writer w = {0};
    uint32_t k;

    talk_begin(&w, TALK_JOB, g->self, 32 + (size_t)job->values * 8 + bytes);
    if (w.failed) {
        error_set(&g->error, TM_EMEMORY, "out of memory for %zu bytes", bytes);
        return;
    }
    put_u32(&w, p->token);
    put_u8(&w, job->load != 0);
    put_u64(&w, job->number);
    put_u32(&w, job->entry);
    put_u32(&w, tile);
    put_u32(&w, job->values);
    for (k = 0; k < job->values; k++)
        put_u64(&w, (uint64_t)job->value[k].integer);
    if (bytes)
        memcpy(w.bytes + w.size, job->operand[0].from, bytes);
    w.size += bytes;
    hub_put(g->hub, COORDINATOR, &w);
}

static void send_jobs(struct guest *g)
{
    while (g->queue && g->sent_count < JOBS_AWAY) {
        struct pending *p = g->queue;
        g->queue = p->next;
        if (!g->queue)
            g->queue_last = &g->queue;
        p->next = g->sent;
        g->sent = p;
        g->sent_count++;
        send_job(g, p);
    }
}

static void shell_give_away(void *user, struct job *job)
{
    struct guest *g = user;
    struct pending *p = calloc(1, sizeof *p);

    if (!p) { /* the job stays where it is: the run ends */
        error_set(&g->error, TM_EMEMORY, "out of memory");
        return;
    }
    *p = (struct pending){NULL, job, g->token++};
    *g->queue_last = p;
    g->queue_last = &p->next;
    send_jobs(g);
}

static struct job *pending_take(struct pending **list)
{
    struct pending *p = *list;
    struct job *job = p->job;

    *list = p->next;
    free(p);
    return job;
}

static struct job *shell_returned(void *user)
{
    struct guest *g = user;

    send_jobs(g);
    return g->ready ? pending_take(&g->ready) : NULL;
}

static struct job *shell_dropped(void *user)
{
    struct guest *g = user;

    return g->ready   ? pending_take(&g->ready)
           : g->sent  ? pending_take(&g->sent)
           : g->queue ? pending_take(&g->queue)
                      : NULL;
}

static void shell_wait(void *user, double seconds)
{
    struct guest *g = user;

    hub_wait(g->hub, g->setup.until_eof ? STDIN_FILENO : -1, seconds);
}

static int shell_over(void *user, int released, struct tm_error *error)
{
    struct guest *g = user;

    if (!g->going && atomic_load(g->setup.cancel))
        say_going(g);
    if (!is_over(g) && !(released && is_cancelled(g)))
        return 0;
    if (g->error.status && !error->status)
        *error = g->error;
    return 1;
}

/* ---- joining ------------------------------------------------------------ */

static void say_hello(struct guest *g)
{
    struct wire_writer w = {0};
    char host[80] = "";

    gethostname(host, sizeof host - 1);
    talk_begin(&w, TALK_HELLO, WIRE_NOBODY, 0);
    talk_text(&w, TM_VERSION);
    talk_text(&w, kernel_describe());
    talk_text(&w, g->address);
    talk_text(&w, host);
    if (!wire_room(&w, 32)) {
        put_u64(&w, (uint64_t)getpid());
        put_u32(&w, (uint32_t)g->setup.threads);
        put_u64(&w, (uint64_t)sysconf(_SC_PHYS_PAGES) *
                        (uint64_t)sysconf(_SC_PAGESIZE));
        put_u32(&w, (uint32_t)g->setup.place);
    }
    hub_put(g->hub, COORDINATOR, &w);
}

static int came(const int *what, void *const *or_what)
{
    return (what && *what) || (or_what && *or_what);
}

/* Is the port closed to this worker?  Of a run that it knows that is no word:
 * another may listen there meanwhile. */
static void look_for_denial(struct guest *g)
{
    const char *why = hub_denied(g->hub, COORDINATOR);

    if (why && !g->welcome && !g->error.status)
        error_set(&g->error, TM_EUSAGE, "the run at %s refuses this worker: %s",
                  g->setup.address, why);
}

/* Move messages until *what is not 0, or it is over.  0, or g->error. */
static int wait_for(struct guest *g, const int *what, void *const *or_what)
{
    struct hub_message message;
    int moved;

    while (!came(what, or_what) && !is_over(g) && !is_cancelled(g)) {
        moved = hub_pump(g->hub, &g->error);
        look_for_denial(g);
        while (!came(what, or_what) && !g->error.status &&
               hub_receive(g->hub, &message)) {
            read_message(g, &message);
            hub_done(&message);
            moved = 1;
        }
        if (!moved)
            shell_wait(g, wait_seconds);
    }
    if (g->ended && !g->error.status)
        error_set(&g->error, TM_ECANCELLED, "the run is over");
    return g->error.status;
}

struct guest *guest_join(const struct guest_setup *setup,
                         struct tm_error *error)
{
    struct guest *g = calloc(1, sizeof *g);
    uint64_t self = hub_random();
    int k;

    if (!g) {
        error_set(error, TM_EMEMORY, "out of memory");
        return NULL;
    }
    g->setup = *setup;
    g->self = WIRE_NOBODY;
    g->queue_last = &g->queue;
    error_clear(&g->error);
    for (k = 0; k < WIRE_WORKERS; k++)
        g->peers[k] = -1;
    if (!net_near(setup->address, self, g->address, &g->error))
        g->hub = hub_open(g->address, self, setup->silence, setup->secret,
                          &g->error);
    if (g->hub && hub_add(g->hub, setup->address, 0, &g->error) >= 0) {
        say_hello(g);
        wait_for(g, NULL, &g->welcome);
    }
    if (!g->error.status)
        return g;
    *error = g->error;
    guest_close(g);
    return NULL;
}

struct wire_reader guest_welcome(const struct guest *g)
{
    return g->welcome_body;
}

void guest_silence(struct guest *g, double seconds)
{
    if (seconds > 0) {
        g->setup.silence = seconds;
        hub_silence(g->hub, seconds);
    }
}

static void say_ready(struct guest *g, uint64_t digest)
{
    struct wire_writer w = {0};

    talk_begin(&w, TALK_READY, g->self, 0);
    talk_put_error(&w, g->error.status, g->error.text);
    if (!wire_room(&w, 8))
        put_u64(&w, digest);
    hub_put(g->hub, COORDINATOR, &w);
}

static void say_profile(struct guest *g, const struct profile *profile)
{
    struct wire_writer w = {0};

    talk_begin(&w, TALK_PROFILE, g->self, 0);
    profile_put(profile, &w);
    hub_put(g->hub, COORDINATOR, &w);
}

/* Say why, and see to it that it has been heard. */
static void say_leave(struct guest *g)
{
    double until = hub_seconds() + leave_seconds;
    struct wire_writer w = {0};
    struct tm_error ignored;

    error_clear(&ignored);
    if (!g->ended) {
        talk_begin(&w, TALK_LEAVE, g->self, 0);
        talk_put_error(&w, g->error.status, g->error.text);
        hub_put(g->hub, COORDINATOR, &w);
    }
    do {
        struct hub_message message;
        hub_pump(g->hub, &ignored);
        while (hub_receive(g->hub, &message))
            hub_done(&message);
        hub_wait(g->hub, -1, 0.005);
    } while (hub_waiting(g->hub, COORDINATOR) && hub_seconds() < until &&
             !input_ended(g));
    hub_pump(g->hub, &ignored); /* the last acknowledgement */
}

enum tm_status guest_run(struct guest *g, const struct binding *binding,
                         struct job_io *io, uint64_t digest,
                         const unsigned char *away_loads, int away_stores,
                         struct profile *profile, struct tm_error *error)
{
    struct engine_shell shell = {
        .user = g,
        .send = shell_send,
        .receive = shell_receive,
        .received = shell_received,
        .is_away = shell_is_away,
        .give_away = shell_give_away,
        .returned = shell_returned,
        .dropped = shell_dropped,
        .wait = shell_wait,
        .over = shell_over,
    };
    const struct engine_setup setup = {
        .binding = binding,
        .io = io,
        .threads = g->setup.threads,
        .memory = g->setup.memory,
        .spill = g->setup.spill,
        .profile = profile,
        .cancel = g->setup.cancel,
        .shell = &shell,
    };

    g->binding = binding;
    g->away_loads = away_loads;
    g->away_stores = away_stores;
    if (error->status)
        g->error = *error;
    say_ready(g, digest);
    if (!g->error.status)
        wait_for(g, &g->linked, NULL);
    shell.self = g->self;
    if (!g->error.status)
        engine_run(&setup, NULL, &g->error);
    if (!error->status && g->error.status)
        *error = g->error;
    if (profile && g->linked)
        say_profile(g, profile);
    say_leave(g);
    return (enum tm_status)error->status;
}

void guest_close(struct guest *g)
{
    int orphan;

    if (!g)
        return;
    orphan = g->setup.until_eof && input_ended(g);
    hub_close(g->hub);
    if (orphan) /* whoever made the folder is gone */
        crew_remove_folder(g->setup.address);
    free(g->welcome);
    free(g);
}
