/* Worker processes of one run: posix_spawn(), never fork() alone, which BLIS
 * and nanomsg don't survive.  A remote shell is a program like another. */
#include "runtime/crew.h"
#include "tilematrix/tilematrix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    BASE_MOST = 60, /* so that paths of sockets fit: runtime/net.c */
    WORDS = 40,     /* of a remote shell */
    OPTIONS = 8,    /* of a worker */
    COMMAND = 4096  /* bytes of one for a shell */
};

extern char **environ;

struct member {
    pid_t process; /* 0: has ended */
    int hold;      /* our end of its standard input */
};

struct crew {
    struct member *members; /* by place - 1 */
    int count;
};

/* ---- the folder --------------------------------------------------------- */

int crew_folder(char *name, size_t size, struct tm_error *error)
{
    const char *base = getenv("TMPDIR");
    char folder[BASE_MOST + 20];
    int length;

    if (!base || base[0] != '/' || strlen(base) > BASE_MOST)
        base = "/tmp";
    snprintf(folder, sizeof folder, "%s/tmrun-XXXXXX", base);
    if (!mkdtemp(folder))
        return error_set(error, TM_EIO,
                         "cannot make a folder for sockets in %s: %s", base,
                         strerror(errno));
    length = snprintf(name, size, "ipc://%s/0", folder);
    if (length > 0 && (size_t)length < size)
        return TM_OK;
    rmdir(folder);
    return error_set(error, TM_EIO, "too long a folder for sockets: %s",
                     folder);
}

void crew_remove_folder(const char *name)
{
    const char *slash = strrchr(name, '/');
    char folder[200];
    struct dirent *entry;
    struct stat found;
    DIR *dir;

    if (strncmp(name, "ipc://", 6) || !slash || slash - name >= 200)
        return;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - name - 6), name + 6);
    dir = opendir(folder);
    if (!dir)
        return;
    while ((entry = readdir(dir)))
        if (!fstatat(dirfd(dir), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) &&
            S_ISSOCK(found.st_mode))
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(folder);
}

/* ---- members ------------------------------------------------------------ */

struct crew *crew_new(struct tm_error *error)
{
    struct crew *crew = calloc(1, sizeof *crew);

    if (!crew)
        error_set(error, TM_EMEMORY, "out of memory to start workers");
    return crew;
}

/* Our environment, but that OpenBLAS, if it provides LAPACK, starts no threads:
 * they would look for work for a while, on the cores that workers compute on,
 * and find none (calm_openblas() in kernel_blas.c comes too late for that).
 * The caller frees the array alone. */
static char **calm_environment(void)
{
    static char calm[] = "OPENBLAS_NUM_THREADS=1";
    const size_t name = strcspn(calm, "=") + 1;
    size_t count, kept = 0, k;
    char **all;

    for (count = 0; environ[count]; count++)
        ;
    all = malloc((count + 2) * sizeof *all);
    if (!all)
        return NULL;
    for (k = 0; k < count; k++)
        if (strncmp(environ[k], calm, name))
            all[kept++] = environ[k];
    all[kept++] = calm;
    all[kept] = NULL;
    return all;
}

static int spawn(const char *program, char **words, int input, pid_t *process)
{
    char **environment = calm_environment();
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int failed;

    sigemptyset(&none);
    if (!environment || posix_spawn_file_actions_init(&actions)) {
        free(environment);
        return ENOMEM;
    }
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        free(environment);
        return ENOMEM;
    }
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    failed = posix_spawnp(process, program, &actions, &attributes, words,
                          environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return failed;
}

/* A pipe that holds the secret's line, if there is a secret: 0, or errno. */
static int fill_pipe(const struct secret *secret, int ends[2])
{
    char line[SECRET_LINE] = "";
    ssize_t size, put;

    if (pipe2(ends, O_CLOEXEC))
        return errno;
    if (!secret)
        return 0;
    secret_put_line(secret, line);
    size = (ssize_t)strlen(line);
    put = write(ends[1], line, (size_t)size);
    secret_forget(line, sizeof line);
    if (put == size)
        return 0;
    close(ends[0]);
    close(ends[1]);
    return EIO;
}

/* What the worker is told on its command line. */
struct options {
    char *words[OPTIONS + 1];
    int count, failed;
};

__attribute__((format(printf, 2, 3))) static void
option(struct options *o, const char *format, ...)
{
    va_list args;
    char *word;

    va_start(args, format);
    if (o->count < OPTIONS && vasprintf(&word, format, args) >= 0)
        o->words[o->count++] = word;
    else
        o->failed = ENOMEM;
    va_end(args);
}

static int is_here(const struct crew_host *host)
{
    return !strcmp(host->name, "-");
}

static void options_set(struct options *o, const struct crew_setup *setup,
                        const struct crew_host *host, int place)
{
    const char *memory = is_here(host) ? setup->share : setup->memory;

    *o = (struct options){0};
    option(o, "--join=%s", setup->address);
    option(o, "--place=%d", place);
    option(o, "--until-eof");
    option(o, setup->secret ? "--secret-file=-" : "--insecure");
    if (host->threads)
        option(o, "--threads=%d", host->threads);
    if (memory)
        option(o, "--memory=%s", memory);
    if (setup->spill)
        option(o, "--spill=%s", setup->spill);
}

