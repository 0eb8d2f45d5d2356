/* How fast the walker unfolds a Cholesky factorisation on one core, and what
 * memory it holds: 200 x 200 tiles, and 391 x 391 tiles (10 million tasks).
 *
 *     walk [TILES]...          other numbers of tiles
 *
 * Handles of closed versions are given back as the coordinator does. */
#include "bench/bench.h"
#include "compiler/compile.h"
#include "plan/walk.h"

#include <inttypes.h>

enum { ROUNDS = 5, BATCH = 4096, EDGE = 2 };

static const char script[] = "param n = 400\n"
                             "A = spd(n)\n"
                             "L = chol(A)\n"
                             "output L\n";

static struct plan *compile(void)
{
    struct source source = {
        .name = "walk.tm", .text = script, .size = sizeof script - 1 };
    struct plan *plan = NULL;
    char *messages = NULL;

    if (compile_source(&source, NULL, NULL, stdout, &plan, &messages))
        bench_fail("walk", messages ? messages : "cannot compile");
    free(messages);
    return plan;
}

static struct binding *bind(const struct plan *plan, int tiles)
{
    struct binding *binding = binding_new(plan);
    struct tm_error error;
    char n[20];

    error_clear(&error);
    snprintf(n, sizeof n, "%d", tiles * EDGE);
    if (!binding)
        bench_fail("walk", "out of memory");
    binding_tile(binding, EDGE, EDGE);
    if (binding_set(binding, "n", n, &error) ||
        binding_finish(binding, &error))
        bench_fail("walk", error.text);
    return binding;
}

static void recycle(struct walker *walker, const struct walk_batch *batch)
{
    uint32_t k;

    for (k = 0; k < batch->operand_count; k++)
        if (batch->operands[k].in & WALK_CLOSES)
            walk_recycle(walker, batch->operands[k].in & WALK_HANDLE);
    for (k = 0; k < batch->close_count; k++)
        walk_recycle(walker, batch->closes[k].handle);
}

/* Tasks of the whole plan. */
static uint64_t walk(const struct binding *binding, size_t *bytes)
{
    struct walker *walker = walker_new(binding, NULL);
    const struct walk_batch *batch;
    uint64_t tasks = 0;

    if (!walker)
        bench_fail("walk", "out of memory");
    do {
        batch = walk_next(walker, BATCH, UINT64_MAX);
        tasks += batch->count;
        recycle(walker, batch);
    } while (batch->state == WALK_MORE);
    if (batch->state != WALK_DONE)
        bench_fail("walk", batch->error.text);
    *bytes = walk_bytes(walker);
    walker_free(walker);
    return tasks;
}

static void measure(const struct plan *plan, int tiles)
{
    struct binding *binding = bind(plan, tiles);
    double seconds[ROUNDS], start;
    uint64_t tasks = 0;
    size_t bytes = 0;
    int k;

    for (k = 0; k < ROUNDS; k++) {
        start = seconds_now();
        tasks = walk(binding, &bytes);
        seconds[k] = seconds_now() - start;
    }
    start = median(seconds, ROUNDS);
    printf("walk cholesky %dx%d: %" PRIu64 " tasks, %.1f M/s (best %.1f), "
           "%.1f MiB\n",
           tiles, tiles, tasks, (double)tasks / start / 1e6,
           (double)tasks / seconds[0] / 1e6, (double)bytes / 1048576);
    binding_free(binding);
}

int main(int argc, char **argv)
{
    struct plan *plan = compile();
    int k;

    if (argc < 2) {
        measure(plan, 200);
        measure(plan, 391);
    }
    for (k = 1; k < argc; k++)
        measure(plan, atoi(argv[k]) > 0 ? atoi(argv[k]) : 1);
    plan_free(plan);
    return 0;
}
