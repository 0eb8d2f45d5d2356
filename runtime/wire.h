/* Messages as bytes: what coordinator and workers say to one another.
 *
 *   header   u8 kind, u8 WIRE_VERSION, u16 sender (a worker's number, or
 *            WIRE_COORDINATOR); little-endian as everything here
 *   BATCH    coordinator to worker: records, each begun by its kind
 *     TASK   u64 number, u32 entry, f32 priority, u32 operands, u32 values,
 *            then the operands and the values (u64 each)
 *            (entry's top bit: it must run alone, see ALONE)
 *            operand: u32 in (top bit: the task's write closes it), u32 out;
 *            if in:  u64 writer, u32 tile, u16 owner (WIRE_NOBODY: each
 *                    worker makes its own);
 *            if out: u32 tile
 *     CLOSE  u32 handle: no later task reads it
 *     WANT   u32 handle, u64 writer, u32 tile, u64 number of the task that
 *            comes next: answer with a VALUE
 *     LIMIT  u64 number: start no task from this number on
 *     RESET  u32 epoch: forget the tasks that have not begun, end the others,
 *            answer with a HELD
 *     DROP   u32 count, count times u32 index in that HELD: not needed
 *     ADOPT  u32 index in that HELD, u32 handle: what it is called from now
 *     KEEP   u32 handle, u64 writer, u32 tile, u16 owner: have a copy, and
 *            say KEPT
 *     GO     u64 number: the task of ALONE may begin
 *     BYE    nothing that you hold is needed
 *     ASK    answer with a STATE
 *     SAVE   u32 index in that HELD: answer with a SAVED
 *   REPORT   worker to coordinator: records
 *     DONE   u64 number, u32 operands, as often u32 in, u32 out
 *     FAILED u64 number, u32 status, u32 place, text
 *     TEXT   u64 number, text: the line that a print task makes
 *     VALUE  u32 handle, f64
 *     HELD   u32 epoch, u32 count, count times (u32 tile, u64 writer): the
 *            versions that are here; nothing runs
 *     KEPT   u32 handle, u64 writer
 *     ALONE  u64 number: a task that must run alone could begin; nothing
 *            else runs, or will before it is done
 *     STATE  u32 jobs that run, u32 that could, u32 unfinished tasks, u32 of
 *            these that miss a version, the one with the lowest writer: u32
 *            tile, u64 writer (0 and 0: none does); u64 bytes of tiles that
 *            have come
 *   GET      worker to worker: u32 epoch, u32 handle, u64 writer
 *   TILE     the answer, in pieces: u32 epoch, u32 handle, u64 writer,
 *            u64 offset, u64 total, bytes
 *   SAVED    worker to coordinator, for a checkpoint: u32 tile, u64 writer, the
 *            tile's entries
 *   HOLD     coordinator to worker, from a checkpoint: the same; it is held
 *            until the next RESET asks for what is
 *
 * Handles hold within one epoch; RESET begins the next.  What a worker says
 * to another in an older one is left unread.
 *
 * A text is u32 length and its bytes, `bytes` likewise.  Reading is
 * defensive: a reader that has met its end gives zeros and says so once, at
 * the end. */
#ifndef RUNTIME_WIRE_H
#define RUNTIME_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    WIRE_VERSION = 5,
    WIRE_HEADER = 4,
    WIRE_COORDINATOR = 0xffff,
    WIRE_NOBODY = 0xfffe,
    WIRE_WORKERS = 4096,           /* numbers are below */
    WIRE_ALONE = 0x80000000,       /* in entry */
    WIRE_BATCH_BYTES = 256 * 1024, /* a batch is sent at this size ... */
    WIRE_BATCH_TASKS = 128,        /* ... or with so many tasks */
    WIRE_TILE_BYTES = 1 << 20,     /* of one piece of a tile */
    WIRE_IN = 14, /* bytes of an operand's version that is read ... */
    WIRE_OUT = 4, /* ... and written, see TASK */
    WIRE_MOST = 256 << 20 /* bytes of the largest message */
};

enum wire_kind {
    WIRE_BATCH = 1,
    WIRE_REPORT = 2,
    WIRE_GET = 3,
    WIRE_TILE = 4,
    WIRE_SAVED = 5,
    WIRE_HOLD = 6
};

enum wire_record {
    RECORD_TASK = 1,
    RECORD_CLOSE = 2,
    RECORD_WANT = 3,
    RECORD_LIMIT = 4,
    RECORD_DONE = 5,
    RECORD_FAILED = 6,
    RECORD_TEXT = 7,
    RECORD_VALUE = 8,
    RECORD_RESET = 9,
    RECORD_DROP = 10,
    RECORD_ADOPT = 11,
    RECORD_KEEP = 12,
    RECORD_GO = 13,
    RECORD_HELD = 14,
    RECORD_KEPT = 15,
    RECORD_ALONE = 16,
    RECORD_BYE = 17,
    RECORD_ASK = 18,
    RECORD_STATE = 19,
    RECORD_SAVE = 20
};

/* ---- writing ------------------------------------------------------------ */

struct wire_writer {
    unsigned char *bytes; /* owned */
    size_t size, space;
    int failed; /* out of memory: nothing more is written */
};

/* Room for `bytes` more, so that as many may be put.  0, or no memory. */
int wire_grow(struct wire_writer *writer, size_t bytes);
void wire_begin(struct wire_writer *writer, enum wire_kind kind,
                uint16_t sender);

