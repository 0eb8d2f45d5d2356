/* Tiles for tests of kernels, in every type and layout.
 *
 * A tile that is only read ends (or begins) at a page that can't be touched,
 * and so does scratch: reading or writing past them ends the test.  Numbers
 * are long double pairs on this side. */
#ifndef TESTS_UNIT_KERNEL_TEST_H
#define TESTS_UNIT_KERNEL_TEST_H

#include "runtime/kernel.h"

#include "tests/unit/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- numbers ------------------------------------------------------------ */

struct number {
    long double re, im;
};

static inline struct number number_add(struct number a, struct number b)
{
    return (struct number){a.re + b.re, a.im + b.im};
}

static inline struct number number_mul(struct number a, struct number b)
{
    return (struct number){a.re * b.re - a.im * b.im,
                           a.re * b.im + a.im * b.re};
}

static inline struct number number_conj(struct number a)
{
    return (struct number){a.re, -a.im};
}

static inline long double number_abs(struct number a)
{
    return hypotl(a.re, a.im);
}

static inline int is_complex(int type)
{
    return type == TM_C64 || type == TM_C128;
}

static inline long double epsilon_of(int type)
{
    return type == TM_F32 || type == TM_C64 ? 0x1p-23L : 0x1p-52L;
}

static uint64_t test_state = 1;

