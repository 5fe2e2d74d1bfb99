import { TopologyError } from "../errors.ts";
import { type YamlPath, YamlText } from "../yaml-text.ts";
import { parseByteSize } from "./byte-size.ts";
import type { Cadence, PruneRule, Topology } from "./topology.ts";
import { type TopologyPart, topologyPart, topologySchema } from "./topology-schema.ts";

/** Of servers and caches, where none are named. */
const SHARED = "shared";

/**
 * Reads a topology (YAML, `depid-topology/1`).
 *
 * @param source what the text came from, for messages
 * @throws {TopologyError} naming source, line, column and field
 */
export function parseTopology(text: string, source: string): Topology {
  const yaml = new YamlText(text, source, TopologyError);
  const { format: _, ...part } = yaml.parse(topologySchema);
  return resolve(part, yaml, []);
}

/**
 * Reads the part of a YAML text that is a topology.
 *
 * @param path of the part
 * @throws what the text throws, naming source, line, column and field
 */
export function parseTopologyPart(yaml: YamlText, path: YamlPath): Topology {
  return resolve(yaml.parse(topologyPart, path), yaml, path);
}

/** Fills in what was left unsaid, and checks that all that is named is there. */
function resolve(part: TopologyPart, yaml: YamlText, path: YamlPath): Topology {
  const { builders, servers = [{ name: SHARED }] } = part;
  const caches: NonNullable<TopologyPart["caches"]> = part.caches ?? [{ name: SHARED }];
  const checkNames = (list: string, all: readonly { readonly name: string }[]): void => {
    for (const [i, { name }] of all.entries()) {
      const before = all.findIndex((it) => it.name === name);
      if (before < i) yaml.fail([...path, list, i, "name"], `expected another name than that of ${list}[${before}]`);
    }
  };
  checkNames("builders", builders);
  checkNames("servers", servers);
  checkNames("caches", caches);
  const choose = (
    i: number,
    key: "server" | "sstate",
    asked: string | undefined,
    all: readonly { readonly name: string }[],
  ): string => {
    if (asked === undefined) return all[0]?.name ?? SHARED;
    if (all.some(({ name }) => name === asked)) return asked;
    const names = all.map(({ name }) => name).join(", ");
    const list = key === "server" ? "servers" : "caches";
    return yaml.fail([...path, "builders", i, key], `expected one of ${list}, which are ${names}, found ${asked}`);
  };
  return {
    builders: builders.map(({ name, kind, every, offset, steps, targets, server, sstate }, i) => {
      const at = [...path, "builders", i];
      const unfit = every === undefined ? "offset" : "every";
      if (steps !== undefined && (every ?? offset) !== undefined)
        yaml.fail([...at, unfit], "expected either steps, or every and offset", "key");
      const cadence: Cadence =
        steps === undefined
          ? { every: every ?? 1, offset: offset ?? 0 }
          : { steps: [...new Set(steps)].sort((a, b) => a - b) };
      return {
        name,
        kind,
        cadence,
        ...(targets === undefined ? {} : { targets }),
        server: choose(i, "server", server, servers),
        sstate: choose(i, "sstate", sstate, caches),
      };
    }),
    servers,
    caches: caches.map(({ name, prune }) => ({ name, ...(prune === undefined ? {} : { prune: ruleOf(prune) }) })),
  };
}

function ruleOf(prune: NonNullable<NonNullable<TopologyPart["caches"]>[number]["prune"]>): PruneRule {
  return "bytes" in prune ? { ...prune, bytes: parseByteSize(prune.bytes) ?? 0 } : prune;
}
