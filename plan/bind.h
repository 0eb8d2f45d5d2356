/* A plan with everything bound that is known before a run: parameters, the
 * shapes and types of inputs, tile edges; from them every matrix's shape. */
#ifndef PLAN_BIND_H
#define PLAN_BIND_H

#include "base/error.h"
#include "plan/plan.h"

struct bind_matrix {
    int64_t rows, cols;
    int64_t tile_rows, tile_cols; /* at least 1, at most rows, cols (or 1) */
    int64_t trows, tcols;         /* how many tiles; 0 of an empty matrix */
    uint64_t first_tile;          /* tile (i,j) is number first_tile + i +
                                   * j * trows among all tiles of the plan */
    uint8_t type;                 /* enum tm_type */
};

struct bind_input {
    int64_t rows, cols;
    uint8_t type; /* enum tm_type of the file or memory */
    uint8_t bound;
};

struct binding {
    const struct plan *plan;        /* borrowed */
    union plan_value *values;       /* of every expression without slots */
    const char **faults;            /* why such a value does not exist */
    union plan_value *params;
    const char **param_texts;       /* of text parameters; owned */
    uint8_t *param_state;           /* 0 not set, 1 default, 2 set */
    struct bind_input *inputs;
    struct bind_matrix *matrices;
    uint8_t *types;                 /* per plan_type: enum tm_type */
    uint64_t tiles;                 /* of all matrices together */
    int64_t tile_rows, tile_cols;   /* the default edges in force */
    int64_t want_rows, want_cols;   /* asked for by the run, or 0 */
};

/* A binding with nothing bound, or NULL: out of memory. */
struct binding *binding_new(const struct plan *plan);
void binding_free(struct binding *binding);

/* Set parameter `name` from its text.  TM_EUSAGE names the parameters that
 * there are, or what the text should have been. */
enum tm_status binding_set(struct binding *binding, const char *name,
                           const char *text, struct tm_error *error);
void binding_tile(struct binding *binding, int64_t rows, int64_t cols);
void binding_input(struct binding *binding, uint32_t input, int64_t rows,
                   int64_t cols, enum tm_type type);

/* Parameters' values alone (paths of inputs may hang on them), before the
 * inputs are bound; binding_finish() does it again. */
enum tm_status binding_params(struct binding *binding,
                              struct tm_error *error);

/* Evaluate everything and run the plan's checks: shapes that must agree,
 * types, tile counts that can be held.  error->place has the place. */
enum tm_status binding_finish(struct binding *binding,
                              struct tm_error *error);

/* The text of a plan_text with bound values filled in.  scalars: values of
 * the task's 1 x 1 operands, args: its arguments as the walker gave them
 * (see walk_args); either may be NULL.  Numbers are printed with the fewest
 * digits that read back as the same number. */
struct bind_scalar { double real, imag; uint8_t type; };
void binding_text(const struct binding *binding, uint32_t text,
                  const struct bind_scalar *scalars,
                  const union plan_value *slot_values, char *out,
                  size_t size);

/* The tile's matrix, row and column, and its shape. */
struct bind_tile {
    uint32_t matrix;
    int64_t i, j;       /* tile row and column */
    int64_t row, col;   /* its first element */
    int64_t rows, cols; /* its shape */
};
struct bind_tile binding_tile_at(const struct binding *binding,
                                 uint64_t tile);

/* Evaluate any expression with these slots.  0, or *fault says why not. */
int binding_eval(const struct binding *binding, uint32_t expr,
                 const union plan_value *slots, union plan_value *value,
                 const char **fault);
/* As a number that prints: an integer or real into at least 32 bytes. */
void number_text(double value, uint8_t type, char *out, size_t size);

#endif
