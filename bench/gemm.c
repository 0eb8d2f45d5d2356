/* C = A * B in f64: tmrun's way against BLIS alone, in turns.
 *
 *   blis        two threads, each calling sequential dgemm on tiles that lie
 *               in one piece: half of the tiles of C each
 *   tilematrix  tm_run_execute() on two threads, from the host's memory into
 *               the host's memory, all of it
 *
 *     gemm [N [TILE [ROUNDS]]]     4096 512 7 */
#include "bench/bench.h"
#include "runtime/kernel.h"
#include "tilematrix/tilematrix.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

/* BLIS's BLAS interface: 32 bit integers. */
extern void dgemm_(const char *transa, const char *transb, const int *m,
                   const int *n, const int *k, const double *alpha,
                   const double *a, const int *lda, const double *b,
                   const int *ldb, const double *beta, double *c,
                   const int *ldc);

enum { THREADS = 2, MOST_ROUNDS = 100 };

struct bench {
    int n, tile, tiles, rounds;
    double *a, *b, *c;       /* in tiles, column by column of tiles */
    double *ha, *hb, *hc;    /* the host's: column-major */
};

struct part { /* of one thread */
    const struct bench *bench;
    pthread_t thread;
    int first;
};

static double *allocate(const struct bench *x)
{
    size_t bytes = (size_t)x->n * (size_t)x->n * sizeof(double);
    double *matrix = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);

    if (!matrix)
        bench_fail("gemm", "out of memory");
    memset(matrix, 0, bytes);
    return matrix;
}

/* Tile (i, j) begins here; n is a multiple of the edge. */
static size_t tile_at(const struct bench *x, int i, int j)
{
    return ((size_t)j * (size_t)x->tiles + (size_t)i) * (size_t)x->tile *
           (size_t)x->tile;
}

/* Small whole numbers: every order of adding gives the same sum. */
static void fill(const struct bench *x, double *tiled, double *host, int seed)
{
    uint32_t state = (uint32_t)seed;
    int i, j;

    for (j = 0; j < x->n; j++)
        for (i = 0; i < x->n; i++) {
            size_t at = tile_at(x, i / x->tile, j / x->tile) +
                        (size_t)(i % x->tile) +
                        (size_t)(j % x->tile) * (size_t)x->tile;
            state = state * 1664525u + 1013904223u;
            tiled[at] = (double)(state >> 28) - 7;
            host[(size_t)j * (size_t)x->n + (size_t)i] = tiled[at];
        }
}

static void *multiply(void *user)
{
    const struct part *part = user;
    const struct bench *x = part->bench;
    const double one = 1;
    int at, k;

    for (at = part->first; at < x->tiles * x->tiles; at += THREADS) {
        int i = at % x->tiles, j = at / x->tiles;
        for (k = 0; k < x->tiles; k++) {
            const double beta = k > 0;
            dgemm_("N", "N", &x->tile, &x->tile, &x->tile, &one,
                   x->a + tile_at(x, i, k), &x->tile,
                   x->b + tile_at(x, k, j), &x->tile, &beta,
                   x->c + tile_at(x, i, j), &x->tile);
        }
    }
    return NULL;
}

static double blis(const struct bench *x)
{
    struct part parts[THREADS];
    double start = seconds_now();
    int k;

    for (k = 0; k < THREADS; k++) {
        parts[k] = (struct part){ .bench = x, .first = k };
        if (pthread_create(&parts[k].thread, NULL, multiply, &parts[k]))
            bench_fail("gemm", "no thread");
    }
    for (k = 0; k < THREADS; k++)
        pthread_join(parts[k].thread, NULL);
    return seconds_now() - start;
}

