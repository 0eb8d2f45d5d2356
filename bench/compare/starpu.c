/* StarPU with BLAS and LAPACK in one thread each: products and Cholesky
 * factors over tiles of a column-major matrix, tasks that do nothing, and tasks
 * of a few numbers. */
#include "peer.h"

#include <starpu.h>

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

static starpu_data_handle_t *as, *bs, *cs;

struct tile {
    double *x;
    int rows, cols, ld;
};

static struct tile tile_of(void *buffer)
{
    return (struct tile){(double *)STARPU_MATRIX_GET_PTR(buffer),
                         (int)STARPU_MATRIX_GET_NX(buffer),
                         (int)STARPU_MATRIX_GET_NY(buffer),
                         (int)STARPU_MATRIX_GET_LD(buffer)};
}

static void product(void *buffers[], double beta)
{
    struct tile a = tile_of(buffers[0]), b = tile_of(buffers[1]);
    struct tile c = tile_of(buffers[2]);
    double one = 1;

    dgemm_("N", "N", &c.rows, &c.cols, &a.cols, &one, a.x, &a.ld, b.x, &b.ld,
           &beta, c.x, &c.ld);
}

static void do_first(void *buffers[], void *arg)
{
    (void)arg;
    product(buffers, 0);
}

static void do_gemm(void *buffers[], void *arg)
{
    (void)arg;
    product(buffers, 1);
}

static void do_potrf(void *buffers[], void *arg)
{
    struct tile a = tile_of(buffers[0]);
    int info;

    (void)arg;
    dpotrf_("L", &a.rows, a.x, &a.ld, &info);
    if (info)
        peer_fail("not positive definite");
}

static void do_trsm(void *buffers[], void *arg)
{
    struct tile a = tile_of(buffers[0]), b = tile_of(buffers[1]);
    double one = 1;

    (void)arg;
    dtrsm_("R", "L", "T", "N", &b.rows, &b.cols, &one, a.x, &a.ld, b.x, &b.ld);
}

static void do_syrk(void *buffers[], void *arg)
{
    struct tile a = tile_of(buffers[0]), c = tile_of(buffers[1]);
    double one = 1, minus = -1;

    (void)arg;
    dsyrk_("L", "N", &c.rows, &a.cols, &minus, a.x, &a.ld, &one, c.x, &c.ld);
}

static void do_update(void *buffers[], void *arg)
{
    struct tile a = tile_of(buffers[0]), b = tile_of(buffers[1]);
    struct tile c = tile_of(buffers[2]);
    double one = 1, minus = -1;

    (void)arg;
    dgemm_("N", "T", &c.rows, &c.cols, &a.cols, &minus, a.x, &a.ld, b.x, &b.ld,
           &one, c.x, &c.ld);
}

static void do_nothing(void *buffers[], void *arg)
{
    (void)buffers;
    (void)arg;
}

static double *vector(void *buffer)
{
    return (double *)STARPU_VECTOR_GET_PTR(buffer);
}

static void do_point(void *buffers[], void *arg)
{
    (void)arg;
    peer_point((long)STARPU_VECTOR_GET_NX(buffers[3]), vector(buffers[0]),
               vector(buffers[1]), vector(buffers[2]), vector(buffers[3]));
}

#define CODELET(NAME, FUNCTION, BUFFERS, ...)                     \
    static struct starpu_codelet NAME = {.cpu_funcs = {FUNCTION}, \
                                         .nbuffers = BUFFERS,     \
                                         .modes = {__VA_ARGS__}}
CODELET(cl_first, do_first, 3, STARPU_R, STARPU_R, STARPU_W);
CODELET(cl_gemm, do_gemm, 3, STARPU_R, STARPU_R, STARPU_RW);
CODELET(cl_potrf, do_potrf, 1, STARPU_RW);
CODELET(cl_trsm, do_trsm, 2, STARPU_R, STARPU_RW);
CODELET(cl_syrk, do_syrk, 2, STARPU_R, STARPU_RW);
CODELET(cl_update, do_update, 3, STARPU_R, STARPU_R, STARPU_RW);
CODELET(cl_one, do_nothing, 1, STARPU_RW);
CODELET(cl_two, do_nothing, 2, STARPU_R, STARPU_RW);
CODELET(cl_three, do_nothing, 3, STARPU_R, STARPU_R, STARPU_RW);
CODELET(cl_point, do_point, 4, STARPU_R, STARPU_R, STARPU_R, STARPU_W);

static void insert(int status)
{
    if (status)
        peer_fail("StarPU takes no task");
}

static void gemm(struct peer *p)
{
    long t = p->tiles, i, j, k;

    for (i = 0; i < t; i++)
        for (j = 0; j < t; j++)
            for (k = 0; k < t; k++)
                insert(starpu_task_insert(
                    k ? &cl_gemm : &cl_first, STARPU_R, as[i + k * t],
                    STARPU_R, bs[k + j * t], k ? STARPU_RW : STARPU_W,
                    cs[i + j * t], 0));
}

