/* Matrix files: what can be read, what is refused and with which words, and
 * how a new file comes to its name.  Works in a folder of its own. */
#include "runtime/file.h"
#include "tests/unit/check.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- help --------------------------------------------------------------- */

static void report(int line, const char *what, const char *text)
{
    printf("FAILED %s:%d: %s: %s\n", __FILE__, line, what, text);
    check_failures++;
}

/* CHECK() without a line for what holds, for loops. */
#define MUST(CONDITION)                                                        \
    do {                                                                       \
        if (!(CONDITION))                                                      \
            report(__LINE__, #CONDITION, "");                                  \
    } while (0)

static void put_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *out = fopen(path, "wb");

    MUST(out && fwrite(bytes, 1, size, out) == size && fclose(out) == 0);
}

static void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

/* A .npy file from a dictionary and data; version 1, 2 or 3. */
static void put_npy(const char *path, int version, const char *dict,
                    const void *data, size_t size)
{
    size_t length = strlen(dict), prefix = version == 1 ? 10 : 12;
    char *bytes = calloc(prefix + length + size + 1, 1);

    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (char)version;
    bytes[8] = (char)(length & 255);
    bytes[9] = (char)(length >> 8 & 255);
    memcpy(bytes + prefix, dict, length);
    if (size)
        memcpy(bytes + prefix + length, data, size);
    put_bytes(path, bytes, prefix + length + size);
    free(bytes);
}

static int count_files(void)
{
    DIR *folder = opendir(".");
    int n = 0;

    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2;
}

/* An error has this status and these pieces of text (NULL ends), one line. */
static void expect_error(int line, const struct tm_error *error,
                         enum tm_status got, enum tm_status want,
                         const char *const *pieces)
{
    if (got != want || error->status != (int)want)
        report(line, "wrong status", error->text);
    for (; *pieces; pieces++)
        if (!strstr(error->text, *pieces))
            report(line, *pieces, error->text);
    if (strchr(error->text, '\n'))
        report(line, "more than one line", error->text);
}

/* file_open() fails like that; the text names the file. */
static void refuse(int line, const char *path, enum tm_status want,
                   const char *a, const char *b, const char *c)
{
    const char *pieces[] = {path, a, b, c, NULL};
    struct tm_error error = {0};
    struct file_info info;
    struct file *file = (struct file *)&error;
    enum tm_status got = file_open(path, &file, &info, &error);

    expect_error(line, &error, got, want, pieces);
    if (file)
        report(line, "a file in spite of the error", path);
}

#define REFUSE(PATH, STATUS, ...) REFUSE_(PATH, STATUS, __VA_ARGS__, NULL, NULL)
#define REFUSE_(PATH, STATUS, A, B, C, ...)                                    \
    refuse(__LINE__, PATH, STATUS, A, B, C)

static void refuse_text(int line, const char *path, const char *text,
                        const char *a, const char *b, const char *c)
{
    put(path, text);
    refuse(line, path, TM_EFILE, a, b, c);
}

#define REFUSE_TEXT(PATH, TEXT, ...)                                           \
    REFUSE_TEXT_(PATH, TEXT, __VA_ARGS__, NULL, NULL)
#define REFUSE_TEXT_(PATH, TEXT, A, B, C, ...)                                 \
    refuse_text(__LINE__, PATH, TEXT, A, B, C)

static void refuse_npy(int line, const char *dict, size_t size, const char *a,
                       const char *b, const char *c)
{
    static const char zeros[1000];

    put_npy("r.npy", 1, dict, zeros, size);
    refuse(line, "r.npy", TM_EFILE, a, b, c);
}

#define REFUSE_NPY(DICT, SIZE, ...)                                            \
    REFUSE_NPY_(DICT, SIZE, __VA_ARGS__, NULL, NULL)
#define REFUSE_NPY_(DICT, SIZE, A, B, C, ...)                                  \
    refuse_npy(__LINE__, DICT, SIZE, A, B, C)

/* The whole file as f64 or c128, column-major; NULL and a report when it
 * can't be read or isn't rows x cols. */
static double *take(int line, const char *path, int64_t rows, int64_t cols,
                    enum tm_type type, const char *stored)
{
    struct tm_error error = {0};
    struct file_info info;
    struct file *file;
    int wide = type == TM_C64 || type == TM_C128;
    double *data = calloc((size_t)(rows * cols * 2) + 1, sizeof *data);

    if (file_open(path, &file, &info, &error) ||
        file_read(file, 0, 0, info.rows, info.cols, wide ? TM_C128 : TM_F64,
                  info.rows == rows && info.cols == cols ? data : NULL,
                  info.rows, &error))
        report(line, path, error.text);
    else if (info.rows != rows || info.cols != cols || info.type != type ||
             strcmp(info.stored, stored) != 0)
        report(line, path, info.stored);
    file_close(file);
    return data;
}

/* The file has these real entries, column-major (a nan is any nan). */
static void expect(int line, const char *path, int64_t rows, int64_t cols,
                   enum tm_type type, const char *stored, const double *want)
{
    double *got = take(line, path, rows, cols, type, stored);
    int64_t parts = rows * cols, k;

    if (type == TM_C64 || type == TM_C128)
        parts *= 2;
    for (k = 0; k < parts; k++)
        if (got[k] != want[k] && (got[k] == got[k] || want[k] == want[k])) {
            printf("FAILED %s:%d: %s: number %" PRId64 " is %.17g, not "
                   "%.17g\n",
                   __FILE__, line, path, k, got[k], want[k]);
            check_failures++;
        }
    free(got);
}

#define EXPECT(PATH, ROWS, COLS, TYPE, STORED, ...)                            \
    expect(__LINE__, PATH, ROWS, COLS, TYPE, STORED,                           \
           (const double[]){__VA_ARGS__})

/* ---- .npy, in ----------------------------------------------------------- */

