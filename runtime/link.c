/* Links: a window of frames that were sent and one of frames that came, each
 * a ring by sequence number; link.h has the frame. */
#include "runtime/link.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    MAGIC = 0x314c4d54, /* "TML1" */
    GOES_ON = 1,
    CHECK_AT = LINK_HEADER - 8,
    ACK_FRAMES = 16, /* that came make an acknowledgement due ... */
    WAITING_MOST = LINK_WINDOW * 2
};
static const double ack_seconds = 2e-3;   /* ... or so old a one */
static const double repeat_seconds = 0.5; /* then twice as long, ... */
static const double repeat_most = 4;
static const double beats = 5; /* heartbeats in the time that means lost */

struct piece { /* a frame that was sent */
    struct wire_message *message;
    size_t at, size;
    double due; /* to be sent again; 0: it was not sent yet */
    double wait;
    uint8_t here; /* the other side has it */
};

struct frame { /* that came */
    unsigned char *bytes;
    size_t size;
};

struct link {
    struct link_setup setup;
    struct wire_message *first, **last; /* not acknowledged whole */
    struct wire_message *cut;           /* the one being cut into frames ... */
    size_t cut_at;                      /* ... so far */
    size_t waiting;
    struct piece sent[LINK_WINDOW]; /* seq of low .. next - 1 */
    uint64_t low, next;
    struct frame came[LINK_WINDOW]; /* seq of taken + 1 ... */
    uint64_t taken, here;           /* all up to `here` have come */
    uint64_t mask;                  /* bit k: here + 2 + k */
    uint32_t unacked;               /* frames that came since the last ack */
    double ack_due;
    unsigned char *joined; /* of a message in several frames, so far */
    size_t joined_size, joined_space;
    double heard, spoke, looked;
    uint64_t repeats, bad;
    int lost;
};

struct link *link_new(const struct link_setup *setup, double now)
{
    struct link *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->setup = *setup;
    l->last = &l->first;
    l->low = l->next = 1;
    l->heard = l->looked = now;
    l->spoke = now;
    return l;
}

void link_silence(struct link *l, double seconds)
{
    l->setup.silence = seconds;
}

void link_free(struct link *l)
{
    if (!l)
        return;
    while (l->first) {
        struct wire_message *next = l->first->next;
        wire_message_free(l->first);
        l->first = next;
    }
    free(l->joined);
    free(l);
}

/* ---- to be sent --------------------------------------------------------- */

void link_send(struct link *l, struct wire_message *message)
{
    message->next = NULL;
    *l->last = message;
    l->last = &message->next;
    l->waiting += message->size;
    if (!l->cut) {
        l->cut = message;
        l->cut_at = 0;
    }
}

size_t link_waiting(const struct link *l)
{
    return l->waiting;
}

static struct piece *piece_at(struct link *l, uint64_t seq)
{
    return &l->sent[seq % LINK_WINDOW];
}

/* Cut further frames from the messages that wait. */
static void fill_window(struct link *l)
{
    while (l->cut && l->next - l->low < LINK_WINDOW) {
        struct wire_message *m = l->cut;
        size_t left = m->size - l->cut_at;
        size_t size = left < LINK_PIECE ? left : LINK_PIECE;

        *piece_at(l, l->next++) =
            (struct piece){.message = m, .at = l->cut_at, .size = size};
        l->cut_at += size;
        if (l->cut_at == m->size) {
            l->cut = m->next;
            l->cut_at = 0;
        }
    }
}

static uint64_t check_of(const unsigned char *header,
                         const unsigned char *bytes, size_t size)
{
    return XXH3_64bits_withSeed(bytes, size, XXH3_64bits(header, CHECK_AT));
}

static void frame_make(const struct link *l, uint64_t seq, uint32_t flags,
                       struct link_frame *frame)
{
    struct wire_writer w = {frame->header, 0, LINK_HEADER, 0};

    put_u32(&w, MAGIC);
    put_u32(&w, flags);
    put_u64(&w, l->setup.self);
    put_u64(&w, l->setup.peer);
    put_u64(&w, seq);
    put_u64(&w, l->here);
    put_u64(&w, l->mask);
    put_u64(&w, check_of(frame->header, frame->bytes, frame->size));
}

