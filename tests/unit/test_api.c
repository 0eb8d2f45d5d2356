/* The public functions: what they give, and what they say when used wrongly.
 * Works in a folder of its own below the current one. */
#include "tilematrix/tilematrix.h"

#include "tests/unit/check.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct tm_plan *compile(const char *text)
{
    struct tm_plan *plan = NULL;
    struct tm_message *why = NULL;

    if (tm_compile_text("test.tm", text, 0, NULL, &plan, &why))
        printf("%s", tm_message_text(why));
    tm_message_free(why);
    return plan;
}

static struct tm_run *run_new(const struct tm_plan *plan)
{
    struct tm_run *run = NULL;

    CHECK(plan && !tm_run_new(plan, &run));
    return run;
}

static void finish(struct tm_run *run, struct tm_plan *plan)
{
    tm_run_free(run);
    tm_plan_free(plan);
}

static int says(const struct tm_run *run, const char *text)
{
    int found = strstr(tm_run_error(run), text) != NULL;

    if (!found)
        printf("# %s\n", tm_run_error(run));
    return found;
}

static int reports(const struct tm_run *run, const char *text)
{
    int found = strstr(tm_run_error_report(run), text) != NULL;

    if (!found)
        printf("# %s\n", tm_run_error_report(run));
    return found;
}

static int exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static const char product[] = "input A(m, k)\ninput B(k, n)\n"
                              "C = A * B\noutput C\n";

enum { M = 37, K = 29, N = 23 };

/* ---- memory ------------------------------------------------------------- */

/* Rows or columns side by side, backwards, with gaps, in f64 and f32. */
static void test_memory(void)
{
    static double a[M * K], b[2 * K * N], c[M * N + 5];
    static float small[M * K];
    struct tm_plan *plan = compile(product);
    struct tm_run *run = run_new(plan);
    double worst = 0, sum;
    int i, j, k;

    for (i = 0; i < M * K; i++)
        small[i] = (float)(a[i] = i % 11 - 5);
    for (i = 0; i < 2 * K * N; i++)
        b[i] = i % 7 - 3;
    CHECK(!tm_run_tile(run, 8, 8));
    CHECK(!tm_run_bind_memory(run, "A", a, TM_F64, M, K, K, 1));
    CHECK(!tm_run_bind_memory(run, "B", b + 2 * K * N - 2, TM_F64, K, N, -2,
                              -2 * K));
    CHECK(!tm_run_bind_memory(run, "C", c, TM_F64, M, N, 1, M));
    CHECK(!tm_run_execute(run));
    CHECK(!*tm_run_error(run));
    for (i = 0; i < M; i++)
        for (j = 0; j < N; j++) {
            for (k = 0, sum = -c[i + j * M]; k < K; k++)
                sum += a[i * K + k] * b[2 * K * N - 2 - 2 * k - 2 * K * j];
            worst = fmax(worst, fabs(sum));
        }
    CHECK(worst == 0);
    CHECK(c[M * N] == 0);
    /* again, with another A, as f32 meets f64: refused with both names */
    CHECK(!tm_run_bind_memory(run, "A", small, TM_F32, M, K, K, 1));
    CHECK(tm_run_execute(run) == TM_ESCRIPT);
    CHECK(says(run, "B is f64 and meets A, which is f32"));
    finish(run, plan);
    /* "is f64" converts */
    plan = compile("input A(m, k) is f64\nC = A + A\noutput C\n");
    run = run_new(plan);
    CHECK(!tm_run_bind_memory(run, "A", small, TM_F32, M, K, K, 1));
    CHECK(!tm_run_keep(run, "C"));
    CHECK(!tm_run_tile(run, 10, 10));
    CHECK(!tm_run_execute(run));
    if (!*tm_run_error(run)) {
        struct tm_view view;
        CHECK(!tm_run_result(run, "C", &view));
        CHECK(view.type == TM_F64 && view.rows == M && view.cols == K);
        CHECK(((const double *)view.data)[3 + 2 * M] == 2 * a[3 * K + 2]);
        CHECK(tm_run_result(run, "D", &view) == TM_EUSAGE && !view.data);
    }
    finish(run, plan);
}

