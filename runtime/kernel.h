/* Tile kernels: one call of a kernel on tiles in memory, and the sources.
 *
 * Input: tiles as pointers with sizes and strides; output: the written tiles.
 * Nothing here knows plans, versions or files, and of threads no more than that
 * others may do parts of a kernel (team.h).  kernel.c has the
 * table (from plan/kernels.def) with checks of shapes; kernel_blas.c alone
 * includes blis.h, kernel_lapack.c alone the LAPACK headers; kernel_map.c
 * interprets map programs; kernel_reduce.c and kernel_source.c are what they
 * say.
 *
 * Bits depend on shapes, strides' order and values alone, not on addresses:
 * every path that a kernel takes follows from its arguments. */
#ifndef RUNTIME_KERNEL_H
#define RUNTIME_KERNEL_H

#include "base/error.h"
#include "plan/plan.h"

struct team;

/* A tile in memory.  Pooled tiles are column-major with rs = 1 and
 * cs = rows, 64-byte aligned, with 64 readable and writable bytes behind
 * them; tiles of the host's own memory have any strides (in elements, not
 * 0 and maybe negative) and nothing behind. */
struct kernel_tile {
    void *data;
    int64_t rows, cols;
    int64_t rs, cs;  /* element (i, j) is data[i * rs + j * cs] */
    uint8_t fresh;   /* to be written, contents undefined: take it as 0 */
    uint8_t past;    /* to be written, and nobody reads it soon: past caches */
};

struct kernel_call {
    uint8_t kernel;    /* enum plan_kernel */
    uint8_t flags;     /* enum kernel_flag */
    uint8_t type;      /* enum tm_type: of operand 0, and of all where types
                        * is NULL */
    const uint8_t *types; /* enum tm_type, per operand; or NULL.  NORM and MAP
                           * alone take others than operand 0's (and GETRF,
                           * LASWP, whose row numbers are always f64) */
    uint32_t operands; /* as in the plan */
    const uint32_t *first;   /* operands + 1 numbers: operand k is tiles
                              * first[k] .. first[k+1]-1 (a run: several) */
    const uint8_t *operand_flags; /* enum operand_flag, per operand */
    struct kernel_tile *tiles;
    uint32_t args;
    const double *arg;       /* numbers, in the kernel's order */
    const struct plan_map *map; /* kernel_maps() */
    const struct plan_map_step *steps;  /* of the plan: steps[first_step] */
    const double *constants;            /* of the plan */
    void *scratch;           /* kernel_scratch_bytes(), 64-byte aligned */
    struct team *team;       /* that may help, or NULL */
};

/* What a failing kernel says.  POTRF: info is the order of the leading minor
 * within the tile (from 1). */
struct kernel_failure {
    enum tm_status status;
    int64_t info;
    char text[200]; /* one line, without the subject: "is not positive
                     * definite" */
};

/* Once per process, before the first thread: chooses BLIS's kernels
 * ("auto", "skx", "haswell", "portable"; NULL: auto), keeps LAPACK to one
 * thread.  A second call changes nothing. */
enum tm_status kernel_start(const char *kernels, struct tm_error *error);
/* One line each for --version -v; static text, after kernel_start(). */
const char *kernel_describe(void);

enum { KERNEL_TYPES = 2 };
/* Do the operands' sizes and types fit the kernel?  0, or text says what
 * differs; KERNEL_TYPES: what is not defined for their types. */
int kernel_check(const struct kernel_call *call, char *text, size_t size);
/* Run it.  The caller has checked it.  0, or failure is filled. */
int kernel_run(const struct kernel_call *call, struct kernel_failure *failure);
/* Its work: work_flops(). */
double kernel_flops(const struct kernel_call *call);
/* Scratch that a call on these operands needs at most: by their sizes, and
 * by their strides (operands that BLIS can't read as they lie are copied). */
size_t kernel_scratch_bytes(const struct kernel_call *call);

/* Entries into memory of the host's, with any strides on both sides.  large:
 * the whole matrix is larger than caches, and is written past them. */
void kernel_move(uint8_t type, int64_t rows, int64_t cols, const void *src,
                 int64_t rs, int64_t cs, void *dst, int64_t drs, int64_t dcs,
                 int large);

/* A tile of a source matrix.  row, col: its first element's place in the
 * whole matrix of `rows` rows; list: constants of RULE_LIST, row by row with
 * `cols` columns.  Entry (i, j) depends on rule, arg, seed, call, i, j, rows
 * only: not on tiles.  tile is pooled (rs = 1). */
struct kernel_source {
    uint8_t rule; /* enum plan_rule */
    uint8_t type; /* enum tm_type */
    double arg;
    uint64_t seed, call;
    int64_t rows, cols; /* of the whole matrix */
    const double *list;
};
void kernel_source(const struct kernel_source *source, int64_t row,
                   int64_t col, const struct kernel_tile *tile);

#endif
