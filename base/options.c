/* Command lines of the tools; getopt_long() does the reading. */
#include "base/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

enum { MOST_ROWS = 40, HELP_COLUMN = 28 };

/* The table in the form that getopt_long() wants.  Its `val` is the row's
 * number above all characters. */
struct getopt_table {
    struct option longs[MOST_ROWS + 1];
    char letters[2 * MOST_ROWS + 2];
    const char *names[MOST_ROWS];
    int count;
};

enum { LONG_BASE = 256 };

static void table_init(struct getopt_table *table,
                       const struct option_row *rows)
{
    char *letter = table->letters;
    int k;

    memset(table, 0, sizeof *table);
    *letter++ = ':'; /* tell a missing value from an unknown option */
    for (k = 0; rows[k].name && k < MOST_ROWS; k++) {
        table->names[k] = rows[k].name;
        table->longs[k].name = rows[k].name;
        table->longs[k].has_arg = !rows[k].value            ? no_argument
                                  : rows[k].value[0] == '[' ? optional_argument
                                                            : required_argument;
        table->longs[k].val = LONG_BASE + k;
        if (rows[k].letter) {
            *letter++ = rows[k].letter;
            if (rows[k].value)
                *letter++ = ':';
        }
    }
    table->count = k;
}

static int row_find(const struct tool *tool, int code)
{
    int k;

    if (code >= LONG_BASE)
        return code - LONG_BASE;
    for (k = 0; tool->rows[k].name; k++)
        if (code && tool->rows[k].letter == code)
            return k;
    return -1;
}

int options_hint(const struct tool *tool)
{
    fprintf(stderr, "%s: try '%s --help'\n", tool->name, tool->name);
    return OPTIONS_WRONG;
}

void options_message(const struct tool *tool, const char *text)
{
    size_t length = strlen(text);

    if (!strstr(text, ": error: ") && !strstr(text, ": warning: "))
        fprintf(stderr, "%s: error: ", tool->name);
    fprintf(stderr, "%s%s", text,
            length && text[length - 1] == '\n' ? "" : "\n");
}

/* "--tiel=3": not an option, or the beginning of two. */
static void complain_long(const struct tool *tool,
                          const struct getopt_table *table, const char *word)
{
    char name[64];
    size_t length = strcspn(word + 2, "=");
    int k, begun = 0;
    const char *near;

    for (k = 0; k < table->count; k++)
        begun += strncmp(table->names[k], word + 2, length) == 0;
    snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63),
             word + 2);
    if (begun > 1) {
        fprintf(stderr, "%s: error: option --%s could be", tool->name, name);
        for (k = 0; k < table->count; k++)
            if (strncmp(table->names[k], word + 2, length) == 0)
                fprintf(stderr, " --%s%s", table->names[k],
                        --begun ? " or" : "\n");
        return;
    }
    fprintf(stderr, "%s: error: there is no option --%s", tool->name, name);
    near = diag_nearest(name, table->names, (size_t)table->count);
    if (near)
        fprintf(stderr, "; did you mean --%s?", near);
    fputc('\n', stderr);
}

/* What getopt_long() stumbled over: code is '?' or ':', word the argument
 * that it read last. */
static int complain(const struct tool *tool, const struct getopt_table *table,
                    int code, const char *word)
{
    int row = row_find(tool, optopt);

    if (row >= 0)
        fprintf(stderr, "%s: error: option --%s %s\n", tool->name,
                tool->rows[row].name,
                code == ':' ? "needs a value" : "takes no value");
    else if (optopt)
        fprintf(stderr, "%s: error: there is no option -%c\n", tool->name,
                optopt);
    else
        complain_long(tool, table, word);
    return options_hint(tool);
}

int options_parse(const struct tool *tool, int argc, char **argv, void *user,
                  int *operands)
{
    struct getopt_table table;
    const struct option_row *row;
    int code;

    table_init(&table, tool->rows);
    opterr = 0;
    while ((code = getopt_long(argc, argv, table.letters, table.longs, NULL)) !=
           -1) {
        if (code == '?' || code == ':')
            return complain(tool, &table, code, argv[optind - 1]);
        row = &tool->rows[row_find(tool, code)];
        if (!row->set(user, optarg)) {
            fprintf(stderr, "%s: error: --%s takes %s, not '%s'\n", tool->name,
                    row->name, row->wrong, optarg);
            return options_hint(tool);
        }
    }
    *operands = optind;
    return OPTIONS_OK;
}

/* Put text at HELP_COLUMN, its further lines below each other. */
static void help_text(const char *text)
{
    const char *end;

    while ((end = strchr(text, '\n'))) {
        printf("%.*s\n%*s", (int)(end - text), text, HELP_COLUMN, "");
        text = end + 1;
    }
    puts(text);
}

void options_help(const struct tool *tool)
{
    const struct option_row *row;
    char left[80];
    int optional;

    printf("Usage: %s\n\n%s\n\nOptions:\n", tool->usage, tool->about);
    for (row = tool->rows; row->name; row++) {
        optional = row->value && row->value[0] == '[';
        snprintf(left, sizeof left, "  %c%c%c --%s%s%s%s",
                 row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
                 row->letter ? ',' : ' ', row->name, optional ? "[" : "",
                 row->value ? "=" : "",
                 row->value ? row->value + optional : "");
        if (strlen(left) > HELP_COLUMN - 2)
            printf("%s\n%*s", left, HELP_COLUMN, "");
        else
            printf("%-*s", HELP_COLUMN, left);
        help_text(row->help);
    }
    printf("\n%s", tool->examples);
}

static int read_count(const char **text, int64_t *number)
{
    char *end;
    long long value;

    if (**text < '0' || **text > '9')
        return 0;
    errno = 0;
    value = strtoll(*text, &end, 10);
    if (errno)
        return 0;
    *text = end;
    *number = value;
    return 1;
}

int option_count(const char *text, int64_t low, int64_t high, int64_t *number)
{
    int64_t value;

    if (!read_count(&text, &value) || *text || value < low || value > high)
        return 0;
    *number = value;
    return 1;
}

int option_tile(const char *text, int64_t *rows, int64_t *cols)
{
    int64_t r, c;

    if (!read_count(&text, &r))
        return 0;
    c = r;
    if (*text == 'x') {
        text++;
        if (!read_count(&text, &c))
            return 0;
    }
    if (*text || r < 1 || c < 1)
        return 0;
    *rows = r;
    *cols = c;
    return 1;
}

int option_pair(char *text, const char **name, const char **value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t length;

    if (!*text || !strchr(letters, *text))
        return 0;
    length = strspn(text, rest);
    if (text[length] != '=')
        return 0;
    text[length] = '\0';
    *name = text;
    *value = text + length + 1;
    return 1;
}
