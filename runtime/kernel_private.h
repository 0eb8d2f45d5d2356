/* What the kernel_*.c files share: the kernels' functions, copies of tiles,
 * and a thin layer over BLIS. */
#ifndef RUNTIME_KERNEL_PRIVATE_H
#define RUNTIME_KERNEL_PRIVATE_H

#include "runtime/kernel.h"

/* Loops over entries want vectors at any -O, and neither errno nor traps:
 * none of these options changes a result.  fp-contract=off keeps results
 * from changing: a fused multiply-add would appear where the compiler likes.
 * The Makefile says it too, for clang and for the clones below, of which gcc
 * forgets it; gcc's vector code of complex products fuses all the same, so
 * where -march allows these instructions they go. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math",                \
                     "fp-contract=off")
#ifdef __FMA__
#pragma GCC target("no-fma", "no-avx512f")
#endif
#endif

/* A second copy of a function for CPUs with AVX2, chosen when the program is
 * loaded, and a third with vectors of 64 bytes where all is real (products of
 * complex numbers would be fused).  The same operations in the same order: the
 * same bits.  Sanitizers do not bear the choice that early. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&         \
    !defined(__AVX2__) && !defined(__SANITIZE_ADDRESS__) &&                    \
    !defined(__SANITIZE_THREAD__)
#define KERNEL_CLONES __attribute__((target_clones("avx2", "default")))
#define KERNEL_WIDE_CLONES                                                     \
    __attribute__((target_clones("avx512f", "avx2", "default")))
/* Products of 64-bit integers are one instruction there. */
#define KERNEL_INTEGER_CLONES                                                  \
    __attribute__((target_clones("arch=x86-64-v4", "default")))
#else
#define KERNEL_CLONES
#define KERNEL_WIDE_CLONES
#define KERNEL_INTEGER_CLONES
#endif

/* Entries of the loop that follows don't depend on one another, though input
 * and output may be the same array. */
#if defined(__clang__)
#define KERNEL_EACH
#else
#define KERNEL_EACH _Pragma("GCC ivdep")
#endif

/* ---- kernel.c -------------------------------------------------------- */

/* Fills failure; returns its status. */
int kernel_fail(struct kernel_failure *failure, enum tm_status status,
                int64_t info, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The first tile of operand k, and how many it has. */
static inline struct kernel_tile *kernel_operand(const struct kernel_call *call,
                                                 uint32_t k)
{
    return &call->tiles[call->first[k]];
}

static inline uint32_t kernel_operand_tiles(const struct kernel_call *call,
                                            uint32_t k)
{
    return call->first[k + 1] - call->first[k];
}

/* The element type of operand k. */
static inline uint8_t kernel_type(const struct kernel_call *call, uint32_t k)
{
    return call->types ? call->types[k] : call->type;
}

static inline int type_is_complex(uint8_t type)
{
    return type == TM_C64 || type == TM_C128;
}

static inline int type_is_single(uint8_t type)
{
    return type == TM_F32 || type == TM_C64;
}

/* The real type that belongs to it, and the complex one. */
static inline uint8_t type_real(uint8_t type)
{
    return type_is_single(type) ? TM_F32 : TM_F64;
}

static inline uint8_t type_complex(uint8_t type)
{
    return type_is_single(type) ? TM_C64 : TM_C128;
}

/* bytes rounded up to whole cache lines. */
static inline size_t scratch_round(size_t bytes)
{
    return (bytes + 63) & ~(size_t)63;
}

/* One function a kernel: run_GEMM ... */
#define KERNEL(NUMBER, ID, NAME, MODES, FLAGS, ARGS, SHAPE, FLOPS, DOC)        \
    int run_##ID(const struct kernel_call *call,                               \
                 struct kernel_failure *failure);
#include "plan/kernels.def"
#undef KERNEL

/* Are there stores past the caches that fill a line, written for gcc? */
static inline int kernel_streams(void)
{
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    return __builtin_cpu_supports("avx512f");
#else
    return 0;
#endif
}

/* ---- kernel_copy.c --------------------------------------------------- */

static inline int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Bytes of a column of a larger matrix that is too short for the CPU to guess
 * that the next one follows. */
enum { SHORT_COLUMN = 16 << 10 };

static inline void tile_prefetch(const void *data, size_t bytes)
{
    for (size_t k = 0; k < bytes; k += 64)
        __builtin_prefetch((const char *)data + k);
}

/* dst(i, j) = src(i, j), conjugated if conj; src strides may be 0. */
void tile_copy(uint8_t type, int conj, int64_t rows, int64_t cols,
               const void *src, int64_t rs, int64_t cs, void *dst, int64_t ld);
