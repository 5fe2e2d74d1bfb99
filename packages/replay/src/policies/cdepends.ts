import { createBasicHash } from "@depid/siggen";
import { compileConsumerRules, seeing } from "./consumer-rules.ts";
import { byHash, reportingLevel } from "./parts.ts";
import type { Policy } from "./policy.ts";
import type { CdependsOptions } from "./policy-options.ts";

/**
 * Ho's CDEPENDS of 2017 (origins.md section 3): a parent that a consumer declares is run first and not hashed. Before the consumer is reused, the parent's report is held against the one
 * that was stored with it.
 */
export function cdepends({ consumers = [] }: CdependsOptions = {}): Policy {
  const rules = compileConsumerRules(consumers);
  return {
    name: "cdepends",
    definition:
      "Ho's CDEPENDS of 2017: as basichash, but parents that a consumer declares are not hashed; the consumer is built again if their report differs, at its level, from the one that it was built with",
    rebuilder: seeing(byHash(createBasicHash), rules.levelOf),
    server: {
      reporter: { ...reportingLevel("output"), tells: rules.isParent },
      adoption: "awaited",
      map: "list",
    },
  };
}
