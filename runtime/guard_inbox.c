/* In: connections of whoever comes; out: messages of those who may send. */
#include "runtime/guard_private.h"
#include "tilematrix/tilematrix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    STRANGERS = 64, /* at once, that have not proved themselves */
    UNTRIED = 64,   /* at once, whose first record is not known */
    FRIENDS = 512,  /* HUB_PEERS; among them the untried */
    EVENTS = 256    /* that one call looks at */
};
static const double grace_seconds = 0.2; /* in which nobody gives way */

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

static size_t get_size(const unsigned char *from)
{
    size_t size = 0;
    int k;

    for (k = 0; k < PREFIX; k++)
        size |= (size_t)from[k] << 8 * k;
    return size;
}

enum stage { SAYS_HELLO, PROVES, TRIES, PROVED };
enum company { STRANGE, TRYING, FRIENDLY, COMPANIES };

static enum company company(enum stage stage)
{
    return stage == PROVED ? FRIENDLY : stage == TRIES ? TRYING : STRANGE;
}

struct caller {
    int fd; /* -1: nobody */
    enum stage stage;
    double since;             /* it came; of friends: since the last record */
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
    int full;             /* others wait in the system's queue */
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

    memcpy(no, guard_no, sizeof guard_no);
    no[sizeof guard_no] = (unsigned char)why;
    guard_give(c->fd, no, size);
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
    double now = in->count[STRANGE] ? guard_seconds() : 0;
    struct caller *c;

    while (in->count[STRANGE] && (c = oldest(in, STRANGE)) &&
           now - c->since > guard_patience)
        refuse(in, c, SLOW);
}

/* Who speaks the protocol has proved himself in less than the grace, whatever
 * the crowd: until the oldest stranger had as long, nobody else is heard. */
static void look_for_room(struct guard_inbox *in)
{
    int full = in->count[STRANGE] == STRANGERS;

    if (full && guard_seconds() - oldest(in, STRANGE)->since > grace_seconds) {
        refuse(in, oldest(in, STRANGE), CROWD);
        full = 0;
    }
    if (full != in->full)
        guard_watch(in->epoll, EPOLL_CTL_MOD, in->fd, full ? 0 : EPOLLIN, NULL);
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
    in->callers[k] = (struct caller){.fd = fd, .since = guard_seconds()};
    in->count[STRANGE]++;
    guard_socket(fd);
    guard_watch(in->epoll, EPOLL_CTL_ADD, fd, EPOLLIN, &in->callers[k]);
}

static void set_stage(struct guard_inbox *in, struct caller *c,
                      enum stage stage)
{
    in->count[company(c->stage)]--;
    in->count[company(stage)]++;
    c->stage = stage;
    c->since = guard_seconds();
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
    int same = begins(c, guard_mark(in->secret));

    if (!same &&
        !begins(c, in->secret ? guard_plain_mark : guard_secret_mark)) {
        refuse(in, c, NO_MARK);
        return;
    }
    if (c->got < HELLO)
        return;
    if (!same || c->talk[MARK - 1] != guard_mark(in->secret)[MARK - 1]) {
        deny(in, c, same ? VERSION : in->secret ? NO_SECRET : A_SECRET, HELLO);
        return;
    }
    guard_hello(in->secret, c->talk + HELLO);
    if (guard_give(c->fd, c->talk + HELLO, HELLO) != HELLO)
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
    secret_mac(in->secret, guard_proof, c->talk, TALK, own);
    bad = !secret_same(own, c->small);
    if (!bad) {
        secret_mac(in->secret, guard_key, c->talk, TALK, key);
        bad = secret_stream_take(&c->stream, key, c->small + SECRET_MAC);
        secret_mac(in->secret, guard_answer, c->talk, TALK, answer);
        secret_forget(key, sizeof key);
    }
    if (bad)
        deny(in, c, NO_SECRET, SECRET_MAC);
    else if (guard_give(c->fd, answer, SECRET_MAC) != SECRET_MAC)
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
    ssize_t n = guard_receive(c->fd, to, room);

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
    guard_watch(in->epoll, EPOLL_CTL_ADD, in->fd, EPOLLIN, NULL);
    return 0;
}

struct guard_inbox *guard_listen(const char *name, const struct sockaddr_in *at,
                                 size_t most, const struct secret *secret,
                                 struct tm_error *error)
{
    struct guard_inbox *in = calloc(1, sizeof *in);
    int k;

    if (in) {
        in->secret = secret ? guard_secret(secret) : NULL;
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
    guard_forget(in->secret);
    free(in);
}
