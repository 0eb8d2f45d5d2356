/* The public functions that need no run: versions, messages, options, and
 * plans from scripts, files and bytes. */
#include "api/private.h"
#include "compiler/compile.h"
#include "runtime/kernel.h"
#include "runtime/net.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- versions ----------------------------------------------------------- */

static pthread_once_t kernels_once = PTHREAD_ONCE_INIT;
static struct { /* what the one start of the kernels gave */
    struct tm_error error;
    char details[600];
} kernels;

static void start_once(void)
{
    error_clear(&kernels.error);
    kernel_start(NULL, &kernels.error);
    if (kernels.error.status)
        snprintf(kernels.details, sizeof kernels.details, "%.500s\n%s\n",
                 kernels.error.text, net_describe());
    else
        snprintf(kernels.details, sizeof kernels.details, "%.500s%s%s\n",
                 kernel_describe(), strchr(kernel_describe(), '\n') ? "" : "\n",
                 net_describe());
}

int api_start_kernels(struct tm_error *error)
{
    pthread_once(&kernels_once, start_once);
    if (kernels.error.status)
        *error = kernels.error;
    return kernels.error.status;
}

const char *tm_version(void)
{
    return TM_VERSION;
}

const char *tm_version_details(void)
{
    pthread_once(&kernels_once, start_once);
    return kernels.details;
}

const char *tm_status_text(enum tm_status status)
{
    switch (status) {
    case TM_OK: return "done";
    case TM_ESCRIPT: return "the script is wrong, or its data do not fit it";
    case TM_EUSAGE: return "a call or command line is wrong";
    case TM_EFILE: return "a plan or an input file is not what it claims to be";
    case TM_EPEER: return "workers were lost and can't be replaced";
    case TM_EMEMORY: return "out of memory or disk";
    case TM_EIO: return "an input, output or network failure";
    case TM_EBUG: return "a fault of Tilematrix";
    case TM_ECANCELLED: return "cancelled";
    }
    return "unknown status";
}

/* ---- messages ----------------------------------------------------------- */

const char *tm_message_text(const struct tm_message *message)
{
    return message ? message->text : "";
}

void tm_message_free(struct tm_message *message)
{
    if (message) {
        free(message->text);
        free(message);
    }
}

/* Takes text, which may be NULL: no message. */
static void message_give(struct tm_message **message, char *text)
{
    struct tm_message *made = NULL;

    if (message && text && *text)
        made = malloc(sizeof *made);
    if (made)
        made->text = text;
    else
        free(text);
    if (message)
        *message = made;
}

enum tm_status api_message(struct tm_message **message,
                           const struct tm_error *error)
{
    message_give(message, strdup(error->text));
    return (enum tm_status)error->status;
}

/* ---- options ------------------------------------------------------------ */

struct tm_options {
    struct compile_options compile; /* its texts are owned */
};

enum tm_status tm_options_new(struct tm_options **options)
{
    *options = calloc(1, sizeof **options);
    return *options ? TM_OK : TM_EMEMORY;
}

void tm_options_free(struct tm_options *options)
{
    size_t k;

    if (!options)
        return;
    for (k = 0; k < options->compile.define_count; k++) {
        free((void *)(uintptr_t)options->compile.defines[k].name);
        free((void *)(uintptr_t)options->compile.defines[k].value);
    }
    free(options->compile.defines);
    free((void *)(uintptr_t)options->compile.library);
    free(options);
}

enum tm_status tm_options_define(struct tm_options *options, const char *name,
                                 const char *value)
{
    struct compile_define define = {strdup(name), strdup(value), 0};
    size_t count = options->compile.define_count;
    struct compile_define *grown =
        realloc(options->compile.defines, (count + 1) * sizeof *grown);

    if (grown)
        options->compile.defines = grown;
    if (!grown || !define.name || !define.value) {
        free((void *)(uintptr_t)define.name);
        free((void *)(uintptr_t)define.value);
        return TM_EMEMORY;
    }
    grown[count] = define;
    options->compile.define_count = count + 1;
    return TM_OK;
}

enum tm_status tm_options_tile(struct tm_options *options, int64_t rows,
                               int64_t cols)
{
    if (rows < 0 || cols < 0 || !rows != !cols)
        return TM_EUSAGE;
    options->compile.tile_rows = rows;
    options->compile.tile_cols = cols;
    return TM_OK;
}

