#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct arena_block {
    struct arena_block *older;
    size_t bytes;
    size_t mapped; /* 0: it is from malloc */
    _Alignas(16) char data[];
};

enum { BLOCK_BYTES = 64 * 1024, PAGE_BYTES = 2 << 20, BLOCK_MOST = 4 << 20,
       ALIGN = 16 };

void arena_init(struct arena *arena)
{
    memset(arena, 0, sizeof *arena);
}

void arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->older;
        if (block->mapped)
            munmap(block, block->mapped);
        else
            free(block);
    }
    arena->next = arena->end = NULL;
    arena->bytes = 0;
}

/* Whole large pages: they are touched from one end to the other, and one
 * fault a large page is a fifth of the cost.  NULL: none are to be had. */
static struct arena_block *block_map(size_t bytes)
{
    size_t whole = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, before;
    char *at = mmap(NULL, whole + PAGE_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        return NULL;
    before = -(uintptr_t)at % PAGE_BYTES;
    if (before)
        munmap(at, before);
    if (before < PAGE_BYTES)
        munmap(at + before + whole, PAGE_BYTES - before);
    at += before;
    madvise(at, whole, MADV_HUGEPAGE);
    ((struct arena_block *)(void *)at)->mapped = whole;
    return (struct arena_block *)(void *)at;
}

static void arena_more(struct arena *arena, size_t bytes)
{
    const size_t head = sizeof(struct arena_block);
    size_t size = arena->bytes / 4; /* of what there is */
    struct arena_block *block = NULL;

    if (size >= PAGE_BYTES / 4)
        size = (size < PAGE_BYTES ? PAGE_BYTES : BLOCK_MOST) - head;
    if (size < BLOCK_BYTES ||
        (arena->limit && arena->bytes + size > arena->limit))
        size = BLOCK_BYTES;
    if (size < bytes)
        size = bytes;
    if (arena->limit && size > arena->limit - arena->bytes)
        longjmp(arena->failed, 1);
    if (size >= PAGE_BYTES - head)
        block = block_map(head + size);
    if (!block) /* pages from the system are zero already */
        block = calloc(1, head + size);
    if (!block)
        longjmp(arena->failed, 1);
    block->bytes = size;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = block->data;
    arena->end = block->data + size;
    arena->bytes += size;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    char *memory;

    if (bytes > SIZE_MAX / 2)
        longjmp(arena->failed, 1);
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if ((size_t)(arena->end - arena->next) < bytes)
        arena_more(arena, bytes);
    memory = arena->next;
    arena->next += bytes;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size)
        longjmp(arena->failed, 1);
    return arena_alloc(arena, count * size);
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    int length;
    char *text;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        longjmp(arena->failed, 1);
    text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void vec_grow(struct arena *arena, void **items, uint32_t *space, size_t size)
{
    uint32_t wanted = *space ? *space * 2 : 8;
    void *grown;

    if (wanted < *space)
        longjmp(arena->failed, 1);
    grown = arena_array(arena, wanted, size);
    if (*space)
        memcpy(grown, *items, *space * size);
    *items = grown;
    *space = wanted;
}
