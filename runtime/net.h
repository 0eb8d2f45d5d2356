/* Transport: an inbox that anyone who knows its name may send to.
 *
 * The only place that knows nanomsg; another transport comes in behind these
 * functions.  Messages arrive whole, once, and in order between two ends in
 * one process.  A port is for one thread at a time. */
#ifndef RUNTIME_NET_H
#define RUNTIME_NET_H

#include "base/error.h"

#include <stddef.h>

struct net_port;

enum { NET_NAME = 64 }; /* bytes of a name with its NUL */

/* A name for an inbox in this process that no other has: `kind` is part of
 * it, owner any address that is the caller's. */
void net_local_name(const void *owner, const char *kind, char name[NET_NAME]);

/* An inbox, and an outbox to the inbox of that name.  NULL: error has it. */
struct net_port *net_inbox(const char *name, struct tm_error *error);
struct net_port *net_outbox(const char *name, struct tm_error *error);
void net_close(struct net_port *port); /* NULL is fine */

/* 1: sent; 0: no room now, try again later; -1: error has it. */
int net_send(struct net_port *port, const void *bytes, size_t size,
             struct tm_error *error);
/* 1: *bytes for net_release(); 0: nothing has come; -1: error has it. */
int net_receive(struct net_port *port, void **bytes, size_t *size,
                struct tm_error *error);
void net_release(void *bytes);

/* "nanomsg 1.1.5"; static. */
const char *net_describe(void);

#endif
