import { createHash, getHashes, randomBytes, timingSafeEqual } from "node:crypto";

/** A token to be handed out: 64 characters, from 48 random bytes (section 11). */
export function createToken(): string {
  return randomBytes(48).toString("base64").replaceAll("+", ".").replaceAll("/", "_");
}

/** A token as it is stored, in the form the reference reads and writes. */
export function hashToken(token: string): string {
  const salt = randomBytes(8).toString("hex");
  return `sha256:${salt}:${digest("sha256", salt, token)}`;
}

/**
 * Whether this is the token that was stored. Takes as long whether there is a stored one or not, and however much of it
 * agrees.
 *
 * @param stored `ALGORITHM:SALT:HEX`; any algorithm that Node knows
 */
export function isToken(token: string, stored: string | undefined): boolean {
  const [algorithm = "", salt = "", hex = ""] = (stored ?? NOBODY).split(":");
  const found = digest(algorithm, salt, token);
  if (found === undefined) return false;
  const [one, two] = [Buffer.from(found), Buffer.from(hex)];
  return one.length === two.length && timingSafeEqual(one, two) && stored !== undefined;
}

/** What is compared with where there is no user: no token has this digest. */
const NOBODY = `sha256:0123456789abcdef:${"0".repeat(64)}`;

/** Algorithms by the names of Python's hashlib, where Node has others. */
const PYTHON_NAMES: Readonly<Record<string, string>> = { blake2b: "blake2b512", blake2s: "blake2s256" };

/** @returns undefined when there is no such algorithm, or none of a fixed length */
function digest(algorithm: string, salt: string, token: string): string | undefined {
  const name = PYTHON_NAMES[algorithm] ?? algorithm.replaceAll("_", "-");
  if (name.startsWith("shake") || !getHashes().includes(name)) return undefined;
  return createHash(name).update(salt).update(token).digest("hex");
}
