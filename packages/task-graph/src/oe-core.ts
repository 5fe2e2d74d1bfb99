import type { BuildSettings } from "./build-settings.ts";

/**
 * SSTATE_EXCLUDEDEPS_SYSROOT of OE-Core's layer, in its order: facts of OE-Core 171af3b2915d. Assumed where a build's own pairs are
 * not known; a layer may have added some.
 */
export const OE_CORE_EXCLUDED_SYSROOTS: readonly string[] = [
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
];

/** OE-Core's settings, for a build that tells none of its own. Whoever uses them says that they are assumed. */
export const assumedSettings: BuildSettings = {
  excludedSysroots: OE_CORE_EXCLUDED_SYSROOTS,
  outhashExtra: "oe-core",
};
