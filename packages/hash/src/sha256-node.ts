import * as crypto from "node:crypto";

/** SHA-256 of UTF-8 text or bytes, lowercase hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return crypto.hash("sha256", data, "hex");
}
