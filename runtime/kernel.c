/* The table of kernels: checks of shapes, counts of work, scratch, dispatch.
 *
 * A row of plan/kernels.def names a rule for the shapes and one for the work;
 * here is a function for each, and the table that puts them together with
 * the kernels' own functions in the other kernel_*.c files. */
#include "runtime/kernel_private.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t type_bytes(uint8_t type)
{
    switch (type) {
    case TM_F32: return 4;
    case TM_F64: return 8;
    case TM_C64: return 8;
    case TM_C128: return 16;
    }
    return 0;
}

const char *type_name(uint8_t type)
{
    switch (type) {
    case TM_F32: return "f32";
    case TM_F64: return "f64";
    case TM_C64: return "c64";
    case TM_C128: return "c128";
    }
    return "no type";
}

int kernel_fail(struct kernel_failure *failure, enum tm_status status,
                int64_t info, const char *format, ...)
{
    va_list args;

    failure->status = status;
    failure->info = info;
    va_start(args, format);
    vsnprintf(failure->text, sizeof failure->text, format, args);
    va_end(args);
    return status;
}

/* ---- shapes ----------------------------------------------------------- */

/* Where a check puts what it has to say. */
struct text {
    char *at;
    size_t size;
};

static int refuse(const struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int refuse(const struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(text->at, text->size, format, args);
    va_end(args);
    return 1;
}

/* Sizes as they are read: swapped where trans is not 0. */
struct shape {
    int64_t rows, cols;
};

static struct shape shape_of(const struct kernel_call *call, uint32_t k,
                             int trans)
{
    const struct kernel_tile *tile = kernel_operand(call, k);

    if (trans)
        return (struct shape){tile->cols, tile->rows};
    return (struct shape){tile->rows, tile->cols};
}

static int shape_differs(struct shape a, int64_t rows, int64_t cols)
{
    return a.rows != rows || a.cols != cols;
}

static int shape_gemm(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0);
    struct shape a = shape_of(call, 1, call->flags & KF_TA);
    struct shape b = shape_of(call, 2, call->flags & KF_TB);

    if (a.cols != b.rows)
        return refuse(text, "inner sizes %" PRId64 " and %" PRId64 " differ",
                      a.cols, b.rows);
    if (shape_differs(c, a.rows, b.cols))
        return refuse(text,
                      "the product is %" PRId64 " x %" PRId64
                      ", the result %" PRId64 " x %" PRId64,
                      a.rows, b.cols, c.rows, c.cols);
    return 0;
}

static int shape_syrk(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0);
    struct shape a = shape_of(call, 1, call->flags & KF_TA);

    if (shape_differs(c, a.rows, a.rows))
        return refuse(text,
                      "the product is %" PRId64 " x %" PRId64
                      ", the result %" PRId64 " x %" PRId64,
                      a.rows, a.rows, c.rows, c.cols);
    return 0;
}

static int shape_trsm(const struct kernel_call *call, const struct text *text)
{
    struct shape b = shape_of(call, 0, 0), t = shape_of(call, 1, 0);
    int64_t edge = call->flags & KF_RIGHT ? b.cols : b.rows;

    if (shape_differs(t, edge, edge))
        return refuse(text,
                      "the triangular matrix is %" PRId64 " x %" PRId64
                      ", the other %" PRId64 " x %" PRId64,
                      t.rows, t.cols, b.rows, b.cols);
    return 0;
}

static int shape_square(const struct kernel_call *call, const struct text *text)
{
    struct shape a = shape_of(call, 0, 0);

    if (a.rows != a.cols)
        return refuse(text, "%" PRId64 " x %" PRId64 " is not square", a.rows,
                      a.cols);
    return 0;
}

/* Rows of all tiles of operand 0, one below the other; -1: their columns
 * differ. */
static int64_t run_rows(const struct kernel_call *call)
{
    const struct kernel_tile *tile = kernel_operand(call, 0);
    int64_t rows = 0;

    for (uint32_t t = 0; t < kernel_operand_tiles(call, 0); t++) {
        if (tile[t].cols != tile[0].cols)
            return -1;
        rows += tile[t].rows;
    }
    return rows;
}

