import { createMessageEvidence, type EvidenceSource } from "@depid/replay";
import { createClassEvidence } from "./classes.ts";
import { OptionError } from "./errors.ts";

const SOURCES: Readonly<Record<string, () => EvidenceSource>> = {
  classes: createClassEvidence,
  messages: createMessageEvidence,
};

/**
 * Opens the sources of evidence that `--from` names.
 *
 * @throws {OptionError} naming those that there are
 */
export async function openEvidence(names: readonly string[]): Promise<EvidenceSource[]> {
  return names.map((name) => {
    const create = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
    if (create === undefined) {
      throw new OptionError(`--from ${name}: expected ${Object.keys(SOURCES).join(" or ")}`);
    }
    return create();
  });
}