static void npy_kinds(void)
{
    static const struct {
        const char *code, *name;
        enum tm_type type;
        unsigned char bytes[16]; /* two entries */
        double a, b;
    } kinds[] = {
        {"|b1", "bool", TM_F64, {0, 7}, 0, 1},
        {"|i1", "int8", TM_F64, {128, 127}, -128, 127},
        {"|u1", "uint8", TM_F64, {128, 255}, 128, 255},
        {"<i2", "int16", TM_F64, {254, 255, 1, 2}, -2, 513},
        {">i2", "int16", TM_F64, {255, 254, 2, 1}, -2, 513},
        {"<u2", "uint16", TM_F64, {254, 255, 1, 2}, 65534, 513},
        {">u2", "uint16", TM_F64, {255, 254, 2, 1}, 65534, 513},
        {"<i4",
         "int32",
         TM_F64,
         {254, 255, 255, 255, 1, 0, 0, 128},
         -2,
         -2147483647.},
        {">i4",
         "int32",
         TM_F64,
         {255, 255, 255, 254, 128, 0, 0, 1},
         -2,
         -2147483647.},
        {"<u4",
         "uint32",
         TM_F64,
         {254, 255, 255, 255, 1, 0, 0, 128},
         4294967294.,
         2147483649.},
        {">u4",
         "uint32",
         TM_F64,
         {255, 255, 255, 254, 128, 0, 0, 1},
         4294967294.,
         2147483649.},
        {"<i8",
         "int64",
         TM_F64,
         {255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 32, 0},
         -1,
         0x1p53 /* 2^53 + 1, rounded */},
        {">i8",
         "int64",
         TM_F64,
         {255, 255, 255, 255, 255, 255, 255, 255, 0, 32, 0, 0, 0, 0, 0, 3},
         -1,
         0x1p53 + 4},
        {"<u8",
         "uint64",
         TM_F64,
         {255, 255, 255, 255, 255, 255, 255, 255, 1},
         0x1p64,
         1},
        {"<f2", "float16", TM_F32, {1, 0, 255, 251}, 0x1p-24, -65504},
        {">f2", "float16", TM_F32, {60, 1, 252, 0}, 1 + 0x1p-10, -INFINITY},
        {"<f2", "float16", TM_F32, {0, 126, 255, 4}, NAN, 0x1.3fcp-14},
        {"<f4",
         "float32",
         TM_F32,
         {0, 0, 192, 63, 0, 0, 128, 255},
         1.5,
         -INFINITY},
        {">f4",
         "float32",
         TM_F32,
         {63, 192, 0, 0, 255, 128, 0, 0},
         1.5,
         -INFINITY},
        {"<f8",
         "float64",
         TM_F64,
         {1, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 0, 192},
         1 + 0x1p-52,
         -2},
        {">f8",
         "float64",
         TM_F64,
         {63, 240, 0, 0, 0, 0, 0, 1, 192, 0, 0, 0, 0, 0, 0, 0},
         1 + 0x1p-52,
         -2},
        {"=f8",
         "float64",
         TM_F64,
         {1, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 0, 192},
         1 + 0x1p-52,
         -2},
    };
    char dict[200];
    size_t k;
    int fortran;

    for (k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (fortran = 0; fortran < 2; fortran++) {
            snprintf(dict, sizeof dict,
                     "{'descr': '%s', 'fortran_order': %s, 'shape': (1, 2)}",
                     kinds[k].code, fortran ? "True" : "False");
            put_npy("k.npy", 1, dict, kinds[k].bytes,
                    2 * (size_t)(kinds[k].code[2] - '0'));
            EXPECT("k.npy", 1, 2, kinds[k].type, kinds[k].name, kinds[k].a,
                   kinds[k].b);
        }
    put_npy("k.npy", 2,
            "{'descr': '>c8', 'fortran_order': False, 'shape': (1, 2), }\n",
            "\x3f\xc0\0\0\xc0\0\0\0\0\0\0\0\x3f\x80\0\0", 16);
    EXPECT("k.npy", 1, 2, TM_C64, "complex64", 1.5, -2, 0, 1);
    put_npy("k.npy", 3,
            "{'descr': '<c16', 'fortran_order': False, 'shape': (1, 1), }\n",
            "\0\0\0\0\0\0\xf8\x3f\0\0\0\0\0\0\0\xc0", 16);
    EXPECT("k.npy", 1, 1, TM_C128, "complex128", 1.5, -2);
}

static void npy_headers(void)
{
    static const char data[] = {1, 2, 3, 4, 5, 6};

#define NPY(DICT, ROWS, COLS, ...)                                             \
    put_npy("h.npy", 1, DICT, data, sizeof data);                              \
    EXPECT("h.npy", ROWS, COLS, TM_F64, "int8", __VA_ARGS__)
    NPY("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }   \n", 2,
        3, 1, 4, 2, 5, 3, 6);
    NPY("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }   \n", 2, 3,
        1, 2, 3, 4, 5, 6);
    NPY("{\"shape\":(3L,2L),\"fortran_order\":False,\"descr\":\"|i1\"}", 3, 2,
        1, 3, 5, 2, 4, 6);
    NPY("  { 'fortran_order' : True , 'descr' : '|i1' , 'shape' : ( 6 , ) , }",
        6, 1, 1, 2, 3, 4, 5, 6);
    NPY("{'descr': '|i1', 'fortran_order': False, 'shape': (1, 6,)}", 1, 6, 1,
        2, 3, 4, 5, 6);
#undef NPY
    put_npy("h.npy", 1,
            "{'descr': '|i1', 'fortran_order': False, "
            "'shape': ()}",
            data, 1);
    EXPECT("h.npy", 1, 1, TM_F64, "int8", 1);
    put_npy("h.npy", 1,
            "{'descr': '<f8', 'fortran_order': False, "
            "'shape': (0, 5)}",
            data, 0);
    EXPECT("h.npy", 0, 5, TM_F64, "float64", 0);
    put_npy("h.npy", 1,
            "{'descr': '<f8', 'fortran_order': False, "
            "'shape': (9223372036854775807, 0)}",
            data, 0);
    EXPECT("h.npy", INT64_MAX, 0, TM_F64, "float64", 0);
    /* no extension: its first bytes say what it is */
    put_npy("noname", 1,
            "{'descr': '|i1', 'fortran_order': False, "
            "'shape': ()}",
            data, 1);
    EXPECT("noname", 1, 1, TM_F64, "int8", 1);
    put_npy("UPPER.NPY", 1,
            "{'descr': '|i1', 'fortran_order': False, "
            "'shape': ()}",
            data, 1);
    EXPECT("UPPER.NPY", 1, 1, TM_F64, "int8", 1);
}

#define DICT(DESCR, ORDER, SHAPE)                                              \
    "{'descr': " DESCR ", 'fortran_order': " ORDER ", 'shape': " SHAPE "}\n"

static void npy_refused(void)
{
    /* types */
    REFUSE_NPY(DICT("'|O'", "False", "(2, 2)"), 32, "'|O'", "Python objects");
    REFUSE_NPY(DICT("'<U10'", "False", "(2,)"), 80, "'<U10'", "text");
    REFUSE_NPY(DICT("'|S3'", "False", "(2,)"), 6, "'|S3'", "text");
    REFUSE_NPY(DICT("'|V8'", "False", "(2,)"), 16, "'|V8'", "structures");
    REFUSE_NPY(DICT("'<M8[ns]'", "False", "(2,)"), 16, "'<M8[ns]'", "dates");
    REFUSE_NPY(DICT("'<f16'", "False", "(2,)"), 32, "'<f16'", "portable");
    REFUSE_NPY(DICT("'<c32'", "False", "(2,)"), 64, "'<c32'", "portable");
    REFUSE_NPY(DICT("[('a', '<f8'), ('b', '<i4')]", "False", "(2,)"), 24,
               "structured type", "('a', '<f8')");
    REFUSE_NPY(DICT("'f8'", "False", "(1,)"), 8, "'f8'");
    REFUSE_NPY(DICT("'|f8'", "False", "(1,)"), 8, "'|f8'");
    REFUSE_NPY(DICT("'<f3'", "False", "(1,)"), 8, "'<f3'");
    REFUSE_NPY(DICT("''", "False", "(1,)"), 8, "''");
    /* shapes */
    REFUSE_NPY(DICT("'<f8'", "False", "(2, 3, 4)"), 192, "(2, 3, 4)",
               "3 dimensions");
    REFUSE_NPY(DICT("'<f8'", "False", "(1,1,1,1,1)"), 8, "5 dimensions");
    REFUSE_NPY(DICT("'<f8'", "False", "(3)"), 24, "(3,)", "offset");
    REFUSE_NPY(DICT("'<f8'", "False", "(-3,)"), 24, "whole number", "offset");
    REFUSE_NPY(DICT("'<f8'", "False", "(9223372036854775808,)"), 0, "2^63");
    REFUSE_NPY(DICT("'<f8'", "False", "(3037000500, 3037000500)"), 8,
               "(3037000500, 3037000500)", "2^63", "8");
    /* sizes: both numbers */
    REFUSE_NPY(DICT("'<f8'", "False", "(3, 4)"), 95, "cut short", "96", "95");
    REFUSE_NPY(DICT("'<f8'", "False", "(3, 4)"), 99, "3 bytes behind its data",
               "96", "99");
    /* the dictionary */
    REFUSE_NPY("", 0, "offset 10: '{' is missing");
    REFUSE_NPY("{", 0, "offset 11", "in quotes");
    REFUSE_NPY("{}", 0, "descr, fortran_order or shape is missing");
    REFUSE_NPY("{'descr': '<f8', 'shape': ()}", 8, "is missing");
    REFUSE_NPY("{'descr': '<f8', 'descr': '<f8'}", 8, "twice");
    REFUSE_NPY("{'descr': '<f8', 'other': 3}", 8, "name other than");
    REFUSE_NPY("{'descr' '<f8'}", 8, "':' is missing");
    REFUSE_NPY("{'descr': '<f8' 'shape': ()}", 8, "',' or '}'", "offset 26");
    REFUSE_NPY("{'descr': '<f8', 'fortran_order': 1}", 8,
               "neither True nor False");
    REFUSE_NPY("{'descr': 8}", 8, "type like '<f8'");
    REFUSE_NPY("{'descr': '<f8}", 8, "type like '<f8'");
    REFUSE_NPY("{'shape': 3}", 8, "shape like (3, 4)");
    REFUSE_NPY("{'shape': (3", 8, "offset 22");
    REFUSE_NPY("{'shape': (3 4)}", 8, "',' or ')'");
    REFUSE_NPY(DICT("'<f8'", "True", "()") "x", 8, "behind '}'");
    /* before it */
    put("r.npy", "");
    REFUSE("r.npy", TM_EFILE, "is empty");
    put("r.npy", "1,2,3\n");
    REFUSE("r.npy", TM_EFILE, "not a .npy file");
    put_bytes("r.npy", "\x93NUMPY\1", 7);
    REFUSE("r.npy", TM_EFILE, "cut short", "7 bytes");
    put_bytes("r.npy", "\x93NUMPY\2\0\2\0{}", 11);
    REFUSE("r.npy", TM_EFILE, "cut short", "11 bytes");
    put_bytes("r.npy", "\x93NUMPY\4\0\2\0{}{}", 14);
    REFUSE("r.npy", TM_EFILE, "version 4.0", "3.0");
    put_bytes("r.npy", "\x93NUMPY\1\0\7\0{}", 12);
    REFUSE("r.npy", TM_EFILE, "cut short", "17 bytes", "12");
    put_bytes("r.npy", "\x93NUMPY\2\0\377\377\377\377{}", 14);
    REFUSE("r.npy", TM_EFILE, "cut short", "4294967307 bytes", "14");
}

/* All blocks of a matrix in every order, type and byte order, against its
 * formula: row * 100 + col. */
static void npy_blocks(int64_t rows, int64_t cols, int fortran, int big,
                       int is_float)
{
    size_t size = (size_t)(rows * cols) * (is_float ? 4 : 8), k;
    char *data = malloc(size), *at = data, dict[100];
    int64_t i, j, m, n, ld, a, b, bad = 0;
    struct tm_error error = {0};
    struct file_info info;
    struct file *file;
    double d, got[2];
    float f;
    char *block;
    uint64_t seed = 7;
    int type, turn;
    static const size_t widths[] = {0, 4, 8, 8, 16};

    for (a = 0; a < rows * cols; a++) {
        i = fortran ? a % rows : a / cols;
        j = fortran ? a / rows : a % cols;
        d = (double)(i * 100 + j);
        f = (float)d;
        memcpy(at, is_float ? (void *)&f : (void *)&d, is_float ? 4 : 8);
        for (k = 0; big && k < (is_float ? 2 : 4); k++) {
            char c = at[k];
            at[k] = at[(is_float ? 3 : 7) - k];
            at[(is_float ? 3 : 7) - k] = c;
        }
        at += is_float ? 4 : 8;
    }
    snprintf(dict, sizeof dict,
             "{'descr': '%c%s', 'fortran_order': %s, "
             "'shape': (%d, %d), }",
             big ? '>' : '<', is_float ? "f4" : "f8",
             fortran ? "True" : "False", (int)rows, (int)cols);
    put_npy("b.npy", 1, dict, data, size);
    free(data);
    MUST(file_open("b.npy", &file, &info, &error) == TM_OK);
    for (turn = 0; turn < 40; turn++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        i = (int64_t)((seed >> 20) % (uint64_t)rows);
        j = (int64_t)((seed >> 40) % (uint64_t)cols);
        m = rows - i;
        n = cols - j;
        if (turn % 4 == 1)
            m = m > 3 ? 3 : m;
        if (turn % 4 == 2)
            n = n > 3 ? 3 : n;
        if (turn % 4 == 3)
            i = j = 0, m = rows, n = cols;
        type = 1 + turn % 4;
        ld = m + (turn % 3 == 0 ? 5 : 0);
        block = malloc((size_t)(ld * n) * widths[type]);
        memset(block, 0x7e, (size_t)(ld * n) * widths[type]);
        MUST(file_read(file, i, j, m, n, (enum tm_type)type, block, ld,
                       &error) == TM_OK);
        for (b = 0; b < n; b++)
            for (a = 0; a < ld; a++) {
                char *e = block + (size_t)(b * ld + a) * widths[type];

                got[1] = 0;
                if (a >= m) { /* behind the block nothing changes */
                    for (k = 0; k < widths[type]; k++)
                        bad += e[k] != 0x7e;
                    continue;
                }
                if (type == TM_F32 || type == TM_C64) {
                    memcpy(&f, e, 4);
                    got[0] = (double)f;
                    if (type == TM_C64) {
                        memcpy(&f, e + 4, 4);
                        got[1] = (double)f;
                    }
                } else {
                    memcpy(got, e, widths[type]);
                }
                bad += got[0] != (double)((i + a) * 100 + j + b) || got[1] != 0;
            }
        free(block);
    }
    MUST(bad == 0);
    file_close(file);
}

static void npy_all_blocks(void)
{
    static const int64_t shapes[][2] = {{1, 1},    {7, 5},     {1, 90},
                                        {90, 1},   {200, 99},  {3, 9000},
                                        {9000, 3}, {40, 6000}, {900, 700}};
    size_t k;
    int bits;

    for (k = 0; k < sizeof shapes / sizeof shapes[0]; k++)
        for (bits = 0; bits < 8; bits++)
            npy_blocks(shapes[k][0], shapes[k][1], bits & 1, bits & 2,
                       bits & 4);
}

/* ---- MatrixMarket, in --------------------------------------------------- */

#define MM "%%MatrixMarket matrix "

static void mtx_good(void)
{
    put("m.mtx", MM "array real general\n% comment\n\n2 3\n1\n2e0\n+3\n"
                    "%x\n-4.5\n\nnan\n.5\n");
    EXPECT("m.mtx", 2, 3, TM_F64, "real", 1, 2, 3, -4.5, NAN, .5);
    put("m.mtx", "%%matrixmarket MATRIX Coordinate\tREAL General\r\n"
                 " 2 3  3 \r\n1 1 1\r\n 2\t3 -inf \r\n1 1 0.25");
    EXPECT("m.mtx", 2, 3, TM_F64, "real", 1.25, 0, 0, 0, 0, -INFINITY);
    put("m.mtx", MM "coordinate pattern symmetric\n2 2 2\n1 1\n2 1\n");
    EXPECT("m.mtx", 2, 2, TM_F64, "pattern", 1, 1, 1, 0);
    put("m.mtx", MM "coordinate integer skew-symmetric\n2 2 1\n2 1 7\n");
    EXPECT("m.mtx", 2, 2, TM_F64, "integer", 0, 7, -7, 0);
    put("m.mtx", MM "coordinate real skew-symmetric\n2 2 2\n2 1 7\n1 1 0\n");
    EXPECT("m.mtx", 2, 2, TM_F64, "real", 0, 7, -7, 0);
    put("m.mtx", MM "coordinate complex hermitian\n2 2 2\n1 1 5 0\n"
                    "2 1 1 2\n");
    EXPECT("m.mtx", 2, 2, TM_C128, "complex", 5, 0, 1, 2, 1, -2, 0, 0);
    put("m.mtx", MM "array real symmetric\n3 3\n1\n2\n3\n4\n5\n6\n");
    EXPECT("m.mtx", 3, 3, TM_F64, "real", 1, 2, 3, 2, 4, 5, 3, 5, 6);
    put("m.mtx", MM "array integer skew-symmetric\n3 3\n1\n2\n3\n");
    EXPECT("m.mtx", 3, 3, TM_F64, "integer", 0, 1, 2, -1, 0, 3, -2, -3, 0);
    put("m.mtx", MM "array complex hermitian\n2 2\n1 0\n2 3\n4 0\n");
    EXPECT("m.mtx", 2, 2, TM_C128, "complex", 1, 0, 2, 3, 2, -3, 4, 0);
    put("m.mtx", MM "array complex symmetric\n2 2\n1 9\n2 3\n4 0\n");
    EXPECT("m.mtx", 2, 2, TM_C128, "complex", 1, 9, 2, 3, 2, 3, 4, 0);
    put("m.mtx", MM "array complex skew-symmetric\n2 2\n2 3\n");
    EXPECT("m.mtx", 2, 2, TM_C128, "complex", 0, 0, 2, 3, -2, -3, 0, 0);
    put("m.mtx", MM "array integer general\n1 1\n123456789012345678901\n");
    EXPECT("m.mtx", 1, 1, TM_F64, "integer", 123456789012345678901.);
    put("m.mtx", MM "array real skew-symmetric\n1 1\n");
    EXPECT("m.mtx", 1, 1, TM_F64, "real", 0);
    put("m.mtx", MM "array real skew-symmetric\n0 0\n");
    EXPECT("m.mtx", 0, 0, TM_F64, "real", 0);
    put("m.mtx", MM "array real general\n0 5\n");
    EXPECT("m.mtx", 0, 5, TM_F64, "real", 0);
    put("market", MM "array real general\n1 1\n3\n");
    EXPECT("market", 1, 1, TM_F64, "real", 3);
}

static void mtx_refused(void)
{
    char text[200], machine[40];
    int64_t bytes = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);

    REFUSE_TEXT("r.mtx", "", "is empty");
    REFUSE_TEXT("r.mtx", "1,2\n", "not a MatrixMarket file");
    REFUSE_TEXT("r.mtx", "%%MatrixMarket vector array real general\n",
                "line 1, column 16", "'vector' is not matrix");
    REFUSE_TEXT("r.mtx", MM "sparse real general\n",
                "'sparse' is not array, coordinate");
    REFUSE_TEXT("r.mtx", MM "array double general\n",
                "'double' is not real, integer, pattern or complex");
    REFUSE_TEXT("r.mtx", MM "array real\n", "'' is not general");
    REFUSE_TEXT("r.mtx", MM "array real general x\n", "behind the symmetry");
    REFUSE_TEXT("r.mtx", MM "array pattern general\n1 1\n", "line 1", "array",
                "pattern");
    REFUSE_TEXT("r.mtx", MM "coordinate pattern skew-symmetric\n1 1 0\n",
                "pattern", "skew-symmetric");
    REFUSE_TEXT("r.mtx", MM "array real hermitian\n1 1\n1\n", "real",
                "hermitian");
    REFUSE_TEXT("r.mtx", MM "array real general\n% only\n", "line 3",
                "before the line of its sizes");
    REFUSE_TEXT("r.mtx", MM "array real general\n2\n", "line 2, column 2",
                "number of columns is missing");
    REFUSE_TEXT("r.mtx", MM "array real general\n2 x\n", "line 2, column 3",
                "'x'", "whole number");
    REFUSE_TEXT("r.mtx", MM "array real general\n-2 2\n", "'-2'");
    REFUSE_TEXT("r.mtx", MM "array real general\n9223372036854775808 1\n",
                "'9223372036854775808'");
    REFUSE_TEXT("r.mtx", MM "array real general\n2 2 4\n", "line 2, column 5",
                "'4' is more");
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 2\n",
                "number of entries is missing");
    REFUSE_TEXT("r.mtx", MM "array real symmetric\n2 3\n", "square", "2 x 3");
    /* counts: where, and both numbers */
    REFUSE_TEXT("r.mtx", MM "array real general\n2 2\n1\n2\n3\n", "line 6",
                "after 3 entries", "line 2 says 4");
    REFUSE_TEXT("r.mtx", MM "array real general\n2 2\n1\n2\n3\n4\n\n5\n%\n6\n",
                "line 8", "more entries than line 2 says", "6, not 4");
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 2 2\n1 1 1\n",
                "after 1 entries", "line 2 says 2");
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 2 0\n1 1 1\n", "line 3",
                "1, not 0");
    REFUSE_TEXT("r.mtx", MM "array real symmetric\n2 2\n1\n2\n3\n4\n",
                "4, not 3");
    /* entries */
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 3 1\n0 1 1\n", "line 3",
                "(0, 1)", "2 x 3");
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 3 1\n1 4 1\n", "line 3",
                "(1, 4)", "2 x 3");
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 3 1\n1 -1 1\n",
                "line 3, column 3", "'-1'");
    REFUSE_TEXT("r.mtx", MM "coordinate real symmetric\n2 2 1\n1 2 1\n",
                "(1, 2)", "above the diagonal", "symmetric");
    REFUSE_TEXT("r.mtx", MM "coordinate real skew-symmetric\n2 2 1\n2 2 3\n",
                "(2, 2)", "is 3, not 0");
    REFUSE_TEXT("r.mtx", MM "coordinate complex hermitian\n2 2 1\n2 2 3 4\n",
                "(2, 2)", "part 4, not 0");
    REFUSE_TEXT("r.mtx", MM "coordinate real general\n2 2 1\n1 1\n",
                "line 3, column 4", "a value is missing");
    REFUSE_TEXT("r.mtx", MM "coordinate pattern general\n2 2 1\n1 1 1\n",
                "line 3, column 5", "'1' is more");
    REFUSE_TEXT("r.mtx", MM "array real general\n1 1\n1x\n", "line 3, column 1",
                "'1x' is not a number");
    REFUSE_TEXT("r.mtx", MM "array real general\n2 1\n1 2\n",
                "line 3, column 3", "'2' is more");
    REFUSE_TEXT("r.mtx", MM "array complex general\n1 1\n1\n",
                "line 3, column 2", "a value is missing");
    REFUSE_TEXT("r.mtx", MM "array integer general\n1 1\n1.5\n",
                "'1.5' is not an integer");
    REFUSE_TEXT("r.mtx", MM "array integer general\n1 1\nnan\n",
                "'nan' is not an integer");
    REFUSE_TEXT("r.mtx", MM "array integer general\n1 1\n-inf\n",
                "'-inf' is not an integer");
    /* too big */
    put("r.mtx", MM "coordinate real general\n1000000000 1000000000 1\n"
                    "1 1 1\n");
    REFUSE("r.mtx", TM_EMEMORY, "1000000000 x 1000000000", "8e+18",
           "1099511627776");
    put("r.mtx", MM "array real general\n9223372036854775807 "
                    "9223372036854775807\n");
    REFUSE("r.mtx", TM_EMEMORY, "9223372036854775807", "1099511627776");
    if (bytes < (int64_t)1 << 39) {
        snprintf(text, sizeof text, "%s%s\n%" PRId64 " 2\n", MM,
                 "array real general", bytes / 8);
        snprintf(machine, sizeof machine, "this machine has %" PRId64, bytes);
        put("r.mtx", text);
        snprintf(text, sizeof text, "%" PRId64 " bytes", bytes / 8 * 16);
        REFUSE("r.mtx", TM_EMEMORY, text, machine);
    }
}