static int shape_getrf(const struct kernel_call *call, const struct text *text)
{
    int64_t rows = run_rows(call), cols = shape_of(call, 0, 0).cols;
    struct shape p = shape_of(call, 1, 0);

    if (kernel_operand_tiles(call, 0) == 0)
        return refuse(text, "a run of no tiles");
    if (rows < 0)
        return refuse(text, "the tiles of the run differ in columns");
    if (shape_differs(p, rows < cols ? rows : cols, 1))
        return refuse(text,
                      "%" PRId64 " x %" PRId64
                      " row swaps for a panel of %" PRId64 " x %" PRId64,
                      p.rows, p.cols, rows, cols);
    return 0;
}

static int shape_laswp(const struct kernel_call *call, const struct text *text)
{
    int64_t rows = run_rows(call);
    struct shape p = shape_of(call, 1, 0);

    if (rows < 0)
        return refuse(text, "the tiles of the run differ in columns");
    if (p.rows > rows || p.cols != 1)
        return refuse(
            text, "%" PRId64 " x %" PRId64 " row swaps for %" PRId64 " rows",
            p.rows, p.cols, rows);
    return 0;
}

/* T of V with n columns: n columns, at least as many rows. */
static int shape_reflector(const struct kernel_call *call, uint32_t k,
                           int64_t n, const struct text *text)
{
    struct shape t = shape_of(call, k, 0);

    if (type_is_complex(call->type))
        return refuse(text, "QR of complex numbers is not there yet");
    if (t.rows < n || t.cols != n)
        return refuse(
            text, "T is %" PRId64 " x %" PRId64 ", not %" PRId64 " x %" PRId64,
            t.rows, t.cols, n, n);
    return 0;
}

static int shape_geqrt(const struct kernel_call *call, const struct text *text)
{
    struct shape a = shape_of(call, 0, 0), r = shape_of(call, 1, 0);

    if (shape_differs(r, a.cols, a.cols))
        return refuse(text,
                      "R is %" PRId64 " x %" PRId64 " for a tile of %" PRId64
                      " x %" PRId64,
                      r.rows, r.cols, a.rows, a.cols);
    return shape_reflector(call, 2, a.cols, text);
}

static int shape_unmqr(const struct kernel_call *call, const struct text *text)
{
    uint32_t v_at = call->operands - 2;
    struct shape c = shape_of(call, v_at - 1, 0), v = shape_of(call, v_at, 0);

    if (v.rows != c.rows)
        return refuse(text,
                      "V is %" PRId64 " x %" PRId64
                      ", what it is applied to %" PRId64 " x %" PRId64,
                      v.rows, v.cols, c.rows, c.cols);
    return shape_reflector(call, v_at + 1, v.cols, text);
}

static int shape_tsmqr(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0), d = shape_of(call, 1, 0);
    struct shape v = shape_of(call, 2, 0);

    if (c.cols != d.cols || c.rows < v.cols)
        return refuse(text,
                      "V is %" PRId64 " x %" PRId64
                      ", what it is applied to %" PRId64 " x %" PRId64
                      " above %" PRId64 " x %" PRId64,
                      v.rows, v.cols, c.rows, c.cols, d.rows, d.cols);
    return shape_unmqr(call, text);
}

/* Sizes that operand k of a map must have, from its flags. */
static int shape_map_operand(const struct kernel_call *call, uint32_t k,
                             struct shape c, const struct text *text)
{
    uint8_t flags = call->operand_flags[k];
    struct shape a = shape_of(call, k, flags & OPERAND_TRANS);
    int64_t rows = flags & (OPERAND_ROW | OPERAND_SCALAR) ? 1 : c.rows;
    int64_t cols = flags & (OPERAND_COL | OPERAND_SCALAR) ? 1 : c.cols;

    if (shape_differs(a, rows, cols))
        return refuse(text,
                      "%" PRId64 " x %" PRId64 " where %" PRId64 " x %" PRId64
                      " is wanted",
                      a.rows, a.cols, rows, cols);
    return 0;
}

static int shape_map_step(const struct kernel_call *call,
                          const struct plan_map_step *step,
                          const struct text *text)
{
    const char *name = map_op_name(step->op);
    int arity = name ? map_op_arity(step->op) : 0, most = call->map->registers;

    if (!name || step->dst >= most || step->a >= most ||
        (arity > 1 && step->b >= most) || (arity > 2 && step->c >= most))
        return refuse(text, "no valid map program");
    if (type_is_complex(call->type) && !map_op_complex(step->op))
        return refuse(text, "%s is not defined for complex numbers", name);
    return 0;
}

