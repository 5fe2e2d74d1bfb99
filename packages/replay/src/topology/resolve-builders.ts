import type { YamlPath, YamlText } from "../yaml-text.ts";
import { checkIsOneOf } from "./check-is-one-of.ts";
import type { Cadence, Topology, TopologyBuilder } from "./topology.ts";
import type { TopologyPart } from "./topology-schema.ts";

type BuilderPart = TopologyPart["builders"][number];

/**
 * The builders of a topology, of which all that they name is there.
 *
 * @param world what they share
 * @param path of the list
 */
export function resolveBuilders(
  builders: readonly BuilderPart[],
  { servers, caches }: Omit<Topology, "builders">,
  yaml: YamlText,
  path: YamlPath,
): readonly TopologyBuilder[] {
  const own = caches.filter(({ mirrorOf }) => mirrorOf === undefined);
  return builders.map((builder, i) => {
    const { name, kind, targets, sstate, mirrors, read_only: readOnly, unreachable, diverges } = builder;
    const at = [...path, i];
    const choose = (key: "server" | "sstate", list: string, all: readonly { readonly name: string }[]): string => {
      const asked = builder[key];
      if (asked === undefined) return (all[0] as { readonly name: string }).name;
      checkIsOneOf(asked, all, list, yaml, [...at, key]);
      return asked;
    };
    const asMirror = sstate !== undefined && caches.some((it) => it.name === sstate && it.mirrorOf !== undefined);
    if (asMirror)
      yaml.fail(
        [...at, "sstate"],
        `expected a cache that can be written, found the mirror ${sstate}: name it in mirrors`,
      );
    for (const [k, mirror] of mirrors?.entries() ?? []) {
      checkIsOneOf(mirror, caches, "caches", yaml, [...at, "mirrors", k]);
      if (mirror === (sstate ?? own[0]?.name))
        yaml.fail([...at, "mirrors", k], `expected another cache than its own, found ${mirror}`);
    }
    return {
      name,
      kind,
      cadence: cadenceOf(builder, yaml, at),
      ...(targets === undefined ? {} : { targets }),
      server: choose("server", "servers", servers),
      sstate: choose("sstate", "caches", own),
      ...(mirrors === undefined ? {} : { mirrors }),
      ...(readOnly === true ? { readOnly } : {}),
      ...(unreachable === undefined ? {} : { unreachable }),
      ...(diverges === undefined ? {} : { diverges }),
    };
  });
}

function cadenceOf({ every, offset, steps }: BuilderPart, yaml: YamlText, at: YamlPath): Cadence {
  if (steps === undefined) return { every: every ?? 1, offset: offset ?? 0 };
  const unfit = every === undefined ? "offset" : "every";
  if ((every ?? offset) !== undefined) yaml.fail([...at, unfit], "expected either steps, or every and offset", "key");
  return { steps: [...new Set(steps)].sort((a, b) => a - b) };
}
