/* The place of this process among those of a job step of Slurm. */
#ifndef RUNTIME_SLURM_H
#define RUNTIME_SLURM_H

struct slurm {
    int rank, tasks;   /* of the step */
    char address[200]; /* tcp://HOST:PORT: where rank 0 listens */
};

/* From the environment.  0: srun has not started several of these. */
int slurm_find(struct slurm *slurm);

#endif
