/* What this process may use of its machine. */
#ifndef RUNTIME_HOST_H
#define RUNTIME_HOST_H

#include <stddef.h>

/* Cores: by its affinity and its cgroup's quota. */
int host_cores(void);
/* The core that this thread is on now, or -1. */
int host_core(void);
/* This thread goes to another core than these, if it may use one; it may leave
 * again at any time. */
void host_avoid(const int *cores, int count);
/* Bytes of memory: what the machine has, or the cgroup where that is less. */
size_t host_memory(void);

#endif
