import { TopologyError } from "../errors.ts";
import { type YamlPath, YamlText } from "../yaml-text.ts";
import { resolveBuilders } from "./resolve-builders.ts";
import { resolveCaches } from "./resolve-caches.ts";
import { resolveServers } from "./resolve-servers.ts";
import type { Topology } from "./topology.ts";
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
  const { builders, servers = [{ name: SHARED }], caches = [{ name: SHARED }] } = part;
  for (const [list, all] of Object.entries({ builders, servers, caches })) checkNames(list, all, yaml, path);
  const resolved = { caches: resolveCaches(caches, yaml, [...path, "caches"]) };
  const world = {
    ...resolved,
    servers: resolveServers(servers, resolved.caches, yaml, [...path, "servers"]),
  };
  return { builders: resolveBuilders(builders, world, yaml, [...path, "builders"]), ...world };
}

function checkNames(list: string, all: readonly { readonly name: string }[], yaml: YamlText, path: YamlPath): void {
  for (const [i, { name }] of all.entries()) {
    const before = all.findIndex((it) => it.name === name);
    if (before < i) yaml.fail([...path, list, i, "name"], `expected another name than that of ${list}[${before}]`);
  }
}
