/* Parts of messages between processes; talk.h has their layout. */
#include "runtime/talk.h"
#include "tilematrix/tilematrix.h"

void talk_begin(struct wire_writer *writer, enum talk_kind kind,
                uint16_t sender, size_t bytes)
{
    wire_begin(writer, (enum wire_kind)kind, sender);
    wire_room(writer, bytes);
}

void talk_text(struct wire_writer *writer, const char *text)
{
    uint32_t size = (uint32_t)strlen(text);

    if (!wire_room(writer, (size_t)size + 4))
        put_bytes(writer, text, size);
}

void talk_get_text(struct wire_reader *reader, char *text, size_t size)
{
    uint32_t length;
    const unsigned char *bytes = get_bytes(reader, &length);

    if (length >= size)
        length = (uint32_t)size - 1;
    memcpy(text, bytes, length);
    text[length] = 0;
}

int talk_open(struct wire_reader *reader, const void *bytes, size_t size,
              unsigned *kind, unsigned *version, uint16_t *sender)
{
    *reader =
        (struct wire_reader){bytes, (const unsigned char *)bytes + size, 0};
    *kind = get_u8(reader);
    *version = get_u8(reader);
    *sender = get_u16(reader);
    return !reader->failed;
}

void talk_put_stamp(struct wire_writer *writer, const struct file_stamp *stamp)
{
    if (wire_room(writer, 32))
        return;
    put_u64(writer, (uint64_t)stamp->bytes);
    put_u64(writer, (uint64_t)stamp->seconds);
    put_u64(writer, (uint64_t)stamp->nanoseconds);
    put_u64(writer, stamp->start);
}

void talk_get_stamp(struct wire_reader *reader, struct file_stamp *stamp)
{
    stamp->bytes = (int64_t)get_u64(reader);
    stamp->seconds = (int64_t)get_u64(reader);
    stamp->nanoseconds = (int64_t)get_u64(reader);
    stamp->start = get_u64(reader);
}

void talk_put_error(struct wire_writer *writer, int status, const char *text)
{
    if (!wire_room(writer, 4))
        put_u32(writer, (uint32_t)status);
    talk_text(writer, text);
}

void talk_get_error(struct wire_reader *reader, struct tm_error *error)
{
    char text[TALK_TEXT];
    uint32_t status = get_u32(reader);

    talk_get_text(reader, text, sizeof text);
    error_clear(error);
    if (status || reader->failed)
        error_set(error, status && status < 256 ? (int)status : TM_EBUG, "%s",
                  text);
}
