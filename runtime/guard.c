/* Messages over TCP, under a secret or without one.
 *
 *   outbox                                inbox
 *   hello     mark[8] nonce[32]    ->
 *                                  <-     challenge  mark[8] nonce[32]
 *   proof     MAC[32] header[24]   ->
 *                                  <-     answer     MAC[32]
 *   records   u32 size, sealed     ->
 *
 * Both MACs and the key of the records are of the secret, the role, and both
 * nonces, which are fresh: what was heard of another connection is of no use.
 * The inbox says nothing that hangs on the secret before the proof is right.
 * Until then a connection has one small buffer, few seconds, and little
 * company.
 *
 * Without a secret there is neither proof nor answer, and records are plain.
 * Until its first record has made sense a connection has little company too:
 * what others send takes no more than so many buffers.
 *
 * In place of challenge or answer the inbox may say no: mark[7], the reason,
 * and zeros. */
#include "runtime/guard.h"
#include "tilematrix/tilematrix.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    MARK = 8,
    NONCE = 32,
    HELLO = MARK + NONCE,
    PROOF = SECRET_MAC + SECRET_HEADER,
    TALK = 2 * HELLO, /* what the MACs are of: hello and challenge */
    PREFIX = 4,
    STRANGERS = 64, /* at once, that have not proved themselves */
    UNTRIED = 64,   /* at once, whose first record is not known */
    FRIENDS = 512,  /* HUB_PEERS; among them the untried */
    EVENTS = 256,   /* that one call looks at */
    RETRY_MS = 20,
    RETRY_MOST_MS = 1000
};
static const double stranger_seconds = 5;
static const double grace_seconds = 0.2; /* in which nobody gives way */
/* The last byte: version, or reason. */
static const unsigned char secret_mark[MARK] = "TMGUARD\1",
                           plain_mark[MARK] = "TMPLAIN\1",
                           no_mark[MARK - 1] = "TMREFUS";

static const char role_key[] = "key", role_proof[] = "proof",
                  role_answer[] = "answer";

