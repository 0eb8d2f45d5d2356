/* Runs on worker processes: what they are told (the plan and all that is bound
 * to it), and the worker's side of it. */
#include "api/private.h"
#include "runtime/engine.h"
#include "runtime/guest.h"
#include "runtime/host.h"
#include "runtime/lead.h"
#include "runtime/net.h"
#include "runtime/profile.h"
#include "runtime/secret.h"
#include "runtime/talk.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static pthread_mutex_t plans = PTHREAD_MUTEX_INITIALIZER;
static const double silence_seconds = 30; /* of a coordinator, at first */

uint64_t api_digest(const struct binding *b)
{
    uint64_t digest = b->tiles;
    uint32_t k;

    for (k = 0; k < b->plan->matrices.count; k++) {
        const struct bind_matrix *m = &b->matrices[k];
        uint64_t x[6] = {(uint64_t)m->rows,      (uint64_t)m->cols,
                         (uint64_t)m->tile_rows, (uint64_t)m->tile_cols,
                         m->first_tile,          m->type};
        digest = XXH3_64bits_withSeed(x, sizeof x, digest);
    }
    return digest;
}

const unsigned char *api_plan_bytes(const struct plan *plan, size_t *size)
{
    const unsigned char *bytes;

    pthread_mutex_lock(&plans); /* they go to the plan's arena */
    bytes = plan_write(plan, size);
    pthread_mutex_unlock(&plans);
    return bytes;
}

int api_check_address(const char *address, int insecure, struct tm_error *error)
{
    const char *colon = strrchr(address, ':');

    if (!strncmp(address, "ipc://", 6))
        return TM_OK;
    if (strncmp(address, "tcp://", 6) || !colon || colon <= address + 6 ||
        atoi(colon + 1) < 1 || atoi(colon + 1) > 65535)
        return error_set(error, TM_EUSAGE,
                         "not an address as in tcp://127.0.0.1:7070: %.200s",
                         address);
    if (!insecure && !net_is_local(address))
        return error_set(error, TM_EUSAGE,
                         "whoever reaches %.200s could join the run and change "
                         "its results, since nobody is asked for a secret: "
                         "use one, or a loopback address, or say that it is "
                         "insecure",
                         address);
    return TM_OK;
}

/* The line that the run wrote; what follows is not read. */
static int read_line(struct secret *secret, struct tm_error *error)
{
    char line[SECRET_LINE] = "";
    size_t k = 0;
    int bad;

    while (k + 1 < sizeof line && read(STDIN_FILENO, &line[k], 1) == 1)
        if (line[k++] == '\n')
            break;
    bad = secret_get_line(line, secret);
    secret_forget(line, sizeof line);
    return bad ? error_set(error, TM_EUSAGE,
                           "standard input does not begin with a secret")
               : TM_OK;
}

int api_read_secret(const char *path, struct secret **secret,
                    struct tm_error *error)
{
    if (*secret)
        secret_forget(*secret, sizeof **secret);
    free(*secret);
    *secret = path ? malloc(sizeof **secret) : NULL;
    if (path && !*secret)
        return error_set(error, TM_EMEMORY, "out of memory");
    if (path && (strcmp(path, "-") ? secret_read(path, *secret, error)
                                   : read_line(*secret, error))) {
        free(*secret);
        *secret = NULL;
    }
    return error->status;
}

/* ---- hosts -------------------------------------------------------------- */

static void drop_hosts(struct run_processes *p)
{
    int k;

    for (k = 0; k < p->host_count; k++)
        free((char *)(uintptr_t)p->hosts[k].name);
    free(p->hosts);
    p->hosts = NULL;
    p->host_count = 0;
}

/* "alpha:8" or "alpha". */
static int read_host(const char *text, struct crew_host *host,
                     struct tm_error *error)
{
    size_t name = strcspn(text, ":");
    char *end = NULL;
    long threads = text[name] ? strtol(text + name + 1, &end, 10) : 0;

