/* The forms between the syntax tree and the plan.
 *
 * A script becomes a list of `step`s over typed expressions (`node`).  Whole
 * numbers, reals and truths that are known without data are expressions of
 * the plan (one pool, equal ones are one): so two shapes are the same where
 * their numbers are.  Everything else is a node: a matrix, a computed number
 * (a 1 x 1 matrix), a tile.
 *
 * A `var` is storage: one matrix of the plan.  A name of the script is bound
 * to a value; assigning a name binds it anew, assigning a tile changes the
 * var, after making sure that no other name shares it. */
#ifndef COMPILER_MODEL_H
#define COMPILER_MODEL_H

#include "base/table.h"
#include "compiler/compile.h"
#include "grammar/ast.h"

enum op {
#define OP(ID, NAME, ARGS, CLASS, CODE, DOC) OP_##ID,
#include "compiler/ops.def"
#undef OP
    OP_COUNT
};

enum op_class {
    CLASS_EWISE,   /* entry by entry: a map operation (CODE)             */
    CLASS_NUMBER,  /* of bound numbers only                              */
    CLASS_SHAPE,   /* rows(A), ...: a bound number of a matrix           */
    CLASS_SOURCE,  /* makes a matrix from a rule (CODE)                  */
    CLASS_LIBRARY, /* a function of lib/ on matrices, a kernel on tiles  */
    CLASS_REDUCE,  /* the same, with a 1 x 1 result                      */
    CLASS_KERNEL,  /* a kernel's own name, on tiles only                 */
    CLASS_EFFECT   /* print assert write                                 */
};

struct op_info {
    const char *name; /* as written: operator or function */
    int args;         /* how many; -1: its own rule */
    enum op_class kind;
    int code; /* MAPOP_, RULE_, KERNEL_ number, or 0 */
    const char *doc;
};
extern const struct op_info op_table[OP_COUNT];
int op_find(const char *name, uint32_t args); /* -1: none */

enum property {
    IS_SYMMETRIC = 1,
    IS_LOWER = 2,
    IS_UPPER = 4,
    IS_SPD = 8,
    IS_DIAGONAL = 16,
    IS_ORTHOGONAL = 32,
    IS_SPARSE = 64,
    IS_PSD = 128, /* symmetric and positive semidefinite */
    ALL_SPD = IS_SPD | IS_PSD | IS_SYMMETRIC,
    ALL_DIAGONAL = IS_DIAGONAL | IS_LOWER | IS_UPPER /* of real numbers it is
                                                     * symmetric too */
};

/* What is known of a matrix: properties; and those that hold where `test`, a
 * truth known when sizes and parameters are bound, is true (PLAN_NONE or 0
 * with no bits: nothing more). */
struct facts {
    uint8_t properties, maybe;
    uint32_t test;
};

struct shape {
    uint32_t rows, cols;           /* expressions without slots */
    uint32_t tile_rows, tile_cols; /* the same; not yet clamped */
};

struct var {
    const char *name;
    struct shape shape;
    uint32_t type;      /* class of element types, see type_root() */
    uint8_t properties; /* enum property */
    uint8_t maybe;      /* more of them, where `test` is true: see facts */
    uint8_t declared;   /* those that the script itself has said */
    uint8_t kind, rule; /* as in plan_matrix */
    uint8_t assigned;   /* a step writes it, or it is no TEMP */
    uint8_t temporary;  /* the compiler's own: takes the name of what it is
                         * assigned to */
    uint8_t keep;       /* its value outlives a turn of the loop it is in */
    uint8_t half;       /* only its lower half is read, see halves.c */
    uint8_t placed;     /* it has been lowered: `matrix` is its number */
    uint32_t test;
    uint32_t input, arg, seed, call;
    uint32_t matrix;
    struct var *same; /* it became one with another var */
    struct place place;
    uint32_t uses;     /* nodes of steps that read it */
    /* optimise.c: */
    uint32_t writes;   /* steps that write it */
    uint32_t value;    /* number of its value at this point, 0: none yet */
    uint32_t variant;  /* level of the innermost open loop that writes it */
    uint32_t level;    /* loops around the step that defines it ... */
    struct step *made; /* ... its only LET, or NULL */
    struct place read; /* where it was read last, for messages */
    struct place as;   /* the expression that a name was assigned: what is
                        * known of it follows from that; or nowhere */
};

