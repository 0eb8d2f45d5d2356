#!/bin/sh
# Usage: lib/embed.sh FILE.tm... > texts.c
# The standard library's texts as C, in order of their names: see lib/texts.h.
set -e
LC_ALL=C
export LC_ALL
echo '/* Made by lib/embed.sh. */'
echo '#include "lib/texts.h"'
echo
echo 'const struct library_text library_texts[] = {'
for file; do
    printf '    { "%s",\n' "$(basename "$file")"
    sed -e 's/[\\"]/\\&/g' -e 's/^/      "/' -e 's/$/\\n"/' "$file"
    # An empty file has no line to make a string of.
    test -s "$file" || echo '      ""'
    echo '    },'
done
echo '    { 0, 0 }'
echo '};'