void tile_zero(uint8_t type, int64_t rows, int64_t cols, void *dst, int64_t ld);
void tile_unit_diagonal(uint8_t type, const struct kernel_tile *tile);
static inline void *tile_at(uint8_t type, const struct kernel_tile *tile,
                            int64_t i, int64_t j)
{
    return (char *)tile->data +
           (i * tile->rs + j * tile->cs) * (int64_t)type_bytes(type);
}

/* Layouts that kernels can work on: for BLIS rows or columns without gaps
 * within them; a vector: all entries, column by column, without any gap. */
enum tile_layout { LAYOUT_BLAS, LAYOUT_VECTOR };
/* The tile itself if its layout will do, else a copy, column-major, at
 * *scratch, which then moves up by tile_scratch(). */
struct kernel_tile tile_as(uint8_t type, const struct kernel_tile *tile,
                           enum tile_layout layout, char **scratch);
size_t tile_scratch(uint8_t type, const struct kernel_tile *tile,
                    enum tile_layout layout);

/* ---- kernel_stream.c ------------------------------------------------- */

/* tile_copy() past the caches; tile_streamed() says that there is no more to
 * come, before other threads read it. */
void tile_stream(uint8_t type, int conj, int64_t rows, int64_t cols,
                 const void *src, int64_t rs, int64_t cs, void *dst,
                 int64_t ld);
void tile_streamed(void);

/* ---- kernel_blas.c --------------------------------------------------- */

/* A matrix for BLIS: (conjugate-)transposed where trans is not 0; with conj
 * conjugated once more. */
struct blas_matrix {
    void *data;
    int64_t rs, cs; /* of data, before it is transposed */
    int trans, conj;
};

/* Before LAPACK, which calls BLIS itself, is called with numbers of this
 * type: it may do so on any thread. */
void blas_same_in_all_threads(uint8_t type);

/* C = alpha A B + beta C, C m x n, A m x k */
void blas_gemm(uint8_t type, int64_t m, int64_t n, int64_t k, double alpha,
               struct blas_matrix a, struct blas_matrix b, double beta,
               struct blas_matrix c);
/* lower half of C = alpha A A' + beta C, A m x k */
void blas_herk(uint8_t type, int64_t m, int64_t k, double alpha,
               struct blas_matrix a, double beta, struct blas_matrix c);
/* B = alpha T^-1 B, or B T^-1 with KF_RIGHT; B m x n; T lower or, as it is
 * stored, with KF_UPPER upper; KF_UNIT: its diagonal is 1. */
void blas_trsm(uint8_t type, int flags, int64_t m, int64_t n, double alpha,
               struct blas_matrix t, struct blas_matrix b);
void blas_trmm(uint8_t type, int flags, int64_t m, int64_t n, double alpha,
               struct blas_matrix t, struct blas_matrix b);
/* P A = L U of a panel's few columns, if kernel_simd.c does it: simd_panel() */
int blas_panel(uint8_t type, int64_t m, int64_t n, void *a, int64_t lda,
               int64_t *p);

/* ---- kernel_simd.c --------------------------------------------------- */

/* As blas_gemm(); lower: as blas_herk(), with B = A'.  0: not for this type
 * or layout, and nothing was done.  packed: SIMD_PACKED bytes. */
enum { SIMD_PACKED = 5 << 19 };
int simd_gemm(uint8_t type, int64_t m, int64_t n, int64_t k, double alpha,
              struct blas_matrix a, struct blas_matrix b, double beta,
              struct blas_matrix c, int lower, char *packed);
/* blas_trsm() with solve, else blas_trmm(). */
int simd_triangular(uint8_t type, int solve, int flags, int64_t m, int64_t n,
                    double alpha, struct blas_matrix t, struct blas_matrix b,
                    char *packed);

/* P A = L U, m x n, n <= m, in place; p[k] is the row that row k was swapped
 * with.  0: not for this type or so many columns. */
int simd_panel(uint8_t type, int64_t m, int64_t n, void *a, int64_t lda,
               int64_t *p);

/* ---- kernel_factor.c, _lapack.c, _qr.c, _map.c ---------------------- */

size_t getrf_scratch(const struct kernel_call *call);
size_t laswp_scratch(const struct kernel_call *call);
size_t sort_scratch(const struct kernel_call *call);
size_t unmqr_scratch(const struct kernel_call *call); /* and tsmqr */
/* A, m x n with m >= n > 0, becomes V; upper halves of R and T are written. */
void qr_panel(uint8_t type, int64_t m, int64_t n, void *a, int64_t lda, void *r,
              int64_t ldr, void *t, int64_t ldt);
/* Of kernel_lapack.c's kernels; fits: their sizes are not too large. */
size_t lapack_scratch(const struct kernel_call *call);
int lapack_fits(const struct kernel_call *call);
/* The last operand column-major at `to`, or its lower half alone: is all of it
 * finite? */
