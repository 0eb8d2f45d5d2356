# Slices, parts that are assigned, brackets, reductions of rows and columns
# and k-means agree with NumPy, with the same bits for 1, 2 and 4 threads.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/slices.py" "$TMC" "$TMRUN" \
    "$srcdir/tests/programs/07_kmeans.tm" "${TM_SEED:-1}"
