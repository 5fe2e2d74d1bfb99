import { describe, expect, it } from "vitest";
import { familyOf, nameOfVariant, recipeOfVariant } from "./recipe-variant.ts";

describe("variants of a recipe are one family", () => {
  it.each([
    ["gcc", ["gcc", "gcc-cross-x86_64", "gcc-crosssdk-x86_64-oesdk-linux", "gcc-cross-canadian-arm", "nativesdk-gcc"]],
    ["gcc", ["lib32-gcc", "lib64-gcc", "libx32-gcc", "libn32-gcc", "gcc-cross-initial-aarch64", "lib32-gcc-cross-arm"]],
    ["rust", ["rust-native", "rust-cross-canadian-x86-64", "nativesdk-rust"]],
    ["libgcc", ["libgcc", "libgcc-initial", "lib32-libgcc-initial", "nativesdk-libgcc-initial"]],
    ["libtool", ["libtool-cross", "libtool-native", "nativesdk-libtool"]],
    ["glib-2.0", ["glib-2.0", "glib-2.0-native"]],
  ])("%s", (family, variants) => {
    expect(variants.map(familyOf)).toEqual(variants.map(() => family));
  });
});

describe("a name without its variant", () => {
  it.each([
    ["expat-native", "expat"],
    ["nativesdk-expat", "expat"],
    ["gcc-cross-canadian-arm", "gcc"],
    ["gcc-crosssdk-x86_64-oesdk-linux", "gcc"],
    ["lib32-gcc", "lib32-gcc"],
    ["libgcc-initial", "libgcc-initial"],
    ["native", "native"],
  ])("%s: %s", (pn, bare) => {
    expect(recipeOfVariant(pn)).toBe(bare);
  });

  it.each(["native", "nativesdk"])("%s has another, and back", (variant) => {
    expect(recipeOfVariant(nameOfVariant("expat", variant))).toBe("expat");
  });
});

describe("a name that only looks like a variant's is kept", () => {
  it.each([
    ["perlcross-native", "perlcross"],
    ["cross-localedef-native", "cross-localedef"],
    ["gcc-source-16.1.0", "gcc-source-16.1.0"],
    ["gcc-runtime", "gcc-runtime"],
    ["libcap-ng-native", "libcap-ng"],
    ["initial", "initial"],
    ["-native", "-native"],
    ["native", "native"],
    ["nativesdk-", "nativesdk-"],
    ["lib32c", "lib32c"],
    ["update-rc.d", "update-rc.d"],
  ])("%s", (pn, family) => {
    expect(familyOf(pn)).toBe(family);
  });
});
