import { isPermission, type Permission } from "@depid/hashserv-protocol";
import { InvalidPermissionsError } from "../errors.ts";

export type { Permission };

/** What everybody may be allowed: users are managed by users (section 6). */
const FOR_ANYBODY: readonly unknown[] = ["@read", "@report", "@db-admin"];

/**
 * The set everybody has; `@none` grants nothing.
 *
 * @throws {InvalidPermissionsError}
 */
export function parseAnonymous(words: readonly string[]): ReadonlySet<Permission> {
  const unknown = words.filter((word) => word !== "@none" && !FOR_ANYBODY.includes(word));
  if (unknown.length > 0) throw new InvalidPermissionsError(unknown);
  return new Set(words.filter(isPermission));
}

/** Whether a set has all that is needed. */
export function grants(allowed: ReadonlySet<Permission>, needed: readonly Permission[]): boolean {
  return allowed.has("@all") || needed.every((permission) => allowed.has(permission));
}
