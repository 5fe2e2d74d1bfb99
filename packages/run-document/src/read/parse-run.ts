import { describeProblem, parseHistory } from "@depid/task-graph/read";
import { z } from "zod";
import { runDocumentSchema } from "../documents/index.ts";
import { RunError } from "../errors.ts";
import { Run } from "../run.ts";

const format = z.object({ format: z.literal("depid-run/1") });

/**
 * Reads a run from the text of its document.
 *
 * @param source what the text came from, for messages
 * @throws {RunError} naming source and field; {HistoryError} when it is the history in it that is not right
 */
export function parseRun(text: string, source: string): Run {
  const fail = (problem: string, options?: ErrorOptions) => new RunError(source, 0, problem, options);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw fail(`expected a run (one JSON document, "format": "depid-run/1"), found ${excerpt(text)}`, { cause });
  }
  if (!format.safeParse(json).success)
    throw fail(`format: expected "depid-run/1", as depid replay --record writes it, found ${named(json)}`);
  const result = runDocumentSchema.safeParse(json);
  if (!result.success) throw fail(describeProblem(result.error));
  return new Run(result.data, () => parseHistory(result.data.history, `${source}, history`), source);
}

function excerpt(text: string): string {
  return text === "" ? "nothing" : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function named(json: unknown): string {
  const { format } = (typeof json === "object" && json !== null ? json : {}) as { readonly format?: unknown };
  return typeof format === "string" ? excerpt(format) : "none";
}
