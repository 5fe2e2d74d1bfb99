import { IrreproducibleError, type IrreproducibleRule, parseIrreproducible } from "@depid/replay";
import { readTextAs } from "../read-text.ts";

/** Reads which tasks are not reproducible from a file. @throws {IrreproducibleError} naming file, line, column and field */
export async function readIrreproducible(file: string): Promise<readonly IrreproducibleRule[]> {
  return parseIrreproducible(await readTextAs("tasks that are not reproducible", file, IrreproducibleError), file);
}
