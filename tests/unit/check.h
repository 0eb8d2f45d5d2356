/* Checks for unit tests: one line each on standard output.
 *
 *   int main(void) { CHECK(1 + 1 == 2); return CHECK_END(); } */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stdio.h>

static int check_failures;

static inline void check_report(int holds, const char *file, int line,
                                const char *text)
{
    if (holds)
        printf("ok %s:%d: %s\n", file, line, text);
    else
        printf("FAILED %s:%d: %s\n", file, line, text);
    check_failures += !holds;
}

#define CHECK(CONDITION) \
    check_report(!!(CONDITION), __FILE__, __LINE__, #CONDITION)

/* The test's exit status. */
#define CHECK_END() (check_failures ? 1 : 0)

#endif
