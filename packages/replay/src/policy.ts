import type { TaskHash, Tid } from "@depid/hash";
import {
  type CreateGenerator,
  createBasic,
  createBasicHash,
  createEquivHash,
  createTaskCache,
  createTaskHashCache,
  type DepIdCache,
  type SignatureGenerator,
} from "@depid/siggen";
import type { EquivalenceService } from "./equivalence-service.ts";
import { ReplayError } from "./errors.ts";
import type { Content } from "./truth/content.ts";

/** How a build decides what to reuse: what is compared in a replay. */
export interface Policy {
  readonly name: string;
  /** One sentence for the reader of a report. */
  readonly definition: string;
  /** Whether anything is reused at all: stamps and sstate objects. */
  readonly reuses: boolean;
  /** Whether finished tasks report their output hash to the server. */
  readonly reports: boolean;
  /**
   * What a running build does with the answers: nothing (`log`), or a rehash of all that stands above (`adopt`). Generators whose stamps
   * do not bear the depid cannot adopt one.
   */
  readonly answers: "log" | "adopt";
  /** Whether a change of the capture reaches no further than its cone, or hashes depend on more than the capture. */
  readonly rehashes: "cone" | "all";
  /** The memory of a new builder. */
  createCache(): DepIdCache;
  createGenerator(context: PolicyContext): SignatureGenerator;
}

/** What a policy's generator may know. */
export interface PolicyContext {
  readonly service: EquivalenceService;
  /** Name space of this policy's taskhashes on the server. */
  readonly method: string;
  readonly cache: DepIdCache;
  /** The truth of the present step. Only the clairvoyant looks. */
  readonly truthOf: (tid: Tid) => Content;
}

const basichash: Policy = {
  name: "basichash",
  definition:
    "a change of metadata changes the taskhash of the task and of all above; stamps and objects are named by it",
  reuses: true,
  reports: false,
  answers: "log",
  rehashes: "cone",
  createCache: createTaskCache,
  createGenerator: createBasicHash,
};

/** The truth is always replayed with the policies asked for: what it executes is needed, all else needless. */
export const clairvoyant: Policy = {
  ...basichash,
  name: "clairvoyant",
  rehashes: "all",
  definition: "the same run queue, with stamps and objects named by true content: executes exactly what must be",
  createGenerator: ({ truthOf }) => ({
    ...createBasicHash(),
    name: "clairvoyant",
    taskhash: ({ tid }) => truthOf(tid).output as TaskHash,
  }),
};

const POLICIES: readonly Policy[] = [
  {
    ...basichash,
    name: "rebuild-all",
    definition: "nothing is reused: the ceiling, and the baseline of what is avoided",
    reuses: false,
  },
  {
    ...basichash,
    name: "basic",
    definition:
      "objects are named by taskhash, stamps carry no hash: a change does not run a task whose stamp is there",
    createGenerator: createBasic,
  },
  basichash,
  {
    name: "equivhash",
    definition:
      "BitBake's of today: each finished task reports its output, and an answer with another depid takes effect at once: what stands above is hashed anew, and restored where it can be",
    reuses: true,
    reports: true,
    answers: "adopt",
    rehashes: "all",
    createCache: createTaskCache,
    createGenerator: ({ service, method, cache }) => createEquivHash({ source: service, method, cache }),
  },
  {
    name: "equivhash-2018",
    definition:
      "the RFC of 2018: depids are resolved when the build starts and finished tasks report their output; the running build does not change its mind",
    reuses: true,
    reports: true,
    answers: "log",
    rehashes: "cone",
    createCache: createTaskHashCache,
    createGenerator: ({ service, method, cache }) => createEquivHash({ source: service, method, cache }),
  },
  clairvoyant,
];

/** Names of the policies that come with the package. */
export const policyNames: readonly string[] = POLICIES.map((policy) => policy.name);

/** @throws {ReplayError} when there is no policy of that name */
export function getPolicy(name: string): Policy {
  const policy = POLICIES.find((it) => it.name === name);
  if (policy !== undefined) return policy;
  const expected = `expected one of ${policyNames.join(", ")}, or the path of a plug-in module`;
  throw new ReplayError(`no policy ${JSON.stringify(name)}: ${expected}`);
}

/**
 * The policy of a plugged-in generator: one that names stamps by depid asks the server and reports to it, as equivhash does.
 *
 * @param path names the policy
 */
export function pluginPolicy(path: string, createGenerator: CreateGenerator): Policy {
  const create = ({ service, method, cache }: PolicyContext) => createGenerator({ source: service, method, cache });
  return {
    ...basichash,
    name: path,
    definition: `the signature generator of the plug-in ${path}`,
    reports: true,
    answers: "adopt",
    rehashes: "all",
    createGenerator: create,
  };
}
