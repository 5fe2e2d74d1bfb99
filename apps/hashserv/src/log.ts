import { printable } from "@depid/hash";
import { LOG_LEVELS, type Log, type LogLevel } from "@depid/hashserv/log";
import pino from "pino";
import type { LogFormat } from "./network-options.ts";

/**
 * Writes what the server says of itself.
 *
 * @param least the mildest level to be written
 * @param print takes lines, without their LF
 */
export function createLog(format: LogFormat, least: LogLevel, print: (line: string) => void): Log {
  if (format === "json") return createJsonLog(least, (line) => print(escapeControls(line)));
  return (level, text) => {
    if (LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least)) print(`${level}: ${escapeControls(text)}`);
  };
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Clients choose parts of what is logged: they must not begin a line of their own, nor command a terminal. */
function escapeControls(text: string): string {
  return printable(text.replace(/[\n\r\t]/g, (one) => SHORT[one] ?? one));
}

/** Our names of levels, for pino's. */
const PINO = { ERROR: "error", WARNING: "warn", INFO: "info", DEBUG: "debug" } as const;

function createJsonLog(least: LogLevel, print: (line: string) => void): Log {
  const logger = pino(
    {
      level: PINO[least],
      base: { pid: process.pid },
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => print(line.trimEnd()) },
  );
  return (level, text) => logger[PINO[level]](text);
}
