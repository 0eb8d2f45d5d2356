/* Messages: growing, headers and queues; wire.h has the layout. */
#include "runtime/wire.h"

#include <stdlib.h>

int wire_grow(struct wire_writer *writer, size_t bytes)
{
    size_t space = writer->space ? writer->space : 256;
    unsigned char *grown;

    if (writer->failed)
        return -1;
    while (space - writer->size < bytes && space < SIZE_MAX / 4)
        space *= 2;
    grown = realloc(writer->bytes, space);
    if (!grown) {
        writer->failed = 1;
        return -1;
    }
    writer->bytes = grown;
    writer->space = space;
    return 0;
}

void wire_begin(struct wire_writer *writer, enum wire_kind kind,
                uint16_t sender)
{
    writer->size = 0;
    if (wire_room(writer, WIRE_HEADER))
        return;
    put_u8(writer, (uint8_t)kind);
    put_u8(writer, WIRE_VERSION);
    put_u16(writer, sender);
}

int wire_open(struct wire_reader *reader, const void *bytes, size_t size,
              enum wire_kind *kind, uint16_t *sender)
{
    uint8_t version;

    reader->next = bytes;
    reader->end = reader->next + size;
    reader->failed = 0;
    *kind = (enum wire_kind)get_u8(reader);
    version = get_u8(reader);
    *sender = get_u16(reader);
    return !reader->failed && version == WIRE_VERSION && *kind >= WIRE_BATCH &&
           *kind <= WIRE_HOLD;
}

void outbox_init(struct wire_outbox *outbox)
{
    outbox->first = NULL;
    outbox->last = &outbox->first;
    outbox->spare = outbox->husks = NULL;
    outbox->failed = 0;
}

static void list_free(struct wire_message *message)
{
    while (message) {
        struct wire_message *next = message->next;
        wire_message_free(message);
        message = next;
    }
}

void outbox_fini(struct wire_outbox *outbox)
{
    struct wire_message *message;

    while ((message = outbox_take(outbox)))
        wire_message_free(message);
    list_free(outbox->spare);
    list_free(outbox->husks);
}

void outbox_add(struct wire_outbox *outbox, uint16_t to,
                struct wire_writer *writer)
{
    struct wire_message *message = writer->failed ? NULL : outbox->husks;

    if (message)
        outbox->husks = message->next;
    else if (!writer->failed)
        message = malloc(sizeof *message);

    if (!message) {
        outbox->failed = 1;
        free(writer->bytes);
        *writer = (struct wire_writer){0};
        return;
    }
    message->next = NULL;
    message->bytes = writer->bytes;
    message->size = writer->size;
    message->space = writer->space;
    message->to = to;
    *outbox->last = message;
    outbox->last = &message->next;
    *writer = (struct wire_writer){0};
}

struct wire_message *outbox_take(struct wire_outbox *outbox)
{
    struct wire_message *message = outbox->first;

    if (!message)
        return NULL;
    outbox->first = message->next;
    if (!outbox->first)
        outbox->last = &outbox->first;
    return message;
}

void outbox_move(struct wire_outbox *from, struct wire_outbox *to)
{
    to->failed |= from->failed;
    if (!from->first)
        return;
    *to->last = from->first;
    to->last = from->last;
    from->first = NULL;
    from->last = &from->first;
}

void outbox_spare(struct wire_outbox *outbox, struct wire_outbox *sent)
{
    if (!sent->first)
        return;
    *sent->last = outbox->spare;
    outbox->spare = sent->first;
    outbox_init(sent);
}

void outbox_reuse(struct wire_outbox *outbox, struct wire_writer *writer)
{
    struct wire_message *message = outbox->spare;

    if (!message || writer->bytes)
        return;
    outbox->spare = message->next;
    writer->bytes = message->bytes;
    writer->space = message->space;
    message->bytes = NULL;
    message->next = outbox->husks;
    outbox->husks = message;
}

void wire_message_free(struct wire_message *message)
{
    if (message) {
        free(message->bytes);
        free(message);
    }
}
