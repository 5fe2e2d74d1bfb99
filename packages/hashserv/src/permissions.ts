import { PermissionError } from "./errors.ts";

/** What a connection may do (section 6). Our server knows no users yet: all connections are anonymous. */
export type Permission = "@read" | "@report" | "@db-admin" | "@user-admin" | "@all";

/** What the reference allows everybody. */
export const DEFAULT_ANONYMOUS: ReadonlySet<Permission> = new Set<Permission>(["@read", "@report", "@db-admin"]);

/** @throws {PermissionError} unless all that is needed is allowed */
export function requirePermissions(allowed: ReadonlySet<Permission>, needed: readonly Permission[]): void {
  if (allowed.has("@all") || needed.every((permission) => allowed.has(permission))) return;
  throw new PermissionError("Anonymous user", needed);
}
