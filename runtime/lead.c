/* The coordinator's process: one thread that moves messages between the hub
 * and the coordinator, and does the jobs that workers can't do for want of
 * the files.
 *
 * A worker is WELCOMED (it binds the plan for itself), READY (and agrees),
 * NUMBERED (is told who the others are), LINKED (knows them).  When enough are
 * ready they are numbered, and when those are linked the run begins; who is
 * ready later joins it then.  One that is lost or goes has LEFT. */
#include "runtime/lead.h"
#include "runtime/coordinator.h"
#include "runtime/hub.h"
#include "runtime/profile.h"
#include "runtime/saver.h"
#include "runtime/store.h"
#include "runtime/talk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum state { NOBODY, WELCOMED, READY, NUMBERED, LINKED, LEFT };
enum { STEPS = 4 };

static const double wait_seconds = 0.05; /* to look at the cancel flag */
static const double progress_seconds = 0.1;
static const double end_seconds = 2;    /* for workers to go */
static const double still_silences = 3; /* without an end: worth a word */
static const double refused_seconds = 10; /* between words on who was */
static const double last_words_seconds = 0.05; /* of a process that ended */

struct member { /* by the hub's number */
    enum state state;
    int number;    /* of NUMBERED and LINKED ones, or -1 */
    int goes;      /* it has asked to leave */
    int profiled;  /* its profile has come */
    pid_t process; /* on this host or its own */
    int place;     /* in the crew, or 0 */
    char host[80];
    char address[NET_NAME];
    char ended[100]; /* how its process did; "": it lives */
    double ended_at;
};

struct cut { /* worker `from` cannot reach worker `to` */
    int from, to;
    double since;
};

struct lead {
    const struct lead_setup *setup;
    const struct engine_setup *run;
    struct hub *hub;
    struct crew *crew;
    char address[NET_NAME];
    struct member members[HUB_PEERS];
    int met;              /* members so far, and ... */
    int peers[HUB_PEERS]; /* those with a number, by it */
    int count;            /* numbers so far */
    int wanted;           /* workers that must be ready before the first task */
    struct cut *cuts;
    int cut_count, cut_space;
    float *costs;
    struct coordinator *coordinator; /* NULL: the run has not begun */
    struct saver *saver;             /* of checkpoints, or NULL */
    int lost;                        /* workers that were, in the run */
    int recovering;                  /* and it is not said yet what follows */
    int over;                        /* nobody is lost any more */
    uint64_t moved; /* coordinator_moved(), and when it changed */
    double moved_at;
    double still;          /* so long a time without is worth a word ... */
    double ask_at, looked; /* ... which is due then */
    int asked, stuck;
    struct coordinator_progress said;
    int fetching; /* the plan waits for a number: for the profile */
    struct job_space space;
    struct tm_error error;
    double start, shown;
    unsigned long refused; /* connections, as was said at ... */
    double refused_at;
};

static struct member *member_of(struct lead *l, int number)
{
    return &l->members[l->peers[number]];
}

/* May others come when all are lost? */
static int is_open(const struct lead *l)
{
    return l->setup->listen && !l->crew;
}

static void member_name(const struct member *m, char *text, size_t size)
{
    if (m->number < 0)
        snprintf(text, size, "a worker (process %ld on %s)", (long)m->process,
                 m->host);
    else
        snprintf(text, size, "worker %d (process %ld on %s)", m->number,
                 (long)m->process, m->host);
}

__attribute__((format(printf, 2, 3))) static void note(const struct lead *l,
                                                       const char *format, ...)
{
    char text[1000];
    va_list args;

    if (!l->run->note)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    l->run->note(l->run->note_user, text);
}

/* ---- who joins ---------------------------------------------------------- */

/* Can this first message be answered, and where? */
static int admit(void *user, const unsigned char *bytes, size_t size,
                 char address[NET_NAME])
{
    const struct lead *l = user;
    struct wire_reader r;
    unsigned kind, version;
    uint16_t sender;
    char text[TALK_TEXT];

    if (!talk_open(&r, bytes, size, &kind, &version, &sender) ||
        kind != TALK_HELLO)
        return 0;
    talk_get_text(&r, text, sizeof text); /* version */
    talk_get_text(&r, text, sizeof text); /* kernel set */
    talk_get_text(&r, address, NET_NAME);
    return !r.failed &&
           !strncmp(address, l->address, 6); /* the same transport */
}

