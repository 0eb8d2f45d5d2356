/* Transport over nanomsg: an inbox is a PULL socket that is bound, an outbox
 * a PUSH socket with one endpoint, so that nothing is lost to another end
 * and one that is full holds up nobody else.  Calls never block.
 *
 * Some bytes that a PULL socket gets make nanomsg abort, and it takes in any
 * number of connections: none listens at a tcp address, but a guard. */
#include "runtime/net.h"
#include "runtime/guard.h"
#include "tilematrix/tilematrix.h"

#include <nanomsg/nn.h>
#include <nanomsg/pipeline.h>

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    QUEUE_BYTES = 4 << 20, /* that wait in an inbox */
    IPC_PATH_MOST = 100,   /* of 108 to 121 nanomsg aborts */
    RECONNECT_MS = 20,
    RECONNECT_MOST_MS = 1000
};

struct net_port {
    int socket;
    int fd;
    struct guard_inbox *guard_in; /* instead of a socket */
    struct guard_outbox *guard_out;
};

static int fail(struct tm_error *error, const char *what, const char *name)
{
    error_set(error, TM_EIO, "network: cannot %s%s%s: %s", what,
              *name ? " " : "", name, nn_strerror(nn_errno()));
    return -1;
}

static int set(int socket, int level, int option, int value)
{
    return nn_setsockopt(socket, level, option, &value, sizeof value) < 0;
}

static struct net_port *port_new(struct tm_error *error)
{
    struct net_port *port = calloc(1, sizeof *port);

    if (!port) {
        error_set(error, TM_EMEMORY, "out of memory for a socket");
        return NULL;
    }
    port->fd = port->socket = -1;
    return port;
}

static struct net_port *port_open(int protocol, struct tm_error *error)
{
    struct net_port *port = port_new(error);

    if (!port)
        return NULL;
    port->socket = nn_socket(AF_SP, protocol);
    if (port->socket < 0) {
        fail(error, "make a socket", "");
        free(port);
        return NULL;
    }
    return port;
}

/* Everything finite, though these calls don't wait. */
static int inbox_limits(struct net_port *port, size_t most)
{
    return most > INT_MAX ||
           set(port->socket, NN_SOL_SOCKET, NN_RCVMAXSIZE, (int)most) ||
           set(port->socket, NN_SOL_SOCKET, NN_RCVBUF, QUEUE_BYTES) ||
           set(port->socket, NN_SOL_SOCKET, NN_RCVTIMEO, 1000);
}

static int outbox_limits(struct net_port *port)
{
    return set(port->socket, NN_SOL_SOCKET, NN_SNDTIMEO, 1000) ||
           set(port->socket, NN_SOL_SOCKET, NN_RECONNECT_IVL, RECONNECT_MS) ||
           set(port->socket, NN_SOL_SOCKET, NN_RECONNECT_IVL_MAX,
               RECONNECT_MOST_MS);
}

/* nanomsg aborts for some long paths, and takes names of other transports. */
static int name_fits(const char *name, struct tm_error *error)
{
    if (!strncmp(name, "ipc://", 6)) {
        if (strlen(name + 6) <= IPC_PATH_MOST)
            return 1;
        error_set(error, TM_EIO,
                  "network: the path of a socket has %zu characters, and %d "
                  "are allowed: %s",
                  strlen(name + 6), IPC_PATH_MOST, name + 6);
        return 0;
    }
    error_set(error, TM_EUSAGE, "network: neither tcp:// nor ipc://: %s", name);
    return 0;
}

static int port_fd(struct net_port *port, int option)
{
    size_t size = sizeof port->fd;

    return nn_getsockopt(port->socket, NN_SOL_SOCKET, option, &port->fd, &size);
}

/* "tcp://host:7070" -> "host", "7070". */
static int split(const char *name, char host[NET_NAME], const char **port)
{
    const char *colon = strrchr(name, ':');
    size_t length;

    if (strncmp(name, "tcp://", 6) || !colon || colon < name + 6 || !colon[1])
        return -1;
    length = (size_t)(colon - name - 6);
    if (!length || length >= NET_NAME)
        return -1;
    memcpy(host, name + 6, length);
    host[length] = 0;
    *port = colon + 1;
    return 0;
}

