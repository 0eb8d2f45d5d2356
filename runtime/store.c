/* Buffers by size: in, a number of bytes; out, a buffer of that size class.
 *
 * All classes carve from one slab after another; each keeps what is given
 * back to it in a stack of its own.  The stack has room for every buffer of
 * its class before the buffer is handed out, so giving back cannot fail. */
#include "runtime/store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    ALIGN = 64,
    SLAB_FIRST = 256 << 10, /* enough for small runs, in small pages */
    SLAB_STEP = 2 << 20,    /* a huge page */
    SLAB_MOST = 64 << 20,   /* slabs grow with the store up to this */
    CLASSES_FIRST = 16
};

struct class
{
    size_t bytes; /* of each buffer with its pad; 0: unused */
    void **spare; /* given back, the last on top */
    size_t spares, space;
    size_t cold; /* of the spares, from the bottom: without pages */
    size_t buffers; /* carved for this class */
};

struct slab {
    struct slab *older;
    void *memory;
    size_t bytes;
};

struct store {
    struct class *classes; /* hashed by bytes; a power of two of them */
    size_t classes_used, classes_space;
    struct slab *slabs;
    struct slab *idle; /* of runs before, not carved in this one */
    char *next, *end;  /* free part of the newest slab */
    void *zeros;
    size_t zeros_bytes;
    struct slab *old_zeros; /* smaller ones, still in use */
    size_t used, peak, held;
    size_t touched, limit; /* bytes that may have pages; at most so many */
    int poison;
};

struct store *store_new(void)
{
    struct store *store = calloc(1, sizeof *store);

    if (!store)
        return NULL;
    store->limit = SIZE_MAX;
    store->classes_space = CLASSES_FIRST;
    store->classes = calloc(CLASSES_FIRST, sizeof *store->classes);
    if (!store->classes) {
        free(store);
        return NULL;
    }
    return store;
}

static void slabs_free(struct slab *slab)
{
    while (slab) {
        struct slab *older = slab->older;
        munmap(slab->memory, slab->bytes);
        free(slab);
        slab = older;
    }
}

void store_free(struct store *store)
{
    size_t k;

    if (!store)
        return;
    for (k = 0; k < store->classes_space; k++)
        free(store->classes[k].spare);
    free(store->classes);
    slabs_free(store->slabs);
    slabs_free(store->idle);
    slabs_free(store->old_zeros);
    if (store->zeros)
        munmap(store->zeros, store->zeros_bytes);
    free(store);
}

/* The oldest slab comes first again: a run like the last one finds each size
 * where it was. */
void store_reset(struct store *store)
{
    size_t k;

    for (k = 0; k < store->classes_space; k++)
        free(store->classes[k].spare);
    memset(store->classes, 0, store->classes_space * sizeof *store->classes);
    store->classes_used = 0;
    while (store->slabs) {
        struct slab *slab = store->slabs;
        store->slabs = slab->older;
        slab->older = store->idle;
        store->idle = slab;
    }
    store->next = store->end = NULL;
    store->used = store->peak = 0;
    store->touched = store->held;
    store->limit = SIZE_MAX;
}

/* ---- classes ------------------------------------------------------------ */

static struct class *class_slot(struct class *classes, size_t space,
                                size_t bytes)
{
    size_t at = (bytes / ALIGN * 0x9e3779b97f4a7c15u >> 32) & (space - 1);

    while (classes[at].bytes && classes[at].bytes != bytes)
        at = (at + 1) & (space - 1);
    return &classes[at];
}

static int classes_grow(struct store *store)
{
    size_t space = store->classes_space * 2, k;
    struct class *classes = calloc(space, sizeof *classes);

    if (!classes)
        return -1;
    for (k = 0; k < store->classes_space; k++)
        if (store->classes[k].bytes)
            *class_slot(classes, space, store->classes[k].bytes) =
                store->classes[k];
    free(store->classes);
    store->classes = classes;
    store->classes_space = space;
    return 0;
}

/* The class of buffers of so many bytes, or NULL: out of memory. */
static struct class *class_get(struct store *store, size_t bytes)
{
    struct class *class =
        class_slot(store->classes, store->classes_space, bytes);

    if (class->bytes)
        return class;
    if (store->classes_used * 2 >= store->classes_space) {
        if (classes_grow(store))
            return NULL;
        class = class_slot(store->classes, store->classes_space, bytes);
    }
    class->bytes = bytes;
    store->classes_used++;
    return class;
}

static size_t class_bytes(size_t bytes)
{
    return (bytes + STORE_PAD + ALIGN - 1) / ALIGN * ALIGN;
}

/* ---- slabs -------------------------------------------------------------- */

