import type { Server } from "node:net";
import { createSecureContext, Server as TlsServer } from "node:tls";
import { outsideReason } from "@depid/hash";
import { CertificateError } from "../errors.ts";
import type { TlsOptions } from "./bind-port.ts";

/** @throws {CertificateError} when one of the two is none, or the key is another certificate's */
export function checkCertificate(tls: TlsOptions): void {
  try {
    createSecureContext({ ...tls });
  } catch (cause) {
    throw new CertificateError(outsideReason(cause), { cause });
  }
}

/** New connections get this certificate, those that are open keep theirs. Does nothing to a server without TLS. */
export function renewCertificate(server: Server, tls: TlsOptions): void {
  if (server instanceof TlsServer) server.setSecureContext({ ...tls });
}
