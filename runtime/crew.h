/* Worker processes that this process started, on its host or, with a remote
 * shell, on others, and the private folder where those of its host have their
 * sockets.
 *
 * They end when this process does, however it ends: their standard input is a
 * pipe that this process alone holds open.  What it holds at first is the
 * secret, where there is one: no command line has it. */
#ifndef RUNTIME_CREW_H
#define RUNTIME_CREW_H

#include "runtime/secret.h"

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
struct crew_host { /* where a worker is to run */
    const char *name; /* "-": here */
    int threads;      /* 0: as many as it finds */
};
struct crew_setup {
    const char *program; /* of the worker */
    const char *address; /* that it joins */
    const char *shell;   /* words that come before another host's name and the
                          * command that is to be run there */
    const struct secret *secret; /* NULL: none */
    const char *memory, *share;  /* what one may take, as tmrun reads it: there,
                                  * and here; NULL: its own choice */
    const char *spill;           /* folder, or NULL */
};
/* Start `PROGRAM --join=ADDRESS --place=N ...`.  N, from 1 on, is the worker's
 * place; -1: error has it. */
int crew_start(struct crew *crew, const struct crew_setup *setup,
               const struct crew_host *host, struct tm_error *error);
/* The place of a worker that has ended since the last call, and how in words;
 * 0: none.  On another host, its shell ended. */
int crew_ended(struct crew *crew, char *how, size_t size);
/* Kill that worker, which was given up; what it may still do is not wanted.
 * There is no such place: nothing happens. */
void crew_kill(struct crew *crew, int place);
int crew_count(const struct crew *crew); /* that live */
/* Tell them all to end; kill those that have not after so many seconds. */
void crew_free(struct crew *crew, double seconds);

#endif
