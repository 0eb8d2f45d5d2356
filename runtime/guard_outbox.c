/* In: messages for one address; out: a connection to it, made again when it is
 * lost. */
#include "runtime/guard_private.h"
#include "tilematrix/tilematrix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RETRY_MS = 20, RETRY_MOST_MS = 1000 };

/* To who is refused. */
static const char *const denials[REASONS] = {
    [VERSION] = "it speaks another version of the protocol",
    [NO_SECRET] = "it asks for a secret, and this is another or none",
    [A_SECRET] = "it asks for no secret, and would not prove that it knows one",
};

static void put_size(unsigned char *to, size_t size)
{
    int k;

    for (k = 0; k < PREFIX; k++)
        to[k] = (unsigned char)(size >> 8 * k);
}

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
    out->retry_at = guard_seconds() + 1e-3 * out->retry_ms;
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

    guard_watch(out->epoll, EPOLL_CTL_MOD, out->fd, events, NULL);
}

static void dial(struct guard_outbox *out)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    out->fd = fd;
    out->since = guard_seconds();
    if (fd < 0 || (connect(fd, (struct sockaddr *)&out->to, sizeof out->to) &&
                   errno != EINPROGRESS)) {
        hang_up(out);
        return;
    }
    guard_socket(fd);
    guard_watch(out->epoll, EPOLL_CTL_ADD, fd, EPOLLOUT, NULL);
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
    guard_hello(out->secret, out->talk);
    out->way = GREETS;
    if (guard_give(out->fd, out->talk, HELLO) != HELLO)
        hang_up(out);
}

/* 1: so many bytes have come by now. */
static int heard(struct guard_outbox *out, unsigned char *to, size_t size)
{
    ssize_t n = guard_receive(out->fd, to + out->got, size - out->got);

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
    if (!memcmp(said, guard_no, sizeof guard_no) &&
        said[sizeof guard_no] < REASONS)
        out->denied = denials[said[sizeof guard_no]];
    hang_up(out);
}

static void hear_challenge(struct guard_outbox *out)
{
    unsigned char key[SECRET_MAC], proof[PROOF];

    if (!heard(out, out->talk + HELLO, HELLO))
        return;
    if (memcmp(out->talk + HELLO, guard_mark(out->secret), MARK)) {
        turn_away(out, out->talk + HELLO);
        return;
    }
    if (!out->secret) {
        let_through(out);
        return;
    }
    secret_mac(out->secret, guard_proof, out->talk, TALK, proof);
    secret_mac(out->secret, guard_key, out->talk, TALK, key);
    secret_stream_send(&out->stream, key, proof + SECRET_MAC);
    secret_forget(key, sizeof key);
    out->way = SHOWS;
    if (guard_give(out->fd, proof, PROOF) != PROOF)
        hang_up(out);
}

/* The other end knows the secret too? */
static void check_answer(struct guard_outbox *out)
{
    unsigned char own[SECRET_MAC];

    if (!heard(out, out->small, SECRET_MAC))
        return;
    secret_mac(out->secret, guard_answer, out->talk, TALK, own);
    if (secret_same(own, out->small))
        let_through(out);
    else
        turn_away(out, out->small);
}

static void push_bytes(struct guard_outbox *out)
{
    ssize_t n =
        guard_give(out->fd, out->sealed + out->sent, out->size - out->sent);

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
        if (guard_seconds() >= out->retry_at)
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
        guard_seconds() - out->since > guard_patience)
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
        out->secret = secret ? guard_secret(secret) : NULL;
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
    guard_forget(out->secret);
    secret_forget(out, sizeof *out);
    free(out);
}
