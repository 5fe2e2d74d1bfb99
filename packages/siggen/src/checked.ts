import { isDepId } from "@depid/hash";
import { SiggenError } from "./errors.ts";
import type { SignatureGenerator } from "./signature-generator.ts";

const STAMP_HASHES = new Set<unknown>(["none", "taskhash", "depid"]);

/**
 * A generator from outside, held to its contract: what it throws or answers wrongly becomes a `SiggenError` that names it and
 * the task.
 *
 * @param origin where it came from, for messages
 */
export function checkedGenerator(generator: SignatureGenerator, origin: string): SignatureGenerator {
  if (generator === null || typeof generator !== "object") {
    throw new SiggenError(`${origin}: expected a signature generator, found ${String(generator)}`);
  }
  for (const member of ["taskhash", "depids"] as const) {
    if (typeof generator[member] !== "function") throw new SiggenError(`${origin}: ${member}: expected a function`);
  }
  if (typeof generator.name !== "string") throw new SiggenError(`${origin}: name: expected text`);
  if (!STAMP_HASHES.has(generator.stampHash)) {
    throw new SiggenError(
      `${origin}: stampHash: expected none, taskhash or depid, found ${String(generator.stampHash)}`,
    );
  }
  const broken = (where: string, problem: string, cause?: unknown) =>
    new SiggenError(`${origin}: ${where}: ${problem}`, { cause });
  const thrown = (where: string, error: unknown) =>
    broken(where, `threw ${error instanceof Error ? error.message : String(error)}`, error);
  return {
    name: generator.name,
    stampHash: generator.stampHash,
    taskhash(input) {
      const where = `taskhash of ${input.tid}`;
      let hash: unknown;
      try {
        hash = generator.taskhash(input);
      } catch (error) {
        throw thrown(where, error);
      }
      if (!isDepId(hash))
        throw broken(where, `expected 64 lowercase hexadecimal digits, found ${JSON.stringify(hash)}`);
      return hash as never;
    },
    async depids(tasks) {
      let depids: readonly unknown[];
      try {
        depids = await generator.depids(tasks);
      } catch (error) {
        throw thrown("depids", error);
      }
      if (!Array.isArray(depids) || depids.length !== tasks.length) {
        throw broken(
          "depids",
          `expected ${tasks.length} answers, found ${Array.isArray(depids) ? depids.length : String(depids)}`,
        );
      }
      tasks.forEach(({ task }, i) => {
        if (!isDepId(depids[i])) {
          throw broken(
            `depid of ${task.tid}`,
            `expected 64 lowercase hexadecimal digits, found ${JSON.stringify(depids[i])}`,
          );
        }
      });
      return depids as never;
    },
  };
}
