/* Runs: what is set and bound before tm_run_execute(), and what can be asked
 * afterwards. */
#include "api/private.h"
#include "runtime/host.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"
#include "runtime/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MOST = 4096, WORKERS_MOST = 511 /* HUB_PEERS */ };

enum tm_status tm_run_new(const struct tm_plan *plan, struct tm_run **run)
{
    struct tm_run *made = calloc(1, sizeof *made);

    *run = NULL;
    if (!made)
        return TM_EMEMORY;
    made->plan = plan;
    made->processes.silence = 10;
    error_clear(&made->error);
    made->inputs = calloc(plan->plan->inputs.count + 1, sizeof *made->inputs);
    made->outputs =
        calloc(plan->plan->outputs.count + 1, sizeof *made->outputs);
    if (!made->inputs || !made->outputs) {
        tm_run_free(made);
        return TM_EMEMORY;
    }
    *run = made;
    return TM_OK;
}

static void bound_clear(struct bound *bound)
{
    free(bound->path);
    free(bound->memory);
    *bound = (struct bound){0};
}

void tm_run_free(struct tm_run *run)
{
    uint32_t k;
    size_t n;

    if (!run)
        return;
    for (k = 0; run->inputs && k < run->plan->plan->inputs.count; k++)
        bound_clear(&run->inputs[k]);
    for (k = 0; run->outputs && k < run->plan->plan->outputs.count; k++)
        bound_clear(&run->outputs[k]);
    for (n = 0; n < run->setting_count; n++) {
        free(run->settings[n].name);
        free(run->settings[n].value);
    }
    for (n = 0; n < run->folder_count; n++)
        free(run->folders[n]);
    free(run->folders);
    free(run->settings);
    edge_choice_fini(&run->edge);
    free(run->spill);
    free(run->checkpoint.folder);
    api_resumed_free(run->checkpoint.resumed);
    free(run->memory_text);
    free(run->inputs);
    free(run->outputs);
    free(run->report);
    free(run->calibration);
    free(run->processes.program);
    free(run->processes.listen);
    free(run->processes.shell);
    free(run->processes.there);
    api_read_hosts(run, NULL, &run->error);
    api_read_secret(NULL, &run->processes.secret, &run->error);
    api_profile_fini(&run->profile);
    store_free(run->store);
    free(run);
}

/* Ends a call: the report belongs to its error. */
static enum tm_status done(struct tm_run *run)
{
    api_report(run);
    return (enum tm_status)run->error.status;
}

/* ---- parameters and options --------------------------------------------- */

static struct setting *setting_find(struct tm_run *run, const char *name)
{
    size_t k;

    for (k = 0; k < run->setting_count; k++)
        if (!strcmp(run->settings[k].name, name))
            return &run->settings[k];
    return NULL;
}

/* Does the plan take this value?  The binding that is asked is thrown away:
 * each execution makes its own. */
static int setting_check(struct tm_run *run, const char *name,
                         const char *value)
{
    struct binding *binding = binding_new(run->plan->plan);
    int status;

    if (!binding)
        return error_set(&run->error, TM_EMEMORY, "out of memory");
    status = binding_set(binding, name, value, &run->error);
    binding_free(binding);
    return status;
}

static struct setting *setting_add(struct tm_run *run, const char *name)
{
    struct setting *grown =
        realloc(run->settings, (run->setting_count + 1) * sizeof *grown);
    struct setting *setting;

    if (!grown)
        return NULL;
    run->settings = grown;
    setting = &grown[run->setting_count];
    *setting = (struct setting){.name = strdup(name)};
    if (!setting->name)
        return NULL;
    run->setting_count++;
    return setting;
}

enum tm_status tm_run_set(struct tm_run *run, const char *name,
                          const char *value)
{
    struct setting *setting = setting_find(run, name);
    char *copy;

    error_clear(&run->error);
    if (setting && setting->value && setting->round == run->round)
        error_set(&run->error, TM_EUSAGE, "parameter %s is set twice", name);
    else if (!setting_check(run, name, value)) {
        copy = strdup(value);
        if (copy && !setting)
            setting = setting_add(run, name);
        if (copy && setting) {
            free(setting->value);
            setting->value = copy;
            setting->round = run->round;
        } else {
            free(copy);
            error_set(&run->error, TM_EMEMORY, "out of memory");
        }
    }
    return done(run);
}

