import type { History } from "@depid/task-graph";
import { type Irreproducible, irreproducibleSentences } from "../outcomes/irreproducible.ts";

/** What a replay of this history takes for granted, a sentence each. @param irreproducible tasks that are taken for not reproducible */
export function assumptionsOf(history: History, irreproducible?: Pick<Irreproducible, "rules">): readonly string[] {
  const isRecorded = history.steps.some((step) => step.settings !== undefined);
  return [
    ...(isRecorded ? [] : [ASSUMED_SETTINGS]),
    ...(irreproducible === undefined ? [] : irreproducibleSentences(irreproducible)),
    PREDICTION,
  ];
}

const ASSUMED_SETTINGS =
  "assumed: the settings of OE-Core, as the history records none: for whom sysroots are not restored (SSTATE_EXCLUDEDEPS_SYSROOT), which tasks must be restored before others (hard dependencies), and what outhashes hold beside outputs (HASHEQUIV_EXTRA_SIGDATA).";
const PREDICTION =
  "a prediction: nothing was built for it, and outputs are what labels and other sources say. depid verify holds it against builds of yours.";