    if (!name || strpbrk(text, " \t'\"\\") ||
        (*text == '-' && name > 1) ||
        (text[name] && (*end || threads < 1 || threads > 4096)))
        return error_set(error, TM_EUSAGE,
                         "not a host as in alpha or alpha:8: %.200s", text);
    host->threads = (int)threads;
    host->name = strndup(text, name);
    return host->name ? TM_OK
                      : error_set(error, TM_EMEMORY, "out of memory");
}

int api_read_hosts(struct tm_run *run, const char *text, struct tm_error *error)
{
    struct run_processes *p = &run->processes;
    char *copy = strdup(text ? text : ""), *word, *next = NULL;

    drop_hosts(p);
    p->hosts = calloc(strlen(text ? text : "") + 1, sizeof *p->hosts);
    if (!copy || !p->hosts)
        error_set(error, TM_EMEMORY, "out of memory");
    for (word = error->status ? NULL : strtok_r(copy, ",", &next); word;
         word = strtok_r(NULL, ",", &next)) {
        if (read_host(word, &p->hosts[p->host_count], error))
            break;
        p->host_count++;
    }
    if (!error->status && text && !p->host_count)
        error_set(error, TM_EUSAGE, "no host is named");
    if (error->status || !text)
        drop_hosts(p);
    free(copy);
    return error->status;
}

int api_names_others(const struct tm_run *run)
{
    int k;

    for (k = 0; k < run->processes.host_count; k++)
        if (strcmp(run->processes.hosts[k].name, "-"))
            return 1;
    return 0;
}

/* Where those hosts reach this one: the address from which this one would
 * speak to the first of them.  NULL: no other host is named. */
static const char *meeting_place(const struct run_processes *p,
                                 char name[NET_NAME], struct tm_error *error)
{
    char to[NET_NAME];
    const char *at;
    int k;

    for (k = 0; k < p->host_count && !strcmp(p->hosts[k].name, "-"); k++)
        ;
    if (p->listen || k == p->host_count)
        return p->listen;
    at = strchr(p->hosts[k].name, '@');
    snprintf(to, sizeof to, "tcp://%.100s:22",
             at ? at + 1 : p->hosts[k].name);
    net_near(to, 0, name, error);
    return name;
}

/* All that are to be started: on this host by number, and by name. */
static struct crew_host *all_hosts(const struct run_processes *p, int threads,
                                   int *count)
{
    int here = p->program ? p->workers : 0, k;
    struct crew_host *all =
        calloc((size_t)(here + p->host_count) + 1, sizeof *all);

    for (k = 0; all && k < here; k++)
        all[k] = (struct crew_host){"-", threads};
    for (k = 0; all && k < p->host_count; k++)
        all[here + k] = p->hosts[k];
    *count = here + p->host_count;
    return all;
}

/* ---- what workers are told ---------------------------------------------- */

/*   f64 silence, u64 seed, u8 1: stores go to the coordinator, u8 1: a profile
 *   is wanted, 2: with each task, i64 tile rows and columns that were asked for
 *   (0: none)
 *   u32 settings, each text name, text value
 *   u32 inputs, each i64 rows, i64 cols, u8 type, u8 1: from the coordinator,
 *     text path, i64 bytes, i64 seconds, i64 nanoseconds, u64 start
 *   unless stores go to the coordinator: u32 outputs, each text where it is
 *     open, text name, i64 offset of the first entry
 *   and the plan, as in a file. */

static void put_input(struct wire_writer *w, const struct binding *b,
                      const struct job_input *in, uint32_t k, int shared,
                      const char *path)
{
    const struct bind_input *bound = &b->inputs[k];
    int away = !in->file || !shared || !file_reads_tiles(in->file);
    struct file_stamp stamp = {0};

    if (!away)
        file_stamp(in->file, &stamp);
    if (wire_room(w, 64))
        return;
    put_u64(w, (uint64_t)bound->rows);
    put_u64(w, (uint64_t)bound->cols);
    put_u8(w, bound->type);
    put_u8(w, (uint8_t)away);
    talk_text(w, away ? "" : path);
    talk_put_stamp(w, &stamp);
}

