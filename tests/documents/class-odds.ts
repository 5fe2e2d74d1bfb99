import { YamlText } from "@depid/replay";
import { classOddsSchema } from "../../apps/simulator/src/documents/index.ts";
import { CLASS_NAMES } from "../../apps/simulator/src/outcomes/class-names.ts";
import { ClassOddsError } from "../../apps/simulator/src/outcomes/errors.ts";
import type { Example } from "./example.ts";

/** Odds of classes, which are read and not printed. */
export const CLASS_ODDS: readonly Example[] = [
  read("all classes", "{ neutral: 0.5, contained: 0.2, propagating: 0.3 }"),
  read("nothing known of a class", "{}"),
];

function read(what: string, odds: string): Example {
  return {
    what,
    async print() {
      const rows = CLASS_NAMES.map((it) => `  ${it}: ${odds}`);
      const text = ["format: depid-class-odds/1", "classes:", ...rows].join("\n");
      return JSON.stringify(new YamlText(text, "odds.yaml", ClassOddsError).parse(classOddsSchema));
    },
  };
}
