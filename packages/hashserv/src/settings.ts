/** What a command line needs to know of the server before it starts one: nothing of this loads the server. */
export { InvalidOptionsError } from "./errors.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { DEFAULT_ANONYMOUS, parseAnonymous, SAFE_ANONYMOUS } from "./session/permissions.ts";
export { DURABILITIES } from "./storage/storage.ts";
