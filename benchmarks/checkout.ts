import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(import.meta.dirname, "..");

/**
 * Another commit of this repository to compare with, built in a clone of its own, which takes some minutes.
 *
 * @param commit a commit, or the directory of a checkout that is built already
 * @param folder where the clone is made
 * @returns the checkout's directory
 */
export function builtCheckout(commit: string, folder: string): string {
  if (existsSync(join(commit, "package.json"))) return resolve(commit);
  const clone = join(folder, "clone");
  run("git", ["clone", "--quiet", "--no-checkout", REPOSITORY, clone], folder);
  run("git", ["checkout", "--quiet", commit], clone);
  run("npm", ["ci", "--silent"], clone);
  run("npm", ["run", "build"], clone);
  return clone;
}

/**
 * Takes `--against COMMIT` out of arguments.
 *
 * @throws Error if no commit follows
 */
export function takeAgainst(args: readonly string[]): { readonly rest: readonly string[]; readonly against?: string } {
  const at = args.indexOf("--against");
  if (at < 0) return { rest: args };
  const against = args[at + 1];
  if (against === undefined) throw new Error("--against: expected a commit, or the directory of a checkout");
  return { rest: args.filter((_, i) => i !== at && i !== at + 1), against };
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: exit status ${status}\n${stdout}${stderr}`);
}