enum tm_status tm_run_tile(struct tm_run *run, int64_t rows, int64_t cols)
{
    error_clear(&run->error);
    if (rows < 1 || cols < 1) {
        error_set(&run->error, TM_EUSAGE,
                  "a tile of %" PRId64 " x %" PRId64
                  ": edges must be at least 1",
                  rows, cols);
        return done(run);
    }
    run->tile_rows = rows;
    run->tile_cols = cols;
    return done(run);
}

enum tm_status tm_run_threads(struct tm_run *run, int threads)
{
    error_clear(&run->error);
    if (threads < 0 || threads > THREADS_MOST)
        error_set(&run->error, TM_EUSAGE, "%d threads: from 1 to %d can run",
                  threads, THREADS_MOST);
    else
        run->threads = threads;
    return done(run);
}

static size_t memory_size(const char *text)
{
    static const char units[] = "KMGT";
    const char *unit;
    char *end;
    double amount = strtod(text, &end);

    if (!strcmp(text, "auto"))
        return 0;
    if (end == text)
        return SIZE_MAX;
    if (*end == '%') {
        amount *= (double)host_memory() / 100;
        end++;
    } else if (*end && (unit = strchr(units, *end))) {
        amount *= (double)((uint64_t)1 << 10 * (unit - units + 1));
        end++;
    }
    return !*end && amount >= 1 && amount < 1e18 ? (size_t)amount : SIZE_MAX;
}

size_t api_memory_size(const char *text, struct tm_error *error)
{
    size_t bytes = memory_size(text);

    if (bytes == SIZE_MAX)
        error_set(error, TM_EUSAGE,
                  "a memory of %s: it is a size as in 384M, 8G or 60%%, or "
                  "auto",
                  text);
    return bytes;
}

enum tm_status tm_run_memory(struct tm_run *run, const char *size)
{
    size_t bytes;
    char *copy;

    error_clear(&run->error);
    bytes = api_memory_size(size, &run->error);
    if (run->error.status)
        return done(run);
    copy = strdup(size);
    if (!copy) {
        error_set(&run->error, TM_EMEMORY, "out of memory");
        return done(run);
    }
    free(run->memory_text);
    run->memory_text = copy;
    run->memory = bytes;
    return done(run);
}

enum tm_status tm_run_spill(struct tm_run *run, const char *folder)
{
    char *copy = folder ? strdup(folder) : NULL;

    error_clear(&run->error);
    if (folder && !copy) {
        error_set(&run->error, TM_EMEMORY, "out of memory");
        return done(run);
    }
    free(run->spill);
    run->spill = copy;
    return done(run);
}

enum tm_status tm_run_checkpoint(struct tm_run *run, const char *folder,
                                 double seconds)
{
    char *copy = NULL;

    error_clear(&run->error);
    if (folder && !(seconds >= 0 && seconds <= 1e9)) {
        error_set(&run->error, TM_EUSAGE,
                  "%g seconds between checkpoints: from 0 to 1e9 are allowed",
                  seconds);
        return done(run);
    }
    copy = folder ? strdup(folder) : NULL;
    if (folder && !copy) {
        error_set(&run->error, TM_EMEMORY, "out of memory");
        return done(run);
    }
    if (run->checkpoint.resumed && (!folder || strcmp(folder,
                                                      run->checkpoint.folder)))
        error_set(&run->error, TM_EUSAGE,
                  "a run that goes on from %s saves there",
                  run->checkpoint.folder);
    if (run->error.status) {
        free(copy);
        return done(run);
    }
    free(run->checkpoint.folder);
    run->checkpoint.folder = copy;
    run->checkpoint.seconds = seconds;
    return done(run);
}

enum tm_status tm_run_workers(struct tm_run *run, int workers,
                              const char *program)
{
    char *copy = program ? strdup(program) : NULL;

    error_clear(&run->error);
    if (workers < 0 || workers > WORKERS_MOST)
        error_set(&run->error, TM_EUSAGE, "%d workers: from 1 to %d can run",
                  workers, WORKERS_MOST);
    else if (program && !copy)
        error_set(&run->error, TM_EMEMORY, "out of memory");
    if (run->error.status) {
        free(copy);
        return done(run);
    }
    free(run->processes.program);
    run->processes.program = copy;
    run->processes.workers = workers;
    return done(run);
}

