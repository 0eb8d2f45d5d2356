#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

void error_clear(struct tm_error *error)
{
    error->status = 0;
    error->place = 0xffffffffu;
    error->text[0] = 0;
}

int error_set(struct tm_error *error, int status, const char *format, ...)
{
    va_list args;
    char *at;

    if (error->status)
        return status;
    error->status = status;
    error->place = 0xffffffffu;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    /* names come from files of others: nothing that a terminal obeys */
    for (at = error->text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    return status;
}
