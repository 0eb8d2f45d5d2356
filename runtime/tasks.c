/* Tasks: sizes in, memory out; and the heap. */
#include "runtime/tasks.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 64 * 1024,
    IDS = 1 << 28 /* of cells, and of operands of wide ones */
};

struct tasks_spare { /* a wide task that was given back keeps its place in */
    struct tasks_spare *next; /* `wide`: */
    uint32_t id;
};

struct tasks_chunk {
    struct tasks_chunk *older;
    _Alignas(16) char data[];
};

static size_t task_bytes(uint32_t operands, uint32_t values)
{
    return task_values_at(operands) + values * sizeof(union plan_value);
}

static size_t wide_bytes(uint32_t operands, uint32_t values)
{
    return TASK_WIDE_HEAD + task_bytes(operands, values);
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

    tasks_clear(t); /* large ones are spare then */
    for (k = 0; k < TASKS_POWERS; k++)
        while (t->large[k]) {
            struct tasks_spare *spare = t->large[k];
            t->large[k] = spare->next;
            free((char *)spare - TASK_WIDE_HEAD);
        }
    while (t->chunks) {
        struct tasks_chunk *chunk = t->chunks;
        t->chunks = chunk->older;
        free(chunk);
    }
    for (k = 0; k < t->blocks; k++)
        free(t->cells[k]);
    free(t->cells);
    free(t->wide);
    free(t->heap);
}

/* ---- cells -------------------------------------------------------------- */

static int cells_grow(struct tasks *t)
{
    char **cells = t->blocks < IDS / TASKS_CELLS
                       ? realloc(t->cells, (t->blocks + 1) * sizeof *cells)
                       : NULL;

    if (!cells)
        return -1;
    t->cells = cells;
    cells[t->blocks] = aligned_alloc(64, TASKS_CELLS * TASK_CELL);
    if (!cells[t->blocks])
        return -1;
    t->blocks++;
    return 0;
}

static struct task *cell_new(struct tasks *t)
{
    struct task *task;
    uint32_t id = t->spare;

    if (id) {
        task = tasks_cell(t, id);
        t->spare = task->entry;
    } else {
        if (t->last + 1 >= t->blocks * TASKS_CELLS && cells_grow(t))
            return NULL;
        id = ++t->last;
        task = tasks_cell(t, id);
    }
    task->id = id;
    return task;
}

/* ---- wide tasks --------------------------------------------------------- */

