/* Worker processes of one run: posix_spawn(), never fork() alone, which BLIS
 * and nanomsg don't survive. */
#include "runtime/crew.h"
#include "tilematrix/tilematrix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BASE_MOST = 60 }; /* so that paths of sockets fit: runtime/net.c */

extern char **environ;

struct crew {
    pid_t *members; /* 0: has ended */
    int count;
    int hold, give; /* the pipe: our end, and what members read */
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
    int ends[2];

    if (!crew) {
        error_set(error, TM_EMEMORY, "out of memory to start workers");
        return NULL;
    }
    if (pipe2(ends, O_CLOEXEC)) {
        error_set(error, TM_EIO, "cannot make a pipe: %s", strerror(errno));
        free(crew);
        return NULL;
    }
    crew->give = ends[0];
    crew->hold = ends[1];
    return crew;
}

static int spawn(const struct crew *crew, const char *program, char **words,
                 pid_t *member)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int failed;

    sigemptyset(&none);
    if (posix_spawn_file_actions_init(&actions))
        return ENOMEM;
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_adddup2(&actions, crew->give, 0);
    failed =
        posix_spawnp(member, program, &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

int crew_start(struct crew *crew, const char *program, const char *address,
               int threads, struct tm_error *error)
{
    char join[200], count[32], until[] = "--until-eof", name[] = "tmrun";
    char *words[] = {name, join, count, until, NULL};
    pid_t *grown =
        realloc(crew->members, ((size_t)crew->count + 1) * sizeof *grown);
    int failed = ENOMEM;

    if (grown) {
        crew->members = grown;
        snprintf(join, sizeof join, "--join=%s", address);
        snprintf(count, sizeof count, "--threads=%d", threads);
        failed = spawn(crew, program, words, &grown[crew->count]);
    }
    if (failed) {
        error_set(error, TM_EIO, "cannot start a worker, %s: %s", program,
                  strerror(failed));
        return -1;
    }
    crew->count++;
    return 0;
}

pid_t crew_ended(struct crew *crew, char *how, size_t size)
{
    int k, status;

    for (k = 0; k < crew->count; k++) {
        pid_t member = crew->members[k];
        if (!member || waitpid(member, &status, WNOHANG) != member)
            continue;
        crew->members[k] = 0;
        if (WIFSIGNALED(status))
            snprintf(how, size, "was killed by signal %d (%s)",
                     WTERMSIG(status), strsignal(WTERMSIG(status)));
        else
            snprintf(how, size, "ended with status %d", WEXITSTATUS(status));
        return member;
    }
    return 0;
}

void crew_kill(struct crew *crew, pid_t process)
{
    int k;

    for (k = 0; k < crew->count; k++)
        if (process && crew->members[k] == process)
            kill(process, SIGKILL);
}

int crew_count(const struct crew *crew)
{
    int k, count = 0;

    for (k = 0; k < crew->count; k++)
        count += crew->members[k] != 0;
    return count;
}

void crew_free(struct crew *crew, double seconds)
{
    const struct timespec moment = {.tv_nsec = 2000000};
    char how[100];
    int k;

    if (!crew)
        return;
    close(crew->hold);
    close(crew->give);
    for (; crew_count(crew) && seconds > 0; seconds -= 2e-3)
        if (!crew_ended(crew, how, sizeof how))
            nanosleep(&moment, NULL);
    for (k = 0; k < crew->count; k++)
        if (crew->members[k]) {
            kill(crew->members[k], SIGKILL);
            waitpid(crew->members[k], NULL, 0);
        }
    free(crew->members);
    free(crew);
}