static int put_inputs(struct wire_writer *w, const struct tm_run *run,
                      const struct engine_setup *setup, const char *listen,
                      char *const *input_paths)
{
    const struct plan *plan = setup->binding->plan;
    int shared = run->processes.shared || !listen;
    uint32_t k;

    if (!wire_room(w, 4))
        put_u32(w, plan->inputs.count);
    for (k = 0; k < plan->inputs.count; k++) {
        /* Who joins may have another current folder. */
        char *real =
            input_paths[k] && listen ? realpath(input_paths[k], NULL) : NULL;
        const char *path = real ? real : input_paths[k] ? input_paths[k] : "";
        put_input(w, setup->binding, &setup->io->inputs[k], k, shared, path);
        free(real);
    }
    return w->failed;
}

/* Of stores that workers do themselves, where; else all come to us. */
static int stores_are_away(const struct engine_setup *setup,
                           const char *listen)
{
    char path[64];
    int64_t offset;
    uint32_t k;

    for (k = 0; k < setup->binding->plan->outputs.count; k++) {
        const struct job_output *out = &setup->io->outputs[k];
        if (!out->writer || !file_where(out->writer, path, sizeof path,
                                        &offset))
            return 1;
    }
    return listen != NULL;
}

static void put_outputs(struct wire_writer *w, const struct engine_setup *setup)
{
    char path[64];
    int64_t offset;
    uint32_t k, count = setup->binding->plan->outputs.count;

    if (!wire_room(w, 4))
        put_u32(w, count);
    for (k = 0; k < count; k++) {
        const struct job_output *out = &setup->io->outputs[k];
        file_where(out->writer, path, sizeof path, &offset);
        talk_text(w, path);
        talk_text(w, out->path);
        if (!wire_room(w, 8))
            put_u64(w, (uint64_t)offset);
    }
}

static int put_all(struct wire_writer *w, const struct tm_run *run,
                   const struct engine_setup *setup, const char *listen,
                   char *const *input_paths)
{
    const struct binding *b = setup->binding;
    int away = stores_are_away(setup, listen);
    const unsigned char *plan;
    size_t size, k;

    if (wire_room(w, 64))
        return -1;
    put_f64(w, run->processes.silence);
    put_u64(w, run->seed);
    put_u8(w, (uint8_t)away);
    put_u8(w, (uint8_t)(!run->profile.now    ? 0
                        : run->profile.trace ? 2
                                             : 1));
    put_u64(w, (uint64_t)b->want_rows);
    put_u64(w, (uint64_t)b->want_cols);
    put_u32(w, (uint32_t)run->setting_count);
    for (k = 0; k < run->setting_count; k++) {
        talk_text(w, run->settings[k].name);
        talk_text(w, run->settings[k].value);
    }
    if (put_inputs(w, run, setup, listen, input_paths))
        return -1;
    if (!away)
        put_outputs(w, setup);
    plan = api_plan_bytes(b->plan, &size);
    if (!plan || wire_room(w, size))
        return -1;
    memcpy(w->bytes + w->size, plan, size);
    w->size += size;
    return 0;
}

/* The memory of the run for each worker of this host: an equal share. */
static void share_out(const struct engine_setup *setup,
                      const struct crew_host *hosts, int count, char text[32])
{
    size_t here = 0;
    int k;

    for (k = 0; k < count; k++)
        here += !strcmp(hosts[k].name, "-");
    snprintf(text, 32, "%zu", here ? setup->memory / here : setup->memory);
}

/* Why this run can't be; 0: it can. */
static int check_processes(const struct tm_run *run, const char *listen,
                           const struct secret *secret, struct tm_error *error)
{
    const struct run_processes *p = &run->processes;

    if (!p->program && !p->host_count && !listen)
        error_set(error, TM_EUSAGE,
                  "workers neither are started nor have an address to join");
    else if (p->host_count && listen && !strncmp(listen, "tcp://*:", 8))
        error_set(error, TM_EUSAGE,
                  "hosts cannot join at %.200s: it has to name this host",
                  listen);
    else if (listen) /* the secret may have been taken back since */
        api_check_address(listen, p->insecure || secret, error);
    return error->status;
}

