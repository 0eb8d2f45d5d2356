/* What is written here for what other languages call by these names. */
#include "compiler/check.h"

const char *habit(const char *name)
{
    static const struct {
        const char *name, *hint;
    } habits[] = {
#define HABIT(NAME, HINT) {NAME, HINT},
#include "compiler/habits.def"
#undef HABIT
    };
    size_t k;

    for (k = 0; k < sizeof habits / sizeof *habits; k++)
        if (!strcmp(habits[k].name, name))
            return habits[k].hint;
    return NULL;
}

void note_unknown(struct compiler *c, const char *name)
{
    const char *hint = habit(name), *near;

    if (hint) {
        diag_note(c->diags, (struct place){0}, "%s", hint);
        return;
    }
    near = name_suggest(c, name);
    if (near)
        diag_note(c->diags, (struct place){0}, "did you mean %s?", near);
}