static double beat(const struct link *l)
{
    return l->setup.silence / beats;
}

static int ack_is_due(const struct link *l, double now)
{
    return l->unacked >= ACK_FRAMES || (l->unacked && now >= l->ack_due);
}

int link_next(struct link *l, double now, struct link_frame *frame)
{
    uint64_t seq;

    if (l->lost)
        return 0;
    fill_window(l);
    for (seq = l->low; seq < l->next; seq++) {
        struct piece *p = piece_at(l, seq);
        if (p->here || p->due > now)
            continue;
        frame->bytes = p->message->bytes + p->at;
        frame->size = p->size;
        frame->index = (uint32_t)(seq - l->low) + 1;
        frame_make(l, seq, p->at + p->size < p->message->size ? GOES_ON : 0,
                   frame);
        return 1;
    }
    if (!ack_is_due(l, now) && (now - l->spoke < beat(l) || !l->setup.peer))
        return 0;
    frame->bytes = frame->header; /* of size 0 */
    frame->size = 0;
    frame->index = 0;
    frame_make(l, 0, 0, frame);
    return 1;
}

void link_sent(struct link *l, double now, const struct link_frame *frame)
{
    l->spoke = now;
    l->unacked = 0;
    if (frame->index) {
        struct piece *p = piece_at(l, l->low + frame->index - 1);
        l->repeats += p->due > 0;
        p->wait = p->due > 0 ? 2 * p->wait : repeat_seconds;
        if (p->wait > repeat_most)
            p->wait = repeat_most;
        p->due = now + p->wait;
    }
}

double link_due(const struct link *l, double now)
{
    double due = l->heard + l->setup.silence;
    uint64_t seq;

    if (l->lost || (l->cut && l->next - l->low < LINK_WINDOW))
        return now;
    if (l->setup.peer && l->spoke + beat(l) < due)
        due = l->spoke + beat(l);
    if (l->unacked && l->ack_due < due)
        due = l->ack_due;
    for (seq = l->low; seq < l->next; seq++) {
        const struct piece *p = &l->sent[seq % LINK_WINDOW];
        if (!p->here && p->due < due)
            due = p->due;
    }
    return due;
}

/* ---- received ----------------------------------------------------------- */

struct header {
    uint32_t flags;
    uint64_t from, to, seq, ack, mask, check;
};

static int header_read(struct header *h, const unsigned char *bytes,
                       size_t size)
{
    struct wire_reader r = {bytes, bytes + size, 0};

    if (size < LINK_HEADER || size > LINK_FRAME || get_u32(&r) != MAGIC)
        return -1;
    h->flags = get_u32(&r);
    h->from = get_u64(&r);
    h->to = get_u64(&r);
    h->seq = get_u64(&r);
    h->ack = get_u64(&r);
    h->mask = get_u64(&r);
    h->check = get_u64(&r);
    return 0;
}

int link_address(const void *bytes, size_t size, uint64_t *from, uint64_t *to,
                 uint64_t *seq)
{
    struct header h;

    if (header_read(&h, bytes, size))
        return -1;
    *from = h.from;
    *to = h.to;
    *seq = h.seq;
    return 0;
}

/* The other side has all up to ack, and those of the mask. */
static void read_ack(struct link *l, uint64_t ack, uint64_t mask)
{
    uint64_t seq;

    if (ack >= l->next)
        return; /* of nothing that was sent */
    for (seq = ack + 2; mask && seq < l->next; seq++, mask >>= 1)
        if ((mask & 1) && seq >= l->low)
            piece_at(l, seq)->here = 1;
    while (l->low <= ack) {
        struct piece *p = piece_at(l, l->low);
        struct wire_message *m = p->message;
        if (p->at + p->size == m->size) { /* the oldest message is there */
            l->first = m->next;
            if (!l->first)
                l->last = &l->first;
            l->waiting -= m->size;
            wire_message_free(m);
        }
        l->low++;
    }
}

