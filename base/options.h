/* Command lines of the tools: one table of rows makes the parser and the
 * text of --help.  Long options as GNU has them (--name=value, --name value,
 * a beginning that is unique), short ones too; options and operands in any
 * order, "--" ends the options. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdint.h>

struct option_row {
    const char *name;  /* long name without "--" */
    char letter;       /* short name or 0 */
    const char *value; /* what --help calls its value; NULL: takes none;
                        * "[FORM]": may have one, set() gets it or NULL */
    const char *help;  /* lines after the first are indented by us */
    /* Keep it.  False: the value is wrong; wrong says what is expected. */
    int (*set)(void *user, char *value);
    const char *wrong; /* "a positive number"; NULL: set never fails */
};

struct tool {
    const char *name;              /* "tmc" */
    const char *usage;             /* lines behind "Usage: " */
    const char *about;             /* one paragraph */
    const char *examples;          /* and statuses: the end of --help */
    const struct option_row *rows; /* up to a NULL name */
};

/* For the end of `examples`: enum tm_status, as users see it. */
#define OPTIONS_STATUSES                                                       \
    "Exit status:\n"                                                           \
    "  0    done\n"                                                            \
    "  1    the script is wrong, or its data do not fit it\n"                  \
    "  2    the command line is wrong\n"                                       \
    "  3    a plan or an input file is not what it claims to be\n"             \
    "  4    workers were lost and can't be replaced\n"                         \
    "  5    out of memory or disk\n"                                           \
    "  6    another input, output or network failure\n"                        \
    "  70   a fault of Tilematrix\n"                                           \
    "  130  interrupted (143: terminated)\n"

enum { OPTIONS_OK = 0, OPTIONS_WRONG = 2 }; /* 2: the usage exit status */

/* Call `set` for each option in argv; argv is reordered, *operands is the
 * number of the first operand.  OPTIONS_WRONG: a message is on stderr. */
int options_parse(const struct tool *tool, int argc, char **argv, void *user,
                  int *operands);
/* --help, to standard output. */
void options_help(const struct tool *tool);
/* "tmc: try 'tmc --help'", to stderr.  Returns OPTIONS_WRONG. */
int options_hint(const struct tool *tool);
/* The library's messages, to stderr: as they are when they have a place,
 * else with the tool's name and "error" before them. */
void options_message(const struct tool *tool, const char *text);

/* Values, for rows' `set`; false: not of that form, nothing is changed. */
int option_count(const char *text, int64_t low, int64_t high, int64_t *number);
/* "256" or "256x512". */
int option_tile(const char *text, int64_t *rows, int64_t *cols);
/* "name=value" with a name of the language; value may be empty.  Splits
 * text in place. */
int option_pair(char *text, const char **name, const char **value);

#endif
