import { createMessageEvidence, type EvidenceSource, evidenceOfOutputs, isOutputSource } from "@depid/replay";
import { OptionError } from "./errors.ts";
import type { OutcomeContext } from "./source-reader.ts";

const SOURCES: Readonly<Record<string, () => Promise<EvidenceSource>>> = {
  classes: async () => (await import("./classes.ts")).createClassEvidence(),
  messages: async () => createMessageEvidence(),
};

/**
 * Opens the sources of evidence that `--from` names: `classes`, `messages`, or `recorded:SOURCE` as in a chain of outcomes.
 *
 * @throws {OptionError} naming those that there are; what reading a recording throws
 */
export async function openEvidence(names: readonly string[], context: OutcomeContext): Promise<EvidenceSource[]> {
  const sources: EvidenceSource[] = [];
  for (const name of names) sources.push(await openSource(name, context));
  return sources;
}

async function openSource(name: string, context: OutcomeContext): Promise<EvidenceSource> {
  const create = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (create !== undefined) return create();
  if (name.startsWith("recorded:")) {
    const { readRecorded } = await import("./recorded.ts");
    const source = (await readRecorded(name.slice("recorded:".length), name, context)).create((labels) => labels);
    if (isOutputSource(source)) return evidenceOfOutputs(source);
  }
  throw new OptionError(`--from ${name}: expected ${Object.keys(SOURCES).join(", ")} or recorded:SOURCE`);
}
