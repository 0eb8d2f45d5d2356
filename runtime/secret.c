/* Secrets with libsodium; a build without it can't read one, so that there is
 * none to use. */
#include "runtime/secret.h"
#include "tilematrix/tilematrix.h"

#ifdef TM_SODIUM

#include <sodium.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FEWEST = 16, MOST = 4096 }; /* bytes of the file */

_Static_assert(sizeof(crypto_secretstream_xchacha20poly1305_state) <=
                       sizeof(struct secret_stream) &&
                   SECRET_HEADER ==
                       crypto_secretstream_xchacha20poly1305_HEADERBYTES &&
                   SECRET_SEAL ==
                       crypto_secretstream_xchacha20poly1305_ABYTES &&
                   SECRET_KEY == crypto_secretstream_xchacha20poly1305_KEYBYTES,
               "as libsodium has it");

static crypto_secretstream_xchacha20poly1305_state *
state_of(struct secret_stream *stream)
{
    return (void *)stream->state;
}

/* Why the file can't be used, or NULL. */
static const char *unfit(const struct stat *at)
{
    return !S_ISREG(at->st_mode)     ? "is no file"
           : at->st_uid != geteuid() ? "belongs to another user"
           : at->st_mode & 077
               ? "can be read or changed by others (it must have mode 0600)"
           : at->st_size < FEWEST ? "has fewer than 16 bytes"
           : at->st_size > MOST   ? "has more than 4096 bytes"
                                  : NULL;
}

static int read_all(int fd, unsigned char *bytes, size_t size)
{
    size_t got = 0;
    ssize_t n = 1;

    while (got < size && n > 0) {
        n = read(fd, bytes + got, size - got);
        got += n > 0 ? (size_t)n : 0;
    }
    return got == size ? 0 : -1;
}

static int file_hash(int fd, const char *path, struct secret *secret,
                     struct tm_error *error)
{
    unsigned char bytes[MOST];
    const char *why;
    struct stat at;

    if (fstat(fd, &at))
        return error_set(error, TM_EFILE, "cannot read the secret %s: %s", path,
                         strerror(errno));
    why = unfit(&at);
    if (why)
        return error_set(error, TM_EUSAGE, "the secret %s %s", path, why);
    if (read_all(fd, bytes, (size_t)at.st_size))
        return error_set(error, TM_EFILE, "cannot read the secret %s", path);
    crypto_generichash(secret->key, SECRET_KEY, bytes,
                       (unsigned long long)at.st_size, NULL, 0);
    sodium_memzero(bytes, sizeof bytes);
    return TM_OK;
}

int secret_read(const char *path, struct secret *secret, struct tm_error *error)
{
    int fd, status;

    if (sodium_init() < 0)
        return error_set(error, TM_EIO, "libsodium cannot be used here");
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(error, TM_EFILE, "cannot read the secret %s: %s", path,
                         strerror(errno));
    status = file_hash(fd, path, secret, error);
    close(fd);
    return status;
}

int secret_make(struct secret *secret, struct tm_error *error)
{
    if (sodium_init() < 0)
        return error_set(error, TM_EIO, "libsodium cannot be used here");
    randombytes_buf(secret->key, SECRET_KEY);
    return TM_OK;
}

void secret_put_line(const struct secret *secret, char line[SECRET_LINE])
{
    sodium_bin2hex(line, SECRET_LINE - 1, secret->key, SECRET_KEY);
    memcpy(line + SECRET_LINE - 2, "\n", 2);
}

int secret_get_line(const char *line, struct secret *secret)
{
    size_t got;

    return sodium_init() < 0 ||
                   sodium_hex2bin(secret->key, SECRET_KEY, line, strlen(line),
                                  "\n", &got, NULL) ||
                   got != SECRET_KEY
               ? -1
               : 0;
}

void secret_forget(void *bytes, size_t size)
{
    sodium_memzero(bytes, size);
}

void secret_random(void *bytes, size_t size)
{
    randombytes_buf(bytes, size);
}

