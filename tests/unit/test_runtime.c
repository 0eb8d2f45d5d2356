/* Coordinator and workers without threads, sockets or clocks: messages and
 * ends of jobs come in random orders (in order between each pair), and every
 * order must give the bits, lines and failures of the first. */
#include "runtime/coordinator_private.h"
#include "runtime/engine.h"
#include "runtime/job.h"
#include "runtime/spill.h"
#include "runtime/tasks.h"
#include "runtime/worker.h"

#include "tests/unit/check.h"
#include "tests/unit/plan_build.h"

#include <malloc.h>
#include <stdlib.h>

enum { WORKERS = 5, JOBS = 4, OUTPUTS = 4, LINES = 4000 };

/* ---- a run in a seeded order -------------------------------------------- */

struct result {
    double *data[OUTPUTS];
    size_t entries[OUTPUTS];
    uint32_t outputs;
    char lines[LINES];
    struct tm_error error;
};

struct sim {
    const struct binding *binding;
    struct job_io io;
    struct coordinator *coordinator;
    uint16_t workers;
    struct worker *worker[WORKERS];
    struct store *store[WORKERS];
    struct job jobs[WORKERS][JOBS];
    uint32_t running[WORKERS];
    struct job_space space;
    /* in flight: from the coordinator (WORKERS) or a worker, to the same */
    struct wire_outbox flight[WORKERS + 1][WORKERS + 1];
    struct spill *spill[WORKERS]; /* or NULL: as much memory as they want */
    uint64_t random;
    struct result *result;
};

static uint32_t pick(struct sim *s, uint32_t count)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return (uint32_t)((s->random >> 11) % count);
}

static void sort_out(struct sim *s, uint32_t from, struct wire_outbox *outbox)
{
    struct wire_message *message;

    while ((message = outbox_take(outbox))) {
        struct wire_writer again = {message->bytes, message->size,
                                    message->size, 0};
        uint16_t to = message->to;
        outbox_add(&s->flight[from][to == WIRE_COORDINATOR ? WORKERS : to], to,
                   &again);
        free(message);
    }
}

static int deliver(struct sim *s, uint32_t from, uint32_t to)
{
    struct wire_message *message = outbox_take(&s->flight[from][to]);
    uint16_t sender = from == WORKERS ? WIRE_COORDINATOR : (uint16_t)from;

    if (!message)
        return 0;
    if (to == WORKERS)
        coordinator_message(s->coordinator, sender, message->bytes,
                            message->size);
    else
        worker_message(s->worker[to], sender, message->bytes, message->size);
    wire_message_free(message);
    return 1;
}

static int take_job(struct sim *s, uint32_t w)
{
    struct job *job = &s->jobs[w][s->running[w]];

    if (s->running[w] == JOBS || !worker_take(s->worker[w], job))
        return 0;
    s->running[w]++;
    return 1;
}

/* Any of the running jobs ends; it reads its tiles only now. */
static int end_job(struct sim *s, uint32_t w)
{
    uint32_t k;
    struct job job;

    if (!s->running[w])
        return 0;
    k = pick(s, s->running[w]);
    if (s->jobs[w][k].spill && pick(s, 30)) /* disks are slow */
        return 1;
    job_run(&s->jobs[w][k], &s->io, &s->space);
    worker_finish(s->worker[w], &s->jobs[w][k]);
    job = s->jobs[w][k];
    s->jobs[w][k] = s->jobs[w][--s->running[w]];
    s->jobs[w][s->running[w]] = job;
    return 1;
}

static int walk(struct sim *s)
{
    char *line;
    int moved = coordinator_step(s->coordinator);

    while ((line = coordinator_line(s->coordinator))) {
        strcat(s->result->lines, line);
        strcat(s->result->lines, "\n");
        free(line);
    }
    sort_out(s, WORKERS, coordinator_outbox(s->coordinator));
    return moved;
}

static int flush(struct sim *s, uint32_t w)
{
    worker_flush(s->worker[w]);
    sort_out(s, w, worker_outbox(s->worker[w]));
    return 0;
}

/* One thing happens, or is found impossible. */
static int happen(struct sim *s)
{
    uint32_t w = pick(s, s->workers), from, to;

    switch (pick(s, 8)) {
    case 0: return walk(s);
    case 1: return flush(s, w);
    case 2:
    case 3: return take_job(s, w);
    case 4:
    case 5: return end_job(s, w);
    default:
        from = pick(s, s->workers + 1u);
        to = pick(s, s->workers + 1u);
        return deliver(s, from == s->workers ? WORKERS : from,
                       to == s->workers ? WORKERS : to);
    }
}

static int all_quiet(struct sim *s)
{
    uint32_t a, b;

    for (a = 0; a <= WORKERS; a++)
        for (b = 0; b <= WORKERS; b++)
            if (s->flight[a][b].first)
                return 0;
    for (a = 0; a < s->workers; a++)
        if (s->running[a] || worker_urgent(s->worker[a]) ||
            worker_outbox(s->worker[a])->first)
            return 0;
    return 1;
}

/* Until it is over; then the messages that are still under way. */
static int play(struct sim *s)
{
    uint32_t still = 0, w;

    while (!coordinator_finished(s->coordinator)) {
        still = happen(s) ? 0 : still + 1;
        if (still > 20000)
            return -1;
    }
    walk(s);
    for (still = 0; still < 5; still = all_quiet(s) ? still + 1 : 0) {
        for (w = 0; w < s->workers; w++) {
            flush(s, w);
            while (end_job(s, w))
                ;
            while (deliver(s, WORKERS, w) || deliver(s, w, WORKERS))
                ;
        }
        walk(s);
        while (s->workers > 1 && happen(s))
            ;
    }
    return 0;
}

