/* The rules of work: a function for each FLOPS column of kernels.def. */
#include "plan/work.h"
#include "plan/expr.h"

#include <math.h>
#include <stdlib.h>

/* ---- flops ------------------------------------------------------------ */

struct size {
    double rows, cols;
};

/* The first tile of operand k, swapped where trans is not 0. */
static struct size size_of(const struct work_task *task, uint32_t k, int trans)
{
    const int64_t *at = task->sizes + (size_t)task->first[k] * task->stride;
    double rows = (double)at[0], cols = (double)at[1];

    return trans ? (struct size){cols, rows} : (struct size){rows, cols};
}

static double entries(const struct work_task *task, uint32_t k)
{
    struct size s = size_of(task, k, 0);

    return s.rows * s.cols;
}

/* The same of a whole run. */
static double run_entries(const struct work_task *task, uint32_t k)
{
    double sum = 0;

    for (uint32_t t = task->first[k]; t < task->first[k + 1]; t++) {
        const int64_t *at = task->sizes + (size_t)t * task->stride;
        sum += (double)at[0] * (double)at[1];
    }
    return sum;
}

/* A complex product counts as four real ones, a sum as two: 4 times the real
 * count of a kernel in which they come in pairs.
 *
 * Counts of LAPACK Working Note 41 for what is triangular or factored, each
 * operation once: however a matrix is cut, those of its tiles add up to those
 * of the whole. */
static double work(const struct work_task *task, double real)
{
    return task->type == TM_C64 || task->type == TM_C128 ? 4 * real : real;
}

static double flops_gemm(const struct work_task *task)
{
    struct size a = size_of(task, 1, task->flags & KF_TA);

    return work(task, 2 * entries(task, 0) * a.cols);
}

/* One half, with the diagonal. */
static double flops_syrk(const struct work_task *task)
{
    return work(task, (size_of(task, 0, 0).rows + 1) * entries(task, 1));
}

/* Divided by a diagonal of ones nothing is. */
static double flops_trsm(const struct work_task *task)
{
    double n = size_of(task, 1, 0).rows;

    if (task->flags & KF_UNIT)
        n -= 1;
    return work(task, n * entries(task, 0));
}

/* A root and n - j - 1 quotients for column j, and a product and a difference
 * for each entry of the lower half behind it. */
static double flops_potrf(const struct work_task *task)
{
    double n = size_of(task, 0, 0).rows;

    return work(task, n * (n + 1) * (2 * n + 1) / 6);
}

/* The panel of getrf and geqrt: all its rows. */
static struct size panel_of(const struct work_task *task)
{
    struct size a = {0, 0};

    for (uint32_t t = task->first[0]; t < task->first[1]; t++) {
        const int64_t *at = task->sizes + (size_t)t * task->stride;
        a.rows += (double)at[0];
        a.cols = (double)at[1];
    }
    return a;
}

/* m - j - 1 quotients for column j < k, and a product and a difference for
 * each entry behind and below it. */
static double flops_getrf(const struct work_task *task)
{
    struct size a = panel_of(task);
    double m = a.rows, n = a.cols, k = m < n ? m : n;

    return work(task, k * (m - 1) * (2 * n - 1) -
                          k * (k - 1) / 2 * (2 * m + 2 * n - 3) +
                          k * (k - 1) * (2 * k - 1) / 3);
}

/* Without what T takes, and without terms of a lower order. */
static double flops_geqrt(const struct work_task *task)
{
    struct size a = panel_of(task);
    double m = a.rows, n = a.cols, k = m < n ? m : n;

    return work(task,
                4 * m * n * k - 2 * (m + n) * k * k + 4 * k * k * k / 3);
}

static double flops_tsqrt(const struct work_task *task)
{
    return work(task, 2 * entries(task, 0) * size_of(task, 0, 0).cols);
}

static double flops_unmqr(const struct work_task *task)
{
    struct size v = size_of(task, task->operands - 2, 0);
    double both = 4 * v.rows * v.cols;

    /* geqrt's V has a triangle of zeros on top */
    if (task->kernel == KERNEL_UNMQR && v.rows >= v.cols)
        both -= 2 * v.cols * v.cols;
    return work(task, both * size_of(task, 0, 0).cols);
}

/* About: 4/3 n^3 to tridiagonal form, the rest for the vectors. */
static double flops_heevd(const struct work_task *task)
{
    double n = size_of(task, task->operands - 1, 0).rows;

    return work(task,
                (task->kernel == KERNEL_HEEVD ? 9 : 4.0 / 3) * n * n * n);
}

