# The expressions of bench/expressions as their scripts have them, against
# NumPy and Octave as naively, and against what an expert would write: flops,
# and whole times, interleaved, in ROUNDS (7) rounds.  Inputs and results are
# in memory; nothing starts, compiles or reads files in what is timed.  A
# Markdown table.  NUMPY_PYTHON and OCTAVE may name others than the default,
# NUMPY_LIBRARY_PATH says where NumPy's BLAS lies.
PYTHON=${NUMPY_PYTHON:-${PYTHON:-}}
test -n "$PYTHON" || { echo "expressions.sh: no NumPy, not measured"; exit 0; }
# Peers choose their own kernels.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
library=$builddir/.libs/libtilematrix.so
test -e "$library" || {
    echo "expressions.sh: no shared library, not measured"
    exit 0
}
"$PYTHON" "$srcdir/bench/expressions.py" "$library" \
    "$srcdir/bench/expressions" "${OCTAVE:-octave}" ${EXPRESSIONS:-}
