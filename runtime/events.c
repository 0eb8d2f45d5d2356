/* A binary heap. */
#include "runtime/events.h"

#include <stdlib.h>

static int before(const struct event *a, const struct event *b)
{
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

int events_add(struct events *e, struct event event)
{
    uint64_t at = e->count, space = e->space ? 2 * e->space : 1024;
    struct event *heap;

    if (at == e->space) {
        heap = realloc(e->heap, space * sizeof *heap);
        if (!heap)
            return -1;
        e->heap = heap;
        e->space = space;
    }
    e->count++;
    event.order = e->order++;
    for (; at && before(&event, &e->heap[(at - 1) / 2]); at = (at - 1) / 2)
        e->heap[at] = e->heap[(at - 1) / 2];
    e->heap[at] = event;
    return 0;
}

struct event events_first(struct events *e)
{
    struct event first = e->heap[0], item = e->heap[--e->count];
    uint64_t at = 0, child;

    for (; (child = 2 * at + 1) < e->count; at = child) {
        if (child + 1 < e->count &&
            before(&e->heap[child + 1], &e->heap[child]))
            child++;
        if (!before(&e->heap[child], &item))
            break;
        e->heap[at] = e->heap[child];
    }
    e->heap[at] = item;
    return first;
}

void events_fini(struct events *e)
{
    free(e->heap);
    *e = (struct events){0};
}
