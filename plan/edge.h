/* The default tile edge, where neither script nor command line says one.
 *
 * For each of a few edges the plan is bound and the first of its tasks are
 * scheduled on a fixed number of threads that exist only here, with times
 * from a table of rates; the edge with which that ends first is taken.  So it
 * follows from the plan, what is bound to it and the table: never from the
 * threads or workers that there are. */
#ifndef PLAN_EDGE_H
#define PLAN_EDGE_H

#include "base/cpu.h"
#include "plan/bind.h"

struct edge_rate { /* see plan/rates.def */
    double rate, half;
};

struct edge_rates {
    struct edge_rate kernel[KERNEL_COUNT];
    double memory; /* bytes a ns */
};

const struct edge_rates *edge_rates_of(enum cpu_kind kind);

/* Seconds of a task of that entry, on whole tiles, that has so many flops. */
double edge_seconds(const struct edge_rates *rates,
                    const struct binding *binding, uint32_t entry,
                    double flops);

/* An edge that was chosen, and what for; zeros: none.  It takes a part of a
 * millisecond to choose one: a plan that is executed again on the same sizes
 * keeps its own. */
struct edge_choice {
    int64_t edge;
    char *key; /* owned, or NULL */
    size_t bytes;
};
void edge_choice_fini(struct edge_choice *choice);

/* binding_finish(), with the edge chosen first where nobody says.  choice, if
 * it is not NULL, is of the same plan and rates. */
enum tm_status edge_bind(struct binding *binding,
                         const struct edge_rates *rates,
                         struct edge_choice *choice, struct tm_error *error);

#endif
