/* tmc: a script in, a plan file out, or one of the forms between them. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/options.h"
#include "compiler/compile.h"
#include "compiler/tmc.h"
#include "plan/plan.h"

struct tmc {
    struct compile_options compile;
    const char *script, *output, *emit;
    char fault[400]; /* what is wrong with a -W */
    int explain, check, format, in_place, help, version, verbose;
};

static int set_output(void *user, char *value)
{
    ((struct tmc *)user)->output = value;
    return 1;
}

static int set_define(void *user, char *value)
{
    struct compile_options *compile = &((struct tmc *)user)->compile;
    struct compile_define *define = &compile->defines[compile->define_count];

    if (!option_pair(value, &define->name, &define->value))
        return 0;
    define->used = 0;
    compile->define_count++;
    return 1;
}

static int set_tile(void *user, char *value)
{
    struct compile_options *compile = &((struct tmc *)user)->compile;

    return option_tile(value, &compile->tile_rows, &compile->tile_cols);
}

static int set_emit(void *user, char *value)
{
    ((struct tmc *)user)->emit = value;
    return 1;
}

static int set_explain(void *user, char *value)
{
    if (value && strcmp(value, "html") && strcmp(value, "text"))
        return 0;
    ((struct tmc *)user)->emit =
        value && !strcmp(value, "html") ? "explain=html" : "explain";
    ((struct tmc *)user)->explain = 1;
    return 1;
}

static int set_library(void *user, char *value)
{
    ((struct tmc *)user)->compile.library = value;
    return 1;
}

static int set_warning(void *user, char *value)
{
    struct tmc *tmc = user;

    if (!tmc->fault[0])
        diag_choose(&tmc->compile.warnings, value, tmc->fault,
                    sizeof tmc->fault);
    return 1;
}

static int set_no_optimise(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->compile.no_optimise = 1;
    return 1;
}

static int set_check(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->check = 1;
    return 1;
}

static int set_format(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->format = 1;
    return 1;
}

static int set_in_place(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->in_place = 1;
    return 1;
}

static int set_diagnostics(void *user, char *value)
{
    int json = strcmp(value, "json") == 0;

    ((struct tmc *)user)->compile.json = json;
    return json || strcmp(value, "text") == 0;
}

static int set_verbose(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->verbose = 1;
    return 1;
}

static int set_help(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->help = 1;
    return 1;
}

static int set_version(void *user, char *value)
{
    (void)value;
    ((struct tmc *)user)->version = 1;
    return 1;
}

static const struct option_row rows[] = {
    {"output", 'o', "FILE",
     "write the plan to FILE (default: the script's\n"
     "name with .plan for .tm, in the current folder);\n"
     "- is standard output",
     set_output, NULL},
    {"define", 'D', "NAME=VALUE",
     "default of a parameter; the plan keeps it open\n"
     "for tmrun -D",
     set_define, "NAME=VALUE"},
    {"tile", 0, "EDGE", "default tile edge, 256, or rows x columns, 256x512",
     set_tile, "a whole number above 0, or two of them as in 256x512"},
    {"emit", 0, "FORM",
     "print a form instead of writing a plan: tokens,\n"
     "ast, expr, graph, dag, plan, tasks or dot",
     set_emit, NULL},
    {"explain", 0, "[FORM]",
     "print what each line becomes, what it costs, and\n"
     "what was rewritten: as text, or as html; -D has\n"
     "the sizes of inputs",
     set_explain, "text or html"},
    {"check", 0, NULL, "only look for mistakes, write nothing", set_check,
     NULL},
    {"format", 0, NULL,
     "print scripts in the one layout; with --check only\n"
     "name those that have another (status 1)",
     set_format, NULL},
    {"in-place", 0, NULL, "with --format: change the files themselves",
     set_in_place, NULL},
    {"diagnostics", 0, "FORM",
     "messages as text, or as json: one object a line", set_diagnostics,
     "text or json"},
    {"warning", 'W', "WORD",
     "no-ID turns the warning ID off, no-all each;\n"
     "error makes warnings errors",
     set_warning, NULL},
    {"no-optimise", 0, NULL, "compute what the script says as it says it",
     set_no_optimise, NULL},
    {"library", 0, "DIR",
     "read the standard library from DIR instead of the\n"
     "built-in one",
     set_library, NULL},
    {"verbose", 'v', NULL, "with --version: the libraries in use as well",
     set_verbose, NULL},
    {"help", 'h', NULL, "print this text", set_help, NULL},
    {"version", 'V', NULL, "print the version", set_version, NULL},
    {0}};

