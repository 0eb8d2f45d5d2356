/* A process among others: its inbox, and a link to each of the others.
 *
 * The shell of sockets and clock round runtime/link.h.  For one thread at a
 * time, but for hub_wait(). */
#ifndef RUNTIME_HUB_H
#define RUNTIME_HUB_H

#include "runtime/link.h"
#include "runtime/net.h"

enum { HUB_PEERS = 511 }; /* nanomsg has 512 sockets; one is the inbox */

struct hub;

struct hub_message { /* for hub_done() */
    int peer;
    struct link_message in;
};

/* address: of the inbox; secret: of all ports that are tcp (NULL: none), must
 * outlive the hub.  NULL: error has it. */
struct hub *hub_open(const char *address, uint64_t self, double silence,
                     const struct secret *secret, struct tm_error *error);
void hub_close(struct hub *hub); /* NULL is fine */

void hub_silence(struct hub *hub, double seconds); /* from now on */

/* A process at that address; incarnation 0: whoever answers there first.  A
 * number for the calls below, or -1: error has it. */
int hub_add(struct hub *hub, const char *address, uint64_t incarnation,
            struct tm_error *error);
/* Nothing more to it or from it, for ever. */
void hub_drop(struct hub *hub, int peer);
uint64_t hub_incarnation(const struct hub *hub, int peer);

/* Who may come by himself: called with the first message of a process that
 * hub_add() did not name; 1: address is where he can be answered. */
void hub_admit(struct hub *hub,
               int (*admit)(void *user, const unsigned char *bytes, size_t size,
                            char address[NET_NAME]),
               void *user);

/* What writer holds, to that process; writer is empty again. */
void hub_put(struct hub *hub, int peer, struct wire_writer *writer);
void hub_send(struct hub *hub, int peer, struct wire_message *message);
/* Bytes that wait for that process. */
size_t hub_waiting(const struct hub *hub, int peer);

/* Move what can be moved; 1: something was, or messages are there.  While they
 * are, none is taken in. */
int hub_pump(struct hub *hub, struct tm_error *error);
/* The next message: 1; 0: none. */
int hub_receive(struct hub *hub, struct hub_message *message);
void hub_done(struct hub_message *message);
/* A process that is lost and was not dropped yet, or -1. */
int hub_lost(struct hub *hub);
/* Why that process does not let this one in, in words, or NULL. */
const char *hub_denied(const struct hub *hub, int peer);
/* Connections that were refused over tcp, and processes for want of room, and
 * why. */
unsigned long hub_refused(const struct hub *hub, char *text, size_t size);
uint64_t hub_bad(const struct hub *hub); /* frames that were no good */
double hub_silent(const struct hub *hub, int peer); /* seconds */

/* Sleep until something may be there, fd (-1: none) is readable or has
 * ended, or so many seconds have passed.  Any thread. */
void hub_wait(struct hub *hub, int fd, double seconds);

double hub_seconds(void);  /* the clock of links */
uint64_t hub_random(void); /* not 0: an incarnation */

#endif