/* ---- CSV, in ------------------------------------------------------------ */

static void csv_good(void)
{
    put("c.csv", "1,2,3\n4,5,6\n");
    EXPECT("c.csv", 2, 3, TM_F64, "real", 1, 4, 2, 5, 3, 6);
    put("c.csv", "\xef\xbb\xbf a ,\"b \"\"q\"\", x\",c\r\n"
                 " nan ,-inf,+1\r\n1e5,\t.5\t, -0x\r\n");
    REFUSE("c.csv", TM_EFILE, "line 3, column 11", "field 3, '-0x'");
    put("c.csv", "\xef\xbb\xbf a ,\"b \"\"q\"\", x\",c\r\n"
                 " nan ,-inf,+1\r\n1e5,\t.5\t, -0.");
    EXPECT("c.csv", 2, 3, TM_F64, "real", NAN, 1e5, -INFINITY, .5, 1, 0);
    put("c.csv", "1;2\n3;4\n\n \n\r\n");
    EXPECT("c.csv", 2, 2, TM_F64, "real", 1, 3, 2, 4);
    put("c.csv", "1\t2 \n 3\t4\n");
    EXPECT("c.csv", 2, 2, TM_F64, "real", 1, 3, 2, 4);
    put("c.csv", "x\n1\n2\n-Infinity");
    EXPECT("c.csv", 3, 1, TM_F64, "real", 1, 2, -INFINITY);
    put("c.csv", "7");
    EXPECT("c.csv", 1, 1, TM_F64, "real", 7);
    put("c.csv", "\xef\xbb\xbf"
                 "7");
    EXPECT("c.csv", 1, 1, TM_F64, "real", 7);
    put("c.csv", "a,b,c\n");
    EXPECT("c.csv", 0, 3, TM_F64, "real", 0);
    put("c.csv", ",a,b\n1,2,3\n"); /* an empty field is no reason against */
    EXPECT("c.csv", 1, 3, TM_F64, "real", 1, 2, 3);
    put("c.csv", "\"1\",\"2\"\n3,4\n"); /* quotes make a name of a number */
    EXPECT("c.csv", 1, 2, TM_F64, "real", 3, 4);
}

