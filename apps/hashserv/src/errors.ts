import { LOG_LEVELS } from "@depid/hashserv/log";

/** A log level there is none of. */
export class InvalidLogLevelError extends Error {
  readonly code = "INVALID_LOG_LEVEL";
  constructor(found: string) {
    super(`--log: expected ${LOG_LEVELS.join(", ")} in any case, found ${JSON.stringify(found)}`);
    this.name = "InvalidLogLevelError";
  }
}
