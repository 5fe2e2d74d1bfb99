import { readTextAs } from "../read-text.ts";
import { type ClassOdds, parseClassOdds } from "./class-odds.ts";
import { ClassOddsError } from "./errors.ts";

/** @param names of all classes @throws {ClassOddsError} naming file, line, column and field */
export async function readClassOdds(file: string, names: readonly string[]): Promise<ClassOdds> {
  return parseClassOdds(await readTextAs("odds of classes", file, ClassOddsError), names, file);
}