static const struct tool tool = {
    "tmc",
    "tmc [OPTION]... SCRIPT.tm\n"
    "       tmc --format [--check | --in-place] SCRIPT.tm...",
    "Compile a matrix script to a plan, which tmrun executes. SCRIPT - is\n"
    "standard input.",
    "Examples:\n"
    "  tmc multiply.tm                    write multiply.plan\n"
    "  tmc -D n=8192 --tile 512 gemm.tm   other defaults than the script's\n"
    "  tmc --emit=tasks -D n=300 gemm.tm  print the tasks at this size\n"
    "  tmc --explain -D m=9000 ridge.tm   what its lines become, and cost\n"
    "  tmc --format --in-place *.tm       lay scripts out anew\n"
    "  tmc --emit=dot gemm.tm | dot -Tsvg > gemm.svg\n"
    "\n" OPTIONS_STATUSES,
    rows,
};

int tmc_complain(enum tm_status status, const char *what, const char *name)
{
    fprintf(stderr, "tmc: error: cannot %s %s: %s\n", what, name,
            strerror(errno));
    return status;
}

char *tmc_read(const char *path, size_t *size)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *text = NULL, *more;
    size_t space = 0, got;

    *size = 0;
    if (!file)
        return NULL;
    do {
        if (space - *size < 4096) {
            space = 2 * space + 16384;
            more = realloc(text, space);
            if (!more)
                goto failed;
            text = more;
        }
        got = fread(text + *size, 1, space - *size - 1, file);
        *size += got;
    } while (got);
    if (ferror(file))
        goto failed;
    text[*size] = '\0';
    if (file != stdin)
        fclose(file);
    return text;
failed:
    free(text);
    if (file != stdin)
        fclose(file);
    return NULL;
}

/* "dir/multiply.tm" -> "multiply.plan".  Caller frees. */
static char *default_output(const char *script)
{
    const char *slash = strrchr(script, '/');
    const char *name = slash ? slash + 1 : script;
    size_t length = strlen(name);
    char *output;

    if (length > 3 && strcmp(name + length - 3, ".tm") == 0)
        length -= 3;
    if (asprintf(&output, "%.*s.plan", (int)length, name) < 0)
        return NULL;
    return output;
}

static int write_stdout(const void *bytes, size_t size)
{
    if (fwrite(bytes, 1, size, stdout) != size || fflush(stdout))
        return tmc_complain(TM_EIO, "write to", "standard output");
    return TM_OK;
}

/* The library writes a plan file whole or not at all; a signal waits until
 * it is done, so that no temporary file stays behind either. */
static int save(const void *bytes, size_t size, const char *output)
{
    struct tm_plan *plan = NULL;
    struct tm_message *message = NULL;
    enum tm_status status;
    sigset_t signals, before;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, &before);
    status = tm_plan_load(bytes, size, &plan, &message);
    if (!status)
        status = tm_plan_save(plan, output, &message);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (message)
        options_message(&tool, tm_message_text(message));
    tm_message_free(message);
    tm_plan_free(plan);
    return status;
}

static int write_plan(const struct tmc *tmc, const struct plan *plan)
{
    size_t size;
    const void *bytes = plan_write(plan, &size);
    char *output;
    int status;

    if (!bytes) {
        errno = ENOMEM;
        return tmc_complain(TM_EMEMORY, "write the plan of", tmc->script);
    }
    if (tmc->output && strcmp(tmc->output, "-") == 0)
        return write_stdout(bytes, size);
    output = tmc->output ? strdup(tmc->output) : default_output(tmc->script);
    if (!output)
        return tmc_complain(TM_EMEMORY, "name the plan of", tmc->script);
    status = save(bytes, size, output);
    free(output);
    return status;
}

struct page { /* of --explain, on its way to a file */
    FILE *out;
    char *text;
    size_t size;
};

/* The page goes to its file when it is whole. */
static int write_page(const struct tmc *tmc, struct page *page, int status)
{
    FILE *file;
    int failed;

    if (!page->out)
        return status;
    errno = 0;
    failed = fclose(page->out);
    if (!status && failed)
        status = tmc_complain(TM_EMEMORY, "make the page", tmc->output);
    if (!status) {
        file = fopen(tmc->output, "w");
        failed = !file || fwrite(page->text, 1, page->size, file) != page->size;
        if ((file && fclose(file)) || failed)
            status = tmc_complain(TM_EIO, "write", tmc->output);
    }
    free(page->text);
    return status;
}

