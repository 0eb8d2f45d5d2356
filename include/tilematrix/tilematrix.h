/* Tilematrix: compile a .tm script to a plan, bind it, run it.
 *
 *     struct tm_plan *plan;
 *     struct tm_run *run;
 *     struct tm_message *why = NULL;
 *     tm_compile_text("demo", "input A(m, k)\ninput B(k, n)\n"
 *                     "C = A * B\noutput C\n", 0, NULL, &plan, &why);
 *     tm_run_new(plan, &run);
 *     tm_run_bind_memory(run, "A", a, TM_F64, 400, 300, 1, 400);
 *     tm_run_bind_memory(run, "B", b, TM_F64, 300, 500, 1, 300);
 *     tm_run_bind_memory(run, "C", c, TM_F64, 400, 500, 1, 400);
 *     if (tm_run_execute(run))
 *         puts(tm_run_error(run));
 *     tm_run_free(run);
 *     tm_plan_free(plan);
 *
 * The library never prints, exits or installs signal handlers.  Handles are
 * opaque and belong to the caller.  Every call that returns an enum
 * tm_status leaves a text that says what is wrong and where. */
#ifndef TILEMATRIX_TILEMATRIX_H
#define TILEMATRIX_TILEMATRIX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TM_API __attribute__((visibility("default")))
#else
#define TM_API
#endif

#define TM_VERSION "0.1.0"

/* Also the exit statuses of tmc and tmrun: never renumbered. */
enum tm_status {
    TM_OK = 0,
    TM_ESCRIPT = 1,    /* the script is wrong, or its data do not fit it  */
    TM_EUSAGE = 2,     /* a call or command line is wrong                 */
    TM_EFILE = 3,      /* a plan or an input file is not what it claims   */
    TM_EPEER = 4,      /* workers were lost and can't be replaced         */
    TM_EMEMORY = 5,    /* out of memory or disk                           */
    TM_EIO = 6,        /* another input, output or network failure        */
    TM_EBUG = 70,      /* a fault of Tilematrix                           */
    TM_ECANCELLED = 130 /* tm_run_cancel() was called                     */
};

/* Element types; stored in plan files. */
enum tm_type {
    TM_F32 = 1,
    TM_F64 = 2,
    TM_C64 = 3,
    TM_C128 = 4
};

struct tm_plan;
struct tm_run;

/* The messages of a compilation, one text, as tmc prints them. */
struct tm_message;
TM_API const char *tm_message_text(const struct tm_message *message);
TM_API void tm_message_free(struct tm_message *message); /* NULL is fine */

TM_API const char *tm_version(void);
/* Several lines: BLIS, LAPACK and nanomsg as found, kernels in use. */
TM_API const char *tm_version_details(void);
TM_API const char *tm_status_text(enum tm_status status);

/* ---- plans ---------------------------------------------------------- */

/* Options of a compilation; NULL stands for none. */
struct tm_options;
TM_API enum tm_status tm_options_new(struct tm_options **options);
TM_API void tm_options_free(struct tm_options *options);
/* A parameter's default; the plan keeps it open for tm_run_set(). */
TM_API enum tm_status tm_options_define(struct tm_options *options,
                                        const char *name, const char *value);
/* Default tile edges; 0 leaves them to the script or the run. */
TM_API enum tm_status tm_options_tile(struct tm_options *options,
                                      int64_t rows, int64_t cols);
/* A folder to read lib/ from instead of the built-in texts. */
TM_API enum tm_status tm_options_library(struct tm_options *options,
                                         const char *folder);
/* Which warnings there are, word by word: "no-ID" turns the one with this id
 * off, "no-all" each, "error" makes them errors, "ID", "all" and "no-error"
 * undo that.  TM_EUSAGE: there is no such warning. */
TM_API enum tm_status tm_options_warning(struct tm_options *options,
                                         const char *word);
/* 0: compute what the script says as it says it.  Default 1. */
TM_API enum tm_status tm_options_optimise(struct tm_options *options,
                                          int optimise);

