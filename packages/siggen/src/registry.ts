import { createBasic, createBasicHash } from "./basic.ts";
import type { DepIdCache } from "./depid-cache.ts";
import { createEquivHash } from "./equivhash.ts";
import { SiggenError } from "./errors.ts";
import { createNoop } from "./noop.ts";
import type { DepIdSource, SignatureGenerator } from "./signature-generator.ts";

/** What a generator may need of its surroundings. */
export interface GeneratorContext {
  /** The hash equivalence server. */
  readonly source: DepIdSource;
  /** Output hash method: the name space of taskhashes on the server. */
  readonly method: string;
  /** The builder's memory of the server's answers. */
  readonly cache?: DepIdCache;
}

/** Makes a generator for one builder. A plug-in's default export is one of these. */
export type CreateGenerator = (context: GeneratorContext) => SignatureGenerator;

const GENERATORS: Readonly<Record<string, CreateGenerator>> = {
  noop: createNoop,
  basic: createBasic,
  basichash: createBasicHash,
  equivhash: createEquivHash,
};

/** Names of the generators that come with the package. */
export const generatorNames: readonly string[] = Object.keys(GENERATORS);

/** @throws {SiggenError} when there is no generator of that name */
export function getGenerator(name: string): CreateGenerator {
  const create = Object.hasOwn(GENERATORS, name) ? GENERATORS[name] : undefined;
  if (create === undefined) {
    throw new SiggenError(
      `no signature generator ${JSON.stringify(name)}: expected one of ${generatorNames.join(", ")}`,
    );
  }
  return create;
}
