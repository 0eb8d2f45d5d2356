/* What both ends of a connection need; guard_private.h has the protocol. */
#include "runtime/guard_private.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

const unsigned char guard_secret_mark[MARK] = "TMGUARD\1",
                    guard_plain_mark[MARK] = "TMPLAIN\1",
                    guard_no[MARK - 1] = "TMREFUS";
const char guard_key[] = "key", guard_proof[] = "proof",
           guard_answer[] = "answer";

double guard_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

const unsigned char *guard_mark(const struct secret *secret)
{
    return secret ? guard_secret_mark : guard_plain_mark;
}

void guard_hello(const struct secret *secret, unsigned char *to)
{
    memcpy(to, guard_mark(secret), MARK);
    if (secret)
        secret_random(to + MARK, NONCE);
}

struct secret *guard_secret(const struct secret *secret)
{
    struct secret *copy = malloc(sizeof *copy);

    if (copy)
        *copy = *secret;
    return copy;
}

void guard_forget(struct secret *secret)
{
    if (secret)
        secret_forget(secret, sizeof *secret);
    free(secret);
}

ssize_t guard_receive(int fd, void *to, size_t size)
{
    ssize_t n;

    do
        n = recv(fd, to, size, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n > 0 ? n : n < 0 && errno == EAGAIN ? 0 : -1;
}

ssize_t guard_give(int fd, const void *from, size_t size)
{
    ssize_t n;

    do
        n = send(fd, from, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n >= 0 ? n : errno == EAGAIN ? 0 : -1;
}

void guard_watch(int epoll, int how, int fd, uint32_t events, void *what)
{
    struct epoll_event event = {.events = events, .data.ptr = what};

    epoll_ctl(epoll, how, fd, &event);
}

void guard_socket(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}