enum tm_status tm_run_secret_file(struct tm_run *run, const char *path)
{
    error_clear(&run->error);
    api_read_secret(path, &run->processes.secret, &run->error);
    return done(run);
}

enum tm_status tm_run_listen(struct tm_run *run, const char *address,
                             int insecure)
{
    char *copy = NULL;

    error_clear(&run->error);
    if (address &&
        api_check_address(address,
                          insecure || run->processes.secret ||
                              api_names_others(run),
                          &run->error))
        return done(run);
    copy = address ? strdup(address) : NULL;
    if (address && !copy) {
        error_set(&run->error, TM_EMEMORY, "out of memory");
        return done(run);
    }
    free(run->processes.listen);
    run->processes.listen = copy;
    run->processes.insecure = insecure;
    return done(run);
}

enum tm_status tm_run_hosts(struct tm_run *run, const char *hosts,
                            const char *shell, const char *program)
{
    error_clear(&run->error);
    if (api_read_hosts(run, hosts, &run->error))
        return done(run);
    free(run->processes.shell);
    free(run->processes.there);
    run->processes.shell = hosts ? strdup(shell) : NULL;
    run->processes.there = hosts ? strdup(program) : NULL;
    if (hosts && (!run->processes.shell || !run->processes.there))
        error_set(&run->error, TM_EMEMORY, "out of memory");
    return done(run);
}

enum tm_status tm_run_shared_files(struct tm_run *run, int on)
{
    error_clear(&run->error);
    run->processes.shared = on;
    return done(run);
}

enum tm_status tm_run_silence(struct tm_run *run, double seconds)
{
    error_clear(&run->error);
    if (!(seconds >= 0.1 && seconds <= 3600))
        error_set(&run->error, TM_EUSAGE,
                  "%g seconds of silence: from 0.1 to 3600 are allowed",
                  seconds);
    else
        run->processes.silence = seconds;
    return done(run);
}

enum tm_status tm_run_seed(struct tm_run *run, uint64_t seed)
{
    error_clear(&run->error);
    run->seed = seed;
    return done(run);
}

enum tm_status tm_run_allow_folder(struct tm_run *run, const char *folder)
{
    char *real, **more;

    error_clear(&run->error);
    real = realpath(folder, NULL);
    more = realloc(run->folders, (run->folder_count + 1) * sizeof *more);
    if (more)
        run->folders = more;
    if (real && more) {
        more[run->folder_count++] = real;
        return done(run);
    }
    free(real);
    if (!more)
        error_set(&run->error, TM_EMEMORY, "out of memory");
    else
        error_set(&run->error, TM_EUSAGE, "there is no folder %s", folder);
    return done(run);
}

void tm_run_on_print(struct tm_run *run,
                     void (*print)(void *user, const char *line), void *user)
{
    run->print = print;
    run->print_user = user;
}

void tm_run_on_note(struct tm_run *run,
                    void (*note)(void *user, const char *text), void *user)
{
    run->note = note;
    run->note_user = user;
}

void tm_run_on_progress(struct tm_run *run,
                        void (*progress)(void *user,
                                         const struct tm_progress *),
                        void *user)
{
    run->progress = progress;
    run->progress_user = user;
}

/* ---- names -------------------------------------------------------------- */

static void list_add(char *out, size_t size, const char *name)
{
    size_t at = strlen(out);

    if (*name && at < size)
        snprintf(out + at, size - at, "%s%s", at ? ", " : "", name);
}

void api_input_names(const struct plan *plan, char *out, size_t size)
{
    uint32_t k;

    out[0] = 0;
    for (k = 0; k < plan->inputs.count; k++)
        list_add(out, size, plan_string(plan, plan->inputs.items[k].name));
}

static void output_names(const struct plan *plan, char *out, size_t size)
{
    uint32_t k;

    out[0] = 0;
    for (k = 0; k < plan->outputs.count; k++)
        list_add(out, size, plan_string(plan, plan->outputs.items[k].name));
}

static struct bound *input_find(const struct tm_run *run, const char *name)
{
    const struct plan *plan = run->plan->plan;
    uint32_t k;

    for (k = 0; k < plan->inputs.count; k++)
        if (!strcmp(plan_string(plan, plan->inputs.items[k].name), name))
            return &run->inputs[k];
    return NULL;
}

