/* Kernels that touch every entry once, on warm memory, two threads: GB/s, and
 * what that is of a triad's (a = b + 3 c, ordinary stores) in the same rounds.
 * Bytes are those that must be read and written; tiles of columns that lie in
 * whole matrices ("apart") as well as tiles without gaps.
 *
 *     elementwise [MIB [TILE [ROUNDS]]]     256 448 7
 *
 * Each of the five arrays has so many MiB, or a little less. */
#include "bench/bench.h"
#include "runtime/kernel.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

enum { THREADS = 2, ARRAYS = 5, MOST_ROUNDS = 100, PAGE = 2 << 20 };
enum layout { PACKED, APART, TURNED }; /* turned: operand 1 transposed */

struct row {
    const char *name;
    int kernel, reads;
    enum layout layout;
    int steps;
    struct plan_map_step step[4]; /* register `reads` is 2, results behind */
};

#define FUNCTION(OP) KERNEL_MAP, 1, PACKED, 1, {{MAPOP_##OP, 2, 0, 0, 0}}
static const struct row rows[] = {
    {"triad", -1, 2, PACKED, 0, {{0}}},
    {"copy", KERNEL_MAP, 1, PACKED, 1, {{MAPOP_COPY, 2, 0, 0, 0}}},
    {"copy, apart", KERNEL_MAP, 1, APART, 1, {{MAPOP_COPY, 2, 0, 0, 0}}},
    {"a + 2b - c.d", KERNEL_MAP, 4, PACKED, 4,
     {{MAPOP_MUL, 5, 1, 4, 4}, {MAPOP_ADD, 5, 0, 5, 5},
      {MAPOP_MUL, 6, 2, 3, 3}, {MAPOP_SUB, 5, 5, 6, 6}}},
    {"same, apart", KERNEL_MAP, 4, APART, 4,
     {{MAPOP_MUL, 5, 1, 4, 4}, {MAPOP_ADD, 5, 0, 5, 5},
      {MAPOP_MUL, 6, 2, 3, 3}, {MAPOP_SUB, 5, 5, 6, 6}}},
    {"a'", KERNEL_MAP, 1, TURNED, 1, {{MAPOP_COPY, 2, 0, 0, 0}}},
    {"a' + b", KERNEL_MAP, 2, TURNED, 1, {{MAPOP_ADD, 3, 0, 1, 1}}},
    {"sum", KERNEL_SUM, 1, PACKED, 0, {{0}}},
    {"sum, apart", KERNEL_SUM, 1, APART, 0, {{0}}},
    {"norm", KERNEL_NORM, 1, PACKED, 0, {{0}}},
    {"norm, apart", KERNEL_NORM, 1, APART, 0, {{0}}},
    {"max", KERNEL_MAX, 1, PACKED, 0, {{0}}},
    {"rowsums", KERNEL_ROWSUMS, 1, PACKED, 0, {{0}}},
    {"rowsums, apart", KERNEL_ROWSUMS, 1, APART, 0, {{0}}},
    {"argmax_rows", KERNEL_ARGMAX_ROWS, 1, PACKED, 0, {{0}}},
    {"sum(a .* b)", KERNEL_MAP_SUM, 2, PACKED, 1, {{MAPOP_MUL, 3, 0, 1, 1}}},
    {"norm(a - b)", KERNEL_MAP_NORM, 2, PACKED, 1, {{MAPOP_SUB, 3, 0, 1, 1}}},
    {"exp", FUNCTION(EXP)},
    {"log", FUNCTION(LOG)},
    {"log2", FUNCTION(LOG2)},
    {"sin", FUNCTION(SIN)},
    {"tanh", FUNCTION(TANH)},
    {"sqrt", FUNCTION(SQRT)},
    {"a ^ b", KERNEL_MAP, 2, PACKED, 1, {{MAPOP_POW, 3, 0, 1, 1}}},
    {"hypot", KERNEL_MAP, 2, PACKED, 1, {{MAPOP_HYPOT, 3, 0, 1, 1}}},
};
enum { ROWS = sizeof rows / sizeof *rows };

struct bench {
    int64_t tile, count; /* edge; tiles of an array, one below the other */
    double *array[ARRAYS];
};

struct part {
    const struct bench *bench;
    const struct row *row;
    pthread_t thread;
    int64_t first;
    char *scratch;
};

