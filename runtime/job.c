/* Running one job: which tiles in, the kernel's results or a failure out.
 *
 * A task becomes a kernel call; STORE, PRINT and CHECK, which have effects
 * outside of tiles, are carried out here.  What the plan should have made
 * true is checked before a kernel touches memory. */
#include "runtime/job.h"
#include "runtime/spill.h"
#include "runtime/store.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { TEXT_MOST = 16 * 1024, TASK_COST = 20000, HUGE_PAGE = 2 << 20 };

void job_init(struct job *job)
{
    memset(job, 0, sizeof *job);
    error_clear(&job->error);
}

void job_fini(struct job *job)
{
    free(job->operand);
    free(job->text);
}

int job_reserve(struct job *job, uint32_t operands)
{
    uint32_t space = job->space ? job->space : 8;
    struct job_operand *operand;

    if (operands <= job->space)
        return 0;
    while (space < operands)
        space *= 2;
    operand = realloc(job->operand, space * sizeof *operand);
    if (!operand)
        return -1;
    job->operand = operand;
    job->space = space;
    return 0;
}

void job_space_fini(struct job_space *space)
{
    free(space->tiles);
    free(space->args);
    free(space->scratch);
}

size_t job_tile_bytes(const struct binding *binding,
                      const struct bind_tile *tile)
{
    return (size_t)tile->rows * (size_t)tile->cols *
           type_bytes(binding->matrices[tile->matrix].type);
}

static int space_reserve(struct job_space *space, uint32_t tiles, uint32_t args)
{
    void *grown;

    if (tiles > space->tile_space) {
        grown = realloc(space->tiles, tiles * 2 * sizeof *space->tiles);
        if (!grown)
            return -1;
        space->tiles = grown;
        space->tile_space = tiles * 2;
    }
    if (args > space->arg_space) {
        grown = realloc(space->args, args * 2 * sizeof *space->args);
        if (!grown)
            return -1;
        space->args = grown;
        space->arg_space = args * 2;
    }
    return 0;
}

/* Fresh pages cost as much as a kernel's passes over them: large ones. */
static void *scratch_new(size_t bytes)
{
    int large = bytes >= 2 * HUGE_PAGE;
    void *scratch = aligned_alloc(large ? HUGE_PAGE : 64, bytes);

    if (scratch && large)
        madvise(scratch, bytes, MADV_HUGEPAGE);
    return scratch;
}

static int scratch_reserve(struct job_space *space, size_t bytes)
{
    size_t more = space->scratch_bytes ? space->scratch_bytes : 64 * 1024;

    if (bytes <= space->scratch_bytes)
        return 0;
    while (more < bytes)
        more *= 2;
    free(space->scratch);
    space->scratch_bytes = 0;
    space->scratch = scratch_new(more);
    if (!space->scratch)
        return -1;
    space->scratch_bytes = more;
    return 0;
}

/* ---- failures ----------------------------------------------------------- */

static const struct plan_entry *job_entry(const struct job *job,
                                          const struct plan *plan)
{
    return &plan->entries.items[job->entry];
}