static void outputs_bind(const struct binding *b, struct job_io *io,
                         struct result *result)
{
    uint32_t k;

    memset(result, 0, sizeof *result);
    error_clear(&result->error);
    io->binding = b;
    io->seed = 7;
    io->inputs = calloc(b->plan->inputs.count + 1, sizeof *io->inputs);
    io->outputs = calloc(b->plan->outputs.count + 1, sizeof *io->outputs);
    result->outputs = b->plan->outputs.count;
    for (k = 0; k < result->outputs; k++) {
        const struct bind_matrix *m =
            &b->matrices[b->plan->outputs.items[k].matrix];
        result->entries[k] = (size_t)(m->rows * m->cols);
        result->data[k] = calloc(result->entries[k], sizeof(double));
        io->outputs[k].data = (char *)result->data[k];
        io->outputs[k].rs = 1;
        io->outputs[k].cs = m->rows;
    }
}

static void result_free(struct result *result)
{
    uint32_t k;

    for (k = 0; k < result->outputs; k++)
        free(result->data[k]);
}

static int sim_check(struct sim *s)
{
    int wrong = coordinator_bad(s->coordinator) != 0;
    uint32_t w;

    for (w = 0; w < s->workers; w++) {
        wrong |= worker_bad(s->worker[w]) || worker_error(s->worker[w])->status;
        if (s->result->error.status)
            continue; /* what was not started stays */
        worker_forget(s->worker[w]);
        wrong |= worker_versions(s->worker[w]) || worker_tasks(s->worker[w]) ||
                 store_used(s->store[w]);
    }
    return wrong;
}

/* Less than all tiles take: they come and go. */
static void sim_budget(struct sim *s, uint32_t w, size_t budget)
{
    struct tm_error error;

    s->spill[w] = spill_open(".", &error);
    CHECK(s->spill[w] &&
          !worker_budget(s->worker[w], budget + 100 * pick(s, 10), JOBS,
                         s->spill[w]));
}

/* 0: it came to its end, and nothing was left over.  budget: bytes that each
 * worker may use at least, at every other seed; 0: all that it wants. */
static int sim_run(const struct binding *b, uint16_t workers, uint64_t seed,
                   size_t budget, struct result *result)
{
    static const uint32_t windows[] = {4, 16, 64, COORDINATOR_WINDOW};
    struct sim *s = calloc(1, sizeof *s);
    uint32_t k, n;
    int wrong;

    s->binding = b;
    s->workers = workers;
    s->random = seed * 0x9e3779b97f4a7c15u + 1;
    s->result = result;
    outputs_bind(b, &s->io, result);
    for (k = 0; k <= WORKERS; k++)
        for (n = 0; n <= WORKERS; n++)
            outbox_init(&s->flight[k][n]);
    pick(s, 2);
    s->coordinator = coordinator_new(b, NULL, workers, windows[pick(s, 4)]);
    for (k = 0; k < workers; k++) {
        s->store[k] = store_new();
        store_poison(s->store[k]);
        s->worker[k] =
            worker_new((uint16_t)k, workers, b, s->io.inputs, s->store[k]);
        if (budget && seed % 2)
            sim_budget(s, k, budget);
        for (n = 0; n < JOBS; n++)
            job_init(&s->jobs[k][n]);
    }
    wrong = play(s);
    result->error = *coordinator_error(s->coordinator);
    wrong |= sim_check(s);
    for (k = 0; k < workers; k++) {
        worker_free(s->worker[k]);
        store_free(s->store[k]);
        spill_close(s->spill[k]);
        for (n = 0; n < JOBS; n++)
            job_fini(&s->jobs[k][n]);
    }
    for (k = 0; k <= WORKERS; k++)
        for (n = 0; n <= WORKERS; n++)
            outbox_fini(&s->flight[k][n]);
    coordinator_free(s->coordinator);
    job_space_fini(&s->space);
    free(s->io.inputs);
    free(s->io.outputs);
    free(s);
    return wrong;
}

/* ---- the same with threads ---------------------------------------------- */

static void engine_line(void *user, const char *line)
{
    struct result *result = user;

    strcat(result->lines, line);
    strcat(result->lines, "\n");
}

static int threads_run(const struct binding *b, int threads,
                       struct result *result)
{
    static const atomic_int cancel;
    struct job_io io;
    struct engine_setup setup = {.binding = b,
                                 .io = &io,
                                 .threads = threads,
                                 .cancel = &cancel,
                                 .print = engine_line,
                                 .print_user = result};

    outputs_bind(b, &io, result);
    engine_run(&setup, NULL, &result->error);
    free(io.inputs);
    free(io.outputs);
    return 0;
}

/* ---- programs ----------------------------------------------------------- */

static void store_all(struct plan *p, uint32_t output, uint32_t matrix,
                      uint32_t trows, uint32_t tcols)
{
    uint32_t zero = build_int(p, 0), number = build_int(p, output);
    struct build_loop j = build_loop(p, zero, tcols);
    struct build_loop i = build_loop(p, zero, trows);

    build_task(p, KERNEL_STORE, 0);
    build_operand(p, matrix, MODE_READ, i.index, j.index);
    build_arg(p, number);
    build_arg(p, i.index);
    build_arg(p, j.index);
    build_end(p, i);
    build_end(p, j);
}

static void release_all(struct plan *p)
{
    uint32_t k;

    for (k = 0; k < p->matrices.count; k++)
        build_release(p, k);
}

