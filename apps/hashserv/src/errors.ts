import { LOG_LEVELS } from "@depid/hashserv/log";

/** A log level there is none of. As with BitBake's server, a start that fails rather than bad usage. */
export class InvalidLogLevelError extends Error {
  readonly code = "INVALID_LOG_LEVEL";
  constructor(found: string) {
    super(`log level: expected ${LOG_LEVELS.join(", ")} in any case, found ${JSON.stringify(found)}`);
    this.name = "InvalidLogLevelError";
  }
}

/** An administrator needs a password. */
export class MissingPasswordError extends Error {
  readonly code = "MISSING_PASSWORD";
  constructor(username: string) {
    super(`--admin-user ${username}: expected --admin-password, too`);
    this.name = "MissingPasswordError";
  }
}

/** A durability there is none of. */
export class InvalidDurabilityError extends Error {
  readonly code = "INVALID_DURABILITY";
  constructor(found: string, known: readonly string[]) {
    super(`durability: expected ${known.join(", ")}, found ${JSON.stringify(found)}`);
    this.name = "InvalidDurabilityError";
  }
}
