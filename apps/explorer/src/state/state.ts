/** What can be looked at. */
export const VIEWS = ["overview", "tasks"] as const;
export type ViewName = (typeof VIEWS)[number];

/** What work is told in. */
export const UNITS = ["time", "tasks"] as const;
export type Unit = (typeof UNITS)[number];

/** What is chosen: one selection rules all views, and the address holds it. */
export interface Selection {
  readonly view: ViewName;
  readonly policy: string;
  /** "" where no topology was asked for. */
  readonly builder: string;
  readonly step: number;
  /** Which steps a list counts: the chosen one, or all but the first, as sums do. */
  readonly scope: "step" | "all";
  /** Which tasks are listed: those of a count (`executed`, `needless` …); "" for all. */
  readonly count: string;
  /** A name of a task; "" if none is chosen. */
  readonly task: string;
  readonly search: string;
  readonly unit: Unit;
}

/** What there is to choose from. */
export interface Choices {
  readonly policies: readonly string[];
  readonly builders: readonly string[];
  readonly steps: number;
  readonly counts: readonly string[];
  readonly knowsTime: boolean;
}

export type Action =
  | { readonly type: "choose"; readonly part: Partial<Selection> }
  /** Steps on, or back where it is below 0; ends where the history does. */
  | { readonly type: "step"; readonly by: number }
  /** The tasks that a figure counts. */
  | { readonly type: "list"; readonly policy: string; readonly count: string; readonly scope: Selection["scope"] }
  | { readonly type: "inspect"; readonly task: string };

/** The selection before anybody has chosen: the policy that a verdict is about, and the step in which most was done needlessly. */
export function beginWith({ policies, builders, knowsTime }: Choices, policy: string, step: number): Selection {
  return {
    view: "overview",
    policy: policies.includes(policy) ? policy : (policies[0] ?? ""),
    builder: builders[0] ?? "",
    step,
    scope: "step",
    count: "",
    task: "",
    search: "",
    unit: knowsTime ? "time" : "tasks",
  };
}

export function reduce(selection: Selection, action: Action, choices: Choices): Selection {
  switch (action.type) {
    case "choose":
      return heldTo(choices, selection, { ...selection, ...action.part });
    case "step":
      return heldTo(choices, selection, { ...selection, step: selection.step + action.by, scope: "step" });
    case "list": {
      const { policy, count, scope } = action;
      return heldTo(choices, selection, { ...selection, view: "tasks", policy, count, scope, search: "" });
    }
    case "inspect":
      return { ...selection, task: action.task };
  }
}

/** What is not among the choices stays as it was; a step behind an end is the end. */
function heldTo(choices: Choices, before: Selection, after: Selection): Selection {
  const { policies, builders, counts, steps, knowsTime } = choices;
  return {
    ...after,
    view: VIEWS.includes(after.view) ? after.view : before.view,
    policy: policies.includes(after.policy) ? after.policy : before.policy,
    builder: builders.includes(after.builder) ? after.builder : before.builder,
    count: after.count === "" || counts.includes(after.count) ? after.count : before.count,
    step: Number.isInteger(after.step) ? Math.max(0, Math.min(steps - 1, after.step)) : before.step,
    scope: after.scope === "all" ? "all" : "step",
    unit: knowsTime && UNITS.includes(after.unit) ? after.unit : "tasks",
  };
}