/* About: 4 m n^2 - 4/3 n^3 to bidiagonal form, the rest for the vectors. */
static double flops_gesdd(const struct work_task *task)
{
    struct size a = size_of(task, task->operands - 1, 0);
    double large = a.rows > a.cols ? a.rows : a.cols;
    double small = a.rows > a.cols ? a.cols : a.rows;
    double values = 4 * large * small * small - 4 * small * small * small / 3;

    if (task->kernel == KERNEL_GESDD_VALUES)
        return work(task, values);
    return work(task, 14 * large * small * small + 8 * small * small * small);
}

static double cubes(const struct work_task *task, uint32_t k, double count)
{
    double n = size_of(task, k, 0).rows;

    return work(task, count * n * n * n);
}

/* The parts of heevd and gesdd add up to them. */
static double flops_hetrd(const struct work_task *task)
{
    return cubes(task, 2, 4.0 / 3);
}

static double flops_stedc(const struct work_task *task)
{
    return cubes(task, 2, 9 - 4.0 / 3 - 4);
}

static double flops_gebrd(const struct work_task *task)
{
    return cubes(task, 3, 8.0 / 3);
}

static double flops_bdsdc(const struct work_task *task)
{
    return cubes(task, 3, 22 - 8.0 / 3 - 8);
}

static double flops_unmtr(const struct work_task *task)
{
    return work(task, 4 * entries(task, 0) * size_of(task, 0, 0).rows);
}

static double flops_residual(const struct work_task *task)
{
    return work(task, 2 * run_entries(task, 3) * size_of(task, 0, 0).cols);
}

uint32_t work_steps(const struct plan_map *map,
                    const struct plan_map_step *steps)
{
    uint32_t count = 0, k;

    for (k = 0; k < map->steps; k++)
        count += steps[map->first_step + k].op != MAPOP_COPY;
    return count;
}

static double flops_map(const struct work_task *task)
{
    return (double)task->steps * entries(task, 0);
}

static double flops_map_diagonal(const struct work_task *task)
{
    struct size c = size_of(task, 0, 0);

    return (double)task->steps * (c.rows < c.cols ? c.rows : c.cols);
}

static double flops_reduce(const struct work_task *task)
{
    double from = run_entries(task, 1), to = entries(task, 0);

    return from > to ? from - to : from; /* a sum of n has n - 1 additions */
}

/* n squares and n - 1 additions. */
static double flops_norm(const struct work_task *task)
{
    return 2 * entries(task, 1) - entries(task, 0);
}

/* The sizes of what is reduced are those of operands that are not broadcast. */
static double flops_map_reduce(const struct work_task *task)
{
    double rows = 0, cols = 0;
    uint32_t k;

    for (k = 1; k < task->operands; k++) {
        uint8_t flags = task->operand_flags[k];
        struct size s = size_of(task, k, flags & OPERAND_TRANS);
        if (!(flags & (OPERAND_ROW | OPERAND_SCALAR)))
            rows = s.rows;
        if (!(flags & (OPERAND_COL | OPERAND_SCALAR)))
            cols = s.cols;
    }
    return (double)(task->steps + 1) * rows * cols - entries(task, 0);
}

static double flops_map_norm(const struct work_task *task)
{
    struct work_task squared = *task;

    squared.steps++;
    return flops_map_reduce(&squared);
}

static double flops_copy(const struct work_task *task)
{
    (void)task;
    return 0;
}

static double flops_none(const struct work_task *task)
{
    return flops_copy(task);
}

double work_flops(const struct work_task *task)
{
    static double (*const rules[KERNEL_COUNT])(const struct work_task *task) = {
#define KERNEL(NUMBER, ID, NAME, MODES, FLAGS, ARGS, SHAPE, FLOPS, DOC)        \
    [NUMBER] = flops_##FLOPS,
#include "plan/kernels.def"
#undef KERNEL
    };

    return task->kernel < KERNEL_COUNT && rules[task->kernel]
               ? rules[task->kernel](task)
               : 0;
}

/* ---- bytes ------------------------------------------------------------ */

double work_bytes(const struct work_task *task)
{
    double sum = 0;

    for (uint32_t k = 0; k < task->operands; k++) {
        char mode = kernel_mode(task->kernel, k);
        int twice = mode == 'x' || mode == 'X';
        sum += (twice ? 2 : 1) * run_entries(task, k);
    }
    return sum * (double)type_bytes(task->type);
}

/* ---- the meter -------------------------------------------------------- */

int work_init(struct work_meter *m, const struct binding *binding)
{
    *m = (struct work_meter){.binding = binding};
    m->entries = calloc(binding->plan->entries.count + 1, sizeof *m->entries);
    m->first = calloc(257, sizeof *m->first);
    if (m->entries && m->first)
        return 0;
    work_fini(m);
    return -1;
}

void work_fini(struct work_meter *m)
{
    free(m->entries);
    free(m->first);
    free(m->sizes);
    *m = (struct work_meter){0};
}