/* Complex memory with any strides: rows of c64, backwards; c128 results. */
static void test_complex(void)
{
    static float a[2 * M * K];
    static double g[2 * K * K];
    struct tm_plan *plan =
        compile("input A(m, k)\nG = c128(A' * A)\nn = norm(A)\n"
                "output G, n\n");
    struct tm_run *run = run_new(plan);
    struct tm_view view;
    double worst = 0, square = 0;
    int i, j, k;

    for (i = 0; i < 2 * M * K; i++) {
        a[i] = (float)(i % 11 - 5);
        square += a[i] * a[i];
    }
    /* A(i, j) is entry M K - 1 - (i K + j) */
    CHECK(!tm_run_bind_memory(run, "A", a + 2 * (M * K - 1), TM_C64, M, K, -K,
                              -1));
    CHECK(!tm_run_bind_memory(run, "G", g, TM_C128, K, K, 1, K));
    CHECK(!tm_run_keep(run, "n"));
    CHECK(!tm_run_tile(run, 8, 8));
    CHECK(!tm_run_execute(run));
    CHECK(!*tm_run_error(run));
    for (i = 0; i < K; i++)
        for (j = 0; j < K; j++) {
            double re = -g[2 * (i + j * K)], im = -g[2 * (i + j * K) + 1];
            for (k = 0; k < M; k++) {
                const float *x = a + 2 * (M * K - 1 - (k * K + i));
                const float *y = a + 2 * (M * K - 1 - (k * K + j));
                re += x[0] * y[0] + x[1] * y[1];
                im += x[0] * y[1] - x[1] * y[0];
            }
            worst = fmax(worst, fmax(fabs(re), fabs(im)));
        }
    CHECK(worst == 0);
    CHECK(!tm_run_result(run, "n", &view) && view.type == TM_F32);
    if (view.data)
        CHECK(fabs(*(const float *)view.data / sqrt(square) - 1) < 1e-6);
    finish(run, plan);
    /* "is f64" does not take it */
    plan = compile("input A(m, k) is f64\nC = A + A\noutput C\n");
    run = run_new(plan);
    CHECK(!tm_run_bind_memory(run, "A", a, TM_C64, M, K, K, 1));
    CHECK(tm_run_execute(run) == TM_ESCRIPT);
    CHECK(says(run, "A is f64, and the memory bound to it is c64"));
    finish(run, plan);
}

/* Input and output in the same memory: the input is read before it goes. */
static void test_in_place(void)
{
    static double x[40 * 40], want[40 * 40];
    struct tm_plan *plan = compile("input C(n, n)\nC = C' + C * C\n"
                                   "output C\n");
    struct tm_run *run = run_new(plan);
    int i, j, k;

    for (i = 0; i < 1600; i++)
        x[i] = i * i % 17 - 8;
    for (i = 0; i < 40; i++)
        for (j = 0; j < 40; j++)
            for (k = 0, want[i + j * 40] = x[j + i * 40]; k < 40; k++)
                want[i + j * 40] += x[i + k * 40] * x[k + j * 40];
    tm_run_tile(run, 7, 7);
    CHECK(!tm_run_bind_memory(run, "C", x, TM_F64, 40, 40, 1, 40));
    CHECK(!tm_run_bind_memory(run, "C", x, TM_F64, 40, 40, 1, 40));
    CHECK(tm_run_bind_memory(run, "C", x, TM_F64, 40, 40, 1, 40) == TM_EUSAGE);
    CHECK(says(run, "C is bound twice"));
    CHECK(!tm_run_execute(run));
    CHECK(!memcmp(x, want, sizeof x));
    finish(run, plan);
}

/* ---- wrong use ---------------------------------------------------------- */

