#!/bin/sh
# Usage: FUZZERS="tests/fuzz/fuzz_parse ..." fuzz.sh SRCDIR FOLDER
#
# Build the fuzz targets with clang in FOLDER and run each for FUZZ_SECONDS
# (600).  Each starts from the corpus tests/fuzz/corpus/NAME; inputs that reach
# new code go to FOLDER/corpus/NAME, findings to FOLDER/findings.  With
# FUZZ_KEEP=1 those that add something are merged into the kept corpus.
set -eu
srcdir=$1
folder=$2
seconds=${FUZZ_SECONDS:-600}

command -v clang >/dev/null || {
    echo "fuzz.sh: clang is needed; on Debian:" \
         "apt-get install clang libclang-rt-14-dev" >&2
    exit 1
}
mkdir -p "$folder/findings"
cd "$folder"
test -f config.status ||
    "$srcdir/configure" -q --enable-fuzz --disable-shared \
        --disable-werror CC=clang
make -s -j"$(nproc)" check-fuzz-programs

for program in $FUZZERS; do
    name=${program##*/fuzz_}
    kept=$srcdir/tests/fuzz/corpus/$name
    new=corpus/$name
    mkdir -p "$new"
    test -d "$kept" || kept=
    # Scripts of our own are the best to begin with.
    test $name != compile || seeds="$srcdir/tests/lang $srcdir/tests/diag
        $srcdir/tests/programs $srcdir/examples $srcdir/bench/expressions"
    echo "== $name, $seconds s"
    "./$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="findings/$name-" \
        "$new" $kept ${seeds:-}
    seeds=
    if test "${FUZZ_KEEP:-}" = 1 && test -n "$kept"; then
        "./$program" -merge=1 "$kept" "$new"
    fi
done
