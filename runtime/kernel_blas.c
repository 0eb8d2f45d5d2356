/* BLIS: which of its kernels run, and the products and triangular solves.
 *
 * The only file that includes blis.h.  Every call goes through the typed
 * expert interface with a runtime of one thread; strides make transposes
 * free, sizes of 0 do not get that far.  BLIS aborts on misuse: kernel_check
 * has seen the sizes, and layouts other than rows or columns without gaps are
 * copied first (tile_as). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr */
#endif
#include "runtime/kernel_private.h"
#include "base/cpu.h"

#include <blis.h>
#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which kernels ---------------------------------------------------- */

static const struct choice {
    const char *name;
    arch_t arch; /* its number is what BLIS_ARCH_TYPE takes */
} choices[CPU_KINDS] = {
    [CPU_AVX512] = {"skx", BLIS_ARCH_SKX},
    [CPU_AVX2] = {"haswell", BLIS_ARCH_HASWELL},
    [CPU_PORTABLE] = {"portable", BLIS_ARCH_GENERIC},
};

static const struct choice *choose(const char *name, struct tm_error *error)
{
    const char *lacks;

    /* BLIS 0.9.0 itself would ask for two AVX-512 units by the CPU's brand,
     * and takes haswell where it doesn't know it. */
    if (!name || !strcmp(name, "auto"))
        return &choices[cpu_kind()];
    for (int k = 0; k < CPU_KINDS; k++) {
        if (strcmp(name, choices[k].name))
            continue;
        lacks = cpu_lacks((enum cpu_kind)k);
        if (!lacks)
            return &choices[k];
        error_set(error, TM_EUSAGE,
                  "kernels %s need %s, which this processor lacks", name,
                  lacks);
        return NULL;
    }
    error_set(error, TM_EUSAGE,
              "no kernels are called %s: auto, skx, haswell or portable", name);
    return NULL;
}

/* BLIS reads the variable once, when it starts; what a user has set there
 * is put back afterwards. */
static void start_blis(const struct choice *choice)
{
    char number[16];
    const char *old = getenv("BLIS_ARCH_TYPE");
    char *kept = old ? strdup(old) : NULL;

    snprintf(number, sizeof number, "%d", (int)choice->arch);
    setenv("BLIS_ARCH_TYPE", number, 1);
    bli_init();
    if (kept)
        setenv("BLIS_ARCH_TYPE", kept, 1);
    else
        unsetenv("BLIS_ARCH_TYPE");
    free(kept);
}

static void *find_symbol(const char *name)
{
    return dlsym(RTLD_DEFAULT, name);
}

static const char *provider(const char *name)
{
    Dl_info info;
    void *symbol = find_symbol(name);

    if (!symbol || !dladdr(symbol, &info) || !info.dli_fname)
        return "none";
    return info.dli_fname;
}

/* OpenBLAS in the same process would start threads of its own. */
static void calm_openblas(void)
{
    union {
        void *symbol;
        void (*call)(int);
    } set = {find_symbol("openblas_set_num_threads")};

    if (set.symbol)
        set.call(1);
}

static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static int started;
static int induced; /* BLIS makes complex products of real ones */
static int simd; /* kernel_simd.c does what it can: chosen with skx */
static char description[2000];

/* Each thread's memory to pack in, freed at its end.  NULL, where there is
 * none: then BLIS, which wants more, will abort. */
static pthread_key_t packing_key;

static int packing_start(void)
{
    return pthread_key_create(&packing_key, free);
}

static void describe(const struct choice *choice)
{
    const char *threads = bli_info_get_enable_pthreads() ? "pthreads"
                          : bli_info_get_enable_openmp() ? "openmp"
                                                         : "none";

    snprintf(description, sizeof description,
             "kernels  %s (%s)\n"
             "BLIS     %s, threading %s, one thread a call\n"
             "dgemm_   %s\n"
             "dpotrf_  %s (not used)\n"
             "math     glibc %s\n",
             choice->name, bli_arch_string(choice->arch),
             bli_info_get_version_str(), threads, provider("dgemm_"),
             provider("dpotrf_"), gnu_get_libc_version());
}