/* "*" is any address of this host. */
static int resolve(const char *name, struct sockaddr_in *at,
                   struct tm_error *error)
{
    struct addrinfo hints = {.ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char host[NET_NAME];
    const char *port;
    int failed;

    if (split(name, host, &port))
        return error_set(error, TM_EUSAGE, "network: not tcp://HOST:PORT: %s",
                         name);
    failed = getaddrinfo(strcmp(host, "*") ? host : NULL, port, &hints, &found);
    if (failed)
        return error_set(error, TM_EIO, "network: cannot find %s: %s", host,
                         gai_strerror(failed));
    memcpy(at, found->ai_addr, sizeof *at);
    freeaddrinfo(found);
    return TM_OK;
}

/* This host's address on the way to `to`; no packet is sent. */
static int own_address(const struct sockaddr_in *to, char text[INET_ADDRSTRLEN])
{
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ok;

    ok = fd >= 0 && !connect(fd, (const struct sockaddr *)to, sizeof *to) &&
         !getsockname(fd, (struct sockaddr *)&own, &size) &&
         inet_ntop(AF_INET, &own.sin_addr, text, INET_ADDRSTRLEN);
    if (fd >= 0)
        close(fd);
    return ok ? 0 : -1;
}

/* A port that nobody has at this moment; 0: none. */
static unsigned free_port(const char *text)
{
    struct sockaddr_in own = {.sin_family = AF_INET};
    socklen_t size = sizeof own;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unsigned port = 0;

    inet_pton(AF_INET, text, &own.sin_addr);
    if (fd >= 0 && !bind(fd, (struct sockaddr *)&own, size) &&
        !getsockname(fd, (struct sockaddr *)&own, &size))
        port = ntohs(own.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

static int near_tcp(const char *to, char name[NET_NAME], struct tm_error *error)
{
    struct sockaddr_in at;
    char text[INET_ADDRSTRLEN];
    unsigned own = 0;

    if (resolve(to, &at, error))
        return error->status;
    if (!own_address(&at, text))
        own = free_port(text);
    if (!own)
        return error_set(error, TM_EIO, "network: no way to %s: %s", to,
                         strerror(errno));
    snprintf(name, NET_NAME, "tcp://%s:%u", text, own);
    return TM_OK;
}

int net_near(const char *to, uint64_t mark, char name[NET_NAME],
             struct tm_error *error)
{
    const char *slash = strrchr(to, '/');

    if (strncmp(to, "ipc://", 6))
        return near_tcp(to, name, error);
    if (slash - to + 20 >= NET_NAME)
        return error_set(error, TM_EUSAGE, "network: too long a name: %s", to);
    snprintf(name, NET_NAME, "%.*s/%016llx", (int)(slash - to), to,
             (unsigned long long)mark);
    return TM_OK;
}

int net_is_local(const char *name)
{
    char host[NET_NAME];
    const char *port;

    return !strncmp(name, "ipc://", 6) ||
           (!split(name, host, &port) &&
            (!strncmp(host, "127.", 4) || !strcmp(host, "localhost")));
}

/* ---- opening and closing ------------------------------------------------ */

static int is_guarded(const char *name)
{
    return !strncmp(name, "tcp://", 6);
}

static struct net_port *guarded_inbox(const char *name, size_t most,
                                      const struct secret *secret,
                                      struct tm_error *error)
{
    struct net_port *port = port_new(error);
    struct sockaddr_in at;

    if (port && !resolve(name, &at, error))
        port->guard_in = guard_listen(name, &at, most, secret, error);
    if (port && port->guard_in) {
        port->fd = guard_inbox_fd(port->guard_in);
        return port;
    }
    net_close(port);
    return NULL;
}

static struct net_port *guarded_outbox(const char *name,
                                       const struct secret *secret,
                                       struct tm_error *error)
{
    struct net_port *port = port_new(error);
    struct sockaddr_in at;

    if (port && !resolve(name, &at, error))
        port->guard_out = guard_reach(&at, secret, error);
    if (port && port->guard_out) {
        port->fd = guard_outbox_fd(port->guard_out);
        return port;
    }
    net_close(port);
    return NULL;
}

struct net_port *net_inbox(const char *name, size_t most,
                           const struct secret *secret, struct tm_error *error)
{
    struct net_port *port;

    if (is_guarded(name))
        return guarded_inbox(name, most, secret, error);
    port = name_fits(name, error) ? port_open(NN_PULL, error) : NULL;
    if (port && (inbox_limits(port, most) || port_fd(port, NN_RCVFD) ||
                 nn_bind(port->socket, name) < 0)) {
        fail(error, "listen at", name);
        net_close(port);
        return NULL;
    }
    return port;
}

struct net_port *net_outbox(const char *name, const struct secret *secret,
                            struct tm_error *error)
{
    struct net_port *port;

    if (is_guarded(name))
        return guarded_outbox(name, secret, error);
    port = name_fits(name, error) ? port_open(NN_PUSH, error) : NULL;
    if (port && (outbox_limits(port) || port_fd(port, NN_SNDFD) ||
                 nn_connect(port->socket, name) < 0)) {
        fail(error, "connect to", name);
        net_close(port);
        return NULL;
    }
    return port;
}

int net_fd(const struct net_port *port)
{
    return port->fd;
}

void net_close(struct net_port *port)
{
    if (!port)
        return;
    guard_unlisten(port->guard_in);
    guard_leave(port->guard_out);
    while (port->socket >= 0 && nn_close(port->socket) < 0 &&
           nn_errno() == EINTR)
        ;
    free(port);
}

int net_send(struct net_port *port, const void *head, size_t head_size,
             const void *bytes, size_t size, struct tm_error *error)
{
    struct nn_iovec parts[2] = {
        {(void *)(uintptr_t)head, head_size},
        {(void *)(uintptr_t)bytes, size},
    };
    struct nn_msghdr message = {.msg_iov = parts, .msg_iovlen = size ? 2 : 1};

    if (port->guard_out)
        return guard_send(port->guard_out, head, head_size, bytes, size);
    while (nn_sendmsg(port->socket, &message, NN_DONTWAIT) < 0) {
        if (nn_errno() == EAGAIN)
            return 0;
        if (nn_errno() != EINTR)
            return fail(error, "send", "");
    }
    return 1;
}

int net_push(struct net_port *port)
{
    return port->guard_out && guard_push(port->guard_out);
}

void net_blame(struct net_port *port)
{
    if (port->guard_in)
        guard_blame(port->guard_in);
}

const char *net_denied(const struct net_port *port)
{
    return port->guard_out ? guard_denied(port->guard_out) : NULL;
}

unsigned long net_refused(const struct net_port *port, char *text, size_t size)
{
    *text = 0;
    return port->guard_in ? guard_refused(port->guard_in, text, size) : 0;
}

static int receive_guarded(struct guard_inbox *in, void **bytes, size_t *size,
                           struct tm_error *error)
{
    while (guard_next(in, size)) {
        *bytes = nn_allocmsg(*size, 0);
        if (!*bytes)
            return fail(error, "receive", "");
        if (!guard_take(in, *bytes))
            return 1;
        nn_freemsg(*bytes);
    }
    return 0;
}

int net_receive(struct net_port *port, void **bytes, size_t *size,
                struct tm_error *error)
{
    int got;

    if (port->guard_in)
        return receive_guarded(port->guard_in, bytes, size, error);
    while ((got = nn_recv(port->socket, bytes, NN_MSG, NN_DONTWAIT)) < 0) {
        if (nn_errno() == EAGAIN)
            return 0;
        if (nn_errno() != EINTR)
            return fail(error, "receive", "");
    }
    *size = (size_t)got;
    return 1;
}

void net_release(void *bytes)
{
    nn_freemsg(bytes);
}

const char *net_describe(void)
{
#ifdef NANOMSG_VERSION
    return "nanomsg " NANOMSG_VERSION;
#else
    return "nanomsg";
#endif
}