static void refuse(struct lead *l, int peer, int status, const char *text)
{
    struct wire_writer w = {0};

    talk_begin(&w, TALK_REFUSED, WIRE_COORDINATOR, 0);
    talk_put_error(&w, status, text);
    hub_put(l->hub, peer, &w);
    l->members[peer].state = LEFT;
}

/* Why it can't work with us; 0: it can.  The bits hang on all of this. */
static int differs(unsigned version, const char *program, const char *kernels,
                   char *text, size_t size)
{
    if (version != WIRE_VERSION || strcmp(program, TM_VERSION))
        snprintf(text, size,
                 "the coordinator is Tilematrix %s (protocol %d), the worker "
                 "is Tilematrix %s (protocol %u)",
                 TM_VERSION, WIRE_VERSION, program, version);
    else if (strcmp(kernels, kernel_describe()))
        snprintf(text, size,
                 "the coordinator's kernels are not the worker's, so bits "
                 "would differ: %.400s; the worker's: %.400s",
                 kernel_describe(), kernels);
    else
        return 0;
    for (; *text; text++)
        if (*text == '\n')
            *text = text[1] ? ',' : 0;
    return 1;
}

static void read_hello(struct lead *l, int peer, unsigned version,
                       struct wire_reader *r)
{
    struct member *m = &l->members[peer];
    struct wire_writer w = {0};
    char program[100], kernels[TALK_TEXT], text[TALK_TEXT];

    talk_get_text(r, program, sizeof program);
    talk_get_text(r, kernels, sizeof kernels);
    talk_get_text(r, m->address, sizeof m->address);
    talk_get_text(r, m->host, sizeof m->host);
    m->process = (pid_t)get_u64(r);
    get_u32(r); /* threads */
    get_u64(r); /* memory */
    m->place = l->crew ? (int)get_u32(r) : 0;
    if (m->state != NOBODY)
        return;
    if (differs(version, program, kernels, text, sizeof text)) {
        refuse(l, peer, TM_EUSAGE, text);
        return;
    }
    m->state = WELCOMED;
    m->number = -1;
    if (l->met <= peer)
        l->met = peer + 1;
    talk_begin(&w, TALK_WELCOME, WIRE_COORDINATOR, l->setup->welcome->size);
    if (!w.failed) {
        memcpy(w.bytes + w.size, l->setup->welcome->bytes,
               l->setup->welcome->size);
        w.size += l->setup->welcome->size;
    }
    hub_put(l->hub, peer, &w);
}

static int number_in(const struct lead *l, enum state state)
{
    int k, count = 0;

    for (k = 0; k < l->met; k++)
        count += l->members[k].state == state;
    return count;
}

static void put_peer(struct lead *l, struct wire_writer *w, int peer)
{
    const struct member *m = &l->members[peer];

    if (wire_room(w, 16))
        return;
    put_u16(w, (uint16_t)m->number);
    put_u64(w, hub_incarnation(l->hub, peer));
    talk_text(w, m->address);
}

/* Tell a worker of one other, or (-1) of all that are there. */
static void send_peers(struct lead *l, int to, int other)
{
    struct wire_writer w = {0};
    int count =
        other >= 0 ? 1 : number_in(l, NUMBERED) + number_in(l, LINKED) - 1;
    int k;

    talk_begin(&w, TALK_PEERS, WIRE_COORDINATOR, 8);
    if (!w.failed) {
        put_u16(&w, (uint16_t)l->members[to].number);
        put_u32(&w, (uint32_t)count);
    }
    for (k = 0; k < l->count; k++) {
        int peer = l->peers[k];
        if (peer != to && l->members[peer].state != LEFT &&
            (other < 0 || peer == other))
            put_peer(l, &w, peer);
    }
    hub_put(l->hub, to, &w);
}

static void give_number(struct lead *l, int peer)
{
    l->members[peer].number = l->count;
    l->members[peer].state = NUMBERED;
    l->peers[l->count++] = peer;
}