enum node_kind {
    NODE_VAR,    /* var */
    NODE_NUMBER, /* number: an expression of the plan */
    NODE_OP,     /* op(args) */
    NODE_TILE    /* tile or run i..i_end, j..j_end of var; trans, conj */
};

struct node {
    enum node_kind kind;
    enum op op;
    uint8_t tile;       /* 1: of one tile: only in tile statements */
    uint8_t trans, run; /* NODE_TILE */
    uint8_t lazy;       /* an argument that is computed tile by tile where its
                         * tiles are read: see lazy.c */
    uint8_t properties, maybe; /* as of a var */
    uint32_t test;
    uint8_t conj;       /* NODE_TILE: conjugated, where it is complex */
    struct shape shape; /* of a tile: unknown, PLAN_NONE; a 1 x 1 one known */
    uint32_t type;
    uint32_t number;
    struct var *var;
    uint32_t i, j, i_end, j_end;
    struct node *args[6];
    uint32_t count;
    struct place place;
};

enum value_kind {
    VALUE_NONE,
    VALUE_NUMBER,
    VALUE_NODE,
    VALUE_TEXT,
    VALUE_RANGE,
    VALUE_TYPE
};

struct value {
    enum value_kind kind;
    uint8_t maybe;      /* 1: not assigned on every path: `flag` says;
                         * 2: its assignment was wrong, and that was said */
    uint32_t number;    /* NUMBER; RANGE: low; TYPE: enum tm_type */
    uint32_t high;      /* RANGE */
    uint32_t flag;      /* maybe: slot */
    struct node *assigned; /* maybe: the flag is this computed number, or
                            * NULL */
    const char *text;   /* TEXT */
    uint32_t param;     /* TEXT: parameter that gives it, or PLAN_NONE */
    struct node *node;  /* NODE */
    struct place place; /* where the name was bound */
};

enum step_kind {
    STEP_LET,    /* var = node (matrix level)                          */
    STEP_FRESH,  /* var is all zeros from here (a declaration)         */
    STEP_TILE,   /* target op node (tile level)                        */
    STEP_TILES,  /* targets = node: a kernel with several results      */
    STEP_FOR,    /* slot, low, high, step, body                        */
    STEP_IF,     /* test (number), body, other                         */
    STEP_REPEAT, /* body                                               */
    STEP_BREAK,
    STEP_CONTINUE,
    STEP_SET,    /* slot = number                                      */
    STEP_FETCH,  /* slot = node (a computed number)                    */
    STEP_FACTOR, /* LU of node, for solves further in                  */
    STEP_PRINT,  /* parts                                              */
    STEP_ASSERT, /* number or node, parts                              */
    STEP_STORE   /* node to output                                     */
};

struct part {
    struct value value; /* NUMBER, NODE or TEXT */
};

struct step {
    enum step_kind kind;
    struct place place, via; /* via: the script's call, for library texts */
    uint32_t call;           /* plan place of the call it was expanded from */
    const char *subject;
    struct var *var;
    char op; /* TILE: '=' '+' '-' */
    struct node *node;
    struct node *target, *targets[4];
    uint32_t target_count;
    uint32_t slot, low, high, step, number, levels, output;
    struct block *body, *other;
    struct part *parts;
    uint32_t part_count;
};

struct block {
    VEC(struct step *) steps;
};

struct name {
    const char *text;
    struct value value;
    uint32_t stamp; /* is changed in place where it is the frame's */
    uint8_t used;
    uint8_t clause; /* its declaration says which tiles it has: */
    uint32_t tile_rows, tile_cols;
};

struct function {
    const char *name;
    const struct ast *ast;
    int library;
    const char *shown; /* in messages: the name of which it is a form */
    int column;        /* see forms.def */
};

struct carried {
    const char *name;
    struct value head; /* what the name is at the head of the loop */
};