enum tm_status tm_options_library(struct tm_options *options,
                                  const char *folder)
{
    char *copy = folder ? strdup(folder) : NULL;

    if (folder && !copy)
        return TM_EMEMORY;
    free((void *)(uintptr_t)options->compile.library);
    options->compile.library = copy;
    return TM_OK;
}

enum tm_status tm_options_warning(struct tm_options *options, const char *word)
{
    char why[100];

    return diag_choose(&options->compile.warnings, word, why, sizeof why)
               ? TM_EUSAGE
               : TM_OK;
}

enum tm_status tm_options_optimise(struct tm_options *options, int optimise)
{
    options->compile.no_optimise = !optimise;
    return TM_OK;
}

/* ---- plans -------------------------------------------------------------- */

/* Takes plan. */
static enum tm_status plan_wrap(struct plan *plan, struct tm_plan **result)
{
    *result = calloc(1, sizeof **result);
    if (!*result) {
        plan_free(plan);
        return TM_EMEMORY;
    }
    (*result)->plan = plan;
    return TM_OK;
}

/* The compiler marks which defines it used: it gets its own copy. */
static enum tm_status compile(const struct source *source,
                              const struct tm_options *options,
                              struct plan **plan, char **text)
{
    struct compile_options own = {0};
    enum tm_status status;

    if (options)
        own = options->compile;
    own.defines = calloc(own.define_count + 1, sizeof *own.defines);
    if (!own.defines)
        return TM_EMEMORY;
    if (own.define_count)
        memcpy(own.defines, options->compile.defines,
               own.define_count * sizeof *own.defines);
    status = compile_source(source, &own, NULL, NULL, plan, text);
    free(own.defines);
    return status;
}

enum tm_status tm_compile_text(const char *name, const char *text, size_t size,
                               const struct tm_options *options,
                               struct tm_plan **plan,
                               struct tm_message **message)
{
    struct source source = {.name = name, .size = size ? size : strlen(text)};
    char *copy = malloc(source.size + 1), *said = NULL;
    struct plan *made = NULL;
    enum tm_status status = TM_EMEMORY;

    *plan = NULL;
    if (copy) {
        memcpy(copy, text, source.size);
        copy[source.size] = 0; /* the scanner wants a NUL behind it */
        source.text = copy;
        status = compile(&source, options, &made, &said);
    }
    if (!status)
        status = plan_wrap(made, plan);
    if (status == TM_EMEMORY && !said)
        said = strdup("out of memory");
    message_give(message, said);
    free(copy);
    return status;
}

/* A whole file, with a NUL behind it; "-" is standard input.  NULL: error
 * has it. */
