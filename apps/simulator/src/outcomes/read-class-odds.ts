import { readFile } from "node:fs/promises";
import { reasonOf } from "@depid/bitbake/fs";
import { type ClassOdds, parseClassOdds } from "./class-odds.ts";
import { ClassOddsError } from "./errors.ts";

/** @param names of all classes @throws {ClassOddsError} naming file, line, column and field */
export async function readClassOdds(file: string, names: readonly string[]): Promise<ClassOdds> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new ClassOddsError(file, 0, `cannot be read as odds of classes: ${reasonOf(cause)}`, { cause });
  }
  return parseClassOdds(text, names, file);
}
