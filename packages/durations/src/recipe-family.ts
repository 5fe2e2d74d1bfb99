/** What a multilib puts before the names of its recipes; `MULTILIBS` may call them otherwise, these are the usual ones. */
const MULTILIB = /^lib(?:32|64|n32|x32)-/;
/** For the SDK, as `nativesdk.bbclass` names it. */
const SDK = /^nativesdk-/;
/** `-cross`, `-crosssdk`, `-cross-canadian`, each with the architecture that it is for, if any; `-initial` inside is a stage. */
const CROSS = /-cross(?:sdk)?(?:-.+)?$/;
const NATIVE = /-native$/;
/** The first stage of a toolchain's recipe: `libgcc-initial`. */
const INITIAL = /-initial$/;

/**
 * What the variants of a recipe have in common: its name (PN) without what makes it a native, nativesdk, cross, multilib or
 * initial one. `gcc-cross-x86_64`, `nativesdk-gcc`, `lib32-gcc` and `gcc` are one family. Recipes whose names merely begin alike
 * (`gcc-runtime`, `libgcc`, `gcc-source-16.1.0`) are not.
 */
export function familyOf(pn: string): string {
  return [MULTILIB, SDK, NATIVE, CROSS, INITIAL].reduce((name, affix) => name.replace(affix, "") || name, pn);
}
