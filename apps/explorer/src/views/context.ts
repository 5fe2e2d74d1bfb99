import type { TimeUnit } from "@depid/replay";
import type { Run } from "@depid/run-document";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Explanations } from "../model/explanation.ts";
import type { Action, Choices, Selection } from "../state/state.ts";

/** What every view sees, and can change. */
export interface Page {
  readonly run: Run;
  readonly choices: Choices;
  /** The unit of all times. */
  readonly time: TimeUnit;
  readonly explanations: Explanations;
  readonly selection: Selection;
  readonly dispatch: (action: Action) => void;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a view outside of the page");
  return page;
}