static void csv_refused(void)
{
    REFUSE_TEXT("r.csv", "", "is empty");
    REFUSE_TEXT("r.csv", "\n1,2\n", "line 1", "first line is empty");
    REFUSE_TEXT("r.csv", "\xef\xbb\xbf", "first line is empty");
    REFUSE_TEXT("r.csv", "1,,3\n", "line 1, column 3", "field 2 of 3 is empty");
    REFUSE_TEXT("r.csv", "1,2\n3, \n", "line 2, column 3",
                "field 2 of 2 is empty");
    REFUSE_TEXT("r.csv", "1,2,3\n\n4,5,6\n", "line 3", "line 2 is empty");
    REFUSE_TEXT("r.csv", "1,2,3\n4,5\n", "line 2", "has 2 fields",
                "line 1 has 3");
    REFUSE_TEXT("r.csv", "a,b\n4,5,6,7\n", "line 2", "has 4 fields",
                "line 1 has 2");
    REFUSE_TEXT("r.csv", "1,2\n3,four\n", "line 2, column 3",
                "field 2, 'four', is not a number");
    REFUSE_TEXT("r.csv", "1,2\n3,\"4\"\n", "field 2, '\"4\"', is not");
    REFUSE_TEXT("r.csv", "1,2\n1e,4\n", "'1e'");
    REFUSE_TEXT("r.csv", "1,2\n1.2.3,4\n", "'1.2.3'");
    REFUSE_TEXT("r.csv", "1,2\n--1,4\n", "'--1'");
    REFUSE_TEXT("r.csv", "1,2\n0x10,4\n", "'0x10'");
    REFUSE_TEXT("r.csv", "1,2\nnan(1),4\n", "'nan(1)'");
    REFUSE_TEXT("r.csv", "1\n\x01\n", "'?'");
    REFUSE_TEXT("r.csv",
                "1\n0123456789012345678901234567890123456789"
                "0123456789x\n",
                "...'");
    put_bytes("r.csv", "1\0,2\n", 5);
    REFUSE("r.csv", TM_EFILE, "line 1, column 2", "zero byte");
    put_bytes("r.csv", "1,2\n1\0,2\n", 9);
    REFUSE("r.csv", TM_EFILE, "line 2");
    REFUSE_TEXT("r.dat", "1,2\n", "neither its name", ".npy", ".csv");
}

