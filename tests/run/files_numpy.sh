# Matrix files against NumPy and SciPy, in both directions.
test -n "${PYTHON:-}" || exit 77
tool=$builddir/tests/unit/file_tool
test -x "$tool" || { echo "$tool is missing"; exit 99; }
"$PYTHON" "$srcdir/tests/num/files_numpy.py" "$tool"