static void test_names(void)
{
    struct tm_plan *plan = compile("param s = 2\ninput A(m, k)\n"
                                   "B = s * A\noutput B\n");
    struct tm_run *run = run_new(plan);
    double x[4] = {1, 2, 3, 4};

    CHECK(!strcmp(tm_plan_parameter(plan, 0), "s"));
    CHECK(!strcmp(tm_plan_input(plan, 0), "A") && !tm_plan_input(plan, 1));
    CHECK(!strcmp(tm_plan_output(plan, 0), "B") && !tm_plan_output(plan, 1));
    CHECK(tm_run_execute(run) == TM_EUSAGE);
    CHECK(says(run, "is not bound") && says(run, "inputs are A"));
    CHECK(tm_run_bind_file(run, "X", "x.npy") == TM_EUSAGE);
    CHECK(says(run, "X") && says(run, "inputs are A") &&
          says(run, "outputs are B"));
    CHECK(tm_run_keep(run, "A") == TM_EUSAGE);
    CHECK(tm_run_set(run, "t", "1") == TM_EUSAGE && says(run, "s"));
    CHECK(tm_run_set(run, "s", "many") == TM_EUSAGE);
    CHECK(!tm_run_set(run, "s", "3"));
    CHECK(tm_run_set(run, "s", "4") == TM_EUSAGE && says(run, "twice"));
    CHECK(tm_run_tile(run, 0, 3) == TM_EUSAGE);
    CHECK(tm_run_threads(run, -1) == TM_EUSAGE);
    CHECK(tm_run_bind_memory(run, "A", NULL, TM_F64, 2, 2, 1, 2) == TM_EUSAGE);
    CHECK(tm_run_bind_memory(run, "A", x, (enum tm_type)9, 2, 2, 1, 2) ==
          TM_EUSAGE);
    CHECK(tm_run_bind_memory(run, "A", x, TM_F64, 2, 2, 0, 2) == TM_EUSAGE);
    CHECK(tm_run_bind_memory(run, "A", x, TM_F64, 2, INT64_MAX, 1, 2) ==
          TM_EUSAGE);
    CHECK(!tm_run_bind_memory(run, "A", x, TM_F64, 2, 2, 1, 2));
    CHECK(tm_run_bind_file(run, "A", "x.npy") == TM_EUSAGE);
    CHECK(says(run, "A is bound twice"));
    CHECK(!tm_run_bind_memory(run, "B", x, TM_F64, 2, 1, 1, 2));
    CHECK(tm_run_execute(run) == TM_ESCRIPT);
    CHECK(says(run, "output B is 2 x 2") && says(run, "2 x 1"));
    CHECK(!tm_run_keep(run, "B"));
    CHECK(!tm_run_execute(run));
    finish(run, plan);
}

static void test_compile(void)
{
    struct tm_options *options = NULL;
    struct tm_plan *plan = NULL;
    struct tm_message *why = NULL;

    CHECK(tm_compile_text("bad.tm", "C = A *\n", 0, NULL, &plan, &why) ==
          TM_ESCRIPT);
    CHECK(!plan && strstr(tm_message_text(why), "bad.tm:1:"));
    tm_message_free(why);
    CHECK(!tm_options_new(&options));
    CHECK(!tm_options_define(options, "zz", "1"));
    CHECK(tm_compile_text("a.tm", "param n = 3\nprint(n)\n", 0, options, &plan,
                          &why) == TM_EUSAGE);
    CHECK(!plan && strstr(tm_message_text(why), "zz"));
    tm_message_free(why);
    tm_options_free(options);
    CHECK(tm_compile_file("no such file.tm", NULL, &plan, &why) == TM_EIO);
    CHECK(strstr(tm_message_text(why), "no such file.tm"));
    tm_message_free(why);
    CHECK(tm_plan_open("no such.plan", &plan, NULL) == TM_EIO && !plan);
    CHECK(tm_plan_load("TMPLAN", 6, &plan, &why) == TM_EFILE && !plan);
    tm_message_free(why);
    CHECK(!strcmp(tm_message_text(NULL), ""));
    CHECK(strstr(tm_version_details(), "nanomsg"));
}

/* ---- files -------------------------------------------------------------- */

