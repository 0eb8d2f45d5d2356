/* What the files of api/ share: the structs behind the opaque handles. */
#ifndef API_PRIVATE_H
#define API_PRIVATE_H

#include "base/error.h"
#include "plan/bind.h"
#include "plan/edge.h"
#include "plan/plan.h"
#include "tilematrix/tilematrix.h"

#include <stdatomic.h>
#include <stdio.h>

struct resumed;

struct tm_plan {
    struct plan *plan; /* owned */
    int read;          /* 1: from a file or bytes, so from somebody */
};

struct tm_message {
    char *text; /* owned */
};

enum bound_kind { BOUND_NOT, BOUND_FILE, BOUND_MEMORY, BOUND_KEPT };

struct bound { /* what an input or output is bound to */
    enum bound_kind kind;
    uint64_t round; /* it was bound before this execution of the run */
    char *path;     /* FILE: owned */
    char *data;     /* MEMORY: borrowed; KEPT: in memory, after the run */
    char *memory;   /* KEPT: owned; serves the next run too */
    size_t bytes;   /* of it */
    enum tm_type type;
    int64_t rows, cols, rs, cs;
};

struct setting {        /* of a parameter */
    char *name, *value; /* owned */
    uint64_t round;
};

struct run_profile {
    int wanted;          /* the texts, and the file below where it is named */
    char *trace;         /* path of the trace, or NULL; owned */
    char *text, *json;   /* of the last execution; owned */
    uint64_t opened;     /* when it began; 0: without a profile */
    struct profile *now; /* of the one that goes on */
    FILE *file;          /* open, for its trace */
};

struct tm_run {
    const struct tm_plan *plan;
    struct setting *settings;
    size_t setting_count;
    int64_t tile_rows, tile_cols; /* 0: not asked for */
    struct edge_choice edge;      /* where they are not */
    int threads;                  /* 0: one a core */
    size_t memory; /* bytes; 0: four fifths of what there is */
    char *memory_text; /* as it was given, or NULL; owned */
    char *spill;   /* folder, or NULL; owned */
    struct {
        char *folder; /* or NULL; owned */
        double seconds;
        struct resumed *resumed; /* of tm_run_resume(), or NULL; owned */
    } checkpoint;
    uint64_t seed;
    char **folders; /* where a plan that was read may name files; owned */
    size_t folder_count;
    struct bound *inputs, *outputs; /* as in the plan */
    uint64_t round;                 /* executions so far */
    void (*print)(void *user, const char *line);
    void *print_user;
    void (*note)(void *user, const char *text);
    void *note_user;
    void (*progress)(void *user, const struct tm_progress *progress);
    void *progress_user;
    atomic_int cancel;
    struct tm_error error;
    char *report; /* of error; owned, or NULL */
    char *calibration; /* of tm_run_calibrate(); owned, or NULL */
    struct run_profile profile;
    struct store *store; /* of tiles, from one execution to the next, or NULL */
    struct run_processes {  /* workers that are processes; workers 0: none */
        int workers;
        char *program;      /* to start them; NULL: they join; owned */
        char *listen;       /* where; NULL: this host alone; owned */
        struct crew_host *hosts; /* where to start others; owned, as their */
        int host_count;          /* names */
        char *shell, *there; /* how, and which program; owned */
        int insecure;       /* anyone may join who reaches that address */
        struct secret *secret; /* that who joins must know; owned */
        int shared;         /* they see files under the same names */
        double silence;     /* seconds */
    } processes;
};

struct checkpoint_setup;
struct crew_host;
struct engine_setup;
struct job_io;

/* Its text as a message; returns its status; api/api.c. */
enum tm_status api_message(struct tm_message **message,
                           const struct tm_error *error);
/* Starts the kernels once a process; api/api.c. */
int api_start_kernels(struct tm_error *error);

/* Bytes of "8G", "60%" or "auto" (0); SIZE_MAX: error says what it must be. */
size_t api_memory_size(const char *text, struct tm_error *error);

/* The run's error as tmrun shows it, in run->report; api/report.c. */
void api_report(struct tm_run *run);
/* The script's text at a place, or "" where it has none or is longer. */
void api_place_text(const struct plan *plan, uint32_t place, char *out,
                    size_t size);

/* Names of inputs, outputs or parameters as a list: "A, B"; api/run.c. */
void api_input_names(const struct plan *plan, char *out, size_t size);

/* The profile of an execution; api/profile.c.  begin() before all else,
 * open() when the sizes are bound, close() at the end, whatever happened. */
void api_profile_begin(struct run_profile *profile);
int api_profile_open(struct run_profile *profile,
                     const struct binding *binding, int threads,
                     struct tm_error *error);
int api_profile_close(struct run_profile *profile, struct tm_error *error);
void api_profile_fini(struct run_profile *profile);

/* Run with workers that are processes, by run->processes; input_paths: of
 * those that are files; api/remote.c. */
int api_run_processes(struct tm_run *run, const struct engine_setup *setup,
                      char *const *input_paths, struct tm_error *error);
/* "alpha:8,beta" into run->processes.hosts; error: why not. */
int api_read_hosts(struct tm_run *run, const char *text,
                   struct tm_error *error);
/* Is any of them another host?  Then there is a secret, or one is made. */
int api_names_others(const struct tm_run *run);
/* Is the address fit for use, and by whom?  Else error says why not. */
int api_check_address(const char *address, int insecure,
                      struct tm_error *error);
/* What was there is forgotten; path NULL: there is none any more. */
int api_read_secret(const char *path, struct secret **secret,
                    struct tm_error *error);

/* Two processes that bind the same plan agree if this is the same. */
uint64_t api_digest(const struct binding *binding);
/* The plan as in a file, which belongs to it; NULL: out of memory. */
const unsigned char *api_plan_bytes(const struct plan *plan, size_t *size);

/* The checkpoints of run->checkpoint, if such a run can have any, for fini();
 * api/checkpoint.c. */
int api_checkpoint(const struct tm_run *run, const struct job_io *io,
                   char *const *input_paths, struct checkpoint_setup *setup,
                   struct tm_error *error);
void api_checkpoint_fini(struct checkpoint_setup *setup);
/* Of a run that is resumed: are inputs as they were? */
int api_check_inputs(const struct tm_run *run, const struct job_io *io,
                     struct tm_error *error);
/* Outputs have their names. */
void api_checkpoint_over(struct tm_run *run);
void api_resumed_free(struct resumed *resumed); /* NULL is fine */

/* One execution, its error in run->error; api/execute.c. */
int api_execute(struct tm_run *run);
/* Its text is run->calibration. */
int api_calibrate(struct tm_run *run);
int api_simulate(struct tm_run *run, const struct tm_cluster *cluster,
                 struct tm_forecast *forecast);
void api_drop_results(struct tm_run *run);

#endif
