import { ProtocolError } from "@depid/hashserv-protocol";

/** More than the server gives one client, or all together; it is told so. */
export class LimitError extends ProtocolError {
  override readonly code = "LIMIT";
  override readonly name = "LimitError";
}

/** `STORAGE_LOST`: nobody knows what has become of what was asked of it. */
type StorageErrorCode = "STORAGE" | "STORAGE_BUSY" | "STORAGE_LOST";

/** A database that cannot be opened, read or written. */
export class StorageError extends Error {
  readonly code: StorageErrorCode;
  constructor(message: string, options: ErrorOptions & { readonly code?: StorageErrorCode } = {}) {
    super(message, options);
    this.name = "StorageError";
    this.code = options.code ?? "STORAGE";
  }
}

/** Whether an error leaves open what has become of a transaction. */
export function isLost(error: unknown): boolean {
  return error instanceof StorageError && error.code === "STORAGE_LOST";
}

/** An address that cannot be listened on. */
export class ListenError extends Error {
  readonly code = "LISTEN";
  readonly address: string;
  constructor(address: string, reason: string, options?: ErrorOptions) {
    super(`cannot listen on ${address}: ${reason}`, options);
    this.name = "ListenError";
    this.address = address;
  }
}

/** A certificate and a key that are none, or that do not belong together. */
export class CertificateError extends Error {
  readonly code = "CERTIFICATE";
  constructor(reason: string, options?: ErrorOptions) {
    super(`the certificate or its key cannot be used: ${reason}`, options);
    this.name = "CertificateError";
  }
}

/** A request the connection has no permission for. The words, odd spelling and all, are the reference's (section 6). */
export class PermissionError extends Error {
  readonly code = "PERMISSION";
  constructor(who: string, needed: readonly string[]) {
    super(`${who} is not allowed to access permissions(s) ${needed.join(", ")}`);
    this.name = "PermissionError";
  }
}

/** A request that makes sense and is refused all the same. The words are the reference's. */
export class RefusalError extends ProtocolError {
  override readonly code = "REFUSED";
  override readonly name = "RefusalError";
}

/** Permissions that everybody cannot have, or that do not exist. */
export class InvalidPermissionsError extends Error {
  readonly code = "INVALID_PERMISSIONS";
  constructor(found: readonly string[]) {
    super(`anonymous permissions: expected @read, @report, @db-admin or @none, found ${found.join(", ")}`);
    this.name = "InvalidPermissionsError";
  }
}

/** Options that exclude each other. */
export class InvalidOptionsError extends Error {
  readonly code = "INVALID_OPTIONS";
  constructor(reason: string) {
    super(reason);
    this.name = "InvalidOptionsError";
  }
}

/** The server that is asked when something is not found here does not answer. */
export class UpstreamError extends Error {
  readonly code = "UPSTREAM";
  override readonly name = "UpstreamError";
}
