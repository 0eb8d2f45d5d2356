/* OpenMP tasks with BLAS and LAPACK in one thread each: products and Cholesky
 * factors over tiles of a column-major matrix, tasks that do nothing, and tasks
 * of a few numbers. */
#include "peer.h"

void dgemm_(const char *, const char *, const int *, const int *, const int *,
            const double *, const double *, const int *, const double *,
            const int *, const double *, double *, const int *);
void dsyrk_(const char *, const char *, const int *, const int *,
            const double *, const double *, const int *, const double *,
            double *, const int *);
void dtrsm_(const char *, const char *, const char *, const char *,
            const int *, const int *, const double *, const double *,
            const int *, double *, const int *);
void dpotrf_(const char *, const int *, double *, const int *, int *);

static void gemm(struct peer *p)
{
    long t = p->tiles, i, j, k;
    int ld = (int)p->n;

#pragma omp parallel
#pragma omp single
    for (i = 0; i < t; i++)
        for (j = 0; j < t; j++)
            for (k = 0; k < t; k++) {
                double *a = peer_tile(p, p->a, i, k);
                double *b = peer_tile(p, p->b, k, j);
                double *c = peer_tile(p, p->c, i, j);
#pragma omp task depend(inout : *c) firstprivate(a, b, c, i, j, k)
                {
                    int m = (int)peer_edge(p, i), n = (int)peer_edge(p, j);
                    int inner = (int)peer_edge(p, k);
                    double one = 1, beta = k ? 1 : 0;
                    dgemm_("N", "N", &m, &n, &inner, &one, a, &ld, b, &ld,
                           &beta, c, &ld);
                }
            }
}

static void factor(const struct peer *p, double *a, long k)
{
    int n = (int)peer_edge(p, k), ld = (int)p->n, info;

    dpotrf_("L", &n, a, &ld, &info);
    if (info)
        peer_fail("not positive definite");
}

static void solve(const struct peer *p, double *a, double *b, long i, long k)
{
    int m = (int)peer_edge(p, i), n = (int)peer_edge(p, k), ld = (int)p->n;
    double one = 1;

    dtrsm_("R", "L", "T", "N", &m, &n, &one, a, &ld, b, &ld);
}

static void update(const struct peer *p, double *a, double *b, double *c,
                   long i, long j, long k)
{
    int m = (int)peer_edge(p, i), n = (int)peer_edge(p, j), ld = (int)p->n;
    int inner = (int)peer_edge(p, k);
    double one = 1, minus = -1;

    if (i == j)
        dsyrk_("L", "N", &m, &inner, &minus, a, &ld, &one, c, &ld);
    else
        dgemm_("N", "T", &m, &n, &inner, &minus, a, &ld, b, &ld, &one, c, &ld);
}

static void chol(struct peer *p)
{
    long t = p->tiles, i, j, k;

    memcpy(p->c, p->a, (size_t)(p->n * p->n) * sizeof *p->c);
#pragma omp parallel
#pragma omp single
    for (k = 0; k < t; k++) {
        double *d = peer_tile(p, p->c, k, k);
#pragma omp task depend(inout : *d) firstprivate(d, k) priority(3)
        factor(p, d, k);
        for (i = k + 1; i < t; i++) {
            double *x = peer_tile(p, p->c, i, k);
#pragma omp task depend(in : *d) depend(inout : *x) firstprivate(d, x, i, k) \
    priority(2)
            solve(p, d, x, i, k);
        }
        for (i = k + 1; i < t; i++)
            for (j = k + 1; j <= i; j++) {
                double *a = peer_tile(p, p->c, i, k);
                double *b = peer_tile(p, p->c, j, k);
                double *c = peer_tile(p, p->c, i, j);
#pragma omp task depend(in : *a, *b) depend(inout : *c) \
    firstprivate(a, b, c, i, j, k)
                update(p, a, b, c, i, j, k);
            }
    }
    peer_lower(p);
}

static char *marks; /* one a datum that tasks depend on */

static void independent(struct peer *p)
{
    long k;

#pragma omp parallel
#pragma omp single
    for (k = 0; k < p->n; k++) {
        char *x = &marks[k];
#pragma omp task depend(inout : *x) firstprivate(x)
        ++*x;
    }
}

static void chain(struct peer *p)
{
    long k;

#pragma omp parallel
#pragma omp single
    for (k = 0; k < p->n; k++)
#pragma omp task depend(inout : marks[0])
        ++marks[0];
}

static void shape(struct peer *p)
{
    long t = peer_shape(p->n), i, j, k;

#pragma omp parallel
#pragma omp single
    for (k = 0; k < t; k++) {
        char *d = &marks[k + k * t];
#pragma omp task depend(inout : *d) firstprivate(d)
        ++*d;
        for (i = k + 1; i < t; i++) {
            char *x = &marks[i + k * t];
#pragma omp task depend(in : *d) depend(inout : *x) firstprivate(x)
            ++*x;
        }
        for (i = k + 1; i < t; i++)
            for (j = k + 1; j <= i; j++) {
                char *a = &marks[i + k * t], *b = &marks[j + k * t];
                char *c = &marks[i + j * t];
#pragma omp task depend(in : *a, *b) depend(inout : *c) firstprivate(c)
                ++*c;
            }
    }
}

static double *points; /* of a stencil */

static void stencil(struct peer *p)
{
    double *from = points, *to = points + (STENCIL_WIDTH + 2) * p->n;
    long n = p->n, step, i;

#pragma omp parallel
#pragma omp single
    for (step = 0; step < 2 * STENCIL_STEPS; step++) {
        double *x = from;
        for (i = 1; i <= STENCIL_WIDTH; i++) {
            double *a = from + (i - 1) * n, *b = a + n, *c = b + n;
            double *out = to + i * n;
#pragma omp task depend(in : *a, *b, *c) depend(out : *out) \
    firstprivate(n, a, b, c, out)
            peer_point(n, a, b, c, out);
        }
        from = to;
        to = x;
    }
}

static void prepare(struct peer *p)
{
    if (peer_is(p, "stencil")) {
        points = peer_stencil(p);
        return;
    }
    if (!p->a)
        marks = calloc((size_t)p->n + 1, 1);
    if (!p->a && peer_is(p, "tasks_cholesky"))
        marks = calloc((size_t)(peer_shape(p->n) * peer_shape(p->n)), 1);
}

static int run(struct peer *p)
{
    static const struct {
        const char *job;
        void (*run)(struct peer *p);
    } jobs[] = {
        {"gemm", gemm},
        {"chol", chol},
        {"tasks_independent", independent},
        {"tasks_chain", chain},
        {"tasks_cholesky", shape},
        {"stencil", stencil},
    };
    size_t k;

    for (k = 0; k < sizeof jobs / sizeof *jobs; k++)
        if (peer_is(p, jobs[k].job)) {
            jobs[k].run(p);
            return 1;
        }
    return 0;
}

int main(int argc, char **argv)
{
    return peer_main(argc, argv, prepare, run);
}
