# Usage: awk -v out=FOLDER/PREFIX -f docs_blocks.awk PAGE.md
#
# Takes the examples out of a page: fenced blocks, as docs_examples.sh says.
# Writes each block to OUT.NNN and one line "NNN KIND LINE WORDS" to standard
# output, in order.  Other fences (sh, c, none) are left out.
/^```/ && !inside {
    inside = 1
    n = split(substr($0, 4), word, " ")
    kind = n ? word[1] : ""
    wanted = kind ~ /^(tm|tm-syntax|text|csv|mtx)$/
    if (wanted) {
        file = sprintf("%s.%03d", out, ++blocks)
        printf "" > file
        words = ""
        for (k = 2; k <= n; k++)
            words = words " " word[k]
        printf "%03d %s %d%s\n", blocks, kind, FNR, words
    }
    next
}
/^```/ {
    inside = 0
    if (wanted)
        close(file)
    next
}
inside && wanted { print > file }
END {
    if (inside) {
        print FILENAME ": a fence is not closed" > "/dev/stderr"
        exit 1
    }
}