static void test_files(void)
{
    struct tm_plan *plan = compile("A = fill(30, 20, 1.5)\nB = 2 * A\n"
                                   "output A, B\n"),
                   *again = NULL;
    struct tm_run *run = run_new(plan);
    struct tm_view view;

    CHECK(!tm_run_bind_file(run, "B", "made.npy"));
    CHECK(!tm_run_execute(run));
    CHECK(exists("A.npy") && exists("made.npy"));
    CHECK(!tm_run_bind_file(run, "B", "A.npy"));
    CHECK(tm_run_execute(run) == TM_EUSAGE && says(run, "both go to"));
    CHECK(!tm_run_bind_file(run, "B", "no folder/B.npy"));
    CHECK(tm_run_execute(run) != TM_OK && says(run, "no folder"));
    CHECK(!tm_plan_save(plan, "made.plan", NULL));
    finish(run, plan);
    CHECK(!tm_plan_open("made.plan", &again, NULL));
    CHECK(again && !strcmp(tm_plan_output(again, 1), "B"));
    tm_plan_free(again);

    plan = compile("input A(m, n)\nA = A + 1\noutput A\n");
    run = run_new(plan);
    CHECK(!tm_run_bind_file(run, "A", "A.npy"));
    CHECK(tm_run_execute(run) == TM_EUSAGE && says(run, "would replace"));
    CHECK(!tm_run_bind_file(run, "A", "made.npy"));
    CHECK(!tm_run_keep(run, "A"));
    CHECK(!tm_run_execute(run));
    CHECK(!tm_run_result(run, "A", &view) && view.rows == 30 &&
          ((const double *)view.data)[599] == 4);
    finish(run, plan);
    unlink("A.npy");
    unlink("made.npy");
    unlink("made.plan");
}

/* ---- failures ----------------------------------------------------------- */

static void print(void *user, const char *line)
{
    strcat(user, line);
    strcat(user, "|");
}

static void test_failure(void)
{
    struct tm_plan *plan = compile("A = fill(50, 50, -1)\n"
                                   "print(\"before\")\n"
                                   "B = fill(9, 9, 1)\n"
                                   "L = chol(A)\n"
                                   "print(\"after\", sum(L))\n"
                                   "output B, L\n");
    struct tm_run *run = run_new(plan);
    char lines[200] = "";

    tm_run_tile(run, 16, 16);
    tm_run_on_print(run, print, lines);
    CHECK(tm_run_execute(run) == TM_ESCRIPT);
    CHECK(says(run, "A is not positive definite: leading minor 1"));
    CHECK(tm_run_error_line(run) == 4);
    CHECK(reports(run, "test.tm:4:"));
    CHECK(reports(run, "| L = chol(A)"));
    CHECK(reports(run, "note: in chol of the library"));
    CHECK(!strcmp(lines, "before|"));
    CHECK(!exists("B.npy") && !exists("L.npy"));
    finish(run, plan);
}