/* Compile a script.
 *
 * name     for messages, as a file name; copied
 * text     size bytes; 0: up to its NUL; copied
 * options  borrowed, may be NULL
 * plan     on success the plan, for tm_plan_free(); else NULL
 * message  NULL, or where to put errors and warnings: a text for
 *          tm_message_free(), or NULL when there are none
 * Errors   TM_ESCRIPT, TM_EUSAGE (a define that names no parameter),
 *          TM_EMEMORY
 * Threads  any                                               since 0.1 */
TM_API enum tm_status tm_compile_text(const char *name, const char *text,
                                      size_t size,
                                      const struct tm_options *options,
                                      struct tm_plan **plan,
                                      struct tm_message **message);
/* The same for a file; "-" is standard input.  Also TM_EIO. */
TM_API enum tm_status tm_compile_file(const char *path,
                                      const struct tm_options *options,
                                      struct tm_plan **plan,
                                      struct tm_message **message);
/* Read a plan file, or its bytes; TM_EFILE when it isn't a whole one. */
TM_API enum tm_status tm_plan_open(const char *path, struct tm_plan **plan,
                                   struct tm_message **message);
TM_API enum tm_status tm_plan_load(const void *bytes, size_t size,
                                   struct tm_plan **plan,
                                   struct tm_message **message);
/* Write a plan file (a temporary one first, renamed when it is whole). */
TM_API enum tm_status tm_plan_save(const struct tm_plan *plan,
                                   const char *path,
                                   struct tm_message **message);
TM_API void tm_plan_free(struct tm_plan *plan);

/* What a plan takes and gives: names in script order; NULL past the end.
 * Owned by the plan. */
TM_API const char *tm_plan_parameter(const struct tm_plan *plan, size_t k);
TM_API const char *tm_plan_input(const struct tm_plan *plan, size_t k);
TM_API const char *tm_plan_output(const struct tm_plan *plan, size_t k);

/* ---- runs ----------------------------------------------------------- */

/* A run of a plan: bindings first, then tm_run_execute(), then results.
 * The plan is borrowed and must outlive the run, which keeps the memory of its
 * tiles from one execution to the next, until tm_run_free(). */
TM_API enum tm_status tm_run_new(const struct tm_plan *plan,
                                 struct tm_run **run);
TM_API void tm_run_free(struct tm_run *run);

/* Set a parameter, as text: "8000", "1e-6", "true", "data.npy". */
TM_API enum tm_status tm_run_set(struct tm_run *run, const char *name,
                                 const char *value);
/* Default tile edges of this run; they win over script and plan. */
TM_API enum tm_status tm_run_tile(struct tm_run *run, int64_t rows,
                                  int64_t cols);
/* Threads that compute; 0: one for each core this process may use. */
TM_API enum tm_status tm_run_threads(struct tm_run *run, int threads);
/* What the tiles of a run may take: "384M", "8G", "60%" of what the machine,
 * or the cgroup of this process, has, or "auto", the default: 80%.  What does
 * not fit is dropped and made again where no task made it, else it goes to
 * the folder of tm_run_spill(); without one such a run fails with
 * TM_EMEMORY.  Worker processes that are started on this host share it out;
 * on another each may take as much; those that join say it themselves. */
TM_API enum tm_status tm_run_memory(struct tm_run *run, const char *size);
/* Where to put tiles for which there is no memory: a file there that has no
 * name and is gone with the run.  NULL: nowhere. */
TM_API enum tm_status tm_run_spill(struct tm_run *run, const char *folder);
/* Save how far the run is, every so many seconds, in files of a folder; NULL:
 * don't.  Files are the run's only inputs, and .npy files its outputs.  When
 * the run is over the checkpoints are removed. */
TM_API enum tm_status tm_run_checkpoint(struct tm_run *run, const char *folder,
                                        double seconds);
