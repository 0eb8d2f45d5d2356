/* One PULL inbox, one PUSH and one link for each other process. */
#include "runtime/hub.h"
#include "tilematrix/tilematrix.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static const double blocked_seconds = 2e-3; /* until a look at all ports */

struct peer {
    struct link *link; /* NULL: dropped */
    struct net_port *port;
    int blocked; /* its port had no room */
};

struct hub {
    uint64_t self;
    double silence;
    const struct secret *secret;
    struct net_port *inbox;
    struct peer peers[HUB_PEERS];
    int count;
    int next; /* whose messages hub_receive() looks at first */
    uint64_t gone[HUB_PEERS];
    int gone_count;
    unsigned long turned_away; /* since there was no room for them */
    char why[160];
    int (*admit)(void *user, const unsigned char *bytes, size_t size,
                 char address[NET_NAME]);
    void *admit_user;
    atomic_llong due_us; /* when something has to be sent; for hub_wait() */
    atomic_int blocked_fd;
    int wake_fd;               /* ends hub_wait() in another thread, ... */
    atomic_llong sleeps_to_us; /* ... which sleeps as long; 0: it does not */
    atomic_int polled_fd;      /* and looks at that port, or -1 */
};

double hub_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

uint64_t hub_random(void)
{
    uint64_t x = 0;

    while (!x)
        if (getrandom(&x, sizeof x, 0) != sizeof x)
            x = (uint64_t)(hub_seconds() * 1e9);
    return x;
}

struct hub *hub_open(const char *address, uint64_t self, double silence,
                     const struct secret *secret, struct tm_error *error)
{
    struct hub *hub = calloc(1, sizeof *hub);

    if (!hub) {
        error_set(error, TM_EMEMORY, "out of memory for the network");
        return NULL;
    }
    hub->self = self;
    hub->silence = silence;
    hub->secret = secret;
    atomic_store(&hub->blocked_fd, -1);
    atomic_store(&hub->polled_fd, -1);
    hub->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (hub->wake_fd >= 0)
        hub->inbox = net_inbox(address, LINK_FRAME, secret, error);
    else
        error_set(error, TM_EIO, "network: no more files can be open");
    if (hub->inbox)
        return hub;
    hub_close(hub);
    return NULL;
}

void hub_silence(struct hub *hub, double seconds)
{
    int k;

    hub->silence = seconds;
    for (k = 0; k < hub->count; k++)
        if (hub->peers[k].link)
            link_silence(hub->peers[k].link, seconds);
}

static void peer_close(struct peer *peer)
{
    void *kept;

    while (peer->link && (kept = link_drain(peer->link)))
        net_release(kept);
    link_free(peer->link);
    net_close(peer->port);
    *peer = (struct peer){0};
}

void hub_close(struct hub *hub)
{
    int k;

    if (!hub)
        return;
    for (k = 0; k < hub->count; k++)
        peer_close(&hub->peers[k]);
    net_close(hub->inbox);
    if (hub->wake_fd >= 0)
        close(hub->wake_fd);
    free(hub);
}

int hub_add(struct hub *hub, const char *address, uint64_t incarnation,
            struct tm_error *error)
{
    struct link_setup setup = {hub->self, incarnation, hub->silence};
    struct peer *peer = &hub->peers[hub->count];

    if (hub->count == HUB_PEERS) {
        error_set(error, TM_EMEMORY, "network: more than %d other processes",
                  HUB_PEERS);
        return -1;
    }
    peer->link = link_new(&setup, hub_seconds());
    peer->port = peer->link ? net_outbox(address, hub->secret, error) : NULL;
    if (!peer->port) {
        if (!peer->link)
            error_set(error, TM_EMEMORY, "out of memory for the network");
        peer_close(peer);
        return -1;
    }
    return hub->count++;
}

/* It is not listened to any more. */
static void gone_add(struct hub *hub, uint64_t incarnation)
{
    if (incarnation && hub->gone_count < HUB_PEERS)
        hub->gone[hub->gone_count++] = incarnation;
}

void hub_drop(struct hub *hub, int peer)
{
    struct peer *p = &hub->peers[peer];

    if (p->link)
        gone_add(hub, link_peer(p->link));
    peer_close(p);
}

uint64_t hub_incarnation(const struct hub *hub, int peer)
{
    return hub->peers[peer].link ? link_peer(hub->peers[peer].link) : 0;
}