/* Names of one call (or of the script itself). */
struct frame {
    VEC(struct name *) names; /* may be in copies of the frame too */
    uint32_t stamp;
    struct table index; /* text to number in names, of those before `indexed`;
                         * others may stand in it from before */
    uint32_t indexed;
    struct frame *caller;
    struct function *function; /* NULL: the script */
    uint32_t call;             /* plan place of the call, or PLAN_NONE */
    const char *subject;       /* text of the call's first argument */
    uint32_t nested;           /* compiler.nested where it was called */
    VEC(struct carried)
    flags; /* names first assigned in a loop or branch:
            * head.flag is true once they are */
    VEC(struct carried)
    tracked; /* names first assigned in a loop: head is
              * where their last value lies behind it */
};

struct name_list;

struct loop { /* one that is being compiled */
    struct loop *outer;
    VEC(struct carried) carried;
    const struct frame *before; /* names as they were in front of it */
    struct name_list *promote;  /* a break found names to carry otherwise */
};

/* What the optimiser has done at one place: a row of rules.def, the
 * expression before and after as text, and what either costs as expressions
 * of the plan (reals; PLAN_NONE: not known). */
struct rewrite_note {
    const char *rule; /* its name, as --explain shows it */
    struct place place;
    const char *before, *after;
    uint32_t flops_before, flops_after;
    uint32_t bytes_before, bytes_after;
};

struct type_class {
    uint32_t parent; /* itself: a root; the rest is of roots */
    uint32_t real;   /* the class of the real type that belongs to its type,
                      * if it is another and was asked for; or PLAN_NONE */
    uint8_t fixed;   /* enum tm_type, or 0 */
    uint8_t only;    /* enum plan_only */
};

struct output_name {
    const char *name;
    struct place place;
};

struct line_table { /* where the lines of a source begin */
    const struct source *source;
    uint32_t *begins, count;
};

struct spare_names {
    struct name **items;
    uint32_t space;
};

struct size_name { /* input A(m, n) has named a size */
    const char *name;
    uint32_t input;
    int cols;
};

enum { SHARED_RESULTS = 2 };
struct shared { /* see shared.c */
    const struct function *function;
    struct var *var; /* its argument */
    struct value result[SHARED_RESULTS];
    uint32_t results;
};

struct compiler {
    struct arena *arena;
    struct diag_sink *diags;
    struct plan *plan;
    const struct compile_options *options;
    const struct source *source;
    VEC(struct function) functions; /* the script's, then the library's */
    VEC(struct function *) expanding;
    struct frame *frame;
    struct block *block; /* where steps go */
    struct loop *loop;
    VEC(struct var *) vars;
    VEC(struct type_class) types; /* element types, see types.c */
    VEC(struct rewrite_note) notes; /* in the order of the rewrites */
    int keep_notes; /* their expressions stay in the plan: to be shown */
    VEC(const struct ast *) products; /* of matrices, one of them a name */
    VEC(struct output_name) outputs;
    VEC(struct size_name) sizes;
    VEC(uint32_t)
    homes;                    /* per matrix of the plan: the entry whose
                               * body it lives in, or PLAN_NONE */
    VEC(struct var *) owners; /* per matrix of the plan */
    VEC(uint32_t) fetched; /* slots of numbers that come from data */
    struct table strings;               /* of the plan, by their text */
    struct table known[2];              /* functions: the script's; 1: lib/ */
    VEC(struct line_table) lines;       /* of sources, for places */
    VEC(struct spare_names) spare;      /* room of frames that are over */
    uint32_t stamps;
    uint32_t *expr_hash;
    uint32_t expr_hash_size;
    uint32_t calls;                /* random sources so far */
    uint32_t tile_rows, tile_cols; /* expressions: default edges */
    uint32_t lowering;             /* entry whose body is being lowered */
    uint32_t nested;               /* loops and branches we are in */
    VEC(struct shared) shared;     /* of bodies that are being lowered */
    int sharing;
    const struct block *body; /* steps of the call that is being lowered */
};

/* ---- build.c: numbers, places, strings of the plan --------------------- */

uint32_t build_int(struct compiler *c, int64_t value);
uint32_t build_real(struct compiler *c, double value);
uint32_t build_truth(struct compiler *c, int value);
uint32_t build_leaf(struct compiler *c, uint8_t op, uint8_t type,
                    uint64_t number);