/* The run that has saved there before it was killed, with its plan, parameters,
 * tile edges, seed and files, to go on from its last checkpoint when it is
 * executed; threads, workers, memory and spill folder may be others, the bits
 * do not.  A file that is torn or damaged is told to tm_run_on_note(), and the
 * one before is used.  TM_EUSAGE: there is none, or it is of another version;
 * TM_EFILE: none is whole, or, when the run is executed, an input has changed.
 * The caller frees run, then plan. */
TM_API enum tm_status tm_run_resume(const char *folder, struct tm_plan **plan,
                                    struct tm_run **run,
                                    struct tm_message **message);
/* Run on so many worker processes, of threads as above each (0: the cores of
 * this host, shared out); 0 workers: in this process, as by default.
 * program: tmrun, to start them on this host; they end when this process does.
 * NULL: they join where tm_run_listen() says, and the run waits for all. */
TM_API enum tm_status tm_run_workers(struct tm_run *run, int workers,
                                     const char *program);
/* Who joins must know the secret in that file, which nobody else may read, and
 * what goes between all processes is sealed with it.  NULL: no longer.  Before
 * tm_run_listen(). */
TM_API enum tm_status tm_run_secret_file(struct tm_run *run, const char *path);
/* Let workers join at tcp://HOST:PORT, where HOST is an address of this host.
 * NULL: no longer.  Without a secret, who can reach that address can join, and
 * read and change what the run computes: unless it is a loopback address,
 * TM_EUSAGE says so, or the caller does, with insecure. */
TM_API enum tm_status tm_run_listen(struct tm_run *run, const char *address,
                                    int insecure);
/* Start a worker on each of those hosts, "alpha:8,me@beta", of so many threads
 * (default: one for each core there); "-" is this host, and the run waits for
 * all.  shell: what runs a command on another host, as in "ssh" (its words,
 * then the host and the command); program: tmrun there.  They join where
 * tm_run_listen() says, or else at a free port of this host, and get the
 * secret, or one made for this run, by standard input.  They end when this
 * process does.  NULL: no hosts any more. */
TM_API enum tm_status tm_run_hosts(struct tm_run *run, const char *hosts,
                                   const char *shell, const char *program);
/* 1: all who join see the same files under the same names, and read inputs
 * themselves.  Workers that are started on this host do so anyway. */
TM_API enum tm_status tm_run_shared_files(struct tm_run *run, int on);
/* How many seconds of silence make a worker lost (default 10). */
TM_API enum tm_status tm_run_silence(struct tm_run *run, double seconds);
/* Key of the random sources that give no seed= (default 0). */
TM_API enum tm_status tm_run_seed(struct tm_run *run, uint64_t seed);

/* A plan that was read (tm_plan_open, tm_plan_load) names files that lie in
 * or below the current folder only, or in a folder that is allowed here, with
 * what lies below it.  What the caller binds or sets is not restricted. */
TM_API enum tm_status tm_run_allow_folder(struct tm_run *run,
                                          const char *folder);

/* Bind an input or output to a file, by its extension .npy .mtx .csv.
 * An output's file appears when the run has succeeded, under its name at
 * once and whole. */
TM_API enum tm_status tm_run_bind_file(struct tm_run *run, const char *name,
                                       const char *path);
/* Bind an input or output to the host's memory: entry (i, j) is element
 * i * row_stride + j * col_stride of data.  Borrowed until the run is freed
 * or bound anew.  An output must have the shape it gets; its contents are
 * undefined after an error. */
TM_API enum tm_status tm_run_bind_memory(struct tm_run *run,
                                         const char *name, void *data,
                                         enum tm_type type, int64_t rows,
                                         int64_t cols, int64_t row_stride,
                                         int64_t col_stride);
/* Keep an output in the library's memory, for tm_run_result(). */
TM_API enum tm_status tm_run_keep(struct tm_run *run, const char *name);

/* Lines of print statements; without one they are dropped. */
TM_API void tm_run_on_print(struct tm_run *run,
                            void (*print)(void *user, const char *line),
                            void *user);

