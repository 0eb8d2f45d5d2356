/* What a plan would take on a cluster: the real coordinator and workers under
 * a virtual clock, with tiles that have no contents and jobs that only take
 * their time.  Tests on data count as false. */
#ifndef RUNTIME_SIMULATE_H
#define RUNTIME_SIMULATE_H

#include "plan/bind.h"

#include <stdatomic.h>

struct simulate_cluster {
    uint32_t workers, cores;  /* cores of each worker */
    double latency;           /* seconds of a message's way */
    double bandwidth;         /* bytes per second into and out of a worker */
    double task, message;     /* the coordinator's seconds of a task, and of a
                               * message that it sends or gets */
    uint32_t lost;            /* workers that are lost, one after another */
    const atomic_int *cancel; /* set: give up; borrowed */
};

struct simulate_result {
    uint64_t tasks, repeated;
    double seconds;      /* until it is known that the last task is done */
    double work_seconds; /* of all tasks together, on one core */
    double path_seconds; /* of the longest chain of tasks */
    double tile_bytes;   /* moved between workers */
    uint64_t tiles;      /* so moved */
    double grid_bytes;   /* that a block-cyclic layout of all matrices moves,
                          * if tasks run where the tile is that they write */
    double order_bytes;  /* from and to the coordinator */
    uint64_t orders;     /* messages from and to it */
    double order_seconds; /* that it takes for them and for the tasks */
    double line_seconds;  /* of tiles in or out of the worker with most */
};

/* Of the tasks of each entry of the plan: flops, by which they are urgent, and
 * seconds that they take.
 * TM_ESCRIPT, TM_EMEMORY, TM_ECANCELLED, TM_EBUG (it stands still). */
enum tm_status simulate_run(const struct binding *binding, const float *costs,
                            const float *seconds,
                            const struct simulate_cluster *cluster,
                            struct simulate_result *result,
                            struct tm_error *error);

#endif
