/* Transport: an inbox that anyone who knows its name may send to.
 *
 * The only place that knows nanomsg; another transport comes in behind these
 * functions, as guard.h does for tcp.  What arrives is whole;
 * some of it may never arrive, when a connection breaks or a process ends
 * (runtime/link.h).  No call blocks.  A port is for one thread at a time. */
#ifndef RUNTIME_NET_H
#define RUNTIME_NET_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct net_port;
struct secret;

enum { NET_NAME = 128 }; /* bytes of a name with its NUL */

/* An inbox, whose messages have at most so many bytes (others are dropped),
 * and an outbox to the inbox of that name: ipc://PATH of at most 100 bytes, or
 * tcp://HOST:PORT, there for those alone who know the secret unless that is
 * NULL.  NULL: error has it. */
struct net_port *net_inbox(const char *name, size_t most,
                           const struct secret *secret, struct tm_error *error);
struct net_port *net_outbox(const char *name, const struct secret *secret,
                            struct tm_error *error);
void net_close(struct net_port *port); /* NULL is fine */
/* A name for an inbox of this process that the process at `to` can reach: in
 * the same folder, or a free port of the address from which `to` is reached.
 * 0, or error has it. */
int net_near(const char *to, uint64_t mark, char name[NET_NAME],
             struct tm_error *error);
/* Is it a name that only processes of this host can reach? */
int net_is_local(const char *name);
/* For poll(): readable when an inbox has something, an outbox has room. */
int net_fd(const struct net_port *port);

/* Both parts as one message.  1: on its way; 0: no room now, or nobody there
 * yet; -1: error has it. */
int net_send(struct net_port *port, const void *head, size_t head_size,
             const void *bytes, size_t size, struct tm_error *error);
/* 1: *bytes for net_release(); 0: nothing has come; -1: error has it. */
int net_receive(struct net_port *port, void **bytes, size_t *size,
                struct tm_error *error);
void net_release(void *bytes);
/* Go on with what an outbox was given; 1: something waits for room. */
int net_push(struct net_port *port);
/* The message that came last makes no sense: who sent it, over tcp, is cut
 * off. */
void net_blame(struct net_port *port);
/* Why the inbox at the other end lets this outbox not in, or NULL. */
const char *net_denied(const struct net_port *port);
/* Connections that an inbox refused over tcp, and why. */
unsigned long net_refused(const struct net_port *port, char *text, size_t size);

/* "nanomsg 1.1.5"; static. */
const char *net_describe(void);

#endif
