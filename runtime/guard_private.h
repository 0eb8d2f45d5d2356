/* The protocol of runtime/guard.h, and what both its ends need.
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
#ifndef RUNTIME_GUARD_PRIVATE_H
#define RUNTIME_GUARD_PRIVATE_H

#include "runtime/guard.h"

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

enum {
    MARK = 8,
    NONCE = 32,
    HELLO = MARK + NONCE,
    PROOF = SECRET_MAC + SECRET_HEADER,
    TALK = 2 * HELLO, /* what the MACs are of: hello and challenge */
    PREFIX = 4
};
static const double guard_patience = 5; /* seconds, with a stranger */

/* The last byte: version, or reason. */
extern const unsigned char guard_secret_mark[MARK], guard_plain_mark[MARK],
    guard_no[MARK - 1];
/* What the MACs are for. */
extern const char guard_key[], guard_proof[], guard_answer[];

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

double guard_seconds(void);
const unsigned char *guard_mark(const struct secret *secret);
/* MARK and nonce; without a secret the mark alone. */
void guard_hello(const struct secret *secret, unsigned char *to);
struct secret *guard_secret(const struct secret *secret); /* a copy, or NULL */
void guard_forget(struct secret *secret);                 /* NULL is fine */
/* Up to `size` bytes of a socket: how many; 0: none now; -1: it has ended. */
ssize_t guard_receive(int fd, void *to, size_t size);
ssize_t guard_give(int fd, const void *from, size_t size);
void guard_watch(int epoll, int how, int fd, uint32_t events, void *what);
void guard_socket(int fd); /* the options of all of them */

#endif
