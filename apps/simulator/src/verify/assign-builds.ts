import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { BuildRecord } from "@depid/bitbake";
import { loadBuildRecords } from "@depid/bitbake/fs";
import { hasCommit } from "@depid/replay";
import type { History } from "@depid/task-graph";
import { VerifyError } from "./errors.ts";

/** A recorded build, and the step of the history that it built. */
export interface AssignedBuild {
  readonly step: number;
  readonly record: BuildRecord;
  /** What says so: the user, the name of the file or folder, or its place among those named. */
  readonly by: "given" | "name" | "order";
}

/**
 * Finds out which step each recorded build is of: `STEP=PATH` says it, with the number of the step, or the beginning of its id or of one of its commits; else
 * the name of the file or its folder up to the first dot, if it is any of these (`03.json`, `03/console.log`); else builds are those of the steps in the order
 * named, from the second step on, or from the first if there is one for each.
 *
 * @param specs as named on the command line
 * @throws {VerifyError} when a step is not in the history, or only some names tell their step
 */
export async function assignBuilds(specs: readonly string[], history: History): Promise<readonly AssignedBuild[]> {
  const given: AssignedBuild[] = [];
  const open: {
    readonly path: string;
    readonly records: readonly BuildRecord[];
    readonly named: number | undefined;
  }[] = [];
  for (const spec of specs) {
    const [, name = "", path = ""] = /^([^=/]+)=(.+)$/s.exec(spec) ?? [];
    const step = findStep(name, history);
    if (step !== undefined) {
      for (const record of await readBuilds(path)) given.push({ step, record, by: "given" });
    } else if (SAYS_STEP.test(name) || (name !== "" && !existsSync(spec)))
      throw new VerifyError(`${spec}: ${expectedStep(name, history)}`);
    else open.push({ path: spec, records: await readBuilds(spec), named: findNamedStep(spec, history) });
  }
  const named = open.filter((it) => it.named !== undefined);
  if (named.length === open.length) {
    return [
      ...given,
      ...open.flatMap(({ named: step = 0, records }) =>
        records.map((record) => ({ step, record, by: "name" as const })),
      ),
    ];
  }
  if (named.length > 0) {
    const other = open.find((it) => it.named === undefined)?.path ?? "";
    throw new VerifyError(
      `${other}: its name tells no step of the history, though that of ${named[0]?.path} does; expected STEP=${other}, with the number of the step or its commit`,
    );
  }
  const records = open.flatMap((it) => it.records);
  const isWhole = records.length === history.steps.length;
  const steps = history.steps.slice(isWhole ? 0 : 1).map((step) => step.step);
  if (given.length > 0) throw new VerifyError(`${open[0]?.path}: expected STEP=PATH, as for the other builds`);
  if (records.length > steps.length) {
    throw new VerifyError(
      `${records.length} builds in order, but the history has ${history.steps.length} steps; expected STEP=PATH for each`,
    );
  }
  return records.map((record, i) => ({ step: steps[i] as number, record, by: "order" }));
}

/** What can be nothing but a step. */
const SAYS_STEP = /^(?:\d{1,6}|[0-9a-f]{7,40})$/;

/** The builds that a path tells of; where it tells of several, each source says which it is. */
async function readBuilds(path: string): Promise<readonly BuildRecord[]> {
  const records = await loadBuildRecords(path);
  return records.length === 1 ? records : records.map((it) => ({ ...it, source: `${it.source} (${it.build})` }));
}

/** The step that the name of a file, or of the folder it is in, tells: by its number or commit, or as it is the step's id up to the first dot. */
function findNamedStep(path: string, history: History): number | undefined {
  for (const name of [basename(path), basename(dirname(path))]) {
    const stem = stemOf(name);
    const step = SAYS_STEP.test(stem)
      ? findStep(stem, history)
      : history.steps.find(({ id }) => stem !== "" && stemOf(id) === stem)?.step;
    if (step !== undefined) return step;
  }
  return undefined;
}

function stemOf(name: string): string {
  return name.split(".")[0] ?? "";
}

function findStep(name: string, { steps }: History): number | undefined {
  const number = /^\d{1,6}$/.test(name) ? steps.find((step) => step.step === Number(name)) : undefined;
  if (number !== undefined) return number.step;
  if (name.length < 7) return steps.find(({ id }) => id === name)?.step;
  return steps.find((step) => hasCommit(step, name))?.step;
}

function expectedStep(name: string, { steps }: History): string {
  return `expected the number of a step, 0 to ${steps.at(-1)?.step ?? 0}, or the beginning of its id or of one of its commits, found ${name}`;
}
