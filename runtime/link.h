/* A link: messages to and from one other process, over frames that may be
 * lost, doubled or come in another order.
 *
 * A state machine without socket, clock or thread: frames in, frames out, and
 * the time with each call.  Between two live processes (each has a random
 * number, its incarnation) every message arrives once and in order.  What
 * arrived is acknowledged in the frames that go back, what was not
 * acknowledged in time is sent again, and who was silent for too long is
 * lost for ever: back again, it is another incarnation.
 *
 *   frame   u32 magic, u32 flags (1: the message goes on in the next frame),
 *           u64 from, u64 to (0: whoever listens there), u64 seq (0: no
 *           message), u64 ack (all up to it are here), u64 more (bit k: so is
 *           ack + 2 + k), u64 check (XXH3 of all other bytes), bytes
 *
 * Little-endian.  At most LINK_WINDOW frames are on their way; other messages
 * wait in the sender, who can ask how many bytes they are. */
#ifndef RUNTIME_LINK_H
#define RUNTIME_LINK_H

#include "runtime/wire.h"

enum {
    LINK_WINDOW = 64,
    LINK_HEADER = 56,
    LINK_PIECE = WIRE_TILE_BYTES + 256, /* bytes of a message in a frame */
    LINK_FRAME = LINK_HEADER + LINK_PIECE
};

struct link;

struct link_setup {
    uint64_t self;  /* incarnation, not 0 */
    uint64_t peer;  /* 0: the first to answer */
    double silence; /* seconds without a frame, after which it is lost */
};

/* now: any clock that never goes back, in seconds.  NULL: out of memory. */
struct link *link_new(const struct link_setup *setup, double now);
void link_silence(struct link *link, double seconds); /* from now on */
/* Buffers that link_accept() kept must be taken first: link_drain(). */
void link_free(struct link *link);

/* ---- to be sent --------------------------------------------------------- */

/* The message is the link's from now on. */
void link_send(struct link *link, struct wire_message *message);
/* Bytes of messages that were not acknowledged. */
size_t link_waiting(const struct link *link);

struct link_frame {
    unsigned char header[LINK_HEADER];
    const unsigned char *bytes; /* borrowed until the next call */
    size_t size;
    uint32_t index; /* the link's own mark */
};
/* The frame that is due: 1; 0: none is.  link_sent() when it is on its way;
 * without that the next call gives it again. */
int link_next(struct link *link, double now, struct link_frame *frame);
void link_sent(struct link *link, double now, const struct link_frame *frame);
/* When link_next() has something at the latest, or link_lost() may change. */
double link_due(const struct link *link, double now);

/* ---- received ----------------------------------------------------------- */

/* Who sent a frame, and to whom, for those who share a socket: 0; -1: it is
 * no frame. */
int link_address(const void *bytes, size_t size, uint64_t *from, uint64_t *to,
                 uint64_t *seq);
/* A frame.  1: it is kept, and link_take() or link_drain() give it back; 0:
 * the caller has it still. */
int link_accept(struct link *link, void *bytes, size_t size, double now);

struct link_message {
    const unsigned char *bytes;
    size_t size;
    void *kept;   /* a frame of link_accept(), the caller's again; or NULL */
    void *joined; /* memory for free(), of several frames; or NULL */
};
/* The next message, in order: 1; 0: none yet; kept, then, may be a frame
 * that is not needed any more. */
int link_take(struct link *link, struct link_message *message);
void *link_drain(struct link *link); /* a frame that is kept, or NULL */
/* Frames that came in order and were not taken.  They are acknowledged: as many
 * more may be on their way as there is room for when these are taken. */
int link_untaken(const struct link *link);

/* ---- how it stands ------------------------------------------------------ */

/* Silent for too long, or out of memory; never changes back. */
int link_lost(struct link *link, double now);
double link_silent(const struct link *link, double now); /* seconds */
uint64_t link_peer(const struct link *link);             /* 0: nobody yet */
uint64_t link_repeats(const struct link *link);
uint64_t link_bad(const struct link *link); /* frames that were no good */

#endif