static struct bound *output_find(const struct tm_run *run, const char *name)
{
    const struct plan *plan = run->plan->plan;
    uint32_t k;

    for (k = 0; k < plan->outputs.count && *name; k++)
        if (!strcmp(plan_string(plan, plan->outputs.items[k].name), name))
            return &run->outputs[k];
    return NULL;
}

static int is_bound(const struct tm_run *run, const struct bound *bound)
{
    return bound->kind != BOUND_NOT && bound->round == run->round;
}

/* The input or output to bind.  Of an input and an output that share a name
 * the input comes first, the output next. */
static struct bound *bound_find(struct tm_run *run, const char *name,
                                int outputs_only)
{
    struct bound *input = outputs_only ? NULL : input_find(run, name);
    struct bound *output = output_find(run, name), *bound;
    char ins[300], outs[300];

    bound = input && (!output || !is_bound(run, input)) ? input : output;
    if (!bound) {
        api_input_names(run->plan->plan, ins, sizeof ins);
        output_names(run->plan->plan, outs, sizeof outs);
        error_set(&run->error, TM_EUSAGE,
                  "there is no %s %s; inputs are %s; outputs are %s",
                  outputs_only ? "output" : "input or output", name,
                  *ins ? ins : "none", *outs ? outs : "none");
    } else if (is_bound(run, bound)) {
        error_set(&run->error, TM_EUSAGE, "%s is bound twice", name);
        bound = NULL;
    }
    return bound;
}

enum tm_status tm_run_bind_file(struct tm_run *run, const char *name,
                                const char *path)
{
    struct bound *bound;
    char *copy;

    error_clear(&run->error);
    bound = bound_find(run, name, 0);
    if (!bound)
        return done(run);
    copy = strdup(path);
    if (!copy) {
        error_set(&run->error, TM_EMEMORY, "out of memory");
        return done(run);
    }
    bound_clear(bound);
    bound->kind = BOUND_FILE;
    bound->round = run->round;
    bound->path = copy;
    return done(run);
}

/* Bytes from the first to the last entry fit an address? */
static int memory_fits(int64_t rows, int64_t cols, int64_t rs, int64_t cs,
                       size_t size)
{
    int64_t down, right, span;

    return !__builtin_mul_overflow(rows, rs, &down) &&
           !__builtin_mul_overflow(cols, cs, &right) && down > -(1ll << 58) &&
           down < (1ll << 58) && right > -(1ll << 58) && right < (1ll << 58) &&
           !__builtin_mul_overflow(down + right, (int64_t)size, &span);
}

static int memory_check(struct tm_run *run, const char *name, const void *data,
                        enum tm_type type, int64_t rows, int64_t cols,
                        int64_t rs, int64_t cs)
{
    size_t size =
        type >= TM_F32 && type <= TM_C128 ? type_bytes((uint8_t)type) : 0;

    if (!size)
        return error_set(&run->error, TM_EUSAGE, "%s: no type has number %d",
                         name, (int)type);
    if (rows < 0 || cols < 0)
        return error_set(&run->error, TM_EUSAGE,
                         "%s: %" PRId64 " x %" PRId64 " entries", name, rows,
                         cols);
    if (!data && rows && cols)
        return error_set(&run->error, TM_EUSAGE, "%s: data is NULL", name);
    if ((rows > 1 && !rs) || (cols > 1 && !cs))
        return error_set(&run->error, TM_EUSAGE, "%s: a stride is 0", name);
    if (!memory_fits(rows, cols, rs, cs, size))
        return error_set(&run->error, TM_EUSAGE,
                         "%s: strides reach beyond all memory", name);
    return TM_OK;
}

enum tm_status tm_run_bind_memory(struct tm_run *run, const char *name,
                                  void *data, enum tm_type type, int64_t rows,
                                  int64_t cols, int64_t row_stride,
                                  int64_t col_stride)
{
    struct bound *bound;

    error_clear(&run->error);
    bound = bound_find(run, name, 0);
    if (!bound ||
        memory_check(run, name, data, type, rows, cols, row_stride, col_stride))
        return done(run);
    bound_clear(bound);
    *bound = (struct bound){.kind = BOUND_MEMORY,
                            .round = run->round,
                            .data = data,
                            .type = type,
                            .rows = rows,
                            .cols = cols,
                            .rs = rows > 1 ? row_stride : 1,
                            .cs = cols > 1 ? col_stride : 1};
    return done(run);
}

