# Every source file stands in Makefile.am: else a release would lack it.
status=0
cd "$srcdir" || exit 1
for file in base/*.[ch] base/*.def grammar/*.[chly] compiler/*.[ch] \
    compiler/*.def lib/*.h plan/*.[ch] plan/*.def runtime/*.[ch] api/*.[ch] \
    include/tilematrix/*.h tests/unit/*.c tests/fuzz/*.c bench/*.c; do
    test -f "$file" || continue
    case $file in
    tests/* | bench/*) name=${file%.c} ;; # as a program
    *) name=$file ;;
    esac
    grep -Eq "(^|[ /])$name( |\$)" Makefile.am || {
        echo "$file is not in Makefile.am"
        status=1
    }
done
exit $status
