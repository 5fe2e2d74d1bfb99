import { loadBuild } from "@depid/bitbake/fs";
import {
  explainDocument,
  explainTask,
  formatDot,
  formatExplain,
  formatMermaid,
  isSameTask,
  pictureOf,
  type TaskFile,
  type WorkerMismatch,
} from "@depid/compare";
import { formatExplanation } from "@depid/scenario";
import { findScenarioStep, type ScenarioStep } from "@depid/scenario/fs";
import { changeBetween } from "./change-between.ts";
import type { ExplainedScenario } from "./documents/index.ts";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

/** What to explain, and how much of it. */
export interface ExplainFlags {
  readonly against?: string;
  readonly multiconfig?: string;
  readonly all?: true;
  /** How many ways are listed. */
  readonly allPaths?: number | undefined;
  /** The language of a picture, in place of the text. */
  readonly graph?: keyof typeof PICTURES;
  readonly json?: true;
}

const PICTURES = { mermaid: formatMermaid, dot: formatDot };

/** Explains a task and prints it. Exit status 1 if it has another taskhash than `against`. */
export async function explain(
  build: string,
  task: readonly string[],
  { against: asked, multiconfig, all, allPaths, graph, json }: ExplainFlags,
  { signal }: Shutdown,
): Promise<void> {
  const drawn = await findScenarioStep(build);
  const against = asked ?? (drawn === undefined ? undefined : stepBefore(drawn));
  const [capture, other] = await readBuilds(build, against, signal);
  const explained = explainTask(
    { name: build, capture },
    task.join(" "),
    against === undefined || other === undefined ? undefined : { name: against, capture: other },
    { allPaths, multiconfig },
  );
  if (!isSameTask(explained)) process.exitCode = 1;
  if (graph !== undefined) {
    process.stdout.write(`${PICTURES[graph](pictureOf(explained, capture))}\n`);
    return;
  }
  const mismatches = await compareWorkers(explained.files);
  const report = { ...explained, ...(mismatches.length === 0 ? {} : { mismatches }) };
  const view = { allHashes: all === true };
  const text =
    json === true
      ? JSON.stringify({ ...explainDocument(report), ...(drawn && { scenario: describeScenario(drawn) }) }, null, 2)
      : `${drawn === undefined ? "" : `${formatExplanation(drawn.scenario)}\n\n`}${formatExplain(report, view)}`;
  process.stdout.write(`${text}\n`);
}

/** A scenario is about what changes: a step is explained against the one before, unless another build is named. */
function stepBefore({ scenario, step }: ScenarioStep): string | undefined {
  return step === 0 ? undefined : `${scenario.name}@${step - 1}`;
}

function describeScenario({ scenario: { name, title, explanation }, step }: ScenarioStep): ExplainedScenario {
  return { name, step, title, explanation };
}

/** What the files that a worker with other metadata wrote hold, against the one that counts. */
async function compareWorkers(files: readonly TaskFile[]): Promise<WorkerMismatch[]> {
  const server = files.find(({ isForeign }) => !isForeign);
  const found: WorkerMismatch[] = [];
  for (const { file } of files.filter(({ isForeign }) => isForeign)) {
    let stated = "";
    const { tasks } = await loadBuild(file, {
      onMismatch: (it) => (stated = it.hash === "taskhash" ? it.stated : stated),
    });
    const [task] = tasks;
    if (task === undefined) continue;
    const change = server === undefined ? undefined : await changeBetween(server.file, file);
    found.push({ file, stated: stated === "" ? task.taskhash : stated, taskhash: task.taskhash, change });
  }
  return found;
}
