import { DepidError } from "@depid/hash";
import { ProtocolError } from "@depid/hashserv-protocol";

/** More than the server gives one client, or all together; it is told so. */
export class LimitError extends ProtocolError {
  override readonly code = "LIMIT";
}

/** `STORAGE_LOST`: nobody knows what has become of what was asked of it. */
type StorageErrorCode = "STORAGE" | "STORAGE_BUSY" | "STORAGE_LOST";

/** A database that cannot be opened, read or written. */
export class StorageError extends DepidError {
  readonly code: StorageErrorCode;
  constructor(
    message: string,
    { code = "STORAGE", ...options }: ErrorOptions & { readonly code?: StorageErrorCode } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}

/** Whether an error leaves open what has become of a transaction. */
export function isLost(error: unknown): boolean {
  return error instanceof StorageError && error.code === "STORAGE_LOST";
}

/** An address that cannot be listened on. */
export class ListenError extends DepidError {
  readonly code = "LISTEN";
  readonly address: string;
  constructor(address: string, reason: string, options?: ErrorOptions) {
    super(`cannot listen on ${address}: ${reason}`, options);
    this.address = address;
  }
}

/** A certificate and a key that are none, or that do not belong together. */
export class CertificateError extends DepidError {
  readonly code = "CERTIFICATE";
  constructor(reason: string, options?: ErrorOptions) {
    super(`the certificate or its key cannot be used: ${reason}`, options);
  }
}

/** A request the connection has no permission for. The words, odd spelling and all, are the reference's (section 6). */
export class PermissionError extends DepidError {
  readonly code = "PERMISSION";
  constructor(who: string, needed: readonly string[]) {
    super(`${who} is not allowed to access permissions(s) ${needed.join(", ")}`);
  }
}

/** A request that makes sense and is refused all the same. The words are the reference's. */
export class RefusalError extends ProtocolError {
  override readonly code = "REFUSED";
}

/** Permissions that everybody cannot have, or that do not exist. */
export class InvalidPermissionsError extends DepidError {
  readonly code = "INVALID_PERMISSIONS";
  constructor(found: readonly string[]) {
    super(`expected @read, @report, @db-admin or @none, found ${found.join(", ")}`, { field: "anonymous permissions" });
  }
}

/** Options that exclude each other. */
export class InvalidOptionsError extends DepidError {
  readonly code = "INVALID_OPTIONS";
}

/** The server that is asked when something is not found here does not answer. */
export class UpstreamError extends DepidError {
  readonly code = "UPSTREAM";
}

/** A server in a thread of its own that cannot start, or has run out of memory. */
export class ServerThreadError extends DepidError {
  readonly code = "SERVER_THREAD";
}