void secret_mac(const struct secret *secret, const char *role,
                const void *bytes, size_t size, unsigned char mac[SECRET_MAC])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, secret->key, SECRET_KEY, SECRET_MAC);
    crypto_generichash_update(&state, (const unsigned char *)role,
                              strlen(role) + 1);
    crypto_generichash_update(&state, bytes, size);
    crypto_generichash_final(&state, mac, SECRET_MAC);
    sodium_memzero(&state, sizeof state);
}

int secret_same(const unsigned char a[SECRET_MAC],
                const unsigned char b[SECRET_MAC])
{
    return !sodium_memcmp(a, b, SECRET_MAC);
}

void secret_stream_send(struct secret_stream *stream,
                        const unsigned char key[SECRET_KEY],
                        unsigned char header[SECRET_HEADER])
{
    crypto_secretstream_xchacha20poly1305_init_push(state_of(stream), header,
                                                    key);
}

int secret_stream_take(struct secret_stream *stream,
                       const unsigned char key[SECRET_KEY],
                       const unsigned char header[SECRET_HEADER])
{
    return crypto_secretstream_xchacha20poly1305_init_pull(state_of(stream),
                                                           header, key);
}

void secret_seal(struct secret_stream *stream, const void *plain, size_t size,
                 unsigned char *sealed)
{
    crypto_secretstream_xchacha20poly1305_push(state_of(stream), sealed, NULL,
                                               plain, size, NULL, 0, 0);
}

int secret_open(struct secret_stream *stream, const unsigned char *sealed,
                size_t size, void *plain)
{
    unsigned char tag;

    return crypto_secretstream_xchacha20poly1305_pull(
        state_of(stream), plain, NULL, &tag, sealed, size, NULL, 0);
}

#else

int secret_read(const char *path, struct secret *secret, struct tm_error *error)
{
    (void)secret;
    return error_set(error, TM_EUSAGE,
                     "the secret %s cannot be used: this build of Tilematrix "
                     "is without libsodium",
                     path);
}

int secret_make(struct secret *secret, struct tm_error *error)
{
    (void)secret;
    return error_set(error, TM_EUSAGE,
                     "no secret can be made: this build of Tilematrix is "
                     "without libsodium");
}

int secret_get_line(const char *line, struct secret *secret)
{
    (void)line, (void)secret;
    return -1;
}

/* Without a secret nobody comes to these. */
void secret_put_line(const struct secret *secret, char line[SECRET_LINE])
{
    (void)secret;
    *line = 0;
}

void secret_forget(void *bytes, size_t size)
{
    (void)bytes, (void)size;
}

void secret_random(void *bytes, size_t size)
{
    (void)bytes, (void)size;
}

void secret_mac(const struct secret *secret, const char *role,
                const void *bytes, size_t size, unsigned char mac[SECRET_MAC])
{
    (void)secret, (void)role, (void)bytes, (void)size, (void)mac;
}

int secret_same(const unsigned char a[SECRET_MAC],
                const unsigned char b[SECRET_MAC])
{
    (void)a, (void)b;
    return 0;
}

void secret_stream_send(struct secret_stream *stream,
                        const unsigned char key[SECRET_KEY],
                        unsigned char header[SECRET_HEADER])
{
    (void)stream, (void)key, (void)header;
}

int secret_stream_take(struct secret_stream *stream,
                       const unsigned char key[SECRET_KEY],
                       const unsigned char header[SECRET_HEADER])
{
    (void)stream, (void)key, (void)header;
    return -1;
}

void secret_seal(struct secret_stream *stream, const void *plain, size_t size,
                 unsigned char *sealed)
{
    (void)stream, (void)plain, (void)size, (void)sealed;
}

int secret_open(struct secret_stream *stream, const unsigned char *sealed,
                size_t size, void *plain)
{
    (void)stream, (void)sealed, (void)size, (void)plain;
    return -1;
}

#endif