static inline uint64_t test_bits(void)
{
    uint64_t z = test_state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline int test_below(int n)
{
    return (int)(test_bits() % (uint64_t)n);
}

/* In [-1, 1). */
static inline double test_real(void)
{
    return (double)(int64_t)(test_bits() >> 11) * 0x1p-52 - 1;
}

static inline int test_size(void)
{
    static const int sizes[] = {0, 1, 2, 7, 16, 31, 64, 65, 100, 127};

    return sizes[test_below(sizeof sizes / sizeof sizes[0])];
}

/* How often random cases are tried; TM_REPEAT overrides. */
static inline int test_repeat(int usual)
{
    const char *text = getenv("TM_REPEAT");
    int n = text ? atoi(text) : 0;

    return n > 0 ? n : usual;
}

/* ---- memory -------------------------------------------------------------- */

enum { TEST_SLOTS = 40, TEST_PAGE = 4096, TEST_SLOT = 1 << 22 };

/* A slot's usable bytes, between two pages that can't be touched. */
static inline char *test_slot(int slot)
{
    static char *slots[TEST_SLOTS];

    if (!slots[slot]) {
        char *p = mmap(NULL, TEST_SLOT + 2 * TEST_PAGE, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED ||
            mprotect(p + TEST_PAGE, TEST_SLOT, PROT_READ | PROT_WRITE))
            exit(77);
        slots[slot] = p + TEST_PAGE;
    }
    return slots[slot];
}

/* bytes at the very end of a slot, aligned to `align`. */
static inline void *test_memory(int slot, size_t bytes, size_t align)
{
    return test_slot(slot) + TEST_SLOT - (bytes + align - 1) / align * align;
}

/* Layouts: that of pooled tiles first. */
enum {
    TEST_POOLED,
    TEST_GAPS,
    TEST_ROWS,
    TEST_ROWS_GAPS,
    TEST_BOTH,
    TEST_UP,
    TEST_LEFT,
    TEST_BACK,
    TEST_LAYOUTS
};

static inline struct kernel_tile test_tile(int slot, int type, int layout,
                                           int64_t rows, int64_t cols)
{
    struct kernel_tile t = {NULL, rows, cols, 1, rows, 0, 0};
    int64_t size = (int64_t)type_bytes((uint8_t)type), low, span;

    if (layout == TEST_GAPS)
        t.cs = rows + 3;
    if (layout == TEST_ROWS || layout == TEST_ROWS_GAPS) {
        t.rs = cols + (layout == TEST_ROWS_GAPS) * 5;
        t.cs = 1;
    }
    if (layout == TEST_BOTH) {
        t.rs = 2;
        t.cs = 2 * rows + 1;
    }
    if (layout == TEST_UP || layout == TEST_BACK)
        t.rs = -1;
    if (layout == TEST_LEFT || layout == TEST_BACK)
        t.cs = -rows - 1;
    if (t.rs == 0)
        t.rs = 1;
    if (t.cs == 0)
        t.cs = 1;
    low =
        (t.rs < 0 ? (rows - 1) * t.rs : 0) + (t.cs < 0 ? (cols - 1) * t.cs : 0);
    span = (rows - 1) * llabs(t.rs) + (cols - 1) * llabs(t.cs) + 1;
    if (rows == 0 || cols == 0)
        low = span = 0;
    if (layout == TEST_POOLED) /* 64 aligned, 64 bytes behind */
        t.data =
            test_memory(slot, (size_t)((span * size + 63) / 64 * 64 + 64), 64);
    else
        t.data =
            (char *)test_memory(slot, (size_t)(span * size), 1) - low * size;
    return t;
}

static inline char *test_at(int type, const struct kernel_tile *t, int64_t i,
                            int64_t j)
{
    return (char *)t->data +
           (i * t->rs + j * t->cs) * (int64_t)type_bytes((uint8_t)type);
}

static inline struct number test_get(int type, const struct kernel_tile *t,
                                     int64_t i, int64_t j)
{
    const void *at = test_at(type, t, i, j);
    const float *f = at;
    const double *d = at;

    switch (type) {
    case TM_F32: return (struct number){f[0], 0};
    case TM_F64: return (struct number){d[0], 0};
    case TM_C64: return (struct number){f[0], f[1]};
    default: return (struct number){d[0], d[1]};
    }
}

static inline void test_put(int type, const struct kernel_tile *t, int64_t i,
                            int64_t j, struct number x)
{
    void *at = test_at(type, t, i, j);
    float *f = at;
    double *d = at;

    switch (type) {
    case TM_C64: f[1] = (float)x.im; /* fall through */
    case TM_F32: f[0] = (float)x.re; break;
    case TM_C128: d[1] = (double)x.im; /* fall through */
    default: d[0] = (double)x.re; break;
    }
}

static inline void test_fill(int type, const struct kernel_tile *t)
{
    for (int64_t j = 0; j < t->cols; j++)
        for (int64_t i = 0; i < t->rows; i++)
            test_put(type, t, i, j, (struct number){test_real(), test_real()});
}

/* NaNs everywhere: what a fresh tile may hold. */
static inline void test_spoil(int type, const struct kernel_tile *t)
{
    for (int64_t j = 0; j < t->cols; j++)
        for (int64_t i = 0; i < t->rows; i++)
            test_put(type, t, i, j, (struct number){NAN, NAN});
}

static inline struct kernel_tile test_copy(int slot, int type, int layout,
                                           const struct kernel_tile *t)
{
    struct kernel_tile copy = test_tile(slot, type, layout, t->rows, t->cols);

    copy.fresh = t->fresh;
    for (int64_t j = 0; j < t->cols; j++)
        for (int64_t i = 0; i < t->rows; i++)
            test_put(type, &copy, i, j, test_get(type, t, i, j));
    return copy;
}

/* Bit by bit. */
static inline int test_same(int type, const struct kernel_tile *a,
                            const struct kernel_tile *b)
{
    if (a->rows != b->rows || a->cols != b->cols)
        return 0;
    for (int64_t j = 0; j < a->cols; j++)
        for (int64_t i = 0; i < a->rows; i++)
            if (memcmp(test_at(type, a, i, j), test_at(type, b, i, j),
                       type_bytes((uint8_t)type)))
                return 0;
    return 1;
}

/* ---- calls --------------------------------------------------------------- */

enum { TEST_TILES = 16 };

struct test_call {
    struct kernel_call call;
    struct kernel_tile tiles[TEST_TILES];
    uint32_t first[TEST_TILES + 1];
    uint8_t operand_flags[TEST_TILES];
    double arg[8];
    struct kernel_failure failure;
    char text[200];
};

static inline void test_begin(struct test_call *t, int kernel, int type,
                              int flags)
{
    memset(t, 0, sizeof *t);
    t->call.kernel = (uint8_t)kernel;
    t->call.type = (uint8_t)type;
    t->call.flags = (uint8_t)flags;
}

/* One more tile: of the last operand if `more`, else of a new one. */
static inline void test_add(struct test_call *t, struct kernel_tile tile,
                            int more)
{
    uint32_t k = t->call.operands;
    uint32_t n = t->first[k];

    if (!more)
        k = ++t->call.operands;
    t->tiles[n] = tile;
    t->first[k] = n + 1;
}

static inline void test_args(struct test_call *t, uint32_t n, const double *arg)
{
    t->call.args = n;
    memcpy(t->arg, arg, n * sizeof *arg);
}

static inline int test_check(struct test_call *t)
{
    t->call.first = t->first;
    t->call.operand_flags = t->operand_flags;
    t->call.tiles = t->tiles;
    t->call.arg = t->arg;
    t->text[0] = 0;
    return kernel_check(&t->call, t->text, sizeof t->text);
}

/* Check and run it: the kernel's status, or -1 where it was refused. */
static inline int test_run(struct test_call *t)
{
    if (test_check(t)) {
        printf("refused: %s\n", t->text);
        return -1;
    }
    t->call.scratch =
        test_memory(TEST_SLOTS - 1, kernel_scratch_bytes(&t->call), 64);
    return kernel_run(&t->call, &t->failure);
}

#endif
