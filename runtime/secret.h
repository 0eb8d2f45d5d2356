/* A secret that processes of one run share, and what they do with it: prove
 * that they know it, and seal what they send.
 *
 * The only place that knows libsodium.  BLAKE2b for proofs and keys,
 * XChaCha20-Poly1305 streams for records: each has a counter of its own, so
 * that none can be changed, left out, repeated or put elsewhere. */
#ifndef RUNTIME_SECRET_H
#define RUNTIME_SECRET_H

#include "base/error.h"

#include <stddef.h>

enum {
    SECRET_KEY = 32,
    SECRET_MAC = 32,
    SECRET_HEADER = 24, /* of a stream */
    SECRET_SEAL = 17,   /* bytes that a sealed record has more */
    SECRET_LINE = 66    /* of a secret in words: hexadecimal, newline, NUL */
};

struct secret {
    unsigned char key[SECRET_KEY];
};

struct secret_stream { /* libsodium's state */
    _Alignas(16) unsigned char state[64];
};

/* From a file of at least 16 bytes that nobody else may read; all its bytes
 * count.  0, or error has it. */
int secret_read(const char *path, struct secret *secret,
                struct tm_error *error);
/* One that nobody knows.  0, or error has it. */
int secret_make(struct secret *secret, struct tm_error *error);
/* As a line for another process of the run, and back; -1: it is none. */
void secret_put_line(const struct secret *secret, char line[SECRET_LINE]);
int secret_get_line(const char *line, struct secret *secret);
void secret_forget(void *bytes, size_t size);
void secret_random(void *bytes, size_t size);

/* What only who knows the secret can say of those bytes in that role. */
void secret_mac(const struct secret *secret, const char *role,
                const void *bytes, size_t size, unsigned char mac[SECRET_MAC]);
int secret_same(const unsigned char a[SECRET_MAC],
                const unsigned char b[SECRET_MAC]); /* in constant time */

/* A stream under a key (of secret_mac()): one end makes the header, the other
 * needs it.  secret_open: 0, or -1: it was not sealed so. */
void secret_stream_send(struct secret_stream *stream,
                        const unsigned char key[SECRET_KEY],
                        unsigned char header[SECRET_HEADER]);
int secret_stream_take(struct secret_stream *stream,
                       const unsigned char key[SECRET_KEY],
                       const unsigned char header[SECRET_HEADER]);
void secret_seal(struct secret_stream *stream, const void *plain, size_t size,
                 unsigned char *sealed);
int secret_open(struct secret_stream *stream, const unsigned char *sealed,
                size_t size, void *plain);

#endif
