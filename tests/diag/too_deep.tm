# run: : {}; { printf 'x = '; printf '%05000d' 0 | tr 0 '('; printf 1; printf '%05000d' 0 | tr 0 ')'; echo; } >deep.tm; tmc -Wno-unused deep.tm 2>&1 | cut -c 1-70
# Brackets may be nested, but not without end.

# expect