enum reason {
    NO_MARK,
    VERSION,
    NO_SECRET,
    A_SECRET,
    SLOW,
    CROWD,
    GONE,
    DAMAGED,
    NONSENSE,
    REASONS
};
static const char *const reasons[REASONS] = {
    [NO_MARK] = "spoke another protocol",
    [VERSION] = "had another version of it",
    [NO_SECRET] = "did not know the secret",
    [A_SECRET] = "had a secret, and none is asked for",
    [SLOW] = "took too long to prove it",
    [CROWD] = "gave way to later ones",
    [GONE] = "left before they had proved it",
    [DAMAGED] = "sent a record that was damaged or repeated",
    [NONSENSE] = "sent what makes no sense",
};
/* To who is refused. */
static const char *const denials[REASONS] = {
    [VERSION] = "it speaks another version of the protocol",
    [NO_SECRET] = "it asks for a secret, and this is another or none",
    [A_SECRET] = "it asks for no secret, and would not prove that it knows one",
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void put_size(unsigned char *to, size_t size)
{
    int k;

    for (k = 0; k < PREFIX; k++)
        to[k] = (unsigned char)(size >> 8 * k);
}

static size_t get_size(const unsigned char *from)
{
    size_t size = 0;
    int k;

    for (k = 0; k < PREFIX; k++)
        size |= (size_t)from[k] << 8 * k;
    return size;
}

static const unsigned char *mark_of(const struct secret *secret)
{
    return secret ? secret_mark : plain_mark;
}

static void say_hello(const struct secret *secret, unsigned char *to)
{
    memcpy(to, mark_of(secret), MARK);
    if (secret)
        secret_random(to + MARK, NONCE);
}

static struct secret *secret_copy(const struct secret *secret)
{
    struct secret *copy = malloc(sizeof *copy);

    if (copy)
        *copy = *secret;
    return copy;
}

static void secret_drop(struct secret *secret)
{
    if (secret)
        secret_forget(secret, sizeof *secret);
    free(secret);
}

/* Up to `size` bytes of a socket: how many; 0: none now; -1: it has ended. */
static ssize_t take(int fd, void *to, size_t size)
{
    ssize_t n;

    do
        n = recv(fd, to, size, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n > 0 ? n : n < 0 && errno == EAGAIN ? 0 : -1;
}

static ssize_t give(int fd, const void *from, size_t size)
{
    ssize_t n;

    do
        n = send(fd, from, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n >= 0 ? n : errno == EAGAIN ? 0 : -1;
}

static void watch(int epoll, int how, int fd, uint32_t events, void *what)
{
    struct epoll_event event = {.events = events, .data.ptr = what};

    epoll_ctl(epoll, how, fd, &event);
}

static void socket_ways(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/* ---- inbox -------------------------------------------------------------- */

enum stage { SAYS_HELLO, PROVES, TRIES, PROVED };
enum company { STRANGE, TRYING, FRIENDLY, COMPANIES };

static enum company company(enum stage stage)
{
    return stage == PROVED ? FRIENDLY : stage == TRIES ? TRYING : STRANGE;
}

struct caller {
    int fd; /* -1: nobody */
    enum stage stage;
    double since; /* it came; of friends: since the last record */
    unsigned char talk[TALK]; /* hello, challenge */
    unsigned char small[PROOF];
    size_t got;
    struct secret_stream stream;
    unsigned char *sealed; /* a record; NULL: its size is not known */
    size_t size;
};

struct guard_inbox {
    struct secret *secret; /* owned; NULL: none */
    size_t most;           /* bytes of a message */
    size_t seal;           /* that a record has more */
    int epoll, fd;
    int count[COMPANIES];
    struct caller callers[STRANGERS + FRIENDS];
    struct caller *ready; /* has a whole record */
    struct caller *last;  /* had the last one; may be gone */
    int full; /* others wait in the system's queue */
    unsigned long refused[REASONS];
};

static void caller_close(struct guard_inbox *in, struct caller *c)
{
    in->count[company(c->stage)]--;
    close(c->fd);
    free(c->sealed);
    secret_forget(c, sizeof *c);
    *c = (struct caller){.fd = -1};
}

static void refuse(struct guard_inbox *in, struct caller *c, enum reason why)
{
    in->refused[why]++;
    caller_close(in, c);
}

/* As refuse(), in place of so many bytes that are waited for. */
static void deny(struct guard_inbox *in, struct caller *c, enum reason why,
                 size_t size)
{
    unsigned char no[HELLO] = {0};

    memcpy(no, no_mark, sizeof no_mark);
    no[sizeof no_mark] = (unsigned char)why;
    give(c->fd, no, size);
    refuse(in, c, why);
}

/* The one of whom nothing was heard for longest, or that came first. */
static struct caller *oldest(struct guard_inbox *in, enum company of)
{
    struct caller *found = NULL;
    int k;

    for (k = 0; k < STRANGERS + FRIENDS; k++) {
        struct caller *c = &in->callers[k];
        if (c->fd >= 0 && company(c->stage) == of &&
            (!found || c->since < found->since))
            found = c;
    }
    return found;
}

static void drop_slow(struct guard_inbox *in)
{
    double now = in->count[STRANGE] ? seconds() : 0;
    struct caller *c;

    while (in->count[STRANGE] && (c = oldest(in, STRANGE)) &&
           now - c->since > stranger_seconds)
        refuse(in, c, SLOW);
}

/* Who speaks the protocol has proved himself in less than the grace, whatever
 * the crowd: until the oldest stranger had as long, nobody else is heard. */
static void look_for_room(struct guard_inbox *in)
{
    int full = in->count[STRANGE] == STRANGERS;

    if (full && seconds() - oldest(in, STRANGE)->since > grace_seconds) {
        refuse(in, oldest(in, STRANGE), CROWD);
        full = 0;
    }
    if (full != in->full)
        watch(in->epoll, EPOLL_CTL_MOD, in->fd, full ? 0 : EPOLLIN, NULL);
    in->full = full;
}

static void accept_one(struct guard_inbox *in)
{
    int fd, k;

    look_for_room(in);
    if (in->full)
        return;
    fd = accept4(in->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE) && in->count[STRANGE])
        refuse(in, oldest(in, STRANGE), CROWD);
    if (fd < 0)
        return; /* or it was gone already */
    for (k = 0; in->callers[k].fd >= 0; k++)
        ;
    in->callers[k] = (struct caller){.fd = fd, .since = seconds()};
    in->count[STRANGE]++;
    socket_ways(fd);
    watch(in->epoll, EPOLL_CTL_ADD, fd, EPOLLIN, &in->callers[k]);
}

static void set_stage(struct guard_inbox *in, struct caller *c,
                      enum stage stage)
{
    in->count[company(c->stage)]--;
    in->count[company(stage)]++;
    c->stage = stage;
    c->since = seconds();
    c->got = 0;
}

/* Who has greeted, or proved himself, may send records. */
static void let_in(struct guard_inbox *in, struct caller *c)
{
    if (!in->secret && in->count[TRYING] == UNTRIED)
        refuse(in, oldest(in, TRYING), CROWD);
    else if (in->count[TRYING] + in->count[FRIENDLY] == FRIENDS)
        /* most of them have no other end */
        caller_close(in, oldest(in, in->count[FRIENDLY] ? FRIENDLY : TRYING));
    set_stage(in, c, in->secret ? PROVED : TRIES);
}

static int begins(const struct caller *c, const unsigned char *mark)
{
    return !memcmp(c->talk, mark, c->got < MARK - 1 ? c->got : MARK - 1);
}

/* What has come so far of the hello; refused as soon as it can't be one. */
static void hear_hello(struct guard_inbox *in, struct caller *c)
{
    int same = begins(c, mark_of(in->secret));

    if (!same && !begins(c, in->secret ? plain_mark : secret_mark)) {
        refuse(in, c, NO_MARK);
        return;
    }
    if (c->got < HELLO)
        return;
    if (!same || c->talk[MARK - 1] != mark_of(in->secret)[MARK - 1]) {
        deny(in, c, same ? VERSION : in->secret ? NO_SECRET : A_SECRET, HELLO);
        return;
    }
    say_hello(in->secret, c->talk + HELLO);
    if (give(c->fd, c->talk + HELLO, HELLO) != HELLO)
        refuse(in, c, GONE);
    else if (!in->secret)
        let_in(in, c);
    else {
        c->got = 0;
        c->stage = PROVES;
    }
}

static void hear_proof(struct guard_inbox *in, struct caller *c)
{
    unsigned char own[SECRET_MAC], key[SECRET_MAC], answer[SECRET_MAC];
    int bad;

    if (c->got < PROOF)
        return;
    secret_mac(in->secret, role_proof, c->talk, TALK, own);
    bad = !secret_same(own, c->small);
    if (!bad) {
        secret_mac(in->secret, role_key, c->talk, TALK, key);
        bad = secret_stream_take(&c->stream, key, c->small + SECRET_MAC);
        secret_mac(in->secret, role_answer, c->talk, TALK, answer);
        secret_forget(key, sizeof key);
    }
    if (bad)
        deny(in, c, NO_SECRET, SECRET_MAC);
    else if (give(c->fd, answer, SECRET_MAC) != SECRET_MAC)
        refuse(in, c, GONE);
    else
        let_in(in, c);
}

/* 1: a record is whole. */
static int hear_record(struct guard_inbox *in, struct caller *c)
{
    if (!c->sealed && c->got == PREFIX) {
        c->size = get_size(c->small);
        c->got = 0;
        if (c->size > in->seal && c->size <= in->most + in->seal)
            c->sealed = malloc(c->size);
        if (!c->sealed)
            refuse(in, c, DAMAGED);
    } else if (c->sealed && c->got == c->size) {
        in->ready = c;
        return 1;
    }
    return 0;
}

/* Where the next bytes of a caller go, and how many there can be. */
static unsigned char *place(struct caller *c, size_t *room)
{
    switch (c->stage) {
    case SAYS_HELLO: *room = HELLO - c->got; return c->talk + c->got;
    case PROVES: *room = PROOF - c->got; return c->small + c->got;
    default: break;
    }
    *room = (c->sealed ? c->size : PREFIX) - c->got;
    return (c->sealed ? c->sealed : c->small) + c->got;
}

/* 1: a record is whole. */
static int hear(struct guard_inbox *in, struct caller *c)
{
    size_t room;
    unsigned char *to = place(c, &room);
    ssize_t n = take(c->fd, to, room);

    if (n < 0 && company(c->stage) != STRANGE)
        caller_close(in, c);
    else if (n < 0)
        refuse(in, c, GONE);
    if (n <= 0)
        return 0;
    c->got += (size_t)n;
    switch (c->stage) {
    case SAYS_HELLO: hear_hello(in, c); return 0;
    case PROVES: hear_proof(in, c); return 0;
    default: return hear_record(in, c);
    }
}

int guard_next(struct guard_inbox *in, size_t *size)
{
    struct epoll_event event;
    int k, whole = in->ready != NULL;

    in->last = NULL;
    drop_slow(in);
    if (in->full)
        look_for_room(in);
    for (k = 0; !whole && k < EVENTS; k++) {
        if (epoll_wait(in->epoll, &event, 1, 0) <= 0)
            return 0;
        if (!event.data.ptr)
            accept_one(in);
        else
            whole = hear(in, event.data.ptr);
    }
    *size = whole ? in->ready->size - in->seal : 0;
    return whole;
}

int guard_take(struct guard_inbox *in, void *bytes)
{
    struct caller *c = in->ready;

    in->ready = NULL;
    if (!in->secret)
        memcpy(bytes, c->sealed, c->size);
    else if (secret_open(&c->stream, c->sealed, c->size, bytes)) {
        refuse(in, c, DAMAGED);
        return -1;
    }
    free(c->sealed);
    c->sealed = NULL;
    set_stage(in, c, PROVED);
    in->last = c;
    return 0;
}

void guard_blame(struct guard_inbox *in)
{
    if (in->last)
        refuse(in, in->last, NONSENSE);
    in->last = NULL;
}

int guard_inbox_fd(const struct guard_inbox *in)
{
    return in->epoll;
}

unsigned long guard_refused(const struct guard_inbox *in, char *text,
                            size_t size)
{
    unsigned long sum = 0;
    size_t used = 0;
    int k;

    *text = 0;
    for (k = 0; k < REASONS; k++) {
        if (in->refused[k] && used < size)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%lu %s",
                                 sum ? ", " : "", in->refused[k], reasons[k]);
        sum += in->refused[k];
    }
    return sum;
}

static int inbox_bind(struct guard_inbox *in, const struct sockaddr_in *at)
{
    int on = 1;

    in->epoll = epoll_create1(EPOLL_CLOEXEC);
    in->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (in->epoll < 0 || in->fd < 0)
        return -1;
    setsockopt(in->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(in->fd, (const struct sockaddr *)at, sizeof *at) ||
        listen(in->fd, SOMAXCONN))
        return -1;
    watch(in->epoll, EPOLL_CTL_ADD, in->fd, EPOLLIN, NULL);
    return 0;
}

struct guard_inbox *guard_listen(const char *name, const struct sockaddr_in *at,
                                 size_t most, const struct secret *secret,
                                 struct tm_error *error)
{
    struct guard_inbox *in = calloc(1, sizeof *in);
    int k;

    if (in) {
        in->secret = secret ? secret_copy(secret) : NULL;
        in->most = most;
        in->seal = secret ? SECRET_SEAL : 0;
        in->fd = in->epoll = -1;
        for (k = 0; k < STRANGERS + FRIENDS; k++)
            in->callers[k].fd = -1;
    }
    if (!in || (secret && !in->secret))
        error_set(error, TM_EMEMORY, "out of memory for the network");
    else if (!inbox_bind(in, at))
        return in;
    else
        error_set(error, TM_EIO, "network: cannot listen at %s: %s", name,
                  strerror(errno));
    guard_unlisten(in);
    return NULL;
}

void guard_unlisten(struct guard_inbox *in)
{
    int k;

    if (!in)
        return;
    for (k = 0; k < STRANGERS + FRIENDS; k++)
        if (in->callers[k].fd >= 0)
            caller_close(in, &in->callers[k]);
    if (in->fd >= 0)
        close(in->fd);
    if (in->epoll >= 0)
        close(in->epoll);
    secret_drop(in->secret);
    free(in);
}

/* ---- outbox ------------------------------------------------------------- */

enum way { NOT_THERE, CONNECTS, GREETS, SHOWS, THERE };

struct guard_outbox {
    struct secret *secret; /* owned; NULL: none */
    struct sockaddr_in to;
    int epoll, fd; /* fd -1: NOT_THERE */
    enum way way;
    double since;    /* this connection */
    double retry_at; /* and the next */
    int retry_ms;
    unsigned char talk[TALK];
    unsigned char small[SECRET_MAC];
    size_t got;
    struct secret_stream stream;
    unsigned char *plain, *sealed; /* of `room` bytes and some */
    size_t room, sent, size;       /* sealed bytes: gone, in all */
    const char *denied;            /* why the other end says no, or NULL */
};

static void hang_up(struct guard_outbox *out)
{
    if (out->fd >= 0)
        close(out->fd);
    out->fd = -1;
    out->way = NOT_THERE;
    out->size = out->sent = out->got = 0;
    out->retry_at = seconds() + 1e-3 * out->retry_ms;
    out->retry_ms *= 2;
    if (out->retry_ms > RETRY_MOST_MS)
        out->retry_ms = RETRY_MOST_MS;
}

static int make_room(struct guard_outbox *out, size_t size)
{
    if (size <= out->room)
        return 0;
    free(out->plain);
    free(out->sealed);
    out->plain = malloc(size);
    out->sealed = malloc(PREFIX + SECRET_SEAL + size);
    out->room = out->plain && out->sealed ? size : 0;
    return out->room ? 0 : -1;
}

/* What it waits for, for who polls. */
static void expect(struct guard_outbox *out)
{
    uint32_t events = out->way == CONNECTS || out->sent < out->size ? EPOLLOUT
                      : out->way == THERE                           ? 0
                                                                    : EPOLLIN;

    watch(out->epoll, EPOLL_CTL_MOD, out->fd, events, NULL);
}

static void dial(struct guard_outbox *out)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    out->fd = fd;
    out->since = seconds();
    if (fd < 0 || (connect(fd, (struct sockaddr *)&out->to, sizeof out->to) &&
                   errno != EINPROGRESS)) {
        hang_up(out);
        return;
    }
    socket_ways(fd);
    watch(out->epoll, EPOLL_CTL_ADD, fd, EPOLLOUT, NULL);
    out->way = CONNECTS;
}

static void greet(struct guard_outbox *out)
{
    int failed = 0;
    socklen_t size = sizeof failed;
    struct sockaddr_in other;
    socklen_t other_size = sizeof other;

    if (getsockopt(out->fd, SOL_SOCKET, SO_ERROR, &failed, &size) || failed) {
        hang_up(out);
        return;
    }
    if (getpeername(out->fd, (struct sockaddr *)&other, &other_size))
        return; /* not yet */
    say_hello(out->secret, out->talk);
    out->way = GREETS;
    if (give(out->fd, out->talk, HELLO) != HELLO)
        hang_up(out);
}

/* 1: so many bytes have come by now. */
static int heard(struct guard_outbox *out, unsigned char *to, size_t size)
{
    ssize_t n = take(out->fd, to + out->got, size - out->got);

    if (n < 0) {
        hang_up(out);
        return 0;
    }
    out->got += (size_t)n;
    if (out->got < size)
        return 0;
    out->got = 0;
    return 1;
}

static void let_through(struct guard_outbox *out)
{
    out->way = THERE;
    out->retry_ms = RETRY_MS;
    out->denied = NULL;
}

/* It is not what was waited for: perhaps a no. */
static void turn_away(struct guard_outbox *out, const unsigned char *said)
{
    if (!memcmp(said, no_mark, sizeof no_mark) &&
        said[sizeof no_mark] < REASONS)
        out->denied = denials[said[sizeof no_mark]];
    hang_up(out);
}

static void hear_challenge(struct guard_outbox *out)
{
    unsigned char key[SECRET_MAC], proof[PROOF];

    if (!heard(out, out->talk + HELLO, HELLO))
        return;
    if (memcmp(out->talk + HELLO, mark_of(out->secret), MARK)) {
        turn_away(out, out->talk + HELLO);
        return;
    }
    if (!out->secret) {
        let_through(out);
        return;
    }
    secret_mac(out->secret, role_proof, out->talk, TALK, proof);
    secret_mac(out->secret, role_key, out->talk, TALK, key);
    secret_stream_send(&out->stream, key, proof + SECRET_MAC);
    secret_forget(key, sizeof key);
    out->way = SHOWS;
    if (give(out->fd, proof, PROOF) != PROOF)
        hang_up(out);
}

/* The other end knows the secret too? */
static void check_answer(struct guard_outbox *out)
{
    unsigned char own[SECRET_MAC];

    if (!heard(out, out->small, SECRET_MAC))
        return;
    secret_mac(out->secret, role_answer, out->talk, TALK, own);
    if (secret_same(own, out->small))
        let_through(out);
    else
        turn_away(out, out->small);
}

static void push_bytes(struct guard_outbox *out)
{
    ssize_t n = give(out->fd, out->sealed + out->sent, out->size - out->sent);

    if (n < 0) {
        hang_up(out);
        return;
    }
    out->sent += (size_t)n;
    if (out->sent == out->size)
        out->sent = out->size = 0;
}

/* One step; who has nothing to do is left alone. */
static void step(struct guard_outbox *out)
{
    switch (out->way) {
    case NOT_THERE:
        if (seconds() >= out->retry_at)
            dial(out);
        break;
    case CONNECTS: greet(out); break;
    case GREETS: hear_challenge(out); break;
    case SHOWS: check_answer(out); break;
    case THERE:
        if (out->size)
            push_bytes(out);
        break;
    }
    if (out->way != NOT_THERE && out->way != THERE &&
        seconds() - out->since > stranger_seconds)
        hang_up(out);
}

int guard_push(struct guard_outbox *out)
{
    enum way before;

    do {
        before = out->way;
        step(out);
    } while (out->way != before && out->way > before);
    if (out->fd >= 0 && (out->way != THERE || out->size))
        expect(out);
    return out->way != THERE || out->size;
}

/* Without a secret: what does not go at once is kept. */
static void send_plain(struct guard_outbox *out, const void *head,
                       size_t head_size, const void *bytes, size_t size)
{
    unsigned char prefix[PREFIX];
    struct iovec parts[3] = {
        {prefix, PREFIX},
        {(void *)(uintptr_t)head, head_size},
        {(void *)(uintptr_t)bytes, size},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
    ssize_t n;

    put_size(prefix, head_size + size);
    do
        n = sendmsg(out->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    out->size = PREFIX + head_size + size;
    out->sent = n > 0 ? (size_t)n : 0;
    if (out->sent == out->size) {
        out->sent = out->size = 0;
        return;
    }
    memcpy(out->sealed, prefix, PREFIX);
    memcpy(out->sealed + PREFIX, head, head_size);
    if (size)
        memcpy(out->sealed + PREFIX + head_size, bytes, size);
    if (n < 0 && errno != EAGAIN)
        hang_up(out);
}

static void send_sealed(struct guard_outbox *out, const void *head,
                        size_t head_size, const void *bytes, size_t size)
{
    size_t all = head_size + size;

    memcpy(out->plain, head, head_size);
    if (size)
        memcpy(out->plain + head_size, bytes, size);
    put_size(out->sealed, all + SECRET_SEAL);
    secret_seal(&out->stream, out->plain, all, out->sealed + PREFIX);
    out->size = PREFIX + all + SECRET_SEAL;
    push_bytes(out);
}

int guard_send(struct guard_outbox *out, const void *head, size_t head_size,
               const void *bytes, size_t size)
{
    if ((out->way != THERE || out->size) && guard_push(out))
        return 0;
    if (make_room(out, head_size + size))
        return 0;
    if (out->secret)
        send_sealed(out, head, head_size, bytes, size);
    else
        send_plain(out, head, head_size, bytes, size);
    return 1;
}

const char *guard_denied(const struct guard_outbox *out)
{
    return out->denied;
}

int guard_outbox_fd(const struct guard_outbox *out)
{
    return out->epoll;
}

struct guard_outbox *guard_reach(const struct sockaddr_in *to,
                                 const struct secret *secret,
                                 struct tm_error *error)
{
    struct guard_outbox *out = calloc(1, sizeof *out);

    if (out) {
        out->secret = secret ? secret_copy(secret) : NULL;
        out->to = *to;
        out->fd = -1;
        out->retry_ms = RETRY_MS;
        out->epoll = epoll_create1(EPOLL_CLOEXEC);
    }
    if (out && out->epoll >= 0 && (out->secret || !secret))
        return out;
    error_set(error, TM_EMEMORY, "out of memory or files for the network");
    guard_leave(out);
    return NULL;
}

void guard_leave(struct guard_outbox *out)
{
    if (!out)
        return;
    if (out->fd >= 0)
        close(out->fd);
    if (out->epoll >= 0)
        close(out->epoll);
    free(out->plain);
    free(out->sealed);
    secret_drop(out->secret);
    secret_forget(out, sizeof *out);
    free(out);
}