/* How far a run is. */
struct tm_progress {
    double seconds;     /* since tm_run_execute() was called */
    double flops;       /* done */
    double total_flops; /* of all unfolded tasks; of the whole plan once
                         * it is unfolded */
    uint64_t tasks;     /* done */
    int whole;          /* 1: total_flops is the whole plan's */
    double idle_seconds;  /* in which no thread had a task */
    double fetch_seconds; /* those of them in which the plan could not go
                           * on without a number that it computes */
    uint64_t spilled;   /* bytes that went to the folder of tm_run_spill() */
    uint64_t read_back; /* and that came from there */
    uint64_t lost;      /* workers */
    uint64_t repeated;  /* tasks that were done, whose results were lost */
    double repeated_flops;
};
/* Called from one thread at a time, at most every 100 ms. */
TM_API void tm_run_on_progress(struct tm_run *run,
                               void (*progress)(void *user,
                                                const struct tm_progress *),
                               void *user);

/* What happens to workers, as a line of text: who was lost, what is computed
 * again, who has joined or left.  Called from the thread that executes. */
TM_API void tm_run_on_note(struct tm_run *run,
                           void (*note)(void *user, const char *text),
                           void *user);

/* Note in the executions that follow where the time goes: which thread did
 * what, and how long the tasks of each line of the script took.  0: no
 * longer. */
TM_API enum tm_status tm_run_profile(struct tm_run *run, int on);
/* That of the last execution, also of one that failed: a table as tmrun
 * --profile shows it, and one object of JSON (docs/profile.md).  Owned by
 * the run until it is executed again; "" where nothing was noted. */
TM_API const char *tm_run_profile_text(const struct tm_run *run);
TM_API const char *tm_run_profile_json(const struct tm_run *run);
/* Write each task of the executions that follow to a file, in the JSON
 * format of Perfetto and Chrome's about:tracing.  NULL: no longer.
 * TM_EMEMORY: nothing is changed; a file that can't be written is an error
 * of tm_run_execute(). */
TM_API enum tm_status tm_run_trace(struct tm_run *run, const char *path);

/* Measure how fast this processor runs the tile kernels, for a second.  text:
 * rows as in plan/rates.def, then the tile edge that the run takes, and the
 * one that it would take with these rates; owned by the run until the next
 * call.  Inputs must be bound.
 *
 * Errors   as tm_run_execute() before its first task            since 0.1 */
TM_API enum tm_status tm_run_calibrate(struct tm_run *run, const char **text);

/* A cluster that tm_run_simulate() imagines. */
struct tm_cluster {
    int workers, cores; /* cores of each worker */
    double flops;       /* a core's, per second; 0: those of the tile kernels
                         * on this processor, by plan/rates.def */
    double latency;     /* seconds of a message's way */
    double bandwidth;   /* bytes per second into and out of each worker */
    double task;        /* the coordinator's seconds of a task */
    double message;     /* and of a message that it sends or gets */
    int lost;           /* workers lost on the way, at equal shares of the
                         * tasks */
};
/* What a run there would take. */
struct tm_forecast {
    uint64_t tasks, repeated; /* repeated: what lost workers had done */
    double seconds;
    double work_seconds; /* of all tasks together, on one core */
    double path_seconds; /* of the longest chain of tasks: no cluster is
                          * faster than this, or than work_seconds / all
                          * cores */
    uint64_t tiles;      /* moved between workers */
    double tile_bytes;
    double grid_bytes; /* that move if all matrices lie block-cyclically on the
                        * squarest grid of workers, and each task runs where
                        * the tile is that it writes */
    double line_seconds; /* of tiles into or out of the worker with most */
    uint64_t messages;   /* from and to the coordinator */
    double message_bytes;
    double coordinator_seconds; /* that it takes for them and for the tasks */
    int workers_most;           /* that the transport allows */
};
/* Play through the run without computing anything: coordinator and workers
 * as they are, with tiles that have no contents and tasks that only take
 * their time, by the flops of whole tiles.  Inputs must be bound.  Tests on
 * data count as false.  Nothing is written.
 *
 * Errors   as tm_run_execute() before its first task; TM_EUSAGE: a cluster
 *          that can't be.                                      since 0.1 */