static void *memory(size_t bytes)
{
    char *p = mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        bench_fail("elementwise", "out of memory");
    p += -(uintptr_t)p & (PAGE - 1);
    madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

static struct kernel_tile tile_of(const struct bench *x, int array, int64_t t,
                                  enum layout layout)
{
    int64_t n = x->tile, apart = layout == APART && array;

    return (struct kernel_tile){.data = x->array[array] +
                                        t * (apart ? n : n * n),
                                .rows = n,
                                .cols = n,
                                .rs = 1,
                                .cs = apart ? n * x->count : n};
}

static void call(const struct part *part, int64_t t)
{
    static const double two = 2;
    static const uint32_t first[] = {0, 1, 2, 3, 4, 5};
    const struct row *row = part->row;
    struct plan_map map = {.steps = (uint32_t)row->steps,
                           .constants = 1,
                           .inputs = (uint8_t)row->reads,
                           .registers = (uint8_t)(row->reads + 3)};
    struct kernel_tile tiles[ARRAYS];
    uint8_t flags[ARRAYS] = {0};
    struct kernel_failure failure;
    char text[200];
    struct kernel_call call = {.kernel = (uint8_t)row->kernel,
                               .type = TM_F64,
                               .operands = (uint32_t)row->reads + 1,
                               .first = first,
                               .operand_flags = flags,
                               .tiles = tiles,
                               .map = row->steps ? &map : NULL,
                               .steps = row->step,
                               .constants = &two,
                               .scratch = part->scratch};

    for (int k = 0; k <= row->reads; k++)
        tiles[k] = tile_of(part->bench, k, t, row->layout);
    if (row->kernel >= KERNEL_ROWSUMS && row->kernel <= KERNEL_ARGMAX_ROWS)
        tiles[0].cols = 1;
    else if (row->kernel != KERNEL_MAP)
        tiles[0].rows = tiles[0].cols = tiles[0].cs = 1;
    tiles[0].fresh = 1;
    flags[1] = row->layout == TURNED ? OPERAND_TRANS : 0;
    if (kernel_check(&call, text, sizeof text))
        bench_fail(row->name, text);
    if (kernel_scratch_bytes(&call) > (size_t)64 << 20)
        bench_fail(row->name, "too much scratch");
    if (kernel_run(&call, &failure))
        bench_fail(row->name, failure.text);
}

static void triad(const struct bench *x, int64_t t)
{
    int64_t n = x->tile * x->tile;
    double *restrict a = x->array[0] + t * n;
    const double *b = x->array[1] + t * n, *c = x->array[2] + t * n;

    for (int64_t i = 0; i < n; i++)
        a[i] = b[i] + 3 * c[i];
}

static void *work(void *user)
{
    const struct part *part = user;

    for (int64_t t = part->first; t < part->bench->count; t += THREADS)
        if (part->row->kernel < 0)
            triad(part->bench, t);
        else
            call(part, t);
    return NULL;
}

static double measure(const struct bench *x, const struct row *row,
                      char *const *scratch)
{
    struct part parts[THREADS];
    double start = seconds_now(), bytes = (double)(x->tile * x->tile * 8);
    int writes = row->kernel == KERNEL_MAP || row->kernel < 0;

    for (int k = 0; k < THREADS; k++) {
        parts[k] = (struct part){
            .bench = x, .row = row, .first = k, .scratch = scratch[k]};
        if (pthread_create(&parts[k].thread, NULL, work, &parts[k]))
            bench_fail("elementwise", "no thread");
    }
    for (int k = 0; k < THREADS; k++)
        pthread_join(parts[k].thread, NULL);
    return bytes * (double)(x->count * (row->reads + writes)) * 1e-9 /
           (seconds_now() - start);
}

int main(int argc, char **argv)
{
    static double rate[ROWS][MOST_ROUNDS], ratio[ROWS][MOST_ROUNDS];
    int64_t mib = argc > 1 ? atoi(argv[1]) : 256;
    int rounds = argc > 3 ? atoi(argv[3]) : 7;
    struct bench x = {.tile = argc > 2 ? atoi(argv[2]) : 448};
    char *scratch[THREADS];

    if (x.tile < 1 || rounds < 1 || rounds > MOST_ROUNDS)
        bench_fail("elementwise", "TILE >= 1, ROUNDS 1 to 100");
    x.count = (mib << 20) / (x.tile * x.tile * 8);
    if (x.count < THREADS)
        bench_fail("elementwise", "MIB is less than two tiles");
    for (int k = 0; k < ARRAYS; k++) {
        int64_t n = x.count * x.tile * x.tile;
        x.array[k] = memory((size_t)n * 8);
        for (int64_t i = 0; i < n; i++)
            x.array[k][i] = 0.5 + (double)((i * 40503 + k) & 0xffff) * 0x1p-14;
    }
    for (int k = 0; k < THREADS; k++)
        scratch[k] = memory(64 << 20);
    for (int round = -1; round < rounds; round++)
        for (int k = 0; k < ROWS; k++) {
            double r = measure(&x, &rows[k], scratch);
            if (round < 0)
                continue;
            rate[k][round] = r;
            ratio[k][round] = r / rate[0][round];
        }
    printf("%d tiles of %d, f64, %d threads\n%-16s %8s %8s\n", (int)x.count,
           (int)x.tile, THREADS, "", "GB/s", "of triad");
    for (int k = 0; k < ROWS; k++)
        printf("%-16s %8.1f %8.2f\n", rows[k].name, median(rate[k], rounds),
               median(ratio[k], rounds));
    return 0;
}
