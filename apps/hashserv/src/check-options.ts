import { accessSync, closeSync, constants, openSync, readFileSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import { outsideReason } from "@depid/hash";
import { parseAnonymous } from "@depid/hashserv/permissions";
import { InvalidAddressError, parseAddress } from "@depid/hashserv-protocol";
import type { Options } from "./hashserv-options.ts";

/** One thing that is wrong with the options, without the option's name. */
interface Fault {
  /** As `Options` has it. */
  readonly option: keyof Options;
  readonly problem: string;
}

/** A check gives what is wrong, or undefined. It looks and creates nothing. */
type Check = (options: Options) => Fault | undefined;

/** The first thing that is wrong with the options; `undefined` if a server can be started with them, as far as one can see. */
export function findFault(options: Options): Fault | undefined {
  for (const check of CHECKS) {
    const fault = check(options);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const CHECKS: readonly Check[] = [
  ({ bind, tls }) => fault("bind", faultOfBind(bind, tls !== undefined)),
  ({ http }) => fault("http", http === undefined ? undefined : faultOfHttp(http)),
  ({ metrics }) => fault("metrics", metrics === undefined ? undefined : faultOfHttp(metrics)),
  ({ upstream }) => fault("upstream", upstream === undefined ? undefined : faultOfAddress(upstream)),
  ({ anonymous }) =>
    fault(
      "anonymous",
      reasonOf(() => parseAnonymous([...anonymous])),
    ),
  ({ readOnly, upstream }) => {
    if (!readOnly || upstream === undefined) return undefined;
    return fault("readOnly", "a server that may not write cannot have an upstream (--upstream)");
  },
  ({ writeBehind, readOnly, database }) => {
    if (writeBehind !== true) return undefined;
    if (readOnly) return fault("writeBehind", "a server that may not write (--read-only) cannot write behind");
    return isFile(database) ? undefined : fault("writeBehind", "only a SQLite database can be written behind");
  },
  ({ database, readOnly }) => fault("database", faultOfDatabase(database, readOnly)),
  ({ tls }) => (tls === undefined ? undefined : fault("tls", faultOfCertificate(tls))),
];

function fault(option: keyof Options, problem: string | undefined): Fault | undefined {
  return problem === undefined ? undefined : { option, problem };
}

function faultOfAddress(text: string): string | undefined {
  return reasonOf(() => parseAddress(text))?.replace(/^address: /, "");
}

function faultOfBind(text: string, secure: boolean): string | undefined {
  const wrong = faultOfAddress(text);
  if (wrong !== undefined) return wrong;
  const address = parseAddress(text);
  if (address.type === "unix") {
    if (secure) return "a unix socket has no TLS (--tls-cert)";
    return isFolder(dirname(address.path)) ? undefined : `${dirname(address.path)}: no such directory`;
  }
  if ((address.type === "tls" || address.type === "wss") && !secure)
    return `${address.type}:// needs a certificate and its key (--tls-cert, --tls-key)`;
  return "path" in address && address.path !== "" ? "a server listens on all paths, name none" : undefined;
}

function faultOfHttp(text: string): string | undefined {
  return reasonOf(() => {
    if (parseAddress(text).type !== "tcp") throw new InvalidAddressError(text, "HOST:PORT");
  })?.replace(/^address: expected .*, found/s, "expected HOST:PORT, found");
}

function faultOfDatabase(database: string, readOnly: boolean): string | undefined {
  if (!isFile(database))
    return /^postgres(?:ql)?:\/\//.test(database)
      ? undefined
      : `expected a file or postgres://…, found ${JSON.stringify(database)}`;
  if (database === "") return "expected a file or postgres://…, found nothing";
  if (!isFolder(dirname(database))) return `${dirname(database)}: no such directory`;
  if (isFolder(database)) return `${database}: expected a file, found a directory`;
  if (readOnly && !exists(database)) return `${database}: no such file, and --read-only makes none`;
  return readOnly ? faultOfReading(database) : faultOfWriting(database);
}

function faultOfWriting(database: string): string | undefined {
  const folder = dirname(database);
  if (!may(folder, constants.W_OK)) return `${folder}: no permission to write there, where SQLite keeps its log`;
  return exists(database) && !may(database, constants.R_OK | constants.W_OK)
    ? `${database}: no permission to write it`
    : undefined;
}

/** Who reads a file with a log makes a file beside it, unless somebody else has. */
function faultOfReading(database: string): string | undefined {
  if (!may(database, constants.R_OK)) return `${database}: no permission to read it`;
  const folder = dirname(database);
  return may(folder, constants.W_OK) || exists(`${database}-shm`) || !hasLog(database)
    ? undefined
    : `${folder}: no permission to write there, which SQLite needs for reading, too: it makes ${database}-shm`;
}

/** Whether a SQLite file has a write-ahead log: the 19th byte of its header says so. */
function hasLog(database: string): boolean {
  const header = Buffer.alloc(20);
  const file = openSync(database, "r");
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  return header[18] === 2;
}

function may(path: string, what: number): boolean {
  return reasonOf(() => accessSync(path, what)) === undefined;
}

/** A file, as against the address of a server. */
function isFile(database: string): boolean {
  return !database.includes("://");
}

function faultOfCertificate({ cert, key }: { readonly cert: string; readonly key: string }): string | undefined {
  const [one, other] = [cert, key].map((file) => reasonOf(() => readFileSync(file)));
  if (one !== undefined || other !== undefined) return `cannot read ${one === undefined ? key : cert}: ${one ?? other}`;
  const unusable = reasonOf(() => createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) }));
  return unusable === undefined ? undefined : `the certificate or its key cannot be used: ${unusable}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function reasonOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return outsideReason(error);
  }
}
