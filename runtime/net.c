/* Transport over nanomsg: an inbox is a PULL socket that is bound, an outbox
 * a PUSH socket with one endpoint, so that nothing is lost to another end
 * and one that is full holds up nobody else.  Calls never block. */
#include "runtime/net.h"
#include "runtime/wire.h"
#include "tilematrix/tilematrix.h"

#include <nanomsg/nn.h>
#include <nanomsg/pipeline.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { QUEUE_BYTES = 4 << 20 }; /* that wait in an inbox */

struct net_port {
    int socket;
};

void net_local_name(const void *owner, const char *kind, char name[NET_NAME])
{
    snprintf(name, NET_NAME, "inproc://tilematrix-%ld-%llx-%.8s",
             (long)getpid(), (unsigned long long)(uintptr_t)owner, kind);
}

static int fail(struct tm_error *error, const char *what)
{
    error_set(error, TM_EIO, "network: cannot %s: %s", what,
              nn_strerror(nn_errno()));
    return -1;
}

static int set(int socket, int option, int value)
{
    return nn_setsockopt(socket, NN_SOL_SOCKET, option, &value, sizeof value) <
           0;
}

static struct net_port *port_open(int protocol, struct tm_error *error)
{
    struct net_port *port = malloc(sizeof *port);

    if (!port) {
        error_set(error, TM_EMEMORY, "out of memory for a socket");
        return NULL;
    }
    port->socket = nn_socket(AF_SP, protocol);
    if (port->socket < 0) {
        fail(error, "make a socket");
        free(port);
        return NULL;
    }
    return port;
}

/* The finite limits that every socket gets, though these calls don't wait. */
static int port_limits(struct net_port *port, int receives)
{
    return receives ? set(port->socket, NN_RCVMAXSIZE, WIRE_MOST) ||
                          set(port->socket, NN_RCVBUF, QUEUE_BYTES) ||
                          set(port->socket, NN_RCVTIMEO, 1000)
                    : set(port->socket, NN_SNDTIMEO, 1000);
}

struct net_port *net_inbox(const char *name, struct tm_error *error)
{
    struct net_port *port = port_open(NN_PULL, error);

    if (port && (port_limits(port, 1) || nn_bind(port->socket, name) < 0)) {
        fail(error, "open an inbox");
        net_close(port);
        return NULL;
    }
    return port;
}

struct net_port *net_outbox(const char *name, struct tm_error *error)
{
    struct net_port *port = port_open(NN_PUSH, error);

    if (port && (port_limits(port, 0) || nn_connect(port->socket, name) < 0)) {
        fail(error, "connect");
        net_close(port);
        return NULL;
    }
    return port;
}

void net_close(struct net_port *port)
{
    if (!port)
        return;
    while (nn_close(port->socket) < 0 && nn_errno() == EINTR)
        ;
    free(port);
}

int net_send(struct net_port *port, const void *bytes, size_t size,
             struct tm_error *error)
{
    while (nn_send(port->socket, bytes, size, NN_DONTWAIT) < 0) {
        if (nn_errno() == EAGAIN)
            return 0;
        if (nn_errno() != EINTR)
            return fail(error, "send");
    }
    return 1;
}

int net_receive(struct net_port *port, void **bytes, size_t *size,
                struct tm_error *error)
{
    int got;

    while ((got = nn_recv(port->socket, bytes, NN_MSG, NN_DONTWAIT)) < 0) {
        if (nn_errno() == EAGAIN)
            return 0;
        if (nn_errno() != EINTR)
            return fail(error, "receive");
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
