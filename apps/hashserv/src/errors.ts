import { DepidError } from "@depid/hash";

/** The file of a certificate or of its key cannot be read. */
export class TlsFileError extends DepidError {
  readonly code = "TLS_FILE";
}
