import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { outsideReason } from "@depid/hash";
import type { Log, Server, TlsOptions } from "@depid/hashserv";
import { TlsFileError } from "./errors.ts";

/** Where a certificate and its key are (PEM). */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** @throws naming the file that cannot be read */
export async function readTls({ cert, key }: TlsFiles): Promise<TlsOptions> {
  return { cert: await readPem(cert), key: await readPem(key) };
}

/**
 * Has a server use what is in the files now. When they cannot be used, that is logged as an error, and the server goes
 * on with what it has: a certificate and its key are two files, and may be caught half renewed.
 *
 * @param files undefined for a server without TLS, which has nothing to read again
 */
export async function rereadTls(
  server: Pick<Server, "renewTls">,
  files: TlsFiles | undefined,
  log: Log,
): Promise<void> {
  if (files === undefined) {
    log("INFO", "asked to read the certificate again: there is none, nothing to do");
    return;
  }
  try {
    const tls = await readTls(files);
    server.renewTls(tls);
    log(
      "INFO",
      `new connections get the certificate in ${files.cert}, valid to ${new X509Certificate(tls.cert).validTo}`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log(
      "ERROR",
      `the certificate in ${files.cert} (key in ${files.key}) was not read again, the old one stays: ${reason}`,
    );
  }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new TlsFileError(`cannot read ${file}: ${outsideReason(cause)}`, { cause });
  }
}
