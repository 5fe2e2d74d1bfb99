import { resolve } from "node:path";
import { formatMismatch } from "@depid/bitbake";
import { findStep, type LoadedBuild, loadBuild, loadSteps, SigdataReader } from "@depid/bitbake/fs";
import { openProgress } from "@depid/command-line/progress";
import { captureStep } from "@depid/scenario";
import { findScenarioStep } from "@depid/scenario/fs";

/**
 * Reads a build and another, if there is one. Tells on stderr which, how far it is with folders of signature files, and which
 * hashes in them do not follow from their content.
 */
export async function readBuilds<T extends string | undefined>(
  build: string,
  other: T,
  signal: AbortSignal,
): Promise<readonly [LoadedBuild, T extends string ? LoadedBuild : LoadedBuild | undefined]> {
  const steps = other === undefined ? undefined : await loadStepsOfOne(build, other);
  if (steps !== undefined) return steps;
  const reader = await SigdataReader.open({ builds: other === undefined ? "one" : "several" });
  const first = await readBuild(build, reader, signal);
  return [first, (other === undefined ? undefined : await readBuild(other, reader, signal)) as LoadedBuild];
}

/** Both, if they are steps of one history, which is read once. */
async function loadStepsOfOne(build: string, other: string): Promise<readonly [LoadedBuild, LoadedBuild] | undefined> {
  if ((await findScenarioStep(build)) !== undefined || (await findScenarioStep(other)) !== undefined) return undefined;
  const [first, second] = [await findStep(build), await findStep(other)];
  if (first === undefined || second === undefined || resolve(first.file) !== resolve(second.file)) return undefined;
  tellReading(build);
  tellReading(other);
  const [before, after] = await loadSteps(first.file, [first.step, second.step]);
  return [before as LoadedBuild, after as LoadedBuild];
}

function tellReading(input: string): void {
  process.stderr.write(`reading ${JSON.stringify(input)}\n`);
}

async function readBuild(input: string, reader: SigdataReader, signal: AbortSignal): Promise<LoadedBuild> {
  tellReading(input);
  const drawn = await findScenarioStep(input);
  if (drawn !== undefined) return captureStep(drawn.scenario, drawn.step);
  const progress = await openProgress();
  const mismatches: string[] = [];
  try {
    return await loadBuild(input, {
      reader,
      signal,
      onProgress: (done, total) => progress.update({ things: "signature files", done, total }),
      onMismatch: (mismatch) => mismatches.push(`${formatMismatch(mismatch)}\n`),
    });
  } finally {
    progress.end();
    process.stderr.write(mismatches.join(""));
  }
}
