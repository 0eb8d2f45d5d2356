/* What the processes of a run say to one another besides what runtime/wire.h
 * has for coordinator and workers: who joins, jobs that are done in the
 * coordinator's process, and the end.
 *
 * Each begins with wire.h's header; a text is u32 length and its bytes.
 *
 *   HELLO    worker: text version of Tilematrix, text kernel set, text
 *            address of its inbox, text host, u64 process, u32 threads,
 *            u64 bytes of memory, u32 place among those that the coordinator
 *            started (0: none; old ones say nothing)
 *   REFUSED  coordinator: u32 status, text
 *   WELCOME  coordinator: what api/remote.c writes: the plan and all that is
 *            bound to it
 *   READY    worker: u32 status (0: all agrees), text, u64 what the binding
 *            gave (its digest)
 *   PEERS    coordinator: u16 your number, u32 count, count times (u16
 *            number, u64 incarnation, text address) of those you did not know
 *   LINKED   worker: those are known
 *   JOB      worker: u32 token, u8 1: a load, u64 number, u32 entry, u32 tile,
 *            u32 values, the values (u64 each), then, of a store, the tile
 *   OUTCOME  coordinator: u32 token, u32 place, u32 status, text, then, of a
 *            load, the tile
 *   END      coordinator: the run is over
 *   LEAVE    worker: u32 status, text: I am gone
 *   PEERLESS worker: u16 number of a worker that I can't reach
 *   GOING    worker: I want to leave, and will when nobody needs what I hold
 *   PROFILE  worker, at its end, where one is wanted: runtime/profile.c
 *   LOST     coordinator: u16 number of a worker that is given up: nothing
 *            to it or from it any more
 *
 * HELLO, the header and REFUSED never change, so that processes of different
 * versions can say so. */
#ifndef RUNTIME_TALK_H
#define RUNTIME_TALK_H

#include "base/error.h"
#include "runtime/file.h"
#include "runtime/wire.h"

enum talk_kind {
    TALK_HELLO = 16,
    TALK_REFUSED,
    TALK_WELCOME,
    TALK_READY,
    TALK_PEERS,
    TALK_LINKED,
    TALK_JOB,
    TALK_OUTCOME,
    TALK_END,
    TALK_LEAVE,
    TALK_PEERLESS,
    TALK_GOING,
    TALK_LOST,
    TALK_PROFILE
};

enum { TALK_TEXT = 1000 };

/* A message with its header, and room for `bytes` more. */
void talk_begin(struct wire_writer *writer, enum talk_kind kind,
                uint16_t sender, size_t bytes);
/* Where wire_room() was asked for. */
void talk_text(struct wire_writer *writer, const char *text);
/* Cut at `size` - 1 bytes, NUL behind. */
void talk_get_text(struct wire_reader *reader, char *text, size_t size);
/* Reader behind the header; the message's kind, version and sender.  0: there
 * is no header. */
int talk_open(struct wire_reader *reader, const void *bytes, size_t size,
              unsigned *kind, unsigned *version, uint16_t *sender);

void talk_put_stamp(struct wire_writer *writer, const struct file_stamp *stamp);
void talk_get_stamp(struct wire_reader *reader, struct file_stamp *stamp);

/* REFUSED, READY, LEAVE: a status and its text. */
void talk_put_error(struct wire_writer *writer, int status, const char *text);
void talk_get_error(struct wire_reader *reader, struct tm_error *error);

#endif