/* The program itself. */
static int shape_program(const struct kernel_call *call,
                         const struct text *text)
{
    const struct plan_map *map = call->map;

    if (!map || !map->steps || map->registers > PLAN_REGISTERS ||
        map->inputs + map->constants >= map->registers)
        return refuse(text, "a map without a program");
    if ((call->kernel != KERNEL_MAP || !map_reads_first(call)) &&
        map->inputs + 1u != call->operands + call->args)
        return refuse(text, "the map program reads %d inputs, not %" PRIu32,
                      map->inputs, call->operands + call->args);
    if (call->operand_flags[0] & ~OPERAND_RUN)
        return refuse(text, "the result is transposed or broadcast");
    for (uint32_t k = 0; k < map->steps; k++)
        if (shape_map_step(call, &call->steps[map->first_step + k], text))
            return 1;
    return 0;
}

static int shape_map(const struct kernel_call *call, const struct text *text)
{
    if (shape_program(call, text))
        return 1;
    for (uint32_t k = 1; k < call->operands; k++)
        if (shape_map_operand(call, k, shape_of(call, 0, 0), text))
            return 1;
    return 0;
}

/* From the operands that are not broadcast. */
void map_sizes(const struct kernel_call *call, int64_t *rows, int64_t *cols)
{
    *rows = *cols = -1;
    for (uint32_t k = 1; k < call->operands; k++) {
        uint8_t flags = call->operand_flags[k];
        struct shape a = shape_of(call, k, flags & OPERAND_TRANS);
        if (*rows < 0 && !(flags & (OPERAND_ROW | OPERAND_SCALAR)))
            *rows = a.rows;
        if (*cols < 0 && !(flags & (OPERAND_COL | OPERAND_SCALAR)))
            *cols = a.cols;
    }
}

static int shape_mapped(const struct kernel_call *call, struct shape *a,
                        const struct text *text)
{
    if (shape_program(call, text))
        return 1;
    map_sizes(call, &a->rows, &a->cols);
    if (a->rows < 0 || a->cols < 0)
        return refuse(text, "no operand says how large the expression is");
    for (uint32_t k = 1; k < call->operands; k++)
        if (shape_map_operand(call, k, *a, text))
            return 1;
    return 0;
}

static int shape_to_scalar(const struct kernel_call *call, uint8_t kernel,
                           struct shape a, const struct text *text)
{
    struct shape s = shape_of(call, 0, 0);
    int order = kernel == KERNEL_MAX || kernel == KERNEL_MIN;
    const char *name = kernel == KERNEL_MAX ? "max" : "min";

    if (shape_differs(s, 1, 1))
        return refuse(text, "the result is %" PRId64 " x %" PRId64, s.rows,
                      s.cols);
    if (order && type_is_complex(call->type))
        return refuse(text, "%s is not defined for complex numbers", name);
    if (order && (a.rows == 0 || a.cols == 0))
        return refuse(text, "%s of an empty matrix", name);
    return 0;
}

static int shape_scalar(const struct kernel_call *call, const struct text *text)
{
    return shape_to_scalar(call, call->kernel, shape_of(call, 1, 0), text);
}

static int shape_map_scalar(const struct kernel_call *call,
                            const struct text *text)
{
    struct shape a;

    return shape_mapped(call, &a, text) ||
           shape_to_scalar(
               call, (uint8_t)(call->kernel - KERNEL_MAP_SUM + KERNEL_SUM), a,
               text);
}

static int shape_block(const struct text *text, const char *name,
                       struct shape a, const double *at, const double *size)
{
    double rows = (double)a.rows, cols = (double)a.cols;

    if (at[0] >= 0 && at[1] >= 0 && at[0] + size[0] <= rows &&
        at[1] + size[1] <= cols)
        return 0;
    return refuse(text,
                  "%g x %g entries from (%g, %g) reach out of %s of %g x %g",
                  size[0], size[1], at[0], at[1], name, rows, cols);
}

static int shape_copy(const struct kernel_call *call, const struct text *text)
{
    const double *arg = call->arg;

    for (uint32_t k = 0; k < call->args; k++)
        if (!(fabs(arg[k]) < 0x1p53) || arg[k] != floor(arg[k]))
            return refuse(text, "%g is not a whole number", arg[k]);
    if (arg[4] < 0 || arg[5] < 0)
        return refuse(text, "%g x %g entries", arg[4], arg[5]);
    return shape_block(text, "a result", shape_of(call, 0, 0), arg, arg + 4) ||
           shape_block(text, "a source", shape_of(call, 1, call->flags & KF_TA),
                       arg + 2, arg + 4);
}

