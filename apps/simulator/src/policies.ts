import { list } from "@depid/command-line/flags";
import { getPolicy, type Policy, pluginPolicy, ReplayError } from "@depid/replay";
import { loadGenerator } from "@depid/siggen/fs";

/**
 * The policies of a comma-separated list: names, or paths of plug-in modules (with a "/" or ending in .js or .mjs).
 *
 * @throws {ReplayError} for an unknown or repeated name
 * @throws {SiggenError} for a plug-in that cannot be loaded
 */
export async function choosePolicies(text: string): Promise<readonly Policy[]> {
  const names = list(text);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new ReplayError(`policy ${JSON.stringify(repeated)} is listed twice`);
  const policies: Policy[] = [];
  for (const name of names) {
    const isPath = name.includes("/") || /\.m?js$/.test(name);
    policies.push(isPath ? pluginPolicy(name, await loadGenerator(name)) : getPolicy(name));
  }
  return policies;
}
