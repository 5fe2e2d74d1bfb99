import { compileConsumerRules, seeing } from "./consumer-rules.ts";
import { byDepId, everyTask, forgetting } from "./parts.ts";
import type { Policy } from "./policy.ts";
import type { PerConsumerOptions } from "./policy-options.ts";

/** Equivalence by what the consumer of an output looks at: what neither a global map nor CDEPENDS gives (origins.md section 3). */
export function perConsumer({ consumers = [] }: PerConsumerOptions = {}): Policy {
  return {
    name: "per-consumer",
    definition:
      "equivhash-settled, but a consumer hashes of an output what it has said that it looks at: two outputs may be the same for one and not for another",
    rebuilder: seeing(forgetting(byDepId()), compileConsumerRules(consumers).levelOf),
    server: { reporter: everyTask, adoption: "awaited" },
  };
}