static void *cancel_later(void *run)
{
    struct timespec wait = {0, 30000000};

    nanosleep(&wait, NULL);
    tm_run_cancel(run);
    return NULL;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* While it computes, and while it only walks. */
static void test_cancel(void)
{
    static const char *const scripts[] = {
        "A = rand(6000, 6000)\nC = A * A\noutput C\n",
        "t = 0\nfor i in 0..2000000000\n  t = t + i\nend\nprint(t)\n"};
    size_t k;

    for (k = 0; k < 2; k++) {
        struct tm_plan *plan = compile(scripts[k]);
        struct tm_run *run = run_new(plan);
        pthread_t thread;
        double start = seconds();
        tm_run_tile(run, 200, 200);
        pthread_create(&thread, NULL, cancel_later, run);
        CHECK(tm_run_execute(run) == TM_ECANCELLED);
        CHECK(seconds() - start < 2);
        pthread_join(thread, NULL);
        CHECK(!exists("C.npy"));
        finish(run, plan);
    }
}

/* Same bits, lines and progress for any number of threads, again and again
 * on one run; two runs of one plan at once. */
static void *execute(void *run)
{
    return tm_run_execute(run) ? run : NULL;
}

static void progress(void *user, const struct tm_progress *now)
{
    *(struct tm_progress *)user = *now;
}

static void test_again(void)
{
    struct tm_plan *plan = compile("A = spd(200)\nL = chol(A)\n"
                                   "print(sum(L))\noutput L\n");
    struct tm_run *runs[2] = {run_new(plan), run_new(plan)};
    static double first[200 * 200];
    struct tm_progress last = {0};
    struct tm_view view;
    pthread_t thread;
    void *failed;
    int k, same = 1;

    for (k = 0; k < 2; k++) {
        tm_run_tile(runs[k], 48, 48);
        tm_run_keep(runs[k], "L");
    }
    tm_run_on_progress(runs[0], progress, &last);
    for (k = 0; k < 6; k++) {
        tm_run_threads(runs[0], 1 + k % 3);
        tm_run_threads(runs[1], 1 + k % 2);
        pthread_create(&thread, NULL, execute, runs[1]);
        same &= !tm_run_execute(runs[0]);
        pthread_join(thread, &failed);
        same &= !failed && !tm_run_result(runs[0], "L", &view);
        if (!k)
            memcpy(first, view.data, sizeof first);
        same &= !memcmp(first, view.data, sizeof first);
        same &= !tm_run_result(runs[1], "L", &view) &&
                !memcmp(first, view.data, sizeof first);
    }
    CHECK(same);
    CHECK(last.whole && last.tasks > 0 && last.flops > 0 &&
          fabs(last.total_flops - last.flops) < 1);
    tm_run_free(runs[0]);
    finish(runs[1], plan);
}

/* No rows, no columns, one entry. */
static void test_small(void)
{
    struct tm_plan *plan = compile(product);
    double a[3] = {1, 2, 3}, b[3] = {4, 5, 6}, c[1] = {-1};
    struct tm_run *run = run_new(plan);
    struct tm_view view;

    CHECK(!tm_run_bind_memory(run, "A", a, TM_F64, 1, 3, 1, 1));
    CHECK(!tm_run_bind_memory(run, "B", b, TM_F64, 3, 1, 1, 3));
    CHECK(!tm_run_bind_memory(run, "C", c, TM_F64, 1, 1, 1, 1));
    CHECK(!tm_run_execute(run) && c[0] == 32);
    CHECK(!tm_run_bind_memory(run, "A", NULL, TM_F64, 0, 3, 1, 1));
    CHECK(!tm_run_keep(run, "C"));
    CHECK(!tm_run_execute(run));
    CHECK(!tm_run_result(run, "C", &view) && view.rows == 0 && view.cols == 1);
    CHECK(!tm_run_bind_memory(run, "A", a, TM_F64, 1, 0, 1, 1));
    CHECK(!tm_run_bind_memory(run, "B", b, TM_F64, 0, 1, 1, 3));
    CHECK(!tm_run_bind_memory(run, "C", c, TM_F64, 1, 1, 1, 1));
    CHECK(!tm_run_execute(run) && c[0] == 0);
    finish(run, plan);
}

/* A profile counts each task of the last execution, and no longer than it is
 * asked for; a trace that can't be written is an error of the execution. */
static void test_profile(void)
{
    struct tm_plan *plan = compile("A = spd(100)\nL = chol(A)\noutput L\n");
    struct tm_run *run = run_new(plan);
    struct tm_progress last = {0};
    char tasks[40];

    CHECK(!*tm_run_profile_text(run) && !*tm_run_profile_json(run));
    CHECK(!tm_run_tile(run, 16, 16) && !tm_run_keep(run, "L"));
    CHECK(!tm_run_profile(run, 1) && !tm_run_trace(run, "trace.json"));
    tm_run_on_progress(run, progress, &last);
    CHECK(!tm_run_execute(run) && last.tasks);
    snprintf(tasks, sizeof tasks, "\"tasks\":%d,", (int)last.tasks);
    CHECK(strstr(tm_run_profile_json(run), tasks));
    snprintf(tasks, sizeof tasks, "\n%d tasks, ", (int)last.tasks);
    CHECK(strstr(tm_run_profile_text(run), tasks));
    CHECK(!access("trace.json", R_OK) && !remove("trace.json"));
    CHECK(!tm_run_trace(run, "no/trace.json"));
    CHECK(tm_run_execute(run) == TM_EIO && *tm_run_error(run));
    CHECK(!tm_run_trace(run, NULL) && !tm_run_profile(run, 0));
    CHECK(!tm_run_execute(run) && !*tm_run_profile_json(run));
    finish(run, plan);
}

/* A result in memory column by column, where tiles have homes, has the bits
 * of one row by row, where they have none; and so once more in the memory of
 * the last result. */
static void test_homes(void)
{
    static const char *const texts[] = {
        "input A(n, n)\nC = A + 2 * A' - A .* A\noutput C\n",
        /* an earlier version is still read while the tile is written */
        "input A(n, n)\nmatrix C(n, n)\nmatrix D(n, n)\n"
        "for k in 0..4\n  for i in 0..trows(C)\n    for j in 0..tcols(C)\n"
        "      C[i,j] = A[j,i]' + k * C[i,j]\n      D[i,j] += C[i,j] .* C[i,j]\n"
        "    end\n  end\nend\noutput C, D\n",
        /* writes that the next ones hide */
        "input A(n, n)\nmatrix C(n, n)\n"
        "for k in 0..9\n  for i in 0..trows(C)\n    for j in 0..tcols(C)\n"
        "      C[i,j] = k * A[i,j]\n    end\n  end\nend\noutput C\n",
        /* tiles that nobody writes, a source, a result that is read */
        "input A(n, n)\nmatrix D(n, n)\nD[0,0] = A[0,0] + A[1,1]\n"
        "C = rand(n, n)\nE = C * (A - C)\noutput C, D, E\n",
        "input A(n, n)\nC = tril(A) + A\nD = C\nE = A'\noutput C, D, E\n"};
    enum { N = 50 };
    static double a[N * N], rows[N * N];
    size_t t;
    int k, threads;

    for (k = 0; k < N * N; k++)
        a[k] = sin(k);
    for (t = 0; t < sizeof texts / sizeof *texts; t++)
        for (threads = 1; threads < 4; threads += 2) {
            struct tm_plan *plan = compile(texts[t]);
            struct tm_run *run = run_new(plan), *plain = run_new(plan);
            const char *name;
            uint32_t n;
            CHECK(!tm_run_threads(run, threads) && !tm_run_tile(run, 8, 8));
            CHECK(!tm_run_threads(plain, threads) && !tm_run_tile(plain, 8, 8));
            CHECK(!tm_run_bind_memory(run, "A", a, TM_F64, N, N, 1, N));
            CHECK(!tm_run_bind_memory(plain, "A", a, TM_F64, N, N, 1, N));
            for (n = 0; (name = tm_plan_output(plan, n)); n++)
                CHECK(!tm_run_keep(run, name));
            for (n = 0; (name = tm_plan_output(plan, n)); n++) {
                struct tm_view view;
                const char *other;
                uint32_t m;
                int differ = 0;
                for (m = 0; (other = tm_plan_output(plan, m)); m++)
                    CHECK(m == n ? !tm_run_bind_memory(plain, name, rows,
                                                       TM_F64, N, N, N, 1)
                                 : !tm_run_keep(plain, other));
                CHECK(!tm_run_execute(plain) && !*tm_run_error(plain));
                CHECK(!tm_run_execute(run) && !*tm_run_error(run));
                CHECK(!tm_run_result(run, name, &view) && view.data);
                for (k = 0; view.data && k < N * N; k++)
                    differ += rows[k] != ((const double *)
                                              view.data)[k % N * N + k / N];
                CHECK(!differ);
            }
            tm_run_free(plain);
            finish(run, plan);
        }
}

int main(void)
{
    char folder[] = "test_api_XXXXXX";

    setvbuf(stdout, NULL, _IOLBF, 0);
    CHECK(mkdtemp(folder) && !chdir(folder));
    test_memory();
    test_complex();
    test_in_place();
    test_names();
    test_compile();
    test_files();
    test_failure();
    test_cancel();
    test_again();
    test_small();
    test_homes();
    test_profile();
    CHECK(!chdir("..") && !rmdir(folder));
    return CHECK_END();
}
