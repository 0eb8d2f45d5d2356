/* tmrun: execute a plan, or a script, with files bound to its inputs and
 * outputs.  A client of the public library and of nothing else of ours but
 * the reader of command lines, and Slurm's variables. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/options.h"
#include "runtime/slurm.h"
#include "tilematrix/tilematrix.h"

struct binding {
    const char *name, *value;
};

enum { FOLDERS = 64, EVERY_SECONDS = 300, FILES_MOST = 4096 };
enum profile_form { PROFILE_NONE, PROFILE_TEXT, PROFILE_JSON };

struct tmrun {
    struct binding *defines;
    int define_count;
    int64_t tile_rows, tile_cols, threads, seed;
    const char *memory, *spill; /* a size, a folder; or NULL */
    const char *checkpoint, *resume; /* folders, or NULL */
    double every; /* seconds between checkpoints; below 0: not said */
    int64_t workers;
    const char *listen, *join; /* addresses, or NULL */
    double silence;            /* seconds; 0: as the library has it */
    const char *hosts, *shell; /* or NULL */
    int64_t place;
    struct slurm slurm;
    char own_host[32]; /* under Slurm */
    const char *secret_file;
    int insecure, shared_files, until_eof;
    char *folders[FOLDERS];
    int folder_count;
    int profile;                /* enum profile_form */
    const char *trace;          /* file, or NULL */
    int calibrate;
    int simulate;               /* on this: */
    struct tm_cluster cluster;
    struct tm_options *compile; /* of a script */
    char fault[400];            /* what is wrong with a -W */
    int quiet, verbose, help, version;
};

static int set_define(void *user, char *value)
{
    struct tmrun *tmrun = user;
    struct binding *define = &tmrun->defines[tmrun->define_count];

    if (!option_pair(value, &define->name, &define->value))
        return 0;
    tmrun->define_count++;
    return 1;
}

static int set_tile(void *user, char *value)
{
    struct tmrun *tmrun = user;

    return option_tile(value, &tmrun->tile_rows, &tmrun->tile_cols);
}

static int set_threads(void *user, char *value)
{
    return option_count(value, 1, 4096, &((struct tmrun *)user)->threads);
}

static int set_memory(void *user, char *value)
{
    ((struct tmrun *)user)->memory = value; /* the library reads it */
    return *value != 0;
}

static int set_spill(void *user, char *value)
{
    ((struct tmrun *)user)->spill = value;
    return *value != 0;
}

static int set_checkpoint(void *user, char *value)
{
    ((struct tmrun *)user)->checkpoint = value;
    return *value != 0;
}

static int set_resume(void *user, char *value)
{
    ((struct tmrun *)user)->resume = value;
    return *value != 0;
}

/* "90", "90s", "5m" or "2h". */
static int set_every(void *user, char *value)
{
    struct tmrun *tmrun = user;
    char *end;
    double seconds = strtod(value, &end);

    if (end == value || !(seconds >= 0 && seconds <= 1e6))
        return 0;
    if (*end == 'm')
        seconds *= 60;
    else if (*end == 'h')
        seconds *= 3600;
    tmrun->every = seconds;
    return !*end || (strchr("smh", *end) && !end[1]);
}

static int set_workers(void *user, char *value)
{
    return option_count(value, 1, 511, &((struct tmrun *)user)->workers);
}

static int set_listen(void *user, char *value)
{
    ((struct tmrun *)user)->listen = value;
    return !strncmp(value, "tcp://", 6);
}

static int set_hosts(void *user, char *value)
{
    ((struct tmrun *)user)->hosts = value; /* the library reads it */
    return *value != 0;
}

static int set_ssh(void *user, char *value)
{
    ((struct tmrun *)user)->shell = value;
    return *value != 0;
}

static int set_place(void *user, char *value)
{
    return option_count(value, 0, 1 << 20, &((struct tmrun *)user)->place);
}

static int set_join(void *user, char *value)
{
    ((struct tmrun *)user)->join = value;
    return !strncmp(value, "tcp://", 6) || !strncmp(value, "ipc://", 6);
}

static int set_heartbeat(void *user, char *value)
{
    struct tmrun *tmrun = user;
    char *end;

    tmrun->silence = strtod(value, &end);
    return end != value && !*end && tmrun->silence >= 0.1 &&
           tmrun->silence <= 3600;
}

