import { DepidError } from "@depid/hash";
import { LOG_LEVELS } from "@depid/hashserv/log";

/** A log level there is none of. */
export class InvalidLogLevelError extends DepidError {
  readonly code = "INVALID_LOG_LEVEL";
  constructor(found: string) {
    super({ expected: `${LOG_LEVELS.join(", ")} in any case`, found }, { field: "--log" });
  }
}

/** The file of a certificate or of its key cannot be read. */
export class TlsFileError extends DepidError {
  readonly code = "TLS_FILE";
}
