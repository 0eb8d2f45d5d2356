/* A plan: the folded tile DAG of a script, in memory.
 *
 * docs/plan-format.md describes the same thing byte by byte.  A plan is made
 * by the compiler or read from a file; either way plan_verify() has passed
 * before anything else looks at it, and it never changes afterwards.
 *
 * The body is one array of entries in program order.  An entry with a body
 * (LOOP, IF, ELSE, REPEAT) is followed by it and says in `end` where it
 * stops.  Numbers are expressions in one pool, children before parents. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/arena.h"
#include "tilematrix/tilematrix.h"

#include <stdint.h>
#include <stdio.h>

enum { PLAN_NONE = 0xffffffffu }; /* no expression, string, place, ... */

enum plan_number { NUMBER_INT = 1, NUMBER_REAL = 2, NUMBER_BOOL = 3,
                   NUMBER_TEXT = 4 /* parameters only */ };

union plan_value {
    int64_t integer; /* NUMBER_INT, NUMBER_BOOL */
    double real;
};

enum plan_expr_op {
#define EXPR(NUMBER, ID, NAME, ARITY, TYPE) EXPR_##ID = NUMBER,
#include "plan/exprs.def"
#undef EXPR
    EXPR_OPS
};

struct plan_expr {
    uint8_t op;    /* enum plan_expr_op */
    uint8_t type;  /* enum plan_number: of the result */
    uint8_t slots; /* 1: its value depends on a slot, so on the walk */
    uint32_t args[3];
    union plan_value value; /* INT REAL TRUTH; PARAM SLOT INPUT_*: a number */
};

/* Where an entry comes from.  A place in a function has the place of the
 * call in `via`; see plan_script_place(). */
struct plan_place {
    uint32_t source;
    uint32_t line, column, end_column; /* from 1; end_column is behind */
    uint32_t via;                      /* a place or PLAN_NONE */
};

struct plan_source {
    uint32_t name; /* string */
    uint32_t text; /* string, or PLAN_NONE for texts of the library */
};

struct plan_param {
    uint32_t name;
    uint8_t type;      /* enum plan_number */
    uint32_t value;    /* default: an expression of constants and earlier
                        * parameters; a string for NUMBER_TEXT; or NONE */
    uint32_t place;
};

/* The element types that must be one type, late bound. */
struct plan_type {
    uint8_t fixed; /* enum tm_type, or 0: that of its inputs, else f64 */
};

/* How a class's type hangs together with another's.  Only classes of which
 * something is known have one, in the order of their numbers. */
struct plan_relation {
    uint32_t type;  /* number of the plan_type */
    uint32_t real;  /* another whose type is the real one that belongs to it
                     * (f64 to c128 and to f64), or NONE */
    uint8_t only;   /* enum plan_only */
};
enum plan_only { ONLY_ANY = 0, ONLY_REAL = 1, ONLY_COMPLEX = 2 };

enum plan_matrix_kind {
    MATRIX_TEMP = 1,   /* zero until written */
    MATRIX_INPUT = 2,  /* first version from a file or the host */
    MATRIX_SOURCE = 3  /* first version made from a rule (enum plan_rule) */
};

enum plan_rule { /* a(i,j) of a SOURCE; numbers are stored in plan files */
    RULE_FILL = 1,  /* arg */
    RULE_EYE = 2,   /* arg where i == j, else 0 */
    RULE_RAND = 3,  /* uniform in [0, 1) */
    RULE_RANDN = 4, /* normal */
    RULE_SPD = 5,   /* symmetric, uniform in [0, 1), + rows on the diagonal */
    RULE_LIST = 6   /* the constants of plan_list, row by row */
};

struct plan_matrix {
    uint32_t name;               /* string: as messages show it */
    uint8_t kind;
    uint8_t rule;                /* SOURCE: enum plan_rule, else 0 */
    uint32_t type;               /* number of its plan_type */
    uint32_t rows, cols;         /* expressions without slots */
    uint32_t tile_rows, tile_cols; /* expressions without slots; an edge
                                  * longer than the matrix means one tile */
    uint32_t input;              /* INPUT: number of the input */
    uint32_t arg;                /* SOURCE: FILL, EYE: expression; LIST:
                                  * first of its constants in `lists` */
    uint32_t seed;               /* SOURCE: expression, or NONE: --seed */
    uint32_t call;               /* SOURCE: number of the call in the script */
    uint32_t place;
};