/* As soon as enough are ready. */
static void number_first(struct lead *l)
{
    int k;

    if (l->count || number_in(l, READY) < l->wanted)
        return;
    for (k = 0; k < l->met; k++)
        if (l->members[k].state == READY)
            give_number(l, k);
    for (k = 0; k < l->count; k++)
        send_peers(l, l->peers[k], -1);
}

/* Who wants to leave may, if he is not the last. */
static void let_go(struct lead *l)
{
    int k;

    for (k = 0; k < l->count; k++)
        if (member_of(l, k)->goes)
            coordinator_leave(l->coordinator, (uint16_t)k);
}

/* To a run that has begun.  All hear of one another before the coordinator
 * says anything of the new one. */
static void join_late(struct lead *l, int peer)
{
    int k, number = coordinator_join(l->coordinator);
    char name[200];

    if (number != l->count) {
        error_set(&l->error, TM_EMEMORY, "out of memory for one more worker");
        return;
    }
    give_number(l, peer);
    send_peers(l, peer, -1);
    for (k = 0; k < number; k++)
        if (member_of(l, k)->state != LEFT)
            send_peers(l, l->peers[k], peer);
    member_name(&l->members[peer], name, sizeof name);
    note(l, "%s has joined", name);
    let_go(l);
}

/* All have bound the plan alike?  A run that goes on does without those that
 * have not. */
static int agrees(struct lead *l, int peer, struct tm_error *error,
                  uint64_t digest)
{
    char name[200];

    member_name(&l->members[peer], name, sizeof name);
    if (!error->status && digest != l->setup->digest)
        error_set(error, TM_EBUG,
                  "has bound the plan otherwise: %016" PRIx64
                  ", and here it is %016" PRIx64,
                  digest, l->setup->digest);
    if (!error->status)
        return 1;
    if (!l->coordinator) {
        error_set(&l->error, error->status, "%s: %.700s", name, error->text);
        return 0;
    }
    note(l, "%s cannot join: %.700s", name, error->text);
    refuse(l, peer, error->status, error->text);
    return 0;
}

static void read_ready(struct lead *l, int peer, struct wire_reader *r)
{
    struct tm_error error;

    if (l->members[peer].state != WELCOMED)
        return;
    talk_get_error(r, &error);
    if (!agrees(l, peer, &error, get_u64(r)))
        return;
    l->members[peer].state = READY;
    if (l->coordinator)
        join_late(l, peer);
    else
        number_first(l);
}

/* Who was lost, or came, while the others were linked, is so now. */
static void catch_up(struct lead *l)
{
    int k;

    if (is_open(l))
        coordinator_patient(l->coordinator);
    for (k = 0; k < l->count; k++)
        if (member_of(l, k)->state == LEFT)
            coordinator_lost(l->coordinator, (uint16_t)k);
    for (k = 0; k < l->met; k++)
        if (l->members[k].state == READY)
            join_late(l, k);
    let_go(l);
}

/* ---- checkpoints -------------------------------------------------------- */

static size_t saver_waiting(void *user, uint16_t worker)
{
    const struct lead *l = user;

    return hub_waiting(l->hub, l->peers[worker]);
}

static void saver_send(void *user, uint16_t worker, struct wire_writer *message)
{
    const struct lead *l = user;

    hub_put(l->hub, l->peers[worker], message);
}

static void saver_note(void *user, const char *text)
{
    note(user, "%s", text);
}

static void open_saver(struct lead *l)
{
    struct saver_setup setup = {.checkpoint = l->run->checkpoint,
                                .io = l->run->io,
                                .coordinator = l->coordinator,
                                .waiting = saver_waiting,
                                .send = saver_send,
                                .note = saver_note,
                                .user = l};

    if (setup.checkpoint)
        l->saver = saver_new(&setup, hub_seconds(), &l->error);
}

static void begin(struct lead *l)
{
    const struct binding *b = l->run->binding;
    uint32_t k, entries = b->plan->entries.count;

    l->costs = malloc((entries + 1) * sizeof *l->costs);
    for (k = 0; l->costs && k < entries; k++)
        l->costs[k] = job_cost(b, k);
    if (l->costs)
        l->coordinator = coordinator_new(b, l->costs, (uint16_t)l->count,
                                         COORDINATOR_WINDOW);
    if (l->coordinator) {
        open_saver(l);
        catch_up(l);
    } else
        error_set(&l->error, TM_EMEMORY, "out of memory to start the run");
}