/* Types must fit (integers are made real where they meet reals); folded and
 * simplified.  *fault: NULL, or why constants give no value. */
uint32_t build_op(struct compiler *c, uint8_t op, uint32_t a, uint32_t b,
                  const char **fault);
uint32_t build_if(struct compiler *c, uint32_t test, uint32_t a, uint32_t b);
uint32_t build_slot(struct compiler *c, const char *name, uint8_t type);
int build_constant(const struct compiler *c, uint32_t expr, int64_t *value);
int build_is(const struct compiler *c, uint32_t expr, int64_t value);
uint32_t build_string(struct compiler *c, const char *text);
uint32_t build_place(struct compiler *c, struct place place, uint32_t via);
uint32_t build_text(struct compiler *c, const struct plan_part *parts,
                    uint32_t count);
const char *build_show(struct compiler *c, uint32_t expr); /* as a formula */
const char *shape_show(struct compiler *c, struct shape shape);
int shape_is_scalar(const struct compiler *c, struct shape shape);
uint32_t shape_trows(struct compiler *c, struct shape shape);
uint32_t shape_tcols(struct compiler *c, struct shape shape);

/* a == b, or an error now (both known), or a check of the plan.  The message
 * has %s texts and %e expressions (uint32_t). */
int require_equal(struct compiler *c, enum diag_id id, struct place place,
                  uint32_t a, uint32_t b, const char *format, ...);
/* The same of any test on bound numbers. */
int require_true(struct compiler *c, enum diag_id id, struct place place,
                 uint32_t test, const char *format, ...);

/* ---- types.c: element types ---------------------------------------------- */

uint32_t type_new(struct compiler *c, uint8_t fixed);
uint32_t type_root(const struct compiler *c, uint32_t type);
int type_join(struct compiler *c, uint32_t a, uint32_t b); /* 0, or -1 */
/* The class of the real type that belongs to a type; and of the complex one
 * that belongs to a type, which must be real (PLAN_NONE: it isn't). */
uint32_t type_real(struct compiler *c, uint32_t type);
uint32_t type_complex(struct compiler *c, uint32_t real);
/* Make `real`, a real class, the one that belongs to `type`; 0, or -1. */
int type_over(struct compiler *c, uint32_t type, uint32_t real);
uint8_t type_known(const struct compiler *c, uint32_t type); /* or 0 */
int type_only(const struct compiler *c, uint32_t type); /* enum plan_only */
/* An input that decides whether the type is complex, or PLAN_NONE. */
uint32_t type_input(const struct compiler *c, uint32_t type);
/* Is it real?  A truth; that of an input of the class where it is bound late,
 * else false. */
uint32_t type_is_real(struct compiler *c, uint32_t type);
const char *type_shown(const struct compiler *c, uint32_t type);
/* A conversion to an element type, f32(A). */
int is_convert(const struct node *node);

/* ---- scope.c: names, functions, the library ----------------------------- */

/* Its number in the frame we are in, or PLAN_NONE. */
uint32_t name_number(struct compiler *c, const char *text);
/* The name, to be looked at or changed until the frame is copied. */
struct name *name_find(struct compiler *c, const char *text);
/* Number k of the frame we are in, likewise. */
struct name *name_own(struct compiler *c, uint32_t k);
/* Makes the names of `to` those of `from`.  What is changed later in either
 * stays as it is in the other. */
void names_copy(struct compiler *c, struct frame *to, struct frame *from);
/* The frame is over: its room is for the next one. */
void names_drop(struct compiler *c, struct frame *frame);
/* A name that the frame has not: without value. */
struct name *name_add(struct compiler *c, struct frame *frame,
                      const char *text);
struct name *name_set(struct compiler *c, const char *text, struct value value);
struct function *function_find(struct compiler *c, const char *name);
/* The library's own, whatever the script has of that name. */
struct function *library_find(struct compiler *c, const char *name);
/* The form of the library's function that is meant by so many results and
 * arguments, or NULL: there is but one. */
struct function *function_form(struct compiler *c, const char *name,
                               uint32_t results, uint32_t args);
