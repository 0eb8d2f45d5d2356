/* A run's error as a text with its place: what went wrong and where in the
 * script, then where in the functions that were called there. */
#include "api/private.h"
#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>

/* The line of that number in text, or NULL. */
static const char *line_at(const char *text, uint32_t line, size_t *length)
{
    for (; line > 1; line--) {
        text = strchr(text, '\n');
        if (!text)
            return NULL;
        text++;
    }
    *length = strcspn(text, "\r\n");
    return text;
}

static const char *place_line(const struct plan *plan,
                              const struct plan_place *place, size_t *length)
{
    uint32_t text = plan->sources.items[place->source].text;

    *length = 0;
    return text == PLAN_NONE
               ? NULL
               : line_at(plan_string(plan, text), place->line, length);
}

static const char *place_file(const struct plan *plan,
                              const struct plan_place *place)
{
    return plan_string(plan, plan->sources.items[place->source].name);
}

void api_place_text(const struct plan *plan, uint32_t place, char *out,
                    size_t size)
{
    const struct plan_place *at = plan_script_place(plan, place);
    size_t length = 0, wanted;
    const char *line = at ? place_line(plan, at, &length) : NULL;

    out[0] = 0;
    if (!line || !at->column || at->end_column <= at->column ||
        at->end_column - 1 > length)
        return;
    wanted = at->end_column - at->column;
    if (wanted < size)
        snprintf(out, size, "%.*s", (int)wanted, line + at->column - 1);
}

/* "chol" of "lib/chol.tm". */
static void library_name(const char *file, char *out, size_t size)
{
    const char *slash = strrchr(file, '/');

    snprintf(out, size, "%s", slash ? slash + 1 : file);
    out[strcspn(out, ".")] = 0;
}

static void show_inner(FILE *out, const struct plan *plan,
                       const struct plan_place *place)
{
    const char *file = place_file(plan, place);
    char name[100];

    if (plan->sources.items[place->source].text == PLAN_NONE) {
        library_name(file, name, sizeof name);
        fprintf(out, "note: in %s of the library (%s:%u)\n", name, file,
                place->line);
    } else {
        diag_show(out, file, place->line, place->column, place->end_column,
                  "note", "in the function that is called there", NULL, NULL,
                  0);
    }
}

static void show(FILE *out, const struct tm_error *error,
                 const struct plan *plan)
{
    const struct plan_place *at = plan_script_place(plan, error->place);
    const struct plan_place *inner;
    const char *line;
    size_t length;

    if (!at) {
        fprintf(out, "error: %s\n", error->text);
        return;
    }
    line = place_line(plan, at, &length);
    diag_show(out, place_file(plan, at), at->line, at->column, at->end_column,
              "error", error->text, NULL, line, length);
    for (inner = &plan->places.items[error->place]; inner != at;
         inner = &plan->places.items[inner->via])
        show_inner(out, plan, inner);
    while (at->via != PLAN_NONE) {
        at = &plan->places.items[at->via];
        diag_show(out, place_file(plan, at), at->line, at->column,
                  at->end_column, "note", "called from here", NULL, NULL, 0);
    }
}

void api_report(struct tm_run *run)
{
    char *text = NULL;
    size_t length;
    FILE *out;

    free(run->report);
    run->report = NULL;
    if (!run->error.status)
        return;
    out = open_memstream(&text, &length);
    if (!out)
        return;
    show(out, &run->error, run->plan->plan);
    if (fclose(out))
        free(text);
    else
        run->report = text;
}
