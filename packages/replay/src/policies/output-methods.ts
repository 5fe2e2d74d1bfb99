import { formatHashFn, parseHashFn, pkgSpecOfAnyVersion } from "@depid/sstate";
import { ReplayError } from "../errors.ts";
import { outHashOf } from "../outhash.ts";
import { contentAt } from "./level.ts";
import type { Policy, Reporter } from "./policy.ts";

/** A way to tell a task's output by one hash that sees something else of it than BitBake's does. */
interface OutputMethod {
  /** What it takes for equal that BitBake's method does not: the end of a sentence. */
  readonly equates: string;
  readonly reporter: Reporter;
}

const SYSROOT = "do_populate_sysroot";

/** By the name that stands behind the policy's, after a colon. */
const METHODS: Readonly<Record<string, OutputMethod>> = {
  "files-alone": {
    equates: "outputs that differ in depids of sysroots below alone (HASHEQUIV_EXTRA_SIGDATA)",
    reporter: { outHashOf: (task, content, { extra: _, ...context }) => outHashOf(task, content, context) },
  },
  "any-version": {
    equates: "outputs of two versions of a recipe that differ in nothing else (PV and PR of SSTATE_PKGSPEC)",
    reporter: {
      outHashOf(task, content, context) {
        const { pkgSpec, ...rest } = parseHashFn(task.hashfn);
        const hashfn = formatHashFn({ ...rest, pkgSpec: pkgSpecOfAnyVersion(pkgSpec) });
        return outHashOf({ ...task, hashfn }, content, context);
      },
    },
  },
  interface: {
    equates: "sysroots (do_populate_sysroot) of which other recipes see the same: headers and symbols stay, say",
    reporter: {
      outHashOf(task, content, context) {
        return outHashOf(task, task.task === SYSROOT ? contentAt("interface", task, content) : content, context);
      },
    },
  },
};

/** Names of output hash methods that a policy may have behind its own, after a colon. */
export const outputMethodNames: readonly string[] = Object.keys(METHODS);

/**
 * A policy whose tasks report another output hash.
 *
 * @throws {ReplayError} when there is no such method, or nobody reports
 */
export function withOutputMethod(policy: Policy, name: string): Policy {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method === undefined) {
    throw new ReplayError(
      `policy ${JSON.stringify(`${policy.name}:${name}`)}: expected an output hash method behind the colon, one of ${outputMethodNames.join(", ")}`,
    );
  }
  if (policy.server === undefined) {
    throw new ReplayError(
      `policy ${JSON.stringify(`${policy.name}:${name}`)}: expected no output hash method: with ${policy.name} nobody reports an output`,
    );
  }
  return {
    ...policy,
    name: `${policy.name}:${name}`,
    definition: `${policy.name} with an output hash that takes for equal also ${method.equates}`,
    server: { ...policy.server, reporter: { ...policy.server.reporter, ...method.reporter } },
  };
}