static enum tm_status start_once(const char *kernels, struct tm_error *error)
{
    const struct choice *choice = choose(kernels, error);

    if (!choice)
        return TM_EUSAGE;
    start_blis(choice);
    if (bli_arch_query_id() != choice->arch)
        return error_set(error, TM_EUSAGE,
                         "BLIS already runs in this process with kernels %s, "
                         "not %s",
                         bli_arch_string(bli_arch_query_id()), choice->name);
    bli_thread_set_num_threads(1);
    calm_openblas();
    induced = bli_ind_oper_find_avail(BLIS_GEMM, BLIS_DCOMPLEX) != BLIS_NAT;
    simd = choice->arch == BLIS_ARCH_SKX && !packing_start();
    describe(choice);
    started = 1;
    return TM_OK;
}

enum tm_status kernel_start(const char *kernels, struct tm_error *error)
{
    enum tm_status status = TM_OK;

    pthread_mutex_lock(&start_lock);
    if (!started)
        status = start_once(kernels, error);
    pthread_mutex_unlock(&start_lock);
    return status;
}

const char *kernel_describe(void)
{
    return description;
}

/* ---- calls of BLIS, for all types ------------------------------------- */

/* type, BLIS's letter, type of the real numbers */
#define BLAS_TYPES(ROW)                                                        \
    ROW(TM_F32, s, float)                                                      \
    ROW(TM_F64, d, double)                                                     \
    ROW(TM_C64, c, float)                                                      \
    ROW(TM_C128, z, double)

/* Whether complex products are made of real ones BLIS keeps for each thread,
 * and says so in the one alone that started it: other threads' bits would
 * differ. */
void blas_same_in_all_threads(uint8_t type)
{
    if (induced && type_is_complex(type))
        bli_ind_enable_dt(BLIS_1M,
                          type == TM_C64 ? BLIS_SCOMPLEX : BLIS_DCOMPLEX);
}

/* One thread.  f32 without the path for small matrices: under haswell that
 * one reads past the end of A, which may be the host's memory. */
static rntm_t one_thread(uint8_t type)
{
    rntm_t runtime = BLIS_RNTM_INITIALIZER;

    blas_same_in_all_threads(type);
    bli_rntm_set_num_threads(1, &runtime);
    if (type == TM_F32)
        bli_rntm_disable_l3_sup(&runtime);
    return runtime;
}

static trans_t blas_trans(uint8_t type, const struct blas_matrix *a)
{
    int conj = type_is_complex(type) && !a->trans == !!a->conj;

    if (!a->trans)
        return conj ? BLIS_CONJ_NO_TRANSPOSE : BLIS_NO_TRANSPOSE;
    return conj ? BLIS_CONJ_TRANSPOSE : BLIS_TRANSPOSE;
}

static char *packing(void)
{
    char *memory = pthread_getspecific(packing_key);

    if (memory)
        return memory;
    memory = aligned_alloc(4096, SIMD_PACKED);
    if (memory && pthread_setspecific(packing_key, memory)) {
        free(memory);
        memory = NULL;
    }
    return memory;
}

static int by_simd(uint8_t type, int64_t m, int64_t n, int64_t k, double alpha,
                   struct blas_matrix a, struct blas_matrix b, double beta,
                   struct blas_matrix c, int lower)
{
    char *packed = simd && !type_is_complex(type) ? packing() : NULL;

    return packed &&
           simd_gemm(type, m, n, k, alpha, a, b, beta, c, lower, packed);
}

static int triangle_by_simd(uint8_t type, int solve, int flags, int64_t m,
                            int64_t n, double alpha, struct blas_matrix t,
                            struct blas_matrix b)
{
    char *packed = simd && !type_is_complex(type) ? packing() : NULL;

