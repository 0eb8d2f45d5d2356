/* Tasks: sizes in, memory out; and the heap. */
#include "runtime/tasks.h"

#include <stdlib.h>

enum { CHUNK = 64 * 1024 };

struct tasks_spare {
    struct tasks_spare *next;
};

struct tasks_chunk {
    struct tasks_chunk *older;
    _Alignas(16) char data[];
};

static size_t task_bytes(uint32_t operands, uint32_t values)
{
    return sizeof(struct task) + operands * sizeof(struct operand) +
           values * sizeof(union plan_value);
}

static uint32_t small_size(size_t bytes)
{
    return (uint32_t)((bytes + TASKS_STEP - 1) / TASKS_STEP);
}

static uint32_t large_power(size_t bytes)
{
    return 64 - (uint32_t)__builtin_clzll((uint64_t)bytes - 1);
}

void tasks_fini(struct tasks *t)
{
    uint32_t k;

    for (k = 1; k <= t->last; k++)
        if (t->table[k] && task_bytes(t->table[k]->operands,
                                      t->table[k]->values) > TASKS_SMALL)
            free(t->table[k]);
    for (k = 0; k < TASKS_POWERS; k++)
        while (t->large[k]) {
            struct tasks_spare *spare = t->large[k];
            t->large[k] = spare->next;
            free(spare);
        }
    while (t->chunks) {
        struct tasks_chunk *chunk = t->chunks;
        t->chunks = chunk->older;
        free(chunk);
    }
    free(t->table);
    free(t->ids);
    free(t->heap);
}

/* ---- memory ------------------------------------------------------------- */

static void *small_new(struct tasks *t, uint32_t size)
{
    size_t bytes = (size_t)size * TASKS_STEP;
    struct tasks_spare *spare = t->small[size];
    struct tasks_chunk *chunk;
    void *memory;

    if (spare) {
        t->small[size] = spare->next;
        return spare;
    }
    if ((size_t)(t->end - t->next) < bytes) {
        chunk = malloc(sizeof *chunk + CHUNK);
        if (!chunk)
            return NULL;
        chunk->older = t->chunks;
        t->chunks = chunk;
        t->next = chunk->data;
        t->end = chunk->data + CHUNK;
    }
    memory = t->next;
    t->next += bytes;
    return memory;
}

static void *large_new(struct tasks *t, uint32_t power)
{
    struct tasks_spare *spare = t->large[power];

    if (!spare)
        return malloc((size_t)1 << power);
    t->large[power] = spare->next;
    return spare;
}

/* Both tables of ids grow together, so that giving back can't fail. */
static int ids_grow(struct tasks *t)
{
    uint32_t space = t->space ? 2 * t->space : 256;
    struct task **table = realloc(t->table, space * sizeof *table);
    uint32_t *ids;

    if (!table)
        return -1;
    t->table = table;
    ids = realloc(t->ids, space * sizeof *ids);
    if (!ids)
        return -1;
    t->ids = ids;
    t->space = space;
    return 0;
}

static uint32_t id_new(struct tasks *t)
{
    if (t->id_count)
        return t->ids[--t->id_count];
    if (t->last + 2 > t->space && ids_grow(t))
        return 0;
    return ++t->last;
}

struct task *task_new(struct tasks *t, uint32_t operands, uint32_t values)
{
    size_t bytes = task_bytes(operands, values);
    uint32_t id = id_new(t);
    struct task *task;

    if (!id)
        return NULL;
    t->table[id] = NULL;
    task = bytes <= TASKS_SMALL ? small_new(t, small_size(bytes))
                                : large_new(t, large_power(bytes));
    if (!task)
        return NULL;
    t->table[id] = task;
    task->id = id;
    task->missing = 0;
    task->operands = operands;
    task->values = values;
    t->open++;
    return task;
}

void task_free(struct tasks *t, struct task *task)
{
    size_t bytes = task_bytes(task->operands, task->values);
    struct tasks_spare *spare = (struct tasks_spare *)task, **list;

    t->table[task->id] = NULL;
    t->ids[t->id_count++] = task->id;
    t->open--;
    list = bytes <= TASKS_SMALL ? &t->small[small_size(bytes)]
                                : &t->large[large_power(bytes)];
    spare->next = *list;
    *list = spare;
}

void tasks_clear(struct tasks *t)
{
    uint32_t id;

    for (id = 1; id <= t->last; id++)
        if (t->table[id])
            task_free(t, t->table[id]);
    t->ready = 0;
}

/* ---- the heap ----------------------------------------------------------- */

static inline int before(const struct ready *a, const struct ready *b)
{
    return a->priority != b->priority ? a->priority < b->priority
                                      : a->number < b->number;
}

static int heap_grow(struct tasks *t)
{
    uint32_t space = t->heap_space ? 2 * t->heap_space : 256;
    struct ready *heap = realloc(t->heap, space * sizeof *heap);

    if (!heap)
        return -1;
    t->heap = heap;
    t->heap_space = space;
    return 0;
}

int tasks_push(struct tasks *t, struct ready item)
{
    uint32_t at = t->ready;

    if (at == t->heap_space && heap_grow(t))
        return -1;
    for (t->ready++; at; at = (at - 1) / 2) {
        struct ready *parent = &t->heap[(at - 1) / 2];
        if (!before(&item, parent))
            break;
        t->heap[at] = *parent;
    }
    t->heap[at] = item;
    return 0;
}

struct ready tasks_pop(struct tasks *t)
{
    struct ready first = t->heap[0], item = t->heap[--t->ready];
    uint32_t at = 0, child;

    for (; (child = 2 * at + 1) < t->ready; at = child) {
        if (child + 1 < t->ready &&
            before(&t->heap[child + 1], &t->heap[child]))
            child++;
        if (!before(&t->heap[child], &item))
            break;
        t->heap[at] = t->heap[child];
    }
    t->heap[at] = item;
    return first;
}
