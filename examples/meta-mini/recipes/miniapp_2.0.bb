require mini.inc
DEPENDS = "minilib"
do_compile:append() {
    cat ${STAGING_DATADIR}/minilib/made.txt >> ${B}/made.txt
}
