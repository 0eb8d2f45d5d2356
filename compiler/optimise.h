/* What the files of the optimiser share.
 *
 * optimise.c   goes through the steps: common parts, loop invariants, names
 *              that are used once
 * numbering.c  value numbers: equal numbers, equal values
 * rules.c      rewrites of one tree, a function for each row of rules.def
 * chain.c      products of several matrices: the cheapest order
 * versions.c   statements under a test and without it
 * cost.c       flops, bytes and texts of trees */
#ifndef COMPILER_OPTIMISE_H
#define COMPILER_OPTIMISE_H

#include "compiler/model.h"

enum rule {
#define RULE(ID, OP, NAME, DOC) RULE_##ID,
#include "compiler/rules.def"
#undef RULE
    RULE_COUNT
};

/* What is known of a value number: a var that holds it, the number of its
 * transpose, and where it was computed first without a var. */
struct about {
    struct var *holder;
    uint32_t turned;    /* 0: none has been asked for */
    struct node **slot; /* in `step`, which is in `block` */
    struct step *step;
    struct block *block;
};

struct open_loop {
    struct open_loop *outer;
    uint32_t level;      /* 1: the outermost */
    struct block *front; /* where steps in front of the loop go */
    uint32_t branches;   /* open branches where it begins */
    int sure;            /* its body is carried out from the beginning up to
                          * here whenever the loop is reached and turns */
    uint32_t turns;      /* truth: does it turn? or PLAN_NONE: it does */
};

struct row { /* of the table of value numbers */
    uint32_t kind, a, b, value;
};

struct optimiser {
    struct compiler *c;
    struct row *rows;
    uint32_t row_count, row_space;
    VEC(struct about) about; /* by value number */
    uint32_t *slot_value, *slot_variant;
    uint32_t slot_count;
    struct block *out; /* steps of the block that is open go here */
    struct step *step; /* the one that is being rewritten */
    VEC(struct block *) open;
    struct open_loop *loop;
    uint32_t branches;
    int undecided; /* something was met that holds under a test ... */
    int versions;  /* ... so once more: versions.c and nothing else */
    struct block *before; /* where the `if` goes whose branch is rewritten */
    uint32_t holds; /* a test that is true in what is rewritten, or PLAN_NONE */
    uint32_t told[RULE_COUNT]; /* notes of each rule so far */
};

/* numbering.c */
uint32_t value_new(struct optimiser *o);
uint32_t value_of(struct optimiser *o, const struct node *node);
/* What this is where the test holds and nothing where not. */
uint32_t value_under(struct optimiser *o, uint32_t value, uint32_t test);
/* Of the node's (conjugate) transpose. */
uint32_t value_transposed(struct optimiser *o, const struct node *node);
uint32_t value_product(struct optimiser *o, uint32_t left, uint32_t right);
/* They are each other's transposes. */
void value_turn(struct optimiser *o, uint32_t value, uint32_t turned);
/* Room for all slots of the plan. */
void slots_grow(struct optimiser *o);
/* A var that holds this value now, or NULL. */
struct var *value_holder(struct optimiser *o, uint32_t value);
/* The level of the innermost open loop in which the node's value changes. */
uint32_t node_level(struct optimiser *o, const struct node *node);

/* rules.c */
struct node *rules_apply(struct optimiser *o, struct node *node);
struct node *make(struct optimiser *o, enum op op, struct place place,
                  struct node *a, struct node *b);
struct node *make_number(struct optimiser *o, double value, struct place place);

/* The test under which A of A \ B is definite, or PLAN_NONE. */
uint32_t solve_test(const struct optimiser *o, const struct node *node);

/* versions.c */
/* Instead of a LET an `if` with two, where a test decides what it is; 0: as
 * it is. */
int version_let(struct optimiser *o, struct step *s);
/* Vars for products that are symmetric under a test. */
void version_products(struct optimiser *o, struct node **slot);
/* Is there anything for these two to do? */
int is_undecided(const struct optimiser *o, const struct node *node);
/* chol(A) under the test that holds: a var of the `if`s on that test. */
struct node *version_factor(struct optimiser *o, struct node *factor);

/* chain.c: a MATMUL whose leaves have been rewritten */
struct node *chain_order(struct optimiser *o, struct node *node);

/* cost.c */
uint32_t cost_flops(struct optimiser *o, const struct node *node);
uint32_t cost_bytes(struct optimiser *o, const struct node *node);
const char *node_text(struct compiler *c, const struct node *node);
enum { COST_SAMPLES = 96 };
/* The value of an expression at invented sizes: sample 0 has the parameters'
 * defaults. */
double cost_at(struct optimiser *o, uint32_t expr, uint32_t sample);
uint32_t cost_product(struct optimiser *o, uint32_t m, uint32_t n, uint32_t k,
                      double factor);
uint32_t cost_add(struct optimiser *o, uint32_t a, uint32_t b);

/* optimise.c */
void note(struct optimiser *o, enum rule rule, struct place place,
          const struct node *before, const struct node *after);
/* A new var of the compiler's own with this value, computed by a LET at the
 * end of `block`. */
struct node *let_in(struct optimiser *o, struct block *block,
                    struct node *node);
/* The same, with what is known of its parts made use of. */
struct node *let_placed(struct optimiser *o, struct block *block,
                        struct node *node);
/* Everything that the block writes has a new value, which changes in loops
 * up to `level`. */
void wrote(struct optimiser *o, const struct block *block, uint32_t level);
/* Rules from the leaves up. */
struct node *rules_deep(struct optimiser *o, struct node *node);
struct node *node_copy(struct optimiser *o, const struct node *node);
/* The node from a var: one that holds it, else a new one in front of the step
 * that is being rewritten, and of the loops in which it does not change. */
struct node *let_here(struct optimiser *o, struct node *node);
/* Does a var hold the value, or could one that is made where it was computed
 * first? */
int is_known(struct optimiser *o, uint32_t value);
/* Where a step goes whose value changes in loops up to `level` only. */
struct block *front_of(struct optimiser *o, uint32_t level);
/* The block in front of the loops in which it stays what it is; NULL: it
 * changes, or need not be done at all. */
struct block *invariant_in(struct optimiser *o, const struct node *node);
struct step *step_in(struct optimiser *o, struct block *block,
                     enum step_kind kind, struct place place);
int is_product(const struct node *node);
int is_transpose(const struct node *node);
/* A number or 1 x 1 matrix. */
int is_scalar(const struct optimiser *o, const struct node *node);

#endif
