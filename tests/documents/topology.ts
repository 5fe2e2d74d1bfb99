import { TopologyError, YamlText } from "@depid/replay";
import { topologySchema } from "@depid/replay/documents";
import type { Example } from "./example.ts";

const TEXTS: Readonly<Record<string, string>> = {
  "as little as there may be": `
builders:
  - { name: ci, kind: fresh }
`,
  "all that there may be": `
builders:
  - { name: ci, kind: fresh, every: 2, offset: 1, server: hub, sstate: farm }
  - { name: desk, kind: persistent, steps: [0, 3], targets: ["*"] }
servers: [{ name: hub }]
caches: [{ name: farm }]
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

/** A file of one of them. */
export const TOPOLOGY = `format: depid-topology/1\n${TEXTS["all that there may be"]}`;
