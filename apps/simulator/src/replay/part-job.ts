import type { MessagePort } from "node:worker_threads";
import type { ReplayProgress } from "@depid/replay";
import type { InputFlags } from "./prepare-replay.ts";
import type { BuildFates } from "./replay-part.ts";

/** A part of a replay that a thread of its own does, as it is sent there. */
export interface PartJob {
  readonly file: string;
  readonly flags: InputFlags;
  /** One of the outcome models around the one asked for; `undefined`: the one asked for. */
  readonly model: string | undefined;
  /** Names of its policies. */
  readonly policies: readonly string[];
  /** Where the server of the replay is. */
  readonly server: string;
  readonly namespace: string;
  /** Whether what became of tasks is asked for. */
  readonly tellsFates: boolean;
  /** With records of builds. */
  readonly records: boolean;
  /** Through which both sides tell what comes meanwhile. */
  readonly port: MessagePort;
}

/** What the thread tells. */
export type PartNews = { readonly progress: ReplayProgress } | { readonly fates: BuildFates };

/** What the thread is told: what is needed in the build of a builder in a step, or that fates were taken. */
export type PartOrder = { readonly turn: string; readonly needed: Uint8Array } | { readonly taken: string };
