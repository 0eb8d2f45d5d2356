/* One region of memory that is freed as a whole, and vectors that grow in it.
 *
 * A compilation and a loaded plan each own one arena.  Nothing in it is freed
 * alone.  When memory runs out the arena does not return: it jumps to
 * arena->failed, which whoever made the arena has set with setjmp().  So code
 * that builds trees needs no checks, and no tree is ever half built. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next, *end;           /* free part of the newest block */
    size_t bytes;               /* taken from the system */
    size_t limit;               /* most bytes it may take; 0 is no limit */
    jmp_buf failed;             /* where to go when memory runs out */
};

/* An empty arena; set arena->failed before the first allocation. */
void arena_init(struct arena *arena);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned to 16 bytes. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* count * size with an overflow check. */
void *arena_array(struct arena *arena, size_t count, size_t size);
char *arena_text(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

#define ARENA_NEW(ARENA, TYPE) ((TYPE *)arena_alloc((ARENA), sizeof(TYPE)))

/* A growable array of TYPE in an arena: VEC(int) v = {0}; vec_push(a, &v, 3) */
#define VEC(TYPE)                                                              \
    struct {                                                                   \
        TYPE *items;                                                           \
        uint32_t count, space;                                                 \
    }

/* Room for one more item; returns nothing, items may move. */
#define vec_reserve(ARENA, V)                                                  \
    ((V)->count < (V)->space ? (void)0                                         \
                             : vec_grow((ARENA), (void **)&(V)->items,         \
                                        &(V)->space, sizeof *(V)->items))

#define vec_push(ARENA, V, ...)                                                \
    (vec_reserve((ARENA), (V)), (V)->items[(V)->count++] = (__VA_ARGS__))

void vec_grow(struct arena *arena, void **items, uint32_t *space, size_t size);

#endif