static char *read_whole(const char *path, size_t *size, struct tm_error *error)
{
    FILE *file = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
    char *bytes = NULL, *grown;
    size_t space = 0, got;
    int failed;

    *size = 0;
    if (!file) {
        error_set(error, TM_EIO, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    do {
        grown = realloc(bytes, space + 65536 + 1);
        if (!grown)
            break;
        bytes = grown;
        got = fread(bytes + *size, 1, 65536, file);
        *size += got;
        space = *size;
    } while (got);
    failed = ferror(file) ? errno : 0;
    if (file != stdin)
        fclose(file);
    if (grown && !failed) {
        bytes[*size] = 0;
        return bytes;
    }
    free(bytes);
    if (failed)
        error_set(error, TM_EIO, "cannot read %s: %s", path, strerror(failed));
    else
        error_set(error, TM_EMEMORY, "out of memory to read %s", path);
    return NULL;
}

enum tm_status tm_compile_file(const char *path,
                               const struct tm_options *options,
                               struct tm_plan **plan,
                               struct tm_message **message)
{
    struct tm_error error;
    size_t size;
    char *text;
    enum tm_status status;

    *plan = NULL;
    error_clear(&error);
    text = read_whole(path, &size, &error);
    if (!text)
        return api_message(message, &error);
    status = size ? tm_compile_text(path, text, size, options, plan, message)
                  : tm_compile_text(path, "", 0, options, plan, message);
    free(text);
    return status;
}

enum tm_status tm_plan_load(const void *bytes, size_t size,
                            struct tm_plan **plan, struct tm_message **message)
{
    struct tm_error error;
    struct plan *made;

    *plan = NULL;
    error_clear(&error);
    made = plan_read(bytes, size, &error);
    if (!made)
        return api_message(message, &error);
    if (plan_wrap(made, plan)) {
        error_set(&error, TM_EMEMORY, "out of memory");
        return api_message(message, &error);
    }
    (*plan)->read = 1;
    message_give(message, NULL);
    return TM_OK;
}

enum tm_status tm_plan_open(const char *path, struct tm_plan **plan,
                            struct tm_message **message)
{
    struct tm_error error;
    struct plan *made = NULL;
    size_t size;
    char *bytes;

    *plan = NULL;
    error_clear(&error);
    bytes = read_whole(path, &size, &error);
    if (bytes) {
        made = plan_read((unsigned char *)bytes, size, &error);
        free(bytes);
    }
    if (made && plan_wrap(made, plan))
        error_set(&error, TM_EMEMORY, "out of memory");
    if (error.status == TM_EFILE) { /* say which file */
        char text[sizeof error.text];
        snprintf(text, sizeof text, "%s", error.text);
        error_clear(&error);
        error_set(&error, TM_EFILE, "%s: %s", path, text);
    }
    if (error.status)
        return api_message(message, &error);
    (*plan)->read = 1;
    message_give(message, NULL);
    return TM_OK;
}

static int write_all(int file, const unsigned char *bytes, size_t size)
{
    while (size) {
        ssize_t put = write(file, bytes, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return -1;
        bytes += put;
        size -= (size_t)put;
    }
    return 0;
}

/* To a temporary that then takes the name; what is no file of its own (a
 * pipe, a terminal) is written to as it is. */
static int save(const char *path, const unsigned char *bytes, size_t size)
{
    size_t length = strlen(path) + 32;
    char *temporary = malloc(length);
    struct stat is;
    int direct = !stat(path, &is) && !S_ISREG(is.st_mode), file, failed;

    if (!temporary)
        return ENOMEM;
    snprintf(temporary, length, "%s.%ld.tmp", path, (long)getpid());
    file = direct
               ? open(path, O_WRONLY | O_CLOEXEC)
               : open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) {
        failed = errno;
        free(temporary);
        return failed;
    }
    errno = 0;
    failed = write_all(file, bytes, size) || (!direct && fsync(file));
    failed = close(file) || failed ? errno : 0;
    if (!failed && !direct && rename(temporary, path))
        failed = errno;
    if (failed && !direct)
        unlink(temporary);
    free(temporary);
    return failed;
}

enum tm_status tm_plan_save(const struct tm_plan *plan, const char *path,
                            struct tm_message **message)
{
    struct tm_error error;
    size_t size;
    unsigned char *bytes = plan_write(plan->plan, &size);
    int failed = bytes ? save(path, bytes, size) : ENOMEM;

    error_clear(&error);
    if (failed) {
        int room = failed == ENOSPC || failed == EDQUOT || failed == ENOMEM;
        error_set(&error, room ? TM_EMEMORY : TM_EIO, "cannot write %s: %s",
                  path, strerror(failed));
        return api_message(message, &error);
    }
    message_give(message, NULL);
    return TM_OK;
}

void tm_plan_free(struct tm_plan *plan)
{
    if (plan) {
        plan_free(plan->plan);
        free(plan);
    }
}

const char *tm_plan_parameter(const struct tm_plan *plan, size_t k)
{
    const struct plan *p = plan->plan;

    return k < p->params.count ? plan_string(p, p->params.items[k].name) : NULL;
}

const char *tm_plan_input(const struct tm_plan *plan, size_t k)
{
    const struct plan *p = plan->plan;

    return k < p->inputs.count ? plan_string(p, p->inputs.items[k].name) : NULL;
}

/* Those with a name: what write() makes has only a path. */
const char *tm_plan_output(const struct tm_plan *plan, size_t k)
{
    const struct plan *p = plan->plan;
    uint32_t n;

    for (n = 0; n < p->outputs.count; n++) {
        const char *name = plan_string(p, p->outputs.items[n].name);
        if (*name && !k--)
            return name;
    }
    return NULL;
}
