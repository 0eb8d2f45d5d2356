/* Tile indices against grids. */
#ifndef PLAN_RANGE_H
#define PLAN_RANGE_H

#include "plan/bind.h"

/* 0 where tile (i, j) of the matrix exists, else TM_ESCRIPT and the text. */
int range_fault(const struct binding *binding, uint32_t matrix, int64_t i,
                int64_t j, struct tm_error *error);

/* TM_ESCRIPT, with the entry's place, where a tile that does not exist would
 * surely be touched whatever the data are. */
enum tm_status range_check(const struct binding *binding,
                           struct tm_error *error);

#endif