int api_run_processes(struct tm_run *run, const struct engine_setup *setup,
                      char *const *input_paths, struct tm_error *error)
{
    const struct run_processes *p = &run->processes;
    struct wire_writer welcome = {0};
    char place[NET_NAME], share[32];
    struct secret made;
    struct lead_setup lead = {
        .run = setup,
        .workers = p->workers + p->host_count,
        .crew = {.program = p->there ? p->there : p->program,
                 .shell = p->shell,
                 .memory = run->memory_text,
                 .share = share,
                 .spill = run->spill},
        .listen = meeting_place(p, place, error),
        .silence = p->silence,
        .secret = p->secret,
        .welcome = &welcome,
        .digest = api_digest(setup->binding),
    };
    struct crew_host *hosts = all_hosts(p, setup->threads, &lead.host_count);

    lead.hosts = hosts;
    if (hosts)
        share_out(setup, hosts, lead.host_count, share);
    else
        error_set(error, TM_EMEMORY, "out of memory for the hosts");
    if (!error->status && api_names_others(run) && !p->secret &&
        !p->insecure && !secret_make(&made, error))
        lead.secret = &made;
    if (!error->status &&
        !check_processes(run, lead.listen, lead.secret, error)) {
        if (put_all(&welcome, run, setup, lead.listen, input_paths))
            error_set(error, TM_EMEMORY, "out of memory for the plan");
        else
            lead_run(&lead, error);
    }
    secret_forget(&made, sizeof made);
    free(welcome.bytes);
    free(hosts);
    return error->status;
}

/* ---- a worker ----------------------------------------------------------- */

struct tm_worker {
    int threads, until_eof, place;
    size_t memory; /* bytes; 0: four fifths of what there is */
    char *spill;   /* owned; NULL: none */
    struct secret *secret; /* owned; NULL: none */
    atomic_int cancel;
    struct tm_error error;
};

struct told { /* by the coordinator */
    struct plan *plan;
    struct binding *binding;
    struct job_io io;
    unsigned char *away_loads;
    int away_stores;
    int profiled; /* 1: a profile is wanted, 2: with each task */
};

static int no_memory(struct tm_error *error)
{
    return error_set(error, TM_EMEMORY, "out of memory");
}

static int get_input(struct told *told, struct wire_reader *r, uint32_t k,
                     struct tm_error *error)
{
    int64_t rows = (int64_t)get_u64(r), cols = (int64_t)get_u64(r);
    uint8_t type = get_u8(r);
    struct file_stamp stamp, own;
    struct file_info info;
    char path[PATH_MAX];

    told->away_loads[k] = get_u8(r);
    talk_get_text(r, path, sizeof path);
    talk_get_stamp(r, &stamp);
    if (r->failed || type < TM_F32 || type > TM_C128)
        return error_set(error, TM_EBUG, "input %u makes no sense", k);
    binding_input(told->binding, k, rows, cols, (enum tm_type)type);
    if (told->away_loads[k])
        return TM_OK;
    if (file_open(path, &told->io.inputs[k].file, &info, error))
        return error->status;
    file_stamp(told->io.inputs[k].file, &own);
    if (!file_stamp_same(&own, &stamp))
        error_set(error, TM_EFILE,
                  "%.300s is another file here than for the coordinator: %lld "
                  "bytes, changed at %lld, and there %lld bytes, changed at "
                  "%lld",
                  path, (long long)own.bytes, (long long)own.seconds,
                  (long long)stamp.bytes, (long long)stamp.seconds);
    return error->status;
}

static int get_outputs(struct told *told, struct wire_reader *r,
                       struct tm_error *error)
{
    const struct plan *plan = told->plan;
    uint32_t count = get_u32(r), k;
    char path[64], name[PATH_MAX];