static void chol(struct peer *p)
{
    long t = p->tiles, i, j, k;

    for (k = 0; k < t; k++) {
        insert(starpu_task_insert(&cl_potrf, STARPU_PRIORITY, STARPU_MAX_PRIO,
                                  STARPU_RW, cs[k + k * t], 0));
        for (i = k + 1; i < t; i++)
            insert(starpu_task_insert(&cl_trsm, STARPU_R, cs[k + k * t],
                                      STARPU_RW, cs[i + k * t], 0));
        for (i = k + 1; i < t; i++) {
            for (j = k + 1; j < i; j++)
                insert(starpu_task_insert(&cl_update, STARPU_R, cs[i + k * t],
                                          STARPU_R, cs[j + k * t], STARPU_RW,
                                          cs[i + j * t], 0));
            insert(starpu_task_insert(&cl_syrk, STARPU_R, cs[i + k * t],
                                      STARPU_RW, cs[i + i * t], 0));
        }
    }
}

static void independent(struct peer *p)
{
    long k;

    for (k = 0; k < p->n; k++)
        insert(starpu_task_insert(&cl_one, STARPU_RW, cs[k], 0));
}

static void chain(struct peer *p)
{
    long k;

    for (k = 0; k < p->n; k++)
        insert(starpu_task_insert(&cl_one, STARPU_RW, cs[0], 0));
}

static void shape(struct peer *p)
{
    long t = peer_shape(p->n), i, j, k;

    for (k = 0; k < t; k++) {
        insert(starpu_task_insert(&cl_one, STARPU_RW, cs[k + k * t], 0));
        for (i = k + 1; i < t; i++)
            insert(starpu_task_insert(&cl_two, STARPU_R, cs[k + k * t],
                                      STARPU_RW, cs[i + k * t], 0));
        for (i = k + 1; i < t; i++) {
            for (j = k + 1; j < i; j++)
                insert(starpu_task_insert(&cl_three, STARPU_R, cs[i + k * t],
                                          STARPU_R, cs[j + k * t], STARPU_RW,
                                          cs[i + j * t], 0));
            insert(starpu_task_insert(&cl_two, STARPU_R, cs[i + k * t],
                                      STARPU_RW, cs[i + i * t], 0));
        }
    }
}

static void stencil(struct peer *p)
{
    starpu_data_handle_t *from = cs, *to = cs + STENCIL_WIDTH + 2, *x;
    long step, i;

    (void)p;
    for (step = 0; step < 2 * STENCIL_STEPS; step++) {
        for (i = 1; i <= STENCIL_WIDTH; i++)
            insert(starpu_task_insert(&cl_point, STARPU_R, from[i - 1],
                                      STARPU_R, from[i], STARPU_R,
                                      from[i + 1], STARPU_W, to[i], 0));
        x = from;
        from = to;
        to = x;
    }
}

static starpu_data_handle_t *register_points(const struct peer *p)
{
    long count = 2 * (STENCIL_WIDTH + 2), k;
    starpu_data_handle_t *made = calloc((size_t)count, sizeof *made);
    double *points = peer_stencil(p);

    for (k = 0; k < count; k++)
        starpu_vector_data_register(&made[k], STARPU_MAIN_RAM,
                                    (uintptr_t)(points + k * p->n),
                                    (uint32_t)p->n, sizeof *points);
    return made;
}

static starpu_data_handle_t *register_tiles(const struct peer *p, double *x)
{
    long t = p->tiles, i, j;
    starpu_data_handle_t *made = calloc((size_t)(t * t), sizeof *made);

    for (j = 0; j < t; j++)
        for (i = 0; i < t; i++)
            starpu_matrix_data_register(
                &made[i + j * t], STARPU_MAIN_RAM,
                (uintptr_t)peer_tile(p, x, i, j), (uint32_t)p->n,
                (uint32_t)peer_edge(p, i), (uint32_t)peer_edge(p, j),
                sizeof *x);
    return made;
}

static void prepare(struct peer *p)
{
    long k, count = p->n;

    if (starpu_init(NULL))
        peer_fail("StarPU does not start");
    if (p->a) {
        as = register_tiles(p, p->a);
        bs = p->b ? register_tiles(p, p->b) : NULL;
        cs = register_tiles(p, p->c);
    } else if (peer_is(p, "stencil")) {
        cs = register_points(p);
    } else {
        if (peer_is(p, "tasks_cholesky"))
            count = peer_shape(p->n) * peer_shape(p->n);
        cs = calloc((size_t)count, sizeof *cs);
        for (k = 0; k < count; k++)
            starpu_void_data_register(&cs[k]);
    }
    starpu_pause(); /* its workers never sleep else */
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
            if (peer_is(p, "chol"))
                memcpy(p->c, p->a, (size_t)(p->n * p->n) * sizeof *p->c);
            starpu_resume();
            jobs[k].run(p);
            starpu_task_wait_for_all();
            starpu_pause();
            if (peer_is(p, "chol"))
                peer_lower(p);
            return 1;
        }
    return 0;
}

int main(int argc, char **argv)
{
    return peer_main(argc, argv, prepare, run);
}