static void begin_if_linked(struct lead *l)
{
    if (!l->coordinator && l->count && !number_in(l, NUMBERED))
        begin(l);
}

/* ---- jobs of workers ---------------------------------------------------- */

static void answer_job(struct lead *l, int peer, uint32_t token,
                       const struct job *job, size_t bytes)
{
    struct wire_writer w = {0};

    talk_begin(&w, TALK_OUTCOME, WIRE_COORDINATOR, bytes + 16);
    if (!w.failed) {
        put_u32(&w, token);
        put_u32(&w, job->error.place);
    }
    talk_put_error(&w, job->error.status, job->error.text);
    if (job->load && !job->error.status && !wire_room(&w, bytes)) {
        memcpy(w.bytes + w.size, job->operand[0].to, bytes);
        w.size += bytes;
    }
    if (w.failed)
        error_set(&l->error, TM_EMEMORY, "out of memory for %zu bytes", bytes);
    hub_put(l->hub, peer, &w);
}

static int read_values(struct wire_reader *r, struct job *job,
                       union plan_value **values)
{
    uint32_t k;

    job->values = get_u32(r);
    if (!wire_has(r, (size_t)job->values * 8))
        return -1;
    *values = calloc((size_t)job->values + 1, sizeof **values);
    for (k = 0; *values && k < job->values; k++)
        (*values)[k].integer = (int64_t)get_u64(r);
    job->value = *values;
    return *values ? 0 : -1;
}

/* A job on one tile, for a worker that has not the file. */
static int read_job(struct lead *l, int peer, struct wire_reader *r)
{
    const struct binding *b = l->run->binding;
    union plan_value *values = NULL;
    uint32_t token = get_u32(r), tile;
    struct bind_tile at;
    struct job job;
    size_t bytes;
    void *data = NULL;
    int bad = -1;

    job_init(&job);
    job.load = get_u8(r);
    job.number = get_u64(r);
    job.entry = get_u32(r);
    tile = get_u32(r);
    if (read_values(r, &job, &values) || tile >= b->tiles ||
        job.load != (job.entry == PLAN_NONE) || job_reserve(&job, 1) ||
        (!job.load &&
         (job.entry >= b->plan->entries.count ||
          b->plan->entries.items[job.entry].kernel != KERNEL_STORE)))
        goto done;
    at = binding_tile_at(b, tile);
    bytes = job_tile_bytes(b, &at);
    data = aligned_alloc(64, (bytes + STORE_PAD + 63) & ~(size_t)63);
    if (!data || (!job.load && (size_t)(r->end - r->next) != bytes))
        goto done;
    if (!job.load)
        memcpy(data, r->next, bytes);
    job.operands = 1;
    *job.operand = job.load
                       ? (struct job_operand){.to = data, .out_tile = tile}
                       : (struct job_operand){.from = data, .in_tile = tile};
    job_run(&job, l->run->io, &l->space);
    answer_job(l, peer, token, &job, bytes);
    bad = 0;
done:
    free(values);
    free(data);
    job_fini(&job);
    return bad;
}

/* ---- who is lost -------------------------------------------------------- */

/* Of those that are started, one will not come. */
static void want_fewer(struct lead *l, const char *name, const char *how)
{
    if (!l->crew || l->count)
        return;
    if (!--l->wanted)
        error_set(&l->error, TM_EPEER, "%s %s, and no other is left", name,
                  how);
    else
        number_first(l);
}

static void tell_lost(struct lead *l, int number)
{
    int k;

    for (k = 0; k < l->count; k++) {
        struct wire_writer w = {0};
        if (member_of(l, k)->state == LEFT)
            continue;
        talk_begin(&w, TALK_LOST, WIRE_COORDINATOR, 2);
        if (!w.failed)
            put_u16(&w, (uint16_t)number);
        hub_put(l->hub, l->peers[k], &w);
    }
}

