import type { ServerSetup } from "./transcript.ts";

/** Starts the servers a transcript names, each on its database file. */
export interface Launcher {
  /** Commands the servers know. */
  readonly commands: ReadonlySet<string>;
  /** What the servers lack for a set-up: names of its options, `websocket`. */
  findLacks(setup: ServerSetup): readonly string[];
  /** Makes a database file by SQL. */
  createDatabase(name: string, sql: string): Promise<void>;
  start(setup: ServerSetup): Promise<LaunchedServer>;
}

export interface LaunchedServer {
  readonly address: string;
  stop(): Promise<void>;
  /** Ends it as `kill -9` does. Absent where that cannot be done. */
  readonly kill?: () => Promise<void>;
}
