/* The file of tiles for which there is no memory: it has no name, so that it
 * is gone with the process, and gives places in it.  The places are for one
 * thread at a time, reading and writing for any. */
#ifndef RUNTIME_SPILL_H
#define RUNTIME_SPILL_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct spill;

/* In folder, which is borrowed.  NULL: error has it. */
struct spill *spill_open(const char *folder, struct tm_error *error);
void spill_close(struct spill *spill); /* NULL is fine */

/* A place for so many bytes, and back. */
int64_t spill_take(struct spill *spill, size_t bytes);
void spill_give(struct spill *spill, int64_t at, size_t bytes);

/* 0, or error has it: TM_EMEMORY where the disk is full. */
int spill_write(struct spill *spill, int64_t at, const void *data,
                size_t bytes, struct tm_error *error);
int spill_read(struct spill *spill, int64_t at, void *data, size_t bytes,
               struct tm_error *error);

#endif
