import type { OutHash, Tid } from "@depid/hash";
import type { DepIdCache, DepIdSource, SignatureGenerator } from "@depid/siggen";
import type { Task } from "@depid/task-graph";
import type { OutHashContext } from "../outhash.ts";
import type { Content } from "../truth/content.ts";

/** How a build decides what to reuse: what is compared in a replay. A policy is a rebuilder and, if it has a server, who reports and when answers count. */
export interface Policy {
  readonly name: string;
  /** One sentence for the reader of a report. */
  readonly definition: string;
  readonly rebuilder: Rebuilder;
  /** Absent: nobody reports anything. */
  readonly server?: PolicyServer;
}

/** Who reports, when answers count, and who keeps them. */
export interface PolicyServer {
  readonly reporter: Reporter;
  readonly adoption: Adoption;
  /**
   * Who keeps what was reported, if not the hash equivalence server, which then hears nothing: a `list` of the builders' own, by the server's rule; or a
   * `moving` map, as BitBake's server kept it before it wrote a depid once and for all (docs/policies.md).
   */
  readonly map?: "list" | "moving";
}

/** What is reused: whether what earlier builds left is looked at, and the hashes by which it is found. */
export interface Rebuilder {
  /** Whether anything is reused at all: stamps and sstate objects. */
  readonly reuses: boolean;
  /**
   * What hashes follow from. `capture`: from the capture and the taints of the build alone. `truth`: from the truth, which only the clairvoyant sees.
   * `answers`: taskhashes from the capture, depids from the server's answers and the builder's memory of them. `anything`: nothing is known of that, and
   * all tasks are hashed in every step.
   */
  readonly follows: "capture" | "truth" | "answers" | "anything";
  /**
   * Whether taskhashes are digests of all that they are made of, so that they are others as soon as one depid is. Then a rehash need not compute, nor
   * look up, what nobody ever had.
   */
  readonly digests?: boolean;
  /** The memory of a new builder. */
  createMemory(): DepIdCache;
  /** One for each builder. */
  createGenerator(context: PolicyContext): SignatureGenerator;
}

/** Who reports: what a finished task tells the server of its output. */
export interface Reporter {
  /** Whether a task reports at all. Default: each does that can be restored. */
  tells?(task: Task): boolean;
  outHashOf(task: Task, content: Content, context: OutHashContext): OutHash;
}

/**
 * When the server's answer to a report is adopted: by the `next build`, as depids are resolved when a build starts and the running one only logs
 * answers; `at once`, with a rehash of all that stands above in the running build; or `awaited`: each task waits until all below it that nobody has
 * reported yet have run and were answered, and is hashed then. A generator whose stamps do not bear the depid cannot adopt one at once.
 */
export type Adoption = "next build" | "at once" | "awaited";

/** What a policy's generator may know. */
export interface PolicyContext {
  readonly service: DepIdSource;
  /** Name space of this policy's taskhashes on the server. */
  readonly method: string;
  readonly memory: DepIdCache;
  /** The row of a task in the present step. */
  readonly find: (tid: Tid) => Task | undefined;
  /**
   * What a task that can be restored made, or will have made in the running build; for policies that wait for answers, of tasks below the one that is
   * hashed. `undefined` where that is not known.
   */
  readonly outputOf: (tid: Tid) => Content | undefined;
  /** The truth of the present step. Only the clairvoyant looks. */
  readonly truthOf: (tid: Tid) => Content;
}