static int set_shared_files(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->shared_files = 1;
    return 1;
}

static int set_insecure(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->insecure = 1;
    return 1;
}

static int set_secret_file(void *user, char *value)
{
    ((struct tmrun *)user)->secret_file = value;
    return *value != 0;
}

static int set_until_eof(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->until_eof = 1;
    return 1;
}

static int set_seed(void *user, char *value)
{
    return option_count(value, 0, INT64_MAX, &((struct tmrun *)user)->seed);
}

static int set_folder(void *user, char *value)
{
    struct tmrun *tmrun = user;

    if (tmrun->folder_count == FOLDERS)
        return 0;
    tmrun->folders[tmrun->folder_count++] = value;
    return 1;
}

static int set_warning(void *user, char *value)
{
    struct tmrun *tmrun = user;
    struct diag_choice choice;

    if (!tmrun->fault[0] && !diag_choose(&choice, value, tmrun->fault,
                                         sizeof tmrun->fault))
        tm_options_warning(tmrun->compile, value);
    return 1;
}

static int set_no_optimise(void *user, char *value)
{
    struct tmrun *tmrun = user;

    (void)value;
    tm_options_optimise(tmrun->compile, 0);
    return 1;
}

static int set_profile(void *user, char *value)
{
    struct tmrun *tmrun = user;

    tmrun->profile =
        value && !strcmp(value, "json") ? PROFILE_JSON : PROFILE_TEXT;
    return !value || tmrun->profile == PROFILE_JSON || !strcmp(value, "text");
}

/* workers=1000,cores=64,...: what is not said stays as it is. */
static int set_calibrate(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->calibrate = 1;
    return 1;
}

static int set_simulate(void *user, char *value)
{
    struct tmrun *tmrun = user;
    struct tm_cluster *c = &tmrun->cluster;
    char *word, *next = NULL, *end;

    tmrun->simulate = 1;
    for (word = strtok_r(value, ",", &next); word;
         word = strtok_r(NULL, ",", &next)) {
        char *equal = strchr(word, '=');
        double number = equal ? strtod(equal + 1, &end) : 0;
        if (!equal || end == equal + 1 || *end || fabs(number) > 1e18)
            return 0;
        *equal = 0;
        if (!strcmp(word, "flops"))
            c->flops = number;
        else if (!strcmp(word, "latency"))
            c->latency = number;
        else if (!strcmp(word, "bandwidth"))
            c->bandwidth = number;
        else if (!strcmp(word, "task"))
            c->task = number;
        else if (!strcmp(word, "message"))
            c->message = number;
        else if (number != (double)(int)number)
            return 0;
        else if (!strcmp(word, "workers"))
            c->workers = (int)number;
        else if (!strcmp(word, "cores"))
            c->cores = (int)number;
        else if (!strcmp(word, "lost"))
            c->lost = (int)number;
        else
            return 0;
    }
    return 1;
}

static int set_trace(void *user, char *value)
{
    ((struct tmrun *)user)->trace = value;
    return *value != 0;
}

static int set_quiet(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->quiet = 1;
    return 1;
}

static int set_verbose(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->verbose = 1;
    return 1;
}

static int set_help(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->help = 1;
    return 1;
}

static int set_version(void *user, char *value)
{
    (void)value;
    ((struct tmrun *)user)->version = 1;
    return 1;
}