TM_API enum tm_status tm_run_simulate(struct tm_run *run,
                                      const struct tm_cluster *cluster,
                                      struct tm_forecast *forecast);

/* Run the plan and wait for its results.
 *
 * Errors   TM_ESCRIPT  data do not fit the script: shapes, types, a matrix
 *                      that is not positive definite, a failed assert
 *          TM_EUSAGE   an input or parameter is not bound
 *          TM_EPEER    a worker was lost
 *          TM_EFILE, TM_EMEMORY, TM_EIO, TM_EBUG, TM_ECANCELLED
 *          On error no output file has appeared or changed.
 * Threads  one call at a time per run; runs are independent   since 0.1 */
TM_API enum tm_status tm_run_execute(struct tm_run *run);
/* Make tm_run_execute() return TM_ECANCELLED soon.  Safe in any thread and
 * in a signal handler. */
TM_API void tm_run_cancel(struct tm_run *run);

/* The last error: one line, and the whole as tmrun prints it, with place,
 * source line and caret.  Owned by the run; "" when there was none. */
TM_API const char *tm_run_error(const struct tm_run *run);
TM_API const char *tm_run_error_report(const struct tm_run *run);
/* Line and column of the script, 0 where there is none. */
TM_API uint32_t tm_run_error_line(const struct tm_run *run);
TM_API uint32_t tm_run_error_column(const struct tm_run *run);

/* A result that was kept: column-major, leading dimension = rows. */
struct tm_view {
    const void *data;
    enum tm_type type;
    int64_t rows, cols;
};
/* Owned by the run, until it is freed or executed again. */
TM_API enum tm_status tm_run_result(const struct tm_run *run,
                                    const char *name, struct tm_view *view);

/* ---- workers -------------------------------------------------------- */

struct tm_worker; /* this process as a worker of a run elsewhere */

TM_API enum tm_status tm_worker_new(struct tm_worker **worker);
TM_API void tm_worker_free(struct tm_worker *worker);
/* Threads that compute; 0: one for each core this process may use. */
TM_API void tm_worker_threads(struct tm_worker *worker, int threads);
/* 1: end when standard input does, as those do that a run starts. */
TM_API void tm_worker_until_eof(struct tm_worker *worker, int on);
/* Which of those it is that the run started; 0: none. */
TM_API void tm_worker_place(struct tm_worker *worker, int place);
/* What its tiles may take, and where others go: as for tm_run_memory() and
 * tm_run_spill(). */
TM_API enum tm_status tm_worker_memory(struct tm_worker *worker,
                                       const char *size);
TM_API enum tm_status tm_worker_spill(struct tm_worker *worker,
                                      const char *folder);
/* The secret of the run, as for tm_run_secret_file(); "-": the run writes it
 * to standard input. */
TM_API enum tm_status tm_worker_secret_file(struct tm_worker *worker,
                                            const char *path);
/* Join the run that listens at that address, and work for it until it is
 * over; insecure: as for tm_run_listen().
 *
 * Errors   TM_EUSAGE   the address; or the run refuses this worker
 *          TM_EPEER    the run is lost
 *          TM_EMEMORY, TM_EIO, TM_EBUG, TM_ECANCELLED; tm_worker_error() has
 *          the text
 * Threads  one call at a time per worker                      since 0.1 */
TM_API enum tm_status tm_worker_run(struct tm_worker *worker,
                                    const char *address, int insecure);
/* Make tm_worker_run() return TM_ECANCELLED soon.  Safe in any thread and in
 * a signal handler. */
TM_API void tm_worker_cancel(struct tm_worker *worker);
/* The last error, one line, owned by the worker; "" when there was none. */
TM_API const char *tm_worker_error(const struct tm_worker *worker);

#ifdef __cplusplus
}
#endif

#endif
