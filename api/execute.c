/* One execution of a run: bind, open, check everything that can be checked
 * before the first task, run, and give the outputs their names. */
#include "api/private.h"
#include "plan/edge.h"
#include "runtime/calibrate.h"
#include "runtime/checkpoint.h"
#include "runtime/engine.h"
#include "runtime/file.h"
#include "runtime/host.h"
#include "runtime/hub.h"
#include "runtime/job.h"
#include "runtime/profile.h"
#include "runtime/simulate.h"
#include "runtime/store.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct target {   /* of an output */
    char *path;   /* file: as given; owned */
    char *real;   /* its name without links; owned */
    char *staged; /* memory that overlaps an input: written here first */
};

struct execution {
    struct tm_run *run;
    const struct plan *plan;
    struct binding *binding;
    struct job_io io;
    struct target *targets;
    char **input_paths; /* owned; NULL: memory */
    struct tm_error *error;
};

static int fail_at(struct execution *x, uint32_t place)
{
    if (x->error->place == PLAN_NONE)
        x->error->place = place;
    return x->error->status;
}

static int no_memory(struct execution *x)
{
    return error_set(x->error, TM_EMEMORY, "out of memory");
}

static const char *input_name(const struct execution *x, uint32_t k)
{
    return plan_string(x->plan, x->plan->inputs.items[k].name);
}

/* An output for messages: those of write() have no name but a path. */
static const char *output_name(const struct execution *x, uint32_t k)
{
    const char *name = plan_string(x->plan, x->plan->outputs.items[k].name);

    return *name || !x->targets[k].path ? name : x->targets[k].path;
}

/* ---- before the sizes are known ----------------------------------------- */

static int bind_settings(struct execution *x)
{
    const struct tm_run *run = x->run;
    size_t k;
    int status = 0;

    x->binding = binding_new(x->plan);
    if (!x->binding)
        return no_memory(x);
    for (k = 0; k < run->setting_count && !status; k++)
        status = binding_set(x->binding, run->settings[k].name,
                             run->settings[k].value, x->error);
    if (run->tile_rows)
        binding_tile(x->binding, run->tile_rows, run->tile_cols);
    return status ? status : (int)binding_params(x->binding, x->error);
}

/* A path that the plan gives: a text parameter's value, or a string. */
static const char *plan_path(const struct execution *x, uint32_t param,
                             uint32_t path)
{
    if (param != PLAN_NONE)
        return x->binding->param_texts[param];
    return path == PLAN_NONE ? NULL : plan_string(x->plan, path);
}

/* ---- outputs ------------------------------------------------------------ */

static char *real_name(const char *path)
{
    char *real = realpath(path, NULL), *folder, *joined;
    const char *slash = strrchr(path, '/');
    size_t length;

    if (real)
        return real;
    folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    real = folder ? realpath(folder, NULL) : NULL;
    free(folder);
    if (!real)
        return strdup(path);
    length = strlen(real) + strlen(path) + 2;
    joined = malloc(length);
    if (joined)
        snprintf(joined, length, "%s/%s", real, slash ? slash + 1 : path);
    free(real);
    return joined;
}

static int lies_in(const char *folder, const char *path)
{
    size_t length = strlen(folder);

    return !strncmp(folder, path, length) &&
           (path[length] == '/' || !path[length] ||
            (length && folder[length - 1] == '/'));
}

/* May the plan name this file by itself?  Scripts that are compiled here are
 * the caller's own words, and so is what the caller has set. */
static int path_allowed(struct execution *x, const char *path,
                        uint32_t param)
{
    char *real, *here;
    size_t n;
    int allowed = 0;

    if (!x->run->plan->read ||
        (param != PLAN_NONE && x->binding->param_state[param] == 2))
        return 1;
    real = real_name(path);
    here = realpath(".", NULL);
    if (real && here)
        allowed = lies_in(here, real);
    for (n = 0; real && n < x->run->folder_count; n++)
        allowed |= lies_in(x->run->folders[n], real);
    free(real);
    free(here);
    if (!allowed)
        error_set(x->error, TM_EUSAGE,
                  "the plan itself names %s, which is not in or below this "
                  "folder: bind another file to it, or allow its folder",
                  path);
    return allowed;
}

