/* A model of a plan's time: its first tasks, scheduled. */
#include "plan/edge.h"
#include "plan/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Multiples of 56 fill the panels of the micro-kernels; the others halve and
 * quarter sizes that are powers of two. */
static const int64_t edges[] = {112, 168, 224, 256, 336, 448, 512, 672, 896,
                                1024};
enum {
    EDGES = sizeof edges / sizeof edges[0],
    FEW = 2, MANY = 5,  /* threads of the schedules: with their mean an edge
                         * is near the best on 2 and on 8 */
    TASKS = 1200,       /* at most: the choice takes milliseconds */
    NEEDS = 16 * TASKS, /* versions that they read */
    STEPS = 20 * TASKS, /* of the walker */
    TURNS = 10, /* of a loop that ends by its data */
    OPERANDS = 20000   /* a larger plan gets `usual`: to bind it again and
                         * again takes too long */
};
static const int64_t usual = 256;
static const double task_ns = 2000; /* to hand one out and call its kernel */
/* Going on to the next column takes as long as so many entries, where a kernel
 * does little more than read them. */
static const double column_entries = 100;

/* ---- rates -------------------------------------------------------------- */

static const struct edge_rates table[CPU_KINDS] = {
#define RATE(KIND, ID, SPEED, HALF)                                            \
    [CPU_##KIND].kernel[KERNEL_##ID] = {SPEED, HALF},
#define MEMORY(KIND, SPEED) [CPU_##KIND].memory = SPEED,
#include "plan/rates.def"
#undef RATE
#undef MEMORY
};

const struct edge_rates *edge_rates_of(enum cpu_kind kind)
{
    return &table[kind];
}

static double task_time(const struct edge_rates *rates, uint8_t kernel,
                        uint8_t type, const struct work_load *load,
                        double column)
{
    const struct edge_rate *x = &rates->kernel[kernel];
    double wide = type == TM_F32 || type == TM_C64 ? 2 : 1, speed;
    double bytes = load->bytes;

    if (!(x->rate > 0))
        x = &rates->kernel[KERNEL_MAP];
    if (x == &rates->kernel[KERNEL_MAP])
        bytes *= 1 + column_entries / column;
    speed = wide * x->rate;
    if (x->half > 0)
        speed *= load->edge / (load->edge + x->half);
    return task_ns + (load->flops > 0 ? load->flops / speed : 0) +
           bytes / rates->memory;
}

static double least(double a, int64_t b)
{
    return a < (double)b ? a : (double)b;
}

double edge_seconds(const struct edge_rates *rates, const struct binding *b,
                    uint32_t entry, double flops)
{
    const struct plan_entry *e = &b->plan->entries.items[entry];
    struct work_load load = {.flops = flops, .edge = INFINITY};
    uint8_t type = TM_F64;
    uint32_t k;

    for (k = 0; k < e->operands; k++) {
        const struct plan_operand *x =
            &b->plan->operands.items[e->first_operand + k];
        const struct bind_matrix *m = &b->matrices[x->matrix];
        double rows = least((double)m->tile_rows, m->rows);
        double cols = least((double)m->tile_cols, m->cols);
        if (!k)
            type = m->type;
        load.edge = rows < load.edge ? rows : load.edge;
        load.edge = cols < load.edge ? cols : load.edge;
        load.bytes += rows * cols * (double)type_bytes(m->type) *
                      (x->mode == MODE_BOTH ? 2 : 1);
    }
    return 1e-9 * task_time(rates, e->kernel, type, &load,
                            load.edge < 1 ? 1 : load.edge);
}

/* ---- the tasks ---------------------------------------------------------- */

struct step { /* a task */
    double time, path; /* path: from its start to the end of all that wait */
    uint32_t need, need_end; /* in needs */
    uint32_t next;           /* the first in `next` that needs it */
    uint32_t missing;        /* tasks that it waits for */
};

struct model {
    const struct binding *binding;
    const struct edge_rates *rates;
    struct step *steps;
    uint32_t *needs; /* tasks whose results are read */
    uint32_t *next;  /* by needs: the next that has the same, from 1 */
    uint32_t *ready; /* a heap, the longest path on top */
    uint32_t count, need_count, ready_count;
    uint32_t gate;   /* the task whose number the walker waited for last, or
                      * PLAN_NONE: all later ones wait for it */
    uint8_t *turns;  /* of each entry that is a FETCH */
    int64_t edge;    /* of the tiles */
    int cut;         /* there are more tasks */
    double work;     /* about: that of the script, whatever the edge */
};

static int model_init(struct model *m, const struct edge_rates *rates)
{
    *m = (struct model){.rates = rates};
    m->steps = malloc(TASKS * sizeof *m->steps);
    m->needs = malloc(NEEDS * sizeof *m->needs);
    m->next = malloc(NEEDS * sizeof *m->next);
    m->ready = malloc(TASKS * sizeof *m->ready);
    return m->steps && m->needs && m->next && m->ready ? 0 : -1;
}

static void model_fini(struct model *m)
{
    free(m->steps);
    free(m->needs);
    free(m->next);
    free(m->ready);
}

/* Written entries stand for the work of tasks that only copy. */
static int add_task(struct model *m, struct work_meter *meter,
                    const struct walker *w, const struct walk_batch *batch,
                    const struct walk_task *task)
{
    const struct plan *plan = m->binding->plan;
    const struct plan_entry *e = &plan->entries.items[task->entry];
    const struct walk_operand *o = &batch->operands[task->first_operand];
    struct step *step = &m->steps[m->count++];
    struct work_load load;
    uint8_t type = TM_F64;
    uint32_t k;

    if (work_measure(meter, w, batch, task, &load))
        return -1;
    if (e->operands)
        type = m->binding
                   ->matrices[plan->operands.items[e->first_operand].matrix]
                   .type;
    *step =
        (struct step){.time = task_time(m->rates, e->kernel, type, &load,
                                        (double)m->edge),
                      .need = m->need_count};
    m->work += load.flops + load.written;
    for (k = 0; k < task->operands; k++) {
        uint64_t writer = walk_version(w, o[k].in & WALK_HANDLE)->writer;
        if (writer)
            m->needs[m->need_count++] = (uint32_t)writer - 1;
    }
    if (m->gate != PLAN_NONE)
        m->needs[m->need_count++] = m->gate;
    step->need_end = m->need_count;
    return 0;
}

/* The test that a FETCH is for, the next entry but releases; PLAN_NONE: it is
 * for something else.  *truth: what makes it true. */
static uint32_t test_of(const struct plan *plan, uint32_t fetch, int *truth)
{
    const struct plan_entry *e = &plan->entries.items[fetch];
    const struct plan_expr *x;
    uint32_t slot = e->a, k = fetch + 1;

    while (k < plan->entries.count &&
           plan->entries.items[k].kind == ENTRY_RELEASE)
        k++;
    if (k == plan->entries.count || plan->entries.items[k].kind != ENTRY_IF)
        return PLAN_NONE;
    x = &plan->exprs.items[plan->entries.items[k].a];
    *truth = x->op != EXPR_NOT;
    if (!*truth)
        x = &plan->exprs.items[x->args[0]];
    return x->op == EXPR_SLOT && x->value.integer == slot ? k : PLAN_NONE;
}

/* A number that only a run can know: a loop that ends by it has some turns,
 * of an IF the first branch is taken. */
static double guess(struct model *m, uint32_t fetch)
{
    const struct plan_entry *entries = m->binding->plan->entries.items;
    int truth = 1;
    uint32_t test = test_of(m->binding->plan, fetch, &truth);

    if (test == PLAN_NONE || entries[test].end == test + 1)
        return 1;
    if (entries[test + 1].kind == ENTRY_CONTINUE)
        return !truth;
    if (entries[test + 1].kind != ENTRY_BREAK)
        return truth;
    if (m->turns[fetch]++ < TURNS)
        return !truth;
    m->turns[fetch] = 0; /* it may be in another loop */
    return truth;
}

static void answer(struct model *m, struct walker *w,
                   const struct walk_batch *batch)
{
    uint64_t writer = walk_version(w, batch->wait)->writer;

    if (batch->wait && writer)
        m->gate = (uint32_t)writer - 1;
    walk_answer(w, guess(m, batch->wait_entry));
}

/* The plan's first tasks.  A fault of the walker is the run's to report. */
static int add_tasks(struct model *m, struct work_meter *meter,
                     struct walker *w)
{
    const struct walk_batch *batch;
    uint32_t k;

    do {
        batch = walk_next(w, TASKS - m->count, STEPS);
        for (k = 0; k < batch->count; k++) {
            m->cut = batch->tasks[k].operands >= NEEDS - m->need_count;
            if (m->cut)
                return 0;
            if (add_task(m, meter, w, batch, &batch->tasks[k]))
                return -1;
        }
        m->cut = batch->state == WALK_MORE || batch->state == WALK_WAIT;
        if (batch->state == WALK_WAIT)
            answer(m, w, batch);
    } while (m->cut && m->count < TASKS && walk_steps(w) < STEPS);
    return 0;
}

static int model_fill(struct model *m, const struct binding *binding)
{
    struct work_meter meter;
    struct walker *w = walker_new(binding, NULL);
    int failed = -1;

    m->binding = binding;
    m->count = m->need_count = m->ready_count = 0;
    m->gate = PLAN_NONE;
    m->work = 0;
    m->turns = calloc(binding->plan->entries.count + 1, sizeof *m->turns);
    if (w && m->turns && !work_init(&meter, binding)) {
        failed = add_tasks(m, &meter, w);
        work_fini(&meter);
    }
    walker_free(w);
    free(m->turns);
    return failed;
}

/* ---- the schedule ------------------------------------------------------- */

/* Paths to the end, and who waits for whom. */
static void link_steps(struct model *m)
{
    uint32_t k, n;

    for (k = 0; k < m->count; k++) {
        m->steps[k].path = 0;
        m->steps[k].next = 0;
    }
    for (k = m->count; k-- > 0;) {
        struct step *step = &m->steps[k];
        step->path += step->time;
        for (n = step->need; n < step->need_end; n++) {
            struct step *before = &m->steps[m->needs[n]];
            before->path = fmax(before->path, step->path);
        }
    }
    for (k = 0; k < m->count; k++)
        for (n = m->steps[k].need; n < m->steps[k].need_end; n++) {
            struct step *before = &m->steps[m->needs[n]];
            m->next[n] = before->next;
            before->next = n + 1;
            m->needs[n] = k;
        }
}

static void push(struct model *m, uint32_t step)
{
    uint32_t at = m->ready_count++;

    for (; at; at = (at - 1) / 2) {
        uint32_t parent = m->ready[(at - 1) / 2];
        if (m->steps[parent].path >= m->steps[step].path)
            break;
        m->ready[at] = parent;
    }
    m->ready[at] = step;
}

static uint32_t pop(struct model *m)
{
    uint32_t first = m->ready[0], last = m->ready[--m->ready_count];
    uint32_t at = 0, child;

    for (; (child = 2 * at + 1) < m->ready_count; at = child) {
        if (child + 1 < m->ready_count &&
            m->steps[m->ready[child + 1]].path >
                m->steps[m->ready[child]].path)
            child++;
        if (m->steps[last].path >= m->steps[m->ready[child]].path)
            break;
        m->ready[at] = m->ready[child];
    }
    m->ready[at] = last;
    return first;
}

struct thread {
    double end; /* of its task */
    uint32_t step, busy;
};

static struct thread *first_to_end(struct thread *threads, uint32_t count)
{
    struct thread *first = NULL;

    for (uint32_t k = 0; k < count; k++)
        if (threads[k].busy && (!first || threads[k].end < first->end))
            first = &threads[k];
    return first;
}

/* When the last task ends.  Free threads take ready tasks, the one with the
 * longest path first. */
static double schedule(struct model *m, uint32_t count)
{
    struct thread threads[MANY] = {{0}}, *t;
    double now = 0;
    uint32_t k;

    for (k = 0; k < m->count; k++) {
        m->steps[k].missing = m->steps[k].need_end - m->steps[k].need;
        if (!m->steps[k].missing)
            push(m, k);
    }
    for (;;) {
        for (k = 0; k < count && m->ready_count; k++)
            if (!threads[k].busy) {
                uint32_t step = pop(m);
                threads[k] =
                    (struct thread){now + m->steps[step].time, step, 1};
            }
        t = first_to_end(threads, count);
        if (!t)
            return now;
        now = t->end;
        t->busy = 0;
        for (k = m->steps[t->step].next; k; k = m->next[k - 1])
            if (!--m->steps[m->needs[k - 1]].missing)
                push(m, m->needs[k - 1]);
    }
}

/* ---- the choice --------------------------------------------------------- */

static enum tm_status bind_with(struct binding *b, int64_t edge,
                                struct tm_error *error)
{
    binding_tile(b, edge, edge);
    return binding_finish(b, error);
}

/* Of all matrices. */
static int64_t longest_side(const struct binding *b)
{
    int64_t longest = 0;
    uint32_t k;

    for (k = 0; k < b->plan->matrices.count; k++) {
        const struct bind_matrix *m = &b->matrices[k];
        longest = m->rows > longest ? m->rows : longest;
        longest = m->cols > longest ? m->cols : longest;
    }
    return longest;
}

/* From the largest edge down, which makes the fewest tasks.  Where there are
 * too many, the first stand for the whole, by their share of the work.  Edges
 * above the sizes make one tile, all of them. */
static int64_t choose(struct binding *b, struct model *m)
{
    int64_t best = edges[0];
    double least = INFINITY, whole = 0, time;
    struct tm_error ignored;
    uint32_t k;

    for (k = EDGES; k-- > 0;) {
        error_clear(&ignored);
        if (bind_with(b, edges[k], &ignored) ||
            (k && edges[k - 1] >= longest_side(b)))
            continue;
        m->edge = edges[k];
        if (model_fill(m, b))
            return usual;
        if (m->cut && !(m->work > 0))
            break;
        link_steps(m);
        time = sqrt(schedule(m, FEW) * schedule(m, MANY));
        if (!m->cut)
            whole = m->work;
        else
            time *= (whole > 0 ? whole : 1) / m->work;
        if (time < least) {
            least = time;
            best = edges[k];
        } else if (m->cut && time > 1.1 * least) {
            break; /* and smaller ones take longer to find out */
        }
    }
    return best;
}

/* The choice hangs on the plan, on what its expressions give, and on types. */
static size_t key_bytes(const struct binding *b, size_t *values)
{
    *values = b->plan->exprs.count * sizeof *b->values;
    return *values + b->plan->types.count;
}

static int chosen_for(const struct edge_choice *choice, const struct binding *b)
{
    size_t values, bytes = key_bytes(b, &values);

    return choice->key && choice->bytes == bytes &&
           !memcmp(choice->key, b->values, values) &&
           !memcmp(choice->key + values, b->types, bytes - values);
}

static void keep_choice(struct edge_choice *choice, const struct binding *b,
                        int64_t edge)
{
    size_t values;

    edge_choice_fini(choice);
    choice->edge = edge;
    choice->bytes = key_bytes(b, &values);
    choice->key = malloc(choice->bytes + 1);
    if (!choice->key)
        return;
    memcpy(choice->key, b->values, values);
    memcpy(choice->key + values, b->types, choice->bytes - values);
}

void edge_choice_fini(struct edge_choice *choice)
{
    free(choice->key);
    choice->key = NULL;
}

enum tm_status edge_bind(struct binding *b, const struct edge_rates *rates,
                         struct edge_choice *choice, struct tm_error *error)
{
    struct model m;
    int64_t edge = usual;
    enum tm_status status;

    if (b->want_rows || b->plan->tile_rows != PLAN_NONE)
        return binding_finish(b, error);
    if (choice && choice->key) {
        status = bind_with(b, choice->edge, error);
        if (!status && chosen_for(choice, b))
            return status;
        error_clear(error);
    }
    if (b->plan->operands.count < OPERANDS && !model_init(&m, rates)) {
        edge = choose(b, &m);
        model_fini(&m);
    }
    status = bind_with(b, edge, error);
    if (choice && !status)
        keep_choice(choice, b, edge);
    return status;
}
