import type { YamlPath, YamlText } from "../yaml-text.ts";
import { parseByteSize } from "./byte-size.ts";
import { checkIsOneOf } from "./check-is-one-of.ts";
import type { PruneRule, TopologyCache } from "./topology.ts";
import type { TopologyPart } from "./topology-schema.ts";

type CachePart = NonNullable<TopologyPart["caches"]>[number];

/** The caches of a topology, of which all that they name is there. @param path of the list */
export function resolveCaches(caches: readonly CachePart[], yaml: YamlText, path: YamlPath): readonly TopologyCache[] {
  return caches.map(({ name, prune, mirror_of: of, behind }, i) => {
    const at = [...path, i];
    if (of === undefined) {
      if (behind !== undefined) yaml.fail([...at, "behind"], "expected mirror_of beside it, found none", "key");
      return { name, ...(prune === undefined ? {} : { prune: ruleOf(prune) }) };
    }
    if (prune !== undefined) yaml.fail([...at, "prune"], `expected none, as a mirror loses what ${of} loses`, "key");
    const others = caches.filter((it) => it.name !== name && it.mirror_of === undefined);
    checkIsOneOf(of, others, "caches that are no mirrors", yaml, [...at, "mirror_of"]);
    return { name, mirrorOf: { cache: of, behind: behind ?? 1 } };
  });
}

function ruleOf(prune: NonNullable<CachePart["prune"]>): PruneRule {
  return "bytes" in prune ? { ...prune, bytes: parseByteSize(prune.bytes) ?? 0 } : prune;
}