/* Numbers: ours against strtod(), where they are hard. */
static void numbers(void)
{
    static const char *const hard[] = {
        "0.1",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.0000000000000000000000000000000000001",
        "1e22",
        "1e23",
        "123456789e-22",
        "123456789e-23",
        "8.98846567431158e307",
        "1.7976931348623159e308",
        "1e400",
        "-1e400",
        "2.2250738585072011e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1e-400",
        "-0",
        "-0.0e999999999999999999999",
        "0e-999999999999999999999",
        "1e-999999999999999999999",
        "00000000000000000000000000000000000000000000000000000000001.5",
        "0.000000000000000000000000000000000000000000000000000000015e57",
        "123456789012345678901234567890e-30",
        "18446744073709551615",
        "18446744073709551616",
        "1844674407370955160",
        "1844674407370955161.9",
        "0.30000000000000004",
        "6.0221408570000000e+23",
        "5e-1",
        "1.E2",
        ".5e+1",
    };
    char text[200];
    size_t k;
    double want, *got;
    uint64_t seed = 3, a, b;

    for (k = 0; k < sizeof hard / sizeof hard[0] + 2000; k++) {
        if (k < sizeof hard / sizeof hard[0]) {
            snprintf(text, sizeof text, "%s", hard[k]);
        } else { /* any bits with any number of digits */
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            a = seed ^ seed >> 29;
            if ((a >> 52 & 2047) == 2047)
                a ^= (uint64_t)1 << 60;
            memcpy(&want, &a, 8);
            snprintf(text, sizeof text, "%.*g", (int)(seed >> 33) % 25, want);
        }
        want = strtod(text, NULL);
        put("n.csv", text);
        got = take(__LINE__, "n.csv", 1, 1, TM_F64, "real");
        memcpy(&a, &want, 8);
        memcpy(&b, got, 8);
        if (a != b)
            report(__LINE__, "number", text);
        free(got);
    }
}

