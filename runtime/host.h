/* What this process may use of its machine. */
#ifndef RUNTIME_HOST_H
#define RUNTIME_HOST_H

#include <stddef.h>

/* Cores: by its affinity and its cgroup's quota. */
int host_cores(void);
/* Bytes of memory: what the machine has, or the cgroup where that is less. */
size_t host_memory(void);

#endif