static void lose_worker(struct lead *l, const struct member *m)
{
    struct coordinator_progress at;

    tell_lost(l, m->number);
    if (!l->coordinator) {
        begin_if_linked(l);
        return;
    }
    l->lost += !m->goes;
    l->recovering |= !m->goes;
    coordinator_lost(l->coordinator, (uint16_t)m->number);
    if (l->saver)
        saver_lost(l->saver, (uint16_t)m->number);
    coordinator_progress(l->coordinator, &at);
    if (!at.workers && is_open(l))
        note(l, "no worker is left: waiting for some to join at %s",
             l->setup->listen);
}

static void lose(struct lead *l, int peer, const char *how)
{
    struct member *m = &l->members[peer];
    enum state state = m->state;
    char name[200];

    hub_drop(l->hub, peer);
    m->state = LEFT;
    if (state == NOBODY || state == LEFT || l->over)
        return;
    member_name(m, name, sizeof name);
    note(l, "%s %s", name, how);
    if (m->number < 0)
        want_fewer(l, name, how);
    else
        lose_worker(l, m);
}

/* It may live: whatever it still does is not wanted. */
static void give_up(struct lead *l, int peer, const char *how)
{
    if (l->crew)
        crew_kill(l->crew, l->members[peer].place);
    lose(l, peer, how);
}

static void look_for_silence(struct lead *l)
{
    char how[100];
    int peer;

    while ((peer = hub_lost(l->hub)) >= 0) {
        snprintf(how, sizeof how, "was silent for %.3g s", l->setup->silence);
        give_up(l, peer, how);
    }
}

/* Of a process that has not said its last words yet, perhaps. */
static int note_end(struct lead *l, int place, const char *how, double now)
{
    int k, known = 0;

    for (k = 0; k < l->met; k++) {
        struct member *m = &l->members[k];
        if (m->place != place || m->state == LEFT)
            continue;
        snprintf(m->ended, sizeof m->ended, "%s", how);
        m->ended_at = now;
        known = 1;
    }
    return known;
}

/* A process that ended may have said why: its last message comes first. */
static void look_for_ends(struct lead *l)
{
    double now = hub_seconds();
    char how[100], name[200];
    int k, place;

    while (l->crew && (place = crew_ended(l->crew, how, sizeof how)))
        if (!note_end(l, place, how, now) && !l->count) {
            const char *host = l->setup->hosts[place - 1].name;
            snprintf(name, sizeof name, "the worker on %.100s",
                     strcmp(host, "-") ? host : "this host");
            note(l, "%s %s", name, how);
            want_fewer(l, name, how);
        }
    for (k = 0; k < l->met; k++) {
        struct member *m = &l->members[k];
        if (m->ended[0] && m->state != LEFT &&
            now - m->ended_at > last_words_seconds)
            lose(l, k, m->ended);
    }
}

static void read_leave(struct lead *l, int peer, struct wire_reader *r)
{
    struct member *m = &l->members[peer];
    struct tm_error error;
    char name[200];

    talk_get_error(r, &error);
    member_name(m, name, sizeof name);
    if (error.status == TM_EPEER)
        lose(l, peer, "has lost the coordinator");
    else if (error.status && error.status != TM_ECANCELLED)
        error_set(&l->error, error.status, "%s: %.700s", name, error.text);
    else
        lose(l, peer, "has left");
}

static void read_going(struct lead *l, int peer)
{
    l->members[peer].goes = 1;
    if (l->coordinator)
        let_go(l);
}

/* ---- workers that can't reach one another ------------------------------- */

static void read_peerless(struct lead *l, int peer, struct wire_reader *r)
{
    struct cut cut = {l->members[peer].number, get_u16(r), hub_seconds()};
    int space = l->cut_space ? 2 * l->cut_space : 16;
    struct cut *grown;

    if (r->failed || cut.from < 0 || cut.to >= l->count)
        return;
    if (l->cut_count == l->cut_space) {
        grown = realloc(l->cuts, (size_t)space * sizeof *grown);
        if (!grown) {
            error_set(&l->error, TM_EMEMORY, "out of memory");
            return;
        }
        l->cuts = grown;
        l->cut_space = space;
    }
    l->cuts[l->cut_count++] = cut;
}

/* Cuts between workers that are both there. */
static void drop_old_cuts(struct lead *l)
{
    int k, count = 0;

    for (k = 0; k < l->cut_count; k++)
        if (member_of(l, l->cuts[k].from)->state != LEFT &&
            member_of(l, l->cuts[k].to)->state != LEFT)
            l->cuts[count++] = l->cuts[k];
    l->cut_count = count;
}