static int compile(struct tmc *tmc)
{
    struct source source = {.name = tmc->script};
    struct plan *plan = NULL;
    char *messages = NULL;
    char *text = tmc_read(tmc->script, &source.size);
    struct page page = {0};
    FILE *out = stdout;
    int status;

    if (tmc->explain && tmc->output && strcmp(tmc->output, "-"))
        out = page.out = open_memstream(&page.text, &page.size);
    if (!text || !out)
        return tmc_complain(errno == ENOMEM ? TM_EMEMORY : TM_EIO, "read",
                            tmc->script);
    source.text = text;
    status = compile_source(&source, &tmc->compile, tmc->emit, out, &plan,
                            &messages);
    if (messages && tmc->compile.json && messages[0] == '{')
        fputs(messages, stderr);
    else if (messages)
        options_message(&tool, messages);
    if (!status && tmc->emit && (fflush(stdout) || ferror(stdout)))
        status = tmc_complain(TM_EIO, "write to", "standard output");
    status = write_page(tmc, &page, status);
    if (!status && plan && !tmc->emit && !tmc->check)
        status = write_plan(tmc, plan);
    plan_free(plan);
    free(messages);
    free(text);
    return status;
}

static int show_version(const struct tmc *tmc)
{
    printf("tmc (tilematrix) %s\n", tm_version());
    if (tmc->verbose)
        fputs(tm_version_details(), stdout);
    return fflush(stdout) ? TM_EIO : TM_OK;
}

static int usage_error(const char *text)
{
    fprintf(stderr, "tmc: error: %s\n", text);
    return options_hint(&tool);
}

static int format(struct tmc *tmc, int count, char **scripts)
{
    enum layout_mode mode = tmc->check      ? LAYOUT_CHECK
                            : tmc->in_place ? LAYOUT_IN_PLACE
                                            : LAYOUT_PRINT;
    int status = TM_OK, k;

    if (tmc->emit || tmc->output)
        return usage_error("--format makes nothing but a script's text, so it "
                           "takes no --emit and no --output");
    if (tmc->check && tmc->in_place)
        return usage_error("--check changes no file, so it takes no "
                           "--in-place");
    for (k = 0; k < count; k++) {
        int one = tmc_layout(scripts[k], mode, tmc->compile.json);

        status = one > status ? one : status;
    }
    if (fflush(stdout) || ferror(stdout))
        return tmc_complain(TM_EIO, "write to", "standard output");
    return status;
}

static int run(struct tmc *tmc, int argc, char **argv)
{
    int first;

    if (options_parse(&tool, argc, argv, tmc, &first))
        return TM_EUSAGE;
    if (tmc->fault[0])
        return usage_error(tmc->fault);
    if (tmc->help) {
        options_help(&tool);
        return fflush(stdout) ? TM_EIO : TM_OK;
    }
    if (tmc->version)
        return show_version(tmc);
    if (first == argc)
        return usage_error("no script is given");
    if (tmc->format)
        return format(tmc, argc - first, argv + first);
    if (tmc->in_place)
        return usage_error("--in-place belongs to --format");
    if (argc - first > 1)
        return usage_error("one script at a time");
    tmc->script = argv[first];
    if (tmc->explain && tmc->check)
        return usage_error("--check prints nothing, so it takes no --explain");
    if (tmc->output && (tmc->emit || tmc->check) && !tmc->explain)
        return usage_error("--emit and --check write no plan, so they take "
                           "no --output");
    if (!tmc->emit && !tmc->check) {
        if (!tmc->output && strcmp(tmc->script, "-") == 0)
            return usage_error("a script from standard input needs -o FILE");
        if (tmc->output && strcmp(tmc->output, "-") == 0 && isatty(1))
            return usage_error("a plan is not written to a terminal; "
                               "--emit=plan prints one");
    }
    return compile(tmc);
}

int main(int argc, char **argv)
{
    struct tmc tmc = {0};
    int status;

    /* Each define takes at least one argument. */
    tmc.compile.defines = calloc((size_t)argc, sizeof *tmc.compile.defines);
    if (!tmc.compile.defines)
        return TM_EMEMORY;
    status = run(&tmc, argc, argv);
    free(tmc.compile.defines);
    return status;
}