/* Register functions of a program; the library's are read when wanted. */
void functions_add(struct compiler *c, const struct ast *program, int library);
const char *name_suggest(struct compiler *c, const char *name);
/* ---- expr.c: expressions ------------------------------------------------ */

struct value check_expr(struct compiler *c, const struct ast *ast);
struct node *check_node(struct compiler *c, const struct ast *ast);
uint32_t check_number(struct compiler *c, const struct ast *ast, uint8_t type);
struct node *check_tile(struct compiler *c, const struct ast *ast);
/* Tile (i, j) of a var, or of a transposed one. */
struct node *tile_of(struct compiler *c, struct node *view, uint32_t i,
                     uint32_t j, struct place place);
struct node *node_of(struct compiler *c, struct value value,
                     struct place place);
struct node *node_var(struct compiler *c, struct var *var, struct place place);
struct node *node_op(struct compiler *c, enum op op, struct place place,
                     struct node **args, uint32_t count);
struct var *var_new(struct compiler *c, const char *name, struct shape shape,
                    uint32_t type, struct place place);
struct var *var_root(struct var *var);
int number_type(const struct compiler *c, uint32_t expr);
uint8_t check_properties(struct compiler *c, const struct ast *list);
/* The script's own text of an expression, shortened. */
const char *ast_text(struct compiler *c, const struct ast *ast);
/* "X' * X (line 2)": of a name the expression from which one of these
 * properties was inferred; NULL: it was declared, or it is no name. */
const char *node_inferred(struct compiler *c, const struct node *node,
                          uint8_t properties);

/* ---- check.c: statements ------------------------------------------------ */

void check_program(struct compiler *c, const struct ast *program);
void check_block(struct compiler *c, const struct ast *list);
struct step *step_new(struct compiler *c, enum step_kind kind,
                      struct place place);
/* Expand a call: results[0 .. wanted). */
int check_call(struct compiler *c, struct function *f, const struct ast *call,
               const struct value *args, const char *const *arg_names,
               uint32_t count, struct value *results, uint32_t wanted);
/* A matrix value as a var that may be read: makes a LET where needed. */
struct node *materialise(struct compiler *c, struct node *node,
                         const char *name);

/* ---- shared.c ------------------------------------------------------------ */

/* What this call would give, of an earlier one; 0: it is to be expanded. */
int shared_find(struct compiler *c, const struct function *f,
                const struct value *args, uint32_t count,
                struct value *results, uint32_t wanted);
void shared_add(struct compiler *c, const struct function *f,
                const struct value *args, uint32_t count,
                const struct value *results, uint32_t wanted);

/* ---- unused.c ------------------------------------------------------------ */

/* Is it inv(A), of the library? */
int calls_inverse(struct compiler *c, const struct ast *ast);
/* Warnings that take a look at the whole script; after all errors. */
void warn_unused(struct compiler *c, const struct ast *program);

/* ---- lower.c, tile.c: steps to entries ----------------------------------- */

void lower_block(struct compiler *c, struct block *block);
void lower_tile(struct compiler *c, struct step *step);
/* target = node, of tiles. */
void tile_assign(struct compiler *c, struct step *step, struct node *target,
                 struct node *node);
/* A loop over tile rows or columns; none where the count is known to be 1. */
struct tile_loop {
    uint32_t entry, outer;
    uint32_t index; /* expression: the tile row or column */
};
struct tile_loop loop_open(struct compiler *c, const struct step *step,
                           const char *name, uint32_t count);
void loop_close(struct compiler *c, struct tile_loop *loop);
struct var *lower_value(struct compiler *c, struct node *node,
                        struct step *step, struct var *target);
/* How a dimension of a tile is cut: the size and edge of the matrix that it is
 * like, and which tile of it. */
void tile_extent(struct compiler *c, const struct node *node, int cols,
                 uint32_t *size, uint32_t *edge, uint32_t *index);
uint32_t var_matrix(struct compiler *c, struct var *var);
/* An entry at the end of the plan; operands and args are added after it. */
struct plan_entry *entry_add(struct compiler *c, uint8_t kind,
                             const struct step *step);
void entry_close(struct compiler *c, uint32_t entry);
void operand_add(struct compiler *c, uint8_t mode, uint8_t flags,
                 struct var *var, uint32_t i, uint32_t j);
