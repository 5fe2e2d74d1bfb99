import type { ServerSetup } from "./transcript.ts";

/** Starts the servers a transcript names, each on its database file. */
export interface Launcher {
  /** Makes a database file by SQL. */
  createDatabase(name: string, sql: string): Promise<void>;
  /** Starts a server, or starts it again, at the same address. */
  start(name: string, setup: ServerSetup): Promise<LaunchedServer>;
}

export interface LaunchedServer {
  readonly address: string;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does, as far as that can be done. */
  kill(): Promise<void>;
}