static inline int wire_room(struct wire_writer *writer, size_t bytes)
{
    return writer->space - writer->size >= bytes ? 0 : wire_grow(writer, bytes);
}

static inline uint16_t wire_16(uint16_t x)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap16(x);
#else
    return x;
#endif
}

static inline uint32_t wire_32(uint32_t x)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap32(x);
#else
    return x;
#endif
}

static inline uint64_t wire_64(uint64_t x)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(x);
#else
    return x;
#endif
}

/* Only after wire_room(). */
static inline void put_u8(struct wire_writer *writer, uint8_t x)
{
    writer->bytes[writer->size++] = x;
}

static inline void put_u16(struct wire_writer *writer, uint16_t x)
{
    x = wire_16(x);
    memcpy(writer->bytes + writer->size, &x, 2);
    writer->size += 2;
}

static inline void put_u32(struct wire_writer *writer, uint32_t x)
{
    x = wire_32(x);
    memcpy(writer->bytes + writer->size, &x, 4);
    writer->size += 4;
}

static inline void put_u64(struct wire_writer *writer, uint64_t x)
{
    x = wire_64(x);
    memcpy(writer->bytes + writer->size, &x, 8);
    writer->size += 8;
}

static inline void put_f32(struct wire_writer *writer, float x)
{
    uint32_t bits;

    memcpy(&bits, &x, 4);
    put_u32(writer, bits);
}

static inline void put_f64(struct wire_writer *writer, double x)
{
    uint64_t bits;

    memcpy(&bits, &x, 8);
    put_u64(writer, bits);
}

static inline void put_bytes(struct wire_writer *writer, const void *bytes,
                             uint32_t size)
{
    put_u32(writer, size);
    if (size)
        memcpy(writer->bytes + writer->size, bytes, size);
    writer->size += size;
}

/* ---- reading ------------------------------------------------------------ */

struct wire_reader {
    const unsigned char *next, *end; /* borrowed */
    int failed; /* something was missing: all that follows reads as 0 */
};

static inline int wire_has(struct wire_reader *reader, size_t bytes)
{
    if ((size_t)(reader->end - reader->next) >= bytes)
        return 1;
    reader->failed = 1;
    reader->next = reader->end;
    return 0;
}

static inline uint8_t get_u8(struct wire_reader *reader)
{
    return wire_has(reader, 1) ? *reader->next++ : 0;
}

static inline uint16_t get_u16(struct wire_reader *reader)
{
    uint16_t x = 0;

    if (wire_has(reader, 2)) {
        memcpy(&x, reader->next, 2);
        reader->next += 2;
    }
    return wire_16(x);
}

static inline uint32_t get_u32(struct wire_reader *reader)
{
    uint32_t x = 0;

    if (wire_has(reader, 4)) {
        memcpy(&x, reader->next, 4);
        reader->next += 4;
    }
    return wire_32(x);
}

static inline uint64_t get_u64(struct wire_reader *reader)
{
    uint64_t x = 0;

    if (wire_has(reader, 8)) {
        memcpy(&x, reader->next, 8);
        reader->next += 8;
    }
    return wire_64(x);
}

static inline float get_f32(struct wire_reader *reader)
{
    uint32_t bits = get_u32(reader);
    float x;

    memcpy(&x, &bits, 4);
    return x;
}

static inline double get_f64(struct wire_reader *reader)
{
    uint64_t bits = get_u64(reader);
    double x;

    memcpy(&x, &bits, 8);
    return x;
}

/* Bytes that lie in the message, and their number. */
static inline const unsigned char *get_bytes(struct wire_reader *reader,
                                             uint32_t *size)
{
    const unsigned char *bytes;

    *size = get_u32(reader);
    if (!wire_has(reader, *size))
        *size = 0;
    bytes = reader->next;
    reader->next += *size;
    return bytes;
}

/* Read the header; 0 when it is none of ours. */
int wire_open(struct wire_reader *reader, const void *bytes, size_t size,
              enum wire_kind *kind, uint16_t *sender);

/* ---- messages that wait to be sent -------------------------------------- */

struct wire_message {
    struct wire_message *next;
    unsigned char *bytes;
    size_t size, space;
    uint16_t to; /* a worker or WIRE_COORDINATOR */
};

struct wire_outbox {
    struct wire_message *first, **last;
    struct wire_message *spare; /* memory for messages to come */
    struct wire_message *husks; /* those whose bytes a writer has now */
    int failed; /* out of memory: a message is lost, the run must end */
};

void outbox_init(struct wire_outbox *outbox);
void outbox_fini(struct wire_outbox *outbox);
/* What writer holds becomes the last message; writer is empty again. */
void outbox_add(struct wire_outbox *outbox, uint16_t to,
                struct wire_writer *writer);
/* The first message, for wire_message_free(), or NULL. */
struct wire_message *outbox_take(struct wire_outbox *outbox);
/* All of one outbox behind all of another. */
void outbox_move(struct wire_outbox *from, struct wire_outbox *to);
/* What the messages of `sent` hold serves the next ones of outbox. */
void outbox_spare(struct wire_outbox *outbox, struct wire_outbox *sent);
/* Give an empty writer the memory of a spare message, if there is one. */
void outbox_reuse(struct wire_outbox *outbox, struct wire_writer *writer);
void wire_message_free(struct wire_message *message);

#endif