/* C += A B in t x t x t tiles. */
static void program_gemm(struct plan *p)
{
    uint32_t n = build_int(p, 23), b = build_int(p, 6), t = build_int(p, 4);
    uint32_t zero = build_int(p, 0), one = build_real(p, 1);
    uint32_t A = build_source(p, "A", RULE_RAND, n, n, b);
    uint32_t B = build_source(p, "B", RULE_RANDN, n, n, b);
    uint32_t C = build_temp(p, "C", n, n, b);
    struct build_loop i = build_loop(p, zero, t);
    struct build_loop j = build_loop(p, zero, t);
    struct build_loop k = build_loop(p, zero, t);

    build_task(p, KERNEL_GEMM, 0);
    build_operand(p, C, MODE_BOTH, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, k.index);
    build_operand(p, B, MODE_READ, k.index, j.index);
    build_arg(p, one);
    build_end(p, k);
    build_end(p, j);
    build_end(p, i);
    store_all(p, build_output(p, "C", C), C, t, t);
    release_all(p);
}

static void cholesky(struct plan *p, uint32_t A, uint32_t t)
{
    uint32_t zero = build_int(p, 0), one = build_real(p, 1);
    uint32_t minus = build_real(p, -1);
    struct build_loop k = build_loop(p, zero, t), i, j;

    build_task(p, KERNEL_POTRF, 0);
    build_operand(p, A, MODE_BOTH, k.index, k.index);
    i = build_loop(p, build_add(p, k.index, 1), t);
    build_task(p, KERNEL_TRSM, KF_TA | KF_RIGHT);
    build_operand(p, A, MODE_BOTH, i.index, k.index);
    build_operand(p, A, MODE_READ, k.index, k.index);
    build_arg(p, one);
    build_end(p, i);
    i = build_loop(p, build_add(p, k.index, 1), t);
    build_task(p, KERNEL_SYRK, 0);
    build_operand(p, A, MODE_BOTH, i.index, i.index);
    build_operand(p, A, MODE_READ, i.index, k.index);
    build_arg(p, minus);
    j = build_loop(p, build_add(p, k.index, 1), i.index);
    build_task(p, KERNEL_GEMM, KF_TB);
    build_operand(p, A, MODE_BOTH, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, k.index);
    build_operand(p, A, MODE_READ, j.index, k.index);
    build_arg(p, minus);
    build_end(p, j);
    build_end(p, i);
    build_end(p, k);
}

static void program_cholesky(struct plan *p)
{
    uint32_t n = build_int(p, 33), b = build_int(p, 6), t = build_int(p, 6);
    uint32_t A = build_source(p, "A", RULE_SPD, n, n, b);

    cholesky(p, A, t);
    store_all(p, build_output(p, "L", A), A, t, t);
    release_all(p);
}

/* LU with partial pivoting: runs of tiles, several of them written. */
static void program_lu(struct plan *p)
{
    uint32_t n = build_int(p, 26), b = build_int(p, 6), t = build_int(p, 5);
    uint32_t zero = build_int(p, 0), one = build_real(p, 1);
    uint32_t minus = build_real(p, -1);
    uint32_t A = build_source(p, "A", RULE_RANDN, n, n, b);
    uint32_t P = build_temp(p, "p", n, build_int(p, 1), b);
    struct build_loop k = build_loop(p, zero, t), i, j;

    build_task(p, KERNEL_GETRF, 0);
    build_run(p, A, MODE_BOTH, k.index, t, k.index);
    build_operand(p, P, MODE_WRITE, k.index, zero);
    j = build_loop(p, zero, k.index);
    build_task(p, KERNEL_LASWP, 0);
    build_run(p, A, MODE_BOTH, k.index, t, j.index);
    build_operand(p, P, MODE_READ, k.index, zero);
    build_end(p, j);
    j = build_loop(p, build_add(p, k.index, 1), t);
    build_task(p, KERNEL_LASWP, 0);
    build_run(p, A, MODE_BOTH, k.index, t, j.index);
    build_operand(p, P, MODE_READ, k.index, zero);
    build_task(p, KERNEL_TRSM, KF_UNIT);
    build_operand(p, A, MODE_BOTH, k.index, j.index);
    build_operand(p, A, MODE_READ, k.index, k.index);
    build_arg(p, one);
    i = build_loop(p, build_add(p, k.index, 1), t);
    build_task(p, KERNEL_GEMM, 0);
    build_operand(p, A, MODE_BOTH, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, k.index);
    build_operand(p, A, MODE_READ, k.index, j.index);
    build_arg(p, minus);
    build_end(p, i);
    build_end(p, j);
    build_end(p, k);
    store_all(p, build_output(p, "A", A), A, t, t);
    store_all(p, build_output(p, "p", P), P, t, build_int(p, 1));
    release_all(p);
}

static void print_value(struct plan *p, const char *text, uint32_t matrix,
                        uint32_t i, uint32_t j)
{
    uint32_t line = build_text(p, text, PART_OPERAND, 0);

    build_task(p, KERNEL_PRINT, 0)->b = line;
    build_operand(p, matrix, MODE_READ, i, j);
}

/* An iteration that ends when a computed number says so: x = A x / 4 is
 * repeated while its norm is above a bound; prints tell the steps, a copy
 * without bytes keeps the last x, a release drops it. */
