/* Checkpoints for the unit test and the fuzz target: those of a small run that
 * was cancelled, and files that are made of their bytes.  In the current
 * folder. */
#ifndef TESTS_UNIT_CHECKPOINT_MAKE_H
#define TESTS_UNIT_CHECKPOINT_MAKE_H

#include "tilematrix/tilematrix.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* runtime/checkpoint.h */
enum { CHECKPOINT_HEADER = 12, CHECKPOINT_CHECK = 8 };

static const char checkpoint_script[] =
    "tile 3\n"
    "A = rand(5, 5)\n"
    "B = A\n"
    "k = 0\n"
    "while k < 100 && sum(B) > 0\n"
    "  B = 0.5 * B * A + A\n"
    "  print(\"turn\", k)\n"
    "  k += 1\n"
    "end\n"
    "output B\n";

struct bytes {
    unsigned char *data; /* owned */
    size_t size;
};

static inline struct bytes bytes_read(const char *path)
{
    FILE *in = fopen(path, "rb");
    struct bytes b = {malloc(1 << 16), 0};

    if (in && b.data)
        b.size = fread(b.data, 1, 1 << 16, in);
    if (in)
        fclose(in);
    return b;
}

static inline void bytes_write(const char *path, const void *data, size_t size)
{
    FILE *out = fopen(path, "wb");

    if (!out || fwrite(data, 1, size, out) != size || fclose(out)) {
        perror(path);
        exit(1);
    }
    chmod(path, 0600);
}

/* The check value at the end is right again. */
static inline void bytes_repair(struct bytes b)
{
    size_t k, before = b.size - CHECKPOINT_CHECK;
    uint64_t sum = XXH3_64bits(b.data, before);

    for (k = 0; k < CHECKPOINT_CHECK; k++)
        b.data[before + k] = (unsigned char)(sum >> 8 * k);
}

/* Where the plan and its bindings end. */
static inline size_t bytes_told(struct bytes b)
{
    size_t k, told = 0;

    for (k = 8; k-- > 0;)
        told = told << 8 | b.data[CHECKPOINT_HEADER + k];
    return CHECKPOINT_HEADER + 8 + told;
}

/* The last files of a folder, the newest first: their number, at most 2. */
static inline int checkpoint_names(const char *folder, char names[2][64])
{
    long numbers[2] = {0, 0}, number;
    DIR *list = opendir(folder);
    struct dirent *entry;
    int k;

    while (list && (entry = readdir(list)))
        if (sscanf(entry->d_name, "checkpoint-%ld", &number) == 1) {
            if (number > numbers[0]) {
                numbers[1] = numbers[0];
                numbers[0] = number;
            } else if (number > numbers[1]) {
                numbers[1] = number;
            }
        }
    if (list)
        closedir(list);
    for (k = 0; k < 2; k++)
        snprintf(names[k], sizeof names[k], "%s/checkpoint-%ld", folder,
                 numbers[k]);
    return (numbers[0] != 0) + (numbers[1] != 0);
}

struct turns { /* cancels the run in that turn; 0: never */
    struct tm_run *run;
    const char *folder;
    int left;
};

/* A turn is over sooner than a checkpoint is written: in the last one there are
 * to be two. */
static inline void on_turn(void *user, const char *line)
{
    struct turns *turns = user;
    char names[2][64];

    (void)line;
    if (turns->left > 1)
        turns->left--;
    else if (turns->left && checkpoint_names(turns->folder, names) == 2)
        tm_run_cancel(turns->run);
    else if (turns->left)
        usleep(1000);
}

/* 0: the folder has checkpoints of a run that was cancelled (turn 0: it is
 * over, and has none). */
static inline int checkpoint_make(const char *folder, int turn)
{
    struct tm_plan *plan = NULL;
    struct turns turns = {NULL, folder, turn};
    enum tm_status status;

    if (tm_compile_text("turns.tm", checkpoint_script, 0, NULL, &plan, NULL) ||
        tm_run_new(plan, &turns.run) || tm_run_threads(turns.run, 1) ||
        tm_run_checkpoint(turns.run, folder, 0))
        return -1;
    tm_run_on_print(turns.run, on_turn, &turns);
    status = tm_run_execute(turns.run);
    tm_run_free(turns.run);
    tm_plan_free(plan);
    return status != (turn ? TM_ECANCELLED : TM_OK);
}

/* Opens what is there, and goes on with it or not; notes may be NULL. */
static inline enum tm_status
checkpoint_try(const char *folder, int execute,
               void (*note)(void *user, const char *text), void *user)
{
    struct tm_plan *plan = NULL;
    struct tm_run *run = NULL;
    struct tm_message *message = NULL;
    enum tm_status status = tm_run_resume(folder, &plan, &run, &message);

    if (status && !(message && *tm_message_text(message)))
        abort(); /* refused without a word */
    tm_message_free(message);
    if (!status && execute) {
        tm_run_threads(run, 1);
        tm_run_checkpoint(run, folder, 1e9);
        tm_run_on_note(run, note, user);
        status = tm_run_execute(run);
        if (status && !*tm_run_error(run))
            abort();
    }
    tm_run_free(run);
    tm_plan_free(plan);
    return status;
}

#endif
