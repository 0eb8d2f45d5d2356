/* What the peers written in C share: one job on matrices in memory, again and
 * again, told by lines on standard input.
 *
 *     PEER JOB N TILE RESULT [MATRIX]...
 *
 * Matrices are files of N x N doubles, column by column.  Then "run" prints
 * the seconds that the job took, "save" writes its result.  RESULT
 * "once:FILE": run and save without being told, as a whole process. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct peer {
    const char *job, *result;
    long n, tile;
    long tiles;   /* in a row or column; of a job without matrices: tasks */
    double *a, *b; /* inputs, which stay as they are */
    double *c;     /* the result */
};

static inline double peer_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline void peer_fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static inline double *peer_matrix(long n)
{
    double *x = aligned_alloc(64, ((size_t)(n * n) * sizeof *x + 63) / 64 * 64);

    if (!x)
        peer_fail("out of memory");
    return x;
}

static inline double *peer_load(const char *path, long n)
{
    double *x = peer_matrix(n);
    FILE *file = fopen(path, "rb");

    if (!file || fread(x, sizeof *x, (size_t)(n * n), file) != (size_t)(n * n))
        peer_fail(path);
    fclose(file);
    return x;
}

static inline void peer_save(const struct peer *p, const char *path)
{
    FILE *file = fopen(path, "wb");
    size_t count = (size_t)(p->n * p->n);

    if (!file || fwrite(p->c, sizeof *p->c, count, file) != count ||
        fclose(file))
        peer_fail(path);
}

static inline int peer_is(const struct peer *p, const char *job)
{
    return strcmp(p->job, job) == 0;
}

/* The edge of tile i. */
static inline long peer_edge(const struct peer *p, long i)
{
    return p->n - i * p->tile < p->tile ? p->n - i * p->tile : p->tile;
}

/* Tile (i, j) in a matrix of N rows. */
static inline double *peer_tile(const struct peer *p, double *x, long i, long j)
{
    return x + i * p->tile + j * p->tile * p->n;
}

/* A stencil: WIDTH tiles of n numbers between two that stay, each made of
 * three of the step before; steps go there and back between two rows of
 * tiles, STEPS times. */
enum { STENCIL_WIDTH = 8, STENCIL_STEPS = 1250 };

static inline double *peer_stencil(const struct peer *p)
{
    double *x = calloc((size_t)(2 * (STENCIL_WIDTH + 2) * p->n), sizeof *x);

    if (!x)
        peer_fail("out of memory");
    return x;
}

/* One task: n numbers of three tiles in a row. */
static inline void peer_point(long n, const double *a, const double *b,
                              const double *c, double *to)
{
    long k;

    for (k = 0; k < n; k++)
        to[k] = exp(-exp(a[k] + b[k] + c[k]));
}

/* How far a Cholesky-shaped set of about so many tasks goes. */
static inline long peer_shape(long tasks)
{
    return (long)floor(cbrt(6.0 * (double)tasks));
}

static inline void peer_lower(const struct peer *p)
{
    long i, j;

    for (j = 1; j < p->n; j++)
        for (i = 0; i < j; i++)
            p->c[i + j * p->n] = 0;
}

/* run: the job, on p; returns 0 for one that it does not know. */
static inline int peer_main(int argc, char **argv,
                            void (*prepare)(struct peer *p),
                            int (*run)(struct peer *p))
{
    struct peer p = {0};
    char line[100];
    double start;

    if (argc < 5)
        peer_fail("usage: PEER JOB N TILE RESULT [MATRIX]...");
    p.job = argv[1];
    p.n = atol(argv[2]);
    p.tile = atol(argv[3]);
    p.result = argv[4];
    p.tiles = p.tile ? (p.n + p.tile - 1) / p.tile : p.n;
    p.a = argc > 5 ? peer_load(argv[5], p.n) : NULL;
    p.b = argc > 6 ? peer_load(argv[6], p.n) : NULL;
    p.c = argc > 5 ? peer_matrix(p.n) : NULL;
    prepare(&p);
    if (!strncmp(p.result, "once:", 5)) {
        if (!run(&p))
            return 1;
        peer_save(&p, p.result + 5);
        return 0;
    }
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        start = peer_seconds();
        if (!strncmp(line, "run", 3)) {
            if (!run(&p))
                peer_fail("no such job");
        } else {
            peer_save(&p, p.result);
        }
        printf("%.9f\n", peer_seconds() - start);
        fflush(stdout);
    }
    return 0;
}

#endif
