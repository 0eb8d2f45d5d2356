# The library inside another program, and without errors of memory.
set -e
expected="C is 300 x 130, largest difference 0"
test "$("$builddir/examples/embed")" = "$expected"
# libtool's script runs the program itself when there is a shared library.
program=$builddir/examples/.libs/embed
test -x "$program" || program=$builddir/examples/embed
command -v valgrind >/dev/null || exit 0
# Sanitizers and valgrind don't mix.
grep -q 'TM_CFLAGS = .*-fsanitize' "$builddir/Makefile" && exit 0
test "$(valgrind -q --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite "$program")" = "$expected"
