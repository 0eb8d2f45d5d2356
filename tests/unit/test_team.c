/* Parts of a kernel among threads: each is done once, by whoever comes, and
 * all are done when team_run() returns. */
#include "runtime/team.h"
#include "tests/unit/check.h"

#include <pthread.h>
#include <stdlib.h>

enum { HELPERS = 3, PARTS = 7, ROUNDS = 2000 };

struct bench {
    struct team team;
    atomic_int over, jobs, wakes;
    int done[PARTS]; /* how often, each by one thread at a time */
};

static void part(void *work, int k)
{
    struct bench *b = work;

    b->done[k]++;
}

/* A kernel's part has parts. */
static void nested(void *work, int k)
{
    struct bench *b = work;

    if (k == 0)
        team_run(&b->team, PARTS, part, b);
}

static void wake(void *user)
{
    struct bench *b = user;

    atomic_fetch_add(&b->wakes, 1);
}

static void *helper(void *user)
{
    struct bench *b = user;

    while (!atomic_load(&b->over))
        team_help(&b->team, &b->jobs);
    return NULL;
}

/* Each part was done so often? */
static int all_done(const struct bench *b, int times)
{
    for (int k = 0; k < PARTS; k++)
        if (b->done[k] != times)
            return 0;
    return 1;
}

static void alone(void)
{
    struct bench b = {0};

    team_open(NULL);
    team_run(NULL, PARTS, part, &b);
    team_close(NULL);
    CHECK(all_done(&b, 1));
    team_run(&b.team, PARTS, part, &b); /* nobody opened it */
    CHECK(all_done(&b, 2));
    CHECK(!team_help(&b.team, &b.jobs));
    team_run(&b.team, 0, part, &b);
    CHECK(all_done(&b, 2));
}

static void together(void)
{
    struct bench *b = calloc(1, sizeof *b);
    pthread_t threads[HELPERS];
    int wrong = 0;

    b->team.wake = wake;
    b->team.user = b;
    for (int k = 0; k < HELPERS; k++)
        pthread_create(&threads[k], NULL, helper, b);
    team_open(&b->team);
    CHECK(atomic_load(&b->wakes) == 1);
    for (int k = 1; k <= ROUNDS; k++) {
        team_run(&b->team, PARTS, part, b);
        wrong += !all_done(b, k);
        atomic_store(&b->jobs, k % 3 == 0); /* helpers come and go */
    }
    CHECK(!wrong);
    team_run(&b->team, 2, nested, b);
    CHECK(all_done(b, ROUNDS + 1));
    team_close(&b->team);
    atomic_store(&b->over, 1);
    for (int k = 0; k < HELPERS; k++)
        pthread_join(threads[k], NULL);
    CHECK(atomic_load(&b->team.helpers) == 0);
    free(b);
}

int main(void)
{
    alone();
    together();
    return CHECK_END();
}
