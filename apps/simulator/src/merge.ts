import { MergeError, mergeParts, type NamedPart } from "@depid/replay";
import { sweepPartSchema } from "@depid/replay/documents";
import { readLines } from "@depid/task-graph/fs";
import { checkPrintFlags, type PrintFlags, printSweep } from "./sweep/print-sweep.ts";

/** Prints what `depid sweep` would have printed had it not been split. @throws {MergeError} for what are not all parts of one sweep */
export async function merge(files: readonly string[], flags: PrintFlags): Promise<void> {
  await checkPrintFlags(flags);
  const parts: NamedPart[] = [];
  for (const file of files) parts.push({ file, run: parsePart(file, await readText(file)) });
  await printSweep(mergeParts(parts), flags);
}

/** A file that cannot be read, whatever the line it got to. */
class UnreadablePart extends MergeError {
  constructor(file: string, _line: number, problem: string, options?: ErrorOptions) {
    super(file, "", problem, options);
  }
}

async function readText(file: string): Promise<string> {
  let text = "";
  for await (const line of readLines(file, UnreadablePart)) text += `${line}\n`;
  return text;
}

function parsePart(file: string, text: string): NamedPart["run"] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MergeError(file, "", "expected a part of a sweep (depid-sweep-part/1), found no JSON");
  }
  const { data, error } = sweepPartSchema.safeParse(value);
  if (data !== undefined) {
    const { format, ...run } = data;
    return run;
  }
  const [issue] = error.issues;
  throw new MergeError(
    file,
    issue?.path.join(".") ?? "",
    `expected a part of a sweep (depid-sweep-part/1): ${issue?.message}`,
  );
}