static double tilematrix(const struct bench *x, const struct tm_plan *plan)
{
    struct tm_run *run = NULL;
    int64_t n = x->n;
    double start;

    if (tm_run_new(plan, &run) || tm_run_tile(run, x->tile, x->tile) ||
        tm_run_threads(run, THREADS) ||
        tm_run_bind_memory(run, "A", x->ha, TM_F64, n, n, 1, n) ||
        tm_run_bind_memory(run, "B", x->hb, TM_F64, n, n, 1, n) ||
        tm_run_bind_memory(run, "C", x->hc, TM_F64, n, n, 1, n))
        bench_fail("gemm", run ? tm_run_error(run) : "out of memory");
    start = seconds_now();
    if (tm_run_execute(run))
        bench_fail("gemm", tm_run_error(run));
    start = seconds_now() - start;
    tm_run_free(run);
    return start;
}

static void compare(const struct bench *x)
{
    int i, j;

    for (j = 0; j < x->n; j++)
        for (i = 0; i < x->n; i++)
            if (x->hc[(size_t)j * (size_t)x->n + (size_t)i] !=
                x->c[tile_at(x, i / x->tile, j / x->tile) +
                     (size_t)(i % x->tile) +
                     (size_t)(j % x->tile) * (size_t)x->tile])
                bench_fail("gemm", "the two results differ");
}

static struct tm_plan *compile(void)
{
    struct tm_plan *plan = NULL;
    struct tm_message *message = NULL;

    if (tm_compile_text("gemm.tm",
                        "input A(m, k)\ninput B(k, n)\n"
                        "C = A * B\noutput C\n",
                        0, NULL, &plan, &message))
        bench_fail("gemm", tm_message_text(message));
    return plan;
}

static void rounds(const struct bench *x, const struct tm_plan *plan)
{
    double a[MOST_ROUNDS], b[MOST_ROUNDS], ratios[MOST_ROUNDS];
    double flops = 2.0 * x->n * x->n * x->n;
    int k;

    blis(x); /* both once unmeasured */
    tilematrix(x, plan);
    compare(x);
    printf("n = %d, tile %d, f64, %d threads\n", x->n, x->tile, THREADS);
    printf("%-8s %12s %12s %8s\n", "round", "blis", "tilematrix", "ratio");
    for (k = 0; k < x->rounds; k++) {
        a[k] = flops / blis(x) / 1e9;
        b[k] = flops / tilematrix(x, plan) / 1e9;
        ratios[k] = b[k] / a[k];
        printf("%-8d %7.1f GF/s %7.1f GF/s %8.3f\n", k + 1, a[k], b[k],
               ratios[k]);
    }
    printf("%-8s %7.1f GF/s %7.1f GF/s %8.3f\n", "median",
           median(a, x->rounds), median(b, x->rounds),
           median(ratios, x->rounds));
}

int main(int argc, char **argv)
{
    struct bench x = { .n = argc > 1 ? atoi(argv[1]) : 4096,
                       .tile = argc > 2 ? atoi(argv[2]) : 512,
                       .rounds = argc > 3 ? atoi(argv[3]) : 7 };
    struct tm_plan *plan;
    struct tm_error error;

    if (x.n < 1 || x.tile < 1 || x.n % x.tile || x.rounds < 1 ||
        x.rounds > MOST_ROUNDS)
        bench_fail("gemm", "N is a multiple of TILE, ROUNDS 1 to 100");
    error_clear(&error);
    if (kernel_start(NULL, &error)) /* the same kernels for both */
        bench_fail("gemm", error.text);
    x.tiles = x.n / x.tile;
    x.a = allocate(&x);
    x.b = allocate(&x);
    x.c = allocate(&x);
    x.ha = allocate(&x);
    x.hb = allocate(&x);
    x.hc = allocate(&x);
    fill(&x, x.a, x.ha, 1);
    fill(&x, x.b, x.hb, 2);
    plan = compile();
    rounds(&x, plan);
    tm_plan_free(plan);
    free(x.a);
    free(x.b);
    free(x.c);
    free(x.ha);
    free(x.hb);
    free(x.hc);
    return 0;
}