static void *small_new(struct tasks *t, size_t bytes)
{
    struct tasks_chunk *chunk;
    void *memory;

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

/* A place in `wide` for as many operands as fit into so many bytes. */
static int wide_place(struct tasks *t, size_t bytes, uint32_t *id)
{
    uint64_t wanted = t->wide_count + bytes / sizeof(struct operand);
    uint64_t space = t->wide_space ? t->wide_space : 256;
    struct task **wide;

    while (space < wanted)
        space *= 2;
    if (wanted > IDS)
        return -1;
    if (space > t->wide_space) {
        wide = realloc(t->wide, space * sizeof *wide);
        if (!wide)
            return -1;
        memset(wide + t->wide_space, 0,
               (space - t->wide_space) * sizeof *wide);
        t->wide = wide;
        t->wide_space = (uint32_t)space;
    }
    *id = t->wide_count | TASK_WIDE;
    t->wide_count = (uint32_t)wanted;
    return 0;
}

static struct tasks_spare **spares(struct tasks *t, size_t bytes)
{
    return bytes <= TASKS_SMALL ? &t->small[small_size(bytes)]
                                : &t->large[large_power(bytes)];
}

static struct task *wide_new(struct tasks *t, uint32_t operands, size_t bytes)
{
    struct tasks_spare **list = spares(t, bytes), *spare = *list;
    size_t most = bytes <= TASKS_SMALL
                      ? (size_t)small_size(bytes) * TASKS_STEP
                      : (size_t)1 << large_power(bytes);
    struct task *task;
    char *memory;
    uint32_t id, k;

    if (spare) {
        *list = spare->next;
        id = spare->id;
        task = (struct task *)(void *)spare;
    } else {
        if (wide_place(t, most, &id))
            return NULL;
        memory = bytes <= TASKS_SMALL ? small_new(t, most) : malloc(most);
        if (!memory)
            return NULL;
        task = (struct task *)(void *)(memory + TASK_WIDE_HEAD);
    }
    task->id = id;
    ((uint32_t *)(void *)task)[-2] = operands;
    t->wide[id ^ TASK_WIDE] = task; /* also without operands */
    for (k = 1; k < operands; k++)
        t->wide[(id ^ TASK_WIDE) + k] = task;
    return task;
}

static void wide_free(struct tasks *t, struct task *task)
{
    uint32_t id = task->id;
    struct tasks_spare **list =
        spares(t, wide_bytes(task_operands(task), task->values));
    struct tasks_spare *spare = (struct tasks_spare *)(void *)task;

    t->wide[id ^ TASK_WIDE] = NULL;
    *spare = (struct tasks_spare){*list, id};
    *list = spare;
}

/* ---- both --------------------------------------------------------------- */

struct task *task_new(struct tasks *t, uint32_t operands, uint32_t values)
{
    size_t bytes = task_bytes(operands, values);
    struct task *task = operands <= TASK_OPERANDS && bytes <= TASK_CELL
                            ? cell_new(t)
                            : wide_new(t, operands,
                                       wide_bytes(operands, values));

    if (!task)
        return NULL;
    task->missing = 0;
    task->admission = 0;
    task->few = operands & 3; /* of a cell */
    task->values = (uint16_t)values;
    t->open++;
    return task;
}

static void cell_free(struct tasks *t, struct task *task)
{
    uint32_t id = task->id;

    task->id = 0;
    task->entry = t->spare;
    t->spare = id;
}

void task_free(struct tasks *t, struct task *task)
{
    t->open--;
    if (task->id & TASK_WIDE)
        wide_free(t, task);
    else
        cell_free(t, task);
}

struct task *tasks_next(const struct tasks *t, uint32_t *at)
{
    struct task *task;

    while (*at < t->last) {
        task = tasks_cell(t, ++*at);
        if (task->id)
            return task;
    }
    while (*at - t->last < t->wide_count) {
        uint32_t k = (*at)++ - t->last;
        task = t->wide[k];
        if (task && task->id == (k | TASK_WIDE))
            return task;
    }
    return NULL;
}

void tasks_clear(struct tasks *t)
{
    struct task *task;
    uint32_t at = 0;

    while ((task = tasks_next(t, &at)))
        if (task->missing == TASK_LOAD)
            cell_free(t, task);
        else
            task_free(t, task);
    t->ready = 0;
}

/* ---- the heap ----------------------------------------------------------- */

enum { WAYS = 4 };

static inline int before(const struct task *a, const struct task *b)
{
    return a->priority != b->priority ? a->priority < b->priority
                                      : a->number < b->number;
}

static int heap_grow(struct tasks *t)
{
    uint32_t space = t->heap_space ? 2 * t->heap_space : 256;
    uint32_t *heap = realloc(t->heap, space * sizeof *heap);

    if (!heap)
        return -1;
    t->heap = heap;
    t->heap_space = space;
    return 0;
}

/* NULL: out of memory. */
static struct task *task_of(struct tasks *t, const struct ready *item)
{
    struct task *task =
        item->load ? cell_new(t) : tasks_get(t, item->task);

    if (item->load && task) {
        task->number = item->number;
        task->values = 0;
        task->entry = item->load;
        task->missing = TASK_LOAD;
        task->few = 0;
        task->admission = 0;
    }
    return task;
}

/* It leaves the heap. */
static struct ready item_of(struct tasks *t, uint32_t id)
{
    struct task *task = tasks_get(t, id);
    struct ready item = {.number = task->number, .priority = task->priority};

    if (task->missing == TASK_LOAD) {
        item.load = task->entry;
        cell_free(t, task);
    } else {
        item.task = id;
    }
    return item;
}

int tasks_push(struct tasks *t, struct ready item)
{
    uint32_t at = t->ready, parent;
    struct task *task;

    if (at == t->heap_space && heap_grow(t))
        return -1;
    task = task_of(t, &item);
    if (!task)
        return -1;
    task->priority = item.priority;
    for (t->ready++; at; at = (at - 1) / WAYS) {
        parent = t->heap[(at - 1) / WAYS];
        if (!before(task, tasks_get(t, parent)))
            break;
        t->heap[at] = parent;
    }
    t->heap[at] = task->id;
    return 0;
}

struct ready tasks_pop(struct tasks *t)
{
    uint32_t first = t->heap[0], last = t->heap[--t->ready];
    uint32_t at = 0, child, end, best, k;
    const struct task *task = tasks_get(t, last), *top, *other;

    for (; (child = WAYS * at + 1) < t->ready; at = best) {
        end = t->ready - child < WAYS ? t->ready : child + WAYS;
        best = child;
        top = tasks_get(t, t->heap[child]);
        for (k = child + 1; k < end; k++) {
            other = tasks_get(t, t->heap[k]);
            if (before(other, top)) {
                best = k;
                top = other;
            }
        }
        if (!before(top, task))
            break;
        t->heap[at] = t->heap[best];
    }
    t->heap[at] = last;
    return item_of(t, first);
}

struct ready *tasks_take(struct tasks *t)
{
    struct ready *items = malloc((t->ready + 1) * sizeof *items);
    uint32_t k;

    for (k = 0; items && k < t->ready; k++)
        items[k] = item_of(t, t->heap[k]);
    t->ready = 0;
    return items;
}
