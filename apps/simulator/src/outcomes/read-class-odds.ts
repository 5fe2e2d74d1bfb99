import { readTextAs } from "../read-text.ts";
import { type ClassOdds, parseClassOdds } from "./class-odds.ts";
import { ClassOddsError } from "./errors.ts";

/** @throws {ClassOddsError} naming file, line, column and field */
export async function readClassOdds(file: string): Promise<ClassOdds> {
  return parseClassOdds(await readTextAs("odds of classes", file, ClassOddsError), file);
}
