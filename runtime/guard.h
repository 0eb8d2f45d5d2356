/* Transport over TCP: an inbox and an outbox that bear whatever others send.
 * Under a secret the inbox takes messages from those alone who know it, and
 * the outbox gives them to nobody else.
 *
 * Behind runtime/net.h, whose rules hold: no call blocks, a port is for one
 * thread at a time, and what is sent may never arrive. */
#ifndef RUNTIME_GUARD_H
#define RUNTIME_GUARD_H

#include "runtime/secret.h"

#include <netinet/in.h>

struct guard_inbox;
struct guard_outbox;

/* name: for messages; secret: copied, NULL: none.  NULL: error has it. */
struct guard_inbox *guard_listen(const char *name, const struct sockaddr_in *at,
                                 size_t most, const struct secret *secret,
                                 struct tm_error *error);
/* 1: a message has come, of so many bytes; 0: none. */
int guard_next(struct guard_inbox *inbox, size_t *size);
/* That message.  -1: it was not what the other end had sent, and is dropped
 * with its connection. */
int guard_take(struct guard_inbox *inbox, void *bytes);
/* The message that was taken last makes no sense: its connection ends. */
void guard_blame(struct guard_inbox *inbox);
int guard_inbox_fd(const struct guard_inbox *inbox); /* as net_fd() */
/* Connections that were refused, and in words why; counts since the start. */
unsigned long guard_refused(const struct guard_inbox *inbox, char *text,
                            size_t size);
void guard_unlisten(struct guard_inbox *inbox); /* NULL is fine */

struct guard_outbox *guard_reach(const struct sockaddr_in *to,
                                 const struct secret *secret,
                                 struct tm_error *error);
/* Both parts as one message: 1, it will go; 0, no room now. */
int guard_send(struct guard_outbox *outbox, const void *head, size_t head_size,
               const void *bytes, size_t size);
/* Go on with what waits; 1: something still does. */
int guard_push(struct guard_outbox *outbox);
/* Why the other end refuses, in words, or NULL. */
const char *guard_denied(const struct guard_outbox *outbox);
int guard_outbox_fd(const struct guard_outbox *outbox);
void guard_leave(struct guard_outbox *outbox); /* NULL is fine */

#endif
