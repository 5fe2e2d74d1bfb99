/** What the help of a command line tells of the server: values alone, which load nothing. */
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { DEFAULT_ANONYMOUS, SAFE_ANONYMOUS } from "./session/anonymous.ts";
export { DURABILITIES } from "./storage/storage.ts";
