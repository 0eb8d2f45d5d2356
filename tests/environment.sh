# What a test may use, all of it absolute; read by make before each test.
#
#   TMC TMRUN   the tools as built (not libtool's wrappers: valgrind, signals
#               and clocks then see the tool itself)
#   srcdir      the project's folder; builddir: where it was built
#   PYTHON      a Python with NumPy, or empty: exit 77 to skip
#   UPDATE      1: rewrite what golden tests expect
#   TM_REPEAT   how often repeating tests repeat, if they are to differ from
#               their own small number
srcdir=$(cd "$srcdir" && pwd)
TMC=$builddir/tmc
TMRUN=$builddir/tmrun
test -x "$builddir/.libs/tmc" && TMC=$builddir/.libs/tmc
test -x "$builddir/.libs/tmrun" && TMRUN=$builddir/.libs/tmrun
LD_LIBRARY_PATH=$builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
LC_ALL=C
export TMC TMRUN LD_LIBRARY_PATH LC_ALL PYTHON UPDATE TM_REPEAT
export srcdir builddir