/* Operand k has the sizes of operand 0. */
static int shape_as_first(const struct kernel_call *call, uint32_t k,
                          const struct text *text)
{
    struct shape c = shape_of(call, 0, 0);

    for (uint32_t t = 0; t < kernel_operand_tiles(call, k); t++) {
        const struct kernel_tile *a = kernel_operand(call, k) + t;
        if (shape_differs(c, a->rows, a->cols))
            return refuse(text,
                          "%" PRId64 " x %" PRId64 " into a result of %" PRId64
                          " x %" PRId64,
                          a->rows, a->cols, c.rows, c.cols);
    }
    return 0;
}

static int shape_same(const struct kernel_call *call, const struct text *text)
{
    return shape_as_first(call, 1, text);
}

static int shape_sums(const struct kernel_call *call, const struct text *text)
{
    return shape_as_first(call, 1, text);
}

static int shape_to_rows(const struct kernel_call *call, uint8_t kernel,
                         struct shape a, const struct text *text)
{
    struct shape s = shape_of(call, 0, 0);
    static const char *const names[] = {"rowsums", "min_rows", "max_rows",
                                        "argmin_rows", "argmax_rows"};
    const char *name = names[kernel - KERNEL_ROWSUMS];

    if (shape_differs(s, a.rows, 1))
        return refuse(text,
                      "the result is %" PRId64 " x %" PRId64 " for %" PRId64
                      " rows",
                      s.rows, s.cols, a.rows);
    if (kernel == KERNEL_ROWSUMS)
        return 0;
    if (type_is_complex(call->type))
        return refuse(text, "%s is not defined for complex numbers", name);
    if (a.cols == 0 && a.rows > 0)
        return refuse(text, "%s of a matrix without columns", name);
    return 0;
}

static int shape_rows(const struct kernel_call *call, const struct text *text)
{
    return shape_to_rows(call, call->kernel,
                         shape_of(call, 1, call->flags & KF_TA), text);
}

static int shape_map_rows(const struct kernel_call *call,
                          const struct text *text)
{
    struct shape a;
    uint8_t kernel =
        (uint8_t)(call->kernel - KERNEL_MAP_ROWSUMS + KERNEL_ROWSUMS);

    return shape_mapped(call, &a, text) || shape_to_rows(call, kernel, a, text);
}

static int shape_onehot(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0), a = shape_of(call, 1, 0);

    if (shape_differs(a, c.rows, 1))
        return refuse(text,
                      "%" PRId64 " x %" PRId64 " numbers for %" PRId64 " rows",
                      a.rows, a.cols, c.rows);
    if (type_is_complex(call->type))
        return refuse(text, "onehot is not defined for complex numbers");
    return 0;
}

static int shape_select(const struct kernel_call *call, const struct text *text)
{
    struct shape test = shape_of(call, 1, 0);

    if (shape_differs(test, 1, 1))
        return refuse(text, "the test is %" PRId64 " x %" PRId64, test.rows,
                      test.cols);
    return shape_as_first(call, 2, text) || shape_as_first(call, 3, text);
}

static int shape_any(const struct kernel_call *call, const struct text *text)
{
    (void)call, (void)text;
    return 0;
}

/* Carried out by the caller, who knows what it takes. */
static int shape_store(const struct kernel_call *call, const struct text *text)
{
    return shape_any(call, text);
}

static int shape_print(const struct kernel_call *call, const struct text *text)
{
    return shape_any(call, text);
}

/* ---- work ------------------------------------------------------------- */

/* A complex product counts as four real ones, a sum as two: 4 times the real
 * count of a kernel in which they come in pairs. */
static double work(const struct kernel_call *call, double real)
{
    return type_is_complex(call->type) ? 4 * real : real;
}

static double entries(const struct kernel_tile *tile)
{
    return (double)tile->rows * (double)tile->cols;
}

static double flops_gemm(const struct kernel_call *call)
{
    struct shape a = shape_of(call, 1, call->flags & KF_TA);

    return work(call, 2 * entries(kernel_operand(call, 0)) * (double)a.cols);
}

static double flops_syrk(const struct kernel_call *call)
{
    const struct kernel_tile *c = kernel_operand(call, 0);

    return work(call, (double)c->rows * entries(kernel_operand(call, 1)));
}

static double flops_trsm(const struct kernel_call *call)
{
    const struct kernel_tile *t = kernel_operand(call, 1);

    return work(call, (double)t->rows * entries(kernel_operand(call, 0)));
}

static double flops_potrf(const struct kernel_call *call)
{
    double n = (double)kernel_operand(call, 0)->rows;

    return work(call, n * n * n / 3);
}

