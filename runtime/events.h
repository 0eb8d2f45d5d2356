/* Events of a virtual clock, the earliest first; of equal times the one that
 * was added first. */
#ifndef RUNTIME_EVENTS_H
#define RUNTIME_EVENTS_H

#include <stdint.h>

struct event {
    double time;
    uint64_t order; /* events_add() gives it */
    int kind;       /* these are the simulation's own */
    uint32_t a, b;
    void *what;
};

struct events { /* all 0 is empty */
    struct event *heap;
    uint64_t count, space, order;
};

/* 0, or out of memory: nothing is added. */
int events_add(struct events *events, struct event event);
struct event events_first(struct events *events); /* there is one */
void events_fini(struct events *events);

#endif
