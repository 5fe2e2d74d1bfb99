import type { z } from "zod";
import { describeProblem } from "./describe-problem.ts";

/** Makes the error for a problem in a line; the line is counted from 1, 0 when the whole is meant. */
export type LineErrorClass = new (source: string, line: number, problem: string, options?: ErrorOptions) => Error;

/** Narrows one line of a file of JSON lines. @throws an error of the class given, naming source, line and field */
export function parseJsonLine<T>(
  row: z.ZodType<T>,
  content: string,
  source: string,
  line: number,
  LineError: LineErrorClass,
): T {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw new LineError(source, line, `expected a JSON object, found ${excerpt(content)}`, { cause });
  }
  const result = row.safeParse(json);
  if (result.success) return result.data;
  throw new LineError(source, line, describeProblem(result.error));
}

function excerpt(content: string): string {
  return content.length > 60 ? `${JSON.stringify(content.slice(0, 57))}...` : JSON.stringify(content);
}