static void program_iterate(struct plan *p)
{
    uint32_t n = build_int(p, 27), b = build_int(p, 9), t = build_int(p, 3);
    uint32_t zero = build_int(p, 0), one = build_int(p, 1);
    uint32_t alpha = build_real(p, 0.01);
    uint32_t A = build_source(p, "A", RULE_SPD, n, n, b);
    uint32_t start = build_fill(p, "s", n, one, b, 1);
    uint32_t x = build_temp(p, "x", n, one, b);
    uint32_t y = build_temp(p, "y", n, one, b);
    uint32_t part = build_temp(p, "part", t, one, one);
    uint32_t all = build_temp(p, "all", one, one, one);
    uint32_t slot = build_slot(p, "norm", NUMBER_REAL);
    uint32_t value = build_leaf(p, EXPR_SLOT, NUMBER_REAL, slot);
    uint32_t small =
        build_op(p, EXPR_LT, NUMBER_BOOL, value, build_real(p, 1e-3));
    struct build_loop repeat, i, k, test;

    i = build_loop(p, zero, t);
    build_entry(p, ENTRY_ALIAS);
    build_operand(p, x, MODE_WRITE, i.index, zero);
    build_operand(p, start, MODE_READ, i.index, zero);
    build_end(p, i);
    repeat = build_body(p, ENTRY_REPEAT, PLAN_NONE);
    i = build_loop(p, zero, t);
    k = build_loop(p, zero, t);
    build_task(p, KERNEL_GEMM, 0);
    build_operand(p, y, MODE_BOTH, i.index, zero);
    build_operand(p, A, MODE_READ, i.index, k.index);
    build_operand(p, x, MODE_READ, k.index, zero);
    build_arg(p, alpha);
    build_end(p, k);
    build_task(p, KERNEL_NORM, 0);
    build_operand(p, part, MODE_WRITE, i.index, zero);
    build_operand(p, y, MODE_READ, i.index, zero);
    build_entry(p, ENTRY_ALIAS);
    build_operand(p, x, MODE_WRITE, i.index, zero);
    build_operand(p, y, MODE_READ, i.index, zero);
    build_end(p, i);
    build_release(p, y);
    build_task(p, KERNEL_SUMS, 0);
    build_operand(p, all, MODE_WRITE, zero, zero);
    build_run(p, part, MODE_READ, zero, t, zero);
    print_value(p, "norm ", all, zero, zero);
    build_entry(p, ENTRY_FETCH)->a = slot;
    build_operand(p, all, MODE_READ, zero, zero);
    test = build_body(p, ENTRY_IF, small);
    build_entry(p, ENTRY_BREAK)->a = 1;
    build_end(p, test);
    build_end(p, repeat);
    store_all(p, build_output(p, "x", x), x, t, one);
    release_all(p);
}

/* Selects, triangles, a copy inside a tile, an unwritten tile, a write that
 * nobody reads, a reader of both old and new versions. */
static void program_mixed(struct plan *p)
{
    uint32_t n = build_int(p, 17), b = build_int(p, 6), t = build_int(p, 3);
    uint32_t zero = build_int(p, 0), one = build_int(p, 1), k;
    uint32_t two = build_int(p, 2), scale = build_real(p, 1);
    uint32_t A = build_source(p, "A", RULE_RANDN, n, n, b);
    uint32_t C = build_temp(p, "C", n, n, b);
    uint32_t D = build_temp(p, "D", n, n, b);
    uint32_t E = build_temp(p, "E", n, n, b);
    uint32_t F = build_temp(p, "F", n, n, b);
    uint32_t s = build_temp(p, "s", t, t, one);
    uint32_t block[6];
    struct build_loop i = build_loop(p, zero, t);
    struct build_loop j = build_loop(p, zero, t);

    build_task(p, KERNEL_TRIL, 0); /* of a tile that nothing has written */
    build_operand(p, F, MODE_WRITE, i.index, j.index);
    build_operand(p, E, MODE_READ, i.index, j.index);
    build_task(p, KERNEL_MAX, 0);
    build_operand(p, s, MODE_WRITE, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, j.index);
    build_task(p, KERNEL_TRIL, 0);
    build_operand(p, C, MODE_WRITE, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, j.index);
    build_task(p, KERNEL_GEMM, KF_TB);
    build_operand(p, A, MODE_BOTH, i.index, j.index);
    build_operand(p, C, MODE_READ, i.index, zero);
    build_operand(p, C, MODE_READ, j.index, zero);
    build_arg(p, scale);
    build_task(p, KERNEL_NOP, 0);
    build_operand(p, D, MODE_BOTH, i.index, j.index);
    build_operand(p, C, MODE_BOTH, i.index, j.index);
    build_operand(p, E, MODE_BOTH, i.index, j.index);
    build_task(p, KERNEL_SELECT, 0);
    build_operand(p, E, MODE_WRITE, i.index, j.index);
    build_operand(p, s, MODE_READ, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, j.index);
    build_operand(p, C, MODE_READ, i.index, j.index);
    build_task(p, KERNEL_GEMM, 0);
    build_operand(p, D, MODE_BOTH, zero, zero);
    build_operand(p, D, MODE_READ, zero, zero);
    build_operand(p, A, MODE_READ, zero, zero);
    build_arg(p, build_real(p, 0.01));
    build_end(p, j);
    build_end(p, i);
    block[0] = block[1] = one;
    block[2] = block[3] = zero;
    block[4] = block[5] = two;
    build_task(p, KERNEL_COPY, 0);
    build_operand(p, E, MODE_BOTH, one, one);
    build_operand(p, D, MODE_READ, zero, zero);
    for (k = 0; k < 6; k++)
        build_arg(p, block[k]);
    build_task(p, KERNEL_TRIL, KF_UPPER);
    build_operand(p, C, MODE_WRITE, one, two);
    build_operand(p, A, MODE_READ, one, two);
    build_task(p, KERNEL_TRIL, 0);
    build_operand(p, C, MODE_WRITE, one, two);
    build_operand(p, A, MODE_READ, one, two);
    build_entry(p, ENTRY_ALIAS); /* a version goes to another place */
    build_operand(p, E, MODE_WRITE, zero, one);
    build_operand(p, D, MODE_READ, one, zero);
    store_all(p, build_output(p, "E", E), E, t, t);
    store_all(p, build_output(p, "C", C), C, t, t);
    store_all(p, build_output(p, "D", D), D, t, t);
    release_all(p);
}