struct plan_input {
    uint32_t name;
    uint32_t path;   /* string: bound to it by default, or NONE */
    uint32_t path_param; /* text parameter that names the path, or NONE */
    uint32_t matrix; /* its matrix, or NONE when nothing reads it */
    uint8_t fixed;   /* enum tm_type asked for by "is f32", or 0 */
    uint32_t rows, cols; /* expressions it must equal, or NONE: they are
                          * defined by it (EXPR_INPUT_ROWS) */
    uint32_t type;   /* its plan_type */
    uint32_t place;
};

struct plan_output {
    uint32_t name;   /* string; "" for write(x, path) */
    uint32_t path;   /* string: default path */
    uint32_t path_param;
    uint32_t matrix; /* whose tiles the store tasks write */
    uint32_t place;
};

/* Checked when sizes are bound: where test is false, text is the message
 * ("%" items: texts and values, see struct plan_text). */
struct plan_check {
    uint32_t test;
    uint32_t text;
    uint32_t place;
};

/* A line of text with values in it: parts [first, first + count). */
struct plan_text {
    uint32_t first, count;
};
enum plan_part_kind {
    PART_STRING = 1,  /* value: a string                          */
    PART_EXPR = 2,    /* value: an expression                     */
    PART_OPERAND = 3, /* value: number of an operand of the task  */
    PART_PARAM = 4    /* value: a text parameter                  */
};
struct plan_part {
    uint8_t kind;
    uint32_t value;
};

enum plan_map_op {
#define MAPOP(NUMBER, ID, NAME, ARITY) MAPOP_##ID = NUMBER,
#include "plan/mapops.def"
#undef MAPOP
    MAPOP_COUNT
};

/* Registers 0 .. inputs-1 hold the operands that are read (operand 0 first
 * if it is "x" and not "w"), then the task's arguments, then constants;
 * instructions write registers above; the last one's dst is the result. */
struct plan_map_step {
    uint8_t op, dst, a, b, c;
};
struct plan_map {
    uint32_t first_step, steps;
    uint32_t first_constant, constants; /* in `constants` */
    uint8_t inputs;    /* operands that are read + arguments */
    uint8_t registers; /* all, at most PLAN_REGISTERS */
};
enum { PLAN_REGISTERS = 64 };

/* Rows of T in QR where a script leaves T out: reflections that are taken
 * together.  lib/qr_flat.tm and lib/qr_tree.tm have the same number. */
enum { PLAN_QR_ROWS = 48 };

enum plan_entry_kind {
    ENTRY_LOOP = 1,     /* a slot; b low, c high (not in it), d step > 0  */
    ENTRY_IF = 2,       /* a test; its body; an ELSE may follow at end    */
    ENTRY_ELSE = 3,     /* body; right behind an IF's end: of several IFs
                         * that end there, the outermost's                */
    ENTRY_REPEAT = 4,   /* body again and again until BREAK               */
    ENTRY_BREAK = 5,    /* a: how many loops and repeats to leave (1 ...) */
    ENTRY_CONTINUE = 6, /* a: the same; the a-th goes on with its next    */
    ENTRY_SET = 7,      /* a slot; b expression                           */
    ENTRY_FETCH = 8,    /* a slot; operand: wait for a computed number    */
    ENTRY_TASK = 9,     /* a kernel on operands                           */
    ENTRY_ALIAS = 10,   /* operand 0 (a tile) becomes operand 1's version */
    ENTRY_RELEASE = 11, /* operand 0 (tile, run, matrix): not read again  */
    ENTRY_ASSERT = 12   /* a test; b text: fails here where it is false   */
};

enum kernel_flag { KF_TA = 1, KF_TB = 2, KF_RIGHT = 4, KF_UPPER = 8,
                   KF_UNIT = 16, KF_MIRROR = 32,
                   KF_CA = 64, KF_CB = 128 /* conjugated once more: with TA
                                            * plainly transposed */ };

struct plan_entry {
    uint8_t kind;
    uint8_t kernel;       /* TASK: enum plan_kernel */
    uint8_t flags;        /* TASK: enum kernel_flag */
    uint32_t end;         /* entries with a body: first entry behind it */
    uint32_t a, b, c, d;  /* see the kinds; TASK: a map program or NONE,
                           * b text (PRINT, CHECK) or NONE */
    uint32_t first_operand, operands;
    uint32_t first_arg, args; /* in `args`: expressions */
    uint32_t subject;     /* string: what a failure is said of, or NONE */
    uint32_t place;
};

