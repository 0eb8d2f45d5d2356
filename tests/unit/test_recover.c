/* What must run again: a chain of tasks on one tile, of which a version is
 * held, and nobody has told which tasks were done. */
#include "base/error.h"
#include "base/source.h"
#include "compiler/compile.h"
#include "runtime/recover.h"
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

static const char script[] = "tile 4\n"
                             "A = rand(4, 4)\n"
                             "for k in 0..5\n"
                             "  A[0,0] = A[0,0] * A[0,0]\n"
                             "end\n"
                             "output A\n";

enum { LINKS = 5, STORE = LINKS + 1, TASKS = STORE + 1 };

static int never(const void *user, uint64_t number)
{
    (void)user;
    (void)number;
    return 0;
}

/* The walk to its end; the tile that each task writes. */
static uint64_t walk_all(const struct binding *b, uint32_t *tile)
{
    struct walker *w = walker_new(b, NULL);
    const struct walk_batch *batch = walk_next(w, 100, 100000);
    uint64_t steps = walk_steps(w);
    uint32_t k;

    CHECK(batch->state == WALK_DONE && batch->count == STORE);
    for (k = 0; k < batch->count && k < STORE; k++) {
        const struct walk_operand *o =
            &batch->operands[batch->tasks[k].first_operand];
        tile[k + 1] = o->out ? walk_version(w, o->out)->tile : 0;
    }
    walker_free(w);
    return steps;
}

/* What task `held` made is there (0: nothing is): bit n: task n must run, and
 * was done. */
static void plan_again(const struct binding *b, uint64_t held, unsigned *runs,
                       unsigned *done)
{
    uint32_t tile[TASKS + 1] = {0};
    struct recover_walk walk = {.binding = b,
                                .steps = walk_all(b, tile),
                                .tasks = TASKS,
                                .limit = UINT64_MAX,
                                .done = never};
    struct recover r = {0};
    unsigned n;

    if (held)
        CHECK(!recover_add(&r, tile[held], held, 0, 0));
    CHECK(!recover_plan(&r, &walk));
    *runs = *done = 0;
    for (n = 1; n < TASKS; n++) {
        *runs |= (unsigned)recover_runs(&r, n) << n;
        *done |= (unsigned)recover_done(&r, n) << n;
    }
    recover_fini(&r);
}

int main(void)
{
    struct source source = {"test.tm", script, sizeof script - 1, 0};
    struct plan *plan = NULL;
    struct binding *b;
    struct tm_error error;
    char *messages = NULL;
    unsigned runs, done;

    CHECK(!compile_source(&source, NULL, NULL, NULL, &plan, &messages));
    free(messages);
    b = binding_new(plan);
    error_clear(&error);
    CHECK(!binding_finish(b, &error));

    plan_again(b, 0, &runs, &done);
    CHECK(runs == 0x7e && done == 0);
    plan_again(b, 3, &runs, &done);
    CHECK(runs == 0x70 && done == 0x0e);
    plan_again(b, LINKS, &runs, &done);
    CHECK(runs == 1 << STORE && done == 0x3e);

    binding_free(b);
    plan_free(plan);
    return CHECK_END();
}
