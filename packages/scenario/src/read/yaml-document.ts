import { describeProblem } from "@depid/task-graph/read";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { ScenarioError } from "../errors.ts";

/** A YAML text of a known form, of which problems can be told where they are. */
export interface YamlDocument<T> {
  readonly data: T;
  /** @param path keys down to what is wrong */
  error(path: readonly PropertyKey[], problem: string): ScenarioError;
}

/**
 * Reads a YAML text.
 *
 * @param source what the text came from, for messages
 * @throws {ScenarioError} naming source, line, column and field
 */
export function readYaml<T>(text: string, source: string, schema: z.ZodType<T>): YamlDocument<T> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col: column } = lineCounter.linePos(broken.pos[0]);
    const problem = `expected YAML: ${broken.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? ""}`;
    throw new ScenarioError(problem, { source, line, column, cause: broken });
  }
  const result = schema.safeParse(document.toJS());
  if (!result.success) throw placed(result.error.issues[0]?.path ?? [], describeProblem(result.error));
  return {
    data: result.data,
    error: (path, problem) => placed(path, `${fieldOf(path)}: ${problem}`),
  };

  /** At the deepest part of the path that the document has. */
  function placed(path: readonly PropertyKey[], problem: string): ScenarioError {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      const range = (node as { readonly range?: readonly number[] } | undefined)?.range;
      if (range?.[0] === undefined) continue;
      const { line, col: column } = lineCounter.linePos(range[0]);
      return new ScenarioError(problem, { source, line, column });
    }
    return new ScenarioError(problem, { source, line: 1, column: 1 });
  }
}

/** `steps[1].changes[0].task` */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => `${text}${typeof key === "number" ? `[${key}]` : `${text === "" ? "" : "."}${String(key)}`}`,
    "",
  );
}
