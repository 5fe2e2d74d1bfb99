import { InvalidRequestError } from "../errors.ts";

/** What a connection may do (section 6). */
export type Permission = "@read" | "@report" | "@db-admin" | "@user-admin" | "@all";

/** All of them, sorted. */
export const PERMISSIONS: readonly Permission[] = ["@all", "@db-admin", "@read", "@report", "@user-admin"];
/** May stand where there is no permission; grants nothing. */
export const NO_PERMISSION = "@none";

/** Whether a word, say out of a database, is the name of a permission. */
export function isPermission(word: unknown): word is Permission {
  return (PERMISSIONS as readonly unknown[]).includes(word);
}

/**
 * Names of permissions, without `@none` and doubles, sorted.
 *
 * @throws {InvalidRequestError} in the reference's words
 */
export function parsePermissions(value: unknown): readonly Permission[] {
  if (!Array.isArray(value)) throw new InvalidRequestError("Unexpected type for permissions");
  if (value.some((word) => typeof word === "object" && word !== null)) {
    throw new InvalidRequestError("argument 'permissions': expected names, found an array or object");
  }
  const words = [...new Set(value as readonly unknown[])].filter((word) => word !== NO_PERMISSION);
  const unknown = words.filter((word) => !isPermission(word)).map(String);
  if (unknown.length > 0) throw new InvalidRequestError(`Unknown permissions ${unknown.sort().join(", ")}`);
  return (words as readonly Permission[]).toSorted();
}

/** What a set comes to, sorted: `@all` is shown as all there are (section 11). */
export function expandPermissions(permissions: readonly string[]): readonly string[] {
  return permissions.includes("@all") ? PERMISSIONS : permissions.toSorted();
}
