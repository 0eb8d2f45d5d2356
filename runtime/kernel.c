/* The table of kernels: checks of shapes, scratch, dispatch.
 *
 * A row of plan/kernels.def names a rule for the shapes; here is a function
 * for each, and the table that puts them together with the kernels' own
 * functions in the other kernel_*.c files. */
#include "runtime/kernel_private.h"
#include "plan/work.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

static int shape_gemmt(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0);

    if (c.rows != c.cols)
        return refuse(text, "%" PRId64 " x %" PRId64 " is not square", c.rows,
                      c.cols);
    return shape_gemm(call, text);
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

static int shape_potrf_try(const struct kernel_call *call,
                           const struct text *text)
{
    struct shape none = shape_of(call, 1, 0);

    if (shape_differs(none, 1, 1))
        return refuse(text, "whether it failed is %" PRId64 " x %" PRId64,
                      none.rows, none.cols);
    return shape_square(call, text);
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

/* T of V with n columns: n columns, of any rows. */
static int shape_reflector(const struct kernel_call *call, uint32_t k,
                           int64_t n, const struct text *text)
{
    struct shape t = shape_of(call, k, 0);

    if (t.cols != n || (n && !t.rows))
        return refuse(text,
                      "T is %" PRId64 " x %" PRId64 " for a V of %" PRId64
                      " columns",
                      t.rows, t.cols, n);
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

/* The last operand of heevd and gesdd, values in a column. */
static int shape_values(const struct kernel_call *call, uint32_t k,
                        const struct text *text)
{
    struct shape a = shape_of(call, call->operands - 1, 0);
    struct shape w = shape_of(call, k, 0);
    int64_t least = a.rows < a.cols ? a.rows : a.cols;

    if (shape_differs(w, least, 1))
        return refuse(text,
                      "%" PRId64 " x %" PRId64 " values of a tile of %" PRId64
                      " x %" PRId64,
                      w.rows, w.cols, a.rows, a.cols);
    if (!lapack_fits(call))
        return refuse(text,
                      "%" PRId64 " x %" PRId64
                      " is too large for LAPACK's 32-bit sizes",
                      a.rows, a.cols);
    return 0;
}

static int shape_heevd(const struct kernel_call *call, const struct text *text)
{
    struct shape a = shape_of(call, call->operands - 1, 0);

    if (a.rows != a.cols)
        return refuse(text, "%" PRId64 " x %" PRId64 " is not square", a.rows,
                      a.cols);
    if (call->kernel == KERNEL_HEEVD &&
        shape_differs(shape_of(call, 0, 0), a.rows, a.rows))
        return refuse(text, "the vectors are not as large as the tile");
    return shape_values(call, call->operands - 2, text);
}

static int shape_gesdd(const struct kernel_call *call, const struct text *text)
{
    struct shape a = shape_of(call, call->operands - 1, 0);
    int64_t least = a.rows < a.cols ? a.rows : a.cols;

    if (call->kernel == KERNEL_GESDD_VALUES)
        return shape_values(call, 0, text);
    if (shape_differs(shape_of(call, 0, 0), a.rows, least) ||
        shape_differs(shape_of(call, 2, 0), a.cols, least))
        return refuse(text,
                      "U and V of a tile of %" PRId64 " x %" PRId64
                      " have other sizes",
                      a.rows, a.cols);
    return shape_values(call, 1, text);
}

/* Operand k is rows x cols. */
static int shape_is(const struct kernel_call *call, uint32_t k, int64_t rows,
                    int64_t cols, const char *what, const struct text *text)
{
    struct shape s = shape_of(call, k, 0);

    if (shape_differs(s, rows, cols))
        return refuse(text,
                      "%s is %" PRId64 " x %" PRId64 " and not %" PRId64
                      " x %" PRId64,
                      what, s.rows, s.cols, rows, cols);
    if (!steps_fit(call))
        return refuse(text,
                      "%" PRId64 " x %" PRId64
                      " is too large for LAPACK's 32-bit sizes",
                      rows, rows);
    return 0;
}

static int shape_hetrd(const struct kernel_call *call, const struct text *text)
{
    int64_t n = shape_of(call, 2, 0).rows;

    return shape_is(call, 2, n, n, "A", text) ||
           shape_is(call, 0, n, steps_columns(n), "Q", text) ||
           shape_is(call, 1, n, 3, "D", text);
}

static int shape_stedc(const struct kernel_call *call, const struct text *text)
{
    int64_t n = shape_of(call, 2, 0).rows;

    return shape_is(call, 2, n, 3, "D", text) ||
           shape_is(call, 0, n, n, "Z", text) ||
           shape_is(call, 1, n, 1, "w", text);
}

static int shape_gebrd(const struct kernel_call *call, const struct text *text)
{
    int64_t n = shape_of(call, 3, 0).rows;

    return shape_is(call, 3, n, n, "A", text) ||
           shape_is(call, 0, n, steps_columns(n), "Q", text) ||
           shape_is(call, 1, n, 3, "D", text) ||
           shape_is(call, 2, n, steps_columns(n), "P", text);
}

static int shape_bdsdc(const struct kernel_call *call, const struct text *text)
{
    int64_t n = shape_of(call, 3, 0).rows;

    return shape_is(call, 3, n, 3, "D", text) ||
           shape_is(call, 0, n, n, "U", text) ||
           shape_is(call, 1, n, 1, "s", text) ||
           shape_is(call, 2, n, n, "V", text);
}

static int shape_unmtr(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0);

    return shape_is(call, 1, c.rows, steps_columns(c.rows), "Q", text) ||
           shape_is(call, 2, c.rows, c.cols, "Z", text);
}

static int shape_residual(const struct kernel_call *call,
                          const struct text *text)
{
    struct shape f = shape_of(call, 0, 0);
    uint32_t count = kernel_operand_tiles(call, 3), t;

    if (kernel_operand_tiles(call, 4) != count)
        return refuse(text, "%" PRIu32 " tiles of A meet %" PRIu32 " of X",
                      count, kernel_operand_tiles(call, 4));
    if (shape_differs(shape_of(call, 1, 0), f.rows, f.cols) ||
        shape_differs(shape_of(call, 2, 0), f.rows, f.cols))
        return refuse(text, "Y or S is not as large as the result");
    for (t = 0; t < count; t++) {
        const struct kernel_tile *a = kernel_operand(call, 3) + t;
        const struct kernel_tile *x = kernel_operand(call, 4) + t;
        int trans = call->flags & KF_TA;
        if ((trans ? a->cols : a->rows) != f.rows || x->cols != f.cols)
            return refuse(text, "a product is not as large as the result");
        if ((trans ? a->rows : a->cols) != x->rows)
            return refuse(text, "inner sizes differ");
    }
    return 0;
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
    return 0;
}

/* The program itself. */
static int shape_program(const struct kernel_call *call,
                         const struct text *text)
{
    const struct plan_map *map = call->map;
    const char *why, *op;

    if (!map || !map->steps || map->registers > PLAN_REGISTERS ||
        map->inputs + map->constants >= map->registers)
        return refuse(text, "a map without a program");
    if (!(map_reads_first(call) && (call->kernel == KERNEL_MAP ||
                                    call->kernel == KERNEL_MAP_DIAGONAL)) &&
        map->inputs + 1u != call->operands + call->args)
        return refuse(text, "the map program reads %d inputs, not %" PRIu32,
                      map->inputs, call->operands + call->args);
    if (call->operand_flags[0] & ~OPERAND_RUN)
        return refuse(text, "the result is transposed or broadcast");
    for (uint32_t k = 0; k < map->steps; k++)
        if (shape_map_step(call, &call->steps[map->first_step + k], text))
            return 1;
    why = map_types(call, &op);
    if (why)
        return KERNEL_TYPES *
               refuse(text, "%s%s%s", op ? op : "", op ? " " : "", why);
    return 0;
}

static int shape_map(const struct kernel_call *call, const struct text *text)
{
    int bad = shape_program(call, text);

    if (bad)
        return bad;
    for (uint32_t k = 1; k < call->operands; k++)
        if (shape_map_operand(call, k, shape_of(call, 0, 0), text))
            return 1;
    return 0;
}

/* All operands but the tile itself are single numbers. */
static int shape_map_diagonal(const struct kernel_call *call,
                              const struct text *text)
{
    int bad = shape_program(call, text);

    if (bad)
        return bad;
    if (!map_reads_first(call))
        return refuse(text, "the diagonal is changed, and not read");
    for (uint32_t k = 1; k < call->operands; k++)
        if (!(call->operand_flags[k] & OPERAND_SCALAR) ||
            shape_map_operand(call, k, shape_of(call, 0, 0), text))
            return refuse(text, "a diagonal is changed by numbers alone");
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
    int bad = shape_program(call, text);

    if (bad)
        return bad;
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
        return KERNEL_TYPES *
               refuse(text, "%s is not defined for complex numbers", name);
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

    int bad = shape_mapped(call, &a, text);

    if (bad)
        return bad;
    return shape_to_scalar(
        call, (uint8_t)(call->kernel - KERNEL_MAP_SUM + KERNEL_SUM), a, text);
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

static int shape_sort(const struct kernel_call *call, const struct text *text)
{
    if (type_is_complex(call->type))
        return KERNEL_TYPES *
               refuse(text, "sort is not defined for complex numbers");
    return shape_as_first(call, 1, text) || shape_as_first(call, 2, text);
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
        return KERNEL_TYPES *
               refuse(text, "%s is not defined for complex numbers", name);
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

    int bad = shape_mapped(call, &a, text);

    return bad ? bad : shape_to_rows(call, kernel, a, text);
}

static int shape_diagonal(const struct kernel_call *call,
                          const struct text *text)
{
    struct shape d = shape_of(call, 0, 0), a = shape_of(call, 1, 0);

    if (shape_differs(d, a.rows < a.cols ? a.rows : a.cols, 1))
        return refuse(text,
                      "the diagonal of %" PRId64 " x %" PRId64
                      " into a result of %" PRId64 " x %" PRId64,
                      a.rows, a.cols, d.rows, d.cols);
    return 0;
}

static int shape_onehot(const struct kernel_call *call, const struct text *text)
{
    struct shape c = shape_of(call, 0, 0), a = shape_of(call, 1, 0);

    if (shape_differs(a, c.rows, 1))
        return refuse(text,
                      "%" PRId64 " x %" PRId64 " numbers for %" PRId64 " rows",
                      a.rows, a.cols, c.rows);
    if (type_is_complex(call->type))
        return KERNEL_TYPES *
               refuse(text, "onehot is not defined for complex numbers");
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

/* ---- the table -------------------------------------------------------- */

static const struct kernel_row {
    const char *name, *modes;
    int flags, args;
    int (*shape)(const struct kernel_call *call, const struct text *text);
    int (*run)(const struct kernel_call *call, struct kernel_failure *failure);
} kernel_rows[KERNEL_COUNT] = {
#define KERNEL(NUMBER, ID, NAME, MODES, FLAGS, ARGS, SHAPE, FLOPS, DOC)        \
    [KERNEL_##ID] = {NAME, MODES, FLAGS, ARGS, shape_##SHAPE, run_##ID},
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

/* One element type for all operands, but see the kernels. */
static int check_types(const struct kernel_row *row,
                       const struct kernel_call *call, const struct text *text)
{
    uint32_t k;

    for (k = 0; call->types && k < call->operands; k++) {
        uint8_t is = call->types[k], want = call->type;
        if (kernel_maps(call->kernel))
            continue; /* map_types() looks */
        if (k == 1 &&
            (call->kernel == KERNEL_GETRF || call->kernel == KERNEL_LASWP))
            want = TM_F64;
        else if ((k == 2 && call->kernel == KERNEL_UNMTR) ||
                 (k == 1 && (call->kernel == KERNEL_HEEVD ||
                             call->kernel == KERNEL_GESDD ||
                             call->kernel == KERNEL_HETRD ||
                             call->kernel == KERNEL_GEBRD)) ||
                 (k == 0 && (call->kernel == KERNEL_HEEVD_VALUES ||
                             call->kernel == KERNEL_GESDD_VALUES)))
            want = type_real(want);
        else if (call->kernel == KERNEL_NORM && type_real(is) == want)
            want = is;
        if (is != want)
            return refuse(text, "an operand of %s is %s and not %s", row->name,
                          type_name(is), type_name(want));
    }
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
    if (check_operands(row, call, &to) || check_types(row, call, &to))
        return 1;
    return row->shape(call, &to);
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
    struct work_task work = {.kernel = call->kernel,
                             .flags = call->flags,
                             .type = call->type,
                             .operands = call->operands,
                             .first = call->first,
                             .sizes = call->tiles ? &call->tiles->rows : NULL,
                             .stride = sizeof *call->tiles / sizeof(int64_t),
                             .steps = call->map ? work_steps(call->map,
                                                             call->steps)
                                                : 0,
                             .operand_flags = call->operand_flags};

    /* rows and cols lie side by side, tiles a whole number of int64_t apart */
    _Static_assert(offsetof(struct kernel_tile, cols) ==
                           offsetof(struct kernel_tile, rows) +
                               sizeof(int64_t) &&
                       sizeof(struct kernel_tile) % sizeof(int64_t) == 0,
                   "struct work_task");
    return work_flops(&work);
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
            size_t bytes = tile_scratch(kernel_type(call, k), tile, layout);
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
    case KERNEL_GEMMT:
    case KERNEL_SYRK:
    case KERNEL_TRSM:
    case KERNEL_TRMM: return layout_scratch(call, LAYOUT_BLAS);
    case KERNEL_SUM:
    case KERNEL_NORM:
    case KERNEL_MAX:
    case KERNEL_MIN:
    case KERNEL_SUMS: return layout_scratch(call, LAYOUT_VECTOR);
    case KERNEL_GETRF: return getrf_scratch(call);
    case KERNEL_SORT: return sort_scratch(call);
    case KERNEL_LASWP: return laswp_scratch(call);
    case KERNEL_MAP:
    case KERNEL_MAP_DIAGONAL: return map_scratch(call);
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
    case KERNEL_HEEVD:
    case KERNEL_HEEVD_VALUES:
    case KERNEL_GESDD:
    case KERNEL_GESDD_VALUES: return lapack_scratch(call);
    case KERNEL_HETRD:
    case KERNEL_STEDC:
    case KERNEL_GEBRD:
    case KERNEL_BDSDC:
    case KERNEL_UNMTR: return steps_scratch(call);
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
