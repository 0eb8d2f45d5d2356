/* One process that runs plan after plan, small and large, in this process and
 * on worker processes of which some are killed or stopped: its memory and its
 * open files stay as they are, and each result has the same bits.
 *
 *     soak TMRUN SECONDS [SEED]      `make soak HOURS=1`
 *
 * First one long run whose loop depends on data (a twentieth of the time, at
 * most a minute), then the others.  After each plan the heap in use, the
 * resident memory and the open files are noted; at the end a line is fitted
 * to them, from the first tenth on.  Ends with 1 for a wrong result, or where
 * the heap grew by more than 1 MiB, or the open files by one. */
#include "tilematrix/tilematrix.h"

#include <dirent.h>
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 4, LINE = 400 };
static const double silence = 2; /* seconds */
static const double heap_most = 1 << 20;

struct job {
    const char *name, *tile, *script; /* the result is R */
    struct tm_plan *plan;
    uint64_t sum;
    double seconds; /* on workers, when nobody was killed */
};

static struct job jobs[] = {
    {.name = "product",
     .tile = "32",
     .script = "A = randn(160, 160)\nR = A * A' + A\noutput R\n"},
    {.name = "solve",
     .tile = "40",
     .script = "A = randn(200, 200)\nR = A \\ ones(200, 3)\n"
               "print(norm(R))\noutput R\n"},
    {.name = "loop",
     .tile = "64",
     .script = "A = rand(256, 256) / 256\nR = A\nk = 0\ns = 1.0\n"
               "while k < 60 && s > 0\n  R = R * A + A\n  s = norm(R)\n"
               "  k = k + 1\nend\noutput R\n"},
    {.name = "factor",
     .tile = "128",
     .script = "A = randn(1280, 1280) / 8\n"
               "R = chol(A + A' + 1280 * eye(1280))\noutput R\n"},
    {.name = "lu",
     .tile = "128",
     .script = "A = randn(1024, 1024)\n[L, R, p] = lu(A)\noutput R\n"},
    {.name = "qr",
     .tile = "128",
     .script = "A = randn(768, 768)\n[Q, R] = qr(A)\noutput R\n"},
    {.name = "large",
     .tile = "256",
     .script = "A = randn(2048, 2048)\nB = randn(2048, 2048)\nR = A * B\n"
               "output R\n"},
};
enum { JOBS = sizeof jobs / sizeof *jobs };

static const char long_job[] =
    "param turns = 1000000\nA = rand(128, 128) / 128\nR = A\nk = 0\ns = 1.0\n"
    "while k < turns && s > 0\n  R = R * A + A\n  s = norm(R)\n  k = k + 1\n"
    "end\noutput R\n";

static const char *program;

__attribute__((noreturn, format(printf, 1, 2))) static void
fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double chance(void) /* from 0 to 1 */
{
    return drand48();
}

/* ---- what this process takes -------------------------------------------- */

struct sample {
    double at, heap, resident, files; /* seconds, bytes, bytes, number */
};

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[LINE];
    double kb = 0;

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %lf", &kb) == 1)
            break;
    if (file)
        fclose(file);
    return 1024 * kb;
}

static double open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    double count = -3; /* ., .. and this one */

    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

static struct sample sample_now(double start)
{
    struct mallinfo2 heap = mallinfo2();

    return (struct sample){seconds_now() - start,
                           (double)heap.uordblks + (double)heap.hblkhd,
                           resident_bytes(), open_files()};
}

struct samples {
    struct sample *items;
    size_t count, space;
};

static void note_sample(struct samples *s, struct sample sample)
{
    if (s->count == s->space) {
        s->space = s->space ? 2 * s->space : 1 << 16;
        s->items = realloc(s->items, s->space * sizeof *s->items);
        if (!s->items)
            fail("out of memory");
    }
    s->items[s->count++] = sample;
}

/* Growth of one number from the first tenth of the time to its end, by the
 * line of least squares. */
static double growth(const struct samples *s, size_t field)
{
    double n = 0, t = 0, y = 0, tt = 0, ty = 0, first = 0, last = 0;
    size_t k;

    for (k = s->count / 10; k < s->count; k++) {
        double at = s->items[k].at, value;
        memcpy(&value, (const char *)&s->items[k] + field, sizeof value);
        first = n > 0 ? first : at;
        last = at;
        n++;
        t += at;
        y += value;
        tt += at * at;
        ty += at * value;
    }
    return n * tt - t * t > 0
               ? (n * ty - t * y) / (n * tt - t * t) * (last - first)
               : 0;
}