enum tm_status tm_run_keep(struct tm_run *run, const char *name)
{
    struct bound *bound;

    error_clear(&run->error);
    bound = bound_find(run, name, 1);
    if (!bound)
        return done(run);
    if (bound->kind != BOUND_KEPT)
        bound_clear(bound);
    bound->kind = BOUND_KEPT;
    bound->data = NULL;
    bound->round = run->round;
    return done(run);
}

/* ---- running ------------------------------------------------------------ */

/* Of one field: what it is and what it must be. */
static int refuse(struct tm_run *run, const char *name, double value,
                  const char *wanted)
{
    return error_set(&run->error, TM_EUSAGE,
                     "a cluster with %s=%g can't be: %s", name, value, wanted);
}

static int check_cluster(struct tm_run *run, const struct tm_cluster *c)
{
    if (c->workers < 1 || c->workers > 4000)
        return refuse(run, "workers", c->workers, "1 to 4000 are wanted");
    if (c->cores < 1 || c->cores > 4096)
        return refuse(run, "cores", c->cores, "1 to 4096 are wanted");
    if (c->lost < 0 || c->lost >= c->workers)
        return refuse(run, "lost", c->lost,
                      "a number below that of the workers is wanted");
    if (!(c->flops >= 0))
        return refuse(run, "flops", c->flops, "it must not be below 0");
    if (!(c->bandwidth > 0))
        return refuse(run, "bandwidth", c->bandwidth, "it must be above 0");
    if (!(c->latency >= 0))
        return refuse(run, "latency", c->latency, "it must not be below 0");
    if (!(c->task >= 0))
        return refuse(run, "task", c->task, "it must not be below 0");
    if (!(c->message >= 0))
        return refuse(run, "message", c->message, "it must not be below 0");
    return TM_OK;
}

enum tm_status tm_run_simulate(struct tm_run *run,
                               const struct tm_cluster *cluster,
                               struct tm_forecast *forecast)
{
    error_clear(&run->error);
    if (!check_cluster(run, cluster))
        api_simulate(run, cluster, forecast);
    atomic_store(&run->cancel, 0);
    return done(run);
}

enum tm_status tm_run_calibrate(struct tm_run *run, const char **text)
{
    error_clear(&run->error);
    api_calibrate(run);
    atomic_store(&run->cancel, 0);
    *text = run->error.status ? NULL : run->calibration;
    return done(run);
}

enum tm_status tm_run_execute(struct tm_run *run)
{
    error_clear(&run->error);
    api_drop_results(run);
    if (api_execute(run))
        api_drop_results(run);
    run->round++;
    atomic_store(&run->cancel, 0);
    return done(run);
}

void tm_run_cancel(struct tm_run *run)
{
    atomic_store(&run->cancel, 1);
}

const char *tm_run_error(const struct tm_run *run)
{
    return run->error.text;
}

const char *tm_run_error_report(const struct tm_run *run)
{
    return run->report ? run->report : run->error.text;
}

uint32_t tm_run_error_line(const struct tm_run *run)
{
    const struct plan_place *at =
        plan_script_place(run->plan->plan, run->error.place);

    return run->error.status && at ? at->line : 0;
}

uint32_t tm_run_error_column(const struct tm_run *run)
{
    const struct plan_place *at =
        plan_script_place(run->plan->plan, run->error.place);

    return run->error.status && at ? at->column : 0;
}

void api_drop_results(struct tm_run *run)
{
    uint32_t k;

    for (k = 0; k < run->plan->plan->outputs.count; k++)
        if (run->outputs[k].kind == BOUND_KEPT)
            run->outputs[k].data = NULL;
}

/* Asking leaves the run as it is, so the text of a failure is static in
 * tm_status_text(). */
enum tm_status tm_run_result(const struct tm_run *run, const char *name,
                             struct tm_view *view)
{
    const struct bound *bound = output_find(run, name);

    *view = (struct tm_view){0};
    if (!bound || bound->kind != BOUND_KEPT || !bound->data)
        return TM_EUSAGE;
    *view =
        (struct tm_view){bound->data, bound->type, bound->rows, bound->cols};
    return TM_OK;
}
