import type { BuildSettings } from "@depid/task-graph";

/** Placeholder until capture lands */
export const assumedSettings: BuildSettings = {
  excludedSysroots: [
    ".*->autoconf-native",
    ".*->automake-native",
    ".*->bison-native",
    ".*->meson-native",
    ".*->ninja-native",
    ".*->patch-native",
    ".*->pkgconf-native",
    ".*->quilt-native",
    "^(?!gtk-doc-native).*->xmlto-native",
    ".*->gperf-native",
    ".*->help2man-native",
    ".*->gtk-doc-native",
    ".*->texinfo-native",
    ".*->perlcross-native",
    "libarchive-native->e2fsprogs-native",
    "rpm-sequoia-native->(pkgconf-native|cargo-native|python3-native|rust-native)",
    ".*->.*-initial.*",
    ".*(base-passwd|shadow-sysroot)->.*",
    ".*->autoconf-archive-native",
  ],
  outhashExtra: "oe-core",
};