    return packed &&
           simd_triangular(type, solve, flags, m, n, alpha, t, b, packed);
}

int blas_panel(uint8_t type, int64_t m, int64_t n, void *a, int64_t lda,
               int64_t *p)
{
    return simd && simd_panel(type, m, n, a, lda, p);
}

/* f32 writes nothing but reads past the end of C under haswell: C must be
 * padded.  Numbers go to BLIS as a real and an imaginary part, of which the
 * real types see the first. */
void blas_gemm(uint8_t type, int64_t m, int64_t n, int64_t k, double alpha,
               struct blas_matrix a, struct blas_matrix b, double beta,
               struct blas_matrix c)
{
    rntm_t runtime = one_thread(type);
    trans_t ta = blas_trans(type, &a), tb = blas_trans(type, &b);

    if (m == 0 || n == 0 ||
        by_simd(type, m, n, k, alpha, a, b, beta, c, 0))
        return;
#define GEMM(TYPE, CH, R)                                                      \
    case TYPE: {                                                               \
        R al[2] = {(R)alpha, 0}, be[2] = {(R)beta, 0};                         \
        bli_##CH##gemm_ex(ta, tb, m, n, k, (void *)al, a.data, a.rs, a.cs,     \
                          b.data, b.rs, b.cs, (void *)be, c.data, c.rs, c.cs,  \
                          NULL, &runtime);                                     \
        break;                                                                 \
    }
    switch (type) {
        BLAS_TYPES(GEMM)
    }
#undef GEMM
}

void blas_herk(uint8_t type, int64_t m, int64_t k, double alpha,
               struct blas_matrix a, double beta, struct blas_matrix c)
{
    rntm_t runtime = one_thread(type);
    trans_t ta = blas_trans(type, &a);
    struct blas_matrix b = a;

    b.trans = !b.trans;
    if (m == 0 || by_simd(type, m, m, k, alpha, a, b, beta, c, 1))
        return;
#define HERK(TYPE, CH, R)                                                      \
    case TYPE: {                                                               \
        R al = (R)alpha, be = (R)beta;                                         \
        bli_##CH##herk_ex(BLIS_LOWER, ta, m, k, &al, a.data, a.rs, a.cs, &be,  \
                          c.data, c.rs, c.cs, NULL, &runtime);                 \
        break;                                                                 \
    }
    switch (type) {
        BLAS_TYPES(HERK)
    }
#undef HERK
}

/* The lower half of a product. */
static void blas_gemmt(uint8_t type, int64_t m, int64_t k, double alpha,
                       struct blas_matrix a, struct blas_matrix b, double beta,
                       struct blas_matrix c)
{
    rntm_t runtime = one_thread(type);
    trans_t ta = blas_trans(type, &a), tb = blas_trans(type, &b);

    if (m == 0 || by_simd(type, m, m, k, alpha, a, b, beta, c, 1))
        return;
#define GEMMT(TYPE, CH, R)                                                     \
    case TYPE: {                                                               \
        R al[2] = {(R)alpha, 0}, be[2] = {(R)beta, 0};                         \
        bli_##CH##gemmt_ex(BLIS_LOWER, ta, tb, m, k, (void *)al, a.data, a.rs, \
                           a.cs, b.data, b.rs, b.cs, (void *)be, c.data, c.rs, \
                           c.cs, NULL, &runtime);                              \
        break;                                                                 \
    }
    switch (type) {
        BLAS_TYPES(GEMMT)
    }
#undef GEMMT
}

/* bli_?trsm_ex and bli_?trmm_ex take the same arguments. */
struct triangular {
    side_t side;
    uplo_t uplo;
    trans_t trans;
    diag_t diag;
};

