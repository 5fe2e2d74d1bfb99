import type { LogLevel } from "@depid/hashserv/log";
import type { DatabaseOptions } from "./database-options.ts";
import type { NetworkOptions } from "./network-options.ts";
import type { ServiceOptions } from "./service-options.ts";

/** What `depid-hashserv` was asked to do. */
export interface Options extends ServiceOptions, NetworkOptions, DatabaseOptions {
  readonly bind: string;
  readonly database: string;
  readonly log: LogLevel;
}