/* How much speaks against it: who says nothing to others may say nothing of
 * them either. */
static int suspicion(const struct lead *l, int number)
{
    int k, sum = 0;

    for (k = 0; k < l->cut_count; k++)
        sum += 2 * (l->cuts[k].to == number) + (l->cuts[k].from == number);
    return sum;
}

/* One of two that can't reach each other has to go: the one that most speaks
 * against, when all had the time to say so. */
static void look_for_cuts(struct lead *l)
{
    const struct cut *worst;
    char how[100];
    int k;

    drop_old_cuts(l);
    if (!l->cut_count ||
        hub_seconds() - l->cuts[0].since < l->setup->silence / 2)
        return;
    worst = &l->cuts[0];
    for (k = 1; k < l->cut_count; k++)
        if (suspicion(l, l->cuts[k].to) > suspicion(l, worst->to))
            worst = &l->cuts[k];
    snprintf(how, sizeof how, "cannot be reached by worker %d", worst->from);
    give_up(l, l->peers[worst->to], how);
}

static int read_profile(struct lead *l, int peer, struct wire_reader *r)
{
    struct member *m = &l->members[peer];

    if (!l->run->profile || m->number < 0 || m->profiled)
        return -1;
    m->profiled = 1;
    return profile_get(l->run->profile, r, m->number);
}

/* ---- messages ----------------------------------------------------------- */

static int read_message(struct lead *l, const struct hub_message *message)
{
    struct member *m = &l->members[message->peer];
    struct wire_reader r;
    unsigned kind, version;
    uint16_t sender;
    int bad = 0;

    if (!talk_open(&r, message->in.bytes, message->in.size, &kind, &version,
                   &sender))
        return -1;
    if (kind == TALK_HELLO) {
        read_hello(l, message->peer, version, &r);
        return 0;
    }
    if (m->state == NOBODY || m->state == LEFT)
        return 0;
    switch (kind) {
    case WIRE_REPORT:
        if (l->coordinator)
            coordinator_message(l->coordinator, (uint16_t)m->number,
                                message->in.bytes, message->in.size);
        return l->coordinator && !coordinator_bad(l->coordinator) ? 0 : -1;
    case WIRE_SAVED:
        bad = l->saver ? saver_saved(l->saver, (uint16_t)m->number, &r) : -1;
        break;
    case TALK_READY: read_ready(l, message->peer, &r); break;
    case TALK_LINKED:
        if (m->state == NUMBERED)
            m->state = LINKED;
        begin_if_linked(l);
        break;
    case TALK_JOB: bad = read_job(l, message->peer, &r); break;
    case TALK_LEAVE: read_leave(l, message->peer, &r); break;
    case TALK_GOING: read_going(l, message->peer); break;
    case TALK_PROFILE: bad = read_profile(l, message->peer, &r); break;
    case TALK_PEERLESS: read_peerless(l, message->peer, &r); break;
    default: bad = -1;
    }
    return bad || r.failed ? -1 : 0;
}

static int receive(struct lead *l)
{
    struct hub_message message;
    char name[200];
    int moved = 0;

    while (!l->error.status && hub_receive(l->hub, &message)) {
        if (read_message(l, &message)) {
            member_name(&l->members[message.peer], name, sizeof name);
            error_set(&l->error, TM_EBUG, "a message of %s makes no sense",
                      name);
        }
        hub_done(&message);
        moved = 1;
    }
    return moved;
}

static int send_orders(struct lead *l)
{
    struct wire_outbox *orders = coordinator_outbox(l->coordinator);
    struct wire_message *message;
    int moved = 0;

    while ((message = outbox_take(orders))) {
        hub_send(l->hub, l->peers[message->to], message);
        moved = 1;
    }
    return moved;
}

static int step(struct lead *l)
{
    struct coordinator *c = l->coordinator;
    char *line;
    int walks = 0;

    while ((line = coordinator_line(c))) {
        if (l->run->print)
            l->run->print(l->run->print_user, line);
        free(line);
    }
    while (walks < STEPS && !coordinator_finished(c) && coordinator_step(c))
        walks++;
    return send_orders(l) || walks;
}