void hub_admit(struct hub *hub,
               int (*admit)(void *user, const unsigned char *bytes, size_t size,
                            char address[NET_NAME]),
               void *user)
{
    hub->admit = admit;
    hub->admit_user = user;
}

void hub_send(struct hub *hub, int peer, struct wire_message *message)
{
    if (hub->peers[peer].link)
        link_send(hub->peers[peer].link, message);
    else
        wire_message_free(message);
}

void hub_put(struct hub *hub, int peer, struct wire_writer *writer)
{
    struct wire_outbox outbox;
    struct wire_message *message;

    outbox_init(&outbox);
    outbox_add(&outbox, 0, writer);
    message = outbox_take(&outbox);
    if (message)
        hub_send(hub, peer, message);
}

size_t hub_waiting(const struct hub *hub, int peer)
{
    return hub->peers[peer].link ? link_waiting(hub->peers[peer].link) : 0;
}

/* ---- frames ------------------------------------------------------------- */

static struct link *link_of(const struct hub *hub, uint64_t from)
{
    int k;

    for (k = 0; k < hub->count; k++)
        if (hub->peers[k].link && link_peer(hub->peers[k].link) == from)
            return hub->peers[k].link;
    return NULL;
}

static int is_gone(const struct hub *hub, uint64_t from)
{
    int k;

    for (k = 0; k < hub->gone_count; k++)
        if (hub->gone[k] == from)
            return 1;
    return 0;
}

/* The link of a stranger: one that was waited for without a name, or one who
 * is let in with his first message. */
static struct link *stranger(struct hub *hub, const unsigned char *bytes,
                             size_t size, uint64_t from, uint64_t to,
                             uint64_t seq)
{
    char address[NET_NAME];
    struct tm_error error;
    int k;

    if (is_gone(hub, from))
        return NULL;
    for (k = 0; k < hub->count && to == hub->self; k++)
        if (hub->peers[k].link && !link_peer(hub->peers[k].link))
            return hub->peers[k].link;
    error_clear(&error);
    if (to || seq != 1 || !hub->admit ||
        !hub->admit(hub->admit_user, bytes + LINK_HEADER, size - LINK_HEADER,
                    address))
        return NULL;
    k = hub_add(hub, address, from, &error);
    if (k >= 0)
        return hub->peers[k].link;
    hub->turned_away++;
    snprintf(hub->why, sizeof hub->why, "%.150s", error.text);
    gone_add(hub, from);
    return NULL;
}

static void frame_in(struct hub *hub, void *bytes, size_t size, double now)
{
    uint64_t from, to, seq;
    struct link *link = NULL;

    if (!link_address(bytes, size, &from, &to, &seq) && from)
        link = link_of(hub, from);
    else {
        from = 0;
        net_blame(hub->inbox);
    }
    if (from && !link)
        link = stranger(hub, bytes, size, from, to, seq);
    if (from && !link && to != hub->self && !is_gone(hub, from))
        net_blame(hub->inbox); /* it has no business here */
    if (!link || !link_accept(link, bytes, size, now))
        net_release(bytes);
}

static int frames_in(struct hub *hub, double now, struct tm_error *error)
{
    void *bytes;
    size_t size;
    int got, moved = 0;

    while ((got = net_receive(hub->inbox, &bytes, &size, error)) > 0) {
        frame_in(hub, bytes, size, now);
        if (++moved >= LINK_WINDOW)
            break;
    }
    return moved;
}

static int frames_out(struct peer *peer, double now, struct tm_error *error)
{
    struct link_frame frame;
    int moved = 0, went;

    peer->blocked = 0;
    while (link_next(peer->link, now, &frame)) {
        went = net_send(peer->port, frame.header, LINK_HEADER, frame.bytes,
                        frame.size, error);
        if (went <= 0) {
            peer->blocked = 1;
            break;
        }
        link_sent(peer->link, now, &frame);
        moved = 1;
    }
    peer->blocked |= net_push(peer->port);
    return moved;
}

static long long time_us(double seconds)
{
    return (long long)(seconds * 1e6);
}

/* Who sleeps in hub_wait() does not know of what is blocked or due since. */
static void wake(struct hub *hub, int blocked, double due)
{
    long long until = atomic_load(&hub->sleeps_to_us);

    if (until && ((blocked >= 0 && blocked != atomic_load(&hub->polled_fd)) ||
                  time_us(due) < until))
        eventfd_write(hub->wake_fd, 1);
}

