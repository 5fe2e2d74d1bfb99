import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";
import { outsideReason } from "@depid/hash";
import type { ClientConfig } from "pg";
import { StorageError } from "../../errors.ts";

/** Where a database is, and how to get in. */
export interface PostgresAddress {
  /** As it was given, without a password. */
  readonly name: string;
  readonly client: ClientConfig;
  /** Whether a server without TLS will do, though one with it is preferred. */
  readonly plainWillDo: boolean;
  /** Parameters of PostgreSQL that are set for the session, such as `search_path`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** In place of those in the address. */
export interface PostgresLogin {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const EXPECTED = "database: expected a path, or postgres://USER@HOST:PORT/NAME";
/** Seconds to wait for a connection, unless the address has `connect_timeout`. */
const CONNECT_S = 10;
/** Parameters of an address that are no parameters of PostgreSQL. */
const OURS = ["host", "port", "user", "password", "dbname", "connect_timeout", "application_name", "options"];
const OURS_OF_TLS = ["ssl", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/**
 * Reads an address as libpq does: `postgres://USER:PASSWORD@HOST:PORT/NAME?PARAMETER=VALUE`. A host that is a path is the
 * folder of a unix socket. What is missing is as in the environment (`PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD`,
 * `PGDATABASE`). `postgresql+DRIVER://`, as the reference has it, is taken too.
 *
 * @throws {StorageError}
 */
export function readAddress(address: string, login: PostgresLogin = {}): PostgresAddress {
  const text = address.replace(/^(postgres(?:ql)?)\+\w+:/, "$1:");
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) throw new StorageError(EXPECTED);
  const url = new URL(text);
  const parameters = Object.fromEntries(url.searchParams);
  const { PGUSER, PGHOST, PGPORT, PGPASSWORD, PGDATABASE } = process.env;
  const user = first(login.username, parameters.user, decode(url.username), PGUSER) ?? userInfo().username;
  const mode = parameters.sslmode ?? parameters.ssl ?? "disable";
  const port = Number(first(parameters.port, url.port, PGPORT) ?? 5432);
  if (!Number.isInteger(port)) throw new StorageError(`database: expected a number as port, found ${parameters.port}`);
  return {
    name: withoutPassword(url),
    client: {
      user,
      port,
      host: first(parameters.host, decode(url.hostname.replace(/^\[(.*)\]$/, "$1")), PGHOST) ?? "localhost",
      database: first(parameters.dbname, decode(url.pathname.slice(1)), PGDATABASE) ?? user,
      password: first(login.password, parameters.password, decode(url.password), PGPASSWORD),
      ssl: readTls(mode, parameters),
      application_name: parameters.application_name ?? "depid-hashserv",
      options: parameters.options,
      connectionTimeoutMillis: 1000 * (Number(parameters.connect_timeout) || CONNECT_S),
    },
    plainWillDo: mode === "prefer" || mode === "allow",
    settings: Object.fromEntries(
      Object.entries(parameters).filter(([name]) => !OURS.includes(name) && !OURS_OF_TLS.includes(name)),
    ),
  };
}

/** The first that is not empty. */
function first(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StorageError(`${EXPECTED}, with %XX for bytes in its parts`);
  }
}

/**
 * What the modes of libpq say: `require` encrypts and believes anybody, unless `sslrootcert` says whom to believe; `verify-ca`
 * asks for a certificate of somebody who is trusted; `verify-full` also for the host's name in it.
 */
function readTls(
  mode: string,
  { sslrootcert, sslcert, sslkey }: Readonly<Record<string, string>>,
): ClientConfig["ssl"] {
  const files: ConnectionOptions = {
    ...(sslrootcert === undefined || sslrootcert === "system" ? {} : { ca: readTlsFile("sslrootcert", sslrootcert) }),
    ...(sslcert === undefined ? {} : { cert: readTlsFile("sslcert", sslcert) }),
    ...(sslkey === undefined ? {} : { key: readTlsFile("sslkey", sslkey) }),
  };
  const anyName: ConnectionOptions = { ...files, checkServerIdentity: () => undefined };
  switch (mode) {
    case "disable":
    case "false":
      return false;
    case "allow":
    case "prefer":
    case "no-verify":
      return { ...files, rejectUnauthorized: false };
    case "require":
      return files.ca === undefined ? { ...files, rejectUnauthorized: false } : anyName;
    case "verify-ca":
      return anyName;
    case "verify-full":
    case "true":
      return files;
    default:
      throw new StorageError(
        `database: sslmode: expected disable, allow, prefer, require, verify-ca or verify-full, found ${JSON.stringify(mode)}`,
      );
  }
}

function readTlsFile(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new StorageError(`database: ${name}: ${outsideReason(cause)}`, { cause });
  }
}

function withoutPassword(url: URL): string {
  const shown = new URL(url);
  shown.password = "";
  if (shown.searchParams.has("password")) shown.searchParams.delete("password");
  return shown.href;
}
