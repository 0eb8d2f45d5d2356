/* All processes of a step find the same from what srun tells each: rank 0 is on
 * the first node of the step's list, and the port is one that is reserved for
 * the step, or hangs on the numbers of job and step. */
#include "runtime/slurm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_LEAST = 20000, PORTS = 12000 }; /* below those that systems take */

static long number(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text && *text ? strtol(text, NULL, 10) : otherwise;
}

/* Of "n[03-07,9],m1" it is n03. */
static void first_node(const char *list, char *name, size_t size)
{
    size_t head = strcspn(list, "[,");
    const char *rest = list[head] == '[' ? list + head + 1 : "";

    snprintf(name, size, "%.*s%.*s", (int)head, list,
             (int)strcspn(rest, "-,]"), rest);
}

static long port_of_step(void)
{
    long port = number("SLURM_STEP_RESV_PORTS", 0);
    unsigned long job = (unsigned long)number("SLURM_JOB_ID", 0);
    unsigned long step = (unsigned long)number("SLURM_STEP_ID", 0);

    return port > 0 ? port
                    : PORT_LEAST + (long)((job * 131 + step) % PORTS);
}

int slurm_find(struct slurm *slurm)
{
    const char *nodes = getenv("SLURM_STEP_NODELIST");
    char node[150];

    slurm->rank = (int)number("SLURM_PROCID", -1);
    slurm->tasks =
        (int)number("SLURM_STEP_NUM_TASKS", number("SLURM_NTASKS", 1));
    if (!nodes || slurm->rank < 0 || slurm->rank >= slurm->tasks ||
        slurm->tasks < 2)
        return 0;
    first_node(nodes, node, sizeof node);
    snprintf(slurm->address, sizeof slurm->address, "tcp://%s:%ld", node,
             port_of_step());
    return 1;
}