static void *map(size_t bytes, int protection)
{
    void *memory = mmap(NULL, bytes, protection,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

/* Memory that starts on a huge page, so that none is split between slabs. */
static void *map_slab(size_t bytes)
{
    char *memory = map(bytes + SLAB_STEP, PROT_READ | PROT_WRITE), *start;
    size_t before;

    if (!memory)
        return NULL;
    before = -(uintptr_t)memory & (SLAB_STEP - 1);
    start = memory + before;
    if (before)
        munmap(memory, before);
    if (before < SLAB_STEP)
        munmap(start + bytes, SLAB_STEP - before);
    madvise(start, bytes, MADV_HUGEPAGE);
    return start;
}

static size_t slab_bytes(const struct store *store, size_t least)
{
    size_t bytes = store->held / 2 / SLAB_STEP * SLAB_STEP;

    if (!store->held && least <= SLAB_FIRST)
        return SLAB_FIRST;
    if (bytes < SLAB_STEP)
        bytes = SLAB_STEP;
    if (bytes > SLAB_MOST)
        bytes = SLAB_MOST;
    if (bytes < least)
        bytes = (least + SLAB_STEP - 1) / SLAB_STEP * SLAB_STEP;
    return bytes;
}

static struct slab *slab_new(struct store *store, size_t least)
{
    size_t bytes = slab_bytes(store, least);
    struct slab *slab = malloc(sizeof *slab);

    if (!slab)
        return NULL;
    slab->memory = bytes == SLAB_FIRST ? map(bytes, PROT_READ | PROT_WRITE)
                                       : map_slab(bytes);
    if (!slab->memory) {
        free(slab);
        return NULL;
    }
    slab->bytes = bytes;
    store->held += bytes;
    return slab;
}

static void drop_idle(struct store *store)
{
    struct slab *slab;

    for (slab = store->idle; slab; slab = slab->older) {
        store->held -= slab->bytes;
        store->touched -= slab->bytes;
    }
    slabs_free(store->idle);
    store->idle = NULL;
}

/* One of a run before, if it is large enough. */
static struct slab *slab_again(struct store *store, size_t least)
{
    struct slab **at = &store->idle, *slab;

    while (*at && (*at)->bytes < least)
        at = &(*at)->older;
    slab = *at;
    if (!slab) {
        drop_idle(store); /* or they would gather from run to run */
        return NULL;
    }
    *at = slab->older;
    store->touched -= slab->bytes; /* its buffers are counted, one by one */
    return slab;
}

static int slab_add(struct store *store, size_t least)
{
    struct slab *slab = slab_again(store, least);

    if (!slab)
        slab = slab_new(store, least);
    if (!slab)
        return -1;
    slab->older = store->slabs;
    store->slabs = slab;
    store->next = slab->memory;
    store->end = store->next + slab->bytes;
    return 0;
}

static int class_reserve(struct class *class)
{
    size_t space = class->space ? class->space * 2 : 16;
    void **spare;

    if (class->buffers < class->space)
        return 0;
    spare = realloc(class->spare, space * sizeof *spare);
    if (!spare)
        return -1;
    class->spare = spare;
    class->space = space;
    return 0;
}

static void *carve(struct store *store, struct class *class)
{
    void *data;

    if (class_reserve(class))
        return NULL;
    if ((size_t)(store->end - store->next) < class->bytes &&
        slab_add(store, class->bytes))
        return NULL;
    data = store->next;
    store->next += class->bytes;
    class->buffers++;
    return data;
}

/* ---- a limit ------------------------------------------------------------ */

void store_limit(struct store *store, size_t bytes)
{
    store->limit = bytes;
    if (store->touched > bytes)
        drop_idle(store);
}

/* The whole pages of a spare buffer go back to the system. */
static void chill(void *data, size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = ((uintptr_t)data + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)data + bytes) & ~(page - 1);

    if (start < end)
        madvise((void *)start, end - start, MADV_DONTNEED);
}

static void chill_all(struct store *store)
{
    size_t k;

    for (k = 0; k < store->classes_space; k++) {
        struct class *class = &store->classes[k];
        for (; class->cold < class->spares; class->cold++) {
            chill(class->spare[class->cold], class->bytes);
            store->touched -= class->bytes;
        }
    }
}

/* ---- taking and giving -------------------------------------------------- */

void *store_take(struct store *store, size_t bytes)
{
    struct class *class;
    void *data;

    if (bytes > SIZE_MAX / 4)
        return NULL;
    class = class_get(store, class_bytes(bytes));
    if (!class)
        return NULL;
    if (class->spares == class->cold) { /* none that has pages */
        if (store->touched + class->bytes > store->limit) {
            drop_idle(store);
            chill_all(store);
        }
        store->touched += class->bytes;
    }
    if (class->spares) {
        data = class->spare[--class->spares];
        if (class->cold > class->spares)
            class->cold = class->spares;
    } else {
        data = carve(store, class);
    }
    if (!data)
        return NULL;
    store->used += class->bytes;
    if (store->used > store->peak)
        store->peak = store->used;
    return data;
}

void store_give(struct store *store, void *data, size_t bytes)
{
    struct class *class =
        class_slot(store->classes, store->classes_space, class_bytes(bytes));

    store->used -= class->bytes;
    if (!store->poison) {
        class->spare[class->spares++] = data;
        return;
    }
    memset(data, 0xa5, class->bytes);
    memmove(class->spare + 1, class->spare,
            class->spares * sizeof *class->spare);
    class->spare[0] = data;
    class->spares++;
}

int store_has(const struct store *store, size_t bytes)
{
    const struct class *class =
        class_slot(store->classes, store->classes_space, class_bytes(bytes));

    return class->spares > class->cold;
}

const void *store_zeros(struct store *store, size_t bytes)
{
    size_t size = (bytes + STORE_PAD + SLAB_STEP - 1) / SLAB_STEP * SLAB_STEP;
    struct slab *old;
    void *zeros;

    if (bytes > SIZE_MAX / 4)
        return NULL;
    if (store->zeros_bytes >= size)
        return store->zeros;
    old = store->zeros ? malloc(sizeof *old) : NULL;
    zeros = old || !store->zeros ? map(size, PROT_READ) : NULL;
    if (!zeros) {
        free(old);
        return NULL;
    }
    if (old) {
        *old =
            (struct slab){store->old_zeros, store->zeros, store->zeros_bytes};
        store->old_zeros = old;
    }
    store->zeros = zeros;
    store->zeros_bytes = size;
    return zeros;
}

size_t store_used(const struct store *store)
{
    return store->used;
}

size_t store_peak(const struct store *store)
{
    return store->peak;
}

size_t store_held(const struct store *store)
{
    return store->held;
}

void store_poison(struct store *store)
{
    store->poison = 1;
}