static const struct option_row rows[] = {
    { "define", 'D', "NAME=VALUE", "set a parameter", set_define,
      "NAME=VALUE" },
    { "tile", 0, "EDGE",
      "tile edge, 256, or rows x columns, 256x512;\n"
      "wins over the plan's",
      set_tile, "a whole number above 0, or two of them as in 256x512" },
    { "threads", 0, "N",
      "threads that compute (default: one for each core)", set_threads,
      "a whole number above 0" },
    { "memory", 0, "SIZE",
      "bytes for tiles, as in 8G, 60% of what there is,\n"
      "or auto (the default): 80%",
      set_memory, "a size as in 384M, 8G or 60%, or auto" },
    { "spill", 0, "DIR",
      "put tiles that do not fit there", set_spill, "a folder" },
    { "checkpoint", 0, "DIR",
      "save now and then there how far the run is", set_checkpoint,
      "a folder" },
    { "checkpoint-every", 0, "TIME",
      "how often: 90s, 5m (the default), 2h", set_every,
      "a time as in 90s, 5m or 2h" },
    { "resume", 0, "DIR",
      "go on with the run that saved there", set_resume,
      "a folder" },
    { "workers", 0, "N",
      "run on N processes of this host; with --listen:\n"
      "on N that join",
      set_workers, "a whole number from 1 to 511" },
    { "listen", 0, "ADDRESS",
      "where workers join: tcp://HOST:PORT", set_listen,
      "an address as in tcp://127.0.0.1:7070" },
    { "hosts", 0, "LIST",
      "start workers on other hosts, by ssh: alpha:8,beta\n"
      "with 8 threads and with one a core; - is this host",
      set_hosts, "hosts as in alpha:8,beta" },
    { "ssh", 0, "COMMAND",
      "use that in the place of ssh", set_ssh, "a command" },
    { "join", 0, "ADDRESS",
      "work for the run that listens there; no plan is\n"
      "given",
      set_join, "an address as in tcp://127.0.0.1:7070" },
    { "shared-files", 0, NULL,
      "all who join have the same files under the same\n"
      "names, and read inputs themselves",
      set_shared_files, NULL },
    { "heartbeat", 0, "SECONDS",
      "so long a silence means that a worker is lost\n"
      "(default 10)",
      set_heartbeat, "a number of seconds from 0.1 to 3600" },
    { "secret-file", 0, "FILE",
      "with --listen or --join: let those alone in who\n"
      "know what is in FILE, which has mode 0600",
      set_secret_file, "a file" },
    { "insecure", 0, NULL,
      "let anyone join who reaches the address", set_insecure, NULL },
    { "until-eof", 0, NULL,
      "with --join: end too when standard input ends", set_until_eof, NULL },
    { "place", 0, "N",
      "with --join: which of those it is that the run started", set_place,
      "a whole number" },
    { "seed", 0, "S",
      "seed of the random matrices that give none\n"
      "(default 0)",
      set_seed, "a whole number" },
    { "allow-dir", 0, "DIR",
      "let the plan itself name files in or below DIR too",
      set_folder, "a folder" },
    { "warning", 'W', "WORD",
      "of a script: no-ID turns the warning ID off,\n"
      "no-all each; error makes warnings errors",
      set_warning, NULL },
    { "no-optimise", 0, NULL,
      "compute what a script says as it says it", set_no_optimise, NULL },
    { "profile", 0, "[FORM]",
      "show at the end what each line took: as text,\n"
      "or json: one object in one line",
      set_profile, "text or json" },
    { "trace", 0, "FILE",
      "write when each task ran, and in which thread,\n"
      "for Perfetto or Chrome",
      set_trace, "a file" },
    { "calibrate", 0, NULL,
      "measure the processor's rates and say which tile edge they\n"
      "would make, without a run", set_calibrate, NULL },
    { "simulate", 0, "CLUSTER",
      "say what a run on workers=N,cores=N,flops=X,\n"
      "latency=S,bandwidth=X,task=S,message=S,lost=N\n"
      "would take, without\n"
      "one; what is left out is a small cluster's",
      set_simulate,
      "workers=N,cores=N,flops=X,latency=S,bandwidth=X,task=S,message=S,"
      "lost=N" },
    { "quiet", 'q', NULL, "no warnings and no progress line", set_quiet,
      NULL },
    { "verbose", 'v', NULL,
      "say at the end how long it took, how fast it was\n"
      "and how long no task ran; with --version: the\n"
      "libraries in use",
      set_verbose, NULL },
    { "help", 'h', NULL, "print this text", set_help, NULL },
    { "version", 'V', NULL, "print the version", set_version, NULL },
    { 0 }
};

static const struct tool tool = {
    "tmrun",
    "tmrun [OPTION]... PLAN [NAME=FILE]...\n"
    "       tmrun [OPTION]... SCRIPT.tm [NAME=FILE]...\n"
    "       tmrun [OPTION]... --join=ADDRESS",
    "Execute a plan on all cores; a script is compiled first. NAME=FILE binds\n"
    "an input or output to a .npy, .mtx or .csv file; an output that is not\n"
    "bound goes to NAME.npy. - is standard input.",
    "Examples:\n"
    "  tmrun multiply.plan\n"
    "  tmrun multiply.plan -D n=8192 --tile 512\n"
    "  tmrun ridge.tm X=features.npy y=response.csv W=weights.npy\n"
    "  tmc multiply.tm -o - | tmrun -\n"
    "  tmrun --workers=4 multiply.plan\n"
    "\n" OPTIONS_STATUSES,
    rows,
};

