/* Worker processes that this process started on its host, and the private
 * folder where they all have their sockets.
 *
 * They end when this process does, however it ends: their standard input is a
 * pipe that nobody writes to and that this process alone holds open. */
#ifndef RUNTIME_CREW_H
#define RUNTIME_CREW_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

struct crew;

/* Where this user's folders of sockets lie, a new one of mode 0700, with the
 * name of an inbox in it.  0, or error has it. */
int crew_folder(char *name, size_t size, struct tm_error *error);
/* Remove the sockets beside that inbox, and the folder. */
void crew_remove_folder(const char *name);

/* NULL: error has it. */
struct crew *crew_new(struct tm_error *error);
/* Start `PROGRAM --join=ADDRESS --threads=N --until-eof`.  -1: error has it. */
int crew_start(struct crew *crew, const char *program, const char *address,
               int threads, struct tm_error *error);
/* A worker that has ended since the last call: its process, and how in words;
 * 0: none. */
pid_t crew_ended(struct crew *crew, char *how, size_t size);
/* Kill that worker, which was given up; what it may still do is not wanted.
 * Of another process: nothing happens. */
void crew_kill(struct crew *crew, pid_t process);
int crew_count(const struct crew *crew); /* that live */
/* Tell them all to end; kill those that have not after so many seconds. */
void crew_free(struct crew *crew, double seconds);

#endif
