import { LOG_LEVELS, type LogLevel } from "@depid/hashserv/log";
import { InvalidLogLevelError } from "./errors.ts";

/** Reads a log level, in any case. @throws {InvalidLogLevelError} */
export function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toUpperCase());
  if (level === undefined) throw new InvalidLogLevelError(text);
  return level;
}