/* ---- the terminal --------------------------------------------------- */

/* Print lines and progress come from computing threads. */
struct screen {
    pthread_mutex_t lock;
    struct tm_run *run;
    int progress;    /* a progress line is wanted */
    int shown;       /* and there is one now */
    int write_error; /* errno of standard output, 0: none */
    struct tm_progress last;
};

enum { SHOW_AFTER_SECONDS = 2 };

static void screen_clear(struct screen *screen)
{
    if (screen->shown)
        fputs("\r\033[K", stderr);
    screen->shown = 0;
}

static void on_print(void *user, const char *line)
{
    struct screen *screen = user;

    pthread_mutex_lock(&screen->lock);
    screen_clear(screen);
    errno = 0;
    if (!screen->write_error && (puts(line) == EOF || fflush(stdout))) {
        screen->write_error = errno ? errno : EIO;
        tm_run_cancel(screen->run); /* nobody reads on, or a full disk */
    }
    pthread_mutex_unlock(&screen->lock);
}

static void on_note(void *user, const char *text)
{
    struct screen *screen = user;

    pthread_mutex_lock(&screen->lock);
    screen_clear(screen);
    fprintf(stderr, "tmrun: %s\n", text);
    pthread_mutex_unlock(&screen->lock);
}

/* "1:02:03", "2:03" or "12 s". */
static void format_time(char *text, size_t size, double seconds)
{
    long s = seconds < 1e8 ? (long)(seconds + 0.5) : 100000000;

    if (s >= 3600)
        snprintf(text, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60,
                 s % 60);
    else if (s >= 60)
        snprintf(text, size, "%ld:%02ld", s / 60, s % 60);
    else
        snprintf(text, size, "%ld s", s);
}

static void draw(const struct tm_progress *now)
{
    double rate = now->seconds > 0 ? now->flops / now->seconds : 0;
    char left[32];

    fprintf(stderr, "\r\033[K%.4g of %s%.4g GF, %.1f GF/s", now->flops / 1e9,
            now->whole ? "" : "at least ", now->total_flops / 1e9,
            rate / 1e9);
    if (now->whole && rate > 0) {
        format_time(left, sizeof left,
                    (now->total_flops - now->flops) / rate);
        fprintf(stderr, ", %s left", left);
    }
    fflush(stderr);
}

static void on_progress(void *user, const struct tm_progress *now)
{
    struct screen *screen = user;

    pthread_mutex_lock(&screen->lock);
    screen->last = *now;
    if (screen->progress && now->seconds > SHOW_AFTER_SECONDS) {
        draw(now);
        screen->shown = 1;
    }
    pthread_mutex_unlock(&screen->lock);
}

/* ---- signals -------------------------------------------------------- */

static struct tm_run *volatile running;
static struct tm_worker *volatile working;
static volatile sig_atomic_t interrupted;

/* The first signal asks the run to end, a second one doesn't wait. */
static void on_signal(int signal)
{
    struct tm_run *run = running;
    struct tm_worker *worker = working;

    if (interrupted || (!run && !worker))
        _exit(128 + signal);
    interrupted = signal;
    if (run)
        tm_run_cancel(run);
    else
        tm_worker_cancel(worker);
}

