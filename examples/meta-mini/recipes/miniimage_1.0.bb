require mini.inc
DEPENDS = "miniapp minitool-native"
inherit deploy
do_deploy() {
    install -d ${DEPLOYDIR}
    echo image > ${DEPLOYDIR}/mini.img
}
addtask deploy after do_install before do_build
