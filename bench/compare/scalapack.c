/* ScaLAPACK: products and factorisations of a matrix that is spread over the
 * processes of mpirun, in blocks of TILE. */
#include "peer.h"

#include <fcntl.h>
#include <mpi.h>
#include <unistd.h>

void Cblacs_get(int, int, int *);
void Cblacs_gridinit(int *, const char *, int, int);
void Cblacs_gridinfo(int, int *, int *, int *, int *);
int numroc_(const int *, const int *, const int *, const int *, const int *);
void descinit_(int *, const int *, const int *, const int *, const int *,
               const int *, const int *, const int *, const int *, int *);
void pdgemm_(const char *, const char *, const int *, const int *, const int *,
             const double *, const double *, const int *, const int *,
             const int *, const double *, const int *, const int *,
             const int *, const double *, double *, const int *, const int *,
             const int *);
void pdpotrf_(const char *, const int *, double *, const int *, const int *,
              const int *, int *);
void pdgetrf_(const int *, const int *, double *, const int *, const int *,
              const int *, int *, int *);
void pdgeqrf_(const int *, const int *, double *, const int *, const int *,
              const int *, double *, double *, const int *, int *);

static int n, block, rank, rows, cols, grid_rows, grid_cols, row, col, desc[9];
static double *a, *b, *c;
static const int one = 1, zero = 0;

/* The local part of a file, or back. */
static double *part(const char *path, double *x, int save)
{
    int fd = open(path, save ? O_WRONLY | O_CREAT : O_RDONLY, 0666);
    int i, j, k;

    if (!x)
        x = calloc((size_t)rows * (size_t)cols + 1, sizeof *x);
    if (fd < 0 || !x)
        peer_fail(path);
    for (j = 0; j < cols; j++)
        for (i = 0; i < rows; i += k) {
            long gj = (long)(j / block * grid_cols + col) * block + j % block;
            long gi = (long)(i / block * grid_rows + row) * block + i % block;
            long at = (gj * n + gi) * (long)sizeof *x;
            ssize_t size;
            k = rows - i < block ? rows - i : block;
            size = (ssize_t)((size_t)k * sizeof *x);
            if ((save ? pwrite(fd, x + (size_t)j * (size_t)rows + i,
                               (size_t)size, at)
                      : pread(fd, x + (size_t)j * (size_t)rows + i,
                              (size_t)size, at)) != size)
                peer_fail(path);
        }
    close(fd);
    return x;
}

static void run(const char *job)
{
    static int *pivots;
    static double *tau, *work;
    static int room;
    double plus = 1, none = 0, ask;
    int info = 0, minus = -1;

    if (!strcmp(job, "gemm")) {
        pdgemm_("N", "N", &n, &n, &n, &plus, a, &one, &one, desc, b, &one,
                &one, desc, &none, c, &one, &one, desc);
        return;
    }
    memcpy(c, a, (size_t)rows * (size_t)cols * sizeof *c);
    if (!pivots) {
        pivots = calloc((size_t)(rows + block), sizeof *pivots);
        tau = calloc((size_t)cols + 1, sizeof *tau);
        pdgeqrf_(&n, &n, c, &one, &one, desc, tau, &ask, &minus, &info);
        room = (int)ask;
        work = calloc((size_t)room + 1, sizeof *work);
    }
    if (!strcmp(job, "chol"))
        pdpotrf_("L", &n, c, &one, &one, desc, &info);
    else if (!strcmp(job, "lu"))
        pdgetrf_(&n, &n, c, &one, &one, desc, pivots, &info);
    else
        pdgeqrf_(&n, &n, c, &one, &one, desc, tau, work, &room, &info);
    if (info)
        peer_fail("the factorisation fails");
}

/* A line for all: the others look for it now and then, and use no core
 * meanwhile. */
static int listen(char *line, int size)
{
    MPI_Request request;
    int done = 0;

    if (!rank && !fgets(line, size, stdin))
        line[0] = 0;
    MPI_Ibcast(line, size, MPI_CHAR, 0, MPI_COMM_WORLD, &request);
    while (!done) {
        MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (!done)
            usleep(rank ? 500 : 0);
    }
    return line[0];
}

int main(int argc, char **argv)
{
    int count, context, info, leading;
    char line[100];
    double start;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    if (argc < 6)
        peer_fail("usage: PEER JOB N TILE RESULT MATRIX...");
    n = atoi(argv[2]);
    block = atoi(argv[3]);
    for (grid_rows = (int)sqrt(count); count % grid_rows; grid_rows--)
        ;
    grid_cols = count / grid_rows;
    Cblacs_get(0, 0, &context);
    Cblacs_gridinit(&context, "R", grid_rows, grid_cols);
    Cblacs_gridinfo(context, &grid_rows, &grid_cols, &row, &col);
    rows = numroc_(&n, &block, &row, &zero, &grid_rows);
    cols = numroc_(&n, &block, &col, &zero, &grid_cols);
    leading = rows ? rows : 1;
    descinit_(desc, &n, &n, &block, &block, &zero, &zero, &context, &leading,
              &info);
    a = part(argv[5], NULL, 0);
    b = argc > 6 ? part(argv[6], NULL, 0) : NULL;
    c = calloc((size_t)rows * (size_t)cols + 1, sizeof *c);
    MPI_Barrier(MPI_COMM_WORLD);
    if (!rank) {
        puts("ready");
        fflush(stdout);
    }
    while (listen(line, sizeof line)) {
        MPI_Barrier(MPI_COMM_WORLD);
        start = peer_seconds();
        if (!strncmp(line, "run", 3))
            run(argv[1]);
        else
            part(argv[4], c, 1);
        MPI_Barrier(MPI_COMM_WORLD);
        if (!rank) {
            printf("%.9f\n", peer_seconds() - start);
            fflush(stdout);
        }
    }
    MPI_Finalize();
    return 0;
}