static int not_bound(struct execution *x, uint32_t k)
{
    const struct plan_input *in = &x->plan->inputs.items[k];
    const char *name = input_name(x, k);
    char names[400], declared[200];

    api_input_names(x->plan, names, sizeof names);
    api_place_text(x->plan, in->place, declared, sizeof declared);
    if (strncmp(declared, name, strlen(name)))
        snprintf(declared, sizeof declared, "%s", name);
    return error_set(x->error, TM_EUSAGE,
                     "input %s is not bound: bind it with %s=FILE; inputs "
                     "are %s",
                     declared, name, names);
}

static int is_complex(enum tm_type type)
{
    return type == TM_C64 || type == TM_C128;
}

static int open_file(struct execution *x, uint32_t k, const char *path,
                     int from_plan)
{
    const struct plan_input *in = &x->plan->inputs.items[k];
    struct file_info info;

    x->input_paths[k] = strdup(path);
    if (!x->input_paths[k])
        return no_memory(x);
    if (file_open(path, &x->io.inputs[k].file, &info, x->error))
        return from_plan ? fail_at(x, in->place) : x->error->status;
    if (in->fixed && is_complex(info.type) &&
        !is_complex((enum tm_type)in->fixed)) {
        error_set(x->error, TM_ESCRIPT,
                  "input %s is %s, and %s holds complex numbers (%s)",
                  input_name(x, k), type_name(in->fixed), path, info.stored);
        return fail_at(x, in->place);
    }
    binding_input(x->binding, k, info.rows, info.cols, info.type);
    return TM_OK;
}

static int open_memory(struct execution *x, uint32_t k,
                       const struct bound *bound)
{
    const struct plan_input *in = &x->plan->inputs.items[k];
    struct job_input *input = &x->io.inputs[k];

    if (in->fixed && is_complex(bound->type) &&
        !is_complex((enum tm_type)in->fixed)) {
        error_set(x->error, TM_ESCRIPT,
                  "input %s is %s, and the memory bound to it is %s",
                  input_name(x, k), type_name(in->fixed),
                  type_name((uint8_t)bound->type));
        return fail_at(x, in->place);
    }
    input->data = bound->data;
    input->type = (uint8_t)bound->type;
    input->rs = bound->rs;
    input->cs = bound->cs;
    binding_input(x->binding, k, bound->rows, bound->cols, bound->type);
    return TM_OK;
}

static int open_inputs(struct execution *x)
{
    uint32_t k;
    int status = 0;

    for (k = 0; k < x->plan->inputs.count && !status; k++) {
        const struct plan_input *in = &x->plan->inputs.items[k];
        const struct bound *bound = &x->run->inputs[k];
        const char *path = plan_path(x, in->path_param, in->path);
        if (bound->kind == BOUND_MEMORY)
            status = open_memory(x, k, bound);
        else if (bound->kind == BOUND_FILE)
            status = open_file(x, k, bound->path, 0);
        else if (path && !path_allowed(x, path, in->path_param))
            status = x->error->status;
        else if (path)
            status = open_file(x, k, path, 1);
        else
            status = not_bound(x, k);
    }
    return status;
}

/* Memory of the type that the script computes in is used where it lies. */
static void inputs_direct(struct execution *x)
{
    uint32_t k;

    for (k = 0; k < x->plan->inputs.count; k++) {
        struct job_input *in = &x->io.inputs[k];
        uint32_t matrix = x->plan->inputs.items[k].matrix;
        in->direct = !in->file && matrix != PLAN_NONE &&
                     x->binding->matrices[matrix].type == in->type;
    }
}

/* NAME.npy where neither run nor script says another. */
static char *output_path(const struct execution *x, uint32_t k)
{
    const struct plan_output *out = &x->plan->outputs.items[k];
    const char *path = plan_path(x, out->path_param, out->path);
    const char *name = plan_string(x->plan, out->name);
    size_t length = strlen(name) + 8;
    char *made;

    if (x->run->outputs[k].kind == BOUND_FILE)
        return strdup(x->run->outputs[k].path);
    if (path)
        return strdup(path);
    made = malloc(length);
    if (made)
        snprintf(made, length, "%s.npy", name);
    return made;
}

