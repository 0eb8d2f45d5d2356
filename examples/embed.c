/* C = A*B on a program's own arrays, with libtilematrix:
 *
 *     cc embed.c $(pkg-config --cflags --libs tilematrix) -o embed */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tilematrix/tilematrix.h>

static const char script[] = "input A(m, k)\n"
                             "input B(k, n)\n"
                             "C = A * B\n"
                             "output C\n";

enum { M = 300, K = 200, N = 130 };

static double a[M * K];                   /* row-major: stride K, 1 */
static double b[K * N], c[M * N];         /* column-major: stride 1, rows */

static void fill(double *x, int count, int seed)
{
    for (int i = 0; i < count; i++)
        x[i] = (i * 7 + seed) % 13 - 6;
}

/* The largest difference between C and the sum written out. */
static double difference(void)
{
    double worst = 0;

    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0;

            for (int k = 0; k < K; k++)
                sum += a[i * K + k] * b[k + j * K];
            sum = fabs(sum - c[i + j * M]);
            worst = sum > worst ? sum : worst;
        }
    return worst;
}

int main(void)
{
    struct tm_plan *plan = NULL;
    struct tm_run *run = NULL;
    struct tm_message *why = NULL;
    int status = 1;

    fill(a, M * K, 1);
    fill(b, K * N, 5);
    if (tm_compile_text("embed", script, 0, NULL, &plan, &why)) {
        fputs(tm_message_text(why), stderr);
        goto done;
    }
    if (tm_run_new(plan, &run) ||
        tm_run_tile(run, 64, 64) ||
        tm_run_bind_memory(run, "A", a, TM_F64, M, K, K, 1) ||
        tm_run_bind_memory(run, "B", b, TM_F64, K, N, 1, K) ||
        tm_run_bind_memory(run, "C", c, TM_F64, M, N, 1, M) ||
        tm_run_execute(run)) {
        fprintf(stderr, "embed: %s\n", run ? tm_run_error(run) : "no memory");
        goto done;
    }
    printf("C is %d x %d, largest difference %g\n", M, N, difference());
    status = difference() > 0; /* whole numbers: the product is exact */
done:
    tm_run_free(run);
    tm_plan_free(plan);
    tm_message_free(why);
    return status;
}