/* Tiles that travel in pieces. */
static void program_large(struct plan *p)
{
    uint32_t n = build_int(p, 740), b = build_int(p, 370);
    uint32_t zero = build_int(p, 0), t = build_int(p, 2);
    uint32_t A = build_fill(p, "A", n, n, b, 2.5);
    uint32_t T = build_temp(p, "T", n, n, b);
    uint32_t C = build_temp(p, "C", n, n, b);
    struct build_loop i = build_loop(p, zero, t);
    struct build_loop j = build_loop(p, zero, t);

    build_task(p, KERNEL_TRIL, KF_UNIT);
    build_operand(p, T, MODE_WRITE, i.index, j.index);
    build_operand(p, A, MODE_READ, i.index, j.index);
    build_task(p, KERNEL_TRIL, KF_UPPER);
    build_operand(p, C, MODE_WRITE, j.index, i.index);
    build_operand(p, T, MODE_READ, i.index, j.index);
    build_end(p, j);
    build_end(p, i);
    store_all(p, build_output(p, "C", C), C, t, t);
    release_all(p);
}

static void check_value(struct plan *p, const char *text, uint32_t matrix,
                        uint32_t i)
{
    uint32_t zero = build_int(p, 0);
    uint32_t line = build_text(p, text, 0, 0);

    build_task(p, KERNEL_CHECK, 0)->b = line;
    build_operand(p, matrix, MODE_READ, i, zero);
}

/* A number that binding does not know. */
static uint32_t late(struct plan *p, uint32_t value)
{
    uint32_t slot = build_slot(p, "late", NUMBER_INT);
    struct plan_entry *e = build_entry(p, ENTRY_SET);

    e->a = slot;
    e->b = value;
    return build_leaf(p, EXPR_SLOT, NUMBER_INT, slot);
}

/* Lines and failures: tile (i) of v is i - 5 after some work, tested from
 * the last to the first, so that the fifth in order fails; a factorisation
 * far behind fails too, and so does an index. */
static void program_fails(struct plan *p)
{
    uint32_t zero = build_int(p, 0), one = build_int(p, 1);
    uint32_t n = build_int(p, 12), five = build_int(p, 5);
    uint32_t v = build_fill(p, "v", n, one, one, 1);
    uint32_t w = build_temp(p, "w", n, one, one);
    uint32_t bad = build_fill(p, "bad", five, five, five, -1);
    uint32_t unit = build_real(p, 1), index;
    struct build_loop i = build_loop(p, zero, n);

    build_task(p, KERNEL_GEMM, 0); /* w(i) = i v(i), but 0 for i = 7 */
    build_operand(p, w, MODE_BOTH, i.index, zero);
    build_operand(p, v, MODE_READ, i.index, zero);
    build_operand(p, v, MODE_READ, i.index, zero);
    index = build_op(p, EXPR_SUB, NUMBER_INT, build_int(p, 7), i.index);
    build_arg(p, build_op(p, EXPR_TO_REAL, NUMBER_REAL, index, PLAN_NONE));
    build_task(p, KERNEL_GEMM, 0);
    build_operand(p, w, MODE_BOTH, i.index, zero);
    build_operand(p, v, MODE_READ, zero, zero);
    build_operand(p, w, MODE_READ, i.index, zero);
    build_arg(p, unit);
    print_value(p, "w ", w, i.index, zero);
    check_value(p, "w is zero", w, i.index);
    build_end(p, i);
    build_task(p, KERNEL_POTRF, 0);
    build_operand(p, bad, MODE_BOTH, zero, zero);
    print_value(p, "never ", w, zero, zero);
    print_value(p, "nor ", w, late(p, n), zero);
}

/* Only the walker fails. */
static void program_index(struct plan *p)
{
    uint32_t zero = build_int(p, 0), one = build_int(p, 1);
    uint32_t n = build_int(p, 12);
    uint32_t v = build_fill(p, "v", n, one, one, 1);
    uint32_t turns = late(p, build_int(p, 20));
    struct build_loop i = build_loop(p, zero, turns);

    build_task(p, KERNEL_NOP, 0);
    build_operand(p, v, MODE_BOTH, i.index, zero);
    print_value(p, "v ", v, i.index, zero);
    build_end(p, i);
}

static void program_not_positive(struct plan *p)
{
    uint32_t n = build_int(p, 33), b = build_int(p, 6), t = build_int(p, 6);
    uint32_t A = build_source(p, "A", RULE_RANDN, n, n, b);

    p->matrices.items[A].seed = build_int(p, 11);
    cholesky(p, A, t);
    store_all(p, build_output(p, "L", A), A, t, t);
}

/* ---- the tests ---------------------------------------------------------- */

