/* How fast this processor runs the tile kernels: the rates of plan/rates.def,
 * measured. */
#ifndef RUNTIME_CALIBRATE_H
#define RUNTIME_CALIBRATE_H

#include "plan/edge.h"

#include <stdio.h>

/* Rates of one thread; what is not measured is as in the table of the kind.
 * After kernel_start(); takes a second.  0, or out of memory. */
int calibrate(enum cpu_kind kind, struct edge_rates *rates);
/* As rows of plan/rates.def. */
void calibrate_print(FILE *out, enum cpu_kind kind,
                     const struct edge_rates *rates);

#endif