static int report(const char *what, const struct samples *s)
{
    const struct sample *last = &s->items[s->count - 1];
    double heap = growth(s, offsetof(struct sample, heap));
    double resident = growth(s, offsetof(struct sample, resident));
    double files = growth(s, offsetof(struct sample, files));
    int grew = heap > heap_most || files >= 1;

    printf("%s: %zu samples in %.0f s, growth by the fitted line: heap "
           "%+.1f KiB of %.1f, resident %+.1f KiB of %.1f, open files %+.2f "
           "of %.0f%s\n",
           what, s->count, last->at, heap / 1024, last->heap / 1024,
           resident / 1024, last->resident / 1024, files, last->files,
           grew ? ": GREW" : "");
    return grew;
}

/* ---- victims ------------------------------------------------------------ */

struct killer {
    pthread_t thread;
    atomic_int over;
    int victims;
    double within; /* seconds in which they are chosen */
    int killed;
};

static int workers_now(int *workers, int most)
{
    char path[64];
    FILE *file;
    int count = 0;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getpid(),
             (int)getpid());
    file = fopen(path, "r");
    while (file && count < most && fscanf(file, "%d", &workers[count]) == 1)
        count++;
    if (file)
        fclose(file);
    return count;
}

static void sleep_until(const struct killer *k, double until)
{
    const struct timespec moment = {.tv_nsec = 2000000};

    while (!atomic_load(&k->over) && seconds_now() < until)
        nanosleep(&moment, NULL);
}

/* Kill or stop a worker now and then; who was stopped goes on when he may have
 * been given up. */
static void *kill_some(void *user)
{
    struct killer *k = user;
    int workers[WORKERS], stopped[WORKERS], stops = 0, count, n;
    double pause = k->within / (k->victims + 1);

    for (n = 0; n < k->victims; n++) {
        sleep_until(k, seconds_now() + 2 * pause * chance());
        count = workers_now(workers, WORKERS);
        if (atomic_load(&k->over) || count < WORKERS - n)
            break;
        if (chance() < 0.3)
            stopped[stops++] = workers[n];
        kill(workers[n], stops && stopped[stops - 1] == workers[n] ? SIGSTOP
                                                                   : SIGKILL);
        k->killed++;
    }
    sleep_until(k, seconds_now() + 1.5 * silence);
    for (n = 0; n < stops; n++)
        kill(stopped[n], SIGCONT);
    return NULL;
}

/* ---- runs --------------------------------------------------------------- */

static struct tm_plan *compile(const char *name, const char *script)
{
    struct tm_message *message = NULL;
    struct tm_plan *plan = NULL;

    if (tm_compile_text(name, script, strlen(script), NULL, &plan, &message))
        fail("%s: %s", name, message ? tm_message_text(message) : "");
    tm_message_free(message);
    return plan;
}

static uint64_t checksum(const struct tm_view *view)
{
    const unsigned char *bytes = view->data;
    size_t size = (size_t)(view->rows * view->cols) * 8, k;
    uint64_t sum = 0xcbf29ce484222325, word;

    for (k = 0; k < size; k += 8) {
        memcpy(&word, bytes + k, 8);
        sum = (sum ^ word) * 0x100000001b3;
        sum ^= sum >> 29;
    }
    return sum;
}

static void must(struct tm_run *run, enum tm_status status)
{
    if (status)
        fail("status %d: %s", status, tm_run_error_report(run));
}

/* On so many workers (0: two threads here): the result's sum, or 0 where none
 * of them was left. */
static uint64_t execute(const struct job *job, int workers,
                        struct killer *killer)
{
    struct tm_run *run;
    struct tm_view view;
    enum tm_status status;
    uint64_t sum = 0;

    if (tm_run_new(job->plan, &run))
        fail("out of memory");
    must(run, tm_run_threads(run, workers ? 1 : 2));
    must(run, tm_run_workers(run, workers, workers ? program : NULL));
    must(run, tm_run_silence(run, silence));
    must(run, tm_run_keep(run, "R"));
    if (killer && pthread_create(&killer->thread, NULL, kill_some, killer))
        fail("no thread");
    status = tm_run_execute(run);
    if (killer) {
        atomic_store(&killer->over, 1);
        pthread_join(killer->thread, NULL);
    }
    if (status != TM_EPEER || !killer) {
        must(run, status);
        must(run, tm_run_result(run, "R", &view));
        sum = checksum(&view);
    }
    tm_run_free(run);
    return sum;
}

/* A run that fails leaves nothing behind either. */
static void execute_wrong(int workers)
{
    struct job wrong = {.plan = compile("wrong", "A = -eye(64)\nprint(1)\n"
                                                 "R = chol(A)\noutput R\n")};
    struct tm_run *run;

    if (tm_run_new(wrong.plan, &run))
        fail("out of memory");
    must(run, tm_run_tile(run, 16, 16));
    must(run, tm_run_workers(run, workers, workers ? program : NULL));
    if (tm_run_execute(run) != TM_ESCRIPT)
        fail("a matrix that is not positive definite has a factor");
    tm_run_free(run);
    tm_plan_free(wrong.plan);
}

