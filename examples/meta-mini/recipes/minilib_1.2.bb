require mini.inc

do_compile:append() {
    # the library says more
    cat ${S}/note.txt >> ${B}/made.txt
}
