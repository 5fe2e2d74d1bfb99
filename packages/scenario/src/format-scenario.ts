import type { Scenario } from "./scenario.ts";
import type { CheckedExpectation, ScenarioBuild } from "./scenario-run.ts";

/** The title, and what a learner is told. */
export function formatExplanation({ title, explanation }: Pick<Scenario, "title" | "explanation">): string {
  return `# ${title}\n\n${explanation}`;
}

/** What each policy did in each step, and whether that is what the scenario says. */
export function formatBuilds(
  { history, policies }: Pick<Scenario, "history" | "policies">,
  builds: readonly ScenarioBuild[],
  checked: readonly CheckedExpectation[],
): string {
  const place = ({ policy }: ScenarioBuild) => policies.indexOf(policy.split(" by ")[0] as string);
  const steps = history.steps.map(({ step, commits }) => {
    const ofStep = builds.filter((it) => it.step === step).sort((a, b) => place(a) - place(b));
    return [`Step ${step}: ${commits[0]?.title ?? ""}`, "", ...ofStep.map(formatBuild)].join("\n");
  });
  return ["## What ran", ...steps, ...formatChecked(checked)].join("\n\n");
}

function formatBuild({ policy, tasks, executed, restored, stale }: ScenarioBuild): string {
  const runs = executed.length === tasks ? `all ${tasks}` : listOf(executed);
  const parts = [
    `runs ${runs}`,
    ...(restored.length === 0 ? [] : [`restores ${listOf(restored)}`]),
    ...(stale.length === 0 ? [] : [`WRONGLY REUSES ${listOf(stale)}`]),
  ];
  return `- ${policy} ${parts.join("; ")}`;
}

function formatChecked(checked: readonly CheckedExpectation[]): string[] {
  if (checked.length === 0) return [];
  const failed = checked.filter(({ holds }) => !holds);
  if (failed.length === 0) return [`All of this is as the scenario says: ${checked.length} lists of tasks.`];
  const lines = failed.map(
    ({ step, policy, what, expected, found }) =>
      `- NOT AS EXPECTED: step ${step}, ${policy}, ${what}: expected ${listOf(expected)}, found ${listOf(found)}`,
  );
  return [lines.join("\n")];
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
