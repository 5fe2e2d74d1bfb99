import { TopologyError, YamlText } from "@depid/replay";
import { topologySchema } from "@depid/replay/documents";
import { depid, type Example } from "./example.ts";

const TEXTS: Readonly<Record<string, string>> = {
  "as little as there may be": `
builders:
  - { name: ci, kind: fresh }
`,
  "servers that are collected each step, by the objects of all caches and by age": `
builders:
  - { name: ci, kind: fresh }
servers:
  - { name: a, gc: { rule: objects } }
  - { name: b, gc: { rule: age, steps: 3 } }
`,
  "all that there may be": `
builders:
  - { name: ci, kind: fresh, every: 2, offset: 1, server: hub, sstate: farm }
  - { name: desk, kind: persistent, steps: [0, 3], targets: ["*"], mirrors: [copy], read_only: true, unreachable: [3], diverges: [zlib:do_compile] }
servers:
  - { name: hub, lost: [{ at: 3 }, { at: 5, restored_from: 1 }], unreachable: [2], gc: { rule: age, steps: 3, every: 2 } }
  - { name: near, upstream: hub, gc: { rule: objects, caches: [farm], every: 2 } }
  - { name: public, read_only_of: near }
caches:
  - { name: all }
  - { name: copy, mirror_of: farm, behind: 2 }
  - { name: farm, prune: { rule: age, steps: 3 } }
  - { name: b, prune: { rule: unused, steps: 3 } }
  - { name: c, prune: { rule: size, bytes: 1 GB } }
  - { name: d, prune: { rule: lru, bytes: 1 GB } }
`,
};

/** Topologies, which are read and not printed. */
export const TOPOLOGIES: readonly Example[] = Object.entries(TEXTS).map(([what, body]) => ({
  what,
  async print() {
    const text = `format: depid-topology/1\n${body}`;
    return JSON.stringify(new YamlText(text, what, TopologyError).parse(topologySchema));
  },
}));

const MINI = "examples/meta-mini";
const RETENTION_OF = ["retention", `${MINI}/recorded/history.jsonl.gz`, "--sizes", "2MB"];

/** Retention curves. */
export const RETENTION: readonly Example[] = [
  depid("in hours", ...RETENTION_OF, "--durations", `${MINI}/recorded/kept/durations.csv`),
  depid("in tasks, by builders of a topology", ...RETENTION_OF, "--topology", `${MINI}/topology.yaml`, "--ages", "2"),
  depid("in a kept build directory", ...RETENTION_OF, "--builder", "persistent", "--ages", "2", "--bytes", "9MB"),
];