/* Keep frame seq until all before it are here. */
static int keep(struct link *l, uint64_t seq, unsigned char *bytes, size_t size,
                double now)
{
    struct frame *f = &l->came[seq % LINK_WINDOW];

    if (!l->unacked++)
        l->ack_due = now + ack_seconds;
    l->bad += seq > l->taken + LINK_WINDOW; /* there is no room for it yet */
    if (seq <= l->here || seq > l->taken + LINK_WINDOW || f->bytes)
        return 0; /* or it was here */
    *f = (struct frame){bytes, size};
    if (seq > l->here + 1) {
        l->mask |= (uint64_t)1 << (seq - l->here - 2);
        return 1;
    }
    l->here++;
    while (l->mask & 1) {
        l->mask >>= 1;
        l->here++;
    }
    l->mask >>= 1;
    return 1;
}

int link_accept(struct link *l, void *bytes, size_t size, double now)
{
    const unsigned char *all = bytes;
    struct header h;

    if (l->lost)
        return 0;
    if (header_read(&h, bytes, size) || !h.from ||
        (l->setup.peer && h.from != l->setup.peer) ||
        (h.to ? h.to != l->setup.self : h.seq != 1) ||
        (h.seq && size == LINK_HEADER) ||
        h.check != check_of(all, all + LINK_HEADER, size - LINK_HEADER)) {
        l->bad++;
        return 0;
    }
    l->setup.peer = h.from;
    l->heard = now;
    read_ack(l, h.ack, h.mask);
    return h.seq ? keep(l, h.seq, bytes, size, now) : 0;
}

/* A frame of a message that has several. */
static int join(struct link *l, const struct frame *f)
{
    size_t size = f->size - LINK_HEADER, space = l->joined_space;
    unsigned char *grown;

    while (space - l->joined_size < size)
        space = space ? 2 * space : 4 * (size_t)LINK_PIECE;
    grown = space == l->joined_space ? l->joined : realloc(l->joined, space);
    if (!grown)
        return -1;
    l->joined = grown;
    l->joined_space = space;
    memcpy(grown + l->joined_size, f->bytes + LINK_HEADER, size);
    l->joined_size += size;
    return 0;
}

int link_take(struct link *l, struct link_message *message)
{
    struct header h = {0};
    struct frame f;
    int goes_on;

    *message = (struct link_message){0};
    if (l->lost || l->taken == l->here)
        return 0;
    f = l->came[++l->taken % LINK_WINDOW];
    l->came[l->taken % LINK_WINDOW].bytes = NULL;
    message->kept = f.bytes;
    header_read(&h, f.bytes, f.size);
    goes_on = (h.flags & GOES_ON) != 0;
    if (!goes_on && !l->joined_size) {
        message->bytes = f.bytes + LINK_HEADER;
        message->size = f.size - LINK_HEADER;
        return 1;
    }
    if (join(l, &f)) {
        l->lost = 1;
        return 0;
    }
    if (goes_on)
        return 0;
    message->bytes = message->joined = l->joined;
    message->size = l->joined_size;
    l->joined = NULL;
    l->joined_size = l->joined_space = 0;
    return 1;
}

int link_untaken(const struct link *l)
{
    return !l->lost && l->taken < l->here;
}

void *link_drain(struct link *l)
{
    int k;

    for (k = 0; k < LINK_WINDOW; k++)
        if (l->came[k].bytes) {
            void *bytes = l->came[k].bytes;
            l->came[k].bytes = NULL;
            l->lost = 1;
            return bytes;
        }
    return NULL;
}

/* ---- how it stands ------------------------------------------------------ */

/* Time in which nobody looked is not the other's silence: this process may
 * have been stopped, and what came meanwhile is still to be read. */
int link_lost(struct link *l, double now)
{
    double gap = now - l->looked;

    if (gap > beat(l))
        l->heard = l->heard + gap < now ? l->heard + gap : now;
    l->looked = now;
    if (now - l->heard > l->setup.silence)
        l->lost = 1;
    return l->lost;
}

double link_silent(const struct link *l, double now)
{
    return now - l->heard;
}

uint64_t link_peer(const struct link *l)
{
    return l->setup.peer;
}

uint64_t link_repeats(const struct link *l)
{
    return l->repeats;
}

uint64_t link_bad(const struct link *l)
{
    return l->bad;
}