static const struct program {
    const char *name;
    void (*build)(struct plan *p);
    int status;
    uint64_t orders; /* times TM_REPEAT */
    size_t budget;   /* of sim_run() */
} programs[] = {
    {"gemm", program_gemm, TM_OK, 300, 1500},
    {"cholesky", program_cholesky, TM_OK, 300, 1500},
    {"lu", program_lu, TM_OK, 300, 3500},
    {"iterate", program_iterate, TM_OK, 300, 2500},
    {"mixed", program_mixed, TM_OK, 300, 0},
    {"large", program_large, TM_OK, 10, 0},
    {"fails", program_fails, TM_ESCRIPT, 300, 0},
    {"index", program_index, TM_ESCRIPT, 300, 0},
    {"not positive", program_not_positive, TM_ESCRIPT, 300, 0},
};

static int same(const struct result *a, const struct result *b)
{
    uint32_t k;

    if (a->error.status != b->error.status ||
        a->error.place != b->error.place ||
        strcmp(a->error.text, b->error.text) || strcmp(a->lines, b->lines))
        return 0;
    if (a->error.status)
        return 1; /* outputs are undefined */
    for (k = 0; k < a->outputs; k++)
        if (memcmp(a->data[k], b->data[k], a->entries[k] * sizeof(double)))
            return 0;
    return 1;
}

static struct binding *program_bind(const struct program *program)
{
    struct plan *p = plan_new();
    struct binding *b;
    struct tm_error error;

    error_clear(&error);
    program->build(p);
    if (plan_verify(p, &error)) {
        printf("%s: %s\n", program->name, error.text);
        return NULL;
    }
    b = binding_new(p);
    if (binding_finish(b, &error)) {
        printf("%s: %s\n", program->name, error.text);
        return NULL;
    }
    return b;
}

static void program_unbind(struct binding *b)
{
    struct plan *p = (struct plan *)(uintptr_t)b->plan;

    binding_free(b);
    plan_free(p);
}

static int test_orders(const struct binding *b, const struct result *first,
                       uint64_t orders, size_t budget)
{
    struct result result;
    uint64_t seed;

    for (seed = 1; seed <= orders; seed++) {
        uint16_t workers = (uint16_t)(1 + seed % WORKERS);
        int wrong = sim_run(b, workers, seed, budget, &result);
        int equal = same(first, &result);
        if (wrong || !equal)
            printf("seed %llu, %d workers: %s\n%s[%s]\n",
                   (unsigned long long)seed, workers,
                   wrong ? "did not end well" : "another result", result.lines,
                   result.error.text);
        result_free(&result);
        if (wrong || !equal)
            return 0;
    }
    return 1;
}

static int test_threads(const struct binding *b, const struct result *first,
                        int rounds)
{
    struct result result;
    int k, equal = 1;

    for (k = 0; k < rounds && equal; k++) {
        threads_run(b, 1 + k % 4, &result);
        equal = same(first, &result);
        if (!equal)
            printf("%d threads:\n%s[%s]\n", 1 + k % 4, result.lines,
                   result.error.text);
        result_free(&result);
    }
    return equal;
}

static void test_program(const struct program *program, int repeat)
{
    struct binding *b = program_bind(program);
    struct result first;

    printf("%s\n", program->name);
    CHECK(b);
    if (!b)
        return;
    CHECK(!sim_run(b, 1, 0, 0, &first));
    CHECK(first.error.status == program->status);
    if (first.error.status)
        printf("# %s\n", first.error.text);
    CHECK(test_orders(b, &first, program->orders * (uint64_t)repeat,
                      program->budget));
    CHECK(test_threads(b, &first, 8 * repeat));
    result_free(&first);
    program_unbind(b);
}

/* A store that is reset hands out the same memory again, as long as it has
 * what is asked for, and asks for more where it does not. */
static void test_store_reset(void)
{
    enum { COUNT = 40 };
    static const size_t sizes[] = {100000, 3 << 20, 64, 100000};
    struct store *store = store_new();
    char *first[COUNT], *data;
    size_t held = 0, size, turn;
    int k;

    for (turn = 0; turn < 4; turn++) {
        for (k = 0; k < COUNT; k++) {
            size = sizes[(k + 3 * (turn == 2)) % 4];
            data = store_take(store, size);
            CHECK(data != NULL);
            memset(data, k, size + STORE_PAD);
            if (!turn)
                first[k] = data;
            CHECK(turn == 2 || data == first[k]);
            if (k % 3 == 1) /* and some are not given back */
                store_give(store, data, size);
        }
        CHECK(!turn || turn == 2 || store_held(store) == held);
        held = turn == 2 ? held : store_held(store);
        store_reset(store);
        CHECK(store_used(store) == 0 && store_peak(store) == 0);
    }
    CHECK(store_take(store, 500 << 20) != NULL);
    CHECK(store_held(store) < (size_t)600 << 20);
    store_reset(store);
    store_limit(store, 1 << 20);
    CHECK(store_held(store) == 0);
    store_free(store);
}

/* Bytes that are no messages, and messages that are cut or changed. */
static void test_noise(void)
{
    struct binding *b = program_bind(&programs[0]);
    struct store *store = store_new();
    struct job_input none = {0};
    uint64_t random = 88172645463325252u, k;
    uint32_t n;

    if (!b)
        return;
    for (k = 0; k < 2000; k++) {
        struct coordinator *c = coordinator_new(b, NULL, 1, 64);
        struct worker *w = worker_new(0, 1, b, &none, store);
        struct wire_message *message;
        coordinator_step(c);
        while ((message = outbox_take(coordinator_outbox(c)))) {
            for (n = 0; n < 1 + k % 4; n++) {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                message->bytes[random % message->size] ^=
                    (unsigned char)(1u << (random >> 40) % 5);
            }
            worker_message(w, WIRE_COORDINATOR, message->bytes,
                           message->size - (random >> 50) % 3);
            coordinator_message(c, 0, message->bytes, message->size);
            message->bytes[0] = WIRE_REPORT;
            message->bytes[2] = message->bytes[3] = 0;
            coordinator_message(c, 0, message->bytes, message->size);
            wire_message_free(message);
        }
        worker_free(w);
        coordinator_free(c);
    }
    CHECK(k == 2000);
    store_free(store);
    program_unbind(b);
}

