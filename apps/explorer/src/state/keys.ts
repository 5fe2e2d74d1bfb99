import { type Action, type Selection, VIEWS } from "./state.ts";

/** What the keys do: for the page's help. */
export const KEY_HELP: readonly (readonly [keys: string, does: string])[] = [
  ["← →", "a step back, a step on"],
  ["1 2", VIEWS.join(", ")],
  ["/", "search for a task"],
  ["Esc", "close the inspector"],
  ["?", "this help"],
];

/** What a key does that was pressed outside of a field; `undefined`: nothing. */
export function actionOf(key: string, { task }: Selection): Action | undefined {
  if (key === "ArrowRight") return { type: "step", by: 1 };
  if (key === "ArrowLeft") return { type: "step", by: -1 };
  if (key === "Escape" && task !== "") return { type: "inspect", task: "" };
  const view = VIEWS[Number(key) - 1];
  return view === undefined ? undefined : { type: "choose", part: { view } };
}
