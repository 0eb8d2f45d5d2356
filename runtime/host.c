/* Limits of the process: from the system and from its cgroup (version 2). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* sched_getcpu */
#endif
#include "runtime/host.h"

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The cgroup of this process, as "/a/b"; 0: it has none. */
static int cgroup_path(char *path, size_t size)
{
    char line[300];
    FILE *file = fopen("/proc/self/cgroup", "re");

    path[0] = 0;
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "0::", 3)) {
            line[strcspn(line, "\n")] = 0;
            snprintf(path, size, "%s", line + 3);
        }
    fclose(file);
    return path[0] != 0;
}

/* The first words of a cgroup's file; 0: there is none. */
static int cgroup_words(const char *cgroup, const char *name, char *text,
                        int size)
{
    char path[500];
    FILE *file;
    int got;

    snprintf(path, sizeof path, "/sys/fs/cgroup%s/%s", cgroup, name);
    file = fopen(path, "re");
    if (!file)
        return 0;
    got = fgets(text, size, file) != NULL;
    fclose(file);
    return got;
}

/* The quota in cores, or 0: none. */
static int cgroup_cores(void)
{
    char cgroup[300], text[100], quota[32];
    long period, cores = 0;

    if (!cgroup_path(cgroup, sizeof cgroup) ||
        !cgroup_words(cgroup, "cpu.max", text, sizeof text))
        return 0;
    if (sscanf(text, "%31s %ld", quota, &period) == 2 &&
        strcmp(quota, "max") && period > 0)
        cores = (strtol(quota, NULL, 10) + period - 1) / period;
    return cores > 0 && cores < 4096 ? (int)cores : 0;
}

int host_cores(void)
{
    cpu_set_t set;
    int cores = 1, quota = cgroup_cores();

    if (!sched_getaffinity(0, sizeof set, &set))
        cores = CPU_COUNT(&set);
    if (quota && quota < cores)
        cores = quota;
    return cores > 0 ? cores : 1;
}

int host_core(void)
{
    return sched_getcpu();
}

void host_avoid(const int *cores, int count)
{
    cpu_set_t all, others;
    int k;

    if (sched_getaffinity(0, sizeof all, &all))
        return;
    others = all;
    for (k = 0; k < count; k++)
        if (cores[k] >= 0 && cores[k] < CPU_SETSIZE)
            CPU_CLR(cores[k], &others);
    if (CPU_COUNT(&others) && !sched_setaffinity(0, sizeof others, &others))
        sched_setaffinity(0, sizeof all, &all);
}

/* A number of bytes, or `most` where there is none, or "max". */
static size_t limit_of(const char *cgroup, const char *name, size_t most)
{
    char text[100];
    unsigned long long n;

    if (!cgroup_words(cgroup, name, text, sizeof text) ||
        sscanf(text, "%llu", &n) != 1 || !n || n > most)
        return most;
    return (size_t)n;
}

/* Limits of the cgroups above count too; those of version 1 are looked for
 * where a container has them. */
size_t host_memory(void)
{
    size_t bytes =
        (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    char cgroup[300], *slash;

    bytes = limit_of("", "memory/memory.limit_in_bytes", bytes);
    if (!cgroup_path(cgroup, sizeof cgroup))
        return bytes;
    bytes = limit_of(cgroup, "memory.max", bytes);
    while ((slash = strrchr(cgroup, '/'))) {
        *slash = 0;
        bytes = limit_of(cgroup, "memory.max", bytes);
    }
    return bytes;
}