static int untaken(const struct hub *hub)
{
    int k;

    for (k = 0; k < hub->count; k++)
        if (hub->peers[k].link && link_untaken(hub->peers[k].link))
            return 1;
    return 0;
}

int hub_pump(struct hub *hub, struct tm_error *error)
{
    double now = hub_seconds(), due = now + hub->silence, at;
    int moved = untaken(hub) || frames_in(hub, now, error), k, blocked = -1;

    for (k = 0; k < hub->count; k++) {
        struct peer *peer = &hub->peers[k];
        if (!peer->link)
            continue;
        moved |= frames_out(peer, now, error);
        if (peer->blocked)
            blocked = net_fd(peer->port);
        at = peer->blocked ? now + blocked_seconds : link_due(peer->link, now);
        if (at < due)
            due = at;
    }
    atomic_store(&hub->blocked_fd, blocked);
    atomic_store(&hub->due_us, time_us(due));
    wake(hub, blocked, due);
    return moved;
}

int hub_receive(struct hub *hub, struct hub_message *message)
{
    int tries;

    for (tries = 0; tries < hub->count; tries++) {
        struct peer *peer = &hub->peers[hub->next];
        message->peer = hub->next;
        if (peer->link) {
            int got;
            while (!(got = link_take(peer->link, &message->in)) &&
                   message->in.kept)
                net_release(message->in.kept);
            if (got)
                return 1;
        }
        hub->next = (hub->next + 1) % hub->count;
    }
    return 0;
}

void hub_done(struct hub_message *message)
{
    if (message->in.kept)
        net_release(message->in.kept);
    free(message->in.joined);
    message->in = (struct link_message){0};
}

int hub_lost(struct hub *hub)
{
    double now = hub_seconds();
    int k;

    for (k = 0; k < hub->count; k++)
        if (hub->peers[k].link && link_lost(hub->peers[k].link, now))
            return k;
    return -1;
}

const char *hub_denied(const struct hub *hub, int peer)
{
    return hub->peers[peer].port ? net_denied(hub->peers[peer].port) : NULL;
}

unsigned long hub_refused(const struct hub *hub, char *text, size_t size)
{
    unsigned long refused = net_refused(hub->inbox, text, size);

    if (hub->turned_away)
        snprintf(text, size, "%s", hub->why);
    return refused + hub->turned_away;
}

uint64_t hub_bad(const struct hub *hub)
{
    uint64_t bad = 0;
    int k;

    for (k = 0; k < hub->count; k++)
        bad += hub->peers[k].link ? link_bad(hub->peers[k].link) : 0;
    return bad;
}

double hub_silent(const struct hub *hub, int peer)
{
    return hub->peers[peer].link
               ? link_silent(hub->peers[peer].link, hub_seconds())
               : 0;
}

static double time_left(struct hub *hub, double seconds)
{
    double due = (double)atomic_load(&hub->due_us) * 1e-6 - hub_seconds();

    return due < 0 ? 0 : due < seconds ? due : seconds;
}

void hub_wait(struct hub *hub, int fd, double seconds)
{
    struct pollfd fds[4] = {
        {.fd = net_fd(hub->inbox), .events = POLLIN},
        {.fd = fd, .events = POLLIN},
        {.fd = hub->wake_fd, .events = POLLIN},
    };
    struct timespec wait;
    eventfd_t count;

    /* From here on it is woken by what changes. */
    atomic_store(&hub->sleeps_to_us, time_us(hub_seconds() + seconds));
    fds[3].fd = atomic_load(&hub->blocked_fd);
    fds[3].events = POLLIN;
    seconds = time_left(hub, seconds);
    atomic_store(&hub->polled_fd, fds[3].fd);
    atomic_store(&hub->sleeps_to_us, time_us(hub_seconds() + seconds));
    wait.tv_sec = (time_t)seconds;
    wait.tv_nsec = (long)((seconds - (double)wait.tv_sec) * 1e9);
    ppoll(fds, 4, &wait, NULL);
    atomic_store(&hub->sleeps_to_us, 0);
    atomic_store(&hub->polled_fd, -1);
    eventfd_read(hub->wake_fd, &count);
}