static double flops_getrf(const struct kernel_call *call)
{
    double m = 0, n = 0, k;

    for (uint32_t t = 0; t < kernel_operand_tiles(call, 0); t++) {
        m += (double)kernel_operand(call, 0)[t].rows;
        n = (double)kernel_operand(call, 0)[t].cols;
    }
    k = m < n ? m : n;
    return work(call, 2 * m * n * k - (m + n) * k * k + 2 * k * k * k / 3);
}

/* Without what T takes. */
static double flops_geqrt(const struct kernel_call *call)
{
    return 2 * flops_getrf(call);
}

static double flops_tsqrt(const struct kernel_call *call)
{
    const struct kernel_tile *a = kernel_operand(call, 0);

    return work(call, 2 * entries(a) * (double)a->cols);
}

static double flops_unmqr(const struct kernel_call *call)
{
    const struct kernel_tile *v = kernel_operand(call, call->operands - 2);
    double n = (double)v->cols, both = 4 * entries(v);

    /* geqrt's V has a triangle of zeros on top */
    if (call->kernel == KERNEL_UNMQR && v->rows >= v->cols)
        both -= 2 * n * n;
    return work(call, both * (double)kernel_operand(call, 0)->cols);
}

static double flops_map(const struct kernel_call *call)
{
    double steps = call->map ? (double)call->map->steps : 0;

    return steps * entries(kernel_operand(call, 0));
}

static double flops_reduce(const struct kernel_call *call)
{
    double sum = 0;

    for (uint32_t t = 0; t < kernel_operand_tiles(call, 1); t++)
        sum += entries(kernel_operand(call, 1) + t);
    return sum;
}

static double flops_map_reduce(const struct kernel_call *call)
{
    double steps = call->map ? (double)call->map->steps + 1 : 1;
    int64_t rows, cols;

    map_sizes(call, &rows, &cols);
    return steps * (double)rows * (double)cols;
}

static double flops_copy(const struct kernel_call *call)
{
    (void)call;
    return 0;
}

static double flops_none(const struct kernel_call *call)
{
    return flops_copy(call);
}

/* ---- the table -------------------------------------------------------- */