enum operand_mode { MODE_READ = 1, MODE_WRITE = 2, MODE_BOTH = 3 };
enum operand_flag {
    OPERAND_TRANS = 1,  /* MAP: read transposed                         */
    OPERAND_ROW = 2,    /* MAP: a row vector's tile, for every row      */
    OPERAND_COL = 4,    /* MAP: a column vector's tile, for every column */
    OPERAND_SCALAR = 8, /* MAP: a 1 x 1 tile, for every entry           */
    OPERAND_RUN = 16,   /* i .. i_end, j .. j_end, column by column     */
    OPERAND_ALL = 32,   /* RELEASE: every tile of the matrix            */
    OPERAND_CONJ = 64   /* MAP: conjugated once more (TRANS conjugates)  */
};

struct plan_operand {
    uint32_t matrix;
    uint8_t mode, flags;
    uint32_t i, j;         /* expressions: tile row and column */
    uint32_t i_end, j_end; /* RUN: expressions, not in it */
};

struct plan_slot {
    uint8_t type; /* enum plan_number */
    uint32_t name;
};

enum plan_kernel {
#define KERNEL(NUMBER, ID, NAME, MODES, FLAGS, ARGS, SHAPE, FLOPS, DOC) \
    KERNEL_##ID = NUMBER,
#include "plan/kernels.def"
#undef KERNEL
    KERNEL_COUNT
};

/* Does the kernel read its operands through a map program, entry.a? */
static inline int kernel_maps(uint8_t kernel)
{
    return kernel == KERNEL_MAP ||
           (kernel >= KERNEL_MAP_SUM && kernel <= KERNEL_MAP_DIAGONAL);
}

struct kernel_info {
    const char *name, *modes, *doc;
    uint8_t flags;
    int args;
};
extern const struct kernel_info kernel_table[KERNEL_COUNT]; /* name NULL: no
                                                             * such number */

#define PLAN_TABLE(TYPE) \
    struct {             \
        TYPE *items;     \
        uint32_t count, space; \
    }

struct plan {
    struct arena *arena; /* everything lies in it; owned, see plan_free */
    PLAN_TABLE(const char *) strings;
    PLAN_TABLE(struct plan_source) sources;
    PLAN_TABLE(struct plan_place) places;
    PLAN_TABLE(struct plan_expr) exprs;
    PLAN_TABLE(struct plan_param) params;
    PLAN_TABLE(struct plan_slot) slots;
    PLAN_TABLE(struct plan_type) types;
    PLAN_TABLE(struct plan_relation) relations;
    PLAN_TABLE(struct plan_input) inputs;
    PLAN_TABLE(struct plan_matrix) matrices;
    PLAN_TABLE(struct plan_output) outputs;
    PLAN_TABLE(struct plan_check) checks;
    PLAN_TABLE(struct plan_text) texts;
    PLAN_TABLE(struct plan_part) parts;
    PLAN_TABLE(struct plan_map) maps;
    PLAN_TABLE(struct plan_map_step) steps;
    PLAN_TABLE(double) constants; /* of map programs and LIST sources */
    PLAN_TABLE(uint32_t) args;
    PLAN_TABLE(struct plan_operand) operands;
    PLAN_TABLE(struct plan_entry) entries;
    uint32_t tile_rows, tile_cols; /* default edges: expressions of constants
                                    * and parameters, or NONE: chosen */
};

struct tm_error;

/* An empty plan that owns a new arena, or NULL: out of memory. */
struct plan *plan_new(void);
void plan_free(struct plan *plan);

/* The plan as bytes: the same plan always gives the same bytes.  In the
 * plan's arena.  NULL: out of memory. */
unsigned char *plan_write(const struct plan *plan, size_t *bytes);

/* Bytes to a plan; verified.  Bytes are hostile: on any fault the result is
 * NULL and error says where.  Borrows nothing. */
struct plan *plan_read(const unsigned char *bytes, size_t size,
                       struct tm_error *error);

/* Everything that holds for a plan whatever is bound to it: numbers in
 * range, types, nesting, operand modes, what may be used where. */
enum tm_status plan_verify(const struct plan *plan, struct tm_error *error);

/* tmc --emit=plan: every table as text. */
void plan_print(FILE *out, const struct plan *plan);
/* tmc --emit=dag: the tile program alone. */
void plan_print_entries(FILE *out, const struct plan *plan);
/* One expression as a formula, into text of the given size. */
void plan_print_expr(FILE *out, const struct plan *plan, uint32_t expr);

/* Element sizes in bytes and names ("f64"). */
size_t type_bytes(uint8_t type);
const char *type_name(uint8_t type);

const char *plan_string(const struct plan *plan, uint32_t string);
/* The innermost place that is in the script: not in the library's text. */
const struct plan_place *plan_script_place(const struct plan *plan,
                                           uint32_t place);

#endif
