import { IrreproducibleError, YamlText } from "@depid/replay";
import { irreproducibleSchema } from "@depid/replay/documents";
import type { Example } from "./example.ts";

/** Tasks that are not reproducible, which are read and not printed. */
export const IRREPRODUCIBLE: readonly Example[] = [
  {
    what: "rules with as little as there may be, and with all",
    async print() {
      const text = `format: depid-irreproducible/1
tasks:
  - { probability: 0.1 }
  - { recipe: linux, task: do_compile, probability: 1, does: contained, because: it names the time }
  - { probability: 0.5, does: propagating }
`;
      return JSON.stringify(new YamlText(text, "runs.yaml", IrreproducibleError).parse(irreproducibleSchema));
    },
  },
];
