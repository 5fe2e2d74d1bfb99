/** What a multilib puts before the names of its recipes; `MULTILIBS` may call them otherwise, these are the usual ones. */
const MULTILIB = /^lib(?:32|64|n32|x32)-/;
/** For the SDK, as `nativesdk.bbclass` names it. */
const SDK = "nativesdk-";
const NATIVE = "-native";
/** The first stage of a toolchain's recipe: `libgcc-initial`. */
const INITIAL = "-initial";
/** `-cross`, `-crosssdk`, `-cross-canadian`, each with the architecture that it is for, if any; `-initial` inside is a stage. */
const CROSS = /-cross(?:sdk)?(?:-.+)?$/;
/** The classes cross and crosssdk, with or without an architecture; cross-canadian is another class. */
const OF_CROSS_CLASS = /-cross-(?!canadian)|-crosssdk-|-cross$|-crosssdk$/;

/**
 * What the variants of a recipe have in common: its name (PN) without what makes it a native, nativesdk, cross, multilib or
 * initial one. `gcc-cross-x86_64`, `nativesdk-gcc`, `lib32-gcc` and `gcc` are one family. Recipes whose names merely begin alike
 * (`gcc-runtime`, `libgcc`, `gcc-source-16.1.0`) are not.
 */
export function familyOf(pn: string): string {
  const whole = pn.replace(MULTILIB, "") || pn;
  const bare = recipeOfVariant(whole);
  return bare.endsWith(INITIAL) ? bare.slice(0, -INITIAL.length) || bare : bare;
}

/** A name without what makes it a native, nativesdk or cross one: what is left is never empty. */
export function recipeOfVariant(pn: string): string {
  const target = isNativesdk(pn) ? pn.slice(SDK.length) || pn : pn;
  const bare = isNative(target) ? target.slice(0, -NATIVE.length) || target : target;
  return bare.replace(CROSS, "") || bare;
}

/** The name of a variant that a recipe file is read as: the `VARIANT` of `virtual:VARIANT:FILE`. */
export function nameOfVariant(pn: string, variant: string): string {
  return variant === SDK.slice(0, -1) ? `${SDK}${pn}` : `${pn}-${variant}`;
}

export function isNative(pn: string): boolean {
  return pn.endsWith(NATIVE);
}

export function isNativesdk(pn: string): boolean {
  return pn.startsWith(SDK);
}

export function isInitial(pn: string): boolean {
  return pn.endsWith(INITIAL);
}

/** Whether a recipe is of the classes cross or crosssdk. */
export function isOfCrossClass(pn: string): boolean {
  return OF_CROSS_CLASS.test(pn);
}

/** Whether a name has `-cross-` in it, as some functions of OE-Core ask: cross-canadian recipes are among them, crosssdk ones are not. */
export function hasCross(pn: string): boolean {
  return pn.includes("-cross-");
}

/** Whether a name has what those of crosssdk recipes have before their architecture. */
export function hasCrosssdk(pn: string): boolean {
  return pn.includes("-crosssdk-");
}

/** Native and cross recipes as `setscene_depvalid` of OE-Core sees them: they have no packages (runqueue.md section 7). */
export function isNativeOrCross(pn: string): boolean {
  return isNative(pn) || hasCross(pn) || pn.endsWith("-cross") || pn.includes("-crosssdk");
}
