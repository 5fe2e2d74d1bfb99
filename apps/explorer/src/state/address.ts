import { type Choices, reduce, type Selection } from "./state.ts";

const TEXTS = ["view", "policy", "builder", "scope", "count", "task", "search", "unit"] as const;

/** The part of an address behind "#" that holds a selection; what is as it is at the beginning is left out. */
export function hashOf(selection: Selection, first: Selection): string {
  const parts = new URLSearchParams();
  for (const name of TEXTS) if (selection[name] !== first[name]) parts.set(name, selection[name]);
  if (selection.step !== first.step) parts.set("step", String(selection.step));
  const text = parts.toString();
  return text === "" ? "" : `#${text}`;
}

/** The selection that an address holds. What it says that cannot be chosen is as at the beginning: addresses come from anywhere. */
export function selectionOf(hash: string, first: Selection, choices: Choices): Selection {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const texts = TEXTS.flatMap((name) => {
    const text = parts.get(name);
    return text === null ? [] : [[name, text] as const];
  });
  const step = /^\d{1,9}$/.exec(parts.get("step") ?? "");
  const part = { ...Object.fromEntries(texts), ...(step === null ? {} : { step: Number(step[0]) }) };
  return reduce(first, { type: "choose", part }, choices);
}
