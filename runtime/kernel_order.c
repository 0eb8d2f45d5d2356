/* Kernels whose result hangs on the order of entries: sums of all that came
 * before, the product of all, sorting.
 *
 * Entries are taken column by column, one after the other, in double, and
 * rounded where they are stored: bits hang on sizes and values alone. */
#include "runtime/kernel_private.h"

#include <math.h>
#include <string.h>

/* Entry (i, j) as real and imaginary part. */
static void entry_get(uint8_t type, const struct kernel_tile *a, int64_t i,
                      int64_t j, double *x)
{
    const void *at = tile_at(type, a, i, j);

    x[1] = 0;
    switch (type) {
    case TM_C64: x[1] = ((const float *)at)[1]; /* fall through */
    case TM_F32: x[0] = ((const float *)at)[0]; break;
    case TM_C128: x[1] = ((const double *)at)[1]; /* fall through */
    case TM_F64: x[0] = ((const double *)at)[0]; break;
    default: x[0] = 0;
    }
}

static void entry_put(uint8_t type, const struct kernel_tile *c, int64_t i,
                      int64_t j, const double *x)
{
    void *at = tile_at(type, c, i, j);

    switch (type) {
    case TM_C64: ((float *)at)[1] = (float)x[1]; /* fall through */
    case TM_F32: ((float *)at)[0] = (float)x[0]; break;
    case TM_C128: ((double *)at)[1] = x[1]; /* fall through */
    case TM_F64: ((double *)at)[0] = x[0]; break;
    }
}

int run_CUMSUM(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *c = kernel_operand(call, 0);
    const struct kernel_tile *a = kernel_operand(call, 1);

    (void)failure;
    for (int64_t j = 0; j < c->cols; j++) {
        double sum[2] = {0, 0}, x[2];
        for (int64_t i = 0; i < c->rows; i++) {
            entry_get(call->type, a, i, j, x);
            sum[0] += x[0];
            sum[1] += x[1];
            entry_put(call->type, c, i, j, sum);
        }
    }
    return 0;
}

int run_PROD(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *a = kernel_operand(call, 1);
    int complex = type_is_complex(call->type);
    double product[2] = {1, 0}, x[2];

    (void)failure;
    for (int64_t j = 0; j < a->cols; j++)
        for (int64_t i = 0; i < a->rows; i++) {
            double re;
            entry_get(call->type, a, i, j, x);
            if (!complex) {
                product[0] *= x[0];
                continue;
            }
            re = product[0] * x[0] - product[1] * x[1];
            product[1] = product[0] * x[1] + product[1] * x[0];
            product[0] = re;
        }
    entry_put(call->type, kernel_operand(call, 0), 0, 0, product);
    return 0;
}

/* ---- sorting --------------------------------------------------------------
 */

struct key {
    double value;
    int64_t from;
};

size_t sort_scratch(const struct kernel_call *call)
{
    const struct kernel_tile *a = kernel_operand(call, 2);

    return scratch_round(2 * sizeof(struct key) * (size_t)(a->rows * a->cols));
}

/* NaN comes last. */
static int key_less(const struct key *a, const struct key *b)
{
    return a->value < b->value || (isnan(b->value) && !isnan(a->value));
}

static void merge(const struct key *a, int64_t m, const struct key *b,
                  int64_t n, struct key *to)
{
    while (m > 0 && n > 0)
        if (key_less(b, a)) {
            *to++ = *b++;
            n--;
        } else {
            *to++ = *a++;
            m--;
        }
    memcpy(to, m > 0 ? a : b, (size_t)(m > 0 ? m : n) * sizeof *to);
}

/* Stable: runs of length 1, 2, 4, ... are merged, to and fro. */
static const struct key *sort(struct key *keys, struct key *spare, int64_t n)
{
    for (int64_t run = 1; run < n; run *= 2) {
        struct key *t = keys;
        for (int64_t i = 0; i < n; i += 2 * run) {
            int64_t m = n - i < run ? n - i : run;
            int64_t k = n - i - m < run ? n - i - m : run;
            merge(keys + i, m, keys + i + m, k, spare + i);
        }
        keys = spare;
        spare = t;
    }
    return keys;
}

int run_SORT(const struct kernel_call *call, struct kernel_failure *failure)
{
    const struct kernel_tile *s = kernel_operand(call, 0);
    const struct kernel_tile *p = kernel_operand(call, 1);
    const struct kernel_tile *a = kernel_operand(call, 2);
    int64_t n = a->rows * a->cols, rows = a->rows;
    struct key *keys = (struct key *)call->scratch;
    const struct key *sorted;
    double x[2];

    (void)failure;
    for (int64_t k = 0; k < n; k++) {
        entry_get(call->type, a, k % rows, k / rows, x);
        keys[k] = (struct key){x[0], k};
    }
    sorted = sort(keys, keys + n, n);
    for (int64_t k = 0; k < n; k++) {
        x[0] = sorted[k].value;
        x[1] = 0;
        entry_put(call->type, s, k % rows, k / rows, x);
        x[0] = (double)sorted[k].from;
        entry_put(call->type, p, k % rows, k / rows, x);
    }
    return 0;
}
