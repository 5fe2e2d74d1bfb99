import { sha256Hex } from "@depid/hash";
import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { DigestAlgorithm } from "./output-tree.ts";

/** Digest of UTF-8 text or bytes, lowercase hex. */
export function digestHex(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  if (algorithm === "sha256") return sha256Hex(data);
  return bytesToHex(sha1(typeof data === "string" ? utf8ToBytes(data) : data));
}
