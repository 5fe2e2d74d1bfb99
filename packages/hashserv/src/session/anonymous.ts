import type { Permission } from "@depid/hashserv-protocol";

/** What the reference allows everybody. */
export const DEFAULT_ANONYMOUS: ReadonlySet<Permission> = new Set<Permission>(["@read", "@report", "@db-admin"]);
/** What `--safe-defaults` allows everybody: nobody unknown can delete. */
export const SAFE_ANONYMOUS: ReadonlySet<Permission> = new Set<Permission>(["@read", "@report"]);
