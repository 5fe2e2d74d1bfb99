import { readTextFile } from "@depid/bitbake/fs";
import { MergeError, mergeParts, type NamedPart } from "@depid/replay";
import { sweepPartSchema } from "@depid/replay/documents";
import { checkOutput } from "@depid/task-graph/fs";
import { type PrintFlags, printSweep } from "./sweep/print-sweep.ts";

/** Prints what `depid sweep` would have printed had it not been split. @throws {MergeError} for what are not all parts of one sweep */
export async function merge(files: readonly string[], flags: PrintFlags): Promise<void> {
  if (flags.csv !== undefined) await checkOutput(flags.csv);
  const parts: NamedPart[] = [];
  for (const file of files) parts.push({ file, run: parsePart(file, (await readTextFile(file)).join("\n")) });
  await printSweep(mergeParts(parts), flags);
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
