/** Levels, worst first, by the names of section 15. */
export const LOG_LEVELS = ["ERROR", "WARNING", "INFO", "DEBUG"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes what the server has to say of itself. */
export type Log = (level: LogLevel, text: string) => void;

/** Says nothing. */
export const silent: Log = () => {};