static void options_free(struct options *o)
{
    while (o->count)
        free(o->words[--o->count]);
}

static int start_here(const struct crew_setup *setup, const struct options *o,
                      int input, pid_t *process)
{
    char name[] = "tmrun", *words[OPTIONS + 2] = {name};

    memcpy(words + 1, o->words, sizeof o->words);
    return spawn(setup->program, words, input, process);
}

/* One word for a shell, in quotes; -1: there is no room. */
static int put_quoted(char *text, size_t size, const char *word)
{
    size_t at = strlen(text);

    if (at + 4 >= size)
        return -1;
    if (at)
        text[at++] = ' ';
    text[at++] = '\'';
    for (; *word && at + 6 < size; word++)
        at += (size_t)snprintf(text + at, size - at,
                               *word == '\'' ? "'\\''" : "%c", *word);
    text[at++] = '\'';
    text[at] = 0;
    return *word ? -1 : 0;
}

/* `SHELL HOST 'PROGRAM --join=...'`, where SHELL may be several words. */
static int start_there(const struct crew_setup *setup,
                       const struct crew_host *host, const struct options *o,
                       int input, pid_t *process)
{
    char command[COMMAND] = "", *shell = strdup(setup->shell), *next = NULL;
    char *words[WORDS + 3], *word;
    int count = 0, failed, k;

    if (!shell)
        return ENOMEM;
    for (word = strtok_r(shell, " \t", &next); word && count < WORDS;
         word = strtok_r(NULL, " \t", &next))
        words[count++] = word;
    words[count] = (char *)(uintptr_t)host->name;
    words[count + 1] = command;
    words[count + 2] = NULL;
    failed = put_quoted(command, sizeof command, setup->program);
    for (k = 0; k < o->count; k++)
        failed |= put_quoted(command, sizeof command, o->words[k]);
    failed = failed || word ? E2BIG
             : !count       ? ENOENT
                            : spawn(words[0], words, input, process);
    free(shell);
    return failed;
}

int crew_start(struct crew *crew, const struct crew_setup *setup,
               const struct crew_host *host, struct tm_error *error)
{
    struct member *grown =
        realloc(crew->members, ((size_t)crew->count + 1) * sizeof *grown);
    struct options options;
    int ends[2], failed;

    if (!grown) {
        error_set(error, TM_EMEMORY, "out of memory to start workers");
        return -1;
    }
    crew->members = grown;
    grown += crew->count;
    failed = fill_pipe(setup->secret, ends);
    if (!failed) {
        options_set(&options, setup, host, crew->count + 1);
        failed = options.failed ? options.failed
                 : is_here(host)
                     ? start_here(setup, &options, ends[0], &grown->process)
                     : start_there(setup, host, &options, ends[0],
                                   &grown->process);
        options_free(&options);
        close(ends[0]);
        grown->hold = ends[1];
        if (failed)
            close(ends[1]);
    }
    if (failed) {
        error_set(error, TM_EIO, "cannot start a worker, %s: %s",
                  is_here(host) ? setup->program : setup->shell,
                  strerror(failed));
        return -1;
    }
    return ++crew->count;
}

int crew_ended(struct crew *crew, char *how, size_t size)
{
    int k, status;

    for (k = 0; k < crew->count; k++) {
        pid_t process = crew->members[k].process;
        if (!process || waitpid(process, &status, WNOHANG) != process)
            continue;
        crew->members[k].process = 0;
        if (WIFSIGNALED(status))
            snprintf(how, size, "was killed by signal %d (%s)",
                     WTERMSIG(status), strsignal(WTERMSIG(status)));
        else
            snprintf(how, size, "ended with status %d", WEXITSTATUS(status));
        return k + 1;
    }
    return 0;
}

void crew_kill(struct crew *crew, int place)
{
    if (place > 0 && place <= crew->count && crew->members[place - 1].process)
        kill(crew->members[place - 1].process, SIGKILL);
}

int crew_count(const struct crew *crew)
{
    int k, count = 0;

    for (k = 0; k < crew->count; k++)
        count += crew->members[k].process != 0;
    return count;
}

void crew_free(struct crew *crew, double seconds)
{
    const struct timespec moment = {.tv_nsec = 2000000};
    char how[100];
    int k;

    if (!crew)
        return;
    for (k = 0; k < crew->count; k++)
        close(crew->members[k].hold);
    for (; crew_count(crew) && seconds > 0; seconds -= 2e-3)
        if (!crew_ended(crew, how, sizeof how))
            nanosleep(&moment, NULL);
    for (k = 0; k < crew->count; k++)
        if (crew->members[k].process) {
            kill(crew->members[k].process, SIGKILL);
            waitpid(crew->members[k].process, NULL, 0);
        }
    free(crew->members);
    free(crew);
}