int lapack_copy(const struct kernel_call *call, void *to, int64_t ld,
                int lower);
int lapack_not_finite(struct kernel_failure *failure);
/* What LAPACK said, and what its values look like. */
int lapack_outcome(const struct kernel_call *call,
                   const struct kernel_tile *values, int64_t info,
                   struct kernel_failure *failure);
/* kernel_steps.c: are matrices of this size brought to a band first? */
int steps_by_band(uint8_t type, int64_t rows, int64_t cols);
/* Values alone, of A at a, column-major without gaps, which is changed.
 * Their workspace is the last of what lapack_scratch() has for the call. */
int steps_heevd_values(const struct kernel_call *call, void *a,
                       struct kernel_tile *w, struct kernel_failure *failure);
int steps_gesdd_values(const struct kernel_call *call, void *a,
                       struct kernel_tile *s, struct kernel_failure *failure);
/* Of these two, and of hetrd, stedc, gebrd, bdsdc, unmtr. */
size_t steps_scratch(const struct kernel_call *call);
int steps_fit(const struct kernel_call *call);
/* Columns of the tile with n x n reflections. */
int64_t steps_columns(int64_t n);
/* Is the instruction defined for complex numbers? */
int map_op_complex(uint8_t op);
const char *map_op_name(uint8_t op); /* NULL: no such instruction */
int map_op_arity(uint8_t op);
size_t map_scratch(const struct kernel_call *call);
size_t reduce_scratch(const struct kernel_call *call); /* map_sum, ... */
/* Do the operands' types fit the program?  NULL, or why not; *op: the name of
 * the instruction that it is about, or NULL. */
const char *map_types(const struct kernel_call *call, const char **op);
/* The type of the entries that a program gives: the first operand's, but of a
 * norm complex or real as the program is. */
uint8_t map_gives(const struct kernel_call *call);

/* A map program at work: entries in blocks of at most MAP_BLOCK.  Where what
 * it reads or writes is not in the caches, blocks are of MAP_APART, and while
 * one is computed the inputs MAP_AHEAD entries further on are fetched: more at
 * once would hold up what is wanted now, and what comes too early is gone from
 * the first cache again. */
enum {
    MAP_BLOCK = 512,
    MAP_APART = 128,
    MAP_AHEAD = 512,
    MAP_WIDE = 8,
    MAP_ARGS = 3
};
struct map_input { /* an operand, broadcast by strides of 0 */
    char *data;
    int64_t rs, cs;
    uint8_t type;
    int conj;
};
struct map_machine {
    const struct kernel_call *call;
    uint8_t type, gives; /* of most of it, see map_type(); of its results */
    uint64_t wide_first; /* registers that hold complex numbers before a block's
                          * first step */
    int64_t rows, cols;  /* entries to go through */
    int64_t high, wide;  /* of a block */
    int along_rows;      /* an operand lies row by row */
    int past;            /* results are written past the caches */
    int64_t ahead;       /* entries between what is computed and fetched; 0:
                          * the CPU finds what comes by itself */
    int inputs;          /* operands that are read */
    struct map_input input[PLAN_REGISTERS];
    char *own[PLAN_REGISTERS];       /* a register's memory in scratch */
    const char *now[PLAN_REGISTERS]; /* its contents for this block */
    char *widened[MAP_ARGS];         /* room for arguments made complex */
    char *result;                    /* and for the last result, converted */
};
/* Ready to give blocks of rows x cols entries; returns the end of what it
 * takes of the call's scratch, map_scratch() bytes. */
char *map_begin(struct map_machine *m, const struct kernel_call *call,
                int64_t rows, int64_t cols);
/* How the entries are cut into blocks, high x wide: in the order of memory
 * unless an operand lies along its rows.  whole: what lies without gaps may
 * be one long column, if the operands do too: rows, cols become its. */
void map_blocks(struct map_machine *m, int whole);
/* Entries (i, j), h x w, to out, whose columns are ld entries apart. */
void map_block(struct map_machine *m, int64_t i, int64_t j, int64_t h,
               int64_t w, void *out, int64_t ld);
/* n entries of the real number x. */
void map_fill(uint8_t type, int64_t n, double x, void *data);
/* A tile of real numbers to d by a program that is a sum of products, as all of
 * its steps would give it.  0: it isn't, or its operands lie otherwise. */
int map_sum_tile(struct map_machine *m, char *d, int64_t ld);
/* Sizes of what the map program of a reduction gives: -1: no operand says. */
void map_sizes(const struct kernel_call *call, int64_t *rows, int64_t *cols);
/* Is operand 0 an input of the map program? */
static inline int map_reads_first(const struct kernel_call *call)
{
    return call->map->inputs == call->operands + call->args;
}

#endif