/* All that can happen, but that no worker hears what another asks. */
static void happen_unheard(struct sim *s)
{
    uint32_t w;

    for (w = 0; w < s->workers; w++) {
        struct wire_outbox *unheard = &s->flight[w][1 - w];
        walk(s);
        while (deliver(s, WORKERS, w) || take_job(s, w) || end_job(s, w))
            ;
        flush(s, w);
        while (deliver(s, w, WORKERS))
            ;
        outbox_fini(unheard);
        outbox_init(unheard);
    }
}

/* A run that stands still says who waits for what. */
static void test_stuck(void)
{
    struct binding *b = program_bind(&programs[1]);
    struct result result;
    struct sim s = {.binding = b, .workers = 2, .result = &result, .random = 1};
    char text[700] = "";
    uint32_t k, n;

    if (!b)
        return;
    outputs_bind(b, &s.io, &result);
    for (k = 0; k <= WORKERS; k++)
        for (n = 0; n <= WORKERS; n++)
            outbox_init(&s.flight[k][n]);
    s.coordinator = coordinator_new(b, NULL, 2, COORDINATOR_WINDOW);
    for (k = 0; k < 2; k++) {
        s.store[k] = store_new();
        s.worker[k] = worker_new((uint16_t)k, 2, b, s.io.inputs, s.store[k]);
        for (n = 0; n < JOBS; n++)
            job_init(&s.jobs[k][n]);
    }
    for (k = 0; k < 20; k++)
        happen_unheard(&s);
    CHECK(!coordinator_finished(s.coordinator));
    CHECK(!coordinator_stuck(s.coordinator));
    for (k = 0; k < 2; k++) {
        coordinator_ask(s.coordinator);
        CHECK(coordinator_unanswered(s.coordinator) == 2);
        happen_unheard(&s);
        CHECK(coordinator_unanswered(s.coordinator) == 0);
    }
    CHECK(coordinator_stuck(s.coordinator));
    coordinator_describe(s.coordinator, text, sizeof text);
    printf("# %s\n", text);
    CHECK(!strncmp(text, "0 tasks running, ", 17));
    CHECK(strstr(text, " for tile ") != NULL);
    CHECK(strstr(text, ", which was made by task ") != NULL);
    for (k = 0; k < 2; k++) {
        worker_free(s.worker[k]);
        store_free(s.store[k]);
        for (n = 0; n < JOBS; n++)
            job_fini(&s.jobs[k][n]);
    }
    for (k = 0; k <= WORKERS; k++)
        for (n = 0; n <= WORKERS; n++)
            outbox_fini(&s.flight[k][n]);
    coordinator_free(s.coordinator);
    job_space_fini(&s.space);
    free(s.io.inputs);
    free(s.io.outputs);
    result_free(&result);
    program_unbind(b);
}

/* One tile += A B, of zeros, which nobody loads. */
static void program_chain(struct plan *p)
{
    uint32_t n = build_int(p, 24), b = build_int(p, 6), t = build_int(p, 4);
    uint32_t zero = build_int(p, 0), one = build_real(p, 1);
    uint32_t A = build_temp(p, "A", b, n, b);
    uint32_t B = build_temp(p, "B", n, b, b);
    uint32_t C = build_temp(p, "C", b, b, b);
    struct build_loop k = build_loop(p, zero, t);

    build_task(p, KERNEL_GEMM, 0);
    build_operand(p, C, MODE_BOTH, zero, zero);
    build_operand(p, A, MODE_READ, zero, k.index);
    build_operand(p, B, MODE_READ, k.index, zero);
    build_arg(p, one);
    build_end(p, k);
    store_all(p, build_output(p, "C", C), C, build_int(p, 1), build_int(p, 1));
    release_all(p);
}

/* One worker that knows all tasks. */
static void alone_open(struct sim *s, const struct binding *b,
                       struct result *result)
{
    uint32_t k;

    *s =
        (struct sim){.binding = b, .workers = 1, .result = result, .random = 1};
    outputs_bind(b, &s->io, result);
    for (k = 0; k < (WORKERS + 1) * (WORKERS + 1); k++)
        outbox_init(&s->flight[k / (WORKERS + 1)][k % (WORKERS + 1)]);
    for (k = 0; k < JOBS; k++)
        job_init(&s->jobs[0][k]);
    s->coordinator = coordinator_new(b, NULL, 1, COORDINATOR_WINDOW);
    s->store[0] = store_new();
    s->worker[0] = worker_new(0, 1, b, s->io.inputs, s->store[0]);
    while (walk(s) || deliver(s, WORKERS, 0))
        ;
}

static void alone_close(struct sim *s)
{
    uint32_t k;

    worker_free(s->worker[0]);
    store_free(s->store[0]);
    coordinator_free(s->coordinator);
    for (k = 0; k < JOBS; k++)
        job_fini(&s->jobs[0][k]);
    for (k = 0; k < (WORKERS + 1) * (WORKERS + 1); k++)
        outbox_fini(&s->flight[k / (WORKERS + 1)][k % (WORKERS + 1)]);
    job_space_fini(&s->space);
    free(s->io.inputs);
    free(s->io.outputs);
    result_free(s->result);
}

