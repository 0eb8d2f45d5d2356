/* tmc --explain: what each line of a script became, what that costs, and
 * what the optimiser did on the way. */
#ifndef COMPILER_EXPLAIN_H
#define COMPILER_EXPLAIN_H

#include "compiler/model.h"
#include "plan/work.h"

struct explain_kernel {
    uint8_t kernel;
    double tasks;
};

enum explain_mark {
    EXPLAIN_TURN = 1,   /* in a loop that ends by data: one turn is counted  */
    EXPLAIN_BRANCH = 2, /* in a branch of a test on data: counted, both    */
    EXPLAIN_SIZE = 4    /* as often as data say: they are taken as 1         */
};
enum { EXPLAIN_MARKS = 3 };

struct explain_term { /* factor * sizes[0] * sizes[1] ... */
    double factor;
    uint32_t sizes[8], count; /* expressions of the plan */
};

struct explain_line {
    uint32_t line;                      /* from 1 */
    VEC(struct explain_kernel) kernels; /* in the order of the plan */
    struct work_count count;
    VEC(struct explain_term) terms; /* flops as a sum of products of sizes */
    uint8_t unknown;                /* a part of them has no such form */
    uint8_t marks;                  /* enum explain_mark */
};

struct explain {
    struct compiler *c;
    const struct binding *binding;  /* NULL: sizes are not known */
    const char *missing;            /* then: what is missing */
    VEC(struct explain_line) lines; /* those that do work, in order */
    struct work_count total;
    uint8_t *entry_marks; /* per entry of the plan */
    uint8_t marks;        /* of all lines together */
    int cut;              /* there are more tasks than are counted */
};

enum { EXPLAIN_MOST = 200000000 }; /* tasks */

/* After the plan is made, before it is bound: ends loops and decides tests
 * that hang on data, so that the plan can be walked without any.  It can't
 * be run any more. */
void explain_prepare(struct compiler *c, struct explain *explain);
/* Count.  binding: bound and borrowed, or NULL. */
enum tm_status explain_count(struct explain *explain,
                             const struct binding *binding,
                             struct tm_error *error);
void explain_text(FILE *out, const struct explain *explain);
void explain_html(FILE *out, const struct explain *explain);

/* ---- parts of both forms, in the compilation's arena ------------------ */

/* "12 gemm, 4 map", or without counts. */
const char *explain_kernels(const struct explain *e,
                            const struct explain_line *line);
/* "1.28 kflop", "5.2 MB". */
const char *explain_amount(const struct explain *e, double amount,
                           const char *unit);
/* "2 Gflop -> 4 Mflop, 16 MB -> 8 MB", or formulas. */
const char *explain_costs(const struct explain *e,
                          const struct rewrite_note *note);
/* "2*m*n*k", by the names that the script gives sizes. */
const char *explain_formula(const struct explain *e, uint32_t expr);
/* Work of the entry's tasks added to line->terms, from the loops around it:
 * open[0 .. depth).  explain_formula.c */
void explain_terms(const struct explain *e, struct explain_line *line,
                   uint32_t entry, const uint32_t *open, uint32_t depth);
/* The sum of the line's terms as "2*m*n*k + m*n", with "+ ..." where a part
 * has no such form, or NULL: no part has. */
const char *explain_flops(const struct explain *e,
                          const struct explain_line *line);
/* "m = 4, n = 3, tiles 2 x 2", or what is missing. */
const char *explain_sizes(const struct explain *e);
/* What mark number k, 1 << k, means: k below EXPLAIN_MARKS. */
const char *explain_mark_text(uint8_t k);
/* The line of the script that the place stands in; 0: none. */
uint32_t explain_line_of(const struct explain *e, struct place place);
/* The script's line, without its break. */
const char *explain_source(const struct explain *e, uint32_t line,
                           size_t *length);

#endif
