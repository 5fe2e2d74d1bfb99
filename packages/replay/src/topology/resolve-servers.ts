import type { YamlPath, YamlText } from "../yaml-text.ts";
import { checkIsOneOf } from "./check-is-one-of.ts";
import type { GcRule, TopologyCache, TopologyServer } from "./topology.ts";
import type { TopologyPart } from "./topology-schema.ts";

type ServerPart = NonNullable<TopologyPart["servers"]>[number];

/** What a read-only server has of the one whose database it is on. */
const OF_THE_DATABASE = ["upstream", "lost", "gc"] as const;

/**
 * The servers of a topology, of which all that they name is there.
 *
 * @param path of the list
 * @param caches of the same topology
 */
export function resolveServers(
  servers: readonly ServerPart[],
  caches: readonly TopologyCache[],
  yaml: YamlText,
  path: YamlPath,
): readonly TopologyServer[] {
  const resolved = servers.map((server, i): TopologyServer => {
    const { name, read_only_of: readOnlyOf, upstream, unreachable, lost, gc } = server;
    const at = [...path, i];
    if (readOnlyOf !== undefined) {
      const unfit = OF_THE_DATABASE.find((key) => server[key] !== undefined);
      if (unfit !== undefined)
        yaml.fail([...at, unfit], `expected none, as that is said of ${readOnlyOf}, whose database it is`, "key");
      const owners = servers.filter((it) => it !== server && it.read_only_of === undefined);
      checkIsOneOf(readOnlyOf, owners, "servers that write", yaml, [...at, "read_only_of"]);
    }
    if (upstream !== undefined) {
      const others = servers.filter((it) => it !== server && it.read_only_of === undefined);
      checkIsOneOf(upstream, others, "other servers that write", yaml, [...at, "upstream"]);
    }
    for (const [k, { at: step, restored_from: from }] of lost?.entries() ?? [])
      if (from !== undefined && from >= step)
        yaml.fail([...at, "lost", k, "restored_from"], `expected a step before ${step}, at which it is lost`);
    return {
      name,
      ...(readOnlyOf === undefined ? {} : { readOnlyOf }),
      ...(upstream === undefined ? {} : { upstream }),
      ...(unreachable === undefined ? {} : { unreachable }),
      ...(lost === undefined ? {} : { lost: lost.map(lossOf).sort((a, b) => a.at - b.at) }),
      ...(gc === undefined ? {} : { gc: resolveGc(gc, caches, yaml, [...at, "gc"]) }),
    };
  });
  for (const [i, { name }] of resolved.entries()) checkEnds(name, resolved, yaml, [...path, i, "upstream"]);
  return resolved;
}

function lossOf({ at, restored_from: restoredFrom }: NonNullable<ServerPart["lost"]>[number]) {
  return { at, ...(restoredFrom === undefined ? {} : { restoredFrom }) };
}

function resolveGc(
  gc: NonNullable<ServerPart["gc"]>,
  caches: readonly TopologyCache[],
  yaml: YamlText,
  path: YamlPath,
): GcRule {
  const { every = 1 } = gc;
  if (gc.rule === "age") return { rule: "age", steps: gc.steps, every };
  const own = caches.filter(({ mirrorOf }) => mirrorOf === undefined);
  const asked = gc.caches ?? own.map(({ name }) => name);
  for (const [i, name] of asked.entries())
    checkIsOneOf(name, own, "caches that are no mirrors", yaml, [...path, "caches", i]);
  return { rule: "objects", caches: asked, every };
}

/** Upstreams must not go round in a circle: each would wait for the other. */
function checkEnds(name: string, servers: readonly TopologyServer[], yaml: YamlText, path: YamlPath): void {
  const way = [name];
  for (;;) {
    const next = servers.find((it) => it.name === way.at(-1))?.upstream;
    if (next === undefined) return;
    way.push(next);
    if (next === name) yaml.fail(path, `expected upstreams that come to an end, found ${way.join(" -> ")}`);
    if (way.length > servers.length) return; // a circle of others, told of those
  }
}