void operand_tile(struct compiler *c, uint8_t mode, uint8_t flags,
                  const struct node *tile);
void arg_add(struct compiler *c, uint32_t expr);

/* A map program of a tree of EWISE operations; what is no such operation is
 * a leaf: a var, a tile, or a transposed one.  Its operands, in order, are
 * `leaves` and then `args`. */
struct map_build {
    struct node *leaves[PLAN_REGISTERS];
    uint32_t args[PLAN_REGISTERS];
    double constants[PLAN_REGISTERS];
    struct plan_map_step steps[4 * PLAN_REGISTERS];
    uint32_t leaf_count, arg_count, constant_count, step_count;
    uint32_t temps; /* registers for results, at most at once */
    uint32_t free[PLAN_REGISTERS], free_count;
    int too_long;
};
/* first: a tile that is read and written, to be leaf 0 where it is read, or
 * NULL.  PLAN_NONE: too long. */
uint32_t map_make(struct compiler *c, struct map_build *build,
                  struct node *root, struct node *first);
int is_ewise(const struct node *node);

/* ---- lazy.c: expressions that are never stored whole --------------------- */

/* Tile (i, j) of a tree whose leaves are ready (ewise_ready in lower.c). */
struct node *lazy_tile(struct compiler *c, struct node *node, uint32_t i,
                       uint32_t j, struct place place);
/* X' * X or X * X'? */
int is_gram(const struct node *node);
/* A product that is its own transpose, in square tiles: half of it is enough.
 */
int is_mirrored(const struct node *node);
/* identity.c.  eye(n) times numbers: the tile or matrix eye(n), or NULL. */
const struct node *identity_in(const struct compiler *c,
                               const struct node *node);
/* What it is on the diagonal: a number, or an expression of single ones. */
struct node *identity_factor(struct compiler *c, struct node *node);
/* A sum or difference of which operand *side is one, and the other fills
 * whole tiles of its type? */
int is_shifted(const struct compiler *c, const struct node *node, int *side);
/* A product as what is less work and gives the same: a scaling instead of
 * diag(v), without eye(n), with factors in front; or the node itself. */
struct node *plain_product(struct compiler *c, struct node *node);
/* Before lowering: vars of which only the lower half is read. */
void find_halves(struct compiler *c, const struct block *block);
/* A product with its operands whole: one tile of it if node->tile. */
int is_lazy_product(const struct node *node);
int has_lazy_product(const struct node *node);
/* A', A.', conj(A): read where A lies. */
int is_turned(const struct node *node);
int tile_same(const struct node *a, const struct node *b);
uint8_t swap_properties(uint8_t properties);
/* facts.c: what follows for a new operation from what is known of its
 * arguments. */
void facts_of_op(struct compiler *c, struct node *node);
struct facts node_facts(const struct node *node);
/* Is f(conj(x)) = conj(f(x)), entry by entry? */
int keeps_conjugates(const struct compiler *c, const struct node *node);
void node_set_facts(struct node *node, struct facts facts);
/* What holds of both. */
struct facts facts_meet(struct facts a, struct facts b);
/* Is a == b' ? Both vars or transposed vars. */
int is_transposed(const struct node *a, const struct node *b);
/* An upper bound of the registers that a tree needs. */
uint32_t map_size(const struct node *node);

/* ---- optimise.c, rewrite.c, finish.c, dump.c ------------------------------
 */

/* The same program in fewer operations: rules.def has what is done.  The
 * result shares nothing with the block that it was made from. */
struct block *optimise(struct compiler *c, const struct block *block);
/* How often each var is read. */
void count_uses(struct compiler *c, const struct block *block);

/* Drop LETs of vars that nothing reads: those from number `first` on, except
 * `result` (NULL: none). */
void rewrite_block(struct compiler *c, struct block *block, uint32_t first,
                   struct node *result);
void name_inputs(struct compiler *c);
/* dead.c: entries that write what nothing reads, and sets of such slots. */
void drop_dead(struct compiler *c);
void drop_sets(struct compiler *c);
void finish_plan(struct compiler *c);
void dump_steps(FILE *out, struct compiler *c, const struct block *block,
                int indent);

#endif