static int sizes_reserve(struct work_meter *m, uint32_t tiles)
{
    uint32_t space = m->space ? m->space : 64;
    int64_t *grown;

    while (space < tiles)
        space *= 2;
    if (space == m->space)
        return 0;
    grown = realloc(m->sizes, space * 2 * sizeof *grown);
    if (!grown)
        return -1;
    m->sizes = grown;
    m->space = space;
    return 0;
}

/* A tile's sizes: mostly it is one of `matrix`, and mostly all tiles of that
 * have the same. */
static void tile_size(const struct work_meter *m, uint32_t tile,
                      uint32_t matrix, int64_t *size)
{
    const struct bind_matrix *x = &m->binding->matrices[matrix];
    struct bind_tile t;

    if (tile - x->first_tile < (uint64_t)x->trows * (uint64_t)x->tcols &&
        x->trows * x->tile_rows == x->rows &&
        x->tcols * x->tile_cols == x->cols) {
        size[0] = x->tile_rows;
        size[1] = x->tile_cols;
        return;
    }
    t = binding_tile_at(m->binding, tile);
    size[0] = t.rows;
    size[1] = t.cols;
}

/* The first tile of each operand. */
static void task_operands(struct work_meter *m, const struct plan_entry *e,
                          const struct walk_batch *batch,
                          const struct walk_task *task)
{
    uint32_t slots = walk_slot_args(m->binding->plan, task->entry), k;
    const union plan_value *lengths = batch->values + task->first_value + slots;

    m->first[0] = 0;
    for (k = 0; k < e->operands; k++)
        m->first[k + 1] =
            m->first[k] +
            (task->values > slots ? (uint32_t)lengths[k].integer : 1);
}

/* The shortest edge of the first two operands; of a panel, whose second one
 * is a column of row swaps, of the first. */
static double shortest(const struct work_task *task)
{
    char mode = kernel_mode(task->kernel, 0);
    uint32_t k, most = mode == 'X' || task->operands < 2 ? 1 : 2;
    double least = INFINITY;

    for (k = 0; k < most; k++) {
        struct size s = size_of(task, k, 0);
        least = fmin(least, fmin(s.rows, s.cols));
    }
    return least;
}

/* Sizes of the task's tiles; adds up what they weigh. */
static int task_tiles(struct work_meter *m, const struct walker *w,
                      const struct plan_operand *x, uint32_t operands,
                      const struct walk_operand *o, struct work_load *load)
{
    uint32_t k, t;

    if (sizes_reserve(m, m->first[operands]))
        return -1;
    for (k = 0; k < operands; k++) {
        double bytes =
            (double)type_bytes(m->binding->matrices[x[k].matrix].type);
        for (t = m->first[k]; t < m->first[k + 1]; t++) {
            uint32_t in = o[t].in & WALK_HANDLE;
            int64_t *size = m->sizes + (size_t)t * 2;
            double area;
            tile_size(m, walk_version(w, o[t].out ? o[t].out : in)->tile,
                      x[k].matrix, size);
            area = (double)size[0] * (double)size[1];
            load->bytes += bytes * area * (!!in + !!o[t].out);
            load->written += o[t].out ? area : 0;
        }
    }
    return 0;
}

int work_measure(struct work_meter *m, const struct walker *w,
                 const struct walk_batch *batch, const struct walk_task *task,
                 struct work_load *load)
{
    const struct plan *plan = m->binding->plan;
    const struct plan_entry *e = &plan->entries.items[task->entry];
    const struct plan_operand *x = &plan->operands.items[e->first_operand];
    struct work_task work = {.kernel = e->kernel,
                             .flags = e->flags,
                             .operands = e->operands,
                             .first = m->first,
                             .stride = 2};
    uint8_t flags[256];
    uint32_t k;

    *load = (struct work_load){0};
    if (!e->operands || e->operands > 256)
        return 0;
    task_operands(m, e, batch, task);
    if (task_tiles(m, w, x, e->operands,
                   &batch->operands[task->first_operand], load))
        return -1;
    for (k = 0; k < e->operands; k++)
        flags[k] = x[k].flags;
    work.sizes = m->sizes;
    work.operand_flags = flags;
    work.type = m->binding->matrices[x[0].matrix].type;
    if (kernel_maps(e->kernel))
        work.steps = work_steps(&plan->maps.items[e->a], plan->steps.items);
    load->flops = work_flops(&work);
    load->edge = shortest(&work);
    return 0;
}

int work_add(struct work_meter *m, const struct walker *w,
             const struct walk_batch *batch)
{
    struct work_load load;
    uint32_t k;

    for (k = 0; k < batch->count; k++) {
        struct work_count *count = &m->entries[batch->tasks[k].entry];
        if (work_measure(m, w, batch, &batch->tasks[k], &load))
            return -1;
        count->tasks++;
        count->flops += load.flops;
        count->bytes += load.bytes;
    }
    return 0;
}
