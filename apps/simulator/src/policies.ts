import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { list } from "@depid/command-line/flags";
import {
  type CreatePolicy,
  getPolicy,
  type Policy,
  type PolicyOptions,
  PolicyOptionsError,
  parsePolicyOptions,
  pluggedPolicy,
  pluginPolicy,
  policyNames,
  ReplayError,
} from "@depid/replay";
import { loadGenerator } from "@depid/siggen/fs";
import { readTextAs } from "./read-text.ts";

/**
 * The policies of a comma-separated list: names, `all` for all names, or paths of plug-in modules (with a "/" or ending in .js or .mjs).
 *
 * @param options what policies know beyond the capture
 * @throws {ReplayError} for an unknown or repeated name
 * @throws {SiggenError} for a plug-in that cannot be loaded
 */
export async function choosePolicies(text: string, options: PolicyOptions = {}): Promise<readonly Policy[]> {
  const names = list(text).flatMap((name): readonly string[] => (name === "all" ? policyNames : [name]));
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new ReplayError(`policy ${JSON.stringify(repeated)} is listed twice`);
  const policies: Policy[] = [];
  for (const name of names) {
    const isPath = name.includes("/") || /\.m?js$/.test(name);
    policies.push(isPath ? await loadPolicy(name) : getPolicy(name, options));
  }
  return policies;
}

/** The policy of a plug-in: what it exports as `policy`, or else that of the generator that it exports by default. */
async function loadPolicy(path: string): Promise<Policy> {
  // What is wrong with a module is told by who loads generators.
  const { policy }: { readonly policy?: CreatePolicy } = await import(pathToFileURL(resolve(path)).href).catch(
    () => ({}),
  );
  if (typeof policy === "function") return pluggedPolicy(path, policy);
  return pluginPolicy(path, await loadGenerator(path));
}

/** What a file says that policies know beyond the capture. @throws {PolicyOptionsError} naming file, line and column */
export async function readPolicyOptionsFile(file: string | undefined): Promise<PolicyOptions> {
  if (file === undefined) return {};
  return parsePolicyOptions(await readTextAs("policy options", file, PolicyOptionsError), file);
}