static void note_fetch(struct lead *l)
{
    int waits = coordinator_waits(l->coordinator);

    if (waits != l->fetching)
        profile_fetch(l->run->profile, waits);
    l->fetching = waits;
}

/* What the loss of workers means, as soon as it is known. */
static void note_recovery(struct lead *l)
{
    struct coordinator_progress at;

    coordinator_progress(l->coordinator, &at);
    if (at.recovering || !at.workers)
        return;
    note(l,
         "%" PRIu64 " of %" PRIu64 " tasks that were done are computed again, "
         "%.4g of %.4g GF",
         at.repeated - l->said.repeated, at.tasks,
         (at.cost_repeated - l->said.cost_repeated) / 1e9, at.cost_done / 1e9);
    l->said = at;
    l->recovering = 0;
}

/* What workers answered, when nothing has moved for long. */
static void tell_still(struct lead *l, double now)
{
    char text[700];

    coordinator_describe(l->coordinator, text, sizeof text);
    l->stuck = coordinator_stuck(l->coordinator) ? l->stuck + 1 : 0;
    if (l->stuck > 1)
        error_set(&l->error, TM_EBUG, "stuck: %s", text);
    else
        note(l, "nothing has ended for %.3g s: %s", now - l->moved_at, text);
}

/* No run stands still without a word.  Time in which nobody looked, since this
 * process was stopped, does not count. */
static void look_for_stillness(struct lead *l)
{
    uint64_t moved = coordinator_moved(l->coordinator);
    double now = hub_seconds();

    if (now - l->looked > l->setup->silence)
        l->ask_at = now + l->still;
    l->looked = now;
    if (moved != l->moved || !l->moved_at) {
        l->moved = moved;
        l->moved_at = now;
        l->still = still_silences * l->setup->silence;
        l->ask_at = now + l->still;
        l->asked = l->stuck = 0;
    } else if (!l->asked && now > l->ask_at) {
        coordinator_ask(l->coordinator);
        l->asked = 1;
    } else if (l->asked && !coordinator_unanswered(l->coordinator)) {
        l->asked = 0;
        l->still *= 2;
        l->ask_at = now + l->still;
        tell_still(l, now);
    }
}

static void show_progress(struct lead *l)
{
    struct coordinator_progress at;
    struct tm_progress progress = {0};
    double now = hub_seconds();

    l->shown = now;
    coordinator_progress(l->coordinator, &at);
    progress.seconds = now - l->start;
    progress.flops = at.cost_done;
    progress.total_flops = at.cost_total;
    progress.tasks = at.tasks;
    progress.whole = at.whole;
    progress.lost = (uint64_t)l->lost;
    progress.repeated = at.repeated;
    progress.repeated_flops = at.cost_repeated;
    l->run->progress(l->run->progress_user, &progress);
}

/* Who came and was not let in; now and then, and at the end. */
static void note_refused(struct lead *l, double pause)
{
    double now = hub_seconds();
    unsigned long count;
    char text[500];

    if (l->refused && now - l->refused_at < pause)
        return;
    count = hub_refused(l->hub, text, sizeof text);
    if (count == l->refused)
        return;
    note(l, "%lu connection%s refused: %s", count,
         count == 1 ? " was" : "s were", text);
    l->refused = count;
    l->refused_at = now;
}

/* One pass over all that can move. */
static void pass(struct lead *l)
{
    int moved = hub_pump(l->hub, &l->error);

    moved |= receive(l);
    look_for_ends(l);
    look_for_silence(l);
    look_for_cuts(l);
    note_refused(l, refused_seconds);
    if (l->error.status)
        return;
    if (l->coordinator) {
        moved |= step(l);
        if (l->saver && saver_pass(l->saver, hub_seconds(), &l->error)) {
            send_orders(l);
            moved = 1;
        }
        note_fetch(l);
        if (l->recovering)
            note_recovery(l);
        if (!moved && !(l->saver && saver_busy(l->saver)))
            look_for_stillness(l);
        if (l->run->progress && hub_seconds() - l->shown >= progress_seconds)
            show_progress(l);
    }
    if (atomic_load(l->run->cancel))
        error_set(&l->error, TM_ECANCELLED, "cancelled");
    else if (!moved &&
             !(l->coordinator && coordinator_finished(l->coordinator)))
        hub_wait(l->hub, -1, wait_seconds);
}