/* Lines longer than any buffer, and a file of many pieces. */
static void csv_long(void)
{
    enum { COLS = 100000, ROWS = 7 };
    FILE *out = fopen("long.csv", "w");
    double *got;
    int64_t i, j, bad = 0;

    for (i = 0; i < ROWS; i++)
        for (j = 0; j < COLS; j++)
            fprintf(out, "%d%s", (int)(i * COLS + j),
                    j + 1 < COLS ? "," : "\r\n");
    fclose(out);
    got = take(__LINE__, "long.csv", ROWS, COLS, TM_F64, "real");
    for (i = 0; i < ROWS; i++)
        for (j = 0; j < COLS; j++)
            bad += got[j * ROWS + i] != (double)(i * COLS + j);
    CHECK(bad == 0);
    free(got);
    remove("long.csv");
}

/* ---- other failures of reading ------------------------------------------ */

static void not_files(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX,
                                  .sun_path = "socket.csv"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    char name[600] = "";
    int k;

    REFUSE("missing.npy", TM_EIO, "cannot read missing.npy: No such file");
    CHECK(mkdir("folder.npy", 0700) == 0);
    REFUSE("folder.npy", TM_EFILE, "is a folder");
    CHECK(mkfifo("pipe.csv", 0600) == 0);
    REFUSE("pipe.csv", TM_EFILE, "is a pipe");
    REFUSE("/dev/null", TM_EFILE, "is a device");
    CHECK(bind(fd, (void *)&address, sizeof address) == 0);
    REFUSE("socket.csv", TM_EFILE, "is not a regular file");
    close(fd);
    put("locked.csv", "1");
    CHECK(chmod("locked.csv", 0) == 0);
    if (geteuid() != 0)
        REFUSE("locked.csv", TM_EIO, "Permission denied");
    REFUSE("r.dat/x.csv", TM_EIO, "Not a directory");
    /* a message is one line and names the end of a long path */
    {
        struct tm_error error = {0};
        struct file_info info;
        struct file *file;

        CHECK(file_open("a\nb\x7f.npy", &file, &info, &error) == TM_EIO);
        CHECK(strstr(error.text, "a?b?.npy: No such file") != NULL);
        for (k = 0; k < 290; k++)
            strcat(name, "./");
        strcat(name, "x.npy");
        error = (struct tm_error){0};
        CHECK(file_open(name, &file, &info, &error) == TM_EIO);
        CHECK(strncmp(error.text, "cannot read ...", 15) == 0);
        CHECK(strstr(error.text, "/./x.npy: No such file") != NULL);
    }
    remove("folder.npy");
    remove("pipe.csv");
    remove("socket.csv");
    remove("locked.csv");
}

/* A file that changes while it is open; want: what the message has. */
static void changes(const char *path, void (*change)(const char *path),
                    const char *a, const char *b)
{
    const char *pieces[] = {path, "since it was opened", a, b, NULL};
    struct tm_error error = {0};
    struct file_info info;
    struct file *file;
    struct file_stamp stamp;
    double got[6];
    enum tm_status status;

    put("t.npy", "");
    put_npy("t.npy", 1,
            "{'descr': '<f8', 'fortran_order': True, "
            "'shape': (2, 3)}",
            "000000001111111122222222333333334444444455"
            "555555",
            48);
    put("t.csv", "1,2,3\n4,5,6\n");
    MUST(file_open(path, &file, &info, &error) == TM_OK);
    MUST(file_read(file, 0, 0, 2, 3, TM_F64, got, 2, &error) == TM_OK);
    file_stamp(file, &stamp);
    MUST(stamp.bytes > 10 && stamp.seconds > 0 && stamp.start != 0);
    change(path);
    status = file_read(file, 0, 0, 2, 3, TM_F64, got, 2, &error);
    expect_error(__LINE__, &error, status, TM_EFILE, pieces);
    error = (struct tm_error){0};
    MUST(file_read(file, 0, 0, 0, 3, TM_F64, got, 2, &error) == TM_EFILE);
    file_close(file);
}

static void cut(const char *path)
{
    MUST(truncate(path, 9) == 0);
}

static void append(const char *path)
{
    FILE *out = fopen(path, "a");

    MUST(out && fputc('x', out) == 'x' && fclose(out) == 0);
}

static void touch(const char *path)
{
    struct timeval times[2] = {{1000000000, 0}, {1000000000, 5000}};

    MUST(utimes(path, times) == 0);
}

static void replace(const char *path)
{
    put("other", "something else");
    MUST(rename("other", path) == 0);
}

static void all_changes(void)
{
    struct tm_error error = {0};
    struct file_info info;
    struct file *file;
    double got[6] = {0};

    changes("t.npy", cut, "bytes, now it has 9", NULL);
    changes("t.npy", append, "bytes, now it has", NULL);
    changes("t.npy", touch, "its time was", "1000000000.005000000");
    changes("t.csv", cut, "it had 12 bytes, now it has 9", NULL);
    changes("t.csv", append, "it had 12 bytes, now it has 13", NULL);
    changes("t.csv", touch, "its time was", "1000000000.005000000");
    /* a file that is replaced under its name is still the one we have */
    put("t.csv", "1,2,3\n4,5,6\n");
    error = (struct tm_error){0};
    CHECK(file_open("t.csv", &file, &info, &error) == TM_OK);
    replace("t.csv");
    CHECK(file_read(file, 0, 0, 2, 3, TM_F64, got, 2, &error) == TM_OK);
    CHECK(got[5] == 6);
    file_close(file);
    file_close(NULL);
}

/* Calls that are wrong end in a status, not in a crash. */
static void wrong_calls(void)
{
    struct tm_error error = {0};
    struct file_info info;
    struct file *file;
    struct writer *writer;
    double got[6];
    static const int64_t blocks[][5] = {
        {-1, 0, 1, 1, 1}, {0, -1, 1, 1, 1},
        {0, 0, -1, 1, 1}, {0, 0, 1, -1, 1},
        {0, 0, 3, 1, 3},  {2, 0, 1, 1, 1},
        {0, 3, 1, 1, 1},  {0, 0, 1, 4, 1},
        {0, 0, 2, 1, 1},  {1, 0, INT64_MAX, 1, INT64_MAX}};
    size_t k;

    put("w.csv", "1,2,3\n4,5,6\n");
    CHECK(file_open("w.csv", &file, &info, &error) == TM_OK);
    for (k = 0; k < sizeof blocks / sizeof blocks[0]; k++) {
        error = (struct tm_error){0};
        CHECK(file_read(file, blocks[k][0], blocks[k][1], blocks[k][2],
                        blocks[k][3], TM_F64, got, blocks[k][4],
                        &error) == TM_EBUG);
        CHECK(strstr(error.text, "w.csv") && strstr(error.text, "2 x 3"));
    }
    error = (struct tm_error){0};
    CHECK(file_read(file, 0, 0, 1, 1, (enum tm_type)5, got, 1, &error) ==
          TM_EBUG);
    file_close(file);
    put("w.mtx", MM "array complex general\n1 1\n1 2\n");
    error = (struct tm_error){0};
    CHECK(file_open("w.mtx", &file, &info, &error) == TM_OK);
    CHECK(file_read(file, 0, 0, 1, 1, TM_F64, got, 1, &error) == TM_EBUG);
    file_close(file);
    error = (struct tm_error){0};
    CHECK(file_create("w.npy", TM_F64, -1, 2, &writer, &error) == TM_EBUG);
    error = (struct tm_error){0};
    CHECK(file_create("w.npy", TM_F64, 2, 2, &writer, &error) == TM_OK);
    CHECK(file_write(writer, 1, 0, 2, 1, got, 1, 2, &error) == TM_EBUG);
    file_abandon(writer);
    file_abandon(NULL);
}