    if (r->failed || count != plan->outputs.count)
        return error_set(error, TM_EBUG, "the outputs make no sense");
    for (k = 0; k < count && !error->status; k++) {
        const struct bind_matrix *m =
            &told->binding->matrices[plan->outputs.items[k].matrix];
        struct job_output *out = &told->io.outputs[k];
        talk_get_text(r, path, sizeof path);
        talk_get_text(r, name, sizeof name);
        out->path = ""; /* it is a file, and open */
        file_attach(path, (int64_t)get_u64(r), name, (enum tm_type)m->type,
                    m->rows, m->cols, &out->writer, error);
    }
    return error->status;
}

/* Parameters and inputs, as the coordinator has them. */
static int get_bound(struct told *told, struct wire_reader *r, int64_t rows,
                     int64_t cols, struct tm_error *error)
{
    uint32_t count = get_u32(r), k;
    char name[1000], *value;
    size_t most;

    for (k = 0; k < count && !r->failed && !error->status; k++) {
        talk_get_text(r, name, sizeof name);
        most = (size_t)(r->end - r->next) + 1;
        value = malloc(most);
        if (!value)
            return no_memory(error);
        talk_get_text(r, value, most);
        binding_set(told->binding, name, value, error);
        free(value);
    }
    if (rows > 0 && cols > 0)
        binding_tile(told->binding, rows, cols);
    count = get_u32(r);
    if (!error->status && (r->failed || count != told->plan->inputs.count))
        error_set(error, TM_EBUG, "what is bound makes no sense");
    if (!error->status)
        binding_params(told->binding, error);
    for (k = 0; k < count && !error->status; k++)
        get_input(told, r, k, error);
    return error->status;
}

/* The plan comes last; what is bound to it is read when it is known. */
static int get_plan(struct told *told, struct wire_reader *r,
                    struct tm_error *error)
{
    struct wire_reader skip = *r;
    uint32_t count = get_u32(&skip), k, length;

    for (k = 0; k < 2 * (uint64_t)count && !skip.failed; k++)
        get_bytes(&skip, &length);
    count = get_u32(&skip);
    for (k = 0; k < count && !skip.failed; k++) {
        get_u64(&skip), get_u64(&skip), get_u8(&skip), get_u8(&skip);
        get_bytes(&skip, &length);
        get_u64(&skip), get_u64(&skip), get_u64(&skip), get_u64(&skip);
    }
    count = told->away_stores ? 0 : get_u32(&skip);
    for (k = 0; k < count && !skip.failed; k++) {
        get_bytes(&skip, &length);
        get_bytes(&skip, &length);
        get_u64(&skip);
    }
    if (skip.failed)
        return error_set(error, TM_EBUG, "what is told makes no sense");
    told->plan = plan_read(skip.next, (size_t)(skip.end - skip.next), error);
    if (told->plan)
        plan_verify(told->plan, error);
    return error->status;
}

static int told_open(struct told *told, struct wire_reader r,
                     struct tm_error *error)
{
    int64_t rows, cols;
    uint32_t k;

    get_f64(&r); /* silence */
    told->io.seed = get_u64(&r);
    told->away_stores = get_u8(&r);
    told->profiled = get_u8(&r);
    rows = (int64_t)get_u64(&r);
    cols = (int64_t)get_u64(&r);
    if (get_plan(told, &r, error))
        return error->status;
    told->binding = binding_new(told->plan);
    told->io.inputs =
        calloc(told->plan->inputs.count + 1, sizeof *told->io.inputs);
    told->io.outputs =
        calloc(told->plan->outputs.count + 1, sizeof *told->io.outputs);
    told->away_loads = calloc(told->plan->inputs.count + 1, 1);
    if (!told->binding || !told->io.inputs || !told->io.outputs ||
        !told->away_loads)
        return no_memory(error);
    told->io.binding = told->binding;
    for (k = 0; k < told->plan->outputs.count; k++)
        pthread_mutex_init(&told->io.outputs[k].opening, NULL);
    if (!get_bound(told, &r, rows, cols, error) &&
        !binding_finish(told->binding, error) && !told->away_stores)
        get_outputs(told, &r, error);
    return error->status;
}

