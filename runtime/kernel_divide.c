/* Values and vectors of a symmetric tridiagonal matrix by divide and conquer,
 * in parts that several threads may do (team.h).
 *
 * T is a few blocks on the diagonal and a change of rank one at each cut.
 * LAPACK does the blocks, each a part.  Two neighbours become one block: the
 * values that the change moves are roots of an equation (laed4), independent
 * of one another; then vectors of the blocks are multiplied by those of the
 * change, a strip of columns a part.  What deflation leaves to be done is
 * LAPACK's to say (laed2).
 *
 * Sources: J. Cuppen, "A divide and conquer method for the symmetric
 * tridiagonal eigenproblem", Numer. Math. 36 (1981); M. Gu and S. Eisenstat,
 * the same, SIAM J. Matrix Anal. Appl. 16 (1995). */
#include "runtime/kernel_band.h"
#include "runtime/team.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

enum {
    DIVIDE_LEAST = 256, /* rows of a leaf are less, unless there are too many */
    DIVIDE_LEAVES = 64,
    DIVIDE_ROOTS = 32,  /* of a part */
    DIVIDE_ROWS = 64,
    DIVIDE_STRIP = 256 /* columns of a product */
};

/* LAPACK's, which its headers don't have. */
#define DECLARE(CH, R)                                                         \
    void CH##laed2_(lapack_int *k, const lapack_int *n, const lapack_int *n1,  \
                    R *d, R *q, const lapack_int *ldq, lapack_int *indxq,      \
                    R *rho, R *z, R *dlamda, R *w, R *q2, lapack_int *indx,    \
                    lapack_int *indxc, lapack_int *indxp, lapack_int *coltyp,  \
                    lapack_int *info);                                         \
    void CH##laed4_(const lapack_int *n, const lapack_int *i, const R *d,      \
                    const R *z, R *delta, const R *rho, R *dlam,               \
                    lapack_int *info);                                         \
    void CH##lamrg_(const lapack_int *n1, const lapack_int *n2, const R *a,    \
                    const lapack_int *dtrd1, const lapack_int *dtrd2,          \
                    lapack_int *index);
DECLARE(s, float)
DECLARE(d, double)
#undef DECLARE

typedef double vector_f64 __attribute__((vector_size(64), aligned(8)));
typedef float vector_f32 __attribute__((vector_size(64), aligned(4)));

static int leaves_of(int64_t n)
{
    int leaves = 1;

    while (leaves < DIVIDE_LEAVES && n / leaves >= DIVIDE_LEAST)
        leaves *= 2;
    return leaves;
}

static int64_t leaf_begin(int64_t n, int leaves, int k)
{
    return n * k / leaves;
}

static double root_f64(double x)
{
    return sqrt(x);
}
static float root_f32(float x)
{
    return sqrtf(x);
}
static double size_f64(double x)
{
    return fabs(x);
}
static float size_f32(float x)
{
    return fabsf(x);
}
static double signed_f64(double x, double y)
{
    return copysign(x, y);
}
static float signed_f32(float x, float y)
{
    return copysignf(x, y);
}

static int64_t strips_of(int64_t n)
{
    return (n + DIVIDE_STRIP - 1) / DIVIDE_STRIP;
}

/* q, and what struct divide has behind it. */
static double entries_of(double n)
{
    return n * n + n * (n + 1) / 2 + (n / DIVIDE_STRIP + 1) * n + 3 * n;
}

double divide_scratch(uint8_t type, int64_t n)
{
    return entries_of((double)n) * (double)type_bytes(type) +
           (6 * (double)n + 3 * DIVIDE_LEAVES) * sizeof(lapack_int);
}

#define R double
#define TYPE TM_F64
#define LANES 8
#define NAME(x) x##_f64
#define VECTOR vector_f64
#define LAPACK(x) d##x##_
#define LAPACKE(x) LAPACKE_d##x##_work
#include "runtime/kernel_divide.h"
#undef R
#undef TYPE
#undef LANES
#undef NAME
#undef VECTOR
#undef LAPACK
#undef LAPACKE
#define R float
#define TYPE TM_F32
#define LANES 16
#define NAME(x) x##_f32
#define VECTOR vector_f32
#define LAPACK(x) s##x##_
#define LAPACKE(x) LAPACKE_s##x##_work
#include "runtime/kernel_divide.h"

int divide_in_parts(int64_t n)
{
    return leaves_of(n) > 1;
}

int divide(uint8_t type, int64_t n, void *d, void *e, void *z, char *work,
           struct team *team)
{
    lapack_int info;

    team_open(team);
    info = type == TM_F64 ? all_f64(n, d, e, z, work, team)
                          : all_f32(n, d, e, z, work, team);
    team_close(team);
    return info;
}
