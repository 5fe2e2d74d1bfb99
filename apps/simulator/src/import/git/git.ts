import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ImportGitError } from "./errors.ts";

const MANY = 1 << 30;

/**
 * What a git command prints, without the last line end.
 *
 * @throws {ImportGitError} with what git says
 */
export async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, ...args], { maxBuffer: MANY });
    return stdout.replace(/\n$/, "");
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    const said = stderr?.trim().split("\n")[0] || message;
    throw new ImportGitError(`git ${args[0]} in ${folder}: ${said}`, { cause });
  }
}