static void signals_catch(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    struct sigaction before;
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    size_t k;

    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        sigaction(numbers[k], NULL, &before);
        if (before.sa_handler != SIG_IGN) /* nohup stays nohup */
            sigaction(numbers[k], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* on_print() sees the error instead */
}

/* ---- plan, bindings, run -------------------------------------------- */

static int usage_error(const char *text, const char *word)
{
    fprintf(stderr, "tmrun: error: %s%s\n", text, word);
    return options_hint(&tool);
}

static int read_error(const char *path)
{
    int status = errno == ENOMEM ? TM_EMEMORY : TM_EIO;

    fprintf(stderr, "tmrun: error: cannot read %s: %s\n", path,
            strerror(errno));
    return status;
}

/* docs/plan-format.md */
static const char magic[8] = { 'T', 'M', 'P', 'L', 'A', 'N', 0x1a, '\n' };

static int is_plan(const char *bytes, size_t size)
{
    return size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

/* A plan or a script from a pipe. */
static int open_stdin(const struct tmrun *tmrun, struct tm_plan **plan,
                      struct tm_message **message)
{
    char *bytes = NULL, *more;
    size_t size = 0, space = 0, got;
    int status;

    do {
        if (space - size < 4096) {
            space = 2 * space + 16384;
            more = realloc(bytes, space);
            if (!more)
                goto failed;
            bytes = more;
        }
        got = fread(bytes + size, 1, space - size - 1, stdin);
        size += got;
    } while (got);
    if (ferror(stdin))
        goto failed;
    bytes[size] = '\0';
    status = is_plan(bytes, size)
                 ? tm_plan_load(bytes, size, plan, message)
                 : tm_compile_text("-", bytes, size, tmrun->compile, plan,
                                   message);
    free(bytes);
    return status;
failed:
    status = read_error("standard input");
    free(bytes);
    return status;
}

/* A file is a script by its name, else a plan by its first bytes. */
static int open_file(const struct tmrun *tmrun, const char *path,
                     struct tm_plan **plan, struct tm_message **message)
{
    char start[sizeof magic];
    const char *dot = strrchr(path, '.');
    size_t got;
    FILE *file;

    if (strcmp(path, "-") == 0)
        return open_stdin(tmrun, plan, message);
    if (dot && strcmp(dot, ".tm") == 0)
        return tm_compile_file(path, tmrun->compile, plan, message);
    if (dot && strcmp(dot, ".plan") == 0)
        return tm_plan_open(path, plan, message);
    file = fopen(path, "rb");
    if (!file)
        return read_error(path);
    got = fread(start, 1, sizeof start, file);
    fclose(file);
    return is_plan(start, got) ? tm_plan_open(path, plan, message)
                               : tm_compile_file(path, tmrun->compile, plan,
                                                 message);
}

static int run_failed(const struct tm_run *run, int status)
{
    if (tm_run_error_line(run))
        options_message(&tool, tm_run_error_report(run));
    else
        options_message(&tool, tm_run_error(run));
    return status;
}

/* NAME=FILE, after the plan. */
static int bind_files(struct tm_run *run, char **words, int count)
{
    const char *name, *file;
    int k, status;

    for (k = 0; k < count; k++) {
        if (!option_pair(words[k], &name, &file) || !*file)
            return usage_error("not NAME=FILE: ", words[k]);
        status = tm_run_bind_file(run, name, file);
        if (status)
            return run_failed(run, status);
    }
    return TM_OK;
}

/* Other hosts have this program under the same name. */
static int configure_hosts(const struct tmrun *tmrun, struct tm_run *run)
{
    const char *shell = tmrun->shell ? tmrun->shell : getenv("TILEMATRIX_SSH");
    char *own;
    int status;

    if (!tmrun->hosts)
        return TM_OK;
    own = realpath("/proc/self/exe", NULL);
    status = tm_run_hosts(run, tmrun->hosts,
                          shell ? shell : "ssh -o BatchMode=yes",
                          own ? own : "tmrun");
    free(own);
    return status;
}

/* This program, for the workers. */
static int configure_workers(const struct tmrun *tmrun, struct tm_run *run)
{
    int workers = tmrun->workers ? (int)tmrun->workers
                                 : tmrun->listen && !tmrun->hosts;
    int status =
        tm_run_workers(run, workers, tmrun->listen ? NULL : "/proc/self/exe");

    if (!status)
        status = tm_run_secret_file(run, tmrun->secret_file);
    if (!status)
        status = configure_hosts(tmrun, run);
    if (!status)
        status = tm_run_listen(run, tmrun->listen, tmrun->insecure);
    if (!status)
        status = tm_run_shared_files(run, tmrun->shared_files);
    if (!status && tmrun->silence > 0)
        status = tm_run_silence(run, tmrun->silence);
    return status;
}

static int configure(const struct tmrun *tmrun, struct tm_run *run)
{
    int k, status = TM_OK;

    for (k = 0; k < tmrun->define_count && !status; k++)
        status = tm_run_set(run, tmrun->defines[k].name,
                            tmrun->defines[k].value);
    if (!status && tmrun->tile_rows)
        status = tm_run_tile(run, tmrun->tile_rows, tmrun->tile_cols);
    if (!status && tmrun->threads)
        status = tm_run_threads(run, (int)tmrun->threads);
    if (!status && tmrun->memory)
        status = tm_run_memory(run, tmrun->memory);
    if (!status)
        status = tm_run_spill(run, tmrun->spill);
    if (!status && (tmrun->checkpoint || (tmrun->resume && tmrun->every >= 0)))
        status = tm_run_checkpoint(
            run, tmrun->resume ? tmrun->resume : tmrun->checkpoint,
            tmrun->every >= 0 ? tmrun->every : EVERY_SECONDS);
    if (!status && !tmrun->resume)
        status = tm_run_seed(run, (uint64_t)tmrun->seed);
    for (k = 0; !status && k < tmrun->folder_count; k++)
        status = tm_run_allow_folder(run, tmrun->folders[k]);
    if (!status)
        status = configure_workers(tmrun, run);
    if (!status)
        status = tm_run_profile(run, tmrun->profile != PROFILE_NONE);
    if (!status)
        status = tm_run_trace(run, tmrun->trace);
    return status ? run_failed(run, status) : TM_OK;
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

static void show_totals(const struct tm_progress *last)
{
    fprintf(stderr, "tmrun: %" PRIu64 " tasks, %.4g GF in %.3f s", last->tasks,
            last->flops / 1e9, last->seconds);
    if (last->seconds > 0)
        fprintf(stderr, ": %.2f GF/s", last->flops / last->seconds / 1e9);
    fprintf(stderr, "\ntmrun: %.0f flops; no task ran for %.2f %%, for %.2f %% "
            "because a computed number was waited for\n",
            last->flops, percent(last->idle_seconds, last->seconds),
            percent(last->fetch_seconds, last->seconds));
    if (last->spilled)
        fprintf(stderr,
                "tmrun: %" PRIu64 " bytes of tiles were spilled, %" PRIu64
                " were read back\n",
                last->spilled, last->read_back);
    if (last->lost)
        fprintf(stderr,
                "tmrun: %" PRIu64 " workers were lost; %" PRIu64
                " tasks, %.0f flops, were done again\n",
                last->lost, last->repeated, last->repeated_flops);
}

static int calibrate(struct tm_run *run)
{
    const char *text;
    int status;

    running = run;
    status = tm_run_calibrate(run, &text);
    if (status)
        return run_failed(run, status);
    fputs(text, stdout);
    return fflush(stdout) ? TM_EIO : TM_OK;
}

/* What a run can't be faster than, each by itself; the greatest is what gives
 * out first when the others grow. */
static void show_times(const struct tm_cluster *c, const struct tm_forecast *f)
{
    double all = f->work_seconds / c->workers / c->cores;
    double bound = all > f->path_seconds ? all : f->path_seconds;
    const struct {
        const char *name;
        double seconds;
    } parts[] = { { "work / all cores", all },
                  { "longest chain", f->path_seconds },
                  { "busiest line", f->line_seconds },
                  { "coordinator", f->coordinator_seconds } };
    size_t k, most = 0;

    printf("%-22s %12" PRIu64 "\n", "tasks", f->tasks);
    printf("%-22s %12.6g\n", "seconds", f->seconds);
    for (k = 0; k < sizeof parts / sizeof *parts; k++) {
        printf("%-22s %12.6g  seconds\n", parts[k].name, parts[k].seconds);
        most = parts[k].seconds > parts[most].seconds ? k : most;
    }
    printf("%-22s %12.3f  of the greater of the first two\n", "efficiency",
           f->seconds > 0 ? bound / f->seconds : 1);
    printf("%-22s %12s  %s, %.0f %% of the time\n", "gives out first", "",
           parts[most].name, percent(parts[most].seconds, f->seconds));
}

static void show_traffic(const struct tm_cluster *c,
                         const struct tm_forecast *f)
{
    printf("%-22s %12" PRIu64 "  %.6g GB", "tiles moved", f->tiles,
           f->tile_bytes / 1e9);
    if (f->grid_bytes > 0)
        printf(", %.3f of a block-cyclic layout's",
               f->tile_bytes / f->grid_bytes);
    printf("\n%-22s %12" PRIu64 "  %.6g MB, %.6g a second\n",
           "coordinator's messages", f->messages, f->message_bytes / 1e6,
           f->seconds > 0 ? (double)f->messages / f->seconds : 0);
    if (c->lost)
        printf("%-22s %12" PRIu64 "  %.3f of all\n", "tasks done again",
               f->repeated, (double)f->repeated / (double)f->tasks);
    if (c->workers > f->workers_most)
        printf("%-22s %12d  beyond: network: more than %d other processes\n",
               "workers, at most", f->workers_most, f->workers_most);
}

static int simulate(const struct tmrun *tmrun, struct tm_run *run)
{
    const struct tm_cluster *c = &tmrun->cluster;
    struct tm_forecast f;
    int status;

    running = run;
    status = tm_run_simulate(run, c, &f);
    if (status == TM_ECANCELLED && interrupted)
        return 128 + interrupted;
    if (status)
        return run_failed(run, status);
    show_times(c, &f);
    show_traffic(c, &f);
    return fflush(stdout) ? TM_EIO : TM_OK;
}

static int execute(const struct tmrun *tmrun, struct tm_run *run)
{
    struct screen screen = { .lock = PTHREAD_MUTEX_INITIALIZER, .run = run };
    int status;

    screen.progress = !tmrun->quiet && isatty(STDERR_FILENO);
    tm_run_on_print(run, on_print, &screen);
    tm_run_on_progress(run, on_progress, &screen);
    if (!tmrun->quiet)
        tm_run_on_note(run, on_note, &screen);
    running = run;
    status = tm_run_execute(run);
    screen_clear(&screen);
    if (tmrun->profile != PROFILE_NONE)
        fputs(tmrun->profile == PROFILE_JSON ? tm_run_profile_json(run)
                                             : tm_run_profile_text(run),
              stderr);
    if (screen.write_error) {
        fprintf(stderr, "tmrun: error: cannot write to standard output: %s\n",
                strerror(screen.write_error));
        return TM_EIO;
    }
    if (status == TM_ECANCELLED && interrupted)
        return 128 + interrupted;
    if (status)
        return run_failed(run, status);
    if (tmrun->verbose)
        show_totals(&screen.last);
    return TM_OK;
}

/* The plan and a run of it, or both as they were saved. */
static int open_run(const struct tmrun *tmrun, const char *path,
                    struct tm_plan **plan, struct tm_run **run)
{
    struct tm_message *message = NULL;
    int status = tmrun->resume
                     ? (int)tm_run_resume(tmrun->resume, plan, run, &message)
                     : open_file(tmrun, path, plan, &message);

    if (message && (status || !tmrun->quiet))
        options_message(&tool, tm_message_text(message));
    tm_message_free(message);
    if (status || *run)
        return status;
    status = tm_run_new(*plan, run);
    if (status)
        fprintf(stderr, "tmrun: error: %s\n", tm_status_text(status));
    return status;
}

/* words: the plan, then bindings; none of a run that is resumed. */
static int run_plan(const struct tmrun *tmrun, char **words, int count)
{
    struct tm_plan *plan = NULL;
    struct tm_run *run = NULL;
    int status = open_run(tmrun, count ? words[0] : NULL, &plan, &run);

    if (status)
        goto done;
    status = configure(tmrun, run);
    if (!status && count)
        status = bind_files(run, words + 1, count - 1);
    if (!status)
        status = tmrun->calibrate  ? calibrate(run)
                 : tmrun->simulate ? simulate(tmrun, run)
                                   : execute(tmrun, run);
done:
    running = NULL;
    tm_run_free(run);
    tm_plan_free(plan);
    return status;
}

/* Started by a run, it hears from that one when to end, not from the
 * terminal. */
static int join(const struct tmrun *tmrun)
{
    struct tm_worker *worker;
    int status = tm_worker_new(&worker);

    if (status) {
        fprintf(stderr, "tmrun: error: %s\n",
                tm_status_text((enum tm_status)status));
        return status;
    }
    if (tmrun->until_eof) {
        prctl(PR_SET_NAME, "tmrun"); /* it was started as /proc/self/exe */
        signal(SIGINT, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
    }
    tm_worker_threads(worker, (int)tmrun->threads);
    tm_worker_until_eof(worker, tmrun->until_eof);
    tm_worker_place(worker, (int)tmrun->place);
    working = worker;
    status = tm_worker_secret_file(worker, tmrun->secret_file);
    if (!status && tmrun->memory)
        status = tm_worker_memory(worker, tmrun->memory);
    if (!status)
        status = tm_worker_spill(worker, tmrun->spill);
    if (!status)
        status = tm_worker_run(worker, tmrun->join, tmrun->insecure);
    if (status && !(tmrun->until_eof && status == TM_EPEER) &&
        !(status == TM_ECANCELLED && interrupted))
        options_message(&tool, tm_worker_error(worker));
    if (status == TM_ECANCELLED && interrupted)
        status = 128 + interrupted;
    working = NULL;
    tm_worker_free(worker);
    return status;
}

static int show_version(const struct tmrun *tmrun)
{
    printf("tmrun (tilematrix) %s\n", tm_version());
    if (tmrun->verbose)
        fputs(tm_version_details(), stdout);
    return fflush(stdout) ? TM_EIO : TM_OK;
}

/* Of several processes that srun has started the first listens, and has a
 * worker of its own; the others join. */
static void find_place(struct tmrun *tmrun)
{
    struct slurm *slurm = &tmrun->slurm;

    if (tmrun->workers || tmrun->listen || tmrun->join || tmrun->hosts ||
        tmrun->simulate || tmrun->calibrate || !slurm_find(slurm))
        return;
    if (slurm->rank) {
        tmrun->join = slurm->address;
        return;
    }
    tmrun->listen = slurm->address;
    tmrun->workers = slurm->tasks - 1;
    snprintf(tmrun->own_host, sizeof tmrun->own_host, "-");
    if (tmrun->threads)
        snprintf(tmrun->own_host, sizeof tmrun->own_host, "-:%d",
                 (int)tmrun->threads);
    tmrun->hosts = tmrun->own_host;
}

static int start(struct tmrun *tmrun, int argc, char **argv)
{
    int first;

    if (options_parse(&tool, argc, argv, tmrun, &first))
        return TM_EUSAGE;
    if (tmrun->fault[0])
        return usage_error(tmrun->fault, "");
    if (tmrun->help) {
        options_help(&tool);
        return fflush(stdout) ? TM_EIO : TM_OK;
    }
    if (tmrun->version)
        return show_version(tmrun);
    find_place(tmrun);
    if (tmrun->secret_file && !tmrun->join && !tmrun->listen && !tmrun->hosts)
        return usage_error("--secret-file goes with --listen, --hosts or "
                           "--join", "");
    if (tmrun->join && first < argc && !tmrun->slurm.rank)
        return usage_error("a worker is told its plan: ", argv[first]);
    if (tmrun->resume && (first < argc || tmrun->checkpoint ||
                          tmrun->define_count || tmrun->tile_rows ||
                          tmrun->seed))
        return usage_error("a run that is resumed has its plan, files, "
                           "parameters, tiles and folder: ",
                           first < argc ? argv[first] : tmrun->resume);
    if (first == argc && !tmrun->join && !tmrun->resume)
        return usage_error("no plan is given", "");
    signals_catch();
    if (tmrun->join)
        return join(tmrun);
    return run_plan(tmrun, argv + first, argc - first);
}

/* Each other process of a run takes about three descriptors. */
static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_MOST)
        return;
    limit.rlim_cur = limit.rlim_max < FILES_MOST ? limit.rlim_max : FILES_MOST;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    struct tmrun tmrun = { .every = -1,
                           .cluster = { .workers = 4, .cores = 8,
                                        .latency = 2e-5, .bandwidth = 1e9,
                                        .task = 4e-7, .message = 5e-6 } };
    int status;

    allow_descriptors();
    /* Each define takes at least one argument. */
    tmrun.defines = calloc((size_t)argc, sizeof *tmrun.defines);
    if (!tmrun.defines || tm_options_new(&tmrun.compile)) {
        free(tmrun.defines);
        return TM_EMEMORY;
    }
    status = start(&tmrun, argc, argv);
    tm_options_free(tmrun.compile);
    free(tmrun.defines);
    return status;
}