static const struct kernel_row {
    const char *name, *modes;
    int flags, args;
    int (*shape)(const struct kernel_call *call, const struct text *text);
    double (*flops)(const struct kernel_call *call);
    int (*run)(const struct kernel_call *call, struct kernel_failure *failure);
} kernel_rows[KERNEL_COUNT] = {
#define KERNEL(NUMBER, ID, NAME, MODES, FLAGS, ARGS, SHAPE, FLOPS, DOC)        \
    [KERNEL_##ID] = {NAME,          MODES,         FLAGS,   ARGS,              \
                     shape_##SHAPE, flops_##FLOPS, run_##ID},
#include "plan/kernels.def"
#undef KERNEL
};

static const struct kernel_row *kernel_row(const struct kernel_call *call)
{
    if (call->kernel >= KERNEL_COUNT || !kernel_rows[call->kernel].name)
        return NULL;
    return &kernel_rows[call->kernel];
}

/* Has the tile a layout that is promised for its mode? */
static int check_tile(const struct kernel_tile *tile, int written,
                      const struct text *text)
{
    int64_t bytes;

    if (tile->rows < 0 || tile->cols < 0 ||
        __builtin_mul_overflow(tile->rows, tile->cols, &bytes) ||
        __builtin_mul_overflow(bytes, (int64_t)16, &bytes))
        return refuse(text, "a tile of %" PRId64 " x %" PRId64, tile->rows,
                      tile->cols);
    if (written ? tile->rs != 1 || (tile->cols > 1 && tile->cs < tile->rows)
                : tile->rs == 0 || tile->cs == 0)
        if (tile->rows && tile->cols)
            return refuse(text, "a tile with strides %" PRId64 " and %" PRId64,
                          tile->rs, tile->cs);
    return 0;
}

/* Numbers of operands, tiles and arguments: modes is "xr*", upper case for
 * runs. */
static int check_operands(const struct kernel_row *row,
                          const struct kernel_call *call,
                          const struct text *text)
{
    const char *mode = row->modes;
    char letter = 0;

    for (uint32_t k = 0; k < call->operands; k++) {
        if (*mode && *mode != '*')
            letter = *mode++;
        else if (!*mode)
            return refuse(text, "%" PRIu32 " operands", call->operands);
        if (letter >= 'a' && kernel_operand_tiles(call, k) != 1)
            return refuse(text, "%" PRIu32 " tiles where one is wanted",
                          kernel_operand_tiles(call, k));
        for (uint32_t t = 0; t < kernel_operand_tiles(call, k); t++)
            if (check_tile(kernel_operand(call, k) + t, !strchr("rR", letter),
                           text))
                return 1;
    }
    if (*mode && *mode != '*' && mode[1] != '*')
        return refuse(text, "%" PRIu32 " operands", call->operands);
    if (row->args >= 0 && call->args != (uint32_t)row->args)
        return refuse(text, "%" PRIu32 " arguments", call->args);
    return 0;
}

int kernel_check(const struct kernel_call *call, char *text, size_t size)
{
    const struct kernel_row *row = kernel_row(call);
    const struct text to = {text, size};

    if (!row)
        return refuse(&to, "no kernel has number %d", call->kernel);
    if (!type_bytes(call->type))
        return refuse(&to, "no type has number %d", call->type);
    if (call->flags & ~row->flags)
        return refuse(&to, "%s has no flags %d", row->name, call->flags);
    return check_operands(row, call, &to) || row->shape(call, &to);
}

int kernel_run(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_row *row = kernel_row(call);

    if (!row)
        return kernel_fail(failure, TM_EBUG, 0, "no kernel has number %d",
                           call->kernel);
    return row->run(call, failure);
}

double kernel_flops(const struct kernel_call *call)
{
    const struct kernel_row *row = kernel_row(call);

    return row ? row->flops(call) : 0;
}

/* Copies of operands 1 ... that haven't the layout; of a run the largest. */
static size_t layout_scratch(const struct kernel_call *call,
                             enum tile_layout layout)
{
    size_t sum = 0;

    for (uint32_t k = 1; k < call->operands; k++) {
        size_t most = 0;
        for (uint32_t t = 0; t < kernel_operand_tiles(call, k); t++) {
            const struct kernel_tile *tile = kernel_operand(call, k) + t;
            size_t bytes = tile_scratch(call->type, tile, layout);
            if (bytes > most)
                most = bytes;
        }
        sum += most;
    }
    return sum;
}

size_t kernel_scratch_bytes(const struct kernel_call *call)
{
    switch (call->kernel) {
    case KERNEL_GEMM:
    case KERNEL_SYRK:
    case KERNEL_TRSM:
    case KERNEL_TRMM: return layout_scratch(call, LAYOUT_BLAS);
    case KERNEL_SUM:
    case KERNEL_NORM:
    case KERNEL_MAX:
    case KERNEL_MIN:
    case KERNEL_SUMS: return layout_scratch(call, LAYOUT_VECTOR);
    case KERNEL_GETRF: return getrf_scratch(call);
    case KERNEL_LASWP: return laswp_scratch(call);
    case KERNEL_MAP: return map_scratch(call);
    case KERNEL_MAP_SUM:
    case KERNEL_MAP_NORM:
    case KERNEL_MAP_MAX:
    case KERNEL_MAP_MIN:
    case KERNEL_MAP_ROWSUMS:
    case KERNEL_MAP_MIN_ROWS:
    case KERNEL_MAP_MAX_ROWS:
    case KERNEL_MAP_ARGMIN_ROWS:
    case KERNEL_MAP_ARGMAX_ROWS: return reduce_scratch(call);
    case KERNEL_UNMQR:
    case KERNEL_TSMQR: return unmqr_scratch(call);
    }
    return 0;
}

/* ---- kernels that do nothing here ------------------------------------- */

static int run_elsewhere(const struct kernel_call *call,
                         struct kernel_failure *failure)
{
    return kernel_fail(failure, TM_EBUG, 0, "%s is not run as a kernel",
                       kernel_rows[call->kernel].name);
}

int run_STORE(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_elsewhere(call, failure);
}

int run_PRINT(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_elsewhere(call, failure);
}

int run_CHECK(const struct kernel_call *call, struct kernel_failure *failure)
{
    return run_elsewhere(call, failure);
}

/* Contents stay; fresh ones become the zeros that they stand for. */
int run_NOP(const struct kernel_call *call, struct kernel_failure *failure)
{
    (void)failure;
    for (uint32_t t = 0; t < call->first[call->operands]; t++) {
        const struct kernel_tile *tile = &call->tiles[t];
        if (tile->fresh)
            tile_zero(call->type, tile->rows, tile->cols, tile->data, tile->cs);
    }
    return 0;
}
