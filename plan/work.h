/* The work of tasks: what a kernel computes and moves, from the sizes of its
 * operands alone.  One place for compiler, runtime and whoever counts. */
#ifndef PLAN_WORK_H
#define PLAN_WORK_H

#include "plan/walk.h"

struct work_task {
    uint8_t kernel; /* enum plan_kernel */
    uint8_t flags;  /* enum kernel_flag */
    uint8_t type;   /* enum tm_type */
    uint32_t operands;
    const uint32_t *first; /* operands + 1 numbers: operand k is tiles
                            * first[k] .. first[k+1]-1 */
    const int64_t *sizes;  /* of tile t: rows sizes[t * stride], columns
                            * sizes[t * stride + 1] */
    uint32_t stride;
    uint32_t steps; /* kernel_maps(): work_steps() of the program */
    const uint8_t *operand_flags; /* its enum operand_flag, one an operand */
};

/* Additions, multiplications, divisions and roots, as the algorithm has them; a
 * complex product counts as four real ones. */
double work_flops(const struct work_task *task);
/* Operations for each entry: all instructions but copies. */
uint32_t work_steps(const struct plan_map *map,
                    const struct plan_map_step *steps);
/* Bytes of the tiles that are read and of those that are written: an operand
 * that is updated counts twice. */
double work_bytes(const struct work_task *task);

/* What one task comes to. */
struct work_load {
    double flops, bytes; /* bytes: of versions that are read and written */
    double written;      /* entries */
    double edge;         /* the shortest of the sizes that its rate hangs on */
};

/* What tasks of one plan entry come to. */
struct work_count {
    double tasks, flops, bytes;
};

/* Adds up the tasks that a walker gives.  An update of a tile that nobody
 * has written reads nothing. */
struct work_meter {
    const struct binding *binding;
    struct work_count *entries; /* one a plan entry; owned */
    uint32_t *first;
    int64_t *sizes;
    uint32_t space; /* of sizes, in tiles */
};

/* 0, or out of memory; so for all three. */
int work_init(struct work_meter *meter, const struct binding *binding);
void work_fini(struct work_meter *meter);
int work_add(struct work_meter *meter, const struct walker *walker,
             const struct walk_batch *batch);
/* One task of the batch alone; nothing is added up. */
int work_measure(struct work_meter *meter, const struct walker *walker,
                 const struct walk_batch *batch, const struct walk_task *task,
                 struct work_load *load);

#endif