static void told_close(struct told *told)
{
    uint32_t k;

    for (k = 0; told->io.inputs && k < told->plan->inputs.count; k++)
        file_close(told->io.inputs[k].file);
    for (k = 0; told->io.outputs && k < told->plan->outputs.count; k++)
        file_abandon(told->io.outputs[k].writer);
    free(told->io.inputs);
    free(told->io.outputs);
    free(told->away_loads);
    binding_free(told->binding);
    plan_free(told->plan);
}

static double told_silence(struct wire_reader r)
{
    return get_f64(&r);
}

static void work(struct guest *guest, int threads, struct tm_error *error)
{
    struct wire_reader welcome = guest_welcome(guest);
    struct told told = {0};
    struct profile *profile = NULL;
    int status = told_open(&told, welcome, error);

    if (!status && told.profiled) {
        profile = profile_new(told.binding, threads, told.profiled == 2,
                              profile_clock());
        if (!profile)
            status = no_memory(error);
    }
    guest_silence(guest, told_silence(welcome));
    guest_run(guest, told.binding, &told.io,
              status ? 0 : api_digest(told.binding), told.away_loads,
              told.away_stores, profile, error);
    profile_free(profile);
    told_close(&told);
}

enum tm_status tm_worker_run(struct tm_worker *worker, const char *address,
                             int insecure)
{
    struct guest_setup setup = {
        .address = address,
        .threads = worker->threads ? worker->threads : host_cores(),
        .until_eof = worker->until_eof,
        .place = worker->place,
        .memory = worker->memory ? worker->memory : host_memory() / 5 * 4,
        .spill = worker->spill,
        .silence = silence_seconds,
        .secret = worker->secret,
        .cancel = &worker->cancel,
    };
    struct guest *guest = NULL;

    error_clear(&worker->error);
    if (!api_check_address(address, insecure || worker->secret,
                           &worker->error) &&
        !api_start_kernels(&worker->error))
        guest = guest_join(&setup, &worker->error);
    if (guest)
        work(guest, setup.threads, &worker->error);
    guest_close(guest);
    atomic_store(&worker->cancel, 0);
    return (enum tm_status)worker->error.status;
}

enum tm_status tm_worker_new(struct tm_worker **worker)
{
    *worker = calloc(1, sizeof **worker);
    if (!*worker)
        return TM_EMEMORY;
    error_clear(&(*worker)->error);
    return TM_OK;
}

void tm_worker_free(struct tm_worker *worker)
{
    if (!worker)
        return;
    api_read_secret(NULL, &worker->secret, &worker->error);
    free(worker->spill);
    free(worker);
}

void tm_worker_threads(struct tm_worker *worker, int threads)
{
    worker->threads = threads > 0 ? threads : 0;
}

enum tm_status tm_worker_memory(struct tm_worker *worker, const char *size)
{
    size_t bytes;

    error_clear(&worker->error);
    bytes = api_memory_size(size, &worker->error);
    if (!worker->error.status)
        worker->memory = bytes;
    return (enum tm_status)worker->error.status;
}

enum tm_status tm_worker_spill(struct tm_worker *worker, const char *folder)
{
    char *copy = folder ? strdup(folder) : NULL;

    error_clear(&worker->error);
    if (folder && !copy)
        return (enum tm_status)no_memory(&worker->error);
    free(worker->spill);
    worker->spill = copy;
    return TM_OK;
}

enum tm_status tm_worker_secret_file(struct tm_worker *worker, const char *path)
{
    error_clear(&worker->error);
    api_read_secret(path, &worker->secret, &worker->error);
    return (enum tm_status)worker->error.status;
}

void tm_worker_until_eof(struct tm_worker *worker, int on)
{
    worker->until_eof = on;
}

void tm_worker_place(struct tm_worker *worker, int place)
{
    worker->place = place;
}

void tm_worker_cancel(struct tm_worker *worker)
{
    atomic_store(&worker->cancel, 1);
}

const char *tm_worker_error(const struct tm_worker *worker)
{
    return worker->error.text;
}
