require mini.inc
inherit native