/* ---- out ---------------------------------------------------------------- */

/* Real and imaginary part of entry (i, j) in the tests of writing: some are
 * hard to print. */
static double part(int64_t i, int64_t j, int which, int is_float)
{
    double x = (double)(i * 31 - j * 17) / (which ? 3 : 7);

    if (i == 0 && j == 0)
        x = which ? -0.0 : 1e-310;
    if (i == 1 && j == 0)
        x = INFINITY;
    if (i == 0 && j == 1)
        x = 0.1;
    return is_float ? (double)(float)x : x;
}

/* Write in blocks of b x c from memory with strides, read back, compare bit
 * by bit. */
static void round_trip(const char *path, enum tm_type type, int64_t rows,
                       int64_t cols, int64_t b, int64_t c, int order)
{
    static const size_t widths[] = {0, 4, 8, 8, 16};
    size_t width = widths[type];
    int parts = type >= TM_C64 ? 2 : 1, p;
    int is_float = type == TM_F32 || type == TM_C64;
    char *source = calloc((size_t)(rows * cols) * 2 + 1, width), *at;
    char *got = calloc((size_t)(rows * cols) + 1, width);
    struct tm_error error = {0};
    struct file_info info = {0};
    struct file *file;
    struct writer *writer = NULL;
    int64_t i, j, rs, cs, first = 0, bad = 0;
    int files;
    double x, y;
    float f;

    rs = order == 0 ? 1 : order == 1 ? cols : order == 2 ? 2 : -1;
    cs = order == 0 ? rows : order == 1 ? 1 : order == 2 ? 2 * rows : -rows;
    if (order == 3) /* backwards */
        first = rows * cols - 1;
    for (j = 0; j < cols; j++)
        for (i = 0; i < rows; i++)
            for (p = 0; p < parts; p++) {
                at = source + (first + i * rs + j * cs) * (int64_t)width;
                x = part(i, j, p, is_float);
                f = (float)x;
                if (is_float)
                    memcpy(at + p * 4, &f, 4);
                else
                    memcpy(at + p * 8, &x, 8);
            }
    put(path, "old contents");
    files = count_files();
    MUST(file_create(path, type, rows, cols, &writer, &error) == TM_OK);
    if (!writer) {
        report(__LINE__, path, error.text);
        return;
    }
    MUST(count_files() == files + 1);
    for (j = cols - 1 - (cols ? (cols - 1) % c : 0); j >= 0; j -= c)
        for (i = 0; i < rows; i += b)
            MUST(file_write(writer, i, j, b < rows - i ? b : rows - i,
                            c < cols - j ? c : cols - j,
                            source + (first + i * rs + j * cs) * (int64_t)width,
                            rs, cs, &error) == TM_OK);
    MUST(file_commit(writer, &error) == TM_OK);
    MUST(count_files() == files);
    MUST(file_open(path, &file, &info, &error) == TM_OK);
    if (!file) {
        report(__LINE__, path, error.text);
        return;
    }
    MUST(info.rows == rows && info.cols == cols);
    MUST((info.type >= TM_C64) == (type >= TM_C64));
    MUST(file_read(file, 0, 0, rows, cols, type, got, rows, &error) == TM_OK);
    for (j = 0; j < cols; j++)
        for (i = 0; i < rows; i++)
            for (p = 0; p < parts; p++) {
                at = got + (i + j * rows) * (int64_t)width;
                if (is_float) {
                    memcpy(&f, at + p * 4, 4);
                    y = (double)f;
                } else {
                    memcpy(&y, at + p * 8, 8);
                }
                x = part(i, j, p, is_float);
                bad += memcmp(&x, &y, 8) != 0;
            }
    MUST(bad == 0);
    file_close(file);
    free(source);
    free(got);
}

static void round_trips(void)
{
    static const char *const paths[] = {"o.npy", "./o.mtx", "o.csv"};
    static const int64_t shapes[][4] = {
        {1, 1, 1, 1}, {5, 7, 2, 3},     {7, 5, 7, 2},       {1, 9, 1, 4},
        {9, 1, 4, 1}, {40, 30, 40, 30}, {1500, 20, 1400, 9}};
    size_t k, s;
    int type, order;

    for (k = 0; k < 3; k++)
        for (type = TM_F32; type <= (k == 2 ? TM_F64 : TM_C128); type++)
            for (order = 0; order < 4; order++)
                for (s = 0; s < sizeof shapes / sizeof shapes[0] &&
                            (type == TM_F64 || type % 4 == order);
                     s++)
                    round_trip(paths[k], (enum tm_type)type, shapes[s][0],
                               shapes[s][1], shapes[s][2], shapes[s][3], order);
    for (k = 0; k < 2; k++) {
        round_trip(paths[k], TM_F64, 0, 5, 1, 1, 0);
        round_trip(paths[k], TM_F64, 5, 0, 1, 1, 0);
        round_trip(paths[k], TM_C128, 0, 0, 1, 1, 0);
    }
}

/* What the files look like. */
static void contents(const char *path, const char *want, size_t size)
{
    char got[1000];
    FILE *in = fopen(path, "rb");
    size_t n = in ? fread(got, 1, sizeof got, in) : 0;

    if (in)
        fclose(in);
    if (n != size || memcmp(got, want, size) != 0) {
        printf("FAILED: %s has %.*s\n", path, (int)n, got);
        check_failures++;
    }
}

static void written(const char *path, enum tm_type type, int64_t rows,
                    int64_t cols, const void *data)
{
    struct tm_error error = {0};
    struct writer *writer;

    MUST(file_create(path, type, rows, cols, &writer, &error) == TM_OK);
    MUST(file_write(writer, 0, 0, rows, cols, data, 1, rows, &error) == TM_OK);
    MUST(file_commit(writer, &error) == TM_OK);
}

static void looks(void)
{
    static const double d[] = {1, -0.0, 0.1, NAN, 1e300, -INFINITY};
    static const float f[] = {0.1f, 16777216, 1 / 3.f, 1.5f};
    static const char real[] = MM "array real general\n2 2\n1\n-0\n0.1\nnan\n";
    static const char complex[] = MM "array complex general\n1 2\n"
                                     "0.1 16777216\n0.33333334 1.5\n";
    static const char start[] =
        "\x93NUMPY\1\0\x76\0{'descr': '<f8', 'fortran_order': True, "
        "'shape': (2, 3), }";
    char npy[128 + 48];

    written("l.csv", TM_F64, 2, 3, d);
    contents("l.csv", "1,0.1,1e+300\n-0,nan,-inf\n", 25);
    written("l.csv", TM_F64, 0, 3, d);
    contents("l.csv", "", 0);
    REFUSE("l.csv", TM_EFILE, "is empty");
    written("l.mtx", TM_F64, 2, 2, d);
    contents("l.mtx", real, strlen(real));
    written("l.mtx", TM_C64, 1, 2, f);
    contents("l.mtx", complex, strlen(complex));
    written("l.npy", TM_F64, 2, 3, d);
    memset(npy, ' ', sizeof npy);
    memcpy(npy, start, sizeof start - 1);
    npy[127] = '\n';
    memcpy(npy + 128, d, 48);
    contents("l.npy", npy, sizeof npy);
}