static int same_file(const char *a, const char *b)
{
    struct stat x, y;

    return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

static int check_target(struct execution *x, uint32_t k)
{
    const struct target *to = &x->targets[k];
    uint32_t n;

    for (n = 0; n < x->plan->inputs.count; n++)
        if (x->input_paths[n] && same_file(x->input_paths[n], to->path))
            return error_set(x->error, TM_EUSAGE,
                             "output %s would replace %s, which is bound to "
                             "input %s",
                             output_name(x, k), to->path, input_name(x, n));
    for (n = 0; n < k; n++)
        if (x->targets[n].real && !strcmp(x->targets[n].real, to->real))
            return error_set(x->error, TM_EUSAGE,
                             "outputs %s and %s both go to %s",
                             output_name(x, n), output_name(x, k), to->path);
    return (int)file_check_target(to->path, x->error);
}

static int aim_file(struct execution *x, uint32_t k)
{
    const struct plan_output *out = &x->plan->outputs.items[k];
    struct target *to = &x->targets[k];

    to->path = output_path(x, k);
    to->real = to->path ? real_name(to->path) : NULL;
    if (!to->real)
        return no_memory(x);
    if (x->run->outputs[k].kind != BOUND_FILE &&
        !path_allowed(x, to->path, out->path_param))
        return x->error->status;
    x->io.outputs[k].path = to->path;
    if (!check_target(x, k))
        return TM_OK;
    return x->run->outputs[k].kind == BOUND_NOT ? fail_at(x, out->place)
                                                : x->error->status;
}

struct span {
    const char *low, *high;
};

static struct span span_of(const struct bound *bound)
{
    int64_t size = (int64_t)type_bytes((uint8_t)bound->type);
    int64_t down = (bound->rows - 1) * bound->rs * size;
    int64_t right = (bound->cols - 1) * bound->cs * size;
    struct span span = {bound->data, bound->data};

    if (!bound->rows || !bound->cols)
        return span;
    *(down < 0 ? &span.low : &span.high) += down;
    *(right < 0 ? &span.low : &span.high) += right;
    span.high += size;
    return span;
}

static int overlap(const struct bound *a, const struct bound *b)
{
    struct span x = span_of(a), y = span_of(b);

    return x.low < y.high && y.low < x.high;
}

static int aim_memory(struct execution *x, uint32_t k)
{
    const struct plan_output *out = &x->plan->outputs.items[k];
    const struct bind_matrix *m = &x->binding->matrices[out->matrix];
    const struct bound *bound = &x->run->outputs[k];
    struct job_output *to = &x->io.outputs[k];
    uint32_t n;

    if (bound->rows != m->rows || bound->cols != m->cols ||
        (uint8_t)bound->type != m->type) {
        error_set(x->error, TM_ESCRIPT,
                  "output %s is %" PRId64 " x %" PRId64
                  " of type %s; the memory bound to it is %" PRId64
                  " x %" PRId64 " of type %s",
                  output_name(x, k), m->rows, m->cols, type_name(m->type),
                  bound->rows, bound->cols, type_name((uint8_t)bound->type));
        return fail_at(x, out->place);
    }
    to->data = bound->data;
    to->rs = bound->rs;
    to->cs = bound->cs;
    for (n = 0; n < k; n++)
        if (x->run->outputs[n].kind == BOUND_MEMORY && bound->data &&
            x->run->outputs[n].data == bound->data)
            return error_set(x->error, TM_EUSAGE,
                             "outputs %s and %s are bound to the same memory",
                             output_name(x, n), output_name(x, k));
    for (n = 0; n < x->plan->inputs.count; n++)
        if (x->run->inputs[n].kind == BOUND_MEMORY &&
            overlap(bound, &x->run->inputs[n]) && !x->targets[k].staged) {
            x->targets[k].staged =
                calloc((size_t)(m->rows * m->cols), type_bytes(m->type));
            if (!x->targets[k].staged)
                return no_memory(x);
            to->data = x->targets[k].staged;
            to->rs = 1;
            to->cs = m->rows;
        }
    return TM_OK;
}

/* Memory of so many bytes, of whole huge pages where that is a gain: touched
 * page by page it would take several times as long as writing it. */
static char *fresh_memory(size_t bytes)
{
    const size_t line = 64, huge = (size_t)2 << 20;
    size_t edge = bytes < 2 * huge ? line : huge;
    size_t whole = (bytes + edge) / edge * edge;
    char *memory = whole >= bytes ? aligned_alloc(edge, whole) : NULL;

    if (memory && edge == huge)
        madvise(memory, whole, MADV_HUGEPAGE);
    return memory;
}

/* That of the last result serves again, if it has the size: its pages are
 * there. */
static int aim_kept(struct execution *x, uint32_t k)
{
    uint32_t matrix = x->plan->outputs.items[k].matrix;
    const struct bind_matrix *m = &x->binding->matrices[matrix];
    struct bound *bound = &x->run->outputs[k];
    size_t bytes = (size_t)(m->rows * m->cols) * type_bytes(m->type);

    if (!bound->memory || bound->bytes != bytes) {
        free(bound->memory);
        bound->memory = fresh_memory(bytes);
        bound->bytes = bytes;
    }
    if (!bound->memory)
        return error_set(x->error, TM_EMEMORY,
                         "out of memory: output %s needs %zu bytes",
                         output_name(x, k), bytes);
    bound->data = bound->memory;
    bound->type = (enum tm_type)m->type;
    bound->rows = m->rows;
    bound->cols = m->cols;
    x->io.outputs[k].data = bound->data;
    x->io.outputs[k].rs = 1;
    x->io.outputs[k].cs = m->rows;
    return TM_OK;
}

static int aim_outputs(struct execution *x)
{
    uint32_t k;
    int status = 0;

    for (k = 0; k < x->plan->outputs.count && !status; k++)
        switch (x->run->outputs[k].kind) {
        case BOUND_MEMORY: status = aim_memory(x, k); break;
        case BOUND_KEPT: status = aim_kept(x, k); break;
        default: status = aim_file(x, k);
        }
    return status;
}

/* Files that will certainly exist are made before the first task, so that a
 * full disk is noticed; those of write() when the first tile comes. */
static int create_files(struct execution *x)
{
    uint32_t k;

    for (k = 0; k < x->plan->outputs.count; k++) {
        const struct plan_output *out = &x->plan->outputs.items[k];
        const struct bind_matrix *m = &x->binding->matrices[out->matrix];
        struct job_output *to = &x->io.outputs[k];
        int certain =
            *plan_string(x->plan, out->name) || !m->trows || !m->tcols;
        if (to->path && certain &&
            file_create(to->path, (enum tm_type)m->type, m->rows, m->cols,
                        &to->writer, x->error))
            return x->error->status;
    }
    return TM_OK;
}

static void copy_staged(struct execution *x)
{
    uint32_t k;

    for (k = 0; k < x->plan->outputs.count; k++) {
        const struct bound *bound = &x->run->outputs[k];
        size_t size = type_bytes((uint8_t)bound->type);
        const char *from = x->targets[k].staged;
        int64_t i, j;
        if (!from)
            continue;
        for (j = 0; j < bound->cols; j++)
            for (i = 0; i < bound->rows; i++, from += size)
                memcpy(bound->data +
                           (i * bound->rs + j * bound->cs) * (int64_t)size,
                       from, size);
    }
}

/* All outputs take their names, or none that can be held back does. */
static int commit(struct execution *x)
{
    uint32_t k;

    for (k = 0; k < x->plan->outputs.count; k++) {
        struct writer *writer = x->io.outputs[k].writer;
        x->io.outputs[k].writer = NULL;
        if (writer && file_commit(writer, x->error))
            return x->error->status;
    }
    copy_staged(x);
    return TM_OK;
}

/* ---- the whole ---------------------------------------------------------- */

static int execution_init(struct execution *x, struct tm_run *run)
{
    uint32_t k;

    *x = (struct execution){.run = run, .plan = run->plan->plan};
    x->error = &run->error;
    x->io.seed = run->seed;
    x->targets = calloc(x->plan->outputs.count + 1, sizeof *x->targets);
    x->input_paths = calloc(x->plan->inputs.count + 1, sizeof *x->input_paths);
    x->io.inputs = calloc(x->plan->inputs.count + 1, sizeof *x->io.inputs);
    x->io.outputs = calloc(x->plan->outputs.count + 1, sizeof *x->io.outputs);
    if (!x->targets || !x->input_paths || !x->io.inputs || !x->io.outputs)
        return no_memory(x);
    for (k = 0; k < x->plan->outputs.count; k++)
        pthread_mutex_init(&x->io.outputs[k].opening, NULL);
    return TM_OK;
}

static void execution_fini(struct execution *x)
{
    uint32_t k;

    for (k = 0; x->io.inputs && k < x->plan->inputs.count; k++)
        file_close(x->io.inputs[k].file);
    for (k = 0; x->input_paths && k < x->plan->inputs.count; k++)
        free(x->input_paths[k]);
    for (k = 0; x->io.outputs && k < x->plan->outputs.count; k++) {
        file_abandon(x->io.outputs[k].writer);
        pthread_mutex_destroy(&x->io.outputs[k].opening);
    }
    for (k = 0; x->targets && k < x->plan->outputs.count; k++) {
        free(x->targets[k].path);
        free(x->targets[k].real);
        free(x->targets[k].staged);
    }
    free(x->targets);
    free(x->input_paths);
    free(x->io.inputs);
    free(x->io.outputs);
    binding_free(x->binding);
}

/* A profile, and a trace that replaces none of the run's own files. */
static int open_profile(struct execution *x, int threads)
{
    const struct run_profile *profile = &x->run->profile;
    uint32_t k;

    if (api_profile_open(&x->run->profile, x->binding, threads, x->error))
        return x->error->status;
    for (k = 0; profile->file && k < x->plan->inputs.count; k++)
        if (x->input_paths[k] && same_file(x->input_paths[k], profile->trace))
            return error_set(x->error, TM_EUSAGE,
                             "the trace would replace %s, which is bound to "
                             "input %s",
                             profile->trace, input_name(x, k));
    for (k = 0; profile->file && k < x->plan->outputs.count; k++)
        if (x->targets[k].path && same_file(x->targets[k].path, profile->trace))
            return error_set(x->error, TM_EUSAGE,
                             "the trace and output %s both go to %s",
                             output_name(x, k), profile->trace);
    return TM_OK;
}

/* Memory of the last execution serves again: its pages are there. */
static struct store *warm_store(struct tm_run *run)
{
    if (run->store)
        store_reset(run->store);
    else
        run->store = store_new();
    return run->store;
}

static int run_here(struct execution *x, struct engine_setup *setup)
{
    setup->store = warm_store(x->run);
    return setup->store ? (int)engine_run(setup, NULL, x->error)
                        : no_memory(x);
}

static int run_engine(struct execution *x, int threads)
{
    struct tm_run *run = x->run;
    struct engine_setup setup = {
        .binding = x->binding,
        .io = &x->io,
        .threads = threads,
        .cancel = &run->cancel,
        .print = run->print,
        .print_user = run->print_user,
        .note = run->note,
        .note_user = run->note_user,
        .progress = run->progress,
        .progress_user = run->progress_user,
        .profile = run->profile.now,
        .memory = run->memory ? run->memory : host_memory() / 5 * 4,
        .spill = run->spill,
    };
    struct checkpoint_setup checkpoint = {0};
    int status;

    x->io.binding = x->binding;
    if (run->checkpoint.folder) {
        if (api_checkpoint(run, &x->io, x->input_paths, &checkpoint, x->error))
            return x->error->status;
        setup.checkpoint = &checkpoint;
    }
    profile_phase(run->profile.now, PROFILE_RUN);
    if (run->processes.workers || run->processes.host_count)
        status = api_run_processes(run, &setup, x->input_paths, x->error);
    else
        status = run_here(x, &setup);
    profile_phase(run->profile.now, PROFILE_CLOSE);
    api_checkpoint_fini(&checkpoint);
    api_resumed_free(run->checkpoint.resumed); /* that was all of it */
    run->checkpoint.resumed = NULL;
    return status;
}

/* One a core; those of this host are shared out among its workers. */
static int default_threads(const struct tm_run *run)
{
    int cores = host_cores(), workers = run->processes.workers;

    if (!workers || !run->processes.program)
        return cores;
    return cores > workers ? cores / workers : 1;
}

/* All that is bound is known. */
static int execution_open(struct execution *x, struct tm_run *run)
{
    int status = execution_init(x, run);

    if (!status)
        status = bind_settings(x);
    if (!status)
        status = open_inputs(x);
    if (!status)
        status = api_check_inputs(run, &x->io, x->error);
    if (!status)
        status = (int)edge_bind(x->binding, edge_rates_of(cpu_kind()),
                                &run->edge, x->error);
    return status;
}

int api_execute(struct tm_run *run)
{
    int threads = run->threads ? run->threads : default_threads(run);
    struct execution x;
    int status;

    api_profile_begin(&run->profile);
    status = execution_open(&x, run);
    if (!status) {
        inputs_direct(&x);
        status = aim_outputs(&x);
    }
    if (!status)
        status = api_start_kernels(x.error);
    if (!status)
        status = open_profile(&x, threads);
    if (!status)
        status = create_files(&x);
    if (!status)
        status = run_engine(&x, threads);
    if (!status && atomic_load(&run->cancel))
        status = error_set(x.error, TM_ECANCELLED, "cancelled");
    if (!status)
        status = commit(&x);
    if (!status)
        api_checkpoint_over(run);
    status = api_profile_close(&run->profile, x.error);
    execution_fini(&x);
    return status;
}

/* The edge as the run takes it, and as it would with measured rates. */
static void print_edges(const struct execution *x, FILE *out,
                        const struct edge_rates *rates)
{
    struct binding *b = x->binding;
    int64_t ours = b->tile_rows;

    if (x->run->tile_rows || x->plan->tile_rows != PLAN_NONE) {
        fprintf(out, "tile edge: %" PRId64 ", which was asked for\n", ours);
        return;
    }
    binding_tile(b, 0, 0);
    if (!edge_bind(b, rates, NULL, x->error))
        fprintf(out,
                "tile edge: %" PRId64 "; with these rates %" PRId64 "\n", ours,
                b->tile_rows);
}

static int print_calibration(struct execution *x, FILE *out)
{
    struct edge_rates rates;

    if (calibrate(cpu_kind(), &rates))
        return no_memory(x);
    calibrate_print(out, cpu_kind(), &rates);
    print_edges(x, out, &rates);
    return x->error->status;
}

int api_calibrate(struct tm_run *run)
{
    struct execution x;
    int status = execution_open(&x, run);
    size_t size;
    FILE *out;

    free(run->calibration);
    run->calibration = NULL;
    if (!status)
        status = api_start_kernels(x.error);
    out = status ? NULL : open_memstream(&run->calibration, &size);
    if (out) {
        status = print_calibration(&x, out);
        fclose(out);
    } else if (!status) {
        status = no_memory(&x);
    }
    execution_fini(&x);
    return status;
}

/* By a core's rate, or by those of the kernels here. */
static double task_seconds(const struct binding *b, uint32_t entry, float cost,
                           double flops)
{
    return flops > 0 ? cost / flops
                     : edge_seconds(edge_rates_of(cpu_kind()), b, entry,
                                    (double)cost);
}

static int simulate(struct execution *x, const struct tm_cluster *cluster,
                    struct tm_forecast *forecast)
{
    struct simulate_cluster on = {.workers = (uint32_t)cluster->workers,
                                  .cores = (uint32_t)cluster->cores,
                                  .latency = cluster->latency,
                                  .bandwidth = cluster->bandwidth,
                                  .task = cluster->task,
                                  .message = cluster->message,
                                  .lost = (uint32_t)cluster->lost,
                                  .cancel = &x->run->cancel};
    struct simulate_result result;
    uint32_t k, entries = x->plan->entries.count;
    float *costs = malloc((2 * (size_t)entries + 1) * sizeof *costs);
    float *seconds;

    if (!costs)
        return no_memory(x);
    seconds = costs + entries;
    for (k = 0; k < entries; k++) {
        costs[k] = job_cost(x->binding, k);
        seconds[k] =
            (float)task_seconds(x->binding, k, costs[k], cluster->flops);
    }
    if (!simulate_run(x->binding, costs, seconds, &on, &result, x->error))
        *forecast =
            (struct tm_forecast){.tasks = result.tasks,
                                 .repeated = result.repeated,
                                 .seconds = result.seconds,
                                 .work_seconds = result.work_seconds,
                                 .path_seconds = result.path_seconds,
                                 .tiles = result.tiles,
                                 .tile_bytes = result.tile_bytes,
                                 .grid_bytes = result.grid_bytes,
                                 .line_seconds = result.line_seconds,
                                 .coordinator_seconds = result.order_seconds,
                                 .workers_most = HUB_PEERS,
                                 .messages = result.orders,
                                 .message_bytes = result.order_bytes};
    free(costs);
    return x->error->status;
}

int api_simulate(struct tm_run *run, const struct tm_cluster *cluster,
                 struct tm_forecast *forecast)
{
    struct execution x;
    int status = execution_open(&x, run);

    if (!status)
        status = simulate(&x, cluster, forecast);
    execution_fini(&x);
    return status;
}