/* ---- beginning and end -------------------------------------------------- */

static void open_all(struct lead *l)
{
    const char *listen = l->setup->listen;
    struct crew_setup crew = l->setup->crew;
    int k;

    if (listen)
        snprintf(l->address, sizeof l->address, "%s", listen);
    else if (crew_folder(l->address, sizeof l->address, &l->error))
        return;
    l->hub = hub_open(l->address, hub_random(), l->setup->silence,
                      l->setup->secret, &l->error);
    if (!l->hub)
        return;
    hub_admit(l->hub, admit, l);
    if (!l->setup->host_count)
        return;
    crew.address = l->address;
    crew.secret = l->setup->secret;
    l->crew = crew_new(&l->error);
    for (k = 0; l->crew && k < l->setup->host_count && !l->error.status; k++)
        crew_start(l->crew, &crew, &l->setup->hosts[k], &l->error);
}

/* A profile that comes at the end; all else is over. */
static void read_last(struct lead *l, const struct hub_message *message)
{
    struct wire_reader r;
    unsigned kind, version;
    uint16_t sender;

    if (talk_open(&r, message->in.bytes, message->in.size, &kind, &version,
                  &sender) &&
        kind == TALK_PROFILE && l->members[message->peer].state == LINKED)
        read_profile(l, message->peer, &r);
}

static int owes_profile(const struct lead *l, int peer)
{
    const struct member *m = &l->members[peer];

    return l->run->profile && m->state == LINKED && !m->profiled;
}

/* Whose process has ended has no need to hear anything. */
static int is_unheard(const struct lead *l, int peer)
{
    return hub_waiting(l->hub, peer) > 0 && !l->members[peer].ended[0];
}

/* Tell all that it is over, and hear that they know. */
static void say_end(struct lead *l)
{
    double until = hub_seconds() + end_seconds;
    struct tm_error ignored;
    int k, waits = 1;

    error_clear(&ignored);
    l->over = 1;
    for (k = 0; k < l->met; k++)
        if (l->members[k].state != NOBODY && l->members[k].state != LEFT) {
            struct wire_writer w = {0};
            talk_begin(&w, TALK_END, WIRE_COORDINATOR, 0);
            hub_put(l->hub, k, &w);
        }
    while (waits && hub_seconds() < until) {
        struct hub_message message;
        hub_pump(l->hub, &ignored);
        while (hub_receive(l->hub, &message)) {
            read_last(l, &message);
            hub_done(&message);
        }
        look_for_ends(l);
        for (waits = 0, k = 0; k < l->met; k++)
            waits |= is_unheard(l, k) || owes_profile(l, k);
        if (waits)
            hub_wait(l->hub, -1, 0.005);
    }
}

static void close_all(struct lead *l)
{
    struct tm_error kept = l->error;

    if (l->hub) {
        say_end(l);
        note_refused(l, 0);
    }
    l->error = kept;
    crew_free(l->crew, end_seconds);
    hub_close(l->hub);
    if (l->address[0] && !l->setup->listen)
        crew_remove_folder(l->address);
    saver_free(l->saver);
    coordinator_free(l->coordinator);
    job_space_fini(&l->space);
    free(l->costs);
    free(l->cuts);
}

enum tm_status lead_run(const struct lead_setup *setup, struct tm_error *error)
{
    struct lead *l = calloc(1, sizeof *l);
    int status;

    if (!l)
        return (enum tm_status)error_set(error, TM_EMEMORY, "out of memory");
    l->setup = setup;
    l->run = setup->run;
    l->wanted = setup->workers;
    l->start = l->shown = hub_seconds();
    error_clear(&l->error);
    open_all(l);
    while (!l->error.status &&
           !(l->coordinator && coordinator_finished(l->coordinator)))
        pass(l);
    if (!l->error.status) {
        step(l); /* the last lines */
        l->error = *coordinator_error(l->coordinator);
        if (l->run->progress)
            show_progress(l);
    }
    close_all(l);
    status = l->error.status;
    if (status && !error->status)
        *error = l->error;
    free(l);
    return (enum tm_status)status;
}
