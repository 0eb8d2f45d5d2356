autocmd BufRead,BufNewFile *.tm set filetype=tilematrix