/* A host's locale changes neither what is read nor what is written, and
 * stays as it was. */
static void locales(void)
{
    static const double d[] = {0.5, 1e22 / 3};

    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE"))
        return;
    written("i.csv", TM_F64, 2, 1, d);
    EXPECT("i.csv", 2, 1, TM_F64, "real", d[0], d[1]);
    CHECK(strtod("0,5", NULL) == 0.5);
    setlocale(LC_ALL, "C");
}

static void refuse_target(int line, const char *path, enum tm_type type,
                          enum tm_status want, const char *a, const char *b)
{
    const char *pieces[] = {path, a, b, NULL};
    struct tm_error error = {0};
    struct writer *writer = (struct writer *)&error;
    int files = count_files();
    enum tm_status status;

    if (type == TM_F64) {
        status = file_check_target(path, &error);
        expect_error(line, &error, status, want, pieces);
        error = (struct tm_error){0};
    }
    status = file_create(path, type, 2, 2, &writer, &error);
    expect_error(line, &error, status, want, pieces);
    if (writer || count_files() != files)
        report(line, "something is left", path);
}

static void targets(void)
{
    struct tm_error error = {0};
    struct writer *one, *two;
    struct stat found;
    char name[300];
    double d[4] = {1, 2, 3, 4};
    int files;

    refuse_target(__LINE__, "x.dat", TM_F64, TM_EUSAGE, ".npy", ".csv");
    refuse_target(__LINE__, "", TM_F64, TM_EUSAGE, ".npy", "''");
    refuse_target(__LINE__, "nowhere/x.npy", TM_F64, TM_EIO,
                  "folder nowhere: No such file", NULL);
    put("plain", "x");
    refuse_target(__LINE__, "plain/x.npy", TM_F64, TM_EIO,
                  "plain is not a folder", NULL);
    CHECK(mkdir("d.npy", 0700) == 0);
    refuse_target(__LINE__, "d.npy", TM_F64, TM_EIO, "a folder", NULL);
    CHECK(mkfifo("p.csv", 0600) == 0);
    refuse_target(__LINE__, "p.csv", TM_F64, TM_EIO, "a pipe", NULL);
    CHECK(symlink("/dev/null", "n.npy") == 0);
    refuse_target(__LINE__, "n.npy", TM_F64, TM_EIO, "a device", NULL);
    refuse_target(__LINE__, "x.csv", TM_C64, TM_EUSAGE, "complex", NULL);
    refuse_target(__LINE__, "/dev/stdout", TM_F64, TM_EUSAGE, ".npy", NULL);
    memset(name, 'x', sizeof name);
    strcpy(name + 280, ".npy");
    refuse_target(__LINE__, name, TM_F64, TM_EIO, "too long", NULL);
    CHECK(mkdir("shut", 0500) == 0);
    if (geteuid() != 0)
        refuse_target(__LINE__, "shut/x.npy", TM_F64, TM_EIO,
                      "folder shut: Permission denied", NULL);
    CHECK(file_create("x.npy", TM_F64, INT64_MAX, 2, &one, &error) ==
          TM_EMEMORY);
    CHECK(strstr(error.text, "x.npy") && strstr(error.text, "2^63"));
    error = (struct tm_error){0};
    CHECK(file_create("x.csv", TM_F64, 1 << 30, 1 << 30, &one, &error) ==
          TM_EMEMORY);
    CHECK(strstr(error.text, "x.csv") && strstr(error.text, "1099511627776"));

    /* the longest name there can be */
    strcpy(name + 251, ".npy");
    written(name, TM_F64, 2, 2, d);
    CHECK(remove(name) == 0);

    /* two at a time for one name; the later commit stays */
    error = (struct tm_error){0};
    files = count_files();
    CHECK(file_check_target("two.npy", &error) == TM_OK);
    CHECK(count_files() == files);
    CHECK(file_create("two.npy", TM_F64, 2, 2, &one, &error) == TM_OK);
    CHECK(file_create("two.npy", TM_F64, 4, 1, &two, &error) == TM_OK);
    CHECK(count_files() == files + 2);
    CHECK(access("two.npy", F_OK) != 0);
    CHECK(file_write(two, 0, 0, 4, 1, d, 1, 4, &error) == TM_OK);
    CHECK(file_commit(one, &error) == TM_OK);
    CHECK(file_commit(two, &error) == TM_OK);
    CHECK(count_files() == files + 1);
    EXPECT("two.npy", 4, 1, TM_F64, "float64", 1, 2, 3, 4);

    /* giving up leaves what was there */
    CHECK(file_create("two.npy", TM_F64, 2, 2, &one, &error) == TM_OK);
    file_abandon(one);
    CHECK(count_files() == files + 1);
    EXPECT("two.npy", 4, 1, TM_F64, "float64", 1, 2, 3, 4);

    /* a link is replaced, what it leads to isn't */
    CHECK(symlink("two.npy", "link.npy") == 0);
    written("link.npy", TM_F64, 2, 1, d);
    CHECK(lstat("link.npy", &found) == 0 && S_ISREG(found.st_mode));
    EXPECT("two.npy", 4, 1, TM_F64, "float64", 1, 2, 3, 4);

    /* the working folder may change on the way */
    CHECK(file_create("cd.csv", TM_F64, 1, 1, &one, &error) == TM_OK);
    CHECK(chdir("shut") == 0);
    CHECK(file_commit(one, &error) == TM_OK);
    CHECK(chdir("..") == 0);
    EXPECT("cd.csv", 1, 1, TM_F64, "real", 0);

    /* a folder that appears under the name in the meantime */
    CHECK(file_create("late.csv", TM_F64, 1, 1, &one, &error) == TM_OK);
    CHECK(mkdir("late.csv", 0700) == 0);
    files = count_files();
    CHECK(file_commit(one, &error) == TM_EIO);
    CHECK(strstr(error.text, "cannot write late.csv: Is a directory"));
    CHECK(count_files() == files - 1);
}

/* No file descriptor is left, whatever happened. */
static int open_descriptors(void)
{
    int fd, n = 0;

    for (fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) != -1;
    return n;
}

int main(void)
{
    char folder[] = "test_file.XXXXXX", command[60];
    int before = open_descriptors();

    if (!mkdtemp(folder) || chdir(folder)) {
        perror(folder);
        return 99;
    }
    npy_kinds();
    npy_headers();
    npy_refused();
    npy_all_blocks();
    mtx_good();
    mtx_refused();
    csv_good();
    csv_refused();
    csv_long();
    numbers();
    not_files();
    all_changes();
    wrong_calls();
    round_trips();
    looks();
    locales();
    targets();
    CHECK(open_descriptors() == before);
    CHECK(chdir("..") == 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0);
    return CHECK_END();
}