static void prepare(struct job *job)
{
    char text[1000];
    double start;

    snprintf(text, sizeof text, "tile %s\n%s", job->tile, job->script);
    job->plan = compile(job->name, text);
    job->sum = execute(job, 0, NULL);
    start = seconds_now();
    if (execute(job, WORKERS, NULL) != job->sum)
        fail("%s: other bits on workers", job->name);
    job->seconds = seconds_now() - start;
}

/* The plan anew, now and then. */
static void renew(struct job *job)
{
    char text[1000];

    tm_plan_free(job->plan);
    snprintf(text, sizeof text, "tile %s\n%s", job->tile, job->script);
    job->plan = compile(job->name, text);
}

/* ---- one long run ------------------------------------------------------- */

struct long_run {
    struct tm_run *run;
    struct samples samples;
    double start, seconds;
};

static void on_progress(void *user, const struct tm_progress *progress)
{
    struct long_run *l = user;

    note_sample(&l->samples, sample_now(l->start));
    if (progress->seconds > l->seconds)
        tm_run_cancel(l->run);
}

/* Cancelled when its time is up. */
static int run_long(double seconds)
{
    struct tm_plan *plan = compile("long", long_job);
    struct long_run l = {.start = seconds_now(), .seconds = seconds};
    int grew;

    if (tm_run_new(plan, &l.run))
        fail("out of memory");
    must(l.run, tm_run_tile(l.run, 64, 64));
    must(l.run, tm_run_threads(l.run, 1));
    must(l.run, tm_run_workers(l.run, 2, program));
    must(l.run, tm_run_keep(l.run, "R"));
    tm_run_on_progress(l.run, on_progress, &l);
    if (tm_run_execute(l.run) != TM_ECANCELLED)
        fail("the long run: %s", tm_run_error(l.run));
    tm_run_free(l.run);
    tm_plan_free(plan);
    grew = l.samples.count > 20 && report("one long run", &l.samples);
    free(l.samples.items);
    return grew;
}

/* ---- plan after plan ---------------------------------------------------- */

struct counts {
    int plans, killed, ended, wrong; /* ended: no worker was left */
};

static void run_one(struct counts *c)
{
    struct job *job = &jobs[(int)(chance() * JOBS) % JOBS];
    struct killer killer = {.victims = 1 + (int)(chance() * (WORKERS - 1)),
                            .within = job->seconds};
    double way = chance();
    uint64_t sum;

    if (way < 0.1)
        renew(job);
    if (way < 0.05)
        execute_wrong(way < 0.025 ? 0 : 2);
    sum = execute(job, way < 0.2 ? 0 : WORKERS, way < 0.6 ? NULL : &killer);
    c->plans++;
    c->killed += killer.killed;
    c->ended += !sum;
    if (sum && sum != job->sum) {
        printf("%s: other bits, %d workers were killed\n", job->name,
               killer.killed);
        c->wrong++;
    }
}

static int run_many(double seconds)
{
    struct samples samples = {0};
    struct counts c = {0};
    double start = seconds_now(), said = 0;
    int grew;

    while (seconds_now() - start < seconds) {
        struct sample now;
        run_one(&c);
        now = sample_now(start);
        note_sample(&samples, now);
        if (now.at - said < seconds / 60)
            continue;
        said = now.at;
        printf("%6.0f s: %d plans, %d workers killed, heap %.0f KiB, resident "
               "%.0f KiB, %.0f open files\n",
               now.at, c.plans, c.killed, now.heap / 1024, now.resident / 1024,
               now.files);
        fflush(stdout);
    }
    malloc_trim(0);
    printf("resident when free memory was given back: %.0f KiB\n",
           resident_bytes() / 1024);
    printf("%d plans, %d workers killed or stopped, %d without any left, %d "
           "wrong results\n",
           c.plans, c.killed, c.ended, c.wrong);
    grew = samples.count && report("plan after plan", &samples);
    free(samples.items);
    return grew || c.wrong;
}

int main(int argc, char **argv)
{
    double seconds = argc > 2 ? atof(argv[2]) : 0;
    long seed = argc > 3 ? atol(argv[3]) : (long)time(NULL);
    int failed = 0;
    size_t k;

    if (seconds <= 0) {
        fprintf(stderr, "usage: soak TMRUN SECONDS [SEED]\n");
        return 2;
    }
    program = argv[1];
    srand48(seed);
    printf("seed %ld\n", seed);
    for (k = 0; k < JOBS; k++)
        prepare(&jobs[k]);
    failed |= run_long(seconds / 20 < 60 ? seconds / 20 : 60);
    fflush(stdout);
    failed |= run_many(seconds * 19 / 20);
    for (k = 0; k < JOBS; k++)
        tm_plan_free(jobs[k].plan);
    return failed;
}