static void fail(struct job *job, const struct plan *plan, int status,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void fail(struct job *job, const struct plan *plan, int status,
                 const char *format, ...)
{
    va_list args;
    char text[900];

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_set(&job->error, status, "%s", text);
    if (job->entry != PLAN_NONE)
        job->error.place = job_entry(job, plan)->place;
}

static void no_memory(struct job *job, const struct plan *plan, size_t bytes)
{
    fail(job, plan, TM_EMEMORY, "out of memory: %zu bytes", bytes);
}

/* ---- tiles -------------------------------------------------------------- */

static uint8_t tile_type(const struct binding *b, uint32_t tile)
{
    return b->matrices[binding_tile_at(b, tile).matrix].type;
}

/* The tile that is read: packed, at home, or in the host's memory. */
static struct kernel_tile tile_from(const struct job_io *io,
                                    const struct job_operand *x)
{
    struct bind_tile at = binding_tile_at(io->binding, x->in_tile);
    struct kernel_tile tile = {.data = (void *)(uintptr_t)x->from,
                               .rows = at.rows,
                               .cols = at.cols,
                               .rs = 1,
                               .cs = x->from_ld ? x->from_ld : at.rows};

    if (x->flags & JOB_HOST) {
        const struct plan *plan = io->binding->plan;
        uint32_t input = plan->matrices.items[at.matrix].input;
        tile.rs = io->inputs[input].rs;
        tile.cs = io->inputs[input].cs;
    }
    return tile;
}

static struct kernel_tile tile_to(const struct job_io *io,
                                  const struct job_operand *x)
{
    struct bind_tile at = binding_tile_at(io->binding, x->out_tile);

    return (struct kernel_tile){.data = x->to,
                                .rows = at.rows,
                                .cols = at.cols,
                                .rs = 1,
                                .cs = x->to_ld ? x->to_ld : at.rows,
                                .fresh = (x->flags & JOB_FRESH) != 0,
                                .past = (x->flags & JOB_PAST) != 0};
}

/* An update begins as a copy of what it updates. */
static int copy_first(struct job *job, const struct job_io *io,
                      const struct job_operand *x, const struct kernel_tile *to)
{
    struct kernel_tile from = tile_from(io, x);
    uint8_t type = tile_type(io->binding, x->out_tile);

    if (from.rows != to->rows || from.cols != to->cols ||
        tile_type(io->binding, x->in_tile) != type) {
        fail(job, io->binding->plan, TM_EFILE,
             "plan is inconsistent: a tile changes its shape or type");
        return -1;
    }
    kernel_move(type, from.rows, from.cols, from.data, from.rs, from.cs,
                to->data, 1, to->cs, 0);
    return 0;
}

/* ---- loads -------------------------------------------------------------- */

static double number_of(const struct binding *b, uint32_t expr)
{
    return b->plan->exprs.items[expr].type == NUMBER_REAL
               ? b->values[expr].real
               : (double)b->values[expr].integer;
}

static uint64_t seed_of(const struct binding *b, uint32_t expr)
{
    return b->plan->exprs.items[expr].type == NUMBER_REAL
               ? (uint64_t)(int64_t)b->values[expr].real
               : (uint64_t)b->values[expr].integer;
}

static void load_source(struct job *job, const struct job_io *io,
                        const struct plan_matrix *m, const struct bind_tile *at,
                        const struct kernel_tile *tile)
{
    const struct binding *b = io->binding;
    int takes = m->rule == RULE_FILL || m->rule == RULE_EYE;
    const char *fault = m->seed != PLAN_NONE && b->faults[m->seed]
                            ? b->faults[m->seed]
                        : takes ? b->faults[m->arg]
                                : NULL;
    const struct bind_matrix *bound = &b->matrices[at->matrix];
    struct kernel_source source = {
        .rule = m->rule,
        .type = bound->type,
        .seed = m->seed == PLAN_NONE ? io->seed : seed_of(b, m->seed),
        .call = m->call,
        .rows = bound->rows,
        .cols = bound->cols,
    };

    if (fault) {
        fail(job, b->plan, TM_ESCRIPT, "%s", fault);
        job->error.place = m->place;
        return;
    }
    if (m->rule == RULE_LIST)
        source.list = b->plan->constants.items + m->arg;
    else if (takes)
        source.arg = number_of(b, m->arg);
    kernel_source(&source, at->row, at->col, tile);
}

static void put_entry(uint8_t type, void *data, int64_t k, double real,
                      double imag)
{
    switch (type) {
    case TM_F32: ((float *)data)[k] = (float)real; break;
    case TM_F64: ((double *)data)[k] = real; break;
    case TM_C64:
        ((float *)data)[2 * k] = (float)real;
        ((float *)data)[2 * k + 1] = (float)imag;
        break;
    case TM_C128:
        ((double *)data)[2 * k] = real;
        ((double *)data)[2 * k + 1] = imag;
    }
}

static double get_part(uint8_t type, const void *data, int part)
{
    if (part && (type == TM_F32 || type == TM_F64))
        return 0;
    return type == TM_F32 || type == TM_C64 ? ((const float *)data)[part]
                                            : ((const double *)data)[part];
}

/* A block of the host's memory in another type. */
static void load_memory(const struct job_input *in, const struct bind_tile *at,
                        uint8_t type, const struct kernel_tile *tile)
{
    int64_t size = (int64_t)type_bytes(in->type), i, j;

    for (j = 0; j < at->cols; j++)
        for (i = 0; i < at->rows; i++) {
            const char *entry =
                in->data +
                ((at->row + i) * in->rs + (at->col + j) * in->cs) * size;
            put_entry(type, tile->data, i + j * tile->cs,
                      get_part(in->type, entry, 0),
                      get_part(in->type, entry, 1));
        }
}

static void load(struct job *job, const struct job_io *io)
{
    const struct binding *b = io->binding;
    struct bind_tile at = binding_tile_at(b, job->operand[0].out_tile);
    const struct plan_matrix *m = &b->plan->matrices.items[at.matrix];
    struct kernel_tile tile = tile_to(io, &job->operand[0]);
    uint8_t type = b->matrices[at.matrix].type;
    const struct job_input *in;

    if (m->kind == MATRIX_SOURCE) {
        load_source(job, io, m, &at, &tile);
        return;
    }
    in = &io->inputs[m->input];
    if (!in->file) {
        load_memory(in, &at, type, &tile);
        return;
    }
    if (file_read(in->file, at.row, at.col, at.rows, at.cols,
                  (enum tm_type)type, tile.data, tile.cs, &job->error))
        job->error.place = m->place;
}

/* A tile on its way out of memory, or back. */
static void run_spill(struct job *job, const struct job_io *io)
{
    struct job_operand *x = &job->operand[0];
    struct bind_tile at = binding_tile_at(io->binding, x->out_tile);
    size_t bytes = job_tile_bytes(io->binding, &at);

    if (job->spill_out)
        spill_write(job->spill, job->spill_at, x->from, bytes, &job->error);
    else
        spill_read(job->spill, job->spill_at, x->to, bytes, &job->error);
}

/* ---- effects ------------------------------------------------------------ */

/* The writer of an output's file, opened by the first who needs it. */
static struct writer *output_writer(struct job_io *io, uint32_t output,
                                    struct tm_error *error)
{
    const struct plan_output *x = &io->binding->plan->outputs.items[output];
    const struct bind_matrix *m = &io->binding->matrices[x->matrix];
    struct job_output *out = &io->outputs[output];
    struct writer *writer;

    pthread_mutex_lock(&out->opening);
    if (!out->writer)
        file_create(out->path, (enum tm_type)m->type, m->rows, m->cols,
                    &out->writer, error);
    writer = error->status ? NULL : out->writer;
    pthread_mutex_unlock(&out->opening);
    return writer;
}

/* Which tile of the output it is; the version may come from another matrix
 * (a copy without bytes), but has its shape and type. */
static int store_place(struct job *job, const struct job_io *io,
                       const double *args, uint32_t matrix,
                       struct bind_tile *at)
{
    const struct bind_matrix *m = &io->binding->matrices[matrix];
    struct bind_tile in = binding_tile_at(io->binding, job->operand[0].in_tile);

    if (args[1] >= 0 && args[1] < (double)m->trows && args[2] >= 0 &&
        args[2] < (double)m->tcols) {
        *at = binding_tile_at(io->binding,
                              m->first_tile + (uint64_t)args[1] +
                                  (uint64_t)args[2] * (uint64_t)m->trows);
        if (at->rows == in.rows && at->cols == in.cols &&
            m->type == io->binding->matrices[in.matrix].type)
            return 0;
    }
    fail(job, io->binding->plan, TM_EFILE,
         "plan is inconsistent: a tile does not fit the output");
    return -1;
}

/* A tile that was computed at home is there. */
static void store_memory(const struct job_output *out,
                         const struct bind_matrix *m,
                         const struct kernel_tile *tile,
                         const struct bind_tile *at)
{
    size_t bytes = type_bytes(m->type);
    char *to = out->data +
               (at->row * out->rs + at->col * out->cs) * (int64_t)bytes;

    if (tile->data != to)
        kernel_move(m->type, at->rows, at->cols, tile->data, tile->rs, tile->cs,
                    to, out->rs, out->cs,
                    (uint64_t)m->rows * (uint64_t)m->cols * bytes > JOB_CACHES);
}

static void store(struct job *job, struct job_io *io, const double *args)
{
    const struct plan *plan = io->binding->plan;
    uint32_t output = (uint32_t)args[0];
    uint32_t matrix = plan->outputs.items[output].matrix;
    const struct bind_matrix *m = &io->binding->matrices[matrix];
    struct job_output *out = &io->outputs[output];
    struct kernel_tile tile = tile_from(io, &job->operand[0]);
    struct bind_tile at;
    struct writer *writer;

    if (store_place(job, io, args, matrix, &at))
        return;
    if (out->data) {
        store_memory(out, m, &tile, &at);
        return;
    }
    writer = out->path ? output_writer(io, output, &job->error) : NULL;
    if (writer)
        file_write(writer, at.row, at.col, at.rows, at.cols, tile.data, tile.rs,
                   tile.cs, &job->error);
    if (job->error.status)
        job->error.place = job_entry(job, plan)->place;
}

/* The 1 x 1 operands as numbers; NULL: one isn't, or no memory. */
static struct bind_scalar *scalars(struct job *job, const struct job_io *io)
{
    struct bind_scalar *list = calloc(job->operands + 1, sizeof *list);
    uint32_t k;

    if (!list)
        no_memory(job, io->binding->plan, job->operands * sizeof *list);
    for (k = 0; list && k < job->operands; k++) {
        struct kernel_tile tile = tile_from(io, &job->operand[k]);
        if (tile.rows != 1 || tile.cols != 1) {
            fail(job, io->binding->plan, TM_ESCRIPT,
                 "a number is wanted, and this is %" PRId64 " x %" PRId64,
                 tile.rows, tile.cols);
            free(list);
            return NULL;
        }
        list[k].type = tile_type(io->binding, job->operand[k].in_tile);
        list[k].real = get_part(list[k].type, tile.data, 0);
        list[k].imag = get_part(list[k].type, tile.data, 1);
    }
    return list;
}

/* The line of a PRINT or CHECK.  A hostile text may name more values than
 * the task has: then it has none. */
static char *task_text(struct job *job, const struct job_io *io,
                       const struct bind_scalar *list)
{
    const struct plan *plan = io->binding->plan;
    uint32_t text = job_entry(job, plan)->b, k, values = 0;
    char *line = calloc(1, TEXT_MOST);

    if (!line) {
        no_memory(job, plan, TEXT_MOST);
        return NULL;
    }
    if (text == PLAN_NONE)
        return line;
    for (k = 0; k < plan->texts.items[text].count; k++) {
        const struct plan_part *x =
            &plan->parts.items[plan->texts.items[text].first + k];
        values += x->kind == PART_EXPR && plan->exprs.items[x->value].slots;
    }
    binding_text(io->binding, text, list,
                 values <= job->values ? job->value : NULL, line, TEXT_MOST);
    return line;
}

static void print(struct job *job, const struct job_io *io)
{
    struct bind_scalar *list = scalars(job, io);

    if (list)
        job->text = task_text(job, io, list);
    free(list);
}

static void check(struct job *job, const struct job_io *io)
{
    struct bind_scalar *list = scalars(job, io);
    char *text;

    if (list && job->operands &&
        ((list[0].real == 0 && list[0].imag == 0) || isnan(list[0].real) ||
         isnan(list[0].imag))) {
        text = task_text(job, io, list);
        if (text)
            fail(job, io->binding->plan, TM_ESCRIPT, "%s",
                 text[0] ? text : "assertion failed");
        free(text);
    }
    free(list);
}

/* ---- kernels ------------------------------------------------------------ */

/* Operand k is tiles first[k] ... as many as the walker counted. */
static int call_operands(const struct job *job, const struct plan *plan,
                         const struct plan_entry *e, uint32_t *first,
                         uint8_t *flags)
{
    uint32_t args = walk_slot_args(plan, job->entry), k;
    int runs = job->values == args + e->operands && e->operands;

    if (job->values != args && !runs)
        return -1;
    first[0] = 0;
    for (k = 0; k < e->operands; k++) {
        int64_t length = runs ? job->value[args + k].integer : 1;
        if (length < 0 || length > job->operands - first[k])
            return -1;
        first[k + 1] = first[k] + (uint32_t)length;
        flags[k] = plan->operands.items[e->first_operand + k].flags;
    }
    return first[e->operands] == job->operands ? 0 : -1;
}

/* The element type of each operand: of a run's tiles all have one matrix. */
static void call_types(const struct job_io *io, const struct plan_entry *e,
                       struct kernel_call *call, uint8_t *types)
{
    const struct plan *plan = io->binding->plan;
    uint32_t k;

    for (k = 0; k < e->operands; k++) {
        uint32_t matrix = plan->operands.items[e->first_operand + k].matrix;
        types[k] = io->binding->matrices[matrix].type;
    }
    call->types = types;
    call->type = e->operands ? types[0] : TM_F64;
    if (e->kernel == KERNEL_HEEVD_VALUES || e->kernel == KERNEL_GESDD_VALUES)
        call->type = types[1]; /* the values are real */
}

static int call_tiles(struct job *job, const struct job_io *io,
                      struct kernel_tile *tiles)
{
    uint32_t t;

    for (t = 0; t < job->operands; t++) {
        const struct job_operand *x = &job->operand[t];
        if (!x->from && !x->to) {
            fail(job, io->binding->plan, TM_EBUG, "a task lacks a tile");
            return -1;
        }
        tiles[t] = x->to ? tile_to(io, x) : tile_from(io, x);
        if ((x->flags & JOB_COPY) && copy_first(job, io, x, &tiles[t]))
            return -1;
    }
    return 0;
}

/* What the text calls the thing that failed, and where in it. */
static void kernel_failed(struct job *job, const struct job_io *io,
                          const struct plan_entry *e,
                          const struct kernel_failure *failure)
{
    const struct plan *plan = io->binding->plan;
    const struct plan_operand *x = &plan->operands.items[e->first_operand];
    const char *subject =
        plan_string(plan, e->subject != PLAN_NONE || !e->operands
                              ? e->subject
                              : plan->matrices.items[x->matrix].name);
    struct bind_tile at;

    if (e->kernel == KERNEL_TRSM && job->operands == 2 &&
        failure->status == TM_ESCRIPT) {
        at = binding_tile_at(io->binding, job->operand[1].in_tile);
        fail(job, plan, failure->status,
             "%s %s: pivot %" PRId64 " is 0 (tile %" PRId64 ",%" PRId64 ")",
             subject, failure->text, at.row + failure->info, at.i, at.j);
        return;
    }
    if (e->kernel != KERNEL_POTRF || !job->operands) {
        fail(job, plan, failure->status, "%s %s", subject, failure->text);
        return;
    }
    at = binding_tile_at(io->binding, job->operand[0].out_tile);
    fail(job, plan, failure->status,
         "%s %s: leading minor %" PRId64 " (tile %" PRId64 ",%" PRId64 ")",
         subject, failure->text, at.row + failure->info, at.i, at.j);
}

/* Which tiles meet, with their sizes, and why that can't be. */
static void misfit(struct job *job, const struct job_io *io,
                   const struct kernel_call *call, const char *why)
{
    const struct binding *b = io->binding;
    const struct plan *plan = b->plan;
    char text[500];
    size_t at = 0;
    uint32_t t;

    text[0] = 0;
    for (t = 0; t < job->operands && t < 5 && at < sizeof text; t++) {
        const struct job_operand *x = &job->operand[t];
        struct bind_tile tile =
            binding_tile_at(b, x->to ? x->out_tile : x->in_tile);
        const struct plan_matrix *m = &plan->matrices.items[tile.matrix];
        at += (size_t)snprintf(
            text + at, sizeof text - at,
            "%s%s[%" PRId64 ",%" PRId64 "] is %" PRId64 " x %" PRId64,
            t ? ", " : "", plan_string(plan, m->name), tile.i, tile.j,
            call->tiles[t].rows, call->tiles[t].cols);
    }
    fail(job, plan, TM_ESCRIPT, "these tiles do not fit: %s (%s)", text, why);
}

/* What a kernel does not do to complex numbers, and which these are. */
static void mistyped(struct job *job, const struct job_io *io,
                     const struct kernel_call *call, const char *why)
{
    const struct plan *plan = io->binding->plan;
    const struct plan_entry *e = job_entry(job, plan);
    uint32_t k = 0; /* what is read, where that is complex */

    while (k + 1 < e->operands &&
           (job->operand[k].to ||
            (call->types[k] != TM_C64 && call->types[k] != TM_C128)))
        k++;
    fail(job, plan, TM_ESCRIPT, "%s is %s: %s",
         plan_string(
             plan, plan->matrices
                       .items[plan->operands.items[e->first_operand + k].matrix]
                       .name),
         type_name(call->types[k]), why);
}

static void run_kernel(struct job *job, struct job_io *io,
                       struct job_space *space, struct kernel_call *call)
{
    const struct plan *plan = io->binding->plan;
    const struct plan_entry *e = job_entry(job, plan);
    struct kernel_failure failure = {0};
    char text[300];

    if (call_tiles(job, io, space->tiles))
        return;
    call->tiles = space->tiles;
    switch (kernel_check(call, text, sizeof text)) {
    case 0: break;
    case KERNEL_TYPES: mistyped(job, io, call, text); return;
    default: misfit(job, io, call, text); return;
    }
    if (scratch_reserve(space, kernel_scratch_bytes(call))) {
        no_memory(job, plan, kernel_scratch_bytes(call));
        return;
    }
    call->scratch = space->scratch;
    job->flops = kernel_flops(call);
    if (kernel_run(call, &failure))
        kernel_failed(job, io, e, &failure);
}

static void run_task(struct job *job, struct job_io *io,
                     struct job_space *space)
{
    const struct plan *plan = io->binding->plan;
    const struct plan_entry *e = job_entry(job, plan);
    uint32_t first[257];
    uint8_t flags[256], types[256];
    struct kernel_call call = {.kernel = e->kernel,
                               .flags = e->flags,
                               .operands = e->operands,
                               .first = first,
                               .operand_flags = flags,
                               .args = e->args,
                               .team = space->team};

    if (e->operands > 256 || call_operands(job, plan, e, first, flags)) {
        fail(job, plan, TM_EBUG, "a task of %s has %" PRIu32 " tiles",
             kernel_table[e->kernel].name, job->operands);
        return;
    }
    if (space_reserve(space, job->operands, e->args)) {
        no_memory(job, plan, job->operands * sizeof *space->tiles);
        return;
    }
    call_types(io, e, &call, types);
    walk_args(io->binding, job->entry, job->value, space->args);
    call.arg = space->args;
    switch (e->kernel) {
    case KERNEL_STORE: store(job, io, space->args); return;
    case KERNEL_PRINT: print(job, io); return;
    case KERNEL_CHECK: check(job, io); return;
    }
    if (kernel_maps(e->kernel)) {
        call.map = &plan->maps.items[e->a];
        call.steps = plan->steps.items;
        call.constants = plan->constants.items;
    }
    run_kernel(job, io, space, &call);
}

void job_run(struct job *job, struct job_io *io, struct job_space *space)
{
    error_clear(&job->error);
    free(job->text);
    job->text = NULL;
    job->flops = 0;
    if (job->spill)
        run_spill(job, io);
    else if (job->load)
        load(job, io);
    else
        run_task(job, io, space);
}

/* ---- costs -------------------------------------------------------------- */

float job_cost(const struct binding *b, uint32_t entry)
{
    const struct plan *plan = b->plan;
    const struct plan_entry *e = &plan->entries.items[entry];
    struct kernel_tile tiles[256];
    uint32_t first[257], k;
    uint8_t flags[256];
    double args[8] = {0};
    struct kernel_call call = {.kernel = e->kernel,
                               .flags = e->flags,
                               .type = TM_F64,
                               .operands = e->operands,
                               .first = first,
                               .operand_flags = flags,
                               .tiles = tiles,
                               .args = e->args,
                               .arg = args};

    if (e->kind != ENTRY_TASK || e->operands > 256 || e->args > 8 ||
        !e->operands)
        return TASK_COST;
    for (k = 0; k < e->operands; k++) {
        const struct plan_operand *x =
            &plan->operands.items[e->first_operand + k];
        const struct bind_matrix *m = &b->matrices[x->matrix];
        tiles[k] = (struct kernel_tile){.rows = m->tile_rows,
                                        .cols = m->tile_cols,
                                        .rs = 1,
                                        .cs = m->tile_rows};
        call.type = k ? call.type : m->type;
        first[k] = k;
        flags[k] = x->flags;
    }
    first[k] = k;
    if (kernel_maps(e->kernel)) {
        call.map = &plan->maps.items[e->a];
        call.steps = plan->steps.items;
    }
    return (float)(kernel_flops(&call) + TASK_COST);
}
