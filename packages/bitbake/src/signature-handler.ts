/** The generator that asks a server: OE-Core's default since 2026, and what is named after it. */
export const EQUIV_HANDLER = "OEEquivHash";

/** Whether a value of BB_SIGNATURE_HANDLER names a generator that asks a server. */
export function asksServer(handler: string): boolean {
  return handler.endsWith("EquivHash");
}

/** Whether it names one of BitBake's or OE-Core's that never asks a server. */
export function asksNobody(handler: string): boolean {
  return /^(?:|noop|basic|basichash|OEBasic|OEBasicHash)$/.test(handler);
}

/** Which of our generators does what a handler does, by its name in any case; `undefined` where the name does not tell. */
export function generatorOf(handler: string): "equivhash" | "basichash" | undefined {
  return /equivhash/i.test(handler) ? "equivhash" : /basichash/i.test(handler) ? "basichash" : undefined;
}
