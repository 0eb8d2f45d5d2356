/* What went wrong in a run: status, text and place, written once, where the
 * failure happened. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdint.h>

struct tm_error {
    int status;      /* enum tm_status; 0: nothing is wrong */
    uint32_t place;  /* place in the plan, or 0xffffffff */
    char text[1000]; /* one line, no full stop */
};

/* Set status and text; the first failure stays.  Returns status. */
int error_set(struct tm_error *error, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void error_clear(struct tm_error *error);

#endif