static struct triangular triangular_of(uint8_t type, int flags,
                                       const struct blas_matrix *t)
{
    return (struct triangular){
        flags & KF_RIGHT ? BLIS_RIGHT : BLIS_LEFT,
        flags & KF_UPPER ? BLIS_UPPER : BLIS_LOWER,
        blas_trans(type, t),
        flags & KF_UNIT ? BLIS_UNIT_DIAG : BLIS_NONUNIT_DIAG,
    };
}

#define TRIANGULAR(CALL, R)                                                    \
    {                                                                          \
        R al[2] = {(R)alpha, 0};                                               \
        CALL(x.side, x.uplo, x.trans, x.diag, m, n, (void *)al, t.data, t.rs,  \
             t.cs, b.data, b.rs, b.cs, NULL, &runtime);                        \
        break;                                                                 \
    }

static void trsm_direct(uint8_t type, int flags, int64_t m, int64_t n,
                        double alpha, struct blas_matrix t,
                        struct blas_matrix b)
{
    rntm_t runtime = one_thread(type);
    struct triangular x = triangular_of(type, flags, &t);

#define TRSM(TYPE, CH, R)                                                      \
    case TYPE: TRIANGULAR(bli_##CH##trsm_ex, R)
    switch (type) {
        BLAS_TYPES(TRSM)
    }
#undef TRSM
}

void blas_trmm(uint8_t type, int flags, int64_t m, int64_t n, double alpha,
               struct blas_matrix t, struct blas_matrix b)
{
    rntm_t runtime = one_thread(type);
    struct triangular x = triangular_of(type, flags, &t);

    if (m == 0 || n == 0 ||
        triangle_by_simd(type, 0, flags, m, n, alpha, t, b))
        return;
#define TRMM(TYPE, CH, R)                                                      \
    case TYPE: TRIANGULAR(bli_##CH##trmm_ex, R)
    switch (type) {
        BLAS_TYPES(TRMM)
    }
#undef TRMM
}

void blas_trsm(uint8_t type, int flags, int64_t m, int64_t n, double alpha,
               struct blas_matrix t, struct blas_matrix b)
{
    if (m == 0 || n == 0 ||
        triangle_by_simd(type, 1, flags, m, n, alpha, t, b))
        return;
    trsm_direct(type, flags, m, n, alpha, t, b);
}

/* ---- the kernels ------------------------------------------------------ */

/* Operand k with its two flags. */
static struct blas_matrix matrix_of(const struct kernel_call *call, uint32_t k,
                                    int trans, int conj, char **scratch)
{
    struct kernel_tile tile =
        tile_as(call->type, kernel_operand(call, k), LAYOUT_BLAS, scratch);

    return (struct blas_matrix){tile.data, tile.rs, tile.cs,
                                call->flags & trans, call->flags & conj};
}

int run_GEMM(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t k = call->flags & KF_TA ? a->rows : a->cols;
    char *scratch = call->scratch;
    struct blas_matrix am, bm, cm = {c->data, c->rs, c->cs, 0, 0};

    (void)failure;
    if (k == 0) {
        if (c->fresh)
            tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
        return 0;
    }
    am = matrix_of(call, 1, KF_TA, KF_CA, &scratch);
    bm = matrix_of(call, 2, KF_TB, KF_CB, &scratch);
    blas_gemm(call->type, c->rows, c->cols, k, call->arg[0], am, bm,
              c->fresh ? 0 : 1, cm);
    return 0;
}

/* The lower half, conjugated, into the upper one: the part left of each
 * block of columns at once, the block on the diagonal column by column. */
static void mirror(uint8_t type, const struct kernel_tile *c)
{
    const int64_t block = 64;

    for (int64_t j0 = 0; j0 < c->cols; j0 += block) {
        int64_t j1 = j0 + block < c->cols ? j0 + block : c->cols;
        tile_copy(type, 1, j0, j1 - j0, tile_at(type, c, j0, 0), c->cs, 1,
                  tile_at(type, c, 0, j0), c->cs);
        for (int64_t j = j0 + 1; j < j1; j++)
            tile_copy(type, 1, j - j0, 1, tile_at(type, c, j, j0), c->cs, 1,
                      tile_at(type, c, j0, j), c->cs);
    }
}

static void zero_upper(uint8_t type, const struct kernel_tile *c)
{
    for (int64_t j = 1; j < c->cols; j++)
        tile_zero(type, j, 1, tile_at(type, c, 0, j), c->cs);
}

/* The other half of a tile of which the lower one has been computed. */
static void finish_upper(const struct kernel_call *call)
{
    const struct kernel_tile *c = kernel_operand(call, 0);

    if (call->flags & KF_MIRROR)
        mirror(call->type, c);
    else if (c->fresh)
        zero_upper(call->type, c);
}

int run_SYRK(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t k = call->flags & KF_TA ? a->rows : a->cols;
    char *scratch = call->scratch;
    struct blas_matrix cm = {c->data, c->rs, c->cs, 0, 0};

    (void)failure;
    if (k)
        blas_herk(call->type, c->rows, k, call->arg[0],
                  matrix_of(call, 1, KF_TA, KF_CA, &scratch), c->fresh ? 0 : 1,
                  cm);
    else if (c->fresh)
        tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
    finish_upper(call);
    return 0;
}

int run_GEMMT(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);
    int64_t k = call->flags & KF_TA ? a->rows : a->cols;
    char *scratch = call->scratch;
    struct blas_matrix am, bm, cm = {c->data, c->rs, c->cs, 0, 0};