/* Products that update one tile are taken together and work where it lies;
 * what follows one that fails is not done. */
static void test_follow(int fails)
{
    static const struct program chain = {"chain", program_chain, TM_OK, 1, 0};
    struct binding *b = program_bind(&chain);
    struct result result;
    struct sim s;
    struct job *jobs = s.jobs[0], none;
    uint32_t k, tasks;

    CHECK(b);
    if (!b)
        return;
    alone_open(&s, b, &result);
    job_init(&none);
    CHECK(take_job(&s, 0) && !jobs[0].load);
    for (k = 1; k < 4; k++) {
        CHECK(worker_follow(s.worker[0], &jobs[k - 1], &jobs[k]));
        CHECK(jobs[k].number == jobs[0].number + k);
        CHECK(jobs[k].operand[0].to == jobs[0].operand[0].to);
        CHECK(!(jobs[k].operand[0].flags & (JOB_COPY | JOB_FRESH)));
    }
    CHECK(!worker_follow(s.worker[0], &jobs[3], &none)); /* a store */
    tasks = worker_tasks(s.worker[0]);
    for (k = 0; k < 4; k++)
        job_run(&jobs[k], &s.io, &s.space);
    if (fails)
        error_set(&jobs[1].error, TM_EBUG, "as a test has it");
    for (k = 0; k < 4; k++)
        worker_finish(s.worker[0], &jobs[k]);
    CHECK(worker_tasks(s.worker[0]) == tasks - (fails ? 1 : 4));
    CHECK(worker_unreported(s.worker[0]) == (fails ? 1 : 4));
    s.running[0] = 0;
    CHECK(!play(&s));
    CHECK(coordinator_error(s.coordinator)->status ==
          (fails ? TM_EBUG : TM_OK));
    CHECK(fails || !sim_check(&s));
    job_fini(&none);
    alone_close(&s);
    program_unbind(b);
}

/* ---- memory ------------------------------------------------------------- */

enum { BYTES_MOST = 64 }; /* of a task in the window */

_Static_assert(sizeof(struct slot) + TASK_CELL + sizeof(uint32_t) <= BYTES_MOST,
               "what coordinator, worker and its heap keep of a task");

/* Each of many tasks reads three tiles, which others write first or not. */
static void program_read(struct plan *p, int written)
{
    uint32_t zero = build_int(p, 0), three = build_int(p, 3), k;
    uint32_t matrix =
        build_temp(p, "C", three, build_int(p, 1), build_int(p, 1));
    uint32_t line = build_text(p, "no", PART_OPERAND, 0);
    struct build_loop loop;

    for (k = 0; k < 3 && written; k++) {
        build_task(p, KERNEL_NOP, 0);
        build_operand(p, matrix, MODE_BOTH, build_int(p, k), zero);
    }
    loop = build_loop(p, zero, build_int(p, 1 << 20));
    build_task(p, KERNEL_CHECK, 0)->b = line;
    for (k = 0; k < 3; k++)
        build_operand(p, matrix, MODE_READ, build_int(p, k), zero);
    build_end(p, loop);
    build_release(p, matrix);
}

static void program_wait(struct plan *p)
{
    program_read(p, 1);
}

static void program_ready(struct plan *p)
{
    program_read(p, 0);
}

static size_t bytes_in_use(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* Of a coordinator and its worker with so many tasks in the window. */
static size_t window_bytes(const struct binding *b, uint32_t window)
{
    size_t before = bytes_in_use(), bytes;
    struct store *store = store_new();
    struct coordinator *c = coordinator_new(b, NULL, 1, window);
    struct worker *w = worker_new(0, 1, b, NULL, store);
    struct wire_message *message;

    while (coordinator_step(c))
        while ((message = outbox_take(coordinator_outbox(c)))) {
            worker_message(w, WIRE_COORDINATOR, message->bytes, message->size);
            wire_message_free(message);
        }
    CHECK(worker_tasks(w) == window && !worker_bad(w));
    bytes = bytes_in_use() - before;
    worker_free(w);
    coordinator_free(c);
    store_free(store);
    return bytes;
}

static void test_bytes(const struct program *program)
{
    enum { SMALL = 4096, LARGE = 8192 }; /* as large as a walk, twice that */
    struct binding *b = program_bind(program);
    size_t small, large;
    double each;

    CHECK(b);
    if (!b)
        return;
    small = window_bytes(b, SMALL);
    large = window_bytes(b, LARGE);
    each = ((double)large - (double)small) / (LARGE - SMALL);
    printf("# %s: %.2f bytes for each task in the window, %zu of the "
           "coordinator, %d of the worker\n",
           program->name, each, sizeof(struct slot), TASK_CELL);
    CHECK(each <= BYTES_MOST); /* 0 where a sanitizer has its own malloc */
    program_unbind(b);
}

int main(void)
{
    const char *times = getenv("TM_REPEAT");
    int repeat = times && atoi(times) > 0 ? atoi(times) : 1;
    struct tm_error error;
    size_t k;

    error_clear(&error);
    setvbuf(stdout, NULL, _IOLBF, 0);
    CHECK(!kernel_start(NULL, &error));
    for (k = 0; k < sizeof programs / sizeof *programs; k++)
        test_program(&programs[k], repeat);
    test_store_reset();
    test_noise();
    test_stuck();
    test_follow(0);
    test_follow(1);
    test_bytes(&(struct program){"wait", program_wait, TM_OK, 1, 0});
    test_bytes(&(struct program){"ready", program_ready, TM_OK, 1, 0});
    return CHECK_END();
}