    (void)failure;
    if (k) {
        am = matrix_of(call, 1, KF_TA, KF_CA, &scratch);
        bm = matrix_of(call, 2, KF_TB, KF_CB, &scratch);
        blas_gemmt(call->type, c->rows, k, call->arg[0], am, bm,
                   c->fresh ? 0 : 1, cm);
    } else if (c->fresh)
        tile_zero(call->type, c->rows, c->cols, c->data, c->cs);
    finish_upper(call);
    return 0;
}

/* First zero on the diagonal, or -1. */
static int64_t find_zero_pivot(uint8_t type, const struct kernel_tile *t)
{
    for (int64_t k = 0; k < t->rows; k++) {
        const void *at = tile_at(type, t, k, k);
        const float *f = at;
        const double *d = at;
        int zero = type == TM_F32   ? f[0] == 0
                   : type == TM_F64 ? d[0] == 0
                   : type == TM_C64 ? f[0] == 0 && f[1] == 0
                                    : d[0] == 0 && d[1] == 0;
        if (zero)
            return k;
    }
    return -1;
}

int run_TRSM(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *b = kernel_operand(call, 0);
    struct blas_matrix bm = {b->data, b->rs, b->cs, 0, 0};
    char *scratch = call->scratch;
    int64_t zero = call->flags & KF_UNIT
                       ? -1
                       : find_zero_pivot(call->type, kernel_operand(call, 1));

    if (zero >= 0)
        return kernel_fail(failure, TM_ESCRIPT, zero, "is singular");
    if (b->fresh)
        tile_zero(call->type, b->rows, b->cols, b->data, b->cs);
    else
        blas_trsm(call->type, call->flags, b->rows, b->cols, call->arg[0],
                  matrix_of(call, 1, KF_TA, KF_CA, &scratch), bm);
    return 0;
}

int run_TRMM(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *b = kernel_operand(call, 0);
    struct blas_matrix bm = {b->data, b->rs, b->cs, 0, 0};
    char *scratch = call->scratch;

    (void)failure;
    if (b->fresh)
        tile_zero(call->type, b->rows, b->cols, b->data, b->cs);
    else
        blas_trmm(call->type, call->flags, b->rows, b->cols, call->arg[0],
                  matrix_of(call, 1, KF_TA, KF_CA, &scratch), bm);
    return 0;
}
